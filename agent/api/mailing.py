"""The way to a mail server, wired: the settings, the password or the command that prints it, the clock."""

from __future__ import annotations

import os
import shlex
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agent.errors import SettingsError, UsageError
from agent.settings import Value

if TYPE_CHECKING:
    from agent.mail.smtp import Connection, Server

PORTS = {"starttls": 587, "tls": 465, "none": 25}
COMMAND_TIMEOUT = 60.0  # seconds: somebody may have to type a passphrase
GO_WITH_HOST = ("smtp_port", "smtp_user", "smtp_password", "smtp_password_command", "smtp_ca")


def server_of(settings: Mapping[str, Value]) -> Server | None:
    """The mail server that the settings name, with its password; None if they name none.

    Runs `smtp_password_command`, so it is asked for only where mail goes out.

    Raises:
        SettingsError: what is set does not go together, or the command gives no password.
    """
    from agent.mail.line import verifying
    from agent.mail.opening import check_server
    from agent.mail.smtp import Server

    def get(name: str) -> Any:
        return settings[name].value

    if not has_server(settings):
        return None
    ca = str(Path(get("smtp_ca")).expanduser()) if get("smtp_ca") else None
    if ca is not None:
        verifying(ca)  # now, and not when the mail is made
    server = Server(
        host=get("smtp_host"),
        port=get("smtp_port") or PORTS[get("smtp_security")],
        security=get("smtp_security"),
        user=get("smtp_user"),
        password=_printed_by(get("smtp_password_command")) if get("smtp_password_command") else get("smtp_password"),
        ca=ca,
    )  # fmt: skip
    check_server(server)
    return server


def has_server(settings: Mapping[str, Value]) -> bool:
    """Whether the settings name a mail server, and a sender with it. Runs nothing.

    Raises:
        SettingsError: what is set does not go together.
    """
    _check_together(settings)
    if not settings["smtp_host"].value:
        return False
    sender_of(settings)
    return True


def sender_of(settings: Mapping[str, Value]) -> str:
    """Who the mail is from.

    Raises:
        SettingsError: nobody is named, or not with one address.
    """
    from agent.mail.addresses import parse_address

    stated = settings["smtp_from"].value
    if not stated:
        raise SettingsError(
            "no sender is set", f"set {_variable('smtp_from')}, for example to me@example.org"
        )
    try:
        parse_address(stated)
    except UsageError as error:
        raise SettingsError(
            f"{settings['smtp_from'].origin}: smtp_from: {error.message}", error.hint
        ) from None
    return str(stated)


def connection_to(server: Server) -> Connection:
    """A connection that goes by this machine's clock."""
    from agent.mail.smtp import Connection

    return Connection(server, time.monotonic)


def _check_together(settings: Mapping[str, Value]) -> None:
    """What is set for mail is whole, before anything is run for it."""
    is_set = {name: settings[name].value is not None for name in ("smtp_host", *GO_WITH_HOST)}
    if not is_set["smtp_host"]:
        alone = [name for name in GO_WITH_HOST if is_set[name]]
        if alone:
            raise SettingsError(f"{alone[0]} is set, and smtp_host is not", f"set {_variable('smtp_host')}, or take {alone[0]} back")  # fmt: skip
        return
    if is_set["smtp_password"] and is_set["smtp_password_command"]:
        raise SettingsError("smtp_password and smtp_password_command are both set", "take one of them back; litreview config shows where each came from")  # fmt: skip
    has_password = is_set["smtp_password"] or is_set["smtp_password_command"]
    if is_set["smtp_user"] and not has_password:
        raise SettingsError("smtp_user is set, and no password", f"set {_variable('smtp_password')} or {_variable('smtp_password_command')}")  # fmt: skip
    if has_password and not is_set["smtp_user"]:
        raise SettingsError("a password for mail is set, and no user name", f"set {_variable('smtp_user')}")
    if has_password and settings["smtp_security"].value == "none":
        raise SettingsError("smtp_security is none, and no password is sent without TLS", "set it to starttls or tls, or take smtp_user and the password back")  # fmt: skip


def _printed_by(command: str) -> str:
    """The first line that a command prints.

    Raises:
        SettingsError: there is none. What the command printed is in no error, and in no variable behind it.
    """
    words = shlex.split(command)
    printed = _run(words)
    if isinstance(printed, _Printed):
        return printed.password
    raise SettingsError(f"smtp_password_command ({Path(words[0]).name} …) {printed}", "run it in a terminal: the first line that it prints is to be the password")  # fmt: skip


class _Printed:
    """A password that shows in no representation."""

    def __init__(self, password: str) -> None:
        self.password = password


def _run(words: list[str]) -> _Printed | str:
    """The first line of a command's output, or what is wrong; what it says of errors may hold a password, too."""
    try:
        # Without a shell, by words that the user's own settings hold.
        done = subprocess.run(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=COMMAND_TIMEOUT, check=False)  # fmt: skip
    except subprocess.TimeoutExpired:
        return f"took longer than {COMMAND_TIMEOUT:g} s"
    except (OSError, ValueError) as error:
        return f"cannot be run: {getattr(error, 'strerror', None) or 'it is no command'}"
    if done.returncode:
        return f"failed with code {done.returncode}"
    first = os.fsdecode(done.stdout.split(b"\n", 1)[0].removesuffix(b"\r"))
    return _Printed(first) if first else "printed nothing on its first line"


def _variable(name: str) -> str:
    from agent.settings import BY_NAME

    return BY_NAME[name].variable
