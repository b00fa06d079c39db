"""Links that stand in a text."""

from __future__ import annotations

import re

_LINK = re.compile(r"https?://[^\s<>\"{}|\\^`\[\]]+")


def links_in(text: str) -> tuple[str, ...]:
    """The http(s) links of a text, once each, in order, without the punctuation glued to their end."""
    found: dict[str, None] = {}
    for match in _LINK.finditer(text):
        link = match.group().rstrip(".,;:!?'’”*…。")
        while link.endswith(")") and link.count(")") > link.count("("):
            link = link[:-1].rstrip(".,;:")
        if re.match(r"https?://[\w-]+(\.[\w-]+)+", link):
            found[link] = None
    return tuple(found)
