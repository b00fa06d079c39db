"""The part of the store that holds the user's word: collections, exclusions, own values."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from agent.library.rows import Decision
from agent.library.tables import Tables
from agent.records import Author


class Decisions(Tables):
    """What the user put where, and decided."""

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


def _is_list(value: Any) -> bool:
    return isinstance(value, list | tuple)


def _thaw(field: str, value: Any) -> Any:
    if field == "authors":
        return tuple(Author(**author) for author in value)
    return tuple(value) if isinstance(value, list) else value
