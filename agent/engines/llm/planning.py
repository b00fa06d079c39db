"""Planning with a model: what is asked, and drafts from what is answered."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from agent.engines.llm.ids import ShortIds, escape, escape_json
from agent.engines.llm.replies import OrderReply, PlaceReply, ProposeReply
from agent.engines.protocol import (
    Ask,
    OrderDraft,
    OrderInput,
    PlaceDraft,
    PlaceInput,
    PlanDraft,
    PlanInput,
    ThemeDraft,
)
from agent.records import Theme
from agent.text.numbered import NumberedPaper

MOST_PROPOSED = 200  # papers whose themes one question asks for
BATCH = 30_000  # characters of papers that one placing question shows: forty papers at their longest
LONGEST_OPENING = 640  # characters of title and opening sentences
OPENING_SENTENCES = 2
EXAMPLES = 5  # papers that show what stands in a theme
MOST_THEMES = 15


@dataclass(frozen=True)
class Opening:
    """A paper as planning sees it: its title and the sentences that it opens with."""

    id: str
    title: str
    opening: str


def sample(papers: Sequence[NumberedPaper]) -> Sequence[NumberedPaper]:
    """At most two hundred papers, evenly spread over the order of titles, which says nothing of subjects."""
    if len(papers) <= MOST_PROPOSED:
        return papers
    return [papers[number * len(papers) // MOST_PROPOSED] for number in range(MOST_PROPOSED)]


def left_to_place(papers: Sequence[NumberedPaper]) -> list[NumberedPaper]:
    """The papers that are not among those whose themes are asked for."""
    shown = {paper.key for paper in sample(papers)}
    return [paper for paper in papers if paper.key not in shown]


def propose_values(ask: Ask[PlanInput, PlanDraft]) -> dict[str, Any]:
    papers = sample(ask.item.papers)
    ids = ShortIds(papers)
    least, most = theme_range(len(papers))
    return {
        "topic": escape(ask.item.topic) if ask.item.topic else "",
        "themes": ask.item.themes or 0,
        "least": least,
        "most": most,
        "kept": [ids.of(paper.key) for paper in papers if paper.key in ask.item.kept],
        "papers": [_opening(ids.of(paper.key), paper) for paper in papers],
        "problems": ids.translated(ask.problems),
        "previous": _previous_plan(ask.previous, ids) if ask.previous else "",
    }


def theme_range(papers: int) -> tuple[int, int]:
    """How many themes so many papers may well have."""
    usual = min(MOST_THEMES, max(1, round(math.sqrt(papers))))
    return max(1, usual - 1), min(MOST_THEMES, usual + 1)


def plan_draft(reply: ProposeReply, asked: PlanInput) -> PlanDraft:
    papers = sample(asked.papers)
    ids = ShortIds(papers)
    return PlanDraft(
        topic=asked.topic or " ".join(reply.topic.split()),
        themes=tuple(
            ThemeDraft(
                " ".join(theme.title.split()),
                " ".join(theme.description.split()),
                tuple(ids.key(short) for short in theme.papers),
            )
            for theme in reply.themes
        ),
        outliers=tuple((ids.key(one.paper), " ".join(one.reason.split())) for one in reply.outliers),
        left=frozenset(paper.key for paper in left_to_place(asked.papers)),
    )


def batches(asked: PlaceInput, wanted: Sequence[NumberedPaper]) -> Iterator[Sequence[NumberedPaper]]:
    """Papers to be placed, cut by characters, never by what an earlier answer said."""
    batch: list[NumberedPaper] = []
    size = 0
    for paper in wanted:
        length = len(_opening("P00", paper).opening) + len(paper.paper.title)
        if batch and size + length > BATCH:
            yield batch
            batch, size = [], 0
        batch.append(paper)
        size += length
    if batch:
        yield batch


def place_values(asked: PlaceInput, batch: Sequence[NumberedPaper]) -> dict[str, Any]:
    ids = ShortIds(batch)
    return {
        "topic": escape(asked.topic),
        "themes": [
            {
                "id": f"T{count}",
                "title": escape(theme.title),
                "description": escape(theme.description),
                "examples": [escape(paper.title) for paper in theme.papers[:EXAMPLES]],
            }
            for count, theme in enumerate(asked.themes, start=1)
        ],
        "kept": [ids.of(paper.key) for paper in batch if paper.key in asked.kept],
        "papers": [_opening(ids.of(paper.key), paper) for paper in batch],
    }


def place_draft(reply: PlaceReply, asked: PlaceInput, batch: Sequence[NumberedPaper]) -> PlaceDraft:
    ids = ShortIds(batch)
    themes = {f"T{count}": theme.id for count, theme in enumerate(asked.themes, start=1)}
    places: dict[str, str] = {}
    outliers: dict[str, str] = {}
    for place in reply.places:
        key = ids.key(place.paper)
        if place.theme is not None:
            places.setdefault(key, themes.get(place.theme.strip().strip("[]"), place.theme))
        elif place.reason:
            outliers.setdefault(key, " ".join(place.reason.split()))
    return PlaceDraft(places, outliers)


def order_values(ask: Ask[OrderInput, OrderDraft]) -> dict[str, Any]:
    return {
        "themes": [_shown_theme(count, theme) for count, theme in enumerate(ask.item.themes, start=1)],
        "problems": [escape(problem.message) for problem in ask.problems],
    }


def order_draft(reply: OrderReply, asked: OrderInput) -> OrderDraft:
    themes = {f"T{count}": theme.id for count, theme in enumerate(asked.themes, start=1)}
    return OrderDraft(tuple(themes.get(short.strip().strip("[]"), short) for short in reply.order))


def _shown_theme(count: int, theme: Theme) -> dict[str, Any]:
    return {
        "id": f"T{count}",
        "title": escape(theme.title),
        "description": escape(theme.description),
        "papers": len(theme.papers),
    }


def _opening(short: str, paper: NumberedPaper) -> Opening:
    said = " ".join(one.text for one in paper.sentences[1 : min(1 + OPENING_SENTENCES, paper.opening)])
    room = max(0, LONGEST_OPENING - len(paper.paper.title))
    if len(said) > room:  # cut on a sentence's end, and where one alone is too long, on a word's
        first = paper.sentences[1].text if paper.opening > 1 else ""
        said = first if len(first) <= room else first[:room].rpartition(" ")[0] + " …"
    return Opening(short, escape(paper.paper.title), escape(said))


def _previous_plan(draft: PlanDraft, ids: ShortIds) -> str:
    named = {
        "topic": draft.topic,
        "themes": [
            {
                "title": one.title,
                "description": one.description,
                "papers": [_short(key, ids) for key in one.keys],
            }
            for one in draft.themes
        ],
        "outliers": [{"paper": _short(key, ids), "reason": reason} for key, reason in draft.outliers],
    }
    return escape_json(named)


def _short(key: str, ids: ShortIds) -> str:
    try:
        return ids.of(key)
    except KeyError:
        return key
