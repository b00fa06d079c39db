"""Which language is asked for."""

from __future__ import annotations

ENGLISH = ("english", "en", "en-us", "en-gb")


def is_translated(language: str | None) -> bool:
    """Whether a text in this language is in another than papers mostly are; None is theirs."""
    return language is not None and language.casefold() not in ENGLISH
