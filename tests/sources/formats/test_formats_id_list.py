"""The reader of lists of ids and links."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.records import Noted, Paper, Rejected
from agent.sources.formats.id_list import read, recognises

FREE = settings(derandomize=True, database=None, deadline=None, max_examples=40)
SICI = "10.1002/(sici)1097-4636(199823)43:3<338::aid-jbm16>3.0.co;2-b"
S2 = "0123456789abcdef0123456789abcdef01234567"


def identity(paper: Paper) -> str:
    """The one id of a paper, as its title ought to be."""
    shown = {"pmid": "PMID", "pmcid": "PMCID", "openalex": "OpenAlex", "corpusid": "CorpusID", "s2": "S2"}
    (found,) = [
        *([f"doi:{paper.doi}"] if paper.doi else []),
        *([f"arXiv:{paper.arxiv_id}"] if paper.arxiv_id else []),
        *(f"{shown[scheme]}:{plain}" for scheme, plain in paper.ids.items()),
    ]
    return found


def titles(text: str) -> list[str]:
    found = list(read(text))
    assert all(isinstance(item, Paper) for item in found), found
    return [item.title for item in found if isinstance(item, Paper)]


WAYS = [
    ("10.1234/Wells.2021", "doi:10.1234/wells.2021"),
    ("doi:10.1234/wells", "doi:10.1234/wells"),
    ("DOI: 10.1234/wells", "doi:10.1234/wells"),
    ("https://doi.org/10.1234/wells", "doi:10.1234/wells"),
    ("http://dx.doi.org/10.1234/wells?a=1", "doi:10.1234/wells"),
    ("doi.org/10.1234/wells", "doi:10.1234/wells"),
    (SICI.upper(), f"doi:{SICI}"),
    ("10.48550/arXiv.2103.00001", "arXiv:2103.00001"),
    ("https://doi.org/10.48550/arXiv.2103.00001", "arXiv:2103.00001"),
    ("2103.00001", "arXiv:2103.00001"),
    ("0704.0001", "arXiv:0704.0001"),
    ("arXiv:2103.00001", "arXiv:2103.00001"),
    ("arXiv: 2103.00001 [cs.CL]", "arXiv:2103.00001"),
    ("https://arxiv.org/abs/2103.00001", "arXiv:2103.00001"),
    ("http://www.arxiv.org/pdf/2103.00001.pdf", "arXiv:2103.00001"),
    ("https://arxiv.org/html/2103.00001#S2", "arXiv:2103.00001"),
    ("arxiv.org/abs/hep-th/9901001", "arXiv:hep-th/9901001"),
    ("math.GT/0309136", "arXiv:math.GT/0309136"),
    ("https://huggingface.co/papers/2103.00001", "arXiv:2103.00001"),
    ("PMID: 77", "PMID:77"),
    ("pmid:77", "PMID:77"),
    ("https://pubmed.ncbi.nlm.nih.gov/77/", "PMID:77"),
    ("https://www.ncbi.nlm.nih.gov/pubmed/77", "PMID:77"),
    ("PMC99", "PMCID:PMC99"),
    ("PMCID: pmc99", "PMCID:PMC99"),
    ("https://www.ncbi.nlm.nih.gov/pmc/articles/PMC99/", "PMCID:PMC99"),
    ("https://pmc.ncbi.nlm.nih.gov/articles/PMC99", "PMCID:PMC99"),
    ("W2741809807", "OpenAlex:W2741809807"),
    ("https://openalex.org/W123", "OpenAlex:W123"),
    ("https://api.openalex.org/works/w123", "OpenAlex:W123"),
    ("CorpusID:55", "CorpusID:55"),
    ("https://api.semanticscholar.org/CorpusID:55", "CorpusID:55"),
    (f"https://www.semanticscholar.org/paper/Floats-in-Wells/{S2}", f"S2:{S2}"),
]


@pytest.mark.parametrize(("written", "title"), WAYS)
@pytest.mark.parametrize("around", ["{}", "  {} ", "- {}", "1. {}", "[3] {}", "<{}>", '"{}"', "{}.", "{},"])
def test_ways_to_write_an_id(written: str, title: str, around: str) -> None:
    """Each id, however it is written and marked as an item of a list, is a paper that has only its id."""
    (found,) = read(around.format(written))
    assert isinstance(found, Paper)
    assert (found.title, found.is_untitled, found.notes) == (title, True, None)
    assert identity(found) == title


def test_versions() -> None:
    """The version of an arXiv paper is kept beside its id."""
    for written in ("2103.00001v2", "https://arxiv.org/pdf/2103.00001v2.pdf", "arXiv:2103.00001v2"):
        (found,) = read(written)
        assert isinstance(found, Paper)
        assert (found.arxiv_id, found.version) == ("2103.00001", "v2")


@pytest.mark.parametrize("between", [" ", ", ", ",", ";", "; ", "\t"])
def test_several_ids_in_a_line(between: str) -> None:
    """Each id of a line is a paper of its own."""
    line = between.join(
        ["10.1234/a", "arXiv:2103.00001v1", "PMID: 77", "https://doi.org/10.1234/b", SICI, "W12345"]
    )
    assert titles(line) == ["doi:10.1234/a", "arXiv:2103.00001", "PMID:77", "doi:10.1234/b", f"doi:{SICI}", "OpenAlex:W12345"]  # fmt: skip
    assert {item.sources[0].position for item in read("\n" + line) if isinstance(item, Paper)} == {"line 2"}


@pytest.mark.parametrize(
    ("line", "title", "notes"),
    [
        ("10.1234/a  read this first", "doi:10.1234/a", "read this first"),
        ("10.1234/a # see 10.1234/b", "doi:10.1234/a", "see 10.1234/b"),
        ('10.1234/a "Floats in Wells"', "doi:10.1234/a", '"Floats in Wells"'),
        ("2103.00001 - Floats (2021)", "arXiv:2103.00001", "Floats (2021)"),
        ("Berg 2021. Floats. doi:10.1234/a.", "doi:10.1234/a", "Berg 2021. Floats."),
        ("Berg, Floats (https://doi.org/10.1234/a), 3 p.", "doi:10.1234/a", "Berg, Floats ( 3 p."),
    ],
)
def test_text_beside_an_id_is_a_note(line: str, title: str, notes: str) -> None:
    """What else stands in a line is kept as the paper's note."""
    (found,) = read(line)
    assert isinstance(found, Paper)
    assert (found.title, found.notes) == (title, notes)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("77", "bare number"),
        ("https://example.org/wells", "a link that names no paper id"),
        ("https://arxiv.org/list/cs", "a link that names no paper id"),
        ("https://openalex.org/A123", "a link that names no paper id"),
        ("Floats in Wells", "no id"),
        ("2113.00001", "no id"),
        ("10.1/a", "no id"),
        ("W12", "no id"),
        ("report/1234567", "no id"),
    ],
)
def test_a_line_without_an_id_is_refused(line: str, reason: str) -> None:
    """Between two ids a line that names none is refused by its number, and says why."""
    first, found, last = read(f"10.1234/a\n{line}\n10.1234/b")
    assert isinstance(first, Paper) and isinstance(last, Paper)
    assert isinstance(found, Rejected)
    assert (found.position, found.title, reason in found.reason) == ("line 2", line, True)


