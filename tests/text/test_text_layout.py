"""Printed lines become running text: words made whole, edges and references gone, places told."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.records import Body
from agent.text.columns import Line, Piece, lines_of_pages
from agent.text.folding import fold, join, words_of
from agent.text.layout import lay_out

FREE = settings(derandomize=True, database=None, deadline=None, max_examples=40)
LEFT, RIGHT = 50.0, 300.0


def page(text: str, x: float = LEFT, top: float = 700) -> list[Line]:
    """Lines of one column; `# ` opens a heading, `> ` an indented line, `~ ` a small one; an empty line is room."""
    lines: list[Line] = []
    y = top
    for row in text.strip("\n").split("\n"):
        mark, rest = row[:2], row[2:]
        if mark == "# ":
            y -= 6
            lines.append(Line(rest, x, y, 12, True))
        elif row:
            size = 7 if mark == "~ " else 10
            lines.append(Line(rest if mark in ("> ", "~ ") else row, x + 12 * (mark == "> "), y, size))
        y -= 12
    return lines


def lines_of(pieces: list[Piece]) -> list[Line]:
    (lines,) = lines_of_pages([pieces])
    return lines


def text_of(*pages: str) -> str:
    return lay_out([page(text) for text in pages]).text


WORDS = {
    "a word cut in two": (["the quanti-", "zation of levels"], "the quantization of levels"),
    "seen whole elsewhere": (["the quanti-", "zation is quantization"], "the quantization is quantization"),
    "a compound seen elsewhere": (["the low-", "bit gauge, low-bit"], "the low-bit gauge, low-bit"),
    "both seen": (["the re-", "sign, resign, re-sign"], "the resign, resign, re-sign"),
    "a compound in capitals elsewhere": (["the low-", "bit gauge. Low-bit"], "the low-bit gauge. Low-bit"),
    "a chain": (["the state-of-the-", "art gauge"], "the state-of-the-art gauge"),
    "a chain cut inside a word": (["the low-preci-", "sion precision"], "the low-precision precision"),
    "a name": (["the Navier-", "Stokes rule"], "the Navier-Stokes rule"),
    "a number": (["the gauge GF-", "12 is"], "the gauge GF-12 is"),
    "a soft hyphen": (["the quanti\u00ad", "zation of"], "the quantization of"),
    "a Unicode hyphen": (["the quanti‐", "zation of"], "the quantization of"),
    "a link": (["see https://example.org/low-", "bit for"], "see https://example.org/low-bit for"),
    "a dash": (["the gauge —", "a float —"], "the gauge — a float —"),
    "a slash": (["rain and/", "or snow"], "rain and/or snow"),
    "no hyphen": (["the level", "of water"], "the level of water"),
}


@pytest.mark.parametrize("name", WORDS)
def test_words_at_the_ends_of_lines(name: str) -> None:
    """A hyphen at a line's end goes, unless the word is known to have it."""
    lines, wanted = WORDS[name]
    assert text_of("\n".join(lines)) == wanted


FOLDS = {
    "eﬃcient ﬂow ﬁlter": "efficient flow filter",
    "ﬀ ﬅ ﬆ": "ff st st",
    "10² ½ ℓ μ Å x₂": "10² ½ ℓ μ Å x₂",
    "G¨odel, ´ Eric, na¨ıve": "Gödel, Éric, na¨ıve",
    "e\u0301te\u0301": "été",
    "a\u0000b\u200bc\u202ed\ufeff": "abcd",
    "so\u00adft": "soft",
    "  two \t words\u00a0here ": "two words here",
}


@pytest.mark.parametrize("raw", FOLDS)
def test_letters(raw: str) -> None:
    """Ligatures and loose accents become letters; signs that mean something by their form stay."""
    assert fold(raw) == FOLDS[raw]


@FREE
@given(st.text(max_size=60))
def test_folding_is_stable(raw: str) -> None:
    """A line that is folded is folded."""
    assert fold(fold(raw)) == fold(raw)


@FREE
@given(st.text(max_size=20), st.text(max_size=20))
def test_joining_loses_a_hyphen_at_most(before: str, after: str) -> None:
    """Of a line nothing goes but one hyphen at its end."""
    kept, glue = join(before, after, words_of([]))
    assert kept in (before, before[:-1]) and glue in ("", " ")
    assert kept == before or before[-1] in "-‐\u00ad"


