"""Numbers in other writings than digits: what they are read as, and what is left alone."""

from __future__ import annotations

import unicodedata
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from text_cases import FIXED

from agent.text.figures import figures
from agent.text.numerals import ONES, TENS, plain, quantities, shares, spelled
from agent.text.printable import visible


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("４５％", "45%"), ("٤٥٪", "45%"), ("४५%", "45%"), ("𝟒𝟓%", "45%"), ("4⁰%", "4^0%"), ("10⁵ and 10⁻⁴", "10^5 and 10^-4"),
        ("²", "2"), ("½", "0.5"), ("2½ times", "2.5 times"), ("⅔", "0.6667"), ("1e3", "1×10^3"), ("2.5e-4", "2.5×10^-4"),
        ("1,5x", "1.5x"), ("1,500", "1,500"), ("12,345.6", "12,345.6"), ("①", "1"), ("4\u200b0%", "40%"), ("4‑bit", "4-bit"),
        ("4٫5", "4.5"), ("GPT-4e", "GPT-4e"), ("β = 3", "β = 3"), ("量子", "量子"), ("Ⅳ", "4"),
    ],
)  # fmt: skip
def test_numbers_become_plain(text: str, expected: str) -> None:
    assert plain(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("forty percent", [("40", "%")]), ("forty-five per cent", [("45", "%")]), ("sevenfold", [("7", "x")]), ("seven-fold", [("7", "x")]),
        ("ninety-nine times", [("99", "x")]), ("a hundred times", [("100", "x")]), ("a factor of thirteen", [("13", "x")]),
        ("two hundred and five tasks", [("205", "")]), ("one hundred twenty thousand", [("120000", "")]), ("three million", [("3000000", "")]),
        ("eight bits", [("8", "bit")]), ("two percentage points", [("2", "points")]), ("ten orders of magnitude", [("10", "orders of magnitude")]),
        ("dozens of percent", [("12", "%")]), ("half the cost", [("0.5", "share")]), ("three quarters of it", [("0.75", "share")]),
        ("a tenth less", [("0.1", "share")]), ("a third way", []), ("the third step", []), ("in the second half", []), ("half-precision", []),
        ("a method", []), ("zero-shot", []), ("10 million", []), ("ninety", [("90", "")]), ("often", []), ("weighty", []),
        ("one times the other", []), ("a third of it", [("0.3333333333333333333333333333", "share")]),
    ],
)  # fmt: skip
def test_quantities_in_words_are_read(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(str(figure.values[0]), figure.unit) for figure in spelled(text)] == expected


def test_shares_are_what_figures_amount_to() -> None:
    marks = quantities("It is 2x faster, at 66% of the cost and 1.5x the size, or 0.25 of it.")
    assert shares(marks) == {Decimal("0.5"), Decimal("0.66"), Decimal("0.25")}


def test_joiners_stay_where_a_script_needs_them() -> None:
    assert visible("a\u200bb\u00adc\u200dd\u202e") == "abcd"
    assert visible("می\u200cخواهم क्\u200dष") == "می\u200cخواهم क्\u200dष"


@FIXED
@given(st.integers(1, 999_999))
def test_a_number_spelled_is_the_number(number: int) -> None:
    [found] = spelled(f"about {spell(number)} percent of it")
    assert found.marks == {(Decimal(number), "%")}


def spell(number: int) -> str:
    """A number below a million in English words."""
    if number >= 1000:
        rest = number % 1000
        return f"{spell(number // 1000)} thousand" + (f" {spell(rest)}" if rest else "")
    if number >= 100:
        rest = number % 100
        return f"{spell(number // 100)} hundred" + (f" and {spell(rest)}" if rest else "")
    ones = {value: word for word, value in ONES.items()}
    tens = {value: word for word, value in TENS.items()}
    if number in ones:
        return ones[number]
    return tens[number - number % 10] + (f"-{ones[number % 10]}" if number % 10 else "")


@FIXED
@given(st.text())
def test_plain_text_is_read_as_it_stands(text: str) -> None:
    """Whatever the text: nothing fails, ASCII without exponents and commas stays, and plain text stays plain."""
    line = plain(text)
    assert plain(line) == line or any(char in text for char in ",eE")
    assert all(unicodedata.category(char) != "Nd" or char.isascii() for char in line)
    for figure in spelled(line):
        assert line[figure.start : figure.end] == figure.text
    figures(line)
