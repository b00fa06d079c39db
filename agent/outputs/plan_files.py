"""The plan as JSON and as Markdown for the hand, written and read back."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass, field

from pydantic import ValidationError

from agent.errors import PlanError
from agent.outputs.markdown import escape
from agent.records import RESERVED_IDS, Outlier, Paper, Plan, PlannedPaper, Theme, to_json
from agent.text.numbered import slug

OUTLIERS = "outliers"
_ID = re.compile(r"[\w.-]+")
_HEADING = re.compile(r"##\s+(?=\S)(.*?)\s*(?:\{#([\w.-]+)\})?\s*")
_PAPER = re.compile(r"[-*+]\s+\[@([^\]\s;]+)\]\s*(.*)")
_REASON = re.compile(r"\((?:\d{4}|n\.d\.)\):\s*(.*)")
_YEAR = re.compile(r"\s*\((?:\d{4}|n\.d\.)\)$")
_LOOKS_LIKE_PAPER = re.compile(r"(?:[-*+•–]|\d+[.)])\s|\[@")


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
        f"- [@{o.key}] {_told(o.title)} ({_year(papers, o.key)}): {_told(o.reason)}" for o in plan.outliers
    ]
    blocks.append("\n".join(lines))
    return "\n\n".join(block for block in blocks if block) + "\n"


def _told(text: str) -> str:
    """Escaped, and with no `):` in it, which is what parts a title from a reason."""
    return escape(text).replace("):", ")\\:")


def read_plan(text: str, name: str) -> Plan:
    """A plan from either form.

    Raises:
        PlanError: the text is no plan; the message says where.
    """
    bare = text.lstrip("\ufeff")
    if not bare.lstrip().startswith("{"):
        return _sound(_Parser(name).parse(bare), name)
    try:
        return _sound(Plan.model_validate(json.loads(bare)), name)
    except (ValidationError, ValueError, RecursionError) as error:
        raise PlanError(
            f"{name}: {_first_line(error)}", "`litreview plan` writes a plan of the right form"
        ) from error


def _sound(plan: Plan, name: str) -> Plan:
    """The plan, if every theme has an id of its own that can stand in a link.

    Raises:
        PlanError: an id cannot be used.
    """
    counts = Counter(theme.id for theme in plan.themes)
    for id_, count in counts.items():
        if id_ in RESERVED_IDS or not _ID.fullmatch(id_):
            raise PlanError(
                f"{name}: no theme can have the id {{#{id_}}}", "leave the id out, and it gets one"
            )
        if count > 1:
            raise PlanError(
                f"{name}: two themes have the id {{#{id_}}}", "give one of them another id, or none"
            )
    return plan


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
        for number, line in enumerate(text.splitlines(), start=1):
            self._line(line.strip(), number)
        if not self.sections:
            raise PlanError(
                f"{self.name}: no theme (a line that begins with ##)", "`litreview plan` writes one"
            )
        themes: list[Theme] = []
        outliers: tuple[Outlier, ...] = ()
        given = [section.id for section in self.sections if section.id]
        for section in self.sections:
            if section.id == OUTLIERS or (section.id is None and section.title.lower() == OUTLIERS):
                outliers = (*outliers, *(_outlier(key, rest) for key, rest in section.papers))
            else:
                themes.append(_theme(section, [*given, *(theme.id for theme in themes)]))
        return Plan(topic=self.topic, themes=tuple(themes), outliers=outliers)

    def _line(self, line: str, number: int) -> None:
        if not line or line.startswith("<!--"):
            return
        if heading := _HEADING.fullmatch(line):
            self.sections.append(_Section(heading.group(2), _unescape(heading.group(1))))
        elif line.startswith("# "):
            self.topic = _unescape(line[2:].strip())
        elif paper := _PAPER.fullmatch(line):
            self._section(number).papers.append((paper.group(1).lstrip("@"), paper.group(2)))
        elif line.startswith(">"):
            self._section(number).instructions.append(_unescape(line.lstrip("> ")))
        elif line.startswith("#"):
            raise PlanError(
                f"{self.name}, line {number}: no heading of a theme",
                "a theme begins with `## ` and its title",
            )
        elif _LOOKS_LIKE_PAPER.match(line):
            raise PlanError(
                f"{self.name}, line {number}: a paper's line begins with `- [@key]`", "mend the line"
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
        id=section.id or slug(section.title, [*RESERVED_IDS, *taken]),
        title=section.title or section.id or "",
        description=" ".join(section.description),
        instructions="\n".join(section.instructions) or None,
        papers=tuple(
            PlannedPaper(key=key, title=_unescape(_YEAR.sub("", rest))) for key, rest in section.papers
        ),
    )


def _outlier(key: str, rest: str) -> Outlier:
    found = _REASON.search(rest)
    title, reason = (rest[: found.start()], found.group(1)) if found else (rest, "")
    if not found and ": " in rest:
        title, _, reason = rest.rpartition(": ")
    return Outlier(
        key=key, title=_unescape(title.strip()), reason=_unescape(reason.strip()) or "set aside by you"
    )


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
    return "too deeply nested" if isinstance(error, RecursionError) else f"not JSON: {error}"
