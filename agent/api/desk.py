"""The workspace on the table: settings, library, and what every verb needs of them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from difflib import get_close_matches
from pathlib import Path
from typing import Any, BinaryIO

from agent.api.fetching import state_folder
from agent.api.taking_in import Taken, take_in
from agent.engines.protocol import Observer, Silent
from agent.errors import OutputError, UsageError
from agent.library import Library, Workspace, find_workspace
from agent.llm.meter import Meter
from agent.outputs.files import Writer, is_file
from agent.products.scope import Scope, load_scope
from agent.records import Paper, Rejection
from agent.settings import FILE, check, resolve, user_file
from agent.sources import find_sources
from agent.sources.detect import known_kind
from agent.text.tokens import fold_title


class Desk:
    """A workspace and what can be done in it.

    Args:
        folder: the folder that holds `.litreview/`. Left out, the nearest one from here upwards, or here.
        environment: settings variables; those of the process if left out.
        options: settings that win over all others, by name.
        observer: who is told how far long work is.

    Raises:
        SettingsError: a setting is unusable.
    """

    def __init__(
        self,
        folder: str | Path | None = None,
        *,
        environment: Mapping[str, str] | None = None,
        options: Mapping[str, Any] | None = None,
        observer: Observer | None = None,
    ) -> None:
        known = dict(os.environ if environment is None else environment)
        home = Path(known.get("HOME") or Path.home())
        stated = {**(options or {}), **({"workspace": str(folder)} if folder else {})}
        self.settings = resolve(known, user_file(known, home), Path.cwd() / FILE, stated)
        self.state = state_folder(known, home)
        self.workspace: Workspace = find_workspace(Path.cwd(), home, self._setting("workspace"))
        self.observer = observer or Silent()
        self.warnings: list[str] = []
        self.rejected: tuple[Rejection, ...] = ()  # of the files that the last verb read
        self.meter = Meter()  # what the last product asked of a model

    # Inside

    def _asked(self, name: str, stated: Any) -> Any:
        return self._setting(name) if stated is None else check(name, stated)

    def _setting(self, name: str) -> Any:
        return self.settings[name].value

    @contextmanager
    def _reading(self) -> Iterator[Library]:
        """The library for a question: where there is none yet, an empty one that is not kept."""
        if is_file(self.workspace.folder.parent):
            self.workspace.create()  # which says what is wrong
        path = self.workspace.library if is_file(self.workspace.library) else Path(":memory:")
        with Library(path) as library:
            yield library

    @contextmanager
    def _library(self) -> Iterator[Library]:
        self.workspace.create()
        with Library(self.workspace.library) as library:
            yield library

    def _add(
        self,
        files: Sequence[str | Path],
        kind: str | None,
        collection: str | None,
        stdin: BinaryIO | None,
        *,
        keep_all: bool = False,
    ) -> tuple[Taken, list[str]]:
        known_kind(kind)
        if not files:
            raise UsageError("no files are named", "give files, folders, or - for standard input")
        sources = find_sources(files, stdin)
        with self._library() as library:
            taken = take_in(
                library, sources, self.observer, kind=kind, collection=collection, keep_all=keep_all
            )
        self.rejected = taken.report.rejected
        return taken, [source.path for source in sources]

    def _scope(
        self, files: Sequence[str | Path], kind: str | None, collection: str | None, stdin: BinaryIO | None
    ) -> Scope:
        if not files:
            with self._reading() as library:
                scope = load_scope(library, collection=self._collection(library, collection))
        else:
            taken, paths = self._add(files, kind, collection, stdin)
            self.warnings += [f"{note.source}: {note.message}" for note in taken.unattached]
            with self._library() as library:
                scope = load_scope(library, paths, also=taken.owners)
        return scope if self._setting("fulltext") == "auto" else scope.without_bodies()

    def _collection(self, library: Library, stated: str | None) -> str | None:
        name = stated or self._setting("collection")
        known = library.collections()
        if name is None or name in known:
            return name
        close = get_close_matches(name, known, n=1)
        hint = f"did you mean '{close[0]}'?" if close else f"collections: {', '.join(known) or 'none yet'}"
        raise UsageError(f"there is no collection '{name}'", hint)

    def _resolve(self, library: Library, name: str) -> str:
        found = library.resolve(name.lstrip("@"))
        if found:
            return found
        near = _near(name, library.papers())
        hint = (
            f"did you mean {' or '.join(repr(key) for key in near)}?"
            if near
            else "`litreview papers` lists them"
        )
        raise UsageError(f"there is no paper '{name}'", hint)

    def _folder(self, out: str | Path) -> Path:
        folder = Path(out)
        if is_file(folder):
            raise OutputError(
                f"{folder}: a file stands where a folder is wanted", "choose another folder with --out"
            )
        return folder

    def _warn_of_edits(self, writer: Writer) -> None:
        for name, written_as in writer.spared:
            self.warnings.append(
                f"{writer.folder / name} was edited by hand and is left alone; the new one is {written_as}"
            )


def _near(name: str, papers: Mapping[str, Paper]) -> list[str]:
    """Keys that a person may have meant: spelled alike, or of papers whose title has the name."""
    wanted = fold_title(name)
    titled = [key for key, paper in papers.items() if wanted and wanted in fold_title(paper.title)]
    alike = get_close_matches(
        name, [*papers, *(alias for paper in papers.values() for alias in paper.aliases)], n=1
    )
    return list(dict.fromkeys([*alike, *titled]))[:3]
