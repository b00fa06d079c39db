"""Words that are a source's own are told from ours."""

from __future__ import annotations

from typing import Any

import pytest
from scripted import WORLD, Scripted, codes, corpus_of, drafting, fact, kept_and_dropped, written_by

from agent.engines.protocol import ReviseDraft
from agent.records import Claim, Evidence
from agent.steps.borrowing import borrowed
from agent.text.numbered import Corpus

SOURCE = "Keys are stored per channel and values are stored per token, since their ranges differ by 3.5x in every layer."


def claim(text: str) -> Claim:
    evidence = Evidence(key="a", part="abstract", sentence=1, start=0, end=len(SOURCE), text=SOURCE)
    return Claim(id="x.p1.c1", text=text, kind="fact", citations=("a",), evidence=(evidence,))


@pytest.mark.parametrize(
    ("text", "is_borrowed"),
    [
        (SOURCE, True),
        (f"It finds that {SOURCE[0].lower()}{SOURCE[1:]}", True),
        ("Values go by token and keys by channel, for ranges differ by 3.5x in every layer.", False),
        (f"“{SOURCE}”", False),
        (
            "By design “keys are stored per channel and values are stored per token, since their ranges differ” here.",
            False,
        ),
        ("Keys are stored per channel and values are stored “per token”, since their ranges differ.", False),
    ],
)
def test_a_dozen_words_in_a_row_are_borrowed_unless_quoted(text: str, is_borrowed: bool) -> None:
    """Long stretches outside quotation marks are found, whatever stands before them."""
    assert (borrowed(claim(text)) is not None) == is_borrowed


LIFTED = "In short, the sensors of a bridge are read by night and their logs are packed before they are sent."


def test_what_is_borrowed_is_flagged_and_told_if_it_stays() -> None:
    """The reviser is asked for other words; a claim that keeps the source's is kept, with the problem named."""
    corpus, engine = lifting()
    kept, dropped = kept_and_dropped(written_by(engine, "model", corpus))
    [asked] = engine.asked("revise")
    assert ["other words" in reason for reason in asked.flagged.values()] == [True]
    [claim] = [one for one in kept if "verbatim" in codes(one)]
    assert (claim.text, claim.verdict, dropped) == (LIFTED, "supported", [])


def test_other_words_are_taken() -> None:
    """A reviser that recasts the sentence leaves no problem behind."""
    recast = fact(
        "Logs of a bridge's sensors, which are read by night, are packed before sending.", "gorse:1"
    )
    corpus, engine = lifting(revise=lambda ask: ReviseDraft(dict.fromkeys(ask.item.flagged, recast)))
    kept, _ = kept_and_dropped(written_by(engine, "model", corpus))
    assert recast.text in [one.text for one in kept]
    assert not any("verbatim" in codes(one) for one in kept)


def lifting(**scripts: Any) -> tuple[Corpus, Scripted]:
    """A paper more, and an engine that lifts its first sentence."""
    world = {
        **WORLD,
        "gorse": ("GORSE: Night readings", f"{LIFTED.removeprefix('In short, ').capitalize()} It works."),
    }
    return corpus_of(world), drafting(fact(LIFTED, "gorse:1"), **scripts)