def test_comments_headings_and_blank_lines() -> None:
    """What is no id by intention is told or passed over, and is no rejection."""
    found = list(read("\ufeff# my list\r\nDOI\r\n\r\n10.1234/a\r\n"))
    assert [item.position for item in found[:2] if isinstance(item, Noted)] == ["line 1", "line 2"]
    assert isinstance(found[2], Paper) and found[2].sources[0].position == "line 4"
    (empty,) = (item for item in read("# nothing\n") if not isinstance(item, Noted))
    assert isinstance(empty, Rejected) and empty.position == "file"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("10.1234/a\n2103.00001\n", True),
        ("# list\n\nPMID: 77\nsome text\n", True),
        ("10.1234/a, 10.1234/b", True),
        ("PMID: 77\nsome text\nmore text\n", False),
        ("doi,title,year\n10.1234/a,Floats,2021\n10.1234/b,Bridges,2020\n", False),
        ("Floats in Wells. doi:10.1234/a\n", False),
        ("77\n78\n", False),
        ("# only\n", False),
        ("", False),
    ],
)
def test_recognises(text: str, wanted: bool) -> None:
    """A list of ids is a text at least half of whose lines are ids and nothing else."""
    assert recognises(text) is wanted


@FREE
@given(
    st.lists(st.sampled_from(WAYS), min_size=1, max_size=8),
    st.sampled_from(["\n", "\n\n", "\r\n", " ", "; "]),
)
def test_any_list_is_read_whole(ways: list[tuple[str, str]], between: str) -> None:
    """Every id of a list is read, in its order."""
    assert titles(between.join(written for written, _ in ways)) == [title for _, title in ways]


PIECES = st.sampled_from(["10.1234/", "a", " ", "\n", "#", "77", "PMID:", "https://", "arxiv.org/abs/", "2103.00001", ";", "<", "\ud800", "\x00"])  # fmt: skip


@FREE
@given(st.lists(PIECES, max_size=20).map("".join))
def test_any_text_is_read_without_an_error(text: str) -> None:
    """Every line that is not blank is told, and what is told can be stored."""
    found = list(read(text))
    recognises(text)
    places = {item.sources[0].position if isinstance(item, Paper) else item.position for item in found}
    lines = {f"line {number}" for number, line in enumerate(text.split("\n"), start=1) if line.strip()}
    assert lines <= places <= lines | {"file"}
    assert all(item.model_dump_json().encode() for item in found)
