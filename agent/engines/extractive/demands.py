"""What a question demands besides its words: what must not be so, bounds of figures, a second thing, an overview."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from agent.engines.extractive.kinds import one_word
from agent.text.figures import figures
from agent.text.questions import families, negated, telling_words

# Words of asking and of every paper: they say what is wanted, and no paper must have them.
GENERIC = families(
    """summarise summary overview abstract test evaluate employ apply run perform experiment measure conduct require rely
    depend involve main contribution conclusion detail develop briefly outline gist""".split()
)
_FURTHER = re.compile(
    r"[,;]?\s+and\s+(?=(?:(?:by |at |with |for )?(?:what|how|which|where|when)\b)|(?:do|does|did)\s+(?:they|it|these)\b)",
    re.I,
)
_BOUND = re.compile(
    r"\b(?:(?P<less>below|under|less than|fewer than|smaller than)|(?P<most>at most|up to|no more than)"
    r"|(?P<more>above|over|more than|beyond|larger than|greater than)|(?P<least>at least|no less than))\s*$",
    re.I,
)
_NO = re.compile(r"\b(?:no|not|never|without|neither|nor|none|don['’]t|doesn['’]t)\b|-(?:free|less)\b", re.I)
# A loss that a question calls a cost: `how much accuracy does pruning cost?`
COSTS = re.compile(r"\b(?:accuracy|quality|performance|precision)\b.*\b(?:costs?|lost|lose[sd]?|losing|sacrific\w+|drops?|falls?|degrad\w+|declin\w+|hurts?)\b|\bwhat (?:do|does|did) .+ (?:lose|sacrifice|cost)\b", re.I)  # fmt: skip


# What stands around the topic of a list or trend.
_AROUND = re.compile(
    r"^(?:which|what|list|show me|name)(?: of (?:the|these|those|my|our))?(?: all| the| other)* (?:papers?|works|articles|methods"
    r"|approaches|techniques|systems|models|frameworks|algorithms)\b"
    r"|\b(?:trends? (?:in|of|for)|over (?:the )?(?:last |past )?(?:time|years)|currently|nowadays|these days|lately|in recent years"
    r"|how (?:has|have|did)|evol(?:ve|ves|ved|ving|ution of)|developed|developments? (?:in|of)|changed|moved|directions?)\b",
    re.I,
)


def topic_of(question: str) -> str:
    """What a list or a trend is about, without the words that ask for it."""
    topic = _AROUND.sub(" ", question)
    return topic if telling_words(topic) else question


@dataclass(frozen=True)
class Bound:
    """A bound that a figure of a paper must meet: `below 4 bits`."""

    unit: str
    value: Decimal
    relation: str
    text: str

    def is_met(self, text: str) -> bool:
        """Whether a text states a figure of this unit within the bound."""
        return any(
            self._holds(value) for one in figures(text) if one.unit == self.unit for value in one.values
        )

    def _holds(self, value: Decimal) -> bool:
        return {
            "less": value < self.value,
            "most": value <= self.value,
            "more": value > self.value,
            "least": value >= self.value,
        }[self.relation]


def parted(question: str) -> tuple[str, str]:
    """A question that asks which, and what of them: its first part, and the second one or nothing."""
    found = _FURTHER.search(question)
    if found is None or len(telling_words(question[: found.start()])) < 1:
        return question, ""
    return question[: found.start()], question[found.end() :]


def denied_in(question: str) -> frozenset[str]:
    """The families that a question wants negated: `without a draft model`."""
    return negated(one_word(question)) - GENERIC if _NO.search(question) else frozenset()


def bounds_in(question: str) -> tuple[Bound, ...]:
    """The bounds that a question sets: figures with a unit behind a word such as `below`."""
    found = []
    for figure in figures(question):
        before = _BOUND.search(question[: figure.start])
        if before and figure.unit and len(figure.values) == 1 and before.lastgroup:
            text = question[before.start() : figure.end]
            found.append(Bound(figure.unit, figure.values[0], before.lastgroup, text))
    return tuple(found)
