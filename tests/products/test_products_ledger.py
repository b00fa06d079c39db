"""The ledger and the flow: what came in is accounted for, once for every record and once for every paper."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scripted import FIXED, SILENT, Scripted, paper_of, quote, run, section, written_by

from agent.errors import InputError
from agent.library import RecordRow
from agent.products.ledger import citing_claims, flow, ledger
from agent.products.scope import Scope
from agent.products.survey import SurveyOptions, make_plan, make_survey
from agent.records import (
    Claim,
    Dropped,
    Evidence,
    Frame,
    FramePart,
    LedgerRow,
    Missing,
    Outlier,
    Paragraph,
    Plan,
    PlannedPaper,
    Section,
    Survey,
    Theme,
)
from agent.steps.writer import Written
from agent.text.numbered import Corpus

FATES = {
    "cited": "cited",
    "framed": "cited",
    "excluded": "excluded",
    "outlier": "outlier",
    "unread": "missing",
    "unread but cited": "cited",
    "unwritten": "missing",
    "dropped": "uncited",
    "bare": "uncited",
    "marginal": "uncited",
}


@dataclass(frozen=True)
class Came:
    """A record as it came in: the paper it is of, if it was not rejected, and its rank."""

    key: str | None
    rank: int
    run: int = 1


def scope_of(came: Sequence[Came], fates: Mapping[str, str]) -> Scope:
    rows = tuple(
        RecordRow("list.jsonl", f"record {n}", n, f"Title {n}", c.key, None if c.key else "no title", c.rank, c.run)
        for n, c in enumerate(came, start=1)
    )  # fmt: skip
    papers = {
        key: paper_of(key, f"On {key}", None if fate == "bare" else f"We are about {key}.")
        for key, fate in fates.items()
    }
    excluded = {key: "not mine" for key, fate in fates.items() if fate == "excluded"}
    return Scope(rows, papers, excluded, frozenset())


def claim_on(key: str, id_: str) -> Claim:
    evidence = Evidence(key=key, part="title", sentence=0, start=0, end=2, text="On")
    return Claim(id=id_, text="“On”", kind="fact", citations=(key,), evidence=(evidence,))


def accounted(came: Sequence[Came], fates: Mapping[str, str]) -> tuple[LedgerRow, ...]:
    """The ledger of papers that had these fates in a survey of two themes, one of which was not written."""
    scope = scope_of(came, fates)
    homes: dict[str, list[str]] = {"made": [], "lost": []}
    for key, fate in fates.items():
        if fate not in ("excluded", "outlier"):
            homes["lost" if fate == "unwritten" else "made"].append(key)
    themes = tuple(
        Theme(id=id_, title=id_, papers=tuple(PlannedPaper(key=key, title=key) for key in keys))
        for id_, keys in homes.items()
        if keys
    )
    aside = tuple(Outlier(key=k, title=k, reason="far off") for k, fate in fates.items() if fate == "outlier")
    cited = [key for key, fate in fates.items() if fate in ("cited", "unread but cited")]
    framed = [key for key, fate in fates.items() if fate == "framed"]
    claims = tuple(claim_on(key, f"made.p1.c{n}") for n, key in enumerate(cited, start=1))
    frame = tuple(claim_on(key, f"outlook.p1.c{n}") for n, key in enumerate(framed, start=1))
    sections = tuple(
        Section(
            id=theme.id,
            title=theme.id,
            description="",
            papers=theme.keys,
            paragraphs=(Paragraph(claims=claims),) if theme.id == "made" and claims else (),
        )
        for theme in themes
    )
    written = Written(
        sections,
        Frame(outlook=FramePart(paragraphs=(Paragraph(claims=frame),)) if frame else None),
        tuple(
            Dropped(where="made", claim=claim_on(k, "made.p9.c9")) for k, f in fates.items() if f == "dropped"
        ),
        (Missing(where="section lost", code="lost", reason="no answer came"),),
    )
    unread = [key for key, fate in fates.items() if fate.startswith("unread")]
    missing = [Missing(where=f"reading of {k}", code="lost", reason="no reply") for k in unread]
    return ledger(scope, Plan(topic="", themes=themes, outliers=aside), missing, written)


@st.composite
def mixes(draw: st.DrawFn) -> tuple[list[Came], dict[str, str]]:
    """Papers with a fate each, one to three records of each, and rejected records among them."""
    drawn = draw(st.lists(st.sampled_from(sorted(FATES)), max_size=6))
    fates = {f"k{number}": fate for number, fate in enumerate(drawn)}
    keys: list[str | None] = [key for key in fates for _ in range(draw(st.integers(1, 3)))]
    keys += [None] * draw(st.integers(0, 3))
    order = draw(st.permutations(keys))
    ranks = draw(st.permutations(range(len(order))))
    runs = draw(st.lists(st.integers(1, 2), min_size=len(order), max_size=len(order)))
    return [Came(key, rank, run) for key, rank, run in zip(order, ranks, runs, strict=True)], fates


@FIXED
@given(mixes())
def test_what_came_in_is_accounted_for(mix: tuple[list[Came], dict[str, str]]) -> None:
    """One row a record, in order; one row a paper that is no duplicate, with the paper's fate; the flow adds up."""
    came, fates = mix
    rows = accounted(came, fates)
    assert [(row.position, row.key) for row in rows] == [
        (f"record {n}", c.key) for n, c in enumerate(came, start=1)
    ]
    own = {row.key: row.status for row in rows if row.key and row.status != "duplicate"}
    assert own == {key: FATES[fate] for key, fate in fates.items()}
    assert sum(row.key is not None and row.status != "duplicate" for row in rows) == len(fates)
    assert all((row.status == "rejected") == (row.key is None) for row in rows)
    assert all(row.reason for row in rows if row.status != "cited")
    counts = flow(rows)
    kinds = Counter(FATES[fate] for fate in fates.values())
    assert counts.read == len(came)
    assert counts.read == sum(value for name, value in counts.model_dump().items() if name != "read")
    assert (counts.cited, counts.uncited, counts.missing) == (
        kinds["cited"],
        kinds["uncited"],
        kinds["missing"],
    )
    assert (counts.excluded, counts.outliers) == (kinds["excluded"], kinds["outlier"])
    assert counts.rejected == sum(c.key is None for c in came)
    assert counts.duplicates == len(came) - counts.rejected - len(fates)


