"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])


def files_argument(*, required: bool = False) -> Callable[[F], F]:
    return click.argument("files", nargs=-1, required=required, metavar="[FILES]...", type=click.Path())


def input_options(command: F) -> F:
    """What is read, and as what."""
    command = click.option(
        "--from", "kind", metavar="KIND", help="Read FILES as daily-papers, jsonl or json."
    )(command)
    return click.option("--collection", metavar="NAME", help="Collection that papers belong to.")(command)


def json_option(command: F) -> F:
    return click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")(command)


def force_option(command: F) -> F:
    return click.option("--force", is_flag=True, help="Overwrite files that were edited by hand.")(command)
