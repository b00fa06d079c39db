"""Writing: large themes in parts, tables, and what is said of what could not be written."""

from __future__ import annotations

from typing import Any

import pytest
from scripted import (
    SILENT,
    WORLD,
    Scripted,
    claims_of,
    codes,
    corpus_of,
    fact,
    kept_and_dropped,
    many_papers,
    own,
    plan_of,
    quotes,
    ref,
    run,
    scope_of,
    section,
    theme_of,
    written_by,
)

from agent.engines.protocol import (
    Ask,
    CellDraft,
    Failure,
    FindingDraft,
    FrameDraft,
    ParagraphDraft,
    PlanDraft,
    SectionDraft,
    SectionInput,
    SentenceRef,
    SummaryDraft,
    TableDraft,
    ThemeDraft,
)
from agent.products.survey import SurveyOptions, make_survey
from agent.records import Plan, Survey
from agent.steps.writer import parts_of

LOST = Failure("lost", "no answer came")
READING = SummaryDraft("method", approach=FindingDraft("It does.", (1,)))


def surveyed(engine: Scripted, plan: Plan | None = None, verify: Any = "code") -> Survey:
    corpus = corpus_of()
    options = SurveyOptions(date="2026-01-02", verify=verify, plan=plan)
    return run(make_survey(engine, scope_of(corpus), options, SILENT))[0]


def halves() -> Plan:
    return plan_of(corpus_of(), left=["arco", "belt", "fern"], right=["beltwo", "cusp", "dune", "elm"])


def statuses(survey: Survey) -> dict[str, tuple[str, str | None]]:
    return {row.key or "": (row.status, row.reason) for row in survey.ledger}


# Parts


@pytest.mark.parametrize(("count", "least"), [(1, 1), (30, 1), (31, 2), (65, 3), (200, 7)])
def test_large_themes_are_cut_into_parts(count: int, least: int) -> None:
    """Parts have at most thirty papers, cover the theme exactly, and are numbered through."""
    corpus = many_papers(count)
    theme = theme_of(corpus, corpus.keys)
    parts = parts_of(theme, corpus, {})
    assert all(1 <= len(part.papers) <= 30 for part in parts)
    assert sorted(paper.key for part in parts for paper in part.papers) == sorted(corpus.keys)
    assert [part.part for part in parts] == list(range(1, len(parts) + 1))
    assert {part.parts for part in parts} == {len(parts)}
    assert len(parts) >= least and (count > 30 or len(parts) == 1)
    assert all(part.theme == theme for part in parts)
    assert all(bool(part.heading) == (len(parts) > 1) for part in parts)


TABLE = (("said", "What is said"),)


def with_table(ask: Ask[SectionInput, SectionDraft]) -> SectionDraft:
    rows = tuple(
        (paper.key, (CellDraft("read daily", (SentenceRef(paper.key, 2),)),)) for paper in ask.item.papers
    )
    drafts = quotes(ask.item)
    cut = len(drafts) // 2
    paragraphs = (ParagraphDraft(drafts[:cut]), ParagraphDraft(drafts[cut:]))
    return SectionDraft(
        tuple(p for p in paragraphs if p.claims), (TableDraft("What stations do", TABLE, rows),)
    )


@pytest.mark.parametrize("count", [31, 65, 200])
def test_parts_are_put_together_as_one_section(count: int) -> None:
    """Claim ids are numbered through and unique, there is one table, and every paper stands in both."""
    corpus = many_papers(count)
    engine = Scripted(draft_section=with_table)
    written = written_by(engine, corpus=corpus)
    assert len(engine.rounds["draft_section"]) == 1 and len(engine.asked("draft_section")) > 1
    [found] = written.sections
    ids = [claim.id for claim in claims_of(written.sections)]
    wanted = [
        f"sensors.p{at}.c{number}"
        for at, paragraph in enumerate(found.paragraphs, start=1)
        for number in range(1, len(paragraph.claims) + 1)
    ]
    assert ids == wanted and len(set(ids)) == count
    assert {key for claim in claims_of(written.sections) for key in claim.citations} == set(corpus.keys)
    [table] = found.tables
    assert sorted(row.key for row in table.rows) == sorted(corpus.keys)
    assert found.papers == corpus.keys


