"""The reader of CSV, TSV and other tables."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.records import Author, Noted, Paper, Rejected
from agent.sources.formats.tables import read, recognises

FREE = settings(derandomize=True, database=None, deadline=None, max_examples=40)
BERG, DOE = Author(family="Berg", given="Jan A."), Author(family="Doe", given="Anna")


def papers(text: str) -> list[Paper]:
    found = list(read(text))
    assert all(isinstance(item, Paper) for item in found), found
    return [item for item in found if isinstance(item, Paper)]


def paper(header: str, row: str) -> Paper:
    (found,) = papers(f"{header}\n{row}\n")
    return found


def told(text: str) -> list[tuple[str, str]]:
    """Each result by its place and its title, or what it is."""
    return [
        (item.sources[0].position, item.title)
        if isinstance(item, Paper)
        else (item.position, "noted" if isinstance(item, Noted) else "refused")
        for item in read(text)
    ]


SCOPUS = (
    '"Authors","Author full names","Author(s) ID","Title","Year","Source title","Volume","Issue","Art. No.",'
    '"Page start","Page end","Page count","Cited by","DOI","Link","Abstract","Author Keywords","Index Keywords",'
    '"Document Type","Publication Stage","Source","EID"\n'
    '"Berg J.A.; Doe A.","Berg, Jan A. (57200000001); Doe, Anna (57200000002)","57200000001; 57200000002",'
    '"Floats in wells: Height, ""depth""","2021","Wells Quarterly","3","2","","10","19","","5","10.1234/WELLS",'
    '"https://www.scopus.com/inward/record.uri?eid=2-s2.0-85","[No abstract available]","water; floats","Levels",'
    '"Conference paper","Final","Scopus","2-s2.0-85"\n'
)
WOS = (
    "Publication Type\tAuthors\tAuthor Full Names\tArticle Title\tSource Title\tDocument Type\tAuthor Keywords\t"
    "Keywords Plus\tAbstract\tISSN\tPublication Date\tPublication Year\tDOI\tPubmed Id\tUT (Unique WOS ID)\n"
    "J\tBerg, JA; Doe, A\tBerg, Jan A.; Doe, Anna\tFloats in Wells\tWELLS QUARTERLY\tArticle; Early Access\t"
    "water; floats\tLEVELS\tA float logs.\t1234-5678\tMAR 15\t2021\t10.1234/wells\t77\tWOS:000123\n"
)
TAGS = (
    "PT\tAU\tAF\tCA\tTI\tSO\tDT\tDE\tID\tAB\tSN\tPD\tPY\tVL\tBP\tEP\tDI\tPM\tUT\n"
    "J\tBerg, JA; Doe, A\tBerg, Jan A.; Doe, Anna\tWell Team\tFloats in Wells\tWELLS\tReview\twater\tLEVELS\tA log.\t"
    "1234-5678\tMAR-APR\t2021\t3\t10\t10\t10.1234/wells\t77\tWOS:000123\n"
)
PUBMED = (
    "PMID,Title,Authors,Citation,First Author,Journal/Book,Publication Year,Create Date,PMCID,NIHMS ID,DOI\n"
    '77,Floats in wells.,"van der Berg JA, Doe A Jr, Wu X, Well Study Group.",Wells Q. 2021;3:1.,van der Berg JA,'
    "Wells Q,2021,2021/03/04,PMC99,,10.1234/wells\n"
)
IEEE = (
    '"Document Title",Authors,"Publication Title","Publication Year","Start Page","End Page","Abstract","ISBNs",'
    '"DOI",PDF Link,"Author Keywords","IEEE Terms","Document Identifier"\n'
    '"Floats in Wells","J. A. Berg; A. Doe","Wells Conference","2021","10","19","A float logs.","978-1-0000-0000-0",'
    '"10.1109/W.2021.1","https://ieeexplore.ieee.org/stamp/stamp.jsp?arnumber=9000001","water;floats","Levels",'
    '"IEEE Conferences"\n'
)
ZOTERO = (
    '"Key","Item Type","Publication Year","Author","Title","Publication Title","DOI","Url","Abstract Note","Date",'
    '"Extra","Notes","File Attachments","Link Attachments","Manual Tags","Automatic Tags","Editor"\n'
    '"ABCD1234","preprint","2021","Berg, Jan A.; Doe, Anna; Well Team","Floats in Wells","","",'
    '"http://arxiv.org/abs/2103.00001","A float logs.","2021-03-04","arXiv:2103.00001 [cs]\nPMID: 77\nshelf 3","",'
    '"C:\\wells.pdf; /home/wells.html","https://example.org/wells","water; floats","levels","Roe, Sam"\n'
)
EMBASE = (
    "Title,Author Names,Source title,Publication Year,First Page,Last Page,Publication Type,Abstract,DOI,"
    "Full Text Link,Embase Accession ID,Medline PMID\n"
    'Floats in wells,"Berg J.A., Doe A.",Wells,2021,10,19,Article,A float logs.,10.1234/wells,'
    "https://example.org/full,L200,77\n"
)
ASREVIEW = "record_id,title,abstract,authors,doi,included\n1,Floats in Wells,A float logs.,Jan A. Berg; Anna Doe,,1\n"
SHORT = (Author(family="Berg", given="J.A."), Author(family="Doe", given="A."))
DIALECTS: dict[str, tuple[str, dict[str, Any]]] = {
    "scopus": (SCOPUS, {
        "title": 'Floats in wells: Height, "depth"', "authors": (BERG, DOE), "year": 2021, "venue": "Wells Quarterly",
        "doi": "10.1234/wells", "type": "paper-conference", "keywords": ("water", "floats"), "ids": {"eid": "2-s2.0-85"},
        "url": "https://www.scopus.com/inward/record.uri?eid=2-s2.0-85", "abstract_original": None,
        "fields": {"Authors": "Berg J.A.; Doe A.", "Author(s) ID": "57200000001; 57200000002", "volume": "3",
                   "issue": "2", "page": "10-19", "Cited by": "5", "Index Keywords": "Levels",
                   "Publication Stage": "Final", "source": "Scopus"}}),
    "web of science": (WOS, {
        "authors": (BERG, DOE), "year": 2021, "date": "2021-03-15", "venue": "WELLS QUARTERLY", "type": "article-journal",
        "abstract_original": "A float logs.", "keywords": ("water", "floats"), "ids": {"pmid": "77", "wos": "WOS:000123"},
        "fields": {"genre": "Early Access", "Publication Type": "J", "Authors": "Berg, JA; Doe, A",
                   "Keywords Plus": "LEVELS", "ISSN": "1234-5678"}}),
    "web of science, tags": (TAGS, {
        "title": "Floats in Wells", "authors": (BERG, DOE, Author(name="Well Team")), "year": 2021, "date": None,
        "type": "article-journal", "doi": "10.1234/wells", "ids": {"pmid": "77", "wos": "WOS:000123"},
        "fields": {"genre": "Review", "PT": "J", "AU": "Berg, JA; Doe, A", "ID": "LEVELS", "ISSN": "1234-5678",
                   "PD": "MAR-APR", "volume": "3", "page": "10"}}),
    "pubmed": (PUBMED, {
        "authors": (Author(family="van der Berg", given="JA"), Author(family="Doe", given="A", suffix="Jr"),
                    Author(family="Wu", given="X"), Author(name="Well Study Group")),
        "venue": "Wells Q", "year": 2021, "ids": {"pmid": "77", "pmcid": "PMC99"}, "doi": "10.1234/wells"}),
    "ieee": (IEEE, {
        "authors": (Author(family="Berg", given="J. A."), Author(family="Doe", given="A.")), "venue": "Wells Conference",
        "type": "paper-conference", "ids": {"ieee": "9000001"}, "keywords": ("water", "floats"),
        "fields": {"page": "10-19", "ISBN": "978-1-0000-0000-0", "IEEE Terms": "Levels"}}),
    "zotero": (ZOTERO, {
        "authors": (BERG, DOE, Author(name="Well Team")), "type": "article", "arxiv_id": "2103.00001", "key": "",
        "date": "2021-03-04", "ids": {"pmid": "77"}, "notes": "shelf 3", "links": ("https://example.org/wells",),
        "files": ("C:\\wells.pdf", "/home/wells.html"), "keywords": ("water", "floats"),
        "fields": {"Key": "ABCD1234", "Automatic Tags": "levels", "editor": "Roe, Sam", "primaryclass": "cs"}}),
    "embase": (EMBASE, {
        "authors": SHORT, "ids": {"embase": "L200", "pmid": "77"}, "url": "https://example.org/full",
        "type": "article-journal", "fields": {"page": "10-19"}}),
    "asreview": (ASREVIEW, {
        "authors": (BERG, DOE), "doi": None, "fields": {"record_id": "1", "included": "1"}}),
}  # fmt: skip


