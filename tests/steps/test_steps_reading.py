"""Summaries: of a drafted reading only that is kept which the paper itself says."""

from __future__ import annotations

from typing import Any

import pytest
from scripted import SILENT, WORLD, Scripted, corpus_of, paper_of, run

from agent.engines.protocol import Failure, FindingDraft, ResultDraft, SummaryDraft
from agent.records import Summary
from agent.steps.reader import Readings, read
from agent.text.numbered import Corpus

SOUND = FindingDraft("ARCO packs logs.", (2,))
LOST = Failure("bad_reply", "no JSON")


def reading(draft: Any, *keys: str) -> tuple[Readings, Scripted]:
    """What becomes of one draft for all named papers, arco if none is named."""
    engine = Scripted(summarise=lambda ask: draft(ask) if callable(draft) else draft)
    corpus = corpus_of({key: WORLD[key] for key in keys or ("arco",)})
    return run(read(engine, tuple(corpus), SILENT)), engine


def summary_of(**fields: Any) -> tuple[Summary, set[str]]:
    """The summary of arco whose draft has these fields, and the codes that the next ask names."""
    draft = SummaryDraft(**{"kind": "method", "approach": SOUND, **fields})
    readings, engine = reading(draft)
    rounds = engine.rounds["summarise"]
    return readings.summaries["arco"], {p.code for p in rounds[1][0].problems} if len(rounds) > 1 else set()


def test_a_sound_draft_is_kept_whole() -> None:
    """Fields that the paper bears come through with their sentences, after one ask."""
    summary, problems = summary_of(
        also=("system",),
        task="packing logs",
        problem=FindingDraft("Links are slow.", (1,)),
        names=("ARCO",),
        findings=(FindingDraft("Traffic falls by 40% and packing is 2.5 times faster.", (3, 4)),),
        results=(ResultDraft("traffic", "by 40%", (3,), baseline="plain packing", setting="bridges"),),
        limitations=(FindingDraft("Only 8 bridges.", (4,)),),
    )
    assert problems == set()
    assert (summary.kind, summary.also, summary.names) == ("method", ("system",), ("ARCO",))
    assert summary.problem and [e.sentence for e in summary.problem.evidence] == [1]
    assert [e.sentence for e in summary.findings[0].evidence] == [3, 4]
    assert (summary.results[0].value, summary.results[0].baseline) == ("by 40%", "plain packing")
    assert summary.limitations[0].text == "Only 8 bridges."


@pytest.mark.parametrize(
    ("field", "value", "left", "code"),
    [
        ("problem", FindingDraft("Links are slow.", (9,)), None, "unknown_sentence"),
        ("problem", FindingDraft("Links are slow.", (-1,)), None, "unknown_sentence"),
        ("problem", FindingDraft("Links are slow.", (1, 9)), None, "unknown_sentence"),
        ("problem", FindingDraft("Links are slow.", ()), None, "unknown_sentence"),
        ("problem", FindingDraft("Links lose 45%.", (1,)), None, "figure_not_found"),
        ("problem", FindingDraft("Traffic falls by 40%.", (2,)), None, "figure_not_found"),
        ("findings", (FindingDraft("Traffic falls by 45%.", (3,)),), (), "figure_not_found"),
        ("limitations", (FindingDraft("Only 9 bridges.", (4,)),), (), "figure_not_found"),
        ("results", (ResultDraft("traffic", "45%", (3,)),), (), "figure_not_found"),
        ("results", (ResultDraft("traffic", "40x", (3,)),), (), "figure_not_found"),
        ("results", (ResultDraft("traffic", "40%", (8,)),), (), "unknown_sentence"),
        ("names", ("BELT",), (), "name_not_in_paper"),
        ("names", ("",), (), "name_not_in_paper"),
        ("names", ("—",), (), "name_not_in_paper"),
        ("names", ("RCO",), (), "name_not_in_paper"),
        ("data", ("WeatherSet",), (), "name_not_in_paper"),
        ("models", ("Orlo",), (), "name_not_in_paper"),
        ("hardware", ("ADI",), (), "name_not_in_paper"),
        ("compared_with", ("CUSP",), (), "name_not_in_paper"),
        ("links", ("https://nowhere.example/code",), (), None),
    ],
)
def test_what_the_paper_does_not_bear_is_left_out(
    field: str, value: Any, left: Any, code: str | None
) -> None:
    """A sentence, a figure or a name that is not there is left out and named in the next ask."""
    summary, problems = summary_of(**{field: value})
    assert getattr(summary, field) == left
    assert problems == ({code} if code else set())
    assert summary.approach is not None and summary.approach.text == SOUND.text


