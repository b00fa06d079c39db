"""BibTeX and BibLaTeX: every entry a paper or a rejection, everything else named."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from agent.records import Noted, Paper, Rejected
from agent.sources.build import doi_of_link, make_paper, parse_arxiv_id, parse_doi, told_apart
from agent.sources.dates import MONTHS, YEARS
from agent.sources.formats.bibtex_names import parse_names
from agent.sources.formats.bibtex_scan import Entry, Loose, Piece, scan
from agent.sources.vocabulary import BIBTEX_FIELDS, BIBTEX_TYPES, ID_SCHEMES, bibtex_type_of
from agent.text.tex import detex

MONTH_MACROS = tuple(name for name in MONTHS if len(name) == 3)
VENUES = ("journal", "journaltitle", "booktitle", "school", "institution", "organization", "howpublished")
READ = frozenset({
    "title", "subtitle", "author", "abstract", "year", "month", "day", "date", "doi", "url", "eprint", "archiveprefix",
    "eprinttype", "primaryclass", "keywords", "keyword", "note", "file", "crossref", "xdata", "version", "retracted",
    "untitled", *ID_SCHEMES,
})  # fmt: skip
INHERITED_TITLES = {"title": "booktitle", "subtitle": "booksubtitle"}
NOT_INHERITED = frozenset({"title", "subtitle", "author", "abstract", "keywords", "file", "doi", "url", "note", "crossref",
                           "eprint", "archiveprefix", "eprinttype", "shorttitle", "pmid", "pages"})  # fmt: skip
_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?(?![\d~?])")
_ARXIV_VENUE = re.compile(r"\barxiv\s*(?:preprint)?\s*(?:arxiv)?:?\s*([a-z-]*/?\d[\w./]+)", re.I)


def read(text: str) -> Iterator[Paper | Rejected | Noted]:
    """Every entry in order; entries that others refer to by `crossref` give them their fields."""
    macros: dict[str, str] = {name: name for name in MONTH_MACROS}
    found = list(scan(text))
    for item in found:
        if isinstance(item, Entry) and item.type == "string":
            macros |= {name: _joined(value, macros) for name, value in item.fields.items()}
    parents = {item.key.lower(): item for item in found if isinstance(item, Entry) and item.key}
    for item in found:
        if isinstance(item, Loose):
            yield _noted(item)
        elif item.type != "string":
            yield from _read_entry(item, parents, macros)


def _noted(loose: Loose) -> Noted:
    said = " ".join(loose.text.split())
    shown = said if len(said) <= 80 else said[:79].rstrip() + "…"
    name = f"@{loose.kind}" if loose.kind != "free text" else "text between entries"
    return Noted(position=f"line {loose.line}", message=f"{name}, no record: {shown}")


def _read_entry(
    entry: Entry, parents: Mapping[str, Entry], macros: Mapping[str, str]
) -> Iterator[Paper | Rejected | Noted]:
    position = f"line {entry.line}"
    strange: set[str] = set()
    raw = {name: _joined(value, macros, strange) for name, value in _with_inherited(entry, parents).items()}
    for problem in entry.problems:
        yield Noted(position=position, message=f"{entry.key or 'an entry without a key'}: {problem}")
    for macro in sorted(strange):
        yield Noted(
            position=position,
            message=f"{entry.key}: the macro '{macro}' is not defined; kept as it is written",
        )
    for name, value in entry.doubled:
        if _joined(value, macros) != raw.get(name):
            yield Noted(
                position=position,
                message=f"{entry.key}: a second '{name}' was left out: {_joined(value, macros)[:80]}",
            )
    title = detex(raw.get("title", ""))
    if not title:
        yield Rejected(position=position, reason=f"no title in @{entry.type}", title=entry.key[:120])
        return
    yield _paper(entry, raw, position)


def _with_inherited(entry: Entry, parents: Mapping[str, Entry]) -> dict[str, list[Piece]]:
    """An entry's own fields, and what its `crossref` gives for those it lacks."""
    fields = dict(entry.fields)
    seen = {entry.key.lower()}
    child = entry
    while (named := child.fields.get("crossref")) is not None:
        key = "".join(piece.text for piece in named).strip().lower()
        parent = parents.get(key)
        if parent is None or key in seen:
            return fields
        seen.add(key)
        for name, value in parent.fields.items():
            own = INHERITED_TITLES.get(name, name)
            if own not in fields and (name in INHERITED_TITLES or name not in NOT_INHERITED):
                fields[own] = value
        child = parent
    return fields


def _joined(value: list[Piece], macros: Mapping[str, str], strange: set[str] | None = None) -> str:
    said = []
    for piece in value:
        known = macros.get(piece.text.lower()) if piece.is_bare else None
        if piece.is_bare and known is None and not piece.text.isdigit() and strange is not None:
            strange.add(piece.text)
        said.append(piece.text if known is None else known)
    return "".join(said).strip()


