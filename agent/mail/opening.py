"""From nothing to a line that is ready for messages: greeting, TLS, log-in, and who is to blame where one fails.

What may pass is a `NotNow`. What stays as it is until somebody changes a setting is a `SettingsError`.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable

from agent.errors import SettingsError
from agent.mail.line import NOT_OFFERED, Line, NotNow, Server


def opened(server: Server, context: ssl.SSLContext | None, clock: Callable[[], float]) -> Line:
    """A line on which the next thing to say is MAIL.

    Raises:
        NotNow: another time may go well.
        SettingsError: the server, its certificate or the log-in cannot be used as they are set; nothing was sent.
    """
    line = Line(server, clock)
    try:
        _introduce(line, server, context)
    except BaseException:
        line.close()
        raise
    return line


def check_server(server: Server) -> None:
    """See whether a server is set in a way that can be used at all.

    Raises:
        SettingsError: it is not.
    """
    if (server.user is None) != (server.password is None):
        raise SettingsError("a user name for mail goes with a password, and a password with a user name", "set smtp_user, and smtp_password or smtp_password_command")  # fmt: skip
    if server.user is not None and server.security == "none":
        raise SettingsError("no password is sent without TLS", "set smtp_security to starttls or tls, or leave out smtp_user and password")  # fmt: skip
    if "\0" in f"{server.user}{server.password}":
        raise SettingsError("there is a zero byte in the user name or password for mail", "see smtp_user and smtp_password")  # fmt: skip


def no_log_in(server: Server, code: int, reason: str) -> SettingsError:
    """The error of a server that wants a log-in, or another one."""
    if server.user is None:
        return SettingsError(f"{server.place} wants a log-in, {reason}", "set smtp_user, and smtp_password or smtp_password_command")  # fmt: skip
    return SettingsError(f"{server.place} does not take this user and password, {reason}", "see smtp_user and smtp_password; many services want a password made for programs")  # fmt: skip


def _introduce(line: Line, server: Server, context: ssl.SSLContext | None) -> None:
    _expect(line, _greeting(line, server, context), server)
    _hello(line, server)
    if server.security == "starttls":
        if not line.has_extn("starttls"):
            raise SettingsError(f"{server.place} offers no TLS; nothing was sent", "see smtp_port, and smtp_security: tls is TLS from the start")  # fmt: skip
        _expect(line, line.docmd("STARTTLS"), server)
        assert context is not None
        line.wrap(context)
        _hello(line, server)
    if server.user is not None:
        _log_in(line, server)


def _greeting(line: Line, server: Server, context: ssl.SSLContext | None) -> tuple[int, bytes]:
    if server.security == "tls":
        return line.open(context)
    try:
        return line.open(None)
    except NotNow as error:
        if not (error.is_slow and line.step == "greeting"):
            raise
        reason = f"{error.reason}; if the port speaks TLS from the start, smtp_security is tls"
    raise NotNow(reason, is_slow=True)


def _hello(line: Line, server: Server) -> None:
    reply = line.ehlo()
    if reply[0] // 100 == 5:  # a server of before 1995, which has no TLS and no log-in
        reply = line.helo()
    _expect(line, reply, server)


def _expect(line: Line, reply: tuple[int, bytes], server: Server) -> None:
    code, text = reply
    if code // 100 == 4:
        raise NotNow(line.told(code, text), code)
    if code // 100 != 2:
        raise SettingsError(f"{server.place} does not want us, {line.told(code, text)}", "nothing was sent; see smtp_host and smtp_port, or ask who runs the server")  # fmt: skip


def _log_in(line: Line, server: Server) -> None:
    if not line.has_extn("auth"):
        raise SettingsError(f"{server.place} offers no log-in; nothing was sent", "leave out smtp_user if it wants none, or see smtp_port")  # fmt: skip
    code = line.log_in()
    if code == NOT_OFFERED:
        raise SettingsError(f"{server.place} takes no log-in with user and password (PLAIN or LOGIN)", "ask who runs the server for a way that does")  # fmt: skip
    if code // 100 == 5:
        raise no_log_in(server, code, f"at AUTH: {code}")
    if code // 100 != 2:
        raise NotNow(f"at AUTH: {code}", code)
