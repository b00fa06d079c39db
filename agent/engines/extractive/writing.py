"""Writing without a model: leads that count, sentences that are quoted, tables whose cells can be traced."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from agent.engines.extractive.reading import clause_of
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
OTHERS = "Others of this theme"
MOST_COMPARED = 8  # tables in the frame
MOST_FIGURES = 3  # a cell

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
    table = _results_table(asked)
    return SectionDraft(tuple(paragraphs), (table,) if table else ())


def draft_frame(asked: FrameInput) -> FrameDraft:
    """What stands where, and where figures stand side by side; no outlook, for that takes judgement."""
    tables = _shared_settings(asked)
    comparison = None
    if tables:
        said = (
            "The tables below put figures side by side where several papers name the same measure and the same "
            "data, model or machine in one sentence.",
            "Whatever else differs between the papers is not in the tables, so a row is no ranking.",
        )
        comparison = SectionDraft((_own(*said),), tuple(tables))
    return FrameDraft(introduction=_introduction(asked), comparison=comparison)


def _introduction(asked: FrameInput) -> SectionDraft:
    themes = len(asked.sections)
    papers = len(asked.papers)
    said = [f"This draft arranges {_papers(papers)} in {_count(themes, 'theme')}."]
    if themes > 1:
        largest = max(asked.sections, key=lambda section: len(section.papers))
        said.append(f"The largest is “{largest.title}”, with {_papers(len(largest.papers))}.")
    kinds = _kinds(asked.summaries.values())
    said += [f"By their own words, {kinds}."] if kinds else []
    return SectionDraft((_own(*said),))


def _lead(asked: SectionInput) -> ParagraphDraft:
    """How many papers, what holds them together, which kinds: of a theme in parts only how many and which parts."""
    said = [f"This theme holds {_papers(len(asked.theme.papers))}."]
    if asked.parts > 1:
        said.append(f"They are taken in {_count(asked.parts, 'part')}.")
    elif len(asked.papers) > 1:
        common = _in_common(asked.papers)
        said += [f"What their texts share: {common}."] if common else []
        kinds = _kinds(asked.summaries.values())
        said += [f"By their own words, {kinds}."] if kinds else []
    return _own(*said)


def _in_common(papers: Sequence[NumberedPaper]) -> str:
    """The phrases that most of these papers have, with their counts."""
    phrases = phrases_of(papers)
    everyone = range(len(papers))
    found = phrases.best(everyone, limit=4)
    told = [(len(phrase.papers), phrase.surface) for phrase in found if len(phrase.papers) > 1]
    return _listed(
        [f"“{surface}” in {count}" for count, surface in sorted(told, key=lambda pair: (-pair[0], pair[1]))]
    )


def _kinds(summaries: Iterable[Summary | None]) -> str:
    counts = Counter(summary.kind for summary in summaries if summary)
    unclear = counts.pop("other", 0)
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    said = _listed([f"{_number(count)} {KIND_WORDS[kind][0 if count == 1 else 1]}" for kind, count in ranked])
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
    return [(part.title if part.phrases else OTHERS, [papers[n] for n in part.members]) for part in groups]


def _entries(
    heading: str | None, papers: Sequence[NumberedPaper], summaries: Mapping[str, Summary]
) -> ParagraphDraft:
    claims = [claim for paper in papers for claim in _quotes(paper, summaries.get(paper.key))]
    return ParagraphDraft(tuple(claims), heading, "entries")


def _quotes(paper: NumberedPaper, summary: Summary | None) -> Iterable[ClaimDraft]:
    """What the paper does and what it reports, in its own words; of a bare title, the title."""
    if summary is None:
        yield _quote(paper, paper.sentences[0])
        return
    findings = [summary.approach, *summary.findings]
    sentences = {e.place: e for finding in findings if finding for e in finding.evidence}
    for evidence in sorted(sentences.values(), key=lambda e: (e.part, e.start)):
        yield _quote(paper, evidence)


def _quote(paper: NumberedPaper, evidence: Evidence) -> ClaimDraft:
    number = next(n for n, sentence in enumerate(paper.sentences) if sentence.place == evidence.place)
    return ClaimDraft(f"“{evidence.text}”", "fact", (SentenceRef(paper.key, number),))


def _results_table(asked: SectionInput) -> TableDraft | None:
    rows = []
    by_key = {paper.key: paper for paper in asked.papers}
    for key, paper in by_key.items():
        summary = asked.summaries.get(key)
        if summary is None or not summary.results:
            continue
        shown = summary.results[:MOST_FIGURES]
        rows.append((key, (_figures_cell(paper, shown), _measures_cell(paper, shown))))
    if not rows:
        return None
    columns = (("figures", "Figures, in the abstract’s words"), ("measures", "Measures"))
    return TableDraft(
        "Figures as the abstracts state them. Settings differ from row to row.", columns, tuple(rows)
    )


def _figures_cell(paper: NumberedPaper, results: Sequence[Result]) -> CellDraft:
    """The clauses that hold the figures, word for word: a figure without its verb misleads."""
    clauses: list[str] = []
    for result in results:
        if not any(result.value in clause for clause in clauses):
            clauses.append(clause_of(result))
    return CellDraft("; ".join(f"“{clause}”" for clause in clauses), _refs(paper, _evidence_of(results)))


def _measures_cell(paper: NumberedPaper, results: Sequence[Result]) -> CellDraft:
    return CellDraft(
        ", ".join(dict.fromkeys(result.metric for result in results)), _refs(paper, _evidence_of(results))
    )


def _evidence_of(results: Iterable[Result]) -> list[Evidence]:
    return [evidence for result in results for evidence in result.evidence]


def _refs(paper: NumberedPaper, evidence: Iterable[Evidence]) -> tuple[SentenceRef, ...]:
    places = {e.place: None for e in evidence}
    return tuple(SentenceRef(paper.key, n) for n, s in enumerate(paper.sentences) if s.place in places)


def _shared_settings(asked: FrameInput) -> list[TableDraft]:
    """Measures that at least two papers report beside the same name."""
    found: dict[tuple[str, str], list[tuple[NumberedPaper, Result]]] = defaultdict(list)
    spelled: dict[str, str] = {}
    for paper in asked.papers:
        summary = asked.summaries.get(paper.key)
        for result in summary.results if summary else ():
            sentence = result.evidence[0].text
            for name in _names_of(summary, sentence):
                spelled.setdefault(name.casefold(), name)
                found[(result.metric, name.casefold())].append((paper, result))
    shared = [(pair, rows) for pair, rows in found.items() if len({paper.key for paper, _ in rows}) > 1]
    shared.sort(key=lambda item: (-len({paper.key for paper, _ in item[1]}), item[0]))
    return [_comparison(metric, spelled[name], rows) for (metric, name), rows in shared[:MOST_COMPARED]]


def _names_of(summary: Summary | None, sentence: str) -> list[str]:
    if summary is None:
        return []
    named = dict.fromkeys((*summary.data, *summary.models, *summary.hardware))
    return [name for name in named if name in sentence]


def _comparison(metric: str, name: str, rows: Sequence[tuple[NumberedPaper, Result]]) -> TableDraft:
    by_key: dict[str, list[Result]] = defaultdict(list)
    papers = {paper.key: paper for paper, _ in rows}
    for paper, result in rows:
        by_key[paper.key].append(result)
    cells = tuple(
        (key, (_figures_cell(papers[key], results[:MOST_FIGURES]),)) for key, results in by_key.items()
    )
    heading = metric if metric[:1].isupper() or metric == "mAP" else metric[0].upper() + metric[1:]
    return TableDraft(
        f"{heading}, named with {name}", (("figures", "Figures, in the abstract’s words"),), cells
    )


def _own(*sentences: str) -> ParagraphDraft:
    return ParagraphDraft(tuple(ClaimDraft(sentence, "own") for sentence in sentences))


def _papers(count: int) -> str:
    return _count(count, "paper")


def _count(count: int, what: str) -> str:
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


def _listed(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else ""
