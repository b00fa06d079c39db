"""BibTeX and BibLaTeX as entries with raw fields; what is broken costs as little as can be.

An entry ends where its braces do, or at the latest where a line opens the next one: so a missing brace takes
nothing from a neighbour. Inside a broken entry a field ends where a line opens the next field.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_OPENING = re.compile(r"^[ \t}]*@[ \t]*([A-Za-z]+)[ \t\n]*([{(])", re.M)
_ANYWHERE = re.compile(r"@[ \t]*([A-Za-z]+)[ \t\n]*([{(])")
_KEY = re.compile(r"\s*([^,={}\"\s]*(?:[ \t]+[^,={}\"\s]+)*)\s*(?:,|(?=[})])|\Z)")
_NAME = re.compile(r"[\s,]*([A-Za-z][\w:+./-]*)\s*=\s*")
_KNOWN = "author|title|year|date|month|journal|journaltitle|booktitle|doi|url|abstract|editor|publisher|volume|number|pages"
_FIELD_LINE = re.compile(
    rf"^[ \t,]*(?P<name>[A-Za-z][\w:+-]*)[ \t]*=[ \t]*(?=[{{\"\w])|,[ \t]*(?P<known>{_KNOWN})[ \t]*=[ \t]*(?=[{{\"\d])",
    re.M | re.I,
)
_GOES_ON = re.compile(r"\s*,?\s*\n[ \t]*[A-Za-z][\w:+-]*[ \t]*=[ \t]*[{\"\w]")
_BARE = re.compile(r"[^\s,#{}\"()=]+")
_BLANK_LINE = re.compile(r"\n[ \t]*\n")
_LONGEST_COMMENT = 50_000  # one with entries in it; if not closed by then, it ends before the first of them
_CLOSER = {"{": "}", "(": ")"}


@dataclass(frozen=True)
class Piece:
    """A part of a value: in braces or quotation marks as it stands, or the bare name of a macro, or a number."""

    text: str
    is_bare: bool = False


@dataclass
class Entry:
    """What stands between `@type{` and its end; `problems` say what was wrong with it."""

    type: str
    key: str
    line: int
    fields: dict[str, list[Piece]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    doubled: list[tuple[str, list[Piece]]] = field(default_factory=list)


@dataclass(frozen=True)
class Loose:
    """What is no entry: free text, a comment, a preamble."""

    kind: str
    text: str
    line: int


def scan(text: str) -> Iterator[Entry | Loose]:
    """Every entry, `@string`, comment and stretch of free text, in order."""
    lines = _Lines(text)
    starts = [match.start() for match in _OPENING.finditer(text)]
    place, index = 0, 0
    while True:
        while index < len(starts) and starts[index] < place:
            index += 1
        limit = starts[index] if index < len(starts) else len(text)
        yield from _between(text, place, limit, lines)
        if index == len(starts):
            return
        following = starts[index + 1] if index + 1 < len(starts) else len(text)
        found, place = _entry(text, limit, following, lines)
        yield found


def _between(text: str, start: int, limit: int, lines: _Lines) -> Iterator[Entry | Loose]:
    """What stands behind one entry and before the line that opens the next."""
    while match := _ANYWHERE.search(text, start, limit):
        yield from _free(text, start, match.start(), lines)
        found, start = _entry(text, match.start(), limit, lines)
        yield found
    yield from _free(text, start, limit, lines)


def _free(text: str, start: int, end: int, lines: _Lines) -> Iterator[Loose]:
    said = text[start:end].strip(" \t\n,})\ufeff")
    if said:
        at = start + text[start:end].index(said[0])
        yield Loose("free text", said, lines.of(at))


def _entry(text: str, start: int, limit: int, lines: _Lines) -> tuple[Entry | Loose, int]:
    opening = _ANYWHERE.search(text, start, limit) or _OPENING.search(text, start)
    assert opening is not None
    kind, brace = opening.group(1).lower(), opening.group(2)
    line, inside = lines.of(opening.start() + opening.group().index("@")), opening.end()
    if kind in ("comment", "preamble"):
        # Entries may stand in a comment, but not behind a blank line: there it was never closed.
        is_short = inside < lines.unclosed_to or _BLANK_LINE.search(text, inside, limit)
        reach = limit if is_short else max(limit, min(inside + _LONGEST_COMMENT, len(text)))
        end = _balanced(text, inside, reach, _CLOSER[brace])
        if end is None:
            lines.unclosed_to = max(lines.unclosed_to, reach)
        following = limit if end is None else end + 1
        return Loose(
            kind, text[inside : following if end is None else end].strip().rstrip("})"), line
        ), following
    entry = Entry(kind, "", line)
    place = inside
    if kind != "string":
        key = _KEY.match(text, inside, limit)
        if key:
            entry.key, place = key.group(1).strip(), key.end()
    end, is_whole = _fields(entry, text, place, limit, _CLOSER[brace])
    if not is_whole:
        _salvage(entry, text[end:limit])
        end = limit
    return entry, end


def _fields(entry: Entry, text: str, place: int, limit: int, closer: str) -> tuple[int, bool]:
    """Read fields up to the entry's end, or up to where its writing breaks off."""
    last = ("", place, place, place)
    while True:
        name = _NAME.match(text, place, limit)
        if name is None:
            rest = re.compile(r"[\s,]*").match(text, place, limit)
            place = rest.end() if rest else place
            if place >= limit:
                if _FIELD_LINE.search(text, last[1], last[2]):  # the missing brace is that of this value
                    entry.fields.pop(last[0], None)
                    return last[3], False
                entry.problems.append("its closing brace is missing")
                return limit, True
            if text[place] != closer:
                return place, False
            if not _GOES_ON.match(text, place + 1, limit):
                return place + 1, True
            entry.problems.append("a closing brace too many; the fields behind it are its own")
            place += 1
            continue
        read = _value(text, name.end(), limit)
        if read is None:
            return name.start(), False
        last = (name.group(1).lower(), name.end(), read[1], name.start())
        value, place = read
        _keep(entry, last[0], value)


