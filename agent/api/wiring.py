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
from agent.engines.protocol import Engine, Observer, Reranker, Silent
from agent.errors import InputError, SettingsError, UsageError
from agent.llm.cassette import Cassette, Head
from agent.llm.meter import Meter
from agent.settings import STEPS, Value

if TYPE_CHECKING:
    from agent.llm.doctor import Diagnosis
    from agent.llm.estimate import Forecast
    from agent.llm.gateway import Gateway
    from agent.llm.openai_client import Endpoint
    from agent.llm.request import Transport
    from agent.llm.stack import Line, World


@dataclass
class Opened:
    """An engine that is ready, what it stands on, and the counts of this run.

    Args:
        date: the day that a replayed recording bears.
        reranker: another opinion on the order of what a search found, where one is wished for and named.
    """

    engine: Engine
    meter: Meter = field(default_factory=Meter)
    line: Line | None = None
    date: str | None = None
    head: Head | None = None
    reranker: Reranker | None = None
    gateway: Gateway | None = None

    def finish(self, date: str, *, is_complete: bool) -> None:
        """The product is written: so is its recording, if one is made."""
        if self.line and self.line.recording and self.head:
            asked = self.gateway.templates if self.gateway else ()
            prompts = {name: digest for name, digest in self.head.prompts.items() if name in asked}
            head = Head(self.head.models, self.head.output, self.head.sampling, date, prompts)
            self.line.recording.finish(head, is_complete=is_complete)


@dataclass(frozen=True)
class Wishes:
    """What a run asks of its engine; `reranks` where its product orders what a search finds."""

    language: str | None = None
    record: Path | None = None
    replay: Path | None = None
    is_dry: bool = False
    reranks: bool = False


def wants_model(settings: Mapping[str, Value]) -> bool:
    """Whether a model is to be asked.

    Raises:
        UsageError: a model is asked for and none is named.
    """
    stated = settings["engine"].value
    if stated == "extractive":
        return False
    named = any(settings[name].value for name in ("model", *(f"{step}_model" for step in STEPS)))
    if stated == "model" and not named:
        raise UsageError("no model is named", "give --model NAME, or set LITREVIEW_MODEL")
    return named


@asynccontextmanager
async def open_engine(
    settings: Mapping[str, Value], replies: Path, wishes: Wishes, observer: Observer | None = None
) -> AsyncIterator[Opened]:
    """The engine that the settings and wishes call for, for the length of one product.

    Args:
        observer: who is told of comparing by meaning, where the product wishes for it.

    Raises:
        SettingsError: no key or no model is known. InputError: a recording or prompt cannot be read.
    """
    observer = Silent() if observer is None or wishes.is_dry else observer
    if wishes.replay is not None:
        yield _replayed(settings, wishes, wishes.replay, observer)
    elif wants_model(settings):
        async with _live(settings, replies, wishes, observer) as opened:
            yield opened
    elif wishes.record is not None:
        raise UsageError("--record keeps what a model says, and none is asked", "give --model NAME, or leave out --record")  # fmt: skip
    else:
        async with _quoting(settings, replies, wishes, observer) as opened:
            yield opened


def _replayed(settings: Mapping[str, Value], wishes: Wishes, recorded: Path, observer: Observer) -> Opened:
    from agent.engines.llm import LLMEngine
    from agent.llm.cassette import load
    from agent.llm.gateway import Gateway, StepSettings
    from agent.llm.replay import Replay
    from agent.llm.request import EMBED

    cassette: Cassette = load(recorded)
    head = cassette.head
    prompts = _prompts(settings)
    steps = {
        step: StepSettings(model, head.sampling.get(step, {}))
        for step, model in sorted(head.models.items())
        if step != EMBED
    }
    if set(steps) != set(STEPS):
        raise InputError(f"{recorded}: the recording names models for {', '.join(steps) or 'no step'}",
                         f"it needs one for each of {', '.join(STEPS)}: record anew")  # fmt: skip
    replay = Replay(cassette, prompts.digests)
    gateway = Gateway(replay, prompts, steps, _level(head.output))
    embeds = head.models.get(EMBED) if wishes.reranks else None
    reranker = _reranker(replay, embeds, observer, None)
    return Opened(LLMEngine(gateway, wishes.language), date=head.date, reranker=reranker)


@asynccontextmanager
async def _live(
    settings: Mapping[str, Value], replies: Path, wishes: Wishes, observer: Observer
) -> AsyncIterator[Opened]:
    from agent.engines.llm import LLMEngine
    from agent.llm.gateway import Gateway
    from agent.llm.request import EMBED
    from agent.llm.stack import open_line

    prompts = _prompts(settings)
    steps = step_settings(settings)
    embeds = _embeds(settings, wishes)
    meter = Meter()
    calling = calling_of(settings, replies, wishes)
    async with open_line(calling, world(), meter, is_dry=wishes.is_dry) as line:
        gateway = Gateway(line.transport, prompts, steps, settings["output"].value)
        models = {step: found.model for step, found in steps.items()} | ({EMBED: embeds} if embeds else {})
        head = Head(
            models=dict(sorted(models.items())),
            output=gateway.output,
            sampling={step: dict(found.sampling) for step, found in sorted(steps.items())},
            date="",
            prompts=dict(sorted(prompts.digests.items())),
        )
        reranker = _reranker(line.transport, embeds, observer, line.forecast)
        engine = LLMEngine(gateway, wishes.language, line.forecast)
        yield Opened(engine, meter, line, head=head, reranker=reranker, gateway=gateway)


@asynccontextmanager
async def _quoting(
    settings: Mapping[str, Value], replies: Path, wishes: Wishes, observer: Observer
) -> AsyncIterator[Opened]:
    """The engine that asks nobody; beside it a line for embeddings alone, where they are wished for."""
    engine = ExtractiveEngine(settings["workers"].value)
    embeds = _embeds(settings, wishes)
    if not embeds:
        yield Opened(engine)
        return
    from agent.llm.dry import Closed
    from agent.llm.stack import open_line

    try:
        calling = calling_of(settings, replies, wishes)
    except UsageError as error:  # such as a key that is not set: nothing that is needed hangs on it
        yield Opened(engine, reranker=_reranker(Closed(error), embeds, observer, None))
        return
    meter = Meter()
    async with open_line(calling, world(), meter, is_dry=wishes.is_dry) as line:
        reranker = _reranker(line.transport, embeds, observer, line.forecast)
        yield Opened(engine, meter, line, reranker=reranker)


def _embeds(settings: Mapping[str, Value], wishes: Wishes) -> str | None:
    """The model that compares by meaning, where the product wishes for one."""
    return settings["embedding_model"].value if wishes.reranks else None


def _reranker(
    transport: Transport, model: str | None, observer: Observer, forecast: Forecast | None
) -> Reranker | None:
    from agent.engines.llm.reranking import EmbeddingReranker

    return EmbeddingReranker(transport, model, observer, forecast) if model else None


async def look_at_endpoint(settings: Mapping[str, Value]) -> Diagnosis:
    """Ask a few short questions, with no cache and no second tries.

    Raises:
        UsageError: no model is named. SettingsError: no key is set.
    """
    from agent.llm.doctor import examine
    from agent.llm.openai_client import OpenAIClient

    model, embeds = settings["model"].value, settings["embedding_model"].value
    if not model and not embeds:
        raise UsageError("no model is named", "give --model NAME, or set LITREVIEW_MODEL")
    client = OpenAIClient(endpoint_of(settings), world().now)
    try:
        return await examine(client, model, embeds)
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
