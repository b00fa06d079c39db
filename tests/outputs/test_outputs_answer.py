"""Answers, citations and finds as a reader sees them: as documents and on a terminal, whatever the papers say."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable
from typing import Any

import pytest
from answers import (
    EXTRACTIVE,
    FAST,
    HOSTILE,
    LEFT_OUT,
    PAPERS,
    PROSE,
    QUOTES,
    TABLE,
    answer,
    cited,
    claim,
    found,
    no_answer,
    passage,
)
from desk import paper
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.outputs.answer_markdown import answer_markdown
from agent.outputs.answer_text import answer_text
from agent.outputs.found_markdown import cited_markdown, found_markdown
from agent.outputs.found_text import cited_text, found_text
from agent.outputs.markdown import escape
from agent.outputs.wrapping import Page, cells
from agent.records import Answer, Cell, Column, Missing, Row, Searched, Stance, Table
from agent.text.printable import printable

CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029]")
ANSWERS = {
    "prose": answer(tables=(TABLE,), dropped=(LEFT_OUT,)),
    "entries": answer(claims=QUOTES, engine=EXTRACTIVE),
    "no answer": no_answer("needs_full_text"),
    "an odd question": answer(question=HOSTILE, asked_as=HOSTILE[::-1]),
    "nothing found": no_answer("nothing_found", nearest=(), passages=(), would_settle=None),
}
DOCUMENTS = {
    **{f"{name}, evidence {more}": answer_markdown([one], evidence=more) for name, one in ANSWERS.items() for more in (False, True)},
    "a thread": answer_markdown(list(ANSWERS.values()), evidence=True),
    "citations": cited_markdown(cited()),
    "no citations": cited_markdown(cited(supports=(), against=(), related=())),
    "found": found_markdown(found()),
    "found nothing": found_markdown(found(passages=(), why=())),
}  # fmt: skip
PAGE = Page(80)
TEXTS = {
    **{f"{name}, evidence {more}": answer_text(one, PAGE, evidence=more, with_question=more) for name, one in ANSWERS.items() for more in (False, True)},
    "citations": cited_text(cited(), PAGE),
    "no citations": cited_text(cited(supports=(), against=(), related=()), PAGE),
    "found": found_text(found(), PAGE),
    "found nothing": found_text(found(passages=(), why=()), PAGE),
}  # fmt: skip


def words(text: str) -> str:
    """A text on one line, without what a terminal must not get."""
    return " ".join(printable(text).split())


@pytest.mark.parametrize(
    "name", ["prose, evidence True", "no answer, evidence True", "a thread", "citations", "found"]
)
def test_pandoc_takes_every_document(pandoc: Callable[..., str], name: str) -> None:
    """Citations are found and each has its entry in the references; no paper's markup becomes markup."""
    page = pandoc("--citeproc", "--fail-if-warnings", "--standalone", "-t", "html", text=DOCUMENTS[name])
    body = page[page.index("<body") :]
    assert "<script" not in body
    assert "citeproc-not-found" not in body
    keys = {key for keys in re.findall(r'data-cites="([^"]+)"', body) for key in keys.split()}
    assert {f"ref-{key}" for key in keys} == set(re.findall(r'id="(ref-[^"]+)"', body))


@pytest.mark.parametrize("name", [*DOCUMENTS, *TEXTS])
def test_nothing_speaks_to_the_terminal(name: str) -> None:
    """No control character of a title, a sentence or a question stands in a document or on a terminal."""
    for shown in (DOCUMENTS.get(name, ""), TEXTS.get(name, "")):
        assert CONTROL.findall(shown) == []


@pytest.mark.parametrize(("name", "clean"), [("prose", False), ("entries", True)])
def test_every_claim_is_read_with_what_it_cites(pandoc: Callable[..., str], name: str, clean: bool) -> None:
    """Each claim stands in the document and on the terminal, word for word, and each cited paper is listed there."""
    one = ANSWERS[name]
    page = pandoc("--citeproc", "-t", "html-smart", text=answer_markdown([one], clean=clean))
    read = words(html.unescape(re.sub("<[^>]+>", "", page)))
    text = words(answer_text(one, Page(100), clean=clean))
    for made in one.claims:
        said = printable(made.text, "").rstrip(".")
        if made.evidence and made.evidence[0].part == "title":
            said = said.strip("“”")
        assert words(said) in read
        assert words(made.text.rstrip(".") if said[0] != "A" else said) in text
    for key in {key for made in one.claims for key in made.citations}:
        assert f"[{key}]" in text
        assert f"`{key}`" in answer_markdown([one], clean=clean).split("## References")[1]


