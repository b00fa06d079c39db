"""Themes over the issues of a digest: they stay, new ones come where papers gather, each paper has one place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scripted import FIXED, SILENT, Scripted, run

from agent.engines.extractive import ExtractiveEngine
from agent.engines.protocol import Engine, PlaceDraft, PlanDraft, ThemeDraft
from agent.records import Paper, Plan, Texts
from agent.steps.standing import Grouped, group
from agent.text.numbered import Corpus

SUBJECTS = {
    "wells": "Water in wells is dipped at dawn with floats on a chain",
    "bridges": "Iron bridges hum where trains shake their bolts loose",
    "owls": "Owls hunt voles at dusk in barns and hedges",
}


def paper(key: str) -> Paper:
    """`wells3` is the third paper about wells; `bare1` is known by its id only."""
    subject = key.rstrip("0123456789")
    said = SUBJECTS.get(subject, f"{subject} alone")
    title = f"{said.split()[0]} {subject.title()} {key[len(subject) :]}"
    texts = Texts(title=title, abstract=f"{said}. {said} {key}.")
    return Paper(key=key, title=title, title_original=title, texts=texts, is_untitled=subject == "bare")


def corpus_of(keys: Iterable[str]) -> Corpus:
    return Corpus([paper(key) for key in set(keys)])


def issues(engine: Engine, *weeks: Sequence[str], topic: str = "old things") -> list[Grouped]:
    """The groups of one issue after the other."""
    found: list[Grouped] = []
    plan: Plan | None = None
    for new in weeks:
        corpus = corpus_of([*new, *(plan.keys if plan else ())])
        found.append(run(group(engine, corpus, new, plan, topic, SILENT)))
        plan = found[-1].plan
    return found


def shape(found: Grouped) -> dict[str, tuple[str, tuple[str, ...]]]:
    return {theme.id: (theme.state, theme.keys) for theme in found.themes}


def some(subject: str, first: int, last: int) -> list[str]:
    return [f"{subject}{number}" for number in range(first, last + 1)]


TWO = [*some("wells", 1, 6), *some("bridges", 1, 6)]


def by_subject(title: str, keys: Iterable[str]) -> ThemeDraft:
    return ThemeDraft(title, "", tuple(keys))


def proposing(**scripts: object) -> Scripted:
    """An engine that makes a theme of each subject, and places by subject, else nowhere."""

    def propose(ask: object) -> PlanDraft:
        keys = [one.key for one in ask.item.papers]  # type: ignore[attr-defined]
        subjects = dict.fromkeys(key.rstrip("0123456789") for key in keys)
        return PlanDraft(
            "", tuple(by_subject(s.title(), [k for k in keys if k.startswith(s)]) for s in subjects)
        )

    def place(ask: object) -> PlaceDraft:
        ids = {theme.id for theme in ask.item.themes}  # type: ignore[attr-defined]
        keys = [one.key for one in ask.item.papers]  # type: ignore[attr-defined]
        places = {key: key.rstrip("0123456789") for key in keys}
        return PlaceDraft(
            {key: id_ for key, id_ in places.items() if id_ in ids},
            {key: "about something else" for key, id_ in places.items() if id_ not in ids},
        )

    return Scripted(propose=propose, place=place, **scripts)  # type: ignore[arg-type]


def test_a_few_papers_are_one_theme() -> None:
    """As long as there are few, the theme is what the digest is about, and no engine is asked."""
    engine = proposing()
    first, second = issues(engine, ["wells1", "owls1"], ["bridges1"])
    assert [(theme.title, theme.state) for theme in first.themes] == [("Old things", "new")]
    assert shape(second) == {"old-things": ("continued", ("bridges1",))}
    assert engine.rounds["propose"] == []


def test_a_digest_without_a_topic_has_a_theme_too() -> None:
    """Without a topic the one theme says that its papers are new."""
    [found] = issues(proposing(), ["wells1"], topic="")
    assert [theme.title for theme in found.themes] == ["New papers"]


@pytest.mark.parametrize("make", [proposing, ExtractiveEngine])
def test_many_papers_are_divided_once_and_stay_so(make: type[Engine]) -> None:
    """What was divided is continued, also after a quiet issue; ids and titles stay."""
    first, second, third = issues(make(), TWO, ["wells7"], ["bridges7", "wells8"])
    assert sorted(sorted(theme.keys) for theme in first.themes) == [sorted(TWO[6:]), sorted(TWO[:6])]
    assert {theme.state for theme in first.themes} == {"new"}
    titles = {theme.id: theme.title for theme in first.themes}
    assert {theme.id: theme.title for theme in (*second.themes, *third.themes)} == titles
    assert sorted((state, keys) for state, keys in shape(second).values()) == [
        ("continued", ("wells7",)),
        ("quiet", ()),
    ]
    assert {keys for _, keys in shape(third).values()} == {("bridges7",), ("wells8",)}
    assert {state for state, _ in shape(third).values()} == {"continued"}


def test_an_issue_without_papers_leaves_the_plan() -> None:
    """Nothing new: every theme is quiet, and the plan is as it was."""
    first, second = issues(proposing(), TWO, [])
    assert {state for state, _ in shape(second).values()} == {"quiet"}
    assert second.plan == first.plan


def test_what_fits_no_theme_stands_under_other_until_it_is_a_theme() -> None:
    """Strays stand under Other; once enough of them are alike, they are a new theme, and stay one."""
    found = issues(proposing(), TWO, ["owls1", "owls2"], some("owls", 3, 4), some("owls", 5, 6), ["owls7"])
    assert shape(found[1])["other"] == ("new", ("owls1", "owls2"))
    assert shape(found[2])["other"] == ("continued", ("owls3", "owls4"))
    assert "other" not in shape(found[3])
    assert shape(found[3])["owls"] == ("new", ("owls5", "owls6"))
    assert shape(found[4])["owls"] == ("continued", ("owls7",))


def test_what_shares_no_word_with_its_theme_is_taken_out_of_it() -> None:
    """An engine that places everything somewhere does not make a theme of what is not alike."""
    engine = Scripted(propose=proposing().scripts["propose"])
    found = issues(engine, TWO, ["owls1"])
    assert shape(found[1])["other"] == ("new", ("owls1",))


def test_an_issue_of_few_papers_begins_few_themes() -> None:
    """Two at most: the rest stays what the digest is about at large, and for one paper an odd word is no theme."""
    subjects = ("wells", "bridges", "owls", "kites", "moss")
    old = [key for subject in subjects[:4] for key in some(subject, 1, 2)]
    new = [*some("wells", 3, 5), *some("bridges", 3, 4), *some("owls", 3, 4), "kites3"]
    _, found = issues(proposing(), old, new)
    assert sorted((theme.title, theme.state, len(theme.keys)) for theme in found.themes) == [
        ("Bridges", "new", 2),
        ("Old things", "continued", 3),
        ("Wells", "new", 3),
    ]


def test_papers_stand_in_the_order_given() -> None:
    """In its theme the best comes first, whatever its name."""
    found = issues(proposing(), TWO, ["wells9", "wells7", "bridges8", "wells8"])
    assert shape(found[1])["wells"][1] == ("wells9", "wells7", "wells8")


def test_a_paper_of_which_only_an_id_is_known_has_a_place() -> None:
    """It stands under Other, in the first issue too."""
    first, second = issues(proposing(), ["bare1"], ["bare2", "wells1"])
    assert shape(first) == {"other": ("new", ("bare1",))}
    assert shape(second) == {"old-things": ("new", ("wells1",)), "other": ("continued", ("bare2",))}


def test_what_no_name_holds_together_is_called_by_the_topic() -> None:
    """It stands first, and takes what is placed there later; a theme called by a part of what is in it would mislead."""
    keys = some("wells", 1, 6) + some("bridges", 1, 6)
    engine = Scripted(
        propose=lambda ask: PlanDraft(
            "", (by_subject("Wells", keys[:6]), by_subject("Hums and other work", keys[6:]))
        ),
        place=lambda ask: PlaceDraft({one.key: "old-things" for one in ask.item.papers}),
    )
    first, second = issues(engine, keys, ["bridges7"])
    assert [(theme.title, theme.keys) for theme in first.themes] == [
        ("Old things", tuple(keys[6:])),
        ("Wells", tuple(keys[:6])),
    ]
    assert shape(second)["old-things"] == ("continued", ("bridges7",))


def test_a_theme_that_is_called_other_is_not_taken_for_it() -> None:
    """A theme of that name keeps its papers apart from those without a theme."""
    keys = some("wells", 1, 6) + some("bridges", 1, 6)
    engine = Scripted(
        propose=lambda ask: PlanDraft("", (by_subject("Other", keys[:6]), by_subject("Bridges", keys[6:]))),
        place=lambda ask: PlaceDraft({}, {one.key: "not alike" for one in ask.item.papers}),
    )
    first, second = issues(engine, keys, ["owls1"])
    assert sorted(shape(first)) == ["bridges", "other-2"]
    assert shape(second)["other"] == ("new", ("owls1",))


WEEKS = st.lists(
    st.lists(st.sampled_from([f"{s}{n}" for s in (*SUBJECTS, "odd", "bare") for n in range(9)]), max_size=9, unique=True),
    min_size=1,
    max_size=5,
)  # fmt: skip


@settings(FIXED, max_examples=60)
@given(WEEKS, st.booleans())
def test_every_paper_has_one_place_in_its_issue(weeks: list[list[str]], is_scripted: bool) -> None:
    """Whatever comes, each paper of an issue stands in one theme of it; ids are distinct; a quiet theme has none."""
    seen: set[str] = set()
    fresh = [[key for key in week if not (key in seen or seen.add(key))] for week in weeks]  # type: ignore[func-returns-value]
    known: set[str] = set()
    for new, found in zip(
        fresh, issues(proposing() if is_scripted else ExtractiveEngine(), *fresh), strict=True
    ):
        assert Counter(key for theme in found.themes for key in theme.keys) == Counter(new)
        ids = [theme.id for theme in found.themes]
        assert len(ids) == len(set(ids))
        assert all((theme.state == "quiet") == (not theme.keys) for theme in found.themes)
        assert all((theme.state == "new") == (theme.id not in known) for theme in found.themes if theme.keys and theme.id != "other")  # fmt: skip
        known |= {theme.id for theme in found.plan.themes} if found.plan else set()
