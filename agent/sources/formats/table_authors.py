"""Lists of names as they stand in one cell of a table."""

from __future__ import annotations

import re

from agent.records import Author
from agent.sources.build import clean_name, parse_author, parse_authors

_IN_BRACKETS = re.compile(r"\[\s*['\"].*['\"]\s*\]", re.S)
_QUOTED = re.compile(r"\s*(?:'((?:[^'\\]|\\.|'(?!\s*[,\]]))*)'|\"((?:[^\"\\]|\\.)*)\")\s*[,\]]", re.S)
_NUMBER_OF_PERSON = re.compile(r"\s*\(\d{6,}\)")  # Scopus names each author's id
_NOBODY = re.compile(r"(?:\[.*\]|et al\.?|others|anonymous)", re.I)
_SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv", "2nd", "3rd", "4th"})


def cell_authors(text: str, style: str) -> tuple[Author, ...]:
    """Authors out of one cell.

    Args:
        style: how the table writes names: "initials" (`Smith JA`), "inverted" (`Smith, Jane`) or "free".
    """
    text = _NUMBER_OF_PERSON.sub("", text).strip()
    if _NOBODY.fullmatch(text) and not _IN_BRACKETS.fullmatch(text):
        return ()
    if names := quoted_list(text):
        return parse_authors(names)
    pieces = [piece.strip() for piece in re.split(r"[;|\n]", text) if piece.strip(" .,")]
    if len(pieces) != 1:
        return _people(pieces, style, is_run=False)
    parts = [part for part in re.split(r"\s*(?:,|&|\band\b)\s*", text) if part.strip(" .,")]
    parts = [part for part in parts if not _NOBODY.fullmatch(part)]
    if pairs := _pairs(parts):
        return _people(pairs, style, is_run=True)
    is_run = len(parts) > 1 and all(_by_initials(part) and not part.isupper() for part in parts)
    if is_run or style == "initials":
        return _people(parts, "initials", is_run=True)
    return (
        _people(pieces, style, is_run=False)
        if style == "inverted" or len(parts) == 1
        else parse_authors(text)
    )


def quoted_list(text: str) -> list[str]:
    """The texts of a list that a program wrote: `['Ada Lovelace', 'Plato']`; empty where it is none."""
    text = text.strip()
    if not _IN_BRACKETS.fullmatch(text):
        return []
    found = list(_QUOTED.finditer(text, 1))
    if not found or found[-1].end() != len(text):
        return []
    return [re.sub(r"\\(.)", r"\1", match.group(1) or match.group(2) or "") for match in found]


def _pairs(parts: list[str]) -> list[str]:
    """`Smith, J., Doe, A.` is two names where every second part is initials."""
    if len(parts) % 2 or not parts:
        return []
    pairs = list(zip(parts[::2], parts[1::2], strict=True))
    fits = all(_are_initials(given) and not _are_initials(family) for family, given in pairs)
    return [f"{family}, {given}" for family, given in pairs] if fits else []


def _people(pieces: list[str], style: str, *, is_run: bool) -> tuple[Author, ...]:
    pieces = [name for piece in pieces if (name := clean_name(piece)).strip(" .,")]
    has_commas = any("," in piece for piece in pieces)
    all_by_initials = all(_by_initials(piece) for piece in pieces)
    found: list[Author | None] = []
    for piece in pieces:
        if _NOBODY.fullmatch(piece):
            continue
        if "," in piece:
            found.append(parse_author(piece))
        elif style == "initials":
            found.append(_by_initials(piece) or Author(name=piece.rstrip(".")))
        elif style == "inverted" or has_commas:  # beside names turned round, one that is not is no person's
            found.append(Author(name=piece))
        else:
            found.append(_free(piece, are_sure=all_by_initials))
    return tuple(author for author in found if author)


def _free(piece: str, *, are_sure: bool) -> Author | None:
    """A name in no known order. `Smith AB` could be read either way, and stays whole."""
    author = _by_initials(piece)
    if author is None:
        return parse_author(piece)
    given = author.given or ""
    return author if are_sure and ("." in given or len(given) == 1) else Author(name=piece)


def _by_initials(piece: str) -> Author | None:
    """`van der Berg JA Jr` and `Smith J. A.`: the family name first, then initials without a comma."""
    words = piece.strip(" ,").split()
    suffix = words.pop() if len(words) > 2 and words[-1].lower().strip(".") in _SUFFIXES else None
    cut = len(words)
    while cut > 1 and _are_initials(words[cut - 1]):
        cut -= 1
    family = " ".join(words[:cut])
    if cut == len(words) or "." in family or len(family) < 2 or any(char.isdigit() for char in family):
        return None
    return Author(family=family, given=" ".join(words[cut:]), suffix=suffix)


def _are_initials(text: str) -> bool:
    letters = re.sub(r"[.\-\s]", "", text)
    has_dots = text.count(".") >= len(letters) > 0
    return letters.isalpha() and letters.isupper() and len(letters) <= (6 if has_dots else 3)
