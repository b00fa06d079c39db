"""A derived figure shows its arithmetic, its operands stand in the evidence, and it comes out right."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, DivisionByZero, InvalidOperation

from agent.records import Claim
from agent.steps.checks.context import Context, Finding, unsupported
from agent.text.figures import figures

_N = r"(?<![\d.])(\d{1,20}(?:,\d{3})*(?:\.\d{1,20})?)\s?(?:%|×|x\b|times\b|[A-Za-z]{1,3}\b)?"
_SUM = re.compile(rf"{_N}\s*([×*/÷+−–-])\s*{_N}\s*([=≈])\s*(?:about\s+|roughly\s+)?{_N}")


@dataclass(frozen=True)
class Sum:
    """`left sign right = stated` at `start:end`; the result alone at `result_start`."""

    left: Decimal
    sign: str
    right: Decimal
    stated: Decimal
    decimals: int
    is_rough: bool
    result_start: int
    end: int
    text: str

    @property
    def is_right(self) -> bool:
        """Whether it comes out, within the rounding that the stated figure shows."""
        try:
            value = {
                "+": self.left + self.right,
                "-": self.left - self.right,
                "×": self.left * self.right,
                "/": self.left / self.right if self.sign == "/" else Decimal(0),
            }[self.sign]
        except (DivisionByZero, InvalidOperation):
            return False
        room = Decimal(1 if self.is_rough else "0.5").scaleb(-self.decimals)
        return abs(value - self.stated) <= room


def sums(text: str) -> Iterator[Sum]:
    """The arithmetic that a text writes out."""
    signs = {"*": "×", "÷": "/", "−": "-", "–": "-"}
    for match in _SUM.finditer(text):
        left, sign, right, equals, stated = match.groups()
        numbers = [Decimal(number.replace(",", "")) for number in (left, right, stated)]
        decimals = len(stated.partition(".")[2])
        yield Sum(numbers[0], signs.get(sign, sign), numbers[1], numbers[2], decimals, equals == "≈",
                  match.start(5), match.end(), match.group())  # fmt: skip


def derived_spans(claim: Claim) -> list[tuple[int, int]]:
    """Where in the claim results of its own arithmetic stand, wherever they are said again."""
    right = [found for found in sums(claim.text) if found.is_right]
    spans = [(found.result_start, found.end) for found in right]
    stated = figures(claim.text)
    results = [figure.marks for figure in stated if any(start <= figure.start < end for start, end in spans)]
    return spans + [(figure.start, figure.end) for figure in stated if figure.marks in results]


def check(claim: Claim, context: Context) -> Iterator[Finding]:
    there = {
        value for evidence in claim.evidence for figure in figures(evidence.text) for value in figure.values
    }
    for found in sums(claim.text):
        if not found.is_right:
            yield unsupported("wrong_arithmetic", f"“{found.text}” does not come out", claim)
        for operand in (found.left, found.right):
            if operand not in there and operand not in {Decimal(1), Decimal(100)}:
                yield unsupported(
                    "operand_not_found", f"{operand} of “{found.text}” is in no cited sentence", claim
                )
