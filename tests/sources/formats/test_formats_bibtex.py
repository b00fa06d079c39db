"""BibTeX and BibLaTeX: what becomes of each entry, broken ones too, and the way out and in again."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent.outputs.bibtex import bibtex
from agent.records import Author, Noted, Paper, Rejected
from agent.sources.build import make_paper
from agent.sources.formats.bibtex import read
from agent.text.tex import detex

FREE = settings(
    derandomize=True, database=None, deadline=None, max_examples=40, suppress_health_check=list(HealthCheck)
)
NEIGHBOUR = "\n@article{next, title = {The Neighbour}, year = 2001}\n"


def papers_of(text: str) -> list[Paper]:
    return [found for found in read(text) if isinstance(found, Paper)]


def one(fields: str, kind: str = "article") -> Paper:
    (found,) = papers_of(f"@{kind}{{k, title = {{Floats in Wells}}, {fields}}}")
    return found


FIELDS: dict[str, tuple[str, str, Any]] = {
    "year": ("year = 2020", "year", 2020),
    "year in braces": ("year = {2020}", "year", 2020),
    "no year": ("year = {in press}", "fields", {"year": "in press"}),
    "month macro": ("year = 2020, month = feb", "date", "2020-02"),
    "month and day": ('year = 2020, month = "10~" # jan', "date", "2020-01"),
    "BibLaTeX date": ("date = {2020-03-04}", "date", "2020-03-04"),
    "range of dates": ("date = {2020-03-04/2020-03-06}", "date", "2020-03-04"),
    "doi as link": ("doi = {https://doi.org/10.1000/A\\_b}", "doi", "10.1000/a_b"),
    "doi with brackets": ("doi = {10.1016/S0140(20)3}", "doi", "10.1016/s0140(20)3"),
    "doi of arXiv": ("doi = {10.48550/arXiv.2401.00001}", "arxiv_id", "2401.00001"),
    "eprint": ("eprint = {2401.00001v2}, archiveprefix = {arXiv}", "arxiv_id", "2401.00001"),
    "eprint's version": ("eprint = {2401.00001v2}, eprinttype = {arxiv}", "version", "v2"),
    "old eprint": ("eprint = {hep-th/9901001}", "arxiv_id", "hep-th/9901001"),
    "arXiv as journal": ("journal = {arXiv preprint arXiv:2401.00001}", "arxiv_id", "2401.00001"),
    "other eprint": (
        "eprint = {123}, eprinttype = {jstor}",
        "fields",
        {"eprint": "123", "eprinttype": "jstor"},
    ),
    "journal": ("journal = {Water \\& Wells}", "venue", "Water & Wells"),
    "pages": ("pages = {1--10}", "fields", {"page": "1–10"}),
    "keywords": ("keywords = {wells, floats; water}", "keywords", ("wells", "floats", "water")),
    "Zotero's file": ("file = {Full Text:papers/x.pdf:application/pdf}", "files", ("papers/x.pdf",)),
    "JabRef's files": ("file = {:a.pdf:PDF;note:b.pdf:PDF}", "files", ("a.pdf", "b.pdf")),
    "a drive": ("file = {:C\\:/papers/x.pdf:PDF}", "files", ("C:/papers/x.pdf",)),
    "pmid": ("pmid = {123}", "ids", {"pmid": "123"}),
    "note": ("note = {read twice}", "notes", "read twice"),
    "macro joined": ('journal = "Water " # {Wells}', "venue", "Water Wells"),
    "unknown field": ("mood = {good}", "fields", {"mood": "good"}),
    "accents in the abstract": ("abstract = {M\\'etodo {\\o}}", "abstract", "Método ø"),
}


@pytest.mark.parametrize(("written", "name", "expected"), FIELDS.values(), ids=list(FIELDS))
def test_a_field_is_read(written: str, name: str, expected: object) -> None:
    """Each field of an entry goes where it belongs."""
    paper = one(written)
    assert (paper.texts.abstract if name == "abstract" else getattr(paper, name)) == expected


TITLES = {
    "{DNA} in {{Wells}}": "DNA in Wells",
    "50% faster and 100\\% safe": "50% faster and 100% safe",
    "Schr{\\\"o}dinger's $\\alpha$-stable H$_2$O": "Schrödinger's α-stable H₂O",
    "from $5 to $6": "from $5 to $6",
    "\\methodname{} is \\emph{fast}": "\\methodname is fast",
    "R&D \\& C\\#": "R&D & C#",
    "A -- B": "A – B",
    "量子 {مرحبا}": "量子 مرحبا",
    "$10^{-3}$ at $\\mathcal{O}(n^2)$": "10⁻³ at O(n²)",
    "see \\url{http://a.org/b_c}": "see http://a.org/b_c",
}


@pytest.mark.parametrize(("written", "shown"), TITLES.items())
def test_a_title_is_what_tex_prints(written: str, shown: str) -> None:
    """TeX becomes what a reader sees; the original stays beside it."""
    (paper,) = papers_of(f"@misc{{k, title = {{{written}}}}}")
    assert (paper.title, paper.title_original) == (shown, written)


NAMES = {
    "Smith, Ann": [Author(family="Smith", given="Ann")],
    "Ann Smith": [Author(family="Smith", given="Ann")],
    "van der Berg, Jr, Jan": [Author(family="Berg", given="Jan", particle="van der", suffix="Jr")],
    "Jan van der Berg": [Author(family="Berg", given="Jan", particle="van der")],
    "{de la Cruz}, Mar{\\'\\i}a": [Author(family="de la Cruz", given="María")],
    "{World Health Organization}": [Author(name="World Health Organization")],
    "{A and B Consortium} and Smith, Ann": [
        Author(name="A and B Consortium"),
        Author(family="Smith", given="Ann"),
    ],
    "Smith, Ann and others": [Author(family="Smith", given="Ann")],
    "王, 小明 and Plato": [Author(family="王", given="小明"), Author(name="Plato")],
    "Smith, Ann\n  and\n  Doe, Bo": [Author(family="Smith", given="Ann"), Author(family="Doe", given="Bo")],
    "family=Smith, given=Ann, prefix=von": [Author(family="Smith", given="Ann", particle="von")],
    "{\\'E}mile Zola": [Author(family="Zola", given="Émile")],
    "Mu{\\~n}oz, Juan and Jo{\\~a}o Magalh{\\~a}es": [
        Author(family="Muñoz", given="Juan"),
        Author(family="Magalhães", given="João"),
    ],
    "{\\~N}u, A. and Nguy{\\~\\^e}n, B": [
        Author(family="Ñu", given="A."),
        Author(family="Nguyễn", given="B"),
    ],
    "\\DJ or\\dj e Petrovi{\\'c} and \\O stergaard, K": [
        Author(family="Petrović", given="Đorđe"),
        Author(family="Østergaard", given="K"),
    ],
    "Fran\\c cois Dupont": [Author(family="Dupont", given="François")],
    "Doe, J., Roe, R., Poe, E.": [Author(name="Doe, J., Roe, R., Poe, E.")],
}


@pytest.mark.parametrize(("written", "expected"), NAMES.items())
def test_names_are_taken_apart(written: str, expected: list[Author]) -> None:
    """Particles, suffixes, organisations and other scripts; `and others` is no author."""
    paper = one(f"author = {{{written}}}")
    assert list(paper.authors) == expected
    assert ("others" in paper.fields) == written.endswith("others")


class Broken(NamedTuple):
    """A damaged entry, the title that can still be told, and a field of it."""

    text: str
    title: str | None
    year: int | None = None


BROKEN = {
    "no closing brace": Broken("@article{b, title = {Floats}, year = 1999", "Floats", 1999),
    "a brace open in the title": Broken(
        "@article{b, title = {Floats {in Wells}, year = 1999}", "Floats in Wells", 1999
    ),
    "a brace too many": Broken("@article{b,\n title = {Floats}},\n year = 1999\n}", "Floats", 1999),
    "an open quotation mark": Broken('@article{b, title = "Floats, year = {1999}}', "Floats", 1999),
    "no comma between fields": Broken("@article{b,\n title = {Floats}\n year = {1999}\n}", "Floats", 1999),
    "no key": Broken("@article{, title = {Floats}, year = 1999}", "Floats", 1999),
    "neither key nor comma": Broken("@article{title = {Floats}, year = 1999}", "Floats", 1999),
    "a key with a blank": Broken("@article{a b, title = {Floats}, year = 1999}", "Floats", 1999),
    "no title": Broken("@article{b, year = 1999}", None),
    "an empty title": Broken("@article{b, title = {}, year = 1999}", None),
    "round brackets": Broken("@article(b, title = {Floats (a)}, year = 1999)", "Floats (a)", 1999),
    "per cent": Broken("@article{b, title = {50% of Floats}, year = 1999}", "50% of Floats", 1999),
    "an undefined macro": Broken(
        "@article{b, title = {Floats}, year = 1999, journal = wells}", "Floats", 1999
    ),
    "cut in a value": Broken("@article{b, title = {Floats in", "Floats in"),
    "a blank line inside": Broken("@article{b,\n\n title = {Floats},\n\n year = 1999\n\n}", "Floats", 1999),
}


@pytest.mark.parametrize("case", BROKEN.values(), ids=list(BROKEN))
def test_a_broken_entry_costs_its_neighbours_nothing(case: Broken) -> None:
    """It is kept as far as it can be told, or refused with its line; those beside it are whole."""
    found = list(read("@article{first, title = {The First}}\n" + case.text + NEIGHBOUR))
    records = [item for item in found if not isinstance(item, Noted)]
    assert (records[0].title, records[-1].title, len(records)) == ("The First", "The Neighbour", 3)
    middle = records[1]
    if case.title is None:
        assert isinstance(middle, Rejected) and middle.position == "line 2" and "no title" in middle.reason
    else:
        assert isinstance(middle, Paper) and (middle.title, middle.year) == (case.title, case.year)
        assert middle.sources[0].position == "line 2"


def test_what_is_no_record_is_named() -> None:
    """Free text, comments and preambles are noted with their line and count as nothing."""
    text = 'Written by hand\n@comment{jabref-meta: x}\n@preamble{"\\def\\x{y}"}\n@article{k, title = {Floats}} and so on\n'
    found = [item for item in read(text) if isinstance(item, Noted)]
    assert [item.position for item in found] == ["line 1", "line 2", "line 3", "line 4"]
    assert "Written by hand" in found[0].message and "@comment" in found[1].message


def test_an_entry_inside_a_comment_stays_a_comment() -> None:
    """What somebody commented out is not taken in."""
    assert papers_of("@comment{\n@article{a, title = {Out}}\n}\n@article{b, title = {In}}") == papers_of(
        "\n\n\n@article{b, title = {In}}"
    )


def test_strings_and_crossref_give_their_fields() -> None:
    """Macros are put in, in whatever order they stand; a child takes what it lacks from its parent."""
    text = (
        '@string{w = "Workshop on " # {Wells}}\n'
        "@inproceedings{child, title = {Floats}, crossref = {all}}\n"
        "@proceedings{all, title = w, year = 2003, publisher = {Deep}, author = {Nobody, No}}\n"
    )
    child, parent = papers_of(text)
    assert (child.venue, child.year, child.fields["publisher"], child.authors) == (
        "Workshop on Wells",
        2003,
        "Deep",
        (),
    )
    assert parent.title == "Workshop on Wells"


def test_crossrefs_in_a_ring_end() -> None:
    """Two entries that name each other are two papers."""
    assert len(papers_of("@inbook{a, title={A}, crossref={b}}\n@book{b, title={B}, crossref={a}}")) == 2


def test_equal_keys_with_other_content_are_two_papers() -> None:
    """A key that stands twice loses neither."""
    assert [paper.title for paper in papers_of("@misc{k, title={A}}\n@misc{k, title={B}}")] == ["A", "B"]


def test_a_doubled_field_is_named() -> None:
    """The first counts; another value for it is told."""
    found = list(read("@misc{k, title={A}, note={one}, note={two}}"))
    assert any(isinstance(item, Noted) and "second 'note'" in item.message for item in found)


@FREE
@given(st.text(alphabet='@{}"=,#\\% \nabctitle()', max_size=120))
def test_anything_is_read_to_its_end(text: str) -> None:
    """No text makes the reader fail, and a sound entry behind it is not lost."""
    assert [paper.key for paper in papers_of(text + "\n" + NEIGHBOUR)][-1:] == [
        "next"
    ] or "@comment" in re.sub(r"\s", "", text.lower())


WORDS = ["DNA", "naïve", "50%", "C++", "C#", "R&D", "$5", "x_1", "量子", "مرحبا", "“q”", "don't", "H₂O", "β-VAE", "a/b", "(x)",
         "A.B", "@x", "a:b", "#1", "^2", "<b>", "O'Neil", "1.5×", "…", "–", "|"]  # fmt: skip
TEXT = st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join)
NAME = st.builds(
    lambda family, given_, particle, suffix: Author(
        family=family, given=given_, particle=particle, suffix=suffix
    ),
    st.sampled_from(["Smith", "de la Cruz", "王", "O'Neil", "Müller", "van", "Smith and Co", "A, B", "חיים"]),
    st.sampled_from(["Ann", "J.", "小明", "José María", None]),
    st.sampled_from([None, "van der", "de"]),
    st.sampled_from([None, "Jr", "III"]),
) | st.sampled_from(["World Health Organization", "A and B Consortium", "ACME, Inc.", "Plato", "王小明"]).map(
    lambda name: Author(name=name)
)


@st.composite
def whole_papers(draw: st.DrawFn) -> Paper:
    """A paper with any of the fields that BibTeX can hold."""
    some = draw(st.dictionaries(st.sampled_from(["volume", "issue", "page", "publisher", "editor", "ISSN", "mood"]),
                                st.sampled_from(["12", "1–10", "ACM", "A & B"]), max_size=3))  # fmt: skip
    kinds = [
        None,
        "article-journal",
        "paper-conference",
        "book",
        "chapter",
        "thesis",
        "report",
        "webpage",
        "dataset",
        "odd",
    ]
    return make_paper(
        draw(TEXT), draw(st.none() | TEXT), "", key=draw(st.sampled_from(["a", "b:c"])),
        authors=tuple(draw(st.lists(NAME, max_size=3))), year=draw(st.none() | st.integers(1900, 2100)),
        type=draw(st.sampled_from(kinds)), venue=draw(st.none() | TEXT), doi=draw(st.sampled_from([None, "10.1000/ab_c(1)"])),
        arxiv_id=draw(st.sampled_from([None, "2401.00001"])), url=draw(st.sampled_from([None, "https://x.org/a_b?c=1&d=%20#f"])),
        keywords=tuple(draw(st.lists(st.sampled_from(["a b", "C++", "量子"]), max_size=2, unique=True))),
        notes=draw(st.none() | TEXT), ids=draw(st.sampled_from([{}, {"pmid": "123"}, {"openalex": "W1"}])), fields=some,
        files=tuple(draw(st.lists(st.sampled_from(["p/x.pdf", "C:/a b;c.pdf", "/abs/é.pdf"]), max_size=2, unique=True))),
    )  # fmt: skip


def said(paper: Paper) -> dict[str, Any]:
    """What a paper says, without how it was written there."""
    return paper.model_dump(exclude={"sources", "title_original", "abstract_original"})


@FREE
@given(whole_papers())
def test_out_and_in_again_is_the_same(paper: Paper) -> None:
    """Read, exported and read again: every field is what it was."""
    (once,) = papers_of(bibtex([paper], whole=True))
    assert said(once) == said(paper)


@FREE
@given(st.text(max_size=30))
def test_tex_of_any_text_is_read(text: str) -> None:
    """No source makes the decoder fail; what holds no markup is only folded to one line."""
    found = detex(text)
    if not re.search(r"[\\$~{}]|``|''|--", text):
        assert found == " ".join(text.split())


def test_a_comment_that_is_never_closed_hides_no_entry() -> None:
    """It ends before the next entry, also where a later brace too many would close it; a whole one may hold entries."""
    entry = "@article{{{0}, title={{T{0}}}}}\n"
    unclosed = "@comment{ to do\n\n" + entry.format("a") + entry.format("b") + "}\n" + entry.format("c")
    holding = "@comment{old:\n" + entry.format("x") + "}\n" + entry.format("d")
    found = [item.title for item in read(unclosed + holding) if isinstance(item, Paper)]
    assert found == ["Ta", "Tb", "Tc", "Td"]
