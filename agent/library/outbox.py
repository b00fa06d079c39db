"""The part of the store that holds issues as they were composed, and their letters on the way.

A letter is `pending`, then `sending`, and ends as `sent`, `refused` or `unknown`. While it is sending the row says how
far that has come: `connecting` (nobody can have it yet) or `data` (the server has it but for its end mark, or all of
it). So a run that finds what a killed one left knows what may be sent again without harm.

None of these methods opens a transaction; whoever calls them says what happens together (`Library.change`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from pydantic import ValidationError

from agent.errors import LibraryError
from agent.library.tables import Tables
from agent.records import Delivery, Digest, LetterState

TABLES = """
CREATE TABLE issues (
    digest TEXT NOT NULL, issue TEXT NOT NULL, date TEXT NOT NULL, data TEXT NOT NULL, subject TEXT NOT NULL,
    text TEXT NOT NULL, html TEXT NOT NULL, bib TEXT, PRIMARY KEY (digest, issue));
CREATE TABLE outbox (
    digest TEXT NOT NULL, issue TEXT NOT NULL, recipient TEXT NOT NULL, sender TEXT NOT NULL, message_id TEXT NOT NULL,
    message BLOB NOT NULL,
    state TEXT NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'sending', 'sent', 'refused', 'unknown')),
    reached TEXT CHECK (reached IN ('connecting', 'data')), tries INTEGER NOT NULL DEFAULT 0,
    first_tried_at TEXT, tried_at TEXT, next_try_at TEXT, code INTEGER, reason TEXT,
    PRIMARY KEY (digest, issue, recipient), FOREIGN KEY (digest, issue) REFERENCES issues);
