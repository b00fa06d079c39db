"""A JSON list that is broken somewhere: what is whole in it is read, wherever it stands."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from json import JSONDecodeError, JSONDecoder
from typing import Any

from agent.records import Noted, Paper, Rejected
from agent.sources.build import sound

_TITLE = re.compile(r'"title"\s*:\s*"([^"\\\n]+)"')
_NEAR = 20_000  # characters within which a broken item's title is looked for
_OBJECT = re.compile(r'\{\s*"([^"\\]*)"')
_TRIES = 4  # how often, on average, a character is looked at to find where a broken list goes on


def read_broken(
    text: str, decoder: JSONDecoder, parse: Callable[[Any, str], Paper | Rejected], lists: tuple[str, ...]
) -> Iterator[Paper | Rejected | Noted]:
    """Item by item; from a break to the next whole item is one rejection.

    Args:
        parse: an item and its place as a paper or a rejection.
        lists: the names under which an object may hold the list.
    """
    position, number, line, counted = _list_start(text, decoder, lists), 0, 1, 0
    search, commas = _Search(text, position, decoder), 1
    while True:
        start = _skip(text, position, ",\ufeff")
        commas += text.count(",", position, start)
        number, line, counted, position = number + 1, line + text.count("\n", counted, start), start, start
        place = f"item {number} (line {line})"
        if text.startswith("]", position):
            if number == 1 or text[position + 1 :].strip(" \t\n\r}"):
                yield Rejected(position=place, reason="broken JSON: text behind the end of the list")
            return
        try:
            item, end = decoder.raw_decode(text, position)
        except (ValueError, RecursionError) as error:
            following = search.after(position)
            yield _broken(error, text, position, following, place)
            if following is None:
                return
            position, commas = following, 1
            continue
        if commas != 1:
            message = "a comma too many before it" if commas else "the comma before it is missing"
            yield Noted(position=place, message=message)
        yield parse(item, place)
        position, commas = end, 0


class _Search:
    """Finds where a broken list goes on: at the next object that is an item, and none of an item's own objects.

    What is broken too is an item if it opens with the same name as the first one.
    """

    def __init__(self, text: str, start: int, decoder: JSONDecoder) -> None:
        self._text = text
        self._decoder = decoder
        first = _OBJECT.search(text, start)
        self._opens_with = first.group(1) if first else ""
        self._budget = _TRIES * len(
            text
        )  # without it, many objects that never close would each be read to the end

    def after(self, position: int) -> int | None:
        position += 1
        while self._budget > 0 and (found := _OBJECT.search(self._text, position)):
            start = found.start()
            try:
                value, position = self._decoder.raw_decode(self._text, start)
            except JSONDecodeError as error:
                self._budget -= error.pos - start
                if found.group(1) == self._opens_with:
                    return start
                position = start + 1
            except (ValueError, RecursionError):
                self._budget -= _NEAR
                position = start + 1
            else:
                if "title" in value or {"id", "type"} <= set(value):
                    return start
        return None


def _broken(error: Exception, text: str, position: int, following: int | None, place: str) -> Rejected:
    end = min(position + _NEAR, len(text) if following is None else following)
    title = _TITLE.search(text, position, end)
    reason = _reason(error, text, position)
    if following is None:
        reason += "; what follows is not read"
    return Rejected(position=place, reason=reason, title=sound(title.group(1))[:120] if title else "")


def _list_start(text: str, decoder: JSONDecoder, lists: tuple[str, ...]) -> int:
    """Behind the bracket that opens the list of items; 0 where there is none and the text is one item."""
    start = len(text) - len(text.lstrip())
    if text.startswith("[", start):
        return start + 1
    if not text.startswith("{", start):
        return start
    position = start + 1
    try:
        while True:
            name, position = decoder.raw_decode(text, _skip(text, position))
            position = _skip(text, position, ":")
            if name in lists and text.startswith("[", position):
                return position + 1
            _, position = decoder.raw_decode(text, position)
    except (ValueError, RecursionError):
        return start


def _skip(text: str, position: int, signs: str = ",") -> int:
    while position < len(text) and (text[position].isspace() or text[position] in signs):
        position += 1
    return position


def _reason(error: Exception, text: str, position: int) -> str:
    if isinstance(error, RecursionError):
        return "too deeply nested"
    if position >= len(text):
        return "broken JSON: the list is never closed, the file may have been cut off"
    message = str(error).split(": line ")[0]
    where = getattr(error, "pos", position)
    return f"broken JSON: {message} (line {text.count(chr(10), 0, where) + 1})"
