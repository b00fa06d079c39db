"""What a model fills in, one type a question. The docstrings and field names go to the model with the schema."""

from __future__ import annotations

from typing import Literal

from agent.llm.reply import Reply
from agent.records import Kind, PaperKind, QuestionKind

Judged = Literal["supported", "partly", "unsupported"]


class ProposedTheme(Reply):
    title: str
    description: str
    papers: tuple[str, ...]


class SetAside(Reply):
    paper: str
    reason: str


class ProposeReply(Reply):
    topic: str
    themes: tuple[ProposedTheme, ...]
    outliers: tuple[SetAside, ...]


class Place(Reply):
    paper: str
    theme: str | None
    reason: str | None


class PlaceReply(Reply):
    places: tuple[Place, ...]


class OrderReply(Reply):
    order: tuple[str, ...]


class StatedFinding(Reply):
    text: str
    evidence: tuple[int, ...]


class StatedResult(Reply):
    metric: str
    value: str
    baseline: str | None
    setting: str | None
    evidence: tuple[int, ...]


class SummariseReply(Reply):
    kind: PaperKind
    also: tuple[PaperKind, ...]
    task: str | None
    problem: StatedFinding | None
    names: tuple[str, ...]
    approach: StatedFinding | None
    findings: tuple[StatedFinding, ...]
    results: tuple[StatedResult, ...]
    data: tuple[str, ...]
    models: tuple[str, ...]
    hardware: tuple[str, ...]
    compared_with: tuple[str, ...]
    limitations: tuple[StatedFinding, ...]
    links: tuple[str, ...]


class WrittenClaim(Reply):
    text: str
    kind: Kind
    evidence: tuple[str, ...]
    absent: tuple[str, ...]
    near: str | None


class WrittenParagraph(Reply):
    heading: str | None
    claims: tuple[WrittenClaim, ...]


class SectionReply(Reply):
    paragraphs: tuple[WrittenParagraph, ...]
    not_cited: tuple[SetAside, ...]


class FramePartReply(Reply):
    paragraphs: tuple[WrittenParagraph, ...]


class FrameReply(Reply):
    introduction: FramePartReply
    comparison: FramePartReply | None
    outlook: FramePartReply


class ClaimJudgement(Reply):
    claim: str
    reason: str | None
    verdict: Judged


class JudgeReply(Reply):
    judgements: tuple[ClaimJudgement, ...]


class Revision(Reply):
    claim: str
    new: WrittenClaim | None


class ReviseReply(Reply):
    revisions: tuple[Revision, ...]


class PlanQuestionReply(Reply):
    question: str
    kind: QuestionKind
    queries: tuple[str, ...]
    sides: tuple[str, ...]
    papers: tuple[str, ...]


class WrittenCell(Reply):
    text: str | None
    evidence: tuple[str, ...]


class WrittenRow(Reply):
    paper: str
    cells: tuple[WrittenCell, ...]


class WrittenTable(Reply):
    columns: tuple[str, ...]
    rows: tuple[WrittenRow, ...]


class AnswerReply(Reply):
    status: Literal["answered", "partial", "not_stated"]
    reason: Literal["conflicting", "false_premise", "needs_full_text", "nothing_found", "off_topic"] | None
    unstated: str | None
    wanted: tuple[str, ...]
    paragraphs: tuple[WrittenParagraph, ...]
    table: WrittenTable | None


class StatedStance(Reply):
    paper: str
    stance: Literal["supports", "against", "related"]
    evidence: tuple[str, ...]


class StanceReply(Reply):
    stances: tuple[StatedStance, ...]


class LeadReply(Reply):
    claims: tuple[WrittenClaim, ...]
