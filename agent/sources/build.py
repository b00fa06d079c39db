"""From the fields of a record to a paper: cleaning, ids, names. Every reader ends here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from agent.records import Author, FieldOrigin, Paper, Texts
from agent.text.clean import clean
from agent.text.links import links_in

# The second half is that of old Wiley DOIs: `10.1002/(SICI)1097(1998)43:3<338::AID-X16>3.0.CO;2-B`.
ArxivId = tuple[str, str | None]  # the id, and its version where one is told
_DOI_LINK = re.compile(r"https?://(?:dx\.)?doi\.org/", re.I)
_DOI = re.compile(r"10\.\d{4,9}/[^\s\"<>]+(?:<\d*:[^\s\"<>]*>\d[^\s\"<>]*)?", re.I)
_ARXIV = re.compile(r"(?<![\d.])(\d{4}\.\d{4,5}|[a-z][a-z-]+(?:\.[A-Z]{2})?/\d{7})(?!\d)(v\d+)?", re.I)
_ET_AL = re.compile(r"[\s,]*\bet al\.?$", re.I)
_ARXIV_DOI = re.compile(r"10\.48550/arxiv\.(.+)", re.I)
PARTICLES = frozenset(
    """van von der den de del della di da dos du la le ter ten zu zur af av bin ibn al el""".split()
)
_PLAIN_NAME = re.compile(r"[A-ZÀ-ÖØ-Þ][A-Za-zÀ-ÖØ-öø-ž.]*(?:(?:, ?|[ -])[A-ZÀ-ÖØ-Þ][A-Za-zÀ-ÖØ-öø-ž.]*)*")
_RETRACTED = re.compile(r"\W*retracted(?:\s+(?:article|paper|chapter))?\s*[:\]]", re.I)
_SUFFIXES = frozenset({"jr", "jr.", "sr", "sr.", "ii", "iii", "iv"})
_ORGANISATION = re.compile(
    r"\b(university|institute|team|group|consortium|collaboration|research|inc|ltd|foundation|laborator(?:y|ies)"
    r"|organi[sz]ation|society|association|committee|network|centre|center|department|agency|corporation|labs?)\b",
    re.I,
)


def sound(text: str) -> str:
    """Without lone surrogates, which no file can hold, and without white space at the ends."""
    return text.encode("utf-8", "replace").decode("utf-8").strip()


def make_paper(title: str, abstract: str | None, position: str, **fields: Any) -> Paper:
    """A paper from raw texts and already parsed fields; what is unknown is left out.

    `position` says where in its source the record stands.
    """
    cleaned = clean(abstract) if abstract else None
    plain_title = clean(title)
    links = list(links_in(cleaned or ""))
    return Paper(
        title=plain_title,
        title_original=title,
        abstract_original=abstract or None,
        texts=Texts(title=plain_title, abstract=cleaned or None),
        sources=(FieldOrigin(source="", position=position),),
        links=tuple(dict.fromkeys([*fields.pop("links", ()), *links])),
        **{name: value for name, value in fields.items() if value not in (None, "", (), {})},
    )


def parse_doi(value: str) -> str | None:
    """A bare DOI in lower case out of a DOI, a link or `doi:...`; None where there is none."""
    found = _DOI.search(value)
    if found is None:
        return None
    doi = re.split(r"[?#]", found.group())[0] if "://" in value else found.group()
    doi = doi.rstrip(".,;").lower()
    while doi.endswith(")") and doi.count(")") > doi.count("("):  # of the text around it
        doi = doi[:-1].rstrip(".,;")
    return doi if _DOI.fullmatch(doi) else None


def doi_of_link(link: str) -> str | None:
    """The DOI that a link of the DOI system leads to; a publisher's own links hold more than the DOI."""
    return parse_doi(link) if _DOI_LINK.match(link) else None


def parse_arxiv_id(value: str) -> ArxivId | None:
    """An arXiv id and its version out of an id or a link: `2401.00001v2` gives `("2401.00001", "v2")`."""
    found = _ARXIV.search(value)
    return (found.group(1), found.group(2)) if found else None


def arxiv_of_doi(doi: str) -> str | None:
    """The arXiv id inside a DOI that arXiv gave."""
    found = _ARXIV_DOI.fullmatch(doi)
    return found.group(1) if found else None


def told_apart(doi: str | None, arxiv: ArxivId | None) -> tuple[str | None, ArxivId | None]:
    """DOI and arXiv id of a record: a DOI that arXiv gave is an arXiv id, and no DOI."""
    inside = arxiv_of_doi(doi) if doi else None
    return (None, arxiv or parse_arxiv_id(inside)) if inside else (doi, arxiv)


def doi_of_arxiv(arxiv_id: str) -> str | None:
    """The DOI that arXiv gives to each of its papers, if the id can be told from it again."""
    doi = parse_doi(f"10.48550/arXiv.{arxiv_id}")
    inside = arxiv_of_doi(doi) if doi else None
    return doi if inside and parse_arxiv_id(inside) == (arxiv_id, None) else None


