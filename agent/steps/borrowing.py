"""Finding unmarked borrowing: a stretch of a dozen words that stands in the source just so, without quotation marks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from agent.records import Claim
from agent.text.tokens import words

LONGEST = 12  # words in a row; numbers are not counted, since figures cannot be said otherwise
_QUOTED = re.compile(r"“[^“”]*”|\"[^\"]*\"")


def borrowed(claim: Claim) -> str | None:
    """The longest stretch that a claim has word for word from one of its sentences, if it is too long."""
    if claim.is_quotation:
        return None
    # A sign in place of what is quoted, so that the words round it do not run together.
    said = _letters(_QUOTED.sub(" § ", claim.text))
    longest: list[str] = []
    for evidence in claim.evidence:
        there = _letters(evidence.text)
        found = SequenceMatcher(None, said, there, autojunk=False).find_longest_match()
        if found.size > len(longest):
            longest = said[found.a : found.a + found.size]
    return " ".join(longest) if len(longest) >= LONGEST else None


def _letters(text: str) -> list[str]:
    return [word for word in _words(text) if not any(char.isdigit() for char in word)]


def _words(text: str) -> Sequence[str]:
    """Words, and a stop where a quotation was cut out."""
    return [word for part in text.split("§") for word in (*words(part), "§")][:-1]
