"""Pairs of papers that look alike and were not merged: shown to the user, with what speaks for it.

Only pairs that share something rare are compared, so that time grows with the number of papers and not with
its square: a rare word of the title, a stretch of the abstract, or first author and year.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from itertools import combinations, pairwise

from rapidfuzz import fuzz

from agent.library.identity import Facts, disagree_in_ids, facts_of, same_work, share_author
from agent.records import Paper
from agent.text.titles import fold
from agent.text.tokens import words

RARE_WORDS = 4  # of a title that may bring it together with others
LARGEST_BLOCK = 30  # papers that share a trait; what more have in common says nothing
LEAST_TITLE = 88.0  # of 100: likeness of two titles
LEAST_ABSTRACT = 85.0  # of 100: likeness of two abstracts
COMPARED = 700  # characters of abstracts
_SHINGLE = 6
_WORD = re.compile(r"[^\W_]+")
_NUMBERS = re.compile(r"\d+(?:\.\d+)*|\b[ivx]+\b")
_OPENINGS = (
    "erratum",
    "corrigendum",
    "correction",
    "reply",
    "comment",
    "response",
    "retraction",
    "retracted",
    "author",
)


@dataclass(frozen=True)
class Lookalike:
    """Two papers, by their places, how alike they are (0 to 100), and why."""

    one: int
    other: int
    score: float
    why: tuple[str, ...]


@dataclass(frozen=True)
class _Looked:
    """What of a paper is compared."""

    title: str
    head: str
    abstract: str
    shingles: frozenset[int]
    facts: Facts
    numbers: tuple[str, ...]
    opening: str


def lookalikes(papers: Sequence[Paper], apart: Iterable[tuple[int, int]] = ()) -> list[Lookalike]:
    """Pairs that may be one work, the likeliest first.

    Args:
        apart: pairs of places that the user has told apart.
    """
    looked = [_look(paper) for paper in papers]
    told = {(min(pair), max(pair)) for pair in apart}
    found = [
        Lookalike(one, other, round(score, 1), why)
        for one, other in sorted(_candidates(papers, looked) - told)
        for score, why in [_likeness(looked[one], looked[other])]
        if why
    ]
    return sorted(found, key=lambda pair: (-pair.score, pair.one, pair.other))


def same_or_alike(one: Paper, other: Paper) -> bool:
    """Whether two records would be merged, or shown as alike."""
    return same_work(one, other) or bool(_likeness(_look(one), _look(other))[1])


def _look(paper: Paper) -> _Looked:
    listed = words(paper.title)
    head = (
        paper.title.partition(":")[0] if ":" in paper.title else re.split(r"\s[-–—]\s|\?\s", paper.title)[0]
    )
    abstract = " ".join(_WORD.findall((paper.texts.abstract or "")[:COMPARED].lower()))
    return _Looked(
        title=" ".join(listed),
        head=fold(head) if head != paper.title else "",
        abstract=abstract,
        shingles=_shingles(abstract),
        facts=facts_of(paper, with_abstract=False),
        numbers=tuple(_NUMBERS.findall(paper.title.casefold())),
        opening=next((word for word in listed[:2] if word.startswith(_OPENINGS)), ""),
    )


def _candidates(papers: Sequence[Paper], looked: Sequence[_Looked]) -> set[tuple[int, int]]:
    blocks: dict[tuple[str, str], list[int]] = defaultdict(list)
    counts = Counter(word for one in looked for word in set(one.title.split()))
    for index, (paper, one) in enumerate(zip(papers, looked, strict=True)):
        for trait in dict.fromkeys(_traits(paper, one, counts)):
            blocks[trait].append(index)
    return {
        pair for block in blocks.values() if len(block) <= LARGEST_BLOCK for pair in combinations(block, 2)
    }


def _traits(paper: Paper, one: _Looked, counts: Counter[str]) -> Iterator[tuple[str, str]]:
    listed = one.title.split()
    rare = sorted(set(listed), key=lambda word: (counts[word], word))[:RARE_WORDS]
    yield from (("word", word) for word in rare)
    yield from (("pair", f"{left} {right}") for left, right in pairwise(listed))
    yield "title", one.facts.title
    yield from (("id", f"{scheme}:{value}") for scheme, value in one.facts.ids)
    if one.head:
        yield "title", one.head
    yield from (("text", str(digest)) for digest in one.shingles)
    if one.facts.authors and paper.year:
        first = fold(paper.authors[0].family or paper.authors[0].name or "")
        yield from (("author", f"{first} {year}") for year in (paper.year, paper.year + 1))


def _shingles(abstract: str) -> frozenset[int]:
    """The six least digests of the abstract's stretches: equal where most stretches are (Broder 1997)."""
    listed = abstract.split()
    stretches = {" ".join(listed[place : place + _SHINGLE]) for place in range(len(listed) - _SHINGLE + 1)}
    return frozenset(nsmallest(6, {zlib.crc32(stretch.encode()) for stretch in stretches}))


def _likeness(one: _Looked, other: _Looked) -> tuple[float, tuple[str, ...]]:
    """How alike two papers are, and why; no reason where they are not, or where something tells them apart."""
    if one.opening != other.opening:
        return 0.0, ()
    title = fuzz.ratio(one.title, other.title, score_cutoff=LEAST_TITLE)
    has_shared_text = not one.shingles.isdisjoint(other.shingles)
    is_head = one.facts.title == other.head or other.facts.title == one.head
    is_equal = one.facts.title == other.facts.title
    has_shared_id = not set(one.facts.ids).isdisjoint(other.facts.ids)
    if not (title or has_shared_text or is_head or is_equal or has_shared_id):
        return 0.0, ()  # as nearly all pairs are
    has_shared_author = share_author(one.facts, other.facts)
    strangers = bool(one.facts.authors and other.facts.authors) and not has_shared_author
    abstract = (
        fuzz.ratio(one.abstract, other.abstract, score_cutoff=LEAST_ABSTRACT) if has_shared_text else 0.0
    )
    why = []
    if is_equal:
        title = 100.0
        why.append("equal titles")
    elif title >= LEAST_TITLE and one.numbers == other.numbers:
        why.append(f"titles alike ({title:.0f} of 100)")
    elif is_head and (
        min(one.facts.title_words, other.facts.title_words) > 1 or has_shared_author or has_shared_text
    ):
        why.append("one title is the other without its subtitle")
    if abstract and (one.numbers == other.numbers or abstract >= 97):
        why.append(f"abstracts alike ({abstract:.0f} of 100)")
    if not why and has_shared_id:
        return title, ("one id, but other titles and authors: the id of one may be wrong",)
    if not why or (strangers and not abstract and title < 100.0):
        return 0.0, ()
    if has_shared_author:
        why.append("shared authors")
    if strangers:
        why.append("no author in common")
    if disagree_in_ids(one.facts, other.facts):
        why.append("different ids")
    return max(title, abstract), tuple(why)
