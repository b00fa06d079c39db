"""Where the workspace is found and made."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from agent.errors import LibraryError
from agent.library import Workspace, find_workspace

FOLDER = ".litreview"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home folder with projects in it, and a workspace above it that is nobody's business."""
    (tmp_path / FOLDER).mkdir()
    home = tmp_path / "home"
    (home / "project/deep/er").mkdir(parents=True)
    return home


def test_a_workspace_here_is_used(home: Path) -> None:
    """The workspace of the folder itself comes first."""
    (home / "project" / FOLDER).mkdir()
    (home / FOLDER).mkdir()
    assert find_workspace(home / "project", home) == Workspace(home / "project" / FOLDER)


def test_a_workspace_above_is_found(home: Path) -> None:
    """The nearest workspace upwards is used."""
    (home / "project" / FOLDER).mkdir()
    (home / FOLDER).mkdir()
    assert find_workspace(home / "project/deep/er", home) == Workspace(home / "project" / FOLDER)


def test_the_home_folders_workspace_is_found(home: Path) -> None:
    """The home folder is the last that is looked into."""
    (home / FOLDER).mkdir()
    assert find_workspace(home / "project/deep", home) == Workspace(home / FOLDER)


@pytest.mark.parametrize("start", [".", "project", "project/deep/er"])
def test_the_search_ends_at_home(home: Path, start: str) -> None:
    """Above the home folder nothing is looked for: a new workspace is meant for where we are."""
    assert find_workspace(home / start, home) == Workspace(home / start / FOLDER)


def test_the_search_ends_at_the_root(home: Path, tmp_path: Path) -> None:
    """Outside the home folder the search goes up, and ends, without it."""
    outside = tmp_path / "elsewhere/deep"
    outside.mkdir(parents=True)
    assert find_workspace(outside, home) == Workspace(tmp_path / FOLDER)
    assert find_workspace(Path("/"), home) == Workspace(Path("/") / FOLDER)


def test_a_file_of_that_name_is_no_workspace(home: Path) -> None:
    """Only a folder is a workspace."""
    (home / "project" / FOLDER).write_text("")
    (home / FOLDER).mkdir()
    assert find_workspace(home / "project", home) == Workspace(home / FOLDER)


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="only root can give a folder away")
def test_the_search_ends_at_a_folder_of_another_owner(home: Path) -> None:
    """What lies in another's folder is not ours to use."""
    (home / "project" / FOLDER).mkdir()
    os.chown(home / "project", 12345, -1)
    assert find_workspace(home / "project/deep", home) == Workspace(home / "project/deep" / FOLDER)


@pytest.mark.parametrize("end", ["", "/", f"/{FOLDER}"])
def test_a_stated_folder_goes_before_all(home: Path, tmp_path: Path, end: str) -> None:
    """A stated folder is used, whether it names the workspace or the folder that holds it."""
    (home / "project" / FOLDER).mkdir()
    stated = tmp_path / "stated"
    assert find_workspace(home / "project", home, f"{stated}{end}") == Workspace(stated / FOLDER)
    assert not stated.exists(), "finding makes nothing"


def test_a_stated_folder_may_begin_at_home(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`~` is understood in a stated folder."""
    monkeypatch.setenv("HOME", str(home))
    assert find_workspace(home, home, "~/papers") == Workspace(home / "papers" / FOLDER)


@pytest.mark.parametrize("stated", [None, ""])
def test_nothing_stated_is_a_search(home: Path, stated: str | None) -> None:
    """An empty setting is none."""
    (home / FOLDER).mkdir()
    assert find_workspace(home / "project", home, stated) == Workspace(home / FOLDER)


def test_a_new_workspace_keeps_out_of_version_control(home: Path) -> None:
    """Making a workspace makes its folders and a .gitignore that covers all of it."""
    workspace = Workspace(home / "new/er" / FOLDER)
    workspace.create()
    assert (workspace.folder / ".gitignore").read_text() == "*\n"
    assert workspace.library.parent == workspace.folder


def test_making_a_workspace_again_changes_nothing(home: Path) -> None:
    """An existing workspace, and a .gitignore that somebody wrote, are left alone."""
    workspace = Workspace(home / FOLDER)
    workspace.create()
    (workspace.folder / ".gitignore").write_text("mine\n")
    workspace.library.write_bytes(b"papers")
    workspace.create()
    assert (workspace.folder / ".gitignore").read_text() == "mine\n"
    assert workspace.library.read_bytes() == b"papers"


@pytest.mark.parametrize("folder", [f"file/{FOLDER}", "file", "x" * 300])
def test_a_workspace_that_cannot_be_made_is_an_error_with_a_hint(home: Path, folder: str) -> None:
    """Where no folder can be made, the message names it and the hint says what to do."""
    (home / "file").write_text("")
    with pytest.raises(LibraryError, match=folder[:20]) as caught:
        Workspace(home / folder).create()
    assert "--workspace" in (caught.value.hint or "")
