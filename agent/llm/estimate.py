"""How many tokens a request will take and what that costs, before it is sent.

No tokenizer works for every model and offline. Characters by four is a rough guess; what an endpoint
reported for earlier requests of the same step and model makes it a good one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, MutableMapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from agent.llm.request import EMBED, Request, Response

CHARACTERS_A_TOKEN = 4
ROUGH_OUTPUT = {  # tokens a reply
    "plan": 1500, "read": 700, "write": 3500, "judge": 1500, "revise": 1500, EMBED: 0,
}  # fmt: skip
MARGIN = 2  # times the expected output that is reserved where no limit is sent
LIMITS = ("max_completion_tokens", "max_tokens")


@dataclass(frozen=True)
class Price:
    """Money for a million tokens, in whatever currency the user counts."""

    input: Decimal
    output: Decimal

    def of(self, input_tokens: int, output_tokens: int) -> Decimal:
        return (self.input * input_tokens + self.output * output_tokens) / 1_000_000


@dataclass
class Learnt:
    """What the endpoint reported for one step and model."""

    calls: int = 0
    characters: int = 0
    input_tokens: int = 0
    output_tokens: int = 0


@dataclass
class Forecast:
    """Expectations of requests, learnt from what came back earlier.

    Args:
        prices: by model; the name `*` stands for every other one.
        learnt: by `step model`; kept in the workspace between runs.
    """

    prices: Mapping[str, Price] = field(default_factory=dict)
    learnt: MutableMapping[str, Learnt] = field(default_factory=dict)

    def note(self, request: Request, response: Response) -> None:
        """Learn from a reply that was paid for."""
        if response.usage.input_tokens is None:
            return
        found = self.learnt.setdefault(_place(request.step, request.model), Learnt())
        found.calls += 1
        found.characters += request.characters
        found.input_tokens += response.usage.input_tokens
        found.output_tokens += response.usage.output_tokens or 0

    def knows(self, model: str) -> bool:
        """Whether an endpoint has reported tokens of this model."""
        return any(self._learnt_of(model))

    def input_tokens(self, step: str, model: str, characters: int) -> int:
        found = self.learnt.get(_place(step, model)) or self._any_of(model)
        if found and found.characters:
            return round(characters * found.input_tokens / found.characters)
        return characters // CHARACTERS_A_TOKEN

    def output_tokens(self, step: str, model: str) -> int:
        found = self.learnt.get(_place(step, model))
        return round(found.output_tokens / found.calls) if found else ROUGH_OUTPUT.get(step, 1500)

    def most_output(self, request: Request) -> int:
        """What a reply can take: its limit where one is sent, else twice what is expected."""
        stated = [int(request.sampling[name]) for name in LIMITS if name in request.sampling]
        return stated[0] if stated else MARGIN * self.output_tokens(request.step, request.model)

    def tokens(self, request: Request) -> int:
        """Input and output together, at most."""
        return self.input_tokens(request.step, request.model, request.characters) + self.most_output(request)

    def price(self, model: str) -> Price | None:
        return self.prices.get(model) or self.prices.get("*")

    def cost(self, model: str, input_tokens: int, output_tokens: int) -> Decimal | None:
        """Money, or None where no price is known."""
        price = self.price(model)
        return price.of(input_tokens, output_tokens) if price else None

    def as_json(self) -> dict[str, Any]:
        return {place: vars(found) for place, found in sorted(self.learnt.items())}

    def _any_of(self, model: str) -> Learnt | None:
        """What all steps of a model show together."""
        of_model = list(self._learnt_of(model))
        if not of_model:
            return None
        return Learnt(
            calls=sum(found.calls for found in of_model),
            characters=sum(found.characters for found in of_model),
            input_tokens=sum(found.input_tokens for found in of_model),
        )

    def _learnt_of(self, model: str) -> Iterator[Learnt]:
        return (found for place, found in self.learnt.items() if place.partition(" ")[2] == model)


def learnt_from_json(stored: Mapping[str, Any]) -> dict[str, Learnt]:
    """What an earlier run learnt; what cannot be read is left out, since it is only an estimate."""
    found = {}
    for place, counts in stored.items():
        if isinstance(counts, dict) and all(isinstance(counts.get(name), int) for name in vars(Learnt())):
            found[place] = Learnt(**{name: counts[name] for name in vars(Learnt())})
    return found


def _place(step: str, model: str) -> str:
    return f"{step} {model}"
