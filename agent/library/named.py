"""Which papers a question calls by the name of their own work."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from agent.library.search_index import NamedBy, SearchIndex
from agent.records import Texts
from agent.text.own_names import Typed, is_ordinary, is_written_so, longest, typed_names
from agent.text.retrieval import Counted
from agent.text.titles import fold
from agent.text.tokens import content_words, stands_in

_QUOTED = re.compile(r"[\"“”‘'«]([^\"“”»]{4,300}?)[\"“”’'»](?!\w)")
_SUBTITLE = re.compile(r"[:?]\s")
MOST_OTHERS = 12  # papers that are asked how they write a word
MOST_NAMESAKES = 5  # papers that may call their work by one name; what more do is no name
SHORTEST_TITLE = 3  # content words of a title that is no phrase that just happens


@dataclass(frozen=True)
class Call:
    """A stretch of a question that is the name of a paper's work, if it is no ordinary word."""

    typed: Typed
    by: NamedBy

    @property
    def stems(self) -> tuple[str, ...]:
        return tuple(content_words(self.by.written))


def calls(index: SearchIndex, query: str) -> list[Call]:
    """The names of papers' works that stand in a question, the longest where one stands in another."""
    typed = typed_names(query)
    known: dict[str, list[NamedBy]] = {}
    for by in index.named(one.folded for one in typed):
        known.setdefault(by.name, []).append(by)
    found = longest(one for one in typed if one.folded in known)
    return [
        Call(one, by) for one in found for by in known[one.folded] if len(known[one.folded]) <= MOST_NAMESAKES
    ]


class Namer:
    """Tells which calls are meant, by how papers write the words."""

    def __init__(self, query: str, counted: Sequence[Counted]) -> None:
        self._query = query
        self._counted = counted
        self._having: dict[tuple[str, ...], list[str]] = {}

    def others(self, call: Call) -> list[str]:
        """The keys of other papers that have all stems of a name, the first few."""
        stems = call.stems
        if stems not in self._having:
            papers = (one for one in self._counted if _has(one, stems))
            self._having[stems] = sorted(one.key for one in papers)[: MOST_OTHERS + 1]
        return [key for key in self._having[stems] if key != call.by.key]

    def is_meant(self, call: Call, own: Texts, others: Iterable[Texts]) -> bool:
        """Whether a paper is called by its name, `others` being papers that have the word too."""
        text = _text(own)
        if call.typed.version is not None:
            version = call.typed.version
            if version not in {one.folded for one in typed_names(text) if one.end - one.start == 1}:
                return False
        return is_written_so(call.typed, call.by.written, self._query) or not is_ordinary(
            call.typed, call.by.written, text, map(_text, others)
        )


def is_title_in(title: str, query: str) -> bool:
    """Whether a question has a title in it: a long one anywhere, one or its main part in quotation marks, or alone."""
    if len(set(content_words(title))) >= SHORTEST_TITLE and stands_in(title, query):
        return True
    stretches = {fold(query), *(fold(quoted) for quoted in _QUOTED.findall(query))}
    return fold(title) in stretches or fold(_SUBTITLE.split(title)[0]) in stretches - {fold(query)}


def _has(paper: Counted, stems: tuple[str, ...]) -> bool:
    return bool(stems) and all(word in paper.opening for word in stems)


def _text(texts: Texts) -> str:
    return f"{texts.title}\n{texts.abstract or ''}"
