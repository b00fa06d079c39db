"""Drafted claims against the papers: each mistake has its verdict and its code, and lands where it belongs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scripted import (
    FIXED,
    SILENT,
    WORLD,
    claims_of,
    codes,
    corpus_of,
    drafting,
    fact,
    gap,
    inference,
    kept_and_dropped,
    own,
    plan_of,
    quote,
    ref,
    run,
    scope_of,
    section,
    written_by,
)

from agent.engines.protocol import ClaimDraft, ParagraphDraft, SectionDraft
from agent.products.survey import SurveyOptions, make_survey
from agent.records import Claim

UNSUPPORTED, WEAK, SUPPORTED = "unsupported", "weak", "supported"
Case = tuple[str, ClaimDraft, str | None, set[str]]

SAVED = "ARCO saves 40% of radio traffic and BELT 70% of energy use on bridges"
SUM_OF = ("arco:3", "belt:3")

CASES: list[Case] = [
    # What a claim points at
    ("a sentence after the last", fact("ARCO packs logs.", "arco:5"), UNSUPPORTED, {"unknown_sentence"}),
    ("a sentence before the title", fact("ARCO packs logs.", "arco:-1"), UNSUPPORTED, {"unknown_sentence"}),
    ("a paper that is not there", fact("ARCO packs logs.", "ghost:1"), UNSUPPORTED, {"unknown_sentence"}),
    (
        "one sound sentence and one that is not there",
        fact("ARCO packs the logs of bridge sensors.", "arco:2", "arco:9"),
        UNSUPPORTED,
        {"unknown_sentence"},
    ),
    (
        "a gap near a sentence that is not there",
        gap("No abstract reports prices in yen.", "yen", near="arco:9"),
        UNSUPPORTED,
        {"unknown_sentence"},
    ),
    ("a closing phrase", own("Overall, much has been done."), UNSUPPORTED, {"boilerplate"}),
    (
        "a phrase for any survey",
        gap("Future work should report prices in yen.", "yen"),
        UNSUPPORTED,
        {"boilerplate", "gap_denies_nothing"},
    ),
    ("a word of such a phrase", own("The overall order is by age."), None, set()),
    ("a title as evidence", fact("ARCO is about packing sensor logs.", "arco:0"), SUPPORTED, set()),
    ("no evidence", fact("Logs of sensors are packed."), UNSUPPORTED, {"no_evidence"}),
    ("empty text", fact("  ", "arco:2"), UNSUPPORTED, {"empty"}),
    (
        "the same sentence twice",
        fact("ARCO packs the logs of bridge sensors.", "arco:2", "arco:2"),
        SUPPORTED,
        set(),
    ),
    (
        "three sentences, the most for a fact",
        fact("ARCO packs logs of bridge sensors and cuts radio traffic.", "arco:1", "arco:2", "arco:3"),
        SUPPORTED,
        set(),
    ),
    (
        "four sentences for a fact",
        fact("ARCO packs logs of bridge sensors on a radio link.", "arco:0", "arco:1", "arco:2", "arco:3"),
        WEAK,
        {"too_much_evidence"},
    ),
    (
        "four sentences, the most for an inference",
        inference(
            "ARCO packs logs of bridge sensors on a radio link.", "arco:0", "arco:1", "arco:2", "arco:3"
        ),
        SUPPORTED,
        set(),
    ),
    (
        "five sentences for an inference",
        inference(
            "ARCO packs logs of bridge sensors on a radio link.",
            *(f"arco:{number}" for number in range(5)),
        ),
        WEAK,
        {"too_much_evidence"},
    ),
    # Figures
    ("a figure as it stands", fact("ARCO cuts radio traffic by 40%.", "arco:3"), SUPPORTED, set()),
    (
        "a figure in another spelling",
        fact("ARCO runs 2.50 times faster than plain packing.", "arco:3"),
        SUPPORTED,
        set(),
    ),
    (
        "a figure that stands nowhere",
        fact("ARCO cuts radio traffic by 45%.", "arco:3"),
        UNSUPPORTED,
        {"figure_not_found"},
    ),
    (
        "a figure of another paper",
        fact("ARCO cuts radio traffic by 70%.", "arco:3"),
        UNSUPPORTED,
        {"figure_not_found"},
    ),
    (
        "a figure from elsewhere in the paper",
        fact("ARCO packs the logs of bridge sensors, which cuts traffic by 40%.", "arco:2"),
        WEAK,
        {"figure_elsewhere"},
    ),
    (
        "a figure without its unit",
        fact("ARCO cuts radio traffic by 40.", "arco:3"),
        WEAK,
        {"figure_unit"},
    ),
    (
        "a figure with another unit",
        fact("ARCO cuts radio traffic 40x.", "arco:3"),
        UNSUPPORTED,
        {"figure_not_found"},
    ),
    (
        "one right figure and one wrong one",
        fact("ARCO cuts radio traffic by 40% and runs 3.5x faster than plain packing.", "arco:3"),
        UNSUPPORTED,
        {"figure_not_found"},
    ),
    # Names
    (
        "another paper's name",
        fact("CUSP packs the logs of bridge sensors before they are sent.", "arco:2"),
        UNSUPPORTED,
        {"foreign_name"},
    ),
    (
        "the name of a sibling that is another paper",
        fact("BELT2 wakes a sensor when a truck passes and lets it sleep otherwise.", "belt:2"),
        UNSUPPORTED,
        {"foreign_name"},
    ),
    (
        "another paper's name, with that paper cited too",
        fact("ARCO packs logs of bridge sensors, and BELT wakes a sensor.", "arco:2", "belt:2"),
        SUPPORTED,
        set(),
    ),
    (
        "the paper's own name beside a sentence without it",
        fact("BELT starts from sensors that never sleep and drain their batteries.", "belt:1"),
        SUPPORTED,
        set(),
    ),
    (
        "a name that nobody has",
        fact("ZORBA packs the logs of bridge sensors before they are sent.", "arco:2"),
        UNSUPPORTED,
        {"unknown_name"},
    ),
    (
        "a name that only an uncited paper mentions",
        fact("GeoPIX packs the logs of bridge sensors before they are sent.", "arco:2"),
        WEAK,
        {"name_elsewhere"},
    ),
    # Quotations
    (
        "the right words in quotation marks",
        fact("ARCO “packs the logs of bridge sensors” before they are sent.", "arco:2"),
        SUPPORTED,
        set(),
    ),
    (
        "altered words in quotation marks",
        fact("ARCO “packs the logs of all bridge sensors” before they are sent.", "arco:2"),
        UNSUPPORTED,
        {"misquoted"},
    ),
    (
        "altered words in straight quotation marks",
        fact('ARCO "packs the logs of all bridge sensors" before they are sent.', "arco:2"),
        UNSUPPORTED,
        {"misquoted"},
    ),
    (
        "a short term in quotation marks",
        fact("ARCO packs “bridge logs” of sensors before they are sent.", "arco:2"),
        SUPPORTED,
        set(),
    ),
    (
        "two papers' words glued into one quotation",
        fact(
            "Logs of bridge sensors are packed: “before they are sent. Sensors that never sleep drain.”",
            "arco:2",
            "belt:1",
        ),
        UNSUPPORTED,
        {"misquoted"},
    ),
    # Arithmetic
    (
        "a difference that comes out",
        inference(f"{SAVED}: 70% − 40% = 30% between the two.", *SUM_OF),
        SUPPORTED,
        set(),
    ),
    (
        "a difference that does not",
        inference(f"{SAVED}: 70% − 40% = 35% between the two.", *SUM_OF),
        UNSUPPORTED,
        {"wrong_arithmetic", "figure_not_found"},
    ),
    (
        "an operand that stands nowhere",
        inference(f"{SAVED}: 75% − 40% = 35% between the two.", *SUM_OF),
        UNSUPPORTED,
        {"operand_not_found"},
    ),
    (
        "three terms that come out",
        inference(f"{SAVED}: 70% − 40% − 1% = 29% between the two, less one.", *SUM_OF),
        SUPPORTED,
        set(),
    ),
    (
        "three terms that do not",
        inference(f"{SAVED}: 70% − 40% − 1% = 31% between the two, less one.", *SUM_OF),
        UNSUPPORTED,
        {"wrong_arithmetic", "figure_not_found"},
    ),
    (
        "a ratio rounded rightly",
        inference("CUSP misses less, as 1.2 mm / 0.3 mm = 4 in the error of models.", "cusp:3"),
        SUPPORTED,
        set(),
    ),
    ("rounded up", inference(f"{SAVED}: 70% / 40% = 1.8 between the two.", *SUM_OF), SUPPORTED, set()),
    (
        "rounded too far",
        inference(f"{SAVED}: 70% / 40% = 1.9 between the two.", *SUM_OF),
        UNSUPPORTED,
        {"wrong_arithmetic", "figure_not_found"},
    ),
    ("said to be rough", inference(f"{SAVED}: 70% / 40% ≈ 2 between the two.", *SUM_OF), SUPPORTED, set()),
    (
        "too rough",
        inference(f"{SAVED}: 70% / 40% ≈ 3 between the two.", *SUM_OF),
        UNSUPPORTED,
        {"wrong_arithmetic", "figure_not_found"},
    ),
    (
        "as rough as only a rough figure may be",
        inference(f"{SAVED}: 40% / 70% ≈ 0.5 between the two.", *SUM_OF),
        SUPPORTED,
        set(),
    ),
    (
        "as rough as no exact figure may be",
        inference(f"{SAVED}: 40% / 70% = 0.5 between the two.", *SUM_OF),
        UNSUPPORTED,
        {"wrong_arithmetic", "figure_not_found"},
    ),
    (
        "a division by nothing",
        inference(f"{SAVED}: 70% / 0 = 70% between the two.", *SUM_OF),
        UNSUPPORTED,
        {"wrong_arithmetic", "operand_not_found", "figure_not_found"},
    ),
    (
        "what is left of the whole",
        inference(f"{SAVED}: 100% − 40% = 60% of the radio traffic is left.", *SUM_OF),
        SUPPORTED,
        set(),
    ),
    (
        "a derived figure said again",
        inference(f"{SAVED}: 70% − 40% = 30%, and these 30% lie between the two.", *SUM_OF),
        SUPPORTED,
        set(),
    ),
    (
        "a derived figure said again with another unit",
        inference(f"{SAVED}: 70% − 40% = 30%, so BELT is 30x faster.", *SUM_OF),
        UNSUPPORTED,
        {"figure_not_found"},
    ),
    (
        "a derived figure without its arithmetic",
        inference(f"{SAVED}, which is 30% between the two.", *SUM_OF),
        UNSUPPORTED,
        {"figure_not_found"},
    ),
    (
        "arithmetic in a fact",
        fact(f"{SAVED}: 70% − 40% = 30% between the two.", *SUM_OF),
        UNSUPPORTED,
        {"figure_not_found"},
    ),
    # Gaps
    ("a gap that is true", gap("No abstract reports prices in yen.", "yen"), SUPPORTED, set()),
    (
        "a gap that is true, near a sentence",
        gap("No abstract reports repainting prices in yen.", "prices in yen", near="dune:3"),
        SUPPORTED,
        set(),
    ),
    (
        "a gap whose words stand there",
        gap("No abstract reports crack growth.", "crack growth"),
        UNSUPPORTED,
        {"not_absent"},
    ),
    (
        "a gap whose word stands there in the plural",
        gap("No abstract speaks of a keeper.", "keeper"),
        UNSUPPORTED,
        {"not_absent"},
    ),
    (
        "a gap whose plural stands there in the singular",
        gap("No abstract reports crack growths.", "Crack Growths"),
        UNSUPPORTED,
        {"not_absent"},
    ),
    (
        "a gap whose words stand there hyphenated",
        gap("No abstract reports fine tuning.", "fine tuning"),
        UNSUPPORTED,
        {"not_absent"},
    ),
    (
        "a gap whose word stands there hyphenated",
        gap("No abstract reports finetuning.", "finetuning"),
        UNSUPPORTED,
        {"not_absent"},
    ),
    (
        "a gap whose words stand there but in a title only",
        gap("No abstract offers a glossary.", "glossary"),
        UNSUPPORTED,
        {"not_absent"},
    ),
    (
        "a gap whose word is spelled by two neighbours",
        gap("No abstract speaks of a cow.", "cow"),
        SUPPORTED,
        set(),
    ),
    (
        "a gap that says the word in the plural",
        gap("No abstract reports prices.", "price"),
        SUPPORTED,
        set(),
    ),
    (
        "a gap of several words, one of which stands there",
        gap("No abstract reports prices in yen or crack growth.", "yen", "crack growth"),
        UNSUPPORTED,
        {"not_absent"},
    ),
    ("a gap that names no words", gap("No abstract reports prices."), UNSUPPORTED, {"no_absent_words"}),
    (
        "a gap of empty words",
        gap("No abstract reports prices in yen.", "yen", " "),
        UNSUPPORTED,
        {"empty_absent_words"},
    ),
    (
        "a gap about something else",
        gap("No abstract reports prices.", "yen"),
        WEAK,
        {"gap_not_about_words"},
    ),
    (
        "a gap with a figure",
        gap("No abstract reports prices in yen below 40%.", "yen"),
        UNSUPPORTED,
        {"figure_in_gap"},
    ),
    (
        "a gap with a name that nobody has",
        gap("No abstract compares yen with ZORBA.", "yen"),
        WEAK,
        {"unknown_name"},
    ),
    ("a gap that looked for a name", gap("No abstract speaks of ZORBA.", "ZORBA"), SUPPORTED, set()),
    (
        "a gap with evidence",
        ClaimDraft("No abstract reports prices in yen.", "gap", (ref("arco:1"),), ("yen",)),
        UNSUPPORTED,
        {"evidence_not_allowed"},
    ),
    # Sentences of our own
    ("own words", own("The theme begins with sensors and ends with people."), None, set()),
    ("a count of our papers", own("These 7 papers share a subject."), None, set()),
    ("a count beyond our papers", own("These 8 papers share a subject."), UNSUPPORTED, {"figure_in_own"}),
    (
        "own with a figure",
        own("Savings of 40% are usual in this theme."),
        UNSUPPORTED,
        {"figure_in_own"},
    ),
    (
        "own with a factor as small as a count",
        own("Packing is 3x faster in this theme."),
        UNSUPPORTED,
        {"figure_in_own"},
    ),
    ("own with a method's name", own("We begin with ARCO and its kin."), UNSUPPORTED, {"name_in_own"}),
    ("own with a name that nobody has", own("We begin with ZORBA."), UNSUPPORTED, {"name_in_own"}),
    ("own with a term of the theme", own("LoRaX is a slow radio link."), None, set()),
    (
        "own with evidence",
        ClaimDraft("The theme begins with sensors.", "own", (ref("arco:1"),)),
        UNSUPPORTED,
        {"evidence_not_allowed"},
    ),
    # Figures in other writings
    ("a figure in words", fact("ARCO cuts radio traffic by forty percent.", "arco:3"), SUPPORTED, set()),
    (
        "a false figure in words",
        fact("ARCO cuts radio traffic by forty-five percent.", "arco:3"),
        UNSUPPORTED,
        {"figure_not_found"},
    ),
    (
        "a count in words that the evidence does not give",
        fact("ARCO does two things: it cuts radio traffic and runs faster.", "arco:3"),
        SUPPORTED,
        set(),
    ),
    (
        "a large count in words",
        fact("ARCO cuts radio traffic of two hundred links.", "arco:3"),
        UNSUPPORTED,
        {"figure_not_found"},
    ),
    (
        "a share in words",
        fact("ARCO cuts radio traffic by two fifths.", "arco:3"),
        SUPPORTED,
        set(),
    ),
    (
        "a share that the evidence does not state",
        fact("ARCO cuts radio traffic by half.", "arco:3"),
        WEAK,
        {"figure_unit"},
    ),
    ("digits of another script", fact("ARCO cuts radio traffic by ４٠％.", "arco:3"), SUPPORTED, set()),
    (
        "false digits of another script",
        fact("ARCO cuts radio traffic by ４٥％.", "arco:3"),
        UNSUPPORTED,
        {"figure_not_found"},
    ),
    (
        "a raised digit",
        fact("ARCO cuts radio traffic by 4⁰%.", "arco:3"),
        UNSUPPORTED,
        {"figure_not_found"},
    ),
    (
        "a letter for a digit",
        fact("ARCO runs 2.5l times faster than plain packing.", "arco:3"),
        UNSUPPORTED,
        {"figure_not_found", "look_alike"},
    ),
    (
        "digits of a label",
        fact("ARCO cuts radio traffic with INT7 logs.", "arco:3"),
        UNSUPPORTED,
        {"figure_not_found"},
    ),
    (
        "digits of a compound",
        fact("ARCO cuts radio traffic in a 7-step run.", "arco:3"),
        UNSUPPORTED,
        {"figure_not_found"},
    ),
    ("a minus", fact("ARCO changes radio traffic by -40%.", "arco:3"), WEAK, {"figure_sign"}),
    # What points the other way
    (
        "a denial added",
        fact("ARCO does not cut radio traffic by 40%.", "arco:3"),
        WEAK,
        {"negation_added"},
    ),
    (
        "a denial lost",
        fact("Sensors that sleep drain their batteries.", "belt:1"),
        WEAK,
        {"negation_lost"},
    ),
    (
        "a denial in other words",
        fact("Batteries are drained by sensors without sleep.", "belt:1"),
        SUPPORTED,
        set(),
    ),
    ("the other way", fact("Energy use rises by 70% on 8 bridges.", "belt:3"), WEAK, {"direction_turned"}),
    ("the same way", fact("Energy use drops by 70% on 8 bridges.", "belt:3"), SUPPORTED, set()),
    (
        "a bound that nobody stated",
        fact("Energy use falls by at least 70% on 8 bridges.", "belt:3"),
        WEAK,
        {"bound_added"},
    ),
    (
        "more than was claimed",
        fact("Energy use always falls by 70% on 8 bridges.", "belt:3"),
        WEAK,
        {"hedge_lost"},
    ),
    # What reads like a citation
    (
        "a citation in the text",
        fact("ARCO cuts radio traffic by 40% [@nobody].", "arco:3"),
        UNSUPPORTED,
        {"forged_citation"},
    ),
    (
        "a key in full-width brackets",
        fact("ARCO cuts radio traffic by 40% ［＠nobody］.", "arco:3"),
        UNSUPPORTED,
        {"forged_citation"},
    ),
    (
        "authors and a year that no paper has",
        fact("ARCO cuts radio traffic by 40% (Smith et al.).", "arco:3"),
        UNSUPPORTED,
        {"forged_citation"},
    ),
    (
        "a link that no paper has",
        fact("ARCO cuts radio traffic by 40%: https://example.org/arco", "arco:3"),
        UNSUPPORTED,
        {"forged_citation"},
    ),
    (
        "a key of a paper in brackets",
        fact("ARCO cuts radio traffic by 40% [belt].", "arco:3"),
        UNSUPPORTED,
        {"forged_citation"},
    ),
    (
        "brackets that cite nothing",
        fact("ARCO cuts radio traffic (that is, logs[i]) by 40%.", "arco:3"),
        SUPPORTED,
        set(),
    ),
    (
        "a letter of another script",
        fact("ARCO cuts radiо traffic by 40%.", "arco:3"),
        UNSUPPORTED,
        {"look_alike"},
    ),
    (
        "a work that goes by an ordinary word",
        fact("ARCO packs logs, and the Alarm one as well.", "arco:2"),
        SUPPORTED,
        set(),
    ),
    (
        "a gap that denies nothing",
        gap("Prices in yen are reported.", "yen"),
        WEAK,
        {"gap_denies_nothing"},
    ),
    (
        "a gap with a bare figure",
        gap("No abstract reports 40 prices in yen.", "yen"),
        UNSUPPORTED,
        {"figure_in_gap"},
    ),
    (
        "a gap with more words than anyone looks for",
        gap("No abstract reports prices in yen.", *(f"yen {number}" for number in range(20))),
        UNSUPPORTED,
        {"long_absent_words"},
    ),
    (
        "own words that a paper says",
        own("Bridge sensors write more logs than a radio link can carry."),
        UNSUPPORTED,
        {"own_states"},
    ),
    (
        "own with a figure in words",
        own("Savings of forty percent are usual here."),
        UNSUPPORTED,
        {"figure_in_own"},
    ),
    (
        "own with a figure behind a sign",
        own("Here T ≥ 3 is a delay in tens."),
        UNSUPPORTED,
        {"figure_in_own"},
    ),
    (
        "arithmetic out of nothing",
        inference(f"{SAVED}: 100% − 1% = 99% between the two.", *SUM_OF),
        UNSUPPORTED,
        {"operand_not_found"},
    ),
    # Words
    (
        "no shared word",
        fact("Purple elephants dance nightly.", "arco:2"),
        UNSUPPORTED,
        {"no_shared_words"},
    ),
    (
        "hardly a shared word",
        fact("Purple elephants dance nightly around muddy pools with logs.", "arco:2"),
        WEAK,
        {"few_shared_words"},
    ),
    (
        "a sentence that fits another paper far better",
        fact("A bridge sensor with a link wakes when a truck passes and sleeps otherwise.", "arco:1"),
        WEAK,
        {"swap_suspected"},
    ),
]


def drafted(draft: ClaimDraft, verify: str = "code") -> tuple[Claim | None, Claim | None]:
    """The claim that became of a draft: as it stands in the section, as it was dropped."""
    text = " ".join(draft.text.split())
    kept, dropped = kept_and_dropped(written_by(drafting(draft), verify))  # type: ignore[arg-type]
    found = [next((claim for claim in claims if claim.text == text), None) for claims in (kept, dropped)]
    return found[0], found[1]


@pytest.mark.parametrize(
    ("draft", "verdict", "wanted"), [case[1:] for case in CASES], ids=[c[0] for c in CASES]
)
def test_each_claim_gets_its_verdict(draft: ClaimDraft, verdict: str | None, wanted: set[str]) -> None:
    """The verdict and the codes are those of the table; the unsupported are dropped, the others stay."""
    kept, dropped = drafted(draft)
    claim = kept or dropped
    assert claim is not None
    assert (claim.verdict, codes(claim)) == (verdict, wanted)
    assert (kept is None) == (verdict == UNSUPPORTED)
    assert (dropped is None) == (verdict != UNSUPPORTED)
    assert all(problem.where == claim.id and problem.message for problem in claim.problems)


def test_many_wrong_claims_in_one_section_do_not_cover_for_each_other() -> None:
    """All cases of the table drafted together come out as each does alone, in a whole survey."""
    corpus = corpus_of()
    engine = drafting(*(draft for _, draft, _, _ in CASES))
    options = SurveyOptions(date="2026-01-02", verify="code", plan=plan_of(corpus))
    survey, _ = run(make_survey(engine, scope_of(corpus), options, SILENT))
    kept = claims_of(survey.themes)[: -len(corpus)]
    dropped = [entry.claim for entry in survey.dropped]
    alone = [drafted(draft) for _, draft, _, _ in CASES]
    assert [_bare(claim) for claim in kept] == [_bare(claim) for claim, _ in alone if claim]
    assert [_bare(claim) for claim in dropped] == [_bare(claim) for _, claim in alone if claim]
    assert {claim.verdict for claim in kept} == {SUPPORTED, WEAK, None}
    assert {claim.verdict for claim in dropped} == {UNSUPPORTED}
    assert {entry.where for entry in survey.dropped} == {"sensors"}


def _bare(claim: Claim) -> tuple[str, str | None, set[str]]:
    return claim.text, claim.verdict, codes(claim)


def test_duplicated_evidence_stands_once() -> None:
    """Evidence and citations name each sentence and each paper once, in the order of the draft."""
    text = "BELT wakes a sensor, and ARCO packs the logs of bridge sensors."
    claim, _ = drafted(fact(text, "belt:2", "arco:2", "belt:2", "arco:1", "arco:2"))
    assert claim is not None
    assert [(e.key, e.sentence) for e in claim.evidence] == [("belt", 2), ("arco", 2), ("arco", 1)]
    assert claim.citations == ("belt", "arco")


def test_evidence_is_the_very_text() -> None:
    """Evidence is cut out of the paper's text at its offsets."""
    claim, _ = drafted(fact("ARCO packs the logs of bridge sensors.", "arco:2", "arco:0"))
    assert claim is not None
    papers = {paper.key: paper.paper for paper in corpus_of()}
    assert [e.part for e in claim.evidence] == ["abstract", "title"]
    for evidence in claim.evidence:
        assert papers[evidence.key].texts.part(evidence.part)[evidence.start : evidence.end] == evidence.text


