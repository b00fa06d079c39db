"""The library: one SQLite file, every method one question or one whole change."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from agent.errors import LibraryError, UsageError
from agent.library.compose import Composer, Part, compose
from agent.library.decided import Decisions
from agent.library.digests import Digests
from agent.library.identity import Identity, identities
from agent.library.merged import Merges
from agent.library.outbox import Outbox
from agent.library.rows import RecordRow, StoredRecord
from agent.library.schema import back_up, migrate
from agent.library.search_index import SearchIndex
from agent.library.threads import Threads
from agent.library.whole_texts import WholeTexts
from agent.records import Paper

BUSY_SECONDS = 30.0
_STORED = "id, key, run, rank, is_gone, coalesce(print, ''), position, title, ordinal"
# What came by digests only is in nobody's library yet. See `digests.TABLES`.
_VISIBLE = "key NOT IN (SELECT key FROM inbox_only)"


class Library(Decisions, WholeTexts, Merges, SearchIndex, Threads, Outbox, Digests):
    """Papers, collections and decisions. Use as a context manager."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._db = None  # type: ignore[assignment]
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

    def copy_to(self, path: Path) -> None:
        """Write the whole library as it stands to another file, to try something on."""
        back_up(self._db, path)

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
        """Papers by key, in order of key; all that stand elsewhere than in inboxes, or those named."""
        if keys is None:
            rows = self._db.execute(f"SELECT paper FROM papers WHERE {_VISIBLE} ORDER BY key").fetchall()
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

    def keys(self) -> list[str]:
        """The keys of all papers that stand elsewhere than in inboxes."""
        query = f"SELECT key FROM papers WHERE {_VISIBLE} ORDER BY key"
        return [str(row[0]) for row in self._db.execute(query)]

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
        self._forget_taken(key)
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

    def source_id(self, path: str, name: str, inbox: str | None = None) -> int:
        """The id of a source; a new one gets `name`, longer where that is taken, and may be a digest's inbox."""
        row = self._db.execute("SELECT id FROM sources WHERE path = ?", (path,)).fetchone()
        if row:
            return int(row[0])
        taken = {str(r[0]) for r in self._db.execute("SELECT name FROM sources")}
        cursor = self._db.execute(
            "INSERT INTO sources (path, name, inbox) VALUES (?, ?, ?)",
            (path, _free_name(path, name, taken), inbox),
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

    def record(self, number: int) -> Paper:
        """What a record says."""
        text = self._db.execute("SELECT paper FROM records WHERE id = ?", (number,)).fetchone()[0]
        return Paper.model_validate_json(text)

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
        return Paper.model_validate_json(self.staged_text(row))

    def staged_text(self, row: int) -> str:
        """A record that was laid aside, as it will be stored."""
        text: str = self._db.execute("SELECT paper FROM staged WHERE id = ?", (row,)).fetchone()[0]
        return text

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

    def records(
        self,
        paths: Sequence[str] | None = None,
        collection: str | None = None,
        keys: Iterable[str] | None = None,
    ) -> list[RecordRow]:
        """Rows for a ledger: of the sources at `paths` as last read, of a collection, of papers, or of everything but what only inboxes have."""
        query = (
            "SELECT s.name, r.position, r.ordinal, r.title, r.key, r.reason, r.rank, r.run"
            " FROM records r JOIN sources s ON s.id = r.source WHERE "
        )
        if paths is not None:
            marks = ", ".join("?" * len(paths))
            rows = self._db.execute(query + f"s.path IN ({marks}) AND r.is_gone = 0", list(paths)).fetchall()
        elif keys is not None:
            rows = [
                row
                for key in sorted(set(keys))
                for row in self._db.execute(query + "r.key = ? AND r.is_gone = 0", (key,))
            ]
        elif collection is not None:
            rows = self._db.execute(
                query
                + "(r.key IN (SELECT key FROM members WHERE collection = ?1)) OR (r.key IS NULL AND s.id IN"
                " (SELECT source FROM source_collections WHERE collection = ?1))",
                (collection,),
            ).fetchall()
        else:
            seen = f"(r.key IS NULL AND s.inbox IS NULL) OR (r.key IS NOT NULL AND r.{_VISIBLE})"
            rows = self._db.execute(query + seen).fetchall()
        return sorted(
            (RecordRow(*row) for row in rows), key=lambda row: (row.source, row.ordinal, row.position)
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
