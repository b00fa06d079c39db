"""What holds of all services: an answer that is broken is an error, and never an empty answer."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.errors import SourceError, UsageError
from agent.records import Paper, Rejected
from agent.sources.services import arxiv, crossref, hugging_face, openalex, pubmed, semantic_scholar
from agent.sources.services.common import Call, Page, Query, Service, batches, finish

FREE = settings(derandomize=True, database=None, deadline=None, max_examples=40)
ANSWERS = Path(__file__).parent / "answers"
WELLS = Query("wells", limit=10)
SERVICES: tuple[Service, ...] = (arxiv, crossref, hugging_face, openalex, pubmed, semantic_scholar)
CASES: dict[str, tuple[Service, Call]] = {
    "arxiv.xml": (arxiv, arxiv.search(WELLS)),
    "crossref.json": (crossref, crossref.search(WELLS)),
    "hugging_face.json": (hugging_face, hugging_face.search(Query(week="2025-W09"))),
    "openalex.json": (openalex, openalex.search(Query("wells", limit=2))),
    "pubmed_efetch.xml": (pubmed, pubmed.lookup([("pmid", "31234567")])[0]),
    "pubmed_esearch.json": (pubmed, pubmed.search(WELLS)),
    "semantic_scholar.json": (semantic_scholar, semantic_scholar.search(WELLS)),
}
JSON = [name for name in CASES if name.endswith(".json")]
XML = [name for name in CASES if name.endswith(".xml")]


def read(
    name: str, body: bytes | None = None, content_type: str = "", seen: int = 0, limit: int = 10
) -> Page:
    service, call = CASES[name]
    body = (ANSWERS / name).read_bytes() if body is None else body
    return service.parse(body, content_type, call, seen, limit)


def error_of(name: str, body: bytes, content_type: str = "") -> str:
    with pytest.raises(SourceError) as raised:
        read(name, body, content_type)
    assert raised.value.message.startswith(f"{CASES[name][0].LABEL}: ")
    assert raised.value.hint
    return raised.value.message


HTML = b"""<!DOCTYPE html>
<html><head><title>Just a moment</title><style>p {}</style></head><body><p>Are you a person?</body></html>"""


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize(
    ("body", "content_type", "told"),
    [
        (HTML, "text/html; charset=utf-8", "web page (HTML) and no data: 'Just a moment Are you a person?'"),
        (HTML, "", "web page"),
        (b"\n  <HTML><body>Bad gateway", "application/json", "web page"),
        (b"<h1>Sorry</h1>", "text/html", "web page"),
        (b"", "", "empty"),
        (b" \n\t", "application/json", "empty"),
        (b"Rate exceeded.", "text/plain", "'Rate exceeded.'"),
        (b"\xff\xfe\x00\x01", "", "no UTF-8"),
        ("wells\u00e4".encode("latin-1"), "", "no UTF-8"),
    ],
    ids=range(9),
)
def test_what_is_no_data_is_told(name: str, body: bytes, content_type: str, told: str) -> None:
    """A web page, nothing, a bare sentence and strange bytes are errors that quote what came."""
    assert told in error_of(name, body, content_type)


@pytest.mark.parametrize("name", CASES)
def test_an_answer_cut_off_anywhere_is_broken(name: str) -> None:
    """Wherever the connection ends too early, the answer is an error and no shorter answer."""
    whole = (ANSWERS / name).read_bytes().rstrip()
    for end in range(0, len(whole), max(1, len(whole) // 40)):
        error_of(name, whole[:end])
    error_of(name, whole[:-1])


@pytest.mark.parametrize("name", JSON)
@pytest.mark.parametrize(
    "body", [b"null", b"1", b'"text"', b"true", b"{}", b'{"a": NaN}', b"[1]", b"[" * 100_000]
)
def test_json_of_another_shape_is_broken(name: str, body: bytes) -> None:
    """JSON that is not what the service sends is an error."""
    error_of(name, body)


@pytest.mark.parametrize("name", JSON)
def test_an_error_of_the_service_is_quoted(name: str) -> None:
    """What a service says of its own failure reaches the reader."""
    for body in ({"error": "too many wells"}, {"status": "error", "message": "too many wells"}):
        message = error_of(name, json.dumps(body).encode())
        if "error" in body and name != "crossref.json":
            assert "too many wells" in message


def without(value: Any, path: tuple[str | int, ...]) -> Any:
    """The value without what stands at a path."""
    copy = json.loads(json.dumps(value))
    inner = copy
    for step in path[:-1]:
        inner = inner[step]
    del inner[path[-1]]
    return copy


NEEDED: list[tuple[str, tuple[str | int, ...], str]] = [
    ("crossref.json", ("status",), "'status'"),
    ("crossref.json", ("message",), "'message'"),
    ("crossref.json", ("message", "items"), "'message.items'"),
    ("crossref.json", ("message", "total-results"), "'message.total-results'"),
    ("crossref.json", ("message", "items", 1, "DOI"), "'record 2.DOI'"),
    ("openalex.json", ("meta",), "'meta'"),
    ("openalex.json", ("meta", "count"), "'meta.count'"),
    ("openalex.json", ("results",), "'results'"),
    ("openalex.json", ("results", 1, "id"), "'record 2.id'"),
    ("openalex.json", ("results", 0, "title"), "'record 1.title'"),
    ("semantic_scholar.json", ("total",), "'total'"),
    ("semantic_scholar.json", ("data",), "'data'"),
    ("semantic_scholar.json", ("data", 1, "paperId"), "'record 2.paperId'"),
    ("semantic_scholar.json", ("data", 0, "title"), "'record 1.title'"),
    ("hugging_face.json", (0, "paper"), "'record 1.paper'"),
    ("hugging_face.json", (1, "paper", "id"), "'record 2.paper.id'"),
    ("hugging_face.json", (1, "paper", "title"), "'record 2.paper.title'"),
    ("pubmed_esearch.json", ("esearchresult",), "'esearchresult'"),
    ("pubmed_esearch.json", ("esearchresult", "count"), "'esearchresult.count'"),
    ("pubmed_esearch.json", ("esearchresult", "idlist"), "'esearchresult.idlist'"),
]


@pytest.mark.parametrize(("name", "path", "told"), NEEDED)
def test_a_missing_field_is_named(name: str, path: tuple[str | int, ...], told: str) -> None:
    """Where a field is missing that no answer can lack, the error names it."""
    whole = json.loads((ANSWERS / name).read_text())
    assert told in error_of(name, json.dumps(without(whole, path)).encode())


@pytest.mark.parametrize(
    ("name", "element", "told"),
    [
        ("arxiv.xml", r"<opensearch:totalResults>.*?</opensearch:totalResults>", "'opensearch:totalResults'"),
        ("arxiv.xml", r"<id>http://arxiv.org/abs/2103.*?</id>", "'id' (record 1)"),
        ("arxiv.xml", r"<title>Floats.*?</title>", "'title' (record 1)"),
        ("pubmed_efetch.xml", r"<Article>.*?</Article>", "'Article' (PMID 31234568)"),
        ("pubmed_efetch.xml", r'<PMID Version="1">31234569</PMID>', "'PMID' in a PubmedBookArticle"),
    ],
)
def test_a_missing_element_is_named(name: str, element: str, told: str) -> None:
    """Where an element is missing that no answer can lack, the error names it."""
    text, count = re.subn(element, "", (ANSWERS / name).read_text(), count=1, flags=re.S)
    assert count == 1
    assert told in error_of(name, text.encode())


ATTACKS = [
    '<!DOCTYPE {root} [<!ENTITY a "b">]>',
    '<!DOCTYPE {root} SYSTEM "file:///etc/passwd">',
    '<!DOCTYPE {root} PUBLIC "a" "b" [<!ENTITY a "b">]>',
    "<!DOCTYPE {root}><!DOCTYPE {root}>",
    '<!DOCTYPE other PUBLIC "a" "b">',
]


@pytest.mark.parametrize("name", XML)
@pytest.mark.parametrize("attack", ATTACKS)
def test_declarations_in_xml_are_refused(name: str, attack: str) -> None:
    """A document that declares entities, or names another to read, is not read."""
    text = re.sub(r"<!DOCTYPE[^>]*>\n", "", (ANSWERS / name).read_text())
    root = "feed" if name == "arxiv.xml" else "PubmedArticleSet"
    head, rest = text.split("\n", 1)
    message = error_of(name, f"{head}\n{attack.format(root=root)}\n{rest}".encode())
    assert "declares a DOCTYPE" in message or "declares a ENTITY" in message
    assert "root:" not in message


def test_a_feed_of_another_kind_is_broken() -> None:
    """XML that is not what the service sends is an error that names its root."""
    for name in XML:
        assert "rss" in error_of(name, b"<rss><channel/></rss>")


@pytest.mark.parametrize("name", [name for name in CASES if name != "pubmed_esearch.json"])
def test_no_more_records_than_asked_for(name: str) -> None:
    """A page is cut to what is still wanted, is numbered on, and then nothing follows."""
    whole = read(name).records
    page = read(name, seen=4, limit=5)
    assert len(page.records) == 1
    assert page.next is None
    assert len(whole) >= 2
    for first, cut in zip(whole, page.records, strict=False):
        assert isinstance(first, Paper) and isinstance(cut, Paper)
        assert (first.sources[0].position, cut.sources[0].position) == ("record 1", "record 5")
        assert first.title == cut.title


@pytest.mark.parametrize("name", CASES)
def test_pages_follow_until_there_are_enough(name: str) -> None:
    """A full page has a call behind it for the same service, and the same answer gives the same page."""
    page, service = read(name, limit=10), CASES[name][0]
    assert page == read(name, limit=10)
    if name != "pubmed_efetch.xml" and name != "hugging_face.json":
        assert page.next is not None
        assert page.next != CASES[name][1]
        assert page.next.key_param == CASES[name][1].key_param
        assert page.next.url.split("/")[2] == CASES[name][1].url.split("/")[2]
    assert service.parse((ANSWERS / name).read_bytes(), "", CASES[name][1], 10, 10).next is None


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.NAME)
def test_every_service_says_what_it_is(service: Service) -> None:
    """Names, waits and ids are stated, and no key stands in a call."""
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", service.NAME)
    assert service.LABEL and 0 < service.SECONDS <= 3
    assert service.SCHEMES
    calls = [
        service.by_title('Floats, "in" Wells | (Deep)'),
        *service.lookup([("doi", "10.1234/a"), ("arxiv", "2103.00001")]),
    ]
    for call in calls:
        assert call.url.startswith("https://")
        assert all(isinstance(value, str) for pair in call.params for value in pair)
        assert not {name for name, _ in (*call.params, *call.headers)} & {
            "api_key",
            "x-api-key",
            "mailto",
            "email",
        }
    assert (service.KEY_VARIABLE is None) == all(
        call.key_param is None and call.key_header is None for call in calls
    )
    assert service.lookup([]) == service.lookup([("unheard-of", "1")]) == []


@pytest.mark.parametrize(
    "service", [service for service in SERVICES if service is not hugging_face], ids=lambda s: s.NAME
)
@pytest.mark.parametrize(
    "query", [Query(""), Query("  "), Query("wells", week="2025-W09"), Query(date="2025-02-28")]
)
def test_a_query_that_asks_nothing_is_refused(service: Service, query: Query) -> None:
    """A service that searches texts wants a text, and has no lists of a week."""
    with pytest.raises(UsageError, match=service.LABEL):
        service.search(query)


def test_a_first_page_that_speaks_of_papers_and_has_none_is_broken() -> None:
    """Nothing out of many is no empty answer; nothing out of nothing is one, and so is a short end."""
    with pytest.raises(SourceError, match="7 papers"):
        finish("Wells", [], seen=0, limit=5, total=7)
    assert finish("Wells", [], seen=0, limit=5, total=0, following=Call("x")) == Page((), None, 0)
    assert finish("Wells", [], seen=7, limit=9, total=7, following=Call("x")) == Page((), None, 7)
    assert finish("Wells", [], seen=3, limit=5, total=7, following=Call("x")).notes == (
        "Wells ended after 3 of 7 papers",
    )


@FREE
@given(st.lists(st.text("abc", min_size=1, max_size=9), max_size=40), st.integers(1, 7))
def test_batches_hold_every_value_once(values: list[str], most: int) -> None:
    """Groups are no larger than allowed, and together they are the values in order, each once."""
    groups = list(batches(values, most, longest=30))
    assert [value for group in groups for value in group] == list(dict.fromkeys(values))
    assert all(0 < len(group) <= most and sum(map(len, group)) <= 38 for group in groups)


SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=8), st.sampled_from(["", "2021", 2021, 10**30, "10.1234/x", "\ud800", "<sup>", "ok"]),
)  # fmt: skip
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3), max_leaves=5
)  # fmt: skip


def paths(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    found = [path] if path else []
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, inner in pairs:
        found += paths(inner, (*path, step))
    return found


PLACES = {name: paths(json.loads((ANSWERS / name).read_text())) for name in JSON}


def survives(parse: Callable[[], Page]) -> None:
    try:
        page = parse()
    except SourceError:
        return
    for record in page.records:
        assert isinstance(record, Paper | Rejected)
        assert record.model_dump_json().encode()


@FREE
@given(st.data())
def test_any_value_anywhere_is_read_or_told(data: st.DataObject) -> None:
    """Whatever a service sends in place of a value, it is read, refused with its place, or told as an error."""
    name = data.draw(st.sampled_from(JSON))
    answer = json.loads((ANSWERS / name).read_text())
    for path in data.draw(st.lists(st.sampled_from(PLACES[name]), min_size=1, max_size=3, unique=True)):
        inner = answer
        for step in path[:-1]:
            inner = inner[step] if has(inner, step) else None
        if has(inner, path[-1]):
            inner[path[-1]] = data.draw(VALUES)
    survives(lambda: read(name, json.dumps(answer).encode()))


def has(value: Any, step: str | int) -> bool:
    if isinstance(value, dict):
        return step in value
    return isinstance(value, list) and isinstance(step, int) and step < len(value)


@FREE
@given(st.data())
def test_any_part_of_xml_may_be_lost_or_doubled(data: st.DataObject) -> None:
    """Lines of a feed that are missing or doubled give papers or an error, and never another failure."""
    name = data.draw(st.sampled_from(XML))
    lines = (ANSWERS / name).read_text().split("\n")
    for _ in range(data.draw(st.integers(1, 3))):
        index = data.draw(st.integers(0, len(lines) - 1))
        lines[index] = data.draw(st.sampled_from(["", lines[index] * 2, "<sup>1</sup>", "x" + lines[index]]))
    survives(lambda: read(name, "\n".join(lines).encode()))
