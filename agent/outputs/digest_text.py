"""An issue as plain text for a mail: lines of at most 78 columns, links whole on lines of their own.

What papers say is always indented, so that no title can pass for a heading of the mail.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator

from agent.outputs.digest_view import (
    IssueView,
    ItemView,
    Leaving,
    ListView,
    NamedList,
    ThemeView,
    Way,
    view_of,
)
from agent.records import Digest

WIDTH = 78
INDENT = "    "


def digest_text(digest: Digest, leaving: Leaving | None = None) -> str:
    """The text part: all that the issue says, nothing cut that its view has."""
    return text_of(view_of(digest, leaving))


def text_of(view: IssueView) -> str:
    """The text of a view."""
    blocks = [
        [*wrapped(view.topic), *wrapped(view.head)],
        *(wrapped(text) for text in view.opening),
        wrapped(" ".join([*view.lead.lines, *_more(view.lead, "sentence")]), "  ") if view.lead.lines else [],
        *(block for theme in view.themes for block in _theme(theme)),
        *_updates(view.updates),
        *_quiet(view.quiet),
        *_section("Keep or dislike", _ways(view.commands)),
        *_section("The count", wrapped(view.counts, "  ")),
        *_section("Just below the threshold", list(_named(view.below))),
        *_section("Sources", _listed(view.sources.lines)),
        *_section("How this was made", _listed((*view.made.lines, *([view.marks] if view.marks else [])))),
        *_section("Unsubscribe", _ways(view.leaving)),
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def wrapped(text: str, indent: str = "", first: str | None = None) -> list[str]:
    """`text` in lines of at most 78 columns; a word that is longer is broken. `first` stands before the first line."""
    lines: list[str] = []
    current, used, is_empty = first if first is not None else indent, columns(first or indent), True
    for word in text.split(" "):
        for piece in _pieces(word, WIDTH - max(columns(indent), columns(first or ""))):
            wide = columns(piece)
            if not is_empty and used + 1 + wide > WIDTH:
                lines.append(current)
                current, used, is_empty = indent, columns(indent), True
            current, used = (
                (current + piece, used + wide) if is_empty else (f"{current} {piece}", used + 1 + wide)
            )
            is_empty = False
    return [one.rstrip() for one in [*lines, current] if one.strip()]


def columns(text: str) -> int:
    """How wide a text is where every sign has one width: East Asian ones have two; no sign has none."""
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def _pieces(word: str, most: int) -> Iterator[str]:
    """A word as it is, or in pieces of at most `most` columns."""
    if columns(word) <= most:
        yield word
        return
    piece, used = "", 0
    for char in word:
        wide = columns(char)
        if used + wide > most:
            yield piece
            piece, used = "", 0
        piece, used = piece + char, used + wide
    yield piece


def _theme(theme: ThemeView) -> list[list[str]]:
    head = wrapped(f"{theme.title} ({theme.note})")
    return [[*head, "-" * max(columns(one) for one in head)], *(_item(item) for item in theme.items)]


def _item(item: ItemView) -> list[str]:
    lines = wrapped(item.title, INDENT, f"{item.n:>2}. ")
    if item.link:
        lines.append(f"{INDENT}{item.link}")
    if item.warning:
        lines += wrapped(item.warning, INDENT)
    lines += wrapped(item.byline, INDENT)
    lines += wrapped(" ".join(item.claims), INDENT)
    for text in item.bears_on:
        lines += wrapped(f"{item.for_whom}: {text}", INDENT)
    if item.why:
        lines += wrapped(f"Why: {item.why}", INDENT)
    return lines


def _updates(updates: NamedList) -> list[list[str]]:
    if not updates.papers:
        return []
    head = "Updates of known papers"
    return [[head, "-" * len(head)], list(_named(updates))]


def _quiet(quiet: ListView) -> list[list[str]]:
    return _section(
        "Themes with nothing new this time", wrapped("; ".join(quiet.lines), "  ") if quiet.lines else []
    )


def _named(named: NamedList) -> Iterator[str]:
    for one in named.papers:
        yield from wrapped(one.title, INDENT, f"{one.label:>2}. " if one.label else "  - ")
        if one.link:
            yield f"{INDENT}{one.link}"
        yield from wrapped(one.what, INDENT)


def _section(head: str, lines: list[str]) -> list[list[str]]:
    return [[head, *lines]] if lines else []


def _listed(lines: Iterable[str]) -> list[str]:
    return [line for text in lines for line in wrapped(text, INDENT, "  - ")]


def _ways(ways: Iterable[Way]) -> list[str]:
    lines = []
    for way in ways:
        lines += wrapped(way.text, "  ")
        lines += [f"{INDENT}{way.shown}"] if way.link else _typed(way.shown)
    return lines


def _typed(command: str) -> list[str]:
    """A command on a line of its own; no longer than any other."""
    return wrapped(command, INDENT)


def _more(lines: ListView, what: str) -> list[str]:
    return [f"[{lines.more:,} more {what}{'s' if lines.more > 1 else ''}]"] if lines.more else []
