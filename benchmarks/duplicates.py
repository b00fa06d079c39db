"""What de-duplication finds, misses and gets wrong on labelled pairs, and its time and memory at growing sizes.

The pairs are those of tests/library/variations.py: of the sample corpus, and of the saved pages that LITREVIEW_PAGES
names. The sizes are files of records with titles mixed from real ones, invented people and abstracts of about
900 characters, 15 % of them second records of a work; each is read, added and looked through in a process of its own.

    duplicates.py [SIZE...]
"""

from __future__ import annotations

import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "library"))

import other_works
import variations
from fates import LEFT, MERGED, SHOWN, fates
from invented_records import FAMILIES, Record, method, plain

from agent.library import Library
from agent.library.adding import ReadSource, add
from agent.library.lookalikes import lookalikes
from agent.records import Paper
from agent.sources import find_sources, read_source
from agent.sources.build import make_paper
from agent.text.sentences import sentences

SEED = 1
NEGATIVES = 6_000
SIZES = (5_000, 20_000, 80_000)
DOUBLES = 0.15  # share of records that are a work's second
TO_SHOW = 0.2  # share of the doubles that are only to be shown
CHARACTERS = 900
OTHER_WORDS = 1 / 3  # of a mixed abstract, so that few stretches of it stand in others too
ID_FIELDS = ("doi", "arxiv_id", "url", "ids")
ID = re.compile(r"10\.\d{4}/[\w.]*\w|\d{4}\.\d{5}|\d{6,}")
BEFORE_PREPOSITION = frozenset("for via with of in by using on through from under".split())


def main() -> None:
    if sys.argv[1:2] == ["--make"]:
        make(Path(sys.argv[2]), int(sys.argv[3]))
    elif sys.argv[1:2] == ["--measure"]:
        measure(Path(sys.argv[2]))
    elif sys.argv[1:2] == ["--pairs"]:
        print_pairs()
    else:
        # in a process of its own: what is started from a large process is said to be as large
        print(run("--pairs"), end="")
        print_sizes([int(size) for size in sys.argv[1:]] or SIZES)


def print_pairs() -> None:
    """The tables of labelled pairs."""
    papers = variations.base_papers(os.environ.get("LITREVIEW_PAGES"))
    found = fates(variations.positives(papers, SEED))
    print(f"{len(papers)} papers, seed {SEED}\n")
    print(f"{'one work':<28} {'pairs':>6} {'wanted':>7} {'merged':>7} {'shown':>6} {'lost':>6} {'found':>7}")
    wanted = dict.fromkeys(variations.KINDS_TO_MERGE, "merged") | dict.fromkeys(variations.OPEN_KINDS, "open")
    for kind in variations.POSITIVE_KINDS:
        counts = Counter(fate for pair, fate in found if pair.kind == kind)
        print_found(kind, wanted.get(kind, "shown"), counts)
    print_found("all", "", Counter(fate for _, fate in found))
    promised = Counter(fate for pair, fate in found if pair.kind not in variations.OPEN_KINDS)
    print_found("all that are not open", "", promised)
    print(f"\n{'two works':<28} {'pairs':>6} {'false merges':>13} {'shown':>6}")
    found = fates(variations.negatives(papers, SEED, NEGATIVES))
    for kind in (*variations.NEGATIVE_KINDS, ""):
        counts = Counter(fate for pair, fate in found if kind in ("", pair.kind))
        print(f"{kind or 'all':<28} {counts.total():>6} {counts[MERGED]:>13} {counts[SHOWN]:>6}")
    for pair in [pair for pair, fate in found if fate == MERGED][:20]:
        print(f"  merged, {pair.kind}: {pair.one.title} / {pair.other.title}")


def print_found(kind: str, wanted: str, counts: Counter[str]) -> None:
    share = 1 - counts[LEFT] / max(1, counts.total())
    print(
        f"{kind:<28} {counts.total():>6} {wanted:>7} {counts[MERGED]:>7} {counts[SHOWN]:>6} {counts[LEFT]:>6} {share:>7.2%}"
    )


def print_sizes(sizes: Sequence[int]) -> None:
    """Time and memory for each size, and what was found in it."""
    columns = ("records", "works", "found", "doubles", "merged", "shown", "lost", "false", "shown in all", "add s",
               "alike s", "add MB", "peak MB", "s/record", "MB/record")  # fmt: skip
    print("\n" + " ".join(f"{column:>{max(7, len(column))}}" for column in columns))
    first: tuple[float, float] | None = None
    with tempfile.TemporaryDirectory() as folder:
        for size in sizes:
            said = json.loads(run("--make", folder, str(size)) and run("--measure", folder))
            each = (said["add s"] + said["alike s"]) / size, said["peak MB"] / size
            first = first or each
            said |= {"s/record": f"{each[0] / first[0]:.2f}x", "MB/record": f"{each[1] / first[1]:.2f}x"}
            print(" ".join(f"{said[column]:>{max(7, len(column))}}" for column in columns), flush=True)


def run(*arguments: str) -> str:
    command = [sys.executable, __file__, *arguments]
    return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout


def make(folder: Path, size: int) -> None:
    """Write `size` records, and beside them the number of each one's work and how it differs from its double."""
    papers = variations.base_papers(os.environ.get("LITREVIEW_PAGES"))
    made = list(records(papers, size))
    Random(SEED).shuffle(made)
    (folder / "library.sqlite").unlink(missing_ok=True)
    with (folder / "records.jsonl").open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(record, ensure_ascii=False) + "\n" for record, _, _ in made)
    (folder / "labels.json").write_text(json.dumps([label for _, *label in made]), encoding="utf-8")
    print(size)


