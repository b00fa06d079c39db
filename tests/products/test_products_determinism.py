"""The same papers give the same survey, whatever the order they come in and the seed of hashes."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from sample import DATE, ROOT, lines, sample, scope_from, survey_of_sample
from scripted import SILENT, Scripted, run

from agent.api import Review
from agent.engines.extractive import ExtractiveEngine
from agent.engines.protocol import Engine
from agent.products.scope import Scope
from agent.products.survey import SurveyOptions, make_survey
from agent.records import Survey, to_json

SCRIPT = """
import hashlib, sys
sys.path.insert(0, sys.argv[1])
from sample import survey_of_sample
from agent.records import to_json
print(hashlib.sha256(to_json(survey_of_sample()).encode()).hexdigest())
"""


def shuffled(items: Sequence[str]) -> dict[str, list[str]]:
    """The same items in other orders."""
    found = list(items)
    return {
        "backwards": found[::-1],
        "halves": [*found[1::2], *found[::2]],
        "by digest": sorted(found, key=lambda item: hashlib.sha256(item.encode()).hexdigest()),
    }


ORDERS = ["backwards", "halves", "by digest"]


def survey_of(scope: Scope, engine: Engine | None = None) -> Survey:
    asked = SurveyOptions(date=DATE)
    return run(make_survey(engine or ExtractiveEngine(), scope, asked, SILENT))[0]


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("make", [ExtractiveEngine, Scripted])
def test_the_order_of_papers_changes_nothing(order: str, make: type[Engine]) -> None:
    """Papers handed over in another order give the same survey, byte for byte."""
    scope = sample()
    papers = {key: scope.papers[key] for key in shuffled(list(scope.papers))[order]}
    assert list(papers) != list(scope.papers)
    stirred = Scope(scope.rows, papers, scope.excluded, scope.kept)
    assert to_json(survey_of(stirred, make())) == to_json(survey_of(scope, make()))


@pytest.mark.parametrize("order", ORDERS)
def test_the_order_of_lines_changes_only_where_records_stood(order: str) -> None:
    """A file whose lines are shuffled gives the same survey, but for the positions of its records."""
    stirred = survey_of(scope_from(shuffled(lines())[order]))
    plain = survey_of_sample()
    where = {"ledger", "papers"}
    assert stirred.model_dump(exclude=where) == plain.model_dump(exclude=where)
    assert stirred.papers.keys() == plain.papers.keys()
    for key, paper in plain.papers.items():
        assert stirred.papers[key].model_dump(exclude={"sources"}) == paper.model_dump(exclude={"sources"})
    assert standing(stirred) == standing(plain)


def standing(survey: Survey) -> list[tuple[str, str, str | None, tuple[str, ...]]]:
    return sorted((row.title, row.status, row.key, row.where) for row in survey.ledger)


def test_the_seed_of_hashes_changes_nothing() -> None:
    """Processes with different hash seeds make the same survey as this one."""
    folder = str(Path(__file__).parents[1] / "steps")
    command = [sys.executable, "-c", SCRIPT, folder]
    runs = [
        subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for seed in ("0", "1", "2")
    ]
    said = [process.communicate() for process in runs]
    wanted = hashlib.sha256(to_json(survey_of_sample()).encode()).hexdigest()
    assert [out.strip() for out, _ in said] == [wanted] * 3, said[0][1]


def test_making_it_twice_changes_nothing() -> None:
    """A second survey by another engine object is equal to the first."""
    assert to_json(survey_of(sample())) == to_json(survey_of_sample())


@pytest.mark.parametrize("workers", [2, 5])
def test_the_number_of_workers_changes_nothing(tmp_path: Path, workers: int) -> None:
    """Papers read in several processes give the bytes that one process gives."""

    def made(name: str, count: int) -> dict[str, bytes]:
        review = Review(tmp_path / name, environment={}, options={"workers": count})
        review.survey([ROOT / "examples" / "papers.jsonl"], out=tmp_path / name / "out", date="2026-01-02")
        return {path.name: path.read_bytes() for path in sorted((tmp_path / name / "out").iterdir())}

    assert made("many", workers) == made("one", 1)
