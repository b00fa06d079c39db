"""The real client against a real endpoint on this machine: what a user is told, and what goes over the wire."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import endpoint as scripted
import openai
import pytest
from endpoint import Action, ScriptedEndpoint, as_json, failed, good
from wired import KEY, NOW, SCHEMA, Clockwork, asked, calling, run, schema_request

from agent.errors import LitreviewError, ModelError
from agent.llm.budgeted import Budget
from agent.llm.meter import Meter
from agent.llm.openai_client import Endpoint, OpenAIClient
from agent.llm.request import Request, Response, TokenUsage
from agent.llm.retrying import Patience
from agent.llm.stack import Line, open_line

Serve = Callable[[list[Action]], ScriptedEndpoint]
TRIES = 3


def client_of(url: str, timeout: float | None = 5.0, key: str = KEY) -> OpenAIClient:
    return OpenAIClient(Endpoint(key, url, timeout), lambda: NOW)


def one_try(url: str, request: Request | None = None, **options: Any) -> Response | ModelError:
    """What one try comes to, error or reply."""

    async def ask() -> Response | ModelError:
        client = client_of(url, **options)
        try:
            return await client.send(request or asked())
        except ModelError as error:
            return error
        finally:
            await client.close()

    return run(ask())


def failure(url: str, request: Request | None = None, **options: Any) -> ModelError:
    found = one_try(url, request, **options)
    assert isinstance(found, ModelError)
    return found


def reply(url: str, request: Request | None = None) -> Response:
    found = one_try(url, request)
    assert isinstance(found, Response), found
    return found


class Asked:
    """What came of requests that went through all transports, one after the other."""

    def __init__(self, url: str, folder: Path, *requests: Request, **options: Any) -> None:
        self.clockwork = Clockwork()
        self.meter = Meter()
        self.results: list[Response | ModelError] = []
        self.calling = calling(url, folder, **options)
        run(self._ask(requests or (asked(),)))

    async def _ask(self, requests: tuple[Request, ...]) -> None:
        async with open_line(self.calling, self.clockwork.world, self.meter) as line:
            for request in requests:
                self.results.append(await self._one(line, request))

    async def _one(self, line: Line, request: Request) -> Response | ModelError:
        try:
            return await line.transport.send(request)
        except ModelError as error:
            return error

    @property
    def error(self) -> ModelError:
        found = self.results[-1]
        assert isinstance(found, ModelError)
        return found


# What goes wrong, and what is said of it


@dataclass(frozen=True)
class Case:
    """What the endpoint does; the error's code and reach, and words that its message and hint must have."""

    action: Action
    code: str
    reach: str
    message: str
    hint: str | None = None
    request: Request | None = None


