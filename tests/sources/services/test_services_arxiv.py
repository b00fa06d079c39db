"""arXiv: what it is asked, and how its feeds read."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.errors import SourceError
from agent.records import Author, Paper, Rejected
from agent.sources.services import arxiv
from agent.sources.services.common import Call, Page, Query

ANSWERS = Path(__file__).parent / "answers"
SEARCH = arxiv.search(Query("wells", limit=10))


def read(text: str, call: Call = SEARCH, seen: int = 0, limit: int = 10) -> Page:
    return arxiv.parse(text.encode(), "application/atom+xml; charset=utf-8", call, seen, limit)


FEED = (ANSWERS / "arxiv.xml").read_text()
EMPTY = (ANSWERS / "arxiv_empty.xml").read_text()


def test_an_entry_gives_all_that_it_says() -> None:
    """Every field of an entry has its place, with the version apart from the id."""
    paper = read(FEED).records[0]
    assert isinstance(paper, Paper)
    assert paper.title == "Floats in Wells: A Study of Water & Time"
    assert (
        paper.texts.abstract
        == "A float logs the height of the water. We find p < 0.05 and a rise of 2× in spring."
    )
    assert paper.authors == (
        Author(family="Lovelace", given="Ada"),
        Author(family="Berg", given="Jan", particle="van der"),
        Author(name="Deep Well Collaboration"),
    )
    assert (paper.year, paper.date, paper.type) == (2021, "2021-03-01", "article")
    assert (paper.doi, paper.arxiv_id, paper.version) == ("10.1234/wells.7", "2103.00001", "v2")
    assert (paper.venue, paper.url) == ("Wells Quarterly 3, 1-9 (2021)", "https://arxiv.org/abs/2103.00001")
    assert paper.fields == {
        "updated": "2021-05-06T10:11:12Z",
        "primaryclass": "physics.flu-dyn",
        "categories": "physics.flu-dyn; cs.LG",
        "comment": "12 pages, 3 figures",
        "affiliations": "Ada Lovelace (Well Institute; Rain Hall)",
        "pdf_url": "https://arxiv.org/pdf/2103.00001v2",
    }


def test_a_journal_comes_with_its_own_year() -> None:
    """The year of the submission never stands beside the journal of another year; a journal without one is no venue."""
    later = read(FEED.replace("Wells Quarterly 3, 1-9 (2021)", "Wells Quarterly 4, 1-9 (2023)")).records[0]
    assert isinstance(later, Paper)
    assert (later.venue, later.year, later.date) == ("Wells Quarterly 4, 1-9 (2023)", 2023, None)
    yearless = read(FEED.replace("Wells Quarterly 3, 1-9 (2021)", "Wells Quarterly, to appear")).records[0]
    assert isinstance(yearless, Paper)
    assert (yearless.venue, yearless.year) == (None, 2021)
    assert yearless.fields["journal_ref"] == "Wells Quarterly, to appear"


def test_an_old_id_and_a_paper_that_is_called_error() -> None:
    """Ids of the old form are ids, and a title says nothing of failure when the entry is a paper's."""
    paper = read(FEED).records[1]
    assert isinstance(paper, Paper)
    assert (paper.title, paper.arxiv_id, paper.version) == ("Error", "hep-th/9901001", "v1")


def test_an_error_in_a_feed_is_no_paper() -> None:
    """The entry by which arXiv reports a failure is told with its own words."""
    for text in (
        (ANSWERS / "arxiv_error.xml").read_text(),
        (ANSWERS / "arxiv_error.xml").read_text().replace("/errors#", "/"),
    ):
        with pytest.raises(SourceError, match=r"^arXiv: .*'incorrect id format for wells'"):
            read(text)


def test_nothing_found_is_no_error() -> None:
    """A feed without entries is an answer, for a search and for ids that arXiv lacks."""
    assert read(EMPTY) == Page((), None, 0)
    assert read(
        EMPTY.replace(">0</opensearch:total", ">1</opensearch:total"),
        arxiv.lookup([("arxiv", "2103.99999")])[0],
    ) == Page(())


