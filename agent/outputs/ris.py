"""RIS, for reference managers.

What has a tag stands under it, as other programs want it; what has none, or would be read otherwise there, stands
in lines of our own (`agent.sources.formats.ris_own`). Lines end with a line feed alone, as in all that is written
here: every program that reads RIS takes it, though the format's description asks for a carriage return before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from agent.records import Author, Paper
from agent.sources.build import doi_of_arxiv, parse_arxiv_id, parse_doi, parse_indexed_author, says_retracted
from agent.sources.dates import MONTHS, iso
from agent.sources.formats.reference_dates import read_date
from agent.sources.formats.references import database_ids, serial_number
from agent.sources.formats.ris import FIELD_TAGS, PAPER_TAGS, opens_field
from agent.sources.formats.ris_own import OWN_TAG, UNKNOWN, author_as_json, author_line, own_line
from agent.sources.vocabulary import RIS_TYPES
from agent.text.links import links_in
from agent.text.printable import printable

Line = tuple[str, str]

ANY_TYPE = "GEN"
CODES = {csl: code for code, csl in reversed(RIS_TYPES.items())}
SEVERAL = frozenset({"editor", "collection-editor", "ISSN", "ISBN"})  # one line for each of them
# Tags that mean something: a field that is called like one of these is no line of its own.
_TAKEN = {tag for table in (PAPER_TAGS, FIELD_TAGS) for tags in table.values() for tag in tags}
_TAKEN |= {"EP", "ER", "AN", "C2", "L3", OWN_TAG}
_TAG = re.compile(r"[A-Z][A-Z0-9]")
_DATE = re.compile(r"(\d{4})-(\d\d)(?:-(\d\d))?")


def ris(papers: Iterable[Paper]) -> str:
    """One record a paper, in order of key; a field that is unknown has no line, but for the type: `GEN`."""
    records = (_record(paper) for paper in sorted(papers, key=lambda paper: paper.key.lower()))
    return "\n".join("".join(f"{tag}  - {text}\n" for tag, text in record) for record in records)


def _record(paper: Paper) -> Iterator[Line]:
    yield "TY", CODES.get(paper.type or "", ANY_TYPE)
    lines = [*_reference(paper), *_numbers(paper), *_places(paper), *_words(paper)]
    own: list[Line] = list(_own(paper))
    for name, text in sorted(paper.fields.items()):
        held = _field(paper, name, _line(text))
        lines += held or ()
        own += () if held is not None else [(f"fields.{name}", text)]
    for tag, text in lines:
        if value := text if tag in PAPER_TAGS["notes"] else _line(text):
            yield tag, value
    for name, text in own:
        if value := _line(text):
            yield OWN_TAG, own_line(_line(name), value)
    yield "ER", ""


def _reference(paper: Paper) -> Iterator[Line]:
    yield "ID", paper.key
    yield "TI", paper.title
    for author in paper.authors:
        yield "AU", author_line(author)
    season = _season(paper) or ""
    date = _date(paper)
    if paper.year:
        yield "PY", f"{paper.year}///{season}" if season and not date else str(paper.year)
    if date:
        year, month, day = date
        yield "DA", f"{year}/{month}/{day or ''}/{season}"
    yield "JF" if paper.type == "book" else "T2", paper.venue or ""  # a book's T2 is its series


def _numbers(paper: Paper) -> Iterator[Line]:
    yield "DO", paper.doi or doi_of_arxiv(paper.arxiv_id or "") or ""
    if paper.arxiv_id and _is_arxiv(paper):
        yield "AN", f"arXiv:{paper.arxiv_id}{_arxiv_version(paper)}"
    for scheme in sorted(paper.ids):
        if number := _number(paper, scheme):
            yield "AN", number


def _places(paper: Paper) -> Iterator[Line]:
    yield "UR", paper.url or ""
    for link in _links(paper) if paper.url else ():
        yield "L2", link
    for path in paper.files:
        yield "L1", path


def _words(paper: Paper) -> Iterator[Line]:
    yield "AB", paper.texts.abstract or ""
    for word in paper.keywords:
        # commas part a lone keyword, were it not for a semicolon
        yield "KW", f"{word};" if len(paper.keywords) == 1 and word.count(",") > 1 else word
    for note in _notes(paper.notes or ""):
        yield "N1", note


def _own(paper: Paper) -> Iterator[Line]:
    """What has no tag, as names and texts of own lines; `fields` are not among them."""
    if paper.type not in CODES:
        yield "type", paper.type or UNKNOWN
    if paper.date and not _date(paper):
        yield "date", paper.date
    if paper.arxiv_id and not _is_arxiv(paper):
        yield "arxiv_id", paper.arxiv_id
    if paper.version and paper.version != _arxiv_version(paper):
        yield "version", paper.version
    if paper.retracted not in (None, says_retracted(paper.title, _kinds(paper))):
        yield "retracted", str(paper.retracted).lower()
    if paper.is_untitled:
        yield "is_untitled", "true"
    unlike = {author_line(author) for author in paper.authors if not _is_plain(author)}
    for author in paper.authors:
        if author_line(author) in unlike:
            yield "author", author_as_json(author)
    for link in () if paper.url else _links(paper):
        yield "links", link  # the first under L2 would be read as the paper's own
    for scheme, value in sorted(paper.ids.items()):
        if not _number(paper, scheme):
            yield f"ids.{scheme}", value


def _field(paper: Paper, name: str, text: str) -> list[Line] | None:
    """The lines of one of the further fields; None where no tag gives it back as it is."""
    if name == "page":
        return _pages(text)
    if name == "season":
        return [] if _season(paper) else None  # behind the year
    if name == "year":
        is_held = not paper.year and not _date(paper) and read_date(text).year is None
        return [("PY", text)] if is_held else None
    if name == "DOI":
        return [("DO", text)] if parse_doi(text) is None else None
    if name in SEVERAL:
        return _several(name, text)
    if (name == "accessed" and text.endswith("/")) or (
        name == "container-title-short" and not _has_venue(paper)
    ):
        return None
    if name in FIELD_TAGS:
        return [(FIELD_TAGS[name][0], text)]
    return [(name, text)] if _TAG.fullmatch(name) and name not in _TAKEN else None


def _pages(text: str) -> list[Line]:
    first, _, last = text.partition("-")
    is_range = first and last and first != last and not re.search(r"[-–\s]", first + last)
    return [("SP", first), ("EP", last)] if is_range else [("SP", text)]


def _several(name: str, text: str) -> list[Line] | None:
    pieces = text.split("; ")
    parted = text.split(" and ")
    if name.endswith("editor") and len(pieces) == 1 and all("," in piece for piece in parted):
        pieces = parted  # as BibTeX parts them
    if len(set(pieces)) < len(pieces) or not all(pieces):
        pieces = [text]
    if name in ("ISSN", "ISBN") and any(serial_number(piece) != name for piece in pieces):
        return None
    return [(FIELD_TAGS[name][0], piece) for piece in pieces]


def _date(paper: Paper) -> tuple[str, str, str | None] | None:
    """Year, month and day of a date that has a month and agrees with the year."""
    found = _DATE.fullmatch(paper.date or "")
    if found is None or iso(*found.groups()) is None or (paper.year and str(paper.year) != found[1]):
        return None
    return found[1], found[2], found[3]


def _season(paper: Paper) -> str | None:
    """The word that stands behind a date; the name of a month would be read as one behind a year alone."""
    season = _line(paper.fields.get("season", ""))
    is_word = any(char.isalpha() for char in season) and season == season.strip(" /")
    is_sure = _date(paper) or (paper.year and season.lower() not in MONTHS)
    return season if is_word and is_sure else None


def _has_venue(paper: Paper) -> bool:
    return bool(paper.venue) or paper.type == "book"


def _is_arxiv(paper: Paper) -> bool:
    return parse_arxiv_id(f"arXiv:{paper.arxiv_id}") == (paper.arxiv_id, None)


def _arxiv_version(paper: Paper) -> str:
    """The version, if it is one that arXiv counts."""
    is_counted = paper.arxiv_id and _is_arxiv(paper) and re.fullmatch(r"v\d+", paper.version or "")
    return (paper.version or "") if is_counted else ""


def _number(paper: Paper, scheme: str) -> str | None:
    """An id as AN, if it can be told from there whose it is."""
    value = paper.ids[scheme]
    number = f"PMID:{value}" if scheme == "pmid" else value
    databases = [text for name in ("source", "DP") if (text := paper.fields.get(name))]
    return number if database_ids(databases, [number], []) == {scheme: value} else None


def _kinds(paper: Paper) -> list[str]:
    return [text for name in ("genre", "PT") if (text := paper.fields.get(name))]


def _is_plain(author: Author) -> bool:
    line = _line(author_line(author))
    return ";" not in line and parse_indexed_author(line) == author


def _links(paper: Paper) -> tuple[str, ...]:
    """The links without the last ones that the reader finds in the abstract again."""
    found = links_in(paper.texts.abstract or "")
    counts = (
        count
        for count in range(len(paper.links))
        if tuple(dict.fromkeys([*paper.links[:count], *found])) == paper.links
    )
    return paper.links[: next(counts, len(paper.links))]


def _notes(notes: str) -> list[str]:
    """Notes in as few values as no line of theirs can be taken for a field."""
    values: list[str] = []
    for line in (line for raw in printable(notes, "").split("\n") if (line := raw.strip())):
        if values and not opens_field(line):
            values[-1] += f"\n{line}"
        else:
            values.append(line)
    return values


def _line(text: str) -> str:
    return " ".join(printable(text, "").split())
