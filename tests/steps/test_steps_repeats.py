"""What is said twice is said once, and lengths are shared out."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scripted import FIXED, codes, corpus_of, drafting, kept_and_dropped, own, quote, written_by

from agent.engines.protocol import ReviseDraft
from agent.steps.lengths import frame_words, section_words, usual_words

LONG = "The first of these sentences goes on for more than a dozen words about sensors on old bridges."


def test_a_sentence_said_again_is_flagged_then_dropped() -> None:
    """The second of two equal stretches goes to the reviser; if it stays as it was it is dropped, and told."""
    engine = drafting(own(LONG), own(f"Again: {LONG}"))
    kept, dropped = kept_and_dropped(written_by(engine, "model"))
    [asked] = engine.asked("revise")
    assert [reason for reason in asked.flagged.values() if "the same words" in reason]
    assert LONG in [claim.text for claim in kept]
    assert [codes(claim) for claim in dropped] == [{"repeated"}]


def test_a_repetition_that_is_mended_stays() -> None:
    """A reviser that finds other words keeps the claim."""

    def revise(ask):  # type: ignore[no-untyped-def]
        return ReviseDraft({id_: own("Something else altogether stands here.") for id_ in ask.item.flagged})

    engine = drafting(own(LONG), own(LONG), revise=revise)
    kept, dropped = kept_and_dropped(written_by(engine, "model"))
    assert not dropped and "Something else altogether stands here." in [claim.text for claim in kept]


def test_quotations_may_stand_twice() -> None:
    """A sentence of a paper is its own words, however often it is quoted."""
    quoted = quote(corpus_of()["arco"])
    kept, dropped = kept_and_dropped(written_by(drafting(quoted, quoted), "model"))
    assert [claim.text for claim in kept].count(quoted.text) >= 2 and not dropped


@FIXED
@given(st.lists(st.integers(1, 30), min_size=1, max_size=12), st.integers(1_000, 20_000))
def test_a_length_is_shared_out(sizes: list[int], whole: int) -> None:
    """Sections and frame together come near the whole, and larger themes get no less than smaller ones."""
    shares = section_words(sizes, whole)
    total = sum(shares) + frame_words(sizes, whole)
    assert abs(total - whole) <= 0.1 * whole + 70 * len(sizes)
    ordered = sorted(zip(sizes, shares, strict=True))
    assert all(small[1] <= large[1] for small, large in pairwise(ordered))


@pytest.mark.parametrize(("papers", "least", "most"), [(1, 100, 200), (6, 750, 950), (30, 1_500, 2_000)])
def test_usual_lengths_grow_slowly(papers: int, least: int, most: int) -> None:
    """Five to seven papers get 800 to 950 words, thirty not five times that."""
    assert least <= usual_words(papers) <= most
