"""No letter of a claim only looks like another: a word is of one script, and of one that its papers have too."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from agent.records import Claim
from agent.steps.checks.context import Context, Finding, unsupported

_LETTERS = re.compile(r"[^\W\d_]+")
# An l, I or O where a digit is meant: `Llama-l`, `4O`, `l.5`.
_FOR_DIGITS = re.compile(
    r"[\w.-]*(?:\w-[lIO](?![A-Za-z-])|\d[lIO](?![A-Za-z])|(?<![A-Za-z])[lIO]\.?\d|(?<![\w-])[lIO]-?(?:bits?|fold|[x×%])(?!\w))[\w.-]*"
)
_ALIKE = frozenset(
    "CYRILLIC GREEK ARMENIAN CHEROKEE LISU COPTIC DESERET".split()
)  # have letters that look Latin


def check(claim: Claim, context: Context) -> Iterator[Finding]:
    if claim.is_quotation:
        return
    there = " ".join([*(one.text for one in claim.evidence), *context.headings, *(context.papers[key].text for key in claim.citations)])  # fmt: skip
    for match in _FOR_DIGITS.finditer(claim.text):
        if match.group().strip(".-") not in there:
            said = f"{match.group()} has a letter where a digit is meant"
            yield unsupported("look_alike", said, claim)
    if claim.text.isascii():
        return
    for word in dict.fromkeys(_LETTERS.findall(claim.text)):
        strange = [char for char in word if script(char) in _ALIKE]
        if not strange or word in there:
            continue
        is_mixed = any(script(char) == "LATIN" for char in word)
        if is_mixed or not (context.is_translated or all(char in there for char in strange)):
            said = f"{word} has {unicodedata.name(strange[0]).lower()}, which only looks like another letter"
            yield unsupported("look_alike", said, claim)


def script(char: str) -> str:
    """The script of a letter, as its name in Unicode begins."""
    return "LATIN" if char.isascii() else unicodedata.name(char, "").partition(" ")[0]
