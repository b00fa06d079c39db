"""Heads and feet of pages: what is printed again and again at the same height, and numbers of pages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from agent.text.columns import Line

OUTERMOST = 3  # lines at each end of a page that may be a head or a foot
HEIGHT = 4.0  # base lines within one step of this are at one height
_PAGE_NUMBER = re.compile(
    r"(?:[-–—|]\s*)?(?:(?:page|p\.)\s*)?(?:\d{1,4}|[ivxlc]{1,6})(?:\s*(?:of|/)\s*\d{1,4})?(?:\s*[-–—|])?", re.I
)


def without_edges(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """The pages without their heads, feet and numbers."""
    heights = _repeated_heights(pages)
    return [[line for line in page if id(line) not in _edges(page, heights)] for page in pages]


def _repeated_heights(pages: Sequence[Sequence[Line]]) -> set[int]:
    """Heights at which the same words, whatever their numbers, stand at the edge of several pages."""
    seen: Counter[tuple[str, int]] = Counter()
    for page in pages:
        seen.update({(_key(line.text), _height(line)) for line in _outer(page)})
    enough = 2 if len(pages) < 6 else 3
    return {height for (key, height), count in seen.items() if count >= enough and re.search(r"[^\W\d]|#", key)}


def _edges(page: Sequence[Line], heights: set[int]) -> set[int]:
    """Lines of a page, by identity, that belong to its edge: no line of text stands further out than they do."""
    found: set[int] = set()
    for outer in (sorted(page, key=lambda line: -line.y), sorted(page, key=lambda line: line.y)):
        for line in outer[: 2 * OUTERMOST]:
            if not (_PAGE_NUMBER.fullmatch(line.text) or {_height(line) - 1, _height(line), _height(line) + 1} & heights):
                break
            found.add(id(line))
    return found


def _outer(page: Sequence[Line]) -> list[Line]:
    ordered = sorted(page, key=lambda line: -line.y)
    return [*ordered[:OUTERMOST], *ordered[OUTERMOST:][-OUTERMOST:]]


def _key(text: str) -> str:
    return re.sub(r"\d+", "#", text.casefold())


def _height(line: Line) -> int:
    return round(line.y / HEIGHT)
