"""CSV, TSV and their like: one paper a row, below a row that names the columns."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import islice

from agent.records import Noted, Paper, Rejected
from agent.sources.build import parse_doi
from agent.sources.formats.table_columns import Header, find_header
from agent.sources.formats.table_own import is_own, paper_of_own
from agent.sources.formats.table_papers import paper_of
from agent.sources.formats.table_rows import SEPARATORS, Row, read_rows
from agent.sources.formats.tagged import plain_lines, visible

_SEPARATOR_LINE = re.compile(r"\"?sep=(.)\"?[^\S\n]*(?:\n|\Z)", re.I)
_LOOKED_AT = 60  # rows, to tell a table from other texts
_UNCLOSED = "a quote is opened and never closed"

# Columns whose cells show by their form that they stand in their place.
_FORMS: dict[str, Callable[[str], bool]] = {
    "year": lambda text: re.fullmatch(r"[12]\d{3}(?:[.,]0)?", text) is not None,
    "doi": lambda text: parse_doi(text) is not None,
    "url": lambda text: text.startswith(("http://", "https://")),
    "ids.pmid": lambda text: re.fullmatch(r"\d{1,9}(?:[.,]0)?", text) is not None,
    "ids.pmcid": lambda text: re.fullmatch(r"PMC\d+", text) is not None,
    "date": lambda text: re.match(r"\d{4}-\d\d", text) is not None,
}


def recognises(head: str) -> bool:
    """Whether a text opens like a table of papers: a header with a title and one more column that is known,
    and rows below of which most have as many cells. A sentence that lists such words is no header.
    """
    text, start, separators = _opening(head)
    if not text[start:].strip():
        return False
    header = find_header(text[start:], separators)
    if "title" not in header.roles or header.width < 2 or header.known < 2:
        return False
    if any(cell.endswith((".", "?", "!")) and len(cell.split()) > 3 for cell in header.row.cells):
        return False
    rows = read_rows(text, header.separator, header.width, start=start)
    below = [row for row in islice(rows, _LOOKED_AT) if row.line > header.row.line and not row.is_blank]
    return sum(len(row.cells) == header.width for row in below) * 2 > len(below)


def read(text: str) -> Iterator[Paper | Rejected | Noted]:
    """Every row as a paper or a rejection, placed by the line on which it starts."""
    text, start, separators = _opening(text)
    if not text[start:].strip():
        yield Rejected(position="file", reason="no records in it")
        return
    header = find_header(text[start:], separators)
    first = 1 + text.count("\n", 0, start)
    if "title" not in header.roles:
        yield Rejected(position=f"line {header.row.line + first - 1}", reason=_no_title(header))
        return
    for row in header.above:
        message = f"above the table, left out: {_shortened(' '.join(' '.join(row.cells).split()))}"
        yield Noted(position=f"line {row.line + first - 1}", message=message)
    rows = read_rows(text, header.separator, header.width, start=start, line=first)
    below = (row for row in rows if row.line > header.row.line + first - 1 and not row.is_blank)
    yield from _records(below, header)


def _opening(text: str) -> tuple[str, int, tuple[str, ...]]:
    """The text with one kind of line end, where its table starts, and the separators that it may have."""
    text = visible(plain_lines(text))  # without BOMs, also where files that began with one were put together
    stated = _SEPARATOR_LINE.match(text)  # Excel's own way to say it
    return (text, stated.end(), (stated.group(1),)) if stated else (text, 0, SEPARATORS)


def _records(rows: Iterator[Row], header: Header) -> Iterator[Paper | Rejected | Noted]:
    is_empty, was_open = True, False
    names = [" ".join(cell.split()) for cell in header.row.cells]
    for row in rows:
        is_empty = False
        position = f"line {row.line}"
        if row.cells == header.row.cells:
            yield Noted(position=position, message="the header once more")
            continue
        cells = fitted(row, header)
        # Behind a quote that is never closed, short rows are what is left of it.
        is_rest = was_open and len(row.cells) < header.width
        was_open = row.is_open or is_rest
        if cells is None or is_rest:
            yield Rejected(
                position=position, reason=_misfit(row, header, is_rest=is_rest), title=_title(row, header)
            )
            continue
        if row.is_open:
            yield Noted(position=position, message=f"{_UNCLOSED}; read to the end of its line")
        yield paper_of_own(cells, names, position) if is_own(names) else paper_of(cells, header, position)
    if is_empty:
        yield Rejected(position="file", reason="no records in it, only a header")


def fitted(row: Row, header: Header) -> list[str] | None:
    """The row's cells, one for each column; None where it cannot be told which cell belongs to which.

    Cells that lack at the end are empty. Cells too many are put together where all but one column are in their
    place for certain: what was split held a separator.
    """
    cells, width = list(row.cells), header.width
    while len(cells) > width and not cells[-1].strip():
        cells.pop()
    misplaced = any(_form(header, index, cell) is False for index, cell in enumerate(cells[:width]))
    if len(cells) == width:
        return None if row.is_open and misplaced else cells
    if len(cells) < width:
        padded = [*cells, *[""] * (width - len(cells))]
        is_title_there = any(padded[index].strip() for index in header.roles["title"])
        return padded if is_title_there and not misplaced and (len(cells) > 1 or width == 2) else None
    left = _sure_columns(cells, header, range(width))
    right = _sure_columns(cells[::-1], header, range(width - 1, -1, -1))
    if left + right != width - 1:
        return None
    end = len(cells) - right
    return [*cells[:left], header.separator.join(cells[left:end]), *cells[end:]]


def _sure_columns(cells: list[str], header: Header, columns: range) -> int:
    """How many cells from the one end stand in their columns: up to the last whose form shows it."""
    sure = 0
    for count, (cell, column) in enumerate(zip(cells, columns, strict=False), start=1):
        form = _form(header, column, cell)
        if form is False:
            break
        if form:
            sure = count
    return sure


def _form(header: Header, index: int, cell: str) -> bool | None:
    """Whether a cell has the form of its column; None where the column has none or the cell is empty."""
    if not cell.strip():
        return None
    role = next((role for role in _FORMS if index in header.roles.get(role, ())), None)
    return _FORMS[role](cell.strip()) if role else None


def _misfit(row: Row, header: Header, *, is_rest: bool) -> str:
    if row.is_open:
        return f"{_UNCLOSED}, and its line does not fit the header"
    if is_rest:
        return "a piece of a row above, in which a quote is opened and never closed"
    count = len(row.cells)
    why = "; a separator inside a cell without quotes?" if count > header.width else ""
    return f"{count} {'cell' if count == 1 else 'cells'} where the header has {header.width}{why}"


def _title(row: Row, header: Header) -> str:
    """What stands where the title should, to find the row again."""
    found = (row.cells[index].strip() for index in header.roles["title"] if index < len(row.cells))
    return _shortened(next((text for text in found if text), ""))


def _no_title(header: Header) -> str:
    names = [name for name in (" ".join(cell.split()) for cell in header.row.cells) if name]
    return f"no column for the title; columns found: {_shortened(', '.join(names) or 'none', 300)}"


def _shortened(text: str, length: int = 120) -> str:
    text = text.encode("utf-8", "replace").decode()
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"
