"""The verbs that ask services: finding papers, and filling in what is missing of those that are there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from agent.api.desk import Desk
from agent.api.fetching import KEYS, open_client, page_store, service_of
from agent.api.taking_in import add_watched, tell_new
from agent.errors import SourceError, UsageError
from agent.library.adding import ReadSource, add
from agent.products.enriching import WANTED, Match, Refusal, best_match, ids_of, lacks, matches
from agent.products.fields import parse_date
from agent.records import (
    AddReport,
    Change,
    EnrichReport,
    Filled,
    Noted,
    Paper,
    Refused,
    SearchReport,
    SourceState,
)

if TYPE_CHECKING:
    from agent.sources.fetching.client import Client
    from agent.sources.fetching.harvest import Harvest
    from agent.sources.services.common import Service


class SearchVerbs(Desk):
    """What can be done with the services' help."""

    def search(
        self,
        text: str = "",
        *,
        services: Sequence[str] = ("arxiv",),
        since: str | None = None,
        until: str | None = None,
        limit: int = 100,
        date: str | None = None,
        week: str | None = None,
        month: str | None = None,
        collection: str | None = None,
    ) -> SearchReport:
        """Ask services for papers and take them into the library.

        A service that fails is named in the report; what came before stays, and the same search goes on there.

        Args:
            since, until: first and last day of publication. date, week, month: a list of Hugging Face's.
            limit: records of each service at most.

        Raises:
            UsageError: there is no such service, or it cannot be asked so. SourceError: every service failed.
        """
        from agent.sources.fetching.harvest import harvest
        from agent.sources.services.common import Query

        query = Query(
            text=text.strip(), since=_day(since), until=_day(until), limit=limit, date=_day(date), week=week, month=month
        )  # fmt: skip
        if limit < 1:
            raise UsageError("--limit is a number from 1 up", "for example --limit 200")
        if query.since and query.until and query.since > query.until:
            raise UsageError(f"nothing is published since {since} and until {until}", "swap the two days")
        if not _once(services):
            raise UsageError("no service is named", "for example --source arxiv")
        calls = [
            (service, service.search(query)) for service in (service_of(name) for name in _once(services))
        ]
        self.workspace.create()
        store = page_store(self.workspace.folder / "pages")
        found: list[tuple[Service, Harvest]] = []
        with open_client(self.settings, self.state) as client:
            for service, call in calls:
                step = f"ask {service.LABEL}"
                self.observer.start(step, limit)
                found.append(
                    (
                        service,
                        harvest(client, service, call, limit, store, partial(self.observer.advance, step)),
                    )
                )
        _refuse_if_all_broken(found)
        report = self._take_in([_as_source(service, query, got) for service, got in found], collection)
        return SearchReport(
            **{name: getattr(report, name) for name in AddReport.model_fields},
            sources=tuple(_state(service, got) for service, got in found),
        )

    def enrich(
        self, *, services: Sequence[str] = (), collection: str | None = None, fields: Sequence[str] = WANTED
    ) -> EnrichReport:
        """Ask services for what is missing of the papers, and take it where it is surely of that paper.

        Args:
            services: whom to ask, in this order; left out, arXiv, Crossref, PubMed and those with a key.

        Raises:
            UsageError: there is no such service or field.
        """
        names = list(services) or ["arxiv", "crossref", "pubmed", *(n for n, key in KEYS.items() if n != "pubmed" and self._setting(key))]  # fmt: skip
        asked = [service_of(name) for name in _once(names)]
        unknown = [name for name in fields if name not in (*WANTED, "title")]
        if unknown:
            raise UsageError(
                f"'{unknown[0]}' is nothing that services fill in", f"fields: {', '.join(WANTED)}"
            )
        with self._reading() as library:
            name = self._collection(library, collection)
            before = library.papers(library.members(name) if name else None)
        changed: list[Filled] = []
        refused: list[Refused] = []
        states: list[SourceState] = []
        with open_client(self.settings, self.state) as client:
            for service in asked:
                filled, wrong, state = self._ask(client, service, tuple(before), fields)
                changed += filled
                refused += wrong
                states.append(state)
        with self._reading() as library:
            after = library.papers(before)
        still = {key: lacks(paper, fields) for key, paper in after.items()}
        return EnrichReport(
            asked=len([key for key, paper in before.items() if lacks(paper, fields)]),
            changed=tuple(changed),
            refused=tuple(refused),
            lacking=tuple(Change(key=key, fields=tuple(names)) for key, names in still.items() if names),
            sources=tuple(states),
        )

    def _ask(
        self, client: Client, service: Service, keys: Sequence[str], fields: Sequence[str]
    ) -> tuple[list[Filled], list[Refused], SourceState]:
        """Ask one service for whatever the papers still lack, and store it at once."""
        with self._reading() as library:
            lacking = {key: paper for key, paper in library.papers(keys).items() if lacks(paper, fields)}
        found: list[Match] = []
        refused: list[Refusal] = []
        filled: list[Filled] = []
        try:
            problem = self._by_ids(client, service, lacking, found, refused)
            known = {match.key for match in found} | {refusal.key for refusal in refused}
            rest = {
                key: paper for key, paper in lacking.items() if key not in known and not paper.is_untitled
            }
            if problem is None:
                problem = self._by_title(client, service, rest, found, refused)
        finally:  # what came is stored, also where the asking is interrupted
            filled = self._fill(service, found)
        state = "broken" if problem else "ok" if found else "empty"
        return (
            filled,
            [Refused(key=one.key, source=service.LABEL, reason=one.reason) for one in refused],
            SourceState(
                source=service.NAME,
                state=state,
                reason=problem.message if problem else None,
                found=len(found),
            ),
        )

    def _by_ids(
        self,
        client: Client,
        service: Service,
        papers: dict[str, Paper],
        found: list[Match],
        refused: list[Refusal],
    ) -> SourceError | None:
        """Ask for papers by their ids, and put what comes into `found` and `refused`; what broke, if anything."""
        from agent.sources.fetching.harvest import harvest

        calls = service.lookup([one for paper in papers.values() for one in ids_of(paper, service.SCHEMES)])
        step = f"ask {service.LABEL}"
        self.observer.start(step, len(calls))
        for call in calls:
            got = harvest(client, service, call, 1000)
            more, wrong = matches(papers, [record for record in got.records if isinstance(record, Paper)])
            found += more
            refused += wrong
            if got.problem:
                return got.problem
            self.observer.advance(step)
        return None

    def _by_title(
        self,
        client: Client,
        service: Service,
        papers: dict[str, Paper],
        found: list[Match],
        refused: list[Refusal],
    ) -> SourceError | None:
        """The same by their titles."""
        from agent.sources.fetching.harvest import harvest

        step = f"ask {service.LABEL} by title"
        self.observer.start(step, len(papers))
        for key, paper in papers.items():
            got = harvest(client, service, service.by_title(paper.title), 5)
            if got.problem:
                return got.problem
            match = best_match(key, paper, [record for record in got.records if isinstance(record, Paper)])
            if isinstance(match, Match):
                found.append(match)
            elif match:
                refused.append(match)
            self.observer.advance(step)
        return None

    def _fill(self, service: Service, found: Sequence[Match]) -> list[Filled]:
        """Store what a service says of papers; what it filled."""
        if not found:
            return []
        with self._library() as library:
            # Asking takes long: a paper may have been merged or removed since.
            known = [(key, match.record) for match in found if (key := library.resolve(match.key))]
            records = [
                record.model_copy(update={"key": "", "sources": (record.sources[0].model_copy(update={"position": key}),)})
                for key, record in known
            ]  # fmt: skip
            source = ReadSource(
                f"enrich:{service.NAME}", service.LABEL, records, is_partial=True, pins={key: key for key, _ in known}
            )  # fmt: skip
            report = add(library, [source])
        return [
            Filled(key=change.key, source=service.LABEL, fields=change.fields) for change in report.changed
        ]

    def _take_in(self, sources: Sequence[ReadSource], collection: str | None) -> AddReport:
        with self._library() as library:
            tell_new(library, collection, self.observer)
            return add_watched(library, sources, collection, self.observer)


