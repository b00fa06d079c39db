"""What replies took, summed: calls, tokens and money."""

from __future__ import annotations

from collections.abc import Iterable

from agent.llm.estimate import Forecast
from agent.llm.request import Response
from agent.records import Usage


def usage_of(replies: Iterable[tuple[str, Response]], forecast: Forecast) -> Usage:
    """The sum over replies with the models that were asked, as the endpoint reported them; unknown if one is."""
    used = list(replies)
    inputs = [response.usage.input_tokens for _, response in used]
    outputs = [response.usage.output_tokens for _, response in used]
    costs = [
        forecast.cost(model, response.usage.input_tokens or 0, response.usage.output_tokens or 0)
        for model, response in used
    ]
    is_known = None not in inputs and None not in outputs
    return Usage(
        calls=len(used),
        input_tokens=sum(count or 0 for count in inputs) if is_known else None,
        output_tokens=sum(count or 0 for count in outputs) if is_known else None,
        cost=float(sum(cost for cost in costs if cost)) if is_known and None not in costs else None,
    )
