"""Writing with a model: sections and frame as claims, and a table that code makes of the readings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from agent.engines.llm.ids import ShortIds, escape, escape_json
from agent.engines.llm.replies import FramePartReply, FrameReply, SectionReply, WrittenClaim, WrittenParagraph
from agent.engines.protocol import (
    Ask,
    CellDraft,
    ClaimDraft,
    FrameDraft,
    FrameInput,
    ParagraphDraft,
    SectionDraft,
    SectionInput,
    SentenceRef,
    TableDraft,
)
from agent.records import Claim, Evidence, Section, Summary
from agent.text.figures import figures
from agent.text.numbered import NumberedPaper

MOST_FRAMED = 60_000  # characters of claims and sentences that the frame is written from
MOST_ROWS = 6  # of one paper in a table
CAPTION = "What the abstracts report in figures (–: not stated). Settings differ from row to row."
COLUMNS = (("measure", "Measure"), ("value", "Value"), ("baseline", "Compared with"), ("setting", "Setting"))


def section_values(ask: Ask[SectionInput, SectionDraft], language: str | None) -> dict[str, Any]:
    asked = ask.item
    ids = ShortIds(asked.papers)
    return {
        "topic": escape(asked.topic),
        "title": escape(asked.theme.title),
        "description": escape(asked.theme.description),
        "instructions": escape(asked.theme.instructions or ""),
        "others": [escape(title) for title in asked.others],
        "part": asked.part,
        "parts": asked.parts,
        "heading": escape(asked.heading or ""),
        "size": len(asked.theme.papers),
        "words": asked.words,
        "language": language or "",
        "papers": ids.shown(),
        "records": [
            {"id": ids.of(key), "lines": list(_record_lines(summary, ids, asked.papers))}
            for key, summary in asked.summaries.items()
        ],
        "problems": ids.translated(ask.problems),
        "previous": _previous_section(ask.previous, ids) if ask.previous else "",
    }


def section_draft(reply: SectionReply, asked: SectionInput) -> SectionDraft:
    ids = ShortIds(asked.papers)
    paragraphs = list(paragraph_drafts(reply.paragraphs, ids))
    if asked.parts > 1 and paragraphs:
        first = paragraphs[0]
        paragraphs[0] = ParagraphDraft(first.claims, asked.heading or first.heading)
    table = _results_table(asked.papers, asked.summaries)
    return SectionDraft(
        tuple(paragraphs),
        (table,) if table else (),
        tuple((ids.key(one.paper), one.reason) for one in reply.not_cited),
    )


def frame_values(ask: Ask[FrameInput, FrameDraft], language: str | None) -> dict[str, Any]:
    asked = ask.item
    kept = _framed_claims(asked.sections)
    papers = _cited(kept, asked.papers)
    ids = ShortIds(papers)
    only = frozenset(
        ids.evidence(one) for claims in kept.values() for claim in claims for one in claim.evidence
    )
    return {
        "topic": escape(asked.topic),
        "themes": [
            {
                "title": escape(section.title),
                "description": escape(section.description),
                "size": len(section.papers),
                "claims": [
                    {
                        "kind": claim.kind,
                        "text": escape(claim.text),
                        "ids": [ids.evidence(one) for one in claim.evidence],
                    }
                    for claim in kept[section.id]
                ],
            }
            for section in asked.sections
        ],
        "papers": ids.shown(only=only),
        "size": sum(len(section.papers) for section in asked.sections),
        "words": asked.words,
        "language": language or "",
        "problems": ids.translated(ask.problems),
        "previous": _previous_frame(ask.previous, ids) if ask.previous else "",
    }


def frame_draft(reply: FrameReply, asked: FrameInput) -> FrameDraft:
    ids = ShortIds(_cited(_framed_claims(asked.sections), asked.papers))
    return FrameDraft(
        introduction=_part(reply.introduction, ids),
        comparison=_part(reply.comparison, ids) if reply.comparison and reply.comparison.paragraphs else None,
        outlook=_part(reply.outlook, ids),
    )


def claim_draft(written: WrittenClaim, ids: ShortIds) -> ClaimDraft:
    """A claim with keys in place of short ids; what its kind does not have is left out."""
    is_gap = written.kind == "gap"
    return ClaimDraft(
        text=" ".join(written.text.split()),
        kind=written.kind,
        # A sentence that a gap rests on is its nearest; the schema has a place of its own for that.
        evidence=()
        if is_gap or written.kind == "own"
        else tuple(ids.ref(short) for short in written.evidence),
        absent=tuple(phrase for phrase in written.absent if phrase.strip()) if is_gap else (),
        near=ids.ref(written.near) if is_gap and written.near else None,
    )


def claim_json(claim: ClaimDraft, ids: ShortIds) -> dict[str, Any]:
    """The reply that a drafted claim came from."""
    return {
        "text": claim.text,
        "kind": claim.kind,
        "evidence": [ids.sentence(ref) for ref in claim.evidence],
        "absent": list(claim.absent),
        "near": ids.sentence(claim.near) if claim.near else None,
    }


def paragraph_drafts(written: Iterable[WrittenParagraph], ids: ShortIds) -> Iterable[ParagraphDraft]:
    """Paragraphs with keys in place of short ids; those without a claim are left out."""
    for paragraph in written:
        heading = " ".join((paragraph.heading or "").split()) or None
        claims = tuple(claim_draft(claim, ids) for claim in paragraph.claims)
        if claims:
            yield ParagraphDraft(claims, heading)


def _part(reply: FramePartReply, ids: ShortIds) -> SectionDraft:
    return SectionDraft(tuple(paragraph_drafts(reply.paragraphs, ids)))


def _record_lines(summary: Summary, ids: ShortIds, papers: Sequence[NumberedPaper]) -> Iterable[str]:
    """What was read of a paper, in lines that a prompt can show."""

    def at(evidence: Sequence[Evidence]) -> str:
        return " ".join(f"[{ids.evidence(one)}]" for one in evidence)

    kinds = ", ".join([summary.kind, *summary.also])
    yield f"kind: {kinds}" + (f"; task: {escape(summary.task)}" if summary.task else "")
    if summary.names:
        yield f"names: {escape(', '.join(summary.names))}"
    if summary.approach:
        yield f"approach: {escape(summary.approach.text)} {at(summary.approach.evidence)}"
    for found in summary.findings:
        yield f"finding: {escape(found.text)} {at(found.evidence)}"
    for result in summary.results:
        against = f", against {result.baseline}" if result.baseline else ""
        where = f", where: {result.setting}" if result.setting else ""
        yield f"result: {escape(f'{result.metric}: {result.value}{against}{where}')} {at(result.evidence)}"
    for limit in summary.limitations:
        yield f"limitation: {escape(limit.text)} {at(limit.evidence)}"


def _results_table(papers: Sequence[NumberedPaper], summaries: Mapping[str, Summary]) -> TableDraft | None:
    """What the readings hold in figures; a cell whose figures its sentences do not have stays empty."""
    rows: list[tuple[str, tuple[CellDraft, ...]]] = []
    for paper in papers:
        summary = summaries.get(paper.key)
        for result in summary.results[:MOST_ROWS] if summary else ():
            refs = tuple(
                SentenceRef(
                    paper.key, next(n for n, one in enumerate(paper.sentences) if one.place == found.place)
                )
                for found in result.evidence
            )
            said = (result.metric, result.value, result.baseline, result.setting)
            rows.append((paper.key, tuple(_cell(text, result.evidence, refs) for text in said)))
    return TableDraft(CAPTION, COLUMNS, tuple(rows)) if rows else None


def _cell(text: str | None, evidence: Sequence[Evidence], refs: tuple[SentenceRef, ...]) -> CellDraft:
    there = {mark for one in evidence for figure in figures(one.text) for mark in figure.marks}
    if text is None or not all(figure.marks <= there for figure in figures(text)):
        return CellDraft()
    return CellDraft(text, refs)


def _framed_claims(sections: Sequence[Section]) -> dict[str, list[Claim]]:
    """Each theme's kept claims, cut by characters in equal shares."""
    share = MOST_FRAMED // max(1, len(sections))
    kept: dict[str, list[Claim]] = {}
    for section in sections:
        left = share
        kept[section.id] = []
        for claim in (claim for paragraph in section.paragraphs for claim in paragraph.claims):
            left -= len(claim.text) + sum(len(one.text) for one in claim.evidence)
            if left < 0:
                break
            kept[section.id].append(claim)
    return kept


def _cited(kept: Mapping[str, Sequence[Claim]], papers: Sequence[NumberedPaper]) -> list[NumberedPaper]:
    cited = {key for claims in kept.values() for claim in claims for key in claim.citations}
    return [paper for paper in papers if paper.key in cited]


def _previous_section(draft: SectionDraft, ids: ShortIds) -> str:
    return escape_json({"paragraphs": _paragraphs_json(draft, ids)})


def _previous_frame(draft: FrameDraft, ids: ShortIds) -> str:
    parts = {"introduction": draft.introduction, "comparison": draft.comparison, "outlook": draft.outlook}
    return escape_json(
        {name: {"paragraphs": _paragraphs_json(part, ids)} for name, part in parts.items() if part}
    )


def _paragraphs_json(draft: SectionDraft, ids: ShortIds) -> list[dict[str, Any]]:
    return [
        {"heading": paragraph.heading, "claims": [claim_json(claim, ids) for claim in paragraph.claims]}
        for paragraph in draft.paragraphs
    ]
