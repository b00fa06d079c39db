"""Writing without a model: leads that count, sentences that are quoted, tables whose cells can be traced."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from agent.engines.extractive.reading import has_name, is_level
from agent.engines.protocol import (
    CellDraft,
    ClaimDraft,
    FrameDraft,
    FrameInput,
    ParagraphDraft,
    SectionDraft,
    SectionInput,
    SentenceRef,
    TableDraft,
)
from agent.records import Evidence, PaperKind, Result, Summary, Theme
from agent.text.numbered import NumberedPaper
from agent.text.themes import named_groups, phrases_of

SUBTHEMES_FROM = 9  # papers that are worth cutting into sub-themes
SUBTHEME_SIZE = 6
MOST_COMPARED = 8  # tables in the frame
NEAR = 60  # characters between a figure and what it was measured on
FEWEST_ROWS = 2  # of a table

KIND_WORDS: dict[PaperKind, tuple[str, str]] = {
    "method": ("presents a method", "present a method"),
    "system": ("presents a system", "present a system"),
    "benchmark": ("sets up a benchmark", "set up a benchmark"),
    "dataset": ("brings a data set", "bring a data set"),
    "empirical study": ("studies or measures", "study or measure"),
    "theory": ("works out theory", "work out theory"),
    "survey": ("surveys a field", "survey a field"),
    "position": ("argues a position", "argue a position"),
}


def draft_section(asked: SectionInput) -> SectionDraft:
    """A lead, the papers' own sentences by sub-theme, and a table of what they report."""
    paragraphs = [] if asked.part > 1 else [_lead(asked)]
    groups = [(asked.heading, asked.papers)] if asked.parts > 1 else _subthemes(asked.theme, asked.papers)
    for heading, papers in groups:
        paragraphs.append(_entries(heading, papers, asked.summaries))
    table = _overview_table(asked)
    return SectionDraft(tuple(paragraphs), (table,) if table else ())


def draft_frame(asked: FrameInput) -> FrameDraft:
    """What stands where, and where figures stand side by side; no outlook, for that takes judgement."""
    tables = _shared_settings(asked)
    comparison = None
    if tables:
        said = (
            "The tables below put figures side by side where several papers state the same measure on the same data.",
            "What else differs between the papers stands in their sentences, if anywhere, so a row is no ranking.",
        )
        comparison = SectionDraft((_own(*said),), tuple(tables))
    return FrameDraft(introduction=_introduction(asked), comparison=comparison)


def _introduction(asked: FrameInput) -> SectionDraft:
    themes = len(asked.sections)
    papers = len(asked.papers)
    said = [f"This draft arranges {_papers(papers)} in {count_of(themes, 'theme')}."]
    if themes > 1:
        largest = max(asked.sections, key=lambda section: len(section.papers))
        said.append(f"The largest is “{largest.title}”, with {_papers(len(largest.papers))}.")
    kinds = _kinds(asked.summaries.values())
    said += [f"By the cue words of their abstracts, {kinds}."] if kinds else []
    return SectionDraft((_own(*said),))


def _lead(asked: SectionInput) -> ParagraphDraft:
    """How many papers, what holds them together, which kinds: of a theme in parts only how many and which parts."""
    said = [f"This theme holds {_papers(len(asked.theme.papers))}."]
    if asked.parts > 1:
        said.append(f"They are taken in {count_of(asked.parts, 'part')}.")
    elif len(asked.papers) > 1:
        common = _in_common(asked.papers)
        said += [f"What their texts share: {common}."] if common else []
        kinds = _kinds(asked.summaries.values())
        said += [f"By the cue words of their abstracts, {kinds}."] if kinds else []
    return _own(*said)


def _in_common(papers: Sequence[NumberedPaper]) -> str:
    """The phrases that at least half of these papers have, with their counts."""
    found = phrases_of(papers).best(range(len(papers)), limit=4)
    told = [(len(phrase.papers), phrase.surface) for phrase in found if 2 * len(phrase.papers) >= len(papers)]
    return listed(
        [f"“{surface}” in {count}" for count, surface in sorted(told, key=lambda pair: (-pair[0], pair[1]))]
    )


def _kinds(summaries: Iterable[Summary | None]) -> str:
    counts = Counter(summary.kind for summary in summaries if summary)
    unclear = counts.pop("other", 0)
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    said = listed([f"{_number(count)} {KIND_WORDS[kind][0 if count == 1 else 1]}" for kind, count in ranked])
    if not unclear:
        return said
    left = f"of {_number(unclear)} the kind cannot be told"
    return f"{said}; {left}" if said else left


def _subthemes(
    theme: Theme, papers: Sequence[NumberedPaper]
) -> list[tuple[str | None, Sequence[NumberedPaper]]]:
    """Groups of a theme's papers by what they speak of; the theme whole where most of them have no name."""
    if len(papers) < SUBTHEMES_FROM:
        return [(None, papers)]
    groups = named_groups(papers, round(len(papers) / SUBTHEME_SIZE), [theme.title])
    named = sum(len(part.members) for part in groups if part.phrases)
    if len(groups) < 2 or named < len(papers) / 2:
        return [(None, papers)]
    return [(part.title, [papers[n] for n in part.members]) for part in groups]


def _entries(
    heading: str | None, papers: Sequence[NumberedPaper], summaries: Mapping[str, Summary]
) -> ParagraphDraft:
    claims = [claim for paper in papers for claim in _quotes(paper, summaries.get(paper.key))]
    return ParagraphDraft(tuple(claims), heading, "entries")


