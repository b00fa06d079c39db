"""One synthetic reply through the model's engine, the answerer and both renderings; and what is shown of it."""

from __future__ import annotations

import asyncio
import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from attack_bases import Base

from agent.engines.llm.engine import LLMEngine
from agent.engines.protocol import AnswerInput, QuestionDraft, Silent
from agent.llm.gateway import Gateway, StepSettings
from agent.llm.prompts import Prompts
from agent.llm.request import Request, Response, TokenUsage
from agent.outputs.answer_markdown import answer_markdown
from agent.outputs.answer_text import answer_text
from agent.outputs.wrapping import Page
from agent.products.outcomes import Looking, explain, would_settle
from agent.records import Answer, Claim, Searched, Usage
from agent.steps.answerer import Answered, answer, cited

Fate = Literal["dropped", "weak", "shown", "refused"]
QUESTION = "What do these papers report, and how well does it work?"
_CITATION = re.compile(r"(?<!\\)\[[^\]\n]*?(?<![\\\w])@|(?<![\\\w])@[\w{]|(?<!\\)\\cite")
_KEYS = re.compile(r"(?<!\\)\[(-?@[^\]\n]+)\]")
_LIKE_ONE = re.compile(
    r"\bP\d+\.\d+\b|[\[(]\s*P\d+\s*[\])]|(?<!\w)@\w|\\cite|et al\b|\[\d[\d,; –-]*\]|arXiv:\d|doi\.org/"
)


@dataclass(frozen=True)
class Draft:
    """A synthetic reply as raw text, with the claim that the attack is on.

    `text` is that claim's text as it is to be found again; empty where the attack is on the reply as a whole.
    `base` is the true claim that it was made from.
    """

    kind: str
    reply: str
    base: Base
    text: str = ""


@dataclass(frozen=True)
class Result:
    """What became of a draft: its fate, the codes of what was found, and what was wrong with what is shown."""

    draft: Draft
    fate: Fate
    codes: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()
    markdown: str = ""


class Wire:
    """A transport that gives one text to whatever is asked: no endpoint, no network."""

    def __init__(self) -> None:
        self.text = ""

    async def send(self, request: Request) -> Response:
        return Response(self.text, "stop", TokenUsage(1, 1), "synthetic")


PROMPTS = Prompts()


def attack(drafts: Iterable[Draft]) -> list[Result]:
    """All drafts, one after another."""

    async def one_by_one() -> list[Result]:
        return [await _attacked(draft) for draft in drafts]

    return asyncio.run(one_by_one())


async def _attacked(draft: Draft) -> Result:
    wire = Wire()
    wire.text = draft.reply
    steps = {"write": StepSettings("synthetic")}
    engine = LLMEngine(Gateway(wire, PROMPTS, steps, "json_schema"))
    asked = AnswerInput(QuestionDraft(QUESTION, "fact"), draft.base.shown, size=len(draft.base.shown))
    made = await answer(engine, asked, "code", Silent())
    shown = _answer(made, asked, engine)
    markdown = answer_markdown([shown])
    wrong = [*_wrong_claims(made, asked), *_wrong_markdown(markdown, shown), *_wrong_text(shown)]
    if "citation" in draft.kind or not draft.text:  # which must not fail either, and take long
        answer_text(shown, Page(80), evidence=True)
        answer_markdown([shown], evidence=True)
    fate, codes = _fate(draft, made)
    return Result(draft, fate, codes, tuple(wrong), markdown)


def _answer(made: Answered, asked: AnswerInput, engine: LLMEngine) -> Answer:
    """The product's record of what was made, as products/answer.py puts it together."""
    papers = {paper.key: paper.paper for paper in asked.papers}
    rests_on = [*cited(made.claims, made.tables), *made.wanted]
    looking = Looking(QUESTION, asked.size, 0, frozenset())
    return Answer(
        question=QUESTION, kind="fact", date="2026-01-02", made_from="0", status=made.status, reason=made.reason,
        explanation=explain(made, looking, papers, ()), would_settle=would_settle(made, looking, papers, ()),
        claims=made.claims, dropped=made.dropped, tables=made.tables, missing=made.missing,
        papers={key: papers[key] for key in rests_on if key in papers},
        searched=Searched(papers=asked.size), engine=engine.info("code"), usage=Usage(),
    )  # fmt: skip


