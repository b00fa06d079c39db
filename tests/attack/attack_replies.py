"""Replies as a model would write them, as raw text; and those that are broken, overlong or in another shape.

All of them are synthetic.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

from attack_bases import Base

HUGE = 1_000_000  # characters


def claim(text: str, ids: Sequence[Any], kind: str = "fact", **more: Any) -> dict[str, Any]:
    return {"text": text, "kind": kind, "evidence": list(ids), "absent": [], "near": None, **more}


def anchor(base: Base) -> dict[str, Any]:
    """A sound claim beside the one that is attacked: another paper's first sentence, quoted."""
    paper = next((one for one in base.others if len(one.sentences) > 1), base.cited[0])
    number = min(1, len(paper.sentences) - 1)
    return claim(f"“{paper.sentences[number].text}”", [base.id(paper, number)])


def answer_of(base: Base, *claims: dict[str, Any], **more: Any) -> dict[str, Any]:
    paragraphs = [{"heading": None, "claims": [anchor(base), *claims]}]
    whole = {"status": "answered", "reason": None, "unstated": None, "wanted": [], "paragraphs": paragraphs, "table": None}  # fmt: skip
    return {**whole, **more}


def as_text(base: Base, *claims: dict[str, Any], **more: Any) -> str:
    """The reply to a question, with these claims in it."""
    return json.dumps(answer_of(base, *claims, **more), ensure_ascii=False)


def plain(base: Base) -> str:
    """The reply that states the true claim."""
    return as_text(base, claim(base.text, base.ids, base.kind))


# Broken, overlong, in another shape

Breaking = Callable[[Random, Base], str]


def cut(rng: Random, base: Base) -> str:
    whole = plain(base)
    return whole[: rng.randrange(len(whole))]


def cut_and_closed(rng: Random, base: Base) -> str:
    """Cut off, and closed as an endpoint or a mending library would: with quotation mark and brackets."""
    text = cut(rng, base)
    is_inside, is_escaped, opened = False, False, ""
    for char in text:
        if is_escaped:
            is_escaped = False
        elif char == "\\":
            is_escaped = is_inside
        elif char == '"':
            is_inside = not is_inside
        elif not is_inside and char in "{[":
            opened += "}" if char == "{" else "]"
        elif not is_inside and char in "}]":
            opened = opened[:-1]
    return text + '"' * is_inside + opened[::-1]


def cut_in_front(rng: Random, base: Base) -> str:
    whole = plain(base)
    return whole[rng.randrange(1, len(whole)) :]


def damaged(rng: Random, base: Base) -> str:
    """One character gone, doubled or swapped for a sign of JSON's."""
    whole = plain(base)
    at = rng.randrange(len(whole))
    return whole[:at] + rng.choice(["", whole[at] * 2, '"', "{", "}", "[", "]", ",", ":", "\\", "\x00", "\n", "\ud800"]) + whole[at + 1 :]  # fmt: skip


def extra_field(rng: Random, base: Base) -> str:
    whole = answer_of(base, claim(base.text, base.ids, base.kind))
    claims = whole["paragraphs"][0]["claims"]
    rng.choice([whole, whole["paragraphs"][0], claims[1]])[rng.choice(["note", "citations", "verdict", "id", "__class__"])] = rng.choice(["supported", ["@nobody2024"], None, 1])  # fmt: skip
    return json.dumps(whole)


def lost_field(rng: Random, base: Base) -> str:
    whole = answer_of(base, claim(base.text, base.ids, base.kind))
    one = rng.choice([whole, whole["paragraphs"][0], whole["paragraphs"][0]["claims"][1]])
    del one[rng.choice(sorted(one))]
    return json.dumps(whole)


def wrong_type(rng: Random, base: Base) -> str:
    whole = answer_of(base, claim(base.text, base.ids, base.kind))
    one = rng.choice([whole, whole["paragraphs"][0], whole["paragraphs"][0]["claims"][1]])
    one[rng.choice(sorted(one))] = rng.choice([1, 1.5, True, "x", [], {}, [[]], [None], {"x": 1}, -1, 10**400, "fact"])  # fmt: skip
    return json.dumps(whole)