def test_problems_of_a_later_part_name_the_final_claim() -> None:
    """A weak claim's problem points at the id that the claim has in the section."""
    corpus = many_papers(65)

    def script(ask: Ask[SectionInput, SectionDraft]) -> SectionDraft:
        one, other = ask.item.papers[0].key, ask.item.papers[1].key
        places = (f"{one}:0", f"{one}:1", f"{one}:2", f"{other}:2")
        return section(
            *quotes(ask.item), fact("Every station keeps what it has in order, read daily.", *places)
        )

    claims = claims_of(written_by(Scripted(draft_section=script), corpus=corpus).sections)
    marked = [claim for claim in claims if claim.problems]
    assert len(marked) > 1
    assert all(problem.where == claim.id for claim in marked for problem in claim.problems)


def test_a_part_that_fails_is_named_and_the_others_stand() -> None:
    """What is missing says which part; the papers of the other parts are cited."""
    corpus = many_papers(65)
    engine = Scripted(draft_section=lambda ask: LOST if ask.item.part == 2 else section(*quotes(ask.item)))
    written = written_by(engine, corpus=corpus)
    assert [(m.where, m.code, m.reason) for m in written.missing] == [
        ("section sensors, part 2", "lost", "no answer came")
    ]
    lost = {paper.key for asked in engine.asked("draft_section") if asked.part == 2 for paper in asked.papers}
    cited = {key for claim in claims_of(written.sections) for key in claim.citations}
    assert cited == set(corpus.keys) - lost


def test_each_section_is_drafted_from_exactly_its_papers() -> None:
    """A theme's prompt holds its papers and summaries and no others, all themes in one round."""
    engine = Scripted()
    surveyed(engine, halves())
    [asks] = engine.rounds["draft_section"]
    assert [tuple(paper.key for paper in ask.item.papers) for ask in asks] == [
        theme.keys for theme in halves().themes
    ]
    assert [set(ask.item.summaries) for ask in asks] == [{"arco", "belt"}, {"beltwo", "cusp", "dune", "elm"}]


# Tables


def tabled(*rows: tuple[str, tuple[CellDraft, ...]], columns: Any = TABLE) -> tuple[Any, set[str]]:
    """The tables that become of one draft, and the codes that the next ask names."""
    draft = TableDraft("Some table", columns, rows)
    engine = Scripted(draft_section=lambda ask: SectionDraft(section(*quotes(ask.item)).paragraphs, (draft,)))
    found = written_by(engine).sections[0].tables
    rounds = engine.rounds["draft_section"]
    return found, {p.code for p in rounds[1][0].problems} if len(rounds) > 1 else set()


@pytest.mark.parametrize(
    ("cell", "text", "code"),
    [
        (CellDraft("cuts traffic by 40%", (ref("arco:3"),)), "cuts traffic by 40%", None),
        (CellDraft("“runs 2.5x faster”", (ref("arco:3"),)), "“runs 2.5x faster”", None),
        (CellDraft(None), None, None),
        (CellDraft("cuts traffic", ()), None, "cell_without_evidence"),
        (CellDraft("cuts traffic", (ref("arco:9"),)), None, "cell_without_evidence"),
        (CellDraft("wakes sensors", (ref("belt:2"),)), None, "cell_without_evidence"),
        (CellDraft("by 40%", (ref("arco:3"), ref("belt:2"))), None, "cell_without_evidence"),
        (CellDraft("by 45%", (ref("arco:3"),)), None, "cell_figure_not_found"),
        (CellDraft("by 40%", (ref("arco:2"),)), None, "cell_figure_not_found"),
        (CellDraft("by 40x", (ref("arco:3"),)), None, "cell_figure_not_found"),
        (CellDraft("“runs much faster”", (ref("arco:3"),)), None, "cell_misquoted"),
        (CellDraft("“cuts radio traffic”; “drains it”", (ref("arco:3"),)), None, "cell_misquoted"),
    ],
)
def test_a_cell_says_what_its_own_sentences_say(cell: CellDraft, text: str | None, code: str | None) -> None:
    """A cell without sound evidence of its row's paper is emptied and named; the row stays."""
    [table], problems = tabled(("arco", (cell,)))
    assert [[found.text for found in row.cells] for row in table.rows] == [[text]]
    assert problems == ({code} if code else set())
    assert all(bool(found.evidence) == bool(found.text) for row in table.rows for found in row.cells)


