"""Issues that are composed once, and what becomes of their letters."""

from __future__ import annotations

import shutil
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Self

import pytest
from counting_server import CountingServer
from outbox_runs import ISSUE, MEMORY, NAME, NOON, RECIPIENTS, composed, sample

from agent.engines.protocol import Silent
from agent.errors import LibraryError, SettingsError, UsageError
from agent.library import Library
from agent.library.sending import sending_alone
from agent.mail.message import Bodies
from agent.mail.smtp import Connection, Outcome, Server
from agent.products.delivery import deliver, is_due, report, resend
from agent.products.issuing import Sender, compose
from agent.records import Delivery, DeliveryReport

ADA, BOB, CYD = RECIPIENTS
BODIES = Bodies("Three floats.\n", "<p>Three floats.</p>", None, "")
SENT = Outcome("sent", 250, "250 taken")
BUSY = Outcome("later", 451, "451 try again")
NO_LINE = Outcome("later", None, "the line broke")


class Scripted:
    """Gives each recipient's letter its outcome, or raises it; `ends` are those that hear of the end first."""

    def __init__(
        self, outcomes: Mapping[str, Outcome | BaseException] | None = None, ends: Sequence[str] = RECIPIENTS
    ) -> None:
        self.outcomes, self.ends = outcomes or {}, ends
        self.given: list[tuple[str, str, bytes]] = []
        self.opened = 0

    def __call__(self) -> Self:
        self.opened += 1
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def deliver(self, sender: str, recipient: str, message: bytes, before_end: Callable[[], None]) -> Outcome:
        if recipient in self.ends:
            before_end()
        self.given.append((sender, recipient, message))
        outcome = self.outcomes.get(recipient, SENT)
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome

    @property
    def recipients(self) -> list[str]:
        return [recipient for _, recipient, _ in self.given]


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("original") / "library.sqlite"
    with Library(path) as library:
        composed(library)
    return path


@pytest.fixture
def library(tmp_path: Path, original: Path) -> Iterator[Library]:
    """A library with one issue."""
    with Library(Path(shutil.copy(original, tmp_path))) as library:
        library._db.execute("PRAGMA synchronous = OFF")  # nobody pulls the plug here
        yield library


def send(library: Library, way: Scripted, now: datetime = NOON) -> DeliveryReport:
    return deliver(library, NAME, ISSUE, way, lambda: now, Silent())


def states(library: Library) -> dict[str, str]:
    return {letter.recipient: letter.state for letter in report(library, NAME, ISSUE).letters}


def letter_of(library: Library, recipient: str) -> Delivery:
    return next(one for one in report(library, NAME, ISSUE).letters if one.recipient == recipient)


# Composing


def test_an_issue_is_stored_as_it_was_composed(library: Library) -> None:
    """Data, bodies, and a pending letter for each recipient, with its own Message-ID and the same sender."""
    row = library.issue(NAME, ISSUE)
    assert row is not None
    assert (row.digest, row.subject, row.text) == (sample(), "Floats", "Three floats.\n")
    assert library.issue(NAME, "2026-W48") is None
    assert library.issue_names(NAME) == [ISSUE]
    assert states(library) == dict.fromkeys(RECIPIENTS, "pending")
    assert library.unfinished() == [(NAME, ISSUE)]
    letters = [library.letter(NAME, ISSUE, recipient) for recipient in RECIPIENTS]
    assert len({letter.message_id for letter in letters if letter}) == 3
    for letter in letters:
        assert letter is not None
        assert letter.sender == "Me <me@example.org>"
        assert f"Message-ID: <{letter.message_id}>\r\n".encode() in letter.message


def test_an_issue_is_composed_once(library: Library) -> None:
    """A second composing changes nothing and remembers nothing."""
    before = [library.letter(NAME, ISSUE, recipient) for recipient in RECIPIENTS]
    told: list[str] = []
    other = Bodies("Four floats.\n", "", None, "")
    again = compose(library, sample(), "Other", other, ["new@example.org"], Sender("me@example.org"), NOON, lambda: told.append(MEMORY))  # fmt: skip
    assert (again, told) == (False, [])
    assert [library.letter(NAME, ISSUE, recipient) for recipient in RECIPIENTS] == before
    assert library.letter(NAME, ISSUE, "new@example.org") is None


