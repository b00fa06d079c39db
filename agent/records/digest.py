"""One issue of a digest: what is new since the last one, by theme, with an account of all that came in."""

from __future__ import annotations

from typing import Literal

from agent.records.base import Record
from agent.records.claim import Claim, Dropped, Missing
from agent.records.evidence import Evidence
from agent.records.paper import Paper, Rejected
from agent.records.survey import EngineInfo, Usage


class BearsOn(Record):
    """What an item has to do with the reader's own review: a paper of it, or a claim of a survey of it.

    `text` says it in a sentence ("compares itself with AWQ, which you have"); `evidence` is where the item says so.
    """

    key: str | None = None
    claim: str | None = None
    text: str
    evidence: tuple[Evidence, ...] = ()


class DigestItem(Record):
    """A new paper: its number in the issue, its relevance, why it is there, and two claims that rest on it."""

    n: int
    key: str
    score: float
    why: str
    claims: tuple[Claim, ...] = ()
    bears_on: tuple[BearsOn, ...] = ()


class DigestTheme(Record):
    """A theme of the digest: new in this issue, continued from earlier ones, or quiet (no item this time)."""

    id: str
    title: str
    state: Literal["new", "continued", "quiet"]
    items: tuple[DigestItem, ...] = ()


class Update(Record):
    """A paper that was mailed before, or is of the review, and has changed: a new version, a published form, a retraction."""

    n: int
    key: str
    what: str
    is_retraction: bool = False


class DigestCounts(Record):
    """fetched + carried (waiting from earlier issues) = the sum of the rest.

    `known` are papers that the reader has already: those of the review, those given as examples, those excluded.
    """

    fetched: int = 0
    carried: int = 0
    shown: int = 0
    updates: int = 0
    below: int = 0
    over_limit: int = 0
    disliked: int = 0
    duplicate: int = 0
    sent_before: int = 0
    known: int = 0
    failed: int = 0


class Below(Record):
    """A paper just under the threshold."""

    key: str
    title: str
    score: float


class DigestSource(Record):
    """What became of one source: it gave records, it had none, or it could not be asked.

    `rejected` are records of it that could not be read, each named in the issue in which it came first.
    """

    source: str
    state: Literal["ok", "empty", "broken"]
    reason: str | None = None
    rejected: tuple[Rejected, ...] = ()


class Digest(Record):
    """One issue, as it is composed once and never changed afterwards."""

    format: Literal["litreview/digest@1"] = "litreview/digest@1"
    name: str
    topic: str
    issue: str
    date: str
    since: str | None = None
    made_from: str
    lead: tuple[Claim, ...] = ()
    papers: dict[str, Paper]
    themes: tuple[DigestTheme, ...] = ()
    updates: tuple[Update, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    missing: tuple[Missing, ...] = ()
    counts: DigestCounts
    below: tuple[Below, ...] = ()
    sources: tuple[DigestSource, ...] = ()
    engine: EngineInfo
    usage: Usage
