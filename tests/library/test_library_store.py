"""The library as a file: whole changes, several writers, older and newer versions."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest
from shelf import Shelf, record

from agent.errors import LibraryError
from agent.library import Library
from agent.library.adding import ReadSource, add
from agent.library.schema import MIGRATIONS, back_up, migrate
from agent.records import Paper, Rejected, Texts

WELLS = record("Floats in Deep Wells", "A float logs the height.")
BRIDGES = record("Listening to Old Bridges", "A hum tells of loose bolts.")


def paper(title: str) -> Paper:
    return Paper(title=title, title_original=title, texts=Texts(title=title))


def one_by_one(path: Path, writer: int, count: int) -> None:
    """Open the library and add papers to it, each as one run."""
    for number in range(count):
        source = ReadSource(
            f"/w{writer}-{number}",
            f"w{writer}-{number}",
            [paper(f"Wells of Writer {writer} Number {number}")],
        )
        with Library(path) as library:
            add(library, [source])


def python(code: str, *arguments: object) -> subprocess.Popen[str]:
    """Another process, with the same modules, that runs `code`."""
    paths = os.pathsep.join([str(Path(__file__).parent), *sys.path])
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": paths},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_a_change_that_fails_leaves_no_trace(shelf: Shelf) -> None:
    """What stood inside an interrupted change did not happen, also where half of it was done."""
    shelf.add("wet", a=[WELLS])
    before = shelf.papers()
    with shelf.open() as library:
        with pytest.raises(KeyboardInterrupt), library.change():
            library.insert("other", is_generated=True)
            library.store("other", paper("Other"), [])
            library.remove("floatsindeepwells")
            raise KeyboardInterrupt
        assert library.papers() == before
        with library.change():
            library.insert("other", is_generated=True)
            library.store("other", paper("Other"), [])
    assert shelf.all_keys() == ["floatsindeepwells", "other"]


def test_an_add_that_fails_leaves_no_trace(shelf: Shelf) -> None:
    """A run that cannot store one of its records stores none, and the same run can be tried again."""
    shelf.add(a=[WELLS])
    good, bad = paper("A Good Paper"), paper("Zwei Wells").model_copy(update={"notes": object()})
    with shelf.open() as library:
        with pytest.raises(Exception, match=r"serial"):
            add(library, [ReadSource("/b", "b", [good, Rejected(position="line 2", reason="no title"), bad])])
        assert list(library.papers()) == ["floatsindeepwells"]
        assert [row.source for row in library.records()] == ["a.jsonl"]
        assert add(library, [ReadSource("/b", "b", [good])]).added == 1


def test_a_process_that_is_killed_leaves_no_trace(shelf: Shelf) -> None:
    """A change whose process dies did not happen, and the library can be written at once."""
    shelf.add(a=[WELLS])
    code = """
import sys, pathlib, threading
from agent.library import Library
with Library(pathlib.Path(sys.argv[1])) as library, library.change():
    library.insert("other", is_generated=True)
    library.remove("floatsindeepwells")
    print("half done", flush=True)
    threading.Event().wait()
