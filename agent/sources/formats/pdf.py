"""PDF files: one paper each, and the running text of a file that belongs to a known paper."""

from __future__ import annotations

from collections.abc import Iterator

from agent.records import Body, Noted, Paper, Rejected
from agent.sources.build import make_paper
from agent.sources.formats.pdf_front import authors_of, ids_of, title_of
from agent.sources.formats.pdf_pages import Pages, read_pages
from agent.text.headings import kinds_of
from agent.text.layout import lay_out

FRONT = 3  # pages among which the first with text is taken for the title page
MOST_ABSTRACT = 5_000  # letters; what is longer has swallowed the paper
NO_TITLE = "no title can be told: attach it to its record with `litreview fulltext --attach KEY=FILE`"


def read(data: bytes) -> Iterator[Paper | Rejected | Noted]:
    """The paper that a PDF file is, by its first page and its own fields; what was left out is noted."""
    pages = read_pages(data)
    if isinstance(pages, str):
        yield Rejected(position="file", reason=pages)
        return
    yield _paper(pages)
    for position, message in pages.notes:
        yield Noted(position=position, message=message)


def body_of(data: bytes) -> Body | Rejected:
    """The running text of a PDF file, without heads of pages and lists of references."""
    pages = read_pages(data)
    if isinstance(pages, str):
        return Rejected(position="file", reason=pages)
    body = lay_out(pages.lines)
    return body if body.text else Rejected(position="file", reason="no running text in it")


def _paper(pages: Pages) -> Paper | Rejected:
    number = next((number for number, page in enumerate(pages.lines[:FRONT]) if page), 0)
    first, position = pages.lines[number], f"page {number + 1}"
    title = title_of(pages.stated, first)
    if title is None:
        return Rejected(position=position, reason=NO_TITLE)
    doi, arxiv_id, version = ids_of(pages.stated, first, pages.sideways)
    return make_paper(
        title,
        abstract_of(lay_out(pages.lines[number : number + FRONT])),
        position,
        authors=authors_of(pages.stated, first),
        doi=doi,
        arxiv_id=arxiv_id,
        version=version,
        files=(),
    )


def abstract_of(body: Body) -> str | None:
    """The text below the heading Abstract, up to the next heading."""
    for index, mark in enumerate(body.sections):
        if "abstract" in kinds_of(mark.title):
            following = body.sections[index + 1 : index + 2]
            end = following[0].start if following else len(body.text)
            text = body.text[mark.start + len(mark.title) : end].strip()
            return text if 0 < len(text) <= MOST_ABSTRACT else None
    return None
