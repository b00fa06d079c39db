"""What the first page of a PDF and its own fields say of the work: title, authors, DOI, arXiv id.

A file's fields are often left from a template or name the program. So a title has to look like one, and
authors have to stand on the first page too. Nothing is taken from dates: they are the file's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

from agent.records import Author
from agent.sources.build import parse_arxiv_id, parse_authors, parse_doi, told_apart
from agent.text.columns import Line
from agent.text.folding import fold, join, words_of
from agent.text.headings import is_known, name_of

MOST_LETTERS = 300
MOST_DECORATION = 3  # letters: a large initial, a logo
_NO_TITLE = re.compile(
    r"microsoft (?:word|powerpoint|excel)\b.*|.*\.(?:docx?|pdf|tex|dvi|e?ps|indd|qxd|rtf|odt|pptx?|html?|fm|3d)"
    r"|untitled.*|(?:paper|article|document|manuscript|full) ?(?:title|paper|\d+)|title(?: of .*)?|main|draft|template.*"
    r"|.*(?:\btemplate\b|formatting instructions|instructions for authors|proceedings - word).*"
    r"|powerpoint presentation|slide \d+|doi:.*|10\.\d{4,9}/.*|arxiv:.*|pii:.*|https?://.*|latex .*|\(?anonymous\)?|no job name",
    re.I,
)
_STAMP = re.compile(r"arXiv:\s?(\S+)\s+\[[\w.-]+\]")
_DOI = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|\bdoi:?\s{0,2})(10\.\d{4,9}/\S*)", re.I)
_DOI_FIELDS = ("doi", "wps-articledoi", "prism:doi")
_NAME_MARKS = re.compile(r"(?<=[^\W\d_])\^?[\d∗*†‡§¶]+(?=$|\s)")


def title_of(stated: Mapping[str, str], page: Sequence[Line]) -> str | None:
    """The title: the file's own where page one has it, else the largest type there, else the file's own."""
    own = stated.get("title", "")
    own = "" if not _can_be_title(own) else own
    if own and _bare(own) in _bare(" ".join(line.text for line in page)):
        return own
    return _largest(page) or own or None


def authors_of(stated: Mapping[str, str], page: Sequence[Line]) -> tuple[Author, ...]:
    """The authors that the file names, if page one names each of them too; else none."""
    authors = parse_authors(stated.get("author", ""))
    seen = _bare(" ".join(fold(line.text) for line in page))
    names = [_bare(author.family or author.name or "") for author in authors]
    are_people = all(author.family and author.given for author in authors)
    return authors if are_people and all(name and name in seen for name in names) else ()


def ids_of(
    stated: Mapping[str, str], page: Sequence[Line], sideways: str
) -> tuple[str | None, str | None, str | None]:
    """DOI, arXiv id and its version. Of several DOIs on the page none is known to be the work's own."""
    lines = [fold(line.text) for line in page]
    stamp = next((found for text in (sideways, *lines) if (found := _STAMP.search(text))), None)
    arxiv = parse_arxiv_id(stamp.group(1)) if stamp else None
    doi = next((doi for name in _DOI_FIELDS if (doi := parse_doi(stated.get(name, "")))), None)
    printed = _printed_dois(lines)
    doi = doi or (printed[0] if len(printed) == 1 else None)
    doi, arxiv = told_apart(doi, arxiv)
    return doi, arxiv[0] if arxiv else None, arxiv[1] if arxiv else None


def _printed_dois(lines: Sequence[str]) -> list[str]:
    found: dict[str, None] = {}
    for index, line in enumerate(lines):
        for match in _DOI.finditer(line):
            value = match.group(1)
            if value.endswith(("/", "-", "_")) and match.end() == len(line) and index + 1 < len(lines):
                value += lines[index + 1].split()[0]  # a DOI that goes on in the next line
            if doi := parse_doi(value):
                found[doi] = None
    return list(found)


def _can_be_title(text: str) -> bool:
    """Several words, most of them letters, and none of the things that programs put there."""
    letters = sum(char.isalpha() for char in text)
    is_text = " " in text and letters >= 8 and letters > 0.6 * len(text.replace(" ", ""))
    return is_text and "@" not in text and len(text) <= MOST_LETTERS and not _NO_TITLE.fullmatch(text.strip())


def _largest(page: Sequence[Line]) -> str | None:
    """The text in the largest type that can be a title, and is larger than most of the page."""
    page = [line for line in page if not is_known(name_of(fold(line.text)))]
    letters: dict[float, int] = {}
    for line in page:
        letters[round(line.size, 1)] = letters.get(round(line.size, 1), 0) + len(line.text)
    if not letters:
        return None
    usual = max(letters, key=lambda size: (letters[size], -size))
    for size in sorted((size for size in letters if size > 1.12 * usual), reverse=True):
        title = _together(page, size)
        if len(title) > MOST_DECORATION:  # the largest words are the title, or nothing is known of it
            return title if _can_be_title(title) else None
    return None


def _together(page: Sequence[Line], size: float) -> str:
    """The first lines of one size that follow each other, as one."""
    lines: list[str] = []
    for line in page:
        if abs(line.size - size) <= 0.04 * size:
            lines.append(fold(line.text))
        elif lines:
            break
    words = words_of(fold(line.text) for line in page)
    pairs = pairwise(lines)
    text = "".join("".join(join(above, below, words)) for above, below in pairs) + "".join(lines[-1:])
    return _NAME_MARKS.sub("", text).strip() if re.search(r"[∗*†‡§¶]$", text) else text.strip()


def _bare(text: str) -> str:
    return "".join(char for char in fold(text).casefold() if char.isalnum())
