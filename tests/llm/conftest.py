"""The scripted endpoint for the tests of this folder; the invented papers live with the tests of the steps."""

from __future__ import annotations

import ssl
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from endpoint import Script, ScriptedEndpoint

sys.path.insert(0, str(Path(__file__).parents[1] / "steps"))


@pytest.fixture(scope="module", autouse=True)
def no_certificates() -> Iterator[None]:
    """Every client would read all certificates of the machine, and none of them talks to anyone but itself.

    For these modules only: tests of mail in the same process do look at certificates.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ssl.SSLContext, "load_verify_locations", lambda *_, **__: None)
        yield


@pytest.fixture
def serve() -> Iterator[Callable[[Script], ScriptedEndpoint]]:
    """Starts endpoints, which end with the test."""
    with ExitStack() as stack:
        yield lambda script: stack.enter_context(ScriptedEndpoint(script))
