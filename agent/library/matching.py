"""Which records of a run are one work, and of which paper in the library they are."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from agent.library.identity import (
    FEWEST_TITLE_WORDS,
    Facts,
    Identity,
    contradict,
    disagree_in_ids,
    facts_of,
    strangers,
)
from agent.library.rows import StoredRecord
from agent.library.store import Library
from agent.text.titles import title_key

T = TypeVar("T")
Trait = tuple[str | int | None, ...]


@dataclass(frozen=True)
class Incoming:
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
class Work:
    """The records of this run that are one work, best first, and its key in the library; `joined`: what it became a part of."""

    records: list[Incoming] = field(default_factory=list)
    key: str = ""
    is_new: bool = False
    joined: Work | None = None


def cluster(library: Library, incoming: Sequence[Incoming]) -> list[Work]:
    """Put every record to its work.

    A record that is known goes where it is; one that takes the place of an earlier one of a work that the user
    decided of, goes there; another goes to the work with which it shares an id, or a title that nothing contradicts.
    """
    known = _Known(library, incoming)
    run = _Run(known)
    for item, key in zip(incoming, known.pins, strict=True):
        key = key or known.decided(item)
        work = run.of_key(key) if key else run.met(item) or run.in_library(item) or Work(is_new=True)
        run.take(work, item)
    return run.works


class _ByTitle(Generic[T]):
    """Things by title, so that only those are compared that could be one work.

    Under a title of one or two words that is those of one text, or of one author and year.
    """

    def __init__(self) -> None:
        self._found: dict[Trait, dict[T, None]] = defaultdict(dict)
        self._place: dict[T, int] = {}

    def add(self, title: str, facts: Facts, thing: T) -> None:
        self._place.setdefault(thing, len(self._place))
        for trait in _traits(title, facts):
            self._found[trait].setdefault(thing)

    def like(self, title: str, facts: Facts) -> list[T]:
        """In the order in which they came."""
        found = {thing for trait in _traits(title, facts) for thing in self._found.get(trait, ())}
        return sorted(found, key=self._place.__getitem__)


def _traits(title: str, facts: Facts) -> Iterator[Trait]:
    if facts.title_words >= FEWEST_TITLE_WORDS:
        yield ("title", title)
    if facts.abstract_digest:
        yield ("text", title, facts.abstract_digest)
    for author in facts.authors:
        yield ("author", title, author, facts.year)


class _Known:
    """What the library says of the records that come in."""

    def __init__(self, library: Library, incoming: Sequence[Incoming]) -> None:
        self.library = library
        self._facts: dict[str, Facts] = {}
        self._titles: dict[str, _ByTitle[str]] = {}
        self._taken: set[int] = set()
        self._decided = library.decided_works()
        self.pins = [item.pin or self._pinned(item) for item in incoming]
        self._named = Counter((item.source, item.facts.title) for item in incoming)
        self._fresh = Counter(
            (item.source, item.facts.title)
            for item, pin in zip(incoming, self.pins, strict=True)
            if pin is None
        )
        self._free: dict[int, dict[str, list[StoredRecord]]] = {}

    def facts(self, key: str) -> Facts:
        if key not in self._facts:
            self._facts[key] = facts_of(self.library.papers([key])[key])
        return self._facts[key]

    def of_title(self, item: Incoming, title: str) -> list[str]:
        """The papers of a title that could be the record's work."""
        if title not in self._titles:
            self._titles[title] = _ByTitle()
            for key in self.library.find(("title", title)):
                self._titles[title].add(title, self.facts(key), key)
        return self._titles[title].like(title, item.facts)

    def decided(self, item: Incoming) -> str | None:
        """The paper that the user has merged or told apart, of which the record is a correction."""
        if not self._decided:
            return None
        found = [record for record in self._free_of(item) if record.key in self._decided]
        if self._fresh[item.source, item.facts.title] != 1 and len(found) > 1:
            found = [record for record in found if record.position == item.position]
        agreeing = [record for record in found if not disagree_in_ids(item.facts, self._record_facts(record))]
        return agreeing[0].key if agreeing else None

    def corrected(self, item: Incoming) -> str | None:
        """The paper whose one record of this title, in the same source, the record takes the place of."""
        found = self._free_of(item)
        if len(found) != 1 or self._named[item.source, item.facts.title] != 1:
            return None
        return None if disagree_in_ids(item.facts, self._record_facts(found[0])) else found[0].key

    def _pinned(self, item: Incoming) -> str | None:
        """The paper that the very same record is of already, whatever was decided of it since.

        A record of the same source comes first, each for one record of this run.
        """
        found = self.library.records_by_print(item.print, item.source)
        free = next((record for record in found if record.id not in self._taken), None)
        if free is not None:
            self._taken.add(free.id)
        return free.key if free else found[0].key if found else None

    def _free_of(self, item: Incoming) -> list[StoredRecord]:
        """The records that the source gave under this title, still had, and does not give as they were."""
        if item.source not in self._free:
            free: dict[str, list[StoredRecord]] = defaultdict(list)
            for record in self.library.source_records(item.source):
                if record.id not in self._taken and not record.is_gone:
                    free[title_key(record.title)].append(record)
            self._free[item.source] = free
        return self._free[item.source].get(item.facts.title, [])

    def _record_facts(self, record: StoredRecord) -> Facts:
        return facts_of(self.library.record(record.id))


