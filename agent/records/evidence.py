"""Evidence is a sentence of a paper, by place and verbatim."""

from __future__ import annotations

from typing import Literal

from agent.records.base import Record

Part = Literal["title", "abstract", "body"]


class Evidence(Record):
    """A sentence of a paper.

    `text == papers[key].texts[part][start:end]`; offsets count Unicode code points.
    `sentence` counts within its part from 1; the title is 0.
    """

    key: str
    part: Part
    page: int | None = None
    sentence: int
    start: int
    end: int
    text: str

    @property
    def place(self) -> tuple[str, str, int, int]:
        """What makes two pieces of evidence the same."""
        return (self.key, self.part, self.start, self.end)
