"""A survey with a model: what is asked, how often, and that the same comes out however it is asked."""

from __future__ import annotations

import json
import random
import re
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest
from endpoint import (
    CUT,
    NO_CHOICES,
    REFUSAL,
    RESET,
    TOO_LONG_A_REPLY,
    Action,
    Received,
    ScriptedEndpoint,
    failed,
    good,
)
from surveying import DATE, KEY, SAMPLE, as_sent, command, desk, digests, identity, questions, settings
from synthetic import SENTENCE, answer, question

from agent import Review
from agent.errors import LitreviewError, ModelError, UsageError
from agent.records import Survey


@dataclass(frozen=True)
class Undisturbed:
    """A survey of the sample with nothing in its way: what came of it, and what was asked."""

    survey: Survey
    received: list[Received]
    digests: dict[str, str]


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    folder = tmp_path_factory.mktemp("whole")
    with ScriptedEndpoint(answer) as endpoint:
        survey = desk(endpoint, folder).survey([SAMPLE], out=folder / "out", date=DATE)
    return Undisturbed(survey, endpoint.received, digests(folder / "out"))


@pytest.fixture
def whole(undisturbed: Undisturbed) -> dict[str, str]:
    """The digests of an undisturbed survey."""
    return undisturbed.digests


def test_a_survey_asks_once_for_each_thing(undisturbed: Undisturbed) -> None:
    """N papers and S sections take at most N + 4 S + 10 first asks, and the survey accounts for every paper."""
    survey, received = undisturbed.survey, undisturbed.received
    asked = questions(received)
    papers, sections = 24, len(survey.themes)
    assert asked["summarise"] == papers and asked["draft_section"] == sections
    assert asked["propose"] == asked["order"] == asked["draft_frame"] == 1
    assert asked.total() <= papers + 4 * sections + 10
    assert len({identity(one) for one in received}) == asked.total()
    assert survey.usage.calls == asked.total() and survey.usage.input_tokens
    assert not survey.missing and survey.flow.cited == papers


def test_every_claim_is_judged(undisturbed: Undisturbed) -> None:
    """With a model each kept claim was looked at; all but own ones have a verdict."""
    survey = undisturbed.survey
    claims = list(survey.claims())
    assert claims and all(claim.judged for claim in claims)
    assert all((claim.verdict is None) == (claim.kind == "own") for claim in claims)
    assert survey.engine.verify == "model"


def test_a_prompt_for_a_theme_holds_exactly_its_papers(undisturbed: Undisturbed) -> None:
    """Parsed back from what was sent: the titles of each section's prompt are the theme's, with all sentences."""
    survey, received = undisturbed.survey, undisturbed.received
    sent = [as_sent(one.body) for one in received if question(one.body) == "draft_section"]
    shown = [Counter(text for _, number, text in SENTENCE.findall(user) if number == "0") for user in sent]
    wanted = [Counter(survey.papers[key].title for key in theme.papers) for theme in survey.themes]
    assert sorted(map(sorted, shown)) == sorted(map(sorted, wanted))
    read = [as_sent(one.body) for one in received if question(one.body) == "summarise"]
    titles = [re.findall(r"^\[0\] (.*)$", user, re.M) for user in read]
    assert sorted(titles) == sorted([paper.title] for paper in survey.papers.values())


def test_a_judge_sees_exactly_the_cited_sentences(undisturbed: Undisturbed) -> None:
    """Below each claim in a judge's prompt stand the sentences that it cites, and no others."""
    survey, received = undisturbed.survey, undisturbed.received
    first = {claim.text: [one.text for one in claim.evidence] for claim in survey.claims()}
    seen = 0
    for one in received:
        if question(one.body) != "judge":
            continue
        for block in re.split(r"^\[C\d+\] \w+: ", as_sent(one.body), flags=re.M)[1:]:
            text, *rest = block.split("\n")
            said = [line.partition(" says: ")[2] for line in rest if " says: " in line]
            if text in first:
                seen += 1
                assert said == first[text]
    assert seen >= len(first)


