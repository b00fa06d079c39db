"""Writing: drafts of sections and frame, checked, judged, mended once, and put together."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from agent.engines.protocol import (
    Engine,
    FrameDraft,
    FrameInput,
    Observer,
    SectionDraft,
    SectionInput,
)
from agent.records import (
    Claim,
    Dropped,
    Frame,
    FramePart,
    Missing,
    Paragraph,
    Plan,
    Problem,
    Section,
    Summary,
    Table,
    Theme,
    Verify,
)
from agent.steps.attempt import Checked, Outcome, attempt
from agent.steps.checker import CheckedSection, check_section
from agent.steps.checks import Context
from agent.steps.judging import judge_and_mend
from agent.text.numbered import Corpus, NumberedPaper
from agent.text.themes import named_groups

LARGEST_PART = 30  # papers that one draft is about
FRAME_PARTS = ("introduction", "comparison", "outlook")


@dataclass(frozen=True)
class Written:
    """Sections and frame, with what was dropped and what is missing."""

    sections: tuple[Section, ...]
    frame: Frame
    dropped: tuple[Dropped, ...]
    missing: tuple[Missing, ...]


async def write(
    engine: Engine,
    plan: Plan,
    corpus: Corpus,
    summaries: Mapping[str, Summary],
    verify: Verify,
    observer: Observer,
) -> Written:
    """Write every theme and what stands round them."""
    asked = [part for theme in plan.themes for part in parts_of(theme, corpus, summaries)]
    observer.start("write", len(asked))
    outcomes = await attempt(engine.draft_section, asked, lambda i, d: _check_part(i, d, verify), observer)
    missing = [
        _missing(part, outcome)
        for part, outcome in zip(asked, outcomes, strict=True)
        if outcome.value is None
    ]
    drafted = [_joined(theme, asked, outcomes) for theme in plan.themes]
    contexts = [_context(theme, corpus.some(theme.keys)) for theme in plan.themes]
    judged = await judge_and_mend(engine, drafted, contexts, verify, observer)
    sections = tuple(
        _section(theme, paragraphs, _tables(theme, asked, outcomes))
        for theme, paragraphs in zip(plan.themes, judged.kept, strict=True)
    )
    frame, dropped, lost = await _write_frame(engine, plan, sections, corpus, summaries, verify, observer)
    return Written(sections, frame, (*judged.dropped, *dropped), (*missing, *lost))


def parts_of(theme: Theme, corpus: Corpus, summaries: Mapping[str, Summary]) -> list[SectionInput]:
    """What is asked for a theme: one draft, or one a part where it has over thirty papers."""
    papers = corpus.some(theme.keys)
    if len(papers) <= LARGEST_PART:
        return [SectionInput(theme, papers, _of(summaries, papers))]
    groups = [
        (group.title, piece)
        for group in named_groups(papers, math.ceil(len(papers) / (LARGEST_PART * 2 / 3)), [theme.title])
        for piece in _pieces([papers[number] for number in group.members])
    ]
    titles = [title for title, _ in groups]
    return [
        SectionInput(
            theme, tuple(piece), _of(summaries, piece), number, len(groups), _told_apart(titles, number - 1)
        )
        for number, (_, piece) in enumerate(groups, start=1)
    ]


def _pieces(papers: Sequence[NumberedPaper]) -> list[Sequence[NumberedPaper]]:
    count = math.ceil(len(papers) / LARGEST_PART)
    size = math.ceil(len(papers) / count)
    return [papers[start : start + size] for start in range(0, len(papers), size)]


def _told_apart(titles: Sequence[str], index: int) -> str:
    earlier = titles[:index].count(titles[index])
    more = "" if earlier == 0 else ", continued" if earlier == 1 else f", continued ({earlier})"
    return titles[index] + more


def _of(summaries: Mapping[str, Summary], papers: Iterable[NumberedPaper]) -> dict[str, Summary]:
    return {paper.key: summaries[paper.key] for paper in papers if paper.key in summaries}


def _context(theme: Theme, papers: Iterable[NumberedPaper]) -> Context:
    return Context({paper.key: paper for paper in papers}, (theme.title,), len(theme.papers))


def _check_part(asked: SectionInput, draft: SectionDraft, verify: Verify) -> Checked[CheckedSection]:
    checked = check_section(draft, _context(asked.theme, asked.papers), asked.theme.id, verify)
    cited = {key for claim in checked.claims if claim.verdict != "unsupported" for key in claim.citations}
    lost = [paper.key for paper in asked.papers if paper.key not in cited]
    problems = list(checked.problems)
    if lost:
        problems.append(
            Problem(code="not_cited", message=f"no claim cites {', '.join(lost)}", where=asked.theme.id)
        )
    if not any(claim.verdict != "unsupported" for claim in checked.claims):
        return Checked(
            None, tuple(problems) or (Problem(code="empty_section", message="no claim was drafted"),)
        )
    unsupported = sum(claim.verdict == "unsupported" for claim in checked.claims)
    return Checked(checked, tuple(problems), len(lost) + unsupported)


def _joined(
    theme: Theme, asked: Sequence[SectionInput], outcomes: Sequence[Outcome[CheckedSection]]
) -> tuple[Paragraph, ...]:
    """A theme's paragraphs from all its parts, their claims numbered through."""
    checked = [
        o.value for part, o in zip(asked, outcomes, strict=True) if part.theme.id == theme.id and o.value
    ]
    paragraphs = [paragraph for section in checked for paragraph in section.paragraphs]
    return tuple(
        paragraph.model_copy(update={"claims": tuple(_renumbered(claim, theme.id, number, count)
                                                     for count, claim in enumerate(paragraph.claims, start=1))})
        for number, paragraph in enumerate(paragraphs, start=1)
    )  # fmt: skip


