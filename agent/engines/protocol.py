"""What an engine is: one method a step, each taking a whole round of inputs.

Every method gives, for each input and in order, a draft or a `Failure`. A draft points at sentences by
`(key, number)`, the title being 0; nothing in it has been checked. `Ask.problems` holds what was wrong with
the last draft for the same input, `Ask.previous` that draft.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, Literal, Protocol, TypeVar

from agent.records import (
    Claim,
    EngineInfo,
    Evidence,
    Kind,
    Outlier,
    Paper,
    PaperKind,
    Passage,
    Problem,
    QuestionKind,
    Reason,
    Section,
    Summary,
    Theme,
    Usage,
    Verify,
)
from agent.text.labels import Meant
from agent.text.numbered import NumberedPaper

I_co = TypeVar("I_co", covariant=True)
D_co = TypeVar("D_co", covariant=True)


@dataclass(frozen=True)
class Failure:
    """Why there is no draft. A final one is not asked again: the budget is spent, the model refused.

    A failure of the call says nothing of the draft: the same is asked again, not something else.
    """

    code: str
    reason: str
    is_final: bool = False
    is_call: bool = False


@dataclass(frozen=True)
class Ask(Generic[I_co, D_co]):
    """One input of a round, with what was wrong the last time."""

    item: I_co
    problems: tuple[Problem, ...] = ()
    previous: D_co | None = None


class Observer(Protocol):
    """Who is told how far a step is."""

    def start(self, step: str, total: int) -> None: ...

    def advance(self, step: str, count: int = 1) -> None: ...

    def note(self, message: str) -> None: ...


class Silent:
    """An observer that tells nobody."""

    def start(self, step: str, total: int) -> None:
        """Nothing."""

    def advance(self, step: str, count: int = 1) -> None:
        """Nothing."""

    def note(self, message: str) -> None:
        """Nothing."""


@dataclass(frozen=True)
class SentenceRef:
    """A sentence of a paper by its number: 0 is the title."""

    key: str
    number: int


# Planning


@dataclass(frozen=True)
class PlanInput:
    """Papers to be grouped; `topic` and `themes` where the user states them, `kept` who must stay in."""

    papers: tuple[NumberedPaper, ...]
    topic: str | None = None
    themes: int | None = None
    kept: frozenset[str] = frozenset()


@dataclass(frozen=True)
class ThemeDraft:
    title: str
    description: str
    keys: tuple[str, ...]


@dataclass(frozen=True)
class PlanDraft:
    """Themes and outliers; `left` are papers that were not looked at and are to be placed afterwards."""

    topic: str
    themes: tuple[ThemeDraft, ...]
    outliers: tuple[tuple[str, str], ...] = ()
    left: frozenset[str] = frozenset()


@dataclass(frozen=True)
class PlaceInput:
    """Papers to be placed into themes that stand; `placed` are in them, `kept` must not be set aside."""

    papers: tuple[NumberedPaper, ...]
    themes: tuple[Theme, ...]
    placed: tuple[NumberedPaper, ...]
    topic: str
    kept: frozenset[str] = frozenset()


@dataclass(frozen=True)
class PlaceDraft:
    """The theme's id for each key, the reason for each that belongs to none, and why others have no place."""

    places: Mapping[str, str]
    outliers: Mapping[str, str] = field(default_factory=dict)
    why_not: str = ""


@dataclass(frozen=True)
class OrderInput:
    themes: tuple[Theme, ...]
    papers: tuple[NumberedPaper, ...]


@dataclass(frozen=True)
class OrderDraft:
    ids: tuple[str, ...]


# Reading


@dataclass(frozen=True)
class FindingDraft:
    text: str
    evidence: tuple[int, ...]


@dataclass(frozen=True)
class ResultDraft:
    metric: str
    value: str
    evidence: tuple[int, ...]
    baseline: str | None = None
    setting: str | None = None


@dataclass(frozen=True)
class SummaryDraft:
    kind: PaperKind
    also: tuple[PaperKind, ...] = ()
    task: str | None = None
    problem: FindingDraft | None = None
    names: tuple[str, ...] = ()
    approach: FindingDraft | None = None
    findings: tuple[FindingDraft, ...] = ()
    results: tuple[ResultDraft, ...] = ()
    data: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    hardware: tuple[str, ...] = ()
    compared_with: tuple[str, ...] = ()
    limitations: tuple[FindingDraft, ...] = ()
    links: tuple[str, ...] = ()


# Writing


@dataclass(frozen=True)
class ClaimDraft:
    text: str
    kind: Kind
    evidence: tuple[SentenceRef, ...] = ()
    absent: tuple[str, ...] = ()
    near: SentenceRef | None = None


