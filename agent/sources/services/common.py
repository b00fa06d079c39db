"""What every service is asked with and answers with: `Query` to `Call`, an answer's bytes to `Page`.

Nothing here asks anything: whoever fetches sends a `Call`, hands the answer to `parse` of the same service, and goes
on with `Page.next`. An answer without papers is a `Page` without records; a broken one is a `SourceError`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from agent.errors import SourceError, UsageError
from agent.records import Paper, Rejected

Id = tuple[str, str]
_LATER = "try again later; if it stays so, the service has changed"


@dataclass(frozen=True)
class Query:
    """What a person looks for.

    Attributes:
        since, until: first and last day of publication, as YYYY-MM-DD.
        limit: how many records at most, over all pages.
        date, week, month: a list that Hugging Face made: 2025-02-28, 2025-W09, 2025-02.
    """

    text: str = ""
    since: str | None = None
    until: str | None = None
    limit: int = 100
    date: str | None = None
    week: str | None = None
    month: str | None = None


@dataclass(frozen=True)
class Call:
    """One request. Keys and addresses of people never stand in it, only where they go.

    Attributes:
        params: not yet percent-encoded; `url` is.
        key_header, key_param: which header or parameter takes the service's key.
        contact_param: which parameter takes an e-mail address.
        body: JSON that makes the request a POST.
        then: what to ask behind this call, for an answer that does not say it itself.
        may_lack: asks for one paper, so that status 404 says that the service does not have it.
    """

    url: str
    params: tuple[tuple[str, str], ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    key_header: str | None = None
    key_param: str | None = None
    contact_param: str | None = None
    body: str | None = None
    then: Call | None = None
    may_lack: bool = False

    def param(self, name: str) -> str | None:
        """The value of a parameter."""
        return dict(self.params).get(name)

    def number(self, name: str) -> int:
        """The value of a parameter that this package wrote as a number; 0 where it stands not."""
        return int(self.param(name) or 0)

    def having(self, **params: str | int) -> Call:
        """The same call with some parameters changed or added."""
        return replace(
            self, params=tuple({**dict(self.params), **{k: str(v) for k, v in params.items()}}.items())
        )


@dataclass(frozen=True)
class Page:
    """One answer: its records in order, the call for those that follow, and how many the service knows in all."""

    records: tuple[Paper | Rejected, ...]
    next: Call | None = None
    total: int | None = None
    notes: tuple[str, ...] = ()


class Service(Protocol):
    """What each module of this package is.

    Attributes:
        SECONDS: least time between two calls.
        KEY_VARIABLE: the environment variable that holds the key, for services that have one.
        SCHEMES: what ids `lookup` understands; it passes over others.
    """

    @property
    def NAME(self) -> str: ...  # noqa: N802
    @property
    def LABEL(self) -> str: ...  # noqa: N802
    @property
    def SECONDS(self) -> float: ...  # noqa: N802
    @property
    def KEY_VARIABLE(self) -> str | None: ...  # noqa: N802
    @property
    def SCHEMES(self) -> tuple[str, ...]: ...  # noqa: N802

    def search(self, query: Query) -> Call:
        """The call for the first page."""

    def parse(self, body: bytes, content_type: str, call: Call, seen: int, limit: int) -> Page:
        """What came back for `call`, of at most `limit` records of which `seen` came before."""

    def lookup(self, ids: Sequence[Id]) -> list[Call]:
        """The calls for papers whose ids are known; an id that the service lacks gives no record."""

    def by_title(self, title: str) -> Call:
        """The call for the few papers whose title is likest; whoever asks compares."""


def broken(label: str, what: str) -> SourceError:
    """The error for an answer of a service that cannot be used."""
    return SourceError(f"{label}: {what}", _LATER)


def asked_text(query: Query, label: str) -> str:
    """The text to search for; UsageError where the query is none for a service that searches texts."""
    if query.date or query.week or query.month:
        raise UsageError(
            f"{label} has no list of a day, week or month", "give a text, and dates with since and until"
        )
    if not query.text.strip():
        raise UsageError(f"nothing to search {label} for", "give a text")
    return query.text.strip()


def page_size(limit: int, seen: int, most: int) -> int:
    """How many records to ask for next."""
    return max(1, min(limit - seen, most))


def batches(values: Sequence[str], most: int, longest: int = 2500) -> Iterator[list[str]]:
    """Values in groups that fit one URL, each value once."""
    group: list[str] = []
    length = 0
    for value in dict.fromkeys(values):
        if group and (len(group) == most or length + len(value) > longest):
            yield group
            group, length = [], 0
        group.append(value)
        length += len(value) + 1
    if group:
        yield group


def finish(
    label: str,
    records: Sequence[Paper | Rejected],
    *,
    seen: int,
    limit: int,
    following: Call | None = None,
    total: int | None = None,
    notes: Sequence[str] = (),
) -> Page:
    """The page that `records` are; it goes on only while more are wanted and something came.

    Raises:
        SourceError: a first page speaks of papers and has none.
    """
    if not records and not seen and total:
        raise broken(label, f"the answer speaks of {total} papers and holds none")
    short = (
        () if records or not total or seen >= total else (f"{label} ended after {seen} of {total} papers",)
    )
    is_over = not records or seen + len(records) >= limit
    return Page(
        records=tuple(records[: max(limit - seen, 0)]),
        next=None if is_over else following,
        total=total,
        notes=(*notes, *short),
    )
