"""The reader of CSL-JSON."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.records import Author, Noted, Paper, Rejected
from agent.sources.formats.csl_json import read

FREE = settings(derandomize=True, database=None, deadline=None, max_examples=40)
A, B = {"title": "Floats in Wells"}, {"title": "Listening to Bridges"}


def paper(**fields: Any) -> Paper:
    (found,) = read(json.dumps([{"title": "Floats in Wells", **fields}]))
    assert isinstance(found, Paper), found
    return found


def told(text: str) -> list[tuple[str, str]]:
    """Each result by its place and its title, or `refused`."""
    return [
        (item.sources[0].position, item.title) if isinstance(item, Paper) else (item.position, "refused")
        for item in read(text)
    ]


FULL = {
    "id": "http://zotero.org/users/1/items/ABCD1234",
    "citation-key": "berg2021",
    "type": "article-journal",
    "title": "Floats -- in Wells",
    "abstract": "A float logs.",
    "container-title": "Wells Quarterly",
    "container-title-short": "Wells Q",
    "volume": 3,
    "issue": "2",
    "page": "10-19",
    "DOI": "https://doi.org/10.1234/WELLS",
    "PMID": 77,
    "PMCID": "99",
    "URL": "https://example.org/wells",
    "ISSN": ["1234-5678", "8765-4321"],
    "author": [
        {"family": "Berg", "given": "Jan", "dropping-particle": "van", "non-dropping-particle": "der", "suffix": "Jr."},
        {"literal": "Well Readers Team"},
        {"family": "Doe"},
        {"given": "Plato"},
        "Ada Lovelace",
    ],
    "editor": [{"family": "Roe", "given": "Sam"}, {"literal": "Well Press"}],
    "issued": {"date-parts": [["2021", "3", 4]], "season": "2"},
    "accessed": {"date-parts": [[2022, 1]]},
    "keyword": "water, floats; water",
    "categories": ["wells", "logs"],
    "note": "arXiv: 2103.00001v2 [cs.CL]\nread twice\ntex.archiveprefix: arXiv\nPMID: 78",
    "custom": {"shelf": "three", "files": ["a, b.pdf"], "retracted": False},
}  # fmt: skip


def test_an_item_with_everything() -> None:
    """Each variable becomes its field; what has none is kept under CSL's name."""
    found = paper(**FULL)
    assert found.model_dump(exclude={"texts", "sources", "title_original", "aliases", "collections"}) == {
        "key": "berg2021", "title": "Floats – in Wells", "abstract_original": "A float logs.", "year": 2021,
        "date": "2021-03-04", "type": "article-journal", "venue": "Wells Quarterly", "doi": "10.1234/wells",
        "arxiv_id": "2103.00001", "version": "v2", "url": "https://example.org/wells", "links": (),
        "authors": tuple(author.model_dump() for author in (
            Author(family="Berg", given="Jan", particle="van der", suffix="Jr."), Author(name="Well Readers Team"),
            Author(family="Doe"), Author(name="Plato"), Author(family="Lovelace", given="Ada"))),
        "keywords": ("water", "floats"), "notes": "read twice\nPMID: 78", "files": ("a, b.pdf",),
        "ids": {"pmid": "77", "pmcid": "PMC99"}, "retracted": False, "is_untitled": False,
        "fields": {
            "id": "http://zotero.org/users/1/items/ABCD1234", "container-title-short": "Wells Q", "volume": "3",
            "issue": "2", "page": "10-19", "ISSN": "1234-5678; 8765-4321", "editor": "Roe, Sam; Well Press",
            "accessed": "2022-01", "categories": "wells; logs", "season": "2", "primaryclass": "cs.CL",
            "tex.archiveprefix": "arXiv", "shelf": "three",
        },
    }  # fmt: skip


