"""How near a paper is to a topic or to other papers, in numbers that need no model.

Words are compared by their families, so that quantized, quantizing and quantization are one. A topic is held against a
paper twice: by its own words, which count more the rarer they are in the field and the more often the paper has them;
and, since authors have other words for it, by likeness to the papers of the field that speak of it most (Rocchio's
relevance feedback, 1971, with the best found as if they had been marked). The second counts no more than those papers
themselves speak of the topic, so that in a field without it nothing is near. Likeness is the cosine of tf-idf vectors.

The shares and cuts below were set on 437 abstracts with topics read by hand; `docs/digest.md` has
the figures.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import median

from agent.text.grouping import Vector, centroid, cosine, weigh
from agent.text.numbered import NumberedPaper
from agent.text.questions import family
from agent.text.tokens import STOP_WORDS, runs, terms, words

LIKENESS = (
    0.6  # its share in a topic's score, the rest is words; less in a small field, which shows no likeness
)
WHOLE_FIELD = 30  # papers from which a field shows it
WHOLE_TOPIC, WHOLE_TOPIC_IN_TEXT = (
    0.4,
    0.25,
)  # of what is left, where a topic's words stand in title or text as one
MODELS = 12  # papers that show what a topic is about
AS_GOOD = 0.6  # of the best one's score by words, for a paper to show that too
SURE = 0.7  # score by words of those papers from which they show it surely
SATURATION = (0.0, 0.25, 0.45, 0.6, 0.7, 0.75)  # what a word counts that an abstract has once, twice, ...
IN_TITLE = 0.75  # of what is left, for a word of the title
NEAREST = 5  # example papers that a paper is compared with
CUT = 0.45  # score of a paper that is as near to its examples as related papers are
RELATED = 0.10  # mean cosine of related papers, of few; the nearest of many are nearer
RELATED_OF_MANY = 0.15
VERY_NEAR = (
    0.2  # cosine of two papers that are nearly about one thing; in a small field more, but no more than
)
MOST_NEAR = 0.6
TWICE_USUAL = 2.0  # no less than so often the mean cosine of any two papers: in a small field all are alike
# Where the code is and under which licence says nothing of what a paper is about.
_OFFERS = re.compile(r"\bavailable\b|\bgithub\b|https?:|\breleased (?:at|on|under)\b", re.I)


def roots(text: str) -> list[str]:
    """The families of the words that carry meaning."""
    return [
        family(word)
        for word in words(text)
        if word not in STOP_WORDS and not word.isdigit() and len(word) > 1
    ]


@dataclass(frozen=True)
class Sounded:
    """A paper's roots, of its title, and how often each stands in its abstract; its terms, for likeness; all roots in order."""

    title: frozenset[str]
    abstract: Mapping[str, int]
    has_abstract: bool
    terms: tuple[str, ...]
    in_order: tuple[str, str]

    @property
    def all(self) -> frozenset[str]:
        return self.title | frozenset(self.abstract)


def sound(paper: NumberedPaper) -> Sounded:
    """Count the roots of title and abstract; sentences that only say where something is to be had count for nothing."""
    said = [one.text for one in paper.sentences if one.part == "abstract" and not _OFFERS.search(one.text)]
    text = " ".join(said)
    title, abstract = roots(paper.paper.title), [roots(one) for one in said]
    return Sounded(
        title=frozenset(title),
        abstract=Counter(one for listed in abstract for one in listed),
        has_abstract=paper.is_readable,
        terms=(*terms(runs(paper.paper.title)), *terms(runs(text))),
        in_order=(_line(title), "\n".join(_line(listed) for listed in abstract)),
    )


def _line(listed: Iterable[str]) -> str:
    return f" {' '.join(listed)} "


