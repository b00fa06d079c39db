"""Questions at the command line: answers, finds, citations, threads and the chat, as a person meets them."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from terminal import DAY, FLOAT, WELLS, Shown, Terminal
from typed import CTRL_C, CTRL_D, PROMPT, Typed

from agent.api import Review
from agent.records import Answer, Missing

FAST = "How much faster is FloatLog than reading by hand?"
QUOTED = "“FloatLog is 1.5x faster than reading by hand.”"
NO_PAPERS = "error: no papers here\nhint: add papers with `litreview add FILES`, or name files\n"
on_posix = pytest.mark.skipif(os.name != "posix", reason="terminals as POSIX has them")


@pytest.fixture(scope="module")
def asked_once(finished: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with papers and two threads, the first of two turns."""
    desk = Terminal(tmp_path_factory.mktemp("asked") / "desk")
    shutil.copytree(finished, desk.folder, dirs_exist_ok=True)
    for line in (
        ["ask", FAST],
        ["ask", "And EchoWell?", "--thread", "1"],
        ["ask", "Which papers use sound?"],
    ):
        assert desk.run(*line, "--date", DAY).code == 0
    return desk.folder


@pytest.fixture(scope="module")
def kept(asked_once: Path) -> Terminal:
    """A terminal in that very folder, for what changes nothing there."""
    return Terminal(asked_once)


@pytest.fixture
def desk_asked(desk: Terminal, asked_once: Path) -> Terminal:
    """A terminal in a folder with papers and two threads."""
    shutil.copytree(asked_once, desk.folder, dirs_exist_ok=True)
    return desk


def test_an_answer_is_shown_with_its_sentences(busy: Terminal) -> None:
    """The result is on stdout: the paper, its sentence, where was looked; the thread's number goes to stderr."""
    shown = busy.run("ask", FAST, "--date", DAY)
    assert shown.code == 0
    assert f"[{FLOAT}]" in shown.out
    assert QUOTED in shown.out
    assert shown.out.endswith(f"Checked by code, not by a model. {DAY}.\n")
    notes = shown.err.splitlines()
    assert notes[0] == "workspace: .litreview"
    assert notes[-1] == "thread 1, 1 turn; `litreview ask QUESTION --thread 1` asks on"
    quiet = busy.run("-q", "ask", FAST, "--date", DAY)
    assert (quiet.out, quiet.err) == (shown.out, "")


def test_evidence_says_where_the_sentences_stand(busy: Terminal) -> None:
    """With --evidence each sentence has its part and number, without none has."""
    assert f"{QUOTED} (abstract, sentence 3)" in " ".join(busy.run("ask", FAST, "--evidence").out.split())
    assert "sentence 3" not in busy.run("ask", FAST).out


def test_an_honest_no_is_no_failure(busy: Terminal) -> None:
    """What the papers do not state is said first, with exit code 0."""
    shown = busy.run("ask", "Who won the election in Peru?")
    assert shown.code == 0
    assert shown.out.startswith("Not stated.")


JSON: list[tuple[list[str], set[str]]] = [
    (["ask", FAST], {"format", "status", "claims", "papers", "searched", "thread", "turn"}),
    (["find", "sound"], {"query", "passages", "papers", "why"}),
    (["find", "sound", "--explain"], {"query", "passages", "papers", "why"}),
    (["cite", "FloatLog is 1.5x faster than reading by hand."], {"format", "supports", "against", "related"}),
    (["asked"], {"turns"}),
    (["asked", "1"], {"turns"}),
    (["asked", "--forget", "2"], {"forgotten"}),
    (["ask", FAST, "--dry-run"], {"calls", "steps"}),
    (["cite", "FloatLog uses floats.", "--dry-run"], {"calls", "steps"}),
]


@pytest.mark.parametrize(("line", "keys"), JSON)
def test_json_is_one_document(desk_asked: Terminal, line: list[str], keys: set[str]) -> None:
    """With --json stdout is one JSON document and nothing else."""
    shown = desk_asked.run(*line, "--json")
    assert shown.code == 0
    assert keys <= set(shown.json())


