"""How long a survey becomes, and who gets how much of it."""

from __future__ import annotations

import math
from collections.abc import Sequence

A_PAPER = 170  # words of prose that one paper is good for, where there are few
GROWTH = 330  # times the root of the papers: many papers share paragraphs
FRAME_SHARE = 0.15  # of the whole, for introduction, comparison and outlook
FRAME_LEAST, FRAME_MOST = 150, 700
LEAST = 60  # words below which a section says nothing
TOO_LONG, TOO_SHORT = 1.35, 0.5  # times what was asked


def usual_words(papers: int) -> int:
    """Words for a section of so many papers: six get 810, thirty get 1,810."""
    return _rounded(min(A_PAPER * papers, GROWTH * math.sqrt(papers)))


def section_words(sizes: Sequence[int], whole: int | None) -> list[int]:
    """Words for each section by its number of papers; `whole` is what the user asks of the whole survey."""
    usual = [usual_words(size) for size in sizes]
    if whole is None or not usual:
        return usual
    rest = whole - frame_words(sizes, whole)
    return [max(LEAST, _rounded(rest * share / math.fsum(usual))) for share in usual]


def frame_words(sizes: Sequence[int], whole: int | None) -> int:
    """Words for what stands round the sections."""
    if whole is not None:
        return max(LEAST, _rounded(whole * FRAME_SHARE))
    share = FRAME_SHARE * math.fsum(usual_words(size) for size in sizes)
    return _rounded(min(FRAME_MOST, max(FRAME_LEAST, share)))


def _rounded(words: float) -> int:
    return max(10, 10 * round(words / 10))
