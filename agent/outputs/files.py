"""Files written whole, and a person's edits left alone.

A file that stands in the way counts as a person's unless we know its digest: noted before we wrote it, or
named by the old product. Then the new one goes beside it as `NAME.new.EXT`.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from agent.errors import OutputError
from agent.records import FilePart


class Notes(Protocol):
    """Who remembers what we wrote."""

    def note_output(self, sha256: str) -> None: ...

    def is_noted(self, sha256: str) -> bool: ...


class Writer:
    """Writes one set of files into a folder.

    Args:
        known: digests of the folder's files as the old product names them.
        force: overwrite a person's files too.

    `spared` lists the files that were left alone, each with the name of what was written beside it.
    """

    def __init__(
        self, folder: Path, notes: Notes, known: Mapping[str, str] | None = None, *, force: bool = False
    ) -> None:
        self.folder = folder
        self.notes = notes
        self.known = dict(known or {})
        self.force = force
        self.spared: list[tuple[str, str]] = []

    def is_edited(self, name: str) -> bool:
        """Whether a file stands here that is a person's."""
        target = self.folder / name
        return is_file(target) and not self._is_ours(target, "")

    def write(self, name: str, text: str) -> FilePart:
        """Write a file, or its `.new` beside a person's.

        Returns:
            The digest, and the name under which it was written.

        Raises:
            OutputError: the folder cannot be made or written to.
        """
        data = text.encode("utf-8", "replace")
        sha256 = digest(data)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            target = self._target(name, sha256)
            self.notes.note_output(sha256)
            if not target.exists() or _digest_of(target) != sha256:
                write_whole(target, data)
        except OSError as error:
            where = error.filename or self.folder
            raise OutputError(
                f"{where}: cannot be written: {error.strerror}", "choose another folder with --out"
            ) from error
        if target.name != name:
            self.spared.append((name, target.name))
        return FilePart(sha256=sha256, written_as=target.name)

    def _target(self, name: str, sha256: str) -> Path:
        stem, dot, ending = name.rpartition(".")
        number = 0
        while True:
            middle = "" if number == 0 else ".new" if number == 1 else f".new{number}"
            target = self.folder / f"{stem}{middle}{dot}{ending}"
            if self.force or not target.exists() or self._is_ours(target, sha256):
                return target
            number += 1

    def _is_ours(self, target: Path, sha256: str) -> bool:
        found = _digest_of(target)
        return found in (sha256, self.known.get(target.name)) or self.notes.is_noted(found)


def is_file(path: Path) -> bool:
    """Whether a file stands at a path; no for a path that no file can have."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def digest(data: bytes) -> str:
    """SHA-256 in hex."""
    return hashlib.sha256(data).hexdigest()


def write_whole(target: Path, data: bytes) -> None:
    """Put a file in place in one step: whoever looks sees the old one or the new one.

    Raises:
        OSError: as the system says.
    """
    target = target.resolve()  # a link stays a link
    handle, draft = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name[:60]}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(draft).chmod(_mode(target))
        Path(draft).replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(draft).unlink()
        raise


def _mode(target: Path) -> int:
    """The rights that the file has, or that a new one would get."""
    with contextlib.suppress(OSError):
        return target.stat().st_mode & 0o777
    umask = os.umask(0o077)
    os.umask(umask)
    return 0o666 & ~umask


def _digest_of(path: Path) -> str:
    return digest(path.read_bytes())