def test_claims_are_read_together_by_their_ids() -> None:
    """Claims of one paragraph are running text, the next paragraph begins anew, quotations are entries of a list."""
    prose = answer_markdown([answer(claims=PROSE[:3])]).split("---\n\n")[1].split("\n\n")
    assert (
        prose[0] == "Sound is faster than floats [@echo; @Lind:2021-a].‡ Floats cost 5 EUR [@Lind:2021-a].†"
    )
    assert prose[1] == "None states what sound costs [@echo].§"
    entries = answer_markdown([answer(claims=QUOTES)]).split("---\n\n")[1].split("\n\n")[0].splitlines()
    assert entries[:3] == [
        "- **FloatLog: Water Levels from Floats** [@Lind:2021-a]",
        "  - “Floats are slow.”",
        "  - “Floats cost 5 EUR.”",
    ]
    assert entries[-1] == "- **A Bare Title** [@bare]: only the title is known."
    assert sum(line.startswith("- ") for line in entries) == 3


def test_quoted_papers_are_listed_once() -> None:
    """Where the answer is a list of papers, that list is the numbered one, and none is repeated below it."""
    text = answer_text(answer(claims=(*QUOTES, claim("p4.c1", "x.", FAST))), Page(100))
    assert [line[:9] for line in text.splitlines() if re.match(r" +\d\. ", line)] == [
        "  1. Floa", "  2. Well", "  3. A Ba", "  4. Echo",
    ]  # fmt: skip
    assert text.index("  3. A Bare Title [bare]\n     only the title is known\n") < text.index(
        "Papers\n  4. Echo"
    )


@pytest.mark.parametrize("is_text", [False, True])
def test_clean_leaves_the_marks_out(is_text: bool) -> None:
    """With `clean` no mark and no note on marks stands anywhere, and nothing else is different."""
    one = answer()
    page = Page(100)
    marked = words(answer_text(one, page) if is_text else answer_markdown([one]))
    clean = words(answer_text(one, page, clean=True) if is_text else answer_markdown([one], clean=True))
    bare = re.sub(r"‡ marks.*in part\. ", "", marked)
    assert bare != marked
    assert re.sub("[‡†§]", "", bare) == clean


@pytest.mark.parametrize(
    ("fields", "opening"),
    [
        ({"status": "not_stated", "reason": "nothing_found"}, "Not stated."),
        ({"status": "not_stated", "reason": "needs_full_text"}, "Not stated."),
        ({"status": "not_stated", "reason": "false_premise"}, "Not as the question has it."),
        ({"status": "partial"}, "Answered in part."),
        ({"status": "failed", "reason": "budget"}, "Could not be answered."),
        ({"status": "answered", "reason": "conflicting"}, "The papers disagree."),
    ],
)
def test_what_is_no_plain_answer_says_so_first(fields: dict[str, Any], opening: str) -> None:
    """Before any claim stands what came of the question, why, and what would settle it."""
    one = no_answer("nothing_found", **{"claims": PROSE[:1], **fields})
    document = answer_markdown([one]).split("---\n\n")[1]
    assert document.startswith(f"**{opening}** {escape(one.explanation)}\n\n**What would settle it:** ")
    text = answer_text(one, PAGE)
    assert words(text).startswith(
        words(f"{opening} {one.explanation} What would settle it: {one.would_settle}")
    )
    for shown in (document, text):
        assert shown.index("settle") < shown.index("Sound is faster than floats")


@pytest.mark.parametrize(
    ("fields", "is_said"),
    [
        ({}, False),
        ({"dropped": (LEFT_OUT,)}, True),
        ({"missing": (Missing(where="judging", code="timeout", reason="no reply"),)}, True),
    ],
)
def test_an_answer_that_is_whole_needs_no_explanation(fields: dict[str, Any], is_said: bool) -> None:
    """What was left out or could not be made is explained; where nothing was, the answer comes at once."""
    one = answer(**fields)
    assert (one.explanation in answer_text(one, PAGE)) == is_said
    assert (one.explanation in answer_markdown([one])) == is_said


