"""The verbs of a notebook: each does what its line says, and says what went wrong."""

from __future__ import annotations

import asyncio
import io
import json
import socket
from pathlib import Path
from typing import Any

import pytest
from bench import BRIDGES, DAY, WELLS, review, write

from agent import LitreviewError, Review
from agent.errors import InputError, OutputError, PlanError, SettingsError, UsageError
from agent.products.fields import parse_value
from agent.records import Author

FLOAT = "floatlogwaterlevelsin"


@pytest.fixture
def shelf(tmp_path: Path) -> Review:
    """A library of eight papers in two collections."""
    one = review(tmp_path)
    one.add([write(tmp_path / "wells.jsonl", WELLS)], collection="wells")
    one.add([write(tmp_path / "bridges.jsonl", BRIDGES)], collection="bridges")
    return one


def test_nothing_leaves_this_machine() -> None:
    """The guard of these tests holds: another machine's address is refused before a packet is sent."""
    with pytest.raises(pytest.fail.Exception):
        socket.create_connection(("192.0.2.1", 9), timeout=1)


def test_the_library_is_listed(shelf: Review) -> None:
    """Papers in order of key, all of them or those of a collection, or those that lack a field."""
    keys = [paper.key for paper in shelf.papers()]
    assert keys == sorted(keys)
    assert len(keys) == 8
    assert shelf.collections() == {"bridges": 4, "wells": 4}
    assert {paper.title for paper in shelf.papers(collection="wells")} == {
        record["title"] for record in WELLS
    }
    shelf.set(FLOAT, {"year": "2020"})
    assert len(shelf.papers(lacking=["year"])) == 7
    assert shelf.papers(lacking=["abstract"]) == []
    assert len(shelf.papers(lacking=["abstract", "authors"])) == 8


def test_a_paper_is_found_by_any_of_its_names(shelf: Review, tmp_path: Path) -> None:
    """Key, key in another case, with an @ before it, and alias all lead to the paper."""
    shelf.add([write(tmp_path / "named.jsonl", [{**WELLS[0], "key": "Lind:2021"}])])
    found = {shelf.show(name).title for name in ("Lind:2021", "lind:2021", "@Lind:2021", FLOAT)}
    assert found == {WELLS[0]["title"]}


def test_standard_input_is_a_source(tmp_path: Path) -> None:
    """What is piped in is read like a file."""
    data = "".join(json.dumps(record) + "\n" for record in WELLS).encode()
    assert review(tmp_path).add(["-"], stdin=io.BytesIO(data)).added == 4


def test_a_decision_stands(shelf: Review, tmp_path: Path) -> None:
    """An excluded paper stays so when it is added again, until it is included."""
    shelf.exclude(FLOAT, "not reviewed")
    shelf.add([tmp_path / "wells.jsonl"])
    assert shelf.decision(FLOAT) == ("exclude", "not reviewed")
    assert FLOAT not in shelf.export("bibtex")
    made = shelf.survey(out=tmp_path / "s", date=DAY)
    (row,) = [row for row in made.ledger if row.status == "excluded"]
    assert (row.key, row.reason) == (FLOAT, "not reviewed")
    assert shelf.include(FLOAT) == FLOAT
    assert shelf.decision(FLOAT) == ("include", None)
    assert FLOAT in shelf.export("bibtex")


def test_a_removed_paper_comes_back_with_its_source(shelf: Review, tmp_path: Path) -> None:
    """What is removed is forgotten, decisions too; adding the file again brings the paper, not the decision."""
    shelf.exclude(FLOAT)
    shelf.remove(FLOAT)
    assert len(shelf.papers()) == 7
    shelf.add([tmp_path / "wells.jsonl"])
    assert shelf.decision(FLOAT) is None


