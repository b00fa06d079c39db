"""What is read of damaged files, whether anything sound is lost, how fast, and in how much memory.

For each format a file of invented records, one in a hundred of them damaged (tests/sources/planted.py says how), is
read in a process of its own and compared with what was written. Then a JSONL file of 200 MB is read as a stream.

    conservation.py [RECORDS [MEGABYTES]]
"""

from __future__ import annotations

import json
import re
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "sources"))

from planted import Format, Planted, check, make_works, plant
from planted_data import DATA, JSONL
from planted_tagged import TAGGED

from agent.records import Paper
from agent.sources import find_sources, read_source

FORMATS = {form.kind + form.ending: form for form in (*TAGGED, *DATA)}
RECORDS, MEGABYTES = 10_000, 200


def main() -> None:
    if sys.argv[1:2] == ["--read"]:
        read_alone(Path(sys.argv[2]))
        return
    sizes = [int(argument) for argument in sys.argv[1:]]
    records, megabytes = [*sizes, *[RECORDS, MEGABYTES][len(sizes) :]]
    print(f"{records} records a file, 1 % damaged\n")
    print(
        f"{'':<16} kinds  damaged  written  papers  rejected  notes  faults     MB      s  records/s  peak MB"
    )
    with tempfile.TemporaryDirectory() as folder:
        faults = [
            fault for name, form in FORMATS.items() for fault in one_format(name, form, records, Path(folder))
        ]
        stream(Path(folder, "stream.jsonl"), megabytes)
    if faults:
        print("\n".join(["", "Faults:", *faults[:50]]))
        sys.exit(1)


def one_format(name: str, form: Format, records: int, folder: Path) -> list[str]:
    planted = plant(form, records)
    file = folder / f"planted{form.ending}"
    file.write_bytes(planted.data)
    outcome = check(planted, read_source(*find_sources([file])))
    alone = measured(file)
    print(
        f"{name:<16} {kinds(planted):5}  {len(planted.damages):7}  {planted.written:7}  {outcome.papers:6}  {outcome.rejected:8}"
        f"  {outcome.notes:5}  {len(outcome.faults):6}  {len(planted.data) / 1e6:5.1f}  {alone['seconds']:5.2f}"
        f"  {records / alone['seconds']:9,.0f}  {alone['peak']:7.0f}"
    )
    return [f"{name}: {fault}" for fault in outcome.faults]


def kinds(planted: Planted) -> int:
    return len({damage.name for damage in planted.damages.values()})


def stream(file: Path, megabytes: int) -> None:
    """A large file of lines, which never lies in memory whole."""
    block = "".join(JSONL.write(work) for work in make_works(10_000, "stream")).encode()
    with file.open("wb") as out:
        while out.tell() < megabytes * 1_000_000:
            out.write(block)
    alone = measured(file)
    print(f"\n{file.stat().st_size / 1e6:.0f} MB of JSONL as a stream: {alone['papers']:,} papers in {alone['seconds']:.1f} s, "
          f"{alone['papers'] / alone['seconds']:,.0f} records/s, peak {alone['peak']:.0f} MB")  # fmt: skip


def measured(file: Path) -> dict[str, float]:
    command = [sys.executable, __file__, "--read", str(file)]
    return dict(json.loads(subprocess.run(command, capture_output=True, check=True, text=True).stdout))


def read_alone(file: Path) -> None:
    """Read a file and keep nothing: papers, seconds of the processor, and the process's peak in megabytes."""
    start = time.process_time()
    papers = sum(isinstance(item, Paper) for item in read_source(*find_sources([file])))
    seconds = time.process_time() - start
    print(json.dumps({"papers": papers, "seconds": seconds, "peak": peak_megabytes()}))


def peak_megabytes() -> float:
    """The most memory that this process had; `ru_maxrss` would count what it had as its parent's copy."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(re.findall(r"VmHWM:\s*(\d+)", status.read_text())[0]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