class _Run:
    """The works of a run, as they gather."""

    def __init__(self, known: _Known) -> None:
        self._known = known
        self._all: list[Work] = []
        self._by_key: dict[str, Work] = {}
        self._by_id: dict[Identity, dict[Work, None]] = defaultdict(dict)
        self._titles: _ByTitle[Work] = _ByTitle()

    @property
    def works(self) -> list[Work]:
        return [work for work in self._all if work.joined is None]

    def of_key(self, key: str) -> Work:
        return self._by_key.setdefault(key, Work(key=key))

    def take(self, work: Work, item: Incoming) -> None:
        if not work.records:
            self._all.append(work)
        work.records.append(item)
        for identity in item.identities:
            if identity[0] == "title":
                self._titles.add(identity[1], item.facts, work)
            else:
                self._by_id[identity].setdefault(work)

    def met(self, item: Incoming) -> Work | None:
        """The work of this run that a record is of.

        Where it joins what two others kept apart, they become one, unless the library or their ids have them apart.
        """
        by_id = self._sharing_ids(item)
        by_title = [work for work in self._titled(item) if not self._is_other(item, work)]
        found = list(dict.fromkeys([*by_id, *by_title]))
        if not found:
            return None
        first, *others = found
        for other in others:
            apart = disagree_in_ids if other in by_id else contradict
            if other.is_new and not any(
                apart(one, two) for one in self._facts(first) for two in self._facts(other)
            ):
                self._join(first, other)
        return first

    def in_library(self, item: Incoming) -> Work | None:
        """The work in the library that a record is of."""
        for identity in item.identities:
            if identity[0] != "title":
                for key in self._known.library.find(identity):
                    if not strangers(item.facts, self._known.facts(key)):
                        return self.of_key(key)
                continue
            for key in self._known.of_title(item, identity[1]):
                met = [other.facts for other in self.of_key(key).records]
                if not any(contradict(item.facts, other) for other in (self._known.facts(key), *met)):
                    return self.of_key(key)
        corrected = self._known.corrected(item)
        return self.of_key(corrected) if corrected and not self.of_key(corrected).records else None

    def _sharing_ids(self, item: Incoming) -> list[Work]:
        """Works that share an id with a record, surest first; one of the library joins those that are new."""
        ids = [identity for identity in item.identities if identity[0] != "title"]
        here = _now(work for identity in ids for work in self._by_id.get(identity, ()))
        stored = [self.of_key(key) for identity in ids for key in self._known.library.find(identity)]
        found = list(dict.fromkeys([*stored, *here])) if here else []
        return [
            work for work in found if not any(strangers(item.facts, other) for other in self._facts(work))
        ]

    def _titled(self, item: Incoming) -> list[Work]:
        titles = [value for scheme, value in item.identities if scheme == "title"]
        return _now(work for title in titles for work in self._titles.like(title, item.facts))

    def _is_other(self, item: Incoming, work: Work) -> bool:
        return any(contradict(item.facts, other) for other in self._facts(work))

    def _facts(self, work: Work) -> Iterator[Facts]:
        if work.key:
            yield self._known.facts(work.key)
        yield from (item.facts for item in work.records)

    def _join(self, first: Work, other: Work) -> None:
        first.records = sorted([*first.records, *other.records], key=lambda item: item.rank)
        if first not in self._all:
            self._all.append(first)
        other.records, other.joined = [], first


def _now(works: Iterable[Work]) -> list[Work]:
    """The works that these have become."""
    found: dict[Work, None] = {}
    for work in works:
        while work.joined is not None:
            work = work.joined
        found.setdefault(work)
    return list(found)
