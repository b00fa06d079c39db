"""A terminal for these tests: commands as a person types them, in this process or in one of their own."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agent.cli.main import main

SAMPLE = Path(__file__).parents[2] / "examples" / "papers.jsonl"
DAY = "2026-01-15"
WELLS = [
    {"title": f"{name}: Water Levels in Wells from {what}", "abstract": f"Water levels in wells are read by hand. "
     f"We present {name}, a method that reads water levels in wells with {what}. {name} is {n}.5x faster than reading by hand."}
    for n, (name, what) in enumerate([("FloatLog", "Floats"), ("EchoWell", "Sound"), ("DryWell", "Wires"), ("WellNet", "Radio")], 1)
]  # fmt: skip
FLOAT = "floatlogwaterlevelsin"


@dataclass(frozen=True)
class Shown:
    """What a command left: its exit code, and what it said where."""

    code: int
    out: str
    err: str

    @property
    def said(self) -> str:
        return self.out + self.err

    def json(self) -> Any:
        return json.loads(self.out)


class Terminal:
    """A person at work in a folder, with a home of their own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "home").mkdir(parents=True, exist_ok=True)

    def environment(self, extra: Mapping[str, str]) -> dict[str, str]:
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("LITREVIEW_", "XDG_", "NO_COLOR"))
        }
        return {**kept, "HOME": str(self.folder / "home"), **extra}

    def run(self, *arguments: object, stdin: bytes = b"", **environment: str) -> Shown:
        """Run the command line here, as its process would."""
        out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
        kept = (
            sys.argv,
            sys.stdin,
            sys.stdout,
            sys.stderr,
            dict(os.environ),
            Path.cwd(),
            signal.getsignal(signal.SIGTERM),
        )
        try:
            sys.argv = ["litreview", *map(str, arguments)]
            sys.stdin, sys.stdout, sys.stderr = io.TextIOWrapper(io.BytesIO(stdin)), out, err
            os.environ.clear()
            os.environ.update(self.environment(environment))
            os.chdir(self.folder)
            main()
        except SystemExit as left:
            code = left.code if isinstance(left.code, int) else 1
        finally:
            sys.argv, sys.stdin, sys.stdout, sys.stderr = kept[:4]
            os.environ.clear()
            os.environ.update(kept[4])
            os.chdir(kept[5])
            signal.signal(signal.SIGTERM, kept[6])
        shown = [stream.buffer.getvalue().decode() for stream in (out, err)]  # type: ignore[attr-defined]
        return Shown(code, *shown)

    def start(self, *arguments: object, **environment: str) -> subprocess.Popen[bytes]:
        """Start the command line as a process."""
        return subprocess.Popen(
            [sys.executable, "-m", "agent", *map(str, arguments)], cwd=self.folder, env=self.environment(environment),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip

    def spawn(self, *arguments: object, **environment: str) -> Shown:
        """Run the command line as a process, to its end."""
        process = self.start(*arguments, **environment)
        out, err = process.communicate()
        return Shown(process.returncode, out.decode(), err.decode())

    def write(self, name: str, records: Iterable[Mapping[str, Any] | str] | bytes) -> Path:
        """A file of records, one a line, or of bytes as they are."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(records, bytes):
            path.write_bytes(records)
        else:
            lines = [record if isinstance(record, str) else json.dumps(record) for record in records]
            path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        return path
