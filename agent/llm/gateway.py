"""From questions to validated replies: render, send, validate, in the order in which they were asked."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic

from agent.errors import ModelError
from agent.llm.prompts import Prompts
from agent.llm.reply import R, ReplyError, parse_reply, schema_of
from agent.llm.request import OutputLevel, Request, Response, Transport, canonical

AT_ONCE = 8  # questions that are rendered before the wire gets its turn
IN_WORDS = "\n\nReply with one JSON object that meets this JSON Schema, and with nothing else:\n{schema}"


@dataclass(frozen=True)
class StepSettings:
    """Which model a step asks, and with what sampling."""

    model: str
    sampling: Mapping[str, float | int] = field(default_factory=dict)


@dataclass(frozen=True)
class Question(Generic[R]):
    """One question: the template's name and values, and the type that the reply must have."""

    step: str
    template: str
    values: Mapping[str, Any]
    reply: type[R]


@dataclass(frozen=True)
class NoReply:
    """Why there is no usable reply. `is_call` tells a failed call from a reply that does not fit."""

    code: str
    reason: str
    is_call: bool
    is_final: bool


class Gateway:
    """Asks whole rounds of questions.

    Args:
        transport: takes requests to responses.
        steps: model and sampling by step.
        output: what the endpoint can hold its replies to.
    """

    def __init__(
        self, transport: Transport, prompts: Prompts, steps: Mapping[str, StepSettings], output: OutputLevel
    ) -> None:
        self._transport = transport
        self._prompts = prompts
        self.steps = steps
        self.output = output
        self.used: dict[str, tuple[str, Response]] = {}  # by request key: what the product rests on
        self.templates: set[str] = set()  # whose questions were asked

    @property
    def prompts(self) -> Prompts:
        return self._prompts

    def request(self, question: Question[R]) -> Request:
        """The request that a question becomes; the same question is always the same request."""
        system, user = self._prompts.render(question.template, question.values)
        schema = schema_of(question.reply)
        if self.output != "json_schema":
            system += IN_WORDS.format(schema=canonical(schema))
        step = self.steps[question.step]
        return Request(
            step=question.step,
            model=step.model,
            messages=({"role": "system", "content": system}, {"role": "user", "content": user}),
            output=self.output,
            schema=schema if self.output == "json_schema" else None,
            sampling=step.sampling,
        )

    async def ask(
        self, questions: Sequence[Question[R]], done: Callable[[], None] = lambda: None
    ) -> list[R | NoReply]:
        """All questions at once; `done` is called after each.

        Raises:
            ModelError: one that ends the run, such as a bad key. Replies that came before are kept.
        """
        tasks: list[asyncio.Future[R | NoReply]] = []
        try:
            for number, question in enumerate(questions, start=1):
                tasks.append(asyncio.ensure_future(self._one(question, done)))
                if number % AT_ONCE == 0:
                    await asyncio.sleep(0)  # so that the first are on their way while the last are rendered
            return list(await asyncio.gather(*tasks))
        except BaseException:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            raise

    async def _one(self, question: Question[R], done: Callable[[], None]) -> R | NoReply:
        request = self.request(question)
        self.templates.add(question.template)
        try:
            response = await self._transport.send(request)
        except ModelError as error:
            if error.reach == "run":
                raise
            done()
            hint = f" ({error.hint})" if error.hint and error.reach == "request" else ""
            return NoReply(error.code, error.message + hint, is_call=True, is_final=error.reach == "request")
        self.used[request.key] = (request.step, response)
        done()
        try:
            return parse_reply(response.text, question.reply)
        except ReplyError as error:
            return NoReply("schema", str(error), is_call=False, is_final=False)
