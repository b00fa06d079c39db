"""Where a question is looked up: the library, a collection, or exactly the papers of files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from agent.api.engines import EngineDesk
from agent.errors import InputError

if TYPE_CHECKING:
    from agent.products.shelf import Shelf


class ShelfDesk(EngineDesk):
    """A workspace with an engine, and what of its papers is searched."""

    @contextmanager
    def _shelf(
        self,
        files: Sequence[str | Path],
        kind: str | None,
        collection: str | None,
        stdin: BinaryIO | None,
    ) -> Iterator[Shelf]:
        """Where is looked: exactly the papers of `files`, or a collection, or all, the excluded ones left out."""
        from agent.library.searching import refresh
        from agent.products.empty import why_empty
        from agent.products.shelf import Shelf

        paths: list[str] | None = None
        owners: set[str] = set()
        self.rejected = ()
        if files:
            taken, paths = self._add(files, kind, collection, stdin)
            owners = set(taken.owners)
            self.warnings += [f"{note.source}: {note.message}" for note in taken.unattached]
            if taken.report.added:
                self.observer.note(_kept_note(taken.report.added, files))
        with self._reading() as library:
            name = None if files else self._collection(library, collection)
            refresh(library, self.observer)
            excluded = {key for key, found in library.decisions().items() if found.what == "exclude"}
            keys: set[str] | None = None
            if paths is not None:
                keys = {row.key for row in library.records(paths) if row.key} | owners
            elif name is not None or excluded or library.has_inbox_only():
                keys = set(library.keys() if name is None else library.members(name))
            left_out = frozenset(excluded & keys) if keys else frozenset[str]()
            if keys is not None and not keys - excluded:
                raise InputError(*why_empty(self.rejected, len(left_out), "search"))
            yield Shelf(
                library,
                None if keys is None else frozenset(keys - excluded),
                name,
                with_bodies=self._setting("fulltext") == "auto",
                excluded=left_out,
            )


def _kept_note(count: int, files: Sequence[str | Path]) -> str:
    """That papers of files which were asked about are kept."""
    whose = "these files" if len(files) > 1 else "standard input" if str(files[0]) == "-" else str(files[0])
    said = "1 paper" if count == 1 else f"{count} papers"
    return f"{said} of {whose} {'is' if count == 1 else 'are'} in the library now"
