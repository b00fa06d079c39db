"""Papers as JSON Lines, which litreview reads back whole."""

from __future__ import annotations

from collections.abc import Iterable

from agent.records import Paper, to_json_line


def papers_jsonl(papers: Iterable[Paper]) -> str:
    """One paper a line, without what is unknown."""
    return "".join(to_json_line(paper) for paper in papers)
