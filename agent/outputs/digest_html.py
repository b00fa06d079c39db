"""An issue as an HTML page for a mail: one column, everything in it, nothing fetched, at most so many bytes."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from agent.outputs.digest_cuts import fitted
from agent.outputs.digest_view import IssueView, Leaving, view_of
from agent.records import Digest

if TYPE_CHECKING:
    from jinja2 import Template

MOST_BYTES = 100_000  # as sent, with CRLF; some readers cut a page at 102 kB
TEMPLATES = Path(__file__).parent / "templates"
_BLANK_LINES = re.compile(r"\n\s*\n")


def digest_html(digest: Digest, leaving: Leaving | None = None) -> str:
    """The page. Where it would be too long, the least relevant papers give way, and it says so."""
    return page_of(fitted(view_of(digest, leaving), lambda view: _size(page_of(view)), MOST_BYTES))


def digest_fragment(digest: Digest) -> str:
    """The same without head and frame, for a feed."""
    view = fitted(view_of(digest), lambda view: _size(page_of(view, is_fragment=True)), MOST_BYTES)
    return page_of(view, is_fragment=True)


def page_of(view: IssueView, *, is_fragment: bool = False) -> str:
    """The page of a view as it is, however long."""
    page = _template().render(view=view, is_fragment=is_fragment)
    return _BLANK_LINES.sub("\n", page).strip() + "\n"


def _size(page: str) -> int:
    return len(page.encode()) + page.count("\n")


@cache
def _template() -> Template:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=False,
        lstrip_blocks=True,
    )
    return environment.get_template("digest.html.j2")
