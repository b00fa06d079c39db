"""What is printed, where, and what never is."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from terminal import DAY, FLOAT, WELLS, Terminal

JSON: list[tuple[str, set[str]]] = [
    ("add wells.jsonl", {"read", "added", "known", "merged", "rejected", "changed", "gone"}),
    ("papers", {"papers"}),
    (f"show {FLOAT}", {"key", "title", "texts"}),
    (f"exclude {FLOAT} --reason old", {"key", "decision", "reason"}),
    (f"include {FLOAT}", {"key", "decision", "reason"}),
    (f"set {FLOAT} year=2020", {"key", "year"}),
    (f"remove {FLOAT}", {"removed"}),
    ("survey --out s", {"format", "themes", "ledger", "files"}),
    ("plan --out p", {"format", "topic", "themes", "outliers"}),
    ("claims survey", {"claims"}),
    ("render survey", {"format", "themes", "files"}),
    ("config", {"out", "themes", "verify", "workspace", "collection"}),
]  # fmt: skip


@pytest.mark.parametrize(("line", "keys"), JSON)
def test_json_is_one_document_on_stdout(busy: Terminal, line: str, keys: set[str]) -> None:
    """With --json stdout is one JSON document and nothing else."""
    shown = busy.run(*line.split(), "--json")
    assert shown.code == 0
    assert keys <= set(shown.json())


def test_an_export_for_programs_is_one_document(busy: Terminal) -> None:
    """`export --json` gives the papers in one object, as `papers --json` does."""
    papers = busy.run("export", "--json").json()["papers"]
    assert len(papers) == 4
    assert all(paper["title"] for paper in papers)


@pytest.mark.parametrize("line", ["export --json --format bibtex", "--json papers"])
def test_json_never_gives_anything_else(busy: Terminal, line: str) -> None:
    """--json with a format that is no JSON is refused, and not quietly something else."""
    shown = busy.run(*line.split())
    assert shown.code == 2
    assert shown.out == ""


def test_the_json_of_a_survey_is_its_file(busy: Terminal) -> None:
    """What --json prints is what stands in survey.json."""
    shown = busy.run("survey", "--out", "s", "--date", DAY, "--json")
    assert shown.out == (busy.folder / "s" / "survey.json").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "line", ["survey", "plan", "add wells.jsonl", "papers", "claims survey", "render survey"]
)
def test_the_result_is_on_stdout_and_progress_on_stderr(busy: Terminal, line: str) -> None:
    """Redirecting stdout keeps the result alone; --quiet silences the rest and changes no result."""
    loud = busy.run(*line.split())
    quiet = busy.run("--quiet", *line.split())
    assert loud.out == quiet.out != ""
    assert quiet.err == ""
    assert "workspace" not in loud.out
    if line in ("survey", "plan", "add wells.jsonl"):
        assert loud.err.startswith("workspace: .litreview\n")


def test_quiet_still_tells_errors(busy: Terminal) -> None:
    """-q hides progress and never an error."""
    shown = busy.run("-q", "show", "nosuch")
    assert (shown.code, shown.out) == (2, "")
    assert shown.err.startswith("error: ")


def test_a_survey_lists_its_themes_and_where_it_is(busy: Terminal) -> None:
    """The result of a survey: its themes with the number of papers, the flow, and the document to open."""
    shown = busy.run("survey", "--out", "s")
    made = json.loads((busy.folder / "s" / "survey.json").read_text(encoding="utf-8"))
    assert all(f"{len(theme['papers']):4}  {theme['title']}" in shown.out for theme in made["themes"])
    assert "4 records: 4 cited" in shown.out
    assert shown.out.endswith("written: s/survey.md\n")


def test_edits_are_said_to_be_left_alone(busy: Terminal) -> None:
    """Where a document was edited the run names the new one, in its note and in its result."""
    with (busy.folder / "survey" / "survey.md").open("a", encoding="utf-8") as file:
        file.write("mine\n")
    shown = busy.run("survey", "--date", "2026-01-16")
    assert shown.out.endswith("written: survey/survey.new.md\n")
    assert "edited by hand" in shown.err


def test_the_log_holds_what_was_said(busy: Terminal) -> None:
    """--log-file takes notes and progress with their time, also when the terminal is quiet, and adds at its end."""
    for _ in range(2):
        shown = busy.spawn("--quiet", "--log-file", "run.log", "survey", "wells.jsonl", "--out", "s")
        assert (shown.code, shown.err) == (0, "")
    lines = (busy.folder / "run.log").read_text(encoding="utf-8").splitlines()
    assert all(re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00 \S", line) for line in lines)
    assert sum(line.endswith("workspace: .litreview") for line in lines) == 2
    assert any("writing sections" in line for line in lines)


@pytest.mark.parametrize("environment", [{}, {"NO_COLOR": "1"}])
@pytest.mark.parametrize("line", ["survey", "papers", "show nosuch", "survey --nosuch", "--help"])
def test_a_pipe_gets_no_colours(busy: Terminal, line: str, environment: dict[str, str]) -> None:
    """Away from a terminal, or with NO_COLOR, no escape sequence is printed."""
    assert "\x1b" not in busy.run(*line.split(), **environment).said


EVIL = "Evil \x1b[31mRed\x1b]0;owned\x07 \x9b2J \u202egnp \x08\x7f \u2028 Title of Water Levels"
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029]")
EVIL_RECORD = {"title": EVIL, "abstract": f"We present {EVIL}, a method. It is 2x faster.", "authors": [EVIL], "venue": EVIL,
               "notes": EVIL, "keywords": [EVIL], "url": "https://x.org/\x1b[1m", "key": "evil", "extra": EVIL}  # fmt: skip


@pytest.mark.parametrize(
    "line",
    ["add evil.jsonl", "papers", "show evil", "survey evil.jsonl --out s", "plan --out s", "claims survey", "export", "export --format jsonl",
     "exclude evil --reason EVIL", "show EVIL", "papers --collection EVIL", "set evil EVIL=3", "set evil notes=EVIL", "add EVIL", "EVIL",
     "survey --date EVIL", "papers --EVIL", "add evil.jsonl --from EVIL", "papers --json", "show evil --json", "claims survey --json",
     "survey evil.jsonl --out s --json", "export --format EVIL", "--log-file EVIL/x papers"],
)  # fmt: skip
def test_a_title_cannot_speak_to_the_terminal(desk: Terminal, line: str) -> None:
    """No control character of a paper, a file or an argument is printed: not in results, notes, JSON or errors."""
    desk.write("evil.jsonl", [EVIL_RECORD, *WELLS])
    assert desk.run("survey", "evil.jsonl").code == 0
    shown = desk.run(*(EVIL if part == "EVIL" else part.replace("EVIL", EVIL) for part in line.split()))
    assert CONTROL.findall(shown.said) == []


@pytest.mark.parametrize(
    "text",
    ["a\u00a0b\u2009c", "می\u200cخواهم", "co\u00adoperate", "e\u0301 \u200bzero", "tab\there", "👩\u200d🔬"],
)
@pytest.mark.parametrize("form", ["jsonl", "bibtex"])
def test_an_export_is_the_same_on_stdout_and_in_a_file(desk: Terminal, form: str, text: str) -> None:
    """Whether an export is redirected or written with -o changes no character."""
    desk.write("a.jsonl", [{"title": f"On {text} in wells", "abstract": f"It says {text}.", "venue": text}])
    desk.run("add", "a.jsonl")
    piped = desk.run("export", "--format", form).out
    desk.run("export", "--format", form, "-o", "out.txt")
    assert (desk.folder / "out.txt").read_text(encoding="utf-8") == piped


@pytest.mark.parametrize("command", ["add", "survey", "plan"])
def test_standard_input_is_read(desk: Terminal, command: str) -> None:
    """`-` reads what is piped in, and says where it came from."""
    data = "".join(json.dumps(record) + "\n" for record in WELLS).encode()
    shown = desk.run(command, "-", stdin=data)
    assert shown.code == 0
    assert len(desk.run("papers").out.splitlines()) == 4
    assert desk.run("add", "-", stdin=b"no record\n").out.count("stdin, ") == 1


@pytest.mark.parametrize(("data", "code"), [(b"", 1), (b"\x00\x01", 1), (b"\xff\xfe{", 1), (b"[]", 1)])
def test_useless_standard_input_is_said_to_be_so(desk: Terminal, data: bytes, code: int) -> None:
    """Nothing, nonsense or a list of nothing piped in is rejected like any other file."""
    assert desk.run("add", "-", stdin=data).code == code


def test_settings_are_shown_with_where_they_came_from(desk: Terminal) -> None:
    """`config` names each setting, its value, its origin and what it is."""
    desk.write("home/.config/litreview/config.toml", b'verify = "none"\ncollection = "mine"\n')
    desk.write("litreview.toml", b'out = "here"\nverify = "code"\n')
    found = desk.run("--workspace", "w", "config", "--json", LITREVIEW_THEMES="7").json()
    origins = {name: (value["value"], Path(value["origin"]).name) for name, value in found.items()}
    assert {name: value for name, value in origins.items() if value[1] != "built in"} == {
        "workspace": ("w", "--workspace"), "collection": ("mine", "config.toml"), "out": ("here", "litreview.toml"),
        "themes": (7, "LITREVIEW_THEMES"), "verify": ("code", "litreview.toml"),
    }  # fmt: skip
    assert origins["workers"] == (1, "built in")
    text = desk.run("config").out
    for name in origins:
        assert re.search(rf"^{name} +\S.* +\(.+\) +\w", text, re.M)


def test_settings_reach_the_commands(desk: Terminal) -> None:
    """What a folder's settings say holds for a command that is run there."""
    desk.write("litreview.toml", b'out = "there"\nthemes = 1\n')
    desk.write("wells.jsonl", WELLS)
    assert desk.run("survey", "wells.jsonl").code == 0
    made = json.loads((desk.folder / "there" / "survey.json").read_text(encoding="utf-8"))
    assert len(made["themes"]) == 1
