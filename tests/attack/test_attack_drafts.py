"""Synthetic drafts against the checks of code: a telling sample of what `benchmarks/attack.py` does ten thousand times."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Any

import pytest
from attack_bases import sample_world
from attack_changes import NUMBER
from attack_draws import broken_musts, count_kinds, draw, false_alarms, table
from attack_kinds import KINDS
from attack_replies import as_text, claim
from attack_run import Draft, Result, attack, forged, wrong_citations
from hypothesis import given, settings
from hypothesis import strategies as st

EACH = 4
# Of what code need not see: the share that it drops or marks in this sample, at the least.
SEEN = {
    "evidence of a random paper shown": 1.0,
    "evidence of the nearest other paper": 1.0,
    "another sentence of the same paper": 0.75,
    "name of another paper shown": 1.0,
    "direction": 0.5,
    "bound": 0.5,
    "negation added": 0.5,
    "negation removed": 0.5,
    "a statement as a gap": 1.0,
}


@pytest.fixture(scope="module")
def results() -> list[Result]:
    return attack(draw([sample_world()], EACH))


def test_nothing_false_passes_and_nothing_unknown_is_shown(results: list[Result]) -> None:
    """No figure that its evidence lacks, no unknown id, nothing that reads like a citation; never an exception."""
    assert len(results) >= 0.9 * EACH * count_kinds()
    assert [(one.draft.kind, one.draft.text, one.wrong) for one in broken_musts(results)] == []


def test_true_claims_are_left_alone(results: list[Result]) -> None:
    assert [(one.draft.kind, one.draft.text, one.codes) for one in false_alarms(results)] == []


def test_what_code_need_not_see_is_mostly_seen(results: list[Result]) -> None:
    fates = defaultdict(list)
    for one in results:
        fates[one.draft.kind].append(one.fate != "shown")
    seen = {kind: sum(fates[kind]) / len(fates[kind]) for kind in SEEN}
    assert {kind: share for kind, share in seen.items() if share < SEEN[kind]} == {}


def test_the_table_has_a_row_for_each_kind(results: list[Result]) -> None:
    shown = table(results)
    assert all(kind.name in shown for kind in KINDS if kind.name != "unchanged: own words")


def test_the_same_seed_gives_the_same_drafts() -> None:
    world = sample_world()
    assert list(draw([world], 1)) == list(draw([world], 1))
    assert list(draw([world], 1)) != list(draw([world], 1, seed=2))


def test_pandoc_finds_the_citations_of_the_answer_and_no_others(results: list[Result], pandoc: Any) -> None:
    """Whatever the drafts say: keys of shown papers, and no link but those of references."""
    known = {paper.key for paper in sample_world().papers}
    marked = [one for one in results if "citation" in one.draft.kind or "brackets" in one.draft.kind]
    bodies = [one.markdown.split("\n---\n", 1)[1].partition("## References")[0] for one in marked]
    read = json.loads(pandoc("-f", "markdown", "-t", "json", text="\n\n".join(bodies)))
    found = _found(read)
    assert found["Cite"] and set(found["Cite"]) <= known
    assert not found["Link"] and not found["Image"] and not found["Note"]


def _found(node: Any) -> dict[str, list[str]]:
    """The keys that are cited in a document, and its links, images and notes."""
    found: dict[str, list[str]] = {"Cite": [], "Link": [], "Image": [], "Note": []}
    nodes = [node]
    while nodes:
        one = nodes.pop()
        if isinstance(one, dict):
            kind = one.get("t")
            if kind == "Cite":
                found["Cite"] += [cited["citationId"] for cited in one["c"][0]]
            elif kind in found:
                found[kind].append(str(one["c"])[:80])
            nodes += list(one.values())
        elif isinstance(one, list):
            nodes += one
    return found


@pytest.mark.parametrize("place", ["text", "evidence", "absent", "unstated", "cell", "title"])
def test_a_megabyte_is_soon_refused(place: str) -> None:
    base = next(base for base in sample_world().bases if base.form == "shortened")
    long = ("9 not [@" if place != "cell" else "“" * 8) * 125_000
    one = claim(base.text, base.ids)
    more: dict[str, Any] = {}
    if place in ("text", "evidence"):
        one[place] = long if place == "text" else [long]
    elif place == "absent":
        one |= {"kind": "gap", "absent": [long], "evidence": []}
    elif place == "unstated":
        more = {"status": "partial", "unstated": long}
    else:
        cell = {"text": long if place == "cell" else "x", "evidence": base.ids}
        row = {"paper": base.ids[0].partition(".")[0], "cells": [cell]}
        more = {"table": {"columns": [long if place == "title" else "x"], "rows": [row]}}
    [result] = attack([Draft(place, as_text(base, one, **more), base)])
    assert not result.wrong and len(result.markdown) < 20_000


@settings(derandomize=True, database=None, deadline=None, max_examples=40)
@given(
    st.one_of(
        st.text(max_size=40),
        st.sampled_from(["[@x]", "4½%", "P1.1", "not ", "“", "\u202e", "\ud800", "5e9", "٣"]),
    )
)
def test_any_text_in_a_claim_is_taken_without_an_error(said: str) -> None:
    base = next(base for base in sample_world().bases if NUMBER.search(base.text))
    text = f"{base.text} {said}"
    reply = json.dumps({"text": text})[10:-2]
    plain = as_text(base, claim("@@", base.ids)).replace("@@", reply)
    [result] = attack([Draft("any text", plain, base)])
    assert not result.wrong


@pytest.mark.parametrize(
    "planted",
    ["so [@nobody2024].", "so @nobody2024.", "so [see @nobody, p. 3].", r"so \cite{x}.", "so [-@nobody]."],
)
def test_the_watch_sees_a_planted_citation(planted: str) -> None:
    assert list(wrong_citations(planted, set()))


@pytest.mark.parametrize(
    "planted", ["so [P3.4].", "so (P3).", "so ［Ｐ３.４］.", "so [1].", "so [nobody2024].", "[\u200b@x]"]
)
def test_the_watch_sees_what_reads_like_one(planted: str) -> None:
    assert list(forged(planted, "", ())) and not list(forged("so [x] and (so).", "", ()))
