"""Which papers support a sentence and which speak against it: drafted, checked, judged."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from agent.engines.protocol import (
    ClaimDraft,
    Engine,
    JudgeInput,
    Observer,
    StanceDraft,
    StanceInput,
    StanceItem,
    resolve,
)
from agent.records import Claim, Evidence, Missing, Problem, Stance, Verify
from agent.steps.attempt import Checked, attempt
from agent.steps.checker import check_claim
from agent.steps.checks import Context
from agent.steps.checks.marks import without_marks
from agent.steps.judging import look_at

WHERE = "cite"


@dataclass(frozen=True)
class Stood:
    """The papers by stance, in the order of the draft. `failure` says why there is none."""

    supports: tuple[Stance, ...] = ()
    against: tuple[Stance, ...] = ()
    related: tuple[Stance, ...] = ()
    missing: tuple[Missing, ...] = ()
    failure: Problem | None = None


@dataclass(frozen=True)
class _Item:
    """A paper with its sentences; `claim` is the researcher's sentence resting on them."""

    stance: str
    claim: Claim


async def stand(engine: Engine, asked: StanceInput, verify: Verify, observer: Observer) -> Stood:
    """How the papers stand to the sentence.

    A support is one only if code and, where there is one, the judge find the sentence borne by the paper's
    sentences; a contradiction only if the judge does not. What falls is related.
    """
    if not asked.papers:
        return Stood()
    papers = {paper.key: paper for paper in asked.papers}
    context = Context(papers, (asked.sentence,))

    def check(item: StanceInput, draft: StanceDraft) -> Checked[tuple[_Item, ...]]:
        problems = tuple(_problems(draft, context))
        sound = [one for one in draft.stances if _is_sound(one, context)]
        first = {one.key: one for one in reversed(sound)}  # each paper once: as it was named first
        kept = tuple(_checked(one, number, asked.sentence, context, verify)
                     for number, one in enumerate((one for one in sound if first[one.key] is one), start=1))  # fmt: skip
        return Checked(kept, problems, len(draft.stances) - len(sound))

    observer.start("answer", 1)
    outcome = (await attempt(engine.stance, [asked], check, observer))[0]
    if outcome.value is None:
        return Stood(
            failure=outcome.problems[0] if outcome.problems else Problem(code="no_stance", message="no reply")
        )
    return await _judged(engine, outcome.value, context, verify, observer)


async def _judged(
    engine: Engine, items: Sequence[_Item], context: Context, verify: Verify, observer: Observer
) -> Stood:
    """The judge sees every paper that is said to bear on the sentence, and code has the first word."""
    taken = tuple(item.claim for item in items if item.stance != "related")
    borne: dict[str, bool] = {}
    missing: list[Missing] = []
    if verify == "model" and engine.is_judging and taken:
        titles = {key: paper.paper for key, paper in context.papers.items()}
        [verdicts], missing = await look_at(engine, [JudgeInput(WHERE, taken, titles)], observer)
        borne = {id_: one.verdict == "supported" for id_, one in verdicts.items()}
    found: dict[str, list[Stance]] = {"supports": [], "against": [], "related": []}
    for item in items:
        claim = item.claim
        is_judged = claim.id in borne
        is_borne = borne.get(claim.id, claim.verdict != "unsupported")
        stance = item.stance
        if stance == "supports" and (claim.verdict in ("unsupported", "weak") or not is_borne):
            stance = "related"
        if stance == "against" and is_judged and is_borne:
            stance = "related"  # one look says yes and one says no: it is for the researcher to see
        found[stance].append(Stance(key=claim.citations[0], evidence=claim.evidence, judged=is_judged))
    return Stood(tuple(found["supports"]), tuple(found["against"]), tuple(found["related"]), tuple(missing))


def _checked(item: StanceItem, number: int, sentence: str, context: Context, verify: Verify) -> _Item:
    draft = ClaimDraft(without_marks(sentence), "fact", item.evidence)
    return _Item(item.stance, check_claim(draft, context, f"{WHERE}.p1.c{number}", verify))


def _is_sound(item: StanceItem, context: Context) -> bool:
    return (
        item.key in context.papers
        and bool(item.evidence)
        and len(_evidence(item, context)) == len(item.evidence)
    )


def _evidence(item: StanceItem, context: Context) -> list[Evidence]:
    """The sentences that are there and are the paper's own."""
    found = [resolve(ref, context.papers) for ref in item.evidence if ref.key == item.key]
    return [one for one in found if one]


def _problems(draft: StanceDraft, context: Context) -> Iterator[Problem]:
    for item in draft.stances:
        if item.key not in context.papers:
            yield Problem(code="unknown_paper", message=f"there is no paper {item.key} here")
        elif not _is_sound(item, context):
            yield Problem(
                code="unknown_sentence", message=f"{item.key}: name sentences of that paper that are there"
            )
