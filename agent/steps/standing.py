"""Themes that last over the issues of a digest: new papers go into those that stand, new themes come where papers gather.

What no theme takes stands under "Other" and is remembered; once several such papers are alike, they are a theme.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from agent.engines.protocol import Engine, Observer
from agent.records import Missing, Outlier, Plan, PlannedPaper, Theme
from agent.steps.planner import NoThemesError, Wishes, extend, plan
from agent.text.grouping import cosine, weigh
from agent.text.numbered import Corpus, slug
from agent.text.themes import OTHER as OTHER_WORK
from agent.text.themes import UNNAMED, documents

OTHER_ID, OTHER_TITLE = "other", "Other"
ONLY_TITLE = "New papers"  # of the one theme of a digest that has no topic
REMEMBERED = 40  # papers of a theme, the latest, that say what it is about
FEWEST_TO_DIVIDE = 10  # papers of all issues so far; fewer are one theme
FEWEST_OF_A_THEME = 3  # papers that are a theme that lasts
GATHERED = 6  # papers under Other from which it is looked for one
MOST_NEW = 2  # themes that an issue of fewer than FEWEST_TO_DIVIDE papers begins
NEIGHBOURS = 3
FAR_OFF = 0.02  # mean cosine to a theme's nearest papers below which a paper has nothing of it

State = Literal["new", "continued", "quiet"]


@dataclass(frozen=True)
class StandingTheme:
    """A theme of one issue, with the keys of this issue's papers in it."""

    id: str
    title: str
    state: State
    keys: tuple[str, ...] = ()


@dataclass(frozen=True)
class Grouped:
    """An issue's themes, the plan to be remembered, and what could not be placed by the engine."""

    themes: tuple[StandingTheme, ...]
    plan: Plan | None
    missing: tuple[Missing, ...] = ()


async def group(
    engine: Engine, corpus: Corpus, new: Sequence[str], standing: Plan | None, topic: str, observer: Observer
) -> Grouped:
    """Put an issue's papers into themes.

    Args:
        corpus: this issue's papers and those of the plan so far; what is not in it falls out of the plan.
        new: keys of this issue's papers, the best first; in their themes they stand in this order.

    Where the engine proposes no themes, papers stay together or under Other, and that is named as missing.

    Raises:
        ModelError: the engine cannot be used at all.
    """
    before = _there(standing, corpus)
    if not new:
        return Grouped(_themes(before, before, ()), before)
    placed, missing = await _placed(engine, corpus, new, before, topic, observer)
    kept = _fresh(placed, new)
    return Grouped(_themes(before, kept, new), kept, missing)


async def _placed(
    engine: Engine, corpus: Corpus, new: Sequence[str], before: Plan | None, topic: str, observer: Observer
) -> tuple[Plan, tuple[Missing, ...]]:
    """The plan with this issue's papers in it; who has no theme is an outlier."""
    nameable = [key for key in new if not corpus[key].paper.is_untitled]
    old = [key for key in (before.keys if before else ()) if key not in new]
    if not nameable:
        return _with_outliers(before or Plan(topic=topic), corpus, [*_outliers(before), *new]), ()
    if before is None or len(before.themes) < 2:
        return await _divided(engine, corpus, [*old, *nameable], [*old, *new], topic, new, observer)
    strays = _outliers(before)
    inside = corpus.part([*(key for theme in before.themes for key in theme.keys), *nameable])
    made = await extend(engine, before.model_copy(update={"outliers": ()}), inside, observer)
    freed = _freed(made.plan, corpus, new)
    outside = [*strays, *(key for key in new if key not in _in_themes(freed))]
    whole, lost = await _gathered(engine, freed, corpus, outside, new, observer)
    return _with_outliers(whole, corpus, [*strays, *new]), (*made.missing, *lost)


