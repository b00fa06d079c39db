"""Which papers and which of their sentences are nearest to a question.

A paper is searched as content stems, a sentence a line. Half of its score is how much of the question's weight
the whole of it covers, half how much its best sentence does: BM25, with title and abstract as one field and
the whole text as another (BM25F; Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009), each
divided by what a paper full of the question's words would have. A score is therefore between 0 and 1, means the
same whatever else is found, and the mean over several forms of a question is a score too (CombSUM; Fox and Shaw,
"Combination of Multiple Searches", 1994).
What this does not know: synonyms, and, in a long question, word forms other than the plural.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType

from agent.records import Body, Paper
from agent.text.labels import people
from agent.text.own_names import OwnName, own_names
from agent.text.questions import telling_words
from agent.text.ranking import K1, B
from agent.text.sentences import split_sentences
from agent.text.tokens import content_words

RULES = "2"  # raised by whatever changes the lines or the places of a paper
TITLE = 2  # a word of the title counts so often
BODY = 0.2  # a word of the whole text counts so much, in one of mean length
MOST_WORDS = 100  # of a question that are looked for
MOST_SENTENCES = 5
NOWHERE: Mapping[str, int] = MappingProxyType({})
Forms = Mapping[str, Sequence[str]]  # of a stem, the stems of its root that papers have
AS_IT_IS: Forms = MappingProxyType({})


@dataclass(frozen=True)
class Place:
    """Where a sentence starts and ends in its part, and the page where that is known."""

    start: int
    end: int
    page: int | None = None


@dataclass(frozen=True)
class Lines:
    """A paper as it is searched: the content stems of its sentences, each sentence a line that ends in a line end.

    Every stem stands between two blanks of its own, so that counting ` stem ` counts each.
    """

    title: str
    abstract: str
    body: str = ""

    @property
    def sentences(self) -> list[str]:
        """A line for each sentence: the title's, the abstract's, the body's."""
        return f"{self.title}{self.abstract}{self.body}".split("\n")[:-1]

    @property
    def lengths(self) -> tuple[int, int, int]:
        """How many stems each part has."""
        return length(self.title), length(self.abstract), length(self.body)


@dataclass(frozen=True)
class Searchable:
    """A paper as it is searched, with the place of each line, the names of its work and those of its authors."""

    lines: Lines
    places: tuple[Place, ...]
    names: tuple[OwnName, ...]


def searchable(paper: Paper, body: Body | None = None) -> Searchable:
    """A paper's texts and all running text of its body, as they are searched."""
    title, abstract = paper.texts.title, paper.texts.abstract or ""
    spans = split_sentences(abstract)
    sentences = [abstract[span.start : span.end] for span in spans]
    inside: list[Place] = []
    if body is not None:
        from agent.text.passages import places  # many patterns, wanted only where there is a whole text

        inside = [Place(start, place.end, body.page_at(start)) for start, place in places(body).items()]
    lines = Lines(
        title=_line(title),
        abstract="".join(map(_line, sentences)),
        body="".join(_line(body.text[place.start : place.end]) for place in inside) if body else "",
    )
    found = (Place(0, len(title)), *(Place(span.start, span.end) for span in spans), *inside)
    return Searchable(lines, found, (*own_names(title, sentences), *people(paper)))


def length(lines: str) -> int:
    """How many stems some lines have."""
    return lines.count(" ") // 2


def _line(text: str) -> str:
    return "".join(f" {stem} " for stem in content_words(text)) + "\n"


def sought_words(query: str) -> tuple[str, ...]:
    """The stems that a query is searched by, each once: words of asking only where it has no others."""
    found = telling_words(query) or list(dict.fromkeys(content_words(query)))
    return tuple(found[:MOST_WORDS])


@dataclass(frozen=True, slots=True)
class Counted:
    """How often the words of a question that a paper has stand in its opening (title and abstract) and in its body.

    The title's words are counted as they weigh, in the length too.
    """

    key: str
    opening: Mapping[str, int]
    body: Mapping[str, int]
    opening_length: int
    body_length: int

    def __contains__(self, word: object) -> bool:
        return word in self.opening or word in self.body


def count_words(
    key: str,
    words: Iterable[str],
    lines: Lines,
    lengths: tuple[int, int, int] | None = None,
    forms: Forms = AS_IT_IS,
) -> Counted:
    """Count words in a paper, whose lengths need not be counted again where they are known; each in all its forms."""
    title, abstract, inside = lengths or lines.lengths
    stems = [(word, _stems(word, forms)) for word in words]
    text = lines.title * TITLE + lines.abstract
    opening = {word: often for word, found in stems if (often := sum(map(text.count, found)))}
    body = NOWHERE
    if inside:
        body = {word: often for word, found in stems if (often := sum(map(lines.body.count, found)))}
    return Counted(key, opening, body, TITLE * title + abstract, inside)


