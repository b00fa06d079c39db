"""What a run did: counted here, shown at its end, part of no product."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from agent.errors import ModelError
from agent.llm.request import Request, Response, Transport


@dataclass
class Meter:
    """Counts of one run, in tries, tokens and seconds."""

    tries: int = 0
    replies: int = 0
    cached: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    seconds: float = 0.0
    failures: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        said = [f"{_count(self.tries, 'call')} to the model"] if self.tries else ["no call to the model"]
        if self.cached:
            said.append(f"{_count(self.cached, 'stored reply', 'stored replies')} used")
        if self.failures:
            failed = ", ".join(f"{count} {code}" for code, count in sorted(self.failures.items()))
            said.append(f"tries that failed: {failed}")
        if self.tries:
            said.append(f"{self.input_tokens} tokens in, {self.output_tokens} out")
            said.append(f"{self.seconds:.0f} s of answers")
        return "; ".join(said)


class Metered:
    """Counts every try that is sent, and how long its answer takes.

    Args:
        clock: seconds that only grow.
    """

    def __init__(self, inner: Transport, meter: Meter, clock: Callable[[], float]) -> None:
        self._inner = inner
        self._meter = meter
        self._clock = clock

    async def send(self, request: Request) -> Response:
        self._meter.tries += 1
        begun = self._clock()
        try:
            response = await self._inner.send(request)
        except ModelError as error:
            self._meter.failures[error.code] += 1
            raise
        finally:
            self._meter.seconds += self._clock() - begun
        self._meter.replies += 1
        self._meter.input_tokens += response.usage.input_tokens or 0
        self._meter.output_tokens += response.usage.output_tokens or 0
        return response


def _count(number: int, one: str, more: str | None = None) -> str:
    return f"{number} {one if number == 1 else more or one + 's'}"
