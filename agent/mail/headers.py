"""Header lines as bytes that every mail program reads alike: ASCII, folded, and never more of them than meant.

The standard library's policies turn a long `List-Unsubscribe` into encoded words, which no program undoes there;
so the lines are made here, by the rules of RFC 5322 (2.2.3, folding) and RFC 2047 (encoded words).
"""

from __future__ import annotations

import base64
import re
import unicodedata

from agent.text.printable import printable

FOLD_AT = 78  # RFC 5322 2.1.1: a line should have no more characters, without its CRLF
LONGEST = 998  # and must have no more than these
# Bytes in one encoded word: with 12 signs round it and `Subject: ` before it, below the 76 of RFC 2047.
MOST_ENCODED = 39
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+")


def one_line(text: str) -> str:
    """`text` without line breaks and other control characters, so that it stays one header."""
    return printable(" ".join(text.split()), "")


def text_header(name: str, text: str) -> str:
    """An unstructured header such as `Subject`, without its final CRLF.

    Plain ASCII is folded between words; anything else, and what would be read as an encoded word, is encoded.
    """
    line = one_line(text) or "(none)"
    words = line.split(" ")
    if line.isascii() and "=?" not in line and all(len(word) < FOLD_AT - len(name) - 2 for word in words):
        return _folded(f"{name}:", words)
    return _folded(f"{name}:", encoded_words(line))


def listed_header(name: str, items: list[str]) -> str:
    """A header of items between commas, one a line where they do not fit on one; an item is never broken."""
    return _folded(f"{name}:", [*(f"{item}," for item in items[:-1]), *items[-1:]])


def mailbox_header(name: str, display: str, address: str) -> str:
    """`From` or `To`: the name, encoded or quoted as it needs, and the address."""
    shown = one_line(display)
    if not shown:
        return _folded(f"{name}:", [address])
    if not shown.isascii() or "=?" in shown or any(len(word) > MOST_ENCODED for word in shown.split(" ")):
        words = encoded_words(shown)
    elif _ATOMS.fullmatch(shown):
        words = shown.split(" ")
    else:  # a quoted string may be folded at its blanks
        words = ('"' + shown.replace("\\", "\\\\").replace('"', '\\"') + '"').split(" ")
    return _folded(f"{name}:", [*words, f"<{address}>"])


def encoded_words(text: str) -> list[str]:
    """RFC 2047 encoded words; a sign and the accents that stand on it stay in one, where there is room."""
    words: list[str] = []
    piece = b""
    for cluster in _clusters(text):
        added = cluster.encode()
        if piece and len(piece) + len(added) > MOST_ENCODED:
            words.append(_encoded(piece))
            piece = b""
        piece += added
    return [*words, _encoded(piece)]


def _clusters(text: str) -> list[str]:
    clusters: list[str] = []
    for char in text:
        has_room = bool(clusters) and len((clusters[-1] + char).encode()) <= MOST_ENCODED
        if has_room and unicodedata.combining(char):
            clusters[-1] += char
        else:
            clusters.append(char)
    return clusters


def _encoded(piece: bytes) -> str:
    return f"=?utf-8?b?{base64.b64encode(piece).decode()}?="


def _folded(start: str, words: list[str]) -> str:
    """The words behind the header's name, a new line wherever the next one would not fit any more."""
    lines = [start]
    for position, word in enumerate(words):
        # The first word stays beside the name: a line of nothing but blanks would be no folding.
        if position and len(lines[-1]) + 1 + len(word) > FOLD_AT:
            lines.append(f" {word}")
        else:
            lines[-1] += f" {word}"
    return "\r\n".join(lines)
