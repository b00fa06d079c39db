"""A list of ids and links, one or several a line: papers of which nothing else is known yet."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from agent.records import Noted, Paper, Rejected
from agent.sources.build import arxiv_of_doi, make_paper, parse_arxiv_id, parse_doi, sound
from agent.sources.ids import parse_id

_WEB = r"https?://(?:www\.)?"
_ARCHIVES = (
    "acc-phys|adap-org|alg-geom|ao-sci|astro-ph|atom-ph|bayes-an|chao-dyn|chem-ph|cmp-lg|comp-gas|cond-mat|cs|dg-ga"
    "|funct-an|gr-qc|hep-(?:ex|lat|ph|th)|math|math-ph|mtrl-th|nlin|nucl-(?:ex|th)|patt-sol|physics|plasm-ph|q-alg"
    "|q-bio|q-fin|quant-ph|solv-int|stat|supr-con"
)
_ARXIV_ID = rf"(?:\d\d(?:0[1-9]|1[0-2])\.\d{{4,5}}|(?:{_ARCHIVES})(?:\.[a-z]{{2}})?/\d{{7}})(?:v\d+)?"
_QUERY = r"(?:[?#][^\s,;]*)?"
_END = r"(?=[\s,;)\]>\"'.]|\Z)"
# Each way to write an id: its scheme, and the id as the one group. Tried in this order.
_FORMS = (
    ("arxiv", rf"(?:https?://)?(?:[a-z]+\.)?arxiv\.org/(?:abs|pdf|html|format|src)/({_ARXIV_ID})(?:\.pdf)?/?{_QUERY}"),
    ("arxiv", rf"{_WEB}(?:huggingface\.co/papers|alphaxiv\.org/abs|ar5iv\.org/abs)/({_ARXIV_ID}){_QUERY}"),
    ("arxiv", rf"arxiv:\s*({_ARXIV_ID})(?:\s*\[[\w.-]+\])?"),
    ("arxiv", rf"({_ARXIV_ID})"),
    ("doi", rf"(?:https?://)?(?:dx\.|www\.)?doi\.org/(10\.\d{{4,9}}/[^\s,\"<>?#]+){_QUERY}"),
    ("doi", r"(?:doi:?\s*)?(10\.\d{4,9}/[^\s,\"<>]+(?:<[^\s<>]*>[^\s,\"<>]+)?)"),
    ("pmid", rf"{_WEB}(?:pubmed\.ncbi\.nlm\.nih\.gov|ncbi\.nlm\.nih\.gov/pubmed|europepmc\.org/(?:article|abstract)/med)/(\d{{1,9}})/?{_QUERY}"),
    ("pmid", r"pmid:?\s*(\d{1,9})"),
    ("pmcid", rf"{_WEB}(?:ncbi\.nlm\.nih\.gov/pmc|pmc\.ncbi\.nlm\.nih\.gov|europepmc\.org)/(?:articles?/)?(?:pmc/)?(PMC\d+)(?:/pdf)?/?{_QUERY}"),
    ("pmcid", r"(?:pmcid:?\s*)?(PMC\d+)(?:\.\d+)?"),
    ("openalex", rf"{_WEB}(?:api\.)?openalex\.org/(?:works/)?(W\d+)/?{_QUERY}"),
    ("openalex", r"(?:openalex:\s*)?(W\d{4,})"),
    ("corpusid", rf"(?:{_WEB}(?:api\.)?semanticscholar\.org/)?corpusid:\s*(\d+)"),
    ("s2", rf"{_WEB}(?:api\.)?semanticscholar\.org/paper/(?:[^\s/]+/)?([0-9a-f]{{40}})/?{_QUERY}"),
)  # fmt: skip
_ID = re.compile("|".join(f"{form}{_END}" for _, form in _FORMS), re.I)
_SHOWN = {"pmid": "PMID", "pmcid": "PMCID", "openalex": "OpenAlex", "corpusid": "CorpusID", "s2": "S2"}
_BULLET = re.compile(r"(?:[-*•]|\(?\d{1,4}[.)]|\[\d{1,4}\])\s+")
_BETWEEN = re.compile(r"[)\]>\"'.]*[\s,;]*")
_OPENING = re.compile(r"[<(\[\"']*")
_LABELLED = re.compile(
    r"(?<!\w)(?=doi:|(?:https?://)|arxiv:|pmid:|pmcid:|corpusid:|openalex:|doi\.org/)", re.I
)
_HEADINGS = frozenset("doi dois pmid pmids pmcid pmcids id ids arxiv url urls link links openalex".split())
_LINK = re.compile(r"https?://", re.I)
_Found = tuple[str, str]


def recognises(head: str) -> bool:
    """Whether at least half of a text's lines are ids and nothing else."""
    lines = [line.strip() for line in head.removeprefix("\ufeff").split("\n")]
    stated = [line for line in lines if line and not line.startswith("#")]
    whole = sum(bool(found and not rest) for found, rest in map(_ids_first, stated))
    return whole > 0 and whole * 2 >= len(stated)


