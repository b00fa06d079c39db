"""What a person types for a field of a paper, read as the value it stands for."""

from __future__ import annotations

import re
from datetime import date
from difflib import get_close_matches
from typing import Any

from agent.errors import UsageError
from agent.library.compose import SETTABLE
from agent.sources.build import parse_arxiv_id, parse_authors, parse_doi
from agent.text.clean import clean


def parse_value(name: str, raw: str) -> Any:
    """The value of a field from what a person typed; None for nothing.

    Raises:
        UsageError: there is no such field, or the value does not fit it.
    """
    if name not in SETTABLE:
        close = get_close_matches(name, SETTABLE, n=1)
        raise UsageError(
            f"there is no field '{name}'",
            f"did you mean '{close[0]}'?" if close else f"fields: {', '.join(SETTABLE)}",
        )
    text = raw.strip()
    if not text:
        return None
    if not clean(text):
        raise UsageError(f"{name}: nothing that can be read", f"{name}= gives the field back to the sources")
    if name == "year":
        if not re.fullmatch(r"[12]\d{3}", text, re.A):
            raise UsageError(f"year={text}: a year has four digits", "for example 2026")
        return int(text)
    if name == "date":
        return _parse_partial_date(text)
    if name in ("authors", "keywords"):
        listed = (
            parse_authors(text) if name == "authors" else tuple(filter(None, re.split(r"\s*[;,]\s*", text)))
        )
        if not listed:
            raise UsageError(
                f"{name}={text}: names nobody and nothing", f"{name}= gives the field back to the sources"
            )
        return listed
    return _parse_id(name, text)


def _parse_partial_date(text: str) -> str:
    """YYYY, YYYY-MM or YYYY-MM-DD."""
    if not re.fullmatch(r"\d{4}(?:-\d\d){0,2}", text, re.A):
        raise UsageError(f"{text}: no date", "a date looks like 2026, 2026-11 or 2026-11-21")
    missing = {4: "-01-01", 7: "-01"}.get(len(text), "")
    parse_date(text + missing)
    return text


def _parse_id(name: str, text: str) -> str:
    if name == "doi" and not (found := parse_doi(text)):
        raise UsageError(f"doi={text}: no DOI", "a DOI looks like 10.1000/xyz123")
    if name == "doi":
        return str(found)
    if name == "arxiv_id":
        arxiv = parse_arxiv_id(text)
        if not arxiv:
            raise UsageError(f"arxiv_id={text}: no arXiv id", "an arXiv id looks like 2401.01234")
        return arxiv[0]
    return text


def parse_date(text: str) -> str:
    """A day as YYYY-MM-DD.

    Raises:
        UsageError: it is none.
    """
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise UsageError(f"{text}: no date", "a date looks like 2026-11-21") from error