def test_issue_letters_and_memory_are_one_change(library: Library) -> None:
    """Where remembering fails, there is no issue either."""

    def failing() -> None:
        library.note_output("half a memory")
        raise RuntimeError("no")

    with pytest.raises(RuntimeError):
        compose(library, sample("2026-W48"), "Floats", BODIES, RECIPIENTS, Sender("me@example.org"), NOON, failing)  # fmt: skip
    assert not library.has_issue(NAME, "2026-W48")
    assert library.deliveries(NAME, "2026-W48") == []
    assert not library.is_noted("half a memory")
    assert library.is_noted(MEMORY)


def test_one_letter_an_address(library: Library) -> None:
    """An address that comes twice, with and without a name, gets one letter; without recipients there is none."""
    twice = ["Ada <ada@Example.org>", "ada@example.org", "bob@example.org"]
    compose(library, sample("2026-W48"), "Floats", BODIES, twice, Sender("me@example.org"), NOON)
    assert [one.recipient for one in library.deliveries(NAME, "2026-W48")] == [ADA, BOB]
    letter = library.letter(NAME, "2026-W48", ADA)
    assert letter is not None
    assert b"To: Ada <ada@example.org>\r\n" in letter.message
    compose(library, sample("2026-W49"), "Floats", BODIES, [], Sender("me@example.org"), NOON)
    assert library.has_issue(NAME, "2026-W49")
    assert deliver(library, NAME, "2026-W49", Scripted(), lambda: NOON, Silent()).letters == ()


@pytest.mark.parametrize("recipients", [["ada@example.org", "nobody"], ["a@b\r\nBcc: c@d.org"]])
def test_an_address_that_is_none_composes_nothing(library: Library, recipients: list[str]) -> None:
    """An error, and no half issue."""
    with pytest.raises(UsageError):
        compose(library, sample("2026-W48"), "Floats", BODIES, recipients, Sender("me@example.org"), NOON)
    assert not library.has_issue(NAME, "2026-W48")


def test_an_issue_of_a_newer_program_can_still_be_sent(library: Library) -> None:
    """Its data cannot be read, which is told; its letters are bytes."""
    with closing(sqlite3.connect(library.path)) as db, db:
        db.execute("""UPDATE issues SET data = '{"format": "litreview/digest@9"}'""")
    with pytest.raises(LibraryError, match="newer") as caught:
        library.issue(NAME, ISSUE)
    assert caught.value.hint
    assert send(library, Scripted()).letters[0].state == "sent"


# Delivering


def test_a_real_server_gets_the_stored_bytes(library: Library) -> None:
    """Every recipient gets the letter that was stored; a further run finds nothing to do."""
    with CountingServer() as server:
        way = lambda: Connection(Server("127.0.0.1", server.port, "none", timeout=5), time.monotonic)  # noqa: E731
        first = deliver(library, NAME, ISSUE, way, lambda: NOON, Silent())
        second = deliver(library, NAME, ISSUE, way, lambda: NOON, Silent())
    stored = [library.letter(NAME, ISSUE, recipient) for recipient in RECIPIENTS]
    assert server.taken == [(one.recipient, one.message_id, one.message) for one in stored if one]
    assert [(one.state, one.code, one.tries, one.is_fresh) for one in first.letters] == [("sent", 250, 1, True)] * 3  # fmt: skip
    assert [(one.state, one.is_fresh) for one in second.letters] == [("sent", False)] * 3
    assert library.unfinished() == []


def test_nothing_to_send_opens_no_line(library: Library) -> None:
    """The server is left alone where every letter is done or has to wait."""
    way = Scripted({ADA: SENT, BOB: BUSY, CYD: Outcome("refused", 550, "550 nobody")})
    send(library, way)
    send(library, way, NOON + timedelta(minutes=4))
    assert way.opened == 1


OUTCOMES = {
    SENT: ("sent", None),
    Outcome("refused", 550, "550 nobody"): ("refused", None),
    Outcome("unknown", None, "no reply"): ("unknown", None),
    BUSY: ("pending", "2026-11-21T12:05:00+00:00"),
    NO_LINE: ("pending", "2026-11-21T12:05:00+00:00"),
}


@pytest.mark.parametrize("outcome", OUTCOMES, ids=lambda outcome: outcome.reason)
def test_each_outcome_is_one_recipients(library: Library, outcome: Outcome) -> None:
    """What becomes of a letter is noted with code and reason, and is no other recipient's matter."""
    told = send(library, Scripted({BOB: outcome}))
    state, next_try = OUTCOMES[outcome]
    assert [one.state for one in told.letters] == ["sent", state, "sent"]
    bob = told.letters[1]
    assert (bob.code, bob.reason, bob.tries) == (outcome.code, outcome.reason, 1)
    assert (bob.tried_at, bob.next_try_at) == ("2026-11-21T12:00:00+00:00", next_try)
    again = Scripted()
    send(library, again, NOON + timedelta(days=400))
    assert again.recipients == ([BOB] if state == "pending" else [])


