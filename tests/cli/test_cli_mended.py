"""Faults that were mended and may not come back, as a person at a terminal meets them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from terminal import DAY, FLOAT, WELLS, Terminal

posix = pytest.mark.skipif(os.name != "posix", reason="file descriptors and free bytes as POSIX has them")
LINES = ["papers", "add wells.jsonl", "survey wells.jsonl --out s", "plan wells.jsonl --out p", "config", "export",
         "claims survey", "render survey --out s"]  # fmt: skip


# Options of the whole program, behind the command's name


@pytest.mark.parametrize("flag", ["-q", "--quiet"])
@pytest.mark.parametrize("line", LINES)
def test_quiet_may_stand_behind_the_command(busy: Terminal, line: str, flag: str) -> None:
    """-q at the end silences notes as -q in front does, and changes no result."""
    before, behind = busy.run(flag, *line.split()), busy.run(*line.split(), flag)
    assert (behind.code, behind.out, behind.err) == (before.code, before.out, "")


def test_quiet_in_the_middle_is_understood(busy: Terminal) -> None:
    """Where among a command's words -q stands does not matter, and the next command is loud again."""
    assert busy.run("survey", "-q", "wells.jsonl", "--out", "s").err == ""
    assert busy.run("survey", "wells.jsonl", "--out", "s").err != ""


@pytest.mark.parametrize("line", ["add wells.jsonl", "survey wells.jsonl --out s", "plan wells.jsonl"])
def test_the_workspace_may_be_named_behind_the_command(desk: Terminal, line: str) -> None:
    """--workspace at the end is the workspace that is used, and no other is made."""
    desk.write("wells.jsonl", WELLS)
    shown = desk.run(*line.split(), "--workspace", "w")
    assert shown.code == 0
    assert shown.err.startswith("workspace: w/.litreview\n")
    assert (desk.folder / "w" / ".litreview" / "library.sqlite").is_file()
    assert not (desk.folder / ".litreview").exists()
    assert len(desk.run("papers", "--workspace", "w", "--json").json()["papers"]) == 4
    assert desk.run("papers", "--json").json()["papers"] == []


def test_the_workspace_behind_the_command_is_said_to_be_stated(desk: Terminal) -> None:
    """`config` shows a workspace that was named behind it; the last one that is named counts."""
    for line in ("config --workspace w --json", "--workspace v config --workspace w --json"):
        assert desk.run(*line.split()).json()["workspace"] == {"value": "w", "origin": "--workspace"}


@pytest.mark.parametrize("line", ["add wells.jsonl", "survey wells.jsonl --out s", "plan wells.jsonl"])
def test_the_log_may_be_named_behind_the_command(desk: Terminal, line: str) -> None:
    """--log-file at the end takes what is said, also where nothing is shown."""
    desk.write("wells.jsonl", WELLS)
    assert desk.run(*line.split(), "--log-file", "run.log", "-q").err == ""
    assert "workspace: .litreview\n" in (desk.folder / "run.log").read_text(encoding="utf-8")


# What a question leaves behind


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("papers", 0),
        ("papers --json", 0),
        ("papers --lacking year", 0),
        ("papers --collection nosuch", 2),
        (f"show {FLOAT}", 2),
        ("export", 0),
        ("export --format jsonl", 0),
        ("export --json", 0),
        ("config", 0),
        ("claims nosuch", 1),
    ],
)
def test_a_question_in_an_empty_folder_leaves_it_empty(desk: Terminal, line: str, code: int) -> None:
    """Looking makes no workspace, here or where --workspace says."""
    for workspace in ([], ["--workspace", "w"]):
        assert desk.run(*workspace, *line.split()).code == code
        assert [path.name for path in desk.folder.iterdir()] == ["home"]


# Wrong usage


@pytest.mark.parametrize("asked", ["--topic wells", "--themes 2", "--replan", "--topic wells --replan"])
def test_a_plan_and_wishes_are_wrong_usage(busy: Terminal, asked: str) -> None:
    """--plan with --topic, --themes or --replan is exit 2, names the three, and writes nothing."""
    shown = busy.run("survey", "--plan", "plan.md", "--out", "s", *asked.split())
    assert (shown.code, shown.out) == (2, "")
    assert all(option in shown.err for option in ("--topic", "--themes", "--replan"))
    assert not (busy.folder / "s").exists()


