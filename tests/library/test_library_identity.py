"""When two records are one paper, and which of them speaks."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from shelf import Shelf, counts, record

FLOAT = "A float logs the height of the water."
LONGER = "A float logs the height of the water, day and night, for a year."


@pytest.mark.parametrize(
    "other",
    [
        "Low-Cost Floats for Deep Wells",
        "LOW-COST FLOATS FOR DEEP WELLS",
        "Low Cost Floats for Deep Wells",
        "lowcost floats for deep wells.",
        "Low–Cost  Floats for\tDeep Wells",
        "Low-Cost {\\em Floats} for Deep Wells",
        "\\textbf{Low-Cost} Floats for Deep Wells",
        "Low-Cost Floats for Deep Wells?",
    ],
)
def test_spellings_of_one_title_are_one_paper(shelf: Shelf, other: str) -> None:
    """Case, hyphens, spaces, signs and TeX do not make another paper."""
    assert counts(shelf.add(a=[record("Low-Cost Floats for Deep Wells"), record(other)])) == (2, 1, 1, 0, 0)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Quamba: A Recipe for State Space Models", "Quamba2: A Recipe for State Space Models"),
        ("Floats in Deep Wells", "Floats in Deep Wells, Again"),
        ("Floats in Deep Wells 1", "Floats in Deep Wells 2"),
        ("水位测量方法", "水位测量方法二"),
        ("Измерение уровня воды", "Измерение уровня вод"),
    ],
)
def test_near_titles_are_two_papers(shelf: Shelf, one: str, other: str) -> None:
    """A title that is nearly the same is another title."""
    assert counts(shelf.add(a=[record(one), record(other)])) == (2, 2, 0, 0, 0)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"doi": "10.1234/W.1"}, {"doi": "https://doi.org/10.1234/w.1"}),
        ({"arxiv_id": "2401.00001v1"}, {"url": "https://arxiv.org/pdf/2401.00001v3"}),
        ({"arxiv_id": "2401.00001"}, {"doi": "10.48550/arXiv.2401.00001"}),
        ({"ids": {"pmid": "77"}}, {"ids": {"pmid": "77"}}),
        ({"doi": "10.1234/w.1", "arxiv_id": "2401.00001"}, {"arxiv_id": "2401.00001", "doi": None}),
    ],
)
def test_equal_ids_are_one_paper(shelf: Shelf, one: dict[str, Any], other: dict[str, Any]) -> None:
    """Records of one id are one paper, whatever their titles, in one run and in two."""
    first, second = record("Floats in Deep Wells", **one), record("Of Wells and Water", **other)
    assert counts(shelf.add(a=[first, second]))[:2] == (2, 1)
    later = Shelf(shelf.folder / "later")
    later.add(a=[first])
    assert counts(later.add(b=[second]))[:2] == (1, 0)


TWINS = [
    ({"doi": "10.1234/w.1"}, {"doi": "10.1234/w.2"}),
    ({"arxiv_id": "2401.00001"}, {"arxiv_id": "2401.00002"}),
]


@pytest.mark.parametrize(("one", "other"), TWINS, ids=["doi", "arxiv"])
def test_one_title_with_two_ids_is_two_papers(
    shelf: Shelf, one: dict[str, Any], other: dict[str, Any]
) -> None:
    """A title that is borne by two DOIs or two arXiv ids belongs to two papers, in one run and in two."""
    first, second = (record("Floats in Deep Wells", FLOAT, **ids) for ids in (one, other))
    assert counts(shelf.add(a=[first, second])) == (2, 2, 0, 0, 0)
    later = Shelf(shelf.folder / "later")
    later.add(a=[first])
    assert counts(later.add(b=[second])) == (1, 1, 0, 0, 0)


@pytest.mark.parametrize(("one", "other"), TWINS, ids=["doi", "arxiv"])
def test_a_record_without_ids_joins_no_two_papers(
    shelf: Shelf, one: dict[str, Any], other: dict[str, Any]
) -> None:
    """A paper that was known by its title alone takes one of two twins, and the other is new."""
    shelf.add(a=[record("Floats in Deep Wells", FLOAT)])
    twins = [record("Floats in Deep Wells", FLOAT, **ids) for ids in (one, other)]
    report = shelf.add(b=twins)
    assert (report.added, len(shelf.all_keys())) == (1, 2)
    (name,) = one
    assert {getattr(paper, name) for paper in shelf.papers().values()} == {*one.values(), *other.values()}


def test_a_record_without_ids_joins_one_of_two_twins(shelf: Shelf) -> None:
    """A title alone that fits two papers makes no third."""
    shelf.add(
        a=[
            record("Floats in Deep Wells", doi="10.1234/w.1"),
            record("Floats in Deep Wells", doi="10.1234/w.2"),
        ]
    )
    assert counts(shelf.add(b=[record("Floats in Deep Wells", FLOAT)]))[:2] == (1, 0)
    assert len(shelf.all_keys()) == 2


def test_a_short_title_belongs_to_nobody(shelf: Shelf) -> None:
    """Under a title of one or two words, only an equal text, or authors and year, make one paper of two."""
    assert counts(shelf.add(a=[record("Editorial", FLOAT), record("Editorial", LONGER)]))[:2] == (2, 2)
    assert counts(shelf.add(b=[record("Editorial", FLOAT), record("editorial")]))[:2] == (2, 1)
    again = [record("editorial"), record("Editorial", FLOAT)]
    assert counts(shelf.add(c=again)) == (2, 0, 2, 0, 0), "what says the very same is the same"
    by = {"authors": ["Ann Smith"], "year": 2001}
    assert counts(shelf.add(d=[record("Editorial", **by), record("Editorial.", **by)]))[:2] == (2, 1)


def test_a_preprint_and_its_publication_are_one_paper(shelf: Shelf) -> None:
    """A preprint, with all that its archive says of it, and the published work of its title are one paper."""
    preprint = record("Floats in Deep Wells", FLOAT, arxiv_id="2401.00001", doi="10.48550/arXiv.2401.00001")
    published = record("Floats in Deep Wells", FLOAT, doi="10.1234/w.1", venue="Wells Quarterly")
    assert counts(shelf.add(a=[preprint, published]))[:2] == (2, 1)
    assert (shelf.only().doi, shelf.only().arxiv_id) == ("10.1234/w.1", "2401.00001")


PRECEDENCE = [
    (
        "published before preprint",
        record("Floats in deep wells", FLOAT, venue="Wells Quarterly"),
        record(
            "FLOATS IN DEEP WELLS",
            LONGER,
            arxiv_id="2401.00001",
            year=2024,
            url="https://example.org",
            authors=["A B"],
        ),
    ),
    (
        "a DOI is published",
        record("Floats in deep wells", FLOAT, doi="10.1234/w.1"),
        record("FLOATS IN DEEP WELLS", LONGER, arxiv_id="2401.00001", year=2024, notes="x", authors=["A B"]),
    ),
    (
        "more fields before a longer text",
        record("Floats in deep wells", FLOAT, year=2024),
        record("FLOATS IN DEEP WELLS", LONGER),
    ),
    ("the longer text", record("Floats in deep wells", LONGER), record("FLOATS IN DEEP WELLS", FLOAT)),
    ("a text before none", record("Floats in deep wells", FLOAT), record("FLOATS IN DEEP WELLS")),
]


@pytest.mark.parametrize(
    ("first", "second"), [case[1:] for case in PRECEDENCE], ids=[case[0] for case in PRECEDENCE]
)
def test_the_better_record_speaks(shelf: Shelf, first: dict[str, Any], second: dict[str, Any]) -> None:
    """Of two records of one run the better gives title and text, wherever it stands."""
    for number, (one, other) in enumerate(itertools.permutations([first, second])):
        for files in ({"a": [one, other]}, {"a": [one], "b": [other]}):
            place = Shelf(shelf.folder / f"{number}{len(files)}")
            place.add(**files)
            assert place.only().title == first["title"]
            assert place.only().texts.abstract == first["abstract"]


def test_equal_records_stand_in_order_of_file_and_place(shelf: Shelf) -> None:
    """Where nothing else tells, the name of the file does, and then the place in it."""
    ways = [
        record(title)
        for title in ("Floats in Wells", "FLOATS IN WELLS", "floats in wells", "Floats In Wells")
    ]
    shelf.add(b=[ways[0], ways[1]], a=[ways[2], ways[3]])
    assert shelf.only().title == "floats in wells"
    assert [(origin.source, origin.position) for origin in shelf.only().sources] == [
        ("a.jsonl", "line 1"), ("a.jsonl", "line 2"), ("b.jsonl", "line 1"), ("b.jsonl", "line 2"),
    ]  # fmt: skip


def test_later_records_fill_the_gaps(shelf: Shelf) -> None:
    """What the first record does not say is taken from the next that does; nothing is overwritten."""
    best = record(
        "Floats in Deep Wells",
        venue="Wells Quarterly",
        year=2024,
        keywords=["water"],
        ids={"pmid": "1"},
        shelf="x",
    )
    next_best = record("Floats in deep wells", FLOAT, year=2023, keywords=["water", "floats"],
                       ids={"pmid": "1", "other": "2"}, shelf="y", room="z")  # fmt: skip
    report = shelf.add(
        a=[best, {**next_best, "doi": None}], b=[{**next_best, "authors": ["Ada Lovelace"], "doi": None}]
    )
    paper = shelf.only()
    assert report.added == 1
    assert (paper.title, paper.texts.abstract, paper.year) == ("Floats in Deep Wells", FLOAT, 2024)
    assert paper.authors[0].family == "Lovelace"
    assert paper.keywords == ("water", "floats")
    assert paper.ids == {"pmid": "1", "other": "2"}
    assert paper.fields == {"shelf": "x", "room": "z"}


def test_every_field_says_where_it_came_from(shelf: Shelf) -> None:
    """A paper's sources name the record that each field came from."""
    shelf.add(
        b=[record("Floats in Deep Wells", FLOAT, year=2020)],
        a=["{}", record("Floats in deep wells", venue="Wells", year=2024)],
    )
    origins = {(origin.source, origin.position): set(origin.fields) for origin in shelf.only().sources}
    assert origins == {("a.jsonl", "line 2"): {"title", "venue", "year"}, ("b.jsonl", "line 1"): {"abstract"}}


def test_a_later_run_fills_gaps_and_overturns_nothing(shelf: Shelf) -> None:
    """What stood first stays, however good a record a later run brings from another source."""
    shelf.add(a=[record("Floats in deep wells", FLOAT)])
    report = shelf.add(b=[record("FLOATS IN DEEP WELLS", LONGER, venue="Wells Quarterly", year=2024)])
    paper = shelf.only()
    assert (paper.title, paper.texts.abstract, paper.venue, paper.year) == (
        "Floats in deep wells",
        FLOAT,
        "Wells Quarterly",
        2024,
    )
    assert counts(report) == (1, 0, 0, 1, 0)
    assert [(change.key, change.fields) for change in report.changed] == [(paper.key, ("venue", "year"))]
