"""What the recorded model answered, replayed: written for these prompts by a language model through a stand-in endpoint."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from agent import Review
from agent.errors import ModelError
from agent.llm.cassette import load
from agent.llm.prompts import Prompts
from agent.records import Answer, Cited

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "examples" / "papers.jsonl"
FACT = "Does AWQ need backpropagation or reconstruction?"
COMPARISON = (
    "PEARL or EasySpec: what kind of waiting does each of the two get rid of, and how much faster are they?"
)
LIST = "Which methods quantize the KV cache, and what do they lose?"
PREMISE = "Why does KIVI quantize keys per token and values per channel?"
NO = "How many calibration samples does AWQ need?"
CHAT = (
    "Which papers fine-tune by training only low-rank matrices?",
    "and the second one, how does it initialise them?",
)
CITE = "Speculative decoding needs extra training before it speeds up a model."
NAMES = ("ask-fact", "ask-comparison", "ask-list", "ask-premise", "ask-no", "ask-chat", "ask-cite")
AWQ, KIVI = "awqactivationawareweightquantization", "kiviatuningfreeasymmetric"
PEARL, EASYSPEC = "parallelspeculativedecodingwith", "easyspeclayerparallelspeculativedecoding"


def cassette(name: str) -> Path:
    return ROOT / "cassettes" / f"{name}.jsonl"


def desk(folder: Path) -> Review:
    return Review(folder, environment={"HOME": str(folder)})


def asked(folder: Path, name: str, question: str, **more: Any) -> Answer:
    return desk(folder).ask(question, [SAMPLE], replay=cassette(name), **more)


def figures_of(made: Answer) -> str:
    return " ".join(claim.text for claim in made.claims)


def cited(made: Answer) -> list[str]:
    return list(dict.fromkeys(key for claim in made.claims for key in claim.citations))


def test_a_fact(tmp_path: Path) -> None:
    made = asked(tmp_path, "ask-fact", FACT)
    assert (made.status, made.reason, made.date) == ("answered", None, "2026-11-21")
    assert cited(made) == [AWQ] and made.claims[0].text.startswith("No")
    assert all(claim.judged and claim.verdict == "supported" for claim in made.claims)
    assert made.engine.name == "model" and made.usage.calls == 3


def test_a_comparison_with_its_table(tmp_path: Path) -> None:
    """Each side with its own figures, and no ranking of what cannot be ranked."""
    made = asked(tmp_path, "ask-comparison", COMPARISON)
    assert made.kind == "comparison" and made.status == "answered"
    assert set(cited(made)) == {PEARL, EASYSPEC}
    assert all(figure in figures_of(made) for figure in ("3.79", "1.52", "4.17x", "1.62x"))
    [table] = made.tables
    assert {row.key for row in table.rows} == {PEARL, EASYSPEC} and len(table.columns) == 3
    assert all(cell.evidence for row in table.rows for cell in row.cells if cell.text)


def test_a_list_that_says_what_is_missing(tmp_path: Path) -> None:
    made = asked(tmp_path, "ask-list", LIST)
    assert made.kind == "list" and made.status == "partial"
    assert cited(made)[:2] == [KIVI, "zipvlefficientlargevisionlanguage"]
    assert "Scissorhands" in made.explanation and made.would_settle is not None
    assert any(claim.kind == "gap" for claim in made.claims)


def test_a_false_premise_is_named(tmp_path: Path) -> None:
    made = asked(tmp_path, "ask-premise", PREMISE)
    assert (made.status, made.reason) == ("not_stated", "false_premise")
    assert cited(made) == [KIVI] and "keys should be quantized per-channel" in figures_of(made)
    assert "takes for granted" in made.explanation


def test_an_honest_no_says_what_would_settle_it(tmp_path: Path) -> None:
    made = asked(tmp_path, "ask-no", NO)
    assert (made.status, made.reason) == ("not_stated", "needs_full_text")
    assert "number of calibration samples" in made.explanation
    assert made.would_settle is not None and f"--attach {AWQ}=FILE.pdf" in made.would_settle


def test_a_further_question_is_understood(tmp_path: Path) -> None:
    first = asked(tmp_path, "ask-chat", CHAT[0])
    second = asked(tmp_path, "ask-chat", CHAT[1], thread=first.thread)
    assert second.asked_as is not None and "LoLDU" in second.asked_as
    assert cited(second) == [cited(first)[1]] and (second.thread, second.turn) == (1, 2)
    assert [turn.answer for turn in desk(tmp_path).asked(1)] == [first, second]


def test_who_speaks_against_a_sentence(tmp_path: Path) -> None:
    made: Cited = desk(tmp_path).cite(CITE, [SAMPLE], replay=cassette("ask-cite"))
    assert not made.supports and [one.key for one in made.against] == [EASYSPEC]
    assert made.against[0].judged and "no training" in made.against[0].evidence[0].text
    assert {one.key for one in made.related} == {
        "medusasimplellminference",
        "hardwareawareparallelpromptdecoding",
    }


def test_another_question_is_not_in_the_recording(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no recorded reply for this question of step 'plan'"):
        asked(tmp_path, "ask-fact", "Does AWQ need training?")


def again(name: str, review: Review, record: Path) -> None:
    """Ask what a cassette holds, on a copy of it that is written anew."""
    day = load(cassette(name)).head.date
    questions = {"ask-fact": (FACT,), "ask-comparison": (COMPARISON,), "ask-list": (LIST,),
                 "ask-premise": (PREMISE,), "ask-no": (NO,), "ask-chat": CHAT}  # fmt: skip
    if name == "ask-cite":
        review.cite(CITE, [SAMPLE], record=record, date=day)
        return
    thread = None
    for question in questions[name]:
        thread = review.ask(question, [SAMPLE], record=record, date=day, thread=thread).thread


@pytest.mark.parametrize("name", [name for name in NAMES if name != "ask-chat"])
def test_every_recording_is_used(tmp_path: Path, name: str) -> None:
    """What a replay does not ask for has no place in the cassette, and nothing is asked that is not there."""
    record = tmp_path / "again.jsonl"
    record.write_bytes(cassette(name).read_bytes())
    environment = {"HOME": str(tmp_path), "OPENAI_API_KEY": "none", "OPENAI_BASE_URL": "http://127.0.0.1:9/v1", "LITREVIEW_MODEL": "recorded"}  # fmt: skip
    review = Review(tmp_path, environment=environment)
    again(name, review, record)
    assert review.meter.tries == 0
    assert record.read_bytes() == cassette(name).read_bytes()


@pytest.mark.parametrize("name", NAMES)
def test_the_prompts_are_those_that_were_recorded(name: str) -> None:
    """A prompt that was changed since needs a new recording; the page beside it names the digests."""
    page = (ROOT / "cassettes" / "README.md").read_text(encoding="utf-8")
    now = Prompts().digests
    recorded = load(cassette(name)).head.prompts
    assert recorded and recorded == {prompt: now[prompt] for prompt in recorded}
    assert all(digest in page for digest in recorded.values())


def test_the_readme_shows_this_very_answer(tmp_path: Path) -> None:
    """What a reader of the first page sees is what the command prints."""
    page = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = page.partition("<!-- asked -->\n")[2].partition("<!-- /asked -->")[0]
    made = asked(tmp_path, "ask-premise", PREMISE)
    flat = " ".join(shown.split())
    assert PREMISE in flat and made.explanation in flat
    assert all(claim.text.rstrip(".") in flat for claim in made.claims)
