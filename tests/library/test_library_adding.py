"""Taking files in: what is new, known, merged, rejected, changed and gone."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shelf import Shelf, counts, record

from agent.library.adding import add
from agent.records import Paper

FREE = settings(
    derandomize=True,
    database=None,
    deadline=None,
    max_examples=15,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
WELLS = record("Floats in Deep Wells", "A float logs the height.", year=2020)
BRIDGES = record("Listening to Old Bridges", "A hum tells of loose bolts.")
SEEDS = record("Seeds in Dry Sheds", "Dry seeds keep for five winters.")


@pytest.mark.parametrize(
    ("records", "wanted"),
    [
        ([], (1, 0, 0, 0, 1)),
        ([WELLS], (1, 1, 0, 0, 0)),
        ([WELLS, BRIDGES, SEEDS], (3, 3, 0, 0, 0)),
        ([WELLS, WELLS, WELLS], (3, 1, 2, 0, 0)),
        ([WELLS, {**WELLS, "venue": "Wells Quarterly"}], (2, 1, 1, 0, 0)),
        ([WELLS, record("Floats in Deep Wells", notes="wet")], (2, 1, 0, 1, 0)),
        ([WELLS, "{}", "not json", BRIDGES], (4, 2, 0, 0, 2)),
        (["{}", "{}"], (2, 0, 0, 0, 2)),
    ],
)
def test_every_record_is_counted_once(shelf: Shelf, records: list[Any], wanted: tuple[int, ...]) -> None:
    """A record is added, known, merged or rejected; an empty file is one rejection."""
    assert counts(shelf.add(a=records)) == wanted


def test_rejections_are_told_with_file_and_place(shelf: Shelf) -> None:
    """The report names each rejected record's file, line and reason, file by file."""
    report = shelf.add(b=["{}", WELLS], a=[BRIDGES, "not json"])
    assert [(item.source, item.position) for item in report.rejected] == [
        ("a.jsonl", "line 2"),
        ("b.jsonl", "line 1"),
    ]
    assert [item.reason[:8] for item in report.rejected] == ["not JSON", "no title"]


def test_a_file_that_was_added_before_is_known(shelf: Shelf) -> None:
    """Adding the same file again changes nothing."""
    records = [WELLS, BRIDGES, "{}"]
    shelf.add(a=records)
    before = shelf.papers()
    report = shelf.add(a=records)
    assert counts(report) == (3, 0, 2, 0, 1)
    assert (report.changed, report.gone) == ((), ())
    assert shelf.papers() == before


@pytest.mark.parametrize(
    "records",
    [
        [record("Floats in Wells", "Short."), record("Floats in Wells", "A text that is longer.", year=2020)],
        [
            record("Floats in Wells", year=2021, notes="x"),
            record("Floats in wells", "A text.", venue="Wells"),
        ],
        [
            record("Floats in Wells", text)
            for text in ("One text.", "A second text.", "The third text is longest.")
        ],
    ],
)
def test_a_file_with_doubles_is_known_as_well(shelf: Shelf, records: list[dict[str, Any]]) -> None:
    """Adding a file again changes nothing where it holds a paper several times, the best record last."""
    shelf.add(a=records)
    before = shelf.papers()
    for _ in range(2):
        report = shelf.add(a=records)
        assert counts(report)[1:4] == (0, len(records), 0)
        assert (report.changed, report.gone) == ((), ())
        assert shelf.papers() == before


def test_a_file_under_another_name_is_known(shelf: Shelf) -> None:
    """The same records from another file are known, and the paper names both."""
    shelf.add(a=[WELLS])
    assert counts(shelf.add(b=[WELLS])) == (1, 0, 1, 0, 0)
    assert [origin.source for origin in shelf.only().sources] == ["a.jsonl", "b.jsonl"]


def test_files_of_one_name_in_two_runs_are_told_apart(shelf: Shelf) -> None:
    """A later file of a name that is taken gets a longer one, in the report as in the library."""
    report = None
    for folder, lines in (("one", [WELLS]), ("two", [BRIDGES, "{}"])):
        shelf.write(f"{folder}/a.jsonl", lines)
        read = shelf.sources([f"{folder}/a.jsonl"])
        with shelf.open() as library:
            report = add(library, [type(read[0])(read[0].path, "a.jsonl", read[0].records)])
    assert report is not None
    with shelf.open() as library:
        rows = [(row.source, row.position) for row in library.records()]
    assert rows == [("a.jsonl", "line 1"), ("two/a.jsonl", "line 1"), ("two/a.jsonl", "line 2")]
    assert [(item.source, item.position) for item in report.rejected] == [("two/a.jsonl", "line 2")]