def test_a_rerun_asks_nothing_and_writes_the_same(tmp_path: Path, whole: dict[str, str]) -> None:
    """The second run takes every reply from the store."""
    with ScriptedEndpoint(answer) as endpoint:
        review = desk(endpoint, tmp_path)
        review.survey([SAMPLE], out=tmp_path / "one", date=DATE)
        before = len(endpoint.received)
        review.survey([SAMPLE], out=tmp_path / "two", date=DATE)
        assert len(endpoint.received) == before and review.meter.tries == 0
    assert digests(tmp_path / "one") == digests(tmp_path / "two") == whole


@pytest.mark.parametrize("concurrency", [1, 32])
def test_order_and_number_of_calls_in_flight_change_nothing(
    tmp_path: Path, whole: dict[str, str], concurrency: int
) -> None:
    """Replies that come in any order, one or many at a time, give the same bytes."""
    chance = random.Random(concurrency)

    def shuffled(received: Received) -> Action:
        time.sleep(chance.random() / 50)
        return answer(received)

    with ScriptedEndpoint(shuffled) as endpoint:
        review = desk(endpoint, tmp_path, concurrency=str(concurrency))
        review.survey([SAMPLE], out=tmp_path / "out", date=DATE)
    assert digests(tmp_path / "out") == whole


@pytest.mark.parametrize("after", [12, 40])
def test_a_killed_run_goes_on_where_it_was(tmp_path: Path, whole: dict[str, str], after: int) -> None:
    """Killed without warning after so many replies and run again: none of these is asked again, same bytes."""

    def slow(received: Received) -> Action:
        time.sleep(0.01)
        return answer(received)

    with ScriptedEndpoint(slow) as endpoint:
        arguments = ("survey", SAMPLE, "--out", "out", "--date", DATE, "--concurrency", "2")
        running = command(endpoint, tmp_path, *arguments)
        while len(endpoint.received) <= after + 2:
            time.sleep(0.002)
        running.kill()
        running.communicate()
        assert not (tmp_path / "out" / "survey.json").exists()
        time.sleep(0.05)
        begun = list(endpoint.received)
        again = command(endpoint, tmp_path, *arguments)
        _, said = again.communicate()
    assert again.returncode == 0, said
    twice = [number for number, count in Counter(map(identity, endpoint.received)).items() if count > 1]
    lost = {identity(one) for one in begun[-4:]}  # what was under way when it was killed
    assert set(twice) <= lost and len(twice) <= 4
    assert digests(tmp_path / "out") == whole


WAYS = (
    failed(429, "slow down"),
    failed(429, "slow down", retry_after="0.01"),
    failed(500, "oops"),
    RESET,
    CUT,
    NO_CHOICES,
    good("this is no JSON"),
    good('{"other": 1}'),
)
FOR_GOOD = (REFUSAL, TOO_LONG_A_REPLY)


def test_an_endpoint_that_fails_in_eight_ways_is_survived(tmp_path: Path, whole: dict[str, str]) -> None:
    """Three in ten calls fail: the survey is made all the same, and is the same."""
    chance = random.Random(3)

    def failing(received: Received) -> Action:
        return chance.choice(WAYS) if chance.random() < 0.3 else answer(received)

    with ScriptedEndpoint(failing) as endpoint:
        review = desk(endpoint, tmp_path, concurrency="4")
        survey = review.survey([SAMPLE], out=tmp_path / "out", date=DATE)
    assert sum(review.meter.failures.values()) > 5
    # A reply that did not fit was paid for and answered; the survey rests on the one that came after.
    assert not survey.missing and len(survey.themes) == 5
    assert {row.status for row in survey.ledger} == {"cited", "duplicate"}
    assert digests(tmp_path / "out").keys() == whole.keys()


