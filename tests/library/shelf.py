"""A workbench for these tests: records go into real files, and the files into a real library."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from agent.library import Library
from agent.library.adding import ReadSource, add
from agent.records import AddReport, Paper
from agent.sources import find_sources, read_source

Record = Mapping[str, Any] | str


class Shelf:
    """A folder with a library in it. A record is an object or a line as it stands in the file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / "library.sqlite"

    def open(self) -> Library:
        return Library(self.path)

    def write(self, name: str, records: Sequence[Record]) -> Path:
        path = self.folder / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = [record if isinstance(record, str) else json.dumps(record) for record in records]
        path.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
        return path

    def sources(self, names: Iterable[str]) -> list[ReadSource]:
        """What stands in the named files now, in the order of the names."""
        names = list(names)
        read = [find_sources([self.folder / "in" / name])[0] for name in names]
        return [
            ReadSource(source.path, name, list(read_source(source, "jsonl")))
            for source, name in zip(read, names, strict=True)
        ]

    def add(self, collection: str | None = None, /, **files: Sequence[Record]) -> AddReport:
        """Write each of `files` as NAME.jsonl and add them all in one run, in this order."""
        for name, records in files.items():
            self.write(f"{name}.jsonl", records)
        with self.open() as library:
            return add(library, self.sources([f"{name}.jsonl" for name in files]), collection)

    def papers(self) -> dict[str, Paper]:
        with self.open() as library:
            return library.papers()

    def all_keys(self) -> list[str]:
        return list(self.papers())

    def only(self) -> Paper:
        """The one paper of the library."""
        (paper,) = self.papers().values()
        return paper

    def where(self, name: str) -> str:
        """The path by which the library knows NAME.jsonl."""
        return str((self.folder / "in" / f"{name}.jsonl").resolve())

    def set(self, key: str, field: str, value: object) -> Paper:
        """Set a field as the user."""
        with self.open() as library, library.change():
            library.set_value(key, field, value)
            return library.recompose(key)


def counts(report: AddReport) -> tuple[int, int, int, int, int]:
    """Read, added, known, merged, rejected; the first is always the sum of the rest."""
    assert report.read == report.added + report.known + report.merged + len(report.rejected)
    return report.read, report.added, report.known, report.merged, len(report.rejected)


def record(title: str, abstract: str | None = None, **fields: Any) -> dict[str, Any]:
    """A record with a title and whatever else is given."""
    return {"title": title, **({"abstract": abstract} if abstract else {}), **fields}
