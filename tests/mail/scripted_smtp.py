"""A mail server on this machine that says what a script tells it, breaks the line where it tells it, and notes all.

    with ScriptedServer({"RCPT": ["250 ok", "550 nobody"]}) as server:
        ...  # connect to 127.0.0.1, server.port
    server.messages, server.plain, server.openings

A script names for each step its action, or a list of them for one time after another, the last of which holds ever
after. The steps: `greeting`, the verbs, `TLS`, `answer` (further lines of a log-in), `body` (inside the data), `end`
(behind the final dot).
"""

from __future__ import annotations

import re
import socket
import ssl
import struct
import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal, Self


@dataclass(frozen=True)
class Then:
    """Something said, and the line closed after it."""

    said: str


@dataclass(frozen=True)
class Way:
    """Nothing said, too much, or what is usual but late."""

    kind: Literal["hang", "drop", "reset", "drip", "endless", "late"]


HANG, DROP, RESET, DRIP, ENDLESS, LATE = (
    Way(kind) for kind in ("hang", "drop", "reset", "drip", "endless", "late")
)
BEING_LATE = 0.4  # seconds
Action = str | bytes | Then | Way
USUAL: dict[str, Action] = {
    "greeting": "220 mail.example.org ESMTP",
    "HELO": "250 mail.example.org",
    "STARTTLS": "220 go ahead",
    "AUTH": "235 welcome",
    "MAIL": "250 ok",
    "RCPT": "250 ok",
    "DATA": "354 go ahead",
    "end": "250 kept as 42",
    "RSET": "250 ok",
    "QUIT": "221 bye",
}


class _OverError(Exception):
    """This line is done."""


