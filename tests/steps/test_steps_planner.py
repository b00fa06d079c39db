"""Plans: every paper in exactly one place, whatever an engine proposes or a person edited."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scripted import FIXED, SILENT, WORLD, Scripted, corpus_of, plan_of, run

from agent.engines.protocol import Failure, OrderDraft, PlaceDraft, PlanDraft, ThemeDraft
from agent.errors import ModelError, PlanError
from agent.records import Outlier, Plan, Theme
from agent.steps.planner import Planned, Wishes, extend, fit, plan
from agent.text.numbered import Corpus

LOST = Failure("lost", "no answer came")
KEYS = tuple(WORLD)


def themes_of(**keys: Iterable[str]) -> tuple[ThemeDraft, ...]:
    return tuple(ThemeDraft(title.replace("_", " "), "", tuple(found)) for title, found in keys.items())


def planned(engine: Scripted, corpus: Corpus | None = None, **wishes: Any) -> Plan:
    return run(plan(engine, corpus or corpus_of(), Wishes(**wishes), SILENT)).plan


def unplaced(made: Planned) -> set[str]:
    """Papers for which no theme was found, as the plan says them missing."""
    assert all(missing.reason for missing in made.missing)
    return {missing.where.removeprefix("place of ") for missing in made.missing}


def proposing(*themes: ThemeDraft, outliers: Iterable[tuple[str, str]] = (), **scripts: Any) -> Scripted:
    draft = PlanDraft("Bridges", themes, tuple(outliers))
    return Scripted(propose=lambda ask: draft, **scripts)


def places(found: Plan) -> dict[str, tuple[str, ...]]:
    return {theme.id: theme.keys for theme in found.themes}


def assert_exact_cover(found: Plan, keys: Iterable[str]) -> None:
    assert Counter(found.keys) == Counter(keys)
    assert all(theme.papers for theme in found.themes)
    assert len({theme.id for theme in found.themes}) == len(found.themes)


def test_an_exact_proposal_is_the_plan() -> None:
    """Themes, their papers, outliers with reasons and the engine's order stand as proposed, after one ask."""
    engine = proposing(
        *themes_of(Packing=["arco", "fern"], Waking=["belt", "beltwo", "cusp"]),
        outliers=[("dune", "about paint"), ("elm", "about people")],
        order=lambda ask: OrderDraft(("waking", "packing")),
    )
    found = planned(engine)
    assert places(found) == {"waking": ("belt", "beltwo", "cusp"), "packing": ("arco", "fern")}
    assert [(o.key, o.reason) for o in found.outliers] == [("dune", "about paint"), ("elm", "about people")]
    assert found.themes[0].papers[0].title == WORLD["belt"][0]
    assert (len(engine.rounds["propose"]), len(engine.rounds["place"])) == (1, 0)


def test_the_engine_learns_the_wishes() -> None:
    """Topic, number of themes and kept papers go to the engine, with all papers."""
    engine = Scripted()
    planned(engine, topic="Bridges", themes=2, kept=frozenset({"elm"}))
    [asked] = engine.asked("propose")
    assert (asked.topic, asked.themes, asked.kept) == ("Bridges", 2, {"elm"})
    assert {paper.key for paper in asked.papers} == set(KEYS)


@pytest.mark.parametrize(
    ("themes", "outliers", "code", "named"),
    [
        (themes_of(One=[*KEYS, "ghost"]), [], "unknown_paper", "ghost"),
        (themes_of(One=KEYS, Two=["arco"]), [], "doubled_paper", "arco"),
        (themes_of(One=[*KEYS, "arco"]), [], "doubled_paper", "arco"),
        (themes_of(One=KEYS), [("arco", "odd")], "doubled_paper", "arco"),
        (themes_of(One=KEYS), [("ghost", "odd")], "unknown_paper", "ghost"),
        (themes_of(One=KEYS[1:]), [("arco", "  ")], "no_reason", "arco"),
        (themes_of(One=KEYS[1:]), [], "papers_not_placed", "arco"),
        (themes_of(One=KEYS[1:]), [("elm", "odd"), ("arco", "odd")], "doubled_paper", "elm"),
    ],
)
def test_what_is_wrong_with_a_proposal_is_named(
    themes: tuple[ThemeDraft, ...], outliers: list[tuple[str, str]], code: str, named: str
) -> None:
    """The next ask names the mistake and the key, and the plan still covers every paper once."""
    engine = proposing(*themes, outliers=outliers)
    assert_exact_cover(planned(engine), KEYS)
    problems = engine.rounds["propose"][1][0].problems
    assert any(problem.code == code and named in problem.message for problem in problems)