def test_the_nearest_papers_are_those_not_cited() -> None:
    """Where the question is not plainly answered the reader is led to papers that are not above, else to none."""
    near = no_answer("nothing_found", status="partial", claims=PROSE[:1])
    shown = answer_text(near, PAGE).split("Nearest papers")[1]
    assert "[evil]" in shown
    assert "[echo]" not in shown
    told = no_answer(
        "needs_full_text", explanation=f"The abstract of “{PAPERS['echo'].title}” (echo) does not state: x."
    )
    assert answer_text(told, PAGE).count("EchoWell: Water Levels") == 1, "a title is said once"
    assert "Nearest" not in answer_text(no_answer("off_topic"), PAGE)
    assert "Nearest" not in answer_text(answer(), PAGE)
    assert "Nearest" not in answer_markdown([answer()])


def test_a_follow_up_shows_how_it_was_understood() -> None:
    """A question that leans on an earlier one is shown as it was looked for; one that stands alone is not repeated."""
    one = answer(question="And the second?", asked_as="Is EchoWell faster?")
    assert "Understood as: Is EchoWell faster?" in answer_text(one, PAGE)
    assert "*Understood as: Is EchoWell faster?*" in answer_markdown([one])
    assert "Understood" not in answer_text(answer(asked_as=answer().question), PAGE)


@pytest.mark.parametrize("one", [answer(tables=(TABLE,)), answer(claims=QUOTES)])
def test_evidence_shows_the_very_sentences(one: Answer) -> None:
    """With `evidence` every sentence that a claim or a cell rests on stands below it with its place, else none."""
    evidence = [e for claim in one.claims for e in claim.evidence if e.part != "title"]
    evidence += [e for table in one.tables for row in table.rows for cell in row.cells for e in cell.evidence]
    bare, shown = (words(answer_text(one, Page(100), evidence=more)) for more in (False, True))
    document = answer_markdown([one], evidence=True)
    assert "abstract, sentence" not in bare
    for sentence in evidence:
        assert re.search(
            re.escape(words(f"“{sentence.text}” (")) + rf"(?:{sentence.key}, )?abstract, sentence {sentence.sentence}\)", shown
        )  # fmt: skip
        assert f"> {escape(sentence.text)}\n> — `{sentence.key}`, abstract" in document


def test_evidence_tells_of_gaps_problems_and_what_was_dropped() -> None:
    """Words that were looked for, failed checks and dropped claims are not kept back."""
    one = answer(dropped=(LEFT_OUT,))
    for shown in (answer_text(one, PAGE, evidence=True), answer_markdown([one], evidence=True)):
        assert "“price”" in shown
        assert "the 5 stands elsewhere (figure)" in shown
        assert "Floats are 9x faster." in shown
        assert "nearest:" in shown
    assert "9x" not in answer_text(one, PAGE)


def test_the_nearest_sentences_stand_for_no_claim() -> None:
    """Where there is no claim, evidence is what came nearest, and is called so."""
    one = no_answer(
        "needs_full_text", passages=(passage("echo", FAST.text), passage("echo", "It hums.", 0.5))
    )
    assert "Nearest sentences\n  “Sound is 4.2x faster.” (echo, abstract, sentence 1)" in answer_text(
        one, PAGE, evidence=True
    )
    assert "### Nearest sentences\n\n> Sound is 4.2x faster." in answer_markdown([one], evidence=True)


def test_papers_are_numbered_as_they_are_met_with_what_is_known() -> None:
    """The list below an answer has each cited paper once, with authors, year and link where a source names them."""
    text = answer_text(answer(claims=(*PROSE, *(claim("p3.c1", "x.", QUOTES[-1].evidence[0]),))), Page(100))
    assert text.split("Papers\n")[1].split("\n\n")[0].splitlines()[:4] == [
        "  1. EchoWell: Water Levels from Sound [echo] (2020)",
        "     https://example.org/echo_1",
        "  2. FloatLog: Water Levels from Floats [Lind:2021-a] (Eva Lind, Jan van den Berg, 2021)",
        "     https://doi.org/10.5555/w_1",
    ]
    assert "  4. A Bare Title [bare]\n\n" in text


