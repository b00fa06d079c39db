"""`litreview survey` and `litreview plan`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from agent.cli.console import leave, open_review, rows, say_where, standard_input
from agent.cli.options import (
    MODEL_OPTIONS,
    files_argument,
    force_option,
    input_options,
    json_option,
    model_options,
)

if TYPE_CHECKING:
    from agent.cli.console import Console
    from agent.records import Estimate, Plan, Survey


@click.command()
@files_argument()
@click.option("-o", "--out", metavar="DIR", help="Folder for the documents.  [default: survey]")
@click.option("--topic", metavar="TEXT", help="What the survey is about: the measure of what belongs.")
@click.option("--themes", type=int, metavar="K", help="Number of themes.")
@click.option(
    "--plan", "plan_file", metavar="FILE", type=click.Path(), help="An edited plan.md or plan.json."
)
@click.option("--place-rest", is_flag=True, help="Let papers that the plan does not name be placed.")
@click.option("--replan", is_flag=True, help="Group anew, whatever plan stands in DIR.")
@input_options
@click.option("--workers", type=int, metavar="N", help="Processes that read papers.  [default: 1]")
@model_options
@click.option("--words", type=int, metavar="N", help="Length of the whole, where a model writes it.")
@click.option("--language", metavar="NAME", help="Language to write in, where a model does.")
@click.option("--verify", metavar="LEVEL", help="How claims are checked: none, code or model.")
@click.option(
    "--fulltext", metavar="WHETHER", help="Read passages of attached PDFs: auto or off.  [default: auto]"
)
@click.option("--dry-run", is_flag=True, help="Say what would be asked and what it costs, and stop.")
@click.option("--record", metavar="FILE", type=click.Path(), help="Keep all questions and replies in FILE.")
@click.option("--date", metavar="YYYY-MM-DD", help="The day the survey bears.  [default: today, UTC]")
@click.option("--clean", is_flag=True, help="Leave out the marks for weak claims and inferences.")
@click.option("--strict", is_flag=True, help="Exit 3 also where only problems are left.")
@force_option
@json_option
@click.pass_context
def survey(
    ctx: click.Context, /, *, as_json: bool, strict: bool, dry_run: bool, plan_file: str | None, **asked: Any
) -> None:
    """Write a survey of papers.

    Write a survey of exactly the papers in FILES.

    Without FILES it is about a collection, or the whole library. FILES are what `add`
    takes: BibTeX, RIS, CSV, PDFs, saved Daily Papers pages, ..., folders of these, or - for standard input.

    \b
    Examples:
      litreview survey papers.txt more.jsonl --out my-survey
      litreview survey --collection quantization --topic "low-bit inference"
      litreview survey --plan plan.md --out my-survey
    """
    named = ("verify", "collection", "workers", "words", "language", "fulltext", *MODEL_OPTIONS)
    settings = {name: asked.pop(name) for name in named}
    review, console = open_review(ctx, **settings)
    say_where(review, console)
    files = asked.pop("files")
    stdin = standard_input(files)
    if dry_run:
        kept = ("out", "topic", "themes", "place_rest", "replan", "kind")
        wanted = {name: asked[name] for name in kept}
        found = review.estimate(
            files, plan=plan_file, collection=settings["collection"], stdin=stdin, **wanted
        )
        show_estimate(console, found, as_json=as_json)
        return
    made = review.survey(files, plan=plan_file, collection=settings["collection"], stdin=stdin, **asked)
    for warning in review.warnings:
        console.note(warning)
    if made.engine.name == "model":
        console.note(str(review.meter))
    if as_json:
        console.json(made)
    else:
        console.result(_summary(made, Path(asked["out"] or review.settings["out"].value)))
    leave(complete=_is_complete(made, strict=strict))


@click.command()
@files_argument()
@click.option(
    "-o", "--out", metavar="DIR", default=".", show_default=True, help="Folder for plan.md and plan.json."
)
@click.option("--topic", metavar="TEXT", help="What the survey is about: the measure of what belongs.")
@click.option("--themes", type=int, metavar="K", help="Number of themes.")
@model_options
@input_options
@force_option
@json_option
@click.pass_context
def plan(ctx: click.Context, /, *, as_json: bool, **asked: Any) -> None:
    """Group papers into themes, and stop there.

    Group papers into themes and write plan.md, to be moved about in an editor.

    Give it back with `litreview survey --plan plan.md`.

    \b
    Examples:
      litreview plan --topic "low-bit inference"
      litreview plan papers.txt --themes 6 --out my-survey
    """
    review, console = open_review(ctx, **{name: asked.pop(name) for name in MODEL_OPTIONS})
    say_where(review, console)
    files = asked.pop("files")
    made = review.plan(files, stdin=standard_input(files), **asked)
    for warning in review.warnings:
        console.note(warning)
    if as_json:
        console.json(made.plan)
    else:
        console.result(_outline(made.plan))
        console.note(f"written: {', '.join(made.files)}")


def _summary(made: Survey, folder: Path) -> str:
    flow = made.flow
    lines = [
        f"{made.title} ({made.engine.name} engine{', no model' if made.engine.name == 'extractive' else ''})"
    ]
    lines += [f"  {len(section.papers):4}  {section.title}" for section in made.themes]
    counts = [("cited", flow.cited), ("not cited", flow.uncited), ("outliers", flow.outliers), ("excluded", flow.excluded),
              ("duplicates", flow.duplicates), ("missing", flow.missing), ("rejected", flow.rejected)]  # fmt: skip
    lines.append(f"{flow.read} records: " + ", ".join(f"{count} {name}" for name, count in counts if count))
    lines.append(_verdicts(made))
    lines += [f"missing: {missing.where}: {missing.reason}" for missing in made.missing]
    rejected = [
        f"rejected: {r.source}, {r.position}: {r.reason}" for r in made.ledger if r.status == "rejected"
    ]
    lines += rejected[:10]
    lines += [f"... and {len(rejected) - 10} more in ledger.csv"] if len(rejected) > 10 else []
    document = made.files["survey.md"].written_as if "survey.md" in made.files else "survey.md"
    lines.append(f"written: {folder / document}")
    return "\n".join(lines)


def _verdicts(made: Survey) -> str:
    """How many claims came out how."""
    kept = list(made.claims())
    counts = [
        (sum(claim.verdict == "supported" for claim in kept), "supported"),
        (sum(claim.verdict == "weak" for claim in kept), "weak"),
        (
            sum(claim.verdict is None for claim in kept),
            "of our own" if made.engine.verify != "none" else "not verified",
        ),
        (len(made.dropped), "dropped"),
    ]
    return f"{len(kept)} claims: " + ", ".join(f"{count} {name}" for count, name in counts if count)


def show_estimate(console: Console, found: Estimate, *, as_json: bool) -> None:
    """What would be asked, step by step, and what it costs."""
    if as_json:
        console.json(found)
        return
    lines = []
    for step in found.steps:
        most = "" if step.is_exact else "at most "
        cost = "" if step.cost is None else f"{step.cost:.4f}"
        tokens = f"{step.input_tokens} tokens in", f"{step.output_tokens} out"
        lines.append((step.step, f"{most}{_calls(step.calls)}", *tokens, cost))
    cost = (
        "money: unknown, no prices are set for these models"
        if found.cost is None
        else f"money: at most {found.cost:.4f}"
    )
    guess = (
        "; tokens are roughly guessed, four characters each, until an endpoint has reported some"
        if found.is_rough
        else ""
    )
    whole = f"at most {_calls(found.calls)}, {found.input_tokens} tokens in, {found.output_tokens} out{guess}"
    stored = (
        "1 reply is stored and costs" if found.stored == 1 else f"{found.stored} replies are stored and cost"
    )
    asks = f"{whole}; {cost}" if found.calls else "nothing would be asked of a model"
    said = [asks, f"{stored} nothing"]
    console.result("\n".join([rows(lines), *said] if lines else said))


def _calls(count: int) -> str:
    return "1 call" if count == 1 else f"{count} calls"


def _outline(made: Plan) -> str:
    lines = [made.topic or "(no topic found)"]
    lines += [f"  {len(theme.papers):4}  {theme.title}" for theme in made.themes]
    lines += [f"  {len(made.outliers):4}  (outliers)"] if made.outliers else []
    return "\n".join(lines)


def _is_complete(made: Survey, *, strict: bool) -> bool:
    has_problems = bool(made.dropped) or any(claim.problems for claim in made.claims())
    return not (made.missing or made.flow.rejected or (strict and has_problems))