def tried(library: Library, outcome: Outcome, pause: timedelta, times: int) -> list[timedelta]:
    """When Bob's letter is tried, of at most `times` tries by a program that is started as soon as one is due, or `pause` later."""
    way, now, tries = Scripted({BOB: outcome}), NOON, []
    while states(library)[BOB] == "pending" and len(tries) < times:
        count = len(way.given)
        send(library, way, now)
        assert len(way.given) > count, "it was due"
        tries.append(now - NOON)
        due = datetime.fromisoformat(letter_of(library, BOB).next_try_at or now.isoformat())
        send(library, way, due - timedelta(seconds=1))
        now = max(due, now + pause)
    return tries


def test_waits_grow(library: Library) -> None:
    """Five minutes, 15, 60, four hours, then twice a day; after three days a server's no is taken for one."""
    tries = tried(library, BUSY, timedelta(), 100)
    waits = [(later - sooner) / timedelta(minutes=1) for sooner, later in pairwise(tries)]
    assert waits == [5, 15, 60, 240, 720, 720, 720, 720, 720, 720]
    bob = letter_of(library, BOB)
    assert (bob.state, bob.code, bob.tries) == ("refused", 451, 11)
    assert bob.reason == "given up after 11 tries in 3 days: 451 try again"


def test_a_line_that_is_not_there_refuses_nobody(library: Library) -> None:
    """A machine that is off the net for weeks still has its letters."""
    assert tried(library, NO_LINE, timedelta(days=1), 20)[-1] == timedelta(days=19)
    assert states(library)[BOB] == "pending"


def test_a_program_that_runs_once_a_week_gives_up_later(library: Library) -> None:
    """Three days hold one try there; it has three all the same."""
    assert len(tried(library, BUSY, timedelta(days=7), 100)) == 3
    assert states(library)[BOB] == "refused"


@pytest.mark.parametrize(
    ("state", "tried_at", "next_try_at", "expected"),
    [
        ("pending", None, None, True),
        ("pending", "2026-11-21T11:00:00+00:00", "2026-11-21T12:00:00+00:00", True),
        ("pending", "2026-11-21T11:00:00+00:00", "2026-11-21T12:00:01+00:00", False),
        ("pending", "2036-01-01T11:00:00+00:00", "2036-01-01T12:00:00+00:00", True),  # the clock was wrong then
        ("sent", None, None, False),
        ("refused", None, None, False),
        ("unknown", None, None, False),
        ("sending", None, None, False),
    ],
)  # fmt: skip
def test_what_is_due(state: str, tried_at: str | None, next_try_at: str | None, expected: bool) -> None:
    """Pending, and not before its time; unless that was reckoned by a clock that was put back since."""
    letter = Delivery.model_validate(
        {"recipient": ADA, "message_id": "1@example.org", "state": state, "tried_at": tried_at, "next_try_at": next_try_at}
    )  # fmt: skip
    assert is_due(letter, NOON) is expected


def test_the_time_zone_is_no_matter(library: Library) -> None:
    """A clock that tells its time in another zone means the same moment."""
    send(library, Scripted({BOB: BUSY}))
    way = Scripted()
    send(library, way, (NOON + timedelta(minutes=5)).astimezone(UTC).astimezone())
    assert way.recipients == [BOB]


def test_wrong_settings_refuse_nobody(library: Library) -> None:
    """The run ends, what was sent is sent, and the rest waits with no try counted."""
    with pytest.raises(SettingsError):
        send(library, Scripted({BOB: SettingsError("the log-in is wrong")}, ends=[]))
    assert states(library) == {ADA: "sent", BOB: "pending", CYD: "pending"}
    assert (letter_of(library, BOB).tries, letter_of(library, BOB).next_try_at) == (0, None)
    rest = Scripted()
    send(library, rest)
    assert rest.recipients == [BOB, CYD]


@pytest.mark.parametrize("error", [KeyboardInterrupt(), SystemExit(143), RuntimeError("a fault")])
@pytest.mark.parametrize(("ends", "state"), [([], "pending"), ([BOB], "unknown")])
def test_an_interrupted_run_leaves_no_riddle(
    library: Library, error: BaseException, ends: list[str], state: str
) -> None:
    """Before a letter's end it waits, after it nobody knows; and that is noted at once."""
    with pytest.raises(type(error)):
        send(library, Scripted({BOB: error}, ends))
    assert states(library) == {ADA: "sent", BOB: state, CYD: "pending"}
    assert ("same Message-ID" in (letter_of(library, BOB).reason or "")) == (state == "unknown")