def test_retracted_papers_are_told() -> None:
    """Whoever is about to rest on a retracted paper is warned, in every form."""
    gone = paper("echo", "EchoWell", "Sound is 4.2x faster.", retracted=True)
    papers = {**PAPERS, "echo": gone}
    shown = [answer_text(answer(papers=papers), PAGE), answer_markdown([answer(papers=papers)]), cited_text(cited(papers=papers), PAGE),
             cited_markdown(cited(papers=papers)), found_text(found(papers=papers), PAGE), found_markdown(found(papers=papers))]  # fmt: skip
    assert all("retracted" in text.lower() for text in shown)


def test_tables_are_columns_where_they_fit() -> None:
    """A table stands in columns if the terminal is wide enough, else each row is a block; nothing is cut."""
    columns = (Column(id="a", title="Speed"), Column(id="b", title="量子"))
    rows = (Row(key="echo", cells=(Cell(text="4.2x", evidence=(FAST,)), Cell(text="中文", evidence=(FAST,)))),
            Row(key="bare", cells=(Cell(), Cell(text="a\nb\x1b", evidence=(FAST,)))))  # fmt: skip
    small = answer(claims=(), tables=(Table(caption="Side by side", columns=columns, rows=rows),))
    assert "Paper   Speed  量子\n[echo]  4.2x   中文\n[bare]  –      a b�\n" in answer_text(small, PAGE)
    wide = answer_text(answer(claims=(), tables=(TABLE,)), Page(60))
    assert "EchoWell [echo]\n  Speed-up: 4.2x\n  Cost | EUR: –\n" in wide
    assert words(f"Speed-up: {HOSTILE} Cost | EUR: 5") in words(wide)


def test_it_says_where_was_looked_and_how_it_was_made() -> None:
    """The last lines name papers, collection, other forms of the question, engine, checks and day."""
    text = words(answer_text(answer(question="is sound faster"), PAGE))
    assert text.endswith(
        "Searched: titles and abstracts of 4 papers of collection “wells”, 1 of them whole; also for “sound speed”. "
        "Model: m-1, m-2. Checked by code, and by a model that saw each claim with its sentences only. 2026-01-15."
    )
    none = EXTRACTIVE.model_copy(update={"verify": "none"})
    document = answer_markdown([answer(engine=none, searched=Searched(papers=1))])
    assert document.endswith(
        "*Searched: titles and abstracts of 1 paper. Extractive engine, no model asked. "
        "Not verified, beyond that every cited sentence exists. 2026-01-15.*\n"
    )


def test_a_thread_is_one_document() -> None:
    """Each turn has its heading, and all share one list of references."""
    document = answer_markdown([answer(), no_answer("off_topic", question="And # bolts?")])
    assert "\n## Is sound faster than floats?\n" in document
    assert "\n## And \\# bolts?\n" in document
    assert document.count("## References") == 1
    assert document.count("Searched:") == 2


# Citations


def test_papers_for_and_against_are_ready_to_be_cited() -> None:
    """Each stance has its papers with their sentences, and citations for Markdown and LaTeX."""
    text, document = cited_text(cited(), PAGE), cited_markdown(cited())
    order = ["Supports it", "[echo]", FAST.text, "[@echo; @Lind:2021-a]", r"\cite{echo, Lind:2021-a}", "Speaks against it",
             "[@evil]", r"\cite{evil}", "Related"]  # fmt: skip
    for shown in (text, document[document.index("\n---") :].partition("[@echo; @Lind:2021-a]\n")[2]):
        places = [
            shown.find(piece if shown is text else piece.replace("[echo]", "[@echo]")) for piece in order[:3]
        ]
        assert -1 not in places
        assert all(piece in shown for piece in order[3:])
    assert [text.index(piece) for piece in order] == sorted(text.index(piece) for piece in order)
    assert "[@bare]" not in text.split("Related")[1], "what is merely near bears no citation"
    assert r"\cite{bare}" not in text + document


