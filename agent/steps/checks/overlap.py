"""A claim shares its words with its evidence, and no other paper's sentence fits far better."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

from agent.records import Claim, Evidence
from agent.steps.checks.context import Context, Finding, unsupported, weak
from agent.text.tokens import content_words

LEAST_SHARE = 0.2
FAR_BETTER = 1.6  # times the own share before a swap is suspected
WELL_COVERED = 0.6  # with so much of its words in the evidence, nobody suspects a swap


def check(claim: Claim, context: Context) -> Iterator[Finding]:
    words = frozenset(content_words(claim.text))
    if context.is_translated or not words or not claim.evidence or claim.is_quotation:
        return
    own = _share(words, [*claim.evidence], context)
    if own == 0:
        yield unsupported("no_shared_words", "shares no word of substance with the cited sentences", claim)
        return
    if own < LEAST_SHARE:
        yield weak("few_shared_words", "shares hardly a word of substance with the cited sentences", claim)
    if own < WELL_COVERED and (other := _best_other(words, claim, context)):
        share, evidence = other
        if share > FAR_BETTER * own:
            said = f"sentence {evidence.sentence} of {evidence.key} fits far better: a swap is suspected"
            yield weak("swap_suspected", said, claim)


def _best_other(words: frozenset[str], claim: Claim, context: Context) -> tuple[float, Evidence] | None:
    others = (
        (_share(words, [sentence], context), sentence)
        for key, paper in context.papers.items()
        if key not in claim.citations and words & paper.words
        for sentence in paper.sentences
    )
    return max(others, key=lambda pair: (pair[0], pair[1].place), default=None)


def _share(words: frozenset[str], evidence: Iterable[Evidence], context: Context) -> float:
    """The share of the claim's words that the evidence has, rare words counting more."""
    there = {word for sentence in evidence for word in content_words(sentence.text)}
    weight = {word: _weight(word, context) for word in sorted(words)}
    total = math.fsum(weight.values())
    return math.fsum(weight[word] for word in sorted(words & there)) / total if total else 0.0


def _weight(word: str, context: Context) -> float:
    return math.log(1 + (len(context.papers) + 1) / (context.word_spread.get(word, 0) + 1))