def test_a_gap_says_where_was_looked() -> None:
    """A gap bears the papers of its theme, the words that were looked for, and no citation."""
    claim, _ = drafted(gap("No abstract reports prices in yen.", "yen", near="dune:3"))
    assert claim is not None and claim.near is not None
    assert (set(claim.scope), claim.absent, claim.citations) == (set(WORLD), ("yen",), ())
    assert (claim.near.key, claim.near.sentence) == ("dune", 3)


def test_white_space_of_a_draft_is_made_plain() -> None:
    """A claim is one line, whatever the draft was broken into."""
    claim, _ = drafted(fact(" ARCO packs\n the  logs of bridge sensors. ", "arco:2"))
    assert claim is not None
    assert claim.text == "ARCO packs the logs of bridge sensors."


def test_what_nobody_sees_is_gone_before_anything_is_checked() -> None:
    """What is checked is what is read; a sentence quoted word for word stays as its paper has it."""
    unseen = drafting(fact("ARCO cuts radio\u200b traffic by 4\u20600%\u202e.", "arco:3"))
    kept, _ = kept_and_dropped(written_by(unseen))
    assert [c.verdict for c in kept if c.text == "ARCO cuts radio traffic by 40%."] == [SUPPORTED]
    soft = corpus_of({"arco": ("ARCO: Soft\u00ad Logs", "Logs are soft\u00adened here. They are sent.")})
    kept, _ = kept_and_dropped(written_by(drafting(), corpus=soft))
    assert kept[0].text == "“Logs are soft\u00adened here.”" and kept[0].verdict == SUPPORTED


