"""What the user decides: own values, exclusions, collections."""

from __future__ import annotations

from typing import Any

import pytest
from shelf import Shelf, counts, record

from agent.library import Decision
from agent.library.compose import SETTABLE
from agent.records import Author

WELLS = record(
    "Floats in Deep Wells", "A float logs the height.", authors=["Ada Lovelace"], year=2020, date="2020-01",
    type="article", venue="Wells Quarterly", doi="10.1234/w.1", arxiv_id="2001.00001", url="https://example.org/w",
    notes="wet", version="v1", keywords=["water"],
)  # fmt: skip
BRIDGES = record("Listening to Old Bridges", "A hum tells of loose bolts.")
KEY = "lovelace2020floats"
OWN: dict[str, Any] = {
    "title": "Floats in Very Deep Wells",
    "abstract": "My own words.",
    "authors": (Author(family="Babbage", given="Charles"), Author(name="Well Readers")),
    "year": 1999,
    "date": "1999-12-31",
    "type": "book",
    "venue": "Wells Press",
    "doi": "10.9999/own",
    "arxiv_id": "9901.00001",
    "url": "https://example.org/own",
    "notes": "my notes",
    "keywords": ("depth", "height"),
    "version": "v9",
}


def value_of(shelf: Shelf, field: str) -> Any:
    paper = shelf.papers()[KEY]
    return paper.texts.abstract if field == "abstract" else getattr(paper, field)


def test_every_settable_field_has_a_case() -> None:
    """The table above leaves no field out."""
    assert set(OWN) == set(SETTABLE)


@pytest.mark.parametrize("field", SETTABLE)
def test_what_is_set_stands(shelf: Shelf, field: str) -> None:
    """A set value goes before every source's, survives what they say anew, and can be given back."""
    shelf.add(a=[WELLS])
    stated = value_of(shelf, field)
    shelf.set(KEY, field, OWN[field])
    assert value_of(shelf, field) == OWN[field]
    shelf.add(a=[{**WELLS, "room": "changed"}], b=[{**WELLS, "room": "other"}])
    assert value_of(shelf, field) == OWN[field]
    assert shelf.all_keys() == [KEY]
    with shelf.open() as library:
        assert library.own_values(KEY) == {field: OWN[field]}
    shelf.set(KEY, field, None)
    assert value_of(shelf, field) == stated
    with shelf.open() as library:
        assert library.own_values(KEY) == {}


def test_what_is_set_fills_what_no_source_said(shelf: Shelf) -> None:
    """A field that no source has can be set, and is unknown again when given back."""
    shelf.add(a=[BRIDGES])
    (key,) = shelf.all_keys()
    assert shelf.set(key, "year", 1888).year == 1888
    assert shelf.set(key, "year", None).year is None


def test_the_last_value_set_counts(shelf: Shelf) -> None:
    """A field that is set twice holds the second value."""
    shelf.add(a=[WELLS])
    shelf.set(KEY, "year", 1999)
    assert shelf.set(KEY, "year", 1998).year == 1998


def test_a_set_value_is_told_as_the_users(shelf: Shelf) -> None:
    """The paper says which fields are the user's."""
    shelf.add(a=[WELLS])
    shelf.set(KEY, "year", 1999)
    shelf.set(KEY, "venue", "Wells Press")
    paper = shelf.papers()[KEY]
    assert [origin.fields for origin in paper.sources if origin.source == "user"] == [("venue", "year")]
    assert all("year" not in origin.fields for origin in paper.sources if origin.source != "user")


def test_a_set_text_is_cleaned_and_kept_as_typed(shelf: Shelf) -> None:
    """A title that the user types is cleaned like any other, and the typing is kept."""
    shelf.add(a=[WELLS])
    paper = shelf.set(KEY, "title", "Floats at $2\\times$ Depth")
    assert (paper.title, paper.texts.title, paper.title_original) == ("Floats at 2× Depth",) * 2 + (
        "Floats at $2\\times$ Depth",
    )


def test_a_set_title_still_finds_its_records(shelf: Shelf) -> None:
    """A paper whose title was set is known by its old title and by the new one."""
    shelf.add(a=[BRIDGES])
    (key,) = shelf.all_keys()
    shelf.set(key, "title", "Of Hums and Loose Bolts")
    report = shelf.add(b=[BRIDGES, record("Of Hums and Loose Bolts")])
    assert report.added == 0
    assert shelf.all_keys() == [key]


def test_a_source_that_changes_under_a_set_value_is_known(shelf: Shelf) -> None:
    """A change that the user's value hides changes nothing that can be seen."""
    shelf.add(a=[WELLS])
    shelf.set(KEY, "venue", "Wells Press")
    assert counts(shelf.add(a=[{**WELLS, "venue": "Wells Yearly"}])) == (1, 0, 1, 0, 0)
    shelf.set(KEY, "venue", None)
    assert value_of(shelf, "venue") == "Wells Yearly"


def test_decisions_survive_a_re_add(shelf: Shelf) -> None:
    """An exclusion stands, with its reason, through every re-add; the last word counts."""
    shelf.add(a=[WELLS, BRIDGES])
    other = next(key for key in shelf.all_keys() if key != KEY)
    with shelf.open() as library, library.change():
        library.decide(KEY, "exclude", "too wet")
        library.decide(other, "exclude", "too loud")
        library.decide(other, "include", None)
    for records in ([{**WELLS, "room": "new"}, BRIDGES], [BRIDGES], [WELLS, BRIDGES]):
        shelf.add(a=records)
        shelf.add(b=[WELLS])
        with shelf.open() as library:
            assert library.decisions() == {
                KEY: Decision(KEY, "exclude", "too wet"),
                other: Decision(other, "include", None),
            }


