"""From the printed lines of pages to running text: paragraphs, headings, pages, without what only serves printing.

In this order: heads and feet of pages go; lines become blocks; a paragraph that a page, a column, a table or a
footnote cut in two is made whole; lists of references go; blocks become one text with its places.
What this does not know: what a table says, or a formula. Their lines stay, as blocks of their own.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from agent.records import Body, SectionMark
from agent.text import headings
from agent.text.columns import Line, shifted
from agent.text.edges import without_edges
from agent.text.folding import Words, fold, join, words_of

BREAK = "\n\n"
MOST_LEADING = 2.1  # sizes between base lines; more is room between paragraphs
JUMP = 3.0  # sizes that a line stands above the one before it where a new column starts; a formula moves less
_CAPTION = re.compile(r"(?:Figure|Fig\.|Table|Algorithm|Listing|Scheme)\s+[A-Z]?\d+\s*[.:|]\s*\S", re.I)
_BULLET = re.compile(r"[•‣◦▪∙●■]\s*\S|[–*-]\s+[A-Z]")
_NUMBERED_ITEM = re.compile(r"(?:\(?\d{1,2}[.)]|\([a-z]\))\s+\S")
_CLOSED = re.compile(r"[.!?:;][\"'”’)\]]*(?:\[[\d,–\s-]+\])?$")
_LEADER = re.compile(r"(?:\s?[.…]){4,}\s*[\divxlc]{0,4}$")
_LISTED = re.compile(r".*\D\s*\d{1,3}$")
_YEAR_OR_MARK = re.compile(r"\b(?:19|20)\d\d[a-z]?\b|^\[\w{1,12}\]|^\d{1,3}\.\s")


@dataclass(frozen=True, slots=True)
class _Placed:
    """A line and its page; `jumps` where the one before it stands in another column or on another page."""

    line: Line
    page: int
    jumps: bool
    room: float


@dataclass(slots=True)
class _Block:
    lines: list[_Placed] = field(default_factory=list)
    heading: str | None = None

    @property
    def size(self) -> float:
        return self.lines[0].line.size

    @property
    def first(self) -> str:
        return self.lines[0].line.text

    @property
    def last(self) -> str:
        return self.lines[-1].line.text


def lay_out(pages: Sequence[Sequence[Line]]) -> Body:
    """The running text of pages, each given by its lines in reading order."""
    folded = [[shifted(line, text) for line in page if (text := fold(line.text))] for page in pages]
    kept = without_edges(folded)
    body_size, leading = _measures(kept)
    placed = list(_place(kept, leading))
    words = words_of(item.line.text for item in placed)
    blocks = _without_contents(_blocks(placed, body_size))
    return _text_of(_without_references(_mended(blocks)), words, len(pages))


def _measures(pages: Iterable[Sequence[Line]]) -> tuple[float, float]:
    """The size of most letters, and the usual distance of their base lines in sizes."""
    sizes: Counter[float] = Counter()
    for page in pages:
        for line in page:
            sizes[round(line.size, 1)] += len(line.text)
    size = max(sizes, key=lambda size: (sizes[size], size), default=10.0)
    steps: Counter[float] = Counter()
    for page in pages:
        for above, below in pairwise(page):
            step = (above.y - below.y) / size if size else 0
            if abs(below.size - size) < 0.06 * size and 0.8 < step < MOST_LEADING:
                steps[round(step, 1)] += 1
    return size, max(steps, key=lambda step: (steps[step], -step), default=1.2)


def _place(pages: Sequence[Sequence[Line]], leading: float) -> Iterable[_Placed]:
    """Each line with the room above it, in usual distances of lines."""
    above: Line | None = None
    for number, page in enumerate(pages):
        for position, line in enumerate(page):
            is_same = above is not None and position > 0 and line.y < above.y + JUMP * line.size
            step = above.y - line.y if above is not None and is_same else 0.0
            yield _Placed(line, number, not is_same, step / (leading * line.size) if line.size else 0.0)
            above = line


def _blocks(placed: Sequence[_Placed], body_size: float) -> list[_Block]:
    blocks: list[_Block] = []
    is_inside = False
    for item in placed:
        has_room = item.jumps or item.room > 1.25
        heading = headings.heading_of(item.line, body_size, has_room, is_inside)
        opened = headings.run_in(item.line.text) if heading is None else None
        if opened:
            blocks.append(_Block([_with_text(item, opened[0])], opened[0]))
            blocks.append(_Block([_with_text(item, opened[1])]))
        elif heading is not None:
            _add_heading(blocks, _with_text(item, heading), body_size)
        elif blocks and blocks[-1].heading is None and not _opens(blocks[-1], item):
            blocks[-1].lines.append(item)
        else:
            blocks.append(_Block([item]))
        is_inside = is_inside or item.page > 0 or bool(opened) or heading is not None
    return blocks


def _with_text(item: _Placed, text: str) -> _Placed:
    return _Placed(shifted(item.line, text), item.page, item.jumps, item.room)


def _add_heading(blocks: list[_Block], item: _Placed, body_size: float) -> None:
    """A heading, or the second line of one: the same large type right below, without a number of its own."""
    before = blocks[-1] if blocks else None
    line = item.line
    if (
        before is not None
        and before.heading is not None
        and not item.jumps
        and item.room < 1.5
        and line.size >= 1.08 * body_size
        and abs(line.size - before.size) < 0.05 * body_size
        and not headings.number_of(line.text)
        and not headings.is_known(headings.name_of(before.heading))
    ):
        before.lines.append(item)
        before.heading += " " + line.text
        return
    blocks.append(_Block([item], line.text))


def _opens(block: _Block, item: _Placed) -> bool:
    """Whether a line starts a new block behind this one."""
    above, line, text = block.lines[-1].line, item.line, item.line.text
    if item.jumps or item.room < 0.6 or abs(line.size - above.size) > 0.07 * above.size:
        return True
    if _CAPTION.match(text) or _BULLET.match(text):
        return True
    is_open = not _CLOSED.search(above.text)
    if is_open and (text[0].islower() or above.text.endswith(("-", "‐", "\u00ad"))):
        return item.room > 1.6
    if item.room > 1.3:
        return True
    is_item = bool(_BULLET.match(block.first) or _NUMBERED_ITEM.match(block.first))
    if is_item:
        return not is_open and bool(_NUMBERED_ITEM.match(text) or line.x < above.x - 0.8 * line.size)
    return 0.8 * line.size < line.x - above.x < 5 * line.size


def _mended(blocks: Sequence[_Block]) -> list[_Block]:
    """Paragraphs cut by the end of a column or page are joined to their rest, over what was set between.

    What stood between on the first page goes before the paragraph, the other behind it, so that pages follow.
    """
    rest = list(blocks)
    mended: list[_Block] = []
    position = 0
    while position < len(rest):
        block = rest[position]
        found = _rest_of(rest, position)
        if found is None:
            mended.append(block)
            position += 1
            continue
        between = rest[position + 1 : found]
        page = block.lines[-1].page
        early = [other for other in between if other.lines[0].page == page]
        block.lines.extend(rest[found].lines)
        moved = [other for other in between if other.lines[0].page != page]
        mended.extend(early)
        rest[position + 1 : found + 1] = moved
        rest[position : position + 1] = [block]
    return mended


def _rest_of(blocks: Sequence[_Block], position: int) -> int | None:
    """Where a cut paragraph goes on: behind a jump, in the same type, and not with a new sentence's start."""
    block = blocks[position]
    if block.heading is not None or _CLOSED.search(block.last) or _CAPTION.match(block.first):
        return None
    is_hyphen = block.last.endswith(("-", "‐", "\u00ad"))
    has_jumped = False
    for index in range(position + 1, min(position + 40, len(blocks))):
        other = blocks[index]
        has_jumped = has_jumped or other.lines[0].jumps
        if other.heading is not None:
            return None
        is_same = abs(other.size - block.size) <= 0.07 * block.size and not _CAPTION.match(other.first)
        if has_jumped and is_same and other.first[0].islower():
            return index
        if (
            has_jumped
            and is_same
            and index == position + 1
            and len(block.last) > 25
            and other.first[0].isalnum()
        ):
            return index  # nothing stands between: a name or a number may go on a sentence too
        if not is_hyphen and is_same and len(other.lines) > 3 and other.first[0].isupper():
            return None
    return None


