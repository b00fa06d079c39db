"""What a check is given and what it gives."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from agent.records import Claim, Problem
from agent.text.names import fold_name, head_of_title, names
from agent.text.numbered import NumberedPaper


@dataclass(frozen=True)
class Finding:
    """A problem and how heavy it is: a weak claim is kept and marked, an unsupported one is dropped."""

    problem: Problem
    verdict: Literal["weak", "unsupported"]


@dataclass(frozen=True)
class Context:
    """The papers that a draft was made from, the titles of what it is about, and how many papers that has.

    A part of a large theme is drafted from some of the theme's papers and may count them all. Where the draft is
    in another language than the papers, words cannot be compared; figures and names still can.
    """

    papers: Mapping[str, NumberedPaper]
    headings: tuple[str, ...] = ()
    count: int = 0
    is_translated: bool = False

    @property
    def most_counted(self) -> int:
        """The largest number that can be a count of our papers."""
        return max(self.count, len(self.papers))

    @cached_property
    def heading_names(self) -> frozenset[str]:
        return frozenset(fold_name(name) for heading in self.headings for name in names(heading))

    @cached_property
    def own_names(self) -> frozenset[str]:
        """What the papers call their own work, as far as their titles show it."""
        heads = (head_of_title(paper.paper.title) for paper in self.papers.values())
        return frozenset(fold_name(head) for head in heads if head)

    @cached_property
    def name_spread(self) -> dict[str, int]:
        """How many papers hold each name."""
        spread: dict[str, int] = {}
        for paper in self.papers.values():
            for name in paper.names:
                spread[name] = spread.get(name, 0) + 1
        return spread

    @cached_property
    def word_spread(self) -> dict[str, int]:
        """How many papers hold each content stem."""
        spread: dict[str, int] = {}
        for paper in self.papers.values():
            for word in paper.words:
                spread[word] = spread.get(word, 0) + 1
        return spread


Check = Callable[[Claim, Context], Iterator[Finding]]


def weak(code: str, message: str, claim: Claim) -> Finding:
    return Finding(Problem(code=code, message=message, where=claim.id), "weak")


def unsupported(code: str, message: str, claim: Claim) -> Finding:
    return Finding(Problem(code=code, message=message, where=claim.id), "unsupported")
