"""The verbs about papers: taking them in, looking at them, deciding, handing them out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import BinaryIO

from agent.api.desk import Desk
from agent.errors import UsageError
from agent.library.compose import SETTABLE
from agent.outputs.files import Writer
from agent.products.enriching import is_unknown
from agent.products.fields import parse_value
from agent.products.scope import load_scope
from agent.records import AddReport, Paper


class PaperVerbs(Desk):
    """What can be done with papers."""

    def add(
        self,
        files: Sequence[str | Path],
        *,
        kind: str | None = None,
        collection: str | None = None,
        keep_all: bool = False,
        stdin: BinaryIO | None = None,
    ) -> AddReport:
        """Take the records of files, folders or `-` into the library.

        Args:
            keep_all: take in what is no paper too, such as a web page.

        Raises:
            InputError: a file does not exist. UsageError: there is no such kind.
        """
        return self._add(files, kind, collection, stdin, keep_all=keep_all)[0].report

    def papers(self, *, collection: str | None = None, lacking: Sequence[str] = ()) -> list[Paper]:
        """Papers in order of key; with `lacking`, those for which any of the fields is unknown."""
        unknown = [name for name in lacking if name not in SETTABLE]
        if unknown:
            raise UsageError(f"there is no field '{unknown[0]}'", f"fields: {', '.join(SETTABLE)}")
        with self._reading() as library:
            name = self._collection(library, collection)
            found = library.papers(library.members(name) if name else None).values()
        return [paper for paper in found if not lacking or any(is_unknown(paper, name) for name in lacking)]

    def show(self, key: str) -> Paper:
        """One paper by key or alias.

        Raises:
            UsageError: there is none; the nearest key is named.
        """
        with self._reading() as library:
            found = self._resolve(library, key)
            return library.papers([found])[found]

    def decision(self, key: str) -> tuple[str, str | None] | None:
        """`exclude` or `include` with its reason, if the user has decided."""
        with self._reading() as library:
            decision = library.decisions().get(self._resolve(library, key))
        return (decision.what, decision.reason) if decision else None

    def exclude(self, key: str, reason: str | None = None) -> str:
        """Leave a paper out of every product from now on; it stays in the ledger as excluded."""
        return self._decide(key, "exclude", reason)

    def include(self, key: str, reason: str | None = None) -> str:
        """Take a paper in, also one that the planner would set aside."""
        return self._decide(key, "include", reason)

    def set(self, key: str, values: Mapping[str, str]) -> Paper:
        """Set fields of a paper; an empty value gives the field back to the sources.

        Raises:
            UsageError: there is no such field, or the value does not fit it.
        """
        parsed = {name: parse_value(name, raw) for name, raw in values.items()}
        with self._library() as library:
            found = self._resolve(library, key)
            with library.change():
                for name, value in parsed.items():
                    library.set_value(found, name, value)
                return library.recompose(found)

    def remove(self, key: str) -> str:
        """Forget a paper and what was decided of it. A later `add` of its source brings it back."""
        with self._library() as library:
            found = self._resolve(library, key)
            with library.change():
                library.remove(found)
        return found

    def collections(self) -> dict[str, int]:
        """The collections and how many papers each has."""
        with self._reading() as library:
            return {name: len(library.members(name)) for name in library.collections()}

    def export(self, form: str, *, collection: str | None = None) -> str:
        """The library or a collection in one of `FORMATS`, whole; excluded papers are left out."""
        if form not in FORMATS:
            raise UsageError(f"there is no format '{form}'", f"formats: {', '.join(FORMATS)}")
        module, name = FORMATS[form]
        write: Callable[[Sequence[Paper]], str] = getattr(import_module(f"agent.outputs.{module}"), name)
        return write(self.exported(collection=collection))

    def exported(self, *, collection: str | None = None) -> list[Paper]:
        """The papers that an export holds."""
        with self._reading() as library:
            found = load_scope(library, collection=self._collection(library, collection)).included
            library.mark_used(paper.key for paper in found)
        return found

    def write_export(self, path: Path, text: str, *, force: bool = False) -> str:
        """Write an export to a file; one that a person edited is left alone.

        Returns:
            The name under which it was written.

        Raises:
            OutputError: it cannot be written.
        """
        with self._library() as library:
            writer = Writer(path.parent, library, force=force)
            written = writer.write(path.name, text)
        self._warn_of_edits(writer)
        return str(path.parent / written.written_as)

    def _decide(self, key: str, what: str, reason: str | None) -> str:
        with self._library() as library:
            found = self._resolve(library, key)
            with library.change():
                library.decide(found, what, reason)
        return found


# Format: module in `outputs` and function in it, imported when it is asked for.
FORMATS = {
    "bibtex": ("bibtex", "bibtex_whole"),
    "ris": ("ris", "ris"),
    "csl-json": ("csl_json", "csl_json"),
    "csv": ("papers_csv", "papers_csv"),
    "jsonl": ("papers_jsonl", "papers_jsonl"),
}
