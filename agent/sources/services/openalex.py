"""OpenAlex: its list of works (https://developers.openalex.org).

Up to 10,000 papers are paged by number, more by cursor, which OpenAlex gives to callers with a key alone. What
OpenAlex guesses of a work by program (topics, keywords, concepts) is not asked for.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from agent.records import Author, Paper, Rejected
from agent.sources.build import make_paper, parse_arxiv_id, parse_author
from agent.sources.ids import parse_id
from agent.sources.markup import plain_markup
from agent.sources.services.answers import (
    at,
    beside_authors,
    items,
    needed,
    paper_ids,
    plain,
    plain_at,
    quoted,
    read_json,
    stated,
    texts,
    when,
)
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
from agent.sources.vocabulary import OPENALEX_TYPES
from agent.text.clean import clean

NAME = "openalex"
LABEL = "OpenAlex"
SECONDS = 0.1
KEY_VARIABLE: str | None = "OPENALEX_API_KEY"
SCHEMES = ("doi", "arxiv", "openalex", "pmid", "pmcid")
_URL = "https://api.openalex.org/works"
_MOST = 100
_IDS = 50
_LIKELY = 5
_BY_NUMBER = 10_000  # so many papers can be paged by number
_LISTED_AUTHORS = 100  # a list of works names no more of each
_FIELDS = """id doi ids title publication_year publication_date type language authorships primary_location
best_oa_location biblio abstract_inverted_index is_retracted cited_by_count""".split()
_FILTERS = {
    "doi": "doi",
    "arxiv": "doi",
    "openalex": "ids.openalex",
    "pmid": "ids.pmid",
    "pmcid": "ids.pmcid",
}
_IN_FILTERS = re.compile(r"[^\w\s'-]+|\b(?:AND|OR|NOT)\b")
_PLAIN_TYPES = frozenset({"article", "book", "book-chapter", "dissertation", "dataset", "report", "standard", "software"})  # fmt: skip


def search(query: Query) -> Call:
    """Papers with these words anywhere, the best fit first; quotes, AND, OR, NOT and brackets work."""
    text = asked_text(query, LABEL)
    days = {"from_publication_date": query.since, "to_publication_date": query.until}
    call = _call(page_size(query.limit, 0, _MOST)).having(search=text)
    if any(days.values()):
        call = call.having(filter=",".join(f"{name}:{day}" for name, day in days.items() if day))
    return call.having(page=1) if query.limit <= _BY_NUMBER else call.having(cursor="*")


def lookup(ids: Sequence[Id]) -> list[Call]:
    """Fifty papers a call, and a call for each kind of id."""
    wanted: dict[str, list[str]] = {}
    for scheme, value in ids:
        if scheme in _FILTERS and not set(value) & set("|,"):
            shown = f"10.48550/arXiv.{re.sub(r'v[0-9]+$', '', value)}" if scheme == "arxiv" else value
            wanted.setdefault(_FILTERS[scheme], []).append(shown)
    return [
        _call(len(some)).having(filter=f"{name}:{'|'.join(some)}")
        for name, values in wanted.items()
        for some in batches(values, _IDS)
    ]


def by_title(title: str) -> Call:
    """The works whose titles hold these words."""
    words = " ".join(_IN_FILTERS.sub(" ", title).split())
    return _call(_LIKELY).having(filter=f"title.search:{words}")


def _call(size: int) -> Call:
    call = Call(_URL, key_param="api_key", contact_param="mailto")
    return call.having(select=",".join(_FIELDS), per_page=size)


def parse(body: bytes, content_type: str, call: Call, seen: int, limit: int) -> Page:
    """The works of one page of a list."""
    answer = read_json(body, content_type, LABEL)
    if isinstance(answer, Mapping) and (error := plain(answer.get("error"))):
        said = f"{error} {plain(answer.get('message')) or ''}"
        raise broken(LABEL, f"the service reports an error: {quoted(said)}")
    meta = needed(answer, "meta", dict, LABEL)
    total = needed(meta, "count", int, LABEL, "meta")
    works = needed(answer, "results", list, LABEL)
    records = [_record(work, number) for number, work in enumerate(works, start=seen + 1)]
    return finish(
        LABEL,
        records,
        seen=seen,
        limit=limit,
        following=_following(call, plain(meta.get("next_cursor")), total),
        total=total,
        notes=[
            f"record {number}: {LABEL} lists the first {_LISTED_AUTHORS} authors of a work and no more"
            for number, work in enumerate(works, start=seen + 1)
            if len(items(at(work, "authorships"))) == _LISTED_AUTHORS
        ],
    )


def _following(call: Call, cursor: str | None, total: int) -> Call | None:
    if call.param("cursor"):
        return call.having(cursor=cursor) if cursor else None
    page, size = call.number("page"), call.number("per_page")
    is_last = not page or page * size >= min(total, _BY_NUMBER)
    return None if is_last else call.having(page=page + 1)


def _record(work: Any, number: int) -> Paper | Rejected:
    position = f"record {number}"
    openalex = needed(work, "id", str, LABEL, position)
    if "title" not in work:
        raise broken(LABEL, f"the answer has no field '{position}.title'")
    title = plain_markup(plain(work["title"]) or "")
    if not clean(title):
        return Rejected(position=position, reason="no title", title=openalex[-120:])
    year, date, odd = when(work.get("publication_year"), work.get("publication_date"))
    people = [
        (parse_author({"name": name}), person)
        for person in items(work.get("authorships"))
        if (name := _name(person))
    ]
    return make_paper(
        title,
        _abstract(work.get("abstract_inverted_index")),
        position,
        authors=tuple(author for author, _ in people if author),
        year=year,
        date=date,
        type=_type(work),
        venue=plain_at(work, "primary_location", "source", "display_name"),
        url=plain_at(work, "primary_location", "landing_page_url"),
        ids=_ids(work, openalex),
        retracted=True if work.get("is_retracted") is True else None,
        fields={**_fields(work), **_of_authors(people), **odd},
        **paper_ids(plain(work.get("doi")), _arxiv_id(work)),
    )


def _abstract(index: Any) -> str | None:
    """The text out of the list of places where each of its words stands."""
    if not isinstance(index, Mapping):
        return None
    places = [
        (place, str(word))
        for word, found in index.items()
        for place in items(found)
        if isinstance(place, int) and not isinstance(place, bool)
    ]
    text = plain(" ".join(word for _, word in sorted(places, key=lambda item: item[0])))
    return plain_markup(text) if text else None


def _name(person: Any) -> str | None:
    return plain_at(person, "author", "display_name") or plain_at(person, "raw_author_name")


def _of_authors(people: Sequence[tuple[Author | None, Any]]) -> dict[str, str]:
    places = [
        (author, texts(at(person, "raw_affiliation_strings")) or _institutions(person))
        for author, person in people
    ]
    orcids = [
        (author, [orcid.rpartition("/")[2]])
        for author, person in people
        if (orcid := plain_at(person, "author", "orcid"))
    ]
    return stated({"affiliations": beside_authors(places), "orcid": beside_authors(orcids)})


def _institutions(person: Any) -> list[str]:
    found = (plain_at(place, "display_name") for place in items(at(person, "institutions")))
    return [name for name in found if name]


def _type(work: Mapping[str, Any]) -> str | None:
    stated_type = plain(work.get("type"))
    if stated_type == "article" and at(work, "primary_location", "source", "type") == "conference":
        return "paper-conference"
    return OPENALEX_TYPES.get(stated_type, stated_type) if stated_type else None


def _ids(work: Mapping[str, Any], openalex: str) -> dict[str, str]:
    pmcid = plain_at(work, "ids", "pmcid")
    number = pmcid.rstrip("/").rpartition("/")[2] if pmcid else ""
    found = {
        "openalex": openalex,
        "pmid": plain_at(work, "ids", "pmid"),
        "pmcid": f"PMC{number}" if number.isdigit() else pmcid,
        "mag": plain_at(work, "ids", "mag"),
    }
    return stated({scheme: parse_id(scheme, value) if value else None for scheme, value in found.items()})


def _arxiv_id(work: Mapping[str, Any]) -> str | None:
    """From a link to arXiv; what is told of the work is told of no version in particular."""
    links = (plain_at(work, place, "landing_page_url") for place in ("primary_location", "best_oa_location"))
    found = (parse_arxiv_id(link) for link in links if link and re.match(r"https?://arxiv\.org/abs/", link))
    return next((parsed[0] for parsed in found if parsed), None)


def _fields(work: Mapping[str, Any]) -> dict[str, str]:
    biblio, source = at(work, "biblio"), at(work, "primary_location", "source")
    first, last = plain_at(biblio, "first_page"), plain_at(biblio, "last_page")
    kind = plain(work.get("type"))
    return stated(
        {
            "volume": plain_at(biblio, "volume"),
            "issue": plain_at(biblio, "issue"),
            "page": f"{first}-{last}" if first and last and first != last else first or last,
            "ISSN": "; ".join(texts(at(source, "issn"))) or plain_at(source, "issn_l"),
            "publisher": plain_at(source, "host_organization_name"),
            "language": plain(work.get("language")),
            "genre": kind if kind not in _PLAIN_TYPES else None,
            "pdf_url": plain_at(work, "best_oa_location", "pdf_url")
            or plain_at(work, "primary_location", "pdf_url"),
            "license": plain_at(work, "best_oa_location", "license"),
            "cited_by_count": plain(work.get("cited_by_count")),
        }
    )