def test_an_outlier_without_a_reason_is_none() -> None:
    """A paper that is set aside without a word goes into a theme."""
    found = planned(proposing(*themes_of(One=KEYS[1:]), outliers=[("arco", " ")]))
    assert found.outliers == ()
    assert "arco" in found.themes[0].keys


def test_a_kept_paper_is_never_an_outlier() -> None:
    """What the user keeps goes into a theme although the engine sets it aside, and the engine is told."""
    engine = proposing(*themes_of(One=KEYS[1:]), outliers=[("arco", "odd")])
    found = planned(engine, kept=frozenset({"arco"}))
    assert found.outliers == () and "arco" in found.themes[0].keys
    assert "kept_outlier" in {p.code for p in engine.rounds["propose"][1][0].problems}


def test_papers_left_over_are_placed_by_the_engine() -> None:
    """What a proposal leaves out goes where the engine places it, among the themes that stand."""
    engine = proposing(
        *themes_of(One=KEYS[2:4], Two=KEYS[4:]),
        place=lambda ask: PlaceDraft({"arco": "two", "belt": "one"}),
    )
    found = planned(engine)
    assert_exact_cover(found, KEYS)
    assert {"arco"} < set(places(found)["two"]) and {"belt"} < set(places(found)["one"])
    [asked] = engine.asked("place")
    assert {paper.key for paper in asked.papers} == {"arco", "belt"}
    assert {paper.key for paper in asked.placed} == set(KEYS[2:])


@pytest.mark.parametrize(
    "place",
    [LOST, PlaceDraft({}), PlaceDraft({"arco": "nowhere", "belt": "nowhere"}), PlaceDraft({"ghost": "one"})],
)
def test_papers_that_cannot_be_placed_are_missing(place: Any) -> None:
    """Without a sound place a paper goes nowhere, and the plan says so."""
    engine = proposing(*themes_of(One=KEYS[2:4], Two=KEYS[4:]), place=lambda ask: place)
    made = run(plan(engine, corpus_of(), Wishes(), SILENT))
    assert_exact_cover(made.plan, KEYS[2:])
    assert unplaced(made) == {"arco", "belt"}


def test_a_paper_that_fits_nowhere_is_set_aside_with_its_reason() -> None:
    """Placing may set a paper aside for a reason, but none that the user keeps."""
    place = PlaceDraft({}, {"arco": "about paint", "belt": "about paint"})
    engine = proposing(*themes_of(One=KEYS[2:]), place=lambda ask: place)
    made = run(plan(engine, corpus_of(), Wishes(kept=frozenset({"belt"})), SILENT))
    assert [(o.key, o.reason) for o in made.plan.outliers] == [("arco", "about paint")]
    assert unplaced(made) == {"belt"}


def test_papers_that_a_proposal_did_not_look_at_are_no_mistake() -> None:
    """Where an engine leaves papers for later they are placed, and the proposal is not asked again."""
    draft = PlanDraft("B", themes_of(One=KEYS[:4]), left=frozenset(KEYS[4:]))
    engine = Scripted(propose=lambda ask: draft)
    assert_exact_cover(planned(engine), KEYS)
    assert len(engine.rounds["propose"]) == 1


def test_a_worse_second_proposal_does_not_win() -> None:
    """A proposal that lacks one paper is better than a later one that lacks nearly all."""
    drafts = {True: PlanDraft("B", themes_of(One=KEYS[:6])), False: PlanDraft("B", themes_of(One=KEYS[:1]))}
    engine = Scripted(propose=lambda ask: drafts[ask.previous is None])
    planned(engine)
    assert [paper.key for paper in engine.asked("place")[0].papers] == [KEYS[6]]


def test_worse_second_places_do_not_win() -> None:
    """Places for all papers but one are better than none in a later round."""
    corpus = corpus_of()
    first, later = PlaceDraft(dict.fromkeys(KEYS[1:5], "one")), PlaceDraft({})
    engine = Scripted(place=lambda ask: first if ask.previous is None else later)
    made = run(extend(engine, plan_of(corpus, one=KEYS[:1], two=KEYS[6:]), corpus, SILENT))
    assert (set(places(made.plan)["one"]), places(made.plan)["two"]) == (set(KEYS[:5]), KEYS[6:])
    assert unplaced(made) == {KEYS[5]}


