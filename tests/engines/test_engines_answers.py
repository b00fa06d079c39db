"""Questions, answers and stances without a model: on the sample papers, on invented ones, and for any input."""

from __future__ import annotations

import json
from functools import cache

import pytest
from asked import Asked, answered, asked_of, keys, refs, said, sample_asked
from hypothesis import given
from hypothesis import strategies as st
from scripted import FIXED, SILENT, corpus_of, run

from agent.engines.extractive import ExtractiveEngine
from agent.engines.extractive.answering import YEARS
from agent.engines.extractive.asking import kind_of, plan_question, sides_of
from agent.engines.extractive.stances import stance
from agent.engines.protocol import (
    AnswerInput,
    Before,
    Match,
    QuestionDraft,
    QuestionInput,
    StanceInput,
    resolve,
)
from agent.library import Library
from agent.records import Body, SectionMark
from agent.steps.answerer import answer
from agent.steps.questions import understand
from agent.text.questions import negated, telling_words
from agent.text.tokens import words

SPECULATIVE = {"Medusa", "EasySpec", "Parallel Speculative Decoding with Adaptive Draft Length"}


def plan(question: str, *before: Before) -> QuestionDraft:
    return plan_question(QuestionInput(question, before))


def called(asked: Asked, found: list[str]) -> list[str]:
    return [asked.called(key) for key in found]


# What is asked


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("What does Quamba do about outliers?", "fact"),
        ("Does AWQ need backpropagation?", "fact"),
        ("Why does the FP8 versus INT8 debate matter?", "fact"),
        ("How much faster than GPTQ is AWQ?", "figure"),
        ("Which learning rate was used?", "figure"),
        ("LoRAPrune perplexity on WikiText2", "figure"),
        ("number of experts per layer", "figure"),
        ("By what factor does memory shrink?", "figure"),
        ("Which papers quantize weights?", "list"),
        ("How many papers use an A100?", "list"),
        ("List everything on pruning", "list"),
        ("papers on speculative decoding", "list"),
        ("Is there anything on robot arms?", "list"),
        ("Medusa vs. EasySpec", "comparison"),
        ("How do KIVI and AWQ differ in what they quantize?", "comparison"),
        ("What is the difference between pruning and quantization?", "comparison"),
        ("In which directions has work on caches gone?", "trend"),
        ("How has KV cache compression developed over time?", "trend"),
    ],
)
def test_the_kind_of_a_question(question: str, kind: str) -> None:
    """Cue words tell what kind of answer is wanted."""
    assert kind_of(question) == kind == plan(question).kind


@pytest.mark.parametrize(
    ("question", "sides"),
    [
        ("Medusa vs SWIFT: which needs training?", ("Medusa", "SWIFT")),
        ("PEARL or EasySpec: what waits?", ("PEARL", "EasySpec")),
        ("How do KIVI and AWQ differ in memory?", ("KIVI", "AWQ")),
        ("What is the difference between LoRA-GA and LoLDU?", ("LoRA-GA", "LoLDU")),
        ("Compare KIVI with ShadowKV", ("KIVI", "ShadowKV")),
        ("pruning versus quantization for phones", ("pruning", "quantization for phones")),
        ("Is it cheap or fast?", ()),
        ("What does KIVI quantize?", ()),
    ],
)
def test_the_sides_of_a_comparison(question: str, sides: tuple[str, ...]) -> None:
    """What is held against each other, in words to look for it by: a name alone, other words with what they share."""
    found = sides_of(question)
    assert len(found) == len(sides)
    assert all(one.startswith(other) for one, other in zip(found, sides, strict=True))


def test_sides_that_are_no_names_bring_what_they_share() -> None:
    """Each of two plain sides is looked for with the question's other words."""
    left, right = sides_of("For caches on phones: keeping everything versus dropping old tokens")
    assert {"cach", "phone"} <= set(telling_words(left)) & set(telling_words(right))


