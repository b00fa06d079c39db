"""How near a paper is to a question: halves that add up, one scale, and no score that rests on order."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.records import Body, Paper, Texts
from agent.text.ranking import BM25
from agent.text.retrieval import (
    MOST_SENTENCES,
    Collected,
    Counted,
    Lines,
    Scored,
    Scoring,
    count_words,
    searchable,
    sought_words,
)
from agent.text.tokens import content_words

WORDS = ["bolt", "hum", "ice", "well", "rope"]
SENTENCE = st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join)
TEXTS = st.tuples(SENTENCE, st.lists(SENTENCE, max_size=4), st.lists(SENTENCE, max_size=4))
PILE = st.lists(TEXTS, min_size=1, max_size=6)


def lines(title: str, abstract: Sequence[str] = (), inside: Sequence[str] = ()) -> Lines:
    def said(sentences: Sequence[str]) -> str:
        return "".join("".join(f" {word} " for word in one.split()) + "\n" for one in sentences)

    return Lines(said([title]), said(abstract), said(inside))


def gathered(pile: Sequence[Lines], words: Sequence[str]) -> tuple[list[Counted], Collected]:
    """The papers of a pile, counted, and all that is in them."""
    counted = [count_words(f"p{number}", words, one) for number, one in enumerate(pile)]
    return counted, Collected(
        size=len(pile),
        bodies=sum(bool(one.body) for one in pile),
        opening_length=sum(one.opening_length for one in counted),
        body_length=sum(one.body_length for one in counted),
        stems=sum(sum(one.lengths) for one in pile),
        sentences=sum(len(one.sentences) for one in pile),
        found={word: sum(word in one for one in counted) for word in words},
    )


def scored(pile: Sequence[Lines], *forms: Sequence[str]) -> list[Scored]:
    counted, collected = gathered(pile, [word for form in forms for word in form])
    scoring = Scoring(forms, collected)
    return [scoring.score(one, text.sentences) for one, text in zip(counted, pile, strict=True)]


def test_without_whole_texts_the_paper_score_is_bm25() -> None:
    """Divided by what a paper full of the question's words would have, and nothing else."""
    pile = [lines("ice well", ["hum bolt bolt", "rope"]), lines("bolt", ["ice ice hum"]), lines("rope rope")]
    query = ["bolt", "ice", "hum"]
    documents = [[*one.title.split() * 2, *one.abstract.split()] for one in pile]
    bm25 = BM25(documents)
    full = 2.2 * math.fsum(bm25.idf(word) for word in query)
    for one, plain in zip(scored(pile, query), bm25.scores(query), strict=True):
        assert math.isclose(one.paper_score, plain / full, abs_tol=1e-12)


@settings(derandomize=True, database=None, deadline=None, max_examples=50)
@given(pile=PILE, query=st.lists(st.sampled_from([*WORDS, "unseen"]), min_size=1, unique=True))
def test_scores_add_up(pile: Sequence[tuple[str, list[str], list[str]]], query: list[str]) -> None:
    """Between 0 and 1, the mean of both halves, the sum of what each word adds; the best sentences first."""
    papers = [lines(*one) for one in pile]
    for one, text in zip(scored(papers, query), papers, strict=True):
        assert 0 <= one.score < 1
        assert math.isclose(one.score, (one.paper_score + one.sentence_score) / 2)
        assert math.isclose(one.score, math.fsum(one.words.values()), abs_tol=1e-12)
        having = [n for n, line in enumerate(text.sentences) if set(line.split()) & set(query)]
        assert len(one.sentences) == min(MOST_SENTENCES, len(having))
        assert list(one.sentences) == sorted(one.sentences, key=lambda found: (-found[1], found[0]))
        assert (one.sentences[0][1] if having else 0.0) == one.score
        assert list(one.words) == [
            word for word in query if any(word in text.sentences[n].split() for n in having)
        ]


@settings(derandomize=True, database=None, deadline=None, max_examples=50)
@given(pile=PILE, query=st.permutations(WORDS), turn=st.randoms(use_true_random=False))
def test_no_order_changes_a_score(
    pile: Sequence[tuple[str, list[str], list[str]]], query: list[str], turn: random.Random
) -> None:
    papers = [lines(*one) for one in pile]
    numbers = list(range(len(papers)))
    turn.shuffle(numbers)
    straight = scored(papers, query[:3])
    turned = scored([papers[number] for number in numbers], query[2::-1])
    for place, number in enumerate(numbers):
        assert straight[number].score == turned[place].score
        assert straight[number].sentences == turned[place].sentences


