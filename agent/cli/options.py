"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from agent.errors import UsageError

F = TypeVar("F", bound=Callable[..., Any])


def files_argument(*, required: bool = False) -> Callable[[F], F]:
    return click.argument("files", nargs=-1, required=required, metavar="[FILES]...", type=click.Path())


def input_options(command: F) -> F:
    """What is read, and as what."""
    command = click.option(
        "--from", "kind", metavar="KIND", help="Read FILES as bibtex, ris, csv, ... whatever they look like."
    )(command)
    return click.option("--collection", metavar="NAME", help="Collection that papers belong to.")(command)


MODEL_OPTIONS = ("model", "timeout", "concurrency", "max_calls", "max_tokens", "max_cost", "prompts")


def model_options(command: F) -> F:
    """Which model is asked, how, and how much it may take."""
    for option in (
        click.option("--model", metavar="NAME", help="Model to ask; without one, none is asked."),
        click.option(
            "--replay", metavar="FILE", type=click.Path(), help="Take replies from a recording; ask nobody."
        ),
        click.option("--prompts", metavar="DIR", help="Folder of other prompts."),
        click.option("--max-calls", type=int, metavar="N", help="Calls at most."),
        click.option("--max-tokens", type=int, metavar="N", help="Tokens at most."),
        click.option("--max-cost", metavar="AMOUNT", help="Money at most; needs prices."),
        click.option("--concurrency", type=int, metavar="N", help="Calls in flight at most.  [default: 8]"),
        click.option("--timeout", metavar="SECONDS", help="For one try; 0 waits for ever.  [default: 120]"),
    ):
        command = option(command)
    return command


def json_option(command: F) -> F:
    return click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")(command)


def force_option(command: F) -> F:
    return click.option("--force", is_flag=True, help="Overwrite files that were edited by hand.")(command)


def markdown_option(command: F) -> F:
    return click.option(
        "--markdown", "as_markdown", is_flag=True, help="Print Markdown that pandoc takes as it is."
    )(command)


def evidence_option(command: F) -> F:
    return click.option("--evidence", is_flag=True, help="Show under each claim its very sentences.")(command)


def day_options(command: F) -> F:
    """The day that an answer bears, and where what was asked for it is kept."""
    command = click.option(
        "--date", metavar="YYYY-MM-DD", help="The day the answer bears.  [default: today, UTC]"
    )(command)
    return click.option(
        "--record", metavar="FILE", type=click.Path(), help="Keep all questions and replies in FILE."
    )(command)


def refuse_two_formats(as_json: bool, as_markdown: bool) -> None:
    """Only one thing can be printed.

    Raises:
        UsageError: both are asked for.
    """
    if as_json and as_markdown:
        raise UsageError("--json and --markdown are two formats", "give one of them")
