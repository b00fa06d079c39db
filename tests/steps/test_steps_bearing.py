"""What a new paper bears on: works that the reader has, and claims of his review."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scripted import FIXED

from agent.records import Claim, Paper, Texts
from agent.records.digests import ReviewClaim
from agent.steps.bearing import OwnWorks, Review
from agent.text.numbered import number_sentences


def paper(key: str, title: str, abstract: str | None = None) -> Paper:
    return Paper(key=key, title=title, title_original=title, texts=Texts(title=title, abstract=abstract))


OWN = {
    one.key: one
    for one in (
        paper("awq", "AWQ: Activation-aware Packing of Weights"),
        paper("medusa", "Medusa: Several Heads for One Stream"),
        paper("flash", "FlashWell-2: Faster Wells"),
        paper("eff", "EfficientWell: Wells at Little Cost"),
        paper("one", "TWIN: The First of the Name"),
        paper("two", "TWIN: Another of the Name"),
        paper("plain", "On the Height of Water in Wells"),
    )
}


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("Our method outperforms AWQ by two points.", "compares itself with AWQ, which you have"),
        ("It is faster than Medusa.", "compares itself with Medusa, which you have"),
        ("Compared with flash-well 2, it halves the cost.", None),
        ("Compared with FlashWell2, it halves the cost.", "compares itself with FlashWell-2, which you have"),
        ("Gains over AWQ are small.", "compares itself with AWQ, which you have"),
        ("We build on AWQ.", "speaks of AWQ, which you have"),
        ("AWQ outperforms all others.", "speaks of AWQ, which you have"),
        ("AWQ is overused.", "speaks of AWQ, which you have"),
        ("We tell of an awq.", None),
        ("Medusa is a jellyfish.", None),
        ("We keep a medusa in a tank.", None),
        ("We build on Medusa heads.", "speaks of Medusa, which you have"),
        ("Wells should be an efficient well, more than others.", None),
        ("It is better than AWQ-2.", None),
        ("It is better than TWIN.", None),
        ("The height of water in wells rises.", None),
    ],
)
def test_what_a_sentence_says_of_own_works(sentence: str, said: str | None) -> None:
    """Comparison is said only where a word of it stands before the name; names of two works are nobody's."""
    new = number_sentences(paper("new", "Packing Crates", f"Crates are packed. {sentence}"))
    found = OwnWorks(OWN).in_paper(new)
    assert [one.text for one in found] == ([said] if said else [])
    for one in found:
        assert one.evidence[0].text == sentence
        assert one.key in OWN


def test_a_comparison_is_told_before_a_mention() -> None:
    """Of several sentences about one work the one that compares counts, and what is compared comes first."""
    new = number_sentences(
        paper("new", "Packing", "We build on AWQ. We use FlashWell-2. It beats AWQ. It is quick.")
    )
    found = OwnWorks(OWN).in_paper(new)
    assert [one.key for one in found] == ["awq", "flash"]
    assert found[0].evidence[0].text == "It beats AWQ."


def test_a_paper_does_not_bear_on_itself() -> None:
    """A work that is called by the same name is not told that it speaks of it."""
    new = number_sentences(paper("new", "AWQ: Another Work", "AWQ is faster than AWQ."))
    assert OwnWorks(OWN).in_paper(new) == ()
    assert OwnWorks(OWN).in_paper(number_sentences(OWN["awq"])) == ()


CLAIMS = tuple(
    ReviewClaim(id=f"wells.p1.c{number}", section=3, number=number, text=f"“{text}”")
    for number, text in enumerate(
        (
            "Salt water rusts iron bolts of bridges within five winters.",
            "Owls hunt voles at dusk near barns.",
            "Experiments show that the method achieves better results than existing baselines.",
            "Copper pipes carry warm water from the cellar to the roof.",
        ),
        start=11,
    )
)


def claim(text: str) -> Claim:
    new = number_sentences(paper("new", "Bolts", text))
    return Claim(
        id="t.p1.c1", text=f"“{text}”", kind="fact", citations=("new",), evidence=(new.sentences[1],)
    )


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("Iron bolts of bridges rust in salt water within six winters.", "wells.p1.c11"),
        ("Bridges are painted in winter.", None),
        ("Experiments show that our method achieves better results than existing baselines.", None),
    ],
)
def test_only_what_is_very_near_bears_on_a_claim(text: str, near: str | None) -> None:
    """Words of substance must agree; what any paper says of itself brings nothing together."""
    found = Review(CLAIMS).near([claim(text)])
    assert [one.claim for one in found] == ([near] if near else [])
    if near:
        assert found[0].text == f"bears on section 3, claim 11: {CLAIMS[0].text}"
        assert found[0].evidence[0].text == text


@FIXED
@given(st.text(max_size=200), st.text(max_size=60))
def test_any_text_can_be_asked(abstract: str, title: str) -> None:
    """Whatever stands in a paper, what it bears on rests on its own sentences."""
    new = number_sentences(paper("new", title, abstract or None))
    own = OwnWorks({**OWN, "odd": paper("odd", f"{title}: A Work")})
    for one in own.in_paper(new):
        assert all(evidence in new.sentences for evidence in one.evidence)
    assert Review(()).near(()) == ()
