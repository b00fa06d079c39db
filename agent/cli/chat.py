"""Question after question: from a terminal with a prompt, or piped in, one a line.

Ctrl-D ends it, and so do `exit`, `quit` and `:q`; `help` and `?` say so. Ctrl-C gives up the question that is being
answered, or the line that is being typed; at an empty prompt it says what ends the chat, and twice in a row ends it.
"""

from __future__ import annotations

import contextlib
import signal
import sys
from collections.abc import Callable, Iterator

import click

from agent.cli.console import Console, say_error
from agent.errors import LitreviewError

PROMPT = "? "
BANNER = "Ctrl-D or `exit` ends the chat, Ctrl-C gives up a question, `help` says more"
HELP = """Each question goes on in the thread of the one before: "and the second one?" is understood.
Ctrl-D, `exit`, `quit` or `:q` ends the chat; `litreview asked` shows it again.
Ctrl-C gives up the question that is being answered, or the line that is being typed."""
ENDS = "Ctrl-D ends the chat; so does Ctrl-C once more"
LEAVING = frozenset({"exit", "quit", ":q"})
HELPING = frozenset({"help", "?"})


def talk(console: Console, answer: Callable[[str], bool], first: str | None) -> bool:
    """Have every question answered, `first` before all others; one that fails ends only its turn.

    Args:
        answer: answers one question and shows it; whether there was an answer.

    Returns:
        Whether every question had its answer.

    Raises:
        KeyboardInterrupt: where no terminal asks.
    """
    is_whole = True
    if is_typed():
        console.note(BANNER)
    for question in _questions(first):
        if question.lower() in LEAVING:
            break
        if question.lower() in HELPING:
            console.note(HELP)
            continue
        try:
            with _cancelled_by_an_interrupt():
                is_whole = answer(question) and is_whole
        except LitreviewError as error:
            console.finish()
            say_error(error.message, error.hint)
            is_whole = False
        except KeyboardInterrupt:
            if not is_typed():
                raise
            click.echo(err=True)  # the terminal shows ^C where the line stands
            console.note("given up")
    return is_whole


@contextlib.contextmanager
def _cancelled_by_an_interrupt() -> Iterator[None]:
    """Python's own handler of Ctrl-C, with which asyncio cancels what runs: all of it ends tidily, since we go on.

    A second Ctrl-C does not wait for that.
    """
    ours = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, ours)


def is_typed() -> bool:
    """Whether a person types the questions."""
    return sys.stdin is not None and sys.stdin.isatty()


def _questions(first: str | None) -> Iterator[str]:
    if first:
        yield first
    for line in _typed() if is_typed() else _piped():
        if line.strip():
            yield line.strip()


def _piped() -> Iterator[str]:
    for line in sys.stdin.buffer if sys.stdin is not None else ():
        yield line.decode("utf-8", "replace")


def _typed() -> Iterator[str]:
    with contextlib.suppress(ImportError):
        import readline  # noqa: F401 - lines can then be edited, and earlier ones come back
    is_told = False
    while True:
        try:
            line = _ask()
        except EOFError:
            click.echo(err=True)  # the shell's prompt begins a line of its own
            return
        except KeyboardInterrupt:
            click.echo(err=True)
            if _half_typed():
                is_told = False
            elif is_told:
                return
            else:
                is_told = True
                click.echo(ENDS, err=True)
            continue
        is_told = False
        yield line.encode("utf-8", "replace").decode()


def _ask() -> str:
    if sys.stdout.isatty():
        return input(PROMPT)
    click.echo(PROMPT, nl=False, err=True)  # what is redirected holds answers only
    return input()


def _half_typed() -> str:
    readline = sys.modules.get("readline")
    return readline.get_line_buffer() if readline else ""
