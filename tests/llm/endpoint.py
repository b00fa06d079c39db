"""A real endpoint on this machine that does what a script says, request by request.

    with ScriptedEndpoint([failed(429, "slow down", retry_after="1"), good("{}")]) as endpoint:
        ...  # ask endpoint.base_url
    endpoint.received[0].body

A script is a list of actions, the last of which holds ever after, or a function from a request to its action.
"""

from __future__ import annotations

import json
import os
import socket
import struct
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Literal

READY = '{"ready": true}'
JSON = "application/json"


@dataclass(frozen=True)
class Action:
    """What happens to one request.

    Args:
        way: `whole` sends the body, `cut` half of it, `hang` nothing until the end, `reset` breaks the line.
    """

    status: int = 200
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    way: Literal["whole", "cut", "hang", "reset"] = "whole"


@dataclass(frozen=True)
class Received:
    """One request as it came: `count` begins at 1, names of headers are in lower case."""

    count: int
    path: str
    headers: Mapping[str, str]
    body: dict[str, Any]


Script = Sequence[Action] | Callable[[Received], Action]


def good(text: str | None = READY, **told: Any) -> Action:
    """A completion. `usage=None` leaves the counts out; `refusal`, `finish_reason` and `model` as told."""
    message = {"role": "assistant", "content": text, "refusal": told.get("refusal")}
    choice = {"index": 0, "message": message, "finish_reason": told.get("finish_reason", "stop")}
    tokens_in, tokens_out = told.get("usage", (12, 5)) or (0, 0)
    usage = {
        "prompt_tokens": tokens_in,
        "completion_tokens": tokens_out,
        "total_tokens": tokens_in + tokens_out,
    }
    return as_json(
        {
            "id": "chatcmpl-1",
            "object": "chat.completion",
            "created": 1,
            "model": told.get("model", "served-model"),
            "choices": [choice],
            **({"usage": usage} if told.get("usage", True) else {}),
        }
    )


def embedded(numbers: Any, **told: Any) -> Action:
    """An embedding. `usage=None` leaves the count out; `model` as told."""
    tokens = told.get("usage", 7)
    return as_json(
        {
            "object": "list",
            "data": [{"object": "embedding", "index": 0, "embedding": numbers}],
            "model": told.get("model", "served-vectors"),
            **({"usage": {"prompt_tokens": tokens, "total_tokens": tokens}} if tokens else {}),
        }
    )


def letters(text: str) -> list[float]:
    """The vector of a text that this endpoint gives: how often each letter stands in it, and a one."""
    low = text.lower()
    return [*(low.count(letter) / 2 for letter in "abcdefghijklmnopqrstuvwxyz"), 1.0]


def failed(status: int, message: str, code: str | None = None, **headers: str) -> Action:
    """An error as the protocol has it; headers are written with underscores: `retry_after="2"`."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    error = {"message": message, "type": "error", "param": None, "code": code}
    return as_json({"error": error}, status=status, headers=named)


def as_json(value: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Action:
    """Any JSON at all."""
    return Action(status, json.dumps(value), {"content-type": JSON, **(headers or {})})


EMPTY = good("")
NO_CHOICES = as_json({"id": "1", "object": "chat.completion", "created": 1, "model": "m", "choices": []})
REFUSAL = good(None, refusal="I cannot help with that.")
FILTERED = good("half", finish_reason="content_filter")
TOO_LONG_A_REPLY = good('{"ready"', finish_reason="length")
FENCED = good(f"```json\n{READY}\n```")
THINKING = good(f"<think>They want {{a}} thing.\nSo be it.</think>\n{READY}")
HANG = Action(way="hang")
RESET = Action(way="reset")
CUT = Action(200, good("a reply that is not sent to its end").body, {"content-type": JSON}, way="cut")
HTML = Action(200, "<!doctype html><title>Welcome</title>", {"content-type": "text/html"})
OTHER = as_json({"type": "message", "content": [{"type": "text", "text": "Hello"}]})
NO_SCHEMA = failed(400, "Invalid parameter: json_schema is not supported with this model.")
NO_TEMPERATURE = failed(
    400, "Unsupported value: 'temperature' does not support 0 with this model.", "unsupported_value"
)
NO_MAX_TOKENS = failed(
    400,
    "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
    "unsupported_parameter",
)
NO_MAX_COMPLETION_TOKENS = failed(
    400, "Unrecognized request argument supplied: max_completion_tokens. Did you mean max_tokens?"
)
TOO_LONG_A_PROMPT = failed(
    400,
    "This model's maximum context length is 8192 tokens. However, your messages resulted in 9000 tokens.",
    "context_length_exceeded",
)
BAD_KEY = failed(401, "Incorrect API key provided: sk-SECRE*********CRET.", "invalid_api_key")
NO_MODEL = failed(
    404, "The model `nobody` does not exist or you do not have access to it.", "model_not_found"
)
NO_EMBEDDINGS = failed(501, "This server does not support embeddings. Start it with `--embeddings`")
NO_PATH = as_json({"detail": "Not Found"}, status=404)


class ScriptedEndpoint:
    """The server, for the length of a `with`; `received` holds what came in, in order."""

    def __init__(self, script: Script) -> None:
        self.received: list[Received] = []
        self._script = script
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.005,), daemon=True)

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/v1"

    @property
    def bodies(self) -> list[dict[str, Any]]:
        return [one.body for one in self.received]

    def __enter__(self) -> ScriptedEndpoint:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def wait_for_end(self) -> None:
        self._over.wait(10)

    def action(self, path: str, headers: Mapping[str, str], body: bytes) -> Action:
        with self._lock:
            low = {name.lower(): value for name, value in headers.items()}
            request = Received(len(self.received) + 1, path, low, json.loads(body or b"{}"))
            self.received.append(request)
            if callable(self._script):
                return self._script(request)
            return self._script[min(request.count, len(self._script)) - 1]


class _Server(ThreadingHTTPServer):
    request_queue_size = 64

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Who hangs up on us does so on purpose."""


def _handler(endpoint: ScriptedEndpoint) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            sent = self.rfile.read(int(self.headers.get("content-length", 0)))
            action = endpoint.action(self.path, self.headers, sent)
            if action.way == "hang":
                endpoint.wait_for_end()
                self.close_connection = True
            elif action.way == "reset":
                self.close_connection = True
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                os.close(self.connection.detach())
            else:
                self._answer(action)

        def _answer(self, action: Action) -> None:
            """In one piece, since a second one would wait for the first one's receipt."""
            body = action.body.encode()
            lines = [
                f"HTTP/1.1 {action.status} Scripted",
                f"content-length: {len(body)}",
                *(f"{name}: {value}" for name, value in action.headers.items()),
            ]
            if action.way == "cut":
                body = body[: len(body) // 2]
                self.close_connection = True
            self.wfile.write("\r\n".join([*lines, "", ""]).encode() + body)

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing."""

    return Handler
