"""The ledger: one row for every record, and the flow that adds up."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from agent.library import RecordRow
from agent.products.scope import Scope
from agent.records import Flow, Frame, FramePart, LedgerRow, LedgerStatus, Missing, Plan, Section
from agent.steps.writer import Written

Standing = tuple[LedgerStatus, str | None]


def ledger(scope: Scope, plan: Plan, missing: Iterable[Missing], written: Written) -> tuple[LedgerRow, ...]:
    """What became of every record. The best record of a paper has the paper's status, others are duplicates."""
    places = citing_claims(written.sections, written.frame)
    first = _first_records(scope.rows)
    lost = {gap.where: gap.reason for gap in missing}
    statuses = {key: _standing(key, scope, plan, lost, written, places) for key in scope.papers}
    return tuple(_row(row, first, statuses, places) for row in scope.rows)


def flow(rows: Iterable[LedgerRow]) -> Flow:
    """The counts of a ledger; `read` is their sum."""
    counts = Counter(row.status for row in rows)
    return Flow(
        read=counts.total(),
        rejected=counts["rejected"],
        duplicates=counts["duplicate"],
        excluded=counts["excluded"],
        outliers=counts["outlier"],
        cited=counts["cited"],
        uncited=counts["uncited"],
        missing=counts["missing"],
    )


def citing_claims(sections: Iterable[Section], frame: Frame) -> dict[str, list[str]]:
    """The ids of the claims that cite each paper."""
    places: dict[str, list[str]] = defaultdict(list)
    framed = (frame.introduction, frame.comparison, frame.outlook)
    parts: list[Section | FramePart] = [*sections, *(part for part in framed if part)]
    for part in parts:
        for claim in (claim for paragraph in part.paragraphs for claim in paragraph.claims):
            # A gap is said against what comes nearest, and that is cited too.
            for key in claim.citations or ((claim.near.key,) if claim.near else ()):
                places[key].append(claim.id)
    return dict(places)


def _first_records(rows: Iterable[RecordRow]) -> dict[str, RecordRow]:
    first: dict[str, RecordRow] = {}
    for row in rows:
        if row.key and (row.key not in first or _order(row) < _order(first[row.key])):
            first[row.key] = row
    return first


def _order(row: RecordRow) -> tuple[int, int, str, int]:
    return (row.run, row.rank, row.source, row.ordinal)


def _standing(
    key: str,
    scope: Scope,
    plan: Plan,
    lost: Mapping[str, str],
    written: Written,
    places: Mapping[str, list[str]],
) -> Standing:
    if key in scope.excluded:
        return "excluded", scope.excluded[key]
    outlier = next((outlier for outlier in plan.outliers if outlier.key == key), None)
    if outlier:
        return "outlier", outlier.reason
    if key in places:
        return "cited", None
    unmade = lost.get(f"place of {key}") or lost.get(f"reading of {key}")
    if unmade:
        return "missing", unmade
    return _uncited(key, scope, plan, written)


def _uncited(key: str, scope: Scope, plan: Plan, written: Written) -> Standing:
    paper = scope.papers[key]
    theme = next(theme for theme in plan.themes if key in theme.keys)
    lost = next((m for m in written.missing if m.where.split(",")[0] == f"section {theme.id}"), None)
    if lost:
        return "missing", f"{lost.where} could not be made: {lost.reason}"
    if paper.texts.abstract is None and key not in scope.bodies:
        return "uncited", "no_abstract"
    if key in written.left_out:
        return "uncited", f"marginal to its theme: {written.left_out[key]}"
    if any(key in dropped.claim.citations for dropped in written.dropped):
        return "uncited", "what was drafted of it failed its checks"
    return "uncited", "marginal to its theme: no claim rests on it"


def _row(
    row: RecordRow,
    first: Mapping[str, RecordRow],
    statuses: Mapping[str, Standing],
    places: Mapping[str, list[str]],
) -> LedgerRow:
    head = {"source": row.source, "position": row.position, "title": row.title, "key": row.key}
    if row.key is None:
        return LedgerRow(**head, status="rejected", reason=row.reason)
    if first[row.key] != row:
        best = first[row.key]
        return LedgerRow(
            **head, status="duplicate", reason=f"the same work as {best.source}, {best.position}"
        )
    status, reason = statuses[row.key]
    return LedgerRow(**head, status=status, where=tuple(places.get(row.key, ())), reason=reason)
