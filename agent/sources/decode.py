"""Bytes to text: encodings found out and told, line ends made one."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from agent.records import Rejected

# The marks of UTF-32 come first, for one begins like that of UTF-16.
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_FALLBACK = "cp1252"  # what is called Latin-1 is nearly always Windows-1252, which holds it
_STRANGE = re.compile("[\udc80-\udcff]+")  # how Python keeps bytes that are not UTF-8
_HEAD = 4096  # bytes that are looked at to tell text from other things
_BINARY = Rejected(position="file", reason="a binary file, no text")


@dataclass(frozen=True)
class Decoded:
    """A text, and what is worth telling about how it was written."""

    text: str
    note: str | None = None


def decode(data: bytes) -> Decoded | Rejected:
    """The text of a file, its line ends made `\\n`.

    Bytes that are not UTF-8 are read as Windows-1252, and their lines told: one line in another encoding
    costs nothing. A binary file is a rejection.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            data = data[len(mark) :]
            return _by_lines(data) if encoding == "utf-8" else _strict(data, encoding)
    if b"\x00" in data[:_HEAD]:
        wide = _wide(data)
        return _strict(data, wide) if wide else _BINARY
    return _by_lines(data)


def is_wide(head: bytes) -> bool:
    """Whether a file that begins so may be written in characters of two or four bytes."""
    return b"\x00" in head or head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))


def decode_line(line: bytes) -> tuple[str, bool]:
    """A line as text, and whether it was UTF-8."""
    try:
        return line.decode(), True
    except UnicodeDecodeError:
        return _STRANGE.sub(_as_fallback, line.decode(errors="surrogateescape")), False


def _as_fallback(found: re.Match[str]) -> str:
    return found.group().encode(errors="surrogateescape").decode(_FALLBACK, "replace").replace("\ufffd", "?")


def strange_lines(count: int, first: int) -> str:
    """What is told of lines that were not UTF-8."""
    lines = f"{count} lines are" if count > 1 else "1 line is"
    return f"{lines} not UTF-8 (the first: line {first}), read as Latin-1 (Windows-1252)"


def _strict(data: bytes, encoding: str) -> Decoded | Rejected:
    try:
        return Decoded(_plain(data.decode(encoding)))
    except UnicodeDecodeError as error:
        reason = f"not {encoding[:6].upper()} text (byte {error.start})"
        return Rejected(position="file", reason=f"{reason}; save the file as UTF-8")


def _by_lines(data: bytes) -> Decoded | Rejected:
    try:
        return Decoded(_plain(data.decode()))
    except UnicodeDecodeError:
        if _looks_binary(data):
            return _BINARY
    # Bytes get one kind of line end too: a file with the old Mac's would else be one line, in one encoding.
    bare = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    lines = [decode_line(line) for line in bare.split(b"\n")]
    strange = [number for number, (_, is_utf8) in enumerate(lines, start=1) if not is_utf8]
    return Decoded(_plain("\n".join(text for text, _ in lines)), strange_lines(len(strange), strange[0]))


def _looks_binary(data: bytes) -> bool:
    head = data[:_HEAD]
    return sum(byte < 32 and byte not in b"\t\n\r\f" for byte in head) > len(head) / 50


def _wide(data: bytes) -> str | None:
    """UTF-16 without a mark: every other byte of a mostly Latin text is zero."""
    head = data[:_HEAD]
    even, odd = head[::2].count(0), head[1::2].count(0)
    if max(even, odd) < len(head) / 2 * 0.6 or min(even, odd) > len(head) / 50:
        return None
    return "utf-16-be" if even > odd else "utf-16-le"


def _plain(text: str) -> str:
    """One kind of line end, and no marks where files that began with one were put together."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\n\ufeff", "\n")
