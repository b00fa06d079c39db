"""The set of files that a survey is: made from the record alone, `survey.json` last."""

from __future__ import annotations

import json
import re
from pathlib import Path

from pydantic import ValidationError

from agent.errors import OutputError
from agent.outputs.bibtex import bibtex
from agent.outputs.evidence_markdown import evidence_markdown
from agent.outputs.files import Writer, is_file
from agent.outputs.ledger_csv import ledger_csv
from agent.outputs.plan_files import plan_json, plan_markdown
from agent.outputs.survey_markdown import survey_markdown
from agent.records import Plan, PlannedPaper, Survey, Theme, to_json

SURVEY = "survey.json"


def documents(survey: Survey, plan: Plan, *, clean: bool = False) -> dict[str, str]:
    """Every file of a survey but `survey.json`, by name."""
    cited = {row.key for row in survey.ledger if row.status == "cited"}
    return {
        "survey.md": survey_markdown(survey, clean=clean),
        "evidence.md": evidence_markdown(survey),
        "references.bib": bibtex(paper for key, paper in survey.papers.items() if key in cited),
        "ledger.csv": ledger_csv(survey.ledger),
        "plan.json": plan_json(plan),
        "plan.md": plan_markdown(plan, survey.papers),
    }


def write_survey(survey: Survey, plan: Plan, writer: Writer, *, clean: bool = False) -> Survey:
    """Write all files of a survey; the digests of the others stand in `survey.json`.

    Returns:
        The survey as it was written.

    Raises:
        OutputError: a file cannot be written.
    """
    made = documents(survey, plan, clean=clean)
    if writer.is_edited("survey.md") and not writer.force:
        # The document that stands there must go on compiling: what it cites stays in the bibliography.
        cited = _cited_in(writer.folder / "survey.md") | {
            row.key for row in survey.ledger if row.status == "cited"
        }
        made["references.bib"] = bibtex(paper for key, paper in survey.papers.items() if key in cited)
    files = {name: writer.write(name, text) for name, text in made.items()}
    whole = survey.model_copy(update={"files": files})
    writer.write(SURVEY, to_json(whole))
    return whole


def _cited_in(document: Path) -> set[str]:
    text = document.read_text(encoding="utf-8", errors="replace")
    return {key.rstrip(".:") for key in re.findall(r"@([A-Za-z0-9_][A-Za-z0-9_:./+-]*)", text)}


def read_survey(path: Path) -> Survey:
    """A survey from its JSON.

    Raises:
        OutputError: there is none, or it is not one.
    """
    hint = "give the survey.json that `litreview survey` wrote, or its folder"
    file = path if is_file(path) else path / SURVEY
    try:
        return _whole(Survey.model_validate(json.loads(file.read_text(encoding="utf-8"))))
    except OSError as error:
        raise OutputError(f"{file}: cannot be read: {error.strerror}", hint) from error
    except (ValidationError, ValueError, RecursionError) as error:
        raise OutputError(
            f"{file}: not a survey of this version ({(str(error) or 'too deeply nested').splitlines()[0]})",
            hint,
        ) from error


def _whole(survey: Survey) -> Survey:
    """The survey, if it has every paper that it names."""
    named = {key for section in survey.themes for key in section.papers}
    named |= {key for claim in survey.claims() for key in claim.citations}
    named |= {row.key for section in survey.themes for table in section.tables for row in table.rows}
    if lost := sorted(named - survey.papers.keys()):
        raise ValueError(f"it names {lost[0]}, which is not among its papers")
    return survey


def plan_of(survey: Survey) -> Plan:
    """The plan that a survey was written to."""
    themes = tuple(
        Theme(
            id=section.id,
            title=section.title,
            description=section.description,
            instructions=section.instructions,
            papers=tuple(PlannedPaper(key=key, title=survey.papers[key].title) for key in section.papers),
        )
        for section in survey.themes
    )
    return Plan(topic=survey.topic, themes=themes, outliers=survey.outliers)


def known_digests(folder: Path) -> dict[str, str]:
    """What the survey in a folder says of its files; nothing where there is none."""
    try:
        survey = read_survey(folder)
    except OutputError:
        return {}
    return {file.written_as: file.sha256 for file in survey.files.values()}
