"""Dates as people and exports write them, as far as they can be told without a guess."""

from __future__ import annotations

import re
from typing import NamedTuple

YEARS = range(1400, 2200)
MONTHS = {
    name: number
    for number, names in enumerate(
        "jan january|feb february|mar march|apr april|may|jun june|jul july|aug august|sep sept september"
        "|oct october|nov november|dec december".split("|"),
        start=1,
    )
    for name in names.split()
}
_ISO = re.compile(r"(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?(?![\d-])")
_YEAR_FIRST = re.compile(r"(\d{4})[\s,-]+([A-Za-z]{3,9})\.?(?:[\s,-]+(\d{1,2}))?")
_MONTH_FIRST = re.compile(r"([A-Za-z]{3,9})\.?(?:\s+(\d{1,2})(?:st|nd|rd|th)?)?[\s,]+(\d{4})")
_DAY_FIRST = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[.\s-]+([A-Za-z]{3,9})\.?[\s,-]+(\d{4})")
_NUMBER = re.compile(r"(?<!\d)\d{4}(?!\d)")


class ParsedDate(NamedTuple):
    """What a text says of a date; `is_whole` says that it says nothing beyond `date`."""

    year: int | None = None
    date: str | None = None
    is_whole: bool = False


def parse_date(text: str) -> ParsedDate:
    """Year and ISO date out of `2021-03-04`, `2021/3`, `March 2021`, `4 Mar 2021`, `Mar 4, 2021`, `2021 Mar 4`.

    A date that could be read two ways (`03/04/2021`) and words (`spring 2021`) tell their year alone.
    """
    text = text.strip()
    leading = _ISO.match(text)
    date = iso(*leading.groups()) if leading else None
    if leading and date and (leading[2] or leading.end() == len(text)):
        return ParsedDate(int(date[:4]), date, leading.end() == len(text))
    for pattern, order in ((_YEAR_FIRST, (1, 2, 3)), (_MONTH_FIRST, (3, 1, 2)), (_DAY_FIRST, (3, 2, 1))):
        found = pattern.fullmatch(text)
        if found and (month := MONTHS.get(found.group(order[1]).lower())):
            named = iso(found.group(order[0]), str(month), found.group(order[2]))
            if named:
                return ParsedDate(int(named[:4]), named, True)
    if date:
        return ParsedDate(int(date[:4]), date)
    years = {int(year) for year in _NUMBER.findall(text) if int(year) in YEARS}
    return ParsedDate(years.pop()) if len(years) == 1 else ParsedDate()


def iso(year: str, month: str | None = None, day: str | None = None) -> str | None:
    """`2021-03-04` out of its parts, as far as they are given; None where they are no date."""
    if int(year) not in YEARS or (month and int(month) not in range(1, 13)):
        return None
    if day and int(day) not in range(1, 32):
        return None
    parts = [f"{int(year):04d}", *(f"{int(part):02d}" for part in (month, day) if part)]
    return "-".join(parts)