def test_what_an_ended_run_left_is_told(library: Library) -> None:
    """A run that finds an open letter names it as something new, once."""
    with library.change():
        library.claim_letter(NAME, ISSUE, BOB, "2026-11-21T11:00:00+00:00")
        library.note_data(NAME, ISSUE, BOB)
    assert letter_of(library, BOB).state == "sending"
    assert library.unfinished() == [(NAME, ISSUE)]
    first, second = send(library, Scripted()), send(library, Scripted())
    assert [(one.state, one.is_fresh) for one in first.letters] == [("sent", True), ("unknown", True), ("sent", True)]  # fmt: skip
    assert [one.is_fresh for one in second.letters] == [False] * 3


def test_there_has_to_be_an_issue(library: Library) -> None:
    """A wrong name is told with what there is."""
    for ask in (
        lambda name: report(library, NAME, name),
        lambda name: resend(library, NAME, name, [ADA], Silent()),
        lambda name: deliver(library, NAME, name, Scripted(), lambda: NOON, Silent()),
    ):
        with pytest.raises(UsageError, match="2026-W01") as caught:
            ask("2026-W01")
        assert ISSUE in (caught.value.hint or "")
    with pytest.raises(UsageError) as caught:
        report(library, "other", ISSUE)
    assert "no issue yet" in (caught.value.hint or "")


# Others at the same time


class Held:
    """Holds the library's write lock from another connection until told."""

    def __init__(self, library: Library) -> None:
        self._db = sqlite3.connect(library.path, isolation_level=None, check_same_thread=False)
        library._db.execute("PRAGMA busy_timeout = 20")

    def hold(self) -> None:
        self._db.execute("BEGIN IMMEDIATE")

    def let_go(self) -> None:
        self._db.execute("ROLLBACK")

    def close(self) -> None:
        self._db.close()


def test_a_servers_word_outlasts_a_busy_library(library: Library) -> None:
    """Where somebody else writes while the answer is noted, it is noted as soon as that is possible."""
    held = Held(library)

    class Slow(Scripted):
        def deliver(self, sender: str, recipient: str, message: bytes, before_end: Callable[[], None]) -> Outcome:  # fmt: skip
            outcome = super().deliver(sender, recipient, message, before_end)
            held.hold()
            threading.Timer(0.1, held.let_go).start()
            return outcome

    told = deliver(library, NAME, ISSUE, Slow(), lambda: NOON, Silent())
    held.close()
    assert [one.state for one in told.letters] == ["sent"] * 3


def test_no_note_no_letter(library: Library) -> None:
    """Where it cannot be noted that the end is next, the end is not sent, and the letter waits."""
    held = Held(library)

    class Early(Scripted):
        def deliver(self, sender: str, recipient: str, message: bytes, before_end: Callable[[], None]) -> Outcome:  # fmt: skip
            held.hold()
            try:
                return super().deliver(sender, recipient, message, before_end)
            finally:
                held.let_go()

    way = Early()
    with pytest.raises(LibraryError):
        deliver(library, NAME, ISSUE, way, lambda: NOON, Silent())
    held.close()
    assert way.given == []
    assert states(library) == dict.fromkeys(RECIPIENTS, "pending")


def test_a_letter_out_of_our_hands_is_not_sent(library: Library) -> None:
    """Should another have taken it all the same, the end is not sent."""

    class Robbed(Scripted):
        def deliver(self, sender: str, recipient: str, message: bytes, before_end: Callable[[], None]) -> Outcome:  # fmt: skip
            library.recover_letters()
            return super().deliver(sender, recipient, message, before_end)

    way = Robbed()
    with pytest.raises(LibraryError, match="not in our hands"):
        deliver(library, NAME, ISSUE, way, lambda: NOON, Silent())
    assert way.given == []


class Told(Silent):
    """Notes what it is told."""

    def __init__(self) -> None:
        self.notes: list[str] = []
        self.is_told = threading.Event()

    def note(self, message: str) -> None:
        self.notes.append(message)
        self.is_told.set()


