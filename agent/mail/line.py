"""One line to a mail server: replies that are bounded, TLS that verifies, a log-in that leaves no trace.

What the standard library's client lacks is added here. Its replies may go on for ever, byte by byte or line by line;
its log-in keeps the password in objects and in the variables that a traceback may show; its `starttls` and `SMTP_SSL`
verify nothing unless told to. This knows nothing of messages or of what a reply means for them.
"""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from agent.errors import SettingsError
from agent.text.printable import printable

MOST_LINE = 8192  # bytes; RFC 5321 4.5.3.1.5 allows 512
MOST_REPLY = 65536  # bytes of all lines of one reply
MOST_SHOWN = 200  # characters of a server's text in a reason
NOT_OFFERED = 504  # RFC 4954: no such way to log in
_REPLY = re.compile(rb"([2-5][0-9]{2})(?:([ -])(.*))?", re.S)


@dataclass(frozen=True)
class Server:
    """Where mail is handed over, and how.

    Args:
        security: `starttls` begins TLS on an open line, `tls` opens the line with it, `none` has no TLS and no password.
        timeout: seconds that each step may take: opening, TLS, a command with its reply.
        final_timeout: seconds for the reply to a whole message; RFC 5321 (4.5.3.2.6) asks for ten minutes, since giving
            up there is what makes doubles.
        local_hostname: what we call ourselves; our end's IP address if left out, as RFC 5321 (4.1.3) has it.
        ca: a file of certificates that are trusted instead of the system's.
    """

    host: str
    port: int
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    timeout: float = 60.0
    local_hostname: str | None = None
    final_timeout: float = 600.0
    ca: str | None = None

    @property
    def place(self) -> str:
        return f"{self.host}:{self.port}"


