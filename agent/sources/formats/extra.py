"""What reference managers write into their free field, one `name: value` a line (Zotero calls it "Extra")."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from agent.sources.build import parse_arxiv_id, parse_doi
from agent.sources.ids import parse_id

_LINE = re.compile(r"\s*([A-Za-z][\w. -]{0,40}?)\s*:\s*(\S.*?)\s*")
_ARXIV = re.compile(r"(?:arXiv:\s*)?(\S+?)(?:\s*\[([\w.-]+)\])?", re.I)
_IDS = {
    "pmid": "pmid",
    "pmcid": "pmcid",
    "openalex": "openalex",
    "openalexid": "openalex",
    "corpusid": "corpusid",
}


@dataclass(frozen=True)
class Extra:
    """What the lines said: ids, other named values, and the text that remains.

    `values` may hold `doi`, `arxiv_id`, `version`, `key`.
    """

    rest: str
    values: dict[str, str]
    ids: dict[str, str]
    fields: dict[str, str]


def read_extra(note: str, known: Mapping[str, str] | None = None) -> Extra:
    """Take the ids out of a free text; every line that is not understood remains.

    Args:
        known: what is known already, by the names of `values` and `ids`; a line that contradicts it remains.
    """
    found = Extra("", {}, {}, {})
    rest = [line for line in note.split("\n") if not _take(line, found, known or {})]
    return Extra("\n".join(rest).strip(), found.values, found.ids, found.fields)


def _take(line: str, found: Extra, known: Mapping[str, str]) -> bool:
    match = _LINE.fullmatch(line)
    if match is None:
        return False
    name, value = match.group(1).lower().replace(" ", ""), match.group(2)
    if name.startswith(("tex.", "bibtex.")):
        return _put(found.fields, {match.group(1): value}, {})
    if name in _IDS:
        plain = parse_id(_IDS[name], value)
        return plain is not None and _put(found.ids, {_IDS[name]: plain}, known)
    if name in ("arxiv", "arxivid"):
        return _take_arxiv(value, found, known)
    if name == "doi":
        doi = parse_doi(value)
        return doi is not None and doi == value.lower() and _put(found.values, {"doi": doi}, known)
    if name in ("citationkey", "citekey") and " " not in value:
        return _put(found.values, {"key": value}, known)
    return False


def _take_arxiv(value: str, found: Extra, known: Mapping[str, str]) -> bool:
    """`2401.00001v2` and, as Zotero writes it, `2401.00001 [cs]`."""
    match = _ARXIV.fullmatch(value)
    parsed = parse_arxiv_id(match.group(1)) if match else None
    if match is None or parsed is None or match.group(1) != parsed[0] + (parsed[1] or ""):
        return False
    named = {"arxiv_id": parsed[0], **({"version": parsed[1]} if parsed[1] else {})}
    if not _put(found.values, named, known):
        return False
    return match.group(2) is None or _put(found.fields, {"primaryclass": match.group(2)}, {})


def _put(into: dict[str, str], values: dict[str, str], known: Mapping[str, str]) -> bool:
    if any(name in into or known.get(name, value) != value for name, value in values.items()):
        return False
    into.update(values)
    return True