CREATE INDEX outbox_by_state ON outbox (state)
"""

LEFT_OPEN = (
    "the run ended between the end of the letter and the server's answer: it may have arrived;"
    " sent again, it bears the same Message-ID"
)
_DELIVERY = "recipient, message_id, state, code, reason, tries, first_tried_at, tried_at, next_try_at"
_ONE = "digest = :digest AND issue = :issue AND recipient = :recipient"


@dataclass(frozen=True)
class IssueRow:
    """An issue as it was composed: its data, and what was made of them."""

    digest: Digest
    subject: str
    text: str
    html: str
    bib: str | None


@dataclass(frozen=True)
class Letter:
    """An issue for one recipient: the whole message, and whom it is from for the server."""

    recipient: str
    sender: str
    message_id: str
    message: bytes


class Outbox(Tables):
    """Issues, and what became of each of their letters."""

    # Issues

    def add_issue(self, row: IssueRow, letters: Iterable[Letter]) -> None:
        """Store an issue and its letters, all of them pending."""
        name, issue = row.digest.name, row.digest.issue
        self._db.execute(
            "INSERT INTO issues (digest, issue, date, data, subject, text, html, bib) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (name, issue, row.digest.date, row.digest.model_dump_json(), row.subject, row.text, row.html, row.bib),
        )  # fmt: skip
        self.add_letters(name, issue, letters)

    def add_letters(self, digest: str, issue: str, letters: Iterable[Letter]) -> None:
        """Further letters of an issue, pending; whoever has one already keeps it as it is."""
        self._db.executemany(
            "INSERT OR IGNORE INTO outbox (digest, issue, recipient, sender, message_id, message) VALUES (?, ?, ?, ?, ?, ?)",
            [(digest, issue, one.recipient, one.sender, one.message_id, one.message) for one in letters],
        )

    def has_issue(self, digest: str, issue: str) -> bool:
        query = "SELECT 1 FROM issues WHERE digest = ? AND issue = ?"
        return self._db.execute(query, (digest, issue)).fetchone() is not None

    def issue_names(self, digest: str) -> list[str]:
        """The issues of a digest, oldest first."""
        query = "SELECT issue FROM issues WHERE digest = ? ORDER BY date, rowid"
        return [str(row[0]) for row in self._db.execute(query, (digest,))]

    def issue(self, digest: str, issue: str) -> IssueRow | None:
        """An issue as it was composed.

        Raises:
            LibraryError: its data cannot be read, as those that a newer litreview wrote. Its letters can be sent all the same.
        """
        row = self._db.execute(
            "SELECT data, subject, text, html, bib FROM issues WHERE digest = ? AND issue = ?",
            (digest, issue),
        ).fetchone()
        if row is None:
            return None
        data, subject, text, html, bib = row
        try:
            return IssueRow(Digest.model_validate_json(data), subject, text, html, bib)
        except ValidationError as error:
            raise LibraryError(
                f"{digest} {issue}: the issue cannot be read; a newer litreview may have written it",
                "update litreview",
            ) from error

    # Letters

    def deliveries(self, digest: str, issue: str) -> list[Delivery]:
        """How the letters of an issue stand, in order of recipient."""
        rows = self._db.execute(
            f"SELECT {_DELIVERY} FROM outbox WHERE digest = ? AND issue = ? ORDER BY recipient",
            (digest, issue),
        )
        fields = _DELIVERY.split(", ")
        return [Delivery(**dict(zip(fields, row, strict=True))) for row in rows]

    def letter(self, digest: str, issue: str, recipient: str) -> Letter | None:
        """A letter with its bytes, whatever became of it."""
        row = self._db.execute(
            f"SELECT recipient, sender, message_id, message FROM outbox WHERE {_ONE}",
            _named(digest, issue, recipient),
        ).fetchone()
        return Letter(*row) if row else None

    def unfinished(self) -> list[tuple[str, str]]:
        """Digest and issue wherever a letter is pending, or was in some process's hands."""
        rows = self._db.execute(
            "SELECT DISTINCT digest, issue FROM outbox WHERE state IN ('pending', 'sending') ORDER BY digest, issue"
        )
        return [(str(digest), str(issue)) for digest, issue in rows]

    # The way of a letter

    def claim_letter(self, digest: str, issue: str, recipient: str, now: str) -> bool:
        """Take a pending letter into our hands; no if it is not pending any more."""
        return self._db.execute(
            "UPDATE outbox SET state = 'sending', reached = 'connecting', tried_at = :now,"
            f" first_tried_at = coalesce(first_tried_at, :now) WHERE {_ONE} AND state = 'pending'",
            {**_named(digest, issue, recipient), "now": now},
        ).rowcount == 1  # fmt: skip

    def note_data(self, digest: str, issue: str, recipient: str) -> bool:
        """From here on only the server's answer tells whether it has the letter; no if it is not in our hands."""
        return self._db.execute(
            f"UPDATE outbox SET reached = 'data' WHERE {_ONE} AND state = 'sending'",
            _named(digest, issue, recipient),
        ).rowcount == 1  # fmt: skip

    def settle_letter(
        self,
        digest: str,
        issue: str,
        recipient: str,
        state: LetterState,
        *,
        code: int | None,
        reason: str,
        next_try_at: str | None = None,
    ) -> None:
        """Note what became of the letter in our hands."""
        self._db.execute(
            "UPDATE outbox SET state = :state, reached = NULL, tries = tries + 1, code = :code, reason = :reason,"
            f" next_try_at = :next WHERE {_ONE} AND state = 'sending'",
            {
                **_named(digest, issue, recipient),
                "state": state,
                "code": code,
                "reason": reason,
                "next": next_try_at,
            },
        )

    def recover_letters(self) -> None:
        """Put what ended in nobody's hands where it belongs. Only for whoever alone may send (`sending_alone`).

        What no server can have is pending again; what one may have is unknown.
        """
        self._db.execute(
            "UPDATE outbox SET state = 'unknown', reached = NULL, tries = tries + 1, code = NULL, reason = ?,"
            " next_try_at = NULL WHERE state = 'sending' AND reached = 'data'",
            (LEFT_OPEN,),
        )
        self._db.execute("UPDATE outbox SET state = 'pending', reached = NULL WHERE state = 'sending'")

    def requeue_letter(
        self, digest: str, issue: str, recipient: str, states: Collection[LetterState]
    ) -> bool:
        """Make a letter that is in one of `states` pending again, due at once: the same bytes and Message-ID."""
        marks = ", ".join(f"'{state}'" for state in sorted(states) if state != "sending")
        return self._db.execute(
            "UPDATE outbox SET state = 'pending', tries = 0, first_tried_at = NULL, tried_at = NULL, next_try_at = NULL,"
            f" code = NULL, reason = NULL WHERE {_ONE} AND state IN ({marks})",
            _named(digest, issue, recipient),
        ).rowcount == 1  # fmt: skip

    def withdraw_letters(self, digest: str, recipient: str, reason: str) -> int:
        """Do not send what is still pending for a recipient; how many letters that were."""
        return self._db.execute(
            "UPDATE outbox SET state = 'refused', reason = ?, next_try_at = NULL"
            " WHERE digest = ? AND recipient = ? AND state = 'pending'",
            (reason, digest, recipient),
        ).rowcount  # fmt: skip

    def withdraw_issue(self, digest: str, issue: str, reason: str) -> None:
        """Do not send what is still pending of an issue."""
        self._db.execute(
            "UPDATE outbox SET state = 'refused', reason = ?, next_try_at = NULL"
            " WHERE digest = ? AND issue = ? AND state = 'pending'",
            (reason, digest, issue),
        )


def _named(digest: str, issue: str, recipient: str) -> dict[str, str | int | None]:
    return {"digest": digest, "issue": issue, "recipient": recipient}
