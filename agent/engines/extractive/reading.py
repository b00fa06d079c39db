"""Reading a paper without a model: cue phrases and place pick sentences, patterns find figures and names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from agent.engines.extractive import cues
from agent.engines.protocol import FindingDraft, ResultDraft, SummaryDraft
from agent.records import PaperKind, Result
from agent.text.figures import Figure, figures
from agent.text.names import fold_name, head_of_title, is_name
from agent.text.numbered import NumberedPaper

APPROACH_AT = 0.38  # where in an abstract its approach usually stands
MOST_LIMITS = 2
MOST_RESULTS = 2  # result sentences that are picked
GOOD_RESULT, GOOD_SECOND = 1.0, 1.6
MEASURED_UNITS = frozenset({"x", "%", "points", "orders of magnitude"})
SPELLING = {
    "fid": "FID", "bleu": "BLEU", "rouge": "ROUGE", "map": "mAP", "miou": "mIoU", "iou": "IoU", "auc": "AUC",
    "auroc": "AUROC", "psnr": "PSNR", "ssim": "SSIM", "rmse": "RMSE", "mae": "MAE", "wer": "WER", "flops": "FLOPs",
    "macs": "MACs", "f1": "F1", "f1 score": "F1", "speed": "speedup", "acceleration": "speedup",
}  # fmt: skip
_CLAUSE_END = re.compile(r"[,;:]\s|\s(?:and|while|whereas|but|with)\s")


def summarise(paper: NumberedPaper) -> SummaryDraft:
    """A summary of what can be found by pattern; what cannot stays unknown."""
    approach = pick_approach(paper)
    results = pick_results(paper, approach)
    problem = pick_problem(paper, approach)
    kind, also = kinds(paper, approach)
    text = paper.opening_text if paper.opening > 1 else paper.text
    return SummaryDraft(
        kind=kind,
        also=also,
        problem=_finding(paper, problem),
        names=_names(paper),
        approach=_finding(paper, approach),
        findings=tuple(found for number in results if (found := _finding(paper, number))),
        results=tuple(
            result for number in _figure_sentences(paper, approach) for result in measured(paper, number)
        ),
        data=_distinct(match.group() for match in cues.DATA.finditer(text)),
        models=tuple(
            name
            for name in _distinct(m.group() for m in cues.MODEL.finditer(text))
            if not _is_own(paper, name)
        ),
        hardware=_distinct(match.group() for match in cues.HARDWARE.finditer(text)),
        limitations=tuple(found for number in pick_limits(paper) if (found := _finding(paper, number))),
        links=paper.paper.links,
    )


def pick_limits(paper: NumberedPaper) -> list[int]:
    """The numbers of sentences in which a whole text says where it ends; abstracts hardly ever do.

    Those of a section about limitations come first, whatever their words.
    """
    said = {
        n: bool(cues.LIMITS.search(one.text)) for n, one in enumerate(paper.sentences) if one.part == "body"
    }
    found = [n for n, is_said in said.items() if is_said or n in paper.of_limits]
    return sorted(sorted(found, key=lambda n: (n not in paper.of_limits, not said[n], n))[:MOST_LIMITS])


def pick_approach(paper: NumberedPaper) -> int | None:
    """The number of the sentence that says what the paper does."""
    last = paper.opening - 1
    if last < 1:
        return None
    return max(range(1, last + 1), key=lambda number: (round(_approach_score(paper, number), 9), -number))


def _approach_score(paper: NumberedPaper, number: int) -> float:
    text = paper.sentences[number].text
    place = (number - 1) / max(1, paper.opening - 2)
    score = 2.0 if cues.MAKES.search(text) else 1.2 if cues.STUDIES.search(text) else 0.0
    score += 0.6 if cues.IN_THIS_WORK.search(text) else 0.0
    score += 0.4 if cues.CALLED.search(text) else 0.0
    score += 0.8 if _mentions_own_name(paper, text) else 0.0
    score += 1.0 if cues.REVIEWS.search(text) else 0.0
    score -= 1.0 if cues.NOT_THIS_WORK.search(text) else 0.0
    score += 0.3 if cues.OURS.search(text) else 0.0
    score -= 0.9 if cues.GOES_ON.match(text) else 0.0
    score -= 0.5 if any(figure.unit in MEASURED_UNITS for figure in figures(text)) else 0.0
    score -= 0.8 if cues.NOT_A_RESULT.search(text) or text.endswith(("?", ":")) else 0.0
    score -= 0.5 if cues.FINDS.search(text) else 0.0
    return score - 0.7 * abs(place - APPROACH_AT)


def pick_results(paper: NumberedPaper, approach: int | None) -> list[int]:
    """The numbers of the sentences that report results, best first as long as they are good, in order of the text."""
    start = approach or 0
    open_to_choice = [
        number
        for number in range(1, paper.opening)
        if number > start or (number < start and cues.FINDS.search(paper.sentences[number].text))
    ]
    scores = {number: _result_score(paper, number) for number in open_to_choice}
    ranked = sorted(open_to_choice, key=lambda number: (-round(scores[number], 9), number))
    picked = [n for n in ranked[:1] if scores[n] >= GOOD_RESULT]
    picked += [n for n in ranked[1:MOST_RESULTS] if scores[n] >= GOOD_SECOND]
    return sorted(picked)


def _result_score(paper: NumberedPaper, number: int) -> float:
    text = paper.sentences[number].text
    place = (number - 1) / max(1, paper.opening - 2)
    own_figures = len(_measures(text))
    score = 0.8 * place
    score += 1.0 + 0.2 * min(3, own_figures) if own_figures else 0.0
    score += 0.8 if cues.FINDS.search(text) else 0.0
    score += 0.6 if cues.REPORTS.search(text) else 0.0
    score += 0.4 if cues.GAINS.search(text) else 0.0
    score -= 0.6 if cues.PROMISES.search(text) and not own_figures else 0.0
    score -= 0.9 if cues.ANNOUNCES.search(text) and not own_figures and not cues.FINDS.search(text) else 0.0
    score -= 0.4 if cues.LEANS_BACK.match(text) else 0.0
    score -= 1.5 if (cues.NOT_A_RESULT.search(text) and not own_figures) or text.endswith(("?", ":")) else 0.0
    return score


def pick_problem(paper: NumberedPaper, approach: int | None) -> int | None:
    """The number of the sentence that says what is wrong without this paper."""
    last = approach if approach is not None else paper.opening
    found = [n for n in range(1, last) if cues.PROBLEM.search(paper.sentences[n].text)]
    if not found:
        return None
    return max(found, key=lambda n: (len(cues.PROBLEM.findall(paper.sentences[n].text)) + 0.5 * n / last, -n))


def kinds(paper: NumberedPaper, approach: int | None) -> tuple[PaperKind, tuple[PaperKind, ...]]:
    """The main kind of work, and further ones."""
    title = paper.paper.title
    said = paper.sentences[approach].text if approach is not None else ""
    by_title = [kind for kind, pattern, _ in cues.KINDS if pattern.search(title)]
    by_text = [kind for kind, _, pattern in cues.KINDS if pattern.search(said)]
    makes_method = "method" in by_text and not cues.STUDY_TITLE.search(title)
    if by_title and not (by_title[0] in {"empirical study", "theory", "system"} and makes_method):
        found = [*by_title, *by_text]
    else:
        found = [*by_text, *by_title]
    if not found and (cues.OURS.search(said) or _mentions_own_name(paper, said)):
        found = ["method"]
    distinct = list(dict.fromkeys(found)) or ["other"]
    return distinct[0], tuple(distinct[1:3])


def measured(paper: NumberedPaper, number: int) -> Iterable[ResultDraft]:
    """The figures of a sentence whose measure stands beside them."""
    text = paper.sentences[number].text
    for figure in _measures(text):
        metric = metric_of(text, figure)
        if metric:
            yield ResultDraft(
                metric=metric,
                value=value_as_written(text, figure),
                baseline=_baseline(text, figure),
                setting=_setting(text, figure),
                evidence=(number,),
            )


def metric_of(text: str, figure: Figure) -> str | None:
    """What a figure measures, where the words right beside it say so; None where they do not."""
    return _metric_behind(text[figure.end : figure.end + 60]) or _metric_before(text, figure)


def _metric_behind(after: str) -> str | None:
    clause = after[: cut.start()] if (cut := _CLAUSE_END.search(after)) else after
    found = _metric_in(clause, first=True)
    return found[0] if found and cues.BEHIND.fullmatch(clause[: found[1]].rstrip()) else None


def _metric_before(text: str, figure: Figure) -> str | None:
    before = text[max(0, figure.start - 90) : figure.start]
    cuts = list(_CLAUSE_END.finditer(before))
    clause = before[cuts[-1].end() :] if cuts else before
    hedge = cues.HEDGE.search(clause)
    clause = clause[: hedge.start()] if hedge else clause
    found = _metric_in(clause, first=False)
    return found[0] if found and cues.BEFORE.search(clause[found[2] :].rstrip() + " ") else None


def value_as_written(text: str, figure: Figure) -> str:
    """The figure with the "up to" or "drops by" before it and the "faster" or "reduction" behind it."""
    before = text[max(0, figure.start - 40) : figure.start]
    start = figure.start
    for pattern in (cues.HEDGE, cues.DIRECTION_BEFORE, cues.HEDGE):
        if match := pattern.search(before):
            start -= len(before) - match.start()
            before = before[: match.start()]
    after = cues.DIRECTION_AFTER.match(text, figure.end)
    return text[start : after.end() if after else figure.end].strip()


def has_name(name: str, text: str) -> bool:
    """Whether a text has a name as a word of its own: GPT is not in GPTQ."""
    return re.search(rf"(?<![A-Za-z]){re.escape(name)}(?![A-Za-z])", text) is not None


def is_level(result: Result) -> bool:
    """Whether a result's value is how high a measure stands, and not by how much it changed."""
    text = result.evidence[0].text
    at = text.find(result.value)
    before = text[max(0, at - 40) : at]
    after = text[at + len(result.value) : at + len(result.value) + 45]
    has_direction = cues.DIRECTION_BEFORE.search(before) or cues.DIRECTION.search(f"{result.value} {after}")
    return result.metric in cues.LEVELS and not has_direction and not re.search(r"\bby\s*$", before)


