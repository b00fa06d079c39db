"""Semantic Scholar: what it is asked, and how its papers read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from agent.errors import SourceError
from agent.records import Author, Paper, Rejected
from agent.sources.services import semantic_scholar
from agent.sources.services.common import Call, Page, Query

ANSWER = json.loads((Path(__file__).parent / "answers" / "semantic_scholar.json").read_text())
SEARCH = semantic_scholar.search(Query("wells"))
(BATCH,) = semantic_scholar.lookup([("doi", "10.1234/wells.7"), ("arxiv", "2103.00001v2")])
MATCH = semantic_scholar.by_title("Floats in Wells")


def read(answer: Any, call: Call = SEARCH, seen: int = 0, limit: int = 10) -> Page:
    return semantic_scholar.parse(json.dumps(answer).encode(), "application/json", call, seen, limit)


def paper_of(**changes: Any) -> Paper:
    """The first paper of the sample with some fields changed."""
    page = read([{**ANSWER["data"][0], **changes}], BATCH)
    assert isinstance(page.records[0], Paper)
    return page.records[0]


def test_a_paper_gives_all_that_it_says() -> None:
    """Every field has its place; what a model said of the paper stands nowhere."""
    paper = paper_of()
    assert (paper.title, paper.texts.abstract) == ("Floats in Wells", "A float logs the height of the water.")
    assert paper.authors == (
        Author(family="Lovelace", given="Ada"),
        Author(family="Berg", given="Jan", particle="van der"),
    )
    assert (paper.year, paper.date, paper.venue) == (2021, "2021-03-04", "Wells Quarterly")
    assert (paper.doi, paper.arxiv_id) == ("10.1234/wells.7", "2103.00001")
    assert paper.url == "https://www.semanticscholar.org/paper/00112233445566778899aabbccddeeff00112233"
    assert paper.ids == {
        "s2": "00112233445566778899aabbccddeeff00112233",
        "pmid": "31234567",
        "pmcid": "PMC7654321",
        "corpusid": "215416146",
        "mag": "3012345678",
        "dblp": "journals/wells/LovelaceB21",
    }
    assert paper.fields == {
        "volume": "3",
        "page": "1-9",
        "ISSN": "1234-5678",
        "publicationTypes": "JournalArticle; Conference",
        "pdf_url": "https://example.org/wells.pdf",
        "license": "CCBY",
        "citationCount": "12",
    }
    assert "float." not in paper.model_dump_json()
    assert "tldr" not in (SEARCH.param("fields") or "")


def test_a_paper_without_an_abstract_has_none() -> None:
    """A one-line summary by a model takes no abstract's place."""
    assert paper_of(abstract=None).texts.abstract is None


@pytest.mark.parametrize(
    ("kinds", "venue", "place", "wanted"),
    [
        (["JournalArticle"], "Wells Quarterly", None, "article-journal"),
        (["Conference"], "Wells Day", None, "paper-conference"),
        (["JournalArticle", "Conference"], "Wells", "journal", "article-journal"),
        (["JournalArticle", "Conference"], "Wells", "conference", "paper-conference"),
        (["JournalArticle", "Conference"], "Wells", None, None),
        (["Review", "JournalArticle"], "Wells", None, "article-journal"),
        (["Review"], "Wells", None, None),
        (["JournalArticle"], "arXiv.org", None, "article"),
        (None, "", None, None),
    ],
)
def test_types(kinds: list[str] | None, venue: str, place: str | None, wanted: str | None) -> None:
    """A type is what the types agree on, or what the venue decides; else it is unknown."""
    paper = paper_of(publicationTypes=kinds, venue=venue, publicationVenue={"name": "Wells", "type": place})
    assert paper.type == wanted


def test_a_paper_of_arxivs_own_doi() -> None:
    """A DOI that arXiv gave is an arXiv id."""
    paper = read(ANSWER).records[1]
    assert isinstance(paper, Paper)
    assert (paper.doi, paper.arxiv_id, paper.type, paper.authors, paper.url) == (
        None,
        "2201.00002",
        "article",
        (),
        None,
    )


