"""Which reader a file gets, and what becomes of broken ones."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.errors import UsageError
from agent.records import Paper, Rejected
from agent.sources import KINDS, Source, find_sources, read_source
from agent.sources.detect import known_kind

FREE = settings(derandomize=True, database=None, deadline=None, max_examples=200)
HEADER = "new\n\nGet trending papers in your email inbox!\n\nbyAK and the research community\n\nJun 17"
LONG = (
    "Reading water levels by hand is slow. We place a float in the well and log its height every hour. "
    "Over one year the log misses fewer than one hour in a hundred, and nobody has to walk there."
)
ONE = '{"title": "Floats in Wells"}'
TWO = '{"title": "Listening to Bridges"}'


class Case(NamedTuple):
    """A file, and how many papers and refusals it gives; the first refusal's place and part of its reason."""

    name: str
    data: bytes
    papers: int
    refused: int
    position: str = ""
    reason: str = ""


CASES = {
    "empty": Case("a.txt", b"", 0, 1, "file", "empty"),
    "white space": Case("a.jsonl", b" \n\t\r\n ", 0, 1, "file", "empty"),
    "byte-order mark alone": Case("a.json", b"\xef\xbb\xbf", 0, 1, "file", "empty"),
    "UTF-16 mark alone": Case("a.json", b"\xff\xfe", 0, 1, "file", "empty"),
    "NUL bytes": Case("a.txt", b"Floats\x00in Wells", 0, 1, "file", "binary"),
    "a picture": Case("a.txt", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00", 0, 1, "file", "binary"),
    "compressed": Case("a.json", b"\x1f\x8b\x08\x00\x00\x00\x00\x00", 0, 1, "file", "binary"),
    "an archive": Case("a.txt", b"PK\x03\x04\x14\x00\x00\x00", 0, 1, "file", "binary"),
    "HTML": Case("a.txt", b"<!DOCTYPE html>\n<html><body>Floats</body></html>", 0, 1, "file", "HTML"),
    "HTML in capitals": Case("a.txt", b"\n <HTML><BODY>Floats</BODY></HTML>", 0, 1, "file", "HTML"),
    "HTML of a page": Case(
        "a.txt",
        f"<!doctype html>\n<html>\n\n{HEADER}\n\n<h3>Floats</h3>\n\n<p>{LONG}</p>".encode(),
        0,
        1,
        "file",
        "HTML",
    ),
    "UTF-16": Case("a.jsonl", f"{ONE}\n{TWO}\n".encode("utf-16"), 2, 0),
    "UTF-16 cut in a character": Case(
        "a.jsonl", f"{ONE}\n{TWO}\n".encode("utf-16")[:-1], 0, 1, "file", "UTF-16"
    ),
    "UTF-16 without a mark": Case("a.jsonl", ONE.encode("utf-16-le"), 1, 0),
    "UTF-16 the other way round": Case("a.jsonl", ONE.encode("utf-16-be"), 1, 0),
    "UTF-32": Case("a.jsonl", ONE.encode("utf-32"), 1, 0),
    "UTF-32 cut in a character": Case("a.jsonl", ONE.encode("utf-32")[:-1], 0, 1, "file", "UTF-32"),
    "UTF-8 with a mark": Case("a.jsonl", f"\ufeff{ONE}\n{TWO}".encode(), 2, 0),
    "Latin-1": Case("a.jsonl", '{"title": "Café"}'.encode("latin-1"), 1, 0),
    "UTF-8 cut in a character": Case(
        "a.jsonl", '{"title": "Café"}'.encode()[:-3], 0, 1, "line 1", "not JSON"
    ),
    "a JSON string": Case("a.json", b'"Floats in Wells"', 0, 1, "item 1", "a string"),
    "a JSON number": Case("a.json", b"42", 0, 1, "item 1", "a number"),
    "JSON null": Case("a.json", b"null", 0, 1, "item 1", "null"),
    "JSON true": Case("a.json", b"true", 0, 1, "item 1", "true or false"),
    "JSON without a title": Case("a.json", b"{}", 0, 1, "item 1", "no title"),
    "an empty list": Case("a.json", b"[]", 0, 1),
    "an empty list in an object": Case("a.json", b'{"papers": []}', 0, 1),
    "an empty object of papers": Case("a.json", b'{"papers": {}}', 0, 1),
    "an unclosed object": Case(
        "a.json", b'{"title": "Floats in Wells"', 0, 1, "item 1 (line 1)", "broken JSON"
    ),
    "an unclosed list": Case("a.json", f"[{ONE}, {TWO}".encode(), 2, 1, "item 3 (line 1)", "never closed"),
    "a list broken in the middle": Case(
        "a.json",
        f'[{ONE},\n{{"title": "x" "year": 1}},\n{TWO}]'.encode(),
        2,
        1,
        "item 2 (line 2)",
        "broken JSON",
    ),
    "a list in a list": Case("a.json", f"[[{ONE}]]".encode(), 0, 1, "item 1", "a list"),
    "a mixed list": Case("a.json", f'[1, {ONE}, "x", {TWO}, null]'.encode(), 2, 3, "item 1", "a number"),
    "a comma too many": Case("a.json", f"[{ONE},]".encode(), 1, 0),
    "JSON with comments": Case(
        "a.json", f"// papers\n[{ONE}]".encode(), 1, 1, "item 1 (line 1)", "broken JSON"
    ),
    "single quotes": Case("a.json", b"{'title': 'Floats in Wells'}", 0, 1, "item 1 (line 1)", "broken JSON"),
    "too deep": Case("a.json", b"[" * 100_000, 0, 1, "item 1 (line 1)", "nested"),
    "a record a line in a list": Case("a.json", f"[\n{ONE},\n{TWO}\n]".encode(), 2, 0),
    "a record a line in an object": Case("a.json", f'{{"papers": [\n{ONE},\n{TWO}\n]}}'.encode(), 2, 0),
    "a pretty object": Case(
        "a.json", json.dumps({"papers": [{"title": "a"}, {"title": "b"}]}, indent=4).encode(), 2, 0
    ),
    "lines called text": Case("a.txt", f"{ONE}\n{TWO}\n".encode(), 2, 0),
    "lines called JSON": Case("a.json", f"{ONE}\n{TWO}\n".encode(), 2, 0),
    "lines without an ending": Case("a", f"{ONE}\n{TWO}\n".encode(), 2, 0),
    "one line called text": Case("a.txt", ONE.encode(), 1, 0),
    "lines with old line ends": Case("a.jsonl", f"{ONE}\r{TWO}\r".encode(), 2, 0),
    "the last line cut": Case("a.jsonl", f"{ONE}\n{TWO[:-5]}".encode(), 1, 1, "line 2", "not JSON"),
    "a bad line behind one good": Case("a.jsonl", f"{ONE}\ngarbage\n".encode(), 1, 1, "line 2", "not JSON"),
    "more bad lines than good": Case(
        "a.jsonl", f"{ONE}\nx\ny\nz\n{TWO}\n".encode(), 2, 3, "line 2", "not JSON"
    ),
    "a bad line first": Case("a.jsonl", f"garbage\n{ONE}\n{TWO}\n".encode(), 2, 1, "line 1", "not JSON"),
    "a list on the first line": Case("a.jsonl", f"[1, 2]\n{ONE}\n{TWO}\n".encode(), 2, 1, "line 1", "a list"),
    "two records on a line": Case("a.jsonl", f"{ONE}{TWO}".encode(), 2, 0),
    "a comma behind each line": Case("a.jsonl", f"{ONE},\n{TWO},\n".encode(), 2, 0),
    "a line that is not a number": Case(
        "a.jsonl", f'{ONE}\n{{"title": NaN}}\n'.encode(), 1, 1, "line 2", "NaN"
    ),
    "BibTeX": Case("a.bib", b"@article{a, title = {Floats in Wells}}", 1, 0),
    "BibTeX of comments": Case("a.bib", b"@comment{none yet}\n", 0, 1, "file", "no records"),
    "words called BibTeX": Case("a.bib", b"Floats in Wells", 0, 1, "file", "no records"),
    "RIS": Case("a.ris", b"TY  - JOUR\nTI  - Floats in Wells\nER  - \n", 1, 0),
    "words called RIS": Case("a.ris", b"Floats in Wells", 0, 1, "file", "no RIS record"),
    "CSV": Case("a.CSV", b"title,year\nFloats in Wells,2021\n", 1, 0),
    "words called CSV": Case("a.csv", b"Floats, in Wells\n", 0, 1, "line 1", "no column for the title"),
    "PDF as text": Case("a.pdf", b"%PDF-1.7\n1 0 obj\n<< >>\nendobj\n", 0, 1, "file", "PDF"),
    "PDF as it is": Case("a.pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n", 0, 1, "file"),
    "XML": Case("a.xml", b"<?xml version='1.0'?><papers/>", 0, 1, "file", "XML"),
    "YAML": Case("a.yaml", b"title: Floats in Wells\nyear: 2021\n", 0, 1, "file", "none of the formats"),
    "YAML with commas": Case(
        "a.yaml", b"- title: Floats, year: 2021\n- title: Kites, year: 2020\n", 0, 1, "file", "none of"
    ),
    "plain text": Case(
        "a.txt", b"Floats in Wells\n\nA float logs the height.", 0, 1, "file", "none of the formats"
    ),
    "a sentence of columns": Case(
        "a.txt",
        b"Title, abstract, and authors are given below.\nSome, as ever, are not.\n",
        0,
        1,
        "file",
        "none of",
    ),
    "words like a header": Case(
        "a.txt", b"Title; year\n\nNo table here.\nNor here.\n", 0, 1, "file", "none of"
    ),
    "a list of references": Case(
        "a.txt", b"[1] A. Smith, Floats.\n[2] B. Doe, Kites.\n", 0, 1, "file", "none of"
    ),
    "TeX": Case("a.txt", rb"{\bf Floats in Wells}", 0, 1, "file", "none of"),
    "a style sheet": Case(
        "a.txt", b"a { color: red }\n@media (print) { a { color: black } }\n", 0, 1, "file", "none of"
    ),
    "a fever": Case("a.txt", b"TY-phoid fever\nis bad.\n", 0, 1, "file", "none of"),
    "Markdown": Case(
        "a.md", b"# Floats in Wells\n\nA float logs the height.", 0, 1, "file", "none of the formats"
    ),
    "Markdown with a link": Case(
        "a.md", b"[Floats](https://example.org), title, year\n", 0, 1, "file", "none of"
    ),
    "XML of others": Case("a.txt", b"<papers><paper/></papers>", 0, 1, "file", "none of"),
    "blank lines without end": Case("a.txt", b"\n" * 100_000 + b"x", 0, 1, "file", "none of"),
    "a huge line": Case("a.jsonl", f"{ONE}\n{TWO}\n".encode() + b"x" * 3_000_000, 2, 1, "line 3", "not JSON"),
    "a huge abstract": Case(
        "a.jsonl", json.dumps({"title": "Floats", "abstract": "A float logs water. " * 5_000}).encode(), 1, 0
    ),
    "a page": Case("a.txt", f"{HEADER}\n\nFloats in Wells\n\n{LONG}".encode(), 1, 0),
    "a page called JSON": Case("a.json", f"{HEADER}\n\nFloats in Wells\n\n{LONG}".encode(), 1, 0),
    "a page's header": Case("a.txt", HEADER.encode(), 0, 1),
    "a page cut behind a title": Case(
        "a.txt", f"{HEADER}\n\nFloats\n\n{LONG}\n\nBridges".encode(), 1, 1, "block 7", "without an abstract"
    ),
    "a page with a title missing": Case(
        "a.txt", f"{HEADER}\n\n{LONG}\n\nFloats\n\n{LONG}".encode(), 1, 1, "block 5", "title"
    ),
    "a page with an abstract missing": Case(
        "a.txt", f"{HEADER}\n\nBridges\n\nFloats\n\n{LONG}".encode(), 1, 1, "block 5", "abstract"
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_files_whole_and_broken(tmp_path: Path, case: Case) -> None:
    """Every file gives what can be read of it and a reason, with its place, for what cannot."""
    (tmp_path / case.name).write_bytes(case.data)
    (source,) = find_sources([tmp_path / case.name])
    found = list(read_source(source))
    refused = [item for item in found if isinstance(item, Rejected)]
    papers = [item for item in found if isinstance(item, Paper)]
    assert (len(papers), len(refused)) == (case.papers, case.refused)
    assert all(item.position and item.reason and len(item.reason) < 300 for item in refused)
    if case.position:
        assert refused[0].position == case.position
    if case.reason:
        assert case.reason in refused[0].reason


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
@pytest.mark.parametrize("kind", KINDS)
def test_a_forced_reader_never_fails(kind: str, case: Case) -> None:
    """A reader that is forced on any file gives papers or refusals, and at least one of them."""
    found = list(read_source(Source(case.name, case.name, case.data), kind))
    assert found
    assert all(item.position and item.reason for item in found if isinstance(item, Rejected))


def test_a_forced_reader_is_the_one_that_reads() -> None:
    """`kind` goes before what content and name say."""
    source = Source("a.txt", "a.txt", f"{ONE}".encode())
    places = [item.sources[0].position for kind in ("jsonl", "json") for item in read_source(source, kind)]  # type: ignore[union-attr]
    assert places == ["line 1", "item 1"]


@pytest.mark.parametrize("kind", [None, *KINDS])
def test_known_kinds_pass(kind: str | None) -> None:
    """Every kind that is listed, and none at all, is known."""
    assert known_kind(kind) is None


@pytest.mark.parametrize("kind", ["docx", "", "JSON", "json "])
def test_an_unknown_kind_is_an_error_with_a_hint(kind: str) -> None:
    """A kind that names no reader is refused, and the hint lists the kinds."""
    with pytest.raises(UsageError) as caught:
        known_kind(kind)
    assert all(name in (caught.value.hint or "") for name in KINDS)


def test_a_source_with_a_problem_is_one_refusal() -> None:
    """What could not be opened is told with its reason."""
    found = list(read_source(Source("a.txt", "/a.txt", problem="no permission to read it")))
    assert found == [Rejected(position="file", reason="no permission to read it")]


WHOLE = {
    "page.txt": f"{HEADER}\n\nFloats in Wells\n\n{LONG}\n\nCafé?\n\n{LONG}",
    "lines.jsonl": f'{ONE}\n{{"title": "Café", "year": 2021, "authors": ["A B"]}}\n',
    "entries.bib": '@article{a,\n title = {Floats},\n year = 2021\n}\n@book{b, title = "Café {x}"}\n',
    "records.ris": "TY  - JOUR\nTI  - Floats\nAU  - Ng, Ada\nER  - \n\nTY  - BOOK\nTI  - Café\nER  - \n",
    "records.nbib": "PMID- 1\nTI  - Floats\n      in Wells\n\nPMID- 2\nTI  - Café\n",
    "table.csv": 'title,year\n"Floats, ""in"" Wells",2021\n"Café\nin",2020\n',
    "endnote.xml": "<xml><records><record><titles><title>Café</title></titles></record></records></xml>",
    "ids.txt": "10.1234/floats\nhttps://arxiv.org/abs/2401.00001\n",
    "csl.json": '[{"id": "a", "title": "Floats", "issued": {"date-parts": [[2021]]}},\n{"id": "b", "title": "Café"}]',
    "list.json": f'{{"papers": [{ONE}, {{"title": "Café", "abstract": "x\\n\\ud83d\\ude00"}}]}}',
}


@pytest.mark.parametrize("name", WHOLE)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_file_cut_anywhere_is_told(name: str, encoding: str) -> None:
    """Wherever a file is cut, it gives a paper or a refusal, and every refusal has a reason."""
    data = WHOLE[name].encode(encoding)
    for end in range(len(data)):
        found = list(read_source(Source(name, name, data[:end])))
        assert any(isinstance(item, Paper | Rejected) for item in found), (
            f"nothing out of the first {end} bytes"
        )
        assert all(item.reason for item in found if isinstance(item, Rejected))


@FREE
@given(
    st.sampled_from(["a.txt", "a.json", "a.jsonl", "a.bib", "a.ris", "a.nbib", "a.csv", "a.xml", "a"]),
    st.binary(max_size=200),
    st.sampled_from(sorted(WHOLE)),
)
def test_any_bytes_are_told(name: str, data: bytes, whole: str) -> None:
    """Any bytes, alone or behind a good file, give a paper or a refusal and no failure."""
    for content in (data, WHOLE[whole].encode() + data, data + WHOLE[whole].encode()):
        found = list(read_source(Source(name, name, content)))
        assert found
        assert any(isinstance(item, Paper | Rejected) for item in found)
