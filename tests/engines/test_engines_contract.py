"""What every engine keeps to: whole rounds, in order, drafts that resolve, equal drafts for equal inputs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from scripted import SILENT, WORLD, Scripted, corpus_of, many_papers, plan_of, run
from synthetic import reply

from agent.engines.extractive import ExtractiveEngine
from agent.engines.llm import LLMEngine
from agent.engines.protocol import (
    AnswerDraft,
    AnswerInput,
    Ask,
    Before,
    Engine,
    Failure,
    FrameDraft,
    FrameInput,
    JudgeDraft,
    JudgeInput,
    Match,
    OrderInput,
    PlaceInput,
    PlanInput,
    QuestionDraft,
    QuestionInput,
    ReviseDraft,
    ReviseInput,
    SectionDraft,
    SectionInput,
    StanceInput,
    SummaryDraft,
    resolve,
)
from agent.llm.gateway import Gateway, StepSettings
from agent.llm.prompts import Prompts
from agent.llm.request import Request, Response, TokenUsage
from agent.records import Claim, Outlier, Summary
from agent.settings import STEPS
from agent.steps.reader import read
from agent.steps.writer import Manner, parts_of, write
from agent.text.numbered import Corpus, NumberedPaper


class Modelled(LLMEngine):
    """The engine that asks a model, with a synthetic one at the end of its line."""

    def __init__(self) -> None:
        steps = {step: StepSettings("synthetic") for step in STEPS}
        super().__init__(Gateway(Synthetic(), Prompts(), steps, "json_schema"))


class Synthetic:
    """A transport that answers at once."""

    async def send(self, request: Request) -> Response:
        return Response(reply({"messages": request.messages}), "stop", TokenUsage(1, 1), "synthetic")


ENGINES: dict[str, Callable[[], Engine]] = {
    "extractive": ExtractiveEngine,
    "scripted": Scripted,
    "model": Modelled,
}
ANSWERING = (
    "extractive",
    "scripted",
    "model",
)  # engines whose answers are held to the same; each is one of ENGINES
QUESTIONS = ("plan_question", "draft_answer", "stance")
METHODS = ("propose", "place", "order", "summarise", "draft_section", "draft_frame", "judge", "revise")


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Engine:
    return ENGINES[request.param]()


class World:
    """Two or more different inputs of every method, made from a corpus."""

    def __init__(self, engine: Engine, corpus: Corpus) -> None:
        keys = corpus.keys
        cut = len(keys) // 2
        self.corpus = corpus
        self.plan = plan_of(corpus, left=keys[:cut], right=keys[cut:])
        papers = tuple(corpus)
        self.summaries: dict[str, Summary] = run(read(engine, papers, SILENT)).summaries
        written = run(write(engine, self.plan, corpus, self.summaries, Manner("code"), SILENT))
        sections = written.sections
        self.claims = tuple(c for s in sections for p in s.paragraphs for c in p.claims)
        self.inputs: dict[str, list[Any]] = {
            "propose": [PlanInput(papers), PlanInput(papers[:4], "Bridges", 2, frozenset(keys[:1]))],
            "place": [
                PlaceInput(papers[cut:], self.plan.themes[:1], papers[:cut], "Bridges"),
                PlaceInput(papers[:cut], self.plan.themes[1:], papers[cut:], "Bridges"),
            ],
            "order": [OrderInput(self.plan.themes, papers), OrderInput(self.plan.themes[::-1], papers)],
            "summarise": [paper for paper in papers if paper.is_readable],
            "draft_section": [
                part for theme in self.plan.themes for part in parts_of(theme, corpus, self.summaries)
            ],
            "draft_frame": [
                FrameInput("Bridges", sections, (Outlier(key="x", title="X", reason="odd"),), papers, self.summaries),
                FrameInput("Left", sections[:1], (), papers[:cut], self.summaries),
            ],
            "judge": [
                JudgeInput(where, self.facts(where), {paper.key: paper.paper for paper in papers})
                for where in ("left", "right")
            ],
            "revise": [
                ReviseInput(where, self.facts(where), {self.facts(where)[0].id: "weak"}, papers)
                for where in ("left", "right")
            ],
        }  # fmt: skip

    def facts(self, where: str) -> tuple[Claim, ...]:
        return tuple(c for c in self.claims if c.kind == "fact" and c.id.startswith(where))

    def ask(self, engine: Engine, method: str, inputs: list[Any] | None = None) -> list[Any]:
        asks = [Ask(item) for item in (self.inputs[method] if inputs is None else inputs)]
        return list(run(getattr(engine, method)(asks, SILENT)))


@pytest.fixture
def world(engine: Engine) -> World:
    return World(engine, corpus_of())


class Counting:
    """An observer that counts."""

    def __init__(self) -> None:
        self.advanced = 0

    def start(self, step: str, total: int) -> None:
        """Nothing."""

    def advance(self, step: str, count: int = 1) -> None:
        self.advanced += count

    def note(self, message: str) -> None:
        """Nothing."""


@pytest.mark.parametrize("method", METHODS)
def test_a_round_is_answered_in_order(engine: Engine, world: World, method: str) -> None:
    """One draft an ask: the answers of a round are those of its asks alone, in the same order, either way round."""
    inputs = world.inputs[method]
    alone = [world.ask(engine, method, [item])[0] for item in inputs]
    assert len(inputs) > 1
    assert world.ask(engine, method) == alone
    assert world.ask(engine, method, inputs[::-1]) == alone[::-1]
    assert not any(isinstance(draft, Failure) for draft in alone)


@pytest.mark.parametrize("method", METHODS)
def test_an_empty_round_is_answered_with_nothing(engine: Engine, world: World, method: str) -> None:
    """Nothing asked is nothing answered, and no error."""
    assert world.ask(engine, method, []) == []


@pytest.mark.parametrize("method", METHODS)
def test_equal_inputs_give_equal_drafts(world: World, engine: Engine, method: str) -> None:
    """Another engine of the same kind, given the same inputs, drafts the same."""
    assert world.ask(engine, method) == world.ask(type(engine)(), method)


def test_drafts_resolve(engine: Engine, world: World) -> None:
    """Every sentence that a draft points at is one of the papers of its input."""
    for item, draft in zip(world.inputs["draft_section"], world.ask(engine, "draft_section"), strict=True):
        papers = {paper.key: paper for paper in item.papers}
        assert all(resolve(ref, papers) for ref in refs_of(draft))
    for item, draft in zip(world.inputs["draft_frame"], world.ask(engine, "draft_frame"), strict=True):
        papers = {paper.key: paper for paper in item.papers}
        parts = [draft.introduction, draft.comparison, draft.outlook]
        assert all(resolve(ref, papers) for part in parts if part for ref in refs_of(part))
    for item, draft in zip(world.inputs["summarise"], world.ask(engine, "summarise"), strict=True):
        assert all(0 <= number < len(item.sentences) for number in numbers_of(draft))


def refs_of(draft: SectionDraft) -> Iterator[Any]:
    for paragraph in draft.paragraphs:
        for claim in paragraph.claims:
            yield from claim.evidence
    for table in draft.tables:
        for _, cells in table.rows:
            for cell in cells:
                yield from cell.evidence


def numbers_of(draft: SummaryDraft) -> Iterator[int]:
    for finding in (draft.problem, draft.approach, *draft.findings, *draft.limitations):
        yield from finding.evidence if finding else ()
    for result in draft.results:
        yield from result.evidence


def test_drafts_are_of_their_kind(engine: Engine, world: World) -> None:
    """Proposals and orders cover what they are about; the others are drafts of their method."""
    for item, draft in zip(world.inputs["propose"], world.ask(engine, "propose"), strict=True):
        named = [*(key for theme in draft.themes for key in theme.keys), *(key for key, _ in draft.outliers)]
        assert sorted(named) == sorted(paper.key for paper in item.papers)
        assert all(reason for _, reason in draft.outliers)
    for item, draft in zip(world.inputs["place"], world.ask(engine, "place"), strict=True):
        assert set(draft.places) == {paper.key for paper in item.papers}
        assert set(draft.places.values()) <= {theme.id for theme in item.themes}
    for item, draft in zip(world.inputs["order"], world.ask(engine, "order"), strict=True):
        assert sorted(draft.ids) == sorted(theme.id for theme in item.themes)
    assert all(isinstance(draft, FrameDraft) for draft in world.ask(engine, "draft_frame"))
    for item, draft in zip(world.inputs["judge"], world.ask(engine, "judge"), strict=True):
        assert isinstance(draft, JudgeDraft)
        wanted = {claim.id for claim in item.claims} if engine.is_judging else set()
        assert {judgement.claim for judgement in draft.judgements} == wanted
    for item, draft in zip(world.inputs["revise"], world.ask(engine, "revise"), strict=True):
        assert isinstance(draft, ReviseDraft) and set(draft.claims) <= set(item.flagged)


@pytest.mark.parametrize("count", [4, 65])
def test_a_section_speaks_of_exactly_its_papers(engine: Engine, count: int) -> None:
    """A section cites each paper of its theme or part, and no other."""
    world = World(engine, many_papers(count))
    items: list[SectionInput] = world.inputs["draft_section"]
    for item, draft in zip(items, world.ask(engine, "draft_section"), strict=True):
        assert {ref.key for ref in refs_of(draft)} == {paper.key for paper in item.papers}
    assert sorted(p.key for item in items for p in item.papers) == sorted(world.corpus.keys)


def test_what_an_engine_drafts_passes_the_checks(world: World) -> None:
    """A good engine's claims are supported or our own, none is dropped, and every paper is cited."""
    assert {claim.verdict for claim in world.claims} <= {"supported", None}
    assert {key for claim in world.claims for key in claim.citations} == set(WORLD)


