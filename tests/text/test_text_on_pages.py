"""Proofs on whole saved pages, where a folder of them is at hand."""

from __future__ import annotations

import os
import re

import pytest

from agent.records import Paper
from agent.sources import find_sources, read_source
from agent.text.clean import clean
from agent.text.figures import figures
from agent.text.names import is_name
from agent.text.numbered import NumberedPaper, number_sentences
from agent.text.themes import named_groups, usual_number

FOLDER = os.environ.get("LITREVIEW_PAGES")
RESIDUE = re.compile(
    r"\\[%&$#_]|(?<![A-Za-z])sim\d|\dtimes|x20(?:1[0-9]|26)(?!\d)|``|\{https?:|[A-Za-z]~[A-Za-z(]"
)
pytestmark = pytest.mark.skipif(not FOLDER, reason="LITREVIEW_PAGES names no folder of saved pages")


@pytest.fixture(scope="module")
def papers() -> list[NumberedPaper]:
    """Every paper of the pages once, by title."""
    found: dict[str, Paper] = {}
    for source in find_sources([FOLDER or ""]):
        for record in read_source(source):
            if isinstance(record, Paper):
                found.setdefault(record.title, record.model_copy(update={"key": str(len(found))}))
    assert len(found) > 50, "too few papers to prove anything"
    return [number_sentences(paper) for paper in found.values()]


def texts(papers: list[NumberedPaper]) -> list[str]:
    """All titles and abstracts."""
    return [text for one in papers for text in (one.paper.texts.title, one.paper.texts.abstract) if text]


def test_cleaning_is_stable_on_every_text(papers: list[NumberedPaper]) -> None:
    """No text changes when it is cleaned again."""
    assert [text for text in texts(papers) if clean(text) != text] == []


def test_texts_are_what_cleaning_makes_of_the_originals(papers: list[NumberedPaper]) -> None:
    """The original that is kept beside a text is where the text came from."""
    for one in papers:
        assert clean(one.paper.title_original) == one.paper.texts.title
        assert clean(one.paper.abstract_original or "") == (one.paper.texts.abstract or "")


def test_no_plain_residue_is_left(papers: list[NumberedPaper]) -> None:
    """Escaped signs, glued operators, code points, TeX quotes and ties are gone from every text."""
    assert [(match.group(), text[:60]) for text in texts(papers) for match in RESIDUE.finditer(text)] == []


def test_all_evidence_is_verbatim(papers: list[NumberedPaper]) -> None:
    """Every numbered sentence stands at its place, and the sentences leave out nothing but white space."""
    for one in papers:
        for evidence in one.sentences:
            assert evidence.text == one.paper.texts.part(evidence.part)[evidence.start : evidence.end]
        joined = "".join(evidence.text for evidence in one.sentences[1:])
        assert re.sub(r"\s", "", joined) == re.sub(r"\s", "", one.paper.texts.abstract or "")


def test_sentences_begin_as_sentences_do(papers: list[NumberedPaper]) -> None:
    """At most one sentence in 500 opens with a lower-case word that is no name."""
    opened = [evidence.text for one in papers for evidence in one.sentences[1:]]
    wrong = [text for text in opened if text[0].islower() and not is_name(text.split()[0])]
    assert len(wrong) <= len(opened) / 500, wrong


def test_sentences_are_as_many_and_as_long_as_in_abstracts(papers: list[NumberedPaper]) -> None:
    """An abstract has 4 to 14 sentences on average; hardly one is a scrap or a whole paragraph."""
    counts = [len(one.sentences) - 1 for one in papers if one.is_readable]
    assert 4 <= sum(counts) / len(counts) <= 14
    assert max(counts) <= 30
    lengths = [len(evidence.text.split()) for one in papers for evidence in one.sentences[1:]]
    assert sum(length < 3 for length in lengths) <= len(lengths) / 200
    assert sum(length > 75 for length in lengths) <= len(lengths) / 200


def test_figures_stand_where_they_say(papers: list[NumberedPaper]) -> None:
    """Every figure's text is what stands at its place, and factors and shares are among them."""
    units: set[str] = set()
    for text in texts(papers):
        for figure in figures(text):
            assert text[figure.start : figure.end] == figure.text
            units.add(figure.unit)
    assert {"x", "%", ""} <= units


def test_groups_cover_all_papers_and_differ_in_name(papers: list[NumberedPaper]) -> None:
    """Every paper is in exactly one group; groups are about as many as asked for, each with its own title."""
    wanted = usual_number(len(papers))
    found = named_groups(papers, wanted)
    assert sorted(number for one in found for number in one.members) == list(range(len(papers)))
    assert len({one.title for one in found}) == len(found)
    assert wanted / 2 <= len(found) <= wanted
