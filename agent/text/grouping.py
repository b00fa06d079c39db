"""Grouping papers by what they say: a nearest-neighbour graph and Louvain's method, in plain Python.

Weights are (1 + ln tf) × (ln((1 + n) / (1 + df)) + 1), vectors have length 1, terms of one paper are
dropped. Each paper is linked to its nearest by cosine; Louvain's method (Blondel et al., "Fast unfolding of
communities in large networks", 2008) cuts the graph, its resolution raised by tenths until as many groups
as wanted stand. Papers are taken in the order given and sums go through `math.fsum`, so that the same
papers in the same order give the same groups anywhere.
"""

from __future__ import annotations

import heapq
import math
from array import array
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

NEIGHBOURS = 30
SMALLEST = 3  # papers in a group, where there are papers enough
COMMON_TERM = 200  # a term of more papers than this links none: it costs much and tells little
MOST_RESOLUTION = 6.0
Vector = dict[str, float]
Graph = list[dict[int, float]]
Posting = tuple["array[int]", "array[float]"]  # who has a term, and its weight there


@dataclass(frozen=True)
class Neighbourhood:
    """Unit vectors of papers and, for each, its nearest others with their cosine, nearest first."""

    vectors: list[Vector]
    nearest: list[list[tuple[int, float]]]

    def closeness(self, number: int, among: int = 10) -> float:
        """Mean cosine to the nearest `among` papers; 0 where there are none."""
        found = self.nearest[number][:among]
        return math.fsum(score for _, score in found) / max(1, min(among, len(self.vectors) - 1))

    def among(self, numbers: Sequence[int]) -> Neighbourhood:
        """The same without all others, the papers numbered anew in the order given."""
        new = {number: index for index, number in enumerate(numbers)}
        nearest = [[(new[other], score) for other, score in self.nearest[n] if other in new] for n in numbers]
        return Neighbourhood([self.vectors[number] for number in numbers], nearest)


def weigh(documents: Sequence[Sequence[str]]) -> list[Vector]:
    """Unit tf-idf vectors of documents that are given as terms."""
    counts = [Counter(document) for document in documents]
    spread: Counter[str] = Counter()
    for count in counts:
        spread.update(count.keys())
    size = len(documents)
    idf = {term: math.log((1 + size) / (1 + df)) + 1 for term, df in spread.items() if df > 1}
    return [
        _unit({term: (1 + math.log(n)) * idf[term] for term, n in sorted(c.items()) if term in idf})
        for c in counts
    ]


def neighbourhood(documents: Sequence[Sequence[str]], neighbours: int = NEIGHBOURS) -> Neighbourhood:
    """Vectors of all documents and the nearest others of each."""
    vectors = weigh(documents)
    spread: Counter[str] = Counter()
    for vector in vectors:
        spread.update(vector.keys())
    limit = _common_from(len(vectors))
    postings: dict[str, Posting] = {t: (array("l"), array("d")) for t, n in spread.items() if 1 < n <= limit}
    for number, vector in enumerate(vectors):
        for term, weight in vector.items():
            if term in postings:
                postings[term][0].append(number)
                postings[term][1].append(weight)
    nearest = [_nearest(number, vector, postings, neighbours) for number, vector in enumerate(vectors)]
    return Neighbourhood(vectors, nearest)


