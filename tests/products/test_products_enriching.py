"""What a paper lacks, and whether what a service offers is really that paper."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.products.enriching import (
    PLACE,
    Match,
    Refusal,
    best_match,
    ids_of,
    lacks,
    matches,
    misfit,
    takeable,
)
from agent.records import Author, Paper
from agent.sources.build import make_paper

TITLE = "Floats in Wells: A Study of Water"
ADA, GRACE = (Author(family="Lovelace", given="Ada"),), (Author(family="Hopper", given="Grace"),)


def paper(title: str = TITLE, abstract: str | None = None, **said: Any) -> Paper:
    return make_paper(title, abstract, "record 1", **said)


FULL: dict[str, Any] = {"abstract": "Water.", "authors": ADA, "year": 2021, "venue": "Wells", "doi": "10.1/a"}


@pytest.mark.parametrize(
    ("said", "lacking"),
    [
        ({}, ["authors", "year", "venue", "abstract", "doi"]),
        (FULL, []),
        ({**FULL, "year": None}, ["year"]),
        ({**FULL, "doi": None}, ["doi"]),
        ({**FULL, "doi": None, "arxiv_id": "2101.00001"}, []),
        ({**FULL, "abstract": ""}, ["abstract"]),
        ({**FULL, "authors": ()}, ["authors"]),
    ],
)
def test_what_is_lacking(said: dict[str, Any], lacking: list[str]) -> None:
    """What no source has said; a paper on arXiv needs no DOI."""
    assert lacks(paper(**said)) == lacking
    assert lacks(paper(**said), ("year",)) == [name for name in lacking if name == "year"]


def test_an_id_alone_lacks_its_title_first() -> None:
    alone = paper("10.1/a", **{**FULL, "year": None}).model_copy(update={"is_untitled": True})
    assert lacks(alone) == ["title", "year"]
    assert lacks(alone, ("venue",)) == ["title"]


def test_ids_that_a_service_understands() -> None:
    """In the order in which the service knows them."""
    known = paper(doi="10.1/a", arxiv_id="2101.00001", ids={"pmid": "7", "openalex": "W1"})
    assert ids_of(known, ("pmid", "doi", "s2")) == [("pmid", "7"), ("doi", "10.1/a")]
    assert ids_of(known, ("arxiv",)) == [("arxiv", "2101.00001")]
    assert ids_of(paper(), ("doi", "arxiv", "pmid")) == []


FITS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "the title alone": ({}, {"authors": ADA, "year": 2021, "doi": "10.1/a"}),
    "another spelling": ({"title": "Floats in Wells – a study of {W}ater."}, {}),
    "one author of many": ({"authors": ADA}, {"authors": (*GRACE, *ADA)}),
    "an accent more": ({"authors": (Author(family="Gödel"),)}, {"authors": (Author(family="Godel"),)}),
    "a year later": ({"year": 2020}, {"year": 2021, "venue": "Wells"}),
    "a preprint's years": ({"year": 2017}, {"year": 2021, "venue": "Wells"}),
    "a preprint's DOI": ({"doi": "10.1101/1"}, {"doi": "10.1/a"}),
    "two words and an author": (
        {"title": "Deep Wells", "authors": ADA},
        {"title": "Deep wells", "authors": ADA},
    ),
    "two words and an id": ({"title": "Wells", "doi": "10.1/a"}, {"title": "Wells", "doi": "10.1/a"}),
    "retracted since": ({}, {"title": f"RETRACTED: {TITLE}"}),
    "retracted article": ({"doi": "10.1/a"}, {"title": f"Retracted Article: {TITLE}", "doi": "10.1/a"}),
    "one id shared, another not": (
        {"doi": "10.1/a", "ids": {"openalex": "W1"}},
        {"doi": "10.1/A", "ids": {"openalex": "W2"}},
    ),
}


@pytest.mark.parametrize("name", FITS)
def test_what_fits_is_taken(name: str) -> None:
    ours, theirs = FITS[name]
    assert misfit(paper(**ours), paper(**theirs)) is None


MISFITS: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "another title": ({}, {"title": "Floats in Wells"}, "it calls the work 'Floats in Wells'"),
    "a longer title": ({"title": "Floats in Wells"}, {}, f"it calls the work '{TITLE}'"),
    "a number in it": ({"title": "Floats in Wells 2"}, {"title": "Floats in Wells 3"}, "it calls the work 'Floats in Wells 3'"),
    "other authors": ({"authors": ADA}, {"authors": GRACE}, "its authors are others"),
    "other authors, same id": ({"authors": ADA, "doi": "10.1/a"}, {"authors": GRACE, "doi": "10.1/a"}, "its authors are others"),
    "another year": ({"year": 2018, "venue": "Wells"}, {"year": 2020, "venue": "Wells"}, "its year is 2020, ours 2018"),
    "a preprint too old": ({"year": 2012}, {"year": 2020, "venue": "Wells"}, "its year is 2020, ours 2012"),
    "another DOI": ({"doi": "10.1/a", "authors": ADA}, {"doi": "10.1/b", "authors": ADA}, "its doi is 10.1/b, ours 10.1/a"),
    "another arXiv id": ({"arxiv_id": "2101.00001"}, {"arxiv_id": "2101.00002"}, "its arxiv is 2101.00002, ours 2101.00001"),
    "another number": ({"ids": {"pmid": "7"}}, {"ids": {"pmid": "8"}}, "its pmid is 8, ours 7"),
    "two publishers": (
        {"doi": "10.1/a", "arxiv_id": "2101.00001"},
        {"doi": "10.1/b", "arxiv_id": "2101.00001"},
        "its doi is 10.1/b, ours 10.1/a",
    ),
    "a short title": ({"title": "Editorial"}, {"title": "Editorial"}, "the title is too short to go by"),
}  # fmt: skip


@pytest.mark.parametrize("name", MISFITS)
def test_what_does_not_fit_is_refused_with_the_reason(name: str) -> None:
    ours, theirs, reason = MISFITS[name]
    assert misfit(paper(**ours), paper(**theirs)) == reason


def test_an_id_alone_takes_the_record_of_that_id() -> None:
    """There is no title yet that could differ."""
    alone = paper("10.1/a", doi="10.1/a").model_copy(update={"is_untitled": True})
    assert misfit(alone, paper(doi="10.1/a", authors=ADA)) is None


def test_records_find_their_papers() -> None:
    """By any id; what nobody asked for is passed over, what does not fit is refused, order is the service's."""
    ours = {
        "a": paper(doi="10.1/a"),
        "b": paper("Other Wells and Water", ids={"pmid": "7"}),
        "c": paper("Third of the Wells", doi="10.1/c"),
    }
    offered = [
        paper("Something Else Entirely", doi="10.1/c"),
        paper("Other wells and water", doi="10.1/x", ids={"pmid": "7"}),
        paper(doi="10.1/unknown"),
        paper(doi="10.1/A", year=2021),
    ]  # fmt: skip
    found, refused = matches(ours, offered)
    assert found == [Match("b", offered[1]), Match("a", offered[3])]
    assert refused == [Refusal("c", "it calls the work 'Something Else Entirely'")]


