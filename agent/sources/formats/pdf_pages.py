"""A PDF file as pieces of text with their places, page by page: the one place that knows the library.

Whatever the bytes are, the answer is pages or a reason in plain words. Pages, bytes of a page and steps of its
drawing are bounded, so that a small file that unfolds into a huge one costs little.
Text inside drawn figures (labels of axes) is left out, unless a page has no other.
"""

from __future__ import annotations

import logging
import math
import re
import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from io import BytesIO
from typing import TYPE_CHECKING, Any

from agent.text.columns import Line, Piece, lines_of_pages

if TYPE_CHECKING:
    from pypdf import PageObject, PdfReader

MOST_PAGES = 200
MOST_STREAM_BYTES = 8_000_000  # of one unpacked stream
MOST_STEPS = 400_000  # of drawing one page
MOST_DRAWING_BYTES = 60_000_000  # of all pages together
FEWEST_LETTERS = 40
NEEDS_EXTRA = "PDF files need the extra: pip install 'litreview-agent[pdf]'"
_BOLD = re.compile(
    r"bold|black|heavy|semib|demi|-medi|medi(?:ital)?$|cmbx|cmssbx|sfbx|ecbx|lmbx|-bd|\.b$", re.I
)
_UNREADABLE = re.compile("[\ufffd\ue000-\uf8ff\x00-\x08\x0e-\x1f]|\\(cid:\\d+\\)")


@dataclass(frozen=True)
class Pages:
    """What a file gave: lines of its pages in reading order, sideways text of page one, stated fields, notes."""

    lines: tuple[tuple[Line, ...], ...]
    sideways: str = ""
    stated: dict[str, str] = field(default_factory=dict)
    notes: tuple[tuple[str, str], ...] = ()


def read_pages(data: bytes) -> Pages | str:
    """The pages of a PDF file, or why there are none."""
    if (reason := _no_whole_file(data)) is not None:
        return reason
    with _quiet():
        try:
            from pypdf import PdfReader, apply_configuration
        except ImportError:
            return NEEDS_EXTRA
        try:
            with apply_configuration(
                zlib_maximum_output_length=MOST_STREAM_BYTES,
                lzw_maximum_output_length=MOST_STREAM_BYTES,
                run_length_maximum_output_length=MOST_STREAM_BYTES,
                array_based_stream_maximum_output_length=MOST_STREAM_BYTES,
                stream_parsing_work_maximum_count=MOST_STEPS,
                xform_maximum_invocations_per_extraction=100,
            ):
                return _read(PdfReader(BytesIO(data)))
        except Exception as error:  # a library that reads what strangers wrote raises whatever it meets
            return f"a broken PDF file: {_told(error)}"


def _no_whole_file(data: bytes) -> str | None:
    if b"%PDF-" not in data[:1024]:
        return "not a PDF file"
    stated = re.search(rb"/Linearized\b.{0,200}?/L\s+(\d{1,12})", data[:2048], re.S)
    if b"%%EOF" not in data or (stated and int(stated.group(1)) > len(data)):
        return "a PDF file that is cut off: its end is missing"
    return None


@contextmanager
def _quiet() -> Iterator[None]:
    """Without the library's log and warnings: what matters of them is in our answer."""
    logger = logging.getLogger("pypdf")
    level = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(level)


def _told(error: Exception) -> str:
    return " ".join(str(error).split())[:160].rstrip(". ") or type(error).__name__


def _read(reader: PdfReader) -> Pages | str:
    if reader.is_encrypted and (reason := _unlocked(reader)) is not None:
        return reason
    count = len(reader.pages)
    if not count:
        return "a PDF file without pages"
    drawn_pages: list[list[Piece]] = []
    notes: list[tuple[str, str]] = []
    sideways, drawn = "", 0
    for number in range(1, min(count, MOST_PAGES) + 1):
        try:
            page = reader.pages[number - 1]
            drawn += _drawing_bytes(page)
            pieces, across = _pieces(page) if drawn <= MOST_DRAWING_BYTES else ([], "")
        except Exception as error:  # one bad page costs that page
            pieces, across = [], ""
            notes.append((f"page {number}", f"left out, since it cannot be read: {_told(error)}"))
        sideways = across if number == 1 else sideways
        drawn_pages.append(pieces)
    if drawn > MOST_DRAWING_BYTES:
        notes.append(("file", "too much drawing in it: pages behind are left out"))
    if count > MOST_PAGES:
        notes.append(("file", f"{count} pages: those behind page {MOST_PAGES} are left out"))
    pages = tuple(tuple(lines) for lines in lines_of_pages(drawn_pages))
    reason = _no_text(pages, notes)
    return Pages(pages, sideways, _stated(reader), tuple(notes)) if reason is None else reason


