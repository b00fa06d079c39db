"""From papers to named groups: what grouping and naming make together."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from agent.text.grouping import group, neighbourhood
from agent.text.naming import Phrase, Phrases, find_phrases, title_of
from agent.text.numbered import NumberedPaper
from agent.text.tokens import terms

FEWEST, MOST = 3, 15
UNNAMED = "Further work"


@dataclass(frozen=True)
class NamedGroup:
    """A group with its title and the phrases that the title is made of."""

    title: str
    phrases: tuple[Phrase, ...]
    members: tuple[int, ...]


def usual_number(papers: int) -> int:
    """How many themes a reader expects of so many papers: about their square root, 3 to 15."""
    if papers < 5:
        return 1
    return max(min(FEWEST, papers // 2), min(MOST, round(math.sqrt(papers))))


def documents(papers: Sequence[NumberedPaper]) -> list[list[str]]:
    """The terms of each paper."""
    return [terms(paper.text) for paper in papers]


def named_groups(
    papers: Sequence[NumberedPaper], wanted: int, about: Sequence[NumberedPaper] = ()
) -> list[NamedGroup]:
    """Cut papers into about `wanted` groups, largest first, each with a title of its own.

    `about` are the papers that names must tell the groups from; the papers themselves if not given.
    """
    groups = group(neighbourhood(documents(papers)), wanted)
    return name_groups(papers, groups, about)


def name_groups(
    papers: Sequence[NumberedPaper], groups: Sequence[Sequence[int]], about: Sequence[NumberedPaper] = ()
) -> list[NamedGroup]:
    """Give each group of papers a title that no other has."""
    everything = [*papers, *about]
    phrases = find_phrases([paper.paper.title for paper in everything], [paper.text for paper in everything])
    return name_with(phrases, groups)


def name_with(phrases: Phrases, groups: Sequence[Sequence[int]]) -> list[NamedGroup]:
    """Titles for groups from phrases that were found before."""
    named: list[NamedGroup] = []
    for members in groups:
        taken = {name.title for name in named}
        best = phrases.best(members)
        choices = [best, best[:1], phrases.best(members, limit=3), *([phrase] for phrase in best[1:])]
        fresh = (choice for choice in choices if choice and title_of(choice) not in taken)
        chosen = next(fresh, [])
        title = title_of(chosen) if chosen else _numbered(UNNAMED, taken)
        named.append(NamedGroup(title, tuple(chosen), tuple(members)))
    return named


def _numbered(title: str, taken: set[str]) -> str:
    number, candidate = 2, title
    while candidate in taken:
        candidate, number = f"{title} ({number})", number + 1
    return candidate
