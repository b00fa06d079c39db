"""Text into Markdown that says the same on a code host and through pandoc."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_SPECIAL = re.compile(r"[\\`*_{}\[\]<>~^$|@]")
_ENTITY = re.compile(r"&(?=#?\w+;)")
_LINE_START = re.compile(r"^(\s*)([#+\-=:]|\d+(?=[.)]\s))")
_URL = re.compile(r"https?://[^\s<>\"“”`\\|]+")


def escape(text: str) -> str:
    """`text` on one line, none of it read as markup; links become links."""
    line = " ".join(text.split())
    parts: list[str] = []
    position = 0
    for match in _URL.finditer(line):
        link = match.group().rstrip(".,;:!?'’)]}*")
        parts += [_escape(line[position : match.start()]), f"<{link}>"]
        position = match.start() + len(link)
    parts.append(_escape(line[position:]))
    return _LINE_START.sub(_escape_start, "".join(parts))


def _escape(text: str) -> str:
    return _ENTITY.sub(r"\\&", _SPECIAL.sub(r"\\\g<0>", text))


def _escape_start(match: re.Match[str]) -> str:
    sign = match.group(2)
    return f"{match.group(1)}{sign}\\" if sign.isdigit() else f"{match.group(1)}\\{sign}"


def cite(keys: Iterable[str]) -> str:
    """`[@a; @b]`, or nothing."""
    listed = "; ".join(f"@{key}" for key in keys)
    return f"[{listed}]" if listed else ""


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A pipe table of cells that are Markdown already."""
    lines = [_row(head), _row(["---"] * len(head)), *(_row(row) for row in rows)]
    return "\n".join(lines)


def anchor(title: str) -> str:
    """The id that code hosts and pandoc alike give to a heading."""
    kept = re.sub(r"[^\w\s-]", "", title.lower())
    return re.sub(r"^[^a-z]+", "", re.sub(r"\s", "-", kept.strip()))


def yaml_string(text: str) -> str:
    """A double-quoted YAML scalar, its markup escaped: pandoc reads Markdown in it."""
    escaped = escape(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
