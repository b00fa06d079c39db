"""What the columns of tables are called: Scopus, Web of Science, PubMed, IEEE Xplore, Embase, Zotero, ASReview."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from agent.sources.formats.table_rows import SEPARATORS, WHOLE_LINE, Row, read_rows

# Field of a paper: names of its column, the better first. Capitals, signs between words and a plural -s are one.
ROLES: dict[str, tuple[str, ...]] = {
    "title": ("title", "article title", "document title", "paper title", "primary title", "title of paper", "display name"),
    "abstract": ("abstract", "abstract note", "abstract text", "summary"),
    "authors": ("author full names", "full author names", "authors", "author names", "author", "authors list", "creators"),
    "group": ("group authors",),
    "year": ("publication year", "year", "pub year", "published year", "year of publication", "year published"),
    "date": ("date", "publication date", "date of publication", "date published", "published", "cover date"),
    "venue": ("source title", "journal/book", "publication title", "publication name", "journal", "journal title",
              "journal name", "venue", "container title", "book title", "publication", "proceedings title", "secondary title"),
    "type": ("item type", "document type", "publication type", "type", "reference type", "work type",
             "document identifier"),
    "doi": ("doi", "digital object identifier"),
    "arxiv_id": ("arxiv id", "arxiv"),
    "url": ("url", "link", "full text link", "article url", "pdf link", "doi link"),
    "links": ("link attachments",),
    "keywords": ("author keywords", "keywords", "manual tags", "tags", "index keywords", "keywords plus", "ieee terms",
                 "mesh terms", "automatic tags"),
    "notes": ("notes", "comments"),
    "extra": ("extra",),
    "key": ("citation key", "cite key", "bibtex key", "key"),
    "files": ("file attachments", "files", "pdf", "pdf file", "file path"),
    "version": ("version",),
    "retracted": ("is retracted", "retracted"),
    "page_start": ("page start", "start page", "first page", "beginning page"),
    "page_end": ("page end", "end page", "last page", "ending page"),
    "ids.pmid": ("pmid", "pubmed id", "medline pmid"),
    "ids.pmcid": ("pmcid", "pmc id"),
    "ids.openalex": ("openalex id", "openalex"),
    "ids.corpusid": ("corpus id", "s2 corpus id"),
    "ids.s2": ("s2 id", "s2 paper id", "semantic scholar id"),
    "ids.eid": ("eid", "scopus eid"),
    "ids.wos": ("ut (unique wos id)", "ut (unique id)", "wos id"),
    "ids.embase": ("embase accession id", "embase id"),
    "ids.dblp": ("dblp key", "dblp"),
    "ids.mag": ("mag id", "mag"),
}  # fmt: skip
# What CSL has a name for beyond those.
CSL_FIELDS: dict[str, tuple[str, ...]] = {
    "volume": ("volume", "vol"),
    "issue": ("issue", "issue number"),
    "page": ("pages", "page range"),
    "publisher": ("publisher",),
    "publisher-place": ("publisher place", "publisher city", "place"),
    "ISSN": ("issn",),
    "ISBN": ("isbn",),
    "edition": ("edition",),
    "editor": ("editors", "book editors"),
    "collection-title": ("series", "book series title"),
    "collection-number": ("series number",),
    "language": ("language", "language of original document"),
    "number": ("number",),
    "number-of-pages": ("num pages", "number of pages", "page count"),
    "container-title-short": ("abbreviated source title", "journal abbreviation", "journal iso abbreviation"),
    "title-short": ("short title",),
    "event-title": ("conference name", "conference title"),
    "event-date": ("conference date",),
    "event-place": ("conference location",),
    "source": ("source", "library catalog"),
    "call-number": ("call number",),
    "archive": ("archive",),
    "archive_location": ("archive location",),
    "accessed": ("access date",),
    "translator": ("translator",),
}
# The tags of Web of Science, by the names its other exports give these columns.
WOS_TAGS = {
    "TI": "Article Title", "AU": "Authors", "AF": "Author Full Names", "CA": "Group Authors", "PY": "Publication Year",
    "PD": "Publication Date", "SO": "Source Title", "DT": "Document Type", "PT": "Publication Type", "DI": "DOI",
    "AB": "Abstract", "DE": "Author Keywords", "ID": "Keywords Plus", "UT": "UT (Unique WOS ID)", "PM": "Pubmed Id",
    "BP": "Start Page", "EP": "End Page", "PG": "Number of Pages", "VL": "Volume", "IS": "Issue", "PU": "Publisher",
    "PI": "Publisher City", "SN": "ISSN", "BN": "ISBN", "BE": "Book Editors", "SE": "Book Series Title",
    "LA": "Language", "JI": "Journal ISO Abbreviation", "CT": "Conference Title", "CY": "Conference Date",
    "CL": "Conference Location", "DL": "DOI Link",
}  # fmt: skip

MOST_LINES_ABOVE = 30  # of a header: titles, remarks, the date of the search
_HEAD = 200_000
_LONGEST_NAME = 60


@dataclass(frozen=True)
class Header:
    """The row that names the columns: what each field's columns are, in order of preference, and how names are written.

    `name_style`: "initials" (`Smith JA`), "inverted" (`Smith, Jane`) or "free".
    """

    row: Row
    separator: str
    roles: dict[str, tuple[int, ...]]
    fields: tuple[str, ...]
    name_style: str
    is_zotero: bool
    above: tuple[Row, ...]

    @property
    def width(self) -> int:
        return len(self.row.cells)

    @property
    def known(self) -> int:
        """How many columns are known by name."""
        own = {name for names in (ROLES, CSL_FIELDS) for name in names}
        return len({index for found in self.roles.values() for index in found}) + len(own & set(self.fields))


def find_header(text: str, separators: tuple[str, ...] = SEPARATORS) -> Header:
    """The likeliest header within the first lines of a text, and with it the separator.

    The first row that has a title's column and most known names; where there is none, the row of most names.
    """
    found = (header for separator in separators for header in _candidates(text[:_HEAD], separator))
    return max(found, key=_rank, default=read_header(Row(1, ("",)), WHOLE_LINE))


def _rank(header: Header) -> tuple[bool, int, bool, bool, int, int]:
    is_single = header.width == 1
    # a lone column is read as whole lines, for commas in titles separate nothing
    is_whole = is_single and header.separator == WHOLE_LINE
    return "title" in header.roles, header.known, not is_single, is_whole, -header.row.line, header.width


def _candidates(text: str, separator: str) -> Iterator[Header]:
    above: tuple[Row, ...] = ()
    for row in read_rows(text, separator):
        if row.is_blank:
            continue
        yield read_header(row, separator, above)
        above = (*above, row)
        if len(above) > MOST_LINES_ABOVE:
            return


def read_header(row: Row, separator: str, above: tuple[Row, ...] = ()) -> Header:
    """A row understood as the names of columns."""
    names = tuple(" ".join(cell.replace("\ufeff", "").split()) for cell in row.cells)
    tagged = {"TI", "AU", "SO", "PY", "UT", "PT"} & set(names)
    full = [WOS_TAGS.get(name, name) if len(tagged) > 1 and "TI" in tagged else name for name in names]
    plain = [plain_name(name) for name in full]
    is_zotero = "itemtype" in plain
    roles: dict[str, tuple[int, ...]] = {}
    for role, known in _plain_roles().items():
        columns = tuple(index for name in known for index, own in enumerate(plain) if own == name)
        if columns and not (role == "key" and is_zotero):  # Zotero's "Key" is a number of its own
            roles[role] = columns
    return Header(
        row, separator, roles, _field_names(names, plain), _name_style(plain, is_zotero), is_zotero, above
    )


@cache
def _plain_roles() -> dict[str, tuple[str, ...]]:
    return {role: tuple(dict.fromkeys(map(plain_name, names))) for role, names in ROLES.items()}


@cache
def _plain_fields() -> dict[str, str]:
    return {plain_name(name): csl for csl, names in CSL_FIELDS.items() for name in names}


@lru_cache(maxsize=2048)
def plain_name(name: str) -> str:
    """A column's name without capitals, signs and plural -s: `Author(s) ID` and `author_ids` are one."""
    words = re.findall(r"[^\W_]+", name[:_LONGEST_NAME].casefold())
    return "".join(word.removesuffix("s") if len(word) > 2 or word == "s" else word for word in words)


def _field_names(names: tuple[str, ...], plain: list[str]) -> tuple[str, ...]:
    """Under which name each column's text is kept where no field takes it; no name twice."""
    out: list[str] = []
    for index, (name, short) in enumerate(zip(names, plain, strict=True), start=1):
        wanted = _plain_fields().get(short, name) or f"column {index}"
        own = (
            wanted
            if wanted not in out
            else name
            if name and name not in out
            else f"{wanted} (column {index})"
        )
        out.append(own)
    return tuple(out)


def _name_style(plain: list[str], is_zotero: bool) -> str:
    columns = set(plain)
    if is_zotero or "utuniquewoid" in columns or {"articletitle", "sourcetitle"} <= columns:
        return "inverted"
    if columns & {"journalbook", "embaseaccessionid"} or {"eid", "sourcetitle"} <= columns:
        return "initials"
    return "free"
