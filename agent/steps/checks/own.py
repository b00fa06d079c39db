"""A sentence of our own states nothing about a paper: no figure, no method's name.

It may count our papers, and it may use a term that the theme is called by or that several papers share, or an
abbreviation (FID, RLHF) that is no paper's own name, so that it can be explained.
"""

from __future__ import annotations

from collections.abc import Iterator

from agent.records import Claim
from agent.steps.checks.context import Context, Finding, unsupported
from agent.text.figures import figures
from agent.text.names import fold_name, names

SHARED_BY = 2


def check(claim: Claim, context: Context) -> Iterator[Finding]:
    for figure in figures(claim.text):
        is_count = figure.unit == "" and all(
            value == int(value) <= context.most_counted for value in figure.values
        )
        if not is_count:
            yield unsupported(
                "figure_in_own", f"{figure.text}: a sentence of our own states no figure", claim
            )
    for name in dict.fromkeys(names(claim.text)):
        folded = fold_name(name)
        if folded in context.heading_names or context.name_spread.get(folded, 0) >= SHARED_BY:
            continue
        is_term = folded in context.name_spread and _is_abbreviation(name)
        if folded in context.own_names or not is_term:
            yield unsupported("name_in_own", f"{name}: a sentence of our own names no single method", claim)


def _is_abbreviation(name: str) -> bool:
    """Capitals with hardly anything else, such as FID or SSMs."""
    return sum(char.isupper() for char in name) >= 2 and sum(char.islower() for char in name) <= 1
