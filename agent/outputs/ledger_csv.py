"""The ledger as a table for a spreadsheet."""

from __future__ import annotations

import csv
import io

from agent.records import LedgerRow
from agent.text.printable import printable

COLUMNS = ("source", "position", "key", "title", "status", "where", "reason")


def ledger_csv(rows: tuple[LedgerRow, ...]) -> str:
    """One line a record; no cell can be read as a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows:
        cells = (row.source, row.position, row.key, row.title, row.status, " ".join(row.where), row.reason)
        writer.writerow([_harmless(cell or "") for cell in cells])
    return out.getvalue()


def _harmless(cell: str) -> str:
    text = printable(" ".join(cell.split()), "")
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text
