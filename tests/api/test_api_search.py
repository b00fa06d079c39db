"""`Review.search`: what services give goes into the library, and how each of them did is said."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from bench import review
from scripted_service import (
    ARXIV,
    CROSSREF,
    HUGGING,
    OPENALEX,
    PAGE,
    PUBMED,
    SEMANTIC,
    Action,
    Asked,
    Web,
    answer,
    as_json,
    entry,
    feed,
    listed,
    serving,
    work,
)

from agent.api import Review
from agent.api.fetching import service_of, state_folder
from agent.errors import SourceError, UsageError
from agent.records import SourceState
from agent.sources.services import arxiv

NOTHING = answer("arxiv_empty.xml")
WELLS = listed(work("10.1234/a", "Water in Crossref's Wells", family="Hopper", year=2020, venue="Wells"))


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Iterator[Web]:
    """Services whose scripts a test writes."""
    with serving(monkeypatch, {ARXIV: [feed(entry(1), entry(2))], CROSSREF: [WELLS]}) as web:
        yield web


@pytest.fixture
def desk(tmp_path: Path) -> Review:
    return review(tmp_path)


def test_what_a_service_gives_is_in_the_library(web: Web, desk: Review) -> None:
    """With its collection, its source and everything that it says."""
    report = desk.search("wells", since="2021-01-01", until="2021-12-31", collection="wells")
    assert (report.read, report.added) == (2, 2)
    assert report.sources == (SourceState(source="arxiv", state="ok", found=2, total=2),)
    one, two = desk.papers(collection="wells")
    assert (one.arxiv_id, one.year, one.collections) == ("2101.00001", 2021, ("wells",))
    assert two.sources[0].source == "arXiv: wells since 2021-01-01 until 2021-12-31"
    asked = web.asked[0].params["search_query"]
    assert asked == "all:wells AND submittedDate:[202101010000 TO 202112312359]"


def test_the_same_search_again_adds_nothing(web: Web, desk: Review) -> None:
    """It is asked again, since services move on, and what is known is known."""
    desk.search("wells")
    web.scripts[ARXIV] = [feed(entry(3), entry(1), entry(2))]
    report = desk.search("wells")
    assert (report.read, report.added, report.known, report.gone) == (3, 1, 2, ())
    web.scripts[ARXIV] = [feed(entry(3))]
    assert desk.search("wells").gone == ()


def test_several_services_are_one_search(web: Web, desk: Review) -> None:
    """In the order given, each once; one work in both is one paper."""
    same = work("10.1234/b", "Water in Well Number 1", family="Lovelace", year=2021, venue="Wells")
    web.scripts[CROSSREF] = [listed(same)]
    report = desk.search("wells", services=["crossref", "arXiv", "crossref "])
    assert [(state.source, state.found) for state in report.sources] == [("crossref", 1), ("arxiv", 2)]
    assert [(one.host) for one in web.asked] == [CROSSREF, ARXIV]
    papers = {paper.doi: paper for paper in desk.papers()}
    assert (len(papers), papers["10.1234/b"].arxiv_id, papers["10.1234/b"].venue) == (
        2,
        "2101.00001",
        "Wells",
    )


def test_nothing_found_is_no_failure(web: Web, desk: Review) -> None:
    web.scripts[ARXIV] = [NOTHING]
    report = desk.search("nothing")
    assert (report.read, report.added) == (0, 0)
    assert report.sources == (SourceState(source="arxiv", state="empty", found=0, total=0),)


def test_one_broken_service_costs_the_other_nothing(web: Web, desk: Review) -> None:
    """What the other gave is in, and why the one gave nothing is said."""
    web.scripts[ARXIV] = [PAGE]
    report = desk.search("wells", services=["arxiv", "crossref"])
    assert [(state.source, state.state) for state in report.sources] == [
        ("arxiv", "broken"),
        ("crossref", "ok"),
    ]
    assert (
        report.sources[0].reason == "arXiv: the answer is a web page (HTML) and no data: 'Sorry Be back soon'"
    )
    assert [paper.doi for paper in desk.papers()] == ["10.1234/a"]


def test_all_broken_is_an_error_that_names_all(web: Web, desk: Review) -> None:
    web.scripts |= {ARXIV: [PAGE], CROSSREF: [Action(403)]}
    with pytest.raises(
        SourceError, match=r"arXiv: the answer is a web page .*; Crossref: refused with HTTP 403"
    ):
        desk.search("wells", services=["arxiv", "crossref"])
    assert desk.papers() == []


def test_a_broken_and_an_empty_one_are_two_things(web: Web, desk: Review) -> None:
    web.scripts |= {ARXIV: [NOTHING], CROSSREF: [Action(404)]}
    report = desk.search("wells", services=["arxiv", "crossref"])
    assert [(state.state, state.reason) for state in report.sources] == [
        ("empty", None),
        ("broken", "Crossref: refused with HTTP 404"),
    ]


def test_an_interrupted_search_goes_on(web: Web, desk: Review, monkeypatch: pytest.MonkeyPatch) -> None:
    """What came before the break is in the library at once; the next search asks for the third page and no other."""
    monkeypatch.setattr(arxiv, "_MOST", 1)

    def pages(asked: Asked) -> Action:
        return feed(entry(int(asked.params["start"]) + 1), total=4)

    web.scripts[ARXIV] = lambda asked: Action(503) if asked.params["start"] == "2" else pages(asked)
    report = desk.search("wells")
    assert (report.added, report.sources[0].state, report.sources[0].found) == (2, "broken", 2)
    web.asked.clear()
    web.scripts[ARXIV] = pages
    report = review(desk.workspace.folder.parent).search("wells")
    assert [one.params["start"] for one in web.asked] == ["2", "3"]
    assert (report.added, report.known, report.sources[0].state) == (2, 2, "ok")
    assert len(desk.papers()) == 4
    assert not list((desk.workspace.folder / "pages").iterdir())


def test_records_that_are_none_are_named(web: Web, desk: Review) -> None:
    """A work without a title is rejected with its reason, and a service's notes are notes."""
    web.scripts |= {CROSSREF: [listed(work("10.1234/a", ""), work("10.1234/b", "Water in Wells"))]}
    report = desk.search("wells", services=["crossref"])
    assert (report.read, report.added) == (2, 1)
    assert [(one.source, one.position, one.reason) for one in report.rejected] == [
        ("Crossref: wells", "record 1", "no title")
    ]


