"""The verbs about what is one work: what was merged, what looks alike, merging and splitting by hand."""

from __future__ import annotations

from agent.api.desk import Desk
from agent.library import merging
from agent.records import AlikePair, DuplicateReport, MergedPaper, MergedRecord


class WorkVerbs(Desk):
    """What can be done about duplicates."""

    def duplicates(self, *, collection: str | None = None) -> DuplicateReport:
        """What was merged from several records, and which papers look alike and were not, the likeliest first."""
        from agent.library.lookalikes import (
            lookalikes,  # with its library of distances, only where it is asked for
        )

        with self._reading() as library:
            name = self._collection(library, collection)
            papers = library.papers(library.members(name) if name else None)
            merged = {key: rows for key, rows in library.merged().items() if key in papers}
            reasons = {key: merging.reasons(library, key) for key in merged}
            apart = library.apart()
        keys = list(papers)
        place = {key: index for index, key in enumerate(keys)}
        told = [(place[one], place[other]) for one, other in apart if one in place and other in place]
        self.observer.start("compare", len(keys))
        found = lookalikes(list(papers.values()), told)
        self.observer.advance("compare", len(keys))
        return DuplicateReport(
            merged=tuple(
                MergedPaper(
                    key=key,
                    title=papers[key].title,
                    records=tuple(
                        MergedRecord(source=r.source, position=r.position, title=r.title) for r in rows
                    ),
                    why=reasons[key],
                )
                for key, rows in merged.items()
            ),
            alike=tuple(
                AlikePair(
                    keys=(keys[pair.one], keys[pair.other]),
                    titles=(papers[keys[pair.one]].title, papers[keys[pair.other]].title),
                    score=pair.score,
                    why=pair.why,
                )
                for pair in found
            ),
        )

    def merge(self, one: str, other: str) -> tuple[str, str]:
        """Make one paper of two.

        Returns:
            The key that stays, and the one that is its alias from now on: one that a product names stays.

        Raises:
            UsageError: there is no such paper, or both are one.
        """
        with self._library() as library:
            done = merging.merge(library, self._resolve(library, one), self._resolve(library, other))
        return done.key, done.alias

    def split(self, key: str) -> list[str]:
        """Undo a merge, by hand or not; the papers are kept apart from then on.

        Returns:
            The keys of what it is now.

        Raises:
            UsageError: there is no such paper, or nothing to split.
        """
        with self._library() as library:
            return merging.split(library, self._resolve(library, key))
