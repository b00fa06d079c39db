"""From files of every kind to a survey: one run, every record accounted for, documents that other programs take."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from bench import DAY, WELLS, review, write
from printed_papers import paper_pdf

from agent import Review
from agent.errors import PlanError
from agent.records import Survey

BIB = r"""@article{quill2020,
  title = {FloatLog: Water Levels in Wells from Floats},
  author = {Quill, Ada and Moss, Ben},
  year = {2020}, journal = {Wells \& Floats}, doi = {10.5555/float.1},
  abstract = {Water levels in wells are read by hand. We present FloatLog, a method that reads water levels with floats.
    FloatLog is 1.5x faster than reading by hand.},
  file = {:papers/float.pdf:PDF}
}
@inproceedings{moss_2021,
  title = {EchoWell: Water Levels in Wells from Sound},
  author = {Moss, Ben}, year = 2021, booktitle = {Proc. of Wells 100%},
  abstract = {We present EchoWell, a method that reads water levels in wells with sound at 20\% of the cost.}
}
"""
RIS = """TY  - JOUR
AU  - Reed, Cleo
TI  - DryWell: Water Levels in Wells from Wires
PY  - 2019
JO  - Journal of Dry Places
AB  - We present DryWell, a method that reads water levels in wells with wires. DryWell costs 2.5x less than floats.
ER  -