@dataclass(frozen=True)
class ParagraphDraft:
    claims: tuple[ClaimDraft, ...]
    heading: str | None = None
    layout: Literal["prose", "entries"] = "prose"


@dataclass(frozen=True)
class CellDraft:
    text: str | None = None
    evidence: tuple[SentenceRef, ...] = ()


@dataclass(frozen=True)
class TableDraft:
    caption: str
    columns: tuple[tuple[str, str], ...]
    rows: tuple[tuple[str, tuple[CellDraft, ...]], ...]


@dataclass(frozen=True)
class SectionInput:
    """One theme, or one part of a large one, with exactly its papers.

    `topic` is what the whole is about, `others` are the titles of the other themes, `words` is how long the
    section may become.
    """

    theme: Theme
    papers: tuple[NumberedPaper, ...]
    summaries: Mapping[str, Summary]
    part: int = 1
    parts: int = 1
    heading: str | None = None
    topic: str = ""
    others: tuple[str, ...] = ()
    words: int = 0


@dataclass(frozen=True)
class SectionDraft:
    """Paragraphs and tables; `left_out` are papers that the section does not cite, with the reasons."""

    paragraphs: tuple[ParagraphDraft, ...]
    tables: tuple[TableDraft, ...] = ()
    left_out: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class FrameInput:
    """All sections as they were kept; `words` is how long the frame may become."""

    topic: str
    sections: tuple[Section, ...]
    outliers: tuple[Outlier, ...]
    papers: tuple[NumberedPaper, ...]
    summaries: Mapping[str, Summary]
    words: int = 0


@dataclass(frozen=True)
class FrameDraft:
    """Parts that are None are not written by this engine."""

    introduction: SectionDraft | None = None
    comparison: SectionDraft | None = None
    outlook: SectionDraft | None = None


# Judging and revising


@dataclass(frozen=True)
class JudgeInput:
    """The claims of one section; `papers` gives the titles."""

    where: str
    claims: tuple[Claim, ...]
    papers: Mapping[str, Paper]


@dataclass(frozen=True)
class Judgement:
    claim: str
    verdict: Literal["supported", "partly", "unsupported"]
    reason: str = ""


@dataclass(frozen=True)
class JudgeDraft:
    """One judgement for each claim that was judged; empty where the engine judges nothing."""

    judgements: tuple[Judgement, ...] = ()


@dataclass(frozen=True)
class ReviseInput:
    """A section's claims, which of them were flagged and why, and the papers to mend them from."""

    where: str
    claims: tuple[Claim, ...]
    flagged: Mapping[str, str]
    papers: tuple[NumberedPaper, ...]


@dataclass(frozen=True)
class ReviseDraft:
    """The mended claim for a claim's id, or None where it is to be dropped; others stay as they are."""

    claims: Mapping[str, ClaimDraft | None] = field(default_factory=dict)


# Questions


@dataclass(frozen=True)
class Before:
    """An earlier turn of a thread: what was asked, as it stands alone, and the claims of the answer."""

    question: str
    claims: tuple[Claim, ...] = ()
    papers: Mapping[str, Paper] = field(default_factory=dict)


@dataclass(frozen=True)
class QuestionInput:
    """A question as it was typed, with the turns before it, oldest first."""

    question: str
    before: tuple[Before, ...] = ()


@dataclass(frozen=True)
class QuestionDraft:
    """What is asked, in words that stand alone, and how to look for it.

    `queries` are further forms of it, in other words; `sides` what is compared, each in words to look for it by;
    `keys` papers of earlier turns that it is about.
    """

    question: str
    kind: QuestionKind
    queries: tuple[str, ...] = ()
    sides: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()


@dataclass(frozen=True)
class Match:
    """What a search says of a paper: its score, and which content stems of the question it does not have.

    `is_named` where the question calls the paper's work by its name.
    """

    key: str
    score: float
    lacking: frozenset[str] = frozenset()
    is_named: bool = False


@dataclass(frozen=True)
class AnswerInput:
    """A question with what a search found, nearest first in `matches` and `passages`.

    `papers` are shown in an order that does not depend on scores. `size` counts the papers that were searched;
    `unknown` are stems of the question that none of them has. `meant` is what of the question calls papers by an
    author, a key or an id: no text states it.
    """

    asked: QuestionDraft
    papers: tuple[NumberedPaper, ...]
    matches: tuple[Match, ...] = ()
    passages: tuple[Passage, ...] = ()
    size: int = 0
    unknown: frozenset[str] = frozenset()
    meant: tuple[Meant, ...] = ()


