"""Citation keys: which imported ones are kept, and how new ones are made.

A generated key is family name + year + first title word, or the first four title words where author or year
is unknown, in `[a-z][a-z0-9]*`, with a letter on a clash. Keys are unique without regard to case.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Container
from itertools import count, islice

from agent.records import Author, Paper

LONGEST = 128
_READABLE = re.compile(r"[A-Za-z0-9_]+(?:[:./+-][A-Za-z0-9_]+)*")  # what pandoc reads whole after an @
_PLAIN = {"ß": "ss", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "œ": "oe", "ı": "i"}


def is_readable_key(key: str) -> bool:
    """Whether an imported key can be kept as it is."""
    return len(key) <= LONGEST and _READABLE.fullmatch(key) is not None


def make_key(paper: Paper, taken: Container[str]) -> str:
    """A new key for `paper`; `taken` holds the keys in use, in lower case."""
    base = _base(paper)[: LONGEST - 4]
    if base not in taken:
        return base
    return next(key for letters in _letters() if (key := base + letters) not in taken)


def _base(paper: Paper) -> str:
    words = list(islice((plain for word in paper.title.split() if (plain := _plain(word))), 4))
    family = _family(paper.authors[0]) if paper.authors else ""
    base = f"{family}{paper.year}{words[0]}" if family and paper.year and words else "".join(words)
    if not base:
        base = "paper" + hashlib.sha256(paper.title.encode()).hexdigest()[:8]
    return base if base[0].isalpha() else "p" + base


def _family(author: Author) -> str:
    name = author.family or author.name or ""
    return _plain(name.replace(" ", ""))


def _plain(word: str) -> str:
    folded = "".join(_PLAIN.get(char, char) for char in word.casefold())
    ascii_only = unicodedata.normalize("NFKD", folded).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]", "", ascii_only)


def _letters() -> map[str]:
    return map(_letter, count())


def _letter(number: int) -> str:
    """a, b, ... z, aa, ab, ..."""
    text = ""
    while True:
        text = chr(ord("a") + number % 26) + text
        number = number // 26 - 1
        if number < 0:
            return text
