"""The one place that talks to an endpoint, and the one file that imports the client.

What the endpoint says is turned into `ModelError`s that tell the user what to do. Its words are shown in
part only, and never with the key in them.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from agent.errors import ModelError
from agent.llm.request import Request, Response, TokenUsage
from agent.settings import without_secrets

if TYPE_CHECKING:
    import openai

MOST_SAID = 200  # characters of an endpoint's own words
RETRYABLE = {408: "timeout", 409: "conflict", 425: "conflict", 429: "rate_limited"}
_KEYLIKE = re.compile(r"\b(?:sk|pk|key|Bearer)[-_ ][\w*.-]{6,}", re.I)


@dataclass(frozen=True)
class Endpoint:
    """Where to ask, and with what. `key` is in no representation.

    Args:
        base_url: None for the client's own default.
        timeout: seconds for one try; None to wait for ever.
    """

    key: str = field(repr=False)
    base_url: str | None = None
    timeout: float | None = 120.0

    @property
    def shown(self) -> str:
        """The address without user, password and query."""
        if not self.base_url:
            return "the default endpoint"
        return without_secrets(self.base_url)


class OpenAIClient:
    """Sends one try over the wire; its own retries are off.

    Args:
        now: the time of day, for a `Retry-After` that names one.
    """

    def __init__(self, endpoint: Endpoint, now: Callable[[], datetime]) -> None:
        self._endpoint = endpoint
        self._now = now
        self._client: openai.AsyncOpenAI | None = None

    async def close(self) -> None:
        if self._client is not None:
            await self._client.close()

    async def send(self, request: Request) -> Response:
        import openai
        from openai.types.chat import ChatCompletion

        try:
            client = self._client or self._connect()
            # Not `chat.completions.create`: it walks through messages and schema, a millisecond for each call.
            # The client's own time-out is one of silence; this one is of the whole try.
            async with asyncio.timeout(self._endpoint.timeout):
                completion = await client.post(
                    "/chat/completions", body=_body(request), cast_to=ChatCompletion
                )
        except (openai.APITimeoutError, TimeoutError) as error:
            raise self._unanswered(error) from error
        except openai.APIResponseValidationError as error:
            raise _other_protocol(self._endpoint) from error
        except openai.APIConnectionError as error:
            raise self._unreached(error) from error
        except openai.APIStatusError as error:
            raise self._refused(error, request) from error
        except (json.JSONDecodeError, UnicodeDecodeError, openai.APIError) as error:
            raise ModelError(
                "cut_body", "the endpoint's reply was cut off or is no JSON", reach="try"
            ) from error
        except Exception as error:  # a wrong address or key fails in the client's own depths, in many ways
            raise self._unsendable(error) from error
        return _response(completion, self._endpoint, request)

    def _connect(self) -> openai.AsyncOpenAI:
        import openai

        self._client = openai.AsyncOpenAI(
            api_key=self._endpoint.key,
            base_url=self._endpoint.base_url,
            timeout=self._endpoint.timeout,
            max_retries=0,
        )
        return self._client

    def _unsendable(self, error: Exception) -> ModelError:
        said = self._quoted(str(error) or type(error).__name__)
        hint = "see OPENAI_BASE_URL and OPENAI_API_KEY: plain signs, no quotation marks"
        return ModelError("client", f"{self._endpoint.shown} cannot be asked: {said}", hint, reach="run")

    def _unanswered(self, error: Exception) -> ModelError:
        within = "" if self._endpoint.timeout is None else f" within {self._endpoint.timeout:g} s"
        return ModelError(
            "timeout",
            f"{self._endpoint.shown} gave no answer{within}",
            "raise --timeout (seconds; 0 waits for ever), or see whether the endpoint is up",
            reach="try",
        )

    def _unreached(self, error: Exception) -> ModelError:
        if isinstance(error.__cause__, json.JSONDecodeError | UnicodeDecodeError):
            return ModelError("cut_body", "the endpoint's reply was cut off or is no JSON", reach="try")
        return ModelError(
            "connection",
            f"{self._endpoint.shown} cannot be reached, or broke the line{_why(error)}",
            "see OPENAI_BASE_URL, and whether the endpoint is up",
            reach="try",
        )

    def _refused(self, error: openai.APIStatusError, request: Request) -> ModelError:
        said = self._quoted(_words_of(error))
        status = error.status_code
        known = _known_refusal(status, said, error, request, self._endpoint)
        if known:
            return known
        if status in RETRYABLE or status >= 500:
            code = RETRYABLE.get(status, "server_error")
            wait = self._retry_after(error.response.headers)
            asked = f", and asks to wait {wait:g} s" if wait else ""
            return ModelError(code, f"the endpoint answered {status}{asked}: {said}", reach="try", wait=wait)
        return ModelError("bad_request", f"the endpoint refused the request ({status}): {said}",
                          "`litreview doctor` finds out what it can do", reach="request")  # fmt: skip

    def _retry_after(self, headers: Mapping[str, str]) -> float | None:
        """Seconds; the header holds them, or milliseconds under another name, or a date."""
        exact = headers.get("retry-after-ms", "")
        stated = headers.get("retry-after", "").strip()
        try:
            if exact:
                return max(0.0, float(exact) / 1000)
            if re.fullmatch(r"\d+(\.\d+)?", stated):
                return float(stated)
            if stated:
                then = parsedate_to_datetime(stated)
                then = then if then.tzinfo else then.replace(tzinfo=UTC)
                return max(0.0, (then - self._now()).total_seconds())
        except (ValueError, TypeError):
            return None
        return None

    def _quoted(self, words: str) -> str:
        """The endpoint's words on one line, without anything that looks like a key."""
        plain = " ".join(words.split()).replace(self._endpoint.key or "\0", "***")
        plain = _KEYLIKE.sub("***", plain)
        return plain if len(plain) <= MOST_SAID else plain[:MOST_SAID] + "…"


