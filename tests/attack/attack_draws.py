"""Drawing drafts: so many of each kind, the same ones for the same seed; and the table of what became of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from random import Random

from attack_bases import Base, World
from attack_kinds import KINDS
from attack_replies import BREAKINGS, HUGES
from attack_run import Draft, Result

TRIES = 400  # bases that are looked at before a kind is given up
REPLIES = "reply: "


def draw(worlds: Sequence[World], each: int, seed: int = 1, huge: int = 0) -> Iterator[Draft]:
    """`each` drafts of every kind, as far as the worlds offer places for it; `huge` of the slow ones.

    The worlds take turns.
    """
    for kind in KINDS:
        for number in range(each):
            turns = [worlds[(number + turn) % len(worlds)] for turn in range(len(worlds))]
            rng = Random(f"{seed} {kind.name} {number}")
            drafts = (
                kind.draft(rng, world, rng.choice(world.bases)) for world in turns for _ in range(TRIES)
            )
            found = next((draft for draft in drafts if draft), None)
            if found:
                yield found
    for some, count in ((BREAKINGS, each), (HUGES, huge)):
        for name, breaking in some.items():
            for number in range(count):
                rng = Random(f"{seed} {name} {number}")
                base = _claimed(rng, worlds[number % len(worlds)])
                yield Draft(REPLIES + name, breaking(rng, base), base)


def _claimed(rng: Random, world: World) -> Base:
    return next(base for base in iter(lambda: rng.choice(world.bases), None) if base.form != "quotation")


def count_kinds() -> int:
    return len(KINDS) + len(BREAKINGS)


def broken_musts(results: Iterable[Result]) -> list[Result]:
    """Shown without a mark though false and told by a figure or an id, or with something wrong in what is shown."""
    return [one for one in results if one.wrong or (one.fate == "shown" and _group(one) == "must")]


def false_alarms(results: Iterable[Result]) -> list[Result]:
    """True claims, and harmless ones, that were dropped or marked."""
    return [one for one in results if one.fate != "shown" and _group(one) == "clean"]


def _group(result: Result) -> str:
    return next((kind.group for kind in KINDS if kind.name == result.draft.kind), "")


def table(results: Sequence[Result]) -> str:
    """A row a kind: drafts, what became of them, and what is asked."""
    counts: dict[str, Counter[str]] = {}
    for one in results:
        counts.setdefault(one.draft.kind, Counter())[one.fate] += 1
        counts[one.draft.kind]["wrong"] += bool(one.wrong)
    groups = {kind.name: kind.group for kind in KINDS}
    wide = max(map(len, counts))
    lines = [f"{'kind':{wide}} {'asked':>6} {'drafts':>7} {'dropped':>8} {'weak':>6} {'unmarked':>9} {'refused':>8} {'wrong':>6}"]  # fmt: skip
    for kind, count in counts.items():
        drafts = sum(count[fate] for fate in ("dropped", "weak", "shown", "refused"))
        lines.append(
            f"{kind:{wide}} {groups.get(kind, ''):>6} {drafts:>7} {count['dropped']:>8} {count['weak']:>6} {count['shown']:>9}"
            f" {count['refused']:>8} {count['wrong']:>6}"
        )
    return "\n".join(lines)
