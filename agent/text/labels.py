"""What a question may call papers by, other than their titles and the names of their work: authors, keys, ids.

A family name is often a word or a method's name, too. `says Smith`, `Smith et al.` and `Smith (2024)` speak of a
person in any case; a name alone does only where no text has the word and all else that is asked for stands in texts.
What this does not know: given names, initials, and which of two people of one name is meant.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from agent.records import Paper
from agent.text.own_names import OwnName
from agent.text.questions import is_asking
from agent.text.titles import fold
from agent.text.tokens import STOP_WORDS, content_words

PERSON = "@"  # stands before a person's folded name, where names of works are kept; no folded name has it
MOST_TOKENS = 200  # of a question that are looked at
MOST_WORDS = 3  # of a family name
LONGEST = 60  # characters of a name or id
_SHORTEST = 2  # letters of a family name
_TOKEN = re.compile(r"[^\W\d_](?:[\w’'-]*\w)?")
_POSSESSIVE = re.compile(r"['’]s?$")
_AFTER = re.compile(
    r"(?:['’]s?)?(?:\s+(?:and|&)\s+[^\W\d_][\w’'-]*)?"
    r"(?:,?\s+et\s+al\b|,?\s*\(?(?:19|20)\d\d\b|\s+(?:and|&)\s+(?:colleagues|co-?workers|others)\b"
    r"|\s+(?:says?|said|writes?|wrote|claims?|claimed|argues?|argued|thinks?|states?|stated|concludes?|concluded|reports?|reported)\b)"
    r"|['’]s?\s+(?:\w+\s+)?(?:papers?|works?|articles?|study|studies|group|team|lab)\b",
    re.I,
)
_BEFORE = re.compile(r"\b(?:papers?|works?|articles?|study|studies|written|authored|published) (?:by|of|from)\s+(?:\w+\s+(?:and|&)\s+)?$", re.I)  # fmt: skip
_AND = re.compile(r"\s*(?:,|,?\s+and\s|&|\bet\b)\s*", re.I)
_YEAR = re.compile(r"[^\w]{0,3}(?:et al\.?)?[^\w]{0,3}((?:19|20)\d\d)(?!\d)", re.I)
_HANDLE = re.compile(r"@?[^\s,;?!\[\]{}<>\"“”‘’«»]{2,}")
_DOI = re.compile(r"10\.\d{4,9}/\S+", re.I)
_ARXIV = re.compile(r"(?:arxiv:|/)?(\d{4}\.\d{4,5}|[a-z-]{2,}/\d{7})(?:v\d+)?(?:\.pdf)?$", re.I)


@dataclass(frozen=True)
class Meant:
    """A stretch of a question as it was typed, and the papers that it calls."""

    text: str
    keys: tuple[str, ...]


@dataclass(frozen=True)
class Mention:
    """A stretch of a question that may be a family name, as compared and as typed; `start` and `end` by characters."""

    folded: str
    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Handle:
    """A stretch of a question that may be a citation key or an id; `ids` are what it may be, by scheme."""

    text: str
    key: str
    ids: tuple[tuple[str, str], ...]

    @property
    def is_sure(self) -> bool:
        """Whether it is written as no word is."""
        return self.text.startswith("@") or bool(self.ids) or any(not char.isalpha() for char in self.key)


def people(paper: Paper) -> tuple[OwnName, ...]:
    """The family names of a paper's authors, as they are kept; groups by their whole name."""
    found: dict[str, OwnName] = {}
    for author in paper.authors:
        written = author.family or author.name or ""
        folded = fold(written)
        if len(folded) >= _SHORTEST and len(written) <= LONGEST:
            found.setdefault(folded, OwnName(PERSON + folded, written))
    return tuple(found.values())


def mentions(query: str) -> list[Mention]:
    """Every stretch of one to three words that could be a family name, the longest first."""
    tokens = [(one.start(), one.start() + len(_POSSESSIVE.sub("", one.group()))) for one in _TOKEN.finditer(query)]  # fmt: skip
    tokens = tokens[:MOST_TOKENS]
    found: list[Mention] = []
    for count in range(MOST_WORDS, 0, -1):
        for first, last in zip(tokens, tokens[count - 1 :], strict=False):
            text = query[first[0] : last[1]]
            if _SHORTEST <= len(text) <= LONGEST and re.fullmatch(r"[\w’'-]+(?: [\w’'-]+)*", text):
                found.append(Mention(PERSON + fold(text), text, first[0], last[1]))
    return found


def handles(query: str) -> list[Handle]:
    """Every piece of a question that could be a key, a DOI or an arXiv id."""
    found = []
    for match in list(_HANDLE.finditer(query))[:MOST_TOKENS]:
        text = _POSSESSIVE.sub("", _closed(match.group()).rstrip(".:"))
        bare = text.removeprefix("@")
        if bare.lower() in STOP_WORDS or not bare:
            continue
        doi, arxiv = _DOI.search(bare), _ARXIV.search(bare)
        ids = [("doi", doi.group().casefold())] if doi else []
        ids += [("arxiv", arxiv.group(1).casefold())] if arxiv else []
        found.append(Handle(text, bare, tuple(ids)))
    return found


def _closed(text: str) -> str:
    """A piece without the brackets that stand around it."""
    text = text.lstrip("(").rstrip(".:")
    while text.endswith(")") and text.count(")") > text.count("("):
        text = text[:-1].rstrip(".:")
    return text


def is_person(mention: Mention, query: str, is_word: Callable[[str], bool], others: Iterable[str]) -> bool:
    """Whether a family name is meant as one.

    Args:
        is_word: whether a text has a stem. others: what else is asked for, as stems.
    """
    is_plain = mention.text == mention.text.lower()
    stems = content_words(mention.text)
    is_common = not stems or any(is_word(one) or is_asking(one) for one in stems)
    is_told = bool(_AFTER.match(query, mention.end)) or bool(_BEFORE.search(query[: mention.start]))
    if is_told:
        return not (is_plain and is_common)
    return not is_common and len(fold(mention.text)) > _SHORTEST and all(is_word(one) for one in others)


def year_of(mention: Mention, query: str) -> int | None:
    """The year that stands behind a name: `Lee (2024)`, `Lee et al., 2024`."""
    found = _YEAR.match(query, mention.end)
    return int(found.group(1)) if found else None


def are_joined(one: Mention, other: Mention, query: str) -> bool:
    """Whether two names stand side by side, as those of one paper's authors do."""
    return bool(_AND.fullmatch(query[one.end : other.start]))


def without(text: str, called: Iterable[Meant]) -> str:
    """A question in which what calls papers is only pointed at, so that no text is searched for it."""
    for one in called:
        text = _whole(one.text).sub("it", text)
    return text


@lru_cache(maxsize=1_000)
def _whole(text: str) -> re.Pattern[str]:
    return re.compile(r"(?<!\w)" + re.escape(text) + r"(?!\w)(?:\s+et\s+al\b\.?)?", re.I)


def distinct(found: Sequence[Mention]) -> list[Mention]:
    """Those that stand in no longer one, in order of the question."""
    kept: list[Mention] = []
    for one in found:
        if not any(other.start <= one.start and one.end <= other.end for other in kept):
            kept.append(one)
    return sorted(kept, key=lambda one: one.start)
