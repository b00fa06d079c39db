"""Which line is a heading, and what its section is for.

A known name alone on its line is a heading, numbered or not. Any other line needs to look like one: a number
and a larger or bold type, capitals or room above; or, without a number, a larger type.
What this does not know: headings that run into their paragraph, but for those of the abstract and keywords.
"""

from __future__ import annotations

import re

from agent.text.columns import Line

MOST_LETTERS = 90
MOST_WORDS = 13
_NUMBER = r"(?:(?:Section|Appendix|Chapter)\s+)?(?:\d{1,2}(?:\.\d{1,2}){0,3}|[A-Z](?:\.\d{1,2}){1,3}|[A-Z]|[IVX]{1,5})[.:)]?"
_NUMBERED = re.compile(rf"(?P<number>{_NUMBER})\s+(?P<title>[A-Z0-9“\"‘].*)")
_KNOWN = re.compile(
    r"""abstract | (?:executive\ )?summary | introduction(?:\ and\ (?:motivation|background|overview))? | motivation
    | (?:background(?:\ and\ )?)?(?:(?:related|prior|previous)\ (?:works?|research|studies|literature))?(?<=\w)
    | related\ works?\ and\ background | preliminaries | literature\ review | theoretical\ background
    | (?:(?:proposed|our)\ )?(?:methods?|approach|methodology) | materials?\ and\ methods? | methods?\ and\ materials?
    | (?:experiment(?:s|al)?|evaluation|results?|findings|analysis|empirical)
      (?:\ (?:setup|settings?|results?|evaluation|analysis|study|experiments))?
    | (?:experiments?|evaluation|results?|methods?)\ and\ (?:results?|discussions?|analysis|evaluation|experiments)
    | ablation(?:\ (?:study|studies))? | discussions?(?:\ and\ \w+(?:\ work)?)?
    | (?:limitations?|future\ work|threats\ to\ validity)(?:\ and\ \w+(?:\ \w+)?)?
    | conclu(?:sions?|ding\ remarks)(?:(?:,|\ and)\ [\w\ ,]{3,40})? | summary\ and\ \w+
    | acknowledge?ments? | (?:ethics|broader\ impact|impact|reproducibility)\ statement | broader\ impacts?
    | author(?:s[’']?)?\ contributions? | funding | (?:data|code)(?:\ and\ \w+)?\ availability(?:\ statement)?
    | (?:conflicts?\ of\ |competing\ )interests?
    | references(?:\ and\ notes)? | bibliography | literature(?:\ cited)? | works\ cited | contents
    | appendi(?:x|ces)(?:\ [a-z])? | supplement(?:s|ary)?(?:\ (?:materials?|information))? | keywords | index\ terms""",
    re.I | re.X,
)
_RUN_IN = re.compile(
    r"(?P<title>Abstract|ABSTRACT|Summary|Keywords|KEYWORDS|Key words|Index Terms|INDEX TERMS|CCS Concepts)\s?(?:[—–:.•·]|-+(?=\s?[A-Z]))[—–:.\s]*(?=\S)"
)
_SPACED_CAPITALS = re.compile(r"(?<![A-Z’'])([A-Z]) (?=[A-Z]{2,})")
_APPENDIX = re.compile(r"(?:appendi(?:x|ces)|supplement(?:s|ary)?)\b", re.I)
_LETTERED = re.compile(r"[A-Z](?:\.\d+)*[.:]?\s+[A-Z]")
_REFERENCES = re.compile(
    r"(?:references(?: and notes)?|bibliography|literature(?: cited)?|works cited)", re.I
)
_CONTENTS = re.compile(r"(?:table of )?contents", re.I)
_KINDS = tuple(
    (kind, re.compile(pattern, re.I))
    for kind, pattern in (
        ("abstract", r"^abstract$|^(?:executive )?summary$"),
        ("introduction", r"\bintroduction\b|^motivation\b|\bcontributions?$"),
        (
            "related",
            r"\b(?:related|prior|previous|existing)\s(?:works?|research|studies|literature|methods|approaches)\b"
            r"|\bbackground\b|\bpreliminar|\bliterature\b|\bstate of the art\b|\bhistor(?:y|ical)\b",
        ),
        (
            "results",
            r"\b(?:experiment\w*|results?|evaluations?|findings|empirical|ablations?|case stud(?:y|ies)|benchmarks?"
            r"|comparisons?|performance|measurements?)\b",
        ),
        ("discussion", r"\bdiscussions?\b"),
        ("limitations", r"\b(?:limitations?|threats to validity|failure (?:cases|modes)|shortcomings)\b"),
        ("conclusion", r"\bconclu|\bclosing remarks\b|^summary\b(?! of)"),
        (
            "thanks",
            r"\backnowledge?ment|\bfunding\b|\bcontributions? of authors\b|\bauthors?[’']? contributions?\b",
        ),
        ("appendix", r"^appendi|^supplement"),
    )
)


