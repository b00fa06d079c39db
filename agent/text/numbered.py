"""A paper's text as numbered sentences: the title is 0, the abstract follows, then what is shown of the whole text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from agent.records import Body, Evidence, Paper
from agent.text.names import fold_name, names
from agent.text.sentences import split_sentences
from agent.text.tokens import content_words, runs

BODY_CHARACTERS = 6000  # of a whole text that is shown to a reader


@dataclass(frozen=True)
class NumberedPaper:
    """A paper with its sentences, in order; `sentences[0]` is the title, the abstract's follow, then the body's.

    `of_limits` holds the numbers of those that stand in a section about limitations, `headings` the number of a
    sentence of the body with the heading that it stands under, where that is known.
    """

    paper: Paper
    sentences: tuple[Evidence, ...]
    of_limits: frozenset[int] = frozenset()
    headings: tuple[tuple[int, str], ...] = ()

    @property
    def opening(self) -> int:
        """How many sentences title and abstract have; all, where there is no abstract."""
        count = sum(one.part != "body" for one in self.sentences)
        return count if count > 1 else len(self.sentences)

    @property
    def has_body(self) -> bool:
        """Whether sentences of the whole text are among them."""
        return self.sentences[-1].part == "body"

    @property
    def key(self) -> str:
        return self.paper.key

    def heading(self, number: int) -> str:
        """The heading that a sentence stands under; empty where that is not known."""
        return dict(self.headings).get(number, "")

    @property
    def is_readable(self) -> bool:
        """Whether there is more of it than a title."""
        return len(self.sentences) > 1

    @cached_property
    def opening_text(self) -> str:
        """Title and abstract as one text."""
        return f"{self.paper.texts.title}. {self.paper.texts.abstract or ''}".strip()

    @cached_property
    def text(self) -> str:
        """Everything of it that is shown, as one text."""
        return " ".join([self.opening_text, *(one.text for one in self.sentences if one.part == "body")])

    @cached_property
    def runs(self) -> tuple[tuple[str, ...], ...]:
        """The content stems of title and abstract, by stretches that nothing interrupts."""
        return tuple(tuple(run) for run in runs(self.opening_text))

    @cached_property
    def words(self) -> frozenset[str]:
        """The content stems of all of it."""
        return frozenset(content_words(self.text))

    @cached_property
    def names(self) -> frozenset[str]:
        """The folded names of all of it."""
        return frozenset(fold_name(name) for name in names(self.text))


def number_sentences(paper: Paper, body: Body | None = None) -> NumberedPaper:
    """Split a paper's cleaned texts into numbered sentences, with the passages of its body that are worth showing."""
    title = paper.texts.title
    found = [Evidence(key=paper.key, part="title", sentence=0, start=0, end=len(title), text=title)]
    abstract = paper.texts.abstract or ""
    for count, span in enumerate(split_sentences(abstract), start=1):
        text = abstract[span.start : span.end]
        found.append(
            Evidence(
                key=paper.key, part="abstract", sentence=count, start=span.start, end=span.end, text=text
            )
        )
    return NumberedPaper(paper, tuple(found)) if body is None else _with_body(paper, found, body)


def _with_body(paper: Paper, found: list[Evidence], body: Body) -> NumberedPaper:
    from agent.text.passages import choose, places  # many patterns, wanted only where there is a whole text

    there, limits = places(body), set[int]()
    for start, end in choose(body, BODY_CHARACTERS):
        if there[start].is_of_limits:
            limits.add(len(found))
        found.append(
            Evidence(
                key=paper.key, part="body", page=body.page_at(start), sentence=there[start].number, start=start, end=end,
                text=body.text[start:end],
            )
        )  # fmt: skip
    return NumberedPaper(paper, tuple(found), frozenset(limits))


class Corpus:
    """The numbered papers that a product is about, by key, in order of title."""

    def __init__(self, papers: Iterable[Paper], bodies: Mapping[str, Body] | None = None) -> None:
        ordered = sorted(papers, key=lambda paper: (paper.title.casefold(), paper.key))
        whole = bodies or {}
        self._papers = {paper.key: number_sentences(paper, whole.get(paper.key)) for paper in ordered}

    def __getitem__(self, key: str) -> NumberedPaper:
        return self._papers[key]

    def __contains__(self, key: object) -> bool:
        return key in self._papers

    def __iter__(self) -> Iterator[NumberedPaper]:
        return iter(self._papers.values())

    def __len__(self) -> int:
        return len(self._papers)

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(self._papers)

    def part(self, keys: Iterable[str]) -> Corpus:
        """The papers of these keys as a corpus of their own."""
        found = Corpus(())
        wanted = set(keys)
        found._papers = {key: paper for key, paper in self._papers.items() if key in wanted}
        return found

    def some(self, keys: Iterable[str]) -> tuple[NumberedPaper, ...]:
        """The papers of these keys, in the order of the keys."""
        return tuple(self._papers[key] for key in keys)


def slug(text: str, taken: Iterable[str] = ()) -> str:
    """An id made of a title: lower case, hyphens, numbered where it is taken."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    base = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-") or "theme"
    if not base[0].isalpha():
        base = f"theme-{base}"
    used = set(taken)
    number, candidate = 2, base
    while candidate in used:
        candidate, number = f"{base}-{number}", number + 1
    return candidate
