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

MOST_CALLS = 8
ASKED = "Reply with a JSON object that has one field, `ready`, with the value true."


class Ready(Reply):
    """What is asked for."""

    ready: bool


@dataclass(frozen=True)
class Finding:
    """One thing looked at: what came out, and the words that the endpoint used where it went wrong."""

    what: str
    state: Literal["ok", "no", "unsure"]
    said: str = ""


@dataclass(frozen=True)
class Diagnosis:
    """Findings in order, and the settings that they call for; `is_usable` where a survey can be made."""

    findings: tuple[Finding, ...]
    settings: Mapping[str, str]
    is_usable: bool
    hint: str | None = None


async def examine(transport: Transport, model: str) -> Diagnosis:
    """Ask a few short questions and see what holds."""
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
    temperature = await _find(transport, model, "takes temperature", {"temperature": 0.0}, findings)
    newer = await _find(
        transport, model, "takes max_completion_tokens", {"max_completion_tokens": 200}, findings
    )
    older = newer or await _find(transport, model, "takes max_tokens", {"max_tokens": 200}, findings)
    settings: dict[str, str] = {"output": output}
    if not temperature:
        settings["temperature"] = "none"
    if not newer and older:
        settings["tokens_parameter"] = "max_tokens"
    return Diagnosis(tuple(findings), settings, is_usable=True)


async def _find_output(transport: Transport, model: str, findings: list[Finding]) -> OutputLevel:
    """The strictest level that the endpoint keeps."""
    levels: tuple[OutputLevel, ...] = ("json_schema", "json_object")
    for level in levels:
        if await _find(transport, model, f"holds replies to {level}", {}, findings, level):
            return level
    return "text"


async def _find(
    transport: Transport, model: str, what: str, sampling: Mapping[str, float | int],
    findings: list[Finding], output: OutputLevel = "text",
) -> bool:  # fmt: skip
    try:
        response = await _try(transport, model, output, sampling)
        parse_reply(response.text, Ready)
    except ModelError as error:
        state: Literal["no", "unsure"] = "unsure" if error.reach == "try" else "no"
        findings.append(Finding(what, state, error.message))
        return False
    except ReplyError as error:
        findings.append(Finding(what, "no", str(error)))
        return False
    findings.append(Finding(what, "ok"))
    return True


async def _try(
    transport: Transport, model: str, output: OutputLevel, sampling: Mapping[str, float | int]
) -> Any:
    schema = schema_of(Ready)
    request = Request(
        step="doctor",
        model=model,
        messages=({"role": "user", "content": ASKED},),
        output=output,
        schema=schema if output == "json_schema" else None,
        sampling=sampling,
    )
    return await transport.send(request)
