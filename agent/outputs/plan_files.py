"""The plan as JSON and as Markdown for the hand, written and read back."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field

from pydantic import ValidationError

from agent.errors import PlanError
from agent.outputs.markdown import escape
from agent.records import Outlier, Paper, Plan, PlannedPaper, Theme, to_json
from agent.text.numbered import slug

OUTLIERS = "outliers"
_HEADING = re.compile(r"##\s+(.*?)\s*(?:\{#([\w.-]+)\})?\s*")
_PAPER = re.compile(r"[-*+]\s+\[@([^\]\s;]+)\]\s*(.*)")
_REASON = re.compile(r"\((?:\d{4}|n\.d\.)\):\s*(.*)")


def plan_json(plan: Plan) -> str:
    """`plan.json`."""
    return to_json(plan)


def plan_markdown(plan: Plan, papers: dict[str, Paper]) -> str:
    """`plan.md`: move the lines about, rename, add or drop headings, and give it back with `--plan`."""
    blocks = [f"# {escape(plan.topic)}"]
    for theme in plan.themes:
        head = f"## {escape(theme.title)} {{#{theme.id}}}"
        notes = [escape(theme.description)] if theme.description else []
        if theme.instructions:
            notes.append("\n".join(f"> {escape(line)}" for line in theme.instructions.splitlines()))
        lines = [
            f"- [@{paper.key}] {escape(paper.title)} ({_year(papers, paper.key)})" for paper in theme.papers
        ]
        blocks += [head, *notes, "\n".join(lines)]
    blocks.append(f"## Outliers {{#{OUTLIERS}}}")
    lines = [
        f"- [@{o.key}] {escape(o.title)} ({_year(papers, o.key)}): {escape(o.reason)}" for o in plan.outliers
    ]
    blocks.append("\n".join(lines))
    return "\n\n".join(block for block in blocks if block) + "\n"


def read_plan(text: str, name: str) -> Plan:
    """A plan from either form.

    Raises:
        PlanError: the text is no plan; the message says where.
    """
    if text.lstrip().startswith("{"):
        try:
            return Plan.model_validate(json.loads(text))
        except (ValidationError, ValueError) as error:
            raise PlanError(
                f"{name}: {_first_line(error)}", "`litreview plan` writes a plan of the right form"
            ) from error
    return _Parser(name).parse(text)


@dataclass
class _Section:
    id: str | None
    title: str
    description: list[str] = field(default_factory=list)
    instructions: list[str] = field(default_factory=list)
    papers: list[tuple[str, str]] = field(default_factory=list)


class _Parser:
    """Reads `plan.md` line by line."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.topic = ""
        self.sections: list[_Section] = []

    def parse(self, text: str) -> Plan:
        for number, line in enumerate(text.lstrip("\ufeff").splitlines(), start=1):
            self._line(line.strip(), number)
        if not self.sections:
            raise PlanError(
                f"{self.name}: no theme (a line that begins with ##)", "`litreview plan` writes one"
            )
        themes: list[Theme] = []
        outliers: tuple[Outlier, ...] = ()
        given = [section.id for section in self.sections if section.id]
        twice = {id_ for id_ in given if given.count(id_) > 1}
        if twice:
            raise PlanError(
                f"{self.name}: two headings have the id {{#{min(twice)}}}",
                "give one of them another id, or none",
            )
        for section in self.sections:
            if section.id == OUTLIERS or (section.id is None and section.title.lower() == OUTLIERS):
                outliers = (*outliers, *(_outlier(key, rest) for key, rest in section.papers))
            else:
                themes.append(_theme(section, [*given, *(theme.id for theme in themes)]))
        return Plan(topic=self.topic, themes=tuple(themes), outliers=outliers)

    def _line(self, line: str, number: int) -> None:
        if not line:
            return
        if heading := _HEADING.fullmatch(line):
            self.sections.append(_Section(heading.group(2), _unescape(heading.group(1))))
        elif line.startswith("# "):
            self.topic = _unescape(line[2:].strip())
        elif paper := _PAPER.fullmatch(line):
            self._section(number).papers.append((paper.group(1).lstrip("@"), _unescape(paper.group(2))))
        elif line.startswith((">", "<!--")):
            self._section(number).instructions.append(_unescape(line.lstrip("> ")))
        elif line.startswith(("- ", "* ", "+ ")):
            raise PlanError(
                f"{self.name}, line {number}: a paper's line begins with `- [@key]`", "put its key there"
            )
        else:
            self._section(number).description.append(_unescape(line))

    def _section(self, number: int) -> _Section:
        if not self.sections:
            raise PlanError(
                f"{self.name}, line {number}: stands before the first theme", "begin with a ## heading"
            )
        return self.sections[-1]


def _theme(section: _Section, taken: list[str]) -> Theme:
    if not section.title and not section.id:
        raise PlanError("a theme has neither title nor id", "write one after the ##")
    return Theme(
        id=section.id or slug(section.title, taken),
        title=section.title or section.id or "",
        description=" ".join(section.description),
        instructions="\n".join(section.instructions) or None,
        papers=tuple(PlannedPaper(key=key, title=rest) for key, rest in section.papers),
    )


def _outlier(key: str, rest: str) -> Outlier:
    found = _REASON.search(rest)
    title, reason = (rest[: found.start()].strip(), found.group(1).strip()) if found else (rest, "")
    if not found and ": " in rest:
        title, _, reason = rest.rpartition(": ")
    return Outlier(key=key, title=title, reason=reason or "set aside by you")


def _year(papers: dict[str, Paper], key: str) -> str:
    year = papers[key].year if key in papers else None
    return str(year) if year else "n.d."


def _unescape(text: str) -> str:
    unlinked = re.sub(r"<(https?://[^\s<>]+)>", r"\1", text)
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", unlinked)


def _first_line(error: Exception) -> str:
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        return f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}"
    return f"not JSON: {error}"
