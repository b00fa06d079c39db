"""The reader of MEDLINE, as PubMed saves it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.records import Author, Noted, Paper, Rejected
from agent.sources.formats.medline import FIELD_TAGS, read

FREE = settings(derandomize=True, database=None, deadline=None, max_examples=40)
ADA, CHARLES = Author(family="Lovelace", given="Ada"), Author(family="Babbage", given="Charles")
FIRST = "PMID- 101\nOWN - NLM\nTI  - Floats in wells.\nDP  - 2017\n"
SECOND = "PMID- 102\nOWN - NLM\nTI  - Listening to bridges.\nDP  - 2001\n"
TWO = [("Floats in wells", "101"), ("Listening to bridges", "102")]


def papers(text: str) -> list[tuple[str, str]]:
    found = list(read(text))
    assert all(isinstance(item, Paper) for item in found), found
    return [(item.title, item.ids.get("pmid", "")) for item in found if isinstance(item, Paper)]


def paper_of(*lines: str) -> Paper:
    (found,) = read("\n".join(["PMID- 101", "TI  - Floats in wells", *lines]))
    assert isinstance(found, Paper), found
    return found


@pytest.mark.parametrize(
    "text",
    [
        f"{FIRST}\n{SECOND}",
        f"\n\n{FIRST}\n\n\n{SECOND}\n",
        f"{FIRST}{SECOND}",
        f"\ufeff{FIRST}\n{SECOND}",
        f"{FIRST}\n{SECOND}".replace("\n", "\r\n"),
        f"{FIRST}\r{SECOND}",
        f"OWN - NLM\n{FIRST.replace('OWN - NLM', 'STAT- X')}\n{SECOND}",
        f"{FIRST}\n{SECOND}".replace("PMID-", "PMID -").replace("TI  -", "TI -").replace("DP  -", "DP -"),
    ],
)
def test_where_records_begin_and_end(text: str) -> None:
    """A record ends before the next PMID, with a blank line between them or without."""
    assert papers(text) == TWO


def test_a_record_without_pmid_takes_nothing_from_its_neighbours() -> None:
    """A lost first line behind a blank line costs the number alone."""
    lost = SECOND.replace("PMID- 102\n", "")
    third = "PMID- 103\nTI  - Bells in fog.\n"
    assert papers(f"{FIRST}\n{lost}\n{third}") == [
        TWO[0],
        ("Listening to bridges", ""),
        ("Bells in fog", "103"),
    ]


@pytest.mark.parametrize("title", ["", "TI  - \n", "TI  - \u200b\n"])
def test_a_record_without_title_is_refused(title: str) -> None:
    """It costs itself, and says which it was."""
    first, refused, second = read(f"{FIRST}\nPMID- 9\n{title}DP  - 1999\n\n{SECOND}")
    assert refused == Rejected(position="line 6", reason="no title (TI), PMID 9")
    assert isinstance(first, Paper) and isinstance(second, Paper)
    assert (first.year, second.year) == (2017, 2001)


def test_text_in_no_record_is_told() -> None:
    """Lines before the first record are a note."""
    note, paper = read(f"saved from a search\n\n{FIRST}")
    assert note == Noted(position="line 1", message="in no record: saved from a search")
    assert isinstance(paper, Paper) and paper.sources[0].position == "line 3"


@pytest.mark.parametrize("text", ["", "no records here", "\n \n"])
def test_a_text_without_records_is_refused(text: str) -> None:
    """A file that holds none says so once."""
    assert [item.position for item in read(text) if isinstance(item, Rejected)] == ["file"]


def test_long_values_go_on_behind_blanks() -> None:
    """Indented lines belong to the value before, though they may look like a tag."""
    paper = paper_of(
        "      and rivers.",
        "AB  - AIM: To log",
        "      TI  - the water",
        "      PMID- and",
        "IL-6 levels.",
        "CI  - (c) 2017",
    )
    assert paper.title == "Floats in wells and rivers"
    assert paper.texts.abstract == "AIM: To log TI - the water PMID- and IL-6 levels."
    assert paper.fields == {"CI": "(c) 2017"}


LINES: list[tuple[tuple[str, ...], dict[str, Any]]] = [
    (("FAU - Lovelace, Ada", "AU  - Lovelace A", "FAU - Babbage, Charles", "AU  - Babbage C"),
     {"authors": (ADA, CHARLES), "fields": {}}),
    (("AU  - Lovelace A", "AU  - van der Berg JK Jr"),
     {"authors": (Author(family="Lovelace", given="A"), Author(family="van der Berg", given="JK", suffix="Jr"))}),
    (("FAU - Lovelace, Ada", "AU  - Lovelace A", "AU  - Hopper G"),
     {"authors": (ADA, Author(family="Hopper", given="G"))}),
    (("FAU - King, Ada M Jr", "AU  - King AM Jr"), {"authors": (Author(family="King", given="Ada M", suffix="Jr"),)}),
    (("CN  - Well Readers, North", "FAU - Lovelace, Ada", "AU  - Lovelace A"),
     {"authors": (Author(name="Well Readers, North"), ADA)}),
    (("FAU - Lovelace, Ada", "AU  - Lovelace A", "AD  - Well House, North", "AUID- ORCID: 0000-0001"),
     {"authors": (ADA,), "fields": {"AD": "Well House, North", "AUID": "ORCID: 0000-0001"}}),
    (("FED - Hopper, Grace", "ED  - Hopper G"), {"authors": (), "fields": {"editor": "Hopper, Grace"}}),
    (("DP  - 2017",), {"year": 2017, "date": None, "fields": {}}),
    (("DP  - 2017 Dec 4",), {"year": 2017, "date": "2017-12-04", "fields": {}}),
    (("DP  - 2017 Dec",), {"year": 2017, "date": "2017-12"}),
    (("DP  - 2017 Nov-Dec",), {"year": 2017, "date": None, "fields": {"season": "Nov-Dec"}}),
    (("DP  - 2017 Spring",), {"year": 2017, "date": None, "fields": {"season": "Spring"}}),
    (("DP  - 2016-2017",), {"year": None, "fields": {"year": "2016-2017"}}),
    (("DEP - 20171204",), {"year": None, "fields": {"DEP": "20171204"}}),
    (("JT  - Wells quarterly", "TA  - Wells Q"),
     {"venue": "Wells quarterly", "fields": {"container-title-short": "Wells Q"}}),
    (("TA  - Wells Q",), {"venue": "Wells Q", "fields": {}}),
    (("BTI - All wells", "CTI - Library of wells"),
     {"title": "Floats in wells", "venue": "All wells", "fields": {"collection-title": "Library of wells"}}),
    (("VI  - 3", "IP  - 2", "PG  - 123-30", "LA  - eng", "IS  - 1234-5678 (Print)", "IS  - 8765-4321 (Linking)"),
     {"fields": {"volume": "3", "issue": "2", "page": "123-30", "language": "eng",
                 "ISSN": "1234-5678 (Print); 8765-4321 (Linking)"}}),
    (("LID - 10.1234/Wells [doi]", "AID - 10.1234/wells [doi]", "AID - S12(34) [pii]"),
     {"doi": "10.1234/wells", "fields": {"pii": "S12(34)"}}),
    (("AID - 10.48550/arXiv.2101.00001 [doi]",), {"doi": None, "arxiv_id": "2101.00001"}),
    (("LID - arXiv:2101.00001v2",), {"doi": None, "arxiv_id": "2101.00001", "version": "v2"}),
    (("PMC - PMC77",), {"ids": {"pmid": "101", "pmcid": "PMC77"}}),
    (("PT  - Journal Article", "PT  - Review"),
     {"type": "article-journal", "retracted": None, "fields": {"genre": "Journal Article; Review"}}),
    (("PT  - Journal Article", "PT  - Preprint"), {"type": "article"}),
    (("PT  - Journal Article", "PT  - Retracted Publication"), {"type": "article-journal", "retracted": True}),
    (("PT  - Retraction of Publication",), {"retracted": None}),
    (("RIN - Wells Q. 2019",), {"retracted": True, "fields": {"RIN": "Wells Q. 2019"}}),
    (("PT  - Well Log",), {"type": "Well Log"}),
    (("MH  - Water/*analysis", "MH  - Wells", "OT  - floats", "OT  - Wells"),
     {"keywords": ("Water/analysis", "Wells", "floats"), "fields": {"MH": "Water/*analysis"}}),
    (("OAB - Ein Schwimmer.", "GR  - W1/Well Fund/North", "GR  - W2/Well Fund/North"),
     {"fields": {"OAB": "Ein Schwimmer.", "GR": "W1/Well Fund/North; W2/Well Fund/North"}}),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "wanted"), LINES, ids=[" ".join(lines) for lines, _ in LINES])
def test_what_tags_mean(lines: tuple[str, ...], wanted: dict[str, Any]) -> None:
    """Each tag ends in its field, and what has no field is kept."""
    paper = paper_of(*lines)
    assert {name: getattr(paper, name) for name in wanted} == wanted


@pytest.mark.parametrize(
    ("stated", "title"),
    [
        ("TI  - Floats in wells.", "Floats in wells"),
        ("TI  - Do floats tell?", "Do floats tell?"),
        ("TI  - Wells in the U.S.", "Wells in the U.S."),
        ("TI  - [Floats in wells].", "[Floats in wells]"),
        ("TI  - Floats and so on...", "Floats and so on..."),
        ("BTI - All wells", "All wells"),
    ],
)
def test_titles(stated: str, title: str) -> None:
    """The full stop that MEDLINE puts behind every title is none of the title's; a book has its own tag."""
    assert papers(f"PMID- 101\n{stated}\n") == [(title, "101")]


