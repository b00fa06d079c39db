"""What all records share: frozen, no extras, one way to JSON."""

from __future__ import annotations

import json
from typing import Any

from pydantic import BaseModel, ConfigDict


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
    return json.dumps(plain, ensure_ascii=False, indent=2, sort_keys=True, allow_nan=False) + "\n"
