"""A real Chromium without a window and without a network, driven over its debugging pipe: one start, many pages."""

from __future__ import annotations

import base64
import fcntl
import json
import os
import re
import select
import shutil
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
OPTIONS = (
    "--headless", "--remote-debugging-pipe", "--disable-gpu", "--no-first-run", "--no-default-browser-check",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-extensions",
    "--disable-default-apps", "--disable-domain-reliability", "--disable-breakpad", "--disable-dev-shm-usage",
    "--hide-scrollbars", "--mute-audio", "--use-mock-keychain", "--password-store=basic",
    "--disable-features=OptimizationHints,MediaRouter,Translate,DialMediaRouteProvider,CertificateTransparencyComponentUpdater",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1", "--proxy-bypass-list=<-loopback>",
)  # fmt: skip
OWN_ERRANDS = re.compile(r"[ /.](?:google|googleapis|gstatic|gvt1)\.com[:/ ]")
PATIENCE = 60  # seconds

# What a reader sees of the page: the text, and of every visible piece of it its size and its contrast (WCAG 2, 1.4.3).
LOOK = """(() => {
  const value = text => (text.match(/[\\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => {
    const part = v => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
    return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
  };
  const behind = element => {
    for (let at = element; at; at = at.parentElement) {
      const found = value(getComputedStyle(at).backgroundColor);
      if (found.length === 3 || found[3] === 1) return found;
      if (found[3] !== 0) throw new Error('half transparent');
    }
    return [255, 255, 255];
  };
  const seen = {sizes: {}, contrasts: {}};
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!node.data.trim() || !element.getClientRects().length) continue;
    const style = getComputedStyle(element);
    const a = light(value(style.color)), b = light(behind(element));
    seen.sizes[style.fontSize] = node.data.trim().slice(0, 40);
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    seen.contrasts[ratio.toFixed(2)] = node.data.trim().slice(0, 40);
  }
  const all = [...document.body.querySelectorAll('*')];
  return {
    ...seen,
    text: document.body.innerText,
    headings: [...document.querySelectorAll('h3')].map(h => h.innerText),
    tags: [...new Set(all.map(e => e.localName))].sort(),
    attributes: [...new Set(all.flatMap(e => e.getAttributeNames()))].sort(),
    links: [...document.links].map(a => a.getAttribute('href')),
    wide: document.documentElement.scrollWidth - innerWidth,
    back: getComputedStyle(document.body).backgroundColor,
  };
})()"""


