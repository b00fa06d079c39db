"""Searching the library: the nearest papers, with their nearest sentences, and why.

The same papers give the same result, in whatever order they came.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from agent.library.located import Sentences
from agent.library.meant import Labels
from agent.library.named import MOST_NAMESAKES, Call, Namer, calls, is_title_in
from agent.library.pool import Pool
from agent.library.search_index import SearchedRow
from agent.library.store import Library
from agent.records import Body, Paper, Passage, Texts
from agent.text import VERSION
from agent.text.labels import Meant, people, without
from agent.text.questions import telling_words
from agent.text.retrieval import RULES, Counted, Scored, Scoring, searchable, sought_words
from agent.text.tokens import STOP_WORDS, content_words, stands_in, stem, words

READ = 50  # papers whose sentences are looked at
TITLE_ALONE = ((0, 0.0),)  # what is shown of a paper that is called and has no word of the rest
AT_ONCE = 200  # papers that are taken in together


class Progress(Protocol):
    """Who is told how far it is."""

    def start(self, step: str, total: int) -> None: ...

    def advance(self, step: str, count: int = 1) -> None: ...


@dataclass(frozen=True)
class Hit:
    """A paper that was found.

    `score` is between 0 and 1: how much of the question it covers, by half the whole paper (`paper_score`), by half
    its best sentence (`sentence_score`); the mean over all forms of the question. `words` is what each word adds.
    `lacking` are stems of the first form that stand nowhere in the paper; `is_named` where this calls it by name.
    """

    key: str
    score: float
    paper_score: float
    sentence_score: float
    words: Mapping[str, float]
    lacking: frozenset[str]
    is_named: bool
    passages: tuple[Passage, ...]


@dataclass(frozen=True)
class Retrieved:
    """What was found, best first: of `size` papers, `bodies` of them with whole text.

    `unknown` are stems of the first form that none of them has. `meant` is what of it calls papers by an author, a
    key or an id, and is searched for in no text.
    """

    hits: tuple[Hit, ...]
    size: int
    bodies: int
    unknown: frozenset[str]
    meant: tuple[Meant, ...] = ()


def refresh(library: Library, observer: Progress | None = None) -> int:
    """Take in what came or changed since the last search, as one change.

    Returns:
        How many papers were indexed anew.
    """
    rules = f"{VERSION}.{RULES}"
    if library.search_rules() == rules and not library.is_behind():
        return 0
    with library.change():
        if library.search_rules() != rules:
            library.outdate(rules)
        keys = library.unsearched()
        if observer:
            observer.start("index", len(keys))
        count = 0
        for start in range(0, len(keys), AT_ONCE):
            some = keys[start : start + AT_ONCE]
            papers = library.papers(some)
            bodies = library.bodies(papers)
            count += sum(_take_in(library, paper, bodies.get(key)) for key, paper in papers.items())
            library.caught_up(some)
            if observer:
                observer.advance("index", len(some))
    return count


def _take_in(library: Library, paper: Paper, body: Body | None) -> bool:
    digest = _print(paper, body)
    if library.search_print(paper.key) == digest:
        return False
    library.take_in(paper.key, digest, searchable(paper, body), has_body=body is not None)
    return True


def _print(paper: Paper, body: Body | None) -> str:
    """What tells whether a paper's texts and authors are those that were taken in."""
    names = "\n".join(name.folded for name in people(paper))
    text = paper.texts.model_dump_json() + names + (body.model_dump_json() if body else "")
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def search(
    library: Library, queries: Sequence[str], *, keys: Collection[str] | None = None, limit: int = 50
) -> Retrieved:
    """Find the papers nearest to a question; what waits to be indexed is indexed first.

    Args:
        queries: forms of it; the first is the question itself.
        keys: the papers to search, as if there were no others; all if None.
        limit: how many papers are given at most.
    """
    refresh(library)
    return _Search(library, Pool(library, keys), queries).best(max(limit, 0))


