"""What documents and the terminal say alike of claims, of where was looked and of how it was made: plain text."""

from __future__ import annotations

from collections.abc import Iterable

from agent.records import Answer, Cited, Claim, EngineInfo, Evidence, Found, Passage, Reasoned, Searched

WEAK, INFERENCE, GAP = "†", "‡", "§"
STANCES = {"supports": "Supports it", "against": "Speaks against it", "related": "Related"}
CITABLE = ("supports", "against")  # stances whose papers a sentence may cite
_CHECKED = {
    "none": "Not verified, beyond that every cited sentence exists",
    "code": "Checked by code, not by a model",
    "model": "Checked by code, and by a model that saw each claim with its sentences only",
}
_LEADS = {
    "partial": "Answered in part.",
    "not_stated": "Not stated.",
    "failed": "Could not be answered.",
}


def mark(claim: Claim, *, clean: bool = False) -> str:
    """The signs behind a claim: what kind it is, and whether it is weak; none where it is to be `clean`."""
    if clean:
        return ""
    kind = {"inference": INFERENCE, "gap": GAP}.get(claim.kind, "")
    return kind + (WEAK if claim.verdict == "weak" else "")


def marks_note(claims: Iterable[Claim], *, whole: str, looked_in: str) -> str:
    """What the marks of these claims mean; empty where none is marked.

    `whole` is what the product is called, `looked_in` the papers that a gap was looked for in.
    """
    listed = list(claims)
    marks = []
    if any(claim.kind == "inference" for claim in listed):
        marks.append(f"{INFERENCE} marks a conclusion of this {whole}, not of a paper")
    if any(claim.kind == "gap" for claim in listed):
        marks.append(f"{GAP} marks what was looked for, by its words, in {looked_in} and not found")
    if any(claim.verdict == "weak" for claim in listed):
        marks.append(f"{WEAK} marks a claim that its sentences bear only in part")
    return "; ".join(marks) + "." if marks else ""


def place(sentence: Evidence | Passage) -> str:
    """Where in its paper a sentence stands."""
    if sentence.part == "title":
        return "title"
    page = f", page {sentence.page}" if sentence.page else ""
    return f"{sentence.part}, sentence {sentence.sentence}{page}"


def count_papers(count: int) -> str:
    return "1 paper" if count == 1 else f"{count} papers"


def lead(answer: Answer) -> str:
    """How an answer that is none, or not a plain one, opens; empty where it is plainly answered."""
    if answer.reason == "false_premise":
        return "Not as the question has it."
    if answer.reason == "conflicting":
        return "The papers disagree."
    return _LEADS.get(answer.status, "")


def openly(answer: Answer) -> str:
    """What is said first: why it is no answer or no plain one, or what of it is left out; else nothing."""
    is_plain = not (lead(answer) or answer.dropped or answer.missing)
    return "" if is_plain else answer.explanation


def where_searched(searched: Searched, asked: str = "") -> str:
    """In how many papers was looked, of how many of them the whole text, and for what besides what was asked."""
    where = f" of collection “{searched.collection}”" if searched.collection else ""
    bodies = f", {searched.bodies} of them whole" if searched.bodies else ""
    left_out = f", without {searched.excluded} that you excluded" if searched.excluded else ""
    said = f"Searched: titles and abstracts of {count_papers(searched.papers)}{where}{bodies}{left_out}"
    queries = "; ".join(f"“{query}”" for query in searched.queries if query != asked)
    return f"{said}; also for {queries}." if queries else f"{said}."


def how_made(engine: EngineInfo, date: str, *, is_checked: bool = True) -> str:
    """Who made an answer, how it was checked if there was something to check, and on which day."""
    names = ", ".join(sorted(set(engine.models.values())))
    who = (
        "Extractive engine, no model asked" if engine.name == "extractive" else f"Model: {names or 'unnamed'}"
    )
    checked = f" {_CHECKED[engine.verify]}." if is_checked else ""
    return f"{who}.{checked} {date}."


def unjudged(found: Cited) -> str:
    """What to mind where no model has held the sentences against the sentence."""
    stances = [*found.supports, *found.against, *found.related]
    if all(stance.judged for stance in stances):
        return ""
    which = "What is not marked as judged was" if any(stance.judged for stance in stances) else "These were"
    return f"{which} told by shared words alone: read the sentences before you cite."


def nothing_found(found: Cited) -> str:
    """What there is not; empty where something supports or contradicts."""
    if found.supports or found.against:
        return ""
    return "Nothing found that supports it or speaks against it." if found.related else "Nothing found."


def ready(keys: Iterable[str]) -> tuple[str, str]:
    """Citations of these papers to be pasted into Markdown, and into LaTeX."""
    listed = list(keys)
    return f"[{'; '.join(f'@{key}' for key in listed)}]", f"\\cite{{{', '.join(listed)}}}"


def no_passage(found: Found) -> str:
    """What is said where a search finds nothing."""
    words = " or ".join(f"“{word}”" for word in found.alike)
    return f"Nothing found. Did you mean {words}?" if words else "Nothing found."


def lacking(reasoned: Reasoned) -> str:
    """Which words of a query a paper does not have, and whether it was named."""
    said = [f"Lacks: {', '.join(reasoned.lacking)}."] if reasoned.lacking else []
    return " ".join([*said, *(["Called by its name."] if reasoned.own_name else [])])