class Field:
    """The papers among which a paper is judged: what is rare there, and what each is like."""

    def __init__(self, papers: Iterable[NumberedPaper]) -> None:
        ordered = {paper.key: paper for paper in sorted(papers, key=lambda paper: paper.key)}
        self.papers: dict[str, NumberedPaper] = ordered
        self._sounded = {key: sound(paper) for key, paper in ordered.items()}
        vectors = weigh([sounded.terms for sounded in self._sounded.values()])
        self._vectors: dict[str, Vector] = dict(zip(ordered, vectors, strict=True))

    @cached_property
    def _spread(self) -> Counter[str]:
        return Counter(one for sounded in self._sounded.values() for one in sounded.all)

    def sounded(self, key: str) -> Sounded:
        return self._sounded[key]

    def likeness(self, key: str, other: str) -> float:
        """The cosine of two papers of the field."""
        return cosine(self._vectors[key], self._vectors[other])

    def nearest(self, key: str, among: Iterable[str], count: int) -> list[tuple[str, float]]:
        """The nearest of some papers, itself left out, with their cosines, nearest first."""
        found = [(other, round(self.likeness(key, other), 9)) for other in among if other != key]
        return sorted(found, key=lambda pair: (-pair[1], pair[0]))[:count]

    @property
    def very_near(self) -> float:
        """The cosine from which two papers are nearly about one thing."""
        return min(MOST_NEAR, max(VERY_NEAR, VERY_NEAR / RELATED * TWICE_USUAL * self._usual))

    def nearness(self, key: str, examples: Sequence[str]) -> float:
        """How near a paper is to example papers, 0 to 1; `CUT` where it is as near as related papers are."""
        found = self.nearest(key, examples, NEAREST)
        if not found:
            return 0.0
        mean = math.fsum(score for _, score in found) / len(found)
        return min(1.0, CUT * mean / self._related(len(examples)))

    def _likeness_among(self, models: Sequence[str]) -> float:
        """How like papers are to the middle of them all, halfway between with themselves in it and without."""
        vectors = [self._vectors[key] for key in models]
        middle = centroid(vectors)
        inside = median(cosine(vector, middle) for vector in vectors)
        if len(vectors) < 3:
            return inside
        outside = median(
            cosine(vector, centroid([other for other in vectors if other is not vector]))
            for vector in vectors
        )
        return (inside + outside) / 2

    @cached_property
    def _usual(self) -> float:
        """The mean cosine of any two papers."""
        size = len(self._vectors)
        sums: dict[str, list[float]] = defaultdict(list)
        for vector in self._vectors.values():
            for term, weight in vector.items():
                sums[term].append(weight)
        squares = math.fsum(math.fsum(parts) ** 2 for parts in sums.values())
        return max(0.0, squares - size) / (size * (size - 1)) if size > 1 else 0.0

    def _related(self, examples: int) -> float:
        """The mean cosine to its nearest examples from which a paper is related: it grows with their number."""
        more = math.log2(examples / NEAREST) if examples > NEAREST else 0.0
        related = min(RELATED_OF_MANY, RELATED + 0.02 * more)
        return max(related, TWICE_USUAL * self._usual * related / RELATED)

    def topic(self, topic: str) -> TopicView:
        """A topic as it is spoken of in this field."""
        wanted = tuple(dict.fromkeys(roots(topic)))
        size = len(self.papers)
        weights = {
            one: math.log(1 + (size - self._spread[one] + 0.5) / (self._spread[one] + 0.5)) for one in wanted
        }
        by_words = {key: _by_words(sounded, weights, wanted) for key, sounded in self._sounded.items()}
        share = LIKENESS * min(1.0, max(0, size - 1) / WHOLE_FIELD)
        ranked = sorted(by_words, key=lambda key: (-round(by_words[key], 9), key))[:MODELS]
        least = AS_GOOD * by_words[ranked[0]] if ranked else 0.0
        models = tuple(key for key in ranked if by_words[key] > 0 and by_words[key] >= least)
        if not models:
            return TopicView(by_words, {}, (), share)
        middle = centroid([self._vectors[key] for key in models])
        usual = self._likeness_among(models) or 1.0
        sure = min(1.0, math.fsum(by_words[key] for key in models) / len(models) / SURE)
        likeness = {key: sure * min(1.0, cosine(v, middle) / usual) for key, v in self._vectors.items()}
        return TopicView(by_words, likeness, models, share)


@dataclass(frozen=True)
class TopicView:
    """For each paper of a field how far it speaks of a topic by its own words, and how like it is to those that do most."""

    by_words: Mapping[str, float]
    likeness: Mapping[str, float]
    models: tuple[str, ...]
    share: float

    def score(self, key: str) -> float:
        """Both together, 0 to 1."""
        return (1 - self.share) * self.by_words.get(key, 0.0) + self.share * self.likeness.get(key, 0.0)


def either(scores: Iterable[float]) -> float:
    """What several independent reasons come to: no less than the best one, no more than 1."""
    left = 1.0
    for score in scores:
        left *= 1.0 - score
    return 1.0 - left


def _by_words(sounded: Sounded, weights: Mapping[str, float], wanted: Sequence[str]) -> float:
    total = math.fsum(weights.values())
    if not total:
        return 0.0
    score = math.fsum(weight * _presence(sounded, one) for one, weight in weights.items()) / total
    whole = [
        part
        for part, text in zip((WHOLE_TOPIC, WHOLE_TOPIC_IN_TEXT), sounded.in_order, strict=True)
        if _line(wanted) in text
    ]
    return either([score, *whole[:1]]) if len(wanted) > 1 else score


def _presence(sounded: Sounded, one: str) -> float:
    """How much a paper has of a root, 0 to 1; a title without an abstract says all that is known."""
    said = SATURATION[min(sounded.abstract.get(one, 0), len(SATURATION) - 1)]
    if one not in sounded.title:
        return said
    return 1.0 - (1.0 - IN_TITLE) * (1.0 - said) if sounded.has_abstract else 1.0
