"""Every figure of a claim stands in its evidence, or at least elsewhere in the cited papers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from agent.records import Claim
from agent.steps.checks.arithmetic import derived_spans
from agent.steps.checks.context import Context, Finding, unsupported, weak
from agent.text.figures import Figure, figures

_IN_NAMES = re.compile(r"(?<=[A-Za-z0-9]-)(\d+(?:\.\d+)?)\s?([KMBT])(?![A-Za-z0-9])")
Marks = frozenset[tuple[Decimal, str]]


def marks_of(text: str) -> Marks:
    """The figures that a text states, sizes inside names (`Llama-2-7B`) among them."""
    stated = {mark for figure in figures(text) for mark in figure.marks}
    inside = (figure for match in _IN_NAMES.finditer(text) for figure in figures(match.group()))
    return frozenset(stated | {mark for figure in inside for mark in figure.marks})


def check(claim: Claim, context: Context) -> Iterator[Finding]:
    if claim.is_quotation:
        return
    in_evidence = frozenset().union(*(marks_of(evidence.text) for evidence in claim.evidence))
    in_papers = frozenset().union(*(marks_of(context.papers[key].text) for key in claim.citations))
    derived = derived_spans(claim) if claim.kind == "inference" else []
    for figure in figures(claim.text):
        if any(start <= figure.start < end for start, end in derived) or figure.marks <= in_evidence:
            continue
        if _is_part_of_a_name(figure, claim, context):
            continue
        if figure.marks <= in_papers:
            yield weak(
                "figure_elsewhere",
                f"{figure.text} stands in the paper, but not in the cited sentences",
                claim,
            )
        elif _other_unit(figure, in_evidence):
            yield weak("figure_unit", f"{figure.text} stands in the cited sentences with another unit", claim)
        else:
            yield unsupported("figure_not_found", f"{figure.text} stands nowhere in the cited papers", claim)


def _is_part_of_a_name(figure: Figure, claim: Claim, context: Context) -> bool:
    """The 2 of `SimpleSpeech 2`: the capitalised word before it stands before it in a cited paper too."""
    before = re.search(r"([A-Z][\w-]*)\s$", claim.text[: figure.start])
    if figure.unit or before is None:
        return False
    name = f"{before.group(1)} {figure.text}"
    return any(name in context.papers[key].text for key in claim.citations)


def _other_unit(figure: Figure, there: Marks) -> bool:
    """Bare where the paper has a unit, or the other way round; two different units are a mistake."""
    values = dict(there)
    return all(value in values and "" in (values[value], figure.unit) for value in figure.values)
