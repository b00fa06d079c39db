"""Answering: one draft on numbered sentences, checked by code, judged, mended once, judged again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from agent.engines.protocol import AnswerDraft, AnswerInput, Engine, Observer, SectionDraft
from agent.records import Claim, Dropped, Missing, Problem, Reason, Status, Table, Verify
from agent.steps.attempt import Checked, attempt
from agent.steps.checker import LONGEST_ID, CheckedSection, asked_again, check_section
from agent.steps.checks import Context, letters
from agent.steps.checks.marks import marks
from agent.steps.judging import judge_and_mend
from agent.text.figures import figures
from agent.text.names import fold_name, names
from agent.text.numerals import plain, quantities, spelled
from agent.text.printable import visible

WHERE = "answer"
MOST_LOST = 0.5  # of an answer's statements; where more of them fell, what is left is a part of an answer
LONGEST_PHRASE = 200  # characters of what is said to be not stated
_REASONS: dict[str, frozenset[Reason | None]] = {
    "answered": frozenset({None, "conflicting"}),
    "partial": frozenset({None, "conflicting", "needs_full_text"}),
    "not_stated": frozenset({"false_premise", "needs_full_text", "nothing_found", "off_topic"}),
}


@dataclass(frozen=True)
class Answered:
    """What holds of an answer, with what was dropped and which looks could not be taken.

    `lost_cells` counts what a table said and its sentences do not; `failure` says why there is no answer, where
    drafting failed.
    """

    status: Status
    reason: Reason | None = None
    claims: tuple[Claim, ...] = ()
    tables: tuple[Table, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    missing: tuple[Missing, ...] = ()
    unstated: str = ""
    wanted: tuple[str, ...] = ()
    lost_cells: int = 0
    failure: str = ""


@dataclass(frozen=True)
class _Kept:
    draft: AnswerDraft
    checked: CheckedSection


async def answer(
    engine: Engine, asked: AnswerInput, verify: Verify, observer: Observer, *, is_translated: bool = False
) -> Answered:
    """Draft, check, judge and mend an answer.

    Args:
        asked: with no papers there is nothing to draft from, and the answer is that nothing was found.
    """
    if not asked.papers:
        is_known = asked.size and not asked.unknown
        return Answered("not_stated", "nothing_found" if is_known or not asked.size else "off_topic")
    context = Context(
        {paper.key: paper for paper in asked.papers}, (asked.asked.question,), is_translated=is_translated
    )
    is_mended = verify == "model" and engine.is_judging

    def check(item: AnswerInput, draft: AnswerDraft) -> Checked[_Kept]:
        section = SectionDraft(draft.paragraphs, (draft.table,) if draft.table else ())
        checked = check_section(section, context, WHERE, verify)
        problems = (*_shape_problems(draft, checked, item), *asked_again(checked, is_mended=is_mended))
        lost = sum(claim.verdict == "unsupported" for claim in checked.claims)
        unusable = any(problem.code in _UNUSABLE for problem in problems)
        return Checked(None if unusable else _Kept(_shown(draft, item), checked), problems, lost)

    observer.start("answer", 1)
    outcome = (await attempt(engine.draft_answer, [asked], check, observer))[0]
    if outcome.value is None:
        why = outcome.problems[0] if outcome.problems else Problem(code="no_answer", message="no answer")
        is_budget = why.code == "budget"
        return Answered("failed", "budget" if is_budget else "engine_failed", failure=why.message)
    drafted = outcome.value
    judged = await judge_and_mend(engine, [drafted.checked.paragraphs], [context], verify, observer)
    claims = tuple(claim for paragraph in judged.kept[0] for claim in paragraph.claims)
    settled = Answered(
        status=drafted.draft.status,
        reason=drafted.draft.reason,
        claims=claims,
        tables=tuple(table for table in drafted.checked.tables if table.rows),
        dropped=judged.dropped,
        missing=judged.missing,
        unstated=drafted.draft.unstated,
        wanted=drafted.draft.wanted,
        lost_cells=sum(one.code.startswith("cell_") for one in drafted.checked.problems),
    )
    return _settled(settled)


_UNUSABLE = frozenset({"no_claims", "wrong_reason", "no_contradiction"})


def _shape_problems(draft: AnswerDraft, checked: CheckedSection, asked: AnswerInput) -> Iterator[Problem]:
    """What an answer of its status must have and must not have."""
    statements = [c for c in checked.claims if c.kind in ("fact", "inference")]
    if draft.reason not in _REASONS[draft.status]:
        said = f"the reason {draft.reason or 'null'} does not go with the status {draft.status}"
        yield Problem(code="wrong_reason", message=said)
    if draft.status != "not_stated" and not statements:
        yield Problem(
            code="no_claims", message=f"the status is {draft.status}, and no claim says what the papers state"
        )
    if draft.reason == "false_premise" and not statements:
        yield Problem(
            code="no_contradiction", message="no fact says what the paper states instead of the premise"
        )
    if draft.reason == "conflicting" and len({key for c in statements for key in c.citations}) < 2:
        yield Problem(code="no_conflict", message="a conflict needs claims of two papers")
    if draft.reason in ("nothing_found", "off_topic") and statements:
        yield Problem(code="needless_claims", message=f"with {draft.reason} there is nothing to claim")
    if (draft.status == "partial" or draft.reason == "needs_full_text") and not draft.unstated:
        yield Problem(code="nothing_unstated", message="`unstated` must say what the papers do not state")
    strange = [key for key in draft.wanted if key not in {paper.key for paper in asked.papers}]
    if strange:
        said = ", ".join(key[:LONGEST_ID] for key in strange)
        yield Problem(code="unknown_paper", message=f"there is no paper {said} here")
    yield from _invented(draft.unstated, asked)


def _shown(draft: AnswerDraft, asked: AnswerInput) -> AnswerDraft:
    """The draft as far as a reader may see it: no phrase that brings in what nobody asked about, no unknown paper."""
    there = {paper.key for paper in asked.papers}
    unstated = "" if any(_invented(draft.unstated, asked)) else visible(draft.unstated)
    return replace(draft, unstated=unstated, wanted=tuple(key for key in draft.wanted if key in there))


def _invented(unstated: str, asked: AnswerInput) -> Iterator[Problem]:
    """What is said to be unstated is shown to the reader: it brings no name and no figure of its own, and cites nothing."""
    if len(unstated) > LONGEST_PHRASE:
        yield Problem(code="long_phrase", message="`unstated` is a phrase of at most twelve words")
        return
    if not unstated:
        return
    question = asked.asked.question
    known = {fold_name(name) for name in names(question)}.union(*(paper.names for paper in asked.papers))
    stated, line = quantities(question), plain(unstated)
    for name in names(unstated):
        if fold_name(name) not in known:
            yield Problem(
                code="invented_name", message=f"`unstated` speaks of {name}, which nobody asked about"
            )
    for figure in (*figures(line), *(one for one in spelled(line) if one.unit)):
        if not figure.marks <= stated:
            yield Problem(
                code="invented_figure", message=f"`unstated` says {figure.text}, which nobody asked about"
            )
    context = Context({paper.key: paper for paper in asked.papers}, (question,))
    for mark in marks(unstated, context):
        if mark not in question:
            yield Problem(
                code="forged_citation", message=f"`unstated` says {mark}, which reads like a citation"
            )
    said = Claim(id=WHERE, text=unstated, kind="own", citations=tuple(context.papers))
    yield from (finding.problem for finding in letters.check(said, context))


def _settled(drafted: Answered) -> Answered:
    """The status that what is left bears out."""
    statements = [claim for claim in drafted.claims if claim.kind in ("fact", "inference")]
    fallen = [one for one in drafted.dropped if one.claim.kind in ("fact", "inference")]
    if drafted.status == "not_stated":
        if drafted.reason == "false_premise" and not statements:
            return _with(
                drafted, "failed", "engine_failed", "what was drafted against the premise did not hold"
            )
        return drafted
    if not statements:
        return _with(drafted, "failed", "engine_failed", "what was drafted did not hold against the papers")
    if drafted.reason == "conflicting" and len({key for claim in statements for key in claim.citations}) < 2:
        return _with(drafted, "partial", None)
    if len(fallen) > MOST_LOST * (len(fallen) + len(statements)):
        return _with(drafted, "partial", drafted.reason)
    return drafted


def _with(drafted: Answered, status: Status, reason: Reason | None, failure: str = "") -> Answered:
    return replace(drafted, status=status, reason=reason, failure=failure)


def cited(claims: Sequence[Claim], tables: Sequence[Table]) -> list[str]:
    """The papers that an answer rests on, in order of first citation."""
    of_claims = [key for claim in claims for key in claim.citations]
    of_tables = [row.key for table in tables for row in table.rows]
    near = [claim.near.key for claim in claims if claim.near]
    return list(dict.fromkeys([*of_claims, *of_tables, *near]))
