"""Real saved pages: set LITREVIEW_PAGES to the folder that holds them."""

from __future__ import annotations

import itertools
import os
from pathlib import Path

import pytest

from agent.library import Library
from agent.library.adding import ReadSource, add
from agent.records import AddReport, Paper
from agent.sources import find_sources, read_source

PAGES = os.environ.get("LITREVIEW_PAGES")
pytestmark = pytest.mark.skipif(not PAGES, reason="LITREVIEW_PAGES names no folder of saved pages")
RECORDS, PAPERS = 494, 437


@pytest.fixture(scope="module")
def pages() -> list[ReadSource]:
    """The pages, read."""
    return [
        ReadSource(source.path, source.name, list(read_source(source)))
        for source in find_sources([PAGES or ""])
    ]


def taken(path: Path, *runs: list[ReadSource]) -> tuple[list[AddReport], dict[str, Paper]]:
    """A new library into which the runs are taken one after the other."""
    with Library(path) as library:
        return [add(library, run) for run in runs], library.papers()


def test_every_record_is_read_and_every_double_known(tmp_path: Path, pages: list[ReadSource]) -> None:
    """All records are papers, those that stand in several pages are one, and a second time all is known."""
    (first, second), papers = taken(tmp_path / "library.sqlite", pages, pages)
    assert (first.read, first.added, first.known, first.merged) == (RECORDS, PAPERS, RECORDS - PAPERS, 0)
    assert first.rejected == ()
    assert (second.read, second.known, second.changed, second.gone) == (RECORDS, RECORDS, (), ())
    assert len(papers) == PAPERS
    assert all(paper.texts.title and paper.texts.abstract for paper in papers.values())


def test_the_order_of_pages_changes_nothing(tmp_path: Path, pages: list[ReadSource]) -> None:
    """In any order the same pages make the same keys and the same papers."""
    orders = [pages, pages[::-1], pages[2:] + pages[:2]]
    libraries = [taken(tmp_path / f"{number}.sqlite", order)[1] for number, order in enumerate(orders)]
    assert libraries[0] == libraries[1] == libraries[2]
    assert list(libraries[0]) == list(libraries[1])


def test_pages_that_come_one_by_one_make_the_same_works(tmp_path: Path, pages: list[ReadSource]) -> None:
    """Read in several runs, in any order, the pages hold the same number of papers."""
    for number, order in enumerate(itertools.islice(itertools.permutations(pages), 0, 120, 60)):
        reports, papers = taken(tmp_path / f"{number}.sqlite", *[[page] for page in order])
        assert len(papers) == PAPERS
        assert sum(report.read for report in reports) == RECORDS
