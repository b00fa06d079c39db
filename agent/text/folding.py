"""What a page's setting did to its words, undone: ligatures, loose accents, hyphens at the ends of lines.

Signs that mean something by their form (superscripts, fractions, mathematical letters) stay as they are.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

_LIGATURE = re.compile("[\ufb00-\ufb06]")
_UNSEEN = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ud800-\udfff]"
)
_ACCENTS = {
    "¨": "\u0308",
    "´": "\u0301",
    "ˆ": "\u0302",
    "˜": "\u0303",
    "ˇ": "\u030c",
    "˘": "\u0306",
    "˚": "\u030a",
}
_LOOSE_ACCENT = re.compile(rf"([{''.join(_ACCENTS)}]) ?([A-Za-z])")
_WORD = re.compile(r"[^\W_]+(?:[-‐][^\W_]+)*")
_HYPHENS = "-‐\u00ad"
_LAST = re.compile(rf"[^\W_]+(?:[-‐][^\W_]+)*(?=[{_HYPHENS}]$)")
_FIRST = re.compile(r"[^\W_]+(?:[-‐][^\W_]+)*")
_LINK = re.compile(r"(?:https?://|www\.|doi:)\S*$", re.I)
Words = Counter[str]


def fold(text: str) -> str:
    """One line in plain letters, without control characters; stable when done twice."""
    text = _UNSEEN.sub("", " ".join(text.split()))
    text = _LIGATURE.sub(lambda match: unicodedata.normalize("NFKC", match.group()), text)
    text = re.sub("\u00ad(?!$)", "", text)
    return unicodedata.normalize("NFC", _LOOSE_ACCENT.sub(_composed, text)).strip()


def _composed(match: re.Match[str]) -> str:
    letter = unicodedata.normalize("NFC", match.group(2) + _ACCENTS[match.group(1)])
    return letter if len(letter) == 1 else match.group()


def words_of(lines: Iterable[str]) -> Words:
    """How often each word stands whole in the lines, in lower case; halves around a line's end do not count."""
    words: Words = Counter()
    is_half = False
    for line in lines:
        found = _WORD.findall(line.lower().replace("‐", "-"))
        ends_half = line.endswith(tuple(_HYPHENS))
        words.update(found[is_half : len(found) - ends_half])
        is_half = ends_half
    return words


def join(before: str, after: str, words: Words) -> tuple[str, str]:
    """What stays of `before`, and what stands between it and `after`, the next line of its paragraph."""
    if before.endswith("\u00ad"):
        return before[:-1], ""
    half, rest = _LAST.search(before), _FIRST.match(after)
    if half is None or rest is None:
        is_tied = before.endswith(("—", "/")) and not before.endswith((" /", " —"))
        return before, "" if is_tied else " "
    if not rest.group()[0].islower() or _LINK.search(before):
        return before, ""
    is_compound = _is_compound(half.group().replace("‐", "-").lower(), rest.group().lower(), words)
    return (before if is_compound else before[:-1]), ""


def _is_compound(half: str, rest: str, words: Words) -> bool:
    """Whether the hyphen is the word's own: where nobody writes it without, and somebody writes it with.

    Of a chain (`state-of-the-` and `art`) the links around the break are looked for too.
    """
    pairs = {(half, rest), (half.rpartition("-")[2], rest.partition("-")[0])}
    if any(words[first + second] for first, second in pairs):
        return False
    return any(words[f"{first}-{second}"] for first, second in pairs) or half.count("-") > 1
