"""An issue of a digest, replayed: written for these prompts by a language model through a stand-in endpoint."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from agent import Review
from agent.llm.cassette import load
from agent.llm.prompts import Prompts
from agent.records import Digest

ROOT = Path(__file__).parents[2]
SAMPLE, CASSETTE = ROOT / "examples" / "papers.jsonl", ROOT / "cassettes" / "digest.jsonl"


def sent(folder: Path, **how: Path) -> bytes:
    """The letter of an issue that is made in a workspace of its own."""
    key = {
        "OPENAI_API_KEY": "none",
        "OPENAI_BASE_URL": "http://127.0.0.1:9/v1",
        "LITREVIEW_MODEL": "recorded",
    }
    review = Review(folder, environment={"HOME": str(folder), **(key if "record" in how else {})})
    review.digest_new("rounding", topic="quantization", to=["reader@example.org"], files=[SAMPLE], limit=8)
    review.digest_send("rounding", date=load(CASSETTE).head.date, out=folder / "out", **how)
    assert review.meter.tries == 0
    [letter] = (folder / "out").glob("*.eml")
    return letter.read_bytes()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("digest")


@pytest.fixture(scope="module")
def letter(folder: Path) -> bytes:
    return sent(folder, replay=CASSETTE)


def test_the_letter_tells_what_is_new(letter: bytes) -> None:
    """Six of 25 papers, a lead whose figures stand with what they were measured on, and the count."""
    message = message_from_bytes(letter, policy=policy.default)
    assert isinstance(message, EmailMessage) and message["Subject"] == "quantization: 6 new papers (2026-W47)"
    text = next(part.get_content() for part in message.walk() if part.get_content_type() == "text/plain")
    flat = " ".join(text.split())
    assert "With KIVI's tuning-free 2bit KV cache" in flat and "2.6× less peak memory" in flat
    assert "25 papers came in: 6 shown here; 18 below the threshold" in flat
    assert "A language model (recorded) drafted the sentences." in flat


def test_every_sentence_rests_on_sentences(folder: Path, letter: bytes) -> None:
    """Each claim was judged and leads to a paper's very words."""
    digest: Digest = Review(folder, environment={"HOME": str(folder)}).digest_issue("rounding", "2026-W47")[0]
    items = [item for theme in digest.themes for item in theme.items]
    claims = [*digest.lead, *(claim for item in items for claim in item.claims)]
    assert len(digest.lead) == 3 and len(items) == 6 and digest.engine.name == "model"
    for claim in claims:
        assert claim.evidence and claim.verdict in ("supported", "weak")
        for one in claim.evidence:
            text = getattr(digest.papers[one.key].texts, one.part)
            assert text[one.start : one.end] == one.text


def test_the_same_issue_has_the_same_bytes(letter: bytes, tmp_path: Path) -> None:
    """From another workspace too; and nothing is in the recording that no question asks for."""
    record = tmp_path / "again.jsonl"
    record.write_bytes(CASSETTE.read_bytes())
    assert sent(tmp_path, record=record) == letter
    assert record.read_bytes() == CASSETTE.read_bytes()


def test_the_prompts_are_those_that_were_recorded() -> None:
    page = (CASSETTE.parent / "README.md").read_text(encoding="utf-8")
    now, recorded = Prompts().digests, load(CASSETTE).head.prompts
    assert recorded == {name: now[name] for name in recorded} and "draft_lead" in recorded
    assert all(digest in page for digest in recorded.values())
