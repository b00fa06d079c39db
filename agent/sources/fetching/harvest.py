"""Asking a service page by page. What came is kept until all is there, so that a broken search goes on."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from agent.errors import NotThereError, RefusedError, SourceError
from agent.records import Paper, Rejected
from agent.sources.fetching.client import Answer, Client
from agent.sources.services.common import Call, Page, Service

KEPT_SECONDS = 24 * 3600.0  # how old a kept page may be: results move on
MOST_PAGES = 1000


class PageStore:
    """Answers on disk, by call and by its place in the row of calls: those of a search that is not finished.

    A call alone does not name a page: some services give the same cursor for all pages.

    Args:
        now: seconds since the epoch.
    """

    def __init__(self, folder: Path, now: Callable[[], float]) -> None:
        self._folder = folder
        self._now = now

    def get(self, service: str, call: Call, number: int) -> Answer | None:
        path = self._path(service, call, number)
        try:
            if self._is_old(path):
                return None
            head, _, body = path.read_bytes().partition(b"\n")
            return Answer(body, head.decode(errors="replace"))
        except OSError:
            return None

    def put(self, service: str, call: Call, number: int, answer: Answer) -> None:
        path = self._path(service, call, number)
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(".part")
        draft.write_bytes(answer.content_type.replace("\n", " ").encode() + b"\n" + answer.body)
        os.utime(draft, (self._now(), self._now()))  # our clock, by which its age is told
        draft.replace(path)

    def drop(self, service: str, calls: Sequence[Call]) -> None:
        """Forget these pages, the calls of a search in their order."""
        for number, call in enumerate(calls, start=1):
            self._path(service, call, number).unlink(missing_ok=True)

    def tidy(self) -> None:
        """Forget the pages of searches that nobody went on with."""
        for path in self._folder.glob("*.p*"):
            if self._is_old(path):
                path.unlink(missing_ok=True)

    def _is_old(self, path: Path) -> bool:
        return abs(self._now() - path.stat().st_mtime) > KEPT_SECONDS

    def _path(self, service: str, call: Call, number: int) -> Path:
        said = json.dumps([number, asdict(call)], sort_keys=True)
        return self._folder / f"{service}-{hashlib.sha256(said.encode()).hexdigest()[:32]}.page"


@dataclass(frozen=True)
class Harvest:
    """What a service gave: its records in order, how many it knows in all, and what went wrong, if anything."""

    records: tuple[Paper | Rejected, ...]
    total: int | None = None
    notes: tuple[str, ...] = ()
    problem: SourceError | None = None

    @property
    def state(self) -> str:
        """`ok`, `empty`, or `broken`: an empty answer and a broken one are never the same."""
        return "broken" if self.problem else "ok" if self.records else "empty"


def harvest(
    client: Client,
    service: Service,
    call: Call | None,
    limit: int,
    store: PageStore | None = None,
    advance: Callable[[int], None] = lambda count: None,
) -> Harvest:
    """All pages from `call` on, up to `limit` records; never raises for what a service does."""
    first = call
    records: list[Paper | Rejected] = []
    notes: list[str] = []
    asked: list[Call] = []
    total: int | None = None
    fetched: list[bool] = []
    while call is not None and len(asked) < MOST_PAGES:
        asked.append(call)
        try:
            page, is_fresh = _page(client, service, call, len(asked), len(records), limit, store)
        except SourceError as problem:
            if isinstance(problem, NotThereError) and call.may_lack:
                break  # the service does not know it: an answer, and an empty one
            if store is not None and isinstance(problem, RefusedError) and not all(fetched):
                # It goes on no longer where it went on then, as when a cursor has run out: from the beginning.
                store.drop(service.NAME, asked)
                return harvest(client, service, first, limit, store, advance)
            return Harvest(tuple(records), total, tuple(notes), problem)
        fetched.append(is_fresh)
        records += page.records
        notes += page.notes
        total = page.total if page.total is not None else total
        advance(len(page.records))
        call = page.next
    if call is not None and not call.may_lack:
        notes.append(f"{service.LABEL} was asked for {MOST_PAGES} pages and no more; narrow the search")
    if store is not None:
        store.drop(service.NAME, asked)
    return Harvest(tuple(records), total, tuple(notes))


def _page(
    client: Client, service: Service, call: Call, number: int, seen: int, limit: int, store: PageStore | None
) -> tuple[Page, bool]:
    """The page, and whether it was asked for now: what is kept and cannot be read is asked for again."""
    kept = store.get(service.NAME, call, number) if store else None
    if kept:
        try:
            return service.parse(kept.body, kept.content_type, call, seen, limit), False
        except SourceError:
            pass
    answer = client.send(service, call)
    page = service.parse(answer.body, answer.content_type, call, seen, limit)
    if store is not None:  # only what could be read is worth keeping
        store.put(service.NAME, call, number, answer)
    return page, True
