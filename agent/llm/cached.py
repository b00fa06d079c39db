"""Every complete reply is kept for good, and equal requests in flight are one call."""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path
from types import TracebackType
from typing import Any

import diskcache

from agent.errors import LibraryError
from agent.llm.estimate import Forecast, learnt_from_json
from agent.llm.meter import Meter
from agent.llm.request import Request, Response, Transport


class PlainDisk(diskcache.JSONDisk):  # type: ignore[misc]  # diskcache has no types
    """JSON only: a row that claims to be a pickle is not loaded, whoever put it there."""

    def fetch(self, mode: int, filename: str | None, value: Any, read: bool) -> Any:
        if mode == diskcache.core.MODE_PICKLE:
            raise ValueError("not JSON")
        return super().fetch(mode, filename, value, read)


LEARNT = "learnt"  # no request's key, since those are hexadecimal


class ReplyStore:
    """Replies on disk, as JSON, by the request's key. Nothing is ever thrown out.

    Raises:
        LibraryError: the folder cannot be used.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        try:
            # The default disk would unpickle whatever lies in the folder.
            self._cache = diskcache.Cache(str(folder), disk=PlainDisk, eviction_policy="none", cull_limit=0)
        except Exception as error:  # sqlite3, OSError or diskcache's own: all mean the same to a user
            raise LibraryError(
                f"{folder}: the stored replies cannot be opened: {error}",
                "choose another folder with --workspace; moving this one away asks for all replies anew",
            ) from error

    def __enter__(self) -> ReplyStore:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._cache.close()

    def get(self, key: str) -> Response | None:
        stored = self._read(key)
        try:
            return Response.from_json(stored["response"]) if stored else None
        except (KeyError, TypeError):
            return None  # not ours: it is asked again

    def put(self, request: Request, response: Response) -> None:
        """Keep a reply.

        Raises:
            LibraryError: it cannot be written.
        """
        self._write(request.key, {"step": request.step, "response": response.as_json()})

    def learnt(self) -> dict[str, Any]:
        """What earlier runs learnt of the endpoint's token counts."""
        stored = self._read(LEARNT)
        return learnt_from_json(stored) if isinstance(stored, dict) else {}

    def keep_learnt(self, forecast: Forecast) -> None:
        self._write(LEARNT, forecast.as_json())

    def _read(self, key: str) -> Any:
        """What is stored; nothing where it cannot be read, for then it is asked again."""
        try:
            return self._cache.get(key)
        except Exception:  # torn or foreign: zlib, JSON, SQLite each have errors of their own
            return None

    def _write(self, key: str, value: dict[str, Any]) -> None:
        try:
            self._cache.set(key, value)
        except Exception as error:
            raise LibraryError(
                f"{self._folder}: a reply cannot be kept: {error}", "free some room, then run again"
            ) from error


class Cached:
    """Answers from the store what it has; sends the rest once each and keeps the reply."""

    def __init__(self, inner: Transport, store: ReplyStore, meter: Meter, forecast: Forecast) -> None:
        self._inner = inner
        self._store = store
        self._meter = meter
        self._forecast = forecast
        self._flights: dict[str, asyncio.Future[Response]] = {}
        self._waiting: Counter[str] = Counter()

    async def send(self, request: Request) -> Response:
        stored = self._store.get(request.key)
        if stored is not None:
            self._meter.cached += 1
            return stored
        flight = self._flights.get(request.key)
        if flight is None:
            flight = asyncio.ensure_future(self._fetch(request))
            self._flights[request.key] = flight
            flight.add_done_callback(lambda done: self._landed(request.key, done))
        self._waiting[request.key] += 1
        try:
            return await asyncio.shield(flight)
        finally:
            self._waiting[request.key] -= 1
            if not self._waiting[request.key] and not flight.done():
                flight.cancel()  # nobody waits for it any more

    async def _fetch(self, request: Request) -> Response:
        response = await self._inner.send(request)
        self._store.put(request, response)
        self._forecast.note(request, response)
        return response

    def _landed(self, key: str, flight: asyncio.Future[Response]) -> None:
        self._flights.pop(key, None)
        if not flight.cancelled():
            flight.exception()  # taken note of, also where nobody waits any more