def test_what_fails_for_good_is_named_and_filled_by_the_next_run(
    tmp_path: Path, whole: dict[str, str]
) -> None:
    """Refused and cut replies: named in text and JSON, exit 3; the next run asks for these and what rests on them."""
    is_well = False

    def failing(received: Received) -> Action:
        number = int(identity(received)[:4], 16)
        is_hit = question(received.body) in ("summarise", "draft_section") and number % 10 < 3
        return FOR_GOOD[number % 2] if is_hit and not is_well else answer(received)

    with ScriptedEndpoint(failing) as endpoint:
        arguments = ("survey", SAMPLE, "--out", "out", "--date", DATE)
        first = command(endpoint, tmp_path, *arguments)
        told, _ = first.communicate()
        assert first.returncode == 3
        survey = Survey.model_validate_json((tmp_path / "out" / "survey.json").read_text())
        text = (tmp_path / "out" / "survey.md").read_text()
        assert survey.missing and survey.flow.missing
        for missing in survey.missing:
            assert missing.where in told and missing.where.split(",")[0] in text
        assert {m.code for m in survey.missing} <= {"refusal", "length"}
        before, is_well = len(endpoint.received), True
        second = command(endpoint, tmp_path, *arguments)
        _, said = second.communicate()
        assert second.returncode == 0, said
    known = {identity(one) for one in endpoint.received[:before] if not _is_hit(one)}
    assert not known & {identity(one) for one in endpoint.received[before:]}
    assert digests(tmp_path / "out").keys() == whole.keys()
    healed = json.loads((tmp_path / "out" / "survey.json").read_text())
    assert not healed["missing"] and healed["flow"]["cited"] == 24


def _is_hit(received: Received) -> bool:
    number = int(identity(received)[:4], 16)
    return question(received.body) in ("summarise", "draft_section") and number % 10 < 3


# Bounds


@pytest.mark.parametrize("most", [3, 40])
def test_no_more_calls_than_allowed(tmp_path: Path, most: int, whole: dict[str, str]) -> None:
    """The budget ends the run with what is done, says what is missing, and the next run goes on from there."""
    with ScriptedEndpoint(answer) as endpoint:
        survey = desk(endpoint, tmp_path, max_calls=str(most)).survey(
            [SAMPLE], out=tmp_path / "out", date=DATE
        )
        assert len(endpoint.received) == most
        assert survey.missing and {missing.code for missing in survey.missing} <= {"budget", "nothing_held"}
        flow = survey.flow
        parts = (flow.rejected, flow.duplicates, flow.excluded, flow.outliers, flow.cited, flow.uncited)
        assert flow.read == sum(parts) + flow.missing == 25
        whole_run = desk(endpoint, tmp_path).survey([SAMPLE], out=tmp_path / "out", date=DATE)
    assert not whole_run.missing
    assert len({identity(one) for one in endpoint.received}) == len(endpoint.received)


def test_a_budget_too_small_for_a_plan_makes_nothing(tmp_path: Path) -> None:
    """Without themes there is no survey: the run ends with an error that says what to do."""
    with ScriptedEndpoint(answer) as endpoint, pytest.raises(ModelError) as raised:
        desk(endpoint, tmp_path, max_tokens="10").survey([SAMPLE], out=tmp_path / "out")
    assert (raised.value.code, len(endpoint.received)) == ("budget", 0)
    assert not (tmp_path / "out").exists()


def test_tokens_and_money_are_bounds_too(tmp_path: Path) -> None:
    """What the endpoint reported of a bounded run lies below the bound."""
    with ScriptedEndpoint(answer) as endpoint:
        review = desk(endpoint, tmp_path / "tokens", max_tokens="60000", concurrency="1")
        survey = review.survey([SAMPLE], out=tmp_path / "out", date=DATE)
        assert survey.missing and review.meter.input_tokens + review.meter.output_tokens <= 60_000
        review = desk(endpoint, tmp_path / "money", max_cost="0.05", prices="1/4", concurrency="1")
        survey = review.survey([SAMPLE], out=tmp_path / "out2", date=DATE)
        assert survey.missing and survey.usage.cost is not None and 0 < survey.usage.cost <= 0.05


def test_money_without_prices_is_wrong_usage(tmp_path: Path) -> None:
    """A bound that cannot be kept is refused before anything is asked."""
    with ScriptedEndpoint(answer) as endpoint:
        with pytest.raises(UsageError, match="prices"):
            desk(endpoint, tmp_path, max_cost="1").survey([SAMPLE], out=tmp_path / "out")
        assert not endpoint.received


# What cannot work


