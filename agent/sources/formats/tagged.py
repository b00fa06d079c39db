"""Texts of tagged lines, cut into records: RIS and MEDLINE.

A line opens with a short tag; a line without one goes on with the field before it. Where the end of a record
is missing, the next record's first line ends it, so that a broken record costs its neighbour nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from agent.records import Noted
from agent.text.printable import printable

_LONGEST_QUOTE = 80
_OTHER_BREAKS = re.compile("[\x0b\x0c\x1c-\x1f\x85\u2028\u2029]")  # where other programs end a line


@dataclass(slots=True)
class Entry:
    """One field of a record: its tag in capitals, and its lines."""

    tag: str
    lines: list[str]
    number: int

    @property
    def value(self) -> str:
        return "\n".join(self.lines).strip()


@dataclass(frozen=True)
class Dialect:
    """How a text marks its fields.

    Attributes:
        tag: matches a line that certainly opens a field; group 1 is the tag, group 2 the value.
        perhaps: matches a line that does so unless it stands inside a long text, one of the tags in `prose`.
        opener: the tag that begins a record; those in `early` may stand before it.
        loosened: for the line of an opener how this record writes its tags.
        closer: the tag that ends one.
        once: tags that no record has twice, once behind a blank line.
    """

    tag: re.Pattern[str]
    opener: str
    closer: str = ""
    once: frozenset[str] = frozenset()
    early: frozenset[str] = frozenset()
    perhaps: re.Pattern[str] | None = None
    loosened: Callable[[str], re.Pattern[str]] | None = None
    prose: frozenset[str] = frozenset()


@dataclass
class _Cutter:
    dialect: Dialect
    tag: re.Pattern[str]
    entries: list[Entry] = field(default_factory=list)
    gap: int = 0  # so many of the entries stood before the last blank line
    before: set[str] = field(default_factory=set)  # tags of the record up to there
    since: set[str] = field(default_factory=set)  # and behind it
    stray: list[tuple[int, str]] = field(default_factory=list)

    def feed(self, number: int, line: str) -> list[Entry] | Noted | None:
        """Take one line; gives what it ends."""
        found = self.match(line)
        if found is None:
            self.add_line(number, line.strip(" \t\ufeff"))
            return None
        ended: list[Entry] | Noted | None = self.note() if self.stray else None
        tag = found[1].upper()
        if tag == self.dialect.closer:
            return self.cut(len(self.entries)) if self.entries else ended
        if self.entries and (end := self.end_before(tag)):
            ended = self.cut(end)
        if tag == self.dialect.opener and self.dialect.loosened:
            self.tag = self.dialect.loosened(line)
        self.entries.append(Entry(tag, [found[2].strip()], number))
        self.since.add(tag)
        return ended

    def match(self, line: str) -> re.Match[str] | None:
        dialect = self.dialect
        found = self.tag.match(line)
        if found or dialect.perhaps is None or (self.entries and self.entries[-1].tag in dialect.prose):
            return found
        return dialect.perhaps.match(line)

    def add_line(self, number: int, line: str) -> None:
        if not line:
            self.gap = len(self.entries)
            self.before |= self.since
            self.since.clear()
        elif self.entries:
            self.entries[-1].lines.append(line)
        else:
            self.stray.append((number, line))

    def end_before(self, tag: str) -> int:
        """How many of the entries are a record that was over before this tag; 0 if it goes on."""
        dialect = self.dialect
        if tag == dialect.opener:
            is_begun = any(entry.tag not in dialect.early for entry in self.entries)
            return len(self.entries) if is_begun or self.gap == len(self.entries) else 0
        return self.gap if tag in dialect.once and tag in self.before and tag not in self.since else 0

    def cut(self, end: int) -> list[Entry]:
        record, self.entries = self.entries[:end], self.entries[end:]
        self.gap = 0
        self.before.clear()
        return record

    def note(self) -> Noted:
        (number, line), more = self.stray[0], len(self.stray) - 1
        quote = line if len(line) <= _LONGEST_QUOTE else line[: _LONGEST_QUOTE - 1].rstrip() + "…"
        self.stray = []
        rest = f" (and {more} more {'line' if more == 1 else 'lines'})" if more else ""
        return Noted(position=f"line {number}", message=f"in no record: {quote}{rest}")


def split_records(text: str, dialect: Dialect) -> Iterator[list[Entry] | Noted]:
    """The records of a text as their fields, in order, and a note for every stretch of lines in none."""
    cutter = _Cutter(dialect, dialect.tag)
    for number, line in enumerate(text.split("\n"), start=1):
        if ended := cutter.feed(number, line):
            yield ended
    if cutter.stray:
        yield cutter.note()
    if cutter.entries:
        yield cutter.cut(len(cutter.entries))


def plain_lines(text: str) -> str:
    """The text with one kind of line end and without lone surrogates; line numbers stay."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.encode("utf-8", "replace").decode("utf-8")


def visible(text: str) -> str:
    """The text without control characters, which no writer gives out; those that break a line become a blank."""
    return printable(_OTHER_BREAKS.sub(" ", text), "")
