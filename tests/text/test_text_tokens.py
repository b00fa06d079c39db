"""Words for counting and their ranking."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from text_cases import FIXED

from agent.text.ranking import BM25
from agent.text.tokens import content_words, fold_title, runs, stem, terms, words

DOCUMENTS = st.lists(st.lists(st.sampled_from("abcdef"), max_size=8), max_size=8)


@pytest.mark.parametrize(
    ("plural", "singular"),
    [
        ("models", "model"),
        ("studies", "study"),
        ("classes", "class"),
        ("batches", "batch"),
        ("boxes", "box"),
        ("weights", "weight"),
        ("queries", "query"),
        ("losses", "loss"),
        ("meshes", "mesh"),
        ("caches", "cache"),
        ("sizes", "size"),
        ("biases", "bias"),
    ],
)
def test_a_plural_counts_as_its_singular(plural: str, singular: str) -> None:
    """A word and its English plural have one stem."""
    assert stem(plural) == stem(singular)


@pytest.mark.parametrize("word", ["loss", "bus", "basis", "analysis", "process", "gas", "axis", "is"])
def test_an_s_that_is_no_plural_stays(word: str) -> None:
    """A word that ends in s in the singular keeps it."""
    assert stem(word) == word


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The KV-cache of LLMs", ["kv", "cach", "llm"]),
        ("2 of 10 models in 2024", ["model"]),
        ("it is what we do", []),
        ("the model's size", ["model", "siz"]),
        ("", []),
    ],
)
def test_content_words_carry_meaning(text: str, expected: list[str]) -> None:
    """Stop words, digits and endings are left out; hyphens part words."""
    assert content_words(text) == expected


def test_words_are_all_words_in_lower_case() -> None:
    """Stop words and numbers are words too, and hyphens split."""
    assert words("The KV-cache is 3D, isn't it?") == ["the", "kv", "cache", "is", "3d", "isn", "t", "it"]


def test_terms_cross_no_boundary() -> None:
    """Pairs are made of words that stand side by side, with no mark and no stop word between them."""
    assert list(runs("Sparse attention, low-rank models of caching")) == [
        ["spars", "attention"],
        ["low", "rank", "model"],
        ["caching"],
    ]
    assert terms(runs("sparse attention, of rank")) == ["spars", "attention", "spars attention", "rank"]


@FIXED
@given(
    st.lists(
        st.sampled_from(["the", "models", ",", "KV", "7", "of", "low-rank", ".", "x", "GPT-4o", "(fast)"])
    )
)
def test_runs_are_the_content_words_in_order(pieces: list[str]) -> None:
    """No content word is lost between runs, and nothing else is in them."""
    text = " ".join(pieces)
    assert [word for run in runs(text) for word in run] == content_words(text)
    assert all(run for run in runs(text))


@pytest.mark.parametrize(
    ("title", "other", "same"),
    [
        ("KV-Cache Compression", "kv cache compression", True),
        ("KV Cache  Compression!", "KVCache Compression", True),
        ("Straße", "STRASSE", True),
        ("A: B?", "a b", True),
        ("Part 1", "Part 2", False),
        ("模型", "模型量化", False),
        ("Attention", "Attentions", False),
    ],
)
def test_titles_are_the_same_but_for_their_writing(title: str, other: str, same: bool) -> None:
    """Case, hyphens, spaces and signs do not make another title."""
    assert (fold_title(title) == fold_title(other)) is same


def test_the_obvious_document_ranks_first() -> None:
    """The document that is about the query comes before those that touch it, and others score nothing."""
    documents = [
        content_words("Diffusion models draw images in many steps"),
        content_words("We quantize the KV cache; a smaller KV cache makes LLMs faster"),
        content_words(
            "Serving LLMs with a cache of prompts, and many other things besides that do not matter"
        ),
    ]
    scores = BM25(documents).scores(content_words("KV cache"))
    assert scores[1] > scores[2] > scores[0] == 0


def test_a_rare_word_tells_more() -> None:
    """A word of one document weighs more than a word of all, and an unknown word nothing."""
    ranking = BM25([["cache", "kv"], ["cache"], ["cache", "image"]])
    assert ranking.idf("kv") == ranking.idf("image") > ranking.idf("cache") > 0
    assert ranking.idf("audio") == 0


def test_a_shorter_document_with_the_same_word_ranks_higher() -> None:
    """The same count in fewer words says more."""
    short, long = BM25([["cache", "kv"], ["cache", "a", "b", "c", "d", "e"]]).scores(["cache"])
    assert short > long


@FIXED
@given(DOCUMENTS, st.lists(st.sampled_from("abcdefgh"), max_size=5))
def test_a_score_is_positive_exactly_where_a_word_stands(
    documents: list[list[str]], query: list[str]
) -> None:
    """One score a document; 0 where no word of the query stands, more than 0 where one does."""
    scores = BM25(documents).scores(query)
    assert [score > 0 for score in scores] == [bool(set(query) & set(document)) for document in documents]
    assert all(score >= 0 for score in scores)


@FIXED
@given(DOCUMENTS, st.lists(st.sampled_from("abcdefgh"), max_size=5))
def test_saying_a_word_twice_asks_no_more(documents: list[list[str]], query: list[str]) -> None:
    """Neither order nor repetition in the query changes a score."""
    ranking = BM25(documents)
    assert ranking.scores(query) == ranking.scores([*reversed(query), *query])
