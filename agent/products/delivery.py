"""The letters of an issue on their way: each once, whatever ends a run, and an open word where nobody can know.

A letter is claimed, handed over, settled. Two notes in the library make a run that was killed harmless: before anything is
said of a letter, that it is in our hands; and before the end mark that makes it the server's, that from here on only
the server's answer tells. What a killed run leaves before the second note is sent again; what it leaves after it is
`unknown`, and stays so until somebody asks for it to be sent again, with the same bytes and the same Message-ID.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from agent.engines.protocol import Observer
from agent.errors import LibraryError, UsageError
from agent.library import Library
from agent.library.outbox import Letter
from agent.library.sending import sending_alone
from agent.mail.addresses import parse_address
from agent.mail.smtp import Outcome
from agent.records import Delivery, DeliveryReport, LetterState

STEP = "sending"
WAITS = tuple(timedelta(minutes=minutes) for minutes in (5, 15, 60, 240))
LAST_WAIT = timedelta(hours=12)
GIVEN_UP_AFTER = timedelta(days=3)
FEWEST_TRIES = 3  # where the machine is on once a week, three days hold one try
SETTLING_TRIES = 20  # each waits for the library as long as any change does
DONE: tuple[LetterState, ...] = ("sent", "refused", "unknown", "pending")


class Carrier(Protocol):
    """Takes letters where they shall go: `mail.smtp.Connection`, `mail.files.Folder`."""

    def deliver(self, sender: str, recipient: str, message: bytes, before_end: Callable[[], None]) -> Outcome:
        """Hand over a letter; `before_end` is called when only the end that makes it the other side's is missing.

        One that can do the same again without a trace, as a file can be written twice, need not call it.
        """


Connect = Callable[[], AbstractContextManager[Carrier]]
Clock = Callable[[], datetime]


@dataclass(frozen=True)
class _Issue:
    """Whose letters, and where they lie."""

    library: Library
    digest: str
    issue: str


def deliver(
    library: Library,
    digest: str,
    issue: str,
    connect: Connect,
    clock: Clock,
    observer: Observer,
    only: Collection[str] | None = None,
) -> DeliveryReport:
    """Send an issue's letters that are pending and due. No letter is composed, and none is sent that was sent.

    Where another process is sending from this library, this one waits and then does what is left.

    Args:
        connect: opens the way to the server or folder; called only if there is something to send.
        clock: the time now, with its time zone.
        only: addresses; letters to others are left as they are.

    Raises:
        UsageError: there is no such issue.
        SettingsError, OutputError: nothing can go this way as it is set; what was not sent stays pending.
        LibraryError: the library cannot be written.
    """
    if not library.has_issue(digest, issue):
        raise _no_issue(library, digest, issue)
    here = _Issue(library, digest, issue)
    with sending_alone(library.path, lambda: observer.note("another litreview is sending: waiting for it")):
        found = _recover(here)
        try:
            tried = _send(here, connect, clock, observer, only)
        finally:
            with suppress(LibraryError):  # what cannot be written now is found by the next run
                _recover(here)
    return _report(here, tried | found)


def resend(
    library: Library,
    digest: str,
    issue: str,
    recipients: Iterable[str],
    observer: Observer,
    states: Collection[LetterState] = DONE,
) -> tuple[str, ...]:
    """Make letters pending again, due at once, with the bytes and the Message-ID that they have; `deliver` sends them.

    Args:
        recipients: whose. They are named, so that nobody who has left is mailed again.
        states: those that are in one of these. A letter that waits for its next try has no longer to wait.

    Returns:
        The recipients, in order.

    Raises:
        UsageError: there is no such issue, or no letter to one of the recipients.
        LibraryError: the library cannot be written.
    """
    if not library.has_issue(digest, issue):
        raise _no_issue(library, digest, issue)
    known = [letter.recipient for letter in library.deliveries(digest, issue)]
    wanted = sorted({parse_address(recipient).address for recipient in recipients})
    for recipient in wanted:
        if recipient not in known:
            raise UsageError(f"{digest} {issue}: there is no letter to {recipient}", f"there is one to {', '.join(known) or 'nobody'}")  # fmt: skip
    with sending_alone(library.path, lambda: observer.note("another litreview is sending: waiting for it")):
        _recover(_Issue(library, digest, issue))
        with library.change():
            return tuple(one for one in wanted if library.requeue_letter(digest, issue, one, states))


def report(library: Library, digest: str, issue: str) -> DeliveryReport:
    """How an issue's letters stand; `sending` is one that a run has in its hands, or had when it was ended.

    Raises:
        UsageError: there is no such issue.
    """
    if not library.has_issue(digest, issue):
        raise _no_issue(library, digest, issue)
    return _report(_Issue(library, digest, issue), frozenset())


def is_due(letter: Delivery, now: datetime) -> bool:
    """Whether a letter is to be tried now. A clock that was put back since its last try holds nothing up."""
    if letter.state != "pending":
        return False
    if letter.next_try_at is None or datetime.fromisoformat(letter.next_try_at) <= now:
        return True
    return letter.tried_at is not None and datetime.fromisoformat(letter.tried_at) > now


def _send(
    here: _Issue, connect: Connect, clock: Clock, observer: Observer, only: Collection[str] | None
) -> frozenset[str]:
    """Try what is due; whose letters that were."""
    letters = here.library.deliveries(here.digest, here.issue)
    now = clock()
    due = [one for one in letters if is_due(one, now) and (only is None or one.recipient in only)]
    tried: set[str] = set()
    if not due:
        return frozenset()
    observer.start(STEP, len(due))
    with connect() as carrier:
        for letter in due:
            if _send_one(here, letter, carrier, clock):
                tried.add(letter.recipient)
            observer.advance(STEP)
    return frozenset(tried)


def _send_one(here: _Issue, before: Delivery, carrier: Carrier, clock: Clock) -> bool:
    """Claim, hand over, settle; no if it is not pending any more."""
    library, where = here.library, (here.digest, here.issue, before.recipient)
    with library.change():
        if not library.claim_letter(*where, _stamp(clock())):
            return False
    letter = library.letter(*where)
    assert letter is not None
    outcome = _handed_over(library, where, letter, carrier)
    _settle(library, where, before, outcome, clock())
    return True


def _handed_over(library: Library, where: tuple[str, str, str], letter: Letter, carrier: Carrier) -> Outcome:
    def before_end() -> None:
        with library.change():
            if not library.note_data(*where):
                raise LibraryError(f"{letter.recipient}: the letter is not in our hands any more; it was not sent", "look at it with `litreview digest show`")  # fmt: skip

    return carrier.deliver(letter.sender, letter.recipient, letter.message, before_end)


def _settle(
    library: Library, where: tuple[str, str, str], before: Delivery, outcome: Outcome, now: datetime
) -> None:
    """Note what became of it. The server's word is not given up because somebody else writes to the library."""
    state, reason, next_try = _settled(before, outcome, now)
    for left in reversed(range(SETTLING_TRIES)):
        try:
            with library.change():
                library.settle_letter(*where, state, code=outcome.code, reason=reason, next_try_at=next_try)
            return
        except LibraryError:
            if not left:
                raise


