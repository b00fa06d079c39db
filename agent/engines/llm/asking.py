"""Questions with a model: how to look for an answer, the answer as claims, and who stands how to a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from agent.engines.llm.ids import ShortIds, escape, escape_json
from agent.engines.llm.replies import AnswerReply, PlanQuestionReply, StanceReply, WrittenTable
from agent.engines.llm.writing import claim_json, paragraph_drafts
from agent.engines.protocol import (
    AnswerDraft,
    AnswerInput,
    Ask,
    Before,
    CellDraft,
    QuestionDraft,
    QuestionInput,
    StanceDraft,
    StanceInput,
    StanceItem,
    TableDraft,
)

MOST_TURNS = 3  # earlier turns that a follow-up is read with
CAPTION = "What the papers state (–: not stated, or left out)."


def question_values(ask: Ask[QuestionInput, QuestionDraft]) -> dict[str, Any]:
    before = ask.item.before[-MOST_TURNS:]
    short = {key: f"P{count}" for count, key in enumerate(_named(before), start=1)}
    titles = {key: paper.title for turn in before for key, paper in turn.papers.items()}
    return {
        "question": escape(ask.item.question),
        "papers": [{"id": id_, "title": escape(titles.get(key, key))} for key, id_ in short.items()],
        "before": [
            {
                "question": escape(turn.question),
                "claims": [
                    {"text": escape(claim.text), "papers": [short[key] for key in claim.citations]}
                    for claim in turn.claims
                ],
            }
            for turn in before
        ],
        "problems": [escape(problem.message) for problem in ask.problems],
        "previous": escape_json(_question_json(ask.previous, short)) if ask.previous else "",
    }


def question_draft(reply: PlanQuestionReply, asked: QuestionInput) -> QuestionDraft:
    keys = {f"P{count}": key for count, key in enumerate(_named(asked.before[-MOST_TURNS:]), start=1)}
    named = (short.strip().strip("[]") for short in reply.papers)
    return QuestionDraft(
        question=" ".join(reply.question.split()),
        kind=reply.kind,
        queries=_lines(reply.queries),
        sides=_lines(reply.sides),
        keys=tuple(dict.fromkeys(keys[short] for short in named if short in keys)),
    )


def answer_values(ask: Ask[AnswerInput, AnswerDraft], language: str | None) -> dict[str, Any]:
    asked = ask.item.asked
    ids = ShortIds(ask.item.papers)
    return {
        "question": escape(asked.question) + _who_is_meant(ask.item, ids),
        "kind": asked.kind,
        "sides": [escape(side) for side in asked.sides],
        "language": language or "",
        "papers": ids.shown(),
        "problems": ids.translated(ask.problems),
        "previous": _previous(ask.previous, ids) if ask.previous else "",
    }


def _who_is_meant(asked: AnswerInput, ids: ShortIds) -> str:
    """Which of the papers shown the question calls by an author, a key or an id, which their texts do not say."""
    said = [
        f"{escape(one.text)}: {', '.join(shown)}"
        for one in asked.meant
        if (shown := [ids.of(key) for key in one.keys if ids.knows(key)])
    ]
    return f" ({'; '.join(said)})" if said else ""


def answer_draft(reply: AnswerReply, asked: AnswerInput) -> AnswerDraft:
    ids = ShortIds(asked.papers)
    return AnswerDraft(
        status=reply.status,
        reason=reply.reason,
        paragraphs=tuple(paragraph_drafts(reply.paragraphs, ids)),
        table=_table(reply.table, ids) if reply.table and reply.table.rows else None,
        unstated=" ".join((reply.unstated or "").split()),
        wanted=tuple(dict.fromkeys(ids.key(short) for short in reply.wanted)),
    )


def stance_values(ask: Ask[StanceInput, StanceDraft]) -> dict[str, Any]:
    ids = ShortIds(ask.item.papers)
    return {
        "sentence": escape(ask.item.sentence),
        "papers": ids.shown(),
        "problems": ids.translated(ask.problems),
    }


def stance_draft(reply: StanceReply, asked: StanceInput) -> StanceDraft:
    ids = ShortIds(asked.papers)
    return StanceDraft(
        tuple(
            StanceItem(ids.key(one.paper), one.stance, tuple(ids.ref(short) for short in one.evidence))
            for one in reply.stances
        )
    )


def _named(before: Sequence[Before]) -> list[str]:
    """The papers that earlier answers cite, in order, once each."""
    return list(dict.fromkeys(key for turn in before for claim in turn.claims for key in claim.citations))


def _lines(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(line for text in texts if (line := " ".join(text.split()))))


def _table(written: WrittenTable, ids: ShortIds) -> TableDraft:
    columns = tuple((f"c{count}", " ".join(title.split())) for count, title in enumerate(written.columns, 1))
    rows = tuple(
        (
            ids.key(row.paper),
            tuple(
                CellDraft(cell.text and " ".join(cell.text.split()), tuple(map(ids.ref, cell.evidence)))
                for cell in row.cells
            ),
        )
        for row in written.rows
    )
    return TableDraft(CAPTION, columns, rows)


def _question_json(draft: QuestionDraft, short: dict[str, str]) -> dict[str, Any]:
    return {
        "question": draft.question,
        "kind": draft.kind,
        "queries": list(draft.queries),
        "sides": list(draft.sides),
        "papers": [short[key] for key in draft.keys if key in short],
    }


def _previous(draft: AnswerDraft, ids: ShortIds) -> str:
    table = draft.table and {
        "columns": [title for _, title in draft.table.columns],
        "rows": [
            {
                "paper": ids.of(key) if ids.knows(key) else key,
                "cells": [
                    {"text": cell.text, "evidence": [ids.sentence(ref) for ref in cell.evidence]}
                    for cell in cells
                ],
            }
            for key, cells in draft.table.rows
        ],
    }
    return escape_json(
        {
            "status": draft.status,
            "reason": draft.reason,
            "unstated": draft.unstated or None,
            "wanted": [ids.of(key) if ids.knows(key) else key for key in draft.wanted],
            "paragraphs": [
                {"heading": one.heading, "claims": [claim_json(claim, ids) for claim in one.claims]}
                for one in draft.paragraphs
            ],
            "table": table or None,
        }
    )