class NotNow(Exception):  # noqa: N818  # not an error, but an answer
    """The server or the line fails in a way that may pass."""

    def __init__(self, reason: str, code: int | None = None, *, is_slow: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.code = code
        self.is_slow = is_slow


def verifying(ca: str | None) -> ssl.SSLContext:
    """A TLS context that checks the certificate and its name.

    Raises:
        SettingsError: the file of certificates cannot be used.
    """
    try:
        return ssl.create_default_context(cafile=ca)
    except ssl.SSLError:
        problem = "holds no certificates"
    except OSError as error:
        problem = f"cannot be read: {error.strerror}"
    raise SettingsError(f"smtp_ca: {ca}: {problem}", "name a file of PEM certificates, or leave it out")


class Line(smtplib.SMTP):
    """A line to a server. `step` is what is being done, and begins every reason.

    Args:
        clock: seconds that only go forward.
    """

    def __init__(self, server: Server, clock: Callable[[], float]) -> None:
        super().__init__(local_hostname=server.local_hostname or "localhost", timeout=server.timeout)
        self._server = server
        self._clock = clock
        self._held = b""
        self.step = "connecting"
        self.patience = server.timeout

    # Opening

    def open(self, context: ssl.SSLContext | None) -> tuple[int, bytes]:
        """Connect, with TLS from the start if there is a context; the server's greeting.

        Raises:
            NotNow: nobody answers. SettingsError: it is not the server that it should be.
        """
        server = self._server
        try:
            self.sock = socket.create_connection((server.host, server.port), server.timeout)
            self.sock.setsockopt(
                socket.IPPROTO_TCP, socket.TCP_NODELAY, 1
            )  # small pieces wait for no receipts
            if server.local_hostname is None:
                self.local_hostname = _literal(self.sock.getsockname()[0])
        except (OSError, UnicodeError) as error:  # the latter: a name that can be none
            raise self._broken(error) from None
        if context is not None:
            self.wrap(context)
        self.step = "greeting"
        return self.getreply()

    def wrap(self, context: ssl.SSLContext) -> None:
        """Speak TLS from here on. EHLO comes next, and replaces what was learnt without TLS (RFC 3207, 4.2).

        Raises:
            NotNow: the line broke. SettingsError: the certificate is not trusted, or this is no TLS.
        """
        assert self.sock is not None
        self.step = "TLS"
        if self._held:  # put there by whoever wants it to be read as said under TLS
            raise self._failed("it said more than it should before TLS")
        self.sock.settimeout(self._server.timeout)
        try:
            self.sock = context.wrap_socket(self.sock, server_hostname=self._server.host)
        except ssl.SSLCertVerificationError as error:
            problem, hint = f"its certificate is not trusted: {printable(error.verify_message)}", "smtp_host is the name that the certificate bears; smtp_ca names certificates of your own"  # fmt: skip
        except (TimeoutError, ssl.SSLEOFError, ssl.SSLZeroReturnError, ConnectionError) as error:
            raise self._broken(error) from None
        except ssl.SSLError as error:
            problem, hint = f"it does not speak TLS as it should ({error.reason})", "see smtp_security and smtp_port: tls is for port 465, starttls for 587"  # fmt: skip
        except OSError as error:
            raise self._broken(error) from None
        else:
            return
        self.close()
        raise SettingsError(f"{self._server.place}: {problem}; nothing was sent", hint)

    def log_in(self) -> int:
        """The code of the server's last word on user and password. Its text is left unread: it may repeat them.

        Raises:
            NotNow: the line broke.
        """
        assert isinstance(self.sock, ssl.SSLSocket), "no password before TLS"
        self.step = "AUTH"
        offered = self.esmtp_features.get("auth", "").upper().split()
        code = NOT_OFFERED
        if "PLAIN" in offered:
            code = self._whisper(lambda: b"AUTH PLAIN " + _plain(self._server))
        if code == NOT_OFFERED and "LOGIN" in offered:
            code = self.docmd("AUTH", "LOGIN")[0]
            if code == 334:
                code = self._whisper(lambda: b64encode(_octets(self._server, "user")))
            if code == 334:
                code = self._whisper(lambda: b64encode(_octets(self._server, "password")))
        return code

    def _whisper(self, made: Callable[[], bytes]) -> int:
        """Send what nobody may see, and the reply's code.

        No variable here or further down holds the line by the time that an error leaves this function.
        """
        assert self.sock is not None
        self.sock.settimeout(self._server.timeout)
        try:
            self.sock.sendall(made() + b"\r\n")
            failed = None
        except OSError as error:
            failed = self._broken(error)
        except BaseException as error:
            raise error.with_traceback(None) from None
        if failed is not None:
            raise failed
        return self.getreply()[0]

    # Speaking

    def putcmd(self, cmd: str, args: str = "") -> None:
        self.step = cmd.upper()
        super().putcmd(cmd, args)

    def send(self, s: str | bytes) -> None:  # type: ignore[override]  # all that is ever sent
        """All of it, unless the server has spoken or hung up unasked: then this is no answer to what it said.

        Raises:
            NotNow: not all went out. The line stays open, since the server may have said why.
        """
        if self.sock is None:
            raise self._failed("the line is closed")
        if self._has_news():
            raise NotNow(f"at {self.step}: the server spoke or hung up unasked")
        try:
            self.sock.settimeout(self._server.timeout)
            self.sock.sendall(s.encode("ascii") if isinstance(s, str) else s)
        except OSError as error:
            raise self._reason(error) from None

    def _has_news(self) -> bool:
        """Whether there is something to read, the line's end included."""
        assert self.sock is not None
        if self._held:
            return True
        self.sock.settimeout(0.0)
        try:
            self._held = self.sock.recv(4096)
        except (BlockingIOError, ssl.SSLWantReadError):
            return False
        except OSError:
            pass  # broken, and reading it will say how
        return True

    def getreply(self) -> tuple[int, bytes]:
        """A whole reply within `patience` seconds, and within bounds.

        Raises:
            NotNow: there is none; the line is closed.
        """
        deadline = self._clock() + self.patience
        lines: list[bytes] = []
        codes, size = set(), 0
        while True:
            line = self._next(deadline)
            size += len(line)
            found = _REPLY.fullmatch(line)
            if found:
                codes.add(int(found[1]))
                lines.append(found[3] or b"")
            if not found or len(codes) > 1:
                raise self._failed("it answered with what is no reply")
            if size > MOST_REPLY:
                raise self._failed("its reply is too long")
            if found[2] != b"-":
                return codes.pop(), b"\n".join(lines)

    def _next(self, deadline: float) -> bytes:
        """The next line, without its end."""
        while b"\n" not in self._held:
            if len(self._held) > MOST_LINE:
                raise self._failed("its reply is too long")
            self._held += self._piece(deadline - self._clock())
        line, _, self._held = self._held.partition(b"\n")
        return line.removesuffix(b"\r")

    def _piece(self, left: float) -> bytes:
        if self.sock is None:
            raise self._failed("the line is closed")
        try:
            if left <= 0:
                raise TimeoutError
            self.sock.settimeout(left)
            piece = self.sock.recv(4096)
        except OSError as error:
            raise self._broken(error) from None
        if not piece:
            raise self._failed("the server closed the line")
        return piece

    # What went wrong

    def _broken(self, error: Exception) -> NotNow:
        """The line is of no more use, and is closed."""
        self.close()
        return self._reason(error)

    def _failed(self, what: str) -> NotNow:
        self.close()
        return NotNow(f"at {self.step}: {what}")

    def _reason(self, error: Exception) -> NotNow:
        if isinstance(error, TimeoutError):
            return NotNow(f"at {self.step}: no answer within {self.patience:g} s", is_slow=True)
        said = getattr(error, "strerror", None) or type(error).__name__
        return NotNow(f"at {self.step}: the line broke, or there is none ({printable(said)})")

    def told(self, code: int, text: bytes) -> str:
        """A reply as it may be shown: on one line, of bounded length, and without the password."""
        said = " ".join(text.decode("utf-8", "replace").split())
        if any(secret in text or secret.decode("utf-8", "replace") in said for secret in self._secrets()):
            said = "(what it says repeats the password)"
        shown = printable(said)
        cut = shown if len(shown) <= MOST_SHOWN else f"{shown[: MOST_SHOWN - 1]}…"
        return f"at {self.step}: {code} {cut}".rstrip()

    def _secrets(self) -> tuple[bytes, ...]:
        if not self._server.password:
            return ()
        return (
            _octets(self._server, "password"),
            b64encode(_octets(self._server, "password")),
            _plain(self._server),
        )


# These name the field and not its value, so that no variable of a frame holds a password.


def _plain(server: Server) -> bytes:
    return b64encode(b"\0" + _octets(server, "user") + b"\0" + _octets(server, "password"))


def _octets(server: Server, name: Literal["user", "password"]) -> bytes:
    return str(getattr(server, name) or "").encode("utf-8", "surrogateescape")


def _literal(address: str) -> str:
    return f"[IPv6:{address.partition('%')[0]}]" if ":" in address else f"[{address}]"
