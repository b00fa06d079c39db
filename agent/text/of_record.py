"""Questions about a paper's record, not its text: who wrote it, when and where it appeared.

No sentence of a paper says so; its sources do.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from agent.text.labels import Meant, without
from agent.text.tokens import words

_MADE = "wrote|authored|published|proposed|introduced|invented"
_OUT = r"written|submitted|posted|appear(?:ed)?|come out|came out"
_PLACE = r"year|date|month|venue|journal|conference|proceedings|magazine"
_OF_ONE = re.compile(
    rf"^(?:who|whom) (?:all |else |first |originally )?(?:has |have )?(?:{_MADE})\b"
    r"|^(?:who|what) (?:is|are|was|were) the (?:names? of the )?(?:\w+ )?(?:authors?|writers?)\b"
    rf"|^by whom (?:is|are|was|were)\b.*\b(?:written|published|authored|proposed|introduced|invented)\b"
    rf"|^(?:when|where|(?:in |at )?(?:which|what) (?:{_PLACE}))\b.*\bpublished\b"
    rf"|^(?:in |at )?(?:which|what) (?:year|venue|journal|conference)\b.*\b(?:{_OUT})\b"
    rf"|^(?:what|which) (?:is|was) the (?:publication )?(?:year|date|venue|doi|arxiv id) of\b"
    r"|^who (?:is|are) (?:the people )?behind\b",
    re.I,
)
_OF_A_NAMED_ONE = re.compile(rf"^(?:when|where)\b.*\b(?:{_OUT})\b", re.I)  # outliers appear in texts, too
_SPEAKS_OF_RECORDS = re.compile(
    rf"\b(?:19|20)\d\d\b|\b(?:authors?|wr[io]te|written|publi(?:sh\w*|cations?)|appeared|{_PLACE})\b|\b(?:this|last) month\b", re.I
)  # fmt: skip
_SPEAKS_OF_PAPERS = re.compile(
    r"\b(?:papers?|works|articles|publications|preprints|publish\w*|wr[io]te|written|authored)\b", re.I
)
# All that a list by authors, years or venues is asked for with.
_WORDS = frozenset(
    """a after all also an and any anything appear appeared are article articles at author authored authors been before
    between by can come conference could date did do does else everything find for from give have has here how i in is
    issue it journal last latest library list many me month months my name newest of oldest on one or paper papers please
    preprint preprints proceedings publication publications publish published recent released show since submitted
    that the there these they this those to until venue was we were what when which who with works write writer
    written wrote year years you""".split()
)


def asks_of_record(question: str, called: Iterable[Meant] = (), *, names_a_paper: bool = False) -> bool:
    """Whether a question asks only for authors, years or venues.

    Args:
        called: what of the question is an author, a key or an id.
        names_a_paper: whether the question calls a paper by its name.
    """
    plain = question.strip()
    is_of_one = _OF_ONE.search(plain) or (names_a_paper and _OF_A_NAMED_ONE.search(plain))
    return bool(is_of_one) or is_of_many(plain, called)


def is_of_many(question: str, called: Iterable[Meant] = ()) -> bool:
    """Whether it asks for a list of papers by nothing but their authors, years or venues."""
    named = list(called)
    plain = without(question, named)
    if not _SPEAKS_OF_PAPERS.search(plain) or not (named or _SPEAKS_OF_RECORDS.search(plain)):
        return False
    return all(word in _WORDS or word.isdigit() for word in words(plain))