def _metric_in(text: str, *, first: bool) -> tuple[str, int, int] | None:
    """A measure's usual name with its place: the first one of a text or the last."""
    found = [(match.start(), match.end(), match.group(1).lower()) for match in cues.METRIC.finditer(text)]
    found += [
        (m.start(), m.end(), cues.COMPARATIVES[m.group(1).lower()]) for m in cues.COMPARATIVE.finditer(text)
    ]
    if not found:
        return None
    start, end, name = min(found) if first else max(found)
    if name == "accuracy" and (top := re.search(r"top-?([15])\b", text, re.I)):
        name = f"top-{top.group(1)} accuracy"
    return SPELLING.get(name, re.sub(r"^speed-?ups?$", "speedup", name)), start, end


def _measures(text: str) -> list[Figure]:
    return [figure for figure in figures(text) if figure.unit in MEASURED_UNITS]


def _figure_sentences(paper: NumberedPaper, approach: int | None) -> Sequence[int]:
    """Where a paper's own figures stand: from its approach on, in sentences that report."""
    start = approach if approach is not None else 1
    return [n for n in range(start, paper.opening) if _measures(paper.sentences[n].text)]


def _baseline(text: str, figure: Figure) -> str | None:
    rest = text[figure.end : figure.end + 80]
    match = cues.BASELINE.search(rest)
    if match is None or _CLAUSE_END.search(rest[: match.start()]):
        return None
    return _name_at(rest[match.end() :])


