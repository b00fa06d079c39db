"""arXiv: Atom feeds of its query interface (https://info.arxiv.org/help/api/user-manual.html)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.etree.ElementTree import Element

from agent.records import Author, Paper, Rejected
from agent.sources.build import make_paper, parse_arxiv_id, parse_author
from agent.sources.services.answers import beside_authors, joined, paper_ids, quoted, read_xml, stated, when
from agent.sources.services.common import (
    Call,
    Id,
    Page,
    Query,
    asked_text,
    batches,
    broken,
    finish,
    page_size,
)
from agent.text.clean import clean

NAME = "arxiv"
LABEL = "arXiv"
SECONDS = 3.0
KEY_VARIABLE: str | None = None
SCHEMES = ("arxiv",)
_URL = "https://export.arxiv.org/api/query"
_ATOM = "{http://www.w3.org/2005/Atom}"
_ARXIV = "{http://arxiv.org/schemas/atom}"
_TOTAL = "{http://a9.com/-/spec/opensearch/1.1/}totalResults"
_MOST = 100
_LIKELY = 5  # papers to look at for one title
_FIRST_DAY, _LAST_DAY = "19910101", "29991231"  # a range needs both its ends
_IN_ARXIV_WORDS = re.compile(r"\b(?:ti|au|abs|co|jr|cat|rn|id|all|submittedDate):|\b(?:AND|OR|ANDNOT)\b")
_TERM = re.compile(r'"([^"]*)"|(\S+)')
_UNSEARCHED = re.compile(r"[^\w\s.'-]+")


def search(query: Query) -> Call:
    """Papers with every word and quoted phrase, the newest first; a text in arXiv's own syntax stays as it is."""
    terms = _terms(asked_text(query, LABEL))
    if query.since or query.until:
        first, last = (day.replace("-", "") if day else None for day in (query.since, query.until))
        terms += f" AND submittedDate:[{first or _FIRST_DAY}0000 TO {last or _LAST_DAY}2359]"
    return Call(_URL).having(
        search_query=terms,
        start=0,
        max_results=page_size(query.limit, 0, _MOST),
        sortBy="submittedDate",
        sortOrder="descending",
    )


def lookup(ids: Sequence[Id]) -> list[Call]:
    """A hundred papers a call; an id may name a version."""
    wanted = [value for scheme, value in ids if scheme == "arxiv"]
    return [
        Call(_URL).having(id_list=",".join(some), max_results=len(some)) for some in batches(wanted, _MOST)
    ]


def by_title(title: str) -> Call:
    """The papers that have these words in this order in their title."""
    return Call(_URL).having(search_query=f'ti:"{_words(title)}"', max_results=_LIKELY)


def _terms(text: str) -> str:
    if _IN_ARXIV_WORDS.search(text):
        return f"({text})"
    found = [words for phrase, word in _TERM.findall(text) if (words := _words(phrase or word))]
    if not found:
        return f'all:"{text}"'
    return " AND ".join(f"all:{words}" if words.isalnum() else f'all:"{words}"' for words in found)


def _words(text: str) -> str:
    return " ".join(_UNSEARCHED.sub(" ", text).split())


def parse(body: bytes, content_type: str, call: Call, seen: int, limit: int) -> Page:
    """The papers of one feed; an entry that reports an error is an error, and no paper."""
    root = read_xml(body, content_type, LABEL)
    if root.tag != f"{_ATOM}feed":
        raise broken(LABEL, f"the answer is no Atom feed but '{root.tag.rpartition('}')[2][:40]}'")
    total, entries = _total(root), root.findall(f"{_ATOM}entry")
    for entry in entries:
        _refuse_error(entry)
    start = call.number("start")
    is_paged = call.param("start") is not None
    if is_paged and not entries and total > start:  # arXiv does so when it is overloaded
        raise broken(LABEL, f"the answer holds none of {total} papers from number {start + 1} on")
    records = [_record(entry, number) for number, entry in enumerate(entries, start=seen + 1)]
    reached = start + len(entries)
    rest = page_size(limit, seen + len(entries), _MOST)
    following = call.having(start=reached, max_results=rest) if is_paged and reached < total else None
    return finish(
        LABEL, records, seen=seen, limit=limit, following=following, total=total if is_paged else None
    )


