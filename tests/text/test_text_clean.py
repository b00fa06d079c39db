"""Cleaning: residue of TeX becomes what a reader would see, and nothing else changes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from text_cases import FIXED, read_cases

from agent.text.clean import clean

# Each piece alone is harmless; joined at random they make the residues that real pages hold, and worse.
PIECES = [
    "\\", "{", "}", "$", "%", "~", "^", "_", "&", "#", "`", "'", "``", "''", "--", "---", r"\(", r"\)",
    "times", "sim", "pm", "cdot", "leq", "geq", "infty", "rightarrow", r"\times", r"\sim", r"\%", r"\$",
    r"\_", r"\{", r"\url", r"\href", r"\textbf", "textbf", r"\em", r"\text", r"\'", r"\c", r"\v",
    r"\romannumeral1", r"\name", r"\alpha", "alpha", "http://", "https:", "//", "https://github.com/",
    "www.a.b", "x2014", "x2019", "(", ")", "[", "]", ",", ".", ":", ";", "2", "3.5", "10", "a", "b",
    "word", "Z", "é",
    " ", "\n", "\x00", "\xa0", "\u200b", "\u0301",
]  # fmt: skip
TEX = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)
URL_SIGNS = "abcXYZ019_~-./=?&+%"

LOOKALIKES = [
    "sometimes", "times", "timesteps", "lifetimes", "runtimes", "multitimes", "simple", "similar",
    "simulator", "simultaneously", "sim-to-real", "pmf", "approximate", "leap", "ale", "get", "genuine",
    "within", "into", "total", "tokens", "string", "toil", "Theta-like", "starboard", "ellipse", "partial",
    "alphabet", "epsilon-greedy", "muse", "etc", "percent",
]  # fmt: skip
PLAIN_WORDS = st.one_of(
    st.sampled_from(LOOKALIKES),
    st.text("abcdefghijklmnopqrstuvwxyzABCDEFGHIJ", min_size=1, max_size=9).filter(
        lambda word: not any(sign in word.lower() for sign in ("leq", "geq", "infty", "arrow"))
    ),
)


@pytest.mark.parametrize(("fragment", "expected"), read_cases("clean"))
def test_residue_becomes_what_a_reader_would_see(fragment: str, expected: str) -> None:
    """A real fragment is cleaned to what a careful reader made of it."""
    assert clean(fragment) == expected


@pytest.mark.parametrize("text", [expected for _, expected in read_cases("clean")])
def test_a_cleaned_fragment_stays_as_it_is(text: str) -> None:
    """What a reader would see holds no residue, so that cleaning it again changes nothing."""
    assert clean(text) == text


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (r"G\"odel", "Gödel"),
        (r"Erd\H{o}s", "Erdős"),
        (r"\c{c}a", "ça"),
        (r"\v Cech", "Čech"),
        (r"Mar\'{\i}a", "María"),
        (r"Sm{\o}rg", r"Sm{ø}rg"),
        (r"\href{https://a.org/x}{our code}", "our code (https://a.org/x)"),
        (r"$\alpha$-method", "α-method"),
        ("costs $5 to $6 a day", "costs $5 to $6 a day"),
        ("a\n  b\t c", "a b c"),
        ("zero\u200bwidth", "zerowidth"),
        ("null\x00sign", "nullsign"),
        ("a x2014x2014 b", "a —— b"),
        (r"2\text{times}", "2×"),
        (r"\textbf{\textbf{\textbf{\textbf{four deep}}}}", "four deep"),
        ("the maxsim 5 operator", "the maxsim 5 operator"),
        (r"2.6$\times$ less", "2.6× less"),
        (r"only $\sim$5\% more", "only ~5% more"),
        (r"over $>$80\% sparse", "over >80% sparse"),
        ("e\u0301", "é"),
    ],
)
def test_small_residues(written: str, expected: str) -> None:
    """Accents, links, formulas, dollars and invisible signs are each read for what they are."""
    assert clean(written) == expected


@pytest.mark.parametrize(
    "text",
    ["x2014" * 5, r"\textbf{" * 13 + "a" + "}" * 13],
    ids=["five dashes in a row", "thirteen nested styles"],
)
def test_cleaning_is_stable_where_one_residue_hides_another(text: str) -> None:
    """However deep residues hide in one another, a second cleaning finds nothing left to do."""
    assert clean(clean(text)) == clean(text)


@FIXED
@given(st.one_of(st.text(), TEX))
def test_cleaning_is_stable_and_never_fails(text: str) -> None:
    """Any text can be cleaned, and a second cleaning changes nothing."""
    once = clean(text)
    assert clean(once) == once


@FIXED
@given(st.one_of(st.text(), TEX))
def test_a_cleaned_text_is_one_line(text: str) -> None:
    """Words stand one space apart, and no control sign is left."""
    line = clean(text)
    assert line == " ".join(line.split())
    assert not any(ord(char) < 32 or 127 <= ord(char) < 160 for char in line)


@FIXED
@given(st.lists(st.tuples(PLAIN_WORDS, st.sampled_from(["", ",", ".", ":", ";", "?", "!"])), max_size=15))
def test_plain_prose_stays_as_it_is(pieces: list[tuple[str, str]]) -> None:
    """English in plain ASCII, without digits and signs, is returned unchanged."""
    text = " ".join(word + mark for word, mark in pieces)
    assert clean(text) == text


@FIXED
@given(st.text(URL_SIGNS, max_size=20), st.sampled_from(["see {} there", "{}", "(at {})", "code: {}."]))
def test_a_link_keeps_every_sign(tail: str, frame: str) -> None:
    """What looks like residue inside a link is part of the link."""
    text = frame.format(f"https://a.org/{tail}x")
    assert clean(text) == text


@FIXED
@given(st.lists(st.sampled_from(["word", "50%", "%OP", "two", "%", "a\\%"]), min_size=1, max_size=12))
def test_a_percent_sign_cuts_nothing(pieces: list[str]) -> None:
    """No word is lost after a percent sign, as it would be if the sign opened a comment."""
    kept = clean(" ".join(pieces))
    assert [word for word in kept.split() if word != "%"] == [p.replace("\\", "") for p in pieces if p != "%"]
