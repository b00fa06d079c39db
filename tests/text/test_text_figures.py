"""Figures: which numbers a text states, with their units."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from text_cases import FIXED, read_cases

from agent.text.clean import clean
from agent.text.figures import figures

PIECES = [
    "2", "10", "3.5", ".5", "1,000", ",", ".", "x", "×", "times", " times", "%", r"\%", " ", "-", "–", "~",
    " to ", "sim", "to", "B", "M", " billion", "-bit", " bits", "fold", "-fold", "10^", "{", "}", "^", "e",
    "$", "factor of ", " points", "orders of magnitude", "two ", "several ", "twice", "x2",
    "https://a.org/2 ", "INT8", "W4A4", "Llama-", "GPT", ")", "(", "/", ":", "s", "GB", "tokens/s",
    "GPU hours", "١", "²", "½",
]  # fmt: skip
TEXT = st.one_of(st.text(), st.lists(st.sampled_from(PIECES), max_size=8).map("".join))
NUMBERS = st.decimals(min_value=Decimal("0.01"), max_value=9999, places=2)


def written(text: str) -> str:
    """The figures of a text as the table writes them; sizes are told apart and tested on their own."""
    found = [figure for figure in figures(text) if figure.unit != "size"]
    shown = [
        ("..".join(format(v, "f") for v in figure.values) + " " + figure.unit).strip() for figure in found
    ]
    return " | ".join(shown) or "-"


def marks(text: str) -> set[tuple[Decimal, str]]:
    """All values with their units."""
    return {mark for figure in figures(text) for mark in figure.marks}


@pytest.mark.parametrize(("fragment", "expected"), read_cases("figures"))
def test_figures_are_those_that_a_reader_finds(fragment: str, expected: str) -> None:
    """A real fragment states the figures that a careful reader found, and no others."""
    assert written(clean(fragment)) == expected


@FIXED
@given(TEXT)
def test_figures_stand_where_they_say(text: str) -> None:
    """Figures stand in order, do not overlap, and their text is what stands there."""
    position = 0
    for figure in figures(text):
        assert position <= figure.start < figure.end <= len(text)
        assert text[figure.start : figure.end] == figure.text
        assert figure.values
        position = figure.end


@FIXED
@given(
    NUMBERS,
    st.sampled_from(["{}x", "{}X", "{}times", "{}×", "{} ×", "{} times", "{}-fold", "a factor of {}"]),
)
def test_every_spelling_of_a_factor_is_the_same(number: Decimal, spelling: str) -> None:
    """`2.49x`, `2.49times` and `2.49×` are one figure."""
    assert marks(f"by {spelling.format(number)}, at most") == {(number, "x")}


@FIXED
@given(NUMBERS, st.sampled_from(["{}%", "{} %", r"{}\%", "{} percent", "{} per cent"]))
def test_every_spelling_of_a_share_is_the_same(number: Decimal, spelling: str) -> None:
    r"""`50%`, `50 %` and `50\%` are one figure."""
    assert marks(f"by {spelling.format(number)}, at most") == {(number, "%")}


@pytest.mark.parametrize(
    "spelling",
    [
        "1.3B",
        "1.30B",
        "1.3 billion",
        "1.3-billion",
        "1.3 Billion",
        "1.3bn",
        "1,300M",
        "1300 million",
        "1,300,000,000",
    ],
)
def test_every_spelling_of_a_count_is_the_same(spelling: str) -> None:
    """`1.3B`, `1.3 billion` and `1,300M` are one figure."""
    assert marks(f"with {spelling} parameters") == {(Decimal(1_300_000_000), "")}


@FIXED
@given(
    NUMBERS,
    NUMBERS,
    st.sampled_from(["-", "–", "~", " to ", " - "]),
    st.sampled_from(["x", "×", "%", "times"]),
)
def test_a_range_has_both_ends_with_the_unit(low: Decimal, high: Decimal, dash: str, unit: str) -> None:
    """A range is one figure with two values, whether the unit stands once or twice."""
    sign = "%" if unit == "%" else "x"
    for text in (f"by {low}{dash}{high}{unit} now", f"by {low}{unit}{dash}{high}{unit} now"):
        assert [(figure.values, figure.unit) for figure in figures(text)] == [((low, high), sign)]


@pytest.mark.parametrize("text", ["Llama-2", "GPT-3.5", "H100", "INT8", "W4A4", "T5", "CIFAR-10", "2:4"])
def test_digits_inside_names_are_no_figures(text: str) -> None:
    """A name states no number."""
    assert figures(f"with {text} here") == ()


@pytest.mark.parametrize("text", ["see https://a.org/2024/10x.", "at www.a.org/50%25 there"])
def test_digits_inside_links_are_no_figures(text: str) -> None:
    """A link states no number."""
    assert figures(text) == ()


@pytest.mark.parametrize(
    ("text", "sides"),
    [
        ("512×512", "512 512"),
        ("at 512x512.", "512 512"),
        ("64 × 64, and", "64 64"),
        ("on 512×512 ImageNet images", "512 512"),
        ("at 256x256 resolution", "256 256"),
        ("a 240x240x155 input", "240 240 155"),
    ],
)
def test_a_size_is_no_factor(text: str, sides: str) -> None:
    """`512×512` is one figure with the sides as its values, whatever word follows."""
    found = [(figure.values, figure.unit) for figure in figures(text)]
    assert found == [(tuple(Decimal(side) for side in sides.split()), "size")]


@pytest.mark.parametrize("text", ["smaller by 1/3 to 2/3.", "for Llama2-7B-128K, achieving"])
def test_parts_of_fractions_and_names_are_no_ends_of_a_range(text: str) -> None:
    """Two numbers that belong to different things are not read as one range."""
    assert [figure.text for figure in figures(text) if len(figure.values) > 1] == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("10^23", 10**23),
        ("10^{19}", 10**19),
        ("1.5×10^3", 1500),
        ("10^30", 10**30),
        ("1" * 30, int("1" * 30)),
        ("123,456,789 billion billion", 123456789 * 10**9),
    ],
)
def test_large_numbers_are_read_exactly(text: str, value: int) -> None:
    """No number is too large to be read, and none is rounded."""
    assert figures(text)[0].values == (Decimal(value),)
