"""Hugging Face: the papers of the day, the week or the month, and its search (https://huggingface.co/papers).

A listing and the paper in it share names: `publishedAt` is the day of the listing outside and the day of the paper
inside. `ai_summary` and `ai_keywords` are a model's words, not the authors', and are left out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from agent.errors import UsageError
from agent.records import Paper, Rejected
from agent.sources.build import make_paper, parse_authors
from agent.sources.services.answers import (
    items,
    needed,
    paper_ids,
    plain,
    plain_at,
    quoted,
    read_json,
    stated,
    when,
)
from agent.sources.services.common import Call, Id, Page, Query, broken, finish, page_size
from agent.text.clean import clean

NAME = "hugging-face"
LABEL = "Hugging Face"
SECONDS = 1.0
KEY_VARIABLE: str | None = None
SCHEMES = ("arxiv",)
_DAILY = "https://huggingface.co/api/daily_papers"
_PAPERS = "https://huggingface.co/api/papers"
_MOST = 100
_LIKELY = 5
_ARXIV_ID = re.compile(r"(?:[0-9]{4}\.[0-9]{4,5}|[a-z-]+(?:\.[A-Z]{2})?/[0-9]{7})(?:v[0-9]+)?")


def search(query: Query) -> Call:
    """The list of a day, week or month, or the latest ones; with a text, the papers that fit it best."""
    listed = {name: value for name in ("date", "week", "month") if (value := getattr(query, name))}
    if query.since or query.until:
        raise UsageError(f"{LABEL} lists papers by day, week or month", "give date, week or month")
    if len(listed) > 1 or (listed and query.text.strip()):
        raise UsageError(f"{LABEL} takes one of a text, a day, a week and a month", "ask once for each")
    size = page_size(query.limit, 0, _MOST)
    if query.text.strip():
        return Call(f"{_PAPERS}/search").having(q=query.text.strip(), limit=size)
    return Call(_DAILY).having(**listed, p=0, limit=size)


def lookup(ids: Sequence[Id]) -> list[Call]:
    """One call a paper."""
    plain_ids = (re.sub(r"v[0-9]+$", "", value) for scheme, value in ids if scheme == "arxiv")
    known = (value for value in dict.fromkeys(plain_ids) if _ARXIV_ID.fullmatch(value))
    return [Call(f"{_PAPERS}/{value}", may_lack=True) for value in known]


def by_title(title: str) -> Call:
    """The papers that fit the title best."""
    return Call(f"{_PAPERS}/search").having(q=" ".join(title.split()), limit=_LIKELY)


def parse(body: bytes, content_type: str, call: Call, seen: int, limit: int) -> Page:
    """The papers of a listing or a search, or a paper by itself."""
    answer = read_json(body, content_type, LABEL)
    if isinstance(answer, Mapping):
        if error := plain(answer.get("error")):
            raise broken(LABEL, f"the service reports an error: {quoted(error)}")
        return finish(LABEL, [_record(answer, answer, seen + 1, "")], seen=seen, limit=limit)
    if not isinstance(answer, list):
        raise broken(LABEL, "the answer is not a list of papers")
    records = [_listed(listing, number) for number, listing in enumerate(answer, start=seen + 1)]
    size = call.number("limit")
    is_paged = call.param("p") is not None and len(records) >= size
    following = call.having(p=call.number("p") + 1) if is_paged else None
    return finish(LABEL, records, seen=seen, limit=limit, following=following)


def _listed(listing: Any, number: int) -> Paper | Rejected:
    paper = needed(listing, "paper", dict, LABEL, f"record {number}")
    return _record(paper, listing, number, ".paper")


def _record(
    paper: Mapping[str, Any], listing: Mapping[str, Any], number: int, inside: str
) -> Paper | Rejected:
    position = f"record {number}"
    identifier = needed(paper, "id", str, LABEL, f"{position}{inside}")
    if "title" not in paper:
        raise broken(LABEL, f"the answer has no field '{position}{inside}.title'")
    title = plain(paper["title"])
    if not title or not clean(title):
        return Rejected(position=position, reason="no title", title=identifier[:120])
    year, date, odd = when(None, paper.get("publishedAt"))
    is_arxiv = _ARXIV_ID.fullmatch(identifier)
    return make_paper(
        " ".join(title.split()),
        plain(paper.get("summary")),
        position,
        authors=parse_authors(items(paper.get("authors"))),
        year=year,
        date=date,
        type="article",
        url=f"https://huggingface.co/papers/{identifier}" if is_arxiv else None,
        fields={**_fields(paper, listing), **odd, **({} if is_arxiv else {"id": identifier})},
        **paper_ids(None, identifier if is_arxiv else None),
    )


def _fields(paper: Mapping[str, Any], listing: Mapping[str, Any]) -> dict[str, str]:
    is_listing = listing is not paper
    return stated(
        {
            "upvotes": plain(paper.get("upvotes")),
            "listed": (plain(listing.get("publishedAt")) if is_listing else None)
            or plain(paper.get("submittedOnDailyAt")),
            "listed_by": plain_at(listing, "submittedBy", "fullname")
            or plain_at(paper, "submittedOnDailyBy", "fullname"),
            "comments": plain(listing.get("numComments")),
            "organization": plain_at(paper, "organization", "fullname")
            or plain_at(listing, "organization", "fullname"),
            "project_page": plain(paper.get("projectPage")),
            "github_repo": plain(paper.get("githubRepo")),
            "github_stars": plain(paper.get("githubStars")),
        }
    )
