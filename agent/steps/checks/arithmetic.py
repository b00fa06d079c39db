"""A derived figure shows its arithmetic, its operands stand in the evidence, and it comes out right."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, DivisionByZero, InvalidOperation
from itertools import pairwise

from agent.records import Claim
from agent.steps.checks.context import Context, Finding, unsupported
from agent.text.figures import figures
from agent.text.numerals import plain

_N = r"(?<![\d.])\d{1,20}(?:,\d{3})*(?:\.\d{1,20})?"
_TERM = rf"{_N}\s?(?:%|×(?!\s*[\d.])|x\b|times\b|[A-Za-z]{{1,3}}\b|points?\b)?"
_SIGN = r"[×*/÷+−–-]"
_SUM = re.compile(
    rf"(?P<terms>{_TERM}(?:\s*{_SIGN}\s*{_TERM})+)\s*(?P<equals>[=≈])\s*(?:about\s+|roughly\s+)?(?P<stated>{_N})(?!\d|[.,]\d|\s?[×x]\s?\d|\^)"
)
_PLAIN_SIGNS = {"*": "×", "÷": "/", "−": "-", "–": "-"}
_ANY_NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
NEED_NO_SOURCE = frozenset({Decimal(1), Decimal(100)})  # a whole, and a whole in per cent


@dataclass(frozen=True)
class Sum:
    """Arithmetic that a text writes out at `start:end`, such as `18 − 8 − 4 = 6`."""

    operands: tuple[Decimal, ...]
    signs: tuple[str, ...]
    stated: Decimal
    decimals: int
    is_rough: bool
    start: int
    end: int
    text: str

    @property
    def is_right(self) -> bool:
        """Whether it comes out, within the rounding that the stated figure shows."""
        try:
            value = self._value()
        except (DivisionByZero, InvalidOperation):
            return False
        room = Decimal(1 if self.is_rough else "0.5").scaleb(-self.decimals)
        return abs(value - self.stated) <= room

    def _value(self) -> Decimal:
        """Products before sums, from left to right."""
        parts = [self.operands[0]]
        for sign, operand in zip(self.signs, self.operands[1:], strict=True):
            if sign == "×":
                parts[-1] *= operand
            elif sign == "/":
                parts[-1] /= operand
            else:
                parts.append(operand if sign == "+" else -operand)
        return sum(parts, Decimal(0))


def sums(text: str) -> Iterator[Sum]:
    """The arithmetic that a text writes out."""
    for match in _SUM.finditer(text):
        numbers = list(re.finditer(_N, match["terms"]))
        between = (match["terms"][one.end() : other.start()] for one, other in pairwise(numbers))
        signs = tuple(re.findall(_SIGN, gap)[-1] for gap in between)
        yield Sum(
            operands=tuple(_decimal(number.group()) for number in numbers),
            signs=tuple(_PLAIN_SIGNS.get(sign, sign) for sign in signs),
            stated=_decimal(match["stated"]),
            decimals=len(match["stated"].partition(".")[2]),
            is_rough=match["equals"] == "≈",
            start=match.start(),
            end=match.end(),
            text=match.group(),
        )


def _decimal(number: str) -> Decimal:
    return Decimal(number.replace(",", ""))


def derived_spans(claim: Claim) -> list[tuple[int, int]]:
    """Where in the claim its own arithmetic stands, and its results wherever they are said again."""
    right = [found for found in sums(claim.text) if found.is_right]
    spans = [(found.start, found.end) for found in right]
    stated = figures(claim.text)
    ends = [(found.end - len(found.text.split()[-1]), found.end) for found in right]
    results = [figure.marks for figure in stated if any(start <= figure.start < end for start, end in ends)]
    return spans + [(figure.start, figure.end) for figure in stated if figure.marks in results]


def check(claim: Claim, context: Context) -> Iterator[Finding]:
    there = {
        value for evidence in claim.evidence for figure in figures(evidence.text) for value in figure.values
    }
    # Also numbers inside words, such as the 25 of `25-step`.
    there |= {_decimal(n) for evidence in claim.evidence for n in _ANY_NUMBER.findall(evidence.text)}
    for found in sums(plain(claim.text)):
        if not found.is_right:
            yield unsupported("wrong_arithmetic", f"“{found.text}” does not come out", claim)
        if not set(found.operands) & there:
            yield unsupported("operand_not_found", f"nothing of “{found.text}” is in a cited sentence", claim)
            continue
        for operand in found.operands:
            if operand not in there and operand not in NEED_NO_SOURCE:
                yield unsupported(
                    "operand_not_found", f"{operand} of “{found.text}” is in no cited sentence", claim
                )
