"""The table of papers: what a spreadsheet shows, and the way out and in again."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from many_papers import ANY, BARE, FREE, FULL, TRICKY, only, said, strange_papers, tricky, whole_papers

from agent.outputs.papers_csv import papers_csv
from agent.records import Author, Paper
from agent.sources.build import make_paper
from agent.sources.detect import kind_of
from agent.sources.formats.table_own import COLUMNS
from agent.sources.formats.tables import read

CELLS = {
    "key": "berg2021", "title": "Floats in DNA wells: 量子", "year": "2021", "date": "2021-03-04", "type": "article-journal",
    "authors": '[{"family": "Berg", "given": "Jan", "particle": "van der"}, {"name": "ACME, Inc."}, {"name": "Well Team"}, '
               '{"family": "Doe", "given": "Ann", "suffix": "Jr"}, {"family": "李"}]',
    "venue": "Wells Quarterly", "doi": "10.1000/ab", "arxiv_id": "2401.00001", "version": "v2",
    "url": "https://example.org/wells", "links": "https://example.org/code; https://example.org/seen",
    "abstract": "We saw it, at https://example.org/seen.", "keywords": "Anaemia, Sickle Cell; water",
    "notes": "read twice\nTY  - or not", "files": "wells.pdf", "retracted": "false", "is_untitled": "true",
    "ids.openalex": "W1", "ids.pmid": "77", "accessed": "2022-01-02", "editor": "Roe, Sam; Lee, Ann", "mood": "good",
    "page": "10-19", "volume": "3",
}  # fmt: skip


def rows_of(text: str, separator: str = ",") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=separator))


def test_each_field_has_its_column() -> None:
    """The columns are a paper's own fields, then ids and whatever else any paper says; what is unknown is empty."""
    bare, full = rows_of(papers_csv([FULL, BARE]))
    assert full == CELLS and list(full)[: len(COLUMNS)] == list(COLUMNS)
    assert {name: cell for name, cell in bare.items() if cell} == {"key": "a", "title": "Floats"}
    assert papers_csv([]) == ",".join(COLUMNS) + "\n"


AUTHORS = {
    "Berg, Jan van der; Doe, Ann": (Author(family="Berg", given="Jan", particle="van der"), Author(family="Doe", given="Ann")),
    "van der Berg, Jan A.": (Author(family="van der Berg", given="Jan A."),),
    "Well Team; Plato; 王小明": (Author(name="Well Team"), Author(name="Plato"), Author(name="王小明")),
    "Doe,; 李,": (Author(family="Doe"), Author(family="李")),
    "King, Jr": (Author(family="King", suffix="Jr"),),
    "Berg, van der": (Author(family="Berg", particle="van der"),),
    '[{"name": "ACME, Inc."}, {"family": "Lee; Ho", "given": "A"}]': (Author(name="ACME, Inc."), Author(family="Lee; Ho", given="A")),
}  # fmt: skip


@pytest.mark.parametrize(("cell", "authors"), AUTHORS.items())
def test_authors_stand_as_people_read_them(cell: str, authors: tuple[Author, ...]) -> None:
    """`Family, Given` between semicolons; JSON for a name that this cannot say, and for its neighbours."""
    text = papers_csv([make_paper("Floats", None, "", authors=authors)])
    assert rows_of(text)[0]["authors"] == cell
    assert only(read, text).authors == authors


@pytest.mark.parametrize(
    ("words", "cell"),
    [(("a, b", "c"), "a, b; c"), (("a; b", "c"), '["a; b", "c"]'), (('["a"]',), '["[\\"a\\"]"]'), (("a\nb",), '["a\\nb"]'), ((), "")],
)  # fmt: skip
def test_lists_stand_between_semicolons(words: tuple[str, ...], cell: str) -> None:
    """Unless one of them holds a semicolon, or all of them look like a list in JSON: then it is one."""
    text = papers_csv([make_paper("Floats", None, "", keywords=words, files=words)])
    assert (rows_of(text)[0]["keywords"], rows_of(text)[0]["files"]) == (cell, cell)
    assert (only(read, text).keywords, only(read, text).files) == (words, words)


FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\x00=1", " =1+1", "\r=1", "\n-1", "\ufeff=1", "=\n", "'=1", "''-1", "'quoted'", "-", "a=1"]  # fmt: skip


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_is_a_formula_and_each_comes_back(text: str) -> None:
    """What a spreadsheet would compute is marked as text, in every column and header, and read without the mark."""
    paper = make_paper(
        text, text, "", key=text, authors=(Author(name=text),), type=text, venue=text, url=text, version=text,
        keywords=(text,), notes=text, files=(text,), ids={"dblp": text, text: "1"}, fields={"mood": text, text: "x"},
    )  # fmt: skip
    written = papers_csv([paper])
    cells = [cell for row in csv.reader(io.StringIO(written, newline="")) for cell in row]
    assert [cell for cell in cells if cell.lstrip().startswith(("=", "+", "-", "@"))] == []
    once, shown = only(read, written), text.strip("\x00\ufeff \t\r\n")
    assert (once.title, once.texts.abstract, once.key, once.venue, once.notes) == (shown,) * 5
    assert (once.type, once.url, once.version, once.files, once.keywords) == (
        shown,
        shown,
        shown,
        (shown,),
        (shown,),
    )
    assert once.authors == (Author(name=shown),)
    assert (once.ids["dblp"], once.fields["mood"], once.fields[shown]) == (shown, shown, "x")


