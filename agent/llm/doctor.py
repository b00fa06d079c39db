"""Looking at an endpoint: is it there, does it take the key and the model, what can it hold a reply to.

At most eight short calls, no retries. What is found is told as settings to write down.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from agent.errors import ModelError
from agent.llm.reply import Reply, ReplyError, parse_reply, schema_of
from agent.llm.request import OutputLevel, Request, Transport
from agent.llm.vectors import read_vector

State = Literal["ok", "no", "unsure"]
MOST_CALLS = 8
# Where a schema goes with the request the words do not ask for JSON: else a willing model would hide that
# the endpoint leaves the schema aside.
ASKED = {
    "json_schema": "Are you ready to answer questions?",
    "json_object": "Reply with a JSON object that has one field, `ready`, with the value true.",
    "text": "Are you ready to answer questions?",
}


class Ready(Reply):
    """What is asked for."""

    ready: bool


@dataclass(frozen=True)
class Finding:
    """One thing looked at: what came out, and the words that the endpoint used where it went wrong."""

    what: str
    state: State
    said: str = ""


@dataclass(frozen=True)
class Diagnosis:
    """Findings in order, and the settings that they call for; `is_usable` where a survey can be made."""

    findings: tuple[Finding, ...]
    settings: Mapping[str, str]
    is_usable: bool
    hint: str | None = None


async def examine(transport: Transport, model: str | None, embeds: str | None = None) -> Diagnosis:
    """Ask a few short questions and see what holds.

    Args:
        model: who is to draft. embeds: who is to compare by meaning. One of both at least.
    """
    found = await _examined(transport, model) if model else Diagnosis((), {}, is_usable=True)
    if not embeds or not found.is_usable:
        return found
    embedding, hint = await _embeds(transport, embeds)
    findings = (*found.findings, embedding)
    if model:
        return Diagnosis(findings, found.settings, is_usable=True)  # embeddings are never needed
    return Diagnosis(findings, {}, embedding.state == "ok", hint)


async def _examined(transport: Transport, model: str) -> Diagnosis:
    try:
        first = await _try(transport, model, "text", {})
    except ModelError as error:
        return Diagnosis((Finding(f"model {model} answers", "no", error.message),), {}, False, error.hint)
    findings = [Finding(f"model {model} answers", "ok", f"as {first.model}")]
    if first.usage.input_tokens is None:
        findings.append(Finding("reports tokens", "no", "budgets go by estimates"))
    else:
        findings.append(Finding("reports tokens", "ok"))
    output = await _find_output(transport, model, findings)
    temperature = await _takes(transport, model, "temperature", 0.0, findings)
    newer = await _takes(transport, model, "max_completion_tokens", 200, findings)
    older = "ok" if newer == "ok" else await _takes(transport, model, "max_tokens", 200, findings)
    settings: dict[str, str] = {"output": output}
    if temperature == "no":
        settings["temperature"] = "none"
    if newer == "no" and older == "ok":
        settings["tokens_parameter"] = "max_tokens"
    return Diagnosis(tuple(findings), settings, is_usable=True)


async def _embeds(transport: Transport, model: str) -> tuple[Finding, str | None]:
    """Whether a model gives embeddings, and what to do if not."""
    what = f"model {model} gives embeddings"
    try:
        reply = await transport.send(Request.embedding(model, ASKED["text"]))
    except ModelError as error:
        return Finding(what, _state(error), error.message), error.hint
    return Finding(what, "ok", f"of {len(read_vector(reply.text))} numbers"), None


async def _find_output(transport: Transport, model: str, findings: list[Finding]) -> OutputLevel:
    """The strictest level that the endpoint keeps."""
    levels: tuple[OutputLevel, ...] = ("json_schema", "json_object")
    for level in levels:
        found = await _holds(transport, model, level)
        findings.append(found)
        if found.state == "ok":
            return level
    return "text"


async def _holds(transport: Transport, model: str, level: OutputLevel) -> Finding:
    what = f"holds replies to {level}"
    try:
        parse_reply((await _try(transport, model, level, {})).text, Ready)
    except ModelError as error:
        return Finding(what, _state(error), error.message)
    except ReplyError as error:
        return Finding(what, "no", str(error))
    return Finding(what, "ok")


async def _takes(
    transport: Transport, model: str, name: str, value: float | int, findings: list[Finding]
) -> State:
    """Whether a parameter is taken, whatever the reply says; one that ends at the limit shows that it is."""
    state: State = "ok"
    said = ""
    try:
        await _try(transport, model, "text", {name: value})
    except ModelError as error:
        if error.code not in ("length", "empty"):
            state, said = _state(error), error.message
    findings.append(Finding(f"takes {name}", state, said))
    return state


def _state(error: ModelError) -> State:
    """What may pass says nothing of what the endpoint can do."""
    return "unsure" if error.reach == "try" else "no"


async def _try(
    transport: Transport, model: str, output: OutputLevel, sampling: Mapping[str, float | int]
) -> Any:
    schema = schema_of(Ready)
    request = Request(
        step="doctor",
        model=model,
        messages=({"role": "user", "content": ASKED[output]},),
        output=output,
        schema=schema if output == "json_schema" else None,
        sampling=sampling,
    )
    return await transport.send(request)
