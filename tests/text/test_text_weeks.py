"""Issues by the calendar: what they are called, and that each is due once, whatever the clock does."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from text_cases import FIXED, SLOW

from agent.errors import UsageError
from agent.text.weeks import Due, Every, due, due_day, issue_name, local_day, next_due_day, span, zone

EVERY = st.sampled_from(["day", "week", "month"])
DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))
CREATED = date(2026, 8, 1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("every", "day", "name"),
    [
        ("week", "2026-08-17", "2026-W34"),
        ("week", "2026-08-23", "2026-W34"),
        ("week", "2026-12-27", "2026-W52"),
        ("week", "2026-12-28", "2026-W53"),
        ("week", "2027-01-03", "2026-W53"),
        ("week", "2027-01-04", "2027-W01"),
        ("week", "2024-12-30", "2025-W01"),
        ("week", "2021-01-01", "2020-W53"),
        ("day", "2026-11-21", "2026-11-21"),
        ("month", "2026-11-30", "2026-11"),
    ],
)
def test_names(every: Every, day: str, name: str) -> None:
    """ISO weeks belong to the year of their Thursday; days and months are called by themselves."""
    assert issue_name(every, date.fromisoformat(day)) == name


@FIXED
@given(EVERY, DAYS)
def test_a_name_stands_for_the_days_that_bear_it(every: Every, day: date) -> None:
    """The span of a name holds the day, and every day of it has that name and none beside it."""
    found = span(issue_name(every, day))
    assert found is not None and found.first <= day <= found.last
    assert issue_name(every, found.first) == issue_name(every, found.last) == issue_name(every, day)
    for outside in (found.first - timedelta(days=1), found.last + timedelta(days=1)):
        assert issue_name(every, outside) != issue_name(every, day)


@pytest.mark.parametrize(
    "name", ["", "2026", "2026-W54", "2025-W53", "2026-13", "2026-02-30", "2026-W34 ", "../2026-W34"]
)
def test_what_is_no_name(name: str) -> None:
    """Only what can be the name of an issue stands for days."""
    assert span(name) is None


@pytest.mark.parametrize(
    ("every", "weekday", "last", "now", "issue"),
    [
        ("week", 1, None, "2026-08-17T00:00", "2026-W34"),
        ("week", 1, None, "2026-08-20T12:00", "2026-W34"),
        ("week", 5, None, "2026-08-20T12:00", "2026-W33"),
        ("week", 5, ("2026-W33", "2026-08-14"), "2026-08-20T12:00", None),
        ("week", 5, ("2026-W33", "2026-08-14"), "2026-08-21T00:00", "2026-W34"),
        ("week", 5, ("2026-W33", "2026-08-20"), "2026-08-21T00:00", "2026-W34"),
        ("week", 5, ("2026-W34", "2026-08-19"), "2026-08-21T00:00", None),
        ("week", 1, ("2026-W34", "2026-08-17"), "2026-09-16T09:00", "2026-W38"),
        ("week", 1, ("2026-W52", "2026-12-21"), "2026-12-28T09:00", "2026-W53"),
        ("week", 1, ("2026-W53", "2026-12-28"), "2027-01-03T09:00", None),
        ("week", 1, ("2026-W53", "2026-12-28"), "2027-01-04T09:00", "2027-W01"),
        ("day", 1, ("2026-08-17", "2026-08-17"), "2026-08-17T23:59", None),
        ("day", 1, ("2026-08-17", "2026-08-17"), "2026-08-18T00:00", "2026-08-18"),
        ("month", 1, ("2026-08", "2026-08-01"), "2026-08-31T23:59", None),
        ("month", 1, ("2026-08", "2026-08-01"), "2026-11-09T00:00", "2026-11"),
        ("day", 1, ("2026-W34", "2026-08-19"), "2026-08-19T09:00", None),
        ("week", 3, ("2026-08-19", "2026-08-19"), "2026-08-19T09:00", None),
    ],
)  # fmt: skip
def test_what_is_due(
    every: Every, weekday: int, last: tuple[str, str] | None, now: str, issue: str | None
) -> None:
    """An issue is due from its day on, also late; what was missed is one issue; none is due twice."""
    before = (last[0], date.fromisoformat(last[1])) if last else None
    assert due(every, weekday, CREATED, before, at(now), UTC).issue == issue


def test_nothing_is_due_before_a_digest_was_asked_for() -> None:
    """A digest that is made on a Wednesday has its first issue on the next of its days, and says when that is."""
    found = due("week", 1, date(2026, 8, 19), None, at("2026-08-21T09:00"), UTC)
    assert (found.issue, found.day, found.is_clock_back) == (None, date(2026, 8, 24), False)
    assert "2026-08-24" in found.reason


def test_a_clock_that_went_back_is_told() -> None:
    """Nothing is due in a time that is over; that the clock went back is said, and the last issue named."""
    found = due("week", 1, CREATED, ("2026-W34", date(2026, 8, 17)), at("2026-08-10T09:00"), UTC)
    assert found.issue is None and found.is_clock_back
    assert "2026-W34" in found.reason and "2026-08-17" in found.reason


@pytest.mark.parametrize(
    ("name", "now", "day"),
    [
        (None, "2026-08-16T23:30", "2026-08-16"),
        ("utc", "2026-08-16T23:30", "2026-08-16"),
        ("Europe/Berlin", "2026-08-16T21:59", "2026-08-16"),
        ("Europe/Berlin", "2026-08-16T22:00", "2026-08-17"),
        ("Europe/Berlin", "2026-12-27T22:30", "2026-12-27"),
        ("Europe/Berlin", "2026-12-27T23:00", "2026-12-28"),
        ("Pacific/Kiritimati", "2026-08-16T10:00", "2026-08-17"),
        ("America/Los_Angeles", "2026-08-17T06:59", "2026-08-16"),
        ("America/Los_Angeles", "2026-11-02T07:59", "2026-11-01"),
    ],
)
def test_days_begin_where_the_reader_is(name: str | None, now: str, day: str) -> None:
    """Midnight is the reader's, in summer and in winter; where none is named, UTC."""
    assert local_day(at(now), zone(name)).isoformat() == day


