"""Invented people, years, places and ids for real titles, and the way from such a record to a paper."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from agent.records import Paper
from agent.sources import find_sources, read_source
from agent.sources.formats import bibtex
from agent.sources.formats.json_records import read_lines

SAMPLE = Path(__file__).parents[2] / "examples" / "papers.jsonl"

Record = dict[str, Any]
Side = Record | str  # an object as it stands in a JSON file, or an entry as it stands in a BibTeX file
Person = tuple[str, str]  # given names, family name

GIVEN = """Ada Wei Jean-Luc María Søren Yuki Priya Tomasz Chidi Élodie Noor Lars Mei Xiaoming Zoë Ivan Hyun-Woo Leila
Kofi Ingrid Rafael Sunita Ömer Daniela Peter Jing Anna Minh Fatima David Li Hannah Jun Olga Samuel Ying""".split()
_FAMILY = """Zhang|Wang|Li|Chen|Kim|Nguyen|Singh|Müller|García-López|van der Berg|Lovelace|Okafor|Kowalski|Dvořák|Tanaka
|Sørensen|Al-Rashid|Rossi|Dubois|Petrov|Haddad|Ivanova|O'Neill|de Souza|Park|Lindström|Yamamoto|Mbeki|Şahin|Costa
|Fischer|Novák|Brown|Iyer|Bergmann|Castellano|Osei|Hakimi|Lund|Marchetti|Quispe|Reinholt|Sato|Thorne|Uzun|Varga"""
VENUES = """Transactions on Learning Systems|Journal of Applied Inference|Conference on Efficient Computation
|Letters in Numerical Methods|Workshop on Compact Models|Symposium on Parallel Architectures|Annals of Estimation"""
FAMILIES = tuple(name.strip() for name in _FAMILY.split("|"))
YEARS = range(2012, 2025)


@dataclass(frozen=True)
class Pair:
    """Two records, what was done to make one of the other, and whether they are one work."""

    one: Paper
    other: Paper
    kind: str
    is_same: bool


def base_papers(folder: str | None) -> list[Paper]:
    """The distinct papers with an abstract of the sample corpus, and of a folder of saved pages if one is named."""
    arguments = [str(SAMPLE), *([folder] if folder else [])]
    found = (record for source in find_sources(arguments) for record in read_source(source))
    papers = [paper for paper in found if isinstance(paper, Paper) and paper.texts.abstract]
    return [first for _, first in sorted({plain(paper.title): paper for paper in reversed(papers)}.items())]


def plain(title: str) -> str:
    """Letters and digits only: a coarser fold than the library's own, and independent of it."""
    spread = unicodedata.normalize("NFKD", title.casefold())
    return "".join(char for char in spread if char.isalnum())


def paper_of(side: Side) -> Paper:
    """The paper that litreview reads out of a record."""
    found = bibtex.read(side) if isinstance(side, str) else read_lines(json.dumps(side))
    (paper,) = (item for item in found if isinstance(item, Paper))
    return paper


def as_bibtex(record: Record) -> str:
    """The record as an entry; its title is taken as TeX."""
    fields = {name: value for name, value in record.items() if value and isinstance(value, str | int)}
    if "venue" in fields:
        fields["journal"] = fields.pop("venue")
    if record.get("authors"):
        fields["author"] = " and ".join(record["authors"])
    inside = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items())
    return f"@article{{entry,\n{inside}}}\n"


def crew(rng: Random, apart_from: Sequence[Person] = (), families: Sequence[str] = FAMILIES) -> list[Person]:
    """One to six people; a group may share family names with another, and no person."""
    taken = {(given[0], family) for given, family in apart_from}
    found: dict[Person, None] = {}
    size = rng.randint(1, 6)
    while len(found) < size:
        given, family = rng.choice(GIVEN), rng.choice(families)
        if (given[0], family) not in taken:
            middle = f" {rng.choice('ABCDEFGHJKLMPRSTW')}." if rng.random() < 0.2 else ""
            found[given + middle, family] = None
    return list(found)


def named(people: Sequence[Person]) -> list[str]:
    """The people by their full names."""
    return [f"{given} {family}" for given, family in people]


def dress(rng: Random, paper: Paper, people: Sequence[Person] = ()) -> Record:
    """The title and abstract of a paper with invented people, a year and a place."""
    return {
        "title": paper.title_original,
        "abstract": paper.abstract_original,
        "authors": named(people),
        "year": rng.choice(YEARS) if people else None,
        "venue": venue(rng) if people and rng.random() < 0.5 else None,
    }


def venue(rng: Random) -> str:
    return rng.choice([name.strip() for name in VENUES.split("|")])


def doi(rng: Random) -> str:
    """A DOI that nobody has."""
    letters = "".join(rng.choices("abcdefghjkmnpqrstuvwxyz", k=rng.randint(3, 6)))
    return f"10.{rng.randint(1100, 9999)}/{letters}.{rng.choice(YEARS)}.{rng.randint(1000, 999_999)}"


def arxiv_id(rng: Random, year: int | None = None) -> str:
    """An arXiv id with a number that no month reaches."""
    return f"{(year or rng.choice(YEARS)) % 100:02d}{rng.randint(1, 12):02d}.{rng.randint(60_000, 99_999)}"


def method(rng: Random) -> str:
    """The name of a method that nobody has proposed."""
    first = rng.choice(
        "Bra Cor Dyn Fle Gal Hex Jun Kel Lum Mor Nav Orb Pra Quo Riv Sol Tev Umb Vor Wex Zan".split()
    )
    last = rng.choice(
        "Net Former Flow Cast Prune Quant Mix Tune Fuse Spec Mem Scope Gate Graph Drift Loom".split()
    )
    return rng.choice(
        [first + last, first.upper() + "-" + last, first + rng.choice(["a", "en", "is", "o"]) + last]
    )
