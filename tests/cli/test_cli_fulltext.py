"""`litreview fulltext`, and PDFs on the command line: what is said, and how commands end."""

from __future__ import annotations

from pathlib import Path

import pytest
from pdf_maker import Put, print_pdf, scanned_pdf
from printed_papers import LIMIT, TITLE, paper_pdf
from terminal import DAY, Terminal

BIB = "@article{quill2020,\n  title = {%s},\n  author = {Quill, Ada},\n  year = 2020,\n  file = {:papers/float.pdf:PDF}\n}\n"
POND = "@misc{pond,\n  title = {A Pond without Water}\n}\n"


@pytest.fixture
def shelf(desk: Terminal) -> Terminal:
    """Two papers, the PDF of one of which lies beside them."""
    desk.write("refs.bib", (BIB % TITLE + POND).encode())
    desk.write("papers/float.pdf", paper_pdf())
    assert desk.run("add", "refs.bib").code == 0
    return desk


def locked() -> bytes:
    return print_pdf([[Put("A secret paper about rivers, line by line.", 60, 90)]], passwords=("a", "b"))


def test_what_was_attached_is_told(shelf: Terminal) -> None:
    """Key, pages, words and file, then the counts; a second time it is known."""
    first = shelf.run("fulltext")
    assert first.code == 0
    assert first.out.startswith("quill2020: 2 pages, ")
    assert "words from float.pdf\n" in first.out
    assert first.out.endswith("1 attached, 0 known, 0 failed, 1 without a file\n")
    again = shelf.run("fulltext")
    assert (again.code, again.out) == (0, "0 attached, 1 known, 0 failed, 1 without a file\n")


def test_the_same_as_data(shelf: Terminal) -> None:
    """With --json the report is one object."""
    told = shelf.run("fulltext", "--json").json()
    assert [(one["key"], one["source"], one["pages"]) for one in told["attached"]] == [
        ("quill2020", "float.pdf", 2)
    ]
    assert (told["failed"], told["without"], told["known"]) == ([], ["pond"], 0)


def test_a_file_is_handed_over(shelf: Terminal) -> None:
    """KEY=FILE, also where the name has an equals sign; the paper's card and surveys then have it."""
    shelf.write("a=b.pdf", paper_pdf("A Pond without Water"))
    shown = shelf.run("fulltext", "--attach", "pond=a=b.pdf", "--attach", "@quill2020=papers/float.pdf")
    assert shown.code == 0
    assert [line.split(":")[0] for line in shown.out.splitlines()[:2]] == ["pond", "quill2020"]
    assert shelf.run("survey", "--date", DAY, "-o", "s").code == 0
    text = (shelf.folder / "s" / "survey.md").read_text(encoding="utf-8")
    assert "Of 2 papers passages of the whole text were read" in text
    assert shelf.run("survey", "--date", DAY, "-o", "t", "--fulltext", "off").code == 0
    text = (shelf.folder / "t" / "survey.md").read_text(encoding="utf-8")
    assert "Only titles and abstracts were read" in text
    assert LIMIT not in (shelf.folder / "t" / "survey.json").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("stated", "code", "said"),
    [
        ("pond", 2, "no KEY=FILE"),
        ("=x.pdf", 2, "no KEY=FILE"),
        ("pond=", 2, "no KEY=FILE"),
        ("pnd=papers/float.pdf", 2, "did you mean 'pond'?"),
        ("pond=nosuch.pdf", 1, "nosuch.pdf: no such file"),
        ("pond=papers", 1, "papers: no such file"),
        ("pond=refs.bib", 1, "not a PDF file"),
        ("pond=locked.pdf", 1, "password"),
        ("pond=scanned.pdf", 1, "no text"),
        ("pond=cut.pdf", 1, "cut off"),
    ],
)
def test_what_cannot_be_attached_is_refused(shelf: Terminal, stated: str, code: int, said: str) -> None:
    """A mistyped option is a usage error, a file that cannot be read fails; no traceback, and the reason."""
    shelf.write("locked.pdf", locked())
    shelf.write("scanned.pdf", scanned_pdf())
    shelf.write("cut.pdf", paper_pdf()[:900])
    shown = shelf.run("fulltext", "--attach", stated)
    assert (shown.code, said in shown.said, "Traceback" in shown.said) == (code, True, False)


def test_a_part_that_failed_shows_in_the_exit_code(shelf: Terminal) -> None:
    """Some attached and some not: 3, like everywhere where a part is missing."""
    shelf.write("scanned.pdf", scanned_pdf())
    shown = shelf.run("fulltext", "--attach", "pond=scanned.pdf", "--attach", "quill2020=papers/float.pdf")
    assert shown.code == 3
    assert "pond: not attached: scanned.pdf: " in shown.out
    assert shown.out.endswith("1 attached, 0 known, 1 failed, 0 without a file\n")


def test_add_says_which_text_belongs_to_whom(shelf: Terminal) -> None:
    """A PDF that a record names is a note, no second paper; one that cannot be read is told with the reason."""
    shown = shelf.run("add", "refs.bib", "papers")
    assert "2 records: 0 new, 2 known" in shown.out
    assert "note: float.pdf, file: the whole text of quill2020, whose record names it" in shown.out
    Path(shelf.folder, "papers", "float.pdf").write_bytes(locked())
    again = shelf.run("add", "refs.bib", "papers")
    assert again.code == 0
    assert "note: float.pdf, file: not attached to quill2020: " in again.out


def test_one_of_nothing_but_unreadable_files(desk: Terminal) -> None:
    """A folder of scans gives no paper, says why for each, and fails."""
    desk.write("papers/one.pdf", scanned_pdf())
    desk.write("papers/two.pdf", locked())
    shown = desk.run("add", "papers")
    assert shown.code == 1
    assert "rejected: one.pdf, file: " in shown.out
    assert "rejected: two.pdf, file: " in shown.out
