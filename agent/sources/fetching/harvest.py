"""Asking a service page by page. What came is kept until all is there, so that a broken search goes on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from agent.errors import NotThereError, SourceError
from agent.records import Paper, Rejected
from agent.sources.fetching.client import Answer, Client
from agent.sources.services.common import Call, Page, Service

KEPT_SECONDS = 24 * 3600.0  # how old a kept page may be: results move on
MOST_PAGES = 1000


class PageStore:
    """Answers on disk, by call: those of a search that is not finished.

    Args:
        now: seconds since the epoch.
    """

    def __init__(self, folder: Path, now: Callable[[], float]) -> None:
        self._folder = folder
        self._now = now

    def get(self, service: str, call: Call) -> Answer | None:
        path = self._path(service, call)
        try:
            if self._now() - path.stat().st_mtime > KEPT_SECONDS:
                return None
            head, _, body = path.read_bytes().partition(b"\n")
            return Answer(body, head.decode())
        except OSError:
            return None

    def put(self, service: str, call: Call, answer: Answer) -> None:
        path = self._path(service, call)
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(".part")
        draft.write_bytes(answer.content_type.replace("\n", " ").encode() + b"\n" + answer.body)
        draft.replace(path)

    def drop(self, service: str, calls: list[Call]) -> None:
        """All is there: the pages have done their service."""
        for call in calls:
            self._path(service, call).unlink(missing_ok=True)

    def _path(self, service: str, call: Call) -> Path:
        said = json.dumps(asdict(call), sort_keys=True)
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
    records: list[Paper | Rejected] = []
    notes: list[str] = []
    asked: list[Call] = []
    total: int | None = None
    while call is not None and len(asked) < MOST_PAGES:
        asked.append(call)
        try:
            page = _page(client, service, call, len(records), limit, store)
        except NotThereError:  # a lookup of what the service does not know is an answer, and an empty one
            break
        except SourceError as problem:
            return Harvest(tuple(records), total, tuple(notes), problem)
        records += page.records
        notes += page.notes
        total = page.total if page.total is not None else total
        advance(len(page.records))
        call = page.next
    if store is not None:
        store.drop(service.NAME, asked)
    return Harvest(tuple(records), total, tuple(notes))


def _page(
    client: Client, service: Service, call: Call, seen: int, limit: int, store: PageStore | None
) -> Page:
    kept = store.get(service.NAME, call) if store else None
    answer = kept or client.send(service, call)
    page = service.parse(answer.body, answer.content_type, call, seen, limit)
    if store is not None and kept is None:  # only what could be read is worth keeping
        store.put(service.NAME, call, answer)
    return page
