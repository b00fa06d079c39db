"""The part of the store that holds what is searched: papers as content stems, and where each sentence stands.

Triggers note the key of every paper whose text may have changed, whoever changed it; the next search takes these
in anew. FTS5 holds no text of its own (external content): what it needs to forget a paper, it gets from the row
that goes, so that nothing is left of a paper that is removed.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Container, Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass
from itertools import starmap
from typing import NamedTuple

from agent.library.tables import Tables
from agent.records import Texts
from agent.text.questions import root
from agent.text.retrieval import BODY, TITLE, Lines, Place, Searchable

TABLES: Sequence[str] = (
    """CREATE TABLE searched (
        id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE COLLATE NOCASE, print TEXT NOT NULL,
        title TEXT NOT NULL, abstract TEXT NOT NULL, body TEXT NOT NULL,
        title_length INTEGER NOT NULL, abstract_length INTEGER NOT NULL, body_length INTEGER NOT NULL,
        sentences INTEGER NOT NULL, has_body INTEGER NOT NULL, places TEXT NOT NULL)""",
    """CREATE INDEX searched_lengths ON searched (
        key, title_length, abstract_length, body_length, sentences, has_body)""",
    "CREATE TABLE own_names (name TEXT NOT NULL, key TEXT NOT NULL COLLATE NOCASE, written TEXT NOT NULL,"
    " is_sure INTEGER NOT NULL, PRIMARY KEY (name, key)) WITHOUT ROWID",
    "CREATE INDEX own_names_by_key ON own_names (key)",
    "CREATE TABLE unsearched (key TEXT PRIMARY KEY COLLATE NOCASE) WITHOUT ROWID",
    "CREATE TABLE search_rules (rules TEXT NOT NULL)",
    # Stems are cut at blanks alone: all that is no ASCII letter or digit is a blank, or part of a word.
    "CREATE VIRTUAL TABLE searched_words USING fts5("
    "title, abstract, body, content = 'searched', content_rowid = 'id', tokenize = 'ascii')",
    "CREATE VIRTUAL TABLE searched_counts USING fts5vocab(searched_words, row)",
    "CREATE VIRTUAL TABLE searched_places USING fts5vocab(searched_words, instance)",
    """CREATE TRIGGER searched_comes AFTER INSERT ON searched BEGIN
        INSERT INTO searched_words (rowid, title, abstract, body) VALUES (new.id, new.title, new.abstract, new.body);
    END""",
    """CREATE TRIGGER searched_goes AFTER DELETE ON searched BEGIN
        INSERT INTO searched_words (searched_words, rowid, title, abstract, body)
            VALUES ('delete', old.id, old.title, old.abstract, old.body);
        DELETE FROM own_names WHERE key = old.key;
    END""",
    # No OR IGNORE in here: within a trigger it gives way to the way in which the outer statement takes a conflict.
    """CREATE TRIGGER paper_comes AFTER INSERT ON papers BEGIN
        INSERT INTO unsearched SELECT new.key WHERE NOT EXISTS (SELECT 1 FROM unsearched WHERE key = new.key);
    END""",
    """CREATE TRIGGER paper_changes AFTER UPDATE OF key, paper ON papers
    WHEN old.paper IS NOT new.paper OR old.key IS NOT new.key BEGIN
        DELETE FROM searched WHERE key = old.key AND old.key IS NOT new.key;
        INSERT INTO unsearched SELECT new.key WHERE NOT EXISTS (SELECT 1 FROM unsearched WHERE key = new.key);
    END""",
    """CREATE TRIGGER paper_goes AFTER DELETE ON papers BEGIN
        DELETE FROM searched WHERE key = old.key;
        DELETE FROM unsearched WHERE key = old.key;
    END""",
    """CREATE TRIGGER body_comes AFTER INSERT ON bodies BEGIN
        INSERT INTO unsearched SELECT new.key WHERE NOT EXISTS (SELECT 1 FROM unsearched WHERE key = new.key);
    END""",
    """CREATE TRIGGER body_changes AFTER UPDATE ON bodies BEGIN
        INSERT INTO unsearched SELECT old.key WHERE NOT EXISTS (SELECT 1 FROM unsearched WHERE key = old.key);
        INSERT INTO unsearched SELECT new.key WHERE NOT EXISTS (SELECT 1 FROM unsearched WHERE key = new.key);
    END""",
    """CREATE TRIGGER body_goes AFTER DELETE ON bodies BEGIN
        INSERT INTO unsearched SELECT old.key WHERE NOT EXISTS (SELECT 1 FROM unsearched WHERE key = old.key);
    END""",
    "INSERT INTO unsearched SELECT key FROM papers",
)
LAST = "\U0010ffff"  # behind every other letter
_LENGTHS = "has_body, title_length, abstract_length, body_length, sentences"
_SUMS = ", ".join(f"sum({column})" for column in _LENGTHS.split(", "))
_COUNTS = (
    f"SELECT doc, sum(CASE col WHEN 'title' THEN {TITLE} WHEN 'abstract' THEN 1 ELSE 0 END), sum(col = 'body')"
    " FROM searched_places WHERE term = ? GROUP BY doc"
)


def make_index(connection: sqlite3.Connection) -> None:
    """Make the tables; every paper that is there waits to be taken in."""
    for statement in TABLES:
        connection.execute(statement)


@dataclass(frozen=True)
class Sums:
    """How many papers are searched, how many of them with a whole text, and how long all of them are."""

    size: int
    bodies: int
    titles: int
    abstracts: int
    whole_texts: int
    sentences: int

    @property
    def stems(self) -> int:
        return self.titles + self.abstracts + self.whole_texts

    def without(self, others: Sums) -> Sums:
        """What is left without some of them."""
        return Sums(*(mine - theirs for mine, theirs in zip(astuple(self), astuple(others), strict=True)))


class Measured(NamedTuple):
    """A searched paper: whether it has a whole text, how many stems its parts have, how many sentences it has."""

    row: int
    key: str
    has_body: int
    title: int
    abstract: int
    body: int
    sentences: int


@dataclass(frozen=True, slots=True)
class SearchedRow:
    """A paper as it is searched, how long its parts are, and the places of its sentences, packed."""

    number: int
    key: str
    lines: Lines
    lengths: tuple[int, int, int]
    packed: str

    def place(self, number: int) -> tuple[int, int, int | None]:
        """Start, end, and the page where it is known, of the sentence of a line."""
        start, end, *page = self.packed.split(" ")[number].split("-")
        return int(start), int(end), int(page[0]) if page else None


@dataclass(frozen=True)
class NamedBy:
    """A paper that calls its work by a name; `is_sure` as `OwnName` has it."""

    key: str
    name: str
    written: str
    is_sure: bool


class SearchIndex(Tables):
    """What is searched, and what waits to be taken in."""

    # Taking in

    def outdate(self, rules: str) -> None:
        """Let all papers wait, since they were taken in by other rules than these."""
        self._db.execute("INSERT OR IGNORE INTO unsearched SELECT key FROM papers")
        self._db.execute("UPDATE searched SET print = ''")
        self._db.execute("DELETE FROM search_rules")
        self._db.execute("INSERT INTO search_rules VALUES (?)", (rules,))

    def search_rules(self) -> str | None:
        """The rules by which papers were taken in, if any were."""
        row = self._db.execute("SELECT rules FROM search_rules").fetchone()
        return str(row[0]) if row else None

    def unsearched(self) -> list[str]:
        """The keys that wait, in order; some may be of no paper any more."""
        return [str(row[0]) for row in self._db.execute("SELECT key FROM unsearched ORDER BY key")]

    def search_print(self, key: str) -> str | None:
        """The digest of what was taken in of a paper."""
        row = self._db.execute("SELECT print FROM searched WHERE key = ?", (key,)).fetchone()
        return str(row[0]) if row else None

    def take_in(self, key: str, digest: str, taken: Searchable, *, has_body: bool) -> None:
        """Put a paper in place of what was searched of it."""
        lines = taken.lines
        self._db.execute("DELETE FROM searched WHERE key = ?", (key,))
        self._db.execute(
            "INSERT INTO searched (key, print, title, abstract, body, title_length, abstract_length, body_length,"
            " sentences, has_body, places) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (key, digest, lines.title, lines.abstract, lines.body, *lines.lengths, len(taken.places), has_body, _packed(taken.places)),
        )  # fmt: skip
        self._db.executemany(
            "INSERT OR IGNORE INTO own_names (name, key, written, is_sure) VALUES (?, ?, ?, ?)",
            [(name.folded, key, name.written, name.is_sure) for name in taken.names],
        )

    def is_behind(self) -> bool:
        """Whether any paper waits."""
        return self._db.execute("SELECT 1 FROM unsearched LIMIT 1").fetchone() is not None

    def caught_up(self, keys: Iterable[str]) -> None:
        """These wait no longer."""
        self._db.executemany("DELETE FROM unsearched WHERE key = ?", [(key,) for key in keys])

    # Searching

    def searched_sums(self) -> Sums:
        """Sums over all that is searched."""
        found = self._db.execute(f"SELECT count(*), {_SUMS} FROM searched").fetchone()
        return Sums(*(number or 0 for number in found))

    def size_searched(self) -> int:
        """How many papers are searched."""
        return int(self._db.execute("SELECT count(*) FROM searched").fetchone()[0])

    def rows_searched(self, keys: Collection[str], *, are_left_out: bool) -> list[int]:
        """The rows of these keys, or all others."""
        wanted = frozenset(keys)
        rows = self._db.execute("SELECT id, key FROM searched")
        return [row for row, key in rows if (key in wanted) != are_left_out]

    def measured(self, rows: Iterable[int]) -> Iterator[Measured]:
        """How long some papers are."""
        found = self._db.execute(
            f"SELECT id, key, {_LENGTHS} FROM searched WHERE id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(rows)),),
        )
        return starmap(Measured, found)

    def lengths(self) -> Iterator[tuple[int, str, int, int]]:
        """Row, key, stems of title and abstract as they weigh, stems of the whole text: of all papers."""
        query = f"SELECT id, key, {TITLE} * title_length + abstract_length, body_length FROM searched"
        return iter(self._db.execute(query))

    def searched(self, rows: Iterable[int]) -> Iterator[SearchedRow]:
        """What is searched of some papers, in order of row."""
        found = self._db.execute(
            "SELECT id, key, title, abstract, body, title_length, abstract_length, body_length, places FROM searched"
            " WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id",
            (json.dumps(list(rows)),),
        )
        for number, key, title, abstract, body, *lengths, places in found:
            yield SearchedRow(
                number, key, Lines(title, abstract, body), (lengths[0], lengths[1], lengths[2]), places
            )

    def row_of(self, key: str) -> int:
        """The row of a paper that is searched."""
        row: int = self._db.execute("SELECT id FROM searched WHERE key = ?", (key,)).fetchone()[0]
        return row

    def likely(self, words: Iterable[str], limit: int, rows: Container[int] | None = None) -> list[int]:
        """The rows that are likeliest to be near to some words; of equals the first by key."""
        asked = _any_of(words)
        ranked = (
            self._db.execute(
                f"SELECT rowid, bm25(searched_words, {TITLE}, 1, {BODY}) FROM searched_words"
                " WHERE searched_words MATCH ? ORDER BY 2",
                (asked,),
            )
            if asked
            else ()
        )
        found: list[tuple[float, int]] = []
        for row, rank in ranked:
            if rows is not None and row not in rows:
                continue
            if len(found) >= limit and rank != found[-1][0]:
                break
            found.append((rank, row))
        if len(found) > limit:
            found = sorted(found, key=lambda one: (one[0], self._key_of(one[1])))
        return [row for _, row in found[:limit]]

    def counts(self, word: str) -> Iterator[tuple[int, int, int]]:
        """How often a stem stands in title and abstract, and in the whole text, of each row that has it.

        The title's words are counted as they weigh.
        """
        return iter(self._db.execute(_COUNTS, (word,)))

    def forms(self, word: str) -> tuple[str, ...]:
        """The stems of one root with a word that any paper has: `prune` for `pruned`; the word itself first."""
        wanted = root(word)
        rows = self._db.execute(
            "SELECT term FROM searched_counts WHERE term >= ? AND term < ? ORDER BY term",
            (wanted, f"{wanted}{LAST}"),
        )
        return (word, *(term for (term,) in rows if term != word and root(term) == wanted))

    def having(self, words: Iterable[str]) -> list[int]:
        """The rows that have any of some stems."""
        query = "SELECT rowid FROM searched_words WHERE searched_words MATCH ?"
        return [row for (row,) in self._db.execute(query, (_any_of(words),))]

    def keys_having(self, word: str) -> list[str]:
        """The keys of the papers that have a stem."""
        query = "SELECT key FROM searched WHERE id IN (SELECT rowid FROM searched_words WHERE searched_words MATCH ?)"
        return [str(key) for (key,) in self._db.execute(query, (_any_of([word]),))]

    def terms(self, opening: str, shortest: int, longest: int, most: int) -> list[tuple[str, int]]:
        """The stems that begin with a letter and are about so long, the commonest, with how many papers have them."""
        query = (
            "SELECT term, doc FROM searched_counts WHERE term >= ? AND term < ? AND length(term) BETWEEN ? AND ?"
            " ORDER BY doc DESC, term LIMIT ?"
        )
        after = chr(ord(opening) + 1)
        return self._db.execute(query, (opening, after, shortest, longest, most)).fetchall()

    def texts(self, keys: Iterable[str]) -> dict[str, Texts]:
        """Title and abstract of papers, by key."""
        rows = self._db.execute(
            "SELECT key, json_extract(paper, '$.texts') FROM papers WHERE key IN (SELECT value FROM json_each(?))",
            (json.dumps(list(keys)),),
        )
        return {key: Texts.model_validate_json(texts) for key, texts in rows}

    def named(self, names: Iterable[str]) -> list[NamedBy]:
        """The papers that call their work by one of these folded names, in order of name and key."""
        rows = self._db.execute(
            "SELECT key, name, written, is_sure FROM own_names WHERE name IN (SELECT value FROM json_each(?))"
            " ORDER BY name, key",
            (json.dumps(list(names)),),
        )
        return [NamedBy(key, name, written, bool(is_sure)) for key, name, written, is_sure in rows]

    def with_id(self, ids: Iterable[tuple[str, str]]) -> str | None:
        """The paper that has one of some ids, as they are compared; the first that is found."""
        query = "SELECT key FROM identities WHERE scheme = ? AND value = ? ORDER BY key LIMIT 1"
        found = (self._db.execute(query, one).fetchone() for one in ids)
        return next((str(row[0]) for row in found if row), None)

    def years(self, keys: Iterable[str]) -> dict[str, int]:
        """The years of papers, where they are known."""
        rows = self._db.execute(
            "SELECT key, json_extract(paper, '$.year') FROM papers WHERE key IN (SELECT value FROM json_each(?))",
            (json.dumps(list(keys)),),
        )
        return {key: year for key, year in rows if year is not None}

    def with_stretch(self, stretches: Iterable[str]) -> Iterator[SearchedRow]:
        """The papers whose stems, run together, have one of some stretches, in order of key."""
        found = list(stretches)
        parts = " OR ".join(["instr(run, ?) > 0"] * len(found))
        rows = self._db.execute(
            "SELECT id FROM (SELECT id, key, replace(title || abstract || body, ' ', '') AS run FROM searched)"
            f" WHERE {parts or 'FALSE'} ORDER BY key",
            found,
        )
        return self.searched([row for (row,) in rows])

    def _key_of(self, row: int) -> str:
        return str(self._db.execute("SELECT key FROM searched WHERE id = ?", (row,)).fetchone()[0])


def _any_of(words: Iterable[str]) -> str:
    """The words as FTS5 is asked for them: each quoted, so that none is an operator."""
    return " OR ".join('"' + word.replace('"', '""') + '"' for word in words)


def _packed(places: Iterable[Place]) -> str:
    """Start, end and page with hyphens between, a blank between two places: cheaper to read one of than JSON."""
    return " ".join(
        f"{place.start}-{place.end}" + ("" if place.page is None else f"-{place.page}") for place in places
    )