SETTINGS: list[tuple[str, str, Any]] = [
    ("year", "2024", 2024),
    ("year", " 2024 ", 2024),
    ("doi", "https://doi.org/10.5555/ABC.1", "10.5555/abc.1"),
    ("doi", "doi:10.5555/abc", "10.5555/abc"),
    ("arxiv_id", "https://arxiv.org/abs/2401.01234v2", "2401.01234"),
    ("arxiv_id", "hep-th/9901001", "hep-th/9901001"),
    ("authors", "Lovelace, Ada; Babbage, Charles", (Author(family="Lovelace", given="Ada"), Author(family="Babbage", given="Charles"))),
    ("authors", "Ada Lovelace and Charles Babbage", (Author(family="Lovelace", given="Ada"), Author(family="Babbage", given="Charles"))),
    ("authors", "World Water Organisation", (Author(name="World Water Organisation"),)),
    ("keywords", "wells; floats", ("wells", "floats")),
    ("keywords", "wells", ("wells",)),
    ("title", "  A Title: With = and [x] ", "A Title: With = and [x]"),
    ("venue", "Journal of Wells", "Journal of Wells"),
    ("date", "2024-03-04", "2024-03-04"),
    ("date", "2024-03", "2024-03"),
    ("url", "https://example.org/x", "https://example.org/x"),
    ("notes", "see page 3", "see page 3"),
    *((name, "  ", None) for name in ("year", "doi", "authors", "title", "keywords", "arxiv_id")),
]  # fmt: skip


@pytest.mark.parametrize(("name", "raw", "value"), SETTINGS)
def test_a_field_is_read_as_a_person_types_it(name: str, raw: str, value: Any) -> None:
    """Links become ids, names become authors, lists are parted, nothing becomes None."""
    assert parse_value(name, raw) == value


@pytest.mark.parametrize(
    ("name", "raw", "said"),
    [
        ("yaer", "2024", "year"),
        ("titel", "x", "title"),
        ("key", "x", "fields:"),
        ("year", "24", "four digits"),
        ("year", "twenty", "four digits"),
        ("year", "²²²²", "four digits"),
        ("year", "0000", "0000"),
        ("doi", "abc", "10."),
        ("arxiv_id", "abc", "arXiv id"),
        ("date", "2024-13-01", "date"),
        ("date", "soon", "date"),
        ("date", "2024-3", "date"),
        ("authors", ";", "author"),
        ("keywords", ";", "keyword"),
    ],
)
def test_a_value_that_does_not_fit_is_refused(name: str, raw: str, said: str) -> None:
    """A mistyped field is suggested, a bad value is named with what would do."""
    with pytest.raises(UsageError) as error:
        parse_value(name, raw)
    assert said in f"{error.value.message} {error.value.hint}"


def test_a_value_is_the_user_s_until_given_back(shelf: Review, tmp_path: Path) -> None:
    """A set value beats the sources, survives a re-add, and is given back by an empty one."""
    wanted = {
        "year": "2024",
        "title": "Mine",
        "authors": "Lovelace, Ada",
        "keywords": "a; b",
        "doi": "10.5555/x",
        "arxiv_id": "2401.01234",
    }
    shelf.set(FLOAT, wanted)
    shelf.add([tmp_path / "wells.jsonl"])
    paper = shelf.show(FLOAT)
    assert (paper.year, paper.title, paper.keywords, paper.doi, paper.arxiv_id) == (
        2024,
        "Mine",
        ("a", "b"),
        "10.5555/x",
        "2401.01234",
    )
    assert [author.display for author in paper.authors] == ["Ada Lovelace"]
    shelf.set(FLOAT, dict.fromkeys(wanted, ""))
    paper = shelf.show(FLOAT)
    assert (paper.year, paper.title, paper.keywords, paper.doi, paper.authors) == (
        None,
        WELLS[0]["title"],
        (),
        None,
        (),
    )


def test_one_bad_value_sets_none(shelf: Review) -> None:
    """Fields are set together or not at all."""
    with pytest.raises(UsageError):
        shelf.set(FLOAT, {"year": "2024", "doi": "x"})
    assert shelf.show(FLOAT).year is None


def test_an_export_is_read_back(shelf: Review, tmp_path: Path) -> None:
    """JSON Lines that were exported give the same papers in another library."""
    shelf.set(FLOAT, {"year": "2024", "authors": "Lovelace, Ada"})
    file = tmp_path / "all.jsonl"
    shelf.write_export(file, shelf.export("jsonl"))
    other = review(tmp_path / "other")
    assert other.add([file]).added == 8
    kept = ("key", "title", "authors", "year", "texts")
    assert [[getattr(p, name) for name in kept] for p in other.papers()] == [
        [getattr(p, name) for name in kept] for p in shelf.papers()
    ]


def test_claims_are_filtered(shelf: Review, tmp_path: Path) -> None:
    """All claims of a survey, or those of a kind and verdict."""
    shelf.survey(out=tmp_path / "s", date=DAY)
    claims = shelf.claims(tmp_path / "s")
    facts = shelf.claims(tmp_path / "s" / "survey.json", kind="fact", verdict="supported")
    assert facts == [claim for claim in claims if claim.kind == "fact" and claim.verdict == "supported"]
    assert 0 < len(facts) < len(claims)


