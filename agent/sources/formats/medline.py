"""MEDLINE, as PubMed saves it (`.nbib`, `.medline`): tags of up to four letters, long values indented.

A record goes from `PMID` to the blank line before the next one, or to the next `PMID` where that line is missing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from agent.records import Author, Noted, Paper, Rejected
from agent.sources.build import make_paper, parse_author, parse_doi, parse_indexed_author, says_retracted
from agent.sources.formats.reference_dates import read_years
from agent.sources.formats.references import Values, arxiv_of
from agent.sources.formats.tagged import Dialect, Entry, plain_lines, split_records
from agent.sources.ids import parse_id
from agent.sources.vocabulary import PUBMED_TYPES

# What a record says beside a paper's own fields, by CSL's names; other tags are kept under their own.
FIELD_TAGS: dict[str, tuple[str, ...]] = {
    "volume": ("VI",), "issue": ("IP",), "page": ("PG",), "container-title-short": ("TA",), "language": ("LA",),
    "publisher": ("PB",), "publisher-place": ("PL",), "ISSN": ("IS",), "ISBN": ("ISBN",), "edition": ("EN",),
    "collection-title": ("CTI",), "editor": ("FED", "ED"), "genre": ("PT",), "translated-title": ("TT",),
}  # fmt: skip
_OWN_TAGS = """PMID PMC TI BTI AB AU FAU CN AD AUID DP DEP JT LID AID SO PT MH OT OTO OWN STAT DCOM LR RN SB JID GR CRDT
PHST MHDA EDAT PST CI COIS CON CIN EIN EFR CRI CRF RIN ROF RPI RPF UIN UOF SPIN ORI DRIN DDIN ECI ECF OID OCI OAB OABL
FIR IR IRAD FPS PS SI SFM NM GN GS RF PMCR MID VTI CP CDAT CTDT PUBM DA PL TA IS VI IP PG LA EN""".split()
_NAMES = {tag: name for name, tags in FIELD_TAGS.items() for tag in tags}
_KNOWN = sorted({*_OWN_TAGS, *_NAMES})
# The hyphen stands in the fifth column; where blanks were lost, a tag must be one that is known.
_TAG = re.compile(
    rf"\ufeff?((?=[A-Z0-9 ]{{4}}-)[A-Z][A-Z0-9]{{1,3}}|(?:{'|'.join(_KNOWN)})(?= ?-(?: |$))) *-(.*)"
)
_DIALECT = Dialect(
    tag=_TAG,
    opener="PMID",
    once=frozenset({"TI", "BTI", "DP", "JT", "OWN", "STAT"}),
    early=frozenset({"PMC", "OWN", "STAT"}),
)
_MARKED = re.compile(r"(\S.*?)\s*\[(\w+)\]")
_LAST_STOP = re.compile(r"(?<=[a-z0-9)\]\"'])\.$")
_SHORT_NAME = re.compile(r"(.+?) ([A-Z]{1,4})(?: (Jr|Sr|2nd|3rd|4th|II|III|IV))?")
_SUFFIX = re.compile(r"(.+) (Jr|Sr|2nd|3rd|4th|II|III|IV)\.?")


def read(text: str) -> Iterator[Paper | Rejected | Noted]:
    """Every record of a MEDLINE text as a paper or a rejection, and a note for what stands in none."""
    is_any = False
    for found in split_records(plain_lines(text), _DIALECT):
        is_any = is_any or not isinstance(found, Noted)
        yield found if isinstance(found, Noted) else _paper(found)
    if not is_any:
        yield Rejected(
            position="file", reason="no MEDLINE record in it: no line opens with a tag such as PMID"
        )


def _paper(entries: list[Entry]) -> Paper | Rejected:
    position = f"line {entries[0].number}"
    # A wrapped line goes on where the one before it ended: nothing but blanks stood between them.
    values = Values((entry.tag, " ".join(entry.value.split())) for entry in entries)
    authors = _authors(entries)
    values.take("FAU", "AU", "CN", *(("ED",) if values.peek("FED") else ()))  # ED is the short form of FED
    title = values.first("TI") or values.first("BTI")
    untitled = Rejected(position=position, reason=f"no title (TI){_which(values)}")
    if title is None:
        return untitled
    year, date = read_years(values, ("DP",))
    kinds = values.peek("PT")
    retracted = says_retracted(title, kinds) or bool(values.peek("RIN")) or None
    doi, arxiv_id, version = arxiv_of(_doi(values), values.peek("LID", "AID"))
    paper = make_paper(
        _LAST_STOP.sub("", title),
        "\n".join(values.take("AB")) or None,
        position,
        authors=authors,
        year=year,
        date=date,
        type=_type(kinds),
        venue=values.first("JT") or values.first("BTI") or values.first("TA"),
        doi=doi,
        arxiv_id=arxiv_id,
        version=version,
        keywords=_keywords(values),
        ids=_ids(values),
        retracted=retracted,
        fields=values.left(_NAMES),
    )
    return paper if paper.title else untitled


def _which(values: Values) -> str:
    return "".join(f", PMID {number}" for number in values.peek("PMID")[:1])


def _authors(entries: list[Entry]) -> tuple[Author, ...]:
    """People and groups in the order of the title page. A full name is followed by its short form."""
    authors: list[Author | None] = []
    is_full = False
    for entry in entries:
        name = " ".join(entry.value.split())
        if entry.tag == "FAU":
            authors.append(_full_name(name))
        elif entry.tag == "AU" and not is_full:
            authors.append(_short_name(name))
        elif entry.tag == "CN" and name:
            authors.append(Author(name=name))
        if entry.tag in ("FAU", "AU", "CN"):
            is_full = entry.tag == "FAU" and bool(name)
    return tuple(author for author in authors if author)


def _full_name(name: str) -> Author | None:
    """`Family, Given Jr`."""
    author = parse_indexed_author(name)
    found = _SUFFIX.fullmatch(author.given) if author and author.given else None
    return author.model_copy(update={"given": found[1], "suffix": found[2]}) if author and found else author


def _short_name(name: str) -> Author | None:
    """`Family AB Jr`."""
    found = _SHORT_NAME.fullmatch(name)
    if found is None:
        return parse_author(name) if "," in name else parse_indexed_author(name)
    return Author(family=found[1], given=found[2], suffix=found[3])


def _type(kinds: list[str]) -> str | None:
    known = {kind.lower() for kind in kinds}
    return next((name for kind, name in PUBMED_TYPES.items() if kind in known), kinds[0] if kinds else None)


def _doi(values: Values) -> str | None:
    """The DOI among the ids of LID and AID, `10.1234/x [doi]`; the others become fields by their marks."""
    doi: str | None = None
    for tag in ("LID", "AID"):
        for value in values.take(tag):
            found = _MARKED.fullmatch(value)
            stated = parse_doi(found[1] if found else value) if found is None or found[2] == "doi" else None
            doi = doi or stated
            if stated is None or stated != doi:
                values.put(found[2] if found and found[2] != "doi" else tag, found[1] if found else value)
    return doi


def _ids(values: Values) -> dict[str, str]:
    ids: dict[str, str] = {}
    for tag, scheme in (("PMID", "pmid"), ("PMC", "pmcid")):
        for value in values.take(tag):
            found = parse_id(scheme, value)
            if found and ids.setdefault(scheme, found) == found:
                continue
            values.put(tag, value)
    return ids


def _keywords(values: Values) -> tuple[str, ...]:
    """Headings and the authors' own words, without the stars of main topics; starred ones are kept as they are."""
    stated = values.take("MH")
    for heading in stated:
        values.put("MH", heading if "*" in heading else None)
    words = (word.replace("*", "").strip() for word in (*stated, *values.take("OT")))
    return tuple(dict.fromkeys(word for word in words if word))
