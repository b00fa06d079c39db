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
OTHER = "other work"
OTHERS = "Others of this theme"
HARDLY_NAMED = 0.15  # below, a title would mislead even so
WELL_NAMED = 0.5  # the share of a group that its title must hold for


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
    return [terms(paper.runs) for paper in papers]


def phrases_of(papers: Sequence[NumberedPaper]) -> Phrases:
    """The phrases of the papers' titles, and who has them."""
    return find_phrases([paper.paper.title for paper in papers], [paper.runs for paper in papers])


def named_groups(papers: Sequence[NumberedPaper], wanted: int, taken: Sequence[str] = ()) -> list[NamedGroup]:
    """Cut papers into about `wanted` groups, the unnamed last, else largest first, each with a title of its own.

    `taken` are titles that no group may have: those of the themes above.
    """
    groups = group(neighbourhood(documents(papers)), wanted)
    phrases = phrases_of(papers)
    return one_rest(name_groups(phrases, groups, taken, is_whole=False), OTHERS)


def one_rest(groups: Sequence[NamedGroup], title: str = UNNAMED) -> list[NamedGroup]:
    """All groups without a name as one, the last."""
    named = [part for part in groups if part.phrases]
    rest = tuple(sorted(number for part in groups if not part.phrases for number in part.members))
    return [*named, NamedGroup(title, (), rest)] if rest else named


def name_groups(
    phrases: Phrases, groups: Sequence[Sequence[int]], taken: Sequence[str] = (), *, is_whole: bool = True
) -> list[NamedGroup]:
    """Give each group of papers a title that no other has.

    `is_whole`: the title stands alone, and says so where it does not hold for most of its papers.
    """
    named: list[NamedGroup] = []
    used = {title.lower() for title in taken}
    for members in groups:
        title, chosen = _name(phrases, members, used, is_whole=is_whole)
        used.add(title.lower())
        named.append(NamedGroup(title, tuple(chosen), tuple(members)))
    return named


def _name(
    phrases: Phrases, members: Sequence[int], used: set[str], *, is_whole: bool
) -> tuple[str, list[Phrase]]:
    best = phrases.best(members)
    if _coverage(best, members) < WELL_NAMED:
        best = phrases.best(members, limit=3)
    for choice in (best, best[:1], phrases.best(members, limit=3), *([phrase] for phrase in best[1:])):
        reach = _coverage(choice, members)
        if not choice or reach < (HARDLY_NAMED if is_whole else WELL_NAMED):
            continue
        title = title_of(choice, OTHER if is_whole and reach < WELL_NAMED else None)
        if title.lower() not in used:
            return title, choice
    return _numbered(UNNAMED if is_whole else OTHERS, used), []


def _coverage(chosen: Sequence[Phrase], members: Sequence[int]) -> float:
    inside = frozenset(members)
    reached = {number for phrase in chosen for number in phrase.papers & inside}
    return len(reached) / len(inside) if inside else 0.0


def _numbered(title: str, used: set[str]) -> str:
    number, candidate = 2, title
    while candidate.lower() in used:
        candidate, number = f"{title} ({number})", number + 1
    return candidate