def test_a_question_is_looked_for_in_american_spelling_too() -> None:
    """`initialise` is searched as `initialize`; other words and names stay."""
    assert plan("How is it initialised?").queries == ("How is it initialized?",)
    assert plan("Is noise raised by otherwise supervised Splitwise?").queries == ()


# Follow-ups


@pytest.mark.parametrize(
    ("question", "alone", "about"),
    [
        ("does it need retraining?", "does AWQ need retraining?", ["AWQ"]),
        ("what about its calibration set?", "AWQ’s calibration set?", ["AWQ"]),
        ("what about memory?", "memory in AWQ?", ["AWQ"]),
        ("and on CPUs?", "How fast is AWQ on CPUs?", ["AWQ"]),
        ("why?", "How fast is AWQ: why?", ["AWQ"]),
        ("and KIVI?", "How fast is KIVI?", []),
        ("How is the KV cache compressed?", "How is the KV cache compressed?", []),
        (
            "Why is it so hard to train a transformer?",
            "Why is it so hard to train a transformer?",
            [],
        ),
        ("and the third one?", "and the third one?", []),
    ],
)
def test_a_follow_up_to_one_paper_stands_alone(question: str, alone: str, about: list[str]) -> None:
    """Pronouns point at the paper of the last answer, and a terse question takes up the one before."""
    asked = sample_asked()
    draft = plan(question, asked.before("How fast is AWQ?", "AWQ"))
    assert (draft.question, called(asked, list(draft.keys))) == (alone, about)


@pytest.mark.parametrize(
    ("question", "alone", "about"),
    [
        ("and the second one?", "ShadowKV: How is the KV cache compressed?", ["ShadowKV"]),
        ("the other one", "ShadowKV: How is the KV cache compressed?", ["ShadowKV"]),
        ("Does the last paper offload values?", "Does ZipVL offload values?", ["ZipVL"]),
        ("what does the former quantize?", "what does KIVI quantize?", ["KIVI"]),
        ("do they need tuning?", "do KIVI, ShadowKV and ZipVL need tuning?", ["KIVI", "ShadowKV", "ZipVL"]),
        ("how do both differ?", "how do KIVI and ShadowKV differ?", ["KIVI", "ShadowKV"]),
        ("what about pruning?", "pruning: KV cache compressed?", []),
    ],
)
def test_a_follow_up_to_many_papers_stands_alone(question: str, alone: str, about: list[str]) -> None:
    """Ordinals point at the papers of the last answer in the order of its citations."""
    asked = sample_asked()
    draft = plan(question, asked.before("How is the KV cache compressed?", "KIVI", "ShadowKV", "ZipVL"))
    assert (draft.question, called(asked, list(draft.keys))) == (alone, about)


@pytest.mark.parametrize(
    ("question", "alone", "sides"),
    [
        ("is it better than the first one?", "is EasySpec better than PEARL: fast?", ("EasySpec", "PEARL")),
        ("how does it do that?", "how does EasySpec do that: fast?", ()),
    ],
)
def test_a_follow_up_to_a_thread_of_two_papers(question: str, alone: str, sides: tuple[str, ...]) -> None:
    """The paper of the last answer is held against the one before; what was asked of them stays."""
    asked = sample_asked()
    turns = (
        asked.before("How fast is PEARL?", "Parallel Speculative Decoding with Adaptive Draft Length"),
        asked.before("How fast is EasySpec?", "EasySpec"),
    )
    draft = plan(question, *turns)
    assert (draft.question, draft.sides) == (alone, sides)


def test_a_follow_up_looks_further_back_where_the_last_answer_cites_nothing() -> None:
    """After an honest no, `it` is still the paper that was last cited."""
    asked = sample_asked()
    turns = (asked.before("How fast is AWQ?", "AWQ"), Before("What is its learning rate?"))
    assert plan("does it need retraining?", *turns).keys == (asked.key("AWQ"),)


