"""The transports, each round one that is written by hand: kept replies, budgets, places, tries, their order."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import zlib
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from endpoint import ScriptedEndpoint, failed, good
from hypothesis import given
from hypothesis import strategies as st
from scripted import FIXED
from wired import Answers, Clockwork, Held, asked, calling, drop, lost, outcome, replied, run, tick

from agent.errors import LibraryError, ModelError
from agent.llm.budgeted import Amount, Budget, Budgeted
from agent.llm.cached import LEARNT, Cached, ReplyStore
from agent.llm.estimate import Forecast, Learnt, Price, learnt_from_json
from agent.llm.limited import Bucket, Limited, Places
from agent.llm.meter import Meter, Metered
from agent.llm.request import Request, Response, TokenUsage
from agent.llm.retrying import GIVE_UP_AFTER, Patience, Retrying
from agent.llm.stack import open_line

Serve = Callable[[Any], ScriptedEndpoint]


# Kept replies


def cached(inner: Any, store: ReplyStore, meter: Meter | None = None) -> Cached:
    return Cached(inner, store, meter or Meter(), Forecast())


def test_a_stored_reply_is_never_asked_again(tmp_path: Path) -> None:
    """Neither by the same store nor by a new one on the same folder, and it is the same reply."""
    first, second = Answers(replied("one", (3, None))), Answers(replied("two"))
    meter = Meter()
    with ReplyStore(tmp_path) as store:
        transport = cached(first, store)
        came = [run(transport.send(asked())) for _ in range(3)]
    with ReplyStore(tmp_path) as store:
        came.append(run(cached(second, store, meter).send(asked(step="judge"))))
    assert came == [replied("one", (3, None))] * 4
    assert (len(first.requests), len(second.requests), meter.cached) == (1, 0, 1)


def test_equal_requests_in_flight_are_one_call(tmp_path: Path) -> None:
    """Whoever asks the same meanwhile waits for the same reply; another question goes its own way."""

    async def ask(store: ReplyStore) -> tuple[Held, list[Response]]:
        held = Held()
        transport = cached(held, store)
        same = [asyncio.ensure_future(transport.send(asked())) for _ in range(3)]
        other = asyncio.ensure_future(transport.send(asked("Something else?")))
        await tick()
        await held.end(0, replied("one"))
        await held.end(0, replied("two"))
        return held, await asyncio.gather(*same, other)

    with ReplyStore(tmp_path) as store:
        held, came = run(ask(store))
    assert len(held.begun) == 2
    assert [response.text for response in came] == ["one", "one", "one", "two"]


@pytest.mark.parametrize(
    "answer", [lost(), lost("length", "request"), lost("bad_key", "run")], ids=lambda e: e.code
)
def test_nothing_incomplete_is_stored(tmp_path: Path, answer: ModelError) -> None:
    """An error reaches all who wait, is not kept, and the next one who asks is answered."""
    inner = Answers(answer, replied("whole"))

    async def ask(store: ReplyStore) -> list[Response | str]:
        transport = cached(inner, store)
        both = await asyncio.gather(*(outcome(transport.send(asked())) for _ in range(2)))
        assert store.get(asked().key) is None
        return [*both, await outcome(transport.send(asked()))]

    with ReplyStore(tmp_path) as store:
        assert run(ask(store)) == [answer.code, answer.code, replied("whole")]
    assert len(inner.requests) == 2


def test_a_call_that_nobody_waits_for_ends(tmp_path: Path) -> None:
    """Who is cancelled takes the call back, and nothing of it is stored."""

    async def ask(store: ReplyStore) -> Held:
        held = Held()
        task = asyncio.ensure_future(cached(held, store).send(asked()))
        await tick()
        assert len(held.open) == 1
        await drop(task)
        await tick()
        return held

    with ReplyStore(tmp_path) as store:
        assert run(ask(store)).open == []
        assert store.get(asked().key) is None


def test_who_still_waits_keeps_the_call(tmp_path: Path) -> None:
    """Of two who wait for one call, one is cancelled; the other gets the reply."""

    async def ask(store: ReplyStore) -> Response:
        held = Held()
        transport = cached(held, store)
        one, other = (asyncio.ensure_future(transport.send(asked())) for _ in range(2))
        await tick()
        await drop(one)
        await tick()
        if held.open:
            await held.end()
        return await other

    with ReplyStore(tmp_path) as store:
        assert run(ask(store)) == replied()


def test_who_asks_again_after_a_cancellation_is_answered(tmp_path: Path) -> None:
    """A call that was just taken back is not waited for: the same question is a new call."""

    async def ask(store: ReplyStore) -> Response:
        held = Held()
        transport = cached(held, store)
        first = asyncio.ensure_future(transport.send(asked()))
        await tick()
        await drop(first)
        again = asyncio.ensure_future(transport.send(asked()))
        await tick()
        if held.open:
            await held.end()
        return await again

    with ReplyStore(tmp_path) as store:
        assert run(ask(store)) == replied()


def rows(folder: Path, query: str, *values: Any) -> list[Any]:
    line = sqlite3.connect(folder / "cache.db")
    with line:
        found = line.execute(query, values).fetchall()
    line.close()
    return found


def test_what_is_stored_is_json(tmp_path: Path) -> None:
    """A value is packed JSON: the step and the reply, no object of any program."""
    with ReplyStore(tmp_path) as store:
        store.put(asked(), replied("one"))
    [(packed,)] = rows(tmp_path, "SELECT value FROM Cache")
    assert json.loads(zlib.decompress(packed)) == {"step": "read", "response": replied("one").as_json()}


PICKLED = b"cpathlib\nPath\n(S'unpickled'\ntR."  # a pickle that calls something harmless


def test_nothing_is_unpickled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder from elsewhere cannot make the program load an object, whatever its rows say they are."""
    loaded: list[Any] = []
    with ReplyStore(tmp_path) as store:
        store.put(asked(), replied())
    rows(tmp_path, "UPDATE Cache SET mode = 4, value = ?", PICKLED)
    monkeypatch.setattr("diskcache.core.pickle.load", lambda file: loaded.append(file.read()) or {})
    with ReplyStore(tmp_path) as store:
        try:
            store.get(asked().key)
        except Exception as error:
            assert loaded == [], error
    assert loaded == []


