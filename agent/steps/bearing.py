"""What a new paper has to do with the reader's own: the names of his papers that stand in it, and his claims near to it.

It is said to compare itself with a work only where a sentence does so: where a word of comparison stands before the
name. Everything else is said to speak of it.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from agent.records import BearsOn, Claim, Evidence, Paper, Survey
from agent.records.digests import ReviewClaim
from agent.text.names import is_name
from agent.text.numbered import NumberedPaper
from agent.text.own_names import own_names
from agent.text.questions import families
from agent.text.sentences import split_sentences
from agent.text.tokens import STOP_WORDS, words

MOST_NAMES, MOST_CLAIMS = 5, 2
REACH = 80  # characters before a name in which a word of comparison is about it
NEAR = 0.4  # cosine from which a sentence bears on a claim: few do
FEWEST_SHARED = 4  # words of substance that both must have
# What every paper says of itself brings no two together.
_OF_ANY_PAPER = frozenset(
    """achieve address algorithm approach art average baseline benchmark bottleneck challenge compare compete competitive
    comprehensive consistently contribution demonstrate different effective effectiveness efficient efficiency end
    evaluate evaluation exist existing experiment experimental extensive extensively find finding framework general
    high higher improve improvement introduce issue limitation maintain method model new novel outperform paper
    performance popular present problem propose range reduce report result scale setting several show significant
    significantly state strategy study superior surpass system tackle tailor tailored task technique training various
    verify wide work""".split()
)
_COMPARES = re.compile(
    r"\b(?:compar(?:ed|es|ing|isons?)|outperform\w*|surpass\w*|exceed\w*|beat(?:s|en|ing)?|than|over|against|versus|vs)\b",
    re.I,
)
_TOKEN = re.compile(r"[^\W_](?:[\w+#*^.’'-]*[\w+#*])?")


@dataclass(frozen=True)
class _Mention:
    key: str
    name: str
    sentence: Evidence
    is_compared: bool


class OwnWorks:
    """The names of the reader's own works; one that two of them bear is nobody's. `whose` says what they are."""

    def __init__(self, papers: Mapping[str, Paper], whose: str = "which you have") -> None:
        self._whose = whose
        bearers: dict[str, set[str]] = defaultdict(set)
        written: dict[str, str] = {}
        for key in sorted(papers):
            for name in _names_of(papers[key]):
                bearers[_bare(name)].add(key)
                written.setdefault(_bare(name), name)
        self._keys = {bare: next(iter(keys)) for bare, keys in bearers.items() if len(keys) == 1}
        self._written = {bare: written[bare] for bare in self._keys}
        self._longest = max((len(name.split()) for name in self._written.values()), default=0)

    def in_paper(self, paper: NumberedPaper) -> tuple[BearsOn, ...]:
        """Which of them a paper speaks of, those that it compares itself with first."""
        own = {_bare(name) for name in _names_of(paper.paper)}
        found: dict[str, _Mention] = {}
        for sentence in paper.sentences:
            for mention in self._in_sentence(sentence):
                first = found.get(mention.key)
                if mention.key != paper.key and _bare(mention.name) not in own and (first is None or mention.is_compared > first.is_compared):  # fmt: skip
                    found[mention.key] = mention
        ranked = sorted(found.values(), key=lambda one: (not one.is_compared, one.sentence.part != "title", one.sentence.start, one.key))  # fmt: skip
        return tuple(_bears_on(one, self._whose) for one in ranked[:MOST_NAMES])

    def _in_sentence(self, sentence: Evidence) -> Iterable[_Mention]:
        tokens = list(_TOKEN.finditer(sentence.text))
        for start in range(len(tokens)):
            for end in range(min(len(tokens), start + self._longest), start, -1):
                text = sentence.text[tokens[start].start() : tokens[end - 1].end()]
                bare = _bare(text)
                if _is_written_so(self._written.get(bare, ""), text, is_first=start == 0):
                    before = sentence.text[max(0, tokens[start].start() - REACH) : tokens[start].start()]
                    is_compared = sentence.part != "title" and bool(_COMPARES.search(before))
                    yield _Mention(self._keys[bare], self._written[bare], sentence, is_compared)
                    break


def _names_of(paper: Paper) -> list[str]:
    """What a paper surely calls its work."""
    abstract = paper.texts.abstract or ""
    sentences = [abstract[span.start : span.end] for span in split_sentences(abstract)]
    return [name.written for name in own_names(paper.title, sentences) if name.is_sure]


def _bare(name: str) -> str:
    return "".join(char for char in name.casefold() if char.isalnum() or char in "+#*")


def _is_written_so(written: str, text: str, *, is_first: bool) -> bool:
    """Whether a text writes a name as a name: in as many words, and an ordinary word only as it is written, not where a sentence begins."""
    if len(written.split()) != len(text.split()):
        return False
    if all(is_name(part) for part in text.split()):
        return True
    return text == written and text[:1].isupper() and (" " in text or not is_first)


def _bears_on(one: _Mention, whose: str) -> BearsOn:
    what = "compares itself with" if one.is_compared else "speaks of"
    return BearsOn(key=one.key, text=f"{what} {one.name}, {whose}", evidence=(one.sentence,))


def review_claims(survey: Survey) -> tuple[ReviewClaim, ...]:
    """The claims of a survey's sections that say something of papers, as a reader counts them."""
    found = []
    for section, theme in enumerate(survey.themes, start=1):
        claims = [claim for paragraph in theme.paragraphs for claim in paragraph.claims]
        found += [
            ReviewClaim(id=claim.id, section=section, number=number, text=claim.text, evidence=claim.evidence)
            for number, claim in enumerate(claims, start=1)
            if claim.kind in ("fact", "inference")
        ]
    return tuple(found)