def test_what_a_follow_up_is_turned_into_passes_the_step() -> None:
    """A name that no turn has spoken of is not brought in: a paper whose title lacks it is called by its title."""
    asked = sample_asked()
    before = asked.before(
        "How is decoding sped up?", "Parallel Speculative Decoding with Adaptive Draft Length"
    )
    outcome = run(understand(ExtractiveEngine(), QuestionInput("does it need training?", (before,)), SILENT))
    assert outcome.value and not outcome.problems


@given(st.text(max_size=200), st.booleans())
@FIXED
def test_any_question_is_planned(question: str, follows: bool) -> None:
    """No typed text raises; keys are papers that earlier turns cite."""
    before = (sample_asked().before("How fast is AWQ?", "AWQ"),) if follows else ()
    draft = plan(question, *before)
    assert set(draft.keys) <= {key for turn in before for key in turn.papers}
    assert draft.question == " ".join(question.split()) or before
    assert not draft.sides or draft.kind == "comparison"


# Answers


@pytest.mark.parametrize(
    ("question", "paper", "fragment"),
    [
        ("How much faster than GPTQ is AWQ?", "AWQ", "1.45x"),
        ("How fast does BitNet run on a Raspberry Pi 5?", "T-MAC", "11 tokens/s"),
        ("thruput of ShadowKV", "ShadowKV", "3.04 times"),
        ("KIVI: keys per-channel or per-token?", "KIVI", "per-channel"),
        ("What does Quamba do about outliers?", "Quamba", "Hadamard"),
        ("Does EasySpec require the drafter to be trained?", "EasySpec", "no training"),
        ("How does SliceGPT avoid extra data structures?", "SliceGPT", "extra data structures"),
        ("What is the energy saving of T-MAC?", "T-MAC", "70%"),
        ("quantizaton of state space models", "Quamba", "State Space Models"),
        ("What does HyperAttention do?", "HyperAttention", ""),
    ],
)
def test_a_fact_is_answered_by_the_sentence_that_states_it(question: str, paper: str, fragment: str) -> None:
    """The paper asked about is quoted first, with the sentence that has what is asked."""
    asked = sample_asked()
    draft = asked.answer(question)
    assert draft.status == "answered" and draft.reason is None
    assert called(asked, keys(draft))[0] == paper
    assert fragment in said(draft)


def test_a_question_about_one_paper_quotes_no_other() -> None:
    """A named paper is asked about, and at most three of its sentences are quoted."""
    draft = sample_asked().answer("How much faster than GPTQ is AWQ?")
    assert called(sample_asked(), keys(draft)) == ["AWQ"]
    assert 1 <= len(refs(draft)) <= 3


def test_both_sides_of_a_comparison_are_quoted() -> None:
    """`A or B` gives a paragraph for A and one for B, and for nobody else where both are named."""
    asked = sample_asked()
    assert called(asked, keys(asked.answer("KIVI vs. ShadowKV: what do they keep?"))) == ["KIVI", "ShadowKV"]
    found = called(asked, keys(asked.answer("Medusa or EasySpec: which needs a draft model?")))
    assert {"Medusa", "EasySpec"} <= set(found)


def test_a_comparison_with_a_work_that_is_not_there_is_partial() -> None:
    """What the library has of one side is quoted; the other is named as not stated."""
    draft = sample_asked().answer("compare KIVI and FooBarQuant")
    assert (draft.status, draft.unstated) == ("partial", "FooBarQuant")
    assert called(sample_asked(), keys(draft)) == ["KIVI"]


def test_a_list_has_a_sentence_of_each_paper() -> None:
    """Every paper that speaks of the matter is there, with one sentence; examples do not narrow the list."""
    asked = sample_asked()
    for question in (
        "List papers on speculative decoding",
        "List papers on speculative decoding, such as Medusa and PEARL",
    ):
        draft = asked.answer(question)
        found = called(asked, keys(draft))
        assert set(found) >= SPECULATIVE
        assert len(refs(draft)) == len(found)
    assert len(called(asked, keys(asked.answer("List papers on speculative decoding")))) < len(asked.corpus)


