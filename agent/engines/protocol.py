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
    Problem,
    Section,
    Summary,
    Theme,
    Usage,
    Verify,
)
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


class Engine(Protocol):
    """Drafts of everything that a survey needs. Each method answers a whole round, in order."""

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


def resolve(ref: SentenceRef, papers: Mapping[str, NumberedPaper]) -> Evidence | None:
    """The sentence that a reference points at; None where there is none."""
    paper = papers.get(ref.key)
    if paper is None or not 0 <= ref.number < len(paper.sentences):
        return None
    return paper.sentences[ref.number]
