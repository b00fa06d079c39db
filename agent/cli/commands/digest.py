"""`litreview digest`: what is new on a topic, by mail. The group, and the commands that set up and look."""

from __future__ import annotations

from typing import Any

import click

from agent.cli.commands.digest_reading import dislike, keep, pause, resume, unsubscribe
from agent.cli.commands.digest_sending import due, preview, resend, send
from agent.cli.console import open_review, rows, say_warnings, say_where, shown_path
from agent.cli.digest_lines import DAYS, settings_told, state_line, state_told, topic
from agent.cli.options import force_option, json_option
from agent.errors import UsageError

SERVICES = "arxiv, crossref, hugging-face, openalex, pubmed, semantic-scholar"
# Settings of a digest by the names that its options have.
STATED = {"from_collection": "collections", "from_files": "files", "source": "sources", "query": "queries",
          "like": "examples", "with_": "words", "without": "unwanted", "favour_author": "authors",
          "favour_venue": "venues"}  # fmt: skip


class InOrder(click.Group):
    """Lists its commands in the order in which one needs them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)


@click.group(cls=InOrder)
def digest() -> None:
    """Mail what is new on a topic, once a week.

    A digest looks at services, files or a collection, and mails what is new and relevant, by theme, each paper with
    what it does and reports, in its own sentences. What it finds stays out of your library until you keep it.

    \b
    Examples:
      litreview digest new quant --topic "low-bit inference" --to me@example.org --source arxiv
      litreview digest preview quant
      litreview digest send quant
      litreview digest keep quant 2026-W34 3 7 --to quantization
      litreview digest due
    """


def date_option(command: Any) -> Any:
    return click.option(
        "--date", metavar="YYYY-MM-DD", help="Which day it is.  [default: today, in your time zone]"
    )(command)


@click.command()
@click.argument("name")
@click.argument("further", nargs=-1, metavar="")
@click.option("--topic", default="", metavar="TEXT", help="What it is about, in a few words.")
@click.option("--to", multiple=True, metavar="ADDRESS", help="Who gets it; may be given again.")
@click.option("--every", type=click.Choice(["day", "week", "month"]), help="How often.  [default: week]")
@click.option("--on", metavar="WEEKDAY", help="Weekday of a weekly one.  [default: monday]")
@click.option(
    "--source", multiple=True, metavar="NAME", help=f"Service to ask: {SERVICES}; may be given again."
)
@click.option(
    "--query",
    multiple=True,
    metavar="TEXT",
    help="What services are asked; without --source, arXiv is.  [default: the topic]",
)
@click.option(
    "--from-collection", multiple=True, metavar="NAME", help="Look at what comes into a collection."
)
@click.option(
    "--from-files", multiple=True, metavar="PATTERN", help='Read files or a folder anew each time: "feed/*.txt".'
)  # fmt: skip
@click.option("--like", multiple=True, metavar="KEY", help="A paper that shows what you look for.")
@click.option("--like-collection", metavar="NAME", help="A collection of such papers.")
@click.option(
    "--review", metavar="COLLECTION", help="Your own papers: they are not news, but what names them is said."
)
@click.option("--with", "with_", multiple=True, metavar="WORD", help="Lifts a paper that has it.")
@click.option("--without", multiple=True, metavar="WORD", help="Lowers a paper that has it.")
@click.option("--favour-author", multiple=True, metavar="NAME", help="An author to follow: comes first.")
@click.option("--favour-venue", multiple=True, metavar="NAME", help="A venue to follow.")
@click.option("--threshold", type=float, metavar="0-1", help="Least relevance.  [default: 0.45]")
@click.option("--limit", type=int, metavar="N", help="Papers of one issue; the rest waits.  [default: 20]")
@click.option(
    "--quiet-week", type=click.Choice(["short", "nothing"]), help="What a week without news mails.  [default: short]"
)  # fmt: skip
@click.option("--language", metavar="NAME", help="Language to write in, where a model does.")
@click.option("--replace", is_flag=True, help="New settings for a digest that is there; its memory stays.")
@date_option
@json_option
@click.pass_context
def new(ctx: click.Context, /, *, name: str, further: tuple[str, ...], as_json: bool, **stated: Any) -> None:
    """Set a digest up.

    Set a digest up: what it looks for, where, for whom and when. Nothing is asked or sent yet. `preview` shows what
    it would send.

    \b
    Examples:
      litreview digest new quant --topic "low-bit inference" --to me@example.org --source arxiv
      litreview digest new decoding --topic "speculative decoding" --to me@example.org --from-files "feed/*.txt"
      litreview digest new kv --like kivi --review quantization --from-collection feed --to me@example.org
    """
    if further:  # the shell has put files in a pattern's place
        raise UsageError(f"'{further[0]}' is one argument too many", "put a pattern in quotation marks: --from-files 'feed/*.txt'")  # fmt: skip
    review, console = open_review(ctx)
    say_where(review, console)
    day = stated.pop("on")
    collection, quiet = stated.pop("like_collection"), stated.pop("quiet_week")
    asked = {STATED.get(key, key): value for key, value in stated.items() if value not in (None, ())}
    asked |= {key: value for key, value in (("like", collection), ("quiet", quiet)) if value}
    if day is not None and stated.get("every") in ("day", "month"):
        raise UsageError(
            f"--on {day}: a digest of every {stated['every']} has no weekday",
            "leave --on out, or --every week",
        )
    if day is not None:
        asked["weekday"] = _weekday(day)
    settings = review.digest_new(name, **asked)
    say_warnings(review, console)
    if as_json:
        console.json(settings)
        return
    console.result("\n".join([f"{settings.name}: {topic(settings)}", rows(settings_told(settings))]))
    if not settings.recipients:
        console.note("nobody gets it yet: --to ADDRESS with --replace")
    console.note(f"`litreview digest preview {settings.name}` shows what it would send")


@click.command("list")
@date_option
@json_option
@click.pass_context
def list_(ctx: click.Context, *, date: str | None, as_json: bool) -> None:
    """List the digests.

    List the digests: when each is due, and how far it is.

    \b
    Example:
      litreview digest list
    """
    review, console = open_review(ctx)
    found = review.digest_list(date=date)
    if as_json:
        console.json({"digests": [state.model_dump(mode="json") for state in found]})
        return
    console.result(rows(state_line(state) for state in found))
    if not found:
        console.note("there is no digest yet; `litreview digest new` makes one")


@click.command()
@click.argument("name")
@click.argument("issue", required=False)
@click.option("--text", "form", flag_value="text", help="The text part of the mail.")
@click.option("--markdown", "form", flag_value="markdown", help="Markdown, for a chat or a wiki.")
@click.option("--html", "form", flag_value="html", help="The page of the mail.")
@date_option
@json_option
@click.pass_context
def show(
    ctx: click.Context, *, name: str, issue: str | None, form: str | None, date: str | None, as_json: bool
) -> None:
    """Show a digest, or one of its issues.

    Show what is set of a digest and what became of its letters; with an ISSUE, or --text, --markdown or --html, an
    issue as it was composed, by itself the last one.

    \b
    Examples:
      litreview digest show quant
      litreview digest show quant 2026-W34 --markdown > week.md
    """
    review, console = open_review(ctx)
    if as_json and form:
        raise UsageError(f"--json and --{form} are two formats", "give one of them")
    if issue is None and form is None:
        state = review.digest_show(name, date=date)
        console.json(state) if as_json else console.result(state_told(state))
        return
    found, pages = review.digest_issue(name, None if issue == "latest" else issue)
    if as_json:
        console.json(found)
    elif form == "html":
        console.data(pages.bodies.html)
    elif form == "markdown":
        from agent.outputs.digest_markdown import digest_markdown

        console.data(digest_markdown(found))
    else:
        console.data(pages.bodies.text)


@click.command()
@click.argument("name")
@click.option("-o", "--out", required=True, metavar="FILE", type=click.Path(dir_okay=False), help="Where it is written.")  # fmt: skip
@force_option
@click.pass_context
def feed(ctx: click.Context, *, name: str, out: str, force: bool) -> None:
    """Write all issues as an Atom feed.

    Write all issues of a digest to a file that feed readers take.

    \b
    Example:
      litreview digest feed quant -o public/quant.xml
    """
    from pathlib import Path

    review, console = open_review(ctx)
    written = review.write_export(Path(out), review.digest_feed(name), force=force)
    say_warnings(review, console)
    console.note(f"written: {shown_path(Path(written))}")


@click.command()
@click.argument("name")
@click.pass_context
def remove(ctx: click.Context, *, name: str) -> None:
    """Forget a digest.

    Forget a digest with its issues, its memory and the papers that nobody kept. A new one of the same name begins
    anew.

    \b
    Example:
      litreview digest remove quant
    """
    review, console = open_review(ctx)
    waiting = review.digest_remove(name)
    unsent = (
        f"; {waiting} {'letter' if waiting == 1 else 'letters'} had not been sent and will not be"
        if waiting
        else ""
    )
    console.result(f"{name}: removed{unsent}")


for command in (
    new,
    list_,
    show,
    preview,
    send,
    keep,
    dislike,
    resend,
    pause,
    resume,
    unsubscribe,
    due,
    feed,
    remove,
):
    digest.add_command(command)


def _weekday(stated: str) -> int:
    """1 to 7, of a weekday or how it begins."""
    found = [n for n, day in enumerate(DAYS, start=1) if len(stated) >= 2 and day.startswith(stated.lower())]
    if len(found) != 1:
        raise UsageError(f"'{stated}' is no weekday", f"weekdays: {', '.join(DAYS)}")
    return found[0]
