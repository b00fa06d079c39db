"""The composition root: the same verbs for the command line and for notebooks.

    from agent import Review
    review = Review("my-review")             # the folder that holds .litreview/; the current one if left out
    review.add(["papers.txt"])
    survey = review.survey(out="survey")     # in a coroutine: await review.survey_async(...)

Here, and only here, the clock, the environment and the engine are taken hold of.
"""

from agent.api.review import Review, values
from agent.api.surveys import PlanFiles

__all__ = ["PlanFiles", "Review", "values"]
