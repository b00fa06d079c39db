"""Answers as one document: claims with `[@key]` citations, or openly none; pandoc finds what it cites in its head."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from agent.outputs.answered import cited_keys, nearest, retracted, stretches
from agent.outputs.claims_markdown import paragraph_markdown, table_markdown
from agent.outputs.evidence_markdown import claim_evidence, legend, table_evidence
from agent.outputs.markdown import escape, yaml_string
from agent.outputs.references import reference
from agent.outputs.wording import how_made, lead, marks_note, openly, place, where_searched
from agent.records import Answer, Author, Paper, Passage

MOST_PASSAGES = 5  # that are shown where there is no claim


def answer_markdown(answers: Sequence[Answer], *, clean: bool = False, evidence: bool = False) -> str:
    """A document of an answer, or of the answers of a thread, in order; the first question is its title.

    `clean` leaves out the marks for weak claims, inferences and gaps; `evidence` shows each claim with its
    sentences.
    """
    papers = {key: answer.papers[key] for answer in answers for key in cited_keys(answer)}
    first = answers[0]
    blocks = [document_head(first.question, first.date, papers.values())]
    is_one = len(answers) == 1
    for answer in answers:
        blocks.append("" if is_one else f"## {escape(answer.question)}")
        blocks += _answer(answer, clean=clean)
        blocks += _evidence(answer) if evidence else []
        blocks.append("" if is_one else _made(answer))
    blocks += [*references(papers.values()), _made(first) if is_one else ""]
    return "\n\n".join(block for block in blocks if block) + "\n"


def document_head(title: str, date: str | None, papers: Iterable[Paper]) -> str:
    """The head of a document that stands alone: what it cites is described in it."""
    lines = ["---", f"title: {yaml_string(title)}", *([f'date: "{date}"'] if date else [])]
    cited = sorted(papers, key=lambda paper: paper.key.lower())
    if cited:
        lines += ["suppress-bibliography: true", "references:"]
        lines += [line for paper in cited for line in _described(paper)]
    return "\n".join([*lines, "---"])


def references(papers: Iterable[Paper]) -> list[str]:
    """The list of references with its heading; nothing where nothing is cited."""
    entries = [f"- {reference(paper)}" for paper in sorted(papers, key=lambda paper: paper.key.lower())]
    return ["## References", "\n".join(entries)] if entries else []


def warn_of_retracted(papers: Iterable[Paper]) -> str:
    """A warning that names the retracted ones; empty where there is none."""
    keys = retracted(papers)
    return f"**Retracted:** {', '.join(f'`{key}`' for key in keys)}. Do not rest on these." if keys else ""


def _described(paper: Paper) -> list[str]:
    """What a citation needs of a paper, as a processor reads it."""
    lines = [f"- id: {yaml_string(paper.key)}", "  type: document", f"  title: {yaml_string(paper.title)}"]
    if paper.authors:
        lines.append("  author:")
        lines += [f"  - {_name(author)}" for author in paper.authors]
    return [*lines, f"  issued: {paper.year}"] if paper.year else lines


def _name(author: Author) -> str:
    if not author.family:
        return f"literal: {yaml_string(author.name or author.given or '')}"
    parts = {
        "family": author.family,
        "given": author.given,
        "non-dropping-particle": author.particle,
        "suffix": author.suffix,
    }
    return "{" + ", ".join(f"{name}: {yaml_string(said)}" for name, said in parts.items() if said) + "}"


def _answer(answer: Answer, *, clean: bool) -> list[str]:
    blocks = [_understood(answer), *_openly(answer)]
    for stretch in stretches(answer):
        blocks.append(paragraph_markdown(stretch.claims, stretch.layout, answer.papers, clean=clean))
    for table in answer.tables:
        blocks += table_markdown(table, answer.papers)
    if not clean:
        blocks.append(marks_note(answer.claims, whole="answer", looked_in="the nearest papers"))
    return [*blocks, warn_of_retracted(answer.papers[key] for key in cited_keys(answer)), *_nearest(answer)]


def _made(answer: Answer) -> str:
    made = how_made(answer.engine, answer.date, is_checked=bool(answer.claims or answer.tables))
    searched = where_searched(answer.searched, answer.asked_as or answer.question)
    return f"*{escape(searched)} {escape(made)}*"


def _understood(answer: Answer) -> str:
    is_other = answer.asked_as is not None and answer.asked_as != answer.question
    return f"*Understood as: {escape(answer.asked_as or '')}*" if is_other else ""


def _openly(answer: Answer) -> list[str]:
    """What stands first where the question is not plainly answered."""
    opening = f"**{lead(answer)}** " if lead(answer) else ""
    blocks = [opening + escape(openly(answer))]
    if answer.would_settle:
        blocks.append(f"**What would settle it:** {escape(answer.would_settle)}")
    return blocks


def _nearest(answer: Answer) -> list[str]:
    lines = [f"- {escape(near.title)} (`{near.key}`)" for near in nearest(answer)]
    return ["**Nearest papers:**", "\n".join(lines)] if lines else []


def _evidence(answer: Answer) -> list[str]:
    if not (answer.claims or answer.tables or answer.dropped):
        return (
            ["### Nearest sentences", *map(_passage, answer.passages[:MOST_PASSAGES])]
            if answer.passages
            else []
        )
    blocks = ["### Evidence", legend(answer.engine), *map(claim_evidence, answer.claims)]
    for number, table in enumerate(answer.tables, start=1):
        blocks += table_evidence(table, f"answer.t{number}")
    if answer.dropped:
        blocks += ["### Dropped", *(claim_evidence(dropped.claim) for dropped in answer.dropped)]
    return blocks


def _passage(passage: Passage) -> str:
    return f"> {escape(passage.text)}\n> — `{passage.key}`, {place(passage)}"