def test_the_verbs_work_inside_a_running_loop(shelf: Review, tmp_path: Path) -> None:
    """In a notebook, where a loop runs already, the same calls give the same result; the twins are awaited."""
    folders = [tmp_path / name for name in ("one", "two", "three")]

    async def notebook() -> list[Any]:
        return [
            shelf.survey(out=folders[0], date=DAY),
            await shelf.survey_async(out=folders[1], date=DAY),
            shelf.plan(out=tmp_path / "p1").plan,
            (await shelf.plan_async(out=tmp_path / "p2")).plan,
        ]

    inside = asyncio.run(notebook())
    outside = shelf.survey(out=folders[2], date=DAY)
    assert inside[0] == inside[1] == outside
    assert inside[2] == inside[3]


FAILURES: list[tuple[type[LitreviewError], str, Any]] = [
    (UsageError, "nosuch", lambda r, f: r.show("nosuch")),
    (UsageError, "floatlog", lambda r, f: r.show("floatlogwaterlevels")),
    (UsageError, "wells", lambda r, f: r.papers(collection="welsl")),
    (UsageError, "fields:", lambda r, f: r.papers(lacking=["nosuch"])),
    (UsageError, "bibtex, ris", lambda r, f: r.export("pdf")),
    (UsageError, "no files", lambda r, f: r.add([])),
    (UsageError, "jsonl", lambda r, f: r.add([f / "wells.jsonl"], kind="docx")),
    (InputError, "no such file", lambda r, f: r.add([f / "nosuch"])),
    (InputError, "plan.md", lambda r, f: r.survey(plan=f / "plan.md", out=f / "s")),
    (UsageError, "2026-11-21", lambda r, f: r.survey(date="tomorrow", out=f / "s")),
    (UsageError, "verify", lambda r, f: r.survey(verify="model", out=f / "s")),
    (UsageError, "verify", lambda r, f: r.survey(verify="all", out=f / "s")),
    (UsageError, "themes", lambda r, f: r.survey(themes=-1, out=f / "s")),
    (UsageError, "themes", lambda r, f: r.plan(themes=0, out=f / "s")),
    (OutputError, "--out", lambda r, f: r.survey(out=f / "wells.jsonl")),
    (OutputError, "--out", lambda r, f: r.plan(out=f / "wells.jsonl")),
    (OutputError, "survey.json", lambda r, f: r.claims(f)),
    (OutputError, "survey.json", lambda r, f: r.render(f / "wells.jsonl")),
    (OutputError, "--out", lambda r, f: r.write_export(f / "wells.jsonl" / "x.bib", "x")),
    (SettingsError, "verify", lambda r, f: review(f, options={"verify": "x"})),
]  # fmt: skip


@pytest.mark.parametrize("number", range(len(FAILURES)))
def test_what_cannot_work_says_so(shelf: Review, tmp_path: Path, number: int) -> None:
    """Every failure is one of the error tree, with a message or hint that helps."""
    kind, said, call = FAILURES[number]
    with pytest.raises(kind) as error:
        call(shelf, tmp_path)
    assert said in f"{error.value.message} {error.value.hint}"


def test_an_empty_library_has_nothing_to_survey(tmp_path: Path) -> None:
    """Without papers there is no survey, and the error says how to get some."""
    with pytest.raises(InputError) as error:
        review(tmp_path).survey(out=tmp_path / "s")
    assert "litreview add" in (error.value.hint or "")
    assert not (tmp_path / "s").exists()


def test_a_plan_that_does_not_fit_names_the_papers(shelf: Review, tmp_path: Path) -> None:
    """An unknown, a doubled and a missing key are each named; what is missing is placed only when asked."""
    shelf.plan(out=tmp_path)
    file = tmp_path / "plan.md"
    text = file.read_text(encoding="utf-8")
    line = next(line for line in text.splitlines() if f"@{FLOAT}]" in line)
    for change, named in (
        (text + "- [@nosuch] X\n", "nosuch"),
        (text + f"{line}\n", FLOAT),
        (text.replace(line + "\n", ""), FLOAT),
    ):
        file.write_text(change, encoding="utf-8")
        with pytest.raises(PlanError, match=named):
            shelf.survey(plan=file, out=tmp_path / "s")
    made = shelf.survey(plan=file, out=tmp_path / "s", place_rest=True)
    assert FLOAT in [key for theme in made.themes for key in theme.papers]
