"""The reader of EndNote XML."""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.records import Author, Noted, Paper, Rejected
from agent.sources import Source, read_source
from agent.sources.formats.endnote_xml import read

FREE = settings(derandomize=True, database=None, deadline=None, max_examples=40)
ADA, CHARLES = Author(family="Lovelace", given="Ada"), Author(family="Babbage", given="Charles")
HEAD, TAIL = '<?xml version="1.0" encoding="UTF-8" ?>\n<xml><records>\n', "</records></xml>\n"


def record(title: str, more: str = "") -> str:
    return f"<record>{more}<titles><title>{title}</title></titles></record>\n"


FIRST, SECOND = record("Floats in Wells"), record("Listening to Bridges")


def paper_of(more: str, kind: str = "Journal Article") -> Paper:
    (found,) = read(HEAD + record("Floats in Wells", f'<ref-type name="{kind}">17</ref-type>{more}') + TAIL)
    assert isinstance(found, Paper), found
    return found


def told(text: str) -> list[tuple[str, str]]:
    """Each result by its place and its title, or by what it is."""
    return [
        (item.sources[0].position, item.title)
        if isinstance(item, Paper)
        else (item.position, type(item).__name__)
        for item in read(text)
    ]


@pytest.mark.parametrize(
    "broken",
    [
        "<record><titles><title>Cut</titles></record>",
        "<record><titles><title>Cut",
        "<record><titles><title>Cut</title></titles>",
        "<record><titles><title>This & that</title></titles></record>",
        "<record><titles><title>&unknown;</title></titles></record>",
        '<record><titles><title a="b>Cut</title></titles></record>',
        "<record><titles><title></title></titles></record>",
        "<record><titles/></record>",
        "<record/>",
        "<record><!DOCTYPE a></record>",
        '<record><!ENTITY a "b"></record>',
        "<record><titles><title>\u200b</title></titles></record>",
    ],
)
def test_a_broken_record_costs_itself(broken: str) -> None:
    """The records before and after it are read; it is refused with its line."""
    assert told(f"{HEAD}{FIRST}{broken}\n{SECOND}{TAIL}") == [
        ("line 3", "Floats in Wells"),
        ("line 4", "Rejected"),
        ("line 5", "Listening to Bridges"),
    ]


def test_a_cut_file_keeps_what_is_whole() -> None:
    """A file that ends in the middle of a record loses that record."""
    assert told(f"{HEAD}{FIRST}{SECOND[:40]}") == [("line 3", "Floats in Wells"), ("line 4", "Rejected")]


@pytest.mark.parametrize(
    "text",
    [
        f"{HEAD}{FIRST}{SECOND}{TAIL}",
        f"{HEAD}{FIRST}<!-- between -->{SECOND}{TAIL}",
        f"\ufeff{HEAD}{FIRST}{SECOND}{TAIL}".replace("\n", "\r\n"),
        f"{HEAD}{FIRST}{SECOND}",
        f"{HEAD}{FIRST.replace('<record>', '<record xmlns=' + chr(34) + 'urn:x' + chr(34) + '>')}{SECOND}{TAIL}",
        f"{HEAD}{FIRST.replace('Floats', 'Floa' + chr(11) + '&#x1F;ts')}{SECOND}{TAIL}",
    ],
)
def test_files_in_which_nothing_is_wrong(text: str) -> None:
    """Frames, comments, namespaces and characters that XML forbids cost nothing and are not told."""
    assert told(text) == [("line 3", "Floats in Wells"), ("line 4", "Listening to Bridges")]


def test_declarations_are_refused() -> None:
    """A document type is refused; so is a record that uses its entities, and no other is lost."""
    bomb = '<!DOCTYPE xml [\n<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>\n'
    text = f"<?xml version='1.0'?>\n{bomb}<xml><records>{record('&b;')}{FIRST}{TAIL}"
    refused, used, whole = read(text)
    assert isinstance(refused, Rejected) and refused.position == "line 2" and "DOCTYPE" in refused.reason
    assert isinstance(used, Rejected) and used.position == "line 4" and "undefined entity" in used.reason
    assert isinstance(whole, Paper) and whole.title == "Floats in Wells"


