"""A feed does not flood the library: until a paper is taken over no verb sees it, unless it is named."""

from __future__ import annotations

from pathlib import Path

import pytest
from bench import BRIDGES, DAY, WELLS, review, write

from agent.api import Review
from agent.library import Library
from agent.library.adding import ReadSource, add
from agent.records import Paper
from agent.sources import find_sources, read_source


@pytest.fixture
def desk(tmp_path: Path) -> Review:
    """A workspace with papers about bridges, and papers about wells in a digest's inbox."""
    made = review(tmp_path)
    made.add([write(tmp_path / "bridges.jsonl", BRIDGES)])
    [source] = find_sources([write(tmp_path / "wells.jsonl", WELLS)])
    records = [one for one in read_source(source) if isinstance(one, Paper)]
    with Library(made.workspace.library) as library:
        add(library, [ReadSource("digest:wells:feed", "feed", records, is_partial=True, inbox="wells")])
        assert len(library.inbox_keys("wells")) == len(WELLS)
    return made


def test_no_verb_sees_what_only_an_inbox_has(desk: Review, tmp_path: Path) -> None:
    """Papers, export, find, ask, duplicates and a survey are about the library as it was."""
    assert len(desk.papers()) == len(BRIDGES)
    assert "Wells" not in desk.export("bibtex")
    assert desk.find("water levels in wells").passages == ()
    assert desk.ask("Which methods read water levels in wells?").searched.papers == len(BRIDGES)
    alike = {title for pair in desk.duplicates().alike for title in pair.titles}
    assert alike and not any("Wells" in title for title in alike)
    survey = desk.survey(out=tmp_path / "out", date=DAY)
    assert (survey.flow.read, len(survey.papers)) == (len(BRIDGES), len(BRIDGES))


def test_what_is_named_is_found(desk: Review) -> None:
    """By its key a paper of an inbox is shown; in a collection it is looked in."""
    with Library(desk.workspace.library) as library:
        keys = library.inbox_keys("wells")
        with library.change():
            library.collect("feed", keys, [])
    assert desk.show(keys[0].upper()).key == keys[0]
    assert {paper.key for paper in desk.papers(collection="feed")} == set(keys)
    assert desk.find("water levels in wells", collection="feed").passages