@pytest.mark.parametrize("name", DIALECTS)
def test_exports(name: str) -> None:
    """The table of each database and program is read under its own names; what is no field is kept."""
    text, wanted = DIALECTS[name]
    (found,) = papers(text)
    told = {field: getattr(found, field) for field in wanted}
    assert told == wanted
    assert recognises(text)


@pytest.mark.parametrize(
    "header",
    ["title,Publication_Year", "TITLES,publication year", "Paper Title,PublicationYears", " Title ,PUB-YEAR"],
)
def test_how_a_column_is_written_does_not_matter(header: str) -> None:
    """Capitals, blanks, underscores and a plural are one and the same name."""
    found = paper(header, "Floats,2021")
    assert (found.title, found.year, found.fields) == ("Floats", 2021, {})


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("quoting", [csv.QUOTE_ALL, csv.QUOTE_MINIMAL])
def test_separators(separator: str, quoting: Any) -> None:
    """The separator is found out, though all the others stand in the cells."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator, quoting=quoting, lineterminator="\n")
    writer.writerows(
        [["Title", "Abstract", "Year"], ["A, b; c | d\te", 'One; "two",\n\nthree | 4\t5', "2021"]] * 2
    )
    first, header, second = read(out.getvalue())
    assert isinstance(first, Paper) and isinstance(header, Noted) and isinstance(second, Paper)
    assert (first.title_original, first.abstract_original) == (
        "A, b; c | d\te",
        'One; "two",\n\nthree | 4\t5',
    )
    assert (first.year, second.title, second.sources[0].position) == (2021, first.title, "line 6")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("sep=;\nTitle;Year\nFloats, in wells;2021\n", [("line 3", "Floats, in wells")]),
        ('"sep=|"\nTitle|Year\nFloats|2021', [("line 3", "Floats")]),
        ("\ufeffTitle,Year\r\nFloats,2021\r\nB,2020\r\n", [("line 2", "Floats"), ("line 3", "B")]),
        ("\n\nWells of 2021\n\nTitle,Year\nFloats,2021\n", [("line 3", "noted"), ("line 6", "Floats")]),
        ("Title\nFloats, in wells; deep\nB\n", [("line 2", "Floats, in wells; deep"), ("line 3", "B")]),
        ('Title\n"Floats, in wells"\n', [("line 2", "Floats, in wells")]),
        ("Title,Year\n,\n\nFloats,2021\n , \n", [("line 4", "Floats")]),
        ("| Title | Year |\n|---|:--|\n| Floats | 2021 |\n", [("line 3", "Floats")]),
        ("Title,Year\n,2021\nFloats,2021\n", [("line 2", "refused"), ("line 3", "Floats")]),
        ("Title,Year\nA,2021\nTitle,Year\nB,2021\n", [("line 2", "A"), ("line 3", "noted"), ("line 4", "B")]),
    ],
)
def test_what_stands_around_the_table(text: str, wanted: list[tuple[str, str]]) -> None:
    """Excel's first line, titles, blank lines and repeated headers are passed over; lines are those of the file."""
    assert told(text) == wanted


