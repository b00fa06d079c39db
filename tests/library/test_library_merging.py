"""Merging and splitting by hand: nothing that anybody said is lost, and each can be undone."""

from __future__ import annotations

import itertools
import time
from typing import Any

import pytest
from deeds import WORDS, join, part, say, state
from shelf import Shelf, counts, record

from agent.errors import UsageError
from agent.records import Plan

WELLS = record(
    "Floats in Deep Wells", "A float logs the height.", year=2020, key="wells", venue="Wells Quarterly"
)
BRIDGES = record(
    "Listening to Old Bridges", "A hum tells of loose bolts.", year=2021, key="bridges", doi="10.1234/b.1"
)
SEEDS = record("Seeds in Dry Sheds", "Dry seeds keep for five winters.", key="seeds")
PREPRINT = record("Hums of Loose Iron Bolts", "We listen.", arxiv_id="2101.00001", year=2021)
PUBLISHED = record(
    "Hums of Loose Iron Bolts", "We listen.", doi="10.1234/h.1", venue="Bridge Letters", year=2023
)


def test_both_keys_name_the_merged_paper(shelf: Shelf) -> None:
    """The first key stays, the other is an alias, and every field says where it came from."""
    shelf.add(a=[WELLS])
    shelf.add(b=[BRIDGES])
    assert join(shelf, "wells", "bridges") == "wells"
    with shelf.open() as library:
        assert (library.resolve("wells"), library.resolve("bridges")) == ("wells", "wells")
    paper = shelf.only()
    assert (paper.title, paper.venue, paper.doi) == ("Floats in Deep Wells", "Wells Quarterly", "10.1234/b.1")
    assert paper.aliases == ("bridges",)
    assert [(origin.source, origin.fields) for origin in paper.sources] == [
        ("a.jsonl", ("abstract", "title", "venue", "year")), ("b.jsonl", ("doi",)),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("used", "stays"),
    [([], "wells"), (["wells"], "wells"), (["bridges"], "bridges"), (["wells", "bridges"], "wells")],
)
def test_a_key_that_a_product_names_stays(shelf: Shelf, used: list[str], stays: str) -> None:
    """Of two keys the one that a product names stays a key, and both stay what they were after a split."""
    shelf.add(a=[WELLS, BRIDGES])
    with shelf.open() as library:
        library.mark_used(used)
    assert join(shelf, "wells", "bridges") == stays
    assert shelf.only().key == stays
    part(shelf, stays)
    with shelf.open() as library:
        assert [key for key in ("wells", "bridges") if library.is_used(key)] == used


SAID = [
    ("exclude", "include"), ("include", "include"), ("", "exclude"), ("set", "set"), ("", "set"), ("set", "exclude"),
    ("", "collect"), ("name", "name"), ("", "name"), ("attach", "attach"), ("", "attach"), ("attach", ""),
]  # fmt: skip


@pytest.mark.parametrize("said", SAID, ids="-".join)
def test_a_split_gives_back_exactly_what_was_there(shelf: Shelf, said: tuple[str, str]) -> None:
    """Whatever was said of two papers, after merge and split everything is as it was."""
    shelf.add("both", a=[WELLS], b=[BRIDGES])
    for what, key in zip(said, ("wells", "bridges"), strict=True):
        say(shelf, what, key)
    before = state(shelf)
    join(shelf, "wells", "bridges")
    assert part(shelf, "wells") == ["wells", "bridges"]
    assert state(shelf) == before


def test_everything_said_of_both_comes_back(shelf: Shelf) -> None:
    """So too where all was said of both at once, and the files were read again meanwhile."""
    shelf.add("both", a=[WELLS], b=[BRIDGES])
    for what, key in itertools.product(WORDS, ("wells", "bridges")):
        say(shelf, what, key)
    before = state(shelf)
    join(shelf, "bridges", "wells")
    for files in ({"a": [WELLS]}, {"b": [BRIDGES]}, {"b": [BRIDGES], "a": [WELLS]}):
        shelf.add(**files)
    part(shelf, "bridges")
    after = state(shelf)
    assert {**after, "rows": []} == {**before, "rows": []}


