"""`litreview digest keep`, `dislike`, `pause`, `resume` and `unsubscribe`: what a reader does with a digest."""

from __future__ import annotations

import re
from collections.abc import Iterable

import click

from agent.cli.console import open_review
from agent.cli.options import json_option
from agent.errors import UsageError

MOST_OF_A_RANGE = 500
_RANGE = re.compile(r"(\d{1,4})(?:[-–](\d{1,4}))?")


def a_range(stated: str) -> range:
    """`3`, or `1-3`."""
    found = _RANGE.fullmatch(stated)
    if not found:
        raise UsageError(f"'{stated}' is no number of a paper", "papers are named as 3 or 1-3")
    first, last = int(found[1]), int(found[2] or found[1])
    if not first <= last < first + MOST_OF_A_RANGE:
        raise UsageError(f"'{stated}' is no range of papers", "ranges are written as 1-3")
    return range(first, last + 1)


@click.command()
@click.argument("name")
@click.argument("issue")
@click.argument("numbers", nargs=-1, required=True, type=a_range)
@click.option(
    "--to", metavar="COLLECTION", help="Where they go.  [default: the digest's review, else one called as it]"
)
@json_option
@click.pass_context
def keep(
    ctx: click.Context, *, name: str, issue: str, numbers: tuple[range, ...], to: str | None, as_json: bool
) -> None:
    """Take papers of an issue over into a collection.

    Take papers of an ISSUE, by the NUMBERS that they have in it, over into a collection: from then on they are in your
    library, and the digest knows that you look for their like. ISSUE may be `latest`, and a number a range.

    \b
    Examples:
      litreview digest keep quant 2026-W34 3 7 --to quantization
      litreview digest keep quant latest 1-3
    """
    review, console = open_review(ctx)
    keys, collection = review.digest_keep(name, issue, _each(numbers), to=to)
    if as_json:
        console.json({"kept": keys, "collection": collection})
        return
    console.result("\n".join(f"{key}: in {collection}" for key in keys))


@click.command()
@click.argument("name")
@click.argument("issue")
@click.argument("numbers", nargs=-1, required=True, type=a_range)
@json_option
@click.pass_context
def dislike(ctx: click.Context, *, name: str, issue: str, numbers: tuple[range, ...], as_json: bool) -> None:
    """Say that papers of an issue are not relevant.

    Papers of an ISSUE, by their NUMBERS, never come again, and what is very near to them ranks lower.

    \b
    Example:
      litreview digest dislike quant 2026-W34 5
    """
    review, console = open_review(ctx)
    keys = review.digest_dislike(name, issue, _each(numbers))
    if as_json:
        console.json({"disliked": keys})
        return
    console.result("\n".join(f"{key}: noted, its like ranks lower" for key in keys))


@click.command()
@click.argument("name")
@click.pass_context
def pause(ctx: click.Context, *, name: str) -> None:
    """Send nothing until it is resumed.

    \b
    Example:
      litreview digest pause quant
    """
    review, console = open_review(ctx)
    found = review.digest_pause(name)
    console.result(f"{found.name}: paused; `litreview digest resume {found.name}` goes on")


@click.command()
@click.argument("name")
@click.pass_context
def resume(ctx: click.Context, *, name: str) -> None:
    """Send again.

    Send again; what was missed meanwhile comes in one issue.

    \b
    Example:
      litreview digest resume quant
    """
    review, console = open_review(ctx)
    found = review.digest_resume(name)
    console.result(f"{found.name}: resumed")


@click.command()
@click.argument("names", nargs=-1, required=True, metavar="[NAME] ADDRESS")
@json_option
@click.pass_context
def unsubscribe(ctx: click.Context, *, names: tuple[str, ...], as_json: bool) -> None:
    """Mail no more to an address.

    Take an ADDRESS from a digest, or from all; letters that wait for it are held back.

    \b
    Examples:
      litreview digest unsubscribe me@example.org
      litreview digest unsubscribe quant me@example.org
    """
    if len(names) > 2:
        raise UsageError(
            "one address at a time, and one digest at most", "litreview digest unsubscribe NAME ADDRESS"
        )
    review, console = open_review(ctx)
    left = review.digest_unsubscribe(names[-1], names[0] if len(names) == 2 else None)
    if as_json:
        console.json({"address": names[-1], "digests": left})
        return
    console.result("\n".join(f"{name}: {names[-1]} gets it no more" for name in left))


def _each(numbers: Iterable[range]) -> list[int]:
    return list(dict.fromkeys(number for some in numbers for number in some))
