"""What a command reports of its work."""

from __future__ import annotations

from typing import Literal

from agent.records.base import Record


class Rejection(Record):
    source: str
    position: str
    reason: str


class Note(Record):
    source: str
    position: str
    message: str


class Change(Record):
    key: str
    fields: tuple[str, ...]


class AddReport(Record):
    """What reading sources into the library did; `read = added + known + merged + rejected`.

    `known` changes nothing, `merged` adds or changes fields; `gone` was in this source before. `notes` name
    what is no record, and how a file was read; they count in none.
    """

    read: int = 0
    added: int = 0
    known: int = 0
    merged: int = 0
    rejected: tuple[Rejection, ...] = ()
    changed: tuple[Change, ...] = ()
    gone: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()


class SourceState(Record):
    """How asking a service went: an empty answer and a broken one are never the same."""

    source: str
    state: Literal["ok", "empty", "broken"]
    reason: str | None = None
    found: int = 0
    total: int | None = None


class SearchReport(AddReport):
    """What a search brought in, and how each service answered."""

    sources: tuple[SourceState, ...] = ()


class Filled(Record):
    """Fields of a paper that a service filled."""

    key: str
    source: str
    fields: tuple[str, ...]


class Refused(Record):
    """What a service offered for a paper and may be another one."""

    key: str
    source: str
    reason: str


class EnrichReport(Record):
    """What services filled in: of `asked` papers that lacked something, `lacking` still do."""

    asked: int
    changed: tuple[Filled, ...] = ()
    refused: tuple[Refused, ...] = ()
    lacking: tuple[Change, ...] = ()
    sources: tuple[SourceState, ...] = ()


class Attached(Record):
    """A whole text that a paper has now."""

    key: str
    source: str
    pages: int
    words: int


class Unattached(Record):
    """A file that could not be read as a paper's text."""

    key: str
    source: str
    reason: str


class FulltextReport(Record):
    """What became of looking for whole texts: `known` papers had theirs, those `without` name no file.

    `absent` are files that records name and that are not there.
    """

    attached: tuple[Attached, ...]
    failed: tuple[Unattached, ...]
    without: tuple[str, ...]
    known: int
    absent: tuple[Unattached, ...] = ()


class AlikePair(Record):
    """Two papers that look alike and were not merged."""

    keys: tuple[str, str]
    titles: tuple[str, str]
    score: float
    why: tuple[str, ...]


class MergedRecord(Record):
    source: str
    position: str
    title: str


class MergedPaper(Record):
    """A paper that comes of several records, the one that speaks first, and what makes them one work."""

    key: str
    title: str
    records: tuple[MergedRecord, ...]
    why: tuple[str, ...] = ()


class DuplicateReport(Record):
    merged: tuple[MergedPaper, ...] = ()
    alike: tuple[AlikePair, ...] = ()


class StepEstimate(Record):
    """What one step would ask: exact where `is_exact`, else at most so much."""

    step: str
    calls: int
    is_exact: bool
    input_tokens: int
    output_tokens: int
    cost: float | None = None


class Estimate(Record):
    """What a run would ask of a model that is not stored yet, first asks only.

    `is_rough` says that tokens are guessed from characters, since no endpoint has reported any yet.
    """

    steps: tuple[StepEstimate, ...]
    stored: int
    calls: int
    input_tokens: int
    output_tokens: int
    cost: float | None = None
    is_rough: bool