def _body(request: Request) -> dict[str, Any]:
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


def _response(completion: Any, endpoint: Endpoint, request: Request) -> Response:
    choices = getattr(completion, "choices", None)
    if not isinstance(choices, list) or any(not hasattr(choice, "message") for choice in choices):
        raise _other_protocol(endpoint)
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
    usage = TokenUsage(
        _count(completion.usage, "prompt_tokens"), _count(completion.usage, "completion_tokens")
    )
    return Response(_whole(text), reason, usage, str(completion.model or request.model))


def _count(usage: Any, name: str) -> int | None:
    found = getattr(usage, name, None)
    return found if isinstance(found, int) and not isinstance(found, bool) else None


def _whole(text: str) -> str:
    """A text without half surrogate pairs, which no file could hold."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _why(error: BaseException | None) -> str:
    """What the system says of a broken connection, in its own few words: "connection refused"."""
    while error is not None:
        if isinstance(error, OSError) and error.strerror:
            return f": {error.strerror[0].lower()}{error.strerror[1:]}"
        error = error.__cause__ or error.__context__
    return ""


def _known_refusal(
    status: int, said: str, error: openai.APIStatusError, request: Request, endpoint: Endpoint
) -> ModelError | None:
    """Refusals with a known remedy."""
    code = str(getattr(error, "code", "") or "")
    words = f"{code} {said}".lower()
    if status in (401, 403):
        return ModelError("bad_key", f"{endpoint.shown} does not accept the key ({status})",
                          "set OPENAI_API_KEY to a key for this endpoint (OPENAI_BASE_URL)", reach="run")  # fmt: skip
    if status == 404 and "model" in words:
        return ModelError("unknown_model", f"{endpoint.shown} has no model '{request.model}'",
                          "name another with --model or LITREVIEW_MODEL", reach="run")  # fmt: skip
    if status in (404, 405):
        return _other_protocol(endpoint)
    if code == "insufficient_quota" or status == 402:
        return ModelError("no_credit", f"{endpoint.shown}: the account has no credit left: {said}",
                          "top it up, then run again: what is done is kept", reach="run")  # fmt: skip
    is_too_long = any(sign in words for sign in ("context_length", "context length", "too long"))
    if status == 413 or (status in (400, 422) and is_too_long):
        return ModelError("too_long", f"the prompt is too long for {request.model}: {said}",
                          "take a model with a longer context, or more and smaller themes", reach="request")  # fmt: skip
    if status in (400, 422):
        return _refused_parameter(words, said, request)
    return None


PARAMETERS = (
    ("max_completion_tokens", "set LITREVIEW_TOKENS_PARAMETER=max_tokens"),
    ("max_tokens", "set LITREVIEW_TOKENS_PARAMETER=max_completion_tokens"),
    ("temperature", "set LITREVIEW_TEMPERATURE=none"),
    ("json_schema", ""),
    ("json_object", ""),
    ("response_format", ""),
)


def _refused_parameter(words: str, said: str, request: Request) -> ModelError | None:
    if "model" in words and ("not exist" in words or "not found" in words or "model_not_found" in words):
        return ModelError("unknown_model", f"the endpoint has no such model: {said}",
                          "name another with --model or LITREVIEW_MODEL", reach="run")  # fmt: skip
    # An error may name the parameter to take instead: the one that is named first is the one refused.
    named = [(words.index(name), hint) for name, hint in PARAMETERS if name in words]
    if not named:
        return None
    weaker = "json_object" if request.output == "json_schema" else "text"
    hint = min(named)[1] or f"set LITREVIEW_OUTPUT={weaker}"
    return ModelError("unsupported", f"the endpoint refuses a parameter: {said}",
                      f"{hint}; `litreview doctor` finds out the rest", reach="run")  # fmt: skip


def _other_protocol(endpoint: Endpoint) -> ModelError:
    return ModelError(
        "other_protocol",
        f"{endpoint.shown} does not speak the chat-completions protocol",
        "OPENAI_BASE_URL mostly ends in /v1; see what your endpoint documents",
        reach="run",
    )


def _words_of(error: openai.APIStatusError) -> str:
    """What an endpoint says of an error, in whichever envelope; of a page, nothing."""
    found: Any = error.body
    for name in ("error", "message", "detail", "msg"):
        if isinstance(found, list) and found:
            found = found[0]
        if isinstance(found, dict) and name in found:
            found = found[name]
    if isinstance(found, str) and found.strip():
        return found
    plain = error.response.text.strip()
    return plain if plain and not plain.startswith(("<", "{", "[")) else str(error.message)
