"""An issue from its sources to its readers: composed once, handed to the mail server or written to files."""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from agent.api.feeding import FeedDesk, told_of
from agent.api.wiring import Opened, Wishes
from agent.errors import OutputError, UsageError
from agent.library import Library
from agent.products.fields import parse_date
from agent.records import Verify
from agent.records.digests import DigestSettings, ReviewClaim

if TYPE_CHECKING:
    from agent.library.outbox import IssueRow
    from agent.mail.message import Bodies
    from agent.mail.smtp import Server
    from agent.outputs.digest_view import Leaving
    from agent.products.delivery import Carrier
    from agent.products.digest import MadeDigest
    from agent.products.issuing import Sender
    from agent.text.weeks import Due

LETTERS = "digests"  # the folder for letters where no mail server is set
NOON = time(12)


@dataclass(frozen=True)
class Moment:
    """When a run is: the time that it goes by, the day that is in the reader's zone, and whether that was stated."""

    now: datetime
    day: date
    is_stated: bool


@dataclass(frozen=True)
class Pages:
    """What an issue looks like, and what is mailed of it."""

    subject: str
    bodies: Bodies


@dataclass(frozen=True)
class Drafting:
    """How an issue is to be drafted."""

    verify: Verify | None = None
    language: str | None = None
    record: Path | None = None
    replay: Path | None = None
    is_dry: bool = False

    def wishes(self, settings: DigestSettings) -> Wishes:
        return Wishes(self.language or settings.language, self.record, self.replay, self.is_dry)


class PostDesk(FeedDesk):
    """A workspace, and the way of an issue out of it."""

    def _digest(self, library: Library, name: str) -> DigestSettings:
        """The digest of a name.

        Raises:
            UsageError: there is none.
        """
        found = library.digest(name)
        if found is not None:
            return found
        names = library.digest_names()
        close = get_close_matches(name, names, n=1)
        hint = f"did you mean '{close[0]}'?" if close else f"digests: {', '.join(names) or 'none yet; `litreview digest new` makes one'}"  # fmt: skip
        raise UsageError(f"there is no digest '{name}'", hint)

    def _issue(self, library: Library, name: str, issue: str | None) -> IssueRow:
        names = library.issue_names(name)
        found = library.issue(name, issue or names[-1]) if issue or names else None
        if found is None:
            hint = f"there is {', '.join(names[-5:])}" if names else f"`litreview digest preview {name}` shows what would be in one"  # fmt: skip
            raise UsageError(f"{name} has no issue{f' {issue}' if issue else ' yet'}", hint)
        return found

    def _moment(self, stated: str | None) -> Moment:
        """The time that it is, or noon of a day that is stated."""
        from agent.text.weeks import local_day, zone

        where = zone(self._setting("timezone"))
        if stated is None:
            now = datetime.now(UTC)
            return Moment(now, local_day(now, where), False)
        day = date.fromisoformat(parse_date(stated))
        return Moment(datetime.combine(day, NOON, where), day, True)

    def _due(self, library: Library, settings: DigestSettings, moment: Moment) -> Due:
        """Which issue is due."""
        from agent.text.weeks import due, zone

        runs = library.digest_runs(settings.name)
        last = (runs[-1][0], date.fromisoformat(runs[-1][1])) if runs else None
        where = zone(self._setting("timezone"))
        created = date.fromisoformat(settings.created)
        return due(settings.every, settings.weekday, created, last, moment.now, where, {name for name, _ in runs})  # fmt: skip

    def _current(self, library: Library, settings: DigestSettings, moment: Moment) -> str:
        """The issue that is to be sent now: the one that is due, else the last one, or the first.

        Raises:
            UsageError: the last issue is of a day that has not come yet.
        """
        from agent.text.weeks import due_day, issue_name

        found = self._due(library, settings, moment)
        if found.issue:
            return found.issue
        runs = [name for name, _ in library.digest_runs(settings.name)]
        name = issue_name(settings.every, due_day(settings.every, settings.weekday, moment.day))
        if name in runs or not runs:
            return name
        if found.is_clock_back:
            raise UsageError(f"{settings.name}: {found.reason}", "give a later --date, or set the clock")
        return runs[-1]

    def _upcoming(self, library: Library, settings: DigestSettings, moment: Moment) -> str:
        """What an issue of now would be called: the one that `send` would compose, or the next if that is there."""
        from agent.text.weeks import issue_name

        current = self._current(library, settings, moment)
        if not library.has_issue(settings.name, current):
            return current
        return issue_name(settings.every, self._due(library, settings, moment).day)

    async def _made(
        self,
        library: Library,
        settings: DigestSettings,
        opened: Opened,
        drafting: Drafting,
        issue: str,
        moment: Moment,
        pages: Path,
    ) -> MadeDigest:
        """An issue of what the sources give now; what they give is in the inbox from then on, and nothing else changes."""
        from agent.products.arrivals import arrive, choose
        from agent.products.digest import DigestOptions, make_digest

        feeds = self._feeds(library, settings, moment.day, pages, is_open=not moment.is_stated)
        material = choose(library, settings, arrive(library, settings.name, feeds))
        runs = library.digest_runs(settings.name)
        options = DigestOptions(
            issue=issue,
            date=moment.day.isoformat(),
            since=_since(settings, library.digest_answers(settings.name), runs[-1][1] if runs else None),
            verify=self._verify(drafting.verify, opened.engine),
            review=self._review_claims(library, settings),
        )
        return await make_digest(opened.engine, material, options, self.observer)

    @contextmanager
    def _copied(self) -> Iterator[tuple[Library, Path]]:
        """The library to try things on, and a folder for what comes from services: both gone afterwards."""
        with tempfile.TemporaryDirectory(prefix="litreview-") as folder, self._reading() as library:
            path = Path(folder) / "library.sqlite"
            library.copy_to(path)
            with Library(path) as copy:
                yield copy, Path(folder) / "pages"

    def _pages(self, made: MadeDigest, leaving: Leaving) -> Pages:
        """The bodies of an issue."""
        from agent.mail.message import Bodies
        from agent.outputs.bibtex import bibtex
        from agent.outputs.digest_html import digest_html
        from agent.outputs.digest_text import digest_text
        from agent.outputs.digest_words import digest_subject
        from agent.products.issuing import bib_name

        digest = made.digest
        keys = [item.key for theme in digest.themes for item in theme.items]
        keys += [update.key for update in digest.updates]
        bib = bibtex(digest.papers[key] for key in keys) if keys else None
        name = bib_name(digest.name, digest.issue)
        return Pages(
            digest_subject(digest),
            Bodies(digest_text(digest, leaving), digest_html(digest, leaving), bib, name),
        )

    def _sender(self, settings: DigestSettings, also: Sequence[str] = ()) -> Sender:
        """Whom letters are from: who is set, or where nobody is, and letters are but files, their first reader."""
        from agent.api.mailing import has_server, sender_of
        from agent.mail.addresses import parse_address
        from agent.products.issuing import Sender

        stated = self._setting("smtp_from")
        url = self._setting("unsubscribe_url")
        if not stated and not has_server(self.settings):
            return Sender(next(iter([*settings.recipients, *also]), "litreview@localhost"), None, url)
        address = sender_of(self.settings)
        subject = quote(f"unsubscribe {settings.name}")
        return Sender(address, f"mailto:{parse_address(address).address}?subject={subject}", url)

    def _leaving(self, sender: Sender, settings: DigestSettings) -> Leaving:
        from agent.outputs.digest_view import Leaving

        return Leaving(sender.unsubscribe_mailto, sender.unsubscribe_url, settings.is_shared)

    def _post(self, out: str | Path | None) -> Post:
        return Post(self, Path(out) if out else None)

    def _review_claims(self, library: Library, settings: DigestSettings) -> tuple[ReviewClaim, ...]:
        """The claims of the latest survey of the reader's review, where one lies in the workspace's folder."""
        from agent.outputs.survey_files import SURVEY, read_survey
        from agent.steps.bearing import review_claims

        root = self.workspace.folder.parent
        own = set(library.members(settings.review) if settings.review else library.keys())
        found = []
        for path in {*root.glob(SURVEY), *root.glob(f"*/{SURVEY}"), Path(self._setting("out")) / SURVEY}:
            try:
                survey = read_survey(path)
            except OutputError:
                continue
            cited = {key for section in survey.themes for key in section.papers}
            if 2 * len(cited & own) > len(cited):
                found.append((survey.date, len(cited), str(path), survey))
        return review_claims(max(found, key=lambda one: one[:3])[3]) if found else ()


