"""The lead of a digest without a model: it counts, and says nothing of a paper that it cannot quote."""

from __future__ import annotations

from agent.engines.extractive.writing import count_of, listed
from agent.engines.protocol import ClaimDraft, LeadDraft, LeadInput

MOST_TITLES = 4


def draft_lead(asked: LeadInput) -> LeadDraft:
    """How many new papers there are, and in which themes."""
    if not asked.papers:
        return LeadDraft()
    titles = [theme.title for theme in asked.themes if theme.claims]
    more = len(titles) - MOST_TITLES
    named = [*titles[:MOST_TITLES], *([f"{more} more"] if more > 0 else [])]
    counted = count_of(len(asked.papers), "new paper")
    where = f": {listed(named)}" if len(titles) > 1 else ""
    return LeadDraft((ClaimDraft(f"{counted[0].upper()}{counted[1:]}{where}.", "own"),))