def test_a_re_ask_is_answered_too(engine: Engine, world: World) -> None:
    """An ask with problems and an earlier draft gets a draft like any other."""
    [item] = world.inputs["draft_section"][:1]
    [first] = world.ask(engine, "draft_section", [item])
    again = run(engine.draft_section([Ask(item, (), first)], SILENT))
    assert len(again) == 1 and isinstance(again[0], SectionDraft)


def test_an_engine_says_what_it_is(engine: Engine) -> None:
    """What stands in the product names the engine and how its drafts were checked."""
    assert engine.info("code").verify == "code" and engine.info("none").verify == "none"
    assert engine.info("code").version
    assert engine.usage().calls >= 0


def test_progress_is_one_step_an_ask() -> None:
    """The extractive engine tells the observer of each draft."""
    counting = Counting()
    papers: list[NumberedPaper] = [paper for paper in corpus_of() if paper.is_readable]
    run(ExtractiveEngine().summarise([Ask(paper) for paper in papers], counting))
    assert counting.advanced == len(papers)


def test_an_engine_without_a_model_judges_and_revises_nothing() -> None:
    """The extractive engine says so, gives no judgement, changes no claim, and costs nothing."""
    engine = ExtractiveEngine()
    world = World(engine, corpus_of())
    assert not engine.is_judging and engine.usage().calls == 0
    assert world.ask(engine, "judge") == [JudgeDraft(), JudgeDraft()]
    assert world.ask(engine, "revise") == [ReviseDraft(), ReviseDraft()]


