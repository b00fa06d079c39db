"""Where a sentence ends, as offsets into the cleaned text.

Rules, in the order in which they are asked: a full stop inside an abbreviation, a number, a link or a name
ends nothing; one before a new start (capital, digit, bracket, quotation mark, or a lower-case system name)
does; a full stop glued to the next sentence's capital does too. The last sentence may lack its full stop.
What this does not know: what a sentence means. Lists and headings are left whole.
"""

from __future__ import annotations

import re
from typing import NamedTuple

# After these a full stop ends nothing, whatever follows.
NEVER_LAST = frozenset(
    """e.g i.e eg ie cf vs viz fig figs eq eqs sec secs ref refs tab vol pp ch dr mr mrs ms prof st no
    nos approx ca w.r.t wrt resp incl excl ed eds st""".split()
)
# After these it does, where a capital of a new sentence follows.
MAYBE_LAST = frozenset("""etc al u.s u.k e.u a.m p.m inc ltd co corp jr sr ph.d d.c res""".split())
STARTERS = frozenset(
    """the this these those that we our it its in on for to by with from as at here there however
    moreover furthermore additionally also thus hence therefore finally although while when since
    such each both despite yet but and experiments experimental results extensive code a an all
    among given using unlike further then first second third specifically notably recently currently
    existing one no they""".split()
)
_CANDIDATE = re.compile(
    r"""[.!?…]+(?:["'”’)\]]+)?(?=\s)"""  # a mark, closing signs, a space
    r"""|(?<=[a-z0-9)%\]])[.!?](?=[A-Z][A-Za-z]*[\s,-])"""  # or glued to a capitalised word
)
_TOKEN_BEFORE = re.compile(r"[^\s(\[{\"“'‘]*$")
_LOWER_NAME = re.compile(r"[a-z]+[A-Z][A-Za-z0-9-]*|[a-z]{1,3}-[A-Z]")


class Span(NamedTuple):
    """A stretch of a text: `text[start:end]`."""

    start: int
    end: int


def split_sentences(text: str) -> list[Span]:
    """Cut `text` into sentences; spans are in order, do not overlap, and leave out only white space."""
    spans: list[Span] = []
    start = 0
    for match in _CANDIDATE.finditer(text):
        if _ends_sentence(text, match):
            spans.append(Span(start, match.end()))
            start = match.end() + len(text[match.end() :]) - len(text[match.end() :].lstrip())
    if text[start:].strip():
        spans.append(Span(start, len(text)))
    return [_stripped(text, span) for span in spans if text[span.start : span.end].strip()]


def sentences(text: str) -> list[str]:
    """The sentences of `text` as strings."""
    return [text[span.start : span.end] for span in split_sentences(text)]


def _ends_sentence(text: str, match: re.Match[str]) -> bool:
    rest = text[match.end() : match.end() + 60]
    following = rest.lstrip()
    if not following:
        return True
    glued = following is rest or rest == following
    before = _token_before(text, match.start())
    if glued:
        return _is_glued_end(before, text, match)
    if match.group()[0] in "!?":
        return not following[0].islower()
    if not _can_start(following):
        return False
    return not _is_abbreviation(before, following, match.group(), text, match.start())


def _token_before(text: str, position: int) -> str:
    found = _TOKEN_BEFORE.search(text[max(0, position - 60) : position])
    return found.group() if found else ""


def _is_glued_end(before: str, text: str, match: re.Match[str]) -> bool:
    in_link = "://" in before or before.startswith("www.") or "@" in before or "/" in before
    word = re.sub(r"[^A-Za-z0-9]", "", before)
    dotted = "." in before and not re.search(r"\d", before)
    next_word = re.match(r"[A-Za-z]+", text[match.end() :])
    starts = next_word is not None and next_word.group().lower() in STARTERS
    return not in_link and not dotted and (len(word) > 3 or (len(word) > 1 and starts))


def _can_start(following: str) -> bool:
    first = following[0]
    if first.islower():
        return bool(_LOWER_NAME.match(following))
    if re.match(r"[-–•*] [A-Z]", following):
        return True
    return first.isalnum() or first in "\"“‘'([{$∼~<>\\≈`*"


def _is_abbreviation(before: str, following: str, mark: str, text: str, start: int) -> bool:
    word = before.rstrip(".").lower()
    if re.fullmatch(r"\(?\d{1,2}", before):
        return _marks_list_item(text, start - len(before))
    if mark.startswith(("..", "…")):
        return following[0].islower()
    if len(mark) > 1 and word.endswith(tuple(MAYBE_LAST)):
        return False  # "(e.g. images, text, etc.) We": the bracket closed the abbreviation
    if word in NEVER_LAST:
        return not (word in {"no", "st"} and not following[0].isdigit() and len(before) == 2 and word == "no")
    if word in MAYBE_LAST:
        next_word = re.match(r"[A-Za-z]+", following)
        return next_word is None or next_word.group().lower() not in STARTERS
    return (
        len(word) == 1
        and word.isalpha()
        and before.isupper()
        and following[0].isupper()
        and not _is_start(following)
    )


def _marks_list_item(text: str, start: int) -> bool:
    """`: 1. From ...; 2. From ...`: a number that opens an item and closes no sentence."""
    return text[:start].rstrip().endswith((":", ";")) or not text[:start].strip()


def _is_start(following: str) -> bool:
    next_word = re.match(r"[A-Za-z]+", following)
    return next_word is not None and next_word.group().lower() in STARTERS


def _stripped(text: str, span: Span) -> Span:
    piece = text[span.start : span.end]
    return Span(span.start + len(piece) - len(piece.lstrip()), span.end - len(piece) + len(piece.rstrip()))
