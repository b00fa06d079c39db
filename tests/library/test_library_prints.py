"""Records that come again, and records that join what stands apart: by what they say, not by where they stand."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shelf import Shelf, counts, record

from agent.library.identity import record_print
from agent.library.lookalikes import lookalikes
from agent.records import Author, FieldOrigin, Paper, Texts

TITLE = "Floats in Deep Old Wells"
FLOAT = "A float logs the height of the water."
BARE = record(TITLE)
ONE = record(TITLE, doi="10.1234/w.1")
TWO = record(TITLE, doi="10.1234/w.2")


def paper(**fields: Any) -> Paper:
    return Paper(title=TITLE, title_original=TITLE, texts=Texts(title=TITLE)).model_copy(update=fields)


HERE = {"sources": (FieldOrigin(source="a", position="line 1"),), "collections": ("wet",)}
SAYS: list[dict[str, Any]] = [
    {"title": "Floats"}, {"title_original": "Floats"}, {"texts": Texts(title=TITLE, abstract="A float.")}, {"year": 2020},
    {"authors": (Author(family="Bell"),)}, {"doi": "10.1234/w.1"}, {"ids": {"pmid": "7"}}, {"fields": {"page": "7"}},
    {"keywords": ("wells",)}, {"retracted": True}, {"key": "wells"}, {"aliases": ("wells",)}, {"is_untitled": True},
]  # fmt: skip


def test_a_print_is_of_what_a_record_says() -> None:
    """Where a record stands does not change its print; whatever it says does."""
    assert record_print(paper(**HERE)) == record_print(paper())
    prints = [record_print(paper(**said)) for said in ({}, *SAYS)]
    assert len(set(prints)) == len(SAYS) + 1


@pytest.mark.parametrize("order", ["abc", "cab", "bca"])
def test_what_says_the_same_is_the_same_paper(shelf: Shelf, order: str) -> None:
    """Twins under a title that tells nothing are known each for itself, from any file and in any order."""
    twins = {
        "a": record("Editorial", "Four papers."),
        "b": record("Editorial", "Five papers."),
        "c": record("Editorial"),
    }
    shelf.add(first=[twins[name] for name in "abc"])
    before = {key: paper.texts.abstract for key, paper in shelf.papers().items()}
    assert len(before) == 3
    report = shelf.add(other=[twins[name] for name in order])
    assert counts(report) == (3, 0, 3, 0, 0)
    assert {key: paper.texts.abstract for key, paper in shelf.papers().items()} == before
    assert [len(paper.sources) for paper in shelf.papers().values()] == [2, 2, 2]


IDS = [
    ("a DOI in other letters", {"doi": "10.1234/W.1"}, {"doi": "https://doi.org/10.1234/w.1"}),
    ("arXiv versions", {"arxiv_id": "2401.00001v1"}, {"url": "https://arxiv.org/abs/2401.00001v3"}),
    (
        "arXiv in the old form",
        {"arxiv_id": "math.GT/0309136"},
        {"url": "https://arxiv.org/abs/math/0309136v2"},
    ),
    ("arXiv as a DOI", {"arxiv_id": "2401.00001"}, {"doi": "10.48550/ARXIV.2401.00001"}),
    ("PMID", {"ids": {"pmid": "77"}}, {"ids": {"pmid": "77"}}),
    ("OpenAlex", {"ids": {"openalex": "W77"}}, {"ids": {"openalex": "w77"}}),
    ("CorpusId", {"ids": {"corpusid": "77"}}, {"ids": {"corpusid": "77"}}),
    ("versions of a preprint's DOI", {"doi": "10.21203/rs.3.rs-77/v1"}, {"doi": "10.21203/rs.3.rs-77/v2"}),
]


@pytest.mark.parametrize(("one", "other"), [case[1:] for case in IDS], ids=[case[0] for case in IDS])
def test_an_id_in_any_form_is_one_paper(shelf: Shelf, one: dict[str, Any], other: dict[str, Any]) -> None:
    """Records of one id are one paper under any title, in one run and in two."""
    left = record(TITLE, FLOAT, year=2001, authors=["Ada Bell"], **one)
    right = record("Wells and Their Water", "Other words.", year=2019, authors=["A. Bell"], **other)
    for number, runs in enumerate([[[left, right]], [[right, left]], [[left], [right]], [[right], [left]]]):
        place = Shelf(shelf.folder / str(number))
        for name, records in zip("ab", runs, strict=False):
            place.add(**{name: records})
        assert len(place.only().sources) == 2


def test_a_wrong_id_swallows_no_other_paper(shelf: Shelf) -> None:
    """Other authors under a wholly other title: one of the ids is wrong, so both papers stay, and are shown."""
    horses = record(
        "Memory Retention and Spindles in Horses", FLOAT, authors=["Ada Bell"], doi="10.1000/abcde"
    )
    bees = record("Gut Bacteria of Bees", "Other words.", authors=["Cy Dale"], doi="10.1000/abcde")
    for number, runs in enumerate([[[horses, bees]], [[bees], [horses]]]):
        place = Shelf(shelf.folder / str(number))
        for name, records in zip("ab", runs, strict=False):
            place.add(**{name: records})
        assert len(place.papers()) == 2
        (pair,) = lookalikes(list(place.papers().values()))
        assert "one id" in pair.why[0]


def test_the_published_form_gives_where_and_when(shelf: Shelf) -> None:
    """Venue, year and DOI are the published record's, all three, whichever came first; both records are kept."""
    preprint = record(TITLE, FLOAT, arxiv_id="2101.00001", year=2021, venue="arXiv", doi="10.48550/arXiv.2101.00001",
                      authors=["Ada Bell"], type="article")  # fmt: skip
    published = record(TITLE, doi="10.1234/w.1", year=2023, venue="Wells Quarterly", type="article-journal")
    for number, runs in enumerate(
        [[[preprint, published]], [[preprint], [published]], [[published], [preprint]]]
    ):
        place = Shelf(shelf.folder / str(number))
        for name, records in zip("ab", runs, strict=False):
            place.add(**{name: records})
        found = place.only()
        assert (found.venue, found.year, found.doi) == ("Wells Quarterly", 2023, "10.1234/w.1")
        assert (found.arxiv_id, found.texts.abstract, len(found.sources)) == ("2101.00001", FLOAT, 2)
        said = [name for origin in found.sources for name in origin.fields]
        assert len(said) == len(set(said)), "every field comes of one record"


