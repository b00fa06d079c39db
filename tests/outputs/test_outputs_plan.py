"""plan.md and plan.json: written, moved about by hand, and read back."""

from __future__ import annotations

from typing import Any

import pytest
from desk import Made, paper
from hypothesis import example, given, settings
from hypothesis import strategies as st

from agent.errors import PlanError
from agent.outputs.plan_files import plan_json, plan_markdown, read_plan
from agent.records import Outlier, Plan, PlannedPaper, Theme

SIGNS = st.sampled_from([":", "(2020)", "(2019):", "(n.d.)", "(n.d.):", "[x](y)", "[@a]", "{#id}", "#", "##", "*", "-", "- x", "> x", "_",
                         "`", "1.", "\\", "<b>", "https://a.org/b_c.", "(", ")", "“q”", "é", "量", "50%", "Outliers", ".", "$", "&lt;"])  # fmt: skip
WORD = st.text(st.characters(categories=("L", "N")), min_size=1, max_size=6)
LINE = st.lists(SIGNS | WORD, min_size=1, max_size=5).map(" ".join)
THEME = st.tuples(LINE, st.just("") | LINE, st.none() | st.lists(LINE, min_size=1, max_size=3).map("\n".join))


def plan_of(
    themes: list[tuple[str, str, str | None]], outliers: list[tuple[str, str]]
) -> tuple[Plan, dict[str, Any]]:
    """A plan with two papers a theme, and the papers: every other one with a year."""
    papers, made = {}, []
    for number, (title, description, instructions) in enumerate(themes):
        keys = [f"k{number}a", f"K:{number}/b"]
        papers.update({keys[0]: paper(keys[0], title, year=2020), keys[1]: paper(keys[1], title)})
        planned = tuple(PlannedPaper(key=key, title=title) for key in keys)
        made.append(
            Theme(
                id=f"t-{number}",
                title=title,
                description=description,
                instructions=instructions,
                papers=planned,
            )
        )
    listed = [
        Outlier(key=f"o{number}", title=title, reason=reason)
        for number, (title, reason) in enumerate(outliers)
    ]
    papers.update({o.key: paper(o.key, o.title, year=2019 if o.key == "o0" else None) for o in listed})
    return Plan(topic="a topic: [x] (2020)", themes=tuple(made), outliers=tuple(listed)), papers


@given(st.lists(THEME, min_size=1, max_size=4), st.lists(st.tuples(LINE, LINE), max_size=3))
@example(
    [("Wells: (2020): [x] {#id}", "1. x", "> x\n- y")], [("Report (2019): floats", "far off: see (2020): x")]
)
@settings(derandomize=True, deadline=None)
def test_a_plan_written_by_hand_form_comes_back(
    themes: list[tuple[str, str, str | None]], outliers: list[tuple[str, str]]
) -> None:
    """plan.md keeps ids, order, titles of themes, descriptions, instructions, keys and reasons."""
    plan, papers = plan_of(themes, outliers)
    back = read_plan(plan_markdown(plan, papers), "plan.md")
    assert back.topic == plan.topic
    for found, wanted in zip(back.themes, plan.themes, strict=True):
        assert (found.id, found.title, found.description) == (wanted.id, wanted.title, wanted.description)
        assert (found.instructions, found.keys) == (wanted.instructions, wanted.keys)
    assert [(o.key, o.title, o.reason) for o in back.outliers] == [
        (o.key, o.title, o.reason) for o in plan.outliers
    ]


@given(st.lists(THEME, min_size=1, max_size=4), st.lists(st.tuples(LINE, LINE), max_size=3))
@settings(derandomize=True, deadline=None)
def test_a_plan_as_json_comes_back_whole(
    themes: list[tuple[str, str, str | None]], outliers: list[tuple[str, str]]
) -> None:
    """plan.json says everything that the plan says."""
    plan, _ = plan_of(themes, outliers)
    assert read_plan(plan_json(plan), "plan.json") == plan


@pytest.mark.parametrize("year", [2020, None])
def test_the_title_of_a_paper_comes_back_without_its_year(year: int | None) -> None:
    """The year behind a title is shown for the eye; it is no part of the title."""
    plan = Plan(
        topic="t", themes=(Theme(id="t", title="T", papers=(PlannedPaper(key="a", title="Floats"),)),)
    )
    back = read_plan(plan_markdown(plan, {"a": paper("a", "Floats", year=year)}), "plan.md")
    assert back.themes[0].papers[0].title == "Floats"


def test_the_plan_of_a_survey_is_the_same_in_both_forms(made: Made) -> None:
    """plan.md and plan.json of a survey name the same themes, papers and outliers, in the same order."""
    hand, data = read_plan(made.text("plan.md"), "plan.md"), read_plan(made.text("plan.json"), "plan.json")
    assert [(t.id, t.title, t.keys) for t in hand.themes] == [(t.id, t.title, t.keys) for t in data.themes]
    assert [(o.key, o.title, o.reason) for o in hand.outliers] == [
        (o.key, o.title, o.reason) for o in data.outliers
    ]
    assert [theme.id for theme in data.themes] == [theme.id for theme in made.survey.themes]