def test_a_mark_in_a_table_from_elsewhere_stays() -> None:
    """Only our own tables are read without the mark: elsewhere a quotation mark may be the text's."""
    assert only(read, "Title,Year,Shelf\nFloats,2021,'=1\n").fields == {"Shelf": "'=1"}


@pytest.mark.parametrize("name", TRICKY)
def test_what_could_be_something_else_comes_back(name: str) -> None:
    """Each field is read as the one that it is."""
    assert said(only(read, papers_csv([tricky(name)]))) == said(tricky(name))


@FREE
@given(whole_papers())
def test_out_and_in_again_is_the_same(paper: Paper) -> None:
    """Read, exported and read again: every field is what it was."""
    once = only(read, papers_csv([paper]))
    assert said(once) == said(paper)
    assert once.key == paper.key


@FREE
@given(strange_papers())
def test_what_is_read_is_written_as_it_was_read(paper: Paper) -> None:
    """Whatever a paper's texts are, what the reader made of them comes back."""
    once = only(read, papers_csv([paper]))
    assert said(only(read, papers_csv([once]))) == said(once)


@settings(FREE, max_examples=15)
@given(st.lists(whole_papers(), min_size=2, max_size=5), st.sampled_from([",", ";", "\t"]))
def test_a_table_of_several_papers_comes_back(papers: list[Paper], separator: str) -> None:
    """One row a paper in order of key, also after a spreadsheet wrote it with another separator."""
    out = io.StringIO()
    csv.writer(out, delimiter=separator).writerows(csv.reader(io.StringIO(papers_csv(papers), newline="")))
    found = [item for item in read(out.getvalue()) if isinstance(item, Paper)]
    wanted = sorted(papers, key=lambda paper: paper.key.lower())
    assert [said(paper) for paper in found] == [said(paper) for paper in wanted]


NAMES = ["Authors", "Author full names", "Year", "Date", "Document Type", "Source title", "DOI", "Link", "Abstract", "Author Keywords",
         "Notes", "EID", "UT (Unique WOS ID)", "Publication Type", "PMID", "Citation key", "key", "Extra", "File Attachments", "Links",
         "arXiv ID", "Page start", "fields.x", "ids.y", "=x", "Shelf", "", "Editors", "Retracted"]  # fmt: skip
SAID = st.sampled_from(["Berg J.A.; Doe A.", "Berg, Jan A.; Doe, Anna", "2021", "in press", "2021-03-04", "spring 2021", "Review; Article", "J",
                        "10.1000/a", "https://arxiv.org/abs/2401.00001v2", "ask Jan", "a; b, c", "['a, b', 'c']", "nan", "77", "WOS:1", "2-s2.0-85",
                        "PMID: 7\nread", "=1+1", "'=1", "-", "Article", "true", "x\x07y"]) | ANY  # fmt: skip


@FREE
@given(st.dictionaries(st.sampled_from(NAMES), SAID, max_size=9))
def test_what_other_programs_wrote_comes_back(row: dict[str, str]) -> None:
    """Read from a strange table, exported and read again: every field is what it was."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([["Title", *row], ["Floats in Wells", *row.values()]])
    for once in [found for found in read(out.getvalue()) if isinstance(found, Paper)]:
        assert said(only(read, papers_csv([once]))) == said(once)


@pytest.mark.parametrize(
    ("column", "cell", "name", "wanted"),
    [
        ("year", "2020.0", "year", 2020),
        ("year", "in press", "fields", {"year": "in press"}),
        ("date", "Mar-21", "fields", {"date": "Mar-21"}),
        ("doi", "https://doi.org/10.1000/X", "doi", "10.1000/x"),
        ("doi", "none", "fields", {"doi": "none"}),
        ("doi", "10.48550/arXiv.2401.00001", "arxiv_id", "2401.00001"),
        ("arxiv_id", "2401.00001v3", "version", "v3"),
        ("authors", "smith, john; Doe, Ann", "authors", (Author(family="smith", given="john"), Author(family="Doe", given="Ann"))),
        ("keywords", "a\nb; c", "keywords", ("a", "b", "c")),
        ("ids.pmid", "77.0", "ids", {"pmid": "77"}),
        ("ids.pmid", "seven", "fields", {"ids.pmid": "seven"}),
        ("retracted", "TRUE", "retracted", True),
        ("mark", "mine", "fields", {"mark": "mine"}),
        ("mark", "=1", "fields", {"mark": "=1"}),
        ("authors", "[{oops", "authors", (Author(name="[{oops"),)),
        ("files", "[a; b", "files", ("[a", "b")),
    ],
)  # fmt: skip
def test_cells_that_a_person_filled(column: str, cell: str, name: str, wanted: object) -> None:
    """A cell typed by hand is read as far as it can be told, and kept where it cannot."""
    out = io.StringIO()
    names = list(dict.fromkeys(["title", "arxiv_id", "is_untitled", column]))
    csv.writer(out).writerows(
        [names, ["Floats" if own == "title" else cell if own == column else "" for own in names]]
    )
    assert getattr(only(read, out.getvalue()), name) == wanted


def test_a_row_without_a_title_is_refused() -> None:
    """It costs itself, and is named by its DOI."""
    first, second = read("title,arxiv_id,is_untitled,doi\n,,,10.1000/a\nFloats,,,\n")
    assert (first.position, first.title) == ("line 2", "10.1000/a")
    assert isinstance(second, Paper)


@pytest.mark.parametrize("name", ["export.csv", "export.txt"])
def test_it_is_known_for_what_it_is(name: str) -> None:
    """Whatever it is called, it is read as a table."""
    assert kind_of(name, papers_csv([FULL])) == "csv"
