"""Runs that are killed, and runs at the same time: no letter is lost, none is repeated."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from counting_server import CountingServer
from killing import (
    BOB,
    FILES,
    RECIPIENTS,
    RESTARTS,
    SMTP,
    Place,
    Runs,
    Trial,
    Way,
    killed_and_restarted,
    loaded,
    row,
    was_killed,
)
from outbox_runs import ISSUE, NAME, tables

from agent.engines.protocol import Silent
from agent.library import Library
from agent.products.delivery import resend

EVERY = [("smtp", place) for place in SMTP] + [("files", place) for place in FILES]
TELLING = {
    "smtp": {
        "composing: letters written, memory not",
        "claimed",
        "after RCPT, at DATA",
        "all but the end sent, before the note",
        "settled",
    },
    "files": {"draft written, before the rename", "renamed, before the folder is synced"},
}
SAMPLE = [(way, place) for way, place in EVERY if place.name in TELLING[way]]
AT_ONCE = 8
DOCS = Path(__file__).parents[2] / "docs" / "digest.md"


@pytest.fixture(scope="module")
def runs() -> Iterator[Runs]:
    with loaded() as runs:
        yield runs


def named(case: tuple[str, Place]) -> str:
    return f"{case[0]}: {case[1].name}"


def see(runs: Runs, way: Way, place: Place, folder: Path) -> None:
    """A run that is killed at a place ends as the table says, and stays so."""
    killed, *restarted = killed_and_restarted(runs, way, place, folder)
    assert was_killed(killed), f"the run was not at this place: {killed}"
    for after in restarted:
        assert after.taken == {one: place.taken if one == BOB else 1 for one in RECIPIENTS}
        assert after.states == {one: place.state if one == BOB else "sent" for one in RECIPIENTS}
    assert len(restarted) == RESTARTS


@pytest.mark.parametrize("case", SAMPLE, ids=named)
def test_a_killed_run_neither_loses_nor_repeats(runs: Runs, case: tuple[Way, Place], tmp_path: Path) -> None:
    """Killed at a telling place and started again three times, each letter arrives once or is said to be open."""
    see(runs, *case, tmp_path / "run")


@pytest.mark.proofs
@pytest.mark.parametrize("case", EVERY, ids=named)
def test_killed_at_any_place(runs: Runs, case: tuple[Way, Place], tmp_path: Path) -> None:
    """The whole table."""
    see(runs, *case, tmp_path / "run")


@pytest.mark.parametrize("way", ["smtp", "files"])
def test_the_table_is_in_the_documentation(way: Way) -> None:
    """docs/digest.md has these rows, in this order and no others between them."""
    rows = "\n".join(row(place) for one, place in EVERY if one == way)
    assert f"|---|---|---|---|\n{rows}\n\n" in DOCS.read_text(encoding="utf-8")


def test_the_sample_is_of_the_table() -> None:
    """Each telling place is in the table, which has enough of them."""
    assert {way: {place.name for one, place in SAMPLE if one == way} for way in TELLING} == TELLING
    assert len(SMTP) >= 12
    assert len(FILES) >= 12


@pytest.mark.parametrize("name", ["noted, before the end", "after the end, taken, before the reply"])
def test_what_is_open_goes_out_again_when_asked(runs: Runs, name: str, tmp_path: Path) -> None:
    """A letter that nobody knows of is sent again only on demand, with its bytes and its Message-ID."""
    place = next(place for place in SMTP if place.name == name)
    with CountingServer() as server:
        trial = Trial(runs, "smtp", tmp_path / "run", server)
        assert was_killed(trial.once(place))
        before = trial.once()
        assert before.states[BOB] == "unknown"
        assert "same Message-ID" in trial.told()
        with Library(tmp_path / "run" / "library.sqlite") as library:
            assert resend(library, NAME, ISSUE, RECIPIENTS, Silent(), ["unknown"]) == (BOB,)
        after = trial.once()
        assert after.states[BOB] == "sent"
        assert after.taken == {**before.taken, BOB: place.taken + 1}
        assert len(server.counts()) == len(RECIPIENTS), "a letter has two Message-IDs"


def see_every_event(runs: Runs, way: Way, folder: Path, every: int) -> int:
    """Kill at each `every`-th event of a run, then its restart at another, then start twice; how many that were."""
    with CountingServer() as server:
        whole = Trial(runs, way, folder / "whole", server)
        whole.once()
        total = len(whole.events())
    for number in range(1, total + 1, every):
        with CountingServer() as server:
            trial = Trial(runs, way, folder / str(number), server)
            open_ones = 0
            for nth in (number, number * 7 % total + 1):
                killed = trial.once(Place("", "any", "", nth))
                assert max(killed.taken.values()) <= 1
                open_ones += was_killed(killed) and trial.is_open()
            first, second = trial.once(), trial.once()
            assert first == second
            assert list(second.states.values()).count("unknown") == (open_ones if way == "smtp" else 0)
            for one in RECIPIENTS:
                if second.states[one] == "sent":
                    assert second.taken[one] == 1, (number, one)
                else:
                    assert (second.states[one], second.taken[one] <= 1) == ("unknown", True)
    return total


@pytest.mark.proofs
@pytest.mark.parametrize("way", ["smtp", "files"])
def test_killed_at_every_event(runs: Runs, way: Way, tmp_path: Path) -> None:
    """Whichever statement, commit or call of the system is the last, and that of the restart too."""
    assert see_every_event(runs, way, tmp_path, 1) > 50


def see_at_once(runs: Runs, way: Way, folder: Path) -> None:
    """Processes that all compose and deliver one issue make one delivery, and all of them know."""
    with CountingServer() as server:
        trial = Trial(runs, way, folder, server)
        ends = runs.run(*(trial.job(number) for number in range(AT_ONCE)))
        assert ends == [0] * AT_ONCE, [trial.told(number) for number in range(AT_ONCE)]
        standing = trial.standing()
        assert standing.taken == dict.fromkeys(RECIPIENTS, 1)
        assert [(state, tries) for _, state, tries in tables(folder / "library.sqlite")] == [("sent", 1)] * len(RECIPIENTS)  # fmt: skip
        reports = [json.loads(trial.told(number))["letters"] for number in range(AT_ONCE)]
        assert all(letter["state"] == "sent" for letters in reports for letter in letters)
        assert sum(letter["is_fresh"] for letters in reports for letter in letters) == len(RECIPIENTS)


@pytest.mark.parametrize("way", ["smtp", "files"])
def test_eight_at_once_deliver_once(runs: Runs, way: Way, tmp_path: Path) -> None:
    """Two trials."""
    for trial in range(2):
        see_at_once(runs, way, tmp_path / str(trial))


@pytest.mark.proofs
@pytest.mark.parametrize("way", ["smtp", "files"])
def test_eight_at_once_deliver_once_always(runs: Runs, way: Way, tmp_path: Path) -> None:
    """Fifty trials."""
    for trial in range(50):
        see_at_once(runs, way, tmp_path / str(trial))


@pytest.mark.proofs
def test_eight_at_once_of_which_one_is_killed(runs: Runs, tmp_path: Path) -> None:
    """The others do what the killed one left, and leave alone what is open."""
    died = 0
    for number in range(1, 61):
        with CountingServer() as server:
            trial = Trial(runs, "smtp", tmp_path / str(number), server)
            others = [trial.job(other) for other in range(1, AT_ONCE)]
            end, *ends = runs.run(trial.job(kill=["any", "", number]), *others)
            assert ends == [0] * len(others), [trial.told(other) for other in range(1, AT_ONCE)]
            died += end != 0
            standing = trial.standing()
            is_open = end != 0 and trial.is_open()
            assert list(standing.states.values()).count("unknown") == is_open
            for one, state in standing.states.items():
                assert standing.taken[one] == 1 or (state, standing.taken[one]) == ("unknown", 0)
    assert died > 10, "the killed one was hardly ever the one that was killed"
