"""A desk for these tests: papers of every kind, and surveys made of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agent.api import Review
from agent.records import Author, Paper, Survey, Texts

SAMPLE = Path(__file__).parents[2] / "examples" / "papers.jsonl"
DAY = "2026-01-15"


def paper(key: str, title: str, abstract: str | None = None, **fields: Any) -> Paper:
    """A paper with a title and whatever else is given."""
    return Paper(
        key=key, title=title, title_original=title, texts=Texts(title=title, abstract=abstract), **fields
    )


def person(family: str, given: str | None = None, **parts: str) -> Author:
    return Author(family=family, given=given, **parts)


@dataclass(frozen=True)
class Made:
    """A survey, and the folder that it was written to."""

    survey: Survey
    folder: Path

    def text(self, name: str) -> str:
        return (self.folder / name).read_text(encoding="utf-8")

    def data(self) -> dict[str, Any]:
        """`survey.json` as another program reads it."""
        loaded: dict[str, Any] = json.loads(self.text("survey.json"))
        return loaded


def write_lines(path: Path, records: Iterable[Mapping[str, Any]]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


def review_in(folder: Path) -> Review:
    """A workspace that knows nothing of the machine it is on."""
    return Review(folder, environment={"HOME": str(folder)})


def survey_of(folder: Path, file: Path, **asked: Any) -> Made:
    """Write a survey of one file into a fresh folder."""
    out = folder / "survey"
    return Made(review_in(folder).survey([file], out=out, date=DAY, **asked), out)


def _abstract(subject: str, name: str, figure: str, extra: str = "") -> str:
    return (
        f"Records of {subject} are kept by hand in most places, which is slow and costly. "
        f"We present {name}, a method that reads {subject} with few sensors. "
        f"On four sites, {name} is {figure} faster than reading by hand. {extra}".strip()
    )


WELLS = "water levels in wells"
BRIDGES = "vibration of bridges"
# Every trap stands in a title or an abstract that the survey shows.
RECORDS: list[dict[str, Any]] = [
    {
        "title": "FloatLog: Water Levels in Wells from Cheap Floats",
        "abstract": _abstract(WELLS, "FloatLog", "2.4x"),
        "authors": [{"family": "Lind", "given": "Eva"}, {"family": "Berg", "given": "Jan", "particle": "van den"}],
        "year": 2021,
        "venue": "Journal of Wells & Springs",
        "type": "article-journal",
        "doi": "10.5555/wells_2021.07",
        "key": "Lind:2021-a",
    },
    {
        "title": "WellNet: Water Levels in Wells over Radio",
        "abstract": _abstract(WELLS, "WellNet", "1.8x", "Code: https://example.org/well_net."),
        "authors": ["Okafor, Ngozi", "Smith, John, Jr."],
        "year": 2022,
        "arxiv_id": "2201.00001",
    },
    {
        "title": "A *Starred* _Lined_ <b>Bold</b> Look at Water Levels in Wells",
        "abstract": _abstract(WELLS, "StarLine", "3.1x", "It costs $5 and $6 with `ticks` and [x](y)."),
    },
    {
        "title": "EchoWell: Water Levels in Wells by <think>Sound</think>",
        "abstract": _abstract(WELLS, "EchoWell", "4.2x", "It needs 2^10^ samples from @field stations."),
        "authors": [{"literal": "Wells and Springs Consortium"}],
        "year": 2020,
    },
    {"title": "DryWell: Water Levels in Wells That Fall Dry", "abstract": _abstract(WELLS, "DryWell", "1.2x")},
    {"title": "LowWell: Water Levels in Wells at Night", "abstract": None, "year": 2019},
    {
        "title": "ShakeLog: Vibration of Bridges from Cheap Phones",
        "abstract": _abstract(BRIDGES, "ShakeLog", "2.9x", "A | B is a pipe; &lt; stays as it is."),
        "authors": "Ada Lovelace and Charles Babbage",
        "year": 2018,
        "venue": "Proceedings of Spans #5",
        "type": "paper-conference",
        "doi": "10.5555/spans.5",
        "keywords": ["bridges", "phones & cars"],
    },
    {
        "title": "SpanNet: Vibration of Bridges over Radio",
        "abstract": _abstract(BRIDGES, "SpanNet", "1.6x"),
        "authors": ["Bridge Research Group"],
        "year": 2017,
        "url": "https://example.org/span_net?a=1&b=2",
    },
    {
        "title": "SpanEcho: Vibration of Bridges, 50% Cheaper {in Part}",
        "abstract": _abstract(BRIDGES, "SpanEcho", "5.5x"),
        "authors": ["Müller, Jörg", "Nguyễn, Thị"],
        "year": 2023,
    },
    {
        "title": "SpanQuiet: Vibration of Bridges in the Wind",
        "abstract": _abstract(BRIDGES, "SpanQuiet", "2.2x"),
        "authors": ["Plato"],
    },
]  # fmt: skip
