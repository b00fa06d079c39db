"""What the sources of a digest give: services are searched, files are read, collections are looked through."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from agent.api.engines import EngineDesk
from agent.errors import InputError, LitreviewError
from agent.library import Library
from agent.library.adding import ReadSource
from agent.records import DigestSource, Noted, Paper, Rejected
from agent.records.digests import DigestSettings, FeedSetting

if TYPE_CHECKING:
    from agent.products.arrivals import Feed
    from agent.sources.fetching.client import Client
    from agent.sources.fetching.harvest import Harvest, PageStore
    from agent.sources.services.common import Query, Service

OVERLAP = timedelta(days=14)  # services list papers days after the day that they name
FIRST_SPAN = {"day": timedelta(days=7), "week": timedelta(days=7), "month": timedelta(days=31)}
MOST_RECORDS = 1000  # of one source for one issue
HAS_NO_DATES = "hugging-face"  # lists papers by week, and searches them all
_MAGIC = re.compile(r"[*?[]")
MOST_WEEKS = 8  # lists that a service without a search by date is asked for


@dataclass(frozen=True)
class Window:
    """From which day on papers are asked for, and up to which; an end is stated only where the day is not today."""

    first: date
    last: date
    is_open: bool


class FeedDesk(EngineDesk):
    """A workspace, and what digests are fed from."""

    def _feeds(
        self, library: Library, settings: DigestSettings, day: date, pages: Path, *, is_open: bool
    ) -> list[Feed]:
        """What every source gives; one that cannot be asked is broken, and stops no other.

        Args:
            day: up to when. is_open: whether that is today, so that no end need be named.
            pages: where the pages of an unfinished search are kept.
        """
        answers = library.digest_answers(settings.name)
        services = [feed for feed in settings.sources if feed.kind == "service"]
        found = []
        if services:
            found += list(self._fed_by_services(services, settings, answers, day, pages, is_open=is_open))
        for feed in settings.sources:
            if feed.kind == "files":
                found.append(self._fed_by_files(feed))
            elif feed.kind == "collection":
                found.append(_from_collection(library, settings.name, feed))
        return found

    def _fed_by_services(
        self,
        feeds: list[FeedSetting],
        settings: DigestSettings,
        answers: dict[str, str],
        day: date,
        pages: Path,
        *,
        is_open: bool,
    ) -> Iterator[Feed]:
        from agent.api.fetching import open_client, page_store, service_of

        store = page_store(pages)
        with open_client(self.settings, self.state) as client:
            for feed in feeds:
                answered = answers.get(feed.label)
                first = (date.fromisoformat(answered) if answered else day - FIRST_SPAN[settings.every]) - (
                    OVERLAP if answered else timedelta()
                )
                window = Window(min(first, day), day, is_open)
                yield self._searched(client, store, service_of(feed.name), feed, window)

    def _searched(
        self, client: Client, store: PageStore, service: Service, feed: FeedSetting, window: Window
    ) -> Feed:
        """All that a service has for a query."""
        from agent.products.arrivals import Feed
        from agent.sources.fetching.harvest import harvest

        step = f"ask {service.LABEL}"
        got: list[Harvest] = []
        for query in queries(feed, window):
            self.observer.start(step, 1)
            call = service.search(query)
            got.append(harvest(client, service, call, MOST_RECORDS, store))
            self.observer.advance(step)
            if got[-1].problem:
                break
        records = [one for found in got for one in found.records]
        if feed.name == HAS_NO_DATES and feed.query:
            records = [one for one in records if _is_in(one, window)]
        notes = [Noted(position="answer", message=note) for found in got for note in found.notes]
        source = ReadSource(
            f"search:{service.NAME}:{feed.query}", f"{service.LABEL}: {feed.query or 'latest'}", [*records, *notes], is_partial=True
        )  # fmt: skip
        return Feed(_state(feed, got, sum(isinstance(one, Paper) for one in records)), (source,))

    def _fed_by_files(self, feed: FeedSetting) -> Feed:
        from agent.products.arrivals import Feed
        from agent.sources import find_sources, read_source

        told = told_of(feed)
        paths = [feed.name] if os.path.lexists(feed.name) else _matching(Path(feed.name))
        if not paths:
            is_open = is_pattern(feed.name)
            state = DigestSource(
                source=told, state="empty" if is_open else "broken", reason=None if is_open else "is not there"
            )  # fmt: skip
            return Feed(state)
        try:
            found = find_sources(paths)
        except InputError as error:
            is_folder = all(Path(path).is_dir() for path in paths)
            return Feed(
                DigestSource(
                    source=told, state="empty" if is_folder else "broken", reason=_without(error, paths)
                )
            )
        self.observer.start("files", len(found))
        sources, broken = [], []
        for one in found:
            if one.problem:
                broken.append(f"{one.name}: {one.problem}")
            else:
                sources.append(ReadSource(one.path, one.name, list(read_source(one))))
            self.observer.advance("files")
        state = DigestSource(
            source=told, state="broken" if broken else "ok", reason="; ".join(broken[:3]) or None
        )
        return Feed(state, tuple(sources), is_whole=True)


def queries(feed: FeedSetting, window: Window) -> list[Query]:
    """What a service is asked with, for the papers of some days."""
    from agent.sources.services.common import Query

    if feed.name == HAS_NO_DATES:
        if feed.query:
            return [Query(text=feed.query, limit=MOST_RECORDS)]
        return [Query(week=week, limit=MOST_RECORDS) for week in _weeks(window)]
    last = None if window.is_open else window.last.isoformat()
    return [Query(text=feed.query, since=window.first.isoformat(), until=last, limit=MOST_RECORDS)]


def is_pattern(path: str) -> bool:
    """Whether a path may name several files."""
    return bool(_MAGIC.search(path))


def _matching(pattern: Path) -> list[str]:
    """The files that a pattern names, in order; it says where it begins."""
    return sorted(str(path) for path in Path(pattern.anchor).glob(str(pattern.relative_to(pattern.anchor))))


def told_of(feed: FeedSetting) -> str:
    """What a source is called in an issue: nothing of a machine's folders but the last one."""
    if feed.kind == "files":
        return "/".join(Path(feed.name).parts[-2:]).removeprefix("//")
    return f"collection {feed.name}" if feed.kind == "collection" else feed.label


