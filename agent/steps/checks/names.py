"""A method's name in a claim stands in the evidence or belongs to a cited paper."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agent.records import Claim
from agent.steps.checks.context import Context, Finding, unsupported, weak
from agent.text.names import fold_name, head_of_title, is_name, names
from agent.text.numerals import plain
from agent.text.tokens import stands_in

COMMON = 0.2  # a name in so many of the papers is a term of the field, not one paper's own,
FEWEST = 3  # and in no fewer than this


def check(claim: Claim, context: Context) -> Iterator[Finding]:
    if claim.is_quotation:
        return
    evidence = " ".join(sentence.text for sentence in claim.evidence)
    known = {fold_name(name) for name in names(evidence)} | _initials(evidence)
    for key in claim.citations:
        known |= context.papers[key].names
    yield from _plain_heads(claim, context)
    for name in dict.fromkeys(names(plain(claim.text))):
        folded = fold_name(name)
        if folded in known:
            continue
        if _is_own_name_of_another(folded, claim, context):
            yield unsupported(
                "foreign_name", f"{name} is another paper's, which the claim does not cite", claim
            )
        elif _inside(folded, known) or any(
            stands_in(name, context.papers[key].text) for key in claim.citations
        ):
            continue
        elif folded not in context.name_spread and folded not in context.heading_names:
            yield unsupported("unknown_name", f"{name} stands in none of the papers", claim)
        elif context.name_spread.get(folded, 0) < max(FEWEST, COMMON * len(context.papers)):
            yield weak("name_elsewhere", f"{name} stands in no cited paper", claim)


def _plain_heads(claim: Claim, context: Context) -> Iterator[Finding]:
    """Works that go by an ordinary word with a capital, such as `Medusa`, in a claim that does not cite them."""
    for key, paper in context.papers.items():
        head = head_of_title(paper.paper.title)
        if key in claim.citations or not head or " " in head or is_name(head) or not head[0].isupper():
            continue
        is_said = re.search(rf"(?<![\w-]){re.escape(head)}(?![\w-])", claim.text)
        if is_said and not any(stands_in(head, context.papers[cited].text) for cited in claim.citations):
            yield unsupported(
                "foreign_name", f"{head} is another paper's, which the claim does not cite", claim
            )


def _initials(text: str) -> set[str]:
    """Acronyms that a text spells out: `large language models` gives `llm`."""
    words = [word.lower() for word in re.findall(r"[A-Za-z]+", text)]
    found = set()
    for length in (2, 3, 4, 5):
        for start in range(len(words) - length + 1):
            found.add("".join(word[0] for word in words[start : start + length]))
    return found


def _inside(folded: str, known: set[str]) -> bool:
    """`LLaMA-2-7B` is known where `LLaMA-2` is, and the other way round."""
    return len(folded) > 3 and any(folded in other or (len(other) > 3 and other in folded) for other in known)


def _is_own_name_of_another(folded: str, claim: Claim, context: Context) -> bool:
    for key, paper in context.papers.items():
        head = head_of_title(paper.paper.title)
        if head and fold_name(head) == folded and key not in claim.citations:
            return True
    return False
