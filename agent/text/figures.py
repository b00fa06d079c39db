"""Figures: numbers with their units, read so that `2.49x`, `2.49times` and `2.49×` are one figure.

A figure is a number that a text states as such. Digits inside names (`Llama-2`, `H100`, `GPT-3.5`), list
marks and sizes that are no factors (`512×512`) are told apart. Expects text from `clean`, and reads the
raw spellings too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Context, Decimal
from functools import lru_cache

FACTOR = "x"
_EXACT = Context(prec=2_000)  # digits: no figure of a text is rounded
SCALES = {
    "k": Decimal(10) ** 3, "m": Decimal(10) ** 6, "b": Decimal(10) ** 9, "t": Decimal(10) ** 12,
    "thousand": Decimal(10) ** 3, "million": Decimal(10) ** 6, "billion": Decimal(10) ** 9,
    "trillion": Decimal(10) ** 12, "mn": Decimal(10) ** 6, "bn": Decimal(10) ** 9,
}  # fmt: skip
WORDS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
         "eight": 8, "nine": 9, "ten": 10, "several": None}  # fmt: skip
UNIT_NAMES = {
    "×": FACTOR, "*": FACTOR, "x": FACTOR, "X": FACTOR, "times": FACTOR, "fold": FACTOR, "-fold": FACTOR, "time": FACTOR,
    "‰": "‰", "%": "%", "percent": "%", "per cent": "%", "bit": "bit", "bits": "bit", "-bit": "bit", "-bits": "bit", "byte": "byte", "bytes": "byte", "-byte": "byte", "-bytes": "byte",
    "percentage points": "points", "percentage point": "points", "points": "points", "point": "points",
    "pp": "points", "orders of magnitude": "orders of magnitude", "order of magnitude": "orders of magnitude",
    "orders-of-magnitude": "orders of magnitude", "order-of-magnitude": "orders of magnitude",
}  # fmt: skip
_MEASURES = (
    "GB|GiB|MB|MiB|KB|KiB|TB|kB|ms|µs|μs|ns|fps|FPS|GHz|MHz|kHz|Hz|TOPS|GOPS|TFLOPS|TFLOPs|GFLOPs|GFLOPS"
    "|MFLOPs|PFLOPs|dB|kW|MW|mW|GW|W|kWh|MWh|mJ|kJ|mm|cm|km|nm|µm|kg|mg|µg|ml|°C|eV|GeV|TeV|MeV|keV|hours?|minutes?"
    "|seconds?|days?|weeks?|months?|years?|GPU[ -]hours?|GPU[ -]days?|tokens?|petaFLOPs?|s"
)
_NUMBER = r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|(?<![\d\w])\.\d+)"
_SCALE = r"(?:[KMBTk](?![A-Za-z0-9])|(?:\+?\s|-)?(?:[Tt]housand|[Mm]illion|[Bb]illion|[Tt]rillion|mn|bn)\b)"
_FACTOR = r"(?:\s?[×]|\s?times(?=$|[^A-Za-z])|[xX](?![A-Za-z0-9])|\*(?=\s[a-z])|[\s-]?fold\b)"
_UNIT = (
    rf"(?:\+?\s?(?:\\?%|‰|percent\b|per cent\b)|\s?percentage points?\b|\s?pp\b|\s(?:absolute |accuracy )?points?\b"
    rf"|{_FACTOR}|[\s-]?(?:bit|byte)s?\b|\s?orders?[\s-]of[\s-]magnitude\b|\s?(?:{_MEASURES})(?:/(?:s|sec|second|W|token))?(?![A-Za-z0-9]))"
)
_DASH = r"\s?(?:-|–|—|~|∼|to|sim)\s?"
_LEFT = r"(?<![\w.@])(?:(?<![A-Za-z][-_])|(?=\d+-(?:bit|byte))|(?<=[a-z]{4}[-_])(?=\d+(?:\.\d+)?(?:[xX×]|\s?%|\s(?:times|points?|orders?)\b)))(?<!\w\.)"
_SINGLE = rf"{_LEFT}(?P<low>{_NUMBER})(?:(?P<lowscale>{_SCALE})|(?P<lowunit>{_UNIT}))?"
_FIGURE = re.compile(
    rf"{_SINGLE}(?:(?P<dash>{_DASH})(?P<high>{_NUMBER})(?![\d]))?(?P<scale>{_SCALE})?(?P<unit>{_UNIT})?"
)
_FIGURE_ALONE = re.compile(rf"{_SINGLE}(?P<high>(?!))?(?P<scale>{_SCALE})?(?P<unit>{_UNIT})?")
_RATIO = re.compile(r"(?<![\d,])\d{1,2}:\d{1,2}(?![\d,])")  # `2:4` is a pattern's name
_POWER = re.compile(r"(?<![\w.])(?:(\d+(?:\.\d+)?)\s?[×x]\s?)?10\^\{?(-?\d{1,3})\}?")
_SIZE = re.compile(
    r"(?<![\w.])\d+(?:(?:[×xX*]\d+)+|(?: [×x*] \d+)+)(?![\d.]*\s?[×%])(?![\d.]*[A-Za-z])(?!\.\d)"
)
_WORDED = re.compile(
    r"\b(?<!ty[ -])(?P<word>a|an|one|two|three|four|five|six|seven|eight|nine|ten|several)[\s-]"
    r"(?P<unit>orders?[\s-]of[\s-]magnitude|times|fold|thousand|million|billion)\b|\b(?P<twice>twice|thrice|doubles?|doubled|triples?|tripled|twofold|threefold|fourfold|fivefold|tenfold)\b",
    re.I,
)
_TWICE = {"twice": 2, "thrice": 3, "double": 2, "doubles": 2, "doubled": 2, "triple": 3, "triples": 3, "tripled": 3,
          "twofold": 2, "threefold": 3, "fourfold": 4, "fivefold": 5, "tenfold": 10}  # fmt: skip
_PREFIX_FACTOR = re.compile(r"(?<![\w.])[x×](\d+(?:\.\d+)?)(?![\w.]*[×x\d])")
_URL = re.compile(r"(?:https?://|www\.)\S+")
_BITS_LABEL = re.compile(r"\b(?:INT|FP|BF|NF|TF|UINT)\d+\b|\bW\d+A\d+(?:KV\d+)?\b")


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure at `text[start:end]`.

    `values` holds one number, or the two ends of a range; `unit` is "x" for factors, "%", "points", "bit",
    "orders of magnitude", a measure as written, "size" for `512×512`, or "" for a bare number.
    """

    start: int
    end: int
    text: str
    values: tuple[Decimal, ...]
    unit: str

    @property
    def marks(self) -> frozenset[tuple[Decimal, str]]:
        """What must agree for two figures to be the same: each value with its unit."""
        return frozenset((value, self.unit) for value in self.values)