TAGS = sorted({tag for tags in FIELD_TAGS.values() for tag in tags} - {"ED"} | {"AB", "JT", "OT", "GR", "PMC", "LID", "DP", "CN", "XX"})  # fmt: skip


@FREE
@given(st.lists(st.sampled_from(TAGS), min_size=1, max_size=25))
def test_nothing_that_stands_in_a_record_is_lost(tags: list[str]) -> None:
    """Whatever tags a record has, how often and in what order, each value is somewhere in the paper."""
    values = [f"value{number}end" for number, _ in enumerate(tags)]
    dump = paper_of(
        *(f"{tag:<4}- {value}" for tag, value in zip(tags, values, strict=True))
    ).model_dump_json()
    assert [value for value in values if value not in dump] == []


JUNK = st.sampled_from(
    ["", "\n", "\n\n", "      and more\n", "a word\n", "\nOWN - NLM\n", "\nsearched today\n", "AB  - x\n"]
)


@FREE
@given(st.lists(JUNK, max_size=8))
def test_every_record_is_read_once_and_in_order(parts: list[str]) -> None:
    """Whatever stands between records that begin with PMID, each of them is one paper."""
    text = "".join(
        f"PMID- {number + 1}\nTI  - Well\nDP  - 2001\nAB  - A\n{junk}" for number, junk in enumerate(parts)
    )
    found = [item.ids["pmid"] for item in read(text) if isinstance(item, Paper)]
    assert found == [str(number + 1) for number in range(len(parts))]


PIECES = st.sampled_from(
    ["PMID- 1", "TI  - a", "DP  - ", "      b", "FAU - ", "AID - x [doi]", "\n", "\r", "-", "AU  - A B"]
)


@settings(FREE, max_examples=40)
@given(st.lists(PIECES | st.text(st.characters(), max_size=8), max_size=25).map("".join))
def test_any_text_is_read_without_failing(text: str) -> None:
    """Nothing makes the reader fail, it always says something, and a paper of it has a title and can be written."""
    found = list(read(text))
    assert found
    for item in found:
        assert item.model_dump_json().encode()
        assert not isinstance(item, Paper) or item.title
