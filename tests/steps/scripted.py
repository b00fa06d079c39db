"""A small world of invented papers, and an engine whose drafts are written by hand.

The engine is synthetic: it asks nothing and nobody. It drafts well unless a test scripts it otherwise.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from hypothesis import settings

from agent.engines.protocol import (
    AnswerDraft,
    AnswerInput,
    Ask,
    ClaimDraft,
    Failure,
    FindingDraft,
    FrameDraft,
    FrameInput,
    JudgeDraft,
    JudgeInput,
    Judgement,
    LeadDraft,
    LeadInput,
    Observer,
    OrderDraft,
    OrderInput,
    ParagraphDraft,
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
    SentenceRef,
    Silent,
    StanceDraft,
    StanceInput,
    SummaryDraft,
    ThemeDraft,
)
from agent.library import RecordRow
from agent.products.scope import Scope
from agent.records import (
    Claim,
    EngineInfo,
    Paper,
    Plan,
    PlannedPaper,
    Section,
    Texts,
    Theme,
    Usage,
    Verify,
)
from agent.steps.writer import Manner, Written, write
from agent.text.numbered import Corpus, NumberedPaper

T = TypeVar("T")
FIXED = settings(derandomize=True, deadline=None, database=None, max_examples=100)
SILENT = Silent()

WORLD: dict[str, tuple[str, str | None]] = {
    "arco": (
        "ARCO: Packing Sensor Logs on Bridges",
        "Bridge sensors write more logs than a radio link can carry. "
        "We present ARCO, which packs the logs of bridge sensors before they are sent. "
        "ARCO cuts radio traffic by 40% and runs 2.5x faster than plain packing. "
        "Batteries then last 14 months on 8 bridges.",
    ),
    "belt": (
        "BELT: Waking Bridge Sensors When Trucks Pass",
        "Sensors that never sleep drain their batteries. "
        "BELT wakes a sensor when a truck passes and lets it sleep otherwise. "
        "Energy use falls by 70% on 8 bridges.",
    ),
    "beltwo": (
        "BELT2: Waking Sensors on Rail Tracks",
        "Trains are longer than trucks and wake a sensor too late. "
        "BELT2 listens to the rail and wakes the sensor 12 seconds ahead.",
    ),
    "cusp": (
        "CUSP: Forecasting Cracks from Sparse Readings",
        "Cracks grow slowly, and readings of them are sparse. "
        "CUSP forecasts crack growth from 10 readings a year. "
        "Its error is 0.3 mm, where the usual model misses by 1.2 mm.",
    ),
    "dune": (
        "Repainting Schedules for Steel Bridges",
        "Steel rusts where paint is thin. "
        "We derive repainting schedules from salt maps made with GeoPIX cameras. "
        "Costs fall by 25% over 30 years.",
    ),
    "elm": (
        "Alarm Fine-Tuning for Bridge Keepers",
        "Keepers ignore alarms that ring too often. "
        "We study alarm fine-tuning with the keepers of 5 bridges. "
        "False alarms drop by 60%, and answer times stay the same.",
    ),
    "fern": ("A Glossary of Bridge Inspection", None),
}
TITLE = "Bridge sensors on LoRaX links"


def paper_of(key: str, title: str, abstract: str | None = None, **fields: Any) -> Paper:
    """A paper that has its texts and what else is given."""
    texts = Texts(title=title, abstract=abstract)
    return Paper(
        key=key, title=title, texts=texts, title_original=title, abstract_original=abstract, **fields
    )


def corpus_of(texts: Mapping[str, tuple[str, str | None]] = WORLD) -> Corpus:
    return Corpus(paper_of(key, title, abstract) for key, (title, abstract) in texts.items())


def many_papers(count: int) -> Corpus:
    """Distinct papers in three families of words."""
    families = ("tide gauge", "wind vane", "rain radar")
    return corpus_of(
        {
            f"p{number:03}": (
                f"Reading a {families[number % 3]} at station {number}",
                f"Station {number} keeps a {families[number % 3]} in order. Its {families[number % 3]} is read daily.",
            )
            for number in range(count)
        }
    )


def theme_of(corpus: Corpus, keys: Iterable[str], title: str = TITLE, id_: str = "sensors") -> Theme:
    planned = tuple(PlannedPaper(key=key, title=corpus[key].paper.title) for key in keys)
    return Theme(id=id_, title=title, papers=planned)


def plan_of(corpus: Corpus, **themes: Iterable[str]) -> Plan:
    """A plan of the named themes; one theme of all papers where none is named."""
    if not themes:
        return Plan(topic="Bridges", themes=(theme_of(corpus, corpus.keys),))
    return Plan(
        topic="Bridges", themes=tuple(theme_of(corpus, keys, id_, id_) for id_, keys in themes.items())
    )


def scope_of(corpus: Corpus, **decided: Any) -> Scope:
    """A scope of one record a paper."""
    rows = tuple(
        RecordRow("list.jsonl", f"record {number}", number, paper.paper.title, paper.key, None, number, 1)
        for number, paper in enumerate(corpus, start=1)
    )
    papers = {paper.key: paper.paper for paper in corpus}
    return Scope(rows, papers, decided.get("excluded", {}), frozenset(decided.get("kept", ())))


def run(work: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(work)


# Drafts


def ref(place: str) -> SentenceRef:
    """`arco:3` is sentence 3 of arco."""
    key, _, number = place.partition(":")
    return SentenceRef(key, int(number))


def fact(text: str, *places: str) -> ClaimDraft:
    return ClaimDraft(text, "fact", tuple(ref(place) for place in places))


def inference(text: str, *places: str) -> ClaimDraft:
    return ClaimDraft(text, "inference", tuple(ref(place) for place in places))


def gap(text: str, *absent: str, near: str | None = None) -> ClaimDraft:
    return ClaimDraft(text, "gap", (), absent, ref(near) if near else None)


def own(text: str) -> ClaimDraft:
    return ClaimDraft(text, "own")


def quote(paper: NumberedPaper, number: int | None = None) -> ClaimDraft:
    """A sentence of a paper word for word; its first one, or its title where that is all there is."""
    at = min(1, len(paper.sentences) - 1) if number is None else number
    return ClaimDraft(f"“{paper.sentences[at].text}”", "fact", (SentenceRef(paper.key, at),))


def section(*claims: ClaimDraft) -> SectionDraft:
    return SectionDraft((ParagraphDraft(claims),))


def quotes(asked: SectionInput) -> tuple[ClaimDraft, ...]:
    """A quotation of every paper that a section is about."""
    return tuple(quote(paper) for paper in asked.papers)


def verdicts(asked: JudgeInput, **said: str) -> JudgeDraft:
    """Every claim is supported, but those whose text opens with a named word."""
    return JudgeDraft(
        tuple(
            Judgement(claim.id, said.get(claim.text.split()[0], "supported"), "so it reads")  # type: ignore[arg-type]
            for claim in asked.claims
        )
    )


# The engine

Script = Callable[[Ask[Any, Any]], Any]


class Scripted:
    """Answers each ask by the script of its method, and remembers the rounds it was asked."""

    def __init__(self, *, is_judging: bool = True, **scripts: Script) -> None:
        self.is_judging = is_judging
        self.scripts = scripts
        self.rounds: dict[str, list[list[Ask[Any, Any]]]] = defaultdict(list)

    def info(self, verify: Verify) -> EngineInfo:
        return EngineInfo(
            name="model", models={"all": "synthetic"}, version="scripted", prompts="", verify=verify
        )

    def usage(self) -> Usage:
        return Usage()

    def asked(self, method: str) -> list[Any]:
        """The inputs of all rounds of a method, in order."""
        return [ask.item for asks in self.rounds[method] for ask in asks]

    def _answer(
        self, method: str, asks: Sequence[Ask[Any, Any]], usual: Callable[[Any], Any]
    ) -> list[Any | Failure]:
        self.rounds[method].append(list(asks))
        script = self.scripts.get(method)
        return [script(ask) if script else usual(ask.item) for ask in asks]

    async def propose(
        self, asks: Sequence[Ask[PlanInput, PlanDraft]], observer: Observer
    ) -> list[PlanDraft | Failure]:
        return self._answer("propose", asks, _two_themes)

    async def place(
        self, asks: Sequence[Ask[PlaceInput, PlaceDraft]], observer: Observer
    ) -> list[PlaceDraft | Failure]:
        return self._answer(
            "place", asks, lambda i: PlaceDraft({paper.key: i.themes[0].id for paper in i.papers})
        )

    async def order(
        self, asks: Sequence[Ask[OrderInput, OrderDraft]], observer: Observer
    ) -> list[OrderDraft | Failure]:
        return self._answer("order", asks, lambda i: OrderDraft(tuple(theme.id for theme in i.themes)))

    async def summarise(
        self, asks: Sequence[Ask[NumberedPaper, SummaryDraft]], observer: Observer
    ) -> list[SummaryDraft | Failure]:
        return self._answer("summarise", asks, _first_sentence)

    async def draft_section(
        self, asks: Sequence[Ask[SectionInput, SectionDraft]], observer: Observer
    ) -> list[SectionDraft | Failure]:
        return self._answer("draft_section", asks, lambda i: section(*quotes(i)))

    async def draft_frame(
        self, asks: Sequence[Ask[FrameInput, FrameDraft]], observer: Observer
    ) -> list[FrameDraft | Failure]:
        return self._answer(
            "draft_frame", asks, lambda i: FrameDraft(section(own("What follows is a draft.")))
        )

    async def judge(
        self, asks: Sequence[Ask[JudgeInput, JudgeDraft]], observer: Observer
    ) -> list[JudgeDraft | Failure]:
        return self._answer("judge", asks, verdicts)

    async def revise(
        self, asks: Sequence[Ask[ReviseInput, ReviseDraft]], observer: Observer
    ) -> list[ReviseDraft | Failure]:
        return self._answer("revise", asks, lambda i: ReviseDraft())

    async def plan_question(
        self, asks: Sequence[Ask[QuestionInput, QuestionDraft]], observer: Observer
    ) -> list[QuestionDraft | Failure]:
        return self._answer("plan_question", asks, lambda i: QuestionDraft(i.question, "fact"))

    async def draft_answer(
        self, asks: Sequence[Ask[AnswerInput, AnswerDraft]], observer: Observer
    ) -> list[AnswerDraft | Failure]:
        return self._answer(
            "draft_answer", asks, lambda i: AnswerDraft("answered", paragraphs=_quoted(i.papers[:1]))
        )

    async def stance(
        self, asks: Sequence[Ask[StanceInput, StanceDraft]], observer: Observer
    ) -> list[StanceDraft | Failure]:
        return self._answer("stance", asks, lambda i: StanceDraft())

    async def draft_lead(
        self, asks: Sequence[Ask[LeadInput, LeadDraft]], observer: Observer
    ) -> list[LeadDraft | Failure]:
        return self._answer("draft_lead", asks, lambda i: LeadDraft((quote(i.papers[0]),)))


def _quoted(papers: Sequence[NumberedPaper]) -> tuple[ParagraphDraft, ...]:
    return (ParagraphDraft(tuple(quote(paper) for paper in papers)),)


def _two_themes(asked: PlanInput) -> PlanDraft:
    keys = [paper.key for paper in asked.papers]
    halves = [tuple(keys[::2]), tuple(keys[1::2])]
    titles = ["First half", "Second half"]
    drawn = [
        ThemeDraft(title, "Every other paper.", half)
        for title, half in zip(titles, halves, strict=True)
        if half
    ]
    return PlanDraft(asked.topic or "Bridges", tuple(drawn))


def _first_sentence(paper: NumberedPaper) -> SummaryDraft:
    return SummaryDraft(kind="method", approach=FindingDraft(paper.sentences[1].text, (1,)))


# What a run made


def written_by(
    engine: Scripted, verify: Verify = "code", corpus: Corpus | None = None, plan: Plan | None = None
) -> Written:
    """What the writer makes of an engine's drafts, about the small world if nothing else is given."""
    papers = corpus or corpus_of()
    return run(write(engine, plan or plan_of(papers), papers, {}, Manner(verify), SILENT))


def drafting(*claims: ClaimDraft, **scripts: Script) -> Scripted:
    """An engine that drafts these claims for every section, and quotes every paper besides."""
    return Scripted(draft_section=lambda ask: section(*claims, *quotes(ask.item)), **scripts)


def claims_of(sections: Iterable[Section]) -> list[Claim]:
    return [claim for part in sections for paragraph in part.paragraphs for claim in paragraph.claims]


def codes(claim: Claim) -> set[str]:
    return {problem.code for problem in claim.problems}


def kept_and_dropped(written: Written) -> tuple[list[Claim], list[Claim]]:
    return claims_of(written.sections), [dropped.claim for dropped in written.dropped]