# Questions


@pytest.fixture(params=ANSWERING)
def answering(request: pytest.FixtureRequest) -> Engine:
    return ENGINES[request.param]()


def questions_of(corpus: Corpus) -> dict[str, list[Any]]:
    """Two or more different inputs of every method that answers questions."""
    papers = tuple(corpus)
    asked = [
        (QuestionDraft("How far does energy use fall with BELT?", "figure"), ("belt", "arco")),
        (QuestionDraft("Which papers put sensors on bridges?", "list"), ("arco", "belt", "dune")),
        (QuestionDraft("How is milk sugar digested?", "fact"), ()),
    ]
    claim = Claim(id="answer.p1.c1", text="“It is so.”", kind="fact", citations=("belt",))
    before = Before("How does BELT save energy?", (claim,), {"belt": corpus["belt"].paper})
    return {
        "plan_question": [
            QuestionInput("How far does energy use fall with BELT?"),
            QuestionInput("and on how many bridges does it run?", (before,)),
        ],
        "draft_answer": [
            AnswerInput(
                draft,
                papers,
                tuple(Match(key, 1.0, is_named=key == "belt") for key in found),
                (),
                len(papers),
            )
            for draft, found in asked
        ],
        "stance": [
            StanceInput("Energy use falls by 70% on 8 bridges.", papers),
            StanceInput("Milk sugar is digested slowly.", papers),
        ],
    }


def ask(engine: Engine, method: str, inputs: list[Any]) -> list[Any]:
    return list(run(getattr(engine, method)([Ask(item) for item in inputs], SILENT)))


@pytest.mark.parametrize("method", QUESTIONS)
def test_a_round_of_questions_is_answered_in_order(answering: Engine, method: str) -> None:
    """One draft an ask, the same alone and in company, either way round, of another engine of the kind, too."""
    inputs = questions_of(corpus_of())[method]
    alone = [ask(answering, method, [item])[0] for item in inputs]
    assert len(inputs) > 1
    assert ask(answering, method, inputs) == alone == ask(type(answering)(), method, inputs)
    assert ask(answering, method, inputs[::-1]) == alone[::-1]
    assert ask(answering, method, []) == []
    assert not any(isinstance(draft, Failure) for draft in alone)


def test_answers_and_stances_resolve(answering: Engine) -> None:
    """Every sentence that an answer or a stance points at is one of the papers shown, and its paper's own."""
    inputs = questions_of(corpus_of())
    for item, draft in zip(
        inputs["draft_answer"], ask(answering, "draft_answer", inputs["draft_answer"]), strict=True
    ):
        papers = {paper.key: paper for paper in item.papers}
        claims = [claim for paragraph in draft.paragraphs for claim in paragraph.claims]
        assert isinstance(draft, AnswerDraft) and set(draft.wanted) <= set(papers)
        assert all(resolve(ref, papers) for claim in claims for ref in claim.evidence)
    for item, draft in zip(inputs["stance"], ask(answering, "stance", inputs["stance"]), strict=True):
        papers = {paper.key: paper for paper in item.papers}
        assert all(
            ref.key == one.key and resolve(ref, papers) for one in draft.stances for ref in one.evidence
        )


def test_a_planned_question_points_at_papers_of_the_turns_before(answering: Engine) -> None:
    """A first question is about no earlier paper, a follow-up only about those that were cited."""
    inputs = questions_of(corpus_of())["plan_question"]
    for item, draft in zip(inputs, ask(answering, "plan_question", inputs), strict=True):
        assert draft.question and set(draft.keys) <= {key for turn in item.before for key in turn.papers}
