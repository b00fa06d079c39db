"""What the commands about digests report: how a digest stands, and what a run sent."""

from __future__ import annotations

from typing import Literal

from agent.records.base import Record
from agent.records.claim import Missing
from agent.records.delivery import Delivery, DeliveryReport
from agent.records.digest import DigestCounts, DigestSource
from agent.records.digests import DigestSettings


class IssueState(Record):
    """An issue that was composed: what it holds, and how its letters stand. `shown` counts new papers; `kind` as in `DigestSent`."""

    issue: str
    date: str
    subject: str
    kind: Literal["issue", "nothing", "broken"]
    shown: int
    updates: int
    letters: tuple[Delivery, ...] = ()


class DigestState(Record):
    """A digest: what is set, its issues from the oldest on, and what is due.

    `due` is the issue that would be sent now, if any, `next_day` the day of that or the next one; `note` says
    what else there is to know of it. `waiting`, `kept` and `disliked` count papers.
    """

    settings: DigestSettings
    issues: tuple[IssueState, ...] = ()
    due: str | None = None
    next_day: str
    note: str | None = None
    waiting: int = 0
    kept: int = 0
    disliked: int = 0


class DigestSent(Record):
    """What a run did for a digest.

    `is_composed`: by this run; else the issue was there. `kind`: papers or updates to tell, nothing new, or no telling
    because something was broken. `earlier` are letters of earlier issues that were tried again. `problem` and `hint`
    say why a digest came to nothing, where others went on.
    """

    digest: str
    issue: str | None = None
    date: str
    is_composed: bool = False
    subject: str = ""
    kind: Literal["issue", "nothing", "broken"] | None = None
    counts: DigestCounts | None = None
    sources: tuple[DigestSource, ...] = ()
    missing: tuple[Missing, ...] = ()
    letters: tuple[Delivery, ...] = ()
    earlier: tuple[DeliveryReport, ...] = ()
    problem: str | None = None
    hint: str | None = None

    @property
    def is_whole(self) -> bool:
        """Whether nothing is missing, and no letter was refused, waits or is in doubt."""
        letters = [*self.letters, *(one for report in self.earlier for one in report.letters)]
        is_sent = all(one.state == "sent" or (one.state == "refused" and not one.is_fresh) for one in letters)
        is_broken = self.is_composed and any(source.state == "broken" for source in self.sources)
        is_lost = self.is_composed and (bool(self.missing) or any(source.rejected for source in self.sources))
        return self.problem is None and is_sent and not is_broken and not is_lost

    @property
    def is_all_broken(self) -> bool:
        """Whether this run composed an issue that can tell nothing, since no source could be asked."""
        states = [source.state for source in self.sources]
        is_told = self.is_composed and self.kind == "broken"
        return is_told and bool(states) and all(state == "broken" for state in states)


class DueReport(Record):
    """What was due, digest by digest; those of which nothing was due are only named."""

    date: str
    sent: tuple[DigestSent, ...] = ()
    quiet: tuple[str, ...] = ()
