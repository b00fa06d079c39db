"""PDF files: what is read from their pages, and what is said of those that cannot be read."""

from __future__ import annotations

import logging
import sys
import zlib
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pdf_maker import LEFT, RIGHT, TOP, Put, by_rows, column, drawn_text, print_pdf, raw_pdf, scanned_pdf

from agent.records import Author, Body, Noted, Paper, Rejected
from agent.sources.formats import pdf_pages
from agent.sources.formats.pdf import NO_TITLE, body_of, read
from agent.text.passages import choose

FREE = settings(derandomize=True, database=None, deadline=None, max_examples=25)
TITLE = "A Float for the Levels of Small Rivers"
ROWS = ["Rivers rise in the spring, when the snow of the hills", "melts, and they fall when it is dry."]

LEFT_ONE = [
    "# Abstract",
    "A ﬂoat tells the level of a river. It lowers the",
    "error by 60% and needs no power.",
    "",
    "# 1 Introduction",
    "Rivers rise in the spring. We propose FloatNet, a",
    "gauge that reads a ﬂoat with an eﬃcient ﬁlter and",
    "a low-bit counter. The level is found by quanti-",
    "zation of its way, which low-",
    "bit counters can do. We count all of it on the",
    "board itself, and the ways of the water are as",
]
RIGHT_ONE = [
    "plain as those of the wind above it and of the",
    "rain.",
    "",
    "# 2 Related Work",
    "Smith et al. [1] propose a radar gauge with an error",
    "of 7.8 mm, which we present here.",
    "",
    "# 3 Results",
    "FloatNet reaches an error of 3.1 mm, which is 60%",
    "lower than that of the radar gauge. Quantization is",
]
LEFT_TWO = [
    "not what costs most of it, since all of it is small.",
    "",
    "# 4 Limitations",
    "The gauge does not work when the river is frozen.",
    "",
    "# References",
    "[1] A. Smith. A radar for rivers. J. Water 2019.",
    "[2] B. Doe. A ﬂoat for lakes. J. Water 2020.",
]
RIGHT_TWO = [
    "[3] C. Poe. A pond. J. Water 2021.",
    "",
    "# A More Tables",
    "All numbers of the gauge are in a file.",
]
BODY = f"""{TITLE}

Abstract

A float tells the level of a river. It lowers the error by 60% and needs no power.

1 Introduction

Rivers rise in the spring. We propose FloatNet, a gauge that reads a float with an efficient filter and a low-bit counter. The level is found by quantization of its way, which low-bit counters can do. We count all of it on the board itself, and the ways of the water are as plain as those of the wind above it and of the rain.

2 Related Work

Smith et al. [1] propose a radar gauge with an error of 7.8 mm, which we present here.

3 Results

FloatNet reaches an error of 3.1 mm, which is 60% lower than that of the radar gauge. Quantization is not what costs most of it, since all of it is small.

4 Limitations

The gauge does not work when the river is frozen.

A More Tables

All numbers of the gauge are in a file."""


def two_columns(in_rows: bool) -> bytes:
    """A paper of two pages with two columns, running heads and page numbers."""
    pages = []
    for number, (left, right) in enumerate(((LEFT_ONE, RIGHT_ONE), (LEFT_TWO, RIGHT_TWO)), start=1):
        columns = column(LEFT, left, TOP + 40), column(RIGHT, right, TOP + 40)
        puts = by_rows(*columns) if in_rows else [*columns[0], *columns[1]]
        head = [Put("Letters on Water, no. 7", LEFT, 40, 8), Put(str(number), 300, 800, 8)]
        title = [Put(TITLE, 120, TOP, 18, True)] if number == 1 else []
        pages.append([*head, *title, *puts])
    return print_pdf(pages, font="Boxes")


def page_of(*front: Put, stated: Mapping[str, str] | None = None) -> bytes:
    """One page with some text below what is given."""
    return print_pdf([[*front, *column(LEFT, [*ROWS, *ROWS], 300)]], stated)


def paper_of(data: bytes) -> Paper:
    (found,) = read(data)
    assert isinstance(found, Paper), found
    return found


def refused(data: bytes) -> str:
    """The reason, which is the same for a file by itself and for one to be attached."""
    (found,) = read(data)
    body = body_of(data)
    assert isinstance(found, Rejected) and isinstance(body, Rejected)
    assert found == body
    return found.reason


