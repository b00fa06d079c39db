"""A claim points the way its evidence does: what it denies, which way a quantity goes, how a figure is bounded.

Words can be turned round without a figure or a name changing. What is found here by words alone is a suspicion: the
claim is marked as weak, never dropped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from agent.records import Claim
from agent.steps.checks.context import Context, Finding, weak
from agent.text.polarity import (
    bounds,
    denied,
    denies,
    has,
    pair_stands,
    pairs_denied,
    says_at_least,
    says_at_most,
    turns,
    ways_it_stands,
)
from agent.text.tokens import stem

CODES = frozenset("negation_added negation_lost direction_turned bound_lost bound_added hedge_lost".split())
_ABSOLUTE = re.compile(r"\b(?:always|never|prov(?:es?|ed|en|ing) that|guarantee\w*|certainly|undoubtedly|definitely)\b", re.I)  # fmt: skip
_GUESS = re.compile(r"\b(?:may|might|could|possibly|potentially|perhaps|presumably|conceivabl[ey])\s+(?:be\s+)?(\w+)", re.I)  # fmt: skip
_GUESSED = re.compile(
    r"\b(?:may|might|could|can|would|should|possib\w*|potential\w*|perhaps|presum\w*|conceiv\w*|suggest\w*|seem\w*|appear\w*|likely|expect\w*"
    r"|claim\w*|suspect\w*|propos\w*|hypothes\w*|assum\w*|suppos\w*|if|whether|risk\w*|tend\w*|often|some\w*|usual\w*|capable|able|allow\w*|promis\w*|optimistic|held)\b",
    re.I,
)


def check(claim: Claim, context: Context) -> Iterator[Finding]:
    is_comparison = claim.kind == "inference" and len(claim.citations) > 1
    if claim.is_quotation or context.is_translated or not claim.evidence or is_comparison:
        return
    evidence = " ".join(one.text for one in claim.evidence)
    yield from _denial(claim, evidence)
    yield from _turned(claim, evidence)
    yield from _bound(claim, evidence)
    yield from _hedge(claim, evidence)


def _denial(claim: Claim, evidence: str) -> Iterator[Finding]:
    added = next(_added(claim, evidence), None) if claim.kind == "fact" else None
    lost = next(_lost(claim, evidence), None)
    if added:
        yield weak("negation_added", f"“{added}” is in no cited sentence", claim)
    if lost:
        yield weak("negation_lost", f"the cited sentence says “{lost}”", claim)


def _added(claim: Claim, evidence: str) -> Iterator[str]:
    """Denials of what the evidence says plainly."""
    there = {stem for denial in denied(evidence) for stem in denial.meant}
    for denial in denied(claim.text):
        is_plain = ways_it_stands(denial.meant[0], evidence) == {False} or not denies(evidence)
        if is_plain and not there & set(denial.meant):
            yield f"{denial.word} {denial.meant[0]}"
    for word, before, behind, _ in pairs_denied(claim.text):
        between = pair_stands(before, behind, evidence)
        if between is not None and not denies(" ".join(between)):
            yield f"{word} {behind}"


def _lost(claim: Claim, evidence: str) -> Iterator[str]:
    """Denials of the evidence that the claim leaves out of what it says."""
    for denial in denied(evidence) if not denies(claim.text) else ():
        wanted = denial.meant[:1] if denial.is_next else denial.meant[:2]
        if all(has(stem, claim.text) and False not in ways_it_stands(stem, evidence) for stem in wanted):
            yield f"{denial.word} {wanted[0]}"
    is_neither = has("neither", claim.text) or has("nor", claim.text)
    for word, before, behind, after in pairs_denied(evidence) if not is_neither else ():
        between = pair_stands(before, behind, claim.text)
        is_other = pair_stands(before, behind, evidence) != between
        if between is not None and is_other and not _denies_or_adds(between, is_also=after == "only"):
            yield f"{word} {behind}"


def _denies_or_adds(between: tuple[str, ...], *, is_also: bool) -> bool:
    """Of `not only`, nothing is lost where no `only` is left."""
    said = " ".join(word for word in between if word != "only")
    return denies(said) or (is_also and "only" not in between)


def _turned(claim: Claim, evidence: str) -> Iterator[Finding]:
    """What the evidence has beside the same words goes the other way there, all of it."""
    there = list(turns(evidence))
    for turn in turns(claim.text):
        same = [other for other in there if other.dimension == turn.dimension and other.beside & turn.beside]
        if same and all(other.way != turn.way for other in same):
            what = min(min(other.beside & turn.beside) for other in same)
            yield weak("direction_turned", f"{what} goes the other way in the cited sentences", claim)
            return


def _bound(claim: Claim, evidence: str) -> Iterator[Finding]:
    there: dict[tuple[Decimal, str], set[str]] = {}
    for one in bounds(evidence):
        for mark in one.marks:
            there.setdefault(mark, set()).add(one.bound)
    for one in bounds(claim.text):
        said = {bound for mark in one.marks for bound in there.get(mark, {""})}
        if said == {"at most"} and (one.bound == "at least" or not says_at_most(one.near)):
            yield weak("bound_lost", "a figure is an upper bound in the cited sentences", claim)
            return
        if said == {"at least"} and (one.bound == "at most" or not says_at_least(one.near)):
            yield weak("bound_lost", "a figure is a lower bound in the cited sentences", claim)
            return
        says_so = says_at_most if one.bound == "at most" else says_at_least
        if said == {""} and one.bound and not says_so(evidence):
            yield weak("bound_added", f"a figure is not “{one.bound}” in the cited sentences", claim)
            return


def _hedge(claim: Claim, evidence: str) -> Iterator[Finding]:
    absolute = _ABSOLUTE.search(claim.text)
    if absolute and not _ABSOLUTE.search(evidence):
        yield weak("hedge_lost", f"“{absolute.group()}” is in no cited sentence", claim)
        return
    if _GUESSED.search(claim.text):
        return
    for match in _GUESS.finditer(evidence):
        if has(stem(match[1].lower()), claim.text):
            yield weak("hedge_lost", f"the cited sentence says “{match.group()}”", claim)
            return