@pytest.mark.parametrize(
    "line", ["survey more.jsonl --out taken", "plan more.jsonl --out taken", "render survey --out taken"]
)
def test_a_file_where_a_folder_is_wanted_is_told_first(busy: Terminal, line: str) -> None:
    """--out naming a file fails with a hint, before papers are taken in."""
    busy.write("more.jsonl", [{"title": "One More Report of a Well"}])
    busy.write("taken", b"mine")
    shown = busy.run(*line.split())
    assert shown.code in (1, 2)
    assert shown.out == ""
    assert "taken" in shown.err and "hint: " in shown.err and "--out" in shown.err
    assert (busy.folder / "taken").read_bytes() == b"mine"
    assert len(busy.run("papers", "--json").json()["papers"]) == 4


@pytest.mark.parametrize(
    "what", ["date=20260821", "title=\u200b\u200d", "title=\ufeff", "abstract=\u2060"], ids=ascii
)
def test_a_value_that_says_nothing_is_wrong_usage(busy: Terminal, what: str) -> None:
    """A day without dashes and a text that nobody sees are exit 2 with a hint, and the paper stays as it was."""
    before = busy.run("show", FLOAT).out
    shown = busy.run("set", FLOAT, what)
    assert (shown.code, shown.out) == (2, "")
    assert "hint: " in shown.err
    assert busy.run("show", FLOAT).out == before


@posix
@pytest.mark.parametrize(
    "line",
    [["add", b"w\xffll.jsonl"], ["show", b"\xff"], ["survey", "--topic", b"w\xe9lls"], [b"\xff"], ["--workspace", b"\xff", "papers"]],
    ids=ascii,
)  # fmt: skip
def test_an_argument_that_is_no_text_is_wrong_usage(busy: Terminal, line: list[str | bytes]) -> None:
    """A byte that is not UTF-8 in an argument is exit 2 with one error, and no traceback."""
    done = subprocess.run(
        [sys.executable, "-m", "agent", *line],
        cwd=busy.folder,
        env=busy.environment({"LC_ALL": "C.UTF-8"}),
        capture_output=True,
        check=False,
    )
    err = done.stderr.decode()
    assert (done.returncode, done.stdout) == (2, b"")
    assert err.startswith("error: ") and "UTF-8" in err
    assert "Traceback" not in err


# An edited plan in the survey's folder


def key_lines(plan: Path) -> list[str]:
    return [line for line in plan.read_text(encoding="utf-8").splitlines() if line.startswith("- [@")]


def test_a_doubled_key_in_the_standing_plan_is_named(busy: Terminal) -> None:
    """survey/plan.md edited so that a key stands twice: exit 2, the key is named, the survey stays as it was."""
    plan = busy.folder / "survey" / "plan.md"
    before = (busy.folder / "survey" / "survey.json").read_bytes()
    with plan.open("a", encoding="utf-8") as file:
        file.write(f"\n## Once More {{#more}}\n\n- [@{FLOAT}]\n")
    shown = busy.run("survey", "--date", DAY)
    assert (shown.code, shown.out) == (2, "")
    assert FLOAT in shown.err and "hint: " in shown.err
    assert (busy.folder / "survey" / "survey.json").read_bytes() == before


def test_a_strange_key_in_the_standing_plan_is_told(busy: Terminal) -> None:
    """survey/plan.md edited to name a paper that is not here: a note names it, and the rest is obeyed."""
    plan = busy.folder / "survey" / "plan.md"
    lines = key_lines(plan)
    plan.write_text("\n".join(["# wells", "## Mine {#mine}", *lines, "- [@nosuch] X"]), encoding="utf-8")
    shown = busy.run("survey", "--date", DAY, "--json")
    assert shown.code == 0
    assert "nosuch" in shown.err
    assert [(theme["id"], len(theme["papers"])) for theme in shown.json()["themes"]] == [("mine", 4)]


# Exports


@pytest.mark.parametrize(
    ("name", "new"), [("refs.bib", "refs.new.bib"), ("deep/all.jsonl", "deep/all.new.jsonl")]
)
def test_an_edited_export_is_left_alone(busy: Terminal, name: str, new: str) -> None:
    """-o to a file that a hand has changed writes NAME.new.EXT beside it and says so; --force overwrites."""
    line = ["export", "--format", "bibtex" if name.endswith("bib") else "jsonl", "-o", name]
    file, beside = busy.folder / name, busy.folder / new
    assert busy.run(*line).err == f"written: {name}\n"
    wanted = file.read_text(encoding="utf-8")
    assert busy.run(*line).err == f"written: {name}\n"
    file.write_text(wanted + "mine\n", encoding="utf-8")
    shown = busy.run(*line)
    assert (shown.code, shown.out) == (0, "")
    assert "edited by hand" in shown.err and f"written: {new}\n" in shown.err
    assert file.read_text(encoding="utf-8") == wanted + "mine\n"
    assert beside.read_text(encoding="utf-8") == wanted
    assert busy.run(*line, "--force").err == f"written: {name}\n"
    assert file.read_text(encoding="utf-8") == wanted


