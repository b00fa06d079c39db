"""Follow-ups, without a model: a question that leans on the turns before it becomes one that stands alone.

It leans by a pronoun, by an ordinal, or by having nothing of its own; everything else stands as it was typed.
What this does not know: what words mean. `It` is the first paper of the last answer, `the second` its second.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from agent.engines.extractive.called import names_of_work, own_name
from agent.engines.protocol import Before
from agent.records import Paper
from agent.text.names import names
from agent.text.questions import telling_words
from agent.text.tokens import STOP_WORDS, stands_in

MOST_CARRIED = 6  # papers that "these" points at
FEW = 3  # content words before a pronoun that still points at an earlier turn
TERSE = 3  # content words of a question that says no more than what it is about

_ORDINALS = {
    "first": 0, "1st": 0, "former": 0, "second": 1, "2nd": 1, "third": 2, "3rd": 2, "fourth": 3, "4th": 3,
    "fifth": 4, "5th": 4, "last": -1, "latter": -1, "other": 1,
}  # fmt: skip
_REFERS = "one|paper|work|method|system|approach|model"
_DOES = (
    r"need|use|require|work|do|have|support|report|compare|also|get|reach|achieve|train|cost|run|scale|differ"
)
_ORDINAL = re.compile(
    rf"\b(?:the )?(?P<which>{'|'.join(_ORDINALS)})(?: (?:{_REFERS})s?(?: (?:you )?(?:cited|named|mentioned|listed))?\b"
    rf"|(?=\s*[?.!,]*$)|(?= (?:{_DOES})s?\b)|(?<=former)|(?<=latter))",
    re.I,
)
_DIFFER = re.compile(r"\b(?:differ\w*|compare\w*|vs|versus)\b", re.I)
_BOTH = re.compile(r"\b(?:both(?: of them)?|the two(?: of them)?)\b", re.I)
_MANY = re.compile(
    r"\b(?:they|them|their|theirs|these|those)\b(?: (?:papers|works|methods|systems|approaches|models))?",
    re.I,
)
_ONE = re.compile(
    r"\b(?:(?:this|that|the same) (?:one|paper|work|method|system|approach|model|study)|it|its|this|that(?! \w+ (?:is|are|can|do))|he|she)\b",
    re.I,
)
_IT = re.compile(r"\bit\b", re.I)
_IN_WHAT_WAY = re.compile(r"^(?:how|why)\b(?! (?:about|much|many|fast|long|large|big))", re.I)
_WHEREIN_ELSE = re.compile(r"^(?:on|in|for|with|at|under|without|using|by|against|over)\b", re.I)
_DUMMY = re.compile(r"\bis it (?:so |really |still |even )?\w+ (?:to|that)\b|\bit (?:is|takes|seems)\b", re.I)
_GOES_ON = re.compile(
    r"^(?:what about|how about|and|but|so|also|then|or)\b[\s,]*(?:(?:what|how) about\b)?\s*", re.I
)


def stand_alone(typed: str, before: Sequence[Before]) -> tuple[str, tuple[str, ...]]:
    """The question with what it leans on put into it, and the keys of the papers that this points at."""
    if not before:
        return typed, ()
    cited = _cited(before)
    if _is_beyond(typed, cited):
        return typed, ()
    goes_on = _GOES_ON.match(typed)
    rest = typed[goes_on.end() :] if goes_on else typed
    if both := _held_against(rest, cited, before):
        return both
    if pointed := _pointed(rest, cited):
        match, papers = pointed
        return _put_in(rest, match, papers, before), tuple(paper.key for paper in papers)
    if goes_on or _says_little(rest):
        return _carried_on(typed, rest, before[-1], cited)
    return typed, ()


def _held_against(
    rest: str, cited: Sequence[Paper], before: Sequence[Before]
) -> tuple[str, tuple[str, ...]] | None:
    """`is it better than the first one?`: the paper of the last answer against another one of the thread, or of it."""
    pronoun, ordinal = _IT.search(rest), _ORDINAL.search(rest)
    if not cited or not pronoun or not ordinal or pronoun.end() > ordinal.start():
        return None
    number = _ORDINALS[ordinal["which"].lower()]
    papers = cited if len(cited) > 1 else _of_thread(before)
    if not -len(papers) <= number < len(papers) or len(papers) < 2:
        return None
    other = papers[number]
    one = cited[0] if cited[0].key != other.key else next(p for p in reversed(papers) if p.key != other.key)
    first, second = _called(one, before), _called(other, before)
    left = f"{rest[: pronoun.start()]} {rest[pronoun.end() : ordinal.start()]} {rest[ordinal.end() :]}"
    asked = (
        rest[: pronoun.start()]
        + first
        + rest[pronoun.end() : ordinal.start()]
        + second
        + rest[ordinal.end() :]
    )
    if not telling_words(left):
        asked = f"{asked.rstrip(' ?.!')}: {_aspect(before[-1].question, papers)}?"
    return asked, (one.key, other.key)


def _of_thread(before: Sequence[Before]) -> list[Paper]:
    """All papers that the answers of a thread cite, in order."""
    found: dict[str, Paper] = {}
    for turn in before:
        keys = (key for claim in turn.claims for key in claim.citations)
        found |= {key: turn.papers[key] for key in keys if key in turn.papers and key not in found}
    return list(found.values())


def _aspect(question: str, papers: Sequence[Paper]) -> str:
    """What an earlier question asks, without the names of the works that it asks it of."""
    names_ = {word for paper in papers for one in names_of_work(paper) for word in telling_words(one.written)}
    return " ".join(word for word in _plain_words(question) if not names_ & set(telling_words(word)))


def _cited(before: Sequence[Before]) -> list[Paper]:
    """The papers that the last answer which cites any cites, in order."""
    for turn in reversed(before):
        keys = dict.fromkeys(key for claim in turn.claims for key in claim.citations)
        found = [turn.papers[key] for key in keys if key in turn.papers]
        if found:
            return found
    return []


def _is_beyond(typed: str, cited: Sequence[Paper]) -> bool:
    """Whether an ordinal points at a paper that no answer cites: nobody knows which."""
    match = _ORDINAL.search(typed)
    return match is not None and _ORDINALS[match["which"].lower()] >= len(cited)


def _pointed(rest: str, cited: Sequence[Paper]) -> tuple[re.Match[str], list[Paper]] | None:
    """The words that point at earlier papers, with the papers."""
    if not cited:
        return None
    if match := _ORDINAL.search(rest):
        return match, [cited[_ORDINALS[match["which"].lower()]]]
    for pattern, papers in ((_BOTH, cited[:2]), (_MANY, cited[:MOST_CARRIED]), (_ONE, cited[:1])):
        match = pattern.search(rest)
        if match and not _points_inside(rest, match):
            return match, list(papers)
    return None


def _points_inside(rest: str, match: re.Match[str]) -> bool:
    """Whether a pronoun stands for something of its own sentence, or for nothing."""
    ahead = rest[: match.start()]
    return len(telling_words(ahead)) > FEW or any(names(ahead)) or bool(_DUMMY.search(rest))


def _put_in(rest: str, match: re.Match[str], papers: Sequence[Paper], before: Sequence[Before]) -> str:
    """The question with the papers' names where it points at them; asked as before where nothing else is asked."""
    called = _listed([_called(paper, before) for paper in papers])
    cited = _cited(before)
    left = f"{rest[: match.start()]} {rest[match.end() :]}"
    if not telling_words(left) and not _DIFFER.search(left):
        if _IN_WHAT_WAY.match(rest) and (aspect := _aspect(before[-1].question, cited)):
            return f"{rest[: match.start()]}{called}{rest[match.end() :].rstrip(' ?.!')}: {aspect}?"
        return _asked_of(called, before[-1].question, cited)
    is_owner = match.group().lower() in {"its", "their", "his", "her"}
    return rest[: match.start()] + called + ("’s" if is_owner else "") + rest[match.end() :]


