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
from agent.text.names import fold_name
from agent.text.numerals import SHARE, plain, quantities, shares, spelled
from agent.text.tokens import stands_in

_IN_NAMES = re.compile(r"(?<=[A-Za-z0-9]-)(\d+(?:\.\d+)?)\s?([KMBT])(?![A-Za-z0-9])")
_LABEL = re.compile(r"\b(?:INT|FP|BF|NF|TF|UINT|W|KV|A)(\d{1,2})(?=[A-Z]|\b)")
_DIGITS = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
_RATIO = re.compile(r"\d+(?::\d+)+")
_HAS_DIGIT = re.compile(r"\d")
_GAPS = re.compile(r"[\s,;(){}\[\]“”\"…]+")
_SIZED = re.compile(r"([KMBTxX×%])(?![A-Za-z0-9])")
_COMPOUND = re.compile(r"[\d.,]+-([a-z]{3,})")
_WORD = re.compile(r"[^\s,;(){}\[\]“”\"…]*")
_NEGATIVE = re.compile(r"(?:(?<![\w)\]%.,–—-])[-−–]|\b(?:minus|negative)\s)$")
_FALLS = re.compile(r"\b(?:minus|negativ|decreas|drop|fall|fell|lower|reduc|less|fewer|below|loss|lose|cut|shrink|declin|down|worse|degrad|smaller)", re.I)  # fmt: skip
CLOSE = Decimal("0.01")  # between a fraction in words and the figure that it rounds
MOST_COUNTED = 12  # of things that a claim may count without its evidence saying how many
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
    worded = [] if context.is_translated else list(spelled(said.text))
    read = [one for one in figures(said.text) if not any(_is_inside(one, other) for other in worded)]
    for figure in read:
        if any(start <= figure.start < end for start, end in derived):
            continue
        if figure.marks <= in_evidence:
            yield from _sign(figure, said)
        elif not _is_part_of_a_name(figure, said, context):
            yield _found_elsewhere(figure, in_evidence, in_papers, claim)
    taken = [(figure.start, figure.end) for figure in read] + derived
    yield from _in_words(worded, said, in_evidence, in_papers, taken)
    yield from _strays(said, context, in_evidence, in_papers, taken)


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
    name = re.compile(rf"\b{re.escape(before.group(1))} (\d+(?:\.\d+)?)(?!\d)")
    in_evidence = {number for one in claim.evidence for number in name.findall(one.text)}
    in_papers = {number for key in claim.citations for number in name.findall(context.papers[key].text)}
    return figure.text in (in_evidence or in_papers)


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


def _is_inside(figure: Figure, other: Figure) -> bool:
    """The `eight times` of `fifty-eight times`."""
    is_longer = other.end - other.start > figure.end - figure.start
    return is_longer and other.start <= figure.start and figure.end <= other.end


def _in_words(
    worded: list[Figure], claim: Claim, in_evidence: Marks, in_papers: Marks, taken: list[tuple[int, int]]
) -> Iterator[Finding]:
    """Quantities in words; small counts without a unit, such as `two steps`, state too little to be looked for."""
    for figure in worded:
        is_taken = any(start < figure.end and figure.start < end for start, end in taken)
        is_count = not figure.unit and figure.values[0] <= MOST_COUNTED
        if is_taken or is_count or figure.marks <= in_evidence:
            continue
        if figure.unit != SHARE:
            yield _found_elsewhere(figure, in_evidence, in_papers, claim)
        elif not any(abs(figure.values[0] - share) <= CLOSE for share in shares(in_evidence)):
            yield weak("figure_unit", f"“{figure.text}” is no share that the cited sentences state", claim)


def _strays(
    claim: Claim, context: Context, in_evidence: Marks, in_papers: Marks, taken: list[tuple[int, int]]
) -> Iterator[Finding]:
    """Digits outside figures: in names, labels, patterns, and in writings that mean nothing to us."""
    evidence = plain(" ".join(one.text for one in claim.evidence))
    papers = " ".join(plain(context.papers[key].text) for key in claim.citations)
    listed = 0
    for match in (*_RATIO.finditer(claim.text), *_DIGITS.finditer(claim.text)):
        if any(start < match.end() and match.start() < end for start, end in taken):
            continue
        taken = [*taken, match.span()]
        word = _word_at(claim.text, match.start())
        if _NEGATIVE.search(claim.text[: match.start()]) and not _is_negative(match.group(), evidence):
            yield weak("figure_sign", f"{match.group()} has no minus in the cited sentences", claim)
            continue
        if "://" in word or _is_known(word, evidence, papers, context):
            continue
        if _is_list_mark(claim.text, match, listed):
            listed += 1
            continue
        if _is_mixed(word, match.group()) and not any(
            _folded(word) in _words(text) for text in (evidence, papers)
        ):
            yield unsupported("figure_not_found", f"{word} stands nowhere in the cited papers", claim)
            continue
        size = _SIZED.match(claim.text, match.end())
        marks = figures(match.group() + size[1])[0].marks if size else frozenset()
        if (size and not marks <= in_evidence) or not _stands(match.group(), evidence):
            is_elsewhere = marks <= in_papers if size else _stands(match.group(), papers)
            yield _stray(match.group(), word, claim, is_elsewhere=is_elsewhere)
        elif (unit := _COMPOUND.fullmatch(word)) and not stands_in(unit[1], f"{evidence} {papers}"):
            said = f"the {match.group()} of {word} stands in the cited sentences with another unit"
            yield weak("figure_unit", said, claim)


