"""How near texts are to a query by an endpoint's embeddings. Never needed: what fails is told once, and no more."""

from __future__ import annotations

from collections.abc import Sequence

from agent.engines.llm.usage import usage_of
from agent.engines.protocol import Observer
from agent.llm.embedding import Embedder
from agent.llm.estimate import Forecast
from agent.llm.gateway import NoReply
from agent.llm.request import EMBED, Transport
from agent.llm.vectors import cosine
from agent.records import Usage

# Many embedding models take 512 tokens, and some servers refuse what is longer rather than cut it.
MOST_CHARACTERS = 2_000


class EmbeddingReranker:
    """Compares by the vectors of one model.

    Args:
        observer: who is told how far it is, and once what could not be done.
        forecast: prices, for what the vectors cost.
    """

    def __init__(
        self, transport: Transport, model: str, observer: Observer, forecast: Forecast | None = None
    ) -> None:
        self._embedder = Embedder(transport, model)
        self._observer = observer
        self._forecast = forecast or Forecast()
        self._has_told = False

    @property
    def model(self) -> str:
        return self._embedder.model

    def usage(self) -> Usage:
        return usage_of(((self.model, reply) for reply in self._embedder.used.values()), self._forecast)

    async def rerank(self, query: str, texts: Sequence[str]) -> list[float | None] | None:
        asked = [text[:MOST_CHARACTERS] for text in (query, *texts)]
        self._observer.start(EMBED, len({text for text in asked if text.strip()}))
        wanted, *found = await self._embedder.embed(asked, lambda: self._observer.advance(EMBED))
        lost = [one for one in (wanted, *found) if isinstance(one, NoReply) and one.code != "no_text"]
        if isinstance(wanted, NoReply) or len(lost) == len(found):
            self._tell(lost, f"not compared by meaning with {self.model}, the order by words stands")
            return None
        self._tell(lost, f"{len(lost)} of {len(found)} texts not compared by meaning with {self.model}")
        return [None if isinstance(one, NoReply) else cosine(wanted, one) for one in found]

    def _tell(self, lost: Sequence[NoReply], what: str) -> None:
        if lost and not self._has_told:
            self._has_told = True
            self._observer.note(f"{what}: {lost[0].reason}")
