"""`Review.enrich`: what services fill in, what is refused and why, and that the user's own word stays."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from bench import review, write
from scripted_service import (
    ARXIV,
    CROSSREF,
    NOT_THERE,
    OPENALEX,
    PAGE,
    PUBMED,
    SEMANTIC,
    Action,
    Asked,
    Web,
    answer,
    as_json,
    crossref,
    entry,
    feed,
    listed,
    serving,
    work,
)

from agent.api import Review
from agent.errors import UsageError
from agent.records import EnrichReport, Filled, Paper, Refused, SourceState

TITLE = "Floats in Wells: A Study of Water"
DOI = "10.1234/wells.7"
NO_NUMBERS = as_json({"esearchresult": {"count": "0", "idlist": []}})
WHOLE = work(
    DOI, TITLE, family="Lovelace", year=2021, venue="Wells Quarterly", abstract="<p>Water rises.</p>"
)


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Iterator[Web]:
    """Services that know nothing, until a test says otherwise."""
    scripts = {ARXIV: [answer("arxiv_empty.xml")], CROSSREF: lambda asked: knows(asked), PUBMED: [NO_NUMBERS]}
    with serving(monkeypatch, scripts) as web:
        yield web


def knows(asked: Asked, *works: dict[str, Any]) -> Action:
    """Crossref with these works, by DOI; by title it offers all of them."""
    if asked.path == "/works":
        return listed(*works)
    found = [
        one for one in works if asked.path.removeprefix("/works/").replace("%2F", "/") == one["DOI"].lower()
    ]
    return crossref(found[0]) if found else NOT_THERE


def library(tmp_path: Path, *records: dict[str, Any]) -> Review:
    """A library with these papers."""
    desk = review(tmp_path / "desk")
    desk.add([write(tmp_path / "papers.jsonl", records)])
    return desk


def only(desk: Review) -> Paper:
    (paper,) = desk.papers()
    return paper


def ask(desk: Review, web: Web, *works: dict[str, Any], **how: Any) -> EnrichReport:
    """Enrich from a Crossref that knows these works."""
    web.scripts[CROSSREF] = lambda asked: knows(asked, *works)
    return desk.enrich(services=["crossref"], **how)


def test_a_paper_is_filled_and_it_is_said_from_where(web: Web, tmp_path: Path) -> None:
    """By its DOI: every field that was unknown, each told of and each with its origin."""
    desk = library(tmp_path, {"title": TITLE, "doi": DOI})
    key = only(desk).key
    report = ask(desk, web, WHOLE)
    (filled,) = report.changed
    assert (filled.key, filled.source) == (key, "Crossref")
    assert set(filled.fields) >= {"authors", "year", "venue", "abstract"}
    assert (report.asked, report.lacking, report.refused) == (1, (), ())
    assert report.sources == (SourceState(source="crossref", state="ok", found=1),)
    paper = only(desk)
    assert (paper.year, paper.venue, paper.doi, paper.texts.abstract) == (
        2021,
        "Wells Quarterly",
        DOI,
        "Water rises.",
    )
    assert [(one.source, one.position) for one in paper.sources] == [
        ("papers.jsonl", "line 1"),
        ("Crossref", key),
    ]
    assert [one.path for one in web.asked] == ["/works/10.1234%2Fwells.7"]


def test_what_lacks_nothing_is_not_asked_for(web: Web, tmp_path: Path) -> None:
    """A second run asks nobody, nor does one for a field that is there, nor one of an empty library."""
    desk = library(tmp_path, {"title": TITLE, "doi": DOI})
    ask(desk, web, WHOLE)
    web.asked.clear()
    report = desk.enrich()
    assert (report.asked, report.changed, web.asked) == (0, (), [])
    assert [(state.source, state.state) for state in report.sources] == [
        ("arxiv", "empty"),
        ("crossref", "empty"),
        ("pubmed", "empty"),
    ]
    other = library(tmp_path / "other", {"title": TITLE, "year": 2021})
    assert (other.enrich(fields=["year"]).asked, web.asked) == (0, [])
    assert review(tmp_path / "none").enrich().asked == 0


def test_without_an_id_the_title_is_asked_for(web: Web, tmp_path: Path) -> None:
    """The one whose title is equal, however it is written, and not the best that the service has."""
    desk = library(tmp_path, {"title": "Floats in wells – a study of water"})
    longer = work("10.1234/other", f"{TITLE} and Salt", family="Hopper", year=2020, venue="Bridges")
    report = ask(desk, web, longer, WHOLE)
    assert (only(desk).doi, report.refused, report.lacking) == (DOI, (), ())
    assert web.asked[0].params["query.bibliographic"] == "Floats in wells – a study of water"


REFUSED: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "another title": ({"doi": DOI}, {"title": "Floats in Wells"}, "it calls the work 'Floats in Wells'"),
    "other authors": ({"doi": DOI, "authors": ["Grace Hopper"]}, {}, "its authors are others"),
    "another year": ({"doi": DOI, "year": 2018}, {}, "its year is 2021, ours 2018"),
    "another DOI": ({"doi": "10.1234/gone", "year": 2021}, {}, f"its doi is {DOI}, ours 10.1234/gone"),
    "other authors, by title": ({"authors": ["Grace Hopper"]}, {}, "its authors are others"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_another_work_is_refused_with_the_reason(web: Web, tmp_path: Path, name: str) -> None:
    """Nothing of it is taken."""
    ours, theirs, reason = REFUSED[name]
    desk = library(tmp_path, {"title": TITLE, **ours})
    before = only(desk)
    title = theirs.get("title", TITLE)
    report = ask(desk, web, {**WHOLE, "title": [title]})
    assert report.refused == (Refused(key=before.key, source="Crossref", reason=reason),)
    assert (only(desk), report.changed) == (before, ())
    assert [one.key for one in report.lacking] == [before.key]


def test_what_the_user_set_stays(web: Web, tmp_path: Path) -> None:
    """Whatever a service says, and the rest is filled."""
    desk = library(tmp_path, {"title": TITLE, "doi": DOI, "arxiv_id": "2101.00001"})
    desk.set(only(desk).key, {"venue": "My Own Venue", "abstract": "My own words."})
    report = ask(desk, web, WHOLE)
    paper = only(desk)
    assert (paper.venue, paper.texts.abstract) == ("My Own Venue", "My own words.")
    assert paper.authors[0].family == "Lovelace"
    assert not {"venue", "abstract"} & set(report.changed[0].fields)


def test_an_id_alone_gets_its_title(web: Web, tmp_path: Path) -> None:
    """And keeps its key; another id that nobody knows is not looked for by a title that it has not."""
    desk = review(tmp_path / "desk")
    (tmp_path / "ids.txt").write_text(f"{DOI}\n10.1234/unknown\n")
    desk.add([tmp_path / "ids.txt"])
    before = {paper.doi: paper.key for paper in desk.papers()}
    report = ask(desk, web, WHOLE)
    papers = {paper.doi: paper for paper in desk.papers()}
    assert (papers[DOI].title, papers[DOI].is_untitled, papers[DOI].key) == (TITLE, False, before[DOI])
    assert "title" in report.changed[0].fields
    assert papers["10.1234/unknown"].is_untitled
    assert [(one.key, one.fields[0]) for one in report.lacking] == [(before["10.1234/unknown"], "title")]
    assert all(one.path != "/works" for one in web.asked)


@pytest.mark.parametrize("title", [TITLE, f"RETRACTED: {TITLE}"])
def test_a_retracted_paper_is_marked(web: Web, tmp_path: Path, title: str) -> None:
    """Whether its record says so or its title, which stays ours."""
    desk = library(tmp_path, {"title": TITLE, "doi": DOI})
    notice = {"updated-by": [{"DOI": "10.1234/wells.8", "type": "retraction"}]} if title == TITLE else {}
    report = ask(desk, web, {**WHOLE, "title": [title], **notice})
    assert (only(desk).retracted, only(desk).title) == (True, TITLE)
    assert "retracted" in report.changed[0].fields


def appearance(paper: Paper) -> tuple[object, ...]:
    return paper.venue, paper.year, paper.doi, paper.type


def test_a_preprint_takes_the_published_forms_place_whole(web: Web, tmp_path: Path) -> None:
    """Venue, year and DOI come together, in place of the preprint's."""
    desk = library(
        tmp_path, {"title": TITLE, "arxiv_id": "2101.00001", "year": 2019, "authors": ["Ada Lovelace"]}
    )
    ask(desk, web, WHOLE)
    assert appearance(only(desk)) == ("Wells Quarterly", 2021, DOI, "article-journal")
    assert only(desk).arxiv_id == "2101.00001"