def test_text_in_no_record_is_told() -> None:
    """Words before, between and behind the records are notes."""
    found = list(read(f"{HEAD}one{FIRST}two\n{SECOND}{TAIL}three"))
    assert [(item.position, item.message) for item in found if isinstance(item, Noted)] == [
        ("line 1", "in no record: one"),
        ("line 3", "in no record: two"),
        ("line 5", "in no record: three"),
    ]


@pytest.mark.parametrize("text", ["", "words", HEAD + TAIL, "<xml>"])
def test_a_text_without_records_is_refused(text: str) -> None:
    """A file that holds none says so once."""
    assert [item.position for item in read(text) if isinstance(item, Rejected)] == ["file"]


def authors(*names: str, kind: str = "authors") -> str:
    listed = "".join(f"<author><style face='normal'>{name}</style></author>" for name in names)
    return f"<contributors><{kind}>{listed}</{kind}></contributors>"


PARTS: list[tuple[str, dict[str, Any]]] = [
    (authors("Lovelace, Ada", "Babbage, Charles"), {"authors": (ADA, CHARLES)}),
    (authors("Well Readers of the North"), {"authors": (Author(name="Well Readers of the North"),)}),
    (authors("Well Readers,"), {"authors": (Author(name="Well Readers"),)}),
    (authors("Lovelace, Ada", "Babbage, Charles", kind="secondary-authors"),
     {"authors": (), "fields": {"editor": "Lovelace, Ada; Babbage, Charles"}}),
    ("<titles><secondary-title>Wells Quarterly</secondary-title></titles>"
     "<periodical><full-title>Wells Quarterly</full-title><abbr-1>Wells Q</abbr-1></periodical>",
     {"venue": "Wells Quarterly", "fields": {"container-title-short": "Wells Q"}}),
    ("<periodical><full-title>Wells Quarterly</full-title></periodical>", {"venue": "Wells Quarterly", "fields": {}}),
    ("<dates><year>2017</year><pub-dates><date>Dec 4</date></pub-dates></dates>",
     {"year": 2017, "date": "2017-12-04", "fields": {}}),
    ("<dates><year>2017</year><pub-dates><date>soon</date></pub-dates></dates>",
     {"year": 2017, "date": None, "fields": {"pub-dates": "soon"}}),
    ("<dates><year>in press</year></dates>", {"year": None, "fields": {"year": "in press"}}),
    ("<abstract><style face='normal'>A float.&#xD;And </style><style face='italic'>a pencil</style>.</abstract>",
     {"abstract": "A float. And a pencil."}),
    ("<keywords><keyword>water</keyword><keyword><style>floats</style></keyword></keywords>",
     {"keywords": ("water", "floats")}),
    ("<urls><related-urls><url>https://example.org/a</url><url>https://example.org/b</url></related-urls>"
     "<pdf-urls><url>internal-pdf://12/wells.pdf</url></pdf-urls></urls>",
     {"url": "https://example.org/a", "links": ("https://example.org/b",), "files": ("internal-pdf://12/wells.pdf",)}),
    ("<urls><pdf-urls><url>https://example.org/w.pdf</url></pdf-urls></urls>",
     {"url": "https://example.org/w.pdf", "files": ()}),
    ("<electronic-resource-num>https://doi.org/10.1234/Wells</electronic-resource-num>", {"doi": "10.1234/wells"}),
    ("<electronic-resource-num>none</electronic-resource-num>", {"doi": None, "fields": {"DOI": "none"}}),
    ("<electronic-resource-num>10.48550/arXiv.2101.00001</electronic-resource-num>",
     {"doi": None, "arxiv_id": "2101.00001"}),
    ("<accession-num>1234567</accession-num><remote-database-name>PubMed</remote-database-name>",
     {"ids": {"pmid": "1234567"}, "fields": {"source": "PubMed"}}),
    ("<accession-num>1234567</accession-num>", {"ids": {}, "fields": {"accession-num": "1234567"}}),
    ("<custom2>PMC77</custom2>", {"ids": {"pmcid": "PMC77"}, "fields": {}}),
    ("<volume>3</volume><number>2</number><pages>12-19</pages><isbn>1234-5678</isbn><rec-number>12</rec-number>",
     {"fields": {"volume": "3", "issue": "2", "page": "12-19", "ISSN": "1234-5678", "rec-number": "12"}}),
    ("<isbn>9781234567897</isbn><pub-location>Northtown</pub-location>",
     {"fields": {"ISBN": "9781234567897", "publisher-place": "Northtown"}}),
    ("<notes>read twice</notes><research-notes>and again</research-notes>", {"notes": "read twice\nand again"}),
    ("<work-type>Retracted Article</work-type>", {"retracted": True, "fields": {"genre": "Retracted Article"}}),
    ("<custom7>a</custom7><wells>b</wells><wells>c</wells>", {"fields": {"custom7": "a", "wells": "b; c"}}),
    ("<database name='My.enl' path='/home/a/My.enl'>My.enl</database><source-app>EndNote</source-app>", {"fields": {}}),
]  # fmt: skip


