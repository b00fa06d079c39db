"""The survey as data: what the documents are rendered from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, TypeVar

from agent.records.base import Record
from agent.records.claim import Claim, Dropped, Missing, Paragraph, Table
from agent.records.paper import Paper
from agent.records.plan import Outlier
from agent.records.summary import Summary

N = TypeVar("N", int, float)

Verify = Literal["none", "code", "model"]
LedgerStatus = Literal["cited", "uncited", "outlier", "excluded", "duplicate", "missing", "rejected"]


class EngineInfo(Record):
    """Which engine drafted, and how its drafts were checked."""

    name: Literal["model", "extractive"]
    models: dict[str, str] = {}
    version: str
    prompts: str
    verify: Verify
    output: str | None = None
    sampling: dict[str, dict[str, float | int]] = {}


class Flow(Record):
    """The way of every record; `read` is the sum of the rest."""

    read: int
    rejected: int
    duplicates: int
    excluded: int
    outliers: int
    cited: int
    uncited: int
    missing: int


class Section(Record):
    """A theme, written."""

    id: str
    title: str
    description: str
    instructions: str | None = None
    papers: tuple[str, ...]
    paragraphs: tuple[Paragraph, ...] = ()
    tables: tuple[Table, ...] = ()


class FramePart(Record):
    """What stands before or after the themes."""

    paragraphs: tuple[Paragraph, ...] = ()
    tables: tuple[Table, ...] = ()


class Frame(Record):
    """What stands round the themes; a part is `None` where the engine writes none."""

    introduction: FramePart | None = None
    comparison: FramePart | None = None
    outlook: FramePart | None = None


class LedgerRow(Record):
    """One row for one record that came in."""

    source: str
    position: str
    key: str | None = None
    title: str
    status: LedgerStatus
    where: tuple[str, ...] = ()
    reason: str | None = None


class Usage(Record):
    """What the replies that a product rests on took, as the endpoint reported it; `None` is unknown."""

    calls: int = 0
    input_tokens: int | None = None
    output_tokens: int | None = None
    cost: float | None = None

    def plus(self, other: Usage) -> Usage:
        """Both together; what is unknown of one is unknown of both."""
        return Usage(
            calls=self.calls + other.calls,
            input_tokens=_sum(self.input_tokens, other.input_tokens),
            output_tokens=_sum(self.output_tokens, other.output_tokens),
            cost=_sum(self.cost, other.cost),
        )


def _sum(one: N | None, other: N | None) -> N | None:
    return None if one is None or other is None else one + other


class FilePart(Record):
    """A written file: its digest, and under which name it was written."""

    sha256: str
    written_as: str


class Survey(Record):
    """A survey as data. `fulltext` names the papers of which passages of the whole text were read too."""

    format: Literal["litreview/survey@1"] = "litreview/survey@1"
    title: str
    topic: str
    date: str
    made_from: str
    engine: EngineInfo
    flow: Flow
    themes: tuple[Section, ...] = ()
    frame: Frame = Frame()
    outliers: tuple[Outlier, ...] = ()
    missing: tuple[Missing, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    summaries: dict[str, Summary] = {}
    papers: dict[str, Paper] = {}
    fulltext: tuple[str, ...] = ()
    ledger: tuple[LedgerRow, ...] = ()
    usage: Usage = Usage()
    files: dict[str, FilePart] = {}

    def claims(self) -> Iterator[Claim]:
        """Every claim that was kept: those of the themes, then those of the frame."""
        framed = (self.frame.introduction, self.frame.comparison, self.frame.outlook)
        parts: list[Section | FramePart] = [*self.themes, *(part for part in framed if part)]
        for part in parts:
            for paragraph in part.paragraphs:
                yield from paragraph.claims
