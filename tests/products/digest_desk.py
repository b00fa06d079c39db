"""A workbench for digests: a feed of invented papers, and issues made of it one after the other."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Literal

from agent.engines.extractive import ExtractiveEngine
from agent.engines.protocol import Engine, Silent
from agent.library import Library
from agent.library.adding import ReadSource
from agent.products.arrivals import Feed, arrive, choose
from agent.products.digest import DigestOptions, MadeDigest, make_digest
from agent.records import DigestSource, FieldOrigin, Paper, Rejected, Texts
from agent.records.digests import digest_settings

FIRST = date(2026, 8, 17)


def paper(title: str, abstract: str | None = None, **fields: Any) -> Paper:
    origin = FieldOrigin(source="feed", position=fields.pop("position", title[:20]))
    texts = Texts(title=title, abstract=abstract)
    return Paper(
        title=title,
        title_original=title,
        texts=texts,
        abstract_original=abstract,
        sources=(origin,),
        **fields,
    )


def well(number: int, **fields: Any) -> Paper:
    """A paper about wells, one of many."""
    subject = ("Salt", "Sand", "Frost", "Iron", "Peat", "Chalk", "Clay", "Moss", "Lime", "Silt")[number % 10]
    title = f"{subject}Dip{number}: {subject} in Wells of County {number}"
    abstract = (
        f"Wells of county {number} hold {subject.lower()}. However, nobody has dipped all of them. In this paper, we present {subject}Dip{number}, a float"
        f" that tells the height of water in wells. Experiments show that it reduces the error by {number + 2}% over plain floats."
    )  # fmt: skip
    return paper(title, abstract, **{"arxiv_id": f"2608.{number:05d}", "version": "1", **fields})


OWLS = paper("Owls at Dusk", "Owls hunt voles. We count owls in barns.", arxiv_id="2608.90000")


class DigestDesk:
    """A digest about wells, in a library of its own."""

    def __init__(self, folder: Path, engine: Engine | None = None, **settings: Any) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.library = Library(folder / "library.sqlite")
        self.engine = engine or ExtractiveEngine()
        self.day = FIRST
        self.set(**settings)

    def __enter__(self) -> DigestDesk:
        return self

    def __exit__(self, *error: object) -> None:
        self.library.close()

    def set(self, **settings: Any) -> None:
        values = {
            "name": "wells",
            "created": FIRST.isoformat(),
            "topic": "height of water in wells",
            **settings,
        }
        self.settings = digest_settings(**values)
        with self.library.change():
            self.library.save_digest(self.settings)

    def feed(
        self,
        *papers: Paper | Rejected,
        name: str = "arXiv: wells",
        state: Literal["ok", "empty", "broken"] | None = None,
        reason: str | None = None,
    ) -> Feed:
        source = ReadSource(f"search:{name}", name, papers, is_partial=True)
        found = state or ("ok" if papers else "empty")
        return Feed(DigestSource(source=name, state=found, reason=reason), (source,))

    def make(self, *feeds: Feed, **options: Any) -> MadeDigest:
        """An issue, of which nothing is remembered yet."""
        arrivals = arrive(self.library, "wells", feeds)
        material = choose(self.library, self.settings, arrivals)
        year, week, _ = self.day.isocalendar()
        runs = self.library.digest_runs("wells")
        asked = DigestOptions(
            f"{year}-W{week:02d}", self.day.isoformat(), runs[-1][1] if runs else None, **options
        )
        return asyncio.run(make_digest(self.engine, material, asked, Silent()))

    def issue(self, *feeds: Feed, **options: Any) -> MadeDigest:
        """An issue that is remembered; a week has gone by then."""
        made = self.make(*feeds, **options)
        with self.library.change():
            self.library.remember(made.memory)
        self.day += timedelta(days=7)
        return made

    def week(self, *papers: Paper | Rejected, **options: Any) -> MadeDigest:
        return self.issue(self.feed(*papers), **options)


def titles(made: MadeDigest) -> list[str]:
    """The titles of the new papers, in their order."""
    return [made.digest.papers[item.key].title for theme in made.digest.themes for item in theme.items]


def wells(numbers: Iterable[int]) -> list[Paper]:
    return [well(number) for number in numbers]


def counted(made: MadeDigest) -> dict[str, int]:
    """The counts that are not 0, once it is sure that they add up."""
    told = made.digest.counts.model_dump()
    came = told["fetched"] + told["carried"]
    assert came == sum(number for name, number in told.items() if name not in ("fetched", "carried"))
    return {name: number for name, number in told.items() if number}


def updates(made: MadeDigest) -> Sequence[str]:
    return [update.what for update in made.digest.updates]
