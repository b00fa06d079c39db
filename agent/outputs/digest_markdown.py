"""An issue as Markdown for a chat or a wiki: what papers say is never read as markup."""

from __future__ import annotations

import re
from collections.abc import Iterable

from agent.outputs.digest_view import ItemView, Leaving, NamedList, Way, view_of
from agent.outputs.markdown import escape
from agent.records import Digest

_TICKS = re.compile(r"`+")


def digest_markdown(digest: Digest, leaving: Leaving | None = None) -> str:
    """The whole issue; every text on a line of its own, links between angle brackets."""
    view = view_of(digest, leaving)
    more = [f"[{view.lead.more} more sentences]"] if view.lead.more else []
    blocks = [
        f"# {escape(view.topic)}",
        escape(view.head),
        *(escape(text) for text in view.opening),
        escape(" ".join([*view.lead.lines, *more])),
    ]
    for theme in view.themes:
        blocks.append(f"## {escape(theme.title)} ({escape(theme.note)})")
        blocks += [block for item in theme.items for block in _item(item)]
    if view.updates.papers:
        blocks += ["## Updates of known papers", *_named(view.updates)]
    if view.quiet.lines:
        blocks += ["## Themes with nothing new this time", escape("; ".join(view.quiet.lines))]
    if view.commands:
        blocks += ["## Keep or dislike", *_ways(view.commands)]
    blocks += ["## The count", escape(view.counts)]
    if view.below.papers:
        blocks += ["## Just below the threshold", *_named(view.below)]
    if view.sources.lines:
        blocks += ["## Sources", *(f"- {escape(text)}" for text in view.sources.lines)]
    if view.made.lines:
        blocks += ["## How this was made", *(escape(text) for text in (*view.made.lines, view.marks))]
    blocks += ["## Unsubscribe", *_ways(view.leaving)]
    return "\n\n".join(block for block in blocks if block) + "\n"


def code(text: str) -> str:
    """A code span that shows `text` as it is, whatever backticks are in it."""
    fence = "`" * (1 + max((len(ticks) for ticks in _TICKS.findall(text)), default=0))
    gap = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{gap}{text}{gap}{fence}"


def _item(item: ItemView) -> list[str]:
    head = f"**{item.n}. {escape(item.title)}**"
    parts = [
        f"{head} {_link(item.link)}" if item.link else head,
        f"**{item.warning}**" if item.warning else "",
        escape(item.byline),
        escape(" ".join(item.claims)),
        *(f"{item.for_whom}: {escape(text)}" for text in item.bears_on),
        f"Why: {escape(item.why)}" if item.why else "",
    ]
    return [part for part in parts if part]


def _named(named: NamedList) -> list[str]:
    shown = []
    for one in named.papers:
        label = f"{one.label}. " if one.label else ""
        link = f" {_link(one.link)}" if one.link else ""
        shown.append(f"**{label}{escape(one.title)}**{link} ({escape(one.what)})")
    return shown


def _ways(ways: Iterable[Way]) -> list[str]:
    return [f"{escape(way.text)} {_link(way.link) if way.link else code(way.shown)}" for way in ways]


def _link(link: str) -> str:
    return f"<{link}>"