@pytest.mark.parametrize("line", [["find", "FloatLog"], ["cite", "FloatLog uses floats."], ["asked", "1"]])
def test_markdown_goes_through_pandoc(pandoc: Callable[..., str], kept: Terminal, line: list[str]) -> None:
    """What --markdown prints is a whole document, whose citations pandoc finds."""
    shown = kept.run(*line, "--markdown")
    assert shown.code == 0
    read = pandoc("--citeproc", "--fail-if-warnings", "-t", "plain", text=shown.out)
    assert "FloatLog: Water Levels in Wells from Floats" in " ".join(read.split())
    assert shown.out.startswith("---\ntitle: ")


@pytest.mark.parametrize("command", ["ask", "find", "cite"])
def test_without_papers_it_says_so(desk: Terminal, command: str) -> None:
    """Where there is neither library nor file, the error is the same as for a survey."""
    shown = desk.run("-q", command, "How deep are wells?")
    assert (shown.code, shown.out, shown.err) == (1, "", NO_PAPERS)
    assert desk.run("-q", "survey").err == NO_PAPERS


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (["ask"], "nothing is asked"),
        (["ask", "wells.jsonl"], "wells.jsonl names a file and is no question"),
        (["ask", "nofile.bib"], "nofile.bib: no such file, and no question"),
        (["cite", "nofile.bib"], "nofile.bib: no such file, and no sentence"),
        (["find", "-"], "- names a file and is no query"),
        (["ask", ""], "the question is empty"),
        (["ask", "?"], "the question is empty"),
        (["ask", FAST, "--json", "--markdown"], "two formats"),
        (["find", "x", "--json", "--markdown"], "two formats"),
        (["ask", FAST, "--thread", "9"], "there is no thread 9"),
        (["ask", FAST, "--verify", "model"], "--verify model needs a model"),
        (["ask", FAST, "--collection", "well"], "there is no collection 'well'"),
        (["ask", FAST, "--date", "soon"], "date"),
        (["find", "sound", "--limit", "0"], "--limit"),
        (["asked", "9"], "there is no thread 9"),
        (["asked", "1.9"], "thread 1 has no turn 9"),
        (["asked", "one"], "'one' is no thread"),
        (["asked", "--markdown"], "no thread is named"),
        (["asked", "--forget", "9"], "there is no thread 9"),
        (["ask", "--chat", "--json"], "--chat and --json"),
        (["ask", "--chat", "--out", "a.md"], "--chat and --out"),
        (["ask", "--chat", "--record", "a"], "--chat and --record"),
        (["ask", "--chat", "--dry-run"], "--chat and --dry-run"),
        (["ask", "--chat", "-"], "--chat reads questions"),
        (["ask", "--chat", "--thread", "9"], "there is no thread 9"),
    ],
)
def test_what_cannot_work_is_told(kept: Terminal, line: list[str], said: str) -> None:
    """Wrong usage ends with exit code 2 and one error that names it, with nothing on stdout."""
    shown = kept.run(*line)
    assert (shown.code, shown.out) == (2, "")
    error = next(line for line in shown.err.splitlines() if line.startswith("error: "))
    assert said in error
    assert "hint: " in shown.err


