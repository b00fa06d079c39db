"""Titles as they are compared: what is writing goes, what tells two works apart stays."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from agent.text.clean import clean

_GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ϵ": "epsilon", "ζ": "zeta", "η": "eta",
    "θ": "theta", "κ": "kappa", "λ": "lambda", "μ": "mu", "ν": "nu", "ξ": "xi", "π": "pi", "ρ": "rho", "σ": "sigma",
    "τ": "tau", "φ": "phi", "ϕ": "phi", "χ": "chi", "ψ": "psi", "ω": "omega",
}  # fmt: skip
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})
_MARKS = re.compile("[\u0300-\u036f]")  # of Latin, Greek and Cyrillic; in other scripts marks are letters
_GREEK_LETTER = re.compile(f"[{''.join(_GREEK)}]")
# Signs that mean something: between two digits whatever stands there, behind a letter + # and *.
_BETWEEN_DIGITS = re.compile(r"(?<=\d)[^\w+#*]+(?=\d)")
_MARKUP = re.compile(r"[\^{}$]")  # what is left of raised and lowered letters
_UNMEANT = re.compile(r"(?<![\w+#*])[+#*]+|[+#*]+(?=\w)")
_NO_LETTER = re.compile(r"[^a-z0-9.+#*]")
_LONE_STOP = re.compile(r"(?<!\d)\.|\.(?!\d)")


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """A text without case, accents, hyphens, blanks and signs, save those that tell two things apart.

    `C++`, `C#` and `C` stay three, so do `1.5` and `15`; `α` is `alpha`, `&` is `and`.
    """
    line = _MARKUP.sub("", text.casefold())
    if not line.isascii():
        line = _MARKS.sub("", unicodedata.normalize("NFKD", line).casefold()).translate(_LETTERS)
        line = _GREEK_LETTER.sub(lambda match: _GREEK[match.group()], line)
    line = line.replace("&", " and ")
    line = _BETWEEN_DIGITS.sub(".", line)
    line = _LONE_STOP.sub("", _UNMEANT.sub("", line))
    if line.isascii():
        return _NO_LETTER.sub("", line)
    return "".join(
        char for char in line if char.isalnum() or char in ".+#*" or unicodedata.category(char)[0] == "M"
    )


def title_key(title: str) -> str:
    """What two titles of one work have in common, however they are written; never empty."""
    return fold(clean(title)) or title.strip()
