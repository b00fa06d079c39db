"""OpenAlex: what it is asked, and how its works read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.errors import SourceError
from agent.records import Author, Paper, Rejected
from agent.sources.services import openalex
from agent.sources.services.common import Call, Page, Query

FREE = settings(derandomize=True, database=None, deadline=None, max_examples=40)
ANSWER = json.loads((Path(__file__).parent / "answers" / "openalex.json").read_text())
SEARCH = openalex.search(Query("wells", limit=2))


def read(answer: Any, call: Call = SEARCH, seen: int = 0, limit: int = 10) -> Page:
    return openalex.parse(json.dumps(answer).encode(), "application/json", call, seen, limit)


def paper_of(**changes: Any) -> Paper:
    """The first work of the sample with some fields changed."""
    page = read({"meta": {"count": 1}, "results": [{**ANSWER["results"][0], **changes}]})
    assert isinstance(page.records[0], Paper)
    return page.records[0]


def test_a_work_gives_all_that_it_says() -> None:
    """Every field of a work has its place, and the abstract its order."""
    paper = paper_of()
    assert paper.title == "Floats in Wells"
    assert paper.texts.abstract == "A float logs the height of the water."
    assert paper.authors == (
        Author(family="Lovelace", given="Ada"),
        Author(family="Berg", given="Jan", particle="van der"),
    )
    assert (paper.year, paper.date, paper.type, paper.retracted) == (
        2021,
        "2021-03-04",
        "article-journal",
        True,
    )
    assert (paper.doi, paper.arxiv_id, paper.version) == ("10.1234/wells.7", "2103.00001", None)
    assert (paper.venue, paper.url) == ("Wells Quarterly", "https://doi.org/10.1234/wells.7")
    assert paper.ids == {
        "openalex": "W4000000001",
        "pmid": "31234567",
        "pmcid": "PMC7654321",
        "mag": "3012345678",
    }
    assert paper.fields == {
        "volume": "3",
        "issue": "1",
        "page": "1-9",
        "ISSN": "1234-5678; 2345-6789",
        "publisher": "Wells Press",
        "language": "en",
        "genre": "review",
        "pdf_url": "https://arxiv.org/pdf/2103.00001",
        "license": "cc-by",
        "cited_by_count": "12",
        "affiliations": "Ada Lovelace (Well Institute, Deeptown; Rain Hall); Jan van der Berg (Rain Hall)",
        "orcid": "Ada Lovelace (0000-0001-0000-0001)",
    }
    assert (paper.keywords, paper.files) == ((), ())


def test_what_a_work_does_not_say_stays_unknown() -> None:
    """Nulls and empty lists are nothing known, and a DOI of arXiv's is an arXiv id."""
    paper = read(ANSWER).records[1]
    assert isinstance(paper, Paper)
    assert (paper.doi, paper.arxiv_id, paper.type) == (None, "2201.00002", "article")
    assert (paper.texts.abstract, paper.authors, paper.date, paper.venue, paper.url) == (
        None,
        (),
        None,
        None,
        None,
    )
    assert paper.retracted is None
    assert paper.fields == {"genre": "preprint", "cited_by_count": "0"}


@FREE
@given(st.lists(st.text("abcü.", min_size=1, max_size=4), min_size=1, max_size=30))
def test_an_abstract_is_put_together_again(words: list[str]) -> None:
    """The words come back in their order, however the list of places is ordered."""
    index: dict[str, list[int]] = {}
    for place, word in reversed(list(enumerate(words))):
        index.setdefault(word, []).append(place)
    assert paper_of(abstract_inverted_index=index).abstract_original == " ".join(words)


@pytest.mark.parametrize("index", [None, {}, [], "text", {"a": None}, {"a": ["0"]}, {"a": [True]}])
def test_an_abstract_without_places_is_unknown(index: object) -> None:
    """What is no list of places gives no abstract."""
    assert paper_of(abstract_inverted_index=index).abstract_original is None


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({"type": "article"}, "article-journal"),
        ({"type": "article", "primary_location": {"source": {"type": "conference"}}}, "paper-conference"),
        ({"type": "book-chapter"}, "chapter"),
        ({"type": "dissertation"}, "thesis"),
        ({"type": "paratext"}, "paratext"),
        ({"type": None}, None),
    ],
)
def test_types(changes: dict[str, Any], wanted: str | None) -> None:
    """Types get CSL's names; those without one stay as they are."""
    assert paper_of(**changes).type == wanted


@pytest.mark.parametrize(("year", "kept"), [(2021, {}), (99999, {"year": "99999"}), (None, {})])
def test_a_year_that_is_none_is_kept(year: int | None, kept: dict[str, str]) -> None:
    """A year beyond all years is no year and is not lost."""
    paper = paper_of(publication_year=year, publication_date=None)
    assert paper.year == (None if kept else year)
    assert {name: value for name, value in paper.fields.items() if name == "year"} == kept


