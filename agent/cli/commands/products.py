"""`litreview claims` and `render`: what is done with a finished survey."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from agent.cli.console import open_review, shown_path
from agent.cli.options import force_option, json_option

if TYPE_CHECKING:
    from agent.records import Claim


@click.command()
@click.argument("survey", metavar="SURVEY", type=click.Path())
@click.option(
    "--verdict", type=click.Choice(["supported", "weak", "unsupported"]), help="Only claims of a verdict."
)
@click.option("--kind", type=click.Choice(["fact", "inference", "gap", "own"]), help="Only claims of a kind.")
@json_option
@click.pass_context
def claims(ctx: click.Context, *, survey: str, verdict: str | None, kind: str | None, as_json: bool) -> None:
    """List the claims of a survey, by verdict.

    List the claims of a survey with their verdicts and what was wrong with them.

    SURVEY is a survey.json or its folder. Unsupported claims are those that were dropped.

    \b
    Example:
      litreview claims my-survey --verdict weak
    """
    review, console = open_review(ctx)
    found = review.claims(survey, verdict=verdict, kind=kind)
    if as_json:
        console.json({"claims": [claim.model_dump(mode="json") for claim in found]})
        return
    console.result("\n".join(_line(claim) for claim in found))
    console.note(f"{len(found)} claim{'' if len(found) == 1 else 's'}")


@click.command()
@click.argument("survey", metavar="SURVEY", type=click.Path())
@click.option("-o", "--out", metavar="DIR", help="Folder for the documents.  [default: the survey's own]")
@click.option("--clean", is_flag=True, help="Leave out the marks for weak claims and inferences.")
@force_option
@json_option
@click.pass_context
def render(
    ctx: click.Context, *, survey: str, out: str | None, clean: bool, force: bool, as_json: bool
) -> None:
    """Make a survey's documents again.

    Make the documents of a survey.json again.

    \b
    Examples:
      litreview render my-survey/survey.json
      litreview render my-survey --clean --out to-send
    """
    review, console = open_review(ctx)
    made = review.render(survey, out=out, clean=clean, force=force)
    for warning in review.warnings:
        console.note(warning)
    if as_json:
        console.json(made)
        return
    folder = Path(out) if out else Path(survey) if Path(survey).is_dir() else Path(survey).parent
    console.result(
        "\n".join(f"written: {shown_path(folder / file.written_as)}" for file in made.files.values())
    )


def _line(claim: Claim) -> str:
    verdict = claim.verdict or "–"
    problems = "".join(f"\n    {problem.code}: {problem.message}" for problem in claim.problems)
    cited = f" [{', '.join(claim.citations)}]" if claim.citations else ""
    return f"{claim.id}  {claim.kind}, {verdict}: {claim.text}{cited}{problems}"