"""
    with python(code, shelf.path) as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "half done"
        process.send_signal(signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
        process.wait(10)
    assert shelf.all_keys() == ["floatsindeepwells"]
    assert shelf.add(b=[BRIDGES]).added == 1


def test_threads_that_write_at_once_lose_nothing(shelf: Shelf) -> None:
    """Several threads, each with the library open for itself, add all that they add."""
    shelf.add(a=[WELLS])
    threads = [threading.Thread(target=one_by_one, args=(shelf.path, writer, 5)) for writer in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with shelf.open() as library:
        assert len(library.papers()) == 21
        assert len(library.records()) == 21
        assert len({row.run for row in library.records()}) == 21


def test_processes_that_write_at_once_lose_nothing(shelf: Shelf) -> None:
    """Two processes add to one library at the same time, and all is in it."""
    shelf.add(a=[WELLS])
    code = "import sys, pathlib, test_library_store as store\n"
    code += "store.one_by_one(pathlib.Path(sys.argv[1]), int(sys.argv[2]), 8)"
    processes = [python(code, shelf.path, writer) for writer in range(2)]
    for process in processes:
        _, errors = process.communicate(timeout=60)
        assert process.returncode == 0, errors
    assert len(shelf.all_keys()) == 17


def test_a_library_that_two_open_first_is_made_once(tmp_path: Path) -> None:
    """Several writers that find no library make one, and none of them fails."""
    for attempt in range(5):
        path = tmp_path / f"library{attempt}.sqlite"
        start = threading.Barrier(4)
        errors: list[str] = []

        def write(
            writer: int, path: Path = path, start: threading.Barrier = start, errors: list[str] = errors
        ) -> None:
            start.wait()
            try:
                one_by_one(path, writer, 1)
            except BaseException as error:
                errors.append(f"{type(error).__name__}: {error}")

        threads = [threading.Thread(target=write, args=(writer,)) for writer in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert errors == []
        with Library(path) as library:
            assert len(library.papers()) == 4


def test_a_reader_sees_whole_changes_only(shelf: Shelf) -> None:
    """While one writes, another reads what was there before."""
    shelf.add(a=[WELLS])
    with shelf.open() as writer, shelf.open() as reader:
        with writer.change():
            writer.insert("other", is_generated=True)
            writer.store("other", paper("Other"), [])
            assert list(reader.papers()) == ["floatsindeepwells"]
        assert list(reader.papers()) == ["floatsindeepwells", "other"]


def test_papers_are_given_by_key_and_in_order(shelf: Shelf) -> None:
    """All papers, or those that are named and known, in order of key."""
    shelf.add(a=[record("Charlie"), record("Alpha"), record("Bravo")])
    with shelf.open() as library:
        assert list(library.papers()) == ["alpha", "bravo", "charlie"]
        assert list(library.papers(["charlie", "nobody", "alpha", "alpha"])) == ["alpha", "charlie"]
        assert library.papers([]) == {}


def test_a_library_keeps_what_it_was_given(shelf: Shelf) -> None:
    """What was added is there when the library is opened again, without a second file beside it."""
    shelf.add(a=[WELLS, BRIDGES])
    assert len(shelf.all_keys()) == 2
    assert [path.name for path in sorted(shelf.folder.iterdir())] == ["in", "library.sqlite"]


NO_DATABASES = {
    "text": b"This is no database, and longer than the header that one would have. " * 20,
    "a cut library": None,
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(2000),
}


@pytest.mark.parametrize("name", NO_DATABASES)
def test_a_file_that_is_no_library_is_refused(shelf: Shelf, name: str) -> None:
    """A file that cannot be a library is named, with a hint, and left as it was."""
    content = NO_DATABASES[name]
    if content is None:
        shelf.add(a=[WELLS])
        content = shelf.path.read_bytes()[:5000]
    shelf.path.write_bytes(content)
    with pytest.raises(LibraryError) as caught, shelf.open() as library:
        library.papers()
    assert str(shelf.path) in caught.value.message
    assert caught.value.hint
    assert shelf.path.read_bytes() == content


def test_a_strange_database_is_refused(shelf: Shelf) -> None:
    """A database of another program is no library, and nothing is written into it."""
    with closing(sqlite3.connect(shelf.path)) as other:
        other.executescript("CREATE TABLE papers (id INTEGER); INSERT INTO papers VALUES (7);")
    content = shelf.path.read_bytes()
    with pytest.raises(LibraryError) as caught, shelf.open():
        pass
    assert caught.value.hint
    assert shelf.path.read_bytes() == content


@pytest.mark.parametrize("where", ["missing/library.sqlite", "."])
def test_a_place_that_can_hold_no_library_is_refused(tmp_path: Path, where: str) -> None:
    """A folder that is not there, or one in the library's place, is told with a hint."""
    with pytest.raises(LibraryError) as caught, Library(tmp_path / where):
        pass
    assert caught.value.hint


# Versions

FIRST = "CREATE TABLE wells (depth INTEGER); INSERT INTO wells VALUES (7)"
SECOND = "ALTER TABLE wells ADD COLUMN width INTEGER DEFAULT 3; CREATE TABLE floats (name TEXT)"
BROKEN = "CREATE TABLE hums (pitch INTEGER); INSERT INTO nowhere VALUES (1)"


def state(path: Path) -> tuple[int, list[str], list[tuple[int, ...]]]:
    """Version, tables and the rows of the first table, as another program sees them."""
    with closing(sqlite3.connect(path)) as db:
        tables = [
            str(row[0])
            for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
        ]
        rows = db.execute("SELECT * FROM wells").fetchall() if "wells" in tables else []
        return int(db.execute("PRAGMA user_version").fetchone()[0]), tables, rows


