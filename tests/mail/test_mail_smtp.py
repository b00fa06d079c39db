"""Mail servers that do everything a mail server may do, and what becomes of the message."""

from __future__ import annotations

import re
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword, Session
from certificates import HOST, Certificates
from mail_servers import CASES, Case
from scripted_smtp import ScriptedServer, Then

from agent.errors import SettingsError
from agent.mail.smtp import Connection, Outcome, Server

CANARY = "canary-Pa55word"
SENDER = "Ada Lovelace <ada@example.org>"
MESSAGE = b"From: ada@example.org\r\nSubject: new\r\n\r\n.\r\n..two\r\nlast\r\n"
LONG = MESSAGE + b"x" * 900 + b"\r\n" + (b"y" * 900 + b"\r\n") * 6_000
SLOW = 0.25  # seconds
PAGE = Path(__file__).parents[2] / "docs" / "digest.md"


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return Certificates(tmp_path_factory.mktemp("certificates"))


def started(case: Case, certificates: Certificates) -> ScriptedServer:
    has_tls = case.security == "starttls" or case.more.get("from_start")
    context = certificates.contexts[case.certificate] if has_tls else None
    return ScriptedServer(case.script, **{"context": context, **case.more})


def served(port: int, case: Case, certificates: Certificates) -> Server:
    return Server(
        HOST,
        port,
        case.security,
        case.user,
        CANARY if case.user else None,
        timeout=SLOW if case.is_slow else 5,
        final_timeout=SLOW if case.state == "unknown" and case.is_slow else 5,
        ca=certificates.ca,
    )


def tried(case: Case, certificates: Certificates) -> tuple[Outcome | SettingsError, ScriptedServer]:
    """What became of a message, and the server."""
    with (
        started(case, certificates) as server,
        Connection(served(server.port, case, certificates), time.monotonic) as connection,
    ):
        try:
            found = connection.deliver(SENDER, case.recipient, LONG if case.is_long else MESSAGE)
        except SettingsError as error:
            return error, server
        return found, server


@pytest.fixture(scope="module")
def slow(certificates: Certificates) -> dict[str, Any]:
    """All that wait for a time-out, at the same time."""
    cases = [case for case in CASES if case.is_slow]
    with ThreadPoolExecutor(len(cases)) as pool:
        found = pool.map(lambda case: tried(case, certificates), cases)
        return dict(zip(map(name, cases), found, strict=True))


def name(case: Case) -> str:
    return f"{case.when}: {case.what}"


@pytest.mark.parametrize("case", CASES, ids=name)
def test_each_behaviour_has_its_outcome(
    case: Case, certificates: Certificates, request: pytest.FixtureRequest
) -> None:
    """State, code and reason are those of the table; the message is where the outcome says; no password in plain."""
    if case.is_slow:
        found, server = request.getfixturevalue("slow")[name(case)]
    else:
        found, server = tried(case, certificates)
    if case.state == "stops":
        assert isinstance(found, SettingsError), found
        assert case.says in found.message and found.hint and str(server.port) in found.message
    else:
        assert isinstance(found, Outcome), found
        assert (found.state, found.code) == (case.state, case.code), found
        assert case.says in found.reason
    if case.state in ("sent", "unknown"):
        ((_, recipient, kept),) = server.messages
        assert (kept, recipient.isascii()) == (MESSAGE, True)
    elif case.when != "behind the message":
        assert server.messages == []
    assert CANARY.encode() not in server.plain
    assert b"AUTH " not in server.plain.replace(b"250 AUTH ", b"")


def test_the_page_has_this_very_table() -> None:
    """What the documentation says a server may do, and what follows, is what is tested."""
    _, _, section = PAGE.read_text(encoding="utf-8").partition("These are tested one by one")
    rows = re.findall(r"^\| (.+?) \| (.+?) \| (.+?) \|$", section.partition("\n## ")[0], re.M)
    said = [row for row in rows if row[0] != "when"]
    assert said == [(case.when, case.what, case.state) for case in CASES]
    assert len(set(said)) == len(said) >= 20


# Several messages


