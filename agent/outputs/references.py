"""A paper as an entry of a reference list, and in few words."""

from __future__ import annotations

from agent.outputs.markdown import escape, target
from agent.records import Author, Paper

LONGEST_SHORT_TITLE = 6  # words
MOST_AUTHORS = 8


def short_title(title: str) -> str:
    """A title in few words: what stands before its colon, or its opening words and an ellipsis."""
    head, colon, _ = title.partition(": ")
    if colon and len(head.split()) <= LONGEST_SHORT_TITLE:
        return head
    words = title.split()
    if len(words) <= LONGEST_SHORT_TITLE:
        return title
    return " ".join(words[: LONGEST_SHORT_TITLE - 1]).rstrip(",;:–-") + " …"


def reference(paper: Paper) -> str:
    """One entry in Markdown; what no source says is left out"""
    parts = [f"{target(f'ref-{paper.key}')}`{paper.key}`"]
    if paper.authors:
        parts.append(f"{escape(_authors(paper.authors))}.")
    if paper.year:
        parts.append(f"({paper.year}).")
    parts.append(_sentence(f"*{escape(paper.title)}*", paper.title))
    if paper.venue:
        parts.append(_sentence(escape(paper.venue), paper.venue))
    if paper.retracted:
        parts.append("**Retracted.**")
    if paper.link:
        parts.append(escape(paper.link))
    named = [link for link in paper.links if link != paper.link]
    if named:
        parts.append(f"Named in the abstract: {' '.join(escape(link) for link in named)}")
    return " ".join(parts)


def _authors(authors: tuple[Author, ...]) -> str:
    names = [author.display for author in authors[:MOST_AUTHORS]]
    return ", ".join(names) + (" et al" if len(authors) > MOST_AUTHORS else "")


def _sentence(markdown: str, text: str) -> str:
    return markdown if text.rstrip().endswith((".", "?", "!")) else f"{markdown}."