def to_version(path: Path, *steps: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        migrate(db, path, steps)


def test_an_older_library_is_copied_and_migrated(tmp_path: Path) -> None:
    """A library of an older version becomes one of this; a copy of the old stands beside it."""
    path = tmp_path / "library.sqlite"
    to_version(path, FIRST)
    assert [file.name for file in tmp_path.iterdir()] == ["library.sqlite"], "a new library needs no copy"
    to_version(path, FIRST, SECOND)
    assert state(path) == (2, ["floats", "wells"], [(7, 3)])
    (copy,) = (file for file in tmp_path.iterdir() if file != path)
    assert state(copy) == (1, ["wells"], [(7,)])
    assert "v1" in copy.name


def test_a_library_of_this_version_is_left_alone(tmp_path: Path) -> None:
    """Opening a library that is up to date writes nothing and copies nothing."""
    path = tmp_path / "library.sqlite"
    to_version(path, FIRST, SECOND)
    content = path.read_bytes()
    to_version(path, FIRST, SECOND)
    assert path.read_bytes() == content
    assert [file.name for file in tmp_path.iterdir()] == ["library.sqlite"]


def test_several_steps_are_taken_in_order(tmp_path: Path) -> None:
    """A library that is two versions behind takes both steps."""
    path = tmp_path / "library.sqlite"
    to_version(path, FIRST)
    to_version(path, FIRST, SECOND, "UPDATE wells SET width = depth * 2")
    assert state(path) == (3, ["floats", "wells"], [(7, 14)])


@pytest.mark.parametrize("steps", [(FIRST, BROKEN), (FIRST, SECOND, BROKEN), (FIRST, BROKEN, SECOND)])
def test_a_step_that_fails_leaves_the_old_version_whole(tmp_path: Path, steps: tuple[str, ...]) -> None:
    """A library is migrated whole or not at all, and can be used as before."""
    path = tmp_path / "library.sqlite"
    to_version(path, FIRST)
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        with pytest.raises((sqlite3.Error, LibraryError)):
            migrate(db, path, steps)
        assert state(path) == (1, ["wells"], [(7,)])
        assert not db.in_transaction, "the half-done step is still open and locks the library"
        assert db.execute("PRAGMA user_version").fetchone() == (1,)
    assert state(path) == (1, ["wells"], [(7,)])
    to_version(path, FIRST, SECOND)
    assert state(path) == (2, ["floats", "wells"], [(7, 3)])


def test_a_new_library_that_fails_is_none(tmp_path: Path) -> None:
    """Where the first step of all fails, no table is left."""
    path = tmp_path / "library.sqlite"
    with pytest.raises((sqlite3.Error, LibraryError)):
        to_version(path, FIRST, BROKEN)
    assert state(path) == (0, [], [])


def test_a_newer_library_is_refused(shelf: Shelf) -> None:
    """A library that a newer version wrote is left as it is, with a hint to update."""
    shelf.add(a=[WELLS])
    with closing(sqlite3.connect(shelf.path)) as db:
        db.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    content = shelf.path.read_bytes()
    with pytest.raises(LibraryError, match="newer") as caught, shelf.open():
        pass
    assert "update" in (caught.value.hint or "")
    assert shelf.path.read_bytes() == content
    assert [path.name for path in sorted(shelf.folder.iterdir())] == ["in", "library.sqlite"]


def test_a_real_library_goes_a_step_further(shelf: Shelf) -> None:
    """A library with papers in it keeps them through a step that comes after all of today's."""
    shelf.add("wet", a=[WELLS, BRIDGES, "{}"])
    before = shelf.papers()
    with closing(sqlite3.connect(shelf.path, isolation_level=None)) as db:
        migrate(db, shelf.path, (*MIGRATIONS, "ALTER TABLE papers ADD COLUMN shelf_mark TEXT"))
    (copy,) = (path for path in shelf.folder.glob("*.sqlite") if path != shelf.path)
    with Library(copy) as library:
        assert library.papers() == before
    with closing(sqlite3.connect(shelf.path)) as db:
        assert db.execute("SELECT count(*), max(shelf_mark) FROM papers").fetchone() == (2, None)


def test_a_library_is_copied_while_it_is_open(shelf: Shelf) -> None:
    """A copy holds what the library holds, also when it takes the place of an older copy."""
    target = shelf.folder / "copy.sqlite"
    for files in ({"a": [WELLS]}, {"b": [BRIDGES]}):
        shelf.add(**files)
        with shelf.open() as library, closing(sqlite3.connect(shelf.path)) as db:
            back_up(db, target)
            with Library(target) as copy:
                assert copy.papers() == library.papers()
