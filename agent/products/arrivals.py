"""What came in for an issue, and what becomes of each of it: shown, told as an update, kept waiting, or left out.

Everything that came in is counted once: fetched + carried = shown + updates + below + over_limit + disliked +
duplicate + sent_before + known + failed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from agent.library import Library
from agent.library.adding import ReadSource, take
from agent.library.digests import DigestMemory, MailedWork
from agent.library.identity import record_print
from agent.products.changes import is_retraction, known_of, merged, own_of, told
from agent.records import Below, Body, DigestCounts, DigestSource, Noted, Paper, Plan, Rejected
from agent.records.digests import DigestSettings, KnownWork, ShownWork, UnreadRecord, WaitingWork
from agent.steps.selector import Relevance, Wanted, relevance
from agent.text.numbered import NumberedPaper, number_sentences

BACKGROUND = 600  # papers of the inbox, the latest, that show what is usual in the field
EACH_WAIT = 0.1  # what a paper gains in rank by each issue that it has waited, so that none waits for ever
MOST_BELOW = 5
MOST_EXAMPLES = 300


@dataclass(frozen=True)
class Feed:
    """What one source of a digest gave: records, or a collection of the library; and how asking it went.

    `is_whole`: it gives all that it has each time, as a file does; what it gave before is no news.
    """

    source: DigestSource
    records: tuple[ReadSource, ...] = ()
    collection: str | None = None
    is_whole: bool = False


@dataclass(frozen=True)
class Arrivals:
    """How many records came of each paper, which could not be read, and the papers of collections that are fed."""

    records: Mapping[str, int] = field(default_factory=dict)
    unread: tuple[UnreadRecord, ...] = ()
    collected: frozenset[str] = frozenset()
    sources: tuple[DigestSource, ...] = ()


@dataclass(frozen=True)
class Choice:
    """A paper that an issue is to show: how relevant it is, and for how many issues it waited."""

    key: str
    score: float
    why: str
    is_favourite: bool = False
    waited: int = 0
    failed: int = 0

    @property
    def rank(self) -> tuple[bool, float, str]:
        """Smaller comes first."""
        return (not self.is_favourite, -round(self.score + EACH_WAIT * self.waited, 9), self.key)

    def waiting(self, *, has_failed: bool = False) -> WaitingWork:
        """The same, put off to the next issue."""
        return WaitingWork(
            key=self.key, score=self.score, waited=self.waited + 1, failed=self.failed + has_failed
        )


@dataclass(frozen=True)
class Changed:
    """A work that was mailed, or is of the review, and has changed."""

    key: str
    what: str
    is_retraction: bool = False

    @property
    def rank(self) -> tuple[bool, str]:
        """Smaller comes first: retractions before all else."""
        return (not self.is_retraction, self.key)


@dataclass(frozen=True)
class Material:
    """All that an issue is made of, as data.

    `chosen` are to be shown, the best first; `own` are the reader's papers; `standing` are those of the plan so far.
    `works` says of every paper that is shown or updated what is known of it; `refreshed` the same of others that were
    mailed before, where there is more of it than then.
    """

    settings: DigestSettings
    chosen: tuple[Choice, ...] = ()
    updates: tuple[Changed, ...] = ()
    waiting: tuple[WaitingWork, ...] = ()
    below: tuple[Below, ...] = ()
    passed_below: tuple[tuple[str, float], ...] = ()
    passed_known: tuple[str, ...] = ()
    refreshed: tuple[ShownWork, ...] = ()
    counts: DigestCounts = field(default_factory=DigestCounts)
    sources: tuple[DigestSource, ...] = ()
    unread: tuple[UnreadRecord, ...] = ()
    papers: Mapping[str, Paper] = field(default_factory=dict)
    bodies: Mapping[str, Body] = field(default_factory=dict)
    works: Mapping[str, ShownWork] = field(default_factory=dict)
    own: Mapping[str, Paper] = field(default_factory=dict)
    plan: Plan | None = None
    standing: Mapping[str, Paper] = field(default_factory=dict)


def arrive(library: Library, digest: str, feeds: Iterable[Feed]) -> Arrivals:
    """Take into a digest's inbox what its sources gave, as one change; what is in it is never lost, if the run ends here."""
    news = [_news(library, digest, feed) for feed in feeds]
    listed = [feed for feed, _ in news]
    sources = [
        replace(source, path=_inbox_path(digest, source), name=f"digest {digest}: {source.name}", inbox=digest, is_partial=True)
        for feed in listed
        for source in feed.records
    ]  # fmt: skip
    taken = take(library, sources)
    collected = {key for feed in listed if feed.collection for key in library.members(feed.collection)}
    return Arrivals(
        taken.records,
        tuple(one for _, unread in news for one in unread),
        frozenset(collected),
        tuple(feed.source for feed in listed),
    )


