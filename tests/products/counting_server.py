"""A mail server on this machine that counts the letters it takes, and kills who speaks to it where it is told.

    with CountingServer() as server:
        server.kill_at("RCPT", 2, number)  # as soon as the second RCPT comes, and before it is answered
    server.taken  # (recipient, Message-ID, bytes) of each letter, in order

The places: `line` (nothing said yet), the verbs, `body` (some of the letter is here), `end` (all of it is, and the server
will not take it), `taken` (it has taken it and not said so).
"""

from __future__ import annotations

import os
import re
import signal
import socket
import socketserver
import threading
from collections import Counter
from typing import Self

ANSWERS = {
    "EHLO": b"250 mail.example.org\r\n",
    "MAIL": b"250 ok\r\n",
    "RCPT": b"250 ok\r\n",
    "DATA": b"354 go ahead\r\n",
    "RSET": b"250 ok\r\n",
    "QUIT": b"221 bye\r\n",
}
PLACES = ("line", *ANSWERS, "body", "end", "taken")


class CountingServer(socketserver.ThreadingTCPServer):
    """Takes every letter, unless it kills the sender first."""

    allow_reuse_address = True
    daemon_threads = True
    block_on_close = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Line, bind_and_activate=False)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)  # so that a big letter must wait
        self.server_bind()
        self.server_activate()
        self.port: int = self.server_address[1]
        self.taken: list[tuple[str, str, bytes]] = []
        self._lock = threading.Lock()
        self._place, self._left, self._victim = "", 0, 0

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()

    def kill_at(self, place: str, nth: int, victim: int) -> None:
        """Kill process `victim` when it is at `place` for the n-th time from now on."""
        assert place in PLACES
        self._place, self._left, self._victim = place, nth, victim

    def take(self, recipient: str, message: bytes) -> None:
        found = re.search(rb"(?m)^Message-ID: <(.*)>\r$", message)
        assert found
        with self._lock:
            self.taken.append((recipient, found[1].decode(), message))

    def counts(self) -> Counter[tuple[str, str]]:
        """How often each letter was taken, by recipient and Message-ID."""
        return Counter((recipient, number) for recipient, number, _ in self.taken)

    def is_deadly(self, place: str) -> bool:
        """Whether this is where the victim ends; it has ended then."""
        with self._lock:
            if place != self._place or self._left == 0:
                return False
            self._left -= 1
            if self._left:
                return False
            os.kill(self._victim, signal.SIGKILL)
            return True


class _DeadError(Exception):
    """The other side is no more."""


class _Line(socketserver.StreamRequestHandler):
    """One line."""

    server: CountingServer

    def handle(self) -> None:
        try:
            self.talk()
        except (_DeadError, ConnectionError):
            while self.was_there():  # all that was on its way, up to the end of the line
                pass

    def was_there(self) -> bool:
        try:
            return bool(self.rfile.read1(65536))
        except ConnectionError:
            return False

    def talk(self) -> None:
        self.at("line")
        self.wfile.write(b"220 mail.example.org\r\n")
        recipient = ""
        while line := self.rfile.readline():
            verb = line[:4].decode("ascii").upper()
            self.at(verb)
            if verb == "RCPT":
                recipient = line.decode("ascii").partition("<")[2].partition(">")[0]
            self.wfile.write(ANSWERS[verb])
            if verb == "QUIT":
                return
            if verb == "DATA":
                self.letter(recipient)

    def letter(self, recipient: str) -> None:
        lines = [self.rfile.readline()]
        self.at("body")
        while lines[-1] != b".\r\n":
            lines.append(self.rfile.readline())
            if not lines[-1]:
                return  # cut off: a server that keeps this keeps what was never sent to it
        self.at("end")
        self.server.take(recipient, b"".join(line.removeprefix(b".") for line in lines[:-1]))
        self.at("taken")
        self.wfile.write(b"250 taken\r\n")

    def at(self, place: str) -> None:
        if self.server.is_deadly(place):
            raise _DeadError
