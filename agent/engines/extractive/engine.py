"""The engine protocol, answered without a model."""

from __future__ import annotations

import signal
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import TypeVar

from agent.engines.extractive import answering, asking, leading, planning, reading, stances, writing
from agent.engines.protocol import (
    AnswerDraft,
    AnswerInput,
    Ask,
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
from agent.records import EngineInfo, Usage, Verify
from agent.text.numbered import NumberedPaper

VERSION = "1"  # part of what a product is made from: raise it when other groups, picks or words come out
CHUNK = 16  # papers that a worker takes at a time
I = TypeVar("I")  # noqa: E741 - an input
D = TypeVar("D")


class ExtractiveEngine:
    """Groups by words, picks by cues, quotes verbatim. Judges nothing and revises nothing.

    Args:
        workers: processes that read papers; their number changes nothing of what comes out.
    """

    is_judging = False

    def __init__(self, workers: int = 1) -> None:
        self.workers = workers

    def info(self, verify: Verify) -> EngineInfo:
        return EngineInfo(name="extractive", version=VERSION, prompts="", verify=verify)

    def usage(self) -> Usage:
        return Usage(calls=0, input_tokens=0, output_tokens=0, cost=0.0)

    async def propose(self, asks: Sequence[Ask[PlanInput, PlanDraft]], observer: Observer) -> list[PlanDraft]:
        for ask in asks:
            if planning.names_nobody(ask.item):
                observer.note(f"no paper speaks of “{ask.item.topic}”: nothing was set aside for it")
        return _each(asks, planning.propose, "plan", observer)

    async def place(
        self, asks: Sequence[Ask[PlaceInput, PlaceDraft]], observer: Observer
    ) -> list[PlaceDraft]:
        return _each(asks, planning.place, "place", observer)

    async def order(
        self, asks: Sequence[Ask[OrderInput, OrderDraft]], observer: Observer
    ) -> list[OrderDraft]:
        return _each(asks, lambda asked: OrderDraft(planning.order(asked)), "order", observer)

    async def summarise(
        self, asks: Sequence[Ask[NumberedPaper, SummaryDraft]], observer: Observer
    ) -> list[SummaryDraft]:
        if self.workers == 1 or len(asks) < 2:
            return _each(asks, reading.summarise, "read", observer)
        drafts = []
        with ProcessPoolExecutor(self.workers, initializer=_leave_interrupts_to_the_parent) as pool:
            for draft in pool.map(reading.summarise, [ask.item for ask in asks], chunksize=CHUNK):
                drafts.append(draft)
                observer.advance("read")
        return drafts

    async def draft_section(
        self, asks: Sequence[Ask[SectionInput, SectionDraft]], observer: Observer
    ) -> list[SectionDraft]:
        return _each(asks, writing.draft_section, "write", observer)

    async def draft_frame(
        self, asks: Sequence[Ask[FrameInput, FrameDraft]], observer: Observer
    ) -> list[FrameDraft]:
        return _each(asks, writing.draft_frame, "frame", observer)

    async def judge(
        self, asks: Sequence[Ask[JudgeInput, JudgeDraft]], observer: Observer
    ) -> list[JudgeDraft]:
        return _each(asks, lambda asked: JudgeDraft(), "judge", observer)

    async def revise(
        self, asks: Sequence[Ask[ReviseInput, ReviseDraft]], observer: Observer
    ) -> list[ReviseDraft]:
        return _each(asks, lambda asked: ReviseDraft(), "revise", observer)

    async def plan_question(
        self, asks: Sequence[Ask[QuestionInput, QuestionDraft]], observer: Observer
    ) -> list[QuestionDraft]:
        return _each(asks, asking.plan_question, "ask", observer)

    async def draft_answer(
        self, asks: Sequence[Ask[AnswerInput, AnswerDraft]], observer: Observer
    ) -> list[AnswerDraft]:
        return _each(asks, answering.draft_answer, "answer", observer)

    async def stance(
        self, asks: Sequence[Ask[StanceInput, StanceDraft]], observer: Observer
    ) -> list[StanceDraft]:
        return _each(asks, stances.stance, "answer", observer)

    async def draft_lead(
        self, asks: Sequence[Ask[LeadInput, LeadDraft]], observer: Observer
    ) -> list[LeadDraft]:
        return _each(asks, leading.draft_lead, "lead", observer)


def _leave_interrupts_to_the_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _each(asks: Sequence[Ask[I, D]], draft: Callable[[I], D], step: str, observer: Observer) -> list[D]:
    drafts = []
    for ask in asks:
        drafts.append(draft(ask.item))
        observer.advance(step)
    return drafts
