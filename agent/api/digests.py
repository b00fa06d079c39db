"""The verbs about digests: asking for one, looking at it, sending what is due, and saying what one thinks of it."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agent.api.digest_sending import SendVerbs
from agent.api.posting import Moment, Pages, named
from agent.errors import UsageError
from agent.library import Library
from agent.records import Delivery, Digest, DigestState, IssueState
from agent.records.digests import DigestSettings, FeedSetting, digest_settings

if TYPE_CHECKING:
    from agent.library.outbox import IssueRow

LEFT = "unsubscribed"


class DigestVerbs(SendVerbs):
    """What can be done with digests."""

    # Asking for one

    def digest_new(
        self,
        name: str,
        *,
        topic: str = "",
        to: Sequence[str] = (),
        sources: Sequence[str] = (),
        queries: Sequence[str] = (),
        collections: Sequence[str] = (),
        files: Sequence[str | Path] = (),
        replace: bool = False,
        date: str | None = None,
        **stated: Any,
    ) -> DigestSettings:
        """Set a digest up; nothing is asked or sent yet.

        Args:
            to: addresses, with or without names.
            sources: services, each of which is asked every query; `queries` is the topic if left out.
            collections, files: what else is looked through; patterns such as `feed/*.txt` are read anew each time.
            replace: in place of the digest of this name, whose memory stays.
            stated: the further fields of `DigestSettings`.

        Raises:
            UsageError: there is a digest of this name, or something stated does not fit.
        """
        moment = self._moment(date)
        feeds = [*_services(sources, queries, topic), *_files(files)]
        feeds += [FeedSetting(kind="collection", name=one) for one in collections]
        if not feeds:
            raise UsageError("the digest has nothing to look at", "give --source arxiv, --from-files FILE or --from-collection NAME")  # fmt: skip
        settings = digest_settings(
            name=name, created=moment.day.isoformat(), topic=topic, recipients=tuple(to), sources=tuple(feeds), **stated
        )  # fmt: skip
        named(settings.recipients)
        with self._library() as library:
            before = library.digest(settings.name)
            if before is not None and not replace:
                raise UsageError(f"there is a digest '{name}' already", "take another name, or --replace its settings; what it remembers stays")  # fmt: skip
            settings = self._fitting(library, settings)
            if before is not None:
                settings = settings.model_copy(update={"created": before.created})
            with library.change():
                library.save_digest(settings)
        self.warnings += [f"{Path(one).expanduser()} is not there, and no pattern; it is looked for again each time" for one in files if _is_gone(one)]  # fmt: skip
        return settings

    def digest_remove(self, name: str) -> int:
        """Forget a digest: its settings, its issues and letters, what it remembers, and the papers that only it has.

        Returns:
            How many letters had not been sent.
        """
        with self._library() as library:
            settings = self._digest(library, name)
            waiting = 0
            for issue in library.issue_names(settings.name):
                letters = library.deliveries(settings.name, issue)
                waiting += sum(one.state in ("pending", "sending") for one in letters)
            with library.change():
                for key in library.only_in_inbox(settings.name):
                    library.remove(key)
                library.drop_digest(settings.name)
        return waiting

    def digest_pause(self, name: str) -> DigestSettings:
        """Send nothing until it is resumed."""
        return self._changed(name, lambda settings: {"is_paused": True})

    def digest_resume(self, name: str) -> DigestSettings:
        """Send again; what was missed meanwhile comes in one issue."""
        return self._changed(name, lambda settings: {"is_paused": False})

    def digest_unsubscribe(self, address: str, name: str | None = None) -> list[str]:
        """Mail no more to an address: what is still on its way to it is held back too.

        Args:
            name: of one digest; all if left out.

        Returns:
            The names of the digests that it was subscribed to.

        Raises:
            UsageError: it is no address, or subscribed to nothing.
        """
        gone = (named([address]) or [""])[0].casefold()
        with self._library() as library, library.change():
            names = [self._digest(library, name).name] if name else library.digest_names()
            left = [one for one in names if self._leaves(library, one, gone)]
        if not left:
            which = f"does not get the digest '{name}'" if name else "gets no digest"
            raise UsageError(f"{address} {which}", "`litreview digest list` shows who is")  # fmt: skip
        return left

    # Looking at it

    def digest_list(self, *, date: str | None = None) -> list[DigestState]:
        """All digests, in order of name."""
        moment = self._moment(date)
        with self._reading() as library:
            return [self._state(library, settings, moment) for settings in library.digests()]

    def digest_show(self, name: str, *, date: str | None = None) -> DigestState:
        """One digest with its issues."""
        moment = self._moment(date)
        with self._reading() as library:
            return self._state(library, self._digest(library, name), moment)

    def digest_issue(self, name: str, issue: str | None = None) -> tuple[Digest, Pages]:
        """An issue as it was composed; the last one if none is named.

        Raises:
            UsageError: there is no such digest or issue.
        """
        from agent.mail.message import Bodies
        from agent.products.issuing import bib_name

        with self._reading() as library:
            row = self._issue(library, self._digest(library, name).name, issue)
        bodies = Bodies(row.text, row.html, row.bib, bib_name(row.digest.name, row.digest.issue))
        return row.digest, Pages(row.subject, bodies)

    def digest_feed(self, name: str) -> str:
        """All issues of a digest as an Atom feed.

        Raises:
            OutputError: there is none yet.
        """
        from agent.outputs.digest_feed import digest_feed

        with self._reading() as library:
            found = self._digest(library, name).name
            rows = [library.issue(found, issue) for issue in library.issue_names(found)]
        return digest_feed(row.digest for row in rows if row is not None)

    # What the reader thinks

    def digest_keep(
        self, name: str, issue: str, numbers: Sequence[int], *, to: str | None = None
    ) -> tuple[list[str], str]:
        """Take items of an issue over into a collection; from then on they are papers like any other.

        Args:
            issue: its name; `latest` is the last one that showed anything.
            to: the collection; left out, the digest's review, the collection that is set, or one called as the digest.

        Returns:
            Their keys, and the collection.
        """
        from agent.api.taking_in import tell_new
        from agent.products.keeping import issue_named, keep, keys_of

        with self._library() as library:
            settings = self._digest(library, name)
            collection = to or settings.review or self._setting("collection") or settings.name
            issue = issue_named(library, settings.name, issue)
            keys_of(library, settings.name, issue, numbers)  # what is wrong is said before anything is new
            tell_new(library, collection, self.observer)
            return keep(library, settings.name, issue, numbers, collection), collection

    def digest_dislike(self, name: str, issue: str, numbers: Sequence[int]) -> list[str]:
        """Remember that items of an issue are not relevant; their keys. One that was kept stays where it is."""
        from agent.products.keeping import dislike, issue_named

        with self._library() as library:
            settings = self._digest(library, name)
            kept = library.memory(settings.name).kept
            keys = dislike(library, settings.name, issue_named(library, settings.name, issue), numbers)
            for key, paper in library.papers(one for one in keys if one in kept).items():
                where = f"collection {', '.join(paper.collections)}" if paper.collections else "the library"
                self.observer.note(f"{key} was kept before, and stays in {where}; it is no example any more of what is looked for")  # fmt: skip
            return keys

    # Inside

    def _fitting(self, library: Library, settings: DigestSettings) -> DigestSettings:
        """The settings, if what they name is there; examples by the keys that they have.

        Raises:
            UsageError: something is not there, or a service cannot be asked so.
        """
        from agent.api.feeding import HAS_NO_DATES, Window, queries
        from agent.api.fetching import service_of

        day = self._moment(None).day
        for feed in settings.sources:
            if feed.kind == "collection":
                self._collection(library, feed.name)
            elif feed.kind == "service":
                if not feed.query and feed.name != HAS_NO_DATES:
                    raise UsageError(f"nothing to search {feed.name} for: --topic is empty", "give --topic TEXT, or --query TEXT")  # fmt: skip
                for query in queries(feed, Window(day, day, True)):
                    service_of(feed.name).search(query)
        for collection in (settings.like, settings.review):
            if collection:
                self._collection(library, collection)
        examples = tuple(self._resolve(library, key) for key in settings.examples)
        return settings.model_copy(update={"examples": examples})

    def _changed(self, name: str, change: Callable[[DigestSettings], dict[str, Any]]) -> DigestSettings:
        with self._library() as library, library.change():
            settings = self._digest(library, name)
            whole = settings.model_copy(update=change(settings))
            library.save_digest(whole)
        return whole

    def _leaves(self, library: Library, name: str, address: str) -> bool:
        """Take an address from a digest, and its letters off their way; whether it was there."""
        settings = library.digest(name)
        assert settings is not None
        gone = [one for one in settings.recipients if (named([one]) or [""])[0].casefold() == address]
        if gone:
            stay = tuple(one for one in settings.recipients if one not in gone)
            library.save_digest(settings.model_copy(update={"recipients": stay}))
        held = 0
        for recipient in {
            one.recipient
            for issue in library.issue_names(name)
            for one in library.deliveries(name, issue)
            if one.recipient.casefold() == address
        }:
            held += library.withdraw_letters(name, recipient, LEFT)
        return bool(gone or held)

    def _state(self, library: Library, settings: DigestSettings, moment: Moment) -> DigestState:
        memory = library.memory(settings.name)
        found = self._due(library, settings, moment)
        return DigestState(
            settings=settings,
            issues=tuple(
                _issue_state(self._issue(library, settings.name, issue), library.deliveries(settings.name, issue))
                for issue in library.issue_names(settings.name)
            ),
            due=None if settings.is_paused else found.issue,
            next_day=found.day.isoformat(),
            note=found.reason if found.is_clock_back else None,
            waiting=len(memory.waiting),
            kept=len(memory.kept),
            disliked=len(memory.disliked),
        )  # fmt: skip


def _services(names: Sequence[str], queries: Sequence[str], topic: str) -> list[FeedSetting]:
    """Every service with every query; arXiv where only a query is stated."""
    asked = list(names) or (["arxiv"] if queries else [])
    texts = list(queries) or [topic]
    found = []
    for name in dict.fromkeys(one.strip().lower() for one in asked):
        has_lists = name == "hugging-face" and not queries
        found += [
            FeedSetting(kind="service", name=name, query=text) for text in ([""] if has_lists else texts)
        ]
    return found


def _is_gone(path: str | Path) -> bool:
    """Whether a path names one place, and nothing is there."""
    from agent.api.feeding import is_pattern

    return not is_pattern(str(path)) and not os.path.lexists(Path(path).expanduser())


def _files(files: Sequence[str | Path]) -> list[FeedSetting]:
    """Files, folders and patterns by where they are, so that they are found from anywhere."""
    return [FeedSetting(kind="files", name=str(Path(one).expanduser().absolute())) for one in files]


def _issue_state(row: IssueRow, letters: Sequence[Delivery]) -> IssueState:
    from agent.outputs.digest_words import kind_of

    counts = row.digest.counts
    return IssueState(
        issue=row.digest.issue,
        date=row.digest.date,
        subject=row.subject,
        kind=kind_of(row.digest),
        shown=counts.shown,
        updates=counts.updates,
        letters=tuple(letters),
    )
