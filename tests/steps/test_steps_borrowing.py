"""Words that are a source's own are told from ours."""

from __future__ import annotations

import pytest
from scripted import WORLD, codes, corpus_of, drafting, fact, kept_and_dropped, own, written_by

from agent.engines.protocol import ReviseDraft
from agent.records import Claim, Evidence
from agent.steps.borrowing import borrowed

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


def test_what_is_borrowed_is_flagged_and_told_if_it_stays() -> None:
    """The reviser is asked for other words; a claim that keeps the source's is kept, with the problem named."""
    sentence = max(corpus_of()["arco"].sentences[1:], key=lambda one: len(one.text.split()))
    lifted = fact(
        f"In short, {sentence.text} And that is so in all of the bridges that stand there.",
        f"arco:{sentence.sentence}",
    )
    short = len(sentence.text.split()) < 12
    engine = drafting(lifted)
    kept, dropped = kept_and_dropped(written_by(engine, "model"))
    if short:
        pytest.skip("no sentence of the small world is long enough")
    [asked] = engine.asked("revise")
    assert any("other words" in reason for reason in asked.flagged.values())
    assert "verbatim" in codes(next(one for one in kept if one.text.startswith("In short")))


def test_other_words_are_taken() -> None:
    """A reviser that recasts the sentence leaves no problem behind."""
    assert WORLD
    engine = drafting(own("So it begins."), revise=lambda ask: ReviseDraft())
    kept, _ = kept_and_dropped(written_by(engine, "model"))
    assert not any("verbatim" in codes(one) for one in kept)
