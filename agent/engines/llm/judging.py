"""Judging and revising with a model: claims with exactly their sentences, and what is mended of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from agent.engines.llm.ids import ShortIds, escape
from agent.engines.llm.replies import JudgeReply, ReviseReply
from agent.engines.llm.writing import claim_draft
from agent.engines.protocol import Ask, JudgeDraft, JudgeInput, Judgement, ReviseDraft, ReviseInput
from agent.records import Claim, Evidence
from agent.text.numbered import NumberedPaper

MOST_JUDGED = 80  # claims that one question asks about
_PAPER = re.compile(r"\bP\d+\b")
MOST_PAPERS = 30  # whose whole texts a revision sees; of more, those that the flagged claims cite


def open_claims(ask: Ask[JudgeInput, JudgeDraft]) -> list[Claim]:
    """The claims that are not judged yet."""
    done = {judgement.claim for judgement in ask.previous.judgements} if ask.previous else set()
    return [claim for claim in ask.item.claims if claim.id not in done]


def chunks(claims: Sequence[Claim]) -> Iterator[Sequence[Claim]]:
    for start in range(0, len(claims), MOST_JUDGED):
        yield claims[start : start + MOST_JUDGED]


def judge_values(asked: JudgeInput, claims: Sequence[Claim]) -> dict[str, Any]:
    papers = _short_papers(claims)
    return {
        "papers": [{"id": short, "title": escape(asked.papers[key].title)} for key, short in papers.items()],
        "claims": [
            {
                "id": f"C{count}",
                "kind": claim.kind,
                "text": escape(claim.text),
                "absent": [escape(phrase) for phrase in claim.absent],
                "sentences": [{"id": papers[one.key], "text": escape(one.text)} for one in _sentences(claim)],
            }
            for count, claim in enumerate(claims, start=1)
        ],
    }


def judge_draft(reply: JudgeReply, claims: Sequence[Claim]) -> JudgeDraft:
    ids = {f"C{count}": claim.id for count, claim in enumerate(claims, start=1)}
    keys = {short: key for key, short in _short_papers(claims).items()}
    return JudgeDraft(
        tuple(
            Judgement(ids[short], one.verdict, _told(one.reason or "", keys))
            for one in reply.judgements
            if (short := one.claim.strip().strip("[]")) in ids
        )
    )


def revise_values(ask: Ask[ReviseInput, ReviseDraft], language: str | None) -> dict[str, Any]:
    asked = ask.item
    papers = revision_papers(asked)
    ids = ShortIds(papers)
    shown = frozenset(paper.key for paper in papers)
    return {
        "language": language or "",
        "claims": [
            {
                "id": f"C{count}",
                "kind": claim.kind,
                "text": escape(claim.text),
                "ids": [ids.evidence(one) for one in claim.evidence if one.key in shown],
                "flagged": ids.translated_text(asked.flagged[claim.id]) if claim.id in asked.flagged else "",
            }
            for count, claim in enumerate(asked.claims, start=1)
        ],
        "papers": ids.shown(),
        "problems": ids.translated(ask.problems),
    }


def revise_draft(reply: ReviseReply, asked: ReviseInput) -> ReviseDraft:
    ids = ShortIds(revision_papers(asked))
    names = {f"C{count}": claim.id for count, claim in enumerate(asked.claims, start=1)}
    return ReviseDraft(
        {
            names[short]: claim_draft(one.new, ids) if one.new else None
            for one in reply.revisions
            if (short := one.claim.strip().strip("[]")) in names
        }
    )


def revision_papers(asked: ReviseInput) -> list[NumberedPaper]:
    """The papers that a revision may cite: all, or those that the section cites, or the flagged claims do."""
    if len(asked.papers) <= MOST_PAPERS:
        return list(asked.papers)
    flagged = [claim for claim in asked.claims if claim.id in asked.flagged]
    cited = {one.key for claim in asked.claims for one in _sentences(claim)}
    if len(cited) > MOST_PAPERS:
        cited = {one.key for claim in flagged for one in _sentences(claim)}
    return [paper for paper in asked.papers if paper.key in cited]


def _short_papers(claims: Sequence[Claim]) -> dict[str, str]:
    cited = dict.fromkeys(one.key for claim in claims for one in _sentences(claim))
    return {key: f"P{count}" for count, key in enumerate(cited, start=1)}


def _told(reason: str, keys: Mapping[str, str]) -> str:
    """A reason in which papers are called by their keys: ids of a prompt mean nothing outside it."""
    plain = " ".join(reason.split())
    return _PAPER.sub(lambda match: keys.get(match.group(), match.group()), plain)


def _sentences(claim: Claim) -> Iterable[Evidence]:
    """What a claim rests on; of a gap, what comes nearest."""
    return (*claim.evidence, claim.near) if claim.near else claim.evidence
