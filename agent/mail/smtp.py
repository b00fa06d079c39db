"""Messages to a mail server, each to one recipient, and what became of each.

`docs/digest.md` has the table of what a server may say and what happens then. In short: what may pass is tried again
(`later`), what will not is a refusal of this recipient (`refused`), and what no recipient can help, such as a wrong
password or certificate, ends the run with nobody refused. Only a line that breaks between the end of the message and
the reply leaves it open whether the message arrived (`unknown`).
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Literal, NoReturn, Self

from agent.errors import SettingsError, UsageError
from agent.mail.addresses import parse_address
from agent.mail.line import Line, NotNow, Server, verifying
from agent.mail.opening import check_server, no_log_in, opened

__all__ = ["Connection", "Outcome", "Server"]

LOG_IN_FIRST = frozenset(
    {530, 534, 535, 538}
)  # RFC 4954: what is wrong is how we log in, not who gets the mail
SHUTTING_DOWN = 421
MOST_IN_VAIN = 2  # openings that fail one after another, before the rest is left for another run
GOODBYE = 5.0  # seconds that a server has for its own
AFTER_ALL = 1.0  # seconds for a reply to a message that the server did not take to its end
LONGEST_LINE = 998  # RFC 5321 4.5.3.1.6, without CRLF


@dataclass(frozen=True)
class Outcome:
    """What became of one message for one recipient.

    Args:
        state: `refused` for good; `later` for another try; `unknown`: the server took the data, and the line broke
            before it said whether it keeps them.
        code: the server's, where it gave one.
        reason: what happened, at which step, with the server's own words on one line.
    """

    state: Literal["sent", "refused", "later", "unknown"]
    code: int | None
    reason: str


def _nobody() -> None:
    """Nobody is told."""


@dataclass(frozen=True)
class _Mail:
    sender: str
    recipient: str
    message: bytes
    before_end: Callable[[], None]


class Connection:
    """Several messages, one after another, over one line that is opened when it is needed, and opened again.

        with Connection(server, time.monotonic) as connection:
            outcome = connection.deliver("me@example.org", "you@example.org", message)

    Args:
        clock: seconds that only go forward.

    Raises:
        SettingsError: the server is set in a way that cannot be used.
    """

    def __init__(self, server: Server, clock: Callable[[], float]) -> None:
        check_server(server)
        self._server = server
        self._clock = clock
        self._context = None if server.security == "none" else verifying(server.ca)
        self._line: Line | None = None
        self._is_used = False  # whether the open line has had a message before
        self._in_vain = 0
        self._closed_door = Outcome("later", None, "")
        self._end: tuple[str, str | None] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:  # fmt: skip
        line, self._line = self._line, None
        if line is None:
            return
        try:
            if kind is None:
                line.patience = min(GOODBYE, self._server.timeout)
                with suppress(NotNow):  # all that mattered was said
                    line.docmd("QUIT")
        finally:
            line.close()

    def deliver(
        self, sender: str, recipient: str, message: bytes, before_end: Callable[[], None] = _nobody
    ) -> Outcome:
        """Hand over a message; addresses may have names before them.

        Args:
            before_end: called when all but the end of the message has gone out. Until then no server may keep it;
                from then on only its reply tells.

        Raises:
            SettingsError: the server, the log-in or the sender cannot be used as it is set. Nobody was refused, and
                every further call says the same without asking anybody.
        """
        if self._end is not None:
            raise SettingsError(*self._end)
        origin = _origin(sender)
        unfit = _unfit(message)
        if unfit:
            return Outcome("refused", None, f"the message {unfit}")
        try:
            mail = _Mail(origin, parse_address(recipient).address, message, before_end)
        except UsageError as error:
            return Outcome("refused", None, error.message)
        return self._deliver(mail)

    def _deliver(self, mail: _Mail) -> Outcome:
        outcome, was_idle = self._attempt(mail)
        if was_idle:  # the server had closed the line in the meantime, and has heard nothing of this message
            outcome, _ = self._attempt(mail)
        if outcome.code in LOG_IN_FIRST:
            self._stop(no_log_in(self._server, outcome.code or 0, outcome.reason))
        return outcome

    def _attempt(self, mail: _Mail) -> tuple[Outcome, bool]:
        """What became of it, and whether that is because a line that had served before was gone."""
        if self._line is None:
            self._line = self._open()
            if self._line is None:
                return self._closed_door, False
        line, was_used, self._is_used, was_idle = self._line, self._is_used, True, False
        try:
            outcome = _offer(line, mail) or _hand_over(line, mail, self._server)
        except NotNow as error:
            outcome = Outcome("later", error.code, error.reason)
            was_idle = was_used and line.step == "MAIL" and not error.is_slow
        except BaseException:  # in the middle of a message: what came next on this line would be part of it
            line.close()
            self._line = None
            raise
        self._tidy(line, outcome)
        return outcome, was_idle

    def _tidy(self, line: Line, outcome: Outcome) -> None:
        """Ready for the next message: a refused envelope is taken back, a line of no more use is dropped."""
        is_whole = outcome.code not in (None, SHUTTING_DOWN)
        if is_whole and line.sock is not None and line.step in ("MAIL", "RCPT", "DATA"):
            try:
                is_whole = line.docmd("RSET")[0] // 100 == 2
            except NotNow:
                is_whole = False
        if not is_whole or line.sock is None:
            line.close()
            self._line = None

    def _open(self) -> Line | None:
        """A line that is ready; None if there is none now, for the reason in `_closed_door`."""
        if self._in_vain >= MOST_IN_VAIN:
            return None
        try:
            line = opened(self._server, self._context, self._clock)
        except NotNow as error:
            self._in_vain += 1
            self._closed_door = Outcome("later", error.code, f"{self._server.place}, {error.reason}")
            return None
        except SettingsError as error:
            self._end = (error.message, error.hint)
            raise
        self._in_vain, self._is_used = 0, False
        return line

    def _stop(self, error: SettingsError) -> NoReturn:
        self._end = (error.message, error.hint)
        raise error


def _offer(line: Line, mail: _Mail) -> Outcome | None:
    """The envelope; None if the server wants the message."""
    size = f" SIZE={len(mail.message)}" if line.has_extn("size") else ""
    for verb, said, good in (
        ("MAIL", f"FROM:<{mail.sender}>{size}", 2),
        ("RCPT", f"TO:<{mail.recipient}>", 2),
        ("DATA", "", 3),
    ):
        code, text = line.docmd(verb, said)
        if code // 100 != good:
            return _answered(line, code, text)
    return None


def _hand_over(line: Line, mail: _Mail, server: Server) -> Outcome:
    line.step = "the message"
    try:
        line.send(_dotted(mail.message))
        mail.before_end()
        # The end by itself, and only if the line still stands: without it, nothing can be delivered.
        line.send(b".\r\n")
    except NotNow as error:
        return _stopped_early(line, error)
    line.patience = server.final_timeout
    try:
        code, text = line.getreply()
    except NotNow as error:
        return Outcome(
            "unknown", None, f"{error.reason}; the server has the whole message and may have kept it"
        )
    finally:
        line.patience = server.timeout
    if code // 100 == 2:
        return Outcome("sent", code, line.told(code, text))
    if code // 100 == 3:
        line.close()
        return Outcome("unknown", code, f"{line.told(code, text)}, which says neither yes nor no")
    return _answered(line, code, text)


def _stopped_early(line: Line, error: NotNow) -> Outcome:
    """The message did not go out whole: the server may have said why before it closed the line."""
    outcome = Outcome("later", None, error.reason)
    if not error.is_slow:
        line.patience = min(AFTER_ALL, line.patience)
        with suppress(NotNow):
            outcome = _answered(line, *line.getreply())
    line.close()
    return outcome


def _answered(line: Line, code: int, text: bytes) -> Outcome:
    if code // 100 == 5:
        return Outcome("refused", code, line.told(code, text))
    if code // 100 == 4:
        return Outcome("later", code, line.told(code, text))
    line.close()  # yes where only "go on" makes sense, or the reverse: we do not understand each other
    return Outcome("later", code, f"{line.told(code, text)}, which is out of place")


def _dotted(message: bytes) -> bytes:
    """The message without its end, a dot doubled where a line begins with one (RFC 5321, 4.5.2)."""
    start = b"." if message.startswith(b".") else b""
    end = b"" if message.endswith(b"\r\n") else b"\r\n"
    return start + message.replace(b"\r\n.", b"\r\n..") + end


def _unfit(message: bytes) -> str | None:
    """Why a message cannot go to any server as it is; bare line ends are how one message is made into two."""
    if not message.isascii() or b"\0" in message:
        return "is not in 7 bits"
    if not message.count(b"\r\n") == message.count(b"\r") == message.count(b"\n"):
        return "has lines that do not end in CRLF"
    if any(len(line) > LONGEST_LINE for line in message.split(b"\r\n")):
        return f"has a line of more than {LONGEST_LINE} characters"
    return None


def _origin(sender: str) -> str:
    try:
        return parse_address(sender).address
    except UsageError as error:
        raise SettingsError(f"the sender: {error.message}", error.hint) from None