@pytest.mark.parametrize(
    ("row", "title"),
    [
        ("Floats,2021,10.1234/a,W,,", "Floats"),
        ("Floats,2021", "Floats"),
        ("Floats,2021,10.1234/a", "Floats"),
        ("Floats, in wells,2021,10.1234/a,W", "Floats, in wells"),
        ("Floats,2021,10.1234/a,Wells, Deep", "Floats"),
        ("Floats", None),
        ("Floats,10.1234/a", None),
        (",2021", None),
        ("Floats, in wells,2021,10.1234/a,Wells, Deep", None),
        ("Floats,in press,none,Wells,Deep", None),
    ],
)
def test_rows_of_another_length(row: str, title: str | None) -> None:
    """A row too long or too short is kept where each cell's column is sure, and costs no other row."""
    before, found, after = read(f"Title,Year,DOI,Journal\nA,2020,,\n{row}\nB,2020,,\n")
    assert isinstance(before, Paper) and isinstance(after, Paper) and after.title == "B"
    if title is None:
        assert isinstance(found, Rejected)
        assert found.position == "line 3" and "header has 4" in found.reason
    else:
        assert isinstance(found, Paper)
        assert (found.title, found.year) == (title, 2021)


def test_a_joined_cell_is_whole() -> None:
    """A separator without quotes in the last column is put back."""
    assert paper("Title,Year,Journal", "Floats,2021,Wells, Deep").venue == "Wells, Deep"


