"""A simulated feed over many weeks, and a digest that reads it; what should be mailed is known from outside.

Papers appear one after another at a preprint server and, some months later, at an index of what was printed; some are
bumped to new versions, some stand there twice under two ids, some are retracted. Sources break, weeks are missed, the
clock jumps. The feed gives what is dated since it last gave an answer, and a week more.
"""

from __future__ import annotations

import asyncio
import random
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from agent.engines.extractive import ExtractiveEngine
from agent.engines.protocol import Silent
from agent.library import Library
from agent.library.adding import ReadSource
from agent.products.arrivals import Feed, arrive, choose
from agent.products.digest import DigestOptions, MadeDigest, make_digest
from agent.products.keeping import dislike, keep
from agent.records import DigestCounts, DigestSource, FieldOrigin, Paper, Rejected
from agent.records.digests import DigestSettings, digest_settings
from agent.text.titles import title_key
from agent.text.weeks import due, zone

FIRST_DAY = date(2025, 10, 6)
SERVERS = ("arxiv", "crossref")
WORDS = ("quantization", "speculative decoding", "sparsity", "diffusion")
TRUTH = re.compile(r"\bquanti[sz]|\bspeculative[\s-]decod|\bspars(?:e|er|ity)\b|\bdiffusion", re.I)


def conserves(counts: DigestCounts) -> bool:
    """Whether everything that came in is counted once."""
    told = counts.model_dump()
    came = told.pop("fetched") + told.pop("carried")
    return came == sum(told.values()) and all(number >= 0 for number in told.values())


@dataclass(frozen=True)
class Appearance:
    """A record that a server has from some day on."""

    server: str
    day: date
    paper: Paper
    work: int


