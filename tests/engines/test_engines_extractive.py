"""The engine without a model, on the sample papers and on short invented abstracts of many kinds."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from sample import sample, survey_of_sample
from scripted import SILENT, corpus_of, many_papers, plan_of, run, scope_of

from agent.engines.extractive import ExtractiveEngine
from agent.engines.protocol import Ask, PlanInput
from agent.products.survey import SurveyOptions, make_survey
from agent.records import Claim, Evidence, Paper, Section, Summary, Survey, Table
from agent.steps.reader import read
from agent.text.names import names
from agent.text.numbered import Corpus, number_sentences
from agent.text.tokens import stem, words

NUMBERS = dict(
    zip(
        "no one two three four five six seven eight nine ten eleven twelve".split(),
        range(13),
        strict=True,
    )
)
KIND_VERBS = {
    "method": "presents? a method",
    "system": "presents? a system",
    "benchmark": "sets? up a benchmark",
    "dataset": "brings? a data set",
    "empirical study": "stud(?:ies|y) or measures?",
    "theory": "works? out theory",
    "survey": "surveys? a field",
    "position": "argues? a position",
}


def claims_of(section: Section) -> list[Claim]:
    return [claim for paragraph in section.paragraphs for claim in paragraph.claims]


def all_claims(survey: Survey) -> list[Claim]:
    parts = (survey.frame.introduction, survey.frame.comparison, survey.frame.outlook)
    framed = [claim for part in parts if part for p in part.paragraphs for claim in p.claims]
    return [*(claim for section in survey.themes for claim in claims_of(section)), *framed]


def tables_of(survey: Survey) -> list[Table]:
    comparison = survey.frame.comparison
    return [
        *(t for section in survey.themes for t in section.tables),
        *(comparison.tables if comparison else ()),
    ]


def number(word: str) -> int:
    return NUMBERS[word] if word in NUMBERS else int(word)


def off_topic() -> set[str]:
    found = {
        key
        for key, paper in sample().papers.items()
        if "Pulsar Wind" in paper.title or "Bianchi I" in paper.title
    }
    assert len(found) == 2
    return found


def stems(text: str) -> list[str]:
    return [stem(word) for word in words(text)]


def speaks_of(paper: Paper, phrase: str) -> bool:
    wanted, text = stems(phrase), stems(f"{paper.title}. {paper.texts.abstract}")
    return any(text[at : at + len(wanted)] == wanted for at in range(len(text)))


# The sample


def test_papers_about_the_sky_are_outliers_with_reasons() -> None:
    """The two papers that are about something else, and only those, are set aside, with figures in the reason."""
    survey = survey_of_sample()
    assert {outlier.key for outlier in survey.outliers} == off_topic()
    assert all(re.search(r"\d\.\d\d", outlier.reason) for outlier in survey.outliers)
    assert survey.flow.outliers == 2


def test_every_paper_in_scope_is_cited() -> None:
    """All other papers are cited by a claim of their own theme; nothing is dropped or missing."""
    survey = survey_of_sample()
    for section in survey.themes:
        assert {key for claim in claims_of(section) for key in claim.citations} == set(section.papers)
    placed = [key for section in survey.themes for key in section.papers]
    assert sorted(placed) == sorted(set(sample().papers) - off_topic())
    assert (survey.dropped, survey.missing, survey.flow.cited) == ((), (), len(placed))


def assert_verbatim(survey: Survey, evidence: Evidence) -> None:
    text = survey.papers[evidence.key].texts.part(evidence.part)
    assert text[evidence.start : evidence.end] == evidence.text


def test_what_is_said_of_papers_is_said_in_their_own_words() -> None:
    """Each fact is one whole sentence of one paper in quotation marks; all else is our own and cites nothing."""
    survey = survey_of_sample()
    facts = [claim for claim in all_claims(survey) if claim.kind == "fact"]
    assert len(facts) > survey.flow.cited
    for claim in facts:
        [evidence] = claim.evidence
        assert claim.text == f"“{evidence.text}”" and claim.citations == (evidence.key,)
        assert claim.verdict == "supported" and not claim.problems
        assert_verbatim(survey, evidence)
    others = [claim for claim in all_claims(survey) if claim.kind != "fact"]
    assert {claim.kind for claim in others} == {"own"}
    assert not any(claim.citations or claim.judged or claim.problems for claim in others)


def test_counts_in_leads_are_right() -> None:
    """Each theme's lead tells how many papers it holds, how many share a phrase, and of which kinds they are."""
    survey = survey_of_sample()
    for section in survey.themes:
        said = " ".join(claim.text for claim in claims_of(section) if claim.kind == "own")
        held = re.search(r"holds (\w+) papers?", said)
        assert held and number(held.group(1)) == len(section.papers)
        papers = [survey.papers[key] for key in section.papers]
        shared = re.findall(r"“([^”]+)” in (\w+)", said)
        assert [number(count) for _, count in shared] == [
            sum(speaks_of(paper, phrase) for paper in papers) for phrase, _ in shared
        ]
        assert_kinds_are_counted(said, [survey.summaries[key] for key in section.papers])


