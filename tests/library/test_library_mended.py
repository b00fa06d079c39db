"""Faults that were mended and may not come back: keys, precedence, and what is kept of a record."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from shelf import Shelf, counts, record

FLOAT = "A float logs the height of the water."
LONGER = "A float logs the height of the water, day and night, for a year."


@pytest.mark.parametrize("venue", ["arXiv preprint", "arXiv", "ARXIV.org", "CoRR", "bioRxiv", "Preprint"])
@pytest.mark.parametrize("is_first", [True, False])
def test_a_preprint_with_more_fields_does_not_speak_for_the_published(
    shelf: Shelf, venue: str, is_first: bool
) -> None:
    """A venue that is an archive of preprints makes no record a published one, however much it says."""
    preprint = record("FLOATS IN DEEP WELLS", LONGER, venue=venue, arxiv_id="2401.00001", year=2024,
                      url="https://example.org", authors=["A B"], keywords=["water"], notes="x", shelf="y")  # fmt: skip
    published = record("Floats in deep wells", FLOAT, venue="NeurIPS")
    shelf.add(a=[preprint, published] if is_first else [published, preprint])
    paper = shelf.only()
    assert (paper.title, paper.texts.abstract) == ("Floats in deep wells", FLOAT)
    assert (paper.venue, paper.year, paper.arxiv_id) == ("NeurIPS", 2024, "2401.00001")


IDS: dict[str, dict[str, Any]] = {
    "a": {"doi": "10.1234/w.1"},
    "b": {"arxiv_id": "2401.00001"},
    "c": {"doi": "10.1234/w.1", "arxiv_id": "2401.00001"},
}
TITLES = {"a": "Floats in Deep Wells", "b": "Of Wells and Water", "c": "Measuring the Height of Water"}


@pytest.mark.parametrize("richest", list(itertools.permutations("abc")), ids="".join)
def test_a_record_with_two_ids_joins_what_one_id_kept_apart(shelf: Shelf, richest: tuple[str, ...]) -> None:
    """A DOI here, an arXiv id there, and a third record with both: one paper, whichever is met first."""
    said = {"year": 2024, "date": "2024-03", "notes": "x", "type": "article"}
    more = dict(zip(richest, (said, {"year": 2024, "notes": "x"}, {}), strict=True))
    records = {n: record(TITLES[n], FLOAT, venue="Wells Quarterly", **IDS[n], **more[n]) for n in "abc"}
    for number, order in enumerate(itertools.permutations("abc")):
        one_file = Shelf(shelf.folder / f"one{number}")
        assert counts(one_file.add(a=[records[name] for name in order]))[:2] == (3, 1)
        three = Shelf(shelf.folder / f"three{number}")
        assert (
            counts(three.add(**{f"{place}": [records[n]] for place, n in zip("xyz", order, strict=True)}))[1]
            == 1
        )
        for paper in (one_file.only(), three.only()):
            assert (paper.doi, paper.arxiv_id) == ("10.1234/w.1", "2401.00001")
            assert paper.title == TITLES[richest[0]]


@pytest.mark.parametrize(
    ("fields", "wanted"),
    [
        ({"concepts": ["wells", "floats"]}, {"concepts": "wells; floats"}),
        ({"concepts": ["wells"]}, {"concepts": "wells"}),
        ({"id": "W2741809807"}, {"id": "W2741809807"}),
        ({"id": 77}, {"id": "77"}),
        ({"year": "in press"}, {"year": "in press"}),
        ({"publication_year": "forthcoming"}, {"year": "forthcoming"}),
        ({"year": "in press", "id": "W1", "concepts": ["a", "b"]}, {"year": "in press", "id": "W1", "concepts": "a; b"}),
        ({"concepts": []}, {}),
        ({"year": 2021}, {}),
    ],
)  # fmt: skip
def test_what_no_field_can_hold_is_kept_as_it_stands(
    shelf: Shelf, fields: dict[str, Any], wanted: dict[str, str]
) -> None:
    """Lists of words under unknown names, an `id`, and a year that is none are in the paper's fields."""
    shelf.add(a=[record("Floats in Deep Wells", FLOAT, **fields)])
    assert shelf.only().fields == wanted


@pytest.mark.parametrize("spell", [str.capitalize, str.upper])
def test_the_case_of_a_fields_name_does_not_matter(shelf: Shelf, spell: Any) -> None:
    """ "Title" and "ABSTRACT" are read as `title` and `abstract` are, and stand nowhere else."""
    said = {
        "title": "Floats in Deep Wells",
        "abstract": FLOAT,
        "authors": ["Ada Lovelace"],
        "year": 2024,
        "venue": "Wells",
    }
    shelf.add(a=[{spell(name): value for name, value in said.items()}])
    paper = shelf.only()
    assert (paper.title, paper.texts.abstract, paper.year, paper.venue) == (
        "Floats in Deep Wells",
        FLOAT,
        2024,
        "Wells",
    )
    assert [author.display for author in paper.authors] == ["Ada Lovelace"]
    assert paper.fields == {}


def test_parts_of_one_publishers_link_are_not_one_paper(shelf: Shelf) -> None:
    """A DOI inside a publisher's own link is no DOI, so chapters that share it stay papers of their own."""
    link = "https://link.publisher.example/chapter/10.1234/978-3-030_{}?from=10.1234/book"
    report = shelf.add(
        a=[record(f"Chapter {word} on Wells", FLOAT, url=link.format(word)) for word in ("One", "Two")]
    )
    assert counts(report)[:2] == (2, 2)
    assert [paper.doi for paper in shelf.papers().values()] == [None, None]


@pytest.mark.parametrize("title", ["\u200b", "\u200d\u200c\u2060", " \ufeff \u200b "])
def test_a_title_that_cannot_be_seen_is_none(shelf: Shelf, title: str) -> None:
    """A record whose title has only characters without width is rejected as one without a title."""
    report = shelf.add(a=[record(title, FLOAT), record("Floats in Deep Wells", FLOAT)])
    assert counts(report) == (2, 1, 0, 0, 1)
    assert report.rejected[0].reason == "no title"


NORTH, SOUTH = "Floats in Deep Wells North", "Floats in Deep Wells South"


@pytest.mark.parametrize(
    "other", [record(SOUTH), record("Zebras at the Well", key="floatsindeepwells"),
              record("Zebras at the Well", key="FloatsInDeepWells")],
)  # fmt: skip
def test_the_key_of_a_removed_paper_goes_to_no_other(shelf: Shelf, other: dict[str, Any]) -> None:
    """A key that a product named is given to no other paper after its own is removed, made or imported."""
    shelf.add(a=[record(NORTH)])
    with shelf.open() as library:
        library.mark_used(["floatsindeepwells"])
        with library.change():
            library.remove("floatsindeepwells")
    shelf.add(b=[other])
    assert shelf.only().title == other["title"]
    assert shelf.only().key.lower() != "floatsindeepwells"


def test_the_key_of_a_removed_paper_that_nobody_named_is_free(shelf: Shelf) -> None:
    """A key that stands in no product can be given again."""
    shelf.add(a=[record(NORTH)])
    with shelf.open() as library, library.change():
        library.remove("floatsindeepwells")
    shelf.add(b=[record(SOUTH)])
    assert shelf.only().key == "floatsindeepwells"