HOT = asked(sampling={"temperature": 0})
NAMED_LIMIT = asked(sampling={"max_tokens": 200})
NEW_LIMIT = asked(sampling={"max_completion_tokens": 200})
CASES = {
    "429": Case(failed(429, f"Too many requests for {KEY}"), "rate_limited", "try", "answered 429"),
    "500": Case(failed(500, f"Upstream said {KEY}"), "server_error", "try", "answered 500: Upstream said ***"),
    "503": Case(Action(503, "<h1>Busy</h1>"), "server_error", "try", "answered 503"),
    "hang": Case(scripted.HANG, "timeout", "try", "no answer within 0.05 s", "raise --timeout"),
    "reset": Case(scripted.RESET, "connection", "try", "broke the line", "OPENAI_BASE_URL"),
    "body cut": Case(scripted.CUT, "connection", "try", "broke the line"),
    "JSON cut": Case(
        Action(200, '{"choices": [{"mess', {"content-type": scripted.JSON}), "cut_body", "try", "cut off"
    ),
    "empty reply": Case(scripted.EMPTY, "empty", "try", "empty reply"),
    "blank reply": Case(good(" \n\t"), "empty", "try", "empty reply"),
    "no content": Case(good(None), "empty", "try", "empty reply"),
    "no choices": Case(scripted.NO_CHOICES, "empty", "try", "without a reply"),
    "refusal": Case(scripted.REFUSAL, "refusal", "request", "refused to answer: I cannot help with that."),
    "filtered": Case(scripted.FILTERED, "refusal", "request", "content filter"),
    "length": Case(scripted.TOO_LONG_A_REPLY, "length", "request", "token limit", "LITREVIEW_READ_TOKENS"),
    "no schema": Case(
        scripted.NO_SCHEMA, "unsupported", "run", "json_schema", "LITREVIEW_OUTPUT=json_object", schema_request()
    ),
    "no format": Case(
        failed(400, "Unknown field response_format"),
        "unsupported",
        "run",
        "response_format",
        "LITREVIEW_OUTPUT=text",
        asked(output="json_object"),
    ),
    "no temperature": Case(
        scripted.NO_TEMPERATURE, "unsupported", "run", "'temperature'", "LITREVIEW_TEMPERATURE=none", HOT
    ),
    "no max_tokens": Case(
        scripted.NO_MAX_TOKENS,
        "unsupported",
        "run",
        "Use 'max_completion_tokens'",
        "LITREVIEW_TOKENS_PARAMETER=max_completion_tokens",
        NAMED_LIMIT,
    ),
    "no max_completion_tokens": Case(
        scripted.NO_MAX_COMPLETION_TOKENS,
        "unsupported",
        "run",
        "max_completion_tokens",
        "LITREVIEW_TOKENS_PARAMETER=max_tokens;",
        NEW_LIMIT,
    ),
    "422": Case(failed(422, "temperature: not permitted"), "unsupported", "run", "temperature", "TEMPERATURE=none"),
    "another 400": Case(failed(400, "No."), "bad_request", "request", "(400): No.", "litreview doctor"),
    "too long": Case(scripted.TOO_LONG_A_PROMPT, "too_long", "request", "too long", "longer context"),
    "413": Case(Action(413, "Payload"), "too_long", "request", "too long", "longer context"),
    "bad key": Case(scripted.BAD_KEY, "bad_key", "run", "does not accept the key (401)", "OPENAI_API_KEY"),
    "403": Case(failed(403, "no"), "bad_key", "run", "does not accept the key (403)", "OPENAI_API_KEY"),
    "no model": Case(scripted.NO_MODEL, "unknown_model", "run", "no model 'some-model'", "--model"),
    "no model, 400": Case(
        failed(400, "The model some-model does not exist"), "unknown_model", "run", "no such model", "--model"
    ),
    "no path": Case(scripted.NO_PATH, "other_protocol", "run", "chat-completions", "/v1"),
    "no credit": Case(
        failed(429, "You exceeded your current quota", "insufficient_quota"), "no_credit", "run", "credit", "top it up"
    ),
    "HTML": Case(scripted.HTML, "other_protocol", "run", "chat-completions", "/v1"),
    "another protocol": Case(scripted.OTHER, "other_protocol", "run", "chat-completions", "/v1"),
    "a bare list": Case(as_json([1, 2]), "other_protocol", "run", "chat-completions", "/v1"),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_what_a_user_is_told(serve: Serve, tmp_path: Path, name: str) -> None:
    """Each thing that an endpoint can do has its code, its reach and words that say what to do.

    What may pass is sent three times, all else once. Nothing that is said or kept has the key in it.
    """
    case = CASES[name]
    there = serve([good(), case.action])
    timeout = 0.05 if name == "hang" else 5.0
    ask = Asked(there.base_url, tmp_path, asked("first"), case.request or asked(), timeout=timeout)
    error = ask.error
    assert (error.code, error.reach) == (case.code, case.reach), error.message
    assert case.message in error.message
    assert (case.hint or "") in (error.hint or "")
    assert "\n" not in error.message and len(error.message) < 350
    tries = TRIES if case.reach == "try" else 1
    assert len(there.received) - 1 == ask.meter.tries - 1 == tries
    assert ask.meter.failures == {case.code: tries}
    told = [str(error), error.hint or "", repr(error), repr(ask.calling), str(ask.meter)]
    kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert not any("SECRE" in said for said in told)
    assert b"SECRE" not in kept


@pytest.mark.parametrize("words", ["sk-SECRE****CRET", "Bearer SECRETsecret", f"'{KEY}'", "key_SECRETsecret"])
def test_keys_and_parts_of_keys_are_never_quoted(serve: Serve, words: str) -> None:
    """An endpoint's own words are shown without anything that looks like a key."""
    error = failure(serve([failed(500, f"Who is {words}? We cannot say.")]).base_url)
    assert "SECRE" not in error.message and "Who is" in error.message


def test_a_key_that_looks_like_none_is_not_quoted_either(serve: Serve) -> None:
    """The key as it is set is taken out, whatever it looks like."""
    error = failure(serve([failed(400, "Who is open sesame?")]).base_url, key="open sesame")
    assert "sesame" not in error.message


def test_long_words_are_cut(serve: Serve) -> None:
    """A whole page of an endpoint's words is no message."""
    error = failure(serve([failed(500, "alas\n" * 500)]).base_url)
    assert len(error.message) < 300 and error.message.endswith("…")


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("http://user:SECRET@127.0.0.1:9/v1?key=SECRET", "http://127.0.0.1:9/v1"),
        ("https://models.example/v1/", "https://models.example/v1/"),
        (None, "the default endpoint"),
    ],
)
def test_addresses_are_shown_without_secrets(url: str | None, shown: str) -> None:
    """User, password and query of an address are in no message."""
    assert Endpoint(KEY, url).shown == shown


