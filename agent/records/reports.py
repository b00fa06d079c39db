"""What a command reports of its work."""

from __future__ import annotations

from agent.records.base import Record


class Rejection(Record):
    source: str
    position: str
    reason: str


class Change(Record):
    key: str
    fields: tuple[str, ...]


class AddReport(Record):
    """What reading sources into the library did; `read = added + known + merged + rejected`.

    `known` changes nothing, `merged` adds or changes fields; `gone` was in this source before.
    """

    read: int
    added: int
    known: int
    merged: int
    rejected: tuple[Rejection, ...] = ()
    changed: tuple[Change, ...] = ()
    gone: tuple[str, ...] = ()
