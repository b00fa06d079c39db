"""`litreview search`, `enrich` and `fulltext`: what services and files can add."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from agent.cli.commands.papers import report_lines
from agent.cli.console import leave, open_review, rows, say_where
from agent.cli.options import json_option

if TYPE_CHECKING:
    from agent.records import EnrichReport, FulltextReport, SourceState

NAMED = "arxiv, crossref, hugging-face, openalex, pubmed, semantic-scholar"


@click.command()
@click.argument("text", required=False, default="")
@click.option(
    "--source",
    "services",
    multiple=True,
    metavar="NAME",
    help=f"Service to ask: {NAMED}; may be given again.  [default: arxiv]",
)
@click.option("--since", metavar="YYYY-MM-DD", help="Published on that day or later.")
@click.option("--until", metavar="YYYY-MM-DD", help="Published on that day or earlier.")
@click.option(
    "--limit", type=int, default=100, show_default=True, metavar="N", help="Records of each service at most."
)
@click.option("--date", metavar="YYYY-MM-DD", help="Hugging Face's papers of a day.")
@click.option("--week", metavar="YYYY-Www", help="Hugging Face's papers of a week.")
@click.option("--month", metavar="YYYY-MM", help="Hugging Face's papers of a month.")
@click.option("--collection", metavar="NAME", help="Collection that the papers belong to.")
@json_option
@click.pass_context
def search(ctx: click.Context, /, *, services: tuple[str, ...], as_json: bool, **asked: Any) -> None:
    """Find papers at a service.

    Ask services for papers and take them into the library. An interrupted search goes on where it stopped.

    \b
    Examples:
      litreview search "speculative decoding" --since 2025-01-01 --limit 200 --collection decoding
      litreview search "sepsis AND lactate" --source pubmed --source openalex
      litreview search --source hugging-face --week 2025-W09
    """
    review, console = open_review(ctx)
    say_where(review, console)
    report = review.search(services=services or ("arxiv",), **asked)
    if as_json:
        console.json(report)
    else:
        console.result("\n".join([*(_state_line(state) for state in report.sources), *report_lines(report)]))
    leave(complete=not report.rejected and not any(state.state == "broken" for state in report.sources))


@click.command()
@click.option(
    "--source",
    "services",
    multiple=True,
    metavar="NAME",
    help=f"Service to ask: {NAMED}; may be given again.",
)
@click.option(
    "--fields", metavar="NAMES", help="What to fill in.  [default: authors,year,venue,abstract,doi]"
)
@click.option("--collection", metavar="NAME", help="Only the papers of a collection.")
@json_option
@click.pass_context
def enrich(
    ctx: click.Context,
    *,
    services: tuple[str, ...],
    fields: str | None,
    collection: str | None,
    as_json: bool,
) -> None:
    """Fill in what is missing of papers.

    Ask services for what is missing: ids, authors, years, venues, abstracts. A record is taken only if its title
    is the same and neither authors nor year speak against it; what it filled is said. What you set yourself stays.

    \b
    Examples:
      litreview enrich
      litreview enrich --source crossref --collection quantization --fields authors,year
    """
    review, console = open_review(ctx)
    say_where(review, console)
    wanted = [name.strip() for name in fields.split(",") if name.strip()] if fields else None
    report = review.enrich(services=services, collection=collection, **({"fields": wanted} if wanted else {}))
    if as_json:
        console.json(report)
    else:
        console.result(_enriched(report))
    broken = [state for state in report.sources if state.state == "broken"]
    if broken and len(broken) == len(report.sources) and not report.changed:
        ctx.exit(1)
    leave(complete=not broken)


@click.command()
@click.option(
    "--attach", multiple=True, metavar="KEY=FILE", help="Attach a PDF to a paper; may be given again."
)
@click.option("--detach", metavar="KEY", help="Take the whole text from a paper again.")
@click.option(
    "--fetch", is_flag=True, help="Download free PDFs: arXiv's, and those that a service named as open."
)
@click.option("--collection", metavar="NAME", help="Only the papers of a collection.")
@json_option
@click.pass_context
def fulltext(
    ctx: click.Context,
    *,
    attach: tuple[str, ...],
    detach: str | None,
    fetch: bool,
    collection: str | None,
    as_json: bool,
) -> None:
    """Attach whole texts to papers.

    Attach the PDFs that the papers' records name (Zotero's and JabRef's file fields), those that you hand over,
    and with --fetch those that are free to download. Surveys then rest on their sentences too.

    \b
    Examples:
      litreview fulltext
      litreview fulltext --attach smith2023floats=papers/smith.pdf
      litreview fulltext --fetch --collection quantization
    """
    from agent.api.fulltext import parse_attachment

    review, console = open_review(ctx)
    say_where(review, console)
    if detach:
        found = review.detach(detach)
        console.json({"detached": found}) if as_json else console.result(f"{found}: detached")
        return
    report = review.fulltext(
        attach_files=[parse_attachment(one) for one in attach], fetch=fetch, collection=collection
    )
    if as_json:
        console.json(report)
    else:
        console.result(_attached(report))
    if report.failed and not report.attached:
        ctx.exit(1)
    leave(complete=not report.failed)


def _state_line(state: SourceState) -> str:
    if state.state == "broken":
        return f"{state.source}: broken: {state.reason}" + (
            f" ({state.found} came before)" if state.found else ""
        )
    if state.state == "empty":
        return f"{state.source}: nothing found"
    total = f" of {state.total}" if state.total is not None and state.total > state.found else ""
    return f"{state.source}: {state.found}{total} records"


def _enriched(report: EnrichReport) -> str:
    lines = [f"{one.key}: {', '.join(one.fields)} from {one.source}" for one in report.changed]
    lines += [f"not taken for {one.key}: {one.source}: {one.reason}" for one in report.refused]
    lines += [
        f"{state.source}: broken: {state.reason}" for state in report.sources if state.state == "broken"
    ]
    changed = len({one.key for one in report.changed})
    lines.append(
        f"{report.asked} papers lacked something; {changed} filled in, {len(report.lacking)} still lack some"
    )
    listed = [(one.key, "lacks " + ", ".join(one.fields)) for one in report.lacking[:20]]
    more = [f"... and {len(report.lacking) - 20} more"] if len(report.lacking) > 20 else []
    return "\n".join([*lines, rows(listed), *more] if listed else lines)


def _attached(report: FulltextReport) -> str:
    lines = [f"{one.key}: {one.pages} pages, {one.words} words from {one.source}" for one in report.attached]
    lines += [f"{one.key}: not attached: {one.source}: {one.reason}" for one in report.failed]
    lines += [f"{one.key}: its record names {one.source}, which is not there" for one in report.absent]
    counts = f"{len(report.attached)} attached, {report.known} known, {len(report.failed)} failed, {len(report.without)} without a file"
    return "\n".join([*lines, counts])
