"""The second look: what a judge says of each claim, what one revision may change, what is kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import pytest
from scripted import (
    Scripted,
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
    written_by,
)

from agent.engines.protocol import Ask, ClaimDraft, Failure, JudgeDraft, Judgement, ReviseDraft
from agent.records import Claim
from agent.steps.writer import Written

Said = Literal["supported", "partly", "unsupported"]

PACKS = fact("ARCO packs the logs of bridge sensors.", "arco:2")
WAKES = fact("BELT wakes a sensor when a truck passes.", "belt:2")
RUSTS = fact("Steel rusts where paint is thin.", "dune:1")
WEAK = fact("ARCO packs the logs of bridge sensors, which cuts traffic by 40%.", "arco:2")
MENDED = fact("ARCO packs logs before they are sent.", "arco:2")
LOST = Failure("lost", "no answer came")


def judging(**said: Said) -> Any:
    """A judge that gives the verdict named by a claim's first word, and supports the rest."""

    def judge(ask: Ask[Any, Any]) -> JudgeDraft:
        return JudgeDraft(
            tuple(
                Judgement(claim.id, said.get(claim.text.split()[0], "supported"), "the reason")
                for claim in ask.item.claims
            )
        )

    return judge


def revising(**claims: ClaimDraft | None) -> Any:
    """A reviser that answers for each flagged claim by its first word."""

    def revise(ask: Ask[Any, Any]) -> ReviseDraft:
        flagged = [claim for claim in ask.item.claims if claim.id in ask.item.flagged]
        return ReviseDraft({c.id: claims[word] for c in flagged if (word := c.text.split()[0]) in claims})

    return revise


def by_word(written: Written, word: str) -> tuple[Claim | None, Claim | None]:
    """The claim that opens with a word, as kept and as dropped."""
    kept, dropped = kept_and_dropped(written)
    return (
        next((claim for claim in kept if claim.text.startswith(word)), None),
        next((claim for claim in dropped if claim.text.startswith(word)), None),
    )


def only(found: Claim | None) -> Claim:
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("said", "verdict", "code"),
    [
        ("supported", "supported", set()),
        ("partly", "weak", {"judged_partly"}),
        ("unsupported", "unsupported", {"judged_unsupported"}),
    ],
)
def test_a_judgement_becomes_a_verdict(said: Said, verdict: str, code: set[str]) -> None:
    """Supported stays, partly is weak, unsupported is dropped, and each counts as judged."""
    written = written_by(drafting(PACKS, judge=judging(ARCO=said)), "model")
    kept, dropped = by_word(written, "ARCO")
    claim = only(kept or dropped)
    assert (claim.verdict, codes(claim), claim.judged) == (verdict, code, True)
    assert (kept is None) == (said == "unsupported")
    assert all(problem.message == "the reason" for problem in claim.problems)


@pytest.mark.parametrize("verify", ["none", "code"])
def test_nobody_judges_unless_a_model_is_to_verify(verify: Any) -> None:
    """Below `model` the judge is not asked, nor the reviser, and no claim says it was judged."""
    engine = drafting(PACKS, WEAK, judge=judging(ARCO="unsupported"))
    kept, dropped = kept_and_dropped(written_by(engine, verify))
    assert not engine.rounds["judge"] and not engine.rounds["revise"]
    assert not dropped and not any(claim.judged for claim in kept)


def test_an_engine_that_does_not_judge_is_not_asked_to() -> None:
    """Where the engine judges nothing the verdicts of code stand."""
    engine = drafting(PACKS, WEAK, is_judging=False)
    kept, dropped = kept_and_dropped(written_by(engine, "model"))
    assert not engine.rounds["judge"] and not engine.rounds["revise"]
    assert [claim.verdict for claim in kept[:2]] == ["supported", "weak"] and not dropped


def test_every_kind_is_judged_unless_code_found_it_unsupported() -> None:
    """Gaps and own sentences are looked at too; what code found unsupported needs no judge."""
    engine = drafting(
        PACKS,
        inference("BELT and ARCO both spare sensors.", "arco:2", "belt:2"),
        gap("No abstract reports prices in yen.", "yen"),
        own("The theme begins with sensors."),
        fact("ARCO cuts radio traffic by 45%.", "arco:3"),
    )
    written_by(engine, "model")
    asked = engine.asked("judge")[0]
    assert [claim.kind for claim in asked.claims[:4]] == ["fact", "inference", "gap", "own"]
    assert not any("45%" in claim.text for claim in asked.claims)
    assert asked.where == "sensors"
    assert asked.papers["arco"].title.startswith("ARCO")


def test_exactly_the_flagged_are_revised_with_their_reasons() -> None:
    """The reviser learns which claims the judge or code found wanting, and why."""
    engine = drafting(PACKS, WAKES, WEAK, RUSTS, judge=judging(BELT="partly", Steel="unsupported"))
    written_by(engine, "model")
    [asked] = engine.asked("revise")
    texts = {claim.id: claim.text for claim in asked.claims}
    reasons = {texts[id_]: reason for id_, reason in asked.flagged.items()}
    assert set(reasons) == {WAKES.text, WEAK.text, RUSTS.text}
    assert "partly: the reason" in reasons[WAKES.text]
    assert "unsupported: the reason" in reasons[RUSTS.text]
    assert "40%" in reasons[WEAK.text]
    assert {paper.key for paper in asked.papers} == set(corpus_of().keys)


