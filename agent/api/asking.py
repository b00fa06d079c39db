"""The verbs about questions: finding passages, answering, citing, and what was asked before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from agent.api.engines import EngineDesk, as_path, today
from agent.api.running import run
from agent.api.wiring import Wishes
from agent.errors import UsageError
from agent.products.fields import parse_date
from agent.records import Answer, Cited, Estimate, Found, Turn, Verify

if TYPE_CHECKING:
    from agent.library import Library
    from agent.products.answer import AskOptions
    from agent.products.shelf import Shelf

LONGEST_QUESTION = 2_000  # characters


class AskVerbs(EngineDesk):
    """What the papers say to a question or a sentence."""

    def find(
        self,
        query: str,
        files: Sequence[str | Path] = (),
        *,
        limit: int = 10,
        collection: str | None = None,
        kind: str | None = None,
        explain: bool = False,
        stdin: BinaryIO | None = None,
    ) -> Found:
        """The passages nearest to a query, of all papers that are not excluded, of a collection, or of `files`.

        Args:
            limit: passages at most.
            explain: say of each paper why it was found.

        Raises:
            InputError: there are no papers. UsageError: the query is empty or too long, or the limit below one.
        """
        from agent.products.finding import find_passages

        wanted = _question(query, "query")
        if limit < 1:
            raise UsageError("--limit is at least 1", "leave it out for 10")
        with self._shelf(files, kind, collection, stdin) as shelf:
            return find_passages(shelf, wanted, limit, explain=explain)

    def ask(self, question: str, files: Sequence[str | Path] = (), **asked: Any) -> Answer:
        """Answer a question; takes what `ask_async` takes."""
        return run(self.ask_async(question, files, **asked))

    async def ask_async(
        self,
        question: str,
        files: Sequence[str | Path] = (),
        *,
        collection: str | None = None,
        kind: str | None = None,
        verify: Verify | None = None,
        language: str | None = None,
        thread: int | None = None,
        date: str | None = None,
        record: str | Path | None = None,
        replay: str | Path | None = None,
        stdin: BinaryIO | None = None,
    ) -> Answer:
        """Answer a question from all papers that are not excluded, from a collection, or from exactly `files`.

        Args:
            thread: an earlier thread that this is a further question of; a new one if left out.
            date: the day that the answer bears; today in UTC if left out, in a replay the recording's.
            record: a file that everything asked and answered goes into. replay: such a file, asked instead of
                a model.

        Returns:
            The answer, kept in the library with its thread and turn unless it failed.

        Raises:
            InputError: there are no papers. UsageError: there is no such thread, or nothing is asked.
            ModelError: the endpoint cannot be used, or a recording lacks a reply.
        """
        from agent.products.answer import make_answer

        wanted = _question(question, "question")
        turns = self._thread(thread)
        place = collection or (turns[-1].answer.searched.collection if turns and not files else None)
        written = self._asked("language", language)
        wishes = Wishes(written, as_path(record), as_path(replay), reranks=True)
        with self._shelf(files, kind, place, stdin) as shelf:
            async with self._engine(wishes) as opened:
                day = parse_date(date) if date else opened.date or today()
                options = self._ask_options(day, self._verify(verify, opened.engine), written, turns)
                made = await make_answer(
                    opened.engine, shelf, wanted, options, self.observer, opened.reranker
                )
                opened.finish(
                    day, is_complete=thread is None and not made.missing and made.status != "failed"
                )
        return made if made.status == "failed" else self._kept(made, thread)

    def estimate_ask(self, question: str, files: Sequence[str | Path] = (), **asked: Any) -> Estimate:
        """Say what an answer would ask of a model; takes what `estimate_ask_async` takes."""
        return run(self.estimate_ask_async(question, files, **asked))

    async def estimate_ask_async(
        self,
        question: str,
        files: Sequence[str | Path] = (),
        *,
        collection: str | None = None,
        kind: str | None = None,
        verify: Verify | None = None,
        language: str | None = None,
        thread: int | None = None,
        stdin: BinaryIO | None = None,
    ) -> Estimate:
        """Say what `ask_async` with the same arguments would ask, and ask nothing."""
        from agent.products.answer import make_answer

        wanted = _question(question, "question")
        turns = self._thread(thread)
        written = self._asked("language", language)
        with self._shelf(files, kind, collection, stdin) as shelf:
            async with self._engine(Wishes(written, is_dry=True, reranks=True)) as opened:
                level = self._verify(verify, opened.engine)
                options = self._ask_options("", level, written, turns)
                if opened.line is None or opened.line.dry is None:
                    return Estimate(steps=(), stored=0, calls=0, input_tokens=0, output_tokens=0, is_rough=False)  # fmt: skip
                from agent.products.forecast import FOLLOWING, forecast  # brings the way to a model along

                await make_answer(opened.engine, shelf, wanted, options, self.observer, opened.reranker)
                after = FOLLOWING if level == "model" else {}
                return forecast(opened.engine, opened.line.dry, opened.line.forecast, after)

    def cite(self, sentence: str, files: Sequence[str | Path] = (), **asked: Any) -> Cited:
        """Say which papers a sentence may cite; takes what `cite_async` takes."""
        return run(self.cite_async(sentence, files, **asked))

    async def cite_async(
        self,
        sentence: str,
        files: Sequence[str | Path] = (),
        *,
        collection: str | None = None,
        kind: str | None = None,
        verify: Verify | None = None,
        date: str | None = None,
        record: str | Path | None = None,
        replay: str | Path | None = None,
        stdin: BinaryIO | None = None,
    ) -> Cited:
        """Which papers support a sentence, which speak against it, and which are near.

        Raises:
            InputError: there are no papers. UsageError: there is no sentence.
            ModelError: the endpoint cannot be used, or a recording lacks a reply.
        """
        from agent.products.answer import make_citations

        wanted = _question(sentence, "sentence")
        with self._shelf(files, kind, collection, stdin) as shelf:
            async with self._engine(Wishes(None, as_path(record), as_path(replay), reranks=True)) as opened:
                day = parse_date(date) if date else opened.date or today()
                options = self._ask_options(day, self._verify(verify, opened.engine), None, [])
                made = await make_citations(
                    opened.engine, shelf, wanted, options, self.observer, opened.reranker
                )
                opened.finish(day, is_complete=not made.missing)
        return made

    def asked(self, thread: int | None = None) -> list[Turn]:
        """What was asked and answered, in order: all of it, or one thread.

        Raises:
            UsageError: there is no such thread.
        """
        with self._reading() as library:
            turns = library.turns(thread)
        if thread is not None and not turns:
            raise _no_thread(thread)
        return turns

    def forget_asked(self, thread: int) -> None:
        """Forget a thread.

        Raises:
            UsageError: there is no such thread.
        """
        with self._library() as library, library.change():
            if not library.drop_thread(thread):
                raise _no_thread(thread)

    def _thread(self, thread: int | None) -> list[Turn]:
        return [] if thread is None else self.asked(thread)

    def _ask_options(
        self, date: str, verify: Verify, language: str | None, turns: Sequence[Turn]
    ) -> AskOptions:
        from agent.products.answer import AskOptions, before

        return AskOptions(date, verify, language, before([turn.answer for turn in turns]))

    def _kept(self, made: Answer, thread: int | None) -> Answer:
        """The answer as a turn of its thread; the same asked again and answered the same is the same turn."""
        with self._library() as library:
            library.mark_used(made.papers)
            return self._saved(library, made, thread)

    def _saved(self, library: Library, made: Answer, thread: int | None) -> Answer:
        with library.change():
            if thread is None:
                number = library.thread_of(made.question, made.made_from) or library.next_thread()
                turn = 1
            else:
                number, turn = thread, max(one.turn for one in library.turns(thread)) + 1
            whole = made.model_copy(update={"thread": number, "turn": turn})
            library.save_turn(
                Turn(thread=number, turn=turn, question=made.question, date=made.date, answer=whole)
            )
        return whole

    @contextmanager
    def _shelf(
        self,
        files: Sequence[str | Path],
        kind: str | None,
        collection: str | None,
        stdin: BinaryIO | None,
    ) -> Iterator[Shelf]:
        """Where is looked: exactly the papers of `files`, or a collection, or all, the excluded ones left out."""
        from agent.library.searching import refresh
        from agent.products.shelf import Shelf

        paths: list[str] | None = None
        owners: set[str] = set()
        if files:
            taken, paths = self._add(files, kind, collection, stdin)
            owners = set(taken.owners)
            self.warnings += [f"{note.source}: {note.message}" for note in taken.unattached]
        with self._reading() as library:
            name = None if files else self._collection(library, collection)
            refresh(library, self.observer)
            excluded = {key for key, found in library.decisions().items() if found.what == "exclude"}
            keys: set[str] | None = None
            if paths is not None:
                keys = {row.key for row in library.records(paths) if row.key} | owners
            elif name is not None or excluded:
                keys = set(library.keys() if name is None else library.members(name))
            yield Shelf(
                library,
                None if keys is None else frozenset(keys - excluded),
                name,
                with_bodies=self._setting("fulltext") == "auto",
            )


def _question(text: str, what: str) -> str:
    """What was typed, on one line.

    Raises:
        UsageError: it is empty or too long.
    """
    found = " ".join(text.split())
    if not any(char.isalnum() for char in found):
        raise UsageError(f"the {what} is empty", f"give the {what} in quotation marks")
    if len(found) > LONGEST_QUESTION:
        raise UsageError(
            f"the {what} has {len(found)} characters; {LONGEST_QUESTION} are the most",
            "files are named after it, not in its place",
        )
    return found


def _no_thread(thread: int) -> UsageError:
    return UsageError(f"there is no thread {thread}", "`litreview asked` lists them")
