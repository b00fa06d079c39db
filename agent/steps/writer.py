"""Writing: drafts of sections and frame, checked, judged, mended once, and put together."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

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
from agent.steps.checker import CheckedSection, asked_again, check_section
from agent.steps.checks import Context
from agent.steps.judging import judge_and_mend
from agent.steps.lengths import TOO_LONG, TOO_SHORT, frame_words, section_words
from agent.text.numbered import Corpus, NumberedPaper
from agent.text.themes import named_groups

LARGEST_PART = 30  # papers that one draft is about
FRAME_PARTS = ("introduction", "comparison", "outlook")


@dataclass(frozen=True)
class Written:
    """Sections and frame, with what was dropped and what is missing; `left_out` says why a paper is not cited."""

    sections: tuple[Section, ...]
    frame: Frame
    dropped: tuple[Dropped, ...]
    missing: tuple[Missing, ...]
    left_out: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Manner:
    """How to write: checked how far, how long, in words that can or cannot be compared with the papers'."""

    verify: Verify = "code"
    words: int | None = None
    is_translated: bool = False


async def write(
    engine: Engine,
    plan: Plan,
    corpus: Corpus,
    summaries: Mapping[str, Summary],
    manner: Manner,
    observer: Observer,
) -> Written:
    """Write every theme and what stands round them."""
    is_mended = manner.verify == "model" and engine.is_judging
    asked = _asked(plan, corpus, summaries, manner.words)
    observer.start("write", len(asked))
    checker = _part_checker(manner, is_mended=is_mended)
    outcomes = await attempt(engine.draft_section, asked, checker, observer)
    missing = [
        _missing(part, outcome)
        for part, outcome in zip(asked, outcomes, strict=True)
        if outcome.value is None
    ]
    drafted = [_joined(theme, asked, outcomes) for theme in plan.themes]
    contexts = [_context(theme, corpus.some(theme.keys), manner) for theme in plan.themes]
    judged = await judge_and_mend(engine, drafted, contexts, manner.verify, observer)
    sections = tuple(
        _section(theme, paragraphs, _tables(theme, asked, outcomes))
        for theme, paragraphs in zip(plan.themes, judged.kept, strict=True)
    )
    frame = await _write_frame(engine, plan, sections, corpus, summaries, manner, observer)
    return Written(
        sections,
        frame.frame,
        (*judged.dropped, *frame.dropped),
        (*missing, *_emptied(sections, missing), *judged.missing, *frame.missing),
        {key: why for outcome in outcomes if outcome.value for key, why in outcome.value.left_out.items()},
    )


def _asked(
    plan: Plan, corpus: Corpus, summaries: Mapping[str, Summary], words: int | None
) -> list[SectionInput]:
    parts = [part for theme in plan.themes for part in parts_of(theme, corpus, summaries)]
    lengths = section_words([len(part.papers) for part in parts], words)
    return [
        replace(
            part,
            topic=plan.topic,
            others=tuple(theme.title for theme in plan.themes if theme.id != part.theme.id),
            words=length,
        )
        for part, length in zip(parts, lengths, strict=True)
    ]


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


def _context(theme: Theme, papers: Iterable[NumberedPaper], manner: Manner) -> Context:
    by_key = {paper.key: paper for paper in papers}
    return Context(by_key, (theme.title,), len(theme.papers), manner.is_translated)


def _part_checker(
    manner: Manner, *, is_mended: bool
) -> Callable[[SectionInput, SectionDraft], Checked[CheckedSection]]:
    def check(asked: SectionInput, draft: SectionDraft) -> Checked[CheckedSection]:
        context = _context(asked.theme, asked.papers, manner)
        checked = check_section(draft, context, asked.theme.id, manner.verify)
        standing = [claim for claim in checked.claims if claim.verdict != "unsupported"]
        cited = {key for claim in checked.claims for key in claim.citations} if is_mended else {
            key for claim in standing for key in claim.citations
        }  # fmt: skip
        lost = [p.key for p in asked.papers if p.key not in cited and p.key not in checked.left_out]
        problems = list(asked_again(checked, is_mended=is_mended))
        if lost:
            said = f"no claim cites {', '.join(lost)}"
            problems.append(Problem(code="not_cited", message=said, where=asked.theme.id))
        if manner.words is not None:
            problems.extend(_length_problems(checked.claims, asked.words, asked.theme.id))
        if not standing:
            nothing = Problem(code="empty_section", message="no claim was drafted")
            return Checked(None, tuple(problems) or (nothing,))
        unsupported = len(checked.claims) - len(standing)
        return Checked(checked, tuple(problems), len(lost) + unsupported)

    return check


