"""From settings to an engine: which one, and everything that stands between it and an endpoint."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agent.engines.extractive import ExtractiveEngine
from agent.engines.protocol import Engine
from agent.errors import InputError, SettingsError, UsageError
from agent.llm.cassette import Cassette, Head
from agent.llm.meter import Meter
from agent.settings import STEPS, Value

if TYPE_CHECKING:
    from agent.llm.doctor import Diagnosis
    from agent.llm.openai_client import Endpoint
    from agent.llm.stack import Line, World


@dataclass
class Opened:
    """An engine that is ready, what it stands on, and the counts of this run.

    Args:
        date: the day that a replayed recording bears.
    """

    engine: Engine
    meter: Meter = field(default_factory=Meter)
    line: Line | None = None
    date: str | None = None
    head: Head | None = None

    def finish(self, date: str, *, is_complete: bool) -> None:
        """The product is written: so is its recording, if one is made."""
        if self.line and self.line.recording and self.head:
            head = Head(self.head.models, self.head.output, self.head.sampling, date, self.head.prompts)
            self.line.recording.finish(head, is_complete=is_complete)


@dataclass(frozen=True)
class Wishes:
    """What a run asks of its engine."""

    language: str | None = None
    record: Path | None = None
    replay: Path | None = None
    is_dry: bool = False


def wants_model(settings: Mapping[str, Value], replay: Path | None) -> bool:
    """Whether a model is to be asked, or its recorded replies.

    Raises:
        UsageError: a model is asked for and none is named.
    """
    stated = settings["engine"].value
    if stated == "extractive" and replay is None:
        return False
    named = any(settings[name].value for name in ("model", *(f"{step}_model" for step in STEPS)))
    if stated == "model" and not named and replay is None:
        raise UsageError("no model is named", "give --model NAME, or set LITREVIEW_MODEL")
    return named or replay is not None


@asynccontextmanager
async def open_engine(settings: Mapping[str, Value], replies: Path, wishes: Wishes) -> AsyncIterator[Opened]:
    """The engine that the settings and wishes call for, for the length of one product.

    Raises:
        SettingsError: no key or no model is known. InputError: a recording or prompt cannot be read.
    """
    if not wants_model(settings, wishes.replay):
        if wishes.record is not None:
            raise UsageError("--record keeps what a model says, and none is asked", "give --model NAME, or leave out --record")  # fmt: skip
        yield Opened(ExtractiveEngine(settings["workers"].value))
        return
    if wishes.replay is not None:
        async with _replayed(settings, wishes) as opened:
            yield opened
    else:
        async with _live(settings, replies, wishes) as opened:
            yield opened


@asynccontextmanager
async def _replayed(settings: Mapping[str, Value], wishes: Wishes) -> AsyncIterator[Opened]:
    from agent.engines.llm import LLMEngine
    from agent.llm.cassette import load
    from agent.llm.gateway import Gateway, StepSettings
    from agent.llm.replay import Replay

    assert wishes.replay is not None
    cassette: Cassette = load(wishes.replay)
    head = cassette.head
    prompts = _prompts(settings)
    steps = {
        step: StepSettings(model, head.sampling.get(step, {})) for step, model in sorted(head.models.items())
    }
    if set(steps) != set(STEPS):
        raise InputError(f"{wishes.replay}: the recording names models for {', '.join(steps) or 'no step'}",
                         f"it needs one for each of {', '.join(STEPS)}: record anew")  # fmt: skip
    replay = Replay(cassette, prompts.digests)
    gateway = Gateway(replay, prompts, steps, _level(head.output))
    yield Opened(LLMEngine(gateway, wishes.language), date=head.date)


@asynccontextmanager
async def _live(settings: Mapping[str, Value], replies: Path, wishes: Wishes) -> AsyncIterator[Opened]:
    from agent.engines.llm import LLMEngine
    from agent.llm.gateway import Gateway
    from agent.llm.stack import open_line

    prompts = _prompts(settings)
    steps = step_settings(settings)
    meter = Meter()
    calling = calling_of(settings, replies, wishes)
    async with open_line(calling, world(), meter, is_dry=wishes.is_dry) as line:
        gateway = Gateway(line.transport, prompts, steps, settings["output"].value)
        head = Head(
            models={step: found.model for step, found in sorted(steps.items())},
            output=gateway.output,
            sampling={step: dict(found.sampling) for step, found in sorted(steps.items())},
            date="",
            prompts=dict(sorted(prompts.digests.items())),
        )
        yield Opened(LLMEngine(gateway, wishes.language, line.forecast), meter, line, head=head)


async def look_at_endpoint(settings: Mapping[str, Value]) -> Diagnosis:
    """Ask a few short questions, with no cache and no second tries.

    Raises:
        UsageError: no model is named. SettingsError: no key is set.
    """
    from agent.llm.doctor import examine
    from agent.llm.openai_client import OpenAIClient

    model = settings["model"].value
    if not model:
        raise UsageError("no model is named", "give --model NAME, or set LITREVIEW_MODEL")
    client = OpenAIClient(endpoint_of(settings), world().now)
    try:
        return await examine(client, model)
    finally:
        await client.close()


def endpoint_of(settings: Mapping[str, Value], *, is_dry: bool = False) -> Endpoint:
    """Where to ask, and with what; a dry run asks nobody and needs no key.

    Raises:
        SettingsError: there is no key.
    """
    from agent.llm.openai_client import Endpoint

    base_url, timeout = settings["base_url"].value, settings["timeout"].value
    return Endpoint("none" if is_dry else _key(settings), base_url, timeout or None)


def world() -> World:
    """The clock, the sleep and the chance of this machine."""
    from agent.llm.stack import World

    return World(
        clock=time.monotonic, now=lambda: datetime.now(UTC), sleep=asyncio.sleep, jitter=random.random
    )


def calling_of(settings: Mapping[str, Value], replies: Path, wishes: Wishes) -> Any:
    """How the endpoint is called, as the settings say.

    Raises:
        SettingsError: there is no key. UsageError: a limit of money has no prices to go by.
    """
    from agent.llm.budgeted import Budget
    from agent.llm.retrying import Patience
    from agent.llm.stack import Calling

    def get(name: str) -> Any:
        return settings[name].value

    if get("max_cost") is not None and not get("prices"):
        raise UsageError("--max-cost needs prices", "set LITREVIEW_PRICES, for example '0.15/0.60' (input/output, for a million tokens)")  # fmt: skip
    return Calling(
        endpoint=endpoint_of(settings, is_dry=wishes.is_dry),
        replies=replies,
        patience=Patience(get("tries"), get("retry_wait")),
        budget=Budget(get("max_calls"), get("max_tokens"), get("max_cost")),
        concurrency=get("concurrency"),
        tokens_a_minute=get("tokens_a_minute"),
        prices=prices_of(get("prices")),
        record=wishes.record,
    )


def step_settings(settings: Mapping[str, Value]) -> dict[str, Any]:
    """Model and sampling of each step: its own setting, else the general one.

    Raises:
        UsageError: a step has no model.
    """
    from agent.llm.gateway import StepSettings

    found = {}
    for step in STEPS:
        model = settings[f"{step}_model"].value or settings["model"].value
        if not model:
            raise UsageError(f"no model is named for step '{step}'", f"give --model NAME, or set LITREVIEW_{step.upper()}_MODEL")  # fmt: skip
        own = settings[f"{step}_temperature"]
        temperature = own.value if own.origin != "built in" else settings["temperature"].value
        tokens = settings[f"{step}_tokens"].value
        sampling: dict[str, float | int] = {}
        if temperature is not None:
            sampling["temperature"] = temperature
        if tokens is not None:
            sampling[settings["tokens_parameter"].value] = tokens
        found[step] = StepSettings(model, sampling)
    return found


def prices_of(stated: Mapping[str, tuple[Any, Any]] | None) -> dict[str, Any]:
    from agent.llm.estimate import Price

    return {name: Price(*pair) for name, pair in (stated or {}).items()}


def _key(settings: Mapping[str, Value]) -> str:
    key = settings["api_key"].value
    if key:
        return str(key)
    if settings["base_url"].value:
        return "none"  # an endpoint of one's own often wants none; if it does, it says so
    raise SettingsError(
        "no key is set", "set OPENAI_API_KEY; for an endpoint of your own, OPENAI_BASE_URL too"
    )


def _prompts(settings: Mapping[str, Value]) -> Any:
    from agent.llm.prompts import Prompts

    stated = settings["prompts"].value
    return Prompts(Path(stated) if stated else None)


def _level(output: str) -> Any:
    if output not in ("json_schema", "json_object", "text"):
        raise InputError(f"the recording names an output level '{output}' that is not known", "record anew")
    return output
