"""What papers say to a sentence, without a model: quoted where their words are nearly the same, near where many are.

What this does not know: what a sentence means. So it says `supports` only where one sentence, or two neighbours,
have nearly all words, all figures and names, put together alike and negated alike; `against` only where just the
negation, or just one figure, or what something is done per, is another. A paper that says the same in other words is `related`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import Literal

from agent.engines.extractive import cues
from agent.engines.extractive.called import own_name
from agent.engines.extractive.kinds import LOSS, kinds_denied, kinds_in
from agent.engines.extractive.reading import metric_of
from agent.engines.extractive.swaps import gives_other
from agent.engines.protocol import SentenceRef, StanceDraft, StanceInput, StanceItem
from agent.text.figures import Figure, figures
from agent.text.names import fold_name, names
from agent.text.numbered import NumberedPaper
from agent.text.questions import families, family, negated, telling_words
from agent.text.tokens import stands_in

NEARLY_ALL = 0.9  # of a sentence's words, for support or contradiction
ALIKE = 0.8  # of its neighbouring words that are together in a clause there, too
GOOD_SHARE = 0.5  # of its words, for being related
FEWEST = 2  # words of a sentence that another must share
MOST_RELATED = 10

_OTHERS = re.compile(r"\b(?:existing|previous|prior|earlier|other|traditional|conventional|unlike)\b", re.I)
_CLAUSE = re.compile(r"[,;:()]|\b(?:and|but|while|whereas|or)\b")
_RIVALS = re.compile(r"\b(?:than|over|outperform\w*|surpass\w*|beats?|exceeds?|versus|vs)\b", re.I)

_BOUNDS = re.compile(r"\bup to\b|\bat (?:most|best)\b", re.I)
_POSSIBLE = re.compile(
    r"\b(?:may|might|could|potentially|whether|hypothesi[sz]e\w*|not clear|unclear)\b", re.I
)


@dataclass(frozen=True)
class Said:
    """A sentence, or two neighbours, as what must agree."""

    text: str

    @cached_property
    def words(self) -> frozenset[str]:
        return families(telling_words(self.plain))

    @cached_property
    def plain(self) -> str:
        """The text without its figures, which are held against each other by themselves."""
        text = self.text
        for figure in reversed(self.figures):
            text = f"{text[: figure.start]} {text[figure.end :]}"
        return text

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        return figures(self.text)

    @cached_property
    def marks(self) -> frozenset[object]:
        return frozenset(mark for figure in self.figures for mark in figure.marks)

    @cached_property
    def names(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(names(self.text)))

    @cached_property
    def kinds(self) -> frozenset[str]:
        """Its words, with that of loss where something is lost or kept."""
        return self.words | (kinds_in(self.text) & {LOSS})

    @cached_property
    def negated(self) -> frozenset[str]:
        return negated(self.text) | (kinds_denied(self.text) & {LOSS})

    @cached_property
    def clauses(self) -> tuple[frozenset[str], ...]:
        return tuple(
            families(telling_words(part)) | (kinds_in(part) & {LOSS}) for part in _CLAUSE.split(self.plain)
        )

    @cached_property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Neighbouring words of a clause."""
        found: list[tuple[str, str]] = []
        for part in _CLAUSE.split(self.plain):
            found += pairwise(family(word) for word in telling_words(part))
        return tuple(found)


@lru_cache(maxsize=20_000)
def _said(text: str) -> Said:
    return Said(text)


@dataclass(frozen=True)
class _Window:
    """One or two neighbouring sentences of a paper, held against a sentence."""

    paper: NumberedPaper
    numbers: tuple[int, ...]
    said: Said
    share: float

    @property
    def rank(self) -> tuple[float, int, int]:
        return (-self.share, len(self.numbers), self.numbers[0])


def stance(asked: StanceInput) -> StanceDraft:
    """The papers that support a sentence, speak against it or come near, best first; each with its sentences."""
    claim = Said(asked.sentence)
    if not claim.words:
        return StanceDraft()
    found: list[tuple[float, StanceItem]] = []
    for paper in asked.papers:
        windows = sorted(_windows(claim, paper), key=lambda window: window.rank)
        if windows and (item := _item(claim, windows)):
            found.append((windows[0].share, item))
    found.sort(key=lambda pair: (-pair[0], pair[1].key))
    told = [item for _, item in found if item.stance != "related"]
    related = [item for _, item in found if item.stance == "related"]
    return StanceDraft((*told, *related[:MOST_RELATED]))


