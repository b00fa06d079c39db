"""A survey run after run: about the files that are named, obedient to edits, the same bytes each time."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from bench import BRIDGES, DAY, MORE, SAMPLE, WELLS, digests, review, write

from agent.records import Survey

FLOAT = "floatlogwaterlevelsin"


def titles(survey: Survey) -> set[str]:
    return {paper.title for paper in survey.papers.values()}


def placed(survey: Survey) -> dict[str, tuple[str, ...]]:
    return {theme.id: theme.papers for theme in survey.themes}


def both(folder: Path) -> list[Path]:
    return [write(folder / "in" / "wells.jsonl", WELLS), write(folder / "in" / "bridges.jsonl", BRIDGES)]


def test_a_survey_is_about_exactly_its_files(tmp_path: Path) -> None:
    """Whatever else the library holds stays out: other files, and what the file held before."""
    one = review(tmp_path)
    wells, bridges = both(tmp_path)
    one.add([bridges], collection="bridges")
    assert titles(one.survey([wells], out=tmp_path / "a")) == {record["title"] for record in WELLS}
    write(wells, WELLS[1:])
    made = one.survey([wells], out=tmp_path / "b")
    assert titles(made) == {record["title"] for record in WELLS[1:]}
    assert made.flow.read == 3
    assert len(titles(one.survey(out=tmp_path / "c"))) == 8
    assert titles(one.survey(out=tmp_path / "d", collection="bridges")) == {
        record["title"] for record in BRIDGES
    }


def test_a_file_among_others_counts_only_its_own_records(tmp_path: Path) -> None:
    """A paper that another file brought too is in the survey once, and only the named file's row is in the ledger."""
    one = review(tmp_path)
    one.add([write(tmp_path / "old.jsonl", [{**WELLS[0], "year": 2020}])])
    made = one.survey([write(tmp_path / "new.jsonl", WELLS)], out=tmp_path / "a")
    assert [row.source for row in made.ledger] == ["new.jsonl"] * 4
    assert made.papers[FLOAT].year == 2020


def test_a_plan_that_a_person_rearranged_is_obeyed(tmp_path: Path) -> None:
    """plan.md in the survey's folder, edited: the next run keeps its themes, order and names without being told."""
    one = review(tmp_path)
    files = both(tmp_path)
    out = tmp_path / "s"
    first = one.survey(files, out=out, date=DAY)
    keys = [key for theme in first.themes for key in theme.papers] + [o.key for o in first.outliers]
    lines = [
        "# my topic",
        "## Odd Ones {#odd}",
        *(f"- [@{key}]" for key in keys[::2]),
        "## Even Ones",
        *(f"- [@{key}]" for key in keys[1::2]),
    ]
    (out / "plan.md").write_text("\n".join(lines), encoding="utf-8")
    second = one.survey(files, out=out, date=DAY)
    assert placed(second) == {"odd": tuple(keys[::2]), "even-ones": tuple(keys[1::2])}
    assert (second.topic, [theme.title for theme in second.themes]) == ("my topic", ["Odd Ones", "Even Ones"])
    assert (out / "plan.md").read_text(encoding="utf-8") == "\n".join(lines)
    assert any("plan.md" in warning for warning in one.warnings)
    third = review(tmp_path).survey(files, out=out, date=DAY)
    assert placed(third) == placed(second)


def test_a_plan_as_data_that_a_person_rearranged_is_obeyed(tmp_path: Path) -> None:
    """plan.json can be edited just as well."""
    one = review(tmp_path)
    files, out = both(tmp_path), tmp_path / "s"
    first = one.survey(files, out=out, date=DAY)
    text = (out / "plan.json").read_text(encoding="utf-8")
    (out / "plan.json").write_text(
        text.replace(f'"title": "{first.themes[0].title}"', '"title": "My Name"'), encoding="utf-8"
    )
    assert one.survey(files, out=out, date=DAY).themes[0].title == "My Name"


