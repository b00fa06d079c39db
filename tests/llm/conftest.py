"""The scripted endpoint for the tests of this folder; the invented papers live with the tests of the steps."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from endpoint import ScriptedEndpoint, Script

sys.path.insert(0, str(Path(__file__).parents[1] / "steps"))


@pytest.fixture
def serve() -> Iterator[Callable[[Script], ScriptedEndpoint]]:
    """Starts endpoints, which end with the test."""
    with ExitStack() as stack:
        yield lambda script: stack.enter_context(ScriptedEndpoint(script))
