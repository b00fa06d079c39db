"""What a paper lacks, what to ask for it by, and whether what comes back is really that paper."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from agent.library.compose import APPEARANCE
from agent.library.identity import (
    Facts,
    disagree_in_ids,
    facts_of,
    ids_among,
    is_published,
    share_author,
    title_identity,
)
from agent.records import Paper
from agent.sources.build import without_retracted
from agent.text.titles import fold, title_key

WANTED = ("authors", "year", "venue", "abstract", "doi")
# Fields that say where a work appeared, as venue and year do.
PLACE = frozenset({
    "volume", "issue", "page", "article-number", "publisher", "publisher-place", "ISSN", "ISBN", "edition", "event-title",
    "event-place", "collection-title", "container-title-short", "published-print", "published-online", "posted", "accepted",
})  # fmt: skip
Id = tuple[str, str]


@dataclass(frozen=True)
class Match:
    """A service's record and the paper that it is of."""

    key: str
    record: Paper


@dataclass(frozen=True)
class Refusal:
    """A service's record that may not be the paper that it was asked for, and why."""

    key: str
    reason: str


def is_unknown(paper: Paper, name: str) -> bool:
    """Whether no source has said a field."""
    value = paper.texts.abstract if name == "abstract" else getattr(paper, name)
    return value in (None, "", ())


def lacks(paper: Paper, fields: Iterable[str] = WANTED) -> list[str]:
    """Which of the fields no source has said; a paper on arXiv needs no DOI."""
    found = [name for name in fields if is_unknown(paper, name) and not (name == "doi" and paper.arxiv_id)]
    return ["title", *found] if paper.is_untitled else found


def ids_of(paper: Paper, schemes: Sequence[str]) -> list[Id]:
    """The ids of a paper that a service understands."""
    known = {"doi": paper.doi, "arxiv": paper.arxiv_id, **paper.ids}
    return [(scheme, value) for scheme in schemes if (value := known.get(scheme))]


def matches(papers: Mapping[str, Paper], records: Iterable[Paper]) -> tuple[list[Match], list[Refusal]]:
    """Records of a service, each with the paper that has one of its ids; those that do not fit it are refused."""
    by_id = {identity: key for key, paper in papers.items() for identity in ids_among(paper)}
    found, refused = [], []
    for record in records:
        key = next((by_id[identity] for identity in ids_among(record) if identity in by_id), None)
        if key is None:
            continue
        reason = misfit(papers[key], record)
        if reason:
            refused.append(Refusal(key, reason))
        else:
            found.append(Match(key, takeable(papers[key], record)))
    return found, refused


def best_match(key: str, paper: Paper, records: Iterable[Paper]) -> Match | Refusal | None:
    """The first record of a search by title that is this paper; else why one of the same title is not, if there is one."""
    refusal = None
    for record in records:
        reason = misfit(paper, record)
        if reason is None:
            return Match(key, takeable(paper, record))
        if refusal is None and _same_title(paper, record):
            refusal = Refusal(key, reason)
    return refusal


def misfit(paper: Paper, record: Paper) -> str | None:
    """Why a record cannot be taken for a paper; None where it can: equal titles, and nothing that speaks against it."""
    if paper.is_untitled:
        return None
    ours, theirs = (facts_of(one, with_abstract=False) for one in (paper, record))
    if not _same_title(paper, record):
        return f"it calls the work '{record.title[:100]}'"
    if ours.authors and theirs.authors and not share_author(ours, theirs):
        return "its authors are others"
    if other := _other_id(ours, theirs):
        return other
    if (
        paper.year
        and record.year
        and abs(paper.year - record.year) > (4 if ours.is_preprint or theirs.is_preprint else 1)
    ):
        return f"its year is {record.year}, ours {paper.year}"
    if len(paper.title.split()) < 3 and not (set(ours.ids) & set(theirs.ids) or share_author(ours, theirs)):
        return "the title is too short to go by"
    return None


def takeable(paper: Paper, record: Paper) -> Paper:
    """What a record may fill: of another appearance of the work nothing that says where and when it appeared.

    Otherwise a reference would name the venue of the one with the year of the other.
    """
    if not is_published(paper) or _same_appearance(paper, record):
        return record
    fields = {name: value for name, value in record.fields.items() if name not in PLACE}
    return record.model_copy(update={**dict.fromkeys(APPEARANCE), "fields": fields})


def _same_title(paper: Paper, record: Paper) -> bool:
    ours = {title_identity(paper), title_key(without_retracted(paper.title))}
    return bool(ours & {title_identity(record), title_key(without_retracted(record.title))})


def _other_id(ours: Facts, theirs: Facts) -> str | None:
    """An id that says that these are two works; where they share one, only two publishers' DOIs do."""
    shared = set(ours.ids) & set(theirs.ids)
    left, right = dict(ours.ids), dict(theirs.ids)
    if not disagree_in_ids(ours, theirs):
        return None
    for scheme in ("doi",) if shared else left.keys() & right.keys():
        mine, other = left.get(scheme), right.get(scheme)
        if (
            mine
            and other
            and mine != other
            and not (scheme == "doi" and ours.is_preprint != theirs.is_preprint)
        ):
            return f"its {scheme} is {other}, ours {mine}"
    return None


def _same_appearance(paper: Paper, record: Paper) -> bool:
    """Whether a record speaks of the same publication: same DOI, venue or year."""
    if not is_published(record):
        return False
    if paper.doi and record.doi:
        return paper.doi.casefold() == record.doi.casefold()
    if paper.venue and record.venue and fold(paper.venue) == fold(record.venue):
        return True
    return paper.year is not None and paper.year == record.year
