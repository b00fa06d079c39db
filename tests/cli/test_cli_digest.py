"""`litreview digest` as a person, a timer and a program see it: words, letters, JSON, exit codes."""

from __future__ import annotations

import email
import email.policy
import json
from collections.abc import Iterator
from pathlib import Path

import click
import jsonschema
import pytest
from scripted_service import ARXIV, PAGE, Web, answer, serving
from scripted_smtp import DROP, ScriptedServer
from terminal import Shown, Terminal
from weekly_feed import TOPIC, week

from agent.cli.commands.digest import digest

ME, YOU = "me@example.org", "you@example.org"
FIRST, SECOND = "2026-08-17", "2026-08-24"
SOUND = {
    "title": "SoundDip: Height of Water in Wells from Sound",
    "abstract": "We tell the height of water in wells.",
}
NOTHING = answer("arxiv_empty.xml")


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Iterator[Web]:
    with serving(monkeypatch, {ARXIV: [week(0, 1, 2, owls=True)]}) as web:
        yield web


def new(desk: Terminal, *more: str, name: str = "wells") -> Shown:
    """A digest about wells."""
    return desk.run(
        "digest",
        "new",
        name,
        "--topic",
        TOPIC,
        "--to",
        ME,
        "--source",
        "arxiv",
        "--date",
        "2026-08-16",
        *more,
    )