def test_besides_leaves_a_paper_out() -> None:
    """Who asks for others than a paper does not get that one."""
    found = called(
        sample_asked(), keys(sample_asked().answer("Besides FlashAttention-2, which papers mention an A100?"))
    )
    assert "ShadowKV" in found and "FlashAttention-2" not in found


@pytest.mark.parametrize(
    ("question", "reason", "unstated"),
    [
        ("How many calibration samples does AWQ need?", "needs_full_text", "calibration samples"),
        ("What learning rate was used for LoRA-GA?", "needs_full_text", "learning rate"),
        ("How many TFLOPs/s does FlashAttention-2 reach on an H100?", "needs_full_text", "H100"),
        ("LoRAPrune perplexity at 20% compression", "needs_full_text", "20%"),
        ("Why does AWQ retrain the model?", "needs_full_text", "retrain"),
        ("over-smoothing in deep graph neural networks", "nothing_found", "over-smoothing, deep graph"),
        ("How long should sourdough rise in the fridge before baking?", "off_topic", "sourdough rise, fridge, baking"),
        ("Can my landlord keep the deposit?", "off_topic", "landlord, deposit"),
        ("", "off_topic", ""),
    ],
)  # fmt: skip
def test_an_honest_no(question: str, reason: str, unstated: str) -> None:
    """What does not stand in the papers is not answered, with the reason, and with no claim."""
    draft = sample_asked().answer(question)
    assert (draft.status, draft.reason, draft.unstated) == ("not_stated", reason, unstated)
    assert not draft.paragraphs
    assert bool(draft.wanted) == (reason == "needs_full_text")


@pytest.mark.parametrize(
    ("question", "fragment"),
    [
        ("Why does AWQ rely on backpropagation?", "there is no backpropagation"),
        ("How was the MLP of CoreInfer trained?", "without an MLP"),
        ("Why does ComPEFT need additional retraining?", "No additional retraining"),
        ("Why is AWQ slower than GPTQ?", "faster than GPTQ"),
        (
            "Why does KIVI quantize keys per token and values per channel?",
            "keys should be quantized per-channel",
        ),
        ("Why does KIVI need tuning?", "requires no tuning"),
    ],
)
def test_a_false_premise_is_named_with_the_sentence_against_it(question: str, fragment: str) -> None:
    """A question that takes for granted what its paper negates gets the very sentence."""
    draft = sample_asked().answer(question)
    assert (draft.status, draft.reason, len(refs(draft))) == ("not_stated", "false_premise", 1)
    assert fragment in said(draft)


@pytest.mark.parametrize(
    "question",
    [
        "Why does AWQ need no backpropagation?",
        "How does AWQ work without reconstruction?",
        "Does AWQ need backpropagation?",
        "How does Quamba get rid of outliers?",
        "How much slower than AWQ is GPTQ?",
        "How much faster than GPTQ is AWQ?",
    ],
)
def test_a_true_premise_is_not_taken_for_a_false_one(question: str) -> None:
    """Questions that say it as the paper does, or leave it open, are answered."""
    assert sample_asked().answer(question).reason != "false_premise"


