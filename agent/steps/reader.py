"""Reading: one structured summary a paper, in which nothing stands that the paper does not say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from agent.engines.protocol import Engine, FindingDraft, Observer, ResultDraft, SummaryDraft
from agent.records import Evidence, Finding, Missing, Problem, Result, Summary
from agent.steps.attempt import Checked, attempt
from agent.steps.checks.figures import marks_of
from agent.text.figures import figures
from agent.text.numbered import NumberedPaper
from agent.text.tokens import stands_in


@dataclass(frozen=True)
class Readings:
    """Summaries by key, and what could not be read."""

    summaries: dict[str, Summary]
    missing: tuple[Missing, ...]


async def read(engine: Engine, papers: Sequence[NumberedPaper], observer: Observer) -> Readings:
    """Summarise every paper that has an abstract; the others are known by their title and cost nothing."""
    readable = [paper for paper in papers if paper.is_readable]
    observer.start("read", len(readable))
    outcomes = await attempt(engine.summarise, readable, check_summary, observer)
    summaries: dict[str, Summary] = {}
    missing: list[Missing] = []
    for paper, outcome in zip(readable, outcomes, strict=True):
        if outcome.value is not None:
            summaries[paper.key] = outcome.value
        else:
            first = (
                outcome.problems[0] if outcome.problems else Problem(code="no_reading", message="no reading")
            )
            missing.append(Missing(where=f"reading of {paper.key}", code=first.code, reason=first.message))
    return Readings(summaries, tuple(missing))


def check_summary(paper: NumberedPaper, draft: SummaryDraft) -> Checked[Summary]:
    """Keep of a drafted summary what the paper bears; everything else is a problem."""
    keeper = _Keeper(paper)
    summary = Summary(
        kind=draft.kind,
        also=draft.also,
        task=draft.task,
        problem=keeper.finding(draft.problem, "problem"),
        names=keeper.names(draft.names, "names"),
        approach=keeper.finding(draft.approach, "approach"),
        findings=keeper.findings(draft.findings, "findings"),
        results=tuple(result for drafted in draft.results if (result := keeper.result(drafted))),
        data=keeper.names(draft.data, "data"),
        models=keeper.names(draft.models, "models"),
        hardware=keeper.names(draft.hardware, "hardware"),
        compared_with=keeper.names(draft.compared_with, "compared_with"),
        limitations=keeper.findings(draft.limitations, "limitations"),
        links=tuple(link for link in draft.links if link in paper.paper.links),
    )
    is_empty = summary.approach is None and not summary.findings
    return Checked(None if is_empty and keeper.problems else summary, tuple(keeper.problems))


class _Keeper:
    """Turns parts of a draft into parts of a summary and notes what it had to leave out."""

    def __init__(self, paper: NumberedPaper) -> None:
        self.paper = paper
        self.problems: list[Problem] = []

    def finding(self, draft: FindingDraft | None, where: str) -> Finding | None:
        if draft is None:
            return None
        evidence = self._evidence(draft.evidence, where)
        if not evidence or not self._figures_stand(draft.text, evidence, where):
            return None
        return Finding(text=draft.text, evidence=evidence)

    def findings(self, drafts: Sequence[FindingDraft], where: str) -> tuple[Finding, ...]:
        found = (self.finding(draft, f"{where}[{number}]") for number, draft in enumerate(drafts))
        return tuple(finding for finding in found if finding)

    def result(self, draft: ResultDraft) -> Result | None:
        where = f"results: {draft.metric}"
        evidence = self._evidence(draft.evidence, where)
        if not evidence or not self._figures_stand(draft.value, evidence, where):
            return None
        return Result(
            metric=draft.metric,
            value=draft.value,
            baseline=self._said(draft.baseline, where),
            setting=self._said(draft.setting, where),
            evidence=evidence,
        )

    def names(self, names: Sequence[str], where: str) -> tuple[str, ...]:
        """Names that the paper writes; one that it does not write is a problem."""
        kept = []
        for name in names:
            if stands_in(name, self.paper.text):
                kept.append(name)
            else:
                self._note("name_not_in_paper", f"the paper does not write {name}", where)
        return tuple(kept)

    def _said(self, words: str | None, where: str) -> str | None:
        if words is None or stands_in(words, self.paper.text):
            return words
        self._note("words_not_in_paper", f"the paper does not write “{words}”", where)
        return None

    def _evidence(self, numbers: Sequence[int], where: str) -> tuple[Evidence, ...]:
        there = [n for n in dict.fromkeys(numbers) if 0 <= n < len(self.paper.sentences)]
        if len(there) < len(set(numbers)) or not there:
            self._note(
                "unknown_sentence", f"{list(numbers)} names no sentence, or one that is not there", where
            )
            return ()
        return tuple(self.paper.sentences[n] for n in there)

    def _figures_stand(self, text: str, evidence: Sequence[Evidence], where: str) -> bool:
        there = frozenset().union(*(marks_of(sentence.text) for sentence in evidence))
        lost = [figure.text for figure in figures(text) if not figure.marks <= there]
        if lost:
            self._note("figure_not_found", f"{', '.join(lost)} is in no cited sentence", where)
        return not lost

    def _note(self, code: str, message: str, where: str) -> None:
        self.problems.append(Problem(code=code, message=message, where=where))
