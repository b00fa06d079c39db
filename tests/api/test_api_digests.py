"""Digests end to end: a service that is asked each week, a library, a mail server, and what arrives there."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from bench import WELLS, review, write
from scripted_service import ARXIV, CROSSREF, PAGE, Web, answer, feed, listed, serving, work
from scripted_smtp import DROP, ScriptedServer
from weekly_feed import TOPIC, week, well

from agent.api import Review
from agent.errors import LibraryError, OutputError, SettingsError, SourceError, UsageError
from agent.records import DigestSent

ME, YOU = "me@example.org", "you@example.org"
NOTHING = answer("arxiv_empty.xml")
FIRST, SECOND, THIRD, FOURTH = "2026-08-17", "2026-08-24", "2026-08-31", "2026-09-07"


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Iterator[Web]:
    """arXiv, with three wells and the owls."""
    with serving(monkeypatch, {ARXIV: [week(0, 1, 2, owls=True)], CROSSREF: [listed()]}) as web:
        yield web


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer() as server:
        yield server


def mailing(folder: Path, server: ScriptedServer) -> Review:
    """A workspace with a mail server."""
    variables = {"HOST": "127.0.0.1", "PORT": str(server.port), "SECURITY": "none", "FROM": f"Wells <{ME}>"}
    named = {f"LITREVIEW_SMTP_{name}": value for name, value in variables.items()}
    folder.mkdir(exist_ok=True)
    return Review(folder, environment={"HOME": str(folder), **named})


@pytest.fixture
def desk(tmp_path: Path, web: Web, server: ScriptedServer) -> Review:
    """A workspace with a digest about wells."""
    desk = mailing(tmp_path, server)
    made(desk)
    return desk


@pytest.fixture
def shared(tmp_path: Path, web: Web, server: ScriptedServer) -> Review:
    """The same for two readers."""
    desk = mailing(tmp_path, server)
    made(desk, to=[ME, YOU])
    return desk


def made(desk: Review, **stated: Any) -> None:
    asked = {"topic": TOPIC, "to": [ME], "sources": ["arxiv"], "date": "2026-08-16", **stated}
    desk.digest_new(asked.pop("name", "wells"), **asked)


def mailed(server: ScriptedServer) -> list[str]:
    """To whom letters went, in order."""
    return [recipient for _, recipient, _ in server.messages]


def shown(desk: Review, issue: str | None = None) -> list[str]:
    """The titles of an issue's new papers, cut at their colon."""
    digest, _ = desk.digest_issue("wells", issue)
    items = [item for theme in digest.themes for item in theme.items]
    return sorted(digest.papers[item.key].title.partition(":")[0] for item in items)


def head(desk: Review) -> str:
    """The text of the latest issue, without its line breaks."""
    return " ".join(desk.digest_issue("wells")[1].bodies.text.split())


def states(sent: DigestSent) -> dict[str, str]:
    return {one.recipient: one.state for one in sent.letters}


def library_of(desk: Review) -> str:
    return hashlib.sha256(desk.workspace.library.read_bytes()).hexdigest()


def test_week_after_week(desk: Review, web: Web, server: ScriptedServer) -> None:
    """A first issue, a quiet week, an update, and each mailed once to each reader."""
    first = desk.digest_send("wells", date=FIRST)
    assert (first.issue, first.kind, first.is_whole) == ("2026-W34", "issue", True)
    assert first.counts and (first.counts.shown, first.counts.below) == (3, 1)
    assert mailed(server) == [ME] and shown(desk) == ["FrostDip2", "SaltDip0", "SandDip1"]
    web.scripts[ARXIV] = [NOTHING]
    second = desk.digest_send("wells", date=SECOND)
    assert (second.kind, second.is_whole, second.subject) == (
        "nothing",
        True,
        f"{TOPIC}: nothing new (2026-W35)",
    )
    web.scripts[ARXIV] = [feed(well(0), well(1, version=2))]
    third = desk.digest_send("wells", date=THIRD)
    assert third.counts and (third.counts.shown, third.counts.updates, third.counts.sent_before) == (0, 1, 1)
    assert desk.digest_issue("wells")[0].updates[0].what == "there is a version 2, after version 1"
    assert mailed(server) == [ME] * 3  # fmt: skip


