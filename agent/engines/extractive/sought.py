"""What a question looks for, and how much of it stands in papers and sentences.

A word counts by its family, so that `initialise` finds `initialization`, and by how telling it is: ln((n + 1) /
(papers that have it + 1)), estimated from the papers that a search brought. Weights are in units of ln(n + 1), so
that 1 is a word that one paper of all has.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from agent.engines.extractive.called import names_of_work, own_name
from agent.engines.extractive.demands import COSTS, GENERIC, bounds_in, denied_in, parted, topic_of
from agent.engines.extractive.kinds import DATA, LOSS, kinds_denied, kinds_in, stands_for
from agent.engines.protocol import AnswerInput, Match
from agent.text.names import names
from agent.text.numbered import NumberedPaper
from agent.text.questions import american, families, family, telling_words
from agent.text.tokens import stands_in, stem, words

TYPO_FROM = 7  # letters of a word that may be misspelt
LEAST_WEIGHT = 0.05  # of a word that every paper has that came: it may be why they came
NEIGHBOUR = 0.5  # what a word in the next sentence counts beside one in the sentence itself
MANY = 8  # papers that a search brought: there may be others; of fewer, all are here
LONGEST_PHRASE = 100  # characters of what is said to be not stated
NAMELESS = "what is asked"  # where it is too long to be said
_DATA_SETS = re.compile(r"\bdata sets?\b", re.I)
_OF_DATA_SETS = families(("data", "set"))
_LOSSES = families("lose cost sacrifice drop fall degrade decline hurt".split())
_WRITTEN = re.compile(r"[^\W_][\w+*^’'-]*(?:\.\d+[\w-]*)*")
_BESIDES = re.compile(r"\b(?:besides|apart from|other than|except(?: for)?)\b[^?.;,]*", re.I)
_EXAMPLES = re.compile(rf"\b(?:such as|for example|for instance|e\.g\.)[^?.;]*|{_BESIDES.pattern}", re.I)


@dataclass(frozen=True)
class Speaks:
    """What a paper says of what is sought: how much weight it has, and its best sentence with the next one has."""

    key: str
    weight: float
    beside: float
    score: float

    @property
    def worth(self) -> float:
        """Half the paper, half its best place."""
        return (self.weight + self.beside) / 2


class Sought:
    """The families of a question's telling words, their weights, and where they stand."""

    def __init__(self, asked: AnswerInput) -> None:
        self.asked = asked
        self.papers = {paper.key: paper for paper in asked.papers}
        self.matches = {match.key: match for match in asked.matches}
        self.called = [match.key for match in asked.matches if match.is_named and match.key in self.papers]
        pointed = (key for key in asked.asked.keys if key in self.papers)
        named = dict.fromkeys([*pointed, *self.called, *self._called_by_a_part()])
        self.besides = frozenset(key for key in named if self._is_besides(key))
        self.about = [key for key in named if key not in self.besides]
        question = _EXAMPLES.sub(" ", asked.asked.question)
        self.is_listing = asked.asked.kind in {"list", "trend"}
        first, second = parted(question) if self.is_listing else (question, "")
        self.stems = self._stems(topic_of(first) if self.is_listing else first)
        self.further = {stem_: word for stem_, word in self._stems(second).items() if stem_ not in self.stems}
        self.words = tuple(dict.fromkeys(self.stems.values()))
        self.denied = denied_in(first) & frozenset(self.words) if self.is_listing else frozenset()
        self.bounds = bounds_in(first) if self.is_listing else ()
        self._sentences: dict[str, tuple[frozenset[str], ...]] = {}
        self._holds: dict[str, frozenset[str]] = {}
        self.weights = {word: self._weigh(word) for word in self.words}
        self.total = math.fsum(self.weights.values())

    def _stems(self, question: str) -> dict[str, str]:
        """Each telling stem of the question, without the names of the papers it names, and its family."""
        papers = [self.papers[key].paper for key in self.about]
        called = [name.written for paper in papers for name in names_of_work(paper)]
        called += [paper.texts.title for paper in papers]
        named = {stem(word) for name in called if stands_in(name, question) for word in words(name)}
        found = {word: self._family(word, question) for word in telling_words(question) if word not in named}
        telling = {word: one for word, one in found.items() if one not in GENERIC}
        return telling if telling or named or self.is_listing else found

    def _family(self, word: str, question: str) -> str:
        """The family of a word; what a question calls a cost, a drop or a fall may be a loss."""
        found = family(self._corrected(word))
        if found in _OF_DATA_SETS and _DATA_SETS.search(question):
            return DATA
        return LOSS if found in _LOSSES and COSTS.search(question) else found

    def _called_by_a_part(self) -> list[str]:
        """The papers whose own name opens a name of the question that stands in them: `TAID-LLM-1.5B` of TAID."""
        wholes = [name for name in names(self.asked.asked.question) if "-" in name]
        return [
            match.key
            for match in self.asked.matches
            if (paper := self.papers.get(match.key))
            and any(
                whole.startswith(f"{own_name(paper.paper)}-") and stands_in(whole, paper.opening_text)
                for whole in wholes
            )
        ]

    def _is_besides(self, key: str) -> bool:
        """Whether a question asks for others than this paper: `besides AWQ, which papers ...`."""
        name = own_name(self.papers[key].paper)
        return any(stands_in(name, match.group()) for match in _BESIDES.finditer(self.asked.asked.question))

    def _corrected(self, word: str) -> str:
        """A word that no paper has, as the papers spell what it is most like."""
        if word not in self.asked.unknown or len(word) < TYPO_FROM or not word.isalpha():
            return word
        from rapidfuzz.distance import OSA  # wanted only where a word is found nowhere

        known = sorted(
            other for other in self._vocabulary if abs(len(other) - len(word)) <= 1 and other[:1] == word[:1]
        )
        near = [
            (distance, other)
            for other in known
            if (distance := OSA.distance(word, other, score_cutoff=2)) <= 1
        ]
        return min(near)[1] if near else word

    @cached_property
    def _vocabulary(self) -> frozenset[str]:
        return frozenset(word for paper in self.asked.papers for word in paper.words)

    def holds(self, key: str) -> frozenset[str]:
        """The families sought that a paper has; of one that is not shown, by what the search says that it lacks."""
        if key not in self._holds:
            match, paper = self.matches.get(key), self.papers.get(key)
            lacking = match.lacking if match else frozenset(self.stems)
            found = {word for stem_, word in self.stems.items() if stem_ not in lacking}
            if paper is not None:
                shown = frozenset[str]().union(*self.sentences(paper))
                found = {word for word in self.words if word in shown or (paper.has_body and word in found)}
            self._holds[key] = frozenset(found)
        return self._holds[key]

    def sentences(self, paper: NumberedPaper) -> tuple[frozenset[str], ...]:
        """The families sought that each sentence of a paper has."""
        if paper.key not in self._sentences:
            wanted = frozenset(self.words)
            self._sentences[paper.key] = tuple(
                (self._said(one.text) | families(words(paper.heading(number)))) & wanted
                for number, one in enumerate(paper.sentences)
            )
        return self._sentences[paper.key]

    def stood_for(self, paper: NumberedPaper) -> frozenset[str]:
        """The families sought that stand in a paper as names and figures of their kind."""
        return frozenset(self.words) & frozenset[str]().union(
            *(stands_for(one.text) for one in paper.sentences)
        )

    def _said(self, text: str) -> frozenset[str]:
        """The families of a text; what is asked not to be so, only where the text negates it."""
        found = kinds_in(text)
        return (found - self.denied) | (kinds_denied(text) & self.denied) if self.denied else found

    def weight(self, found: Iterable[str]) -> float:
        """How much of what is sought these families are."""
        return math.fsum(self.weights[word] for word in sorted(set(found)))

    def share(self, found: Iterable[str]) -> float:
        """The same as a share of all that is sought; 1 where nothing is."""
        return self.weight(found) / self.total if self.total else 1.0

    @cached_property
    def speaks(self) -> tuple[Speaks, ...]:
        """The papers shown, those asked about first, then by what they say of what is sought."""
        found = [self._speaks(paper) for paper in self.asked.papers]
        most = max((one.worth for one in found), default=0.0) or 1.0
        best = max((match.score for match in self.asked.matches), default=0.0) or 1.0
        place = {key: number for number, key in enumerate(self.about)}
        return tuple(
            sorted(
                found,
                key=lambda one: (
                    place.get(one.key, len(place)),
                    -(one.worth / most + one.score / best),
                    one.key,
                ),
            )
        )

    def best_for(self, side: str, ranked: Sequence[Speaks]) -> Speaks | None:
        """The paper that speaks most of one side of a comparison: by name, else by its words."""
        named = [one for one in ranked if stands_in(side, own_name(self.papers[one.key].paper))]
        if named:
            return named[0]
        wanted = families(telling_words(side))
        found = [(self.weight_of(wanted & kinds_in(self.papers[one.key].text)), one) for one in ranked]
        best = max((weight for weight, _ in found), default=0.0)
        return next((one for weight, one in found if weight == best and weight > 0), None)

    def weight_of(self, found: Iterable[str]) -> float:
        """The weight of families that may stand in a side only."""
        return math.fsum(self.weights.get(word, self._weigh(word)) for word in sorted(set(found)))

    @cached_property
    def worths(self) -> list[float]:
        """The weights of all papers that the search brought, highest first."""
        keys = dict.fromkeys([*self.papers, *self.matches])
        return sorted((self.weight(self.holds(key)) for key in keys), reverse=True)

    @cached_property
    def aspects(self) -> tuple[str, ...]:
        """What is sought besides the names of what a comparison holds against each other."""
        called = families(
            word for side in self.asked.asked.sides for name in names(side) for word in words(name)
        )
        return tuple(word for word in self.words if word not in called)

    @cached_property
    def names(self) -> frozenset[str]:
        """The families sought that the question writes as names."""
        return families(word for name in names(self.asked.asked.question) for word in words(name))

    @property
    def unknown(self) -> tuple[str, ...]:
        """The families that no paper has."""
        held = frozenset[str]().union(*(self.holds(key) for key in self.papers))
        return tuple(word for word in self.words if word in self.unknown_words and word not in held)

    def spelled(self, lacking: Iterable[str]) -> str:
        """Families as the question spells their words, in its order, those side by side as a phrase."""
        families_ = set(lacking)
        stems = {**self.further, **self.stems}
        wanted = {stem_ for stem_, word in stems.items() if word in families_}
        pieces: list[str] = []
        last = -2
        for place, match in enumerate(_WRITTEN.finditer(self.asked.asked.question)):
            if wanted.isdisjoint(stem(word) for word in words(match.group())):
                continue
            if place == last + 1:
                pieces[-1] += f" {match.group()}"
            else:
                pieces.append(match.group())
            last = place
        return phrased(list(dict.fromkeys(pieces)))

    def _speaks(self, paper: NumberedPaper) -> Speaks:
        found = self.sentences(paper)
        beside = max(
            self.weight(one) + NEIGHBOUR * self.weight(after - one)
            for one, after in zip(found, [*found[1:], frozenset()], strict=True)
        )
        match: Match | None = self.matches.get(paper.key)
        return Speaks(paper.key, self.weight(self.holds(paper.key)), beside, match.score if match else 0.0)

    def _weigh(self, word: str) -> float:
        """Counted among the papers that came; the more of many have a word, the more it is had by the others, too."""
        size = max(self.asked.size, len(self.papers), 2)
        came = dict.fromkeys([*self.papers, *self.matches])
        having: float = sum(word in self.holds(key) for key in came)
        if len(came) >= MANY:
            having *= (size / len(came)) ** math.sqrt(having / len(came))
        return max(LEAST_WEIGHT, math.log((size + 1) / (min(having, size) + 1)) / math.log(size + 1))

    @cached_property
    def unknown_words(self) -> frozenset[str]:
        """Families of stems that the search knows nowhere; of what others spell otherwise nothing is known."""
        searched = self.asked.unknown - {stem_ for stem_ in self.asked.unknown if _has_other_spelling(stem_)}
        return frozenset(word for stem_, word in self.stems.items() if stem_ in searched)


def phrased(pieces: Sequence[str]) -> str:
    """Pieces of a question as a short phrase: no more of them than fit, and nothing is cut in the middle."""
    kept: list[str] = []
    for piece in pieces:
        if len(", ".join([*kept, piece])) > LONGEST_PHRASE:
            break
        kept.append(piece)
    return ", ".join(kept) or (NAMELESS if pieces else "")


def _has_other_spelling(stem_: str) -> bool:
    return any(american(word) != word for word in (stem_, f"{stem_}e"))
