"""Questions: what an answer must be to be shown, and what becomes of one that is not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from scripted import SILENT, Scripted, corpus_of, fact, gap, inference, quote, run, verdicts

from agent.engines.protocol import (
    AnswerDraft,
    AnswerInput,
    Ask,
    Before,
    CellDraft,
    ClaimDraft,
    Failure,
    ParagraphDraft,
    QuestionDraft,
    QuestionInput,
    ReviseDraft,
    SentenceRef,
    StanceDraft,
    StanceInput,
    StanceItem,
    TableDraft,
)
from agent.records import Claim, Verify
from agent.steps.answerer import Answered, answer
from agent.steps.questions import understand
from agent.steps.stances import Stood, stand

CORPUS = corpus_of()
PAPERS = CORPUS.some(CORPUS.keys)
ASKED = QuestionDraft("How much radio traffic does ARCO cut?", "figure")
CUTS = fact("ARCO cuts radio traffic by 40%.", "arco:3")
SLEEPS = fact("BELT lowers the energy use by 70% on 8 bridges.", "belt:3", "belt:2")


def drafted(status: Any, *claims: ClaimDraft, **more: Any) -> AnswerDraft:
    return AnswerDraft(status, paragraphs=(ParagraphDraft(claims),) if claims else (), **more)


def answered(
    *drafts: AnswerDraft | Failure, verify: Verify = "code", asked: QuestionDraft = ASKED, **scripts: Any
) -> tuple[Answered, Scripted]:
    """What is made of these drafts, given one after another, the last one again and again."""
    left = list(drafts)

    def script(ask: Ask[Any, Any]) -> Any:
        return left.pop(0) if len(left) > 1 else left[0]

    engine = Scripted(draft_answer=script, **scripts)
    return run(answer(engine, AnswerInput(asked, PAPERS, size=len(PAPERS)), verify, SILENT)), engine


def test_a_good_draft_is_the_answer() -> None:
    made, engine = answered(drafted("answered", CUTS))
    [claim] = made.claims
    assert (made.status, made.reason) == ("answered", None)
    assert (claim.id, claim.verdict, claim.citations) == ("answer.p1.c1", "supported", ("arco",))
    assert claim.evidence[0].text == CORPUS["arco"].sentences[3].text
    assert len(engine.rounds["draft_answer"]) == 1


@pytest.mark.parametrize(
    ("draft", "code"),
    [
        (drafted("answered"), "no_claims"),
        (drafted("partial", gap("No text reports latency.", "latency"), unstated="latency"), "no_claims"),
        (drafted("answered", CUTS, reason="nothing_found"), "wrong_reason"),
        (drafted("not_stated"), "wrong_reason"),
        (drafted("not_stated", reason="conflicting"), "wrong_reason"),
        (drafted("not_stated", reason="false_premise"), "no_contradiction"),
    ],
)
def test_a_draft_that_contradicts_itself_is_no_answer(draft: AnswerDraft, code: str) -> None:
    """It is asked again, three times in all; then there is none, which is not the papers' silence."""
    made, engine = answered(draft)
    assert (made.status, made.reason, made.claims) == ("failed", "engine_failed", ())
    again = engine.rounds["draft_answer"][1][0].problems
    assert code in {problem.code for problem in again}


@pytest.mark.parametrize(
    ("draft", "code"),
    [
        (drafted("answered", CUTS, reason="conflicting"), "no_conflict"),
        (drafted("not_stated", CUTS, reason="nothing_found"), "needless_claims"),
        (drafted("partial", CUTS), "nothing_unstated"),
        (drafted("not_stated", reason="needs_full_text", wanted=("arco",)), "nothing_unstated"),
        (
            drafted("not_stated", reason="needs_full_text", unstated="price", wanted=("nobody",)),
            "unknown_paper",
        ),
        (drafted("partial", CUTS, unstated="results of QUOLL-7"), "invented_name"),
        (drafted("partial", CUTS, unstated="results on 17 bridges"), "invented_figure"),
        (drafted("partial", CUTS, unstated="word " * 60), "long_phrase"),
    ],
)
def test_what_is_wrong_is_asked_again(draft: AnswerDraft, code: str) -> None:
    """The better draft is kept, whichever came first."""
    made, engine = answered(draft, drafted("answered", CUTS))
    assert code in {problem.code for problem in engine.rounds["draft_answer"][1][0].problems}
    assert (made.status, made.reason) == ("answered", None)