def _inbox_path(digest: str, source: ReadSource) -> str:
    return f"digest:{digest}:{source.path}"


def _news(library: Library, digest: str, feed: Feed) -> tuple[Feed, list[UnreadRecord]]:
    """The feed as it is taken in, and its records that cannot be read and that no issue has named yet.

    Of a whole one the records that it gave before are left out, and a source that has no others. What an issue has
    named as not readable stays noted with its source, so that it is not named again; what none has, is noted only
    with the issue that does.
    """
    sources, unread, named = [], [], []
    for source in feed.records:
        path = _inbox_path(digest, source)
        prints = library.inbox_prints(digest, path) if feed.is_whole else set()
        told = library.inbox_rejected(digest, path)
        given = list(source.records)
        named_before = {_mark(one) for one in told if one.title or feed.is_whole}
        lost = [one for one in given if isinstance(one, Rejected) and _mark(one) not in named_before]
        papers = [one for one in given if isinstance(one, Paper) and record_print(one) not in prints]
        if papers or lost or not prints:
            notes = [one for one in given if isinstance(one, Noted)]
            sources.append(replace(source, records=[*told, *papers, *notes]))
        unread += [UnreadRecord(path=path, record=one) for one in lost]
        named += [_placed(one, source) if feed.is_whole else one for one in lost]
    state = feed.source.state
    if feed.is_whole and state != "broken":
        state = (
            "ok" if any(isinstance(one, Paper) for source in sources for one in source.records) else "empty"
        )
    told_of = feed.source.model_copy(update={"state": state, "rejected": tuple(named)})
    return replace(feed, source=told_of, records=tuple(sources)), unread


def _mark(record: Rejected) -> tuple[str, str]:
    """What a record that cannot be read is told by: its title or, in a file, its place; a service lists it elsewhere each time."""
    return record.title or record.position, record.reason


def _placed(record: Rejected, source: ReadSource) -> Rejected:
    """The same, with the file that it stands in."""
    place = source.name if record.position == "file" else f"{source.name}, {record.position}"
    return record.model_copy(update={"position": place})


def choose(library: Library, settings: DigestSettings, arrivals: Arrivals) -> Material:
    """Say of everything that came in what becomes of it."""
    return _Choosing(library, settings, arrivals).material()


