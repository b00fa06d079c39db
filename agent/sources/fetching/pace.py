"""A service's rate, kept across processes and restarts: one call at a time, and so many seconds between two.

The state is one small SQLite file a service, in the user's own folder and not in a workspace: whoever waits for
the file's lock waits for their turn, and a process that dies gives it back.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from agent.errors import SourceError

TURN_SECONDS = 600.0  # how long to queue behind other processes
LONGEST_WAIT = 300.0  # seconds that a service may ask for


class Pace:
    """Who may call when.

    Args:
        folder: where the state lies.
        now: seconds since the epoch, the same for all processes. sleep: waits so many seconds.
    """

    def __init__(self, folder: Path, now: Callable[[], float], sleep: Callable[[float], None]) -> None:
        self._folder = folder
        self.now = now
        self._sleep = sleep

    @contextmanager
    def turn(self, service: str, seconds: float) -> Iterator[None]:
        """Wait until a service may be called, and keep others from calling it meanwhile.

        Raises:
            SourceError: the service has asked for a longer wait than anybody would sit through.
        """
        with closing(self._open(service)) as state:
            try:
                state.execute("BEGIN EXCLUSIVE")
            except sqlite3.OperationalError as error:
                raise SourceError(
                    f"{service}: another process has been asking it for {TURN_SECONDS:.0f} s",
                    "try again later",
                ) from error
            try:
                self._wait(service, state, seconds)
                yield
            finally:
                state.execute("UPDATE turns SET last = ?", (self.now(),))
                state.execute("COMMIT")

    def hold(self, service: str, seconds: float) -> None:
        """Let nobody call a service for so long: it has said so."""
        with closing(self._open(service)) as state:
            state.execute("UPDATE turns SET until = max(until, ?)", (self.now() + seconds,))

    def _wait(self, service: str, state: sqlite3.Connection, seconds: float) -> None:
        last, until = state.execute("SELECT last, until FROM turns").fetchone()
        now = self.now()
        # A clock that was set back would have us wait for ever: nobody waits longer than the rate asks.
        rest = min(max(last + seconds - now, 0.0), seconds) if last else 0.0
        asked = until - now
        if asked > LONGEST_WAIT:
            raise SourceError(f"{service}: asks to be left alone for {asked:.0f} s", "try again then")
        if max(rest, asked) > 0:
            self._sleep(max(rest, asked))

    def _open(self, service: str) -> sqlite3.Connection:
        path = self._folder / f"{service}.sqlite"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            state = sqlite3.connect(path, timeout=TURN_SECONDS, isolation_level=None)
            state.execute("CREATE TABLE IF NOT EXISTS turns (last REAL NOT NULL, until REAL NOT NULL)")
            state.execute("INSERT INTO turns SELECT 0, 0 WHERE NOT EXISTS (SELECT 1 FROM turns)")
        except (OSError, sqlite3.Error) as error:
            raise SourceError(
                f"{path}: cannot be written, so no rate can be kept: {error}", "see its permissions"
            ) from error
        return state