def test_a_service_is_asked_for_what_is_new(desk: Review, web: Web) -> None:
    """The topic, for the week before the first issue; then since the last answer, with some days more, up to the day."""
    desk.digest_send("wells", date=FIRST)
    web.scripts[ARXIV] = [PAGE]
    desk.digest_send("wells", date="2026-08-25")  # nothing is known of this week, and that is mailed
    web.scripts[ARXIV] = [NOTHING]
    desk.digest_send("wells", date=THIRD)
    asked = [one.params["search_query"] for one in web.asked]
    assert "all:height AND all:of AND all:water AND all:in AND all:wells" in asked[0]
    spans = [one.partition("[")[2] for one in asked]
    assert spans == [f"{first}0000 TO {last}2359]" for first, last in
                     (("20260810", "20260817"), ("20260803", "20260825"), ("20260803", "20260831"))]  # fmt: skip


def test_sent_again_is_sent_once(desk: Review, web: Web, server: ScriptedServer) -> None:
    """The second call composes nothing, asks nobody and mails nobody."""
    desk.digest_send("wells", date=FIRST)
    asked = len(web.asked)
    again = desk.digest_send("wells", date="2026-08-19")
    assert (again.issue, again.is_composed, states(again)) == ("2026-W34", False, {ME: "sent"})
    assert not any(one.is_fresh for one in again.letters)
    assert (len(web.asked), len(server.messages)) == (asked, 1)


def test_what_is_over_the_limit_waits(tmp_path: Path, web: Web) -> None:
    """It comes with the next issue, also where no mail server is set and letters are files."""
    desk = review(tmp_path)
    made(desk, limit=2)
    desk.digest_send("wells", date=FIRST)
    assert desk.digest_list(date=FIRST)[0].waiting == 1
    assert "2 of 3 relevant papers; 1 waits for the next issue (--limit)." in head(desk)
    web.scripts[ARXIV] = [NOTHING]
    desk.digest_send("wells", date=SECOND)
    assert "1 new paper; 1 paper had waited since earlier issues." in head(desk)
    assert sorted(shown(desk, "2026-W34") + shown(desk)) == ["FrostDip2", "SaltDip0", "SandDip1"]
    assert len(list((tmp_path / "digests" / "wells").glob("*.eml"))) == 2


def test_a_broken_source_is_no_quiet_week(desk: Review, web: Web, server: ScriptedServer) -> None:
    """On its day an issue waits for its sources; later it says that nothing is known. One of two is named."""
    desk.digest_send("wells", date=FIRST)
    web.scripts[ARXIV] = [PAGE]
    with pytest.raises(SourceError, match="W35: no source could be asked, and no issue was made: arxiv"):
        desk.digest_send("wells", date=SECOND)
    assert mailed(server) == [ME] and len(desk.digest_show("wells", date=SECOND).issues) == 1
    late = desk.digest_send("wells", date="2026-08-25")
    assert (late.issue, late.kind, late.is_all_broken) == ("2026-W35-notice", "broken", True)
    assert "could not be asked" in late.subject and mailed(server) == [ME, ME]
    made(desk, sources=["arxiv", "crossref"], replace=True)
    half = desk.digest_send("wells", date=THIRD)
    assert (half.kind, half.is_all_broken, half.is_whole) == ("broken", False, False)
    assert [one.state for one in half.sources] == ["broken", "empty"]
    web.scripts[ARXIV] = [week(4)]
    found = listed(work("10.1234/b", "Height of Water in Wells from Sound", family="Hopper", year=2026))
    web.scripts[CROSSREF] = [found]
    whole = desk.digest_send("wells", date=FOURTH)
    assert (whole.is_whole, len(shown(desk))) == (True, 2)
    assert desk.digest_issue("wells")[0].since == FIRST


