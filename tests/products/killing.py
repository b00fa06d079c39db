"""Kill a run at a place, start it again three times, and tell what came of each letter."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from counting_server import CountingServer
from outbox_runs import ISSUE, MEMORY, NAME, RECIPIENTS, tables

from agent.library import Library

ADA, BOB, CYD = RECIPIENTS
RESTARTS = 3
BIG = 5_000_000  # more than the system takes in before the other side reads
Way = Literal["smtp", "files"]


@dataclass(frozen=True)
class Place:
    """Where a run is killed.

    Args:
        name: as the table calls it.
        by: `server`, or the kind of event in the run itself (see `outbox_runs.Death`).
        what: the server's place, or a pattern.
        nth: which time; the second letter is Bob's.
        taken: how often Bob's letter arrives in all.
        state: what becomes of it.
        size: characters of bibliography.
    """

    name: str
    by: str
    what: str
    nth: int = 1
    taken: int = 1
    state: str = "sent"
    size: int = 0


CLAIM, NOTE, SETTLE = "SET state = 'sending'", "SET reached = 'data'", "SET state = 'sent'"
RECOVER = "SET state = 'unknown'"
COMPOSING = (
    Place("before anything is written", "sql", "INSERT INTO issues"),
    Place("composing: issue written, no letter", "sql", "INTO outbox"),
    Place("composing: between two letters", "sql", "INTO outbox", 2),
    Place("composing: letters written, memory not", "sql", "INTO outputs"),
    Place("composing: all written, not committed", "commit", "INTO outputs"),
    Place("composed", "committed", "INTO outputs"),
    Place("before the lock", "call", "fcntl.flock"),
    Place("locked, before looking for what was left", "sql", RECOVER),
    Place("before the claim", "sql", CLAIM, 2),
    Place("claim written, not committed", "commit", CLAIM, 2),
    Place("claimed", "committed", CLAIM, 2),
)
SETTLING = (
    Place("settled", "committed", SETTLE, 2),
    Place("between two recipients", "sql", CLAIM, 3),
    Place("all settled, before the end", "sql", RECOVER, 2),
)
SMTP = (
    *COMPOSING,
    Place("before connecting", "call", "socket.connect"),
    Place("connected, before the greeting", "server", "line"),
    Place("greeted, at EHLO", "server", "EHLO"),
    Place("at MAIL", "server", "MAIL", 2),
    Place("after MAIL, at RCPT", "server", "RCPT", 2),
    Place("after RCPT, at DATA", "server", "DATA", 2),
    Place("in the data", "server", "body", 2, size=BIG),
    Place("all but the end sent, before the note", "sql", NOTE, 2),
    Place("note written, not committed", "commit", NOTE, 2),
    Place("noted, before the end", "committed", NOTE, 2, taken=0, state="unknown"),
    Place("after the end, server had not taken it", "server", "end", 2, taken=0, state="unknown"),
    Place("after the end, taken, before the reply", "server", "taken", 2, taken=1, state="unknown"),
    Place("after the reply, before settling", "sql", SETTLE, 2, taken=1, state="unknown"),
    Place("settling, not committed", "commit", SETTLE, 2, taken=1, state="unknown"),
    *SETTLING,
    Place("at QUIT", "server", "QUIT"),
)
FILES = (
    *COMPOSING,
    Place("before the draft is opened", "call", r"open .*/out/.*bob.*\.part"),
    Place("draft written, before the rename", "call", "os.rename", 2),
    Place("renamed, before the folder is synced", "call", "open .*/out$", 2),
    Place("written, before settling", "sql", SETTLE, 2),
    Place("settling, not committed", "commit", SETTLE, 2),
    *SETTLING,
)


@dataclass(frozen=True)
class Standing:
    """How it stands after a run: how the run ended, how often each letter arrived, what the outbox says."""

    end: int
    taken: Mapping[str, int]
    states: Mapping[str, str]


class Runs:
    """Starts runs, of a program that is loaded once."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("outbox_runs.py"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
            text=True,
        )

    def close(self) -> None:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()

    def run(self, *jobs: dict[str, Any], server: CountingServer | None = None, kill: tuple[str, int] | None = None) -> list[int]:  # fmt: skip
        """Run jobs all at once; how each ended. `kill` is a place of the server's where the first one dies."""
        numbers = self._say(json.dumps(jobs))
        if server and kill:
            server.kill_at(*kill, numbers[0])
        return self._say("go")

    def _say(self, line: str) -> list[int]:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        told: list[int] = json.loads(self._process.stdout.readline())
        return told


