"""Sentences and their numbers: spans that lose nothing, and evidence that is verbatim."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from text_cases import FIXED, paper_of, read_cases

from agent.text.clean import clean
from agent.text.numbered import Corpus, number_sentences
from agent.text.sentences import sentences, split_sentences

PIECES = [
    ". ", ".", "? ", "! ", "… ", "... ", "etc.", "e.g. ", "al. ", "We ", "we ", "The ", "A. ", "1. ",
    "(1) ", ")", "]", '" ', "”", "word", "Word ", "www.a.b", "https://a.org/c. ", " ",
    "\n", "\u3000", "\x1c", "12", "3.5 ", "llama.cpp", "iOS ", ":", ";", "$", "-",
]  # fmt: skip
TEXT = st.one_of(st.text(), st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
OPENERS = st.sampled_from(
    ["We", "The", "However,", "Experiments", "KIVI", "vLLM", "3D", "Code", "In", "“Fast”"]
)
WORDS = st.sampled_from(
    ["model", "reaches", "2.5x", "memory", "(KV)", "cache", "e.g. tokens", "GPT-3.5", "i.e., fast"]
)
LAST = st.sampled_from(["models", "caches", "throughput", "(LLMs)", "50%", "INT8", "2.31×", "tokens"])


@pytest.mark.parametrize(("text", "expected"), read_cases("sentences"))
def test_sentences_end_where_a_reader_ends_them(text: str, expected: str) -> None:
    """A real fragment is cut where a careful reader cut it, and nowhere else."""
    assert sentences(text) == expected.split(" || ")


@pytest.mark.parametrize(
    "text",
    [
        "Can it reason? yes, it can.",
        "See https://a.org/v2/readme.Html and more.",
        "Write to me@site3.Com now.",
        "Mr. Smith met J. Doe, cf. Fig. 2 and No. 5.",
        "No full stop at the end",
    ],
)
def test_a_mark_that_ends_nothing(text: str) -> None:
    """Marks in links, before lower case and after abbreviations end no sentence."""
    assert sentences(text) == [text]


@FIXED
@given(TEXT)
def test_spans_lose_only_white_space(text: str) -> None:
    """Spans stand in order, do not overlap, have no white space at their ends and leave out nothing else."""
    position = 0
    for start, end in split_sentences(text):
        piece = text[start:end]
        assert position <= start < end <= len(text)
        assert piece == piece.strip() != ""
        assert text[position:start].strip() == ""
        position = end
    assert text[position:].strip() == ""


@FIXED
@given(TEXT)
def test_sentences_are_the_texts_of_their_spans(text: str) -> None:
    """The strings are what stands at the spans."""
    assert sentences(text) == [text[start:end] for start, end in split_sentences(text)]


@FIXED
@given(st.lists(st.tuples(OPENERS, st.lists(WORDS, max_size=5), LAST), min_size=1, max_size=6))
def test_sentences_that_were_joined_are_found_again(parts: list[tuple[str, list[str], str]]) -> None:
    """Ordinary sentences, joined by spaces, come back one by one."""
    written = [" ".join([opener, *words, last]) + "." for opener, words, last in parts]
    assert sentences(" ".join(written)) == written


@FIXED
@given(TEXT, st.one_of(st.none(), TEXT))
def test_evidence_is_verbatim(title: str, abstract: str | None) -> None:
    """The text of every numbered sentence stands at its place in its part."""
    paper = paper_of(title, abstract)
    numbered = number_sentences(paper)
    for evidence in numbered.sentences:
        assert evidence.text == paper.texts.part(evidence.part)[evidence.start : evidence.end]
        assert evidence.key == paper.key
    assert numbered.sentences[0].text == title
    assert [evidence.sentence for evidence in numbered.sentences] == list(range(len(numbered.sentences)))
    assert [evidence.part for evidence in numbered.sentences[1:]] == ["abstract"] * (
        len(numbered.sentences) - 1
    )


@pytest.mark.parametrize(
    ("abstract", "expected"),
    [(None, False), ("", False), ("  \n ", False), ("One.", True), ("without a stop", True)],
)
def test_a_paper_knows_whether_it_has_an_abstract(abstract: str | None, expected: bool) -> None:
    """An abstract of white space is none."""
    assert number_sentences(paper_of("A title", abstract)).is_readable is expected


def test_a_title_is_never_split() -> None:
    """A title is one sentence, whatever marks stand in it."""
    title = "Can Models Reason? Yes. A Study"
    assert [e.text for e in number_sentences(paper_of(title, "It can.")).sentences] == [title, "It can."]


def test_the_words_and_names_of_a_paper_are_those_of_title_and_abstract() -> None:
    """What a paper says in its title counts as much as what its abstract says."""
    paper = number_sentences(paper_of("KIVI makes caches 2x smaller", "It runs LLMs by 2.49times faster."))
    assert {"smaller", "faster"} <= paper.words
    assert paper.names == {"kivi", "llm"}


def test_a_corpus_stands_in_order_of_title() -> None:
    """Papers come by title without regard to case, are found by key, and come in the order asked for."""
    corpus = Corpus([paper_of("beta", key="1"), paper_of("Gamma", key="2"), paper_of("Alpha", key="3")])
    assert corpus.keys == ("3", "1", "2")
    assert [paper.key for paper in corpus] == ["3", "1", "2"]
    assert [paper.key for paper in corpus.some(["2", "3"])] == ["2", "3"]
    assert len(corpus) == 3
    assert "2" in corpus and "4" not in corpus
    assert corpus["1"].paper.title == "beta"


def test_cleaning_does_not_join_sentences() -> None:
    """Cleaned residue at the end of a sentence still ends it."""
    text = clean(r"It saves 50\%. We find 2.5times. See ``it.'' The code is at https://a.org/b. More follows")
    assert len(sentences(text)) == 5
