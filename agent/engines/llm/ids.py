"""Short ids for prompts: P1 for a paper, P1.3 for a sentence, in the order in which a prompt shows them.

What papers and models say is data there: it cannot forge an id or a delimiter.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from agent.engines.protocol import SentenceRef
from agent.records import Evidence, Problem
from agent.text.numbered import NumberedPaper
from agent.text.printable import printable

_BRACKETED = re.compile(r"\[(\s*(?:[PCT]\s*)?\d[\d.,;\s]*)\]")
_ID_OPENING = re.compile(r"\[(?=\s*(?:[PCT]\s*)?\d)")
_TAG_OPENING = re.compile(r"<(?=[/!?A-Za-z])")
_SHORT = re.compile(r"P(\d+)(?:\.(\d+))?")
_PLACE = re.compile(r"\.p(\d+)\.c(\d+)$")


@dataclass(frozen=True)
class Line:
    """One sentence as a prompt shows it."""

    id: str
    text: str


@dataclass(frozen=True)
class ShownPaper:
    """One paper as a prompt shows it."""

    id: str
    title: str
    lines: tuple[Line, ...]


class ShortIds:
    """The ids of one prompt's papers."""

    def __init__(self, papers: Iterable[NumberedPaper]) -> None:
        self._papers = list(papers)
        self._of = {paper.key: f"P{count}" for count, paper in enumerate(self._papers, start=1)}
        self._keys = {short: key for key, short in self._of.items()}
        self._words = re.compile(
            "|".join(rf"(?<![\w-]){re.escape(key)}(?![\w-])" for key in self._of) or r"\Z\A"
        )

    def of(self, key: str) -> str:
        return self._of[key]

    def knows(self, key: str) -> bool:
        """Whether a paper is among those of the prompt."""
        return key in self._of

    def key(self, short: str) -> str:
        """The key of a paper's id; an id that is not there stays as it is, and is found out by the checks."""
        return self._keys.get(short.strip().strip("[]"), short)

    def ref(self, short: str) -> SentenceRef:
        """The sentence that an id names; one that is not there resolves to nothing."""
        match = _SHORT.fullmatch(short.strip().strip("[]"))
        if match is None or f"P{match.group(1)}" not in self._keys or match.group(2) is None:
            return SentenceRef(short, -1)
        return SentenceRef(self._keys[f"P{match.group(1)}"], int(match.group(2)))

    def sentence(self, ref: SentenceRef) -> str:
        return f"{self._of.get(ref.key, ref.key)}.{ref.number}" if ref.number >= 0 else ref.key

    def evidence(self, evidence: Evidence) -> str:
        paper = next(paper for paper in self._papers if paper.key == evidence.key)
        number = next(n for n, one in enumerate(paper.sentences) if one.place == evidence.place)
        return f"{self._of[evidence.key]}.{number}"

    def shown(self, *, only: frozenset[str] | None = None) -> list[ShownPaper]:
        """The papers with their sentences, all or those whose ids are in `only`."""
        return [_shown(self._of[paper.key], paper, only) for paper in self._papers]

    def translated(self, problems: Sequence[Problem]) -> list[str]:
        """Problems in the words of the prompt: its ids, and where in the reply."""
        said = []
        for problem in problems:
            message = self.translated_text(problem.message)
            place = _PLACE.search(problem.where)
            where = f"paragraph {place.group(1)}, claim {place.group(2)}: " if place else ""
            said.append(f"{where}{message}")
        return said

    def translated_text(self, text: str) -> str:
        """A text of ours in which papers are called by the prompt's ids."""
        return escape(self._words.sub(lambda match: self._of[match.group()], text))


def _shown(short: str, paper: NumberedPaper, only: frozenset[str] | None) -> ShownPaper:
    lines = (Line(f"{short}.{n}", escape(one.text)) for n, one in enumerate(paper.sentences))
    kept = tuple(line for line in lines if only is None or line.id in only)
    return ShownPaper(short, escape(paper.paper.title), kept)


def escape(text: str) -> str:
    """A text on one line, in which nothing looks like one of our ids or tags."""
    plain = printable(" ".join(text.split()))
    return _TAG_OPENING.sub("‹", _ID_OPENING.sub("(", _BRACKETED.sub(r"(\1)", plain)))


def escape_json(value: object) -> str:
    """An earlier reply, shown again: its texts cannot open a tag."""
    return _TAG_OPENING.sub("‹", printable(json.dumps(value, ensure_ascii=False)))
