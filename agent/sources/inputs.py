"""Files, folders and standard input as named bytes. No parsing."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from agent.errors import InputError

ENDINGS = (
    ".txt", ".text", ".jsonl", ".ndjson", ".json", ".md", ".bib", ".bibtex", ".ris", ".nbib", ".medline", ".csv", ".tsv",
    ".xml", ".pdf",
)  # fmt: skip
MOST_BYTES = 1024 * 1024 * 1024
STDIN = "stdin"
PRODUCT = {"survey.json", "ledger.csv"}  # a folder with both holds what we wrote, not what we read


@dataclass(frozen=True)
class Source:
    """Something that records are read from.

    `name` is what products call it, `path` is what tells it from others; `problem` says why it has no data.
    A file's bytes are read when they are asked for, so that many files do not lie in memory together.
    """

    name: str
    path: str
    given: bytes = field(default=b"", repr=False)
    problem: str | None = None
    file: Path | None = None

    @property
    def data(self) -> bytes:
        """All bytes.

        Raises:
            OSError: the file is gone since.
        """
        return self.file.read_bytes() if self.file else self.given

    @property
    def head(self) -> bytes:
        """The first bytes, which tell what a file is; nothing where it cannot be read."""
        if self.problem or self.file is None:
            return self.given[:1024]
        try:
            with self.file.open("rb") as stream:
                return stream.read(1024)
        except OSError:
            return b""

    @property
    def size(self) -> int:
        return self.file.stat().st_size if self.file else len(self.given)

    def lines(self) -> Iterator[bytes]:
        """The lines one by one, for files that are too large to lie in memory."""
        with self.file.open("rb") if self.file else BytesIO(self.given) as stream:
            yield from stream


def find_sources(arguments: Sequence[str | Path], stdin: BinaryIO | None = None) -> list[Source]:
    """Every file that the arguments name, each once, in order of path.

    A folder gives the files in it that have a known ending; `-` is standard input. Names are the shortest
    ends of the paths that tell the files apart, so that a product says nothing of a machine's folders.

    Raises:
        InputError: an argument names nothing that exists.
    """
    sources: list[Source] = []
    if any(str(argument) == "-" for argument in arguments):
        sources.append(_read_stream(stdin))
    named = [argument for argument in arguments if str(argument) != "-"]
    paths = sorted({os.path.realpath(path) for argument in named for path in _expand(_at_home(argument))})
    names = short_names([*paths, STDIN]) if sources else short_names(paths)
    sources += [_read(_storable(names[path]), _storable(path), Path(path)) for path in paths]
    return sorted(sources, key=lambda source: source.name)


def _read_stream(stream: BinaryIO | None) -> Source:
    data = stream.read(MOST_BYTES + 1) if stream else b""
    if len(data) > MOST_BYTES:
        return Source(STDIN, STDIN, problem=f"larger than {MOST_BYTES // 1024 // 1024} MiB")
    return Source(STDIN, STDIN, data)


def _at_home(argument: str | Path) -> Path:
    """`~` is the home folder, unless a file is called so."""
    path = Path(argument)
    if os.path.lexists(path):
        return path
    try:
        return path.expanduser()
    except RuntimeError:  # there is no such user
        return path


def _storable(name: str) -> str:
    """A file's name as text that can be written, whatever bytes it is made of."""
    return os.fsencode(name).decode("utf-8", "replace")


def short_names(paths: Iterable[str]) -> dict[str, str]:
    """For each absolute path its shortest end that no other of them has."""
    parts = {path: Path(path).parts for path in paths}
    shared = Counter(end for split in parts.values() for end in _ends(split))
    names = {}
    for path, split in parts.items():
        end = next((end for end in _ends(split) if shared[end] == 1), split)
        names[path] = "/".join(end).removeprefix("/").removeprefix("/")
    return names


def _ends(parts: tuple[str, ...]) -> list[tuple[str, ...]]:
    """The ends of a path, shortest first."""
    return [parts[-length:] for length in range(1, len(parts) + 1)]


def _expand(path: Path) -> list[Path]:
    if not os.path.lexists(path):
        raise InputError(f"{path}: no such file or folder", "check the name, or give - for standard input")
    if not path.is_dir():
        return [path]
    try:
        found = sorted(
            Path(folder, name)
            for folder, folders, files in os.walk(path)
            if _keep_visible(folders) and not set(files) >= PRODUCT
            for name in files
            if name.lower().endswith(ENDINGS) and not name.startswith(".")
        )
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}", "check the folder's permissions") from error
    if not found:
        raise InputError(f"{path}: no file here ends in {', '.join(ENDINGS)}", "name the files one by one")
    return found


def _keep_visible(folders: list[str]) -> bool:
    folders[:] = sorted(name for name in folders if not name.startswith("."))
    return True


def _read(name: str, told: str, path: Path) -> Source:
    try:
        if not path.is_file():
            return Source(name, told, problem="no regular file")
        if path.stat().st_size > MOST_BYTES:
            return Source(name, told, problem=f"larger than {MOST_BYTES // 1024 // 1024} MiB")
        with path.open("rb"):  # may it be read at all
            return Source(name, told, file=path)
    except PermissionError:
        return Source(name, told, problem="no permission to read it")
    except OSError as error:
        return Source(name, told, problem=f"cannot be read: {error.strerror}")