APART = [
    ("{0}: Part 1", "{0}: Part 2"), ("{0}, Part I", "{0}, Part II"), ("Quamba for {0}", "Quamba2 for {0}"),
    ("{0} in C", "{0} in C++"), ("{0} in C", "{0} in C#"), ("{0} in C++", "{0} in C#"),
    ("Beats Beat Bells in {0}", "Bells Beat Beats in {0}"), ("{0} 1.5", "{0} 15"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), APART)
def test_titles_that_differ_in_what_counts_stay_apart(shelf: Shelf, one: str, other: str) -> None:
    """A part, a number, a language or an order makes another work, of the same people and year too."""
    by = {"authors": ["Ada Bell"], "year": 2020}
    records = [record(title.format("Deep Wells"), FLOAT, **by) for title in (one, other)]
    assert counts(shelf.add(a=records))[:2] == (2, 2)
    assert counts(shelf.add(b=records[::-1])) == (2, 0, 2, 0, 0)


# What lies between two works


@pytest.mark.parametrize("order", list(itertools.permutations([BARE, ONE, TWO])))
def test_a_bare_title_joins_no_two_works_of_one_run(shelf: Shelf, order: tuple[Any, ...]) -> None:
    """A record that could be either of two works belongs to one, and they stay two."""
    assert counts(shelf.add(a=order))[:2] == (3, 2)
    assert {paper.doi for paper in shelf.papers().values()} == {"10.1234/w.1", "10.1234/w.2"}
    assert counts(shelf.add(b=order))[1:4] == (0, 3, 0)


