"""When an answer is refused, and why: what is asked does not stand where it would have to stand.

Measured on questions to real abstracts. A question that names no paper is refused where the best paper holds too
little of it: less than `LEAST` of what one unheard-of word weighs and less than `MOST_HELD` of all. One that many
papers come equally near to is refused for the word that none of them has. One that names a paper is refused where
the very thing asked for (`which learning rate`) does not stand in that paper.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from agent.engines.extractive.called import own_name
from agent.engines.extractive.owning import own_words
from agent.engines.extractive.premises import contradiction
from agent.engines.extractive.sought import Sought, phrased
from agent.engines.extractive.things import asked_for, missing_thing, things_asked
from agent.engines.protocol import SentenceRef
from agent.records import Reason
from agent.text.figures import figures
from agent.text.names import fold_name, names
from agent.text.numbered import NumberedPaper
from agent.text.questions import families, family
from agent.text.tokens import runs, stands_in, stem, words

LEAST = 1.25  # of a question's weight that a paper must hold, where it holds no great share
LEAST_OF_LISTS = 0.9
MOST_HELD = 0.7  # a share of the question that is enough whatever it weighs
UNHEARD = 0.3  # of a question that no paper has: much of it
MOST_UNHEARD = 0.55  # with so much of it, nobody can answer
CROWD = 10  # papers of which the last comes nearly as near as the first: the rest of the question decides
CROWDED = 0.6
CLEARLY = 2.2  # so far before the tenth is a paper that is described unmistakably
OFF_TOPIC = 0.4  # of the words asked that the best paper has: with fewer, it is about something else
TOLD = 2.0  # of a question's weight that a paper must hold to be described unmistakably
ITS_WORDS = 0.5  # of a question that an unnamed paper must hold for a missing word to be telling
LEAST_OF_ITS = 0.35  # of what is asked of a paper that must stand in it

FEWEST_BESIDES = 2  # words of a question in which a pronoun may stand for something of it
_PRONOUN = re.compile(
    r"\b(?:it|its|they|them|their|these|those|both|the (?:first|second|other|last) one)\b", re.I
)
_OF_PAPERS = re.compile(
    r"\b(?:papers?|works|articles|studies|publications|methods|approaches|systems|others?)\b", re.I
)


@dataclass(frozen=True)
class Refusal:
    """Why there is no answer; `paper` is the one it is about, `contradicts` the sentence against a false premise."""

    reason: Reason
    unstated: str = ""
    paper: NumberedPaper | None = None
    contradicts: SentenceRef | None = None


def refusal(sought: Sought) -> Refusal | None:
    """Why a question is not answered; None where it is."""
    if not (sought.about or sought.asked.asked.keys) and (pronoun := _pointing_nowhere(sought)):
        return Refusal("nothing_found", f"what “{pronoun}” stands for")
    if not sought.speaks or not (sought.words or sought.about):
        return Refusal("nothing_found" if sought.papers else "off_topic")
    paper = _the_paper(sought)
    is_one = bool(sought.about) or sought.asked.asked.kind in {"fact", "figure"}
    if paper and is_one and (against := contradiction(sought, paper)):
        return Refusal("false_premise", "", paper, against)
    asked = sought.asked.asked
    is_of_one = asked.kind == "list" and paper is not None and not _OF_PAPERS.search(asked.question)
    if asked.kind in {"list", "comparison", "trend"} and not is_of_one:
        return _nowhere(sought)
    if paper:
        return _unstated(sought, paper)
    return _too_little(sought)


def _pointing_nowhere(sought: Sought) -> str:
    """The pronoun of a question that says hardly more, where nothing was said before."""
    found = _PRONOUN.search(sought.asked.asked.question)
    return found.group().lower() if found and len(sought.words) < FEWEST_BESIDES else ""


def _the_paper(sought: Sought) -> NumberedPaper | None:
    """The one paper that a question is about: named, or described so that no other comes near."""
    if sought.about:
        return sought.papers[sought.about[0]] if len(sought.about) == 1 else None
    best = sought.speaks[0]
    crowd = sought.worths[min(CROWD, len(sought.worths)) - 1]
    is_clear = best.weight > CLEARLY * crowd
    is_told = best.weight >= TOLD and sought.share(sought.holds(best.key)) >= ITS_WORDS
    return sought.papers[best.key] if is_clear and is_told else None


def _nowhere(sought: Sought) -> Refusal | None:
    """Lists and comparisons: refused only where much of what is asked stands nowhere, and the rest hardly."""
    best = max(sought.speaks, key=lambda one: (one.worth, one.key))
    is_there = sought.share(sought.unknown) < UNHEARD or best.worth >= LEAST_OF_LISTS
    if sought.about or (best.weight and is_there):
        return None
    return _of_nothing(sought)


def _too_little(sought: Sought) -> Refusal | None:
    best = max(sought.speaks, key=lambda one: (one.worth, one.key))
    share = sought.share(sought.holds(best.key))
    if sought.asked.meant and sought.about and share >= LEAST_OF_ITS:
        return None  # whose papers are asked about is said: what others have does not matter
    is_unheard = sought.share(sought.unknown) >= MOST_UNHEARD
    if is_unheard or (best.worth < LEAST and share < MOST_HELD):
        return _of_nothing(sought)
    crowd = sought.worths[min(CROWD, len(sought.worths)) - 1]
    if len(sought.worths) >= CROWD and crowd >= CROWDED * sought.worths[0] and share < 1:
        return _of_nothing(sought)
    return None


def _of_nothing(sought: Sought) -> Refusal:
    best = max(sought.speaks, key=lambda one: (one.weight, one.key))
    lacking = [word for word in sought.words if word not in sought.holds(best.key)]
    held = len(sought.words) - len(lacking)
    is_off = held < OFF_TOPIC * len(sought.words) and not _speaks_of_phrases(sought)
    reason: Reason = "off_topic" if is_off else "nothing_found"
    return Refusal(reason, sought.spelled(sought.unknown or lacking))


def _speaks_of_phrases(sought: Sought) -> bool:
    """Whether two neighbouring words of a question, such as `language model`, are neighbours in a paper, too."""
    asked = {pair for run in runs(sought.asked.asked.question) for pair in pairwise(run)}
    asked = {pair for pair in asked if all(word in sought.stems for word in pair)}
    return any(pair in asked for paper in sought.asked.papers for run in paper.runs for pair in pairwise(run))


# What is asked of one paper

_SETTINGS = frozenset({"x", "%", "bit", "GB", "MB"})
_PARTICULAR = re.compile(r"[A-Za-z]-?\d|[a-z][A-Z](?!Ps?$)")  # `H100`, `WikiText`, and not `LLMs`
_HOW: dict[str, str] = {
    "fast": "fast latency throughput time second ms slow token",
    "quick": "fast latency throughput time second ms slow token",
    "long": "hour minute day second month year week time long length token context",
    "large": "size parameter large billion gb token memory",
    "accurate": "accurate error precision",
}
_HOW_ADJECTIVE = re.compile(rf"\bhow (?:much )?(?P<adjective>{'|'.join(_HOW)})(?:er)?\b", re.I)


def _unstated(sought: Sought, paper: NumberedPaper) -> Refusal | None:
    """Whether what is asked of a paper stands in it."""
    question = sought.asked.asked.question
    if missing := missing_thing(sought, [paper]):
        return Refusal("needs_full_text", missing, paper)
    if setting := _foreign_setting(sought, paper):
        return Refusal("needs_full_text", setting, paper)
    held = own_words(sought, paper)
    least = LEAST_OF_ITS if sought.asked.asked.kind == "fact" else 0.0
    is_stated = bool(things_asked(sought)) and bool(held)  # and none of them is missing
    if sought.words and not is_stated and (not held or sought.share(held) < least):
        return Refusal("needs_full_text", sought.spelled(w for w in sought.words if w not in held), paper)
    asked = asked_for(question)
    if (adjective := _HOW_ADJECTIVE.search(question)) and not asked:
        units = families(_HOW[adjective["adjective"].lower()].split())
        if not any(figures(one.text) and units & families(words(one.text)) for one in paper.sentences):
            return Refusal("needs_full_text", adjective.group(), paper)
    return None


def _foreign_setting(sought: Sought, paper: NumberedPaper) -> str:
    """A machine, model, data set or figure that a question names and that the paper asked about does not."""
    question = sought.asked.asked.question
    theirs = frozenset(
        mark for one in paper.sentences for figure in figures(one.text) for mark in figure.marks
    )
    for figure in figures(question):
        if figure.unit in _SETTINGS and not figure.marks & theirs:
            return phrased([figure.text])
    own = fold_name(own_name(paper.paper))
    for name in names(question):
        is_told = fold_name(name) in paper.names or stands_in(name, paper.text) or fold_name(name) in own
        if (
            not is_told
            and _PARTICULAR.search(name)
            and family(stem(name.lower())) not in sought.holds(paper.key)
        ):
            return phrased([name])
    return ""