def test_nobody_there(tmp_path: Path) -> None:
    """A port at which nobody listens ends the run after the tries of one request."""
    with ScriptedEndpoint([good()]) as there:
        url = there.base_url
    ask = Asked(url, tmp_path)
    assert (ask.error.code, ask.error.reach, ask.meter.tries) == ("connection", "run", TRIES)
    assert "cannot be reached" in ask.error.message and "OPENAI_BASE_URL" in (ask.error.hint or "")


# Waiting and trying again


def when(seconds: int) -> str:
    return format_datetime(NOW + timedelta(seconds=seconds), usegmt=True)


@pytest.mark.parametrize(
    ("headers", "asks"),
    [
        ({"retry_after": "7"}, 7.0),
        ({"retry_after": "0.01"}, 0.01),
        ({"retry_after_ms": "250"}, 0.25),
        ({"retry_after_ms": "250", "retry_after": "9"}, 0.25),
        ({"retry_after": when(20)}, 20.0),
        ({"retry_after": when(-20)}, 0.0),
        ({"retry_after": "soon"}, None),
        ({"retry_after_ms": "soon"}, None),
        ({}, None),
    ],
)
def test_the_endpoint_says_how_long_to_wait(
    serve: Serve, tmp_path: Path, headers: dict[str, str], asks: float | None
) -> None:
    """As many seconds, milliseconds or a time of day; a second's spread comes on top. Else one's own wait."""
    there = serve([failed(429, "later", **headers), good()])
    ask = Asked(there.base_url, tmp_path)
    assert isinstance(ask.results[0], Response)
    assert ask.clockwork.waits == [1.0 if asks is None else asks + 1.0]


def test_waits_are_doubled(serve: Serve, tmp_path: Path) -> None:
    """Without word from the endpoint each wait is twice the one before."""
    there = serve([failed(500, "no"), scripted.RESET, failed(429, "no"), scripted.EMPTY, good()])
    ask = Asked(there.base_url, tmp_path, patience=Patience(tries=5, first_wait=1.0))
    assert isinstance(ask.results[0], Response)
    assert (ask.clockwork.waits, ask.meter.tries, ask.meter.replies) == ([1.0, 2.0, 4.0, 8.0], 5, 1)


def test_who_asks_to_wait_for_an_hour_is_not_asked_again(serve: Serve, tmp_path: Path) -> None:
    """A wait beyond five minutes ends the request, with the endpoint's words."""
    there = serve([failed(429, "tomorrow", retry_after="3600"), good()])
    ask = Asked(there.base_url, tmp_path)
    assert (ask.error.code, ask.error.wait, ask.clockwork.waits) == ("rate_limited", 3600, [])
    assert "asks to wait 3600 s" in ask.error.message


def test_a_line_that_breaks_once_is_mended(serve: Serve, tmp_path: Path) -> None:
    """Reset, cut, silent, not JSON, empty: each is tried again and the reply comes."""
    half = Action(200, '{"choices": [', {"content-type": scripted.JSON})
    there = serve([scripted.RESET, scripted.CUT, scripted.HANG, half, scripted.NO_CHOICES, good("done")])
    ask = Asked(there.base_url, tmp_path, timeout=0.2, patience=Patience(tries=6, first_wait=0.0))
    assert isinstance(ask.results[0], Response) and ask.results[0].text == "done"


@pytest.mark.parametrize("status", [500, 503, 504, 429])
def test_an_upstream_that_took_too_long_is_tried_again(serve: Serve, tmp_path: Path, status: int) -> None:
    """A busy endpoint says that something took too long; that says nothing of the prompt."""
    there = serve([failed(status, "The upstream took too long to answer"), good()])
    ask = Asked(there.base_url, tmp_path)
    assert isinstance(ask.results[0], Response), ask.results[0]


