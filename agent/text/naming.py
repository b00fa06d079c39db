"""Names a person would give to a group of papers: phrases of their own titles."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from agent.text.names import is_name
from agent.text.tokens import STOP_WORDS, stem

COUNTABLE = (
    " model",
    " law",
    " network",
    " transformer",
    " system",
    " agent",
    " solver",
    " benchmark",
    " method",
)
LENGTH_BONUS = {1: 1.0, 2: 1.8, 3: 2.0}
LEAST_SHARE, MOST_OVERALL, WIDE_SHARE = 0.15, 0.30, 0.5
# Fields, not subjects: they tell one theme from another only where nothing else does.
BROAD = frozenset({("language", "model"), ("large", "language", "model"), ("deep", "learning"), ("neural", "network"),
                   ("machine", "learning"), ("deep", "neural", "network"), ("language", "model", "training")})  # fmt: skip
# Words that titles open and close with and that name no subject.
BOILERPLATE = frozenset(
    stem(word)
    for word in """approach approache method framework system model study analysis survey review novel new improved
    improving improve efficient effective fast faster accelerate accelerating acceleration
    accelerated towards toward exploring explore rethinking understanding enabling leveraging
    learning-based based aware driven simple better best strong robust scalable practical general
    generalized unified optimal optimized optimizing large small high low deep good state art sota
    time real via using beyond need case paper problem task tasks technique strategy strategies
    application applications comprehensive empirical investigation evaluation perspective
    introduction guide all can less more without free zero shot single multiple multi level
    performance hardware quality cost end open source way making revisiting investigating evaluating""".split()
)
BARE_ADJECTIVES = frozenset(
    """linear neural visual sparse dense latent semantic temporal spatial structured adaptive dynamic
    static generative foundational multimodal autonomous parallel distributed causal hybrid
    hierarchical contrastive lightweight continuous discrete parametric nonlinear convolutional
    recurrent quantum physical medical efficient long short early late low high fine large small
    lossless intelligent pretrained pre-trained accurate language multilingual bilingual clinical
    digital global local mobile social human novel online offline open-source""".split()
)
# Nouns that name a subject only with a word before them.
GENERIC = frozenset(
    stem(word)
    for word in """model system learning training inference generation image vision video representation cache
    capability deployment prediction network domain power law edit scale development finding column
    input token resource data processing language layer head step time code agent feature design
    result world computation memory device environment query user information knowledge dataset
    benchmark metric improvement generalization dynamic analysis study optimization decomposition
    detection recognition classification segmentation estimation process structure architecture
    module component object method process prior train gpu cpu llm ai ml evolution attribute
    parameter weight gradient sequence sampling sample scene text speech face graph node paradigm group resource instance activation algorithm relation transfer""".split()
)
_ADJECTIVE = re.compile(r"(?:al|ic|ive|ous|ary|able|ible|ful|less|ed|est)$")
NOUNS_LIKE_ADJECTIVES = frozenset(
    """retrieval signal survival trial music logic traffic arithmetic physics variable table
    perspective objective archive library summary capital metal crystal material journal removal
    proposal epidemic clinic fabric plastic speed seed feed need embed interval manifold arrival
    appraisal referral dictionary vocabulary boundary electronic mechanic dynamic analytic statistic
    semantic genetic robotic diagnostic forest harvest interest request test guest""".split()
)
_PIECE = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*|[^\s\w]")


@dataclass(frozen=True)
class Phrase:
    """A phrase with the documents that hold it: `titles` in their title, `papers` anywhere."""

    stems: tuple[str, ...]
    surface: str
    titles: frozenset[int]
    papers: frozenset[int]


@dataclass(frozen=True)
class Phrases:
    """All phrases of a set of titled texts, found once, used for every group."""

    size: int
    found: dict[tuple[str, ...], Phrase]

    def best(self, members: Iterable[int], limit: int = 2, fewest_words: int = 1) -> list[Phrase]:
        """The phrases that name `members` and nobody else: a first, and one for those it leaves out."""
        inside = frozenset(members)
        chosen: list[Phrase] = []
        covered: set[int] = set()
        for phrase in self._ranked(inside):
            reach = phrase.papers & inside
            is_short = len(phrase.stems) < fewest_words
            adds_little = bool(chosen) and len(reach - covered) < max(2, 0.12 * len(inside))
            if is_short or adds_little or (chosen and not _is_second(phrase, chosen, inside)):
                continue
            chosen.append(phrase)
            covered |= reach
            if len(chosen) == limit or len(covered) >= 0.8 * len(inside):
                break
        return chosen

    def _ranked(self, inside: frozenset[int]) -> list[Phrase]:
        return [
            phrase
            for _, phrase in sorted(
                self._scored(inside), key=lambda pair: (-round(pair[0], 9), pair[1].stems)
            )
        ]

    def _scored(self, inside: frozenset[int]) -> Iterable[tuple[float, Phrase]]:
        size = len(inside)
        outside = max(1, self.size - size)
        most = max(MOST_OVERALL, 1.2 * size / self.size) * self.size
        wide = max(
            most, 1.5 * MOST_OVERALL * self.size
        )  # what the group's own titles say may be said elsewhere too
        for phrase in self.found.values():
            titles, papers = len(phrase.titles & inside), len(phrase.papers & inside)
            is_told = titles >= min(2, size) or (titles and papers >= WIDE_SHARE * size)
            if (
                not is_told
                or papers < LEAST_SHARE * size
                or (len(phrase.papers) > (wide if titles >= 0.3 * size else most) and size < self.size)
            ):
                continue
            if (
                len(phrase.stems) == 1
                and (papers < 0.4 * size or titles < 0.2 * size)
                and not is_name(phrase.surface)
            ):
                continue
            elsewhere = (len(phrase.papers) - papers + 0.5) / (outside + 0.5)
            lift = math.log(max(papers / size / elsewhere, 1.0)) if size < self.size else 1.0
            says_little = 0.3 if phrase.stems in BROAD else 1.0
            if lift > 0:
                yield (
                    (papers + 2 * titles) / size * lift * LENGTH_BONUS[len(phrase.stems)] * says_little,
                    phrase,
                )


def find_phrases(titles: Sequence[str], texts: Sequence[Iterable[Sequence[str]]]) -> Phrases:
    """Phrases of 1-3 words that stand in `titles`, and where they stand in titles or `texts`, given as runs of stems."""
    in_titles: dict[tuple[str, ...], set[int]] = defaultdict(set)
    surfaces: dict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
    followers: dict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
    for number, title in enumerate(titles):
        for stems, surface, follower in _phrases(title):
            in_titles[stems].add(number)
            surfaces[stems][surface] += 1
            followers[stems][follower] += 1
    whole = {stems for stems in in_titles if _is_whole(followers[stems])}
    anywhere: dict[tuple[str, ...], set[int]] = {stems: set(in_titles[stems]) for stems in whole}
    openers = {stems[0] for stems in whole}
    for number, found_runs in enumerate(texts):
        for stems in _stretches(found_runs, openers):
            if stems in anywhere:
                anywhere[stems].add(number)
    return Phrases(
        len(titles),
        {
            stems: Phrase(
                stems, _surface(surfaces[stems]), frozenset(in_titles[stems]), frozenset(anywhere[stems])
            )
            for stems in sorted(whole)
        },
    )


def _is_whole(followers: Counter[str]) -> bool:
    """Whether a phrase ends where it is cut: not if titles go on with one and the same word."""
    inner = {word: count for word, count in followers.items() if word}
    return max(inner.values(), default=0) < 0.7 * followers.total()


def title_of(phrases: Sequence[Phrase], and_also: str | None = None) -> str:
    """A heading from phrases: `Speculative decoding and draft models`."""
    surfaces = [*(phrase.surface for phrase in phrases), *([and_also] if and_also else [])]
    text = ", ".join(surfaces[:-1]) + " and " + surfaces[-1] if len(surfaces) > 1 else "".join(surfaces)
    first = text.split(" ", 1)[0]
    return text if is_name(first) or not text else text[0].upper() + text[1:]


def _is_second(phrase: Phrase, chosen: Sequence[Phrase], inside: frozenset[int]) -> bool:
    """A second phrase must say something of its own, and a lone word must hold for many."""
    if _overlaps(phrase, chosen) or phrase.stems in BROAD:
        return False
    return (
        len(phrase.stems) > 1 or is_name(phrase.surface) or len(phrase.papers & inside) >= 0.6 * len(inside)
    )


def _overlaps(phrase: Phrase, chosen: Sequence[Phrase]) -> bool:
    return any(
        set(phrase.stems) & set(other.stems) or _abbreviates(phrase, other) or _abbreviates(other, phrase)
        for other in chosen
    )


def _abbreviates(short: Phrase, full: Phrase) -> bool:
    """Whether `LLM` stands for `language models`."""
    initials = "".join(stem[0] for stem in full.stems)
    return len(short.stems) == 1 and len(initials) > 1 and short.stems[0].endswith(initials)


def _phrases(title: str) -> Iterable[tuple[tuple[str, ...], str, str]]:
    """Stems, surface and the following stem of every phrase of a title that names something."""
    for run in _word_runs(title):
        for length in (1, 2, 3):
            for start in range(len(run) - length + 1):
                window = run[start : start + length]
                if _names_something(window):
                    stems = tuple(s for word in window for s in _stems(word))
                    follower = "".join(_stems(run[start + length])) if start + length < len(run) else ""
                    yield stems, " ".join(_lower(word) for word in window), follower


def _names_something(window: Sequence[str]) -> bool:
    first, last = window[0].lower(), window[-1].lower()
    if len(tuple(s for word in window for s in _stems(word))) > 3:
        return False
    if (stem(first) in BOILERPLATE) and not _opens_term(window):
        return False
    if len(window) == 1:
        return _stands_alone(window[0])
    if stem(last) in BOILERPLATE and stem(last) not in GENERIC:
        return False
    return not _is_adjective(last)


def _opens_term(window: Sequence[str]) -> bool:
    """`large language models` is a term although `large` opens many a title."""
    return [word.lower() for word in window[:2]] in (
        ["large", "language"],
        ["state", "space"],
        ["deep", "learning"],
    )


def _stands_alone(word: str) -> bool:
    """Whether one word names a subject."""
    lower = word.lower()
    if is_name(word) and len(word) > 2:
        return stem(lower) not in GENERIC
    if lower in SUBJECTS:
        return True
    if "-" in lower or len(lower) < 5 or lower.endswith("ing"):
        return False
    return stem(lower) not in GENERIC and stem(lower) not in BOILERPLATE and not _is_adjective(lower)


def _is_adjective(word: str) -> bool:
    if word in SUBJECTS or word in NOUNS_LIKE_ADJECTIVES:
        return False
    if "-" in word:
        return not word.endswith(("ing", "tion", "attention", "s", "ment", "ity"))
    return word in BARE_ADJECTIVES or word.endswith("ly") or bool(_ADJECTIVE.search(word))


# Words ending in -ing or with a hyphen that name a subject by themselves.
SUBJECTS = frozenset(
    """pruning decoding fine-tuning finetuning caching rendering scheduling serving pretraining
    pre-training reasoning planning imaging screening ageing aging clustering quantization
    self-attention super-resolution cross-attention distillation sparsification reinforcement""".split()
)


def _word_runs(title: str) -> Iterable[list[str]]:
    run: list[str] = []
    for match in _PIECE.finditer(title):
        piece = match.group()
        if not piece[0].isalnum() or piece.lower() in STOP_WORDS or piece.isdigit():
            if run:
                yield run
            run = []
        else:
            run.append(piece)
    if run:
        yield run


def _stretches(found_runs: Iterable[Sequence[str]], openers: set[str]) -> Iterable[tuple[str, ...]]:
    """The stretches of 1-3 stems that begin with one of `openers`."""
    for run in found_runs:
        for start, first in enumerate(run):
            if first in openers:
                for end in range(start + 1, min(start + 3, len(run)) + 1):
                    yield tuple(run[start:end])


def _stems(word: str) -> list[str]:
    return [stem(piece.lower()) for piece in re.split(r"[-'’]", word) if piece]


def _lower(word: str) -> str:
    return word if is_name(word) else word.lower()


def _surface(seen: Counter[str]) -> str:
    """The commonest spelling; a plural where titles have one, since a heading is about many."""
    plural = [surface for surface in seen if surface.endswith("s") and surface[:-1] in seen]
    best = min(plural or seen, key=lambda surface: (-seen[surface], surface))
    return f"{best}s" if best.endswith(COUNTABLE) else best
