"""What a product is about: which records came in, which papers they are, what the user decided of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from agent.library import Library, RecordRow
from agent.records import Body, Paper


@dataclass(frozen=True)
class Scope:
    """Records in order, their papers and whole texts by key, and the user's decisions on those."""

    rows: tuple[RecordRow, ...]
    papers: dict[str, Paper]
    excluded: dict[str, str]
    kept: frozenset[str]
    bodies: Mapping[str, Body] = field(default_factory=dict)

    def without_bodies(self) -> Scope:
        """The same with titles and abstracts only."""
        return replace(self, bodies={})

    @property
    def included(self) -> list[Paper]:
        """The papers that the user has not excluded."""
        return [paper for key, paper in self.papers.items() if key not in self.excluded]


def load_scope(
    library: Library,
    paths: Sequence[str] | None = None,
    collection: str | None = None,
    also: Iterable[str] = (),
) -> Scope:
    """The records of the sources at `paths`, of a collection, or of the whole library.

    `also` names papers that belong to it though none of those records is of them.
    """
    rows = tuple(library.records(paths, collection))
    if left := set(also) - {row.key for row in rows}:
        rows = (*rows, *library.records(keys=left))
    papers = library.papers({row.key for row in rows if row.key})
    decisions = {key: decision for key, decision in library.decisions().items() if key in papers}
    excluded = {key: d.reason or "excluded by you" for key, d in decisions.items() if d.what == "exclude"}
    kept = frozenset(key for key, decision in decisions.items() if decision.what == "include")
    return Scope(rows, papers, excluded, kept, library.bodies(papers))
