"""A password goes to the server, under TLS, and nowhere else."""

from __future__ import annotations

import base64
import logging
import ssl
import time
import traceback
from pathlib import Path
from typing import Any

import pytest
from certificates import HOST, Certificates
from scripted_smtp import DROP, RESET, ScriptedServer

from agent.errors import SettingsError
from agent.mail.smtp import Connection, Server

CANARY = "canary-Pa55word-ü"
ENCODED = base64.b64encode(CANARY.encode()).decode()
PLAIN = base64.b64encode(f"\0ada\0{CANARY}".encode()).decode()
FORMS = (CANARY, ENCODED, PLAIN, ascii(CANARY)[1:-1], "canary")
MESSAGE = b"Subject: new\r\n\r\nnew\r\n"
ECHO = f"535 no user ada with {CANARY}, that is {ENCODED} or {PLAIN}"
LOGIN_ONLY = {"auth": "LOGIN"}

TROUBLE: dict[str, dict[str, Any]] = {
    "all well": {},
    "refused, and repeated": {"script": {"AUTH": ECHO}},
    "refused for now, and repeated": {"script": {"AUTH": ECHO.replace("535", "454")}},
    "refused after LOGIN": {"script": {"AUTH": "334 VXNlcg==", "answer": ["334 UGFzcw==", ECHO]}, **LOGIN_ONLY},
    "dropped in LOGIN": {"script": {"AUTH": "334 VXNlcg==", "answer": ["334 UGFzcw==", DROP]}, **LOGIN_ONLY},
    "dropped": {"script": {"AUTH": DROP}},
    "reset": {"script": {"AUTH": RESET}},
    "repeated as a question": {"script": {"AUTH": f"334 {PLAIN}", "answer": f"501 {PLAIN}"}},
    "repeated at MAIL": {"script": {"MAIL": f"550 you are {CANARY}"}},
    "repeated at RCPT, in Base64": {"script": {"RCPT": f"450 you are {ENCODED}"}},
    "repeated behind the message": {"script": {"end": f"250 kept for {PLAIN}"}},
    "repeated with 530": {"script": {"MAIL": f"530 you are {CANARY}"}},
    "no TLS, log-in offered": {"context": None, "auth_in_plain": True},
    "no TLS now, log-in offered": {"script": {"STARTTLS": "454 not now"}, "auth_in_plain": True},
    "log-in offered before TLS": {"auth_in_plain": True},
    "a wrong certificate": {"context": "self-signed", "auth_in_plain": True},
}  # fmt: skip


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return Certificates(tmp_path_factory.mktemp("certificates"))


def told(server: Server) -> str:
    """All that anybody could print of one delivery and its objects, frames' variables included."""
    said: list[Any] = [server]
    connection = Connection(server, time.monotonic)
    try:
        with connection:
            said.append(connection.deliver("ada@example.org", "you@example.org", MESSAGE))
    except (SettingsError, KeyboardInterrupt) as error:
        said += [error, error.args, vars(error)]
        said += traceback.TracebackException.from_exception(error, capture_locals=True).format()
        inner: BaseException | None = error
        while inner := inner.__context__ if inner is not None else None:
            said += traceback.TracebackException.from_exception(inner, capture_locals=True).format()
    said += [connection, vars(connection)]
    return "\n".join(str(one) + repr(one) for one in said)


def opened(trouble: dict[str, Any], certificates: Certificates) -> ScriptedServer:
    context = trouble.get("context", "good")
    return ScriptedServer(**{**trouble, "context": certificates.contexts[context] if context else None})


@pytest.mark.parametrize("what", TROUBLE)
def test_the_password_shows_nowhere(
    what: str, certificates: Certificates, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """Not in outcomes, errors, tracebacks with variables, objects, logs, on the terminal, or on the wire in plain."""
    caplog.set_level(logging.DEBUG)
    with opened(TROUBLE[what], certificates) as server:
        shown = told(Server(HOST, server.port, "starttls", "ada", CANARY, 5, ca=certificates.ca))
    printed = capfd.readouterr()
    everything = "\n".join([shown, caplog.text, printed.out, printed.err, server.plain.decode("latin-1")])
    assert [form for form in FORMS if form in everything] == []
    has_logged_in = any(line == f"AUTH PLAIN {PLAIN}" for line in server.lines) or ENCODED in server.answers
    assert has_logged_in == (
        not what.startswith(("no TLS", "a wrong"))
    )  # so that there was something to show


@pytest.mark.parametrize("way", ["PLAIN", "LOGIN"])
def test_an_interruption_in_the_middle_of_a_log_in_shows_nothing(
    way: str, certificates: Certificates, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C while the password is being written: the traceback's variables do not hold it."""
    whole = ssl.SSLSocket.send
    secret = {"PLAIN": PLAIN, "LOGIN": ENCODED}[way].encode()

    def interrupted(self: ssl.SSLSocket, data: Any, flags: int = 0) -> int:
        if secret in bytes(data):
            raise KeyboardInterrupt
        return whole(self, data, flags)

    monkeypatch.setattr(ssl.SSLSocket, "send", interrupted)
    script = {"AUTH": "334 VXNlcg==", "answer": "334 UGFzcw=="} if way == "LOGIN" else {}
    with ScriptedServer(script, context=certificates.contexts["good"], auth=way) as server:
        shown = told(Server(HOST, server.port, "starttls", "ada", CANARY, 5, ca=certificates.ca))
    assert "KeyboardInterrupt" in shown
    assert [form for form in FORMS if form in shown] == []


def test_reasons_keep_the_rest_of_what_is_said(certificates: Certificates) -> None:
    """Where a server repeats the password, its code and the step are told, and that it does."""
    script = {"MAIL": f"550 you are {CANARY}"}
    with ScriptedServer(script, context=certificates.contexts["good"]) as server:
        stated = Server(HOST, server.port, "starttls", "ada", CANARY, 5, ca=certificates.ca)
        with Connection(stated, time.monotonic) as connection:
            found = connection.deliver("ada@example.org", "you@example.org", MESSAGE)
    assert found.reason == "at MAIL: 550 (what it says repeats the password)"


def test_nothing_of_the_standard_library_that_prints_is_used() -> None:
    """Its own log-in keeps the password in frames, and its debugging prints the whole exchange."""
    room = Path(__file__).parents[2] / "agent" / "mail"
    for file in sorted(room.glob("*.py")):
        code = file.read_text(encoding="utf-8")
        for call in (".login(", ".auth(", "set_debuglevel", "_create_unverified_context", "CERT_NONE"):
            assert call not in code, f"{file.name}: {call}"
