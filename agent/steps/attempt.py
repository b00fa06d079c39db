"""Draft, check, keep: the one loop that every step runs, a whole round at a time."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from agent.engines.protocol import Ask, Failure, Observer
from agent.records import Problem

MOST_ROUNDS = 3

I = TypeVar("I")  # noqa: E741 - an input
D = TypeVar("D")
V = TypeVar("V")


@dataclass(frozen=True)
class Checked(Generic[V]):
    """What pure code made of a draft: the value that can be kept, if any, and what is wrong.

    `lost` counts what the value lacks of what was asked for; of two values the one that lacks less is better.
    """

    value: V | None
    problems: tuple[Problem, ...] = ()
    lost: int = 0


@dataclass(frozen=True)
class Outcome(Generic[V]):
    """The best value that all rounds gave, with the problems it still has; None where there is none."""

    value: V | None = None
    problems: tuple[Problem, ...] = ()
    lost: int = 0


@dataclass(frozen=True)
class _Open(Generic[I, D, V]):
    ask: Ask[I, D]
    outcome: Outcome[V]
    is_done: bool = False


async def attempt(
    draft: Callable[[Sequence[Ask[I, D]], Observer], Awaitable[Sequence[D | Failure]]],
    items: Sequence[I],
    check: Callable[[I, D], Checked[V]],
    observer: Observer,
    rounds: int = MOST_ROUNDS,
) -> list[Outcome[V]]:
    """Ask for a draft of every item, check all, ask again for what failed with the reasons.

    A failure of the engine is a problem like any other, unless it is final. An engine that answers a
    re-ask with the same draft is not asked a third time.

    Returns:
        One outcome an item, in order.
    """
    states: list[_Open[I, D, V]] = [_Open(Ask(item), Outcome()) for item in items]
    for _ in range(rounds):
        waiting = [index for index, state in enumerate(states) if not state.is_done]
        if not waiting:
            break
        drafts = await draft([states[index].ask for index in waiting], observer)
        for index, drafted in zip(waiting, drafts, strict=True):
            states[index] = _fold(states[index], drafted, check)
    return [state.outcome for state in states]


def _fold(state: _Open[I, D, V], drafted: D | Failure, check: Callable[[I, D], Checked[V]]) -> _Open[I, D, V]:
    if isinstance(drafted, Failure):
        problem = Problem(code=drafted.code, message=drafted.reason)
        outcome = state.outcome if state.outcome.value is not None else Outcome(None, (problem,))
        # A failed call says nothing of the draft, and a changed question could not be found among stored replies.
        problems = state.ask.problems if drafted.is_call else (problem,)
        ask = replace(state.ask, problems=problems)
        return replace(state, ask=ask, outcome=outcome, is_done=drafted.is_final)
    checked = check(state.ask.item, drafted)
    outcome = _better(state.outcome, Outcome(checked.value, checked.problems, checked.lost))
    is_done = not checked.problems or drafted == state.ask.previous
    return _Open(Ask(state.ask.item, checked.problems, drafted), outcome, is_done)


def _better(old: Outcome[V], new: Outcome[V]) -> Outcome[V]:
    if new.value is None:
        return old if old.value is not None else new
    if old.value is None:
        return new
    return min(old, new, key=lambda outcome: (outcome.lost, len(outcome.problems), outcome is old))
