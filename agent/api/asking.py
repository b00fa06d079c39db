"""The verbs about questions: finding passages, answering, citing, and what was asked before."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from agent.api.engines import as_path, today
from agent.api.running import run
from agent.api.shelving import ShelfDesk
from agent.api.wiring import Opened, Wishes
from agent.errors import ModelError, UsageError
from agent.products.fields import parse_date
from agent.records import Answer, Cited, Estimate, Found, Turn, Verify

if TYPE_CHECKING:
    from agent.library import Library
    from agent.products.answer import AskOptions
    from agent.products.shelf import Shelf

LONGEST_QUESTION = 2_000  # characters
AFTER_STANCES = {"write": ("judge",)}  # what may follow a reply that is not there, where a model judges


class AskVerbs(ShelfDesk):
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
        fresh: bool = False,
    ) -> Answer:
        """Answer a question from all papers that are not excluded, from a collection, or from exactly `files`.

        The papers of `files` stay in the library.

        Args:
            thread: an earlier thread that this is a further question of; a new one if left out, or the one in which
                just this was asked of just these papers.
            fresh: begin a thread whatever was asked before.
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
        place = collection or _place_of(turns, files)
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
        return made if made.status == "failed" else self._kept(made, thread, fresh=fresh)

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
        with self._shelf(files, kind, collection or _place_of(turns, files), stdin) as shelf:
            async with self._engine(Wishes(written, is_dry=True, reranks=True)) as opened:
                options = self._ask_options("", self._verify(verify, opened.engine), written, turns)
                return await self._estimated(make_answer, opened, shelf, wanted, options)

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

    def estimate_cite(self, sentence: str, files: Sequence[str | Path] = (), **asked: Any) -> Estimate:
        """Say what citations would ask of a model; takes what `estimate_cite_async` takes."""
        return run(self.estimate_cite_async(sentence, files, **asked))

    async def estimate_cite_async(
        self,
        sentence: str,
        files: Sequence[str | Path] = (),
        *,
        collection: str | None = None,
        kind: str | None = None,
        verify: Verify | None = None,
        stdin: BinaryIO | None = None,
    ) -> Estimate:
        """Say what `cite_async` with the same arguments would ask, and ask nothing."""
        from agent.products.answer import make_citations

        wanted = _question(sentence, "sentence")
        with self._shelf(files, kind, collection, stdin) as shelf:
            async with self._engine(Wishes(None, is_dry=True, reranks=True)) as opened:
                options = self._ask_options("", self._verify(verify, opened.engine), None, [])
                return await self._estimated(make_citations, opened, shelf, wanted, options, AFTER_STANCES)

    async def _estimated(
        self,
        make: Callable[..., Awaitable[object]],
        opened: Opened,
        shelf: Shelf,
        wanted: str,
        options: AskOptions,
        after: Mapping[str, Sequence[str]] | None = None,
    ) -> Estimate:
        """What making it would ask, made with a line that sends nothing."""
        if opened.line is None or opened.line.dry is None:
            return Estimate(steps=(), stored=0, calls=0, input_tokens=0, output_tokens=0, is_rough=False)
        from agent.products.forecast import FOLLOWING, forecast  # brings the way to a model along

        try:
            await make(opened.engine, shelf, wanted, options, self.observer, opened.reranker)
        except ModelError as error:
            if error.code != "dry_run":
                raise
        following = (after or FOLLOWING) if options.verify == "model" else {}
        return forecast(opened.engine, opened.line.dry, opened.line.forecast, following)

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

    def _kept(self, made: Answer, thread: int | None, *, fresh: bool) -> Answer:
        """The answer as a turn of its thread; the same asked again and answered the same is the same turn."""
        with self._library() as library:
            library.mark_used(made.papers)
            return self._saved(library, made, thread, fresh=fresh)

    def _saved(self, library: Library, made: Answer, thread: int | None, *, fresh: bool) -> Answer:
        with library.change():
            if thread is None:
                before = None if fresh else library.thread_of(made.question, made.made_from)
                number, turn = before or library.next_thread(), 1
            else:
                number, turn = thread, max(one.turn for one in library.turns(thread)) + 1
            whole = made.model_copy(update={"thread": number, "turn": turn})
            library.save_turn(
                Turn(thread=number, turn=turn, question=made.question, date=made.date, answer=whole)
            )
        return whole


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


def _place_of(turns: Sequence[Turn], files: Sequence[str | Path]) -> str | None:
    """The collection that a thread is about, where nothing else is named."""
    return turns[-1].answer.searched.collection if turns and not files else None


def _no_thread(thread: int) -> UsageError:
    return UsageError(f"there is no thread {thread}", "`litreview asked` lists them")