def _without_contents(blocks: Sequence[_Block]) -> list[_Block]:
    """No table of contents: neither leaders of dots nor the lines with page numbers below its heading."""
    kept: list[_Block] = []
    is_listing = False
    for block in blocks:
        if block.heading is not None and headings.opens_contents(block.heading):
            is_listing = True
            continue
        is_listing = is_listing and bool(_LISTED.fullmatch(block.first))
        block.lines = [item for item in block.lines if not _LEADER.search(item.line.text)]
        if block.lines and not is_listing:
            kept.append(block)
    return kept


def _without_references(blocks: Sequence[_Block]) -> list[_Block]:
    """No list of references; what stands behind it as an appendix or another known section stays."""
    kept: list[_Block] = []
    is_list = False
    for index, block in enumerate(blocks):
        if block.heading is not None:
            if headings.opens_references(block.heading) and _looks_listed(blocks[index + 1 : index + 7]):
                is_list = True
            elif is_list and headings.ends_references(block.heading):
                is_list = False
        if not is_list:
            kept.append(block)
    return kept


def _looks_listed(blocks: Sequence[_Block]) -> bool:
    """Whether blocks are references: most have a year or a mark in front."""
    below = [block for block in blocks if block.heading is None]
    marked = sum(any(_YEAR_OR_MARK.search(item.line.text) for item in block.lines) for block in below)
    return 2 * marked >= len(below)


def _text_of(blocks: Sequence[_Block], words: Words, pages: int) -> Body:
    parts: list[str] = []
    length = 0
    starts: dict[int, int] = {}
    marks: list[SectionMark] = []
    for block in blocks:
        if parts:
            parts.append(BREAK)
            length += len(BREAK)
        if block.heading is not None:
            marks.append(SectionMark(title=block.heading, start=length))
        for index, item in enumerate(block.lines):
            starts.setdefault(item.page, length)
            text = item.line.text
            if index + 1 < len(block.lines):
                text = "".join(join(text, block.lines[index + 1].line.text, words))
            parts.append(text)
            length += len(text)
    offsets = [length] * pages
    after = length
    for page in reversed(range(pages)):
        after = offsets[page] = min(starts.get(page, after), after)
    return Body(text="".join(parts), pages=tuple(offsets), sections=tuple(marks))
