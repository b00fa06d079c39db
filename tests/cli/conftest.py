"""What the tests of this folder share: an empty desk, and one with a library and a survey on it."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest
from terminal import DAY, WELLS, Terminal

sys.path.insert(0, str(Path(__file__).parents[1] / "sources" / "fetching"))
sys.path.insert(0, str(Path(__file__).parents[1] / "mail"))
sys.path.insert(0, str(Path(__file__).parents[1] / "sources" / "formats"))


@pytest.fixture
def desk(tmp_path: Path) -> Terminal:
    """A terminal in an empty folder."""
    return Terminal(tmp_path / "desk")


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with papers, a library, a plan and a survey."""
    desk = Terminal(tmp_path_factory.mktemp("finished") / "desk")
    desk.write("wells.jsonl", WELLS)
    assert desk.run("survey", "wells.jsonl", "--collection", "wells", "--date", DAY).code == 0
    assert desk.run("plan").code == 0
    return desk.folder


@pytest.fixture
def busy(desk: Terminal, finished: Path) -> Terminal:
    """A terminal in a folder with papers, a library, a plan and a survey."""
    shutil.copytree(finished, desk.folder, dirs_exist_ok=True)
    return desk
