"""Papers that a query calls by an author, a key or an id: kept with the library, and searched in no text."""

from __future__ import annotations

from pathlib import Path

import pytest
from shelf import Shelf

from agent.library.searching import Retrieved, search
from agent.library.spelling import spelled_alike
from agent.text.labels import Meant

PAPERS = [
    {"key": "a1", "title": "Bolts in Bridges", "authors": ["Ann Smith", "Bo Lee"], "year": 2024, "abstract": "Bolts rust in rain."},
    {"key": "b1", "title": "Nuts in Tunnels", "authors": ["Bo Lee"], "year": 2023, "abstract": "Nuts come loose in rain."},
    {"key": "c1", "title": "Rain", "authors": ["Cy Bolts"], "abstract": "Rain falls. Tunnels leak."},
]  # fmt: skip


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    shelf = Shelf(tmp_path)
    shelf.add(papers=PAPERS)
    return shelf


def found(shelf: Shelf, query: str, keys: list[str] | None = None) -> Retrieved:
    with shelf.open() as library:
        return search(library, [query], keys=keys)


def named(result: Retrieved) -> list[str]:
    return [hit.key for hit in result.hits if hit.is_named]


def test_an_author_names_papers_and_is_no_unknown_word(shelf: Shelf) -> None:
    """The papers come first; the name is neither unknown to the library nor lacking in a paper."""
    result = found(shelf, "What does Smith say about nuts?")
    assert named(result) == ["a1"] == [hit.key for hit in result.hits][:1]
    assert result.meant == (Meant("Smith", ("a1",)),)
    assert not result.unknown
    assert result.hits[0].lacking == {"nut"}
    assert [one.part for one in result.hits[0].passages] == ["title"], (
        "it is shown by its title, if by nothing else"
    )


def test_a_word_of_the_texts_stays_one(shelf: Shelf) -> None:
    """Bolts is an author, too; only where he is said to say something is he meant."""
    assert found(shelf, "bolts in rain").meant == ()
    assert found(shelf, "bolts in rain").hits[0].key == "a1"
    assert named(found(shelf, "What does Bolts say about rain?")) == ["c1"]


@pytest.mark.parametrize(
    ("query", "keys"),
    [("Lee", {"a1", "b1"}), ("Lee (2023)", {"b1"}), ("Lee (1999)", {"a1", "b1"}), ("Smith and Lee", {"a1"}), ("b1", {"b1"}),
     ("@c1", {"c1"}), ("Jones", set())],
)  # fmt: skip
def test_which_papers_are_called(shelf: Shelf, query: str, keys: set[str]) -> None:
    """Years and co-authors tell papers of one name apart, where any is told apart by them."""
    assert set(named(found(shelf, query))) == keys


def test_only_papers_that_are_searched_are_called(shelf: Shelf) -> None:
    """Of papers outside neither authors nor keys are known."""
    assert named(found(shelf, "What does Lee say about rain?", ["b1", "c1"])) == ["b1"]
    outside = found(shelf, "What does Smith say about rain?", ["b1", "c1"])
    assert (outside.meant, outside.unknown) == ((), {"smith"})
    assert found(shelf, "a1", ["b1", "c1"]).hits == ()


def test_the_names_follow_every_change(shelf: Shelf) -> None:
    """A record that comes with another author gives the paper that name; a paper that goes takes its names along."""
    assert named(found(shelf, "Jones")) == []
    shelf.add(papers=[PAPERS[0] | {"authors": ["Di Jones"]}, *PAPERS[1:]])
    assert named(found(shelf, "Jones")) == ["a1"]
    assert named(found(shelf, "Smith")) == []
    with shelf.open() as library, library.change():
        library.remove("a1")
    assert named(found(shelf, "Jones")) == []


@pytest.mark.parametrize(
    ("query", "keys", "alike"),
    [
        ("tunels", None, ("tunnels",)),
        ("tunels brigdes", None, ("tunnels", "bridges")),
        ("bridgs", ["b1", "c1"], ()),
        ("xyzzyqq", None, ()),
        ("nts", None, ()),
    ],
)
def test_words_spelled_alike(
    shelf: Shelf, query: str, keys: list[str] | None, alike: tuple[str, ...]
) -> None:
    """A word is offered as a paper that is searched writes it; short words are left alone."""
    with shelf.open() as library:
        unknown = search(library, [query], keys=keys).unknown
        assert spelled_alike(library, query, unknown, keys) == alike
