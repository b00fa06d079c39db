"""What papers call their own work, and whether a question calls it by that name.

A name is compared without case, hyphens and blanks: `awq` is AWQ, `flash attention 2` is FlashAttention-2;
`Quamba2` is not Quamba, SmoothQuant+ is not SmoothQuant. A word typed plainly that papers write plainly, too, is
an ordinary word and no name, though some title begins with it.
What this does not know: names that a paper gives its work in other words than "called", "we introduce" and the like.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from agent.text.names import head_of_title, is_name, names
from agent.text.questions import is_asking
from agent.text.titles import fold
from agent.text.tokens import STOP_WORDS, stem, words

MOST_TOKENS = 200  # of a question that are looked at
MOST_WORDS = 4  # of a name
MOST_LETTERS = 60  # of a word of one
_SHORTEST = 3  # letters of a name that only the abstract gives
_TOKEN = re.compile(r"[^\W_](?:[\w+#*^'’.·-]*[\w+#*])?")
_POSSESSIVE = re.compile(r"['’]s$")
# `AWQ-quantized` is about AWQ, `LoRA-GA` is not about LoRA.
_ENDING = re.compile(
    r"(.+)-(?:[a-z]{2,}(?:ed|ing)|based|like|style|free|aware|wise|specific|compatible|related|type)$"
)
_VERSION = re.compile(r"(.*[^\W\d_])-?v?\d+(?:\.\d+)*$")
_CALLED = re.compile(
    r"\b(?:called|named|dubbed|termed|namely|[Ww]e (?:\w+ly )?(?:introduce|present|propose|develop|design))\s+(?:the\s+|an?\s+)?"
    r"([^\W_][\w+*-]*)"
)
_INTRODUCES = re.compile(
    r"\b(?:called|named|dubbed|termed|namely|(?:introduc|present|propos|develop|design)\w*)\b", re.I
)
_VERSIONED = re.compile(r"([A-Z]\w+ v?\d+(?:\.\d+)?)\s*:")
_IN_BRACKETS = re.compile(r"\(([^\W_][\w+*-]*)\)")


@dataclass(frozen=True)
class OwnName:
    """A name as it is compared and as it is written; one that is not sure may be any abbreviation."""

    folded: str
    written: str
    is_sure: bool = True


@dataclass(frozen=True)
class Typed:
    """A stretch of a question that may be a name: as compared, as typed, and where it stands, by words.

    `version` is the folded whole where only its beginning may be the name: `medusa1` of Medusa-1.
    """

    folded: str
    text: str
    start: int
    end: int
    version: str | None = None


def own_names(title: str, sentences: Iterable[str]) -> tuple[OwnName, ...]:
    """What a paper calls its work: what its title begins with, else what the abstract's sentences introduce by name.

    An abbreviation, and a name that merely stands in the title, are not sure to be the work's own.
    """
    head = head_of_title(title) or _versioned(title)
    if head:
        return _distinct([OwnName(fold(head), head)])
    found = [OwnName(fold(name), name, is_sure=False) for name in names(title) if _may_be_own(name)]
    for sentence in sentences:
        found += [OwnName(fold(name), name) for name in _CALLED.findall(sentence) if _may_be_own(name)]
        introduced = _INTRODUCES.search(sentence) if "(" in sentence else None
        if introduced:
            brackets = _IN_BRACKETS.findall(sentence, introduced.end())
            found += [OwnName(fold(name), name, is_sure=False) for name in brackets if _may_be_own(name)]
    return _distinct(found)


def _versioned(title: str) -> str | None:
    """`Seedance 1.0: ...` and `MeLM, a ...`: names that a title begins with."""
    found = _VERSIONED.match(title)
    if found:
        return found.group(1)
    head = title.partition(",")[0]
    return head if head != title and is_name(head) and " " not in head else None


def _may_be_own(name: str) -> bool:
    return is_name(name) and len(name) >= _SHORTEST


def _distinct(names: Iterable[OwnName]) -> tuple[OwnName, ...]:
    found: dict[str, OwnName] = {}
    for name in sorted(names, key=lambda name: not name.is_sure):
        if name.folded:
            found.setdefault(name.folded, name)
    return tuple(found.values())


def typed_names(query: str) -> list[Typed]:
    """Every stretch of one to four words that could be a name."""
    tokens = [_POSSESSIVE.sub("", match.group()) for match in _TOKEN.finditer(query)][:MOST_TOKENS]
    found: list[Typed] = []
    for start in range(len(tokens)):
        for end in range(start + 1, min(start + MOST_WORDS, len(tokens)) + 1):
            if len(tokens[end - 1]) > MOST_LETTERS:
                break
            if not _goes_on(tokens, end):
                found += _readings(tokens, start, end)
    return [one for one in found if one.folded]


def _readings(tokens: list[str], start: int, end: int) -> Iterator[Typed]:
    text = " ".join(tokens[start:end])
    yield Typed(fold(text), text, start, end)
    if end - start == 1:
        if ending := _ENDING.fullmatch(text):
            yield Typed(fold(ending.group(1)), ending.group(1), start, end)
        for base in _bases(text):
            yield Typed(fold(base), base, start, end, version=fold(text))


def _bases(text: str) -> list[str]:
    """What a longer name may be a version of: of `TAID-LLM-1.5B` TAID-LLM and TAID, of `Medusa2` Medusa."""
    pieces = text.split("-")
    found = ["-".join(pieces[:count]) for count in range(len(pieces) - 1, 0, -1)]
    numbered = _VERSION.fullmatch(text)
    return list(dict.fromkeys([*found, *([numbered.group(1)] if numbered else [])]))


def _goes_on(tokens: list[str], end: int) -> bool:
    """Whether a number follows that is part of the name: `Quamba 2`, but not `AWQ 4 bit`."""
    if end >= len(tokens) or not re.fullmatch(r"v?\d(?:\.\d)?", tokens[end]):
        return False
    return end + 1 == len(tokens) or _is_plain(tokens[end + 1])


def _is_plain(word: str) -> bool:
    return word.lower() in STOP_WORDS or is_asking(stem(word.lower()))


def longest(found: Iterable[Typed]) -> list[Typed]:
    """Those that stand in no longer one: of `Grounding DINO` not `DINO`, of a whole word not its beginning."""
    kept = list(found)
    return [one for one in kept if not any(_covers(other, one) for other in kept)]


def _covers(other: Typed, one: Typed) -> bool:
    if (other.start, other.end) == (one.start, one.end):
        return len(other.text) > len(one.text)
    return other.start <= one.start and one.end <= other.end


def is_written_so(typed: Typed, written: str, query: str) -> bool:
    """Whether a name is typed with its own capitals, so that it can be no ordinary word."""
    if query.upper() == query or _bare(typed.text) != _bare(written):
        return False
    if _has_own_writing(written):
        return True
    return written != written.lower() and typed.start > 0 and not _is_in_capitals(query)


def is_ordinary(typed: Typed, written: str, own: str, others: Iterable[str]) -> bool:
    """Whether what is typed plainly is an ordinary word: papers write it so, as often as they write it as a name.

    A name that is merely a word with a capital must be written so by another paper, and by none in small letters.
    """
    pieces = words(typed.text)
    if len(pieces) == 1 and _is_plain(pieces[0]):
        return True
    pattern = re.compile(r"(?<![^\W_])" + r"[\s-]*".join(map(re.escape, pieces)) + r"s?(?![^\W_])", re.I)
    found = [_uses(pattern, text) for text in others]
    plain, named = sum(one for one, _ in found), sum(other for _, other in found)
    own_plain, own_named = _uses(pattern, own)
    if _has_own_writing(written):
        return 0 < plain >= named or 0 < own_plain >= own_named
    return named == 0 or plain + own_plain > 0


def _uses(pattern: re.Pattern[str], text: str) -> tuple[int, int]:
    """How often a word stands in small letters, and how often with capitals that no sentence's start gives it."""
    found = [(match.start(), match.group()) for match in pattern.finditer(text)]
    plain = sum(use == use.lower() for _, use in found)
    named = sum(
        use != use.lower() and (use[1:] != use[1:].lower() or not _is_at_start(text, start))
        for start, use in found
    )
    return plain, named


def _is_at_start(text: str, start: int) -> bool:
    before = text[:start].rstrip(" \n\"“‘'([")
    return not before or before[-1] in ".!?:"


def _is_in_capitals(query: str) -> bool:
    """Whether most words begin with a capital, as in a title."""
    initials = [word[0] for word in re.findall(r"[^\W\d_]\w*", query)]
    return len(initials) > 2 and 2 * sum(initial.isupper() for initial in initials) > len(initials)


def _has_own_writing(written: str) -> bool:
    return any(is_name(word) for word in written.split())


def _bare(text: str) -> str:
    return re.sub(r"[\s·-]", "", text)
