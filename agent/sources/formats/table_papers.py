"""One row of a table as a paper."""

from __future__ import annotations

import re
from typing import Any

from agent.records import Paper, Rejected
from agent.sources.build import (
    doi_of_link,
    make_paper,
    parse_arxiv_id,
    parse_doi,
    says_retracted,
    sound,
    told_apart,
)
from agent.sources.dates import MONTHS, YEARS, iso, parse_date
from agent.sources.formats.extra import read_extra
from agent.sources.formats.table_authors import cell_authors, quoted_list
from agent.sources.formats.table_columns import Header, plain_name
from agent.sources.ids import parse_id
from agent.sources.vocabulary import ARTICLE_GENRES, DOCUMENT_TYPES, RETRACTED_TYPES, ZOTERO_TYPES
from agent.text.clean import clean

_NOTHING = frozenset({"nan", "null", "none", "n/a", "#n/a", "[no abstract available]", "[no author name available]",
                      "[no authors listed]"})  # fmt: skip
_YEAR = re.compile(r"(\d{4})(?:[.,]0)?")
_MONTH_AND_DAY = re.compile(r"([A-Za-z]{3})(?:\s+(\d{1,2}))?")
_IEEE_LINK = re.compile(r"ieeexplore\.ieee\.org/\S*?(?:arnumber=|document/)(\d+)", re.I)
_FLAGS = {
    "true": True,
    "yes": True,
    "1": True,
    "1.0": True,
    "false": False,
    "no": False,
    "0": False,
    "0.0": False,
}


def paper_of(cells: list[str], header: Header, position: str) -> Paper | Rejected:
    """A paper from cells, one for each column; a row without a title is a rejection."""
    row = _Cells(cells, header)
    title = row.take("title")
    if title is None or not clean(title):
        return Rejected(position=position, reason="no title", title=row.any_id()[:120])
    doi, arxiv_id, arxiv_version = _doi_and_arxiv(row)
    year, date = _year_and_date(row)
    kind, genre, retracted = _type(row, header, title)
    ids = _ids(row)
    key = row.take("key")
    said = {"doi": doi or "", "arxiv_id": arxiv_id or "", "key": key or "", **ids}
    extra = read_extra(row.take("extra") or "", {name: text for name, text in said.items() if text})
    ids |= extra.ids
    url, links = _links(row, ids)
    notes = "\n".join(text for text in (row.take("notes"), extra.rest) if text)
    known: dict[str, Any] = {
        "key": key or extra.values.get("key"),
        "authors": _authors(row, header),
        "year": year,
        "date": date,
        "type": kind,
        "venue": row.take("venue"),
        "doi": doi or extra.values.get("doi"),
        "arxiv_id": arxiv_id or extra.values.get("arxiv_id"),
        "url": url,
        "links": links,
        "keywords": _keywords(row),
        "notes": notes or None,
        "files": _pieces(row.take("files") or ""),
        "ids": ids,
        "version": row.take("version") or arxiv_version or extra.values.get("version"),
        "retracted": retracted,
    }
    abstract = row.take("abstract")
    fields = {**({"genre": genre} if genre else {}), **_pages(row), **extra.fields}
    return make_paper(title, abstract, position, **known, fields={**fields, **row.rest()})


class _Cells:
    """The cells of one row that say something; what is taken as a field is not kept a second time."""

    def __init__(self, cells: list[str], header: Header) -> None:
        self._header = header
        self._texts = {index: text for index, cell in enumerate(cells) if (text := _said(cell))}
        self._taken: set[int] = set()

    def peek(self, role: str) -> tuple[int, str] | None:
        """The first column of a role that says something and is not taken yet."""
        columns = self._header.roles.get(role, ())
        return next(((i, self._texts[i]) for i in columns if i in self._texts and i not in self._taken), None)

    def all(self, role: str) -> list[tuple[int, str]]:
        return [(i, self._texts[i]) for i in self._header.roles.get(role, ()) if i in self._texts]

    def take(self, role: str) -> str | None:
        found = self.peek(role)
        if found is None:
            return None
        self._taken.add(found[0])
        return found[1]

    def taken(self, index: int) -> None:
        """A column is used up."""
        self._taken.add(index)

    def any_id(self) -> str:
        names = ("doi", "arxiv_id", "ids.pmid", "ids.eid", "ids.wos", "url")
        return next((found[1] for name in names if (found := self.peek(name))), "")

    def rest(self) -> dict[str, str]:
        names = self._header.fields
        return {names[index]: text for index, text in self._texts.items() if index not in self._taken}


def _said(cell: str) -> str:
    text = sound(cell)
    return "" if text.lower() in _NOTHING else text


def _authors(row: _Cells, header: Header) -> Any:
    found = row.peek("authors")
    if found is None:
        groups = row.take("group")
        return cell_authors(groups, "inverted") if groups else ()
    index, text = found
    is_full = plain_name(header.row.cells[index]) in ("authorfullname", "fullauthorname", "af")
    authors = cell_authors(text, "inverted" if is_full else header.name_style)
    if authors:
        row.taken(index)
    groups = row.take("group")
    return (*authors, *(cell_authors(groups, "inverted") if groups else ()))


