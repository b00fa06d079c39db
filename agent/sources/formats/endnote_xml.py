"""EndNote XML: `<xml><records><record>...`, each record cut out of the text and parsed by itself.

So a broken record costs no other, and what a file declares before its records (entities) reaches no parser.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree import ElementTree

from agent.records import Author, Noted, Paper, Rejected
from agent.sources.build import make_paper, parse_indexed_author, says_retracted
from agent.sources.formats.reference_dates import read_years
from agent.sources.formats.references import (
    Values,
    arxiv_of,
    database_ids,
    is_web,
    put_serial_numbers,
    split_keywords,
    split_links,
    take_doi,
)
from agent.sources.formats.tagged import plain_lines
from agent.sources.vocabulary import ENDNOTE_TYPES

# What a record says beside a paper's own fields, by CSL's names; other elements are kept under their own.
FIELD_NAMES = {
    "number": "issue", "pages": "page", "abbr-1": "container-title-short", "tertiary-title": "collection-title",
    "short-title": "title-short", "pub-location": "publisher-place", "work-type": "genre",
    "remote-database-name": "source", "num-vols": "number-of-volumes", "call-num": "call-number",
    "access-date": "accessed", "secondary-authors": "editor", "tertiary-authors": "collection-editor",
}  # fmt: skip
# Parts that hold parts; everything else below a record is a value. `authors` and the like are lists of values.
_GROUPS = frozenset({"contributors", "titles", "periodical", "alt-periodical", "dates", "pub-dates", "keywords", "urls",
                     "related-urls", "pdf-urls", "text-urls", "image-urls", "web-urls"})  # fmt: skip
_BOOKKEEPING = frozenset(
    {"database", "source-app", "foreign-keys"}
)  # of the library that it was exported from
_START = re.compile(r"<record(?=[\s>/])")
_END = re.compile(r"</record\s*>")
_DECLARED = re.compile(r"<!(?:DOCTYPE|ENTITY)\b", re.I)
_FRAME = re.compile(r"</?records\s*>|</?xml\s*>|<\?xml[^<>]*>|\ufeff", re.I)
# What XML forbids, as characters and as their numbers; EndNote writes them all the same.
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|&#(?:0*(?:[0-8]|1[124-9]|2\d|3[01])|x0*(?:[0-8bcef]|1[0-9a-f]));", re.I)  # fmt: skip


def read(text: str) -> Iterator[Paper | Rejected | Noted]:
    """Every record of an EndNote export as a paper or a rejection, and a note for text in none.

    A declaration of a document type or of entities is refused; records that need it are too.
    """
    text = plain_lines(text)
    starts = [found.start() for found in _START.finditer(text)]
    line, before = 1, 0
    yield from _between(text[: starts[0] if starts else len(text)], line)
    if not starts:
        yield Rejected(position="file", reason="no EndNote record in it: no <record>")
        return
    for start, following in zip(starts, [*starts[1:], len(text)], strict=True):
        line, before = line + text.count("\n", before, start), start
        found = _END.search(text, start, following)
        end = found.end() if found else following
        yield _record(text[start:end], f"line {line}")
        yield from _between(text[end:following], line + text.count("\n", start, end))


def _between(text: str, line: int) -> Iterator[Rejected | Noted]:
    """What stands outside the records: nothing but the frame, or it is told."""
    if found := _DECLARED.search(text):
        reason = "a declaration of a document type or of entities (DOCTYPE, ENTITY) is not read"
        yield Rejected(position=f"line {line + text.count(chr(10), 0, found.start())}", reason=reason)
        return
    rest = _FRAME.sub("", _without_comments(text))
    if rest.strip():
        quote = " ".join(rest.split())[:80]
        yield Noted(position=f"line {line}", message=f"in no record: {quote}")


def _without_comments(text: str) -> str:
    pieces, at = [], 0
    while (start := text.find("<!--", at)) >= 0 and (end := text.find("-->", start)) >= 0:
        pieces.append(text[at:start])
        at = end + 3
    return "".join([*pieces, text[at:]])


def _record(text: str, position: str) -> Paper | Rejected:
    if _DECLARED.search(text):
        return Rejected(
            position=position, reason="a declaration inside a record (DOCTYPE, ENTITY) is not read"
        )
    try:
        element = ElementTree.fromstring(_FORBIDDEN.sub("", text))
    except (ElementTree.ParseError, ValueError) as error:
        return Rejected(position=position, reason=f"broken XML: {error}")
    return _paper(Values(_pairs(element)), position)


def _pairs(root: ElementTree.Element) -> Iterator[tuple[str, str]]:
    """The values of a record by the names of their elements. Below a value there is only typography."""
    waiting = [(child, "") for child in reversed(root)]
    while waiting:
        element, group = waiting.pop()
        name = element.tag.rpartition("}")[2]
        if name in _GROUPS or name.endswith("authors"):
            waiting += [(child, name) for child in reversed(element)]
        elif name == "ref-type":
            yield name, element.get("name") or "".join(element.itertext()).strip()
        elif name not in _BOOKKEEPING:
            # authors, dates and links are told apart by where they stand
            is_listed = group.endswith(("authors", "-urls")) or (name == "date" and group == "pub-dates")
            yield (group if is_listed else name), "".join(element.itertext()).strip()


def _paper(values: Values, position: str) -> Paper | Rejected:
    kind = values.first("ref-type")
    kind = ENDNOTE_TYPES.get(kind.lower(), kind) if kind else None
    title = values.first("title")
    untitled = Rejected(position=position, reason="no title (titles/title)")
    if not title:
        return untitled
    year, date = read_years(values, ("year",), ("pub-dates",))
    links, files = _links(values)
    doi = take_doi(values, ("electronic-resource-num",), ("notes",), links)
    doi, arxiv_id, version = arxiv_of(
        doi, [*links, *values.peek("accession-num", "secondary-title", "full-title")]
    )
    put_serial_numbers(values, "isbn")
    paper = make_paper(
        title,
        "\n".join(values.take("abstract")) or None,
        position,
        authors=_authors(values),
        year=year,
        date=date,
        type=kind,
        venue=_venue(values, kind),
        doi=doi,
        arxiv_id=arxiv_id,
        version=version,
        url=links[0] if links else None,
        links=tuple(links[1:]),
        files=tuple(files),
        keywords=split_keywords(values.take("keyword")),
        ids=_ids(values, links),
        notes="\n".join(values.take("notes", "research-notes")),
        retracted=says_retracted(title, values.peek("work-type")),
        fields=values.left(FIELD_NAMES),
    )
    return paper if paper.title else untitled


def _authors(values: Values) -> tuple[Author, ...]:
    return tuple(author for name in values.take("authors") if (author := parse_indexed_author(name)))


def _venue(values: Values, kind: str | None) -> str | None:
    """The journal or the book; a book's secondary title is its series."""
    if kind == "book":
        for series in values.take("secondary-title"):
            values.put("tertiary-title", series)
    return values.first("secondary-title", "full-title")


def _links(values: Values) -> tuple[list[str], list[str]]:
    """Links, the first being the paper's own, and files."""
    stated = split_links(values.take("related-urls", "web-urls", "url"))
    attached = split_links(values.take("pdf-urls", "text-urls", "image-urls"))
    files = [link for link in attached if not is_web(link)] + [link for link in stated if _is_file(link)]
    links = [link for link in (*stated, *attached) if is_web(link) or (link in stated and not _is_file(link))]
    return list(dict.fromkeys(links)), list(dict.fromkeys(files))


def _is_file(link: str) -> bool:
    return "://" in link and not is_web(link)


def _ids(values: Values, links: list[str]) -> dict[str, str]:
    texts = [*links, *values.peek("notes")]
    databases = values.peek("remote-database-name", "remote-database-provider")
    ids = database_ids(databases, values.peek("accession-num", "custom2"), texts)
    for tag in ("accession-num", "custom2"):
        for number in values.take(tag):
            values.put(
                tag, number if number.upper() not in {found.upper() for found in ids.values()} else None
            )
    return ids
