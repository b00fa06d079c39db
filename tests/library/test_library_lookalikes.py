"""Which pairs of records are merged without asking, and which are shown, on labelled pairs of the sample corpus."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest
from fates import LEFT, MERGED, fates
from variations import (
    KINDS_TO_MERGE,
    KINDS_TO_SHOW,
    NEGATIVE_KINDS,
    OPEN_KINDS,
    POSITIVE_KINDS,
    Pair,
    base_papers,
    negatives,
    positives,
)

from agent.library.identity import same_work
from agent.library.lookalikes import lookalikes

SEED, HARD = 2, 400
LEAST_RECALL = 0.98


def told(pairs: list[Pair]) -> str:
    """The pairs as a failing test shows them."""
    return "\n".join(f"{pair.kind}: {pair.one.title!r} / {pair.other.title!r}" for pair in pairs)


@pytest.fixture(scope="module")
def one_work() -> list[Pair]:
    """Pairs that are one work, of the sample corpus."""
    return positives(base_papers(None), SEED)


@pytest.fixture(scope="module")
def two_works() -> list[Pair]:
    """Pairs that are two works and look like one."""
    return negatives(base_papers(None), SEED, HARD)


@pytest.fixture(scope="module")
def fate_of_one_work(one_work: list[Pair]) -> list[tuple[Pair, str]]:
    """What becomes of the pairs that are one work."""
    return fates(one_work)


def test_two_works_are_never_merged(two_works: list[Pair]) -> None:
    """No pair of two works is merged without asking."""
    wrong = [pair for pair in two_works if same_work(pair.one, pair.other)]
    assert not wrong, told(wrong)


def test_one_work_is_merged_or_shown(fate_of_one_work: list[tuple[Pair, str]]) -> None:
    """Of the pairs that are one work, 98 of 100 are merged or shown."""
    pairs = [(pair, fate) for pair, fate in fate_of_one_work if pair.kind not in OPEN_KINDS]
    lost = [pair for pair, fate in pairs if fate == LEFT]
    assert len(lost) <= (1 - LEAST_RECALL) * len(pairs), told(lost)


def test_what_is_mere_writing_is_merged(fate_of_one_work: list[tuple[Pair, str]]) -> None:
    """Case, accents, signs, TeX, the preprint of a title and forms of one id need nobody's eye."""
    pairs = [(pair, fate) for pair, fate in fate_of_one_work if pair.kind in KINDS_TO_MERGE]
    left = [pair for pair, fate in pairs if fate != MERGED]
    assert len(left) <= (1 - LEAST_RECALL) * len(pairs), told(left)


def test_whether_two_are_one_work_has_no_order(one_work: list[Pair], two_works: list[Pair]) -> None:
    """A pair is one work, or two, from either side."""
    pairs = [*one_work[::5], *two_works[::5]]
    uneven = [pair for pair in pairs if same_work(pair.one, pair.other) != same_work(pair.other, pair.one)]
    assert not uneven, told(uneven)


def test_what_is_shown_does_not_depend_on_the_order(one_work: list[Pair]) -> None:
    """In any order the same pairs are shown, each once, the earlier paper first, with a reason."""
    papers = [paper for pair in one_work if pair.kind in KINDS_TO_SHOW for paper in (pair.one, pair.other)][
        :120
    ]
    found = lookalikes(papers)
    assert found and len({(alike.one, alike.other) for alike in found}) == len(found)
    assert all(0 <= alike.one < alike.other < len(papers) and alike.why for alike in found)
    places = list(range(len(papers)))
    Random(SEED).shuffle(places)
    again = lookalikes([papers[place] for place in places])
    mixed = {tuple(sorted((places[alike.one], places[alike.other]))): alike.score for alike in again}
    assert mixed == {(alike.one, alike.other): alike.score for alike in found}


def test_few_papers_look_like_nothing(two_works: list[Pair]) -> None:
    """No paper and one paper have no lookalike."""
    assert lookalikes([]) == lookalikes([two_works[0].one]) == []


def test_the_labelled_pairs_are_whole(one_work: list[Pair], two_works: list[Pair]) -> None:
    """Every kind is there, labels are as the kinds say, and one seed gives one set of pairs."""
    assert {pair.kind for pair in one_work} == {*POSITIVE_KINDS}
    assert set(Counter(pair.kind for pair in two_works).values()) == {HARD // len(NEGATIVE_KINDS)}
    assert all(pair.is_same for pair in one_work) and not any(pair.is_same for pair in two_works)
    assert all(pair.one != pair.other for pair in two_works)
    few = base_papers(None)[:20]
    assert negatives(few, SEED, 40) == negatives(few, SEED, 40) != negatives(few, SEED + 1, 40)
