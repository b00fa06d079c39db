"""Surveys of the sample with a synthetic model behind a real endpoint."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from endpoint import Received, ScriptedEndpoint
from synthetic import question

from agent import Review

ROOT = Path(__file__).parents[2]
SAMPLE = str(ROOT / "examples" / "papers.jsonl")
DATE = "2026-01-02"
KEY = "sk-notAKeyButLooksLikeOne"


def settings(endpoint: ScriptedEndpoint, home: Path, **more: str) -> dict[str, str]:
    """The variables under which a survey asks this endpoint, quickly patient."""
    return {
        "HOME": str(home),
        "OPENAI_API_KEY": KEY,
        "OPENAI_BASE_URL": endpoint.base_url,
        "LITREVIEW_MODEL": "synthetic",
        "LITREVIEW_RETRY_WAIT": "0.001",
        **{f"LITREVIEW_{name.upper()}": value for name, value in more.items()},
    }


def desk(endpoint: ScriptedEndpoint, folder: Path, **more: str) -> Review:
    """A workspace in a folder, with this endpoint behind it."""
    folder.mkdir(parents=True, exist_ok=True)
    return Review(folder, environment=settings(endpoint, folder, **more))


def command(endpoint: ScriptedEndpoint, folder: Path, *arguments: str, **more: str) -> subprocess.Popen[str]:
    """The command line in a process of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **settings(endpoint, folder, **more)}
    return subprocess.Popen(
        [sys.executable, "-m", "agent", "--workspace", str(folder), *arguments],
        cwd=folder, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def digests(folder: Path) -> dict[str, str]:
    """The SHA-256 of every file of a survey."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


def questions(received: Iterator[Received] | list[Received]) -> Counter[str]:
    """How often each of our questions came in."""
    return Counter(question(one.body) for one in received)


def identity(received: Received) -> str:
    """What makes two requests the same."""
    return hashlib.sha256(repr(sorted(received.body.items())).encode()).hexdigest()


def as_sent(body: dict[str, Any]) -> str:
    """A request's user message."""
    text: str = body["messages"][1]["content"]
    return text
