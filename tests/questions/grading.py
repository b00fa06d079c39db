"""Questions with expected results, and what an answer is worth against them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from agent.records import Answer
from agent.steps.answerer import cited
from agent.text.figures import figures

HERE = Path(__file__).parent
PAGES, SAMPLE = HERE / "pages.jsonl", HERE / "sample.jsonl"
MOST_OF_A_LIST = 0.5  # of the expected papers that a list or trend must cite to be right


@dataclass(frozen=True)
class Asked:
    """A question and what is expected of its answer."""

    id: str
    question: str
    kind: str
    names_paper: bool
    papers: tuple[str, ...]
    figures: tuple[str, ...]
    expects: str
    sort: str

    @property
    def is_answerable(self) -> bool:
        return self.expects == "answered"

    @property
    def is_held_out(self) -> bool:
        """Whether no rule was tuned on it."""
        return int(self.id[1:]) % 2 == 0


@dataclass(frozen=True)
class Grade:
    """What an answer is worth.

    `share` is the share of the expected papers that it cites; `is_right` whether it answers from the right papers,
    or refuses what cannot be answered; `says_why` whether the refusal gives the expected reason.
    """

    asked: Asked
    share: float
    is_right: bool
    is_refusal: bool
    says_why: bool
    has_figures: bool


def read(path: Path) -> list[Asked]:
    """The questions of a file."""
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        one = json.loads(line)
        found.append(Asked(one["id"], one["question"], one["kind"], one["names_paper"], tuple(one["papers"]),
                           tuple(one["figures"]), one["expects"], one["class"]))  # fmt: skip
    return found


def grade(asked: Asked, answer: Answer) -> Grade:
    """Hold an answer against what is expected."""
    there = set(cited(answer.claims, answer.tables))
    share = len(there & set(asked.papers)) / len(asked.papers) if asked.papers else 0.0
    is_refusal = answer.status == "not_stated"
    is_answer = answer.status in ("answered", "partial")
    enough = {"comparison": 1.0, "list": MOST_OF_A_LIST, "trend": MOST_OF_A_LIST}.get(asked.kind, 0.01)
    is_right = is_answer and share >= enough if asked.is_answerable else is_refusal
    values = {value for claim in answer.claims for one in figures(claim.text) for value in one.values}
    wanted = {value for text in asked.figures for one in figures(text) for value in one.values}
    return Grade(asked, share, is_right, is_refusal, answer.reason == asked.expects, wanted <= values)


def table(grades: Sequence[Grade]) -> str:
    """The counts, as lines of text."""
    lines = [f"{'':34}{'right':>9}{'refused':>9}{'papers':>8}{'figures':>9}{'reason':>8}"]

    def add(name: str, keep: Callable[[Asked], bool]) -> None:
        found = [one for one in grades if keep(one.asked)]
        if found:
            lines.append(_line(name, found))

    for kind in ("fact", "figure", "comparison", "list", "trend"):
        add(kind, lambda asked, kind=kind: asked.is_answerable and asked.kind == kind)  # type: ignore[misc]
    add("answerable, paper named", lambda asked: asked.is_answerable and asked.names_paper)
    add("answerable, in a user's words", lambda asked: asked.is_answerable and not asked.names_paper)
    add("answerable, tuned on", lambda asked: asked.is_answerable and not asked.is_held_out)
    add("answerable, held out", lambda asked: asked.is_answerable and asked.is_held_out)
    add("answerable", lambda asked: asked.is_answerable)
    for sort in ("absent_topic", "false_premise", "needs_full_text", "other_field", "plausible"):
        add(sort.replace("_", " "), lambda asked, sort=sort: asked.sort == sort)  # type: ignore[misc]
    add("unanswerable, tuned on", lambda asked: not asked.is_answerable and not asked.is_held_out)
    add("unanswerable, held out", lambda asked: not asked.is_answerable and asked.is_held_out)
    add("unanswerable", lambda asked: not asked.is_answerable)
    return "\n".join(lines)


def _line(name: str, found: Sequence[Grade]) -> str:
    size = len(found)
    right, refused = sum(one.is_right for one in found), sum(one.is_refusal for one in found)
    with_figures = [one for one in found if one.asked.figures]
    told = sum(one.has_figures for one in with_figures)
    shares = [one.share for one in found if one.asked.is_answerable]
    papers = f"{sum(shares) / len(shares):.2f}" if shares else ""
    figured = f"{told}/{len(with_figures)}" if with_figures else ""
    why = "" if found[0].asked.is_answerable else f"{sum(one.says_why for one in found)}/{size}"
    return f"{name:34}{f'{right}/{size}':>9}{f'{refused}/{size}':>9}{papers:>8}{figured:>9}{why:>8}"


def wrong(grades: Iterable[Grade]) -> list[Grade]:
    """What is not right."""
    return [one for one in grades if not one.is_right]