@pytest.mark.parametrize("title", [None, "", "\u200b"])
def test_a_paper_without_a_title_is_refused(title: str | None) -> None:
    """A paper that has no title is a rejection that names it."""
    (found,) = read([{**ANSWER["data"][0], "title": title}], BATCH).records
    assert found == Rejected(
        position="record 1", reason="no title", title="00112233445566778899aabbccddeeff00112233"
    )


def test_pages_follow_by_token() -> None:
    """A token leads on; without one the search is over, whatever the total says."""
    assert read(ANSWER).next == SEARCH.having(token="PCOOFSAB")
    for last in (
        {**ANSWER, "token": None},
        {name: value for name, value in ANSWER.items() if name != "token"},
    ):
        assert read(last).next is None
    assert read({"total": 1000, "token": None, "data": []}, seen=998, limit=2000) == Page((), None, 1000)


def test_nothing_found_is_no_error() -> None:
    """No paper for a search, for unknown ids or for a title is an answer."""
    assert read({"total": 0, "token": None, "data": []}) == Page((), None, 0)
    assert read([None, None], BATCH) == Page(())
    assert read({"error": "Title match not found"}, MATCH) == Page(())
    with pytest.raises(SourceError, match="Title match not found"):
        read({"error": "Title match not found"})


def test_unknown_ids_leave_no_gap() -> None:
    """Papers of a batch are numbered in order; ids that the service lacks give no record."""
    page = read([None, ANSWER["data"][0], None, ANSWER["data"][1]], BATCH, seen=2)
    assert [record.sources[0].position for record in page.records if isinstance(record, Paper)] == [
        "record 3",
        "record 4",
    ]
    assert page.next is None


def test_a_batch_is_a_list_and_a_match_is_one_paper() -> None:
    """Each question has an answer of its own shape; another shape is broken."""
    assert [len(read({"data": ANSWER["data"][:1]}, MATCH).records)] == [1]
    for answer, call in ((ANSWER, BATCH), (ANSWER["data"], SEARCH), (ANSWER["data"], MATCH)):
        with pytest.raises(SourceError):
            read(answer, call)


@pytest.mark.parametrize(
    ("since", "until", "wanted"),
    [("2021-03-04", "2021-04-05", "2021-03-04:2021-04-05"), ("2021-03-04", None, "2021-03-04:"), (None, "2021-04-05", ":2021-04-05"), (None, None, None)],
)  # fmt: skip
def test_days_become_a_range(since: str | None, until: str | None, wanted: str | None) -> None:
    """A range of days may be open at either end."""
    assert (
        semantic_scholar.search(Query("wells", since=since, until=until)).param("publicationDateOrYear")
        == wanted
    )


def test_ids_are_posted_in_one_call() -> None:
    """Ids of any kind go into one body, written as the service writes them, five hundred at a time."""
    ids = [("s2", "0" * 40), ("pmid", "12"), ("pmcid", "PMC34"), ("corpusid", "56"), ("wos", "WOS:1")]
    (call,) = semantic_scholar.lookup([("doi", "10.1234/a"), ("arxiv", "2103.00001v2"), *ids])
    assert json.loads(call.body or "") == {
        "ids": ["DOI:10.1234/a", "ARXIV:2103.00001", "0" * 40, "PMID:12", "PMCID:34", "CorpusId:56"]
    }
    assert call.key_header == "x-api-key"
    many = semantic_scholar.lookup([("doi", f"10.1234/a-rather-long-name-{number}") for number in range(700)])
    assert [len(json.loads(call.body or "")["ids"]) for call in many] == [500, 200]


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({}, "Wells Quarterly"),
        ({"venue": ""}, "Journal of Wells"),
        ({"venue": "", "journal": None}, "Wells, Quarterly"),
        ({"venue": "", "journal": {"pages": "1"}, "publicationVenue": None}, None),
    ],
)
def test_a_venue_may_stand_in_three_places(changes: dict[str, Any], wanted: str | None) -> None:
    """The venue as the paper states it comes first, then its journal's name, then the venue's own."""
    places = {"journal": {"name": "Journal of Wells"}, "publicationVenue": {"name": "Wells, Quarterly"}}
    assert paper_of(**{**places, **changes}).venue == wanted