GOOD = '"Good, title","2020","10.1234/b"'


@pytest.mark.parametrize(
    ("bad", "title"),
    [
        ('"Unclosed,2021,10.1234/a', "Unclosed"),
        ('"Unclosed title, with commas,2021,10.1234/a', "Unclosed title, with commas"),
        ('"Unclosed, title,10.1234/a', None),
        ('"Unclosed,"2021","10.1234/a"', "Unclosed"),
        ('A title,2021,"10.1234/a', "A title"),
        ('"The "inner" title",2021,10.1234/a', 'The "inner" title'),
        ('"A study of "wells"",2021,10.1234/a', 'A study of "wells"'),
        ('"Smart" wells,2021,10.1234/a', '"Smart" wells'),
        ('The 5" float,2021,10.1234/a', 'The 5" float'),
        ('Closed",2021,10.1234/a', 'Closed"'),
        ('"Title over\nlines",2021,10.1234/a', "Title over lines"),
        ('"Title "over" two\nlines",2021,10.1234/a', 'Title "over" two lines'),
    ],
)
@pytest.mark.parametrize("good", [GOOD, "Good title,2020,10.1234/b"])
def test_quotes_in_disorder(bad: str, title: str | None, good: str) -> None:
    """A quote that is never closed, or not escaped, costs its own row at most: none below it."""
    text = "Title,Year,DOI\n" + "\n".join([good, bad, *[good] * 3])
    found = [item for item in read(text) if not isinstance(item, Noted)]
    assert len(found) == 5
    assert [item.title for item in found if isinstance(item, Paper) and item.doi == "10.1234/b"] == [
        found[0].title
    ] * 4
    second = found[1]
    if title is None:
        assert isinstance(second, Rejected) and "never closed" in second.reason
    else:
        assert isinstance(second, Paper)
        assert (second.title, second.year, second.doi) == (title, 2021, "10.1234/a")


def test_what_is_left_of_an_unclosed_row_is_no_paper() -> None:
    """The further lines of a cell that is never closed are refused, up to the next whole row."""
    text = 'Title,Year,Abstract\nA,2020,x\nB,2021,"an abstract\nover lines, here\nC,2022,y\n'
    found = list(read(text))
    assert [item.title for item in found if isinstance(item, Paper)] == ["A", "B", "C"]
    assert [item.position for item in found if isinstance(item, Rejected)] == ["line 4"]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a,b,c\n1,2,3\n", ("line 1", "columns found: a, b, c")),
        ("Authors;Year;DOI\nBerg;2021;10.1234/a\n", ("line 1", "columns found: Authors, Year, DOI")),
        ("Wells\n\nYear,DOI\n2021,10.1234/a\n", ("line 3", "columns found: Year, DOI")),
        ("Title,Year\n", ("file", "no records")),
        ("", ("file", "no records")),
        ("sep=,\n\n", ("file", "no records")),
    ],
)
def test_tables_of_no_papers(text: str, wanted: tuple[str, str]) -> None:
    """A table without titles, or without rows, is one rejection that says what it found."""
    (found,) = read(text)
    assert isinstance(found, Rejected)
    assert (found.position, wanted[1] in found.reason) == (wanted[0], True)
    assert "title" not in found.reason or not recognises(text)


@pytest.mark.parametrize(
    ("year", "wanted"),
    [
        ("2021", (2021, None, {})),
        ("2021.0", (2021, None, {})),
        ('"2021,0"', (2021, None, {})),
        ("2021-03-04", (2021, "2021-03-04", {})),
        ("Mar 2021", (2021, "2021-03", {})),
        ("in press", (None, None, {"Year": "in press"})),
        ("1399", (None, None, {"Year": "1399"})),
        ("2021a", (None, None, {"Year": "2021a"})),
        ("nan", (None, None, {})),
    ],
)
def test_years(year: str, wanted: tuple[int | None, str | None, dict[str, str]]) -> None:
    """A year is a year, with a table program's decimals or without; anything else is kept as it is."""
    found = paper("Title,Year", f"Floats,{year}")
    assert (found.year, found.date, found.fields) == wanted