@pytest.mark.parametrize("what", WORDS)
def test_what_was_said_of_the_one_taken_in_holds(shelf: Shelf, what: str) -> None:
    """A merged paper has what the user said of either."""
    shelf.add(a=[WELLS], b=[BRIDGES])
    say(shelf, what, "bridges")
    before = state(shelf)
    join(shelf, "wells", "bridges")
    after = state(shelf)
    if what in ("exclude", "include"):
        assert [(d.what, d.reason) for d in after["decisions"].values()] == [
            (d.what, d.reason) for d in before["decisions"].values()
        ]
    assert after["own"]["wells"] == before["own"]["bridges"]
    assert {name: ["wells"] for name in before["members"]} == after["members"]
    assert set(before["names"]) <= set(after["names"])
    assert set(after["names"].values()) == {"wells"}
    assert list(after["bodies"].values()) == list(before["bodies"].values())


def test_where_two_words_differ_the_one_that_stays_counts(shelf: Shelf) -> None:
    """An excluded paper that takes in an included one stays excluded; its own value and whole text stay too."""
    shelf.add(a=[WELLS], b=[BRIDGES])
    for key, what in (("wells", "exclude"), ("bridges", "include")):
        for word in (what, "set", "attach"):
            say(shelf, word, key)
    join(shelf, "wells", "bridges")
    after = state(shelf)
    assert [(d.key, d.what) for d in after["decisions"].values()] == [("wells", "exclude")]
    assert after["papers"]["wells"].venue == "Annals of wells"
    assert after["bodies"]["wells"].text == "All of wells."


def test_what_is_said_of_a_merged_paper_stays_with_it(shelf: Shelf) -> None:
    """A word said after the merge is not lost by the split, nor does it change what the other had."""
    shelf.add(a=[WELLS], b=[BRIDGES])
    say(shelf, "set", "bridges")
    join(shelf, "wells", "bridges")
    shelf.set("wells", "venue", "Annals of Both")
    with shelf.open() as library, library.change():
        library.decide("wells", "exclude", "dull")
        library.collect("later", ["wells"], [])
    part(shelf, "wells")
    after = state(shelf)
    assert after["papers"]["wells"].venue == "Annals of Both"
    assert after["papers"]["bridges"].venue == "Annals of bridges"
    assert list(after["decisions"]) == ["wells"]
    assert after["members"]["later"] == ["bridges", "wells"]


@pytest.mark.parametrize("order", [("wells", "bridges", "seeds"), ("bridges", "seeds", "wells")])
@pytest.mark.parametrize("nested", [False, True])
def test_three_are_merged_and_split_twice(shelf: Shelf, order: tuple[str, str, str], nested: bool) -> None:
    """Merging three papers, one by one or two into the third, is undone step by step."""
    shelf.add("all", a=[WELLS], b=[BRIDGES, SEEDS])
    one, two, three = order
    for what, key in itertools.product(WORDS, order):
        say(shelf, what, key)
    states = [state(shelf)]
    if nested:
        join(shelf, two, three)
    else:
        join(shelf, one, two)
    states.append(state(shelf))
    join(shelf, one, two if nested else three)
    assert shelf.all_keys() == [one]
    with shelf.open() as library:
        assert [library.resolve(key) for key in order] == [one] * 3
    part(shelf, one)
    assert state(shelf) == states.pop()
    part(shelf, two if nested else one)
    assert state(shelf) == states.pop()


def test_merges_of_the_merged_are_undone_the_last_first(shelf: Shelf) -> None:
    """Two pairs that became one part into the pairs, and these into the four."""
    shelf.add(a=[WELLS, BRIDGES, SEEDS, {**PREPRINT, "key": "hums"}])
    before = state(shelf)
    join(shelf, "wells", "bridges")
    join(shelf, "seeds", "hums")
    join(shelf, "wells", "seeds")
    assert part(shelf, "hums" if "hums" in shelf.all_keys() else "wells") == ["wells", "seeds"]
    part(shelf, "wells")
    part(shelf, "seeds")
    assert state(shelf) == before


def test_what_is_one_paper_cannot_be_merged(shelf: Shelf) -> None:
    """A paper is not merged with itself."""
    shelf.add(a=[WELLS])
    with pytest.raises(UsageError) as caught:
        join(shelf, "wells", "wells")
    assert caught.value.hint


