"""Names of methods, models, data and machines: tokens whose writing gives them away."""

from __future__ import annotations

import re
from collections.abc import Iterator

_NAME = re.compile(r"[A-Za-z0-9Α-Ωα-ω][\w+*^’'-]*(?:\.\d+[\w-]*)*")
_UNITS = re.compile(
    r"(?:INT|FP|BF|TF|NF|UINT)\d+|W\d+A\d+(?:KV\d+)?|[KMGT]B|\d+(?:\.\d+)?[KMBTxX×]?|\d+-?bits?", re.I
)
NOTICES = frozenset({
    "retracted", "retraction", "retracted article", "erratum", "errata", "corrigendum", "correction", "reply", "comment",
    "editorial", "review", "author correction", "publisher correction", "expression of concern", "withdrawn",
})  # fmt: skip
_COMMON_HEADS = frozenset(
    {"Pre", "Post", "Non", "Multi", "Fine", "Cross", "Self", "Semi", "Low", "High", "Real", "State"}
)


def is_name(token: str) -> bool:
    """Whether a token is written as a name: capitals inside, an acronym, or letters with digits.

    A word that is merely capitalised, as at the start of a sentence, is not.
    """
    core = token.strip("'’-*^")
    if len(core) < 2 or _UNITS.fullmatch(core) or not core[0].isalnum():
        return False
    capitals = sum(char.isupper() for char in core)
    if re.search(r"[A-Za-z]", core) and re.search(r"\d", core) and (capitals or core[0].isdigit()):
        return capitals > 0
    if "-" in core:
        return (
            any(is_name(piece) for piece in core.split("-"))
            and core.split("-")[0].capitalize() not in _COMMON_HEADS
        )
    return capitals >= 2 or (capitals == 1 and not core[0].isupper())


def names(text: str) -> Iterator[str]:
    """The name-like tokens of a text, in order, as written."""
    for match in _NAME.finditer(text):
        token = match.group().strip("'’-*^").removesuffix("'s").removesuffix("’s")
        if is_name(token):
            yield token


def fold_name(name: str) -> str:
    """A name without case, hyphens and plural, for telling whether two are the same."""
    folded = "".join(char for char in name.casefold() if char.isalnum())
    is_plural = len(folded) > 3 and folded.endswith("s") and name[-1] == "s" and name[:-1].isupper()
    return folded[:-1] if is_plural else folded


def says_what_it_is(head: str) -> bool:
    """Whether the head of a title is no name but a kind of notice: `Erratum: ...`, `RETRACTED: ...`."""
    return head.casefold().strip(" []") in NOTICES


def head_of_title(title: str) -> str | None:
    """What a title calls its work: the short stretch before a colon, if it is written as a name."""
    head, colon, _ = title.partition(":")
    head = head.strip()
    if not colon or not head or len(head.split()) > 4 or says_what_it_is(head):
        return None
    return head if len(head.split()) == 1 or any(is_name(word) for word in head.split()) else None
