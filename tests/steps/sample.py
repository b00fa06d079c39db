"""The project's sample papers in a library of their own, and the survey that the extractive engine makes."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from scripted import SILENT, run

from agent.engines.extractive import ExtractiveEngine
from agent.library import Library
from agent.library.adding import ReadSource, add
from agent.products.scope import Scope, load_scope
from agent.products.survey import SurveyOptions, make_survey
from agent.records import Survey
from agent.sources import find_sources, read_source

ROOT = Path(__file__).parents[2]
FILE = ROOT / "examples" / "papers.jsonl"
DATE = "2026-01-02"


def scope_from(lines: Sequence[str], name: str = "papers.jsonl") -> Scope:
    """What a library makes of a file of these lines."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / name
        file.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
        [source] = find_sources([file])
        with Library(Path(folder) / "library.sqlite") as library:
            add(library, [ReadSource(source.path, name, list(read_source(source)))])
            return load_scope(library)


def lines() -> list[str]:
    return FILE.read_text(encoding="utf-8").splitlines()


@cache
def sample() -> Scope:
    return scope_from(lines())


@cache
def survey_of_sample(topic: str | None = None, themes: int | None = None) -> Survey:
    options = SurveyOptions(date=DATE, topic=topic, themes=themes)
    return run(make_survey(ExtractiveEngine(), sample(), options, SILENT))[0]
