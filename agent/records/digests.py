"""A digest that was asked for: what it looks for, where, for whom and when; and what is remembered between issues."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, ValidationError

from agent.errors import UsageError
from agent.records.base import Record
from agent.records.evidence import Evidence
from agent.records.paper import Rejected
from agent.records.plan import Plan

USUAL_THRESHOLD, USUAL_LIMIT = 0.45, 20
MOST_ITEMS = 500
_RANGES = {"threshold": "a number from 0 to 1", "limit": f"a whole number from 1 to {MOST_ITEMS}"}
_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def _name(value: str) -> str:
    if not _NAME.fullmatch(value):
        raise ValueError("a digest's name is made of a-z, 0-9 and hyphens inside, 1 to 40 of them")
    return value


def _line(value: str) -> str:
    if any(ord(char) < 32 or 127 <= ord(char) < 160 or char in "\u2028\u2029" for char in value):
        raise ValueError("it stands on one line, without control characters")
    return " ".join(value.split())


def _stated(value: str) -> str:
    if not _line(value):
        raise ValueError("it is empty")
    return _line(value)


def _day(value: str) -> str:
    if not _DAY.fullmatch(value):
        raise ValueError("a day is written as 2026-08-17")
    return value


def _once(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))


Line = Annotated[str, AfterValidator(_line)]
Stated = Annotated[str, AfterValidator(_stated)]
Day = Annotated[str, AfterValidator(_day)]
Listed = Annotated[tuple[Stated, ...], AfterValidator(_once)]


class FeedSetting(Record):
    """Where a digest looks: a service with what to ask it, a file or folder, or a collection of the library."""

    kind: Literal["service", "files", "collection"]
    name: Stated
    query: Line = ""

    @property
    def label(self) -> str:
        """What it is called in an issue, and remembered by."""
        return f"{self.name}: {self.query}" if self.query else self.name


class DigestSettings(Record):
    """All that is set of a digest.

    `examples` are keys, `like` is a collection, of papers that show what is looked for; `review` is the collection that
    the digest is read for. `weekday` is 1 (Monday) to 7. `quiet` says what a week without anything new sends.
    """

    name: Annotated[str, AfterValidator(_name)]
    created: Day
    topic: Line = ""
    recipients: Listed = ()
    every: Literal["day", "week", "month"] = "week"
    weekday: Annotated[int, Field(ge=1, le=7)] = 1
    sources: tuple[FeedSetting, ...] = ()
    examples: Listed = ()
    like: Stated | None = None
    review: Stated | None = None
    words: Listed = ()
    unwanted: Listed = ()
    authors: Listed = ()
    venues: Listed = ()
    threshold: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)] = USUAL_THRESHOLD
    limit: Annotated[int, Field(ge=1, le=MOST_ITEMS)] = USUAL_LIMIT
    quiet: Literal["short", "nothing"] = "short"
    language: Stated | None = None
    is_paused: bool = False

    @property
    def is_shared(self) -> bool:
        """Whether it has other readers than the one whose library it is made from."""
        return len(self.recipients) > 1


def digest_settings(**values: Any) -> DigestSettings:
    """Settings that hold, of what a person stated.

    Raises:
        UsageError: a value cannot be; the message names it.
    """
    try:
        return DigestSettings(**values)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "digest"
        if where in _RANGES:
            raise UsageError(f"--{where} is {_RANGES[where]}", "`litreview digest new --help` says what can be set") from error  # fmt: skip
        said = str(first["msg"]).removeprefix("Value error, ")
        raise UsageError(f"digest, {where}: {said[:1].lower()}{said[1:]}", "`litreview digest new --help` says what can be set") from error  # fmt: skip


class KnownWork(Record):
    """What was known of a work when it was mailed, so that a change can be told. `version` is a number."""

    title: str
    version: int | None = None
    doi: str | None = None
    venue: str | None = None
    year: int | None = None
    type: str | None = None
    is_published: bool = False
    is_retracted: bool = False


class ShownWork(Record):
    """A work as an issue showed it: under which number, as new or as an update, and what it is recognised by."""

    key: str
    n: int
    is_update: bool = False
    known: KnownWork
    identities: tuple[tuple[str, str], ...] = ()


class WaitingWork(Record):
    """A relevant work that no issue has shown yet: its score, for how many issues it waits, and how often it could not be read."""

    key: str
    score: float
    waited: int = 1
    failed: int = 0


class UnreadRecord(Record):
    """A record that could not be read, and under which path the library has its source."""

    path: str
    record: Rejected


class IssueMemory(Record):
    """What is remembered of an issue once it is composed; written in one go with the issue itself.

    `waiting` takes the place of all that waited before. `refreshed` is what is known now of works that were mailed
    before and of which nothing is told. `answered` names the sources that gave an answer up to `date`, `unread` the
    records that the issue named as not readable.
    """

    digest: str
    issue: str
    date: str
    shown: tuple[ShownWork, ...] = ()
    waiting: tuple[WaitingWork, ...] = ()
    below: tuple[tuple[str, float], ...] = ()
    passed: tuple[str, ...] = ()
    refreshed: tuple[ShownWork, ...] = ()
    plan: Plan | None = None
    answered: tuple[str, ...] = ()
    unread: tuple[UnreadRecord, ...] = ()


class ReviewClaim(Record):
    """A claim of the reader's latest survey: where it stands there, what it says and what it rests on."""

    id: str
    section: int
    number: int
    text: str
    evidence: tuple[Evidence, ...] = ()