def read(text: str) -> Iterator[Paper | Rejected | Noted]:
    """Every id as a paper without a title, placed by its line; what names no paper is a rejection."""
    is_empty = True
    for number, line in enumerate(re.split(r"\r\n|\n|\r", text), start=1):
        line, position = sound(line.replace("\ufeff", "")), f"line {number}"
        if not line:
            continue
        if line.startswith("#"):
            yield Noted(position=position, message=f"a comment: {line.lstrip('# ')[:200]}")
        elif is_empty and line.lower().rstrip(":") in _HEADINGS:
            yield Noted(position=position, message=f"a heading: {line}")
        else:
            is_empty = False
            yield from _read_line(line, position)
    if is_empty:
        yield Rejected(position="file", reason="no ids in it")


def _read_line(line: str, position: str) -> Iterator[Paper | Rejected]:
    found, notes = _ids_first(line)
    if not found and (start := next((match.start() for match in _LABELLED.finditer(line, 1)), None)):
        found, behind = _ids_first(line[start:])
        notes = " ".join(part for part in (line[:start].strip(" ,;"), behind) if part)
    for index, (scheme, plain) in enumerate(found, start=1):
        yield _paper(scheme, plain, position, notes if index == len(found) else None)
    if not found:
        yield Rejected(position=position, reason=_reason(line), title=line[:120])


def _ids_first(line: str) -> tuple[list[_Found], str]:
    """The ids that a line opens with, and the text behind them."""
    bullet = _BULLET.match(line)
    position = bullet.end() if bullet else 0
    found: list[_Found] = []
    while next_id := _id_at(line, position):
        scheme, plain, end = next_id
        found.append((scheme, plain))
        between = _BETWEEN.match(line, end)
        position = between.end() if between else end
    return found, line[position:].lstrip(" -–—:|#").rstrip()


def _id_at(line: str, position: int) -> tuple[str, str, int] | None:
    """The scheme of the id at a place, the id in its plain form, and where it ends."""
    opening = _OPENING.match(line, position)
    match = _ID.match(line, opening.end() if opening else position)
    if match is None or match.lastindex is None:
        return None
    scheme, value = _FORMS[match.lastindex - 1][0], match.group(match.lastindex)
    if scheme != "doi":
        plain = value if scheme == "arxiv" else parse_id(scheme, value)
        return (scheme, plain, match.end()) if plain else None
    cut = _cut(value)
    doi = parse_doi(cut)
    return (
        (scheme, doi, match.end() if cut == value else match.start(match.lastindex) + len(cut))
        if doi
        else None
    )


def _cut(doi: str) -> str:
    """A DOI as far as a semicolon that parts it from the next id; those of old DOIs (`CO;2-B`) belong to them."""
    return re.split(r";(?!\d-)", doi)[0]


def _paper(scheme: str, plain: str, position: str, notes: str | None) -> Paper:
    known: dict[str, Any] = {"notes": notes or None, "is_untitled": True}
    inside = arxiv_of_doi(plain) if scheme == "doi" else plain if scheme == "arxiv" else None
    arxiv = parse_arxiv_id(inside) if inside else None
    if arxiv:
        title = f"arXiv:{arxiv[0]}"
        known |= {"arxiv_id": arxiv[0], "version": arxiv[1]}
    elif scheme == "doi":
        title = f"doi:{plain}"
        known["doi"] = plain
    else:
        title = f"{_SHOWN[scheme]}:{plain}"
        known["ids"] = {scheme: plain}
    return make_paper(title, None, position, **known)


def _reason(line: str) -> str:
    if line.isdigit():
        return "a bare number names no paper; write PMID: and the number, or whichever id it is"
    if _LINK.match(line):
        return "a link that names no paper id"
    return "no id of a paper in it (DOI, arXiv, PMID, PMCID, OpenAlex, CorpusID)"
