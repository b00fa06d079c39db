"""Tables that were written here: columns by a paper's own names, whose cells say what they say.

No habits of databases are looked for in them. Names are `Family, Given particle, Suffix` between semicolons, a
family name alone has a comma behind it; what that cannot say is a list in JSON. A quotation mark before what a
spreadsheet would take for a formula is no part of the text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from agent.records import Author, Paper, Rejected
from agent.sources.build import (
    PARTICLES,
    arxiv_of_doi,
    author_of_parts,
    clean_name,
    make_paper,
    parse_arxiv_id,
    parse_author,
    parse_doi,
    sound,
)
from agent.sources.dates import YEARS, parse_date
from agent.sources.formats.tagged import visible
from agent.sources.ids import parse_id
from agent.text.clean import clean

COLUMNS = ("key", "title", "authors", "year", "date", "type", "venue", "doi", "arxiv_id", "version", "url", "links",
           "abstract", "keywords", "notes", "files", "retracted", "is_untitled")  # fmt: skip
IDS, FIELDS = "ids.", "fields."  # before the scheme of an id, and before a field that is called like a column
_OWN = frozenset({"title", "arxiv_id", "is_untitled"})
_TEXTS = ("key", "type", "venue", "version", "url", "notes")
_YEAR = re.compile(r"(\d{4})(?:[.,]0)?")
_FLAGS = {"true": True, "false": False}
_FORMULA = re.compile(r"'*[=+\-@]")


def is_own(names: Sequence[str]) -> bool:
    """Whether a table of these columns was written here."""
    return set(names) >= _OWN


def defused(text: str) -> str:
    """A cell that no spreadsheet computes, and from which `plain` gets the text again."""
    return f"'{text}" if _FORMULA.match(text) else text


def plain(cell: str) -> str:
    """The text of a cell."""
    text = sound(cell)
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def paper_of_own(cells: Sequence[str], names: Sequence[str], position: str) -> Paper | Rejected:
    """A paper from the cells of one row; a row without a title is a rejection."""
    row = _row(cells, names)
    title = row.pop("title", "")
    if not clean(title):
        return Rejected(position=position, reason="no title", title=row.get("doi") or row.get("url") or "")
    abstract = row.pop("abstract", None)
    known: dict[str, Any] = {name: row.pop(name, None) for name in _TEXTS}
    known["authors"] = read_authors(row.pop("authors", ""))
    known |= {name: read_list(row.pop(name, "")) for name in ("links", "keywords", "files")}
    known |= {name: _FLAGS[row.pop(name).lower()] for name in ("retracted", "is_untitled")
              if row.get(name, "").lower() in _FLAGS}  # fmt: skip
    known |= _year_and_date(row)
    known |= _doi_and_arxiv(row, known["version"])
    known["ids"] = _ids(row)
    fields = {name.removeprefix(FIELDS): text for name, text in row.items()}
    return make_paper(title, abstract, position, **known, fields=fields)


def _row(cells: Sequence[str], names: Sequence[str]) -> dict[str, str]:
    """What the cells say by the names of their columns, a second one of the same name by its number too."""
    row: dict[str, str] = {}
    for number, (name, cell) in enumerate(zip(names, cells, strict=True), start=1):
        name = f"{name} (column {number})" if name in row else name or f"column {number}"
        if text := plain(cell):
            row[name] = text
    return row


def read_authors(text: str) -> tuple[Author, ...]:
    """The authors of a cell."""
    stated = _json(text) if text.startswith("[{") else None
    if stated is not None:
        return tuple(author for parts in stated if (author := author_of_parts(parts)))
    pieces = (piece.strip() for piece in text.split(";"))
    return tuple(author for piece in pieces if (author := _author(piece)))


def _author(piece: str) -> Author | None:
    name = clean_name(piece)
    if not name.strip(" ,"):
        return None
    if "," not in name:
        return Author(name=name)
    if name.endswith(","):
        return Author(family=name.rstrip(", "))
    author = parse_author(name)
    words = (author.given or "").split() if author else []
    count = next((n for n, word in enumerate(reversed(words)) if word not in PARTICLES), len(words))
    if author is None or not count:
        return author
    given, particle = " ".join(words[:-count]), " ".join(words[-count:])
    return author.model_copy(update={"given": given or None, "particle": particle})


def read_list(text: str) -> tuple[str, ...]:
    """The texts of a cell that holds several."""
    stated = _json(text) if text.startswith("[") else None
    pieces = stated if stated is not None else re.split(r"[;\n]", text)
    words = (sound(visible(piece)) for piece in pieces if isinstance(piece, str))
    return tuple(dict.fromkeys(word for word in words if word))


def _json(text: str) -> list[Any] | None:
    try:
        stated = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return stated if isinstance(stated, list) else None


def _year_and_date(row: dict[str, str]) -> dict[str, Any]:
    year, date = _YEAR.fullmatch(row.get("year", "")), parse_date(row.get("date", ""))
    found: dict[str, Any] = {}
    if date.date and date.is_whole:
        found = {"year": date.year, "date": date.date}
        row.pop("date")
    if year and int(year[1]) in YEARS:
        found["year"] = int(year[1])
        row.pop("year")
    return found


def _doi_and_arxiv(row: dict[str, str], version: str | None) -> dict[str, Any]:
    """DOI, arXiv id and version; what is none stays in the row."""
    doi, arxiv = parse_doi(row.get("doi", "")), parse_arxiv_id(row.get("arxiv_id", ""))
    for name, value in (("doi", doi), ("arxiv_id", arxiv)):
        if value:
            row.pop(name)
    if doi and (inside := parse_arxiv_id(arxiv_of_doi(doi) or "")):
        doi, arxiv = None, arxiv or inside
    arxiv_id, counted = arxiv or (None, None)
    return {"doi": doi, "arxiv_id": arxiv_id, "version": version or counted}


def _ids(row: dict[str, str]) -> dict[str, str]:
    ids: dict[str, str] = {}
    for name in [name for name in row if name.startswith(IDS)]:
        scheme = name.removeprefix(IDS)
        if scheme and (value := parse_id(scheme, row[name])):
            ids[scheme] = value
            row.pop(name)
    return ids
