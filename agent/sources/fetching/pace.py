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
LONGEST_HOLD = 7 * 24 * 3600.0  # a service that asks for more has lost its clock, and is asked again then


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
    def turn(self, service: str, seconds: float) -> Iterator[Callable[[float], None]]:
        """Wait until a service may be called, and keep others from calling it meanwhile.

        Yields:
            `hold`: lets nobody, in whatever process, call the service for so many seconds, since it has asked so.

        Raises:
            SourceError: the service has asked for a longer wait than anybody would sit through.
        """
        path = self._folder / f"{service}.sqlite"
        with closing(self._open(path, service)) as state:
            self._wait(service, state, path, seconds)
            asked = 0.0

            def hold(more: float) -> None:
                nonlocal asked
                asked = max(asked, min(more, LONGEST_HOLD))

            try:
                yield hold
            finally:
                now = self.now()
                with _named(path, service):
                    state.execute(
                        "UPDATE turns SET last = ?, until = max(until, ?)",
                        (now, now + asked if asked else 0.0),
                    )
                    state.execute("COMMIT")

    def _wait(self, service: str, state: sqlite3.Connection, path: Path, seconds: float) -> None:
        with _named(path, service):
            state.execute("BEGIN EXCLUSIVE")
            last, until = state.execute("SELECT last, until FROM turns").fetchone()
        now = self.now()
        # A clock that was set back would have us wait for ever: nobody waits longer than the rate asks.
        rest = min(max(last + seconds - now, 0.0), seconds) if last else 0.0
        asked = until - now
        if asked > LONGEST_WAIT:
            raise SourceError(f"{service}: asks to be left alone for {asked:.0f} s", "try again then")
        if max(rest, asked) > 0:
            self._sleep(max(rest, asked))

    def _open(self, path: Path, service: str) -> sqlite3.Connection:
        with _named(path, service):
            self._folder.mkdir(parents=True, exist_ok=True)
            state = sqlite3.connect(path, timeout=TURN_SECONDS, isolation_level=None)
            try:
                # A rate need not outlive the machine, so nobody waits for the disk.
                state.execute("PRAGMA synchronous = OFF")
                state.execute("CREATE TABLE IF NOT EXISTS turns (last REAL NOT NULL, until REAL NOT NULL)")
                state.execute("INSERT INTO turns SELECT 0, 0 WHERE NOT EXISTS (SELECT 1 FROM turns)")
            except sqlite3.Error:
                state.close()
                raise
        return state


@contextmanager
def _named(path: Path, service: str) -> Iterator[None]:
    """Say of what fails in the file of a rate where it is and what to do."""
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        if "locked" in str(error):
            raise SourceError(
                f"{service}: another process has been asking it for {TURN_SECONDS:.0f} s", "try again later"
            ) from error
        raise SourceError(
            f"{path}: cannot be used, so no rate can be kept: {error}",
            "see its permissions; if it is damaged, remove it",
        ) from error
