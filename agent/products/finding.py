"""Passages alone: what a search finds, and why."""

from __future__ import annotations

from collections.abc import Iterable

from agent.errors import InputError
from agent.library.searching import Hit, Retrieved, search
from agent.library.spelling import spelled_alike
from agent.products.empty import NOTHING
from agent.products.looking import spread
from agent.products.shelf import Shelf
from agent.records import Found, Passage, Reasoned, Searched
from agent.text.questions import american


def find_passages(shelf: Shelf, query: str, limit: int, *, explain: bool = False) -> Found:
    """The passages nearest to a query, not too many of one paper; first those of papers that it calls by a name.

    A title beside another sentence of its paper is not counted: it stands above that anyway.

    Raises:
        InputError: there is nothing to look in.
    """
    found = search(shelf.library, [query, american(query)], keys=shelf.keys, limit=limit)
    if not found.size:
        raise InputError(*NOTHING)
    kept = counted(_ranked(found, with_bodies=shelf.with_bodies), limit)
    keys = {one.key for one in kept}
    return Found(
        query=query,
        passages=kept,
        papers=shelf.library.papers(keys),
        searched=Searched(
            collection=shelf.collection, papers=found.size, excluded=len(shelf.excluded),
            bodies=found.bodies if shelf.with_bodies else 0, queries=(query,),
        ),
        why=tuple(_reasoned(hit) for hit in found.hits if hit.key in keys) if explain else None,
        alike=() if kept else spelled_alike(shelf.library, query, found.unknown, shelf.keys),
    )  # fmt: skip


def _ranked(found: Retrieved, *, with_bodies: bool) -> tuple[Passage, ...]:
    """All passages, best first, not too many of one paper."""
    named = {hit.key for hit in found.hits if hit.is_named}
    passages = [one for hit in found.hits for one in hit.passages if with_bodies or one.part != "body"]
    passages.sort(key=lambda one: (one.key not in named, -one.score, one.place))
    return spread(passages, len(passages))


def counted(passages: Iterable[Passage], limit: int) -> tuple[Passage, ...]:
    """The first so many; a title counts only where no other sentence of its paper is among them."""
    kept: list[Passage] = []
    titles: set[str] = set()  # papers of which only the title is there
    others: set[str] = set()
    count = 0
    for one in passages:
        if one.part == "title":
            costs = one.key not in others
        else:
            costs = one.key not in titles
        if count + costs > limit:
            continue
        count += costs
        kept.append(one)
        if one.part != "title":
            others.add(one.key)
            titles.discard(one.key)
        elif costs:
            titles.add(one.key)
    return tuple(kept)


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