@dataclass(frozen=True)
class AnswerDraft:
    """An answer or the reason why there is none.

    `unstated` says in a few words what is asked and not stated; `wanted` are papers whose whole text may state it.
    """

    status: Literal["answered", "partial", "not_stated"]
    reason: Reason | None = None
    paragraphs: tuple[ParagraphDraft, ...] = ()
    table: TableDraft | None = None
    unstated: str = ""
    wanted: tuple[str, ...] = ()


@dataclass(frozen=True)
class StanceInput:
    """A sentence, and the papers that may speak to it; `passages` as a search found them, nearest first."""

    sentence: str
    papers: tuple[NumberedPaper, ...]
    passages: tuple[Passage, ...] = ()


@dataclass(frozen=True)
class StanceItem:
    """One paper's stance to the sentence, with the sentences that show it."""

    key: str
    stance: Literal["supports", "against", "related"]
    evidence: tuple[SentenceRef, ...]


@dataclass(frozen=True)
class StanceDraft:
    stances: tuple[StanceItem, ...] = ()


# Digests


@dataclass(frozen=True)
class LeadTheme:
    """A theme of an issue with what is said of its papers; `state` is new or continued."""

    title: str
    state: str
    claims: tuple[Claim, ...]


@dataclass(frozen=True)
class LeadInput:
    """An issue's themes and papers; `words` is how long the lead may become."""

    topic: str
    themes: tuple[LeadTheme, ...]
    papers: tuple[NumberedPaper, ...]
    words: int = 80


@dataclass(frozen=True)
class LeadDraft:
    """What stands out, in a few sentences."""

    claims: tuple[ClaimDraft, ...] = ()


class Engine(Protocol):
    """Drafts of everything that a product needs. Each method answers a whole round, in order."""

    @property
    def is_judging(self) -> bool:
        """Whether `judge` says anything."""
        ...

    def info(self, verify: Verify) -> EngineInfo:
        """What the product says of this engine."""
        ...

    def usage(self) -> Usage:
        """What the replies took that its drafts rest on."""
        ...

    async def propose(
        self, asks: Sequence[Ask[PlanInput, PlanDraft]], observer: Observer
    ) -> Sequence[PlanDraft | Failure]: ...

    async def place(
        self, asks: Sequence[Ask[PlaceInput, PlaceDraft]], observer: Observer
    ) -> Sequence[PlaceDraft | Failure]: ...

    async def order(
        self, asks: Sequence[Ask[OrderInput, OrderDraft]], observer: Observer
    ) -> Sequence[OrderDraft | Failure]: ...

    async def summarise(
        self, asks: Sequence[Ask[NumberedPaper, SummaryDraft]], observer: Observer
    ) -> Sequence[SummaryDraft | Failure]: ...

    async def draft_section(
        self, asks: Sequence[Ask[SectionInput, SectionDraft]], observer: Observer
    ) -> Sequence[SectionDraft | Failure]: ...

    async def draft_frame(
        self, asks: Sequence[Ask[FrameInput, FrameDraft]], observer: Observer
    ) -> Sequence[FrameDraft | Failure]: ...

    async def judge(
        self, asks: Sequence[Ask[JudgeInput, JudgeDraft]], observer: Observer
    ) -> Sequence[JudgeDraft | Failure]: ...

    async def revise(
        self, asks: Sequence[Ask[ReviseInput, ReviseDraft]], observer: Observer
    ) -> Sequence[ReviseDraft | Failure]: ...

    async def plan_question(
        self, asks: Sequence[Ask[QuestionInput, QuestionDraft]], observer: Observer
    ) -> Sequence[QuestionDraft | Failure]: ...

    async def draft_answer(
        self, asks: Sequence[Ask[AnswerInput, AnswerDraft]], observer: Observer
    ) -> Sequence[AnswerDraft | Failure]: ...

    async def stance(
        self, asks: Sequence[Ask[StanceInput, StanceDraft]], observer: Observer
    ) -> Sequence[StanceDraft | Failure]: ...

    async def draft_lead(
        self, asks: Sequence[Ask[LeadInput, LeadDraft]], observer: Observer
    ) -> Sequence[LeadDraft | Failure]: ...


class Reranker(Protocol):
    """Another opinion on the order of what a search found. Never needed: the order by words stands without it."""

    @property
    def model(self) -> str:
        """Whose opinion it is."""
        ...

    def usage(self) -> Usage:
        """What it took so far."""
        ...

    async def rerank(self, query: str, texts: Sequence[str]) -> Sequence[float | None] | None:
        """How near each text is to the query, from -1 to 1; None for one, or in all, where that is not known."""
        ...


def resolve(ref: SentenceRef, papers: Mapping[str, NumberedPaper]) -> Evidence | None:
    """The sentence that a reference points at; None where there is none."""
    paper = papers.get(ref.key)
    if paper is None or not 0 <= ref.number < len(paper.sentences):
        return None
    return paper.sentences[ref.number]
