"""Authors, DOIs and arXiv ids as the readers take them from records."""

from __future__ import annotations

import json
from typing import Any

import pytest

from agent.records import Author, Paper
from agent.sources import Source, read_source


def read_one(**fields: Any) -> Paper:
    line = json.dumps({"title": "Floats in Wells", **fields})
    (paper,) = read_source(Source("a.jsonl", "/a.jsonl", line.encode()), "jsonl")
    assert isinstance(paper, Paper), paper
    return paper


ADA = Author(family="Lovelace", given="Ada")
CHARLES = Author(family="Babbage", given="Charles")
GRACE = Author(family="Hopper", given="Grace")


@pytest.mark.parametrize(
    ("stated", "wanted"),
    [
        ("Ada Lovelace", (ADA,)),
        ("Lovelace, Ada", (ADA,)),
        ("  Lovelace ,  Ada ", (ADA,)),
        ("Ada Lovelace, Charles Babbage", (ADA, CHARLES)),
        ("Ada Lovelace and Charles Babbage", (ADA, CHARLES)),
        ("Ada Lovelace, Charles Babbage and Grace Hopper", (ADA, CHARLES, GRACE)),
        ("Ada Lovelace, Charles Babbage, and Grace Hopper", (ADA, CHARLES, GRACE)),
        ("Lovelace, Ada and Babbage, Charles", (ADA, CHARLES)),
        ("Lovelace, Ada; Babbage, Charles", (ADA, CHARLES)),
        ("Ada Lovelace; Charles Babbage;", (ADA, CHARLES)),
        ("Ada Lovelace and others", (ADA,)),
        (["Ada Lovelace", "Babbage, Charles"], (ADA, CHARLES)),
        (["Ada Lovelace", "", None, 3, [], "Charles Babbage"], (ADA, CHARLES)),
        (["Ada Lovelace", "et al."], (ADA,)),
        ([{"family": "Lovelace", "given": "Ada"}], (ADA,)),
        ([{"lastName": "Lovelace", "firstName": "Ada"}], (ADA,)),
        ([{"last": "Lovelace", "first": "Ada"}], (ADA,)),
        ([{"surname": "Babbage", "forename": "Charles"}], (CHARLES,)),
        ([{"name": "Ada Lovelace"}, {"display_name": "Charles Babbage"}], (ADA, CHARLES)),
        ({"name": "Ada Lovelace"}, (ADA,)),
        ([{"full_name": "Lovelace, Ada"}], (ADA,)),
        ([{"literal": "Well Readers of the North"}], (Author(name="Well Readers of the North"),)),
        ([{"literal": "Ada Lovelace"}], (Author(name="Ada Lovelace"),)),
        ([{}, {"role": "editor"}, {"name": 3}], ()),
        ("Plato", (Author(name="Plato"),)),
        ("The Well Readers Team", (Author(name="The Well Readers Team"),)),
        ("University of Somewhere", (Author(name="University of Somewhere"),)),
        ("Ludwig van Beethoven", (Author(family="Beethoven", given="Ludwig", particle="van"),)),
        ("Jan van der Berg", (Author(family="Berg", given="Jan", particle="van der"),)),
        ("Maria de la Cruz", (Author(family="Cruz", given="Maria", particle="de la"),)),
        ("Sammy Davis Jr.", (Author(family="Davis", given="Sammy", suffix="Jr."),)),
        ("Ada King Lovelace", (Author(family="Lovelace", given="Ada King"),)),
        ("A. K. Lovelace", (Author(family="Lovelace", given="A. K."),)),
        ("José Núñez", (Author(family="Núñez", given="José"),)),
        ([{"family": "Berg", "given": "Jan", "non-dropping-particle": "van der", "suffix": "III"}],
         (Author(family="Berg", given="Jan", particle="van der", suffix="III"),)),
        ("", ()),
        ("   ", ()),
        (None, ()),
        (7, ()),
        (True, ()),
        ({}, ()),
    ],
)  # fmt: skip
def test_authors(stated: object, wanted: tuple[Author, ...]) -> None:
    """Names are taken apart where that is sure, and kept whole where it is not; nothing gives nobody."""
    assert read_one(authors=stated).authors == wanted


@pytest.mark.parametrize(
    ("stated", "families"),
    [
        ("Ada Lovelace et al.", ["Lovelace"]),
        ("Ada Lovelace, Charles Babbage et al.", ["Lovelace", "Babbage"]),
        ("Ada Lovelace, Charles Babbage, et al.", ["Lovelace", "Babbage"]),
        ("Ada Lovelace and Charles Babbage et al", ["Lovelace", "Babbage"]),
        ("Lovelace, Ada et al.", ["Lovelace"]),
        ("Lovelace, et al.", ["Lovelace"]),
        (["Ada Lovelace et al."], ["Lovelace"]),
        (["Ada Lovelace", "others"], ["Lovelace"]),
    ],
)
def test_et_al_is_nobody(stated: object, families: list[str]) -> None:
    """ "et al." is no part of any name."""
    authors = read_one(authors=stated).authors
    assert [author.family or author.name for author in authors] == families
    assert not any("et al" in author.display for author in authors)


@pytest.mark.parametrize(
    "stated", [",", [","], " , ", [", "], ";", " and ", [{"family": " "}], [{"name": " "}]]
)
def test_signs_alone_are_no_author(stated: object) -> None:
    """An author has a name to show."""
    assert all(author.display for author in read_one(authors=stated).authors)