def parse_authors(value: Any) -> tuple[Author, ...]:
    """Authors from a string, a list of strings or a list of objects."""
    if isinstance(value, str):
        return tuple(author for name in _split_names(value) if (author := parse_author(name)))
    if isinstance(value, Mapping):
        value = [value]
    if not isinstance(value, Iterable):
        return ()
    return tuple(author for item in value if (author := parse_author(item)))


def parse_author(value: Any) -> Author | None:
    """One author. A name that cannot be taken apart with confidence stays whole."""
    if isinstance(value, Mapping):
        return _author_of_fields(value)
    name = _ET_AL.sub("", clean_name(sound(value))) if isinstance(value, str) else ""
    if not name.strip(" ,;.") or name.lower() == "others":
        return None
    if "," in name:
        return _author_of_parts(name)
    words = name.split()
    if (
        len(words) == 1
        or _ORGANISATION.search(name)
        or len(words) > 5
        or any(char.isdigit() for char in name)
    ):
        return Author(name=name)
    suffix = words.pop() if words[-1].lower() in _SUFFIXES and len(words) > 2 else None
    particles = [index for index, word in enumerate(words[:-1]) if index and word in PARTICLES]
    cut = particles[0] if particles else len(words) - 1
    end = cut
    while end < len(words) - 1 and words[end] in PARTICLES:
        end += 1
    return Author(
        family=" ".join(words[end:]),
        given=" ".join(words[:cut]) or None,
        particle=" ".join(words[cut:end]) or None,
        suffix=suffix,
    )


def author_of_parts(stated: Any) -> Author | None:
    """An author as `Author` itself names the parts; None where there are none."""
    if not isinstance(stated, Mapping):
        return None
    parts = {name: stated[name] for name in Author.model_fields if isinstance(stated.get(name), str)}
    plain = {name: part for name, value in parts.items() if (part := clean_name(sound(value)))}
    return Author(**plain) if plain else None


def parse_indexed_author(value: str) -> Author | None:
    """One author as RIS and EndNote write it: `Family, Given, Suffix`; what has no comma is one whole name."""
    name = clean_name(sound(value)).rstrip(", ")
    return parse_author(name) if "," in name or not parse_author(name) else Author(name=_ET_AL.sub("", name))


def says_retracted(title: str, types: Iterable[str] = ()) -> bool | None:
    """True where a title or a type of publication says that the work itself was retracted, else None."""
    return True if _RETRACTED.match(title) or any("retracted" in kind.lower() for kind in types) else None


def without_retracted(title: str) -> str:
    """A title without the word that a publisher wrote before it when it retracted the work."""
    return _RETRACTED.sub("", title, count=1) if _RETRACTED.match(title) else title


def clean_name(value: str) -> str:
    """`clean` for a name; most names hold nothing that it could change."""
    return value if _PLAIN_NAME.fullmatch(value) else clean(value)


def _author_of_parts(name: str) -> Author:
    """`Family, Given`, with a suffix behind either; an organisation's comma parts nothing."""
    family, *others = (part.strip() for part in name.split(","))
    if len(family.split()) > 1 and _ORGANISATION.search(family):
        return Author(name=name)
    suffix = next((part for part in others if part.lower() in _SUFFIXES), None)
    given = ", ".join(part for part in others if part and part is not suffix)
    return Author(family=family, given=given or None, suffix=suffix) if family else Author(name=given)


def _author_of_fields(value: Mapping[str, Any]) -> Author | None:
    def text(*names: str) -> str | None:
        found = next((value[name] for name in names if isinstance(value.get(name), str)), None)
        return clean(sound(found)) or None if found else None

    family = text("family", "last", "lastName", "last_name", "surname")
    given = text("given", "first", "firstName", "first_name", "forename")
    if family:
        return Author(
            family=family,
            given=given,
            particle=text("particle", "non-dropping-particle", "dropping-particle"),
            suffix=text("suffix"),
        )
    if "family" in value:  # our own dump, which keeps a whole name whole
        whole = text("name")
        return Author(name=whole) if whole else None
    name = text("name", "literal", "full_name", "display_name")
    return parse_author(name) if name and text("literal") is None else (Author(name=name) if name else None)


def _split_names(value: str) -> list[str]:
    if " and " in value or ";" in value:
        pieces = re.split(r"\s+and\s+|\s*;\s*", value)
        # "A B, C D and E F": a comma between whole names is a list, inside one it turns the name round
        return [name for piece in pieces for name in _split_commas(piece)]
    return _split_commas(value)


def _split_commas(value: str) -> list[str]:
    parts = [part.strip() for part in value.split(",") if part.strip()]
    whole_names = len(parts) > 1 and all(len(part.split()) > 1 for part in parts)
    return parts if whole_names else [value.strip()] if value.strip() else []
