"""Which reader a file wants: asked by content first, by the file's ending only where content is silent."""

from __future__ import annotations

import importlib
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from agent.errors import UsageError
from agent.records import Noted, Paper, Rejected
from agent.sources.decode import Decoded, decode, is_wide
from agent.sources.formats import daily_papers, json_records
from agent.sources.inputs import Source
from agent.sources.vocabulary import BIBTEX_TYPES, NO_PAPERS, RIS_TYPES

Read = Paper | Rejected | Noted
Reader = Callable[[str], Iterator[Read]]

# Kind: module in `formats` and function in it. Modules are imported when a file wants them.
KINDS: dict[str, tuple[str, str]] = {
    "bibtex": ("bibtex", "read"),
    "ris": ("ris", "read"),
    "csl-json": ("csl_json", "read"),
    "nbib": ("medline", "read"),
    "csv": ("tables", "read"),
    "endnote-xml": ("endnote_xml", "read"),
    "ids": ("id_list", "read"),
    "pdf": ("pdf", "read"),
    "daily-papers": ("daily_papers", "read"),
    "jsonl": ("json_records", "read_lines"),
    "json": ("json_records", "read_document"),
}
_BY_ENDING = {
    ".bib": "bibtex", ".bibtex": "bibtex", ".ris": "ris", ".nbib": "nbib", ".medline": "nbib", ".csv": "csv",
    ".tsv": "csv", ".tab": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "json",
}  # fmt: skip
_UNREAD = {".xml": "XML", ".docx": "Word", ".xlsx": "Excel", ".enw": "EndNote", ".ciw": "Web of Science"}
_HEAD = 100_000  # characters that are looked at to tell a format
_LINES = (".jsonl", ".ndjson")
_BLANK = r"^[ \t\ufeff]*"
_ENTRY = "|".join((*BIBTEX_TYPES, "misc", "string", "comment", "preamble"))
# How a record opens, in kinds that have such a line.
_MARKS = {
    "ris": re.compile(rf"{_BLANK}TY(?:[ \t\xa0]{{2,}}[-–]|[ \t\xa0]?[-–][ \t]*(?:{'|'.join(RIS_TYPES)})[ \t]*$)", re.M | re.I),
    "nbib": re.compile(rf"{_BLANK}PMID ?- ?\d", re.M),
    "bibtex": re.compile(rf"{_BLANK}@[ \t]*(?:(?:{_ENTRY})[ \t\n]*[{{(]|[a-z]+[ \t]*{{[ \t]*[^\s,{{}}]+[ \t]*,)", re.M | re.I),
}  # fmt: skip
_JSON = re.compile(r"\[\s*[\[{\"\]]|\{\s*[\"}]")  # and no other text in brackets, such as `[1] A. Smith`
_OBJECT_LINE = re.compile(r"^[ \t\ufeff]*[\[{]", re.M)
_ENDNOTE = re.compile(r"<xml>\s*<records>|<records>\s*<record>")
_STREAMED = 16 * 1024 * 1024  # bytes from which a file of lines is read line by line


def read_source(source: Source, kind: str | None = None, *, keep_all: bool = False) -> Iterator[Read]:
    """The papers, rejections and notes of one source, in its order.

    Never fails for what stands in the file: an unreadable file is one rejection.

    Args:
        kind: forces a reader.
        keep_all: take in what is no paper too, such as a web page; else it is noted and left out.
    """
    known_kind(kind)
    for found in _guarded(source, kind):
        if isinstance(found, Paper) and not keep_all and is_no_paper(found):
            yield Noted(
                position=_position(found), message=f"no paper but a {found.type}, left out: {found.title}"
            )
        else:
            yield found


def is_no_paper(paper: Paper) -> bool:
    """Whether a record is a web page, a note or the like, and has no id that papers have."""
    return paper.type in NO_PAPERS and not (paper.doi or paper.arxiv_id or paper.ids)


def known_kind(kind: str | None) -> None:
    """Raise UsageError where `kind` names no reader."""
    if kind is not None and kind not in KINDS:
        raise UsageError(f"there is no reader '{kind}'", f"kinds: {', '.join(KINDS)}")


def _guarded(source: Source, kind: str | None) -> Iterator[Read]:
    try:
        yield from _read(source, kind)
    except OSError as error:  # gone or locked since it was found
        yield Rejected(position="file", reason=f"cannot be read: {error.strerror}")


