"""`litreview add`, `papers`, `show` and `export`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from agent.cli.console import leave, open_review, rows, say_where, standard_input
from agent.cli.options import files_argument, force_option, input_options, json_option
from agent.errors import UsageError

if TYPE_CHECKING:
    from agent.records import AddReport, Paper


@click.command()
@files_argument(required=True)
@input_options
@click.option("--keep-all", is_flag=True, help="Take in what is no paper too, such as web pages.")
@json_option
@click.pass_context
def add(
    ctx: click.Context,
    *,
    files: tuple[str, ...],
    kind: str | None,
    collection: str | None,
    keep_all: bool,
    as_json: bool,
) -> None:
    """Take papers into the library.

    Take the papers of FILES into the library, and account for every record. FILES are BibTeX, RIS, CSL-JSON,
    PubMed, EndNote XML, CSV, lists of ids, PDFs, JSON Lines or saved Daily Papers pages, or folders of these.

    \b
    Examples:
      litreview add library.bib scopus.csv papers/ --collection quantization
      litreview add - < papers.jsonl
    """
    review, console = open_review(ctx)
    say_where(review, console)
    stdin = standard_input(files)
    report = review.add(files, kind=kind, collection=collection, keep_all=keep_all, stdin=stdin)
    if as_json:
        console.json(report)
    else:
        console.result("\n".join(report_lines(report)))
    if report.read and len(report.rejected) == report.read:
        ctx.exit(1)
    leave(complete=not report.rejected)


@click.command()
@click.option("--collection", metavar="NAME", help="Only the papers of a collection.")
@click.option("--lacking", metavar="FIELDS", help="Only papers for which a field is unknown: abstract,year")
@json_option
@click.pass_context
def papers(ctx: click.Context, *, collection: str | None, lacking: str | None, as_json: bool) -> None:
    """List the papers.

    List the papers: key, year, title.

    \b
    Examples:
      litreview papers --lacking abstract,year
      litreview papers --collection quantization --json
    """
    review, console = open_review(ctx)
    fields = [name.strip() for name in (lacking or "").split(",") if name.strip()]
    found = review.papers(collection=collection, lacking=fields)
    if as_json:
        console.json({"papers": [paper.model_dump(mode="json") for paper in found]})
        return
    console.result(rows((paper.key, str(paper.year or "n.d."), _told(paper)) for paper in found))
    if not found and fields:
        console.note(f"no paper here lacks {' or '.join(fields)}")
    elif not found:
        console.note("no papers here; `litreview add FILES` takes them in")


@click.command()
@click.argument("key")
@json_option
@click.pass_context
def show(ctx: click.Context, *, key: str, as_json: bool) -> None:
    """Show a paper and what is known of it.

    Show a paper: what is known of it, and which source said so.

    \b
    Example:
      litreview show awq
    """
    review, console = open_review(ctx)
    paper = review.show(key)
    if as_json:
        console.json(paper)
    else:
        console.result(_card(paper, review.decision(key)))


@click.command()
@click.option(
    "--format",
    "form",
    default="bibtex",
    show_default=True,
    metavar="FORMAT",
    help="bibtex, ris, csl-json, csv or jsonl.",
)
@click.option("--collection", metavar="NAME", help="Only the papers of a collection.")
@click.option(
    "-o", "--out", metavar="FILE", type=click.Path(dir_okay=False), help="Write to FILE, not to the terminal."
)
@force_option
@json_option
@click.pass_context
def export(
    ctx: click.Context, *, form: str, collection: str | None, out: str | None, force: bool, as_json: bool
) -> None:
    """Write papers as BibTeX, RIS, CSL-JSON or CSV.

    Write the papers with all that is known of them; excluded ones are left out.

    \b
    Examples:
      litreview export --format bibtex -o refs.bib
      litreview export --collection quantization --format ris -o refs.ris
    """
    review, console = open_review(ctx)
    if as_json and ctx.get_parameter_source("form") is not click.core.ParameterSource.DEFAULT:
        raise UsageError("--json and --format are two formats", "give one of them")
    if as_json:
        from agent.records import to_json

        found = review.exported(collection=collection)
        text = to_json({"papers": [paper.model_dump(mode="json") for paper in found]})
    else:
        text = review.export(form, collection=collection)
    if out is None:
        console.data(text)
        return
    written = review.write_export(Path(out), text, force=force)
    for warning in review.warnings:
        console.note(warning)
    console.note(f"written: {written}")


def _told(paper: Paper) -> str:
    return f"RETRACTED: {paper.title}" if paper.retracted else paper.title


def report_lines(report: AddReport) -> list[str]:
    """What became of the records that came in."""
    lines = [
        f"{report.read} records: {report.added} new, {report.known} known, {report.merged} merged, "
        f"{len(report.rejected)} rejected"
    ]
    lines += [f"changed: {change.key}: {', '.join(change.fields)}" for change in report.changed]
    lines += [f"no longer in its source, kept: {key}" for key in report.gone]
    lines += [f"rejected: {r.source}, {r.position}: {r.reason}" for r in report.rejected]
    return lines + [f"note: {note.source}, {note.position}: {note.message}" for note in report.notes]


def _card(paper: Paper, decision: tuple[str, str | None] | None) -> str:
    facts: list[tuple[str, Any]] = [
        ("key", paper.key),
        ("aliases", ", ".join(paper.aliases)),
        ("title", paper.title),
        ("authors", "; ".join(author.display for author in paper.authors)),
        ("year", paper.year),
        ("venue", paper.venue),
        ("type", paper.type),
        ("retracted", "yes" if paper.retracted else None),
        ("doi", paper.doi),
        ("arxiv_id", paper.arxiv_id),
        *sorted(paper.ids.items()),
        ("url", paper.url),
        ("links", "  ".join(paper.links)),
        ("keywords", ", ".join(paper.keywords)),
        ("notes", paper.notes),
        ("files", "  ".join(paper.files)),
        *sorted(paper.fields.items()),
        ("collections", ", ".join(paper.collections)),
        ("decided", " ".join(part for part in decision if part) if decision else None),
        ("abstract", paper.texts.abstract),
    ]
    known = [(name, str(value)) for name, value in facts if value]
    known += [
        ("from", f"{origin.source}, {origin.position}: {', '.join(origin.fields) or 'nothing new'}")
        for origin in paper.sources
    ]
    return rows(known)
