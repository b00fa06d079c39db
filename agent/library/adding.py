"""Taking records in: which are new, which are known, and what they change.

All sources of one run are taken together: records are ordered by precedence, not by arrival, and new keys
are handed out in order of title, so that the order of files changes nothing. Records lie in the library's
own file meanwhile; what stays in memory is what tells works apart.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from agent.library.compose import Part, changed_fields
from agent.library.identity import (
    Facts,
    Identity,
    contradict,
    disagree_in_ids,
    facts_of,
    identities,
    precedence,
    record_print,
)
from agent.library.keys import is_readable_key, make_key
from agent.library.store import Library, StoredRecord
from agent.records import AddReport, Change, Note, Noted, Paper, Rejected, Rejection


@dataclass(frozen=True)
class ReadSource:
    """A source and what is read from it, in its order.

    `is_partial`: it never gives all that it has, so that what it does not give this time is not gone.
    `pins`: for records by position, the key of the paper that they are known to be of.
    """

    path: str
    name: str
    records: Iterable[Paper | Rejected | Noted]
    is_partial: bool = False
    pins: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Incoming:
    """One record of this run; `rank` is its place by precedence among all of them, `row` where it lies."""

    source: int
    ordinal: int
    position: str
    row: int
    rank: int
    title: str
    print: str
    facts: Facts
    identities: tuple[Identity, ...]
    key: str
    aliases: tuple[str, ...]
    pin: str | None


@dataclass(eq=False)
class _Work:
    """The records of this run that are one work, best first, and its key in the library."""

    records: list[_Incoming] = field(default_factory=list)
    key: str = ""
    is_new: bool = False


@dataclass
class _Staged:
    """What was read: records in order of precedence, and what is none."""

    records: list[_Incoming] = field(default_factory=list)
    rejected: list[tuple[int, int, Rejected]] = field(default_factory=list)
    notes: list[tuple[int, Noted]] = field(default_factory=list)


@dataclass
class _Tally:
    """What this run did so far."""

    counts: Counter[str] = field(default_factory=Counter)
    changes: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))


def _nothing(count: int) -> None:
    pass


def add(
    library: Library,
    sources: Sequence[ReadSource],
    collection: str | None = None,
    advance: Callable[[int], None] = _nothing,
    begin: Callable[[int], None] = _nothing,
) -> AddReport:
    """Take all records of `sources` into the library, as one change.

    Args:
        begin: told how many records there are, once all are read.
        advance: told after each work how many of its records are in.

    Returns:
        What was new, known, merged, rejected, changed and gone.
    """
    with library.change():
        ids = {source.path: library.source_id(source.path, source.name) for source in sources}
        run = library.next_run()
        staged = _stage(library, sources, ids)
        begin(len(staged.records))
        works = _cluster(library, staged.records)
        _name(library, works)
        if collection:
            library.collect(collection, [work.key for work in works], ids.values())
        earlier = {number: library.source_records(number) for number in ids.values()}
        tally = _Tally()
        for work in works:
            _take(library, work, run, earlier, tally)
            advance(len(work.records))
        whole = {ids[source.path] for source in sources if not source.is_partial}
        gone = _mark_gone(library, {n: left for n, left in earlier.items() if n in whole}, works)
        rejected = _reject(library, staged, ids.values(), run)
        library.drop_staged()
    return AddReport(
        read=tally.counts.total() + len(rejected),
        added=tally.counts["added"],
        known=tally.counts["known"],
        merged=tally.counts["merged"],
        rejected=tuple(rejected),
        changed=tuple(
            Change(key=key, fields=tuple(sorted(found))) for key, found in sorted(tally.changes.items())
        ),
        gone=tuple(gone),
        notes=_notes(library, staged),
    )


def _stage(library: Library, sources: Sequence[ReadSource], ids: dict[str, int]) -> _Staged:
    """Read everything once, lay the records aside, and put them in order of precedence."""
    staged = _Staged()
    found: list[tuple[tuple[int, ...], str, int, _Incoming]] = []
    for source in sorted(sources, key=lambda source: source.name):
        ordinal = 0
        for record in source.records:
            if isinstance(record, Noted):
                staged.notes.append((ids[source.path], record))
                continue
            ordinal += 1
            if isinstance(record, Rejected):
                staged.rejected.append((ids[source.path], ordinal, record))
                continue
            incoming = _incoming(record, ids[source.path], ordinal, library.stage(record), source.pins)
            found.append((precedence(record), source.name, ordinal, incoming))
    found.sort(key=lambda item: item[:3])
    for rank, (*_, incoming) in enumerate(found):
        object.__setattr__(incoming, "rank", rank)  # known only now that all are read
        staged.records.append(incoming)
    return staged


def _incoming(paper: Paper, source: int, ordinal: int, row: int, pins: Mapping[str, str]) -> _Incoming:
    position = paper.sources[0].position if paper.sources else f"record {ordinal}"
    return _Incoming(
        source=source, ordinal=ordinal, position=position, row=row, rank=-1, title=paper.title, print=record_print(paper),
        facts=facts_of(paper), identities=tuple(identities(paper)), key=paper.key, aliases=paper.aliases, pin=pins.get(position),
    )  # fmt: skip


class _Known:
    """What the library says of the records that come in."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._facts: dict[str, Facts] = {}
        self._taken: set[int] = set()

    def facts(self, key: str) -> Facts:
        if key not in self._facts:
            self._facts[key] = facts_of(self._library.papers([key])[key])
        return self._facts[key]

    def pinned(self, item: _Incoming) -> str | None:
        """The paper that the very same record is of already, whatever was decided of it since.

        A record of the same source comes first, each for one record of this run.
        """
        found = self._library.records_by_print(item.print, item.source)
        free = next((record for record in found if record.id not in self._taken), None)
        if free is not None:
            self._taken.add(free.id)
        return free.key if free else found[0].key if found else None


