"""Every claim with its kind, its verdict and the very sentences that it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from agent.outputs.markdown import escape
from agent.outputs.titles import frame_title
from agent.outputs.wording import place
from agent.records import Claim, EngineInfo, FramePart, Paragraph, Survey, Table


def evidence_markdown(survey: Survey) -> str:
    """`evidence.md`: the survey's claims in its order, then what was dropped."""
    blocks = [f"# Evidence for: {escape(survey.title)}", legend(survey.engine)]
    blocks += _frame_part(survey, "introduction")
    for section in survey.themes:
        blocks += _part(section.title, section.id, section.paragraphs, section.tables)
    blocks += [*_frame_part(survey, "comparison"), *_frame_part(survey, "outlook")]
    if survey.dropped:
        blocks.append("## Dropped")
        blocks += [claim_evidence(dropped.claim) for dropped in survey.dropped]
    return "\n\n".join(blocks) + "\n"


def legend(engine: EngineInfo) -> str:
    """What stands under each claim, and whose the verdicts are."""
    is_judged = engine.verify == "model"
    whose = (
        "those of code and of a model that saw only these sentences"
        if is_judged
        else "those of code; no model judged them"
    )
    return (
        "Each claim is followed by the sentences of the papers that it rests on, word for word, with the paper’s key, "
        f"the part of the paper and the number of the sentence. Verdicts are {whose}."
    )


def _frame_part(survey: Survey, name: str) -> list[str]:
    part: FramePart | None = getattr(survey.frame, name)
    return _part(frame_title(survey, name), name, part.paragraphs, part.tables) if part else []


def _part(title: str, where: str, paragraphs: Iterable[Paragraph], tables: Sequence[Table]) -> list[str]:
    blocks = [f"## {escape(title)}"]
    for paragraph in paragraphs:
        if paragraph.heading:
            blocks.append(f"### {escape(paragraph.heading)}")
        blocks += [claim_evidence(claim) for claim in paragraph.claims]
    for number, table in enumerate(tables, start=1):
        blocks += table_evidence(table, f"{where}.t{number}")
    return blocks


def claim_evidence(claim: Claim) -> str:
    """A claim with its kind, its verdict, its sentences and what was wrong with it."""
    head = f"**{claim.id}** · {_status(claim)}"
    lines = [head, ""]
    if not claim.is_quotation:
        lines += [escape(claim.text), ""]
    lines += [f"> {escape(e.text)}\n> — `{e.key}`, {place(e)}\n" for e in claim.evidence]
    if claim.near:
        lines.append(f"> nearest: {escape(claim.near.text)}\n> — `{claim.near.key}`, {place(claim.near)}\n")
    if claim.absent:
        looked = ", ".join(f"“{escape(word)}”" for word in claim.absent)
        lines.append(f"Looked for in {len(claim.scope)} papers and not found: {looked}.\n")
    lines += [f"- {escape(problem.message)} ({problem.code})" for problem in claim.problems]
    return "\n".join(lines).rstrip()


def _status(claim: Claim) -> str:
    verdict: str = claim.verdict or ("our own words" if claim.kind == "own" else "not verified")
    if claim.is_quotation:
        verdict = (
            "quoted word for word" if claim.verdict == "supported" else f"quoted word for word, {verdict}"
        )
    parts: list[str] = [claim.kind, verdict] if claim.kind != "own" or claim.verdict else [verdict]
    if claim.judged:
        parts.append("judged by the model")
    if claim.by == "author":
        parts.append("written by you")
    return ", ".join(parts)


def table_evidence(table: Table, where: str) -> list[str]:
    """A table row by row, with the sentences behind its cells."""
    blocks = [f"### Table {where}: {escape(table.caption)}"]
    for row in table.rows:
        told = [
            f"{escape(column.title)}: {escape(cell.text)}"
            for column, cell in zip(table.columns, row.cells, strict=True)
            if cell.text
        ]
        evidence = {e.place: e for cell in row.cells for e in cell.evidence}
        lines = [f"**{where}, `{row.key}`** · {'; '.join(told)}", ""]
        lines += [f"> {escape(e.text)}\n> — `{e.key}`, {place(e)}\n" for e in evidence.values()]
        blocks.append("\n".join(lines).rstrip())
    return blocks
