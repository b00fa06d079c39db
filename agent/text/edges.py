"""Heads and feet of pages: what is printed again and again at the same height, and numbers of pages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from agent.text.columns import Line

OUTERMOST = 3  # lines at each end of a page that may be a head or a foot
OPENING = 10  # letters by which two heads are taken for one
HEIGHT = 4.0  # base lines within one step of this are at one height
_PAGE_NUMBER = re.compile(
    r"(?:[-–—|]\s*)?(?:(?:page|p\.)\s*)?(?:\d{1,4}|[ivxlc]{1,6})(?:\s*(?:of|/)\s*\d{1,4})?(?:\s*[-–—|])?",
    re.I,
)

_CAPTION = re.compile(r"(?:figure|fig\.|table|algorithm|listing|scheme)\s*[a-z]?\d", re.I)


def without_edges(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """The pages without their heads, feet and numbers."""
    heights = _repeated_heights(pages)
    kept: list[list[Line]] = []
    for page in pages:
        edges = _edges(page, heights)
        kept.append([line for line in page if id(line) not in edges])
    return kept


def _repeated_heights(pages: Sequence[Sequence[Line]]) -> dict[int, float]:
    """Heights at which the same words, whatever their numbers, stand at the edge of several pages.

    With each the largest type of such words: a title at the height of other pages' heads is no head.
    """
    seen: Counter[tuple[str, int]] = Counter()
    sizes: dict[int, float] = {}
    for page in pages:
        outer = _outer(page)
        seen.update({(key, _height(line)) for line in outer for key in _keys(line.text)})
        for line in outer:
            sizes[_height(line)] = min(line.size, sizes.get(_height(line), line.size))
    enough = 2 if len(pages) < 6 else 3
    repeated = {
        height for (key, height), count in seen.items() if count >= enough and re.search(r"[^\W_]|#", key)
    }
    return {near: sizes[height] for height in sorted(repeated) for near in (height - 1, height, height + 1)}


def _edges(page: Sequence[Line], heights: Mapping[int, float]) -> set[int]:
    """Lines of a page, by identity, that belong to its edge: no line of text stands further out than they do."""
    found: set[int] = set()
    for outer in (sorted(page, key=lambda line: -line.y), sorted(page, key=lambda line: line.y)):
        for line in outer[: 2 * OUTERMOST]:
            size = heights.get(_height(line))
            is_repeated = size is not None and line.size <= 1.15 * size
            if not (is_repeated or _PAGE_NUMBER.fullmatch(line.text)):
                break
            found.add(id(line))
    return found


def _outer(page: Sequence[Line]) -> list[Line]:
    ordered = sorted(page, key=lambda line: -line.y)
    return [*ordered[:OUTERMOST], *ordered[OUTERMOST:][-OUTERMOST:]]


def _keys(text: str) -> set[str]:
    """What is told again: the words whatever their numbers, and how they open, since a section's name may follow."""
    letters = re.sub(r"[\W\d_]+", "", text.casefold())
    opening = {letters[:OPENING]} if len(letters) > OPENING and not _CAPTION.match(text) else set()
    return {re.sub(r"\d+", "#", text.casefold())} | opening


def _height(line: Line) -> int:
    return round(line.y / HEIGHT)
