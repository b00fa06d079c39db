"""Adds, merges, splits, words and removals in any order: no record is lost, and every key names one paper."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from deeds import WORDS, join, part, say
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from shelf import Shelf

from agent.errors import UsageError

FIELDS: dict[str, Any] = {
    "wells": {"title": "Floats in Deep Wells", "abstract": "A float logs the height.", "year": 2020},
    "wells2": {"title": "FLOATS in deep wells", "doi": "10.1234/w.1", "venue": "Wells Quarterly"},
    "wells3": {"title": "Floats in Deep Wells", "doi": "10.1234/w.2"},
    "bridges": {"title": "Listening to Old Bridges", "arxiv_id": "2101.00001", "key": "bell"},
    "hums": {"title": "Hums of Loose Bolts", "arxiv_id": "2101.00001", "doi": "10.1234/h.1", "key": "bell"},
    "note": {"title": "Editorial", "abstract": "This issue brings four papers."},
    "note2": {"title": "Editorial", "abstract": "Another issue brings five papers."},
}
FILES = {
    "a": ["wells", "bridges", "note"],
    "b": ["wells2", "note2", "hums"],
    "c": ["wells3", "wells", "note"],
}


class Shelves(RuleBasedStateMachine):
    """Adds, merges, splits, exclusions and removals in any order."""

    @initialize()
    def begin(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.shelf = Shelf(Path(self.folder.name))
        self.added: set[str] = set()
        self.names: set[str] = set()

    def teardown(self) -> None:
        if hasattr(self, "folder"):
            self.folder.cleanup()

    def pick(self, number: int) -> str | None:
        keys = self.shelf.all_keys()
        return keys[number % len(keys)] if keys else None

    @rule(name=st.sampled_from(sorted(FILES)), turned=st.booleans())
    def add(self, name: str, turned: bool) -> None:
        records = [FIELDS[one] for one in FILES[name]]
        self.shelf.add(**{name: records[::-1] if turned else records})
        self.added.add(name)

    @rule(one=st.integers(0, 9), other=st.integers(0, 9))
    def merge(self, one: int, other: int) -> None:
        left, right = self.pick(one), self.pick(other)
        if left and right and left != right:
            join(self.shelf, left, right)

    @rule(one=st.integers(0, 9))
    def split(self, one: int) -> None:
        key = self.pick(one)
        if key:
            try:
                part(self.shelf, key)
            except UsageError as error:
                assert error.hint

    @rule(one=st.integers(0, 9), what=st.sampled_from(WORDS))
    def say(self, one: int, what: str) -> None:
        key = self.pick(one)
        if key:
            say(self.shelf, what, key)

    @rule(one=st.integers(0, 9))
    def remove(self, one: int) -> None:
        """A paper goes, and the files that it came from are read again: what was removed is back."""
        key = self.pick(one)
        if key:
            with self.shelf.open() as library, library.change():
                library.remove(key)
            self.read_again()

    @rule()
    def read_again(self) -> None:
        for _ in range(2):
            before = self.shelf.papers()
            self.shelf.add(**{name: [FIELDS[one] for one in FILES[name]] for name in sorted(self.added)})
        assert self.shelf.papers() == before, "the second time changes nothing"

    @invariant()
    def nothing_is_lost(self) -> None:
        if not hasattr(self, "shelf"):
            return
        with self.shelf.open() as library:
            rows = [(row.source, row.title, row.key) for row in library.records()]
            papers = library.papers()
            assert {key for *_, key in rows} == set(papers), "every paper has a record, every record a paper"
            assert sorted((source, title) for source, title, _ in rows) == sorted(
                (f"{name}.jsonl", FIELDS[one]["title"]) for name in self.added for one in FILES[name]
            )
            for key, paper in papers.items():
                assert len(paper.sources) - bool(library.own_values(key)) == sum(k == key for *_, k in rows)
            self.names |= set(papers)
            assert all(library.resolve(name) in {None, *papers} for name in self.names)
            assert all(library.resolve(key) == key for key in papers)
            assert not library._db.execute("PRAGMA foreign_key_check").fetchall()


Shelves.TestCase.settings = settings(
    derandomize=True, database=None, deadline=None, max_examples=8, stateful_step_count=12
)
TestShelves = Shelves.TestCase