def test_a_published_paper_takes_no_year_of_its_preprint(web: Web, tmp_path: Path) -> None:
    """The preprint tells the abstract and the authors; the year stays unknown until the publication says it."""
    desk = library(tmp_path, {"title": TITLE, "venue": "Wells Quarterly"})
    web.scripts[ARXIV] = [feed(entry(1, TITLE, year=2019))]
    report = desk.enrich(services=["arxiv"])
    paper = only(desk)
    assert (paper.venue, paper.year, paper.date) == ("Wells Quarterly", None, None)
    assert (paper.texts.abstract, paper.arxiv_id) == ("Well 1 holds water.", "2101.00001")
    assert report.lacking[0].fields == ("year",)
    ask(desk, web, WHOLE)
    assert appearance(only(desk))[:3] == ("Wells Quarterly", 2021, DOI)


def test_a_later_publication_adds_nothing_of_its_place(web: Web, tmp_path: Path) -> None:
    """The conference's paper does not get the journal's DOI."""
    desk = library(
        tmp_path, {"title": TITLE, "venue": "Proc. of Wells", "year": 2020, "authors": ["Ada Lovelace"]}
    )
    report = ask(desk, web, WHOLE)
    assert appearance(only(desk))[:3] == ("Proc. of Wells", 2020, None)
    assert only(desk).texts.abstract == "Water rises."
    assert report.lacking[0].fields == ("doi",)


