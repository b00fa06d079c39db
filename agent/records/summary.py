"""The structured reading of one paper; unknown stays unknown."""

from __future__ import annotations

from typing import Literal

from agent.records.base import Record
from agent.records.evidence import Evidence

PaperKind = Literal[
    "method",
    "system",
    "benchmark",
    "dataset",
    "empirical study",
    "theory",
    "survey",
    "position",
    "other",
]


class Finding(Record):
    """One statement of a paper, with the sentences that it rests on."""

    text: str
    evidence: tuple[Evidence, ...]


class Result(Record):
    """A figure that a paper reports. `value` is as written, with its "up to"."""

    metric: str
    value: str
    baseline: str | None = None
    setting: str | None = None
    evidence: tuple[Evidence, ...]


class Summary(Record):
    """What one paper says, field by field."""

    kind: PaperKind
    also: tuple[PaperKind, ...] = ()
    task: str | None = None
    problem: Finding | None = None
    names: tuple[str, ...] = ()
    approach: Finding | None = None
    findings: tuple[Finding, ...] = ()
    results: tuple[Result, ...] = ()
    data: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    hardware: tuple[str, ...] = ()
    compared_with: tuple[str, ...] = ()
    limitations: tuple[Finding, ...] = ()
    links: tuple[str, ...] = ()
