"""Crossref: its list of works (https://api.crossref.org).

A record with `update-to` is a notice about another work; a work that was itself retracted has `updated-by`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from agent.records import Author, Paper, Rejected
from agent.sources.build import make_paper, parse_arxiv_id, parse_author, parse_doi, says_retracted
from agent.sources.dates import iso
from agent.sources.markup import plain_markup
from agent.sources.services.answers import (
    at,
    beside_authors,
    items,
    joined,
    needed,
    paper_ids,
    plain,
    plain_at,
    quoted,
    read_json,
    stated,
    texts,
)
from agent.sources.services.common import (
    Call,
    Id,
    Page,
    Query,
    asked_text,
    broken,
    finish,
    page_size,
)
from agent.sources.vocabulary import CROSSREF_TYPES
from agent.text.clean import clean

NAME = "crossref"
LABEL = "Crossref"
SECONDS = 0.1
KEY_VARIABLE: str | None = None
SCHEMES = ("doi",)
_URL = "https://api.crossref.org/works"
_MOST = 100
_LIKELY = 5
_RETRACTIONS = frozenset({"retraction", "withdrawal", "removal"})
# Plain values by the names they get; lists become one text.
_FIELDS = {
    "volume": "volume", "issue": "issue", "page": "page", "article-number": "article-number", "publisher": "publisher",
    "publisher-location": "publisher-place", "ISSN": "ISSN", "ISBN": "ISBN", "language": "language",
    "edition-number": "edition", "subtype": "genre", "degree": "genre", "short-container-title": "container-title-short",
    "short-title": "title-short", "original-title": "original-title", "group-title": "group-title", "subject": "subject",
    "is-referenced-by-count": "is-referenced-by-count",
}  # fmt: skip
_DATES = ("published-print", "published-online", "posted", "accepted")


def search(query: Query) -> Call:
    """Works that fit the words, the best first; all of Crossref fits a little, so the limit decides."""
    text = asked_text(query, LABEL)
    days = {"from-pub-date": query.since, "until-pub-date": query.until}
    call = _call("").having(query=text, rows=page_size(query.limit, 0, _MOST), cursor="*")
    if any(days.values()):
        call = call.having(filter=",".join(f"{name}:{day}" for name, day in days.items() if day))
    return call


def lookup(ids: Sequence[Id]) -> list[Call]:
    """One call a DOI; to one that Crossref lacks it answers with status 404."""
    dois = dict.fromkeys(value for scheme, value in ids if scheme == "doi")
    return [replace(_call(f"/{quote(doi, safe='')}"), may_lack=True) for doi in dois]


def by_title(title: str) -> Call:
    """The works that fit the title best."""
    return _call("").having(**{"query.bibliographic": " ".join(title.split())}).having(rows=_LIKELY)


def _call(path: str) -> Call:
    return Call(f"{_URL}{path}", contact_param="mailto")


def parse(body: bytes, content_type: str, call: Call, seen: int, limit: int) -> Page:
    """The works of one page of a list, or a work by itself."""
    answer = read_json(body, content_type, LABEL)
    status = needed(answer, "status", str, LABEL)
    if status != "ok":
        said = plain_at(answer, "message") or plain_at(answer, "message", 0, "message") or status
        raise broken(LABEL, f"the service reports an error: {quoted(said)}")
    message = needed(answer, "message", dict, LABEL)
    if call.url != _URL:
        return finish(LABEL, [_record(message, seen + 1)], seen=seen, limit=limit)
    total = needed(message, "total-results", int, LABEL, "message")
    works = needed(message, "items", list, LABEL, "message")
    records = [_record(work, number) for number, work in enumerate(works, start=seen + 1)]
    cursor = plain(message.get("next-cursor")) if call.param("cursor") else None
    following = call.having(cursor=cursor) if cursor and seen + len(records) < total else None
    return finish(LABEL, records, seen=seen, limit=limit, following=following, total=total)


def _record(work: Any, number: int) -> Paper | Rejected:
    position = f"record {number}"
    doi = needed(work, "DOI", str, LABEL, position)
    title = _title(work)
    if not clean(title):
        return Rejected(position=position, reason="no title", title=doi[:120])
    date = _date(work.get("issued"))
    people = [(_author(person), person) for person in items(work.get("author"))]
    abstract = plain(work.get("abstract"))
    kind = plain(work.get("type"))
    return make_paper(
        title,
        plain_markup(abstract) if abstract else None,
        position,
        authors=tuple(author for author, _ in people if author),
        year=int(date[:4]) if date else None,
        date=date if date and len(date) > 4 else None,
        type=CROSSREF_TYPES.get(kind, kind) if kind else None,
        venue=plain_markup(plain_at(work, "container-title", 0) or ""),
        url=plain_at(work, "resource", "primary", "URL"),
        retracted=_is_retracted(work, title),
        fields={**_fields(work), **_updates(work), **_relations(work), **_of_authors(people), **_unread(doi)},
        **paper_ids(doi, _preprint_id(work)),
    )


def _title(work: Mapping[str, Any]) -> str:
    """The first title and its subtitle, which Crossref keeps apart."""
    title = plain_markup(plain_at(work, "title", 0) or "")
    subtitle = plain_markup(plain_at(work, "subtitle", 0) or "")
    if not title or not subtitle or subtitle.lower() in title.lower():
        return title
    return f"{title} {subtitle}" if title[-1] in ":?!.—" else f"{title}: {subtitle}"


def _date(value: Any) -> str | None:
    """The ISO date of `{"date-parts": [[2021, 3, 4]]}`, or as much of it as is known."""
    parts = [plain(part) for part in items(at(value, "date-parts", 0))[:3]]
    if not parts or not all(part and part.isascii() and part.isdigit() and len(part) <= 4 for part in parts):
        return None
    return iso(*(part for part in parts if part))


def _author(person: Any) -> Author | None:
    if not isinstance(person, Mapping):
        return None
    name = plain(person.get("name"))
    return parse_author(person if plain(person.get("family")) or not name else {"literal": name})


def _of_authors(people: Sequence[tuple[Author | None, Any]]) -> dict[str, str]:
    places = [(author, [name for place in items(at(person, "affiliation")) if (name := plain_at(place, "name"))])
              for author, person in people]  # fmt: skip
    orcids = [
        (author, [orcid.rpartition("/")[2]])
        for author, person in people
        if (orcid := plain_at(person, "ORCID"))
    ]
    return stated({"affiliations": beside_authors(places), "orcid": beside_authors(orcids)})


def _is_retracted(work: Mapping[str, Any], title: str) -> bool | None:
    kinds = {plain_at(update, "type") for update in items(work.get("updated-by"))}
    is_notice = any(plain_at(update, "type") in _RETRACTIONS for update in items(work.get("update-to")))
    return True if kinds & _RETRACTIONS else None if is_notice else says_retracted(title)


def _updates(work: Mapping[str, Any]) -> dict[str, str]:
    """What this record says of others, or others of it: `update-to: retraction 10.1234/a`."""
    return stated(
        {
            name: joined(
                f"{plain_at(update, 'type') or 'update'} {doi}"
                for update in items(work.get(name))
                if (doi := plain_at(update, "DOI"))
            )
            for name in ("update-to", "updated-by")
        }
    )


def _relations(work: Mapping[str, Any]) -> dict[str, str]:
    relations = work.get("relation")
    if not isinstance(relations, Mapping):
        return {}
    return stated(
        {
            str(plain(name)): joined(plain_at(one, "id") for one in items(ones))
            for name, ones in relations.items()
        }
    )


def _preprint_id(work: Mapping[str, Any]) -> str | None:
    """The arXiv id that the work's own record names as its preprint; what it tells is told of no version of that."""
    found = (
        one for one in items(at(work, "relation", "has-preprint")) if plain_at(one, "id-type") == "arxiv"
    )
    parsed = parse_arxiv_id(plain_at(next(found, None), "id") or "")
    return parsed[0] if parsed else None


def _fields(work: Mapping[str, Any]) -> dict[str, str]:
    found = {
        name: plain(work.get(theirs)) or "; ".join(texts(work.get(theirs))) for theirs, name in _FIELDS.items()
        if work.get(theirs)
    }  # fmt: skip
    editors = [author.display for person in items(work.get("editor")) if (author := _author(person))]
    pdf = (
        plain_at(link, "URL")
        for link in items(work.get("link"))
        if at(link, "content-type") == "application/pdf"
    )
    more = {
        **{name: _date(work.get(name)) for name in _DATES},
        "editor": joined(editors),
        "event-title": plain_at(work, "event", "name"),
        "event-place": plain_at(work, "event", "location"),
        "collection-title": joined(texts(work.get("container-title"))[1:]),
        "other-titles": joined(texts(work.get("title"))[1:]),
        "license": plain_at(work, "license", 0, "URL"),
        "pdf_url": next(pdf, None),
    }
    return stated({**found, **more})


def _unread(doi: str) -> dict[str, str]:
    return {} if parse_doi(doi) else {"DOI": doi}