CHANGES = [
    ({"abstract": "A float logs the height by day and night."}, ("abstract",)),
    ({"year": 2021}, ("year",)),
    ({"title": "FLOATS in Deep Wells"}, ("title",)),
    ({"venue": "Wells Quarterly", "notes": "wet"}, ("notes", "venue")),
    ({"authors": ["Ada Lovelace"]}, ("authors",)),
    ({"keywords": ["water"]}, ("keywords",)),
    ({"ids": {"pmid": "7"}}, ("ids",)),
    ({"shelf_mark": "7"}, ("fields",)),
    ({"year": None}, ("year",)),
    ({"abstract": None}, ("abstract",)),
]


@pytest.mark.parametrize(("change", "fields"), CHANGES, ids=[str(change) for change, _ in CHANGES])
def test_a_changed_record_replaces_the_old(
    shelf: Shelf, change: dict[str, Any], fields: tuple[str, ...]
) -> None:
    """What a file says anew stands, what it says no longer is unknown, and the report names the fields."""
    shelf.add(a=[WELLS, BRIDGES])
    key = next(key for key, paper in shelf.papers().items() if paper.title == WELLS["title"])
    report = shelf.add(a=[{**WELLS, **change}, BRIDGES])
    assert counts(report) == (2, 0, 1, 1, 0)
    assert [(item.key, item.fields) for item in report.changed] == [(key, fields)]
    assert report.gone == ()
    fresh = Shelf(shelf.folder / "fresh")
    fresh.add(a=[{**WELLS, **change}, BRIDGES])
    wanted = next(
        paper
        for paper in fresh.papers().values()
        if paper.texts.title.casefold() == WELLS["title"].casefold()
    )
    assert shelf.papers()[key].model_copy(update={"key": ""}) == wanted.model_copy(update={"key": ""})


def test_a_changed_title_is_followed_by_its_id(shelf: Shelf) -> None:
    """A paper that has an id keeps its key when its title is corrected."""
    shelf.add(a=[{**WELLS, "doi": "10.1234/w.1"}])
    (key,) = shelf.all_keys()
    report = shelf.add(a=[{**WELLS, "doi": "10.1234/w.1", "title": "Floats in Very Deep Wells"}])
    assert counts(report) == (1, 0, 0, 1, 0)
    assert shelf.only().title == "Floats in Very Deep Wells"
    assert shelf.only().key == key


def test_a_changed_text_under_a_short_title_replaces_the_old(shelf: Shelf) -> None:
    """A corrected abstract is a correction under a short title too, where its file holds one such record."""
    shelf.add(a=[record("Deep Wells", "A float logs the hight.")])
    report = shelf.add(a=[record("Deep Wells", "A float logs the height.")])
    assert counts(report) == (1, 0, 0, 1, 0)
    assert shelf.only().texts.abstract == "A float logs the height."


def test_a_moved_record_is_known(shelf: Shelf) -> None:
    """Records in another order are the same records."""
    shelf.add(a=[WELLS, BRIDGES, SEEDS])
    report = shelf.add(a=[SEEDS, WELLS, "{}", BRIDGES])
    assert counts(report) == (4, 0, 3, 0, 1)
    with shelf.open() as library:
        assert [row.position for row in library.records()] == ["line 1", "line 2", "line 3", "line 4"]


def test_another_file_changes_nothing_that_was_said(shelf: Shelf) -> None:
    """A changed text replaces only what the same file said before."""
    shelf.add(a=[WELLS])
    shelf.add(b=[{**WELLS, "abstract": "Another text."}])
    assert shelf.only().texts.abstract == WELLS["abstract"]
    report = shelf.add(b=[{**WELLS, "abstract": "Yet another text."}])
    assert counts(report) == (1, 0, 1, 0, 0)
    assert shelf.only().texts.abstract == WELLS["abstract"]


def test_what_is_gone_stays_and_is_named(shelf: Shelf) -> None:
    """A record that its file no longer has is named; its paper stays as it was."""
    shelf.add(a=[BRIDGES, WELLS, SEEDS])
    before = shelf.papers()
    report = shelf.add(a=[BRIDGES])
    assert counts(report) == (1, 0, 1, 0, 0)
    assert report.gone == tuple(
        sorted(key for key, paper in before.items() if paper.title != BRIDGES["title"])
    )
    assert shelf.papers() == before
    again = shelf.add(a=[BRIDGES])
    assert again.gone == (), "what was gone before is not gone again"


def test_what_was_gone_comes_back_once(shelf: Shelf) -> None:
    """A record that is there again is the one that was, not a second one."""
    shelf.add(a=[WELLS, BRIDGES])
    before = shelf.papers()
    shelf.add(a=[BRIDGES])
    report = shelf.add(a=[WELLS, BRIDGES])
    assert counts(report) == (2, 0, 2, 0, 0)
    assert shelf.papers() == before
    with shelf.open() as library:
        assert len(library.records()) == 2
        assert len(library.records(paths=[shelf.where("a")])) == 2


def test_a_double_that_goes_is_not_gone(shelf: Shelf) -> None:
    """A paper of which one record is left in the file is still in it."""
    shelf.add(a=[WELLS, WELLS, BRIDGES])
    report = shelf.add(a=[WELLS, BRIDGES])
    assert report.gone == ()
    with shelf.open() as library:
        assert len(library.records(paths=[shelf.where("a")])) == 2


