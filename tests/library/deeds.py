"""What a user does with papers, for these tests, and all that can be seen of it."""

from __future__ import annotations

from typing import Any

from shelf import Shelf

from agent.library.merging import merge, split
from agent.records import Body

WORDS = ["exclude", "include", "set", "collect", "name", "attach"]


def state(shelf: Shelf) -> dict[str, Any]:
    """All that a person could see of a library, but what is told apart."""
    with shelf.open() as library:
        papers = library.papers()
        return {
            "papers": papers,
            "decisions": library.decisions(),
            "own": {key: library.own_values(key) for key in papers},
            "members": {name: library.members(name) for name in library.collections()},
            "names": {name: library.resolve(name) for name in library.all_names()},
            "bodies": library.bodies(papers),
            "used": {key: library.is_used(key) for key in papers},
            "rows": library.records(),
            "in use": library.keys_in_use(),
        }


def join(shelf: Shelf, one: str, other: str) -> str:
    with shelf.open() as library:
        return merge(library, one, other).key


def part(shelf: Shelf, key: str) -> list[str]:
    with shelf.open() as library:
        return split(library, key)


def body(text: str) -> Body:
    return Body(text=text, pages=(0,))


def say(shelf: Shelf, what: str, key: str) -> None:
    """One thing that a user says of a paper."""
    with shelf.open() as library, library.change():
        if what == "exclude":
            library.decide(key, "exclude", f"{key} is dull")
        elif what == "include":
            library.decide(key, "include", None)
        elif what == "set":
            library.set_value(key, "venue", f"Annals of {key}")
        elif what == "collect":
            library.collect(f"of {key}", [key], [])
        elif what == "name":
            library.add_aliases(key, [f"{key}-too", "either"])
        elif what == "attach":
            library.set_body(key, f"{key}.pdf", f"digest of {key}", body(f"All of {key}."))
        library.recompose(key)
