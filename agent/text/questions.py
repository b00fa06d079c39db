"""Words of questions: which carry no topic, which belong to one family, how a question leans on what is negated.

Families are rougher than the stems of `tokens`: `initialise` and `initialization` have one root, `fast` and `speed` are
of one family. Families tell whether a paper speaks of what is asked. What is searched goes by stems, and by all stems of
a root where a question has few words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from agent.text.tokens import STOP_WORDS, stem, words

# What people say when they ask, and what every paper has: no topic is told by them.
ASKING_WORDS = frozenset(
    """actually answer anything anyone article ask asked author better big bigger but call called collection come
    compare compared comparing comparison compete day deal describe described did differ difference different differently
    direction directly discuss discussed doesn don enough especially every everything exactly exist existing explain fewer find
    get getting give given go going good got great happen happened help here idea isn know known let library like list
    lot make manage me mean mention mentioned my name need needed new nowadays old other paper people please possible
    present presented propose proposed put question really recent recently regarding report reported reporting
    research researcher result say said saying search section see seen show showed shown something sort speak state
    stated study take taken talk tell thing think topic treat treated trend try type understand versus want way whether
    whole work working write year""".split()
)
_ASKING = frozenset(stem(word) for word in ASKING_WORDS)

# Words that say one thing of a measure; each line is a family.
_FAMILIES = (
    "fast quick rapid speed speedup accelerate",
    "slow slowdown",
    "cheap cost expensive price",
    "small tiny compact shrink compress",
    "energy power electricity",
    "accurate accuracy",
    "picture image photo",
    "percent percentage",
    "llm chatbot",
    "throughput thruput",
    "discard evict forget",
    "gpu graphics",
)
# Words of one root that endings do not tell; each line begins with the root.
_IRREGULAR = (
    "los lose loss lost losing losses",
    "tun tune tuned tuning tuner tunable",
    "cod code coded coding",
    "sav save saved saving",
    "rat rate rated rating",
)
_SHORTEST = 4
_ENDINGS = (
    "izational", "ization", "isation", "ational", "ization", "ition", "ation", "ional", "iveness", "ability",
    "ibility", "izing", "ising", "ized", "ised", "izer", "iser", "ively", "ating", "ated", "ator", "ement", "ment",
    "ness", "able", "ible", "ity", "ive", "ion", "ing", "ate", "iz", "is", "ed", "er", "or", "ly", "at", "e", "y",
)  # fmt: skip
_LONG_ENDINGS = ("encies", "ency", "ence", "ents", "ent", "ancy", "ance", "ants", "ant")
_LEFT_ALONE = frozenset(
    "analysis basis experiment layer number order paper quantity student tensor thesis".split()
)

NEGATION = re.compile(
    r"\b(?:no|not(?! (?:only|just|merely)\b)|never|neither|nor|none|without|cannot|lacks?|lacking|instead of|rather than|unlike|free (?:of|from)"
    r"|avoid(?:s|ed|ing)?|eliminat(?:e|es|ed|ing)|obviat(?:e|es|ed|ing)|removes? the need|sidestep(?:s|ping)?"
    r"|unnecessary|needless|circumvent(?:s|ing)?|bypass(?:es|ing)?)\b|n['’]t\b|(?<=\w)-(?:free|less|independent|agnostic)\b",
    re.I,
)


_CLAUSE_END = re.compile(r"[,;:()]|\b(?:but|while|whereas|which|that)\b")
GOVERNED = 7  # words behind a negation that it may negate
MOST_OF_VERBS = 2  # telling words behind `not` that it negates, where no need is denied: an adverb and a verb
_WORD = re.compile(r"[^\W_]+")
_OF_VERBS = frozenset({"not", "never", "cannot", "n't", "n’t"})
_NEEDING = re.compile(
    r"(?:need|requir|depend|rel[yi]|rest|us|involv|employ|demand|introduc|add)(?:e?s|ed|ing|e|y)?", re.I
)
_PREPOSITIONS = frozenset(
    "to on in for with of from by at over as than into during under when if because since and".split()
)

_BRITISH = re.compile(
    r"\b(?!\w*(?:rev|superv|comprom|exerc|otherw|likew|adv|dev|prec|prom|ra|noi|enterpr|surpr|compr)is)([a-z]{3,})is(?=(?:e[drs]?|ing|ations?)\b)"
)


def american(text: str) -> str:
    """A text with `quantise` written `quantize`, as most papers do."""
    return _BRITISH.sub(r"\1iz", text)


def is_asking(word: str) -> bool:
    """Whether a stem belongs to the asking and not to what is asked for."""
    return word in _ASKING


def telling_words(text: str) -> list[str]:
    """The content stems of a question that say what it is about, in order, each once."""
    found = (stem(word) for word in words(text) if word not in STOP_WORDS and len(word) > 1)
    return list(dict.fromkeys(word for word in found if not word.isdigit() and word not in _ASKING))


@lru_cache(maxsize=100_000)
def root(word: str) -> str:
    """The word without endings: what `prune`, `pruned` and `pruning` begin with, `quantisation` and `quantize`, too."""
    stemmed = stem(word.lower())
    return _ROOTS.get(stemmed) or _root(stemmed)


@lru_cache(maxsize=100_000)
def family(word: str) -> str:
    """What words of one family have in common: their root, or that of the first word of the family."""
    found = root(word)
    return _FAMILY.get(found, found)


def families(text_words: Iterable[str]) -> frozenset[str]:
    """The families of some words."""
    return frozenset(family(word) for word in text_words)


_DOUBT = re.compile(
    r"\s*(?:it|there) (?:does not hold|is not (?:true|so|the case)|is no (?:evidence|proof|sign|indication)) that ",
    re.I,
)


def negated(text: str) -> frozenset[str]:
    """The families that a text negates and nowhere affirms: what stands right behind a negation, or before `-free`."""
    if doubt := _DOUBT.match(text):  # the whole of what follows is denied, and what that denies is not
        rest = text[doubt.end() :]
        return families(telling_words(rest)) - negated(rest)
    found: set[str] = set()
    affirmed = list(text)
    for match in NEGATION.finditer(text):
        start, end = _governed(text, match)
        found |= families(telling_words(text[start:end]))
        affirmed[min(start, match.start()) : max(end, match.end())] = " " * (
            max(end, match.end()) - min(start, match.start())
        )
    return frozenset(found) - families(telling_words("".join(affirmed)))


def _governed(text: str, match: re.Match[str]) -> tuple[int, int]:
    """What a negation negates: `training` of `training-free`, `needs no | training`, `does not depend | on data`."""
    if match.group().startswith("-"):
        before = list(_WORD.finditer(text, 0, match.start()))
        return (before[-1].start(), match.start()) if before else match.span()
    if text[match.end() : match.end() + 1] == "-":  # `no-all-reduce training` is training
        first = _WORD.search(text, match.end())
        return match.end(), first.end() if first else match.end()
    clause = _CLAUSE_END.split(text[match.end() :], maxsplit=1)[0]
    found = list(_WORD.finditer(clause))[:GOVERNED]
    is_verb = match.group().lower() in _OF_VERBS and not any(
        _NEEDING.fullmatch(one.group()) for one in found[:3]
    )
    telling, end = 0, 0
    for place, one in enumerate(found):
        leans = place > 0 and _NEEDING.fullmatch(found[place - 1].group())
        if telling and one.group().lower() in _PREPOSITIONS and not leans:
            break
        telling += bool(telling_words(one.group()))
        if is_verb and telling > MOST_OF_VERBS:
            break
        end = one.end()
    return match.end(), match.end() + end


def _root(word: str) -> str:
    while word not in _LEFT_ALONE and (shorter := _shortened(word)) != word:
        word = shorter
    return word


def _shortened(word: str) -> str:
    for ending in _LONG_ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) > _SHORTEST:
            return word[: -len(ending)]
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST:
            return _undoubled(word[: -len(ending)])
    return word


def _undoubled(word: str) -> str:
    return word[:-1] if len(word) >= _SHORTEST and word[-1] == word[-2] and word[-1] not in "lsz" else word


_ROOTS = {stem(word): line.split()[0] for line in _IRREGULAR for word in line.split()[1:]}
_FAMILY = {root(word): root(line.split()[0]) for line in _FAMILIES for word in line.split()}
