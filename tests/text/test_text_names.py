"""Names, links and ids: what is written as a name, what is a link, what an id is made of."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from text_cases import FIXED

from agent.text.links import links_in
from agent.text.names import fold_name, head_of_title, is_name, names
from agent.text.numbered import slug

PATHS = ["", "/b", "/b-c", "/~b/c_d", "/b.html", "/b/1.0", "/b/c--d"]
LINKS = st.builds(
    "{}://a{}.org{}".format, st.sampled_from(["http", "https"]), st.integers(0, 3), st.sampled_from(PATHS)
)
GLUED = st.sampled_from(["", ".", ",", ";", ":", "!", "?", ")", ").", "]", "'", "”", "**", '"', ">", "),"])


@pytest.mark.parametrize(
    "token",
    [
        "LLM",
        "LLMs",
        "GPT-4o",
        "KIVI",
        "vLLM",
        "iOS",
        "H100",
        "T5",
        "ResNet-50",
        "LLaMA-2",
        "PyTorch",
        "NeurIPS",
        "KV-cache",
        "LLM-based",
        "Q4_0",
        "α-DiT",
        "3D",
        "MiniGPT-4",
        "CIFAR-10",
    ],
)
def test_a_name_is_known_by_its_writing(token: str) -> None:
    """Capitals inside, acronyms, and letters with digits are names."""
    assert is_name(token)


@pytest.mark.parametrize(
    "token",
    [
        "However",
        "The",
        "Transformer",
        "model",
        "a",
        "I",
        "X",
        "",
        "-",
        "state-of-the-art",
        "State-of-the-art",
        "Pre-LN",
        "Multi-GPU",
        "Fine-Tuning",
        "2024",
        "3.5",
        "x2",
    ],
)
def test_ordinary_words_are_no_names(token: str) -> None:
    """A word that is merely capitalised, or a number, is no name."""
    assert not is_name(token)


@pytest.mark.parametrize(
    "token",
    ["INT8", "FP16", "BF16", "W4A4", "W4A8KV4", "7B", "1.3B", "100K", "8x", "4-bit", "16bits", "GB", "KB"],
)
def test_units_are_no_names(token: str) -> None:
    """Bit widths, counts and factors are figures, and no names."""
    assert not is_name(token)


def test_names_come_in_order_as_written() -> None:
    """A text gives its names, without possessive endings, and leaves the rest."""
    text = "However, GPT-4o and LLMs (e.g., LLaMA-2's) run INT8 on 7B models; BERT’s W4A4 KV cache."
    assert list(names(text)) == ["GPT-4o", "LLMs", "LLaMA-2", "BERT", "KV"]


@FIXED
@given(
    st.one_of(
        st.text(), st.lists(st.sampled_from(["GPT-4o", "'s", " ", "*", "-", "x", "7B", "LLMs"])).map("".join)
    )
)
def test_every_name_stands_in_the_text(text: str) -> None:
    """No name is made up: each stands in the text and is itself written as one."""
    for name in names(text):
        assert name in text
        assert is_name(name)


@pytest.mark.parametrize(
    ("name", "other", "same"),
    [
        ("LLMs", "LLM", True),
        ("GPUs", "gpu", True),
        ("GPT-4o", "GPT4o", True),
        ("KV-Cache", "kv cache", True),
        ("LLaMA-2", "Llama 2", True),
        ("iOS", "iO", False),
        ("CMOS", "CMO", False),
        ("GPT-4", "GPT-4o", False),
        ("Transformers", "Transformer", False),
    ],
)
def test_two_spellings_of_one_name(name: str, other: str, same: bool) -> None:
    """Case, hyphens, spaces and the plural of an acronym do not make another name."""
    assert (fold_name(name) == fold_name(other)) is same


@pytest.mark.parametrize(
    ("title", "head"),
    [
        ("KIVI: A Tuning-Free Quantization", "KIVI"),
        ("Medusa: Simple Acceleration", "Medusa"),
        ("LLaMA Pro: Progressive Training", "LLaMA Pro"),
        ("Deep learning: a survey", None),
        ("One two three four GPT-5: a long head", None),
        ("A title without a colon", None),
        (": nothing before", None),
    ],
)
def test_the_head_of_a_title(title: str, head: str | None) -> None:
    """What stands before a colon names the work, if it is short and written as a name."""
    assert head_of_title(title) == head


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("see https://a.org/c.", ["https://a.org/c"]),
        ("(https://a.org/c)", ["https://a.org/c"]),
        ("(see https://a.org/c).", ["https://a.org/c"]),
        ("[https://a.org]", ["https://a.org"]),
        ("<https://a.org/c>", ["https://a.org/c"]),
        ("“https://a.org/c”", ["https://a.org/c"]),
        ("**https://a.org/c**", ["https://a.org/c"]),
        ("https://a.org/c…", ["https://a.org/c"]),
        ("https://a.org/wiki/A_(b)", ["https://a.org/wiki/A_(b)"]),
        ("(https://a.org/wiki/A_(b))", ["https://a.org/wiki/A_(b)"]),
        ("https://a.org, https://b.org; https://a.org!", ["https://a.org", "https://b.org"]),
        ("https://a.org/x?y=1&z=2#t", ["https://a.org/x?y=1&z=2#t"]),
        ("http://a.org:8080/x", ["http://a.org:8080/x"]),
        ("https://", []),
        ("https:// and more", []),
        ("https://localhost/x", []),
        ("a.org/c and www.a.org", []),
        ("no link", []),
    ],
)
def test_links_of_a_text(text: str, expected: list[str]) -> None:
    """Links come once each, in order, without what is glued to their end."""
    assert list(links_in(text)) == expected


@FIXED
@given(st.lists(st.tuples(LINKS, GLUED)))
def test_links_are_found_whatever_is_glued_to_them(pairs: list[tuple[str, str]]) -> None:
    """A closing mark after a link never becomes part of it."""
    text = " and ".join(f"({link}{glued}" if ")" in glued else link + glued for link, glued in pairs)
    assert list(links_in(text)) == list(dict.fromkeys(link for link, _ in pairs))


@pytest.mark.parametrize(
    ("text", "taken", "expected"),
    [
        ("Speculative decoding", [], "speculative-decoding"),
        ("KV cache & serving", [], "kv-cache-serving"),
        ("  --Padded--  ", [], "padded"),
        ("Naïve Bayes", [], "naive-bayes"),
        ("3D Gaussian splatting", [], "theme-3d-gaussian-splatting"),
        ("模型量化", [], "theme"),
        ("Схема", [], "theme"),
        ("!!!", [], "theme"),
        ("", [], "theme"),
        ("模型量化", ["theme"], "theme-2"),
        ("Pruning", ["pruning"], "pruning-2"),
        ("Pruning", ["pruning", "pruning-2"], "pruning-3"),
        ("x" * 80, [], "x" * 60),
        ("x" * 59 + " yz", [], "x" * 59),
    ],
)
def test_an_id_is_made_of_a_title(text: str, taken: list[str], expected: str) -> None:
    """Ids are lower case with hyphens, short, begin with a letter, and are numbered where taken."""
    assert slug(text, taken) == expected


@FIXED
@given(
    st.lists(st.one_of(st.text(max_size=30), st.sampled_from(["A", "a", "A 2", "中", "theme", "theme 2"])))
)
def test_ids_are_plain_and_differ(titles: list[str]) -> None:
    """However alike titles are, each gets an id of its own that needs no escaping anywhere."""
    ids: list[str] = []
    for title in titles:
        ids.append(slug(title, ids))
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", one) for one in ids)
