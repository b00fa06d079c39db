"""The second look: each claim held against exactly its sentences, mended once, looked at once more.

What fails in the end is dropped and named; what stands in its core is kept as weak.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from agent.engines.protocol import (
    Engine,
    JudgeDraft,
    JudgeInput,
    Judgement,
    Observer,
    ReviseDraft,
    ReviseInput,
)
from agent.records import Claim, Dropped, Missing, Paragraph, Problem, Verify
from agent.steps.attempt import Checked, Outcome, attempt
from agent.steps.borrowing import borrowed
from agent.steps.checker import check_claim
from agent.steps.checks import Context, polarity
from agent.steps.repeats import repeats

Paragraphs = tuple[Paragraph, ...]
Verdicts = dict[str, Judgement]


@dataclass(frozen=True)
class Judged:
    """What is kept of each section, what was dropped of all, and which looks could not be taken."""

    kept: tuple[Paragraphs, ...]
    dropped: tuple[Dropped, ...]
    missing: tuple[Missing, ...] = ()


async def judge_and_mend(
    engine: Engine,
    drafted: Sequence[Paragraphs],
    contexts: Sequence[Context],
    verify: Verify,
    observer: Observer,
    said: Sequence[Claim] = (),
) -> Judged:
    """Let the engine judge all sections' claims and revise what it flags; then keep what holds.

    An engine that judges nothing, or `verify` below `model`, leaves the verdicts of code.

    Args:
        said: claims that stand elsewhere and are not to be said again.
    """
    sections = list(drafted)
    missing: list[Missing] = []
    if verify == "model" and engine.is_judging:
        first = await _judge(engine, sections, contexts, observer)
        again = repeats(_all(sections), said)
        revised = await _revise(engine, sections, contexts, first.verdicts, again, verify, observer)
        fresh = [_changed(old, new) for old, new in zip(sections, revised.sections, strict=True)]
        second = await _judge(engine, revised.sections, contexts, observer, only=fresh)
        sections = [
            _with_verdicts(section, {**_without(one, mended), **two})
            for section, one, two, mended in zip(
                revised.sections, first.verdicts, second.verdicts, fresh, strict=True
            )
        ]
        sections = [_with_borrowings(section) for section in _without_repeats(sections, said)]
        missing = [*first.missing, *revised.missing, *second.missing]
    kept, dropped = zip(*(_sifted(section) for section in sections), strict=True) if sections else ((), ())
    return Judged(tuple(kept), tuple(item for part in dropped for item in part), tuple(missing))


@dataclass(frozen=True)
class _Look:
    """Judgements by section, and the sections that could not be looked at."""

    verdicts: list[Verdicts]
    missing: list[Missing]


@dataclass(frozen=True)
class _Revision:
    sections: list[Paragraphs]
    missing: list[Missing]


def _changed(old: Paragraphs, new: Paragraphs) -> list[Claim]:
    return [after for before, after in zip(_claims(old), _claims(new), strict=True) if after != before]


def _without(verdicts: Verdicts, mended: Sequence[Claim]) -> Verdicts:
    """What was said of an old wording says nothing of the new one."""
    ids = {claim.id for claim in mended}
    return {id_: judgement for id_, judgement in verdicts.items() if id_ not in ids}


async def _judge(
    engine: Engine,
    sections: Sequence[Paragraphs],
    contexts: Sequence[Context],
    observer: Observer,
    only: Sequence[Sequence[Claim]] | None = None,
) -> _Look:
    """One judgement round; sections with nothing to judge are not asked about."""
    asked: list[tuple[int, JudgeInput]] = []
    for index, (section, context) in enumerate(zip(sections, contexts, strict=True)):
        claims = tuple(c for c in (_claims(section) if only is None else only[index]) if _is_judgeable(c))
        if claims:
            titles = {key: paper.paper for key, paper in context.papers.items()}
            asked.append((index, JudgeInput(claims[0].id.partition(".p")[0], claims, titles)))
    looks, missing = await look_at(engine, [item for _, item in asked], observer)
    verdicts: list[Verdicts] = [{} for _ in sections]
    for (index, _), found in zip(asked, looks, strict=True):
        verdicts[index] = found
    return _Look(verdicts, missing)


async def look_at(
    engine: Engine, asked: Sequence[JudgeInput], observer: Observer
) -> tuple[list[Verdicts], list[Missing]]:
    """What the engine says of each input's claims, by their ids, and which looks could not be taken."""
    observer.start("judge", len(asked))
    outcomes = await attempt(engine.judge, asked, _check_judgements, observer)
    missing = [
        _lost("judgement", item.where, outcome)
        for item, outcome in zip(asked, outcomes, strict=True)
        if len(outcome.value or {}) < len(item.claims)
    ]
    return [outcome.value or {} for outcome in outcomes], missing


