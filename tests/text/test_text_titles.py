"""Titles as they are compared: writing goes, what tells two works apart stays."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.text.titles import fold, title_key

FREE = settings(derandomize=True, database=None, deadline=None, max_examples=40)

SAME = [
    ("Low-Cost Floats", "LOWCOST floats"),
    ("Low–Cost  Floats", "Low Cost\tFloats."),
    ("Über Brunnen", "Uber Brunnen"),
    ("Ø-Wells by Łukasz", "O-wells by Lukasz"),
    ("α-Decay of Wells", "Alpha decay of wells"),
    ("Wells & Bridges", "Wells and Bridges"),
    ("$\\alpha$-Decay of Wells", "alpha-decay of wells"),
    ("{W}ells {\\em and} {\\textbf{Bridges}}", "Wells and Bridges"),
    ("“Wells”: What Next?", '"Wells" -- what next'),
    ("ﬁnding wells", "Finding Wells"),
    ("Straße am Brunnen", "STRASSE AM BRUNNEN"),
    ("H₂O in Wells", "H2O in Wells"),
    ("Version 1.5 of Wells", "Version 1·5 of Wells"),
    ("Measuring 1–2 Wells", "Measuring 1-2 Wells"),
    ("Cafe\u0301 Wells", "Café Wells"),
    ("#wells and *bridges", "wells and bridges"),
]
APART = [
    ("Wells in C", "Wells in C++"),
    ("Wells in C", "Wells in C#"),
    ("Wells in C++", "Wells in C#"),
    ("A* for Wells", "A for Wells"),
    ("Wells+", "Wells"),
    ("Wells++", "Wells+"),
    ("Wells 1.5", "Wells 15"),
    ("Wells 1-2", "Wells 12"),
    ("Wells: Part 1", "Wells: Part 2"),
    ("Wells: Part I", "Wells: Part II"),
    ("Quamba: Wells", "Quamba2: Wells"),
    ("Wells Beat Bridges", "Bridges Beat Wells"),
    ("α-Decay", "β-Decay"),
    ("水位测量", "水位测量二"),
    ("Вода", "Води"),
    ("कुएँ", "कुआँ"),
    ("がく", "かく"),
    ("1.5 Wells", "1 5 2 Wells"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_writing_makes_no_other_title(one: str, other: str) -> None:
    """Case, accents, hyphens, blanks, signs, TeX and Greek letters are ways of writing."""
    assert title_key(one) == title_key(other)


@pytest.mark.parametrize(("one", "other"), APART)
def test_what_tells_works_apart_stays(one: str, other: str) -> None:
    """Numbers, parts, signs behind a name, order and letters of any script are the title's own."""
    assert title_key(one) != title_key(other)


@pytest.mark.parametrize("title", ["?", "...", "***", "$", "—", "{}"])
def test_a_title_of_signs_alone_is_still_something(title: str) -> None:
    """Two titles of nothing but signs are not one by being empty."""
    assert title_key(title)
    assert title_key(title) != title_key(title + "!!")


@FREE
@given(st.text(max_size=60))
def test_folding_twice_is_folding_once(text: str) -> None:
    """What is folded stays as it is, and holds no blank."""
    folded = fold(text)
    assert fold(folded) == folded
    assert not any(char.isspace() for char in folded)


@FREE
@given(st.lists(st.from_regex(r"[a-z]{1,9}", fullmatch=True), min_size=1, max_size=8))
def test_case_and_blanks_never_count(words: list[str]) -> None:
    """However words are set apart and capitalised, the title is one."""
    plain = title_key(" ".join(words))
    assert plain == "".join(words)
    assert {title_key(way) for way in (" ".join(words).upper(), "-".join(words), "  ".join(words) + ".")} == {
        plain
    }


@FREE
@given(
    st.integers(0, 999),
    st.integers(0, 999),
    st.sampled_from(["Wells {}", "{} Wells", "Wells{}", "Wells 1.{}"]),
)
def test_two_numbers_are_two_titles(one: int, other: int, form: str) -> None:
    """A number in a title is never lost."""
    assert (title_key(form.format(one)) == title_key(form.format(other))) == (one == other)


@pytest.mark.parametrize("piece", ["1.", "+", "#*", "α", "é", "a&", "1-", "."])
def test_long_titles_take_no_long_time(piece: str) -> None:
    """Time grows with the length."""
    start = time.process_time()
    fold(piece * 50_000)
    assert time.process_time() - start < 1.0
