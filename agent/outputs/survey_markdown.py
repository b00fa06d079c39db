"""The survey as a document: what a person reads and signs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from agent.outputs.markdown import cite, escape, table, target, yaml_string
from agent.outputs.references import reference, short_title
from agent.outputs.titles import frame_title
from agent.records import Cell, Claim, FramePart, Paragraph, Section, Survey, Table
from agent.text.names import head_of_title

MOST_NAMED = 4  # papers that the map of themes names
WEAK, INFERENCE, GAP = "†", "‡", "§"
KIND_OF_ENGINE = {
    "extractive": "The extractive engine wrote it: no language model was asked. Sentences in quotation marks are the "
    "papers’ own, word for word with TeX rendered; all others only count and connect.",
    "model": "A language model drafted it.",
}
VERIFIED = {
    "none": "**Nothing was verified** beyond that every cited sentence exists.",
    "code": "Code checked every claim against its sentences; no second reading by a model was made.",
    "model": "Every claim was held against the sentences that it cites, by code and by a model that saw nothing else.",
}


def survey_markdown(survey: Survey, *, clean: bool = False) -> str:
    """`survey.md`. `clean` leaves out the marks for weak claims and inferences."""
    blocks = [
        _head(survey),
        *_how_made(survey, clean=clean),
        *_frame_part(survey, "introduction", clean=clean),
        _map(survey),
        *(block for section in survey.themes for block in _section(section, survey, clean=clean)),
        *_frame_part(survey, "comparison", clean=clean),
        *_frame_part(survey, "outlook", clean=clean),
        *_left_out(survey),
        *_references(survey),
    ]
    return "\n\n".join(block for block in blocks if block) + "\n"


def paragraph_markdown(paragraph: Paragraph, survey: Survey, *, clean: bool) -> str:
    """Running text, or one entry a paper, whose citation holds for all its sentences."""
    if paragraph.layout == "prose":
        return " ".join(_sentence(claim, clean=clean) for claim in paragraph.claims)
    entries = [
        _entry(keys, list(claims), survey, clean=clean)
        for keys, claims in groupby(paragraph.claims, _citations)
    ]
    return "\n".join(entries)


def _citations(claim: Claim) -> tuple[str, ...]:
    return claim.citations


def _entry(keys: Sequence[str], claims: Sequence[Claim], survey: Survey, *, clean: bool) -> str:
    if len(keys) != 1:
        return "\n".join(f"- {_sentence(claim, clean=clean)}" for claim in claims)
    paper = survey.papers[keys[0]]
    quoted = [claim for claim in claims if any(evidence.part != "title" for evidence in claim.evidence)]
    head = f"- **{escape(paper.title)}** {cite(keys)}"
    if not quoted:
        return f"{head}: only the title is known."
    return "\n".join([head, *(f"  - {escape(claim.text)}{_mark(claim, clean=clean)}" for claim in quoted)])


def _sentence(claim: Claim, *, clean: bool) -> str:
    text = escape(claim.text)
    keys = claim.citations or ((claim.near.key,) if claim.near else ())  # a gap leads to what comes nearest
    if keys:
        stop = text[-1] if text[-1:] in ".?!" else ""
        text = f"{text.removesuffix(stop)} {cite(keys)}{stop or '.'}"
    return text + _mark(claim, clean=clean)


def _mark(claim: Claim, *, clean: bool) -> str:
    if clean:
        return ""
    kind = {"inference": INFERENCE, "gap": GAP}.get(claim.kind, "")
    return kind + (WEAK if claim.verdict == "weak" else "")


def _what_was_read(survey: Survey) -> str:
    if not survey.fulltext:
        return "Only titles and abstracts were read: what a paper says elsewhere is not here."
    count = len(survey.fulltext)
    others = sum(len(section.papers) for section in survey.themes) > count
    rest = ", of all others only titles and abstracts" if others else ""
    return f"Of {_papers(count)} passages of the whole text were read too{rest}: what a paper says elsewhere is not here."


def _head(survey: Survey) -> str:
    lines = [
        "---",
        f"title: {yaml_string(survey.title)}",
        f'date: "{survey.date}"',
        "bibliography: references.bib",
        "link-citations: true",
        "suppress-bibliography: true",
        "---",
    ]
    return "\n".join(lines)


def _how_made(survey: Survey, *, clean: bool) -> list[str]:
    scope = _what_was_read(survey)
    files = "`evidence.md` shows every claim with the sentences that it rests on, `ledger.csv` what became of every record."
    said = [
        f"*This is a draft, made on {survey.date}.*",
        KIND_OF_ENGINE[survey.engine.name],
        VERIFIED[survey.engine.verify],
    ]
    blocks = [" ".join([*said, scope, files]), _flow(survey)]
    claims = list(survey.claims())
    marks = []
    if any(claim.kind == "inference" for claim in claims):
        marks.append(f"{INFERENCE} marks a conclusion of this draft, not of a paper")
    if any(claim.kind == "gap" for claim in claims):
        marks.append(
            f"{GAP} marks what was looked for, by its words, in the papers of its section and not found"
        )
    if any(claim.verdict == "weak" for claim in claims):
        marks.append(f"{WEAK} marks a claim that its sentences bear only in part")
    if marks and not clean:
        blocks.append("; ".join(marks) + ".")
    retracted = [paper.key for paper in survey.papers.values() if paper.retracted]
    if retracted:
        blocks.append(f"**Retracted:** {', '.join(f'`{key}`' for key in retracted)}. Do not rest on these.")
    if survey.missing:
        blocks.append(
            f"**Not complete:** {len(survey.missing)} parts could not be made; they are named below."
        )
    return blocks


def _flow(survey: Survey) -> str:
    flow = survey.flow
    counts = [
        (flow.cited, "cited"),
        (flow.uncited, "not cited"),
        (flow.outliers, "set aside as off the subject"),
        (flow.excluded, "excluded by you"),
        (flow.duplicates, "known already from another record"),
        (flow.missing, "missing"),
        (flow.rejected, "rejected as unreadable"),
    ]
    said = ", ".join(f"{count} {what}" for count, what in counts if count)
    return f"Of {flow.read} records: {said}." if said else f"{flow.read} records were read."


def _frame_part(survey: Survey, name: str, *, clean: bool) -> list[str]:
    part: FramePart | None = getattr(survey.frame, name)
    if part is None or not (part.paragraphs or part.tables):
        return []
    return [f"## {frame_title(survey, name)}", *_body(part.paragraphs, part.tables, survey, clean=clean)]


def _map(survey: Survey) -> str:
    if len(survey.themes) < 2:
        return ""
    return "\n".join(_map_line(section, survey) for section in survey.themes)


def _map_line(section: Section, survey: Survey) -> str:
    line = f"- [{escape(section.title)}](#theme-{section.id}), {_papers(len(section.papers))}"
    if section.description:
        return f"{line}: {escape(section.description)}"
    heads = (head_of_title(survey.papers[key].title) for key in section.papers)
    named = list(dict.fromkeys(head for head in heads if head))
    return f"{line}, among them {escape(', '.join(named[:MOST_NAMED]))}" if named else line


def _section(section: Section, survey: Survey, *, clean: bool) -> list[str]:
    lost = [
        f"*{escape(missing.reason)}.*"
        for missing in survey.missing
        if missing.where == f"section {section.id}"
    ]
    note = [f"**This section could not be written:** {lost[0]}"] if lost and not section.paragraphs else []
    return [
        f"## {target(f'theme-{section.id}')}{escape(section.title)}",
        *note,
        *_body(section.paragraphs, section.tables, survey, clean=clean),
    ]


def _body(
    paragraphs: Iterable[Paragraph], tables: Iterable[Table], survey: Survey, *, clean: bool
) -> list[str]:
    blocks: list[str] = []
    for paragraph in paragraphs:
        if paragraph.heading:
            blocks.append(f"### {escape(paragraph.heading)}")
        blocks.append(paragraph_markdown(paragraph, survey, clean=clean))
    for one in tables:
        blocks += [f"*{escape(one.caption)}*", _table(one, survey)]
    return blocks


def _table(one: Table, survey: Survey) -> str:
    head = ["Paper", *(escape(column.title) for column in one.columns)]
    rows = []
    for row in one.rows:
        title = escape(short_title(survey.papers[row.key].title))
        rows.append([f"{title} {cite([row.key])}", *(_cell(cell) for cell in row.cells)])
    return table(head, rows)


def _cell(cell: Cell) -> str:
    return escape(cell.text) if cell.text else "–"


def _left_out(survey: Survey) -> list[str]:
    """What is not above, and why: nothing that came in is passed over in silence."""
    blocks: list[str] = []
    if survey.outliers:
        lines = [f"- {escape(o.title)} (`{o.key}`): {escape(o.reason)}." for o in survey.outliers]
        blocks.append(
            "**Set aside as off the subject.** `litreview include KEY` takes one back in.\n\n"
            + "\n".join(lines)
        )
    uncited = [row for row in survey.ledger if row.status == "uncited"]
    if uncited:
        blocks.append(
            "**Not cited.**\n\n" + "\n".join(_ledger_line(row.title, row.key, row.reason) for row in uncited)
        )
    excluded = [row for row in survey.ledger if row.status == "excluded"]
    if excluded:
        blocks.append(
            "**Excluded by you.**\n\n"
            + "\n".join(_ledger_line(row.title, row.key, row.reason) for row in excluded)
        )
    rejected = [row for row in survey.ledger if row.status == "rejected"]
    if rejected:
        lines = [
            f"- {escape(row.source)}, {escape(row.position)}: {escape(row.reason or '')}." for row in rejected
        ]
        blocks.append("**Rejected as unreadable.**\n\n" + "\n".join(lines))
    if survey.missing:
        lines = [f"- {escape(missing.where)}: {escape(missing.reason)}." for missing in survey.missing]
        blocks.append("**Could not be made.** The next run tries again.\n\n" + "\n".join(lines))
    if survey.dropped:
        count = len(survey.dropped)
        drafted = "One drafted claim was" if count == 1 else f"{count} drafted claims were"
        blocks.append(f"{drafted} dropped for failing a check; `evidence.md` lists what and why.")
    return ["## What is not in this draft", *blocks] if blocks else []


def _ledger_line(title: str, key: str | None, reason: str | None) -> str:
    why = {"no_abstract": "no abstract is known"}.get(reason or "", reason or "no reason given")
    return f"- {escape(title)} (`{key}`): {escape(why)}."


def _references(survey: Survey) -> list[str]:
    cited = {row.key for row in survey.ledger if row.status == "cited" and row.key}
    if not cited:
        return []
    entries = [f"- {reference(survey.papers[key])}" for key in sorted(cited, key=str.lower)]
    return ["## References", "\n".join(entries)]


def _papers(count: int) -> str:
    return "1 paper" if count == 1 else f"{count} papers"
