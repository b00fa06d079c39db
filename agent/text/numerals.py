"""Numbers in other writings: digits of any script, raised and circled ones, fractions, exponents, and in words.

`plain` rewrites a text so that `figures` reads them; `spelled` finds the quantities that stand in words. Neither is
for showing: what is shown stays as it was written.
What this does not know: words of other languages than English, and Roman numerals in letters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import lru_cache

from agent.text.figures import FACTOR, Figure, figures
from agent.text.printable import visible

_SIGNS = str.maketrans({"٪": "%", "﹪": "%", "٫": ".", "٬": ",", "‐": "-", "‑": "-", "﹣": "-", "－": "-"})
_RAISED = re.compile(r"(?P<before>\S?)(?P<raised>[⁻⁺]?[⁰¹²³⁴-⁹]+)")
_FRACTION = re.compile(r"(\d+)?[ \u2044]?([¼-¾⅐-⅞↉])")
_EXPONENT = re.compile(r"(?<![\w.])(\d+(?:\.\d+)?)[eE]([+-]?\d{1,3})(?![A-Za-z\d])")
_DECIMAL_COMMA = re.compile(r"(?<![\w.,])(\d+),(\d{1,2}|\d{4,9})(?![\d,]|\.\d)")
ONES = {word: value for value, word in enumerate(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen".split())}  # fmt: skip
TENS = {word: 10 * value for value, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)}  # fmt: skip
_LARGE = {
    "hundred": 100,
    "thousand": 1000,
    "million": 10**6,
    "billion": 10**9,
    "trillion": 10**12,
    "dozen": 12,
}
_PLURALS = {
    "tens": 10,
    "dozens": 12,
    "hundreds": 100,
    "thousands": 1000,
    "millions": 10**6,
    "billions": 10**9,
}
_WORD = "|".join([*ONES, *TENS, *_LARGE])
_CARDINAL = rf"(?:(?:an?|{_WORD})(?:(?:[\s-]|\sand\s)(?:{_WORD}))*|{_WORD})"
_SPELLED = re.compile(
    rf"\b(?P<number>{_CARDINAL}|{'|'.join(_PLURALS)})(?:\b|(?=fold\b))"
    r"(?:(?:\sof\s|[\s-])?(?P<unit>per\s?cent(?:(?:age)? points?)?\b|%|points?\b|times\b|fold\b|[x×](?!\w)|bits?\b|bytes?\b|orders?[\s-]of[\s-]magnitude\b))?",
    re.I,
)
_FRACTION_WORD = re.compile(
    r"\b(?:(?P<count>an?|one|two|three|four|five|six|seven|eight|nine)[\s-])?"
    r"(?P<part>half|halves|halved|halving|thirds?|quarters?|fifths?|sixths?|sevenths?|eighths?|ninths?|tenths?|hundredths?|thousandths?)\b"
    r"(?![\s-]precision|-[a-z])",
    re.I,
)
_ORDINALS = dict(zip("third quarter fifth sixth seventh eighth ninth tenth hundredth thousandth".split(), (3, 4, 5, 6, 7, 8, 9, 10, 100, 1000), strict=True))  # fmt: skip
# `a third method` is the third one; what follows a share is one of these, or no word.
_AS_A_SHARE = re.compile(
    r"\s(?:of|the|as|less|more|to|than|and|or|compared|in|on|for|at|with|from|by|when|while|is|are|was|were|savings?|reduction|\w+er)\b|\s?[^\sa-z]|$"
)
_AFTER_DIGITS = re.compile(r"\d\+?[\s-]?$")  # the `million` of `10 million` is no number by itself
_BEFORE_A_SHARE = re.compile(
    r"(?:\b(?:by|up to|than|nearly|about|almost|only|over|a|[\d%x×]\s(?:to|and|or))\s|[<>≤≥~≈]\s?)$", re.I
)
_UNITS = {"percent": "%", "%": "%", "times": FACTOR, "fold": FACTOR, "x": FACTOR, "×": FACTOR}
SHARE = "share"


@lru_cache(maxsize=20_000)
def plain(text: str) -> str:
    """The text with its numbers in ASCII digits and points, and without characters that nobody sees."""
    line = visible(text)
    if not line.isascii():
        line = _FRACTION.sub(_decimal, line.translate(_SIGNS))
        line = _RAISED.sub(_raised, line)
        line = "".join(char if char.isascii() else _digit(char) for char in line)
    return _DECIMAL_COMMA.sub(r"\1.\2", _EXPONENT.sub(r"\1×10^\2", line))


def _digit(char: str) -> str:
    category = unicodedata.category(char)
    if category == "Nd":
        return str(unicodedata.decimal(char))
    if category in ("No", "Nl"):
        value = unicodedata.numeric(char, -1.0)
        return str(int(value)) if value >= 0 and value == int(value) else char
    folded = unicodedata.normalize("NFKC", char)
    return folded if len(folded) == 1 and folded.isascii() else char


def _raised(match: re.Match[str]) -> str:
    digits = "".join(_sign(char) for char in match["raised"])
    return f"{match['before']}^{digits}" if match["before"] else digits


def _sign(char: str) -> str:
    return {"⁻": "-", "⁺": "+"}.get(char) or str(unicodedata.digit(char))


def _decimal(match: re.Match[str]) -> str:
    value = Decimal(str(round(unicodedata.numeric(match[2]), 4))) + int(match[1] or 0)
    return f"{value:f}"


def spelled(text: str) -> Iterator[Figure]:
    """The quantities that a text states in words, such as `forty percent`, `sevenfold`, `half` or `two thirds`.

    Counts without a unit have the unit ""; a fraction has the unit `SHARE`.
    """
    fractions = [(match, share) for match in _FRACTION_WORD.finditer(text) if (share := _share(match, text))]
    for match, share in fractions:
        yield Figure(*match.span(), match.group(), (share,), SHARE)
    for match in _SPELLED.finditer(text):
        value = _cardinal(match["number"])
        is_shot = value in (0, 1) and text[match.end() : match.end() + 1] == "-"  # `zero-shot` counts nothing
        is_scale = match["number"].lower() in _LARGE and _AFTER_DIGITS.search(text, 0, match.start())
        if (
            value is None
            or is_shot
            or is_scale
            or any(one.start() <= match.start() < one.end() for one, _ in fractions)
        ):
            continue
        unit = _unit((match["unit"] or "").lower(), text[: match.start()])
        if value == 1 and unit == FACTOR:
            continue  # "one time", "the one times the other": no factor
        yield Figure(*match.span(), match.group(), (value,), unit)


def _unit(raw: str, before: str) -> str:
    if not raw:
        return FACTOR if before.endswith("factor of ") else ""
    name = "".join(raw.split()).rstrip("s") if raw != "times" else raw
    if name.startswith("order"):
        return "orders of magnitude"
    return "points" if name.endswith("point") else _UNITS.get(name, name)


def _cardinal(said: str) -> Decimal | None:
    """What a number in words is worth; None for `a` and `an`, which are no number by themselves."""
    pieces = [piece for piece in re.split(r"[\s-]+", said.lower()) if piece != "and"]
    if pieces in (["a"], ["an"]):
        return None
    if pieces[0] in _PLURALS:
        return Decimal(_PLURALS[pieces[0]])
    whole, part = 0, 0
    for piece in pieces:
        if _LARGE.get(piece, 0) > 100:
            whole, part = whole + max(part, 1) * _LARGE[piece], 0
        elif piece in _LARGE:
            part = max(part, 1) * _LARGE[piece]
        elif piece not in ("a", "an"):
            part += ONES.get(piece, 0) or TENS.get(piece, 0)
    return Decimal(whole + part)


def _share(match: re.Match[str], text: str) -> Decimal | None:
    part, count = match["part"].lower(), (match["count"] or "").lower()
    if part.startswith("hal"):
        is_other = text[: match.start()].lower().endswith(("first ", "second ", "latter ", "other "))
        return None if is_other else Decimal("0.5")
    is_share = _AS_A_SHARE.match(text, match.end()) or _BEFORE_A_SHARE.search(text, 0, match.start())
    is_ordinal = part == "third" and count == "a" and not is_share
    if not count or is_ordinal:
        return None  # `the third`, `a third method`
    return Decimal(ONES.get(count, 1)) / _ORDINALS[part.rstrip("s")]


def shares(values: Iterable[tuple[Decimal, str]]) -> frozenset[Decimal]:
    """Which fractions figures amount to: 50% and 2x are a half, 67% is two thirds."""
    found = set()
    for value, unit in values:
        if unit == "%":
            found.add(value / 100)
        elif unit == SHARE or (unit == "" and 0 < value < 1):
            found.add(value)
        elif unit == FACTOR and value > 1 and value == int(value):
            found.add(1 / value)
    return frozenset(found)


def quantities(text: str) -> frozenset[tuple[Decimal, str]]:
    """Everything that a text states as a figure, in whatever writing, as it stands and made plain."""
    line = plain(text)
    read = (*figures(text), *figures(line), *spelled(line))
    return frozenset(mark for figure in read for mark in figure.marks)
