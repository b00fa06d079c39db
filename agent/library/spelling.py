"""Words of the papers that are spelled like a word of a query that none of them has."""

from __future__ import annotations

from collections.abc import Collection

from agent.library.store import Library
from agent.text.tokens import stem, words

MOST_TERMS = 50_000  # stems of one first letter that are compared, the commonest first
MOST_ROWS = 20  # papers in which a stem's word is looked for
MOST_WORDS = 3
FEWEST_LETTERS = 4  # of a word that may be misspelt
LEAST_LIKE = 0.75  # of 1: the share of letters that two words have in common, in order


def spelled_alike(
    library: Library, query: str, unknown: Collection[str], keys: Collection[str] | None
) -> tuple[str, ...]:
    """For each word of a query that no paper has, the word of a paper that is spelled most like it, if there is one.

    Args:
        unknown: the stems that no paper has. keys: the papers that are searched; all if None.
    """
    asked = dict.fromkeys(word for word in words(query) if stem(word) in unknown)
    found = (_alike(library, word, keys) for word in asked if len(word) >= FEWEST_LETTERS)
    return tuple(dict.fromkeys(word for word in found if word))[:MOST_WORDS]


def _alike(library: Library, word: str, keys: Collection[str] | None) -> str | None:
    from rapidfuzz.distance import OSA  # wanted only where nothing is found

    wanted = stem(word)
    terms = library.terms(wanted[0], len(wanted) - 2, len(wanted) + 2, MOST_TERMS)
    near = [
        (-likeness, -count, term)
        for term, count in terms
        if (likeness := OSA.normalized_similarity(wanted, term, score_cutoff=LEAST_LIKE)) >= LEAST_LIKE
    ]
    written = (_written(library, term, keys) for _, _, term in sorted(near)[:MOST_ROWS])
    return next((one for one in written if one), None)


def _written(library: Library, term: str, keys: Collection[str] | None) -> str | None:
    """A stem as a title or an abstract of a paper that is searched writes it."""
    there = sorted(key for key in library.keys_having(term) if keys is None or key in keys)[:MOST_ROWS]
    texts = library.texts(there)
    found = (
        word
        for key in there
        for word in words(f"{texts[key].title} {texts[key].abstract or ''}")
        if stem(word) == term
    )
    return next(found, None)