@lru_cache(maxsize=50_000)
def figures(text: str) -> tuple[Figure, ...]:
    """All figures of a text, in order; none overlaps another."""
    taken: list[tuple[int, int]] = [match.span() for match in _URL.finditer(text)]
    taken += [match.span() for match in _BITS_LABEL.finditer(text)]
    taken += [match.span() for match in _RATIO.finditer(text)]
    found: list[Figure] = []
    for reader in (_powers, _sizes, _worded, _prefixed, _plain):
        for figure in reader(text):
            if all(figure.end <= start or figure.start >= end for start, end in taken):
                taken.append((figure.start, figure.end))
                found.append(figure)
    return tuple(sorted(found, key=lambda figure: figure.start))


def _powers(text: str) -> Iterator[Figure]:
    for match in _POWER.finditer(text):
        value = Decimal(match.group(1) or 1).scaleb(int(match.group(2)))
        yield Figure(*match.span(), match.group(), (_plainly(value),), "")


def _sizes(text: str) -> Iterator[Figure]:
    for match in _SIZE.finditer(text):
        sides = tuple(Decimal(side) for side in re.findall(r"\d+", match.group()))
        yield Figure(*match.span(), match.group(), sides, "size")


def _worded(text: str) -> Iterator[Figure]:
    for match in _WORDED.finditer(text):
        if match.group("twice"):
            yield Figure(
                *match.span(), match.group(), (Decimal(_TWICE[match.group("twice").lower()]),), FACTOR
            )
            continue
        value = WORDS[match.group("word").lower()]
        if value is not None and match.group("unit").lower() in SCALES:
            yield Figure(*match.span(), match.group(), (value * SCALES[match.group("unit").lower()],), "")
            continue
        unit = "orders of magnitude" if "order" in match.group("unit").lower() else FACTOR
        if unit == FACTOR and match.group("word").lower() in {"a", "an", "one", "several"}:
            continue  # "one time" and "several times" state no factor
        if value is not None:
            yield Figure(*match.span(), match.group(), (Decimal(value),), unit)


