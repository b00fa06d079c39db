"""PubMed: its E-utilities (https://www.ncbi.nlm.nih.gov/books/NBK25501/).

A search is two questions: `esearch` gives numbers as JSON, `efetch` the records of these numbers as XML. The call for
the records carries the call for the next numbers with it, in `then`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any
from xml.etree.ElementTree import Element

from agent.records import Paper, Rejected
from agent.sources.ids import parse_id
from agent.sources.services.answers import at, needed, plain, plain_at, quoted, read_json, read_xml, texts
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
from agent.sources.services.pubmed_records import LABEL, pmid_of, read_record

NAME = "pubmed"
SECONDS = 0.34
KEY_VARIABLE: str | None = "NCBI_API_KEY"
SCHEMES = ("pmid", "doi")
_URL = "https://eutils.ncbi.nlm.nih.gov/entrez/eutils"
_MOST = 200
_LIKELY = 5
_READABLE = 9_999  # esearch gives no number behind these
_FIRST_DAY, _LAST_DAY = "1800/01/01", "3000/12/31"  # a range needs both its ends
_DOCTYPE = re.compile(r'<!DOCTYPE\s+PubmedArticleSet(?:\s+PUBLIC\s+"[^"<>]*"\s+"[^"<>]*")?\s*>')
_RECORDS = ("PubmedArticle", "PubmedBookArticle")
_IN_TERMS = re.compile(r'["\[\]()]')

__all__ = ["KEY_VARIABLE", "LABEL", "NAME", "SCHEMES", "SECONDS", "by_title", "lookup", "parse", "search"]


def search(query: Query) -> Call:
    """Papers in PubMed's own syntax, the best fit first, by the day of publication."""
    call = _call("esearch").having(
        term=asked_text(query, LABEL),
        retmode="json",
        sort="relevance",
        retstart=0,
        retmax=page_size(query.limit, 0, _MOST),
    )
    if query.since or query.until:
        first, last = (day.replace("-", "/") if day else None for day in (query.since, query.until))
        call = call.having(datetype="pdat", mindate=first or _FIRST_DAY, maxdate=last or _LAST_DAY)
    return call


def lookup(ids: Sequence[Id]) -> list[Call]:
    """Records by number; by DOI, a search for fifty DOIs a call."""
    pmids = [pmid for scheme, value in ids if scheme == "pmid" and (pmid := parse_id("pmid", value))]
    dois = [value for scheme, value in ids if scheme == "doi" and '"' not in value]
    terms = [" OR ".join(f'"{doi}"[doi]' for doi in some) for some in batches(dois, 50)]
    return [
        *(_fetch(some) for some in batches(pmids, _MOST)),
        *(_call("esearch").having(term=term, retmode="json", retmax=_MOST) for term in terms),
    ]


def by_title(title: str) -> Call:
    """The papers that have these words in their title."""
    words = " ".join(_IN_TERMS.sub(" ", title).split())
    return _call("esearch").having(term=f"{words}[ti]", retmode="json", sort="relevance", retmax=_LIKELY)


def _call(tool: str) -> Call:
    call = Call(f"{_URL}/{tool}.fcgi", key_param="api_key", contact_param="email")
    return call.having(db="pubmed", tool="litreview")


def _fetch(pmids: Iterable[str]) -> Call:
    return _call("efetch").having(id=",".join(pmids), retmode="xml")


def parse(body: bytes, content_type: str, call: Call, seen: int, limit: int) -> Page:
    """The records of an `efetch`, or no record and the `efetch` to go on with, of an `esearch`."""
    if call.url.endswith("/esearch.fcgi"):
        return _read_numbers(read_json(body, content_type, LABEL), call, seen, limit)
    root = read_xml(body, content_type, LABEL, _DOCTYPE)
    if root.tag != "PubmedArticleSet":
        said = next((" ".join(error.itertext()) for error in root.iter("ERROR")), None)
        what = (
            f"the service reports an error: {quoted(said)}"
            if said
            else f"the answer is no PubmedArticleSet but '{root.tag[:40]}'"
        )
        raise broken(LABEL, what)
    found = [element for element in root if element.tag in _RECORDS]
    records = [read_record(element, number) for number, element in enumerate(found, start=seen + 1)]
    return _page(records, _lacking(call, found), call, seen, limit)


def _page(records: list[Paper | Rejected], notes: list[str], call: Call, seen: int, limit: int) -> Page:
    """Goes on even where no number of this call has a record any more."""
    page = finish(LABEL, records, seen=seen, limit=limit, following=call.then, notes=notes)
    return replace(page, next=call.then) if not records and seen < limit else page


def _lacking(call: Call, found: Sequence[Element]) -> list[str]:
    asked = (call.param("id") or "").split(",")
    known = {pmid_of(element) for element in found}
    lost = [pmid for pmid in asked if pmid and pmid not in known]
    return [f"{LABEL} gave no record for {', '.join(lost)}"] if lost else []


def _read_numbers(answer: Any, call: Call, seen: int, limit: int) -> Page:
    if error := plain_at(answer, "error") or plain_at(answer, "esearchresult", "ERROR"):
        raise broken(LABEL, f"the service reports an error: {quoted(error)}")
    result = needed(answer, "esearchresult", dict, LABEL)
    total = _count(needed(result, "count", str, LABEL, "esearchresult"))
    pmids = [plain(pmid) or "" for pmid in needed(result, "idlist", list, LABEL, "esearchresult")]
    odd = next((pmid for pmid in pmids if not re.fullmatch(r"[0-9]{1,9}", pmid)), None)
    if odd is not None:
        raise broken(
            LABEL, f"the answer's field 'esearchresult.idlist' holds {quoted(odd)}, which is no number"
        )
    start = call.number("retstart")
    if not pmids and total > start:
        raise broken(LABEL, f"the answer holds none of {total} papers from number {start + 1} on")
    reached = start + len(pmids)
    is_paged = call.param("retstart") is not None
    notes = _warnings(result)
    if is_paged and limit > _READABLE and total > _READABLE:
        notes.append(
            f"{LABEL} gives the first {_READABLE} of {total} papers and no more; narrow the search by dates"
        )
    size = min(page_size(limit, seen + len(pmids), _MOST), max(_READABLE - reached, 0))
    is_last = not is_paged or reached >= total or not size or seen + len(pmids) >= limit
    then = None if is_last else call.having(retstart=reached, retmax=size)
    fetch = replace(_fetch(pmids[: max(limit - seen, 0)]), then=then) if pmids and seen < limit else None
    return Page((), fetch, total, tuple(notes) if not start else ())


def _count(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,12}", text):
        raise broken(LABEL, f"the answer's field 'esearchresult.count' is {quoted(text)}, which is no number")
    return int(text)


def _warnings(result: dict[str, Any]) -> list[str]:
    """What PubMed did not find or passed over in the text, in its own words."""
    unknown = [
        *texts(at(result, "errorlist", "phrasesnotfound")),
        *texts(at(result, "errorlist", "fieldsnotfound")),
    ]
    lists = ("phrasesignored", "quotedphrasesnotfound", "outputmessages")
    ignored = [text for name in lists for text in texts(at(result, "warninglist", name))]
    return [f"{LABEL} does not know {quoted(text)}" for text in unknown] + [
        f"{LABEL} says: {text}" for text in ignored
    ]
