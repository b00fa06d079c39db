"""Finding what is said twice: a stretch of a dozen words that an earlier claim has too."""

from __future__ import annotations

from collections.abc import Iterable

from agent.records import Claim
from agent.text.tokens import words

STRETCH = 12  # words


def repeats(claims: Iterable[Claim], earlier: Iterable[Claim] = ()) -> dict[str, str]:
    """For each claim that repeats one before it, the id of that one. Quotations are not looked at."""
    seen: dict[tuple[str, ...], str] = {}
    for claim in earlier:
        for stretch in _stretches(claim.text):
            seen.setdefault(stretch, claim.id)
    found: dict[str, str] = {}
    for claim in claims:
        if claim.is_quotation or claim.verdict == "unsupported":
            continue
        stretches = _stretches(claim.text)
        said = next((seen[stretch] for stretch in stretches if stretch in seen), None)
        if said:
            found[claim.id] = said
        for stretch in stretches:
            seen.setdefault(stretch, claim.id)
    return found


def _stretches(text: str) -> list[tuple[str, ...]]:
    """All stretches of a dozen words; a shorter sentence as a whole."""
    said = tuple(words(text))
    if len(said) <= STRETCH:
        return [said] if said else []
    return [said[start : start + STRETCH] for start in range(len(said) - STRETCH + 1)]