def test_nothing_flagged_is_nothing_revised() -> None:
    """Where code and judge are content the reviser is not asked, nor the judge once more."""
    engine = drafting(PACKS)
    written_by(engine, "model")
    assert [asked.where for asked in engine.asked("judge")] == ["sensors", "introduction"]
    assert not any(engine.rounds["revise"])


def test_a_mended_claim_is_judged_once_more_and_alone() -> None:
    """The second look holds the mended claim and no other; what it says then stands."""
    answers = {PACKS.text: "unsupported", MENDED.text: "supported"}

    def judge(ask: Ask[Any, Any]) -> JudgeDraft:
        said = [Judgement(c.id, answers.get(c.text, "supported"), "why") for c in ask.item.claims]  # type: ignore[arg-type]
        return JudgeDraft(tuple(said))

    engine = drafting(PACKS, WAKES, judge=judge, revise=revising(ARCO=MENDED))
    written = written_by(engine, "model")
    looks = [[c.text for c in asked.claims] for asked in engine.asked("judge") if asked.where == "sensors"]
    assert PACKS.text in looks[0] and looks[1] == [MENDED.text] and len(looks) == 2
    claim = only(by_word(written, "ARCO")[0])
    assert (claim.text, claim.verdict, claim.judged, codes(claim)) == (MENDED.text, "supported", True, set())


def test_a_mended_claim_that_fails_again_is_dropped() -> None:
    """There is one revision and no second."""
    engine = drafting(PACKS, judge=judging(ARCO="unsupported"), revise=revising(ARCO=MENDED))
    written = written_by(engine, "model")
    assert len(engine.rounds["revise"][0]) == 1 and len(engine.asked("revise")) == 1
    kept, dropped = by_word(written, "ARCO")
    assert kept is None
    assert (only(dropped).text, codes(only(dropped))) == (MENDED.text, {"judged_unsupported"})


def test_a_mended_claim_meets_the_checks_of_code() -> None:
    """A revision that puts a wrong figure in is dropped, whatever a judge thinks of it."""
    wrong = fact("ARCO cuts radio traffic by 45%.", "arco:3")
    engine = drafting(WEAK, revise=revising(ARCO=wrong))
    kept, dropped = by_word(written_by(engine, "model"), "ARCO")
    assert kept is None
    assert (only(dropped).text, codes(only(dropped))) == (wrong.text, {"figure_not_found"})


def test_untouched_claims_stay_as_they_were() -> None:
    """Whatever is revised, every other claim is equal to what it is when nothing is."""
    drafts = (PACKS, WAKES, RUSTS, gap("No abstract reports prices in yen.", "yen"), own("So it begins."))
    calm = written_by(drafting(*drafts), "model")
    engine = drafting(*drafts, judge=judging(ARCO="partly"), revise=revising(ARCO=MENDED))
    stirred = written_by(engine, "model")
    old = {claim.id: claim.model_dump_json() for claim in kept_and_dropped(calm)[0]}
    new = {claim.id: claim.model_dump_json() for claim in kept_and_dropped(stirred)[0]}
    assert [id_ for id_ in old if old[id_] != new.get(id_)] == ["sensors.p1.c1"]
    assert old.keys() == new.keys()


def test_a_withdrawn_claim_is_dropped_and_says_so() -> None:
    """A revision to nothing drops the claim; it is not judged again."""
    engine = drafting(PACKS, WAKES, judge=judging(ARCO="partly"), revise=revising(ARCO=None))
    written = written_by(engine, "model")
    kept, dropped = by_word(written, "ARCO")
    assert kept is None
    assert (only(dropped).text, only(dropped).verdict) == (PACKS.text, "unsupported")
    assert "withdrawn" in codes(only(dropped))
    assert [asked.where for asked in engine.asked("judge")] == ["sensors", "introduction"]
    assert by_word(written, "BELT")[0] is not None


def test_a_revision_of_unflagged_claims_is_ignored() -> None:
    """What was not flagged cannot be changed or withdrawn, and the flagged ones are mended all the same."""

    def revise(ask: Ask[Any, Any]) -> ReviseDraft:
        ids = [claim.id for claim in ask.item.claims]
        claims: Mapping[str, ClaimDraft | None] = {ids[0]: MENDED, ids[1]: MENDED, ids[2]: None}
        return ReviseDraft({**claims, "sensors.p9.c9": MENDED})

    engine = drafting(WEAK, WAKES, RUSTS, revise=revise)
    kept, dropped = kept_and_dropped(written_by(engine, "model"))
    assert [claim.text for claim in kept[:3]] == [MENDED.text, WAKES.text, RUSTS.text]
    assert not dropped
    assert {p.code for p in engine.rounds["revise"][1][0].problems} == {"revised_unasked"}


