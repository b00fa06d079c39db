"""What all tests share: nothing goes out on the network, and pandoc where it is installed."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

LOOPBACK = ("127.", "::1", "localhost")
ADDRESSED = {"socket.connect": 1, "socket.sendto": 1, "socket.sendmsg": 1}
ASKED = {"socket.getaddrinfo": 0, "socket.gethostbyname": 0, "socket.gethostbyaddr": 0}


def _stay_here(event: str, arguments: tuple[Any, ...]) -> None:
    if event in ADDRESSED:
        address = arguments[ADDRESSED[event]]
        host = address[0] if isinstance(address, tuple) else None
    elif event in ASKED:
        host = arguments[ASKED[event]]
    else:
        return
    name = host.decode() if isinstance(host, bytes) else host
    if name and not str(name).startswith(LOOPBACK):
        pytest.fail(f"a test wants to reach {name}: tests stay on this machine")


@pytest.fixture(scope="session", autouse=True)
def no_network() -> None:
    """No test of this process reaches another machine; an audit hook stays for the life of the process."""
    sys.addaudithook(_stay_here)


class Pandoc:
    """Runs pandoc; a warning counts as a failure."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __call__(self, *arguments: str, text: str = "", folder: Path | None = None) -> str:
        done = subprocess.run(
            [self.path, *arguments], input=text.encode(), capture_output=True, cwd=folder, check=False
        )
        said = done.stderr.decode()
        assert done.returncode == 0, said
        assert said == ""
        return done.stdout.decode()


@pytest.fixture(scope="session")
def pandoc() -> Pandoc:
    """Pandoc, or a skip that says how to get it; with LITREVIEW_NO_SKIPS a failure."""
    if importlib.util.find_spec("pypandoc") is None:
        reason = 'pandoc is not here: pip install -e ".[documents]"'
        if os.environ.get("LITREVIEW_NO_SKIPS"):
            pytest.fail(reason)
        pytest.skip(reason)
    import pypandoc

    return Pandoc(pypandoc.get_pandoc_path())
