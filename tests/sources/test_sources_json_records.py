"""The readers of JSON and JSON Lines."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.records import Author, Paper, Rejected
from agent.sources import Source, read_source
from agent.sources.formats.json_records import ALIASES

FREE = settings(derandomize=True, database=None, deadline=None, max_examples=100)
TEXT = "A float logs the height of the water."


def read(text: str, kind: str = "jsonl") -> list[Paper | Rejected]:
    return list(read_source(Source("records", "/records", text.encode()), kind))


def read_one(record: object) -> Paper | Rejected:
    (found,) = read(json.dumps(record))
    return found


def paper_of(**fields: Any) -> Paper:
    found = read_one({"title": "Floats in Wells", **fields})
    assert isinstance(found, Paper), found
    return found


def told(found: list[Paper | Rejected]) -> list[tuple[str, str]]:
    """Each result by its place and its title, or `refused`."""
    return [
        (item.sources[0].position, item.title) if isinstance(item, Paper) else (item.position, "refused")
        for item in found
    ]


STATED: dict[str, tuple[Any, Any]] = {
    "abstract": (TEXT, TEXT),
    "authors": (["Ada Lovelace"], (Author(family="Lovelace", given="Ada"),)),
    "year": (2021, 2021),
    "date": ("2021-03-04", "2021-03-04"),
    "venue": ("Wells Quarterly", "Wells Quarterly"),
    "type": ("article", "article"),
    "doi": ("10.1234/wells", "10.1234/wells"),
    "arxiv_id": ("2103.00001", "2103.00001"),
    "url": ("https://example.org/wells", "https://example.org/wells"),
    "keywords": (["water", "floats"], ("water", "floats")),
    "notes": ("read twice", "read twice"),
    "key": ("lovelace2021", "lovelace2021"),
    "files": (["wells.pdf"], ("wells.pdf",)),
    "version": ("v2", "v2"),
    "retracted": (True, True),
}
NAMES = [(field, name) for field, names in ALIASES.items() if field != "title" for name in names]


def test_every_field_has_a_case() -> None:
    """The table below leaves no field out."""
    assert set(STATED) | {"title"} == set(ALIASES)


@pytest.mark.parametrize(("field", "name"), NAMES, ids=[name for _, name in NAMES])
def test_every_name_of_a_field_is_understood(field: str, name: str) -> None:
    """A field is found under each name that people use for it, and is then not kept a second time."""
    stated, wanted = STATED[field]
    paper = paper_of(**{name: stated})
    assert (paper.texts.abstract if field == "abstract" else getattr(paper, field)) == wanted
    assert paper.fields == {}


@pytest.mark.parametrize("name", ["title", "paper_title"])
def test_every_name_of_the_title_is_understood(name: str) -> None:
    """A title is found under each of its names."""
    for empty in ({}, {"title": None}, {"title": ""}, {"title": " "}):
        found = read_one({**empty, name: "Floats in Wells"})
        assert isinstance(found, Paper)
        assert found.title == found.texts.title == "Floats in Wells"


A, B = {"title": "Floats in Wells"}, {"title": "Listening to Bridges"}


@pytest.mark.parametrize(
    "document",
    [
        [A, B],
        {"papers": [A, B]},
        {"papers": {"one": A, "two": B}},
        {"records": [A, B]},
        {"items": [A, B]},
        {"results": [A, B]},
        {"data": [A, B]},
        {"entries": [A, B]},
        {"format": "some/list@1", "count": 2, "papers": [A, B]},
    ],
    ids=lambda document: "-".join(document) if isinstance(document, dict) else "list",
)
def test_lists_and_their_wrappers(document: object) -> None:
    """A document is a list of records, or an object that holds one."""
    for indent in (None, 2):
        found = read(json.dumps(document, indent=indent), "json")
        assert told(found) == [("item 1", "Floats in Wells"), ("item 2", "Listening to Bridges")]


def test_one_object_is_one_paper() -> None:
    """A document that is one record gives that one."""
    assert told(read(json.dumps(A, indent=2), "json")) == [("item 1", "Floats in Wells")]


@pytest.mark.parametrize("name", ["data", "results", "items", "records", "entries", "papers"])
def test_a_paper_with_a_list_of_its_own_is_a_paper(name: str) -> None:
    """An object with a title is a paper, whatever lists it has beside it."""
    document = {"title": "Floats in Wells", "abstract": TEXT, name: ["well log", "rain log"]}
    assert told(read(json.dumps(document), "json")) == [("item 1", "Floats in Wells")]


def test_a_bad_item_costs_that_item() -> None:
    """Among good records each bad one is refused in its place."""
    found = read(json.dumps([A, 1, "text", None, [], {}, True, B]), "json")
    assert told(found) == [
        ("item 1", "Floats in Wells"),
        *((f"item {number}", "refused") for number in range(2, 8)),
        ("item 8", "Listening to Bridges"),
    ]


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ("not json", "not JSON"),
        ('{"title": "cut', "not JSON"),
        ("{'title': 'quotes'}", "not JSON"),
        ('{"title": "a",}', "not JSON"),
        ('{"title": "a"} b', "not JSON"),
        ('{"title": "a"} {"title": "b",}', "not JSON"),
        ('{"title": "a", "year": NaN}', "NaN"),
        ('{"title": "a", "year": Infinity}', "Infinity"),
        ('{"title": "a", "year": -Infinity}', "Infinity"),
        ("[" * 100_000, "nested"),
        ('{"title": ' + "[" * 100_000 + "]" * 100_000 + "}", "nested"),
        ('{"title": "a", "year": ' + "9" * 5000 + "}", "not JSON"),
        ("[]", "a list"),
        ('"text"', "a string"),
        ("12", "a number"),
        ("1.5", "a number"),
        ("null", "null"),
        ("true", "true or false"),
        ("{}", "no title"),
        ('{"title": null}', "no title"),
        ('{"title": ""}', "no title"),
        ('{"title": "  \\t "}', "no title"),
        ('{"title": {"en": "a"}}', "no title"),
        ('{"title": []}', "no title"),
        ('{"title": true}', "no title"),
        ('{"abstract": "only a text"}', "no title"),
        ('{"title": "\\u0000\\u0007"}', "no title"),
        ('{"title": "\\u200b\\ufeff"}', "no title"),
    ],
    ids=range(28),
)  # fmt: skip
def test_a_bad_line_costs_that_line(bad: str, reason: str) -> None:
    """Between two good lines a bad one is refused by its number, and says why."""
    found = read("\n".join([json.dumps(A), bad, json.dumps(B)]))
    assert told(found) == [
        ("line 1", "Floats in Wells"),
        ("line 2", "refused"),
        ("line 3", "Listening to Bridges"),
    ]
    refused = found[1]
    assert isinstance(refused, Rejected)
    assert reason in refused.reason
    assert len(refused.reason) < 300


@pytest.mark.parametrize("between", ["", " ", ", ", ",\t"])
def test_records_whose_line_end_was_lost(between: str) -> None:
    """Records one behind the other on a line, and a comma behind them, cost nothing."""
    found = read(f"{json.dumps(A)}{between}{json.dumps(B)},\n\ufeff{json.dumps(A)}")
    assert told(found) == [
        ("line 1", "Floats in Wells"),
        ("line 1", "Listening to Bridges"),
        ("line 2", "Floats in Wells"),
    ]


def test_a_refused_record_is_named_by_its_id() -> None:
    """A record without a title is told by the id that it has."""
    found = read_one({"id": "W123", "abstract": TEXT})
    assert isinstance(found, Rejected)
    assert found.title == "W123"


@pytest.mark.parametrize("identifier", [5, ["x"], {"a": 1}, "\ud800", True, 10**400, "x" * 5000])
def test_any_id_of_a_refused_record_can_be_stored(identifier: object) -> None:
    """Whatever the id of a refused record is, the refusal can be written to a file."""
    found = read_one({"id": identifier})
    assert isinstance(found, Rejected)
    assert found.model_dump_json().encode()
    assert len(found.title) <= 120


def test_blank_lines_count_and_are_no_records() -> None:
    """Blank lines are passed over; line numbers are those of the file."""
    text = "\n".join(["", json.dumps(A), " \t", "", json.dumps(B), ""])
    assert told(read(text)) == [("line 2", "Floats in Wells"), ("line 5", "Listening to Bridges")]


def test_line_separators_inside_a_string_end_no_line() -> None:
    """Only a line feed ends a line: a record may hold the other signs that Unicode calls line ends."""
    text = json.dumps({"title": "Floats\u2028in\u0085Wells"}, ensure_ascii=False)
    assert told(read(text)) == [("line 1", "Floats in Wells")]


@pytest.mark.parametrize(
    ("fields", "year", "date"),
    [
        ({"year": 2021}, 2021, None),
        ({"year": "2021"}, 2021, None),
        ({"year": " 2021 "}, 2021, None),
        ({"year": 2021.0}, 2021, None),
        ({"year": "2021.0"}, 2021, None),
        ({"year": 2021.5}, None, None),
        ({"year": 0}, None, None),
        ({"year": 999}, None, None),
        ({"year": 1399}, None, None),
        ({"year": 1400}, 1400, None),
        ({"year": 2199}, 2199, None),
        ({"year": 2200}, None, None),
        ({"year": 99999}, None, None),
        ({"year": -2021}, None, None),
        ({"year": 1e400}, None, None),
        ({"year": 10**400}, None, None),
        ({"year": True}, None, None),
        ({"year": "in press"}, None, None),
        ({"year": [2021]}, None, None),
        ({"year": {"value": 2021}}, None, None),
        ({"date": "2021-03-04"}, 2021, "2021-03-04"),
        ({"date": "2021-03"}, 2021, "2021-03"),
        ({"date": "2021"}, 2021, "2021"),
        ({"date": "2021-03-04T10:00:00Z"}, 2021, "2021-03-04"),
        ({"date": 2021}, 2021, "2021"),
        ({"date": "9999-01-01"}, None, None),
        ({"date": "spring"}, None, None),
        ({"year": 2020, "date": "2021-03-04"}, 2020, "2021-03-04"),
        ({"year": "in press", "date": "2021-03-04"}, 2021, "2021-03-04"),
    ],
)
def test_years_and_dates(fields: dict[str, Any], year: int | None, date: str | None) -> None:
    """A year is a year or unknown; a date tells the year where nothing else does."""
    found = read(json.dumps({"title": "Floats in Wells", **fields}).replace("Infinity", "1e400"))[0]
    assert isinstance(found, Paper)
    assert (found.year, found.date) == (year, date)


@pytest.mark.parametrize("stated", ["2021-13-01", "2021-00-10", "2021-02-45", "2021-99", "2021-03-00"])
def test_a_date_is_a_date(stated: str) -> None:
    """A month that no year has is no part of a date; the year stays known."""
    paper = paper_of(date=stated)
    assert paper.year == 2021
    assert re.fullmatch(r"2021(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?", paper.date or "2021")


@pytest.mark.parametrize(
    ("fields", "name", "wanted"),
    [
        ({"title": 1984}, "title", "1984"),
        ({"title": ["Floats", "in Wells"]}, "title", "Floats in Wells"),
        ({"venue": 7}, "venue", "7"),
        ({"venue": ["Wells", "Quarterly"]}, "venue", "Wells Quarterly"),
        ({"venue": {"name": "Wells"}}, "venue", None),
        ({"notes": True}, "notes", None),
        ({"type": None, "document_type": "article"}, "type", "article"),
        ({"keywords": "water; floats, wells"}, "keywords", ("water", "floats", "wells")),
        ({"keywords": ["water", 3, None, "water"]}, "keywords", ("water",)),
        ({"keywords": {"a": 1}}, "keywords", ()),
        ({"retracted": "yes"}, "retracted", None),
        ({"retracted": False}, "retracted", False),
        ({"is_retracted": True}, "retracted", True),
        ({"ids": {"pmid": "12", "bad": 3, "none": " "}}, "ids", {"pmid": "12"}),
        ({"ids": ["12"]}, "ids", {}),
        ({"links": ["https://example.org/a", 4]}, "links", ("https://example.org/a",)),
        ({"publisher": "Wells Press", "pages": 12, "open": True, "x": None}, "fields",
         {"publisher": "Wells Press", "pages": "12"}),
        ({"score": 1.5}, "fields", {"score": "1.5"}),
    ],
)  # fmt: skip
def test_values_of_unexpected_types(fields: dict[str, Any], name: str, wanted: object) -> None:
    """What can be read as the field is read; what cannot is left unknown and costs nothing else."""
    found = read_one({"title": "Floats in Wells", **fields})
    assert isinstance(found, Paper)
    assert getattr(found, name) == wanted


@pytest.mark.parametrize("digits", [308, 309, 400, 4000])
@pytest.mark.parametrize("field", ["title", "venue", "doi", "url", "date", "notes", "shelf_mark"])
def test_numbers_of_any_length(field: str, digits: int) -> None:
    """A number too long for arithmetic is a strange text, and no failure."""
    found = read_one({"title": "Floats in Wells", field: 10**digits})
    assert isinstance(found, Paper)


@pytest.mark.parametrize("depth", [10, 200, 500, 800, 900, 940, 960, 970, 980, 985, 990, 995, 1000, 2000])
@pytest.mark.parametrize("field", ["title", "year", "authors", "id", "keywords", "papers"])
def test_nesting_of_any_depth(field: str, depth: int) -> None:
    """However deep a value is nested, the line is a paper or a refusal."""
    nested = "[" * depth + "]" * depth
    for title in ('"title": "Floats in Wells", ', ""):
        found = read("{" + title + f'"{field}": {nested}' + "}")
        assert len(found) == 1


def test_a_lone_surrogate_is_replaced() -> None:
    """Half a character, which no file can hold, is replaced in every text."""
    paper = paper_of(
        abstract="wa\ud800ter",
        venue="\udc00",
        keywords=["\ud800x"],
        shelf="\udfff",
        ids={"a\ud800": "b\ud800"},
    )
    assert paper.texts.abstract == "wa?ter"
    assert paper.model_dump_json().encode()


def test_a_whole_pair_of_surrogates_is_one_character() -> None:
    """Two escapes that make one character give that character."""
    (found,) = read('{"title": "Floats \\ud83d\\ude00"}')
    assert isinstance(found, Paper)
    assert found.title == "Floats 😀"


FULL_RECORD = {
    "title": "Floats -- in $2\\times$ Wells",
    "abstract": "A float logs 50\\% of the water. See https://example.org/log.",
    "authors": [
        {"family": "Berg", "given": "Jan", "particle": "van der", "suffix": "Jr."},
        {"name": "Ada Lovelace"},
        "Well Readers Team",
        "Plato",
    ],
    "year": 2021,
    "date": "2021-03",
    "doi": "10.1234/WELLS",
    "arxiv_id": "2103.00001v2",
    "url": "https://example.org/wells",
    "venue": "Wells Quarterly",
    "type": "article",
    "keywords": ["water; deep", "floats"],
    "notes": "read twice",
    "key": "berg2021",
    "files": ["a, b.pdf"],
    "ids": {"pmid": "12"},
    "retracted": False,
    "publisher": "Wells Press",
}


def again(paper: Paper) -> Paper:
    found = read_one(paper.model_dump(mode="json"))
    assert isinstance(found, Paper)
    return found


def test_a_written_paper_reads_back_whole() -> None:
    """A paper written as a line and read again is the same paper."""
    paper = read_one(FULL_RECORD)
    assert isinstance(paper, Paper)
    assert again(paper) == paper
    assert again(again(paper)) == paper


@pytest.mark.parametrize(
    "author",
    [
        Author(name="Ada Lovelace"),
        Author(name="Readers, Well"),
        Author(name="Plato"),
        Author(family="Lovelace"),
        Author(family="Lovelace", given="Ada", particle="de", suffix="Jr."),
        Author(family="van der Berg", given="Jan"),
        Author(family="Lovelace, Countess", given="Ada"),
    ],
)
def test_a_written_author_reads_back_as_it_was(author: Author) -> None:
    """What was kept whole stays whole, and what was taken apart stays apart."""
    paper = paper_of().model_copy(update={"authors": (author,)})
    assert again(paper).authors == (author,)


WORDS = st.text(st.characters(codec="utf-8"), max_size=30)
NAMES_OF_PEOPLE = st.one_of(
    WORDS,
    st.fixed_dictionaries({}, optional={"family": WORDS, "given": WORDS, "particle": WORDS, "name": WORDS}),
)
RECORDS = st.fixed_dictionaries(
    {"title": WORDS},
    optional={
        "abstract": WORDS,
        "authors": st.one_of(WORDS, st.lists(NAMES_OF_PEOPLE, max_size=3)),
        "year": st.one_of(st.integers(1300, 2300), WORDS),
        "doi": st.one_of(WORDS, st.from_regex(r"10\.[0-9]{4}/[a-zA-Z0-9.()]{1,9}", fullmatch=True)),
        "key": WORDS,
        "url": WORDS,
        "keywords": st.lists(WORDS, max_size=3),
    },
)


@FREE
@given(RECORDS)
def test_any_paper_reads_back(record: dict[str, Any]) -> None:
    """Title, abstract, authors, year, DOI and key of any paper survive being written and read."""
    paper = read_one(record)
    if isinstance(paper, Paper):
        back = again(paper)
        assert (back.title, back.texts) == (paper.title, paper.texts)
        assert (back.authors, back.year, back.doi, back.key) == (
            paper.authors,
            paper.year,
            paper.doi,
            paper.key,
        )


ANY_TEXT = st.text(st.characters(), max_size=12)
OTHER_NAMES = "id ids links fields aliases papers title_original abstract_original family name other".split()
FIELD_NAMES = st.sampled_from(sorted({name for names in ALIASES.values() for name in names} | {*OTHER_NAMES}))
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.sampled_from([10**320, -(10**320), 2021, "2021", "10.1234/x", "2401.00001v2", "a, b and c"]),
    st.floats(),
    ANY_TEXT,
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.one_of(FIELD_NAMES, ANY_TEXT), inner, max_size=4)
    ),
    max_leaves=12,
)
OBJECTS = st.dictionaries(FIELD_NAMES, VALUES, max_size=8)


@settings(FREE, max_examples=300)
@given(st.one_of(VALUES, OBJECTS, OBJECTS.map(lambda record: {"title": "Floats in Wells", **record})))
def test_any_json_value_is_a_paper_or_a_refusal(value: object) -> None:
    """No JSON value makes the reader fail, and what comes out can be written to a file."""
    (found,) = read(json.dumps(value))
    assert isinstance(found, Paper | Rejected)
    assert found.model_dump_json().encode()
    assert found.title.strip() if isinstance(found, Paper) else found.reason


LINES = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_characters="\r\n\0"), max_size=20),
    st.sampled_from(["", " ", "{}", '{"title": "a"}', "[1]", '{"title": NaN}', "{"]),
)


@FREE
@given(st.lists(LINES, max_size=12))
def test_every_line_is_accounted_for(lines: list[str]) -> None:
    """As many results come out as lines went in that were not blank."""
    text = "\n".join(["{}", *lines])
    assert len(read(text)) == sum(bool(line.strip()) for line in text.split("\n"))
