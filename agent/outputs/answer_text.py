"""An answer for a terminal: the same claims as in the document, wrapped, then the papers that they cite."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from agent.outputs.answered import cited_keys, led_to, nearest, retracted, stretches
from agent.outputs.references import author_names, short_title
from agent.outputs.wording import how_made, lead, mark, marks_note, openly, place, where_searched
from agent.outputs.wrapping import Page, Span, cells
from agent.records import Answer, Claim, Evidence, Paper, Passage, Row, Table
from agent.text.printable import printable

MOST_AUTHORS = 3
MOST_PASSAGES = 5  # that are shown where there is no claim


def answer_text(
    answer: Answer,
    page: Page,
    *,
    evidence: bool = False,
    clean: bool = False,
    with_question: bool = False,
) -> str:
    """What a terminal shows of an answer; `evidence` puts its sentences with their places under each claim."""
    blocks = _opening(answer, page, with_question=with_question)
    numbers = {key: number for number, key in enumerate(cited_keys(answer), start=1)}
    listed: set[str] = set()
    for stretch in stretches(answer):
        if stretch.layout == "prose":
            blocks.append(_prose(stretch.claims, page, evidence=evidence, clean=clean))
            continue
        for (key,), claims in groupby(stretch.claims, lambda claim: claim.citations):
            head = paper_lines(answer.papers[key], page, numbers[key])
            blocks.append([*head, *_quotes(answer.papers[key], claims, page, evidence=evidence, clean=clean)])
            listed.add(key)
    blocks += [_table(table, answer, page, evidence=evidence) for table in answer.tables]
    if not clean:
        note = marks_note(answer.claims, whole="answer", looked_in="the nearest papers")
        blocks.append(page.wrap([("quiet", note)]))
    if evidence:
        blocks.append(_dropped(answer, page))
    blocks += _papers(answer, {key: number for key, number in numbers.items() if key not in listed}, page)
    if evidence and not answer.claims:
        blocks.append(_passages(answer.passages[:MOST_PASSAGES], page))
    searched = where_searched(answer.searched, answer.asked_as or answer.question)
    made = how_made(answer.engine, answer.date, is_checked=bool(answer.claims or answer.tables))
    blocks.append(page.wrap([("quiet", f"{searched} {made}")]))
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def paper_lines(paper: Paper, page: Page, number: int) -> list[str]:
    """A paper as an entry of a numbered list: title, key, who and when where known, and where to find it."""
    title = ("RETRACTED: " if paper.retracted else "") + paper.title
    known = ", ".join(part for part in (author_names(paper, MOST_AUTHORS), str(paper.year or "")) if part)
    who = [("quiet", f" ({known})")] if known else []
    spans = [("head", title), ("", " "), ("cite", f"[{paper.key}]"), *who]
    lines = page.wrap(spans, indent=5, first=f"{number:>3}. ")
    return lines + (page.wrap([("quiet", paper.link)], indent=5) if paper.link else [])


def sentence_lines(sentence: Evidence | Passage, page: Page, *, indent: int, key: bool = True) -> list[str]:
    """A sentence of a paper, word for word, with its place."""
    where = f"{sentence.key}, {place(sentence)}" if key else place(sentence)
    return page.wrap([("", f"“{sentence.text}” "), ("quiet", f"({where})")], indent=indent)


def _opening(answer: Answer, page: Page, *, with_question: bool) -> list[list[str]]:
    lines = page.wrap([("head", answer.question)], indent=2, first="? ") if with_question else []
    if answer.asked_as is not None and answer.asked_as != answer.question:
        lines += page.wrap([("quiet", f"Understood as: {answer.asked_as}")])
    blocks = [lines, page.wrap([("warn", lead(answer)), ("", f" {openly(answer)}")])]
    if answer.would_settle:
        blocks.append(page.wrap([("head", "What would settle it: "), ("", answer.would_settle)]))
    return blocks


def _prose(claims: Sequence[Claim], page: Page, *, evidence: bool, clean: bool) -> list[str]:
    if not evidence:
        return page.wrap([span for claim in claims for span in (*_sentence(claim, clean=clean), ("", " "))])
    return [
        line for claim in claims for line in (*page.wrap(_sentence(claim, clean=clean)), *_under(claim, page))
    ]


def _quotes(paper: Paper, claims: Iterable[Claim], page: Page, *, evidence: bool, clean: bool) -> list[str]:
    """What is quoted of a paper, below its title."""
    lines: list[str] = []
    for claim in claims:
        quoted = next(one for one in claim.evidence if claim.text == f"“{one.text}”")
        if quoted.part == "title":
            continue
        where = [("quiet", f" ({place(quoted)})")] if evidence else []
        lines += page.wrap([("", claim.text + mark(claim, clean=clean)), *where], indent=5)
        lines += _problems(claim, page, 7) if evidence else []
    return lines or ([] if paper.texts.abstract else [" " * 5 + "only the title is known"])


def _sentence(claim: Claim, *, clean: bool) -> list[Span]:
    stop = claim.text[-1] if claim.text[-1:] in (".", "?", "!") else ""
    keys = "; ".join(led_to(claim))
    if not keys:
        return [("", claim.text + mark(claim, clean=clean))]
    text = claim.text.removesuffix(stop)
    return [("", f"{text} "), ("cite", f"[{keys}]"), ("", (stop or ".") + mark(claim, clean=clean))]


def _under(claim: Claim, page: Page, indent: int = 4) -> list[str]:
    """The sentences that a claim rests on, or what was looked for in vain."""
    lines = [line for sentence in claim.evidence for line in sentence_lines(sentence, page, indent=indent)]
    if claim.near:
        near = sentence_lines(claim.near, page, indent=indent)
        lines += [*page.wrap([("quiet", "nearest:")], indent=indent), *near]
    if claim.absent:
        looked = ", ".join(f"“{word}”" for word in claim.absent)
        lines += page.wrap([("quiet", f"looked for and not found: {looked}")], indent=indent)
    return lines + _problems(claim, page, indent)


def _problems(claim: Claim, page: Page, indent: int) -> list[str]:
    return [
        line
        for problem in claim.problems
        for line in page.wrap([("warn", f"{problem.message} ({problem.code})")], indent=indent)
    ]


def _table(table: Table, answer: Answer, page: Page, *, evidence: bool) -> list[str]:
    """Columns where they fit into the page, else one block a paper."""
    caption = page.wrap([("head", table.caption)])
    grid = [["Paper", *(_on_a_line(column.title) for column in table.columns)]]
    grid += [[f"[{row.key}]", *(_on_a_line(cell.text or "–") for cell in row.cells)] for row in table.rows]
    widths = [max(map(cells, column)) for column in zip(*grid, strict=True)]
    if sum(widths) + 2 * (len(widths) - 1) <= page.width and not evidence:
        return caption + [_row(line, widths) for line in grid]
    return caption + [
        line for row in table.rows for line in _stacked(row, table, answer, page, evidence=evidence)
    ]


def _row(line: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(
        cell + " " * (width - cells(cell)) for cell, width in zip(line, widths, strict=True)
    ).rstrip()


def _on_a_line(text: str) -> str:
    return printable(" ".join(text.split()))


def _stacked(row: Row, table: Table, answer: Answer, page: Page, *, evidence: bool) -> list[str]:
    title = short_title(answer.papers[row.key].title)
    lines = page.wrap([("", f"{title} "), ("cite", f"[{row.key}]")])
    for column, cell in zip(table.columns, row.cells, strict=True):
        lines += page.wrap(f"{column.title}: {cell.text or '–'}", indent=2)
        if evidence:
            lines += [line for one in cell.evidence for line in sentence_lines(one, page, indent=4)]
    return lines


def _dropped(answer: Answer, page: Page) -> list[str]:
    lines = page.wrap([("head", "Dropped for failing a check")]) if answer.dropped else []
    for dropped in answer.dropped:
        lines += [*page.wrap(dropped.claim.text, indent=2), *_under(dropped.claim, page)]
    return lines


def _papers(answer: Answer, numbers: Mapping[str, int], page: Page) -> Iterable[list[str]]:
    """The cited papers that were not listed above, a warning of retracted ones, and those that come near."""
    entries = [
        line for key, number in numbers.items() for line in paper_lines(answer.papers[key], page, number)
    ]
    if entries:
        yield [*page.wrap([("head", "Papers")]), *entries]
    if keys := retracted(answer.papers[key] for key in cited_keys(answer)):
        yield page.wrap([("warn", f"Retracted: {', '.join(keys)}. Do not rest on these.")])
    if nearest(answer):
        near = [
            line
            for one in nearest(answer)
            for line in page.wrap([("", f"{one.title} "), ("cite", f"[{one.key}]")], indent=4, first="  - ")
        ]
        yield [*page.wrap([("head", "Nearest papers")]), *near]


def _passages(passages: Sequence[Passage], page: Page) -> list[str]:
    if not passages:
        return []
    found = [line for passage in passages for line in sentence_lines(passage, page, indent=2)]
    return [*page.wrap([("head", "Nearest sentences")]), *found]
