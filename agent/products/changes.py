"""What became of a work since it was mailed: a new version, a published form, a retraction, another title."""

from __future__ import annotations

import re
from collections.abc import Iterable

from agent.library.identity import is_published
from agent.records import Paper
from agent.records.digests import KnownWork
from agent.text.titles import title_key

USER = "user"
_VERSION = re.compile(r"[vV]?\.?\s*(\d{1,4})")


def known_of(paper: Paper, records: Iterable[Paper]) -> KnownWork:
    """What is known of a work: of its version the highest that any record names, and whether any says it is retracted."""
    listed = [paper, *records]
    versions = [number for one in listed if (number := _number(one.version)) is not None]
    return KnownWork(
        title=paper.title,
        version=max(versions, default=None),
        doi=paper.doi,
        venue=paper.venue,
        year=paper.year,
        type=paper.type,
        is_published=is_published(paper),
        is_retracted=any(one.retracted for one in listed),
    )


def told(before: KnownWork, now: KnownWork, paper: Paper) -> str:
    """What of a change is worth telling, in a sentence; empty where nothing is.

    What the reader has set is no news.
    """
    own = {name for origin in paper.sources if origin.source == USER for name in origin.fields}
    said = []
    if is_retraction(before, now):
        said.append("it has been retracted")
    if now.is_published and not before.is_published and not own & {"venue", "doi"}:
        place = f" in {now.venue}" if now.venue else ""
        year = f" {now.year}" if place and now.year and str(now.year) not in place else ""
        said.append(f"it has been published{place}{year}{f' (doi {now.doi})' if now.doi else ''}")
    if now.version is not None and before.version is not None and now.version > before.version:
        said.append(f"there is a version {now.version}, after version {before.version}")
    if "title" not in own and title_key(now.title) != title_key(before.title):
        said.append(f"its title was “{before.title}”")
    return "; ".join(said)


def is_retraction(before: KnownWork, now: KnownWork) -> bool:
    """Whether it is news that a work has been retracted."""
    return now.is_retracted and not before.is_retracted


def own_of(paper: Paper, records: Iterable[Paper]) -> KnownWork:
    """What the reader's own records say of a paper, under the title that it has now."""
    said = [known_of(one, ()) for one in records]
    versions = [one.version for one in said if one.version is not None]
    return KnownWork(
        title=paper.title,
        version=max(versions, default=None),
        is_published=any(one.is_published for one in said),
        is_retracted=any(one.is_retracted for one in said),
    )


def merged(before: KnownWork, now: KnownWork) -> KnownWork:
    """What is known now, without forgetting what is not said any more."""
    return now.model_copy(
        update={
            "version": max((one for one in (before.version, now.version) if one is not None), default=None),
            "is_published": before.is_published or now.is_published,
            "is_retracted": before.is_retracted or now.is_retracted,
        }
    )


def _number(version: str | None) -> int | None:
    found = _VERSION.fullmatch(version.strip()) if version else None
    return int(found[1]) if found else None
