"""The part of the store that holds digests: what they look for, what came into their inboxes, and what they showed.

Memory is by work, and names keys. A key that was merged or renamed since is an alias, so that the memory of it is the
memory of the work that it is now; that is why no row here refers to a paper's row, which a merge would take with it.
A work that was removed and comes again gets its key back (`former_key`), or else is known by its ids.

None of these methods opens a transaction; whoever calls them says what happens together (`Library.change`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from pydantic import TypeAdapter, ValidationError

from agent.errors import LibraryError
from agent.library.tables import Tables
from agent.records import Plan, Rejected
from agent.records.digests import DigestSettings, IssueMemory, KnownWork, WaitingWork

# A paper all of whose records came by inboxes stands in none but theirs: the whole library is without it.
TABLES = """
ALTER TABLE sources ADD COLUMN inbox TEXT;
CREATE INDEX sources_of_inboxes ON sources (inbox) WHERE inbox IS NOT NULL;
CREATE VIEW inbox_only AS
    SELECT DISTINCT r.key AS key FROM sources s JOIN records r ON r.source = s.id
    WHERE s.inbox IS NOT NULL AND r.key IS NOT NULL AND NOT EXISTS
        (SELECT 1 FROM records o JOIN sources t ON t.id = o.source WHERE o.key = r.key AND t.inbox IS NULL);
CREATE TABLE digests (name TEXT PRIMARY KEY, settings TEXT NOT NULL, plan TEXT);
CREATE TABLE digest_runs (
    id INTEGER PRIMARY KEY, digest TEXT NOT NULL, issue TEXT NOT NULL, date TEXT NOT NULL, UNIQUE (digest, issue));
CREATE TABLE digest_shown (
    digest TEXT NOT NULL, issue TEXT NOT NULL, n INTEGER NOT NULL, key TEXT NOT NULL COLLATE NOCASE,
    is_update INTEGER NOT NULL, known TEXT NOT NULL, identities TEXT NOT NULL, PRIMARY KEY (digest, issue, n));
CREATE TABLE digest_waiting (
    digest TEXT NOT NULL, key TEXT NOT NULL COLLATE NOCASE, score REAL NOT NULL, waited INTEGER NOT NULL,
    failed INTEGER NOT NULL, PRIMARY KEY (digest, key));
CREATE TABLE digest_passed (
    digest TEXT NOT NULL, key TEXT NOT NULL COLLATE NOCASE, score REAL, PRIMARY KEY (digest, key));
CREATE TABLE digest_opinions (
    digest TEXT NOT NULL, key TEXT NOT NULL COLLATE NOCASE, what TEXT NOT NULL CHECK (what IN ('dislike', 'keep')),
    identities TEXT NOT NULL, PRIMARY KEY (digest, key));
CREATE TABLE digest_answers (
    digest TEXT NOT NULL, source TEXT NOT NULL, date TEXT NOT NULL, PRIMARY KEY (digest, source))
