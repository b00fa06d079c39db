"""From what is searched back to the papers: the sentence that a line stands for, verbatim and with its place."""

from __future__ import annotations

from agent.library.search_index import SearchedRow
from agent.library.store import Library
from agent.records import Body, Passage, Texts
from agent.records.evidence import Part


class Sentences:
    """The sentences of a paper by number of line; its whole text is read when it is asked for."""

    def __init__(self, library: Library, row: SearchedRow, texts: Texts) -> None:
        self._library = library
        self._row = row
        self._texts = texts
        self._before_body = 1 + row.lines.abstract.count("\n")
        self._body: Body | None = None

    def text(self, number: int) -> str:
        """The sentence of a line."""
        start, end, _ = self._row.place(number)
        return self._text(self._part(number)[0])[start:end]

    def passage(self, number: int, score: float) -> Passage:
        """The sentence of a line, with where it stands."""
        start, end, page = self._row.place(number)
        part, sentence = self._part(number)
        return Passage(
            key=self._row.key, part=part, page=page, sentence=sentence, start=start, end=end,
            text=self._text(part)[start:end], score=score,
        )  # fmt: skip

    def _text(self, part: Part) -> str:
        if part != "body":
            return self._texts.part(part)
        if self._body is None:
            self._body = self._library.bodies([self._row.key])[self._row.key]
        return self._body.text

    def _part(self, number: int) -> tuple[Part, int]:
        """The part that a line is of, and the number of its sentence there."""
        if number == 0:
            return "title", 0
        if number < self._before_body:
            return "abstract", number
        return "body", number - self._before_body + 1