def to(server: ScriptedServer, **more: Any) -> Connection:
    return Connection(Server(HOST, server.port, "none", timeout=5, **more), time.monotonic)


def deliver(server: ScriptedServer, *recipients: str, **more: Any) -> list[Outcome]:
    with to(server, **more) as connection:
        return [connection.deliver(SENDER, recipient, MESSAGE) for recipient in recipients]


def test_each_recipient_has_an_envelope_and_an_outcome() -> None:
    """One refused among three: the others have it, over the same line, each with its own envelope."""
    script = {"RCPT": ["250 ok", "550 nobody", "250 ok"]}
    with ScriptedServer(script) as server:
        found = deliver(server, "a@x.example", "b@x.example", "c@x.example")
    assert [one.state for one in found] == ["sent", "refused", "sent"]
    assert [one[:2] for one in server.messages] == [
        ("ada@example.org", "a@x.example"),
        ("ada@example.org", "c@x.example"),
    ]
    assert server.openings == 1
    assert [line for line in server.lines if line == "RSET"] == ["RSET"]
    assert server.lines[-1] == "QUIT"


REOPENED: dict[str, dict[str, Any]] = {
    "421 at MAIL": {"script": {"MAIL": [Then("421 bye"), "250 ok"]}},
    "421 at RCPT": {"script": {"RCPT": [Then("421 bye"), "250 ok"]}},
    "421 at DATA": {"script": {"DATA": [Then("421 bye"), "354 go ahead"]}},
    "421 behind the message": {"script": {"end": [Then("421 bye"), "250 ok"]}},
    "421 at the greeting": {"script": {"greeting": ["421 busy", "220 hello"]}},
    "421, and the line is left open": {"script": {"RCPT": ["421 bye", "250 ok"]}},
    "450, and 500 to RSET": {"script": {"RCPT": ["450 busy", "250 ok"], "RSET": "500 what"}},
}


@pytest.mark.parametrize("what", REOPENED)
def test_a_line_that_is_gone_is_opened_again_for_the_next(what: str) -> None:
    """One recipient waits, the next one's message goes over a new line."""
    with ScriptedServer(REOPENED[what]["script"]) as server:
        first, second = deliver(server, "a@x.example", "b@x.example")
    assert (first.state, second.state) == ("later", "sent")
    assert server.openings == 2


@pytest.mark.parametrize("last_words", [b"", b"421 you were idle\r\n"], ids=["silently", "with a 421"])
def test_a_line_that_was_closed_between_two_messages_costs_nobody_anything(last_words: bytes) -> None:
    """The server hangs up behind each message, before it has heard of the next: that one is sent all the same."""
    with ScriptedServer(closes_after=1, last_words=last_words) as server, to(server) as connection:
        for recipient in ("a@x.example", "b@x.example", "c@x.example"):
            assert connection.deliver(SENDER, recipient, MESSAGE).state == "sent"
            assert server.closings.acquire(timeout=5)
    assert [one[1] for one in server.messages] == ["a@x.example", "b@x.example", "c@x.example"]
    assert server.openings == 3


def test_a_server_that_is_not_there_is_asked_twice_and_no_more() -> None:
    """Where nobody opens, the rest of the run waits for another one without asking again."""
    with ScriptedServer({"greeting": "421 busy"}) as server:
        found = deliver(server, *(f"{letter}@x.example" for letter in "abcde"))
    assert {(one.state, one.code) for one in found} == {("later", 421)}
    assert server.openings == 2


def test_nobody_listens() -> None:
    """A port where nobody is, and a name that is none, are reasons to try again later."""
    with ScriptedServer() as server:
        port = server.port
    for host in (HOST, "localhost.." + "x" * 80):
        with Connection(Server(host, port, "none", timeout=5), time.monotonic) as connection:
            found = connection.deliver(SENDER, "a@x.example", MESSAGE)
        assert found.state == "later" and "at connecting" in found.reason


