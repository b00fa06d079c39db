"""PubMed: what it is asked, in two steps, and how its records read."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from agent.errors import SourceError
from agent.records import Author, Paper, Rejected
from agent.sources.services import pubmed
from agent.sources.services.common import Call, Page, Query

ANSWERS = Path(__file__).parent / "answers"
NUMBERS = json.loads((ANSWERS / "pubmed_esearch.json").read_text())
RECORDS = (ANSWERS / "pubmed_efetch.xml").read_text()
SEARCH = pubmed.search(Query("wells"))
(FETCH,) = pubmed.lookup([("pmid", "31234567"), ("pmid", "31234568")])


def read(text: str, call: Call = FETCH, seen: int = 0, limit: int = 10) -> Page:
    return pubmed.parse(text.encode(), "text/xml; charset=UTF-8", call, seen, limit)


def numbers(call: Call = SEARCH, seen: int = 0, limit: int = 10, **changes: Any) -> Page:
    answer = {**NUMBERS, "esearchresult": {**NUMBERS["esearchresult"], **changes}}
    return pubmed.parse(json.dumps(answer).encode(), "application/json", call, seen, limit)


def paper(number: int, text: str = RECORDS) -> Paper:
    found = read(text).records[number]
    assert isinstance(found, Paper)
    return found


def test_a_record_gives_all_that_it_says() -> None:
    """Every element has its place; ids of the references are not the paper's."""
    found = paper(0)
    assert found.title == "Floats in deep wells"
    assert found.abstract_original == (
        "BACKGROUND: Floats log 10^5 heights of H2O.\nRESULTS: The water rose (p < 0.05).\nAll is well."
    )
    assert found.authors == (
        Author(family="Lovelace", given="Ada"),
        Author(family="van der Berg", given="J", suffix="Jr"),
        Author(name="Ocean Alliance"),
    )
    assert (found.year, found.date, found.type, found.retracted) == (
        2021,
        "2021-03-04",
        "article-journal",
        True,
    )
    assert (found.doi, found.ids) == ("10.1234/wells.7", {"pmid": "31234567", "pmcid": "PMC7654321"})
    assert (found.venue, found.url) == ("Wells quarterly", "https://pubmed.ncbi.nlm.nih.gov/31234567/")
    assert found.keywords == ("Water/analysis", "floats")
    assert found.fields == {
        "volume": "3",
        "issue": "1",
        "page": "1-9",
        "ISSN": "1234-5678",
        "container-title-short": "Wells Q",
        "publisher-place": "Netherlands",
        "language": "eng",
        "original-title": "Schwimmer in tiefen Brunnen.",
        "genre": "Retracted Publication",
        "published-online": "2021-02-03",
        "article-number": "e7",
        "copyright": "Copyright 2021 Wells Press.",
        "RetractionIn": "Wells Q. 2022;4(1):2 (PMID 31234568)",
        "ErratumIn": "Wells Q. 2021;3(2):7",
        "affiliations": "Ada Lovelace (Well Institute, Deeptown.; Rain Hall.)",
        "orcid": "Ada Lovelace (0000-0001-0000-0001)",
    }


def test_a_notice_of_retraction_is_not_retracted() -> None:
    """Who announces that a work is retracted has retracted another work."""
    found = paper(1)
    assert (found.title, found.retracted) == ("Retracted: Floats in deep wells", None)
    assert (found.year, found.date, found.fields["pubdate"]) == (2021, None, "2021 Nov-Dec")


@pytest.mark.parametrize(
    ("kind", "notice", "wanted"),
    [
        ("Retracted Publication", "", True),
        ("Review", "RetractionIn", True),
        ("Review", "RetractionOf", None),
        ("Published Erratum", "ErratumFor", None),
        ("Retraction Notice", "RetractionOf", None),
    ],
)
def test_what_is_retracted(kind: str, notice: str, wanted: bool | None) -> None:
    """The type of a record says it, or a notice that names it."""
    text = re.sub("Retracted Publication", kind, RECORDS)
    text = text.replace('RefType="RetractionIn"', f'RefType="{notice}"')
    found = paper(0, text)
    assert found.retracted is wanted
    assert found.fields["genre"] == kind