def test_a_row_of_an_unknown_paper_is_left_out() -> None:
    """Rows are about papers of the theme; a table without any is none."""
    cell = (CellDraft("cuts traffic by 40%", (ref("arco:3"),)),)
    [table], problems = tabled(("arco", cell), ("ghost", cell))
    assert ([row.key for row in table.rows], problems) == (["arco"], {"unknown_paper"})
    assert tabled(("ghost", cell))[0] == ()


@pytest.mark.parametrize("count", [1, 3])
def test_rows_have_a_cell_for_each_column(count: int) -> None:
    """A row that is shorter or longer than the head does not come through as it is."""
    cell = CellDraft("cuts traffic by 40%", (ref("arco:3"),))
    tables, _ = tabled(("arco", (cell,) * count), columns=(("a", "A"), ("b", "B")))
    assert all(len(row.cells) == len(table.columns) for table in tables for row in table.rows)


# What could not be made


def test_a_section_that_fails_is_missing_and_its_papers_with_it() -> None:
    """The survey names the section, the ledger its papers; the other theme is written."""
    engine = Scripted(
        draft_section=lambda ask: LOST if ask.item.theme.id == "left" else section(*quotes(ask.item))
    )
    survey = surveyed(engine, halves())
    assert [(m.where, m.code, m.reason) for m in survey.missing] == [
        ("section left", "lost", "no answer came")
    ]
    found = statuses(survey)
    assert all(
        found[key][0] == "missing" and "left" in (found[key][1] or "") for key in ("arco", "belt", "fern")
    )
    assert all(found[key] == ("cited", None) for key in ("beltwo", "cusp", "dune", "elm"))
    assert (survey.flow.missing, survey.flow.cited, survey.flow.read) == (3, 4, 7)
    assert [part.paragraphs for part in survey.themes if part.id == "left"] == [()]


@pytest.mark.parametrize("draft", [SectionDraft(()), section(), section(fact("ARCO saves 45%.", "arco:3"))])
def test_a_section_of_which_nothing_stands_is_missing(draft: SectionDraft) -> None:
    """A draft without a single claim that holds is no section."""
    survey = surveyed(Scripted(draft_section=lambda ask: draft), halves())
    assert {m.where for m in survey.missing} == {"section left", "section right"}
    assert {row.status for row in survey.ledger} == {"missing"}


def test_a_reading_that_fails_is_missing_and_the_paper_too() -> None:
    """A paper that could not be read and that no claim cites is missing, with the reason."""

    engine = Scripted(
        summarise=lambda ask: LOST if ask.item.key == "belt" else READING,
        draft_section=lambda ask: section(*(c for c in quotes(ask.item) if c.evidence[0].key != "belt")),
    )
    survey = surveyed(engine)
    assert [(m.where, m.code) for m in survey.missing] == [("reading of belt", "lost")]
    assert "belt" not in survey.summaries
    assert statuses(survey)["belt"] == ("missing", "no answer came")
    assert survey.flow.missing == 1


def test_a_paper_that_could_not_be_read_may_be_cited() -> None:
    """Cited all the same, it counts as cited; the reading stays missing."""
    engine = Scripted(summarise=lambda ask: LOST if ask.item.key == "belt" else READING)
    survey = surveyed(engine)
    assert [m.where for m in survey.missing] == ["reading of belt"]
    assert statuses(survey)["belt"][0] == "cited"
    assert survey.flow.missing == 0


def test_a_frame_that_fails_is_missing_and_the_themes_stand() -> None:
    """Without a frame the survey says so and keeps its sections."""
    survey = surveyed(Scripted(draft_frame=lambda ask: LOST))
    assert [(m.where, m.code) for m in survey.missing] == [("frame", "lost")]
    assert survey.frame.introduction is None and survey.frame.outlook is None
    assert {row.status for row in survey.ledger} == {"cited"}


def test_a_paper_without_a_place_is_missing_in_survey_and_ledger() -> None:
    """What the planner could not place is named, and the rest is written."""
    lost = "arco"
    themes = (ThemeDraft("All", "", tuple(key for key in WORLD if key != lost)),)
    survey = surveyed(Scripted(propose=lambda ask: PlanDraft("B", themes), place=lambda ask: LOST))
    assert [missing.where for missing in survey.missing] == [f"place of {lost}"]
    found = statuses(survey)
    assert found[lost][0] == "missing" and "no answer came" in (found[lost][1] or "")
    assert {row.status for row in survey.ledger if row.key != lost} == {"cited"}


