"""Taking records in: which are new, which are known, and what they change.

All sources of one run are taken together: records are ordered by precedence, not by arrival, and new keys
are handed out in order of title, so that the order of files changes nothing. Records lie in the library's
own file meanwhile; what stays in memory is what tells works apart.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from agent.library.compose import Composer, Part, changed_fields
from agent.library.identity import Identity, facts_of, identities, precedence, record_print
from agent.library.keys import is_readable_key, make_key
from agent.library.matching import Incoming, Work, cluster
from agent.library.rows import StoredRecord
from agent.library.store import Library
from agent.records import AddReport, Change, Note, Noted, Paper, Rejected, Rejection
from agent.text.titles import title_key


@dataclass(frozen=True)
class ReadSource:
    """A source and what is read from it, in its order.

    `is_partial`: it never gives all that it has, so that what it does not give this time is not gone.
    `pins`: for records by position, the key of the paper that they are known to be of.
    `inbox`: the digest whose inbox it is; papers that no other source has are not in the whole library.
    """

    path: str
    name: str
    records: Iterable[Paper | Rejected | Noted]
    is_partial: bool = False
    pins: Mapping[str, str] = field(default_factory=dict)
    inbox: str | None = None


@dataclass
class _Staged:
    """What was read: records in order of precedence, and what is none."""

    records: list[Incoming] = field(default_factory=list)
    rejected: list[tuple[int, int, Rejected]] = field(default_factory=list)
    notes: list[tuple[int, Noted]] = field(default_factory=list)


@dataclass
class _Tally:
    """What this run did so far; `names` are those of its sources."""

    names: Mapping[int, str]
    counts: Counter[str] = field(default_factory=Counter)
    changes: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))


@dataclass(frozen=True)
class Taken:
    """What taking records in did, and how many of the records are of each paper."""

    report: AddReport
    records: Mapping[str, int]


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
    return take(library, sources, collection, advance, begin).report


def take(
    library: Library,
    sources: Sequence[ReadSource],
    collection: str | None = None,
    advance: Callable[[int], None] = _nothing,
    begin: Callable[[int], None] = _nothing,
) -> Taken:
    """The same as `add`, for who must know which papers they were."""
    with library.change():
        ids = {source.path: library.source_id(source.path, source.name, source.inbox) for source in sources}
        run = library.next_run()
        staged = _stage(library, sources, ids)
        begin(len(staged.records))
        works = cluster(library, staged.records)
        _name(library, works)
        if collection:
            library.collect(collection, [work.key for work in works], ids.values())
        earlier = {number: _Earlier(library.source_records(number)) for number in ids.values()}
        tally = _Tally({number: library.source_name(number) for number in ids.values()})
        for work in works:
            _take(library, work, run, earlier, tally)
            advance(len(work.records))
        whole = {ids[source.path] for source in sources if not source.is_partial}
        gone = _mark_gone(library, {n: left.rest() for n, left in earlier.items() if n in whole}, works)
        rejected = _reject(library, staged, ids.values(), run)
        library.drop_staged()
    report = AddReport(
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
    return Taken(report, {work.key: len(work.records) for work in sorted(works, key=lambda one: one.key)})


def _stage(library: Library, sources: Sequence[ReadSource], ids: dict[str, int]) -> _Staged:
    """Read everything once, lay the records aside, and put them in order of precedence."""
    staged = _Staged()
    found: list[tuple[tuple[int, ...], str, int, Incoming]] = []
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
            incoming = _as_incoming(record, ids[source.path], ordinal, library.stage(record), source.pins)
            found.append((precedence(record), source.name, ordinal, incoming))
    found.sort(key=lambda item: item[:3])
    for rank, (*_, incoming) in enumerate(found):
        object.__setattr__(incoming, "rank", rank)  # known only now that all are read
        staged.records.append(incoming)
    return staged


def _as_incoming(paper: Paper, source: int, ordinal: int, row: int, pins: Mapping[str, str]) -> Incoming:
    position = paper.sources[0].position if paper.sources else f"record {ordinal}"
    return Incoming(
        source=source, ordinal=ordinal, position=position, row=row, rank=-1, title=paper.title, print=record_print(paper),
        facts=facts_of(paper), identities=tuple(identities(paper)), key=paper.key, aliases=paper.aliases, pin=pins.get(position),
    )  # fmt: skip


def _name(library: Library, works: Sequence[Work]) -> None:
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


def _naming_order(item: Incoming) -> tuple[str, tuple[Identity, ...], str]:
    return item.facts.title, item.identities, item.facts.abstract_digest


def _take(library: Library, work: Work, run: int, earlier: dict[int, _Earlier], tally: _Tally) -> None:
    """Store the records of a work and compose its paper anew: record by record where each only fills gaps."""
    composer = Composer({}) if work.is_new else library.composer(work.key)
    has_any, is_replaced = not work.is_new, False
    olds = _earlier_of(earlier, work)
    for item, old in zip(work.records, olds, strict=True):
        text = library.staged_text(item.row)
        paper = Paper.model_validate_json(text)
        library.add_record(
            {
                "id": old.id if old else None,
                "source": item.source,
                "ordinal": item.ordinal,
                "position": item.position,
                "title": item.title,
                "key": work.key,
                "paper": text,
                "print": item.print,
                "run": old.run if old else run,
                "rank": old.rank if old else item.rank,
            }
        )
        if old is None:
            filled = composer.add(Part(paper, tally.names[item.source], item.position))
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


class _Earlier:
    """The records that a source gave before, each until it is met again."""

    def __init__(self, records: Iterable[StoredRecord]) -> None:
        self._by_key: dict[str, list[StoredRecord]] = defaultdict(list)
        for record in records:
            self._by_key[record.key].append(record)

    def same(self, key: str, item: Incoming) -> StoredRecord | None:
        """The very same record, if it was given of a paper."""
        return self._take(key, lambda record: record.print == item.print)

    def corrected(self, key: str, item: Incoming) -> StoredRecord | None:
        """The record that another takes the place of: one that is still there, of its title, where it stood."""
        found = self._by_key[key]
        if len(found) > 1:
            found = sorted(
                found,
                key=lambda one: (
                    one.is_gone,
                    title_key(one.title) != item.facts.title,
                    one.position != item.position,
                ),
            )
            self._by_key[key] = found
        return self._take(key, lambda record: True)

    def rest(self) -> list[StoredRecord]:
        return [record for found in self._by_key.values() for record in found]

    def _take(self, key: str, is_it: Callable[[StoredRecord], bool]) -> StoredRecord | None:
        found = self._by_key[key]
        one = next((record for record in found if is_it(record)), None)
        if one is not None:
            found.remove(one)
        return one


def _earlier_of(earlier: Mapping[int, _Earlier], work: Work) -> list[StoredRecord | None]:
    """For each record of a work the one that its source gave of it before: first the very same, then corrected ones."""
    found = [earlier[item.source].same(work.key, item) for item in work.records]
    return [
        old or earlier[item.source].corrected(work.key, item)
        for old, item in zip(found, work.records, strict=True)
    ]


def _mark_gone(
    library: Library, earlier: Mapping[int, Sequence[StoredRecord]], works: Sequence[Work]
) -> list[str]:
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
