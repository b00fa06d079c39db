"""Text into Markdown: whatever a paper says, a reader sees it and nothing is read as markup."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from agent.outputs.markdown import cite, escape, table, yaml_string

NO_SHRINKING = (Phase.explicit, Phase.generate)  # each try runs another program
READERS = ("markdown", "gfm-emoji")
TRAPS = [
    "<think>hm</think>", "2^10^ and H~2~O", "as @word and @a2020 say", "[x](y)", "[@key]", "$5 and $6", "$x$",
    "a | b | c", "1. x", "1) x", "12. May", "# x", "## x {#id}", "&lt;b&gt; &amp; &#65; &copy;", "a & b &c d;",
    "`code` ``more``", "*a* **b** _c_ __d__ ~~e~~", "- x", "+ x", "* x", "> quoted", ": a definition", "::: note",
    "---", "***", "===", "----- -----", "| a | b |", "![alt](src.png)", "<!-- gone? -->", "<!0.5%", r"50\% \textbf{x} \\ \(",
    r"a trailing backslash\\", "x^2", "a_b_c", "[^1]", "[^1]: note", "[ref]: http://x.y", "{.class #id}", "{=html}",
    "~~~", "```", "\\begin{a}x\\end{a}", "http://a.org/b_c_d.", "see https://a.org/x_y_(z), and more",
    "https://a.org/?a=1&b=2#c", "https://a.org/?a=1&lt;2", "(https://a.org/x)", "a@b.org", "[email protected]", "2.49×, 50 %, “quoted”",
    "Learning C#", "x # y #", "1.", "10)", "(1) first", "(a) first", "a. first", "i) first", "A) first", "#. x", "(@) x",
    "e. coli grows", "Table: x", "<http://a.org>", "https://...", "https://", "Ünïcode 中文 عربى", "%%", "'tis \"so\"",
]  # fmt: skip
FRAGMENTS = [*TRAPS, " ", "\n", "\n\n", "    ", "\t", "\\", "<", ">", "[", "]", "(", ")", "*", "_", "^", "~", "`", "@", "#", "{",
             "}", "|", "$", ":", "-", "=", "+", "1.", ".", "!", "&", ";", "http://", "x", "word", "9"]  # fmt: skip
PLAIN_TEXT = st.text(st.characters(exclude_categories=("Cc", "Cs", "Cn")), max_size=20)
TEXTS = st.lists(st.sampled_from(FRAGMENTS) | PLAIN_TEXT, min_size=1, max_size=6).map("".join)
TYPOGRAPHY = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "–": "--", "—": "---", "…": "...", "\xa0": " "})  # fmt: skip


def folded(text: str) -> list[str]:
    """The words; a reader may set quotes and dashes as a printer would, and composes signs."""
    return unicodedata.normalize("NFC", text.translate(TYPOGRAPHY)).split()


def inlines(nodes: list[dict[str, Any]]) -> Iterator[str]:
    """The text of inline nodes; any that is markup is an error, but for a link that shows its address."""
    for node in nodes:
        kind, content = node["t"], node.get("c")
        if kind == "Str":
            yield content
        elif kind in ("Space", "SoftBreak"):
            yield " "
        elif kind == "Quoted":
            mark = "'" if content[0]["t"] == "SingleQuote" else '"'
            yield f"{mark}{''.join(inlines(content[1]))}{mark}"
        elif kind == "Link":
            yield "".join(inlines(content[1]))
        else:
            raise AssertionError(f"read as {kind}: {content}")


def paragraphs(pandoc: Callable[..., str], reader: str, markdown: list[str]) -> list[str]:
    """Each piece as a reader of the rendered page sees it; a piece that is no plain paragraph is an error."""
    document = json.loads(pandoc("-f", reader, "-t", "json", text="\n\n".join(markdown) + "\n"))
    blocks = document["blocks"]
    wrong = [block for block in blocks if block["t"] not in ("Para", "Plain")]
    assert not wrong, f"no paragraph: {wrong[0]}"
    assert len(blocks) == len(markdown)
    return ["".join(inlines(block["c"])) for block in blocks]


@pytest.mark.parametrize("reader", READERS)
@given(texts=st.lists(TEXTS, min_size=40, max_size=80))
@settings(derandomize=True, deadline=None, max_examples=6, phases=NO_SHRINKING)
def test_any_text_is_read_as_itself(pandoc: Callable[..., str], reader: str, texts: list[str]) -> None:
    """Every text comes out of the renderer with the same words, in one paragraph, with no markup."""
    texts = [text for text in texts if text.split()]
    shown = paragraphs(pandoc, reader, [escape(text) for text in texts])
    for text, seen in zip(texts, shown, strict=True):
        assert folded(seen) == folded(text)


@pytest.fixture(scope="module")
def shown_traps(pandoc: Callable[..., str]) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """Each trap as a document of its own, by reader: one run of the renderer for all, a rule between each."""
    shown = {}
    for reader in READERS:
        between = "\n\nthe next one\n\n"
        text = between.join(["", *(escape(trap) for trap in TRAPS), ""])
        blocks: list[list[dict[str, Any]]] = []
        for block in json.loads(pandoc("-f", reader, "-t", "json", text=text))["blocks"]:
            if block["t"] == "Para" and "".join(inlines(block["c"])) == "the next one":
                blocks.append([])
            else:
                blocks[-1].append(block)
        shown.update({(reader, trap): found for trap, found in zip(TRAPS, blocks, strict=False)})
    return shown


@pytest.mark.parametrize("trap", TRAPS)
@pytest.mark.parametrize("reader", READERS)
def test_a_trap_is_read_as_itself(
    shown_traps: dict[tuple[str, str], list[dict[str, Any]]], reader: str, trap: str
) -> None:
    """What looks like markup stays the text that it is."""
    (block,) = shown_traps[reader, trap]
    assert block["t"] == "Para"
    assert folded("".join(inlines(block["c"]))) == folded(trap)


@pytest.mark.parametrize("text", ["the --verify option", "a -- b", "wait ... what", "pages 1---2"])
def test_dashes_and_dots_are_left_as_the_paper_has_them(pandoc: Callable[..., str], text: str) -> None:
    """A sentence is shown word for word: what is typed as two dashes is not set as one long one."""
    assert paragraphs(pandoc, "markdown", [escape(text)]) == [text]


@pytest.mark.parametrize(
    "title", ["Learning C#", "Odd #", "## x", "An Id {#x}", "A [Link](x)", "a. first", "1. first"]
)
def test_a_heading_shows_the_whole_title(pandoc: Callable[..., str], title: str) -> None:
    """A title behind a heading's sign loses nothing, and gives the heading no id of its own."""
    document = json.loads(
        pandoc("-f", "markdown-auto_identifiers", "-t", "json", text=f"## {escape(title)}\n")
    )
    (block,) = document["blocks"]
    level, (identity, _, _), content = block["c"]
    assert (block["t"], level, identity) == ("Header", 2, "")
    assert "".join(inlines(content)) == title