def test_paragraphs() -> None:
    """A paragraph ends with room, with an indented line, with a bullet; never inside a word or clause."""
    text = """
The river rises in spring. The float goes
up with it.
> A second paragraph is set in. It goes on
in a second line.

A third has room above and ends here.
• A bullet with a long line of words in it
> that goes on below.
• A second bullet.
"""
    assert text_of(text).split("\n\n") == [
        "The river rises in spring. The float goes up with it.",
        "A second paragraph is set in. It goes on in a second line.",
        "A third has room above and ends here.",
        "• A bullet with a long line of words in it that goes on below.",
        "• A second bullet.",
    ]


HEADED = "River Gauge Letters {}"
OPENINGS = ("Spring", "Summer", "Autumn", "Winter")


def test_edges_go() -> None:
    """Heads that repeat and numbers of pages go; the same words in the text stay."""
    pages = []
    for number in range(1, 5):
        opening = OPENINGS[number - 1]
        lines = page(f"{opening} is page {number}.\nRiver Gauge Letters stand in it too.\n{opening} ends it.")
        head = Line(HEADED.format(number), 200, 760, 8)
        foot = Line(f"– {number} –", 290, 40, 8)
        pages.append([foot, head, *lines] if number % 2 else [head, *lines, foot])
    text = lay_out(pages).text
    assert "–" not in text
    assert text.count("River Gauge Letters") == 4
    assert all(opening in text for opening in OPENINGS)


def test_a_section_name_in_the_head() -> None:
    """A head goes too where the name of the section follows the title; a title at its height stays."""
    heads = ["Introduction", "Method", "Results"]
    pages = [[Line("A Float for Rivers", 150, 760, 18), *page("Text of the first page.")]]
    pages += [[Line(f"A Float for Rivers {name}", 50, 760, 9), *page(f"Text on {name}.")] for name in heads]
    text = lay_out(pages).text
    assert text.split("\n\n")[0] == "A Float for Rivers"
    assert "Rivers " not in text.replace("\n", "|")


def test_words_that_do_not_repeat_stay() -> None:
    """The first line of a page is no head, though all first lines stand at one height."""
    body = lay_out(
        [page("One opens the first page.\nx"), page("Two opens the second.\ny"), page("Three.\nz")]
    )
    assert all(word in body.text for word in ("One opens", "Two opens", "Three."))


PAPER = """
A Float for Rivers
Ada Quill and Ben Moss
# Abstract
A float tells the level.
# 1 Introduction
Rivers rise. We show why.
# 2 Related Work
Others looked at lakes.
# 2.1 Lakes and Ponds
Lakes stay.
# Results
The error is small.
# Acknowledgements
We thank the mill.
# References
[1] A. Smith. Lakes. J. Water 3, 2001.
[2] B. Doe. Ponds. J. Water 4,
2002.
# A More Tables
All the numbers.
"""


def test_sections() -> None:
    """Headings are told with their places, references go, the appendix behind them stays."""
    body = lay_out([page(PAPER)])
    assert [mark.title for mark in body.sections] == [
        "Abstract",
        "1 Introduction",
        "2 Related Work",
        "2.1 Lakes and Ponds",
        "Results",
        "Acknowledgements",
        "A More Tables",
    ]
    assert all(body.text[mark.start :].startswith(mark.title) for mark in body.sections)
    assert "Smith" not in body.text and "2002" not in body.text
    assert body.text.endswith("All the numbers.")
    assert body.section_at(body.text.index("Lakes stay")) == "2.1 Lakes and Ponds"
    assert body.section_at(0) is None


@pytest.mark.parametrize(
    "title", ["References", "REFERENCES", "7. References", "Bibliography", "Literature Cited"]
)
def test_names_of_references(title: str) -> None:
    """The list goes by each of its names, and what stands before it stays."""
    lines = page(f"# Introduction\nRivers rise.\n# {title}\nSmith, A. Lakes. 2001.\n\nDoe, B. Ponds. 2002.")
    assert lay_out([lines]).text == "Introduction\n\nRivers rise."


def test_a_section_on_literature_is_no_list() -> None:
    """A section that is only called so keeps its text."""
    lines = page(
        "# Introduction\nRivers rise.\n# 2 Literature\nMany have looked at rivers.\n\nNobody at ponds."
    )
    assert "Nobody at ponds." in lay_out([lines]).text


NO_HEADINGS = [
    "Rivers rise in the spring of each year, when snow melts, and they fall in",
    "1 Open the valve and wait until the water is still, then read it.",
    "3.1 4.4 12.0 7.8",
    "x = 3",
]