def _keep(entry: Entry, name: str, value: list[Piece]) -> None:
    if name in entry.fields:
        entry.doubled.append((name, value))
    else:
        entry.fields[name] = value


def _value(text: str, place: int, limit: int) -> tuple[list[Piece], int] | None:
    """Pieces joined by `#`, and where they end."""
    pieces: list[Piece] = []
    while True:
        while place < limit and text[place].isspace():
            place += 1
        if place >= limit:
            return None
        sign = text[place]
        if sign == "{":
            end = _balanced(text, place + 1, limit, "}")
            if end is None:
                return None
            pieces.append(Piece(text[place + 1 : end]))
            place = end + 1
        elif sign == '"':
            end = _quoted(text, place + 1, limit)
            if end is None:
                return None
            pieces.append(Piece(text[place + 1 : end]))
            place = end + 1
        else:
            bare = _BARE.match(text, place, limit)
            if bare is None:
                if sign in ",})" and not pieces:
                    return [Piece("")], place
                return None
            pieces.append(Piece(bare.group(), is_bare=True))
            place = bare.end()
        joined = re.compile(r"\s*(#)?").match(text, place, limit)
        if joined is None or joined.group(1) is None:
            following = re.compile(r"\s*([,})]|\Z)").match(text, place, limit)
            return (pieces, place) if following else None
        place = joined.end()


_BRACKETS = {closer: re.compile(rf"\\.|[{{}}{re.escape(closer)}]", re.S) for closer in "})"}
_QUOTES = re.compile(r"\\.|[{}\"]", re.S)


def _balanced(text: str, place: int, limit: int, closer: str) -> int | None:
    """Where the group that is open at `place` closes."""
    depth = 0
    for match in _BRACKETS[closer].finditer(text, place, limit):
        sign = match.group()
        if sign == "{":
            depth += 1
        elif sign == closer and depth == 0:
            return match.start()
        elif sign == "}":
            depth -= 1
    return None


def _quoted(text: str, place: int, limit: int) -> int | None:
    """Where a quoted value ends: at the first mark outside braces."""
    depth = 0
    for match in _QUOTES.finditer(text, place, limit):
        sign = match.group()
        if sign == '"' and depth <= 0:
            return match.start()
        depth += (sign == "{") - (sign == "}")
    return None


def _salvage(entry: Entry, raw: str) -> None:
    """Read the rest of a broken entry by its lines: each that looks like `name = ` opens a field."""
    entry.problems.append(
        "its braces, quotation marks or commas do not fit; from there on it was read line by line"
    )
    openings = list(_FIELD_LINE.finditer(raw))
    for number, opening in enumerate(openings):
        end = openings[number + 1].start() if number + 1 < len(openings) else len(raw)
        value = raw[opening.end() : end]
        read = _value(value, 0, len(value))
        pieces = read[0] if read else [Piece(_trimmed(value))]
        _keep(entry, (opening["name"] or opening["known"]).lower(), pieces)


def _trimmed(value: str) -> str:
    """A broken value without what opened it and what ends its line."""
    text = re.sub(r"\n\s*\n.*", "", value.strip(), flags=re.S)  # a blank line ends what nothing closed
    text = re.sub(r"[\s,]+$", "", text)
    opened = text[:1]
    text = text.removeprefix("{").removeprefix('"')
    surplus = text.count("}") - text.count("{")
    while surplus > 0 and text.endswith("}"):
        text, surplus = text[:-1].rstrip(), surplus - 1
    return text.removesuffix('"').rstrip() if opened == '"' else text


class _Lines:
    """Numbers of lines, by offsets that only grow; and up to where a comment's end was looked for in vain."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at, self._line = 0, 1
        self.unclosed_to = 0  # so that many comments that are never closed are not each read on and on

    def of(self, offset: int) -> int:
        if offset < self._at:
            return self._text.count("\n", 0, offset) + 1
        self._line += self._text.count("\n", self._at, offset)
        self._at = offset
        return self._line
