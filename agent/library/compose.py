"""A paper as the sum of its records: the first gives text, later ones fill gaps, the user's word wins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from agent.library.identity import is_published
from agent.records import FieldOrigin, Paper, Texts
from agent.text.clean import clean

SCALARS = (
    "authors",
    "year",
    "date",
    "type",
    "venue",
    "doi",
    "arxiv_id",
    "url",
    "notes",
    "version",
    "retracted",
)
PRINTED = frozenset({"publisher", "publisher-place", "volume", "issue", "page", "ISSN", "container-title-short",
                     "collection-title", "article-number", "number"})  # fmt: skip
APPEARANCE = ("year", "date", "type", "venue", "doi")
UNIONS = ("links", "keywords", "files")
MAPS = ("ids", "fields")
SETTABLE = ("title", "abstract", "authors", "year", "date", "type", "venue", "doi", "arxiv_id", "url", "notes",
            "keywords", "version")  # fmt: skip
USER = "user"


@dataclass(frozen=True)
class Part:
    """One record of a paper and where it stood."""

    paper: Paper
    source: str
    position: str


class Composer:
    """A paper that grows record by record; each fills what is still unknown.

    Key, aliases and collections are the store's business and left empty here.
    """

    def __init__(self, own: Mapping[str, Any]) -> None:
        self._own = own
        self._values: dict[str, Any] = {}
        self._origins: list[FieldOrigin] = []
        self._is_published = False
        if own:
            _set_own(self._values, own)
            self._origins.append(FieldOrigin(source=USER, position="set", fields=tuple(sorted(own))))

    def add(self, part: Part) -> tuple[str, ...]:
        """Take a record in behind those that are there; the fields that it filled.

        The first published record among preprints says where and when the work appeared, so that a reference
        never names the one's venue with the other's year.
        """
        is_late = self._is_published and not is_published(part.paper)
        filled = _fill(self._values, part.paper, self._own, is_late_preprint=is_late)
        if self._origins and not self._is_published and is_published(part.paper):
            over = _appearance(self._values, part.paper, self._own)
            self._origins = [_without(origin, over) for origin in self._origins]
            filled = tuple(sorted({*filled, *over}))
        self._is_published = self._is_published or is_published(part.paper)
        self._origins.append(FieldOrigin(source=part.source, position=part.position, fields=filled))
        return filled

    def paper(self) -> Paper:
        values = dict(self._values)
        abstract = values.pop("abstract", None)
        return Paper(
            **values, texts=Texts(title=values["title"], abstract=abstract), sources=tuple(self._origins)
        )


def compose(parts: Sequence[Part], own: Mapping[str, Any]) -> Paper:
    """One paper from its records in order of precedence and the user's own values."""
    whole = Composer(own)
    for part in parts:
        whole.add(part)
    return whole.paper()


def changed_fields(before: Paper, after: Paper) -> tuple[str, ...]:
    """Which fields of a paper differ; where it came from is no field of the paper."""
    fields = [
        name for name in (*SCALARS, *UNIONS, *MAPS, "title") if getattr(before, name) != getattr(after, name)
    ]
    if before.texts.abstract != after.texts.abstract:
        fields.append("abstract")
    return tuple(sorted(fields))


def _set_own(values: dict[str, Any], own: Mapping[str, Any]) -> None:
    for name, value in own.items():
        if name in ("title", "abstract"):
            values[name] = clean(value)
            values[f"{name}_original"] = value
        else:
            values[name] = value


def _fill(
    values: dict[str, Any], paper: Paper, own: Mapping[str, Any], *, is_late_preprint: bool = False
) -> tuple[str, ...]:
    left_out = set(PRINTED if is_late_preprint else ())  # a server is not the publisher of the printed form
    if "authors" in values:
        left_out.add("others")  # that list may be whole
    filled = _fill_texts(values, paper)
    for name in SCALARS:
        value = getattr(paper, name)
        if value not in (None, ()) and name not in values:
            values[name] = value
            filled.append(name)
    for name in UNIONS:
        fresh = tuple(item for item in getattr(paper, name) if item not in values.get(name, ()))
        if fresh and name not in own:
            values[name] = (*values.get(name, ()), *fresh)
            filled.append(name)
    for name in MAPS:
        fresh_items = {
            k: v
            for k, v in getattr(paper, name).items()
            if k not in values.get(name, {}) and not (name == "fields" and k in left_out)
        }
        if fresh_items:
            values[name] = {**values.get(name, {}), **fresh_items}
            filled.append(name)
    return tuple(sorted(filled))


def _appearance(values: dict[str, Any], paper: Paper, own: Mapping[str, Any]) -> tuple[str, ...]:
    """Let a published record say where and when the work appeared; the fields that changed."""
    said = {
        name: value for name in APPEARANCE if (value := getattr(paper, name)) is not None and name not in own
    }
    changed = {name: value for name, value in said.items() if values.get(name) != value}
    printed = {name: value for name, value in values.get("fields", {}).items() if name not in PRINTED}
    if "doi" in changed and values.get("doi"):
        printed["preprint-doi"] = values["doi"]
    values["fields"] = {**printed, **{k: v for k, v in paper.fields.items() if k in PRINTED}}
    values.update(changed)
    return tuple(changed)


def _without(origin: FieldOrigin, fields: Sequence[str]) -> FieldOrigin:
    if origin.source == USER or not set(fields) & set(origin.fields):
        return origin
    return origin.model_copy(update={"fields": tuple(name for name in origin.fields if name not in fields)})


def _fill_texts(values: dict[str, Any], paper: Paper) -> list[str]:
    filled = []
    if "title" not in values or (values.get("is_untitled") and not paper.is_untitled):
        values.update(title=paper.title, title_original=paper.title_original, is_untitled=paper.is_untitled)
        filled.append("title")
    if "abstract" not in values and paper.texts.abstract:
        values.update(abstract=paper.texts.abstract, abstract_original=paper.abstract_original)
        filled.append("abstract")
    return filled