@pytest.mark.parametrize("field", ["baseline", "setting"])
def test_words_round_a_result_are_the_papers_own(field: str) -> None:
    """A baseline or setting that the paper does not write is unknown; the result stays."""
    summary, problems = summary_of(results=(ResultDraft("traffic", "40%", (3,), **{field: "zip files"}),))
    assert (getattr(summary.results[0], field), problems) == (None, {"words_not_in_paper"})
    assert summary.results[0].value == "40%"


def test_links_of_the_paper_are_kept() -> None:
    """A link is kept where the paper has it."""
    paper = paper_of("a", "A title", "One sentence.", links=("https://code.example/a",))
    draft = SummaryDraft("method", approach=FindingDraft("One.", (1,)), links=("https://code.example/a",))
    readings = run(read(Scripted(summarise=lambda ask: draft), tuple(Corpus([paper])), SILENT))
    assert readings.summaries["a"].links == ("https://code.example/a",)


def test_a_draft_of_which_nothing_stands_is_no_summary() -> None:
    """Where neither approach nor finding can be kept the reading is missing, with the first reason."""
    readings, engine = reading(SummaryDraft("method", approach=FindingDraft("Up by 45%.", (3,))))
    assert readings.summaries == {}
    [missing] = readings.missing
    assert (missing.where, missing.code) == ("reading of arco", "figure_not_found")
    assert "45%" in missing.reason
    assert len(engine.rounds["summarise"]) == 2  # the same draft again is not asked for a third time


def test_one_paper_that_fails_leaves_the_others_read() -> None:
    """A failure is told of its paper; the rest is read in the same round, the failed one alone again."""
    readings, engine = reading(
        lambda ask: (
            LOST if ask.item.key == "belt" else SummaryDraft("method", approach=FindingDraft("A.", (1,)))
        ),
        "arco",
        "belt",
        "cusp",
    )
    assert set(readings.summaries) == {"arco", "cusp"}
    assert [(m.where, m.code, m.reason) for m in readings.missing] == [
        ("reading of belt", "bad_reply", "no JSON")
    ]
    asked = [[ask.item.key for ask in asks] for asks in engine.rounds["summarise"]]
    assert asked == [["arco", "belt", "cusp"], ["belt"], ["belt"]]


def test_a_better_second_draft_wins_over_a_poor_first() -> None:
    """What was left out the first time and mended the second is kept."""
    good = FindingDraft("Traffic falls by 40%.", (3,))
    bad = FindingDraft("Traffic falls by 45%.", (3,))
    readings, _ = reading(
        lambda ask: SummaryDraft("method", approach=SOUND, findings=(good if ask.problems else bad,))
    )
    assert [f.text for f in readings.summaries["arco"].findings] == [good.text]


def test_a_paper_without_an_abstract_costs_no_reading() -> None:
    """A bare title is neither asked about, nor summarised, nor missing."""
    readings, engine = reading(SummaryDraft("method", approach=FindingDraft("A.", (1,))), "arco", "fern")
    assert set(readings.summaries) == {"arco"} and readings.missing == ()
    assert [paper.key for paper in engine.asked("summarise")] == ["arco"]
