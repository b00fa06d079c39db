"""The order of the transports, in one place.

Recording? > Cached > Retrying > Budgeted > Limited > Metered > the endpoint     or Replay alone
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from agent.llm.budgeted import Budget, Budgeted
from agent.llm.cached import Cached, ReplyStore
from agent.llm.dry import Dry
from agent.llm.estimate import Forecast, Price
from agent.llm.limited import Limited
from agent.llm.meter import Meter, Metered
from agent.llm.openai_client import Endpoint, OpenAIClient
from agent.llm.recording import Recording
from agent.llm.request import Transport
from agent.llm.retrying import Patience, Retrying


@dataclass(frozen=True)
class World:
    """What calling needs of the world outside, handed in by whoever puts the program together.

    Args:
        clock: seconds that only grow. now: the time of day. sleep: waits seconds. jitter: from 0 to 1.
    """

    clock: Callable[[], float]
    now: Callable[[], datetime]
    sleep: Callable[[float], Awaitable[None]]
    jitter: Callable[[], float]


@dataclass(frozen=True)
class Calling:
    """How an endpoint is called.

    Args:
        replies: the folder of stored replies.
        record: the cassette that everything used goes into.
    """

    endpoint: Endpoint
    replies: Path
    patience: Patience = field(default_factory=Patience)
    budget: Budget = field(default_factory=Budget)
    concurrency: int = 8
    tokens_a_minute: int | None = None
    prices: dict[str, Price] = field(default_factory=dict)
    record: Path | None = None


@dataclass(frozen=True)
class Line:
    """An open line to a model: the transport, and what is known of it."""

    transport: Transport
    forecast: Forecast
    recording: Recording | None = None
    dry: Dry | None = None


@asynccontextmanager
async def open_line(
    calling: Calling, world: World, meter: Meter, *, is_dry: bool = False
) -> AsyncIterator[Line]:
    """All transports, wrapped round each other; a dry line ends before anything is sent.

    Raises:
        LibraryError: the stored replies cannot be used.
    """
    client = OpenAIClient(calling.endpoint, world.now)
    with ReplyStore(calling.replies) as store:
        forecast = Forecast(calling.prices, store.learnt())
        dry = Dry() if is_dry else None
        try:
            inner: Transport = dry or _wire(client, calling, world, meter, forecast)
            cached = Cached(inner, store, meter, forecast)
            recording = Recording(cached, calling.record) if calling.record and not is_dry else None
            yield Line(recording or cached, forecast, recording, dry)
        finally:
            await client.close()
            if meter.replies:
                store.keep_learnt(forecast)


def _wire(
    client: OpenAIClient, calling: Calling, world: World, meter: Meter, forecast: Forecast
) -> Transport:
    metered = Metered(client, meter, world.clock)
    limited = Limited(
        metered, calling.concurrency, calling.tokens_a_minute, forecast, world.clock, world.sleep
    )
    budgeted = Budgeted(limited, calling.budget, forecast)
    return Retrying(budgeted, calling.patience, world.sleep, world.jitter)