def test_a_second_sender_waits(library: Library, tmp_path: Path) -> None:
    """While one sends, another says that it waits, and then finds nothing left to do; through a link too."""
    linked = tmp_path / "linked.sqlite"
    linked.symlink_to(library.path)
    told, reports, way = Told(), [], Scripted()

    def second() -> None:
        with Library(linked) as other:
            reports.append(deliver(other, NAME, ISSUE, way, lambda: NOON, told))

    waiting = threading.Thread(target=second)

    class Watched(Scripted):
        def deliver(self, sender: str, recipient: str, message: bytes, before_end: Callable[[], None]) -> Outcome:  # fmt: skip
            if recipient == ADA:
                waiting.start()
                assert told.is_told.wait(10)
            return super().deliver(sender, recipient, message, before_end)

    deliver(library, NAME, ISSUE, Watched(), lambda: NOON, Silent())
    waiting.join(10)
    assert told.notes == ["another litreview is sending: waiting for it"]
    assert way.opened == 0
    assert [(one.state, one.is_fresh) for one in reports[0].letters] == [("sent", False)] * 3


def test_without_a_lock_nothing_is_sent(tmp_path: Path) -> None:
    """A folder where no lock can be had is told, with what to do."""
    with (
        pytest.raises(LibraryError) as caught,
        sending_alone(tmp_path / "no" / "library.sqlite", lambda: None),
    ):
        pass
    assert caught.value.hint


def test_an_error_inside_is_not_the_locks(tmp_path: Path) -> None:
    """What goes wrong while the lock is held is told as it is, and the lock is free after it."""
    for _ in range(2):
        with pytest.raises(BlockingIOError), sending_alone(tmp_path / "library.sqlite", lambda: pytest.fail("held")):  # fmt: skip
            raise BlockingIOError("of somebody else")


# Sending again


def test_a_resend_has_the_same_bytes(library: Library) -> None:
    """Whatever became of a letter, it goes out again as it was, at once, and counts its tries anew."""
    first = Scripted({ADA: SENT, BOB: Outcome("unknown", None, "no reply"), CYD: BUSY})
    send(library, first)
    assert resend(library, NAME, ISSUE, ["ada@EXAMPLE.org", CYD, BOB], Silent()) == RECIPIENTS
    second = Scripted({CYD: BUSY})
    told = send(library, second)
    assert second.given == first.given
    assert [(one.state, one.tries) for one in told.letters] == [("sent", 1), ("sent", 1), ("pending", 1)]


def test_a_resend_takes_what_is_named(library: Library) -> None:
    """Only the named recipients, and only letters in the named states; a stranger is an error that names who there is."""
    send(library, Scripted({BOB: Outcome("refused", 550, "550 nobody")}))
    assert resend(library, NAME, ISSUE, RECIPIENTS, Silent(), ["refused", "unknown"]) == (BOB,)
    assert resend(library, NAME, ISSUE, [], Silent()) == ()
    with pytest.raises(UsageError, match="eve@") as caught:
        resend(library, NAME, ISSUE, [ADA, "eve@example.org"], Silent())
    assert ADA in (caught.value.hint or "")
    assert states(library) == {ADA: "sent", BOB: "pending", CYD: "sent"}


def test_a_resend_after_a_crash_knows_what_was_open(library: Library) -> None:
    """What an ended run left in its hands can be sent again without a run in between."""
    with library.change():
        library.claim_letter(NAME, ISSUE, BOB, "2026-11-21T11:00:00+00:00")
        library.note_data(NAME, ISSUE, BOB)
    assert resend(library, NAME, ISSUE, [BOB], Silent(), ["unknown"]) == (BOB,)


def test_who_has_left_gets_no_more(library: Library) -> None:
    """What is still waiting for an address is not sent; what was sent stays so."""
    send(library, Scripted({BOB: BUSY}))
    with library.change():
        assert library.withdraw_letters(NAME, BOB, "unsubscribed") == 1
        assert library.withdraw_letters(NAME, ADA, "unsubscribed") == 0
        assert library.withdraw_letters("other", CYD, "unsubscribed") == 0
    assert (states(library)[ADA], letter_of(library, BOB).reason) == ("sent", "unsubscribed")
    way = Scripted()
    send(library, way, NOON + timedelta(days=1))
    assert way.opened == 0


def test_who_leaves_while_others_are_sent_gets_none(library: Library) -> None:
    """A letter that is taken back before its turn stays where it is."""

    class Leaving(Scripted):
        def deliver(self, sender: str, recipient: str, message: bytes, before_end: Callable[[], None]) -> Outcome:  # fmt: skip
            if recipient == ADA:
                library.withdraw_letters(NAME, BOB, "unsubscribed")
            return super().deliver(sender, recipient, message, before_end)

    way = Leaving()
    told = deliver(library, NAME, ISSUE, way, lambda: NOON, Silent())
    assert way.recipients == [ADA, CYD]
    assert [(one.state, one.is_fresh) for one in told.letters] == [("sent", True), ("refused", False), ("sent", True)]  # fmt: skip
