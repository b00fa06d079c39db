"""Settings for mail: what goes together, where the password comes from, and who gets to see it."""

from __future__ import annotations

import os
import shlex
import sys
import traceback
from pathlib import Path
from typing import Any

import pytest
from bench import review

from agent.api import mailing
from agent.api.mailing import connection_to, sender_of, server_of
from agent.errors import SettingsError
from agent.mail.smtp import Server
from agent.settings import Value, resolve, shown

CANARY = "canary-Pa55word"
WHOLE = {"smtp_host": "smtp.example.org", "smtp_from": "Ada <ada@example.org>", "smtp_user": "ada", "smtp_password": CANARY}  # fmt: skip


def settings_of(**stated: str | None) -> dict[str, Value]:
    """Settings from variables alone."""
    named = {f"LITREVIEW_{name.upper()}": value for name, value in stated.items() if value is not None}
    return resolve(named, None, None, {})


def python(code: str) -> str:
    return shlex.join([sys.executable, "-S", "-c", code])


def test_a_server_is_what_the_settings_say() -> None:
    """With STARTTLS on its port where nothing else is said."""
    found = server_of(settings_of(**WHOLE))
    assert found == Server("smtp.example.org", 587, "starttls", "ada", CANARY)
    assert sender_of(settings_of(**WHOLE)) == "Ada <ada@example.org>"


@pytest.mark.parametrize(
    ("more", "port"),
    [
        ({"smtp_security": "tls"}, 465),
        ({"smtp_security": "none", "smtp_user": None, "smtp_password": None}, 25),
        ({"smtp_port": "2525"}, 2525),
    ],
)
def test_the_port_goes_by_the_security(more: dict[str, Any], port: int) -> None:
    """Unless it is said."""
    found = server_of(settings_of(**{**WHOLE, **more}))
    assert found is not None and found.port == port


def test_no_server_is_no_error() -> None:
    """A sender or a time zone alone are for mail that is written to files."""
    assert server_of(settings_of()) is None
    assert server_of(settings_of(smtp_from="ada@example.org", timezone="Europe/Berlin")) is None


HALVES: dict[str, tuple[dict[str, str | None], str]] = {
    "a user without a server": ({"smtp_host": None, "smtp_password": None}, "smtp_host is not"),
    "a password without a server": ({"smtp_host": None, "smtp_user": None}, "smtp_host is not"),
    "a port without a server": ({"smtp_host": None, "smtp_user": None, "smtp_password": None, "smtp_port": "25"}, "smtp_port is set"),
    "a user without a password": ({"smtp_password": None}, "no password"),
    "a password without a user": ({"smtp_user": None}, "no user name"),
    "a password and a command": ({"smtp_password_command": "pass show mail"}, "both set"),
    "a password without TLS": ({"smtp_security": "none"}, "without TLS"),
    "no sender": ({"smtp_from": None}, "no sender"),
    "two senders": ({"smtp_from": "a@example.org, b@example.org"}, "LITREVIEW_SMTP_FROM"),
    "certificates that are not there": ({"smtp_ca": "/nowhere/ca.pem"}, "/nowhere/ca.pem"),
}  # fmt: skip


