"""What reference managers and databases say alike: numbers, ids, links and keywords out of their fields."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from agent.sources.build import arxiv_of_doi, doi_of_link, parse_arxiv_id, parse_doi
from agent.sources.ids import parse_id

_BARE_DOI = re.compile(r"\s*(?:doi:?\s*|https?://(?:dx\.)?doi\.org/)?10\.\d{4,9}/\S+\s*", re.I)
_ARXIV_MARK = re.compile(r"(?:\barxiv:\s*|arxiv\.org/(?:abs|pdf)/)(\S+)", re.I)
_LINK_START = re.compile(r"[\s;]+(?=https?://|ftp://|www\.)", re.I)
_WEB = re.compile(r"(?:https?|ftp)://|www\.", re.I)
_PMID_LINK = re.compile(r"(?:pubmed\.ncbi\.nlm\.nih\.gov/|ncbi\.nlm\.nih\.gov/pubmed/)(\d{1,8})(?!\d)")
_PMC_LINK = re.compile(r"(?:/pmc/articles/|pmc\.ncbi\.nlm\.nih\.gov/articles/)(PMC\d+)", re.I)
_NOTED_ID = re.compile(r"(pmid|pmcid):\s*\S+", re.I)
# Ids that show what they are, and databases whose numbers are plain.
_SURE = ("pmcid", "wos", "eid")
_DATABASES = {"pubmed": "pmid", "medline": "pmid", "embase": "embase", "ieee": "ieee"}
_EID = re.compile(r"2-s2\.0-\d+")


class Values:
    """A record's values by tag. What is taken is gone; `left` gives what nobody took, so that nothing is lost."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self._values: dict[str, list[str]] = {}
        for tag, value in pairs:
            if value:
                self._values.setdefault(tag, []).append(value)

    def peek(self, *tags: str) -> list[str]:
        """All values of these tags, which stay."""
        return [value for tag in tags for value in self._values.get(tag, ())]

    def take(self, *tags: str) -> list[str]:
        """All values of these tags, in the order of the tags."""
        return [value for tag in tags for value in self._values.pop(tag, ())]

    def first(self, *tags: str) -> str | None:
        """The first value, on one line; another one of the same stays where it is."""
        found: str | None = None
        for tag in tags:
            others = []
            for value in self._values.pop(tag, ()):
                line = " ".join(value.split())
                found = found or line
                if line != found:
                    others.append(value)
            if others:
                self._values[tag] = others
        return found

    def order(self, *tags: str) -> list[str]:
        """Those of the tags that have values, in the record's order."""
        return [tag for tag in self._values if tag in tags]

    def put(self, tag: str, value: str | None) -> None:
        """Add a value that another field is the better place for."""
        if value:
            self._values.setdefault(tag, []).append(value)

    def left(self, names: Mapping[str, str]) -> dict[str, str]:
        """What is left as fields, under the names of a table or else under the own tags."""
        lines: dict[str, list[str]] = {}
        for tag, values in self._values.items():
            lines.setdefault(names.get(tag, tag), []).extend(" ".join(value.split()) for value in values)
        return {name: "; ".join(dict.fromkeys(found)) for name, found in lines.items() if any(found)}


def read_pages(first: str | None, last: str | None) -> str | None:
    """Pages from the first and the last, either of which may be a whole range."""
    if not first or not last or first == last:
        return first or last
    return first if re.search(r"[-–]", first) else f"{first}-{last}"


def serial_number(value: str) -> str | None:
    """Whether a number is an `ISSN` or an `ISBN`, by its digits."""
    digits = len(re.sub(r"[^0-9Xx]", "", re.sub(r"\([^()]*\)|[A-WYZa-wyz]+", "", value)))
    return "ISSN" if digits in (8, 16) else "ISBN" if digits in (10, 13, 20, 23, 26) else None


def put_serial_numbers(values: Values, *tags: str) -> None:
    """Name the numbers of these tags; one that is neither stays under its tag."""
    for tag in tags:
        for value in values.take(tag):
            values.put(serial_number(value) or tag, value)


def take_doi(
    values: Values, stated: Iterable[str], perhaps: Iterable[str], links: Iterable[str]
) -> str | None:
    """The DOI: in a field that is for it, in one that holds nothing else, or in a link to doi.org.

    A field for the DOI that holds none is kept as `DOI`.
    """
    doi: str | None = None
    for value in values.take(*stated):
        found = parse_doi(value)
        doi = doi or found
        values.put("DOI", value if found is None or found != doi else None)
    for tag in perhaps:
        for value in values.take(tag):
            found = parse_doi(value) if _BARE_DOI.fullmatch(value) else None
            doi = doi or found
            values.put(tag, value if found is None or found != doi else None)
    return doi or next((found for link in links if (found := doi_of_link(link))), None)


def arxiv_of(doi: str | None, texts: Iterable[str]) -> tuple[str | None, str | None, str | None]:
    """DOI, arXiv id and version: an id inside an arXiv DOI, or one that a text names as arXiv's."""
    inside = arxiv_of_doi(doi) if doi else None
    found = parse_arxiv_id(inside) if inside else None
    for text in texts:
        mark = _ARXIV_MARK.search(text)
        found = found or (parse_arxiv_id(mark[1]) if mark else None)
    arxiv_id, version = found or (None, None)
    return (None if inside and arxiv_id else doi), arxiv_id, version


def database_ids(databases: Iterable[str], numbers: Iterable[str], texts: Iterable[str]) -> dict[str, str]:
    """Ids that the numbers of a database are, going by its name and their look, and those in links and notes."""
    database = " ".join(databases).lower()
    schemes = [*_SURE, *(scheme for name, scheme in _DATABASES.items() if name in database)]
    ids: dict[str, str] = {}
    for number in numbers:
        noted = _NOTED_ID.fullmatch(number.strip())
        for scheme in (noted[1].lower(),) if noted else schemes:
            if found := parse_id(scheme, number):
                ids.setdefault(scheme, found)
                break
    for text in texts:
        for scheme, found in _told(text):
            ids.setdefault(scheme, found)
    return ids


def _told(text: str) -> Iterator[tuple[str, str]]:
    for line in text.split("\n"):
        if noted := _NOTED_ID.fullmatch(line.strip()):
            scheme = noted[1].lower()
            if found := parse_id(scheme, line):
                yield scheme, found
        elif link := _PMID_LINK.search(line):
            yield "pmid", link[1]
        elif link := _PMC_LINK.search(line):
            yield "pmcid", link[1].upper()
        elif "scopus.com/" in line and (link := _EID.search(line)):
            yield "eid", link[0]


def split_links(values: Iterable[str]) -> list[str]:
    """The links of fields that may hold several."""
    links = (" ".join(link.split()).strip("; ") for value in values for link in _LINK_START.split(value))
    return list(dict.fromkeys(link for link in links if link))


def is_web(link: str) -> bool:
    return bool(_WEB.match(link))


def split_keywords(values: list[str]) -> tuple[str, ...]:
    """Keywords, one a field or a line, or several between semicolons; commas part only a lone long line."""
    words = [word for value in values for word in re.split(r"[;\n]", value)]
    if len(words) == 1 and words[0].count(",") > 1:
        words = words[0].split(",")
    plain = (" ".join(word.split()) for word in words)
    return tuple(dict.fromkeys(word for word in plain if word))
