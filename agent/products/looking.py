"""From a question to the papers that an answer is drafted from: searches, who is shown, and which passages."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from agent.engines.protocol import Match, QuestionDraft, Reranker
from agent.library import Library
from agent.library.searching import Hit, Retrieved, search
from agent.records import Body, Evidence, Near, Paper, Passage, QuestionKind
from agent.text.fusion import fuse
from agent.text.labels import Meant
from agent.text.names import names
from agent.text.numbered import NumberedPaper, number_sentences
from agent.text.questions import families, telling_words
from agent.text.tokens import words

SHOWN: dict[QuestionKind, int] = {"fact": 8, "figure": 8, "comparison": 10, "list": 24, "trend": 16}
EACH_SIDE = 3  # papers that are looked for by themselves for each thing compared
CANDIDATES = 50
RERANKED = 30
MOST_CHARACTERS = 60_000  # of papers' texts that one question shows
MOST_PASSAGES = 12
FROM_A_SECTION = 4  # sentences of a section whose heading says what is asked for
FROM_ONE = 2  # passages of one paper in a list of them
MOST_NEAR = 5


@dataclass(frozen=True)
class Looked:
    """What a search found: papers to show, in order of title; matches and passages, nearest first.

    `named` are the papers that the question calls by a name.
    """

    papers: tuple[NumberedPaper, ...]
    matches: tuple[Match, ...]
    passages: tuple[Passage, ...]
    listed: tuple[Passage, ...]
    nearest: tuple[Near, ...]
    size: int
    bodies: int
    unknown: frozenset[str]
    meant: tuple[Meant, ...]
    named: tuple[str, ...]
    queries: tuple[str, ...]
    sources: dict[str, Paper]

    def named_only(self) -> Looked:
        """The same with no paper and no sentence shown but those of papers that are named."""
        listed = tuple(one for one in self.listed if one.key in self.named)
        return replace(
            self, listed=listed, nearest=tuple(one for one in self.nearest if one.key in self.named)
        )


async def look(
    library: Library,
    asked: QuestionDraft,
    keys: Collection[str] | None,
    reranker: Reranker | None = None,
    *,
    with_bodies: bool = True,
) -> Looked:
    """Search for a question in all its forms, and choose what is shown of what was found.

    Args:
        keys: the papers to search; all of them if None.
        reranker: another opinion on the order, where there is one.
        with_bodies: whether passages of whole texts are shown.
    """
    queries = tuple(dict.fromkeys([asked.question, *asked.queries]))
    found = search(library, queries, keys=keys, limit=CANDIDATES)
    apart = [search(library, [side], keys=keys, limit=EACH_SIDE) for side in asked.sides]
    pointed = search(library, queries, keys=asked.keys) if asked.keys else None
    hits = {hit.key: hit for some in (*apart, found) for hit in some.hits}
    if pointed:
        hits |= {hit.key: hit for hit in pointed.hits if hit.key not in hits}
    order = await _order(library, asked, found, reranker)
    first = [*asked.keys, *(hit.key for some in _taking_turns(apart) for hit in some)]
    ranked = [key for key in dict.fromkeys([*_named(found), *first, *order]) if key in hits]
    papers = library.papers([*ranked, *asked.keys])
    shown = list(_fitting((key for key in ranked), papers, hits, SHOWN[asked.kind]))
    bodies = library.bodies(key for key in shown if with_bodies and library.body_digest(key))
    wanted = _headed(asked.question)
    numbered = [
        _numbered(papers[key], hits[key].passages if with_bodies else (), bodies.get(key), wanted)
        for key in shown
    ]
    passages = _passages([hits[key] for key in ranked], with_bodies=with_bodies)
    return Looked(
        papers=tuple(sorted(numbered, key=lambda paper: (paper.paper.title.casefold(), paper.key))),
        matches=tuple(_match(hits[key]) for key in shown),
        passages=tuple(one for one in passages if one.key in shown),
        listed=spread(passages, MOST_PASSAGES),
        nearest=tuple(Near(key=key, title=papers[key].title) for key in ranked[:MOST_NEAR]),
        size=found.size,
        bodies=found.bodies,
        unknown=found.unknown,
        meant=found.meant,
        named=tuple(_named(found)),
        queries=(*queries, *asked.sides),
        sources=papers,
    )


def spread(passages: Iterable[Passage], limit: int, from_one: int = FROM_ONE) -> tuple[Passage, ...]:
    """The best passages, not too many of one paper."""
    kept: list[Passage] = []
    counts: dict[str, int] = {}
    for passage in passages:
        if counts.get(passage.key, 0) < from_one:
            counts[passage.key] = counts.get(passage.key, 0) + 1
            kept.append(passage)
    return tuple(kept[:limit])


async def _order(
    library: Library, asked: QuestionDraft, found: Retrieved, reranker: Reranker | None
) -> list[str]:
    keys = [hit.key for hit in found.hits]
    if reranker is None or len(keys) < 2:
        return keys
    top = keys[:RERANKED]
    papers = library.papers(top)
    texts = [number_sentences(papers[key]).opening_text for key in top]
    likeness = await reranker.rerank(asked.question, texts)
    if likeness is None:
        return keys
    return [*fuse(top, likeness), *keys[RERANKED:]]


def _named(found: Retrieved) -> list[str]:
    return [hit.key for hit in found.hits if hit.is_named]


def _taking_turns(searches: Sequence[Retrieved]) -> list[list[Hit]]:
    """The best of each side, then the second of each."""
    return [[some.hits[rank] for some in searches if rank < len(some.hits)] for rank in range(EACH_SIDE)]


def _fitting(keys: Iterable[str], papers: dict[str, Paper], hits: dict[str, Hit], most: int) -> Iterable[str]:
    """As many papers as are wanted and fit."""
    left = MOST_CHARACTERS
    for count, key in enumerate(keys):
        texts = papers[key].texts
        left -= (
            len(texts.title) + len(texts.abstract or "") + sum(len(one.text) for one in hits[key].passages)
        )
        if count and (left < 0 or count == most):
            return
        yield key


def _headed(question: str) -> frozenset[str]:
    """The families that a section's heading must have one of, for its first sentences to be shown."""
    named = families(word for name in names(question) for word in words(name))
    return families(telling_words(question)) - named


