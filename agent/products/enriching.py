"""What a paper lacks, what to ask for it by, and whether what comes back is really that paper."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from agent.library.identity import facts_of
from agent.records import Paper

WANTED = ("authors", "year", "venue", "abstract", "doi")
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


def lacks(paper: Paper, fields: Iterable[str] = WANTED) -> list[str]:
    """Which of the fields no source has said; a paper on arXiv needs no DOI."""
    found = []
    for name in fields:
        value = paper.texts.abstract if name == "abstract" else getattr(paper, name)
        if value in (None, "", ()) and not (name == "doi" and paper.arxiv_id):
            found.append(name)
    return ["title", *found] if paper.is_untitled else found


def ids_of(paper: Paper, schemes: Sequence[str]) -> list[Id]:
    """The ids of a paper that a service understands."""
    known = {"doi": paper.doi, "arxiv": paper.arxiv_id, **paper.ids}
    return [(scheme, value) for scheme in schemes if (value := known.get(scheme))]


def matches(papers: Mapping[str, Paper], records: Iterable[Paper]) -> tuple[list[Match], list[Refusal]]:
    """Records of a service, each with the paper that has one of its ids; those that do not fit it are refused."""
    by_id = {identity: key for key, paper in papers.items() for identity in facts_of(paper).ids}
    found, refused = [], []
    for record in records:
        key = next((by_id[identity] for identity in facts_of(record).ids if identity in by_id), None)
        if key is None:
            continue
        reason = misfit(papers[key], record)
        if reason:
            refused.append(Refusal(key, reason))
        else:
            found.append(Match(key, record))
    return found, refused


def best_match(key: str, paper: Paper, records: Iterable[Paper]) -> Match | None:
    """The first record of a search by title that is this paper."""
    return next((Match(key, record) for record in records if misfit(paper, record) is None), None)


def misfit(paper: Paper, record: Paper) -> str | None:
    """Why a record cannot be taken for a paper; None where it can: equal titles, and nothing that speaks against it."""
    ours, theirs = facts_of(paper), facts_of(record)
    if paper.is_untitled:
        return None
    if ours.title != theirs.title:
        return f"it calls the work '{record.title[:100]}'"
    if ours.authors and theirs.authors and not ours.authors & theirs.authors:
        return "its authors are others"
    if (
        paper.year
        and record.year
        and abs(paper.year - record.year) > (4 if ours.is_preprint or theirs.is_preprint else 1)
    ):
        return f"its year is {record.year}, ours {paper.year}"
    if len(paper.title.split()) < 3 and not (
        set(ours.ids) & set(theirs.ids) or ours.authors & theirs.authors
    ):
        return "the title is too short to go by"
    return None
