"""The lead of a digest without a model: it counts, and says nothing of a paper that it cannot quote."""

from __future__ import annotations

from agent.engines.extractive.writing import count_of, listed
from agent.engines.protocol import ClaimDraft, LeadDraft, LeadInput

MOST_TITLES = 3


def draft_lead(asked: LeadInput) -> LeadDraft:
    """How many papers stand under which themes; nothing where there is one theme, which everybody sees."""
    counts = [
        (len({key for claim in theme.claims for key in claim.citations}), theme.title)
        for theme in asked.themes
    ]
    told = sorted((one for one in counts if one[0]), key=lambda one: (-one[0], one[1]))[:MOST_TITLES]
    if len(told) < 2:
        return LeadDraft()
    (most, first), *others = told
    stand = f"{count_of(most, 'paper')} {'stands' if most == 1 else 'stand'} under “{first}”"
    further = [f"{count_of(count, 'paper').split()[0]} under “{title}”" for count, title in others]
    said = listed([stand, *further])
    return LeadDraft((ClaimDraft(f"{said[0].upper()}{said[1:]}.", "own"),))