@pytest.mark.parametrize(
    ("text", "link", "after"),
    [
        ("at https://a.org/b_c.", "https://a.org/b_c", "."),
        ("at https://a.org/b_c).", "https://a.org/b_c", ")."),
        ("at https://a.org/x*y*z, too", "https://a.org/x*y*z", ","),
        ("at http://a.org/?q=1&r=2!", "http://a.org/?q=1&r=2", "!"),
        ("“https://a.org/x”", "https://a.org/x", "”"),
    ],
)
def test_a_link_is_a_link_without_the_punctuation_behind_it(text: str, link: str, after: str) -> None:
    """Links become links; the mark that ends their sentence is none of theirs."""
    assert f"<{link}>{after}" in escape(text)


@given(TEXTS)
@settings(derandomize=True, deadline=None)
def test_escaped_text_is_one_line(text: str) -> None:
    """No text can begin a new line, and with it a new block."""
    assert len(escape(text).splitlines()) <= 1


@pytest.mark.parametrize(
    ("keys", "citation"), [([], ""), (["a"], "[@a]"), (["a", "Lind:2021-a"], "[@a; @Lind:2021-a]")]
)
def test_citations_stand_in_one_pair_of_brackets(keys: list[str], citation: str) -> None:
    """Several keys are one citation, none is nothing."""
    assert cite(keys) == citation


def test_a_cell_with_a_pipe_stays_one_cell(pandoc: Callable[..., str]) -> None:
    """A pipe in a text opens no column."""
    rows = [[escape("a | b"), escape("||")], [escape("`|`"), escape("c")]]
    html = pandoc("-f", "markdown", "-t", "html", text=table(["One", "Two"], rows))
    assert html.count("<td") == 4
    assert "a | b" in html


@given(texts=st.lists(TEXTS, min_size=1, max_size=20))
@settings(derandomize=True, deadline=None, max_examples=5, phases=NO_SHRINKING)
def test_any_title_fits_into_the_head(pandoc: Callable[..., str], texts: list[str]) -> None:
    """Whatever the title holds, the document's head gives it back with the same words."""
    texts = [text for text in texts if text.split()]
    head = "\n".join(
        ["---", *(f"title{number}: {yaml_string(text)}" for number, text in enumerate(texts)), "---"]
    )
    meta = json.loads(pandoc("-f", "markdown", "-t", "json", text=head + "\n\nx\n"))["meta"]
    for number, text in enumerate(texts):
        assert meta[f"title{number}"]["t"] == "MetaInlines"
        assert folded("".join(inlines(meta[f"title{number}"]["c"]))) == folded(text)