@pytest.mark.parametrize("in_rows", [False, True], ids=["by column", "by row"])
def test_a_paper_in_two_columns(in_rows: bool) -> None:
    """The body is the running text and nothing else, in whatever order the page is stored."""
    body = body_of(two_columns(in_rows))
    assert isinstance(body, Body)
    assert body.text == BODY
    assert [
        body.page_at(body.text.index(word)) for word in (TITLE, "Quantization is", "not what", "All numbers")
    ] == [
        1,
        1,
        2,
        2,
    ]
    assert body.section_at(body.text.index("7.8 mm")) == "2 Related Work"
    assert [body.text[start:end] for start, end in choose(body, 10_000)] == [
        "We propose FloatNet, a gauge that reads a float with an efficient filter and a low-bit counter.",
        "FloatNet reaches an error of 3.1 mm, which is 60% lower than that of the radar gauge.",
        "The gauge does not work when the river is frozen.",
    ]


def test_a_paper_by_itself() -> None:
    """Title and abstract come from the page; what no page states stays unknown."""
    paper = paper_of(two_columns(in_rows=False))
    assert paper.title == TITLE
    assert paper.texts.abstract == (
        "A float tells the level of a river. It lowers the error by 60% and needs no power."
    )
    assert (paper.authors, paper.year, paper.doi, paper.arxiv_id, paper.files) == ((), None, None, None, ())
    assert paper.sources[0].position == "page 1"


def test_an_empty_cover() -> None:
    """The title page is the first with text."""
    paper = paper_of(print_pdf([[], [Put(TITLE, 60, 80, 18), *column(LEFT, ROWS, 200)]]))
    assert (paper.title, paper.sources[0].position) == (TITLE, "page 2")


OWN = [
    ("", "the page's own title when the file has none"),
    ("Microsoft Word - floats_final2.docx", "a program's"),
    ("floats-final.tex", "a file's name"),
    ("untitled", "a program's"),
    ("Paper Title", "a template's"),
    ("Formatting Instructions for Authors of Letters", "a template's"),
    ("doi:10.1234/floats.7", "an id"),
    ("S0305-1234(99)00012-3", "an id"),
    ("Floats", "one word"),
    ("The Title of Some Other Work on Lakes", "not on the page"),
]


@pytest.mark.parametrize("title", [title for title, _ in OWN], ids=[title or "none" for title, _ in OWN])
def test_the_title_of_the_page(title: str) -> None:
    """The largest type of page one is the title wherever the file's own field does not agree with the page."""
    data = page_of(
        Put("A Float for the Levels of", 60, 80, 18),
        Put("Small Rivers", 60, 100, 18),
        stated={"title": title},
    )
    assert paper_of(data).title == TITLE


def test_the_title_of_the_file() -> None:
    """A file's own title is taken where the page has it too, and where the page has none."""
    stated = {"title": TITLE}
    assert (
        paper_of(
            page_of(Put(TITLE.upper(), 60, 80, 12), Put("LETTERS ON WATER", 60, 50, 20), stated=stated)
        ).title
        == TITLE
    )
    assert paper_of(page_of(stated=stated)).title == TITLE


@pytest.mark.parametrize(
    "front",
    [
        [],
        [Put("WATER", 60, 60, 30)],
        [Put("7", 60, 60, 30)],
        [Put("1 Introduction", 60, 60, 14)],
        [Put("ada@example.org of", 60, 60, 20)],
    ],
    ids=["one type", "a word", "a number", "a heading", "an address"],
)
def test_no_title(front: list[Put]) -> None:
    """Where no title can be told none is made up; the text can still be attached."""
    data = page_of(*front, stated={"title": "untitled"})
    assert list(read(data)) == [Rejected(position="page 1", reason=NO_TITLE)]
    assert isinstance(body_of(data), Body)


AUTHORS = {
    "Ada Quill": (Author(family="Quill", given="Ada"),),
    "Ada Quill; Ben Moss": (Author(family="Quill", given="Ada"), Author(family="Moss", given="Ben")),
    "Quill, Ada and Moss, Ben": (Author(family="Quill", given="Ada"), Author(family="Moss", given="Ben")),
    "Ada Quill and Someone Else": (),
    "Administrator": (),
    "aquill": (),
    "LaTeX with hyperref": (),
    "Someone Else": (),
    "": (),
}