def test_a_failed_call_is_told_and_a_spent_budget_apart() -> None:
    made, _ = answered(Failure("budget", "the budget of 1 call leaves no room", is_final=True, is_call=True))
    assert (made.status, made.reason) == ("failed", "budget") and "leaves no room" in made.failure
    made, _ = answered(Failure("refusal", "the model refused", is_final=True))
    assert (made.status, made.reason, made.failure) == ("failed", "engine_failed", "the model refused")


def test_claims_that_fall_change_the_status() -> None:
    """What is left of an answer says of itself how much that is."""
    wrong = fact("ARCO cuts radio traffic by 45%.", "arco:3")
    also = fact("ARCO runs 3.5x faster than plain packing.", "arco:3")
    made, _ = answered(drafted("answered", wrong, also, CUTS))
    assert made.status == "partial" and len(made.dropped) == 2 and len(made.claims) == 1
    made, _ = answered(drafted("answered", wrong))
    assert (made.status, made.reason, made.claims) == ("failed", "engine_failed", ())
    made, _ = answered(drafted("answered", CUTS, SLEEPS, wrong))
    assert made.status == "answered" and len(made.dropped) == 1


def test_a_premise_that_nothing_contradicts_in_the_end_is_no_false_one() -> None:
    made, _ = answered(
        drafted("not_stated", fact("ARCO never packs by 55%.", "arco:3"), reason="false_premise")
    )
    assert (made.status, made.reason) == ("failed", "engine_failed")


def test_the_judge_has_the_last_word() -> None:
    """Flagged claims are mended once and judged again."""
    says: Callable[[Ask[Any, Any]], Any] = lambda ask: verdicts(ask.item, Radio="unsupported")  # noqa: E731
    mends = lambda ask: ReviseDraft({next(iter(ask.item.flagged)): CUTS})  # noqa: E731
    bad = fact("Radio traffic of ARCO falls.", "arco:3")
    made, engine = answered(drafted("answered", bad), verify="model", judge=says, revise=mends)
    assert [claim.text for claim in made.claims] == [CUTS.text] and made.claims[0].judged
    assert len(engine.rounds["judge"]) == 2 and len(engine.rounds["revise"]) == 1


def test_papers_that_differ_are_shown_as_differing() -> None:
    made, _ = answered(drafted("answered", CUTS, SLEEPS, reason="conflicting"))
    assert (made.status, made.reason) == ("answered", "conflicting")
    lost = fact("BELT lowers the energy use by 99%.", "belt:3")
    made, _ = answered(drafted("answered", CUTS, lost, reason="conflicting"))
    assert (made.status, made.reason) == ("partial", None)


def test_table_cells_hold_what_their_sentences_hold() -> None:
    cells = (CellDraft("40%", (SentenceRef("arco", 3),)), CellDraft("99%", (SentenceRef("arco", 4),)))
    strange = ("nobody", (CellDraft("1", ()), CellDraft("2", ())))
    table = TableDraft("C", (("c1", "Cut"), ("c2", "Life")), (("arco", cells), strange))
    made, _ = answered(drafted("answered", CUTS, table=table))
    [kept] = made.tables
    assert [row.key for row in kept.rows] == ["arco"]
    assert [cell.text for cell in kept.rows[0].cells] == ["40%", None]


def test_nothing_found_asks_nobody() -> None:
    engine = Scripted()
    made = run(answer(engine, AnswerInput(ASKED, (), size=7, unknown=frozenset({"quark"})), "code", SILENT))
    assert (made.status, made.reason) == ("not_stated", "off_topic") and not engine.rounds


# Understanding


def understood(question: str, draft: QuestionDraft, *before: Before) -> Any:
    engine = Scripted(plan_question=lambda ask: draft)
    return run(understand(engine, QuestionInput(question, before), SILENT))


