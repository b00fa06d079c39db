"""A paper as an entry of a reference list, and in few words."""

from __future__ import annotations

from agent.outputs.markdown import escape, target
from agent.records import Paper
from agent.text.names import says_what_it_is

LONGEST_SHORT_TITLE = 6  # words
MOST_AUTHORS = 8


def short_title(title: str) -> str:
    """A title in few words: what stands before its colon, or its opening words and an ellipsis."""
    head, colon, _ = title.partition(": ")
    if colon and len(head.split()) <= LONGEST_SHORT_TITLE and not says_what_it_is(head):
        return head
    words = title.split()
    if len(words) <= LONGEST_SHORT_TITLE:
        return title
    return " ".join(words[: LONGEST_SHORT_TITLE - 1]).rstrip(",;:–-") + " …"


def reference(paper: Paper) -> str:
    """One entry in Markdown; what no source says is left out"""
    parts = [f"{target(f'ref-{paper.key}')}`{paper.key}`"]
    if paper.authors:
        authors = author_names(paper)
        parts.append(_sentence(escape(authors), authors))
    if paper.year:
        parts.append(f"({paper.year}).")
    parts.append(_sentence(f"*{escape(paper.title)}*", paper.title))
    if paper.venue:
        place = paper.venue + _place(paper)
        parts.append(_sentence(escape(place), place))
    if paper.retracted:
        parts.append("**Retracted.**")
    if paper.link:
        parts.append(escape(paper.link))
    named = [link for link in paper.links if link != paper.link]
    if named:
        parts.append(f"Named in the abstract: {' '.join(escape(link) for link in named)}")
    return " ".join(parts)


def author_names(paper: Paper, most: int = MOST_AUTHORS) -> str:
    """The first authors; `et al.` where there are more, or where the source says so."""
    names = ", ".join(author.display for author in paper.authors[:most])
    return names + (" et al." if "others" in paper.fields or len(paper.authors) > most else "")


def _place(paper: Paper) -> str:
    """Volume, issue and pages: ` 3(4), 12–19`."""
    volume, issue, page = (paper.fields.get(name, "") for name in ("volume", "issue", "page"))
    number = f" {volume}" * bool(volume) + f"({issue})" * bool(issue)
    return number + (f", {page}" if page else "")


def _sentence(markdown: str, text: str) -> str:
    return markdown if text.rstrip().endswith((".", "?", "!")) else f"{markdown}."