class ScriptedServer:
    """Listens from `with` on.

    Args:
        context: with which it speaks TLS, after STARTTLS or, `from_start`, at once.
        offers: what it says that it can do; None for a server that knows no EHLO.
        auth: ways to log in, offered under TLS, or always if `auth_in_plain`.
        window: bytes that the system takes in before they are read.
        closes_after: messages after which it hangs up.
    """

    def __init__(
        self,
        script: Mapping[str, Action | Sequence[Action]] | None = None,
        *,
        context: ssl.SSLContext | None = None,
        from_start: bool = False,
        offers: Sequence[str] | None = ("SIZE 20000000", "8BITMIME", "SMTPUTF8"),
        auth: str = "PLAIN LOGIN",
        auth_in_plain: bool = False,
        window: int | None = None,
        closes_after: int | None = None,
        last_words: bytes = b"",
    ) -> None:
        self.script = dict(script or {})
        self.context, self.from_start = context, from_start
        self.offers, self.auth, self.auth_in_plain = offers, auth, auth_in_plain
        self.closes_after, self.last_words = closes_after, last_words
        self.plain = bytearray()
        self.lines: list[str] = []  # every command that came, on any line
        self.answers: list[str] = []  # further lines of log-ins
        self.messages: list[tuple[str, str, bytes]] = []
        self.openings = 0
        self.over = threading.Event()
        self.closings = threading.Semaphore(0)  # one for each line that is done
        self._counts: Counter[str] = Counter()
        self._threads: list[threading.Thread] = []
        self._listening = socket.socket()
        if window:
            self._listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, window)
        self._listening.bind(("127.0.0.1", 0))
        self._listening.listen(8)
        self.port: int = self._listening.getsockname()[1]

    def __enter__(self) -> Self:
        self._start(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for thread in self._threads:
            thread.join(5)

    def _start(self, what: object, *arguments: object) -> None:
        thread = threading.Thread(target=what, args=arguments, daemon=True)  # type: ignore[arg-type]
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self.over.is_set():
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            self.openings += 1
            self._start(_Session(self, connection).run)

    def action(self, step: str) -> Action | None:
        """What is to be done at a step this time."""
        said = self.script.get(step, USUAL.get(step))
        if isinstance(said, list | tuple):
            self._counts[step] += 1
            return said[min(self._counts[step], len(said)) - 1]  # type: ignore[no-any-return]
        return said  # type: ignore[return-value]


class _Session:
    """One line."""

    def __init__(self, server: ScriptedServer, connection: socket.socket) -> None:
        self.server, self.sock = server, connection
        self.sock.settimeout(5)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.held = b""
        self.is_secure = False
        self.sender = self.recipient = ""
        self.carried = 0

    def run(self) -> None:
        try:
            if self.server.from_start:
                self.wrap()
            self.act("greeting")
            while True:
                self.command(self.line().decode("utf-8", "replace"))
        except (_OverError, OSError):
            pass
        finally:
            self.sock.close()
            self.server.closings.release()

    def command(self, line: str) -> None:
        self.server.lines.append(line)
        verb, _, rest = line.partition(" ")
        verb = verb.upper()
        if verb == "EHLO" and "EHLO" not in self.server.script:
            self.say(self.welcome())
            return
        if verb == "MAIL":
            self.sender = _path(rest)
        if verb == "RCPT":
            self.recipient = _path(rest)
        said = self.act(verb)
        if verb == "STARTTLS" and said.startswith("220"):
            self.act("TLS")
            self.wrap()
        while verb == "AUTH" and said.startswith("334"):
            self.server.answers.append(self.line().decode())
            said = self.act("answer")
        if verb == "DATA" and said.startswith("354"):
            self.data()
        if verb == "QUIT":
            raise _OverError

    def data(self) -> None:
        if "body" in self.server.script:
            self.read()
            self.act("body")
        while b"\r\n.\r\n" not in self.held:
            self.read()
        body, _, self.held = self.held.partition(b"\r\n.\r\n")
        kept = re.sub(rb"(?m)^\.", b"", body) + b"\r\n"
        self.server.messages.append((self.sender, self.recipient, kept))
        self.act("end")
        self.carried += 1
        if self.carried == self.server.closes_after:
            self.sock.sendall(self.server.last_words)
            raise _OverError

    def welcome(self) -> str:
        if self.server.offers is None:
            return "502 what is that"
        offers = ["mail.example.org", *self.server.offers]
        if self.server.context is not None and not self.is_secure:
            offers.append("STARTTLS")
        if self.server.auth and (self.is_secure or self.server.auth_in_plain):
            offers.append(f"AUTH {self.server.auth}")
        return "\r\n".join([f"250-{offer}" for offer in offers[:-1]] + [f"250 {offers[-1]}"])

    def act(self, step: str) -> str:
        """Do what the script says; what was said, if it was a reply."""
        action = self.server.action(step)
        if isinstance(action, Then):
            self.say(action.said)
            raise _OverError
        if action is LATE:
            self.server.over.wait(BEING_LATE)
            action = USUAL[step]
        if isinstance(action, Way):
            self.fail(action.kind)
        if isinstance(action, bytes) and step == "TLS":
            self.sock.recv(65536)  # the other side has begun, so that this is no part of the last reply
            self.sock.sendall(action)
            self.sock.recv(65536)
            raise _OverError
        if isinstance(action, bytes):
            self.sock.sendall(action)
            return ""
        if action is None and step == "TLS":
            return ""
        said = action if isinstance(action, str) else "502 what is that"
        self.say(said)
        return said

    def fail(self, kind: str) -> None:
        if kind == "reset":
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        while kind == "drip" and not self.server.over.wait(0.02):
            self.sock.sendall(b"2")
        while kind == "endless":
            self.sock.sendall(b"250-and more\r\n" * 1000)
        if kind == "hang":
            self.server.over.wait(10)
        raise _OverError

    def say(self, text: str) -> None:
        said = text.encode("utf-8", "surrogateescape") + b"\r\n"
        if not self.is_secure:
            self.server.plain += said
        self.sock.sendall(said)

    def line(self) -> bytes:
        while b"\n" not in self.held:
            self.read()
        line, _, self.held = self.held.partition(b"\n")
        return line.rstrip(b"\r")

    def read(self) -> None:
        piece = self.sock.recv(65536)
        if not piece:
            raise _OverError
        if not self.is_secure:
            self.server.plain += piece
        self.held += piece

    def wrap(self) -> None:
        assert self.server.context is not None
        self.sock = self.server.context.wrap_socket(self.sock, server_side=True)
        self.is_secure, self.held = True, b""


def _path(rest: str) -> str:
    found = re.search(r"<(.*?)>", rest)
    return found[1] if found else ""
