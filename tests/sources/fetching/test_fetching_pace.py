"""A service's rate holds for the user: over calls, processes and restarts."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from scripted_service import START, Clock

from agent.errors import SourceError
from agent.sources.fetching.pace import LONGEST_HOLD, LONGEST_WAIT, Pace

ROOT = Path(__file__).parents[3]
# A process that takes turns by a clock that is a file: sleeping moves it, and so does a call.
TAKES_TURNS = """
import json, os, sys
from pathlib import Path
from agent.sources.fetching.pace import Pace
folder, clock, log, turns, rate, call = (*map(Path, sys.argv[1:4]), int(sys.argv[4]), *map(float, sys.argv[5:7]))
def now(): return float(clock.read_text())
def sleep(seconds):
    draft = clock.with_suffix(f'.{os.getpid()}')
    draft.write_text(str(now() + seconds))
    draft.replace(clock)
pace = Pace(folder, now, sleep)
print("ready", flush=True)
sys.stdin.readline()
for _ in range(turns):
    with pace.turn("wells", rate):
        begun = now()
        sleep(call)
        with log.open("a") as out:
            print(json.dumps([os.getpid(), begun, now()]), file=out)
"""


def test_calls_keep_their_distance(tmp_path: Path) -> None:
    """The first call waits for nothing; the next ones for what is left since the end of the last."""
    clock = Clock()
    pace = Pace(tmp_path, clock.now, clock.sleep)
    begun = []
    for between in (0.0, 1.0, 10.0):
        with pace.turn("wells", 3.0):
            begun.append(clock.time - START)
            clock.time += 0.5  # how long the call takes
        clock.time += between
    assert begun == [0.0, 3.5, 7.0]
    assert clock.slept == [3.0, 2.0]
    with pace.turn("wells", 3.0):
        pass
    assert len(clock.slept) == 2  # ten seconds have passed


def test_services_do_not_wait_for_each_other(tmp_path: Path) -> None:
    """Each service has a rate of its own, also inside another's turn."""
    clock = Clock()
    pace = Pace(tmp_path, clock.now, clock.sleep)
    with pace.turn("wells", 3.0), pace.turn("bridges", 3.0):
        pass
    assert clock.slept == []


def test_two_processes_never_call_closer_than_the_rate(tmp_path: Path) -> None:
    """Turns of two processes that share a folder neither overlap nor come closer than the rate."""
    clock, log = tmp_path / "clock", tmp_path / "log"
    clock.write_text(str(START))
    arguments = [tmp_path / "rates", clock, log, 5, 3.0, 0.5]
    found = [
        subprocess.Popen(
            [sys.executable, "-c", TAKES_TURNS, *map(str, arguments)],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )
        for _ in range(2)
    ]  # fmt: skip
    for process in found:
        assert process.stdout is not None and process.stdout.readline() == b"ready\n"
    for process in found:
        assert process.stdin is not None
        process.stdin.write(b"go\n")
        process.stdin.flush()
    said = [process.communicate(timeout=30) for process in found]
    assert [process.returncode for process in found] == [0, 0], said
    turns = [json.loads(line) for line in log.read_text().splitlines()]
    assert len(turns) == 10 and len({process for process, _, _ in turns}) == 2
    ordered = sorted((begun, ended) for _, begun, ended in turns)
    assert all(later[0] - earlier[1] >= 3.0 for earlier, later in pairwise(ordered))


def test_a_turn_is_given_back_by_whoever_fails_or_dies(tmp_path: Path) -> None:
    """An error inside a turn, and a process that was killed in one, leave the next one free."""
    clock = Clock()
    pace = Pace(tmp_path, clock.now, clock.sleep)
    with pytest.raises(ValueError, match="broke"), pace.turn("wells", 3.0):
        raise ValueError("broke")
    dies = "import os, sys; from pathlib import Path; from agent.sources.fetching.pace import Pace\n"
    dies += "with Pace(Path(sys.argv[1]), lambda: 0.0, print).turn('wells', 0.0): os._exit(9)"
    assert subprocess.run([sys.executable, "-c", dies, str(tmp_path)], cwd=ROOT).returncode == 9
    with pace.turn("wells", 3.0):
        pass
    assert clock.slept == [3.0]


