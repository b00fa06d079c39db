"""What the terminal shows: results on stdout, progress and notes on stderr, both in a log if asked.

The commands import what is heavy inside their functions, so that each `--help` comes at once.
"""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, BinaryIO, NoReturn

import click

from agent.errors import UsageError
from agent.text.printable import printable

if TYPE_CHECKING:
    from agent.api import Review
    from agent.outputs.wrapping import Page
    from agent.records import Record

STEPS = {
    "files": "reading files",
    "add": "taking in records",
    "plan": "grouping papers",
    "place": "placing papers",
    "read": "reading papers",
    "write": "writing sections",
    "judge": "judging claims",
    "revise": "mending claims",
    "frame": "framing",
    "lead": "writing the lead",
    "compare": "comparing papers",
    "embed": "comparing by meaning",
    "index": "indexing papers",
    "attach": "reading PDFs",
    "fetch": "fetching PDFs",
    "sending": "sending letters",
}
STYLES: dict[str, dict[str, Any]] = {
    "head": {"bold": True},
    "cite": {"fg": "cyan"},
    "quiet": {"dim": True},
    "warn": {"fg": "yellow", "bold": True},
}  # roles of text in agent.outputs.wrapping
INCOMPLETE, CLOSED_PIPE = 3, 141
MOST_REJECTED = 10  # records that are named


class Console:
    """An observer of long work that shows a bar on a terminal, plain lines elsewhere, nothing when quiet."""

    def __init__(self, *, quiet: bool = False, log_file: str | None = None) -> None:
        self.quiet = quiet
        self._log = _open_log(log_file)
        self._bar: Any = None
        self._task: Any = None
        self._step = ""
        self._total = 0
        self._done = 0
        self._since = 0.0

    def close(self) -> None:
        """Nothing more will be said."""
        self.finish()
        if self._log is not None:
            self._log.close()

    def start(self, step: str, total: int) -> None:
        """A step begins that has `total` things to do."""
        self.finish()
        self._step, self._total, self._done, self._since = step, total, 0, time.monotonic()
        if total == 0:
            self._step = ""
            return
        self._write_log(f"{STEPS.get(step, step)}: {total}")
        if not self.quiet and total > 1 and sys.stderr is not None and sys.stderr.isatty():
            self._bar = _bar()
            self._bar.start()
            self._task = self._bar.add_task(STEPS.get(step, step), total=total)

    def advance(self, step: str, count: int = 1) -> None:
        """So many more are done."""
        if step != self._step:
            return
        self._done += count
        if self._bar is not None:
            self._bar.update(self._task, completed=min(self._done, self._total))

    def note(self, message: str) -> None:
        """Something worth knowing that is no error."""
        self.finish()
        self._say(message)

    def finish(self) -> None:
        """The step is over: its bar goes, a line stays."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None
        if self._step and self._total > 1:
            seconds = time.monotonic() - self._since
            done = str(self._total) if self._done >= self._total else f"{self._done} of {self._total}"
            self._say(f"{STEPS.get(self._step, self._step)}: {done} in {seconds:.1f} s")
        self._step = ""

    def result(self, text: str) -> None:
        """A result, on stdout, for a person."""
        self.finish()
        self._write(printable(text) if text.endswith("\n") else printable(text) + "\n")

    def data(self, text: str) -> None:
        """A result for programs, as it is."""
        self.finish()
        self._write(text)

    def page(self) -> Page:
        """How wide the terminal is, and how it shows what text is for."""
        from agent.outputs.wrapping import Page

        return Page(shutil.get_terminal_size().columns, _styled)

    def json(self, value: Record | dict[str, Any]) -> None:
        """A result for programs."""
        from agent.records import to_json

        self.finish()
        self._write(to_json(value))

    def _write(self, text: str) -> None:
        try:
            click.echo(text, nl=False, color=_colour())
            sys.stdout.flush()
        except BrokenPipeError:  # whoever read us has had enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise SystemExit(CLOSED_PIPE) from None

    def _say(self, line: str) -> None:
        self._write_log(line)
        if not self.quiet:
            try:
                click.echo(printable(line), err=True)
            except OSError:  # whoever watched has left: the work goes on, and what is said goes nowhere
                os.dup2(os.open(os.devnull, os.O_WRONLY), 2)

    def _write_log(self, line: str) -> None:
        if self._log is not None:
            self._log.write(f"{datetime.now(UTC).isoformat(timespec='seconds')} {printable(line)}\n")
            self._log.flush()


def say_error(message: str, hint: str | None) -> None:
    """What happened and what to do, on stderr."""
    click.echo(
        f"{click.style('error:', fg='red', bold=True)} {printable(message)}", err=True, color=_colour()
    )
    if hint:
        click.echo(f"{click.style('hint:', bold=True)} {printable(hint)}", err=True, color=_colour())


def open_review(ctx: click.Context, **settings: Any) -> tuple[Review, Console]:
    """The workspace that the options name, and the console that watches it."""
    from agent.api import Review

    options = ctx.find_root().obj
    console = Console(quiet=options["quiet"], log_file=options["log_file"])
    ctx.find_root().call_on_close(console.close)
    stated = {"workspace": options["workspace"], **settings}
    review = Review(options=stated, observer=console)
    return review, console


def say_where(review: Review, console: Console) -> None:
    """Which workspace this run uses."""
    console.note(f"workspace: {shown_path(review.workspace.folder)}")


def say_warnings(review: Review, console: Console) -> None:
    """What is worth knowing of this run, once."""
    for warning in review.warnings:
        console.note(warning)
    review.warnings.clear()


def say_rejected(review: Review, console: Console) -> None:
    """Which records of the files are no papers."""
    for one in review.rejected[:MOST_REJECTED]:
        console.note(f"rejected: {one.source}, {one.position}: {one.reason}")
    if len(review.rejected) > MOST_REJECTED:
        console.note(f"... and {len(review.rejected) - MOST_REJECTED} more rejected")


def leave(*, complete: bool) -> NoReturn:
    """End the command: 0, or 3 where something was made but is not complete."""
    click.get_current_context().exit(0 if complete else INCOMPLETE)


def shown_path(path: Path) -> str:
    """A path as a person would type it from here."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def standard_input(files: Iterable[str]) -> BinaryIO | None:
    """The process's standard input as bytes, where `-` is among the files."""
    return sys.stdin.buffer if "-" in files else None


