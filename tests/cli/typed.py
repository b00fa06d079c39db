"""A person at a real terminal for these tests: a pseudo-terminal that a command runs on, and keys that are typed."""

from __future__ import annotations

import os
import select
import sys
import time
from types import TracebackType

from terminal import Terminal

PATIENCE = 20  # seconds until a command that says nothing is given up
REST = 0.1
CTRL_C, CTRL_D = "\x03", "\x04"
PROMPT = "\n? "


class Typed:
    """A command on a pseudo-terminal. Use as a context manager; at its end the command is gone."""

    def __init__(self, desk: Terminal, *arguments: object, **environment: str) -> None:
        import pty  # POSIX has it

        self.seen = ""
        self._read = 0
        self._code: int | None = None
        self._process, self._terminal = pty.fork()
        if self._process == 0:
            try:
                os.chdir(desk.folder)
                told = desk.environment({"TERM": "xterm", "COLUMNS": "80", **environment})
                os.execve(sys.executable, [sys.executable, "-m", "agent", *map(str, arguments)], told)
            finally:
                os._exit(127)

    def __enter__(self) -> Typed:
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._code is None:
            os.kill(self._process, 9)
            os.waitpid(self._process, 0)
        os.close(self._terminal)

    def type(self, keys: str) -> None:
        if keys == CTRL_C:  # the terminal's library sees a signal only while it waits for a key
            time.sleep(REST)
        os.write(self._terminal, keys.encode())

    def wait_for(self, text: str) -> str:
        """All that is shown until `text` is, from where the last wait ended."""
        until = time.monotonic() + PATIENCE
        while text not in self.seen[self._read :]:
            assert time.monotonic() < until and self._take(), f"never shown: {text!r} in {self.seen!r}"
        start, self._read = self._read, self.seen.index(text, self._read) + len(text)
        return self.seen[start : self._read]

    def leave(self) -> int:
        """Wait for the end; the exit code."""
        until = time.monotonic() + PATIENCE
        while self._take():
            assert time.monotonic() < until, f"it goes on: {self.seen!r}"
        self._code = os.waitstatus_to_exitcode(os.waitpid(self._process, 0)[1])
        return self._code

    def _take(self) -> bool:
        if not select.select([self._terminal], [], [], 0.5)[0]:
            return True
        try:
            data = os.read(self._terminal, 65536)
        except OSError:  # the command has left the terminal
            return False
        self.seen += data.decode("utf-8", "replace").replace("\r\n", "\n")
        return bool(data)
