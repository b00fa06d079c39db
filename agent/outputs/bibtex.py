"""BibTeX that BibTeX, BibLaTeX and pandoc read alike: UTF-8, capitals kept, nothing invented."""

from __future__ import annotations

import re
from collections.abc import Iterable

from agent.outputs.references import short_title
from agent.records import Author, Paper
from agent.sources.vocabulary import BIBTEX_FIELDS, BIBTEX_TYPES, bibtex_type_of
from agent.text.printable import printable

# How services and other programs call what CSL has a word for.
OTHER_NAMES = {"journal-article": "article", "conference-paper": "inproceedings", "proceedings-article": "inproceedings",
               "book-chapter": "incollection", "preprint": "misc", "article": "misc", "posted-content": "misc"}  # fmt: skip
VENUES = {"article": "journal", "inproceedings": "booktitle", "conference": "booktitle", "incollection": "booktitle",
          "inbook": "booktitle", "techreport": "institution", "report": "institution", "phdthesis": "school",
          "mastersthesis": "school", "thesis": "school"}  # fmt: skip
# What a reference wants of the further fields, by CSL's names.
PRINTED = ("volume", "issue", "page", "publisher", "publisher-place", "edition", "collection-title", "editor")
NAMES = {csl: name for name, csl in reversed(BIBTEX_FIELDS.items())}
_ESCAPES = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip
_FIELD = re.compile(r"[a-z][a-z0-9-]*")


def bibtex(papers: Iterable[Paper], *, whole: bool = False) -> str:
    """One entry a paper, in order of key; a paper's field that is unknown has no line.

    Args:
        whole: abstracts, notes, files and everything else that the sources said too, so that nothing is lost
            between two programs; else what a reference list wants.
    """
    entries = [_entry(paper, whole=whole) for paper in sorted(papers, key=lambda paper: paper.key.lower())]
    return "\n".join(entries)


def bibtex_whole(papers: Iterable[Paper]) -> str:
    """`bibtex` with everything."""
    return bibtex(papers, whole=True)


def _entry(paper: Paper, *, whole: bool) -> str:
    kind = _type(paper)
    reference = _reference(paper, kind, "howpublished" if whole else "publisher")
    if not whole:
        reference["shorttitle"] = _short_title(paper.title)
    fields = {**reference, **(_rest(paper, reference) if whole else {})}
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return f"@{kind}{{{paper.key},\n" + "\n".join(lines) + "\n}\n"


def _type(paper: Paper) -> str:
    stated = (paper.type or "").lower()
    own = paper.fields.get("entrytype", "")
    if BIBTEX_TYPES.get(own) == paper.type and own:
        return own
    if stated in BIBTEX_TYPES.values():
        return bibtex_type_of(stated)
    if stated in BIBTEX_TYPES and (stated != "article" or (paper.venue and not paper.arxiv_id)):
        return stated
    return OTHER_NAMES.get(stated) or (stated if stated.isascii() and stated.isalpha() else "misc")


def _reference(paper: Paper, kind: str, of_books: str) -> dict[str, str | None]:
    """What a reference list wants of a paper; the venue of a book is written as `of_books`."""
    authors = [_author(author) for author in paper.authors]
    others = ["others"] if authors and "others" in paper.fields else []
    version = paper.version if paper.version and re.fullmatch(r"v\d+", paper.version) else ""
    return {
        "author": " and ".join([*authors, *others]) or None,
        "title": _title(paper.title),
        of_books if kind == "book" else VENUES.get(kind, "howpublished"): _text(paper.venue)
        if paper.venue
        else None,
        "year": str(paper.year) if paper.year else None,
        "month": str(int(paper.date[5:7])) if paper.date and len(paper.date) >= 7 else None,
        **{NAMES.get(csl, csl): _text(paper.fields[csl]) for csl in PRINTED if paper.fields.get(csl)},
        "doi": _bare(paper.doi),
        "eprint": paper.arxiv_id and paper.arxiv_id + version,
        "archiveprefix": "arXiv" if paper.arxiv_id else None,
        "url": _bare(paper.url),
        "keywords": _text(", ".join(paper.keywords)) if paper.keywords else None,
        "retracted": "true" if paper.retracted else None,
    }


def _rest(paper: Paper, reference: dict[str, str | None]) -> dict[str, str | None]:
    """Everything else that is known of a paper."""
    stated = {
        "day": str(int(paper.date[8:10])) if paper.date and len(paper.date) >= 10 else None,
        "abstract": _text(paper.texts.abstract) if paper.texts.abstract else None,
        "note": _text(paper.notes) if paper.notes else None,
        "file": ";".join(":" + _path(path) + ":" for path in paper.files) or None,
        "version": None if paper.arxiv_id or not paper.version else _text(paper.version),
        "untitled": "true" if paper.is_untitled else None,
        **{scheme: _bare(value) for scheme, value in sorted(paper.ids.items()) if _FIELD.fullmatch(scheme)},
    }
    taken = {*stated, *(name for name, value in reference.items() if value)}
    for csl, value in sorted(paper.fields.items()):
        name = NAMES.get(csl) or re.sub(r"[^a-z0-9]+", "-", csl.lower()).strip("-")
        if name not in taken and _FIELD.fullmatch(name) and csl not in ("entrytype", "others"):
            stated[name] = _text(value)
    return stated


def _author(author: Author) -> str:
    if author.name or not author.family:
        return f"{{{_text(author.name or author.given or '')}}}"
    parts = [_family(author), author.suffix and _text(author.suffix), author.given and _text(author.given)]
    if len(parts) == 3 and parts[1] and not parts[2]:
        parts[2] = "{}"  # a second part alone would be the given name
    elif not parts[2]:
        parts = [f"{parts[0]},"]  # a family name without a given one is no organisation
    return ", ".join(part for part in parts if part)


def _family(author: Author) -> str:
    family = _text(author.family or "")
    opens_low = bool(author.family) and (author.family or "")[0].islower()
    if opens_low or re.search(r",|\sand\s", family):
        family = f"{{{family}}}"  # else its first word is taken for a particle, or it falls in two
    return f"{_text(author.particle)} {family}" if author.particle else family


def _short_title(title: str) -> str | None:
    short = short_title(title)
    return _title(short) if short != title else None


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


def _path(path: str) -> str:
    return re.sub(r"([:;\\])", r"\\\1", printable(path, "").replace("{", "").replace("}", ""))


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