def test_an_edited_document_is_left_alone_and_said_to_be(tmp_path: Path) -> None:
    """survey.md and survey.json with a person's words in them stay; the new one is beside them and is named."""
    files, out = both(tmp_path), tmp_path / "s"
    review(tmp_path).survey(files, out=out, date=DAY)
    with (out / "survey.md").open("a", encoding="utf-8") as file:
        file.write("My own words.\n")
    one = review(tmp_path)
    made = one.survey(files, out=out, date="2026-01-16")
    assert "My own words." in (out / "survey.md").read_text(encoding="utf-8")
    assert "2026-01-16" in (out / "survey.new.md").read_text(encoding="utf-8")
    assert made.files["survey.md"].written_as == "survey.new.md"
    assert any("survey.new.md" in warning for warning in one.warnings)
    assert set(digests(out)) == {*made.files, "survey.json", "survey.new.md"}


def test_an_edited_survey_json_is_said_to_be_left_alone(tmp_path: Path) -> None:
    """The data file is a file like the others: the run says where the new one is."""
    files, out = both(tmp_path), tmp_path / "s"
    review(tmp_path).survey(files, out=out, date=DAY)
    with (out / "survey.json").open("a", encoding="utf-8") as file:
        file.write("\n")
    one = review(tmp_path)
    one.survey(files, out=out, date="2026-01-16")
    assert (out / "survey.new.json").is_file()
    assert any("survey.new.json" in warning for warning in one.warnings)


def test_force_takes_a_person_s_file(tmp_path: Path) -> None:
    """With `force` nothing is left beside."""
    files, out = both(tmp_path), tmp_path / "s"
    one = review(tmp_path)
    one.survey(files, out=out, date=DAY)
    before = digests(out)
    (out / "survey.md").write_text("mine", encoding="utf-8")
    one.survey(files, out=out, date=DAY, force=True)
    assert digests(out) == before


def test_a_survey_lives_on(tmp_path: Path) -> None:
    """A paper is excluded, then five come in: the rest stays where it was, the new ones are placed, themes keep names."""
    one = review(tmp_path)
    files, out = both(tmp_path), tmp_path / "s"
    first = one.survey(files, out=out, date=DAY)
    one.exclude(FLOAT, "too old")
    second = one.survey(files, out=out, date=DAY)
    assert {id_: tuple(key for key in keys if key != FLOAT) for id_, keys in placed(first).items()} == placed(
        second
    )
    assert second.flow.excluded == 1
    third = one.survey([*files, write(tmp_path / "in" / "more.jsonl", MORE)], out=out, date=DAY)
    assert [theme.title for theme in third.themes] == [theme.title for theme in first.themes]
    for id_, keys in placed(second).items():
        assert placed(third)[id_][: len(keys)] == keys
    everywhere = [key for keys in placed(third).values() for key in keys] + [o.key for o in third.outliers]
    assert len(everywhere) == len(set(everywhere)) == 12
    assert not list(out.glob("*.new*"))


def test_render_makes_the_same_documents(tmp_path: Path) -> None:
    """From survey.json alone, beside it or elsewhere, also without a library: the same bytes."""
    out = tmp_path / "s"
    review(tmp_path).survey([SAMPLE], out=out, date=DAY)
    before = digests(out)
    review(tmp_path / "other").render(out / "survey.json", out=tmp_path / "again")
    review(tmp_path / "other").render(out)
    assert digests(tmp_path / "again") == digests(out) == before


def test_a_rerun_changes_nothing(tmp_path: Path) -> None:
    """The second run in a workspace writes the same bytes, also where titles and reasons look like a plan's signs."""
    odd = [
        {"title": "Report (2019): cooking (n.d.): a book [x](y)", "abstract": "Recipes for soups and stews."}
    ]
    file = write(tmp_path / "odd.jsonl", [*WELLS, *BRIDGES, *MORE, *odd])
    out = tmp_path / "s"
    first = review(tmp_path).survey([file], out=out, date=DAY)
    assert len(first.outliers) == 1
    before = digests(out)
    review(tmp_path).survey([file], out=out, date=DAY)
    assert digests(out) == before


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The sample papers in three files; the two records of one work are in one file."""
    folder = tmp_path_factory.mktemp("parts")
    lines = SAMPLE.read_text(encoding="utf-8").splitlines()
    twins = [line for line in lines if "MergeQuant" in line]
    rest = [line for line in lines if line not in twins]
    return [
        write(folder / f"{name}.jsonl", found)
        for name, found in (("a", [*rest[:8], *twins]), ("b", rest[8:16]), ("c", rest[16:]))
    ]


@pytest.fixture(scope="module")
def wanted(parts: list[Path], tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What a survey of the three files is, byte for byte."""
    folder = tmp_path_factory.mktemp("wanted")
    review(folder).survey(parts, out=folder / "s", date=DAY)
    return digests(folder / "s")