class Counter:
    """A proxy on loopback that fetches nothing and notes what it is asked for."""

    def __init__(self) -> None:
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = self._server.getsockname()[1]
        self.asked: list[str] = []
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self._server.accept()
            except OSError:  # closed
                return
            with line:
                line.settimeout(2)
                with suppress(OSError):
                    asked = line.recv(4096).split(b"\r\n")[0].decode("latin-1")
                    if asked:  # the browser also opens lines in advance, and asks for nothing
                        self.asked.append(asked)
                        line.sendall(b"HTTP/1.1 503 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

    def of_pages(self) -> list[str]:
        """What it was asked for, but for the browser's own errands, which come to nothing here."""
        return [line for line in self.asked if not OWN_ERRANDS.search(line)]

    def close(self) -> None:
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()


@dataclass
class Browser:
    """One tab. `fetched` is all that any page asked for besides itself, `popped` what it said in a dialog."""

    pipe_in: int
    pipe_out: int
    counter: Counter
    fetched: list[str] = field(default_factory=list)
    popped: list[str] = field(default_factory=list)
    _number: int = 0
    _session: str | None = None
    _held: bytes = b""

    def open_tab(self) -> None:
        """Begin: everything that is fetched from here on is told."""
        target = self.do("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.do("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Network", "Runtime"):
            self.do(f"{domain}.enable")

    def show(self, page: Path) -> None:
        """Load a file."""
        loaded = self.do("Page.navigate", url=page.as_uri())
        assert "errorText" not in loaded, loaded
        while True:
            if self._next().get("method") == "Page.loadEventFired":
                return

    def resize(self, width: int, *, is_dark: bool = False, height: int = 900) -> None:
        """The window's width in CSS pixels, and which colours its owner prefers."""
        self.do(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )
        scheme = "dark" if is_dark else "light"
        self.do("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])

    def run(self, script: str) -> Any:
        """The value of a script in the page."""
        reply = self.do("Runtime.evaluate", expression=script, returnByValue=True)
        assert "exceptionDetails" not in reply, reply["exceptionDetails"]
        return reply["result"].get("value")

    def look(self) -> dict[str, Any]:
        found: dict[str, Any] = self.run(LOOK)
        return found

    def picture(self, path: Path, *, height: int | None = None) -> None:
        """The whole page, or so much of it, as a PNG."""
        size = self.do("Page.getLayoutMetrics")["cssContentSize"]
        clip = {
            "x": 0,
            "y": 0,
            "width": size["width"],
            "height": min(size["height"], height or 20_000),
            "scale": 1,
        }
        shot = self.do("Page.captureScreenshot", format="png", captureBeyondViewport=True, clip=clip)
        path.write_bytes(base64.b64decode(shot["data"]))

    def _send(self, method: str, parameters: dict[str, Any]) -> int:
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self.pipe_in, json.dumps(message).encode() + b"\0")
        return self._number

    def do(self, method: str, **parameters: Any) -> dict[str, Any]:
        """One command and its reply."""
        number = self._send(method, parameters)
        while True:
            reply = self._next()
            if reply.get("id") == number:
                assert "error" not in reply, (method, reply["error"])
                found: dict[str, Any] = reply["result"]
                return found

    def _next(self) -> dict[str, Any]:
        """The next message, whatever it is; what it tells of pages is noted."""
        while b"\0" not in self._held:
            assert select.select([self.pipe_out], [], [], PATIENCE)[0], "the browser says nothing"
            piece = os.read(self.pipe_out, 1 << 20)
            assert piece, "the browser went away"
            self._held += piece
        raw, _, self._held = self._held.partition(b"\0")
        message: dict[str, Any] = json.loads(raw)
        method, told = message.get("method"), message.get("params", {})
        if method == "Network.requestWillBeSent" and not told["request"]["url"].startswith(
            ("file:", "about:")
        ):
            self.fetched.append(told["request"]["url"])
        if method == "Page.javascriptDialogOpening":
            self.popped.append(told["message"])
            self._send("Page.handleJavaScriptDialog", {"accept": True})
        return message


@contextmanager
def browsing(folder: Path) -> Iterator[Browser]:
    """A browser for as long as it is needed; its profile is kept in `folder`."""
    assert CHROMIUM
    counter = Counter()
    ours_in, theirs_in = (_high(fd) for fd in reversed(os.pipe()))
    ours_out, theirs_out = (_high(fd) for fd in os.pipe())
    options = [*OPTIONS, f"--proxy-server=http://127.0.0.1:{counter.port}", f"--user-data-dir={folder}"]
    if os.geteuid() == 0:
        options.append("--no-sandbox")
    null = os.open(os.devnull, os.O_RDWR)
    doors = [(null, 0), (null, 1), (null, 2), (theirs_in, 3), (theirs_out, 4)]
    process = os.posix_spawn(
        CHROMIUM,
        [CHROMIUM, *options],
        {**os.environ, "HOME": str(folder), "LC_ALL": "C.UTF-8"},
        file_actions=[(os.POSIX_SPAWN_DUP2, ours, theirs) for ours, theirs in doors],
        setpgroup=0,
    )
    for fd in (null, theirs_in, theirs_out):
        os.close(fd)
    try:
        browser = Browser(ours_in, ours_out, counter)
        browser.open_tab()
        yield browser
    finally:
        os.close(ours_in)
        os.close(ours_out)
        os.killpg(process, signal.SIGKILL)
        os.waitpid(process, 0)
        counter.close()


def _high(fd: int) -> int:
    """The same pipe under a number that is in nobody's way."""
    high = fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, 10)
    os.close(fd)
    return high
