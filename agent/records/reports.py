"""What a command reports of its work."""

from __future__ import annotations

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

    read: int
    added: int
    known: int
    merged: int
    rejected: tuple[Rejection, ...] = ()
    changed: tuple[Change, ...] = ()
    gone: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()


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
