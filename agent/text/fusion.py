"""Two opinions on one order made into one: by words, and by meaning where somebody could compare that."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

# Cormack, Clarke and Büttcher, "Reciprocal Rank Fusion outperforms Condorcet and individual rank learning
# methods", SIGIR 2009: places, not scores, so that scales that have nothing in common can be joined.
RANK = 60


def reciprocal_ranks(orders: Iterable[Sequence[str]]) -> dict[str, float]:
    """What each key's places in several orders are worth together; one that an order leaves out gets nothing there."""
    scores: dict[str, float] = {}
    for order in orders:
        for place, key in enumerate(order, start=1):
            scores[key] = scores.get(key, 0.0) + 1 / (RANK + place)
    return scores


def fuse(keys: Sequence[str], similarities: Sequence[float | None] | None) -> list[str]:
    """The keys in the order that both opinions make together.

    Args:
        keys: different ones, in the order of a search by words.
        similarities: of each key's text to the query, in the same order; None for one that was not
            compared, which then keeps its place by words in both orders; None in all where none was.

    Where both together leave a tie, the order by words decides; so it stands as it is where all are alike.

    Raises:
        ValueError: there is not one similarity for each key.
    """
    if similarities is None:
        return list(keys)
    near = {key: found for key, found in zip(keys, similarities, strict=True) if found is not None}
    compared = iter(sorted(near, key=lambda key: -near[key]))
    by_meaning = [next(compared) if key in near else key for key in keys]
    scores = reciprocal_ranks((keys, by_meaning))
    return sorted(keys, key=lambda key: -scores[key])
