"""Services on this machine that do what a script says, a clock that only moves when told, and the way to both.

    with serving(monkeypatch, {"export.arxiv.org": [Action(body=feed)]}) as web:
        ...  # search, enrich, or ask with `web.client(folder)`
    web.asked[0].params

A script names for each host its actions, the last of which holds ever after, or a function from a request to its
action. Hosts are reached by a transport that turns every address to this machine; nothing else is in place of the
real thing.
"""

from __future__ import annotations

import json
import os
import socket
import struct
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Literal
from urllib.parse import parse_qsl, urlsplit

import httpx2
import pytest

from agent.api.fetching import OUTSIDE
from agent.sources.fetching.client import Client, Identity
from agent.sources.fetching.pace import Pace

ANSWERS = Path(__file__).parents[1] / "services" / "answers"
ARXIV, CROSSREF, OPENALEX = "export.arxiv.org", "api.crossref.org", "api.openalex.org"
PUBMED, SEMANTIC, HUGGING = "eutils.ncbi.nlm.nih.gov", "api.semanticscholar.org", "huggingface.co"
START = 1_800_000_000.0  # the virtual clock's first moment


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
class Asked:
    """One request as it came: `count` begins at 1 for each host, names of headers are in lower case."""

    host: str
    count: int
    path: str
    params: Mapping[str, str]
    headers: Mapping[str, str]
    body: str


Script = Sequence[Action] | Callable[[Asked], Action]


def answer(name: str) -> Action:
    """A recorded answer of a service's tests."""
    kind = "application/json" if name.endswith(".json") else "application/atom+xml"
    return Action(body=(ANSWERS / name).read_text(), headers={"content-type": kind})


def as_json(value: Any, status: int = 200, **headers: str) -> Action:
    """JSON; headers are written with underscores: `retry_after="2"`."""
    named = {name.replace("_", "-"): said for name, said in headers.items()}
    return Action(status, json.dumps(value), {"content-type": "application/json", **named})


def feed(*entries: str, total: int | None = None) -> Action:
    """A feed of arXiv's."""
    count = len(entries) if total is None else total
    body = (
        '<feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" xmlns:arxiv="http://arxiv.org/schemas/atom"'
        f' xmlns="http://www.w3.org/2005/Atom"><opensearch:totalResults>{count}</opensearch:totalResults>'
        f"{''.join(entries)}</feed>"
    )
    return Action(body=body, headers={"content-type": "application/atom+xml"})


def entry(number: int, title: str | None = None, author: str = "Ada Lovelace", year: int = 2021) -> str:
    """A paper in such a feed: arXiv's number `2101.00001` and so on."""
    return (
        f"<entry><id>http://arxiv.org/abs/2101.{number:05}v1</id><title>{title or f'Water in Well Number {number}'}"
        f"</title><published>{year}-01-02T00:00:00Z</published><summary>Well {number} holds water.</summary>"
        f"<author><name>{author}</name></author></entry>"
    )


def work(doi: str, title: str, **said: Any) -> dict[str, Any]:
    """A work as Crossref has it; `family`, `year` and `venue` are put where they belong."""
    found: dict[str, Any] = {"DOI": doi, "title": [title], "type": "journal-article"}
    if family := said.pop("family", None):
        found["author"] = [{"given": "Ada", "family": family}]
    if year := said.pop("year", None):
        found["issued"] = {"date-parts": [[year]]}
    if venue := said.pop("venue", None):
        found["container-title"] = [venue]
    return {**found, **said}


def crossref(found: Mapping[str, Any]) -> Action:
    """Crossref's answer to the question for one work."""
    return as_json({"status": "ok", "message": found})


def listed(*works: Mapping[str, Any], total: int | None = None, cursor: str | None = None) -> Action:
    """Crossref's answer to a search."""
    message = {"total-results": len(works) if total is None else total, "items": works}
    return as_json({"status": "ok", "message": {**message, **({"next-cursor": cursor} if cursor else {})}})