@pytest.mark.parametrize("command", ["ask", "find", "cite"])
def test_words_without_quotation_marks_are_no_files(kept: Terminal, command: str) -> None:
    """Words of an unquoted question are not looked for as files: the hint says how it is typed."""
    shown = kept.run(command, "Does", "FloatLog", "need", "wires?", "wells.jsonl")
    assert (shown.code, shown.out) == (2, "")
    assert "error: FloatLog: no such file or folder\n" in shown.err
    assert f'in quotation marks: litreview {command} "Does FloatLog need wires?" wells.jsonl\n' in shown.err
    mistyped = kept.run(command, "Does FloatLog need wires?", "wels")
    assert (mistyped.code, "hint: check the name" in mistyped.err) == (1, True)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"hello there\n", "bad.txt, file: in none of the formats"),
        (b"", "bad.txt, file: the file is empty"),
        (b"\x7fELF\0\0", "bad.txt, file: a binary file"),
        (b'{"abstract": "x"}\n{"abstract": "y"}\n', "2 rejected, the first being bad.txt, line 1: no title"),
    ],
)
@pytest.mark.parametrize("command", ["ask", "find", "cite"])
def test_files_without_a_paper_are_told(busy: Terminal, command: str, content: bytes, why: str) -> None:
    """Where no file gives a paper, the error names the first and says why it gives none, as for a survey."""
    busy.write("bad.txt", content)
    shown = busy.run("-q", command, "How deep are wells?", "bad.txt")
    assert (shown.code, shown.out) == (1, "")
    assert why in shown.err
    assert busy.run("-q", "survey", "bad.txt").err == shown.err


# Exit codes

LOST = Missing(where="judging", code="timeout", reason="no reply")


def weak(made: Answer) -> dict[str, Any]:
    return {"claims": (made.claims[0].model_copy(update={"verdict": "weak"}),)}


@pytest.mark.parametrize(
    ("change", "options", "code"),
    [
        (lambda made: {}, ["--strict"], 0),
        (lambda made: {"status": "partial"}, [], 0),
        (lambda made: {"status": "not_stated", "reason": "off_topic", "claims": ()}, ["--strict"], 0),
        (lambda made: {"status": "failed", "reason": "budget", "claims": ()}, [], 3),
        (lambda made: {"status": "failed", "reason": "engine_failed", "claims": ()}, [], 1),
        (lambda made: {"missing": (LOST,)}, [], 3),
        (weak, [], 0),
        (weak, ["--strict"], 3),
    ],
)
def test_the_exit_code_says_what_came_of_it(
    busy: Terminal, monkeypatch: pytest.MonkeyPatch, change: Callable[[Answer], dict[str, Any]], options: list[str], code: int
) -> None:  # fmt: skip
    """0 answered or honestly not, 1 nothing made, 3 incomplete; --strict does not pass weak claims."""
    ask = Review.ask

    def changed(review: Review, *asked: Any, **options: Any) -> Answer:
        made = ask(review, *asked, **options)
        return made.model_copy(update=change(made))

    monkeypatch.setattr(Review, "ask", changed)
    assert busy.run("ask", FAST, *options).code == code
    shown = busy.run("ask", FAST, *options, "-o", "answer.md")
    assert shown.code == code
    assert (busy.folder / "answer.md").exists() == (shown.out == "")
    if code == 1:
        assert shown.out.startswith("Could not be answered.")


# Files


def test_files_are_asked_and_nothing_else(busy: Terminal) -> None:
    """An answer from FILES rests on their papers alone, and a record that is none is named, with exit code 3."""
    busy.write("new.jsonl", [{"title": "Rope: Wells by Rope", "abstract": "Rope is 9.5x faster than reading by hand."}, {"abstract": "x"}])  # fmt: skip
    shown = busy.run("ask", "How much faster than reading by hand?", "new.jsonl")
    assert shown.code == 3
    assert "Rope is 9.5x faster" in shown.out
    assert "FloatLog" not in shown.out
    assert "rejected: new.jsonl, line 2: no title" in shown.err
    data = json.dumps({"title": "Rope: Wells by Rope", "abstract": "Rope is 9.5x faster."}).encode()
    for command in ("ask", "find", "cite"):
        piped = busy.run(command, "Rope is faster", "-", stdin=data)
        assert piped.code == 0
        assert "of 1 paper." in " ".join(piped.out.split())


