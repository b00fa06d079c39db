"""Reading with a model: one paper, one question, one summary."""

from __future__ import annotations

import dataclasses
from typing import Any

from agent.engines.llm.ids import escape, escape_json
from agent.engines.llm.replies import StatedFinding, SummariseReply
from agent.engines.protocol import Ask, FindingDraft, ResultDraft, SummaryDraft
from agent.text.numbered import NumberedPaper


def summarise_values(ask: Ask[NumberedPaper, SummaryDraft]) -> dict[str, Any]:
    return {
        "sentences": [
            {"number": number, "text": escape(one.text)} for number, one in enumerate(ask.item.sentences)
        ],
        "links": [escape(link) for link in ask.item.paper.links],
        "problems": [
            f"{escape(problem.where)}: {escape(problem.message)}"
            if problem.where
            else escape(problem.message)
            for problem in ask.problems
        ],
        "previous": _previous(ask.previous) if ask.previous else "",
    }


def summary_draft(reply: SummariseReply) -> SummaryDraft:
    return SummaryDraft(
        kind=reply.kind,
        also=tuple(kind for kind in dict.fromkeys(reply.also) if kind != reply.kind),
        task=_plain(reply.task),
        problem=_finding(reply.problem),
        names=_names(reply.names),
        approach=_finding(reply.approach),
        findings=tuple(found for one in reply.findings if (found := _finding(one))),
        results=tuple(
            ResultDraft(
                _said(one.metric), _said(one.value), one.evidence, _plain(one.baseline), _plain(one.setting)
            )
            for one in reply.results
        ),
        data=_names(reply.data),
        models=_names(reply.models),
        hardware=_names(reply.hardware),
        compared_with=_names(reply.compared_with),
        limitations=tuple(found for one in reply.limitations if (found := _finding(one))),
        links=reply.links,
    )


def _finding(stated: StatedFinding | None) -> FindingDraft | None:
    return FindingDraft(_said(stated.text), stated.evidence) if stated and stated.text.strip() else None


def _names(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_said(name) for name in names if name.strip()))


def _plain(text: str | None) -> str | None:
    return _said(text) if text and text.strip() else None


def _said(text: str) -> str:
    return " ".join(text.split())


def _previous(draft: SummaryDraft) -> str:
    return escape_json(dataclasses.asdict(draft))
