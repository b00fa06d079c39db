"""Which way a sentence points, by its words."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from text_cases import FIXED

from agent.text.polarity import (
    bounds,
    denied,
    denies,
    pair_stands,
    pairs_denied,
    turns,
    ways_it_stands,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It does not overfit.", True), ("It works without training.", True), ("A training-free method.", True), ("It avoids retraining.", True),
        ("It doesn't overfit.", True), ("Quality stays lossless.", True), ("Hardly studied so far.", True), ("Instead, keys are kept.", True),
        ("It is under 5 ms until then.", False), ("A unit of work.", False), ("The method is fast.", False), ("Nobel and note.", False),
    ],
)  # fmt: skip
def test_denials_are_told(text: str, expected: bool) -> None:
    assert denies(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The method does not overfit.", [("not", "overfit", True)]),
        ("There is no other remedy.", [("no", "remedy", False)]),
        ("Accuracy falls by no more than 7%.", []),
        ("It can't be avoided.", [("can't", "avoided", False)]),
        ("All is well.", []),
    ],
)
def test_what_is_denied_stands_behind_it(text: str, expected: list[tuple[str, str, bool]]) -> None:
    assert [(one.word, one.meant[0], one.is_next) for one in denied(text)] == expected


def test_a_denial_stands_between_two_words() -> None:
    [(word, before, behind, after)] = pairs_denied("Quadratic time cannot be avoided here.")
    assert (word, before, behind, after) == ("cannot", "time", "avoided", "be")
    assert "can" in (pair_stands("time", "avoided", "Quadratic time can be avoided.") or ())
    assert pair_stands("time", "avoided", "Time is short, and much of what follows is avoided.") is None


def test_a_word_stands_plainly_or_denied() -> None:
    text = "Training is costly. The method needs no training."
    assert ways_it_stands("training", text) == {True, False}
    assert ways_it_stands("training", "The method needs no training.") == {True}
    assert ways_it_stands("costly", "") == frozenset()


@pytest.mark.parametrize(
    ("text", "dimension", "way", "beside"),
    [
        ("It runs 2.5x faster.", "speed", 1, "2.5x"),
        ("Energy use falls by 70%.", "amount", -1, "70%"),
        ("It has lower latency.", "amount", -1, "latency"),
        ("Accuracy improves.", "quality", 1, "accuracy"),
        ("Scores get worse with depth.", "quality", -1, "depth"),
    ],
)
def test_turns_have_a_way_and_something_beside_them(text: str, dimension: str, way: int, beside: str) -> None:
    assert any((one.dimension, one.way) == (dimension, way) and beside in one.beside for one in turns(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("up to 4x", "at most"), ("at most 4x", "at most"), ("no more than 4x", "at most"), ("less than 4x", "at most"), ("at least 4x", "at least"),
        ("over 4x", "at least"), ("no less than 4x", "at least"), ("more than 4x", "at least"), ("over 4 years", ""), ("about 4x", ""), ("4x", ""),
        ("up to about 4x", "at most"),
    ],
)  # fmt: skip
def test_bounds_stand_right_before_their_figures(text: str, expected: str) -> None:
    [one] = bounds(f"It runs {text} with it.")
    assert one.bound == expected and Decimal(4) in {value for value, _ in one.marks}


@FIXED
@given(st.text())
def test_any_text_is_taken(text: str) -> None:
    assert len(list(denied(text))) >= 0 and list(turns(text)) == list(turns(text))
    assert [one.near for one in bounds(text)] == [one.near for one in bounds(text)]
    list(pairs_denied(text))