def _common_from(size: int) -> int:
    """The number of papers from which a term is too common to link any: fewer where there are very many."""
    if size <= 2 * COMMON_TERM:
        return size
    return max(COMMON_TERM // 4, min(COMMON_TERM, COMMON_TERM * 2_000 // size))


def group(space: Neighbourhood, wanted: int) -> list[list[int]]:
    """Cut into about `wanted` groups, largest first; every document is in exactly one.

    Where the graph falls into more pieces than wanted, the smallest join their nearest, and so does what is
    too small to be a group.
    """
    size = len(space.vectors)
    smallest = SMALLEST if size >= 10 * SMALLEST else 2
    if size == 0:
        return []
    if wanted <= 1 or size <= 2:
        return [list(range(size))]
    graph = _graph(space)
    groups, most = [list(range(size))], 0
    for step in range(3, round(MOST_RESOLUTION * 10) + 1):
        cut = _members(louvain(graph, step / 10))
        whole = sum(len(members) >= smallest for members in cut)
        if whole > most:
            groups, most = cut, whole
        if whole >= wanted:
            break
    groups = _without_crumbs(groups, smallest, space)
    while len(groups) > wanted:
        groups = _absorb_smallest(groups, space.vectors)
    return sorted(groups, key=lambda members: (-len(members), members[0]))


def louvain(graph: Graph, resolution: float) -> list[int]:
    """The community of each node; nodes are visited in order and move only for a real gain."""
    membership = list(range(len(graph)))
    level = graph
    while True:
        local = _move_nodes(level, resolution)
        labels = {label: number for number, label in enumerate(dict.fromkeys(local))}
        membership = [labels[local[community]] for community in membership]
        if len(labels) == len(level):
            return membership
        level = _contract(level, [labels[label] for label in local], len(labels))


def centroid(vectors: Sequence[Vector]) -> Vector:
    """The unit vector in the middle of some vectors."""
    sums: dict[str, list[float]] = defaultdict(list)
    for vector in vectors:
        for term, weight in vector.items():
            sums[term].append(weight)
    return _unit({term: math.fsum(parts) for term, parts in sorted(sums.items())})


def cosine(left: Vector, right: Vector) -> float:
    """The cosine of two unit vectors."""
    if len(right) < len(left):
        left, right = right, left
    return math.fsum(weight * right[term] for term, weight in left.items() if term in right)


def _unit(vector: Vector) -> Vector:
    length = math.sqrt(math.fsum(weight * weight for weight in vector.values()))
    return {term: weight / length for term, weight in vector.items()} if length else {}


def _nearest(
    number: int, vector: Vector, postings: dict[str, Posting], neighbours: int
) -> list[tuple[int, float]]:
    scores: dict[int, float] = {}
    known = scores.get
    for term, weight in vector.items():
        if term in postings:
            for other, other_weight in zip(*postings[term], strict=True):
                scores[other] = known(other, 0.0) + weight * other_weight
    scores.pop(number, None)
    return heapq.nsmallest(neighbours, scores.items(), key=lambda pair: (-pair[1], pair[0]))


def _graph(space: Neighbourhood) -> Graph:
    graph: Graph = [{} for _ in space.vectors]
    for number, found in enumerate(space.nearest):
        for other, score in found:
            if score > 0:
                graph[number][other] = graph[other][number] = score
    return [dict(sorted(edges.items())) for edges in graph]


def _move_nodes(graph: Graph, resolution: float) -> list[int]:
    degree = [
        math.fsum(w * (2 if other == node else 1) for other, w in edges.items())
        for node, edges in enumerate(graph)
    ]
    total = math.fsum(degree) or 1.0
    community = list(range(len(graph)))
    weight = list(degree)
    adjacent = [
        [(other, score) for other, score in edges.items() if other != node]
        for node, edges in enumerate(graph)
    ]
    waiting = [True] * len(graph)  # a node is looked at again only once a neighbour has moved
    while any(waiting):
        for node, neighbours in enumerate(adjacent):
            if not waiting[node]:
                continue
            waiting[node] = False
            own = community[node]
            links = {own: 0.0}
            for other, score in neighbours:
                label = community[other]
                links[label] = links.get(label, 0.0) + score
            weight[own] -= degree[node]
            share = resolution * degree[node] / total
            best, best_gain = own, links[own] - share * weight[own]
            for label, score in links.items():
                gain = score - share * weight[label]
                if gain > best_gain + 1e-9:
                    best, best_gain = label, gain
            weight[best] += degree[node]
            if best != own:
                community[node] = best
                for other, _ in neighbours:
                    waiting[other] = True
    return community


def _contract(graph: Graph, labels: list[int], size: int) -> Graph:
    level: Graph = [{} for _ in range(size)]
    for node, edges in enumerate(graph):
        row = level[labels[node]]
        for other, score in edges.items():
            target = labels[other]
            if target == labels[node] and other != node:
                score = score / 2  # each inner edge is met from both ends
            row[target] = row.get(target, 0.0) + score
    return [dict(sorted(row.items())) for row in level]


def _members(membership: list[int]) -> list[list[int]]:
    groups: dict[int, list[int]] = defaultdict(list)
    for node, label in enumerate(membership):
        groups[label].append(node)
    return list(groups.values())


def _without_crumbs(groups: list[list[int]], smallest: int, space: Neighbourhood) -> list[list[int]]:
    """Let what is too small to be a group join the group that its nearest papers are in, else the likest."""
    ordered = sorted(groups, key=lambda members: (-len(members), members[0]))
    whole = [list(members) for members in ordered if len(members) >= smallest] or [list(ordered[0])]
    crumbs = [members for members in ordered if len(members) < smallest and members not in whole]
    home = {number: index for index, members in enumerate(whole) for number in members}
    centres = [_centre(members, space.vectors) for members in whole] if crumbs else []
    for crumb in crumbs:
        votes: dict[int, list[float]] = defaultdict(list)
        for number in crumb:
            for other, score in space.nearest[number]:
                if other in home:
                    votes[home[other]].append(score)
        likeness = {index: math.fsum(scores) for index, scores in votes.items()}
        if not likeness:
            middle = _centre(crumb, space.vectors)
            likeness = {index: cosine(middle, centre) for index, centre in enumerate(centres)}
        best = max(likeness, key=lambda index: (likeness[index], -index))
        whole[best].extend(crumb)
    return [sorted(members) for members in whole]


def _absorb_smallest(groups: list[list[int]], vectors: list[Vector]) -> list[list[int]]:
    ordered = sorted(groups, key=lambda members: (len(members), members[0]))
    smallest, rest = ordered[0], ordered[1:]
    middle = centroid([vectors[number] for number in smallest])
    closest = max(rest, key=lambda members: (cosine(middle, _centre(members, vectors)), -members[0]))
    return [sorted([*members, *smallest]) if members is closest else members for members in rest]


def _centre(members: list[int], vectors: list[Vector]) -> Vector:
    return centroid([vectors[number] for number in members])