def test_an_export_spares_a_file_that_it_never_wrote(busy: Terminal) -> None:
    """A file that stood there before is a person's too."""
    busy.write("refs.bib", b"@book{mine}\n")
    assert "written: refs.new.bib\n" in busy.run("export", "-o", "refs.bib").err
    assert (busy.folder / "refs.bib").read_bytes() == b"@book{mine}\n"


# What is told


@pytest.mark.parametrize("line", ["survey wells.jsonl --out s", "plan wells.jsonl --out p"])
def test_a_topic_that_no_paper_speaks_of_is_told(busy: Terminal, line: str) -> None:
    """A topic with no word in common with the papers is said on stderr; one that they speak of is not."""
    shown = busy.run(*line.split(), "--topic", "zebra husbandry")
    assert shown.code == 0
    assert any("zebra husbandry" in said and "no paper" in said for said in shown.err.splitlines())
    assert "no paper" not in busy.run(*line.split(), "--replan" if line.startswith("survey") else "--force",
                                      "--topic", "water levels").err  # fmt: skip


@pytest.mark.parametrize("word", ["Floats", "floats", "FloatLog", "Levels in Wells from Floats"])
def test_a_word_of_a_title_suggests_its_key(busy: Terminal, word: str) -> None:
    """`show` with words that stand in a title names that paper's key."""
    shown = busy.run("show", word)
    assert (shown.code, shown.out) == (2, "")
    assert f"'{FLOAT}'" in shown.err