def _prefixed(text: str) -> Iterator[Figure]:
    for match in _PREFIX_FACTOR.finditer(text):
        yield Figure(*match.span(), match.group(), (_plainly(Decimal(match.group(1))),), FACTOR)


def _plain(text: str) -> Iterator[Figure]:
    position = 0
    while match := _FIGURE.search(text, position):
        if (
            text[match.start() - 1 : match.start()] in ("/", "-") and match.start()
        ):  # inside a fraction or a name
            match = _FIGURE_ALONE.match(text, match.start()) or match
        if _has_two_units(match):
            match = _FIGURE_ALONE.match(text, match.start()) or match
        figure = _read(text, match)
        position = max(match.end() if figure is None else figure.end, match.start() + 1)
        if figure is not None:
            yield figure


def _has_two_units(match: re.Match[str]) -> bool:
    """`1.5x to 40%` are two figures and no range."""
    low, high = match.group("lowunit"), match.group("unit")
    return bool(match.group("high") and low and high) and _unit(low, "") != _unit(high, "")


def _read(text: str, match: re.Match[str]) -> Figure | None:
    end, high = match.end(), match.group("high")
    raw_unit = match.group("unit") or match.group("lowunit")
    is_bare = not (raw_unit or match.group("scale") or match.group("lowscale"))
    after = text[end : end + 1]
    if is_bare and (after.isalpha() or _opens_name(text, end) or _is_list_mark(text, match)):
        return None
    scale = _scale(match.group("scale"))
    low_scale = (
        _scale(match.group("lowscale")) if match.group("lowscale") else (scale if high else Decimal(1))
    )
    low = _plainly(_EXACT.multiply(Decimal(match.group("low").replace(",", "")), low_scale))
    values = (
        (low,) if high is None else (low, _plainly(_EXACT.multiply(Decimal(high.replace(",", "")), scale)))
    )
    return Figure(
        match.start(), end, text[match.start() : end], values, _unit(raw_unit, text[: match.start()])
    )


def _opens_name(text: str, end: int) -> bool:
    """`3D-conv`, `4090-class`, `10-shot`: a number that opens a word."""
    return bool(re.match(r"-[A-Za-z]", text[end:]))


def _is_list_mark(text: str, match: re.Match[str]) -> bool:
    before, after = text[: match.start()], text[match.end() : match.end() + 1]
    is_short = len(match.group("low")) < 3 and match.group("high") is None
    unopened = before.endswith("(") or "(" not in before[before.rfind(")") + 1 :]
    return is_short and after == ")" and before.endswith(("(", " ")) and unopened


def _unit(raw: str | None, before: str) -> str:
    if raw is None:
        return FACTOR if before.endswith("factor of ") else "$" if before.endswith("$") else ""
    name = (
        " ".join(raw.replace("\\", "").removeprefix("+").split())
        .removeprefix("absolute ")
        .removeprefix("accuracy ")
    )
    known = UNIT_NAMES.get(name) or UNIT_NAMES.get(name.lower())
    if known:
        return known
    return re.sub(r"(hour|day|minute|second|week|month|year|token)s\b", r"\1", name.replace("-", " ").strip())


def _scale(raw: str | None) -> Decimal:
    return SCALES[raw.strip(" -+").lower()] if raw else Decimal(1)


def _plainly(value: Decimal) -> Decimal:
    """Without trailing zeros, so that 1.30 and 1.3 are one value."""
    return Decimal(int(value)) if value == int(value) else value.normalize()
