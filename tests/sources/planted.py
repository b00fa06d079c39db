"""Files of many invented records with planted damage, and what must come out of them.

Which record is damaged, and how, depends on nothing but the format, the number of records and the share.
`check` compares what was read with what was written.
"""

from __future__ import annotations

import random
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from agent.records import Noted, Paper, Rejected

KEPT = "kept"  # a paper that says the same as without the damage
PAPER = "paper"  # a paper of the same title; what else it says may be lost
REJECTED = "rejected"  # a rejection that stands where the record does

_HOW = ("Quiet", "Leaky", "Frozen", "Wandering", "Hollow", "Patient", "Crooked", "Tidal", "Naïve", "Søndre")
_WHAT = ("Wells", "Bridges", "Lanterns", "Glaciers", "Orchards", "Tunnels", "Kites", "Harbours", "Mills")
_WHERE = ("in Łódź", "under Load", "at Night", "near São Paulo", "over Ice", "by Hand", "for Towns")
_MORE = (": A Survey", " (Part II)", ", Measured & Mapped", " – Ten Years On", "", ' or "Why They Sing"')
_FAMILY = ("Okafor", "Lindqvist", "Moreau", "Ng", "Żak", "Brontë", "Sato", "Iyer", "O'Neill", "Müller")
_GIVEN = ("Ada", "Bertil", "Chloé", "Dmitri", "Emeka", "Fumiko", "Grace", "Håkon")
_ABSTRACT = (
    "We watch them for a year, with one float for each. ",
    "Levels fall by 5 cm in summer; nobody had counted that. ",
    "A log that misses an hour is mended by its neighbours. ",
    "The code and the readings of all stations are public. ",
)


@dataclass(frozen=True)
class Work:
    """An invented paper, and what it is called in a file."""

    number: int
    title: str
    authors: tuple[tuple[str, str], ...]
    year: int
    doi: str
    abstract: str
    venue: str

    @property
    def key(self) -> str:
        return f"{re.sub('[^a-z]', '', self.authors[0][0].lower())}{self.year}n{self.number}"


@dataclass(frozen=True)
class Damage:
    """A way to write a record wrongly, and what must become of it.

    Args:
        write: the record as it stands in the file.
            A lone surrogate such as `\\udcfc` is the bare byte FC, which is no UTF-8.
        adds: rejections beside the record's own fate, for things that look like records.
    """

    name: str
    write: Callable[[Work], str]
    fate: str = KEPT
    adds: int = 0


@dataclass(frozen=True)
class Format:
    """How a kind of file writes a record, what stands round the records, and what can be wrong.

    `says` are the things that a record of this format says; `first` is what the first record goes without.
    """

    kind: str
    ending: str
    write: Callable[[Work], str]
    damages: tuple[Damage, ...]
    head: str = ""
    tail: str = ""
    first: str = ""
    says: tuple[str, ...] = ("title", "authors", "year", "doi")


@dataclass
class Planted:
    """A file, its records, and the damage done to some of them, by the records' places."""

    format: Format
    data: bytes
    works: list[Work]
    damages: dict[int, Damage]
    lines: list[int]  # on which each record begins, and the last ends

    @property
    def written(self) -> int:
        return len(self.works) + sum(damage.adds for damage in self.damages.values())


@dataclass
class Outcome:
    """What came out of a file, and everything that ought to be otherwise."""

    papers: int = 0
    rejected: int = 0
    notes: int = 0
    faults: list[str] = field(default_factory=list)


def make_works(count: int, seed: str) -> list[Work]:
    """Invented papers with different titles."""
    dice = random.Random(seed)
    return [_work(number, dice) for number in range(1, count + 1)]


def _work(number: int, dice: random.Random) -> Work:
    title = f"{dice.choice(_HOW)} {dice.choice(_WHAT)} {dice.choice(_WHERE)} {number}{dice.choice(_MORE)}"
    authors = {(dice.choice(_FAMILY), dice.choice(_GIVEN)): None for _ in range(dice.randint(1, 4))}
    return Work(
        number,
        title,
        tuple(authors),
        dice.randint(1950, 2026),
        f"10.{dice.randint(1000, 9999)}/w.{number}",
        "".join(dice.choice(_ABSTRACT) for _ in range(dice.randint(1, 5))).strip(),
        f"Journal of {dice.choice(_WHAT)}",
    )


