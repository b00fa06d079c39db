"""One HTTP client for all services: who we are, how often, how long, and what came back.

Keys go into the request and nowhere else; what a service says is shown without them.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, quote_plus

from agent.errors import NotThereError, RefusedError, SourceError
from agent.sources.fetching.pace import LONGEST_WAIT, Pace
from agent.sources.services.common import Call, Service

if TYPE_CHECKING:
    import httpx2

TRIES = 4
FIRST_WAIT = 2.0  # seconds before the second try; doubled after each
PASSING = frozenset(
    {408, 425, 429, 500, 502, 503, 504, *range(520, 525), 529}
)  # the last are those of proxies
HIDDEN = "(key)"  # what stands in place of a key, wherever one came back
LEAST_KEY = 6  # characters; what is shorter is no key, and stands in any text
MOST_BYTES = 64 * 1024 * 1024
MOST_PDF_BYTES = 100 * 1024 * 1024
WIRE_LOGS = (
    "httpx2",
    "httpcore2.http11",
)  # where the HTTP library logs addresses, and headers that came back
IN_ADDRESSES = "@+.!#$&'*/=?^_`{|}~-"  # what may stand in an e-mail address
_SECONDS = re.compile(r"[0-9]{1,12}(?:\.[0-9]*)?")


@dataclass(frozen=True)
class Identity:
    """Who asks: the program, how to reach its user, and the services' keys by the services' names."""

    agent: str
    contact: str | None = None
    keys: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Answer:
    """What came back with success."""

    body: bytes
    content_type: str


class Client:
    """Sends calls one at a time, each in its turn.

    Args:
        timeout: seconds for connecting, and between two pieces of an answer.
        transport: another way to the wire, for tests.
        sleep: waits so many seconds before another try.
    """

    def __init__(
        self,
        identity: Identity,
        pace: Pace,
        sleep: Callable[[float], None],
        timeout: float = 30.0,
        transport: httpx2.BaseTransport | None = None,
    ) -> None:
        self._identity = identity
        self._pace = pace
        self._sleep = sleep
        self._timeout = timeout
        self._transport = transport
        self._client: Any = None
        self._secrets = [key for key in identity.keys.values() if len(key) >= LEAST_KEY]
        self._filter = _KeysHidden(self._secrets)

    def close(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None
            for name in WIRE_LOGS:
                logging.getLogger(name).removeFilter(self._filter)

    def send(self, service: Service, call: Call) -> Answer:
        """The answer to a call.

        Raises:
            SourceError: the service cannot be reached, refuses, or is not to be called now.
        """
        answer = self._in_turn(
            service.NAME, service.LABEL, service.SECONDS, lambda: self._request(service, call), MOST_BYTES
        )
        body = answer.body
        for key in self._secrets:  # some services repeat the question in their answers
            body = body.replace(key.encode(), HIDDEN.encode())
        return replace(answer, body=body)

    def download(self, name: str, seconds: float, url: str) -> Answer:
        """The file at an address, at the rate of the service that it belongs to."""
        return self._in_turn(name, url, seconds, lambda: self._built("GET", url, follow=True), MOST_PDF_BYTES)

    def _in_turn(self, name: str, label: str, seconds: float, ask: Callable[[], Any], most: int) -> Answer:
        wait = FIRST_WAIT
        for number in range(1, TRIES + 1):
            with self._pace.turn(name, seconds) as hold:
                answer, problem, asked = self._try(label, ask, most)
                hold(asked)
            if answer is not None:
                return answer
            if asked > LONGEST_WAIT:
                raise SourceError(f"{label}: asks to be left alone for {asked:.0f} s", "try again then")
            if number < TRIES:
                self._sleep(max(asked, wait))
                wait *= 2
        raise SourceError(
            f"{label}: {problem}; {TRIES} tries", "try again later; what came until then is kept"
        )

    def _try(self, label: str, ask: Callable[[], Any], most: int) -> tuple[Answer | None, str, float]:
        """An answer, or why another try may do better; and how long the service asks to be left alone."""
        import httpx2

        try:
            response = ask()
            try:
                asked = _asked_to_wait(response.headers, self._pace.now())
                if response.status_code in PASSING:
                    return None, f"HTTP {response.status_code}", asked
                if response.status_code >= 300:
                    raise _refusal(label, response.status_code)
                body = _bounded(response, label, most)
                return Answer(body, response.headers.get("content-type", "")), "", asked
            finally:
                response.close()
        except httpx2.TimeoutException:
            return None, f"no answer within {self._timeout:g} s", 0.0
        except httpx2.InvalidURL:
            raise SourceError(f"{label}: no address that can be asked") from None
        except httpx2.HTTPError as error:
            return None, f"cannot be reached, or broke the line ({type(error).__name__})", 0.0

    def _request(self, service: Service, call: Call) -> Any:
        params, headers = list(call.params), dict(call.headers)
        key = self._identity.keys.get(service.NAME)
        if key and not (key.isascii() and key.isprintable()):
            raise SourceError(
                f"{service.LABEL}: its key holds signs that no key has", f"see {service.KEY_VARIABLE}"
            )
        if key and call.key_param:
            params.append((call.key_param, key))
        if key and call.key_header:
            headers[call.key_header] = key
        if self._identity.contact and call.contact_param:
            params.append((call.contact_param, self._identity.contact))
        if call.body is None:
            return self._built("GET", call.url, params=params, headers=headers)
        headers["content-type"] = "application/json"
        return self._built("POST", call.url, params=params, headers=headers, content=call.body)

    def _built(self, method: str, url: str, *, follow: bool = False, **more: Any) -> Any:
        client = self._opened()
        request = client.build_request(method, url, **{name: value for name, value in more.items() if value})
        return client.send(request, stream=True, follow_redirects=follow)

    def _opened(self) -> Any:
        if self._client is None:
            import httpx2

            contact = quote(self._identity.contact or "", safe=IN_ADDRESSES)
            said = f"{self._identity.agent} (mailto:{contact})" if contact else self._identity.agent
            for name in WIRE_LOGS:
                logging.getLogger(name).addFilter(self._filter)
            self._client = httpx2.Client(
                timeout=self._timeout, transport=self._transport, headers={"user-agent": said}
            )
        return self._client


class _KeysHidden(logging.Filter):
    """Takes keys out of what the HTTP library logs, for whoever has turned logging on."""

    def __init__(self, keys: Sequence[str]) -> None:
        super().__init__()
        self._keys = {form for key in keys for form in (key, quote(key), quote_plus(key))}

    def filter(self, record: logging.LogRecord) -> bool:
        said = record.getMessage()
        for key in sorted(self._keys, key=len, reverse=True):
            said = said.replace(key, HIDDEN)
        record.msg, record.args = said, ()
        return True


def _bounded(response: Any, label: str, most: int) -> bytes:
    pieces, size = [], 0
    for piece in response.iter_bytes():
        size += len(piece)
        if size > most:
            raise SourceError(f"{label}: the answer is larger than {most // 1024 // 1024} MiB")
        pieces.append(piece)
    return b"".join(pieces)


def _refusal(label: str, status: int) -> SourceError:
    hints = {401: "the key is missing or wrong", 403: "the service does not let us in: a key may be needed",
             404: "it has nothing there", 400: "it does not understand the question"}  # fmt: skip
    moved = "it has moved" if status < 400 else None
    kind = NotThereError if status in (404, 410) else RefusedError
    return kind(f"{label}: refused with HTTP {status}", hints.get(status) or moved)


def _asked_to_wait(headers: Mapping[str, str], now: float) -> float:
    """Seconds that `Retry-After` or `Backoff` asks for; 0 where neither does."""
    return max(_seconds(headers.get(name), now) for name in ("retry-after", "backoff"))


def _seconds(said: str | None, now: float) -> float:
    """A number of seconds, or those until a date."""
    if not said:
        return 0.0
    if _SECONDS.fullmatch(said.strip()):
        return float(said)
    try:
        until = parsedate_to_datetime(said)
        return max((until if until.tzinfo else until.replace(tzinfo=UTC)).timestamp() - now, 0.0)
    except (ValueError, TypeError, OverflowError):  # neither a number nor a date
        return 0.0