@pytest.mark.parametrize(
    ("question", "fragment"),
    [
        ("Does KIVI need tuning?", "requires no tuning"),
        ("How much faster is KIVI?", "2.35-3.47x"),
        ("On which GPU was CoreInfer tested?", "TITAN XP"),
        ("Which GPU and which data set did FlashAttention-2 use?", "A100"),
        ("Summarise ShadowKV", "We present ShadowKV"),
        ("What is ShadowKV about?", "We present ShadowKV"),
        ("Compare KIVI and ZipVL.", "we develop KIVI"),
        ("Compare KIVI and ZipVL.", "We present ZipVL"),
        ("PEARL or EasySpec: which one is faster?", "3.79 times"),
        ("PEARL or EasySpec: which one is faster?", "4.17x"),
        ("Which methods quantize the KV cache, and what do they lose?", "drops by merely 0.2%"),
        ("Which methods quantize the KV cache, and what do they lose?", "nearly the same quality"),
    ],
)
def test_a_quotation_bears_on_what_is_asked(question: str, fragment: str) -> None:
    """The sentence that states it is quoted, and none that does not; general words of asking refuse nothing."""
    draft = sample_asked().answer(question)
    assert draft.status != "not_stated" and fragment in said(draft)
    for filler in (
        "Batching many requests",
        "Two bottlenecks hold back",
        "speeds up LLM inference losslessly",
    ):
        assert filler not in said(draft)


@pytest.mark.parametrize(
    ("question", "status", "unstated", "papers"),
    [
        ("AWQ or KIVI: which one needs calibration data?", "partial", "calibration data for KIVI", ["AWQ"]),
        ("Which GPU and which dataset did FlashAttention-2 use?", "partial", "dataset", ["FlashAttention-2"]),
        ("Does MergeQuant use dynamic calibration for each token?", "answered", "", ["MergeQuant"]),
        ("Which methods quantize the KV cache below 4 bits?", "answered", "", ["KIVI"]),
        ("How has LoRA developed over time?", "partial", YEARS, []),
        ("Which papers use speculative decoding without a draft model?", "not_stated", "draft model", []),
        ("Why does Medusa need a separate draft model?", "not_stated", "separate draft model", []),
        ("And how much faster is it?", "not_stated", "what “it” stands for", []),
    ],
)
def test_what_is_not_stated_is_named(question: str, status: str, unstated: str, papers: list[str]) -> None:
    """One side of a comparison, one of two things, the years of a trend, the meaning of a pronoun."""
    draft = sample_asked().answer(question)
    assert (draft.status, draft.unstated) == (status, unstated)
    assert called(sample_asked(), keys(draft)) == papers or not papers


def test_others_work_is_no_answer_about_a_paper() -> None:
    """What existing methods do is not quoted for a paper that does it otherwise."""
    draft = sample_asked().answer("Does MergeQuant use dynamic calibration?")
    assert "existing methods" not in said(draft)


@pytest.mark.parametrize(
    ("question", "there", "absent"),
    [
        ("Which papers prune?", {"LoRAPrune", "PERP"}, {"KIVI"}),
        ("Which methods need no training?", {"KIVI", "ComPEFT", "EasySpec"}, {"Medusa", "LoLDU"}),
        ("Which methods quantize the KV cache?", {"KIVI", "ZipVL"}, {"ShadowKV", "EasySpec"}),
    ],
)
def test_a_list_holds_what_speaks_of_its_topic(question: str, there: set[str], absent: set[str]) -> None:
    """Word forms count alike, the topic stands together, and what is denied in the question is denied there."""
    found = {head.split(":")[0] for head in called(sample_asked(), keys(sample_asked().answer(question)))}
    names = {name for name in there | absent if any(head.startswith(name) for head in found)}
    assert names == there


@cache
def sensors() -> Asked:
    """Four papers on sensors, with years, that disagree."""
    return Asked(
        json.dumps({"title": title, "abstract": text, "year": year})
        for title, year, text in [
            ("TinyTrim: Pruning Small Networks", 2021, "Pruning small networks saves memory on sensors. We prune half of the weights. Accuracy falls by 2 points on short commands."),
            ("TideRank: Adapters for Tides", 2023, "We train low-rank adapters (LoRA) on tide tables. We show that INT8 weights lose 1.2% of accuracy."),
            ("EightBits: Inference on Sensors", 2022, "We study sensors. INT8 weights lose no accuracy on short commands."),
            ("LoRA in Orchards", 2019, "We apply LoRA to robots in orchards. It cuts memory by 3x."),
        ]
    )  # fmt: skip


