"""The doctor looks at endpoints of several kinds: few calls, and the settings that are right for each."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import endpoint as scripted
import pytest
from endpoint import READY, Action, Received, ScriptedEndpoint, embedded, failed, good
from wired import KEY, NOW, run

from agent.llm.doctor import MOST_CALLS, Diagnosis, Finding, Ready, examine
from agent.llm.openai_client import Endpoint, OpenAIClient
from agent.llm.reply import parse_reply

Behaviour = Callable[[dict[str, Any]], Action]


def examined(
    behaviour: Behaviour, model: str | None = "some-model", embeds: str | None = None
) -> tuple[Diagnosis, list[dict[str, Any]]]:
    """What the doctor finds at an endpoint that does this with what it is sent, and what it sent."""

    async def ask(url: str) -> Diagnosis:
        client = OpenAIClient(Endpoint(KEY, url, 2.0), lambda: NOW)
        try:
            return await examine(client, model, embeds)
        finally:
            await client.close()

    def script(came: Received) -> Action:
        return behaviour(came.body)

    with ScriptedEndpoint(script) as there:
        found = run(ask(there.base_url))
        assert len(there.received) <= MOST_CALLS == 8
        assert KEY not in repr(found)
        return found, there.bodies


def states(found: Diagnosis) -> dict[str, str]:
    return {one.what: one.state for one in found.findings}


def form(body: dict[str, Any]) -> str:
    return str(body.get("response_format", {}).get("type", "text"))


def modern(body: dict[str, Any]) -> Action:
    """Takes everything but the old name of the limit."""
    return scripted.NO_MAX_TOKENS if "max_tokens" in body else good()


def fixed_temperature(body: dict[str, Any]) -> Action:
    """A model that thinks: its own temperature only."""
    return scripted.NO_TEMPERATURE if "temperature" in body else modern(body)


def older(body: dict[str, Any]) -> Action:
    """JSON without a schema, and the limit by its old name."""
    if form(body) == "json_schema":
        return failed(400, "response_format: json_schema is not supported")
    return scripted.NO_MAX_COMPLETION_TOKENS if "max_completion_tokens" in body else good()


def small(body: dict[str, Any]) -> Action:
    """A server of one's own: ignores what it does not know, replies with fences, tells no counts."""
    if form(body) != "text":
        return failed(400, "Unknown field: response_format")
    return good(f"Sure!\n```json\n{READY}\n```", usage=None)


def deaf(body: dict[str, Any]) -> Action:
    """Takes every form and keeps none."""
    return good("I am ready." if form(body) != "text" else READY)


KINDS: dict[str, tuple[Behaviour, dict[str, str], int]] = {
    "modern": (modern, {"output": "json_schema"}, 4),
    "fixed temperature": (fixed_temperature, {"output": "json_schema", "temperature": "none"}, 4),
    "older": (older, {"output": "json_object", "tokens_parameter": "max_tokens"}, 6),
    "small": (small, {"output": "text"}, 5),
    "deaf": (deaf, {"output": "text"}, 5),
}


@pytest.mark.parametrize("kind", KINDS)
def test_an_endpoint_gets_the_settings_that_it_needs(kind: str) -> None:
    """At most eight calls, each of them short, and what to write down."""
    behaviour, settings, calls = KINDS[kind]
    found, bodies = examined(behaviour)
    assert (dict(found.settings), found.is_usable, found.hint) == (settings, True, None)
    assert len(bodies) == calls
    assert all(body["model"] == "some-model" and len(str(body["messages"])) < 300 for body in bodies)


def test_what_is_found_is_told_in_order() -> None:
    """Each thing looked at once, with the endpoint's words where it refused."""
    found, _ = examined(older)
    assert states(found) == {
        "model some-model answers": "ok",
        "reports tokens": "ok",
        "holds replies to json_schema": "no",
        "holds replies to json_object": "ok",
        "takes temperature": "ok",
        "takes max_completion_tokens": "no",
        "takes max_tokens": "ok",
    }
    assert next(one.said for one in found.findings if one.state == "no").endswith(
        "json_schema is not supported"
    )
    assert found.findings[0].said == "as served-model"


def test_counts_that_are_not_told_are_found() -> None:
    """Without counts budgets go by estimates, and that is said."""
    found, _ = examined(small)
    [tokens] = [one for one in found.findings if one.what == "reports tokens"]
    assert (tokens.state, tokens.said) == ("no", "budgets go by estimates")