def _renumbered(claim: Claim, where: str, paragraph: int, count: int) -> Claim:
    id_ = f"{where}.p{paragraph}.c{count}"
    problems = tuple(problem.model_copy(update={"where": id_}) for problem in claim.problems)
    return claim.model_copy(update={"id": id_, "problems": problems})


def _tables(
    theme: Theme, asked: Sequence[SectionInput], outcomes: Sequence[Outcome[CheckedSection]]
) -> tuple[Table, ...]:
    """The tables of all parts of a theme; those with equal head are one table."""
    found: dict[tuple[str, tuple[str, ...]], Table] = {}
    for part, outcome in zip(asked, outcomes, strict=True):
        for table in outcome.value.tables if part.theme.id == theme.id and outcome.value else ():
            head = (table.caption, tuple(column.id for column in table.columns))
            rows = (*found[head].rows, *table.rows) if head in found else table.rows
            found[head] = table.model_copy(update={"rows": rows})
    return tuple(found.values())


def _section(theme: Theme, paragraphs: tuple[Paragraph, ...], tables: tuple[Table, ...]) -> Section:
    return Section(
        id=theme.id,
        title=theme.title,
        description=theme.description,
        instructions=theme.instructions,
        papers=theme.keys,
        paragraphs=paragraphs,
        tables=tables,
    )


def _missing(part: SectionInput, outcome: Outcome[CheckedSection]) -> Missing:
    problem = outcome.problems[0] if outcome.problems else Problem(code="no_section", message="no section")
    where = f"section {part.theme.id}" if part.parts == 1 else f"section {part.theme.id}, part {part.part}"
    return Missing(where=where, code=problem.code, reason=problem.message)


async def _write_frame(
    engine: Engine,
    plan: Plan,
    sections: tuple[Section, ...],
    corpus: Corpus,
    summaries: Mapping[str, Summary],
    verify: Verify,
    observer: Observer,
) -> tuple[Frame, tuple[Dropped, ...], tuple[Missing, ...]]:
    papers = corpus.some(key for section in sections for key in section.papers)
    if not papers:
        return Frame(), (), ()
    asked = FrameInput(plan.topic, sections, plan.outliers, papers, summaries)
    context = Context(
        {paper.key: paper for paper in papers}, (plan.topic, *(section.title for section in sections))
    )
    observer.start("frame", 1)
    outcome = (await attempt(engine.draft_frame, [asked], _frame_checker(context, verify), observer))[0]
    if outcome.value is None:
        problem = outcome.problems[0] if outcome.problems else Problem(code="no_frame", message="no frame")
        return Frame(), (), (Missing(where="frame", code=problem.code, reason=problem.message),)
    names = [name for name in FRAME_PARTS if name in outcome.value]
    drafted = [outcome.value[name].paragraphs for name in names]
    judged = await judge_and_mend(engine, drafted, [context] * len(names), verify, observer)
    parts = {
        name: FramePart(paragraphs=paragraphs, tables=outcome.value[name].tables)
        for name, paragraphs in zip(names, judged.kept, strict=True)
    }
    return Frame(**{name: parts.get(name) for name in FRAME_PARTS}), judged.dropped, ()


def _frame_checker(
    context: Context, verify: Verify
) -> Callable[[FrameInput, FrameDraft], Checked[dict[str, CheckedSection]]]:
    def check(asked: FrameInput, draft: FrameDraft) -> Checked[dict[str, CheckedSection]]:
        drafted = {name: part for name in FRAME_PARTS if (part := getattr(draft, name)) is not None}
        checked = {name: check_section(part, context, name, verify) for name, part in drafted.items()}
        return Checked(checked, tuple(problem for part in checked.values() for problem in part.problems))

    return check
