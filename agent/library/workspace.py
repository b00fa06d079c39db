"""The folder `.litreview/`: found from here upwards, or made here."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from agent.errors import LibraryError

FOLDER = ".litreview"


@dataclass(frozen=True)
class Workspace:
    """Where the library and the caches live."""

    folder: Path

    @property
    def library(self) -> Path:
        return self.folder / "library.sqlite"

    @property
    def replies(self) -> Path:
        return self.folder / "replies"

    def create(self) -> None:
        """Make the folder; version control is told to leave it alone.

        Raises:
            LibraryError: the folder cannot be made.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            ignore = self.folder / ".gitignore"
            if not ignore.exists():
                ignore.write_text("*\n", encoding="utf-8")
        except OSError as error:
            raise LibraryError(
                f"{self.folder}: the workspace cannot be made: {error.strerror}",
                "choose another folder with --workspace or LITREVIEW_WORKSPACE",
            ) from error


def find_workspace(start: Path, home: Path, stated: str | None = None) -> Workspace:
    """The stated workspace, or the nearest one from `start` upwards, or a new one in `start`.

    The search ends at the home folder, at the root, and at a folder of another owner.
    """
    if stated:
        folder = Path(stated).expanduser()
        return Workspace(folder if folder.name == FOLDER else folder / FOLDER)
    owner = start.stat().st_uid if hasattr(os, "getuid") else None
    for folder in (start, *start.parents):
        if owner is not None and folder.stat().st_uid != owner:
            break
        if (folder / FOLDER).is_dir():
            return Workspace(folder / FOLDER)
        if folder == home:
            break
    return Workspace(start / FOLDER)
