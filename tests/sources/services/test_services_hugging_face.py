"""Hugging Face: what it is asked, and how its listings read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from agent.errors import SourceError, UsageError
from agent.records import Author, Paper, Rejected
from agent.sources.services import hugging_face
from agent.sources.services.common import Call, Page, Query

ANSWER = json.loads((Path(__file__).parent / "answers" / "hugging_face.json").read_text())
WEEK = hugging_face.search(Query(week="2025-W09", limit=2))


def read(answer: Any, call: Call = WEEK, seen: int = 0, limit: int = 10) -> Page:
    return hugging_face.parse(json.dumps(answer).encode(), "application/json", call, seen, limit)


def test_a_listing_gives_all_that_it_says() -> None:
    """The paper's day is its own and not the listing's; a model's words stand nowhere."""
    paper = read(ANSWER).records[0]
    assert isinstance(paper, Paper)
    assert (paper.title, paper.texts.abstract) == (
        "Floats in Wells: A Study",
        "A float logs the height of the water.",
    )
    assert paper.authors == (
        Author(family="Lovelace", given="Ada"),
        Author(family="Berg", given="Jan", particle="van der"),
    )
    assert (paper.year, paper.date, paper.type) == (2025, "2025-02-01", "article")
    assert (paper.arxiv_id, paper.url) == ("2502.00001", "https://huggingface.co/papers/2502.00001")
    assert paper.keywords == ()
    assert paper.fields == {
        "upvotes": "41",
        "listed": "2025-02-28T05:06:07.000Z",
        "listed_by": "Mary Deep",
        "comments": "3",
        "organization": "Well Institute",
        "project_page": "https://example.org/wells",
        "github_repo": "https://github.com/example/wells",
        "github_stars": "7",
    }
    assert "model" not in paper.model_dump_json()


def test_the_day_of_a_listing_is_no_day_of_a_paper() -> None:
    """A paper that states no day has none, and an id that is not arXiv's is kept and is no arXiv id."""
    paper = read(ANSWER).records[1]
    assert isinstance(paper, Paper)
    assert (paper.year, paper.date, paper.arxiv_id, paper.url, paper.texts.abstract) == (
        None,
        None,
        None,
        None,
        None,
    )
    assert paper.fields == {
        "upvotes": "0",
        "listed": "2025-02-28T05:06:07.000Z",
        "comments": "0",
        "id": "not-an-arxiv-id",
    }


def test_a_summary_by_a_model_is_no_abstract() -> None:
    """Without the authors' abstract there is none."""
    inner = {name: value for name, value in ANSWER[0]["paper"].items() if name != "summary"}
    (found,) = read([{**ANSWER[0], "paper": inner}]).records
    assert isinstance(found, Paper)
    assert found.texts.abstract is None


def test_a_paper_by_itself() -> None:
    """A paper that was looked up stands without a listing round it."""
    (call,) = hugging_face.lookup(
        [("arxiv", "2502.00001v3"), ("arxiv", "2502.00001"), ("doi", "10.1234/x"), ("arxiv", "../etc")]
    )
    assert call == Call("https://huggingface.co/api/papers/2502.00001", may_lack=True)
    page = read(ANSWER[0]["paper"], call)
    assert isinstance(page.records[0], Paper)
    assert (page.records[0].date, page.records[0].fields["listed"]) == (
        "2025-02-01",
        "2025-02-03T01:02:03.000Z",
    )
    assert page.records[0].sources[0].position == "record 1"
    assert page.next is None
    with pytest.raises(SourceError, match="Paper not found"):
        read({"error": "Paper not found"}, call)


@pytest.mark.parametrize("title", [None, "", "  "])
def test_a_paper_without_a_title_is_refused(title: str | None) -> None:
    """A paper that has no title is a rejection that names it."""
    (found,) = read([{"paper": {"id": "2502.00001", "title": title}}]).records
    assert found == Rejected(position="record 1", reason="no title", title="2502.00001")


def test_pages_follow_while_they_are_full() -> None:
    """A full page may have another behind it; a page with room is the last, and an empty one is an answer."""
    assert read(ANSWER).next == WEEK.having(p=1)
    assert read(ANSWER[:1]).next is None
    assert read(ANSWER, hugging_face.search(Query("wells", limit=2))).next is None
    assert read([]) == Page(())


@pytest.mark.parametrize(
    ("query", "url", "params"),
    [
        (Query(date="2025-02-28"), "daily_papers", {"date": "2025-02-28", "p": "0", "limit": "100"}),
        (Query(week="2025-W09", limit=7), "daily_papers", {"week": "2025-W09", "p": "0", "limit": "7"}),
        (Query(month="2025-02", limit=700), "daily_papers", {"month": "2025-02", "p": "0", "limit": "100"}),
        (Query(), "daily_papers", {"p": "0", "limit": "100"}),
        (Query(" deep wells ", limit=7), "papers/search", {"q": "deep wells", "limit": "7"}),
    ],
)
def test_what_is_asked(query: Query, url: str, params: dict[str, str]) -> None:
    """A day, a week, a month, the latest, or a text."""
    call = hugging_face.search(query)
    assert (call.url, dict(call.params)) == (f"https://huggingface.co/api/{url}", params)


@pytest.mark.parametrize(
    "query",
    [
        Query(date="2025-02-28", week="2025-W09"),
        Query("wells", week="2025-W09"),
        Query("wells", since="2025-02-28"),
        Query(until="2025-02-28"),
    ],
)
def test_what_cannot_be_asked_is_refused(query: Query) -> None:
    """Two lists at once, a text in a list, and ranges of days are refused before anything is asked."""
    with pytest.raises(UsageError, match="Hugging Face"):
        hugging_face.search(query)
