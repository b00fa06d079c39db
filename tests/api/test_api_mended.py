"""Faults that were mended and may not come back: what is read, what is kept, and which plan is obeyed."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from bench import BRIDGES, DAY, WELLS, digests, review, write

from agent import Review
from agent.errors import OutputError, PlanError, UsageError
from agent.records import Survey

FLOAT, ECHO = "floatlogwaterlevelsin", "echowellwaterlevelsin"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with papers, their library and, in `s`, a survey of them."""
    folder = tmp_path_factory.mktemp("made")
    write(folder / "in" / "papers.jsonl", [*WELLS, *BRIDGES])
    review(folder).survey([folder / "in"], out=folder / "s", date=DAY)
    return folder


@pytest.fixture
def place(made: Path, tmp_path: Path) -> Path:
    """A copy of it, to be changed; its library stands for the whole survey."""
    folder = tmp_path / "place"
    shutil.copytree(made, folder)
    return folder


def placed(survey: Survey) -> dict[str, tuple[str, ...]]:
    return {theme.id: theme.papers for theme in survey.themes}


# What is read


def test_a_survey_inside_a_folder_is_not_read(place: Path) -> None:
    """A folder that holds papers and a survey of them gives the papers alone: a second run reads what the first did."""
    shutil.copytree(place / "s", place / "in" / "survey")
    shutil.copytree(place / "s", place / "in" / "deep" / "er")
    one = review(place / "fresh")
    report = one.add([place / "in"])
    assert (report.read, report.added, report.rejected) == (8, 8, ())
    again = one.survey([place / "in"], out=place / "in" / "survey", date=DAY)
    assert {row.source for row in again.ledger} == {"papers.jsonl"}
    assert digests(place / "in" / "survey") == digests(place / "s")


@pytest.mark.parametrize("name", ["survey.json", "ledger.csv"])
def test_a_folder_with_one_of_its_files_is_no_survey(place: Path, name: str) -> None:
    """Papers that lie beside a file which is only called like one of ours are read."""
    shutil.copy(place / "s" / name, place / "in" / name)
    assert review(place / "fresh").add([place / "in"]).added == 8


def test_papers_below_a_survey_are_read(place: Path) -> None:
    """What is left out is the survey's own folder, not the folders in it."""
    write(place / "s" / "more" / "new.jsonl", [{"title": "Wells of the Moon", "abstract": "They are dry."}])
    assert review(place / "fresh").add([place]).added == 9


@pytest.mark.parametrize("name", ["survey.json", "plan.json"])
def test_a_product_that_is_named_is_one_rejection(place: Path, name: str) -> None:
    """A product of our own given as input is rejected once and as what it is."""
    report = review(place / "fresh").add([place / "s" / name])
    assert (report.read, report.added) == (1, 0)
    assert "a product of litreview" in report.rejected[0].reason


# What a kept document needs


def cited_in(document: Path) -> set[str]:
    return set(re.findall(r"(?<=[\[ ;])@([\w:./+-]*\w)", document.read_text(encoding="utf-8")))


def entries_of(bibliography: Path) -> set[str]:
    return set(re.findall(r"^@\w+\{([^,]+),", bibliography.read_text(encoding="utf-8"), re.M))


@pytest.mark.parametrize("runs", [1, 2])
def test_a_kept_document_keeps_its_references(place: Path, runs: int) -> None:
    """survey.md edited, then a paper excluded: the kept text still finds every key that it cites, run after run."""
    document = place / "s" / "survey.md"
    text = document.read_text(encoding="utf-8") + f"\nMy own words [@{ECHO}], and as @{FLOAT} says.\n"
    document.write_text(text, encoding="utf-8")
    before = cited_in(document)
    assert FLOAT in before
    one = review(place)
    one.exclude(FLOAT, "too old")
    for _ in range(runs):
        again = one.survey(out=place / "s", date="2026-01-16")
    assert document.read_text(encoding="utf-8") == text
    assert before <= entries_of(place / "s" / "references.bib")
    assert again.flow.excluded == 1
    assert FLOAT not in cited_in(place / "s" / "survey.new.md")


def test_a_document_that_is_written_anew_has_its_own_references(place: Path) -> None:
    """Where survey.md was not edited, an excluded paper leaves the references with it."""
    one = review(place)
    one.exclude(FLOAT)
    one.survey(out=place / "s", date=DAY)
    assert entries_of(place / "s" / "references.bib") == cited_in(place / "s" / "survey.md")
    assert FLOAT not in entries_of(place / "s" / "references.bib")


# The plan