@contextmanager
def loaded() -> Iterator[Runs]:
    runs = Runs()
    try:
        yield runs
    finally:
        runs.close()


class Trial:
    """One library, one way, and the runs on it."""

    def __init__(self, runs: Runs, way: Way, folder: Path, server: CountingServer) -> None:
        self.runs, self.way, self.folder, self.server = runs, way, folder, server
        folder.mkdir()

    def job(self, number: int = 0, **more: Any) -> dict[str, Any]:
        return {
            "way": self.way,
            "folder": str(self.folder),
            "port": self.server.port,
            "report": str(self.folder / f"report{number}.txt"),
            "events": str(self.folder / f"events{number}.txt"),
            **more,
        }

    def once(self, place: Place | None = None, size: int = 0) -> Standing:
        """One run, killed at `place` if one is given."""
        (self.folder / "events0.txt").unlink(missing_ok=True)
        if place is None:
            (end,) = self.runs.run(self.job(size=size))
            assert end == 0, self.told()
        elif place.by == "server":
            (end,) = self.runs.run(self.job(size=size), server=self.server, kill=(place.what, place.nth))
        else:
            (end,) = self.runs.run(self.job(size=size, kill=[place.by, place.what, place.nth]))
        return self.standing(end)

    def told(self, number: int = 0) -> str:
        return (self.folder / f"report{number}.txt").read_text(encoding="utf-8")

    def standing(self, end: int = 0) -> Standing:
        library = self.folder / "library.sqlite"
        states = {recipient: state for recipient, state, _ in tables(library)} if library.exists() else {}
        return Standing(end, self.taken(), states)

    def taken(self) -> dict[str, int]:
        """How often each letter arrived; each with the bytes and the Message-ID that it was stored with."""
        letters = self.letters()
        counts: Counter[str] = Counter()
        if self.way == "files":
            for path in sorted((self.folder / "out").glob("*.eml")):
                counts[
                    next(one for one, (_, message) in letters.items() if message == path.read_bytes())
                ] += 1
        else:
            for recipient, number, message in self.server.taken:
                assert (number, message) == letters[recipient]
                counts[recipient] += 1
        return {recipient: counts[recipient] for recipient in RECIPIENTS}

    def letters(self) -> dict[str, tuple[str, bytes]]:
        """Message-ID and bytes of each letter, as stored."""
        with Library(self.folder / "library.sqlite") as library:
            stored = [library.letter(NAME, ISSUE, recipient) for recipient in RECIPIENTS]
        return {one.recipient: (one.message_id, one.message) for one in stored if one}

    def is_whole(self) -> bool:
        """Issue, letters and memory are all there, or none of them is."""
        with Library(self.folder / "library.sqlite") as library:
            there = {library.has_issue(NAME, ISSUE), library.is_noted(MEMORY)}
            return there == {bool(library.deliveries(NAME, ISSUE))}

    def events(self, number: int = 0) -> list[str]:
        """What happened in the last run of this number."""
        path = self.folder / f"events{number}.txt"
        return path.read_text(encoding="utf-8").splitlines() if path.exists() else []

    def is_open(self, number: int = 0) -> bool:
        """Whether a run ended between its note that a letter's end is next and the letter's settling."""
        marks = [line for line in self.events(number) if line.startswith("committed")]
        return bool(marks) and NOTE in marks[-1]


def killed_and_restarted(runs: Runs, way: Way, place: Place, folder: Path) -> list[Standing]:
    """The standing after the killed run, and after each of three more."""
    with CountingServer() as server:
        trial = Trial(runs, way, folder, server)
        standings = [trial.once(place, place.size)]
        assert trial.is_whole(), f"{place.name}: half an issue was left"
        standings += [trial.once(size=place.size) for _ in range(RESTARTS)]
        assert not list(folder.glob("out/.*")), "a draft was left"
        return standings


def was_killed(standing: Standing) -> bool:
    return standing.end == -signal.SIGKILL


def row(place: Place) -> str:
    """A row of the table in docs/digest.md."""
    return f"| {place.name} | 1, {place.taken}, 1 | {place.state} | no |"
