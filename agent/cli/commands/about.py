"""`litreview config`, `schema` and `completion`: what the program says of itself."""

from __future__ import annotations

import click

from agent.cli.console import open_review, rows
from agent.cli.options import json_option
from agent.settings import BY_NAME

SCHEMAS = {
    "add": "AddReport", "search": "SearchReport", "enrich": "EnrichReport", "fulltext": "FulltextReport",
    "duplicates": "DuplicateReport", "paper": "Paper", "plan": "Plan", "survey": "Survey",
    "answer": "Answer", "cite": "Cited", "found": "Found", "digest": "Digest",
}  # names in agent.records  # fmt: skip


@click.command()
@json_option
@click.pass_context
def config(ctx: click.Context, *, as_json: bool) -> None:
    """Show each setting and where it came from.

    Show each setting, its value and where that came from.

    Settings are taken from your own config.toml, then litreview.toml in the folder, then variables such as
    LITREVIEW_OUT, then options.

    \b
    Example:
      litreview config
    """
    review, console = open_review(ctx)
    from agent.api import values

    found = values(review)
    if as_json:
        console.json({name: {"value": value.value, "origin": value.origin} for name, value in found.items()})
        return
    console.result(
        rows(
            (name, "–" if value.value is None else str(value.value), f"({value.origin})", BY_NAME[name].help)
            for name, value in found.items()
        )
    )


@click.command()
@click.argument("name", type=click.Choice(sorted(SCHEMAS)))
@click.pass_context
def schema(ctx: click.Context, *, name: str) -> None:
    """Print the JSON Schema of what commands write.

    Print the JSON Schema of what a command writes.

    \b
    Example:
      litreview schema survey > survey.schema.json
    """
    from agent import records

    _, console = open_review(ctx)
    described = getattr(records, SCHEMAS[name]).model_json_schema(mode="serialization")
    console.json({"$schema": "https://json-schema.org/draft/2020-12/schema", **described})


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the shell's completion script.

    Print a script that completes commands and options in your shell.

    \b
    Example:
      litreview completion bash >> ~/.bashrc
    """
    from click.shell_completion import get_completion_class

    from agent.cli.main import cli

    kind = get_completion_class(shell)
    assert kind is not None
    click.echo(kind(cli, {}, "litreview", "_LITREVIEW_COMPLETE").source())
