"""Authors as BibTeX writes them: `First von Last`, `von Last, Jr, First`, organisations in braces.

Names are split before TeX is decoded, since braces say what belongs together.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from agent.records import Author
from agent.text.clean import accents
from agent.text.tex import detex

OTHERS = "others"
_TIE = re.compile(r"(?<!\\)~")
_MACRO = re.compile(r"\\([A-Za-z]+)[ \t]+(?!and\s)(?=\S)")
_AND = re.compile(r"\\.|[{}]|\s+and(?=\s)", re.S | re.I)
_EXTENDED = re.compile(r"\b(family|given|prefix|suffix)(?:-i)?\s*=\s*(\"[^\"]*\"|\{[^{}]*\}|[^,]*)")


def parse_names(raw: str) -> tuple[tuple[Author, ...], bool]:
    """The authors of a raw field, and whether it ends with `and others`."""
    names = [name.strip() for name in split_names(_tied(raw))]
    authors = [author for name in names if name.lower() != OTHERS and (author := _author(name))]
    return tuple(authors), any(name.lower() == OTHERS for name in names)


def _tied(raw: str) -> str:
    r"""Macros that a blank ends, as groups that end by themselves: `\O stergaard` is one word."""
    return _MACRO.sub(r"{\\\1}", accents(raw)) if "\\" in raw else raw


def split_names(raw: str) -> list[str]:
    """Split at each `and` outside braces."""
    found, start, depth = [], 0, 0
    for match in _AND.finditer(raw):
        sign = match.group()
        if sign in "{}":
            depth += 1 if sign == "{" else -1
        elif depth <= 0 and sign[0] != "\\":
            found.append(raw[start : match.start()])
            start = match.end()
    return [*found, raw[start:]]


def _author(name: str) -> Author | None:
    if _is_whole(name):
        said = detex(name)
        return Author(name=said) if said else None
    if _EXTENDED.match(name):
        return _extended(name)
    parts = list(_split(name, ","))
    if len(parts) == 1:
        return _first_last(_words(name))
    if len(parts) > 3:  # no form of a name: nothing of it is lost, and nothing guessed
        return Author(name=detex(name))
    particle, family = _von(_words(parts[0]))
    given = " ".join(detex(word) for word in _words(parts[-1]))
    suffix = detex(parts[1]) if len(parts) > 2 else ""
    if not family:
        return Author(name=given) if given else None
    return Author(family=family, given=given or None, particle=particle or None, suffix=suffix or None)


def _first_last(words: list[str]) -> Author | None:
    """`First von Last`: the lower-case words before the last one are the particle."""
    if len(words) < 2:
        said = " ".join(detex(word) for word in words)
        return Author(name=said) if said else None
    low = [index for index, word in enumerate(words[:-1]) if index and _is_low(word)]
    cut = low[0] if low else len(words) - 1
    particle, family = _von(words[cut:])
    return Author(
        family=family, given=" ".join(detex(word) for word in words[:cut]) or None, particle=particle or None
    )


def _von(words: list[str]) -> tuple[str, str]:
    """The lower-case words in front, and what is left: at least one word."""
    cut = 0
    while cut < len(words) - 1 and _is_low(words[cut]):
        cut += 1
    plain = [detex(word) for word in words]
    return " ".join(plain[:cut]), " ".join(plain[cut:])


def _is_low(word: str) -> bool:
    if word.startswith("{") and not word.startswith("{\\"):
        return False  # braces protect: this word is no particle
    letter = next((char for char in detex(word) if char.isalpha()), "")
    return letter.islower()


def _is_whole(name: str) -> bool:
    """One group of braces round everything: an organisation."""
    if not (name.startswith("{") and name.endswith("}")) or name.startswith("{\\"):
        return False
    depth = 0
    for index, sign in enumerate(name):
        depth += (sign == "{") - (sign == "}")
        if depth == 0:
            return index == len(name) - 1
    return False


def _extended(name: str) -> Author | None:
    """BibLaTeX's own form: `family=Doe, given=Ann, prefix=van`."""
    said = {label: detex(value.strip().strip('"')) for label, value in _EXTENDED.findall(name)}
    family = said.get("family")
    if not family:
        return Author(name=detex(name))
    return Author(
        family=family, given=said.get("given") or None, particle=said.get("prefix") or None,
        suffix=said.get("suffix") or None,
    )  # fmt: skip


def _words(text: str) -> list[str]:
    return [word for word in _split(_TIE.sub(" ", text), " \t\n") if word]


def _split(text: str, signs: str) -> Iterator[str]:
    """Split at any of the signs, outside braces."""
    depth, start = 0, 0
    for index, sign in enumerate(text):
        depth += (sign == "{") - (sign == "}")
        if sign in signs and depth <= 0:
            yield text[start:index].strip()
            start = index + 1
    yield text[start:].strip()
