"""Where a question is looked up."""

from __future__ import annotations

from dataclasses import dataclass

from agent.library import Library


@dataclass(frozen=True)
class Shelf:
    """The library, and which of its papers are searched; all of them if `keys` is None.

    `collection` is the name that the user gave; `with_bodies` whether passages of whole texts count. `excluded` are
    papers that belong there and are not searched, since the user excluded them.
    """

    library: Library
    keys: frozenset[str] | None = None
    collection: str | None = None
    with_bodies: bool = True
    excluded: frozenset[str] = frozenset()
