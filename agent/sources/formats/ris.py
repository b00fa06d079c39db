"""RIS, in the dialects that databases and reference managers write.

A record goes from `TY` to `ER`; either may be missing. Tags stand before two blanks, a hyphen and a blank, or
nearly so. `PAPER_TAGS` and `FIELD_TAGS` say what each tag means: the first tag of a name is the one to write.
A tag in neither is kept in `Paper.fields` under its own name; what RIS has no tag for stands in lines of our own
(`ris_own`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from agent.records import Author, Noted, Paper, Rejected
from agent.sources.build import clean_name, make_paper, parse_arxiv_id, parse_indexed_author, says_retracted
from agent.sources.formats.reference_dates import read_years
from agent.sources.formats.references import (
    Values,
    arxiv_of,
    database_ids,
    is_web,
    put_serial_numbers,
    read_pages,
    split_keywords,
    split_links,
    take_doi,
)
from agent.sources.formats.ris_own import Own, take_own
from agent.sources.formats.tagged import Dialect, Entry, plain_lines, split_records, visible
from agent.sources.ids import parse_id
from agent.sources.vocabulary import RIS_TYPES

# A paper's own fields. `venue` may stand in its short form alone; a book's T2 is its series.
PAPER_TAGS: dict[str, tuple[str, ...]] = {
    "type": ("TY",), "title": ("TI", "T1", "CT"), "authors": ("AU", "A1"), "year": ("PY", "Y1"), "date": ("DA",),
    "abstract": ("AB", "N2"), "venue": ("T2", "JF", "JO", "BT"), "doi": ("DO", "DI"), "url": ("UR", "LK"),
    "links": ("L2",), "files": ("L1", "L4"), "keywords": ("KW",), "notes": ("N1", "RN"), "key": ("ID",),
}  # fmt: skip
# AN states ids in a form that tells whose they are: `arXiv:2401.00001v2`, `PMID:77`, `PMC9`, `WOS:1`, `2-s2.0-1`.
# What else it says, by CSL's names. `page` is SP and EP; an SN is an ISBN if it has as many digits. A `season` is
# the word behind PY's last slash; `year` and `DOI` are here what stood in PY and DO and is none.
FIELD_TAGS: dict[str, tuple[str, ...]] = {
    "volume": ("VL",), "issue": ("IS", "CP"), "page": ("SP",), "container-title-short": ("J2", "JA", "J1"),
    "collection-title": ("T3",), "title-short": ("ST",), "editor": ("ED", "A2"), "collection-editor": ("A3",),
    "publisher": ("PB",), "publisher-place": ("CY", "PP"), "ISSN": ("SN",), "ISBN": ("SN",), "edition": ("ET",),
    "language": ("LA",), "number": ("M1",), "genre": ("M3",), "source": ("DB",), "accessed": ("Y2",),
    "number-of-volumes": ("NV",), "section": ("SE",), "call-number": ("CN",),
}  # fmt: skip
_OWN_TAGS = """ER EP L3 A4 AD AN AV C1 C2 C3 C4 C5 C6 C7 C8 CA DP DS LB M2 OP PT RI RP SV TA TT U1 U2 U3 U4 U5 VO""".split()  # fmt: skip

_NAMES = {tag: name for name, tags in FIELD_TAGS.items() for tag in tags if tag != "SN"}
_KNOWN = sorted({tag for tags in (*PAPER_TAGS.values(), *FIELD_TAGS.values(), _OWN_TAGS) for tag in tags})
_PROSE = frozenset(
    {"AB", "N2", "N1", "RN", "AD"}
)  # long texts, whose lines may begin like a tag: T2-weighted
_KNOWN_ANY = "|".join(_KNOWN)
_LETTERS = "|".join(tag for tag in _KNOWN if tag.isalpha() and tag != "CT")  # CT-based, T2-weighted: no tags
_BLANK = r"[ \t\xa0]"
_SURE = (
    rf"[A-Z][A-Z0-9](?={_BLANK}{{2,}}[-–])",
    rf"(?i:{_KNOWN_ANY})(?={_BLANK}{{2,}}[-–])",
    rf"(?:{_KNOWN_ANY})(?={_BLANK}[-–](?:\s|$))",
    r"(?:TY|TI|AU|PY|JO|JF|VL|SP|EP|DO|UR|KW|SN|ER)(?=[-–](?:\s|$))",
    rf"(?i:TY)(?={_BLANK}*[-–]\s*(?i:{'|'.join(RIS_TYPES)}|GEN)\s*$)",
    r"ER(?=\s*$)",
)
_PERHAPS = (rf"(?:{_LETTERS})(?={_BLANK}?[-–])", rf"(?i:{_KNOWN_ANY})(?={_BLANK}[-–](?:\s|$))")


def _pattern(*forms: str) -> re.Pattern[str]:
    return re.compile(rf"[\s\ufeff]*({'|'.join(forms)}){_BLANK}*[-–]?{_BLANK}?(.*)", re.S)


@lru_cache
def _as_written(blanks: int, is_spaced: bool, is_lower: bool) -> re.Pattern[str]:
    case, after = "(?i:" if is_lower else "(?:", r"(?:\s|$)" if is_spaced else ""
    return _pattern(*_SURE, rf"{case}{_KNOWN_ANY})(?={_BLANK}{{{blanks},}}[-–]{after})")


def _as_opener(line: str) -> re.Pattern[str]:
    """How a record writes its tags, seen from how it writes TY."""
    found = _OPENER.match(line)
    blanks, is_spaced = (len(found[2]), bool(found[3])) if found else (2, True)
    return _as_written(min(blanks, 2), is_spaced, bool(found and found[1].islower()))


_OPENER = re.compile(rf"[\s\ufeff]*(TY)({_BLANK}*)[-–]({_BLANK}?)", re.I)
_NUMBERS = ("AN", "C2")  # of databases
_ARXIV_NUMBER = re.compile(r"arxiv:\s*(\S+)", re.I)
_DIALECT = Dialect(
    tag=_pattern(*_SURE),
    perhaps=_pattern(*_PERHAPS),
    loosened=_as_opener,
    prose=_PROSE,
    opener="TY",
    closer="ER",
    once=frozenset({"TI", "T1"}),
)


def opens_field(line: str) -> bool:
    """Whether a line inside a record could be taken for the first one of a field."""
    return bool(_DIALECT.tag.match(line) or (_DIALECT.perhaps and _DIALECT.perhaps.match(line)))


def read(text: str) -> Iterator[Paper | Rejected | Noted]:
    """Every record of a RIS text as a paper or a rejection, and a note for what stands in none."""
    is_any = False
    for found in split_records(visible(plain_lines(text)), _DIALECT):
        if isinstance(found, Noted):
            yield found
        else:
            is_any = True
            yield from _read(found)
    if not is_any:
        yield Rejected(position="file", reason="no RIS record in it: no line opens with a tag such as TY")


def _read(entries: list[Entry]) -> Iterator[Paper | Rejected | Noted]:
    position = f"line {entries[0].number}"
    is_opened = any(entry.tag == "TY" for entry in entries)
    found = _paper(Values((entry.tag, entry.value) for entry in entries), position)
    if isinstance(found, Rejected) and not is_opened:
        found = found.model_copy(update={"reason": f"{found.reason}, and no TY that begins a record"})
    elif not is_opened:
        yield Noted(position=position, message="a record without TY: its type is unknown")
    yield found


def _paper(values: Values, position: str) -> Paper | Rejected:
    kind = values.first("TY")
    kind = RIS_TYPES.get(kind.upper(), kind) if kind else None
    title = values.first(*PAPER_TAGS["title"], *(("BT",) if kind == "book" else ()))
    untitled = Rejected(position=position, reason="no title (TI or T1)")
    if not title:
        return untitled
    own = take_own(values)
    year, date = read_years(values, PAPER_TAGS["year"], PAPER_TAGS["date"])
    links, files = _links(values)
    doi, arxiv_id, version = _doi_and_arxiv(values, links)
    retracted = says_retracted(title, values.peek("M3", "PT"))
    _put_fields(values)
    known: dict[str, Any] = {
        "key": values.first("ID"),
        "authors": _authors(values, own),
        "year": year,
        "date": date,
        "type": kind,
        "venue": _venue(values, kind),
        "doi": doi,
        "arxiv_id": arxiv_id,
        "version": version,
        "url": links[0] if links else None,
        "links": tuple(dict.fromkeys(link for link in (*links, *own.links) if link not in links[:1])),
        "files": tuple(files),
        "keywords": split_keywords(values.take("KW")),
        "ids": {**_ids(values, links), **own.ids},
        "notes": "\n".join(values.take(*PAPER_TAGS["notes"])),
        "retracted": retracted,
    }
    abstract = _abstract(values)
    fields = {**values.left(_NAMES), **own.fields}
    paper = make_paper(title, abstract, position, **{**known, **own.known}, fields=fields)
    return paper if paper.title else untitled


def _doi_and_arxiv(values: Values, links: list[str]) -> tuple[str | None, str | None, str | None]:
    """DOI, arXiv id and version; a number that is an arXiv id and nothing else is the surest word for it."""
    stated = take_doi(values, PAPER_TAGS["doi"], ("M3", "L3", "N1", "RN", "ID"), links)
    numbered: tuple[str, str | None] | None = None
    for tag in _NUMBERS:
        for number in values.take(tag):
            found = _ARXIV_NUMBER.fullmatch(number)
            parsed = parse_arxiv_id(found[1]) if found else None
            is_whole = found and parsed and found[1] == parsed[0] + (parsed[1] or "")
            if is_whole and numbered in (None, parsed):
                numbered = parsed
            else:
                values.put(tag, " ".join(number.split()))
    texts = [*links, *values.peek(*_NUMBERS, "M1", "M3", "T2", "JF", "JO", "BT", "JA", "J2", "J1")]
    doi, arxiv_id, version = arxiv_of(stated, texts)
    if numbered is None:
        return doi, arxiv_id, version
    if doi is None and arxiv_id != numbered[0]:
        values.put("DOI", stated)
    return doi, *numbered


def _abstract(values: Values) -> str | None:
    """The first tag's lines together; another tag that says something else stays."""
    found = next((lines for tag in PAPER_TAGS["abstract"] if (lines := values.take(tag))), [])
    abstract = "\n".join(found)
    for other in values.take("N2"):
        values.put("N2", other if other not in found else None)
    return abstract or None