def _lost(what: str, where: str, outcome: Outcome[Any]) -> Missing:
    why = outcome.problems[0] if outcome.problems else Problem(code=f"no_{what}", message="no reason given")
    return Missing(where=f"{what} of {where}", code=why.code, reason=why.message)


def _is_judgeable(claim: Claim) -> bool:
    return claim.verdict != "unsupported"


def _check_judgements(asked: JudgeInput, draft: JudgeDraft) -> Checked[Verdicts]:
    wanted = {claim.id for claim in asked.claims}
    found = {judgement.claim: judgement for judgement in draft.judgements if judgement.claim in wanted}
    lost = sorted(wanted - found.keys())
    problems = (Problem(code="not_judged", message=f"no judgement of {', '.join(lost)}"),) if lost else ()
    return Checked(found, problems, len(lost))


async def _revise(
    engine: Engine,
    sections: Sequence[Paragraphs],
    contexts: Sequence[Context],
    verdicts: Sequence[Verdicts],
    again: Mapping[str, str],
    verify: Verify,
    observer: Observer,
) -> _Revision:
    """One revision of what was flagged by the judge or by code; nothing else is touched."""
    flagged = [_flagged(section, found, again) for section, found in zip(sections, verdicts, strict=True)]
    indices = [index for index, reasons in enumerate(flagged) if reasons]
    asked = [
        ReviseInput(
            next(iter(flagged[index])).partition(".p")[0],
            tuple(_claims(sections[index])),
            flagged[index],
            tuple(contexts[index].papers.values()),
        )
        for index in indices
    ]
    observer.start("revise", len(asked))
    outcomes = await attempt(engine.revise, asked, _check_revision, observer)
    revised = list(sections)
    missing: list[Missing] = []
    for index, item, outcome in zip(indices, asked, outcomes, strict=True):
        if outcome.value is not None:
            revised[index] = _mended(sections[index], outcome.value, contexts[index], verify)
        else:
            missing.append(_lost("revision", item.where, outcome))
    return _Revision(revised, missing)


def _flagged(section: Paragraphs, verdicts: Verdicts, again: Mapping[str, str]) -> dict[str, str]:
    reasons: dict[str, str] = {}
    for claim in _claims(section):
        judgement = verdicts.get(claim.id)
        is_doubted = judgement is not None and judgement.verdict != "supported"
        # What a judge says of a claim that it doubts is worth more than a suspicion by words alone.
        said = [p.message for p in claim.problems if not (is_doubted and p.code in polarity.CODES)]
        if claim.id in again:
            said.append("a sentence before it says the same in the same words")
        if stretch := borrowed(claim):
            said.append(f"“{stretch}” stands so in the source: say it in other words, or in quotation marks")
        if judgement and is_doubted:
            said.append(f"{judgement.verdict}: {judgement.reason}")
        if said:
            reasons[claim.id] = "; ".join(said)
    return reasons