def heading_of(line: Line, body_size: float, has_room: bool, is_inside: bool) -> str | None:
    """The heading that a line is, or None.

    `has_room`: there is more than a line's distance above it; `is_inside`: a heading came before, so that
    this is no longer the top of the first page, where titles and names stand.
    """
    text = _SPACED_CAPITALS.sub(r"\1", line.text) if line.text.upper() == line.text else line.text
    if len(text) > MOST_LETTERS or len(text.split()) > MOST_WORDS:
        return None
    found = _NUMBERED.fullmatch(text)
    title = found.group("title") if found else text
    if is_known(title) and (title[0].isupper() or found):
        return text
    if text.endswith((".", ",", ";", ":", "-", "…")) or not _is_wordy(title):
        return None
    is_large = line.size >= 1.08 * body_size
    if found:
        is_styled = is_large or (
            line.size >= 0.92 * body_size and (line.is_bold or (has_room and title.isupper()))
        )
        return text if is_styled and (is_inside or len(found.group("number")) < 4) else None
    is_loud = is_large or (line.is_bold and has_room and title.isupper() and " " in title)
    return text if is_inside and is_loud and text[0].isupper() else None


def _is_wordy(title: str) -> bool:
    letters = sum(char.isalpha() for char in title)
    return letters >= 4 and letters >= 0.6 * len(title.replace(" ", ""))


def is_known(title: str) -> bool:
    """Whether sections are commonly called so."""
    return bool(_KNOWN.fullmatch(title.strip().rstrip(":.").strip()))


def run_in(text: str) -> tuple[str, str] | None:
    """`Abstract—We present ...` as its heading and the rest of the line."""
    found = _RUN_IN.match(text)
    return (found.group("title"), text[found.end() :]) if found else None


def number_of(heading: str) -> str:
    """The number in front of a heading, without its last full stop; empty where there is none."""
    found = _NUMBERED.fullmatch(heading)
    return found.group("number").rstrip(".:)").split()[-1] if found else ""


def name_of(heading: str) -> str:
    """A heading without its number."""
    found = _NUMBERED.fullmatch(heading)
    return (found.group("title") if found else heading).strip().rstrip(":.").strip()


def kinds_of(heading: str) -> frozenset[str]:
    """What a section is for, by its name: introduction, related, results, discussion, limitations, ..."""
    name = name_of(heading)
    return frozenset(kind for kind, pattern in _KINDS if pattern.search(name))


def opens_references(heading: str) -> bool:
    return bool(_REFERENCES.fullmatch(name_of(heading)))


def opens_contents(heading: str) -> bool:
    return bool(_CONTENTS.fullmatch(name_of(heading)))


def ends_references(heading: str) -> bool:
    """Whether this heading can only stand behind a list of references: an appendix, or another known section."""
    is_appendix = bool(_APPENDIX.match(heading)) or bool(_LETTERED.match(heading))
    return is_appendix or (is_known(name_of(heading)) and not opens_references(heading))
