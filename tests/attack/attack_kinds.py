"""All kinds of attack: those on figures, and those on ids, papers, names, signs, negations and on what is shown.

All drafts are synthetic.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random
from typing import Any

import attack_changes as change
from attack_bases import Base, World
from attack_changes import Group, Kind, of_text
from attack_replies import as_text, claim
from attack_run import Draft

from agent.steps.checker import LONGEST_CELL


def unchanged(form: str) -> Kind:
    def draft(rng: Random, world: World, base: Base) -> Draft | None:
        text = base.text if base.form == form else None
        return Draft(f"unchanged: {form}", as_text(base, claim(base.text, base.ids, base.kind)), base, text) if text else None  # fmt: skip

    return Kind(f"unchanged: {form}", "clean", draft)


# Ids


def of_ids(name: str, group: Group, ids: Callable[[Random, Base], list[Any]]) -> Kind:
    def draft(rng: Random, world: World, base: Base) -> Draft | None:
        return Draft(name, as_text(base, claim(base.text, ids(rng, base), base.kind)), base, base.text)

    return Kind(name, group, draft)


def _unknown_paper(rng: Random, base: Base) -> list[Any]:
    return [f"P{rng.choice([0, len(base.shown) + 1, 99, 10**30, -1])}.{base.refs[0][1]}"]


def _unknown_sentence(rng: Random, base: Base) -> list[Any]:
    paper = base.ids[0].partition(".")[0]
    return [
        f"{paper}.{rng.choice([len(base.refs[0][0].sentences), 99, 10**30, -1, '-0', '1.0', '', '９９'])}"
    ]


def _in_another_form(rng: Random, base: Base) -> list[Any]:
    paper, number = base.ids[0].split(".")
    digits = str.maketrans("0123456789", "０１２３４５６７８９")
    return [rng.choice([
        f"p{paper[1:]}.{number}", f" {base.ids[0]} ", f"[{base.ids[0]}]", f"{paper} . {number}", f"{paper}.0{number}",
        f"{paper.translate(digits)}.{number}", f"{paper}.{number.translate(digits)}", f"{base.ids[0]}.", f"Р{paper[1:]}.{number}",
        f"{paper}.\u200b{number}", f"{paper},{number}", f"({base.ids[0]})", f"{paper}.{number}-{int(number) + 1}",
    ])]  # fmt: skip


def _no_id(rng: Random, base: Base) -> list[Any]:
    key = base.cited[0].key
    return rng.choice([[], [""], [base.ids[0].partition(".")[0]], [f"{key}.1"], [f"@{key}"], ["@nobody2024"], ["1"], ["P"], ["P.1"], ["abstract"], [key]])  # fmt: skip


def _one_unknown(rng: Random, base: Base) -> list[Any]:
    return [*base.ids, *_unknown_paper(rng, base)]


# Papers and names


def _near(rng: Random, base: Base) -> list[Any]:
    """The sentence of another paper shown that has most words in common."""
    words = set(base.text.lower().split())
    places = [(paper, number) for paper in base.others for number in range(1, len(paper.sentences))]
    best = max(places, key=lambda ref: (len(words & set(ref[0].sentences[ref[1]].text.lower().split())), ref[0].key), default=None)  # fmt: skip
    return [base.id(*best)] if best else []


def _far(rng: Random, base: Base) -> list[Any]:
    paper = rng.choice(base.others)
    return [base.id(paper, rng.randrange(len(paper.sentences)))]


def _elsewhere(rng: Random, base: Base) -> list[Any]:
    """Another sentence of the same paper."""
    paper, number = base.refs[0]
    return [base.id(paper, rng.choice([n for n in range(len(paper.sentences)) if n != number] or [number]))]


def swapped(name: str, group: Group, ids: Callable[[Random, Base], list[Any]]) -> Kind:
    def draft(rng: Random, world: World, base: Base) -> Draft | None:
        new = ids(rng, base)
        if not new or new == base.ids or len(base.others) < 2:
            return None
        return Draft(name, as_text(base, claim(base.text, new, base.kind)), base, base.text)

    return Kind(name, group, draft)


def _name(among: Callable[[World, Base], list[str]]) -> change.Change:
    """The work's own name becomes another's."""

    def rename(rng: Random, world: World, base: Base) -> str | None:
        head = world.heads.get(base.cited[0].key)
        found = re.search(rf"(?<![\w-]){re.escape(head)}(?![\w-])", base.text) if head else None
        whole = " ".join(paper.text for paper in base.cited)
        others = [name for name in among(world, base) if not re.search(rf"\b{re.escape(name)}", whole, re.I)]
        if not found or not others:
            return None
        return change.put(base.text, found, rng.choice(others))

    return rename


def _shown_names(world: World, base: Base) -> list[str]:
    return sorted({world.heads[paper.key] for paper in base.others if paper.key in world.heads})


def _other_names(world: World, base: Base) -> list[str]:
    shown = {paper.key for paper in base.shown}
    whole = " ".join(paper.text for paper in base.shown)
    return sorted({name for key, name in world.heads.items() if key not in shown and name not in whole})


_ALIKE = {"a": "а", "c": "с", "e": "е", "o": "о", "p": "р", "x": "х", "i": "і", "A": "А", "B": "В", "C": "С", "E": "Е", "H": "Н",
          "K": "К", "M": "М", "O": "О", "P": "Р", "T": "Т", "X": "Х", "I": "І", "S": "Ѕ", "Q": "Ԛ", "W": "Ԝ", "V": "Ѵ"}  # fmt: skip
_GREEK = {"A": "Α", "B": "Β", "E": "Ε", "H": "Η", "I": "Ι", "K": "Κ", "M": "Μ", "N": "Ν", "O": "Ο", "P": "Ρ", "T": "Τ", "X": "Χ", "o": "ο", "v": "ν"}  # fmt: skip


def _look_alike(rng: Random, world: World, base: Base) -> str | None:
    """One letter of a name or word in a script that looks the same."""
    table = rng.choice([_ALIKE, _GREEK])
    places = [n for n, char in enumerate(base.text) if char in table and (n and base.text[n - 1].isalpha())]
    if not places:
        return None
    at = rng.choice(places)
    return base.text[:at] + table[base.text[at]] + base.text[at + 1 :]


# Signs, directions, bounds, negations

_SIGNED = re.compile(r"(?<=\s)(?<!-)(\d+(?:\.\d+)?)(?=\s?(?:%|x|×|points|dB))")
OPPOSITES = [("increas", "decreas"), ("faster", "slower"), ("higher", "lower"), ("larger", "smaller"), ("better", "worse"), ("more", "less"),
             ("improv", "worsen"), ("outperforms", "underperforms"), ("gain", "loss"), ("above", "below"), ("reduces", "raises"), ("rises", "falls"),
             ("lowers", "raises"), ("most", "least"), ("best", "worst"), ("cuts", "raises"), ("drops", "grows"), ("shrink", "grow"), ("exceed", "fall short of")]  # fmt: skip
TURNED = [(rf"\b{a}", b) for a, b in OPPOSITES] + [(rf"\b{b}", a) for a, b in OPPOSITES]
BOUNDS = [(r"\bup to ", ""), (r"\bat least ", "at most "), (r"\bat most ", "at least "), (r"\bover (?=\d)", "under "), (r"\bup to (?=\d)", "at least "),
          (r"\bmore than (?=\d)", "less than "), (r"\bless than (?=\d)", "more than "), (r"\bno more than ", "no less than ")]  # fmt: skip
HEDGES = [(r"\bcan be ", "is "), (r"\bmay ", "will "), (r"\bmight ", "will "), (r"\bcould ", "does "), (r"\bnearly ", ""), (r"\balmost ", ""),
          (r"\babout (?=\d)", ""), (r"\bsome ", "all "), (r"\boften ", "always "), (r"\busually ", "always "), (r"\bgenerally ", "always "), (r"\bsuggests? ", "proves "),
          (r"\bpotentially ", ""), (r"\bapproximately ", ""), (r"\baround (?=\d)", ""), (r"\blikely ", "")]  # fmt: skip
ADDED = [(r"\bis\b", "is not"), (r"\bare\b", "are not"), (r"\bcan\b", "cannot"), (r"\bwill\b", "will never"), (r"\bhas\b", "has no"), (r"\bwith\b", "without"),
         (r"\b(achiev|reduc|improv|show|requir|provid|outperform|deliver|increas|mak|tak|us|giv|keep|lower)(?:es|s)\b", r"does not \1e"),
         (r"\bWe (propose|present|show|find|introduce|develop)\b", r"We do not \1"), (r"\bwere\b", "were never"), (r"\bwas\b", "was not")]  # fmt: skip
REMOVED = [(r"\b(is|are|was|were|do|does) not ", r"\1 "), (r"\bcannot\b", "can"), (r"\bwithout\b", "with"), (r"\bnot ", ""), (r"\bno (?=[a-z])", "some "),
           (r"\bnever ", "always "), (r"\bneither\b", "both"), (r"\bfails? to ", "manages to "), (r"\blittle\b", "much"), (r"\bhardly\b", "clearly"), (r"\bfree of\b", "full of")]  # fmt: skip


def _signed(rng: Random, world: World, base: Base) -> str | None:
    found = list(_SIGNED.finditer(base.text))
    if not found:
        return None
    return change.put(base.text, match := rng.choice(found), rng.choice(["-", "−", "–", "minus ", "－", "negative "]) + match.group())  # fmt: skip


# What looks like a citation


def _marks(rng: Random, base: Base) -> str:
    key = base.others[0].key
    return rng.choice([
        "[@awq2024]", f"[@{key}]", f"@{key}", "[P3.4]", "(P3)", "[P3]", "P2.1", "[P1.2; P2.2]", r"\cite{nobody2024}", f"\\citep[see][p. 3]{{{key}}}", "`[@x]`",
        "$[P1.2]$", "［＠key］", "［Ｐ３.４］", "[\u200b@key]", "[@\u2060key]", "[P\u200b3.4]", "[[@a] [@b]]", "[see @nobody2024, p. 3]", "[-@nobody2024]", "[1]", "[1, 2]", "[3–5]",
        "(Smith et al., 2021)", "Smith et al. (2021)", "(Smith and Jones, 2021)", "[Smith21]", "[^1]", "<cite>nobody2024</cite>", "https://doi.org/10.1234/nobody", "doi:10.1234/nobody",
        "arXiv:2401.00001", "(arXiv 2401.00001)", "[nobody2024]", f"[{key}]", f"({key})", "[@{nobody2024}]", "@{nobody2024}", "【@nobody】", "【3†source】", "[Р3.4]", "[ P3 . 4 ]", "(p3.4)",
        "[link](https://example.org/nobody)", "![](https://example.org/x.png)", "\\[@nobody2024\\]", "[[nobody2024]]", "{{cite|nobody}}", "[@nobody2024", "⟦P3.4⟧", "⁽¹⁾", "[²]", "ᴾ³",
        "`P3.4`", "$\\cite{x}$", "[@x]{.y}", "[x](#ref-nobody2024)", "www.example.org/paper", "#ref-nobody",
    ])  # fmt: skip


def _marked(rng: Random, world: World, base: Base) -> str | None:
    mark = _marks(rng, base)
    words = base.text.rstrip(".").split()
    at = rng.choice([len(words), rng.randrange(2, len(words))])
    text = " ".join([*words[:at], mark, *words[at:]]) + "."
    return None if mark in base.evidence else text


def _harmless(rng: Random, world: World, base: Base) -> str:
    """Brackets, code and mathematics that cite nothing."""
    said = rng.choice(["(that is, so)", "((so it is said))", "`x[i]`", "$f[x]$", "[sic]", "f(g(x))", "A[i][j]", "{so}", "<so>", "*so*", "a_b", "“so”", "(see above)", "`a|b`", "x ∈ [a, b]", "#so", "so~so", "so^so"])  # fmt: skip
    return f"{base.text.rstrip('.')}, {said}."


# Another kind, another place


def relabelled(name: str, group: Group, kind: str, change_: change.Change, **more: Any) -> Kind:
    """A changed claim under a kind whose checks are others."""

    def draft(rng: Random, world: World, base: Base) -> Draft | None:
        text = change_(rng, world, base) if base.form != "quotation" else None
        if not text:
            return None
        ids = base.ids if kind == "inference" else []
        return Draft(name, as_text(base, claim(text, ids, kind, **more)), base, text)

    return Kind(name, group, draft)


def in_a_table(name: str, group: Group, change_: change.Change, *, title: bool = False, other_row: bool = False) -> Kind:  # fmt: skip
    """A changed claim as a cell, or as the title of a column, beside a sound cell."""

    def draft(rng: Random, world: World, base: Base) -> Draft | None:
        text = change_(rng, world, base) if base.form == "shortened" and len(base.cited) == 1 else None
        if not text or len(base.text) > LONGEST_CELL - 60:
            return None
        row = base.id(base.others[0], 0) if other_row else base.ids[0]
        sound = {"text": base.text, "evidence": base.ids}
        cells = [sound, {"text": None, "evidence": []} if title else {"text": text, "evidence": base.ids}]
        table = {"columns": ["What it does", text if title else "How well"], "rows": [{"paper": row.partition(".")[0], "cells": cells}]}  # fmt: skip
        return Draft(name, as_text(base, claim(base.text, base.ids, base.kind), table=table), base, f"table:{text}")  # fmt: skip

    return Kind(name, group, draft)


def unstated(name: str, group: Group, say: Callable[[Random, Base], str]) -> Kind:
    """What is said not to be stated: it is shown, too."""

    def draft(rng: Random, world: World, base: Base) -> Draft | None:
        text = say(rng, base)
        more = {"status": "partial", "unstated": text, "wanted": [rng.choice(["P99", "@nobody", base.ids[0][:2]])]}  # fmt: skip
        return Draft(
            name, as_text(base, claim(base.text, base.ids, base.kind), **more), base, f"unstated:{text}"
        )

    return Kind(name, group, draft)


def _plain(rng: Random, world: World, base: Base) -> str | None:
    return base.text


def _beyond_counts(rng: Random, world: World, base: Base) -> str | None:
    """A false figure that could be no count of the papers shown, which a sentence of ours may state."""
    text = _wrong(rng, world, base)
    return text if text and any(float(one) > len(base.shown) for one in change.numbers(text)) else None


_wrong = change.changed(change.another_digit)
_elsewhere_figure = change.changed(change.from_(change._another))

KINDS: tuple[Kind, ...] = (
    *(unchanged(form) for form in ("quotation", "whole sentence", "shortened", "framed", "own words")),
    of_text("same figure in another script", "clean", change.rewritten),
    of_text("same figure in words", "clean", change.in_words(true=True)),
    of_text("brackets, code and mathematics that cite nothing", "clean", _harmless),
    of_ids("id of an unknown paper", "must", _unknown_paper),
    of_ids("id of an unknown sentence", "must", _unknown_sentence),
    of_ids("no id, or a key for one", "must", _no_id),
    of_ids("an unknown id beside the right one", "must", _one_unknown),
    of_ids("the right id in another form", "told", _in_another_form),
    swapped("evidence of the nearest other paper", "told", _near),
    swapped("evidence of a random paper shown", "told", _far),
    swapped("another sentence of the same paper", "told", _elsewhere),
    of_text("name of another paper shown", "told", _name(_shown_names)),
    of_text("name of a paper not shown", "told", _name(_other_names)),
    of_text("a letter of another script", "must", _look_alike),
    of_text("figure: a digit", "must", _wrong),
    of_text("figure: the point", "must", change.changed(change.moved_point)),
    of_text("figure: ten times", "must", change.changed(change.by_ten)),
    of_text("figure: another of the same paper", "must", change.changed(change.from_(change._paper))),
    of_text("figure: another paper's", "must", _elsewhere_figure),
    of_text(
        "figure: another of the same evidence", "told", change.changed(change.from_(change._same), held=True)
    ),
    of_text("figure: another, in another script", "must", change.script(change.in_script)),
    of_text("figure: its digits, another value", "must", change.script(change.in_script_alone)),
    of_text("figure: inside a name", "must", change.in_a_name),
    of_text("figure: false, in words", "must", change.in_words(true=False)),
    of_text("figure: a word for another", "must", change.by_a_word),
    of_text("figure: a false one in words added", "must", change.in_words_too),
    of_text("unit", "must", change.replaced(change.UNITS)),
    of_text("sign", "must", _signed),
    of_text("direction", "told", change.replaced(TURNED)),
    of_text("bound", "told", change.replaced(BOUNDS)),
    of_text("hedge", "told", change.replaced(HEDGES)),
    of_text("negation added", "told", change.replaced(ADDED)),
    of_text("negation removed", "told", change.replaced(REMOVED)),
    of_text("what looks like a citation", "must", _marked),
    relabelled("false figure as an inference", "must", "inference", _wrong),
    relabelled("false figure as a gap", "must", "gap", _wrong, absent=["carrier pigeons"]),
    relabelled("false figure as our own words", "must", "own", _beyond_counts),
    relabelled("false figure in words as our own words", "must", "own", change.in_words_too),
    relabelled("a statement as our own words", "told", "own", _plain),
    relabelled("a statement as a gap", "told", "gap", _plain, absent=["carrier pigeons"]),
    in_a_table("cell: unchanged", "clean", _plain),
    in_a_table("cell: false figure", "must", _wrong),
    in_a_table("cell: false figure in words", "must", change.in_words_too),
    in_a_table("cell: what looks like a citation", "must", _marked),
    in_a_table("cell: another paper's row", "must", _plain, other_row=True),
    in_a_table("column title: false figure", "must", _wrong, title=True),
    in_a_table("column title: what looks like a citation", "must", _marked, title=True),
    unstated("unstated: a figure", "must", lambda rng, base: f"the price of {rng.randint(11, 99)}% more"),
    unstated("unstated: a figure in words", "must", lambda rng, base: "the price of forty-one percent more"),
    unstated(
        "unstated: what looks like a citation", "must", lambda rng, base: f"the price {_marks(rng, base)}"
    ),
    unstated("unstated: a name", "must", lambda rng, base: "the price of ZORBA-7"),
    unstated("unstated: plain words", "clean", lambda rng, base: "the price of what they report"),
)
