"""Words for counting: lower case, plural stems, stop words out; bigrams that cross no boundary."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

STOP_WORDS = frozenset(
    """a about above across after again against all almost alone along already also although always am
    among an and another any are around as at away based be became because become been before being
    below between beyond both but by can cannot could despite did do does doing done down due during
    each either else enough especially etc even ever every except few first for from further had has
    have having he hence her here his how however i if in into is it its itself just least less like
    made mainly make makes making many may might more moreover most much must namely near nearly
    need neither no nor not nothing now of off often on once one ones only onto or other others
    otherwise our out over own per perhaps quite rather really same second several she should since
    so some still such than that the their them then there thereby therefore these they this those
    though through throughout thus to together too toward towards two three under unless until up
    upon us use used using very via was we well were what when where whereas whether which while who
    whose why will with within without would yet you your g e al vs""".split()
)
_WORD = re.compile(r"[^\W_]+")
GPUS = frozenset(("cpus", "gpus", "npus", "tpus"))
NO_PLURALS = frozenset(("alias", "atlas", "bias", "canvas", "gas", "lens"))
_TOKEN_OR_BREAK = re.compile(r"[^\W_]+|[^\s\w-]|_")


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """The word without its English plural ending; singular and plural give one stem."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    is_plural = word.endswith("s") and not word.endswith(("ss", "us", "is")) and word not in NO_PLURALS
    if len(word) > 3 and (is_plural or word in GPUS):
        word = word[:-1]
    if len(word) > 3 and word.endswith(("che", "she", "se", "xe", "ze")):
        return word[:-1]  # so that batch and batches, cache and caches, size and sizes meet
    return word


def words(text: str) -> list[str]:
    """Every word, in lower case, stems and stop words alike; hyphens split."""
    return [word.lower() for word in _WORD.findall(text)]


def content_words(text: str) -> list[str]:
    """Stems of the words that carry meaning; digits alone do not."""
    return [found for word in _WORD.findall(text) if (found := _content_stem(word))]


@lru_cache(maxsize=200_000)
def _content_stem(written: str) -> str:
    """The stem of a word as it is written; empty where it carries no meaning."""
    word = written.lower()
    return "" if word in STOP_WORDS or word.isdigit() or len(word) < 2 else stem(word)


def runs(text: str) -> Iterator[list[str]]:
    """Stretches of content stems that no punctuation, stop word or number interrupts."""
    run: list[str] = []
    for match in _TOKEN_OR_BREAK.finditer(text):
        word = match.group().lower()
        if word in STOP_WORDS or not word[0].isalnum() or word.isdigit() or len(word) < 2:
            if run:
                yield run
            run = []
        else:
            run.append(stem(sys.intern(word)))
    if run:
        yield run


def terms(found_runs: Iterable[Sequence[str]]) -> list[str]:
    """Content stems and the bigrams inside their runs; equal terms are one object, since there are many."""
    found: list[str] = []
    for run in found_runs:
        found.extend(run)
        found.extend(sys.intern(f"{left} {right}") for left, right in pairwise(run))
    return found


def stands_in(phrase: str, text: str) -> bool:
    """Whether a text has the words of a phrase one after another, whatever their case, hyphens and plurals."""
    wanted = "".join(stem(word) for word in words(phrase))
    stems = [stem(word) for word in words(text)]
    for start in range(len(stems)) if wanted else ():
        joined = ""
        for word in stems[start:]:
            joined += word
            if joined == wanted:
                return True
            if not wanted.startswith(joined):
                break
    return False


def fold_title(title: str) -> str:
    """A title without case, hyphens, spaces and signs, for telling whether two are the same."""
    return "".join(char for char in title.casefold() if char.isalnum())