async def _divided(
    engine: Engine,
    corpus: Corpus,
    nameable: Sequence[str],
    keys: Sequence[str],
    topic: str,
    new: Collection[str],
    observer: Observer,
) -> tuple[Plan, tuple[Missing, ...]]:
    """All papers so far in themes that can last; in one, as long as there are few or they are all alike."""
    whole = Plan(topic=topic, themes=(_only(topic, corpus, nameable),))
    if len(nameable) < FEWEST_TO_DIVIDE:
        return _with_outliers(whole, corpus, keys), ()
    try:
        made = await plan(engine, corpus.part(nameable), Wishes(), observer)
    except NoThemesError as error:
        return _with_outliers(whole, corpus, keys), (_no_themes(error),)
    named = [theme for theme in made.plan.themes if _lasts(theme) and _is_well_named(theme)]
    lasting = _not_too_many(named, new)
    rest = [theme for theme in made.plan.themes if _lasts(theme) and theme not in lasting]
    # What no good name holds together is what the digest is about at large.
    general = [_only(topic, corpus, [key for theme in rest for key in theme.keys], lasting)] if rest else []
    drawn = (
        made.plan.model_copy(update={"themes": (*general, *lasting)})
        if len(general) + len(lasting) > 1
        else whole
    )
    return _with_outliers(drawn, corpus, keys), made.missing


def _lasts(theme: Theme) -> bool:
    return len(theme.papers) >= FEWEST_OF_A_THEME and not theme.title.startswith(UNNAMED)


def _not_too_many(themes: Sequence[Theme], new: Collection[str]) -> tuple[Theme, ...]:
    """Of themes that would be new those that an issue is to begin: few where it has few papers, none for an odd word of one."""

    def fresh(theme: Theme) -> int:
        return sum(key in new for key in theme.keys)

    good = [theme for theme in themes if fresh(theme) != 1 or len(theme.title.split()) > 1]
    shown = sorted((theme for theme in good if fresh(theme)), key=lambda theme: (-fresh(theme), theme.id))
    late = {theme.id for theme in shown[MOST_NEW:]} if len(new) < FEWEST_TO_DIVIDE else set()
    return tuple(theme for theme in good if theme.id not in late)


def _is_well_named(theme: Theme) -> bool:
    """Whether a theme is called by what is in it, and may be called so for ever."""
    return not theme.title.endswith(f" {OTHER_WORK}")


def _only(topic: str, corpus: Corpus, keys: Iterable[str], beside: Sequence[Theme] = ()) -> Theme:
    title = f"{topic[0].upper()}{topic[1:]}" if topic else ONLY_TITLE
    papers = tuple(PlannedPaper(key=key, title=corpus[key].paper.title) for key in keys)
    return Theme(id=slug(title, [OTHER_ID, *(theme.id for theme in beside)]), title=title, papers=papers)


def _outliers(before: Plan | None) -> list[str]:
    return [outlier.key for outlier in before.outliers] if before else []


async def _gathered(
    engine: Engine,
    given: Plan,
    corpus: Corpus,
    strays: Sequence[str],
    new: Collection[str],
    observer: Observer,
) -> tuple[Plan, tuple[Missing, ...]]:
    """New themes of papers that stood outside all themes, where this issue's are among them."""
    nameable = [key for key in dict.fromkeys(strays) if not corpus[key].paper.is_untitled]
    if len(nameable) < GATHERED or not any(key in new for key in nameable):
        return given, ()
    try:
        made = await plan(engine, corpus.part(nameable), Wishes(), observer)
    except NoThemesError as error:
        return given, (_no_themes(error),)
    themes = list(given.themes)
    gathered = [
        theme for theme in made.plan.themes if _lasts(theme) and any(key in new for key in theme.keys)
    ]
    for theme in _not_too_many(gathered, new):
        taken = [OTHER_ID, *(one.id for one in themes)]
        titles = {one.title.casefold() for one in themes}
        title = theme.title if theme.title.casefold() not in titles else f"{theme.title}, further papers"
        themes.append(theme.model_copy(update={"id": slug(title, taken), "title": title}))
    return given.model_copy(update={"themes": tuple(themes)}), ()


def _no_themes(error: NoThemesError) -> Missing:
    return Missing(where="themes", code=error.code, reason=error.message)


