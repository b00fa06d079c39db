"""Labelled pairs for de-duplication: records of one work that differ, and works that look like one.

Everything is drawn from an explicit seed: the same papers and seed give the same pairs, and the pairs of one kind
do not depend on the others. Titles and abstracts are real, or made from lists of words; people, years, places and
ids are invented. Every record is read by the reader of its format, so that a pair is what the library meets.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import other_works
import same_works
from invented_records import (
    FAMILIES,
    Pair,
    Person,
    Record,
    Side,
    arxiv_id,
    base_papers,
    crew,
    doi,
    dress,
    named,
    paper_of,
    venue,
)

from agent.records import Paper
from agent.text.sentences import sentences

__all__ = ["KINDS_TO_MERGE", "KINDS_TO_SHOW", "NEGATIVE_KINDS", "OPEN_KINDS", "POSITIVE_KINDS", "Pair", "base_papers", "negatives", "positives",
           "two_records"]  # fmt: skip


def _kinds(fate: str) -> tuple[str, ...]:
    return tuple(kind for kind, (wanted, _, _) in same_works.KINDS.items() if wanted == fate)


KINDS_TO_MERGE, KINDS_TO_SHOW, OPEN_KINDS = map(
    _kinds, (same_works.MERGED, same_works.SHOWN, same_works.OPEN)
)
POSITIVE_KINDS = tuple(same_works.KINDS)
NEGATIVE_KINDS = tuple(other_works.KINDS)
IDS = frozenset({"doi", "arxiv_id", "ids", "url"})
WITHOUT_PEOPLE = 1 / 6  # of the records whose kind needs none


def positives(papers: Sequence[Paper], seed: int) -> list[Pair]:
    """For every paper and kind a pair that is one work; a kind that a title has no place for is left out."""
    pairs = []
    for kind in POSITIVE_KINDS:
        for number, paper in enumerate(papers):
            made = two_records(Random(f"{seed} {kind} {number}"), paper, kind)
            if made:
                pairs.append(Pair(paper_of(made[0]), paper_of(made[1]), kind, is_same=True))
    return pairs


def two_records(
    rng: Random, paper: Paper, kind: str, families: Sequence[str] = FAMILIES
) -> tuple[Side, Side] | None:
    """Two records of a paper that differ as the kind says; None where its title has no place for that."""
    _, needs_people, make = same_works.KINDS[kind]
    people = crew(rng, families=families) if needs_people or rng.random() > WITHOUT_PEOPLE else []
    made = make(rng, dress(rng, paper, people), people)
    return _with_ids_apart(rng, *made) if made else None


def negatives(papers: Sequence[Paper], seed: int, count: int) -> list[Pair]:
    """`count` pairs of two works, the kinds in turn."""
    pairs = []
    for number in range(count):
        kind = NEGATIVE_KINDS[number % len(NEGATIVE_KINDS)]
        rng = Random(f"{seed} {kind} {number}")
        one, other = _records(rng, papers, other_works.KINDS[kind](rng, papers))
        pairs.append(Pair(paper_of(one), paper_of(other), kind, is_same=False))
    return pairs


def _with_ids_apart(rng: Random, one: Side, other: Side) -> tuple[Side, Side]:
    """Ids that decide nothing: none, one, or the preprint's here and the publication's there."""
    if not isinstance(one, dict) or not isinstance(other, dict) or IDS & (one.keys() | other.keys()):
        return one, other
    ways: tuple[tuple[Record, Record], ...] = (
        ({}, {}),
        ({"doi": doi(rng)}, {}),
        ({"arxiv_id": arxiv_id(rng, one.get("year"))}, {"doi": doi(rng)}),
    )
    here, there = rng.choice(ways)
    return {**one, **here}, {**other, **there}


def _records(rng: Random, papers: Sequence[Paper], twins: other_works.Twins) -> tuple[Record, Record]:
    """Two records with the titles of the twins, and all else as the twins have it."""
    people = crew(rng)
    others = people if twins.people == "same" else crew(rng, apart_from=people)
    year = rng.randint(2008, 2018)
    later = year + {"same": 0, "next": rng.choice([0, 1, 2]), "apart": rng.randint(3, 7)}[twins.years]
    if twins.titles[0] == twins.titles[1] and twins.years == "next":
        later = max(later, year + 1)
    place = venue(rng)
    texts = _abstracts(rng, papers, twins)
    sides = [
        {"title": title, "abstract": text, "venue": rng.choice([place, None]), **_said(group, at), **more}
        for title, text, group, at, more in zip(
            twins.titles, texts, (people, others), (year, later), twins.more, strict=True
        )
    ]
    if not twins.needs_people and rng.random() < WITHOUT_PEOPLE:
        for side in sides:
            del side["authors"]
    return _with_two_ids(rng, sides[0], sides[1])


def _said(people: Sequence[Person], year: int) -> Record:
    return {"authors": named(people), "year": year}


def _abstracts(
    rng: Random, papers: Sequence[Paper], twins: other_works.Twins
) -> tuple[str | None, str | None]:
    first, second = (paper.abstract_original or "" for paper in rng.sample(list(papers), 2))
    if twins.texts == "none" or (rng.random() < 0.2 and twins.texts != "one"):
        return None, None
    if twins.texts == "close":
        told = sentences(first)
        second = " ".join([*told[:-1], sentences(second)[-1]])
    elif twins.texts == "group":
        second = " ".join([sentences(first)[0], *sentences(second)[1:]])
    return first, None if twins.texts == "one" else second


def _with_two_ids(rng: Random, one: Record, other: Record) -> tuple[Record, Record]:
    """None, one, or two of a kind: two thirds of the pairs are told apart by no id."""
    roll = rng.random()
    if roll < 0.33:
        return {**one, "doi": doi(rng)}, {**other, "doi": doi(rng)}
    if roll < 0.45:
        return {**one, "arxiv_id": arxiv_id(rng, one["year"])}, {**other, "doi": doi(rng)}
    return ({**one, "doi": doi(rng)}, other) if roll < 0.6 else (one, other)