@pytest.mark.parametrize("line", NO_HEADINGS)
def test_what_is_no_heading(line: str) -> None:
    """Sentences, rows of tables and formulas in the type of the text are no headings."""
    body = lay_out(
        [page(f"# 1 Introduction\nRivers rise.\n\n{line}\n\nThey fall. They rise again, and again.")]
    )
    assert [mark.title for mark in body.sections] == ["1 Introduction"]


HEADINGS = [
    "2 Method",
    "2. Method",
    "II. METHOD",
    "4.2.1 Reading a Float",
    "Related Work",
    "Conclusion",
    "Discussion",
]


@pytest.mark.parametrize("line", HEADINGS)
def test_what_is_a_heading(line: str) -> None:
    """Numbered or known names in bold type, whatever their size."""
    lines = page("# 1 Introduction\nRivers rise. They fall in the autumn of the year.\n\nX\n\nThey fall.")
    lines = [Line(line, LEFT, row.y, 10, True) if row.text == "X" else row for row in lines]
    assert [mark.title for mark in lay_out([lines]).sections] == ["1 Introduction", line]


def test_run_in_headings() -> None:
    """An abstract whose heading runs into it is found; so are small capitals."""
    body = lay_out(
        [page("Abstract—A float tells the\nlevel.\n\nIndex Terms—rivers\n\n# I. I NTRODUCTION\nRivers rise.")]
    )
    assert [mark.title for mark in body.sections] == ["Abstract", "Index Terms", "I. INTRODUCTION"]
    assert body.text.startswith("Abstract\n\nA float tells the level.\n\nIndex Terms\n\nrivers\n\n")


def test_contents_go() -> None:
    """A table of contents leaves neither lines nor headings."""
    contents = "# Contents\n# 1 Introduction 2\n1.1 Rivers . . . . . . . 3\n# 1 Introduction\nRivers rise."
    assert text_of(contents) == "1 Introduction\n\nRivers rise."


def test_a_paragraph_over_two_pages() -> None:
    """What a page's end cuts is made whole; the note below it and the table above the rest step aside."""
    first = "# 1 Introduction\nRivers rise in the spring and their meas-\n\n~ 1 A note in small type."
    second = "Table 1: Levels in mm.\nSpring 3.1\n\nured level goes on. It falls later.\n> Then it is dry."
    body = lay_out([page(first), page(second), [], page("Rain.")])
    assert body.text.split("\n\n") == [
        "1 Introduction",
        "1 A note in small type.",
        "Rivers rise in the spring and their measured level goes on. It falls later.",
        "Table 1: Levels in mm. Spring 3.1",
        "Then it is dry.",
        "Rain.",
    ]
    assert [body.page_at(body.text.index(word)) for word in ("Rivers", "ured", "Table", "Then", "Rain")] == [
        1,
        2,
        2,
        2,
        4,
    ]
    assert len(body.pages) == 4 and body.pages[2] == body.pages[3]


def test_a_sentence_never_joins_another() -> None:
    """A column that ends inside a formula is not taken for a sentence that the next column goes on with."""
    text = text_of(
        "# 1 Introduction\nWe set the level so that it is\n\nx = 3", "# 2 Method\nthe float rises."
    )
    assert "it is\n\n" in text and "x = 3\n\n2 Method\n\nthe float" in text


def columns(in_rows: bool) -> list[Piece]:
    """Two columns below a title, stored column by column or row by row."""
    left = [
        Piece(f"the left line {n} of a column of text", LEFT, 700 - 12 * n, 10, ends_line=True)
        for n in range(9)
    ]
    right = [
        Piece(f"the right line {n} of a column of text", RIGHT, 700 - 12 * n, 10, ends_line=True)
        for n in range(9)
    ]
    title = Piece("A title that spans both of the columns of the page", LEFT, 730, 18, ends_line=True)
    foot = Piece(
        "a line below both columns that is as long as both of them, so it spans the page", LEFT, 500, 10
    )
    rows = [piece for pair in zip(left, right, strict=True) for piece in pair]
    return [title, *(rows if in_rows else [*left, *right]), foot]


@pytest.mark.parametrize("in_rows", [False, True])
def test_two_columns(in_rows: bool) -> None:
    """The left column is read before the right one, however the page is stored."""
    texts = [line.text for line in lines_of(columns(in_rows))]
    assert texts[0].startswith("A title") and texts[-1].startswith("a line below")
    assert [text[:16].strip() for text in texts[1:-1]] == [
        *(f"the left line {n}" for n in range(9)),
        *(f"the right line {n}"[:16] for n in range(9)),
    ]


