"""A dry run: what would be asked, held against what then is."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from endpoint import ScriptedEndpoint
from surveying import DATE, SAMPLE, command, desk, questions
from synthetic import answer, count_tokens, question

from agent import Review
from agent.records import Estimate

STEPS = {
    "propose": "plan", "place": "plan", "order": "plan", "summarise": "read", "draft_section": "write",
    "draft_frame": "write", "judge": "judge", "revise": "revise",
}  # fmt: skip


def by_step(endpoint: ScriptedEndpoint) -> tuple[Counter[str], Counter[str]]:
    """Calls and input tokens that came in, by step."""
    calls: Counter[str] = Counter()
    tokens: Counter[str] = Counter()
    for one in endpoint.received:
        calls[STEPS[question(one.body)]] += 1
        tokens[STEPS[question(one.body)]] += count_tokens(one.body)
    return calls, tokens


def test_a_dry_run_asks_nothing(tmp_path: Path) -> None:
    """It sends nothing, writes no survey, and says that its tokens are guessed as long as none were reported."""
    with ScriptedEndpoint(answer) as endpoint:
        found = desk(endpoint, tmp_path).estimate([SAMPLE], out=tmp_path / "out")
        assert not endpoint.received
    assert found.is_rough and found.cost is None and found.stored == 0
    assert not (tmp_path / "out").exists()


def test_calls_of_planning_and_reading_are_exact_and_the_rest_is_an_upper_bound(tmp_path: Path) -> None:
    """What came in afterwards: as many planning and reading calls as said, and no more of any other."""
    with ScriptedEndpoint(answer) as endpoint:
        review = desk(endpoint, tmp_path)
        found = {step.step: step for step in review.estimate([SAMPLE], themes=5).steps}
        review.survey([SAMPLE], themes=5, out=tmp_path / "out", date=DATE)
    calls, _ = by_step(endpoint)
    assert (found["plan"].calls, found["read"].calls) == (calls["plan"], calls["read"]) == (2, 24)
    assert all(calls[step] <= found[step].calls for step in calls)


def test_tokens_are_near_once_the_endpoint_has_counted(tmp_path: Path) -> None:
    """An endpoint that counts in another way: after one run, the next one's input tokens are within 15 %."""
    lines = Path(SAMPLE).read_text(encoding="utf-8").splitlines(keepends=True)
    (tmp_path / "some.jsonl").write_text("".join(lines[:10]), encoding="utf-8")
    with ScriptedEndpoint(answer) as endpoint:
        review = desk(endpoint, tmp_path)
        review.survey([tmp_path / "some.jsonl"], themes=2, out=tmp_path / "one", date=DATE)
        found = review.estimate([SAMPLE], themes=5)
        endpoint.received.clear()
        review.survey([SAMPLE], themes=5, out=tmp_path / "out", date=DATE)
    assert not found.is_rough
    calls, tokens = by_step(endpoint)
    said = {step.step: step for step in found.steps}
    for step in ("plan", "read"):
        assert said[step].calls == calls[step]
        assert said[step].input_tokens == pytest.approx(tokens[step], rel=0.15)
    assert said["write"].input_tokens >= 0.85 * tokens["write"]


def test_what_is_stored_costs_nothing(tmp_path: Path) -> None:
    """After a survey the dry run of the same one finds all replies; with a new paper only what it touches."""
    with ScriptedEndpoint(answer) as endpoint:
        review = desk(endpoint, tmp_path)
        review.survey([SAMPLE], themes=5, out=tmp_path / "out", date=DATE)
        found = review.estimate([SAMPLE], themes=5)
    assert (found.calls, found.stored) == (0, questions(endpoint.received).total())


def test_money_is_told_where_prices_are_known(tmp_path: Path) -> None:
    """A price makes money of tokens."""
    with ScriptedEndpoint(answer) as endpoint:
        found = desk(endpoint, tmp_path, prices="2/8").estimate([SAMPLE])
    assert found.cost == pytest.approx((2 * found.input_tokens + 8 * found.output_tokens) / 1e6)


def test_more_papers_than_one_question_shows_are_placed_in_batches(tmp_path: Path) -> None:
    """Of 260 papers 200 are shown for themes and 60 placed afterwards, and the dry run knows it."""
    write_many(tmp_path / "many.jsonl", 260)
    with ScriptedEndpoint(answer) as endpoint:
        review = desk(endpoint, tmp_path)
        found = {step.step: step.calls for step in review.estimate([tmp_path / "many.jsonl"], themes=9).steps}
        made = review.plan([tmp_path / "many.jsonl"], themes=9, out=tmp_path)
    asked = questions(endpoint.received)
    assert len(made.plan.keys) == 260 and len(set(made.plan.keys)) == 260
    assert (asked["propose"], asked["order"]) == (1, 1) and 1 <= asked["place"] <= 2
    assert found["plan"] == asked.total()


def test_without_a_model_nothing_is_estimated(tmp_path: Path) -> None:
    """The engine that asks nobody costs nothing, and says so."""
    found = Review(tmp_path, environment={"HOME": str(tmp_path)}).estimate([SAMPLE])
    assert found == Estimate(steps=(), stored=0, calls=0, input_tokens=0, output_tokens=0, is_rough=False)


def test_the_command_says_it_in_lines(tmp_path: Path) -> None:
    """`--dry-run` prints calls, tokens and money, and exits 0."""
    with ScriptedEndpoint(answer) as endpoint:
        running = command(endpoint, tmp_path, "survey", SAMPLE, "--dry-run", prices="1/2")
        said, error = running.communicate()
    assert running.returncode == 0, error
    assert "24 calls" in said and "tokens in" in said and "money: at most" in said
    assert not endpoint.received


def write_many(path: Path, count: int) -> None:
    """So many papers that nobody wrote."""
    subjects = ("bridges", "harbours", "wells", "orchards", "kilns", "looms", "mills")
    lines = [
        f'{{"title": "Number {n} on {subjects[n % 7]}", "abstract": "We look at {subjects[n % 7]} of the kind {n}. '
        f'They are {n} years old. We count them and find that most still stand."}}\n'
        for n in range(count)
    ]
    path.write_text("".join(lines), encoding="utf-8")


def test_a_dry_run_needs_no_key(tmp_path: Path) -> None:
    """Nobody is asked, so nobody's key is: a model's name is enough."""
    review = Review(tmp_path, environment={"HOME": str(tmp_path), "LITREVIEW_MODEL": "some-model"})
    assert review.estimate([SAMPLE], out=tmp_path / "out").calls > 40