def test_a_chapter_of_a_book() -> None:
    """A chapter has the book as its venue, and the book's editors are not its authors."""
    found = paper(2)
    assert (found.title, found.venue, found.type, found.year) == (
        "Ropes",
        "The Book of Wells",
        "chapter",
        2019,
    )
    assert (found.authors, found.fields["editor"]) == ((Author(family="Plato"),), "Mary Deep")
    whole = paper(2, RECORDS.replace('<ArticleTitle book="wells">Ropes</ArticleTitle>', ""))
    assert (whole.title, whole.type) == ("The Book of Wells", "book")


@pytest.mark.parametrize(
    ("inner", "year", "date", "kept"),
    [
        ("<Year>2021</Year><Month>03</Month><Day>4</Day>", 2021, "2021-03-04", None),
        ("<Year>2021</Year><Month>Dec</Month>", 2021, "2021-12", None),
        ("<Year>2021</Year>", 2021, None, None),
        ("<Year>2021</Year><Season>Spring</Season>", 2021, None, "2021 Spring"),
        ("<MedlineDate>1998 Dec-1999 Jan</MedlineDate>", None, None, "1998 Dec-1999 Jan"),
        ("<MedlineDate>in spring</MedlineDate>", None, None, "in spring"),
        ("", None, None, None),
    ],
)
def test_dates(inner: str, year: int | None, date: str | None, kept: str | None) -> None:
    """A date is as exact as it is stated; what is no date, or two, is kept as it stands."""
    text = re.sub(r"<PubDate><Year>2021.*?</PubDate>", f"<PubDate>{inner}</PubDate>", RECORDS)
    found = paper(0, text)
    assert (found.year, found.date, found.fields.get("pubdate")) == (year, date, kept)


def test_a_record_without_a_title_is_refused() -> None:
    """A record that has no title is a rejection that names its number, and costs no other."""
    page = read(RECORDS.replace("Retracted: Floats in deep wells.", "  "))
    assert page.records[1] == Rejected(position="record 2", reason="no title", title="PMID 31234568")
    assert len(page.records) == 3


def test_numbers_lead_to_records_and_records_to_numbers() -> None:
    """A search gives no record but the call for them, which carries the next search with it."""
    page = numbers()
    assert (page.records, page.total) == ((), 5)
    assert page.next is not None and page.next.then is not None
    assert (page.next.param("id"), page.next.url) == ("31234567,31234568", FETCH.url)
    assert page.next.then == SEARCH.having(retstart=2, retmax=8)
    after = read(RECORDS, page.next)
    assert (len(after.records), after.next) == (3, page.next.then)
    assert read(RECORDS, page.next, limit=3).next is None


def test_the_search_ends_with_the_last_number_or_when_there_is_enough() -> None:
    """Behind the last number, or when enough is known, no search follows."""
    for page in (numbers(count="2"), numbers(limit=2), numbers(SEARCH.having(retstart=3), seen=3, limit=10)):
        assert page.next is not None and page.next.then is None
    cut = numbers(limit=1).next
    assert cut is not None and cut.param("id") == "31234567"
    assert numbers(seen=10, limit=10).next is None


def test_nothing_found_is_no_error() -> None:
    """No numbers out of none is an answer, and so is a set without records: the lost numbers are told."""
    assert numbers(count="0", idlist=[], errorlist={}, warninglist={}) == Page((), None, 0)
    empty = "<PubmedArticleSet></PubmedArticleSet>"
    assert read(empty) == Page((), None, None, ("PubMed gave no record for 31234567, 31234568",))
    going = numbers().next
    assert going is not None
    assert read(empty, going).next == going.then
    assert read(RECORDS).notes == ()


def test_no_numbers_out_of_many_is_broken() -> None:
    """A search that speaks of papers and names none is no empty answer."""
    with pytest.raises(SourceError, match="none of 5 papers from number 1 on"):
        numbers(idlist=[])
    assert numbers(SEARCH.having(retstart=5), seen=5, idlist=[]).next is None


