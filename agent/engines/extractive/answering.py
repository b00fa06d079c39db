"""Answers without a model: the sentences that come nearest to a question, quoted, by paper; or the reason why none.

What this does not know: whether a sentence answers. It knows where the words of a question stand, and says so by
quoting; where they do not stand, it says that.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from agent.engines.extractive.refusing import GENERAL, UNHEARD, Refusal, missing_thing, refusal
from agent.engines.extractive.sought import NEIGHBOUR, Sought, Speaks
from agent.engines.protocol import AnswerDraft, AnswerInput, ClaimDraft, ParagraphDraft, SentenceRef
from agent.records import QuestionKind
from agent.text.figures import figures
from agent.text.labels import without
from agent.text.numbered import NumberedPaper

MOST: dict[QuestionKind, int] = {"fact": 6, "figure": 6, "comparison": 6, "list": 20, "trend": 12}
EACH: dict[QuestionKind, int] = {"fact": 3, "figure": 3, "comparison": 3, "list": 1, "trend": 1}
NEAR_ENOUGH = {"fact": 0.6, "figure": 0.6, "comparison": 0.6, "list": 0.45, "trend": 0.5}  # of the best paper
AS_GOOD = 0.6  # of the best sentence, for a further one
FIGURE = 0.5  # what a figure adds, in shares of the best sentence, where one is asked for


def draft_answer(asked: AnswerInput) -> AnswerDraft:
    """The best sentences by paper, or an honest no."""
    plain = replace(asked.asked, question=without(asked.asked.question, asked.meant))
    sought = Sought(replace(asked, asked=plain))
    if refused := refusal(sought):
        return _refused(refused)
    chosen = _chosen(sought)
    if not chosen:
        return AnswerDraft("not_stated", "nothing_found")
    paragraphs = tuple(_entry(sought, paper) for paper in chosen)
    unstated = _unstated(sought, chosen)
    return AnswerDraft("partial" if unstated else "answered", None, paragraphs, None, unstated)


def _refused(refused: Refusal) -> AnswerDraft:
    wanted = (refused.paper.key,) if refused.paper and refused.reason == "needs_full_text" else ()
    paragraphs: tuple[ParagraphDraft, ...] = ()
    if refused.paper and refused.contradicts:
        paragraphs = (_paragraph(refused.paper, [refused.contradicts.number]),)
    return AnswerDraft("not_stated", refused.reason, paragraphs, None, refused.unstated, wanted)


def _chosen(sought: Sought) -> list[NumberedPaper]:
    """The papers that are quoted: those that are asked about, those of each side, or those nearly as good as the best."""
    kind = sought.asked.asked.kind
    sides = len(sought.asked.asked.sides) if kind == "comparison" else 0
    ranked = [one for one in sought.speaks if one.key not in sought.besides]
    if kind in {"fact", "figure", "comparison"} and len(sought.about) >= max(sides, 1):
        ranked = [one for one in ranked if one.key in sought.about]
    if sides:
        ranked = _both_sides(sought, ranked)
    best = max((one.worth for one in ranked), default=0.0)
    first = {*sought.about, *(one.key for one in ranked[:sides])}
    kept = [one for one in ranked if one.worth >= NEAR_ENOUGH[kind] * best or one.key in first]
    return [sought.papers[one.key] for one in kept[: MOST[kind]]]


def _both_sides(sought: Sought, ranked: Sequence[Speaks]) -> list[Speaks]:
    """The best paper of each side first."""
    first: dict[str, Speaks] = {}
    for side in sought.asked.asked.sides:
        best = sought.best_for(side, [one for one in ranked if one.key not in first])
        if best:
            first[best.key] = best
    return [*first.values(), *(one for one in ranked if one.key not in first)]


def _entry(sought: Sought, paper: NumberedPaper) -> ParagraphDraft:
    return _paragraph(paper, sentences_for(sought, paper))


def sentences_for(sought: Sought, paper: NumberedPaper) -> list[int]:
    """The numbers of the sentences of a paper that are quoted, in its order."""
    kind = sought.asked.asked.kind
    scores = _scores(sought, paper)
    ranked = sorted(scores, key=lambda number: (-scores[number], number))
    best = scores[ranked[0]]
    kept = [number for number in ranked if scores[number] >= AS_GOOD * best and scores[number] > 0]
    return sorted((kept or ranked[:1])[: EACH[kind]])


def _scores(sought: Sought, paper: NumberedPaper) -> dict[int, float]:
    """How near each sentence comes; the title only where there is nothing else."""
    held = sought.sentences(paper)
    numbers = range(1, len(held)) if paper.is_readable else range(1)
    own = {number: sought.weight(held[number]) for number in numbers}
    most = max(own.values(), default=0.0) or 1.0
    scores = {}
    for number in numbers:
        around = frozenset[str]().union(*held[max(0, number - 1) : number + 2]) - held[number]
        scores[number] = own[number] + NEIGHBOUR / 2 * sought.weight(around)
        if sought.asked.asked.kind == "figure" and figures(paper.sentences[number].text):
            scores[number] += FIGURE * most
    return scores


def _paragraph(paper: NumberedPaper, numbers: Iterable[int]) -> ParagraphDraft:
    claims = (
        ClaimDraft(f"“{paper.sentences[number].text}”", "fact", (SentenceRef(paper.key, number),))
        for number in numbers
    )
    return ParagraphDraft(tuple(claims), None, "entries")


def _unstated(sought: Sought, chosen: Sequence[NumberedPaper]) -> str:
    """What is asked and stands nowhere: much of the question, or a thing that it asks for."""
    unknown = [word for word in sought.unknown if word not in GENERAL]
    if sought.about:
        unknown = [word for word in unknown if word in sought.names]
    if unknown and (sought.about or sought.share(unknown) >= UNHEARD):
        return sought.spelled(unknown)
    kind = sought.asked.asked.kind
    return missing_thing(sought, chosen) if kind in {"fact", "figure"} else ""
