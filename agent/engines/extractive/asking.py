"""What is asked, without a model: its kind by cue words, and what a comparison holds against each other.

What this does not know: what words mean; a question without cue words asks for a fact.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from agent.engines.extractive import cues
from agent.engines.extractive.following import stand_alone
from agent.engines.protocol import QuestionDraft, QuestionInput
from agent.records import QuestionKind
from agent.text.names import is_name, names
from agent.text.questions import american, family, negated, telling_words

TRAINING = family("training")
LONGEST_NAME = 2  # words of a name that is merely capitalised
LOOKED_AT = 600  # characters of a question that cues are looked for in

_WORKS = r"(?:papers?|works|articles|studies|publications|preprints|abstracts)"
_THINGS = rf"(?:{_WORKS}|methods|approaches|systems|models|techniques|frameworks|benchmarks|data ?sets|surveys|authors)"
_TREND = re.compile(
    r"\b(?:trends?|over (?:time|the (?:last |past )?years)|evol(?:ve|ves|ved|ving|ution)|develop(?:ed|ments?) over|directions?"
    r"|currently|nowadays|these days|lately|in recent years|where is .+ (?:heading|going)|how (?:has|have) .+ (?:changed?|developed|moved))\b",
    re.I,
)
_LIST = re.compile(
    rf"^(?:please )?(?:can you |could you )?(?:list|enumerate|name (?:all|the|some|every|me)|(?:show|give|find|tell) (?:me )?(?:all|every\w*|the {_WORKS}|{_WORKS}|a list))\b"
    rf"|^(?:which|what)(?: of (?:the|these|those|my|our))?(?: \w+){{0,3}} {_THINGS}\b(?! (?:does|do|did|is|was|has) (?!not\b|also\b|it\b)(?:the\b)?\w+ (?:use|need|support|achieve)\b)"
    rf"|^(?:which|what) of (?:the|these|those)\b|^(?:all|any|every|other|further)?\s?(?:the )?{_WORKS} (?:on|about|that|which|where|in which|with|using)\b"
    rf"|^(?:are|is) there (?:any |other |more )?(?:{_THINGS}|any(?:thing|one)|something)\b|^(?:how many|who)\b(?: of)?(?: (?:the|these|our|my))? {_WORKS}\b"
    r"|^(?:what (?:do|does|have) (?:we|i|the (?:collection|library))|do (?:we|i) have|anything|everything|all) (?:\w+ ){0,2}(?:on|about)\b"
    rf"|\b(?:list|together with|besides|apart from)\b.+\b(?:all|other|which|what) (?:\w+ )?{_WORKS}\b",
    re.I,
)
_COMPARED = re.compile(
    r"\bvs\b\.?|\bversus\b|\bdiffer(?:s|ing)?\b|\bdifferences? (?:between|of|in)\b|^(?:please )?compare\b|\bcomparison (?:of|between)\b"
    r"|\bhow (?:do|does) .+ compare\b|\bin contrast to\b",
    re.I,
)
_WHY = re.compile(r"^why\b(?!.*\bdiffer)", re.I)
_FIGURE = re.compile(
    r"\bhow (?:much|many|fast|long|large|big|small|high|low|often|far|close|quickly|accurate(?:ly)?|strong|well)\b"
    r"|\bby (?:how|what|which) (?:much|many|factor|percent\w*|share|margin)\b"
    r"|\b(?:what|which|the) (?:\w+ ){0,3}?(?:percentage|share|fraction|proportion|factor|number|rate|ratio|size|amount)\b|^number of\b",
    re.I,
)
_MEASURED = re.compile(
    rf"^(?:(?:what|which)\b.*|(?!.*\b(?:how|why|who|when|where)\b).*){cues.METRIC.pattern}", re.I
)

_OR = re.compile(r"^(?P<lead>.*?)\b(?P<left>[\w+*^-]+(?: [\w+*^-]+)?) or (?P<right>[\w+*^-]+)", re.I)
_PAIRS = (
    re.compile(r"\bdifferences? between (?P<left>.+?) and (?P<right>.+)", re.I),
    re.compile(r"\bbetween (?P<left>.+?) and (?P<right>.+)", re.I),
    re.compile(r"\bcompare (?P<left>.+?) (?:and|with|to|against) (?P<right>.+)", re.I),
    re.compile(r"\bcomparison of (?P<left>.+?) (?:and|with|to) (?P<right>.+)", re.I),
    re.compile(r"(?P<left>.+?)\s(?:vs\b\.?|versus)\s(?P<right>.+)", re.I),
    re.compile(r"\bhow (?:do|does|did|are|is) (?P<left>.+?) (?:differ|different) from (?P<right>.+)", re.I),
    re.compile(r"\bhow (?:do|does|did) (?P<left>.+?) compare (?:with|to|against) (?P<right>.+)", re.I),
    re.compile(r"\bhow (?:do|does|did|are) (?P<left>.+?) and (?P<right>.+?) (?:differ|compare|different)\b", re.I),
)  # fmt: skip
_THAN = re.compile(
    r"^(?:is|are|was|does|do)\s+(?P<left>.+?)\s+(?:\w+\s)*?(?:better|worse|more|less|\w+er)\b.*?\bthan\s+(?P<right>[^:?]+?)\s*(?:[:?]|$)",
    re.I,
)
_TAIL = re.compile(
    r"\s(?:differ|compare|compete|when|while|with respect to|regarding|in terms of|in how|in what|in the way)\b.*$",
    re.I,
)
_WHEREIN = re.compile(r"\s(?:in|on|at|for)\s.*$", re.I)
_HEAD = re.compile(
    r"^(?:(?:and|so|please|what|which|who|how|why|is|are|was|do|does|did|should|the|a|an|i|better|faster|use|difference|about|there)\s+)+",
    re.I,
)


def plan_question(asked: QuestionInput) -> QuestionDraft:
    """The question as it stands alone, its kind, the sides of a comparison, and the earlier papers it points at."""
    typed = " ".join(asked.question.split())
    question, keys = stand_alone(typed, asked.before)
    kind = kind_of(question.split(": ", 1)[-1] if keys else question)
    if keys and kind in {"list", "trend"}:
        kind = "fact"
    sides = (
        () if _WHY.match(question) else sides_of(question.split(": ", 1)[0] if len(keys) == 2 else question)
    )
    if len(keys) == 2 and not sides:
        sides = _sides_pointed_at(question)
    if kind in {"fact", "figure"} and len(sides) == 2:
        kind = "comparison"
    forms = dict.fromkeys((american(question), *_untrained(question)))
    queries = tuple(form for form in forms if form != question)
    return QuestionDraft(question, kind, queries, sides if kind == "comparison" else (), keys)


def _sides_pointed_at(question: str) -> tuple[str, ...]:
    """The two works that a follow-up holds against each other: `is EasySpec better than PEARL: ...`."""
    found = _THAN.match(question)
    return (found["left"], found["right"]) if found else ()


def _untrained(question: str) -> list[str]:
    """What needs no training is said to need no tuning, or no retraining, too."""
    if TRAINING not in negated(question):
        return []
    return [re.sub(r"\btraining\b", other, question, flags=re.I) for other in ("tuning", "retraining")]


def kind_of(asked: str) -> QuestionKind:
    """What kind of answer a question wants, by the cue words of its beginning."""
    question = asked[:LOOKED_AT]
    if _COMPARED.search(question) and not _WHY.match(question):
        return "comparison"
    if _LIST.search(question):
        return "list"
    if _TREND.search(question):
        return "trend"
    return "figure" if _FIGURE.search(question) or _MEASURED.search(question) else "fact"


def sides_of(question: str) -> tuple[str, ...]:
    """The two things that a question holds against each other, each in words to look for it by; () if it does not."""
    plain = re.sub(r"\bvs\.", "vs", question[:LOOKED_AT], flags=re.I)
    clauses = [clause for clause in re.split(r"[?:;]|\. ", plain) if clause.strip()]
    for pattern in _PAIRS:
        for clause in clauses:
            if match := pattern.search(clause):
                return _told_apart(match["left"], match["right"], question)
    for clause in clauses:
        found = _OR.search(clause)
        pair = (found["left"].split()[-1], found["right"]) if found else ("", "")
        if all(_is_called(side) for side in pair) and any(is_name(side) for side in pair):
            return pair
    return ()


def _told_apart(left: str, right: str, question: str) -> tuple[str, ...]:
    first = _trimmed(left.split(",")[-1])
    second = _trimmed(right.split(",")[0])
    sides = (first, _WHEREIN.sub("", second) if _is_called(first) else second)
    if not all(telling_words(side) for side in sides):
        return ()
    shared = _shared(question, sides)
    return tuple(side if _is_called(side) else " ".join([side, *shared]) for side in sides)


def _trimmed(part: str) -> str:
    return _TAIL.sub("", _HEAD.sub("", part.strip())).strip(" .\"'“”")


def _is_called(side: str) -> bool:
    """Whether a side is a name, and needs no further words to be looked for."""
    return any(names(side)) or (len(side.split()) <= LONGEST_NAME and side[:1].isupper())


def _shared(question: str, sides: Sequence[str]) -> list[str]:
    """The words that a comparison has besides its two sides: what both are about."""
    taken = {word for side in sides for word in telling_words(side)}
    return [word for word in telling_words(question) if word not in taken]