def test_services_are_asked_in_turn_for_what_is_still_lacking(web: Web, tmp_path: Path) -> None:
    """Whoever comes second is not asked for what the first one filled."""
    desk = library(tmp_path, {"title": TITLE, "doi": DOI}, {"title": "Water in Well Number 1"})
    web.scripts |= {ARXIV: [feed(entry(1))], CROSSREF: lambda asked: knows(asked, WHOLE)}
    report = desk.enrich(fields=["authors", "abstract"])
    assert {(one.source, one.key) for one in report.changed} == {
        (name, paper.key) for paper in desk.papers() for name in (["Crossref"] if paper.doi else ["arXiv"])
    }
    assert [one.host for one in web.asked] == [ARXIV, ARXIV, CROSSREF]
    assert report.lacking == ()


def test_a_key_makes_its_service_one_that_is_asked(web: Web, tmp_path: Path) -> None:
    """Without being named, and behind those that need none."""
    desk = library(tmp_path, {"title": TITLE})
    web.scripts |= {OPENALEX: [as_json({"meta": {"count": 0}, "results": []})], SEMANTIC: [NOT_THERE]}
    environment = {
        "HOME": str(tmp_path),
        "OPENALEX_API_KEY": "oa-SECRET",
        "SEMANTIC_SCHOLAR_API_KEY": "s2-SECRET",
    }
    report = Review(desk.workspace.folder.parent, environment=environment).enrich()
    names = ["arxiv", "crossref", "pubmed", "openalex", "semantic-scholar"]
    assert [(one.source, one.state) for one in report.sources] == [(name, "empty") for name in names]
    assert [one.host for one in web.asked] == [ARXIV, CROSSREF, PUBMED, OPENALEX, SEMANTIC]


