"""Inboxes stay out of the library until something is taken over; what was mailed is remembered by work."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from typing import Any

import pytest
from shelf import Shelf, record

from agent.errors import LibraryError, UsageError
from agent.library import Library
from agent.library.adding import ReadSource, add
from agent.library.merging import merge, split
from agent.library.schema import MIGRATIONS, migrate
from agent.products.changes import known_of
from agent.records import Paper, Plan, PlannedPaper, Rejected, Texts, Theme
from agent.records.digests import DigestSettings, IssueMemory, ShownWork, WaitingWork, digest_settings

WELLS = record(
    "Floats in Deep Wells of the Coast", "A float logs the height.", arxiv_id="2601.00001", version="1"
)


def paper(title: str, **fields: Any) -> Paper:
    return Paper(title=title, title_original=title, texts=Texts(title=title), **fields)


BRIDGES = paper("Listening to Old Iron Bridges", arxiv_id="2601.00002", version="1")
SEEDS = paper("Dry Seeds of Nine Winters", doi="10.1234/seeds")


def feed(library: Library, *papers: Paper | Rejected, digest: str = "weekly") -> list[str]:
    """Take records into a digest's inbox; the keys that stand in it then."""
    add(
        library,
        [
            ReadSource(
                f"digest:{digest}:feed", f"digest {digest}: feed", papers, is_partial=True, inbox=digest
            )
        ],
    )
    return library.inbox_keys(digest)


def settings(name: str = "weekly") -> DigestSettings:
    return digest_settings(name=name, created="2026-01-05")


def remember(
    library: Library, issue: str, keys: Iterable[str] = (), digest: str = "weekly", **memory: Any
) -> None:
    """An issue that shows these papers."""
    shown = tuple(
        ShownWork(
            key=key,
            n=n,
            known=known_of(library.papers([key])[key], ()),
            identities=library.identities_of(key),
        )
        for n, key in enumerate(keys, start=1)
    )
    with library.change():
        library.remember(IssueMemory(digest=digest, issue=issue, date="2026-01-12", shown=shown, **memory))


# Inboxes


def test_what_only_an_inbox_has_is_not_in_the_library(shelf: Shelf) -> None:
    """The whole library is without it; by its key and its aliases it is found."""
    shelf.add(a=[WELLS])
    with shelf.open() as library:
        (key, other) = feed(library, BRIDGES, Rejected(position="entry 2", reason="no title"), SEEDS)
        assert library.keys() == list(library.papers()) == ["floatsindeepwells"]
        assert [row.source for row in library.records()] == ["a.jsonl"]
        assert list(library.papers([key])) == [key]
        assert library.resolve(key.upper()) == key
        assert {key, other} <= library.keys_in_use()
        assert [row.key for row in library.records(keys=[key])] == [key]


def test_what_another_source_has_too_is_in_the_library(shelf: Shelf) -> None:
    """In whichever order they come, the work is one, and it is in the library as long as an ordinary source has it."""
    shelf.add(a=[WELLS])
    with shelf.open() as library:
        feed(library, paper("Floats in Deep Wells of the Coast", doi="10.1234/wells"), SEEDS)
        assert library.keys() == ["floatsindeepwells"]
        assert library.papers()["floatsindeepwells"].doi == "10.1234/wells"
        assert {row.source for row in library.records()} == {"a.jsonl", "digest weekly: feed"}
        add(library, [ReadSource("/b", "b", [SEEDS])])
        assert library.keys() == ["dryseedsofnine", "floatsindeepwells"]


def test_a_collection_shows_what_is_in_it(shelf: Shelf) -> None:
    """By a collection a paper is found that only an inbox has, and its records with it."""
    with shelf.open() as library:
        (key,) = feed(library, BRIDGES)
        with library.change():
            library.collect("mine", [key], [])
        assert library.keys() == []
        assert list(library.papers(library.members("mine"))) == [key]
        assert [row.key for row in library.records(collection="mine")] == [key]