@pytest.mark.parametrize(
    "order",
    [LOST, OrderDraft(()), OrderDraft(("one",)), OrderDraft(("two", "two")), OrderDraft(("two", "one", "x"))],
)
def test_a_wrong_order_is_no_order(order: Any) -> None:
    """An order that does not name each theme once leaves the themes as they were proposed."""
    engine = proposing(*themes_of(One=KEYS[:3], Two=KEYS[3:]), order=lambda ask: order)
    assert list(places(planned(engine))) == ["one", "two"]
    assert len(engine.rounds["order"]) > 1


@pytest.mark.parametrize(
    "proposal",
    [
        LOST,
        PlanDraft("B", ()),
        PlanDraft("B", themes_of(One=())),
        PlanDraft("B", themes_of(One=["ghost"])),
        PlanDraft("B", (), tuple((key, "odd") for key in KEYS)),
    ],
)
def test_without_a_usable_proposal_there_is_no_plan(proposal: Any) -> None:
    """Where nothing can be made of the proposals the run ends, says why, and what to do."""
    with pytest.raises(ModelError) as raised:
        planned(Scripted(propose=lambda ask: proposal), topic="Old bridges")
    assert "no themes were made" in raised.value.message and "--plan" in (raised.value.hint or "")
    assert (raised.value.reach, raised.value.exit_code) == ("run", 1)


def test_themes_of_one_title_have_two_ids() -> None:
    """Equal and unwritable titles give different ids that begin with a letter."""
    drafts = tuple(
        ThemeDraft(title, "", (key,))
        for title, key in zip(["Crack", "crack!", "裂", "3D"], KEYS, strict=False)
    )
    found = planned(proposing(*drafts))
    assert len(set(places(found))) == 4
    assert all(theme.id[0].isalpha() and theme.id.isascii() for theme in found.themes)


SOME_KEYS = st.lists(st.sampled_from([*KEYS, "ghost", ""]), max_size=9).map(tuple)
PROPOSALS = st.builds(
    PlanDraft,
    st.just("Bridges"),
    st.lists(st.builds(ThemeDraft, st.sampled_from(["One", "Two", "one", ""]), st.just(""), SOME_KEYS), max_size=4).map(tuple),
    st.lists(st.tuples(st.sampled_from([*KEYS, "ghost"]), st.sampled_from(["odd", "", " "])), max_size=5).map(tuple),
)  # fmt: skip
PLACES = st.dictionaries(
    st.sampled_from([*KEYS, "ghost"]), st.sampled_from(["one", "two", "x", "all-papers"])
).map(PlaceDraft)
ORDERS = st.lists(st.sampled_from(["one", "two", "one-2", "x"]), max_size=4).map(
    lambda ids: OrderDraft(tuple(ids))
)


