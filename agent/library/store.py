"""The library: one SQLite file, every method one question or one whole change."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

from agent.errors import LibraryError, UsageError
from agent.library.compose import Composer, Part, compose
from agent.library.identity import Identity, identities
from agent.library.schema import migrate
from agent.records import Author, Body, Paper

BUSY_SECONDS = 30.0
_STORED = "id, key, run, rank, is_gone, coalesce(print, ''), position"


@dataclass(frozen=True)
class Decision:
    """What the user decided of a paper: `exclude` or `include`, with the reason given."""

    key: str
    what: str
    reason: str | None


@dataclass(frozen=True)
class RecordRow:
    """A record as it came in; `key` is None and `reason` stated where it was rejected."""

    source: str
    position: str
    ordinal: int
    title: str
    key: str | None
    reason: str | None
    rank: int
    run: int


@dataclass(frozen=True)
class StoredRecord:
    """Where a record stands in the order of all records, and whether its source still has it."""

    id: int
    key: str
    run: int
    rank: int
    is_gone: bool
    print: str
    position: str


@dataclass(frozen=True)
class RecordOf:
    """A record of a paper, with what it says."""

    id: int
    print: str
    paper: Paper


@dataclass(frozen=True)
class Merge:
    """A merge by hand: which paper took which in, and what that one was."""

    id: int
    key: str
    other: str
    was_generated: bool
    was_used: bool
    records: tuple[int, ...]
    members: tuple[str, ...]
    decisions: tuple[int, ...]


class Library:
    """Papers, collections and decisions. Use as a context manager."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._db: sqlite3.Connection = None  # type: ignore[assignment]
        try:
            self._db = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
            self._db.execute("PRAGMA foreign_keys = ON")
            migrate(self._db, path)
        except sqlite3.Error as error:
            self.close()
            raise _broken(path, error) from error
        except LibraryError:
            self.close()
            raise

    def close(self) -> None:
        if self._db is not None:
            self._db.close()

    def __enter__(self) -> Library:
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        self.close()
        if isinstance(error, sqlite3.Error):
            raise _broken(self.path, error) from error

    @contextmanager
    def change(self) -> Iterator[None]:
        """All changes inside happen together or not at all."""
        try:
            self._db.execute("BEGIN IMMEDIATE")
        except sqlite3.Error as error:
            raise _broken(self.path, error) from error
        try:
            yield
            self._db.execute("COMMIT")
        except BaseException as error:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            if isinstance(error, sqlite3.Error):
                raise _broken(self.path, error) from error
            raise

    # Papers

    def papers(self, keys: Iterable[str] | None = None) -> dict[str, Paper]:
        """Papers by key, in order of key; all of them, or those named."""
        if keys is None:
            rows = self._db.execute("SELECT paper FROM papers ORDER BY key").fetchall()
        else:
            rows = [row for key in sorted(set(keys)) if (row := self._row(key))]
        found = (Paper.model_validate_json(text) for (text,) in rows)
        return {paper.key: paper for paper in found}

    def resolve(self, name: str) -> str | None:
        """The key that `name` is, in any case, or is an alias of."""
        row = self._db.execute("SELECT key FROM papers WHERE key = ?", (name,)).fetchone()
        row = (
            row
            or self._db.execute("SELECT key FROM aliases WHERE alias = ? ORDER BY key", (name,)).fetchone()
        )
        return str(row[0]) if row else None

    def all_names(self) -> list[str]:
        """Every key and alias."""
        return [
            str(row[0])
            for row in self._db.execute("SELECT key FROM papers UNION SELECT alias FROM aliases ORDER BY 1")
        ]

    def keys_in_use(self) -> set[str]:
        """Every key, in lower case, those that papers once had among them."""
        rows = self._db.execute("SELECT key FROM papers UNION SELECT key FROM former_keys")
        return {str(row[0]).lower() for row in rows}

    def find(self, identity: Identity) -> list[str]:
        """The keys of the papers that have an identity."""
        rows = self._db.execute(
            "SELECT key FROM identities WHERE scheme = ? AND value = ? ORDER BY key", identity
        )
        return [str(row[0]) for row in rows]

    def gave_once(self, source: int, identity: Identity) -> bool:
        """Whether exactly one record that a source still has is of a paper with this identity."""
        query = (
            "SELECT count(*) FROM records r JOIN identities i ON i.key = r.key"
            " WHERE r.source = ? AND r.is_gone = 0 AND i.scheme = ? AND i.value = ?"
        )
        return int(self._db.execute(query, (source, *identity)).fetchone()[0]) == 1

    def is_replaceable(self, key: str) -> bool:
        """Whether a key was generated and no product has used it."""
        row = self._db.execute(
            "SELECT is_generated AND NOT is_used FROM papers WHERE key = ?", (key,)
        ).fetchone()
        return bool(row and row[0])

    def insert(self, key: str, *, is_generated: bool) -> None:
        """Make room for a paper; its records and what they say come next."""
        self._db.execute(
            "INSERT INTO papers (key, is_generated, paper) VALUES (?, ?, '')", (key, is_generated)
        )

    def rename(self, old: str, new: str) -> None:
        """Give a paper an imported key; the old one stays findable and is given to no other."""
        paper = self.papers([old])[old].model_copy(update={"key": new})
        self._db.execute(
            "UPDATE papers SET key = ?, is_generated = 0, paper = ? WHERE key = ?", (new, _dumped(paper), old)
        )
        self._db.execute("INSERT OR IGNORE INTO former_keys (key) VALUES (?)", (old,))
        self._db.execute("INSERT OR IGNORE INTO aliases (alias, key) VALUES (?, ?)", (old, new))

    def remove(self, key: str) -> None:
        """Forget a paper, its records and what was decided of it; a key that a product names is given to no other."""
        self._db.execute(
            "INSERT OR REPLACE INTO former_keys SELECT p.key, i.value FROM papers p JOIN identities i ON i.key = p.key"
            " WHERE p.key = ? AND p.is_used AND i.scheme = 'title' ORDER BY i.value LIMIT 1",
            (key,),
        )
        self._db.execute("DELETE FROM papers WHERE key = ?", (key,))

    def mark_used(self, keys: Iterable[str]) -> None:
        """From now on these keys never change: a product names them."""
        with self.change():
            self._db.executemany("UPDATE papers SET is_used = 1 WHERE key = ?", [(key,) for key in keys])

    def former_key(self, title: str) -> str | None:
        """The key that a removed work of this title had, if a product names it."""
        query = (
            "SELECT key FROM former_keys WHERE title = ? AND key NOT IN (SELECT key FROM papers) ORDER BY key"
        )
        row = self._db.execute(query, (title,)).fetchone()
        return str(row[0]) if row else None

    def add_aliases(self, key: str, aliases: Iterable[str]) -> None:
        """Further names of a paper; one that was another paper's key is none."""
        fresh = [(alias, key) for alias in aliases if alias and alias != key]
        self._db.executemany(
            "INSERT OR IGNORE INTO aliases (alias, key) SELECT ?1, ?2 WHERE ?1 NOT IN (SELECT key FROM former_keys)",
            fresh,
        )

    def recompose(self, key: str) -> Paper:
        """Make a paper anew from its records and the user's values, store and return it."""
        parts = self._parts(key)
        paper = compose(parts, self.own_values(key))
        self._db.execute("DELETE FROM identities WHERE key = ?", (key,))
        known = {identity for part in parts for identity in identities(part.paper)}
        return self.store(key, paper, known | set(identities(paper)))

    def composer(self, key: str) -> Composer:
        """What is known of a paper so far, for further records to fill."""
        composer = Composer(self.own_values(key))
        for part in self._parts(key):
            composer.add(part)
        return composer

    def store(self, key: str, paper: Paper, known: Iterable[Identity]) -> Paper:
        """Store a paper as composed, with what it can be recognised by from now on too."""
        aliases = self._db.execute(
            "SELECT alias FROM aliases WHERE key = ? ORDER BY alias", (key,)
        ).fetchall()
        members = self._db.execute(
            "SELECT collection FROM members WHERE key = ? ORDER BY 1", (key,)
        ).fetchall()
        whole = paper.model_copy(
            update={
                "key": key,
                "aliases": tuple(str(row[0]) for row in aliases),
                "collections": tuple(str(row[0]) for row in members),
            }
        )
        self._db.execute("UPDATE papers SET paper = ? WHERE key = ?", (_dumped(whole), key))
        self._db.executemany(
            "INSERT OR IGNORE INTO identities (scheme, value, key) VALUES (?, ?, ?)",
            [(scheme, value, key) for scheme, value in sorted(known)],
        )
        return whole

    # Sources and records

    def source_id(self, path: str, name: str) -> int:
        """The id of a source; a new one gets `name`, longer where that is taken."""
        row = self._db.execute("SELECT id FROM sources WHERE path = ?", (path,)).fetchone()
        if row:
            return int(row[0])
        taken = {str(r[0]) for r in self._db.execute("SELECT name FROM sources")}
        cursor = self._db.execute(
            "INSERT INTO sources (path, name) VALUES (?, ?)", (path, _free_name(path, name, taken))
        )
        return int(cursor.lastrowid or 0)

    def source_name(self, source: int) -> str:
        return str(self._db.execute("SELECT name FROM sources WHERE id = ?", (source,)).fetchone()[0])

    def next_run(self) -> int:
        return int(self._db.execute("SELECT coalesce(max(run), 0) + 1 FROM records").fetchone()[0])

    def source_records(self, source: int) -> list[StoredRecord]:
        """The papers' records that a source has given, in order of precedence."""
        rows = self._db.execute(
            f"SELECT {_STORED} FROM records WHERE source = ? AND key IS NOT NULL ORDER BY run, rank",
            (source,),
        )
        return [StoredRecord(*row) for row in rows]

    def records_by_print(self, record: str, source: int) -> list[StoredRecord]:
        """The records that say exactly this, those of a source first."""
        rows = self._db.execute(
            f"SELECT {_STORED} FROM records WHERE print = ? AND key IS NOT NULL ORDER BY source <> ?, ordinal, id",
            (record, source),
        )
        return [StoredRecord(*row) for row in rows]

    def stage(self, paper: Paper) -> int:
        """Lay a record aside until it is known which work it is of."""
        self._db.execute(
            "CREATE TEMP TABLE IF NOT EXISTS staged (id INTEGER PRIMARY KEY, paper TEXT NOT NULL)"
        )
        return int(
            self._db.execute("INSERT INTO staged (paper) VALUES (?)", (_dumped(paper),)).lastrowid or 0
        )

    def staged(self, row: int) -> Paper:
        text = self._db.execute("SELECT paper FROM staged WHERE id = ?", (row,)).fetchone()[0]
        return Paper.model_validate_json(text)

    def drop_staged(self) -> None:
        self._db.execute("DROP TABLE IF EXISTS staged")

    def drop_rejections(self, source: int) -> None:
        self._db.execute("DELETE FROM records WHERE source = ? AND key IS NULL", (source,))

    def mark_gone(self, record: int) -> None:
        self._db.execute("UPDATE records SET is_gone = 1 WHERE id = ?", (record,))

    def add_record(self, values: Mapping[str, Any]) -> None:
        """Store a record; `id` given means in place of that one."""
        columns = ", ".join(values)
        marks = ", ".join(f":{name}" for name in values)
        self._db.execute(f"INSERT OR REPLACE INTO records ({columns}) VALUES ({marks})", dict(values))

    def records(self, paths: Sequence[str] | None = None, collection: str | None = None) -> list[RecordRow]:
        """Rows for a ledger: of the sources at `paths` as last read, of a collection, or of everything."""
        query = (
            "SELECT s.name, r.position, r.ordinal, r.title, r.key, r.reason, r.rank, r.run"
            " FROM records r JOIN sources s ON s.id = r.source WHERE "
        )
        if paths is not None:
            marks = ", ".join("?" * len(paths))
            rows = self._db.execute(query + f"s.path IN ({marks}) AND r.is_gone = 0", list(paths)).fetchall()
        elif collection is not None:
            rows = self._db.execute(
                query
                + "(r.key IN (SELECT key FROM members WHERE collection = ?1)) OR (r.key IS NULL AND s.id IN"
                " (SELECT source FROM source_collections WHERE collection = ?1))",
                (collection,),
            ).fetchall()
        else:
            rows = self._db.execute(query + "TRUE").fetchall()
        return sorted(
            (RecordRow(*row) for row in rows), key=lambda row: (row.source, row.ordinal, row.position)
        )

    # Merging

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

    def move_records(self, records: Iterable[int], key: str) -> None:
        self._db.executemany("UPDATE records SET key = ? WHERE id = ?", [(key, number) for number in records])

    def copy_members(self, key: str, other: str) -> None:
        """Put a paper into every collection that another is in."""
        self._db.execute(
            "INSERT OR IGNORE INTO members SELECT collection, ? FROM members WHERE key = ?", (other, key)
        )

    def absorb(self, keep: str, drop: str) -> None:
        """Make `drop` a part of `keep`, and note what it was."""
        state = self._db.execute("SELECT is_generated, is_used FROM papers WHERE key = ?", (drop,)).fetchone()
        records = [record.id for record in self.records_of(drop)]
        members = [
            r[0] for r in self._db.execute("SELECT collection FROM members WHERE key = ? ORDER BY 1", (drop,))
        ]
        decided = [
            r[0] for r in self._db.execute("SELECT id FROM decisions WHERE key = ? ORDER BY id", (drop,))
        ]
        self._db.execute(
            "INSERT INTO merges (key, other, was_generated, was_used, records, members, decisions) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (keep, drop, *state, json.dumps(records), json.dumps(members), json.dumps(decided)),
        )
        self.move_records(records, keep)
        self.copy_members(drop, keep)
        self._db.execute("UPDATE OR IGNORE aliases SET key = ? WHERE key = ?", (keep, drop))
        # What was decided of the one that stays wins; the rest goes over, so that no word of the user's is lost.
        self._db.execute(
            "UPDATE decisions SET key = ?1 WHERE key = ?2 AND (what || coalesce(field, '')) NOT IN"
            " (SELECT what || coalesce(field, '') FROM decisions WHERE key = ?1)"
            " AND NOT (what IN ('exclude', 'include')"
            " AND EXISTS (SELECT 1 FROM decisions WHERE key = ?1 AND what IN ('exclude', 'include')))",
            (keep, drop),
        )
        self._db.execute("UPDATE merges SET key = ? WHERE key = ?", (keep, drop))
        self._db.execute("UPDATE OR REPLACE bodies SET key = ? WHERE key = ?", (keep, drop))
        self._db.execute("DELETE FROM papers WHERE key = ?", (drop,))
        self._db.execute("INSERT OR IGNORE INTO former_keys (key) VALUES (?)", (drop,))
        self._db.execute("INSERT OR IGNORE INTO aliases (alias, key) VALUES (?, ?)", (drop, keep))

    def last_merge(self, key: str) -> Merge | None:
        """The last merge by hand into a paper that was not undone."""
        row = self._db.execute(
            "SELECT id, key, other, was_generated, was_used, records, members, decisions FROM merges WHERE key = ?"
            " ORDER BY id DESC LIMIT 1",
            (key,),
        ).fetchone()
        if row is None:
            return None
        number, into, other, generated, used, *lists = row
        records, members, decisions = (tuple(json.loads(text)) for text in lists)
        return Merge(number, into, other, bool(generated), bool(used), records, members, decisions)

    def release(self, merge: Merge) -> str:
        """Undo a merge: the paper that was taken in stands by itself again, under its own key."""
        self._db.execute("DELETE FROM merges WHERE id = ?", (merge.id,))
        self._db.execute("DELETE FROM aliases WHERE alias = ?", (merge.other,))
        self._db.execute("DELETE FROM former_keys WHERE key = ?", (merge.other,))
        self.insert(merge.other, is_generated=merge.was_generated)
        self._db.execute("UPDATE papers SET is_used = ? WHERE key = ?", (merge.was_used, merge.other))
        self.move_records(merge.records, merge.other)
        for number in merge.decisions:
            self._db.execute("UPDATE decisions SET key = ? WHERE id = ?", (merge.other, number))
        self.collect_all(merge.members, merge.other)
        for record in self.records_of(merge.other):
            names = [name for name in (record.paper.key, *record.paper.aliases) if name]
            self._db.executemany(
                "DELETE FROM aliases WHERE alias = ? AND key = ?", [(n, merge.key) for n in names]
            )
            self.add_aliases(merge.other, names)
        return merge.other

    def collect_all(self, collections: Iterable[str], key: str) -> None:
        self._db.executemany(
            "INSERT OR IGNORE INTO members VALUES (?, ?)", [(name, key) for name in collections]
        )

    def tell_apart(self, keys: Sequence[str]) -> None:
        """Remember that these are different works."""
        pairs = [(min(a, b), max(a, b)) for a, b in combinations(keys, 2)]
        self._db.executemany("INSERT OR IGNORE INTO apart VALUES (?, ?)", pairs)

    def apart(self) -> list[tuple[str, str]]:
        """Pairs of papers that the user has told apart."""
        return [(str(a), str(b)) for a, b in self._db.execute("SELECT one, other FROM apart ORDER BY 1, 2")]

    def merged(self) -> dict[str, list[RecordRow]]:
        """The papers that come of more than one record that is still there, with these."""
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

    # Whole texts

    def set_body(self, key: str, source: str, sha256: str, body: Body) -> None:
        self._db.execute(
            "INSERT OR REPLACE INTO bodies (key, source, sha256, body) VALUES (?, ?, ?, ?)",
            (key, source, sha256, body.model_dump_json()),
        )

    def body_digest(self, key: str) -> str | None:
        """The digest of the file that a paper's whole text was read from, if it has one."""
        row = self._db.execute("SELECT sha256 FROM bodies WHERE key = ?", (key,)).fetchone()
        return str(row[0]) if row else None

    def bodies(self, keys: Iterable[str]) -> dict[str, Body]:
        """The whole texts of those papers that have one."""
        found = {}
        for key in sorted(set(keys)):
            row = self._db.execute("SELECT body FROM bodies WHERE key = ?", (key,)).fetchone()
            if row:
                found[key] = Body.model_validate_json(row[0])
        return found

    def source_paths(self, key: str) -> list[str]:
        """Where the records of a paper were read from."""
        rows = self._db.execute(
            "SELECT DISTINCT s.path FROM records r JOIN sources s ON s.id = r.source WHERE r.key = ? ORDER BY 1",
            (key,),
        )
        return [str(row[0]) for row in rows]

    def key_of_source(self, path: str) -> str | None:
        """The paper that the one record of a source is of."""
        row = self._db.execute(
            "SELECT r.key FROM records r JOIN sources s ON s.id = r.source WHERE s.path = ? AND r.is_gone = 0"
            " AND r.key IS NOT NULL ORDER BY r.ordinal LIMIT 1",
            (path,),
        ).fetchone()
        return str(row[0]) if row else None

    # Collections

    def collections(self) -> list[str]:
        query = "SELECT collection FROM members UNION SELECT collection FROM source_collections ORDER BY 1"
        return [str(row[0]) for row in self._db.execute(query)]

    def collect(self, collection: str, keys: Iterable[str], sources: Iterable[int]) -> None:
        self._db.executemany(
            "INSERT OR IGNORE INTO members VALUES (?, ?)", [(collection, key) for key in keys]
        )
        self._db.executemany(
            "INSERT OR IGNORE INTO source_collections VALUES (?, ?)", [(collection, s) for s in sources]
        )

    def members(self, collection: str) -> list[str]:
        rows = self._db.execute("SELECT key FROM members WHERE collection = ? ORDER BY key", (collection,))
        return [str(row[0]) for row in rows]

    # Decisions

    def decide(self, key: str, what: str, reason: str | None) -> None:
        """Exclude or include; the last word counts."""
        self._db.execute("DELETE FROM decisions WHERE key = ? AND what IN ('exclude', 'include')", (key,))
        self._db.execute("INSERT INTO decisions (key, what, reason) VALUES (?, ?, ?)", (key, what, reason))

    def decisions(self) -> dict[str, Decision]:
        """What was decided of each paper that something was decided of."""
        rows = self._db.execute("SELECT key, what, reason FROM decisions WHERE what <> 'set' ORDER BY id")
        return {str(key): Decision(key, what, reason) for key, what, reason in rows}

    def own_values(self, key: str) -> dict[str, Any]:
        """The fields of a paper that the user has set."""
        rows = self._db.execute(
            "SELECT field, value FROM decisions WHERE key = ? AND what = 'set' ORDER BY field", (key,)
        )
        return {field: _thaw(field, json.loads(value)) for field, value in rows}

    def set_value(self, key: str, field: str, value: Any) -> None:
        """Set a field for good, or with None give it back to the sources."""
        self._db.execute("DELETE FROM decisions WHERE key = ? AND what = 'set' AND field = ?", (key, field))
        if value is not None:
            plain = (
                [item.model_dump() if isinstance(item, Author) else item for item in value]
                if _is_list(value)
                else value
            )
            self._db.execute(
                "INSERT INTO decisions (key, what, field, value) VALUES (?, 'set', ?, ?)",
                (key, field, json.dumps(plain)),
            )

    # Outputs

    def note_output(self, sha256: str) -> None:
        """Remember that we are about to write a file with this content."""
        self._db.execute("INSERT OR IGNORE INTO outputs VALUES (?)", (sha256,))

    def is_noted(self, sha256: str) -> bool:
        """Whether we wrote this content, whatever the file is called and wherever it lies now."""
        return self._db.execute("SELECT 1 FROM outputs WHERE sha256 = ?", (sha256,)).fetchone() is not None

    # Runs

    def begin_run(self, run: str, date: str) -> str:
        """Note that a product is begun; one that was begun before and not finished keeps its day."""
        self._db.execute("INSERT OR IGNORE INTO runs VALUES (?, ?)", (run, date))
        kept: str = self._db.execute("SELECT date FROM runs WHERE run = ?", (run,)).fetchone()[0]
        return kept

    def end_run(self, run: str) -> None:
        self._db.execute("DELETE FROM runs WHERE run = ?", (run,))

    def _row(self, key: str) -> tuple[str] | None:
        row: tuple[str] | None = self._db.execute("SELECT paper FROM papers WHERE key = ?", (key,)).fetchone()
        return row

    def _parts(self, key: str) -> list[Part]:
        rows = self._db.execute(
            "SELECT r.paper, s.name, r.position FROM records r JOIN sources s ON s.id = r.source"
            " WHERE r.key = ? ORDER BY r.run, r.rank, r.id",
            (key,),
        )
        return [Part(Paper.model_validate_json(paper), source, position) for paper, source, position in rows]


def _dumped(paper: Paper) -> str:
    return paper.model_dump_json(exclude_defaults=True)


def _is_list(value: Any) -> bool:
    return isinstance(value, list | tuple)


def _thaw(field: str, value: Any) -> Any:
    if field == "authors":
        return tuple(Author(**author) for author in value)
    return tuple(value) if isinstance(value, list) else value


def _free_name(path: str, name: str, taken: set[str]) -> str:
    parts = Path(path).parts
    for length in range(name.count("/") + 1, len(parts) + 1):
        longer = "/".join(parts[-length:]).removeprefix("//") if length > name.count("/") + 1 else name
        if longer not in taken:
            return longer
    raise UsageError(f"{name}: a source of this name is known already")


def _broken(path: Path, error: sqlite3.Error) -> LibraryError:
    if "locked" in str(error):
        return LibraryError(
            f"{path}: another litreview is writing to this library", "wait until it is done, then try again"
        )
    return LibraryError(
        f"{path}: the library cannot be used: {error}", "restore a backup, or use --workspace for another"
    )
