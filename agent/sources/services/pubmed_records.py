"""One record of PubMed's XML as a paper (https://dtd.nlm.nih.gov/ncbi/pubmed/)."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from agent.records import Author, Paper, Rejected
from agent.sources.build import make_paper, parse_author, says_retracted
from agent.sources.dates import parse_date
from agent.sources.ids import parse_id
from agent.sources.markup import element_text
from agent.sources.services.answers import beside_authors, joined, paper_ids, stated
from agent.sources.services.common import broken
from agent.sources.vocabulary import PUBMED_TYPES
from agent.text.clean import clean

LABEL = "PubMed"
_RETRACTION = "RetractionIn"  # of this work; RetractionOf names the work that a notice is about


def pmid_of(record: Element) -> str:
    """The number of a PubmedArticle or PubmedBookArticle; SourceError where it has none."""
    pmid = _said(record, "MedlineCitation/PMID") or _said(record, "BookDocument/PMID")
    if not pmid:
        raise broken(LABEL, f"the answer has no field 'PMID' in a {record.tag}")
    return pmid


def read_record(record: Element, number: int) -> Paper | Rejected:
    """The paper that a PubmedArticle or PubmedBookArticle tells of."""
    position, pmid = f"record {number}", pmid_of(record)
    is_book = record.tag == "PubmedBookArticle"
    citation = _needed(record, "BookDocument" if is_book else "MedlineCitation", pmid)
    article = citation if is_book else _needed(citation, "Article", pmid)
    title = _title(article)
    if not clean(title):
        return Rejected(position=position, reason="no title", title=f"PMID {pmid}")
    kinds = [text for kind in article.iter("PublicationType") if (text := element_text(kind))]
    people = [(_author(person), person) for person in _people(article)]
    ids, doi = _ids(record, article, pmid)
    dated = article.find("Book/PubDate" if is_book else "Journal/JournalIssue/PubDate")
    when, said_date = _date(dated), _date_text(dated)
    return make_paper(
        title,
        _abstract(article),
        position,
        authors=tuple(author for author, _ in people if author),
        year=when[0],
        date=when[1],
        type=_type(kinds, is_book, article),
        venue=_said(article, "Book/BookTitle" if is_book else "Journal/Title"),
        url=f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/",
        keywords=_keywords(citation),
        ids=ids,
        retracted=_is_retracted(citation, kinds, title),
        fields={
            **_fields(citation, article, kinds),
            **_of_authors(people),
            **stated({"pubdate": said_date if not when[2] else None}),
        },
        **paper_ids(doi),
    )


def _said(element: Element, path: str) -> str | None:
    return element_text(element.find(path)) or None


def _needed(element: Element, name: str, pmid: str) -> Element:
    found = element.find(name)
    if found is None:
        raise broken(LABEL, f"the answer has no field '{name}' (PMID {pmid})")
    return found


def _title(article: Element) -> str:
    """The title without the full stop that PubMed puts behind every one."""
    title = _said(article, "ArticleTitle") or _said(article, "Book/BookTitle") or ""
    return title[:-1] if title.endswith(".") and not title.endswith("..") else title


def _abstract(article: Element) -> str | None:
    parts = [_labelled(part) for part in article.findall("Abstract/AbstractText")]
    return "\n".join(part for part in parts if part) or None


def _labelled(part: Element) -> str:
    text, label = element_text(part), (part.get("Label") or "").strip().rstrip(":")
    return f"{label}: {text}" if text and label and label.upper() != "UNLABELLED" else text


def _people(article: Element, kind: str = "authors") -> list[Element]:
    """Authors, or a book's editors, who stand in a list of the same name."""
    own = article.findall("AuthorList")
    lists = own if own and kind == "authors" else [*own, *article.findall("Book/AuthorList")]
    wanted = [people for people in lists if (people.get("Type") or "authors") == kind]
    return [
        person for people in wanted for person in people.findall("Author") if person.get("ValidYN") != "N"
    ]


def _author(person: Element) -> Author | None:
    if group := _said(person, "CollectiveName"):
        return Author(name=clean(group)) if clean(group) else None
    return parse_author(
        {
            "family": _said(person, "LastName"),
            "given": _said(person, "ForeName") or _said(person, "Initials"),
            "suffix": _said(person, "Suffix"),
        }
    )


def _of_authors(people: list[tuple[Author | None, Element]]) -> dict[str, str]:
    places = [(author, [text for item in person.findall("AffiliationInfo/Affiliation") if (text := element_text(item))])
              for author, person in people]  # fmt: skip
    orcids = [
        (author, [element_text(item).rstrip("/").rpartition("/")[2]])
        for author, person in people
        if (item := person.find("Identifier[@Source='ORCID']")) is not None
    ]
    return stated({"affiliations": beside_authors(places), "orcid": beside_authors(orcids)})


