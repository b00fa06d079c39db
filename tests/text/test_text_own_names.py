"""What papers call their own work, what of a question may be such a name, and what is an ordinary word."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.text.own_names import is_ordinary, is_written_so, longest, own_names, typed_names
from agent.text.sentences import sentences
from agent.text.titles import fold

OWN = [
    ("DeepFloat: Floats in Wells", "We propose RopeNet.", {"DeepFloat": True}),
    ("Float+: Floats", "", {"Float+": True}),
    ("Floater 1.5: Boundless Wells", "", {"Floater 1.5": True}),
    ("WellLM, a Model of Wells", "", {"WellLM": True}),
    ("Wells, a Model of Water", "", {}),
    ("Floats in Wells", "We introduce RopeNet, a rope.", {"RopeNet": True}),
    ("Floats in Wells", "Our rope, dubbed RopeNet, holds.", {"RopeNet": True}),
    ("Floats in Wells", "We propose Rapid Open Pull Ends (ROPE).", {"ROPE": False}),
    ("Floats in Wells", "Ropes (ROPE) are long.", {}),
    ("Floats in Wells with RopeNet", "", {"RopeNet": False}),
    ("Floats in Wells", "We introduce a KV rope.", {}),
    ("Erratum: Floats", "", {}),
    ("", None, {}),
]


@pytest.mark.parametrize(("title", "abstract", "names"), OWN)
def test_a_paper_names_its_work(title: str, abstract: str | None, names: dict[str, bool]) -> None:
    """A name is sure where it heads the title or is introduced as one; an abbreviation in brackets may be any."""
    assert {one.written: one.is_sure for one in own_names(title, sentences(abstract or ""))} == names


TYPED = [
    ("AWQ's bits", "AWQ", True),
    ("is it (awq)?", "AWQ", True),
    ("AWQ/GPTQ", "GPTQ", True),
    ("smooth quant", "SmoothQuant", True),
    ("SmoothQuant+", "SmoothQuant+", True),
    ("SmoothQuant+", "SmoothQuant", False),
    ("SmoothQuant", "SmoothQuant+", False),
    ("quamba2", "Quamba", False),
    ("Quamba 2", "Quamba", False),
    ("Quamba 2 and more", "Quamba", False),
    ("AWQ 4 bit", "AWQ", True),
    ("flash attention 2", "FlashAttention-2", True),
    ("T MAC", "T-MAC", True),
    ("tmac", "T-MAC", True),
    ("AWQ-quantized", "AWQ", True),
    ("LoRA-like", "LoRA", True),
    ("one two three four", "one-two-three-four", True),
    ("one two three four five", "one-two-three-four-five", False),
]


@pytest.mark.parametrize(("query", "name", "is_there"), TYPED)
def test_a_name_is_found_however_it_is_typed(query: str, name: str, is_there: bool) -> None:
    assert (fold(name) in {one.folded for one in typed_names(query) if one.version is None}) == is_there


def test_a_longer_name_may_be_a_version_of_a_shorter() -> None:
    found = {one.folded: one.version for one in typed_names("TAID-LLM-1.5B")}
    assert found == {"taidllm1.5b": None, "taidllm": "taidllm1.5b", "taid": "taidllm1.5b"}
    assert {one.folded for one in typed_names("Medusa2")} == {"medusa2", "medusa"}


def test_of_names_in_each_other_the_longest_is_meant() -> None:
    found = longest(one for one in typed_names("use Grounding DINO-2 now") if one.folded != "usegrounding")
    kept = {one.text for one in found if one.folded in {"groundingdino2", "dino", "dino2", "grounding"}}
    assert "DINO" not in kept
    typed = [one for one in typed_names("Grounding DINO") if one.folded in {"dino", "groundingdino"}]
    assert [one.text for one in longest(typed)] == ["Grounding DINO"]


ORDINARY = [
    ("awq speed", "AWQ", "AWQ: Bits\nWe use AWQ. See github.com/llm-awq.", ["GPTQ and AWQ."], False),
    ("sharp bits", "SHARP", "SHARP: Bits\nSHARP is SHARP.", ["A sharp rise."], True),
    ("sharp bits", "SHARP", "SHARP: Bits\nSHARP is SHARP.", [], False),
    ("less bits", "LESS", "LESS: Bits\nLESS is more.", [], True),
    ("medusa heads", "Medusa", "Medusa: Heads\nWe use Medusa.", ["Unlike Medusa, we do not."], False),
    ("medusa heads", "Medusa", "Medusa: Heads\nWe use Medusa.", [], True),
    ("medusa heads", "Medusa", "Medusa: Heads\nWe use Medusa.", ["We use Medusa. A medusa swims."], True),
    ("core", "Core", "Core: Ice\nA core.", ["Core is at the start. Core again."], True),
    ("sparse attention", "SparseAttention", "SparseAttention: It", ["sparse attention", "SparseAttention"], True),
    ("flash attention", "FlashAttention", "FlashAttention: It", ["Flash Attention", "FlashAttention"], False),
]  # fmt: skip


@pytest.mark.parametrize(("query", "written", "own", "others", "is_plain"), ORDINARY)
def test_a_word_is_ordinary_where_papers_write_it_plainly(
    query: str, written: str, own: str, others: list[str], is_plain: bool
) -> None:
    (typed,) = (one for one in typed_names(query) if one.folded == fold(written))
    assert is_ordinary(typed, written, own, others) == is_plain


WRITTEN = [
    ("What is LESS?", "LESS", True),
    ("WHAT IS LESS?", "LESS", False),
    ("what is less?", "LESS", False),
    ("Flash-Attention speed", "FlashAttention", True),
    ("is Medusa fast", "Medusa", True),
    ("Medusa is fast", "Medusa", False),
    ("The Speed of Medusa Heads", "Medusa", False),
]


@pytest.mark.parametrize(("query", "written", "is_so"), WRITTEN)
def test_capitals_tell_a_name(query: str, written: str, is_so: bool) -> None:
    """Unless the whole question is in capitals, or a word's first letter is all that is one, where it must be."""
    (typed,) = (one for one in typed_names(query) if one.folded == fold(written) and one.version is None)
    assert is_written_so(typed, written, query) == is_so


@settings(derandomize=True, database=None, deadline=None, max_examples=100)
@given(st.text(max_size=80))
def test_any_text_may_be_a_question(query: str) -> None:
    for one in longest(typed_names(query)):
        assert one.folded
        assert one.start < one.end <= one.start + 4