@pytest.mark.parametrize("command", ["ask", "find", "cite"])
def test_papers_of_files_stay_and_it_is_said(desk: Terminal, command: str) -> None:
    """New papers of FILES are counted on stderr, known ones are not; the help says that they stay."""
    desk.write("wells.jsonl", WELLS)
    desk.write("one.jsonl", WELLS[:1])
    first = desk.run(command, "FloatLog reads by hand", "wells.jsonl")
    assert "\n4 papers of wells.jsonl are in the library now\n" in first.err
    again = desk.run(command, "FloatLog reads by hand", "wells.jsonl", "one.jsonl")
    assert "in the library now" not in again.err
    assert len(desk.run("papers", "--json").json()["papers"]) == 4
    assert "Papers of FILES stay in the library" in " ".join(desk.run(command, "--help").out.split())


def test_what_was_excluded_is_counted_and_named(busy: Terminal) -> None:
    """An honest no says that papers were left out, and which of them the question calls by its name."""
    assert busy.run("exclude", FLOAT).code == 0
    shown = " ".join(busy.run("ask", "How does FloatLog fold paper?").out.split())
    assert "1 excluded paper was not searched." in shown
    assert f"{FLOAT}, which you excluded, is about it: `litreview include {FLOAT}`" in shown
    assert "of 3 papers, without 1 that you excluded." in shown
    other = busy.run("ask", "How does EchoWell fold paper?", "--json").json()
    assert other["searched"]["excluded"] == 1
    assert "include" not in other["would_settle"]
    for key in busy.run("papers", "--json").json()["papers"]:
        busy.run("exclude", key["key"])
    none = busy.run("-q", "ask", FAST)
    assert (none.code, none.err.splitlines()[0]) == (1, "error: nothing to search: all 4 papers are excluded")
    assert "`litreview include KEY`" in none.err


def test_an_answer_is_written_whole_and_edits_are_spared(busy: Terminal) -> None:
    """--out writes what --markdown prints, never over a file that a person edited, unless forced."""
    printed = busy.run("ask", FAST, "--markdown", "--date", DAY).out
    file = busy.folder / "answer.md"
    for _ in range(2):
        shown = busy.run("ask", FAST, "-o", "answer.md", "--date", DAY)
        assert (shown.code, shown.out, file.read_text(encoding="utf-8")) == (0, "", printed)
        assert "written: answer.md\n" in shown.err
    file.write_text("mine", encoding="utf-8")
    shown = busy.run("ask", FAST, "-o", "answer.md", "--date", DAY)
    assert "written: answer.new.md\n" in shown.err
    assert file.read_text(encoding="utf-8") == "mine"
    assert (busy.folder / "answer.new.md").read_text(encoding="utf-8") == printed
    busy.run("ask", FAST, "-o", "answer.md", "--date", DAY, "--force")
    assert file.read_text(encoding="utf-8") == printed
    busy.run("ask", FAST, "-o", "answer.json", "--json", "--date", DAY)
    assert json.loads((busy.folder / "answer.json").read_text(encoding="utf-8"))["question"] == FAST


# Finds and citations


def test_a_find_gives_the_nearest_sentences(busy: Terminal) -> None:
    """The paper that is called by its name comes first; --limit counts sentences; --explain says why."""
    shown = busy.run("find", "EchoWell reads wells by sound", "--limit", "3")
    assert shown.code == 0
    assert shown.out.startswith("  1. EchoWell")
    assert shown.out.count("sentence ") == 3
    why = busy.run("find", "EchoWell sound bicycle", "--explain").out
    assert re.search(r"\n +sound +\d\.\d{3}\n", why)
    assert "Lacks: bicycle." in why
    assert "Called by its name." in why
    assert busy.run("find", "xylophone").out.startswith("Nothing found.\n")


def test_titles_do_not_use_up_the_limit(busy: Terminal) -> None:
    """A title stands above the sentences of its paper: it is counted only where it is all that is found of one."""
    found = busy.run("find", "water levels in wells", "--limit", "3", "--json").json()["passages"]
    sentences = [one["key"] for one in found if one["part"] != "title"]
    alone = {one["key"] for one in found if one["part"] == "title"} - set(sentences)
    assert len(sentences) + len(alone) == 3
    assert len(found) > 3
    shown = busy.run("find", "Sound", "--limit", "1").out
    assert shown.count("EchoWell: Water Levels") == 1, "and it is not said twice"


