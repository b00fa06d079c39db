"""Threads: what was asked stays as it was answered, in order, and can be forgotten."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from shelf import Shelf, record

from agent.errors import LibraryError
from agent.library import Library
from agent.library.schema import MIGRATIONS, migrate
from agent.library.threads import TABLES
from agent.records import Answer, Claim, EngineInfo, Evidence, Paper, Searched, Texts, Turn, Usage

TITLE = "Floats in Deep Wells"


def turn(
    thread: int, number: int, question: str = "How deep?", *, made_from: str = "m", text: str = TITLE
) -> Turn:
    """A turn that quotes a title."""
    paper = Paper(key="floats", title=text, title_original=text, texts=Texts(title=text))
    evidence = Evidence(key="floats", part="title", sentence=0, start=0, end=len(text), text=text)
    claim = Claim(
        id="answer.p1.c1", text=f"“{text}”", kind="fact", citations=("floats",), evidence=(evidence,)
    )
    answer = Answer(
        question=question, kind="fact", date="2026-01-15", made_from=made_from, status="answered", explanation="It is.",
        claims=(claim,), papers={"floats": paper}, searched=Searched(papers=1), thread=thread, turn=number,
        engine=EngineInfo(name="extractive", version="1", prompts="", verify="code"), usage=Usage(),
    )  # fmt: skip
    return Turn(thread=thread, turn=number, question=question, date="2026-01-15", answer=answer)


def keep(library: Library, *turns: Turn) -> None:
    with library.change():
        for one in turns:
            library.save_turn(one)


def spoil(shelf: Shelf, thread: int, answer: str) -> None:
    """Put something else in the place of a thread's answers, as a newer version would."""
    with closing(sqlite3.connect(shelf.path)) as db:
        db.execute("UPDATE turns SET answer = ? WHERE thread = ?", (answer, thread))
        db.commit()


def test_turns_come_back_as_they_were_and_in_order(shelf: Shelf) -> None:
    """Whatever order they were kept in, turns are given by thread and number, all or of one thread."""
    turns = [
        turn(1, 1),
        turn(1, 2, "And wide?"),
        turn(1, 10, "And why?"),
        turn(2, 1, "Where “is” it; DROP TABLE turns?\x00"),
    ]
    with shelf.open() as library:
        keep(library, turns[2], turns[3], turns[0], turns[1])
    with shelf.open() as library:
        assert library.turns() == turns
        assert library.turns(1) == turns[:3]
        assert library.turns(7) == []


def test_an_answer_stays_when_its_papers_change_or_go(shelf: Shelf) -> None:
    """A paper that was renamed, changed or removed since stands in the answer as it was read then."""
    shelf.add(a=[record(TITLE, key="floats")])
    with shelf.open() as library:
        keep(library, turn(1, 1))
        with library.change():
            library.remove("floats")
        assert library.papers() == {}
        assert library.turns(1) == [turn(1, 1)]


def test_the_same_turn_kept_again_is_replaced(shelf: Shelf) -> None:
    """A turn that is answered anew takes the old one's place."""
    with shelf.open() as library:
        keep(library, turn(1, 1), turn(1, 2), turn(1, 1, text="Bolts of Bridges"))
        assert library.turns(1) == [turn(1, 1, text="Bolts of Bridges"), turn(1, 2)]


def test_threads_are_counted_from_one(shelf: Shelf) -> None:
    """A new thread has a number that no thread has; forgetting an earlier one gives its number to nobody."""
    with shelf.open() as library:
        assert library.next_thread() == 1
        keep(library, turn(1, 1), turn(4, 1))
        assert library.next_thread() == 5
        with library.change():
            assert library.drop_thread(1)
        assert library.next_thread() == 5


def test_a_forgotten_thread_is_gone_with_all_its_turns(shelf: Shelf) -> None:
    """What is forgotten is not there, everything else is; forgetting nothing is said to be so."""
    with shelf.open() as library:
        keep(library, turn(1, 1), turn(1, 2), turn(2, 1))
        with library.change():
            assert library.drop_thread(1)
            assert not library.drop_thread(1)
        assert library.turns() == [turn(2, 1)]


@pytest.mark.parametrize(
    ("question", "made_from", "thread"),
    [("How deep?", "m", 2), ("How deep?", "other", 5), ("How wide?", "m", 3), ("how deep?", "m", None), ("And why?", "m", None),
     ("How deep?", "none", None)],
)  # fmt: skip
def test_a_question_asked_again_finds_its_thread(
    shelf: Shelf, question: str, made_from: str, thread: int | None
) -> None:
    """The first thread that asked only this of the same papers is found; a longer thread is another matter."""
    with shelf.open() as library:
        keep(library, turn(1, 1), turn(1, 2, "And why?"), turn(2, 1), turn(3, 1, "How wide?"), turn(4, 1))
        keep(library, turn(5, 1, made_from="other"))
        assert library.thread_of(question, made_from) == thread


@pytest.mark.parametrize(
    "answer", ["{}", "[]", "no JSON", '{"format": "litreview/answer@2", "question": "How deep?"}']
)
def test_an_answer_of_a_newer_version_is_told(shelf: Shelf, answer: str) -> None:
    """What cannot be read is named by its thread, with what to do; other threads and new ones go on."""
    with shelf.open() as library:
        keep(library, turn(1, 1), turn(2, 1, "How wide?"))
    spoil(shelf, 1, answer)
    with shelf.open() as library:
        with pytest.raises(LibraryError, match="thread 1, turn 1") as caught:
            library.turns(1)
        assert "--forget 1" in (caught.value.hint or "")
        with pytest.raises(LibraryError):
            library.turns()
        assert library.turns(2) == [turn(2, 1, "How wide?")]
        assert library.thread_of("How deep?", "m") is None
        assert library.next_thread() == 3
        with library.change():
            library.drop_thread(1)
        assert library.turns() == [turn(2, 1, "How wide?")]


def test_a_turn_that_is_interrupted_was_not_asked(shelf: Shelf) -> None:
    """A turn is kept whole or not at all."""
    with shelf.open() as library:
        with pytest.raises(KeyboardInterrupt), library.change():
            library.save_turn(turn(1, 1))
            raise KeyboardInterrupt
        assert library.turns() == []


def test_a_library_without_threads_gets_them(shelf: Shelf) -> None:
    """A library of the version before threads is brought up to this one, and keeps its papers."""
    before = MIGRATIONS[: MIGRATIONS.index(TABLES)]
    paper = Paper(key="floats", title=TITLE, title_original=TITLE, texts=Texts(title=TITLE))
    with closing(sqlite3.connect(shelf.path, isolation_level=None)) as db:
        migrate(db, shelf.path, before)
        db.execute("INSERT INTO papers VALUES ('floats', 1, 0, ?)", (paper.model_dump_json(),))
    with shelf.open() as library:
        keep(library, turn(1, 1))
        assert library.turns() == [turn(1, 1)]
        assert list(library.papers()) == ["floats"]