@pytest.mark.parametrize("order", [(2, 1, 0), (1, 2, 0), (0, 2, 1, 0)])
def test_the_order_of_files_changes_no_byte(
    parts: list[Path], wanted: dict[str, str], tmp_path: Path, order: tuple[int, ...]
) -> None:
    """Shuffled, or one of them named twice: the same files come out."""
    review(tmp_path).survey([parts[index] for index in order], out=tmp_path / "s", date=DAY)
    assert digests(tmp_path / "s") == wanted


def test_a_folder_is_its_files(parts: list[Path], wanted: dict[str, str], tmp_path: Path) -> None:
    """Naming the folder is naming what is in it."""
    review(tmp_path).survey([parts[0].parent], out=tmp_path / "s", date=DAY)
    assert digests(tmp_path / "s") == wanted


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1)])
def test_files_that_came_one_by_one_change_no_byte(
    parts: list[Path], wanted: dict[str, str], tmp_path: Path, order: tuple[int, ...]
) -> None:
    """A library that took the same files in one at a time, in any order, gives the same survey."""
    for index in order:
        review(tmp_path).add([parts[index]])
    review(tmp_path).survey(parts, out=tmp_path / "s", date=DAY)
    assert digests(tmp_path / "s") == wanted


def test_the_hash_seed_changes_no_byte(parts: list[Path], wanted: dict[str, str], tmp_path: Path) -> None:
    """Three processes with three hash seeds write the same files."""
    running = []
    for seed in ("0", "1", "4242"):
        folder = tmp_path / seed
        folder.mkdir()
        environment = {**os.environ, "PYTHONHASHSEED": seed, "HOME": str(folder)}
        command = [
            sys.executable,
            "-m",
            "agent",
            "--workspace",
            str(folder),
            "-q",
            "survey",
            *map(str, parts),
            "--out",
            "s",
            "--date",
            DAY,
        ]
        running.append(subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL))
    assert [process.wait() for process in running] == [0, 0, 0]
    assert [digests(tmp_path / seed / "s") for seed in ("0", "1", "4242")] == [wanted] * 3


class Stopped:
    """An observer who presses Ctrl-C when a step begins or moves on."""

    def __init__(self, step: str, moment: str) -> None:
        self.step, self.moment = step, moment

    def start(self, step: str, total: int) -> None:
        if (step, self.moment) == (self.step, "start"):
            raise KeyboardInterrupt

    def advance(self, step: str, count: int = 1) -> None:
        if (step, self.moment) == (self.step, "advance"):
            raise KeyboardInterrupt

    def note(self, message: str) -> None:
        pass

    def finish(self) -> None:
        pass


@pytest.mark.parametrize("moment", ["start", "advance"])
@pytest.mark.parametrize("step", ["files", "plan", "read", "write"])
def test_an_interrupted_run_leaves_a_sound_library(tmp_path: Path, step: str, moment: str) -> None:
    """Wherever it stops, no half document is there, and the next run gives what an uninterrupted one gives."""
    files = both(tmp_path)
    observer: Any = Stopped(step, moment)
    with pytest.raises((KeyboardInterrupt, asyncio.CancelledError)):
        review(tmp_path / "w", observer=observer).survey(files, out=tmp_path / "s", date=DAY)
    assert not (tmp_path / "s").exists()
    review(tmp_path / "w").survey(files, out=tmp_path / "s", date=DAY)
    review(tmp_path / "v").survey(files, out=tmp_path / "t", date=DAY)
    assert digests(tmp_path / "s") == digests(tmp_path / "t")