class Review:
    """The claims of the reader's review, for finding those that a new paper's claims are very near to."""

    def __init__(self, claims: Sequence[ReviewClaim]) -> None:
        self._claims = claims
        texts = [" ".join([one.text, *(found.text for found in one.evidence)]) for one in claims]
        self._words = [_families(text) for text in texts]
        self._spread = Counter(word for found in self._words for word in found)

    def near(self, claims: Iterable[Claim]) -> tuple[BearsOn, ...]:
        """The claims of the review that these bear on, nearest first; claims that rest on the same paper are no news."""
        best: dict[int, tuple[float, Evidence]] = {}
        for claim in claims:
            for evidence in claim.evidence:
                said = _families(evidence.text)
                for number, there in enumerate(self._words):
                    score = self._nearness(said, there)
                    if score >= NEAR and score > best.get(number, (0.0, evidence))[0]:
                        best[number] = (score, evidence)
        ranked = sorted(best, key=lambda number: (-best[number][0], number))
        return tuple(self._bears_on(number, best[number][1]) for number in ranked[:MOST_CLAIMS])

    def _nearness(self, one: frozenset[str], other: frozenset[str]) -> float:
        shared = one & other
        if len(shared) < FEWEST_SHARED:
            return 0.0
        lengths = math.sqrt(self._weight(one) * self._weight(other))
        return round(self._weight(shared) / lengths, 9) if lengths else 0.0

    def _weight(self, found: Iterable[str]) -> float:
        size = len(self._claims)
        return math.fsum(math.log((2 + size) / (1 + self._spread[word])) ** 2 for word in found)

    def _bears_on(self, number: int, evidence: Evidence) -> BearsOn:
        claim = self._claims[number]
        text = " ".join(claim.text.split()).strip("“”")
        return BearsOn(
            claim=claim.id,
            text=f"bears on section {claim.section}, claim {claim.number}: “{text}”",
            evidence=(evidence,),
        )


def _families(text: str) -> frozenset[str]:
    found = families(
        word for word in words(text) if word not in STOP_WORDS and len(word) > 1 and not word.isdigit()
    )
    return found - families(_OF_ANY_PAPER)