def test_inboxes_are_each_their_own(shelf: Shelf) -> None:
    """Two digests have two inboxes in one library; a work that both have is one, and in neither's library."""
    with shelf.open() as library:
        assert feed(library, BRIDGES) == feed(library, BRIDGES, digest="other")
        assert feed(library, SEEDS, digest="other") != library.inbox_keys("weekly")
        assert library.keys() == []


def test_merging_makes_visible_and_splitting_hides_again(shelf: Shelf) -> None:
    """A merge by hand with a paper of the library puts an inbox's paper into it; undone, it is as it was."""
    shelf.add(a=[WELLS])
    with shelf.open() as library:
        (key,) = feed(library, BRIDGES)
        merge(library, "floatsindeepwells", key)
        assert library.keys() == ["floatsindeepwells"]
        assert library.inbox_keys("weekly") == ["floatsindeepwells"]
        split(library, "floatsindeepwells")
        assert library.keys() == ["floatsindeepwells"]
        assert library.inbox_keys("weekly") == [key]


def test_a_library_of_before_gets_inboxes(shelf: Shelf) -> None:
    """Papers of a library that knew no digests are all in it."""
    title = "Floats in Deep Wells"
    with closing(sqlite3.connect(shelf.path, isolation_level=None)) as db:
        before = next(n for n, step in enumerate(MIGRATIONS) if isinstance(step, str) and "inbox" in step)
        migrate(db, shelf.path, MIGRATIONS[:before])
        db.execute("INSERT INTO sources (path, name) VALUES ('/a', 'a')")
        said = paper(title, key="floats").model_dump_json()
        db.execute("INSERT INTO papers VALUES ('floats', 1, 0, ?)", (said,))
        db.execute("INSERT INTO records (source, ordinal, position, title, key, paper, run, rank) VALUES (1, 1, 'l', ?, 'floats', ?, 1, 1)", (title, said))  # fmt: skip
    with shelf.open() as library:
        assert library.keys() == ["floats"]
        assert len(library.records()) == 1
        assert library.digests() == []


# Settings


def test_settings_are_kept(shelf: Shelf) -> None:
    """What was asked for comes back as it was, by name and in order; saved again it takes the old one's place."""
    one, two = (
        settings("b-side"),
        digest_settings(name="a-side", created="2026-01-05", topic="wells", recipients=("me@x.org",)),
    )
    with shelf.open() as library, library.change():
        library.save_digest(one)
        library.save_digest(two)
        library.save_digest(one.model_copy(update={"is_paused": True}))
    with shelf.open() as library:
        assert library.digests() == [two, one.model_copy(update={"is_paused": True})]
        assert library.digest("a-side") == two
        assert library.digest("c-side") is None


def test_settings_of_a_newer_program_are_told(shelf: Shelf) -> None:
    """What cannot be read is named."""
    with shelf.open() as library, library.change():
        library.save_digest(settings())
        library._db.execute('UPDATE digests SET settings = \'{"name": "weekly", "moon": 1}\'')
    with shelf.open() as library, pytest.raises(LibraryError, match="weekly"):
        library.digests()


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"name": ""}, "name"),
        ({"name": "Über"}, "name"),
        ({"name": "a/b"}, "name"),
        ({"name": "-a"}, "name"),
        ({"name": "a" * 41}, "name"),
        ({"recipients": ("me@x.org\nBcc: you@x.org",)}, "recipients"),
        ({"topic": "a\x00b"}, "topic"),
        ({"weekday": 8}, "weekday"),
        ({"threshold": 1.5}, "threshold"),
        ({"threshold": float("nan")}, "threshold"),
        ({"limit": 0}, "limit"),
        ({"every": "year"}, "every"),
        ({"quiet": "loud"}, "quiet"),
        ({"created": "yesterday"}, "created"),
        ({"words": ("",)}, "words"),
        ({"moon": 1}, "moon"),
    ],
)
def test_settings_that_cannot_be(values: dict[str, Any], said: str) -> None:
    """A wrong value is refused with its name."""
    with pytest.raises(UsageError, match=said):
        digest_settings(**{"name": "weekly", "created": "2026-01-05", **values})