def test_a_reviser_that_says_nothing_changes_nothing() -> None:
    """Flagged claims that are not revised keep their text and their verdict."""
    engine = drafting(WEAK, PACKS, judge=judging())
    kept, dropped = kept_and_dropped(written_by(engine, "model"))
    assert [(c.text, c.verdict) for c in kept[:2]] == [(WEAK.text, "weak"), (PACKS.text, "supported")]
    assert not dropped


def test_a_failing_reviser_changes_nothing() -> None:
    """Without a revision the first judgements stand."""
    engine = drafting(PACKS, WAKES, judge=judging(ARCO="partly"), revise=lambda ask: LOST)
    kept, dropped = kept_and_dropped(written_by(engine, "model"))
    assert [(c.text, c.verdict) for c in kept[:2]] == [(PACKS.text, "weak"), (WAKES.text, "supported")]
    assert not dropped


def test_a_failing_judge_leaves_the_verdicts_of_code() -> None:
    """Without a judgement nothing is dropped for it, and nothing says it was judged."""
    engine = drafting(PACKS, WEAK, judge=lambda ask: LOST)
    kept, dropped = kept_and_dropped(written_by(engine, "model"))
    assert [claim.verdict for claim in kept[:2]] == ["supported", "weak"] and not dropped
    assert not any(claim.judged for claim in kept)


def test_a_claim_that_the_judge_leaves_out_is_asked_for_and_stays_unjudged() -> None:
    """The next ask names the omitted claim; omitted to the end it keeps the verdict of code, unjudged."""

    def judge(ask: Ask[Any, Any]) -> JudgeDraft:
        said = [Judgement(c.id, "supported") for c in ask.item.claims if not c.text.startswith("ARCO packs")]
        return JudgeDraft((*said, Judgement("sensors.p9.c9", "unsupported", "of no claim here")))

    engine = drafting(PACKS, WAKES, judge=judge)
    written = written_by(engine, "model")
    again = engine.rounds["judge"][1][0].problems
    assert [p.code for p in again] == ["not_judged"] and "sensors.p1.c1" in again[0].message
    assert "sensors.p1.c2" not in again[0].message
    packs, wakes = only(by_word(written, "ARCO")[0]), only(by_word(written, "BELT")[0])
    assert (packs.verdict, packs.judged) == ("supported", False)
    assert (wakes.verdict, wakes.judged) == ("supported", True)


def test_a_worse_reply_does_not_take_judgements_back() -> None:
    """Of a reply that omits one claim and a later one that omits all, the first is the better one."""

    def judge(ask: Ask[Any, Any]) -> JudgeDraft:
        if ask.previous is not None:
            return JudgeDraft()
        return JudgeDraft(
            tuple(Judgement(c.id, "unsupported", "so") for c in ask.item.claims if c.text == WAKES.text)
        )

    kept, dropped = kept_and_dropped(written_by(drafting(PACKS, WAKES, judge=judge), "model"))
    assert [claim.text for claim in dropped] == [WAKES.text]
    assert WAKES.text not in [claim.text for claim in kept]


@pytest.mark.parametrize("said", ["supported", "partly"])
def test_a_judgement_of_the_old_wording_says_nothing_of_the_new_one(said: Said) -> None:
    """A mended claim that the judge never looked at is not said to be judged."""

    def judge(ask: Ask[Any, Any]) -> Any:
        if [claim.text for claim in ask.item.claims] == [MENDED.text]:
            return LOST
        return judging(ARCO=said)(ask)

    engine = drafting(WEAK, judge=judge, revise=revising(ARCO=MENDED))
    claim = only(by_word(written_by(engine, "model"), "ARCO")[0])
    assert claim.text == MENDED.text
    assert (claim.judged, codes(claim)) == (False, set())


def test_all_sections_are_judged_in_one_round() -> None:
    """The judge sees every section at once, each with its own claims."""
    corpus = corpus_of()
    plan = plan_of(corpus, left=["arco", "belt"], right=["cusp", "dune"])
    engine = Scripted()
    written_by(engine, "model", corpus, plan)
    first = engine.rounds["judge"][0]
    assert [ask.item.where for ask in first] == ["left", "right"]
    assert [{c.citations[0] for c in ask.item.claims} for ask in first] == [
        {"arco", "belt"},
        {"cusp", "dune"},
    ]


def test_a_paragraph_that_loses_all_claims_is_gone() -> None:
    """No empty paragraph stays behind; the claims are told as dropped."""
    engine = Scripted(
        judge=lambda ask: JudgeDraft(tuple(Judgement(c.id, "unsupported", "no") for c in ask.item.claims))
    )
    written = written_by(engine, "model")
    assert written.sections[0].paragraphs == ()
    assert {key for entry in written.dropped for key in entry.claim.citations} == set(corpus_of().keys)
    assert [(m.where, m.code) for m in written.missing] == [
        ("section sensors", "nothing_held"),
        ("frame, introduction", "nothing_held"),
    ]
    assert quote(corpus_of()["arco"]).text in {entry.claim.text for entry in written.dropped}
