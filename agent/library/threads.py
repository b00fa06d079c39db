"""The part of the store that holds what was asked and answered, as it was given then."""

from __future__ import annotations

import json

from pydantic import ValidationError

from agent.errors import LibraryError
from agent.library.tables import Tables
from agent.records import Answer, Turn

# An answer stands with all its papers and sentences: it can be shown again, whatever became of them since.
TABLES = """
CREATE TABLE turns (
    thread INTEGER NOT NULL, turn INTEGER NOT NULL, question TEXT NOT NULL, date TEXT NOT NULL, answer TEXT NOT NULL,
    PRIMARY KEY (thread, turn))
"""


class Threads(Tables):
    """Threads of questions; each turn is one question with its answer."""

    def save_turn(self, turn: Turn) -> None:
        """Keep a turn, in place of the same one of the same thread."""
        self._db.execute(
            "INSERT OR REPLACE INTO turns (thread, turn, question, date, answer) VALUES (?, ?, ?, ?, ?)",
            (turn.thread, turn.turn, turn.question, turn.date, turn.answer.model_dump_json()),
        )

    def turns(self, thread: int | None = None) -> list[Turn]:
        """The turns of a thread, or of all threads, in order; none where there is no such thread.

        Raises:
            LibraryError: an answer cannot be read, as one that a newer litreview wrote.
        """
        rows = self._db.execute(
            "SELECT thread, turn, question, date, answer FROM turns WHERE ?1 IS NULL OR thread = ?1"
            " ORDER BY thread, turn",
            (thread,),
        ).fetchall()
        return [_turn(*row) for row in rows]

    def next_thread(self) -> int:
        """The number that a new thread gets."""
        return int(self._db.execute("SELECT coalesce(max(thread), 0) + 1 FROM turns").fetchone()[0])

    def thread_of(self, question: str, made_from: str) -> int | None:
        """The first thread of one turn that asked just this of just this, if there is one."""
        rows = self._db.execute(
            "SELECT thread, answer FROM turns GROUP BY thread HAVING count(*) = 1 AND question = ? ORDER BY thread",
            (question,),
        ).fetchall()
        return next((int(thread) for thread, answer in rows if _made_from(answer) == made_from), None)

    def drop_thread(self, thread: int) -> bool:
        """Forget a thread; whether there was one."""
        return self._db.execute("DELETE FROM turns WHERE thread = ?", (thread,)).rowcount > 0


def _turn(thread: int, turn: int, question: str, date: str, answer: str) -> Turn:
    try:
        read = Answer.model_validate_json(answer)
    except ValidationError as error:
        raise LibraryError(
            f"thread {thread}, turn {turn}: the answer cannot be read; a newer litreview may have written it",
            f"update litreview, or forget it with `litreview asked --forget {thread}`",
        ) from error
    return Turn(thread=thread, turn=turn, question=question, date=date, answer=read)


def _made_from(answer: str) -> str | None:
    """What an answer was made from, also one that this version cannot read otherwise."""
    try:
        said = json.loads(answer)
    except ValueError:
        return None
    found = said.get("made_from") if isinstance(said, dict) else None
    return found if isinstance(found, str) else None