def _asked_of(called: str, earlier: str, cited: Sequence[Paper]) -> str:
    """An earlier question asked of another work: in the place of the one that it named, if it named one."""
    own = [one.written for paper in cited for one in names_of_work(paper) if one.written in earlier]
    return earlier.replace(own[0], called) if len(own) == 1 else f"{called}: {earlier}"


def _says_little(rest: str) -> bool:
    """Whether a question has too little of its own to be asked alone: `why?`, `on which data?`."""
    return len(telling_words(rest)) < 2 and not any(names(rest)) and len(rest.split()) <= 2 * TERSE


def _carried_on(typed: str, rest: str, last: Before, cited: Sequence[Paper]) -> tuple[str, tuple[str, ...]]:
    """A follow-up with the works that the earlier question named, or, where it has none, with its words."""
    about = [paper for paper in cited if stands_in(own_name(paper), last.question)]
    if _WHEREIN_ELSE.match(rest) and len(telling_words(rest)) <= TERSE:
        return f"{last.question.rstrip(' ?.!')} {rest.rstrip(' ?.!')}?", _keys(about)
    fresh = list(names(rest))
    if fresh and len(telling_words(rest)) <= len({w for name in fresh for w in telling_words(name)}):
        return _asked_of(_listed(fresh), last.question, cited), ()
    if fresh or len(telling_words(rest)) > TERSE:
        return typed, ()
    if not telling_words(rest):
        return f"{last.question.rstrip(' ?.!')}: {rest.strip(' ?.!') or typed}?", _keys(about or cited[:1])
    if about:
        return f"{rest.rstrip(' ?.!')} in {_listed([_called(paper, [last]) for paper in about])}?", _keys(
            about
        )
    carried = " ".join(word for word in _plain_words(last.question) if word.lower() not in rest.lower())
    return f"{rest.rstrip(' ?.!')}: {carried}?", ()


def _plain_words(question: str) -> list[str]:
    """The words of a question that tell what it is about, as they were written."""
    written = re.findall(r"[\w+*^-]+", question)
    return [word for word in written if word.lower() not in STOP_WORDS and telling_words(word)]


def _keys(papers: Sequence[Paper]) -> tuple[str, ...]:
    return tuple(paper.key for paper in papers)


def _listed(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _called(paper: Paper, turns: Sequence[Before]) -> str:
    """What to call a paper that turns have spoken of: by a name that stands in them, else by its title."""
    asked = [turn.question for turn in turns]
    said = [paper.title, *asked, *(c.text for turn in turns for c in turn.claims)]
    for one in names_of_work(paper):
        # A name that is not sure to be its own is so where a question has it and the title, which may say anything, not.
        texts = said if one.is_sure else [] if stands_in(one.written, paper.title) else asked
        if any(stands_in(one.written, text) for text in texts):
            return one.written
    return paper.title
