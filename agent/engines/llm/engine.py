"""The engine protocol, answered by a language model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from agent.engines.llm import asking, judging, leading, planning, reading, writing
from agent.engines.llm.replies import (
    AnswerReply,
    FrameReply,
    JudgeReply,
    LeadReply,
    OrderReply,
    PlaceReply,
    PlanQuestionReply,
    ProposeReply,
    ReviseReply,
    SectionReply,
    StanceReply,
    SummariseReply,
)
from agent.engines.llm.usage import usage_of
from agent.engines.protocol import (
    AnswerDraft,
    AnswerInput,
    Ask,
    Failure,
    FrameDraft,
    FrameInput,
    JudgeDraft,
    JudgeInput,
    LeadDraft,
    LeadInput,
    Observer,
    OrderDraft,
    OrderInput,
    PlaceDraft,
    PlaceInput,
    PlanDraft,
    PlanInput,
    QuestionDraft,
    QuestionInput,
    ReviseDraft,
    ReviseInput,
    SectionDraft,
    SectionInput,
    StanceDraft,
    StanceInput,
    SummaryDraft,
)
from agent.llm.estimate import Forecast
from agent.llm.gateway import Gateway, NoReply, Question
from agent.llm.reply import Reply
from agent.records import EngineInfo, Usage, Verify
from agent.text.numbered import NumberedPaper

VERSION = "1"  # part of what a product is made from: raise it when replies are read in another way
I = TypeVar("I")  # noqa: E741 - an input
D = TypeVar("D")
R = TypeVar("R", bound=Reply)


class LLMEngine:
    """Asks a model through the gateway; every draft of it is still to be checked.

    Args:
        language: what to write in; English if left out.
        forecast: prices, for what the product's replies cost.
    """

    is_judging = True

    def __init__(
        self, gateway: Gateway, language: str | None = None, forecast: Forecast | None = None
    ) -> None:
        self._gateway = gateway
        self._language = language
        self._forecast = forecast or Forecast()

    def info(self, verify: Verify) -> EngineInfo:
        return EngineInfo(
            name="model",
            models={step: settings.model for step, settings in sorted(self._gateway.steps.items())},
            version=VERSION,
            prompts=self._gateway.prompts.digest,
            verify=verify,
            output=self._gateway.output,
            sampling={
                step: dict(settings.sampling) for step, settings in sorted(self._gateway.steps.items())
            },
        )

    def usage(self) -> Usage:
        """The sum over all replies that were read, as the endpoint reported them; unknown if one is."""
        steps = self._gateway.steps
        used = ((steps[step].model, response) for step, response in self._gateway.used.values())
        return usage_of(used, self._forecast)

    async def propose(
        self, asks: Sequence[Ask[PlanInput, PlanDraft]], observer: Observer
    ) -> list[PlanDraft | Failure]:
        return await self._each(
            asks,
            lambda ask: Question("plan", "propose", planning.propose_values(ask), ProposeReply),
            planning.plan_draft,
            _advance(observer, "plan"),
        )

    async def place(
        self, asks: Sequence[Ask[PlaceInput, PlaceDraft]], observer: Observer
    ) -> list[PlaceDraft | Failure]:
        return [await self._place(ask, observer) for ask in asks]

    async def _place(self, ask: Ask[PlaceInput, PlaceDraft], observer: Observer) -> PlaceDraft | Failure:
        """In batches; what an earlier round placed well is not asked again."""
        asked = ask.item
        before = ask.previous or PlaceDraft({})
        ids = {theme.id for theme in asked.themes}
        sound = {key for key, theme in before.places.items() if theme in ids} | (
            set(before.outliers) - asked.kept
        )
        wanted = [paper for paper in asked.papers if paper.key not in sound]
        batches = list(planning.batches(asked, wanted))
        observer.start("place", len(batches))
        questions = [
            Question("plan", "place", planning.place_values(asked, batch), PlaceReply) for batch in batches
        ]
        replies = await self._gateway.ask(questions, _advance(observer, "place"))
        places, outliers, why = dict(before.places), dict(before.outliers), ""
        for batch, reply in zip(batches, replies, strict=True):
            if isinstance(reply, NoReply):
                why = why or reply.reason
                continue
            draft = planning.place_draft(reply, asked, batch)
            places.update(draft.places)
            outliers.update(draft.outliers)
        return PlaceDraft(places, outliers, why)

    async def order(
        self, asks: Sequence[Ask[OrderInput, OrderDraft]], observer: Observer
    ) -> list[OrderDraft | Failure]:
        return await self._each(
            asks,
            lambda ask: Question("plan", "order", planning.order_values(ask), OrderReply),
            planning.order_draft,
            _advance(observer, "order"),
        )

    async def summarise(
        self, asks: Sequence[Ask[NumberedPaper, SummaryDraft]], observer: Observer
    ) -> list[SummaryDraft | Failure]:
        return await self._each(
            asks,
            lambda ask: Question("read", "summarise", reading.summarise_values(ask), SummariseReply),
            lambda reply, asked: reading.summary_draft(reply),
            _advance(observer, "read"),
        )

    async def draft_section(
        self, asks: Sequence[Ask[SectionInput, SectionDraft]], observer: Observer
    ) -> list[SectionDraft | Failure]:
        return await self._each(
            asks,
            lambda ask: Question(
                "write", "draft_section", writing.section_values(ask, self._language), SectionReply
            ),
            writing.section_draft,
            _advance(observer, "write"),
        )

    async def draft_frame(
        self, asks: Sequence[Ask[FrameInput, FrameDraft]], observer: Observer
    ) -> list[FrameDraft | Failure]:
        return await self._each(
            asks,
            lambda ask: Question(
                "write", "draft_frame", writing.frame_values(ask, self._language), FrameReply
            ),
            writing.frame_draft,
            _advance(observer, "frame"),
        )

    async def judge(
        self, asks: Sequence[Ask[JudgeInput, JudgeDraft]], observer: Observer
    ) -> list[JudgeDraft | Failure]:
        """One question a section, several for a very long one; what is judged is not asked again."""
        parts = [
            (number, chunk)
            for number, ask in enumerate(asks)
            for chunk in judging.chunks(judging.open_claims(ask))
        ]
        questions = [
            Question("judge", "judge", judging.judge_values(asks[number].item, chunk), JudgeReply)
            for number, chunk in parts
        ]
        replies = await self._gateway.ask(questions, _advance(observer, "judge"))
        judgements = [list(ask.previous.judgements) if ask.previous else [] for ask in asks]
        failures: dict[int, NoReply] = {}
        for (number, chunk), reply in zip(parts, replies, strict=True):
            if isinstance(reply, NoReply):
                failures[number] = reply
            else:
                judgements[number].extend(judging.judge_draft(reply, chunk).judgements)
        return [
            _failure(failures[number]) if number in failures and not found else JudgeDraft(tuple(found))
            for number, found in enumerate(judgements)
        ]

    async def revise(
        self, asks: Sequence[Ask[ReviseInput, ReviseDraft]], observer: Observer
    ) -> list[ReviseDraft | Failure]:
        return await self._each(
            asks,
            lambda ask: Question("revise", "revise", judging.revise_values(ask, self._language), ReviseReply),
            judging.revise_draft,
            _advance(observer, "revise"),
        )

    async def plan_question(
        self, asks: Sequence[Ask[QuestionInput, QuestionDraft]], observer: Observer
    ) -> list[QuestionDraft | Failure]:
        return await self._each(
            asks,
            lambda ask: Question("plan", "plan_question", asking.question_values(ask), PlanQuestionReply),
            asking.question_draft,
            _advance(observer, "ask"),
        )

    async def draft_answer(
        self, asks: Sequence[Ask[AnswerInput, AnswerDraft]], observer: Observer
    ) -> list[AnswerDraft | Failure]:
        return await self._each(
            asks,
            lambda ask: Question(
                "write", "draft_answer", asking.answer_values(ask, self._language), AnswerReply
            ),
            asking.answer_draft,
            _advance(observer, "answer"),
        )

    async def stance(
        self, asks: Sequence[Ask[StanceInput, StanceDraft]], observer: Observer
    ) -> list[StanceDraft | Failure]:
        return await self._each(
            asks,
            lambda ask: Question("write", "stance", asking.stance_values(ask), StanceReply),
            asking.stance_draft,
            _advance(observer, "answer"),
        )

    async def draft_lead(
        self, asks: Sequence[Ask[LeadInput, LeadDraft]], observer: Observer
    ) -> list[LeadDraft | Failure]:
        return await self._each(
            asks,
            lambda ask: Question("write", "draft_lead", leading.lead_values(ask, self._language), LeadReply),
            leading.lead_draft,
            _advance(observer, "lead"),
        )

    async def _each(
        self,
        asks: Sequence[Ask[I, D]],
        question: Callable[[Ask[I, D]], Question[R]],
        draft: Callable[[R, I], D],
        done: Callable[[], None],
    ) -> list[D | Failure]:
        """One question an ask, all at once, and a draft or a failure for each, in order."""
        replies = await self._gateway.ask([question(ask) for ask in asks], done)
        return [
            _failure(reply) if isinstance(reply, NoReply) else draft(reply, ask.item)
            for ask, reply in zip(asks, replies, strict=True)
        ]


def _advance(observer: Observer, step: str) -> Callable[[], None]:
    return lambda: observer.advance(step)


def _failure(reply: NoReply) -> Failure:
    return Failure(reply.code, reply.reason, is_final=reply.is_final, is_call=reply.is_call)
