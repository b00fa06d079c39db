"""A paper as the sum of its records: the first gives text, later ones fill gaps, the user's word wins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

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


def compose(parts: Sequence[Part], own: Mapping[str, Any]) -> Paper:
    """One paper from its records in order of precedence and the user's own values.

    Key, aliases and collections are the store's business and left empty here.
    """
    values: dict[str, Any] = {}
    origins: list[FieldOrigin] = []
    if own:
        _set_own(values, own)
        origins.append(FieldOrigin(source=USER, position="set", fields=tuple(sorted(own))))
    for part in parts:
        origins.append(
            FieldOrigin(source=part.source, position=part.position, fields=_fill(values, part.paper, own))
        )
    abstract = values.pop("abstract", None)
    return Paper(
        **values,
        texts=Texts(title=values["title"], abstract=abstract),
        sources=tuple(origins),
    )


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


def _fill(values: dict[str, Any], paper: Paper, own: Mapping[str, Any]) -> tuple[str, ...]:
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
        fresh_items = {k: v for k, v in getattr(paper, name).items() if k not in values.get(name, {})}
        if fresh_items:
            values[name] = {**values.get(name, {}), **fresh_items}
            filled.append(name)
    return tuple(sorted(filled))


def _fill_texts(values: dict[str, Any], paper: Paper) -> list[str]:
    filled = []
    if "title" not in values:
        values.update(title=paper.title, title_original=paper.title_original)
        filled.append("title")
    if "abstract" not in values and paper.texts.abstract:
        values.update(abstract=paper.texts.abstract, abstract_original=paper.abstract_original)
        filled.append("abstract")
    return filled