def test_a_first_issue_waits_for_its_sources(tmp_path: Path, web: Web) -> None:
    """However long they do not answer nobody is mailed that, and the period is not used up."""
    desk = review(tmp_path)
    made(desk, sources=[], files=[tmp_path / "typo.jsonl"])
    for day in (FIRST, "2026-08-18", "2026-08-20"):
        with pytest.raises(SourceError, match="W34: no source could be asked"):
            desk.digest_send("wells", date=day)
    made(desk, replace=True)
    sent = desk.digest_send("wells", date="2026-08-21")
    assert (sent.issue, sent.is_composed, sent.kind) == ("2026-W34", True, "issue")


def test_a_notice_leaves_the_issue_to_come(desk: Review, web: Web, server: ScriptedServer) -> None:
    """That no source answers is mailed once; the issue comes when one does, in the same week, as another message."""
    desk.digest_send("wells", date=FIRST)
    web.scripts[ARXIV] = [PAGE]
    desk.digest_due(date="2026-08-25")
    again = desk.digest_due(date="2026-08-26").sent
    assert [one.problem is not None for one in again] == [True] and mailed(server) == [ME, ME]
    web.scripts[ARXIV] = [week(3)]
    (sent,) = desk.digest_due(date="2026-08-26").sent
    assert (sent.issue, sent.kind, sent.is_whole) == ("2026-W35", "issue", True)
    assert desk.digest_issue("wells")[0].issue == "2026-W35"
    issues = desk.digest_show("wells", date=SECOND).issues
    assert [one.issue for one in issues] == ["2026-W34", "2026-W35-notice", "2026-W35"]
    assert len({one.letters[0].message_id for one in issues}) == 3 and mailed(server) == [ME] * 3


def test_a_notice_that_waits_is_held_back(desk: Review, web: Web, server: ScriptedServer) -> None:
    """Once the issue is there nobody needs to hear any more that it could not be made."""
    desk.digest_send("wells", date=FIRST)
    web.scripts[ARXIV], server.script["RCPT"] = [PAGE], ["451 not now", "250 ok"]
    assert states(desk.digest_send("wells", date="2026-08-25")) == {ME: "pending"}
    web.scripts[ARXIV] = [week(3)]
    sent = desk.digest_send("wells", date="2026-08-26")
    assert (states(sent), sent.earlier, len(mailed(server))) == ({ME: "sent"}, (), 2)


def test_an_issue_for_nobody_is_not_made(tmp_path: Path, web: Web) -> None:
    """What it showed would never be shown again."""
    desk = review(tmp_path)
    made(desk, to=[])
    with pytest.raises(UsageError, match="nobody gets it, and no issue was made"):
        desk.digest_send("wells", date=FIRST)
    assert (desk.digest_due(date=FIRST).quiet, web.asked) == (("wells",), [])
    desk.digest_send("wells", date=FIRST, to=[ME])
    assert len(shown(desk)) == 3
    made(desk, quiet="nothing", replace=True)
    web.scripts[ARXIV] = [NOTHING]
    desk.digest_send("wells", date=SECOND)
    with pytest.raises(UsageError, match="has no letter"):
        desk.digest_resend("wells", "2026-W35")


def test_a_preview_changes_nothing(desk: Review, web: Web, server: ScriptedServer) -> None:
    """Neither the library nor what the issue will hold; nothing is mailed."""
    before = library_of(desk)
    found, pages = desk.digest_preview("wells", date=FIRST)
    assert (found.issue, found.counts.shown) == ("2026-W34", 3) and pages.bodies.bib
    assert library_of(desk) == before and server.messages == []
    sent = desk.digest_send("wells", date=FIRST)
    issue, stored = desk.digest_issue("wells", sent.issue)
    assert (issue, stored) == (found, pages)
    after = library_of(desk)
    assert desk.digest_preview("wells", date="2026-08-19")[0].issue == "2026-W35"
    assert library_of(desk) == after


