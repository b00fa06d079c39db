"""Over many weeks, whatever happens, each relevant work is mailed as new once, and every count adds up."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from sample import FILE
from weeks_of_papers import World

from agent.records import Paper
from agent.sources import find_sources, read_source
from agent.text.titles import title_key

PAGES = os.environ.get("LITREVIEW_PAGES")
HAPPENED = ("missed", "broken", "clock back", "ended half-way", "kept", "removed")


def read_all(*places: Path | str) -> list[Paper]:
    """Every paper of some files once, in order of title."""
    found: dict[str, Paper] = {}
    for source in find_sources(list(places)):
        for record in read_source(source):
            if isinstance(record, Paper):
                found.setdefault(title_key(record.title), record)
    return [found[title] for title in sorted(found)]


def assert_each_once(world: World) -> None:
    """Every relevant work once; beyond those only what is near to works that were taken over."""
    titles = {number: paper.title for number, paper in enumerate(world.papers)}
    assert [titles[work] for work, count in world.mailed.items() if count > 1] == []
    assert [titles[work] for work in sorted(world.relevant - world.mailed.keys())] == []
    further = sorted(world.mailed.keys() - world.relevant)
    assert [titles[work] for work in further if "which you took over" not in world.whys[work]] == []
    assert_updates(world)


def assert_updates(world: World) -> None:
    """A change is told once, and of works that were mailed."""
    assert [told for told, count in world.updates.items() if count > 1] == []
    assert {work for work, _ in world.updates} <= set(world.mailed)


def test_a_season_of_the_sample(tmp_path: Path) -> None:
    """Some months of the sample papers, with missed weeks, broken sources, bumps and a limit that is too low."""
    with World(tmp_path, read_all(FILE), weeks=18, seed=5, limit=1) as world:
        world.run()
        assert_each_once(world)
        assert any(counts.over_limit for counts in world.counts)
        assert any(counts.updates for counts in world.counts)
        assert all(world.happened[what] for what in HAPPENED), world.happened


needs_pages = pytest.mark.skipif(not PAGES, reason="LITREVIEW_PAGES names no folder of saved pages")


@pytest.mark.proofs
@needs_pages
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_two_years_of_the_pages(tmp_path: Path, seed: int) -> None:
    """104 weeks of all papers of the pages, over two ends of an ISO year, one of 53 weeks."""
    with World(tmp_path, read_all(PAGES or ""), weeks=104, seed=seed) as world:
        world.run()
        assert_each_once(world)
        assert {name[:4] for name in world.issues} == {"2025", "2026", "2027"}
        assert all(world.happened[what] for what in HAPPENED), world.happened
        print(f"seed {seed}: {len(world.issues)} issues, {sum(world.mailed.values())} mailed, {len(world.updates)} updates, {dict(world.happened)}")  # fmt: skip


@pytest.mark.proofs
@needs_pages
def test_two_years_with_a_reader_who_dislikes(tmp_path: Path) -> None:
    """What is disliked never comes again, nothing comes twice, and the counts still add up."""
    with World(tmp_path, read_all(PAGES or ""), weeks=104, seed=4, has_dislikes=True) as world:
        world.run()
        assert max(world.mailed.values()) == 1
        assert world.happened["disliked"] > 2
        assert any(counts.disliked for counts in world.counts)
        assert_updates(world)
