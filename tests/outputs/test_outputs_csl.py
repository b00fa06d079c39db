"""CSL-JSON: what other programs read of it, and the way out and in again."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from many_papers import ANY, BARE, FREE, FULL, TRICKY, only, said, strange_papers, tricky, whole_papers

from agent.outputs.csl_json import csl_json
from agent.records import Paper
from agent.sources.build import make_paper
from agent.sources.detect import kind_of
from agent.sources.formats.csl_json import read

ITEM = {
    "id": "berg2021",
    "citation-key": "berg2021",
    "type": "article-journal",
    "title": "Floats in DNA wells: 量子",
    "author": [
        {"family": "Berg", "given": "Jan", "non-dropping-particle": "van der"},
        {"literal": "ACME, Inc."},
        {"literal": "Well Team"},
        {"family": "Doe", "given": "Ann", "suffix": "Jr"},
        {"family": "李"},
    ],
    "issued": {"date-parts": [[2021, 3, 4]]},
    "container-title": "Wells Quarterly",
    "accessed": {"date-parts": [[2022, 1, 2]]},
    "editor": [{"family": "Roe", "given": "Sam"}, {"family": "Lee", "given": "Ann"}],
    "page": "10-19",
    "volume": "3",
    "DOI": "10.1000/ab",
    "URL": "https://example.org/wells",
    "PMID": "77",
    "version": "v2",
    "abstract": "We saw it, at https://example.org/seen.",
    "keyword": "Anaemia, Sickle Cell, water",
    "note": "read twice\nTY  - or not",
    "custom": {
        "arxiv_id": "2401.00001",
        "ids": {"openalex": "W1"},
        "keywords": ["Anaemia, Sickle Cell", "water"],
        "links": ["https://example.org/code", "https://example.org/seen"],
        "files": ["wells.pdf"],
        "retracted": False,
        "is_untitled": True,
        "fields": {"mood": "good"},
    },
}


def test_each_field_has_its_variable() -> None:
    """An item stands as CSL describes it; what CSL has no name for stands in `custom`."""
    assert json.loads(csl_json([FULL])) == [ITEM]


def test_what_is_unknown_is_left_out() -> None:
    """Of a paper of which only the title is known only that is written; its type stays unknown."""
    text = csl_json([BARE])
    item = {"id": "a", "citation-key": "a", "type": "document", "title": "Floats", "custom": {"type": None}}
    assert json.loads(text) == [item]
    assert only(read, text).type is None
    assert json.loads(csl_json([])) == []


def test_arxiv_papers_have_their_doi() -> None:
    """A paper of arXiv without a DOI of its own is cited by the one that arXiv gives it, and read back without it."""
    text = csl_json([make_paper("Floats", None, "", arxiv_id="2401.00001")])
    assert json.loads(text)[0]["DOI"] == "10.48550/arxiv.2401.00001"
    assert (only(read, text).doi, only(read, text).arxiv_id) == (None, "2401.00001")


def test_originals_are_kept() -> None:
    """What was cleaned stays beside what became of it."""
    paper = make_paper("Floats  at $\\alpha$", "2.49times", "")
    assert paper.title != paper.title_original
    assert only(read, csl_json([paper])).model_copy(update={"sources": ()}) == paper.model_copy(
        update={"sources": ()}
    )


@pytest.mark.parametrize("name", TRICKY)
def test_what_could_be_something_else_comes_back(name: str) -> None:
    """Each field is read as the one that it is."""
    assert said(only(read, csl_json([tricky(name)]))) == said(tricky(name))


@pytest.mark.parametrize(
    "notes", ["PMID: 7", "arXiv:2401.00002", "read\nDOI: 10.1000/x", "OpenAlex: W2", "tex.a: b"]
)
def test_notes_are_no_place_to_search(notes: str) -> None:
    """What looks like an id in the notes of a paper of ours was left there when it was read."""
    paper = make_paper("Floats", None, "", notes=notes, ids={"openalex": "W1"})
    assert said(only(read, csl_json([paper]))) == said(paper)


@FREE
@given(whole_papers())
def test_out_and_in_again_is_the_same(paper: Paper) -> None:
    """Read, exported and read again: every field is what it was."""
    once = only(read, csl_json([paper]))
    assert said(once) == said(paper)
    assert once.key == paper.key


@FREE
@given(strange_papers())
def test_what_is_read_is_written_as_it_was_read(paper: Paper) -> None:
    """Whatever a paper's texts are, what the reader made of them comes back, and no control character goes out."""
    text = csl_json([paper])
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]", text)
    once = only(read, text)
    assert said(only(read, csl_json([once]))) == said(once)


ITEMS = st.dictionaries(
    st.sampled_from(["id", "author", "editor", "issued", "accessed", "DOI", "PMID", "note", "keyword", "custom", "URL", "type",
                     "number", "archive", "version", "season", "translator", "mood"]),
    st.sampled_from(["arXiv: 2401.00001v2", "PMID: 7\nPMID: 8\nread", "OpenAlex: W1\nOpenAlex: W2", "a, b; c",
                     [{"family": "Roe", "given": "Sam"}, {"literal": "Lee, Ann"}],
                     {"date-parts": [[2021, 3], [2022]]}, {"raw": "spring 2021"}, {"date-parts": [[2021]], "season": 2},
                     "10.1000/a", "https://doi.org/10.1000/b", {"ids": {"wos": "1"}, "year": "soon", "notes": "b"}, 7, "document"])
    | ANY, max_size=9,
)  # fmt: skip


@FREE
@given(ITEMS)
def test_what_other_programs_wrote_comes_back(item: dict[str, Any]) -> None:
    """Read from a strange file, exported and read again: every field is what it was."""
    once = only(read, json.dumps([{**item, "title": "Floats"}]))
    assert said(only(read, csl_json([once]))) == said(once)


@settings(
    derandomize=True, database=None, deadline=None, max_examples=2, phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
@given(st.lists(whole_papers() | strange_papers(), min_size=15, max_size=25))
def test_pandoc_takes_it(pandoc: Callable[..., str], papers: list[Paper]) -> None:
    """Pandoc reads every item without a word, whatever stands in it."""
    named = [paper.model_copy(update={"key": f"k{number:02}"}) for number, paper in enumerate(papers)]
    text = csl_json([*named, FULL, BARE])
    shown = pandoc("-f", "csljson", "-t", "markdown", "--citeproc", text=text)
    assert shown.count("{#ref-") == len(papers) + 2
    items = json.loads(pandoc("-f", "csljson", "-t", "csljson", text=text))
    assert sorted(item["id"] for item in items) == sorted(paper.key for paper in [*named, FULL, BARE])


def test_pandoc_cites_it(pandoc: Callable[..., str]) -> None:
    """A reference made of it names the authors, the year, the journal and the DOI."""
    cited = pandoc("-f", "csljson", "-t", "plain", "--citeproc", "--wrap=none", text=csl_json([FULL]))
    for part in (
        "Berg, Jan van der",
        "ACME, Inc.",
        "Ann Doe Jr",
        "2021",
        "Wells Quarterly",
        "10–19",
        "10.1000/ab",
    ):
        assert part in cited, cited


def test_it_is_known_for_what_it_is() -> None:
    """It is read as CSL-JSON, not as JSON of some other kind."""
    assert kind_of("export.json", csl_json([FULL])) == "csl-json"
    assert kind_of("export.json", csl_json([BARE])) == "csl-json"
