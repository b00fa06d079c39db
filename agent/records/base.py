"""What all records share: frozen, no extras, one way to JSON."""

from __future__ import annotations

import json
import re
from typing import Any

from pydantic import BaseModel, ConfigDict

# Control characters that JSON lets stand and a terminal would obey.
_UNSEEN = re.compile("[\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


class Record(BaseModel):
    """A frozen value. Unknown fields are refused, so that a typo is an error and not a loss."""

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="null")


class Problem(Record):
    """One failed check, as data."""

    code: str
    message: str
    where: str = ""


def to_json(value: Record | dict[str, Any]) -> str:
    """Canonical JSON for people and programs: UTF-8, sorted keys, two spaces, a final newline."""
    plain = value.model_dump(mode="json") if isinstance(value, Record) else value
    text = json.dumps(plain, ensure_ascii=False, indent=2, sort_keys=True, allow_nan=False)
    return _seen(text) + "\n"


def to_json_line(value: Record) -> str:
    """One line of JSON, without what is unknown, and a newline."""
    return _seen(value.model_dump_json(exclude_none=True)) + "\n"


def _seen(text: str) -> str:
    return _UNSEEN.sub(lambda match: f"\\u{ord(match.group()):04x}", text)
