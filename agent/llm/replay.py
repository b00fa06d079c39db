"""Replay: recorded replies and nothing else. What was not recorded is an error that says what differs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agent.errors import ModelError
from agent.llm.cassette import Cassette, Recorded
from agent.llm.request import Request, Response, canonical

AROUND = 15  # characters that are shown of each side of a difference


class Replay:
    """Answers from a cassette; never sends anything.

    Args:
        cassette: what was recorded.
        prompts: the digests of today's templates, so that a miss can say which one changed.
    """

    def __init__(self, cassette: Cassette, prompts: Mapping[str, str]) -> None:
        self._cassette = cassette
        self._prompts = prompts
        self._used: set[str] = set()
        self._missed: dict[str, ModelError] = {}

    async def send(self, request: Request) -> Response:
        found = self._cassette.records.get(request.key)
        if found is None:
            # The first miss of a step ends it: the others of its round need not look for their nearest.
            if request.step not in self._missed:
                self._missed[request.step] = self._miss(request)
            raise self._missed[request.step]
        self._used.add(request.key)
        return found.response

    @property
    def unused(self) -> list[Recorded]:
        """What was recorded and not asked for."""
        return [record for key, record in self._cassette.records.items() if key not in self._used]

    def _miss(self, request: Request) -> ModelError:
        alike = [record for record in self._cassette.records.values() if record.step == request.step]
        recorded = self._cassette.head.prompts
        changed = sorted(name for name, digest in recorded.items() if self._prompts.get(name) != digest)
        why = f"since then these prompts changed: {', '.join(changed)}. " if changed else ""
        if not alike:
            said = f"nothing was recorded for step '{request.step}'"
        else:
            nearest = max(alike, key=lambda record: (_likeness(request.content, record.request), record.key))
            where = _difference(nearest.request, request.content)
            said = f"no recorded reply for this question of step '{request.step}'; nearest is {nearest.key[:12]}, differing {where}"
        return ModelError("replay_miss", said, f"{why}Replay with the papers and options of the recording, or record anew with --record",
                          reach="run")  # fmt: skip


def _likeness(one: Mapping[str, Any], other: Mapping[str, Any]) -> int:
    """How many characters two requests share at their beginning and at their end."""
    left, right = canonical(one), canonical(other)
    return _shared(left, right) + _shared(left[::-1], right[::-1])


def _difference(recorded: Mapping[str, Any], asked: Mapping[str, Any]) -> str:
    """Where two requests differ first, and what stands there."""
    for name in ("model", "output", "sampling", "schema"):
        if recorded.get(name) != asked.get(name):
            return f"in {name}: {_clip(recorded.get(name))} was recorded, {_clip(asked.get(name))} is asked"
    for old, new in zip(recorded.get("messages", []), asked["messages"], strict=False):
        if old != new:
            at = _shared(old["content"], new["content"])
            return (
                f"in the {new['role']} message at character {at}: "
                f"recorded “{_around(old['content'], at)}”, asked “{_around(new['content'], at)}”"
            )
    return "in the number of messages"


def _shared(left: str, right: str) -> int:
    """How long the beginning is that two texts share."""
    pairs = enumerate(zip(left, right, strict=False))
    return next((at for at, (one, other) in pairs if one != other), min(len(left), len(right)))


def _around(text: str, at: int) -> str:
    return " ".join(text[max(0, at - AROUND) : at + AROUND].split())


def _clip(value: Any) -> str:
    text = canonical(value)
    return text if len(text) <= 2 * AROUND else text[: 2 * AROUND] + "…"
