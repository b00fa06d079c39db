"""CSL-JSON, as Zotero, Pandoc, Mendeley and doi.org write it: one item a paper."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from agent.records import Paper, Rejected
from agent.sources.build import sound
from agent.sources.formats.csl_items import parse_item

LISTS = ("items", "references", "records")
_TITLE = re.compile(r'"title"\s*:\s*"([^"\\\n]+)"')
_NEAR = 20_000  # characters within which a broken item's title is looked for
_GAP = re.compile(r"[\s,]*")
_MOST_DIGITS = 300


def read(text: str) -> Iterator[Paper | Rejected]:
    """Every item as a paper or a rejection. Of a file that breaks off, the items before the break are read."""
    text = text.removeprefix("\ufeff")
    try:
        items = _items(_DECODER.decode(text))
    except (ValueError, RecursionError):
        yield from _read_broken(text)
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


def _read_broken(text: str) -> Iterator[Paper | Rejected]:
    """Item by item up to the break; what is behind it is one rejection."""
    position, number, line, counted = _list_start(text), 0, 1, 0
    while True:
        gap = _GAP.match(text, position)
        position = gap.end() if gap else position
        number, line, counted = number + 1, line + text.count("\n", counted, position), position
        place = f"item {number} (line {line})"
        if text[position : position + 1] == "]":
            yield Rejected(position=place, reason="broken JSON: text behind the end of the list")
            return
        try:
            item, position = _DECODER.raw_decode(text, position)
        except (ValueError, RecursionError) as error:
            title = _TITLE.search(text, position, position + _NEAR)
            named = sound(title.group(1))[:120] if title else ""
            yield Rejected(position=place, reason=_reason(error, text, position), title=named)
            return
        yield parse_item(item, f"item {number}")


def _list_start(text: str) -> int:
    """Behind the bracket that opens the list of items; 0 where there is none and the text is one item."""
    start = len(text) - len(text.lstrip())
    if text.startswith("[", start):
        return start + 1
    if not text.startswith("{", start):
        return start
    position = start + 1
    try:
        while True:
            name, position = _DECODER.raw_decode(text, _skip(text, position))
            position = _skip(text, position, ":")
            if name in LISTS and text.startswith("[", position):
                return position + 1
            _, position = _DECODER.raw_decode(text, position)
    except (ValueError, RecursionError):
        return start


def _skip(text: str, position: int, signs: str = ",") -> int:
    while position < len(text) and (text[position].isspace() or text[position] in signs):
        position += 1
    return position


def _reason(error: Exception, text: str, position: int) -> str:
    if isinstance(error, RecursionError):
        return "too deeply nested; what follows is not read"
    if position >= len(text):
        return "broken JSON: the list is never closed, the file may have been cut off"
    message = str(error).split(": line ")[0]
    where = getattr(error, "pos", position)
    return f"broken JSON: {message} (line {text.count(chr(10), 0, where) + 1}); what follows is not read"
