"""Which reader a text wants: asked by content first, by the file's ending only where content is silent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from agent.errors import UsageError
from agent.records import Paper, Rejected
from agent.sources import daily_papers, json_records
from agent.sources.inputs import Source

Reader = Callable[[str], Iterator[Paper | Rejected]]

KINDS: dict[str, Reader] = {
    "daily-papers": daily_papers.read,
    "jsonl": json_records.read_lines,
    "json": json_records.read_document,
}
_UNREAD = {
    ".bib": "BibTeX", ".ris": "RIS", ".nbib": "MEDLINE", ".csv": "CSV", ".tsv": "TSV", ".pdf": "PDF",
    ".xml": "XML", ".docx": "Word", ".xlsx": "Excel",
}  # fmt: skip


def read_source(source: Source, kind: str | None = None) -> Iterator[Paper | Rejected]:
    """The papers and rejections of one source, in its order; `kind` forces a reader.

    Never fails for what stands in the file: an unreadable file is one rejection.
    """
    if source.problem:
        yield Rejected(position="file", reason=source.problem)
        return
    text = _decode(source.data)
    if isinstance(text, Rejected):
        yield text
        return
    if not text.strip():
        yield Rejected(position="file", reason="the file is empty")
        return
    known_kind(kind)
    reader = KINDS[kind] if kind else _reader_of(source.name, text)
    if reader is None:
        yield Rejected(position="file", reason=_unknown(source.name, text))
        return
    yield from reader(text)


def known_kind(kind: str | None) -> None:
    """Raise UsageError where `kind` names no reader."""
    if kind is not None and kind not in KINDS:
        raise UsageError(f"there is no reader '{kind}'", f"kinds: {', '.join(KINDS)}")


def _decode(data: bytes) -> str | Rejected:
    encoding = "utf-8-sig"
    if data.startswith(b"%PDF"):
        return Rejected(position="file", reason="a PDF; PDF files cannot be read yet")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif b"\x00" in data[:4096]:
        return Rejected(position="file", reason="a binary file, no text")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        reason = f"not {encoding.removesuffix('-sig').upper()} text (byte {error.start})"
        return Rejected(position="file", reason=f"{reason}; save the file as UTF-8")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _reader_of(name: str, text: str) -> Reader | None:
    ending = Path(name).suffix.lower()
    if _is_html(text):
        return None
    if daily_papers.recognises(text):
        return daily_papers.read
    if ending in (".jsonl", ".ndjson"):
        return json_records.read_lines
    if text.lstrip()[:1] == "[":
        return json_records.read_document
    if text.lstrip()[:1] == "{":
        return json_records.read_lines if json_records.looks_like_lines(text) else json_records.read_document
    return json_records.read_document if ending == ".json" else None


def _is_html(text: str) -> bool:
    return text.lstrip()[:15].lower().startswith(("<!doctype", "<html"))


def _unknown(name: str, text: str) -> str:
    ending = Path(name).suffix.lower()
    if _is_html(text):
        return "an HTML page; save the page's text, not its HTML"
    if ending in _UNREAD:
        return f"{_UNREAD[ending]} files cannot be read yet"
    return "neither a saved Daily Papers page nor JSON; --from KIND forces a reader"
