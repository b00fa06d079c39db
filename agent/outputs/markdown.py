"""Text into Markdown that says the same on a code host and through pandoc."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from agent.text.printable import printable

_SPECIAL = re.compile(r"[\\`*_{}\[\]<>~^$|@#]")
_SMART = re.compile(r"-(?=-)|\.(?=\.\.)")  # what pandoc would make dashes and ellipses of
_ENTITY = re.compile(r"&(?=#?\w+;)")
_LINE_START = re.compile(r"^(\(?(?:\d+|[A-Za-z]|[ivxlcdmIVXLCDM]+))([.)])(?=\s|$)|^([+\-=:])")
_URL = re.compile(r"https?://[^\s<>\"“”`\\|]+")


def escape(text: str) -> str:
    """`text` on one line, none of it read as markup; links become links."""
    line = printable(" ".join(text.split()), "")
    parts: list[str] = []
    position = 0
    for match in _URL.finditer(line):
        link = match.group().rstrip(".,;:!?'’)]}*")
        # Readers do not agree on entities and other scripts in a link: such a link stays text.
        is_plain = link.isascii() and not _ENTITY.search(link)
        shown = f"<{link}>" if is_plain else _escape(link).replace("://", "\\://")
        parts += [_escape(line[position : match.start()]), shown]
        position = match.start() + len(link)
    parts.append(_escape(line[position:]))
    return _LINE_START.sub(_escape_start, "".join(parts))


def _escape(text: str) -> str:
    marked = _SMART.sub(r"\\\g<0>", _SPECIAL.sub(r"\\\g<0>", text))
    return _ENTITY.sub(r"\\&", marked)


def _escape_start(match: re.Match[str]) -> str:
    """A first sign or number that would open a list or a heading."""
    return f"{match.group(1)}\\{match.group(2)}" if match.group(1) else f"\\{match.group(3)}"


def cite(keys: Iterable[str]) -> str:
    """`[@a; @b]`, or nothing."""
    listed = "; ".join(f"@{key}" for key in keys)
    return f"[{listed}]" if listed else ""


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A pipe table of cells that are Markdown already."""
    lines = [_row(head), _row(["---"] * len(head)), *(_row(row) for row in rows)]
    return "\n".join(lines)


def target(name: str) -> str:
    """A place that links lead to, on a code host and through pandoc alike: `[here](#name)`."""
    return f'<span id="{name}"></span>'


def yaml_string(text: str) -> str:
    """A double-quoted YAML scalar, its markup escaped: pandoc reads Markdown in it."""
    escaped = escape(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
