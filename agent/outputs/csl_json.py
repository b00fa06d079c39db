"""CSL-JSON, for citation processors and reference managers.

What CSL has a variable for stands there, as it wants it. What it has none for, or would give back otherwise,
stands in the item's `custom` under the paper's own names, where CSL's schema keeps room for it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from agent.records import Author, Paper
from agent.sources.build import doi_of_arxiv, parse_indexed_author
from agent.sources.dates import iso
from agent.sources.formats.csl_items import DATES, IDS
from agent.sources.formats.csl_values import NAME_PARTS, PARTICLES, flat
from agent.sources.formats.extra import read_extra
from agent.sources.ids import parse_id

TYPES = frozenset(
    """article article-journal article-magazine article-newspaper bill book broadcast chapter classic collection
    dataset entry entry-dictionary entry-encyclopedia event figure graphic hearing interview legal_case legislation
    manuscript map motion_picture musical_score pamphlet paper-conference patent performance periodical
    personal_communication post post-weblog regulation report review review-book software song speech standard
    thesis treaty webpage""".split()
)
ANY_TYPE = "document"  # what CSL calls the type of what has none of the others; an item must have one
# Variables that a field of this name is written as; any other field goes to `custom`.
VARIABLES = frozenset(
    """annote archive archive_collection archive_location archive-place authority call-number chapter-number
    collection-number collection-title container-title-short dimensions division edition event event-place event-title
    genre ISBN ISSN issue jurisdiction language locator medium number number-of-pages number-of-volumes
    original-publisher original-publisher-place original-title page page-first part part-title printing publisher
    publisher-place references reviewed-title scale section source status supplement title-short
    volume""".split()
)
NAMES = frozenset(
    """chair collection-editor compiler composer container-author contributor curator director editor
    editorial-director executive-producer illustrator interviewer organizer original-author performer producer
    recipient reviewed-author translator""".split()
)
# Not every program knows `available-date`, and pandoc warns of it.
DATE_VARIABLES = DATES - {"available-date"}

_ISO = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")
_UNSEEN = re.compile("[\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff]")


def csl_json(papers: Iterable[Paper]) -> str:
    """A list of items, one a paper, in order of key; what is unknown of a paper is left out of its item.

    Characters that a terminal or a reader would take for a command are written as escapes.
    """
    items = [_item(paper) for paper in sorted(papers, key=lambda paper: paper.key.lower())]
    text = json.dumps(items, ensure_ascii=False, indent=2)
    return _UNSEEN.sub(lambda match: f"\\u{ord(match.group()):04x}", text) + "\n"


def _item(paper: Paper) -> dict[str, Any]:
    variables, unheld = _fields(paper.fields)
    kind = paper.type if paper.type in TYPES else ANY_TYPE
    item = {
        "id": paper.key,
        "citation-key": paper.key,
        "type": kind,
        "title": paper.title,
        "author": [name for author in paper.authors if (name := _name(author))],
        "issued": _date(_whole_date(paper) or (str(paper.year) if paper.year else None), _whole_date(paper)),
        "container-title": paper.venue,
        **variables,
        "DOI": paper.doi or (paper.arxiv_id and doi_of_arxiv(paper.arxiv_id)),
        "URL": paper.url,
        **{name: paper.ids.get(scheme) for name, scheme in IDS.items() if _holds_id(paper, scheme)},
        "version": paper.version,
        "abstract": paper.texts.abstract,
        "keyword": ", ".join(paper.keywords),
        "note": paper.notes,
    }
    custom = _stated(_custom(paper, unheld))
    if paper.type != kind:
        custom["type"] = paper.type  # null where it is unknown
    return _stated({**item, "custom": custom})


def _custom(paper: Paper, fields: Mapping[str, str]) -> dict[str, Any]:
    """What CSL has no name for, or would read otherwise."""
    is_dated = paper.date is None or paper.date == _whole_date(paper)
    are_plain = not any(re.search(r"[;,]", word) for word in paper.keywords)
    notes = paper.notes or ""
    return {
        "arxiv_id": paper.arxiv_id,
        "ids": {scheme: value for scheme, value in paper.ids.items() if not _holds_id(paper, scheme)},
        "year": None if is_dated else paper.year,
        "date": None if is_dated else paper.date,
        "keywords": () if are_plain else paper.keywords,
        "notes": notes if read_extra(notes).rest != notes else None,
        "links": paper.links,
        "files": paper.files,
        "aliases": paper.aliases,
        "retracted": paper.retracted,
        "is_untitled": paper.is_untitled or None,
        "title_original": paper.title_original if paper.title_original != paper.title else None,
        "abstract_original": paper.abstract_original
        if paper.abstract_original != paper.texts.abstract
        else None,
        "fields": dict(fields),
    }


def _stated(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in (None, "", (), [], {})}


def _fields(fields: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """Fields as variables of CSL, and those that it has no variable for or gives back in other words."""
    variables: dict[str, Any] = {}
    unheld: dict[str, str] = {}
    for name, text in sorted(fields.items()):
        value: Any = None
        if name in VARIABLES:
            value = text
        elif name in NAMES:
            value = _names(text)
        elif name in DATE_VARIABLES:
            value = _date(text, text) or {"raw": text}
        if value:
            variables[name] = value
        if not value or flat(value, is_date=name in DATES) != text:
            unheld[name] = text
    return variables, unheld


def _names(text: str) -> list[dict[str, str]]:
    """`Roe, Sam; Doe, Ann` as names; BibTeX parts them by `and`."""
    names = text.split("; ")
    parted = text.split(" and ")
    if len(names) == 1 and all("," in name for name in parted):
        names = parted
    return [part for name in names if (author := parse_indexed_author(name)) and (part := _name(author))]


def _name(author: Author) -> dict[str, str]:
    parts = {csl: getattr(author, own) for csl, own in NAME_PARTS.items()}
    parts[PARTICLES[1]] = author.particle
    return {csl: part for csl, part in parts.items() if part}


def _whole_date(paper: Paper) -> str | None:
    """The paper's date, if it is one that CSL holds and that agrees with the year."""
    found = _ISO.fullmatch(paper.date or "")
    is_held = found and iso(*found.groups()) == paper.date
    agrees = paper.year is None or (paper.date or "").startswith(f"{paper.year:04d}")
    return paper.date if is_held and agrees else None


def _date(text: str | None, stated: str | None) -> dict[str, Any] | None:
    """A date in parts; where a year alone was `stated` as the date, in `raw` too."""
    found = _ISO.fullmatch(text or "")
    if found is None or iso(*found.groups()) != text:
        return None
    parts: dict[str, Any] = {"date-parts": [[int(part) for part in found.groups() if part]]}
    return {**parts, "raw": stated} if stated and len(stated) == len("2021") else parts


def _holds_id(paper: Paper, scheme: str) -> bool:
    value = paper.ids.get(scheme)
    return scheme in IDS.values() and value is not None and parse_id(scheme, value) == value
