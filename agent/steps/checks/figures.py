"""Every figure of a claim stands in its evidence, or at least elsewhere in the cited papers.

Figures are read in whatever writing they have: in digits of other scripts, in words, with a sign. Digits that no
figure takes in, such as those of `INT4`, `2:4` and `5-shot`, are held against the evidence by themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache

from agent.records import Claim
from agent.steps.checks.arithmetic import derived_spans
from agent.steps.checks.context import Context, Finding, unsupported, weak
from agent.text.figures import Figure, figures
from agent.text.names import fold_name, names
from agent.text.numerals import SHARE, plain, quantities, shares, spelled

_IN_NAMES = re.compile(r"(?<=[A-Za-z0-9]-)(\d+(?:\.\d+)?)\s?([KMBT])(?![A-Za-z0-9])")
_LABEL = re.compile(r"\b(?:INT|FP|BF|NF|TF|UINT|W|KV|A)(\d{1,2})(?=[A-Z]|\b)")
_DIGITS = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
_RATIO = re.compile(r"\d+(?::\d+)+")
_WORD = re.compile(r"[^\s,;(){}\[\]“”\"…]*")
_NEGATIVE = re.compile(r"(?:(?<![\w)\]%.,–—-])[-−–]|\b(?:minus|negative)\s)\s?$")
_FALLS = re.compile(r"\b(?:minus|negativ|decreas|drop|fall|fell|lower|reduc|less|fewer|below|loss|lose|cut|shrink|declin|down|worse|degrad|smaller)", re.I)  # fmt: skip
CLOSE = Decimal("0.02")  # between a fraction in words and the figure that it rounds
Marks = frozenset[tuple[Decimal, str]]


@lru_cache(maxsize=20_000)
def marks_of(text: str) -> Marks:
    """The figures that a text states, sizes inside names (`Llama-2-7B`) and bit-widths of labels (`INT4`) among them."""
    inside = (figure for match in _IN_NAMES.finditer(text) for figure in figures(match.group()))
    widths = frozenset((Decimal(match[1]), "bit") for match in _LABEL.finditer(text))
    return quantities(text) | widths | {mark for figure in inside for mark in figure.marks}


def check(claim: Claim, context: Context) -> Iterator[Finding]:
    if claim.is_quotation:
        return
    said = claim.model_copy(update={"text": plain(claim.text)})
    in_evidence = frozenset().union(*(marks_of(evidence.text) for evidence in claim.evidence))
    in_papers = frozenset().union(*(marks_of(context.papers[key].text) for key in claim.citations))
    derived = derived_spans(said) if claim.kind == "inference" else []
    read = figures(said.text)
    for figure in read:
        if any(start <= figure.start < end for start, end in derived):
            continue
        if figure.marks <= in_evidence:
            yield from _sign(figure, said)
        elif not _is_part_of_a_name(figure, said, context):
            yield _found_elsewhere(figure, in_evidence, in_papers, claim)
    taken = [(figure.start, figure.end) for figure in read] + derived
    if not context.is_translated:
        yield from _in_words(said, in_evidence, in_papers, taken)
    yield from _strays(said, context, taken)


def _found_elsewhere(figure: Figure, in_evidence: Marks, in_papers: Marks, claim: Claim) -> Finding:
    if figure.marks <= in_papers:
        said = f"{figure.text} stands in the paper, but not in the cited sentences"
        return weak("figure_elsewhere", said, claim)
    if _other_unit(figure, in_evidence):
        return weak("figure_unit", f"{figure.text} stands in the cited sentences with another unit", claim)
    return unsupported("figure_not_found", f"{figure.text} stands nowhere in the cited papers", claim)


def _is_part_of_a_name(figure: Figure, claim: Claim, context: Context) -> bool:
    """The 2 of `SimpleSpeech 2`: the capitalised word before it stands before it in a cited paper too."""
    before = re.search(r"([A-Z][\w-]*)\s$", claim.text[: figure.start])
    if figure.unit or before is None:
        return False
    name = f"{before.group(1)} {figure.text}"
    return any(name in context.papers[key].text for key in claim.citations)


def _other_unit(figure: Figure, there: Marks) -> bool:
    """Bare where the paper has a unit, or the other way round; two different units are a mistake."""
    return all(
        any(value == other and "" in (unit, figure.unit) for other, unit in there) for value in figure.values
    )


def _sign(figure: Figure, claim: Claim) -> Iterator[Finding]:
    """A minus that the evidence does not have, or one that it has and the claim neither has nor says in words."""
    is_negative = bool(_NEGATIVE.search(claim.text[: figure.start]))
    signs = {
        bool(_NEGATIVE.search(text[: other.start]))
        for text in (plain(evidence.text) for evidence in claim.evidence)
        for other in figures(text)
        if figure.marks & other.marks
    }
    if is_negative and signs == {False}:
        yield weak("figure_sign", f"{figure.text} has no minus in the cited sentences", claim)
    if not is_negative and signs == {True} and not _FALLS.search(claim.text):
        yield weak("figure_sign", f"{figure.text} has a minus in the cited sentences", claim)


def _in_words(
    claim: Claim, in_evidence: Marks, in_papers: Marks, taken: list[tuple[int, int]]
) -> Iterator[Finding]:
    """Quantities in words; counts without a unit, such as `two steps`, state too little to be looked for."""
    for figure in spelled(claim.text):
        is_taken = any(start < figure.end and figure.start < end for start, end in taken)
        if is_taken or not figure.unit or figure.marks <= in_evidence:
            continue
        if figure.unit != SHARE:
            yield _found_elsewhere(figure, in_evidence, in_papers, claim)
        elif not any(abs(figure.values[0] - share) <= CLOSE for share in shares(in_evidence)):
            yield weak("figure_unit", f"“{figure.text}” is no share that the cited sentences state", claim)


def _strays(claim: Claim, context: Context, taken: list[tuple[int, int]]) -> Iterator[Finding]:
    """Digits outside figures: in names, labels, patterns, and in writings that mean nothing to us."""
    evidence = plain(" ".join(one.text for one in claim.evidence))
    papers = [context.papers[key] for key in claim.citations]
    known = _words(evidence).union(*(_words(paper.text) for paper in papers), *map(_words, context.headings))
    named = {fold_name(name) for name in names(claim.text)} & set(context.name_spread)
    listed = 0
    for match in (*_RATIO.finditer(claim.text), *_DIGITS.finditer(claim.text)):
        if any(start < match.end() and match.start() < end for start, end in taken):
            continue
        taken = [*taken, match.span()]
        word = _word_at(claim.text, match.start())
        if fold_name(word) in known | named or "://" in word:
            continue
        if _is_list_mark(claim.text, match, listed):
            listed += 1
            continue
        if not _stands(match.group(), evidence):
            yield _stray(match.group(), word, papers, claim)


def _stray(digits: str, word: str, papers: list, claim: Claim) -> Finding:  # type: ignore[type-arg]
    if any(_stands(digits, plain(paper.text)) for paper in papers):
        return weak("figure_elsewhere", f"the {digits} of {word} does not stand in the cited sentences", claim)
    return unsupported("figure_not_found", f"the {digits} of {word} stands nowhere in the cited papers", claim)


def _stands(digits: str, text: str) -> bool:
    if ":" in digits:
        return bool(re.search(rf"(?<![\d:]){re.escape(digits)}(?![\d:])", text))
    return Decimal(digits.replace(",", "")) in _numbers(text)


@lru_cache(maxsize=5_000)
def _numbers(text: str) -> frozenset[Decimal]:
    return frozenset(Decimal(number.replace(",", "")) for number in _DIGITS.findall(text))


@lru_cache(maxsize=5_000)
def _words(text: str) -> frozenset[str]:
    """The folded words of a text that have digits, as they stand between blanks and brackets."""
    found = (word.strip(".:!?'’") for word in re.split(r"[\s,;(){}\[\]“”\"…]+", plain(text)))
    return frozenset(fold_name(word) for word in found if any(char.isdigit() for char in word))


def _word_at(text: str, at: int) -> str:
    start = max((text.rfind(char, 0, at) for char in " ,;(){}[]“”\"…"), default=-1) + 1
    match = _WORD.match(text, start)
    return match.group().strip(".:!?'’") if match else text[at:]


def _is_list_mark(text: str, match: re.Match[str], listed: int) -> bool:
    """The marks of a list count up from 1."""
    is_mark = text[match.end() : match.end() + 1] == ")" and text[: match.start()].endswith(("(", " "))
    return is_mark and match.group() == str(listed + 1)
