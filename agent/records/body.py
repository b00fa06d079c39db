"""The whole text of a work as it was read from its file, with its pages and sections."""

from __future__ import annotations

from bisect import bisect_right

from agent.records.base import Record


class SectionMark(Record):
    """A heading as it is printed, number and all, and where it stands in the text."""

    title: str
    start: int


class Body(Record):
    """The running text: paragraphs and headings with an empty line between, without references.

    `pages` holds the offset at which each page starts; a page that gave no text starts where the next one does.
    """

    text: str
    pages: tuple[int, ...]
    sections: tuple[SectionMark, ...] = ()

    def page_at(self, offset: int) -> int:
        """The number of the page, counted from 1, on which `text[offset]` stands."""
        return max(1, bisect_right(self.pages, offset))

    def section_at(self, offset: int) -> str | None:
        """The heading below which `text[offset]` stands; None before the first."""
        found = bisect_right(self.sections, offset, key=lambda mark: mark.start)
        return self.sections[found - 1].title if found else None
