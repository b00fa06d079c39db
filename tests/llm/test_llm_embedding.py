"""Embeddings against a real endpoint on this machine: asked once, kept, bounded, recorded; and never needed."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import endpoint as scripted
import pytest
from endpoint import Action, Received, ScriptedEndpoint, as_json, embedded, failed, good, letters
from hypothesis import given
from hypothesis import strategies as st
from scripted import FIXED
from wired import KEY, NOW, Answers, Clockwork, asked, calling, lost, replied, run

from agent.engines.llm.reranking import MOST_CHARACTERS, EmbeddingReranker
from agent.errors import LitreviewError, ModelError
from agent.llm.budgeted import Budget
from agent.llm.cassette import Head, load
from agent.llm.embedding import Embedder
from agent.llm.estimate import Forecast, Price
from agent.llm.gateway import NoReply
from agent.llm.meter import Meter
from agent.llm.openai_client import Endpoint, OpenAIClient
from agent.llm.replay import Replay
from agent.llm.request import Request, Response, TokenUsage, Transport
from agent.llm.retrying import Patience
from agent.llm.stack import Line, open_line
from agent.llm.vectors import cosine, vector_of

Serve = Callable[[Any], ScriptedEndpoint]
ROOT = Path(__file__).parents[2]
MODEL = "some-vectors"
TEXTS = ["bridges of steel", "wells and water", "looms", "kilns of clay"]
HEAD = Head(models={"embed": MODEL}, output="text", sampling={}, date="2026-01-02", prompts={})
WELL = embedded([0.5, 1.0])
Found = tuple[float, ...] | NoReply


def embeds(came: Received) -> Action:
    """Letters are counted; questions are answered."""
    return embedded(letters(came.body["input"])) if "input" in came.body else good()


def but(texts: dict[str, Action]) -> Callable[[Received], Action]:
    """The usual endpoint, which does something else with some texts."""
    return lambda came: texts.get(str(came.body.get("input"))) or embeds(came)


@dataclass
class Run:
    """What came of a run of its own on a folder: vectors or failures, what was counted, and how long it waited."""

    found: list[Found]
    meter: Meter
    clockwork: Clockwork


def embed(
    url: str, folder: Path, texts: list[str] = TEXTS, first: list[Request] | None = None, **options: Any
) -> Run:
    """Embed texts through all transports, after other requests where some are given."""
    clockwork, meter = Clockwork(), Meter()

    async def ask() -> list[Found]:
        async with open_line(calling(url, folder, **options), clockwork.world, meter) as line:
            for request in first or []:
                await line.transport.send(request)
            found = await Embedder(line.transport, MODEL).embed(texts)
            if line.recording:
                line.recording.finish(HEAD, is_complete=True)
            return found

    return Run(run(ask()), meter, clockwork)


def codes(found: list[Found]) -> list[str]:
    return [one.code if isinstance(one, NoReply) else "" for one in found]


def one_try(url: str) -> Response | ModelError:
    async def ask() -> Response | ModelError:
        client = OpenAIClient(Endpoint(KEY, url, 5.0), lambda: NOW)
        try:
            return await client.send(Request.embedding(MODEL, "a text"))
        except ModelError as error:
            return error
        finally:
            await client.close()

    return run(ask())


# What goes over the wire, and back


def test_a_text_goes_to_its_own_path_as_it_is(serve: Serve) -> None:
    """Model, text and form, and nothing else; the key stands in its header only."""
    there = serve([WELL])
    one_try(there.base_url)
    [came] = there.received
    assert (came.path, came.body) == (
        "/v1/embeddings",
        {"model": MODEL, "input": "a text", "encoding_format": "float"},
    )
    assert came.headers["authorization"] == f"Bearer {KEY}"


def test_the_numbers_are_kept_as_they_came(serve: Serve) -> None:
    """All digits, the order, the model that answered; a vector takes no tokens of output."""
    numbers = [0.1, -2.5e-17, 3.0, 0.30000000000000004]
    found = one_try(serve([embedded(numbers, usage=9, model="v2")]).base_url)
    assert isinstance(found, Response)
    assert json.loads(found.text) == numbers
    assert (found.usage, found.model, found.finish_reason) == (TokenUsage(9, 0), "v2", "stop")


def test_counts_that_are_not_told_are_unknown(serve: Serve) -> None:
    """An endpoint that counts nothing is no error."""
    found = one_try(serve([embedded([1.0], usage=None)]).base_url)
    assert isinstance(found, Response) and found.usage == TokenUsage(None, 0)


@dataclass(frozen=True)
class Case:
    """What the endpoint does, the error's code and reach, and words of its message and hint."""

    action: Action
    code: str
    reach: str
    message: str = ""
    hint: str = ""