def _quotes(paper: NumberedPaper, summary: Summary | None) -> Iterable[ClaimDraft]:
    """What the paper does, then what it reports, in its own words; of a bare title, the title."""
    if summary is None:
        yield _quote(paper, paper.sentences[0])
        return
    findings = [summary.approach, *summary.findings]
    sentences = {e.place: e for finding in findings if finding for e in finding.evidence}
    for evidence in sentences.values():
        yield _quote(paper, evidence)


def _quote(paper: NumberedPaper, evidence: Evidence) -> ClaimDraft:
    number = next(n for n, sentence in enumerate(paper.sentences) if sentence.place == evidence.place)
    return ClaimDraft(f"“{evidence.text}”", "fact", (SentenceRef(paper.key, number),))


def _overview_table(asked: SectionInput) -> TableDraft | None:
    """What the abstracts measure, and on what: for finding papers that can be compared, not for comparing them."""
    columns = (
        ("measures", "Measures named with figures"),
        ("models", "Models"),
        ("data", "Data"),
        ("hardware", "Hardware"),
    )
    rows = []
    for paper in asked.papers:
        summary = asked.summaries.get(paper.key)
        if summary and (cells := _overview_cells(paper, summary)):
            rows.append((paper.key, cells))
    used = [n for n in range(len(columns)) if any(cells[n].text for _, cells in rows)]
    if len(rows) < FEWEST_ROWS or not used:
        return None
    shown = tuple((key, tuple(cells[n] for n in used)) for key, cells in rows)
    return TableDraft(
        "What the abstracts name. A dash says that no pattern found a name, not that there is none.",
        tuple(columns[n] for n in used),
        shown,
    )


def _overview_cells(paper: NumberedPaper, summary: Summary) -> tuple[CellDraft, ...]:
    measures = dict.fromkeys(result.metric for result in summary.results)
    stated = [evidence for result in summary.results for evidence in result.evidence]
    cells = [CellDraft(", ".join(measures), _refs(paper, stated)) if measures else CellDraft()]
    for named in (summary.models, summary.data, summary.hardware):
        places = [
            sentence for sentence in paper.sentences if any(has_name(name, sentence.text) for name in named)
        ]
        cells.append(CellDraft(", ".join(named), _refs(paper, places)) if named else CellDraft())
    return tuple(cells) if any(cell.text for cell in cells) else ()


def _refs(paper: NumberedPaper, evidence: Iterable[Evidence]) -> tuple[SentenceRef, ...]:
    places = {e.place: None for e in evidence}
    return tuple(SentenceRef(paper.key, n) for n, s in enumerate(paper.sentences) if s.place in places)


def _shared_settings(asked: FrameInput) -> list[TableDraft]:
    """Levels of one measure on one data set that at least two papers state, each with its whole sentence."""
    found: dict[tuple[str, str], list[tuple[NumberedPaper, Result]]] = defaultdict(list)
    for paper in asked.papers:
        summary = asked.summaries.get(paper.key)
        if summary is None:
            continue
        levels = [result for result in summary.results if is_level(result)]
        for result in levels:
            if (
                sum(other.evidence == result.evidence for other in levels) == 1
            ):  # else nobody knows which is whose
                for name in _data_of(summary, result):
                    found[(result.metric, name)].append((paper, result))
    shared = [(pair, rows) for pair, rows in found.items() if len({paper.key for paper, _ in rows}) > 1]
    shared.sort(key=lambda item: (-len({paper.key for paper, _ in item[1]}), item[0]))
    return [_comparison(metric, name, rows) for (metric, name), rows in shared[:MOST_COMPARED]]


def _data_of(summary: Summary, result: Result) -> list[str]:
    """The data set of a figure: named near it, and the only one of its sentence, else nobody knows whose it is."""
    sentence = result.evidence[0].text
    named = [name for name in summary.data if has_name(name, sentence)]
    is_near = named and abs(sentence.find(named[0]) - sentence.find(result.value)) <= NEAR
    return named if len(named) == 1 and is_near else []


def _comparison(metric: str, name: str, rows: Sequence[tuple[NumberedPaper, Result]]) -> TableDraft:
    by_key: dict[str, list[Result]] = defaultdict(list)
    papers = {paper.key: paper for paper, _ in rows}
    for paper, result in rows:
        by_key[paper.key].append(result)
    cells = tuple((key, _compared(papers[key], results)) for key, results in by_key.items())
    columns = (("value", "Figure"), ("sentence", "Its sentence"))
    return TableDraft(f"{metric[0].upper()}{metric[1:]} on {name}", columns, cells)


def _compared(paper: NumberedPaper, results: Sequence[Result]) -> tuple[CellDraft, CellDraft]:
    sentences = {result.evidence[0].place: result.evidence[0] for result in results}
    refs = _refs(paper, sentences.values())
    quoted = "; ".join(f"“{evidence.text}”" for evidence in sentences.values())
    return CellDraft("; ".join(dict.fromkeys(result.value for result in results)), refs), CellDraft(
        quoted, refs
    )


def _own(*sentences: str) -> ParagraphDraft:
    return ParagraphDraft(tuple(ClaimDraft(sentence, "own") for sentence in sentences))


def _papers(count: int) -> str:
    return count_of(count, "paper")


def count_of(count: int, what: str) -> str:
    """A number of things in words."""
    return f"{_number(count)} {what}{'' if count == 1 else 's'}"


def _number(count: int) -> str:
    words = (
        "no",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
    )
    return words[count] if count < len(words) else str(count)


def listed(parts: Sequence[str]) -> str:
    """Parts as a sentence lists them."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else ""
