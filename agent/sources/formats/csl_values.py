"""Values of CSL-JSON: texts, names and dates, out of whatever an item holds in their place."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from agent.records import Author
from agent.sources.build import clean_name, parse_author, sound
from agent.sources.dates import iso

NAME_PARTS = {"family": "family", "given": "given", "suffix": "suffix", "literal": "name"}
PARTICLES = ("dropping-particle", "non-dropping-particle")  # both together are a name's particle
NAME_KEYS = frozenset({*NAME_PARTS, *PARTICLES, "name", "parse-names", "static-ordering", "comma-suffix",
                       "comma-dropping-particle", "sequence", "isInstitution"})  # fmt: skip
_DATE_WORDS = ("raw", "literal", "edtf", "date-time")


def text_of(value: Any) -> str | None:
    """A text or number as text; of a list of texts, as doi.org writes titles, all in one."""
    if isinstance(value, list) and value and all(isinstance(item, str) for item in value):
        value = " ".join(value)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    return sound(value) or None if isinstance(value, str) else None


def flat(value: Any, *, is_date: bool = False) -> str:
    """Any value as a text: names, dates and lists in one line, an object as JSON."""
    if isinstance(value, Mapping):
        if is_date or "date-parts" in value:
            return next((text for text in date_texts(value) if text), "")
        author = author_of(value) if set(value) & NAME_KEYS else None
        return _inverted(author) if author else sound(json.dumps(value, ensure_ascii=False)) if value else ""
    if isinstance(value, list):
        return "; ".join(text for item in value if (text := flat(item)))
    if isinstance(value, bool):
        return str(value).lower()
    return text_of(value) or ""


def _inverted(author: Author) -> str:
    family = " ".join(part for part in (author.particle, author.family or author.name) if part)
    return ", ".join(part for part in (family, author.given, author.suffix) if part)


def author_of(value: Any) -> Author | None:
    """One name, of whatever parts it has; without a family name it is one whole name."""
    if not isinstance(value, Mapping):
        return parse_author(value)
    parts = {
        own: part for name, own in NAME_PARTS.items() if (part := clean_name(text_of(value.get(name)) or ""))
    }
    particle = " ".join(part for name in PARTICLES if (part := clean_name(text_of(value.get(name)) or "")))
    if "family" in parts:
        parts.pop("name", None)
        return Author(**parts, particle=particle or None)
    whole = parts.get("name") or clean_name(text_of(value.get("name")) or "")
    given = " ".join(part for part in (parts.get("given"), particle, parts.get("suffix")) if part)
    return Author(name=whole or given) if whole or given else None


def date_texts(value: Any) -> tuple[str, str]:
    """A date from its parts (`2021-03-04`, a range with a slash), and as it is written in words beside them."""
    if isinstance(value, list):
        value = {"date-parts": value}
    if not isinstance(value, Mapping):
        return "", text_of(value) or ""
    dates = [date for parts in _nested(value.get("date-parts")) if (date := _date_of_parts(parts))]
    stated = next((text for name in _DATE_WORDS if (text := text_of(value.get(name)))), "")
    return "/".join(dates), stated


def _nested(parts: Any) -> list[list[str]]:
    """`[[2021, 3]]`, `[2021, 3]`, `["2021", "3"]`, `"2021"` and `[[["2021"]]]` as a list of dates."""
    if not isinstance(parts, list):
        text = text_of(parts)
        return [[text]] if text else []
    if any(isinstance(part, list) for part in parts):
        return [date for part in parts for date in _nested(part)][:2]
    texts = [text_of(part) for part in parts]
    return [[text for text in texts if text]]


def _date_of_parts(parts: list[str]) -> str | None:
    for count in range(min(len(parts), 3), 0, -1):
        if all(part.isdecimal() and len(part) <= 4 for part in parts[:count]) and (
            date := iso(*parts[:count])
        ):
            return date
    return "-".join(parts) or None
