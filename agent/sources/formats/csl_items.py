"""One item of CSL-JSON as a paper, and what the two call things."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from agent.records import Author, Paper, Rejected
from agent.sources.build import (
    arxiv_of_doi,
    doi_of_link,
    make_paper,
    parse_arxiv_id,
    parse_authors,
    parse_doi,
    sound,
)
from agent.sources.dates import YEARS, parse_date
from agent.sources.formats.csl_values import NAME_KEYS, author_of, date_texts, flat, text_of
from agent.sources.formats.extra import read_extra
from agent.sources.ids import parse_id
from agent.sources.markup import plain_markup
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
# The parts of names are in `csl_values`.
# What CSL has no name for stands in `custom` under the paper's own name, and there outdoes what CSL says; `ids`
# and `fields` add to it. A `type` there counts beside CSL's "document" only, null being none; `notes` only where
# they are the item's `note`: then that is read as it stands, and not searched for ids.
CUSTOM = {
    "arxiv_id": "text", "date": "text", "title_original": "text", "abstract_original": "text", "year": "year",
    "keywords": "texts", "links": "texts", "files": "texts", "aliases": "texts", "retracted": "flag",
    "is_untitled": "flag", "ids": "map", "fields": "map", "type": "text", "notes": "text",
}  # fmt: skip

DATES = frozenset({"accessed", "available-date", "container", "event-date", "original-date", "submitted"})
# What is no citation key though it stands as `id`: a number, an address, a DOI, Zotero's `123/ABCD1234`.
_NO_KEY = re.compile(r"[\d.]+|.*://.*|10\.\d{4,9}/.*|\d+/[A-Z0-9]{8}|.*\s.*", re.S)
_ARXIV = re.compile(r"\s*arxiv\b|https?://(?:[a-z]+\.)?arxiv\.org/", re.I)


def parse_item(item: Any, position: str) -> Paper | Rejected:
    """An item as a paper; one that is no object, or has no title, is a rejection."""
    if not isinstance(item, Mapping):
        return Rejected(position=position, reason="an item is an object with a title, and this is none")
    title = _plain(item, text_of(item.get("title")))
    if title is None or not clean(title):
        named = text_of(item.get("id")) or text_of(item.get("DOI")) or ""
        return Rejected(position=position, reason="no title", title=named[:120])
    try:
        own, others = _custom(item)
        known, fields = _known(item, own)
    except RecursionError:
        return Rejected(position=position, reason="too deeply nested", title=title[:120])
    fields |= {**others, **own.pop("fields", {})}
    known["ids"] |= own.pop("ids", {})
    known |= own
    names = ("title_original", "abstract_original")
    originals = {name: known.pop(name) for name in names if name in known}
    abstract = _plain(item, known.pop("abstract", originals.get("abstract_original")))
    return make_paper(title, abstract, position, **known, fields=fields).model_copy(update=originals)


def _plain(item: Mapping[str, Any], text: str | None) -> str | None:
    """A text without the tags that CSL and publishers put into it; what we wrote ourselves has none."""
    return plain_markup(text) if text and "<" in text and "custom" not in item else text


def _known(item: Mapping[str, Any], own: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """The item as fields of a paper, and what else it says beyond its `own`."""
    texts = {own: text for name, own in TEXTS.items() if own != "title" and (text := text_of(item.get(name)))}
    if "type" in texts:
        texts["type"] = CROSSREF_TYPES.get(texts["type"], texts["type"])
    fields = _rest(item)
    ids = _ids(item, fields)
    said = {
        name: text
        for name, text in (("doi", parse_doi(texts.get("doi", ""))), ("key", texts.get("key")))
        if text
    }
    extra = read_extra("" if "notes" in own else texts.pop("notes", ""), {**said, **ids})
    known: dict[str, Any] = {**texts, "notes": extra.rest, "keywords": _keywords(item.get("keyword"))}
    known["key"] = _key(item, extra.values.get("key"), fields)
    known["authors"], details = _authors(item.get("author"))
    known["ids"] = {**extra.ids, **ids}
    year, date, left = _issued(item.get("issued"))
    known |= {"year": year, "date": date}
    doi, arxiv, is_doi_read = _doi_and_arxiv(item, extra.values)
    known |= {"doi": doi, "arxiv_id": arxiv[0] if arxiv else None}
    known["version"] = texts.get("version") or (arxiv[1] if arxiv and "arxiv_id" not in own else None)
    unread = "" if is_doi_read else texts.get("doi", "")
    return known, {**fields, **details, **extra.fields, **left, **({"DOI": unread} if unread else {})}


def _key(item: Mapping[str, Any], noted: str | None, fields: dict[str, str]) -> str | None:
    """The citation key; an `id` that is a number or an address is none and stays a field."""
    key, identifier = text_of(item.get("citation-key")), text_of(item.get("id"))
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
    stated = parse_doi(text_of(item.get("DOI")) or "")
    link = text_of(item.get("URL")) or ""
    doi = stated or noted.get("doi") or doi_of_link(link)
    arxiv: tuple[str, str | None] | None = None
    if "arxiv_id" in noted:
        arxiv = noted["arxiv_id"], noted.get("version")
    inside = arxiv_of_doi(doi) if doi else None
    if inside and (found := parse_arxiv_id(inside)):
        doi, arxiv = None, arxiv or found
    named = [text_of(item.get(name)) or "" for name in ("number", "URL")]
    if _ARXIV.match(text_of(item.get("archive")) or ""):
        named.append("arXiv " + (text_of(item.get("archive_location")) or ""))
    for text in named:
        arxiv = arxiv or (parse_arxiv_id(text) if _ARXIV.match(text) else None)
    return doi, arxiv, stated is not None


def _ids(item: Mapping[str, Any], fields: dict[str, str]) -> dict[str, str]:
    ids: dict[str, str] = {}
    for name, scheme in IDS.items():
        stated = text_of(item.get(name))
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
    found = [(author_of(name), name) for name in names]
    details: dict[str, list[str]] = {}
    for author, name in found:
        for part in sorted(name) if author and isinstance(name, Mapping) else ():
            text = text_of(name[part]) if part not in NAME_KEYS else None
            if author and text:
                details.setdefault(f"author.{part}", []).append(f"{author.display}: {text}")
    authors = tuple(author for author, _ in found if author)
    return authors, {sound(name): "; ".join(texts) for name, texts in details.items()}


def _issued(value: Any) -> tuple[int | None, str | None, dict[str, str]]:
    """Year, date, and what else `issued` says: `issued` where it says more than a date, season, circa."""
    parts, stated = date_texts(value)
    left: dict[str, str] = {}
    if isinstance(value, Mapping):
        left = {name: text for name in ("season", "circa") if (text := flat(value.get(name)))}
    found, also = parse_date(parts or stated), parse_date(stated)
    if (parts or stated) and not found.is_whole:
        left["issued"] = parts or stated
    if stated and not (also.is_whole and (found.date or "").startswith(also.date or "")):
        left["issued"] = stated
    is_year = found.date is not None and len(found.date) == 4
    is_date_stated = also.is_whole and also.date == found.date
    return found.year, None if is_year and not is_date_stated else found.date, left


def _keywords(value: Any) -> tuple[str, ...]:
    words = (
        re.split(r"\s*[;,]\s*", value) if isinstance(value, str) else value if isinstance(value, list) else []
    )
    return tuple(dict.fromkeys(text for word in words if (text := text_of(word))))


def _rest(item: Mapping[str, Any]) -> dict[str, str]:
    """What the tables above do not name, as texts."""
    known = {*TEXTS, *IDS, "id", "author", "issued", "keyword", "custom"}
    texts = {
        sound(name): flat(value, is_date=name in DATES) for name, value in item.items() if name not in known
    }
    return {name: text for name, text in texts.items() if text}


def _custom(item: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """`custom`: fields of the paper by their own names, and whatever else it says as texts."""
    custom = item.get("custom")
    if not isinstance(custom, Mapping):
        return {}, {"custom": text} if (text := flat(custom)) else {}
    counts = {"type": item.get("type") == "document", "notes": item.get("note") == custom.get("notes")}
    own = {name: _of_kind(kind, custom.get(name)) for name, kind in CUSTOM.items() if counts.get(name, True)}
    known = {name: value for name, value in own.items() if value is not None}
    if counts["type"] and custom.get("type", "") is None:
        known["type"] = None
    others = {
        sound(name): text for name, value in custom.items() if name not in known and (text := flat(value))
    }
    return known, others


def _of_kind(kind: str, value: Any) -> Any:
    """A value if it is what its field holds, else None."""
    if kind == "text":
        return text_of(value)
    if kind == "texts":
        return _keywords(value) if isinstance(value, list) else None
    if kind == "flag":
        return value if isinstance(value, bool) else None
    if kind == "year":
        return value if type(value) is int and value in YEARS else None
    if not isinstance(value, Mapping):
        return None
    return {sound(str(name)): text for name, item in value.items() if (text := flat(item))}
