"""What a survey would ask of a model, before anything is asked.

The survey is made with a line that sends nothing: what is stored already is used, what would be sent is
counted. What lies behind a reply that is not there can only be bounded: a draft is followed by at most a
judgement, a revision and a second judgement.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from agent.engines.extractive import ExtractiveEngine
from agent.engines.llm.planning import left_to_place, theme_range
from agent.engines.protocol import Ask, Engine, PlaceDraft, PlaceInput, Silent
from agent.errors import ModelError
from agent.llm.dry import Dry
from agent.llm.estimate import Forecast
from agent.llm.request import EMBED, Request
from agent.products.scope import Scope
from agent.products.survey import SurveyOptions, make_plan, make_survey
from agent.records import Estimate, Plan, PlannedPaper, StepEstimate, Theme
from agent.steps.planner import Wishes, plan
from agent.text.numbered import Corpus

# What may follow a request that is not answered yet, by step and what it asks.
FOLLOWING = {"write": ("judge", "revise", "judge"), "judge": ("revise", "judge"), "revise": ("judge",)}
ORDER_CHARACTERS = 2_000  # of the question after the themes' order
EXACT = ("plan", "read")
WITH_RECORDS = 1.5  # times the length of a writer's question without what is read of its papers


async def forecast_survey(
    engine: Engine, scope: Scope, options: SurveyOptions, dry: Dry, known: Forecast
) -> Estimate:
    """Count what making a survey would ask.

    Args:
        engine: stands on `dry`, with the stored replies before it.

    Raises:
        InputError: there is nothing to survey. PlanError: a given plan does not fit.
    """
    is_planned = True
    try:
        await make_plan(engine, scope, options, Silent())
    except ModelError as error:
        if error.code != "dry_run":
            raise
        is_planned = False
        stand_in = await _stand_in(engine, scope, options)
        options = replace(options, plan=stand_in, standing=None, place_rest=False)
    await make_survey(engine, scope, options, Silent())
    after = FOLLOWING if options.verify == "model" else {}
    return forecast(engine, dry, known, after, is_planned=is_planned)


def forecast(
    engine: Engine,
    dry: Dry,
    known: Forecast,
    after: Mapping[str, Sequence[str]],
    *,
    is_planned: bool = True,
) -> Estimate:
    """Count what a product asked of a line that sends nothing, and what may follow.

    Args:
        after: the steps that may follow a step's request.
        is_planned: whether the survey's plan was there, so that readings can be counted exactly.
    """
    requests = list(dry.requests.values())
    is_read = not any(request.step == "read" for request in requests)
    asked = [(request.step, request.model, _length(request, is_read=is_read)) for request in requests]
    if not is_planned:
        model = next(request.model for request in requests if request.step == "plan")
        asked.append(("plan", model, ORDER_CHARACTERS))
    models = {request.step: request.model for request in requests}
    following = [
        (step, models.get(step, request.model), _length(request, is_read=is_read))
        for request in requests
        for step in after.get(request.step, ())
    ]
    exact = EXACT if is_planned else ("plan",)
    return _summed(asked, following, known, exact, engine.usage().calls)


def _length(request: Request, *, is_read: bool) -> int:
    """The characters of a request; a writer's grows by the records of papers that are not read yet."""
    return round(request.characters * (1 if is_read or request.step != "write" else WITH_RECORDS))


async def _stand_in(engine: Engine, scope: Scope, options: SurveyOptions) -> Plan:
    """Groups by words in place of the plan that is not made yet, with as many themes as it may have."""
    corpus = Corpus(scope.included, scope.bodies)
    papers = tuple(corpus)
    _, most = theme_range(len(papers))
    grouped = (await plan(ExtractiveEngine(), corpus, Wishes(themes=options.themes or most), Silent())).plan
    aside = tuple(PlannedPaper(key=outlier.key, title=outlier.title) for outlier in grouped.outliers)
    first, *others = grouped.themes or (Theme(id="all", title="All"),)
    themes = (first.model_copy(update={"papers": (*first.papers, *aside)}), *others)
    rest = left_to_place(papers)
    if rest:
        asked: Ask[PlaceInput, PlaceDraft] = Ask(PlaceInput(tuple(rest), themes, (), options.topic or ""))
        await engine.place([asked], Silent())
    return Plan(topic=options.topic or grouped.topic, themes=themes)


def _summed(
    asked: Iterable[tuple[str, str, int]],
    following: Iterable[tuple[str, str, int]],
    forecast: Forecast,
    exact: Iterable[str],
    stored: int,
) -> Estimate:
    by_step: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for step, model, characters in (*asked, *following):
        by_step[step].append((model, characters))
    certain = set(exact)
    steps = tuple(
        _step(step, by_step[step], forecast, is_exact=step in certain)
        for step in ("plan", EMBED, "read", "write", "judge", "revise")
        if step in by_step
    )
    costs = [step.cost for step in steps]
    return Estimate(
        steps=steps,
        stored=stored,
        calls=sum(step.calls for step in steps),
        input_tokens=sum(step.input_tokens for step in steps),
        output_tokens=sum(step.output_tokens for step in steps),
        cost=None if None in costs else math.fsum(cost for cost in costs if cost is not None),
        is_rough=not all(forecast.knows(model) for found in by_step.values() for model, _ in found),
    )


def _step(step: str, asked: list[tuple[str, int]], forecast: Forecast, *, is_exact: bool) -> StepEstimate:
    tokens_in = sum(forecast.input_tokens(step, model, characters) for model, characters in asked)
    tokens_out = sum(forecast.output_tokens(step, model) for model, _ in asked)
    costs = [
        forecast.cost(
            model, forecast.input_tokens(step, model, characters), forecast.output_tokens(step, model)
        )
        for model, characters in asked
    ]
    cost = None if None in costs else float(sum(cost for cost in costs if cost is not None))
    return StepEstimate(
        step=step,
        calls=len(asked),
        is_exact=is_exact,
        input_tokens=tokens_in,
        output_tokens=tokens_out,
        cost=cost,
    )
