"""What papers call their own work."""

from __future__ import annotations

from functools import lru_cache

from agent.records import Paper
from agent.text.own_names import OwnName, own_names
from agent.text.sentences import sentences


def own_name(paper: Paper) -> str:
    """What a paper's work is called: by its title, else by its abstract, else its title."""
    sure = [name.written for name in names_of_work(paper) if name.is_sure]
    return sure[0] if sure else paper.title


def names_of_work(paper: Paper) -> tuple[OwnName, ...]:
    """All names that a paper may call its work by."""
    return _names(paper.texts.title, paper.texts.abstract or "")


@lru_cache(maxsize=10_000)
def _names(title: str, abstract: str) -> tuple[OwnName, ...]:
    return own_names(title, sentences(abstract))