def test_misspelt_words_are_known_again(busy: Terminal) -> None:
    """Where nothing is found, the words of the papers that are spelled alike are offered."""
    shown = busy.run("find", "bateries watter xyzzyqq", "wells.jsonl")
    assert shown.out.startswith("Nothing found. Did you mean “water”?\n")
    assert "**Nothing found. Did you mean “water”?**" in busy.run("find", "watter", "--markdown").out
    assert busy.run("find", "watter", "--json").json()["alike"] == ["water"]
    assert busy.run("find", "water", "--json").json()["alike"] == []


# Authors, keys, ids

BRIDGES = [
    {"key": "smith2024", "title": "Bridges under Load", "authors": ["Ann Smith", "Bo Lee"], "year": 2024, "doi": "10.1234/ab.5",
     "abstract": "Bridges bend under load. Sensors are read out in INT8. Steel is cheap."},
    {"key": "lee2023", "title": "Tunnels under Water", "authors": ["Bo Lee"], "year": 2023, "arxiv_id": "2301.00001",
     "abstract": "Tunnels leak. Pumps run on INT8 controllers."},
    {"key": "long2022", "title": "Cables in Cities", "authors": ["Cy Long", "Ana García"], "year": 2022,
     "abstract": "Long cables sag. They are measured with INT8 radar."},
]  # fmt: skip


@pytest.fixture(scope="module")
def bridges(tmp_path_factory: pytest.TempPathFactory) -> Terminal:
    desk = Terminal(tmp_path_factory.mktemp("bridges") / "desk")
    desk.write("bridges.jsonl", BRIDGES)
    assert desk.run("add", "bridges.jsonl").code == 0
    return desk


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("What does Smith say about INT8?", "smith2024"),
        ("what does smith say about INT8", "smith2024"),
        ("Lee (2023): what runs on INT8?", "lee2023"),
        ("What do Lee et al. (2024) read out in INT8?", "smith2024"),
        ("What do Smith and Lee say of INT8?", "smith2024"),
        ("Which INT8 radar does Garcia use?", "long2022"),
        ("What runs on INT8 in lee2023?", "lee2023"),
        ("What is measured with INT8 in @long2022?", "long2022"),
        ("What is read out in 10.1234/AB.5?", "smith2024"),
        ("What runs on INT8 in arXiv:2301.00001v2?", "lee2023"),
        ("What runs on INT8 in https://arxiv.org/abs/2301.00001?", "lee2023"),
    ],
)
def test_papers_are_called_by_authors_keys_and_ids(bridges: Terminal, question: str, first: str) -> None:
    """The paper that is called comes first and answers, and its author's name is no word that stands nowhere."""
    made = bridges.run("ask", question, "--json").json()
    assert made["status"] == "answered", made["explanation"]
    assert made["claims"][0]["evidence"][0]["key"] == first
    assert made["nearest"][0]["key"] == first


def test_a_word_that_is_a_name_too_stays_a_word(bridges: Terminal) -> None:
    """An author called Long has no part in long cables, unless it is said that he says something."""
    found = bridges.run("find", "long tunnels under water", "--json").json()
    assert found["passages"][0]["key"] == "lee2023"
    assert (
        bridges.run("ask", "What does Long say of INT8?", "--json").json()["nearest"][0]["key"] == "long2022"
    )
    silent = bridges.run("ask", "What does Smith say about penguins?").out
    assert "“Bridges under Load” (smith2024) does not state: penguins" in " ".join(silent.split())
    assert silent.count("Bridges under Load") == 1, "each title once"


def test_an_author_is_found(bridges: Terminal) -> None:
    """The name of an author alone gives the titles of their papers; another author after an edit is another name."""
    assert re.findall(r"^ +\d\. (.*?) \[", bridges.run("find", "lee").out, re.M) == [
        "Tunnels under Water",
        "Bridges under Load",
    ]
    assert re.findall(r"^ +\d\. (.*?) \[", bridges.run("find", "garcía").out, re.M) == ["Cables in Cities"]
    assert bridges.run("find", "jones").out.startswith("Nothing found.")


