"""A paper: its texts and what its sources say of it; every field may be unknown."""

from __future__ import annotations

import re

from agent.records.base import Record

_EASTERN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\U00020000-\U0003ffff]+")


class Author(Record):
    """A person by `family` and `given`, or whoever cannot be taken apart by `name`."""

    family: str | None = None
    given: str | None = None
    particle: str | None = None
    suffix: str | None = None
    name: str | None = None

    @property
    def display(self) -> str:
        """The name as a reader writes it: `Ada de Lovelace Jr.`"""
        if self.family and self.given and _EASTERN.fullmatch(self.family + self.given):
            return self.family + self.given  # 张伟: the family name first, and no blank
        parts = (self.given, self.particle, self.family or self.name, self.suffix)
        return " ".join(part for part in parts if part)


class Texts(Record):
    """The cleaned texts, whose offsets evidence counts in."""

    title: str
    abstract: str | None = None

    def part(self, name: str) -> str:
        """The text of a part; empty when it is unknown."""
        return (self.title if name == "title" else self.abstract if name == "abstract" else None) or ""


class FieldOrigin(Record):
    """Which fields of a paper came from which record of which source."""

    source: str
    position: str
    fields: tuple[str, ...] = ()


class Paper(Record):
    """One work. `None` and empty mean that no source said it.

    `is_untitled`: only an id is known, and stands in the title's place.
    """

    key: str = ""
    aliases: tuple[str, ...] = ()
    title: str
    authors: tuple[Author, ...] = ()
    year: int | None = None
    date: str | None = None
    type: str | None = None
    venue: str | None = None
    doi: str | None = None
    arxiv_id: str | None = None
    url: str | None = None
    links: tuple[str, ...] = ()
    texts: Texts
    title_original: str
    abstract_original: str | None = None
    sources: tuple[FieldOrigin, ...] = ()
    collections: tuple[str, ...] = ()
    notes: str | None = None
    keywords: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    ids: dict[str, str] = {}
    version: str | None = None
    retracted: bool | None = None
    is_untitled: bool = False
    fields: dict[str, str] = {}

    @property
    def link(self) -> str | None:
        """Where the paper itself is to be found, if a source says so."""
        if self.doi:
            return f"https://doi.org/{self.doi}"
        if self.arxiv_id:
            return f"https://arxiv.org/abs/{self.arxiv_id}"
        return self.url


class Noted(Record):
    """Something in a source that is no record, or a thing about it that is worth telling."""

    position: str
    message: str


class Rejected(Record):
    """A record that could not become a paper: where it stood and why."""

    position: str
    reason: str
    title: str = ""