@pytest.mark.parametrize("what", HALVES)
def test_half_made_settings_are_refused(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """With what is missing and where to set it, before any command is run; the password is not told."""
    monkeypatch.setattr(mailing, "_run", lambda words: pytest.fail("the command was run"))
    more, said = HALVES[what]
    with pytest.raises(SettingsError) as error:
        server_of(settings_of(**{**WHOLE, **more}))
    assert said in error.value.message and error.value.hint
    assert CANARY not in all_that_can_be_printed(error.value)


def all_that_can_be_printed(error: BaseException) -> str:
    """A traceback with the variables of our own frames, and of the errors behind it."""
    told, one = [str(error), repr(error), repr(vars(error))], error
    while one is not None:
        trace = one.__traceback__
        while trace and not trace.tb_frame.f_globals["__name__"].startswith("agent."):
            trace = trace.tb_next
        told += traceback.TracebackException(
            type(one), one, trace, capture_locals=True, lookup_lines=False
        ).format()  # fmt: skip
        one = one.__context__  # type: ignore[assignment]
    return "\n".join(told)


COMMANDS = {
    "print('canary-Pa55word')": CANARY,
    "print('canary-Pa55word\\nuser: ada')": CANARY,
    "import sys; sys.stdout.write('canary-Pa55word')": CANARY,
    "import sys; sys.stdout.write(' a b \\r\\nmore')": " a b ",
    "import os; os.write(1, b'p\\xc3\\xbc\\xff\\n')": "pü\udcff",
}


@pytest.mark.parametrize("code", COMMANDS)
def test_a_command_prints_the_password(code: str) -> None:
    """Its first line as it is, without the line's end."""
    found = server_of(settings_of(**{**WHOLE, "smtp_password": None, "smtp_password_command": python(code)}))
    assert found is not None and found.password == COMMANDS[code]


FAILING = {  # the password never stands in the command itself
    "print('canary-' + 'Pa55word'); raise SystemExit(3)": "failed with code 3",
    "raise ValueError('canary-' + 'Pa55word')": "failed with code 1",
    "print(); print('canary-' + 'Pa55word')": "printed nothing on its first line",
    "pass": "printed nothing",
    "import time; print('canary-' + 'Pa55word', flush=True); time.sleep(9)": "took longer",
}


@pytest.mark.parametrize("code", FAILING)
def test_a_command_that_fails_says_what_to_do_and_not_what_it_printed(
    code: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Neither its output nor its errors are in our error, in its traceback or on the terminal."""
    monkeypatch.setattr(mailing, "COMMAND_TIMEOUT", 0.2 if "sleep" in code else 30.0)
    stated = settings_of(**{**WHOLE, "smtp_password": None, "smtp_password_command": python(code)})
    with pytest.raises(SettingsError) as error:
        server_of(stated)
    assert FAILING[code] in error.value.message and "terminal" in (error.value.hint or "")
    assert CANARY not in all_that_can_be_printed(error.value)
    printed = capfd.readouterr()
    assert CANARY not in printed.out + printed.err


@pytest.mark.parametrize(("command", "said"), [("/nowhere/pass show", "No such file"), ("pass\ufffd\ud800", "no command")])  # fmt: skip
def test_a_command_that_is_none(command: str, said: str) -> None:
    """It is named by its first word, and why it cannot be run."""
    with pytest.raises(SettingsError, match="cannot be run") as error:
        server_of(settings_of(**{**WHOLE, "smtp_password": None, "smtp_password_command": command}))
    assert said in error.value.message


def test_a_command_is_run_without_a_shell(tmp_path: Path) -> None:
    """What a shell would obey is a word like any other."""
    code = "import sys; print(sys.argv[1:])"
    command = f"{python(code)} '$HOME' ; touch {tmp_path / 'made'} `x` | y"
    found = server_of(settings_of(**{**WHOLE, "smtp_password": None, "smtp_password_command": command}))
    made = str(tmp_path / "made")
    assert found is not None and found.password == str(["$HOME", ";", "touch", made, "`x`", "|", "y"])
    assert not os.path.lexists(made)


def test_the_password_is_not_shown_among_the_settings(tmp_path: Path) -> None:
    """Neither it nor the command, into which some write it."""
    stated = {**WHOLE, "smtp_password_command": f"echo {CANARY}"}
    settings = settings_of(**stated)
    listed = {name: shown(name, value.value) for name, value in settings.items()}
    assert (listed["smtp_password"], listed["smtp_password_command"]) == ("(set)", "(set)")
    assert CANARY not in f"{listed}{settings}"
    found = review(tmp_path, options={"smtp_password": CANARY})
    assert CANARY not in repr(found.settings)


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("smtp_host", "https://smtp.example.org"),
        ("smtp_host", "smtp.example.org:587"),
        ("smtp_host", "smtp.example.org/x"),
        ("smtp_host", "a b"),
        ("smtp_host", "-x"),
        ("smtp_host", "münchen.example"),
        ("smtp_port", "0"),
        ("smtp_port", "65536"),
        ("smtp_port", "²"),
        ("smtp_port", "-25"),
        ("smtp_security", "ssl"),
        ("smtp_password", "a\nb"),
        ("smtp_password_command", "pass 'show"),
        ("smtp_password_command", "'' show"),
        ("timezone", "Europe"),
        ("timezone", "Mars/Base"),
        ("timezone", "../../etc/passwd"),
        ("timezone", "/etc/localtime"),
        ("timezone", "x" * 5000),
        ("unsubscribe_url", "http://example.org/leave"),
        ("unsubscribe_url", "https://example.org/a b"),
        ("unsubscribe_url", "https://example.org/ü"),
        ("unsubscribe_url", "https://"),
        ("smtp_from", "a\r\nBcc: eve@example.org"),
    ],
)
def test_unusable_values_are_refused_by_name(setting: str, value: str) -> None:
    """Each with what is wanted; of secrets the value is not told."""
    with pytest.raises(SettingsError, match="is wanted") as error:
        settings_of(**{setting: value})
    assert setting in error.value.message
    if "password" in setting:
        assert "(hidden)" in error.value.message and value not in error.value.message


@pytest.mark.parametrize(
    ("setting", "value", "found"),
    [
        ("smtp_host", "localhost", "localhost"),
        ("smtp_host", "10.0.0.1", "10.0.0.1"),
        ("smtp_host", "[::1]", "::1"),
        ("smtp_host", "fe80::1:2", "fe80::1:2"),
        ("smtp_password", " a b ", " a b "),
        ("timezone", "UTC", "UTC"),
        ("timezone", "America/Argentina/Buenos_Aires", "America/Argentina/Buenos_Aires"),
    ],
)
def test_usable_values(setting: str, value: str, found: str) -> None:
    """Names and addresses of machines; a password's blanks are part of it."""
    assert settings_of(**{setting: value})[setting].value == found


def test_a_connection_is_made_of_a_server() -> None:
    """With this machine's clock; nobody is asked before there is a message."""
    with connection_to(Server("smtp.invalid", 25, "none")) as connection:
        assert connection.deliver("a@example.org", "nobody", b"").state == "refused"
