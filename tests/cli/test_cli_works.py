"""`duplicates`, `merge` and `split`, as a person types them."""

from __future__ import annotations

from pathlib import Path

import pytest
from terminal import DAY, Terminal

ABSTRACT = (
    "Water levels in deep wells are read by hand. A float on a wire logs them by day and by night for a year."
)
PREPRINT = {
    "title": "Floats in Deep Wells",
    "abstract": ABSTRACT,
    "arxiv_id": "2101.00001",
    "year": 2021,
    "key": "pre",
    "authors": ["Ada Bell"],
}
PUBLISHED = {
    "title": "Floats in Deep Wells",
    "doi": "10.1234/w.1",
    "venue": "Wells Quarterly",
    "year": 2022,
    "key": "pub",
    "authors": ["Ada Bell"],
}
ALIKE = {
    "title": "Floats in Deep Wels",
    "abstract": ABSTRACT,
    "doi": "10.1234/w.9",
    "year": 2022,
    "key": "alike",
    "authors": ["Ada Bell"],
}
OTHER = {
    "title": "Listening to Old Bridges",
    "abstract": "A hum tells of loose bolts in old iron bridges.",
    "key": "bridges",
}


@pytest.fixture
def wells(desk: Terminal) -> Terminal:
    """A terminal with a library: one merged paper, one that looks like it, one other."""
    desk.write("wells.jsonl", [PREPRINT, PUBLISHED, ALIKE, OTHER])
    assert desk.run("add", "wells.jsonl", "--collection", "wet").code == 0
    return desk


def keys(desk: Terminal) -> list[str]:
    return [paper["key"] for paper in desk.run("papers", "--json").json()["papers"]]


def test_duplicates_shows_the_merged_and_the_alike(wells: Terminal) -> None:
    """What was merged with its records, and what looks alike with the evidence and what to do."""
    found = wells.run("duplicates", "--json").json()
    assert [paper["key"] for paper in found["merged"]] == ["pub"]
    assert [(r["source"], r["position"]) for r in found["merged"][0]["records"]] == [
        ("wells.jsonl", "line 2"), ("wells.jsonl", "line 1"),
    ]  # fmt: skip
    (pair,) = found["alike"]
    assert sorted(pair["keys"]) == ["alike", "pub"]
    assert pair["why"] and pair["score"] > 80
    shown = wells.run("duplicates").out
    assert "pub  Floats in Deep Wells\n    wells.jsonl, line 2: " in shown
    assert "1 paper merged from several records; 1 pair looking alike" in shown
    assert "litreview merge" in shown


def test_alike_alone_leaves_the_merged_out(wells: Terminal) -> None:
    """--alike shows what is to be decided, in both forms."""
    found = wells.run("duplicates", "--alike", "--json").json()
    assert (found["merged"], len(found["alike"])) == ([], 1)
    shown = wells.run("duplicates", "--alike").out
    assert "merged" not in shown and "1 pair looking alike" in shown


def test_a_collection_narrows_it(wells: Terminal) -> None:
    """--collection shows what is in it; one that is not there is wrong usage."""
    wells.write("more.jsonl", [OTHER])
    wells.run("add", "more.jsonl", "--collection", "dry")
    found = wells.run("duplicates", "--collection", "dry", "--json").json()
    assert ([paper["key"] for paper in found["merged"]], found["alike"]) == (["bridges"], [])
    assert wells.run("duplicates", "--collection", "nosuch").code == 2


def test_merge_and_split_undo_each_other(wells: Terminal) -> None:
    """Both keys name the merged paper; split gives back what was there, and the pair is shown no more."""
    before = wells.run("papers", "--json").json()
    shown = wells.run("merge", "alike", "pub")
    assert (shown.code, shown.out) == (0, "alike: merged; pub names it too\n")
    assert wells.run("show", "pub", "--json").json() == wells.run("show", "alike", "--json").json()
    assert wells.run("duplicates", "--json").json()["alike"] == []
    assert wells.run("split", "pub", "--json").json() == {"keys": ["alike", "pub"]}
    assert wells.run("papers", "--json").json() == before
    assert wells.run("duplicates", "--alike", "--json").json()["alike"] == []


def test_an_automatic_merge_is_split(wells: Terminal) -> None:
    """Preprint and publication go their own ways, stay so, and are not shown as alike."""
    shown = wells.run("split", "pub")
    assert (shown.code, shown.out) == (0, "pub: split into pub, pre\n")
    assert wells.run("add", "wells.jsonl", "--json").json()["added"] == 0
    assert keys(wells) == ["alike", "bridges", "pre", "pub"]
    found = wells.run("duplicates", "--json").json()
    assert found["merged"] == []
    assert ["pre", "pub"] not in [sorted(pair["keys"]) for pair in found["alike"]]


@pytest.mark.parametrize(
    "line",
    [
        "merge pub pre",
        "merge pub pub",
        "merge pub nosuch",
        "merge nosuch pub",
        "split bridges",
        "split nosuch",
        "merge pub",
        "split",
    ],
)
def test_what_cannot_be_done_is_wrong_usage(wells: Terminal, line: str) -> None:
    """Exit 2 with a hint, and nothing changed."""
    before = wells.run("papers", "--json").out
    shown = wells.run(*line.split())
    assert (shown.code, shown.out) == (2, "")
    assert "hint: " in shown.err or "Usage" in shown.err or "usage" in shown.err
    assert "Traceback" not in shown.err
    assert wells.run("papers", "--json").out == before


@pytest.mark.parametrize("line", ["duplicates", "duplicates --alike --json"])
def test_looking_leaves_an_empty_folder_empty(desk: Terminal, line: str) -> None:
    """Without a library there are no duplicates, and none is made."""
    assert desk.run(*line.split()).code == 0
    assert [path.name for path in desk.folder.iterdir()] == ["home"]


def plan_of(*named: str) -> bytes:
    lines = "".join(f"- [@{key}] t (2021)\n" for key in named)
    return f"# Wells\n\n## All {{#all}}\n\n{lines}".encode()


def test_a_plan_may_name_a_merged_paper_by_its_other_key(wells: Terminal) -> None:
    """A plan of before the merge still fits, also where it names both; the survey has the paper once."""
    wells.run("merge", "pub", "alike")
    for number, named in enumerate([("alike", "bridges"), ("pub", "alike", "bridges"), ("bridges", "pre")]):
        wells.write("mine.md", plan_of(*named))
        shown = wells.run("survey", "--plan", "mine.md", "--out", f"s{number}", "--date", DAY)
        assert shown.code == 0, shown.err
        text = (Path(wells.folder) / f"s{number}" / "plan.md").read_text(encoding="utf-8")
        assert (text.count("[@pub]"), text.count("[@alike]"), text.count("[@bridges]")) == (1, 0, 1)
    wells.write("mine.md", plan_of("pub", "pub", "bridges"))
    assert wells.run("survey", "--plan", "mine.md", "--out", "s9").code != 0, "a key twice is still refused"


def test_a_survey_is_made_again_after_a_merge(wells: Terminal) -> None:
    """The plan that stands keeps its themes, and both keys of before still name the paper."""
    assert wells.run("survey", "--out", "s", "--date", DAY).code == 0
    assert wells.run("merge", "alike", "pub").code == 0
    shown = wells.run("survey", "--out", "s", "--date", DAY)
    assert shown.code == 0, shown.err
    assert "names papers that are not here" not in shown.err
    assert keys(wells) == ["alike", "bridges"]
    assert wells.run("show", "pub").code == 0
