"""When two records are the same work: equal ids, or equal titles and no id that says otherwise."""

from __future__ import annotations

import re

from agent.records import Paper
from agent.text.clean import clean
from agent.text.tokens import fold_title

Identity = tuple[str, str]
FEWEST_TITLE_WORDS = 3
PREPRINT_DOIS = ("10.48550/", "10.1101/", "10.2139/", "10.21203/", "10.31234/", "10.26434/")
_PREPRINTS = re.compile(
    r"\s*(?:arxiv|biorxiv|medrxiv|chemrxiv|psyarxiv|corr\b|ssrn|research square|preprint)", re.I
)


def title_identity(paper: Paper) -> str:
    """The title without case, hyphens, spaces and TeX; equal for two spellings of one title."""
    return fold_title(clean(paper.title)) or paper.title.strip()


def identities(paper: Paper) -> list[Identity]:
    """What a paper can be recognised by, surest first."""
    known = [("doi", paper.doi), ("arxiv", paper.arxiv_id), *sorted(paper.ids.items())]
    found = [(scheme, value.casefold()) for scheme, value in known if value]
    return [*found, ("title", title_identity(paper))]


def contradict(one: Paper, other: Paper) -> bool:
    """Whether two records of one title are two works all the same.

    Different DOIs or different arXiv ids say so; so do different texts under a title of one or two words
    ("Editorial"), which is nobody's own.
    """
    if disagree_in_ids(one, other):
        return True
    if len(one.title.split()) >= FEWEST_TITLE_WORDS:
        return False
    texts = one.texts.abstract, other.texts.abstract
    return all(texts) and texts[0] != texts[1]


def disagree_in_ids(one: Paper, other: Paper) -> bool:
    """Whether both have a DOI, or both an arXiv id, and not the same."""
    pairs = ((one.doi, other.doi), (one.arxiv_id, other.arxiv_id))
    return any(left and right and left != right for left, right in pairs)


def precedence(paper: Paper) -> tuple[int, int, int]:
    """Smaller comes first: published before preprint, then more fields, then the longer abstract."""
    has_venue = paper.venue is not None and not _PREPRINTS.match(paper.venue)
    is_published = has_venue or bool(paper.doi and not paper.doi.startswith(PREPRINT_DOIS))
    scalars = (paper.year, paper.date, paper.type, paper.venue, paper.doi, paper.arxiv_id, paper.url, paper.notes,
               paper.version, paper.texts.abstract)  # fmt: skip
    lists = (paper.authors, paper.keywords, paper.files, paper.links)
    filled = sum(value is not None for value in scalars) + sum(bool(value) for value in lists)
    return (0 if is_published else 1, -filled - len(paper.fields), -len(paper.texts.abstract or ""))
