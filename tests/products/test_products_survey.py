"""The survey as a whole: what it says of its making, and that nothing in it points nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sample import DATE, sample, survey_of_sample
from scripted import (
    SILENT,
    WORLD,
    Scripted,
    claims_of,
    corpus_of,
    drafting,
    fact,
    plan_of,
    run,
    scope_of,
)

from agent.engines.extractive import ExtractiveEngine
from agent.products.survey import SurveyOptions, make_survey
from agent.records import Claim, Evidence, Survey

WRONG = (
    fact("ARCO cuts radio traffic by 45%.", "arco:3"),
    fact("ZORBA packs the logs of bridge sensors.", "arco:2"),
    fact("ARCO cuts radio traffic by 40.", "arco:3"),
)


def surveyed(engine: Any = None, **options: Any) -> Survey:
    corpus = corpus_of()
    asked = SurveyOptions(**{"date": DATE, "plan": plan_of(corpus), **options})
    return run(make_survey(engine or Scripted(), scope_of(corpus), asked, SILENT))[0]


SURVEYS = {
    "sample": survey_of_sample,
    "scripted": surveyed,
    "wrong": lambda: surveyed(drafting(*WRONG)),
    "judged": lambda: surveyed(drafting(*WRONG), verify="model"),
    "unverified": lambda: surveyed(drafting(*WRONG), verify="none"),
}


@pytest.fixture(params=SURVEYS)
def survey(request: pytest.FixtureRequest) -> Survey:
    return SURVEYS[request.param]()


def claims(survey: Survey) -> list[Claim]:
    parts = (survey.frame.introduction, survey.frame.comparison, survey.frame.outlook)
    framed = [claim for part in parts if part for p in part.paragraphs for claim in p.claims]
    return [*claims_of(survey.themes), *framed]


def evidence_of(survey: Survey) -> Iterator[Evidence]:
    for claim in [*claims(survey), *(entry.claim for entry in survey.dropped)]:
        yield from claim.evidence
        yield from [claim.near] if claim.near else []
    for section in survey.themes:
        for table in section.tables:
            yield from (e for row in table.rows for cell in row.cells for e in cell.evidence)
    for summary in survey.summaries.values():
        for finding in (summary.problem, summary.approach, *summary.findings, *summary.limitations):
            yield from finding.evidence if finding else ()
        for result in summary.results:
            yield from result.evidence


def test_evidence_is_verbatim_everywhere(survey: Survey) -> None:
    """Every piece of evidence is the text of its paper at its offsets, the title being sentence 0."""
    found = list(evidence_of(survey))
    assert found
    for evidence in found:
        paper = survey.papers[evidence.key]
        assert paper.texts.part(evidence.part)[evidence.start : evidence.end] == evidence.text
        assert (evidence.sentence == 0) == (evidence.part == "title")


def test_nothing_unsupported_stands_in_a_section(survey: Survey) -> None:
    """Sections hold no unsupported claim, and `dropped` holds no other."""
    assert all(claim.verdict != "unsupported" for claim in claims(survey))
    assert all(entry.claim.verdict == "unsupported" and entry.claim.problems for entry in survey.dropped)


def test_claims_are_named_once_and_cite_what_they_rest_on(survey: Survey) -> None:
    """Ids are unique, dropped claims included, and citations are the evidence's keys in order, once each."""
    everything = [*claims(survey), *(entry.claim for entry in survey.dropped)]
    ids = [claim.id for claim in everything]
    assert len(set(ids)) == len(ids)
    for claim in everything:
        assert claim.citations == tuple(dict.fromkeys(evidence.key for evidence in claim.evidence))


def test_every_paper_has_one_place(survey: Survey) -> None:
    """Themes and outliers name every paper that is not excluded, once each."""
    placed = [key for section in survey.themes for key in section.papers]
    assert sorted([*placed, *(outlier.key for outlier in survey.outliers)]) == sorted(survey.papers)


def test_the_flow_is_that_of_the_ledger(survey: Survey) -> None:
    """Read is the sum of the rest and the number of rows."""
    counts = survey.flow.model_dump()
    assert counts.pop("read") == sum(counts.values()) == len(survey.ledger)


def test_ledger_rows_name_claims_that_are_there(survey: Survey) -> None:
    """Where a paper is cited is said by the ids of claims that cite it."""
    by_id = {claim.id: claim for claim in claims(survey)}
    for row in survey.ledger:
        assert all(row.key in by_id[id_].citations for id_ in row.where)
        assert bool(row.where) == (row.status == "cited")


def test_a_survey_reads_back_as_it_was(survey: Survey) -> None:
    """What is written as JSON is read as the same survey."""
    assert Survey.model_validate_json(survey.model_dump_json()) == survey


@pytest.mark.parametrize(
    ("verify", "left"),
    [("none", {None}), ("code", {"supported", "weak"}), ("model", {"supported", "weak"})],
)
def test_the_way_of_checking_is_said_and_done(verify: Any, left: set[str | None]) -> None:
    """The survey names how it was checked; without checks no claim has a verdict."""
    survey = surveyed(drafting(*WRONG), verify=verify)
    assert survey.engine.verify == verify
    assert {claim.verdict for claim in claims_of(survey.themes)} == left
    assert len(survey.dropped) == (0 if verify == "none" else 2)
    facts = [claim for claim in claims_of(survey.themes) if claim.kind == "fact"]
    assert {claim.judged for claim in facts} == {verify == "model"}


def test_engine_date_and_topic_stand_in_the_survey() -> None:
    """The survey bears its date, its topic as title, and the engine that drafted it."""
    survey = survey_of_sample("KV cache")
    assert (survey.date, survey.topic, survey.title) == (DATE, "KV cache", "KV cache: a survey draft")
    assert survey.engine == ExtractiveEngine().info("code")
    synthetic = surveyed()
    assert synthetic.engine.models == {"all": "synthetic"}


def test_duplicates_of_the_sample_are_told() -> None:
    """The sample's two records of one work are one paper, one of them a duplicate that names the other."""
    survey = survey_of_sample()
    [double] = [row for row in survey.ledger if row.status == "duplicate"]
    twin = next(row for row in survey.ledger if row.key == double.key and row is not double)
    assert twin.status == "cited" and twin.position in (double.reason or "")
    assert len(survey.papers) == len(sample().rows) - 1


def test_summaries_are_of_papers_inside(survey: Survey) -> None:
    """Summaries belong to papers of themes that have an abstract."""
    inside = {key for section in survey.themes for key in section.papers}
    assert set(survey.summaries) == {key for key in inside if survey.papers[key].texts.abstract}


def test_the_small_world_is_cited_whole() -> None:
    """A good engine cites every paper, a bare title for its title."""
    survey = surveyed()
    assert {row.key for row in survey.ledger if row.status == "cited"} == set(WORLD)
    assert survey.missing == () and survey.dropped == ()
