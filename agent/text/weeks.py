"""Issues by the calendar: what an issue is called, and which one is due.

An issue is named by the ISO week (`2026-W34`), the day (`2026-11-21`) or the month (`2026-11`) that it is due in. It is
due from the first moment of its day on, in the reader's time zone. What was missed is made up in one issue, which is
called by the last day that it was due, and covers all since the issue before. Nothing here knows what time it is.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Literal
from zoneinfo import ZoneInfo

from agent.errors import UsageError

Every = Literal["day", "week", "month"]
MONDAY, SUNDAY = 1, 7
_WEEK = re.compile(r"(\d{4})-W(\d\d)")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_MONTH = re.compile(r"(\d{4})-(\d\d)")


@dataclass(frozen=True)
class Span:
    """First and last day of what an issue is named by."""

    first: date
    last: date


@dataclass(frozen=True)
class Due:
    """Whether an issue is due: its name if so, else why not.

    `day` is the day that it is due on, or the next one will be; `is_clock_back` where the last issue is of a time that
    has not come yet, so that nothing will be due until the clock has passed it; `is_before` where none was ever due yet.
    """

    issue: str | None
    day: date
    reason: str = ""
    is_clock_back: bool = False
    is_before: bool = False


def zone(name: str | None) -> tzinfo:
    """A time zone by its name; UTC if there is none.

    Raises:
        UsageError: there is no such zone here.
    """
    if name is None or name.strip().upper() in ("", "UTC"):
        return UTC
    try:
        return ZoneInfo(name.strip())
    except (KeyError, ValueError, OSError) as error:
        raise UsageError(
            f"there is no time zone '{name}' here", "name one as Europe/Berlin or UTC"
        ) from error


def local_day(now: datetime, where: tzinfo) -> date:
    """Which day it is somewhere; `now` has a time zone."""
    return now.astimezone(where).date()


def issue_name(every: Every, day: date) -> str:
    """What an issue is called that is due on a day."""
    if every == "day":
        return day.isoformat()
    if every == "month":
        return f"{day.year:04d}-{day.month:02d}"
    year, week, _ = day.isocalendar()
    return f"{year:04d}-W{week:02d}"


def span(issue: str) -> Span | None:
    """The days that an issue's name stands for; None for what is no name of an issue."""
    try:
        if week := _WEEK.fullmatch(issue):
            first = date.fromisocalendar(int(week[1]), int(week[2]), MONDAY)
            return Span(first, first + timedelta(days=6))
        if _DAY.fullmatch(issue):
            day = date.fromisoformat(issue)
            return Span(day, day)
        if month := _MONTH.fullmatch(issue):
            first = date(int(month[1]), int(month[2]), 1)
            return Span(first, _month_after(first) - timedelta(days=1))
    except (ValueError, OverflowError):
        return None
    return None


def due_day(every: Every, weekday: int, day: date) -> date:
    """The last day up to `day` on which an issue was due: each day, a day of the week, the first of a month."""
    if every == "day":
        return day
    if every == "month":
        return day.replace(day=1)
    return day - timedelta(days=(day.isoweekday() - weekday) % 7)


def next_due_day(every: Every, weekday: int, day: date) -> date:
    """The first day after `day` on which an issue is due."""
    if every == "day":
        return day + timedelta(days=1)
    if every == "month":
        return _month_after(day.replace(day=1))
    return due_day(every, weekday, day) + timedelta(days=7)


def due(
    every: Every,
    weekday: int,
    created: date,
    last: tuple[str, date] | None,
    now: datetime,
    where: tzinfo,
    taken: Collection[str] = (),
) -> Due:
    """Which issue is due, if any.

    Args:
        weekday: on which a weekly issue is due, 1 (Monday) to 7.
        created: the day before which nothing can have been due.
        last: name and day of the last issue that was composed, mailed or not.
        now: with a time zone.
        taken: names of all issues that there are.
    """
    today = local_day(now, where)
    day = due_day(every, weekday, today)
    following = next_due_day(every, weekday, today)
    if day < created:
        first = next_due_day(every, weekday, created - timedelta(days=1))
        return Due(None, first, f"the first issue is due on {first.isoformat()}", is_before=True)
    if last is not None and today < last[1]:
        said = (
            f"the last issue, {last[0]}, is of {last[1].isoformat()}: by the clock that day has not come yet"
        )
        return Due(None, following, said, is_clock_back=True)
    issue = issue_name(every, day)
    if issue in taken or (last is not None and (issue == last[0] or day <= last[1])):
        return Due(None, following, f"the next issue is due on {following.isoformat()}")
    return Due(issue, day)


def _month_after(first: date) -> date:
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)
