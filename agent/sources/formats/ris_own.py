"""What RIS has no tag for, in lines of our own: `U5  - litreview.ids.openalex: W1`.

U5 is the user's to define: other programs keep it, or show it, and read nothing out of it. Such a line says what no
other line says, so that a record whose other lines were edited elsewhere still says what they say.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

from agent.records import Author
from agent.sources.build import author_of_parts, clean_name
from agent.sources.formats.references import Values

OWN_TAG = "U5"
UNKNOWN = "unknown"  # the type of a record whose TY had to say something
TEXTS = frozenset({"type", "date", "version", "arxiv_id"})
FLAGS = frozenset({"retracted", "is_untitled"})
_LINE = re.compile(r"litreview\.(\w+)(?:\.(.+?))?:(?: (.*))?")


@dataclass
class Own:
    """A record's own lines: fields of a paper by name, links, ids, further fields, authors by how AU writes them."""

    known: dict[str, Any] = field(default_factory=dict)
    links: list[str] = field(default_factory=list)
    ids: dict[str, str] = field(default_factory=dict)
    fields: dict[str, str] = field(default_factory=dict)
    authors: dict[str, list[Author]] = field(default_factory=dict)

    def author(self, line: str) -> Author | None:
        """Whom an AU means, if an own line says it; of several whom AU writes alike, the next one."""
        alike = self.authors.get(clean_name(line)) if self.authors else None
        if not alike:
            return None
        return alike.pop(0) if len(alike) > 1 else alike[0]


def own_line(name: str, value: str) -> str:
    """The value of a line; `name` is one of TEXTS and FLAGS, `links`, `author`, `ids.SCHEME` or `fields.NAME`."""
    return f"litreview.{name}: {value}"


def take_own(values: Values) -> Own:
    """Take these lines out of a record; one that is not understood stays."""
    own = Own()
    for value in values.take(OWN_TAG):
        line = " ".join(value.split())
        found = _LINE.fullmatch(line)
        if not (found and found[3] and _put(own, found[1], found[2] or "", found[3])):
            values.put(OWN_TAG, line)
    return own


def author_line(author: Author) -> str:
    """A name as AU writes it: `Family, Given, Suffix`, or the whole name."""
    family = " ".join(part for part in (author.particle, author.family) if part)
    parts = (family, author.given, author.suffix) if author.family else (author.name or author.given,)
    return ", ".join(part for part in parts if part)


def author_as_json(author: Author) -> str:
    """A name in its parts, for what AU cannot keep apart."""
    return json.dumps(author.model_dump(exclude_none=True), ensure_ascii=False)


def _put(own: Own, name: str, part: str, text: str) -> bool:
    if part and name in ("ids", "fields"):
        (own.ids if name == "ids" else own.fields)[part] = text
    elif name == "links" and not part:
        own.links.append(text)
    elif name in TEXTS and not part:
        own.known[name] = None if (name, text) == ("type", UNKNOWN) else text
    elif name in FLAGS and text in ("true", "false"):
        own.known[name] = text == "true"
    elif name == "author" and (author := _author(text)):
        own.authors.setdefault(author_line(author), []).append(author)
    else:
        return False
    return True


def _author(text: str) -> Author | None:
    try:
        return author_of_parts(json.loads(text))
    except (ValueError, RecursionError):
        return None
