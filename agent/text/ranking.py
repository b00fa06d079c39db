"""BM25 over documents of words (Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009)."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence

K1 = 1.2
B = 0.75


class BM25:
    """Scores every document against a query; a document is its content words."""

    def __init__(self, documents: Sequence[Sequence[str]]) -> None:
        self.size = len(documents)
        self.lengths = [len(document) for document in documents]
        self.mean = (sum(self.lengths) / self.size) if self.size else 1.0
        self.postings: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for number, document in enumerate(documents):
            for word, count in Counter(document).items():
                self.postings[word].append((number, count))

    def idf(self, word: str) -> float:
        """How telling a word is; 0 for a word that no document has."""
        found = len(self.postings.get(word, ()))
        return math.log(1 + (self.size - found + 0.5) / (found + 0.5)) if found else 0.0

    def scores(self, query: Sequence[str]) -> list[float]:
        """One score a document, in their order; 0 where no word of the query stands."""
        parts: list[list[float]] = [[] for _ in range(self.size)]
        for word in dict.fromkeys(query):
            weight = self.idf(word)
            for number, count in self.postings.get(word, ()):
                norm = K1 * (1 - B + B * self.lengths[number] / (self.mean or 1.0))
                parts[number].append(weight * count * (K1 + 1) / (count + norm))
        return [math.fsum(part) for part in parts]
