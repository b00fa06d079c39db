"""Papers as a table for a spreadsheet, which is read back as the same papers."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator

from agent.records import Author, Paper
from agent.sources.formats.table_own import COLUMNS, FIELDS, IDS, defused, read_authors, read_list
from agent.text.printable import printable


def papers_csv(papers: Iterable[Paper]) -> str:
    """One row a paper, in order of key; no cell can be read as a formula.

    The columns are a paper's own fields, then one for each kind of id and each further field that any paper has.
    """
    rows = [_row(paper) for paper in sorted(papers, key=lambda paper: paper.key.lower())]
    found = {name for row in rows for name in row if name not in COLUMNS}
    columns = [*COLUMNS, *sorted(found, key=lambda name: (not name.startswith(IDS), name))]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([row.get(name, "") for name in columns] for row in rows)
    return out.getvalue()


def _row(paper: Paper) -> dict[str, str]:
    return {name: defused(text) for name, value in _cells(paper) if (text := printable(value, "").strip())}


def _cells(paper: Paper) -> Iterator[tuple[str, str]]:
    for name in ("key", "title", "date", "type", "venue", "doi", "arxiv_id", "version", "url", "notes"):
        yield name, getattr(paper, name) or ""
    yield "abstract", paper.texts.abstract or ""
    yield "year", str(paper.year) if paper.year else ""
    yield "authors", _authors(paper.authors)
    for name in ("links", "keywords", "files"):
        yield name, _list(getattr(paper, name))
    yield "retracted", "" if paper.retracted is None else str(paper.retracted).lower()
    yield "is_untitled", "true" if paper.is_untitled else ""
    for scheme, value in paper.ids.items():
        yield _one_line(IDS + scheme), value
    for name, value in paper.fields.items():
        yield _column(name), value


def _column(name: str) -> str:
    """What a further field's column is called: as the field, if that can be taken for nothing else."""
    line = _one_line(name)
    is_clear = line not in COLUMNS and not line.startswith((IDS, FIELDS)) and defused(line) == line
    return line if is_clear and line else f"{FIELDS}{line}"


def _authors(authors: tuple[Author, ...]) -> str:
    text = "; ".join(_author(author) for author in authors)
    if not authors or read_authors(text) == authors:
        return text
    return json.dumps([author.model_dump(exclude_none=True) for author in authors], ensure_ascii=False)


def _author(author: Author) -> str:
    if not author.family:
        return author.name or author.given or ""
    given = " ".join(part for part in (author.given, author.particle) if part)
    text = ", ".join(part for part in (author.family, given, author.suffix) if part)
    return text if text != author.family else f"{text},"  # without a comma it is a whole name


def _list(words: tuple[str, ...]) -> str:
    text = "; ".join(words)
    return text if not words or read_list(text) == words else json.dumps(words, ensure_ascii=False)


def _one_line(text: str) -> str:
    return " ".join(printable(text, "").split())
