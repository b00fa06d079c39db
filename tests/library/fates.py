"""What the library does with labelled pairs: merges them without asking, shows them, or takes no notice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from variations import Pair

from agent.library.identity import same_work
from agent.library.lookalikes import lookalikes

MERGED, SHOWN, LEFT = "merged", "shown", "left"


def fates(pairs: Iterable[Pair]) -> list[tuple[Pair, str]]:
    """Each pair and its fate. Those of a kind that were not merged are looked at together, as in a library."""
    kinds: dict[str, list[Pair]] = defaultdict(list)
    found: list[tuple[Pair, str]] = []
    for pair in pairs:
        if same_work(pair.one, pair.other):
            found.append((pair, MERGED))
        else:
            kinds[pair.kind].append(pair)
    for apart in kinds.values():
        papers = [paper for pair in apart for paper in (pair.one, pair.other)]
        shown = {(alike.one, alike.other) for alike in lookalikes(papers)}
        for number, pair in enumerate(apart):
            found.append((pair, SHOWN if (2 * number, 2 * number + 1) in shown else LEFT))
    return found
