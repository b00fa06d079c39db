"""A library of an earlier version, as that version wrote it: it opens, is copied first, and knows its papers again."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from shelf import Shelf, counts, record

from agent.errors import LibraryError
from agent.library import Library
from agent.library.merging import merge, split
from agent.library.schema import MIGRATIONS, RUNS, TABLES

LINES = [
    record("Floats in Deep Wells", "A float logs the height.", year=2020, key="wells", doi="10.1234/W.1"),
    record("C++ for Old Bridges", "A hum tells of loose bolts."),
    record("α-Decay of Dry Seeds", "Seeds keep for five winters.", arxiv_id="2101.00001v2"),
    record("Hums of Iron Bolts", "We listen.", arxiv_id="2102.00002", year=2021),
    record("Hums of Iron Bolts", "We listen.", doi="10.1234/h.1", venue="Bridge Letters", year=2023),
]
OLD_TITLES = ["floatsindeepwells", "cforoldbridges", "αdecayofdryseeds", "humsofironbolts", "humsofironbolts"]
KEYS = ["wells", "cforoldbridges", "decayofdryseeds", "humsofironbolts", "humsofironbolts"]


@pytest.fixture
def old(shelf: Shelf) -> Shelf:
    """A library of version 2 with the papers of a file, made by hand in the form of that version."""
    shelf.write("a.jsonl", LINES)
    said = list(shelf.sources(["a.jsonl"])[0].records)
    with closing(sqlite3.connect(shelf.path)) as db:
        db.executescript(TABLES + RUNS + "PRAGMA user_version = 2;")
        db.execute("INSERT INTO sources VALUES (1, ?, 'a.jsonl')", (shelf.where("a"),))
        for number, (paper, key, title) in enumerate(zip(said, KEYS, OLD_TITLES, strict=True), start=1):
            written = without_new_fields(paper.model_dump(mode="json", exclude_defaults=True))
            whole = {**written, "key": key, "collections": ["wet"]}
            db.execute(
                "INSERT OR IGNORE INTO papers VALUES (?, ?, 1, ?)", (key, key != "wells", json.dumps(whole))
            )
            db.execute(
                "INSERT INTO records (id, source, ordinal, position, title, key, paper, run, rank)"
                " VALUES (?, 1, ?, ?, ?, ?, ?, 1, ?)",
                (number, number, f"line {number}", written["title"], key, json.dumps(written), number),
            )
            ids = [("doi", written.get("doi")), ("arxiv", written.get("arxiv_id")), ("title", title)]
            db.executemany(
                "INSERT OR IGNORE INTO identities VALUES (?, ?, ?)", [(s, v, key) for s, v in ids if v]
            )
            db.execute("INSERT OR IGNORE INTO members VALUES ('wet', ?)", (key,))
        db.execute("INSERT INTO source_collections VALUES ('wet', 1)")
        db.execute("INSERT INTO aliases VALUES ('floats', 'wells')")
        db.execute("INSERT INTO former_keys VALUES ('gone', 'goneforgood')")
        db.execute("INSERT INTO decisions VALUES (1, 'wells', 'exclude', NULL, NULL, 'dull')")
        db.execute(
            "INSERT INTO decisions VALUES (2, 'cforoldbridges', 'set', 'venue', '\"My Bridges\"', NULL)"
        )
        db.execute("INSERT INTO outputs VALUES ('abc')")
        db.execute("INSERT INTO runs VALUES ('r', '2026-01-15')")
        db.commit()
    return shelf


def without_new_fields(paper: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in paper.items() if name not in ("is_untitled", "collections", "key")}


def test_an_old_library_is_copied_and_opened(old: Shelf) -> None:
    """Everything in it is there, and the copy beside it is the library as it was."""
    before = old.path.read_bytes()
    assert old.all_keys() == sorted(set(KEYS))
    with closing(sqlite3.connect(old.path)) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)
    (copy,) = (path for path in old.folder.glob("*.sqlite") if path != old.path)
    assert copy.name == "library.v2.backup.sqlite"
    with closing(sqlite3.connect(copy)) as left, closing(sqlite3.connect(old.folder / "was")) as right:
        Path(old.folder / "was").write_bytes(before)
        assert list(left.iterdump()) == list(right.iterdump())
    with old.open() as library:
        assert library.members("wet") == sorted(set(KEYS))
        assert library.resolve("floats") == "wells"
        assert {d.key: (d.what, d.reason) for d in library.decisions().values()} == {
            "wells": ("exclude", "dull")
        }
        assert library.own_values("cforoldbridges") == {"venue": "My Bridges"}
        assert library.former_key("goneforgood") == "gone"
        assert library.is_noted("abc")
        with library.change():
            assert library.begin_run("r", "2027-01-01") == "2026-01-15"


def test_its_records_are_known_again(old: Shelf) -> None:
    """The file that it came from, and a copy of it, bring nothing new; every paper keeps its key."""
    report = old.add(a=LINES)
    assert (counts(report)[1], report.gone) == (0, ())
    assert old.all_keys() == sorted(set(KEYS))
    papers = old.papers()
    again = old.add(a=LINES[::-1], b=LINES)
    assert counts(again)[1:4] == (0, 10, 0)
    assert old.all_keys() == sorted(set(KEYS))
    assert {key: paper.texts for key, paper in old.papers().items()} == {
        key: paper.texts for key, paper in papers.items()
    }
    assert old.papers()["humsofironbolts"].doi == "10.1234/h.1"


SPELT = [
    ("wells", record("FLOATS in Deep Wells", year=2021)),
    ("wells", record("Of Other Words", doi="https://doi.org/10.1234/w.1")),
    ("cforoldbridges", record("C++ for old bridges.")),
    ("decayofdryseeds", record("Alpha-Decay of Dry Seeds")),
    ("decayofdryseeds", record("Of Seeds", url="https://arxiv.org/abs/2101.00001v7")),
    ("humsofironbolts", record("Of Hums", arxiv_id="2102.00002")),
    (None, record("C# for Old Bridges")),
    (None, record("C for Old Bridges")),
    (None, record("β-Decay of Dry Seeds")),
]


@pytest.mark.parametrize(("key", "fresh"), SPELT)
def test_it_knows_works_as_this_version_does(old: Shelf, key: str | None, fresh: dict[str, Any]) -> None:
    """Titles and ids that are compared in a new way find its papers, and what is another work is one."""
    report = old.add(fresh=[fresh])
    assert report.added == (key is None)
    found = [key for key, paper in old.papers().items() if "fresh.jsonl" in {o.source for o in paper.sources}]
    assert len(found) == 1
    assert found == [key] if key else found[0] not in KEYS


def test_what_it_merged_can_be_split_and_merged(old: Shelf) -> None:
    """A merge that the older version made on its own is taken apart, and made again."""
    with old.open() as library:
        one, other = split(library, "humsofironbolts")
        assert {paper.doi for paper in library.papers([one, other]).values()} == {None, "10.1234/h.1"}
    assert old.add(a=LINES).added == 0
    assert len(old.all_keys()) == 5
    with old.open() as library:
        merge(library, one, other)
        assert list(library.papers()) == sorted(set(KEYS))


def test_an_old_library_with_a_paper_that_cannot_be_read_is_left(old: Shelf) -> None:
    """Where a step fails, the library is as it was."""
    with closing(sqlite3.connect(old.path)) as db:
        db.execute("UPDATE records SET paper = '{}' WHERE id = 3")
        db.commit()
        before = list(db.iterdump())
    with pytest.raises(LibraryError) as caught, Library(old.path):
        pass
    assert caught.value.hint
    with closing(sqlite3.connect(old.path)) as db:
        assert list(db.iterdump()) == before
        assert db.execute("PRAGMA user_version").fetchone() == (2,)