def test_what_came_before_a_break_is_stored(web: Web, tmp_path: Path) -> None:
    """A service that dies in the middle costs the rest and no more, and the next service is asked."""
    papers = [{"title": f"Water in Well Number {n}", "doi": f"10.1234/w.{n}"} for n in (1, 2, 3)]
    desk = library(tmp_path, *papers)
    known = {
        f"/works/10.1234%2Fw.{n}": work(f"10.1234/w.{n}", f"Water in Well Number {n}", year=2000 + n)
        for n in (1, 2, 3)
    }
    web.scripts[CROSSREF] = lambda asked: PAGE if asked.count > 2 else crossref(known[asked.path])
    report = desk.enrich(services=["crossref", "pubmed"], fields=["year"])
    assert [(one.source, one.state, one.found) for one in report.sources] == [
        ("crossref", "broken", 2),
        ("pubmed", "empty", 0),
    ]
    assert (report.sources[0].reason or "").startswith("Crossref: the answer is a web page")
    assert sorted(paper.year or 0 for paper in desk.papers()) == [0, 2001, 2002]
    assert (report.asked, len(report.changed), len(report.lacking)) == (3, 2, 1)
    web.asked.clear()
    web.scripts[CROSSREF] = lambda asked: crossref(known[asked.path])
    assert (desk.enrich(services=["crossref"], fields=["year"]).lacking, len(web.asked)) == ((), 1)


def test_an_interrupt_keeps_what_came(web: Web, tmp_path: Path) -> None:
    """Whoever stops the asking has lost nothing of it."""
    desk = library(tmp_path, {"title": "Water in Well Number 1", "doi": "10.1234/w.1"}, {"title": TITLE})

    class Impatient(type(desk.observer)):  # type: ignore[misc]
        def advance(self, step: str, count: int = 1) -> None:
            if step == "ask Crossref":
                raise KeyboardInterrupt

    desk.observer = Impatient()
    with pytest.raises(KeyboardInterrupt):
        ask(desk, web, work("10.1234/w.1", "Water in Well Number 1", year=2001))
    assert {paper.year for paper in desk.papers()} == {2001, None}


def test_a_paper_that_went_meanwhile_costs_nothing(web: Web, tmp_path: Path) -> None:
    """Asking takes long: one that was removed is passed over, one that was merged is found where it is now."""
    wells = [work(f"10.1234/w.{n}", f"Water in Well Number {n}", year=2000 + n) for n in (1, 2, 3)]
    desk = library(tmp_path, *({"title": one["title"][0], "doi": one["DOI"]} for one in wells))
    keys = {paper.doi: paper.key for paper in desk.papers()}

    def meddled(asked: Asked) -> Action:
        if asked.count == 3:
            other = review(tmp_path / "desk")
            other.remove(keys["10.1234/w.1"])
            other.merge(keys["10.1234/w.2"], keys["10.1234/w.3"])
        return knows(asked, *wells)

    web.scripts[CROSSREF] = meddled
    report = desk.enrich(services=["crossref"], fields=["year"])
    assert [(one.source, one.state) for one in report.sources] == [("crossref", "ok")]
    assert [paper.key for paper in desk.papers()] == [keys["10.1234/w.2"]]
    assert only(desk).year in (2002, 2003)


def test_a_collection_is_asked_for_alone(web: Web, tmp_path: Path) -> None:
    desk = library(tmp_path, {"title": "Water in Well Number 1", "doi": "10.1234/w.1"})
    desk.add([write(tmp_path / "more.jsonl", [{"title": TITLE, "doi": DOI}])], collection="floats")
    report = ask(desk, web, WHOLE, collection="floats")
    assert (report.asked, [one.path for one in web.asked]) == (1, ["/works/10.1234%2Fwells.7"])
    assert isinstance(report.changed[0], Filled)


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"services": ["wells"]}, "there is no service 'wells'"),
        ({"fields": ["colour"]}, "'colour' is nothing that services fill in"),
        ({"collection": "none"}, "there is no collection 'none'"),
    ],
)
def test_what_cannot_be_asked_is_said_before_anything(
    web: Web, tmp_path: Path, how: dict[str, Any], said: str
) -> None:
    desk = library(tmp_path, {"title": TITLE})
    with pytest.raises(UsageError, match=said):
        desk.enrich(**how)
    assert web.asked == []
