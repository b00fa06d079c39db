"""Ways in which two works come to look like one."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Literal

import title_forms as forms
from invented_records import Record, method

from agent.records import Paper

Relation = Literal["same", "other"]
Texts = Literal["close", "group", "other", "one", "none"]


@dataclass(frozen=True)
class Twins:
    """Two titles and how their records relate.

    `people`: the same or others; `years`: equal, following or far apart; `texts`: abstracts that are nearly the
    same (`close`), share their first sentence (`group`), have nothing in common (`other`), stand in the first
    alone, or in none; `more`: further fields of each; `needs_people`: without people nothing tells them apart.
    """

    titles: tuple[str, str]
    people: Relation = "same"
    years: Literal["same", "next", "apart"] = "next"
    texts: Texts = "other"
    more: tuple[Record, Record] = field(default_factory=lambda: ({}, {}))
    needs_people: bool = False


Hard = Callable[[Random, Sequence[Paper]], Twins]


def any_topic(rng: Random) -> str:
    return rng.choice(forms.TOPICS)


def _title(rng: Random, papers: Sequence[Paper]) -> str:
    return rng.choice(papers).title_original


def _two(rng: Random, values: Sequence[str]) -> tuple[str, str]:
    first, second = rng.sample(list(values), 2)
    return first, second


def _relation(rng: Random) -> Relation:
    return rng.choice(["same", "other"])


def _nearness(rng: Random) -> Texts:
    return rng.choices(["close", "group", "other"], [1, 2, 3])[0]


def _parts(rng: Random, papers: Sequence[Paper]) -> Twins:
    number = rng.randint(1, 4)
    title = rng.choice(
        [
            _title(rng, papers),
            f"{rng.choice(forms.METHODS)} in {any_topic(rng)}",
            f"Lectures on {any_topic(rng)}",
        ]
    )
    form, names = rng.choice(forms.PARTS)
    first, second = (form.format(title, names[at]) for at in (number - 1, number))
    if number == 1 and rng.random() < 0.15:  # the first did not know that it would have a second
        first = title
    return Twins((first, second), years=rng.choice(["same", "next"]), texts=_nearness(rng))


def _versions(rng: Random, papers: Sequence[Paper]) -> Twins:
    head, _, rest = rng.choice([paper.title.partition(": ") for paper in papers if ": " in paper.title])
    if rng.random() < 0.4:
        head = rng.choice([method(rng), "GPT", "Qwen", "Quamba", "Llama", "YOLO"])
    left, right = rng.choice(forms.VERSIONS)
    tail = rng.choice([f": {rest}", " Technical Report", " System Card", f" for {any_topic(rng)}"])
    return Twins((head + left + tail, head + right + tail), people=_relation(rng), texts=_nearness(rng))


def _turned_round(rng: Random, papers: Sequence[Paper]) -> Twins:
    form, (left, right), topic = (
        rng.choice(forms.TURNED),
        _two(rng, [*forms.OBJECTS, *forms.METHODS]),
        any_topic(rng),
    )
    return Twins((form.format(left, right, topic), form.format(right, left, topic)), people=_relation(rng))


def _one_title(rng: Random, papers: Sequence[Paper]) -> Twins:
    form = rng.choice(forms.COMMON)
    title = rng.choice([form.format(any_topic(rng)), form.format(any_topic(rng)), rng.choice(forms.NOBODYS)])
    years: Literal["same", "next", "apart"] = rng.choices(["same", "next", "apart"], [1, 1, 4])[0]
    titles = title, rng.choice([title, title.lower(), title])
    return Twins(
        titles, people="other", years=years, texts=rng.choice(["other", "other", "one"]), needs_people=True
    )


def _notice(rng: Random, papers: Sequence[Paper]) -> Twins:
    title = _title(rng, papers)
    form = rng.choice([*forms.OWN_NOTICES, *forms.REPLIES])
    first = (
        title if rng.random() < 0.8 else next(other for other in forms.REPLIES if other != form).format(title)
    )
    people: Relation = "same" if form in forms.OWN_NOTICES else "other"
    return Twins((first, form.format(title)), people=people, years=rng.choice(["same", "next"]), texts="one")


def _retraction(rng: Random, papers: Sequence[Paper]) -> Twins:
    title = _title(rng, papers)
    return Twins(
        (title, rng.choice(forms.RETRACTIONS).format(title)), years=rng.choice(["next", "apart"]), texts="one"
    )


def _companion(rng: Random, papers: Sequence[Paper]) -> Twins:
    title = _title(rng, papers)
    form, kind = rng.choice(forms.COMPANIONS)
    return Twins(
        (title, form.format(title)),
        years="same",
        texts="one",
        more=({"type": "article-journal"}, {"type": kind}),
    )


def _other_object(rng: Random, papers: Sequence[Paper]) -> Twins:
    left, right = _two(rng, forms.OBJECTS)
    form, name, title = rng.choice(forms.OF_OBJECTS), rng.choice(forms.METHODS), _title(rng, papers)
    titles = form.format(left, name), form.format(right, name)
    swaps = [pair for pair in forms.SWAPPED if re.search(rf"\b{pair[0]}\b", title)]
    if swaps:
        left, right = rng.choice(swaps)
        titles = title, re.sub(rf"\b{left}\b", right, title)
    return Twins(titles, people=_relation(rng), texts=_nearness(rng))


def _negation(rng: Random, papers: Sequence[Paper]) -> Twins:
    left, right = rng.choice(forms.NEGATED)
    values = rng.choice([rng.choice(forms.METHODS), any_topic(rng)]), rng.choice(forms.OBJECTS)
    return Twins(
        (left.format(*values), right.format(*values)), people="other" if rng.random() < 0.7 else "same"
    )


def _opposites(rng: Random, papers: Sequence[Paper]) -> Twins:
    left, right = rng.choice(forms.OPPOSITES)
    rest = rng.choice(
        [
            f"{rng.choice(forms.METHODS)} for {any_topic(rng)}",
            f"Models of {any_topic(rng)} with {rng.choice(forms.OBJECTS)}",
        ]
    )
    return Twins((f"{left} {rest}", f"{right} {rest}"), people=_relation(rng), texts=_nearness(rng))


def _languages(rng: Random, papers: Sequence[Paper]) -> Twins:
    form, (left, right), topic = (
        rng.choice(forms.IN_LANGUAGES),
        _two(rng, ("C", "C++", "C#", "F#", "D")),
        any_topic(rng),
    )
    return Twins((form.format(left, topic), form.format(right, topic)), people=_relation(rng))


def _annual(rng: Random, papers: Sequence[Paper]) -> Twins:
    form, year, topic = rng.choice(forms.YEARLY), rng.randint(2013, 2022), any_topic(rng)
    first, second = (form.format(topic, at, at - 2000, at + 1) for at in (year, year + 1))
    return Twins((first, second), texts=_nearness(rng), more=({"year": year}, {"year": year + 1}))


def _serial(rng: Random, papers: Sequence[Paper]) -> Twins:
    title, volume, place = rng.choice(forms.SERIAL), rng.randint(3, 90), f"Journal of {any_topic(rng)}"
    years: Literal["same", "next"] = rng.choices(["same", "next"], [1, 4])[0]
    common = {"venue": place, "type": "article-journal"}
    first = {**common, "volume": str(volume), "issue": "2"}
    second = {**common, "volume": str(volume + (years == "next")), "issue": "3"}
    return Twins(
        (title, title),
        people=_relation(rng),
        years=years,
        texts="none",
        more=(first, second),
        needs_people=True,
    )


def _follow_up(rng: Random, papers: Sequence[Paper]) -> Twins:
    one, other = _title(rng, papers).split(), _title(rng, papers).split()
    mixed = " ".join([*one[: max(2, len(one) // 2)], *other[len(other) // 2 :]])
    old = " ".join(one)
    new = rng.choice(forms.FOLLOW_UPS).format(old, mixed)
    return Twins(
        (old, new if new != old else f"Beyond {new}"), texts=rng.choice(["group", "other"]), needs_people=True
    )


def _chapter(rng: Random, papers: Sequence[Paper]) -> Twins:
    title = rng.choice(forms.BOOKS).format(rng.choice(forms.METHODS), any_topic(rng))
    book = {"type": "book", "publisher": "Wellhouse", "number-of-pages": "412"}
    part = {
        "type": rng.choice(["chapter", "chapter", "entry-encyclopedia"]),
        "venue": title,
        "publisher": "Wellhouse",
        "page": "1-23",
    }
    return Twins((title, title), years="same", texts="one", more=(book, part))


def _translated(rng: Random, papers: Sequence[Paper]) -> Twins:
    left, right = rng.sample(forms.TRANSLATED, 2)
    topic = rng.choice(list(left[2]))
    first, second = (form.format(names[topic] or topic) for _, form, names in (left, right))
    more = {"language": left[0]}, {"language": right[0]}
    return Twins((first, second), years=rng.choice(["same", "next"]), texts="one", more=more)


def _digit(rng: Random, papers: Sequence[Paper]) -> Twins:
    form = rng.choice(forms.NUMBERED)
    if rng.random() < 0.5:
        title = rng.choice([paper.title for paper in papers if re.search(r"\d", paper.title)])
        form = re.sub(r"\d(?!.*\d)", "{0}", re.sub("[{}]", "", title))
    numbers, more = _two(rng, "123456789"), (rng.choice(forms.METHODS), any_topic(rng))
    return Twins(
        (form.format(numbers[0], *more), form.format(numbers[1], *more)),
        people=_relation(rng),
        texts=_nearness(rng),
    )


def _greek(rng: Random, papers: Sequence[Paper]) -> Twins:
    form, topic = rng.choice(forms.IN_GREEK), any_topic(rng)
    first, second = (rng.choice([forms.GREEK[name], f"$\\{name}$"]) for name in _two(rng, list(forms.GREEK)))
    return Twins(
        (form.format(first, topic), form.format(second, topic)), people=_relation(rng), texts=_nearness(rng)
    )


def _suffix(rng: Random, papers: Sequence[Paper]) -> Twins:
    known = ("LoRA", "Low-Rank Adaptation"), ("A", "Shortest Paths in Graphs"), ("FaSTA", "Toolpath Agents")
    head, rest = rng.choice([(method(rng), _title(rng, papers).rpartition(": ")[2]), *known])
    form, signs, topic = rng.choice(forms.SUFFIXED), rng.choice(forms.SUFFIXES), any_topic(rng)
    first, second = (form.format(head, rest, sign, topic) for sign in signs)
    return Twins((first, second), people=_relation(rng), texts=_nearness(rng))


def _short(rng: Random, papers: Sequence[Paper]) -> Twins:
    return Twins(rng.choice(forms.SHORT), people="other", years=rng.choice(["next", "apart"]))


KINDS: dict[str, Hard] = {
    "parts": _parts, "versions": _versions, "order turned round": _turned_round, "one title, other people": _one_title,
    "erratum, reply, comment": _notice, "retraction notice": _retraction, "data and code": _companion, "other object": _other_object,
    "negation": _negation, "opposites": _opposites, "C, C++, C#": _languages, "annual": _annual, "one title in every issue": _serial,
    "follow-up": _follow_up, "book and chapter": _chapter, "translation": _translated, "one digit": _digit, "one Greek letter": _greek,
    "a sign behind the name": _suffix, "short titles": _short,
}  # fmt: skip