def test_what_one_file_lost_another_has(shelf: Shelf) -> None:
    """A record is gone from its own file, whatever other files hold."""
    shelf.add(a=[WELLS, BRIDGES], b=[WELLS])
    key = next(key for key, paper in shelf.papers().items() if paper.title == WELLS["title"])
    assert shelf.add(a=[BRIDGES]).gone == (key,)


def test_a_record_that_became_unreadable_is_gone_and_rejected(shelf: Shelf) -> None:
    """A line that was a paper and is none any more is rejected, and the paper stays."""
    shelf.add(a=[WELLS, BRIDGES])
    report = shelf.add(a=["{}", BRIDGES])
    assert counts(report) == (2, 0, 1, 0, 1)
    assert len(report.gone) == 1
    assert len(shelf.all_keys()) == 2


def test_rejections_are_those_of_the_last_time(shelf: Shelf) -> None:
    """A file that was mended has no rejections left."""
    shelf.add(a=[WELLS, "{}"])
    shelf.add(a=[WELLS, BRIDGES])
    with shelf.open() as library:
        assert [row.reason for row in library.records()] == [None, None]


def test_rows_tell_where_each_record_stood(shelf: Shelf) -> None:
    """Every record has a row, with its place, its title and its key or the reason why not."""
    shelf.add(b=[WELLS, '{"id": "W7"}'], a=[BRIDGES, WELLS])
    with shelf.open() as library:
        rows = [(row.source, row.position, row.title, bool(row.key), row.reason) for row in library.records()]
    assert rows == [
        ("a.jsonl", "line 1", BRIDGES["title"], True, None),
        ("a.jsonl", "line 2", WELLS["title"], True, None),
        ("b.jsonl", "line 1", WELLS["title"], True, None),
        ("b.jsonl", "line 2", "W7", False, "no title"),
    ]


def test_rows_of_a_path_are_as_last_read(shelf: Shelf) -> None:
    """Asked by path, the library tells what those files held when they were last read."""
    shelf.add(a=[WELLS, "{}"], b=[BRIDGES])
    shelf.add(a=[SEEDS])
    with shelf.open() as library:
        assert [row.title for row in library.records(paths=[shelf.where("a")])] == [SEEDS["title"]]
        assert [row.title for row in library.records(paths=[shelf.where("a"), shelf.where("b")])] == [
            SEEDS["title"], BRIDGES["title"],
        ]  # fmt: skip
        assert library.records(paths=[]) == []


POOL: list[Any] = [
    WELLS, BRIDGES, SEEDS, "{}", "not json",
    {**WELLS, "abstract": "A float logs the height by day and night.", "doi": "10.1234/w.1"},
    {**WELLS, "doi": "10.1234/w.2"},
    {**BRIDGES, "title": "Listening to OLD bridges", "notes": "loud"},
    record("Of Hums and Bolts", doi="10.1234/w.1"),
    record("Of Hums and Bolts", arxiv_id="2401.00001"),
    record("Deep Wells", "One text."), record("Deep Wells", "Another text."), record("Deep Wells"),
]  # fmt: skip
BATCHES = st.dictionaries(
    st.sampled_from("abc"), st.lists(st.sampled_from(POOL), max_size=6), min_size=1, max_size=3
)


@FREE
@given(st.lists(BATCHES, min_size=1, max_size=3))
def test_nothing_is_lost_or_doubled(
    tmp_path_factory: pytest.TempPathFactory, runs: list[dict[str, list[Any]]]
) -> None:
    """However records come in and come again, each is counted once and has one row, and no paper has none."""
    shelf = Shelf(tmp_path_factory.mktemp("runs"))
    papers: dict[str, Paper] = {}
    for files in runs:
        report = shelf.add(**files)
        assert counts(report)[0] == sum(max(1, len(records)) for records in files.values())
        with shelf.open() as library:
            for name, records in files.items():
                rows = library.records(paths=[shelf.where(name)])
                assert len(rows) == max(1, len(records))
                assert all((row.key is None) == (row.reason is not None) for row in rows)
            every = library.records()
            after = library.papers()
        assert len(after) == len(papers) + report.added
        assert set(papers) <= set(after)
        assert {row.key for row in every if row.key} == set(after)
        assert set(report.gone) <= set(papers)
        papers = after


@FREE
@given(BATCHES)
def test_the_same_files_again_change_nothing(
    tmp_path_factory: pytest.TempPathFactory, files: dict[str, list[Any]]
) -> None:
    """Whatever the files hold, adding them a second time finds everything known."""
    shelf = Shelf(tmp_path_factory.mktemp("again"))
    shelf.add(**files)
    before = shelf.papers()
    report = shelf.add(**files)
    assert (report.added, report.merged, report.changed, report.gone) == (0, 0, (), ())
    assert shelf.papers() == before
