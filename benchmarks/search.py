"""Time, memory and size of the search index at growing numbers of papers, against reading everything for each query.

The papers are those of the saved pages that LITREVIEW_PAGES names (or of the sample corpus), and beyond these
mixtures of them as in planning.py. Queries are titles and sentences of the papers without their commonest words, and
short ones of two words. The baseline is a search without an index: read all papers, count their words, score them.
Every size, and within it every step, runs in a process of its own.

    search.py [SIZE...]
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import quantiles

from planning import SAMPLE, enlarge, load

from agent.library import Library
from agent.library.adding import ReadSource, add
from agent.library.searching import refresh, search
from agent.text.ranking import BM25
from agent.text.sentences import sentences
from agent.text.tokens import content_words

SIZES = (437, 5_000, 50_000)
QUERIES = 200
ROUNDS = 3
ID_FIELDS = {"doi": None, "arxiv_id": None, "url": None, "ids": {}}  # mixtures are works of their own


def make(path: Path, size: int) -> str:
    """Fill a library; the seconds that adding took."""
    pages = os.environ.get("LITREVIEW_PAGES")
    papers = enlarge(load([pages] if pages else [str(SAMPLE)]), size)
    source = ReadSource("/bench", "bench", [paper.model_copy(update=ID_FIELDS) for paper in papers])
    start = time.perf_counter()
    with Library(path) as library:
        add(library, [source])
    return f"{time.perf_counter() - start:.1f}"


def index(path: Path) -> str:
    """Index it: papers, seconds, peak MB, MB that the file grew."""
    before = path.stat().st_size
    start = time.perf_counter()
    with Library(path) as library:
        count = refresh(library)
    seconds = time.perf_counter() - start
    return f"{count} {seconds:.2f} {_peak():.0f} {(path.stat().st_size - before) / 1e6:.0f}"


def ask(path: Path) -> str:
    """Search it: milliseconds of the median query and of the slowest hundredth, peak MB."""
    with Library(path) as library:
        queries = _queries(library)
        took = []
        for query in queries * ROUNDS:
            start = time.perf_counter()
            search(library, [query])
            took.append(1000 * (time.perf_counter() - start))
    cuts = quantiles(took, n=100)
    return f"{cuts[49]:.1f} {cuts[98]:.1f} {_peak():.0f}"


def scan(path: Path) -> str:
    """One query without an index: milliseconds, peak MB."""
    with Library(path) as library:
        query = _queries(library)[0]
        start = time.perf_counter()
        papers = library.papers().values()
        texts = [(one.texts.title, one.texts.abstract or "") for one in papers]
        BM25([content_words(title) * 2 + content_words(abstract) for title, abstract in texts]).scores(
            content_words(query)
        )
    return f"{1000 * (time.perf_counter() - start):.0f} {_peak():.0f}"


def _queries(library: Library) -> list[str]:
    """The same queries for the same papers: titles, sentences, pairs of words, by turns."""
    keys = library.keys()
    some = library.papers(keys[:: max(1, len(keys) // QUERIES)][:QUERIES]).values()
    found = []
    for number, paper in enumerate(some):
        said = [*sentences(paper.texts.abstract or ""), paper.title]
        words = list(dict.fromkeys(content_words(said[number % len(said)])))
        found.append([paper.title, " ".join(words[:15]), " ".join(words[:2])][number % 3])
    return found


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    if sys.argv[1:2] == ["--step"]:
        name, path, size = sys.argv[2], Path(sys.argv[3]), int(sys.argv[4])
        print(make(path, size) if name == "make" else {"index": index, "ask": ask, "scan": scan}[name](path))
        return
    print(
        f"{'papers':>7} {'add s':>7} {'index s':>8} {'MB':>5} {'file MB':>8} {'query ms: p50':>14} {'p99':>6} {'MB':>5}"
        f" {'scan ms':>8} {'MB':>6} {'scan/p50':>9}"
    )
    for size in [int(size) for size in sys.argv[1:]] or SIZES:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "library.sqlite"
            added = _step("make", path, size)[0]
            count, seconds, index_peak, grown = _step("index", path, size)
            middle, slow, peak = _step("ask", path, size)
            scanned, scan_peak = _step("scan", path, size)
            print(
                f"{count:>7} {added:>7} {seconds:>8} {index_peak:>5} {grown:>8} {middle:>14} {slow:>6} {peak:>5}"
                f" {scanned:>8} {scan_peak:>6} {float(scanned) / float(middle):>8.0f}x",
                flush=True,
            )


def _step(name: str, path: Path, size: int) -> list[str]:
    command = [sys.executable, __file__, "--step", name, str(path), str(size)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()


if __name__ == "__main__":
    main()
