"""What an issue says, as the tests look for it: the same list for every document."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser

from agent.outputs.digest_view import IssueView, ItemView

TAGS = {"html", "head", "meta", "title", "style", "body", "div", "table", "tr", "td", "h1", "h2", "h3", "p", "span",
        "a", "b", "br", "code"}  # fmt: skip
ATTRIBUTES = {"lang", "charset", "name", "content", "class", "style", "role", "width", "cellpadding", "cellspacing",
              "border", "align", "href"}  # fmt: skip


def squeezed(text: str) -> str:
    """Without white space, since each document breaks lines where it likes."""
    return "".join(text.split())


def facts(view: IssueView) -> Iterator[str]:
    """Every text of a view, in no order; the links are apart."""
    yield from (view.topic, view.head, *view.opening, *view.lead.lines, view.counts, view.marks)
    for theme in view.themes:
        yield f"{theme.title}{theme.note}"
        for item in theme.items:
            yield from item_facts(item)
    for one in (*view.updates.papers, *view.below.papers):
        yield from (one.title, one.what)
    yield from (*view.quiet.lines, *view.sources.lines, *view.made.lines)
    for way in (*view.commands, *view.leaving):
        yield from (way.text, way.shown)


def item_facts(item: ItemView) -> Iterator[str]:
    """Every text of one paper."""
    yield from (item.title, item.warning)
    if not item.is_short:
        yield from (item.byline, *item.claims, *item.bears_on, item.why)


def numbered(view: IssueView) -> list[tuple[int | str, str]]:
    """The numbers of papers and updates, each with its title."""
    items = [(item.n, item.title) for theme in view.themes for item in theme.items]
    return [*items, *((one.label, one.title) for one in view.updates.papers)]


def links(view: IssueView) -> set[str]:
    """Every link that a document of this view may have."""
    named = [
        *view.updates.papers,
        *view.below.papers,
        *(item for theme in view.themes for item in theme.items),
    ]
    return {one.link for one in (*named, *view.commands, *view.leaving) if one.link}


class Page(HTMLParser):
    """The tags, attributes, links and headings of a page, and the text that is seen."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.links: set[str] = set()
        self.titles: list[str] = []
        self.roles: list[str | None] = []
        self.seen = ""
        self.hidden = ""
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == [], f"not closed: {self._open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags.add(tag)
        self.attributes |= set(found)
        if tag not in ("meta", "br"):
            self._open.append("hidden" if "display:none" in (found.get("style") or "") else tag)
        if tag == "a":
            self.links.add(found.get("href") or "")
        if tag == "table":
            self.roles.append(found.get("role"))
        if tag == "h3":
            self.titles.append("")

    def handle_endtag(self, tag: str) -> None:
        opened = self._open.pop()
        assert opened in (tag, "hidden"), (opened, tag)

    def handle_data(self, data: str) -> None:
        if any(name in self._open for name in ("head", "hidden")):
            self.hidden += data
            return
        self.seen += data
        if "h3" in self._open:
            self.titles[-1] += data