@pytest.mark.parametrize("stated", AUTHORS)
def test_authors(stated: str) -> None:
    """Authors are those of the file's own field, if each of them stands on page one."""
    data = page_of(
        Put(TITLE, 60, 80, 18), Put("Ada Quill and Ben Moss", 60, 110, 11), stated={"author": stated}
    )
    assert paper_of(data).authors == AUTHORS[stated]


IDS = {
    "a link": (["https://doi.org/10.1234/Water.7"], ("10.1234/water.7", None, None)),
    "a label": (["DOI: 10.1234/water.7."], ("10.1234/water.7", None, None)),
    "over two lines": (["https://doi.org/10.1234/", "water.7 2021"], ("10.1234/water.7", None, None)),
    "two DOIs": (["doi:10.1234/water.7", "doi:10.1234/data.9"], (None, None, None)),
    "one of arXiv's": (["https://doi.org/10.48550/arXiv.2401.00001"], (None, "2401.00001", None)),
    "a stamp": (["arXiv:2401.00001v2 [cs.LG] 3 Jan 2024"], (None, "2401.00001", "v2")),
    "an old stamp": (["arXiv:hep-th/9901001v1 [hep-th] 3 Jan 1999"], (None, "hep-th/9901001", "v1")),
    "a cited preprint": (["C. Poe. A pond. arXiv preprint arXiv:2401.00009, 2024."], (None, None, None)),
    "none": (["10.5 of 12 rivers"], (None, None, None)),
}


@pytest.mark.parametrize("name", IDS)
def test_ids_on_the_page(name: str) -> None:
    """A DOI that is the only one of page one, and the stamp of arXiv."""
    lines, wanted = IDS[name]
    paper = paper_of(page_of(Put(TITLE, 60, 80, 18), *column(60, lines, 700)))
    assert (paper.doi, paper.arxiv_id, paper.version) == wanted


def test_a_stamp_on_its_side() -> None:
    """The stamp at the page's margin is read, and is no part of the title or the text."""
    stamp = Put("arXiv:2401.00001v2 [cs.LG] 3 Jan 2024", 20, 500, 20, turned=True)
    data = page_of(stamp, Put(TITLE, 60, 80, 18))
    paper, body = paper_of(data), body_of(data)
    assert (paper.title, paper.arxiv_id, paper.version) == (TITLE, "2401.00001", "v2")
    assert isinstance(body, Body) and "arXiv" not in body.text


def test_powers_stay_powers() -> None:
    """A raised number is not read as the end of the number below it."""
    power = [Put("We read 10", LEFT, 400), Put("3", LEFT + 50, 396, 7), Put(" floats.", LEFT + 58, 400)]
    body = body_of(page_of(*power))
    assert isinstance(body, Body) and "We read 10^3 floats." in body.text