@pytest.mark.parametrize(
    "records",
    [[WELLS], [WELLS, WELLS],
     [PREPRINT, PUBLISHED, {**PUBLISHED, "arxiv_id": "2101.00001"}]],
    ids=["one record", "the same twice", "a record with both ids"],
)  # fmt: skip
def test_what_holds_together_cannot_be_split(shelf: Shelf, records: list[Any]) -> None:
    """A paper of one record, or of records that ids hold together, is told with a hint, and left as it was."""
    shelf.add(a=records)
    before = state(shelf)
    with pytest.raises(UsageError) as caught:
        part(shelf, shelf.only().key)
    assert caught.value.hint
    assert state(shelf) == before


# What was split stays apart


def test_a_split_preprint_and_its_publication_stay_apart(shelf: Shelf) -> None:
    """Two papers of an automatic merge stay two, read again in any order, as copies, and together."""
    shelf.add("hums", a=[PREPRINT], b=[PUBLISHED])
    key = shelf.only().key
    assert len(part(shelf, key)) == 2
    before = shelf.papers()
    assert {paper.doi for paper in before.values()} == {None, "10.1234/h.1"}
    assert {paper.collections for paper in before.values()} == {("hums",)}
    for files in ({"b": [PUBLISHED]}, {"a": [PREPRINT]}, {"b": [PUBLISHED], "a": [PREPRINT]}):
        report = shelf.add(**files)
        assert (counts(report)[1], report.changed) == (0, ())
        assert shelf.papers() == before
    shelf.add(copy=[PUBLISHED, PREPRINT])
    assert {key: {o.source for o in paper.sources} for key, paper in shelf.papers().items()} == {
        key: {*(o.source for o in paper.sources), "copy.jsonl"} for key, paper in before.items()
    }


def test_split_records_get_the_keys_that_they_bear(shelf: Shelf) -> None:
    """The paper that is split off gets its own imported key, which names the first no longer."""
    shelf.add(a=[{**PUBLISHED, "key": "hums2023"}, {**PREPRINT, "key": "hums2021"}])
    assert shelf.only().aliases == ("hums2021",)
    assert part(shelf, "hums2023") == ["hums2023", "hums2021"]
    assert {key: paper.aliases for key, paper in shelf.papers().items()} == {"hums2021": (), "hums2023": ()}


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_what_was_split_stays_apart_when_a_record_changes(shelf: Shelf, order: tuple[int, ...]) -> None:
    """A corrected record belongs to the paper of which it was before, though the other has its title too."""
    ways = [
        record("Hums of Loose Iron Bolts", text, notes=text) for text in ("By ear.", "By hand.", "By eye.")
    ]
    shelf.add(a=ways)
    keys = part(shelf, shelf.only().key)
    of_text = {paper.texts.abstract: key for key, paper in shelf.papers().items()}
    corrected = [ways[0], {**ways[1], "abstract": "By both hands."}, ways[2]]
    report = shelf.add(a=[corrected[place] for place in order])
    assert counts(report)[:3] == (3, 0, 2)
    assert [change.key for change in report.changed] == [of_text["By hand."]]
    assert shelf.papers()[of_text["By hand."]].texts.abstract == "By both hands."
    assert len(keys) == len(shelf.all_keys()) == 3


def test_a_merge_survives_re_adds_and_changed_records(shelf: Shelf) -> None:
    """Records of a merged paper that are corrected, even beyond what their titles say, stay in it, each in its place."""
    one, other = ({**WELLS, "authors": ["Ada Bell"]}, {**SEEDS, "authors": ["Cy Dale"]})
    shelf.add(a=[one, other])
    before = state(shelf)
    join(shelf, "wells", "seeds")
    merged = shelf.papers()
    for records in ([other, one], [one, other]):
        report = shelf.add(a=records)
        assert counts(report)[1:4] == (0, 2, 0)
        assert shelf.only().key == "wells"
        assert shelf.only().texts == merged["wells"].texts
    assert shelf.only() == merged["wells"]
    changed = {**other, "abstract": "Dry seeds keep for six winters, if no mouse finds them."}
    shelf.add(a=[changed, {**one, "year": 2019}])
    assert (shelf.only().year, shelf.only().texts.abstract) == (2019, WELLS["abstract"])
    part(shelf, "wells")
    papers = shelf.papers()
    assert list(papers) == list(before["papers"])
    assert (papers["wells"].year, papers["seeds"].texts.abstract) == (2019, changed["abstract"])
    shelf.add(a=[one, other])
    assert shelf.papers() == before["papers"]