@pytest.mark.parametrize(
    ("issued", "year", "date", "fields"),
    [
        ({"date-parts": [[2021, 3, 4]]}, 2021, "2021-03-04", {}),
        ({"date-parts": [["2021", "03"]]}, 2021, "2021-03", {}),
        ({"date-parts": [[2021]]}, 2021, None, {}),
        ({"date-parts": [[2021]], "raw": "2021"}, 2021, "2021", {}),
        ({"date-parts": [2021, 3]}, 2021, "2021-03", {}),
        ({"date-parts": ["2021"]}, 2021, None, {}),
        ({"date-parts": "2021"}, 2021, None, {}),
        ({"date-parts": [[["2021"]]]}, 2021, None, {}),
        ({"date-parts": [[2021, None]]}, 2021, None, {}),
        ({"date-parts": [[2021, 13]]}, 2021, None, {}),
        ({"date-parts": [[2020, 12], [2021, 1]]}, 2020, "2020-12", {"issued": "2020-12/2021-01"}),
        ({"date-parts": [[None]]}, None, None, {}),
        ({"date-parts": [[0]]}, None, None, {"issued": "0"}),
        ({"date-parts": []}, None, None, {}),
        ([[2021, 3]], 2021, "2021-03", {}),
        ({"raw": "2021-03-04"}, 2021, "2021-03-04", {}),
        ({"raw": "March 2021"}, 2021, "2021-03", {}),
        ({"literal": "spring 2021"}, 2021, None, {"issued": "spring 2021"}),
        ({"literal": "in press"}, None, None, {"issued": "in press"}),
        ({"date-parts": [[2021]], "literal": "spring 2021"}, 2021, None, {"issued": "spring 2021"}),
        ({"date-parts": [[2021, 3, 4]], "date-time": "2021-03-04T10:00:00Z"}, 2021, "2021-03-04",
         {"issued": "2021-03-04T10:00:00Z"}),
        ("2021-03", 2021, "2021-03", {}),
        (2021, 2021, "2021", {}),
        ({"date-parts": [[2021]], "circa": True}, 2021, None, {"circa": "true"}),
        (None, None, None, {}),
    ],
)  # fmt: skip
def test_dates(issued: Any, year: int | None, date: str | None, fields: dict[str, str]) -> None:
    """A date is read from its parts or its words; what says more than a date is kept."""
    found = paper(issued=issued)
    assert (found.year, found.date, found.fields) == (year, date, fields)


@pytest.mark.parametrize(
    ("author", "wanted"),
    [
        ({"family": "Berg", "given": "Jan"}, (Author(family="Berg", given="Jan"),)),
        ("Jan Berg and Anna Doe", (Author(family="Berg", given="Jan"), Author(family="Doe", given="Anna"))),
        ([{"name": "Well Team"}], (Author(name="Well Team"),)),
        ([{"literal": "Berg, Jan"}], (Author(name="Berg, Jan"),)),
        ([{"family": "Berg", "given": ""}], (Author(family="Berg"),)),
        ([{}, None, [], {"family": " "}], ()),
        (None, ()),
    ],
)
def test_authors(author: Any, wanted: tuple[Author, ...]) -> None:
    """An author is taken apart as the item says, whole where it says so; one object is a list of one."""
    assert paper(author=author).authors == wanted


def test_what_is_said_of_an_author_is_kept() -> None:
    """An ORCID belongs to its author's name."""
    found = paper(author=[{"family": "Berg", "given": "Jan", "ORCID": "0000-0001", "sequence": "first"}])
    assert found.fields == {"author.ORCID": "Jan Berg: 0000-0001"}


