"""Selecting: how relevant a paper is to what a digest looks for, and why, in words.

A paper's score, from 0 to 1, comes of the topic and of the example papers, whichever way it is near; words that are
wanted and authors and venues that are followed raise it, words that are not wanted lower it, and so does nearness to
what was disliked. It needs no model.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from agent.records import Author, Paper
from agent.text.naming import BOILERPLATE
from agent.text.numbered import NumberedPaper
from agent.text.own_names import own_names
from agent.text.questions import family
from agent.text.relevance import Field, TopicView, either, roots
from agent.text.titles import fold
from agent.text.tokens import STOP_WORDS, stands_in, stem, words

THRESHOLD = 0.45  # the usual one
EXAMPLES_ALONE = (
    0.7  # of nearness to examples, where a topic is stated too and the paper does not speak of it
)
WANTED_IN_TITLE, WANTED_IN_TEXT = 0.6, 0.4
UNWANTED_IN_TITLE, UNWANTED_IN_TEXT = 0.2, 0.5
AUTHOR, VENUE = 0.4, 0.2
LOWERED, MOST_LOWERED = 0.3, 0.6  # by a disliked paper that is very near, and by one of the same words
NEAR_ENOUGH = 0.3  # nearness to examples that is worth telling
TELLING = 0.5  # likeness to the papers that speak of the topic that is worth telling
LONGEST_NAME = 60
MOST_NAMES = 2  # in a reason
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Wanted:
    """What is looked for: all of it may be empty, and then everything is as relevant as can be.

    `whose` says of the examples in a reason what they are: "of your review". Where `is_shared` the reasons are for
    several readers, of whom only one has said what is looked for.
    """

    topic: str = ""
    examples: tuple[NumberedPaper, ...] = ()
    disliked: tuple[NumberedPaper, ...] = ()
    words: tuple[str, ...] = ()
    unwanted: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    venues: tuple[str, ...] = ()
    whose: str = "of your examples"
    is_shared: bool = False

    @property
    def is_anything(self) -> bool:
        return not (self.topic.strip() or self.examples or self.words or self.authors or self.venues)


@dataclass(frozen=True)
class Relevance:
    """How relevant a paper is and why; `unlowered` is its score without what speaks against it."""

    score: float
    why: str
    is_favourite: bool = False
    unlowered: float = 0.0
    is_like_disliked: bool = False


def relevance(
    papers: Sequence[NumberedPaper], wanted: Wanted, background: Iterable[NumberedPaper] = ()
) -> dict[str, Relevance]:
    """The relevance of each paper, by key; whatever the order of all that is given.

    Args:
        background: other papers of the field, which show what is rare there and who speaks of the topic.
    """
    if not papers:
        return {}
    field = Field([*background, *wanted.examples, *wanted.disliked, *papers])
    view = field.topic(wanted.topic)
    return {
        paper.key: _judge(paper, wanted, field, view) for paper in sorted(papers, key=lambda paper: paper.key)
    }


def _judge(paper: NumberedPaper, wanted: Wanted, field: Field, view: TopicView) -> Relevance:
    by_topic = view.score(paper.key)
    examples = [one.key for one in wanted.examples]
    by_examples = field.nearness(paper.key, examples)
    near = 1.0 if wanted.is_anything else _near(by_topic, by_examples, wanted)
    raised, for_it = _raised(paper, wanted)
    authors, venue = _followed(paper.paper, wanted)
    lifts = [*raised, *([AUTHOR] if authors else []), *([VENUE] if venue else [])]
    score = either([near, *lifts])
    factor, against = _lowered(paper, wanted, field)
    reasons = [
        *([f"by {_named(authors)}{'' if wanted.is_shared else ', whom you follow'}"] if authors else []),
        *([f"in {venue}{'' if wanted.is_shared else ', which you follow'}"] if venue else []),
        *_spoken(paper, wanted.topic),
        *for_it,
        *_neighbours(paper, wanted, field, view, by_examples),
        *against.reasons,
    ]
    return Relevance(
        score=round(score * factor, 4),
        why="; ".join(reasons) or _without_reason(wanted),
        is_favourite=bool(authors or venue),
        unlowered=round(score, 4),
        is_like_disliked=against.is_like_disliked,
    )  # fmt: skip


def _without_reason(wanted: Wanted) -> str:
    if not wanted.is_anything:
        return "hardly a word speaks for it"
    return "everything is looked for" if wanted.is_shared else "you asked for everything"


def _near(by_topic: float, by_examples: float, wanted: Wanted) -> float:
    """Topic and examples together: they bear each other out, and either does by itself, the examples less so."""
    if not (wanted.topic.strip() and wanted.examples):
        return max(by_topic, by_examples)
    return max(by_topic, math.sqrt(by_topic * by_examples), EXAMPLES_ALONE * by_examples)


def _raised(paper: NumberedPaper, wanted: Wanted) -> tuple[list[float], list[str]]:
    in_title = [word for word in wanted.words if _has(paper.paper.title, word)]
    in_text = [word for word in wanted.words if word not in in_title and _has(paper.opening_text, word)]
    told = "" if wanted.is_shared else ", which you look for"
    reasons = [f"has {_quoted([*in_title, *in_text])}{told}"] if in_title or in_text else []
    return [*[WANTED_IN_TITLE] * len(in_title), *[WANTED_IN_TEXT] * len(in_text)], reasons


@dataclass(frozen=True)
class _Against:
    reasons: tuple[str, ...] = ()
    is_like_disliked: bool = False


def _lowered(paper: NumberedPaper, wanted: Wanted, field: Field) -> tuple[float, _Against]:
    """What is left of a score, and what speaks against the paper."""
    factor, reasons = 1.0, []
    for word in wanted.unwanted:
        if _has(paper.opening_text, word):
            factor *= UNWANTED_IN_TITLE if _has(paper.paper.title, word) else UNWANTED_IN_TEXT
            told = "is not looked for" if wanted.is_shared else "you do not look for"
            reasons.append(f"has “{word}”, which {told}")
    nearest = field.nearest(paper.key, [one.key for one in wanted.disliked], 1)
    is_like_disliked = bool(nearest) and nearest[0][1] > field.very_near
    if is_like_disliked:
        key, cosine = nearest[0]
        nearer = (cosine - field.very_near) / max(1e-9, 1.0 - field.very_near)
        factor *= 1.0 - LOWERED - (MOST_LOWERED - LOWERED) * min(1.0, nearer)
        told = "was disliked" if wanted.is_shared else "you disliked"
        reasons.append(f"very near to {short_name(field.papers[key].paper)}, which {told}")
    return factor, _Against(tuple(reasons), is_like_disliked)


def _spoken(paper: NumberedPaper, topic: str) -> list[str]:
    """Which parts of the topic stand in the title, and which only in the abstract, as long as can be."""
    in_title, left = _parts(topic, paper.paper.title)
    in_abstract, _ = _parts(left, paper.paper.texts.abstract or "")
    if any(map(_is_telling, [*in_title, *in_abstract])):
        in_title, in_abstract = list(filter(_is_telling, in_title)), list(filter(_is_telling, in_abstract))
    return [
        *([f"its title speaks of {_quoted(in_title)}"] if in_title else []),
        *([f"its abstract speaks of {_quoted(in_abstract)}"] if in_abstract else []),
    ]


def _is_telling(part: str) -> bool:
    """Whether a part of a topic says something by itself, as `large` does not."""
    return any(stem(word) not in BOILERPLATE for word in words(part) if word not in STOP_WORDS)


def _parts(topic: str, text: str) -> tuple[list[str], str]:
    """The longest stretches of a topic that stand in a text, as the topic writes them, and what is left of it.

    None begins or ends with a word such as `of`.
    """
    tokens = [match for match in _WORD.finditer(topic) if match.group().strip()]
    found, left, start = [], [], 0
    while start < len(tokens):
        ends = (end for end in range(len(tokens), start, -1) if _has(text, _cut(topic, tokens, start, end)))
        end = next(ends, None)
        while end is not None and end > start and tokens[end - 1].group().lower() in STOP_WORDS:
            end -= 1
        if (
            end is None
            or tokens[start].group().lower() in STOP_WORDS
            or not roots(_cut(topic, tokens, start, end))
        ):
            left.append(tokens[start].group())
            start += 1
        else:
            found.append(_cut(topic, tokens, start, end))
            left.append(";")
            start = end
    return list(dict.fromkeys(found)), " ".join(left)


def _cut(topic: str, tokens: Sequence[re.Match[str]], start: int, end: int) -> str:
    return topic[tokens[start].start() : tokens[end - 1].end()]


def _neighbours(
    paper: NumberedPaper, wanted: Wanted, field: Field, view: TopicView, by_examples: float
) -> list[str]:
    """The example papers that it is near to, or else those of the field that speak of the topic."""
    if by_examples >= NEAR_ENOUGH:
        near = field.nearest(paper.key, [one.key for one in wanted.examples], 2)
        return [f"near to {_listed([short_name(field.papers[key].paper) for key, _ in near])} {wanted.whose}"]
    if view.likeness.get(paper.key, 0.0) >= TELLING and paper.key not in view.models:
        near = field.nearest(paper.key, view.models, 2)
        return [
            f"near to {_listed([short_name(field.papers[key].paper) for key, _ in near])}, which speak of it"
        ]
    return []


def _followed(paper: Paper, wanted: Wanted) -> tuple[list[str], str | None]:
    """The authors that are followed, as the paper writes them, and its venue if that is followed."""
    authors = [
        one.display for one in paper.authors if any(is_same_person(one, name) for name in wanted.authors)
    ]
    venue = (
        paper.venue if paper.venue and any(stands_in(name, paper.venue) for name in wanted.venues) else None
    )
    return authors, venue  # fmt: skip


def is_same_person(author: Author, name: str) -> bool:
    """Whether an author can be who is called `name`: "Han, Song", "Song Han", "S. Han", or "Han" alone."""
    family, comma, given = (part.strip() for part in name.partition(","))
    if not comma:
        *before, family = name.split() or [""]
        given = " ".join(before)
    if author.family is None:
        return bool(fold(name)) and fold(author.name or "") in (fold(name), fold(f"{given} {family}"))
    wanted, stated = fold(given.split(" ")[0]), fold((author.given or "").split(" ")[0])
    shorter = min(len(wanted), len(stated))
    is_given = not wanted or not stated or (wanted[:shorter] == stated[:shorter] and (shorter == 1 or wanted == stated))  # fmt: skip
    full = fold(f"{author.particle or ''}{author.family}")
    return bool(fold(family)) and fold(family) in (fold(author.family), full) and is_given


def short_name(paper: Paper) -> str:
    """What a paper's work is called, or the opening of its title."""
    name = next((one.written for one in own_names(paper.title, ()) if one.is_sure), paper.title)
    return name if len(name) <= LONGEST_NAME else f"{name[:LONGEST_NAME].rsplit(' ', 1)[0]}…"


def _has(text: str, phrase: str) -> bool:
    """Whether a text has the words of a phrase one after another, in any of their forms."""
    wanted = [family(word) for word in words(phrase)]
    found = [family(word) for word in words(text)]
    return bool(wanted) and any(
        found[start : start + len(wanted)] == wanted for start in range(len(found) - len(wanted) + 1)
    )


def _named(listed: Sequence[str]) -> str:
    """At most two names, and how many more there are."""
    more = len(listed) - MOST_NAMES
    return _listed([*listed[:MOST_NAMES], f"{more} more"] if more > 0 else listed)


def _quoted(listed: Sequence[str]) -> str:
    return _listed([f"“{word}”" for word in listed])


def _listed(listed: Sequence[str]) -> str:
    return " and ".join([", ".join(listed[:-1]), listed[-1]] if len(listed) > 1 else listed)
