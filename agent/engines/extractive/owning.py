"""Which sentences of a paper speak of its own work, and what they say of a question."""

from __future__ import annotations

from agent.engines.extractive.called import own_name
from agent.engines.extractive.kinds import asks_of_others, is_of_others, is_of_the_problem, stands_for
from agent.engines.extractive.reading import pick_approach
from agent.engines.extractive.sought import Sought
from agent.text.numbered import NumberedPaper


def own_words(sought: Sought, paper: NumberedPaper) -> frozenset[str]:
    """The families sought that a paper has where it speaks of its own work, its title included."""
    if asks_of_others(sought.asked.asked.question):
        return sought.holds(paper.key) | sought.stood_for(paper)
    held = sought.sentences(paper)
    own = (n for n in range(len(held)) if is_own(paper, n))
    return frozenset[str]().union(
        *(held[n] | (stands_for(paper.sentences[n].text) & frozenset(sought.words)) for n in own)
    )


def is_own(paper: NumberedPaper, number: int) -> bool:
    """Whether a sentence speaks neither of others' work nor, ahead of its own, of what is wrong without it."""
    text, own = paper.sentences[number].text, own_name(paper.paper)
    approach = pick_approach(paper) or 0
    return not (is_of_others(text, own) or (0 < number < approach and is_of_the_problem(text, own)))
