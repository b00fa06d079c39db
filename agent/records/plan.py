"""The plan: ordered themes and the outliers with reasons; every paper in exactly one place."""

from __future__ import annotations

from typing import Literal

from agent.records.base import Record

# Ids that claims of the frame and the list of outliers begin with: no theme may have them.
RESERVED_IDS = ("introduction", "comparison", "outlook", "outliers")


class PlannedPaper(Record):
    key: str
    title: str


class Theme(Record):
    """A named, described group of papers. `id` is a slug that is given once and kept."""

    id: str
    title: str
    description: str = ""
    instructions: str | None = None
    papers: tuple[PlannedPaper, ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(paper.key for paper in self.papers)


class Outlier(Record):
    key: str
    title: str
    reason: str


class Plan(Record):
    format: Literal["litreview/plan@1"] = "litreview/plan@1"
    topic: str
    themes: tuple[Theme, ...] = ()
    outliers: tuple[Outlier, ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """Every key the plan names, themes first."""
        placed = [key for theme in self.themes for key in theme.keys]
        return (*placed, *(outlier.key for outlier in self.outliers))
