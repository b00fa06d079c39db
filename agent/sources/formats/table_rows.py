"""Rows of a table written as text, with quoting that programs and people got wrong.

A row whose quotes are in order may run over several lines. Where a quote is opened and never closed, or closed
only by chance somewhere below, the row ends with its line, and the next row is read afresh.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

WHOLE_LINE = "\x1f"  # a separator that no text holds: each line is one cell
SEPARATORS = (",", ";", "\t", "|", WHOLE_LINE)


@dataclass(frozen=True)
class Row:
    """The cells of a row, the line it starts on, and whether a quote in it is never closed."""

    line: int
    cells: tuple[str, ...]
    is_open: bool = False

    @property
    def is_blank(self) -> bool:
        """Nothing in it, or only the rule that Markdown draws below a header."""
        return not any(cell.strip(" \t\n-:=") for cell in self.cells)


@dataclass(frozen=True)
class _Reading:
    cells: list[str]
    end: int
    spanning: int | None = None  # the first cell that runs over lines
    is_open: bool = False


def read_rows(
    text: str, separator: str, width: int | None = None, *, start: int = 0, line: int = 1
) -> Iterator[Row]:
    """Every row from `start` on, blank ones too.

    Args:
        width: how many cells a row ought to have; where quotes are in disorder, the reading with so many wins.
        line: the number of the line at `start`.
    """
    scanner = _Scanner(separator, width)
    position = start
    while position < len(text):
        end = text.find("\n", position)
        end = len(text) if end < 0 else end
        if text.find('"', position, end) < 0:
            yield Row(line, tuple(text[position:end].split(separator)))
            line += 1
        else:
            reading = scanner.row(text, position, end)
            yield Row(line, tuple(reading.cells), reading.is_open)
            line += text.count("\n", position, reading.end) + 1
            end = reading.end
        position = end + 1


class _Scanner:
    """Reads rows with quotes in them."""

    def __init__(self, separator: str, width: int | None) -> None:
        stop = re.escape(separator)
        blank = " *"  # nothing possessive here: Python before 3.11.3 misreads that
        close = rf'"{blank}(?={stop}|\n|\Z)'
        self._separator = separator
        self._width = width
        self._strict = re.compile(rf'{blank}"([^"]*(?:""[^"]*)*){close}')
        # A quote inside that neither follows a separator, as an opening one would, nor closes the cell.
        inner = rf'[^"]|(?<![{stop}\n])"(?!{blank}(?:{stop}|\n|\Z))|"(?={close})'
        self._loose = re.compile(rf'{blank}"((?:{inner})*){close}')
        self._plain = re.compile(rf"[^{stop}\n]*")
        self._opening = re.compile(rf'{blank}"')

    def row(self, text: str, start: int, line_end: int) -> _Reading:
        strict = self._read(text, start, self._strict)
        if strict and (strict.end == line_end or not self._swallows(text, start, strict)):
            return strict
        line = text[start:line_end]
        ways = (
            self._read(line, 0, self._loose),
            self._read(line, 0, self._strict, broken="plain"),
            self._read(line, 0, self._strict, broken="rest"),
        )
        for way in ways:
            if way and len(way.cells) == self._width:
                return _Reading(way.cells, line_end, is_open=way.is_open)
        loose = self._read(text, start, self._loose)
        if loose and len(loose.cells) == self._width and not self._swallows(text, start, loose):
            return loose
        first = next(way for way in ways if way)
        return _Reading(first.cells, line_end, is_open=True)

    def _read(
        self, text: str, position: int, quoted: re.Pattern[str], *, broken: str | None = None
    ) -> _Reading | None:
        """One reading of a row. `broken` says how to take a cell whose quote is in disorder; None: not at all."""
        cells: list[str] = []
        spanning, is_open = None, False
        while True:
            found = quoted.match(text, position)
            if found:
                cell = found.group(1)
                if quoted is self._strict or cell.count('"') == 2 * cell.count(
                    '""'
                ):  # all its quotes are doubled
                    cell = cell.replace('""', '"')
                if spanning is None and "\n" in cell:
                    spanning = len(cells)
                end = found.end()
            else:
                if broken is None and self._opening.match(text, position):
                    return None
                cell, end, unclosed = self._broken(text, position, broken)
                is_open = is_open or unclosed
            cells.append(cell)
            if end >= len(text) or text[end] == "\n":
                return _Reading(cells, end, spanning, is_open)
            position = end + 1

    def _broken(self, text: str, position: int, way: str | None) -> tuple[str, int, bool]:
        found = self._plain.match(text, position)
        cell, end = (found.group(), found.end()) if found else ("", position)
        is_open = way is not None and cell.lstrip(" ").startswith('"')
        if is_open and way == "rest":
            cell, end = text[position:], len(text)
        if is_open and cell.count('"') % 2:
            return cell.lstrip(" ")[1:], end, True
        return cell, end, False

    def _swallows(self, text: str, start: int, reading: _Reading) -> bool:
        """Whether a row over several lines took in lines that are rows themselves."""
        if self._width is None or reading.spanning is None:
            return False
        counts = [line.count(self._separator) + 1 for line in text[start : reading.end].split("\n")]
        if len(reading.cells) != self._width:
            return self._width in counts[1:]
        return reading.spanning < self._width - 1 and all(count == self._width for count in counts)