def _read(source: Source, kind: str | None) -> Iterator[Read]:
    if source.problem:
        yield Rejected(position="file", reason=source.problem)
        return
    if kind in (None, "jsonl") and _is_streamed(source):
        yield from json_records.read_stream(source.lines())
        return
    data = source.data
    if kind == "pdf" or (kind is None and data.startswith(b"%PDF")):
        from agent.sources.formats import pdf

        yield from pdf.read(data)
        return
    decoded = decode(data)
    if isinstance(decoded, Rejected):
        yield decoded
        return
    yield from _read_text(source.name, decoded, kind)


def _read_text(name: str, decoded: Decoded, kind: str | None) -> Iterator[Read]:
    if not decoded.text.strip():
        yield Rejected(position="file", reason="the file is empty")
        return
    if decoded.note:
        yield Noted(position="file", message=decoded.note)
    found = kind or kind_of(name, decoded.text)
    if found is None:
        yield Rejected(position="file", reason=_unknown(name, decoded.text))
        return
    is_any = False
    for item in reader(found)(decoded.text):
        is_any = is_any or not isinstance(item, Noted)
        yield item
    if not is_any:
        yield Rejected(position="file", reason=f"no records in it, read as {found}")


def _is_streamed(source: Source) -> bool:
    """Whether a file is read line by line: only where a line of bytes is a line of text."""
    is_lines = Path(source.name).suffix.lower() in _LINES
    return is_lines and source.size > _STREAMED and not is_wide(source.head)


def reader(kind: str) -> Reader:
    """The function that reads a kind of text."""
    module, function = KINDS[kind]
    found: Reader = getattr(importlib.import_module(f"agent.sources.formats.{module}"), function)
    return found


def kind_of(name: str, text: str) -> str | None:
    """The kind of a text, by what stands in it and what it is called; None where it is none that is known."""
    ending = Path(name).suffix.lower()
    head = text[:_HEAD].lstrip(" \t\n\r\ufeff")
    if _is_html(head):
        return None
    if daily_papers.recognises(text):
        return "daily-papers"
    if kind := next((kind for kind, mark in _MARKS.items() if mark.match(head)), None):
        return kind
    if _ENDNOTE.search(head) and head.startswith("<"):
        return "endnote-xml"
    if ending in _LINES and _OBJECT_LINE.search(head):
        return "jsonl"
    if _JSON.match(head) or (ending == ".json" and head[:1] in "[{"):
        return _kind_of_json(text)
    return None if head.startswith("<") and ending not in _BY_ENDING else _kind_of_lines(head, ending)


def _kind_of_json(text: str) -> str:
    if text.lstrip()[:1] == "{" and json_records.looks_like_lines(text):
        return "jsonl"
    return "csl-json" if _is_csl(text) else "json"


def _kind_of_lines(head: str, ending: str) -> str | None:
    """The kind of a text that opens with nothing telling: by its columns, by records further down, by its ending."""
    from agent.sources.formats import id_list, tables

    own = _BY_ENDING.get(ending)
    if own not in _MARKS and tables.recognises(head):  # a cell may hold lines that look like anything
        return "csv"
    marked = [kind for kind, mark in _MARKS.items() if mark.search(head)]
    if marked:
        return own if own in marked else marked[0]
    if id_list.recognises(head):
        return "ids"
    return "csv" if own in _MARKS and tables.recognises(head) else own


def _is_csl(text: str) -> bool:
    """Whether a JSON document holds CSL items: `issued` or `container-title`, or authors by family name."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return '"issued"' in text[:_HEAD]
    if isinstance(value, dict) and isinstance(value.get("items"), list):
        value = value["items"]
    items = value if isinstance(value, list) else [value]
    return any(
        isinstance(item, dict)
        and "title" in item
        and ({"issued", "container-title", "citation-key"} & set(item))
        for item in items[:50]
    )


def _position(paper: Paper) -> str:
    return paper.sources[0].position if paper.sources else "record"


def _is_html(text: str) -> bool:
    return text.lstrip()[:15].lower().startswith(("<!doctype", "<html"))


def _unknown(name: str, text: str) -> str:
    ending = Path(name).suffix.lower()
    if _is_html(text):
        return "an HTML page; save the page's text, not its HTML"
    if ending in _UNREAD:
        return f"{_UNREAD[ending]} files cannot be read; export BibTeX, RIS or CSV"
    return f"in none of the formats that are read ({', '.join(KINDS)}); --from KIND forces a reader"
