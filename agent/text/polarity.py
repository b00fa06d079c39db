"""Which way a sentence points: what it negates, whether a quantity goes up or down, and how its figures are bounded.

By word lists of English, and by nearness: there is no grammar here, and what these give is a suspicion.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from agent.text.figures import FACTOR, Figure, figures
from agent.text.sentences import sentences
from agent.text.tokens import STOP_WORDS, stem

# Says of the word behind it that it is not so.
_NOT = frozenset("not no never neither nor none nothing without cannot".split())
_PAIRED = frozenset(("neither", "nor"))  # deny more than what stands between them
_HARDLY = frozenset("hardly barely scarcely rarely seldom little".split())
# Says so in any place of a sentence, or may be meant by such a word: where one of these stands, nobody is suspected.
_DENYING = re.compile(
    r"\b(?:not|no|never|neither|nor|none|nothing|without|cannot|hardly|barely|scarcely|rarely|seldom|little|few|free|absen\w+|instead"
    r"|unlike|rather|despite|although|only|except|zero|independent\w*|unaware|(?:lack|fail|avoid|eliminat|dispens|remov|prevent|omit|skip|spar|discard"
    r"|replac|exclud|forg[oe]|obviat|bypass|elid|reject|refut|deny|den(?:ies|ied)|miss|spare[sd]?|escap|overcom|resist|ignor|drop|lossl|rid)\w*"
    r"|un(?!der|it|iv|i|til)\w{3,}|in(?:dependen|sensitiv|variant|capable|efficien|accura|suffic|stead|abil)\w*|im(?:possib|mun)\w*|dis\w{4,}|non-?\w+|de(?:couple|activat)\w*"
    r"|\w{3,}less(?:ly)?|\w+-free|\w+n['’]t)\b",
    re.I,
)
_QUANTIFIED = frozenset(
    "more less longer later fewer only matter doubt wonder sooner".split()
)  # no more than: no denial
REACH = 6  # words behind a denial in which what it denies is looked for
BEHIND = 9  # words behind a word among which a denial may be meant for it
NEAR = 30  # characters between a figure and the word that says which way it goes
_BREAK = re.compile(r"[;:,.()]\s|\b(?:and|while|whereas|but)\b")

_UP, _DOWN = 1, -1
_DIRECTIONS: tuple[tuple[str, str, str], ...] = (
    ("speed", r"fast(?:er|est)|sp(?:eed|ed)(?:s|ing|ed|-?ups?)?|accelerat\w+|quick(?:er|est|ly)", r"slow(?:er|est|s|ed|ing|ly|downs?|-downs?)?"),
    ("amount", r"increas\w+|higher|highest|more|larger|largest|bigger|greater|longer|grow(?:s|n|ing|th)?|grew|ris(?:es?|en|ing)|rose|rais\w+|gain(?:s|ed|ing)?|above|expand\w*|up\b(?! to\b)",
     r"decreas\w+|lower(?:s|ed|ing)?|lowest|less|fewer|fewest|smaller|smallest|shorter|shr[aiu]nk\w*|fall(?:s|en|ing)?|fell|drop(?:s|ped|ping)?|reduc\w+|cut(?:s|ting)?|los(?:s|es|t)|below|declin\w+|diminish\w*|down"),
    ("quality", r"better|best|improv\w+|outperform\w*|surpass\w*|exceed\w*|beat(?:s|en|ing)?|superior|excel\w*", r"worse|worst|worsen\w*|degrad\w+|deteriorat\w+|underperform\w*|inferior|impair\w*|hurt(?:s|ing)?"),
    ("extent", r"most|maxim\w+", r"least|minim\w+"),
    ("possibility", r"easier|easily|simpl(?:er|y|ify|ifies)|enabl\w+|allow\w*", r"harder|difficult\w*|prevent\w*|forbid\w*"),
)  # fmt: skip
_TURNS = [(name, re.compile(rf"\b(?:{up})\b", re.I), re.compile(rf"\b(?:{down})\b", re.I)) for name, up, down in _DIRECTIONS]  # fmt: skip
_WORD = re.compile(r"[^\W_]+(?:['’][a-z]+)?")

_AT_MOST = re.compile(
    r"\b(?:up to|at most|as (?:much|many|high|low|few|little|large|long|far|fast) as|no(?:t)? (?:more|higher|larger|greater|longer) than|not exceed\w*|below|under"
    r"|less than|fewer than|lower than|smaller than|within|max(?:imum|imal\w*|\.)?|peak\w*|reach\w*|the best|best|≤|<|as soon as|bound\w*|or less|or fewer|even|until|ceiling|limit\w*|top\w*)(?!\w)|[≤<]",
    re.I,
)
_AT_LEAST = re.compile(
    r"\b(?:at least|over|more than|above|exceed\w*|no(?:t)? (?:less|fewer|lower|smaller) than|min(?:imum|imal\w*)?|beyond|greater than|higher than|larger than|from|starting|or more|upwards?|≥|>)(?!\w)|[≥>]",
    re.I,
)
_UP_TO = re.compile(r"\b(?:up to|at most|no more than|(?<!no )(?<!not )(?:less|fewer) than|as (?:much|many) as)\s*(?:a |an |about |around |roughly )?$", re.I)  # fmt: skip
_NO_LESS = re.compile(r"\b(?:at least|no less than)\s*(?:a |an |about |around |roughly )?$", re.I)
_AND_MORE = re.compile(r"\b(?:over|(?<!no )(?<!not )more than|above|exceed(?:s|ing)?)\s*(?:a |an |about |around |roughly )?$", re.I)  # fmt: skip

_OF_BOUNDS = ("", FACTOR, "%", "points")  # `over 30 years` is no bound


@dataclass(frozen=True)
class Word:
    """A word of a sentence with its number, its stem, and where it ends."""

    number: int
    text: str
    stem: str
    end: int


@dataclass(frozen=True)
class Denial:
    """A denying word, and the stems of substance behind it; `is_next` where the first follows at once."""

    word: str
    meant: tuple[str, ...]
    is_next: bool


@lru_cache(maxsize=20_000)
def words_of(text: str) -> tuple[Word, ...]:
    return tuple(
        Word(number, match.group().lower(), stem(match.group().lower()), match.end())
        for number, match in enumerate(_WORD.finditer(text))
    )


def denies(text: str) -> bool:
    """Whether anything in a text may deny something."""
    return bool(_DENYING.search(text))


def denied(text: str) -> Iterator[Denial]:
    """What a text denies, as far as the words right behind its denials tell."""
    said = words_of(text)
    for word in said:
        if word.text not in _NOT and not word.text.endswith(("n't", "n’t")):
            continue
        behind = said[word.number + 1 : word.number + 1 + REACH]
        if behind and behind[0].text in _QUANTIFIED:
            continue
        meant = [one for one in behind if one.text not in STOP_WORDS and not one.text.isdigit()][:3]
        if meant:
            is_next = meant[0].number == word.number + 1
            yield Denial(word.text, tuple(one.stem for one in meant), is_next)


def pairs_denied(text: str) -> Iterator[tuple[str, str, str, str]]:
    """Each denial between two words of substance: the word, the stems before and behind it, and what follows at once.

    `cannot be avoided` in `quadratic time cannot be avoided` stands between `time` and `avoided`.
    """
    said = words_of(text)
    for word in said:
        if word.text in (_NOT | _HARDLY) - _PAIRED or word.text.endswith(("n't", "n’t")):
            before = next(
                (one for one in said[max(0, word.number - 3) : word.number][::-1] if _is_content(one)), None
            )
            behind = next((one for one in said[word.number + 1 : word.number + 4] if _is_content(one)), None)
            if before and behind:
                yield word.text, before.stem, behind.stem, said[word.number + 1].text


def pair_stands(before: str, behind: str, text: str) -> tuple[str, ...] | None:
    """The words from a little before two stems that follow each other closely in a text; None where they do not."""
    said = words_of(text)
    for word in said:
        if word.stem == before:
            for other in said[word.number + 1 : word.number + REACH]:
                if other.stem == behind:
                    return tuple(one.text for one in said[max(0, word.number - 3) : other.number])
    return None


def _is_content(word: Word) -> bool:
    return word.text not in STOP_WORDS and word.text not in _HARDLY and not word.text.isdigit()


def ways_it_stands(wanted: str, text: str) -> frozenset[bool]:
    """How a stem stands in a text: True where its sentence denies something before it or right after it, else False."""
    found = set()
    for sentence in sentences(text):
        said = words_of(sentence)
        for word in said:
            if word.stem == wanted:
                found.add(denies(" ".join(one.text for one in said[: word.number + BEHIND])))
    return frozenset(found)


def has(wanted: str, text: str) -> bool:
    """Whether a stem stands in a text as a word, and not as the second part of one (`fine-tuning`)."""
    return any(
        word.stem == wanted and text[word.end - len(word.text) - 1 : word.end - len(word.text)] != "-"
        for word in words_of(text)
    )


@dataclass(frozen=True)
class Turn:
    """A word that says which way something goes: in which dimension, up (1) or down (-1), and what stands beside it."""

    dimension: str
    way: int
    beside: frozenset[str]


def turns(text: str) -> Iterator[Turn]:
    """Which way what goes. Beside a word stand the nearest figure, and the words of substance behind and before it."""
    for name, up, down in _TURNS:
        for way, pattern in ((_UP, up), (_DOWN, down)):
            for match in pattern.finditer(text):
                yield Turn(name, way, frozenset(_beside(text, match)))


def _beside(text: str, match: re.Match[str]) -> Iterator[str]:
    said = words_of(text)
    before = [word for word in said if word.end <= match.start()]
    after = [word for word in said if word.end > match.end()]
    for side in (after[:2], before[::-1][:1]):
        content = next(
            (word for word in side if word.text not in STOP_WORDS and not word.text.isdigit()), None
        )
        if content:
            yield content.stem
    close = [figure for figure in figures(text) if _is_close(text, figure, match)]
    if close:
        nearest = min(close, key=lambda figure: (abs(_gap(figure.start, figure.end, match)), figure.start))
        yield from (f"{value}{unit}" for value, unit in sorted(nearest.marks))


def _is_close(text: str, figure: Figure, match: re.Match[str]) -> bool:
    start, end = min(figure.end, match.end()), max(figure.start, match.start())
    return end - start <= NEAR and not _BREAK.search(text, start, max(start, end))


def _gap(start: int, end: int, match: re.Match[str]) -> int:
    return start - match.end() if start >= match.end() else match.start() - end


@dataclass(frozen=True)
class Bounded:
    """A figure's marks, the bound right before it, and the text up to right behind it, where a bound may stand."""

    marks: frozenset[tuple[Decimal, str]]
    bound: str
    near: str


def bounds(text: str) -> Iterator[Bounded]:
    """The figures of a text that are bounded right before them: `up to 4x` at most, `over 2.2x` at least."""
    for figure in figures(text):
        before = text[: figure.start]
        near = text[: figure.end + NEAR]
        if _UP_TO.search(before):
            yield Bounded(figure.marks, "at most", near)
        elif _NO_LESS.search(before) or (_AND_MORE.search(before) and figure.unit in _OF_BOUNDS):
            yield Bounded(figure.marks, "at least", near)
        else:
            yield Bounded(figure.marks, "", near)


def says_at_most(text: str) -> bool:
    """Whether any word of a text can be a bound from above."""
    return bool(_AT_MOST.search(text))


def says_at_least(text: str) -> bool:
    """Whether any word of a text can be a bound from below."""
    return bool(_AT_LEAST.search(text))
