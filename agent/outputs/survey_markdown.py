"""The survey as a document: what a person reads and signs."""

from __future__ import annotations

from collections.abc import Iterable

from agent.outputs.claims_markdown import paragraph_markdown, table_markdown
from agent.outputs.markdown import escape, target, yaml_string
from agent.outputs.references import reference
from agent.outputs.titles import frame_title
from agent.outputs.wording import count_papers, marks_note
from agent.records import FramePart, Paragraph, Section, Survey, Table
from agent.text.names import head_of_title

MOST_NAMED = 4  # papers that the map of themes names
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


def _what_was_read(survey: Survey) -> str:
    if not survey.fulltext:
        return "Only titles and abstracts were read: what a paper says elsewhere is not here."
    count = len(survey.fulltext)
    others = sum(len(section.papers) for section in survey.themes) > count
    rest = ", of all others only titles and abstracts" if others else ""
    return f"Of {count_papers(count)} passages of the whole text were read too{rest}: what a paper says elsewhere is not here."


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
    note = marks_note(survey.claims(), whole="draft", looked_in="the papers of its section")
    if note and not clean:
        blocks.append(note)
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
    line = f"- [{escape(section.title)}](#theme-{section.id}), {count_papers(len(section.papers))}"
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
        blocks.append(paragraph_markdown(paragraph.claims, paragraph.layout, survey.papers, clean=clean))
    for one in tables:
        blocks += table_markdown(one, survey.papers)
    return blocks


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