def test_a_claim_without_end_is_cut_off_and_dropped() -> None:
    _, dropped = kept_and_dropped(written_by(drafting(fact("ARCO packs logs. " * 10_000, "arco:2"))))
    assert [codes(claim) for claim in dropped] == [{"too_long"}] and len(dropped[0].text) < 2_000


def test_a_heading_states_nothing_of_its_own() -> None:
    """A paragraph's heading is shown unmarked: it keeps to figures that stand below it, and cites nothing."""
    headings = ["Packing logs", "Packing logs by 40%", "Packing logs by 45%", "Packing logs [@nobody]"]
    claims = [fact("ARCO cuts radio traffic by 40%.", "arco:3"), *quotes_of_all()]
    engine = drafting()
    engine.scripts["draft_section"] = lambda ask: SectionDraft(
        tuple(ParagraphDraft(tuple(claims), heading) for heading in headings)
    )
    [made] = written_by(engine).sections
    assert [paragraph.heading for paragraph in made.paragraphs] == [*headings[:2], None, None]


def quotes_of_all() -> list[ClaimDraft]:
    return [quote(paper) for paper in corpus_of()]


def test_a_theme_knows_only_its_own_papers() -> None:
    """A paper of another theme was not in the prompt, so that pointing at it is pointing at nothing."""
    corpus = corpus_of()
    plan = plan_of(corpus, left=["arco", "cusp"], right=["belt", "beltwo", "dune", "elm", "fern"])
    engine = drafting(fact("BELT wakes a sensor when a truck passes.", "belt:2"))
    kept, dropped = kept_and_dropped(written_by(engine, plan=plan))
    said = [(c.id.partition(".")[0], c.verdict) for c in [*kept, *dropped] if c.text.startswith("BELT")]
    assert sorted(said) == [("left", UNSUPPORTED), ("right", SUPPORTED)]
    assert [codes(claim) for claim in dropped] == [{"unknown_sentence"}]


