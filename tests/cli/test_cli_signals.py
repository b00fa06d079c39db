"""A run that is stopped from outside: the exit code says how, nothing is lost, no traceback is shown."""

from __future__ import annotations

import os
import signal
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest
from terminal import WELLS, Terminal

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals and pipes as POSIX has them")
MANY = 12_000
PATIENCE = 10  # seconds until a process that does not stop is given up


@pytest.fixture(scope="module")
def pile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file that takes long to take in."""
    return Terminal(tmp_path_factory.mktemp("pile")).write(
        "pile.jsonl",
        [
            {
                "title": f"Report {n} on well {n * 7} and what was found there",
                "abstract": f"We measure well {n} at depth {n}.",
            }
            for n in range(MANY)
        ],
    )


@pytest.mark.parametrize(
    ("number", "code", "word"), [(signal.SIGINT, 130, "interrupted"), (signal.SIGTERM, 143, "terminated")]
)
@pytest.mark.parametrize("command", ["add", "survey"])
def test_a_stopped_run_leaves_a_usable_library(
    desk: Terminal, pile: Path, command: str, number: int, code: int, word: str
) -> None:
    """Ctrl-C and a kill end with one line and their code; the library is sound and takes papers as before."""
    desk.write("wells.jsonl", WELLS)
    assert desk.run("add", "wells.jsonl").code == 0
    process = desk.start(command, pile)
    try:
        assert process.stderr is not None
        assert process.stderr.readline().startswith(b"workspace:")
        time.sleep(0.5)  # so that it is in the middle of its work
        process.send_signal(number)
        out, err = process.communicate(timeout=PATIENCE)
    finally:
        process.kill()
        process.communicate()
    lines = [line for line in err.decode().splitlines() if line.strip()]
    assert (process.returncode, out) == (code, b"")
    assert len(lines) == 1
    assert lines[0].startswith(f"error: {word}")
    assert not (desk.folder / "survey").exists()
    with closing(sqlite3.connect(desk.folder / ".litreview" / "library.sqlite")) as library:
        assert library.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    desk.write("one.jsonl", [{"title": "One More Report of a Well"}])
    assert desk.run("add", "one.jsonl").code == 0
    titles = {paper["title"] for paper in desk.run("papers", "--json").json()["papers"]}
    assert titles >= {record["title"] for record in WELLS}


@pytest.fixture(scope="module")
def wordy(tmp_path_factory: pytest.TempPathFactory) -> Terminal:
    """A library whose list of papers is longer than a pipe holds."""
    desk = Terminal(tmp_path_factory.mktemp("wordy"))
    records = [{"title": f"Well {number} " + "and its depth " * 60} for number in range(120)]
    desk.write("many.jsonl", records)
    assert desk.run("add", "many.jsonl").code == 0
    return desk


@pytest.mark.parametrize("arguments", [("papers",), ("papers", "--json"), ("export", "--format", "jsonl")])
def test_a_reader_that_leaves_early_is_no_error(wordy: Terminal, arguments: tuple[str, ...]) -> None:
    """`litreview papers | true`: the closed pipe ends the command with its own code and without a word."""
    process = wordy.start(*arguments)
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()  # before it writes: how much a pipe holds differs from system to system
    err = process.stderr.read().decode()
    process.stderr.close()
    assert process.wait() == 141
    assert err == ""
