"""A run's budget in calls, tokens and money: reserved before a try is sent, settled after it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from decimal import Decimal

from agent.errors import ModelError
from agent.llm.estimate import Forecast
from agent.llm.request import Request, RequestKind, Response, Transport


@dataclass(frozen=True)
class Budget:
    """The most that a run may take; None is no bound."""

    calls: int | None = None
    tokens: int | None = None
    cost: Decimal | None = None

    def __bool__(self) -> bool:
        return any(bound is not None for bound in (self.calls, self.tokens, self.cost))


@dataclass(frozen=True)
class Amount:
    calls: int = 0
    tokens: int = 0
    cost: Decimal = Decimal(0)

    def __add__(self, other: Amount) -> Amount:
        return Amount(self.calls + other.calls, self.tokens + other.tokens, self.cost + other.cost)

    def __sub__(self, other: Amount) -> Amount:
        return Amount(self.calls - other.calls, self.tokens - other.tokens, self.cost - other.cost)


class Budgeted:
    """Lets tries through in the order in which they ask, as long as they fit into what is left.

    A try that does not fit waits while others are in flight, for those may take less than was reserved.
    Embeddings may take half of the budget at most: they are never needed, and what is asked after them is.
    """

    def __init__(self, inner: Transport, budget: Budget, forecast: Forecast) -> None:
        self._inner = inner
        self._budget = budget
        self._forecast = forecast
        self._taken = Amount()  # settled and reserved
        self._in_flight = 0
        self._turn = asyncio.Lock()  # which is fair: first come, first served
        self._settled = asyncio.Event()

    async def send(self, request: Request) -> Response:
        reserved = self._expected(request)
        async with self._turn:
            while not self._fits(reserved, request.kind):
                if not self._in_flight:
                    raise self._spent(request.kind)
                self._settled.clear()
                await self._settled.wait()
            self._taken += reserved
            self._in_flight += 1
        used = reserved  # a try without usage is settled at its reservation
        try:
            response = await self._inner.send(request)
            used = self._used(request, response, reserved)
        finally:
            self._taken += used - reserved
            self._in_flight -= 1
            self._settled.set()
        return response

    def _expected(self, request: Request) -> Amount:
        forecast = self._forecast
        tokens_in = forecast.input_tokens(request.step, request.model, request.characters)
        tokens_out = forecast.most_output(request)
        return self._amount(request, tokens_in, tokens_out)

    def _used(self, request: Request, response: Response, reserved: Amount) -> Amount:
        if response.usage.input_tokens is None or response.usage.output_tokens is None:
            return reserved
        return self._amount(request, response.usage.input_tokens, response.usage.output_tokens)

    def _amount(self, request: Request, tokens_in: int, tokens_out: int) -> Amount:
        cost = self._forecast.cost(request.model, tokens_in, tokens_out)
        if cost is None and self._budget.cost is not None:
            raise ModelError(
                "no_price",
                f"--max-cost cannot be kept: the price of model '{request.model}' is not known",
                "set LITREVIEW_PRICES, for example 'NAME=0.15/0.60' (input/output, for a million tokens)",
                reach="run",
            )
        return Amount(1, tokens_in + tokens_out, cost or Decimal(0))

    def _fits(self, wanted: Amount, kind: RequestKind) -> bool:
        whole = self._taken + wanted
        if kind == "embedding":
            whole += whole
        bounds = self._budget
        return (
            (bounds.calls is None or whole.calls <= bounds.calls)
            and (bounds.tokens is None or whole.tokens <= bounds.tokens)
            and (bounds.cost is None or whole.cost <= bounds.cost)
        )

    def _spent(self, kind: RequestKind) -> ModelError:
        bounds = self._budget
        named = [
            f"{bounds.calls} calls" if bounds.calls is not None else "",
            f"{bounds.tokens} tokens" if bounds.tokens is not None else "",
            f"{bounds.cost} in money" if bounds.cost is not None else "",
        ]
        said = ", ".join(name for name in named if name)
        return ModelError(
            "budget",
            f"the budget of {said} leaves no room for another {'call' if kind == 'chat' else 'embedding'}",
            "raise it and run again: what is done is kept",
            reach="request",
        )
