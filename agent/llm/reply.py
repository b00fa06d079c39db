"""From the text of a reply to a validated value, or to the reason why there is none."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

MOST_ERRORS = 3  # that are told to whoever mends the reply
_THINKING = re.compile(r"^\s*<(think|thinking|reasoning)>.*?</\1>", re.S | re.I)
_FENCE = re.compile(r"```(?:json)?\s*\n(.*?)```", re.S | re.I)


class Reply(BaseModel):
    """What a model fills in: every field is stated, unknown is null, nothing else is taken."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


R = TypeVar("R", bound=Reply)


@lru_cache(maxsize=64)
def schema_of(model: type[Reply]) -> dict[str, Any]:
    """The JSON Schema of a reply: the one that goes with the request is the one that validates."""
    return model.model_json_schema()


class ReplyError(ValueError):
    """The reply cannot be used; the message says why in words that a model can act on."""


def parse_reply(text: str, model: type[R]) -> R:
    """The value in a reply, whatever a model puts round its JSON: thinking, a code fence, a greeting.

    Raises:
        ReplyError: there is no JSON object in it, or it does not meet the schema.
    """
    found = _json_object(_THINKING.sub("", text, count=1))
    try:
        # By way of JSON, so that lists may become tuples while a number in quotes stays an error.
        return model.model_validate_json(json.dumps(found))
    except ValidationError as error:
        raise ReplyError(_told(error)) from error
    except RecursionError as error:
        raise ReplyError("the reply is nested too deep") from error


def _json_object(text: str) -> dict[str, Any]:
    fenced = _FENCE.search(text)
    candidates = [text, *([fenced.group(1)] if fenced else [])]
    start = text.find("{")
    if start >= 0:
        candidates.append(text[start:])
    for candidate in candidates:
        try:
            value, _ = json.JSONDecoder().raw_decode(candidate.strip())
        except (ValueError, RecursionError):  # also a number of thousands of digits
            continue
        if isinstance(value, dict):
            return value
    raise ReplyError("the reply holds no JSON object")


def _told(error: ValidationError) -> str:
    found = error.errors(include_url=False, include_input=False)
    said = [f"{'.'.join(map(str, one['loc'])) or 'reply'}: {one['msg']}" for one in found[:MOST_ERRORS]]
    more = f" (and {len(found) - MOST_ERRORS} more)" if len(found) > MOST_ERRORS else ""
    return f"the reply does not meet the schema: {'; '.join(said)}{more}"
