"""Holding drafts against the papers: from a drafted claim to a claim with its evidence and verdict."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from agent.engines.protocol import ClaimDraft, SectionDraft, SentenceRef, TableDraft, resolve
from agent.records import Cell, Claim, Column, Evidence, Paragraph, Problem, Row, Table, Verdict, Verify
from agent.steps.checks import CHECKS, Context
from agent.steps.checks.figures import marks_of
from agent.steps.checks.quotation import quotations
from agent.text.figures import figures

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
        paragraphs.append(Paragraph(heading=drafted.heading, layout=drafted.layout, claims=claims))
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
        return claim.model_copy(update={"verdict": "unsupported", "problems": unresolved})
    if verify == "none":
        return claim
    found = [finding for check in CHECKS[claim.kind] for finding in check(claim, context)]
    verdict: Verdict | None = None if claim.kind == "own" else "supported"
    if any(finding.verdict == "unsupported" for finding in found):
        verdict = "unsupported"
    elif found:
        verdict = "weak"
    return claim.model_copy(
        update={"verdict": verdict, "problems": tuple(finding.problem for finding in found)}
    )


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
        text=" ".join(draft.text.split()),
        kind=draft.kind,
        citations=tuple(dict.fromkeys(found.key for found in there)),
        evidence=there,
        scope=tuple(context.papers) if draft.kind == "gap" else (),
        absent=draft.absent if draft.kind == "gap" else (),
        near=near,
    )
    return claim, tuple(_unknown(ref, claim_id) for ref in lost)


def _unknown(ref: SentenceRef, where: str) -> Problem:
    return Problem(
        code="unknown_sentence", message=f"there is no sentence {ref.number} of {ref.key} here", where=where
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
                    Problem(code="unknown_paper", message=f"there is no paper {key} here", where=place)
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
        tables.append(Table(caption=draft.caption, columns=columns, rows=tuple(rows)))
    return tuple(table for table in tables if table.rows), tuple(problems)


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
            Problem(code="cell_without_evidence", message=f"“{text}” rests on no sentence", where=where)
        ]
    misquoted = [
        quoted for quoted in quotations(text) if not any(quoted in sentence.text for sentence in sound)
    ]
    if misquoted:
        return Cell(), [
            Problem(code="cell_misquoted", message=f"“{misquoted[0]}” is in no cited sentence", where=where)
        ]
    there = frozenset().union(*(marks_of(sentence.text) for sentence in sound))
    lost = [figure.text for figure in figures(text) if not figure.marks <= there]
    if lost:
        message = f"{', '.join(lost)} of “{text}” is in no cited sentence"
        return Cell(), [Problem(code="cell_figure_not_found", message=message, where=where)]
    return Cell(text=text, evidence=sound), []