def test_a_search_by_title_gives_the_first_that_fits() -> None:
    """A refusal only where one of the same title is another work; what is merely alike is passed over."""
    ours = paper(authors=ADA)
    alike, other, right = paper("Floats in Wells"), paper(authors=GRACE), paper(authors=ADA, year=2021)
    assert best_match("a", ours, [alike, other, right]) == Match("a", right)
    assert best_match("a", ours, [alike, other]) == Refusal("a", "its authors are others")
    assert best_match("a", ours, [alike]) is None
    assert best_match("a", ours, []) is None


PUBLISHED: dict[str, Any] = {"venue": "Wells", "doi": "10.1/a", "year": 2021, "date": "2021-03-04", "type": "article-journal",
                             "fields": {"volume": "3", "page": "1-9", "license": "cc-by"}}  # fmt: skip
WHOLE: dict[str, tuple[dict[str, Any], dict[str, Any], bool]] = {
    "a preprint takes the published form": ({"year": 2019, "arxiv_id": "2101.00001"}, PUBLISHED, True),
    "a paper of nothing takes all": ({}, PUBLISHED, True),
    "the same DOI": ({"doi": "10.1/A"}, PUBLISHED, True),
    "the same venue": ({"venue": "wells"}, PUBLISHED, True),
    "the same year": ({"venue": "W. Quarterly", "year": 2021}, PUBLISHED, True),
    "a preprint's year for a venue": ({"venue": "Wells"}, {"year": 2019, "date": "2019-01-01"}, False),
    "another venue's year": ({"venue": "Bridges"}, PUBLISHED, False),
    "another venue, next year": ({"venue": "Bridges", "year": 2020}, PUBLISHED, False),
    "a preprint server's venue": ({"doi": "10.1/a"}, {"venue": "arXiv", "year": 2019}, False),
}


@pytest.mark.parametrize("name", WHOLE)
def test_where_and_when_stay_together(name: str) -> None:
    """Of another appearance comes who and what, and neither where nor when."""
    ours, theirs, is_whole = WHOLE[name]
    record = paper(abstract="Water.", authors=ADA, keywords=("wells",), **theirs)
    taken = takeable(paper(**ours), record)
    if is_whole:
        assert taken == record
    else:
        assert (taken.year, taken.date, taken.venue, taken.doi, taken.type) == (None,) * 5
        assert not set(taken.fields) & PLACE
        assert (taken.authors, taken.texts.abstract, taken.keywords) == (ADA, "Water.", ("wells",))
        assert taken.fields.get("license") == theirs.get("fields", {}).get("license")


some = st.fixed_dictionaries(
    {},
    optional={
        "title": st.sampled_from([TITLE, "Floats in Wells", f"Retracted: {TITLE}", "Wells"]),
        "authors": st.sampled_from([ADA, GRACE, (*ADA, *GRACE)]),
        "year": st.integers(2015, 2023),
        "venue": st.sampled_from(["Wells", "Bridges", "arXiv"]),
        "doi": st.sampled_from(["10.1/a", "10.1/b", "10.1101/1"]),
        "arxiv_id": st.sampled_from(["2101.00001", "2101.00002"]),
    },
)


@settings(derandomize=True, database=None, deadline=None, max_examples=25)
@given(some, some)
def test_fitting_has_no_direction(ours: dict[str, Any], theirs: dict[str, Any]) -> None:
    """What is one work from here is one from there; and each paper fits itself unless its title is nobody's own."""
    one, other = paper(**ours), paper(**theirs)
    assert (misfit(one, other) is None) == (misfit(other, one) is None)
    assert misfit(one, one) in (None, "the title is too short to go by")
    reason = misfit(one, other)
    if reason is None and one.authors and other.authors:
        assert set(one.authors) & set(other.authors)