def _since(settings: DigestSettings, answers: Mapping[str, str], last: str | None) -> str | None:
    """The day from which on an issue tells what is new: the last one up to which every source has answered, as far as one has.

    Args:
        last: the day of the last issue; None before the first.
    """
    answered = [answers[told] for feed in settings.sources if (told := told_of(feed)) in answers]
    return min(answered, default=last) if last else None


@dataclass
class Post:
    """Where letters go: to a folder that is named, else to the mail server that is set, else to a folder of its own."""

    desk: PostDesk
    out: Path | None

    @property
    def is_mail(self) -> bool:
        """Whether letters go to a mail server.

        Raises:
            SettingsError: what is set for mail does not go together.
        """
        from agent.api.mailing import has_server

        return self.out is None and has_server(self.desk.settings)

    @cached_property
    def _server(self) -> Server | None:
        from agent.api.mailing import server_of

        return server_of(self.desk.settings)

    def folder(self, digest: str) -> Path:
        return self.out or self.desk.workspace.folder.parent / LETTERS / digest

    def connect(self, digest: str, issue: str) -> AbstractContextManager[Carrier]:
        """The way for the letters of an issue; the password's command is run when it is needed, and once."""
        from agent.api.mailing import connection_to
        from agent.mail.files import Folder

        if self.is_mail and self._server is not None:
            return connection_to(self._server)
        return Folder(self.folder(digest), f"{digest}-{issue}")


def named(recipients: Collection[str] | None) -> list[str] | None:
    """Addresses without names, each once, in order.

    Raises:
        UsageError: one is none.
    """
    from agent.mail.addresses import parse_address

    if recipients is None:
        return None
    return list(dict.fromkeys(parse_address(one).address for one in recipients))
