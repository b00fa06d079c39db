"""Text without what a terminal, a spreadsheet or a reader would take for a command."""

from __future__ import annotations

import re

_CONTROLS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff]"
)


def printable(text: str, instead: str = "�") -> str:
    """`text` with control characters and changes of writing direction replaced; line breaks and tabs stay."""
    return _CONTROLS.sub(instead, text)
