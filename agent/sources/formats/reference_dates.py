"""Dates of reference managers and databases: in several fields, in parts, with words: `2017///Spring`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from agent.sources.dates import MONTHS, YEARS, iso, parse_date
from agent.sources.formats.references import Values

# RIS: year, month, day and a word, with slashes between; databases write eight digits too.
_PARTS = re.compile(r"(\d{4})/(\d{0,2})(?:/(\d{0,2})(?:/(.*))?)?")
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)")
_YEAR_FIRST = re.compile(r"(\d{4}) ([A-Za-z].*)")
_RANGE = re.compile(r"\d{4}\s*[-–/]\s*\d+")  # of years: which of them is not said


@dataclass(frozen=True)
class Dated:
    """What a date says: a year, an ISO date if at least the month is known, and the rest, as it is written."""

    year: int | None = None
    date: str | None = None
    rest: str = ""


@lru_cache(maxsize=4096)  # a library has few dates
def read_date(text: str, year: int | None = None) -> Dated:
    """Read one date; `year` is what another field says, for a date that has a day and a month only."""
    line = " ".join(text.split())
    found = _PARTS.fullmatch(line) or _COMPACT.fullmatch(line)
    if found:
        return _of_parts(line, *found.groups())
    if year and not re.search(r"\d{3}", line):
        parsed = parse_date(f"{line} {year}")
        return Dated(parsed.year, parsed.date) if parsed.is_whole else Dated(rest=text)
    parsed = parse_date(_YEAR_FIRST.sub(r"\2 \1", line))
    if parsed.year is None or (_RANGE.fullmatch(line) and not parsed.date):
        return Dated(rest=text)
    date = parsed.date if parsed.date and len(parsed.date) > 4 else None
    return Dated(parsed.year, date, "" if parsed.is_whole else line.removeprefix(f"{parsed.year} "))


def _of_parts(line: str, year: str, month: str, day: str | None = None, word: str | None = None) -> Dated:
    if int(year) not in YEARS:
        return Dated(rest=line)
    word = (word or "").strip(" /")
    if not month and word.lower() in MONTHS:
        month, word = str(MONTHS[word.lower()]), ""
    date = iso(year, month.strip("0") and month, (day or "").strip("0") and day)
    if date is None or (not month and day):
        return Dated(int(year), rest=line)
    return Dated(int(year), date if len(date) > 4 else None, word)


def read_years(
    values: Values, years: Sequence[str], dates: Sequence[str] = ()
) -> tuple[int | None, str | None]:
    """The year, of the tags in `years` if they say it, and the exactest date that agrees with it.

    A word beside a year becomes `season`; what is no year goes back under `year`, a date of another year
    under its own tag.
    """
    stated = [(tag, value) for tag in (*years, *dates) for value in values.take(tag)]
    year = next((number for _, value in stated if (number := read_date(value).year)), None)
    date: str | None = None
    for tag, value in stated:
        found = read_date(value, year)
        if found.year is None:
            values.put("year" if year is None and tag in years else tag, value)
        elif found.year != year or (date and found.date and not _agree(date, found.date)):
            values.put(tag, value)
        else:
            date = max(date or "", found.date or "", key=len) or None
            is_word = any(char.isalpha() for char in found.rest)
            values.put("season" if is_word else tag, found.rest)
    return year, date


def _agree(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)