@pytest.mark.parametrize(
    ("fields", "name", "wanted"),
    [
        ({"id": "berg2021"}, "key", "berg2021"),
        ({"id": "DBLP:conf/wells/Berg21"}, "key", "DBLP:conf/wells/Berg21"),
        ({"id": 5}, "fields", {"id": "5"}),
        ({"id": "5"}, "key", ""),
        ({"id": "https://doi.org/10.1234/a"}, "key", ""),
        ({"id": "9512/ABCD1234"}, "fields", {"id": "9512/ABCD1234"}),
        ({"id": "berg", "citation-key": "berg"}, "fields", {}),
        ({"id": "x", "note": "Citation Key: berg"}, "key", "berg"),
        ({"DOI": "10.48550/arXiv.2103.00001"}, "arxiv_id", "2103.00001"),
        ({"DOI": "10.48550/arXiv.2103.00001"}, "doi", None),
        ({"DOI": "none"}, "fields", {"DOI": "none"}),
        ({"URL": "https://doi.org/10.1234/a"}, "doi", "10.1234/a"),
        ({"URL": "https://arxiv.org/abs/2103.00001v2"}, "version", "v2"),
        ({"number": "arXiv:2103.00001"}, "arxiv_id", "2103.00001"),
        ({"number": "2103.00001"}, "arxiv_id", None),
        ({"archive": "arXiv", "archive_location": "2103.00001"}, "arxiv_id", "2103.00001"),
        ({"note": "DOI: 10.1234/a"}, "doi", "10.1234/a"),
        ({"note": "DOI: 10.1234/a", "DOI": "10.1234/b"}, "notes", "DOI: 10.1234/a"),
        ({"note": "arXiv: soon"}, "notes", "arXiv: soon"),
        ({"note": "PMID: 7\nPMCID: PMC9"}, "ids", {"pmid": "7", "pmcid": "PMC9"}),
        ({"note": "PMID: 7"}, "notes", None),
        ({"PMID": "seven"}, "fields", {"PMID": "seven"}),
        ({"type": "journal-article"}, "type", "article-journal"),
        ({"type": "wall-chart"}, "type", "wall-chart"),
        ({"keyword": ["a, b", "c"]}, "keywords", ("a, b", "c")),
        ({"container-title": ["Wells"]}, "venue", "Wells"),
        ({"volume": 1.10}, "fields", {"volume": "1.1"}),
        ({"custom": {"year": 2020}, "issued": [[2021]]}, "year", 2020),
        ({"custom": {"keywords": ["a; b"]}, "keyword": "a; b"}, "keywords", ("a; b",)),
        ({"custom": {"ids": {"wos": "WOS:1"}}}, "ids", {"wos": "WOS:1"}),
        ({"custom": {"ids": {"wos": "WOS:1"}}, "PMID": 7}, "ids", {"pmid": "7", "wos": "WOS:1"}),
        ({"custom": {"fields": {"mood": "good", "volume": "4"}}, "volume": 3}, "fields", {"mood": "good", "volume": "4"}),
        ({"custom": {"type": None}, "type": "document"}, "type", None),
        ({"custom": {"type": "poster"}, "type": "document"}, "type", "poster"),
        ({"custom": {"type": "poster"}, "type": "book"}, "fields", {"type": "poster"}),
        ({"custom": {"notes": "PMID: 7"}, "note": "PMID: 7"}, "notes", "PMID: 7"),
        ({"custom": {"notes": "PMID: 7"}, "note": "PMID: 7"}, "ids", {}),
        ({"custom": {"notes": "PMID: 7"}, "note": "PMID: 8"}, "ids", {"pmid": "8"}),
        ({"custom": {"notes": "PMID: 7"}, "note": "PMID: 8"}, "fields", {"notes": "PMID: 7"}),
        ({"custom": {"arxiv_id": "2103.00001"}, "URL": "https://arxiv.org/abs/2103.00001v2"}, "version", None),
        ({"custom": {"title_original": "Floats"}}, "title", "Floats in Wells"),
        ({"custom": {"is_untitled": True}}, "is_untitled", True),
        ({"custom": {"title_original": "Floats"}}, "title_original", "Floats"),
        ({"custom": {"arxiv_id": 5.5, "links": "x"}}, "links", ()),
        ({"custom": "plain"}, "fields", {"custom": "plain"}),
        ({"status": "in press", "relation": {"a": 1}, "empty": [], "none": None}, "fields",
         {"status": "in press", "relation": '{"a": 1}'}),
        ({"original-date": {"date-parts": [[1999, 2]]}}, "fields", {"original-date": "1999-02"}),
    ],
)  # fmt: skip
def test_variables(fields: dict[str, Any], name: str, wanted: object) -> None:
    """Each variable is read wherever items have it, and is kept where it is not what its name says."""
    assert getattr(paper(**fields), name) == wanted


@pytest.mark.parametrize(
    "document",
    [[A, B], {"items": [A, B]}, {"references": [A, B]}, {"floats": A, "bridges": B}],
    ids=lambda document: "-".join(document) if isinstance(document, dict) else "list",
)
def test_lists_and_their_wrappers(document: object) -> None:
    """A document is a list of items, an object that holds one, or items by their keys."""
    wanted = [("item 1", "Floats in Wells"), ("item 2", "Listening to Bridges")]
    assert told("\ufeff" + json.dumps(document, indent=1)) == wanted
    assert told(json.dumps(A)) == wanted[:1]


def test_a_bad_item_costs_that_item() -> None:
    """Among good items each bad one is refused in its place; it is named by its id."""
    bad: list[Any] = [1, "text", None, [], {}, {"id": "x"}, {"title": " "}, True]
    found = told(json.dumps([A, *bad, B]))
    assert found == [
        ("item 1", "Floats in Wells"),
        *((f"item {number}", "refused") for number in range(2, 10)),
        ("item 10", "Listening to Bridges"),
    ]
    (refused,) = read(json.dumps([{"id": "x"}]))
    assert isinstance(refused, Rejected) and (refused.reason, refused.title) == ("no title", "x")


@pytest.mark.parametrize("wrapper", ["{}", '{{"format": [1, {{"items": []}}],\n"items": {}}}', "\n {}"])
@pytest.mark.parametrize("indent", [None, 2])
def test_a_file_that_breaks_off(wrapper: str, indent: int | None) -> None:
    """Wherever a file is cut, the items before the cut are read and the rest is one rejection with its line."""
    text = wrapper.format(json.dumps([A, B, {"title": "Third", "volume": "1"}], indent=indent))
    whole = told(text)
    assert len(whole) == 3
    third = text.index("Third")
    for cut in (third - 5, third + 2, third + 7, text.rindex("}", 0, text.rindex("]"))):
        *kept, refused = list(read(text[:cut]))
        assert [item.title for item in kept] == ["Floats in Wells", "Listening to Bridges"]
        assert isinstance(refused, Rejected)
        line = text[: text.rindex("{", 0, third)].count("\n") + 1
        assert refused.position == f"item 3 (line {line})"
        assert refused.title == ("Third" if cut > third + 5 else "")


