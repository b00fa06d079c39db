"""A paper's text as numbered sentences: the title is 0, the abstract follows, and each is evidence."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from agent.records import Evidence, Paper
from agent.text.names import fold_name, names
from agent.text.sentences import split_sentences
from agent.text.tokens import content_words, runs


@dataclass(frozen=True)
class NumberedPaper:
    """A paper with its sentences, in order; `sentences[0]` is the title."""

    paper: Paper
    sentences: tuple[Evidence, ...]

    @property
    def key(self) -> str:
        return self.paper.key

    @property
    def has_abstract(self) -> bool:
        return len(self.sentences) > 1

    @cached_property
    def text(self) -> str:
        """Title and abstract as one text."""
        return f"{self.paper.texts.title}. {self.paper.texts.abstract or ''}".strip()

    @cached_property
    def runs(self) -> tuple[tuple[str, ...], ...]:
        """The content stems of the whole text, by stretches that nothing interrupts."""
        return tuple(tuple(run) for run in runs(self.text))

    @cached_property
    def words(self) -> frozenset[str]:
        """The content stems of the whole text."""
        return frozenset(content_words(self.text))

    @cached_property
    def names(self) -> frozenset[str]:
        """The folded names of the whole text."""
        return frozenset(fold_name(name) for name in names(self.text))


def number_sentences(paper: Paper) -> NumberedPaper:
    """Split a paper's cleaned texts into numbered sentences."""
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
    return NumberedPaper(paper, tuple(found))


class Corpus:
    """The numbered papers that a product is about, by key, in order of title."""

    def __init__(self, papers: Iterable[Paper]) -> None:
        ordered = sorted(papers, key=lambda paper: (paper.title.casefold(), paper.key))
        self._papers = {paper.key: number_sentences(paper) for paper in ordered}

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