@dataclass(frozen=True)
class Collected:
    """What there is in all papers that are searched: sums of lengths, and in how many papers a word stands."""

    size: int
    bodies: int
    opening_length: int
    body_length: int
    stems: int
    sentences: int
    found: Mapping[str, int]
    forms: Forms = field(default_factory=dict)

    def weight(self, word: str) -> float:
        """How telling a word is; most where no paper has it."""
        found = self.found.get(word, 0)
        return math.log(1 + (self.size - found + 0.5) / (found + 0.5))

    @cached_property
    def opening(self) -> float:
        """The mean length of title and abstract."""
        return self.opening_length / self.size if self.opening_length else 1.0

    @cached_property
    def body(self) -> float:
        """The mean length of a whole text."""
        return self.body_length / self.bodies if self.body_length else 1.0

    @cached_property
    def sentence(self) -> float:
        """The mean length of a sentence."""
        return self.stems / self.sentences if self.stems else 1.0


@dataclass(frozen=True)
class Scored:
    """A paper with its score, what each word adds to it, and its best sentences: number of line, score."""

    key: str
    score: float
    paper_score: float
    sentence_score: float
    words: Mapping[str, float]
    sentences: tuple[tuple[int, float], ...]


class Scoring:
    """Scores papers against a question in one or several forms, each the words that it is searched by."""

    def __init__(self, forms: Sequence[Sequence[str]], collected: Collected) -> None:
        self._collected = collected
        self._weights = _shares([form for form in forms if form], collected)

    def paper_score(self, paper: Counted) -> float:
        """How much of the question's weight a paper covers."""
        return math.fsum(self._paper_parts(paper).values())

    def _paper_parts(self, paper: Counted) -> dict[str, float]:
        """What each word adds: as often as it stands, for the length of what it stands in, and ever less of it."""
        weights = self._weights
        norm = _norm(paper.opening_length, self._collected.opening)
        found: Mapping[str, float] = paper.opening
        if paper.body:
            ratio = BODY * norm / _norm(paper.body_length, self._collected.body)
            found = {
                word: found.get(word, 0) + ratio * paper.body.get(word, 0) for word in {**found, **paper.body}
            }
        norm *= K1
        return {
            word: weights[word] * often / (often + norm) for word, often in found.items() if word in weights
        }

    def score(self, paper: Counted, lines: Sequence[str]) -> Scored:
        """Score a paper with its sentences, given as lines."""
        parts = self._paper_parts(paper)
        sentences = self._sentences(parts, lines)
        best = sentences[0][2] if sentences else {}
        paper_score, sentence_score = math.fsum(parts.values()), math.fsum(best.values())
        return Scored(
            key=paper.key,
            score=(paper_score + sentence_score) / 2,
            paper_score=paper_score,
            sentence_score=sentence_score,
            words={word: (parts[word] + best.get(word, 0.0)) / 2 for word in self._weights if word in parts},
            sentences=tuple(
                (number, (paper_score - found) / 2) for found, number, _ in sentences[:MOST_SENTENCES]
            ),
        )

    def _sentences(
        self, sought: Iterable[str], lines: Sequence[str]
    ) -> list[tuple[float, int, dict[str, float]]]:
        """The lines that have a word, best first: less their score, their number, what each word adds."""
        words = [(word, _stems(word, self._collected.forms), self._weights[word]) for word in sought]
        found = []
        for number, line in enumerate(lines):
            parts: dict[str, float] = {}
            norm = 0.0
            for word, (stem, *others), weight in words:
                if stem in line or (others and any(other in line for other in others)):
                    often = line.count(stem) + sum(map(line.count, others))
                    norm = norm or K1 * _norm(length(line), self._collected.sentence)
                    parts[word] = weight * often / (often + norm)
            if parts:
                found.append((-math.fsum(parts.values()), number, parts))
        return sorted(found, key=lambda one: one[:2])


def _stems(word: str, forms: Forms) -> list[str]:
    """A word in all its forms as they stand in lines."""
    return [f" {form} " for form in forms.get(word, (word,))]


def _shares(forms: Sequence[Sequence[str]], collected: Collected) -> dict[str, float]:
    """The share of the question's weight that each word has, as the mean of its forms."""
    parts: dict[str, list[float]] = {}
    for form in forms:
        weights = {word: collected.weight(word) for word in form}
        whole = math.fsum(weights.values()) * len(forms)
        for word, weight in weights.items():
            parts.setdefault(word, []).append(weight / whole)
    return {word: math.fsum(found) for word, found in parts.items()}


def _norm(length: int, mean: float) -> float:
    return 1 - B + B * length / mean
