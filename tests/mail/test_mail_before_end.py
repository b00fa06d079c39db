"""The moment before a letter's end: until then no server may keep it."""

from __future__ import annotations

import time
from collections.abc import Sequence

import pytest
from scripted_smtp import DROP, Action, ScriptedServer

from agent.mail.smtp import Connection, Outcome, Server

LETTER = b"Subject: floats\r\n\r\n.three\r\n"
BIG = b"Subject: floats\r\n\r\n" + b"floats in a well\r\n" * 400_000  # more than the system takes in unread


def handed_over(
    server: ScriptedServer, letter: bytes, told: list[int], error: Exception | None = None
) -> Outcome:
    """What became of a letter; `told` gets how many the server had when it was asked before the end."""

    def before_end() -> None:
        told.append(len(server.messages))
        if error:
            raise error

    with Connection(Server("127.0.0.1", server.port, "none", timeout=5), time.monotonic) as connection:
        return connection.deliver("me@example.org", "you@example.org", letter, before_end)


CASES: list[tuple[str, dict[str, Action | Sequence[Action]], bytes, str, bool]] = [
    ("taken", {}, LETTER, "sent", True),
    ("taken, and big", {}, BIG, "sent", True),
    ("refused after its end", {"end": "554 no"}, LETTER, "refused", True),
    ("put off after its end", {"end": "451 later"}, LETTER, "later", True),
    ("no word after its end", {"end": DROP}, LETTER, "unknown", True),
    ("no greeting", {"greeting": DROP}, LETTER, "later", False),
    ("refused at MAIL", {"MAIL": "550 no"}, LETTER, "refused", False),
    ("refused at RCPT", {"RCPT": "550 no"}, LETTER, "refused", False),
    ("refused at DATA", {"DATA": "554 no"}, LETTER, "refused", False),
    ("dropped in the data", {"body": DROP}, BIG, "later", False),
]


@pytest.mark.parametrize(("name", "script", "letter", "state", "is_told"), CASES, ids=[case[0] for case in CASES])  # fmt: skip
def test_it_is_told_once_and_in_time(
    name: str, script: dict[str, Action | Sequence[Action]], letter: bytes, state: str, is_told: bool
) -> None:
    """Told after all that can fail without harm, and before the server can have the letter."""
    told: list[int] = []
    with ScriptedServer(script, window=65536) as server:
        assert handed_over(server, letter, told).state == state
    assert told == ([0] if is_told else [])


def test_without_the_note_there_is_no_end() -> None:
    """If whoever is told cannot go on, the line ends without the letter's end."""
    with ScriptedServer() as server, pytest.raises(RuntimeError):
        handed_over(server, LETTER, [], RuntimeError("no note"))
    assert server.messages == []
    assert "QUIT" not in server.lines


def test_a_line_left_in_the_middle_of_a_letter_is_not_used_again() -> None:
    """What comes next on it would be part of that letter: the next one has a line of its own."""

    def cannot() -> None:
        raise RuntimeError("no note")

    with (
        ScriptedServer() as server,
        Connection(Server("127.0.0.1", server.port, "none", timeout=5), time.monotonic) as connection,
    ):
        with pytest.raises(RuntimeError):
            connection.deliver("me@example.org", "a@example.org", LETTER, cannot)
        assert connection.deliver("me@example.org", "b@example.org", LETTER).state == "sent"
    assert [(one[1], one[2]) for one in server.messages] == [("b@example.org", LETTER)]
    assert server.openings == 2