def _total(root: Element) -> int:
    stated_total = (root.findtext(_TOTAL) or "").strip()
    if not re.fullmatch(r"[0-9]{1,9}", stated_total):
        raise broken(LABEL, "the answer has no field 'opensearch:totalResults' with a number")
    return int(stated_total)


def _refuse_error(entry: Element) -> None:
    place = entry.findtext(f"{_ATOM}id") or ""
    title = (entry.findtext(f"{_ATOM}title") or "").strip()
    if "/api/errors" in place or (title == "Error" and "/abs/" not in place):
        raise broken(
            LABEL, f"the service reports an error: {quoted(entry.findtext(f'{_ATOM}summary') or place)}"
        )


def _record(entry: Element, number: int) -> Paper | Rejected:
    position = f"record {number}"
    for name in ("id", "title"):
        if entry.find(f"{_ATOM}{name}") is None:
            raise broken(LABEL, f"the answer has no field '{name}' ({position})")
    place, title = _said(entry, f"{_ATOM}id") or "", _said(entry, f"{_ATOM}title")
    ids = paper_ids(_said(entry, f"{_ARXIV}doi"), place)
    if parse_arxiv_id(place) is None:
        return Rejected(position=position, reason=f"no arXiv id: {quoted(place)}", title=title or "")
    if not title or not clean(title):
        return Rejected(position=position, reason="no title", title=place)
    year, date, odd = when(None, _said(entry, f"{_ATOM}published"))
    reference = _said(entry, f"{_ARXIV}journal_ref")
    venue, appeared = _journal(reference, year)
    unplaced = {"journal_ref": reference} if reference and not venue else {}
    if appeared and appeared != year:
        year, date = appeared, None
    people = entry.findall(f"{_ATOM}author")
    authors = [parse_author(_said(person, f"{_ATOM}name")) for person in people]
    return make_paper(
        title,
        (entry.findtext(f"{_ATOM}summary") or "").strip(),
        position,
        authors=tuple(author for author in authors if author),
        year=year,
        date=date,
        type="article",
        venue=venue,
        url=f"https://arxiv.org/abs/{ids['arxiv_id']}",
        fields={**_fields(entry, list(zip(authors, people, strict=True))), **odd, **unplaced},
        **ids,
    )


def _journal(reference: str | None, submitted: int | None) -> tuple[str | None, int | None]:
    """Where a paper appeared and in which year, as its authors told arXiv.

    A reference without a year is no venue: the year of the submission beside it would be another's.
    """
    years = [int(found) for found in re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", reference or "")]
    later = [year for year in years if submitted is None or submitted - 1 <= year <= submitted + 10]
    return (reference, later[-1]) if later else (None, None)


def _fields(entry: Element, authors: list[tuple[Author | None, Element]]) -> dict[str, str]:
    primary = entry.find(f"{_ARXIV}primary_category")
    return stated(
        {
            "updated": _said(entry, f"{_ATOM}updated"),
            "primaryclass": primary.get("term") if primary is not None else None,
            "categories": joined(item.get("term") for item in entry.findall(f"{_ATOM}category")),
            "comment": _said(entry, f"{_ARXIV}comment"),
            "affiliations": _affiliations(authors),
            "pdf_url": next(
                (link.get("href") for link in entry.findall(f"{_ATOM}link") if link.get("title") == "pdf"),
                None,
            ),
        }
    )


def _affiliations(authors: list[tuple[Author | None, Element]]) -> str | None:
    places = f"{_ARXIV}affiliation"
    pairs = [
        (author, [text for item in person.findall(places) if (text := _plain(item.text))])
        for author, person in authors
    ]
    return beside_authors(pairs)


def _said(element: Element, path: str) -> str | None:
    """The text of a child on one line: arXiv breaks long titles."""
    return _plain(element.findtext(path))


def _plain(text: str | None) -> str | None:
    return " ".join(text.split()) or None if text else None