def _unlocked(reader: PdfReader) -> str | None:
    """Opened with the empty password, which is what a file has that only forbids printing; else why not."""
    try:
        is_open = bool(reader.decrypt(""))
    except Exception as error:  # a way of encrypting that is not known, or that needs a further package
        return f"an encrypted PDF file that cannot be opened: {_told(error)}"
    return None if is_open else "an encrypted PDF file: a password is needed"


def _no_text(pages: Sequence[Sequence[Line]], notes: Sequence[tuple[str, str]]) -> str | None:
    text = "".join(line.text for page in pages for line in page)
    letters = sum(char.isalpha() for char in text)
    if len(_UNREADABLE.findall(text)) > 0.3 * max(letters, 1):
        return "its text cannot be read: its fonts do not say which letters they draw"
    if letters >= FEWEST_LETTERS:
        return None
    if notes:
        return f"no text can be read from it; {notes[0][0]} is {notes[0][1]}"
    return "no text in it: scanned pages need text recognition (OCR) first"


def _drawing_bytes(page: PageObject) -> int:
    contents = page.get_contents()
    return len(contents.get_data()) if contents is not None else 0


def _pieces(page: PageObject) -> tuple[list[Piece], str]:
    """The pieces that run as most of the page does, and the text of the others."""
    found = _extract(page)
    if not found:
        return [], ""
    letters = Counter[int]()
    for turn, piece in found:
        letters[turn] += len(piece.text.strip())
    main = max(letters, key=lambda turn: (letters[turn], -turn))
    across = " ".join(piece.text.strip() for turn, piece in found if turn != main and piece.text.strip())
    return [piece for turn, piece in found if turn == main], across


def _extract(page: PageObject) -> list[tuple[int, Piece]]:
    """Each piece with the quarter turns by which it is turned, in the order in which it is stored."""
    found: list[tuple[int, Piece]] = []
    forms = _forms(page)
    drawings = dict(forms)
    forms.clear()  # a drawing that the library does not find it leaves out
    try:
        page.extract_text(visitor_text=_collector(found))
    finally:
        forms.update(drawings)
    if drawings and sum(len(piece.text.strip()) for _, piece in found) < FEWEST_LETTERS:
        found.clear()
        page.extract_text(visitor_text=_collector(found))
    return found


def _forms(page: PageObject) -> dict[Any, Any]:
    """The drawings of a page that are stored by themselves, by name: the page's own table, or an empty one."""
    resources = page.get("/Resources")
    resources = resources.get_object() if resources is not None else None
    objects = resources.get("/XObject") if isinstance(resources, dict) else None
    objects = objects.get_object() if objects is not None else None
    return objects if isinstance(objects, dict) else {}


def _collector(found: list[tuple[int, Piece]]) -> Callable[[Any, Any, Any, Any, Any], None]:
    def visit(text: str, outer: list[float], inner: list[float], font: Any, size: float) -> None:
        if text == "":
            return
        if not text.strip() and found:
            if "\n" in text:
                found[-1] = (found[-1][0], replace(found[-1][1], ends_line=True))
            else:
                found[-1] = (found[-1][0], replace(found[-1][1], text=found[-1][1].text + " "))
            return
        _, b, c, d, x, y = _product(inner, outer)
        turn = 0 if abs(d) >= abs(b) and d >= 0 else 2 if abs(d) >= abs(b) else 1 if b > 0 else 3
        place = ((x, y), (y, -x), (-x, -y), (-y, x))[turn]
        name = str(font.get("/BaseFont", "")) if font is not None else ""
        piece = Piece(
            text.rstrip("\n"),
            *place,
            abs(size) * math.hypot(c, d),
            bool(_BOLD.search(name)),
            text.endswith("\n"),
        )
        found.append((turn, piece))

    return visit


def _product(m: list[float], n: list[float]) -> tuple[float, float, float, float, float, float]:
    return (
        m[0] * n[0] + m[1] * n[2],
        m[0] * n[1] + m[1] * n[3],
        m[2] * n[0] + m[3] * n[2],
        m[2] * n[1] + m[3] * n[3],
        m[4] * n[0] + m[5] * n[2] + n[4],
        m[4] * n[1] + m[5] * n[3] + n[5],
    )


def _stated(reader: PdfReader) -> dict[str, str]:
    """The file's own fields by name in lower case: `title`, `author`, `doi` ..."""
    try:
        given = dict(reader.metadata or {})
    except Exception:  # fields that cannot be read say nothing
        return {}
    return {
        str(name).lstrip("/").lower(): " ".join(str(value).split())
        for name, value in given.items()
        if isinstance(value, str) and value.strip()
    }