@FIXED
@given(mixes())
def test_the_best_record_stands_for_its_paper(mix: tuple[list[Came], dict[str, str]]) -> None:
    """Of a paper's records the earliest run and best rank has its fate; the others name where that one is."""
    came, fates = mix
    rows = accounted(came, fates)
    for key in fates:
        mine = [(c.run, c.rank, row) for c, row in zip(came, rows, strict=True) if c.key == key]
        best = min(mine, key=lambda entry: entry[:2])[2]
        assert best.status != "duplicate"
        for _, _, row in mine:
            assert row is best or (row.status == "duplicate" and best.position in (row.reason or ""))


REASONS = [
    ("cited", None, ("made.p1.c1",)),
    ("framed", None, ("outlook.p1.c1",)),
    ("excluded", "not mine", ()),
    ("outlier", "far off", ()),
    ("unread", "no reply", ()),
    ("unwritten", "section lost could not be made: no answer came", ()),
    ("bare", "no_abstract", ()),
]


@pytest.mark.parametrize(("fate", "reason", "where"), REASONS, ids=[fate for fate, _, _ in REASONS])
def test_each_fate_has_its_reason(fate: str, reason: str | None, where: tuple[str, ...]) -> None:
    """A cited paper's row names the claims, every other row says why there are none."""
    [row] = accounted([Came("a", 0)], {"a": fate})
    assert (row.status, row.reason, row.where) == (FATES[fate], reason, where)


def test_a_rejected_record_keeps_its_reason() -> None:
    """A record that became no paper stands in the ledger with its title and why."""
    [row] = accounted([Came(None, 0)], {})
    assert (row.status, row.reason, row.title, row.key) == ("rejected", "no title", "Title 1", None)


def test_all_claims_on_a_paper_are_named_in_order() -> None:
    """A paper's row names each claim that cites it, sections before the frame, each once."""
    one, two = claim_on("a", "made.p1.c1"), claim_on("a", "made.p1.c2")
    last = claim_on("a", "outlook.p1.c1")
    made = Section(
        id="made", title="", description="", papers=("a",), paragraphs=(Paragraph(claims=(one, two)),)
    )
    frame = Frame(outlook=FramePart(paragraphs=(Paragraph(claims=(last,)),)))
    assert citing_claims([made], frame) == {"a": ["made.p1.c1", "made.p1.c2", "outlook.p1.c1"]}


def test_dropped_claims_cite_nobody() -> None:
    """A claim that failed its checks makes no paper cited."""
    written = written_by(
        Scripted(draft_section=lambda ask: section(*(quote(paper) for paper in ask.item.papers[:1])))
    )
    assert set(citing_claims(written.sections, written.frame)) == {
        key for s in written.sections for p in s.paragraphs for c in p.claims for key in c.citations
    }