@pytest.mark.parametrize(
    "stated",
    ["Ada Lov\ud800elace", ["Ada Lov\ud800elace"], [{"family": "Lov\udfffelace"}], [{"name": "\ud800"}]],
)
def test_a_lone_surrogate_in_a_name_can_be_stored(stated: object) -> None:
    """A name with half a character in it makes a paper that can be written to a file."""
    paper = read_one(authors=stated)
    assert paper.model_dump_json().encode()


@pytest.mark.parametrize(
    ("fields", "doi"),
    [
        ({"doi": "10.1234/abc.5"}, "10.1234/abc.5"),
        ({"DOI": "10.1234/ABC.5"}, "10.1234/abc.5"),
        ({"doi": "https://doi.org/10.1234/abc.5"}, "10.1234/abc.5"),
        ({"doi": "http://dx.doi.org/10.1234/Abc.5"}, "10.1234/abc.5"),
        ({"doi": "doi:10.1234/abc.5."}, "10.1234/abc.5"),
        ({"doi": "(10.1234/abc.5)"}, "10.1234/abc.5"),
        ({"doi": "10.1016/S0140-6736(20)30183-5"}, "10.1016/s0140-6736(20)30183-5"),
        ({"url": "https://doi.org/10.1234/abc.5"}, "10.1234/abc.5"),
        (
            {"link": "https://publisher.example/doi/10.1234/abc.5/full"},
            None,
        ),  # whose link says where it ends?
        ({"doi": "n/a", "url": "https://doi.org/10.1234/abc.5"}, "10.1234/abc.5"),
        ({"url": "https://doi.org/10.1234/abc.5?download=1"}, "10.1234/abc.5"),
        ({"url": "https://doi.org/10.1234/abc.5#section"}, "10.1234/abc.5"),
        ({"doi": "10.1234/."}, None),
        ({"url": "https://example.org/wells"}, None),
        ({"doi": "not known"}, None),
        ({"doi": "10.12/abc"}, None),
        ({"doi": 10.1234}, None),
        ({"doi": None}, None),
        ({"doi": ["10.1234/abc.5"]}, "10.1234/abc.5"),
        ({"doi": {"value": "10.1234/abc.5"}}, None),
    ],
)
def test_dois(fields: dict[str, Any], doi: str | None) -> None:
    """A DOI is bare and in lower case, whether it came bare, in a link or with a prefix."""
    assert read_one(**fields).doi == doi


@pytest.mark.parametrize(
    ("fields", "arxiv_id", "version"),
    [
        ({"arxiv_id": "2401.00001"}, "2401.00001", None),
        ({"arxiv_id": "2401.00001v3"}, "2401.00001", "v3"),
        ({"arxiv": "arXiv:2401.00001v3"}, "2401.00001", "v3"),
        ({"arxivId": "1304.1234"}, "1304.1234", None),
        ({"arXiv": "hep-th/9901001"}, "hep-th/9901001", None),
        ({"arxiv_id": "math.GT/0309136v1"}, "math.GT/0309136", "v1"),
        ({"url": "https://arxiv.org/abs/2401.00001v2"}, "2401.00001", "v2"),
        ({"url": "https://arxiv.org/pdf/2401.00001.pdf"}, "2401.00001", None),
        ({"url": "https://arxiv.org/abs/hep-th/9901001"}, "hep-th/9901001", None),
        ({"url": "https://example.org/2401.00001"}, None, None),
        ({"id": "2401.00001v2"}, "2401.00001", "v2"),
        ({"id": "http://arxiv.org/abs/2401.00001v2"}, "2401.00001", "v2"),
        ({"id": "W2401.00001"}, None, None),
        ({"arxiv_id": "12401.000017"}, None, None),
        ({"id": 2401}, None, None),
        ({"doi": "10.48550/arXiv.2401.00001"}, "2401.00001", None),
        ({"doi": "https://doi.org/10.48550/arXiv.2401.00001v2"}, "2401.00001", "v2"),
        ({"arxiv_id": "none"}, None, None),
        ({"arxiv_id": "2401.00001v3", "version": "accepted"}, "2401.00001", "accepted"),
    ],
)
def test_arxiv_ids(fields: dict[str, Any], arxiv_id: str | None, version: str | None) -> None:
    """An arXiv id is bare and its version stands apart, whether it came bare, in a link or in a DOI."""
    paper = read_one(**fields)
    assert (paper.arxiv_id, paper.version) == (arxiv_id, version)


@pytest.mark.parametrize(
    "fields",
    [
        {"doi": "10.48550/arXiv.2401.00001"},
        {"doi": "10.48550/arXiv.2401.00001", "arxiv_id": "2401.00001"},
        {"doi": "10.48550/arXiv.2401.00001", "url": "https://arxiv.org/abs/2401.00001"},
        {"doi": "10.48550/arXiv.2401.00001", "id": "2401.00001"},
    ],
)
def test_the_doi_of_a_preprint_is_its_arxiv_id(fields: dict[str, Any]) -> None:
    """A DOI that arXiv gave says no more than the id, whatever stands beside it."""
    paper = read_one(**fields)
    assert (paper.doi, paper.arxiv_id) == (None, "2401.00001")


def test_an_arxiv_id_that_was_a_number_is_not_another_id() -> None:
    """`2310.06770` as a JSON number has lost its last nought; half an id is none."""
    line = b'{"title": "Floats in Wells", "arxiv_id": 2310.06770}'
    (paper,) = read_source(Source("a.jsonl", "/a.jsonl", line), "jsonl")
    assert isinstance(paper, Paper)
    assert paper.arxiv_id in (None, "2310.06770")
