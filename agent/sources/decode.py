"""Bytes to text: encodings found out and told, line ends made one."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

from agent.records import Rejected

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_FALLBACK = "cp1252"  # what is called Latin-1 is nearly always Windows-1252, which holds it


@dataclass(frozen=True)
class Decoded:
    """A text, and what is worth telling about how it was written."""

    text: str
    note: str | None = None


def decode(data: bytes) -> Decoded | Rejected:
    """The text of a file, its line ends made `\\n`.

    Lines that are not UTF-8 are read as Windows-1252, each by itself, and told: one line in another
    encoding costs nothing. A binary file is a rejection.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return (
                _strict(data[len(mark) :], encoding) if encoding != "utf-8" else _by_lines(data[len(mark) :])
            )
    if b"\x00" in data[:4096]:
        wide = _wide(data)
        return _strict(data, wide) if wide else Rejected(position="file", reason="a binary file, no text")
    return _by_lines(data)


def decode_line(line: bytes) -> tuple[str, bool]:
    """A line as text, and whether it was UTF-8."""
    try:
        return line.decode(), True
    except UnicodeDecodeError:
        return line.decode(_FALLBACK, "replace").replace("\ufffd", "?"), False


def _strict(data: bytes, encoding: str) -> Decoded | Rejected:
    try:
        return Decoded(_one_kind_of_line_end(data.decode(encoding)))
    except UnicodeDecodeError as error:
        reason = f"not {encoding[:6].upper()} text (byte {error.start})"
        return Rejected(position="file", reason=f"{reason}; save the file as UTF-8")


def _by_lines(data: bytes) -> Decoded | Rejected:
    try:
        return Decoded(_one_kind_of_line_end(data.decode()))
    except UnicodeDecodeError:
        lines = [decode_line(line) for line in data.split(b"\n")]
    strange = [number for number, (_, is_utf8) in enumerate(lines, start=1) if not is_utf8]
    if _looks_binary(data):
        return Rejected(position="file", reason="a binary file, no text")
    count = f"{len(strange)} lines are" if len(strange) > 1 else "1 line is"
    note = f"{count} not UTF-8 (the first: line {strange[0]}), read as Latin-1 (Windows-1252)"
    return Decoded(_one_kind_of_line_end("\n".join(text for text, _ in lines)), note)


def _looks_binary(data: bytes) -> bool:
    head = data[:4096]
    return sum(byte < 32 and byte not in b"\t\n\r\f" for byte in head) > len(head) / 50


def _wide(data: bytes) -> str | None:
    """UTF-16 without a mark: every other byte of a mostly Latin text is zero."""
    head = data[:4096]
    even, odd = head[::2].count(0), head[1::2].count(0)
    if max(even, odd) < len(head) / 2 * 0.6 or min(even, odd) > len(head) / 50:
        return None
    return "utf-16-be" if even > odd else "utf-16-le"


def _one_kind_of_line_end(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
