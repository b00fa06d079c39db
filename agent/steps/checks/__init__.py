"""What code holds against a claim. One file a check; `CHECKS` says which kind of claim meets which.

A check gets a claim whose evidence is resolved, and the context it was drafted in, and yields what it finds.
To add one: write `check(claim, context) -> Iterator[Finding]` in a file of its own and name it in `CHECKS`.
"""

from agent.records import Kind
from agent.steps.checks import (
    arithmetic,
    boilerplate,
    figures,
    gap,
    names,
    overlap,
    own,
    quotation,
    shape,
)
from agent.steps.checks.context import Check, Context, Finding

VERSION = "2"  # part of what a product is made from: raise it when a check changes its mind

CHECKS: dict[Kind, tuple[Check, ...]] = {
    "fact": (shape.check, quotation.check, figures.check, names.check, overlap.check),
    "inference": (
        shape.check,
        boilerplate.check,
        quotation.check,
        arithmetic.check,
        figures.check,
        names.check,
        overlap.check,
    ),
    "gap": (shape.check, boilerplate.check, gap.check),
    "own": (shape.check, boilerplate.check, own.check),
}

__all__ = ["CHECKS", "VERSION", "Check", "Context", "Finding"]