def test_the_same_issue_twice_has_the_same_bytes(tmp_path: Path, web: Web) -> None:
    """Two workspaces that are fed alike write the same letters."""
    written = []
    for name in ("one", "two"):
        desk = review(tmp_path / name)
        made(desk)
        for day in (FIRST, SECOND):
            desk.digest_send("wells", date=day, out=tmp_path / f"{name}.letters")
        written.append({path.name: path.read_bytes() for path in (tmp_path / f"{name}.letters").iterdir()})
    assert written[0] == written[1] and len(written[0]) == 2


def test_letters_that_do_not_arrive(shared: Review, server: ScriptedServer) -> None:
    """Put off, refused, in doubt: each is told, and only what may arrive is tried again, by whichever issue comes next."""
    server.script["RCPT"] = ["451 not now", "550 nobody", "250 ok"]
    sent = shared.digest_send("wells", date=FIRST)
    assert (states(sent), sent.is_whole) == ({ME: "pending", YOU: "refused"}, False)
    assert shared.digest_due(date=FIRST).quiet == ("wells",)  # the next try is five minutes later
    late = shared.digest_due(date="2026-08-18").sent[0]
    assert [
        (one.recipient, one.state) for report in late.earlier for one in report.letters if one.is_fresh
    ] == [(ME, "sent")]
    server.script["end"] = [DROP, "250 kept"]
    doubt = shared.digest_send("wells", date=SECOND)
    assert (states(doubt), doubt.is_whole) == ({ME: "unknown", YOU: "sent"}, False)  # fmt: skip


def test_what_several_readers_get_speaks_of_nobodys_library(
    shared: Review, web: Web, server: ScriptedServer
) -> None:
    """Neither commands for the owner of the library nor what the owner did; one reader gets both."""
    shared.digest_send("wells", date=FIRST)
    shared.digest_keep("wells", "2026-W34", [1])
    web.scripts[ARXIV] = [week(3, 4)]
    shared.digest_send("wells", date=SECOND)
    digest, pages = shared.digest_issue("wells")
    whys = [item.why for theme in digest.themes for item in theme.items]
    assert whys and not any("you" in why for why in whys)
    assert "digest keep" not in pages.bodies.text + pages.bodies.html
    assert "To get no more mails of the digest wells" in pages.bodies.text
    made(shared, replace=True)
    web.scripts[ARXIV] = [week(5)]
    shared.digest_send("wells", date="2026-08-31")
    assert "digest keep" in shared.digest_issue("wells")[1].bodies.text


def test_a_letter_again_is_the_same_letter(shared: Review, web: Web, server: ScriptedServer) -> None:
    """The same bytes and Message-ID, and nobody is asked; by itself only to those who may lack it."""
    server.script["RCPT"] = ["250 ok", "550 nobody", "250 ok"]
    shared.digest_send("wells", date=FIRST)
    asked = len(web.asked)
    again = shared.digest_resend("wells", "2026-W34", date="2026-08-18")
    assert states(again) == {ME: "sent", YOU: "sent"} and mailed(server) == [ME, YOU]
    with pytest.raises(UsageError, match="every letter was sent"):
        shared.digest_resend("wells", "2026-W34")
    shared.digest_resend("wells", "2026-W34", to=[ME])
    assert server.messages[0] == server.messages[2] and len(web.asked) == asked