def not_a_number(rng: Random, base: Base) -> str:
    whole = plain(base)
    return whole.replace(
        "null", rng.choice(["NaN", "Infinity", "-Infinity", "1e999999", "undefined", "None"]), 1
    )


def twice(rng: Random, base: Base) -> str:
    """A key that stands twice, the other value first or last."""
    name, value = rng.choice(
        [("status", '"not_stated"'), ("paragraphs", "[]"), ("wanted", '["P99"]'), ("table", "1")]
    )
    whole = plain(base)
    doubled = f'"{name}": {value}'
    return f"{{{doubled}, {whole[1:]}" if rng.random() < 0.5 else f"{whole[:-1]}, {doubled}}}"


def wrapped(rng: Random, base: Base) -> str:
    whole = plain(base)
    return rng.choice([
        f"```json\n{whole}\n```", f"Here you are:\n{whole}", f"{whole}\nI hope this helps.", f"<think>{whole}</think>{whole}",
        f"<think>{{\"status\": 1}}</think>\n{whole}", f"\ufeff{whole}", f"{whole}{whole}", f"[{whole}]", f"{{}}{whole}",
        f"<think>never closed {whole}", json.dumps(whole), f"```\n{whole[:50]}\n```\n{whole}", whole.replace('"', "'"),
        whole.replace('"', "“"), f"{whole[:-1]},}}", f"// answer\n{whole}",
    ])  # fmt: skip


def nothing(rng: Random, base: Base) -> str:
    return rng.choice(["", " ", "null", "[]", "{}", "0", '"x"', "true", "{", "[", "}", "\x00", "nothing", "{}" * 1000, "\\", '{"status"'])  # fmt: skip


def deep(rng: Random, base: Base) -> str:
    depth = rng.choice([100, 1_000, 10_000, 100_000])
    sign = rng.choice(["[]", "{}"])
    nested = "[" * depth + "]" * depth if sign == "[]" else '{"a":' * depth + "1" + "}" * depth
    return rng.choice(
        [nested, plain(base)[:-1] + f', "deep": {nested}}}', as_text(base).replace("null", nested, 1)]
    )


def huge(rng: Random, base: Base) -> str:
    """A megabyte in one of its places."""
    long = (rng.choice(["a", "9", "9.", "a ", "1 ", "A", "“", "[@", "x1 ", "((", "not ", "½", "́", "P1.1 ", "9-", "no-", "\\"]) * HUGE)[:HUGE]  # fmt: skip
    one = claim(base.text, base.ids, base.kind)
    place = rng.choice(["text", "kind", "evidence", "evidences", "absent", "near", "unstated", "wanted", "heading", "after", "title", "cell"])  # fmt: skip
    more: dict[str, Any] = {}
    if place in ("text", "kind", "near"):
        one[place] = long
    elif place == "evidence":
        one["evidence"] = [long]
    elif place == "evidences":
        one["evidence"] = base.ids * 50_000
    elif place == "absent":
        one |= {"kind": "gap", "absent": [long], "evidence": []}
    elif place == "unstated":
        more = {"status": "partial", "unstated": long}
    elif place == "wanted":
        more = {"wanted": [long] * 3}
    elif place in ("title", "cell"):
        cell = {"text": long if place == "cell" else "x", "evidence": base.ids[:1]}
        row = {"paper": base.ids[0].partition(".")[0], "cells": [cell]}
        more = {"table": {"columns": [long if place == "title" else "x"], "rows": [row]}}
    elif place == "after":
        return plain(base) + long
    whole = answer_of(base, one, **more)
    if place == "heading":
        whole["paragraphs"][0]["heading"] = long
    return json.dumps(whole, ensure_ascii=False)


BREAKINGS: dict[str, Breaking] = {
    "cut off": cut,
    "cut off and closed": cut_and_closed,
    "cut off in front": cut_in_front,
    "one character damaged": damaged,
    "a field too many": extra_field,
    "a field too few": lost_field,
    "a value of another type": wrong_type,
    "no number of JSON's": not_a_number,
    "a key twice": twice,
    "something round it": wrapped,
    "nothing in it": nothing,
    "nested deep": deep,
}
HUGES: dict[str, Breaking] = {"a megabyte": huge}  # slow: few of them