@pytest.mark.parametrize(
    "value", [[], {}, {"response": []}, {"response": {"text": "x"}}, "text", 7], ids=repr
)
def test_what_is_no_reply_is_asked_again(tmp_path: Path, value: Any) -> None:
    """A value that is not of our making counts for nothing."""
    with ReplyStore(tmp_path) as store:
        store._cache.set(asked().key, value)
        assert store.get(asked().key) is None


@pytest.mark.parametrize("torn", [b"", b"torn", zlib.compress(b'{"respo')], ids=["empty", "noise", "half"])
def test_a_torn_reply_is_asked_again(tmp_path: Path, torn: bytes) -> None:
    """A value that was written in part is asked again, as the store says of itself."""
    with ReplyStore(tmp_path) as store:
        store.put(asked(), replied())
    rows(tmp_path, "UPDATE Cache SET value = ?", torn)
    with ReplyStore(tmp_path) as store:
        assert store.get(asked().key) is None


def test_a_folder_that_cannot_be_used(tmp_path: Path) -> None:
    """What is no store is told with what to do."""
    (tmp_path / "replies").write_text("a file", encoding="utf-8")
    with pytest.raises(LibraryError, match="cannot be opened") as caught:
        ReplyStore(tmp_path / "replies")
    assert "--workspace" in (caught.value.hint or "")


def test_what_was_learnt_is_kept(tmp_path: Path) -> None:
    """Counts of tokens come back in the next run; what is no count is left out."""
    learnt = {"read some-model": Learnt(2, 800, 200, 40)}
    with ReplyStore(tmp_path) as store:
        assert store.learnt() == {}
        store.keep_learnt(Forecast(learnt=dict(learnt)))
    with ReplyStore(tmp_path) as store:
        assert store.learnt() == learnt
        store._cache.set(LEARNT, ["no", "counts"])
        assert store.learnt() == {}
    assert learnt_from_json({"a b": {"calls": 1}, "c d": "7", **Forecast(learnt=learnt).as_json()}) == learnt


# Forecasts


