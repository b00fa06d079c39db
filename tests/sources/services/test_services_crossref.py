"""Crossref: what it is asked, and how its works read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from agent.errors import SourceError
from agent.records import Author, Paper, Rejected
from agent.sources.services import crossref
from agent.sources.services.common import Call, Page, Query

ANSWER = json.loads((Path(__file__).parent / "answers" / "crossref.json").read_text())
WORK = ANSWER["message"]["items"][0]
SEARCH = crossref.search(Query("wells"))
(LOOKUP,) = crossref.lookup([("doi", "10.1234/wells.7")])


def read(answer: Any, call: Call = SEARCH, seen: int = 0, limit: int = 10) -> Page:
    return crossref.parse(json.dumps(answer).encode(), "application/json", call, seen, limit)


def record_of(**changes: Any) -> Paper | Rejected:
    return read({"status": "ok", "message-type": "work", "message": {**WORK, **changes}}, LOOKUP).records[0]


def paper_of(**changes: Any) -> Paper:
    """The first work of the sample, looked up by itself, with some fields changed."""
    found = record_of(**changes)
    assert isinstance(found, Paper)
    return found


def test_a_work_gives_all_that_it_says() -> None:
    """Every field has its place, and the mark-up of title and abstract is gone."""
    paper = paper_of()
    assert paper.title == "Floats in Wells & Springs: A Study of Water"
    assert paper.abstract_original == "Background: Floats log 10^5 heights (p < 0.05).\nResults: Water rises."
    assert paper.authors == (
        Author(family="Lovelace", given="Ada"),
        Author(family="van der Berg", given="Jan", suffix="Jr."),
        Author(name="Ocean Alliance"),
    )
    assert (paper.year, paper.date, paper.type) == (2021, "2021-03-04", "article-journal")
    assert (paper.doi, paper.arxiv_id, paper.version) == ("10.1234/wells.7", "2103.00001", None)
    assert (paper.venue, paper.url, paper.retracted) == (
        "Wells Quarterly",
        "https://example.org/wells/7",
        True,
    )
    assert paper.fields == {
        "volume": "3",
        "issue": "1",
        "page": "1-9",
        "publisher": "Wells Press",
        "publisher-place": "Deeptown",
        "ISSN": "1234-5678; 2345-6789",
        "language": "en",
        "container-title-short": "Wells Q.",
        "is-referenced-by-count": "12",
        "published-print": "2021-05",
        "published-online": "2021-03-04",
        "editor": "Mary Deep",
        "other-titles": "Schwimmer in Brunnen",
        "license": "https://creativecommons.org/licenses/by/4.0/",
        "pdf_url": "https://example.org/7.pdf",
        "updated-by": "retraction 10.1234/wells.8",
        "has-preprint": "2103.00001v2",
        "affiliations": "Ada Lovelace (Well Institute; Rain Hall)",
        "orcid": "Ada Lovelace (0000-0001-0000-0001)",
    }


def update(kind: str) -> list[dict[str, str]]:
    return [{"DOI": "10.1234/wells.9", "type": kind}]


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({"updated-by": update("retraction")}, True),
        ({"updated-by": update("withdrawal")}, True),
        ({"updated-by": update("correction")}, None),
        ({"updated-by": update("partial_retraction")}, None),
        ({"updated-by": None, "title": ["RETRACTED: Floats"]}, True),
        ({"updated-by": None, "update-to": update("retraction"), "title": ["Retracted: Floats"]}, None),
        ({"updated-by": None, "update-to": update("correction")}, None),
        ({"updated-by": None}, None),
    ],
)
def test_the_retracted_work_is_retracted_and_its_notice_is_not(
    changes: dict[str, Any], wanted: bool | None
) -> None:
    """A work is retracted when others say so of it, or its title does; a notice is about another work."""
    assert paper_of(**changes).retracted is wanted


def test_what_a_preprint_became_is_kept() -> None:
    """Relations to other works are kept under their own names, and give a paper no id but its preprint's."""
    paper = paper_of(
        type="posted-content",
        subtype="preprint",
        relation={
            "is-preprint-of": [
                {"id-type": "doi", "id": "10.1234/later"},
                {"id-type": "doi", "id": "10.1234/even-later"},
            ]
        },
    )
    assert (paper.type, paper.fields["genre"], paper.doi, paper.arxiv_id) == (
        "article",
        "preprint",
        "10.1234/wells.7",
        None,
    )
    assert paper.fields["is-preprint-of"] == "10.1234/later; 10.1234/even-later"