def test_what_ends_a_run_ends_it_for_all(certificates: Certificates) -> None:
    """A wrong password is tried once: every further message has the same error without another try."""
    with ScriptedServer({"AUTH": "535 no"}, context=certificates.contexts["good"]) as server:
        stated = Server(HOST, server.port, "starttls", "ada", CANARY, 5, ca=certificates.ca)
        with Connection(stated, time.monotonic) as connection:
            for _ in range(3):
                with pytest.raises(SettingsError, match="535"):
                    connection.deliver(SENDER, "a@x.example", MESSAGE)
    assert server.openings == 1
    assert sum(line.startswith("AUTH") for line in server.lines) == 1


def test_a_second_log_in_goes_by_login_where_plain_is_not_known(certificates: Certificates) -> None:
    """User and password go where each is asked for."""
    script = {"AUTH": "334 VXNlcg==", "answer": ["334 UGFzcw==", "235 welcome"]}
    context = certificates.contexts["good"]
    with ScriptedServer(script, context=context, auth="LOGIN") as server:
        stated = Server(HOST, server.port, "starttls", "ada", CANARY, 5, ca=certificates.ca)
        with Connection(stated, time.monotonic) as connection:
            assert connection.deliver(SENDER, "a@x.example", MESSAGE).state == "sent"
    assert [line for line in server.lines if line.startswith("AUTH")] == ["AUTH LOGIN"]
    assert server.answers == ["YWRh", "Y2FuYXJ5LVBhNTV3b3Jk"]


@pytest.mark.parametrize(
    ("user", "password", "security", "said"),
    [
        ("ada", "x", "none", "without TLS"),
        ("ada", None, "starttls", "goes with a password"),
        (None, "x", "tls", "goes with a password"),
        ("ada", "x\0y", "tls", "zero byte"),
    ],
)
def test_a_server_that_is_set_in_halves_is_asked_nothing(user: Any, password: Any, security: Any, said: str) -> None:  # fmt: skip
    """Above all no password goes without TLS, on loopback neither."""
    with ScriptedServer(auth_in_plain=True) as server, pytest.raises(SettingsError, match=said):
        Connection(Server(HOST, server.port, security, user, password), time.monotonic)
    assert server.openings == 0


UNFIT = {
    "beyond 7 bits": ("ü".encode(), "7 bits"),
    "a zero byte": (b"a\0b\r\n", "7 bits"),
    "a bare LF, and a message inside": (b"a\n.\nMAIL FROM:<x@x>\r\n", "CRLF"),
    "a bare CR": (b"a\r.\r\n", "CRLF"),
    "a long line": (b"x" * 999 + b"\r\n", "998"),
}


@pytest.mark.parametrize("what", UNFIT)
def test_a_message_that_no_server_reads_alike_is_not_sent(what: str) -> None:
    """Such bytes are refused before anybody is asked."""
    message, said = UNFIT[what]
    with ScriptedServer() as server, to(server) as connection:
        found = connection.deliver(SENDER, "a@x.example", message)
    assert (found.state, found.code) == ("refused", None) and said in found.reason
    assert server.openings == 0


def test_what_a_server_says_is_shown_clean_and_short() -> None:
    """Control characters, direction changes and 5,000 characters do not reach a terminal as they are."""
    said = "550 \x1b[31m\u202eevil\x07" + "x" * 5000
    with ScriptedServer({"RCPT": said}) as server:
        (found,) = deliver(server, "a@x.example")
    assert found.reason.isprintable() and len(found.reason) < 230
    assert found.reason.startswith("at RCPT: 550 �[31m�evil�xxx")


def test_we_name_ourselves_by_our_address_or_as_told() -> None:
    """No name of this machine is looked up or told."""
    with ScriptedServer() as server:
        deliver(server, "a@x.example")
        deliver(server, "a@x.example", local_hostname="digest.example.org")
    assert [line for line in server.lines if line.startswith(("EHLO", "ehlo"))] == [
        "ehlo [127.0.0.1]",
        "ehlo digest.example.org",
    ]


def test_a_server_that_minds_sizes_is_told_ours() -> None:
    """So that a message that is too large is refused before it is sent; one that does not is told no more than asked."""
    for offers, more in ((["SIZE 1000"], f" SIZE={len(MESSAGE)}"), ([], "")):
        with ScriptedServer(offers=offers) as server:
            deliver(server, "a@x.example")
        assert [line for line in server.lines if line.startswith("MAIL")] == [
            f"MAIL FROM:<ada@example.org>{more}"
        ]


