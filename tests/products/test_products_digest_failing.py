"""A model that fails makes an issue all the same, and what could not be made is named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from digest_desk import DigestDesk, counted, titles, well, wells
from scripted import Scripted

from agent.engines.protocol import Failure
from agent.products.digest import MadeDigest

FAILED = Failure("timeout", "no answer", is_call=True, is_final=True)


def desk(folder: Path, *failing: str) -> DigestDesk:
    """A digest with a model that never answers some questions."""
    return DigestDesk(folder, Scripted(**{name: lambda ask: FAILED for name in failing}))


def missing(made: MadeDigest) -> dict[str, Any]:
    return {one.where: one.code for one in made.digest.missing}


@pytest.mark.parametrize("question", ["propose", "place", "draft_lead", "judge", "revise"])
def test_one_question_fails(tmp_path: Path, question: str) -> None:
    """All papers are shown, whatever is not answered; themes and lead are named where they are lacking."""
    made = desk(tmp_path, question).week(*wells(range(12)), verify="model")
    assert len(titles(made)) == 12 and counted(made)["shown"] == 12
    assert {"propose": "themes", "draft_lead": "lead"}.get(question, "") in {"", *missing(made)}


def test_themes_stay_without_new_ones(tmp_path: Path) -> None:
    """Papers that fit no theme stay under Other while nobody proposes one for them."""
    failing = desk(tmp_path, "propose")
    first = failing.week(*wells(range(12)))
    assert [theme.title for theme in first.digest.themes] == ["Height of water in wells"]
    second = failing.week(well(20))
    assert len(titles(second)) == 1 and missing(second).get("themes") == "timeout"


def test_no_reading_comes_about(tmp_path: Path) -> None:
    """Papers wait for the next issue; then they are shown without sentences."""
    failing = desk(tmp_path, "summarise")
    first = failing.week(*wells(range(3)))
    assert (titles(first), counted(first)) == ([], {"fetched": 3, "failed": 3})
    second = failing.week()
    assert len(titles(second)) == 3 and len(missing(second)) >= 3
