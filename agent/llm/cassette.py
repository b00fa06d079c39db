"""A cassette: what a model was asked and what it answered, one JSON line a request, sorted by key."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from agent.errors import InputError
from agent.llm.request import Request, Response, canonical

FORMAT = "litreview/cassette@1"


@dataclass(frozen=True)
class Head:
    """What held for the whole recording; a replay takes all of it.

    Args:
        models: by step. sampling: by step. prompts: the digest of each template.
    """

    models: dict[str, str]
    output: str
    sampling: dict[str, dict[str, float | int]]
    date: str
    prompts: dict[str, str]


@dataclass(frozen=True)
class Recorded:
    """One question with its answer."""

    key: str
    step: str
    request: Mapping[str, Any]
    response: Response

    def line(self) -> str:
        content = {
            "key": self.key,
            "step": self.step,
            "request": dict(self.request),
            "response": self.response.as_json(),
        }
        return canonical(content) + "\n"


@dataclass(frozen=True)
class Cassette:
    head: Head
    records: Mapping[str, Recorded] = field(default_factory=dict)


def record_of(request: Request, response: Response) -> Recorded:
    return Recorded(request.key, request.step, request.content, response)


def dump(head: Head, records: Iterable[Recorded]) -> str:
    """The text of a cassette."""
    first = canonical({"format": FORMAT, **vars(head)})
    lines = [record.line() for record in sorted(records, key=lambda record: record.key)]
    return first + "\n" + "".join(lines)


def load(path: Path) -> Cassette:
    """Read a cassette.

    Raises:
        InputError: it cannot be read, or is none.
    """
    try:
        # By line feeds alone: JSON leaves other signs that end lines as they are.
        lines = path.read_text(encoding="utf-8").removesuffix("\n").split("\n")
    except OSError as error:
        raise InputError(
            f"{path}: the recording cannot be read: {error.strerror}", "`--record FILE` makes one"
        ) from error
    except UnicodeDecodeError as error:
        raise _no_cassette(path, 1) from error
    head = _head(lines[0], path)
    records = [_record(line, path, number) for number, line in enumerate(lines[1:], start=2)]
    return Cassette(head, {record.key: record for record in records})


def parse_lines(text: str) -> list[Recorded]:
    """The whole lines of an unfinished recording; a torn last one is left out."""
    found = []
    for line in text.split("\n"):
        try:
            found.append(_parsed(json.loads(line)))
        except (ValueError, KeyError, TypeError):
            continue
    return found


def _head(line: str, path: Path) -> Head:
    try:
        found = json.loads(line)
        if found["format"] != FORMAT:
            raise ValueError
        return Head(**{name: found[name] for name in ("models", "output", "sampling", "date", "prompts")})
    except (ValueError, KeyError, TypeError) as error:
        raise _no_cassette(path, 1) from error


def _record(line: str, path: Path, number: int) -> Recorded:
    try:
        return _parsed(json.loads(line))
    except (ValueError, KeyError, TypeError) as error:
        raise _no_cassette(path, number) from error


def _parsed(found: Mapping[str, Any]) -> Recorded:
    return Recorded(
        str(found["key"]), str(found["step"]), dict(found["request"]), Response.from_json(found["response"])
    )


def _no_cassette(path: Path, number: int) -> InputError:
    return InputError(f"{path}, line {number}: not a recording of this format ({FORMAT})",
                      "`--record FILE` makes one")  # fmt: skip
