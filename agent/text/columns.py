"""From pieces of text with their places on a page to its lines, in the order in which a person reads them.

A file may store a page of two columns row by row. Where it does, lines are put in order: what spans both
columns stays in its place, and between two such lines the left column comes before the right one. Any other
page keeps the order in which it is stored, since whoever made it knew more of it than can be seen here.
What this does not know: how wide a letter is. Ends of lines are estimated.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

LETTER = 0.45  # the width of a letter, in sizes of its type
NEAR = 2.0  # what starts so near to a column's edge starts at it
FEWEST_STARTS = 4  # fewer lines make no column
MOST_TURNS = 2  # a page that goes back to the left column more often is stored row by row
_MARK = re.compile(r"[-−+]?\d{1,3}(?:[,–-]\d{1,3})*|[\d,*∗†‡§¶#]+")
_POWER = re.compile(r"[-−+]?\d{1,3}")
_BASE = re.compile(r"(?:\d|(?<![A-Za-z])(?:[a-zµ]{1,2}|[A-Z])|\))$")


@dataclass(frozen=True, slots=True)
class Piece:
    """Text in one font. `x` is where it starts and `y` its base line, upwards; `ends_line` as the file has it."""

    text: str
    x: float
    y: float
    size: float
    is_bold: bool = False
    ends_line: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line; size, base line and boldness are those of most of its letters."""

    text: str
    x: float
    y: float
    size: float
    is_bold: bool = False

    @property
    def end(self) -> float:
        """About where it ends."""
        return self.x + LETTER * self.size * len(self.text)


def lines_of_pages(pages: Sequence[Sequence[Piece]]) -> list[list[Line]]:
    """The lines of each page, in reading order as far as it can be told.

    Pages of one file are set and stored alike: a page too short to show its columns has those of the others.
    """
    edges = [_right_column(pieces) for pieces in pages]
    found = [round(edge / NEAR) for edge in edges if edge is not None]
    common = (
        max(sorted(set(found)), key=found.count) * NEAR if 2 * len(found) >= len(pages) and found else None
    )
    edges = [common if edge is None else edge for edge in edges]
    stored = [_cut(pieces, edge) for pieces, edge in zip(pages, edges, strict=True)]
    turns = [_turns(lines, edge) for lines, edge in zip(stored, edges, strict=True) if edge is not None]
    if 2 * sum(number > MOST_TURNS for number in turns) < max(len(found), 1):
        return stored
    return [
        lines if edge is None else _by_column(lines, edge) for lines, edge in zip(stored, edges, strict=True)
    ]


def _cut(pieces: Sequence[Piece], edge: float | None) -> list[Line]:
    return [line for group in _groups(pieces, edge) if (line := _line(group)).text]


def _right_column(pieces: Sequence[Piece]) -> float | None:
    """Where the right of two columns starts: where many long pieces start in the middle of the page."""
    filled = [piece for piece in pieces if piece.text.strip()]
    if len(filled) < 2 * FEWEST_STARTS:
        return None
    left = min(piece.x for piece in filled)
    width = max(piece.x + LETTER * piece.size * len(piece.text) for piece in filled) - left
    rows = len({round(piece.y) for piece in filled})
    places: dict[int, list[Piece]] = {}
    for piece in filled:
        if left + 0.35 * width < piece.x < left + 0.7 * width:
            places.setdefault(round(piece.x / NEAR), []).append(piece)
    if not places:
        return None
    there = max(places.values(), key=lambda found: (len(found), -found[0].x))
    is_column = len(there) >= max(FEWEST_STARTS, 0.2 * rows)
    is_text = median(len(piece.text) * LETTER * piece.size for piece in there) > 0.2 * width
    return min(piece.x for piece in there) if is_column and is_text else None


def _groups(pieces: Sequence[Piece], edge: float | None) -> list[list[Piece]]:
    """The pieces of each line: a line ends where the file says so, and at the edge of the right column."""
    groups: list[list[Piece]] = [[]]
    for piece in pieces:
        if groups[-1] and edge is not None and _crosses(groups[-1], piece, edge):
            groups.append([])
        if piece.text.strip() or groups[-1]:
            groups[-1].append(piece)
        if piece.ends_line and groups[-1]:
            groups.append([])
    return [group for group in groups if group]


def _crosses(group: Sequence[Piece], piece: Piece, edge: float) -> bool:
    goes_right = group[0].x < edge - NEAR and abs(piece.x - edge) <= NEAR
    goes_left = group[0].x >= edge - NEAR and piece.x < edge - NEAR
    return goes_right or goes_left


def _line(group: Sequence[Piece]) -> Line:
    main = max(group, key=lambda piece: (len(piece.text.strip()), piece.size))
    text = ""
    for piece in group:
        text = _put(text, piece, main)
    letters = [piece for piece in group if re.search(r"\w", piece.text)]
    first = next((piece for piece in group if piece.text.strip()), group[0])
    is_bold = bool(letters) and all(piece.is_bold for piece in letters)
    return Line(" ".join(text.split()), first.x, main.y, main.size, is_bold)


def _put(text: str, piece: Piece, main: Piece) -> str:
    """A raised number: `10` and `3` are `10^3`, not `103`; a mark of a footnote behind a word goes."""
    stripped = piece.text.strip()
    is_raised = piece.size < 0.85 * main.size and piece.y > main.y + 0.15 * main.size
    if not (is_raised and text.strip() and _MARK.fullmatch(stripped)):
        return text + piece.text
    after = " " if piece.text != piece.text.rstrip() else ""
    if _BASE.search(text.rstrip()) and _POWER.fullmatch(stripped):
        return text.rstrip() + "^" + stripped.replace("−", "-") + after
    return text + after


def _turns(lines: Sequence[Line], edge: float) -> int:
    """How often the stored order goes back from the right column to the left one."""
    sides = [line.x >= edge - NEAR for line in lines]
    return sum(before and not after for before, after in pairwise(sides))


def _by_column(lines: Sequence[Line], edge: float) -> list[Line]:
    ordered: list[Line] = []
    band: list[Line] = []
    for line in sorted(lines, key=lambda line: (-line.y, line.x)):
        if line.x < edge - NEAR and line.end > edge + 0.25 * (edge - line.x):
            ordered += [*_columns(band, edge), line]
            band = []
        else:
            band.append(line)
    return ordered + _columns(band, edge)


def _columns(band: Sequence[Line], edge: float) -> list[Line]:
    return sorted(band, key=lambda line: line.x >= edge - NEAR)


def shifted(line: Line, text: str) -> Line:
    """The same line with another text."""
    return replace(line, text=text)
