"""What every part of the store stands on: one connection."""

from __future__ import annotations

import sqlite3


class Tables:
    """The tables of a library, by its connection."""

    _db: sqlite3.Connection