def letters(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.eml"))


COMMANDS = list(digest.commands)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(desk: Terminal, name: str) -> None:
    """Its help comes without asking anything, with an example that can be typed and a help for each option."""
    shown = desk.run("digest", name, "--help")
    assert (shown.code, shown.err) == (0, ""), shown.said
    assert any(
        line.strip().startswith(f"litreview digest {name} ") or line.strip() == f"litreview digest {name}"
        for line in shown.out.splitlines()
    )
    assert all(option.help for option in digest.commands[name].params if isinstance(option, click.Option))
    assert "--workspace" in shown.out  # fmt: skip


def test_from_a_topic_to_a_letter(desk: Terminal, web: Web) -> None:
    """Without a mail server letters are files; what was sent to whom is said, and nothing is sent twice."""
    made = new(desk, "--on", "mon", "--quiet-week", "nothing")
    assert made.code == 0 and "looks at     arxiv: height of water in wells" in made.out, made.said
    shown = desk.run("digest", "send", "wells", "--date", FIRST)
    assert shown.code == 0, shown.said
    assert shown.out.splitlines()[0] == "wells 2026-W34: 3 new of 4 papers"
    assert f"{ME}: written to " in shown.out and ": gave papers" in shown.out
    (letter,) = letters(desk.folder / "digests" / "wells")
    message = email.message_from_bytes(letter.read_bytes(), policy=email.policy.default)
    assert (message["To"], message["Subject"]) == (ME, f"{TOPIC}: 3 new papers (2026-W34)")
    assert [part.get_content_type() for part in message.walk() if not part.is_multipart()] == [
        "text/plain", "text/html", "application/x-bibtex",
    ]  # fmt: skip
    again = desk.run("digest", "send", "wells", "--date", FIRST)
    assert again.code == 0 and f"sent before to {ME}" in again.out
    web.scripts[ARXIV] = [NOTHING]
    quiet = desk.run("digest", "send", "wells", "--date", SECOND)
    assert quiet.code == 0 and "nothing new" in quiet.out and "nothing was mailed: a quiet week" in quiet.out
    assert len(letters(desk.folder / "digests" / "wells")) == 1


def test_a_path_that_is_not_there_is_said(desk: Terminal, web: Web) -> None:
    """When it is set; a pattern may come to name files later."""
    said = new(desk, "--from-files", "typo.bib", "--from-files", "feed/*.bib")
    assert said.code == 0 and "typo.bib is not there, and no pattern" in said.err and "feed" not in said.err


def test_nothing_new_and_nothing_known(desk: Terminal, web: Web) -> None:
    """A quiet week and a broken source have other words and other exit codes, alone and beside a source that answers."""
    new(desk)
    web.scripts[ARXIV] = [PAGE]
    shown = desk.run("digest", "send", "wells", "--date", FIRST)
    assert shown.code == 1 and "error: wells 2026-W34: no source could be asked" in shown.err
    assert "hint: run it again: it is still due" in shown.err
    late = desk.run("digest", "due", "--date", "2026-08-18")
    assert (
        late.code == 1
        and "no source could be asked" in late.out
        and not letters(desk.folder / "digests" / "wells")
    )
    desk.write("feed/one.jsonl", [SOUND])
    new(desk, "--from-files", "feed", "--replace")
    half = desk.run("digest", "send", "wells", "--date", SECOND)
    assert half.code == 3 and "1 new of 1 paper\n" in half.out and "could not be asked" in half.out
    web.scripts[ARXIV] = [NOTHING]
    quiet = desk.run("digest", "due", "--date", "2026-08-31")
    assert quiet.code == 0 and "wells 2026-W36: nothing new" in quiet.out
    web.scripts[ARXIV] = [PAGE]
    new(desk, "--replace")
    told = desk.run("digest", "due", "--date", "2026-09-08")
    assert told.code == 1 and "wells 2026-W37-notice: no telling what is new" in told.out
    assert "could not be asked (arXiv: the answer is a web page" in told.out
    assert "Traceback" not in shown.said + late.said + half.said + quiet.said


@pytest.mark.parametrize(
    ("script", "code", "said"),
    [
        ({"RCPT": "550 nobody here"}, 3, f"refused for {ME}: at RCPT: 550 nobody here"),
        ({"RCPT": "451 not now"}, 3, f"waits for {ME}: at RCPT: 451 not now; next try from 2026-08-17 12:05 UTC on"),
        ({"end": DROP}, 3, f"`litreview digest resend wells 2026-W34 --to {ME}` sends it again as the same message"),
        ({"greeting": "554 not you"}, 2, "error: "),
        ({}, 0, f"sent to {ME}"),
    ],
)  # fmt: skip
def test_what_becomes_of_a_letter(
    desk: Terminal, web: Web, script: dict[str, object], code: int, said: str
) -> None:
    """Refused, put off, in doubt, sent: each with the server's words and what to do."""
    new(desk)
    with ScriptedServer(script) as server:  # type: ignore[arg-type]
        mail = {"HOST": "127.0.0.1", "PORT": str(server.port), "SECURITY": "none", "FROM": ME}
        shown = desk.run(
            "digest", "send", "wells", "--date", FIRST, **{f"LITREVIEW_SMTP_{name}": value for name, value in mail.items()}
        )  # fmt: skip
    assert (shown.code, said in shown.said) == (code, True), shown.said


def test_a_preview_in_every_form(desk: Terminal, web: Web) -> None:
    """As text, Markdown, a page and data, also into a file; the digest stays as it was."""
    new(desk)
    shown = {
        form: desk.run("digest", "preview", "wells", "--date", FIRST, form).out
        for form in ("--text", "--markdown", "--html")
    }
    assert shown["--text"].startswith(TOPIC) and shown["--markdown"].startswith(f"# {TOPIC}")
    assert shown["--html"].startswith("<!doctype html>")
    said = desk.run("digest", "preview", "wells", "--date", FIRST, "--json", "-o", "week.json")
    assert (said.code, said.out) == (0, "") and f"subject: {TOPIC}: 3 new papers (2026-W34)" in said.err
    schema = desk.run("schema", "digest").json()
    jsonschema.validate(json.loads((desk.folder / "week.json").read_text()), schema)
    assert desk.run("digest", "list", "--json").json()["digests"][0]["issues"] == []
    web.scripts[ARXIV] = [PAGE]
    assert desk.run("digest", "preview", "wells", "--date", FIRST).code == 1  # fmt: skip


def test_keeping_and_disliking(desk: Terminal, web: Web) -> None:
    """A kept paper is in the library; what is disliked is noted; the digest says both."""
    new(desk)
    desk.run("digest", "send", "wells", "--date", FIRST)
    assert desk.run("papers").out.strip() == ""
    kept = desk.run("digest", "keep", "wells", "2026-W34", "1", "2", "--to", "floats")
    assert kept.code == 0 and kept.out.count(": in floats") == 2
    assert len(desk.run("papers", "--collection", "floats", "--json").json()["papers"]) == 2
    assert "noted" in desk.run("digest", "dislike", "wells", "2026-W34", "3").out
    said = desk.run("digest", "dislike", "wells", "2026-W34", "2").err
    assert "was kept before, and stays in collection floats" in said
    state = desk.run("digest", "show", "wells", "--date", FIRST).out
    assert "1 kept, 2 disliked" in state and "2026-W34  2026-08-17" in state
    assert desk.run("digest", "show", "wells", "2026-W34", "--markdown").out.startswith(f"# {TOPIC}")
    wrong = desk.run("digest", "keep", "wells", "2026-W34", "9", "--to", "else")
    assert wrong.code == 2 and "hint: its items are 1 to 3" in wrong.err and "is new" not in wrong.err
    assert desk.run("digest", "keep", "wells", "latest", "1-2", "2").out.count(": in wells") == 2
    for range_ in ("2-1", "x", "1-"):
        assert desk.run("digest", "keep", "wells", "latest", range_).code == 2


def test_what_a_timer_runs(desk: Terminal, web: Web) -> None:
    """Silent where nothing is due; with JSON for programs; paused and unsubscribed ones are left alone."""
    new(desk)
    long_before = desk.run("digest", "due", "--date", "2026-07-02")
    before = desk.run("digest", "due", "--date", "2026-08-16")
    assert long_before.err == before.err
    assert (before.code, before.out) == (
        0,
        "",
    ) and "wells: the first issue is due on 2026-08-17" in before.err
    assert "paused" in desk.run("digest", "pause", "wells").out
    assert desk.run("digest", "due", "--date", FIRST).out == ""
    assert "wells  paused  no issue yet  1 to" in desk.run("digest", "list").out
    assert "resumed" in desk.run("digest", "resume", "wells").out
    assert desk.run("digest", "list", "--date", FIRST).out.split()[1:3] == ["due:", "2026-W34"]
    sent = desk.run("digest", "due", "--date", FIRST, "--json").json()["sent"]
    assert [(one["issue"], one["counts"]["shown"]) for one in sent] == [("2026-W34", 3)]
    assert desk.run("digest", "unsubscribe", "wells", ME).out == f"wells: {ME} gets it no more\n"
    web.scripts[ARXIV] = [week(3)]
    nobody = desk.run("digest", "due", "--date", SECOND)
    assert (nobody.code, nobody.out) == (0, "")
    refused = desk.run("digest", "send", "wells", "--date", SECOND)
    assert refused.code == 2 and "litreview digest new wells --replace --to ADDRESS" in refused.err
    assert desk.run("digest", "unsubscribe", ME).code == 2


def test_again_to_a_feed_and_gone(desk: Terminal, web: Web) -> None:
    """A letter again has the same bytes; all issues go into one feed; then the digest is removed."""
    new(desk)
    desk.run("digest", "send", "wells", "--date", FIRST)
    assert desk.run("digest", "resend", "wells", "2026-W34").code == 2
    again = desk.run("digest", "resend", "wells", "2026-W34", "--to", ME, "--out", "again", "--date", SECOND)
    assert again.code == 0, again.said
    first, second = letters(desk.folder / "digests" / "wells") + letters(desk.folder / "again")
    assert (first.name, first.read_bytes()) == (second.name, second.read_bytes())
    assert desk.run("digest", "feed", "wells", "-o", "wells.xml").code == 0
    assert (desk.folder / "wells.xml").read_text().count("<entry>") == 1
    assert desk.run("digest", "remove", "wells").out == "wells: removed\n"
    gone = desk.run("digest", "send", "wells")
    assert gone.code == 2 and "hint: digests: none yet; `litreview digest new` makes one" in gone.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("new", "a", "--source", "arxiv", "--topic", "x", "--on", "someday"), "'someday' is no weekday"),
        (
            ("new", "a", "--source", "arxiv", "--topic", "x", "--on", "friday", "--every", "month"),
            "has no weekday",
        ),
        (("new", "a", "--topic", "x"), "hint: give --source arxiv"),
        (("new", "a", "--from-files", "one.txt", "two.txt"), "put a pattern in quotation marks"),
        (("send", "welsl"), "did you mean 'wells'?"),
        (
            ("new", "a", "--topic", "x", "--from-files", "x", "--limit", "0"),
            "--limit is a whole number from 1 to 500",
        ),
        (("unsubscribe", "wells", YOU), f"{YOU} does not get the digest 'wells'"),
        (("show", "wells", "2026-W01"), "wells has no issue 2026-W01"),
        (("preview", "wells", "--json", "--html"), "--json and --html are two formats"),
        (("unsubscribe", "a", "b", "c"), "one address at a time"),
        (("due", "--replay", "x"), "a recording is of one digest"),
        (("send", "wells", "--date", "2026"), "2026: no date"),
        (("remake",), "no such command"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_what_cannot_be_done_is_a_mistake(
    desk: Terminal, web: Web, arguments: tuple[str, ...], said: str
) -> None:
    """It is said with what to do, exits with 2, and nobody is asked."""
    new(desk)
    shown = desk.run("digest", *arguments)
    assert shown.code == 2 and said in shown.err and "hint:" in shown.err, shown.said
    assert web.asked == []


def test_bad_records_are_named_once(desk: Terminal) -> None:
    """With file, line and reason, on the terminal and in the letter, and exit code 3; a week later all is quiet."""
    desk.write("feed/one.jsonl", [SOUND])
    (desk.folder / "feed" / "two.jsonl").write_text("\n".join(['{"abstract": "no"}'] * 7))
    (desk.folder / "feed" / "empty.bib").write_text("")
    desk.run(
        "digest", "new", "wells", "--topic", TOPIC, "--to", ME, "--from-files", "feed", "--date", "2026-08-16"
    )
    first = desk.run("digest", "due", "--date", FIRST)
    assert first.code == 3 and "1 new of 9 papers" in first.out, first.said
    assert (
        "    not readable: empty.bib: the file is empty\n    not readable: two.jsonl, line 1: no title\n"
        in first.out
    )
    assert first.out.count("not readable: ") == 5 and "and 3 more records not readable" in first.out
    letter = desk.run("digest", "show", "wells", "--text").out
    assert "empty.bib (the file is empty); two.jsonl, line 1 (no title)" in " ".join(letter.split())
    assert "and 3 more." in letter
    quiet = desk.run("digest", "due", "--date", SECOND)
    assert quiet.code == 0 and "wells 2026-W35: nothing new\n" in quiet.out and "readable" not in quiet.out
    (desk.folder / "feed" / "two.bib").write_text("@article{b, author={X}}")
    bad = desk.run("digest", "due", "--date", "2026-08-31")
    assert bad.code == 3 and "wells 2026-W36: nothing new, 1 record not readable\n" in bad.out
    subject = "nothing new, 1 record not readable (2026-W36)"
    assert subject in desk.run("digest", "show", "wells").out
    assert "last 2026-W36: nothing new" in desk.run("digest", "list").out
    desk.run("digest", "new", "wells", "--topic", TOPIC, "--to", ME, "--from-files", "gone.bib", "--replace")
    gone = desk.run("digest", "send", "wells", "--date", "2026-09-08")
    assert "gone.bib: is not there" in gone.said
