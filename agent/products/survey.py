"""The survey: plan, read, write, and account for every record."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from agent.engines.protocol import Engine, Observer
from agent.errors import InputError, PlanError
from agent.products.empty import why_empty
from agent.products.ledger import flow, ledger
from agent.products.scope import Scope
from agent.records import Plan, Survey, Verify, to_json
from agent.steps import checks, planner
from agent.steps.planner import Planned, Wishes
from agent.steps.reader import read
from agent.steps.writer import Manner, write
from agent.text import VERSION as TEXT_VERSION
from agent.text.languages import is_translated
from agent.text.numbered import Corpus


@dataclass(frozen=True)
class SurveyOptions:
    """What the user asks of a survey.

    `plan` is a plan that the user gave: every paper must be named in it, unless `place_rest`. `standing` is
    the plan of an earlier survey of these papers: what is new is placed into it. `words` is the length of
    the whole, `language` what it is written in.
    """

    date: str
    topic: str | None = None
    themes: int | None = None
    verify: Verify = "code"
    plan: Plan | None = None
    place_rest: bool = False
    standing: Plan | None = None
    words: int | None = None
    language: str | None = None

    @property
    def is_translated(self) -> bool:
        """Whether the survey is in another language than papers mostly are."""
        return is_translated(self.language)


async def make_plan(engine: Engine, scope: Scope, options: SurveyOptions, observer: Observer) -> Planned:
    """Place every paper that is not excluded.

    Raises:
        InputError: there is nothing to place.
        PlanError: a given plan does not fit.
    """
    corpus = Corpus(scope.included, scope.bodies)
    if not len(corpus):
        rejected = [row for row in scope.rows if row.key is None]
        raise InputError(*why_empty(rejected, len(scope.excluded), "survey"))
    made = await _drawn(engine, scope, corpus, options, observer)
    if not made.plan.themes:
        raise PlanError("the plan leaves no theme with a paper", "put at least one paper under a ## heading")
    return made


async def _drawn(
    engine: Engine, scope: Scope, corpus: Corpus, options: SurveyOptions, observer: Observer
) -> Planned:
    if options.plan is not None:
        fitted = planner.fit(options.plan, corpus, scope.excluded, place_rest=options.place_rest)
        return await planner.extend(engine, fitted, corpus, observer)
    if options.standing is not None:
        return await planner.extend(engine, options.standing, corpus, observer, scope.kept)
    return await planner.plan(engine, corpus, Wishes(options.topic, options.themes, scope.kept), observer)


async def make_survey(
    engine: Engine, scope: Scope, options: SurveyOptions, observer: Observer
) -> tuple[Survey, Plan]:
    """Everything from records to the finished survey, but its files.

    Raises:
        InputError: no usable paper is there.
        PlanError: a given plan does not fit.
    """
    planned = await make_plan(engine, scope, options, observer)
    plan = planned.plan
    corpus = Corpus(scope.included, scope.bodies)
    inside = corpus.some(key for theme in plan.themes for key in theme.keys)
    readings = await read(engine, inside, observer)
    manner = Manner(options.verify, options.words, options.is_translated)
    written = await write(engine, plan, corpus, readings.summaries, manner, observer)
    missing = (*planned.missing, *readings.missing, *written.missing)
    rows = ledger(scope, plan, missing, written)
    info = engine.info(options.verify)
    survey = Survey(
        title=_title(plan.topic),
        topic=plan.topic,
        date=options.date,
        fulltext=tuple(sorted(paper.key for paper in inside if paper.has_body)),
        made_from=_made_from(scope, plan, info.model_dump(mode="json"), options),
        engine=info,
        flow=flow(rows),
        themes=written.sections,
        frame=written.frame,
        outliers=plan.outliers,
        missing=missing,
        dropped=written.dropped,
        summaries=dict(sorted(readings.summaries.items())),
        papers=dict(sorted(scope.papers.items())),
        ledger=rows,
        usage=engine.usage(),
    )
    return survey, plan


def _title(topic: str) -> str:
    return f"{topic[0].upper()}{topic[1:]}: a survey draft" if topic else "A survey draft"


def _made_from(scope: Scope, plan: Plan, engine: dict[str, object], options: SurveyOptions) -> str:
    """A digest of all that the survey was made from."""
    # Where a paper was found changes nothing of what is said of it.
    bare = [paper.model_dump(mode="json", exclude={"sources", "collections"}) for paper in scope.included]
    whole = {
        "papers": sorted(bare, key=lambda paper: str(paper["key"])),
        "bodies": {
            key: hashlib.sha256(body.text.encode()).hexdigest()
            for key, body in sorted(scope.bodies.items())
            if key not in scope.excluded
        },
        "plan": plan.model_dump(mode="json"),
        "engine": engine,
        "wishes": {"words": options.words, "language": options.language},
        "rules": {"text": TEXT_VERSION, "checks": checks.VERSION},
    }
    return hashlib.sha256(to_json(whole).encode()).hexdigest()