@pytest.mark.parametrize(
    ("action", "words"),
    [
        (scripted.BAD_KEY, "OPENAI_API_KEY"),
        (scripted.NO_MODEL, "--model"),
        (scripted.NO_PATH, "/v1"),
        (scripted.HTML, "/v1"),
        (scripted.RESET, "OPENAI_BASE_URL"),
    ],
    ids=["key", "model", "path", "page", "line"],
)
def test_what_does_not_answer_is_asked_once(action: Action, words: str) -> None:
    """Nothing further is asked of an endpoint that does not answer; the hint says what to do."""
    found, bodies = examined(lambda _: action)
    assert (found.is_usable, dict(found.settings), len(bodies)) == (False, {}, 1)
    assert [one.state for one in found.findings] == ["no"] and words in (found.hint or "")


def test_what_fails_for_a_moment_is_no_finding() -> None:
    """A server's error or a full queue says nothing of what it can do."""
    found, _ = examined(lambda body: good() if form(body) == "text" else failed(503, "busy"))
    assert states(found)["holds replies to json_schema"] == "unsure"


def test_what_is_unsure_is_no_setting() -> None:
    """A temperature that could not be tried is not switched off."""
    found, _ = examined(lambda body: failed(503, "busy") if "temperature" in body else good())
    assert states(found)["takes temperature"] == "unsure"
    assert "temperature" not in found.settings


def chatty(body: dict[str, Any]) -> Action:
    """Replies in prose, unless a schema holds it."""
    return good(READY if form(body) == "json_schema" else "I am ready whenever you are.")


def test_a_parameter_is_taken_whatever_the_reply_says() -> None:
    """Whether a temperature or a limit is taken is not seen from the reply's text."""
    found, _ = examined(chatty)
    assert dict(found.settings) == {"output": "json_schema"}
    assert "no" not in states(found).values()


def pensive(body: dict[str, Any]) -> Action:
    """Thinks for longer than two hundred tokens."""
    return good("", finish_reason="length") if "max_completion_tokens" in body else modern(body)


def test_a_reply_that_ends_at_the_limit_shows_that_it_is_taken() -> None:
    """A model that thinks needs more than the limit of the trial; the limit was taken all the same."""
    found, bodies = examined(pensive)
    assert states(found)["takes max_completion_tokens"] == "ok" and len(bodies) == 4


def test_what_is_asked_for_is_what_is_read() -> None:
    """The question's own words describe a reply that is taken."""
    assert parse_reply(READY, Ready).ready is True
    assert json.loads(READY) == {"ready": True}


# Embeddings


def with_vectors(body: dict[str, Any]) -> Action:
    """Embeds as well as it chats."""
    return embedded([0.5, 0.25]) if "input" in body else modern(body)


def without_vectors(body: dict[str, Any]) -> Action:
    """Chats only."""
    return scripted.NO_EMBEDDINGS if "input" in body else modern(body)


def test_an_embedding_model_is_asked_once_if_one_is_set() -> None:
    """One text more, after what else was looked at; without the setting none."""
    found, bodies = examined(with_vectors, embeds="some-vectors")
    assert found.findings[-1] == Finding("model some-vectors gives embeddings", "ok", "of 2 numbers")
    assert [body["model"] for body in bodies] == ["some-model"] * 4 + ["some-vectors"]
    plain, _ = examined(with_vectors)
    assert plain.findings == found.findings[:-1]


def test_a_survey_needs_no_embeddings() -> None:
    """An endpoint without them is usable, and what it says of them is told."""
    found, _ = examined(without_vectors, embeds="some-vectors")
    assert (found.is_usable, found.hint, dict(found.settings)) == (True, None, {"output": "json_schema"})
    assert found.findings[-1].state == "no" and "does not support embeddings" in found.findings[-1].said


def test_an_embedding_model_may_be_all_that_is_set() -> None:
    """Where nobody drafts, only the one thing is looked at, and what to do is said."""
    well, bodies = examined(with_vectors, model=None, embeds="some-vectors")
    assert (well.is_usable, [one.state for one in well.findings], len(bodies)) == (True, ["ok"], 1)
    badly, _ = examined(without_vectors, model=None, embeds="some-vectors")
    assert not badly.is_usable and "LITREVIEW_EMBEDDING_MODEL" in (badly.hint or "")


def test_who_does_not_answer_is_not_asked_for_embeddings() -> None:
    """The first thing that goes wrong is told alone."""
    found, bodies = examined(lambda _: scripted.BAD_KEY, embeds="some-vectors")
    assert (found.is_usable, len(found.findings), len(bodies)) == (False, 1, 1)
