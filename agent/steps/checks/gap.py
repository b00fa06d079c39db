"""What a gap says is absent stands in none of the papers it is about."""

from __future__ import annotations

from collections.abc import Iterator

from agent.records import Claim
from agent.steps.checks.context import Context, Finding, unsupported, weak
from agent.steps.checks.own import counted_out
from agent.text.names import fold_name, names
from agent.text.numbered import NumberedPaper
from agent.text.polarity import denies
from agent.text.tokens import stands_in, stem, words

MOST_PHRASES = 10  # that are looked for; asked for are one to four
LONGEST_PHRASE = 100  # characters


def check(claim: Claim, context: Context) -> Iterator[Finding]:
    if len(claim.absent) > MOST_PHRASES or any(len(phrase) > LONGEST_PHRASE for phrase in claim.absent):
        yield unsupported("long_absent_words", "one to four short phrases are looked for", claim)
        return
    for phrase in claim.absent:
        if not words(phrase):
            yield unsupported("empty_absent_words", "an empty phrase is absent from nothing", claim)
        for key in claim.scope:
            if (number := _found(phrase, context.papers[key])) is not None:
                yield unsupported("not_absent", f"“{phrase}” stands in {key}, sentence {number}", claim)
                break
    said = set(_stems(claim.text))
    if (
        claim.absent
        and not context.is_translated
        and not any(set(_stems(phrase)) & said for phrase in claim.absent)
    ):
        yield weak("gap_not_about_words", "the claim does not speak of the words that were looked for", claim)
    for figure in counted_out(claim, context):
        yield unsupported("figure_in_gap", f"{figure.text}: a gap states no figure", claim)
    if not (context.is_translated or denies(claim.text)):
        yield weak("gap_denies_nothing", "the claim does not say that anything is absent", claim)
    for name in names(claim.text):
        if fold_name(name) not in context.name_spread and not _is_absent(name, claim):
            yield weak("unknown_name", f"{name} stands in none of the papers", claim)


def _found(phrase: str, paper: NumberedPaper) -> int | None:
    return next((n for n, sentence in enumerate(paper.sentences) if stands_in(phrase, sentence.text)), None)


def _stems(text: str) -> list[str]:
    return [stem(word) for word in words(text)]


def _is_absent(name: str, claim: Claim) -> bool:
    return any(name.casefold() in phrase.casefold() for phrase in claim.absent)