def test_a_page_that_ought_to_hold_papers_and_holds_none_is_broken() -> None:
    """arXiv sends empty pages when it is overloaded: they are told with where they stood."""
    text = EMPTY.replace(">0</opensearch:total", ">523</opensearch:total")
    assert read(text, SEARCH.having(start=523), seen=523, limit=900).records == ()
    with pytest.raises(SourceError, match="none of 523 papers from number 501 on"):
        read(text, SEARCH.having(start=500), seen=500, limit=900)


def test_the_next_page_begins_where_this_one_ended() -> None:
    """Pages follow by number and ask for no more than is wanted, until all are there."""
    following = read(FEED).next
    assert following == SEARCH.having(start=2, max_results=8)
    assert read(FEED, SEARCH.having(start=1)).next is None
    assert read(FEED, limit=2).next is None
    assert read(FEED, arxiv.by_title("wells")).next is None


@pytest.mark.parametrize(
    ("place", "reason"), [("http://arxiv.org/abs/none", "no arXiv id"), ("", "no arXiv id")]
)
def test_an_entry_without_an_arxiv_id_is_refused(place: str, reason: str) -> None:
    """An entry that names no paper of arXiv is a rejection, and costs no other."""
    first, second = read(FEED.replace("http://arxiv.org/abs/2103.00001v2", place)).records
    assert isinstance(first, Rejected) and isinstance(second, Paper)
    assert (first.position, first.title) == ("record 1", "Floats in Wells: A Study of Water & Time")
    assert reason in first.reason


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("wells", "all:wells"),
        ("deep wells", "all:deep AND all:wells"),
        ('"deep wells" floats', 'all:"deep wells" AND all:floats'),
        ("self-filling wells", 'all:"self-filling" AND all:wells'),
        ('"deep wells', "all:deep AND all:wells"),
        ("wells: (deep) & old?", "all:wells AND all:deep AND all:old"),
        ('ti:"deep wells" AND cat:cs.LG', '(ti:"deep wells" AND cat:cs.LG)'),
        ("wells OR floats", "(wells OR floats)"),
        ("Brunnenwässer", "all:Brunnenwässer"),
    ],
)
def test_words_phrases_and_arxivs_own_syntax(text: str, wanted: str) -> None:
    """Every word and quoted phrase must be there; what is in arXiv's syntax is passed on."""
    assert arxiv.search(Query(text)).param("search_query") == wanted


@pytest.mark.parametrize(
    ("since", "until", "wanted"),
    [
        ("2021-03-04", "2021-04-05", "[202103040000 TO 202104052359]"),
        ("2021-03-04", None, "[202103040000 TO 299912312359]"),
        (None, "2021-04-05", "[199101010000 TO 202104052359]"),
    ],
)
def test_days_become_a_range(since: str | None, until: str | None, wanted: str) -> None:
    """Both ends of a range of days are named, the whole last day within it."""
    call = arxiv.search(Query("wells", since=since, until=until, limit=7))
    assert dict(call.params) == {
        "search_query": f"all:wells AND submittedDate:{wanted}",
        "start": "0",
        "max_results": "7",
        "sortBy": "submittedDate",
        "sortOrder": "descending",
    }


def test_ids_are_asked_for_by_the_hundred() -> None:
    """A call asks for up to a hundred papers, each once, and for those of arXiv alone."""
    ids = [("arxiv", f"2103.{number:05d}") for number in range(150)]
    calls = arxiv.lookup([("doi", "10.1234/x"), *ids, *ids])
    assert [len((call.param("id_list") or "").split(",")) for call in calls] == [100, 50]
    assert [call.param("max_results") for call in calls] == ["100", "50"]
    assert arxiv.by_title('Floats: "in" Wells?').param("search_query") == 'ti:"Floats in Wells"'


def test_an_entry_without_a_title_is_refused() -> None:
    """An entry whose title is empty is a rejection that names it."""
    text = FEED.replace("<title>Error</title>", "<title> </title>")
    assert read(text).records[1] == Rejected(
        position="record 2", reason="no title", title="http://arxiv.org/abs/hep-th/9901001v1"
    )