def test_a_set_value_is_no_decision_on_the_paper(shelf: Shelf) -> None:
    """Setting a field neither excludes nor includes, and leaves what was decided alone."""
    shelf.add(a=[WELLS])
    shelf.set(KEY, "year", 1999)
    with shelf.open() as library:
        assert library.decisions() == {}
        with library.change():
            library.decide(KEY, "exclude", "too wet")
        assert library.own_values(KEY) == {"year": 1999}
    shelf.set(KEY, "year", None)
    with shelf.open() as library:
        assert list(library.decisions()) == [KEY]


def test_collections_hold_what_was_added_to_them(shelf: Shelf) -> None:
    """A paper is in each collection that it was added to, known or new, and says so."""
    shelf.add("wet", a=[WELLS])
    shelf.add("all", b=[WELLS, BRIDGES])
    shelf.add(c=[record("Seeds in Dry Sheds")])
    papers = shelf.papers()
    other = next(key for key, paper in papers.items() if paper.title == BRIDGES["title"])
    assert papers[KEY].collections == ("all", "wet")
    assert papers[other].collections == ("all",)
    with shelf.open() as library:
        assert library.collections() == ["all", "wet"]
        assert library.members("all") == sorted([KEY, other])
        assert library.members("wet") == [KEY]
        assert library.members("none") == []


def test_collections_survive_a_re_add(shelf: Shelf) -> None:
    """A re-add without a collection takes nothing out of one."""
    shelf.add("wet", a=[WELLS, BRIDGES])
    shelf.add(a=[WELLS])
    with shelf.open() as library:
        assert len(library.members("wet")) == 2
    assert all(paper.collections == ("wet",) for paper in shelf.papers().values())


def test_a_collection_tells_what_was_rejected(shelf: Shelf) -> None:
    """The rows of a collection are those of its papers, and the rejected ones of the files added to it."""
    shelf.add("wet", a=[WELLS, "{}"])
    shelf.add("loud", b=[BRIDGES, "not json", WELLS])
    with shelf.open() as library:
        rows = {
            name: [(row.source, row.position) for row in library.records(collection=name)]
            for name in ("wet", "loud", "none")
        }
        reasons = [row.reason for row in library.records(collection="wet") if row.key is None]
    assert rows["wet"] == [("a.jsonl", "line 1"), ("a.jsonl", "line 2"), ("b.jsonl", "line 3")]
    assert rows["loud"] == [
        ("a.jsonl", "line 1"),
        ("b.jsonl", "line 1"),
        ("b.jsonl", "line 2"),
        ("b.jsonl", "line 3"),
    ]
    assert rows["none"] == []
    assert reasons == ["no title"]


def test_a_collection_of_rejections_alone_is_a_collection(shelf: Shelf) -> None:
    """A file without one good record still tells, in its collection, why."""
    shelf.add("wet", a=["{}"])
    with shelf.open() as library:
        assert library.collections() == ["wet"]
        assert [row.reason for row in library.records(collection="wet")] == ["no title"]


def test_a_removed_paper_is_forgotten(shelf: Shelf) -> None:
    """Removing a paper removes its records, names, decisions and memberships; other papers stay."""
    shelf.add("wet", a=[{**WELLS, "key": "old:key"}, BRIDGES], b=[WELLS])
    before = shelf.papers()
    with shelf.open() as library, library.change():
        library.set_value("old:key", "year", 1999)
        library.decide("old:key", "exclude", "too wet")
        library.remove("old:key")
    del before["old:key"]
    assert shelf.papers() == before
    with shelf.open() as library:
        assert library.resolve("old:key") is None
        assert library.decisions() == {}
        assert library.members("wet") == list(before)
        assert [row.position for row in library.records()] == ["line 2"]
        assert library.find(("doi", "10.1234/w.1")) == []


def test_a_removed_paper_can_come_back(shelf: Shelf) -> None:
    """A paper that was removed is new when it is added again, and nothing of before clings to it."""
    shelf.add("wet", a=[WELLS])
    shelf.set(KEY, "year", 1999)
    with shelf.open() as library, library.change():
        library.remove(KEY)
    assert counts(shelf.add(a=[WELLS])) == (1, 1, 0, 0, 0)
    assert (shelf.only().key, shelf.only().year, shelf.only().collections) == (KEY, 2020, ())


def test_removing_what_is_not_there_changes_nothing(shelf: Shelf) -> None:
    """An unknown key removes nobody."""
    shelf.add(a=[WELLS])
    before = shelf.papers()
    with shelf.open() as library, library.change():
        library.remove("nobody")
    assert shelf.papers() == before


def test_written_files_are_remembered(shelf: Shelf) -> None:
    """A file is ours if its content was noted, whatever it is called by now."""
    with shelf.open() as library, library.change():
        library.note_output("d1")
        library.note_output("d2")
        library.note_output("d1")
    with shelf.open() as library:
        assert [library.is_noted(digest) for digest in ("d1", "d2", "d3")] == [True, True, False]