@pytest.mark.parametrize(
    ("text", "kept", "reason"),
    [
        ('[{"title": "A"}, {"title": "B", "x": }, {"title": "C"}, ', ["A", "C"], "Expecting value"),
        (
            '[{"title": "A"}, {"title": "B", "author": [{"family": "X"}], }, {"title": "C"}]',
            ["A", "C"],
            "double quotes",
        ),
        ('[{"title": "A"}, {"title": "B" {"title": "C"}]', ["A", "C"], "(line 1)"),
        ("]", [], "behind the end"),
        ('[{"title": "A"}] more', ["A"], "behind the end"),
        ('[{"title": "A"},\n{"title": "B",}]', ["A"], "(line 2)"),
        ('[{"title": "A"}, {title: "B"}]', ["A"], "broken JSON"),
        ('[{"title": "A"}', ["A"], "never closed"),
        ('{"title": "A", "author": [{"family": "B"}', [], "broken JSON"),
        ("", [], "broken JSON"),
        ("no JSON", [], "broken JSON"),
        ("[]", [], "no records"),
        ("[" * 100_000, [], "nested"),
        ('[{"title": "A"}, ' + "[" * 100_000, ["A"], "nested"),
        ('[{"title": "A", "x": ' + "[" * 900 + "]" * 900 + "}]", [], "nested"),
    ],
    ids=range(15),
)
def test_broken_files(text: str, kept: list[str], reason: str) -> None:
    """Broken JSON costs what stands between the break and the next whole item, and the rejection says where and why."""
    found = list(read(text))
    assert [item.title for item in found if isinstance(item, Paper)] == kept
    refused = next(item for item in found if isinstance(item, Rejected))
    assert reason in refused.reason and len(refused.reason) < 200


@pytest.mark.parametrize(("commas", "message"), [("", "missing"), (",,", "too many")])
def test_commas_between_items(commas: str, message: str) -> None:
    """A comma that is missing or doubled between two items costs neither, and is told."""
    first, noted, second = read(f'[{{"title": "A"}}{commas}\n{{"title": "B"}}]')
    assert isinstance(first, Paper) and isinstance(second, Paper) and isinstance(noted, Noted)
    assert (first.title, second.title, noted.position) == ("A", "B", "item 2 (line 2)")
    assert message in noted.message


def test_two_broken_items_are_two_rejections() -> None:
    """Each broken item is told by its own line, and none of an item's own objects is taken for one."""
    items = [
        '{"id": "a", "title": "A"}',
        '{"id": "b", "author": [{"family": "X"}], }',
        '{"id": "c", 5}',
        '{"id": "d", "title": "D"}',
    ]
    found = list(read("[" + ",\n".join(items) + "]"))
    assert [type(item) for item in found] == [Paper, Rejected, Rejected, Paper]
    places = [item.position for item in found if isinstance(item, Rejected)]
    assert places == ["item 2 (line 2)", "item 3 (line 3)"]


def test_what_python_would_change_in_a_number() -> None:
    """Fractions keep their zeros, long numbers their length, and NaN is nothing."""
    text = '[{"title": "A\nB", "volume": 1.10, "issue": ' + "9" * 5000 + ', "page": NaN, "edition": 1e999}]'
    (found,) = read(text)
    assert isinstance(found, Paper)
    assert found.title == "A B"
    assert found.fields == {"volume": "1.10", "issue": "9" * 5000, "edition": "1e999"}


VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
NAMES = st.sampled_from(
    [
        "id",
        "title",
        "author",
        "issued",
        "DOI",
        "PMID",
        "note",
        "keyword",
        "custom",
        "URL",
        "editor",
        "accessed",
        "type",
    ]
)


@FREE
@given(st.lists(st.dictionaries(NAMES, VALUES, max_size=6) | VALUES, max_size=4), st.integers(0, 60))
def test_any_document_is_read_without_an_error(items: list[Any], cut: int) -> None:
    """Every item of any document is one result; a document cut anywhere is read up to the cut."""
    text = json.dumps(items)
    found = list(read(text))
    assert len(found) == max(1, len(items))
    assert all(item.model_dump_json().encode() for item in found)
    assert list(read(text[:cut]))


@FREE
@given(st.text(st.sampled_from('[]{}",: \n1ati'), max_size=40))
def test_any_text_is_read_without_an_error(text: str) -> None:
    """Whatever stands in a file, something is told of it."""
    assert list(read(text))
