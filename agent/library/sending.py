"""Who may send: one process a library, for as long as it lives.

The operating system keeps the lock and frees it however the process ends. So whoever holds it knows that a letter that
is still in somebody's hands was left there by a run that is no more; no clock and no process number has to be trusted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from agent.errors import LibraryError

HINT = "keep the workspace on a disk of this machine, where you may write"


@contextmanager
def sending_alone(library: Path, waiting: Callable[[], None]) -> Iterator[None]:
    """Hold the right to send from a library; wait for it where another process has it, after a call of `waiting`.

    The lock is on a file of its own beside the library, which stays: one that is deleted could be locked twice, and a
    lock on the library itself would get into SQLite's way.

    Raises:
        LibraryError: the system gives no lock.
    """
    real = library.resolve()  # whichever link led here
    path = real.with_name(f"{real.stem}.sending")
    try:
        file = path.open("ab")
    except OSError as error:
        raise _no_lock(path, error.strerror) from error
    with file:
        if not _locked(file, path, wait=False):
            waiting()
            _locked(file, path, wait=True)
        yield


def _locked(file: IO[bytes], path: Path, *, wait: bool) -> bool:
    """Whether the lock is ours now."""
    try:
        import fcntl  # not on every system
    except ImportError as error:
        raise _no_lock(path, "this system has no flock") from error
    try:
        fcntl.flock(file, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as error:
        raise _no_lock(path, error.strerror) from error
    return True


def _no_lock(path: Path, why: str | None) -> LibraryError:
    return LibraryError(f"{path}: cannot be locked for sending: {why}", HINT)
