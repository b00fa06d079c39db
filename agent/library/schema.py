"""The tables, their version, and the way from an older version to this one.

`MIGRATIONS[n]` takes a library from version n to n + 1. An existing library is copied aside before the
first step, and all steps are one transaction: it is migrated whole or not at all.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

from agent.errors import LibraryError
from agent.library.digests import TABLES as DIGESTS
from agent.library.identity import identities, record_print
from agent.library.outbox import TABLES as OUTBOX
from agent.library.search_index import make_index
from agent.library.threads import TABLES as THREADS
from agent.records import Paper

TABLES = """
CREATE TABLE sources (
    id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, name TEXT NOT NULL UNIQUE);
CREATE TABLE papers (
    key TEXT PRIMARY KEY COLLATE NOCASE, is_generated INTEGER NOT NULL, is_used INTEGER NOT NULL DEFAULT 0,
    paper TEXT NOT NULL);
CREATE TABLE records (
    id INTEGER PRIMARY KEY, source INTEGER NOT NULL REFERENCES sources, ordinal INTEGER NOT NULL,
    position TEXT NOT NULL, title TEXT NOT NULL, key TEXT REFERENCES papers ON DELETE CASCADE ON UPDATE CASCADE,
    reason TEXT, paper TEXT, run INTEGER NOT NULL, rank INTEGER NOT NULL, is_gone INTEGER NOT NULL DEFAULT 0);
CREATE INDEX records_by_key ON records (key);
CREATE INDEX records_by_source ON records (source);
CREATE TABLE identities (
    scheme TEXT NOT NULL, value TEXT NOT NULL, key TEXT NOT NULL REFERENCES papers ON DELETE CASCADE ON UPDATE CASCADE,
    PRIMARY KEY (scheme, value, key));
CREATE INDEX identities_by_key ON identities (key);
CREATE TABLE aliases (
    alias TEXT NOT NULL COLLATE NOCASE, key TEXT NOT NULL REFERENCES papers ON DELETE CASCADE ON UPDATE CASCADE,
    PRIMARY KEY (alias, key));
CREATE TABLE former_keys (key TEXT PRIMARY KEY COLLATE NOCASE, title TEXT);
CREATE TABLE members (
    collection TEXT NOT NULL, key TEXT NOT NULL REFERENCES papers ON DELETE CASCADE ON UPDATE CASCADE,
    PRIMARY KEY (collection, key));
CREATE TABLE source_collections (
    collection TEXT NOT NULL, source INTEGER NOT NULL REFERENCES sources, PRIMARY KEY (collection, source));
CREATE TABLE decisions (
    id INTEGER PRIMARY KEY, key TEXT NOT NULL REFERENCES papers ON DELETE CASCADE ON UPDATE CASCADE,
    what TEXT NOT NULL, field TEXT, value TEXT, reason TEXT);
CREATE TABLE outputs (sha256 TEXT PRIMARY KEY);
"""

# Products that were begun and not finished, with the day that they bear.
RUNS = "CREATE TABLE runs (run TEXT PRIMARY KEY, date TEXT NOT NULL);"

# What tells a record that comes again, whatever was decided of it since; pairs that the user has told apart.
PRINTS = """
ALTER TABLE records ADD COLUMN print TEXT;
CREATE INDEX records_by_print ON records (print);
CREATE TABLE merges (
    id INTEGER PRIMARY KEY, key TEXT NOT NULL REFERENCES papers ON DELETE CASCADE ON UPDATE CASCADE, other TEXT NOT NULL COLLATE NOCASE,
    keeper TEXT NOT NULL, taken TEXT NOT NULL);
CREATE TABLE apart (
    one TEXT NOT NULL REFERENCES papers ON DELETE CASCADE ON UPDATE CASCADE,
    other TEXT NOT NULL REFERENCES papers ON DELETE CASCADE ON UPDATE CASCADE, PRIMARY KEY (one, other));
CREATE TABLE bodies (
    key TEXT PRIMARY KEY REFERENCES papers ON DELETE CASCADE ON UPDATE CASCADE, source TEXT NOT NULL, sha256 TEXT NOT NULL,
    body TEXT NOT NULL)
"""

# A step is SQL, or a function where SQL does not reach.
Step = str | Callable[[sqlite3.Connection], None]


def _print_records(connection: sqlite3.Connection) -> None:
    """Give the records of an older library their prints, and its titles their present form."""
    for number, text in connection.execute(
        "SELECT id, paper FROM records WHERE paper IS NOT NULL"
    ).fetchall():
        paper = Paper.model_validate_json(text)
        connection.execute("UPDATE records SET print = ? WHERE id = ?", (record_print(paper), number))
    connection.execute("DELETE FROM identities")
    rows = connection.execute("SELECT key, paper FROM papers").fetchall()
    rows += connection.execute("SELECT key, paper FROM records WHERE key IS NOT NULL").fetchall()
    for key, text in rows:
        connection.executemany(
            "INSERT OR IGNORE INTO identities (scheme, value, key) VALUES (?, ?, ?)",
            [(scheme, value, key) for scheme, value in identities(Paper.model_validate_json(text))],
        )


MIGRATIONS: Sequence[Step] = (TABLES, RUNS, PRINTS, _print_records, make_index, THREADS, OUTBOX, DIGESTS)


def migrate(connection: sqlite3.Connection, path: Path, migrations: Sequence[Step] = MIGRATIONS) -> None:
    """Bring a library to this version; a backup of an older one is left beside it.

    Raises:
        LibraryError: the library was written by a newer litreview.
    """
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    if version == len(migrations):
        return
    if version > len(migrations):
        raise LibraryError(
            f"{path}: written by a newer litreview (library version {version}, this one knows {len(migrations)})",
            "update litreview, or use another workspace with --workspace",
        )
    if version:
        back_up(connection, path.with_name(f"{path.stem}.v{version}.backup{path.suffix}"))
    try:
        connection.execute("BEGIN IMMEDIATE")
        # Another process may have been here while this one waited.
        if connection.execute("PRAGMA user_version").fetchone()[0] == version:
            for step in migrations[version:]:
                _take(connection, step)
            connection.execute(f"PRAGMA user_version = {len(migrations)}")
        connection.execute("COMMIT")
    except BaseException as error:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        if isinstance(error, ValueError):
            raise LibraryError(
                f"{path}: of version {version}, and holds a paper that cannot be read",
                "restore a backup, or use --workspace for another",
            ) from error
        raise


def _take(connection: sqlite3.Connection, step: Step) -> None:
    if not isinstance(step, str):
        step(connection)
        return
    for statement in step.split(";"):
        if statement.strip():
            connection.execute(statement)


def back_up(connection: sqlite3.Connection, target: Path) -> None:
    """Copy a library as it stands, also while it is open."""
    with closing(sqlite3.connect(target)) as copy:
        connection.backup(copy)