# Whole surveys


def survey_of(came: Sequence[Came], fates: Mapping[str, str], engine: Any = None, **options: Any) -> Survey:
    asked = SurveyOptions(date="2026-01-02", **options)
    return run(make_survey(engine or Scripted(), scope_of(came, fates), asked, SILENT))[0]


def test_excluded_papers_are_nowhere_but_in_the_ledger() -> None:
    """What the user excluded is neither planned, read nor cited, and its paper is carried with its reason."""
    engine = Scripted()
    survey = survey_of([Came("a", 0), Came("b", 1)], {"a": "cited", "b": "excluded"}, engine)
    assert [theme.papers for theme in survey.themes] == [("a",)]
    assert {paper.key for asked in engine.asked("propose") for paper in asked.papers} == {"a"}
    assert [paper.key for paper in engine.asked("summarise")] == ["a"]
    assert {row.key: (row.status, row.reason) for row in survey.ledger} == {
        "a": ("cited", None),
        "b": ("excluded", "not mine"),
    }
    assert set(survey.papers) == {"a", "b"}


def test_outliers_are_not_read_nor_written() -> None:
    """What is set aside costs no reading and is cited nowhere."""
    plan = Plan(
        topic="T",
        themes=(Theme(id="t", title="T", papers=(PlannedPaper(key="a", title="A"),)),),
        outliers=(Outlier(key="b", title="B", reason="far off"),),
    )
    engine = Scripted()
    survey = survey_of([Came("a", 0), Came("b", 1)], {"a": "cited", "b": "cited"}, engine, plan=plan)
    assert [paper.key for paper in engine.asked("summarise")] == ["a"]
    assert [(o.key, o.reason) for o in survey.outliers] == [("b", "far off")]
    assert (survey.flow.cited, survey.flow.outliers) == (1, 1)


@pytest.mark.parametrize(
    ("came", "fates", "said"),
    [
        ([], {}, "no papers"),
        ([Came(None, 0), Came(None, 1)], {}, "2 rejected"),
        ([Came("a", 0)], {"a": "excluded"}, "excluded"),
    ],
)
def test_nothing_to_survey_says_why(came: list[Came], fates: dict[str, str], said: str) -> None:
    """Without a paper there is no survey, and the error says what became of the records and what to do."""
    with pytest.raises(InputError) as raised:
        survey_of(came, fates)
    assert said in raised.value.message and raised.value.hint


def test_what_a_survey_is_made_from() -> None:
    """The digest changes with text, plan and verification, and not with where a paper was found."""
    came, fates = [Came("a", 0), Came("b", 1)], {"a": "cited", "b": "cited"}
    base = survey_of(came, fates)
    scope = scope_of(came, fates)

    def digest(scope: Scope, **options: Any) -> str:
        asked = SurveyOptions(date="2030-12-31", **options)
        return run(make_survey(Scripted(), scope, asked, SILENT))[0].made_from

    def with_a(**update: Any) -> Scope:
        papers = {**scope.papers, "a": scope.papers["a"].model_copy(update=update)}
        return Scope(scope.rows, papers, {}, frozenset())

    assert digest(scope) == base.made_from
    assert digest(with_a(collections=("shelf",))) == base.made_from
    assert digest(scope, verify="none") != base.made_from
    assert digest(scope, topic="Other") != base.made_from
    assert digest(with_a(texts=paper_of("a", "On a", "Other words.").texts)) != base.made_from


def test_a_standing_plan_takes_new_papers_in() -> None:
    """A plan of an earlier survey keeps its themes, and what the user keeps leaves the outliers."""
    scope = scope_of([Came(key, n) for n, key in enumerate("abc")], dict.fromkeys("abc", "cited"))
    kept = Scope(scope.rows, scope.papers, {}, frozenset({"b"}))
    standing = Plan(
        topic="T",
        themes=(Theme(id="t", title="T", papers=(PlannedPaper(key="a", title="A"),)),),
        outliers=(Outlier(key="b", title="B", reason="far off"),),
    )
    options = SurveyOptions(date="", standing=standing)
    found = run(make_plan(Scripted(), kept, options, SILENT)).plan
    assert [(theme.id, set(theme.keys)) for theme in found.themes] == [("t", {"a", "b", "c"})]
    assert found.outliers == ()


def test_papers_are_taken_in_order_of_title() -> None:
    """However papers arrive, engines see them in order of title."""
    titles = {"x": "Beta", "y": "alpha", "z": "Gamma"}
    corpus = Corpus(paper_of(key, title) for key, title in titles.items())
    assert corpus.keys == ("y", "x", "z")
