"""Transports that send nothing: one notes what would have been sent, one says why nothing can be."""

from __future__ import annotations

from dataclasses import dataclass, field

from agent.errors import LitreviewError, ModelError
from agent.llm.request import Request, Response


@dataclass
class Dry:
    """Refuses every request and keeps it."""

    requests: dict[str, Request] = field(default_factory=dict)

    async def send(self, request: Request) -> Response:
        self.requests[request.key] = request
        raise ModelError("dry_run", "not sent: this is a dry run", reach="request")


@dataclass(frozen=True)
class Closed:
    """Refuses every request, for one reason."""

    reason: LitreviewError

    async def send(self, request: Request) -> Response:
        raise ModelError("closed", self.reason.message, self.reason.hint, reach="run")