def _length_problems(claims: Sequence[Claim], asked: int, where: str) -> Iterator[Problem]:
    written = sum(len(claim.text.split()) for claim in claims)
    if written > TOO_LONG * asked or written < TOO_SHORT * asked:
        said = f"{written} words, where about {asked} are asked for"
        yield Problem(code="length", message=said, where=where)


def _emptied(sections: Iterable[Section], known: Iterable[Missing]) -> list[Missing]:
    """Sections of which nothing is left, and that are not named yet."""
    named = {missing.where.split(",")[0] for missing in known}
    return [
        Missing(where=f"section {section.id}", code="nothing_held", reason="no drafted claim held its checks")
        for section in sections
        if not section.paragraphs and f"section {section.id}" not in named
    ]


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


@dataclass(frozen=True)
class _Framed:
    frame: Frame = field(default_factory=Frame)
    dropped: tuple[Dropped, ...] = ()
    missing: tuple[Missing, ...] = ()


async def _write_frame(
    engine: Engine,
    plan: Plan,
    sections: tuple[Section, ...],
    corpus: Corpus,
    summaries: Mapping[str, Summary],
    manner: Manner,
    observer: Observer,
) -> _Framed:
    papers = corpus.some(key for section in sections for key in section.papers)
    if not papers:
        return _Framed()
    sizes = [len(section.papers) for section in sections]
    length = frame_words(sizes, manner.words)
    asked = FrameInput(plan.topic, sections, plan.outliers, papers, summaries, length)
    titles = (plan.topic, *(section.title for section in sections))
    context = Context({paper.key: paper for paper in papers}, titles, is_translated=manner.is_translated)
    is_mended = manner.verify == "model" and engine.is_judging
    observer.start("frame", 1)
    checker = _frame_checker(context, manner.verify, is_mended=is_mended)
    outcome = (await attempt(engine.draft_frame, [asked], checker, observer))[0]
    if outcome.value is None:
        problem = outcome.problems[0] if outcome.problems else Problem(code="no_frame", message="no frame")
        return _Framed(missing=(Missing(where="frame", code=problem.code, reason=problem.message),))
    names = [name for name in FRAME_PARTS if name in outcome.value]
    drafted = tuple(paragraph for name in names for paragraph in outcome.value[name].paragraphs)
    said = [claim for section in sections for p in section.paragraphs for claim in p.claims]
    judged = await judge_and_mend(engine, [drafted], [context], manner.verify, observer, said)
    parts: dict[str, FramePart] = {}
    missing = list(judged.missing)
    for name in names:
        paragraphs = tuple(p for p in judged.kept[0] if p.claims[0].id.startswith(f"{name}."))
        tables = outcome.value[name].tables
        if paragraphs or tables:
            parts[name] = FramePart(paragraphs=paragraphs, tables=tables)
        elif outcome.value[name].paragraphs:
            reason = "no drafted claim held its checks"
            missing.append(Missing(where=f"frame, {name}", code="nothing_held", reason=reason))
    frame = Frame(**{name: parts.get(name) for name in FRAME_PARTS})
    return _Framed(frame, judged.dropped, tuple(missing))


def _frame_checker(
    context: Context, verify: Verify, *, is_mended: bool
) -> Callable[[FrameInput, FrameDraft], Checked[dict[str, CheckedSection]]]:
    def check(asked: FrameInput, draft: FrameDraft) -> Checked[dict[str, CheckedSection]]:
        drafted = {name: part for name in FRAME_PARTS if (part := getattr(draft, name)) is not None}
        checked = {name: check_section(part, context, name, verify) for name, part in drafted.items()}
        problems = [p for part in checked.values() for p in asked_again(part, is_mended=is_mended)]
        unsupported = sum(c.verdict == "unsupported" for part in checked.values() for c in part.claims)
        return Checked(checked, tuple(problems), unsupported)

    return check
