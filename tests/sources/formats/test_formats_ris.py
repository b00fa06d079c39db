"""The reader of RIS."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.records import Author, Noted, Paper, Rejected
from agent.sources.formats.ris import FIELD_TAGS, PAPER_TAGS, read

FREE = settings(derandomize=True, database=None, deadline=None, max_examples=40)
ADA, CHARLES = Author(family="Lovelace", given="Ada"), Author(family="Babbage", given="Charles")


def told(text: str) -> list[tuple[str, str]]:
    """Each result by its place and its title, or by what it is."""
    return [
        (item.sources[0].position, item.title)
        if isinstance(item, Paper)
        else (item.position, type(item).__name__)
        for item in read(text)
    ]


def paper_of(*lines: str, kind: str = "JOUR") -> Paper:
    (found,) = read("\n".join([f"TY  - {kind}", "TI  - Floats in Wells", *lines, "ER  - "]))
    assert isinstance(found, Paper), found
    return found


TWO = [("line 1", "Floats in Wells"), ("line 4", "Listening to Bridges")]
FIRST, SECOND = "TY  - JOUR\nTI  - Floats in Wells\n", "TY  - BOOK\nTI  - Listening to Bridges\n"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (f"{FIRST}ER  - \n{SECOND}ER  - \n", TWO),
        (f"{FIRST}ER  -\n{SECOND}ER  -", TWO),
        (f"{FIRST}\n{SECOND}", TWO),
        (f"{FIRST}{SECOND}", [TWO[0], ("line 3", "Listening to Bridges")]),
        (f"{FIRST}ER\n{SECOND}ER\n", TWO),
        (f"{FIRST}ER  - \n{SECOND}ER  - \nER  - \n\n\n", TWO),
        (f"\ufeff{FIRST}ER  - \n{SECOND}", TWO),
        (f"{FIRST}ER  - \n\ufeff{SECOND}", TWO),
        (f"{FIRST}ER  - \n{SECOND}".replace("\n", "\r\n"), TWO),
        (f"{FIRST}ER  - \n{SECOND}".replace("\n", "\r"), TWO),
        (f"{FIRST}ER  - \r{SECOND}", TWO),
        (f"{FIRST}\n{SECOND}".replace("\n", "\n\n"), [("line 1", "Floats in Wells"), ("line 7", "Listening to Bridges")]),
        (f"  {FIRST}ER  - \n\t{SECOND}", TWO),
        (f"{FIRST}  - no tag\n{SECOND}", [("line 1", "Floats in Wells - no tag"), TWO[1]]),
    ],
)  # fmt: skip
def test_where_records_begin_and_end(text: str, wanted: list[tuple[str, str]]) -> None:
    """A missing ER, a mark, blank lines and line ends of every kind cost no record and double none."""
    assert told(text) == wanted


@pytest.mark.parametrize(
    "lines",
    [
        "TY  - JOUR|AU  - Lovelace, Ada|TI  - Floats in Wells|PY  - 2017|ER  - ",
        "TY - JOUR|AU - Lovelace, Ada|TI - Floats in Wells|PY - 2017|ER - ",
        "TY- JOUR|AU- Lovelace, Ada|TI- Floats in Wells|PY- 2017|ER-",
        "TY-JOUR|AU-Lovelace, Ada|TI-Floats in Wells|PY-2017|ER-",
        "TY-JOUR|A1-Lovelace, Ada|T1-Floats in Wells|Y1-2017|ER-",
        "TY  -JOUR|AU  -Lovelace, Ada|TI  -Floats in Wells|PY  -2017|ER  -",
        "TY   - JOUR|AU   - Lovelace, Ada|TI   - Floats in Wells|PY   - 2017|ER   - ",
        "ty  - jour|au  - Lovelace, Ada|ti  - Floats in Wells|py  - 2017|er  - ",
        "ty - jour|au - Lovelace, Ada|ti - Floats in Wells|py - 2017|er - ",
        "ty-jour|au-Lovelace, Ada|ti-Floats in Wells|py-2017|er-",
        "TY  - JOUR|AU - Lovelace, Ada|TI - Floats in Wells|PY- 2017|ER  - ",
        "TY  - JOUR|TI-Floats in Wells|AU- Lovelace, Ada|py - 2017|ER  - ",
        "TY\t- JOUR|AU\xa0\xa0- Lovelace, Ada|TI  – Floats in Wells|PY  -  2017|ER  - ",
        " TY  - JOUR|  AU  - Lovelace, Ada|  TI  - Floats in Wells|  PY  - 2017|ER  - ",
    ],
)
def test_how_tags_are_written(lines: str) -> None:
    """A tag is known whatever stands between it and its value; the records beside it stay whole."""
    record = lines.replace("|", "\n")
    found = list(read(f"{FIRST}ER  - \n{record}\n{SECOND}"))
    assert [item.title for item in found if isinstance(item, Paper)] == [
        "Floats in Wells",
        "Floats in Wells",
        "Listening to Bridges",
    ]
    assert len(found) == 3
    paper = found[1]
    assert isinstance(paper, Paper)
    assert (paper.authors, paper.year, paper.type) == ((ADA,), 2017, "article-journal")
    assert paper.fields == {}


@pytest.mark.parametrize(
    "lines",
    [
        ("We weighed", "T2-weighted images", "IL-6 - and", "CT- and PB-based", "is - as ever - wet."),
        ("One part.", "", "A second part, behind a blank line."),
        ("A text", "1. with a list", "2. of two"),
    ],
)
def test_lines_without_a_tag_go_on(lines: tuple[str, ...]) -> None:
    """What has no tag belongs to the field before, though it may look like one."""
    paper = paper_of("AB  - " + "\n".join(lines), "PY  - 2017")
    assert paper.texts.abstract == " ".join(line for line in lines if line)
    assert (paper.year, paper.fields, paper.venue) == (2017, {}, None)


def test_one_record_loosely_written_loosens_no_other() -> None:
    """`TY-JOUR` says how its own record writes tags, and nothing of its neighbour."""
    loose = "TY-JOUR\nTI-Floats in Wells\nER-\n"
    found = list(read(f"{loose}{FIRST}AB  - Seen in\nT2-weighted images.\nER  - \n"))
    assert [getattr(item, "venue", "") for item in found] == [None, None]
    assert [item.texts.abstract for item in found if isinstance(item, Paper)] == [
        None,
        "Seen in T2-weighted images.",
    ]


def test_text_in_no_record_is_told() -> None:
    """Lines before and between records are notes, one a stretch, and no record suffers."""
    text = f"Database: Wells\n\nExported for you\n{FIRST}ER  - \n\n2.\n{SECOND}ER  - \nthe end"
    found = list(read(text))
    assert [(item.position, item.message) for item in found if isinstance(item, Noted)] == [
        ("line 1", "in no record: Database: Wells (and 1 more line)"),
        ("line 8", "in no record: 2."),
        ("line 12", "in no record: the end"),
    ]
    assert [item.title for item in found if isinstance(item, Paper)] == [
        "Floats in Wells",
        "Listening to Bridges",
    ]


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ("TY  - JOUR\nAU  - Lovelace, Ada\nER  - \n", "no title (TI or T1)"),
        ("TY  - JOUR\nER  - \n", "no title (TI or T1)"),
        ("TY  - JOUR\nTI  - \u200b \nER  - \n", "no title (TI or T1)"),
        ("TY  - JOUR\nAU  - Lovelace, Ada\n", "no title (TI or T1)"),
        ("AU  - Lovelace, Ada\nER  - \n", "no title (TI or T1), and no TY that begins a record"),
        ("AU  - Lovelace, Ada\n", "no title (TI or T1), and no TY that begins a record"),
    ],
)
def test_a_bad_record_costs_itself(bad: str, reason: str) -> None:
    """A record without a title is refused with its line; its neighbours take nothing from it."""
    found = list(read(f"{FIRST}ER  - \n{bad}{SECOND}ER  - \n"))
    first, refused, second = found
    assert isinstance(first, Paper) and isinstance(second, Paper)
    assert refused == Rejected(position="line 4", reason=reason)
    assert (second.title, second.authors) == ("Listening to Bridges", ())


def test_a_record_without_ty_is_kept_and_told() -> None:
    """A lost first line costs the type alone, behind an ER and behind a blank line."""
    for end in ("ER  - \n", "\n"):
        found = list(read(f"{FIRST}{end}TI  - Listening to Bridges\nPY  - 2001\nER  - \n"))
        assert [type(item) for item in found] == [Paper, Noted, Paper]
        assert [(item.title, item.type, item.year) for item in found if isinstance(item, Paper)] == [
            ("Floats in Wells", "article-journal", None),
            ("Listening to Bridges", None, 2001),
        ]


@pytest.mark.parametrize("text", ["", "\n\n", "no records here", "ER  - \n"])
def test_a_text_without_records_is_refused(text: str) -> None:
    """A file that holds none says so once."""
    assert [item.position for item in read(text) if isinstance(item, Rejected)] == ["file"]


LINES: list[tuple[str, tuple[str, ...], dict[str, Any]]] = [
    ("JOUR", ("AU  - Lovelace, Ada", "AU  - Babbage, Charles"), {"authors": (ADA, CHARLES)}),
    ("JOUR", ("A1  - Lovelace, Ada", "AU  - Babbage, Charles"), {"authors": (ADA, CHARLES)}),
    ("JOUR", ("AU  - Lovelace, Ada", "A1  - Lovelace, Ada"), {"authors": (ADA,)}),
    ("JOUR", ("AU  - Lovelace, Ada", "AU  - Lovelace, Ada"), {"authors": (ADA, ADA)}),
    ("JOUR", ("AU  - Lovelace, Ada; Babbage, Charles",), {"authors": (ADA, CHARLES)}),
    ("JOUR", ("AU  - Lovelace, Ada\nBabbage, Charles",), {"authors": (ADA, CHARLES)}),
    ("JOUR", ("AU  - King, Ada, Jr.",), {"authors": (Author(family="King", given="Ada", suffix="Jr."),)}),
    ("JOUR", ("AU  - King, Jr., Ada",), {"authors": (Author(family="King", given="Ada", suffix="Jr."),)}),
    ("JOUR", ("AU  - Well Readers of the North",), {"authors": (Author(name="Well Readers of the North"),)}),
    ("JOUR", ("AU  - Well Readers, ",), {"authors": (Author(name="Well Readers"),)}),
    ("JOUR", ("AU  - University of Somewhere, North",), {"authors": (Author(name="University of Somewhere, North"),)}),
    ("JOUR", ("AU  - Ada Lovelace",), {"authors": (Author(name="Ada Lovelace"),)}),
    ("JOUR", ("AU  - ", "AU  - et al."), {"authors": ()}),
    ("CHAP", ("A2  - Babbage, Charles", "ED  - Lovelace, Ada", "A3  - Hopper, Grace"),
     {"fields": {"editor": "Babbage, Charles; Lovelace, Ada", "collection-editor": "Hopper, Grace"}}),
    ("JOUR", ("PY  - 2017",), {"year": 2017, "date": None}),
    ("JOUR", ("PY  - 2017/12/04/",), {"year": 2017, "date": "2017-12-04"}),
    ("JOUR", ("Y1  - 2017/12//",), {"year": 2017, "date": "2017-12"}),
    ("JOUR", ("PY  - 2017///",), {"year": 2017, "date": None}),
    ("JOUR", ("PY  - 2017///Spring",), {"year": 2017, "date": None, "fields": {"season": "Spring"}}),
    ("JOUR", ("PY  - 2017///December",), {"year": 2017, "date": "2017-12"}),
    ("JOUR", ("PY  - 2017-12-04",), {"year": 2017, "date": "2017-12-04"}),
    ("JOUR", ("DA  - 2017/12/04/",), {"year": 2017, "date": "2017-12-04"}),
    ("JOUR", ("PY  - 2017", "DA  - 2017/12/04/", "Y1  - 2017/12"), {"year": 2017, "date": "2017-12-04"}),
    ("JOUR", ("PY  - 2017", "DA  - Dec 4"), {"year": 2017, "date": "2017-12-04"}),
    ("JOUR", ("PY  - 2017", "DA  - soon"), {"year": 2017, "date": None, "fields": {"DA": "soon"}}),
    ("JOUR", ("DA  - Dec 4",), {"year": None, "date": None, "fields": {"DA": "Dec 4"}}),
    ("JOUR", ("PY  - 2017", "DA  - 2016/12/04/"), {"year": 2017, "date": None, "fields": {"DA": "2016/12/04/"}}),
    ("JOUR", ("PY  - in press",), {"year": None, "fields": {"year": "in press"}}),
    ("JOUR", ("PY  - 9999",), {"year": None, "fields": {"year": "9999"}}),
    ("JOUR", ("PY  - 2016-2018",), {"year": None, "fields": {"year": "2016-2018"}}),
    ("JOUR", ("PY  - 2017/13/45/",), {"year": 2017, "date": None, "fields": {"PY": "2017/13/45/"}}),
    ("JOUR", ("Y2  - 2020/01/02/",), {"fields": {"accessed": "2020/01/02"}}),
    ("JOUR", ("T2  - Wells Quarterly",), {"venue": "Wells Quarterly"}),
    ("JOUR", ("JF  - Wells Quarterly", "JO  - Wells Q.", "JA  - Wells Q."),
     {"venue": "Wells Quarterly", "fields": {"container-title-short": "Wells Q."}}),
    ("JOUR", ("JO  - Wells Q.",), {"venue": "Wells Q.", "fields": {}}),
    ("JOUR", ("J2  - Wells Q.",), {"venue": "Wells Q.", "fields": {}}),
    ("CHAP", ("BT  - All Wells",), {"venue": "All Wells"}),
    ("BOOK", ("T2  - Library of Wells",), {"venue": None, "fields": {"collection-title": "Library of Wells"}}),
    ("JOUR", ("SP  - 12", "EP  - 19"), {"fields": {"page": "12-19"}}),
    ("JOUR", ("SP  - 12-19",), {"fields": {"page": "12-19"}}),
    ("JOUR", ("SP  - 12-19", "EP  - 19"), {"fields": {"page": "12-19"}}),
    ("JOUR", ("SP  - e12", "EP  - e12"), {"fields": {"page": "e12"}}),
    ("JOUR", ("VL  - 3", "IS  - 2", "M1  - 77", "PB  - Well Press", "CY  - Northtown", "ET  - 2nd", "LA  - en"),
     {"fields": {"volume": "3", "issue": "2", "number": "77", "publisher": "Well Press",
                 "publisher-place": "Northtown", "edition": "2nd", "language": "en"}}),
    ("JOUR", ("SN  - 1234-567X",), {"fields": {"ISSN": "1234-567X"}}),
    ("JOUR", ("SN  - 1234-5678 (Print)", "SN  - 8765-4321"), {"fields": {"ISSN": "1234-5678 (Print); 8765-4321"}}),
    ("BOOK", ("SN  - 978-1-2345-6789-7",), {"fields": {"ISBN": "978-1-2345-6789-7"}}),
    ("RPRT", ("SN  - WR-12",), {"fields": {"SN": "WR-12"}}),
    ("JOUR", ("DO  - https://doi.org/10.1234/Wells",), {"doi": "10.1234/wells"}),
    ("JOUR", ("M3  - 10.1234/wells",), {"doi": "10.1234/wells", "fields": {}}),
    ("JOUR", ("M3  - Review",), {"doi": None, "fields": {"genre": "Review"}}),
    ("JOUR", ("L3  - 10.1234/wells",), {"doi": "10.1234/wells"}),
    ("JOUR", ("N1  - doi: 10.1234/wells",), {"doi": "10.1234/wells", "notes": None}),
    ("JOUR", ("N1  - an answer to 10.1234/other",), {"doi": None, "notes": "an answer to 10.1234/other"}),
    ("JOUR", ("UR  - https://doi.org/10.1234/wells",), {"doi": "10.1234/wells"}),
    ("JOUR", ("DO  - 10.1234/wells", "M3  - 10.1234/other"), {"doi": "10.1234/wells", "fields": {"genre": "10.1234/other"}}),
    ("JOUR", ("DO  - none yet",), {"doi": None, "fields": {"DOI": "none yet"}}),
    ("JOUR", ("DO  - 10.48550/arXiv.2101.00001",), {"doi": None, "arxiv_id": "2101.00001"}),
    ("JOUR", ("UR  - https://arxiv.org/abs/2101.00001v3",), {"arxiv_id": "2101.00001", "version": "v3"}),
    ("JOUR", ("JO  - arXiv preprint arXiv:2101.00001",), {"arxiv_id": "2101.00001"}),
    ("JOUR", ("UR  - https://example.org/a", "UR  - https://example.org/b"),
     {"url": "https://example.org/a", "links": ("https://example.org/b",)}),
    ("JOUR", ("UR  - https://example.org/a; https://example.org/b\nhttps://example.org/c",),
     {"url": "https://example.org/a", "links": ("https://example.org/b", "https://example.org/c")}),
    ("JOUR", ("L1  - wells.pdf", "L1  - https://example.org/w.pdf", "L4  - well.png", "L2  - https://example.org/f"),
     {"files": ("wells.pdf", "well.png"), "url": "https://example.org/f", "links": ("https://example.org/w.pdf",)}),
    ("JOUR", ("UR  - internal-pdf://12/wells.pdf",), {"files": ("internal-pdf://12/wells.pdf",), "url": None}),
    ("JOUR", ("KW  - water", "KW  - floats", "KW  - water"), {"keywords": ("water", "floats")}),
    ("JOUR", ("KW  - water; floats;rain",), {"keywords": ("water", "floats", "rain")}),
    ("JOUR", ("KW  - water, floats, rain",), {"keywords": ("water", "floats", "rain")}),
    ("JOUR", ("KW  - Anaemia, Sickle Cell",), {"keywords": ("Anaemia, Sickle Cell",)}),
    ("JOUR", ("KW  - water\nfloats\nrain",), {"keywords": ("water", "floats", "rain")}),
    ("JOUR", ("N1  - read twice", "RN  - and again"), {"notes": "read twice\nand again"}),
    ("JOUR", ("ID  - lovelace2017",), {"key": "lovelace2017"}),
    ("JOUR", ("N2  - A float.",), {"abstract": "A float."}),
    ("JOUR", ("AB  - A float.", "N2  - A float."), {"abstract": "A float.", "fields": {}}),
    ("JOUR", ("AB  - A float.", "N2  - Un flotteur."), {"abstract": "A float.", "fields": {"N2": "Un flotteur."}}),
    ("JOUR", ("AN  - 1234567", "DB  - PubMed"), {"ids": {"pmid": "1234567"}, "fields": {"source": "PubMed"}}),
    ("JOUR", ("AN  - 1234567", "DB  - Wells Index"),
     {"ids": {}, "fields": {"source": "Wells Index", "AN": "1234567"}}),
    ("JOUR", ("AN  - WOS:000123456700001",), {"ids": {"wos": "WOS:000123456700001"}}),
    ("JOUR", ("C2  - PMC1234",), {"ids": {"pmcid": "PMC1234"}, "fields": {}}),
    ("JOUR", ("AN  - PMID:1234567", "AN  - 7"), {"ids": {"pmid": "1234567"}, "fields": {"AN": "7"}}),
    ("JOUR", ("AN  - arXiv:2101.00001v3",), {"arxiv_id": "2101.00001", "version": "v3", "fields": {}}),
    ("JOUR", ("AN  - arXiv:2101.00001", "UR  - https://arxiv.org/abs/2101.00002v3"), {"arxiv_id": "2101.00001", "version": None}),
    ("JOUR", ("AN  - arXiv:2101.00001", "DO  - 10.48550/arXiv.2101.00002"),
     {"arxiv_id": "2101.00001", "doi": None, "fields": {"DOI": "10.48550/arxiv.2101.00002"}}),
    ("JOUR", ("AN  - arXiv:2101.00001", "AN  - arXiv:2101.00002", "DB  - Embase"),
     {"arxiv_id": "2101.00001", "ids": {"embase": "arXiv:2101.00002"}}),
    ("JOUR", ("RN  - doi: 10.1234/wells",), {"doi": "10.1234/wells", "notes": None}),
    ("CHAP", ("BT  - Wells, arXiv:2101.00001",), {"arxiv_id": "2101.00001"}),
    ("JOUR", ("N1  - a\x07b\u2028c",), {"notes": "ab c"}),
    ("GEN", ("U5  - litreview.type: unknown",), {"type": None, "fields": {}}),
    ("GEN", ("U5  - litreview.type: entry",), {"type": "entry"}),
    ("JOUR", ("U5  - my own word", "U5  - litreview.mood: good", "U5  - litreview.retracted: perhaps", "U5  - litreview.author: {oops"),
     {"fields": {"U5": "my own word; litreview.mood: good; litreview.retracted: perhaps; litreview.author: {oops"}}),
    ("JOUR", ("U5  - litreview.fields.a:b: c: d", "U5  - litreview.ids.openalex:\nW1"), {"fields": {"a:b": "c: d"}, "ids": {"openalex": "W1"}}),
    ("JOUR", ("AU  - ACME, Inc.", "AU  - Doe, Ann", 'U5  - litreview.author: {"name": "ACME, Inc."}'),
     {"authors": (Author(name="ACME, Inc."), Author(family="Doe", given="Ann"))}),
    ("JOUR", ("U5  - litreview.links: https://example.org/b",), {"url": None, "links": ("https://example.org/b",)}),
    ("JOUR", ("UR  - https://pubmed.ncbi.nlm.nih.gov/1234567/",), {"ids": {"pmid": "1234567"}}),
    ("JOUR", ("UR  - https://www.scopus.com/inward/record.uri?eid=2-s2.0-8500001&x=1",), {"ids": {"eid": "2-s2.0-8500001"}}),
    ("JOUR", ("N1  - PMID: 1234567",), {"ids": {"pmid": "1234567"}}),
    ("JOUR", ("M3  - Retracted Publication",), {"retracted": True}),
    ("JOUR", ("M3  - Retraction notice",), {"retracted": None}),
    ("JOUR", ("T1  - Floats in Wells",), {"title": "Floats in Wells", "fields": {}}),
    ("JOUR", ("T1  - Wells, and Floats",), {"title": "Floats in Wells", "fields": {"T1": "Wells, and Floats"}}),
    ("JOUR", ("C3  - kept", "XX  - also", "XX  - both"), {"fields": {"C3": "kept", "XX": "also; both"}}),
    ("cpaper", (), {"type": "paper-conference"}),
    ("WELLS", (), {"type": "WELLS"}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "lines", "wanted"), LINES, ids=[" ".join((kind, *lines)) for kind, lines, _ in LINES]
)
def test_what_tags_mean(kind: str, lines: tuple[str, ...], wanted: dict[str, Any]) -> None:
    """Each tag of each dialect ends in its field, and what has no field is kept."""
    paper = paper_of(*lines, kind=kind)
    found = {name: paper.texts.abstract if name == "abstract" else getattr(paper, name) for name in wanted}
    assert found == wanted


@pytest.mark.parametrize("title", ["TI", "T1", "CT"])
def test_names_of_the_title(title: str) -> None:
    """A title stands under one of three tags; a retraction may stand in it."""
    assert told(f"TY  - JOUR\n{title}  - Floats in\n  Wells\nER  - ") == [("line 1", "Floats in Wells")]
    (paper,) = read(f"TY  - JOUR\n{title}  - RETRACTED: Floats in Wells\nER  - ")
    assert isinstance(paper, Paper) and paper.retracted is True


def test_the_tables_name_every_tag_once() -> None:
    """A writer can turn the tables round: no tag means two things, but for SN."""
    tags = [tag for table in (PAPER_TAGS, FIELD_TAGS) for tags in table.values() for tag in tags]
    assert sorted(tag for tag in tags if tags.count(tag) > 1) == ["SN", "SN"]
    assert all(re.fullmatch("[A-Z][A-Z0-9]", tag) for tag in tags)


@pytest.mark.parametrize(
    "name", ["volume", "issue", "edition", "publisher", "language", "genre", "number", "section"]
)
def test_a_field_written_under_its_first_tag_comes_back(name: str) -> None:
    """What a writer writes by the table is read by it."""
    assert paper_of(f"{FIELD_TAGS[name][0]}  - a value").fields == {name: "a value"}


TAGS = sorted(
    {tag for table in (PAPER_TAGS, FIELD_TAGS) for tags in table.values() for tag in tags}
    | {"EP", "AN", "C2", "XX", "L3"}
)
FIELDS = st.lists(st.sampled_from(TAGS), min_size=1, max_size=30)


@FREE
@given(FIELDS)
def test_nothing_that_stands_in_a_record_is_lost(tags: list[str]) -> None:
    """Whatever tags a record has, how often and in what order, each value is somewhere in the paper."""
    values = [f"{tag.lower()}value{number}" for number, tag in enumerate(tags)]
    text = "\n".join(f"{tag}  - {value}" for tag, value in zip(tags, values, strict=True) if tag != "TY")
    (paper,) = read(f"TY  - BOOK\nTI  - Floats in Wells\n{text}\nER  - ")
    dump = paper.model_dump_json()
    assert [value for tag, value in zip(tags, values, strict=True) if tag != "TY" and value not in dump] == []


JUNK = st.sampled_from(
    [
        "",
        "\n",
        "ER  - \n",
        "AU  - Lovelace, Ada\n",
        "TY  - JOUR\n",
        "3.\n",
        "AB  - T2-weighted\nTI-RADS\n",
        "\ufeff",
        "KW\n",
    ]
)
TITLES = st.lists(st.tuples(st.sampled_from(["ER  - \n", "", "\n", "ER\n\n"]), JUNK), max_size=8)


@FREE
@given(TITLES)
def test_every_record_is_read_once_and_in_order(parts: list[tuple[str, str]]) -> None:
    """Whatever stands between records that begin with TY, each of them is one paper."""
    text = "".join(
        f"TY  - JOUR\nTI  - Well {number}\nPY  - 2001\n{end}{junk}"
        for number, (end, junk) in enumerate(parts)
    )
    papers = [item for item in read(text) if isinstance(item, Paper)]
    assert [(paper.title, paper.year) for paper in papers] == [
        (f"Well {number}", 2001) for number in range(len(parts))
    ]


PIECES = st.sampled_from(["TY  - JOUR", "TI  - a", "TI-a", "ER  - ", "ty", "PY  - ", "AU - ", "AB  - ", "\n", "\r", " ", "10.1/x"])  # fmt: skip


@settings(FREE, max_examples=40)
@given(st.lists(PIECES | st.text(st.characters(), max_size=8), max_size=25).map("".join))
def test_any_text_is_read_without_failing(text: str) -> None:
    """Nothing makes the reader fail, it always says something, and a paper of it has a title and can be written."""
    found = list(read(text))
    assert found
    for item in found:
        assert item.model_dump_json().encode()
        assert not isinstance(item, Paper) or item.title
