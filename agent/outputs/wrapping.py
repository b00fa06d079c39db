"""Text for a terminal: broken at its width, each word in the style of its role.

The width of a character is what Unicode's East Asian Width says of it; marks that combine take no room.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from agent.text.printable import printable

Span = tuple[str, str]  # a role and a text
Style = Callable[[str, str], str]
NARROWEST, WIDEST = 30, 100  # columns: a longer line is hard to read


def plain(role: str, text: str) -> str:
    """The style of a text file: none."""
    return text


def cells(text: str) -> int:
    """How many columns a text takes."""
    return sum(_cells(char) for char in text)


@dataclass(frozen=True)
class Page:
    """How wide the terminal is, and how a role is shown: `head`, `cite`, `quiet`, `warn`, or `` for plain text."""

    width: int = 80
    style: Style = plain

    def wrap(self, spans: Sequence[Span] | str, *, indent: int = 0, first: str | None = None) -> list[str]:
        """Lines no longer than the page, all indented; `first` stands before the first in place of the indent.

        A word that is longer than a line is broken only where its script has no blanks: keys and links can be
        copied whole.
        """
        width = min(max(self.width, NARROWEST), WIDEST) - indent
        margin = " " * indent
        lines = [
            margin + self._styled(line)
            for line in _lines(_words([("", spans)] if isinstance(spans, str) else spans, width), width)
        ]
        if first is not None and lines:
            lines[0] = first + lines[0][indent:]
        return lines

    def _styled(self, words: Sequence[Sequence[Span]]) -> str:
        """The words of a line; those of one role in one piece, with the blanks between them."""
        spans: list[Span] = []
        for word in words:
            if spans:
                spans.append((spans[-1][0] if spans[-1][0] == word[0][0] else "", " "))
            spans += word
        pieces = ((role, "".join(text for _, text in same)) for role, same in groupby(spans, itemgetter(0)))
        return "".join(self.style(role, text) if role else text for role, text in pieces)


def _words(spans: Iterable[Span], width: int) -> list[list[Span]]:
    """The words of a text; a word may change its role in the middle."""
    words: list[list[Span]] = [[]]
    for role, text in spans:
        for part in re.split(r"(\s+)", printable(text)):
            if part.isspace():
                words.append([])
            elif part:
                pieces = _broken(part, width)
                words[-1].append((role, pieces[0]))
                words += [[(role, piece)] for piece in pieces[1:]]
    return [word for word in words if word]


def _broken(word: str, width: int) -> list[str]:
    if word.isascii() or cells(word) <= width:
        return [word]
    pieces, taken = [""], 0
    for char in word:
        if taken + _cells(char) > width:
            pieces.append("")
            taken = 0
        pieces[-1] += char
        taken += _cells(char)
    return pieces


def _lines(words: Iterable[list[Span]], width: int) -> list[list[list[Span]]]:
    lines: list[list[list[Span]]] = []
    taken = 0
    for word in words:
        needed = sum(cells(text) for _, text in word)
        if not lines or taken + 1 + needed > width:
            lines.append([])
            taken = -1
        lines[-1].append(word)
        taken += 1 + needed
    return lines


def _cells(char: str) -> int:
    if unicodedata.combining(char) or unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1
