"""`litreview duplicates`, `merge` and `split`: which records are one work."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from agent.cli.console import open_review
from agent.cli.options import json_option

if TYPE_CHECKING:
    from agent.records import DuplicateReport


@click.command()
@click.option("--collection", metavar="NAME", help="Only the papers of a collection.")
@click.option("--alike", "only_alike", is_flag=True, help="Only what looks alike and was not merged.")
@json_option
@click.pass_context
def duplicates(ctx: click.Context, *, collection: str | None, only_alike: bool, as_json: bool) -> None:
    """Show what was merged, and what looks alike.

    Show which records were merged into one paper, and which papers look alike and were not merged, with the
    evidence. `merge` and `split` decide.

    \b
    Examples:
      litreview duplicates
      litreview duplicates --alike --collection quantization
    """
    review, console = open_review(ctx)
    found = review.duplicates(collection=collection)
    if only_alike:
        found = found.model_copy(update={"merged": ()})
    if as_json:
        console.json(found)
    else:
        console.result(_listed(found, only_alike=only_alike))


@click.command()
@click.argument("key")
@click.argument("other", metavar="KEY")
@json_option
@click.pass_context
def merge(ctx: click.Context, *, key: str, other: str, as_json: bool) -> None:
    """Make one paper of two.

    Make one paper of two; both keys go on naming it. `split` undoes it.

    \b
    Example:
      litreview merge smith2023floats smith2024floats
    """
    review, console = open_review(ctx)
    stays, alias = review.merge(key, other)
    if as_json:
        console.json({"key": stays, "alias": alias})
    else:
        console.result(f"{stays}: merged; {alias} names it too")


@click.command()
@click.argument("key")
@json_option
@click.pass_context
def split(ctx: click.Context, *, key: str, as_json: bool) -> None:
    """Take a merged paper apart.

    Take a merged paper apart: the last `merge` is undone, else records without an id in common part. They stay
    apart when their files are read again.

    \b
    Example:
      litreview split smith2023floats
    """
    review, console = open_review(ctx)
    keys = review.split(key)
    if as_json:
        console.json({"keys": keys})
    else:
        console.result(f"{key}: split into {', '.join(keys)}")


def _listed(found: DuplicateReport, *, only_alike: bool) -> str:
    lines: list[str] = []
    for paper in () if only_alike else found.merged:
        lines.append(f"{paper.key}  {paper.title}")
        lines += [f"    {record.source}, {record.position}: {record.title}" for record in paper.records]
        lines.append(f"    one work: {'; '.join(paper.why) or 'records of one run that a third one joined'}")
    for pair in found.alike:
        lines.append(f"{pair.keys[0]} ~ {pair.keys[1]}: {'; '.join(pair.why)}")
        lines += [f"    {title}" for title in pair.titles]
    merged = "" if only_alike else f"{_count(len(found.merged), 'paper')} merged from several records; "
    lines.append(f"{merged}{_count(len(found.alike), 'pair')} looking alike")
    if found.alike:
        lines.append("`litreview merge KEY KEY` makes one of two")
    return "\n".join(lines)


def _count(number: int, what: str) -> str:
    return f"{number} {what}" + ("" if number == 1 else "s")