def test_a_cost_in_accuracy_is_a_loss() -> None:
    """`How much accuracy does it cost` is answered by accuracy that falls."""
    assert "falls by 2 points" in said(sensors().answer("How much accuracy does pruning cost?"))


def test_papers_that_differ_are_said_to_conflict() -> None:
    """The same is lost in one paper and not in the other: both are quoted."""
    draft = sensors().answer("Do INT8 weights lose accuracy?")
    assert (draft.status, draft.reason) == ("answered", "conflicting")
    assert called(sensors(), keys(draft)) == ["EightBits", "TideRank"]


def test_a_trend_goes_by_years() -> None:
    """Papers of a topic stand in order of their years."""
    draft = sensors().answer("How has LoRA developed over time?")
    assert draft.status == "answered"
    assert called(sensors(), keys(draft)) == ["LoRA in Orchards", "TideRank"]


@cache
def with_a_whole_text() -> Asked:
    """Two papers, of one of which the whole text is there, with its headings."""
    asked = asked_of(
        {
            "MOLE: Measuring Silt": "MOLE measures silt with sonar.",
            "GULL: Counting Ships": "GULL counts ships.",
        }
    )
    titles = ("1 Methods", "2 Limitations", "3 Results")
    said = (
        "MOLE listens to echoes.",
        "MOLE does not see gravel. We did not test it in ice.",
        "MOLE works in mud.",
    )
    text = "\n\n".join(part for pair in zip(titles, said, strict=True) for part in pair)
    marks = tuple(SectionMark(title=title, start=text.index(title)) for title in titles)
    with Library(asked.path) as library:
        library.set_body(asked.key("MOLE"), "mole.pdf", "0" * 64, Body(text=text, pages=(0,), sections=marks))
    return asked


def test_headings_of_a_whole_text_count() -> None:
    """What stands under `Limitations` is a limitation, though no sentence says so."""
    draft = with_a_whole_text().answer("What are the limitations of MOLE?")
    assert draft.status == "answered"
    assert "gravel" in said(draft) and "in ice" in said(draft)
    assert "echoes" not in said(draft) and "mud" not in said(draft)


@cache
def harbours() -> Asked:
    """A library of a handful of papers on harbours; one has a title only."""
    return asked_of(
        {
            "MOLE: Measuring Silt in Harbour Mouths": "Silt closes harbour mouths. MOLE measures silt with sonar. "
            "It runs for 40 days on one battery. Existing probes need divers. MOLE works without divers.",
            "GULL: Counting Ships by Sound": "Ships are counted by eye today. We present GULL, which counts ships by sound. "
            "GULL misses 3% of the ships at night.",
            "Crane Schedules for Small Harbours": "Cranes wait for ships. We schedule cranes by tide tables, and waiting falls by 25%.",
            "A Glossary of Tides": None,
        }
    )


@pytest.mark.parametrize(
    ("question", "status", "reason", "papers"),
    [
        ("How long does MOLE run on one battery?", "answered", None, ["MOLE"]),
        ("Why does MOLE need divers?", "not_stated", "false_premise", ["MOLE"]),
        ("What does MOLE cost in euros?", "not_stated", "needs_full_text", []),
        ("How many ships does GULL miss at night?", "answered", None, ["GULL"]),
        ("Who schedules cranes by tide tables?", "answered", None, ["Crane Schedules for Small Harbours"]),
        ("glossary of tides", "answered", None, ["A Glossary of Tides"]),
        ("Which enzyme digests milk sugar?", "not_stated", "off_topic", []),
    ],
)
def test_invented_papers_are_asked(question: str, status: str, reason: str | None, papers: list[str]) -> None:
    """Nothing rests on a field: harbours are answered for as language models are."""
    draft = harbours().answer(question)
    assert (draft.status, draft.reason) == (status, reason)
    assert called(harbours(), keys(draft))[: len(papers)] == papers


