"""Ways to make a true claim a false one, a cited sentence another one, or a text look like what it is not.

Each kind says what is asked of the checks: `must` (never shown without a mark), `clean` (still true: shown as it
is), `told` (code need not see it; how often it does stands in the table). All results are synthetic.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Literal

from attack_bases import Base, World
from attack_replies import as_text, claim
from attack_run import Draft

Group = Literal["must", "clean", "told"]
Change = Callable[[Random, World, Base], str | None]  # the changed text
NUMBER = re.compile(r"(?<![\w.,^])\d+(?:,\d{3})*(?:\.\d+)?(?![\d])")


@dataclass(frozen=True)
class Kind:
    """A kind of attack; `draft` gives None where a base offers no place for it."""

    name: str
    group: Group
    draft: Callable[[Random, World, Base], Draft | None]


def of_text(name: str, group: Group, change: Change) -> Kind:
    """A kind that changes the claim's text and nothing else; quotations are left alone."""

    def draft(rng: Random, world: World, base: Base) -> Draft | None:
        if base.form == "quotation":
            return None
        text = change(rng, world, base)
        if text is None or text == base.text:
            return None
        return Draft(name, as_text(base, claim(text, base.ids, base.kind)), base, text)

    return Kind(name, group, draft)


# Figures


def numbers(text: str) -> set[str]:
    """The numbers of a text as a reader sees them, wherever they stand."""
    worded = {str(value) for value, word in enumerate(ONES) if re.search(rf"\b{word}\b", text, re.I)}
    return worded | {_value(found) for found in re.findall(r"\d+(?:,\d{3})*(?:\.\d+)?", text)}


def _value(number: str) -> str:
    plain = number.replace(",", "")
    return (plain.rstrip("0").rstrip(".") if "." in plain else plain).lstrip("0") or "0"


def figures_of(text: str) -> list[re.Match[str]]:
    return list(NUMBER.finditer(text))


def put(text: str, match: re.Match[str], new: str) -> str:
    return text[: match.start()] + new + text[match.end() :]


def changed(write: Callable[[Random, str, Base, World], str | None], *, held: bool = False) -> Change:
    """One figure becomes another: one that the evidence does not hold, or, with `held`, one that it does."""

    def change(rng: Random, world: World, base: Base) -> str | None:
        found = figures_of(base.text)
        if not found:
            return None
        match = rng.choice(found)
        new = write(rng, match.group(), base, world)
        if new is None or _value(new) == _value(match.group()):
            return None
        is_held = numbers(new) <= numbers(base.evidence)
        return put(base.text, match, new) if is_held == held else None

    return change


def another_digit(rng: Random, number: str, base: Base, world: World) -> str:
    at = rng.choice([n for n, char in enumerate(number) if char.isdigit()])
    return number[:at] + str((int(number[at]) + rng.randint(1, 8)) % 9 + 1) + number[at + 1 :]


def moved_point(rng: Random, number: str, base: Base, world: World) -> str | None:
    plain = number.replace(",", "").replace(".", "")
    places = [n for n in range(1, len(plain)) if n != number.find(".")]
    at = rng.choice(places) if places else None
    return f"{plain[:at]}.{plain[at:]}" if at else None


def by_ten(rng: Random, number: str, base: Base, world: World) -> str:
    return number + "0" if "." not in number else str(float(number.replace(",", "")) * 10).removesuffix(".0")


def from_(where: Callable[[Base, World, Random], str]) -> Callable[[Random, str, Base, World], str | None]:
    def write(rng: Random, number: str, base: Base, world: World) -> str | None:
        found = sorted({match.group() for match in figures_of(where(base, world, rng))} - {number})
        return rng.choice(found) if found else None

    return write


def _paper(base: Base, world: World, rng: Random) -> str:
    return base.cited[0].text


def _another(base: Base, world: World, rng: Random) -> str:
    return rng.choice(world.papers).text


def _same(base: Base, world: World, rng: Random) -> str:
    return base.evidence


def in_digits(digits: str) -> Callable[[str], str]:
    return lambda number: number.translate(str.maketrans("0123456789", digits))