def test_estimates_learn() -> None:
    """First four characters a token; then what the endpoint reported for the step, else for the model."""
    forecast = Forecast()
    assert forecast.tokens(asked("x" * 400)) == 100 + 2 * 700
    forecast.note(asked("x" * 400), replied(usage=(200, 50)))
    assert forecast.tokens(asked("x" * 400)) == 200 + 2 * 50
    assert forecast.input_tokens("judge", "some-model", 400) == 200
    assert forecast.input_tokens("read", "another", 400) == 100
    assert forecast.output_tokens("judge", "some-model") == 1500


def test_a_stated_limit_is_what_a_reply_can_take() -> None:
    """Where a limit is sent nothing beyond it is reserved."""
    assert Forecast().most_output(asked(sampling={"max_tokens": 30})) == 30
    assert Forecast().most_output(asked(sampling={"max_completion_tokens": 40})) == 40


def test_a_reply_without_counts_teaches_nothing() -> None:
    """What is unknown does not count as zero."""
    forecast = Forecast()
    forecast.note(asked(), replied(usage=(None, None)))
    assert forecast.learnt == {}


def test_prices() -> None:
    """A model's own price, else the one for all; unknown is not free."""
    forecast = Forecast({"some-model": Price(Decimal(1), Decimal(2)), "*": Price(Decimal(3), Decimal(4))})
    assert forecast.cost("some-model", 1_000_000, 500_000) == 2
    assert forecast.cost("another", 1_000_000, 1_000_000) == 7
    assert Forecast().cost("some-model", 1, 1) is None


# Budgets

PRICE = Price(Decimal(2), Decimal(6))


def sized(number: int, characters: int, limit: int) -> Request:
    """A request that reserves `characters // 4` tokens and a limit; no two are equal."""
    return asked(f"{number:04}".ljust(characters, "."), sampling={"max_tokens": limit})


def amount(tokens_in: int, tokens_out: int) -> Amount:
    return Amount(1, tokens_in + tokens_out, PRICE.of(tokens_in, tokens_out))


