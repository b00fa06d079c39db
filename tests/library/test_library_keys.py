"""Citation keys: imported, generated, kept and replaced."""

from __future__ import annotations

import itertools
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shelf import Shelf, record

from agent.library.adding import ReadSource, add
from agent.library.keys import is_readable_key, make_key
from agent.records import Author, Paper, Texts
from agent.sources import Source, read_source

FREE = settings(
    derandomize=True,
    database=None,
    deadline=None,
    max_examples=20,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
ADA = {"authors": ["Ada Lovelace"]}


@pytest.mark.parametrize(
    ("made_of", "key"),
    [
        (record("Floats in Deep Wells", year=2024, **ADA), "lovelace2024floats"),
        (
            record("Floats in Deep Wells", year=2024, authors=["Charles Babbage", "Ada Lovelace"]),
            "babbage2024floats",
        ),
        (record("Floats in Deep Wells and More", year=2024), "floatsindeepwells"),
        (record("Floats in Deep Wells and More", **ADA), "floatsindeepwells"),
        (record("Floats in Wells"), "floatsinwells"),
        (record("Re-use: Floats & Wells, Again"), "reusefloatswellsagain"),
        (record("— Floats"), "floats"),
        (record("Łódź Wells für Straße Nærøy"), "lodzwellsfurstrasse"),
        (record("Wells", year=2024, authors=["Jan van der Berg"]), "berg2024wells"),
        (record("Wells", year=2024, authors=["José Núñez"]), "nunez2024wells"),
        (record("Wells", year=2024, authors=["Well Readers Team"]), "wellreadersteam2024wells"),
        (record("Wells", year=2024, authors=["O'Neil-Smith, Ann"]), "oneilsmith2024wells"),
        (record("3D Maps of Wells"), "p3dmapsofwells"),
        (record("100 Wells", year=2024, **ADA), "lovelace2024100"),
        (record("Wells", year=2024, authors=[{"name": "3M"}]), "p3m2024wells"),
        (record("Floats in Deep Wells", year=2024, authors=["李 明"]), "floatsindeepwells"),
    ],
)
def test_keys_are_made_by_the_rule(shelf: Shelf, made_of: dict[str, Any], key: str) -> None:
    """Family name, year and first title word; four title words where author or year is unknown."""
    shelf.add(a=[made_of])
    assert shelf.all_keys() == [key]


@pytest.mark.parametrize("title", ["水位测量", "Измерение уровня воды", "قياس الماء", "???", "∞"])
def test_a_title_without_latin_letters_has_a_key_too(shelf: Shelf, title: str) -> None:
    """A key is letters and digits whatever the title is written in, and the same each time."""
    shelf.add(a=[record(title), record("Floats in Wells")])
    (key,) = [key for key in shelf.all_keys() if key != "floatsinwells"]
    assert re.fullmatch(r"[a-z][a-z0-9]*", key)
    again = Shelf(shelf.folder / "again")
    again.add(b=[record(title)])
    assert again.all_keys() == [key]


def test_titles_without_latin_letters_have_keys_of_their_own(shelf: Shelf) -> None:
    """Two such titles are told apart."""
    shelf.add(a=[record("水位测量"), record("水位的测量"), record("Измерение уровня")])
    assert len(shelf.all_keys()) == 3


def test_a_letter_on_a_clash(shelf: Shelf) -> None:
    """Papers whose keys would be the same get letters, in order of title."""
    titles = [f"Floats in Deep Wells {word}" for word in ("Delta", "Alpha", "Charlie", "Bravo")]
    shelf.add(a=[record(title) for title in titles])
    assert {paper.title.rsplit(" ", 1)[1]: key for key, paper in shelf.papers().items()} == {
        "Alpha": "floatsindeepwells", "Bravo": "floatsindeepwellsa", "Charlie": "floatsindeepwellsb",
        "Delta": "floatsindeepwellsc",
    }  # fmt: skip
    shelf.add(b=[record("Floats in Deep Wells Aardvark")])
    assert "floatsindeepwellsd" in shelf.all_keys()


def test_letters_do_not_run_out() -> None:
    """Behind z comes aa, and a key that is taken is never given."""
    paper = Paper(title="Wells", texts=Texts(title="Wells"), title_original="Wells")
    taken: set[str] = set()
    for _ in range(800):
        taken.add(make_key(paper, taken))
    assert len(taken) == 800
    assert {"wells", "wellsa", "wellsz", "wellsaa", "wellszz", "wellsaaa"} <= taken


@FREE
@given(
    st.text(max_size=300),
    st.one_of(st.none(), st.integers(1400, 2199)),
    st.one_of(st.none(), st.text(max_size=200), st.just("Lovelace")),
)
def test_any_paper_has_a_key_that_tools_can_read(title: str, year: int | None, family: str | None) -> None:
    """A generated key begins with a letter, holds letters and digits, and is at most 128 long."""
    authors = (Author(family=family),) if family is not None else ()
    paper = Paper(title=title, texts=Texts(title=title), title_original=title, year=year, authors=authors)
    taken: set[str] = set()
    for _ in range(3):
        key = make_key(paper, taken)
        assert re.fullmatch(r"[a-z][a-z0-9]*", key)
        assert len(key) <= 128
        assert is_readable_key(key)
        assert key not in taken
        taken.add(key)


READABLE = [
    "smith2020",
    "Smith2020",
    "smith_2020",
    "smith:2020",
    "smith-etal.2020/a+b",
    "2020smith",
    "_x",
    "x" * 128,
]
UNREADABLE = [
    "a b",
    "smith::2020",
    "smith.",
    ".smith",
    "smith&co",
    "a,b",
    "smíth",
    "{x}",
    "@x",
    "a..b",
    "../x",
    "x" * 129,
    "x\ny",
]


@pytest.mark.parametrize("key", READABLE)
def test_a_key_that_tools_can_read_is_kept(shelf: Shelf, key: str) -> None:
    """An imported key is kept as it was written."""
    shelf.add(a=[record("Floats in Wells", key=key)])
    assert shelf.all_keys() == [key]
    assert shelf.only().key == key


@pytest.mark.parametrize("key", UNREADABLE)
def test_a_key_that_tools_cannot_read_is_an_alias(shelf: Shelf, key: str) -> None:
    """Any other imported key finds the paper, and is told for an export to write back."""
    shelf.add(a=[record("Floats in Wells", key=key)])
    assert shelf.all_keys() == ["floatsinwells"]
    assert shelf.only().aliases == (key,)
    with shelf.open() as library:
        assert library.resolve(key) == "floatsinwells"
        assert key in library.all_names()


def test_keys_are_found_in_any_case(shelf: Shelf) -> None:
    """A key or an alias is found whatever its case, and what is neither is not found."""
    shelf.add(a=[record("Floats in Wells", key="Smith2020", aliases=["Old Name"])])
    with shelf.open() as library:
        assert [library.resolve(name) for name in ("smith2020", "SMITH2020", "old name", "smith", "")] == [
            "Smith2020", "Smith2020", "Smith2020", None, None,
        ]  # fmt: skip


def test_keys_are_unique_without_regard_to_case(shelf: Shelf) -> None:
    """A key that differs from another in case alone is not given."""
    shelf.add(a=[record("Amber Wells", key="FloatsInDeepWells"), record("Floats in Deep Wells"),
                 record("Zebra Wells", key="floatsINdeepWELLS")])  # fmt: skip
    assert {paper.title: key for key, paper in shelf.papers().items()} == {
        "Amber Wells": "FloatsInDeepWells",
        "Floats in Deep Wells": "floatsindeepwellsa",
        "Zebra Wells": "zebrawells",
    }


def test_keys_of_duplicates_become_aliases(shelf: Shelf) -> None:
    """Of two imported keys of one paper the better record's is the key, the other an alias."""
    shelf.add(
        a=[
            record("Floats in Wells", key="worse2020"),
            record("Floats in Wells", key="better2020", venue="Wells Quarterly"),
        ]
    )
    paper = shelf.only()
    assert (paper.key, paper.aliases) == ("better2020", ("worse2020",))


def test_an_imported_key_that_is_taken_becomes_an_alias(shelf: Shelf) -> None:
    """A key belongs to whoever had it first, by title in one run; the other gets one of its own."""
    shelf.add(
        a=[record("Wells of the South", key="wells2020"), record("Wells of the North", key="wells2020")]
    )
    papers = shelf.papers()
    assert papers["wells2020"].title == "Wells of the North"
    assert sorted(papers) == ["wells2020", "wellsofthesouth"]
    assert "wells2020" in papers["wellsofthesouth"].aliases


def test_an_imported_key_goes_before_a_generated_one(shelf: Shelf) -> None:
    """No key is generated that a record of the same run brings with it."""
    shelf.add(a=[record("Floats in Deep Wells"), record("Zebras at the Well", key="floatsindeepwells")])
    assert shelf.papers()["floatsindeepwells"].title == "Zebras at the Well"


def test_an_imported_key_replaces_a_generated_one(shelf: Shelf) -> None:
    """A generated key that nobody used gives way to an imported one, and still finds the paper."""
    shelf.add(a=[record("Floats in Wells")])
    report = shelf.add(b=[record("Floats in Wells", key="smith2020")])
    paper = shelf.only()
    assert (paper.key, paper.aliases) == ("smith2020", ("floatsinwells",))
    assert (report.added, report.gone) == (0, ())
    with shelf.open() as library:
        assert library.resolve("floatsinwells") == "smith2020"


def test_a_key_that_comes_with_the_same_file_replaces_too(shelf: Shelf) -> None:
    """A file that had no keys and now has some is the same file: nothing of it is gone or doubled."""
    shelf.add(a=[record("Floats in Wells", "A float.")])
    report = shelf.add(a=[record("Floats in Wells", "A better float.", key="smith2020")])
    assert report.gone == ()
    assert [(change.key, change.fields) for change in report.changed] == [("smith2020", ("abstract",))]
    assert shelf.only().texts.abstract == "A better float."
    with shelf.open() as library:
        assert [row.key for row in library.records()] == ["smith2020"]


def test_a_used_key_never_changes(shelf: Shelf) -> None:
    """A key that a product names stays; the imported one is an alias."""
    shelf.add(a=[record("Floats in Wells")])
    with shelf.open() as library:
        library.mark_used(["floatsinwells"])
    shelf.add(b=[record("Floats in Wells", key="smith2020")])
    paper = shelf.only()
    assert (paper.key, paper.aliases) == ("floatsinwells", ("smith2020",))


def test_an_imported_key_is_not_replaced_by_another(shelf: Shelf) -> None:
    """The first imported key stays; a later one is an alias."""
    shelf.add(a=[record("Floats in Wells", key="smith2020")])
    shelf.add(b=[record("Floats in Wells", key="jones2020")])
    assert (shelf.only().key, shelf.only().aliases) == ("smith2020", ("jones2020",))


def test_a_key_that_was_replaced_is_given_to_nobody_else(shelf: Shelf) -> None:
    """A name that found a paper once finds that paper for good."""
    shelf.add(a=[record("Floats in Deep Wells North")])
    shelf.add(b=[record("Floats in Deep Wells North", key="smith2020")])
    shelf.add(c=[record("Floats in Deep Wells South")])
    with shelf.open() as library:
        assert library.resolve("floatsindeepwells") == "smith2020"
    assert len(shelf.all_keys()) == 2


def test_what_was_decided_follows_a_new_key(shelf: Shelf) -> None:
    """Decisions, collections and own values of a paper stay with it when its key changes."""
    shelf.add("pile", a=[record("Floats in Wells")])
    shelf.set("floatsinwells", "notes", "mine")
    with shelf.open() as library, library.change():
        library.decide("floatsinwells", "exclude", "too wet")
    shelf.add(b=[record("Floats in Wells", key="smith2020")])
    with shelf.open() as library:
        assert library.members("pile") == ["smith2020"]
        assert library.decisions()["smith2020"].reason == "too wet"
    assert (shelf.only().notes, shelf.only().collections) == ("mine", ("pile",))


POOL: list[dict[str, Any]] = [
    record("Floats in Deep Wells North"),
    record("Floats in Deep Wells South", year=2024, **ADA),
    record("Floats in Deep Wells East", "A float."),
    record("FLOATS IN DEEP WELLS EAST", "A float that is longer."),
    record("Floats in Deep Wells", doi="10.1234/w.1"),
    record("Floats in Deep Wells", doi="10.1234/w.2"),
    record("Floating", year=2024, **ADA),
    record("Floaters", year=2024, **ADA),
    record("Floaters of Old", year=2024, key="Old:2024", **ADA),
    record("Zebras", key="wells2020"),
    record("Yaks of the Well", key="wells2020"),
    record("水位测量"),
]


KEYS_OF_POOL = {
    "floatsindeepwells": ("floats in deep wells", "10.1234/w.1"),
    "floatsindeepwellsa": ("floats in deep wells", "10.1234/w.2"),
    "floatsindeepwellsb": ("floats in deep wells east", None),
    "floatsindeepwellsc": ("floats in deep wells north", None),
    "lovelace2024floaters": ("floaters", None),
    "Old:2024": ("floaters of old", None),
    "lovelace2024floating": ("floating", None),
    "lovelace2024floats": ("floats in deep wells south", None),
    "papera28140fb": ("水位测量", None),
    "wells2020": ("yaks of the well", None),
    "zebras": ("zebras", None),
}


def keys_by_paper(papers: dict[str, Paper]) -> dict[str, tuple[str, str | None]]:
    return {key: (paper.title.casefold(), paper.doi) for key, paper in papers.items()}


@FREE
@given(
    st.permutations(POOL),
    st.lists(st.integers(0, 3), min_size=len(POOL), max_size=len(POOL)),
    st.permutations("abcd"),
)
def test_keys_do_not_depend_on_the_order_of_arrival(
    tmp_path_factory: pytest.TempPathFactory,
    records: list[dict[str, Any]],
    piles: list[int],
    names: list[str],
) -> None:
    """However the records are ordered and spread over files, and the files ordered, the keys are the same."""
    shelf = Shelf(tmp_path_factory.mktemp("mixed"))
    files: dict[str, list[dict[str, Any]]] = {name: [] for name in names}
    for entry, pile in zip(records, piles, strict=True):
        files["abcd"[pile]].append(entry)
    shelf.add(**files)
    assert keys_by_paper(shelf.papers()) == KEYS_OF_POOL


def test_the_order_of_files_changes_no_byte(tmp_path: Path) -> None:
    """The same files in any order make the same papers, byte for byte."""
    files = {"a": POOL[:5] + POOL[1:2], "b": POOL[3:9], "c": [*POOL[8:], "{}", POOL[0]]}
    made = set()
    for number, order in enumerate(itertools.permutations(files)):
        shelf = Shelf(tmp_path / str(number))
        shelf.add(**{name: files[name] for name in order})
        made.add("\n".join(paper.model_dump_json() for paper in shelf.papers().values()))
    assert len(made) == 1


def test_equal_titles_without_ids_are_named_by_their_text(tmp_path: Path) -> None:
    """Two papers that only their texts tell apart get the same keys in any order."""
    texts = ["A word of ours.", "A word of mine."]
    named = []
    for number, order in enumerate(itertools.permutations(texts)):
        shelf = Shelf(tmp_path / str(number))
        shelf.add(a=[record("Editorial", text) for text in order])
        named.append({key: paper.texts.abstract for key, paper in shelf.papers().items()})
    assert named[0] == named[1]


def test_readers_of_pages_have_their_keys_made_too(shelf: Shelf) -> None:
    """A paper that came without any key from a page gets one from its title."""
    text = "Get trending papers in your email inbox!\n\nFloats in Deep Wells\n\nA float logs the height."
    found = list(read_source(Source("page.txt", "/page.txt", text.encode())))
    with shelf.open() as library:
        add(library, [ReadSource("/page.txt", "page.txt", found)])
    assert shelf.all_keys() == ["floatsindeepwells"]