def test_what_came_since_goes_where_it_belongs(shelf: Shelf) -> None:
    """A copy of a record, or one with its id, goes with it when the merge is undone."""
    shelf.add(a=[WELLS, BRIDGES])
    join(shelf, "wells", "bridges")
    shelf.add(b=[BRIDGES, {**BRIDGES, "title": "Of Bridges", "abstract": "Other words."}], c=[WELLS])
    assert shelf.all_keys() == ["wells"]
    part(shelf, "wells")
    assert {key: sorted({o.source for o in paper.sources}) for key, paper in shelf.papers().items()} == {
        "wells": ["a.jsonl", "c.jsonl"], "bridges": ["a.jsonl", "b.jsonl"],
    }  # fmt: skip


def test_told_apart_is_remembered_of_the_merged(shelf: Shelf) -> None:
    """What was told apart from a paper is apart from the one that takes it in, and again from itself after a split."""
    shelf.add(a=[WELLS, BRIDGES, SEEDS])
    with shelf.open() as library, library.change():
        library.tell_apart(["bridges", "seeds"])
    join(shelf, "wells", "bridges")
    with shelf.open() as library:
        assert library.apart() == [("seeds", "wells")]
    part(shelf, "wells")
    with shelf.open() as library:
        assert library.apart() == [("bridges", "seeds"), ("bridges", "wells")]


@pytest.mark.parametrize("is_used", [False, True])
def test_a_merged_paper_that_is_removed_gives_its_keys_back(shelf: Shelf, is_used: bool) -> None:
    """After removing a merged paper, both come back under the keys that they had."""
    shelf.add(a=[WELLS, BRIDGES])
    before = shelf.papers()
    if is_used:
        with shelf.open() as library:
            library.mark_used(before)
    join(shelf, "wells", "bridges")
    with shelf.open() as library, library.change():
        library.remove("wells")
    assert shelf.papers() == {}
    shelf.add(a=[WELLS, BRIDGES])
    assert list(shelf.papers()) == list(before)


# Plans


def test_a_plan_that_names_an_alias_names_the_paper() -> None:
    """Other names become keys; a paper that stands in two places then stays in the first."""
    plan = Plan.model_validate(
        {
            "topic": "t",
            "themes": [
                {"id": "one", "title": "One", "description": "", "papers": [{"key": "b", "title": ""}]},
                {"id": "two", "title": "Two", "description": "",
                 "papers": [{"key": "a", "title": ""}, {"key": "c", "title": ""}]},
            ],
            "outliers": [{"key": "d", "title": "", "reason": "dull"}],
        }
    )  # fmt: skip
    assert plan.renamed({}) == plan
    assert plan.renamed({"b": "a"}).keys == ("a", "c", "d")
    assert plan.renamed({"b": "x", "d": "y"}).keys == ("x", "a", "c", "y")
    assert plan.renamed({"b": "z", "d": "z"}).keys == ("z", "a", "c")
    assert [theme.id for theme in plan.renamed({"a": "b", "c": "b"}).themes] == ["one"]
    twice = plan.model_copy(update={"themes": (plan.themes[1], plan.themes[1])})
    assert twice.renamed({"d": "x"}).keys == ("a", "c", "a", "c", "x"), "what is wrong by itself stays wrong"


# Speed


@pytest.mark.parametrize(
    "records",
    [
        [record("Floats in Deep Old Wells", f"A float logs height {n}.", year=2020) for n in range(400)],
        [record("Editorial", f"Issue {n} brings {n} papers.") for n in range(400)],
    ],
    ids=["one work", "one short title"],
)
def test_many_records_of_one_title_are_taken_in_quickly(shelf: Shelf, records: list[Any]) -> None:
    """Time grows with the records, not with their pairs."""
    start = time.process_time()
    shelf.add(a=records)
    assert time.process_time() - start < 2.0
