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
from agent.llm.refusals import refusal_of
from agent.llm.request import Request, Response
from agent.llm.wire import MOST_SAID, body_of, other_protocol, path_of, response_of
from agent.settings import without_secrets

if TYPE_CHECKING:
    import openai

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

        try:
            client = self._client or self._connect()
            # Not `chat.completions.create`: it walks through messages and schema, a millisecond for each call.
            # The client's own time-out is one of silence; this one is of the whole try.
            async with asyncio.timeout(self._endpoint.timeout):
                came = await client.post(path_of(request), body=body_of(request), cast_to=_shape(request))
        except (openai.APITimeoutError, TimeoutError) as error:
            raise self._unanswered(error) from error
        except openai.APIResponseValidationError as error:
            raise other_protocol(request, self._endpoint.shown) from error
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
        return response_of(came, request, self._endpoint.shown)

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
        code = str(getattr(error, "code", "") or "")
        known = refusal_of(status, code, said, request, self._endpoint.shown)
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


def _shape(request: Request) -> type[Any]:
    """What the client reads a body into; it takes whatever comes, and `wire` looks at it."""
    if request.kind == "embedding":
        from openai.types import CreateEmbeddingResponse

        return CreateEmbeddingResponse
    from openai.types.chat import ChatCompletion

    return ChatCompletion


def _why(error: BaseException | None) -> str:
    """What the system says of a broken connection, in its own few words: "connection refused"."""
    while error is not None:
        if isinstance(error, OSError) and error.strerror:
            return f": {error.strerror[0].lower()}{error.strerror[1:]}"
        error = error.__cause__ or error.__context__
    return ""


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
