"""JSON and JSON Lines: one object a paper, under the field names that people use."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from agent.records import Noted, Paper, Rejected
from agent.sources.build import (
    doi_of_link,
    make_paper,
    parse_arxiv_id,
    parse_authors,
    parse_doi,
    sound,
    told_apart,
)
from agent.sources.dates import YEARS
from agent.sources.decode import decode_line, strange_lines
from agent.sources.formats.json_broken import read_broken
from agent.text.clean import clean

ALIASES: dict[str, tuple[str, ...]] = {
    "title": ("title", "paper_title"),
    "abstract": ("abstract", "summary", "abstract_text", "abstractNote"),
    "authors": ("authors", "author", "creators"),
    "year": ("year", "publication_year", "published_year"),
    "date": ("date", "published", "publication_date", "publishedAt"),
    "venue": ("venue", "journal", "booktitle", "container-title", "publication"),
    "type": ("type", "document_type"),
    "doi": ("doi", "DOI"),
    "arxiv_id": ("arxiv_id", "arxiv", "arxivId", "arXiv"),
    "url": ("url", "link", "URL"),
    "keywords": ("keywords", "keyword", "tags"),
    "notes": ("notes", "note", "comment"),
    "key": ("key", "citation_key", "citekey", "bibtex_key"),
    "files": ("files", "file", "pdf"),
    "version": ("version",),
    "retracted": ("retracted", "is_retracted"),
}
LISTS = ("papers", "records", "items", "results", "data", "entries")
# What litreview itself adds to a paper when it writes it, and makes anew when it reads it.
DERIVED = frozenset({"texts", "sources", "collections", "aliases", "links", "ids", "fields",
                     "title_original", "abstract_original", "is_untitled"})  # fmt: skip
_WHOLE_DATE = re.compile(r"(\d{4})(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01]))?(?!\d))?")


def read_lines(text: str) -> Iterator[Paper | Rejected]:
    """JSON Lines: a bad line costs that line."""
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield from _parse_line(line, f"line {number}")


def read_stream(lines: Iterable[bytes]) -> Iterator[Paper | Rejected | Noted]:
    """JSON Lines from bytes, for files that are too large to lie in memory whole."""
    strange, first = 0, 0
    for number, line in enumerate(lines, start=1):
        text, is_utf8 = decode_line(line)
        if not is_utf8:
            strange, first = strange + 1, first or number
        if text.strip(" \t\r\n\ufeff"):
            yield from _parse_line(text, f"line {number}")
    if strange:
        yield Noted(position="file", message=strange_lines(strange, first))


def read_document(text: str) -> Iterator[Paper | Rejected | Noted]:
    """One JSON document: a list of objects, an object that holds such a list, or one paper.

    A break costs what stands between it and the next whole item.
    """
    text = text.removeprefix("\ufeff")
    try:
        value = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        yield from read_broken(text, _DECODER, _parse, LISTS)
        return
    if isinstance(value, Mapping) and str(value.get("format", "")).startswith("litreview/"):
        yield Rejected(position="file", reason="a product of litreview, and no source of papers")
        return
    items = _items(value)
    if not items:
        yield Rejected(position="file", reason="no records in it")
    for number, item in enumerate(items, start=1):
        yield _parse(item, f"item {number}")


def looks_like_lines(text: str) -> bool:
    """Whether a text that opens with a brace is one object a line, and not one object over many lines."""
    lines = [line for line in text.split("\n") if line.strip()]
    if len(lines) < 2:
        return False
    try:
        json.loads(text)
    except RecursionError:
        return False
    except ValueError:
        return any(isinstance(found, Paper) for found in _parse_line(lines[0], "")) or _opens_object(lines)
    return False


def _opens_object(lines: list[str]) -> bool:
    return sum(line.lstrip()[:1] == "{" for line in lines) > len(lines) / 2


def _parse_line(line: str, position: str) -> Iterator[Paper | Rejected]:
    """The record of a line; several where the line end between them was lost. A comma behind it is nothing."""
    line = line.strip(" \t\r\n\ufeff").rstrip(", \t")
    try:
        values = [json.loads(line, parse_constant=_no_constant)]
    except (ValueError, RecursionError) as error:
        values = _objects(line)
        if not values:
            yield Rejected(position=position, reason=f"not JSON: {_reason(error)}")
    for value in values:
        yield _parse(value, position)


def _objects(line: str) -> list[Any]:
    """The objects that stand one behind the other on a line, if it is made of nothing else."""
    found, at = [], 0
    try:
        while line.startswith("{", at):
            value, at = _DECODER.raw_decode(line, at)
            found.append(value)
            while at < len(line) and line[at] in " \t,\ufeff":
                at += 1
    except (ValueError, RecursionError):
        return []
    return found if at == len(line) else []


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON value")


_DECODER = json.JSONDecoder(parse_constant=_no_constant)


def _reason(error: Exception) -> str:
    return "too deeply nested" if isinstance(error, RecursionError) else str(error)


def _items(value: Any) -> list[Any]:
    if isinstance(value, list):
        return value
    if isinstance(value, Mapping) and not value.get("title"):
        for name in LISTS:
            if isinstance(value.get(name), list):
                return list(value[name])
            if name == "papers" and isinstance(value.get(name), Mapping):
                return list(value[name].values())
    return [value]


def _parse(value: Any, position: str) -> Paper | Rejected:
    if not isinstance(value, Mapping):
        return Rejected(position=position, reason=f"a record is an object with a title, not {_kind(value)}")
    title = _text(value, "title")
    if title is None or not clean(title):
        return Rejected(position=position, reason="no title", title=(_original(value, "id") or "")[:120])
    year, date = _year_and_date(value)
    doi, arxiv_id, version = _ids(value)
    texts = value.get("texts")
    abstract = _text(texts, "abstract") if isinstance(texts, Mapping) else None
    originals = {
        name: said for name in ("title_original", "abstract_original") if (said := _original(value, name))
    }
    paper = make_paper(
        title,
        abstract or originals.get("abstract_original") or _text(value, "abstract"),
        position,
        key=_text(value, "key"),
        aliases=_texts(value.get("aliases")),
        authors=parse_authors(_value(value, "authors")),
        year=year,
        date=date,
        type=_text(value, "type"),
        venue=_text(value, "venue"),
        doi=doi,
        arxiv_id=arxiv_id,
        url=_text(value, "url"),
        links=_texts(value.get("links")),
        keywords=_texts(_value(value, "keywords")),
        notes=_text(value, "notes"),
        files=_texts(_value(value, "files")),
        ids=_string_map(value.get("ids")),
        version=_text(value, "version") or version,
        retracted=_flag(_value(value, "retracted")),
        is_untitled=value.get("is_untitled") is True,
        fields={**_string_map(value.get("fields")), **_rest(value), **_unread(value, year, doi, arxiv_id)},
    )
    return paper.model_copy(update=originals)


def _kind(value: Any) -> str:
    names = {list: "a list", str: "a string", bool: "true or false", type(None): "null"}
    return names.get(type(value), "a number")


def _value(record: Mapping[str, Any], field: str) -> Any:
    for name in (*ALIASES[field], *(spelling for spelling in record if spelling.lower() in ALIASES[field])):
        value = record.get(name)
        if value not in (None, "", []) and not (isinstance(value, str) and not value.strip()):
            return value
    return None


def _text(record: Mapping[str, Any], field: str) -> str | None:
    value = _value(record, field)
    if isinstance(value, list) and value and all(isinstance(item, str) for item in value):
        value = " ".join(value)
    if _is_number(value):
        value = str(value)
    return sound(value) or None if isinstance(value, str) else None


def _original(record: Mapping[str, Any], field: str) -> str | None:
    value = record.get(field)
    return sound(value) or None if isinstance(value, str) else None


def _is_number(value: Any) -> bool:
    if isinstance(value, int):
        return not isinstance(value, bool)
    return isinstance(value, float) and math.isfinite(value)


def _texts(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        value = re.split(r"\s*[;,]\s*", value)
    if not isinstance(value, list):
        return ()
    texts = (sound(item) for item in value if isinstance(item, str))
    return tuple(dict.fromkeys(text for text in texts if text))


def _string_map(value: Any) -> dict[str, str]:
    if not isinstance(value, Mapping):
        return {}
    return {
        sound(str(name)): sound(text)
        for name, text in value.items()
        if isinstance(text, str) and text.strip()
    }


def _flag(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


def _year_and_date(record: Mapping[str, Any]) -> tuple[int | None, str | None]:
    date = _text(record, "date")
    found = _WHOLE_DATE.match(date) if date else None
    whole = "-".join(part for part in found.groups() if part) if found else None
    year = _value(record, "year")
    stated = re.fullmatch(r"\s*(\d{4})(?:\.0)?\s*", str(year)) if year is not None else None
    number = int(stated.group(1)) if stated else int(found.group(1)) if found else None
    return (number if number in YEARS else None), (whole if found and int(found.group(1)) in YEARS else None)


def _ids(record: Mapping[str, Any]) -> tuple[str | None, str | None, str | None]:
    link = _text(record, "url") or ""
    doi = parse_doi(_text(record, "doi") or "")
    doi = doi or doi_of_link(link)
    # As a JSON number an id has lost its last zeros: it would be another paper's.
    stated = None if isinstance(_value(record, "arxiv_id"), float) else _text(record, "arxiv_id")
    arxiv = parse_arxiv_id(stated or _loose_id(record) or "")
    doi, arxiv = told_apart(doi, arxiv)
    if arxiv is None and "arxiv.org/" in link:
        arxiv = parse_arxiv_id(link)
    return doi, arxiv[0] if arxiv else None, arxiv[1] if arxiv else None


def _loose_id(record: Mapping[str, Any]) -> str | None:
    """An `id` that is an arXiv id whole, or a link to arXiv; any other `id` says nothing to us."""
    value = record.get("id")
    if not isinstance(value, str):
        return None
    is_arxiv = "arxiv" in value.lower() or re.fullmatch(r"\d{4}\.\d{4,5}(v\d+)?", value.strip())
    return value if is_arxiv else None


def _unread(
    record: Mapping[str, Any], year: int | None, doi: str | None, arxiv_id: str | None
) -> dict[str, str]:
    """What stands in a known field and is none, as it is: a year "in press"."""
    read = {"year": year, "doi": doi or arxiv_id, "arxiv_id": arxiv_id}
    return {name: text for name, found in read.items() if found is None and (text := _text(record, name))}


def _rest(record: Mapping[str, Any]) -> dict[str, str]:
    """What else the record says in plain words, kept under its own name."""
    known = {name for names in ALIASES.values() for name in names} | DERIVED
    rest: dict[str, str] = {}
    for name, value in sorted(record.items()):
        if isinstance(value, list) and value and all(isinstance(item, str) for item in value):
            value = "; ".join(value)
        if name.lower() not in known and name not in known and (isinstance(value, str) or _is_number(value)):
            text = sound(str(value))
            if text and text not in {"nan", "inf", "-inf"}:
                rest[sound(name)] = text
    return rest