def test_counts_in_the_introduction_are_right() -> None:
    """The introduction tells how many papers and themes there are, which is the largest, and which kinds."""
    survey = survey_of_sample()
    assert survey.frame.introduction is not None
    said = " ".join(claim.text for p in survey.frame.introduction.paragraphs for claim in p.claims)
    inside = [key for section in survey.themes for key in section.papers]
    arranged = re.search(r"arranges (\w+) papers in (\w+) themes", said)
    assert arranged and [number(n) for n in arranged.groups()] == [len(inside), len(survey.themes)]
    largest = re.search(r"largest is “([^”]+)”, with (\w+) papers", said)
    sizes = {section.title: len(section.papers) for section in survey.themes}
    assert largest and sizes[largest.group(1)] == number(largest.group(2)) == max(sizes.values())
    assert_kinds_are_counted(said, [survey.summaries[key] for key in inside])


def assert_kinds_are_counted(said: str, summaries: list[Summary]) -> None:
    counts = Counter(summary.kind for summary in summaries)
    for kind, verb in KIND_VERBS.items():
        found = re.search(rf"(\w+) {verb}", said)
        assert (number(found.group(1)) if found else 0) == counts[kind], (kind, said)
    unclear = re.search(r"of (\w+) the kind cannot be told", said)
    assert (number(unclear.group(1)) if unclear else 0) == counts["other"]


def test_cells_stand_in_their_evidence() -> None:
    """What a table quotes or names stands in the cell's sentences, which are the row's paper's own."""
    survey = survey_of_sample()
    cells = [(row.key, cell) for table in tables_of(survey) for row in table.rows for cell in row.cells]
    filled = [(key, cell) for key, cell in cells if cell.text]
    assert len(filled) > survey.flow.cited
    for key, cell in cells:
        assert bool(cell.text) == bool(cell.evidence)
        assert {e.key for e in cell.evidence} <= {key}
        for evidence in cell.evidence:
            assert_verbatim(survey, evidence)
    for _, cell in filled:
        text, there = cell.text or "", " ".join(e.text for e in cell.evidence)
        assert all(quoted in there for quoted in re.findall(r"“([^”]+)”", text))
        assert all(name in there for name in names(text))
    for table in tables_of(survey):
        assert table.rows and all(len(row.cells) == len(table.columns) for row in table.rows)


