"""A transport that sends nothing and notes what would have been sent."""

from __future__ import annotations

from dataclasses import dataclass, field

from agent.errors import ModelError
from agent.llm.request import Request, Response


@dataclass
class Dry:
    """Refuses every request and keeps it."""

    requests: dict[str, Request] = field(default_factory=dict)

    async def send(self, request: Request) -> Response:
        self.requests[request.key] = request
        raise ModelError("dry_run", "not sent: this is a dry run", reach="request")