def _fate(draft: Draft, made: Answered) -> tuple[Fate, tuple[str, ...]]:
    """What became of the claim that the attack is on; without one, whether anything is shown."""
    if not draft.text:
        return ("shown" if made.claims or made.tables else "refused"), ()
    place, colon, said = draft.text.partition(":")
    if colon and place in ("table", "unstated"):
        there = [made.unstated] if place == "unstated" else list(_table_texts(made))
        return ("shown" if any(_bare(one) == _bare(said) for one in there) else "dropped"), ()
    kept = _find(draft.text, made.claims)
    if kept is None:
        lost = _find(draft.text, [one.claim for one in made.dropped])
        return ("dropped" if lost else "refused"), tuple(p.code for p in lost.problems) if lost else ()
    return ("weak" if kept.verdict == "weak" else "shown"), tuple(problem.code for problem in kept.problems)


def _table_texts(made: Answered) -> Iterator[str]:
    """Titles and cells, but for the first column, which is sound."""
    for table in made.tables:
        yield from (column.title for column in table.columns[1:])
        yield from (cell.text or "" for row in table.rows for cell in row.cells[1:])


def _find(text: str, claims: Iterable[Claim]) -> Claim | None:
    return next((claim for claim in claims if _bare(claim.text) == _bare(text)), None)


def _bare(text: str) -> str:
    return "".join(char for char in text if not char.isspace() and unicodedata.category(char) != "Cf")


def _wrong_claims(made: Answered, asked: AnswerInput) -> Iterator[str]:
    """Evidence that is no sentence of a shown paper, or a citation without evidence."""
    papers = {paper.key: paper for paper in asked.papers}
    for claim in made.claims:
        for one in claim.evidence:
            if one.key not in papers or one not in papers[one.key].sentences:
                yield f"evidence that is not there: {one.key} {one.sentence}"
        if set(claim.citations) != {one.key for one in claim.evidence}:
            yield f"citations that are not those of the evidence: {claim.citations}"
    for key in [*cited(made.claims, made.tables), *made.wanted]:
        if key not in papers:
            yield f"an unknown paper: {key}"


def _wrong_markdown(markdown: str, shown: Answer) -> Iterator[str]:
    """Citations that a processor would see, and what a reader would take for one."""
    body = markdown.split("\n---\n", 1)[1]
    yield from wrong_citations(body, set(shown.papers))
    yield from forged(re.sub(r"\\(?=\W)", "", _KEYS.sub("", body)), _theirs(shown), shown.papers)


def wrong_citations(body: str, known: Collection[str]) -> Iterator[str]:
    """Citations in Markdown of keys that are not known, and halves of citations."""
    for match in _KEYS.finditer(body):
        for key in match.group(1).split(";"):
            if key.strip().removeprefix("-").removeprefix("@") not in known:
                yield f"an unknown citation in the document: {match.group()}"
    if half := _CITATION.search(_KEYS.sub("", body)):
        yield f"a half citation in the document: {half.group()}"


def _wrong_text(shown: Answer) -> Iterator[str]:
    """Brackets on the terminal that look like a citation and are none."""
    yield from forged(answer_text(shown, Page(80)), _theirs(shown), shown.papers)


def forged(text: str, theirs: str, known: Collection[str]) -> Iterator[str]:
    """What a reader would take for a citation of a paper that is not known, though no text of `theirs` has it."""
    plain = unicodedata.normalize("NFKC", "".join(c for c in text if unicodedata.category(c) != "Cf"))
    for match in _LIKE_ONE.finditer(plain):
        if match.group() not in theirs:
            yield f"a forged citation: {match.group()}"
    for match in re.finditer(r"\[([\w:.-]+)\]", plain):
        is_index = len(match.group(1)) <= 3 and not any(char.isdigit() for char in match.group(1))
        if match.group(1) not in known and match.group() not in theirs and not is_index:
            yield f"a forged key: {match.group()}"


def _theirs(shown: Answer) -> str:
    """The papers' texts and links, and how references write their authors."""
    said = []
    for paper in shown.papers.values():
        said += [paper.texts.title, paper.texts.abstract or "", paper.link or "", *paper.links]
        said += ["et al"] if paper.authors else []
    return " ".join(said)
