"""What is asked and what comes back, as pure data. Equal questions have equal keys, and nothing else goes in."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, Protocol

OutputLevel = Literal["json_schema", "json_object", "text"]
RequestKind = Literal["chat", "embedding"]
EMBED = "embed"  # the step that embeds: it has one model, and neither temperature nor limit


@dataclass(frozen=True)
class Request:
    """One question to a model.

    Args:
        step: which step asks; no part of the key, since it changes no answer.
        sampling: parameters as they go over the wire, such as `temperature`; only those that are stated.
        schema: the JSON Schema that goes with the request at level `json_schema`, else None.
        kind: what is asked for: a reply, or the vector of the one message's text.
    """

    step: str
    model: str
    messages: tuple[Mapping[str, str], ...]
    output: OutputLevel
    schema: Mapping[str, Any] | None = None
    sampling: Mapping[str, float | int] = field(default_factory=dict)
    kind: RequestKind = "chat"

    @classmethod
    def embedding(cls, model: str, text: str) -> Request:
        """The question for the vector of a text; its reply's text is a JSON list of numbers."""
        return cls(EMBED, model, ({"role": "user", "content": text},), "text", kind="embedding")

    @property
    def content(self) -> dict[str, Any]:
        """Everything that changes the answer, as JSON; `kind` only where it is not the usual one.

        Recordings and stored replies are older than the other kind: their keys know of one only.
        """
        return {
            **({} if self.kind == "chat" else {"kind": self.kind}),
            "messages": [dict(message) for message in self.messages],
            "model": self.model,
            "output": self.output,
            "sampling": dict(self.sampling),
            "schema": self.schema,
        }

    @cached_property
    def key(self) -> str:
        """SHA-256 of the canonical JSON of the content: sorted keys, no spaces."""
        return hashlib.sha256(canonical(self.content).encode()).hexdigest()

    @cached_property
    def characters(self) -> int:
        """How long what is sent is, by which tokens are estimated."""
        schema = len(canonical(self.schema)) if self.schema else 0
        return schema + sum(len(message["content"]) for message in self.messages)


@dataclass(frozen=True)
class TokenUsage:
    """Tokens as the endpoint reported them; None where it did not."""

    input_tokens: int | None = None
    output_tokens: int | None = None


@dataclass(frozen=True)
class Response:
    """A reply as it came, before anything looked into it."""

    text: str
    finish_reason: str
    usage: TokenUsage
    model: str

    def as_json(self) -> dict[str, Any]:
        return {
            "text": self.text,
            "finish_reason": self.finish_reason,
            "usage": {"input_tokens": self.usage.input_tokens, "output_tokens": self.usage.output_tokens},
            "model": self.model,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Response:
        """The response that was stored.

        Raises:
            KeyError, TypeError: it is none.
        """
        usage = (stored.get("usage") or {}) if isinstance(stored, dict) else None
        if not isinstance(usage, dict):
            raise TypeError("no stored response")
        return cls(
            text=str(stored["text"]),
            finish_reason=str(stored["finish_reason"]),
            usage=TokenUsage(usage.get("input_tokens"), usage.get("output_tokens")),
            model=str(stored.get("model", "")),
        )


class Transport(Protocol):
    """Whatever takes a request to its response: an endpoint, or something wrapped round another transport."""

    async def send(self, request: Request) -> Response:
        """The reply, complete and not empty.

        Raises:
            ModelError: there is none.
        """
        ...


def canonical(value: Any) -> str:
    """JSON in the one form that keys are made of."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
