"""What the reader does with the items of an issue: takes them over into a collection, or never wants the like again."""

from __future__ import annotations

from collections.abc import Sequence

from agent.errors import UsageError
from agent.library import Library
from agent.library.adding import ReadSource, take
from agent.records import FieldOrigin, Paper

LATEST = "latest"


def keep(library: Library, digest: str, issue: str, numbers: Sequence[int], collection: str) -> list[str]:
    """Take items of an issue over into a collection; from then on they are in the library like any paper.

    Returns:
        Their keys, in the order of the numbers.

    Raises:
        UsageError: there is no such issue, or no such item in it.
    """
    keys = keys_of(library, digest, issue, numbers)
    papers = library.papers(keys)
    shown = library.shown_in(digest, issue)
    positions = {key: f"item {number}" for number, key in reversed(shown.items()) if key in papers}
    records = [_record(papers[key], f"digest {digest} {issue}", positions[key]) for key in sorted(papers)]
    source = ReadSource(
        f"digest:{digest}:{issue}",
        f"digest {digest} {issue}",
        records,
        is_partial=True,
        pins={position: key for key, position in positions.items()},
    )
    take(library, [source], collection)
    with library.change():
        library.note_kept(digest, keys)
    return keys


def dislike(library: Library, digest: str, issue: str, numbers: Sequence[int]) -> list[str]:
    """Remember that items of an issue are not relevant: they never come again, and what is very near to them counts less.

    Raises:
        UsageError: there is no such issue, or no such item in it.
    """
    keys = keys_of(library, digest, issue, numbers)
    with library.change():
        library.dislike(digest, keys)
    return keys


def issue_named(library: Library, digest: str, issue: str) -> str:
    """An issue as it is stated; where `latest` is, the name of the last one that showed anything."""
    if issue != LATEST:
        return issue
    names = [name for name, _ in library.digest_runs(digest)]
    return next((name for name in reversed(names) if library.shown_in(digest, name)), issue)


def keys_of(library: Library, digest: str, issue: str, numbers: Sequence[int]) -> list[str]:
    """The keys that the items of these numbers have now.

    Raises:
        UsageError: there is no such issue, or no such item in it.
    """
    issues = [name for name, _ in library.digest_runs(digest)]
    if issue not in issues:
        known = f"the latest are {', '.join(issues[-3:])}" if issues else "there is none yet"
        raise UsageError(f"{digest} has no issue {issue}", known)
    shown = library.shown_in(digest, issue)
    wrong = [number for number in numbers if number not in shown]
    if wrong:
        most = f"its items are 1 to {max(shown)}" if shown else "it has no items"
        raise UsageError(f"{digest} {issue} has no item {wrong[0]}", most)
    return list(dict.fromkeys(shown[number] for number in numbers))


def _record(paper: Paper, source: str, position: str) -> Paper:
    """What is known of a paper, as a record that stands in an issue."""
    origin = FieldOrigin(source=source, position=position)
    return paper.model_copy(update={"key": "", "aliases": (), "collections": (), "sources": (origin,)})