def _settled(before: Delivery, outcome: Outcome, now: datetime) -> tuple[LetterState, str, str | None]:
    """State, reason, and when to try again."""
    if outcome.state != "later":
        return outcome.state, outcome.reason, None
    tries = before.tries + 1
    since = now - datetime.fromisoformat(before.first_tried_at) if before.first_tried_at else timedelta()
    # Only a server can be tired of: a line that was never there says nothing of the letter.
    if outcome.code is not None and since >= GIVEN_UP_AFTER and tries >= FEWEST_TRIES:
        return "refused", f"given up after {tries} tries in {since.days} days: {outcome.reason}", None
    wait = WAITS[tries - 1] if tries <= len(WAITS) else LAST_WAIT
    return "pending", outcome.reason, _stamp(now + wait)


def _recover(here: _Issue) -> frozenset[str]:
    """Put in order what an ended run left, in all issues; whose letters of this one that were."""
    with here.library.change():
        letters = here.library.deliveries(here.digest, here.issue)
        here.library.recover_letters()
    return frozenset(letter.recipient for letter in letters if letter.state == "sending")


def _report(here: _Issue, tried: Collection[str]) -> DeliveryReport:
    letters = here.library.deliveries(here.digest, here.issue)
    return DeliveryReport(
        digest=here.digest,
        issue=here.issue,
        letters=tuple(one.model_copy(update={"is_fresh": one.recipient in tried}) for one in letters),
    )


def _no_issue(library: Library, digest: str, issue: str) -> UsageError:
    known = library.issue_names(digest)
    hint = f"there is {', '.join(known[-5:])}" if known else f"{digest} has no issue yet"
    return UsageError(f"{digest} {issue}: there is no such issue", hint)


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")
