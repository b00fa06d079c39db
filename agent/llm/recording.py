"""Recording: every reply that a run rests on goes into a cassette, and an interrupted one goes on."""

from __future__ import annotations

import os
from collections.abc import Mapping
from errno import EISDIR
from pathlib import Path

from agent.errors import OutputError
from agent.llm.cassette import Head, Recorded, dump, load, parse_lines, record_of
from agent.llm.request import Request, Response, Transport


class Recording:
    """Answers from the cassette what stands in it, asks the rest, and keeps both.

    New replies go to `FILE.partial` as they come; `finish` writes the cassette whole, sorted, and without
    what a complete run did not use.

    Raises:
        InputError: the file holds something else. OutputError: it cannot be written.
    """

    def __init__(self, inner: Transport, path: Path) -> None:
        self._inner = inner
        self._path = path
        self._journal = path.with_name(path.name + ".partial")
        self._known: dict[str, Recorded] = self._load()
        self._used: set[str] = set()
        self._try_to_write()

    async def send(self, request: Request) -> Response:
        found = self._known.get(request.key)
        if found is None:
            found = record_of(request, await self._inner.send(request))
            self._known[request.key] = found
            self._append(found)
        self._used.add(request.key)
        return found.response

    def finish(self, head: Head, *, is_complete: bool) -> None:
        """Write the cassette; a complete run drops what it did not use."""
        kept = [record for key, record in self._known.items() if key in self._used or not is_complete]
        draft = self._path.with_name(f".{self._path.name}.{os.getpid()}")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            draft.write_text(dump(head, kept), encoding="utf-8")
            draft.replace(self._path)
            self._journal.unlink(missing_ok=True)
        except OSError as error:
            raise self._unwritable(error) from error

    def _load(self) -> dict[str, Recorded]:
        known: Mapping[str, Recorded] = load(self._path).records if self._path.exists() else {}
        try:
            text = self._journal.read_text(encoding="utf-8", errors="replace")
            partial = parse_lines(text)
            if text and not text.endswith("\n"):  # torn: the next reply begins a line of its own
                self._journal.write_text("".join(record.line() for record in partial), encoding="utf-8")
        except FileNotFoundError:
            partial = []
        except OSError as error:
            raise self._unwritable(error) from error
        return {**known, **{record.key: record for record in partial}}

    def _try_to_write(self) -> None:
        """See to it before anything is asked that what will be answered can be kept."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            if self._path.is_dir():
                raise IsADirectoryError(EISDIR, "it is a folder", str(self._path))
            is_new = not self._journal.exists()
            self._journal.open("a", encoding="utf-8").close()
            if is_new:
                self._journal.unlink()
        except OSError as error:
            raise self._unwritable(error) from error

    def _append(self, record: Recorded) -> None:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._journal.open("a", encoding="utf-8") as journal:
                journal.write(record.line())
        except OSError as error:
            raise self._unwritable(error) from error

    def _unwritable(self, error: OSError) -> OutputError:
        return OutputError(
            f"{self._path}: the recording cannot be written: {error.strerror}", "choose another --record FILE"
        )