@pytest.mark.parametrize(
    "changes", [{"idlist": ["wells"]}, {"idlist": [None]}, {"count": "many"}, {"count": ""}]
)
def test_what_is_no_number_is_told(changes: dict[str, Any]) -> None:
    """A number that is none is an error that names its field."""
    with pytest.raises(SourceError, match=f"esearchresult.{next(iter(changes))}"):
        numbers(**changes)


def test_what_pubmed_says_of_itself_is_told() -> None:
    """Failures are errors in its own words; what it did not find or passed over is a note."""
    with pytest.raises(SourceError, match="too many wells"):
        numbers(ERROR="too many wells")
    with pytest.raises(SourceError, match="API rate limit exceeded"):
        pubmed.parse(
            b'{"error": "API rate limit exceeded", "count": "11"}', "application/json", SEARCH, 0, 10
        )
    with pytest.raises(SourceError, match="Cannot retrieve"):
        read("<eFetchResult><ERROR>Cannot retrieve</ERROR></eFetchResult>")
    assert numbers().notes == (
        "PubMed does not know 'flaots'",
        'PubMed says: "deep flaot"',
        "PubMed says: No items found for a part.",
    )


def test_the_last_number_that_can_be_had() -> None:
    """PubMed names 9,999 papers of a search; who wants more is told so, once."""
    many = {"count": "20000", "errorlist": {}, "warninglist": {}}
    assert "9999 of 20000" in numbers(limit=15_000, **many).notes[0]
    last = numbers(SEARCH.having(retstart=9_900), seen=9_900, limit=15_000, **many)
    assert last.next is not None and last.next.then is not None
    assert last.next.then.param("retmax") == "97"
    end = numbers(SEARCH.having(retstart=9_997), seen=9_997, limit=15_000, **many)
    assert end.next is not None and end.next.then is None
    assert last.notes == end.notes == ()


@pytest.mark.parametrize(
    ("since", "until", "wanted"),
    [
        ("2021-03-04", "2021-04-05", ("2021/03/04", "2021/04/05")),
        ("2021-03-04", None, ("2021/03/04", "3000/12/31")),
        (None, "2021-04-05", ("1800/01/01", "2021/04/05")),
        (None, None, (None, None)),
    ],
)
def test_days_become_a_range(
    since: str | None, until: str | None, wanted: tuple[str | None, str | None]
) -> None:
    """Both ends of a range are named, and it counts by the day of publication."""
    call = pubmed.search(Query("deep wells", since=since, until=until, limit=7))
    assert (call.param("mindate"), call.param("maxdate")) == wanted
    assert call.param("datetype") == ("pdat" if any(wanted) else None)
    assert (call.param("term"), call.param("retmax"), call.param("retstart")) == ("deep wells", "7", "0")
    assert (call.key_param, call.contact_param, call.param("tool")) == ("api_key", "email", "litreview")


def test_ids_are_asked_for_by_the_batch() -> None:
    """Numbers are fetched at once; DOIs are searched for, and found or not in one page."""
    ids = [("pmid", f"{number}") for number in range(1, 251)]
    calls = pubmed.lookup(
        [*ids, ("doi", "10.1234/a"), ("doi", "10.1234/b"), ("pmid", "wells"), ("doi", '10.1/"')]
    )
    assert [len((call.param("id") or "").split(",")) for call in calls[:2]] == [200, 50]
    assert [call.param("term") for call in calls[2:]] == ['"10.1234/a"[doi] OR "10.1234/b"[doi]']
    fetch = numbers(calls[2], count="2").next
    assert fetch is not None and fetch.then is None
    assert pubmed.by_title('Floats [in] "Wells"').param("term") == "Floats in Wells[ti]"


@pytest.mark.parametrize(("valid", "wanted"), [("Y", "10.1234/wells.7"), ("N", None)])
def test_a_doi_may_stand_with_the_article_alone(valid: str, wanted: str | None) -> None:
    """Where the list of ids has no DOI, the article's own counts if it is marked as valid."""
    text = re.sub(r'<ArticleId IdType="doi">10.1234.*?</ArticleId>', "", RECORDS)
    assert (
        paper(0, text.replace('EIdType="doi" ValidYN="Y"', f'EIdType="doi" ValidYN="{valid}"')).doi == wanted
    )
