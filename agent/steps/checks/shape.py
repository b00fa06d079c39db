"""A claim has what its kind asks for: evidence and how much, absent words, or neither."""

from __future__ import annotations

from collections.abc import Iterator

from agent.records import Claim
from agent.steps.checks.context import Context, Finding, unsupported, weak

MOST_EVIDENCE = {"fact": 3, "inference": 4}


def check(claim: Claim, context: Context) -> Iterator[Finding]:
    if not claim.text.strip():
        yield unsupported("empty", "the claim says nothing", claim)
    most = MOST_EVIDENCE.get(claim.kind)
    if most is None:
        if claim.evidence:
            yield unsupported(
                "evidence_not_allowed", f"a claim of kind {claim.kind} rests on no sentence", claim
            )
    elif not claim.evidence:
        yield unsupported("no_evidence", f"a claim of kind {claim.kind} needs at least one sentence", claim)
    elif len(claim.evidence) > most:
        yield weak("too_much_evidence", f"{len(claim.evidence)} sentences where {most} are the most", claim)
    if claim.kind == "gap" and not claim.absent:
        yield unsupported("no_absent_words", "a gap must name the words that were looked for", claim)