def test_columns_without_line_ends() -> None:
    """A row that the file does not end between the columns is cut at the right column's edge."""
    pieces = [
        Piece(piece.text, piece.x, piece.y, 10, ends_line=piece.x == RIGHT) for piece in columns(True)[1:-1]
    ]
    assert [line.text for line in lines_of(pieces)] == [line.text for line in lines_of(columns(False))][1:-1]


def test_a_short_page_has_the_columns_of_the_others() -> None:
    """The last page of a file that is stored row by row is read in columns too, however short it is."""
    last = columns(True)[1:5]
    *_, lines = lines_of_pages([columns(True), columns(True), last])
    assert [line.text[:15].strip() for line in lines] == [
        "the left line 0",
        "the left line 1",
        "the right line",
        "the right line",
    ]


def test_one_column_keeps_its_order() -> None:
    """A page of one column stays as it is stored, though fonts change inside its lines."""
    pieces = [
        Piece(text, x, 700 - 12 * n, 10, ends_line=x > LEFT)
        for n in range(9)
        for text, x in ((f"the line {n} of", LEFT), (f"{'text ' * 9}", LEFT + 90 + 7 * n))
    ]
    assert [line.text[:10] for line in lines_of(pieces)] == [f"the line {n}" for n in range(9)]


RAISED = {
    "a power": ([("on 10", 0), ("3", 4), (" samples", 0)], "on 10^3 samples"),
    "a negative power": ([("of 10", 0), ("−3", 4), (" m", 0)], "of 10^-3 m"),
    "a unit": ([("an area of 3 km", 0), ("2", 4)], "an area of 3 km^2"),
    "a footnote": ([("the results.", 0), ("12", 4), (" They", 0)], "the results. They"),
    "a mark of a name": ([("Ada Quill", 0), ("1,2∗", 4), (" and", 0)], "Ada Quill and"),
    "a lowered number": ([("H", 0), ("2", -2), ("O rises with the rain", 0)], "H2O rises with the rain"),
    "letters": ([("the 4", 0), ("th", 4), (" day of rain", 0)], "the 4th day of rain"),
}


@pytest.mark.parametrize("name", RAISED)
def test_raised_numbers(name: str) -> None:
    """A power never becomes a longer number; a footnote's mark behind a word goes."""
    given_pieces, wanted = RAISED[name]
    pieces = [
        Piece(text, 50 + 60 * n, 700 + up, 7 if up else 10) for n, (text, up) in enumerate(given_pieces)
    ]
    assert [line.text for line in lines_of(pieces)] == [wanted]


lines = st.builds(
    Line,
    text=st.one_of(
        st.text(max_size=30),
        st.sampled_from(["References", "1 Introduction", "Abstract—x", "12", "Contents", "cut-"]),
    ),
    x=st.floats(0, 600),
    y=st.floats(0, 800),
    size=st.sampled_from([0.0, 7.0, 10.0, 12.0]),
    is_bold=st.booleans(),
)


@FREE
@given(st.lists(st.lists(lines, max_size=8), max_size=4))
def test_any_pages_become_a_sound_body(pages: list[list[Line]]) -> None:
    """Whatever the pages, places are in order and inside the text, and the same pages give the same body."""
    body = lay_out(pages)
    assert isinstance(body, Body) and body == lay_out(pages)
    assert len(body.pages) == len(pages)
    assert list(body.pages) == sorted(body.pages) and all(
        0 <= start <= len(body.text) for start in body.pages
    )
    assert all(body.text[mark.start :].startswith(mark.title) for mark in body.sections)
    assert [mark.start for mark in body.sections] == sorted(mark.start for mark in body.sections)


pieces_of_a_page = st.builds(
    Piece,
    text=st.text(max_size=30),
    x=st.sampled_from([LEFT, RIGHT, 100.0]),
    y=st.floats(-1e6, 1e6),
    size=st.sampled_from([0.0, 7.0, 10.0]),
    ends_line=st.booleans(),
)


@FREE
@given(st.lists(pieces_of_a_page, max_size=30))
def test_no_letter_is_lost_in_ordering(pieces: list[Piece]) -> None:
    """Lines hold the letters of the pieces, each once, in whatever order."""
    before = sorted(char for piece in pieces for char in piece.text if char.isalpha())
    after = sorted(char for line in lines_of(pieces) for char in line.text if char.isalpha())
    assert after == before
