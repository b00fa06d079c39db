"""A sentence of ours says something: phrases that could stand in any survey are struck out.

A fact may hold them where its paper does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from agent.records import Claim
from agent.steps.checks.context import Context, Finding, unsupported

_PHRASES = re.compile(
    r"^(?:in conclusion|in summary|to conclude|to sum up|overall)\b"
    r"|\bplays? an? (?:crucial|key|vital|pivotal|important|central) role\b"
    r"|\b(?:attract|gain|draw|receiv)\w* (?:much|growing|considerable|significant|increasing|wide) attention\b"
    r"|\bpav(?:es?|ing) the way\b"
    r"|\bfuture (?:work|research|studies) (?:should|could|may|might|will|must)\b"
    r"|\bremains? to be seen\b"
    r"|\brapidly (?:evolving|growing|advancing|developing) (?:field|area|landscape)\b"
    r"|\bvaluable insights?\b",
    re.I,
)


def check(claim: Claim, context: Context) -> Iterator[Finding]:
    found = _PHRASES.search(claim.text)
    if found:
        yield unsupported("boilerplate", f"“{found.group()}” could stand in any survey", claim)