@pytest.mark.parametrize("name", ["paper.txt", "paper.jsonl", "paper.md", "paper"])
@pytest.mark.parametrize(
    "data", [b"%PDF-1.7\n1 0 obj\n<< >>\n", b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n\x00\x01 obj\n"]
)
def test_a_pdf_under_another_name_is_called_one(desk: Terminal, name: str, data: bytes) -> None:
    """Whatever its ending, a PDF is one rejection that says PDF."""
    desk.write(name, data)
    shown = desk.run("add", name)
    assert shown.code == 1
    assert "1 rejected" in shown.out and f"rejected: {name}, file: a PDF" in shown.out


@pytest.mark.parametrize("what", ["papers", "theme"])
@pytest.mark.parametrize("line", ["render survey/survey.json --out s", "render survey", "claims survey"])
def test_a_survey_that_lacks_a_paper_is_an_error(busy: Terminal, line: str, what: str) -> None:
    """survey.json without a paper that it cites: one error with the file and the key, and no traceback."""
    file = busy.folder / "survey" / "survey.json"
    survey = json.loads(file.read_text(encoding="utf-8"))
    if what == "papers":
        del survey["papers"][FLOAT]
    else:
        survey["themes"][0]["papers"].append("nosuch")
    file.write_text(json.dumps(survey), encoding="utf-8")
    shown = busy.spawn(*line.split()) if line == "render survey" else busy.run(*line.split())
    assert (shown.code, shown.out) == (1, "")
    assert "survey.json" in shown.err and (FLOAT if what == "papers" else "nosuch") in shown.err
    assert "Traceback" not in shown.err
    assert not (busy.folder / "s").exists()


# Settings and streams


@pytest.mark.parametrize("line", ["add more.jsonl", "survey more.jsonl --out s", "plan more.jsonl --out p"])
@pytest.mark.parametrize("name", ["wells", "new"])
def test_the_set_collection_takes_in_no_named_files(busy: Terminal, line: str, name: str) -> None:
    """LITREVIEW_COLLECTION is what commands without files are about; files that are named do not go into it."""
    busy.write("more.jsonl", [{"title": "Wells of the Moon", "abstract": "We measure dry wells."}])
    assert busy.run(*line.split(), LITREVIEW_COLLECTION=name).code == 0
    found = {paper["title"]: paper["collections"] for paper in busy.run("papers", "--json").json()["papers"]}
    assert found.pop("Wells of the Moon") == []
    assert set(map(tuple, found.values())) == {("wells",)}
    listed = busy.run("papers", "--json", LITREVIEW_COLLECTION="wells").json()["papers"]
    assert len(listed) == 4


@posix
@pytest.mark.parametrize("redirection", ["2>&-", "2>/dev/full"])
def test_a_survey_without_a_stderr_is_written(desk: Terminal, redirection: str) -> None:
    """A stderr that is closed, or that takes nothing, costs the notes and not the survey."""
    if redirection.endswith("full") and not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    desk.write("wells.jsonl", WELLS)
    command = f'exec "$0" -m agent survey wells.jsonl --date {DAY} {redirection}'
    done = subprocess.run(
        ["sh", "-c", command, sys.executable],
        cwd=desk.folder,
        env=desk.environment({}),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    assert done.stdout.decode().endswith("written: survey/survey.md\n")
    assert done.returncode == 0
    assert (desk.folder / "survey" / "survey.json").is_file()


@posix
def test_a_survey_whose_watcher_left_is_written(desk: Terminal) -> None:
    """A reader of stderr that leaves early does not stop the work."""
    desk.write("wells.jsonl", WELLS)
    process = desk.start("survey", "wells.jsonl", "--date", DAY)
    assert process.stderr is not None and process.stdout is not None
    process.stderr.close()  # before anything is said
    out = process.stdout.read().decode()
    process.stdout.close()
    assert process.wait() == 0
    assert out.endswith("written: survey/survey.md\n")
    assert (desk.folder / "survey" / "survey.json").is_file()


# What a newcomer stumbled over


@pytest.mark.parametrize(
    "address", ["http://user:sk-canary-123@127.0.0.1:9/v1", "http://127.0.0.1:9/v1?key=sk-canary-123"]
)
def test_a_secret_in_the_address_is_not_shown(desk: Terminal, address: str) -> None:
    """`config` shows an endpoint's address without what only its owner may know."""
    shown = desk.run("config", OPENAI_BASE_URL=address)
    assert shown.code == 0 and "http://127.0.0.1:9/v1" in shown.out
    assert "canary" not in shown.said


def test_an_address_that_is_none_is_refused_without_being_shown(desk: Terminal) -> None:
    """A word in the place of the endpoint's address is told by the variable's name."""
    shown = desk.run("config", OPENAI_BASE_URL="sk-canary-123")
    assert shown.code == 2 and "OPENAI_BASE_URL" in shown.err and "https://host/v1" in shown.err
    assert "canary" not in shown.said


def test_a_dead_endpoint_is_told_with_the_systems_word(desk: Terminal) -> None:
    """Why no connection came about stands in the message."""
    desk.write("wells.jsonl", WELLS)
    shown = desk.run(
        "survey", "wells.jsonl", "--model", "x", OPENAI_BASE_URL="http://127.0.0.1:9/v1", LITREVIEW_TRIES="1"
    )
    assert shown.code == 1
    assert "onnection refused" in shown.err or "onnect call failed" in shown.err


def test_a_recording_without_a_model_is_wrong_usage(desk: Terminal) -> None:
    """There is nothing to record where no model is asked."""
    desk.write("wells.jsonl", WELLS)
    shown = desk.run("survey", "wells.jsonl", "--record", "r.jsonl")
    assert shown.code == 2 and "--record" in shown.err


def test_a_recording_that_cannot_be_written_is_told_before_anything_is_asked(desk: Terminal) -> None:
    """A file in its folder's place: the endpoint, which is dead, is not even tried."""
    desk.write("wells.jsonl", WELLS)
    shown = desk.run(
        *"survey wells.jsonl --model x --record wells.jsonl/r".split(),
        OPENAI_BASE_URL="http://127.0.0.1:9/v1",
    )
    assert shown.code == 1 and "the recording cannot be written" in shown.err


def test_options_are_called_as_they_are_typed(desk: Terminal) -> None:
    """A bad value names the option with its hyphen, and once."""
    shown = desk.run("survey", "--max-cost", "abc")
    assert shown.code == 2 and "error: --max-cost = 'abc'" in shown.err


def test_where_nothing_is_lacking_that_is_said(desk: Terminal) -> None:
    """An empty answer to `--lacking` is no empty library."""
    desk.write("wells.jsonl", WELLS)
    desk.run("add", "wells.jsonl")
    assert "no paper here lacks abstract" in desk.run("papers", "--lacking", "abstract").err


def test_an_included_paper_that_a_plan_sets_aside_is_told(desk: Terminal) -> None:
    """A given plan is obeyed, and says what it overrules."""
    desk.write("wells.jsonl", WELLS)
    desk.run("plan", "wells.jsonl")
    plan = desk.folder / "plan.md"
    line = next(line for line in plan.read_text().splitlines() if f"[@{FLOAT}]" in line)
    plan.write_text(
        plan.read_text().replace(line + "\n", "") + f"\n## Outliers {{#outliers}}\n\n{line}: off\n"
    )
    desk.run("include", FLOAT)
    shown = desk.run("survey", "--plan", "plan.md")
    assert f"sets aside what you included: {FLOAT}" in shown.err