WORDS = {
    "FastAPI": (400, {"detail": "temperature is not supported"}, "unsupported"),
    "a bare error": (404, {"error": "model 'some-model' not found, try pulling it first"}, "unknown_model"),
    "no envelope": (400, {"msg": "maximum context length exceeded"}, "too_long"),
}


@pytest.mark.parametrize("name", WORDS)
def test_words_in_another_envelope_are_read_too(serve: Serve, name: str) -> None:
    """Not every server puts its words where the protocol has them; what they say counts all the same."""
    status, body, code = WORDS[name]
    error = failure(serve([as_json(body, status=status)]).base_url)
    assert error.code == code, error.message


def test_plain_words_are_shown(serve: Serve) -> None:
    """A proxy that answers in plain text is quoted."""
    assert "no healthy upstream" in failure(serve([Action(503, "no healthy upstream")]).base_url).message


def test_the_next_weaker_output_is_advised(serve: Serve) -> None:
    """Where a schema is refused by the name of response_format, plain JSON is still to be tried."""
    words = "Invalid parameter: 'response_format' of type 'json_schema' is not supported with this model."
    error = failure(serve([failed(400, words)]).base_url, schema_request())
    assert "LITREVIEW_OUTPUT=json_object" in (error.hint or "")


# Replies


def test_a_reply_is_taken_as_it_came(serve: Serve) -> None:
    """Text, reason, counts and the model that answered are the endpoint's."""
    found = reply(serve([good("  so it is\n", usage=(321, 45), model="served-1")]).base_url)
    assert found == Response("  so it is\n", "stop", TokenUsage(321, 45), "served-1")


def test_counts_that_are_not_told_are_unknown(serve: Serve) -> None:
    """An endpoint without usage is no error."""
    assert reply(serve([good(usage=None)]).base_url).usage == TokenUsage(None, None)


@pytest.mark.parametrize("action", [scripted.FENCED, scripted.THINKING])
def test_what_stands_round_json_stays(serve: Serve, action: Action) -> None:
    """Fences and thinking are the reader's business: what is stored is what came."""
    assert "ready" in (text := reply(serve([action]).base_url).text) and not text.startswith("{")


@pytest.mark.parametrize(
    "choice",
    [
        pytest.param({"text": "legacy"}, id="the protocol before chat"),
        pytest.param({"message": None}, id="no message"),
        pytest.param({"message": {"content": [{"type": "text", "text": "parts"}]}}, id="parts"),
    ],
)
def test_a_choice_without_a_text_is_an_empty_reply(serve: Serve, choice: dict[str, Any]) -> None:
    """What is not there, or no text, is an empty reply and no crash."""
    error = failure(serve([as_json({"choices": [choice]})]).base_url)
    assert (error.code, error.reach) == ("empty", "try")


@pytest.mark.parametrize("choices", [[None], ["text"], "text", {"0": {}}], ids=repr)
def test_choices_that_are_none_are_another_protocol(serve: Serve, choices: Any) -> None:
    """Anything in the place of a choice is told as what it is."""
    error = failure(serve([as_json({"choices": choices})]).base_url)
    assert error.code in ("empty", "other_protocol")


def test_counts_that_are_no_numbers_are_unknown(serve: Serve, tmp_path: Path) -> None:
    """A gateway that writes its counts in another way costs nobody the reply."""
    told = {"prompt_tokens": {"text": 12}, "completion_tokens": {"text": 5}, "total_tokens": 17}
    body = {"choices": [{"message": {"content": "fine"}, "finish_reason": "stop"}], "usage": told}
    ask = Asked(serve([as_json(body)]).base_url, tmp_path, budget=Budget(tokens=100_000))
    assert isinstance(ask.results[0], Response) and ask.results[0].usage == TokenUsage(None, None)


def test_a_reply_can_be_written(serve: Serve) -> None:
    """A model that is cut inside an emoji sends half of it; what goes on is text that a file can hold."""
    reply(serve([good("half a smile: \ud83d")]).base_url).text.encode()


# What goes over the wire


def sent(serve: Serve, request: Request) -> dict[str, Any]:
    there = serve([good()])
    reply(there.base_url, request)
    return there.bodies[0]


