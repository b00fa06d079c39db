"""An answer: claims with their evidence, or an honest no that says why; and what the papers say to a sentence."""

from __future__ import annotations

from typing import Literal

from agent.records.base import Record
from agent.records.claim import Claim, Dropped, Missing, Table
from agent.records.evidence import Evidence, Part
from agent.records.paper import Paper
from agent.records.survey import EngineInfo, Usage

QuestionKind = Literal["fact", "figure", "comparison", "list", "trend"]
Status = Literal["answered", "partial", "not_stated", "failed"]
Reason = Literal[
    "nothing_found",
    "off_topic",
    "needs_full_text",
    "false_premise",
    "conflicting",
    "budget",
    "engine_failed",
]


class Passage(Record):
    """A sentence that a search found, by place and verbatim; the higher its score, the nearer to the question."""

    key: str
    part: Part
    page: int | None = None
    sentence: int
    start: int
    end: int
    text: str
    score: float

    @property
    def place(self) -> tuple[str, str, int, int]:
        """The place of the sentence, as evidence has it."""
        return (self.key, self.part, self.start, self.end)


class Searched(Record):
    """Where was looked: in how many papers, of how many of them the whole text, and for what.

    `excluded` counts the papers that belong there and were not searched, since the user excluded them.
    """

    collection: str | None = None
    papers: int
    excluded: int = 0
    bodies: int = 0
    queries: tuple[str, ...] = ()


class Near(Record):
    """A paper that comes near to a question."""

    key: str
    title: str


class Answer(Record):
    """What the papers say to a question.

    `asked_as` is the question as it stands alone, where it was a follow-up. `explanation` and `would_settle` are
    made by code from `status`, `reason` and what was searched.
    """

    format: Literal["litreview/answer@1"] = "litreview/answer@1"
    question: str
    asked_as: str | None = None
    kind: QuestionKind
    date: str
    made_from: str
    status: Status
    reason: Reason | None = None
    explanation: str
    would_settle: str | None = None
    claims: tuple[Claim, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    tables: tuple[Table, ...] = ()
    missing: tuple[Missing, ...] = ()
    papers: dict[str, Paper]
    searched: Searched
    passages: tuple[Passage, ...] = ()
    nearest: tuple[Near, ...] = ()
    thread: int | None = None
    turn: int | None = None
    engine: EngineInfo
    usage: Usage


class Turn(Record):
    """One question of a thread, with what was answered."""

    thread: int
    turn: int
    question: str
    date: str
    answer: Answer


class Stance(Record):
    """The sentences of a paper that speak to a sentence; `judged` where a model has held them against it."""

    key: str
    evidence: tuple[Evidence, ...]
    judged: bool = False


class Cited(Record):
    """Which papers support a sentence, which speak against it, which are near."""

    format: Literal["litreview/cite@1"] = "litreview/cite@1"
    sentence: str
    date: str
    made_from: str
    supports: tuple[Stance, ...] = ()
    against: tuple[Stance, ...] = ()
    related: tuple[Stance, ...] = ()
    missing: tuple[Missing, ...] = ()
    papers: dict[str, Paper]
    searched: Searched
    engine: EngineInfo
    usage: Usage


class Reasoned(Record):
    """Why a paper was found: what each word of the query adds, and which words it lacks."""

    key: str
    score: float
    paper_score: float
    sentence_score: float
    words: dict[str, float]
    lacking: tuple[str, ...] = ()
    own_name: bool = False


class Found(Record):
    """The passages that a search gives, best first; `why` where it was asked for.

    `alike` are words of the papers spelled like those of the query, where nothing was found.
    """

    query: str
    passages: tuple[Passage, ...]
    papers: dict[str, Paper]
    searched: Searched
    why: tuple[Reasoned, ...] | None = None
    alike: tuple[str, ...] = ()