SCRIPTS: dict[str, Callable[[str], str]] = {
    "Arabic-Indic": in_digits("٠١٢٣٤٥٦٧٨٩"),
    "Devanagari": in_digits("०१२३४५६७८९"),
    "full-width": in_digits("０１２３４５６７８９"),
    "mathematical": in_digits("𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗"),
    "superscript": in_digits("⁰¹²³⁴⁵⁶⁷⁸⁹"),
    "subscript": in_digits("₀₁₂₃₄₅₆₇₈₉"),
    "comma": lambda number: number.replace(".", ","),
    "exponent": lambda number: f"{number}e1",
    "power": lambda number: f"{number}×10⁵",
    "zero-width inside": lambda number: "\u200b".join(number),
    "joiner inside": lambda number: "\u2060".join(number),
    "letter O": lambda number: number.replace("0", "O"),
    "letter l": lambda number: number.replace("1", "l"),
    "circled": in_digits("⓪①②③④⑤⑥⑦⑧⑨"),
    "blanks": lambda number: " ".join(number),
    "apostrophe": lambda number: number + "'000",
    "soft hyphen": lambda number: number[:1] + "\u00ad" + number[1:],
}
SAME_VALUE = ("Arabic-Indic", "Devanagari", "full-width", "mathematical", "zero-width inside", "joiner inside", "soft hyphen")  # fmt: skip


def in_script(rng: Random, number: str, base: Base, world: World) -> str | None:
    """Another figure in another writing."""
    new = another_digit(rng, number, base, world)
    if numbers(new) <= numbers(base.evidence) or _value(new) == _value(number):
        return None
    name = rng.choice(sorted(SCRIPTS))
    written = SCRIPTS[name](new)
    return written if written != new else None


def in_script_alone(rng: Random, number: str, base: Base, world: World) -> str | None:
    """The right digits in a writing that makes another value of them."""
    name = rng.choice(["superscript", "exponent", "power", "apostrophe"])
    if number == "0":
        return None
    if name == "superscript":
        return number[:-1] + SCRIPTS[name](number[-1]) if len(number) > 1 else None
    return SCRIPTS[name](number)


def rewritten(rng: Random, world: World, base: Base) -> str | None:
    """The same figure in another writing."""
    found = figures_of(base.text)
    if not found:
        return None
    match = rng.choice(found)
    return put(base.text, match, SCRIPTS[rng.choice(SAME_VALUE)](match.group()))


def script(write: Callable[[Random, str, Base, World], str | None]) -> Change:
    def change(rng: Random, world: World, base: Base) -> str | None:
        found = figures_of(base.text)
        if not found:
            return None
        match = rng.choice(found)
        new = write(rng, match.group(), base, world)
        return put(base.text, match, new) if new else None

    return change


_IN_NAME = re.compile(r"(?<=[A-Za-z-])\d+(?:\.\d+)?|\d+(?=[KMB]\b)|\d+(?=-[a-z]{3})|(?<=:)\d+|\d+(?=:\d)")


def in_a_name(rng: Random, world: World, base: Base) -> str | None:
    """Digits inside a name, a size or a pattern: Llama-2-7B, INT4, 2:4, 5-shot."""
    found = list(_IN_NAME.finditer(base.text))
    if not found:
        return None
    match = rng.choice(found)
    new = another_digit(rng, match.group(), base, world)
    return None if _value(new) in numbers(base.evidence) else put(base.text, match, new)


# Numbers in words

ONES = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()  # fmt: skip
TENS = "_ _ twenty thirty forty fifty sixty seventy eighty ninety".split()
_PERCENT = re.compile(r"(?<![\w.,-])(\d{1,2})\s?%")
_TIMES = re.compile(r"(?<![\w.,-])(\d{1,2})(?:\s?[x×]| times)(?!\w| \d)")
_BIT = re.compile(r"(?<![\w.,-])(\d{1,2})-bit")


