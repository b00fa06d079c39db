"""Time and memory of planning at growing numbers of papers.

More papers than the files hold are made by mixing: each has a title of one paper and sentences of three
others, so that words are as common as in real text. Every size runs in a process of its own.
"""

from __future__ import annotations

import asyncio
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from agent.engines.extractive import ExtractiveEngine
from agent.engines.protocol import Silent
from agent.records import Paper
from agent.sources import find_sources, read_source
from agent.sources.build import make_paper
from agent.steps.planner import Wishes, plan
from agent.text.numbered import Corpus
from agent.text.sentences import sentences

SAMPLE = Path(__file__).parent.parent / "examples" / "papers.jsonl"
SIZES = (437, 1_000, 2_500, 10_000)


def load(files: Sequence[str]) -> list[Paper]:
    """The distinct papers of files, by title."""
    found = (record for source in find_sources(files) for record in read_source(source))
    return list({record.title: record for record in found if isinstance(record, Paper)}.values())


def enlarge(papers: list[Paper], size: int) -> list[Paper]:
    """`size` papers: the real ones first, then mixtures."""
    texts = [sentences(paper.texts.abstract or "") for paper in papers]
    made = []
    for number in range(size):
        if number < len(papers):
            made.append(papers[number].model_copy(update={"key": f"p{number}"}))
            continue
        picks = [(number * step + number // len(papers)) % len(papers) for step in (1, 7, 13)]
        abstract = " ".join(sentence for pick in picks for sentence in texts[pick][number % 2 :: 2])
        title = f"{papers[picks[0]].title} ({number})"
        made.append(make_paper(title, abstract, f"item {number}", key=f"p{number}"))
    return made


def measure(files: Sequence[str], size: int) -> None:
    """Print seconds and the peak of memory for one size."""
    papers = enlarge(load(files), size)
    start = time.perf_counter()
    corpus = Corpus(papers)
    drawn = asyncio.run(plan(ExtractiveEngine(), corpus, Wishes(), Silent()))
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{size} {seconds:.2f} {peak:.0f} {len(drawn.themes)}")


def main() -> None:
    if sys.argv[1:2] == ["--size"]:
        measure(sys.argv[3:], int(sys.argv[2]))
        return
    files = sys.argv[1:] or [str(SAMPLE)]
    print(
        f"{'papers':>8} {'seconds':>8} {'peak MB':>8} {'themes':>7} {'seconds a paper, against the first':>36}"
    )
    first = 0.0
    for size in SIZES:
        command = [sys.executable, __file__, "--size", str(size), *files]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
        each = float(said[1]) / size
        first = first or each
        print(f"{said[0]:>8} {said[1]:>8} {said[2]:>8} {said[3]:>7} {each / first:>35.1f}x")


if __name__ == "__main__":
    main()