def test_long_citations_fit_into_the_page() -> None:
    """The keys of a long citation go on in the next line."""
    keys = [f"somebody20{number}attention" for number in range(10, 30)]
    stances = tuple(Stance(key=key, evidence=()) for key in keys)
    papers = {key: PAPERS["echo"].model_copy(update={"key": key}) for key in keys}
    text = cited_text(cited(supports=stances, against=(), related=(), papers=papers), PAGE)
    assert max(map(len, text.splitlines())) <= PAGE.width
    assert r"\cite{" + ", ".join(keys) + "}" in words(text)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"supports": (), "against": ()}, "Nothing found that supports it or speaks against it."),
        ({"supports": (), "against": (), "related": ()}, "Nothing found."),
    ],
)
def test_nothing_found_is_said_plainly(fields: dict[str, Any], said: str) -> None:
    """Where no paper supports or contradicts, that stands first."""
    assert cited_text(cited(**fields), PAGE).startswith(said)
    assert f"**{said}**" in cited_markdown(cited(**fields))
    assert "Nothing" not in cited_text(cited(supports=()), PAGE)


@pytest.mark.parametrize(
    ("judged", "said"),
    [
        ((True, True), None),
        ((True, False), "What is not marked as judged was"),
        ((False, False), "These were"),
    ],
)
def test_what_no_model_has_judged_is_said_to_be_so(judged: tuple[bool, bool], said: str | None) -> None:
    """Words in common are no support: who cites is told to read, unless a model has held them side by side."""
    stances = tuple(Stance(key=key, evidence=(FAST,), judged=is_judged) for key, is_judged in zip(("echo", "bare"), judged, strict=True))  # fmt: skip
    one = cited(supports=stances, against=(), related=())
    for shown in (cited_text(one, PAGE), cited_markdown(one)):
        assert shown.count("judged by the model") == sum(judged)
        assert ("told by shared words alone" in shown) == (said is not None)
        assert (said or "") in shown


# Finds


def test_passages_stand_under_their_papers_best_first() -> None:
    """A paper stands where its best sentence puts it, with all its sentences and their places."""
    text = found_text(found(why=None), Page(100))
    assert text.startswith(
        "  1. EchoWell: Water Levels from Sound [echo] (2020)\n     https://example.org/echo_1\n     “Sound is 4.2x faster.” (abstract, sentence 1)\n"
        "\n  2. Wells] of"
    )
    assert "(body, sentence 1, page 7)" in text
    assert "score" not in text


def test_the_reasons_of_a_find_are_told() -> None:
    """What each word adds, best first; which words are lacking; whether the paper was called by its name."""
    text = words(found_text(found(), Page(100)))
    assert re.search(r"script.* 1\.500 fast +0\.250 sound +0\.250 Lacks: price, Wells\]", text)
    assert text.count("Called by its name.") == 1
    document = found_markdown(found())
    assert "| fast | 0.250 |\n| sound | 0.250 |" in document
    assert document.count("Called by its name.") == 1


# Wrapping

ANY = st.text(st.characters(exclude_categories=("Cs",)), max_size=120)


@given(text=ANY, width=st.integers(30, 100), indent=st.integers(0, 8))
@settings(derandomize=True, database=None, deadline=None, max_examples=100)
def test_no_line_is_longer_than_the_page(text: str, width: int, indent: int) -> None:
    """Every character stands in a line that fits; only words of plain letters, keys and links, may be longer."""
    lines = Page(width).wrap(text, indent=indent)
    for line in lines:
        assert cells(line) <= width or (len(line.split()) == 1 and line.isascii())
        assert line.startswith(" " * indent)
        assert not CONTROL.search(line)
    assert "".join("".join(lines).split()) == "".join(printable(text).split())


@given(spans=st.lists(st.tuples(st.sampled_from(["", "cite"]), ANY), max_size=4), width=st.integers(30, 60))
@settings(derandomize=True, database=None, deadline=None, max_examples=100)
def test_a_style_changes_no_line(spans: list[tuple[str, str]], width: int) -> None:
    """Colours take no room: without them the lines are those of a plain page."""
    marked = Page(width, lambda role, text: f"\x1b[{text}\x1b]").wrap(spans)
    assert [re.sub("\x1b[\\[\\]]", "", line) for line in marked] == Page(width).wrap(spans)


def test_widths_are_those_of_a_terminal() -> None:
    """Wide characters take two columns, marks that combine none."""
    assert [cells(text) for text in ("abc", "量子", unicodedata.normalize("NFD", "é"), "")] == [3, 4, 1, 0]
    assert Page(31).wrap("量" * 20) == ["量" * 15, "量" * 5]
    assert Page(30).wrap("see https://example.org/" + "x" * 40) == ["see", "https://example.org/" + "x" * 40]
