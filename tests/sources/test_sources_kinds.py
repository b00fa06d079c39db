"""Kinds of files told by their content, under every ending, in every encoding, with every kind of line end."""

from __future__ import annotations

import pytest

from agent.records import Noted, Paper
from agent.sources import Source, read_source
from agent.sources.detect import kind_of

PAGE = """new\n\nGet trending papers in your email inbox!\n\nbyAK and the research community\n\nJun 17\n\nCafé in Wells

Reading water levels by hand is slow. We place a float in the well and log its height every hour. Over one year the
log misses fewer than one hour in a hundred, and nobody has to walk there.
"""
TELLING = {
    "bibtex": "@article{a,\n  title = {Café in Wells},\n  year = {2021},\n}\n",
    "ris": "TY  - JOUR\nTI  - Café in Wells\nPY  - 2021\nER  - \n",
    "nbib": "PMID- 4711\nTI  - Café in Wells\nDP  - 2021 Mar\n",
    "csl-json": '[{"id": "a", "title": "Café in Wells", "issued": {"date-parts": [[2021]]}}]\n',
    "csv": "Title,Year,DOI\nCafé in Wells,2021,10.1234/wells\n",
    "endnote-xml": "<xml><records>\n<record><titles><title>Café in Wells</title></titles><dates><year>2021</year></dates></record>\n</records></xml>",
    "ids": "10.1234/wells\n",
    "jsonl": '{"title": "Café in Wells", "year": 2021}\n{"title": "Kites"}\n',
    "json": '{"papers": [{"title": "Café in Wells", "year": 2021}]}\n',
    "daily-papers": PAGE,
}
ENDINGS = ("", ".txt", ".bib", ".ris", ".nbib", ".csv", ".tsv", ".xml", ".json", ".md", ".unknown")
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252")
LINE_ENDS = {"CRLF": "\r\n", "CR": "\r", "CR doubled": "\r\r\n"}


def first_paper(data: bytes, name: str = "a.txt") -> Paper:
    found = read_source(Source(name, name, data))
    return next(item for item in found if isinstance(item, Paper))


@pytest.mark.parametrize("kind", TELLING)
def test_a_kind_is_told_by_content(kind: str) -> None:
    """Whatever a file is called, what stands in it says what it is."""
    assert {ending: kind_of(f"a{ending}", TELLING[kind]) for ending in ENDINGS} == dict.fromkeys(
        ENDINGS, kind
    )


@pytest.mark.parametrize("kind", sorted(set(TELLING) - {"json", "csl-json"}))
def test_a_kind_is_told_under_the_ending_of_lines(kind: str) -> None:
    """A file that is called JSON Lines and holds no line of JSON is what it holds."""
    assert kind_of("a.jsonl", TELLING[kind]) == kind


@pytest.mark.parametrize("kind", ["bibtex", "ris", "nbib"])
def test_a_kind_is_told_behind_a_few_words(kind: str) -> None:
    """A remark above the records, even in brackets, does not hide them; under an ending of its own kind or none."""
    for remark in ("% my list", "[my list]", "My list: Ann's"):
        assert kind_of("a.txt", f"{remark}\n\n{TELLING[kind]}") == kind


def test_a_table_is_one_whatever_its_cells_hold() -> None:
    """Lines in a cell that look like another kind's records leave a table a table."""
    text = 'Title,Abstract\n"Wells","About:\nTY  - JOUR\nPMID- 3\n@article{x, title={y}}"\n'
    assert {kind_of(name, text) for name in ("a.csv", "a.txt", "a")} == {"csv"}


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("kind", TELLING)
def test_every_kind_in_every_encoding(kind: str, encoding: str) -> None:
    """Marks, none, either order of bytes, Latin-1: the same paper; what is not UTF-8 and has no mark is told."""
    text = TELLING[kind]
    plain, found = (
        first_paper(text.encode()),
        list(read_source(Source("a.txt", "a.txt", text.encode(encoding)))),
    )
    assert next(item for item in found if isinstance(item, Paper)) == plain
    noted = [item.message for item in found if isinstance(item, Noted)]
    assert any("Latin-1" in message for message in noted) == (encoding == "cp1252" and not text.isascii())


@pytest.mark.parametrize("ends", LINE_ENDS.values(), ids=LINE_ENDS.keys())
@pytest.mark.parametrize("kind", TELLING)
def test_every_kind_with_other_line_ends(kind: str, ends: str) -> None:
    """Line ends of Windows, of old Macs and of broken copies give the same paper."""
    paper, plain = (first_paper(text.encode()) for text in (TELLING[kind].replace("\n", ends), TELLING[kind]))
    assert (paper.title, paper.year, paper.doi) == (plain.title, plain.year, plain.doi)


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_one_line_in_another_encoding_costs_nothing(end: bytes) -> None:
    """UTF-8 stays what it is beside Latin-1, in other lines and in the same one; the first such line is told."""
    lines = [
        '{"title": "Łódź – Café"}'.encode(),
        b'{"title": "Br\xfccke, ' + "Żak".encode() + b'"}',
        b'{"title": "\x80 5"}',
    ]
    noted, *papers = read_source(Source("a.jsonl", "a.jsonl", end.join(lines)))
    assert [item.title for item in papers if isinstance(item, Paper)] == ["Łódź – Café", "Brücke, Żak", "€ 5"]
    assert isinstance(noted, Noted) and "2 lines" in noted.message and "line 2" in noted.message


def test_files_with_marks_put_together() -> None:
    """A mark where the second of two files began is no part of its record."""
    for kind, name in (("jsonl", "a.jsonl"), ("ris", "a.ris"), ("bibtex", "a.bib"), ("ids", "a.txt")):
        data = TELLING[kind].encode("utf-8-sig")
        once, twice = (list(read_source(Source(name, name, data * count))) for count in (1, 2))
        titles = [[item.title for item in found if isinstance(item, Paper)] for found in (once, twice)]
        assert titles[1] == titles[0] * 2


def test_a_large_file_of_lines_is_read_like_a_small_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading line by line gives the same papers, and tells of Latin-1 too; UTF-16 cannot be cut into lines."""
    text = TELLING["jsonl"] * 3
    for encoding in ("utf-8-sig", "cp1252", "utf-16", "utf-16-be"):
        source = Source("a.JSONL", "a.JSONL", text.encode(encoding))
        small = list(read_source(source))
        with monkeypatch.context() as patched:
            patched.setattr("agent.sources.detect._STREAMED", 0)
            large = list(read_source(source))
        assert sorted(map(repr, large)) == sorted(map(repr, small))
        assert sum(isinstance(item, Paper) for item in large) == 6
