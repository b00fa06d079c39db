"""Semantic Scholar: its Academic Graph (https://api.semanticscholar.org/api-docs/graph).

Searching is done in bulk, which has no last page but a last token; its total is about right and no more. What a
program wrote of a paper (`tldr`) or guessed (fields of study) is not asked for.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from agent.records import Paper, Rejected
from agent.sources.build import make_paper, parse_authors
from agent.sources.ids import parse_id
from agent.sources.markup import plain_markup
from agent.sources.services.answers import (
    at,
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
from agent.sources.services.common import Call, Id, Page, Query, asked_text, batches, broken, finish
from agent.sources.vocabulary import SEMANTIC_SCHOLAR_TYPES
from agent.text.clean import clean

NAME = "semantic-scholar"
LABEL = "Semantic Scholar"
SECONDS = 1.0
KEY_VARIABLE: str | None = "SEMANTIC_SCHOLAR_API_KEY"
_URL = "https://api.semanticscholar.org/graph/v1/paper"
_MOST = 500
_FIELDS = """title,abstract,authors,year,publicationDate,venue,publicationVenue,journal,publicationTypes,externalIds,url,
openAccessPdf,citationCount""".replace("\n", "")
_PREFIXES = {"doi": "DOI:", "arxiv": "ARXIV:", "pmid": "PMID:", "pmcid": "PMCID:", "corpusid": "CorpusId:", "mag": "MAG:", "s2": ""}  # fmt: skip
SCHEMES = tuple(_PREFIXES)
_IDS = {
    "PubMed": "pmid",
    "PubMedCentral": "pmcid",
    "CorpusId": "corpusid",
    "MAG": "mag",
    "DBLP": "dblp",
    "ACL": "acl",
}
_NO_MATCH = "title match not found"


def search(query: Query) -> Call:
    """Papers with all these words, the newest first; quotes, +, |, - and brackets work."""
    call = _call("/search/bulk").having(query=asked_text(query, LABEL), sort="publicationDate:desc")
    if query.since or query.until:
        call = call.having(publicationDateOrYear=f"{query.since or ''}:{query.until or ''}")
    return call


def lookup(ids: Sequence[Id]) -> list[Call]:
    """Five hundred papers a call, whatever their ids."""
    wanted = [
        f"{_PREFIXES[scheme]}{_known_here(scheme, value)}" for scheme, value in ids if scheme in _PREFIXES
    ]
    return [
        replace(_call("/batch"), body=json.dumps({"ids": some}))
        for some in batches(wanted, _MOST, longest=100_000)
    ]


def by_title(title: str) -> Call:
    """The one paper whose title is the likest."""
    return replace(_call("/search/match"), may_lack=True).having(query=" ".join(title.split()))


def _known_here(scheme: str, value: str) -> str:
    """An id as this service writes it: an arXiv id without a version, a PMC id without letters."""
    if scheme == "arxiv":
        return re.sub(r"v[0-9]+$", "", value)
    return re.sub(r"^PMC", "", value, flags=re.I) if scheme == "pmcid" else value


def _call(path: str) -> Call:
    return Call(f"{_URL}{path}", key_header="x-api-key").having(fields=_FIELDS)


def parse(body: bytes, content_type: str, call: Call, seen: int, limit: int) -> Page:
    """The papers of a search, of a batch of ids, or the one whose title was looked for."""
    answer = read_json(body, content_type, LABEL)
    if isinstance(answer, Mapping) and (error := plain(answer.get("error")) or plain(answer.get("message"))):
        if call.url.endswith("/match") and _NO_MATCH in error.lower():
            return Page(())
        raise broken(LABEL, f"the service reports an error: {quoted(error)}")
    if call.body:
        if not isinstance(answer, list):
            raise broken(LABEL, "the answer is not a list of papers")
        return finish(
            LABEL, _records([paper for paper in answer if paper is not None], seen), seen=seen, limit=limit
        )
    records = _records(needed(answer, "data", list, LABEL), seen)
    if call.url.endswith("/match"):
        return finish(LABEL, records, seen=seen, limit=limit)
    total, token = needed(answer, "total", int, LABEL), plain_at(answer, "token")
    if seen and not records:
        return Page((), None, total)
    following = call.having(token=token) if token else None
    return finish(LABEL, records, seen=seen, limit=limit, following=following, total=total)


def _records(papers: Sequence[Any], seen: int) -> list[Paper | Rejected]:
    return [_record(paper, number) for number, paper in enumerate(papers, start=seen + 1)]


def _record(paper: Any, number: int) -> Paper | Rejected:
    position = f"record {number}"
    s2 = needed(paper, "paperId", str, LABEL, position)
    if "title" not in paper:
        raise broken(LABEL, f"the answer has no field '{position}.title'")
    title = plain(paper["title"])
    if not title or not clean(title):
        return Rejected(position=position, reason="no title", title=s2[:120])
    year, date, odd = when(paper.get("year"), paper.get("publicationDate"))
    abstract = plain(paper.get("abstract"))
    return make_paper(
        title,
        plain_markup(abstract) if abstract else None,
        position,
        authors=parse_authors(items(paper.get("authors"))),
        year=year,
        date=date,
        type=_type(paper),
        venue=plain(paper.get("venue"))
        or plain_at(paper, "journal", "name")
        or plain_at(paper, "publicationVenue", "name"),
        url=plain(paper.get("url")),
        ids=_ids(paper, s2),
        fields={**_fields(paper), **odd},
        **paper_ids(plain_at(paper, "externalIds", "DOI"), plain_at(paper, "externalIds", "ArXiv")),
    )


def _type(paper: Mapping[str, Any]) -> str | None:
    """What the types say, if they say one thing; of a preprint server's paper they say no more than "article"."""
    if (plain(paper.get("venue")) or "").lower() in ("arxiv.org", "arxiv", "biorxiv", "medrxiv"):
        return "article"
    known = {
        SEMANTIC_SCHOLAR_TYPES[kind]
        for kind in texts(paper.get("publicationTypes"))
        if kind in SEMANTIC_SCHOLAR_TYPES
    }
    if len(known) > 1:
        place = at(paper, "publicationVenue", "type")
        known &= {
            "article-journal" if place == "journal" else "paper-conference" if place == "conference" else ""
        }
    return known.pop() if len(known) == 1 else None


def _ids(paper: Mapping[str, Any], s2: str) -> dict[str, str]:
    found = {"s2": s2, **{scheme: plain_at(paper, "externalIds", name) for name, scheme in _IDS.items()}}
    pmcid = found["pmcid"]
    found["pmcid"] = f"PMC{pmcid}" if pmcid and pmcid.isdigit() else pmcid
    return stated({scheme: parse_id(scheme, value) if value else None for scheme, value in found.items()})


def _fields(paper: Mapping[str, Any]) -> dict[str, str]:
    return stated(
        {
            "volume": plain_at(paper, "journal", "volume"),
            "page": re.sub(r"\s+", "", plain_at(paper, "journal", "pages") or ""),
            "ISSN": plain_at(paper, "publicationVenue", "issn"),
            "publicationTypes": "; ".join(texts(paper.get("publicationTypes"))),
            "pdf_url": plain_at(paper, "openAccessPdf", "url"),
            "license": plain_at(paper, "openAccessPdf", "license"),
            "citationCount": plain(paper.get("citationCount")),
        }
    )
