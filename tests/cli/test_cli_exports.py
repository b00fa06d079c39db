"""What a library says of its papers, shown, exported and read again, as a person at a terminal does it."""

from __future__ import annotations

from pathlib import Path

import pytest
from terminal import Terminal

BIB = r"""@article{munoz2015, title = {{WHO} and the m{\'e}moire: Floats in Wells}, author = {Mu{\~n}oz, Juan and others},
  journal = {Wells Quarterly}, year = 2015, volume = 3, number = 4, pages = {12--19}, publisher = {Deep Press},
  doi = {10.1000/wells.1}, pmid = {77}, file = {files/12/gone.pdf}}
"""
RIS = """TY  - JOUR
TI  - WHO and the mémoire: Floats in Wells
AU  - Muñoz, Juan
AU  - Kim, Hana
PY  - 2015
DO  - 10.1000/wells.1
ER  -
"""
IDS = "arXiv:2401.00011\n"


@pytest.fixture
def shelf(desk: Terminal) -> Terminal:
    """A library of one article, and one paper of which only an id is known."""
    (desk.folder / "a.bib").write_text(BIB, encoding="utf-8")
    (desk.folder / "ids.txt").write_text(IDS, encoding="utf-8")
    assert desk.run("add", "a.bib", "ids.txt").code == 0
    return desk


def test_show_tells_all_that_is_known(shelf: Terminal) -> None:
    """Ids, volume, pages, kind and files stand there, each by its name."""
    said = shelf.run("show", "munoz2015").out
    for part in ("Juan Muñoz", "pmid", "77", "volume", "12–19", "article-journal", "files/12/gone.pdf"):
        assert part in said


@pytest.mark.parametrize("form", ["jsonl", "csl-json", "bibtex", "ris", "csv"])
def test_an_export_read_elsewhere_says_the_same(shelf: Terminal, form: str, tmp_path: Path) -> None:
    """Title, authors, year, venue, ids, fields and what is not known are the same in another workspace."""
    name = f"out.{'json' if form == 'csl-json' else 'bib' if form == 'bibtex' else form}"
    assert shelf.run("export", "--format", form, "-o", name).code == 0
    assert shelf.run("add", name, "--workspace", "w2").code == 0
    kept = ("title", "authors", "year", "venue", "doi", "arxiv_id", "ids", "fields", "is_untitled", "type")

    def said(*where: str) -> list[dict[str, object]]:
        found = shelf.run("papers", "--json", *where).json()["papers"]
        return sorted(
            ({name: paper[name] for name in kept} for paper in found), key=lambda one: str(one["title"])
        )

    assert said("--workspace", "w2") == said()


def test_a_whole_list_of_authors_loses_its_and_others(shelf: Terminal) -> None:
    """`and others` belongs to the list that it ended, and to no other."""
    assert "and others" in shelf.run("export").out
    shelf.run("add", "a.bib", "--workspace", "w3")
    (shelf.folder / "a.ris").write_text(RIS, encoding="utf-8")
    both = shelf.run("add", "a.ris", "a.bib", "--workspace", "w4")
    assert both.code == 0
    said = shelf.run("export", "--workspace", "w4").out
    assert "others" not in said or "Kim" not in said


def test_references_hold_what_a_journal_wants(shelf: Terminal) -> None:
    """Volume, number, pages and publisher come along into a survey's references and its list."""
    shelf.run("survey", "--out", "s")
    references = (shelf.folder / "s" / "references.bib").read_text(encoding="utf-8")
    for part in ("volume = {3}", "number = {4}", "pages = {12–19}", "publisher = {Deep Press}"):
        assert part in references
    assert "Wells Quarterly 3(4), 12–19." in (shelf.folder / "s" / "survey.md").read_text(encoding="utf-8")


def test_a_retracted_paper_is_seen_to_be_one(desk: Terminal) -> None:
    """In the list, on its card and at the head of a survey."""
    desk.write(
        "a.jsonl",
        [{"title": "Floats in Deep Wells", "abstract": "Floats rise. We show it.", "retracted": True}],
    )
    desk.run("add", "a.jsonl")
    assert "RETRACTED: Floats in Deep Wells" in desk.run("papers").out
    assert "retracted" in desk.run("show", "floatsindeepwells").out
    desk.run("survey", "--out", "s")
    assert "**Retracted:** `floatsindeepwells`" in (desk.folder / "s" / "survey.md").read_text(
        encoding="utf-8"
    )


def test_a_named_file_that_is_gone_is_told(shelf: Terminal) -> None:
    """`fulltext` names the file that a record names and that is not there."""
    shown = shelf.run("fulltext")
    assert (
        shown.code == 0 and "munoz2015: its record names files/12/gone.pdf, which is not there" in shown.out
    )


def test_detaching_needs_something_attached(shelf: Terminal) -> None:
    """A paper without a whole text is told with what attaches one."""
    shown = shelf.run("fulltext", "--detach", "munoz2015")
    assert shown.code == 2 and "has no whole text" in shown.err


def test_what_was_merged_is_shown_with_its_reason(shelf: Terminal) -> None:
    """The id that made two records one work is named."""
    (shelf.folder / "a.ris").write_text(RIS, encoding="utf-8")
    shelf.run("add", "a.ris")
    assert "one work: the same doi: 10.1000/wells.1; equal titles" in shelf.run("duplicates").out