@pytest.mark.parametrize(
    ("question", "shows"),
    [
        ("Who wrote “Bridges under Load”?", "`litreview show smith2024` shows"),
        ("When was lee2023 published?", "`litreview show lee2023` shows"),
        ("Who are the authors of 'Cables in Cities'?", "`litreview show long2022` shows"),
        ("Which papers are from 2024?", "`litreview show KEY` shows"),
        ("Which papers are by Garcia?", "`litreview show long2022` shows"),
        ("In which venue was lee2023 published?", "`litreview show lee2023` shows"),
    ],
)
def test_what_no_sentence_states_is_shown_elsewhere(bridges: Terminal, question: str, shows: str) -> None:
    """Authors, years and venues are not answered from sentences; the command that shows them is named."""
    made = bridges.run("ask", question, "--json").json()
    assert (made["status"], made["reason"]) == ("not_stated", "nothing_found")
    assert made["would_settle"].startswith(f"{shows} authors, year and venue as the sources state them")


def test_a_sentence_is_cited(busy: Terminal) -> None:
    """A sentence that a paper states is supported, with citations to be pasted; one on nothing finds nothing."""
    shown = busy.run("cite", "FloatLog is 1.5x faster than reading by hand.", "--date", DAY)
    assert shown.code == 0
    assert shown.out.startswith("Supports it\n  1. FloatLog")
    assert f"[@{FLOAT}]\n  \\cite{{{FLOAT}}}\n" in shown.out
    assert busy.run("cite", "Xylophones are made of rosewood.").out.startswith("Nothing found.")


# Threads


def test_threads_are_listed_and_shown(kept: Terminal) -> None:
    """`asked` lists threads by their first question, and shows a thread, or one turn of it, as it was answered."""
    listed = kept.run("asked")
    assert listed.out == f"1  {DAY}  2 turns  {FAST}\n2  {DAY}  1 turn   Which papers use sound?\n"
    first, second = (kept.run("asked", name).out for name in ("1.1", "1.2"))
    assert first.startswith(f"? {FAST}\n")
    assert QUOTED in first
    assert second.startswith("? And EchoWell?\nUnderstood as: ")
    assert kept.run("asked", "1").out == f"{first}\n\n{second}"


def test_an_answer_stays_as_it_was_given(desk_asked: Terminal) -> None:
    """What was answered is shown again byte for byte, though its papers are gone."""
    before = [desk_asked.run("asked", "1", *form).out for form in ([], ["--json"], ["--markdown"])]
    assert desk_asked.run("remove", FLOAT).code == 0
    assert [desk_asked.run("asked", "1", *form).out for form in ([], ["--json"], ["--markdown"])] == before


def test_the_same_question_makes_no_new_thread(desk_asked: Terminal) -> None:
    """Asked again of the same papers, a question of one turn keeps its thread; --thread goes on with it."""
    for _ in range(2):
        assert (
            desk_asked.run("ask", "Which papers use sound?")
            .err.splitlines()[-1]
            .startswith("thread 2, 1 turn;")
        )
    assert (
        desk_asked.run("ask", "And radio?", "--thread", "2")
        .err.splitlines()[-1]
        .startswith("thread 2, 2 turns;")
    )


def test_a_thread_is_forgotten(desk_asked: Terminal) -> None:
    """A forgotten thread is listed no more; without any the list says how to begin."""
    assert desk_asked.run("asked", "--forget", "1").out == "thread 1: forgotten\n"
    assert desk_asked.run("asked").out.startswith("2  ")
    desk_asked.run("asked", "--forget", "2")
    shown = desk_asked.run("asked")
    assert (shown.code, shown.out.strip()) == (0, "")
    assert "nothing was asked yet" in shown.err


