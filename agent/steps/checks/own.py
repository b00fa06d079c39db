"""A sentence of our own states nothing about a paper: no figure, no method's name.

It may count our papers, and it may use a term that the theme is called by or that several papers share, or an
abbreviation (FID, RLHF) that is no paper's own name, so that it can be explained.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from agent.records import Claim, Evidence
from agent.steps.checks.context import Context, Finding, unsupported
from agent.text.figures import Figure, figures
from agent.text.names import fold_name, names
from agent.text.numerals import SHARE, plain, spelled
from agent.text.tokens import content_words

_COMPARED = re.compile(r"[=<>≥≤≈~±]\s?$")  # `T ≥ 5` counts nothing
_NAMED = re.compile(r"([A-Z][\w-]*)\s$")
SHARED_BY = 2
FEWEST_WORDS = 5  # of substance that a sentence of ours needs to be taken for a paper's
MOST_SHARED = 0.7  # of its words in one sentence of a paper; sentences of ours that hold have up to 0.55


def check(claim: Claim, context: Context) -> Iterator[Finding]:
    for figure in counted_out(claim, context):
        yield unsupported("figure_in_own", f"{figure.text}: a sentence of our own states no figure", claim)
    if found := _said_by(claim, context):
        said = f"sentence {found.sentence} of {found.key} says this: a fact that cites nothing"
        yield unsupported("own_states", said, claim)
    for name in dict.fromkeys(names(claim.text)):
        folded = fold_name(name)
        if folded in context.heading_names or context.name_spread.get(folded, 0) >= SHARED_BY:
            continue
        is_term = folded in context.name_spread and _is_abbreviation(name)
        if folded in context.own_names or not is_term:
            yield unsupported("name_in_own", f"{name}: a sentence of our own names no single method", claim)


def _said_by(claim: Claim, context: Context) -> Evidence | None:
    """The sentence of a paper that a sentence of ours says again."""
    said = frozenset(content_words(claim.text))
    if context.is_translated or len(said) < FEWEST_WORDS:
        return None
    near = (paper for paper in context.papers.values() if len(said & paper.words) > MOST_SHARED * len(said))
    shared = (
        (one, len(said & frozenset(content_words(one.text)))) for paper in near for one in paper.sentences
    )
    return next((one for one, count in shared if count > MOST_SHARED * len(said)), None)


def counted_out(claim: Claim, context: Context) -> Iterator[Figure]:
    """The figures of a claim, in digits or words, that can be no count of our papers."""
    line = plain(claim.text)
    for figure in figures(line):
        is_small = all(value == int(value) <= context.most_counted for value in figure.values)
        is_count = not (figure.unit or _COMPARED.search(line, 0, figure.start))
        name = _NAMED.search(line, 0, figure.start)
        if name and any(f"{name[1]} {figure.text}" in paper.text for paper in context.papers.values()):
            continue  # the 2 of `SimpleSpeech 2`
        if not (is_count and is_small):
            yield figure
    # In words, counts, fractions and bits are said to explain a term.
    yield from (figure for figure in spelled(line) if figure.unit not in ("", SHARE, "bit"))


def _is_abbreviation(name: str) -> bool:
    """Capitals with hardly anything else, such as FID or SSMs."""
    return sum(char.isupper() for char in name) >= 2 and sum(char.islower() for char in name) <= 1
