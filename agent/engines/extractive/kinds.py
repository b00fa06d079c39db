"""What a sentence speaks of, for holding it against a question: its families, and what its figures and names stand for.

`TITAN XP` is a GPU and `CIFAR-10` a data set, whether or not the sentence says so; a throughput is how fast something
is; accuracy that falls is lost. And whose work it speaks of: what others do answers no question about a paper.
"""

from __future__ import annotations

import re
from functools import lru_cache

from agent.engines.extractive import cues
from agent.text.figures import figures
from agent.text.questions import families, family, negated
from agent.text.tokens import content_words

DATA = family("dataset")
FAST = family("fast")
LOSS = family("loss")
_DATA_SET = re.compile(r"\bdata[ -]set(s?)\b", re.I)
_OF_DATA = families(("dataset", "benchmark"))
_OF_MACHINES = families(("gpu", "hardware", "device", "machine"))
_GPU = re.compile(r"\b(?:GPUs?|NVIDIA|RTX|GTX|TITAN|A100|H100|V100|H800|A800|A6000|L40|T4)\b")
_SPEED = families(("fast", "throughput", "latency", "time"))
_LOSES = re.compile(
    r"\b(?:los(?:s|ses|e|es|ing|t)|lossless(?:ly)?|drop(?:s|ped)?|fall(?:s|ing)?|fell|degrad\w+|declin\w+|sacrific\w+|compromis\w+"
    r"|hurt\w*|harm\w*|penalt(?:y|ies)|(?:nearly|almost) the same|retain\w*|preserv\w+|maintain\w*|comparable|on par|negligible)\b",
    re.I,
)
# What a need may be of where none is said: training and tuning, once more or at all.
_TRAINING = families(("training", "tuning", "retraining", "finetuning"))
_OF_TRAINING_DATA = re.compile(
    r"\btraining[ -](?:data|sets?|samples?|examples?|corp\w+|images?|recipe|target)\b", re.I
)
_NO_LOSS = re.compile(r"\bwithout\s+(?:\w+\s+)?(?:compromis|sacrific|degrad|hurt|harm)\w*", re.I)
_ONE_OF_THEM = (
    r"(?:methods?|approach(?:es)?|works?|stud(?:y|ies)|research|techniques?|solutions?|systems?|models?|algorithms?|frameworks?"
    r"|literature|efforts?|attempts?|schemes?|strateg(?:y|ies)|implementations?|accelerators?|architectures?)"
)
_OTHERS = re.compile(
    r"^(?:(?:however|while|although|though|yet|but|recently|unfortunately|currently|nevertheless|in contrast|consequently"
    r"|moreover|furthermore|to date|for example|typically|traditionally|despite|since|as|unlike),?\s+)*"
    r"(?:the |most |many |some |several |all |both |a number of )*"
    r"(?:existing|previous|prior|earlier|traditional|conventional|current|recent|other|related|popular|mainstream)\s"
    rf"(?:[\w-]+\s){{0,4}}?{_ONE_OF_THEM}\b|^(?:work|research|efforts) (?:on|in)\b|\brecent (?:studies|works?|research|methods|approaches) (?:have|has)\b"
    rf"|\bexisting {_ONE_OF_THEM} (?:\w+ )?(?:concentrate|focus|rely|use|need|require|suffer|are)\b"
    r"|\b(?:have|has) been (?:suggested|proposed|developed|introduced|explored|widely)\b",
    re.I,
)
_OF_A_PROBLEM = re.compile(
    r"\b(?:problem|challenge|bottleneck|issue|limitation|drawback|shortcoming|obstacle|difficult|hard|motivat\w+|existing"
    r"|previous|prior|others?|earlier|conventional|traditional|current)(?:s|ly|y|ies)?\b"
    r"|\b(?:rid of|avoid|prevent|eliminat|remov|solv|address|tackl|overcom|mitigat|handl|deal|suffer|fix)\w*",
    re.I,
)


@lru_cache(maxsize=50_000)
def kinds_in(text: str) -> frozenset[str]:
    """The families of a text; that of loss where something is lost or kept."""
    found = families(content_words(one_word(text)))
    return found | {LOSS} if _LOSES.search(text) else found


@lru_cache(maxsize=50_000)
def stands_for(text: str) -> frozenset[str]:
    """The families of a text, with those that its names and figures stand for."""
    found = kinds_in(text)
    if cues.DATA.search(text):
        found |= _OF_DATA
    if cues.HARDWARE.search(text):
        found |= _OF_MACHINES if _GPU.search(text) else _OF_MACHINES - {family("gpu")}
    if found & _SPEED and figures(text):
        found |= {FAST}
    return found


@lru_cache(maxsize=50_000)
def kinds_denied(text: str) -> frozenset[str]:
    """The families that a text negates and nowhere affirms; who needs no tuning needs no training."""
    found = negated(_OF_TRAINING_DATA.sub(" data ", text))
    if _NO_LOSS.search(text) or (LOSS in found):
        found |= {LOSS}
    return found | _TRAINING if found & _TRAINING else found


def one_word(text: str) -> str:
    """A text with `data set` written as papers mostly do."""
    return _DATA_SET.sub(r"dataset\1", text)


def is_of_others(text: str, own: str) -> bool:
    """Whether a sentence says what other people's work does."""
    return bool(_OTHERS.search(text)) and not speaks_of_own(text, own)


def is_of_the_problem(text: str, own: str) -> bool:
    """Whether a sentence says what is wrong without this work."""
    return bool(cues.PROBLEM.search(text)) and not speaks_of_own(text, own)


def asks_of_others(question: str) -> bool:
    """Whether a question is about what was before a work, or what is wrong without it."""
    return bool(_OF_A_PROBLEM.search(question))


def speaks_of_own(text: str, own: str) -> bool:
    """Whether a sentence says that it speaks of a paper's own work: by `we` and the like, or by name."""
    return bool(cues.OURS.search(text)) or own.casefold() in text.casefold()
