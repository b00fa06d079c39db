"""What a question calls papers by besides names of works, and whether it asks for what only a record says."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.records import Author, Paper, Texts
from agent.text.labels import (
    Meant,
    are_joined,
    distinct,
    handles,
    is_person,
    mentions,
    people,
    without,
    year_of,
)
from agent.text.of_record import asks_of_record

EVERYWHERE = {"int8", "cable", "long", "hand"}  # what some text has


@pytest.mark.parametrize(
    ("query", "name", "is_meant"),
    [
        ("What does Smith say about INT8?", "Smith", True),
        ("what does smith say about int8", "smith", True),
        ("smith", "smith", True),
        ("smith int8", "smith", True),
        ("smith penguins", "smith", False),
        ("How long are cables?", "long", False),
        ("What does Long say about cables?", "Long", True),
        ("what does long say about cables?", "long", False),
        ("Long et al. on cables", "Long", True),
        ("Long & Li (2024)", "Long", True),
        ("Long 2024", "Long", True),
        ("Long's paper on cables", "Long", True),
        ("papers by Long", "Long", True),
        ("Long cables by hand", "Long", False),
        ("Which INT8 cables does He use?", "He", False),
        ("What do He et al. use?", "He", True),
    ],
)
def test_a_name_is_meant_where_nothing_else_can_be(query: str, name: str, is_meant: bool) -> None:
    """A word of the texts is a person only where it is said so, another only where all else stands in texts."""
    one = next(found for found in mentions(query) if found.text == name)
    others = [word for word in ("int8", "cable", "penguins") if word in query.lower()]
    assert is_person(one, query, EVERYWHERE.__contains__, others) == is_meant


@pytest.mark.parametrize(
    ("query", "year"),
    [("Lee (2024) says", 2024), ("Lee et al., 2021", 2021), ("Lee 2019:", 2019), ("Lee in 2024", None), ("Lee 20245", None)],
)  # fmt: skip
def test_a_year_behind_a_name(query: str, year: int | None) -> None:
    one = next(found for found in mentions(query) if found.text == "Lee")
    assert year_of(one, query) == year


def test_names_side_by_side() -> None:
    """`A and B` wrote together, `A or B` need not have; of two that overlap the longer is the name."""
    query = "Van Gogh and Lee or Smith"
    found = [
        one for one in distinct(mentions(query)) if one.text in ("Van Gogh and", "Van Gogh", "Lee", "Smith")
    ]
    gogh, lee, smith = (
        next(one for one in mentions(query) if one.text == name) for name in ("Van Gogh", "Lee", "Smith")
    )
    assert are_joined(gogh, lee, query) and not are_joined(lee, smith, query)
    assert len(found) == 1, "stretches of three words cover all of it"


def test_families_are_kept_as_they_are_compared() -> None:
    authors = (
        Author(family="García-Lund", given="Ana"),
        Author(name="The Well Group"),
        Author(family="García Lund"),
        Author(given="X"),
    )
    paper = Paper(key="a", title="T", title_original="T", texts=Texts(title="T"), authors=authors)
    assert [(one.folded, one.written) for one in people(paper)] == [("@garcialund", "García-Lund"), ("@thewellgroup", "The Well Group")]  # fmt: skip
    assert "@garcialund" in [one.folded for one in mentions("What does García-Lund’s say?")]


@pytest.mark.parametrize(
    ("query", "key", "ids", "is_sure"),
    [
        ("see @awq.", "awq", (), True),
        ("awq?", "awq", (), False),
        ("smith2024:", "smith2024", (), True),
        ("(10.1234/AB.5)", "10.1234/AB.5", (("doi", "10.1234/ab.5"),), True),
        ("https://doi.org/10.1/x", "https://doi.org/10.1/x", (), True),
        ("doi:10.1000/x(1).", "doi:10.1000/x(1)", (("doi", "10.1000/x(1)"),), True),
        ("arXiv:2301.00001v3", "arXiv:2301.00001v3", (("arxiv", "2301.00001"),), True),
        ("https://arxiv.org/abs/hep-th/9901001", "https://arxiv.org/abs/hep-th/9901001", (("arxiv", "hep-th/9901001"),), True),
    ],
)  # fmt: skip
def test_keys_and_ids_are_read(query: str, key: str, ids: tuple[tuple[str, str], ...], is_sure: bool) -> None:
    one = handles(query)[-1]
    assert (one.key, one.ids, one.is_sure) == (key, ids, is_sure)


def test_what_calls_a_paper_is_only_pointed_at() -> None:
    called = [Meant("Smith", ("a",)), Meant("10.1/x", ("b",))]
    assert without("Does SMITH et al. use Smithing as 10.1/x?", called) == "Does it use Smithing as it?"


@pytest.mark.parametrize(
    ("question", "is_of_record"),
    [
        ("Who wrote AWQ?", True),
        ("who are the authors of AWQ", True),
        ("Who is the first author of AWQ?", True),
        ("When was AWQ published?", True),
        ("In which journal did AWQ appear?", True),
        ("What is the DOI of AWQ?", True),
        ("Which papers are from 2024?", True),
        ("List all papers published since 2020", True),
        ("How many papers are there from 2023?", True),
        ("Which papers from 2024 prune heads?", False),
        ("Who uses AWQ?", False),
        ("When do outliers appear?", False),
        ("Where does AWQ look for scales?", False),
        ("Which papers use sound?", False),
        ("Which year had the most rain?", False),
        ("What does AWQ need?", False),
        ("Which papers are there?", False),
    ],
)
def test_questions_of_authors_years_and_venues(question: str, is_of_record: bool) -> None:
    assert asks_of_record(question) == is_of_record


def test_when_something_appeared_is_of_a_paper_only_if_one_is_named() -> None:
    assert asks_of_record("When did AWQ appear?", names_a_paper=True)
    assert not asks_of_record("When did outliers appear?")
    assert asks_of_record("Which papers are by Lee?", [Meant("Lee", ("a",))])
    assert not asks_of_record("What do papers by Lee measure?", [Meant("Lee", ("a",))])


@given(st.text(max_size=80))
@settings(derandomize=True, database=None, deadline=None, max_examples=100)
def test_whatever_is_typed_can_be_read(query: str) -> None:
    """Stretches are where they are said to be, and stand in order."""
    for one in mentions(query):
        assert query[one.start : one.end] == one.text
    for handle in handles(query):
        assert handle.key in query
    found = distinct(mentions(query))
    assert all(one.start < other.start for one, other in pairwise(found))
    assert isinstance(asks_of_record(query), bool)