def reserved(request: Request) -> Amount:
    return amount(request.characters // 4, int(request.sampling["max_tokens"]))


ENDS = st.sampled_from(["all", "half", "silent", "fails", "cancelled"])
CALLS = st.lists(st.tuples(st.integers(8, 400), st.integers(1, 300), ENDS), min_size=1, max_size=8)
ORDER = st.lists(st.integers(0, 7), max_size=16)
BUDGETS = st.one_of(
    st.builds(Budget, calls=st.integers(0, 6)),
    st.builds(Budget, tokens=st.integers(0, 1500)),
    st.builds(Budget, cost=st.decimals(0, Decimal("0.006"), places=6)),
    st.builds(Budget, st.integers(1, 6), st.integers(100, 1500), st.decimals(0, Decimal("0.006"), places=6)),
)


class Watched:
    """A budget with tries in flight, the way they end, and the bound that is checked at every step."""

    def __init__(self, budget: Budget, ends: dict[str, str]) -> None:
        self.budget = budget
        self.ends = ends
        self.settled = Amount()
        self.held = Held(self.check)
        self.transport = Budgeted(self.held, budget, Forecast({"*": PRICE}))
        self.tasks: dict[str, asyncio.Task[Response | str]] = {}

    def check(self) -> None:
        """What was used and what may still be used stay within the budget."""
        whole = sum((reserved(request) for request, _ in self.held.open), self.settled)
        assert self.budget.calls is None or whole.calls <= self.budget.calls
        assert self.budget.tokens is None or whole.tokens <= self.budget.tokens
        assert self.budget.cost is None or whole.cost <= self.budget.cost

    async def end(self, number: int) -> None:
        request, _ = self.held.open[number % len(self.held.open)]
        wanted = reserved(request)
        end = self.ends[request.key]
        tokens_in, limit = request.characters // 4, int(request.sampling["max_tokens"])
        usage = {"all": (tokens_in, limit), "half": (tokens_in // 2, limit // 2)}.get(end, (None, None))
        self.settled += amount(*usage) if usage[0] is not None and usage[1] is not None else wanted
        if end == "cancelled":
            await drop(self.tasks[request.key])
            await tick()
        else:
            await self.held.end(number, lost() if end == "fails" else replied(usage=usage))
        self.check()


@FIXED
@given(CALLS, ORDER, BUDGETS)
def test_a_budget_holds_in_whatever_order_calls_end(
    calls: list[tuple[int, int, str]], order: list[int], budget: Budget
) -> None:
    """Never more calls, tokens or money than the budget; calls begin in request order; nobody waits for ever."""
    requests = [sized(n, characters, limit) for n, (characters, limit, _) in enumerate(calls)]
    ends = {request.key: end for request, (_, _, end) in zip(requests, calls, strict=True)}

    async def ask() -> None:
        watched = Watched(budget, ends)
        for request in requests:
            task = asyncio.ensure_future(outcome(watched.transport.send(request)))
            watched.tasks[request.key] = task
        await tick()
        for number in [*order, *range(len(requests))]:
            if watched.held.open:
                await watched.end(number)
        begun = [request.key for request in watched.held.begun]
        assert begun == [request.key for request in requests if request.key in begun]
        for request in requests:
            task = watched.tasks[request.key]
            assert task.done()
            if request.key not in begun:
                assert task.result() == "budget"

    run(ask())


def test_a_waiting_try_goes_on_when_another_settles_for_less() -> None:
    """What does not fit waits while others are in flight, and fits once they took less than was reserved."""

    async def ask() -> list[int]:
        held = Held()
        transport = Budgeted(held, Budget(tokens=500), Forecast())
        first, second = (asyncio.ensure_future(transport.send(sized(n, 400, 200))) for n in range(2))
        await tick()
        begun = [len(held.begun)]
        await held.end(0, replied(usage=(100, 100)))
        begun.append(len(held.begun))
        await held.end(0, replied(usage=(100, 200)))
        await asyncio.gather(first, second)
        return begun

    assert run(ask()) == [1, 2]


@pytest.mark.parametrize("usage", [(None, None), (100, None), (None, 10)])
def test_a_try_without_usage_settles_at_its_reservation(usage: tuple[int | None, int | None]) -> None:
    """What is not told is taken to be all that was reserved."""
    inner = Answers(replied(usage=usage))

    async def ask() -> list[Response | str]:
        transport = Budgeted(inner, Budget(tokens=500), Forecast())
        return [await outcome(transport.send(sized(n, 400, 200))) for n in range(2)]

    assert run(ask()) == [replied(usage=usage), "budget"]


def test_a_failed_try_is_paid_for() -> None:
    """A try that failed counts as a call, since nobody knows what was taken for it."""
    inner = Answers(lost(), lost(), replied())

    async def ask() -> list[Response | str]:
        transport = Budgeted(inner, Budget(calls=2), Forecast())
        return [await outcome(transport.send(asked())) for _ in range(3)]

    assert run(ask()) == ["server_error", "server_error", "budget"]
    assert len(inner.requests) == 2


def test_a_small_call_does_not_overtake() -> None:
    """Who asked first goes first, though a later and smaller call would fit."""

    async def ask() -> list[str]:
        held = Held()
        transport = Budgeted(held, Budget(tokens=500), Forecast())
        sizes = [(1600, 50), (800, 100), (8, 1)]
        tasks = [asyncio.ensure_future(transport.send(sized(n, *size))) for n, size in enumerate(sizes)]
        await tick()
        assert len(held.begun) == 1
        await held.end(0, replied(usage=(10, 10)))
        await held.end()
        await held.end()
        await asyncio.gather(*tasks)
        return [request.messages[0]["content"][:4] for request in held.begun]

    assert run(ask()) == ["0000", "0001", "0002"]


def test_what_a_spent_budget_says() -> None:
    """All bounds by name, and what to do; it ends the request, and the run goes on with what it has."""
    budget = Budget(0, 10, Decimal("0.5"))
    with pytest.raises(ModelError) as caught:
        run(Budgeted(Answers(), budget, Forecast({"*": PRICE})).send(asked()))
    assert (caught.value.code, caught.value.reach) == ("budget", "request")
    assert "0 calls, 10 tokens, 0.5 in money" in caught.value.message
    assert "raise it" in (caught.value.hint or "")


def test_money_cannot_be_counted_without_prices() -> None:
    """A bound in money with a model whose price is unknown ends the run before anything is sent."""
    inner = Answers()
    with pytest.raises(ModelError) as caught:
        run(Budgeted(inner, Budget(cost=Decimal(1)), Forecast({"another": PRICE})).send(asked()))
    assert (caught.value.code, caught.value.reach, inner.requests) == ("no_price", "run", [])
    assert "some-model" in caught.value.message and "LITREVIEW_PRICES" in (caught.value.hint or "")


# Places


def limited(
    inner: Any, concurrency: int, a_minute: int | None = None, clockwork: Clockwork | None = None
) -> Limited:
    clock = clockwork or Clockwork()
    return Limited(inner, concurrency, a_minute, Forecast(), lambda: clock.time, clock.sleep)


STEPS = st.lists(
    st.tuples(st.sampled_from(["start", "well", "full", "fails", "cancel", "give up"]), st.integers(0, 9)),
    max_size=40,
)


@FIXED
@given(st.integers(1, 6), STEPS)
def test_never_more_in_flight_than_allowed(concurrency: int, steps: list[tuple[str, int]]) -> None:
    """However calls end, begin and are given up: none begins beyond what is allowed, and no place is lost."""

    async def ask() -> None:
        held = Held(lambda: check())
        transport = limited(held, concurrency)
        places = transport._places

        def check() -> None:
            assert len(held.open) <= places.allowed <= concurrency

        tasks: list[asyncio.Task[Response | str]] = []
        for number, (step, which) in enumerate(steps):
            if step == "start":
                tasks.append(asyncio.ensure_future(outcome(transport.send(asked(str(number))))))
            elif step in ("cancel", "give up") and tasks:
                tasks[which % len(tasks)].cancel()
                if step == "give up" and held.open:  # at the same moment as another ends
                    held.open[which % len(held.open)][1].cancel()
            elif held.open:
                answers = {"well": replied(), "full": lost("rate_limited"), "fails": lost()}
                await held.end(which, answers.get(step))
            await tick(2 + which % 3)
        await tick()
        waiting = [task for task in tasks if not task.done()]
        assert len(held.open) >= min(places.allowed, len(waiting))
        while held.open:
            await held.end()
        await tick()
        assert all(task.done() for task in tasks)
        last = [asyncio.ensure_future(transport.send(asked(f"last {n}"))) for n in range(concurrency + 2)]
        await tick()
        assert len(held.open) == places.allowed
        await drop(*last)

    run(ask())


def test_a_refusal_halves_the_places_and_success_gives_them_back() -> None:
    """Eight at once; after a 429 four; after four that went well five, after five more six."""

    async def ask() -> list[int]:
        held = Held()
        transport = limited(held, 8)
        tasks = [asyncio.ensure_future(outcome(transport.send(asked(str(n))))) for n in range(40)]
        await tick()
        seen = [len(held.open)]
        await held.end(0, lost("rate_limited"))
        while len(held.open) > 4:
            await held.end(0, lost())
        seen.append(len(held.open))
        for count in (4, 5):
            for _ in range(count):
                await held.end()
            seen.append(len(held.open))
        await drop(*tasks)
        return seen

    assert run(ask()) == [8, 4, 5, 6]


def test_one_place_always_stays() -> None:
    """However often the endpoint refuses, one call at a time goes on."""
    places = Places(8)
    for _ in range(10):
        places.shrink()
    assert places.allowed == 1


@pytest.mark.parametrize("when", ["waiting", "let in"])
def test_who_is_cancelled_gives_the_place_back(when: str) -> None:
    """In the queue, and at the very moment of being let in."""

    async def ask() -> list[str]:
        places = Places(1)
        entered: list[str] = []

        async def go(name: str) -> None:
            await places.enter()
            entered.append(name)

        await places.enter()
        second, third = (asyncio.ensure_future(go(name)) for name in ("second", "third"))
        await tick()
        if when == "waiting":
            second.cancel()
            await tick()
            places.leave()
        else:
            places.leave()
            second.cancel()
        await tick()
        await drop(second, third)
        return entered

    assert run(ask()) == ["third"]


def test_a_cancelled_call_leaves_its_place() -> None:
    """A call that is given up in flight makes room for the next."""

    async def ask() -> list[str]:
        held = Held()
        transport = limited(held, 1)
        tasks = [asyncio.ensure_future(transport.send(asked(text))) for text in ("one", "two")]
        await tick()
        await drop(tasks[0])
        await tick()
        await held.end()
        await tasks[1]
        return [request.messages[0]["content"] for request in held.begun]

    assert run(ask()) == ["one", "two"]


# Tokens a minute


def test_a_bucket_fills_with_time() -> None:
    """Sixty a minute is one a second: what is there goes at once, the rest waits for exactly what is missing."""
    clockwork = Clockwork()

    async def take() -> None:
        bucket = Bucket(60, lambda: clockwork.time, clockwork.sleep)
        await bucket.take(60)
        await bucket.take(15)
        await bucket.take(30)
        clockwork.time += 1000.0
        await bucket.take(60)
        await bucket.take(6)

    run(take())
    assert clockwork.waits == [15.0, 30.0, 6.0]


def test_a_call_beyond_a_minute_waits_for_a_full_bucket() -> None:
    """It goes once the bucket is full, and the next one waits for its debt."""
    clockwork = Clockwork()

    async def take() -> None:
        bucket = Bucket(60, lambda: clockwork.time, clockwork.sleep)
        await bucket.take(10)
        await bucket.take(180)
        await bucket.take(1)

    run(take())
    assert clockwork.waits == [10.0, 121.0]


def test_tokens_that_were_not_needed_flow_back() -> None:
    """A reply that took less than expected lets the next one go at once; one that took more delays it."""
    clockwork = Clockwork()
    usages = iter([(10, 10), (100, 200), (10, 10)])

    class Counting:
        async def send(self, request: Request) -> Response:
            return replied(usage=next(usages))

    async def ask() -> None:
        transport = limited(Counting(), 4, 600, clockwork)
        for number in range(3):  # each expects 100 + 200 of 600 tokens, ten of which come in a second
            await transport.send(sized(number, 400, 200))

    run(ask())
    assert clockwork.waits == [pytest.approx(2.0)]


@FIXED
@given(st.integers(30, 3000), st.lists(st.tuples(st.integers(1, 4000), st.floats(0, 30)), max_size=20))
def test_no_more_than_the_rate(a_minute: int, takes: list[tuple[int, float]]) -> None:
    """Over any length of time: at most a full bucket, what flows in, and one call that needs more than a minute."""
    clockwork = Clockwork()

    async def take() -> None:
        bucket = Bucket(a_minute, lambda: clockwork.time, clockwork.sleep)
        taken = 0
        for tokens, pause in takes:
            clockwork.time += pause
            await bucket.take(tokens)
            before = taken
            taken += tokens
            assert before + min(tokens, a_minute) <= a_minute + a_minute / 60 * clockwork.time + 1e-3

    run(take())


# Tries


def retrying(inner: Any, clockwork: Clockwork, tries: int = 4) -> Retrying:
    return Retrying(inner, Patience(tries, 1.0), clockwork.sleep, lambda: 0.5)


@pytest.mark.parametrize("tries", [1, 2, 5])
def test_a_request_is_tried_so_often(tries: int) -> None:
    """As often as is asked for, and the last error is the one that is told."""
    clockwork = Clockwork()
    inner = Answers(*(lost(f"error {n}") for n in range(1, 9)))
    assert run(outcome(retrying(inner, clockwork, tries).send(asked()))) == f"error {tries}"
    assert (len(inner.requests), len(clockwork.waits)) == (tries, tries - 1)


@pytest.mark.parametrize("reach", ["request", "run"])
def test_what_will_not_pass_is_not_tried_again(reach: str) -> None:
    """A refusal or a bad key is sent once."""
    clockwork = Clockwork()
    inner = Answers(lost("refusal", reach), replied())
    assert run(outcome(retrying(inner, clockwork).send(asked()))) == "refusal"
    assert (len(inner.requests), clockwork.waits) == (1, [])


def test_waits_double_up_to_a_minute_and_are_spread() -> None:
    """One, two, four, … sixty seconds, between half and one and a half times that."""
    for jitter, factor in ((0.0, 0.5), (0.5, 1.0), (1.0, 1.5)):
        clockwork = Clockwork()
        transport = Retrying(Answers(lost()), Patience(9, 1.0), clockwork.sleep, lambda jitter=jitter: jitter)
        run(outcome(transport.send(asked())))
        assert clockwork.waits == [factor * wait for wait in (1, 2, 4, 8, 16, 32, 60, 60)]


def test_a_wait_that_is_asked_for_is_kept_in_full() -> None:
    """Never shorter than asked, five minutes at most."""
    clockwork = Clockwork()
    inner = Answers(lost(wait=0.0), lost(wait=90.0), lost(wait=300.0), lost(wait=301.0), replied())
    assert run(outcome(retrying(inner, clockwork, 9).send(asked()))) == "server_error"
    assert clockwork.waits == [1.0, 91.0, 301.0]
    assert len(inner.requests) == 4


def test_a_programming_error_is_no_error_of_the_endpoint() -> None:
    """What is no ModelError comes through at once."""

    class Broken:
        async def send(self, request: Request) -> Response:
            raise ZeroDivisionError

    clockwork = Clockwork()
    with pytest.raises(ZeroDivisionError):
        run(retrying(Broken(), clockwork).send(asked()))
    assert clockwork.waits == []


@pytest.mark.parametrize("code", ["connection", "timeout"])
def test_an_endpoint_that_never_answered_ends_the_run(code: str) -> None:
    """All the tries of one request are made; then it is clear that nobody is there."""
    inner = Answers(lost(code))
    with pytest.raises(ModelError) as caught:
        run(retrying(inner, Clockwork()).send(asked()))
    assert (caught.value.code, caught.value.reach, len(inner.requests)) == (code, "run", 4)


def test_an_endpoint_that_answers_with_errors_is_there() -> None:
    """Errors of the endpoint's own never end the run."""
    with pytest.raises(ModelError) as caught:
        run(retrying(Answers(lost("rate_limited")), Clockwork()).send(asked()))
    assert caught.value.reach == "try"


def test_after_three_calls_that_found_nobody_no_more_are_made() -> None:
    """Once it had answered: three calls in a row find nobody, the fourth is not made; each loses its item only."""
    inner = Answers(replied(), lost("connection"))
    transport = retrying(inner, Clockwork(), tries=2)

    async def ask() -> list[Any]:
        return [await outcome(transport.send(asked(str(n)))) for n in range(6)]

    came = run(ask())
    assert came == [replied(), *["connection"] * GIVE_UP_AFTER, "endpoint_down", "endpoint_down"]
    assert len(inner.requests) == 1 + 2 * GIVE_UP_AFTER


def test_a_reply_in_between_counts_anew() -> None:
    """Three in a row are meant: a reply between them starts the count again."""
    inner = Answers(replied(), *[lost("timeout")] * 2, replied(), *[lost("timeout")] * 3, replied())
    transport = retrying(inner, Clockwork(), tries=1)

    async def ask() -> list[Any]:
        return [await outcome(transport.send(asked(str(n)))) for n in range(8)]

    assert [one if isinstance(one, str) else "ok" for one in run(ask())] == [
        "ok", "timeout", "timeout", "ok", "timeout", "timeout", "timeout", "endpoint_down",
    ]  # fmt: skip


# Counting


def test_a_meter_counts_tries() -> None:
    """Tries, replies, failures by code, tokens and seconds; the sentence of it holds them all."""
    clockwork, meter = Clockwork(), Meter()

    class Slow:
        def __init__(self) -> None:
            self.inner = Answers(replied(usage=(10, 2)), lost("timeout"), replied(usage=(None, None)))

        async def send(self, request: Request) -> Response:
            await clockwork.sleep(3.0)
            return await self.inner.send(request)

    async def ask() -> None:
        transport = Metered(Slow(), meter, lambda: clockwork.time)
        for _ in range(3):
            await outcome(transport.send(asked()))

    run(ask())
    meter.cached = 1
    assert str(meter) == (
        "3 calls to the model; 1 stored reply used; tries that failed: 1 timeout; 10 tokens in, 2 out; 9 s of answers"
    )
    assert str(Meter()) == "no call to the model"


# The whole stack


async def all_at_once(options: Any, clockwork: Clockwork, meter: Meter, *requests: Request) -> list[Any]:
    async with open_line(options, clockwork.world, meter) as line:
        return await asyncio.gather(*(outcome(line.transport.send(request)) for request in requests))


def test_a_sleeping_retry_holds_no_place(serve: Serve, tmp_path: Path) -> None:
    """With one place only, the second request goes while the first one waits for its next try."""

    def script(came: Any) -> Any:
        return failed(500, "no") if came.count == 1 else good()

    there = serve(script)
    run(
        all_at_once(
            calling(there.base_url, tmp_path, concurrency=1), Clockwork(), Meter(), asked("one"), asked("two")
        )
    )
    assert [body["messages"][0]["content"] for body in there.bodies] == ["one", "two", "one"]


def test_each_try_is_paid_for(serve: Serve, tmp_path: Path) -> None:
    """Budgets stand below the retries: with two calls in all, the third try is not made."""
    there = serve([failed(500, "no"), failed(500, "no"), good()])
    meter = Meter()
    options = calling(there.base_url, tmp_path, budget=Budget(calls=2))
    assert run(all_at_once(options, Clockwork(), meter, asked())) == ["budget"]
    assert (len(there.received), meter.tries) == (2, 2)


def test_stored_replies_cost_nothing(serve: Serve, tmp_path: Path) -> None:
    """The store stands above the budget: what is there needs no room in it, and is no try."""
    there = serve([good()])
    run(all_at_once(calling(there.base_url, tmp_path), Clockwork(), Meter(), asked()))
    meter = Meter()
    options = calling(there.base_url, tmp_path, budget=Budget(calls=0))
    came = run(all_at_once(options, Clockwork(), meter, asked(), asked("new")))
    assert [one if isinstance(one, str) else one.text for one in came] == ['{"ready": true}', "budget"]
    assert (meter.tries, meter.cached, len(there.received)) == (0, 1, 1)


def test_stored_replies_are_recorded(serve: Serve, tmp_path: Path) -> None:
    """The recording stands above the store: what came from there belongs into the cassette all the same."""
    there = serve([good()])
    run(all_at_once(calling(there.base_url, tmp_path), Clockwork(), Meter(), asked()))
    options = calling(there.base_url, tmp_path, record=tmp_path / "tape.jsonl")
    run(all_at_once(options, Clockwork(), Meter(), asked()))
    [line] = (tmp_path / "tape.jsonl.partial").read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["key"] == asked().key and len(there.received) == 1


def test_a_refused_call_waits_outside_and_halves_the_places(serve: Serve, tmp_path: Path) -> None:
    """Every try is counted once by the meter, though it went through retries, budget and places."""
    there = serve([failed(429, "no"), *[good()] * 9])
    meter = Meter()
    came = run(
        all_at_once(calling(there.base_url, tmp_path), Clockwork(), meter, *(asked(str(n)) for n in range(4)))
    )
    assert all(isinstance(one, Response) for one in came)
    assert (meter.tries, meter.replies, meter.input_tokens) == (5, 4, 48)


def test_a_line_remembers_what_tokens_cost(serve: Serve, tmp_path: Path) -> None:
    """What the endpoint reported is there for the forecast of the next run."""
    there = serve([good(usage=(100, 7))])
    options = calling(there.base_url, tmp_path)

    async def ask(text: str | None) -> dict[str, Any]:
        async with open_line(options, Clockwork().world, Meter()) as line:
            if text:
                await line.transport.send(asked(text))
            return line.forecast.as_json()

    run(ask("x" * 200))
    assert run(ask(None)) == {
        "read some-model": {"calls": 1, "characters": 200, "input_tokens": 100, "output_tokens": 7}
    }


def test_a_dry_line_sends_nothing(serve: Serve, tmp_path: Path) -> None:
    """It notes what would be sent, answers what is stored, and records nothing."""
    there = serve([good()])
    run(all_at_once(calling(there.base_url, tmp_path), Clockwork(), Meter(), asked("stored")))

    async def ask() -> tuple[list[Any], list[str]]:
        options = calling(there.base_url, tmp_path, record=tmp_path / "tape.jsonl")
        async with open_line(options, Clockwork().world, Meter(), is_dry=True) as line:
            assert line.dry is not None
            came = [await outcome(line.transport.send(asked(text))) for text in ("stored", "new", "new")]
            return came, list(line.dry.requests)

    came, noted = run(ask())
    assert came[1:] == ["dry_run", "dry_run"] and isinstance(came[0], Response)
    assert noted == [asked("new").key] and len(there.received) == 1
    assert list(tmp_path.glob("tape*")) == []


def test_a_usage_that_is_half_known() -> None:
    """Stored replies come back with exactly the counts that were told."""
    for usage in ((1, 2), (1, None), (None, None)):
        response = replied(usage=usage)
        assert Response.from_json(json.loads(json.dumps(response.as_json()))) == response
    assert Response.from_json({"text": "x", "finish_reason": "stop"}).usage == TokenUsage()