def test_a_schema_goes_along_strictly(serve: Serve) -> None:
    """At the strictest level the schema is named, strict and whole, and nothing else is sent."""
    assert sent(serve, schema_request("Ready?")) == {
        "model": "some-model",
        "messages": [{"role": "user", "content": "Ready?"}],
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "reply", "strict": True, "schema": SCHEMA},
        },
    }


def test_plain_json_is_asked_for(serve: Serve) -> None:
    """At the middle level only the form is asked for."""
    assert sent(serve, asked(output="json_object"))["response_format"] == {"type": "json_object"}


def test_nothing_is_sent_that_nobody_stated(serve: Serve) -> None:
    """As text, without sampling, a request is its model and messages."""
    assert sorted(sent(serve, asked())) == ["messages", "model"]


@pytest.mark.parametrize("limit", ["max_tokens", "max_completion_tokens"])
def test_stated_parameters_go_under_their_names(serve: Serve, limit: str) -> None:
    """What is stated is sent, the token limit under the name that was chosen, and a zero is a statement."""
    body = sent(serve, asked(sampling={"temperature": 0.0, limit: 300, "seed": 7}))
    assert {name: body[name] for name in sorted(body) if name not in ("messages", "model")} == {
        limit: 300,
        "seed": 7,
        "temperature": 0,
    }


def test_messages_go_in_order_and_letter_by_letter(serve: Serve) -> None:
    """Roles, order and every sign arrive as they were."""
    messages = ({"role": "system", "content": "Ä “x” 𝛼"}, {"role": "user", "content": "a\n\tb  </c> €"})
    assert sent(serve, asked(messages=messages))["messages"] == list(messages)


def test_the_key_goes_in_its_header_only(serve: Serve) -> None:
    """The key authorizes; it stands neither in the path nor in the body."""
    there = serve([good()])
    reply(there.base_url)
    [came] = there.received
    assert (came.path, came.headers["authorization"]) == ("/v1/chat/completions", f"Bearer {KEY}")
    assert KEY not in str(came.body)


# Keys and addresses as people mistype them


@pytest.mark.parametrize("url", ["localhost:8000/v1", "htp://localhost/v1"])
def test_an_address_without_a_protocol_is_told(url: str) -> None:
    """An address that nobody can call is told as one that cannot be reached."""
    error = failure(url)
    assert error.code == "connection" and "OPENAI_BASE_URL" in (error.hint or "")


@pytest.mark.parametrize(
    ("url", "key"),
    [
        pytest.param("http://127.0.0.1:port/v1", KEY, id="a word for the port"),
        pytest.param("http://127.0.0.1:9/v1", "sk-“quoted”-SECRET", id="a key with typographic quotes"),
    ],
)
def test_what_cannot_be_sent_is_told(url: str, key: str) -> None:
    """An address or a key that no request can hold ends in an error that can be read."""
    try:
        found = one_try(url, key=key)
    except Exception as error:
        pytest.fail(repr(error))
    assert isinstance(found, LitreviewError)


def test_a_connection_that_times_out_without_a_time_out() -> None:
    """With --timeout 0 the operating system still gives up a connection some day; that is told."""

    class Client:
        async def post(self, *_: Any, **__: Any) -> None:
            raise openai.APITimeoutError(request=None)  # type: ignore[arg-type]

    client = client_of("http://127.0.0.1:9/v1", timeout=None)
    client._client = Client()  # type: ignore[assignment]
    with pytest.raises(ModelError):
        run(client.send(asked()))


# The whole line


def test_a_run_of_many_requests(serve: Serve, tmp_path: Path) -> None:
    """Fifty requests at once, every fifth of them refused once, come back each with its own reply."""
    seen: set[str] = set()

    def script(came: scripted.Received) -> Action:
        text = came.body["messages"][0]["content"]
        if text.endswith(("0", "5")) and text not in seen:
            seen.add(text)
            return failed(429, "not now", retry_after="0.01")
        return good(f"reply to {text}")

    there = serve(script)  # type: ignore[arg-type]
    clockwork, meter = Clockwork(), Meter()

    async def ask() -> list[str]:
        async with open_line(calling(there.base_url, tmp_path), clockwork.world, meter) as line:
            sending = [line.transport.send(asked(f"question {n}")) for n in range(50)]
            return [one.text for one in await asyncio.gather(*sending)]

    assert run(ask()) == [f"reply to question {n}" for n in range(50)]
    assert (meter.tries, meter.replies, dict(meter.failures)) == (60, 50, {"rate_limited": 10})