def test_only_to_some(shared: Review, server: ScriptedServer) -> None:
    """A look at it first, then to the others; who is no reader gets this issue only."""
    shared.digest_send("wells", date=FIRST, to=[ME])
    assert mailed(server) == [ME]
    assert states(shared.digest_send("wells", date=FIRST)) == {ME: "sent", YOU: "sent"}
    shared.digest_send("wells", date=FIRST, to=["guest@example.org"])
    shared.digest_send("wells", date=SECOND)
    assert mailed(server) == [ME, YOU, "guest@example.org", ME, YOU]
    ids = {
        line
        for _, _, letter in server.messages
        for line in letter.split(b"\r\n")
        if line.startswith(b"Message-ID")
    }
    assert len(ids) == 5  # fmt: skip


def test_who_has_left_gets_nothing(shared: Review, server: ScriptedServer) -> None:
    """Neither a later issue nor a letter that waits; of one digest, or of all."""
    server.script["RCPT"] = ["451 not now", "250 ok"]
    shared.digest_send("wells", date=FIRST)
    made(shared, name="more", to=["Me <ME@example.org>"])
    assert shared.digest_unsubscribe("Me@Example.org", "wells") == ["wells"]
    assert shared.digest_due(date=SECOND).sent[-1].letters[0].recipient == YOU
    assert ME not in mailed(server)
    assert shared.digest_unsubscribe(ME) == ["more"]
    for nobody in (ME, "me"):
        with pytest.raises(UsageError):
            shared.digest_unsubscribe(nobody)


def test_what_is_due(desk: Review, web: Web, server: ScriptedServer) -> None:
    """Late over a missed week in one issue, not while it is paused, and not when the clock goes back."""
    assert desk.digest_due(date="2026-08-16").quiet == ("wells",)
    desk.digest_due(date=FIRST)
    desk.digest_pause("wells")
    assert desk.digest_due(date=SECOND).quiet == ("wells",)
    with pytest.raises(UsageError, match="paused"):
        desk.digest_send("wells", date=SECOND)
    desk.digest_resume("wells")
    web.scripts[ARXIV] = [week(3)]
    late = desk.digest_due(date="2026-09-03").sent
    assert [(one.issue, one.kind) for one in late] == [("2026-W36", "issue")]
    assert desk.digest_issue("wells")[0].since == FIRST and shown(desk) == ["IronDip3"]
    assert desk.digest_due(date=SECOND).quiet == ("wells",)
    with pytest.raises(UsageError, match="has not come yet"):
        desk.digest_send("wells", date=SECOND)
    assert desk.digest_due(date=FOURTH).sent[0].issue == "2026-W37"


def test_one_that_fails_stops_no_other(desk: Review, web: Web, server: ScriptedServer) -> None:
    """A source that is broken, settings that cannot be read: the others are sent, and what failed says why."""
    made(desk, name="broken", sources=["crossref"])
    made(desk, name="zebras")
    web.scripts[CROSSREF] = [PAGE]
    report = desk.digest_due(date=FIRST)
    assert [(one.digest, one.problem is None) for one in report.sent] == [
        ("broken", False),
        ("wells", True),
        ("zebras", True),
    ]
    assert report.sent[0].problem and "no source could be asked" in report.sent[0].problem
    web.scripts[CROSSREF] = [listed()]
    assert len(server.messages) == 2
    with desk._library() as library, library.change():
        library._db.execute("UPDATE digests SET settings = '{}' WHERE name = 'wells'")
    report = desk.digest_due(date=SECOND)
    assert [one.digest for one in report.sent if one.problem is None] == ["broken", "zebras"]
    assert report.sent[1].problem and "cannot be read" in report.sent[1].problem  # fmt: skip
    with pytest.raises(LibraryError):
        desk.digest_list()


