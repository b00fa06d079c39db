"""Trying again what may go well: waits with jitter, as long as the endpoint asks, and not for ever."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, stop_after_attempt

from agent.errors import ModelError
from agent.llm.request import Request, RequestKind, Response, Transport

LONGEST_WAIT = 60.0  # seconds between two tries that the endpoint did not ask for
LONGEST_ASKED = 300.0  # seconds that an endpoint may ask for before the call is given up
GIVE_UP_AFTER = 3  # calls in a row that found nobody, before no more are made
UNREACHABLE = ("connection", "timeout")


@dataclass(frozen=True)
class Patience:
    """How often and how patiently to try.

    Args:
        tries: of one request, the first included.
        first_wait: seconds before the second try, doubled before each further one.
    """

    tries: int = 5
    first_wait: float = 1.0


class Retrying:
    """Sends a request again after errors that may pass.

    Args:
        sleep: waits so many seconds.
        jitter: a number from 0 to 1, by which waits are spread.
    """

    def __init__(
        self,
        inner: Transport,
        patience: Patience,
        sleep: Callable[[float], Awaitable[None]],
        jitter: Callable[[], float],
    ) -> None:
        self._inner = inner
        self._patience = patience
        self._sleep = sleep
        self._jitter = jitter
        # By kind: an endpoint may answer questions and be silent about embeddings, which nobody needs.
        self._has_answered: set[RequestKind] = set()
        self._unreached: Counter[RequestKind] = Counter()

    async def send(self, request: Request) -> Response:
        if self._unreached[request.kind] >= GIVE_UP_AFTER:
            raise ModelError(
                "endpoint_down", "the endpoint stopped answering; no more calls were made", reach="request"
            )
        tries = AsyncRetrying(
            sleep=self._sleep,
            stop=stop_after_attempt(self._patience.tries),
            wait=self._wait,
            retry=retry_if_exception(_may_pass),
            reraise=True,
        )
        try:
            response: Response = await tries(self._inner.send, request)
        except ModelError as error:
            self._note(error, request.kind)
            raise
        self._has_answered.add(request.kind)
        self._unreached[request.kind] = 0
        return response

    def _wait(self, state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        spread = 0.5 + self._jitter()
        if isinstance(error, ModelError) and error.wait is not None:
            return error.wait + spread * self._patience.first_wait
        wait: float = self._patience.first_wait * 2 ** (state.attempt_number - 1)
        return min(wait, LONGEST_WAIT) * spread

    def _note(self, error: ModelError, kind: RequestKind) -> None:
        """Calls that find nobody are told apart from those that one bad request causes."""
        if error.code not in UNREACHABLE:
            return
        if kind not in self._has_answered:
            raise ModelError(error.code, error.message, error.hint, reach="run") from error
        self._unreached[kind] += 1


def _may_pass(error: BaseException) -> bool:
    return isinstance(error, ModelError) and error.reach == "try" and (error.wait or 0) <= LONGEST_ASKED