@pytest.mark.parametrize("title", [None, "", "  ", "<i></i>"])
def test_a_work_without_a_title_is_refused(title: str | None) -> None:
    """A work that has no title is a rejection that names it."""
    answer = {"meta": {"count": 1}, "results": [{**ANSWER["results"][0], "title": title}]}
    assert read(answer).records == (
        Rejected(position="record 1", reason="no title", title="https://openalex.org/W4000000001"),
    )


def test_a_list_of_authors_that_may_be_cut_is_told() -> None:
    """OpenAlex lists a hundred authors and no more: a note says so."""
    people = [{"author": {"display_name": f"Ada Lovelace{'i' * number}"}} for number in range(100)]
    answer = {"meta": {"count": 1}, "results": [{**ANSWER["results"][0], "authorships": people}]}
    assert read(answer, seen=4).notes == (
        "record 5: OpenAlex lists the first 100 authors of a work and no more",
    )
    assert read(ANSWER).notes == ()


def test_pages_follow_by_number_or_cursor() -> None:
    """Up to 10,000 papers pages have numbers, which need no key; beyond that a cursor leads on."""
    assert SEARCH.param("page") == "1" and SEARCH.param("cursor") is None
    assert read(ANSWER).next == SEARCH.having(page=2)
    assert read(ANSWER, SEARCH.having(page=2)).next is None
    many = openalex.search(Query("wells", limit=20_000))
    assert (many.param("cursor"), many.param("page"), many.param("per_page")) == ("*", None, "100")
    assert read(ANSWER, many, limit=20_000).next == many.having(cursor="IlsxNjA5")
    assert read({**ANSWER, "meta": {"count": 3, "next_cursor": None}}, many, limit=20_000).next is None
    assert read(ANSWER, openalex.by_title("wells")).next is None


def test_nothing_found_is_no_error_and_a_refusal_is() -> None:
    """No works out of none is an answer; a message of refusal is told whole."""
    assert read({"meta": {"count": 0}, "results": []}) == Page((), None, 0)
    with pytest.raises(SourceError, match=r"OpenAlex: .*Invalid query parameters error\. wells is no filter"):
        read({"error": "Invalid query parameters error.", "message": "wells is no filter"})


def test_days_become_filters() -> None:
    """The days of a query stand in the filter; only wanted fields are asked for."""
    call = openalex.search(Query("deep wells", since="2021-03-04", until="2021-04-05", limit=7))
    assert call.param("filter") == "from_publication_date:2021-03-04,to_publication_date:2021-04-05"
    assert (call.param("search"), call.param("per_page")) == ("deep wells", "7")
    assert (
        openalex.search(Query("wells", until="2021-04-05")).param("filter")
        == "to_publication_date:2021-04-05"
    )
    assert SEARCH.param("filter") is None
    assert {"keywords", "topics", "concepts"}.isdisjoint((call.param("select") or "").split(","))


def test_ids_are_asked_for_by_kind_and_by_fifty() -> None:
    """Each kind of id has its filter, with up to fifty in a call; an arXiv id is asked for by its DOI."""
    dois = [("doi", f"10.1234/{number}") for number in range(60)]
    calls = openalex.lookup(
        [*dois, ("arxiv", "2103.00001v2"), ("pmid", "12"), ("openalex", "W1"), ("doi", "10.1/a|b")]
    )
    filters = [call.param("filter") or "" for call in calls]
    assert [len(text.split("|")) for text in filters] == [50, 11, 1, 1]
    assert filters[1].endswith("|10.48550/arXiv.2103.00001")
    assert filters[2:] == ["ids.pmid:12", "ids.openalex:W1"]
    assert [call.param("per_page") for call in calls] == ["50", "11", "1", "1"]


def test_a_title_cannot_break_out_of_its_filter() -> None:
    """Signs and words that mean something in a filter are left out of a title."""
    call = openalex.by_title('Wells, "deep" AND old | new: a well-made study')
    assert call.param("filter") == "title.search:Wells deep old new a well-made study"


@pytest.mark.parametrize(
    ("first", "last", "wanted"),
    [
        ("1", "9", "1-9"),
        ("7", "7", "7"),
        ("7", None, "7"),
        (None, "9", "9"),
        ("e7", "", "e7"),
        (None, None, None),
    ],
)
def test_pages_of_a_volume(first: str | None, last: str | None, wanted: str | None) -> None:
    """One page is one page, and a range has both its ends."""
    assert paper_of(biblio={"first_page": first, "last_page": last}).fields.get("page") == wanted


def test_no_page_is_asked_for_behind_the_last() -> None:
    """Where pages come out even, the last one is the last."""
    assert read({**ANSWER, "meta": {"count": 4}}, SEARCH.having(page=2), seen=2).next is None
    assert read({**ANSWER, "meta": {"count": 5}}, SEARCH.having(page=2), seen=2).next == SEARCH.having(page=3)
