"""When two records are the same work: equal ids, or equal titles and nothing that says otherwise.

The rule errs to one side: what is merged without asking must be one work. Pairs that merely look alike are
found by `lookalikes` and shown.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from array import array
from dataclasses import dataclass
from functools import lru_cache

from agent.records import Paper
from agent.text.titles import fold, title_key

Identity = tuple[str, str]
FEWEST_TITLE_WORDS = 3
PREPRINT_DOIS = (
    "10.48550/",
    "10.1101/",
    "10.2139/",
    "10.21203/",
    "10.31234/",
    "10.26434/",
    "10.20944/",
    "10.36227/",
)
YEARS_IN_PRESS = 4  # how long after its preprint a work may appear
OPENING = 500  # characters of an abstract whose words are compared
LEAST_LIKE = 55.0  # of 100: likeness of two titles under one id, where the authors are others
FEWEST_WORDS = 20  # of an abstract that can speak against another
LEAST_SHARED = 0.2  # share of words that two abstracts of one work have in common
_PREPRINTS = re.compile(
    r"\s*(?:arxiv|biorxiv|medrxiv|chemrxiv|psyarxiv|corr\b|ssrn|research square|preprint)", re.I
)
_NUMBER = re.compile(r"\d+")
_WORD = re.compile(r"\w+")
_VERSION = re.compile(r"(?:\.|/)?v\d+$")
_SUBJECT = re.compile(r"\.[A-Za-z-]+/")  # in old arXiv ids: `math.GT/0309136` is `math/0309136`
_PARTS = frozenset({"chapter", "entry-encyclopedia", "entry-dictionary"})
_WHOLES = frozenset({"book", "periodical"})


@dataclass(frozen=True)
class Facts:
    """What a record says about which work it is.

    `authors` are family names, `people` these with the first letter of the given name, where one is known;
    `place` is where in a journal it stands; `abstract` holds the words of its opening, four bytes each.
    """

    title: str
    title_words: int
    ids: tuple[Identity, ...]
    authors: frozenset[str]
    people: frozenset[tuple[str, str]]
    place: tuple[str, ...]
    year: int | None
    is_preprint: bool
    type: str | None
    abstract: bytes
    abstract_digest: str


def title_identity(paper: Paper) -> str:
    """The title without what is mere writing; equal for two spellings of one title."""
    return fold(paper.title) or title_key(paper.title)  # a paper's title is clean


def identities(paper: Paper) -> list[Identity]:
    """What a paper can be recognised by, surest first; a title that is only an id is none."""
    found = list(ids_among(paper))
    return found if paper.is_untitled and found else [*found, ("title", title_identity(paper))]


def facts_of(paper: Paper, *, with_abstract: bool = True) -> Facts:
    """What a record says about which work it is; reading its abstract costs most of it."""
    abstract = (paper.texts.abstract or "") if with_abstract else ""
    people = frozenset(
        (family, fold(author.given or "")[:1])
        for author in paper.authors
        if (family := fold(author.family or author.name or ""))
    )
    return Facts(
        title=title_identity(paper),
        title_words=len(paper.title.split()),
        ids=ids_among(paper),
        authors=frozenset(family for family, _ in people),
        people=people,
        place=tuple(_first_number(paper.fields.get(name, "")) for name in ("volume", "issue", "page")),
        year=paper.year,
        is_preprint=not is_published(paper),
        type=paper.type,
        abstract=array(
            "I", sorted({zlib.crc32(word.encode()) for word in _WORD.findall(abstract[:OPENING].lower())})
        ).tobytes(),
        abstract_digest=hashlib.sha256(" ".join(abstract.lower().split()).encode()).hexdigest()
        if abstract
        else "",
    )


def record_print(paper: Paper) -> str:
    """A digest of what a record says, wherever it stands."""
    said = paper.model_copy(update={"sources": (), "collections": ()})
    return hashlib.sha256(said.model_dump_json(exclude_defaults=True).encode()).hexdigest()


def same_work(one: Paper, other: Paper) -> bool:
    """Whether two records are one work without asking anybody."""
    left, right = facts_of(one), facts_of(other)
    if set(left.ids) & set(right.ids):
        return not strangers(left, right)
    return (
        not (one.is_untitled or other.is_untitled)
        and left.title == right.title
        and not contradict(left, right)
    )


def contradict(one: Facts, other: Facts) -> bool:
    """Whether two records of one title are two works all the same."""
    return (
        disagree_in_ids(one, other)
        or (bool(one.authors and other.authors) and not share_author(one, other))
        or _years_apart(one, other)
        or any(left != right for left, right in zip(one.place, other.place, strict=True) if left and right)
        or _part_and_whole(one.type, other.type)
        or _texts_apart(one, other)
        or (min(one.title_words, other.title_words) < FEWEST_TITLE_WORDS and not _vouched(one, other))
    )


def share_author(one: Facts, other: Facts) -> bool:
    """Whether one person may be an author of both: of one family name, and of no other given one."""
    for family in one.authors & other.authors:
        left = {initial for name, initial in one.people if name == family}
        right = {initial for name, initial in other.people if name == family}
        if left & right or "" in left | right:
            return True
    return False


def strangers(one: Facts, other: Facts) -> bool:
    """Whether two records that share an id speak of two works: one of the ids is wrong then."""
    from rapidfuzz import fuzz

    if one.title == other.title or not (one.authors and other.authors) or share_author(one, other):
        return False
    return bool(fuzz.ratio(one.title, other.title) < LEAST_LIKE)


def disagree_in_ids(one: Facts, other: Facts) -> bool:
    """Whether both have an id of one scheme, and not the same.

    A preprint's DOI and a publisher's are two ids of one work; two of a kind are not.
    """
    if not one.ids or not other.ids:
        return False
    left, right = dict(one.ids), dict(other.ids)
    for scheme in left.keys() & right.keys():
        if left[scheme] == right[scheme]:
            continue
        if scheme == "doi" and _of_preprint(left[scheme]) != _of_preprint(right[scheme]):
            continue
        return True
    return False


def is_published(paper: Paper) -> bool:
    """Whether a record is of a published form: it has a venue or a DOI that is no preprint server's."""
    has_venue = paper.venue is not None and not _PREPRINTS.match(paper.venue)
    return has_venue or bool(paper.doi and not _of_preprint(paper.doi))