def in_standing(one: Review, place: Path, name: str, text: str) -> Survey:
    (place / "s" / name).write_text(text, encoding="utf-8")
    return one.survey(out=place / "s", date=DAY)


def in_given(one: Review, place: Path, name: str, text: str) -> Survey:
    (place / name).write_text(text, encoding="utf-8")
    return one.survey(plan=place / name, out=place / "other", date=DAY)


WAYS = pytest.mark.parametrize("way", [in_standing, in_given], ids=["standing", "given"])


def plan_text(place: Path, name: str, ids: tuple[str, str] = ("odd", "even")) -> str:
    """A plan of two themes with these ids, over all papers of the library."""
    keys = [paper.key for paper in review(place).papers()]
    parts = list(zip(ids, (keys[::2], keys[1::2]), strict=True))
    if name == "plan.md":
        lines = ["# wells and bridges"]
        for number, (id_, members) in enumerate(parts):
            lines += [f"## Theme {number} {{#{id_}}}", *(f"- [@{key}]" for key in members)]
        return "\n".join(lines) + "\n"
    themes = [
        {"id": id_, "title": f"Theme {n}", "papers": [{"key": key, "title": "x"} for key in members]}
        for n, (id_, members) in enumerate(parts)
    ]
    return json.dumps({"topic": "wells and bridges", "themes": themes})


@WAYS
@pytest.mark.parametrize("name", ["plan.md", "plan.json"])
@pytest.mark.parametrize(
    ("ids", "said"),
    [
        (("introduction", "even"), "{#introduction}"),
        (("odd", "outlook"), "{#outlook}"),
        (("comparison", "even"), "{#comparison}"),
        (("same", "same"), "{#same}"),
    ],
)
def test_an_id_that_cannot_be_used_is_refused(
    place: Path, way: Callable[..., Survey], name: str, ids: tuple[str, str], said: str
) -> None:
    """A theme with an id of the frame, or with another theme's, is named in either form of the plan."""
    before = digests(place / "s").keys()
    with pytest.raises(PlanError) as error:
        way(review(place), place, name, plan_text(place, name, ids))
    assert name in error.value.message and said in error.value.message
    assert error.value.hint
    assert digests(place / "s").keys() == before
    assert not (place / "other").exists()


