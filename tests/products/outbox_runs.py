"""Runs that compose and deliver one issue, each in a process of its own that can be killed anywhere.

`python outbox_runs.py` loads the program once. Then a line of JSON with a list of jobs forks a process for each; their
numbers come back as JSON; a further line lets them go, all at once; how each ended comes back as JSON.

A job says where it dies: at the n-th statement that SQLite begins, change that is committed, or call of the system,
that matches. Nothing of the program is changed for it: SQLite's trace, Python's audit events, and a library whose
`change` tells when it is done.
"""

from __future__ import annotations

import json
import os
import re
import signal
import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from agent.engines.protocol import Silent
from agent.library import Library
from agent.mail.files import Folder
from agent.mail.message import Bodies
from agent.mail.smtp import Connection, Server
from agent.products.delivery import Carrier, deliver
from agent.products.issuing import Sender, compose
from agent.records import Digest, DigestCounts, EngineInfo, Usage

NAME, ISSUE = "floats", "2026-W47"
RECIPIENTS = ("ada@example.org", "bob@example.org", "cyd@example.org")
MEMORY = "what was shown"
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
OF_INTEREST = ("socket.connect", "fcntl.flock", "os.rename")


def sample(issue: str = ISSUE) -> Digest:
    """An issue with nothing in it."""
    engine = EngineInfo(name="extractive", version="1", prompts="", verify="code")
    return Digest(
        name=NAME,
        topic="floats in wells",
        issue=issue,
        date="2026-11-21",
        made_from="0",
        papers={},
        counts=DigestCounts(),
        engine=engine,
        usage=Usage(),
    )


def composed(library: Library, size: int = 0, recipients: tuple[str, ...] = RECIPIENTS) -> bool:
    """Compose the sample, with `size` characters of bibliography, and remember something with it."""
    bodies = Bodies("Three floats.\n", "<p>Three floats.</p>", "% " + "float " * (size // 6), "floats.bib")
    remember = lambda: library.note_output(MEMORY)  # noqa: E731
    return compose(
        library, sample(), "Floats", bodies, recipients, Sender("Me <me@example.org>"), NOON, remember
    )


class Death:
    """Counts what happens, and ends the process where the job says so.

    Args:
        kill: `[kind, pattern, n]`; kind is `sql`, `commit` (a change is about to be), `committed`, `call` or `any`.
    """

    def __init__(self, kill: list[Any] | None, log: Path) -> None:
        self.kind, self.pattern, self.left = kill or ("none", "", 0)
        self.log = os.open(log, os.O_CREAT | os.O_WRONLY | os.O_APPEND)
        self.change = ""  # the last statement that changed something
        self.is_awake = True

    def event(self, kind: str, what: str) -> None:
        if not self.is_awake:
            return
        line = " ".join(what.split())[:400]
        os.write(self.log, f"{kind} {line}\n".encode("utf-8", "replace"))
        if self.kind in (kind, "any") and re.search(self.pattern, line):
            self.left -= 1
            if self.left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    def statement(self, sql: str) -> None:
        if sql == "COMMIT":
            self.event("commit", self.change)
        elif sql.startswith(("INSERT", "UPDATE")):
            self.change = sql
            self.event("sql", sql)
        else:
            self.event("sql", sql)

    def call(self, name: str, arguments: tuple[Any, ...]) -> None:
        if name in OF_INTEREST or (name == "open" and "/out" in str(arguments[0])):
            self.event("call", f"{name} {arguments[0]}")


class MortalLibrary(Library):
    """A library that tells when a change is committed."""

    def __init__(self, path: Path, death: Death) -> None:
        super().__init__(path)
        self.death = death
        # What a killed process has written is written; only a loss of power asks whether it is on the disk.
        self._db.execute("PRAGMA synchronous = OFF")
        self._db.set_trace_callback(death.statement)

    @contextmanager
    def change(self) -> Iterator[None]:
        with super().change():
            yield
        self.death.event("committed", self.death.change)


def carrier(job: dict[str, Any]) -> AbstractContextManager[Carrier]:
    if job["way"] == "files":
        return Folder(Path(job["folder"]) / "out", f"{NAME}-{ISSUE}")
    return Connection(Server("127.0.0.1", job["port"], "none", timeout=10), time.monotonic)


def run(job: dict[str, Any]) -> str:
    """What `send` does: compose if there is no such issue, deliver what is pending."""
    folder = Path(job["folder"])
    death = Death(job.get("kill"), Path(job["events"]))
    sys.addaudithook(death.call)
    with MortalLibrary(folder / "library.sqlite", death) as library:
        composed(library, job.get("size", 0))
        report = deliver(library, NAME, ISSUE, lambda: carrier(job), lambda: NOON, Silent())
    death.is_awake = False
    return report.model_dump_json()


def child(job: dict[str, Any], gate: int) -> None:
    """Wait for the gate, run, write the report or the error, and be gone."""
    code = 1
    try:
        os.read(gate, 1)
        told = run(job)
        code = 0
    except BaseException as error:
        told = f"{type(error).__name__}: {error}"
    Path(job["report"]).write_text(told, encoding="utf-8")
    os._exit(code)


def main() -> None:
    while jobs := sys.stdin.readline():
        gate, opener = os.pipe()
        numbers = []
        for job in json.loads(jobs):
            number = os.fork()
            if number == 0:
                os.close(opener)
                child(job, gate)
            numbers.append(number)
        os.close(gate)
        print(json.dumps(numbers), flush=True)
        sys.stdin.readline()
        os.close(opener)  # ends every read of the gate at once
        ends = [os.waitstatus_to_exitcode(os.waitpid(number, 0)[1]) for number in numbers]
        print(json.dumps(ends), flush=True)


def tables(library: Path) -> list[tuple[str, str, int]]:
    """Recipient, state and tries, read past the program."""
    db = sqlite3.connect(library)
    try:
        return db.execute("SELECT recipient, state, tries FROM outbox ORDER BY recipient").fetchall()
    finally:
        db.close()


if __name__ == "__main__":
    main()
