"""The lead of a digest: drafted, checked, judged and mended like everything else."""

from __future__ import annotations

from dataclasses import dataclass

from agent.engines.protocol import Engine, LeadDraft, LeadInput, Observer, ParagraphDraft, SectionDraft
from agent.records import Claim, Dropped, Missing, Problem, Verify
from agent.steps.attempt import Checked, attempt
from agent.steps.checker import CheckedSection, asked_again, check_section
from agent.steps.checks import Context
from agent.steps.judging import judge_and_mend

WHERE = "lead"
LONGEST = 2  # times the words that are asked for


@dataclass(frozen=True)
class Led:
    """The claims that held, those that did not, and what could not be made."""

    claims: tuple[Claim, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    missing: tuple[Missing, ...] = ()


async def lead(
    engine: Engine, asked: LeadInput, verify: Verify, observer: Observer, *, is_translated: bool = False
) -> Led:
    """A few sentences on what stands out; none where there is no paper, or nothing that an engine without a model can say."""
    if not asked.papers:
        return Led()
    titles = (asked.topic, *(theme.title for theme in asked.themes))
    context = Context({paper.key: paper for paper in asked.papers}, titles, is_translated=is_translated)
    is_mended = verify == "model" and engine.is_judging

    def check(item: LeadInput, draft: LeadDraft) -> Checked[CheckedSection]:
        section = SectionDraft((ParagraphDraft(draft.claims),) if draft.claims else ())
        checked = check_section(section, context, WHERE, verify)
        problems = list(asked_again(checked, is_mended=is_mended))
        written = sum(len(claim.text.split()) for claim in checked.claims)
        if written > LONGEST * item.words:
            said = f"{written} words, where at most {item.words} are asked for"
            problems.append(Problem(code="length", message=said, where=WHERE))
        if not checked.claims and engine.is_judging:
            return Checked(None, (Problem(code="no_lead", message="no claim was drafted"),))
        lost = sum(claim.verdict == "unsupported" for claim in checked.claims)
        return Checked(checked, tuple(problems), lost)

    observer.start("lead", 1)
    outcome = (await attempt(engine.draft_lead, [asked], check, observer))[0]
    if outcome.value is None:
        why = outcome.problems[0] if outcome.problems else Problem(code="no_lead", message="no lead")
        return Led(missing=(Missing(where=WHERE, code=why.code, reason=why.message),))
    judged = await judge_and_mend(engine, [outcome.value.paragraphs], [context], verify, observer)
    claims = tuple(claim for paragraph in judged.kept[0] for claim in paragraph.claims)
    return Led(claims, judged.dropped, judged.missing)
