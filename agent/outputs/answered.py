"""What every rendering of an answer asks of it: its paragraphs, and which papers it cites in which order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from agent.outputs.claims_markdown import Layout
from agent.records import Answer, Claim, Evidence, Near, Paper, Passage


@dataclass(frozen=True)
class Stretch:
    """Claims that are read together: running text, or one entry a paper."""

    claims: tuple[Claim, ...]
    layout: Layout


def stretches(answer: Answer) -> Iterator[Stretch]:
    """The paragraphs of an answer, by the ids of its claims: `answer.p1.c2` is of the first.

    Paragraphs that only quote one paper each become one list of entries.
    """
    paragraphs = [tuple(claims) for _, claims in groupby(answer.claims, _paragraph)]
    for is_entries, those in groupby(paragraphs, _quotes):
        if is_entries:
            yield Stretch(tuple(claim for claims in those for claim in claims), "entries")
        else:
            yield from (Stretch(claims, "prose") for claims in those)


def cited_keys(answer: Answer) -> list[str]:
    """The papers that an answer cites, in the order in which a reader meets them."""
    keys = [key for claim in answer.claims for key in led_to(claim)]
    keys += [row.key for table in answer.tables for row in table.rows]
    return list(dict.fromkeys(keys))


def nearest(answer: Answer) -> list[Near]:
    """The papers to look at where a question is not plainly answered, without those that are cited or told of.

    There is none where it is about something else than the papers.
    """
    if answer.status == "answered" or answer.reason in ("false_premise", "off_topic"):
        return []
    cited, told = cited_keys(answer), f"{answer.explanation} {answer.would_settle or ''}"
    return [
        near
        for near in answer.nearest
        if near.key not in cited and f"“{near.title}” ({near.key})" not in told
    ]


def led_to(claim: Claim) -> tuple[str, ...]:
    """The papers that a claim leads to: a gap leads to what comes nearest."""
    return claim.citations or ((claim.near.key,) if claim.near else ())


def retracted(papers: Iterable[Paper]) -> list[str]:
    """The keys of those papers that were retracted."""
    return [paper.key for paper in papers if paper.retracted]


def by_paper(
    sentences: Iterable[Passage] | Iterable[Evidence],
) -> list[tuple[str, Sequence[Passage | Evidence]]]:
    """Sentences under their papers, both in the order in which they come."""
    found: dict[str, list[Passage | Evidence]] = {}
    for sentence in sentences:
        found.setdefault(sentence.key, []).append(sentence)
    return list(found.items())


def _paragraph(claim: Claim) -> str:
    return claim.id.rpartition(".")[0]


def _quotes(claims: Sequence[Claim]) -> bool:
    return all(claim.is_quotation and len(claim.citations) == 1 for claim in claims)
