"""BibTeX that BibTeX, BibLaTeX and pandoc read alike: UTF-8, capitals kept, nothing invented."""

from __future__ import annotations

import re
from collections.abc import Iterable

from agent.outputs.references import short_title
from agent.records import Author, Paper
from agent.text.printable import printable

TYPES = {
    "article-journal": "article", "article": "article", "journal-article": "article", "paper-conference": "inproceedings",
    "inproceedings": "inproceedings", "conference": "inproceedings", "book": "book", "chapter": "incollection",
    "incollection": "incollection", "thesis": "phdthesis", "phdthesis": "phdthesis", "report": "techreport",
    "techreport": "techreport",
}  # fmt: skip
VENUES = {"article": "journal", "inproceedings": "booktitle", "incollection": "booktitle", "techreport": "institution",
          "phdthesis": "school", "book": "publisher"}  # fmt: skip
_ESCAPES = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip


def bibtex(papers: Iterable[Paper]) -> str:
    """One entry a paper, in order of key; a paper's field that is unknown has no line."""
    entries = [_entry(paper) for paper in sorted(papers, key=lambda paper: paper.key.lower())]
    return "\n".join(entries)


def _entry(paper: Paper) -> str:
    kind = TYPES.get((paper.type or "").lower(), "misc")  # a venue alone does not say whether it is a journal
    fields: dict[str, str | None] = {
        "author": " and ".join(_author(author) for author in paper.authors) or None,
        "title": _title(paper.title),
        "shorttitle": _title(short_title(paper.title)) if short_title(paper.title) != paper.title else None,
        VENUES.get(kind, "howpublished"): _text(paper.venue) if paper.venue else None,
        "year": str(paper.year) if paper.year else None,
        "month": str(int(paper.date[5:7])) if paper.date and len(paper.date) >= 7 else None,
        "doi": _bare(paper.doi),
        "eprint": paper.arxiv_id,
        "archiveprefix": "arXiv" if paper.arxiv_id else None,
        "url": _bare(paper.url),
        "keywords": _text(", ".join(paper.keywords)) if paper.keywords else None,
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return f"@{kind}{{{paper.key},\n" + "\n".join(lines) + "\n}\n"


def _author(author: Author) -> str:
    if author.name or not author.family:
        return f"{{{_text(author.name or author.given or '')}}}"
    family = " ".join(part for part in (author.particle, author.family) if part)
    family = f"{{{_text(family)}}}" if " and " in family else _text(family)
    parts = [family, author.suffix and _text(author.suffix), author.given and _text(author.given)]
    return ", ".join(part for part in parts if part)


def _title(title: str) -> str:
    """Words with capitals in braces, so that no style turns them small; a name in small letters too."""
    if not _is_balanced(title):
        title = title.replace("{", "").replace("}", "")
    return " ".join(f"{{{_text(word)}}}" if _keeps_case(word) else _text(word) for word in title.split())


def _keeps_case(word: str) -> bool:
    return bool(re.search(r"[^\W\d_a-z]|\w\.\w", word))


def _text(text: str) -> str:
    text = printable(text, "")
    if not _is_balanced(text):  # half a pair of braces would take the next field with it
        text = text.replace("{", "").replace("}", "")
    return "".join(_ESCAPES.get(char, char) for char in text)


def _is_balanced(text: str) -> bool:
    depth = 0
    for char in text:
        depth += (char == "{") - (char == "}")
        if depth < 0:
            return False
    return depth == 0


def _bare(value: str | None) -> str | None:
    """An id or link, without what would end the field."""
    return re.sub(r"[{}\\\s]", "", printable(value, "")) or None if value else None
