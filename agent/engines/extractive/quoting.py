"""Which sentences of a paper stand as an answer: those that bear on what is asked and speak of the paper's own work.

A sentence bears on a question if a word asked for is in it, or a figure where one is asked for that the words around
it call for. One about other people's work is quoted only where the question asks for that.
"""

from __future__ import annotations

from agent.engines.extractive.called import own_name
from agent.engines.extractive.kinds import asks_of_others, is_of_others, kinds_in, speaks_of_own, stands_for
from agent.engines.extractive.owning import is_own
from agent.engines.extractive.reading import pick_approach, pick_results
from agent.engines.extractive.sought import NEIGHBOUR, Sought
from agent.engines.extractive.things import asks_for_figure
from agent.records import QuestionKind
from agent.text.figures import figures
from agent.text.numbered import NumberedPaper
from agent.text.questions import families

_ANY = families(("model", "method", "additional", "extra", "separate"))  # of what is denied: `no draft model`
EACH: dict[QuestionKind, int] = {"fact": 3, "figure": 3, "comparison": 3, "list": 1, "trend": 1}
AS_GOOD = 0.6  # of the best sentence, for a further one
OWN = 1.1  # what a sentence counts that says whose work it speaks of
FIGURE = 0.5  # what a figure adds, in shares of the best sentence, where one is asked for


def quoted(sought: Sought, paper: NumberedPaper) -> list[int]:
    """The numbers of the sentences of a paper that are quoted, in its order; none where none bears on the question."""
    if not sought.aspects:
        return _overview(paper)
    scores = _scores(sought, paper)
    held = sought.sentences(paper)
    most = max((sought.weight(held[number]) for number in scores), default=0.0)
    if held[0] and (not scores or (sought.is_listing and sought.weight(held[0]) > most)):
        return sorted({0, *_further(sought, paper)})
    if not scores:
        return []
    ranked = sorted(scores, key=lambda number: (-scores[number], number))
    kept = [number for number in ranked if scores[number] >= AS_GOOD * scores[ranked[0]]]
    found = kept[: EACH[sought.asked.asked.kind]]
    wanted = frozenset(sought.further.values())
    is_said = any(wanted & kinds_in(paper.sentences[number].text) for number in found)
    return sorted({*found, *(() if is_said else _further(sought, paper))})


def speaks_of_further(sought: Sought, paper: NumberedPaper) -> bool:
    """Whether a sentence of a paper says the second thing that a question asks of what it lists."""
    return not sought.further or bool(_further(sought, paper))


def _further(sought: Sought, paper: NumberedPaper) -> list[int]:
    """The sentence that says most of the second thing asked, with a figure rather than without."""
    wanted = frozenset(sought.further.values())
    found = [
        (not figures(one.text), -len(kinds_in(one.text) & wanted), number)
        for number, one in enumerate(paper.sentences)
        if number and wanted & kinds_in(one.text) and is_own(paper, number)
    ]
    return [min(found)[2]] if found else []


def _overview(paper: NumberedPaper) -> list[int]:
    """What a paper does and what comes of it: its approach and its results, else its title."""
    approach = pick_approach(paper)
    if approach is None:
        return [0]
    return sorted({approach, *pick_results(paper, approach)})[: EACH["fact"]]


def _scores(sought: Sought, paper: NumberedPaper) -> dict[int, float]:
    """How near each sentence comes that bears on the question; the title does not count among them."""
    held = sought.sentences(paper)
    of_others = asks_of_others(sought.asked.asked.question)
    is_figured = asks_for_figure(sought)
    most = max((sought.weight(one) for one in held[1:]), default=0.0) or 1.0
    wanted = frozenset(sought.words) - sought.denied
    scores = {}
    for number in range(1, len(held)):
        text = paper.sentences[number].text
        bears = held[number] | (stands_for(text) & wanted)
        is_open = of_others or (sought.is_listing and not is_of_others(text, own_name(paper.paper)))
        if not bears or not (is_open or is_own(paper, number)):
            continue
        around = frozenset[str]().union(*held[max(1, number - 1) : number + 2]) - bears
        score = sought.weight(bears) + NEIGHBOUR / 2 * sought.weight(around)
        if is_figured and figures(text):
            score += FIGURE * most
        scores[number] = score * (OWN if speaks_of_own(text, own_name(paper.paper)) else 1.0)
    figured = {number: score for number, score in scores.items() if figures(paper.sentences[number].text)}
    return figured if is_figured and figured else scores


def together(sought: Sought, paper: NumberedPaper) -> float:
    """How much of what is sought stands together in a sentence of a paper, its title taken with each."""
    held = sought.sentences(paper)
    own = own_name(paper.paper)
    numbers = [0, *(n for n in range(1, len(held)) if not is_of_others(paper.sentences[n].text, own))]
    return max(sought.weight(held[0] | held[number]) for number in numbers)


def denies(sought: Sought, paper: NumberedPaper) -> bool:
    """Whether a paper denies what is asked not to be so, if anything is."""
    needed = sought.denied - _ANY or sought.denied
    return not needed or any(needed & held for held in sought.sentences(paper))


def is_within_bounds(sought: Sought, paper: NumberedPaper) -> bool:
    """Whether a paper states figures within the bounds that a question sets."""
    own = own_name(paper.paper)
    texts = [one.text for one in paper.sentences if not is_of_others(one.text, own)]
    return all(any(bound.is_met(text) for text in texts) for bound in sought.bounds)
