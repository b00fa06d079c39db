"""What goes over the wire for a request, and how what comes back reads. Knows no client and sends nothing."""

from __future__ import annotations

from typing import Any

from agent.errors import ModelError
from agent.llm.request import Request, Response, TokenUsage, canonical
from agent.llm.vectors import vector_of

MOST_SAID = 200  # characters of an endpoint's own words


def path_of(request: Request) -> str:
    """Where a request goes, below the endpoint's address."""
    return "/embeddings" if request.kind == "embedding" else "/chat/completions"


def body_of(request: Request) -> dict[str, Any]:
    """The JSON that is sent."""
    if request.kind == "embedding":
        [message] = request.messages
        plain = {"input": message["content"], "encoding_format": "float"}
        return {"model": request.model, **plain, **request.sampling}
    body: dict[str, Any] = {
        "model": request.model,
        "messages": [dict(message) for message in request.messages],
        **request.sampling,
    }
    if request.output == "json_schema" and request.schema is not None:
        named = {"name": "reply", "strict": True, "schema": request.schema}
        body["response_format"] = {"type": "json_schema", "json_schema": named}
    elif request.output == "json_object":
        body["response_format"] = {"type": "json_object"}
    return body


def response_of(came: Any, request: Request, shown: str) -> Response:
    """The reply in what an endpoint sent.

    Args:
        came: the body as the client reads it. shown: the endpoint's address as it may be printed.

    Raises:
        ModelError: it holds no complete reply.
    """
    read = _vector if request.kind == "embedding" else _completion
    return read(came, request, shown)


def other_protocol(request: Request, shown: str) -> ModelError:
    """What is told where the endpoint answers in a way that this program does not speak."""
    if request.kind == "embedding":
        return ModelError(
            "other_protocol",
            f"{shown} gives no embeddings",
            "leave out LITREVIEW_EMBEDDING_MODEL, or see what your endpoint documents",
            reach="run",
        )
    return ModelError(
        "other_protocol",
        f"{shown} does not speak the chat-completions protocol",
        "OPENAI_BASE_URL mostly ends in /v1; see what your endpoint documents",
        reach="run",
    )


def _completion(came: Any, request: Request, shown: str) -> Response:
    choices = getattr(came, "choices", None)
    if not isinstance(choices, list) or any(not hasattr(choice, "message") for choice in choices):
        raise other_protocol(request, shown)
    if not choices or choices[0].message is None:
        raise ModelError("empty", "the endpoint answered without a reply in it", reach="try")
    choice = choices[0]
    reason = choice.finish_reason or "stop"
    text = choice.message.content or ""
    refusal = getattr(choice.message, "refusal", None)
    if refusal or reason == "content_filter":
        raise ModelError("refusal", f"the model refused to answer: {refusal or 'content filter'}"[:MOST_SAID],
                         reach="request")  # fmt: skip
    if reason == "length":
        raise ModelError(
            "length",
            "the reply was cut off at the token limit",
            f"raise LITREVIEW_{request.step.upper()}_TOKENS, or take a model with a longer output",
            reach="request",
        )
    if not isinstance(text, str) or not text.strip():
        raise ModelError("empty", "the endpoint answered with an empty reply", reach="try")
    usage = TokenUsage(_count(came, "prompt_tokens"), _count(came, "completion_tokens"))
    return Response(_whole(text), reason, usage, str(getattr(came, "model", None) or request.model))


def _vector(came: Any, request: Request, shown: str) -> Response:
    """A vector as text. What is no vector is not kept, for the same would be asked ever after."""
    data = getattr(came, "data", None)
    if not isinstance(data, list):
        raise other_protocol(request, shown)
    if not data:
        raise ModelError("empty", "the endpoint answered without an embedding in it", reach="try")
    numbers = getattr(data[0], "embedding", None)
    try:
        vector_of(numbers)
    except ValueError as error:
        said = f"the endpoint's embedding cannot be used: {error}"
        raise ModelError(
            "bad_vector", said, "try another LITREVIEW_EMBEDDING_MODEL", reach="request"
        ) from error
    usage = TokenUsage(_count(came, "prompt_tokens"), 0)  # a vector takes no tokens of output
    return Response(canonical(numbers), "stop", usage, str(getattr(came, "model", None) or request.model))


def _count(came: Any, name: str) -> int | None:
    found = getattr(getattr(came, "usage", None), name, None)
    return found if isinstance(found, int) and not isinstance(found, bool) else None


def _whole(text: str) -> str:
    """A text without half surrogate pairs, which no file could hold."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
