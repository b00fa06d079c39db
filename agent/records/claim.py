"""A claim is one sentence of one kind; paragraphs, tables and what was dropped hold claims."""

from __future__ import annotations

from typing import Literal

from agent.records.base import Problem, Record
from agent.records.evidence import Evidence

Kind = Literal["fact", "inference", "gap", "own"]
Verdict = Literal["supported", "weak", "unsupported"]


class Claim(Record):
    """One sentence of a product, with all that it rests on."""

    id: str
    text: str
    kind: Kind
    citations: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    scope: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    near: Evidence | None = None
    verdict: Verdict | None = None
    judged: bool = False
    by: Literal["engine", "author"] = "engine"
    problems: tuple[Problem, ...] = ()

    @property
    def is_quotation(self) -> bool:
        """Whether the claim is one whole sentence of its evidence in quotation marks."""
        return any(self.text == f"“{evidence.text}”" for evidence in self.evidence)


class Paragraph(Record):
    """Claims that are read together; a heading opens a sub-theme or a part.

    `layout` says how a document shows them: as running text, or as one entry a paper.
    """

    heading: str | None = None
    layout: Literal["prose", "entries"] = "prose"
    claims: tuple[Claim, ...]


class Column(Record):
    id: str
    title: str


class Cell(Record):
    """A table cell; what it says stands in its evidence."""

    text: str | None = None
    evidence: tuple[Evidence, ...] = ()


class Row(Record):
    key: str
    cells: tuple[Cell, ...]


class Table(Record):
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


class Missing(Record):
    """What could not be made, and why; it is tried again next time."""

    where: str
    code: str
    reason: str


class Dropped(Record):
    """A claim that was drafted and failed its checks."""

    where: str
    claim: Claim
