"""Merging and splitting by hand: records change their paper, nothing is lost, and each can be undone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from agent.errors import UsageError
from agent.library.identity import identities
from agent.library.keys import make_key
from agent.library.store import Library, RecordOf


@dataclass(frozen=True)
class Merged:
    """Two papers that are one now: the key that stays, and the one that is its alias."""

    key: str
    alias: str


def merge(library: Library, one: str, other: str) -> Merged:
    """Make one paper of two; both keys go on naming it.

    The key that a product uses stays; where both or neither is used, the first.

    Raises:
        UsageError: they are one paper already.
    """
    if one == other:
        raise UsageError(f"{one} is one paper already", "name two different ones")
    keep, drop = (other, one) if library.is_used(other) and not library.is_used(one) else (one, other)
    with library.change():
        library.absorb(keep, drop)
        library.recompose(keep)
    return Merged(keep, drop)


def split(library: Library, key: str) -> list[str]:
    """Take a paper apart: the last merge by hand is undone, else records that no id holds together go their own ways.

    Returns:
        The keys of the papers that it is now, `key` first.

    Raises:
        UsageError: it comes of one record, or all its records have an id in common.
    """
    with library.change():
        earlier = library.last_merge(key)
        if earlier is not None:
            fresh = [library.release(earlier)]
        else:
            fresh = _by_ids(library, key)
        keys = [key, *fresh]
        for found in keys:
            library.recompose(found)
        library.tell_apart(keys)
    return keys


def _by_ids(library: Library, key: str) -> list[str]:
    """Give each group of records that share an id, or say the same, a paper of its own; the first keeps the key."""
    groups = _groups(library.records_of(key))
    if len(groups) < 2:
        raise UsageError(
            f"{key} cannot be split: {_why_whole(groups)}",
            "`litreview show KEY` names its records; `litreview exclude KEY` leaves it out",
        )
    taken = library.keys_in_use()
    fresh = []
    for group in groups[1:]:
        first = group[0].paper
        new = make_key(first, taken)
        taken.add(new.lower())
        library.insert(new, is_generated=True)
        library.move_records([record.id for record in group], new)
        library.copy_members(key, new)
        library.add_aliases(
            new, [name for record in group for name in (record.paper.key, *record.paper.aliases)]
        )
        fresh.append(new)
    return fresh


def _groups(records: Sequence[RecordOf]) -> list[list[RecordOf]]:
    groups: list[tuple[set[tuple[str, str]], list[RecordOf]]] = []
    for record in records:
        marks = {("print", record.print), *(i for i in identities(record.paper) if i[0] != "title")}
        met = [group for group in groups if group[0] & marks]
        whole = (marks.union(*(group[0] for group in met)), [r for group in met for r in group[1]] + [record])
        groups = [group for group in groups if group not in met] + [whole]
    return sorted((group for _, group in groups), key=lambda group: records.index(group[0]))


def _why_whole(groups: Iterable[Sequence[RecordOf]]) -> str:
    count = sum(len(group) for group in groups)
    return (
        "it comes of one record"
        if count == 1
        else f"its {count} records have an id in common, or say the same"
    )