def records(papers: Sequence[Paper], size: int) -> Iterator[tuple[Record, int, str]]:
    """Records with the number of their work, and the kind of their double or nothing."""
    rng = Random(f"{SEED} {size}")
    told = [sentences(paper.texts.abstract or "") for paper in papers]
    common = [word for paper in told for sentence in paper for word in sentence.split()]
    works = round(size * (1 - DOUBLES))
    doubled, merged, shown = size - works, variations.KINDS_TO_MERGE, variations.KINDS_TO_SHOW
    taken: set[str] = set()
    names = families(rng, 3_000)
    for work in range(works):
        paper = make_paper(title(rng, papers, taken), abstract(rng, told, common), "")
        kind, pair = differing(rng, paper, names, shown if rng.random() < TO_SHOW else merged, taken)
        is_doubled = work < doubled
        for side in pair[: 2 if is_doubled else 1]:
            yield side, work, kind if is_doubled else ""


def differing(
    rng: Random, paper: Paper, names: Sequence[str], kinds: Sequence[str], taken: set[str]
) -> tuple[str, tuple[Record, Record]]:
    """Two records of a paper that differ in one of the ways, with titles and ids that no other work has."""
    while True:
        kind = rng.choice(kinds)
        one, other = variations.two_records(rng, paper, kind, names) or ("", "")
        if isinstance(one, dict) and isinstance(other, dict):
            own = (marks(one) | marks(other)) - {plain(paper.title)}
            if not own & taken:
                taken |= own
                return kind, (one, other)


def marks(record: Record) -> set[str]:
    """The title and the ids of a record."""
    ids = (ID.findall(str(record.get(field)).lower()) for field in ID_FIELDS)
    return {plain(record["title"]), *(found for some in ids for found in some)}


def title(rng: Random, papers: Sequence[Paper], seen: set[str]) -> str:
    """The beginning of one title and the end of another, mostly with a name in front; none comes twice."""
    while True:
        left, right = (rng.choice(papers).title.partition(": ")[2] or rng.choice(papers).title for _ in "12")
        made = " ".join([*split(left)[0], *(split(right)[1] or ["for", other_works.any_topic(rng)])])
        made = f"{method(rng)}: {made}" if rng.random() < 0.6 else made
        if plain(made) not in seen:
            seen.add(plain(made))
            return made


def split(text: str) -> tuple[list[str], list[str]]:
    words = text.split()
    at = next((place for place, word in enumerate(words) if place and word in BEFORE_PREPOSITION), len(words))
    return words[:at], words[at:]


def abstract(rng: Random, told: Sequence[Sequence[str]], common: Sequence[str]) -> str:
    """Sentences of several abstracts in which every third word is another."""
    made: list[str] = []
    while sum(map(len, made)) + len(made) < CHARACTERS:
        words = rng.choice(rng.choice(told)).split()
        made.append(" ".join(rng.choice(common) if rng.random() < OTHER_WORDS else word for word in words))
    return " ".join(made)


def families(rng: Random, count: int) -> list[str]:
    """Family names, as many as a large library has."""
    parts = "an ba chen der el fa go hart i ka lo mar nen o pe ri sen sto ta vic wal ya zu".split()
    return [*FAMILIES, *("".join(rng.choices(parts, k=rng.randint(2, 4))).title() for _ in range(count))]


def measure(folder: Path) -> None:
    """Read, add and look through the records of a folder; print what it took and what was found."""
    start = time.perf_counter()
    (source,) = find_sources([folder / "records.jsonl"])
    with Library(folder / "library.sqlite") as library:
        add(library, [ReadSource(source.path, source.name, read_source(source))])
        added, memory = time.perf_counter(), peak()
        papers = list(library.papers().values())
        alike = lookalikes(papers)
        done = time.perf_counter()
    figures = {
        "add s": round(added - start, 1),
        "alike s": round(done - added, 1),
        "add MB": memory,
        "peak MB": peak(),
    }
    shown = {(pair.one, pair.other) for pair in alike}
    labels = json.loads((folder / "labels.json").read_text(encoding="utf-8"))
    print(json.dumps(figures | judged(papers, shown, labels) | {"shown in all": len(shown)}))


def judged(
    papers: Sequence[Paper], shown: set[tuple[int, int]], labels: Sequence[tuple[int, str]]
) -> dict[str, int]:
    """How many works were found, and what became of the doubles; `false`: papers that are records of two works."""
    places: dict[int, set[int]] = defaultdict(set)
    false = 0
    for place, paper in enumerate(papers):
        works = {labels[int(origin.position.split()[-1]) - 1][0] for origin in paper.sources}
        false += len(works) > 1
        for work in works:
            places[work].add(place)
    doubled = {work for work, kind in labels if kind}
    apart = [sorted(places[work]) for work in doubled if len(places[work]) > 1]
    found = sum(any((one, other) in shown for one in held for other in held) for held in apart)
    return {"records": len(labels), "works": len(places), "found": len(papers), "doubles": len(doubled),
            "merged": len(doubled) - len(apart), "shown": found, "lost": len(apart) - found, "false": false}  # fmt: skip


def peak() -> int:
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


if __name__ == "__main__":
    main()
