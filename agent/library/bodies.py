"""Whole texts: which PDF belongs to which paper, and what was read of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from agent.library.store import Library
from agent.records import Body, Paper

HEAD = b"%PDF"


@dataclass(frozen=True)
class Found:
    """A file that a record names, where it lies."""

    key: str
    path: Path


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def local_files(library: Library, papers: Iterable[Paper]) -> dict[str, list[Path]]:
    """The PDFs that papers' records name and that are there: absolute, or beside the file that the record came from."""
    found: dict[str, list[Path]] = {}
    for paper in papers:
        if not paper.files:
            continue
        folders = [
            Path(path).parent
            for path in library.source_paths(paper.key)
            if path.startswith("/") or ":" in path
        ]
        places = [place for name in paper.files for place in _places(name, folders)]
        there = [place for place in dict.fromkeys(places) if _is_pdf(place)]
        if there:
            found[paper.key] = there
    return found


def attach(library: Library, key: str, name: str, data: bytes, body: Body) -> None:
    """Give a paper its whole text; one that it had is replaced."""
    library.set_body(key, name, digest(data), body)


def _places(name: str, folders: Iterable[Path]) -> list[Path]:
    path = Path(name.replace("\\", "/") if "\\" in name and "/" not in name else name)
    return [path] if path.is_absolute() else [folder / path for folder in folders]


def _is_pdf(path: Path) -> bool:
    try:
        if not path.is_file():
            return False
        with path.open("rb") as file:
            return HEAD in file.read(1024)
    except (OSError, ValueError):
        return False