def _numbered(
    paper: Paper, passages: Iterable[Passage], body: Body | None, wanted: frozenset[str]
) -> NumberedPaper:
    """Title and abstract whole, and of the body what was found, and what stands under headings asked for, in order."""
    opening = number_sentences(paper).sentences
    inside = {
        one.start: Evidence(**one.model_dump(exclude={"score"})) for one in passages if one.part == "body"
    }
    if body is None:
        return NumberedPaper(paper, opening)
    inside = {**_under_headings(paper, body, wanted), **inside}
    found = [inside[start] for start in sorted(inside)]
    headings = (
        (number, body.section_at(one.start) or "") for number, one in enumerate(found, start=len(opening))
    )
    return NumberedPaper(paper, (*opening, *found), headings=tuple(headings))


def _under_headings(paper: Paper, body: Body, wanted: frozenset[str]) -> dict[int, Evidence]:
    """The first sentences of each section whose heading says what is asked for, by where they start."""
    asked = [mark for mark in body.sections if families(telling_words(mark.title)) & wanted]
    if not asked:
        return {}
    from agent.text.passages import places  # many patterns, wanted only where there is a whole text

    marks = {mark.start for mark in asked}
    starts = [mark.start for mark in body.sections]
    counts: dict[int, int] = {}
    found: dict[int, Evidence] = {}
    for start, place in places(body).items():
        section = max((mark for mark in starts if mark <= start), default=-1)
        if section in marks and counts.get(section, 0) < FROM_A_SECTION:
            counts[section] = counts.get(section, 0) + 1
            found[start] = Evidence(
                key=paper.key, part="body", page=body.page_at(start), sentence=place.number, start=start,
                end=place.end, text=body.text[start : place.end],
            )  # fmt: skip
    return found


def _passages(hits: Iterable[Hit], *, with_bodies: bool) -> list[Passage]:
    found = [one for hit in hits for one in hit.passages if with_bodies or one.part != "body"]
    return sorted(found, key=lambda one: (-one.score, one.place))


def _match(hit: Hit) -> Match:
    return Match(hit.key, hit.score, hit.lacking, hit.is_named)
