"""Taking records in: which are new, which are known, and what they change.

All sources of one run are taken together: records are ordered by precedence, not by arrival, and new keys
are handed out in order of title, so that the order of files changes nothing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from agent.library.compose import changed_fields
from agent.library.identity import (
    Identity,
    contradict,
    disagree_in_ids,
    identities,
    precedence,
    title_identity,
)
from agent.library.keys import is_readable_key, make_key
from agent.library.store import Library, StoredRecord
from agent.records import AddReport, Change, Paper, Rejected, Rejection


@dataclass(frozen=True)
class ReadSource:
    """A source and all that was read from it, in its order."""

    path: str
    name: str
    records: Sequence[Paper | Rejected]


@dataclass(frozen=True)
class _Incoming:
    """One record of this run; `rank` is its place by precedence among all of them."""

    source: int
    ordinal: int
    paper: Paper
    rank: int

    @property
    def position(self) -> str:
        return self.paper.sources[0].position if self.paper.sources else f"record {self.ordinal}"


@dataclass(eq=False)
class _Work:
    """The records of this run that are one work, best first, and its key in the library."""

    records: list[_Incoming] = field(default_factory=list)
    key: str = ""
    is_new: bool = False


@dataclass
class _Tally:
    """What this run did so far."""

    counts: Counter[str] = field(default_factory=Counter)
    changes: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))


def add(
    library: Library,
    sources: Sequence[ReadSource],
    collection: str | None = None,
    advance: Callable[[int], None] = lambda count: None,
) -> AddReport:
    """Take all records of `sources` into the library, as one change.

    Args:
        advance: told after each work how many of its records are in.

    Returns:
        What was new, known, merged, rejected, changed and gone.
    """
    with library.change():
        ids = {source.path: library.source_id(source.path, source.name) for source in sources}
        run = library.next_run()
        works = _cluster(library, _incoming(sources, ids))
        _name(library, works)
        earlier = {number: library.source_records(number) for number in ids.values()}
        tally = _Tally()
        for work in works:
            _take(library, work, run, earlier, tally)
            advance(len(work.records))
        gone = _mark_gone(library, earlier, works)
        rejected = _reject(library, sources, ids, run)
        if collection:
            library.collect(collection, [work.key for work in works], ids.values())
            for work in works:
                library.recompose(work.key)
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
    )


def _incoming(sources: Sequence[ReadSource], ids: dict[str, int]) -> list[_Incoming]:
    found = [
        (precedence(record), source.name, ordinal, ids[source.path], record)
        for source in sources
        for ordinal, record in enumerate(source.records, start=1)
        if isinstance(record, Paper)
    ]
    found.sort(key=lambda item: item[:3])
    return [
        _Incoming(source, ordinal, paper, rank) for rank, (_, _, ordinal, source, paper) in enumerate(found)
    ]


def _cluster(library: Library, incoming: Sequence[_Incoming]) -> list[_Work]:
    works: list[_Work] = []
    by_identity: dict[Identity, list[_Work]] = defaultdict(list)
    by_key: dict[str, _Work] = {}
    named = Counter((item.source, title_identity(item.paper)) for item in incoming)
    for item in incoming:
        is_only = named[item.source, title_identity(item.paper)] == 1
        met = _in_this_run(item.paper, by_identity)
        _join(met, works, by_identity)
        work = (met[0] if met else None) or _in_library(library, item, by_key, is_only=is_only)
        if work is None:
            work = _Work(is_new=True)
        if not work.records:
            works.append(work)
        work.records.append(item)
        for identity in identities(item.paper):
            if work not in by_identity[identity]:
                by_identity[identity].append(work)
    return works


def _in_this_run(paper: Paper, by_identity: dict[Identity, list[_Work]]) -> list[_Work]:
    """The works of this run that a record is of: more than one where it joins what two others kept apart."""
    met: dict[_Work, None] = {}
    for identity in identities(paper):
        for work in by_identity.get(identity, ()):
            if not any(contradict(paper, other.paper) for other in work.records):
                met[work] = None
            elif identity[0] != "title":
                met.setdefault(work)
    return list(met)


def _join(met: list[_Work], works: list[_Work], by_identity: dict[Identity, list[_Work]]) -> None:
    """Make one work of several, unless the library has them apart."""
    first = met[0] if met else None
    for other in met[1:]:
        if first is None or not (first.is_new and other.is_new):
            continue
        first.records = sorted([*first.records, *other.records], key=lambda item: item.rank)
        works.remove(other)
        for known in by_identity.values():
            if other in known:
                known[:] = [work for work in known if work not in (first, other)] + [first]


def _in_library(
    library: Library, item: _Incoming, by_key: dict[str, _Work], *, is_only: bool
) -> _Work | None:
    """The work in the library that a record is of.

    `is_only`: no other record of its source in this run has its title. Where that was so before too, it is the
    same record with another text.
    """
    for identity in identities(item.paper):
        for key in library.find(identity):
            met = [other.paper for other in by_key[key].records] if key in by_key else []
            stored = library.papers([key])[key]
            is_other = any(contradict(item.paper, other) for other in (stored, *met))
            is_changed = is_only and not met and not disagree_in_ids(item.paper, stored)
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
    ordered = sorted(works, key=lambda work: _naming_order(work.records[0].paper))
    for work in ordered:
        stated = [item.paper.key for item in work.records if is_readable_key(item.paper.key)]
        imported = next((key for key in stated if key.lower() not in taken), None)
        if imported and work.is_new:
            library.insert(imported, work.records[0].paper, is_generated=False)
        elif imported and library.is_replaceable(work.key):
            library.rename(work.key, imported)
        else:
            continue
        work.key = imported
        taken.add(imported.lower())
    for work in ordered:
        if not work.key:
            paper = work.records[0].paper
            work.key = library.former_key(title_identity(paper)) or make_key(paper, taken)
            library.insert(work.key, work.records[0].paper, is_generated=True)
            taken.add(work.key.lower())


def _naming_order(paper: Paper) -> tuple[str, list[Identity], str]:
    found = identities(paper)
    return found[-1][1], found, paper.texts.abstract or ""


def _take(
    library: Library, work: _Work, run: int, earlier: dict[int, list[StoredRecord]], tally: _Tally
) -> None:
    before = None if work.is_new else library.papers([work.key])[work.key]
    for item in work.records:
        old = _earlier_of(earlier[item.source], work.key)
        library.add_record(
            {
                "id": old.id if old else None,
                "source": item.source,
                "ordinal": item.ordinal,
                "position": item.position,
                "title": item.paper.title,
                "key": work.key,
                "paper": item.paper.model_dump_json(),
                "run": old.run if old else run,
                "rank": old.rank if old else item.rank,
            }
        )
        library.add_aliases(work.key, [item.paper.key, *item.paper.aliases])
        after = library.recompose(work.key)
        fields = changed_fields(before, after) if before else ()
        tally.counts["added" if before is None else "merged" if fields else "known"] += 1
        if fields:
            tally.changes[work.key].update(fields)
        before = after


def _earlier_of(stored: list[StoredRecord], key: str) -> StoredRecord | None:
    """Take out the record that this source gave of a paper before; one that is still there comes first."""
    found = sorted((record for record in stored if record.key == key), key=lambda record: record.is_gone)
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


def _reject(
    library: Library, sources: Sequence[ReadSource], ids: dict[str, int], run: int
) -> list[Rejection]:
    rejected: list[Rejection] = []
    for source in sorted(sources, key=lambda source: source.name):
        library.drop_rejections(ids[source.path])
        name = library.source_name(ids[source.path])
        for ordinal, record in enumerate(source.records, start=1):
            if isinstance(record, Rejected):
                rejected.append(Rejection(source=name, position=record.position, reason=record.reason))
                library.add_record(
                    {
                        "source": ids[source.path],
                        "ordinal": ordinal,
                        "position": record.position,
                        "title": record.title,
                        "reason": record.reason,
                        "run": run,
                        "rank": 0,
                    }
                )
    return rejected