def _date_text(dated: Element | None) -> str | None:
    if dated is None:
        return None
    parts = [_said(dated, name) for name in ("Year", "Month", "Season", "Day")]
    return " ".join(part for part in parts if part) or _said(dated, "MedlineDate")


def _date(dated: Element | None) -> tuple[int | None, str | None, bool]:
    """Year and date of `2021 Mar 4`, `2021 03 04` or `2000 Nov-Dec`, and whether this is all that it says."""
    text = _date_text(dated) or ""
    if len(set(re.findall(r"[0-9]{4}", text))) > 1:
        return None, None, False
    found = parse_date("-".join(text.split()) if re.fullmatch(r"[0-9 ]+", text) else text)
    return found.year, (found.date if found.date != str(found.year) else None), found.is_whole


def _ids(record: Element, article: Element, pmid: str) -> tuple[dict[str, str], str | None]:
    """Ids of the work itself: its references have some of their own."""
    data = "PubmedBookData" if record.tag == "PubmedBookArticle" else "PubmedData"
    listed = [*record.findall(f"{data}/ArticleIdList/ArticleId"), *article.findall("ArticleIdList/ArticleId")]
    found = {item.get("IdType") or "": element_text(item) for item in reversed(listed)}
    place = next((item for item in article.findall("ELocationID") if item.get("EIdType") == "doi"), None)
    doi = found.get("doi") or (
        element_text(place) if place is not None and place.get("ValidYN") != "N" else None
    )
    return stated({"pmid": parse_id("pmid", pmid), "pmcid": parse_id("pmcid", found.get("pmc") or "")}), doi


def _type(kinds: list[str], is_book: bool, article: Element) -> str:
    if is_book:
        return "chapter" if article.find("ArticleTitle") is not None else "book"
    known = {kind.lower() for kind in kinds}
    return next((name for kind, name in PUBMED_TYPES.items() if kind in known), "article-journal")


def _keywords(citation: Element) -> tuple[str, ...]:
    """Headings with their qualifiers, as `Water/analysis`, and the authors' own words."""
    headings = [
        "/".join(text for part in heading if (text := element_text(part)))
        for heading in citation.findall("MeshHeadingList/MeshHeading")
    ]
    words = [element_text(word) for word in citation.findall("KeywordList/Keyword")]
    return tuple(dict.fromkeys(word for word in (*headings, *words) if word))


def _is_retracted(citation: Element, kinds: list[str], title: str) -> bool | None:
    """Of the work itself: its type says so, or a notice of retraction; the notice is not retracted."""
    if any(kind.lower().startswith(("retraction of", "retraction notice")) for kind in kinds):
        return None
    notices = citation.findall(f"CommentsCorrectionsList/CommentsCorrections[@RefType='{_RETRACTION}']")
    return True if notices else says_retracted(title, kinds)


def _fields(citation: Element, article: Element, kinds: list[str]) -> dict[str, str]:
    issue = "Journal/JournalIssue/"
    issns = [element_text(item) for item in article.findall("Journal/ISSN")]
    electronic = _date(article.find("ArticleDate"))[1]
    return stated(
        {
            "volume": _said(article, f"{issue}Volume"),
            "issue": _said(article, f"{issue}Issue"),
            "page": _said(article, "Pagination/MedlinePgn"),
            "ISSN": joined(issns),
            "container-title-short": _said(article, "Journal/ISOAbbreviation"),
            "publisher": _said(article, "Book/Publisher/PublisherName"),
            "publisher-place": _said(article, "Book/Publisher/PublisherLocation")
            or _said(citation, "MedlineJournalInfo/Country"),
            "language": joined(element_text(item) for item in article.findall("Language")),
            "original-title": _said(article, "VernacularTitle"),
            "genre": joined(kind for kind in kinds if kind != "Journal Article"),
            "published-online": electronic,
            "article-number": joined(
                element_text(item) for item in article.findall("ELocationID") if item.get("EIdType") == "pii"
            ),
            "editor": joined(
                editor.display for person in _people(article, "editors") if (editor := _author(person))
            ),
            "copyright": _said(article, "Abstract/CopyrightInformation"),
            **_corrections(citation),
        }
    )


def _corrections(citation: Element) -> dict[str, str | None]:
    """Errata, retractions and comments, by the name of what they are: `ErratumIn: Wells Q. 2021;3:1 (PMID 12)`."""
    found: dict[str, list[str]] = {}
    for item in citation.findall("CommentsCorrectionsList/CommentsCorrections"):
        pmid, source = _said(item, "PMID"), _said(item, "RefSource")
        told = f"{source} (PMID {pmid})" if source and pmid else source or (f"PMID {pmid}" if pmid else None)
        if told and (kind := item.get("RefType")) and kind != "Cites":
            found.setdefault(kind, []).append(told)
    return {kind: joined(told) for kind, told in found.items()}