def test_verify_none_checks_that_evidence_exists_and_nothing_else() -> None:
    """Without verification all verdicts are open, but what points at nothing is dropped all the same."""
    for name, draft, _, wanted in CASES:
        kept, dropped = drafted(draft, "none")
        if wanted == {"unknown_sentence"}:
            assert kept is None and dropped is not None and dropped.verdict == UNSUPPORTED, name
        else:
            assert dropped is None and kept is not None, name
            assert (kept.verdict, kept.problems, kept.judged) == (None, (), False), name


def test_a_draft_is_asked_again_for_what_is_unsupported_only() -> None:
    """The next round names the unsupported claim's problem; a weak claim is kept without a word."""
    wrong = drafting(fact("ARCO cuts radio traffic by 45%.", "arco:3"))
    written_by(wrong)
    assert {p.code for p in wrong.rounds["draft_section"][1][0].problems} == {"figure_not_found"}
    weak = drafting(fact("ARCO cuts radio traffic by 40.", "arco:3"))
    written_by(weak)
    assert len(weak.rounds["draft_section"]) == 1


def test_a_section_that_leaves_papers_out_is_asked_again() -> None:
    """The next round names each paper that no claim cites."""
    engine = drafting()
    engine.scripts["draft_section"] = lambda ask: section(
        *(quote(paper) for paper in ask.item.papers if paper.key not in ("elm", "dune"))
    )
    written = written_by(engine)
    [problem] = engine.rounds["draft_section"][1][0].problems
    assert problem.code == "not_cited"
    assert "elm" in problem.message and "dune" in problem.message and "arco" not in problem.message
    assert {key for claim in kept_and_dropped(written)[0] for key in claim.citations} == set(WORLD) - {
        "elm",
        "dune",
    }