def test_results_stand_in_their_sentences() -> None:
    """A result's value is cut out of its sentence as written, and findings are sentences of the paper."""
    survey = survey_of_sample()
    results = [(key, result) for key, summary in survey.summaries.items() for result in summary.results]
    assert len(results) > 10
    for key, result in results:
        [evidence] = result.evidence
        assert result.value in evidence.text and any(char.isdigit() for char in result.value)
        assert evidence.key == key
        assert_verbatim(survey, evidence)
    for summary in survey.summaries.values():
        for finding in (summary.problem, summary.approach, *summary.findings):
            assert finding is None or [finding.text] == [e.text for e in finding.evidence]


@pytest.mark.parametrize("topic", ["KV cache", "speculative decoding", "low-rank adaptation"])
def test_a_topic_sets_aside_what_is_not_about_it(topic: str) -> None:
    """Papers far from the topic are outliers whose reason names it; papers that speak of it stay."""
    survey = survey_of_sample(topic)
    aside = {outlier.key for outlier in survey.outliers}
    assert survey.topic == topic
    assert off_topic() <= aside < set(survey.papers)
    assert all(f"“{topic}”" in outlier.reason for outlier in survey.outliers)
    about = {key for key, paper in survey.papers.items() if speaks_of(paper, topic)}
    assert len(about) > 1 and not about & aside


@pytest.mark.parametrize("topic", ["climate", "protein folding"])
def test_a_topic_that_no_paper_speaks_of_keeps_no_odd_paper_in(topic: str) -> None:
    """Where nothing fits the topic, what fits the other papers least is still set aside with reasons."""
    survey = survey_of_sample(topic)
    assert off_topic() <= {outlier.key for outlier in survey.outliers}
    assert all(outlier.reason for outlier in survey.outliers)


def test_a_kept_paper_is_no_outlier() -> None:
    """What the user keeps stays in, however far off it is."""
    papers = tuple(Corpus(sample().included))
    kept = sorted(off_topic())[0]
    for topic in (None, "KV cache"):
        [draft] = run(
            ExtractiveEngine().propose([Ask(PlanInput(papers, topic, None, frozenset({kept})))], SILENT)
        )
        assert kept not in {key for key, _ in draft.outliers}
        assert kept in {key for theme in draft.themes for key in theme.keys}


@pytest.mark.parametrize("wanted", [1, 2, 4])
def test_as_many_themes_as_asked_for(wanted: int) -> None:
    """The number of themes is the user's, each with papers and a title of its own."""
    survey = survey_of_sample(None, wanted)
    assert len(survey.themes) == wanted == len({section.title for section in survey.themes})
    assert all(section.papers and section.title for section in survey.themes)


def test_a_theme_in_parts_counts_all_its_papers() -> None:
    """The lead of a large theme stands once, tells all papers and the number of parts, and there is one table head."""
    corpus = many_papers(70)
    plan = plan_of(corpus)
    options = SurveyOptions(date="2026-01-02", plan=plan)
    survey, _ = run(make_survey(ExtractiveEngine(), scope_of(corpus), options, SILENT))
    [section] = survey.themes
    said = [claim.text for claim in claims_of(section) if claim.kind == "own"]
    headings = [paragraph.heading for paragraph in section.paragraphs if paragraph.heading]
    assert sum("70 papers" in text for text in said) == 1
    parts = re.search(r"in (\w+) parts", " ".join(said))
    assert parts and number(parts.group(1)) == len(headings) == len(set(headings))
    assert survey.dropped == ()


# Kinds

