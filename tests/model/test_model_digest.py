"""A digest with a model behind a real endpoint: drafted, recorded, replayed, counted before it is spent."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from endpoint import ScriptedEndpoint, failed
from surveying import DATE, SAMPLE, desk, questions
from synthetic import answer

from agent import Review
from agent.errors import ModelError


@pytest.fixture
def endpoint() -> Iterator[ScriptedEndpoint]:
    with ScriptedEndpoint(answer) as endpoint:
        yield endpoint


def new(review: Review) -> None:
    review.digest_new(
        "feed", topic="efficient inference", to=["me@example.org"], files=[SAMPLE], threshold=0, date=DATE
    )


def letters(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in sorted(folder.glob("*.eml"))]


def test_an_issue_by_a_model(endpoint: ScriptedEndpoint, tmp_path: Path) -> None:
    """Read, grouped, led; its recording makes the same letter without an endpoint; a resend asks nothing."""
    first = desk(endpoint, tmp_path / "one")
    new(first)
    estimate = first.estimate_digest("feed", date=DATE)
    assert estimate.calls and not endpoint.received
    previewed, _ = first.digest_preview("feed", date=DATE)
    asked = questions(endpoint.received)
    assert asked["summarise"] == previewed.counts.shown == 20 and asked["draft_lead"] >= 1
    before = len(endpoint.received)
    sent = first.digest_send("feed", date=DATE, record=tmp_path / "feed.jsonl")
    assert len(endpoint.received) == before and sent.counts == previewed.counts
    issue, pages = first.digest_issue("feed")
    assert (issue.engine.name, issue.missing, len(issue.lead)) == ("model", (), 1)
    assert "A language model (synthetic) drafted the sentences." in pages.bodies.text.replace("\n   ", "")
    second = Review(tmp_path / "two", environment={"HOME": str(tmp_path)})
    new(second)
    second.digest_send("feed", replay=tmp_path / "feed.jsonl")
    written = [letters(tmp_path / name / "digests" / "feed") for name in ("one", "two")]
    assert written[0] == written[1] and len(written[0]) == 1
    first.digest_resend("feed", sent.issue or "", to=["me@example.org"])
    assert len(endpoint.received) == before


def test_an_endpoint_that_cannot_be_used(tmp_path: Path) -> None:
    """Nothing is composed, so that the next run can."""
    with ScriptedEndpoint([failed(401, "no such key")]) as refusing:
        review = desk(refusing, tmp_path)
        new(review)
        with pytest.raises(ModelError):
            review.digest_send("feed", date=DATE)
        assert review.digest_show("feed", date=DATE).issues == ()
