"""What the parts round the themes are called, in every document the same."""

from __future__ import annotations

from agent.records import Survey

FRAME_PARTS = ("introduction", "comparison", "outlook")
_TITLES = {
    "extractive": ("Overview", "Figures side by side", "Outlook"),
    "model": ("Introduction", "Across the themes", "Outlook"),
}


def frame_title(survey: Survey, part: str) -> str:
    """The heading of a part of the frame."""
    return _TITLES[survey.engine.name][FRAME_PARTS.index(part)]