def _setting(text: str, figure: Figure) -> str | None:
    rest = text[figure.end : figure.end + 80]
    for match in re.finditer(r"\b(?:on|for|in|with)\s+(?:the\s+|a\s+|an\s+|single\s+)*", rest):
        if not _CLAUSE_END.search(rest[: match.start()]) and (name := _name_at(rest[match.end() :])):
            return name
    return None


def _name_at(text: str) -> str | None:
    words: list[str] = []
    for word in text.split()[:4]:
        core = word.strip(".,;:()")
        if not core or not (is_name(core) or (words and core[0].isdigit())):
            break
        words.append(core)
        if word[-1] in ".,;:)":
            break
    return " ".join(words) or None


def _names(paper: NumberedPaper) -> tuple[str, ...]:
    """What the paper calls its work: the title before its colon, or the name after "called" and the like."""
    head = head_of_title(paper.paper.title)
    if head:
        return (head,)
    for sentence in paper.sentences[1 : paper.opening]:
        match = cues.CALLED.search(sentence.text)
        if match and is_name(match.group(1)):
            return (match.group(1),)
    return ()


def _is_own(paper: NumberedPaper, name: str) -> bool:
    return any(
        fold_name(own) in fold_name(name) or fold_name(name) == fold_name(own) for own in _names(paper)
    )


def _mentions_own_name(paper: NumberedPaper, text: str) -> bool:
    return any(has_name(name, text) for name in _names(paper))


def _finding(paper: NumberedPaper, number: int | None) -> FindingDraft | None:
    return None if number is None else FindingDraft(paper.sentences[number].text, (number,))


def _distinct(found: Iterable[str]) -> tuple[str, ...]:
    """Each name once, without the full stop of its sentence; of `A100` and `A100 GPU` the longer."""
    seen: dict[str, str] = {}
    for name in found:
        bare = name.strip().rstrip(".,;:")
        seen.setdefault(bare.casefold().removesuffix("s"), bare)
    names = list(seen.values())
    return tuple(
        name for name in names if not any(name != other and name in other.split(" ") for other in names)
    )
