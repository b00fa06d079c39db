"""Not too many calls at once, and not too many tokens a minute."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

from agent.errors import ModelError
from agent.llm.estimate import Forecast
from agent.llm.request import Request, Response, Transport


class Limited:
    """Holds calls back until there is a place; fewer at once after a 429, more again as calls go well.

    Args:
        concurrency: the most calls in flight.
        tokens_a_minute: input and output tokens; None for no limit.
        clock: seconds that only grow.
        sleep: waits so many seconds.
    """

    def __init__(
        self,
        inner: Transport,
        concurrency: int,
        tokens_a_minute: int | None,
        forecast: Forecast,
        clock: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]],
    ) -> None:
        self._inner = inner
        self._places = Places(concurrency)
        self._bucket = Bucket(tokens_a_minute, clock, sleep) if tokens_a_minute else None
        self._forecast = forecast

    async def send(self, request: Request) -> Response:
        expected = self._forecast.tokens(request)
        if self._bucket:
            await self._bucket.take(expected)
        await self._places.enter()
        try:
            response = await self._inner.send(request)
        except ModelError as error:
            if error.code == "rate_limited":
                self._places.shrink()
            raise
        finally:
            self._places.leave()
        self._places.grow()
        if self._bucket and response.usage.input_tokens is not None:
            used = response.usage.input_tokens + (response.usage.output_tokens or 0)
            self._bucket.settle(expected - used)
        return response


class Places:
    """Room for so many at once, first come, first served."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.allowed = most
        self._inside = 0
        self._went_well = 0
        self._queue: deque[asyncio.Future[None]] = deque()

    async def enter(self) -> None:
        if self._inside < self.allowed and not self._queue:
            self._inside += 1
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._queue.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn in self._queue:
                self._queue.remove(turn)
            elif not turn.cancelled():
                self.leave()  # the place had been given already
            raise

    def leave(self) -> None:
        self._inside -= 1
        self._let_in()

    def shrink(self) -> None:
        self.allowed = max(1, self.allowed // 2)
        self._went_well = 0

    def grow(self) -> None:
        self._went_well += 1
        if self.allowed < self.most and self._went_well >= self.allowed:
            self.allowed += 1
            self._went_well = 0
            self._let_in()

    def _let_in(self) -> None:
        while self._queue and self._inside < self.allowed:
            turn = self._queue.popleft()
            if not turn.done():
                self._inside += 1
                turn.set_result(None)


class Bucket:
    """Tokens that flow in evenly over a minute; a call takes what it is expected to need."""

    def __init__(
        self, a_minute: int, clock: Callable[[], float], sleep: Callable[[float], Awaitable[None]]
    ) -> None:
        self._a_second = a_minute / 60
        self._most = float(a_minute)
        self._level = self._most
        self._clock = clock
        self._sleep = sleep
        self._filled_at = clock()
        self._turn = asyncio.Lock()

    async def take(self, tokens: int) -> None:
        """Wait until there are so many; a call that needs more than a minute's waits for a full bucket."""
        wanted = min(float(tokens), self._most)
        async with self._turn:
            self._fill()
            while self._level < wanted:
                await self._sleep((wanted - self._level) / self._a_second)
                self._fill()
            self._level -= tokens

    def settle(self, left: int) -> None:
        """Give back what was not needed, or take what was needed beyond."""
        self._level = min(self._most, self._level + left)

    def _fill(self) -> None:
        now = self._clock()
        self._level = min(self._most, self._level + (now - self._filled_at) * self._a_second)
        self._filled_at = now
