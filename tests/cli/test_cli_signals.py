"""A run that is stopped from outside: the exit code says how, nothing is lost, no traceback is shown."""

from __future__ import annotations

import os
import signal
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from terminal import WELLS, Terminal

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals and pipes as POSIX has them")
MANY = 20_000


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
    assert process.stderr is not None
    assert process.stderr.readline().startswith(b"workspace:")
    process.send_signal(number)
    out, err = process.communicate(timeout=60)
    lines = [
        line for line in err.decode().splitlines() if line.strip() and not line.startswith("reading files")
    ]
    assert (process.returncode, out) == (code, b"")
    assert len(lines) == 1
    assert lines[0].startswith(f"error: {word}")
    assert not (desk.folder / "survey").exists()
    with closing(sqlite3.connect(desk.folder / ".litreview" / "library.sqlite")) as library:
        assert library.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    desk.write("one.jsonl", [{"title": "One More Report of a Well"}])
    assert desk.run("add", "one.jsonl").code == 0
    assert {paper["title"] for paper in desk.run("papers", "--json").json()["papers"]} >= {
        record["title"] for record in WELLS
    }


@pytest.mark.parametrize("arguments", [("papers",), ("papers", "--json"), ("export", "--format", "jsonl")])
def test_a_reader_that_leaves_early_is_no_error(desk: Terminal, arguments: tuple[str, ...]) -> None:
    """`litreview papers | head -1`: the closed pipe ends the command with its own code and without a word."""
    records = [
        {"title": f"Report {n} on the water of well number {n} " + "and its depth " * 20} for n in range(400)
    ]
    desk.write("many.jsonl", records)
    assert desk.run("add", "many.jsonl").code == 0
    process = desk.start(*arguments)
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.read(10)
    process.stdout.close()
    err = process.stderr.read().decode()
    process.stderr.close()
    assert process.wait() == 141
    assert err == ""