@settings(derandomize=True, database=None, deadline=None, max_examples=50)
@given(pile=PILE, form=st.permutations(WORDS), other=st.permutations(WORDS))
def test_a_score_of_forms_is_their_mean(
    pile: Sequence[tuple[str, list[str], list[str]]], form: list[str], other: list[str]
) -> None:
    papers = [lines(*one) for one in pile]
    both = scored(papers, form[:2], other[:3])
    for one, left, right in zip(both, scored(papers, form[:2]), scored(papers, other[:3]), strict=True):
        assert math.isclose(one.paper_score, (left.paper_score + right.paper_score) / 2, abs_tol=1e-12)
        assert one.sentence_score <= (left.sentence_score + right.sentence_score) / 2 + 1e-12


def test_a_whole_text_adds_and_never_takes() -> None:
    """A word of the whole text counts less than one of the abstract, and its length costs the abstract nothing."""
    short, rope = lines("bolt", ["ice hum"]), lines("well", ["hum rope"])
    long = lines("bolt", ["ice hum"], ["rope well"] * 40)
    plain, there, abstract = scored([short, long, rope], ["bolt", "rope"])
    assert there.words["bolt"] == plain.words["bolt"]
    assert there.words["rope"] > 0
    once = lines("bolt", ["ice hum"], ["rope well"])
    assert scored([once, rope], ["rope"])[0].paper_score < scored([once, rope], ["rope"])[1].paper_score
    assert abstract.score > 0


def test_what_is_unknown_lowers_every_score() -> None:
    pile = [lines("bolt", ["ice hum"]), lines("well")]
    assert scored(pile, ["bolt", "unseen"])[0].score < scored(pile, ["bolt"])[0].score / 2 + 0.1
    assert scored(pile, ["bolt", "unseen"])[0].score > 0


def test_no_question_and_no_papers_score_nothing() -> None:
    assert [one.score for one in scored([lines("bolt")], [])] == [0.0]
    assert scored([], ["bolt"]) == []


SOUGHT = [
    ("Which papers show how pruning works?", ("pruning",)),
    ("Which papers?", ("paper",)),
    ("the of and", ()),
    ("bolts, Bolt and BOLTS", ("bolt",)),
    ("", ()),
]


@pytest.mark.parametrize(("query", "words"), SOUGHT)
def test_a_query_is_searched_by_what_it_is_about(query: str, words: tuple[str, ...]) -> None:
    assert sought_words(query) == words


def test_a_paper_is_searched_sentence_by_sentence() -> None:
    """A line a sentence, also an empty one; places point at the very text; stems of all texts, running text only."""
    title, abstract = "Bolts: A Study of 12 Hums", "We hear 3. And so on? Old bridges hum."
    paper = Paper(key="p", title=title, title_original=title, texts=Texts(title=title, abstract=abstract))
    inside = Body(text="Ropes hold. Bells ring.\n\nTable 2: Ropes by age.\n\nAnchors too.", pages=(0, 25))
    found = searchable(paper, inside)
    parts = [title, *[abstract] * 3, *[inside.text] * 3]
    texts = [part[place.start : place.end] for part, place in zip(parts, found.places, strict=True)]
    assert texts == [
        title,
        "We hear 3.",
        "And so on?",
        "Old bridges hum.",
        "Ropes hold.",
        "Bells ring.",
        "Anchors too.",
    ]
    assert [line.split() for line in found.lines.sentences] == [content_words(text) for text in texts]
    assert [place.page for place in found.places] == [None] * 4 + [1, 1, 2]
    assert found.lines.lengths == (3, 4, 5)
    assert [name.written for name in found.names] == ["Bolts"]


def test_a_stem_is_counted_each_time_it_stands() -> None:
    """Also twice in a row, and never as a part of another."""
    counted = count_words(
        "p", ["hum", "bolt", "ice"], lines("hum", ["hum hum bolts"], ["bolt bolt bolt humbolt"])
    )
    assert (counted.opening, counted.body) == ({"hum": 4}, {"bolt": 3})
    assert (counted.opening_length, counted.body_length) == (5, 4)
