"""evidence.md: every claim with the very sentences that it rests on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from desk import DAY, Made, paper

from agent.outputs.evidence_markdown import evidence_markdown
from agent.outputs.markdown import escape
from agent.records import Claim, Dropped, EngineInfo, Evidence, Flow, Paragraph, Problem, Section, Survey


def claims_of(data: dict[str, Any]) -> Iterator[dict[str, Any]]:
    parts = [*data["themes"], *(part for part in data["frame"].values() if part)]
    for part in parts:
        for paragraph in part["paragraphs"]:
            yield from paragraph["claims"]
    yield from (dropped["claim"] for dropped in data["dropped"])


def cells_of(data: dict[str, Any]) -> Iterator[dict[str, Any]]:
    parts = [*data["themes"], *(part for part in data["frame"].values() if part)]
    yield from (
        cell for part in parts for one in part["tables"] for row in one["rows"] for cell in row["cells"]
    )


def test_every_claim_stands_once_with_its_sentences(made: Made) -> None:
    """Under each claim's id stand its text, all its sentences word for word, and where they come from."""
    document = made.text("evidence.md")
    for claim in claims_of(made.data()):
        heads = document.count(f"**{claim['id']}** ·")
        assert heads == 1
        block = document.split(f"**{claim['id']}** ·")[1].split("\n**")[0]
        assert escape(claim["text"].strip("“”")) in block
        for evidence in claim["evidence"]:
            assert f"> {escape(evidence['text'])}\n> — `{evidence['key']}`, {evidence['part']}" in block


def test_every_cell_of_a_table_has_its_sentences(made: Made) -> None:
    """A figure in a table leads back to a sentence too."""
    document = made.text("evidence.md")
    cells = list(cells_of(made.data()))
    assert cells
    for cell in cells:
        if cell["text"]:
            assert cell["evidence"]
            assert all(f"> {escape(evidence['text'])}\n" in document for evidence in cell["evidence"])


def one_claim(**fields: Any) -> str:
    """evidence.md of a survey that makes one claim."""
    evidence = Evidence(key="lind", part="abstract", sentence=2, start=0, end=16, text="Floats are slow.")
    claim = Claim(**{"id": "t.p1.c1", "text": "Floats lag.", "kind": "fact", "citations": ("lind",), "evidence": (evidence,),
                     "verdict": "supported", **fields})  # fmt: skip
    is_dropped = claim.verdict == "unsupported"
    survey = Survey(
        title="Wells", topic="wells", date=DAY, made_from="0", engine=EngineInfo(name="extractive", version="1", prompts="", verify="code"),
        flow=Flow(read=1, rejected=0, duplicates=0, excluded=0, outliers=0, cited=1, uncited=0, missing=0),
        themes=(Section(id="t", title="T", description="", papers=("lind",),
                        paragraphs=() if is_dropped else (Paragraph(claims=(claim,)),)),),
        dropped=(Dropped(where="t", claim=claim),) if is_dropped else (), papers={"lind": paper("lind", "Floats")},
    )  # fmt: skip
    return evidence_markdown(survey)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "fact, supported"),
        ({"verdict": "weak"}, "fact, weak"),
        ({"kind": "inference"}, "inference, supported"),
        ({"kind": "own", "verdict": None}, "our own words"),
        ({"verdict": None}, "fact, not verified"),
        ({"judged": True}, "judged by the model"),
        ({"by": "author"}, "written by you"),
        ({"verdict": "unsupported"}, "## Dropped"),
        ({"problems": (Problem(code="figure", message="6 stands in *no* sentence"),)}, r"- 6 stands in \*no\* sentence (figure)"),
        ({"kind": "gap", "scope": ("a", "b"), "absent": ("price", "cost")}, "Looked for in 2 papers and not found: “price”, “cost”."),
        ({"near": Evidence(key="near", part="body", page=3, sentence=7, start=0, end=1, text="N")}, "> nearest: N\n> — `near`, body, sentence 7, page 3"),
    ],
)  # fmt: skip
def test_kind_verdict_and_trouble_are_said(fields: dict[str, Any], said: str) -> None:
    """A reader sees of each claim what it is, how it was checked and what was wrong with it."""
    document = one_claim(**fields)
    assert said in document
    assert "> Floats are slow.\n> — `lind`, abstract, sentence 2" in document
