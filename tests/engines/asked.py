"""Questions asked of real libraries: papers are added, searched and shown as a product does it."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from scripted import run

from agent.engines.extractive.answering import draft_answer
from agent.engines.extractive.asking import plan_question
from agent.engines.extractive.stances import stance
from agent.engines.protocol import (
    AnswerDraft,
    AnswerInput,
    Before,
    QuestionInput,
    SentenceRef,
    StanceDraft,
    StanceInput,
)
from agent.library import Library
from agent.library.adding import ReadSource, add
from agent.products.looking import look
from agent.records import Claim
from agent.sources import find_sources, read_source
from agent.text.names import head_of_title
from agent.text.numbered import Corpus

SAMPLE = Path(__file__).parents[2] / "examples" / "papers.jsonl"


class Asked:
    """A library of some papers that can be asked; papers are called by the heads of their titles."""

    def __init__(self, lines: Iterable[str]) -> None:
        self.folder = tempfile.TemporaryDirectory()
        file = Path(self.folder.name) / "papers.jsonl"
        file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        self.path = Path(self.folder.name) / "library.sqlite"
        [source] = find_sources([file])
        with Library(self.path) as library:
            add(library, [ReadSource(source.path, file.name, list(read_source(source)))])
            self.corpus = Corpus(library.papers().values())

    def called(self, key: str) -> str:
        title = self.corpus[key].paper.title
        return head_of_title(title) or title

    def key(self, name: str) -> str:
        [found] = [key for key in self.corpus.keys if self.called(key) == name]
        return found

    def input(self, question: str, *before: Before) -> AnswerInput:
        """A question as the product hands it to an engine."""
        asked = plan_question(QuestionInput(question, before))
        with Library(self.path) as library:
            found = run(look(library, asked, None))
        return AnswerInput(asked, found.papers, found.matches, found.passages, found.size, found.unknown)

    def answer(self, question: str, *before: Before) -> AnswerDraft:
        return answered(self.input(question, *before))

    def stances(self, sentence: str) -> StanceDraft:
        return stance(StanceInput(sentence, tuple(self.corpus)))

    def before(self, question: str, *names: str) -> Before:
        """A turn whose answer cites these papers in this order."""
        keys = [self.key(name) for name in names]
        claims = [
            Claim(
                id=f"answer.p{n}.c1", text=f"“{one.text}”", kind="fact", citations=(one.key,), evidence=(one,)
            )
            for n, one in enumerate((self.corpus[key].sentences[1] for key in keys), start=1)
        ]
        return Before(question, tuple(claims), {key: self.corpus[key].paper for key in keys})


@cache
def sample_asked() -> Asked:
    """The project's sample papers."""
    return Asked(SAMPLE.read_text(encoding="utf-8").splitlines())


def asked_of(texts: Mapping[str, str | None]) -> Asked:
    """Papers of these titles and abstracts."""
    return Asked(json.dumps({"title": title, "abstract": text}) for title, text in texts.items())


def answered(item: AnswerInput) -> AnswerDraft:
    return draft_answer(item)


def refs(draft: AnswerDraft) -> list[SentenceRef]:
    return [ref for part in draft.paragraphs for claim in part.claims for ref in claim.evidence]


def keys(draft: AnswerDraft) -> list[str]:
    """The papers that an answer quotes, in order."""
    return list(dict.fromkeys(ref.key for ref in refs(draft)))


def said(draft: AnswerDraft) -> str:
    return " ".join(claim.text for part in draft.paragraphs for claim in part.claims)
