"""What the tests of this folder share: two finished surveys."""

from __future__ import annotations

import pytest
from desk import RECORDS, SAMPLE, Made, survey_of, write_lines


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """The survey of the project's own sample papers."""
    return survey_of(tmp_path_factory.mktemp("sample"), SAMPLE)


@pytest.fixture(scope="session")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """The survey of papers with and without authors, with traps in their texts and a bad record among them."""
    folder = tmp_path_factory.mktemp("mixed")
    file = write_lines(folder / "in" / "mixed.jsonl", [*RECORDS, {"abstract": "It has no title."}])
    return survey_of(folder, file)


@pytest.fixture(params=["sample", "mixed"])
def made(request: pytest.FixtureRequest) -> Made:
    """Each of the two surveys."""
    found: Made = request.getfixturevalue(request.param)
    return found