HANG, RESET = Action(way="hang"), Action(way="reset")
PAGE = Action(200, "<!doctype html><title>Sorry</title><p>Be back soon", {"content-type": "text/html"})
NOT_THERE = Action(404, "Resource not found.")


class Clock:
    """Seconds that pass only while somebody sleeps; `slept` holds how long, in order."""

    def __init__(self, start: float = START) -> None:
        self.time = start
        self.slept: list[float] = []

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += seconds


class Web:
    """What a test sees of the services: what they were asked, and the clock."""

    def __init__(self, scripts: Mapping[str, Script]) -> None:
        self.asked: list[Asked] = []
        self.times: list[float] = []
        self.clock = Clock()
        self.transport = _Loopback()
        self.over = threading.Event()
        self.scripts: dict[str, Script] = dict(scripts)
        self._counts: Counter[str] = Counter()
        self._lock = threading.Lock()

    def of(self, host: str) -> list[Asked]:
        """What one host was asked."""
        return [one for one in self.asked if one.host == host]

    def client(self, state: Path, identity: Identity | None = None, timeout: float = 5.0) -> Client:
        """A client that keeps rates in a folder."""
        pace = Pace(state, self.clock.now, self.clock.sleep)
        return Client(identity or Identity("litreview/9"), pace, self.clock.sleep, timeout, self.transport)

    def action(self, host: str, path: str, headers: Mapping[str, str], body: bytes) -> Action:
        with self._lock:
            self._counts[host] += 1
            parts = urlsplit(path)
            low = {name.lower(): value for name, value in headers.items()}
            one = Asked(
                host, self._counts[host], parts.path, dict(parse_qsl(parts.query)), low, body.decode()
            )
            self.asked.append(one)
            self.times.append(self.clock.time)
            script = self.scripts.get(host, [Action(404, "this host was not expected")])
            return script(one) if callable(script) else script[min(one.count, len(script)) - 1]


@contextmanager
def serving(monkeypatch: pytest.MonkeyPatch, scripts: Mapping[str, Script]) -> Iterator[Web]:
    """Have the whole program ask these services, at a clock of their own."""
    web = Web(scripts)
    server = _Server(("127.0.0.1", 0), _handler(web))
    web.transport.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, args=(0.002,), daemon=True)
    thread.start()
    for name, value in (
        ("now", web.clock.now),
        ("sleep", web.clock.sleep),
        ("transport", web.transport),
    ):
        monkeypatch.setattr(OUTSIDE, name, value)
    try:
        yield web
    finally:
        web.over.set()
        web.transport.close()
        server.shutdown()
        thread.join()
        server.server_close()


class _Loopback(httpx2.BaseTransport):
    """Turns every address to this machine; which host was meant stands in the `Host` header."""

    port = 0

    def __init__(self) -> None:
        self._inner: httpx2.HTTPTransport | None = None

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        self._inner = self._inner or httpx2.HTTPTransport(verify=False)
        turned = httpx2.Request(
            request.method,
            request.url.copy_with(scheme="http", host="127.0.0.1", port=self.port),
            headers=request.headers,
            stream=request.stream,
            extensions=request.extensions,
        )
        return self._inner.handle_request(turned)

    def close(self) -> None:
        if self._inner is not None:
            self._inner.close()
            self._inner = None


class _Server(ThreadingHTTPServer):
    request_queue_size = 64

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Who hangs up on us does so on purpose."""


def _handler(web: Web) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            sent = self.rfile.read(int(self.headers.get("content-length", 0)))
            action = web.action(self.headers["host"], self.path, self.headers, sent)
            if action.way == "hang":
                web.over.wait(10)
                self.close_connection = True
            elif action.way == "reset":
                self.close_connection = True
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                os.close(self.connection.detach())
            else:
                self._answer(action)

        do_GET = do_POST  # noqa: N815

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
