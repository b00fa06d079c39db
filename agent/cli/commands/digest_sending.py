"""`litreview digest preview`, `send`, `due` and `resend`: what makes issues and sends them."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from agent.cli.console import leave, open_review, say_warnings, say_where, shown_path
from agent.cli.options import MODEL_OPTIONS, json_option, model_options
from agent.errors import UsageError

if TYPE_CHECKING:
    from agent.api import Review
    from agent.cli.console import Console
    from agent.records import DigestSent

F = TypeVar("F", bound=Callable[..., Any])
FORMS = ("text", "markdown", "html")


def drafting_options(command: F) -> F:
    """How an issue is drafted, and which day it is."""
    for option in (
        click.option("--language", metavar="NAME", help="Language to write in, where a model does."),
        click.option("--verify", metavar="LEVEL", help="How claims are checked: none, code or model."),
        click.option(
            "--dry-run", is_flag=True, help="Say what a model would be asked and what it costs, and stop."
        ),
        click.option("--record", metavar="FILE", type=click.Path(), help="Keep all questions and replies in FILE."),
        click.option(
            "--date", metavar="YYYY-MM-DD", help="Which day it is.  [default: today, in your time zone]"
        ),
    ):  # fmt: skip
        command = option(command)
    return model_options(command)


def out_option(command: F) -> F:
    return click.option(
        "-o", "--out", metavar="DIR", type=click.Path(file_okay=False),
        help="Write letters to DIR as .eml files.  [default where no server is set: digests/NAME]",
    )(command)  # fmt: skip


@click.command()
@click.argument("name")
@click.option("--text", "form", flag_value="text", help="The text part of the mail.  [default]")
@click.option("--markdown", "form", flag_value="markdown", help="Markdown, for a chat or a wiki.")
@click.option("--html", "form", flag_value="html", help="The page of the mail, opened in your browser.")
@click.option(
    "-o", "--out", metavar="FILE", type=click.Path(dir_okay=False), help="Write it to FILE, not to the terminal."
)  # fmt: skip
@drafting_options
@json_option
@click.pass_context
def preview(
    ctx: click.Context,
    /,
    *,
    name: str,
    form: str | None,
    out: str | None,
    dry_run: bool,
    as_json: bool,
    **asked: Any,
) -> None:
    """Show what would be sent.

    Show what a digest would send now. Its sources are asked, and nothing is changed: what is shown here is still new
    for the issue itself.

    \b
    Examples:
      litreview digest preview quant
      litreview digest preview quant --html
      litreview digest preview quant --markdown -o week.md
    """
    if as_json and form:
        raise UsageError(f"--json and --{form} are two formats", "give one of them")
    review, console = _opened(ctx, asked)
    if dry_run:
        _estimate(review, console, name, asked, as_json=as_json)
        return
    found, pages = review.digest_preview(name, **asked)
    say_warnings(review, console)
    if as_json:
        from agent.records import to_json

        text = to_json(found)
    elif form == "markdown":
        from agent.outputs.digest_markdown import digest_markdown

        text = digest_markdown(found)
    else:
        text = pages.bodies.html if form == "html" else pages.bodies.text
    console.note(f"subject: {pages.subject}")
    _hand_over(console, text, out, is_page=form == "html")
    is_broken = [source.state == "broken" for source in found.sources]
    if is_broken and all(is_broken) and not found.counts.shown and not found.counts.updates:
        ctx.exit(1)
    is_unread = any(source.rejected for source in found.sources)
    leave(complete=not (any(is_broken) or is_unread or found.missing))


@click.command()
@click.argument("name")
@click.option(
    "--to",
    multiple=True,
    metavar="ADDRESS",
    help="Only to this address now, to the others with the next run; may be given again.",
)
@out_option
@drafting_options
@json_option
@click.pass_context
def send(ctx: click.Context, /, *, name: str, dry_run: bool, as_json: bool, **asked: Any) -> None:
    """Compose the issue of this week and send it.

    Ask the sources, compose the issue once, send it and remember it. Called again it composes nothing, and sends what
    is left. Letters go to the mail server that is set, else to files.

    \b
    Examples:
      litreview digest send quant
      litreview digest send quant --out letters
      litreview digest send quant --to me@example.org
    """
    review, console = _opened(ctx, asked)
    if dry_run:
        _estimate(review, console, name, asked, as_json=as_json)
        return
    sent = review.digest_send(name, **asked)
    _report(ctx, review, console, sent, as_json=as_json)


@click.command()
@out_option
@click.option("--verify", metavar="LEVEL", help="How claims are checked: none, code or model.")
@click.option("--date", metavar="YYYY-MM-DD", help="Which day it is.  [default: today, in your time zone]")
@model_options
@json_option
@click.pass_context
def due(ctx: click.Context, /, *, as_json: bool, **asked: Any) -> None:
    """Send what is due of all digests.

    Send every issue that is due, also late, and letters that wait for another try. Made for cron or a timer: it may be
    run as often as you like, and says nothing where nothing is due. A digest that fails stops no other.

    \b
    Example:
      litreview digest due
    """
    if asked.pop("replay"):
        raise UsageError("a recording is of one digest", "litreview digest send NAME --replay FILE")
    review, console = _opened(ctx, asked, is_said=False)
    report = review.digest_due(**asked)
    say_warnings(review, console)
    if as_json:
        console.json(report)
    else:
        from agent.cli.digest_lines import sent_told

        lines = [line for sent in report.sent for line in sent_told(sent)]
        if lines:
            console.result("\n".join(lines))
    failed = [sent.problem is not None or sent.is_all_broken for sent in report.sent]
    if failed and all(failed):
        ctx.exit(1)
    leave(complete=all(sent.is_whole for sent in report.sent))


@click.command()
@click.argument("name")
@click.argument("issue")
@click.option("--to", multiple=True, metavar="ADDRESS", help="To whom; may be given again.  [default: all who may lack it]")  # fmt: skip
@out_option
@click.option("--date", metavar="YYYY-MM-DD", help="Which day it is.  [default: today, in your time zone]")
@json_option
@click.pass_context
def resend(
    ctx: click.Context,
    *,
    name: str,
    issue: str,
    to: tuple[str, ...],
    out: str | None,
    date: str | None,
    as_json: bool,
) -> None:
    """Send letters of an issue again.

    Send letters of an ISSUE again, as they were: the same bytes, the same Message-ID, no model asked. Left to itself it
    takes those that were refused, wait, or are in doubt.

    \b
    Examples:
      litreview digest resend quant 2026-W34
      litreview digest resend quant 2026-W34 --to me@example.org
    """
    review, console = open_review(ctx)
    sent = review.digest_resend(name, issue, to=to, out=out, date=date)
    _report(ctx, review, console, sent, as_json=as_json)


def _opened(ctx: click.Context, asked: dict[str, Any], *, is_said: bool = True) -> tuple[Review, Console]:
    settings = {name: asked.pop(name) for name in MODEL_OPTIONS}
    review, console = open_review(ctx, **settings)
    if is_said:
        say_where(review, console)
    return review, console


def _estimate(review: Review, console: Console, name: str, asked: dict[str, Any], *, as_json: bool) -> None:
    from agent.cli.commands.survey import show_estimate

    kept = {key: asked[key] for key in ("date", "verify", "language")}
    show_estimate(console, review.estimate_digest(name, **kept), as_json=as_json)


def _report(ctx: click.Context, review: Review, console: Console, sent: DigestSent, *, as_json: bool) -> None:
    """Say what was sent; 1 where no source could be asked, 3 where something is missing or has not arrived."""
    from agent.cli.digest_lines import sent_told

    say_warnings(review, console)
    if as_json:
        console.json(sent)
    else:
        console.result("\n".join(sent_told(sent)))
    if sent.is_all_broken:
        ctx.exit(1)
    leave(complete=sent.is_whole)


def _hand_over(console: Console, text: str, out: str | None, *, is_page: bool) -> None:
    """To the terminal, or to a file; a page is opened where somebody sits at a terminal."""
    is_seen = is_page and sys.stdout is not None and sys.stdout.isatty()
    if out is None and not is_seen:
        console.data(text)
        return
    if out is None:
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", suffix=".html", prefix="litreview-", delete=False) as file:  # fmt: skip
            file.write(text)
        path = Path(file.name)
    else:
        path = Path(out)
        _write(path, text)
    console.note(f"written: {shown_path(path)}")
    if is_seen:
        import webbrowser

        webbrowser.open(path.resolve().as_uri())


def _write(path: Path, text: str) -> None:
    from agent.errors import OutputError

    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise OutputError(f"{path}: cannot be written: {error.strerror}", "choose another file with --out") from error  # fmt: skip