def test_files_and_collections(tmp_path: Path, web: Web) -> None:
    """Patterns are read anew each time, from wherever; what a file gave before is no news; what is gone is broken."""
    desk = review(tmp_path)
    feeds = tmp_path / "feed"
    write(feeds / "one.jsonl", WELLS[:2])
    desk.add([write(tmp_path / "a.jsonl", WELLS[2:3])], collection="inbox")
    made(
        desk,
        topic="water levels in wells",
        sources=[],
        files=[feeds / "*.jsonl"],
        collections=["inbox"],
    )
    first = desk.digest_send("wells", date=FIRST)
    assert first.counts and (first.counts.fetched, first.counts.shown) == (3, 3)
    assert [one.source for one in first.sources] == ["feed/*.jsonl", "collection inbox"]
    quiet = desk.digest_send("wells", date=SECOND)
    assert quiet.counts and quiet.counts.fetched == 0 and quiet.kind == "nothing"
    assert [one.state for one in quiet.sources] == ["empty", "empty"]
    write(feeds / "two.jsonl", WELLS[1:])
    third = desk.digest_send("wells", date=THIRD)
    assert third.counts and (third.counts.fetched, third.counts.shown, third.counts.sent_before) == (3, 1, 2)
    made(desk, sources=[], files=[feeds / "one.jsonl"], collections=["inbox"], replace=True)
    (feeds / "one.jsonl").unlink()
    assert [one.state for one in desk.digest_send("wells", date=FOURTH).sources] == ["broken", "empty"]


def test_what_is_kept_is_in_the_library(desk: Review) -> None:
    """Not before; then with its collection, in a survey too. What is disliked never comes again."""
    desk.digest_send("wells", date=FIRST)
    assert desk.papers() == []
    number = next(
        item.n
        for theme in desk.digest_issue("wells")[0].themes
        for item in theme.items
        if item.key.startswith("salt") or "salt" in item.key
    )
    keys, collection = desk.digest_keep("wells", "2026-W34", [number])
    assert (collection, [paper.key for paper in desk.papers(collection="wells")]) == ("wells", keys)
    survey = desk.survey(collection="wells", out=desk.workspace.folder.parent / "survey", date=FIRST)
    assert sorted(survey.papers) == keys
    assert len(desk.digest_dislike("wells", "2026-W34", [1, 2])) == 2
    state = desk.digest_show("wells", date=FIRST)
    assert (state.disliked, state.kept) == (2, 1 if number > 2 else 0)
    for wrong in (("2026-W33", 1), ("2026-W34", 9)):
        with pytest.raises(UsageError):
            desk.digest_keep("wells", wrong[0], [wrong[1]])


def test_what_is_disliked_never_comes_again(desk: Review, web: Web) -> None:
    """Though its source gives it again, in a new version even."""
    desk.digest_send("wells", date=FIRST)
    desk.digest_dislike("wells", "2026-W34", [1, 2, 3])
    web.scripts[ARXIV] = [feed(*(well(number, version=2) for number in range(3)))]
    sent = desk.digest_send("wells", date=SECOND)
    assert sent.counts and (sent.kind, sent.counts.disliked, sent.counts.sent_before) == ("nothing", 0, 3)


def test_a_quiet_week_may_be_silent(desk: Review, web: Web, server: ScriptedServer) -> None:
    """Then no letter is written, and the issue is there all the same; a broken source is never silent."""
    made(desk, quiet="nothing", replace=True)
    web.scripts[ARXIV] = [NOTHING]
    sent = desk.digest_send("wells", date=FIRST)
    assert (sent.kind, sent.letters, sent.is_whole) == ("nothing", (), True)
    web.scripts[ARXIV] = [PAGE]
    assert states(desk.digest_send("wells", date="2026-08-25")) == {ME: "sent"}


