"""Papers of every kind for the way out and in again, and what two of them must have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from agent.records import Author, Noted, Paper, Rejected
from agent.sources.build import make_paper

FREE = settings(
    derandomize=True, database=None, deadline=None, max_examples=25, suppress_health_check=list(HealthCheck)
)
WORDS = ["DNA", "naïve", "50%", "C++", "C#", "R&D", "$5", "x_1", "量子", "مرحبا", "“q”", "don't", "H₂O", "β-VAE", "a/b",
         "(x)", "@x", "a:b", "#1", "^2", "<b>", "1.5×", "…", "–", "|", "\\foo", "{x}", '"q"', "=1", "T2-weighted", "AU"]  # fmt: skip
TEXT = st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join)
LINES = st.lists(TEXT, min_size=1, max_size=4).map("\n".join)
PERSON = st.builds(
    Author,
    family=st.sampled_from(["Smith", "de la Cruz", "王", "O'Neil", "Müller", "van", "Smith and Co", "חיים", "Li"]),
    given=st.sampled_from(["Ann", "J.", "小明", "José María", "A. B.", None]),
    particle=st.sampled_from([None, "van der", "de"]),
    suffix=st.sampled_from([None, "Jr", "III"]),
)  # fmt: skip
WHOLE = st.sampled_from(
    ["World Health Organization", "A and B Consortium", "ACME, Inc.", "Plato", "王小明", "Well Group; North", "Lee, Ann"]
).map(lambda name: Author(name=name))  # fmt: skip
NAME = PERSON | WHOLE
TYPES = [None, "article-journal", "article", "paper-conference", "book", "chapter", "thesis", "report", "webpage",
         "dataset", "document", "review", "odd", "WELLS", "letter"]  # fmt: skip
FIELDS = ["volume", "issue", "page", "publisher", "editor", "ISSN", "ISBN", "mood", "event-title", "DOI", "XX", "T2",
          "genre", "number", "source", "container-title-short", "collection-title", "season", "Authors", "fields.x",
          "ids.x", "accessed", "available-date", "AN", "author.ORCID", "PY", "Title", "=1", "number-of-pages"]  # fmt: skip
FIELD = st.sampled_from(["12", "1–10", "12-19", "ACM", "A & B", "A, b; c, d", "1234-5678", "=1+1", "none", "量子", "-", "2020-01-02"])  # fmt: skip
WORD = st.sampled_from(["a b", "C++", "量子", "Anaemia, Sickle Cell", "a, b, c", "=x", "it's"])
LINK = st.sampled_from(["https://x.org/a_b?c=1&d=%20#f", "https://example.org/b", "ftp://x.org/c"])
FILE = st.sampled_from(["p/x.pdf", "C:/a b,c.pdf", "/abs/é.pdf"])
IDS = {"pmid": "123", "pmcid": "PMC9", "openalex": "W1", "corpusid": "5", "wos": "WOS:0001", "eid": "2-s2.0-85",
       "embase": "L200", "dblp": "conf/w/Berg21", "s2": "0" * 40, "mag": "7", "ieee": "9000001", "shelf": "three: 3"}  # fmt: skip


def some(item: st.SearchStrategy[Any], most: int = 3) -> st.SearchStrategy[tuple[Any, ...]]:
    """A few different ones, in any order."""
    return st.lists(item, max_size=most, unique=True).map(tuple)


@st.composite
def whole_papers(draw: st.DrawFn) -> Paper:
    """A paper with any of the fields that a paper has."""
    year = draw(st.none() | st.integers(1900, 2100))
    date = (
        draw(st.sampled_from(["{}", "{}-03", "{}-03-04"])).format(year)
        if year and draw(st.booleans())
        else None
    )
    arxiv_id = draw(st.sampled_from([None, "2401.00001", "hep-th/9901001", "math.GT/0309136"]))
    schemes = draw(some(st.sampled_from(list(IDS))))
    url = draw(st.sampled_from([None, "https://x.org/own?c=1&d=%20#f", "www.x.org"]))
    return make_paper(
        draw(TEXT), draw(st.none() | TEXT), "", key=draw(st.sampled_from(["a", "b:c", "Lind2021", "7"])),
        authors=draw(st.lists(NAME, max_size=4).map(tuple)), year=year, date=date, type=draw(st.sampled_from(TYPES)),
        venue=draw(st.none() | TEXT), doi=draw(st.sampled_from([None, "10.1000/ab_c(1)", "10.1002/(sici)1(98)4:3<3::x>3.0;2-b"])),
        arxiv_id=arxiv_id, version=draw(st.sampled_from([None, "v2"])) if arxiv_id else draw(st.sampled_from([None, "1.2", "v3"])),
        url=url, links=draw(some(LINK)) if url else (), keywords=draw(some(WORD)), notes=draw(st.none() | LINES),
        files=draw(some(FILE)), ids={scheme: IDS[scheme] for scheme in schemes}, retracted=draw(st.sampled_from([None, True, False])),
        is_untitled=draw(st.booleans()), fields=draw(st.dictionaries(st.sampled_from(FIELDS), FIELD, max_size=4)),
    )  # fmt: skip


ANY = st.text(st.characters(exclude_categories=("Cs",)), max_size=12)


@st.composite
def strange_papers(draw: st.DrawFn) -> Paper:
    """A paper whose every text is anything at all."""
    return make_paper(
        "T " + draw(ANY), draw(ANY), "", key=draw(ANY), year=draw(st.none() | st.integers(1400, 2199)), date=draw(ANY),
        authors=draw(st.lists(st.builds(Author, family=st.none() | ANY, given=ANY, name=ANY), max_size=2).map(tuple)),
        type=draw(ANY), venue=draw(ANY), doi=draw(ANY), arxiv_id=draw(ANY), url=draw(ANY), links=draw(some(ANY)),
        keywords=draw(some(ANY)), notes=draw(ANY), files=draw(some(ANY)), version=draw(ANY), retracted=draw(st.sampled_from([None, True, False])),
        ids=draw(st.dictionaries(st.sampled_from([*IDS]) | ANY, ANY, max_size=2)),
        fields=draw(st.dictionaries(st.sampled_from(FIELDS) | ANY, ANY, max_size=3)),
    )  # fmt: skip


def said(paper: Paper) -> dict[str, Any]:
    """What a paper says, without how it was written there and what it is called here."""
    return paper.model_dump(exclude={"sources", "title_original", "abstract_original", "key", "aliases"})


def only(read: Callable[[str], Iterator[Paper | Rejected | Noted]], text: str) -> Paper:
    """The one paper of a text."""
    (found,) = read(text)
    assert isinstance(found, Paper), found
    return found


FULL = make_paper(
    "Floats in DNA wells: 量子", "We saw it, at https://example.org/seen.", "", key="berg2021",
    authors=(Author(family="Berg", given="Jan", particle="van der"), Author(name="ACME, Inc."), Author(name="Well Team"),
             Author(family="Doe", given="Ann", suffix="Jr"), Author(family="李")),
    year=2021, date="2021-03-04", type="article-journal", venue="Wells Quarterly", doi="10.1000/ab", arxiv_id="2401.00001",
    version="v2", url="https://example.org/wells", links=("https://example.org/code",), keywords=("Anaemia, Sickle Cell", "water"),
    notes="read twice\nTY  - or not", files=("wells.pdf",), ids={"pmid": "77", "openalex": "W1"}, retracted=False, is_untitled=True,
    fields={"volume": "3", "page": "10-19", "editor": "Roe, Sam; Lee, Ann", "mood": "good", "accessed": "2022-01-02"},
)  # fmt: skip
BARE = make_paper("Floats", None, "", key="a")
# What a format could take for something else.
TRICKY: dict[str, dict[str, Any]] = {
    "one keyword with commas": {"keywords": ("a, b, c",)},
    "a keyword that looks like a list": {"keywords": ('["a"]',)},
    "a month for a season": {"year": 2021, "fields": {"season": "December"}},
    "a month for a season beside a date": {"year": 2021, "date": "2021-12-04", "fields": {"season": "December"}},
    "a season": {"year": 2021, "fields": {"season": "Spring"}},
    "a season without a year": {"fields": {"season": "Spring"}},
    "two names in one": {"authors": (Author(name="Roe, Sam; Lee, Ann"), Author(family="Roe", given="Sam"))},
    "a person who looks like two": {"authors": (Author(family="Roe", given="Sam; Lee, Ann"),)},
    "two people written alike": {"authors": (Author(name="Plato"), Author(family="Plato"), Author(name="Plato"))},
    "nobody's name": {"authors": (Author(name="Others"), Author(name="et al."))},
    "no year": {"fields": {"year": "in press"}},
    "a year and no year": {"year": 2021, "fields": {"year": "in press"}},
    "two DOIs": {"doi": "10.1000/a", "fields": {"DOI": "10.1000/b", "genre": "10.1000/c"}},
    "a DOI that is not its own": {"fields": {"DOI": "10.1000/b"}},
    "a DOI beside an arXiv id": {"arxiv_id": "2401.00001", "fields": {"DOI": "10.1000/b", "genre": "10.1000/c"}},
    "another arXiv id in a link": {"arxiv_id": "2401.00001", "url": "https://arxiv.org/abs/2401.00002v3"},
    "links without an address": {"links": ("https://example.org/a", "https://example.org/b")},
    "fields that are called like others": {"year": 2021, "fields": {"title": "A", "key": "b", "TI": "C", "ids": "d", "custom": "e", "type": "f"}},
    "a short name alone": {"fields": {"container-title-short": "Wells Q"}},
    "a book in a series": {"type": "book", "venue": "Well Press", "fields": {"collection-title": "Wells"}},
    "a page range with blanks": {"fields": {"page": "12 - 19"}},
    "several page ranges": {"fields": {"page": "1-2, 4-5"}},
    "two ISSNs and a wrong one": {"fields": {"ISSN": "1234-5678; 8765-4321", "ISBN": "none"}},
    "a date that is a year": {"year": 2021, "date": "2021"},
    "a date of another year": {"year": 2021, "date": "2020-05"},
    "an editor twice": {"fields": {"editor": "Roe, Sam; Roe, Sam"}},
    "editors that BibTeX wrote": {"fields": {"translator": "Roe, Sam and Lee, Ann"}},
    "numbers of a database": {"ids": {"embase": "L1", "pmid": "7"}, "fields": {"source": "Embase", "AN": "9"}},
    "retracted by its title": {"title": "RETRACTED: Floats", "retracted": False},
    "notes like fields": {"notes": "TY  - JOUR\nER  -\nT2-weighted\n=1"},
    "unlike words for no type": {"type": "entry-encyclopedia"},
}  # fmt: skip


def tricky(name: str) -> Paper:
    """One of them."""
    fields = dict(TRICKY[name])
    return make_paper(fields.pop("title", "Floats"), None, "", key="k", **fields)