@pytest.mark.parametrize(
    "question",
    [
        "How much faster than GPTQ is AWQ?",
        "Which papers quantize weights?",
        "compare KIVI and FooBarQuant",
        "Why does AWQ rely on backpropagation?",
        "How many calibration samples does AWQ need?",
        "How long should sourdough rise?",
    ],
)
def test_what_is_drafted_passes_the_step(question: str) -> None:
    """The step that checks answers drops nothing of them and finds nothing wrong with their shape."""
    item = sample_asked().input(question)
    outcome = run(answer(ExtractiveEngine(), item, "code", SILENT))
    draft = answered(item)
    assert (outcome.status, outcome.reason, outcome.unstated) == (draft.status, draft.reason, draft.unstated)
    assert not outcome.dropped
    assert len(outcome.claims) == len(refs(draft))
    assert all(claim.is_quotation and claim.verdict == "supported" for claim in outcome.claims)


WORDS = st.sampled_from(
    "why how which what does not without AWQ KIVI faster than cache or and papers 20% the sourdough vs. compare"
    " quantize model silt retrain 4-bit LLaMA-9 unheardofname ?".split()
)  # fmt: skip


@given(st.lists(WORDS, max_size=12), st.randoms(use_true_random=False), st.sampled_from(["fact", "figure", "list", "comparison", "trend"]))  # fmt: skip
@FIXED
def test_any_answer_rests_on_its_papers(asked_words: list[str], chance: object, kind: str) -> None:
    """Whatever is asked, claims are whole sentences, each of them there; what is not stated has none but against it."""
    corpus = sample_asked().corpus
    found = chance.sample(list(corpus), chance.randint(0, 8))  # type: ignore[attr-defined]
    question = " ".join(asked_words)
    stems = telling_words(question)
    matches = tuple(
        Match(paper.key, 1 / (place + 1), frozenset(stems) - paper.words, place == 0)
        for place, paper in enumerate(found)
    )
    sides = sides_of(question) if kind == "comparison" else ()
    asked = QuestionDraft(question, kind, sides=sides)  # type: ignore[arg-type]
    item = AnswerInput(asked, tuple(found), matches, (), len(corpus), frozenset(stems[:1]))
    draft = answered(item)
    papers = {paper.key: paper for paper in found}
    for part in draft.paragraphs:
        assert part.layout == "entries"
        assert len({ref.key for claim in part.claims for ref in claim.evidence}) == 1
        for claim in part.claims:
            [ref] = claim.evidence
            evidence = resolve(ref, papers)
            assert evidence and claim.text == f"“{evidence.text}”" and claim.kind == "fact"
    if draft.status == "not_stated":
        assert draft.reason and len(refs(draft)) == (draft.reason == "false_premise")
    else:
        assert draft.paragraphs and draft.reason in (None, "conflicting")
    assert set(draft.wanted) <= set(papers)
    ours = f"what is asked for stands for {YEARS}"
    assert set(words(draft.unstated)) <= {*words(question), *words(ours)}


def test_the_order_of_papers_changes_nothing() -> None:
    """An answer depends on what was found, not on how it was handed over."""
    item = sample_asked().input("Which papers quantize weights or the KV cache?")
    turned = AnswerInput(
        item.asked, item.papers[::-1], item.matches, item.passages[::-1], item.size, item.unknown
    )
    assert answered(item) == answered(turned)


def test_a_long_question_is_taken() -> None:
    """Ten thousand characters are planned and answered like any others."""
    for typed in (
        "a or " * 2_000,
        "x vs " * 2_000,
        "how do " * 1_500 + "and differ",
        "a" * 10_000,
        "(" * 10_000,
    ):
        asked = plan(typed)
        assert answered(AnswerInput(asked, tuple(corpus_of()), (), (), 7)).status in {
            "answered",
            "partial",
            "not_stated",
        }


