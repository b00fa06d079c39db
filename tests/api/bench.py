"""A bench for these tests: files of papers, workspaces, and the digests of what was written."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from agent.api import Review

SAMPLE = Path(__file__).parents[2] / "examples" / "papers.jsonl"
DAY = "2026-01-15"
WELLS = [
    {"title": f"{name}: Water Levels in Wells from {what}", "abstract": f"Water levels in wells are read by hand. "
     f"We present {name}, a method that reads water levels in wells with {what}. {name} is {n}.5x faster than reading by hand."}
    for n, (name, what) in enumerate([("FloatLog", "Floats"), ("EchoWell", "Sound"), ("DryWell", "Wires"), ("WellNet", "Radio")], 1)
]  # fmt: skip
BRIDGES = [
    {"title": f"{name}: Vibration of Bridges from {what}", "abstract": f"Vibration of bridges tells of their age. "
     f"We present {name}, a method that measures vibration of bridges with {what}. {name} costs {n}.5x less than wired sensors."}
    for n, (name, what) in enumerate([("ShakeLog", "Phones"), ("SpanNet", "Radar"), ("SpanEcho", "Lasers"), ("SpanCam", "Video")], 1)
]  # fmt: skip
MORE = [
    {"title": f"Late {name}: {subject} Again", "abstract": f"We present Late {name}, a method for {subject.lower()} at {n}0 sites."}
    for n, (name, subject) in enumerate([("One", "Water Levels in Wells"), ("Two", "Vibration of Bridges"),
                                         ("Three", "Water Levels in Wells"), ("Four", "Vibration of Bridges"),
                                         ("Five", "Water Levels in Wells")], 1)
]  # fmt: skip


def write(path: Path, records: Iterable[Mapping[str, Any] | str]) -> Path:
    """Records as JSON Lines; a string is a line as it stands."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [record if isinstance(record, str) else json.dumps(record) for record in records]
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def review(folder: Path, **stated: Any) -> Review:
    """A workspace in `folder` that knows nothing of the machine it is on."""
    return Review(folder, environment={"HOME": str(folder)}, **stated)


def digests(folder: Path) -> dict[str, str]:
    """The SHA-256 of every file of a folder."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}
