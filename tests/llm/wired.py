"""What the tests of this folder share: a world whose clock moves only by sleeping, and transports by hand."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from endpoint import READY

from agent.errors import ModelError
from agent.llm.openai_client import Endpoint
from agent.llm.request import OutputLevel, Request, Response, TokenUsage
from agent.llm.retrying import Patience
from agent.llm.stack import Calling, World

T = TypeVar("T")
KEY = "sk-SECRETsecretSECRET"
NOW = datetime(2026, 1, 2, 12, 0, 0, tzinfo=UTC)
TICK = 1e-6  # no clock is finer, and the shortest sleep is one tick of it
SCHEMA = {"type": "object", "properties": {"ready": {"type": "boolean"}}, "required": ["ready"]}


def run(work: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(work)


async def tick(turns: int = 12) -> None:
    """Let everything that can go on go on."""
    for _ in range(turns):
        await asyncio.sleep(0)


def asked(text: str = "Are you ready?", **other: Any) -> Request:
    """A request that differs from the usual one in what is given."""
    usual: dict[str, Any] = {"step": "read", "model": "some-model", "output": "text"}
    return Request(**{**usual, "messages": ({"role": "user", "content": text},), **other})


def replied(text: str = READY, usage: tuple[int | None, int | None] = (12, 5)) -> Response:
    return Response(text, "stop", TokenUsage(*usage), "served-model")


def lost(code: str = "server_error", reach: Any = "try", wait: float | None = None) -> ModelError:
    return ModelError(code, f"it went wrong: {code}", reach=reach, wait=wait)


class Clockwork:
    """Time that passes by sleeping alone, at once, and every wait noted."""

    def __init__(self) -> None:
        self.time = 0.0
        self.waits: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.time += max(seconds, TICK)
        await asyncio.sleep(0)

    @property
    def world(self) -> World:
        return World(clock=lambda: self.time, now=lambda: NOW, sleep=self.sleep, jitter=lambda: 0.5)


class Answers:
    """Gives one answer after the other, the last one ever after, and remembers what was asked."""

    def __init__(self, *answers: Response | ModelError) -> None:
        self.answers: Sequence[Response | ModelError] = answers or (replied(),)
        self.requests: list[Request] = []

    async def send(self, request: Request) -> Response:
        self.requests.append(request)
        answer = self.answers[min(len(self.requests), len(self.answers)) - 1]
        await asyncio.sleep(0)
        if isinstance(answer, ModelError):
            raise answer
        return answer


class Held:
    """Keeps every call until it is told what comes of it."""

    def __init__(self, begins: Callable[[], None] = lambda: None) -> None:
        self.begun: list[Request] = []
        self.open: list[tuple[Request, asyncio.Future[Response]]] = []
        self.most = 0
        self._begins = begins

    async def send(self, request: Request) -> Response:
        flight: asyncio.Future[Response] = asyncio.get_running_loop().create_future()
        place = (request, flight)
        self.begun.append(request)
        self.open.append(place)
        self.most = max(self.most, len(self.open))
        self._begins()
        try:
            return await flight
        finally:
            self.open.remove(place)

    async def end(self, number: int = 0, answer: Response | ModelError | None = None) -> Request:
        """The open call of this number, counted round, comes to its end."""
        request, flight = self.open[number % len(self.open)]
        if isinstance(answer, ModelError):
            flight.set_exception(answer)
        else:
            flight.set_result(answer or replied())
        await tick()
        return request


async def outcome(sending: Coroutine[Any, Any, T]) -> T | str:
    """What came of it: the reply, or the code of the error."""
    try:
        return await sending
    except ModelError as error:
        return error.code


async def drop(*tasks: asyncio.Task[Any]) -> None:
    for task in tasks:
        task.cancel()
    for task in tasks:
        with suppress(asyncio.CancelledError, ModelError):
            await task


def calling(url: str, folder: Path, **other: Any) -> Calling:
    """An endpoint that is asked three times, with a second's wait before the second try."""
    usual: dict[str, Any] = {"patience": Patience(tries=3, first_wait=1.0)}
    timeout = other.pop("timeout", 5.0)
    return Calling(Endpoint(KEY, url, timeout), folder / "replies", **{**usual, **other})


def schema_request(text: str = "Are you ready?", schema: Mapping[str, Any] = SCHEMA) -> Request:
    level: OutputLevel = "json_schema"
    return asked(text, output=level, schema=schema)