# Stances


@pytest.mark.parametrize(
    ("sentence", "expected", "paper"),
    [
        ("AWQ is 1.45x faster than GPTQ.", "supports", "AWQ"),
        ("AWQ is 3x faster than GPTQ.", "against", "AWQ"),
        ("GPTQ is faster than AWQ.", "related", "AWQ"),
        ("GPTQ is faster than FP16.", "related", "AWQ"),
        ("AWQ needs no backpropagation.", "supports", "AWQ"),
        ("AWQ needs backpropagation and reconstruction.", "against", "AWQ"),
        ("KIVI quantizes keys per channel and values per token.", "supports", "KIVI"),
        ("KIVI quantizes keys per token and values per channel.", "against", "KIVI"),
        ("Keys should be quantized per-token and values per-channel.", "against", "KIVI"),
        ("KIVI quantizes keys per token.", "against", "KIVI"),
        ("Medusa-1 loses generation quality.", "against", "Medusa"),
        ("The drafters need no training or fine-tuning.", "supports", "EasySpec"),
        ("The drafters need training or fine-tuning.", "against", "EasySpec"),
        ("ZipVL lowers GPU memory usage by 50.0%.", "supports", "ZipVL"),
        ("ZipVL lowers GPU memory usage by 60%.", "against", "ZipVL"),
        ("LoLDU has 2600 times fewer trainable parameters than regular PEFT methods.", "supports", "LoLDU"),
        ("LoLDU has 100 times fewer trainable parameters than regular PEFT methods.", "against", "LoLDU"),
        ("LoRA-GA converges slowly.", "related", "LoRA-GA"),
        (
            "PEARL is 3.79 times faster than auto-regressive decoding.",  # up to
            "related",
            "Parallel Speculative Decoding with Adaptive Draft Length",
        ),
    ],
)  # fmt: skip
def test_how_a_paper_stands_to_a_sentence(sentence: str, expected: str, paper: str) -> None:
    """The same words, figures and negation support; one figure or the negation turned speaks against; else related."""
    asked = sample_asked()
    found = {asked.called(item.key): item.stance for item in asked.stances(sentence).stances}
    assert found[paper] == expected


def test_nothing_stands_to_a_sentence_of_another_field() -> None:
    """Where no paper shares words, nothing is said."""
    assert sample_asked().stances("Bread rises slowly.").stances == ()
    assert sample_asked().stances("").stances == ()


@given(st.integers(0, 200), st.booleans())
@FIXED
def test_every_sentence_supports_itself_and_not_its_negation(number: int, is_negated: bool) -> None:
    """A paper supports its own sentence; put into doubt by a negation, it does not."""
    corpus = sample_asked().corpus
    sentences = [one for paper in corpus for one in paper.sentences if one.part == "abstract"]
    one = sentences[number % len(sentences)]
    typed = f"It does not hold that {one.text}" if is_negated else one.text
    [item] = stance(StanceInput(typed, (corpus[one.key],))).stances
    assert all(resolve(ref, {one.key: corpus[one.key]}) for ref in item.evidence)
    assert (item.stance == "supports") != is_negated


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("There is no backpropagation here.", {"backpropag"}),
        ("A training-free method.", {"train"}),
        ("It does not depend on any data, and training is fast.", {"depend", "data"}),
        ("It trains without training.", set()),
        ("It trains a model.", set()),
        ("It does not hold that pruning helps.", {"prun"}),
    ],
)
def test_what_a_text_negates(text: str, expected: set[str]) -> None:
    """The words right behind a negation or before -free, where the text does not affirm them elsewhere."""
    assert negated(text) >= expected and ("train" in negated(text)) == ("train" in expected)