@pytest.mark.parametrize("name", ["Nowhere/Land", "../etc/passwd", "Europe", "\x00"])
def test_a_time_zone_that_is_none(name: str) -> None:
    """What is no time zone is said to be none."""
    with pytest.raises(UsageError, match="time zone"):
        zone(name)


@FIXED
@given(EVERY, st.integers(1, 7), DAYS)
def test_due_days(every: Every, weekday: int, day: date) -> None:
    """The last due day is never ahead, the next one never here, and there is none between."""
    last, following = due_day(every, weekday, day), next_due_day(every, weekday, day)
    assert last <= day < following
    assert due_day(every, weekday, following) == following
    assert due_day(every, weekday, following - timedelta(days=1)) == last


Sent = list[tuple[str, date]]


def lived(every: Every, weekday: int, clocks: list[datetime]) -> tuple[Sent, list[Due]]:
    """What a timer composes that runs at these times."""
    sent: Sent = []
    found = []
    for now in clocks:
        one = due(every, weekday, CREATED, sent[-1] if sent else None, now, UTC, {name for name, _ in sent})
        found.append(one)
        if one.issue:
            sent.append((one.issue, now.date()))
    return sent, found


CLOCKS = st.lists(
    st.datetimes(datetime(2026, 7, 20), datetime(2028, 2, 1), timezones=st.just(UTC)), max_size=16
)


@SLOW
@given(EVERY, st.integers(1, 7), CLOCKS)
def test_no_clock_brings_an_issue_twice(every: Every, weekday: int, clocks: list[datetime]) -> None:
    """Run at any times in any order: no name comes twice, none goes back, none is from before the digest."""
    sent, found = lived(every, weekday, clocks)
    spans = [span(name) for name, _ in sent]
    firsts = [one.first for one in spans if one]
    assert len(firsts) == len(sent) == len(set(firsts))
    assert firsts == sorted(firsts)
    assert all(one.last >= CREATED for one in spans if one)
    assert all(one.reason for one in found if not one.issue)


@SLOW
@given(EVERY, st.integers(1, 7), CLOCKS)
def test_a_clock_that_goes_on_misses_nothing(every: Every, weekday: int, clocks: list[datetime]) -> None:
    """In a time that goes on, whoever looks after a due day finds an issue composed on that day or since."""
    sent: Sent = []
    for now in sorted(clocks):
        one = due(every, weekday, CREATED, sent[-1] if sent else None, now, UTC, {name for name, _ in sent})
        if one.issue:
            sent.append((one.issue, now.date()))
        day = due_day(every, weekday, now.date())
        assert day < CREATED or (sent and sent[-1][1] >= day)
        assert one.issue is not None or one.day > now.date()