def rows(lines: Iterable[tuple[str, ...]]) -> str:
    """Columns of equal width; the last one is as long as it likes."""
    listed = list(lines)
    if not listed:
        return ""
    widths = [max(len(line[column]) for line in listed) for column in range(len(listed[0]) - 1)]
    return "\n".join(
        "  ".join(
            [*(cell.ljust(width) for cell, width in zip(line, widths, strict=False)), line[-1]]
        ).rstrip()
        for line in listed
    )


def _colour() -> bool | None:
    return False if os.environ.get("NO_COLOR") else None


def _styled(role: str, text: str) -> str:
    return click.style(text, **STYLES[role])


def _open_log(log_file: str | None) -> IO[str] | None:
    if log_file is None:
        return None
    try:
        return Path(log_file).open("a", encoding="utf-8")
    except OSError as error:
        raise UsageError(
            f"{log_file}: the log cannot be written: {error.strerror}", "choose another --log-file"
        ) from error


def _bar() -> Any:
    from rich.console import Console as RichConsole
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        ProgressColumn,
        Task,
        TextColumn,
        TimeRemainingColumn,
    )
    from rich.text import Text

    class RateColumn(ProgressColumn):
        """How many a second."""

        def render(self, task: Task) -> Text:
            return Text(f"{task.speed:.0f}/s" if task.speed else "")

    return Progress(
        TextColumn("{task.description}"),
        BarColumn(bar_width=30),
        MofNCompleteColumn(),
        RateColumn(),
        TimeRemainingColumn(),
        console=RichConsole(stderr=True, no_color=bool(os.environ.get("NO_COLOR"))),
        transient=True,
    )