# Memory


def mailed(library: Library) -> dict[str, str]:
    """The works that were mailed and by which issue first."""
    return {key: work.issue for key, work in library.memory("weekly").mailed.items()}


def test_memory_is_empty_at_first(shelf: Shelf) -> None:
    """A digest that has mailed nothing remembers nothing."""
    with shelf.open() as library:
        memory = library.memory("weekly")
        assert (memory.judged, memory.waiting, memory.plan) == (frozenset(), {}, None)
        assert library.digest_runs("weekly") == []


def test_what_was_mailed_is_remembered(shelf: Shelf) -> None:
    """By work, number and issue; runs in their order; sources by the last day on which they answered."""
    with shelf.open() as library:
        one, two = feed(library, BRIDGES, SEEDS)
        with library.change():
            library.save_digest(settings())
        plan = Plan(topic="t", themes=(Theme(id="a", title="A", papers=(PlannedPaper(key=one, title="x"),)),))
        remember(library, "2026-W03", [two, one], plan=plan, answered=("arxiv",))
        remember(library, "2026-W02", below=((one, 0.2),), answered=())
        memory = library.memory("weekly")
        assert mailed(library) == {one: "2026-W03", two: "2026-W03"}
        assert memory.mailed[one].n == 2
        assert memory.plan == plan
        assert library.shown_in("weekly", "2026-W03") == {1: two, 2: one}
        assert library.shown_in("weekly", "2026-W02") == {}
        assert library.digest_runs("weekly") == [("2026-W03", "2026-01-12"), ("2026-W02", "2026-01-12")]
        assert library.digest_answers("weekly") == {"arxiv": "2026-01-12"}
        assert library.memory("other").mailed == {}


def test_an_issue_is_remembered_once(shelf: Shelf) -> None:
    """A second issue of the name is refused, and nothing of it is written."""
    with shelf.open() as library:
        one, two = feed(library, BRIDGES, SEEDS)
        remember(library, "2026-W03", [one])
        with pytest.raises(LibraryError, match="2026-W03"):
            remember(library, "2026-W03", [two], below=((two, 0.1),))
        assert mailed(library) == {one: "2026-W03"}
        assert library.memory("weekly").passed == {}


def test_what_waits_is_replaced_by_what_waits_next(shelf: Shelf) -> None:
    """Each issue says anew what waits."""
    with shelf.open() as library:
        one, two = feed(library, BRIDGES, SEEDS)
        remember(
            library, "2026-W03", waiting=(WaitingWork(key=one, score=0.7), WaitingWork(key=two, score=0.6))
        )
        assert set(library.memory("weekly").waiting) == {one, two}
        remember(library, "2026-W04", [one], waiting=(WaitingWork(key=two, score=0.6, waited=2),))
        assert {key: work.waited for key, work in library.memory("weekly").waiting.items()} == {two: 2}


def test_a_merge_keeps_the_memory_of_both(shelf: Shelf) -> None:
    """Whichever of two papers was mailed, the one that they become was; undone, it is the one that it was of."""
    with shelf.open() as library:
        one, two = feed(library, BRIDGES, SEEDS)
        remember(library, "2026-W03", [one])
        with library.change():
            library.dislike("weekly", [one])
        remember(library, "2026-W04", below=((one, 0.3),), waiting=(WaitingWork(key=one, score=0.5),))
        merge(library, two, one)
        memory = library.memory("weekly")
        now = library.resolve(one) or ""
        assert set(memory.mailed) == memory.disliked == set(memory.passed) == set(memory.waiting) == {now}
        assert library.shown_in("weekly", "2026-W03") == {1: now}
        split(library, now)
        assert mailed(library) == {one: "2026-W03"}
        assert library.memory("weekly").disliked == {one}