@pytest.mark.parametrize(
    ("date", "year", "wanted", "fields"),
    [
        ("2021-03-04", "", (2021, "2021-03-04"), {}),
        ("2021/3/4", "2021", (2021, "2021-03-04"), {}),
        ("4 March 2021", "", (2021, "2021-03-04"), {}),
        ("March 2021", "2021", (2021, "2021-03"), {}),
        ("03/04/2021", "", (2021, None), {"Date": "03/04/2021"}),
        ("2021-13-01", "", (2021, None), {"Date": "2021-13-01"}),
        ("spring 2021", "2020", (2020, None), {"Date": "spring 2021"}),
        ("2020-2021", "", (None, None), {"Date": "2020-2021"}),
    ],
)
def test_dates(date: str, year: str, wanted: tuple[int | None, str | None], fields: dict[str, str]) -> None:
    """A date that says one thing is a date; one that could say two tells its year and is kept."""
    found = paper("Title,Date,Year", f"Floats,{date},{year}")
    assert ((found.year, found.date), found.fields) == (wanted, fields)


@pytest.mark.parametrize(
    ("header", "cell", "field", "wanted"),
    [
        ("DOI", "https://doi.org/10.1234/A", "doi", "10.1234/a"),
        ("DOI", "none yet", "fields", {"DOI": "none yet"}),
        ("DOI", "10.48550/arXiv.2103.00001", "arxiv_id", "2103.00001"),
        ("DOI", "10.48550/arXiv.2103.00001", "doi", None),
        ("arXiv ID", "2103.00001v2", "version", "v2"),
        ("Link", "https://arxiv.org/abs/2103.00001", "arxiv_id", "2103.00001"),
        ("Link", "https://doi.org/10.1234/a", "doi", "10.1234/a"),
        ("URL", "ask Jan", "fields", {"URL": "ask Jan"}),
        ("PMID", "77.0", "ids", {"pmid": "77"}),
        ("PMID", "seven", "fields", {"PMID": "seven"}),
        ("PMCID", "PMC99", "ids", {"pmcid": "PMC99"}),
        ("OpenAlex ID", "https://openalex.org/W123", "ids", {"openalex": "W123"}),
        ("Corpus_ID", "55", "ids", {"corpusid": "55"}),
        ("citation key", "berg2021", "key", "berg2021"),
        ("Keywords", "a, b; c; c", "keywords", ("a, b", "c")),
        ("Keywords", "a, b", "keywords", ("a", "b")),
        ("Keywords", "['a, b', 'c']", "keywords", ("a, b", "c")),
        ("Type", "Review", "type", "article-journal"),
        ("Type", "Wall chart", "type", "Wall chart"),
        ("Type", "Retracted Publication", "retracted", True),
        ("Retracted", "No", "retracted", False),
        ("Shelf", "=1+1", "fields", {"Shelf": "=1+1"}),
        ("Shelf", "=HYPERLINK(1)", "fields", {"Shelf": "=HYPERLINK(1)"}),
        ("", "third", "fields", {"column 2": "third"}),
        ("Title", "Another", "fields", {"Title (column 2)": "Another"}),
        ("Abstract", "N/A", "abstract_original", None),
    ],
)
def test_cells(header: str, cell: str, field: str, wanted: object) -> None:
    """What a cell says becomes its field; what it cannot be stays under the column's name."""
    found = paper(f"Title\t{header}\tYear", f"Floats\t{cell}\t2021")
    assert getattr(found, field) == wanted


