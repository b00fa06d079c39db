"""The tables under `cases/`, and the settings that make every run draw the same examples."""

from __future__ import annotations

from pathlib import Path

from hypothesis import settings

from agent.records import Paper, Texts

CASES = Path(__file__).parent / "cases"
ROOT = Path(__file__).parents[2]
FIXED = settings(derandomize=True, deadline=None, database=None, max_examples=150)
SLOW = settings(FIXED, max_examples=60)


def read_cases(name: str) -> list[tuple[str, str]]:
    """The rows of a table below its header: a fragment and what is expected of it."""
    lines = (CASES / f"{name}.tsv").read_text(encoding="utf-8").split("\n")[1:]
    rows = [tuple(line.split("\t")) for line in lines if line]
    return [(fragment, expected) for fragment, expected in rows]


def paper_of(title: str, abstract: str | None = None, key: str = "k") -> Paper:
    """A paper that has its texts and nothing else."""
    texts = Texts(title=title, abstract=abstract)
    return Paper(key=key, title=title, texts=texts, title_original=title, abstract_original=abstract)