BROKEN = {
    "nothing": (b"", "not a PDF file"),
    "text": (b"A float for rivers.", "not a PDF file"),
    "a head alone": (b"%PDF-1.7\n", "cut off"),
    "a head and an end": (b"%PDF-1.7\n%%EOF\n", "a broken PDF file"),
    "a picture": (scanned_pdf(), "OCR"),
    "an empty page": (print_pdf([[]]), "OCR"),
    "a password": (print_pdf([column(LEFT, ROWS)], passwords=("owner", "user")), "a password is needed"),
    "cut in the middle": (page_of()[: len(page_of()) // 2], "cut off"),
    "cut before the end": (page_of()[:-8], "cut off"),
    "signs without letters": (
        raw_pdf(drawn_text(["\x01\x02\x03\x04\x05\x06" * 9])),
        "do not say which letters",
    ),
    "a page that unfolds": (raw_pdf(b"", packed=zlib.compress(bytes(20_000_000))), "Limit reached"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_cannot_be_read(
    name: str, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each says why, and the library says nothing on its own."""
    data, reason = BROKEN[name]
    with caplog.at_level(logging.DEBUG):
        assert reason in refused(data)
    assert not caplog.records
    assert capsys.readouterr() == ("", "")


def test_a_linearized_file_cut_behind_its_first_part() -> None:
    """A file made for the web has an end near its start; its stated length tells that the rest is missing."""
    data = page_of().replace(
        b"%PDF-1.3\n", b"%PDF-1.3\n9 0 obj << /Linearized 1 /L 99999 >> endobj %%EOF\n", 1
    )
    assert data.count(b"%%EOF") == 2
    assert "cut off" in refused(data)


def test_a_file_that_only_forbids_printing() -> None:
    """What opens without a password is read."""
    body = body_of(print_pdf([column(LEFT, ROWS)], passwords=("owner", "")))
    assert isinstance(body, Body) and body.text == " ".join(ROWS)


def test_without_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the extra is not installed, the one answer is how to get it."""
    monkeypatch.setitem(sys.modules, "pypdf", None)
    wanted = "PDF files need the extra: pip install 'litreview-agent[pdf]'"
    assert refused(two_columns(in_rows=False)) == wanted


def book(pages: int) -> bytes:
    """Pages of which each says its number in words of its own."""
    texts = (["Spring begins here.", ROWS[0]], ["Summer is on this page.", "It is dry."], ["Autumn comes."])
    return print_pdf([[Put(TITLE, 60, 80, 18), *column(LEFT, texts[page], 200)] for page in range(pages)])


def test_pages_beyond_the_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages behind the bound are left out, and that is told."""
    monkeypatch.setattr(pdf_pages, "MOST_PAGES", 2)
    paper, noted = read(book(3))
    assert isinstance(paper, Paper)
    assert noted == Noted(position="file", message="3 pages: those behind page 2 are left out")
    body = body_of(book(3))
    assert isinstance(body, Body) and len(body.pages) == 2
    assert [word in body.text for word in ("Spring", "Summer", "Autumn")] == [True, True, False]


def test_drawing_beyond_the_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    """When the pages together draw too much, the rest is left out, and that is told."""
    monkeypatch.setattr(pdf_pages, "MOST_DRAWING_BYTES", 400)
    paper, noted = read(book(2))
    assert isinstance(paper, Paper)
    assert noted == Noted(position="file", message="too much drawing in it: pages behind are left out")
    body = body_of(book(2))
    assert isinstance(body, Body) and "Spring" in body.text and "Summer" not in body.text


def test_a_page_of_too_many_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that draws more than anybody prints costs that page."""
    data = raw_pdf(drawn_text(ROWS) + b" 0 0 m" * 2_000)
    assert isinstance(body_of(data), Body)
    monkeypatch.setattr(pdf_pages, "MOST_STEPS", 1_000)
    assert "page 1 is left out" in refused(data)


def test_text_inside_drawings() -> None:
    """Labels of a figure are left out; a page that is one whole drawing is read."""
    labels = drawn_text(["Level in mm", "Day of the year"], 300)
    with_figure = body_of(raw_pdf(drawn_text(ROWS) + b" /Fm Do", labels))
    as_drawing = body_of(raw_pdf(b"/Fm Do", drawn_text(ROWS)))
    assert isinstance(with_figure, Body) and isinstance(as_drawing, Body)
    assert with_figure.text == as_drawing.text == " ".join(ROWS)


SAMPLE = two_columns(in_rows=False)
SPOILT = st.tuples(st.integers(0, len(SAMPLE) - 1), st.binary(min_size=1, max_size=6))


@FREE
@given(st.lists(SPOILT, min_size=1, max_size=8))
def test_spoilt_files_never_raise(spots: list[tuple[int, bytes]]) -> None:
    """Whatever bytes a file has, there is one paper or one reason, and the same each time."""
    data = bytearray(SAMPLE)
    for place, spoilt in spots:
        data[place : place + len(spoilt)] = spoilt
    found = list(read(bytes(data)))
    assert sum(isinstance(item, Paper | Rejected) for item in found) == 1
    assert found == list(read(bytes(data)))
    assert isinstance(body_of(bytes(data)), Body | Rejected)


@FREE
@given(st.integers(0, len(SAMPLE) - 7), st.sampled_from([b"", b"\n%%EOF\n"]))
def test_cut_files_are_refused_or_read(end: int, tail: bytes) -> None:
    """A file cut anywhere is refused; with an end put behind the cut it is no error either."""
    (first, *_) = read(SAMPLE[:end] + tail)
    assert isinstance(first, Rejected) or tail
