"""`litreview exclude`, `include`, `set` and `remove`: what the user decides stands."""

from __future__ import annotations

import click

from agent.cli.console import open_review
from agent.cli.options import json_option
from agent.errors import UsageError


@click.command()
@click.argument("key")
@click.option("--reason", metavar="TEXT", help="Why; it stands in every ledger.")
@json_option
@click.pass_context
def exclude(ctx: click.Context, *, key: str, reason: str | None, as_json: bool) -> None:
    """Leave a paper out from now on.

    Leave a paper out of every product; the ledger names it and your reason.

    \b
    Example:
      litreview exclude awq --reason "not peer reviewed"
    """
    _decide(ctx, "exclude", key, reason, as_json=as_json)


@click.command()
@click.argument("key")
@click.option("--reason", metavar="TEXT", help="Why.")
@json_option
@click.pass_context
def include(ctx: click.Context, *, key: str, reason: str | None, as_json: bool) -> None:
    """Take a paper in, also an outlier.

    Take a paper in: one that you excluded, or that was set aside as off the subject.

    \b
    Example:
      litreview include awq
    """
    _decide(ctx, "include", key, reason, as_json=as_json)


@click.command(name="set")
@click.argument("key")
@click.argument("fields", nargs=-1, required=True, metavar="FIELD=VALUE...")
@json_option
@click.pass_context
def set_(ctx: click.Context, *, key: str, fields: tuple[str, ...], as_json: bool) -> None:
    """Set a field of a paper yourself.

    Set fields of a paper. Your value wins over every source; FIELD= gives it back to them.

    \b
    Examples:
      litreview set awq year=2024 doi=10.1000/xyz123
      litreview set awq authors="Lovelace, Ada; Babbage, Charles"
      litreview set awq year=
    """
    review, console = open_review(ctx)
    if not all("=" in field for field in fields):
        wrong = next(field for field in fields if "=" not in field)
        raise UsageError(f"'{wrong}' is no FIELD=VALUE", "for example: litreview set KEY year=2024")
    values = {name.strip(): value for name, _, value in (field.partition("=") for field in fields)}
    paper = review.set(key, values)
    if as_json:
        console.json(paper)
    else:
        given = [name for name, value in values.items() if value.strip()]
        back = [name for name in values if name not in given]
        said = [f"set {', '.join(given)}"] * bool(given) + [
            f"gave {', '.join(back)} back to the sources"
        ] * bool(back)
        console.result(f"{paper.key}: {'; '.join(said)}")


@click.command()
@click.argument("key")
@json_option
@click.pass_context
def remove(ctx: click.Context, *, key: str, as_json: bool) -> None:
    """Forget a paper.

    Forget a paper and what you decided of it. To keep it out for good, exclude it.

    \b
    Example:
      litreview remove awq
    """
    review, console = open_review(ctx)
    found = review.remove(key)
    if as_json:
        console.json({"removed": found})
    else:
        console.result(f"{found}: removed")


def _decide(ctx: click.Context, what: str, key: str, reason: str | None, *, as_json: bool) -> None:
    review, console = open_review(ctx)
    found = review.exclude(key, reason) if what == "exclude" else review.include(key, reason)
    if as_json:
        console.json({"key": found, "decision": what, "reason": reason})
    else:
        console.result(f"{found}: {what}d" + (f" ({reason})" if reason else ""))