KINDS = [
    ("A Survey of Gutter Design", "Gutters carry rain. This survey reviews 40 years of gutter design.", "survey"),
    ("Rain Barrels", "We review work on rain barrels. This review covers sizes and lids.", "survey"),
    ("GutterBench: A Benchmark for Gutters", "Gutters are hard to compare. We introduce GutterBench, a benchmark of 30 gutters.", "benchmark"),
    ("Comparing Gutters Fairly", "Gutters are hard to compare. We introduce a benchmark of 30 gutters and a common score.", "benchmark"),
    ("RainSet: A Dataset of Rain on Roofs", "Rain is seldom measured. We release RainSet, a dataset of rain on 900 roofs.", "dataset"),
    ("Listening to Roofs", "Rain is seldom recorded. We collect a corpus of 300 hours of rain on roofs.", "dataset"),
    ("An Empirical Study of Leaking Roofs", "Roofs leak. We study 50 leaking roofs in two towns.", "empirical study"),
    ("Do Gutters Help?", "Gutters cost money. We compare 20 houses with gutters and 20 without.", "empirical study"),
    ("Bounds on Roof Slopes", "Slopes differ. We prove that no roof sheds rain below a slope of one degree.", "theory"),
    ("When Rain Runs Off", "Rain runs off slopes. We derive lower bounds on the slope of any roof.", "theory"),
    ("RoofWatch: A System for Watching Roofs", "Roofs fail unseen. We present RoofWatch, a system that watches roofs at night.", "system"),
    ("Open Roofs", "Roof data are scattered. We build a platform that gathers roof data of all towns.", "system"),
    ("Sealing Roofs with Wax", "Roofs leak. We propose a method that seals roofs with wax.", "method"),
    ("WaxIt: Sealing Roofs", "Roofs leak. Our approach, WaxIt, seals them with warm wax.", "method"),
    ("Position: Roofs Should Be Green", "Roofs are grey. We argue that towns should plant them.", "position"),
    ("Towns Need Green Roofs", "Roofs are grey. In this perspective article we argue that towns should plant them.", "position"),
    ("On Roofs", "Roofs are old. Rain is older.", "other"),
]  # fmt: skip


def summaries_of(**papers: tuple[str, str | None]) -> dict[str, Summary]:
    return run(read(ExtractiveEngine(), tuple(corpus_of(papers)), SILENT)).summaries


@pytest.mark.parametrize(("title", "abstract", "kind"), KINDS, ids=[title for title, _, _ in KINDS])
def test_kinds_of_work(title: str, abstract: str, kind: str) -> None:
    """The kind of a work is read from its title and from the sentence that says what it does."""
    assert summaries_of(a=(title, abstract))["a"].kind == kind


def test_without_an_abstract_there_is_no_summary_and_the_title_is_cited() -> None:
    """A bare title is quoted as such; nothing is said of its contents."""
    corpus = corpus_of()
    survey, _ = run(
        make_survey(ExtractiveEngine(), scope_of(corpus), SurveyOptions(date="2026-01-02"), SILENT)
    )
    assert "fern" not in survey.summaries
    about = [claim for claim in all_claims(survey) if "fern" in claim.citations]
    assert [(c.text, c.evidence[0].part) for c in about] == [("“A Glossary of Bridge Inspection”", "title")]
    assert next(row for row in survey.ledger if row.key == "fern").status == "cited"


# Other sciences

SCIENCES: dict[str, tuple[str, str | None]] = {
    "sleep": (
        "Evening Walks and Sleep in Older Adults: A Cohort Study",
        "Poor sleep is common in older adults, yet remedies without drugs are rarely tested. "
        "We studied evening walks in a cohort of 412 older adults over two years. "
        "Walking on most evenings was associated with a 23% lower risk of insomnia. "
        "Falls did not become more frequent.",
    ),
    "salt": (
        "Low-Salt Bread and Blood Pressure: A Randomised Trial",
        "Bread is a large source of salt, but it is unclear whether low-salt bread lowers blood pressure. "
        "We conducted a randomised trial of low-salt bread in 230 adults. "
        "Mean blood pressure fell by 4 mmHg, and mortality did not differ. "
        "Taste was rated as equal.",
    ),
    "meadow": (
        "Late Mowing Helps Meadow Butterflies",
        "Butterflies decline where meadows are mown early. "
        "We compared 18 meadows that were mown late with 18 that were mown early. "
        "Late mowing increased butterfly abundance by 41%. "
        "Plant richness remained stable.",
    ),
    "owl": (
        "Nest Boxes for Owls in Orchards",
        "Owls lack nest sites in modern orchards. "
        "This study examined 60 nest boxes in orchards over five seasons. "
        "Occupied boxes reduced vole damage by 30% compared with orchards without boxes.",
    ),
    "pond": (
        "A Review of Small Ponds and Amphibian Survival",
        "Small ponds vanish from farmland. "
        "This review covers 75 studies of amphibian survival in small ponds. "
        "Survival was highest in ponds without fish.",
    ),
    "hands": (
        "Hand Washing in Rural Clinics",
        "Infections spread in clinics where water is scarce. "
        "We evaluated foot-operated taps in 12 rural clinics. "
        "Hand washing became 2.4 times more frequent, and infections fell by 19%.",
    ),
}


