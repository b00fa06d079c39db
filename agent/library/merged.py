"""The part of the store that holds merges by hand: what was taken in, what it was, what is told apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations

from agent.library.rows import Merge, RecordOf, RecordRow, WasPaper
from agent.library.tables import Tables
from agent.records import Paper


class Merges(Tables):
    """Papers that become one, and part again."""

    def is_used(self, key: str) -> bool:
        """Whether a product names this key."""
        row = self._db.execute("SELECT is_used FROM papers WHERE key = ?", (key,)).fetchone()
        return bool(row and row[0])

    def records_of(self, key: str) -> list[RecordOf]:
        """The records of a paper in order of precedence."""
        rows = self._db.execute(
            "SELECT id, coalesce(print, ''), paper FROM records WHERE key = ? ORDER BY run, rank, id", (key,)
        )
        return [RecordOf(number, record, Paper.model_validate_json(text)) for number, record, text in rows]

    def own_records_of(self, key: str) -> list[Paper]:
        """What the records of a paper say that came by no digest, in order of precedence."""
        rows = self._db.execute(
            "SELECT r.paper FROM records r JOIN sources s ON s.id = r.source WHERE r.key = ? AND s.inbox IS NULL"
            " ORDER BY r.run, r.rank, r.id",
            (key,),
        )
        return [Paper.model_validate_json(text) for (text,) in rows]

    def move_records(self, records: Iterable[int], key: str) -> None:
        self._db.executemany("UPDATE records SET key = ? WHERE id = ?", [(key, number) for number in records])

    def copy_members(self, key: str, other: str) -> None:
        """Put a paper into every collection that another is in."""
        self._db.execute(
            "INSERT OR IGNORE INTO members SELECT collection, ? FROM members WHERE key = ?", (other, key)
        )

    def absorb(self, keep: str, drop: str) -> None:
        """Make `drop` a part of `keep`, and note what both were.

        What was decided of the one that stays wins, so does its whole text; what else was said of either is true
        of both.
        """
        keeper, taken = self._was(keep), self._was(drop)
        self._db.execute(
            "INSERT INTO merges (key, other, keeper, taken) VALUES (?, ?, ?, ?)",
            (keep, drop, keeper.model_dump_json(), taken.model_dump_json()),
        )
        self._db.execute("UPDATE records SET key = ? WHERE key = ?", (keep, drop))
        self._db.execute("UPDATE merges SET key = ? WHERE key = ?", (keep, drop))
        self.copy_members(drop, keep)
        self._name(keep, (*taken.aliases, drop))
        self._db.execute(
            "UPDATE decisions SET key = ?1 WHERE key = ?2 AND (what || coalesce(field, '')) NOT IN"
            " (SELECT what || coalesce(field, '') FROM decisions WHERE key = ?1)"
            " AND NOT (what IN ('exclude', 'include')"
            " AND EXISTS (SELECT 1 FROM decisions WHERE key = ?1 AND what IN ('exclude', 'include')))",
            (keep, drop),
        )
        self._db.execute("UPDATE OR IGNORE bodies SET key = ? WHERE key = ?", (keep, drop))
        self._tell_apart((keep, other) for other in taken.apart)
        self._db.execute("DELETE FROM papers WHERE key = ?", (drop,))
        self._db.execute("INSERT OR IGNORE INTO former_keys (key) VALUES (?)", (drop,))

    def last_merge(self, key: str) -> Merge | None:
        """The last merge by hand into a paper that was not undone."""
        row = self._db.execute(
            "SELECT id, key, other, keeper, taken FROM merges WHERE key = ? ORDER BY id DESC LIMIT 1", (key,)
        ).fetchone()
        if row is None:
            return None
        number, into, other, keeper, taken = row
        return Merge(
            number, into, other, WasPaper.model_validate_json(keeper), WasPaper.model_validate_json(taken)
        )

    def release(self, merge: Merge) -> None:
        """Undo a merge: the paper that was taken in stands by itself again, as it was.

        What was said since of both stays with the one that took in; collections and what is told apart hold for both.
        """
        keep, other, had, was = merge.key, merge.other, merge.keeper, merge.taken
        self._db.execute("DELETE FROM merges WHERE id = ?", (merge.id,))
        self._db.execute("DELETE FROM former_keys WHERE key = ? AND title IS NULL", (other,))
        self._db.execute(
            "INSERT INTO papers (key, is_generated, is_used, paper) VALUES (?, ?, ?, '')",
            (other, was.is_generated, was.is_used),
        )
        self._db.executemany(
            "UPDATE records SET key = ? WHERE id = ? AND key = ?",
            [(other, number, keep) for number in was.records],
        )
        self._db.executemany(
            "UPDATE merges SET key = ? WHERE id = ?", [(other, number) for number in was.merges]
        )
        self._release_members(keep, other, had, was)
        self.unname(keep, beyond((*was.aliases, other), had.aliases))
        self._name(other, was.aliases)
        self._release_decisions(keep, other, had, was)
        self._release_body(keep, other, had, was)
        self._release_apart(keep, other, had, was)

    def unname(self, key: str, names: Iterable[str]) -> None:
        """Take aliases from a paper."""
        self._db.executemany("DELETE FROM aliases WHERE alias = ? AND key = ?", [(n, key) for n in names])

    def tell_apart(self, keys: Sequence[str]) -> None:
        """Remember that these are different works."""
        self._tell_apart(combinations(keys, 2))

    def apart(self) -> list[tuple[str, str]]:
        """Pairs of papers that the user has told apart."""
        return [(str(a), str(b)) for a, b in self._db.execute("SELECT one, other FROM apart ORDER BY 1, 2")]

    def decided_works(self) -> set[str]:
        """The papers of which the user has said what belongs to them: merged, or told apart."""
        rows = self._db.execute(
            "SELECT key FROM merges UNION SELECT one FROM apart UNION SELECT other FROM apart"
        )
        return {str(row[0]) for row in rows}

    def merged(self) -> dict[str, list[RecordRow]]:
        """The papers that come of more than one record, with these."""
        query = (
            "SELECT s.name, r.position, r.ordinal, r.title, r.key, r.reason, r.rank, r.run FROM records r"
            " JOIN sources s ON s.id = r.source WHERE r.key IN"
            " (SELECT key FROM records WHERE key IS NOT NULL GROUP BY key HAVING count(*) > 1)"
            " ORDER BY r.key, r.run, r.rank, r.id"
        )
        found: dict[str, list[RecordRow]] = {}
        for row in self._db.execute(query):
            record = RecordRow(*row)
            found.setdefault(str(record.key), []).append(record)
        return found

    def _forget_taken(self, key: str) -> None:
        """Give free the keys of papers that were merged into one that goes; one that a product names waits for its work."""
        rows = self._db.execute("SELECT other, taken FROM merges WHERE key = ?", (key,)).fetchall()
        for other, text in rows:
            taken = WasPaper.model_validate_json(text)
            title = taken.title if taken.is_used else None
            self._db.execute("DELETE FROM former_keys WHERE key = ?", (other,))
            if title is not None:
                self._db.execute("INSERT INTO former_keys VALUES (?, ?)", (other, title))

    def _was(self, key: str) -> WasPaper:
        def column(query: str) -> tuple[str, ...]:
            return tuple(row[0] for row in self._db.execute(query, (key,)))

        generated, used = self._db.execute(
            "SELECT is_generated, is_used FROM papers WHERE key = ?", (key,)
        ).fetchone()
        titles = column(
            "SELECT value FROM identities WHERE key = ? AND scheme = 'title' ORDER BY value LIMIT 1"
        )
        return WasPaper(
            is_generated=generated,
            is_used=used,
            title=titles[0] if titles else None,
            records=column("SELECT id FROM records WHERE key = ? ORDER BY id"),
            members=column("SELECT collection FROM members WHERE key = ? ORDER BY 1"),
            aliases=column("SELECT alias FROM aliases WHERE key = ? ORDER BY 1"),
            decisions=tuple(
                self._db.execute(
                    "SELECT what, field, value, reason FROM decisions WHERE key = ? ORDER BY id", (key,)
                )
            ),
            apart=tuple(other for pair in self.apart() if key in pair for other in pair if other != key),
            merges=column("SELECT id FROM merges WHERE key = ? ORDER BY id"),
            body=self._db.execute("SELECT source, sha256, body FROM bodies WHERE key = ?", (key,)).fetchone(),
        )

    def _name(self, key: str, names: Iterable[str]) -> None:
        fresh = [(name, key) for name in names if name.casefold() != key.casefold()]
        self._db.executemany("INSERT OR IGNORE INTO aliases (alias, key) VALUES (?, ?)", fresh)

    def _tell_apart(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Only papers that are there can be apart."""
        self._db.executemany(
            "INSERT OR IGNORE INTO apart SELECT ?1, ?2 WHERE ?1 IN (SELECT key FROM papers) AND ?2 IN (SELECT key FROM papers)",
            [(min(pair), max(pair)) for pair in pairs if pair[0] != pair[1]],
        )

    def _release_members(self, keep: str, other: str, had: WasPaper, was: WasPaper) -> None:
        now = {r[0] for r in self._db.execute("SELECT collection FROM members WHERE key = ?", (keep,))}
        theirs = {*was.members, *(now - {*had.members, *was.members})}
        self._db.executemany(
            "INSERT OR IGNORE INTO members VALUES (?, ?)", [(n, other) for n in sorted(theirs)]
        )
        self._db.executemany(
            "DELETE FROM members WHERE collection = ? AND key = ?",
            [(name, keep) for name in was.members if name not in had.members],
        )

    def _release_decisions(self, keep: str, other: str, had: WasPaper, was: WasPaper) -> None:
        self._db.executemany(
            "DELETE FROM decisions WHERE key = ? AND what = ? AND field IS ? AND value IS ? AND reason IS ?",
            [(keep, *decision) for decision in was.decisions if decision not in had.decisions],
        )
        self._db.executemany(
            "INSERT INTO decisions (key, what, field, value, reason) VALUES (?, ?, ?, ?, ?)",
            [(other, *decision) for decision in was.decisions],
        )

    def _release_body(self, keep: str, other: str, had: WasPaper, was: WasPaper) -> None:
        if was.body is None:
            return
        if had.body is None:
            self._db.execute("DELETE FROM bodies WHERE key = ? AND sha256 = ?", (keep, was.body[1]))
        self._db.execute(
            "INSERT INTO bodies (key, source, sha256, body) VALUES (?, ?, ?, ?)", (other, *was.body)
        )

    def _release_apart(self, keep: str, other: str, had: WasPaper, was: WasPaper) -> None:
        now = {one for pair in self.apart() if keep in pair for one in pair if one != keep}
        since = now - {*had.apart, *was.apart}
        self._db.executemany(
            "DELETE FROM apart WHERE one = ? AND other = ?",
            [(min(keep, one), max(keep, one)) for one in was.apart if one not in had.apart],
        )
        self._tell_apart((other, one) for one in sorted({*was.apart, *since}))


def beyond(names: Iterable[str], kept: Iterable[str]) -> list[str]:
    """The names that are not among the kept ones, in any case."""
    known = {name.casefold() for name in kept}
    return sorted(name for name in set(names) if name.casefold() not in known)