def _weeks(window: Window) -> list[str]:
    """The ISO weeks of some days, the latest ones."""
    days = [window.first + timedelta(days=7 * n) for n in range((window.last - window.first).days // 7 + 1)]
    named = dict.fromkeys(f"{day.isocalendar()[0]:04d}-W{day.isocalendar()[1]:02d}" for day in (*days, window.last))  # fmt: skip
    return list(named)[-MOST_WEEKS:]


def _is_in(record: Paper | Rejected, window: Window) -> bool:
    """Whether a record is of the days that are asked for, as far as it says."""
    day = record.date if isinstance(record, Paper) else None
    return day is None or len(day) < 10 or day >= window.first.isoformat()


def _state(feed: FeedSetting, got: list[Harvest], count: int) -> DigestSource:
    problem = next((found.problem for found in got if found.problem), None)
    total = sum(found.total or 0 for found in got)
    reason = problem.message if problem else None
    if problem is None and any(found.total and found.total > len(found.records) for found in got):
        reason = (
            f"{sum(len(found.records) for found in got):,} of {total:,} papers were taken; narrow the query"
        )
    return DigestSource(source=feed.label, state="broken" if problem else "ok" if count else "empty", reason=reason)  # fmt: skip


def _from_collection(library: Library, digest: str, feed: FeedSetting) -> Feed:
    from agent.products.arrivals import Feed

    told = told_of(feed)
    if feed.name not in library.collections():
        return Feed(DigestSource(source=told, state="broken", reason="is not there any more"))
    memory = library.memory(digest)
    fresh = set(library.members(feed.name)) - memory.judged - memory.waiting.keys()
    return Feed(DigestSource(source=told, state="ok" if fresh else "empty"), collection=feed.name)


def _without(error: LitreviewError, paths: list[str]) -> str:
    """What is wrong, without where this machine keeps it."""
    said = error.message
    for path in paths:
        said = said.removeprefix(f"{path}: ")
    return said
