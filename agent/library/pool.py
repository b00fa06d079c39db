"""The papers that one search is about: how often words stand in them, all counted or those that are likeliest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Container, Iterable, Sequence
from itertools import accumulate

from agent.library.search_index import Measured, SearchedRow, SearchIndex, Sums
from agent.text.retrieval import NOWHERE, TITLE, Collected, Counted, count_words

COUNTED_WHOLE = 200_000  # stems of all papers together up to which each paper is counted by the index
COUNTED_SOME = 300_000  # stems of some papers of many up to which each is counted by its text
LIKELIEST = 300  # papers that the index names where they are more
MOST_FOUND = 40_000  # papers that the words it is asked for are found in, summed: the commonest tell little
FEW = 3  # words of a question that are looked for in all their forms, since there is nothing else to go by
FEWEST_ASKED = 2  # words that it is asked for, however common
MOST_LEFT_OUT = 1_000  # papers that are counted, to know what is in all the others


class _Without:
    """Every row but some."""

    def __init__(self, rows: Container[int]) -> None:
        self._rows = rows

    def __contains__(self, row: object) -> bool:
        return row not in self._rows


class Pool:
    """All searched papers or some, seen as if there were no others.

    Where they are too many to be counted one by one, the index chooses by its own statistics which are scored; how
    they are scored is the same.
    """

    def __init__(self, index: SearchIndex, keys: Collection[str] | None) -> None:
        self._index = index
        self._some: dict[int, Measured] | None = None
        self._left_out: dict[int, Measured] = {}
        self._choose(keys)
        self._sums = _sums(self._some.values()) if self._some is not None else index.searched_sums()
        self._sums = self._sums.without(_sums(self._left_out.values()))
        self._found: dict[str, int] = {}
        self._forms: dict[str, tuple[str, ...]] = {}
        self._rows: dict[str, SearchedRow] = {}
        self._numbers: dict[str, int] = {}

    def _choose(self, keys: Collection[str] | None) -> None:
        """Note those that are searched, or those that are not, whichever are fewer."""
        if keys is None:
            return
        are_many = 2 * len(keys) > self._index.size_searched()
        rows = self._index.rows_searched(keys, are_left_out=are_many)
        chosen = {one.row: one for one in self._index.measured(rows)}
        if are_many:
            self._left_out = chosen
        else:
            self._some = chosen

    @property
    def size(self) -> int:
        return self._sums.size

    @property
    def bodies(self) -> int:
        return self._sums.bodies

    @property
    def _inside(self) -> Container[int]:
        return _Without(self._left_out) if self._some is None else self._some

    def count(self, words: Sequence[str], wanted: Collection[str]) -> list[Counted]:
        """Count words in the papers that have any of them, or the likeliest of these; and in those wanted anyway.

        Of few words, each counts in all forms that papers have; many make up for one that is written otherwise.
        """
        self._forms = {word: self._index.forms(word) if len(words) <= FEW else (word,) for word in words}
        numbers = {row for key in wanted if (row := self._index.row_of(key)) in self._inside}
        if self._sums.stems > (COUNTED_WHOLE if self._some is None else COUNTED_SOME):
            self._found = self._how_many_have(words)
            rarest = [form for word in self._rarest(words) for form in self._forms[word]]
            numbers.update(self._index.likely(rarest, LIKELIEST, self._inside))
            return self._by_text(words, numbers)
        counted = self._by_index(words, numbers) if self._some is None else self._by_text(words, self._some)
        self._found = {word: sum(word in one for one in counted) for word in words}
        return counted

    def rows(self, keys: Iterable[str]) -> dict[str, SearchedRow]:
        """What is searched of papers that were counted."""
        wanted = list(keys)
        self._read(self._numbers[key] for key in wanted if key not in self._rows)
        return {key: self._rows[key] for key in wanted}

    def has(self, word: str) -> bool:
        """Whether any paper has a word that was counted."""
        return self._found.get(word, 0) > 0

    def collected(self) -> Collected:
        """What was found in all of them."""
        sums = self._sums
        return Collected(
            size=sums.size,
            bodies=sums.bodies,
            opening_length=TITLE * sums.titles + sums.abstracts,
            body_length=sums.whole_texts,
            stems=sums.stems,
            sentences=sums.sentences,
            found=self._found,
            forms=self._forms,
        )

    def _by_index(self, words: Iterable[str], wanted: Iterable[int]) -> list[Counted]:
        """Count by what the index has of each word, which is little of papers that are left out."""
        # Numbers in plain dictionaries: a tuple for each paper would keep the garbage collector busy.
        keys: dict[int, str] = {}
        opening_length: dict[int, int] = {}
        body_length: dict[int, int] = {}
        for row, key, in_opening, in_body in self._index.lengths():
            if row not in self._left_out:
                keys[row] = key
                opening_length[row] = in_opening
                body_length[row] = in_body
        opening: defaultdict[int, dict[str, int]] = defaultdict(dict, {row: {} for row in wanted})
        body: defaultdict[int, dict[str, int]] = defaultdict(dict)
        for word, form in ((one, form) for one in words for form in self._forms[one]):
            for row, in_opening, in_body in self._index.counts(form):
                if in_opening:
                    opening[row][word] = opening[row].get(word, 0) + in_opening
                if in_body:
                    body[row][word] = body[row].get(word, 0) + in_body
        rows = [row for row in (*opening, *(row for row in body if row not in opening)) if row in keys]
        self._numbers = {keys[row]: row for row in rows}
        return [
            Counted(
                keys[row],
                opening.get(row, NOWHERE),
                body.get(row, NOWHERE),
                opening_length[row],
                body_length[row],
            )
            for row in rows
        ]

    def _by_text(self, words: Sequence[str], rows: Iterable[int]) -> list[Counted]:
        """Count in the lines of some papers, whatever else there is."""
        self._read(rows)
        return [self._count(row, words) for row in self._rows.values()]

    def _read(self, numbers: Iterable[int]) -> None:
        self._rows |= {row.key: row for row in self._index.searched(sorted(numbers))}

    def _how_many_have(self, words: Sequence[str]) -> dict[str, int]:
        if self._some is not None or len(self._left_out) > MOST_LEFT_OUT:
            inside = self._inside
            return {word: sum(row in inside for row in self._having(word)) for word in words}
        others = [self._count(row, words) for row in self._index.searched(self._left_out)]
        return {word: len(self._having(word)) - sum(word in one for one in others) for word in words}

    def _having(self, word: str) -> list[int]:
        return self._index.having(self._forms[word])

    def _count(self, row: SearchedRow, words: Iterable[str]) -> Counted:
        return count_words(row.key, words, row.lines, row.lengths, self._forms)

    def _rarest(self, words: Iterable[str]) -> list[str]:
        known = sorted((found, word) for word in words if (found := self._found[word]))
        sums = accumulate(found for found, _ in known)
        return [
            word
            for number, ((_, word), found) in enumerate(zip(known, sums, strict=True))
            if number < FEWEST_ASKED or found <= MOST_FOUND
        ]


def _sums(papers: Collection[Measured]) -> Sums:
    columns = list(zip(*(one[2:] for one in papers), strict=True)) or [()] * 5
    return Sums(len(papers), *(sum(column) for column in columns))