def test_a_mail_server_that_cannot_be_used(tmp_path: Path, web: Web) -> None:
    """What does not go together is said before anybody is asked; where the server fails the issue stays, and is sent later."""
    half = Review(tmp_path, environment={"HOME": str(tmp_path), "LITREVIEW_SMTP_PORT": "25"})
    made(half)
    with pytest.raises(SettingsError, match="smtp_host is not"):
        half.digest_send("wells", date=FIRST)
    assert web.asked == []
    with ScriptedServer({"greeting": ["554 not you", "220 welcome"]}) as server:
        desk = mailing(tmp_path, server)
        with pytest.raises(SettingsError, match="554 not you"):
            desk.digest_send("wells", date=FIRST)
        sent = desk.digest_send("wells", date=FIRST)
        assert (sent.is_composed, mailed(server)) == (False, [ME])


def test_a_digest_is_forgotten(desk: Review, server: ScriptedServer) -> None:
    """With its papers, but for those that were kept; a new one of its name begins anew."""
    desk.digest_send("wells", date=FIRST)
    keys, _ = desk.digest_keep("wells", "2026-W34", [1])
    assert desk.digest_remove("wells") == 0 and desk.digest_list() == []
    assert [paper.key for paper in desk.papers()] == keys
    made(desk, review="wells")
    assert desk.digest_send("wells", date=SECOND).issue == "2026-W35"
    assert len(shown(desk)) == 2


def test_a_feed_of_its_issues(desk: Review) -> None:
    """All of them, newest first; none where there is none."""
    with pytest.raises(OutputError):
        desk.digest_feed("wells")
    for day in (FIRST, SECOND):
        desk.digest_send("wells", date=day)
    text = desk.digest_feed("wells")
    assert text.index("2026-W35") < text.index("2026-W34") and text == desk.digest_feed("wells")


WRONG: Sequence[tuple[dict[str, Any], str]] = [
    ({"name": "Wells!"}, "a-z"), ({}, "already"), ({"name": "b", "to": ["nobody"]}, "address"),
    ({"name": "b", "sources": ["none"]}, "no service"), ({"name": "b", "sources": []}, "nothing to look at"),
    ({"name": "b", "collections": ["none"]}, "no collection"), ({"name": "b", "examples": ["none"]}, "no paper"),
    ({"name": "b", "review": "none"}, "no collection"), ({"name": "b", "threshold": 2}, "--threshold is a number from 0 to 1"),
    ({"name": "b", "topic": ""}, "nothing to search arxiv for: --topic is empty"),
]  # fmt: skip


@pytest.mark.parametrize(("stated", "said"), WRONG, ids=[said for _, said in WRONG])
def test_what_cannot_be_a_digest(desk: Review, web: Web, stated: dict[str, Any], said: str) -> None:
    """It is said when the digest is set up, and nothing is asked for that."""
    with pytest.raises(UsageError, match=said):
        made(desk, **stated)
    assert web.asked == [] and len(desk.digest_list()) == 1


def test_a_server_that_cannot_be_used_stops_all(desk: Review, web: Web, tmp_path: Path) -> None:
    """What is wrong with it is said once, not for each digest; the issue stays, and is sent once that is mended."""
    made(desk, name="zebras")
    with ScriptedServer({"greeting": ["554 not you", "220 welcome"]}) as server:
        shelf = mailing(tmp_path, server)
        with pytest.raises(SettingsError, match="554 not you"):
            shelf.digest_due(date=FIRST)
        assert [len(state.issues) for state in shelf.digest_list(date=FIRST)] == [1, 0]
        assert [one.problem for one in shelf.digest_due(date=FIRST).sent] == [None, None]
        assert len(server.messages) == 2


def test_the_list_says_what_became_of_an_issue(desk: Review, web: Web) -> None:
    """New papers, nothing new, and not known are three things."""
    desk.digest_send("wells", date=FIRST)
    web.scripts[ARXIV] = [NOTHING]
    desk.digest_send("wells", date=SECOND)
    web.scripts[ARXIV] = [PAGE]
    desk.digest_send("wells", date="2026-09-01")
    assert [one.kind for one in desk.digest_list(date="2026-09-01")[0].issues] == [
        "issue",
        "nothing",
        "broken",
    ]