def test_papers_of_other_sciences_are_read_sensibly() -> None:
    """Medicine and ecology get their kind, approach, problem and figures from the right sentences."""
    found = summaries_of(**SCIENCES)
    assert {key: summary.kind for key, summary in found.items()} == {
        "sleep": "empirical study",
        "salt": "empirical study",
        "meadow": "empirical study",
        "owl": "empirical study",
        "pond": "survey",
        "hands": "empirical study",
    }
    assert {key: s.approach.evidence[0].sentence for key, s in found.items() if s.approach} == dict.fromkeys(
        SCIENCES, 2
    )
    for key in ("sleep", "salt", "owl"):
        problem = found[key].problem
        assert problem is not None and problem.evidence[0].sentence == 1
    for key, sentence in {"sleep": 3, "meadow": 3, "owl": 3, "hands": 3}.items():
        assert sentence in {e.sentence for finding in found[key].findings for e in finding.evidence}
    assert ("risk", "23% lower") in {(r.metric, r.value) for r in found["sleep"].results}
    assert all(not s.hardware and not s.models and not s.data for s in found.values())


def test_papers_of_other_sciences_make_a_survey() -> None:
    """Every one of them is placed and cited, and nothing is dropped."""
    corpus = corpus_of(SCIENCES)
    survey, plan = run(
        make_survey(ExtractiveEngine(), scope_of(corpus), SurveyOptions(date="2026-01-02"), SILENT)
    )
    assert sorted(plan.keys) == sorted(SCIENCES)
    assert {row.status for row in survey.ledger} == {"cited"}
    assert survey.dropped == () and survey.missing == ()
    assert all(section.title for section in survey.themes)


def test_the_figures_of_a_sentence_are_read_with_their_measure() -> None:
    """A result names what was measured, its value as written, and its baseline and setting where they are named."""
    summary = summaries_of(
        a=(
            "WaxIt: Sealing Roofs",
            "Roofs leak. We propose WaxIt, which seals roofs with wax. "
            "WaxIt cuts energy consumption by up to 35% over TarIt on SlateRoof, and accuracy of leak alarms rises to 91%.",
        )
    )["a"]
    assert summary.names == ("WaxIt",)
    found = {result.metric: result for result in summary.results}
    assert found["energy consumption"].value.endswith("up to 35%")
    assert (found["energy consumption"].baseline, found["energy consumption"].setting) == (
        "TarIt",
        "SlateRoof",
    )
    assert "91%" in found["accuracy"].value


def test_one_paper_alone_is_a_survey() -> None:
    """A single paper is one theme without outliers."""
    corpus = corpus_of({"meadow": SCIENCES["meadow"]})
    survey, plan = run(
        make_survey(ExtractiveEngine(), scope_of(corpus), SurveyOptions(date="2026-01-02"), SILENT)
    )
    assert [theme.keys for theme in plan.themes] == [("meadow",)] and plan.outliers == ()
    assert "holds one paper." in claims_of(survey.themes[0])[0].text
    assert number_sentences(survey.papers["meadow"]).key in {
        k for c in all_claims(survey) for k in c.citations
    }