def _stray(digits: str, word: str, claim: Claim, *, is_elsewhere: bool) -> Finding:
    if is_elsewhere:
        return weak(
            "figure_elsewhere", f"the {digits} of {word} does not stand in the cited sentences", claim
        )
    return unsupported(
        "figure_not_found", f"the {digits} of {word} stands nowhere in the cited papers", claim
    )


def _is_negative(digits: str, text: str) -> bool:
    found = (text[: match.start()] for match in re.finditer(rf"{re.escape(digits)}(?!\d)", text))
    return any(_NEGATIVE.search(before) for before in found)


def _is_known(word: str, evidence: str, papers: str, context: Context) -> bool:
    """Whether a word with digits and letters stands so in the evidence, a cited paper or the headings.

    One that stands in another paper is a name, and the check of names has its say.
    """
    folded = _folded(word)
    if folded not in _words(evidence) and _stem_of(folded) in map(_stem_of, _words(evidence)):
        return False  # GPT-3 where the evidence has GPT-4
    if folded[:1].isdigit() or _LABEL.fullmatch(word):  # `6D`, `5-shot`, `INT8`: a figure rather than a name
        return not folded.isdigit() and any(folded in _words(text) for text in (evidence, *context.headings))
    if any(folded in _words(text) for text in (evidence, papers, *context.headings)):
        return True
    return fold_name(word) in context.name_spread and any(
        folded in _words(paper.text) for paper in context.papers.values()
    )


def _stands(digits: str, text: str) -> bool:
    if ":" in digits:
        return bool(re.search(rf"(?<![\d:]){re.escape(digits)}(?![\d:])", text))
    return Decimal(digits.replace(",", "")) in _numbers(text)


@lru_cache(maxsize=5_000)
def _numbers(text: str) -> frozenset[Decimal]:
    return frozenset(Decimal(number.replace(",", "")) for number in _DIGITS.findall(text))


@lru_cache(maxsize=5_000)
def _words(text: str) -> frozenset[str]:
    """The folded words of a text that have digits and letters, as they stand between blanks and brackets."""
    found = (_folded(_bare(word)) for word in _GAPS.split(plain(text)))
    return frozenset(word for word in found if _HAS_DIGIT.search(word) and not word.isdigit())


def _stem_of(folded: str) -> str:
    """A name without its digits; `#` where it is nothing else."""
    letters = _DIGITS.sub("#", folded)
    return letters if len(letters) > 2 else folded


def _folded(word: str) -> str:
    """Without case and hyphens; points stay: 5.1B is not 51B."""
    return "".join(char for char in word.casefold() if char.isalnum() or char in ".:/")


def _word_at(text: str, at: int) -> str:
    start = max((text.rfind(char, 0, at) for char in ' ,;(){}[]“”"…'), default=-1) + 1
    match = _WORD.match(text, start)
    return _bare(match.group()) if match else text[at:]


def _bare(word: str) -> str:
    """Without the signs round it and without an ending that makes it a genitive."""
    return word.strip(".:!?'’").removesuffix("'s").removesuffix("’s")


def _is_mixed(word: str, digits: str) -> bool:
    """Whether small letters stand among the digits: `l.7l`, `1e3`, `45mins`."""
    piece = next((one for one in re.split(r"[-/]", word) if digits in one), "")
    return bool(re.search(r"[a-z]", piece)) and piece == piece.lower()


def _is_list_mark(text: str, match: re.Match[str], listed: int) -> bool:
    """The marks of a list count up from 1, and there are at least two of them."""
    is_mark = text[match.end() : match.end() + 1] == ")" and text[: match.start()].endswith(("(", " "))
    has_next = bool(re.search(r"(?<!\d)2\)", text))
    return is_mark and has_next and match.group() == str(listed + 1)
