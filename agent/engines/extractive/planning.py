"""Planning without a model: who belongs, which groups there are, what they are called."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import median

from agent.engines.protocol import OrderInput, PlaceDraft, PlaceInput, PlanDraft, PlanInput, ThemeDraft
from agent.records import Theme
from agent.text.grouping import NEIGHBOURS, Neighbourhood, centroid, cosine, group, neighbourhood, weigh
from agent.text.names import is_name
from agent.text.naming import Phrases, title_of
from agent.text.numbered import NumberedPaper
from agent.text.ranking import BM25
from agent.text.themes import (
    OTHER,
    UNNAMED,
    NamedGroup,
    documents,
    name_groups,
    one_rest,
    phrases_of,
    usual_number,
)
from agent.text.tokens import content_words

NEARLY_ALL = 0.75  # of the papers: what so many speak of is what all are about
ALL = "All papers"
OTHER_SUBJECTS = "other subjects"
FEWEST_TO_JUDGE = 10  # among fewer papers nothing says what is usual
FAR_OFF = 0.70  # of the usual closeness
MOST_OUTLIERS = 0.05
TOPIC_MODELS = 12  # the papers that fit a topic best, and so show what it is about
FITS_TOPIC = 0.35  # of what those have in common with each other


def propose(asked: PlanInput) -> PlanDraft:
    """Themes and outliers for all papers of the input."""
    papers = asked.papers
    space = neighbourhood(documents(papers))
    outliers = _far_off(space)
    if asked.topic:
        outliers = {number: f"off the topic “{asked.topic}”: {reason}" for number, reason in outliers.items()}
        outliers |= _off_topic(papers, asked.topic)
    outliers = {number: reason for number, reason in outliers.items() if papers[number].key not in asked.kept}
    inside = [number for number in range(len(papers)) if number not in outliers]
    members = [papers[number] for number in inside]
    # So few outliers as `_far_off` finds change nobody's weights; a topic can leave out most papers.
    inner = neighbourhood(documents(members)) if asked.topic else space.among(inside)
    phrases = phrases_of(members)
    named = name_groups(
        phrases, group(inner, min(asked.themes or usual_number(len(members)), max(1, len(members))))
    )
    named = one_rest(named)
    return PlanDraft(
        topic=asked.topic or _topic(members, phrases, named),
        themes=tuple(_theme(members, part, is_only=len(named) == 1) for part in named),
        outliers=tuple((papers[number].key, reason) for number, reason in sorted(outliers.items())),
    )


def place(asked: PlaceInput) -> PlaceDraft:
    """Each paper into the theme whose papers it is most like."""
    everything = [*asked.placed, *asked.papers]
    vectors = dict(zip((paper.key for paper in everything), weigh(documents(everything)), strict=True))
    centres = [
        (theme.id, centroid([vectors[key] for key in theme.keys if key in vectors])) for theme in asked.themes
    ]
    places = {}
    for paper in asked.papers:
        closeness = [cosine(vectors[paper.key], centre) for _, centre in centres]
        places[paper.key] = centres[max(range(len(centres)), key=lambda n: (round(closeness[n], 9), -n))][0]
    return PlaceDraft(places)


def order(asked: OrderInput) -> tuple[str, ...]:
    """Largest theme first; after them those whose title holds for few of their papers, and those without one."""

    def rank(theme: Theme) -> tuple[bool, bool, int, str]:
        is_unnamed = theme.title.startswith(UNNAMED)
        return (is_unnamed, theme.title.endswith(OTHER), -len(theme.papers), theme.title)

    return tuple(theme.id for theme in sorted(asked.themes, key=rank))


def _theme(papers: Sequence[NumberedPaper], part: NamedGroup, *, is_only: bool) -> ThemeDraft:
    title = ALL if is_only and not part.phrases else part.title
    return ThemeDraft(title, "", tuple(papers[number].key for number in part.members))


def _topic(papers: Sequence[NumberedPaper], phrases: Phrases, groups: Sequence[NamedGroup]) -> str:
    """What nearly all papers speak of, and else what the largest groups are called."""
    if not papers:
        return ""
    everyone = range(len(papers))
    common = phrases.best(everyone, limit=1, fewest_words=2)
    if common and len(common[0].papers) >= NEARLY_ALL * len(papers):
        return title_of(common)
    named = [part for part in groups if part.phrases and not part.title.endswith(OTHER)]
    told = list(dict.fromkeys(title_of(part.phrases[:1]) for part in named))[:3]
    if not told:
        return title_of(common) or papers[0].paper.title
    rest = [OTHER_SUBJECTS] if len(told) < len(groups) else []
    listed = [
        told[0],
        *(title if is_name(title.split()[0]) else title[0].lower() + title[1:] for title in told[1:]),
        *rest,
    ]
    return f"{', '.join(listed[:-1])} and {listed[-1]}" if len(listed) > 1 else listed[0]


def _far_off(space: Neighbourhood) -> dict[int, str]:
    """Papers whose words are far from everybody's, at most one in twenty."""
    size = len(space.vectors)
    if size < FEWEST_TO_JUDGE:
        return {}
    closeness = [space.closeness(number, NEIGHBOURS) for number in range(size)]
    usual = median(closeness)
    ranked = sorted(range(size), key=lambda number: (round(closeness[number], 9), number))
    far = [number for number in ranked if closeness[number] < FAR_OFF * usual]
    return {
        number: f"shares few words with the other papers: mean similarity to the nearest of them is "
        f"{closeness[number]:.2f}, where {usual:.2f} is usual here"
        for number in far[: max(2, math.floor(MOST_OUTLIERS * size))]
    }


def names_nobody(asked: PlanInput) -> bool:
    """Whether no paper has a word of the stated topic."""
    wanted = set(content_words(asked.topic or ""))
    return bool(wanted) and not any(wanted & paper.words for paper in asked.papers)


def _models(papers: int) -> int:
    """How many papers show what a topic is about: of few papers only the few that fit best."""
    return min(TOPIC_MODELS, max(3, papers // 8))


def _off_topic(papers: Sequence[NumberedPaper], topic: str) -> dict[int, str]:
    """Papers that neither name the topic nor resemble those that fit it best."""
    wanted = list(dict.fromkeys(content_words(topic)))
    if not wanted:
        return {}
    ranking = BM25([[*content_words(paper.paper.title), *content_words(paper.text)] for paper in papers])
    scores = ranking.scores(wanted)
    fitting = [number for number in range(len(papers)) if scores[number] > 0]
    if not fitting:
        return {}
    best = sorted(fitting, key=lambda number: (-round(scores[number], 9), number))[: _models(len(papers))]
    vectors = weigh(documents(papers))
    centre = centroid([vectors[number] for number in best])
    bar = FITS_TOPIC * median(cosine(vectors[number], centre) for number in best)
    off = {}
    for number, paper in enumerate(papers):
        likeness = cosine(vectors[number], centre)
        names_all = all(word in paper.words for word in wanted)
        if not names_all and likeness < bar:
            missing = ", ".join(f"“{word}”" for word in wanted if word not in paper.words)
            off[number] = (
                f"off the topic “{topic}”: does not speak of {missing}, and its likeness to the papers that fit best "
                f"is {likeness:.2f}, where {bar:.2f} is asked"
            )
    return off
