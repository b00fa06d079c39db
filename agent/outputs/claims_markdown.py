"""Claims and their tables as Markdown: running text or entries, with citations and marks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Literal

from agent.outputs.markdown import cite, escape, table
from agent.outputs.references import short_title
from agent.outputs.wording import mark
from agent.records import Cell, Claim, Paper, Table

Layout = Literal["prose", "entries"]


def paragraph_markdown(
    claims: Iterable[Claim], layout: Layout, papers: Mapping[str, Paper], *, clean: bool
) -> str:
    """Running text, or one entry a paper, whose citation holds for all its sentences."""
    if layout == "prose":
        return " ".join(_sentence(claim, clean=clean) for claim in claims)
    entries = [_entry(keys, list(those), papers, clean=clean) for keys, those in groupby(claims, _citations)]
    return "\n".join(entries)


def table_markdown(one: Table, papers: Mapping[str, Paper]) -> list[str]:
    """Caption and pipe table; each row cites its paper."""
    head = ["Paper", *(escape(column.title) for column in one.columns)]
    rows = []
    for row in one.rows:
        title = escape(short_title(papers[row.key].title))
        rows.append([f"{title} {cite([row.key])}", *(_cell(cell) for cell in row.cells)])
    return [f"*{escape(one.caption)}*", table(head, rows)]


def _citations(claim: Claim) -> tuple[str, ...]:
    return claim.citations


def _entry(keys: Sequence[str], claims: Sequence[Claim], papers: Mapping[str, Paper], *, clean: bool) -> str:
    if len(keys) != 1:
        return "\n".join(f"- {_sentence(claim, clean=clean)}" for claim in claims)
    quoted = [claim for claim in claims if any(evidence.part != "title" for evidence in claim.evidence)]
    paper = papers[keys[0]]
    head = f"- **{escape(paper.title)}** {cite(keys)}"
    if not quoted:
        return head if paper.texts.abstract else f"{head}: only the title is known."
    return "\n".join([head, *(f"  - {escape(claim.text)}{mark(claim, clean=clean)}" for claim in quoted)])


def _sentence(claim: Claim, *, clean: bool) -> str:
    text = escape(claim.text)
    keys = claim.citations or ((claim.near.key,) if claim.near else ())  # a gap leads to what comes nearest
    if keys:
        stop = text[-1] if text[-1:] in ".?!" else ""
        text = f"{text.removesuffix(stop)} {cite(keys)}{stop or '.'}"
    return text + mark(claim, clean=clean)


def _cell(cell: Cell) -> str:
    return escape(cell.text) if cell.text else "–"
