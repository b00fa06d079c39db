"""From texts to vectors: one request a text, and for each a vector or the reason why there is none."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence

from agent.errors import ModelError
from agent.llm.gateway import NoReply
from agent.llm.request import Request, Response, Transport
from agent.llm.vectors import Vector, read_vector


class Embedder:
    """Embeds texts with one model; nothing that goes wrong ends more than the embedding.

    Args:
        transport: takes requests to responses.
    """

    def __init__(self, transport: Transport, model: str) -> None:
        self._transport = transport
        self.model = model
        self.used: dict[str, Response] = {}  # by request key: what the vectors rest on

    async def embed(
        self, texts: Sequence[str], done: Callable[[], None] = lambda: None
    ) -> list[Vector | NoReply]:
        """A vector of one common length, or a failure, for each text and in order.

        Equal texts are asked once, the first one alone, so that an endpoint without embeddings is not asked
        for all of them; then all others at once. `done` is called after each. An error that stands for all,
        such as a bad key, ends the round; what came before it is kept.
        """
        asked = [text for text in dict.fromkeys(texts) if text.strip()]
        found = dict(zip(asked, _of_one_length(await self._round(asked, done)), strict=True))
        nothing = NoReply("no_text", "there is no text", is_call=False, is_final=True)
        return [found.get(text, nothing) for text in texts]

    async def _round(self, texts: Sequence[str], done: Callable[[], None]) -> list[Vector | NoReply]:
        tasks: list[asyncio.Future[Vector | NoReply]] = []
        try:
            for some in (texts[:1], texts[1:]):
                tasks += [asyncio.ensure_future(self._one(text, done)) for text in some]
                await asyncio.gather(*tasks)
        except ModelError as error:
            came = _kept(await _stopped(tasks))
            came += [None] * (len(texts) - len(came))
            return [_failed(error) if one is None else one for one in came]
        except BaseException:
            await _stopped(tasks)
            raise
        return [task.result() for task in tasks]

    async def _one(self, text: str, done: Callable[[], None]) -> Vector | NoReply:
        request = Request.embedding(self.model, text)
        try:
            response = await self._transport.send(request)
        except ModelError as error:
            # Whatever has outlasted all tries, or is no matter of this text, would meet the others too. But
            # what failed when a recording was made is not in it: a replay does without the same texts.
            if error.reach != "request" and error.code != "replay_miss":
                raise
            done()
            return _failed(error)
        self.used[request.key] = response
        done()
        try:
            return read_vector(response.text)
        except ValueError as error:
            return _broken(str(error))


async def _stopped(
    tasks: Sequence[asyncio.Future[Vector | NoReply]],
) -> list[Vector | NoReply | BaseException]:
    """What the tasks came to, those that were still on their way having been called off."""
    for task in tasks:
        task.cancel()
    return list(await asyncio.gather(*tasks, return_exceptions=True))


def _kept(outcomes: Sequence[Vector | NoReply | BaseException]) -> list[Vector | NoReply | None]:
    """What came before a round was stopped.

    Raises:
        LitreviewError: one that is not about the endpoint, such as a disk that is full.
    """
    for one in outcomes:
        if isinstance(one, BaseException) and not isinstance(one, ModelError | asyncio.CancelledError):
            raise one
    return [None if isinstance(one, BaseException) else one for one in outcomes]


def _of_one_length(found: Sequence[Vector | NoReply]) -> list[Vector | NoReply]:
    """The vectors that are as long as most; one of another length can be compared with none of them."""
    lengths = Counter(len(one) for one in found if not isinstance(one, NoReply))
    usual = lengths.most_common(1)[0][0] if lengths else 0
    return [
        one if isinstance(one, NoReply) or len(one) == usual else _broken(f"it has {len(one)} numbers, others {usual}")
        for one in found
    ]  # fmt: skip


def _failed(error: ModelError) -> NoReply:
    hint = f" ({error.hint})" if error.hint else ""
    return NoReply(error.code, error.message + hint, is_call=True, is_final=error.reach != "try")


def _broken(why: str) -> NoReply:
    return NoReply(
        "bad_vector", f"the endpoint's embedding cannot be used: {why}", is_call=False, is_final=True
    )