@pytest.mark.parametrize(("more", "wanted"), PARTS)
def test_what_elements_mean(more: str, wanted: dict[str, Any]) -> None:
    """Each element ends in its field, its typography aside, and what has no field is kept."""
    paper = paper_of(more)
    found = {name: paper.texts.abstract if name == "abstract" else getattr(paper, name) for name in wanted}
    assert found == wanted


@pytest.mark.parametrize(
    ("kind", "wanted"),
    [
        ("Journal Article", "article-journal"),
        ("Book Section", "chapter"),
        ("Thesis", "thesis"),
        ("Well Log", "Well Log"),
    ],
)
def test_types(kind: str, wanted: str) -> None:
    """A reference type by its name; one that is not known stays as it is written."""
    assert paper_of("", kind).type == wanted


def test_a_book_has_a_series_and_no_journal() -> None:
    """The second title of a book is its series."""
    book = paper_of("<titles><secondary-title>Library of Wells</secondary-title></titles>", "Book")
    assert (book.venue, book.fields) == (None, {"collection-title": "Library of Wells"})


def test_styles_of_a_title_are_flattened() -> None:
    """A title in several styles is one text."""
    title = "<style face='normal'>Floats </style><style face='italic'>in</style><style> Wells &amp; Rivers</style>"
    assert told(HEAD + record(title) + TAIL) == [("line 3", "Floats in Wells & Rivers")]


def test_such_a_file_is_recognised() -> None:
    """The reader is found by what stands in a file."""
    found = read_source(Source("wells.xml", "/wells.xml", f"{HEAD}{FIRST}{TAIL}".encode()))
    assert [item.title for item in found if isinstance(item, Paper)] == ["Floats in Wells"]


NAMES = st.sampled_from("volume number notes abstract isbn label custom2 custom3 accession-num language section edition year".split())  # fmt: skip
WORDS = st.text("abc<>&\"'é中", min_size=1, max_size=8).map(lambda word: f"x{word}x")


@FREE
@given(st.lists(st.tuples(NAMES, WORDS), max_size=15))
def test_nothing_that_stands_in_a_record_is_lost(parts: list[tuple[str, str]]) -> None:
    """Whatever elements a record has, how often and in what order, each value is somewhere in the paper."""
    dump = str(paper_of("".join(f"<{name}>{escape(value)}</{name}>" for name, value in parts)).model_dump())
    shown = dump.replace("\\'", "'")
    assert [value for _, value in parts if value not in shown] == []


BROKEN = st.sampled_from(
    ["", "<record><a></record>\n", "</a>", "<record>", "&x;", "words", "]]>", "<a", "<!-- ", "<records>"]
)


@FREE
@given(st.lists(BROKEN, max_size=8))
def test_every_whole_record_is_read_once_and_in_order(parts: list[str]) -> None:
    """Whatever stands between whole records, each of them is one paper."""
    text = HEAD + "".join(record(f"Well {number}") + junk for number, junk in enumerate(parts)) + TAIL
    found = [item.title for item in read(text) if isinstance(item, Paper)]
    assert found == [f"Well {number}" for number in range(len(parts))]


PIECES = st.sampled_from(["<record>", "</record>", "<titles><title>a</title></titles>", "<year>1</year>", "&", "<", "&#0;", "<!DOCTYPE a>"])  # fmt: skip


@settings(FREE, max_examples=40)
@given(st.lists(PIECES | st.text(st.characters(), max_size=8), max_size=20).map("".join))
def test_any_text_is_read_without_failing(text: str) -> None:
    """Nothing makes the reader fail, it always says something, and a paper of it has a title and can be written."""
    found = list(read(text))
    assert found
    for item in found:
        assert item.model_dump_json().encode()
        assert not isinstance(item, Paper) or item.title