"""

_NOW = (
    "coalesce((SELECT p.key FROM papers p WHERE p.key = d.key),"
    " (SELECT a.key FROM aliases a WHERE a.alias = d.key ORDER BY a.key LIMIT 1))"
)
_OF_A_DIGEST = (
    "outbox", "issues", "digest_runs", "digest_shown", "digest_waiting", "digest_passed", "digest_opinions",
    "digest_answers",
)  # fmt: skip
_IDENTITIES = TypeAdapter(tuple[tuple[str, str], ...])
TITLE = "title"
FEWEST_LETTERS = 16  # of a title, without blanks, that is a work's own
Ids = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class MailedWork:
    """A work that a digest has shown: by which issue first, and what was known of it last."""

    key: str
    issue: str
    n: int
    known: KnownWork


@dataclass(frozen=True)
class DigestMemory:
    """What a digest remembers, by the keys that works have now.

    `passed` were judged and not shown, with their scores; those that the reader has already have none.
    """

    mailed: dict[str, MailedWork] = field(default_factory=dict)
    waiting: dict[str, WaitingWork] = field(default_factory=dict)
    passed: dict[str, float | None] = field(default_factory=dict)
    disliked: frozenset[str] = frozenset()
    kept: frozenset[str] = frozenset()
    plan: Plan | None = None

    @property
    def judged(self) -> frozenset[str]:
        """Every work that needs no look, unless it comes again."""
        return frozenset(self.mailed) | frozenset(self.passed) | self.disliked


class Digests(Tables):
    """Digests and what they remember."""

    # What was asked for

    def save_digest(self, settings: DigestSettings) -> None:
        """Keep a digest's settings, in place of earlier ones of its name; what it remembers stays."""
        self._db.execute(
            "INSERT INTO digests (name, settings) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET settings = ?2",
            (settings.name, settings.model_dump_json()),
        )

    def digests(self) -> list[DigestSettings]:
        """All digests, in order of name.

        Raises:
            LibraryError: one cannot be read, as one that a newer litreview wrote.
        """
        rows = self._db.execute("SELECT name, settings FROM digests ORDER BY name").fetchall()
        return [_settings(name, text) for name, text in rows]

    def digest(self, name: str) -> DigestSettings | None:
        """The digest of a name."""
        row = self._db.execute("SELECT settings FROM digests WHERE name = ?", (name,)).fetchone()
        return _settings(name, row[0]) if row else None

    def digest_names(self) -> list[str]:
        """The names of all digests in order, also of those whose settings cannot be read."""
        return [str(row[0]) for row in self._db.execute("SELECT name FROM digests ORDER BY name")]

    def drop_digest(self, name: str) -> None:
        """Forget a digest and all that it remembers; records that came by it stay with papers that have others too."""
        for table in _OF_A_DIGEST:
            self._db.execute(f"DELETE FROM {table} WHERE digest = ?", (name,))
        self._db.execute("DELETE FROM digests WHERE name = ?", (name,))
        self._db.execute(
            "UPDATE sources SET inbox = NULL, path = path || ' #' || id, name = name || ' #' || id WHERE inbox = ?",
            (name,),
        )

    # Inboxes

    def inbox_prints(self, digest: str, path: str) -> set[str]:
        """What the records say that a source of a digest's inbox has given; a name of each record's whole content."""
        rows = self._db.execute(
            "SELECT r.print FROM records r JOIN sources s ON s.id = r.source"
            " WHERE s.inbox = ? AND s.path = ? AND r.print IS NOT NULL",
            (digest, path),
        )
        return {str(row[0]) for row in rows}

    def inbox_rejected(self, digest: str, path: str) -> list[Rejected]:
        """The records of a source of a digest's inbox that could not be read, as far as an issue named them."""
        rows = self._db.execute(
            "SELECT r.position, r.reason, r.title FROM records r JOIN sources s ON s.id = r.source"
            " WHERE s.inbox = ? AND s.path = ? AND r.key IS NULL AND r.reason IS NOT NULL ORDER BY r.ordinal, r.id",
            (digest, path),
        )
        return [
            Rejected(position=position, reason=reason, title=title or "") for position, reason, title in rows
        ]

    def only_in_inbox(self, digest: str) -> list[str]:
        """The papers that stand nowhere but in a digest's inbox."""
        rows = self._db.execute(
            "SELECT DISTINCT r.key FROM sources s JOIN records r ON r.source = s.id WHERE s.inbox = ?1"
            " AND r.key IS NOT NULL AND NOT EXISTS (SELECT 1 FROM records o JOIN sources t ON t.id = o.source"
            " WHERE o.key = r.key AND coalesce(t.inbox, '') <> ?1) ORDER BY r.key",
            (digest,),
        )
        return [str(row[0]) for row in rows]

    def inbox_keys(self, digest: str) -> list[str]:
        """The papers of which a record came into a digest's inbox, those of the latest records last."""
        rows = self._db.execute(
            "SELECT r.key FROM sources s JOIN records r ON r.source = s.id WHERE s.inbox = ? AND r.key IS NOT NULL"
            " GROUP BY r.key ORDER BY max(r.run), r.key",
            (digest,),
        )
        return [str(row[0]) for row in rows]

    def has_inbox_only(self) -> bool:
        """Whether there are papers that stand in no other place than inboxes."""
        return self._db.execute("SELECT 1 FROM inbox_only LIMIT 1").fetchone() is not None

    # What was composed

    def digest_runs(self, digest: str) -> list[tuple[str, str]]:
        """Name and day of every issue that was composed, mailed or not, in the order in which that was done."""
        query = "SELECT issue, date FROM digest_runs WHERE digest = ? ORDER BY id"
        return [(str(issue), str(date)) for issue, date in self._db.execute(query, (digest,))]

    def digest_answers(self, digest: str) -> dict[str, str]:
        """For each source the day of the last issue for which it gave an answer, an empty one too."""
        query = "SELECT source, date FROM digest_answers WHERE digest = ? ORDER BY source"
        return {str(source): str(date) for source, date in self._db.execute(query, (digest,))}

    def shown_in(self, digest: str, issue: str) -> dict[int, str]:
        """For each number of an issue the key that its work has now; works that are gone are left out."""
        rows = self._db.execute(
            f"SELECT d.n, {_NOW}, d.identities FROM digest_shown d WHERE d.digest = ? AND d.issue = ? ORDER BY d.n",
            (digest, issue),
        ).fetchall()
        found = {int(n): key or self._again(_ids(text)) for n, key, text in rows}
        return {n: key for n, key in found.items() if key}

    def memory(self, digest: str) -> DigestMemory:
        """What a digest remembers, by the keys that works have now."""
        opinions = self._opinions(digest)
        row = self._db.execute("SELECT plan FROM digests WHERE name = ?", (digest,)).fetchone()
        return DigestMemory(
            mailed=self._mailed(digest),
            waiting=self._waiting(digest),
            passed=self._passed(digest),
            disliked=frozenset(key for key, what in opinions.items() if what == "dislike"),
            kept=frozenset(key for key, what in opinions.items() if what == "keep"),
            plan=Plan.model_validate_json(row[0]) if row and row[0] else None,
        )

    def remember(self, memory: IssueMemory) -> None:
        """Write what is remembered of an issue, together with the issue; the works that it shows keep their keys for good.

        Raises:
            LibraryError: there is an issue of this name already.
        """
        name = memory.digest
        taken = self._db.execute(
            "SELECT 1 FROM digest_runs WHERE digest = ? AND issue = ?", (name, memory.issue)
        ).fetchone()
        if taken:
            raise LibraryError(f"{name}: there is an issue {memory.issue} already", "`litreview digest resend` sends it again")  # fmt: skip
        self._db.execute(
            "INSERT INTO digest_runs (digest, issue, date) VALUES (?, ?, ?)",
            (name, memory.issue, memory.date),
        )
        for work in memory.shown:
            self._db.execute(
                "INSERT INTO digest_shown (digest, issue, n, key, is_update, known, identities) VALUES (?, ?, ?, ?, ?, ?, ?)",
                (name, memory.issue, work.n, work.key, work.is_update, work.known.model_dump_json(), _dumped(work.identities)),
            )  # fmt: skip
        self._db.executemany(
            "UPDATE papers SET is_used = 1 WHERE key = ?", [(work.key,) for work in memory.shown]
        )
        for work in memory.refreshed:
            self._db.execute(
                "UPDATE digest_shown SET known = ? WHERE rowid = (SELECT d.rowid FROM digest_shown d"
                f" WHERE d.digest = ? AND {_NOW} = ? ORDER BY d.rowid DESC LIMIT 1)",
                (work.known.model_dump_json(), name, work.key),
            )
        self._set_aside(memory)
        if memory.plan is not None:
            self._db.execute(
                "UPDATE digests SET plan = ? WHERE name = ?", (memory.plan.model_dump_json(), name)
            )
        self._db.executemany(
            "INSERT INTO digest_answers (digest, source, date) VALUES (?1, ?2, ?3)"
            " ON CONFLICT (digest, source) DO UPDATE SET date = max(date, ?3)",
            [(name, source, memory.date) for source in memory.answered],
        )
        for number, unread in enumerate(memory.unread):
            self._db.execute(
                "INSERT INTO records (source, ordinal, position, title, reason, run, rank)"
                " SELECT id, ?3, ?4, ?5, ?6, 0, 0 FROM sources WHERE inbox = ?1 AND path = ?2",
                (
                    name,
                    unread.path,
                    number,
                    unread.record.position,
                    unread.record.title,
                    unread.record.reason,
                ),
            )

    def _set_aside(self, memory: IssueMemory) -> None:
        """What waits now, and what was judged and not shown."""
        name = memory.digest
        self._db.execute("DELETE FROM digest_waiting WHERE digest = ?", (name,))
        self._db.executemany(
            "INSERT INTO digest_waiting (digest, key, score, waited, failed) VALUES (?, ?, ?, ?, ?)",
            [(name, work.key, work.score, work.waited, work.failed) for work in memory.waiting],
        )
        self._db.executemany(
            "INSERT OR REPLACE INTO digest_passed (digest, key, score) VALUES (?, ?, ?)",
            [(name, key, score) for key, score in (*memory.below, *((key, None) for key in memory.passed))],
        )

    # What the reader says of it

    def dislike(self, digest: str, keys: Iterable[str]) -> None:
        """Never show these works again, and others like them less."""
        self._think(digest, keys, "dislike")

    def note_kept(self, digest: str, keys: Iterable[str]) -> None:
        """The reader took these works over: they show what is looked for."""
        self._think(digest, keys, "keep")

    def _think(self, digest: str, keys: Iterable[str], what: str) -> None:
        for key in keys:
            self._db.execute(
                "INSERT OR REPLACE INTO digest_opinions (digest, key, what, identities) VALUES (?, ?, ?, ?)",
                (digest, key, what, _dumped(self.identities_of(key))),
            )
            self._db.execute("UPDATE papers SET is_used = 1 WHERE key = ?", (key,))

    def identities_of(self, key: str) -> Ids:
        """All that a paper is recognised by, ids before titles."""
        rows = self._db.execute(
            "SELECT scheme, value FROM identities WHERE key = ? ORDER BY scheme = 'title', scheme, value",
            (key,),
        )
        return tuple((str(scheme), str(value)) for scheme, value in rows)

    # Rows of memory

    def _mailed(self, digest: str) -> dict[str, MailedWork]:
        rows = self._db.execute(
            f"SELECT {_NOW}, d.issue, d.n, d.known, d.identities FROM digest_shown d WHERE d.digest = ? ORDER BY d.rowid",
            (digest,),
        ).fetchall()
        found: dict[str, MailedWork] = {}
        for key, issue, n, known, identities in rows:
            now = key or self._again(_ids(identities))
            if now is None:
                continue
            first = found.get(now)
            last = KnownWork.model_validate_json(known)
            found[now] = MailedWork(now, first.issue if first else issue, first.n if first else n, last)
        return found

    def _waiting(self, digest: str) -> dict[str, WaitingWork]:
        rows = self._db.execute(
            f"SELECT {_NOW}, d.score, d.waited, d.failed FROM digest_waiting d WHERE d.digest = ? ORDER BY d.key",
            (digest,),
        )
        found: dict[str, WaitingWork] = {}
        for key, score, waited, failed in rows:
            if key is not None:
                other = found.get(key)
                found[key] = WaitingWork(
                    key=key,
                    score=max(score, other.score if other else 0.0),
                    waited=max(waited, other.waited if other else 0),
                    failed=max(failed, other.failed if other else 0),
                )
        return found

    def _passed(self, digest: str) -> dict[str, float | None]:
        rows = self._db.execute(
            f"SELECT {_NOW}, d.score FROM digest_passed d WHERE d.digest = ? ORDER BY d.key", (digest,)
        )
        return {str(key): score for key, score in rows if key is not None}

    def _opinions(self, digest: str) -> dict[str, str]:
        rows = self._db.execute(
            f"SELECT {_NOW}, d.what, d.identities FROM digest_opinions d WHERE d.digest = ? ORDER BY d.rowid",
            (digest,),
        ).fetchall()
        found = ((key or self._again(_ids(text)), str(what)) for key, what, text in rows)
        return {key: what for key, what in found if key}

    def _again(self, identities: Ids) -> str | None:
        """The paper that a work has become which was removed and came again under another key."""
        for scheme, value in identities:
            if scheme == TITLE and len(value) < FEWEST_LETTERS:
                continue
            rows = self._db.execute(
                "SELECT key FROM identities WHERE scheme = ? AND value = ? ORDER BY key", (scheme, value)
            ).fetchall()
            for (key,) in rows:
                if scheme != TITLE or not _apart(identities, self.identities_of(key)):
                    return str(key)
        return None


def _apart(one: Ids, other: Ids) -> bool:
    """Whether two works of one title have ids of one kind, and none in common; a DOI may be the preprint's or the publisher's."""
    for scheme in {scheme for scheme, _ in one} - {TITLE, "doi"}:
        left = {value for kind, value in one if kind == scheme}
        right = {value for kind, value in other if kind == scheme}
        if right and not left & right:
            return True
    return False


def _ids(text: str) -> Ids:
    return _IDENTITIES.validate_json(text)


def _dumped(identities: Sequence[tuple[str, str]]) -> str:
    return _IDENTITIES.dump_json(tuple(identities)).decode()


def _settings(name: str, text: str) -> DigestSettings:
    try:
        return DigestSettings.model_validate_json(text)
    except ValidationError as error:
        raise LibraryError(f"digest {name}: its settings cannot be read; a newer litreview may have written them", "update litreview") from error  # fmt: skip
