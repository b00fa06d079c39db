"""What an endpoint's refusal means, and what to do about it, by its status and words. Pure."""

from __future__ import annotations

from agent.errors import ModelError
from agent.llm.request import Request
from agent.llm.wire import other_protocol

TOO_LONG = ("context_length", "context length", "context size", "too long", "too large to process")
PARAMETERS = (
    ("max_completion_tokens", "set LITREVIEW_TOKENS_PARAMETER=max_tokens"),
    ("max_tokens", "set LITREVIEW_TOKENS_PARAMETER=max_completion_tokens"),
    ("temperature", "set LITREVIEW_TEMPERATURE=none"),
    ("json_schema", ""),
    ("json_object", ""),
    ("response_format", ""),
)


def refusal_of(status: int, code: str, said: str, request: Request, shown: str) -> ModelError | None:
    """A refusal with a known remedy; None for any other.

    Args:
        code: the endpoint's own name for what is wrong, or nothing. said: its words, as they may be shown.
        shown: its address, as it may be printed.
    """
    words = f"{code} {said}".lower()
    if request.kind == "embedding" and (found := _no_embedding(status, words, said, request)):
        return found
    if status in (401, 403):
        return ModelError("bad_key", f"{shown} does not accept the key ({status})",
                          "set OPENAI_API_KEY to a key for this endpoint (OPENAI_BASE_URL)", reach="run")  # fmt: skip
    if status == 404 and "model" in words:
        return _unknown_model(f"{shown} has no model '{request.model}'", request)
    if status in (404, 405):
        return other_protocol(request, shown)
    if code == "insufficient_quota" or status == 402:
        return ModelError("no_credit", f"{shown}: the account has no credit left: {said}",
                          "top it up, then run again: what is done is kept", reach="run")  # fmt: skip
    if status == 413 or (status in (400, 422) and any(sign in words for sign in TOO_LONG)):
        return _too_long(said, request)
    if status in (400, 422):
        return _refused_parameter(words, said, request)
    return None


def _no_embedding(status: int, words: str, said: str, request: Request) -> ModelError | None:
    """What only an endpoint that is asked for a vector says."""
    # Whether a server, or a model, has none at all is told with statuses that else stand for something
    # that may pass or for a bad key.
    has_none = "embedding" in words and ("not support" in words or "not allowed" in words)
    if status == 501 or (has_none and status not in (401, 429)):
        return ModelError("no_embeddings", f"model '{request.model}' gives no embeddings here ({status}): {said}",
                          "name one that does with LITREVIEW_EMBEDDING_MODEL, or leave it out", reach="run")  # fmt: skip
    if status == 500 and "too large to process" in words:
        return _too_long(said, request)
    return None


def _too_long(said: str, request: Request) -> ModelError:
    if request.kind == "embedding":
        return ModelError("too_long", f"a text is too long for {request.model}: {said}",
                          "an embedding model with a longer context takes it", reach="request")  # fmt: skip
    return ModelError("too_long", f"the prompt is too long for {request.model}: {said}",
                      "take a model with a longer context, or more and smaller themes", reach="request")  # fmt: skip


def _unknown_model(message: str, request: Request) -> ModelError:
    named = "LITREVIEW_EMBEDDING_MODEL" if request.kind == "embedding" else "--model or LITREVIEW_MODEL"
    return ModelError("unknown_model", message, f"name another with {named}", reach="run")


def _refused_parameter(words: str, said: str, request: Request) -> ModelError | None:
    if "model" in words and ("not exist" in words or "not found" in words or "model_not_found" in words):
        return _unknown_model(f"the endpoint has no such model: {said}", request)
    if request.kind == "embedding":  # all of them have one shape: what refuses this one refuses the rest
        return ModelError("bad_request", f"the endpoint refuses to embed a text: {said}",
                          "name another model with LITREVIEW_EMBEDDING_MODEL, or leave it out", reach="run")  # fmt: skip
    # An error may name the parameter to take instead: the one that is named first is the one refused.
    named = [(words.index(name), hint) for name, hint in PARAMETERS if name in words]
    if not named:
        return None
    weaker = "json_object" if request.output == "json_schema" else "text"
    hint = min(named)[1] or f"set LITREVIEW_OUTPUT={weaker}"
    return ModelError("unsupported", f"the endpoint refuses a parameter: {said}",
                      f"{hint}; `litreview doctor` finds out the rest", reach="run")  # fmt: skip
