"""What a question takes for granted of a paper and the paper denies.

Denied is the very word, or the other of two comparatives is said, or what something is done per.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from agent.engines.extractive import cues
from agent.engines.extractive.called import own_name
from agent.engines.extractive.kinds import kinds_denied, kinds_in
from agent.engines.extractive.sought import Sought
from agent.engines.extractive.swaps import gives_other
from agent.engines.extractive.things import GENERAL
from agent.engines.protocol import SentenceRef
from agent.text.names import names
from agent.text.numbered import NumberedPaper
from agent.text.questions import NEGATION
from agent.text.tokens import stands_in

SURE = 0.12  # of one unheard-of word: what is negated must be worth speaking of
MOST_DENIED = 0.5  # of a question: whatever that weighs

_SUPPOSES = re.compile(r"^(?:why|how|when|where|which|what|by how|by what|in (?:which|what))\b", re.I)
_EVADES = re.compile(
    r"(?<!-)\b(?:do(?:es|ne)? (?:about|against|instead)|avoid\w*|prevent\w*|without|instead|replac\w+|eliminat\w*|remov\w*|reduc\w*|handl\w*|tackl\w*"
    r"|address\w*|deal\w*|overcom\w*|mitigat\w*|differ\w*|cut\w*|lower\w*|get rid|take over|takes over|take the place|rid of|free|improv\w*|fix\w*|solv\w*)\b",
    re.I,
)
# Comparatives that exclude one another, where both are said of one work.
_OPPOSITES = (
    ("slower", "faster"),
    ("higher", "lower"),
    ("larger", "smaller"),
    ("worse", "better"),
    ("harder", "easier"),
    (r"less (?:efficient|accurate|stable|robust)", r"more (?:efficient|accurate|stable|robust)"),
)
_THAN = re.compile(r"\bthan ((?:[^\s?.,;]+ ?){1,2})", re.I)
_THEIRS = re.compile(
    r"\b(?:existing|previous|prior|earlier|other|traditional|conventional|current|most)\b", re.I
)


def contradiction(sought: Sought, paper: NumberedPaper) -> SentenceRef | None:
    """The sentence of a paper that negates the very words that a question takes for granted of it."""
    question = sought.asked.asked.question
    if not _SUPPOSES.match(question) or _EVADES.search(question) or NEGATION.search(question):
        return None
    wanted, own = set(sought.words) - GENERAL, own_name(paper.paper)
    for number in (*range(1, len(paper.sentences)), 0):  # the title where no sentence says it
        sentence = paper.sentences[number]
        others = [other.text for n, other in enumerate(paper.sentences) if n != number]
        denied = kinds_denied(sentence.text) & wanted
        is_much = sought.weight(denied) >= SURE or (denied and sought.share(denied) >= MOST_DENIED)
        is_sure = is_much and not any(denied <= _affirmed(text) for text in others)
        is_other = gives_other(question, sentence.text)
        if is_sure or is_other or _says_the_opposite(question, sentence.text, others, own):
            return SentenceRef(paper.key, number)
    for one, after in pairwise(paper.sentences[1:]):
        if gives_other(question, f"{one.text} {after.text}"):
            return SentenceRef(paper.key, paper.sentences.index(one))
    return None


def _affirmed(text: str) -> frozenset[str]:
    """The families that a sentence says of its own work, not of others' and not negated."""
    if _THEIRS.search(text) or cues.PROBLEM.search(text):
        return frozenset()
    return kinds_in(text) - kinds_denied(text)


def _says_the_opposite(question: str, text: str, others: Sequence[str], own: str) -> bool:
    """Whether a sentence says `faster` of the very work of which the question supposes `slower`."""
    is_of_rivals = _THAN.search(text)
    for one, other in (*_OPPOSITES, *(pair[::-1] for pair in _OPPOSITES)):
        supposed = re.search(rf"\b{one}\b", question, re.I)
        if not supposed or not re.search(rf"\b{other}\b", text, re.I):
            continue
        ahead, than = question[: supposed.start()], _THAN.search(question, supposed.end())
        rivals = list(names(than.group(1))) if than and is_of_rivals else []
        said = any(re.search(rf"\b{one}\b", sentence, re.I) for sentence in (text, *others))
        is_own = stands_in(own, ahead) and bool(cues.OURS.search(text))
        is_its = is_own or any(stands_in(name, text) for name in names(ahead))
        if not said and is_its and all(stands_in(name, text) for name in rivals):
            return True
    return False