def test_an_answer_of_a_newer_version_is_told(desk_asked: Terminal) -> None:
    """A thread that this version cannot read is an error that names it, and can be forgotten."""
    with closing(sqlite3.connect(desk_asked.folder / ".litreview" / "library.sqlite")) as library:
        library.execute('UPDATE turns SET answer = \'{"format": "litreview/answer@9"}\' WHERE thread = 1')
        library.commit()
    for line in (["asked", "1"], ["asked"], ["ask", "And wires?", "--thread", "1"]):
        shown = desk_asked.run("-q", *line)
        assert (shown.code, shown.out) == (1, "")
        assert shown.err.startswith("error: thread 1, turn 1: ")
    assert desk_asked.run("asked", "--forget", "1").code == 0
    assert desk_asked.run("asked").code == 0


def test_long_questions_are_listed_within_the_page(busy: Terminal) -> None:
    """A question that is longer than the line goes on under itself."""
    busy.run("ask", "Which papers use sound, " + "and which of them say so, " * 6 + "if any?")
    listed = busy.run("asked", COLUMNS="60").out.splitlines()
    assert len(listed) > 2
    assert max(map(len, listed)) <= 60
    assert all(line.startswith(" " * 23) for line in listed[1:])


# The chat


def test_a_chat_is_a_thread_of_its_own(desk_asked: Terminal) -> None:
    """A first question that was asked before begins a new thread nevertheless; the old one stays as it was."""
    shown = desk_asked.run("ask", "--chat", stdin=b"Which papers use sound?\nAnd radio?\n")
    assert shown.err.splitlines()[-1].startswith("thread 3, 2 turns;")
    turns = desk_asked.run("asked", "--json").json()["turns"]
    assert [(turn["thread"], turn["turn"]) for turn in turns] == [(1, 1), (1, 2), (2, 1), (3, 1), (3, 2)]


@pytest.mark.parametrize("word", ["exit", "quit", ":q", "EXIT"])
def test_a_chat_is_left_by_a_word(busy: Terminal, word: str) -> None:
    """These words are commands and no questions, and so are `help` and `?`."""
    shown = busy.run("ask", "--chat", stdin=f"help\n?\n{FAST}\n{word}\nAnd radio?\n".encode())
    assert shown.code == 0
    assert shown.err.count("`exit`, `quit` or `:q` ends the chat") == 2
    assert [turn["question"] for turn in busy.run("asked", "--json").json()["turns"]] == [FAST]


def test_questions_piped_in_are_answered_one_after_the_other(busy: Terminal) -> None:
    """Each line is a turn of one thread, answered under its question; blank lines are none; the end is the end."""
    shown = busy.run("ask", "--chat", FAST, stdin=f"\n  \nAnd EchoWell?\r\n{FAST}".encode())
    assert shown.code == 0
    assert re.findall(r"^\? (.*)$", shown.out, re.M) == [FAST, "And EchoWell?", FAST]
    assert shown.out.index(QUOTED) < shown.out.index("? And EchoWell?")
    assert shown.err.splitlines()[-1] == "thread 1, 3 turns; `litreview ask QUESTION --thread 1` asks on"
    assert [turn["turn"] for turn in busy.run("asked", "--json").json()["turns"]] == [1, 2, 3]


def test_a_question_that_fails_does_not_end_the_chat(busy: Terminal) -> None:
    """A turn's error is told as any other, the next is answered, and the exit code says that one is missing."""
    shown = busy.run("ask", "--chat", stdin=b"???\n" + FAST.encode() + b"\n\xff\xfe\n")
    assert shown.code == 3
    assert shown.err.count("error: the question is empty\nhint: ") == 2
    assert QUOTED in shown.out


def test_a_chat_may_begin_with_files(busy: Terminal) -> None:
    """Without a first question the files come first; each turn is about exactly these."""
    busy.write("one.jsonl", WELLS[1:2])
    shown = busy.run("ask", "one.jsonl", "--chat", stdin=b"Which papers use sound?\nAnd radio?\n")
    assert shown.code == 0
    assert "of 1 paper." in " ".join(shown.out.split())
    assert "4 papers" not in shown.out


