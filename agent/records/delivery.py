"""What became of an issue's letters."""

from __future__ import annotations

from typing import Literal

from agent.records.base import Record

LetterState = Literal["pending", "sending", "sent", "refused", "unknown"]


class Delivery(Record):
    """One letter: an issue for one recipient.

    `pending` waits, until `next_try_at` where that is stated; `sending` is in some process's hands, or was when that
    ended; `refused` is not tried again; `unknown`: the server had the whole letter and nobody heard whether it kept it.
    `code` is the server's. Times are in UTC. `is_fresh`: this run tried it, or found
    that an ended one had.
    """

    recipient: str
    message_id: str
    state: LetterState
    code: int | None = None
    reason: str | None = None
    tries: int = 0
    first_tried_at: str | None = None
    tried_at: str | None = None
    next_try_at: str | None = None
    is_fresh: bool = False


class DeliveryReport(Record):
    """How an issue's letters stand after a run, in order of recipient."""

    digest: str
    issue: str
    letters: tuple[Delivery, ...]
