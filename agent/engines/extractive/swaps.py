"""Attributes given to the wrong things: `keys per token` where a paper says `keys per channel`.

Only what is said `per` something is known to exclude another of its kind.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from agent.text.questions import families, telling_words

_CLAUSE = re.compile(r"[,;:.()]|\b(?:and|but|while|whereas|or)\b|\bin contrast\b", re.I)
_PER = re.compile(r"\bper[- ]([a-z]+)", re.I)


def gives_other(said: str, there: str) -> bool:
    """Whether a thing that `said` has per one unit is had per another, and not per that one, in `there`."""
    stated = list(_given(there))
    for things, unit in _given(said):
        near = [(other, found) for other, found in stated if other & things]
        best = max((len(other & things) for other, _ in near), default=0)
        units = {found for other, found in near if len(other & things) == best}
        if len(units) == 1 and unit not in units and any(unit == found for _, found in stated):
            return True
    return False


def _given(text: str) -> Iterator[tuple[frozenset[str], str]]:
    """What each clause that names one unit speaks of, and that unit's family."""
    for clause in _CLAUSE.split(text):
        found = {next(iter(families([match[1]]))) for match in _PER.finditer(clause)}
        if len(found) == 1:
            yield families(telling_words(_PER.sub(" ", clause))), found.pop()
