"""Two orders made one: nothing is lost, nothing invented, and words decide where both together do not."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from text_cases import SLOW

from agent.text.fusion import RANK, fuse, reciprocal_ranks

LIKENESS = st.none() | st.sampled_from([0.0, 0.25, 0.5, 1.0]) | st.floats(-1, 1)
Ranked = tuple[list[str], list[float | None]]


@st.composite
def ranked(draw: st.DrawFn, likeness: st.SearchStrategy[float | None] = LIKENESS) -> Ranked:
    """Different keys with what each one's similarity is."""
    keys = draw(st.lists(st.text("abc", min_size=1, max_size=3), unique=True, max_size=12))
    return keys, [draw(likeness) for _ in keys]


@SLOW
@given(ranked())
def test_every_key_comes_back_once(case: Ranked) -> None:
    """As many as went in, each of them, whatever the similarities are."""
    keys, similarities = case
    assert sorted(fuse(keys, similarities)) == sorted(keys)


@SLOW
@given(ranked())
def test_without_an_opinion_words_stand(case: Ranked) -> None:
    """None at all, none for any, the same for all, or the same order: nothing moves."""
    keys, _ = case
    falling = [-float(place) for place, _ in enumerate(keys)]
    for same in (None, [None] * len(keys), [0.5] * len(keys), falling):
        assert fuse(keys, same) == keys


@SLOW
@given(ranked(st.floats(-1, 1)))
def test_the_order_is_by_both_places(case: Ranked) -> None:
    """Exactly reckoned, no key comes before one that is worth more."""
    keys, similarities = case
    near = dict(zip(keys, similarities, strict=True))
    by_meaning = sorted(keys, key=lambda key: -(near[key] or 0.0))
    worth = {
        key: sum(Fraction(1, RANK + order.index(key) + 1) for order in (keys, by_meaning)) for key in keys
    }
    found = [worth[key] for key in fuse(keys, similarities)]
    assert all(one >= other - Fraction(1, 10**12) for one, other in pairwise(found))


@SLOW
@given(ranked(st.floats(-1, 1)), st.integers(0, 11))
def test_who_comes_nearer_never_falls(case: Ranked, which: int) -> None:
    """A text that turns out to be the nearest of all stands no lower than before."""
    keys, similarities = case
    if not keys:
        return
    key = keys[which % len(keys)]
    nearer = [2.0 if one == key else found for one, found in zip(keys, similarities, strict=True)]
    assert fuse(keys, nearer).index(key) <= fuse(keys, similarities).index(key)


@pytest.mark.parametrize(
    ("similarities", "expected"),
    [
        ([0.1, 0.9, 0.5, 0.2], "acdb"),  # c 1st and 4th, a 2nd and 1st, d 3rd and 2nd, b 4th and 3rd
        ([0.1, 0.2, 0.3, 0.4], "cbad"),  # both ends are worth a little more than the middle; ties by words
        ([0.1, 0.9, None, None], "cadb"),  # the first two change places: a tie
        ([None, 0.1, 0.2, 0.9], "cabd"),  # the one that was not compared keeps its place; the others as above
    ],
)
def test_orders_by_hand(similarities: list[float | None], expected: str) -> None:
    """Small cases, reckoned by hand."""
    assert "".join(fuse("cadb", similarities)) == expected


def test_a_similarity_for_each_key() -> None:
    """One too few or too many is an error."""
    for similarities in ([0.5], [0.5] * 3):
        with pytest.raises(ValueError):
            fuse(["a", "b"], similarities)


def test_places_of_several_orders_are_summed() -> None:
    """A key that an order leaves out gets nothing there."""
    found = reciprocal_ranks([["a", "b"], ["b"]])
    assert found == {"a": 1 / 61, "b": pytest.approx(1 / 62 + 1 / 61)}
