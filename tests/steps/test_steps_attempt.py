"""The loop of every step: a whole round at a time, failed items again with their reasons, the best kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from scripted import FIXED, SILENT, run

from agent.engines.protocol import Ask, Failure, Observer
from agent.records import Problem
from agent.steps.attempt import Checked, Outcome, attempt

Draft = str | Failure
LOST = Failure("lost", "no answer came")
SPENT = Failure("budget", "the budget is spent", is_final=True)


class Script:
    """Answers the n-th ask about an item with its n-th draft, the last one ever after."""

    def __init__(self, drafts: Mapping[str, Sequence[Draft]]) -> None:
        self.drafts = drafts
        self.rounds: list[list[Ask[str, str]]] = []

    async def __call__(self, asks: Sequence[Ask[str, str]], observer: Observer) -> list[Draft]:
        self.rounds.append(list(asks))
        turn = len(self.rounds) - 1
        return [self.drafts[ask.item][min(turn, len(self.drafts[ask.item]) - 1)] for ask in asks]

    @property
    def items(self) -> list[list[str]]:
        return [[ask.item for ask in asks] for asks in self.rounds]


def check(item: str, draft: str) -> Checked[str]:
    """Each `!` is a problem; a draft that opens with `?` cannot be kept."""
    problems = tuple(Problem(code="mark", message=f"{item}: mark {n}") for n in range(draft.count("!")))
    return Checked(None if draft.startswith("?") else draft, problems)


def attempted(drafts: Mapping[str, Sequence[Draft]], **options: Any) -> tuple[Script, list[Outcome[str]]]:
    script = Script(drafts)
    return script, run(attempt(script, list(drafts), check, SILENT, **options))


def test_all_items_are_asked_in_one_round() -> None:
    """Drafts that pass are asked for once, all together, with nothing to mend."""
    script, outcomes = attempted({"a": ["one"], "b": ["two"], "c": ["three"]})
    assert script.rounds == [[Ask("a"), Ask("b"), Ask("c")]]
    assert [outcome.value for outcome in outcomes] == ["one", "two", "three"]


def test_no_item_is_no_round() -> None:
    """Where nothing is to be asked nobody is asked."""
    script, outcomes = attempted({})
    assert (script.rounds, outcomes) == ([], [])


def test_only_failed_items_are_asked_again() -> None:
    """A second round holds the failed items alone, a third those that failed twice."""
    script, outcomes = attempted({"a": ["fine"], "b": ["x!", "y!", "z"], "c": ["x!", "good"]})
    assert script.items == [["a", "b", "c"], ["b", "c"], ["b"]]
    assert [outcome.value for outcome in outcomes] == ["fine", "z", "good"]
    assert all(not outcome.problems for outcome in outcomes)


def test_a_second_ask_holds_the_reasons_and_the_draft() -> None:
    """What was wrong and what was drafted go with the next ask, of the last round only."""
    script, _ = attempted({"a": ["x!!", "y!", "z"]})
    second, third = script.rounds[1][0], script.rounds[2][0]
    assert ([p.message for p in second.problems], second.previous) == (["a: mark 0", "a: mark 1"], "x!!")
    assert ([p.message for p in third.problems], third.previous) == (["a: mark 0"], "y!")


def test_nothing_is_asked_a_fourth_time() -> None:
    """Three rounds are the most; what still fails keeps its value and its problem."""
    script, [outcome] = attempted({"a": ["1!", "2!", "3!", "4"]})
    assert len(script.rounds) == 3
    assert (outcome.value, len(outcome.problems)) == ("3!", 1)


def test_fewer_rounds_can_be_asked_for() -> None:
    """With one round a failed item is not asked again."""
    script, [outcome] = attempted({"a": ["1!", "2"]}, rounds=1)
    assert (len(script.rounds), outcome.value) == (1, "1!")


def test_the_same_draft_again_ends_it() -> None:
    """An engine that answers a re-ask with the same draft is not asked a third time."""
    script, outcomes = attempted({"a": ["same!"], "b": ["1!", "2!", "3"]})
    assert script.items == [["a", "b"], ["a", "b"], ["b"]]
    assert [outcome.value for outcome in outcomes] == ["same!", "3"]


def test_a_failure_is_tried_again() -> None:
    """A failure that is not final is followed by another round for that item only."""
    script, outcomes = attempted({"a": [LOST, "there"], "b": ["fine"]})
    assert script.items == [["a", "b"], ["a"]]
    assert outcomes == [Outcome("there"), Outcome("fine")]


def test_the_reason_of_a_failure_goes_with_the_next_ask() -> None:
    """A failure is a problem like any other: the next ask names it."""
    script, _ = attempted({"a": [Failure("bad_reply", "the field text is missing"), "there"]})
    assert [(p.code, p.message) for p in script.rounds[1][0].problems] == [
        ("bad_reply", "the field text is missing")
    ]


def test_a_final_failure_is_not_tried_again() -> None:
    """After a final failure an item is left alone, and its reason stands in the outcome."""
    script, outcomes = attempted({"a": [SPENT, "never"], "b": ["1!", "2"]})
    assert script.items == [["a", "b"], ["b"]]
    assert outcomes[0] == Outcome(None, (Problem(code="budget", message="the budget is spent"),))
    assert outcomes[1].value == "2"


def test_failing_throughout_leaves_the_reason() -> None:
    """Three failures are no value, with the reason as its problem."""
    script, [outcome] = attempted({"a": [LOST]})
    assert len(script.rounds) == 3
    assert (outcome.value, [p.code for p in outcome.problems]) == (None, ["lost"])


def test_a_later_failure_does_not_take_what_was_kept() -> None:
    """A value of the first round survives failures, final or not, with its own problems."""
    for failure in (LOST, SPENT):
        _, [outcome] = attempted({"a": ["x!", failure]})
        assert (outcome.value, [p.code for p in outcome.problems]) == ("x!", ["mark"])


def test_the_best_value_of_all_rounds_is_kept() -> None:
    """Fewest problems win, an unusable draft never does, and among equals the later one."""
    table = {
        ("x!", "y!!", "z!!!"): "x!",
        ("x!!", "y!", "z!!"): "y!",
        ("x!", "?y", "?z!"): "x!",
        ("?x!", "y!!", "?z!"): "y!!",
        ("x!", "y!", "z!"): "z!",
        ("?x!", "?y!!", "?z!!!"): None,
    }
    for drafts, wanted in table.items():
        _, [outcome] = attempted({"a": drafts})
        assert outcome.value == wanted, drafts


DRAFT = st.builds(
    lambda lost, body, marks: lost or body + "!" * marks,
    st.sampled_from([None, None, None, LOST, SPENT]),
    st.sampled_from(["x", "y", "?z"]),
    st.integers(0, 3),
)


@FIXED
@given(st.dictionaries(st.sampled_from("abcdef"), st.lists(DRAFT, min_size=3, max_size=3), max_size=6))
def test_outcomes_stand_in_order_and_are_the_best_of_what_was_drafted(
    drafts: dict[str, list[Draft]],
) -> None:
    """Whatever is drafted: one outcome an item, in order, no worse than any draft that was asked for."""
    script, outcomes = attempted(drafts)
    assert len(outcomes) == len(drafts)
    for (item, said), outcome in zip(drafts.items(), outcomes, strict=True):
        given_drafts = said[: sum(item in asked for asked in script.items)]
        usable = [d for d in given_drafts if isinstance(d, str) and not d.startswith("?")]
        assert (outcome.value in usable) if usable else outcome.value is None
        if outcome.value is not None:
            assert len(outcome.problems) == min(d.count("!") for d in usable) == outcome.value.count("!")
