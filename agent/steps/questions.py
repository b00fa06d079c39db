"""Understanding a question: what is asked, standing alone, and in which words to look for it."""

from __future__ import annotations

from collections.abc import Iterator

from agent.engines.protocol import Engine, Observer, QuestionDraft, QuestionInput
from agent.records import Problem
from agent.steps.attempt import Checked, Outcome, attempt
from agent.text.figures import figures
from agent.text.names import fold_name, names

MOST_QUERIES = 5
MOST_SIDES = 6


async def understand(engine: Engine, asked: QuestionInput, observer: Observer) -> Outcome[QuestionDraft]:
    """What is asked, and how to look for it.

    A first question stays as it was typed, whatever an engine makes of it; a follow-up must not speak of a name
    or a figure that neither it nor the turns before have.
    """
    observer.start("ask", 1)
    return (await attempt(engine.plan_question, [asked], _check, observer))[0]


def _check(asked: QuestionInput, draft: QuestionDraft) -> Checked[QuestionDraft]:
    question = draft.question if asked.before and draft.question else asked.question
    kept = QuestionDraft(
        question=question,
        kind=draft.kind,
        queries=tuple(query for query in draft.queries if query != question)[:MOST_QUERIES],
        sides=draft.sides[:MOST_SIDES] if draft.kind == "comparison" else (),
        keys=draft.keys,
    )
    problems = tuple(_made_up(question, asked))
    return Checked(None if problems else kept, problems)


def _made_up(question: str, asked: QuestionInput) -> Iterator[Problem]:
    said = [asked.question]
    for turn in asked.before:
        said += [turn.question, *(claim.text for claim in turn.claims)]
        said += [paper.title for paper in turn.papers.values()]
    whole = " ".join(said)
    known = {fold_name(name) for name in names(whole)}
    marks = {mark for figure in figures(whole) for mark in figure.marks}
    for name in names(question):
        if fold_name(name) not in known:
            yield Problem(code="made_up_name", message=f"neither the question nor the turns speak of {name}")
    for figure in figures(question):
        if not figure.marks <= marks:
            yield Problem(
                code="made_up_figure", message=f"neither the question nor the turns say {figure.text}"
            )