NEVER = "LITREVIEW_EMBEDDING_MODEL"
CASES = {
    "a reply of chat": Case(good(), "other_protocol", "run", "gives no embeddings", NEVER),
    "a page": Case(scripted.HTML, "other_protocol", "run", "gives no embeddings", NEVER),
    "a bare list": Case(as_json([{"embedding": [[1.0]]}]), "other_protocol", "run", "gives no embeddings"),
    "no path": Case(scripted.NO_PATH, "other_protocol", "run", "gives no embeddings", NEVER),
    "no data": Case(as_json({"data": [], "model": "m"}), "empty", "try", "without an embedding"),
    "data of another kind": Case(as_json({"data": ["x"]}), "bad_vector", "request", "no list of numbers"),
    "nothing in it": Case(embedded([]), "bad_vector", "request", "no list of numbers"),
    "as base64": Case(embedded("AACAPwAAAEA="), "bad_vector", "request", "no list of numbers"),
    "one of each token": Case(embedded([[1.0], [2.0]]), "bad_vector", "request", "numbers", NEVER),
    "nulls": Case(embedded([1.0, None]), "bad_vector", "request", "not all of it are numbers"),
    "words": Case(embedded(["1.0"]), "bad_vector", "request", "not all of it are numbers"),
    "not a number": Case(embedded([1.0, float("nan")]), "bad_vector", "request", "finite"),
    "without end": Case(embedded([float("-inf")]), "bad_vector", "request", "finite"),
    "zeros": Case(embedded([0.0, 0]), "bad_vector", "request", "zero"),
    "501": Case(failed(501, "Not here."), "no_embeddings", "run", "(501): Not here.", NEVER),
    "a server without": Case(scripted.NO_EMBEDDINGS, "no_embeddings", "run", MODEL, NEVER),
    "a model without": Case(
        failed(500, "this model does not support embeddings"), "no_embeddings", "run", "gives no embeddings here", NEVER
    ),
    "a model that chats": Case(
        failed(403, "You are not allowed to generate embeddings from this model"), "no_embeddings", "run", MODEL, NEVER
    ),
    "no model": Case(scripted.NO_MODEL, "unknown_model", "run", MODEL, NEVER),
    "no model, 400": Case(failed(400, "The model text-embedding-9 does not exist"), "unknown_model", "run", "", NEVER),
    "another form": Case(failed(400, "Unknown field: encoding_format"), "bad_request", "run", "encoding_format", NEVER),
    "bad key": Case(scripted.BAD_KEY, "bad_key", "run", "does not accept the key", "OPENAI_API_KEY"),
    "too long": Case(scripted.TOO_LONG_A_PROMPT, "too_long", "request", "a text is too long", "longer context"),
    "413": Case(failed(413, "`inputs` must have less than 512 tokens"), "too_long", "request", "a text is too long"),
    "too large": Case(
        failed(500, "input is too large to process. increase the physical batch size"), "too_long", "request", "a text"
    ),
    "429": Case(failed(429, "slow down"), "rate_limited", "try", "answered 429"),
    "500": Case(failed(500, "embedding worker fell over"), "server_error", "try", "answered 500"),
    "reset": Case(scripted.RESET, "connection", "try", "broke the line"),
    "cut": Case(Action(200, '{"data": [{', {"content-type": scripted.JSON}), "cut_body", "try", "cut off"),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_what_goes_wrong_is_told(serve: Serve, name: str) -> None:
    """Each thing that an endpoint can do has its code, how far it reaches, and what to do."""
    case = CASES[name]
    error = one_try(serve([case.action]).base_url)
    assert isinstance(error, ModelError), error
    assert (error.code, error.reach) == (case.code, case.reach), error.message
    assert case.message in error.message and case.hint in (error.hint or "")
    assert "SECRE" not in f"{error} {error.hint}" and "chat" not in (error.hint or "")


def test_what_goes_wrong_is_a_value(serve: Serve, tmp_path: Path) -> None:
    """Whatever it is, it ends no run: each text has its failure, with words, and nothing broken is kept."""
    there = serve(but({name: case.action for name, case in CASES.items()}))
    options = calling(there.base_url, tmp_path, patience=Patience(tries=1))

    async def ask() -> list[Found]:
        async with open_line(options, Clockwork().world, Meter()) as line:
            return [(await Embedder(line.transport, MODEL).embed([name]))[0] for name in CASES]

    found = run(ask())
    assert codes(found) == [case.code for case in CASES.values()]
    assert all(isinstance(one, NoReply) and one.reason for one in found)
    assert codes(embed(serve(embeds).base_url, tmp_path, list(CASES)).found) == [""] * len(CASES)


# A round of texts


def test_each_text_has_its_own_vector_in_order(serve: Serve, tmp_path: Path) -> None:
    """More texts than go at once come back each with its own."""
    texts = [f"{'a' * (n % 7)}{'b' * (n // 7)}c" for n in range(40)]
    ran = embed(serve(embeds).base_url, tmp_path, texts)
    assert ran.found == [tuple(letters(text)) for text in texts]
    assert ran.meter.input_tokens == 7 * 40 and ran.meter.output_tokens == 0


def test_equal_texts_are_asked_once_and_empty_ones_never(serve: Serve, tmp_path: Path) -> None:
    """Their failure says so."""
    there = serve(embeds)
    ran = embed(there.base_url, tmp_path, ["a", "", "b", "a", " \n"])
    assert sorted(body["input"] for body in there.bodies) == ["a", "b"]
    assert codes(ran.found) == ["", "no_text", "", "", "no_text"] and ran.found[0] == ran.found[3]


def test_the_second_time_nothing_is_asked(serve: Serve, tmp_path: Path) -> None:
    """The store has them, to the last digit; another text or model is asked."""
    there = serve(embeds)
    first = embed(there.base_url, tmp_path)
    second = embed(there.base_url, tmp_path)
    assert (first.found, first.meter.tries) == (second.found, 4)
    assert (second.meter.tries, second.meter.cached, len(there.received)) == (0, 4, 4)
    assert embed(there.base_url, tmp_path, [*TEXTS, "mills"]).meter.tries == 1


def test_a_question_of_the_same_words_is_another(serve: Serve, tmp_path: Path) -> None:
    """A stored vector answers no question, nor the other way round."""
    there = serve(embeds)
    ran = embed(there.base_url, tmp_path, ["same"], [asked("same", model=MODEL)])
    assert codes(ran.found) == [""] and ran.meter.tries == 2


def test_what_may_pass_is_tried_again(serve: Serve, tmp_path: Path) -> None:
    """As any request is."""
    ran = embed(serve([failed(429, "later", retry_after="7"), WELL]).base_url, tmp_path, ["a"])
    assert codes(ran.found) == [""] and ran.clockwork.waits == [8.0]


def test_one_text_that_is_refused_costs_no_other(serve: Serve, tmp_path: Path) -> None:
    """What is wrong with a text is its own."""
    there = serve(but({TEXTS[1]: scripted.TOO_LONG_A_PROMPT, TEXTS[2]: embedded([None])}))
    assert codes(embed(there.base_url, tmp_path).found) == ["", "too_long", "bad_vector", ""]


@pytest.mark.parametrize("action", [scripted.NO_EMBEDDINGS, failed(500, "no"), scripted.RESET], ids=["501", "500", "reset"])  # fmt: skip
def test_what_would_meet_all_ends_the_round(serve: Serve, tmp_path: Path, action: Action) -> None:
    """An endpoint that cannot embed is asked for the first of a hundred texts only."""
    there = serve([action])
    ran = embed(there.base_url, tmp_path, [f"text {n}" for n in range(100)], concurrency=4)
    assert len(set(codes(ran.found))) == 1 and len(ran.found) == 100
    assert len(there.received) == ran.meter.tries <= 3


def test_what_came_before_the_end_is_kept(serve: Serve, tmp_path: Path) -> None:
    """A key that is taken back in the middle costs what comes after it."""
    there = serve(lambda came: embeds(came) if came.count <= 3 else scripted.BAD_KEY)
    found = embed(there.base_url, tmp_path, [f"text {n}" for n in range(9)], concurrency=1).found
    assert codes(found) == [""] * 3 + ["bad_key"] * 6


def test_a_vector_of_another_length_is_none(serve: Serve, tmp_path: Path) -> None:
    """It could be compared with no other; most texts decide which length is right."""
    there = serve(but({TEXTS[0]: embedded([1.0, 2.0])}))
    found = embed(there.base_url, tmp_path).found
    assert codes(found) == ["bad_vector", "", "", ""]
    assert isinstance(found[0], NoReply) and "2 numbers, others 27" in found[0].reason


@pytest.mark.parametrize("text", ["[1.0, NaN]", "[]", "{}", "no", "[1" + "0" * 400 + "]", "[" * 100_000], ids=lambda text: text[:9])  # fmt: skip
def test_a_stored_reply_that_is_no_vector_is_a_failure(text: str) -> None:
    """Whatever lies in a store or a recording, it is a failure and no crash."""
    [found] = run(Embedder(Answers(replied(text)), MODEL).embed(["a"]))
    assert isinstance(found, NoReply) and found.code == "bad_vector"


@pytest.mark.parametrize("texts", [["b"], ["a", "b", "c"], ["a", "c", "b"]])
def test_what_is_no_matter_of_the_endpoint_is_an_error(texts: list[str]) -> None:
    """A disk that is full ends the run, as anywhere, whatever else goes wrong at the same time."""

    class Full:
        async def send(self, request: Request) -> Response:
            text = request.messages[0]["content"]
            if text == "a":
                return replied("[1.0]")
            raise LitreviewError("the disk is full") if text == "b" else lost("bad_key", "run")

    with pytest.raises(LitreviewError, match="disk"):
        run(Embedder(Full(), MODEL).embed(texts))


# Budgets


def test_embeddings_leave_half_of_a_budget(serve: Serve, tmp_path: Path) -> None:
    """Of ten calls five may be embeddings; who asks a question afterwards has the others."""
    there = serve(embeds)
    clockwork = Clockwork()

    async def ask() -> tuple[list[Found], list[str]]:
        budget = Budget(calls=10)
        async with open_line(
            calling(there.base_url, tmp_path, budget=budget), clockwork.world, Meter()
        ) as line:
            found = await Embedder(line.transport, MODEL).embed([f"text {n}" for n in range(30)])
            return found, [await said(line, asked(f"question {n}")) for n in range(6)]

    async def said(line: Line, request: Request) -> str:
        try:
            return (await line.transport.send(request)).finish_reason
        except ModelError as error:
            return error.code

    found, questions = run(ask())
    assert codes(found) == [""] * 5 + ["budget"] * 25
    assert questions == ["stop"] * 5 + ["budget"]


def test_tokens_are_settled_as_they_are_told(serve: Serve, tmp_path: Path) -> None:
    """Seven tokens each, none of output: of a budget of 60 tokens four texts take 28, a fifth would be over half."""
    texts = [f"text number {n} of forty letters, more or less" for n in range(6)]
    ran = embed(serve(embeds).base_url, tmp_path, texts, budget=Budget(tokens=60), concurrency=1)
    assert 2 <= codes(ran.found).count("") <= 4 and "budget" in codes(ran.found)


def test_money_needs_a_price(serve: Serve, tmp_path: Path) -> None:
    """Without one nothing is sent, and how to state it is said."""
    there = serve(embeds)
    priced = {MODEL: Price(Decimal(1), Decimal(0))}
    ran = embed(there.base_url, tmp_path, budget=Budget(cost=Decimal(1)))
    assert codes(ran.found) == ["no_price"] * 4 and not there.received
    assert isinstance(ran.found[0], NoReply) and "LITREVIEW_PRICES" in ran.found[0].reason
    assert (
        codes(embed(there.base_url, tmp_path, budget=Budget(cost=Decimal(1)), prices=priced).found)
        == [""] * 4
    )


def test_an_estimate_knows_that_vectors_have_no_output() -> None:
    """Neither before the endpoint has told anything, nor afterwards."""
    forecast, request = Forecast(), Request.embedding(MODEL, "x" * 400)
    assert forecast.tokens(request) == 100
    forecast.note(request, replied("[1.0]", (80, 0)))
    assert forecast.tokens(request) == 80


SILENT = {
    "from the start": (0, ["connection"] * 5),
    "after a while": (1, ["", *["connection"] * 3, "endpoint_down"]),
}


@pytest.mark.parametrize("name", SILENT)
def test_a_silent_path_for_embeddings_silences_no_question(serve: Serve, tmp_path: Path, name: str) -> None:
    """Texts that find nobody, time after time, are no reason to give up asking questions; nor is the other way round."""
    answered, expected = SILENT[name]
    there = serve(
        lambda came: scripted.RESET if came.count > 1 + answered and "input" in came.body else embeds(came)
    )

    async def ask() -> tuple[list[str], list[str]]:
        clockwork = Clockwork()
        async with open_line(calling(there.base_url, tmp_path), clockwork.world, Meter()) as line:
            before = await line.transport.send(asked("first"))
            embedder = Embedder(line.transport, MODEL)
            found = [codes(await embedder.embed([text]))[0] for text in ("first", *TEXTS)]
            after = await line.transport.send(asked("last"))
            return found, [before.finish_reason, after.finish_reason]

    assert run(ask()) == (expected, ["stop", "stop"])


# Recording and replay


def test_a_recording_gives_the_same_vectors_and_asks_nobody(serve: Serve, tmp_path: Path) -> None:
    """To the last digit, whichever order they are asked in."""
    there = serve(embeds)
    tape = tmp_path / "tape.jsonl"
    recorded = embed(there.base_url, tmp_path, record=tape)
    cassette = load(tape)
    assert {record.step for record in cassette.records.values()} == {"embed"}
    assert all(record.request["kind"] == "embedding" for record in cassette.records.values())
    again = run(Embedder(Replay(cassette, {}), MODEL).embed(TEXTS[::-1]))
    assert again == recorded.found[::-1] and len(there.received) == 4


@pytest.mark.parametrize("which", [0, 1])
def test_what_failed_when_it_was_recorded_fails_again(serve: Serve, tmp_path: Path, which: int) -> None:
    """And nothing else does: a replay has the vectors that the recorded run had."""
    there = serve(but({TEXTS[which]: scripted.TOO_LONG_A_PROMPT}))
    recorded = embed(there.base_url, tmp_path, record=tmp_path / "tape.jsonl").found
    again = run(Embedder(Replay(load(tmp_path / "tape.jsonl"), {}), MODEL).embed(TEXTS))
    assert codes(recorded) == ["too_long" if n == which else "" for n in range(4)]
    assert codes(again) == ["replay_miss" if n == which else "" for n in range(4)]
    others = [n for n in range(4) if n != which]
    assert [again[n] for n in others] == [recorded[n] for n in others]


def test_a_question_that_was_not_recorded_is_told_as_such(serve: Serve, tmp_path: Path) -> None:
    """Texts that were not recorded are no part of what is said of a question that was not."""
    embed(serve(embeds).base_url, tmp_path, record=tmp_path / "tape.jsonl")
    replay = Replay(load(tmp_path / "tape.jsonl"), {})
    run(Embedder(replay, MODEL).embed(["another text"]))
    with pytest.raises(ModelError, match="nothing was recorded for step 'read'"):
        run(replay.send(asked()))


def test_the_keys_of_questions_are_those_of_old_recordings() -> None:
    """What a question is made of is what it was before there were embeddings."""
    records = load(ROOT / "cassettes" / "survey.jsonl").records
    assert len(records) >= 50
    for key, record in records.items():
        parts = {**record.request, "messages": tuple(record.request["messages"])}
        assert Request(record.step, **parts).key == key  # type: ignore[arg-type]


def test_an_embedding_has_a_key_of_its_own() -> None:
    """By model and text."""
    one = Request.embedding(MODEL, "a")
    others = [Request.embedding(MODEL, "b"), Request.embedding("m", "a"), asked("a", model=MODEL)]
    assert one.key not in {other.key for other in others} and one.key == Request.embedding(MODEL, "a").key


# Comparing


class Noting:
    """An observer that keeps what it is told."""

    def __init__(self) -> None:
        self.told: list[Any] = []
        self.notes: list[str] = []

    def start(self, step: str, total: int) -> None:
        self.told.append((step, total))

    def advance(self, step: str, count: int = 1) -> None:
        self.told.append(step)

    def note(self, message: str) -> None:
        self.notes.append(message)


def compared(
    transport: Transport, texts: list[str], query: str = "bridge", times: int = 1
) -> tuple[list[float | None] | None, Noting]:
    observer = Noting()
    reranker = EmbeddingReranker(transport, MODEL, observer)
    found = [run(reranker.rerank(query, texts)) for _ in range(times)]
    return found[-1], observer


class Local:
    """A transport with this endpoint's vectors, which fails for some texts."""

    def __init__(self, **failing: ModelError) -> None:
        self.asked: list[str] = []
        self._failing = failing

    async def send(self, request: Request) -> Response:
        text = request.messages[0]["content"]
        self.asked.append(text)
        if text in self._failing:
            raise self._failing[text]
        return replied(json.dumps(letters(text)), (7, 0))


def test_the_nearest_text_is_the_most_alike() -> None:
    """The query's own words come to one, others to less, in the order of the texts."""
    found, observer = compared(Local(), ["wells", "bridge", "bridges"])
    assert found is not None and None not in found
    wells, same, near = (one or 0.0 for one in found)
    assert same == pytest.approx(1) and wells < near < same
    assert observer.told[0] == ("embed", 3) and observer.told.count("embed") == 3 and not observer.notes


def test_one_that_cannot_be_compared_is_left_open() -> None:
    """It is said once, however often it happens, and the others are compared."""
    found, observer = compared(Local(wells=lost("too_long", "request")), ["wells", "bridges", ""], times=3)
    assert found is not None and (found[0], found[2]) == (None, None) and found[1] is not None
    assert observer.notes == [f"1 of 3 texts not compared by meaning with {MODEL}: it went wrong: too_long"]


@pytest.mark.parametrize("failing", ["bridge", "all"])
def test_what_cannot_be_compared_at_all_is_said_once(failing: str) -> None:
    """Without the query's vector, or without any other, there is no opinion; why is said once, with what to do."""
    error = ModelError("no_embeddings", "no vectors here", "name another", reach="run")
    transport = Local(bridge=error) if failing == "bridge" else Answers(error)
    found, observer = compared(transport, ["wells", "looms"], times=2)
    assert found is None
    assert observer.notes == [
        f"not compared by meaning with {MODEL}, the order by words stands: no vectors here (name another)"
    ]


@pytest.mark.parametrize(("query", "texts"), [("", ["a"]), (" ", []), ("a", []), ("a", ["", " "])])
def test_where_nothing_is_to_be_compared_nothing_is_said(query: str, texts: list[str]) -> None:
    """An empty query or no text is no opinion, and no failure."""
    found, observer = compared(Local(), texts, query)
    assert not any(one is not None for one in found or []) and not observer.notes


def test_long_texts_are_cut() -> None:
    """Many models take little; the beginning says what a text is about."""
    transport = Local()
    compared(transport, ["x" * 10_000, "y"], query="z" * 10_000)
    assert sorted(map(len, transport.asked)) == [1, MOST_CHARACTERS, MOST_CHARACTERS]


def test_what_it_took_is_counted_once() -> None:
    """Each vector that was used, with its tokens, and its money where a price is known."""
    reranker = EmbeddingReranker(Local(), MODEL, Noting(), Forecast({"*": Price(Decimal(2), Decimal(0))}))
    for _ in range(2):
        run(reranker.rerank("a", ["b", "c"]))
    used = reranker.usage()
    assert (used.calls, used.input_tokens, used.output_tokens) == (3, 21, 0)
    assert used.cost == pytest.approx(42e-6) and reranker.model == MODEL


# Vectors

NUMBERS = st.floats(allow_nan=False, allow_infinity=False)


@st.composite
def pairs(draw: st.DrawFn) -> tuple[tuple[float, ...], tuple[float, ...]]:
    size = draw(st.integers(1, 6))
    vectors = st.lists(NUMBERS, min_size=size, max_size=size).filter(any)
    return vector_of(draw(vectors)), vector_of(draw(vectors))


@FIXED
@given(pairs())
def test_a_cosine_is_one_whatever_the_numbers(pair: tuple[tuple[float, ...], tuple[float, ...]]) -> None:
    """From -1 to 1, the same both ways, 1 with itself, -1 with its opposite: the largest and least floats, too."""
    one, other = pair
    assert -1 <= cosine(one, other) <= 1 and cosine(one, other) == cosine(other, one)
    assert cosine(one, one) == pytest.approx(1)
    assert cosine(one, tuple(-number for number in one)) == pytest.approx(-1)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [((1, 0), (0, 5), 0.0), ((1, 1), (3, 0), 0.5**0.5), ((3, 4), (4, 3), 0.96), ((1, 2), (-2, -4), -1.0)],
)
def test_cosines_by_hand(one: tuple[float, ...], other: tuple[float, ...], expected: float) -> None:
    """Length is no matter."""
    assert cosine(one, other) == pytest.approx(expected)
