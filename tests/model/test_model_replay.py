"""The recorded survey of the sample: it replays without a key, holds what it must, and is what the README shows."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from surveying import ROOT, SAMPLE, digests

from agent import Review
from agent.errors import ModelError
from agent.llm.cassette import load
from agent.llm.prompts import Prompts
from agent.records import Survey
from agent.steps.checks import CHECKS, Context
from agent.steps.repeats import STRETCH
from agent.text.numbered import Corpus
from agent.text.tokens import words

CASSETTE = ROOT / "cassettes" / "survey.jsonl"


def replayed(folder: Path, papers: str = SAMPLE) -> Survey:
    review = Review(folder, environment={"HOME": str(folder)})
    return review.survey([papers], out=folder / "out", replay=CASSETTE)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("replayed")


@pytest.fixture(scope="module")
def survey(folder: Path) -> Survey:
    return replayed(folder)


def test_the_command_needs_neither_key_nor_network(tmp_path: Path) -> None:
    """`--replay` alone makes the survey; the day is the recording's."""
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "HOME": str(tmp_path)}
    run = subprocess.run(
        [sys.executable, "-m", "agent", "survey", SAMPLE, "--replay", str(CASSETTE), "--out", "shown"],
        cwd=tmp_path, env=environment, capture_output=True, text=True,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    made = json.loads((tmp_path / "shown" / "survey.json").read_text(encoding="utf-8"))
    assert made["date"] == load(CASSETTE).head.date
    assert made["engine"]["name"] == "model" and set(made["engine"]["models"].values()) == {"recorded"}


def test_every_recording_is_used(tmp_path: Path) -> None:
    """What a replay does not ask for has no place in the cassette."""
    record = tmp_path / "again.jsonl"
    record.write_bytes(CASSETTE.read_bytes())
    review = Review(tmp_path, environment={"HOME": str(tmp_path), "OPENAI_API_KEY": "none", "OPENAI_BASE_URL": "http://127.0.0.1:9/v1", "LITREVIEW_MODEL": "recorded"})  # fmt: skip
    review.survey([SAMPLE], out=tmp_path / "out", record=record, date=load(CASSETTE).head.date)
    assert review.meter.tries == 0
    assert record.read_bytes() == CASSETTE.read_bytes(), "recordings that no question asks for were dropped"


def test_the_prompts_are_those_that_were_recorded() -> None:
    """A prompt that was changed since needs a new recording; the page beside it names the digests."""
    page = (CASSETTE.parent / "README.md").read_text(encoding="utf-8")
    now = Prompts().digests
    recorded = load(CASSETTE).head.prompts
    assert recorded and recorded == {name: now[name] for name in recorded}
    assert all(digest in page for digest in recorded.values())


def test_two_replays_are_one(survey: Survey, folder: Path, tmp_path: Path) -> None:
    """Equal replies give equal bytes."""
    replayed(tmp_path)
    assert digests(tmp_path / "out") == digests(folder / "out")


def test_nothing_is_missing_and_all_is_accounted_for(survey: Survey) -> None:
    """Every record has its fate; of the papers in scope nearly all are cited."""
    flow = survey.flow
    assert flow.read == 25 == len(survey.ledger)
    assert not survey.missing and flow.missing == flow.rejected == 0
    assert flow.cited >= 0.95 * (flow.cited + flow.uncited)


def test_every_claim_is_judged_and_has_a_verdict(survey: Survey) -> None:
    """No claim but our own is without a verdict, and each was looked at by the judge."""
    claims = list(survey.claims())
    assert len(claims) > 50
    assert all(claim.judged for claim in claims)
    assert all(claim.verdict in ("supported", "weak") for claim in claims if claim.kind != "own")
    assert sum(bool(claim.evidence) for claim in claims) >= 0.75 * len(claims)


def test_every_claim_holds_the_checks_of_code_again(survey: Survey) -> None:
    """Ids resolve, figures and names stand in the evidence or the claim is marked as weak."""
    corpus = Corpus(survey.papers.values())
    themes = {theme.id: theme.papers for theme in survey.themes}
    headings = (survey.topic, *(theme.title for theme in survey.themes))
    framed = tuple(key for papers in themes.values() for key in papers)
    for claim in survey.claims():
        papers = {key: corpus[key] for key in themes.get(claim.id.partition(".p")[0], framed)}
        assert all(one in corpus[one.key].sentences for one in claim.evidence)
        assert claim.citations == tuple(dict.fromkeys(one.key for one in claim.evidence))
        found = [one for check in CHECKS[claim.kind] for one in check(claim, Context(papers, headings))]
        assert not [one for one in found if one.verdict == "unsupported"], claim.text
        assert claim.verdict == "weak" or not found, (claim.text, found)


def test_nothing_is_said_twice(survey: Survey) -> None:
    """No dozen words stand in two claims."""
    seen: Counter[tuple[str, ...]] = Counter()
    for claim in survey.claims():
        said = words(claim.text)
        seen.update({tuple(said[n : n + STRETCH]) for n in range(len(said) - STRETCH + 1)})
    assert not [stretch for stretch, count in seen.items() if count > 1]


def test_no_id_of_a_prompt_stands_in_the_text(folder: Path, survey: Survey) -> None:
    """Short ids are the prompts' own."""
    for name in ("survey.md", "evidence.md"):
        text = (folder / "out" / name).read_text(encoding="utf-8")
        assert not re.search(r"\bP\d+\.\d+\b|\[P\d+\]", text)


def test_the_readme_shows_a_stretch_of_it(survey: Survey, folder: Path) -> None:
    """What the README quotes stands word for word in what the replay writes."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = readme.split("<!-- replayed -->")[1].split("<!-- /replayed -->")[0]
    lines = [line.removeprefix(">").strip() for line in shown.splitlines()]
    text = (folder / "out" / "survey.md").read_text(encoding="utf-8")
    quoted = [line for line in lines if line]
    assert len(quoted) >= 2 and all(line in text for line in quoted)


def test_a_question_that_was_not_recorded_is_an_error(tmp_path: Path) -> None:
    """Another paper, another question: the miss names step and first difference and asks nobody."""
    lines = Path(SAMPLE).read_text(encoding="utf-8").splitlines(keepends=True)
    (tmp_path / "other.jsonl").write_text(
        lines[0].replace("KIVI", "KIVO") + "".join(lines[1:]), encoding="utf-8"
    )
    with pytest.raises(ModelError) as raised:
        replayed(tmp_path, str(tmp_path / "other.jsonl"))
    assert raised.value.code == "replay_miss" and raised.value.exit_code == 1
    assert "step 'plan'" in raised.value.message and "KIVO" in raised.value.message
    assert "--record" in (raised.value.hint or "")