def test_keys_and_contact_are_the_users(web: Web, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """From the environment into the question, and into no file, log, error or report."""
    caplog.set_level(logging.DEBUG)
    keys = {
        "OPENALEX_API_KEY": "oa-SECRET",
        "SEMANTIC_SCHOLAR_API_KEY": "s2-SECRET",
        "NCBI_API_KEY": "ncbi-SECRET",
        "LITREVIEW_CONTACT": "ada@example.org",
    }
    desk = Review(tmp_path / "desk", environment={"HOME": str(tmp_path), **keys})
    web.scripts |= {
        OPENALEX: [answer("openalex.json")],
        PUBMED: [as_json({"error": "the key ncbi-SECRET is unknown"})],
        SEMANTIC: [answer("semantic_scholar.json"), Action(500)],
    }
    report = desk.search("wells", services=["openalex", "pubmed", "semantic-scholar"], limit=2)
    assert [one.headers["user-agent"].partition(" ")[2] for one in web.asked] == [
        "(mailto:ada@example.org)"
    ] * 3
    given = [one.params.get("api_key") or one.headers.get("x-api-key") for one in web.asked]
    assert given == ["oa-SECRET", "ncbi-SECRET", "s2-SECRET"]
    assert report.sources[1].reason == "PubMed: the service reports an error: 'the key (key) is unknown'"
    assert "SECRET" not in report.model_dump_json() + caplog.text
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert (tmp_path / ".local/state/litreview/rates/openalex.sqlite") in files
    assert not [path for path in files if b"SECRET" in path.read_bytes()]


def test_a_service_that_wants_peace_is_left_alone_by_the_next_search(web: Web, tmp_path: Path) -> None:
    """Also from another workspace: the rate is the user's."""
    web.scripts[ARXIV] = [Action(429, headers={"retry-after": "3600"}), feed(entry(1))]
    for name in ("one", "two"):
        desk = Review(tmp_path / name, environment={"HOME": str(tmp_path)})
        with pytest.raises(SourceError, match=r"(?i)arxiv: asks to be left alone for 3600 s"):
            desk.search("wells")
    assert len(web.asked) == 1
    web.clock.time += 3600
    assert desk.search("wells").added == 1


def test_hugging_faces_lists(web: Web, desk: Review) -> None:
    web.scripts[HUGGING] = [answer("hugging_face.json")]
    report = desk.search(services=["hugging-face"], week="2025-W09")
    assert report.added == len(desk.papers()) > 0
    assert web.asked[0].params["week"] == "2025-W09"
    assert desk.papers()[0].sources[0].source == "Hugging Face: 2025-W09"


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"text": "wells", "services": ["wells"]}, "there is no service 'wells'"),
        ({"text": "wells", "services": []}, "no service is named"),
        ({"text": " "}, "nothing to search arXiv for"),
        ({"text": "wells", "limit": 0}, "--limit is a number from 1 up"),
        ({"text": "wells", "since": "lately"}, "lately: no date"),
        ({"text": "wells", "since": "2025-02-01", "until": "2025-01-01"}, "nothing is published since"),
        ({"text": "wells", "week": "2025-W09"}, "arXiv has no list of a day"),
    ],
)
def test_what_cannot_be_asked_is_said_before_anything(
    web: Web, desk: Review, how: dict[str, object], said: str
) -> None:
    """As a mistake of the user, with nothing asked and no workspace made."""
    with pytest.raises(UsageError, match=said):
        desk.search(**how)  # type: ignore[arg-type]
    assert web.asked == [] and not desk.workspace.folder.exists()


def test_every_service_is_known_by_its_name() -> None:
    for name in ("arxiv", "crossref", "hugging-face", "openalex", "pubmed", "semantic-scholar"):
        assert name == service_of(name).NAME


@pytest.mark.parametrize("stated", [None, "", "/var/lib/ada"])
def test_rates_lie_in_the_users_own_folder(stated: str | None) -> None:
    """Where `XDG_STATE_HOME` says, else below the home folder."""
    environment = {} if stated is None else {"XDG_STATE_HOME": stated}
    base = Path(stated or "/home/ada/.local/state")
    assert state_folder(environment, Path("/home/ada")) == base / "litreview"