def test_both_of_a_merge_were_mailed(shelf: Shelf) -> None:
    """The first issue that showed either counts; the latest that was known of either is what is known."""
    with shelf.open() as library:
        one, two = feed(library, BRIDGES, SEEDS)
        remember(library, "2026-W03", [one])
        remember(library, "2026-W04", [two])
        merge(library, one, two)
        (work,) = library.memory("weekly").mailed.values()
        assert work.issue == "2026-W03"
        assert work.known.title != library.papers([one])[one].title


def test_a_mailed_work_keeps_its_key(shelf: Shelf) -> None:
    """An imported key does not take the place of one that an issue names; of one that only waits it does, and it waits on."""
    with shelf.open() as library:
        two, one = feed(library, BRIDGES, SEEDS)
        assert (one, two) == ("listeningtooldiron", "dryseedsofnine")
        remember(library, "2026-W03", [one], waiting=(WaitingWork(key=two, score=0.5),))
        mine = [
            BRIDGES.model_copy(update={"key": "Bridge2026"}),
            SEEDS.model_copy(update={"key": "Seed2026"}),
        ]
        add(library, [ReadSource("/mine.bib", "mine.bib", mine)])
        assert library.keys() == [one, "Seed2026"]
        assert mailed(library) == {one: "2026-W03"}
        assert set(library.memory("weekly").waiting) == {"Seed2026"}


@pytest.mark.parametrize(
    "again", [BRIDGES, paper("Hearing Old Bridges Anew", arxiv_id="2601.00002", version="2")]
)
def test_a_work_that_was_removed_and_comes_again_was_mailed(shelf: Shelf, again: Paper) -> None:
    """Under its title it has its key again; under another it is known by its id. Meanwhile it is not there."""
    with shelf.open() as library:
        (one,) = feed(library, BRIDGES)
        remember(library, "2026-W03", [one])
        with library.change():
            library.dislike("weekly", [one])
            library.remove(one)
        assert mailed(library) == {}
        assert library.shown_in("weekly", "2026-W03") == {}
        (now,) = feed(library, again)
        assert (now == one) == (again is BRIDGES)
        assert mailed(library) == {now: "2026-W03"}
        assert library.memory("weekly").disliked == {now}
        assert library.shown_in("weekly", "2026-W03") == {1: now}


def test_another_work_is_not_taken_for_one_that_was_removed(shelf: Shelf) -> None:
    """A removed work that stays away makes no other work one that was mailed, and its key is nobody's."""
    with shelf.open() as library:
        (one,) = feed(library, BRIDGES)
        remember(library, "2026-W03", [one])
        with library.change():
            library.remove(one)
        feed(library, paper("Listening to Old Iron Barns", arxiv_id="2602.00009"), SEEDS)
        assert mailed(library) == {}
        assert library.resolve(one) is None


def test_opinions_are_by_work(shelf: Shelf) -> None:
    """What was disliked and what was taken over are remembered, the last word counting."""
    with shelf.open() as library:
        one, two = feed(library, BRIDGES, SEEDS)
        with library.change():
            library.dislike("weekly", [one, two])
            library.note_kept("weekly", [two])
        memory = library.memory("weekly")
        assert (memory.disliked, memory.kept) == ({one}, {two})


def test_a_failed_change_remembers_nothing(shelf: Shelf) -> None:
    """Memory is written with the issue or not at all."""
    with shelf.open() as library:
        (one,) = feed(library, BRIDGES)
        with pytest.raises(KeyboardInterrupt), library.change():
            library.remember(IssueMemory(digest="weekly", issue="2026-W03", date="2026-01-12"))
            library.dislike("weekly", [one])
            raise KeyboardInterrupt
        assert library.digest_runs("weekly") == []
        assert library.memory("weekly").judged == frozenset()


def test_a_copy_is_apart(shelf: Shelf) -> None:
    """What is tried on a copy changes nothing."""
    with shelf.open() as library:
        (one,) = feed(library, BRIDGES)
        library.copy_to(shelf.folder / "copy.sqlite")
        with Library(shelf.folder / "copy.sqlite") as copy:
            remember(copy, "2026-W03", [one])
        assert mailed(library) == {}
