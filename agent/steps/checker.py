"""Holding drafts against the papers: from a drafted claim to a claim with its evidence and verdict."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from agent.engines.protocol import ClaimDraft, SectionDraft, SentenceRef, TableDraft, resolve
from agent.records import Cell, Claim, Column, Evidence, Paragraph, Problem, Row, Table, Verdict, Verify
from agent.steps.checks import CHECKS, Check, Context, Finding, figures, gap, letters, marks, names
from agent.steps.checks.quotation import quotations
from agent.text.printable import visible

LONGEST = 1_000  # characters of a claim that quotes no whole sentence; one sentence of 35 words has 250
LONGEST_CELL = 300  # of a cell, or of a title
LONGEST_ID = 40  # of an id that is told back
MOST_TOLD = 5  # unknown ids of one claim
_OF_WORDS: tuple[Check, ...] = (marks.check, letters.check, figures.check, names.check)
MENDABLE = 0.25  # share of a draft's claims that a revision can see to


@dataclass(frozen=True)
class CheckedSection:
    """Paragraphs with a verdict on every claim, unsupported ones still among them, and sound tables.

    `left_out` are papers that no claim cites, with the reasons that the draft gives.
    """

    paragraphs: tuple[Paragraph, ...]
    tables: tuple[Table, ...]
    problems: tuple[Problem, ...]
    left_out: Mapping[str, str] = field(default_factory=dict)

    @property
    def claims(self) -> tuple[Claim, ...]:
        return tuple(claim for paragraph in self.paragraphs for claim in paragraph.claims)


def check_section(
    draft: SectionDraft, context: Context, where: str, verify: Verify, first: int = 1
) -> CheckedSection:
    """Check all claims and tables of a draft.

    Args:
        where: the theme's id or the frame's part, which opens each claim's id.
        first: the number of the first paragraph.
    """
    paragraphs = []
    for number, drafted in enumerate(draft.paragraphs, start=first):
        claims = tuple(
            check_claim(claim, context, f"{where}.p{number}.c{count}", verify)
            for count, claim in enumerate(drafted.claims, start=1)
        )
        heading = drafted.heading and _sound_title(
            drafted.heading, [one for claim in claims for one in claim.evidence], context
        )
        paragraphs.append(Paragraph(heading=heading, layout=drafted.layout, claims=claims))
    tables, table_problems = _check_tables(draft.tables, context, where)
    fatal = [
        problem
        for paragraph in paragraphs
        for claim in paragraph.claims
        if claim.verdict == "unsupported"
        for problem in claim.problems
    ]
    cited = {key for paragraph in paragraphs for claim in paragraph.claims for key in claim.citations}
    left_out = {
        key: " ".join(reason.split())
        for key, reason in draft.left_out
        if key in context.papers and key not in cited and reason.strip()
    }
    return CheckedSection(tuple(paragraphs), tables, (*fatal, *table_problems), left_out)


def asked_again(checked: CheckedSection, *, is_mended: bool) -> tuple[Problem, ...]:
    """What is worth a new draft: where single claims are mended afterwards, only a draft that mostly fails."""
    unsupported = sum(claim.verdict == "unsupported" for claim in checked.claims)
    if is_mended and unsupported <= MENDABLE * len(checked.claims):
        return ()
    return checked.problems


def check_claim(draft: ClaimDraft, context: Context, claim_id: str, verify: Verify) -> Claim:
    """Resolve a drafted claim's evidence and let every check of its kind look at it.

    The verdict is the heaviest that any check gives; None for an own sentence that passes, and for all
    where nothing is to be verified. What points at nothing is unsupported all the same.
    """
    claim, unresolved = _resolved(draft, context, claim_id)
    if unresolved:
        return _unsupported(claim, unresolved)
    if verify == "none":
        return claim
    if _is_too_long(claim):
        said = f"{len(claim.text)} characters in one claim"
        return _unsupported(claim, (Problem(code="too_long", message=said, where=claim_id),))
    found = [finding for check in CHECKS[claim.kind] for finding in check(claim, context)]
    verdict: Verdict | None = None if claim.kind == "own" else "supported"
    if any(finding.verdict == "unsupported" for finding in found):
        verdict = "unsupported"
    elif found:
        verdict = "weak"
    return claim.model_copy(
        update={"verdict": verdict, "problems": tuple(finding.problem for finding in found)}
    )


def _is_too_long(claim: Claim) -> bool:
    return len(claim.text) > LONGEST and not claim.is_quotation


def _unsupported(claim: Claim, problems: tuple[Problem, ...]) -> Claim:
    """The claim without its checks, and no more of it than a person would read."""
    text = f"{claim.text[:LONGEST]}…" if _is_too_long(claim) else claim.text
    return claim.model_copy(update={"text": text, "verdict": "unsupported", "problems": problems})


def _resolved(draft: ClaimDraft, context: Context, claim_id: str) -> tuple[Claim, tuple[Problem, ...]]:
    refs = list(dict.fromkeys(draft.evidence))
    evidence = [resolve(ref, context.papers) for ref in refs]
    near = resolve(draft.near, context.papers) if draft.near else None
    lost = [ref for ref, found in zip(refs, evidence, strict=True) if found is None]
    if draft.near and near is None:
        lost.append(draft.near)
    there = tuple(found for found in evidence if found)
    claim = Claim(
        id=claim_id,
        text=_one_line(draft.text, there),
        kind=draft.kind,
        citations=tuple(dict.fromkeys(found.key for found in there)),
        evidence=there,
        scope=tuple(context.papers) if draft.kind == "gap" else (),
        # What is too long or too many is found out by the check of gaps; no more of it is kept than that takes.
        absent=tuple(one[: gap.LONGEST_PHRASE + 1] for one in draft.absent[: gap.MOST_PHRASES + 1])
        if draft.kind == "gap"
        else (),
        near=near,
    )
    return claim, tuple(_unknown(ref, claim_id) for ref in lost[:MOST_TOLD])


def _one_line(text: str, evidence: Sequence[Evidence]) -> str:
    """The text without what nobody sees, so that what is checked is what is read; quotations stay as they stand."""
    line = " ".join(text.split())
    return line if any(line == f"“{one.text}”" for one in evidence) else visible(line)


def _unknown(ref: SentenceRef, where: str) -> Problem:
    return Problem(
        code="unknown_sentence",
        message=f"there is no sentence {ref.number} of {ref.key[:LONGEST_ID]} here",
        where=where,
    )


def _check_tables(
    drafts: Sequence[TableDraft], context: Context, where: str
) -> tuple[tuple[Table, ...], tuple[Problem, ...]]:
    tables: list[Table] = []
    problems: list[Problem] = []
    for count, draft in enumerate(drafts, start=1):
        rows: list[Row] = []
        for key, drafted in draft.rows:
            place = f"{where}.t{count}.{key}"
            if key not in context.papers:
                problems.append(
                    Problem(
                        code="unknown_paper",
                        message=f"there is no paper {key[:LONGEST_ID]} here",
                        where=place,
                    )
                )
                continue
            if len(drafted) != len(draft.columns):
                said = f"{len(drafted)} cells where the table has {len(draft.columns)} columns"
                problems.append(Problem(code="cell_count", message=said, where=place))
                continue
            cells = []
            for cell in drafted:
                checked, problem = _check_cell(cell.text, cell.evidence, key, context, place)
                cells.append(checked)
                problems.extend(problem)
            rows.append(Row(key=key, cells=tuple(cells)))
        columns = tuple(Column(id=id_, title=title) for id_, title in draft.columns)
        table = Table(caption=draft.caption, columns=columns, rows=tuple(rows))
        kept = [
            n for n, column in enumerate(columns) if _sound_title(column.title, _below(table, n), context)
        ]
        if len(kept) < len(columns):
            said = "a column's title says what its cells do not bear"
            problems.append(Problem(code="column_title", message=said, where=f"{where}.t{count}"))
            table = _of_columns(table, kept)
        tables.append(table)
    return tuple(table for table in tables if table.rows and table.columns), tuple(problems)


def _check_cell(
    text: str | None, refs: Iterable[SentenceRef], key: str, context: Context, where: str
) -> tuple[Cell, list[Problem]]:
    """A cell keeps its text only if the row's own sentences bear it."""
    if text is None:
        return Cell(), []
    evidence = [resolve(ref, context.papers) for ref in refs]
    sound: tuple[Evidence, ...] = tuple(found for found in evidence if found and found.key == key)
    if len(sound) < len(evidence) or not sound:
        return Cell(), [
            Problem(
                code="cell_without_evidence",
                message=f"“{text[:LONGEST_CELL]}” rests on no sentence",
                where=where,
            )
        ]
    if len(text) > LONGEST_CELL:
        return Cell(), [Problem(code="too_long", message=f"{len(text)} characters in one cell", where=where)]
    misquoted = [
        quoted for quoted in quotations(text) if not any(quoted in sentence.text for sentence in sound)
    ]
    if misquoted:
        return Cell(), [
            Problem(code="cell_misquoted", message=f"“{misquoted[0]}” is in no cited sentence", where=where)
        ]
    found = _found_in_words(text, sound, context)
    if found:
        is_figure = any(finding.problem.code.startswith("figure") for finding in found)
        code = "cell_figure_not_found" if is_figure else "cell_not_borne"
        message = f"“{text}”: {'; '.join(finding.problem.message for finding in found)}"
        return Cell(), [Problem(code=code, message=message, where=where)]
    return Cell(text=visible(text), evidence=sound), []