TY  - JOUR
AU  - Quill, Ada
TI  - FloatLog: Water Levels in Wells from Floats
DO  - 10.5555/FLOAT.1
ER  -
"""
CSV = """Title,Authors,Year,Abstract
"WellNet: Water Levels in Wells from Radio","Dora Pike; Eli Finn",2022,"We present WellNet, a method that reads water levels in wells with radio. WellNet is 3x faster than wires."
WellCam: Water Levels in Wells from Video,,,"We present WellCam, a method that reads water levels in wells with video."
"""
NBIB = """PMID- 31234567
TI  - Water Levels in Wells and the Health of Those who Drink.
AB  - We studied water levels in wells and health in 120 villages. Low levels went with 12% more illness.
FAU - Finn, Eli
AU  - Finn E
DP  - 2018 Mar
JT  - Letters on Wells
"""
IDS = "arXiv:2401.01234\n10.5555/unknown.7\n10.5555/float.1\nno id at all\n"


def lay_out(folder: Path) -> list[str]:
    """A file of every kind and a folder of PDFs; the names to give."""
    files: dict[str, str | bytes] = {
        "refs.bib": BIB, "more.ris": RIS, "table.csv": CSV, "pubmed.nbib": NBIB, "ids.txt": IDS,
        "papers/float.pdf": paper_pdf("Something Else that is Printed Here"),
        "papers/pond.pdf": paper_pdf("PondNet: Water Levels in Ponds", abstract=None),
        "papers/dry.pdf": paper_pdf("DryWell: Water Levels in Wells from Wires", front="Cleo Reed"),
    }  # fmt: skip
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return [*(str(folder / name) for name in files if "/" not in name), str(folder / "papers")]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Survey, Review]:
    folder = tmp_path_factory.mktemp("all")
    one = review(folder)
    return folder / "s", one.survey(lay_out(folder), out=folder / "s", date=DAY), one


def test_every_record_is_accounted_for(run: tuple[Path, Survey, Review]) -> None:
    """Whatever it came from: the ledger has each record once, the flow adds up, and each paper is in one place."""
    _, made, _ = run
    counts = made.flow.model_dump()
    assert counts.pop("read") == sum(counts.values()) == len(made.ledger)
    # .bib 2, .ris 2, .csv 2, .nbib 1, ids 4, PDFs 2: a third is the text of a record
    assert Counter(row.source for row in made.ledger) == {
        "refs.bib": 2, "more.ris": 2, "table.csv": 2, "pubmed.nbib": 1, "ids.txt": 4, "pond.pdf": 1, "dry.pdf": 1,
    }  # fmt: skip
    assert (made.flow.rejected, made.flow.duplicates, made.flow.outliers, made.flow.cited) == (1, 3, 2, 7)
    placed = [key for theme in made.themes for key in theme.papers] + [one.key for one in made.outliers]
    assert sorted(placed) == sorted(made.papers)


def test_papers_without_a_title_are_set_aside(run: tuple[Path, Survey, Review]) -> None:
    """What is only an id stands in no theme; the reason says what helps."""
    _, made, _ = run
    titles = {one.title for one in made.outliers}
    assert titles == {made.papers[one.key].title for one in made.outliers if made.papers[one.key].is_untitled}
    assert len(titles) == 2
    assert all("litreview enrich" in one.reason for one in made.outliers)


def test_whole_texts_came_along(run: tuple[Path, Survey, Review]) -> None:
    """By file field, by title and by itself; the one without an abstract is cited from its body."""
    _, made, _ = run
    titles = {made.papers[key].title.partition(":")[0] for key in made.fulltext}
    assert titles == {"FloatLog", "DryWell", "PondNet"}
    (pond,) = [key for key, paper in made.papers.items() if paper.title.startswith("PondNet")]
    parts = {e.part for claim in made.claims() for e in claim.evidence if e.key == pond}
    assert parts == {"body"}


def test_other_programs_take_the_documents(run: tuple[Path, Survey, Review], pandoc: Any) -> None:
    """Pandoc reads references.bib without a warning, and renders survey.md with its citations."""
    folder, made, _ = run
    found = json.loads(pandoc("-f", "biblatex", "-t", "csljson", "references.bib", folder=folder))
    cited = {row.key for row in made.ledger if row.status == "cited"}
    assert {entry["id"] for entry in found} == cited
    page = pandoc("--citeproc", "-t", "plain", "--wrap=none", "survey.md", folder=folder)
    assert "Quill and Moss 2020" in page
    assert not [key for key in cited if f"@{key}" in page or f"{key}?" in page]


def test_thin_references_are_named_at_the_end(run: tuple[Path, Survey, Review]) -> None:
    """How many lack authors or year, which, and what helps: of those that are cited, once."""
    _, made, one = run
    thin = [
        row.key
        for row in made.ledger
        if row.status == "cited"
        and row.key
        and not (made.papers[row.key].authors and made.papers[row.key].year)
    ]
    (told,) = [warning for warning in one.warnings if "litreview enrich" in warning]
    assert (
        told
        == f"2 of 7 references lack authors or year: {', '.join(sorted(thin))}; `litreview enrich` asks for them"
    )


def test_many_thin_references_are_not_all_named(tmp_path: Path) -> None:
    """Five keys and dots."""
    papers = [
        {**WELLS[n % 4], "title": f"Well {n} of {WELLS[n % 4]['title']}", "key": f"well{n}"} for n in range(6)
    ]
    file = write(tmp_path / "wells.jsonl", [*papers, {**WELLS[0], "authors": ["Ada Quill"], "year": 2020}])
    one = review(tmp_path)
    one.survey([file], out=tmp_path / "s", date=DAY)
    assert (
        "6 of 7 references lack authors or year: well0, well1, well2, well3, well4, ...;" in one.warnings[-1]
    )


def test_where_no_source_names_anybody_it_is_said_once(tmp_path: Path) -> None:
    """No list of keys where all lack both; and nothing where nothing lacks."""
    one = review(tmp_path)
    one.survey([write(tmp_path / "wells.jsonl", WELLS)], out=tmp_path / "s", date=DAY)
    assert [w for w in one.warnings if "litreview enrich" in w] == [
        "no reference has an author or a year, since no source states any; `litreview enrich` asks for them"
    ]
    full = [{**record, "authors": ["Ada Quill"], "year": 2020} for record in WELLS]
    other = review(tmp_path / "other")
    other.survey([write(tmp_path / "full.jsonl", full)], out=tmp_path / "t", date=DAY)
    assert other.warnings == []


def test_nothing_but_ids_is_an_error_that_helps(tmp_path: Path) -> None:
    """Papers of which only ids are known give no survey and no plan; the hint says how to get the rest."""
    file = tmp_path / "ids.txt"
    file.write_text("arXiv:2401.01234\n10.5555/unknown.7\n", encoding="utf-8")
    one = review(tmp_path)
    for verb in (one.survey, one.plan):
        with pytest.raises(PlanError, match="only ids are known") as error:
            verb([file], out=tmp_path / "s")
        assert "litreview enrich" in (error.value.hint or "")
    assert not (tmp_path / "s").exists()
    assert len(one.papers()) == 2


def test_ids_added_to_a_standing_plan_are_set_aside_too(tmp_path: Path) -> None:
    """A survey that stands takes a list of ids in without placing any."""
    wells = write(tmp_path / "wells.jsonl", WELLS)
    ids = tmp_path / "ids.txt"
    ids.write_text("arXiv:2401.01234\n", encoding="utf-8")
    one = review(tmp_path)
    one.survey([wells], out=tmp_path / "s", date=DAY)
    made = one.survey([wells, ids], out=tmp_path / "s", date=DAY)
    assert [(one.title, "litreview enrich" in one.reason) for one in made.outliers] == [
        ("arXiv:2401.01234", True)
    ]
    assert (made.flow.outliers, made.flow.cited) == (1, 4)


def test_the_order_of_files_changes_nothing(run: tuple[Path, Survey, Review], tmp_path: Path) -> None:
    """The same files named the other way round in a new library give the same bytes."""
    folder, _, _ = run
    review(tmp_path).survey(lay_out(tmp_path)[::-1], out=tmp_path / "s", date=DAY)
    for path in folder.iterdir():
        assert path.read_bytes() == (tmp_path / "s" / path.name).read_bytes(), path.name