@dataclass
class World:
    """Papers as they appear, a digest with its library, and what it mailed."""

    folder: Path
    papers: Sequence[Paper]
    weeks: int
    seed: int = 0
    limit: int = 4
    has_dislikes: bool = False
    settings: DigestSettings = field(init=False)
    library: Library = field(init=False)
    mailed: Counter[int] = field(default_factory=Counter)
    whys: dict[int, str] = field(default_factory=dict)
    updates: Counter[tuple[int, str]] = field(default_factory=Counter)
    counts: list[DigestCounts] = field(default_factory=list)
    issues: list[str] = field(default_factory=list)
    disliked: set[int] = field(default_factory=set)
    happened: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self.zone = zone("Europe/Berlin")
        self.works = {title_key(paper.title): number for number, paper in enumerate(self.papers)}
        self.appearances = [one for number in range(len(self.papers)) for one in self._appearances(number)]
        self.library = Library(self.folder / "library.sqlite")
        self.settings = digest_settings(
            name="feed", created=FIRST_DAY.isoformat(), words=WORDS, threshold=0.4, limit=self.limit
        )
        with self.library.change():
            self.library.save_digest(self.settings)
        self.put_off = 0

    def __enter__(self) -> World:
        return self

    def __exit__(self, *error: object) -> None:
        self.library.close()

    @property
    def relevant(self) -> set[int]:
        """The works that a reader wants, by a rule of the tests' own."""
        return {
            number
            for number, paper in enumerate(self.papers)
            if TRUTH.search(f"{paper.title}. {paper.texts.abstract or ''}")
        }

    def run(self) -> None:
        """All weeks, and as many after them as what waits takes to be mailed."""
        today = FIRST_DAY
        for _ in range(self.weeks):
            today += timedelta(days=7)
            if self.chance.random() < 0.12:
                self.happened["missed"] += 1
                continue
            if self.chance.random() < 0.1:
                self.happened["clock back"] += 1
                self._run_on(today - timedelta(days=self.chance.randint(8, 40)), is_wrong=True)
            self._run_on(today + timedelta(days=self.chance.choice((0, 0, 0, 1, 3))))
        while self.library.memory("feed").waiting:
            today += timedelta(days=7)
            self._run_on(today)
        today += timedelta(days=7)
        self._run_on(today, is_whole=True)

    def _run_on(self, day: date, *, is_wrong: bool = False, is_whole: bool = False) -> None:
        """What a timer does on a day: nothing, or one issue."""
        now = datetime.combine(day, time(6, 30), UTC)
        runs = self.library.digest_runs("feed")
        last = (runs[-1][0], date.fromisoformat(runs[-1][1])) if runs else None
        found = due("week", 1, FIRST_DAY, last, now, self.zone, {name for name, _ in runs})
        if is_wrong and runs:
            assert found.issue is None, f"{found.issue} is due once more"
            return
        if found.issue is None:
            return
        made = self._made(found.issue, day, is_whole=is_whole)
        self._note(made)
        self._think(made)

    def _made(self, issue: str, day: date, *, is_whole: bool) -> MadeDigest:
        feeds = [self._feed(server, day, is_whole=is_whole) for server in SERVERS]
        arrivals = arrive(self.library, "feed", feeds)
        if (
            self.chance.random() < 0.05
        ):  # the run ends here, and is begun again with what the sources have then
            self.happened["ended half-way"] += 1
            arrivals = arrive(self.library, "feed", [self._feed(server, day) for server in SERVERS])
        material = choose(self.library, self.settings, arrivals)
        options = DigestOptions(issue, day.isoformat())
        made = asyncio.run(make_digest(ExtractiveEngine(), material, options, Silent()))
        with self.library.change():
            self.library.remember(made.memory)
        return made

    def _feed(self, server: str, day: date, *, is_whole: bool = False) -> Feed:
        label = f"{server}: all"
        if not is_whole and self.chance.random() < 0.08:
            self.happened["broken"] += 1
            return Feed(DigestSource(source=label, state="broken", reason="503"))
        since = FIRST_DAY
        if label in (answers := self.library.digest_answers("feed")) and not is_whole:
            since = date.fromisoformat(answers[label]) - timedelta(days=7)
        found = [one for one in self.appearances if one.server == server and since <= one.day <= day]
        latest = {
            one.paper.ids.get("of", "") or one.paper.doi or one.paper.arxiv_id: one.paper for one in found
        }
        records: list[Paper | Rejected] = list(latest.values())
        self.chance.shuffle(records)
        if records and self.chance.random() < 0.1:
            records.append(Rejected(position="entry 99", reason="no title"))
        state = "ok" if records else "empty"
        source = ReadSource(f"search:{server}", server, records, is_partial=True)
        return Feed(DigestSource(source=label, state=state), (source,))  # type: ignore[arg-type]

    def _appearances(self, number: int) -> list[Appearance]:
        """Where and when a work appears; the dice are the work's own, so that its fate is the same in any order."""
        paper, chance = self.papers[number], random.Random(f"{self.seed}-{number}")
        day = FIRST_DAY + timedelta(
            days=number * 7 * (self.weeks - 12) // len(self.papers) + chance.randint(0, 6)
        )
        arxiv = f"2510.{number:05d}"
        found = [Appearance("arxiv", day, _record(paper, f"a{number}", arxiv_id=arxiv, version="1"), number)]
        if chance.random() < 0.3:
            later = day + timedelta(days=chance.randint(10, 120))
            found.append(
                Appearance("arxiv", later, _record(paper, f"a{number}", arxiv_id=arxiv, version="2"), number)
            )
        if chance.random() < 0.3:
            later = day + timedelta(days=chance.randint(20, 200))
            printed = _record(
                paper, f"c{number}", doi=f"10.1234/j.{number}", venue="Journal of Weeks", year=2026
            )
            found.append(Appearance("crossref", later, printed, number))
        elif chance.random() < 0.2:
            twin = _record(paper, f"t{number}", doi=f"10.48550/twin.{number}")
            found.append(Appearance("crossref", day + timedelta(days=chance.randint(0, 9)), twin, number))
        if chance.random() < 0.03:
            gone = _record(
                paper, f"r{number}", doi=f"10.1234/j.{number}", venue="Journal of Weeks", retracted=True
            )
            found.append(Appearance("crossref", day + timedelta(days=260), gone, number))
        last = FIRST_DAY + timedelta(days=7 * self.weeks)
        return [one for one in found if one.day <= last]

    def _note(self, made: MadeDigest) -> None:
        digest = made.digest
        assert conserves(digest.counts), digest.counts
        assert digest.issue not in self.issues
        assert digest.counts.carried >= self.put_off, "what waited is not there"
        assert digest.counts.over_limit == 0 or digest.counts.shown == self.limit
        shown = [item.key for theme in digest.themes for item in theme.items]
        assert len(shown) == digest.counts.shown
        assert [item.n for theme in digest.themes for item in theme.items] == list(range(1, len(shown) + 1))
        self.put_off = digest.counts.over_limit
        self.counts.append(digest.counts)
        self.issues.append(digest.issue)
        self.mailed.update(self._work(digest.papers[key]) for key in shown)
        self.whys.update(
            (self._work(digest.papers[item.key]), item.why) for theme in digest.themes for item in theme.items
        )
        self.updates.update((self._work(digest.papers[one.key]), one.what) for one in digest.updates)

    def _think(self, made: MadeDigest) -> None:
        """What a reader does with an issue now and then."""
        items = [item for theme in made.digest.themes for item in theme.items]
        if items and self.chance.random() < 0.1:
            self.happened["kept"] += 1
            keep(self.library, "feed", made.digest.issue, [items[0].n], "mine")
        if self.has_dislikes and items and self.chance.random() < 0.1:
            self.happened["disliked"] += 1
            dislike(self.library, "feed", made.digest.issue, [items[-1].n])
            self.disliked.add(self._work(made.digest.papers[items[-1].key]))
        if items and self.chance.random() < 0.08:
            self.happened["removed"] += 1
            with self.library.change():
                self.library.remove(items[len(items) // 2].key)

    def _work(self, paper: Paper) -> int:
        return self.works[title_key(paper.title)]


def _record(paper: Paper, position: str, **fields: object) -> Paper:
    origin = FieldOrigin(source="feed", position=position)
    bare = Paper(title=paper.title, title_original=paper.title_original, texts=paper.texts, abstract_original=paper.abstract_original)  # fmt: skip
    return bare.model_copy(update={"sources": (origin,), **fields})