PLAN = """\
# wells

## Floats {#floats}

What floats say.

> name the prices

- [@a] Floats (2020)
- [@b] More Floats (n.d.)

## Echoes {#echoes}

- [@c] Echo (2021)

## Outliers {#outliers}

- [@d] Cooking (2019): about food
"""
Themes = list[tuple[str, str, tuple[str, ...]]]
BASE: Themes = [("floats", "Floats", ("a", "b")), ("echoes", "Echoes", ("c",))]


def edited(*changes: tuple[str, str]) -> str:
    text = PLAN
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return text


@pytest.mark.parametrize(
    ("text", "themes", "outliers"),
    [
        (PLAN, BASE, ["d"]),
        (edited(("- [@b] More Floats (n.d.)\n", ""), ("(2021)\n", "(2021)\n- [@b] More Floats\n")),
         [("floats", "Floats", ("a",)), ("echoes", "Echoes", ("c", "b"))], ["d"]),
        (edited(("## Floats {#floats}", "## Rafts: Old and New {#floats}")), [("floats", "Rafts: Old and New", ("a", "b")), BASE[1]], ["d"]),
        (edited(("## Floats {#floats}", "## Rafts")), [("rafts", "Rafts", ("a", "b")), BASE[1]], ["d"]),
        (edited(("## Floats {#floats}", "## Echoes")), [("echoes-2", "Echoes", ("a", "b")), BASE[1]], ["d"]),
        (edited(("## Echoes {#echoes}\n", "")), [("floats", "Floats", ("a", "b", "c"))], ["d"]),
        (edited(("- [@", "* [@")), BASE, ["d"]),
        (edited(("- [@", "+   [@")), BASE, ["d"]),
        (edited(("- [@", "  - [@")), BASE, ["d"]),
        (edited(("\n", "\r\n")), BASE, ["d"]),
        ("\ufeff" + PLAN, BASE, ["d"]),
        (edited(("\n\n", "\n")), BASE, ["d"]),
        (edited((" (2020)", ""), (" (2021)", "")), BASE, ["d"]),
        (edited(("## Outliers {#outliers}", "## outliers")), BASE, ["d"]),
        (PLAN.split("## Outliers")[0], BASE, []),
        (PLAN.rstrip(), BASE, ["d"]),
        (edited(("# wells\n", "")), BASE, ["d"]),
        (edited(("[@a] Floats (2020)", "[@a]")), BASE, ["d"]),
        (edited(("## Echoes {#echoes}", "##   Echoes   {#echoes}  ")), BASE, ["d"]),
    ],
)  # fmt: skip
def test_a_hand_may_move_things_about(text: str, themes: Themes, outliers: list[str]) -> None:
    """Lines move, headings change or go, bullets and line ends are as an editor leaves them: the plan is read."""
    plan = read_plan(text, "plan.md")
    assert [(theme.id, theme.title, theme.keys) for theme in plan.themes] == themes
    assert [outlier.key for outlier in plan.outliers] == outliers


def test_what_is_said_of_a_theme_is_kept() -> None:
    """Description, instructions and an outlier's reason are read as they stand."""
    plan = read_plan(PLAN, "plan.md")
    assert (plan.topic, plan.themes[0].description, plan.themes[0].instructions) == (
        "wells",
        "What floats say.",
        "name the prices",
    )
    assert plan.outliers[0] == Outlier(key="d", title="Cooking", reason="about food")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (edited(("- [@b] More", "- More")), ("plan.md", "line 10")),
        (edited(("- [@b]", "- [b]")), ("plan.md", "line 10")),
        (edited(("- [@b]", "- [@b; @c]")), ("plan.md", "line 10")),
        (edited(("- [@b]", "1. [@b]")), ("plan.md", "line 10")),
        (edited(("- [@b]", "[@b]")), ("plan.md", "line 10")),
        (edited(("- [@b]", "• [@b]")), ("plan.md", "line 10")),
        (edited(("## Echoes", "##Echoes")), ("plan.md", "line 12")),
        (edited(("## Echoes", "### Echoes")), ("plan.md", "line 12")),
        (edited(("# wells\n", "# wells\n\nloose words\n")), ("plan.md", "line 3")),
        (edited(("# wells\n", "# wells\n- [@a] Floats\n")), ("plan.md", "line 2")),
        (edited(("{#echoes}", "{#floats}")), ("plan.md", "{#floats}")),
        (edited(("## Echoes {#echoes}", "##")), ("plan.md", "line 12")),
        ("", ("plan.md", "no theme")),
        ("only words", ("plan.md", "line 1")),
        ("{", ("plan.md", "not JSON")),
        ('{"topic": "x", "themes": 3}', ("plan.md", "themes")),
        ('{"topic": "x", "themes": [{"id": "a"}]}', ("plan.md", "themes.0.title")),
        ('{"topic": "x", "tehmes": []}', ("plan.md", "tehmes")),
        ('{"format": "litreview/plan@9", "topic": "x"}', ("plan.md", "format")),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_by_file_and_line(text: str, said: tuple[str, str]) -> None:
    """A line that is neither heading, paper nor words of a theme is never passed over: it is named."""
    with pytest.raises(PlanError) as error:
        read_plan(text, "plan.md")
    assert all(part in error.value.message for part in said)
    assert error.value.hint