def _paper(entry: Entry, raw: dict[str, str], position: str) -> Paper:
    title = raw["title"] + (f": {raw['subtitle']}" if raw.get("subtitle") else "")
    authors, has_others = parse_names(raw.get("author", ""))
    year, date = _year_and_date(raw)
    doi, arxiv, version = _ids(raw)
    venue = next((detex(raw[name]) for name in VENUES if raw.get(name) and detex(raw[name])), None)
    shown = detex(title)
    paper = make_paper(
        shown,
        detex(raw["abstract"]) if raw.get("abstract") else None,
        position,
        key=entry.key,
        authors=authors,
        year=year,
        date=date,
        type=BIBTEX_TYPES.get(entry.type, None if entry.type == "misc" else entry.type),
        venue=venue,
        doi=doi,
        arxiv_id=arxiv,
        version=version or _plain(raw.get("version")),
        url=_plain(raw.get("url")),
        keywords=_keywords(raw.get("keywords") or raw.get("keyword") or ""),
        notes=detex(raw["note"]) if raw.get("note") else None,
        files=_files(raw.get("file", "")),
        ids={scheme: said for scheme in ID_SCHEMES if (said := _plain(raw.get(scheme)))},
        retracted=True if raw.get("retracted", "").lower() == "true" else None,
        is_untitled=raw.get("untitled", "").lower() == "true",
        fields=_rest(entry, raw, year, doi or arxiv, has_others=has_others),
    )
    originals = {"title_original": title}
    if raw.get("abstract"):
        originals["abstract_original"] = raw["abstract"]
    return paper.model_copy(update=originals)


def _year_and_date(raw: Mapping[str, str]) -> tuple[int | None, str | None]:
    stated = detex(raw.get("date", "")) or detex(raw.get("year", ""))
    found = _DATE.match(stated)
    if found is None or int(found.group(1)) not in YEARS:
        return None, None
    year = int(found.group(1))
    month = found.group(2) or _month(raw.get("month", ""))
    day = found.group(3) or (raw.get("day", "").zfill(2) if raw.get("day", "").isdigit() else None)
    if not month:
        return year, None
    return year, "-".join(part for part in (str(year), month, day if month else None) if part)


def _month(said: str) -> str | None:
    plain = detex(said).strip().lower()
    if plain.isdigit() and 1 <= int(plain) <= 12:
        return plain.zfill(2)
    found = re.search(r"[a-z]{3}", plain)
    return f"{MONTHS[found.group()]:02d}" if found and found.group() in MONTHS else None


def _ids(raw: Mapping[str, str]) -> tuple[str | None, str | None, str | None]:
    doi = parse_doi(_plain(raw.get("doi")) or "")
    link = _plain(raw.get("url")) or ""
    doi = doi or doi_of_link(link)
    arxiv = None
    archive = (raw.get("archiveprefix") or raw.get("eprinttype") or "").strip().lower()
    eprint = _plain(raw.get("eprint")) or ""
    if eprint and (archive == "arxiv" or (not archive and parse_arxiv_id(eprint))):
        arxiv = parse_arxiv_id(eprint)
    doi, arxiv = told_apart(doi, arxiv)
    if arxiv is None and "arxiv.org/" in link:
        arxiv = parse_arxiv_id(link)
    if arxiv is None and (
        named := _ARXIV_VENUE.search(raw.get("journal", "") or raw.get("howpublished", ""))
    ):
        arxiv = parse_arxiv_id(named.group(1))
    return doi, arxiv[0] if arxiv else None, arxiv[1] if arxiv else None


def _plain(value: str | None) -> str | None:
    r"""An id or a link: braces and the backslashes of `\_` and `\%` off, `\url{}` opened."""
    if not value:
        return None
    bare = re.sub(r"\\(?:url|path|href)\b|[{}]", "", value)
    return re.sub(r"\\([_%&#~$])", r"\1", bare).strip() or None


def _keywords(raw: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for part in re.split(r"[;,\n]", raw) if (word := detex(part))))


def _files(raw: str) -> tuple[str, ...]:
    r"""Paths out of `description:path:type;...`, as JabRef, Zotero and Mendeley write them; `\:` is a colon."""
    found = []
    for item in re.split(r"(?<!\\);", raw):
        parts = [part.replace("\\:", ":").replace("\\;", ";").strip() for part in re.split(r"(?<!\\):", item)]
        if len(parts) >= 3 and re.fullmatch(r"[\w.+/-]*", parts[-1]):
            drive = len(parts) > 3 and len(parts[-3]) == 1 and parts[-2].startswith(("/", "\\"))
            path = f"{parts[-3]}:{parts[-2]}" if drive else parts[-2]
        else:
            path = item.replace("\\:", ":").strip()
        path = path.replace("$\\backslash$", "\\").replace("{", "").replace("}", "")
        if path:
            found.append(path)
    return tuple(dict.fromkeys(found))


def _rest(
    entry: Entry, raw: Mapping[str, str], year: int | None, known: str | None, *, has_others: bool
) -> dict[str, str]:
    """Everything else that stands in the entry, by CSL names where there are any."""
    rest: dict[str, str] = {}
    used = next((name for name in VENUES if raw.get(name) and detex(raw[name])), None)
    for name, value in raw.items():
        if name in READ or name == used or not value:
            continue
        said = _plain(value) if name in ("issn", "isbn", "lccn") else detex(value)
        if said:
            rest[BIBTEX_FIELDS.get(name, name)] = said
    if year is None and (said := detex(raw.get("date", "") or raw.get("year", ""))):
        rest["year"] = said
    if not known and raw.get("doi"):
        rest["doi"] = detex(raw["doi"])
    if raw.get("eprint") and not known:
        rest["eprint"] = _plain(raw["eprint"]) or ""
        if archive := raw.get("archiveprefix") or raw.get("eprinttype"):
            rest["eprinttype"] = detex(archive)
    if raw.get("primaryclass"):
        rest["primaryclass"] = detex(raw["primaryclass"])
    if "\\" in raw.get("author", "") and "author-original" not in raw:
        rest["author-original"] = " ".join(raw["author"].split())
    if has_others:
        rest["others"] = "and others"
    if bibtex_type_of(BIBTEX_TYPES.get(entry.type)) != entry.type and entry.type in BIBTEX_TYPES:
        rest["entrytype"] = entry.type
    return rest