class _Search:
    """One question looked for in one pool of papers."""

    def __init__(self, library: Library, pool: Pool, queries: Sequence[str]) -> None:
        self._library = library
        self._pool = pool
        self._query = queries[0] if queries else ""
        forms = [sought_words(query) for query in dict.fromkeys(queries)]
        called, labels = calls(library, self._query), Labels(library, self._query)
        asked = (*forms, *(one.stems for one in called), labels.stems)
        sought = dict.fromkeys(word for form in asked for word in form)
        counted = pool.count(tuple(sought), [*(call.by.key for call in called), *labels.keys])
        self._counted = {one.key: one for one in counted}
        self._meant = labels.meant(pool.has, self._counted)
        if self._meant:
            forms = [tuple(telling_words(without(query, self._meant))) for query in dict.fromkeys(queries)]
        self._sought = forms[0] if forms else ()
        self._scoring = Scoring(forms, pool.collected())
        namer = Namer(self._query, counted)
        self._named = {
            call.by.key for call in called if call.by.key in self._counted and self._is_meant(namer, call)
        }
        self._named |= set(self._by_label())

    def _by_label(self) -> Iterator[str]:
        """The papers that are called by an author, a key or an id; of many, those that have a word of the rest."""
        for one in self._meant:
            is_many = len(one.keys) > MOST_NAMESAKES and bool(self._sought)
            holding = [key for key in one.keys if self._scoring.paper_score(self._counted[key]) > 0]
            yield from holding if is_many and holding else one.keys

    def _is_meant(self, namer: Namer, call: Call) -> bool:
        key = call.by.key
        others = namer.others(call)
        if others and not call.by.is_sure:
            return False  # an abbreviation that others use may be anything
        texts = self._library.texts([key, *others])
        return namer.is_meant(call, texts.pop(key), texts.values())

    def best(self, limit: int) -> Retrieved:
        """The papers that cover most of the question; those that it names first."""
        nearest = self._nearest(max(READ, limit))
        self._counted = {one.key: one for one in nearest}
        self._rows = self._pool.rows(self._counted)
        self._named |= self._with_title_asked()
        scored = [self._scoring.score(one, self._rows[one.key].lines.sentences) for one in nearest]
        found = [one for one in scored if one.score or one.key in self._named]
        found.sort(key=lambda one: (one.key not in self._named, -one.score, one.key))
        texts = self._library.texts(one.key for one in found[:limit])
        return Retrieved(
            hits=tuple(self._hit(one, texts[one.key]) for one in found[:limit]),
            size=self._pool.size,
            bodies=self._pool.bodies,
            unknown=frozenset(word for word in self._sought if not self._pool.has(word)),
            meant=self._meant,
        )

    def _nearest(self, count: int) -> list[Counted]:
        """The papers whose sentences are looked at: the nearest as a whole, and those named."""
        ranked = sorted(self._counted.values(), key=lambda one: (-self._scoring.paper_score(one), one.key))
        return [*ranked[:count], *(one for one in ranked[count:] if one.key in self._named)]

    def _with_title_asked(self) -> set[str]:
        """The papers whose title, or its main part, stands in the question: it begins with a word of it, at least."""
        asked = {stem(word) for word in words(self._query)}
        begun = [
            key
            for key, row in self._rows.items()
            if (title := row.lines.title.split(maxsplit=1)) and title[0] in asked
        ]
        texts = self._library.texts(begun)
        return {key for key in begun if is_title_in(texts[key].title, self._query)}

    def _hit(self, scored: Scored, texts: Texts) -> Hit:
        key = scored.key
        sentences = Sentences(self._library, self._rows[key], texts)
        return Hit(
            key=key,
            score=scored.score,
            paper_score=scored.paper_score,
            sentence_score=scored.sentence_score,
            words=scored.words,
            lacking=frozenset(word for word in self._sought if word not in self._counted[key]),
            is_named=key in self._named,
            passages=tuple(
                sentences.passage(number, score) for number, score in scored.sentences or TITLE_ALONE
            ),
        )


def count_phrase(library: Library, phrase: str, keys: Collection[str] | None = None) -> int:
    """In how many papers the words of a phrase stand one after another in a sentence, as `stands_in` has it.

    A phrase that is written as one word and in a text as several with a stop word inside is not found there.
    """
    refresh(library)
    stretches = _stretches(phrase)
    wanted = None if keys is None else set(keys)
    rows = [row for row in library.with_stretch(stretches) if wanted is None or row.key in wanted]
    return sum(_has_phrase(library, row, stretches, phrase) for row in rows)


def _has_phrase(library: Library, row: SearchedRow, stretches: Sequence[str], phrase: str) -> bool:
    runs = enumerate(line.replace(" ", "") for line in row.lines.sentences)
    likely = [number for number, run in runs if any(stretch in run for stretch in stretches)]
    if not likely:
        return False
    sentences = Sentences(library, row, library.texts([row.key])[row.key])
    return any(stands_in(phrase, sentences.text(number)) for number in likely)


def _stretches(phrase: str) -> list[str]:
    """What one line of stems must have where the phrase stands, whatever hyphens its words are written with.

    Digits, single letters and stop words have no stems of their own: they may be part of a word of the phrase and
    stand alone in a text, as in `TMAC` and `T-MAC`, `plugin` and `plug-in`.
    """
    joined = "".join(content_words(phrase))
    run = max(re.findall(r"[^\W\d_]+", joined), key=len, default="")
    found = {run, run[1:] if len(run) > 3 else run, run[:-1] if len(run) > 3 else run}
    for word in STOP_WORDS:
        if len(run) - len(word) >= 3:
            found |= {run.removeprefix(word), run.removesuffix(word)}
    return sorted(one for one in found if not any(other != one and other in one for other in found))
