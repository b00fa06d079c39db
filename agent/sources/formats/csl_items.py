"""One item of CSL-JSON as a paper, and what the two call things."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from agent.records import Author, Paper, Rejected
from agent.sources.build import (
    arxiv_of_doi,
    clean_name,
    make_paper,
    parse_arxiv_id,
    parse_author,
    parse_authors,
    parse_doi,
    sound,
)
from agent.sources.dates import YEARS, iso, parse_date
from agent.sources.extra import read_extra
from agent.sources.ids import parse_id
from agent.sources.vocabulary import CROSSREF_TYPES
from agent.text.clean import clean

# Names of CSL and the paper's own, for reading and writing alike. What stands in none of these tables is kept in
# `fields` under CSL's name: a text or number as it is, names as `Family, Given; ...`, a date as `2021-03-04`.
TEXTS = {
    "title": "title",
    "abstract": "abstract",
    "type": "type",
    "container-title": "venue",
    "DOI": "doi",
    "URL": "url",
    "note": "notes",
    "version": "version",
    "citation-key": "key",
}
IDS = {"PMID": "pmid", "PMCID": "pmcid"}
# Authors are the names in `author`, year and date `issued`, keywords `keyword`; `id` is the key where `citation-key`
# is not stated. A year without a date is `date-parts` alone; a date of a year alone has the year in `raw` too.
NAME_PARTS = {"family": "family", "given": "given", "suffix": "suffix", "literal": "name"}
PARTICLES = ("dropping-particle", "non-dropping-particle")  # both together are a name's particle
# What CSL has no name for stands in `custom` under the paper's own name, and there outdoes what CSL says.
CUSTOM = {
    "arxiv_id": "text", "date": "text", "title_original": "text", "abstract_original": "text", "year": "year",
    "keywords": "texts", "links": "texts", "files": "texts", "aliases": "texts", "retracted": "flag",
    "is_untitled": "flag", "ids": "map",
}  # fmt: skip

DATES = frozenset({"accessed", "available-date", "container", "event-date", "original-date", "submitted"})
_NAME_KEYS = frozenset({*NAME_PARTS, *PARTICLES, "name", "parse-names", "static-ordering", "comma-suffix",
                        "comma-dropping-particle", "sequence", "isInstitution"})  # fmt: skip
# What is no citation key though it stands as `id`: a number, an address, a DOI, Zotero's `123/ABCD1234`.
_NO_KEY = re.compile(r"[\d.]+|.*://.*|10\.\d{4,9}/.*|\d+/[A-Z0-9]{8}|.*\s.*", re.S)
_DATE_WORDS = ("raw", "literal", "edtf", "date-time")
_ARXIV = re.compile(r"\s*arxiv\b|https?://(?:[a-z]+\.)?arxiv\.org/", re.I)
_DOI_LINK = re.compile(r"https?://(?:dx\.)?doi\.org/", re.I)


def parse_item(item: Any, position: str) -> Paper | Rejected:
    """An item as a paper; one that is no object, or has no title, is a rejection."""
    if not isinstance(item, Mapping):
        return Rejected(position=position, reason="an item is an object with a title, and this is none")
    title = _text(item.get("title"))
    if title is None or not clean(title):
        named = _text(item.get("id")) or _text(item.get("DOI")) or ""
        return Rejected(position=position, reason="no title", title=named[:120])
    try:
        known, fields = _known(item)
        own, others = _custom(item.get("custom"))
    except RecursionError:
        return Rejected(position=position, reason="too deeply nested", title=title[:120])
    known |= own
    title = known.pop("title_original", title)
    stated = known.pop("abstract", None)
    abstract = known.pop("abstract_original", stated)
    return make_paper(title, abstract, position, **known, fields={**fields, **others})


def _known(item: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """The item as fields of a paper, and what else it says."""
    texts = {own: text for name, own in TEXTS.items() if own != "title" and (text := _text(item.get(name)))}
    if "type" in texts:
        texts["type"] = CROSSREF_TYPES.get(texts["type"], texts["type"])
    fields = _rest(item)
    ids = _ids(item, fields)
    said = {
        name: text
        for name, text in (("doi", parse_doi(texts.get("doi", ""))), ("key", texts.get("key")))
        if text
    }
    extra = read_extra(texts.pop("notes", ""), {**said, **ids})
    known: dict[str, Any] = {**texts, "notes": extra.rest, "keywords": _keywords(item.get("keyword"))}
    known["key"] = _key(item, extra.values.get("key"), fields)
    known["authors"], details = _authors(item.get("author"))
    known["ids"] = {**extra.ids, **ids}
    year, date, left = _issued(item.get("issued"))
    known |= {"year": year, "date": date}
    doi, arxiv, is_doi_read = _doi_and_arxiv(item, extra.values)
    known |= {"doi": doi, "arxiv_id": arxiv[0] if arxiv else None}
    known["version"] = texts.get("version") or (arxiv[1] if arxiv else None)
    unread = "" if is_doi_read else texts.get("doi", "")
    return known, {**fields, **details, **extra.fields, **left, **({"DOI": unread} if unread else {})}


def _key(item: Mapping[str, Any], noted: str | None, fields: dict[str, str]) -> str | None:
    """The citation key; an `id` that is a number or an address is none and stays a field."""
    key, identifier = _text(item.get("citation-key")), _text(item.get("id"))
    if not (key or noted) and identifier and not _NO_KEY.fullmatch(identifier):
        return identifier
    key = key or noted
    if identifier and identifier != key:
        fields["id"] = identifier
    return key


def _doi_and_arxiv(
    item: Mapping[str, Any], noted: dict[str, str]
) -> tuple[str | None, tuple[str, str | None] | None, bool]:
    """DOI and arXiv id from wherever an item may name them, and whether its `DOI` is one."""
    stated = parse_doi(_text(item.get("DOI")) or "")
    link = _text(item.get("URL")) or ""
    doi = stated or noted.get("doi") or (parse_doi(link) if _DOI_LINK.match(link) else None)
    arxiv: tuple[str, str | None] | None = None
    if "arxiv_id" in noted:
        arxiv = noted["arxiv_id"], noted.get("version")
    inside = arxiv_of_doi(doi) if doi else None
    if inside and (found := parse_arxiv_id(inside)):
        doi, arxiv = None, arxiv or found
    named = [_text(item.get(name)) or "" for name in ("number", "URL")]
    if _ARXIV.match(_text(item.get("archive")) or ""):
        named.append("arXiv " + (_text(item.get("archive_location")) or ""))
    for text in named:
        arxiv = arxiv or (parse_arxiv_id(text) if _ARXIV.match(text) else None)
    return doi, arxiv, stated is not None


def _ids(item: Mapping[str, Any], fields: dict[str, str]) -> dict[str, str]:
    ids: dict[str, str] = {}
    for name, scheme in IDS.items():
        stated = _text(item.get(name))
        plain = (
            parse_id(scheme, stated if scheme != "pmcid" or not stated.isdigit() else f"PMC{stated}")
            if stated
            else None
        )
        if plain:
            ids[scheme] = plain
        elif stated:
            fields[name] = stated
    return ids


def _authors(value: Any) -> tuple[tuple[Author, ...], dict[str, str]]:
    """The authors, and what is said of them beyond their names (`author.ORCID`)."""
    if isinstance(value, str):
        return parse_authors(value), {}
    names = [value] if isinstance(value, Mapping) else value if isinstance(value, list) else []
    found = [(_author(name), name) for name in names]
    details: dict[str, list[str]] = {}
    for author, name in found:
        for part in sorted(name) if author and isinstance(name, Mapping) else ():
            text = _text(name[part]) if part not in _NAME_KEYS else None
            if author and text:
                details.setdefault(f"author.{part}", []).append(f"{author.display}: {text}")
    authors = tuple(author for author, _ in found if author)
    return authors, {sound(name): "; ".join(texts) for name, texts in details.items()}


def _author(value: Any) -> Author | None:
    if not isinstance(value, Mapping):
        return parse_author(value)
    parts = {
        own: part for name, own in NAME_PARTS.items() if (part := clean_name(_text(value.get(name)) or ""))
    }
    particle = " ".join(part for name in PARTICLES if (part := clean_name(_text(value.get(name)) or "")))
    if "family" in parts:
        parts.pop("name", None)
        return Author(**parts, particle=particle or None)
    whole = parts.get("name") or clean_name(_text(value.get("name")) or "")
    given = " ".join(part for part in (parts.get("given"), particle, parts.get("suffix")) if part)
    return Author(name=whole or given) if whole or given else None


def _issued(value: Any) -> tuple[int | None, str | None, dict[str, str]]:
    """Year, date, and what else `issued` says: `issued` where it says more than a date, season, circa."""
    parts, stated = _date_texts(value)
    left: dict[str, str] = {}
    if isinstance(value, Mapping):
        left = {name: text for name in ("season", "circa") if (text := _flat(value.get(name)))}
    found, also = parse_date(parts or stated), parse_date(stated)
    if (parts or stated) and not found.is_whole:
        left["issued"] = parts or stated
    if stated and not (also.is_whole and (found.date or "").startswith(also.date or "")):
        left["issued"] = stated
    is_year = found.date is not None and len(found.date) == 4
    is_date_stated = also.is_whole and also.date == found.date
    return found.year, None if is_year and not is_date_stated else found.date, left


def _date_texts(value: Any) -> tuple[str, str]:
    """A date from its parts (`2021-03-04`, a range with a slash), and as it is written in words beside them."""
    if isinstance(value, list):
        value = {"date-parts": value}
    if not isinstance(value, Mapping):
        return "", _text(value) or ""
    dates = [date for parts in _nested(value.get("date-parts")) if (date := _date_of_parts(parts))]
    stated = next((text for name in _DATE_WORDS if (text := _text(value.get(name)))), "")
    return "/".join(dates), stated


def _nested(parts: Any) -> list[list[str]]:
    """`[[2021, 3]]`, `[2021, 3]`, `["2021", "3"]`, `"2021"` and `[[["2021"]]]` as a list of dates."""
    if not isinstance(parts, list):
        text = _text(parts)
        return [[text]] if text else []
    if any(isinstance(part, list) for part in parts):
        return [date for part in parts for date in _nested(part)][:2]
    texts = [_text(part) for part in parts]
    return [[text for text in texts if text]]


def _date_of_parts(parts: list[str]) -> str | None:
    for count in range(min(len(parts), 3), 0, -1):
        if all(part.isdecimal() and len(part) <= 4 for part in parts[:count]) and (
            date := iso(*parts[:count])
        ):
            return date
    return "-".join(parts) or None


def _keywords(value: Any) -> tuple[str, ...]:
    words = (
        re.split(r"\s*[;,]\s*", value) if isinstance(value, str) else value if isinstance(value, list) else []
    )
    return tuple(dict.fromkeys(text for word in words if (text := _text(word))))


def _rest(item: Mapping[str, Any]) -> dict[str, str]:
    """What the tables above do not name, as texts."""
    known = {*TEXTS, *IDS, "id", "author", "issued", "keyword", "custom"}
    flat = {
        sound(name): _flat(value, is_date=name in DATES) for name, value in item.items() if name not in known
    }
    return {name: text for name, text in flat.items() if text}


def _flat(value: Any, *, is_date: bool = False) -> str:
    """Any value as a text: names, dates and lists in one line, an object as JSON."""
    if isinstance(value, Mapping):
        if is_date or "date-parts" in value:
            return next((text for text in _date_texts(value) if text), "")
        author = _author(value) if set(value) & _NAME_KEYS else None
        return _inverted(author) if author else sound(json.dumps(value, ensure_ascii=False)) if value else ""
    if isinstance(value, list):
        return "; ".join(text for item in value if (text := _flat(item)))
    if isinstance(value, bool):
        return str(value).lower()
    return _text(value) or ""


def _inverted(author: Author) -> str:
    family = " ".join(part for part in (author.particle, author.family or author.name) if part)
    return ", ".join(part for part in (family, author.given, author.suffix) if part)


def _text(value: Any) -> str | None:
    """A text or number as text; of a list of texts, as doi.org writes titles, all in one."""
    if isinstance(value, list) and value and all(isinstance(item, str) for item in value):
        value = " ".join(value)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    return sound(value) or None if isinstance(value, str) else None


def _custom(custom: Any) -> tuple[dict[str, Any], dict[str, str]]:
    """`custom`: fields of the paper by their own names, and whatever else it says as texts."""
    if not isinstance(custom, Mapping):
        return {}, {"custom": text} if (text := _flat(custom)) else {}
    own = {name: _of_kind(kind, custom.get(name)) for name, kind in CUSTOM.items()}
    known = {name: value for name, value in own.items() if value is not None}
    others = {
        sound(name): text for name, value in custom.items() if name not in known and (text := _flat(value))
    }
    return known, others


def _of_kind(kind: str, value: Any) -> Any:
    """A value if it is what its field holds, else None."""
    if kind == "text":
        return _text(value)
    if kind == "texts":
        return _keywords(value) if isinstance(value, list) else None
    if kind == "flag":
        return value if isinstance(value, bool) else None
    if kind == "year":
        return value if type(value) is int and value in YEARS else None
    if not isinstance(value, Mapping):
        return None
    return {sound(str(name)): text for name, item in value.items() if (text := _text(item))}