def _cluster(library: Library, incoming: Sequence[_Incoming]) -> list[_Work]:
    works: list[_Work] = []
    by_identity: dict[Identity, list[_Work]] = defaultdict(list)
    by_key: dict[str, _Work] = {}
    known = _Known(library)
    named = Counter((item.source, item.facts.title) for item in incoming)
    for item in incoming:
        work = _pinned(known, item, by_key) or _met(item, works, by_identity)
        if work is None:
            is_only = named[item.source, item.facts.title] == 1
            work = _in_library(library, known, item, by_key, is_only=is_only) or _Work(is_new=True)
        if not work.records:
            works.append(work)
        work.records.append(item)
        for identity in item.identities:
            if work not in by_identity[identity]:
                by_identity[identity].append(work)
    return works


def _pinned(known: _Known, item: _Incoming, by_key: dict[str, _Work]) -> _Work | None:
    key = item.pin or known.pinned(item)
    return by_key.setdefault(key, _Work(key=key)) if key else None


def _met(item: _Incoming, works: list[_Work], by_identity: dict[Identity, list[_Work]]) -> _Work | None:
    """The work of this run that a record is of; where it joins what two others kept apart, they become one."""
    met: dict[_Work, None] = {}
    for identity in item.identities:
        for work in by_identity.get(identity, ()):
            if identity[0] != "title" or not any(
                contradict(item.facts, other.facts) for other in work.records
            ):
                met.setdefault(work)
    found = list(met)
    _join(found, works, by_identity)
    return found[0] if found else None


def _join(met: list[_Work], works: list[_Work], by_identity: dict[Identity, list[_Work]]) -> None:
    """Make one work of several, unless the library has them apart."""
    first = met[0] if met else None
    for other in met[1:]:
        if first is None or not (first.is_new and other.is_new):
            continue
        first.records = sorted([*first.records, *other.records], key=lambda item: item.rank)
        works.remove(other)
        for identity in {identity for item in other.records for identity in item.identities}:
            known = by_identity[identity]
            known[:] = [work for work in known if work not in (first, other)] + [first]


def _in_library(
    library: Library, known: _Known, item: _Incoming, by_key: dict[str, _Work], *, is_only: bool
) -> _Work | None:
    """The work in the library that a record is of.

    `is_only`: no other record of its source in this run has its title. Where that was so before too, it is the
    same record with another text.
    """
    for identity in item.identities:
        for key in library.find(identity):
            stored = known.facts(key)
            met = [other.facts for other in by_key[key].records] if key in by_key else []
            is_other = any(contradict(item.facts, other) for other in (stored, *met))
            is_changed = is_only and not met and not disagree_in_ids(item.facts, stored)
            if (
                identity[0] != "title"
                or not is_other
                or (is_changed and library.gave_once(item.source, identity))
            ):
                return by_key.setdefault(key, _Work(key=key))
    return None


