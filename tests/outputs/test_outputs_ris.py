"""RIS: what stands under which tag, and the way out and in again."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from many_papers import ANY, BARE, FREE, FULL, TRICKY, only, said, strange_papers, tricky, whole_papers

from agent.outputs.ris import CODES, ris
from agent.records import Author, Paper
from agent.sources.build import make_paper
from agent.sources.detect import kind_of
from agent.sources.formats.ris import FIELD_TAGS, PAPER_TAGS, read

WRITTEN = (
    """TY  - JOUR
ID  - berg2021
TI  - Floats in DNA wells: 量子
AU  - van der Berg, Jan
AU  - ACME, Inc.
AU  - Well Team
AU  - Doe, Ann, Jr
AU  - 李
PY  - 2021
DA  - 2021/03/04/
T2  - Wells Quarterly
DO  - 10.1000/ab
AN  - arXiv:2401.00001v2
AN  - PMID:77
UR  - https://example.org/wells
L2  - https://example.org/code
L1  - wells.pdf
AB  - We saw it, at https://example.org/seen.
KW  - Anaemia, Sickle Cell
KW  - water
N1  - read twice
N1  - TY  - or not
Y2  - 2022-01-02
ED  - Roe, Sam
ED  - Lee, Ann
SP  - 10
EP  - 19
VL  - 3
U5  - litreview.retracted: false
U5  - litreview.is_untitled: true
U5  - litreview.author: {"family": "Berg", "given": "Jan", "particle": "van der"}
U5  - litreview.author: {"name": "ACME, Inc."}
U5  - litreview.author: {"family": "李"}
U5  - litreview.ids.openalex: W1
U5  - litreview.fields.mood: good
ER  - """
    + "\n"
)


def test_each_field_has_its_tag() -> None:
    """A record stands as reference managers write it; what has no tag stands in lines of our own."""
    assert ris([FULL]) == WRITTEN
    assert said(only(read, WRITTEN)) == said(FULL)


def test_what_is_unknown_has_no_line() -> None:
    """Of a paper of which only the title is known only that is written; its type stays unknown."""
    text = ris([BARE])
    assert text == "TY  - GEN\nID  - a\nTI  - Floats\nU5  - litreview.type: unknown\nER  - \n"
    assert only(read, text).type is None
    assert ris([]) == ""


@pytest.mark.parametrize("name", TRICKY)
def test_what_could_be_something_else_comes_back(name: str) -> None:
    """Each field is read as the one that it is."""
    assert said(only(read, ris([tricky(name)]))) == said(tricky(name))


@FREE
@given(whole_papers())
def test_out_and_in_again_is_the_same(paper: Paper) -> None:
    """Read, exported and read again: every field is what it was."""
    once = only(read, ris([paper]))
    assert said(once) == said(paper)
    assert once.key == paper.key


@FREE
@given(strange_papers())
def test_what_is_read_is_written_as_it_was_read(paper: Paper) -> None:
    """Whatever a paper's texts are, what the reader made of them comes back, and no control character goes out."""
    text = ris([paper])
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e]", text)
    once = only(read, text)
    assert said(only(read, ris([once]))) == said(once)


TAGS = sorted({tag for table in (PAPER_TAGS, FIELD_TAGS) for tags in table.values() for tag in tags} - {"TY", "TI"}
              | {"EP", "AN", "C2", "XX", "L3", "DP", "PT", "U5", "C1"})  # fmt: skip
VALUES = st.sampled_from(["2017", "2017/12/04/Spring", "2017///Winter", "2017/12/04/December", "soon", "Dec 4", "2017/13/45/", "10.1000/a", "10.1000/b",
                          "10.48550/arXiv.2401.00001", "https://doi.org/10.1000/c", "https://arxiv.org/abs/2401.00002v3", "arXiv:2401.00001v2",
                          "Roe, Sam", "Roe, Sam; Lee, Ann", "Roe; Sam", "ACME, Jr.", "PubMed", "Embase", "123", "PMID: 7", "PMC9", "WOS:1", "12-19", "12",
                          "1234-5678", "WR-12", "a, b, c", "a, b, c;", "x; y", "Retracted", "TY  - JOUR", "p/x.pdf", "internal-pdf://x", "one\ntwo",
                          "litreview.fields.mood: good", "litreview.type: unknown", "see https://x.org/a"]) | ANY  # fmt: skip
RECORDS = st.lists(st.tuples(st.sampled_from(TAGS), VALUES), max_size=10)


@FREE
@given(RECORDS, st.sampled_from(["JOUR", "BOOK", "GEN", "WELLS"]))
def test_what_other_programs_wrote_comes_back(lines: list[tuple[str, str]], kind: str) -> None:
    """Read from a strange file, exported and read again: every field is what it was."""
    text = "".join(f"{tag}  - {value}\n" for tag, value in lines)
    papers = [
        found for found in read(f"TY  - {kind}\nTI  - Floats\n{text}ER  - \n") if isinstance(found, Paper)
    ]
    for once in papers:
        assert said(only(read, ris([once]))) == said(once)


@settings(FREE, max_examples=15)
@given(st.lists(strange_papers() | whole_papers(), max_size=4))
def test_records_stay_apart_and_in_order(papers: list[Paper]) -> None:
    """No text of one paper begins or ends another; they stand in order of key."""
    found = list(read(ris(papers))) if papers else []
    wanted = [paper.title for paper in sorted(papers, key=lambda paper: paper.key.lower())]
    assert [item.title for item in found if isinstance(item, Paper)] == wanted
    assert len(found) == len(papers)


@pytest.mark.parametrize("kind", [*CODES, "entry", "WELLS"])
def test_every_type_comes_back(kind: str) -> None:
    """A type is written by its code; one that RIS has none for is `GEN`, and known again all the same."""
    text = ris([make_paper("Floats", None, "", type=kind, venue="Wells")])
    assert text.startswith(f"TY  - {CODES.get(kind, 'GEN')}\n")
    assert (only(read, text).type, only(read, text).venue) == (kind, "Wells")


@pytest.mark.parametrize(
    ("old", "new", "name", "wanted"),
    [
        ("PY  - 2021\nDA  - 2021/03/04/", "PY  - 2020", "year", 2020),
        ("arXiv:2401.00001v2", "arXiv:2401.00002", "arxiv_id", "2401.00002"),
        ("AU  - van der Berg, Jan", "AU  - van der Berg, Johan", "authors", (Author(family="van der Berg", given="Johan"),)),
        ("AU  - ACME, Inc.\n", "", "authors", (Author(family="Berg", given="Jan", particle="van der"),)),
        ("AN  - PMID:77", "AN  - PMID:78", "ids", {"pmid": "78", "openalex": "W1"}),
    ],
)  # fmt: skip
def test_an_edited_line_counts(old: str, new: str, name: str, wanted: object) -> None:
    """Our own lines overrule no other line: what somebody changed elsewhere is what is read."""
    assert old in WRITTEN
    found = getattr(only(read, WRITTEN.replace(old, new)), name)
    assert (found[:1] if name == "authors" else found) == wanted


@pytest.mark.parametrize("name", ["export.ris", "export.txt"])
def test_it_is_known_for_what_it_is(name: str) -> None:
    """Whatever it is called, it is read as RIS."""
    assert kind_of(name, ris([FULL])) == "ris"
    assert kind_of(name, ris([BARE])) == "ris"