@pytest.mark.parametrize(
    ("parts", "year", "date"),
    [
        ([[2021, 3, 4]], 2021, "2021-03-04"),
        ([[2021, 3]], 2021, "2021-03"),
        ([[2021]], 2021, None),
        ([["2021"]], 2021, None),
        ([[None]], None, None),
        ([[]], None, None),
        ([], None, None),
        (None, None, None),
        ([[99999]], None, None),
        ([[2021, 13]], None, None),
    ],
)
def test_dates(parts: Any, year: int | None, date: str | None) -> None:
    """A date is as exact as it is stated, and nothing where nothing is stated."""
    paper = paper_of(issued={"date-parts": parts})
    assert (paper.year, paper.date) == (year, date)


@pytest.mark.parametrize(
    ("title", "subtitle", "wanted"),
    [
        (["Floats"], [], "Floats"),
        (["Floats"], ["In Wells"], "Floats: In Wells"),
        (["Floats?"], ["In Wells"], "Floats? In Wells"),
        (["Floats: In Wells"], ["In wells"], "Floats: In Wells"),
        (["Floats"], None, "Floats"),
    ],
)
def test_a_subtitle_belongs_to_the_title(title: list[str], subtitle: list[str] | None, wanted: str) -> None:
    """Title and subtitle are one title, and the subtitle stands in it once."""
    assert paper_of(title=title, subtitle=subtitle).title == wanted


@pytest.mark.parametrize("title", [[], [""], None, ["<i> </i>"]])
def test_a_work_without_a_title_is_refused(title: list[str] | None) -> None:
    """A work that has no title is a rejection that names its DOI."""
    assert record_of(title=title) == Rejected(position="record 1", reason="no title", title="10.1234/Wells.7")


def test_pages_follow_by_cursor() -> None:
    """A cursor leads on until all works are there; a question for one title has no second page."""
    assert read(ANSWER).next == SEARCH.having(cursor="DnF1ZXJ5+VGhl/bg==")
    assert read(ANSWER, seen=1).next is None
    assert read(ANSWER, crossref.by_title("wells")).next is None
    assert read({"status": "ok", "message": {**WORK}}, LOOKUP).next is None


def test_nothing_found_is_no_error_and_a_refusal_is() -> None:
    """No works out of none is an answer; what Crossref says of a bad question is told."""
    assert read({"status": "ok", "message": {"total-results": 0, "items": [], "next-cursor": "x"}}) == Page(
        (), None, 0
    )
    with pytest.raises(SourceError, match=r"Crossref: .*wells is no filter"):
        read(
            {"status": "failed", "message": [{"type": "validation-failure", "message": "wells is no filter"}]}
        )


def test_what_is_asked() -> None:
    """Days are filters, DOIs are part of the path, and a contact has its place."""
    call = crossref.search(Query("deep wells", since="2021-03-04", until="2021-04-05", limit=7))
    assert dict(call.params) == {
        "query": "deep wells",
        "rows": "7",
        "cursor": "*",
        "filter": "from-pub-date:2021-03-04,until-pub-date:2021-04-05",
    }
    assert call.contact_param == "mailto"
    calls = crossref.lookup(
        [
            ("doi", "10.1234/a(b)<c>;d?e#f"),
            ("arxiv", "2103.00001"),
            ("doi", "10.1234/x"),
            ("doi", "10.1234/x"),
        ]
    )
    assert [call.url for call in calls] == [
        "https://api.crossref.org/works/10.1234%2Fa%28b%29%3Cc%3E%3Bd%3Fe%23f",
        "https://api.crossref.org/works/10.1234%2Fx",
    ]
    assert dict(crossref.by_title("Floats  in Wells").params) == {
        "query.bibliographic": "Floats in Wells",
        "rows": "5",
    }
