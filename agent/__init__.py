"""litreview: from a pile of papers to a survey whose every sentence leads back to its source.

    import agent
    review = agent.Review("my-review")
    review.add(["papers.txt"])
    survey = review.survey(out="survey")

Nothing is imported before it is asked for, so that `litreview --help` stays fast.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.4.0"
__all__ = ["LitreviewError", "Review", "__version__"]

if TYPE_CHECKING:
    from agent.api import Review
    from agent.errors import LitreviewError


def __getattr__(name: str) -> Any:
    if name == "Review":
        from agent.api import Review

        return Review
    if name == "LitreviewError":
        from agent.errors import LitreviewError

        return LitreviewError
    raise AttributeError(f"module 'agent' has no attribute {name!r}")