def failing_or(drafts: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(drafts, drafts, st.just(LOST))


@FIXED
@given(
    st.lists(failing_or(PROPOSALS), min_size=3, max_size=3),
    failing_or(PLACES),
    failing_or(ORDERS),
    st.frozensets(st.sampled_from(KEYS), max_size=3),
)
def test_any_proposal_gives_an_exact_cover(
    proposals: list[Any], place: Any, order: Any, kept: frozenset[str]
) -> None:
    """Unknown, doubled and missing keys, failures and wrong orders: each paper has one place or is named as missing."""
    turns = iter(proposals)
    engine = Scripted(
        propose=lambda ask: next(turns), place=lambda ask: place, order=lambda ask: order
    )  # at most three rounds, so that the turns suffice
    try:
        made = run(plan(engine, corpus_of(), Wishes(kept=kept), SILENT))
    except ModelError:
        asked = len(engine.rounds["propose"])
        assert not any(_has_theme(proposal) for proposal in proposals[:asked])
        return
    assert_exact_cover(made.plan, set(KEYS) - unplaced(made))
    assert not kept & {outlier.key for outlier in made.plan.outliers}
    assert all(outlier.reason.strip() for outlier in made.plan.outliers)


def _has_theme(proposal: Any) -> bool:
    return isinstance(proposal, PlanDraft) and any(set(theme.keys) & set(KEYS) for theme in proposal.themes)


# A plan that a person edited


def edited(outliers: Iterable[str] = (), **themes: Iterable[str]) -> Plan:
    """A plan that names these keys, whether or not they are known, under titles of its own."""
    made = tuple(
        Theme.model_validate(
            {"id": id_, "title": id_.title(), "papers": [{"key": key, "title": "as typed"} for key in keys]}
        )
        for id_, keys in themes.items()
    )
    aside = tuple(Outlier(key=key, title="as typed", reason="I say so") for key in outliers)
    return Plan(topic="Mine", themes=made, outliers=aside)


def fitted(given_plan: Plan, *, place_rest: bool = False, excluded: Iterable[str] = ()) -> Plan:
    out = set(excluded)
    corpus = corpus_of({key: WORLD[key] for key in KEYS if key not in out})
    return fit(given_plan, corpus, dict.fromkeys(out, "not mine"), place_rest=place_rest)


def test_an_edited_plan_that_fits_is_taken_as_it_is() -> None:
    """Themes, ids, order and outliers stand; titles are those of the papers."""
    found = fitted(edited(["elm"], zeta=["belt", "arco"], alpha=["cusp", "dune", "beltwo", "fern"]))
    assert places(found) == {"zeta": ("belt", "arco"), "alpha": ("cusp", "dune", "beltwo", "fern")}
    assert [(o.key, o.title, o.reason) for o in found.outliers] == [("elm", WORLD["elm"][0], "I say so")]
    assert found.themes[0].papers[0].title == WORLD["belt"][0]
    assert found.topic == "Mine"


@pytest.mark.parametrize(
    ("given_plan", "named", "unnamed"),
    [
        (edited(one=[*KEYS, "ghost"]), ["ghost"], ["arco"]),
        (edited(["ghost"], one=KEYS), ["ghost"], ["arco"]),
        (edited(one=[*KEYS, "arco"]), ["arco"], ["belt"]),
        (edited(one=KEYS, two=["arco"]), ["arco"], ["belt"]),
        (edited(["arco"], one=KEYS), ["arco"], ["belt"]),
        (edited(one=KEYS[2:]), ["arco", "belt", "2"], ["cusp"]),
    ],
)
def test_a_plan_that_does_not_fit_is_refused(given_plan: Plan, named: list[str], unnamed: list[str]) -> None:
    """An unknown, doubled or unnamed key is an error that names it and says what to do."""
    with pytest.raises(PlanError) as raised:
        fitted(given_plan)
    said = raised.value.message.replace(",", " ").split()
    assert all(key in said for key in named) and not any(key in said for key in unnamed)
    assert raised.value.hint and raised.value.exit_code == 2


def test_unknown_and_doubled_keys_are_errors_even_when_the_rest_is_placed() -> None:
    """Placing the rest forgives what is not named, and nothing else."""
    for given_plan in (edited(one=["arco", "ghost"]), edited(one=["arco", "arco"])):
        with pytest.raises(PlanError):
            fitted(given_plan, place_rest=True)


def test_the_rest_is_placed_where_asked_for() -> None:
    """With the rest to be placed, what the plan names stays, and the engine places what it does not."""
    corpus = corpus_of()
    given_plan = fit(edited(["elm"], one=["arco"], two=["cusp"]), corpus, {}, place_rest=True)
    engine = Scripted(place=lambda ask: PlaceDraft({paper.key: "two" for paper in ask.item.papers}))
    found = run(extend(engine, given_plan, corpus, SILENT)).plan
    assert places(found)["one"] == ("arco",)
    assert set(places(found)["two"]) == {"cusp", "belt", "beltwo", "dune", "fern"}
    assert [outlier.key for outlier in found.outliers] == ["elm"]
    assert not engine.rounds["propose"] and not engine.rounds["order"]


def test_keys_of_excluded_papers_fall_out() -> None:
    """A plan may still name what was excluded since; a theme of nothing else goes with it."""
    found = fitted(edited(["elm"], one=["arco", "belt"], two=["cusp"], three=KEYS[2:3] + KEYS[4:5] + KEYS[6:]), excluded=["arco", "cusp", "elm"])  # fmt: skip
    assert places(found) == {"one": ("belt",), "three": ("beltwo", "dune", "fern")}
    assert found.outliers == ()


@FIXED
@given(SOME_KEYS, SOME_KEYS, SOME_KEYS, st.frozensets(st.sampled_from(KEYS), max_size=3), st.booleans())
def test_a_plan_fits_or_is_refused(
    one: tuple[str, ...], two: tuple[str, ...], aside: tuple[str, ...], out: frozenset[str], place_rest: bool
) -> None:
    """Whatever was edited: a cover of the papers each once, or an error."""
    given_plan = edited(aside, one=one, two=two)
    named = Counter(given_plan.keys)
    inside = set(KEYS) - out
    is_sound = set(named) <= set(KEYS) and max(named.values(), default=0) < 2
    is_whole = inside <= set(named)
    if is_sound and (is_whole or place_rest):
        found = fitted(given_plan, place_rest=place_rest, excluded=out)
        assert Counter(found.keys) == Counter(set(named) & inside)
    else:
        with pytest.raises(PlanError):
            fitted(given_plan, place_rest=place_rest, excluded=out)


# A plan of an earlier survey


def extended(given_plan: Plan, engine: Scripted | None = None, **options: Any) -> Plan:
    return run(extend(engine or Scripted(), given_plan, corpus_of(), SILENT, **options)).plan


def test_a_plan_that_still_covers_is_kept_without_a_question() -> None:
    """Where nothing is new and nothing gone the engine is not asked."""
    standing = plan_of(corpus_of(), one=KEYS[:3], two=KEYS[3:])
    engine = Scripted()
    assert extended(standing, engine) == standing
    assert not engine.rounds


def test_new_papers_join_the_themes_that_stand() -> None:
    """New papers are placed behind the old ones; ids, titles, order and outliers stay."""
    standing = plan_of(corpus_of(), zeta=["arco", "belt"], alpha=["cusp"]).model_copy(
        update={"outliers": (Outlier(key="elm", title="x", reason="mine"),)}
    )
    engine = Scripted(place=lambda ask: PlaceDraft({"beltwo": "zeta", "dune": "alpha", "fern": "alpha"}))
    found = extended(standing, engine)
    assert list(places(found).items()) == [
        ("zeta", ("arco", "belt", "beltwo")),
        ("alpha", ("cusp", "fern", "dune")),
    ]
    assert [(o.key, o.reason) for o in found.outliers] == [("elm", "mine")]
    assert [theme.title for theme in found.themes] == ["zeta", "alpha"]


def test_papers_that_are_gone_leave_the_plan() -> None:
    """A paper that is no longer there leaves its theme or the outliers; an empty theme goes."""
    found = extended(edited(["left"], one=["ghost", *KEYS], two=["gone"]))
    assert places(found) == {"one": KEYS}
    assert found.outliers == ()


def test_a_paper_that_the_user_now_keeps_leaves_the_outliers() -> None:
    """What is kept since the last survey is placed into a theme."""
    found = extended(edited(["elm", "dune"], one=KEYS[:4], two=["fern"]), kept={"elm"})
    assert [outlier.key for outlier in found.outliers] == ["dune"]
    assert "elm" in places(found)["one"]


def test_where_no_theme_is_left_papers_are_grouped_anew() -> None:
    """A plan of which nothing is there any more gives its topic to a new one."""
    engine = Scripted()
    found = extended(edited(one=["ghost"]), engine)
    assert_exact_cover(found, KEYS)
    assert engine.asked("propose")[0].topic == "Mine"


def test_outliers_of_the_user_stay_where_no_theme_is_left() -> None:
    """What a person set aside stays set aside, also when all themes have to be made anew."""
    found = extended(edited(["elm", "dune"], one=["ghost"]))
    assert [(o.key, o.reason) for o in found.outliers] == [("elm", "I say so"), ("dune", "I say so")]
    assert_exact_cover(found, KEYS)


@FIXED
@given(
    st.lists(st.sampled_from(["one", "two", "aside", "new"]), min_size=len(KEYS), max_size=len(KEYS)),
    failing_or(PLACES),
    st.frozensets(st.sampled_from(KEYS), max_size=2),
)
def test_extending_gives_an_exact_cover(homes: list[str], place: Any, kept: frozenset[str]) -> None:
    """However papers stood and whatever the engine places: each has one place or is missing, kept ones no outliers."""
    home = dict(zip(KEYS, homes, strict=True))
    at = {name: [key for key in KEYS if home[key] == name] for name in ("one", "two", "aside")}
    engine = Scripted(place=lambda ask: place)
    given_plan = edited([*at["aside"], "ghost"], one=[*at["one"], "gone"], two=at["two"])
    made = run(extend(engine, given_plan, corpus_of(), SILENT, kept=kept))
    found = made.plan
    assert_exact_cover(found, set(KEYS) - unplaced(made))
    assert not kept & {outlier.key for outlier in found.outliers}
    if at["one"] or at["two"]:
        assert all(key in places(found)[name] for name in ("one", "two") for key in at[name])


def test_a_plan_that_sets_every_paper_aside_gets_no_empty_theme() -> None:
    """Where all papers are the user's outliers they stay so, and no theme is made of nothing."""
    engine = Scripted()
    found = extended(edited(KEYS), engine)
    assert_exact_cover(found, KEYS)
    assert (found.themes, len(found.outliers)) == ((), len(KEYS))
