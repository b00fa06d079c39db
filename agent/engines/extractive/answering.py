"""Answers without a model: the sentences that come nearest to a question, quoted, by paper; or the reason why none.

What this does not know: whether a sentence answers. It knows where the words of a question stand, and says so by
quoting; where they do not stand, it says that.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import combinations

from agent.engines.extractive.kinds import kinds_denied
from agent.engines.extractive.quoting import denies, is_within_bounds, quoted, speaks_of_further, together
from agent.engines.extractive.refusing import UNHEARD, Refusal, refusal
from agent.engines.extractive.sought import Sought, Speaks, phrased
from agent.engines.extractive.things import GENERAL, missing_things
from agent.engines.protocol import AnswerDraft, AnswerInput, ClaimDraft, ParagraphDraft, SentenceRef
from agent.records import QuestionKind, Reason
from agent.text.labels import without
from agent.text.numbered import NumberedPaper

MOST: dict[QuestionKind, int] = {"fact": 6, "figure": 6, "comparison": 6, "list": 20, "trend": 12}
NEAR_ENOUGH = 0.6  # of the best paper
SHORT = 4  # words of a topic that stand together wherever it is spoken of
TOGETHER = 0.9  # of what stands together in the best paper of a list, where its topic is short
LEAST_TOGETHER = 0.7  # of the words of a short topic that any paper has
NEAR_TOPIC = 0.45  # of the best paper of a list, where its topic is told in many words
FEWEST_DATED = 2  # papers with a year that show how something went on
YEARS = "in which year each of them came"
WORDS_OF_CONFLICT = 2  # that two sentences must share with a question to be at odds


def draft_answer(asked: AnswerInput) -> AnswerDraft:
    """The best sentences by paper, or an honest no."""
    plain = replace(asked.asked, question=without(asked.asked.question, asked.meant))
    sought = Sought(replace(asked, asked=plain))
    if refused := refusal(sought):
        return _refused(refused)
    chosen, silent = _chosen(sought)
    if not chosen:
        return _nobody(sought)
    paragraphs = tuple(_paragraph(paper, numbers) for paper, numbers in chosen)
    unstated = _unstated(sought, [paper for paper, _ in chosen], silent)
    reason: Reason | None = "conflicting" if _is_conflicting(sought, chosen) else None
    return AnswerDraft("partial" if unstated else "answered", reason, paragraphs, None, unstated)


Chosen = list[tuple[NumberedPaper, list[int]]]


def _refused(refused: Refusal) -> AnswerDraft:
    wanted = (refused.paper.key,) if refused.paper and refused.reason == "needs_full_text" else ()
    paragraphs: tuple[ParagraphDraft, ...] = ()
    if refused.paper and refused.contradicts:
        paragraphs = (_paragraph(refused.paper, [refused.contradicts.number]),)
    return AnswerDraft("not_stated", refused.reason, paragraphs, None, refused.unstated, wanted)


def _nobody(sought: Sought) -> AnswerDraft:
    """No sentence bears on the question: what is asked stands nowhere, or not in the papers that it is asked of."""
    asked_of = sought.about[:1] if len(sought.about) == 1 else []
    unstated = sought.spelled(sought.denied or sought.words)
    if asked_of:
        return AnswerDraft(
            "not_stated", "needs_full_text", (), None, unstated or "what is asked", tuple(asked_of)
        )
    return AnswerDraft("not_stated", "nothing_found", (), None, unstated)


def _chosen(sought: Sought) -> tuple[Chosen, list[str]]:
    """The papers that are quoted, with their sentences; and the sides of a comparison of which nothing is said."""
    if sought.is_listing:
        return _listed(sought), []
    kind = sought.asked.asked.kind
    sides = sought.asked.asked.sides if kind == "comparison" else ()
    ranked = [one for one in sought.speaks if one.key not in sought.besides]
    if len(sought.about) >= max(len(sides), 1):
        ranked = [one for one in ranked if one.key in sought.about]
    first = _of_sides(sought, sides, ranked)
    if first:
        ranked = [*first.values(), *(one for one in ranked if one not in first.values())]
    best = max((one.worth for one in ranked), default=0.0)
    always = {*sought.about, *(one.key for one in first.values())}
    kept = [one for one in ranked if one.worth >= NEAR_ENOUGH * best or one.key in always]
    papers = [sought.papers[one.key] for one in kept[: MOST[kind]]]
    chosen = [(paper, numbers) for paper in papers if (numbers := quoted(sought, paper))]
    told = {paper.key for paper, _ in chosen}
    silent = [side for side, one in first.items() if one.key not in told]
    return chosen, silent


def _of_sides(sought: Sought, sides: Iterable[str], ranked: Sequence[Speaks]) -> dict[str, Speaks]:
    """The best paper of each side of a comparison."""
    found: dict[str, Speaks] = {}
    for side in sides:
        taken = {one.key for one in found.values()}
        best = sought.best_for(side, [one for one in ranked if one.key not in taken])
        if best:
            found[side] = best
    return found


def _listed(sought: Sought) -> Chosen:
    """The papers in which the words of a topic stand together, those that have most of them first; a trend by years."""
    kind = sought.asked.asked.kind
    papers = [sought.papers[one.key] for one in sought.speaks if one.key not in sought.besides]
    denying = [paper for paper in papers if denies(sought, paper)]
    open_to_choice = [paper for paper in denying if is_within_bounds(sought, paper)] or denying
    is_short = len(sought.words) <= SHORT
    worth = {one.key: one.worth for one in sought.speaks}
    held = {paper.key: together(sought, paper) if is_short else worth[paper.key] for paper in open_to_choice}
    best = max(held.values(), default=0.0)
    known = sought.total - sought.weight(sought.unknown)
    if is_short and not sought.about and best < LEAST_TOGETHER * known:
        return []
    least = (TOGETHER if is_short else NEAR_TOPIC) * best
    near = [paper for paper in open_to_choice if held[paper.key] >= least or paper.key in sought.about]
    place = {paper.key: number for number, paper in enumerate(near)}
    near.sort(key=lambda paper: (-round(held[paper.key], 9), place[paper.key]))
    named = {key: [0] for key in sought.about}  # listed though no sentence says more than their titles
    quotes = [(paper, quoted(sought, paper) or named.get(paper.key, [])) for paper in near]
    chosen = [(paper, numbers) for paper, numbers in quotes if numbers][: MOST[kind]]
    if kind == "trend":
        chosen.sort(key=lambda one: (one[0].paper.year is None, one[0].paper.year or 0))
    return chosen


def _paragraph(paper: NumberedPaper, numbers: Iterable[int]) -> ParagraphDraft:
    claims = (
        ClaimDraft(f"“{paper.sentences[number].text}”", "fact", (SentenceRef(paper.key, number),))
        for number in numbers
    )
    return ParagraphDraft(tuple(claims), None, "entries")


def _unstated(sought: Sought, chosen: Sequence[NumberedPaper], silent: Sequence[str]) -> str:
    """What is asked and stands nowhere: much of the question, a thing that it asks for, all of one side."""
    kind = sought.asked.asked.kind
    if silent:
        asked = sought.spelled(sought.aspects)
        return phrased([f"{asked} for {side}" if asked else side for side in silent])
    unknown = [word for word in sought.unknown if word not in GENERAL]
    if sought.about:
        unknown = [word for word in unknown if word in sought.names]
    if unknown and (sought.about or sought.share(unknown) >= UNHEARD):
        return sought.spelled(unknown)
    if kind == "trend" and sum(paper.paper.year is not None for paper in chosen) < FEWEST_DATED:
        return YEARS
    if not any(is_within_bounds(sought, paper) for paper in chosen):
        return phrased([bound.text for bound in sought.bounds])
    if sought.further and not all(speaks_of_further(sought, paper) for paper in chosen):
        return sought.spelled(sought.further.values())
    return missing_things(sought, chosen) if kind in {"fact", "figure"} else ""


def _is_conflicting(sought: Sought, chosen: Chosen) -> bool:
    """Whether all that is asked stands in sentences of two papers, negated in one and not in the other."""
    wanted = frozenset(sought.words)
    if sought.asked.asked.kind not in {"fact", "figure"} or len(wanted) < WORDS_OF_CONFLICT:
        return False
    found = [
        (paper.key, kinds_denied(paper.sentences[number].text) & wanted)
        for paper, numbers in chosen
        for number in numbers
        if sought.sentences(paper)[number] == wanted
    ]
    return any(
        key != other and bool(denied) != bool(too) for (key, denied), (other, too) in combinations(found, 2)
    )