def _once(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(name.strip().lower() for name in names if name.strip()))


def _day(stated: str | None) -> str | None:
    return parse_date(stated) if stated else None


def _as_source(service: Service, query: object, got: Harvest) -> ReadSource:
    from agent.sources.services.common import Query

    assert isinstance(query, Query)
    asked = query.text or query.date or query.week or query.month or "latest"
    span = "".join(f" {word} {day}" for word, day in (("since", query.since), ("until", query.until)) if day)
    notes = [Noted(position="answer", message=note) for note in got.notes]
    return ReadSource(
        f"search:{service.NAME}:{asked}{span}",
        f"{service.LABEL}: {asked}{span}",
        [*got.records, *notes],
        is_partial=True,
    )


def _state(service: Service, got: Harvest) -> SourceState:
    return SourceState(
        source=service.NAME, state=got.state, reason=got.problem.message if got.problem else None,
        found=len(got.records), total=got.total,
    )  # fmt: skip


def _refuse_if_all_broken(found: Sequence[tuple[Service, Harvest]]) -> None:
    if all(got.problem and not got.records for _, got in found):
        said = "; ".join(got.problem.message for _, got in found if got.problem)
        hints = [got.problem.hint for _, got in found if got.problem and got.problem.hint]
        raise SourceError(said, hints[0] if hints else None)
