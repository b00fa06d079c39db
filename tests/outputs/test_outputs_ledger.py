"""ledger.csv: one row a record, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io

import pytest
from desk import Made
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.outputs.ledger_csv import COLUMNS, ledger_csv
from agent.records import LedgerRow

FORMULAS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\x00=1",
    " =1+1",
    "\r=1",
    "\n-1",
    "\u200b=1",
    "\ufeff=1",
    "=\n",
    "'=1",
]


def row(title: str, **fields: object) -> LedgerRow:
    return LedgerRow(**{"source": "a.txt", "position": "line 1", "title": title, "status": "cited", **fields})


def read(rows: tuple[LedgerRow, ...]) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(ledger_csv(rows), newline="")))


def test_the_ledger_of_a_survey_is_read_back(made: Made) -> None:
    """Each record has its row with the status, the claims that cite it and the reason."""
    with (made.folder / "ledger.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == made.survey.flow.read == len(made.survey.ledger)
    for read_row, known in zip(rows, made.survey.ledger, strict=True):
        assert tuple(read_row) == COLUMNS
        assert (read_row["source"], read_row["position"]) == (known.source, known.position)
        assert (read_row["key"] or None, read_row["status"]) == (known.key, known.status)
        assert read_row["where"].split() == list(known.where)
        assert (read_row["reason"] or None) == known.reason


@pytest.mark.parametrize("text", FORMULAS)
@pytest.mark.parametrize("column", ["source", "position", "key", "title", "reason"])
def test_no_cell_is_a_formula(column: str, text: str) -> None:
    """A cell that a spreadsheet would compute is marked as text, in every column."""
    (found,) = read((row(**{"title": "x", column: text}),))
    assert not found[column].startswith(("=", "+", "-", "@"))


@given(st.lists(st.text(max_size=30), max_size=6))
@settings(derandomize=True, deadline=None)
def test_any_texts_are_one_row_each(texts: list[str]) -> None:
    """No text opens a row or a column, holds a control character or begins a formula."""
    rows = read(tuple(row(text, reason=text) for text in texts))
    assert len(rows) == len(texts)
    for found in rows:
        cell = found["title"]
        assert found["status"] == "cited"
        assert cell == found["reason"]
        assert not any(ord(char) < 32 or 127 <= ord(char) < 160 for char in cell)
        assert not cell.startswith(("=", "+", "-", "@"))


@pytest.mark.parametrize(
    "text",
    [
        'A "quoted" title',
        "a, b; c",
        "Ünïcode 中文",
        "50% & more",
        "two words",
        "no\u00a0break",
        "thin\u2009space",
    ],
)
def test_a_harmless_text_is_kept(text: str) -> None:
    """Quotes, commas and letters of any script come back; words that any kind of space parts stay apart."""
    (found,) = read((row(text),))
    assert found["title"].split() == text.split()
