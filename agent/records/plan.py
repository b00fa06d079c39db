"""The plan: ordered themes and the outliers with reasons; every paper in exactly one place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
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

    def renamed(self, names: Mapping[str, str]) -> Plan:
        """The plan with other names of papers replaced; a paper stays in the first place that it has then.

        A key that stands in it twice by itself still does.
        """
        seen: set[str] = set()
        doubled = {key for key, count in Counter(self.keys).items() if count > 1}

        def keep(key: str) -> bool:
            new = names.get(key, key)
            is_first = new not in seen
            seen.add(new)
            return is_first or key in doubled

        themes = tuple(
            theme.model_copy(
                update={
                    "papers": tuple(
                        paper.model_copy(update={"key": names.get(paper.key, paper.key)})
                        for paper in theme.papers
                        if keep(paper.key)
                    )
                }
            )
            for theme in self.themes
        )
        outliers = tuple(
            outlier.model_copy(update={"key": names.get(outlier.key, outlier.key)})
            for outlier in self.outliers
            if keep(outlier.key)
        )
        return self.model_copy(
            update={"themes": tuple(theme for theme in themes if theme.papers), "outliers": outliers}
        )