def _name(library: Library, works: Sequence[_Work]) -> None:
    """Give every new work a key and a known one its imported key, if it still may.

    Imported keys are given first, then generated ones, each in order of title, ids and text.
    """
    taken = library.keys_in_use()
    ordered = sorted(works, key=lambda work: _naming_order(work.records[0]))
    for work in ordered:
        stated = [item.key for item in work.records if is_readable_key(item.key)]
        imported = next((key for key in stated if key.lower() not in taken), None)
        if imported and work.is_new:
            library.insert(imported, is_generated=False)
        elif imported and library.is_replaceable(work.key):
            library.rename(work.key, imported)
        else:
            continue
        work.key = imported
        taken.add(imported.lower())
    for work in ordered:
        if not work.key:
            best = work.records[0]
            work.key = library.former_key(best.facts.title) or make_key(library.staged(best.row), taken)
            library.insert(work.key, is_generated=True)
            taken.add(work.key.lower())


def _naming_order(item: _Incoming) -> tuple[str, tuple[Identity, ...], str]:
    return item.facts.title, item.identities, item.facts.abstract_digest


def _take(
    library: Library, work: _Work, run: int, earlier: dict[int, list[StoredRecord]], tally: _Tally
) -> None:
    """Store the records of a work and compose its paper anew: record by record where each only fills gaps."""
    composer = library.composer(work.key)
    has_any, is_replaced = not work.is_new, False
    for item in work.records:
        old = _earlier_of(earlier[item.source], work.key, item.print)
        paper = library.staged(item.row)
        library.add_record(
            {
                "id": old.id if old else None,
                "source": item.source,
                "ordinal": item.ordinal,
                "position": item.position,
                "title": item.title,
                "key": work.key,
                "paper": paper.model_dump_json(exclude_defaults=True),
                "print": item.print,
                "run": old.run if old else run,
                "rank": old.rank if old else item.rank,
            }
        )
        if old is None:
            filled = composer.add(Part(paper, library.source_name(item.source), item.position))
        elif old.print == item.print:
            filled = ()
        else:
            before, composer, is_replaced = composer.paper(), library.composer(work.key), True
            filled = changed_fields(before, composer.paper())
        is_replaced |= old is not None and old.position != item.position
        tally.counts["merged" if has_any and filled else "known" if has_any else "added"] += 1
        if has_any and filled:
            tally.changes[work.key].update(filled)
        has_any = True
    library.add_aliases(work.key, [name for item in work.records for name in (item.key, *item.aliases)])
    if is_replaced:
        library.recompose(work.key)
    else:
        library.store(
            work.key, composer.paper(), {known for item in work.records for known in item.identities}
        )


def _earlier_of(stored: list[StoredRecord], key: str, record: str) -> StoredRecord | None:
    """Take out the record that this source gave of a paper before: the very same, else one that is still there."""
    found = sorted(
        (one for one in stored if one.key == key), key=lambda one: (one.print != record, one.is_gone)
    )
    if found:
        stored.remove(found[0])
    return found[0] if found else None


def _mark_gone(library: Library, earlier: dict[int, list[StoredRecord]], works: Sequence[_Work]) -> list[str]:
    """What a source had and has no longer: its papers stay, and are named."""
    here = {(item.source, work.key) for work in works for item in work.records}
    gone: set[str] = set()
    for source, left in earlier.items():
        for record in left:
            if not record.is_gone:
                library.mark_gone(record.id)
                if (source, record.key) not in here:
                    gone.add(record.key)
    return sorted(gone)


def _reject(library: Library, staged: _Staged, sources: Iterable[int], run: int) -> list[Rejection]:
    for source in sources:
        library.drop_rejections(source)
    rejected: list[Rejection] = []
    for source, ordinal, record in staged.rejected:
        name = library.source_name(source)
        rejected.append(Rejection(source=name, position=record.position, reason=record.reason))
        library.add_record(
            {
                "source": source,
                "ordinal": ordinal,
                "position": record.position,
                "title": record.title,
                "reason": record.reason,
                "run": run,
                "rank": 0,
            }
        )
    return rejected


def _notes(library: Library, staged: _Staged) -> tuple[Note, ...]:
    return tuple(
        Note(source=library.source_name(source), position=noted.position, message=noted.message)
        for source, noted in staged.notes
    )
