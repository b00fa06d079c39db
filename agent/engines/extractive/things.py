"""What a question asks for by name, `which learning rate`, and whether papers state it; whether it wants a figure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from agent.engines.extractive.demands import GENERIC
from agent.engines.extractive.kinds import one_word, stands_for
from agent.engines.extractive.sought import Sought, phrased
from agent.text.figures import figures
from agent.text.names import is_name
from agent.text.numbered import NumberedPaper
from agent.text.questions import families, family, telling_words
from agent.text.tokens import words

_BREAK = (
    r"(?:does|do|did|is|was|were|are|has|have|had|can|could|will|would|must|should|to|from|in|on|for|per|with|at|by"
    r"|over|when|that|which|than|and|or|went|lost|kept|spent|made|fit|get|gets|(?!speed)\w+ed)"
)
_PHRASE = rf"(?P<phrase>(?:(?!{_BREAK}\b)[\w-]+(?:\.\d+\w*)*\s?){{1,5}})"
_ASKED = re.compile(
    rf"\b(?:which|what|how many|how much|(?:the |what |which )?(?:number|share|fraction|percentage|proportion|amount|size) of)\s+(?:of the |the )?{_PHRASE}",
    re.I,
)
_ASKED_TOO = re.compile(rf"^\s*and\s+(?:how many |how much |which |what |the )?{_PHRASE}", re.I)
# Heads that name no thing: every paper has a way, a reason, an effect.
GENERAL = frozenset(
    family(word)
    for word in """kind part way type sort effect thing reason explanation benefit problem role share fraction percentage
    number amount level gain improvement factor approach idea technique strategy scheme trick step purpose goal change
    drop increase reduction loss advantage drawback issue challenge cause component element aspect finding conclusion
    result saving range extent overall total maximum minimum average main key additional extra final exact""".split()
)
_COUNT = re.compile(r"\b(?:how many|number of)\b", re.I)
_WORDED = re.compile(
    r"\b(?:two|three|four|five|six|seven|eight|nine|ten|twelve|dozens?|hundreds?|thousands?)\b", re.I
)
REACH_OF_COUNT = 40  # characters behind a figure in which the thing stands that it counts
_COMPARATIVE = re.compile(
    r"\b(?:faster|slower|quicker|smaller|larger|cheaper|more accurate|less memory|fewer (?:parameters|bits))\b",
    re.I,
)


def asked_for(question: str) -> list[tuple[str, frozenset[str]]]:
    """The things that a question asks for, each as it was written and by its families: `which learning rate`."""
    found: list[tuple[str, frozenset[str]]] = []
    for match in _ASKED.finditer(question):
        _take(match["phrase"], found)
        after = _ASKED_TOO.match(question[match.end() :])
        if after:
            _take(after["phrase"], found)
    return found


def _take(phrase: str, found: list[tuple[str, frozenset[str]]]) -> None:
    plain = " ".join(word for word in phrase.split() if not is_name(word) or word.isupper())
    wanted = families(telling_words(plain)) - GENERAL - GENERIC
    if wanted:
        found.append((plain, wanted))


def missing_thing(sought: Sought, papers: Sequence[NumberedPaper]) -> str:
    """The things that a question asks for, where none of them stands in any of these papers."""
    missing = missing_things(sought, papers)
    return missing if missing == phrased(list(things_asked(sought))) else ""


def missing_things(sought: Sought, papers: Sequence[NumberedPaper]) -> str:
    """The things that a question asks for and that stand in none of these papers."""
    return phrased(
        [
            phrase
            for phrase, wanted in things_asked(sought).items()
            if not any(_states(sought, paper, wanted) for paper in papers)
        ]
    )


def things_asked(sought: Sought) -> dict[str, frozenset[str]]:
    """The things that a question asks for, as they are written, with the families sought of each."""
    words_ = frozenset(sought.words)
    found = asked_for(one_word(sought.asked.asked.question))
    return {phrase: held for phrase, wanted in found if (held := wanted & words_)}


def asks_for_figure(sought: Sought) -> bool:
    """Whether a question wants a figure: by its kind, or since it asks which of two is the faster."""
    asked = sought.asked.asked
    return asked.kind == "figure" or bool(_COMPARATIVE.search(asked.question))


def _states(sought: Sought, paper: NumberedPaper, wanted: frozenset[str]) -> bool:
    """Whether one sentence has all the words of a thing; for a figure, with a figure in it or in the next one.

    How many there are of a thing is said right before it.
    """
    texts = [one.text for one in paper.sentences]
    found = [number for number, text in enumerate(texts) if wanted <= stands_for(text)]
    if sought.asked.asked.kind != "figure":
        return bool(found)
    if _COUNT.search(sought.asked.asked.question):
        return any(_counts(texts[number], wanted) for number in found)
    return any(figures(text) for number in found for text in texts[number : number + 2])


def _counts(text: str, wanted: frozenset[str]) -> bool:
    behind = (text[figure.start : figure.end + REACH_OF_COUNT] for figure in figures(text))
    return _WORDED.search(text) is not None or any(wanted & families(words(part)) for part in behind)