@pytest.mark.parametrize("order", list(itertools.permutations([BARE, TWO])))
def test_a_bare_title_opens_no_known_paper_to_another(shelf: Shelf, order: tuple[Any, ...]) -> None:
    """A record of another DOI is another paper, though a bare one of its title came with it."""
    shelf.add(a=[ONE])
    shelf.add(b=order)
    assert {paper.doi for paper in shelf.papers().values()} == {"10.1234/w.1", "10.1234/w.2"}
    assert len(shelf.all_keys()) == 2


@pytest.mark.parametrize("order", list(itertools.permutations(range(2))))
def test_a_record_with_two_ids_joins_new_records_to_a_known_paper(
    shelf: Shelf, order: tuple[int, ...]
) -> None:
    """What shares an id with a known paper and with a new record brings this to that."""
    shelf.add(a=[record("Of Wells and Water", doi="10.1234/w.1")])
    (key,) = shelf.all_keys()
    fresh = [
        record("Old Wells, New Words", FLOAT, arxiv_id="2101.00001", venue="Wells Quarterly", year=2020, url="https://example.org"),
        record("Wells Anew", doi="10.1234/w.1", arxiv_id="2101.00001"),
    ]  # fmt: skip
    assert counts(shelf.add(b=[fresh[place] for place in order]))[1] == 0
    assert shelf.only().key == key
    assert shelf.only().arxiv_id == "2101.00001"


def test_authors_and_years_in_conflict_are_two_papers(shelf: Shelf) -> None:
    """An equal title is not enough where authors are others or years lie apart; unknown ones contradict nobody."""
    cases = [
        ({"authors": ["Ada Bell"]}, {"authors": ["Cy Dale"]}, 2),
        ({"authors": ["Ada Bell", "Cy Dale"]}, {"authors": ["C. Dale"]}, 1),
        ({"authors": ["Ada Bell"]}, {}, 1),
        ({"year": 2001, "venue": "Wells"}, {"year": 2009, "venue": "Wells"}, 2),
        ({"year": 2001, "venue": "Wells"}, {"year": 2002, "venue": "Wells"}, 2),
        ({"year": 2001}, {"year": 2004, "venue": "Wells"}, 1),
        ({"year": 2001}, {"year": 2010, "venue": "Wells"}, 2),
    ]
    for number, (one, other, wanted) in enumerate(cases):
        place = Shelf(shelf.folder / str(number))
        place.add(a=[record(TITLE, **one), record(TITLE, **other)])
        assert len(place.all_keys()) == wanted, (one, other)


RECORDS = st.lists(
    st.fixed_dictionaries(
        {"title": st.sampled_from([TITLE, TITLE.upper(), "Editorial", "Seeds in Dry Old Sheds"])},
        optional={
            "doi": st.sampled_from(["10.1234/w.1", "10.1234/w.2"]),
            "arxiv_id": st.sampled_from(["2101.00001", "2101.00002"]),
            "year": st.sampled_from([2001, 2009]),
            "authors": st.sampled_from([["Ada Bell"], ["Cy Dale"]]),
            "abstract": st.sampled_from([FLOAT, "Dry seeds keep for five winters."]),
        },
    ),
    max_size=6,
)


@settings(derandomize=True, database=None, deadline=None, max_examples=10)
@given(records=RECORDS, data=st.data())
def test_order_within_a_run_changes_nothing_but_places(
    tmp_path_factory: pytest.TempPathFactory, records: list[Any], data: st.DataObject
) -> None:
    """Files read in another order, and read again, give the same papers."""
    cut = data.draw(st.integers(0, len(records)))
    files = {"a": records[:cut], "b": records[cut:]}
    shelves = [Shelf(tmp_path_factory.mktemp("shelf")) for _ in range(2)]
    shelves[0].add(**files)
    shelves[1].add(**dict(reversed(files.items())))
    before = shelves[0].papers()
    assert shelves[1].papers() == before
    shelves[0].add(**files)
    assert shelves[0].papers() == before
