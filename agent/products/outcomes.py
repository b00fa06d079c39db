"""What is said of an answer: why there is none, and what would settle it. Made by code, so that it says what is so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from agent.records import Paper
from agent.steps.answerer import Answered
from agent.text.tokens import stem, words

MOST_NAMED = 3


@dataclass(frozen=True)
class Looking:
    """Where was looked: how many papers, how many whole texts, and which stems of the question none has.

    `excluded` counts papers that were not searched since the user excluded them, `named_excluded` is one of these
    that the question calls by its name. `of_record` are the papers named, where the question is about authors, years
    or venues; None where it is not.
    """

    question: str
    size: int
    bodies: int
    unknown: frozenset[str]
    excluded: int = 0
    named_excluded: str | None = None
    of_record: tuple[str, ...] | None = None


def explain(answered: Answered, looking: Looking, papers: dict[str, Paper], whole: Iterable[str]) -> str:
    """One to three sentences on what the answer is or why there is none.

    Args:
        papers: by key, those that the answer wants among them.
        whole: keys of the papers whose whole text was read.
    """
    if looking.of_record is not None:
        return "Only the papers’ texts are searched, and these do not say who wrote a paper, when or where it appeared."
    said = [_main(answered, looking, papers, frozenset(whole))]
    if answered.status == "not_stated" and answered.reason in ("nothing_found", "off_topic"):
        said += _unknown_words(looking, answered)
    if answered.status == "not_stated" and looking.excluded:
        was = "was" if looking.excluded == 1 else "were"
        said.append(f"{_count(looking.excluded, 'excluded paper')} {was} not searched.")
    if answered.lost_cells:
        count = answered.lost_cells
        said.append(
            f"{_count(count, 'table cell')} did not hold and {'is' if count == 1 else 'are'} left out."
        )
    if answered.dropped:
        count = len(answered.dropped)
        said.append(
            f"{_count(count, 'drafted sentence')} did not hold and {'is' if count == 1 else 'are'} left out."
        )
    said += [f"The {missing.where} could not be made: {missing.reason}." for missing in answered.missing]
    return " ".join(said)


def would_settle(
    answered: Answered, looking: Looking, papers: dict[str, Paper], whole: Iterable[str]
) -> str | None:
    """What the reader can do to have the question answered; None where nothing is open or nothing is known to help."""
    if answered.status == "answered":
        return None
    if looking.of_record is not None:
        return _shown(looking.of_record)
    if looking.named_excluded:
        key = looking.named_excluded
        return f"{key}, which you excluded, is about it: `litreview include {key}`"
    if answered.reason == "budget":
        return "a larger budget: raise --max-calls, --max-tokens or --max-cost and ask again; what was paid for is kept"
    if answered.reason == "engine_failed":
        return "asking again, or another model"
    there = frozenset(whole)
    wanted = [key for key in answered.wanted if key in papers and key not in there][:MOST_NAMED]
    if wanted:
        # Where the explanation has named them with their titles, their keys will do.
        is_told = answered.reason == "needs_full_text"
        named = " and ".join(wanted) if is_told else _titles(wanted, papers)
        attach = " ".join(f"--attach {key}=FILE.pdf" for key in wanted)
        plural = "s" if len(wanted) > 1 else ""
        return f"the whole text{plural} of {named}: `litreview fulltext {attach}`, then ask again"
    if answered.reason in ("nothing_found", "off_topic"):
        return "papers on this: `litreview search` or `litreview add` takes them in"
    return None


def _shown(keys: tuple[str, ...]) -> str:
    """Where authors, years and venues stand."""
    shown = " or ".join(f"`litreview show {key}`" for key in keys[:MOST_NAMED]) or "`litreview show KEY`"
    verb = "shows" if len(keys) < 2 else "show"
    lists = "" if len(keys) == 1 else "; `litreview papers` lists all papers with their years"
    return f"{shown} {verb} authors, year and venue as the sources state them{lists}"


def _main(answered: Answered, looking: Looking, papers: dict[str, Paper], whole: frozenset[str]) -> str:
    where = _where(looking)
    unstated = answered.unstated.rstrip(".")
    match answered.status, answered.reason:
        case "answered", "conflicting":
            return "The papers differ on this; each claim names who says it."
        case "answered", _:
            return f"Answered from {where}."
        case "partial", _ if unstated:
            return f"A part of it is stated. {_silent(looking, '')}: {unstated}."
        case "partial", _ if answered.dropped:
            return "A part of it is stated; most of what was drafted did not hold."
        case "partial", _:
            return "A part of it is stated."
        case "not_stated", "false_premise":
            return "The question takes for granted what the paper contradicts."
        case "not_stated", "needs_full_text":
            return _not_in_abstract(answered, papers, whole)
        case "not_stated", "off_topic":
            return f"The question is about something else than {where}."
        case "not_stated", _:
            return f"{_silent(looking)}{f': {unstated}' if unstated else ''}."
        case _:
            return f"No answer could be made: {answered.failure}."


def _not_in_abstract(answered: Answered, papers: dict[str, Paper], whole: frozenset[str]) -> str:
    wanted = [key for key in answered.wanted if key in papers][:MOST_NAMED]
    what = answered.unstated.rstrip(".") or "what is asked"
    if not wanted:
        return f"No abstract states: {what}."
    unread = [key for key in wanted if key not in whole]
    if not unread:
        return f"Neither abstract nor whole text of {_titles(wanted, papers)}, as far as it could be read, states: {what}."
    return f"The abstract of {_titles(unread, papers)} does not state: {what}. The whole text is not here."


def _titles(keys: Iterable[str], papers: dict[str, Paper]) -> str:
    return " and ".join(f"“{papers[key].title}” ({key})" for key in keys)


def _where(looking: Looking) -> str:
    if looking.size == 1:
        return "the one paper searched"
    return f"the {looking.size} papers searched, {_how(looking)}"


def _silent(looking: Looking, what: str = " it") -> str:
    if looking.size == 1:
        return f"The one paper searched does not state{what}"
    return f"None of the {looking.size} papers searched, {_how(looking)}, states{what}"


def _how(looking: Looking) -> str:
    return f"{looking.bodies} of them with their whole text" if looking.bodies else "by title and abstract"


def _unknown_words(looking: Looking, answered: Answered) -> Sequence[str]:
    if answered.status == "answered" or not looking.unknown:
        return ()
    spelled = dict.fromkeys(word for word in words(looking.question) if stem(word) in looking.unknown)
    if not spelled:
        return ()
    quoted = ", ".join(f"“{word}”" for word in spelled)
    return (f"{'They hold' if looking.size != 1 else 'It holds'} nowhere {quoted}.",)


def _count(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"
