"""Passages alone: what a search finds, and why."""

from __future__ import annotations

from agent.errors import InputError
from agent.library.searching import Hit, search
from agent.products.looking import spread
from agent.products.shelf import Shelf
from agent.records import Found, Reasoned, Searched


def find_passages(shelf: Shelf, query: str, limit: int, *, explain: bool = False) -> Found:
    """The passages nearest to a query, not too many of one paper.

    Raises:
        InputError: there is nothing to look in.
    """
    found = search(shelf.library, [query], keys=shelf.keys, limit=limit)
    if not found.size:
        raise InputError("no papers here", "add papers with `litreview add FILES`, or name files")
    passages = [one for hit in found.hits for one in hit.passages if shelf.with_bodies or one.part != "body"]
    kept = spread(sorted(passages, key=lambda one: (-one.score, one.place)), limit)
    keys = {one.key for one in kept}
    return Found(
        query=query,
        passages=kept,
        papers=shelf.library.papers(keys),
        searched=Searched(
            collection=shelf.collection, papers=found.size, bodies=found.bodies if shelf.with_bodies else 0, queries=(query,)
        ),
        why=tuple(_reasoned(hit) for hit in found.hits if hit.key in keys) if explain else None,
    )  # fmt: skip


def _reasoned(hit: Hit) -> Reasoned:
    return Reasoned(
        key=hit.key,
        score=hit.score,
        paper_score=hit.paper_score,
        sentence_score=hit.sentence_score,
        words=dict(hit.words),
        lacking=tuple(sorted(hit.lacking)),
        own_name=hit.is_named,
    )