def test_papers_that_nothing_rests_on_are_uncited_with_the_reason() -> None:
    """The ledger tells a bare title, a failed draft and a paper that was passed over apart."""

    def script(ask: Ask[SectionInput, SectionDraft]) -> SectionDraft:
        some = [claim for claim in quotes(ask.item) if claim.evidence[0].key not in ("arco", "elm", "fern")]
        return section(*some, fact("ARCO cuts radio traffic by 45%.", "arco:3"))

    survey = surveyed(Scripted(draft_section=script))
    found = statuses(survey)
    assert found["fern"] == ("uncited", "no_abstract")
    assert found["arco"][0] == "uncited" and "failed its checks" in (found["arco"][1] or "")
    assert found["elm"][0] == "uncited" and "failed" not in (found["elm"][1] or "")
    assert survey.flow.uncited == 3


# The frame


def test_frame_parts_are_checked_like_sections() -> None:
    """A frame's claims have ids of their part; unsupported ones are dropped from it, tables kept."""
    cell = CellDraft("cuts traffic by 40%", (ref("arco:3"),))
    table = TableDraft("Side by side", TABLE, (("arco", (cell,)),))
    frame = FrameDraft(
        introduction=section(own("What follows is a draft."), own("Savings of 40% are usual.")),
        comparison=SectionDraft(section(own("Figures stand side by side.")).paragraphs, (table,)),
    )
    survey = surveyed(Scripted(draft_frame=lambda ask: frame))
    assert survey.frame.introduction and survey.frame.comparison and survey.frame.outlook is None
    texts = [claim.text for p in survey.frame.introduction.paragraphs for claim in p.claims]
    assert texts == ["What follows is a draft."]
    assert [(d.where, d.claim.id, codes(d.claim)) for d in survey.dropped] == [
        ("introduction", "introduction.p1.c2", {"figure_in_own"})
    ]
    assert [row.key for row in survey.frame.comparison.tables[0].rows] == ["arco"]


def test_the_frame_sees_what_was_kept() -> None:
    """The frame is drafted from the sections as they stand in the survey, outliers beside them."""
    engine = Scripted(draft_section=lambda ask: section(*quotes(ask.item), own("Savings of 40% are usual.")))
    survey = surveyed(engine)
    asked = engine.asked("draft_frame")[0]
    assert asked.sections == survey.themes
    assert not any("40%" in claim.text and claim.kind == "own" for claim in claims_of(asked.sections))


def test_frame_claims_may_cite_any_theme() -> None:
    """A claim of the frame rests on papers of several themes, and counts as citing them."""
    claim = fact("ARCO packs the logs of bridge sensors.", "arco:2")
    both = section(claim, fact("CUSP forecasts crack growth.", "cusp:2"))
    survey = surveyed(Scripted(draft_frame=lambda ask: FrameDraft(outlook=both)), halves())
    assert survey.frame.outlook is not None
    row = next(row for row in survey.ledger if row.key == "arco")
    assert "outlook.p1.c1" in row.where


@pytest.mark.parametrize("title", ["Introduction", "Comparison", "Outlook"])
def test_claim_ids_are_unique_whatever_a_theme_is_called(title: str) -> None:
    """A theme that is titled like a part of the frame shares no claim id with it."""
    frame = FrameDraft(*(section(own("What follows is a draft.")) for _ in range(3)))
    engine = Scripted(
        propose=lambda ask: PlanDraft("Bridges", (ThemeDraft(title, "", tuple(WORLD)),)),
        draft_frame=lambda ask: frame,
    )
    survey = surveyed(engine)
    parts = (survey.frame.introduction, survey.frame.comparison, survey.frame.outlook)
    framed = [claim for part in parts if part for p in part.paragraphs for claim in p.claims]
    ids = [claim.id for claim in [*claims_of(survey.themes), *framed]]
    assert len(set(ids)) == len(ids) == len(WORLD) + 3


def test_a_worse_second_draft_of_a_section_does_not_win() -> None:
    """A draft that leaves one paper out is better than a later one that leaves all but one out."""

    def script(ask: Ask[SectionInput, SectionDraft]) -> SectionDraft:
        drafts = quotes(ask.item)
        return section(*(drafts[:-1] if ask.previous is None else drafts[:1]))

    kept, _ = kept_and_dropped(written_by(Scripted(draft_section=script)))
    assert len(kept) == len(WORLD) - 1
