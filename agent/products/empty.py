"""Why there is nothing to work on: shared by surveys and questions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

NOTHING = ("no papers here", "add papers with `litreview add FILES`, or name files")


class Refused(Protocol):
    """A record that is no paper: where it stood and why."""

    @property
    def source(self) -> str: ...

    @property
    def position(self) -> str: ...

    @property
    def reason(self) -> str | None: ...


def why_empty(rejected: Sequence[Refused], excluded: int, deed: str) -> tuple[str, str]:
    """What is wrong, and what to do.

    Args:
        rejected: records that were read and are no papers. excluded: how many papers the user excluded.
        deed: what there is nothing to do with: `survey`, `search`.
    """
    if excluded:
        which = "the one paper is" if excluded == 1 else f"all {excluded} papers are"
        return f"nothing to {deed}: {which} excluded", "`litreview include KEY` takes one in"
    if rejected:
        first = rejected[0]
        said = f"{len(rejected)} rejected, the first being {first.source}, {first.position}: {first.reason}"
        return f"no usable record: {said}", "mend the file, or force a reader with --from KIND"
    return NOTHING
