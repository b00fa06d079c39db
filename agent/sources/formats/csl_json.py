"""CSL-JSON, as Zotero, Pandoc, Mendeley and doi.org write it: one item a paper."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from agent.records import Noted, Paper, Rejected
from agent.sources.formats.csl_items import parse_item
from agent.sources.formats.json_broken import read_broken

LISTS = ("items", "references", "records")
_MOST_DIGITS = 300


def read(text: str) -> Iterator[Paper | Rejected | Noted]:
    """Every item as a paper or a rejection. A break costs what stands between it and the next whole item."""
    text = text.removeprefix("\ufeff")
    try:
        items = _items(_DECODER.decode(text))
    except (ValueError, RecursionError):
        yield from read_broken(text, _DECODER, parse_item, LISTS)
        return
    if not items:
        yield Rejected(position="file", reason="no records in it")
    for number, item in enumerate(items, start=1):
        yield parse_item(item, f"item {number}")


def _integer(digits: str) -> int | str:
    return int(digits) if len(digits) < _MOST_DIGITS else digits


# Fractions stay as they are written, for 1.10 is no 1.1; NaN is nothing; a raw line end in a text is let be.
_DECODER = json.JSONDecoder(parse_int=_integer, parse_float=str, parse_constant=lambda _: None, strict=False)


def _items(value: Any) -> list[Any]:
    if isinstance(value, list):
        return value
    if isinstance(value, Mapping) and not value.get("title"):
        for name in LISTS:
            if isinstance(value.get(name), list):
                return list(value[name])
        if value and all(isinstance(item, Mapping) and "title" in item for item in value.values()):
            return [{"id": key, **item} for key, item in value.items()]
    return [value]