@on_posix
def test_a_chat_at_a_terminal(busy: Terminal) -> None:
    """A banner says how to leave, a prompt asks; Ctrl-C drops a half-typed line, at an empty prompt twice it ends."""
    with Typed(busy, "ask", "--chat") as chat:
        banner = chat.wait_for(PROMPT)
        assert "Ctrl-D or `exit` ends the chat, Ctrl-C gives up a question" in banner
        chat.type(f"{FAST}\n")
        answered = chat.wait_for(PROMPT)
        assert "FloatLog is 1.5x faster than reading by hand." in answered
        assert "\x1b[1m" in answered
        chat.type("what about")
        chat.wait_for("what about")
        chat.type(CTRL_C)
        chat.wait_for(PROMPT)
        chat.type(CTRL_C)
        assert "Ctrl-D ends the chat" in chat.wait_for(PROMPT)
        chat.type("help\n")
        assert "the second one?" in chat.wait_for(PROMPT)
        chat.type(CTRL_C)
        assert "Ctrl-D ends the chat" in chat.wait_for(PROMPT)
        chat.type(CTRL_C)
        assert chat.leave() == 0
    assert "thread 1, 1 turn;" in chat.seen
    assert "Traceback" not in chat.seen


@on_posix
def test_ctrl_c_gives_up_the_question_that_is_being_answered(busy: Terminal) -> None:
    """While a model is waited for, Ctrl-C brings the prompt back, nothing is kept, and Ctrl-D ends with 0."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.settimeout(20)
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/v1"
        told = {"OPENAI_BASE_URL": address, "OPENAI_API_KEY": "k", "NO_COLOR": "1"}
        with Typed(busy, "ask", "--chat", "--model", "m", **told) as chat:
            chat.wait_for(PROMPT)
            chat.type(f"{FAST}\n")
            line, _ = silent.accept()
            with line:
                chat.type(CTRL_C)
                assert "given up\n" in chat.wait_for(PROMPT)
                chat.type(CTRL_D)
                assert chat.leave() == 0
    assert "\x1b[1m" not in chat.seen
    assert "Traceback" not in chat.seen
    assert busy.run("asked", "--json").json() == {"turns": []}


# What is printed

EVIL = "Evil \x1b[31mRed\x1b]0;owned\x07 \x9b2J \u202egnp \x08\x7f \u2028 Title of Water Levels"
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029]")


def test_nothing_speaks_to_the_terminal(desk: Terminal) -> None:
    """No control character of a paper or a question is printed, in any form."""
    desk.write("evil.jsonl", [{"title": EVIL, "abstract": f"We present {EVIL}, a method. It is 2x faster.", "authors": [EVIL], "key": "evil"}])  # fmt: skip
    lines = [["ask", f"How fast is {EVIL}?", "evil.jsonl"], ["find", EVIL, "--explain"], ["cite", f"{EVIL} is a method."], ["asked", "1"]]  # fmt: skip
    shown: list[Shown] = []
    for line in lines:
        shown += [desk.run(*line, *form) for form in ([], ["--json"], ["--markdown"])]
    shown += [
        desk.run("ask", EVIL, "--evidence"),
        desk.run("asked"),
        desk.run("ask", "--chat", stdin=EVIL.encode()),
    ]
    assert [one.code for one in shown] == [0] * len(shown)
    assert all("2x faster" in one.out for one in (shown[0], shown[9]))
    assert [CONTROL.findall(one.said) for one in shown] == [[]] * len(shown)


@pytest.mark.parametrize("width", [40, 80])
def test_answers_fit_into_the_terminal(kept: Terminal, width: int) -> None:
    """No line is longer than the terminal is wide, and none holds a colour where no terminal is."""
    for line in (
        ["asked"],
        ["asked", "1", "--evidence"],
        ["find", "sound", "--explain"],
        ["cite", "FloatLog uses floats."],
    ):
        shown = kept.run(*line, COLUMNS=str(width))
        assert max(map(len, shown.out.splitlines())) <= width
        assert "\x1b" not in shown.said
