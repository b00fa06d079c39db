"""Which sentences of a whole text a reader should see, when there is no room for all.

Three kinds are looked for: what the work claims (introduction), what it found (results, discussion,
conclusion) and where it ends (limitations, discussion, conclusion). They take turns, the best of each first,
so that none uses up the room of the others. Nothing comes from sections on other people's work.
What this does not know: whether a sentence is true, or says the same as another.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from agent.records import Body
from agent.text.figures import figures
from agent.text.headings import kinds_of, number_of
from agent.text.sentences import split_sentences

Kind = Literal["claim", "result", "limit"]

FEWEST_LETTERS = 40
MOST_LETTERS = 600
_TURNS: tuple[Kind, ...] = ("claim", "result", "result", "limit")
_NEVER = frozenset({"related", "thanks", "abstract", "appendix"})
_RESULT_SECTIONS = frozenset({"results", "conclusion", "discussion"})
_PARAGRAPH = re.compile(r"[^\n]+")
_BULLET = re.compile(r"(?:[•‣◦▪∙●■–*-]|\(?\d{1,2}[.)]|\([a-z]\))\s+")
_CAPTION = re.compile(r"(?:Figure|Fig\.|Table|Algorithm|Listing|Scheme)\s+[A-Z]?\d+\s*[.:|]", re.I)
_WHOLE = re.compile(r"[\"“‘'(\[]?[A-Z0-9].*[.!?][\"”’')\]]*(?:\[[\d,–\s-]+\])?", re.S)

_WE = r"(?:we|our|ours|this (?:paper|work|study|article|survey|report)|the present (?:paper|work|study))"
_CLAIM = re.compile(
    r"\b(?:we|this (?:paper|work|study|article|survey|report))\b(?:\s+\w+){0,3}?\s+"
    r"(?:propos|introduc|present|show|demonstrat|find|found|prov|develop|design|establish|argue|identif|discover|observe"
    r"|contribut|releas|reveal|provid|offer|report|investigat|stud(?:y|ies)|deriv|build|built)\w*"
    r"|\bour (?:\w+ ){0,2}(?:contributions?|findings?|results?|method|approach|analysis|experiments?)\b",
    re.I,
)
_CORE_CLAIM = re.compile(
    r"\b(?:we|this (?:paper|work|study|article)) (?:\w+ )?(?:propos|introduc|present)\w*|\bcontributions?\b",
    re.I,
)
_OUTLINE = re.compile(
    r"\b(?:remainder|rest) of (?:this|the) (?:paper|article|work)\b|\b(?:is|are) organi[sz]ed as\b"
    r"|\bin (?:section|appendix|sec\.) [\dA-Z]|^section \d|^the following sections?\b",
    re.I,
)
_OURS = re.compile(rf"\b{_WE}\b", re.I)
_FOUND = re.compile(
    r"\b(?:achiev|improv|reduc|outperform|surpass|exceed|gain|drop|decreas|increas|rais|lower|faster|slower|higher|better|worse"
    r"|fewer|yield|reach|attain|cut|sav|accelerat|retain|preserv|speed-?up|compared (?:to|with)|relative to|than)\w*",
    re.I,
)
_LIMIT = re.compile(
    r"\b(?:limitations?|limited (?:to|by)|restricted to|does not|do not|did not|cannot|can not|could not|fail(?:s|ed|ure)?\b|only"
    r"|unclear|remains? (?:open|to be)|beyond the scope|drawbacks?|weakness(?:es)?|shortcomings?|threats?|caveats?|assum\w+"
    r"|may not|might not|not (?:been )?(?:tested|evaluated|studied|considered|covered)|left (?:to|for) future|future work)\b",
    re.I,
)

_NAME = r"[A-ZÀ-Þ][\w’'-]+"
_MAKING = r"(?:propos|introduc|present|publish|develop|show|report|describ|stud)"
_CITED = r"(?:\[\d{1,3}(?:\s?[,;–-]\s?\d{1,3})*\]|\[[A-Z][A-Za-z+]{0,6}\d{2}[a-z]?\]|\((?:[^()]{0,60}?,? )?(?:19|20)\d\d[a-z]?(?:;[^()]*)?\))"
_WORKS = (
    r"(?:works?|stud(?:y|ies)|methods?|approach(?:es)?|research|researchers|papers?|authors?|efforts?|literature"
    r"|attempts?|techniques?|systems?|models?|surveys?)"
)
_OTHERS = re.compile(
    r"(?:(?:In contrast|By contrast|For example|For instance|Meanwhile|In|More recently|Recently|Similarly|Concurrently|Later"
    r"|Earlier|Likewise|However),?\s+)?"
    rf"(?:{_NAME}\s+et\s+al\b|{_NAME}(?:,\s+{_NAME})*,?\s+(?:and|&)\s+{_NAME}\s*{_CITED}|{_NAME}\s*{_CITED}"
    rf"|{_CITED}|\(?{_NAME},\s+(?:19|20)\d\d|(?:{_NAME}\s+){{1,3}}and\s+(?:{_NAME}\s+){{1,3}}{_MAKING}"
    r"|(?i:(?:(?:the|most|many|several|some|other|a number of|all)\s+)?"
    r"(?:previous|prior|earlier|existing|past|recent|subsequent|related|other|concurrent)\s+"
    rf"(?:\w+\s+){{0,2}}?{_WORKS}\b)"
    r"|(?i:(?:the|these|those)\s+authors\b|their\b|they\s+(?:propos|introduc|present|show|report)|researchers\b|others\b"
    r"|it has been\b|there (?:has|have) been\b))"
)
_CITED_SUBJECT = re.compile(rf"(?:[\w’'/+-]+\s+){{0,6}}?[\w’'/+-]+\s*{_CITED}")
_MAKES_ELSEWHERE = re.compile(
    r"\b(?:proposed|introduced|presented|developed|reported|shown|described|studied)\s+(?:by|in)\b", re.I
)


@dataclass(frozen=True, slots=True)
class _Passage:
    start: int
    end: int
    worth: int


@dataclass(frozen=True, slots=True)
class Place:
    """Which sentence of the running text it is, counted from 1, where it ends, and whether its section is about limitations."""

    number: int
    end: int
    is_of_limits: bool


def places(body: Body) -> dict[int, Place]:
    """The place of each sentence of the running text, by where it starts."""
    return {
        start: Place(number, end, "limitations" in kinds)
        for number, (start, end, kinds) in enumerate(_sentences(body), start=1)
    }


def choose(body: Body, budget: int) -> list[tuple[int, int]]:
    """Spans of whole sentences, in the order of the text, together at most `budget` characters."""
    found: dict[Kind, list[_Passage]] = {"claim": [], "result": [], "limit": []}
    for start, end, kinds in _sentences(body):
        rated = _rate(body.text[start:end], kinds)
        if rated is not None:
            found[rated[0]].append(_Passage(start, end, rated[1]))
    for passages in found.values():
        passages.sort(key=lambda passage: (-passage.worth, passage.start))
    chosen: list[tuple[int, int]] = []
    while any(found.values()):
        for kind in _TURNS:
            if found[kind]:
                passage = found[kind].pop(0)
                length = passage.end - passage.start
                if length <= budget:
                    budget -= length
                    chosen.append((passage.start, passage.end))
    return sorted(chosen)


def _sentences(body: Body) -> Iterator[tuple[int, int, frozenset[str]]]:
    """Each whole sentence of running text, with what its section is for."""
    sections = _sections(body)
    has_sections = any(kinds & {"introduction", "results", "conclusion"} for _, _, kinds in sections)
    current = -1
    for paragraph in _PARAGRAPH.finditer(body.text):
        while current + 1 < len(sections) and sections[current + 1][0] <= paragraph.start():
            current += 1
        if current >= 0 and paragraph.start() < sections[current][1]:
            continue  # the heading itself
        kinds = sections[current][2] if current >= 0 else frozenset[str]()
        if kinds & _NEVER or (current < 0 and has_sections) or _CAPTION.match(paragraph.group()):
            continue
        opening = _BULLET.match(paragraph.group())
        first = paragraph.start() + (opening.end() if opening else 0)
        for span in split_sentences(body.text[first : paragraph.end()]):
            yield first + span.start, first + span.end, kinds if has_sections else frozenset({"any"})


def _sections(body: Body) -> list[tuple[int, int, frozenset[str]]]:
    """Start and end of each heading, and what its section is for: by its own name, else by the one above it."""
    sections: list[tuple[int, int, frozenset[str]]] = []
    above: dict[str, frozenset[str]] = {}
    last = frozenset[str]()
    for mark in body.sections:
        number, own = number_of(mark.title), kinds_of(mark.title)
        parent = above.get(number.rpartition(".")[0]) if "." in number else None
        if parent is None and not number and not own:
            parent = last
        if parent is not None:
            own |= parent
        above[number] = last = own
        sections.append((mark.start, mark.start + len(mark.title), own))
    return sections


def _rate(sentence: str, kinds: frozenset[str]) -> tuple[Kind, int] | None:
    """What a sentence is good for in its section and how good; None where it is not for showing."""
    if not FEWEST_LETTERS <= len(sentence) <= MOST_LETTERS or not _WHOLE.fullmatch(sentence):
        return None
    if _is_row(sentence) or _is_of_others(sentence) or _OUTLINE.search(sentence):
        return None
    is_anywhere = "any" in kinds
    is_ours = bool(_OURS.search(sentence))
    if "limitations" in kinds:
        return "limit", 2 + bool(_LIMIT.search(sentence))
    if (kinds & _RESULT_SECTIONS or is_anywhere) and (measured := _measured(sentence)):
        return "result", measured + 2 * bool(_FOUND.search(sentence)) + is_ours
    if (kinds & {"discussion", "conclusion"} or is_anywhere) and _LIMIT.search(sentence):
        return "limit", 1 + is_ours
    if kinds & {"introduction", "conclusion"} or is_anywhere:
        if not _CLAIM.search(sentence):
            return None
        is_core = "introduction" in kinds and _CORE_CLAIM.search(sentence)
        return "claim", 1 + 2 * bool(is_core) + bool(_measured(sentence))
    return None


def _measured(sentence: str) -> int:
    """How many figures with a unit the sentence states, at most two of them counted."""
    return min(2, sum(figure.unit not in ("", "size") for figure in figures(sentence)))


def _is_row(sentence: str) -> bool:
    """A table's row or a formula: too many of its words are numbers or signs."""
    words = sentence.split()
    plain = sum(
        bool(re.fullmatch(r"[(“\"‘']?[^\W\d_]{2,}(?:[-’'/][^\W\d_]+)*[.,;:!?)”\"’']*", word))
        for word in words
    )
    return plain < 0.55 * len(words)


def _is_of_others(sentence: str) -> bool:
    """Whether somebody else's work is the subject: a citation stands before any word of ours."""
    if _OTHERS.match(sentence):
        return True
    ours = _OURS.search(sentence)
    cited = _CITED_SUBJECT.match(sentence)
    if cited and (ours is None or ours.start() > cited.end()):
        return not re.match(
            r"(?:Compared|In contrast|Relative|Unlike|Following|Over|Against|Than)\b", sentence
        )
    return ours is None and bool(_MAKES_ELSEWHERE.search(sentence))
