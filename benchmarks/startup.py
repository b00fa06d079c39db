"""How long `litreview --help` and the import of the API take, against bare Python."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

RUNS = 15
CASES = {
    "bare Python": [sys.executable, "-c", "pass"],
    "litreview --help": [sys.executable, "-m", "agent", "--help"],
    "litreview survey --help": [sys.executable, "-m", "agent", "survey", "--help"],
    "import agent": [sys.executable, "-c", "import agent"],
    "agent.Review": [sys.executable, "-c", "import agent; agent.Review"],
}


def once(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, capture_output=True, check=True)
    return (time.perf_counter() - start) * 1000


def main() -> None:
    taken: dict[str, list[float]] = {name: [] for name in CASES}
    for command in CASES.values():
        once(command)  # warm the caches of the file system
    for _ in range(RUNS):  # in turn, so that a slow moment meets all
        for name, command in CASES.items():
            taken[name].append(once(command))
    bare = statistics.median(taken["bare Python"])
    for name, found in taken.items():
        middle = statistics.median(found)
        print(f"{name:<24} {middle:7.0f} ms   {middle / bare:5.1f}x bare Python")


if __name__ == "__main__":
    main()