CLAIM = Claim(id="answer.p1.c1", text="BELT wakes a sensor.", kind="fact", citations=("belt",))
TURN = Before("What saves batteries?", (CLAIM,), {"belt": CORPUS["belt"].paper})


def test_a_first_question_stays_as_it_was_typed() -> None:
    """No engine rewords what nobody asked it to reword."""
    made = understood(
        "what packs logs", QuestionDraft("Which 9 QUOLL methods?", "list", ("packing",), ("a", "b"))
    )
    assert made.value == QuestionDraft("what packs logs", "list", ("packing",))


@pytest.mark.parametrize("question", ["Does BELT need trucks?", "Does BELT save 8 batteries?"])
def test_a_follow_up_is_completed_from_its_thread(question: str) -> None:
    made = understood("and does it? 8?", QuestionDraft(question, "fact"), TURN)
    assert made.value.question == question


@pytest.mark.parametrize("question", ["Does QUOLL need trucks?", "Does BELT save 9 batteries?"])
def test_a_follow_up_brings_in_nothing_new(question: str) -> None:
    """A name or a figure that nobody said would be searched for, and found or missed, in the user's name."""
    made = understood("and does it?", QuestionDraft(question, "fact"), TURN)
    assert made.value is None and made.problems[0].code in ("made_up_name", "made_up_figure")


# Stances

SENTENCE = "BELT lets sensors sleep until a truck passes."


def stood(*items: StanceItem, verify: Verify = "code", sentence: str = SENTENCE, **scripts: Any) -> Stood:
    engine = Scripted(stance=lambda ask: StanceDraft(items), **scripts)
    return run(stand(engine, StanceInput(sentence, PAPERS), verify, SILENT))


def item(key: str, stance: Any, *numbers: int) -> StanceItem:
    return StanceItem(key, stance, tuple(SentenceRef(key, number) for number in numbers))


def keys(made: Stood) -> list[list[str]]:
    return [[one.key for one in found] for found in (made.supports, made.against, made.related)]


def test_a_support_is_one_if_code_and_judge_say_so() -> None:
    one = item("belt", "supports", 2)
    assert keys(stood(one)) == [["belt"], [], []]
    made = stood(one, verify="model")
    assert keys(made) == [["belt"], [], []] and made.supports[0].judged
    no = stood(one, verify="model", judge=lambda ask: verdicts(ask.item, BELT="partly"))
    assert keys(no) == [[], [], ["belt"]] and no.related[0].judged


def test_a_figure_that_the_paper_does_not_have_is_no_support() -> None:
    made = stood(item("belt", "supports", 3), sentence="Energy use of BELT falls by 77% on bridges.")
    assert keys(made) == [[], [], ["belt"]]


def test_a_contradiction_that_the_judge_calls_a_support_is_neither() -> None:
    against = item("elm", "against", 3)
    unborne = stood(against, verify="model", judge=lambda ask: verdicts(ask.item, BELT="unsupported"))
    assert keys(unborne) == [[], ["elm"], []]
    assert keys(stood(against, verify="model")) == [[], [], ["elm"]]


def test_papers_and_sentences_that_are_not_there_are_left_out() -> None:
    foreign = StanceItem("belt", "supports", (SentenceRef("arco", 1),))
    made = stood(
        item("nobody", "supports", 1), foreign, item("arco", "related", 99), item("arco", "related", 1)
    )
    assert keys(made) == [[], [], ["arco"]]
    assert keys(stood(item("belt", "related", 1), item("belt", "supports", 2))) == [[], [], ["belt"]]


def test_a_reply_that_never_comes_is_told() -> None:
    engine = Scripted(stance=lambda ask: Failure("refusal", "the model refused", is_final=True))
    made = run(stand(engine, StanceInput(SENTENCE, PAPERS), "code", SILENT))
    assert made.failure is not None and made.failure.message == "the model refused"


def test_quotes_and_conclusions_may_stand_together() -> None:
    both = inference("ARCO saves traffic, whereas BELT saves energy.", "arco:3", "belt:3", "belt:2")
    made, _ = answered(drafted("answered", quote(CORPUS["arco"], 3), both))
    assert [claim.kind for claim in made.claims] == ["fact", "inference"]
