"""A Hugging Face "Daily Papers" page, saved as text.

Blocks are joined by one blank line: a short header, a date without a year, then title and abstract in turn.
Nothing marks which is which, so blocks are paired by position and each pair is checked; what does not fit
is refused with its block's number and the pairing starts afresh behind it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from agent.records import Paper, Rejected
from agent.sources.build import make_paper
from agent.text.sentences import split_sentences

MARKS = ("byAK and the research community", "Get trending papers in your email inbox!")
HEADER = frozenset({"new", "subscribe", "daily papers", *(mark.lower() for mark in MARKS)})
LONGEST_TITLE = 300
_DATE = re.compile(r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.? \d{1,2}")
_BLANK = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")


def recognises(text: str) -> bool:
    """Whether a text opens like such a page."""
    return any(mark in text[:2000] for mark in MARKS)


def read(text: str) -> Iterator[Paper | Rejected]:
    """Every pair of the page as a paper, every block that fits nowhere as a rejection."""
    blocks = [
        (number, block)
        for number, block in enumerate(_blocks(text), start=1)
        if block.lower() not in HEADER and not _DATE.fullmatch(block)
    ]
    if not blocks:
        yield Rejected(position="file", reason="a page with a header and no papers")
    index = 0
    while index < len(blocks):
        number, block = blocks[index]
        following = [text for _, text in blocks[index + 1 : index + 3]]
        reason = _misfit(block, following)
        if reason:
            yield Rejected(position=f"block {number}", reason=reason, title=_shortened(block))
            index += 1
        else:
            yield make_paper(block, following[0], f"block {number}")
            index += 2


def _blocks(text: str) -> list[str]:
    return [block.strip() for block in _BLANK.split(text.strip()) if block.strip()]


def _misfit(block: str, following: list[str]) -> str | None:
    if looks_like_abstract(block):
        return "a text where a title is expected: its title seems to be missing"
    if _ends_like_abstract(block) and len(following) > 1 and not _ends_like_abstract(following[0]):
        return "a text where a title is expected: its title seems to be missing"
    if not following:
        return "the last block is a title without an abstract"
    if len(following) > 1 and _looks_like_title(following[0]) and looks_like_abstract(following[1]):
        return "a title without an abstract: the next block is a title too"
    return None


def _ends_like_abstract(block: str) -> bool:
    return block.endswith(".") and len(block.split()) > 3


def looks_like_abstract(block: str) -> bool:
    """Long, or several sentences."""
    return len(block) > LONGEST_TITLE or (len(block) > 120 and len(split_sentences(block)) > 2)


def _looks_like_title(block: str) -> bool:
    return len(block) <= LONGEST_TITLE and len(block.split()) <= 30 and not block.rstrip().endswith(".")


def _shortened(block: str) -> str:
    return block if len(block) <= 120 else block[:119].rstrip() + "…"
