"""A workspace with an engine: what every verb needs that has something drafted."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from agent.api.desk import Desk
from agent.api.wiring import Opened, Wishes, open_engine
from agent.engines.protocol import Engine
from agent.errors import UsageError
from agent.records import Verify


class EngineDesk(Desk):
    """A workspace, and the engine that its settings call for."""

    @asynccontextmanager
    async def _engine(self, wishes: Wishes) -> AsyncIterator[Opened]:
        self.workspace.create()
        async with open_engine(self.settings, self.workspace.replies, wishes, self.observer) as opened:
            self.meter = opened.meter
            yield opened

    def _verify(self, stated: Verify | None, engine: Engine) -> Verify:
        level: Verify | None = self._asked("verify", stated)
        if level == "model" and not engine.is_judging:
            raise UsageError("--verify model needs a model", "give --model NAME, or --verify code")
        return level or ("model" if engine.is_judging else "code")


def today() -> str:
    """The day that a product bears if nothing else is said: today in UTC."""
    return datetime.now(UTC).date().isoformat()


def as_path(stated: str | Path | None) -> Path | None:
    return Path(stated) if stated is not None else None
