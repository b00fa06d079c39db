"""references.bib: read back by another program, it says what the papers say."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from desk import Made, paper, person
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from agent.outputs.bibtex import bibtex
from agent.records import Author, Paper

FORMS = ("biblatex", "bibtex")
TRAPS = [
    "Wells & Springs", "50% of wells", "Costs of $5 and $6", "Well #5", "well_net and a_b", "H~2~O", "x^2 and 2^10^", "{Half a brace",
    "half a brace}", "{Whole} braces", r"A \textbf{bold} claim", r"Trailing \ backslash", 'A "quoted" word', "It's the well's",
    "Ünïcode and Ærø", "中文 标题", "Größe ß", "a, b and c", "One and Two", "1. First", "The @article{x}, y", "C++ and C#", "<b>Bold</b>",
    "LLMs and GPUs", "iPhone and McCall", "e-mail: x@y.z", "α-β pruning", "2.49× faster", "A | B", "a = b", "Really? Yes!", "[1] (2) /3/",
    "Half-open [0, 1)", "A `tick` here", "comma, semi; colon: end", "x < y > z", "Émile Zola", "naïve Bayes", "ends in %", "% begins so",
]  # fmt: skip


def read_back(
    pandoc: Callable[..., str], papers: list[Paper], form: str = "biblatex"
) -> dict[str, dict[str, Any]]:
    entries = json.loads(pandoc("-f", form, "-t", "csljson", text=bibtex(papers)))
    return {entry["id"]: entry for entry in entries}


def plain(title: str) -> str:
    """A title without the marks that keep its capitals; quotes are as typed, the first letter as any style sets it."""
    bare = re.sub(r"</?span[^>]*>", "", title)
    bare = " ".join(
        bare.translate(str.maketrans({"‘": "'", "’": "'", "`": "'", "“": '"', "”": '"', "\xa0": " "})).split()
    )
    return bare[:1].upper() + bare[1:]


@pytest.mark.parametrize("form", FORMS)
def test_titles_come_back_whatever_is_in_them(pandoc: Callable[..., str], form: str) -> None:
    """Each special character of a title is the same after the way through BibTeX."""
    titles = [title for title in TRAPS if title.count("{") == title.count("}")]
    found = read_back(pandoc, [paper(f"k{number}", title) for number, title in enumerate(titles)], form)
    seen = {title: plain(found[f"k{number}"]["title"]) for number, title in enumerate(titles)}
    assert seen == {title: plain(title) for title in titles}


WORD = st.text(
    st.characters(exclude_categories=("Cc", "Cs", "Cn", "Zs", "Zl", "Zp", "Cf")), min_size=1, max_size=8
)
TITLE = st.lists(WORD | st.sampled_from(TRAPS), min_size=1, max_size=5).map(" ".join)


@given(titles=st.lists(TITLE, min_size=20, max_size=40))
@settings(derandomize=True, deadline=None, max_examples=5, phases=(Phase.explicit, Phase.generate))
def test_any_title_is_one_entry(pandoc: Callable[..., str], titles: list[str]) -> None:
    """No title ends its entry early: as many come back as went out, each with a title."""
    found = read_back(pandoc, [paper(f"k{number}", title) for number, title in enumerate(titles)])
    assert sorted(found) == sorted(f"k{number}" for number in range(len(titles)))
    assert all(entry["title"] for entry in found.values())


@pytest.mark.parametrize("title", [*TRAPS, "{{{", "}{", r"\{"])
def test_braces_balance_as_bibtex_counts_them(title: str) -> None:
    """BibTeX counts braces whether or not a backslash stands before them: one too many ends the file for it."""
    text = bibtex([paper("k", title, venue=title, authors=(Author(name=title),))])
    depth = 0
    for number, char in enumerate(text.strip()):
        depth += {"{": 1, "}": -1}.get(char, 0)
        assert depth > 0 or number < text.index("{") or number == len(text.strip()) - 1
    assert depth == 0


AUTHORS: list[tuple[Author, dict[str, str]]] = [
    (person("Lind", "Eva"), {"family": "Lind", "given": "Eva"}),
    (person("Müller", "Jörg K."), {"family": "Müller", "given": "Jörg K."}),
    (person("Nguyễn", "Thị"), {"family": "Nguyễn", "given": "Thị"}),
    (person("Plato"), {"family": "Plato"}),
    (person("Berg", "Jan", particle="van den"), {"family": "Berg", "given": "Jan", "non-dropping-particle": "van den"}),
    (person("Smith", "John", suffix="Jr."), {"family": "Smith", "given": "John", "suffix": "Jr."}),
    (person("King", "Martin", suffix="III"), {"family": "King", "given": "Martin", "suffix": "III"}),
    (person("García Márquez", "Ana"), {"family": "García Márquez", "given": "Ana"}),
    (person("Sand and Stone", "Ada"), {"family": "Sand and Stone", "given": "Ada"}),
    (Author(name="Wells and Springs Consortium"), {"literal": "Wells and Springs Consortium"}),
    (Author(name="World Water Organisation"), {"literal": "World Water Organisation"}),
    (Author(name="Wells & Co, Ltd"), {"literal": "Wells & Co, Ltd"}),
    (Author(name="Plato"), {"literal": "Plato"}),
    (person("O'Brien", "Úna"), {"family": "O’Brien", "given": "Úna"}),
    (person("Smith-Jones", "A.-B."), {"family": "Smith-Jones", "given": "A.-B."}),
]  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_authors_come_back_as_who_they_are(pandoc: Callable[..., str], form: str) -> None:
    """Family and given names stay apart, an organisation stays whole, particle and suffix are known as such."""
    papers = [
        paper(f"k{number}", "Floats", authors=(author, person("Last", "Z.")))
        for number, (author, _) in enumerate(AUTHORS)
    ]
    found = read_back(pandoc, papers, form)
    for number, (_, wanted) in enumerate(AUTHORS):
        first, *others = found[f"k{number}"]["author"]
        name = {part: text for part, text in first.items() if isinstance(text, str)}
        if "dropping-particle" in name:
            name["non-dropping-particle"] = name.pop("dropping-particle")
        assert {part: text.replace("'", "’") for part, text in name.items()} == wanted
        assert others == [{"family": "Last", "given": "Z."}]


def test_ids_year_and_venue_come_back(pandoc: Callable[..., str]) -> None:
    """DOI, year, month, venue, link and keywords are the paper's."""
    one = paper("Lind:2021-a", "Floats", type="article-journal", venue="Wells & Springs", year=2021, date="2021-03-04",
                doi="10.5555/well_2021(7)#x", url="https://example.org/a_b?c=1&d=%20#e", keywords=("wells", "50% off"))  # fmt: skip
    entry = read_back(pandoc, [one])["Lind:2021-a"]
    assert (entry["type"], entry["container-title"], entry["DOI"]) == (
        "article-journal",
        "Wells & Springs",
        one.doi,
    )
    assert entry["issued"]["date-parts"] == [[2021, 3]]
    assert entry["URL"] == one.url
    assert "50% off" in entry["keyword"]