def _freed(given: Plan, corpus: Corpus, new: Collection[str]) -> Plan:
    """Take new papers out of themes with which they have hardly a word in common."""
    inside = [key for theme in given.themes for key in theme.keys]
    vectors = dict(zip(inside, weigh(documents(corpus.some(inside))), strict=True))

    def belongs(key: str, theme: Theme) -> bool:
        scores = sorted(
            (cosine(vectors[key], vectors[other]) for other in theme.keys if other not in new), reverse=True
        )
        nearest = scores[:NEIGHBOURS]
        return not nearest or sum(nearest) / len(nearest) >= FAR_OFF

    themes = tuple(
        theme.model_copy(
            update={"papers": tuple(p for p in theme.papers if p.key not in new or belongs(p.key, theme))}
        )
        for theme in given.themes
    )
    return given.model_copy(update={"themes": themes})


def _there(standing: Plan | None, corpus: Corpus) -> Plan | None:
    """The plan so far, of papers that are still there; a theme without any is gone."""
    if standing is None:
        return None
    themes = (
        theme.model_copy(update={"papers": tuple(paper for paper in theme.papers if paper.key in corpus)})
        for theme in standing.themes
    )
    outliers = tuple(outlier for outlier in standing.outliers if outlier.key in corpus)
    return standing.model_copy(
        update={"themes": tuple(theme for theme in themes if theme.papers), "outliers": outliers}
    )


def _with_outliers(given: Plan, corpus: Corpus, keys: Iterable[str]) -> Plan:
    """The plan with those of `keys` that are in no theme as its outliers; ids of its themes are none that mean Other."""
    inside = _in_themes(given)
    reasons = {outlier.key: outlier.reason for outlier in given.outliers}
    outside = tuple(
        Outlier(key=key, title=corpus[key].paper.title, reason=reasons.get(key, "like no theme"))
        for key in dict.fromkeys(keys)
        if key not in inside
    )
    ids = [theme.id for theme in given.themes]
    themes = tuple(
        theme
        if theme.id != OTHER_ID
        else theme.model_copy(update={"id": slug(theme.title, [OTHER_ID, *ids])})
        for theme in given.themes
    )
    return given.model_copy(update={"themes": themes, "outliers": outside})


def _fresh(given: Plan, new: Sequence[str]) -> Plan:
    """The plan as it is remembered: of each theme the latest papers, this issue's in their order last."""
    order = {key: number for number, key in enumerate(new)}

    def latest(papers: Sequence[PlannedPaper]) -> tuple[PlannedPaper, ...]:
        old = [paper for paper in papers if paper.key not in order]
        fresh = sorted((paper for paper in papers if paper.key in order), key=lambda paper: order[paper.key])
        return tuple([*old, *fresh][-max(REMEMBERED, len(fresh)) :])

    themes = tuple(theme.model_copy(update={"papers": latest(theme.papers)}) for theme in given.themes)
    old = [outlier for outlier in given.outliers if outlier.key not in order]
    fresh = sorted((o for o in given.outliers if o.key in order), key=lambda outlier: order[outlier.key])
    outliers = (*old[-REMEMBERED:], *fresh)
    return given.model_copy(
        update={"themes": tuple(theme for theme in themes if theme.papers), "outliers": outliers}
    )


def _themes(before: Plan | None, now: Plan | None, new: Sequence[str]) -> tuple[StandingTheme, ...]:
    """Themes with papers in the plan's order, Other after them, those without papers last."""
    known = {theme.id for theme in before.themes} if before else set()
    order = {key: number for number, key in enumerate(new)}

    def ours(keys: Iterable[str]) -> tuple[str, ...]:
        return tuple(sorted((key for key in keys if key in order), key=order.__getitem__))

    listed = [
        (theme.id, theme.title, theme.id in known, ours(theme.keys)) for theme in (now.themes if now else ())
    ]
    others = ours(outlier.key for outlier in now.outliers) if now else ()
    if others:
        listed.append((OTHER_ID, OTHER_TITLE, bool(before and before.outliers), others))
    themes = [
        StandingTheme(id_, title, _state(is_known, keys), keys) for id_, title, is_known, keys in listed
    ]
    return tuple(sorted(themes, key=lambda theme: not theme.keys))


def _state(is_known: bool, keys: Sequence[str]) -> State:
    if not keys:
        return "quiet"
    return "continued" if is_known else "new"


def _in_themes(given: Plan) -> Mapping[str, str]:
    return {key: theme.id for theme in given.themes for key in theme.keys}
