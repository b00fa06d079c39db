"""A claim's text cites nothing by itself: what looks like a citation, an id, a key or a link stands in its papers.

Citations are put there from the evidence. One in the text could name a paper that nobody has seen.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from agent.records import Claim
from agent.steps.checks.context import Context, Finding, unsupported
from agent.text.printable import visible

LONGEST_ORDINARY = 10  # letters of a key that may be an ordinary word
LONGEST_PLAIN = 3  # letters of a word in square brackets that no key has: [sic], x[i]
_OPEN, _CLOSE = r"[\[(【〔⟦〚]", r"[\])】〕⟧〛]"
_MARKS = re.compile(
    r"(?<![\w.])@[\w{]\S*"  # @key
    r"|\\[A-Za-z]*cite\w*|<\/?cite\b|\{\{\s*cite\b"
    rf"|(?<![\w-])P\d+(?:\s?\.\s?\d+)?\b|(?<![\w-])p\d+\.\d+\b|{_OPEN}\s*[Pp]\s?\d+\b[^\])】⟧]{{0,30}}{_CLOSE}"  # ids of a prompt
    rf"|[\[【⟦]\s*\^?\d[\d\s,;–-]*(?:†[^\]】]*)?[\]】⟧]|\[\^[^\]]*\]"  # numbered references and footnotes
    r"|\bet\.?\s+al\b\.?|(?-i:\([A-Z][^()]{0,80}?,?\s(?:19|20)\d\d[a-z]?\))|\bibid\b"  # authors and years
    r"|\]\s?\([^)]*\)|\]\{[.#]|#ref-\w+"  # links of Markdown
    r"|\bhttps?:\S+|\bwww\.\S+|\b[\w-]+(?:\.[\w-]+)*\.(?:com?|org|net|io|ai|edu|dev|gov|app|me)/\S+|\b(?:doi|arxiv)\b\s?[:.]?\s?(?:org/)?\d\S*|\b10\.\d{4,}/\S+",
    re.I,
)
_BRACKETED = re.compile(r"(?<![\w\])])\[+([A-Za-z][\w:.+/-]*)\]+")
_WORD = re.compile(r"[\w:.+/-]+")
_SMALL_NUMBERS = re.compile("[⁽⁾₍₎]|(?<=[\\w.,;])[⁰¹²³⁴-⁹](?:[,⁻⁰¹²³⁴-⁹])*(?=[\\s.,;]|$)")


def check(claim: Claim, context: Context) -> Iterator[Finding]:
    if claim.is_quotation:
        return
    there = _folded(" ".join(_theirs(claim, context)))
    for mark in dict.fromkeys(marks(claim.text, context)):
        if mark.rstrip(".,;)") not in there:
            yield unsupported(
                "forged_citation", f"“{mark}” reads like a citation, and no cited paper has it", claim
            )


def marks(text: str, context: Context) -> Iterator[str]:
    """What reads like a citation in a text, folded."""
    line = _folded(text)
    yield from (match.group() for match in _MARKS.finditer(line))
    yield from (match.group() for match in _SMALL_NUMBERS.finditer(text))
    keys = {key.casefold() for key in context.papers}
    for match in _BRACKETED.finditer(line):
        if len(match[1]) > LONGEST_PLAIN or match[1].casefold() in keys:
            yield match.group()
    for match in _WORD.finditer(line):
        word = match.group().strip(".:/")
        is_bracketed = line[match.start() - 1 : match.start()] in ("(", "[") and match.start() > 0
        is_telling = len(word) > LONGEST_ORDINARY or any(char.isdigit() for char in word) or is_bracketed
        if word.casefold() in keys and is_telling:
            yield word


def without_marks(text: str) -> str:
    """A sentence that somebody copied out of a manuscript, without the citations in it."""
    bare = _MARKS.sub("", visible(text))
    return " ".join(re.sub(r"[\[(【]\s*[\])】]|\s+(?=[.,;:])", "", bare).split()) or text


def _theirs(claim: Claim, context: Context) -> Iterator[str]:
    for key in claim.citations:
        paper = context.papers[key]
        yield paper.text
        yield from (link for link in (paper.paper.link, *paper.paper.links) if link)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", visible(text))