def precedence(paper: Paper) -> tuple[int, int, int, int]:
    """Smaller comes first: a title before an id, published before preprint, then more fields, then the longer abstract."""
    scalars = (paper.year, paper.date, paper.type, paper.venue, paper.doi, paper.arxiv_id, paper.url, paper.notes,
               paper.version, paper.texts.abstract)  # fmt: skip
    lists = (paper.authors, paper.keywords, paper.files, paper.links)
    filled = sum(value is not None for value in scalars) + sum(bool(value) for value in lists)
    published = 0 if is_published(paper) else 1
    return (int(paper.is_untitled), published, -filled - len(paper.fields), -len(paper.texts.abstract or ""))


def _first_number(stated: str) -> str:
    """`Vol. 12` and `12` are one volume, `1-10` and `1–10` begin on one page."""
    found = _NUMBER.search(stated)
    return found.group() if found else ""


def ids_among(paper: Paper) -> tuple[Identity, ...]:
    """The ids by which a paper is recognised, in the form in which they are compared."""
    doi = _VERSION.sub("", paper.doi.casefold()) if paper.doi and _of_preprint(paper.doi) else paper.doi
    arxiv = _SUBJECT.sub("/", paper.arxiv_id) if paper.arxiv_id else None
    known = [("doi", doi), ("arxiv", arxiv), *sorted(paper.ids.items())]
    return tuple((scheme, value.casefold()) for scheme, value in known if value)


def _of_preprint(doi: str) -> bool:
    return doi.startswith(PREPRINT_DOIS)


def _part_and_whole(one: str | None, other: str | None) -> bool:
    return (one in _PARTS and other in _WHOLES) or (one in _WHOLES and other in _PARTS)


def _years_apart(one: Facts, other: Facts) -> bool:
    if one.year is None or other.year is None:
        return False
    return abs(one.year - other.year) > (YEARS_IN_PRESS if one.is_preprint or other.is_preprint else 0)


def _texts_apart(one: Facts, other: Facts) -> bool:
    """Abstracts that have hardly a word in common, where no author speaks for one work."""
    if share_author(one, other):
        return False
    left, right = _numbers(one.abstract), _numbers(other.abstract)
    shorter = min(len(left), len(right))
    if shorter < FEWEST_WORDS:
        return False
    return len(left & right) < LEAST_SHARED * shorter


@lru_cache(maxsize=4096)
def _numbers(packed: bytes) -> frozenset[int]:
    """Words as they are compared; of those that are compared again and again."""
    return frozenset(array("I", packed))


def _vouched(one: Facts, other: Facts) -> bool:
    """A title of one or two words is nobody's own ("Editorial"): something else must agree too."""
    if one.abstract_digest and other.abstract_digest:
        return one.abstract_digest == other.abstract_digest
    return share_author(one, other) and one.year == other.year and any(one.place) == any(other.place)
