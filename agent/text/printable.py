"""Text without what a terminal, a spreadsheet or a reader would take for a command."""

from __future__ import annotations

import re

_CONTROLS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff]"
)


def printable(text: str, instead: str = "�") -> str:
    """`text` with control characters and changes of writing direction replaced; line breaks and tabs stay."""
    return _CONTROLS.sub(instead, text)


_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\u3164\ufe00-\ufe0f\ufeff"
    "\ufff9-\ufffb\U000e0000-\U000e01ef]"
    "|(?<=[\x21-\x7e])[\u200c\u200d]|[\u200c\u200d](?=[\x21-\x7e])"
)


def visible(text: str) -> str:
    """`text` without characters that nobody sees; joiners stay between letters of scripts that need them."""
    return text if text.isascii() else _UNSEEN.sub("", text)