@pytest.mark.parametrize(
    ("action", "said", "hint"),
    [
        (failed(401, f"Incorrect API key provided: {KEY}", "invalid_api_key"), "key", "OPENAI_API_KEY"),
        (failed(404, "The model `synthetic` does not exist", "model_not_found"), "no model", "--model"),
        (Action(404, "{}", {}), "protocol", "OPENAI_BASE_URL"),
    ],
)
def test_what_no_retry_mends_is_said_once(tmp_path: Path, action: Action, said: str, hint: str) -> None:
    """A bad key, an unknown model, another protocol: one call, exit 1, two lines, and no key in them."""
    with ScriptedEndpoint([action]) as endpoint:
        running = command(endpoint, tmp_path, "-q", "survey", SAMPLE, "--out", "out")
        out, error = running.communicate()
        assert (running.returncode, out, len(endpoint.received)) == (1, "", 1)
    lines = error.strip().split("\n")
    assert len(lines) == 2 and said in lines[0] and hint in lines[1]
    assert KEY not in error and "Traceback" not in error


def test_a_dead_endpoint_is_said_to_be_dead(tmp_path: Path) -> None:
    """Where nobody listens the run ends with exit 1 and names the address."""
    with ScriptedEndpoint(answer) as endpoint:
        pass
    running = command(endpoint, tmp_path, "-q", "survey", SAMPLE, "--out", "out")
    _, error = running.communicate()
    assert running.returncode == 1 and "127.0.0.1" in error and "cannot be reached" in error


def test_no_key_is_said_before_anything_is_asked(tmp_path: Path) -> None:
    """A model without a key or an address is an error that names the variable."""
    review = Review(tmp_path, environment={"HOME": str(tmp_path), "LITREVIEW_MODEL": "m"})
    with pytest.raises(LitreviewError) as raised:
        review.survey([SAMPLE], out=tmp_path / "out")
    assert "OPENAI_API_KEY" in (raised.value.hint or "") and raised.value.exit_code == 2


def test_a_judge_needs_a_model(tmp_path: Path) -> None:
    """`verify model` without a model is wrong usage."""
    with pytest.raises(UsageError, match="needs a model"):
        Review(tmp_path, environment={"HOME": str(tmp_path)}).survey(
            [SAMPLE], out=tmp_path / "o", verify="model"
        )


def test_the_key_is_in_no_file(tmp_path: Path) -> None:
    """Neither the store, nor the recording, nor the log, nor any product holds the key."""
    with ScriptedEndpoint(answer) as endpoint:
        arguments = ("survey", SAMPLE, "--out", "out", "--record", "made.jsonl", "--log-file", "run.log")
        running = command(endpoint, tmp_path, *arguments)
        assert KEY not in "".join(running.communicate()) and running.returncode == 0
    held = [path for path in tmp_path.rglob("*") if path.is_file() and KEY.encode() in path.read_bytes()]
    assert held == []
    assert settings(endpoint, tmp_path)["OPENAI_API_KEY"] == KEY


# Wishes


def test_length_and_language_reach_the_writer(tmp_path: Path) -> None:
    """`words` is shared out over the sections, and the language is asked for wherever sentences are written."""
    with ScriptedEndpoint(answer) as endpoint:
        desk(endpoint, tmp_path).survey(
            [SAMPLE], out=tmp_path / "out", words=2000, language="German", date=DATE
        )
    by_question: dict[str, list[str]] = {}
    for one in endpoint.received:
        by_question.setdefault(question(one.body), []).append(as_sent(one.body))
    first_asks = {
        user
        for name in ("draft_section", "draft_frame")
        for user in by_question[name]
        if "Your last draft" not in user
    }
    lengths = [int(found) for user in first_asks for found in re.findall(r"about (\d+) words\.", user)]
    assert len(lengths) == len(first_asks) and 0.85 * 2000 <= sum(lengths) <= 1.15 * 2000
    for name in ("draft_section", "draft_frame", "revise"):
        assert all("German" in user for user in by_question[name])


def test_a_plan_of_the_users_is_obeyed(tmp_path: Path) -> None:
    """An edited plan is not planned again; its instructions reach the writer of that theme and no other."""
    with ScriptedEndpoint(answer) as endpoint:
        review = desk(endpoint, tmp_path)
        review.plan([SAMPLE], out=tmp_path)
        text = (tmp_path / "plan.md").read_text()
        head = re.search(r"^## .*\n.*\n", text, re.M)
        assert head
        edited = text.replace(head.group(), head.group() + "\n> Dwell on memory.\n", 1)
        (tmp_path / "plan.md").write_text(edited)
        before = len(endpoint.received)
        review.survey([SAMPLE], out=tmp_path / "out", plan=tmp_path / "plan.md", date=DATE)
    after = endpoint.received[before:]
    assert not {"propose", "place", "order"} & set(questions(after))
    wished = [
        one
        for one in after
        if question(one.body) == "draft_section" and "Dwell on memory." in as_sent(one.body)
    ]
    assert len({identity(one) for one in wished}) == 1


