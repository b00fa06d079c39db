"""What the library's tables hold, row by row."""

from __future__ import annotations

from dataclasses import dataclass

from agent.records import Paper
from agent.records.base import Record


@dataclass(frozen=True)
class Decision:
    """What the user decided of a paper: `exclude` or `include`, with the reason given."""

    key: str
    what: str
    reason: str | None


@dataclass(frozen=True)
class RecordRow:
    """A record as it came in; `key` is None and `reason` stated where it was rejected."""

    source: str
    position: str
    ordinal: int
    title: str
    key: str | None
    reason: str | None
    rank: int
    run: int


@dataclass(frozen=True)
class StoredRecord:
    """Where a record stands in the order of all records, and whether its source still has it."""

    id: int
    key: str
    run: int
    rank: int
    is_gone: bool
    print: str
    position: str
    title: str
    ordinal: int


@dataclass(frozen=True)
class RecordOf:
    """A record of a paper, with what it says."""

    id: int
    print: str
    paper: Paper


class WasPaper(Record):
    """What a paper was when it was merged; `decisions` are what, field, value and reason, `body` source, digest and text."""

    is_generated: bool
    is_used: bool
    title: str | None
    records: tuple[int, ...]
    members: tuple[str, ...]
    aliases: tuple[str, ...]
    decisions: tuple[tuple[str, str | None, str | None, str | None], ...]
    apart: tuple[str, ...]
    merges: tuple[int, ...]
    body: tuple[str, str, str] | None


@dataclass(frozen=True)
class Merge:
    """A merge by hand: which paper took which in, and what both were."""

    id: int
    key: str
    other: str
    keeper: WasPaper
    taken: WasPaper