def _check_revision(asked: ReviseInput, draft: ReviseDraft) -> Checked[ReviseDraft]:
    touched = sorted(draft.claims.keys() - asked.flagged.keys())
    if not touched:
        return Checked(draft)
    only = ReviseDraft({id_: claim for id_, claim in draft.claims.items() if id_ in asked.flagged})
    message = f"{', '.join(touched)}: only flagged claims may be revised"
    return Checked(only, (Problem(code="revised_unasked", message=message),))


def _mended(section: Paragraphs, draft: ReviseDraft, context: Context, verify: Verify) -> Paragraphs:
    def mend(claim: Claim) -> Claim:
        if claim.id not in draft.claims:
            return claim
        new = draft.claims[claim.id]
        if new is None:
            problem = Problem(code="withdrawn", message="the engine withdrew it in revision", where=claim.id)
            return claim.model_copy(update={"verdict": "unsupported", "problems": (*claim.problems, problem)})
        return check_claim(new, context, claim.id, verify)

    return tuple(p.model_copy(update={"claims": tuple(mend(claim) for claim in p.claims)}) for p in section)


def _with_verdicts(section: Paragraphs, verdicts: Mapping[str, Judgement]) -> Paragraphs:
    def settle(claim: Claim) -> Claim:
        judgement = verdicts.get(claim.id)
        if judgement is None or not _is_judgeable(claim):
            return claim
        if judgement.verdict == "supported":
            return claim.model_copy(update={"judged": True})
        problem = Problem(code=f"judged_{judgement.verdict}", message=judgement.reason, where=claim.id)
        # A sentence of our own has no sentences that could bear half of it: it states nothing, or it goes.
        is_weak = judgement.verdict == "partly" and claim.kind != "own"
        verdict = "weak" if is_weak else "unsupported"
        return claim.model_copy(
            update={"judged": True, "verdict": verdict, "problems": (*claim.problems, problem)}
        )

    return tuple(p.model_copy(update={"claims": tuple(settle(claim) for claim in p.claims)}) for p in section)


def _without_repeats(sections: Sequence[Paragraphs], said: Sequence[Claim]) -> list[Paragraphs]:
    """What is still said twice after the revision is said once."""
    again = repeats(_all(sections), said)

    def mark(claim: Claim) -> Claim:
        if claim.id not in again:
            return claim
        problem = Problem(code="repeated", message=f"{again[claim.id]} says the same", where=claim.id)
        return claim.model_copy(update={"verdict": "unsupported", "problems": (*claim.problems, problem)})

    return [
        tuple(p.model_copy(update={"claims": tuple(mark(claim) for claim in p.claims)}) for p in section)
        for section in sections
    ]


def _with_borrowings(section: Paragraphs) -> Paragraphs:
    """What is still word for word from its source says so; it is no less true for that."""

    def mark(claim: Claim) -> Claim:
        stretch = borrowed(claim) if claim.verdict != "unsupported" else None
        if stretch is None:
            return claim
        problem = Problem(code="verbatim", message=f"“{stretch}” stands so in the source", where=claim.id)
        return claim.model_copy(update={"problems": (*claim.problems, problem)})

    return tuple(p.model_copy(update={"claims": tuple(mark(claim) for claim in p.claims)}) for p in section)


def _all(sections: Iterable[Paragraphs]) -> list[Claim]:
    return [claim for section in sections for claim in _claims(section)]


def _sifted(section: Paragraphs) -> tuple[Paragraphs, tuple[Dropped, ...]]:
    """The paragraphs without unsupported claims, and those claims."""
    dropped = tuple(
        Dropped(where=claim.id.partition(".p")[0], claim=claim)
        for claim in _claims(section)
        if claim.verdict == "unsupported"
    )
    kept = (
        paragraph.model_copy(
            update={"claims": tuple(claim for claim in paragraph.claims if claim.verdict != "unsupported")}
        )
        for paragraph in section
    )
    return tuple(paragraph for paragraph in kept if paragraph.claims), dropped


def _claims(section: Iterable[Paragraph]) -> list[Claim]:
    return [claim for paragraph in section for claim in paragraph.claims]