def test_an_unfinished_run_keeps_its_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Begun on one day and gone on with on another, a survey bears the first; one that got nowhere does not."""
    from agent.api import engines

    class Clock:
        day = 1

        @classmethod
        def now(cls, zone: object) -> Clock:
            return cls()

        def date(self) -> Clock:
            return self

        def isoformat(self) -> str:
            return f"2026-03-0{self.day}"

    monkeypatch.setattr(engines, "datetime", Clock)
    with ScriptedEndpoint([failed(401, "no", "invalid_api_key")]) as endpoint, pytest.raises(ModelError):
        desk(endpoint, tmp_path).survey([SAMPLE], out=tmp_path / "out")
    Clock.day = 2

    def dies(received: Received) -> Action:
        return answer(received) if question(received.body) in ("propose", "order") else failed(401, "no")

    with ScriptedEndpoint(dies) as endpoint, pytest.raises(ModelError):
        desk(endpoint, tmp_path).survey([SAMPLE], out=tmp_path / "out")
    Clock.day = 3
    with ScriptedEndpoint(answer) as endpoint:
        survey = desk(endpoint, tmp_path).survey([SAMPLE], out=tmp_path / "out")
        again = desk(endpoint, tmp_path).survey([SAMPLE], out=tmp_path / "other")
    assert (survey.date, again.date) == ("2026-03-02", "2026-03-03")


def test_run_rerun_and_replay_are_one_product(tmp_path: Path, whole: dict[str, str]) -> None:
    """Recorded, made again from the store, and replayed from the recording by somebody else: the same bytes."""
    record = tmp_path / "made.jsonl"
    with ScriptedEndpoint(answer) as endpoint:
        review = desk(endpoint, tmp_path / "mine")
        review.survey([SAMPLE], out=tmp_path / "one", date=DATE, record=record)
        kept = record.read_bytes()
        asked = len(endpoint.received)
        review.survey([SAMPLE], out=tmp_path / "two", date=DATE, record=record)
        assert len(endpoint.received) == asked and record.read_bytes() == kept
    other = Review(tmp_path / "other", environment={"HOME": str(tmp_path)})
    other.survey([SAMPLE], out=tmp_path / "three", replay=record)
    assert digests(tmp_path / "one") == digests(tmp_path / "two") == digests(tmp_path / "three") == whole


def test_an_interrupted_recording_goes_on(tmp_path: Path, whole: dict[str, str]) -> None:
    """A recording that was killed is gone on with, and is in the end what it would have been."""
    with ScriptedEndpoint(answer) as endpoint:
        desk(endpoint, tmp_path / "a").survey(
            [SAMPLE], out=tmp_path / "out", date=DATE, record=tmp_path / "a.jsonl"
        )
        with pytest.raises(ModelError):
            part = iter(range(30))
            with ScriptedEndpoint(
                lambda r: answer(r) if next(part, None) is not None else failed(401, "no")
            ) as dying:
                desk(dying, tmp_path / "b").survey(
                    [SAMPLE], out=tmp_path / "out2", date=DATE, record=tmp_path / "b.jsonl"
                )
        assert (tmp_path / "b.jsonl.partial").exists() and not (tmp_path / "b.jsonl").exists()
        # Another workspace: what was recorded is all that is known of the first try.
        before = len(endpoint.received)
        desk(endpoint, tmp_path / "c").survey(
            [SAMPLE], out=tmp_path / "out3", date=DATE, record=tmp_path / "b.jsonl"
        )
        assert len(endpoint.received) - before == before - 30
    assert (tmp_path / "a.jsonl").read_bytes() == (tmp_path / "b.jsonl").read_bytes()
    assert not (tmp_path / "b.jsonl.partial").exists()
    assert digests(tmp_path / "out3") == whole
