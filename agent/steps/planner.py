"""Planning: every paper in exactly one place, in a theme or among the outliers with a reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from agent.engines.protocol import (
    Engine,
    Observer,
    OrderDraft,
    OrderInput,
    PlaceDraft,
    PlaceInput,
    PlanDraft,
    PlanInput,
)
from agent.errors import ModelError, PlanError
from agent.records import RESERVED_IDS, Missing, Outlier, Paper, Plan, PlannedPaper, Problem, Theme
from agent.steps.attempt import Checked, attempt
from agent.text.numbered import Corpus, NumberedPaper, slug

MOST_NAMED = 5  # keys that an error lists


@dataclass(frozen=True)
class Wishes:
    """What the user asks of a plan: a topic, a number of themes, papers that must stay in."""

    topic: str | None = None
    themes: int | None = None
    kept: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Planned:
    """A plan, and what could not be placed in it: that is asked again next time."""

    plan: Plan
    missing: tuple[Missing, ...] = ()


class NoThemesError(ModelError):
    """An engine that answered, and proposed no themes that could be used."""


async def plan(engine: Engine, corpus: Corpus, wishes: Wishes, observer: Observer) -> Planned:
    """Group all papers anew.

    Raises:
        NoThemesError: no themes came out, so that there is nothing to go on with.
    """
    papers, nameless = _with_titles(corpus)
    if not papers:
        raise PlanError(
            "of these papers only ids are known", "`litreview enrich` asks for titles and abstracts"
        )
    observer.start("plan", len(papers))
    asked = PlanInput(papers, wishes.topic, wishes.themes, wishes.kept)
    outcome = (await attempt(engine.propose, [asked], _check_proposal, observer))[0]
    if outcome.value is None:
        why = (
            outcome.problems[0] if outcome.problems else Problem(code="no_themes", message="no reason given")
        )
        raise NoThemesError(
            why.code,
            f"no themes were made: {why.message}",
            "run again: what was asked is kept; or give a plan of your own with --plan",
            reach="run",
        )
    observer.advance("plan", len(papers))
    drawn = outcome.value.model_copy(update={"outliers": (*outcome.value.outliers, *nameless)})
    left = _not_in(drawn, papers)
    placed = await _place(engine, drawn, left, corpus, observer, wishes.kept)
    return Planned(await _in_order(engine, placed.plan, corpus, observer), placed.missing)


async def extend(
    engine: Engine, given: Plan, corpus: Corpus, observer: Observer, kept: Collection[str] = frozenset()
) -> Planned:
    """Keep a plan: leave out papers that are no longer there, place new ones into the themes that stand.

    Raises:
        PlanError: a key stands in it twice.
    """
    _refuse_doubles(given)
    outliers = tuple(
        _outlier(corpus[o.key].paper, o.reason)
        for o in given.outliers
        if o.key in corpus and o.key not in kept
    )
    themes = tuple(
        _with(theme, [key for key in theme.keys if key in corpus], corpus) for theme in given.themes
    )
    standing = Plan(topic=given.topic, themes=tuple(t for t in themes if t.papers), outliers=outliers)
    _, nameless = _with_titles(_not_in(standing, corpus))
    standing = standing.model_copy(update={"outliers": (*outliers, *nameless)})
    left = _not_in(standing, corpus)
    if not left:
        return Planned(standing)
    if not standing.themes:
        rest = corpus.part(paper.key for paper in left)
        anew = await plan(engine, rest, Wishes(topic=given.topic or None, kept=frozenset(kept)), observer)
        both = anew.plan.model_copy(update={"outliers": (*standing.outliers, *anew.plan.outliers)})
        return Planned(both, anew.missing)
    return await _place(engine, standing, left, corpus, observer, frozenset(kept))


def _with_titles(papers: Iterable[NumberedPaper]) -> tuple[tuple[NumberedPaper, ...], tuple[Outlier, ...]]:
    """The papers that can be placed, and those of which only an id is known, set aside."""
    found = tuple(papers)
    return tuple(paper for paper in found if not paper.paper.is_untitled), tuple(
        _outlier(paper.paper, "only its id is known: litreview enrich asks for the rest")
        for paper in found
        if paper.paper.is_untitled
    )


def fit(given: Plan, corpus: Corpus, excluded: Mapping[str, str], *, place_rest: bool) -> Plan:
    """An edited plan, held against the papers.

    Titles come from the papers, whatever the plan says; keys of excluded papers fall out.

    Raises:
        PlanError: a key is unknown or stands twice, or papers are not named and not to be placed.
    """
    _refuse_doubles(given)
    unknown = [key for key in given.keys if key not in corpus and key not in excluded]
    if unknown:
        raise PlanError(
            f"the plan names papers that are not here: {_some(unknown)}",
            "`litreview papers` lists the keys; remove the lines or add the papers",
        )
    rest = [paper.key for paper in _not_in(given, corpus)]
    if rest and not place_rest:
        raise PlanError(
            f"the plan does not name {len(rest)} of the papers: {_some(rest)}",
            "name the files that the plan was made of, add the papers to it, or give --place-rest",
        )
    themes = tuple(
        _with(theme, [key for key in theme.keys if key in corpus], corpus) for theme in given.themes
    )
    outliers = tuple(
        Outlier(key=o.key, title=corpus[o.key].paper.title, reason=o.reason)
        for o in given.outliers
        if o.key in corpus
    )
    return Plan(topic=given.topic, themes=tuple(theme for theme in themes if theme.papers), outliers=outliers)


def _refuse_doubles(given: Plan) -> None:
    twice = sorted(key for key, count in Counter(given.keys).items() if count > 1)
    if twice:
        raise PlanError(f"the plan names {_some(twice)} more than once", "leave each key in one place")


def _check_proposal(asked: PlanInput, draft: PlanDraft) -> Checked[Plan]:
    """An exact cover is asked for; of a draft that is none, the first place of each known paper is kept."""
    known = {paper.key: paper.paper for paper in asked.papers}
    seen: set[str] = set()
    problems: list[Problem] = []

    def take(keys: Iterable[str], where: str) -> list[str]:
        kept = []
        for key in keys:
            if key not in known:
                problems.append(
                    Problem(code="unknown_paper", message=f"there is no paper {key}", where=where)
                )
            elif key in seen:
                problems.append(
                    Problem(code="doubled_paper", message=f"{key} stands in two places", where=where)
                )
            else:
                seen.add(key)
                kept.append(key)
        return kept

    themes: list[Theme] = []
    for drafted in draft.themes:
        papers = tuple(_planned(known[key]) for key in take(drafted.keys, drafted.title))
        if papers:
            id_ = slug(drafted.title, [*RESERVED_IDS, *(theme.id for theme in themes)])
            themes.append(Theme(id=id_, title=drafted.title, description=drafted.description, papers=papers))
    outliers = []
    for key, reason in draft.outliers:
        if key in asked.kept:
            problems.append(Problem(code="kept_outlier", message=f"{key} is to be kept", where="outliers"))
        elif not reason.strip():
            problems.append(
                Problem(code="no_reason", message=f"no reason is given for {key}", where="outliers")
            )
        else:
            outliers += [_outlier(known[k], reason) for k in take([key], "outliers")]
    lost = [key for key in known if key not in seen and key not in draft.left]
    if lost:
        problems.append(
            Problem(code="papers_not_placed", message=f"no place for {_some(lost)}", where="plan")
        )
    if not themes:
        return Checked(None, tuple(problems) or (Problem(code="no_themes", message="no theme was proposed"),))
    return Checked(
        Plan(topic=draft.topic, themes=tuple(themes), outliers=tuple(outliers)), tuple(problems), len(lost)
    )


async def _place(
    engine: Engine,
    given: Plan,
    papers: Sequence[NumberedPaper],
    corpus: Corpus,
    observer: Observer,
    kept: frozenset[str] = frozenset(),
) -> Planned:
    if not papers:
        return Planned(given)
    placed = tuple(corpus.some(key for theme in given.themes for key in theme.keys))
    asked = PlaceInput(tuple(papers), given.themes, placed, given.topic, kept)
    outcome = (await attempt(engine.place, [asked], _check_places, observer))[0]
    found = outcome.value or PlaceDraft({})
    themes = tuple(
        _with(
            theme,
            [*theme.keys, *(paper.key for paper in papers if found.places.get(paper.key) == theme.id)],
            corpus,
        )
        for theme in given.themes
    )
    outliers = tuple(
        _outlier(paper.paper, found.outliers[paper.key]) for paper in papers if paper.key in found.outliers
    )
    whole = given.model_copy(update={"themes": themes, "outliers": (*given.outliers, *outliers)})
    why = outcome.problems[0] if outcome.problems else Problem(code="papers_not_placed", message="no theme")
    missing = tuple(
        Missing(
            where=f"place of {paper.key}", code=why.code, reason=f"no theme was found for it: {why.message}"
        )
        for paper in _not_in(whole, papers)
    )
    return Planned(whole, missing)


def _check_places(asked: PlaceInput, draft: PlaceDraft) -> Checked[PlaceDraft]:
    ids = {theme.id for theme in asked.themes}
    wanted = [paper.key for paper in asked.papers]
    places = {key: draft.places[key] for key in wanted if draft.places.get(key) in ids}
    aside = {
        key: reason
        for key in wanted
        if key not in places and key not in asked.kept and (reason := draft.outliers.get(key, "").strip())
    }
    lost = [key for key in wanted if key not in places and key not in aside]
    said = draft.why_not or f"no theme for {_some(lost)}"
    problems = (Problem(code="papers_not_placed", message=said, where="place"),) if lost else ()
    return Checked(PlaceDraft(places, aside), problems, len(lost))


async def _in_order(engine: Engine, given: Plan, corpus: Corpus, observer: Observer) -> Plan:
    if len(given.themes) < 2:
        return given
    asked = OrderInput(given.themes, tuple(corpus))
    outcome = (await attempt(engine.order, [asked], _check_order, observer))[0]
    if outcome.value is None:
        return given
    by_id = {theme.id: theme for theme in given.themes}
    return given.model_copy(update={"themes": tuple(by_id[id_] for id_ in outcome.value)})


def _check_order(asked: OrderInput, draft: OrderDraft) -> Checked[tuple[str, ...]]:
    if sorted(draft.ids) == sorted(theme.id for theme in asked.themes):
        return Checked(draft.ids)
    return Checked(None, (Problem(code="not_all_themes", message="the order must name each theme once"),))


def _not_in(given: Plan, papers: Iterable[NumberedPaper]) -> list[NumberedPaper]:
    placed = set(given.keys)
    return [paper for paper in papers if paper.key not in placed]


def _with(theme: Theme, keys: Iterable[str], corpus: Corpus) -> Theme:
    return theme.model_copy(update={"papers": tuple(_planned(corpus[key].paper) for key in keys)})


def _planned(paper: Paper) -> PlannedPaper:
    return PlannedPaper(key=paper.key, title=paper.title)


def _outlier(paper: Paper, reason: str) -> Outlier:
    return Outlier(key=paper.key, title=paper.title, reason=reason)


def _some(keys: Sequence[str]) -> str:
    named = ", ".join(keys[:MOST_NAMED])
    return named if len(keys) <= MOST_NAMED else f"{named} and {len(keys) - MOST_NAMED} more"