@WAYS
@pytest.mark.parametrize("name", ["plan.md", "plan.json"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_plan_with_a_mark_of_byte_order_is_read(
    place: Path, way: Callable[..., Survey], name: str, mark: str
) -> None:
    """What an editor puts before a plan, in either form, changes nothing of it."""
    again = way(review(place), place, name, mark + plan_text(place, name))
    assert list(placed(again)) == ["odd", "even"]
    assert (again.topic, len(again.papers)) == ("wells and bridges", 8)


@WAYS
@pytest.mark.parametrize("name", ["plan.md", "plan.json"])
def test_a_key_that_stands_twice_is_named(place: Path, way: Callable[..., Survey], name: str) -> None:
    """No place is chosen for a paper that a plan names twice, in the survey's folder no more than elsewhere."""
    text = plan_text(place, name)
    if name == "plan.md":
        text += f"- [@{FLOAT}]\n"
    else:
        plan = json.loads(text)
        for theme in plan["themes"]:
            theme["papers"] = [paper for paper in theme["papers"] if paper["key"] != FLOAT]
            theme["papers"].append({"key": FLOAT, "title": "x"})
        text = json.dumps(plan)
    with pytest.raises(PlanError, match=FLOAT) as error:
        way(review(place), place, name, text)
    assert error.value.exit_code == 2


@pytest.mark.parametrize("name", ["plan.md", "plan.json"])
def test_a_standing_plan_with_a_strange_key_is_obeyed(place: Path, name: str) -> None:
    """A key of the plan in the survey's folder that no paper has is told, and the rest stands as it was moved."""
    text = plan_text(place, name)
    wanted = placed(in_given(review(place), place, name, text))
    if name == "plan.md":
        text += "- [@nosuch] A Paper of Another Library\n"
    else:
        plan = json.loads(text)
        plan["themes"][0]["papers"].append({"key": "nosuch", "title": "x"})
        text = json.dumps(plan)
    one = review(place)
    assert placed(in_standing(one, place, name, text)) == wanted
    assert sum("nosuch" in warning for warning in one.warnings) == 1


ASKED: list[dict[str, Any]] = [
    {"topic": "wells"},
    {"themes": 2},
    {"replan": True},
    {"topic": "wells", "themes": 2},
]


@pytest.mark.parametrize("asked", ASKED, ids=lambda asked: "+".join(asked))
def test_a_given_plan_and_wishes_are_refused(place: Path, asked: dict[str, Any]) -> None:
    """A plan that is given has its topic and themes; asking for others besides is wrong usage, before any work."""
    with pytest.raises(UsageError) as error:
        review(place / "fresh").survey(
            [place / "in"], plan=place / "s" / "plan.md", out=place / "other", **asked
        )
    assert error.value.exit_code == 2
    assert error.value.hint
    assert not (place / "fresh").exists()


# Keys that a product names


NAMING: dict[str, Callable[[Review, Path], Any]] = {
    "survey": lambda r, f: r.survey(out=f / "s", date=DAY),
    "plan": lambda r, f: r.plan(out=f / "s"),
    "export bibtex": lambda r, f: r.export("bibtex"),
    "export jsonl": lambda r, f: r.export("jsonl"),
    "export of a collection": lambda r, f: r.export("bibtex", collection="wells"),
}


@pytest.mark.parametrize("name", NAMING)
def test_a_key_that_a_product_names_is_for_good(tmp_path: Path, name: str) -> None:
    """After a survey, a plan or an export an import with another key renames nothing; that key finds the paper too."""
    one = review(tmp_path)
    one.add([write(tmp_path / "wells.jsonl", WELLS)], collection="wells")
    NAMING[name](one, tmp_path)
    one.add([write(tmp_path / "named.jsonl", [{**WELLS[0], "key": "Lind:2021"}])])
    assert one.show(FLOAT).key == one.show("Lind:2021").key == FLOAT
    assert len(one.papers()) == 4


@pytest.mark.parametrize("name", NAMING)
def test_a_key_that_a_product_named_is_given_to_nobody_else(tmp_path: Path, name: str) -> None:
    """A removed paper's key stays its own: a product that cites it never comes to cite another paper."""
    one = review(tmp_path)
    one.add([write(tmp_path / "wells.jsonl", WELLS)], collection="wells")
    NAMING[name](one, tmp_path)
    one.remove(FLOAT)
    rivals = [
        {"title": "FloatLog: Water Levels in Rivers"},
        {"title": "Zebras at the Wells of the Plain", "key": FLOAT},
    ]
    one.add([write(tmp_path / "rivals.jsonl", rivals)])
    found = {paper.title: paper.key for paper in one.papers()}
    assert {rival["title"] for rival in rivals} <= found.keys()
    assert FLOAT not in found.values()


# What is refused


@pytest.mark.parametrize(
    "values",
    [
        {"date": "20260821"},
        {"date": "2026082"},
        {"date": "2026-8-21"},
        {"date": "2026-08-21T10:00"},
        {"title": "\u200b\u200d"},
        {"title": " \ufeff\u2060 "},
        {"abstract": "\u200b"},
        {"title": "Mine", "date": "20260821"},
    ],
    ids=ascii,
)
def test_a_value_that_says_nothing_is_refused(place: Path, values: dict[str, str]) -> None:
    """A day without its dashes and a text that nobody can see are refused with a hint, and nothing is set."""
    one = review(place)
    before = one.show(FLOAT)
    with pytest.raises(UsageError) as error:
        one.set(FLOAT, values)
    assert error.value.hint
    assert one.show(FLOAT) == before


@pytest.mark.parametrize("verb", ["survey", "plan"])
def test_a_file_for_a_folder_is_refused_before_any_work(place: Path, verb: str) -> None:
    """`out` naming a file is refused with a hint: no paper is taken in, and the file is as it was."""
    file = write(place / "taken", ["mine"])
    with pytest.raises(OutputError) as error:
        getattr(review(place / "fresh"), verb)([place / "in"], out=file)
    assert "--out" in (error.value.hint or "")
    assert file.read_text(encoding="utf-8") == "mine\n"
    assert not (place / "fresh").exists()


@pytest.mark.parametrize("place_of_key", ["papers", "theme"])
def test_a_survey_that_lacks_a_paper_that_it_cites_is_none(place: Path, place_of_key: str) -> None:
    """survey.json edited so that it cites what is not in it: an error that names the file and the key."""
    file = place / "s" / "survey.json"
    survey = json.loads(file.read_text(encoding="utf-8"))
    if place_of_key == "papers":
        del survey["papers"][FLOAT]
    else:
        survey["themes"][0]["papers"][0] = "nosuch"
    file.write_text(json.dumps(survey), encoding="utf-8")
    for call in (lambda: review(place).render(file, out=place / "t"), lambda: review(place).claims(file)):
        with pytest.raises(OutputError) as error:
            call()
        assert "survey.json" in error.value.message
        assert (FLOAT if place_of_key == "papers" else "nosuch") in error.value.message
    assert not (place / "t").exists()