def test_a_wrong_sender_ends_the_run() -> None:
    """The sender is a setting."""
    with ScriptedServer() as server, to(server) as connection, pytest.raises(SettingsError, match="sender"):
        connection.deliver("nobody", "a@x.example", MESSAGE)
    assert server.openings == 0


@pytest.mark.parametrize(("held", "said"), [(None, "cannot be read"), ("no pem", "no certificates")])
def test_a_file_of_certificates_that_is_none(tmp_path: Path, held: str | None, said: str) -> None:
    """It is named, and nothing else is trusted in its place."""
    file = tmp_path / "ca.pem"
    if held:
        file.write_text(held)
    with pytest.raises(SettingsError, match=said) as error:
        Connection(Server(HOST, 1, ca=str(file)), time.monotonic)
    assert str(file) in error.value.message


# A server that others wrote


class Mailboxes:
    """Keeps what comes, but for one who is not known."""

    def __init__(self) -> None:
        self.kept: list[tuple[str, bytes]] = []

    async def handle_RCPT(self, server: Any, session: Session, envelope: Envelope, address: str, options: Any) -> str:  # fmt: skip  # noqa: N802
        if address == "gone@example.org":
            return "550 5.1.1 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Session, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        self.kept.append((", ".join(envelope.rcpt_tos), envelope.content))
        return "250 OK"


def authenticate(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
    """One user, one password."""
    is_right = isinstance(data, LoginPassword) and data == LoginPassword(b"ada", CANARY.encode())
    return AuthResult(success=is_right, handled=False) if not is_right else AuthResult(success=True)


class OnAnyPort(Controller):
    """Port 0 is the one that the system chooses, also for the controller's own look whether it runs."""

    def _trigger_server(self) -> None:
        assert self.server is not None
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@pytest.fixture
def mailboxes(certificates: Certificates) -> Any:
    """aiosmtpd, which wants TLS and a log-in."""
    handler = Mailboxes()
    controller = OnAnyPort(
        handler,
        HOST,
        0,
        server_hostname="mail.example.org",
        tls_context=certificates.contexts["good"],
        require_starttls=True,
        auth_required=True,
        authenticator=authenticate,
    )
    controller.start()
    yield handler, Server(HOST, controller.port, "starttls", "ada", CANARY, 5, ca=certificates.ca)
    controller.stop()


def test_a_real_server_has_the_very_bytes(mailboxes: Any) -> None:
    """TLS, log-in, three recipients of whom one is not known; what arrives is what was sent, byte by byte."""
    handler, server = mailboxes
    with Connection(server, time.monotonic) as connection:
        found = [connection.deliver(SENDER, f"{name}@example.org", MESSAGE) for name in ("a", "gone", "b")]
    assert [(one.state, one.code) for one in found] == [("sent", 250), ("refused", 550), ("sent", 250)]
    assert handler.kept == [("a@example.org", MESSAGE), ("b@example.org", MESSAGE)]


def test_a_real_server_has_dots_where_they_were(mailboxes: Any) -> None:
    """Lines that begin with dots, the very first one too, and a last line without an end."""
    handler, server = mailboxes
    with Connection(server, time.monotonic) as connection:
        connection.deliver(SENDER, "a@example.org", b".a: 1\r\n\r\n.\r\n..\r\nx.\r\n.y")
    assert handler.kept == [("a@example.org", b".a: 1\r\n\r\n.\r\n..\r\nx.\r\n.y\r\n")]


def test_a_real_server_refuses_a_wrong_password(mailboxes: Any) -> None:
    """And the run ends with nobody refused."""
    handler, server = mailboxes
    wrong = Server(HOST, server.port, "starttls", "ada", "wrong", 5, ca=server.ca)
    with Connection(wrong, time.monotonic) as connection, pytest.raises(SettingsError, match="535"):
        connection.deliver(SENDER, "a@example.org", MESSAGE)
    assert handler.kept == []
