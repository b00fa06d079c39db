"""The lead of a digest with a model: what stands out, as claims that rest on the papers' sentences."""

from __future__ import annotations

from typing import Any

from agent.engines.llm.ids import ShortIds, escape, escape_json
from agent.engines.llm.replies import LeadReply
from agent.engines.llm.writing import claim_draft, claim_json
from agent.engines.protocol import Ask, LeadDraft, LeadInput


def lead_values(ask: Ask[LeadInput, LeadDraft], language: str | None) -> dict[str, Any]:
    asked = ask.item
    ids = ShortIds(asked.papers)
    return {
        "topic": escape(asked.topic),
        "words": asked.words,
        "language": language or "",
        "themes": [
            {
                "title": escape(theme.title),
                "state": theme.state,
                "claims": [
                    {"text": escape(claim.text), "ids": [ids.evidence(one) for one in claim.evidence]}
                    for claim in theme.claims
                ],
            }
            for theme in asked.themes
        ],
        "papers": ids.shown(),
        "problems": ids.translated(ask.problems),
        "previous": escape_json({"claims": [claim_json(claim, ids) for claim in ask.previous.claims]})
        if ask.previous
        else "",
    }


def lead_draft(reply: LeadReply, asked: LeadInput) -> LeadDraft:
    ids = ShortIds(asked.papers)
    return LeadDraft(tuple(claim_draft(claim, ids) for claim in reply.claims))
