"""Grouping and naming: every paper in one group, the same groups anywhere, each with a name of its own."""

from __future__ import annotations

import math
import os
import subprocess
import sys
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from text_cases import FIXED, ROOT, SLOW, paper_of

from agent.text.grouping import Graph, cosine, group, louvain, neighbourhood, weigh
from agent.text.naming import find_phrases, title_of
from agent.text.numbered import number_sentences
from agent.text.themes import NamedGroup, documents, name_groups, named_groups, usual_number
from agent.text.tokens import STOP_WORDS

VOCABULARY = ["kv", "cache", "image", "step", "draft", "token", "sparse", "prune", "weight", "audio"]
DOCUMENTS = st.lists(st.lists(st.sampled_from(VOCABULARY), max_size=8), max_size=10)
TITLE_WORDS = [
    "KV", "cache", "compression", "for", "the", "of", "with", "a", "LLMs", "speculative", "decoding",
    "draft", "models:", "sparse", "attention,", "diffusion", "image", "generation", "and", "towards",
    "efficient", "via", "fine-tuning", "low-rank", "adaptation", "on", "in", "survey", "pruning", "3D",
    "GPT-4o",
]  # fmt: skip
TITLES = st.lists(st.sampled_from(TITLE_WORDS), min_size=1, max_size=8).map(" ".join)
TOPICS = {
    "KV cache compression": [
        "KV cache compression by eviction",
        "Better KV cache compression",
        "KV cache compression",
    ],
    "Speculative decoding": [
        "Speculative decoding with drafts",
        "Fast speculative decoding",
        "Speculative decoding",
    ],
}
OTHERS = [
    "Image diffusion", "Speech recognition", "Weight pruning", "Graph transformers", "Protein folding",
    "Tensor compilers", "Prompt tuning", "Token merging",
]  # fmt: skip
SCRIPT = """
from agent.sources import find_sources, read_source
from agent.text.grouping import louvain
from agent.text.numbered import Corpus
from agent.text.themes import named_groups
[source] = find_sources(["examples/papers.jsonl"])
corpus = Corpus(p.model_copy(update={"key": str(n)}) for n, p in enumerate(read_source(source)))
print(louvain([{(n - 1) % 31: 1.0, (n + 1) % 31: 1.0} for n in range(31)], 1.0))
for wanted in (2, 4, 7):
    for found in named_groups(list(corpus), wanted):
        print(wanted, found.title, [phrase.surface for phrase in found.phrases], found.members)
"""


def named(
    titles: Sequence[str], groups: Sequence[Sequence[int]], taken: Sequence[str] = ()
) -> list[NamedGroup]:
    """Names for groups of papers that have only titles."""
    return name_groups(find_phrases(titles, titles), groups, taken)


def cliques(*groups: list[int], joined: tuple[tuple[int, int, float], ...] = ()) -> Graph:
    """A graph in which the nodes of a group are all linked by 1, and the groups only by `joined`."""
    graph: Graph = [{} for _ in range(sum(len(members) for members in groups))]
    for members in groups:
        for node in members:
            graph[node].update({other: 1.0 for other in members if other != node})
    for left, right, weight in joined:
        graph[left][right] = graph[right][left] = weight
    return [dict(sorted(edges.items())) for edges in graph]


def communities(membership: list[int]) -> set[frozenset[int]]:
    """The groups of nodes that a membership tells."""
    return {frozenset(n for n, label in enumerate(membership) if label == one) for one in set(membership)}


@pytest.mark.parametrize(
    "groups",
    [([0, 1, 2, 3, 4], [5, 6, 7, 8, 9]), ([0, 2, 4, 6, 8], [1, 3, 5, 7, 9]), ([0, 1, 2], [3, 4, 5, 6, 7, 8])],
)
def test_two_cliques_are_two_communities(groups: tuple[list[int], list[int]]) -> None:
    """Two cliques with one link between them come apart, in whatever order their nodes stand."""
    graph = cliques(*groups, joined=((groups[0][-1], groups[1][0], 1.0),))
    assert communities(louvain(graph, 1.0)) == {frozenset(members) for members in groups}