@pytest.mark.parametrize(
    ("asked", "rests"),
    [(0.0, 3.0), (1.0, 3.0), (60.0, 60.0), (LONGEST_WAIT, LONGEST_WAIT)],
)
def test_what_a_service_asks_for_is_kept_for_all(tmp_path: Path, asked: float, rests: float) -> None:
    """A wait that one process was asked for, the next one waits too: the longer of it and the rate."""
    clock = Clock()
    with Pace(tmp_path, clock.now, clock.sleep).turn("wells", 3.0) as hold:
        hold(asked)
    with Pace(tmp_path, clock.now, clock.sleep).turn("wells", 3.0):
        pass
    assert clock.slept == [rests]


def test_a_long_wait_is_refused_until_it_is_over(tmp_path: Path) -> None:
    """Nobody sits through more than five minutes: it is said, nothing is slept, and afterwards it goes on."""
    clock = Clock()
    with Pace(tmp_path, clock.now, clock.sleep).turn("wells", 3.0) as hold:
        hold(LONGEST_WAIT + 61)
    later = Pace(tmp_path, clock.now, clock.sleep)
    for _ in range(2):  # being refused does not make it longer
        with (
            pytest.raises(SourceError, match=r"^wells: asks to be left alone for 361 s$"),
            later.turn("wells", 3.0),
        ):
            pytest.fail("it was called")
    clock.time += 361
    with later.turn("wells", 3.0):
        pass
    assert clock.slept == []


def test_a_wait_without_reason_ends(tmp_path: Path) -> None:
    """A service that has lost its clock is asked again after a week."""
    clock = Clock()
    pace = Pace(tmp_path, clock.now, clock.sleep)
    with pace.turn("wells", 3.0) as hold:
        hold(1e12)
    clock.time += LONGEST_HOLD - 1
    with pace.turn("wells", 3.0):
        pass
    assert clock.slept == [1.0]


def test_a_clock_that_was_set_back_costs_one_rate(tmp_path: Path) -> None:
    """After the clock was set back a year, the next call waits for the rate and no year."""
    clock = Clock()
    pace = Pace(tmp_path, clock.now, clock.sleep)
    with pace.turn("wells", 3.0):
        pass
    clock.time -= 365 * 86400
    with pace.turn("wells", 3.0):
        pass
    assert clock.slept == [3.0]


def test_a_rate_that_cannot_be_kept_is_said(tmp_path: Path) -> None:
    """Where the folder is a file, or the state is damaged, nothing is called, and the file is named."""
    (tmp_path / "file").write_text("")
    (tmp_path / "wells.sqlite").write_bytes(b"this is no database, however long it is" * 40)
    clock = Clock()
    for folder in (tmp_path / "file", tmp_path):
        with (
            pytest.raises(
                SourceError, match=r"wells\.sqlite: cannot be used, so no rate can be kept"
            ) as caught,
            Pace(folder, clock.now, clock.sleep).turn("wells", 3.0),
        ):
            pytest.fail("it was called")
        assert caught.value.hint


def test_a_queue_that_never_ends_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever waits in vain for another process's turn is told so, in its words and not the database's."""
    monkeypatch.setattr("agent.sources.fetching.pace.TURN_SECONDS", 0.0)
    clock = Clock()
    pace = Pace(tmp_path, clock.now, clock.sleep)
    with (
        pace.turn("wells", 3.0),
        pytest.raises(SourceError, match="another process has been asking it"),
        pace.turn("wells", 3.0),
    ):
        pytest.fail("two at once")
    with sqlite3.connect(tmp_path / "wells.sqlite") as state:
        assert state.execute("SELECT count(*) FROM turns").fetchone() == (1,)
    state.close()
