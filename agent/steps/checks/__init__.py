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
    letters,
    marks,
    names,
    overlap,
    own,
    polarity,
    quotation,
    shape,
)
from agent.steps.checks.context import Check, Context, Finding

VERSION = "3"  # part of what a product is made from: raise it when a check changes its mind

_OF_ALL: tuple[Check, ...] = (shape.check, marks.check, letters.check)
_OF_PAPERS: tuple[Check, ...] = (quotation.check, figures.check, names.check, overlap.check, polarity.check)

CHECKS: dict[Kind, tuple[Check, ...]] = {
    "fact": (*_OF_ALL, *_OF_PAPERS),
    "inference": (*_OF_ALL, boilerplate.check, arithmetic.check, *_OF_PAPERS),
    "gap": (*_OF_ALL, boilerplate.check, gap.check),
    "own": (*_OF_ALL, boilerplate.check, own.check),
}

__all__ = ["CHECKS", "VERSION", "Check", "Context", "Finding"]