def spelled(number: int) -> str:
    if number < 20:
        return ONES[number]
    return TENS[number // 10] + (f"-{ONES[number % 10]}" if number % 10 else "")


def in_words(*, true: bool) -> Change:
    def change(rng: Random, world: World, base: Base) -> str | None:
        places = [(match, unit) for pattern, unit in ((_PERCENT, " percent"), (_TIMES, rng.choice([" times", "-fold"])), (_BIT, "-bit"))
                  for match in pattern.finditer(base.text)]  # fmt: skip
        if not places or "=" in base.text:
            return None
        match, unit = rng.choice(places)
        number = int(match.group(1))
        while not true and str(number) in numbers(base.evidence):
            number = rng.randint(2, 99)
        return put(base.text, match, spelled(number) + unit)

    return change


def by_a_word(rng: Random, world: World, base: Base) -> str | None:
    """`half`, `threefold`, `dozens` and the like in a figure's place."""
    found = [*_PERCENT.finditer(base.text), *_TIMES.finditer(base.text)]
    if not found:
        return None
    match = rng.choice(found)
    words = {"half": "50", "one third": "33", "three quarters": "75", "two thirds": "66", "a tenth": "10", "sevenfold": "7",
             "threefold": "3", "ninefold": "9", "twice": "2", "a hundred times": "100", "dozens of percent": "12",
             "a factor of nine": "9", "½": "50", "¾": "75", "ninety-nine percent": "99", "eleven per cent": "11"}  # fmt: skip
    word = rng.choice(sorted(words))
    same = {words[word], str(int(words[word]) / 100), str(100 // int(words[word]))} | ({"2", "0.5"} if "half" in word else set())  # fmt: skip
    near = {int(words[word]) + more for more in (-1, 0, 1)}  # a fraction in words may round
    is_held = (same | set(map(str, near))) & numbers(base.evidence) or word in base.evidence
    return None if is_held else put(base.text, match, word)


def in_words_too(rng: Random, world: World, base: Base) -> str | None:
    """A false figure in words at the end of a claim that has none there."""
    said = rng.choice(["by forty-three percent", "sevenfold", "in ninety-one percent of cases", "by a factor of thirteen", "at nineteen times the speed"])  # fmt: skip
    return f"{base.text.rstrip('.')}, {said}."


# Units

UNITS = [(r"(\d)\s?%", r"\1x"), (r"(\d)\s?%", r"\1 points"), (r"(\d)\s?(?:x|×| times)(?!\w)", r"\1%"), (r"(\d) ?ms\b", r"\1 s"),
         (r"(\d) ?s\b", r"\1 ms"), (r"(\d) ?GB\b", r"\1 MB"), (r"(\d) ?MB\b", r"\1 GB"), (r"(\d)[- ]?bits?\b", r"\1 bytes"), (r"(\d)-bit\b", r"\1-byte"),
         (r"(\d) points?\b", r"\1%"), (r"(\d) hours?\b", r"\1 minutes"), (r"(\d) days?\b", r"\1 hours"), (r"(\d) tokens/s\b", r"\1 tokens"),
         (r"(\d) ?GB\b", r"\1 TB"), (r"(\d)-fold\b", r"\1%"), (r"(\d)B\b", r"\1M"), (r"(\d)M\b", r"\1B"), (r"(\d) billion\b", r"\1 million"),
         (r"(\d) million\b", r"\1 billion"), (r"(\d)\s?%", r"\1‰"), (r"(\d)\s?(?:x|×)(?!\w)", r"\1 orders of magnitude"),
         (r"(\d) dB\b", r"\1%"), (r"(?<![A-Za-z\d])(\d[\d.,]*) ?GPU hours\b", r"\1 GPU days"), (r"(\d) ?K\b", r"\1M")]  # fmt: skip


def replaced(pairs: list[tuple[str, str]]) -> Change:
    """One of these patterns, once, where it stands."""

    def change(rng: Random, world: World, base: Base) -> str | None:
        there = [(pattern, new) for pattern, new in pairs if re.search(pattern, base.text)]
        if not there:
            return None
        pattern, new = rng.choice(there)
        text = re.sub(pattern, new, base.text, count=1)
        return None if _spans(text, base) else text

    return change


def _spans(text: str, base: Base) -> bool:
    """Whether what was made stands in the evidence: then nothing is false."""
    return text.strip("“”.") in base.evidence