def plant(form: Format, count: int, share: float = 0.01) -> Planted:
    """A file of `count` records, of which a share is damaged, in every way in turn."""
    works = make_works(count, form.kind)
    dice = random.Random(f"{form.kind} {count} {share}")
    places = dice.sample(range(1, count - 1), max(round(count * share), 1))
    damages = {place: form.damages[turn % len(form.damages)] for turn, place in enumerate(places)}
    for place in places:  # what is no record, right behind a broken one, is taken for a part of that
        if place - 1 in damages and damages[place].adds:
            damages[place] = form.damages[0]
    texts = [
        damages[place].write(work) if place in damages else form.write(work)
        for place, work in enumerate(works)
    ]
    texts[0] = texts[0].removeprefix(form.first)
    data, lines = form.head.encode(), [1 + form.head.count("\n")]
    pieces = [data]
    for text in texts:
        pieces.append(text.encode(errors="surrogateescape"))
        plain = text.replace("\r\n", "\n").replace("\r", "\n")
        lines.append(lines[-1] + plain.count("\n"))
    return Planted(form, b"".join([*pieces, form.tail.encode()]), works, damages, lines)


def check(planted: Planted, found: Iterable[Paper | Rejected | Noted]) -> Outcome:
    """Count what was read, and compare it with what was written."""
    outcome = Outcome()
    by_title: dict[str, list[Paper]] = {}
    rejections: list[Rejected] = []
    order: list[str] = []
    for item in found:
        if isinstance(item, Paper):
            by_title.setdefault(item.title, []).append(item)
            order.append(item.title)
        elif isinstance(item, Rejected):
            rejections.append(item)
        else:
            outcome.notes += 1
    outcome.papers, outcome.rejected = len(order), len(rejections)
    total = outcome.papers + outcome.rejected
    if total != planted.written:
        outcome.faults.append(f"{planted.written} written, {total} read")
    wanted = [titled(planted.format, work) for work in planted.works]
    known = set(wanted)
    outcome.faults += [f"nobody wrote: {title}" for title in by_title if title not in known]
    places = {title: place for place, title in enumerate(wanted)}
    stood = [places[title] for title in order if title in places]
    if stood != sorted(stood):
        outcome.faults.append("papers stand in another order")
    outcome.faults += _unplaced(planted, rejections)
    for place, work in enumerate(planted.works):
        if fault := _fault(planted, place, by_title.get(wanted[place], [])):
            damage = planted.damages.get(place)
            outcome.faults.append(
                f"{damage.name if damage else 'sound'}: {fault} ({work.key}, line {planted.lines[place]})"
            )
    return outcome


def titled(form: Format, work: Work) -> str:
    """What stands in a paper's title."""
    return work.title if "title" in form.says else f"doi:{work.doi}"


def _fault(planted: Planted, place: int, papers: list[Paper]) -> str | None:
    damage = planted.damages.get(place)
    if damage and damage.fate == REJECTED:
        return "it became a paper" if papers else None
    if len(papers) != 1:
        return f"{len(papers)} papers of it"
    return (
        None if damage and damage.fate == PAPER else _changed(planted.format, planted.works[place], papers[0])
    )


def _changed(form: Format, work: Work, paper: Paper) -> str | None:
    said = {
        "authors": tuple((author.family or author.name, author.given) for author in paper.authors),
        "year": paper.year,
        "doi": paper.doi,
    }
    for name, value in said.items():
        if name in form.says and value != getattr(work, name):
            return f"{name} is {value!r}, was {getattr(work, name)!r}"
    return None


def _unplaced(planted: Planted, rejections: list[Rejected]) -> list[str]:
    """Rejections without a place and a reason, or where nothing was damaged; damage that was to be rejected."""
    faults = []
    open_places: Counter[int] = Counter()
    for place, damage in planted.damages.items():
        open_places[place] = damage.adds + (damage.fate == REJECTED)
    for rejection in rejections:
        places = _places(planted, rejection.position)
        place = next((place for place in places if open_places[place] > 0), None)
        if not places or not rejection.reason:
            faults.append(f"a rejection without a place or reason: {rejection}")
        elif place is None:
            faults.append(f"rejected where nothing was to be: {rejection}")
        else:
            open_places[place] -= 1
    faults += [
        f"{planted.damages[place].name}: not rejected" for place, left in open_places.items() if left > 0
    ]
    return faults


def _places(planted: Planted, position: str) -> list[int]:
    """Which records a position lies in; one may end on the line on which the next begins."""
    if found := re.search(r"line (\d+)", position):
        line, starts = int(found[1]), planted.lines
        end = bisect_right(starts, line)
        return [
            place
            for place in range(max(end - 3, 0), min(end, len(planted.works)))
            if starts[place] <= line <= starts[place + 1]
        ]
    found = re.fullmatch(r"item (\d+)", position)
    return [_nth(planted, int(found[1]))] if found else []


def _nth(planted: Planted, number: int) -> int:
    """Which record the nth item belongs to, where some have items of no use before them."""
    place = 0
    while number > 0 and place < len(planted.works):
        number -= 1 + (planted.damages[place].adds if place in planted.damages else 0)
        place += 1
    return place - 1
