"""The part of the store that holds papers' whole texts."""

from __future__ import annotations

from collections.abc import Iterable

from agent.library.tables import Tables
from agent.records import Body, Paper


class WholeTexts(Tables):
    """Bodies of papers, and where their records were read from."""

    def set_body(self, key: str, source: str, sha256: str, body: Body) -> None:
        self._db.execute(
            "INSERT OR REPLACE INTO bodies (key, source, sha256, body) VALUES (?, ?, ?, ?)",
            (key, source, sha256, body.model_dump_json()),
        )

    def drop_body(self, key: str) -> None:
        self._db.execute("DELETE FROM bodies WHERE key = ?", (key,))

    def body_digest(self, key: str) -> str | None:
        """The digest of the file that a paper's whole text was read from, if it has one."""
        row = self._db.execute("SELECT sha256 FROM bodies WHERE key = ?", (key,)).fetchone()
        return str(row[0]) if row else None

    def body_source(self, key: str) -> str | None:
        """The name of the file that a paper's whole text was read from, if it has one."""
        row = self._db.execute("SELECT source FROM bodies WHERE key = ?", (key,)).fetchone()
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

    def record_of_source(self, path: str) -> Paper | None:
        """What the one record of a source says."""
        row = self._db.execute(
            "SELECT r.paper FROM records r JOIN sources s ON s.id = r.source WHERE s.path = ? AND r.is_gone = 0"
            " AND r.key IS NOT NULL ORDER BY r.ordinal LIMIT 1",
            (path,),
        ).fetchone()
        return Paper.model_validate_json(row[0]) if row else None
