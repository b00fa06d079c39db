"""The verbs that make issues of digests and send them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agent.api.engines import as_path
from agent.api.posting import Drafting, Moment, Pages, Post, PostDesk, named
from agent.api.running import run
from agent.errors import LitreviewError, SettingsError, SourceError, UsageError
from agent.library import Library
from agent.records import DeliveryReport, Digest, DigestSent, DueReport, Estimate, Verify
from agent.records.digests import DigestSettings

if TYPE_CHECKING:
    from agent.products.digest import MadeDigest


class SendVerbs(PostDesk):
    """What composes and sends."""

    def digest_preview(self, name: str, **asked: Any) -> tuple[Digest, Pages]:
        """What would be sent now; takes what `digest_preview_async` takes."""
        return run(self.digest_preview_async(name, **asked))

    async def digest_preview_async(
        self, name: str, *, date: str | None = None, verify: Verify | None = None, language: str | None = None,
        record: str | Path | None = None, replay: str | Path | None = None,
    ) -> tuple[Digest, Pages]:  # fmt: skip
        """Compose an issue of what there is now, on a copy of the library: nothing is changed, and nothing is sent.

        What a model answers is kept, so that the issue itself asks it nothing twice.

        Raises:
            UsageError: there is no such digest. ModelError: the endpoint cannot be used.
        """
        drafting = Drafting(verify, language, as_path(record), as_path(replay))
        with self._copied() as (library, pages):
            settings = self._digest(library, name)
            async with self._engine(drafting.wishes(settings)) as opened:
                moment = self._moment(date or opened.date)
                issue = self._upcoming(library, settings, moment)
                made = await self._made(library, settings, opened, drafting, issue, moment, pages)
                opened.finish(moment.day.isoformat(), is_complete=not made.digest.missing)
        return made.digest, self._pages(made, self._leaving(self._sender(settings), settings))

    def estimate_digest(self, name: str, **asked: Any) -> Estimate:
        """Say what an issue would ask of a model; takes what `estimate_digest_async` takes."""
        return run(self.estimate_digest_async(name, **asked))

    async def estimate_digest_async(
        self, name: str, *, date: str | None = None, verify: Verify | None = None, language: str | None = None
    ) -> Estimate:
        """Say what an issue of now would ask, and ask the sources only."""
        drafting = Drafting(verify, language, is_dry=True)
        with self._copied() as (library, pages):
            settings = self._digest(library, name)
            async with self._engine(drafting.wishes(settings)) as opened:
                if opened.line is None or opened.line.dry is None:
                    return Estimate(steps=(), stored=0, calls=0, input_tokens=0, output_tokens=0, is_rough=False)  # fmt: skip
                from agent.products.forecast import FOLLOWING, forecast  # brings the way to a model along

                moment = self._moment(date)
                issue = self._upcoming(library, settings, moment)
                await self._made(library, settings, opened, drafting, issue, moment, pages)
                after = FOLLOWING if self._verify(verify, opened.engine) == "model" else {}
                return forecast(opened.engine, opened.line.dry, opened.line.forecast, after)

    def digest_send(self, name: str, **asked: Any) -> DigestSent:
        """Compose the issue of now and deliver it; takes what `digest_send_async` takes."""
        return run(self.digest_send_async(name, **asked))

    async def digest_send_async(
        self, name: str, *, date: str | None = None, to: Sequence[str] = (), out: str | Path | None = None,
        verify: Verify | None = None, language: str | None = None,
        record: str | Path | None = None, replay: str | Path | None = None,
    ) -> DigestSent:  # fmt: skip
        """Ask the sources, compose the issue once, deliver it, and remember it.

        An issue that is there already is not composed again, and only letters that wait are sent. Where no source could
        be asked a notice says so, once and under a name of its own: the issue is still to come.

        Args:
            date: which day it is; today in the time zone that is set if left out.
            to: only these addresses now; one that is none of the digest's recipients gets this issue only.
            out: a folder for letters as files, in place of the mail server.

        Raises:
            UsageError: there is no such digest, it is paused, or nobody gets it. SourceError: no source could be asked, and nothing
                was composed. ModelError: the endpoint cannot be used. SettingsError: mail cannot be sent as it is set;
                the issue stays, and so do its letters.
        """
        drafting = Drafting(verify, language, as_path(record), as_path(replay))
        only, post = named(to) or None, self._post(out)
        with self._library() as library:
            settings = self._digest(library, name)
            if settings.is_paused:
                raise UsageError(f"{settings.name} is paused", f"litreview digest resume {settings.name}")
            post.is_mail  # noqa: B018 - says what is wrong before anything is asked for
            async with self._engine(drafting.wishes(settings)) as opened:
                moment = self._moment(date or opened.date)
                issue = self._current(library, settings, moment)
                is_composed = False
                if not library.has_issue(settings.name, issue):
                    _somebody(settings, only)
                    made = await self._made(library, settings, opened, drafting, issue, moment, self.workspace.folder / "pages")  # fmt: skip
                    if made.is_all_broken and made.is_quiet:
                        made = made.as_notice()
                        if library.has_issue(settings.name, made.digest.issue) or self._may_wait(
                            library, settings, moment
                        ):
                            self._earlier(library, settings.name, None, moment, post)
                            raise _all_broken(made.digest, issue)
                        issue = made.digest.issue
                    is_composed = self._compose(library, settings, made, moment, only or ())
                    opened.finish(moment.day.isoformat(), is_complete=not made.digest.missing)
            return self._deliver(library, settings, issue, moment, post, only, is_composed=is_composed)

    def digest_due(self, **asked: Any) -> DueReport:
        """Send everything that is due; takes what `digest_due_async` takes."""
        return run(self.digest_due_async(**asked))

    async def digest_due_async(
        self, *, date: str | None = None, out: str | Path | None = None, verify: Verify | None = None
    ) -> DueReport:
        """Send what is due of all digests, also late, and try letters again that wait. One that fails stops no other.

        Raises:
            SettingsError: what is set for mail does not go together, or the server cannot be used so; nothing more is tried.
        """
        moment = self._moment(date)
        self._post(out).is_mail  # noqa: B018 - says what is wrong before anything is asked for
        with self._reading() as library:
            names = library.digest_names()
        sent, quiet = [], []
        for name in names:
            try:
                found = await self._due_one(name, moment, date, out, verify)
            except SettingsError:  # it holds for all of them, and is said once
                raise
            except (LitreviewError, OSError) as error:
                problem = error.message if isinstance(error, LitreviewError) else str(error.strerror)
                hint = error.hint if isinstance(error, LitreviewError) else None
                found = DigestSent(digest=name, date=moment.day.isoformat(), problem=problem, hint=hint)
            if found is None:
                quiet.append(name)
            else:
                sent.append(found)
        return DueReport(date=moment.day.isoformat(), sent=tuple(sent), quiet=tuple(quiet))

    def digest_resend(
        self, name: str, issue: str, *, to: Sequence[str] = (), out: str | Path | None = None, date: str | None = None
    ) -> DigestSent:  # fmt: skip
        """Send letters of an issue again, with the same bytes and Message-ID; no model is asked.

        Args:
            to: whose; left out, those of the digest's recipients of whom it is not known that they have it.

        Raises:
            UsageError: there is no such issue or letter, or all have it.
        """
        from agent.products.delivery import report, resend

        moment, post = self._moment(date), self._post(out)
        with self._library() as library:
            settings = self._digest(library, name)
            post.is_mail  # noqa: B018 - says what is wrong before anything is changed
            wanted = named(to)
            if not wanted:
                own = named(settings.recipients) or []
                letters = report(library, settings.name, issue).letters
                if not letters:
                    raise UsageError(f"{settings.name} {issue}: it has no letter, so that none can be sent again", f"mail it with `litreview digest send {settings.name} --to ADDRESS` while it is the latest issue")  # fmt: skip
                wanted = [one.recipient for one in letters if one.recipient in own and one.state != "sent"]
                if not wanted:
                    raise UsageError(f"{settings.name} {issue}: every letter was sent", "name whom to send it to again with --to ADDRESS")  # fmt: skip
            resend(library, settings.name, issue, wanted, self.observer)
            return self._deliver(library, settings, issue, moment, post, wanted, is_composed=False)

    # Inside

    async def _due_one(
        self, name: str, moment: Moment, date: str | None, out: str | Path | None, verify: Verify | None
    ) -> DigestSent | None:
        """What is due of one digest: an issue, if anybody gets it, or letters of earlier ones; None if neither."""
        with self._library() as library:
            settings = self._digest(library, name)
            if settings.is_paused:
                return None
            found = self._due(library, settings, moment)
            if found.issue is None or not settings.recipients:
                if found.is_clock_back or (found.is_before and moment.is_stated):  # a timer states no day
                    self.observer.note(f"{name}: {found.reason}")
                earlier = self._earlier(library, settings.name, None, moment, self._post(out))
                tried = [report for report in earlier if any(one.is_fresh for one in report.letters)]
                return DigestSent(digest=name, date=moment.day.isoformat(), earlier=tuple(tried)) if tried else None  # fmt: skip
        return await self.digest_send_async(name, date=date, out=out, verify=verify)

    def _compose(
        self,
        library: Library,
        settings: DigestSettings,
        made: MadeDigest,
        moment: Moment,
        also: Sequence[str],
    ) -> bool:
        """Store the issue with its letters; whether this run's is the one that stands."""
        from agent.products.issuing import compose

        sender = self._sender(settings, also)
        pages = self._pages(made, self._leaving(sender, settings))
        is_whole = not (made.is_broken or made.is_unread or made.digest.missing)
        is_silent = made.is_quiet and is_whole and settings.quiet == "nothing"
        recipients = () if is_silent else (*settings.recipients, *also)
        return compose(
            library, made.digest, pages.subject, pages.bodies, recipients, sender, moment.now,
            lambda: _remember(library, made),
        )  # fmt: skip

    def _deliver(
        self,
        library: Library,
        settings: DigestSettings,
        issue: str,
        moment: Moment,
        post: Post,
        only: Sequence[str] | None,
        *,
        is_composed: bool,
    ) -> DigestSent:
        """Send the letters of an issue that wait, and those of earlier ones; what became of them."""
        from agent.outputs.digest_words import kind_of
        from agent.products.delivery import deliver
        from agent.products.issuing import add_recipients

        name = settings.name
        if only:
            add_recipients(library, name, issue, only, self._sender(settings, only), moment.now)
        report = deliver(library, name, issue, lambda: post.connect(name, issue), lambda: moment.now, self.observer, only)  # fmt: skip
        earlier = self._earlier(library, name, issue, moment, post) if post.out is None and not only else []
        row = library.issue(name, issue)
        assert row is not None
        return DigestSent(
            digest=name,
            issue=issue,
            date=row.digest.date,
            is_composed=is_composed,
            subject=row.subject,
            kind=kind_of(row.digest),
            counts=row.digest.counts,
            sources=row.digest.sources,
            missing=row.digest.missing,
            letters=report.letters,
            earlier=tuple(earlier),
        )

    def _earlier(
        self, library: Library, name: str, issue: str | None, moment: Moment, post: Post
    ) -> list[DeliveryReport]:
        """Try letters of earlier issues again that wait."""
        from agent.products.delivery import deliver

        left = [other for digest, other in library.unfinished() if digest == name and other != issue]
        return [
            deliver(library, name, other, lambda other=other: post.connect(name, other), lambda: moment.now, self.observer)  # type: ignore[misc]
            for other in left
        ]  # fmt: skip

    def _may_wait(self, library: Library, settings: DigestSettings, moment: Moment) -> bool:
        """Whether nobody needs to hear yet that no source answers: before they ever did, and on the issue's own day, if the
        last one was not missed."""
        from datetime import timedelta

        from agent.text.weeks import due_day

        if not library.digest_answers(settings.name):
            return True
        due = due_day(settings.every, settings.weekday, moment.day)
        before = due_day(settings.every, settings.weekday, due - timedelta(days=1))
        runs = library.digest_runs(settings.name)
        last = runs[-1][1] if runs else settings.created
        return moment.day == due and last >= before.isoformat()


def _somebody(settings: DigestSettings, only: Sequence[str] | None) -> None:
    """Refuse an issue for nobody: what it showed would count as mailed.

    Raises:
        UsageError: nobody gets it.
    """
    if not settings.recipients and not only:
        raise UsageError(f"{settings.name}: nobody gets it, and no issue was made", f"`litreview digest new {settings.name} --replace --to ADDRESS` with what is set besides, or `litreview digest pause {settings.name}`")  # fmt: skip


def _remember(library: Library, made: MadeDigest) -> None:
    """What is remembered of an issue; of a notice nothing, and one that still waits is out of date once its issue is there."""
    if made.is_notice:
        return
    library.remember(made.memory)
    library.withdraw_issue(
        made.digest.name, made.as_notice().digest.issue, "the issue itself could be made since"
    )


def _all_broken(digest: Digest, issue: str) -> SourceError:
    said = "; ".join(f"{source.source}: {source.reason or 'no answer'}" for source in digest.sources)
    return SourceError(f"{digest.name} {issue}: no source could be asked, and no issue was made: {said}", "run it again: it is still due")  # fmt: skip
