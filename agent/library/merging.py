"""Merging and splitting by hand: records change their paper, nothing is lost, and each can be undone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from agent.errors import UsageError
from agent.library.identity import Identity, identities
from agent.library.keys import is_readable_key, make_key
from agent.library.merged import beyond
from agent.library.rows import Merge, RecordOf
from agent.library.store import Library

Marks = frozenset[Identity]


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


def reasons(library: Library, key: str) -> tuple[str, ...]:
    """What makes the records of a paper one work: your word, ids in common, equal titles."""
    records = library.records_of(key)
    signs = [_signs(record) for record in records]
    counts = Counter(mark for _, ids, title in signs for mark in (*ids, *title))
    found = ["merged by you"] if library.last_merge(key) else []
    shared = sorted(mark for mark, count in counts.items() if count > 1)
    found += [f"the same {scheme}: {value}" for scheme, value in shared if scheme != "title"]
    found += ["equal titles"] * any(scheme == "title" for scheme, _ in shared)
    return tuple(found)


def split(library: Library, key: str) -> list[str]:
    """Take a paper apart: the last merge by hand is undone, else records that no id holds together go their own ways.

    Returns:
        The keys of the papers that it is now, `key` first.

    Raises:
        UsageError: it comes of one record, or all its records have an id in common.
    """
    with library.change():
        earlier = library.last_merge(key)
        fresh = [_undone(library, earlier)] if earlier else _by_ids(library, key)
        keys = [key, *fresh]
        library.tell_apart(keys)
        for found in keys:
            library.recompose(found)
    return keys


def _undone(library: Library, merge: Merge) -> str:
    """Undo a merge by hand; records that came since go where what they say belongs."""
    library.release(merge)
    ours = [record for record in library.records_of(merge.key) if record.id in merge.keeper.records]
    theirs = library.records_of(merge.other)
    since = [record for record in library.records_of(merge.key) if record.id not in merge.keeper.records]
    left, right = _marks(ours), _marks(theirs)
    moved = [record for record in since if _is_rather_of(record, right, left)]
    _move(library, moved, merge.key, merge.other, {*merge.keeper.aliases, merge.other})
    return merge.other


def _is_rather_of(record: RecordOf, right: Marks, left: Marks) -> bool:
    """Whether a record says what the one side says and the other does not; the surest sign decides."""
    for sign in _signs(record):
        if bool(sign & right) != bool(sign & left):
            return bool(sign & right)
    return False


def _signs(record: RecordOf) -> tuple[Marks, Marks, Marks]:
    """The record itself, its ids, its title."""
    known = identities(record.paper)
    return (
        frozenset({("print", record.print)}),
        frozenset(one for one in known if one[0] != "title"),
        frozenset(one for one in known if one[0] == "title"),
    )


def _marks(records: Iterable[RecordOf]) -> Marks:
    return frozenset(mark for record in records for sign in _signs(record) for mark in sign)


def _by_ids(library: Library, key: str) -> list[str]:
    """Give each group of records that share an id, or say the same, a paper of its own; that whose own key it is, else the first, keeps the key."""
    records = library.records_of(key)
    groups = _groups(records)
    if len(groups) < 2:  # an id may be wrong: by what the records say, then
        groups = _groups(records, by_title=True)
    groups.sort(key=lambda group: key not in _names(group))  # whose own key it is keeps it
    if len(groups) < 2:
        raise UsageError(
            f"{key} cannot be split: {_why_whole(groups)}",
            "`litreview show KEY` names its records; `litreview exclude KEY` leaves it out",
        )
    taken = library.keys_in_use()
    kept = set(_names(groups[0]))
    fresh = []
    for group in groups[1:]:
        stated = (name for name in _names(group) if is_readable_key(name) and name.lower() not in taken)
        imported = next(stated, None)
        new = imported or make_key(group[0].paper, taken)
        taken.add(new.lower())
        library.insert(new, is_generated=imported is None)
        library.copy_members(key, new)
        _move(library, group, key, new, kept)
        fresh.append(new)
    return fresh


def _move(library: Library, records: Sequence[RecordOf], key: str, other: str, kept: Collection[str]) -> None:
    """Give records to another paper, with the names that they bear; names that are `kept` name the first too."""
    library.move_records([record.id for record in records], other)
    names = _names(records)
    library.unname(key, beyond((*names, other), kept))
    library.add_aliases(other, names)


def _names(records: Iterable[RecordOf]) -> list[str]:
    return [name for record in records for name in (record.paper.key, *record.paper.aliases) if name]


def _groups(records: Sequence[RecordOf], *, by_title: bool = False) -> list[list[RecordOf]]:
    groups: list[tuple[set[tuple[str, str]], list[RecordOf]]] = []
    for record in records:
        print_, ids, title = _signs(record)
        marks = {*print_, *(title if by_title else ids)}
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