def _found_in_words(text: str, evidence: Sequence[Evidence], context: Context) -> list[Finding]:
    """What is wrong with words that are no claim and cannot be marked as weak: figures must stand in the evidence."""
    if len(text) > LONGEST_CELL:
        return [Finding(Problem(code="too_long", message=f"{len(text)} characters"), "unsupported")]
    citations = tuple(dict.fromkeys(one.key for one in evidence))
    claim = Claim(id="", text=visible(text), kind="fact", citations=citations, evidence=tuple(evidence))
    found = [finding for check in _OF_WORDS for finding in check(claim, context)]
    return [one for one in found if one.verdict == "unsupported" or one.problem.code.startswith("figure")]


def _sound_title(title: str, evidence: Sequence[Evidence], context: Context) -> str | None:
    """A title of a paragraph or column that states nothing beyond what stands below it."""
    return None if _found_in_words(title, evidence, context) else visible(title)


def _below(table: Table, number: int) -> list[Evidence]:
    """The sentences that a column's cells rest on; of all columns, where it has none."""
    own = [one for row in table.rows for one in row.cells[number].evidence]
    return own or [one for row in table.rows for cell in row.cells for one in cell.evidence]


def _of_columns(table: Table, kept: Sequence[int]) -> Table:
    rows = tuple(row.model_copy(update={"cells": tuple(row.cells[n] for n in kept)}) for row in table.rows)
    return table.model_copy(update={"columns": tuple(table.columns[n] for n in kept), "rows": rows})
