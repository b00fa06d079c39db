"""Letters as files: one `.eml` each in a folder, which any mail program opens.

A name is made of the letter's own bytes, and a file comes into place whole. So to write a letter twice is to write it
once, and a run that was killed leaves nothing that would have to be known.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from agent.errors import OutputError
from agent.mail.smtp import Outcome
from agent.text.printable import printable

LONGEST_PART = 60  # characters of a name's readable parts
HINT = "choose another folder with --out"


def _nobody() -> None:
    """Nobody is told."""


class Folder:
    """Takes letters as `mail.smtp.Connection` does, and writes them.

    Args:
        path: the folder; it is made when there is something to write.
        stem: what every name begins with, such as digest and issue.
    """

    def __init__(self, path: Path, stem: str) -> None:
        self._path = path
        self._stem = stem

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:  # fmt: skip
        """Every file is closed already."""

    def deliver(
        self, sender: str, recipient: str, message: bytes, before_end: Callable[[], None] = _nobody
    ) -> Outcome:
        """Write a letter; one that is there already is left as it is.

        Args:
            before_end: not called, since a second time does no harm.

        Raises:
            OutputError: it cannot be written, or something else bears its name. No further one could be.
        """
        target = self._path / file_name(self._stem, recipient, message)
        try:
            self._path.mkdir(parents=True, exist_ok=True)
            if not _is_there(target, message):
                _put(target, message)
            _fix_names(self._path)
        except OSError as error:
            where = printable(str(error.filename or target))
            raise OutputError(f"{where}: cannot be written: {error.strerror}", HINT) from error
        return Outcome("sent", None, f"written to {printable(str(target))}")


def file_name(stem: str, recipient: str, message: bytes) -> str:
    """A name that says which letter it is, and is another for every other letter: plain ASCII, never a path."""
    told = [_plain(stem), _plain(recipient), hashlib.sha256(message).hexdigest()[:12]]
    return f"{'-'.join(part for part in told if part)}.eml"


def _plain(text: str) -> str:
    return re.sub(r"\.{2,}|[^A-Za-z0-9.]+", "-", text).strip("-.")[:LONGEST_PART].strip("-.")


def _is_there(target: Path, message: bytes) -> bool:
    try:
        found = target.read_bytes()
    except FileNotFoundError:
        return False
    if found != message:
        raise OutputError(f"{printable(str(target))}: another text stands here under the letter's name", f"move it away, or {HINT}")  # fmt: skip
    return True


def _put(target: Path, message: bytes) -> None:
    """In one step, and on the disk before its name is."""
    draft = target.with_name(f".{target.name}.part")
    draft.unlink(missing_ok=True)  # a killed run may have left one
    try:
        with draft.open("xb") as file:
            file.write(message)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(target)
    except BaseException:
        with suppress(OSError):
            draft.unlink()
        raise


def _fix_names(folder: Path) -> None:
    """What a folder lists survives a loss of power; where the system knows no such thing, it is left to it."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