class _Choosing:
    """One issue's choice, category by category."""

    def __init__(self, library: Library, settings: DigestSettings, arrivals: Arrivals) -> None:
        self.library = library
        self.settings = settings
        self.arrivals = arrivals
        self.memory: DigestMemory = library.memory(settings.name)
        self.inbox = library.inbox_keys(settings.name)
        self.counts: Counter[str] = Counter(failed=len(arrivals.unread), fetched=len(arrivals.unread))
        self.review = _members(library, [settings.review] if settings.review else [])
        self.examples = self._examples()
        self.excluded = {key for key, one in library.decisions().items() if one.what == "exclude"}
        self.known = (
            self.excluded | set(self.review) | set(self._stated_examples())
        ) - arrivals.collected | self.excluded

    def material(self) -> Material:
        pool = self._pool()
        mailed, refreshed = self._mailed(pool)
        reviewed = self._reviewed(pool)
        updates = sorted([*mailed, *reviewed], key=lambda one: one.rank)
        candidates, known = self._candidates(pool.difference(one.key for one in reviewed))
        papers = self.library.papers(candidates)
        judged = self._judged(papers)
        chosen, below, disliked = self._split(judged)
        shown, over = chosen[: self.settings.limit], chosen[self.settings.limit :]
        self.counts.update(
            shown=len(shown), over_limit=len(over), below=len(below), disliked=len(disliked), updates=len(updates)
        )  # fmt: skip
        keys = [*(one.key for one in shown), *(one.key for one in updates)]
        named = self.library.papers(keys)
        standing = [key for one in (self.memory.plan,) if one for key in _resolved(self.library, one.keys)]
        return Material(
            settings=self.settings,
            chosen=tuple(shown),
            updates=tuple(updates),
            waiting=tuple(one.waiting() for one in over),
            below=_nearly([one for one in below if one.key not in self.memory.passed], papers),
            passed_below=tuple(sorted((one.key, one.score) for one in (*below, *disliked))),
            passed_known=tuple(sorted(known)),
            refreshed=tuple(refreshed),
            counts=DigestCounts(**self.counts),
            sources=self.arrivals.sources,
            unread=self.arrivals.unread,
            papers=named,
            bodies=self.library.bodies(keys),
            works={key: self._shown(key, named[key]) for key in sorted(named)},
            own=self._own(named),
            plan=self._plan(),
            standing=self.library.papers(standing),
        )

    def _pool(self) -> set[str]:
        """Every work that something is to be said of, counted as fetched or carried; second records are duplicates."""
        came = dict(self.arrivals.records)
        looked_at = self.memory.judged | self.known
        for key in self.arrivals.collected:
            if key not in came and key not in looked_at and key not in self.memory.waiting:
                came[key] = 1
        present = {*self.inbox, *self.arrivals.collected}
        carried = {key for key in self.memory.waiting if key in present}
        carried |= {key for key in self.inbox if key not in looked_at and key not in came}
        self.counts["fetched"] += sum(came.values())
        self.counts["carried"] = len(carried)
        self.counts["duplicate"] = sum(came.values()) + len(carried) - len({*came, *carried})
        return {*came, *carried}

    def _mailed(self, pool: Collection[str]) -> tuple[list[Changed], list[ShownWork]]:
        """Updates of works that were mailed, whichever way they changed; the others of the pool were sent before."""
        updates, refreshed = [], []
        mailed = {key: work for key, work in self.memory.mailed.items() if key not in self.memory.disliked}
        papers = self.library.papers(mailed)
        for key in sorted(papers):
            now = self._known(key, papers[key])
            what = told(mailed[key].known, now, papers[key])
            if what:
                updates.append(Changed(key, what, is_retraction(mailed[key].known, now)))
                self.counts["fetched"] += key not in pool
                continue
            self.counts["sent_before"] += key in pool
            whole = merged(mailed[key].known, now)
            if whole != mailed[key].known:
                refreshed.append(_work(mailed[key], whole))
        return updates, refreshed

    def _reviewed(self, pool: Collection[str]) -> list[Changed]:
        """What the digest's sources say of the reader's own papers that his records of them do not; it is told once."""
        passed = {*self.memory.mailed, *self.memory.disliked, *self.excluded}
        own = self.known.intersection(self.review, self.inbox)
        whose = "the" if self.settings.is_shared else "your"
        papers = self.library.papers(own - passed)
        updates = []
        for key in sorted(papers):
            before = own_of(papers[key], self.library.own_records_of(key))
            now = self._known(key, papers[key])
            what = told(before, now, papers[key])
            if what:
                updates.append(Changed(key, f"of {whose} review: {what}", is_retraction(before, now)))
                self.counts["fetched"] += key not in pool
        return updates

    def _candidates(self, pool: Iterable[str]) -> tuple[list[str], list[str]]:
        """What is to be judged by what it says, and what the reader has already."""
        candidates, known = [], []
        for key in sorted(pool):
            if key in self.memory.disliked:  # it is disliked itself, not like one that is
                self.counts["sent_before"] += 1
            elif key in self.memory.mailed:
                continue
            elif key in self.known:
                self.counts["known"] += 1
                known.append(key)
            else:
                candidates.append(key)
        return candidates, known

    def _judged(self, papers: Mapping[str, Paper]) -> dict[str, Relevance]:
        """How relevant each candidate is."""
        numbered = {key: number_sentences(paper) for key, paper in papers.items()}
        earlier = [key for key in self.inbox if key not in papers][-BACKGROUND:]
        settings = self.settings
        wanted = Wanted(
            topic=settings.topic,
            examples=_numbered(self.library, self.examples),
            disliked=_numbered(self.library, sorted(self.memory.disliked)),
            words=settings.words,
            unwanted=settings.unwanted,
            authors=settings.authors,
            venues=settings.venues,
            whose=self._whose(),
            is_shared=self.settings.is_shared,
        )
        return relevance(list(numbered.values()), wanted, _numbered(self.library, earlier))

    def _split(self, judged: Mapping[str, Relevance]) -> tuple[list[Choice], list[Choice], list[Choice]]:
        """Relevant ones, the best first; those below the threshold; and those that only a dislike puts there."""
        relevant, below, disliked = [], [], []
        for key, found in judged.items():
            waited = self.memory.waiting.get(key)
            score = found.score
            if (
                waited and found.score >= found.unlowered
            ):  # once relevant, as long as nothing speaks against it
                score = max(score, waited.score)
            choice = Choice(
                key, score, found.why, found.is_favourite, waited.waited if waited else 0, waited.failed if waited else 0
            )  # fmt: skip
            if score >= self.settings.threshold:
                relevant.append(choice)
            elif found.is_like_disliked and found.unlowered >= self.settings.threshold:
                disliked.append(choice)
            else:
                below.append(choice)
        return sorted(relevant, key=lambda one: one.rank), below, disliked

    def _stated_examples(self) -> list[str]:
        return _resolved(self.library, self.settings.examples)

    def _examples(self) -> list[str]:
        """Papers that show what is looked for: those stated, those of the collection, those that were taken over."""
        liked = _members(self.library, [self.settings.like] if self.settings.like else [])
        return sorted({*self._stated_examples(), *liked[:MOST_EXAMPLES], *self.memory.kept})

    def _whose(self) -> str:
        is_shared = self.settings.is_shared
        if self.settings.like:
            return f"of {'the' if is_shared else 'your'} collection “{self.settings.like}”"
        if self.settings.examples:
            return "of the examples" if is_shared else "of your examples"
        return "of those taken over" if is_shared else "which you took over"

    def _own(self, named: Collection[str]) -> dict[str, Paper]:
        """The reader's own papers: those of the review, or the whole library but for what is fed."""
        keys = self.review if self.settings.review else self.library.keys()
        return self.library.papers(
            key for key in keys if key not in named and (self.settings.review or key not in self.arrivals.collected)
        )  # fmt: skip

    def _plan(self) -> Plan | None:
        """The plan of the issues so far, by the keys that its works have now."""
        plan = self.memory.plan
        if plan is None:
            return None
        return plan.renamed({key: now for key in plan.keys if (now := self.library.resolve(key)) is not None})

    def _known(self, key: str, paper: Paper) -> KnownWork:
        return known_of(paper, (record.paper for record in self.library.records_of(key)))

    def _shown(self, key: str, paper: Paper) -> ShownWork:
        now = self._known(key, paper)
        before = self.memory.mailed.get(key)
        known = merged(before.known, now) if before else now
        return ShownWork(key=key, n=0, known=known, identities=self.library.identities_of(key))


def _work(mailed: MailedWork, known: KnownWork) -> ShownWork:
    return ShownWork(key=mailed.key, n=mailed.n, known=known)


def _nearly(below: Iterable[Choice], papers: Mapping[str, Paper]) -> tuple[Below, ...]:
    """The papers just under the threshold."""
    ranked = sorted(below, key=lambda one: (-one.score, one.key))[:MOST_BELOW]
    return tuple(Below(key=one.key, title=papers[one.key].title, score=one.score) for one in ranked)


def _members(library: Library, collections: Iterable[str]) -> list[str]:
    return sorted({key for name in collections for key in library.members(name)})


def _resolved(library: Library, names: Iterable[str]) -> list[str]:
    """The keys that papers have now, of those that are there."""
    found = (library.resolve(name) for name in names)
    return sorted({key for key in found if key is not None})


def _numbered(library: Library, keys: Sequence[str]) -> tuple[NumberedPaper, ...]:
    return tuple(number_sentences(paper) for paper in library.papers(keys).values())