def test_weights_tell_where_links_do_not() -> None:
    """Where every node is linked to every other, the heavy links make the communities."""
    graph: Graph = [{b: 1.0 if a % 2 == b % 2 else 0.1 for b in range(10) if b != a} for a in range(10)]
    assert communities(louvain(graph, 1.0)) == {frozenset(range(0, 10, 2)), frozenset(range(1, 10, 2))}


def test_a_ring_of_cliques_comes_apart_or_together_by_resolution() -> None:
    """A higher resolution finds the cliques, a lower one joins neighbours to larger communities."""
    groups = [list(range(4 * n, 4 * n + 4)) for n in range(6)]
    ring = cliques(*groups, joined=tuple((4 * n + 3, (4 * n + 4) % 24, 1.0) for n in range(6)))
    assert communities(louvain(ring, 1.0)) == {frozenset(members) for members in groups}
    joined = communities(louvain(ring, 0.3))
    assert 1 < len(joined) < 6
    assert all(any(set(members) <= one for one in joined) for members in groups)


@pytest.mark.parametrize("size", [0, 1, 3])
def test_nodes_without_links_stay_alone(size: int) -> None:
    """Where there is nothing to gain, every node is its own community."""
    assert louvain([{} for _ in range(size)], 1.0) == list(range(size))


@SLOW
@given(DOCUMENTS, st.integers(-2, 12))
def test_every_document_is_in_exactly_one_group(found: list[list[str]], wanted: int) -> None:
    """Groups cover all documents once, stand largest first, and are no more than wanted."""
    groups = group(neighbourhood(found), wanted)
    assert sorted(number for members in groups for number in members) == list(range(len(found)))
    assert [len(members) for members in groups] == sorted(map(len, groups), reverse=True)
    assert all(members == sorted(members) and members for members in groups)
    assert len(groups) <= max(1, wanted)


def test_two_subjects_are_two_groups() -> None:
    """Documents that share words stand together, apart from those that share others."""
    texts = [["kv", "cache"], ["image", "step"], ["kv", "cache", "sparse"], ["image", "step", "sparse"]]
    assert group(neighbourhood(texts), 2) == [[0, 2], [1, 3]]


@FIXED
@given(DOCUMENTS)
def test_vectors_have_length_one_and_the_nearest_are_nearest(found: list[list[str]]) -> None:
    """Vectors have length 1 or are empty; neighbours stand by falling cosine, without the paper itself."""
    space = neighbourhood(found)
    assert space.vectors == weigh(found)
    for number, vector in enumerate(space.vectors):
        assert not vector or math.isclose(cosine(vector, vector), 1.0)
        scores = [score for _, score in space.nearest[number]]
        assert scores == sorted(scores, reverse=True)
        assert number not in [other for other, _ in space.nearest[number]]
        for other, score in space.nearest[number]:
            assert math.isclose(score, cosine(vector, space.vectors[other]), abs_tol=1e-9)
        assert 0 <= space.closeness(number) <= 1 + 1e-9


def test_the_same_papers_give_the_same_groups_in_every_process() -> None:
    """The order in which a process happens to keep its sets and dicts changes neither groups nor names."""
    runs = [
        subprocess.run(
            [sys.executable, "-c", SCRIPT],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8"},
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=True,
        ).stdout
        for seed in ("0", "1", "2")
    ]
    assert runs[0] == runs[1] == runs[2]
    assert len(runs[0].splitlines()) >= 8


@FIXED
@given(st.lists(TITLES, min_size=1, max_size=8), st.data())
def test_phrases_come_from_titles_and_begin_and_end_with_content(
    titles: list[str], data: st.DataObject
) -> None:
    """A name is words that stand side by side in a title of the group, and neither end is a stop word."""
    members = data.draw(st.sets(st.integers(0, len(titles) - 1), min_size=1))
    for phrase in find_phrases(titles, titles).best(members):
        held = [
            titles[number] for number in members if phrase.surface.casefold() in titles[number].casefold()
        ]
        ends = phrase.surface.lower().split()
        assert held
        assert ends[0] not in STOP_WORDS and ends[-1] not in STOP_WORDS
        assert phrase.titles & members


