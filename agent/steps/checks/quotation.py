"""What stands in quotation marks stands so in the evidence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from agent.records import Claim, Evidence
from agent.steps.checks.context import Context, Finding, unsupported

FEWEST_WORDS = 4  # shorter ones are terms, not quotations
_QUOTED = re.compile(r"“([^“”]+)”|\"([^\"]+)\"")


def quotations(text: str) -> list[str]:
    """What stands in quotation marks, inner ones kept."""
    return [match.group(1) for match in re.finditer(r"“(.+?)”(?=; “|$)", text)]


def check(claim: Claim, context: Context) -> Iterator[Finding]:
    if claim.is_quotation:
        return
    stretches = list(_stretches(claim.evidence))
    for match in _QUOTED.finditer(claim.text):
        quoted = " ".join((match.group(1) or match.group(2)).split()).rstrip(".,;")
        if len(quoted.split()) >= FEWEST_WORDS and not any(quoted in stretch for stretch in stretches):
            yield unsupported("misquoted", f"“{quoted}” does not stand in the cited sentences", claim)


def _stretches(evidence: Sequence[Evidence]) -> Iterator[str]:
    """Each sentence, and sentences that follow each other in one paper."""
    ordered = sorted(evidence, key=lambda sentence: sentence.place)
    for number, first in enumerate(ordered):
        stretch = first
        texts = [" ".join(first.text.split())]
        yield texts[0]
        for following in ordered[number + 1 :]:
            if (following.key, following.part, following.sentence) != (
                stretch.key,
                stretch.part,
                stretch.sentence + 1,
            ):
                break
            texts.append(" ".join(following.text.split()))
            yield " ".join(texts)
            stretch = following
