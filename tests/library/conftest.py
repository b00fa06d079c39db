"""What the tests of this folder share."""

from __future__ import annotations

from pathlib import Path

import pytest
from shelf import Shelf


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    """An empty library, and a folder for the files that go into it."""
    return Shelf(tmp_path)