def test_words_of_the_texts_alone_make_no_name() -> None:
    """A phrase that stands in every abstract and in no title names nothing."""
    titles = ["Sparse attention for transformers", "Sparse attention revisited"]
    found = find_phrases(titles, [f"{title}. Residual stream everywhere." for title in titles])
    assert ("residual", "stream") not in found.found
    assert [phrase.surface for phrase in found.best([0, 1])] == ["sparse attention"]


def test_a_group_is_named_after_what_its_titles_share() -> None:
    """Two plain subjects get their own subjects as names."""
    titles = [title for shared in TOPICS.values() for title in shared]
    found = named(titles, [[0, 1, 2], [3, 4, 5]])
    assert [one.title for one in found] == list(TOPICS)
    assert [one.members for one in found] == [(0, 1, 2), (3, 4, 5)]


def test_a_name_that_is_taken_is_not_given_again() -> None:
    """Neither a title that others have nor, in whatever case, one given a moment ago is given once more."""
    titles = [title for shared in TOPICS.values() for title in shared]
    found = named(titles, [[0, 1, 2], [3, 4, 5]], taken=["kv cache COMPRESSION"])
    assert found[0].title.lower() != "kv cache compression"
    assert found[1].title == "Speculative decoding"
    twins = ["Sparse attention", "Sparse attention", *OTHERS]
    alone = [one.title.lower() for one in named(twins, [[number] for number in range(len(twins))])]
    assert alone[0] == "sparse attention"
    assert len(set(alone)) == len(twins)


@pytest.mark.parametrize(
    ("surfaces", "title"),
    [
        (["KV cache"], "KV cache"),
        (["pruning"], "Pruning"),
        (["low-rank adaptation", "pruning"], "Low-rank adaptation and pruning"),
        (["vLLM serving"], "vLLM serving"),
        ([], ""),
    ],
)
def test_a_heading_is_made_of_phrases(surfaces: list[str], title: str) -> None:
    """A heading opens with a capital, unless a name opens it."""
    found = find_phrases(["KV cache", "Pruning", "Low-rank adaptation", "vLLM serving"], [])
    by_surface = {phrase.surface: phrase for phrase in found.found.values()}
    assert title_of([by_surface[surface] for surface in surfaces]) == title


@SLOW
@given(st.lists(st.tuples(TITLES, st.one_of(st.none(), TITLES)), max_size=10), st.data())
def test_no_two_groups_have_one_title(texts: list[tuple[str, str | None]], data: st.DataObject) -> None:
    """However papers are parted, and however alike they are, each group gets a title of its own."""
    papers = [
        number_sentences(paper_of(title, abstract, str(n))) for n, (title, abstract) in enumerate(texts)
    ]
    labels = data.draw(st.lists(st.integers(0, 4), min_size=len(papers), max_size=len(papers)))
    groups = [[n for n, label in enumerate(labels) if label == one] for one in dict.fromkeys(labels)]
    phrases = find_phrases([paper.paper.title for paper in papers], [paper.text for paper in papers])
    found = name_groups(phrases, groups)
    titles = [one.title.lower() for one in found]
    assert all(titles) and len(set(titles)) == len(titles)
    assert [list(one.members) for one in found] == groups


@SLOW
@given(st.lists(TITLES, max_size=10), st.integers(1, 6))
def test_named_groups_hold_every_paper_once(titles: list[str], wanted: int) -> None:
    """From papers to named groups nothing is lost and nothing doubled."""
    papers = [number_sentences(paper_of(title, key=str(n))) for n, title in enumerate(titles)]
    found = named_groups(papers, wanted)
    assert sorted(number for one in found for number in one.members) == list(range(len(papers)))
    assert len(documents(papers)) == len(papers)


@pytest.mark.parametrize(
    ("papers", "themes"),
    [(0, 1), (1, 1), (4, 1), (5, 2), (6, 3), (9, 3), (25, 5), (100, 10), (400, 15), (5000, 15)],
)
def test_how_many_themes_a_reader_expects(papers: int, themes: int) -> None:
    """About the square root of the number of papers, from 3 to 15; few papers make one or two."""
    assert usual_number(papers) == themes