SENTENCES = [(paper.key, number) for paper in corpus_of() for number in range(len(paper.sentences))]


@FIXED
@given(st.sampled_from(SENTENCES), st.data())
def test_a_whole_sentence_in_quotation_marks_always_stands(
    place: tuple[str, int], data: st.DataObject
) -> None:
    """Any sentence quoted word for word is supported; with one word taken out it is not."""
    corpus = corpus_of()
    whole = quote(corpus[place[0]], place[1])
    kept, dropped = drafted(whole)
    assert kept is not None and kept.verdict == SUPPORTED and not kept.problems and dropped is None
    words = whole.text.strip("“”").rstrip(".").split()
    if len(words) > 5:
        at = data.draw(st.integers(1, len(words) - 2))
        shorter = ClaimDraft(f"“{' '.join(words[:at] + words[at + 1 :])}”", "fact", whole.evidence)
        _, lost = drafted(shorter)
        assert lost is not None and "misquoted" in codes(lost)


@FIXED
@given(st.integers(0, 200), st.sampled_from(["%", "x", " mm", " months", ""]))
def test_a_figure_stands_only_where_the_paper_says_it(number: int, unit: str) -> None:
    """Of all figures put into a claim, only those of the cited sentence are supported."""
    kept, _ = drafted(fact(f"ARCO cuts radio traffic by {number}{unit}.", "arco:3"))
    is_said = (number, unit) == (40, "%")
    assert (kept is not None and kept.verdict == SUPPORTED) == is_said