def _doi_and_arxiv(row: _Cells) -> tuple[str | None, str | None, str | None]:
    """DOI, arXiv id and its version; a cell that is neither stays a field."""
    doi, arxiv = None, None
    for index, text in row.all("doi"):
        if doi is None and (doi := parse_doi(text)):
            row.taken(index)
    for index, text in row.all("arxiv_id"):
        if arxiv is None and (arxiv := parse_arxiv_id(text)):
            row.taken(index)
    for _, link in row.all("url"):
        doi = doi or doi_of_link(link)
        if arxiv is None and "arxiv.org/" in link:
            arxiv = parse_arxiv_id(link)
    doi, arxiv = told_apart(doi, arxiv)
    return doi, arxiv[0] if arxiv else None, arxiv[1] if arxiv else None


def _year_and_date(row: _Cells) -> tuple[int | None, str | None]:
    year, date = None, None
    for index, text in row.all("date"):
        found = parse_date(text)
        if found.date and date is None:
            date, year = found.date, found.year
            if found.is_whole:
                row.taken(index)
    for index, text in row.all("year"):
        found_year = _YEAR.fullmatch(text)
        if found_year and int(found_year.group(1)) in YEARS:
            row.taken(index)
            return int(found_year.group(1)), date or _month_of(row, found_year.group(1))
        parsed = parse_date(text)
        if parsed.is_whole and parsed.date and date is None:
            row.taken(index)
            return parsed.year, parsed.date
    if year is None:
        year = next((found.year for _, text in row.all("date") if (found := parse_date(text)).year), None)
    return year, date


def _month_of(row: _Cells, year: str) -> str | None:
    """Web of Science splits a date: the year in one column, `MAR 15` in another."""
    found = row.peek("date")
    match = _MONTH_AND_DAY.fullmatch(found[1]) if found else None
    month = MONTHS.get(match.group(1).lower()) if match else None
    date = iso(year, str(month), match.group(2)) if match and month else None
    if found and date:
        row.taken(found[0])
    return date


def _type(row: _Cells, header: Header, title: str) -> tuple[str | None, str | None, bool | None]:
    """CSL type, genre, and whether the paper is retracted."""
    retracted = says_retracted(title)
    if (found := row.peek("retracted")) and found[1].lower() in _FLAGS:
        retracted = _FLAGS[found[1].lower()]
        row.taken(found[0])
    stated = row.take("type")
    if stated is None:
        return None, None, retracted
    if header.is_zotero:
        return ZOTERO_TYPES.get(stated.replace(" ", "").lower(), stated), None, retracted
    if len(stated) == 1:  # Web of Science's "J" says less than a type beside it
        return DOCUMENT_TYPES.get(stated.lower(), stated), None, retracted
    kinds = [kind.strip() for kind in stated.split(";")]
    retracted = says_retracted(title, kinds) or retracted
    kinds = [kind for kind in kinds if kind.lower() not in RETRACTED_TYPES] or kinds
    csl = next((DOCUMENT_TYPES[kind.lower()] for kind in kinds if kind.lower() in DOCUMENT_TYPES), None)
    genres = [kind for kind in kinds if kind.lower() not in DOCUMENT_TYPES]
    if csl is None and any(kind.lower() in ARTICLE_GENRES for kind in kinds):
        csl = "article-journal"
    return (csl, "; ".join(genres) or None, retracted) if csl else (stated, None, retracted)


def _ids(row: _Cells) -> dict[str, str]:
    ids: dict[str, str] = {}
    for role in ("pmid", "pmcid", "openalex", "corpusid", "s2", "eid", "wos", "embase", "dblp", "mag"):
        for index, text in row.all(f"ids.{role}"):
            if role not in ids and (plain := parse_id(role, text)):
                ids[role] = plain
                row.taken(index)
    return ids


def _links(row: _Cells, ids: dict[str, str]) -> tuple[str | None, tuple[str, ...]]:
    """The paper's address and other links; an IEEE link names the paper's number too."""
    addresses = [text for index, text in row.all("url") if text.startswith(("http://", "https://"))]
    for index, text in row.all("url"):
        if text in addresses:
            row.taken(index)
    number = next((found.group(1) for text in addresses if (found := _IEEE_LINK.search(text))), None)
    if number:
        ids["ieee"] = number
    attached = [text for text in _pieces(row.take("links") or "") if text.startswith("http")]
    return (addresses[0] if addresses else None), tuple(dict.fromkeys([*addresses[1:], *attached]))


def _keywords(row: _Cells) -> tuple[str, ...]:
    text = row.take("keywords") or ""
    return tuple(quoted_list(text)) or _pieces(text, commas=True)


def _pieces(text: str, *, commas: bool = False) -> tuple[str, ...]:
    marks = r"[;|\n]" if re.search(r"[;|\n]", text) else "," if commas else r"\n"
    return tuple(dict.fromkeys(piece for part in re.split(marks, text) if (piece := part.strip())))


def _pages(row: _Cells) -> dict[str, str]:
    first, last = row.take("page_start"), row.take("page_end")
    pages = "-".join(dict.fromkeys(text for text in (first, last) if text))
    return {"page": pages} if pages else {}
