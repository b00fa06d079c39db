"""The engine that needs no model: it groups, picks and counts, and quotes what it picks.

It writes no prose in the papers' name: sentences about papers are the papers' own, in quotation marks; its
own sentences only count and connect. Equal inputs give equal drafts.
"""

from agent.engines.extractive.engine import ExtractiveEngine

__all__ = ["ExtractiveEngine"]
