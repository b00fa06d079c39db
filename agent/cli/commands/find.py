"""`litreview find` and `cite`: the sentences that a query is about, and those that bear on one of yours."""

from __future__ import annotations

from typing import Any

import click

from agent.cli.console import leave, open_review, say_rejected, say_warnings, say_where, standard_input
from agent.cli.loose_words import refuse_file, refuse_loose_words
from agent.cli.options import (
    MODEL_OPTIONS,
    day_options,
    files_argument,
    input_options,
    json_option,
    markdown_option,
    model_options,
    refuse_two_formats,
)


@click.command()
@click.argument("query")
@files_argument()
@click.option(
    "--limit",
    type=int,
    default=10,
    show_default=True,
    metavar="N",
    help="Sentences at most; titles above them do not count.",
)
@click.option("--explain", is_flag=True, help="Say what each word adds, and which ones a paper lacks.")
@input_options
@markdown_option
@json_option
@click.pass_context
def find(
    ctx: click.Context,
    /,
    *,
    query: str,
    files: tuple[str, ...],
    as_markdown: bool,
    as_json: bool,
    **asked: Any,
) -> None:
    """Find the sentences that a query is about.

    Find the sentences nearest to a QUERY in the library, a collection, or exactly the papers in FILES, by their
    words: no model is asked. An author's name finds their papers. Papers of FILES stay in the library.

    \b
    Examples:
      litreview find "retraining after quantization"
      litreview find "KV cache eviction" --limit 5 --explain
    """
    refuse_two_formats(as_json, as_markdown)
    refuse_file(query, "find", "QUERY")
    refuse_loose_words(query, files, "find", "QUERY")
    review, console = open_review(ctx)
    say_where(review, console)
    found = review.find(query, files, stdin=standard_input(files), **asked)
    say_rejected(review, console)
    say_warnings(review, console)
    if as_json:
        console.json(found)
    elif as_markdown:
        from agent.outputs.found_markdown import found_markdown

        console.data(found_markdown(found))
    else:
        from agent.outputs.found_text import found_text

        console.data(found_text(found, console.page()))
    leave(complete=not review.rejected)


@click.command()
@click.argument("sentence")
@files_argument()
@input_options
@model_options
@click.option("--dry-run", is_flag=True, help="Say what would be asked and what it costs, and stop.")
@day_options
@markdown_option
@json_option
@click.pass_context
def cite(
    ctx: click.Context,
    /,
    *,
    sentence: str,
    files: tuple[str, ...],
    dry_run: bool,
    as_markdown: bool,
    as_json: bool,
    **asked: Any,
) -> None:
    """Find papers for or against a sentence.

    Find the papers that support a SENTENCE of yours, those that speak against it and those that are near, each
    with its sentences, and the citations ready to be pasted. Papers of FILES stay in the library.

    \b
    Examples:
      litreview cite "Quantization to four bits costs little accuracy."
      litreview cite "Pruning needs retraining." --collection pruning --markdown
      litreview cite "KV caches need 16 bits." --dry-run
    """
    refuse_two_formats(as_json, as_markdown)
    refuse_file(sentence, "cite", "SENTENCE")
    refuse_loose_words(sentence, files, "cite", "SENTENCE")
    settings = {name: asked.pop(name) for name in MODEL_OPTIONS}
    review, console = open_review(ctx, collection=asked["collection"], **settings)
    say_where(review, console)
    where = {"stdin": standard_input(files), "collection": asked.pop("collection"), "kind": asked.pop("kind")}
    if dry_run:
        from agent.cli.commands.survey import show_estimate

        show_estimate(console, review.estimate_cite(sentence, files, **where), as_json=as_json)
        return
    found = review.cite(sentence, files, **where, **asked)
    say_rejected(review, console)
    say_warnings(review, console)
    if found.engine.name == "model":
        console.note(str(review.meter))
    if as_json:
        console.json(found)
    elif as_markdown:
        from agent.outputs.found_markdown import cited_markdown

        console.data(cited_markdown(found))
    else:
        from agent.outputs.found_text import cited_text

        console.data(cited_text(found, console.page()))
    leave(complete=not (found.missing or review.rejected))
