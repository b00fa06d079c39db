"""Answers through a real endpoint with a synthetic model behind it: what is asked, what it costs, what is kept."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from endpoint import Action, Received, ScriptedEndpoint, failed
from surveying import DATE, SAMPLE, as_sent, command, desk, questions
from synthetic import answer, question

QUESTION = "Which scaling protects the salient weights?"
OTHER = {
    "title": "On Baking Sourdough in Cold Kitchens",
    "abstract": "Dough rises slowly where it is cold. We bake.",
}


def asked_of(endpoint: ScriptedEndpoint) -> dict[str, int]:
    return dict(questions(endpoint.received))


def test_a_question_is_three_calls_and_the_same_again_none(tmp_path: Path) -> None:
    with ScriptedEndpoint(answer) as endpoint:
        review = desk(endpoint, tmp_path)
        first = review.ask(QUESTION, [SAMPLE], date=DATE)
        assert asked_of(endpoint) == {"plan_question": 1, "draft_answer": 1, "judge": 1}
        assert first.status == "answered" and first.claims[0].judged and first.usage.calls == 3
        again = desk(endpoint, tmp_path).ask(QUESTION, [SAMPLE], date=DATE)
        assert again == first and len(endpoint.received) == 3
        shown = desk(endpoint, tmp_path).asked(first.thread)
        assert shown[0].answer == first and len(endpoint.received) == 3


def test_a_paper_that_says_nothing_of_it_costs_nothing(tmp_path: Path) -> None:
    """What is asked names no more of the library than the question touches."""
    more = tmp_path / "more.jsonl"
    more.write_text(json.dumps(OTHER), encoding="utf-8")
    with ScriptedEndpoint(answer) as endpoint:
        review = desk(endpoint, tmp_path)
        review.add([SAMPLE])
        first = review.ask(QUESTION, date=DATE)
        review.add([more])
        again = review.ask(QUESTION, date=DATE)
        assert len(endpoint.received) == 3
        assert again.claims == first.claims and again.searched.papers == first.searched.papers + 1


def test_a_dry_run_asks_nobody_and_bounds_what_is_asked(tmp_path: Path) -> None:
    with ScriptedEndpoint(answer) as endpoint:
        review = desk(endpoint, tmp_path)
        before = review.estimate_ask(QUESTION, [SAMPLE])
        assert not endpoint.received
        assert {step.step: step.calls for step in before.steps} == {
            "plan": 1,
            "write": 1,
            "judge": 2,
            "revise": 1,
        }
        review.ask(QUESTION, [SAMPLE], date=DATE)
        assert len(endpoint.received) <= before.calls
        after = review.estimate_ask(QUESTION, [SAMPLE])
        assert after.calls == 0 and after.stored == 3
        assert [turn.question for turn in review.asked()] == [QUESTION]


def test_a_dry_run_of_citations_asks_nobody(tmp_path: Path) -> None:
    with ScriptedEndpoint(answer) as endpoint:
        review = desk(endpoint, tmp_path)
        before = review.estimate_cite("Keys are quantized per channel.", [SAMPLE])
        assert not endpoint.received
        assert {step.step: step.calls for step in before.steps} == {"write": 1, "judge": 1}
        review.cite("Keys are quantized per channel.", [SAMPLE], date=DATE)
        assert 0 < len(endpoint.received) <= before.calls
        assert review.estimate_cite("Keys are quantized per channel.", [SAMPLE]).calls == 0


def test_a_question_of_authors_and_years_is_no_question_to_a_model(tmp_path: Path) -> None:
    with ScriptedEndpoint(answer) as endpoint:
        made = desk(endpoint, tmp_path).ask("Who wrote AWQ?", [SAMPLE], date=DATE)
        assert (made.status, made.reason) == ("not_stated", "nothing_found")
        assert "litreview show awq" in (made.would_settle or "")
        assert not endpoint.received


def test_a_model_is_told_whose_papers_are_meant(tmp_path: Path) -> None:
    """No sentence says who wrote a paper: where the question calls one by its author, the prompt says which it is."""
    told = tmp_path / "told.jsonl"
    told.write_text(json.dumps(OTHER | {"authors": ["Ann Smith"]}), encoding="utf-8")
    with ScriptedEndpoint(answer) as endpoint:
        desk(endpoint, tmp_path).ask("What does Smith say of dough?", [told], date=DATE)
        prompts = [
            "".join(one["content"] for one in received.body["messages"]) for received in endpoint.received
        ]
        drafts = [prompt for prompt in prompts if "<question>" in prompt and "<papers>" in prompt]
        assert drafts and all("What does Smith say of dough? (Smith: P1)" in prompt for prompt in drafts)


@pytest.mark.parametrize("calls", [1, 2])
def test_a_budget_ends_it_cleanly_and_nothing_is_paid_twice(tmp_path: Path, calls: int) -> None:
    with ScriptedEndpoint(answer) as endpoint:
        short = desk(endpoint, tmp_path, max_calls=str(calls)).ask(QUESTION, [SAMPLE], date=DATE)
        assert len(endpoint.received) == calls
        if calls < 2:
            assert (short.status, short.reason, short.thread) == ("failed", "budget", None)
            assert short.passages and short.nearest and "larger budget" in (short.would_settle or "")
        else:
            assert short.status == "answered" and not short.claims[0].judged
            assert [one.code for one in short.missing] == ["budget"]
        whole = desk(endpoint, tmp_path).ask(QUESTION, [SAMPLE], date=DATE)
        assert whole.status == "answered" and len(endpoint.received) == 3


def test_where_the_question_is_not_read_its_own_words_are_looked_for(tmp_path: Path) -> None:
    def refuses(received: Received) -> Action:
        return (
            failed(400, "no", "invalid_request")
            if question(received.body) == "plan_question"
            else answer(received)
        )

    with ScriptedEndpoint(refuses) as endpoint:
        made = desk(endpoint, tmp_path).ask(QUESTION, [SAMPLE], date=DATE)
    assert made.status == "answered" and made.searched.queries == (QUESTION,)
    assert [one.where for one in made.missing] == ["reading of the question"]


def test_a_further_question_is_asked_with_its_thread_and_nothing_else(tmp_path: Path) -> None:
    with ScriptedEndpoint(answer) as endpoint:
        review = desk(endpoint, tmp_path)
        first = review.ask(QUESTION, [SAMPLE], date=DATE)
        endpoint.received.clear()
        second = review.ask("and why?", [SAMPLE], date=DATE, thread=first.thread)
        plan = next(one for one in endpoint.received if question(one.body) == "plan_question")
    assert f"Asked: {QUESTION}" in as_sent(plan.body) and first.claims[0].text[1:30] in as_sent(plan.body)
    assert (second.thread, second.turn) == (first.thread, 2)


def test_exit_codes(tmp_path: Path) -> None:
    """0 for an answer, 3 where a budget ended it, 1 where the endpoint is dead; never a traceback."""
    with ScriptedEndpoint(answer) as gone:
        dead = gone
    with ScriptedEndpoint(answer) as endpoint:
        runs = {
            0: command(endpoint, tmp_path / "a", "ask", QUESTION, SAMPLE),
            3: command(endpoint, tmp_path / "b", "ask", QUESTION, SAMPLE, "--max-calls", "1"),
            1: command(dead, tmp_path / "c", "ask", QUESTION, SAMPLE),
        }
        for code, run in runs.items():
            out, error = run.communicate(timeout=60)
            assert run.returncode == code, error
            assert bool(out) == (code != 1) and error.count("error:") == (code == 1)
            assert "Traceback" not in error
