"""What an attack starts from: true claims, made from papers' own sentences, in the company of near papers.

The claims are synthetic: templates cut and frame sentences, and no model wrote one.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from agent import Review
from agent.records import Claim, Paper
from agent.sources import find_sources, read_source
from agent.text.names import head_of_title
from agent.text.numbered import NumberedPaper, number_sentences

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "examples" / "papers.jsonl"
SURVEY = ROOT / "cassettes" / "survey.jsonl"
SHOWN = 8  # papers that a question shows
FEWEST_WORDS, MOST_WORDS = 7, 45
_TAIL = re.compile(
    r"(?:,? and)?,?(?: (?:in|by|for|of))? (?:which|where|while|whereas|thereby|thus|so that|even if|because|since"
    r"|as well as)\b.*$"
)
_BRACKETS = re.compile(r" \((?![^)]*\()[^)]*\)")
_OPENING = re.compile(
    r"^(?:However|Moreover|Furthermore|Further|Therefore|In addition|In our experiments|For example|Finally), "
)


Ref = tuple[NumberedPaper, int]  # a sentence of a paper


@dataclass(frozen=True)
class Base:
    """A true claim: its words, the sentences it rests on, and the papers that the question shows."""

    form: str
    text: str
    refs: tuple[Ref, ...]
    shown: tuple[NumberedPaper, ...]
    kind: str = "fact"

    @property
    def evidence(self) -> str:
        return " ".join(paper.sentences[number].text for paper, number in self.refs)

    @property
    def cited(self) -> list[NumberedPaper]:
        return list({paper.key: paper for paper, _ in self.refs}.values())

    @property
    def others(self) -> list[NumberedPaper]:
        return [paper for paper in self.shown if paper not in self.cited]

    @property
    def ids(self) -> list[str]:
        return [self.id(paper, number) for paper, number in self.refs]

    def id(self, paper: NumberedPaper, number: int) -> str:
        """The short id of a sentence as the prompt shows it."""
        return f"P{self.shown.index(paper) + 1}.{number}"


class World:
    """The papers of a collection, each with those that come near it, and all true claims that templates make."""

    def __init__(self, papers: Sequence[Paper], claims: Iterable[Claim] = ()) -> None:
        self.papers = [number_sentences(paper) for paper in papers]
        self.heads = {paper.key: head for paper in self.papers if (head := _own_head(paper))}
        self._near: dict[str, list[NumberedPaper]] = {}
        self.bases = [base for paper in self.papers for base in self._bases(paper)]
        self.bases += [base for claim in claims if (base := self._of_claim(claim))]

    def _bases(self, paper: NumberedPaper) -> Iterator[Base]:
        for number, sentence in enumerate(paper.sentences):
            if number and FEWEST_WORDS <= len(sentence.text.split()) <= MOST_WORDS:
                shown = self.shown([paper])
                for form, text in forms(sentence.text, self.heads.get(paper.key)):
                    yield Base(form, text, ((paper, number),), shown)

    def _of_claim(self, claim: Claim) -> Base | None:
        """A claim in own words that a judge has found borne out."""
        by_key = {paper.key: paper for paper in self.papers}
        refs = tuple((by_key[one.key], by_key[one.key].sentences.index(one)) for one in claim.evidence)
        if claim.verdict != "supported" or not refs or claim.is_quotation:
            return None
        cited = list({paper.key: paper for paper, _ in refs}.values())
        return Base("own words", claim.text, refs, self.shown(cited), claim.kind)

    def shown(self, cited: Sequence[NumberedPaper]) -> tuple[NumberedPaper, ...]:
        """The papers with those nearest to the first and some others, in order of title as a question shows them."""
        near = self._near_to(cited[0])
        some = [*cited, *(paper for paper in near if paper not in cited)][: max(SHOWN, len(cited) + 2)]
        return tuple(sorted(some, key=lambda one: (one.paper.title.casefold(), one.key)))

    def _near_to(self, paper: NumberedPaper) -> list[NumberedPaper]:
        if paper.key not in self._near:
            others = [other for other in self.papers if other.key != paper.key]
            ranked = sorted(others, key=lambda other: (-_likeness(paper, other), other.key))
            far = Random(paper.key).sample(ranked[SHOWN - 3 :], min(2, len(ranked[SHOWN - 3 :])))
            self._near[paper.key] = [*ranked[: SHOWN - 3], *far, *ranked[SHOWN - 3 :][:SHOWN]]
        return self._near[paper.key]


def forms(sentence: str, head: str | None) -> Iterator[tuple[str, str]]:
    """The true claims that a sentence gives, each with the name of its template."""
    yield "quotation", f"“{sentence}”"
    yield "whole sentence", sentence
    short = _BRACKETS.sub("", _TAIL.sub(".", _OPENING.sub("", sentence)))
    short = short[:1].upper() + short[1:]
    if short != sentence and len(short.split()) >= FEWEST_WORDS:
        yield "shortened", short
    if head and sentence.startswith(("We ", "Our ")):
        yield "framed", f"The paper on {head} says: {short[:1].lower()}{short[1:]}"


def _own_head(paper: NumberedPaper) -> str | None:
    head = head_of_title(paper.paper.title)
    return head if head and len(head) > 2 and " " not in head else None


def _likeness(one: NumberedPaper, other: NumberedPaper) -> float:
    return len(one.words & other.words) / (len(one.words | other.words) or 1)


@cache
def sample_world() -> World:
    """The project's own sample papers."""
    return World(read(SAMPLE))


@cache
def pages_world() -> World | None:
    """The papers of the saved pages that LITREVIEW_PAGES names; None where it names none."""
    folder = os.environ.get("LITREVIEW_PAGES")
    return World(read(folder)) if folder else None


@cache
def recorded_world() -> World:
    """The sample papers with the claims of the recorded survey, which a model wrote in its own words and judged."""
    with TemporaryDirectory() as folder:
        review = Review(folder, environment={"HOME": folder})
        survey = review.survey([SAMPLE], out=Path(folder) / "out", replay=SURVEY)
    world = World(list(survey.papers.values()), survey.claims())
    world.bases = [base for base in world.bases if base.form == "own words"]
    return world


def read(files: str | Path) -> list[Paper]:
    """The distinct papers of files, by title, each with a key made of it."""
    found: dict[str, Paper] = {}
    for source in find_sources([files]):
        for record in read_source(source):
            if isinstance(record, Paper) and record.title not in found:
                key = f"{re.sub(r'[^a-z0-9]', '', record.title.lower())[:20]}{len(found)}"
                found[record.title] = record.model_copy(update={"key": key})
    return list(found.values())
