"""Answers as values: bytes to JSON or XML with every defect named, and safe ways into what came."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar
from xml.etree import ElementTree

from agent.records import Author
from agent.sources.build import arxiv_of_doi, parse_arxiv_id, parse_doi, sound
from agent.sources.dates import YEARS, parse_date
from agent.sources.services.common import broken

T = TypeVar("T")
_HTML = re.compile(r"\s*(?:<!--[^>]*-->\s*)?<(?:!doctype\s+html|html|head|body)\b", re.I)
_TAG = re.compile(r"<[^<>]*>")
_HIDDEN = re.compile(r"<(script|style)\b[^<>]*>[^<]*</\1>", re.I)
_FORBIDDEN = re.compile(r"<!(DOCTYPE|ENTITY)")
_QUOTED = 80
_KINDS = {dict: "an object", list: "a list", str: "a text", int: "a number"}


def read_json(body: bytes, content_type: str, label: str) -> Any:
    """The JSON value of an answer; SourceError for anything else, a web page above all."""
    text = _text(body, content_type, label)
    try:
        return json.loads(text, parse_constant=_no_constant)
    except RecursionError:
        raise broken(label, "the answer is too deeply nested") from None
    except ValueError as error:
        raise broken(label, f"the answer is no JSON, or was cut off ({error}): {quoted(text)}") from None


def read_xml(
    body: bytes, content_type: str, label: str, doctype: re.Pattern[str] | None = None
) -> ElementTree.Element:
    """The root of an XML answer. A document that declares types or entities is refused.

    Args:
        doctype: the one declaration that is known and harmless.
    """
    text = _text(body, content_type, label)
    if doctype:
        text = doctype.sub("", text, count=1)
    if found := _FORBIDDEN.search(text):
        raise broken(label, f"the answer declares a {found[1]}, which is not read")
    try:
        return ElementTree.fromstring(text)
    except (ElementTree.ParseError, ValueError) as error:
        raise broken(label, f"the answer is no XML, or was cut off ({error}): {quoted(text)}") from None


def quoted(text: str) -> str:
    """The beginning of a text on one line, for a message."""
    line = " ".join(sound(text[: _QUOTED * 4]).split())
    return f"'{line if len(line) <= _QUOTED else line[: _QUOTED - 1].rstrip() + '…'}'"


def _text(body: bytes, content_type: str, label: str) -> str:
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise broken(label, f"the answer is no UTF-8 text (byte {error.start})") from None
    if not text.strip():
        raise broken(label, "the answer is empty")
    is_page = (
        "html" in content_type.lower()
        and text.lstrip().startswith("<")
        and not text.lstrip().startswith("<?xml")
    )
    if is_page or _HTML.match(text):
        words = _TAG.sub(" ", _HIDDEN.sub(" ", text[:4000]))
        raise broken(label, f"the answer is a web page (HTML) and no data: {quoted(words)}")
    return text


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON value")


def needed(record: Any, name: str, kind: type[T], label: str, where: str = "") -> T:
    """A field that an answer cannot lack; SourceError names it where it is missing or of another kind."""
    if not isinstance(record, Mapping):
        raise broken(label, f"{where or 'the answer'} is not an object")
    path = f"{where}.{name}" if where else name
    if name not in record:
        raise broken(label, f"the answer has no field '{path}'")
    value = record[name]
    if not isinstance(value, kind) or isinstance(value, bool):
        raise broken(label, f"the answer's field '{path}' is not {_KINDS.get(kind, kind.__name__)}")
    return value


def at(value: Any, *path: str | int) -> Any:
    """What stands at a path of names and indices; None where nothing does."""
    for step in path:
        if isinstance(step, str) and isinstance(value, Mapping):
            value = value.get(step)
        elif isinstance(step, int) and isinstance(value, list) and step < len(value):
            value = value[step]
        else:
            return None
    return value


def plain(value: Any) -> str | None:
    """A text or a number as a text; None where there is neither."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value) if abs(value) < 10**18 else None
    return sound(value) or None if isinstance(value, str) else None


def plain_at(value: Any, *path: str | int) -> str | None:
    """`plain` of what stands at a path."""
    return plain(at(value, *path))


def items(value: Any) -> list[Any]:
    """A list, or an empty one in place of anything else."""
    return value if isinstance(value, list) else []


def texts(value: Any) -> list[str]:
    """The texts of a list, each once."""
    return list(dict.fromkeys(text for item in items(value) if (text := plain(item))))


def joined(values: Iterable[str | None]) -> str | None:
    """What is known of some values, each once, as one text."""
    return "; ".join(dict.fromkeys(value for value in values if value)) or None


def stated(values: Mapping[str, str | None]) -> dict[str, str]:
    """Without what is unknown."""
    return {name: value for name, value in values.items() if value}


def beside_authors(pairs: Sequence[tuple[Author | None, Sequence[str]]]) -> str | None:
    """What is said of each author, behind the name: `Ada Lovelace (Well Institute; Rain Hall)`."""
    told = (
        f"{author.display} ({'; '.join(dict.fromkeys(said))})" for author, said in pairs if author and said
    )
    return "; ".join(told) or None


def when(year: Any, date: Any) -> tuple[int | None, str | None, dict[str, str]]:
    """Year and ISO date out of what a service states, and as fields what of it is neither."""
    said_year, said_date = plain(year), plain(date)
    found = parse_date(said_date[:10]) if said_date else parse_date("")
    number = int(said_year) if said_year and re.fullmatch(r"[0-9]{4}", said_year) else None
    is_year = number in YEARS
    left = {"year": None if is_year else said_year, "date": None if found.date else said_date}
    return (number if is_year else found.year), found.date, stated(left)


def paper_ids(doi: str | None, arxiv: str | None = None) -> dict[str, str | None]:
    """`doi`, `arxiv_id` and `version` for a paper; a DOI that arXiv gave is an arXiv id."""
    found = parse_doi(doi) if doi else None
    inside = arxiv_of_doi(found) if found else None
    parsed = parse_arxiv_id(arxiv or inside or "")
    return {
        "doi": None if inside else found,
        "arxiv_id": parsed[0] if parsed else None,
        "version": parsed[1] if parsed else None,
    }