@pytest.mark.parametrize(
    ("cell", "wanted"),
    [
        ("Berg, Jan A.; Doe, Anna", [("Berg", "Jan A."), ("Doe", "Anna")]),
        ("Jan A. Berg; Anna Doe", [("Berg", "Jan A."), ("Doe", "Anna")]),
        ("Jan A. Berg, Anna Doe", [("Berg", "Jan A."), ("Doe", "Anna")]),
        ("Jan A. Berg and Anna Doe", [("Berg", "Jan A."), ("Doe", "Anna")]),
        ("Berg, J. A., Doe, A.", [("Berg", "J. A."), ("Doe", "A.")]),
        ("Berg, J. A., & Doe, A.", [("Berg", "J. A."), ("Doe", "A.")]),
        ("Berg JA, Doe A, et al.", [("Berg", "JA"), ("Doe", "A")]),
        ("Berg J.; de la Doe A.", [("Berg", "J."), ("de la Doe", "A.")]),
        ("Berg, Jan, Jr.; Doe, Anna", [("Berg", "Jan"), ("Doe", "Anna")]),
        ("['Jan A. Berg', \"Anna O'Doe\"]", [("Berg", "Jan A."), ("O'Doe", "Anna")]),
        ("Doe, Anna; Well Readers Team", [("Doe", "Anna"), (None, "Well Readers Team")]),
        ("Berg JA; Doe AB", [(None, "Berg JA"), (None, "Doe AB")]),
        ("Xiaoming LI; Wei WU", [(None, "Xiaoming LI"), (None, "Wei WU")]),
        ("Plato", [(None, "Plato")]),
        ("Doe, Anna; Well\u200b  Team", [("Doe", "Anna"), (None, "Well Team")]),
        ("[No authors listed]", []),
        (" ; ", []),
    ],
)
def test_free_lists_of_authors(cell: str, wanted: list[tuple[str | None, str]]) -> None:
    """Names are taken apart where their order shows, and stay whole where it could be either."""
    quoted = cell.replace('"', '""')
    found = paper("title,authors", f'Floats,"{quoted}"').authors
    assert [(author.family, author.given or author.name) for author in found] == wanted


@pytest.mark.parametrize(
    "text",
    ["A title\n\nA text, with commas, of no table.\n", "title\nA\nB\n", "year,doi\n2021,10.1234/a", "", "@article{a, title={x}}",
     "10.1234/a\n10.1234/b\n"],
)  # fmt: skip
def test_what_is_no_table_is_not_recognised(text: str) -> None:
    """A text is a table where a header names a title and something else."""
    assert not recognises(text)


CELLS = st.text(st.sampled_from('ab ,;\t|"\n'), max_size=8)


@FREE
@given(
    st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=6),
    st.sampled_from(",;\t|"),
    st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
)
def test_a_written_table_reads_back(rows: list[tuple[str, str, str]], separator: str, quoting: Any) -> None:
    """What a writer quotes as it ought to be is read back whole, whatever signs stand in it."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator, quoting=quoting, lineterminator="\n")
    writer.writerow(["Shelf", "Title", "Abstract", "Row", "Year"])
    writer.writerows([a, f"T {b}", c, "r", "2021"] for a, b, c in rows)
    found = papers(out.getvalue())
    told = [
        (item.fields.get("Shelf", ""), item.title_original, item.abstract_original or "") for item in found
    ]
    assert told == [(a.strip(), f"T {b}".strip(), c.strip()) for a, b, c in rows]


@FREE
@given(st.text(st.sampled_from('Title,Year;"\n\t|20 a\ud800\x00='), max_size=80), st.sampled_from(["", "Title,Year,DOI\n", "sep=;\n"]))  # fmt: skip
def test_any_text_is_read_without_an_error(text: str, header: str) -> None:
    """Whatever stands in a file, each result has a place, in the file's order, and can be stored."""
    found = list(read(header + text))
    recognises(header + text)
    places = [item.sources[0].position if isinstance(item, Paper) else item.position for item in found]
    lines = [int(place.removeprefix("line ")) for place in places if place != "file"]
    assert found and lines == sorted(lines)
    assert all(item.model_dump_json().encode() for item in found)


@FREE
@given(
    st.lists(st.booleans(), min_size=1, max_size=20),
    st.sampled_from(['"Bad {n},2021,x{n}', '"B"ad {n},2021,"x{n}']),
)
def test_no_row_is_lost_among_bad_quotes(are_bad: list[bool], pattern: str) -> None:
    """Every whole row is read, however many rows around it have a quote in disorder."""
    rows = [pattern.format(n=n) if bad else f'"Good {n}","2021","x{n}"' for n, bad in enumerate(are_bad)]
    found = [item for item in read("Title,Year,Shelf\n" + "\n".join(rows)) if not isinstance(item, Noted)]
    assert len(found) == len(rows)
    good = [
        (item.title, item.fields["Shelf"])
        for item in found
        if isinstance(item, Paper) and "Good" in item.title
    ]
    assert good == [(f"Good {n}", f"x{n}") for n, bad in enumerate(are_bad) if not bad]