def _authors(values: Values, own: Own) -> tuple[Author, ...]:
    names: list[str] = []
    for tag in values.order(*PAPER_TAGS["authors"]):
        known = set(names)  # the same names under both tags; under one, two people may share a name
        names += [
            name for value in values.take(tag) for name in _split_names(value, own) if name not in known
        ]
    found = (own.author(name) or parse_indexed_author(name) for name in names)
    return tuple(author for author in found if author)


def _split_names(value: str, own: Own) -> list[str]:
    """Several names on one line, if all of them are `Family, Given`."""
    if own.authors and clean_name(value) in own.authors:
        return [value]
    names = [name.strip() for name in re.split(r";|\n", value) if name.strip()]
    return names if all("," in name for name in names) else [" ".join(value.split())]


def _venue(values: Values, kind: str | None) -> str | None:
    if kind == "book":
        for series in values.take("T2"):
            values.put("T3", series)
    found = values.first(*PAPER_TAGS["venue"])
    short = next((tag for tag in ("JA", "J2", "J1") if values.peek(tag)), None)
    if found is None and short and kind != "book":
        return values.first(short)
    for other in values.take("JO"):  # beside a full name it is the short one
        values.put("JA", other)
    return found


def _links(values: Values) -> tuple[list[str], list[str]]:
    """Links, the first being the paper's own, and files."""
    links: list[str] = []
    files: list[str] = []
    for tag in (*PAPER_TAGS["url"], *PAPER_TAGS["links"], *PAPER_TAGS["files"]):
        for link in split_links(values.take(tag)):
            is_file = not is_web(link) and (tag in PAPER_TAGS["files"] or "://" in link)
            (files if is_file else links).append(link)
    return list(dict.fromkeys(links)), list(dict.fromkeys(files))


def _put_fields(values: Values) -> None:
    put_serial_numbers(values, "SN")
    first, last = values.first("SP"), values.first("EP")
    values.put("page", read_pages(first, last))
    for accessed in values.take("Y2"):
        values.put("Y2", accessed.rstrip("/"))


def _ids(values: Values, links: list[str]) -> dict[str, str]:
    numbers, notes = values.peek(*_NUMBERS), values.peek(*PAPER_TAGS["notes"])
    ids = database_ids(values.peek("DB", "DP"), numbers, [*links, *notes])
    for tag in _NUMBERS:
        for number in values.take(tag):
            is_known = any(parse_id(scheme, number) == found for scheme, found in ids.items())
            values.put(tag, None if is_known else number)
    return ids