def test_an_arxiv_id_is_an_eprint() -> None:
    """An arXiv id stands as BibLaTeX and arXiv's own entries have it."""
    text = bibtex([paper("k", "Floats", arxiv_id="2201.00001")])
    assert re.search(r"^  eprint = \{2201\.00001\},$", text, re.M)
    assert re.search(r"^  archiveprefix = \{arXiv\},$", text, re.M)


def test_what_is_unknown_has_no_line() -> None:
    """A paper of which only the title is known has only that: no author, no year, no empty field."""
    text = bibtex([paper("k", "Floats")])
    assert text == "@misc{k,\n  title = {{Floats}},\n}\n"


@pytest.mark.parametrize(
    ("type_", "venue", "entry", "field"),
    [
        ("article-journal", "Wells", "article", "journal"),
        ("paper-conference", "Wells", "inproceedings", "booktitle"),
        ("chapter", "Wells", "incollection", "booktitle"),
        ("thesis", "Wells", "phdthesis", "school"),
        ("report", "Wells", "techreport", "institution"),
        ("book", "Wells", "book", "publisher"),
        (None, "Wells", "misc", "howpublished"),
        ("unheard-of", None, "misc", None),
    ],
)
def test_the_kind_of_entry_and_where_its_venue_goes(
    type_: str | None, venue: str | None, entry: str, field: str | None
) -> None:
    """Each type becomes its BibTeX entry, and the venue stands in that entry's own field."""
    text = bibtex([paper("k", "Floats", type=type_, venue=venue)])
    assert text.startswith(f"@{entry}{{k,\n")
    assert field is None or f"  {field} = {{{venue}}}," in text


def test_keys_are_untouched_and_in_order() -> None:
    """Every key stands as it is, in order, whatever its case and signs."""
    keys = ["b2", "Lind:2021-a", "a", "x_1/2.3+4", "B1"]
    found = re.findall(r"^@misc\{(.+),$", bibtex(paper(key, "Floats") for key in keys), re.M)
    assert found == ["a", "B1", "b2", "Lind:2021-a", "x_1/2.3+4"]


def test_the_references_of_a_survey_are_its_papers(pandoc: Callable[..., str], mixed: Made) -> None:
    """references.bib of a survey gives back title, year, DOI and authors of every cited paper."""
    entries = {
        entry["id"]: entry
        for entry in json.loads(pandoc("-f", "biblatex", "-t", "csljson", text=mixed.text("references.bib")))
    }
    cited = {row.key for row in mixed.survey.ledger if row.status == "cited"}
    assert set(entries) == cited
    for key, entry in entries.items():
        known = mixed.survey.papers[key]
        assert plain(entry["title"]).replace("{", "").replace("}", "") == re.sub(
            "[{}]", "", plain(known.title)
        )
        assert entry.get("DOI") == known.doi
        assert len(entry.get("author", [])) == len(known.authors)
        assert entry.get("issued", {}).get("date-parts", [[None]])[0][0] == known.year