def _windows(claim: Said, paper: NumberedPaper) -> Iterator[_Window]:
    """The title, and each sentence of the text alone and with the next one.

    What the paper calls its own work stands wherever it speaks of that, by name or not.
    """
    called = own_name(paper.paper)
    own = claim.words & families(telling_words(called)) if stands_in(called, claim.text) else frozenset()
    single = [_said(one.text) for one in paper.sentences]
    held = [claim.words & said.kinds for said in single]
    is_own = [_is_of_own(said) for said in single]
    for number, said in enumerate(single):
        first = held[number] | (own if is_own[number] else frozenset())
        yield _Window(paper, (number,), said, len(first) / len(claim.words))
        after = number + 1
        if number == 0 or after == len(single) or held[number] <= held[after] or held[after] <= held[number]:
            continue
        both = held[number] | held[after] | (own if is_own[number] and is_own[after] else frozenset())
        text = f"{said.text} {single[after].text}"
        yield _Window(paper, (number, after), Said(text), len(both) / len(claim.words))


def _own(paper: NumberedPaper) -> frozenset[str]:
    return families(telling_words(own_name(paper.paper)))


def _is_of_own(there: Said) -> bool:
    return not (_OTHERS.search(there.text) or cues.PROBLEM.search(there.text))


def _item(claim: Said, windows: list[_Window]) -> StanceItem | None:
    for stance_ in ("supports", "against"):
        for window in windows:
            if window.share >= NEARLY_ALL and _judged(claim, window) == stance_:
                return _of(window, "supports" if stance_ == "supports" else "against")
    best = windows[0]
    shared = len(claim.words & best.said.words)
    return _of(best, "related") if best.share >= GOOD_SHARE and shared >= FEWEST else None


def _of(window: _Window, stance_: Literal["supports", "against", "related"]) -> StanceItem:
    refs = tuple(SentenceRef(window.paper.key, number) for number in window.numbers)
    return StanceItem(window.paper.key, stance_, refs)


def _judged(claim: Said, window: _Window) -> str:
    """What two sentences of nearly the same words say to each other."""
    there = window.said
    if gives_other(claim.text, there.text) and _has_names(claim, window):
        return "against"
    if not _is_alike(claim, window) or not _has_names(claim, window) or _hedges_more(claim, there):
        return ""
    is_negated_alike = claim.negated & claim.words == there.negated & claim.words
    if claim.marks <= there.marks:
        if is_negated_alike:
            return "supports"
        return "against" if _is_negated_once(claim, there) else ""
    return "against" if is_negated_alike and _states_other_figure(claim, there) else ""


def _is_alike(claim: Said, window: _Window) -> bool:
    """Whether neighbouring words are together there, and rivals stand on the same sides."""
    there, own = window.said, _own(window.paper)
    pairs = [pair for pair in claim.pairs if not own & set(pair)]
    together = [pair for pair in pairs if any(set(pair) <= clause for clause in there.clauses)]
    if len(together) < ALIKE * len(pairs):
        return False
    return _rivals_stand_alike(claim, window)


def _rivals_stand_alike(claim: Said, window: _Window) -> bool:
    """Whether who is compared stands on the same side of `than` there; our own work may go without its name."""
    cut = _RIVALS.search(claim.text)
    if cut is None:
        return True
    there = window.said.text
    parted = _RIVALS.search(there)
    before, after = (there[: parted.start()], there[parted.start() :]) if parted else (there, "")
    own = own_name(window.paper.paper)
    ahead = (name for name in names(claim.text[: cut.start()]) if not _is_same(name, own))
    return all(stands_in(name, before) for name in ahead) and all(
        stands_in(name, after) for name in names(claim.text[cut.start() :])
    )


def _has_names(claim: Said, window: _Window) -> bool:
    own = own_name(window.paper.paper)
    return all(stands_in(name, window.said.text) or _is_same(name, own) for name in claim.names)


def _is_same(name: str, own: str) -> bool:
    return fold_name(name) == fold_name(own)


def _hedges_more(claim: Said, there: Said) -> bool:
    """Whether what is said there is bounded or only possible, and the sentence is not."""
    patterns = (_BOUNDS, _POSSIBLE) if claim.figures else (_POSSIBLE,)
    return any(pattern.search(there.text) and not pattern.search(claim.text) for pattern in patterns)


def _is_negated_once(claim: Said, there: Said) -> bool:
    """Whether the same words are negated in one of both and not in the other."""
    return bool(claim.negated & claim.words) != bool(there.negated & claim.words)


def _states_other_figure(claim: Said, there: Said) -> bool:
    """Whether both state one figure of the same measure, against the same rival, and not the same."""
    if len(claim.figures) != 1 or _is_rough(claim):
        return False
    figure = claim.figures[0]
    measure = metric_of(claim.text, figure)
    where = [
        Said(part)
        for part in _CLAUSE.split(there.text)
        if all(stands_in(name, part) for name in claim.names[1:])
    ]
    rivals = [
        other
        for part in where
        for other in part.figures
        if other.unit == figure.unit and metric_of(part.text, other) == measure
    ]
    return measure is not None and len(rivals) == 1


def _is_rough(claim: Said) -> bool:
    return any(cues.HEDGE.search(claim.text[: figure.start]) for figure in claim.figures)
