"""Whole texts come in: with the records that name them, by themselves, by hand, from the network."""

from __future__ import annotations

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, ClassVar

import httpx2
import pytest
from bench import review
from pdf_maker import Put, print_pdf, scanned_pdf
from printed_papers import CLAIM, FIRST, LIMIT, SECOND, SHOWN, TITLE, paper_pdf

from agent import Review
from agent.api.fetching import OUTSIDE
from agent.errors import InputError, UsageError
from agent.library import Library
from agent.records import Body
from agent.sources.formats import pdf_pages
from agent.text.passages import places

DAY = "2026-01-15"
ENTRY = "@article{quill2020,\n  title = {%s},\n  author = {Quill, Ada},\n  year = 2020,\n  %s\n}\n"


def pdf_locked() -> bytes:
    return print_pdf([[Put("A secret paper about rivers, line by line.", 60, 90)]], passwords=("a", "b"))


@pytest.fixture
def shelf(tmp_path: Path) -> Review:
    return review(tmp_path)


def put(path: Path, data: bytes | str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def bodies(one: Review) -> dict[str, Body]:
    with Library(one.workspace.library) as library:
        return library.bodies(library.papers())


def source_of_body(one: Review, key: str) -> str | None:
    with Library(one.workspace.library) as library:
        return library.body_source(key)


@pytest.fixture
def readings(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The sizes of all PDF files that were read."""
    sizes: list[int] = []
    whole = pdf_pages._no_whole_file

    def counted(data: bytes) -> str | None:
        sizes.append(len(data))
        return whole(data)

    monkeypatch.setattr(pdf_pages, "_no_whole_file", counted)
    return sizes


FILE_FIELDS = {
    "jabref": "file = {:papers/float.pdf:PDF}",
    "jabref, described": r"file = {Full text:papers/float.pdf:application/pdf}",
    "zotero": r"file = {Full Text PDF:papers/float.pdf:application/pdf;Snapshot:papers/page.html:text/html}",
    "bare": "file = {papers/float.pdf}",
    "absolute": "file = {:%s/papers/float.pdf:PDF}",
    "colon": r"file = {Quill\: Floats:papers/a\:b.pdf:application/pdf}",
}


@pytest.mark.parametrize("form", FILE_FIELDS)
def test_a_pdf_that_a_record_names_is_its_text(shelf: Review, tmp_path: Path, form: str) -> None:
    """Beside the .bib or absolute, in each program's manner: one paper, with its whole text; and so again."""
    stated = FILE_FIELDS[form].replace("%s", str(tmp_path))
    put(
        tmp_path / "papers" / ("a:b.pdf" if form == "colon" else "float.pdf"),
        paper_pdf("Another Title Inside the File"),
    )
    bib = put(tmp_path / "refs.bib", ENTRY % (TITLE, stated))
    report = shelf.add([bib, tmp_path / "papers"])
    assert (report.read, report.added, report.rejected) == (1, 1, ())
    assert [note.message for note in report.notes] == ["the whole text of quill2020, whose record names it"]
    assert [paper.title for paper in shelf.papers()] == [TITLE]
    assert CLAIM in bodies(shelf)["quill2020"].text
    again = shelf.add([bib, tmp_path / "papers"])
    assert (again.read, again.known, again.notes) == (1, 1, report.notes)
    assert len(shelf.papers()) == 1


def test_a_named_pdf_may_come_after_its_record(shelf: Review, tmp_path: Path) -> None:
    """The folder of PDFs taken in later, or surveyed alone, is about the papers that name them."""
    put(tmp_path / "papers" / "float.pdf", paper_pdf())
    shelf.add([put(tmp_path / "refs.bib", ENTRY % (TITLE, FILE_FIELDS["jabref"]))])
    assert bodies(shelf) == {}
    made = shelf.survey([tmp_path / "papers"], out=tmp_path / "s", date=DAY)
    assert made.fulltext == ("quill2020",)
    assert [(row.source, row.key) for row in made.ledger] == [("refs.bib", "quill2020")]


def test_a_pdf_that_came_first_stays_a_record(shelf: Review, tmp_path: Path, readings: list[int]) -> None:
    """A PDF that became a paper joins the record that names it later, and nothing is lost or read again."""
    put(tmp_path / "papers" / "float.pdf", paper_pdf())
    shelf.add([tmp_path / "papers"])
    readings.clear()
    report = shelf.add(
        [put(tmp_path / "refs.bib", ENTRY % (TITLE, FILE_FIELDS["jabref"])), tmp_path / "papers"]
    )
    assert (len(shelf.papers()), report.gone, readings) == (1, (), [])
    assert {origin.source for origin in shelf.papers()[0].sources} == {"refs.bib", "float.pdf"}


SAME = {
    "doi": ("doi = {10.5555/Float.1}", {"front": "https://doi.org/10.5555/float.1", "title": "Floats, Revised"}),
    "arxiv": ("eprint = {2401.01234}, archiveprefix = {arXiv}", {"front": "arXiv:2401.01234v2 [cs.LG] 3 Jan 2024",
                                                                "title": "Floats, Revised"}),
    "title": ("", {"title": "A FLOAT for the levels of small rivers"}),
}  # fmt: skip


@pytest.mark.parametrize("by", SAME)
def test_a_pdf_by_itself_joins_its_record(shelf: Review, tmp_path: Path, by: str) -> None:
    """By DOI, arXiv id or title a PDF is the paper that a record is of, and gives it abstract and text."""
    stated, printed = SAME[by]
    put(tmp_path / "papers" / "float.pdf", paper_pdf(**printed))
    report = shelf.add([put(tmp_path / "refs.bib", ENTRY % (TITLE, stated)), tmp_path / "papers"])
    assert (report.read, report.added, report.merged) == (2, 1, 1)
    (paper,) = shelf.papers()
    assert (paper.key, paper.title) == ("quill2020", TITLE)
    assert paper.texts.abstract is not None
    assert list(bodies(shelf)) == ["quill2020"]


def test_a_pdf_alone_is_a_paper(shelf: Review, tmp_path: Path) -> None:
    """Without any record a PDF is a paper with its text; what stays unknown is not guessed."""
    put(tmp_path / "float.pdf", paper_pdf())
    assert shelf.add([tmp_path / "float.pdf"]).added == 1
    (paper,) = shelf.papers()
    assert (paper.title, paper.year, paper.doi) == (TITLE, None, None)
    assert list(bodies(shelf)) == [paper.key]


def test_nothing_is_read_twice(shelf: Review, tmp_path: Path, readings: list[int]) -> None:
    """Named and free PDFs, two of one paper among them: a second time no file is read, and nothing changes."""
    stated = "file = {:papers/float.pdf:PDF;:papers/more.pdf:PDF}"
    bib = put(tmp_path / "refs.bib", ENTRY % (TITLE, stated))
    put(tmp_path / "papers" / "float.pdf", paper_pdf())
    put(tmp_path / "papers" / "more.pdf", paper_pdf("Tables that Stand Beside the Paper"))
    put(tmp_path / "papers" / "pond.pdf", paper_pdf("A Pond without Water"))
    shelf.add([bib, tmp_path / "papers"])
    assert source_of_body(shelf, "quill2020") == "float.pdf"
    before = bodies(shelf)
    readings.clear()
    report = shelf.add([bib, tmp_path / "papers"])
    assert readings == []
    assert (report.added, report.merged, report.known) == (0, 0, 2)
    assert any("more.pdf" in note.source and "float.pdf" in note.message for note in report.notes)
    shelf.fulltext()
    assert readings == []
    assert bodies(shelf) == before


def test_a_changed_file_is_read_anew(shelf: Review, tmp_path: Path) -> None:
    """The same file with other content gives another text, named by a record or not."""
    bib = put(tmp_path / "refs.bib", ENTRY % (TITLE, FILE_FIELDS["jabref"]))
    for title in (TITLE, "A Pond without Water"):
        file = put(tmp_path / "papers" / ("float.pdf" if title == TITLE else "pond.pdf"), paper_pdf(title))
        shelf.add([bib, tmp_path / "papers"])
        file.write_bytes(
            paper_pdf(title, pages=[[*FIRST, *SECOND, ("Discussion", "Nothing more is known.")]])
        )
    shelf.add([bib, tmp_path / "papers"])
    assert [("Nothing more" in body.text) for body in bodies(shelf).values()] == [True, True]


def test_a_text_given_by_hand_stays(shelf: Review, tmp_path: Path) -> None:
    """Adding the files again does not take away what a person attached, and says so."""
    bib = put(tmp_path / "refs.bib", ENTRY % (TITLE, FILE_FIELDS["jabref"]))
    put(tmp_path / "papers" / "float.pdf", paper_pdf())
    shelf.add([bib, tmp_path / "papers"])
    mine = put(tmp_path / "mine.pdf", paper_pdf(pages=[[("Introduction", f"{CLAIM} {CLAIM.upper()}")]]))
    assert [one.pages for one in shelf.fulltext(attach_files=[("quill2020", str(mine))]).attached] == [1]
    report = shelf.add([bib, tmp_path / "papers"])
    assert "mine.pdf" in report.notes[-1].message
    assert CLAIM.upper() in bodies(shelf)["quill2020"].text


@pytest.mark.parametrize(("make", "said"), [(pdf_locked, "password"), (scanned_pdf, "no text")])
def test_what_cannot_be_read_is_refused(shelf: Review, tmp_path: Path, make: Any, said: str) -> None:
    """A locked and a scanned file: by itself rejected, named or handed over not attached, each time with the reason."""
    file = put(tmp_path / "papers" / "float.pdf", make())
    (rejected,) = shelf.add([file]).rejected
    assert said in rejected.reason
    bib = put(tmp_path / "refs.bib", ENTRY % (TITLE, FILE_FIELDS["jabref"]))
    report = shelf.add([bib, file])
    assert (report.read, report.rejected) == (1, ())
    assert "not attached to quill2020" in report.notes[-1].message
    assert said in report.notes[-1].message
    for asked in ({}, {"attach_files": [("quill2020", str(file))]}):
        told = shelf.fulltext(**asked)
        assert (told.attached, [said in one.reason for one in told.failed]) == ((), [True])
    made = shelf.survey([bib, file], out=tmp_path / "s", date=DAY)
    assert made.fulltext == ()
    assert any(said in warning for warning in shelf.warnings)


def test_the_next_file_is_tried(shelf: Review, tmp_path: Path) -> None:
    """Where the first of a record's files cannot be read, the second is the text; the failure is told."""
    put(tmp_path / "papers" / "a.pdf", scanned_pdf())
    put(tmp_path / "papers" / "b.pdf", paper_pdf())
    bib = put(tmp_path / "refs.bib", ENTRY % (TITLE, "file = {:papers/a.pdf:PDF;:papers/b.pdf:PDF}"))
    shelf.add([bib])
    told = shelf.fulltext()
    assert [one.source for one in told.attached] == ["b.pdf"]
    assert [one.source for one in told.failed] == ["a.pdf"]
    other = review(tmp_path / "other")
    other.add([bib, tmp_path / "papers"])
    assert source_of_body(other, "quill2020") == "b.pdf"


def test_what_records_name_is_attached(shelf: Review, tmp_path: Path) -> None:
    """`fulltext` counts what it attached, knew, and what names no file; keys and pages are told."""
    put(tmp_path / "papers" / "float.pdf", paper_pdf())
    entries = ENTRY % (TITLE, FILE_FIELDS["jabref"]) + "@misc{pond, title = {A Pond without Water}}\n"
    shelf.add([put(tmp_path / "refs.bib", entries)])
    told = shelf.fulltext()
    assert [(one.key, one.source, one.pages) for one in told.attached] == [("quill2020", "float.pdf", 2)]
    assert (told.failed, told.without, told.known) == ((), ("pond",), 0)
    assert told.attached[0].words == len(bodies(shelf)["quill2020"].text.split())
    again = shelf.fulltext()
    assert (again.attached, again.without, again.known) == ((), ("pond",), 1)


def test_nothing_is_attached_where_one_name_is_wrong(shelf: Review, tmp_path: Path) -> None:
    """A mistyped key or file among several: an error that helps, and no half of the work."""
    shelf.add([put(tmp_path / "refs.bib", ENTRY % (TITLE, ""))])
    file = str(put(tmp_path / "float.pdf", paper_pdf()))
    with pytest.raises(UsageError, match="quil2020") as wrong:
        shelf.fulltext(attach_files=[("quill2020", file), ("quil2020", file)])
    assert "quill2020" in (wrong.value.hint or "")
    with pytest.raises(InputError, match=r"nosuch\.pdf"):
        shelf.fulltext(attach_files=[("quill2020", file), ("quill2020", "nosuch.pdf")])
    assert bodies(shelf) == {}


class _Shop(BaseHTTPRequestHandler):
    """Gives one paper, a page that is none, and nothing else."""

    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        _Shop.asked.append(self.path)
        found = {"/pdf/2401.01234": paper_pdf(), "/page": b"<html>Please log in to read this paper.</html>"}
        data = found.get(self.path)
        self.send_response(200 if data else 404)
        self.end_headers()
        self.wfile.write(data or b"")

    def log_message(self, *said: Any) -> None:
        pass


class _Loopback(httpx2.HTTPTransport):
    """Sends everything to this machine, whatever host is meant."""

    def __init__(self, port: int) -> None:
        super().__init__()
        self._port = port

    def handle_request(self, request: Any) -> Any:
        request.url = request.url.copy_with(scheme="http", host="127.0.0.1", port=self._port)
        return super().handle_request(request)


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """A server on loopback in place of the world; gives the paths that were asked."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Shop)
    Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    monkeypatch.setattr(OUTSIDE, "transport", _Loopback(server.server_port))
    monkeypatch.setattr(OUTSIDE, "sleep", lambda seconds: None)
    _Shop.asked.clear()
    yield _Shop.asked
    server.shutdown()
    server.server_close()


def test_free_files_are_fetched(shelf: Review, tmp_path: Path, shop: list[str]) -> None:
    """arXiv's and open PDFs are fetched and kept; what is none, or not there, fails with the reason; once is enough."""
    entries = [
        ENTRY % (TITLE, "eprint = {2401.01234}, archiveprefix = {arXiv}"),
        "@misc{gone, title = {A River that Is Gone}, eprint = {2401.99999}, archiveprefix = {arXiv}}\n",
        "@misc{page, title = {A Page before the Paper}, pdf_url = {https://example.org/page}}\n",
        "@misc{bare, title = {A Pond without Water}}\n",
    ]
    shelf.add([put(tmp_path / "refs.bib", "".join(entries))])
    assert shelf.fulltext().without == ("bare", "gone", "page", "quill2020")
    assert shop == []
    told = shelf.fulltext(fetch=True)
    assert [one.key for one in told.attached] == ["quill2020"]
    assert told.without == ("bare",)
    reasons = {one.key: one.reason for one in told.failed}
    assert "404" in reasons["gone"]
    assert reasons["page"] == "not a PDF file"
    assert CLAIM in bodies(shelf)["quill2020"].text
    assert len(list((shelf.workspace.folder / "pdf").glob("*.pdf"))) == 1
    shop.clear()
    shelf.fulltext(fetch=True)
    assert not any("2401.01234" in path for path in shop)


def test_sentences_are_where_they_say(shelf: Review, tmp_path: Path) -> None:
    """In the data each sentence of a body stands in the stored text, on its page, with the number that it always has."""
    put(tmp_path / "float.pdf", paper_pdf(abstract=None))
    made = shelf.survey([tmp_path / "float.pdf"], out=tmp_path / "s", date=DAY)
    (key,) = made.fulltext
    body = bodies(shelf)[key]
    found = {
        evidence.text: evidence
        for finding in (
            made.summaries[key].approach,
            *made.summaries[key].findings,
            *made.summaries[key].limitations,
        )
        if finding
        for evidence in finding.evidence
    }
    assert set(found) == set(SHOWN)
    numbers = {start: place.number for start, place in places(body).items()}
    for text, page in zip(SHOWN, (1, 2, 2), strict=True):
        one = found[text]
        assert (one.part, one.page, body.text[one.start : one.end]) == ("body", page, text)
        assert one.sentence == numbers[one.start]
    assert [made.summaries[key].limitations[0].text] == [LIMIT]
