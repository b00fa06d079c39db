"""Searching: what is found is nearest and verbatim, and the index is in step with whatever is done to papers."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from deeds import WORDS, body, join, part, say
from hypothesis import example, given, settings
from hypothesis import strategies as st
from shelf import Shelf, record
from test_library_migration import old

from agent.errors import UsageError
from agent.library import Library, pool, searching
from agent.library.searching import Hit, Retrieved, count_phrase, refresh, search
from agent.text import numbered
from agent.text.tokens import content_words

__all__ = ["old"]  # a fixture

PAPERS: dict[str, dict[str, Any]] = {
    "wells": record(
        "DeepFloat: Floats in Deep Wells",
        "Water levels matter. A float logs the height of ground water. Batteries last 5 years without wires.",
        key="wells",
    ),
    "bells": record(
        "BellNet-2: Listening to Old Bridges",
        "A hum tells of loose bolts. We compare BellNet-2 with deep floats on 14 bridges.",
        key="bells",
    ),
    "core": record(
        "Core: Drilling with Ice",
        "Drills melt a core of ice. Core is cold. It reaches the core of a glacier.",
        key="core",
    ),
    "seeds": record(
        "α-Decay of Dry Seeds", "Seeds keep for five winters in a dry core of clay.", key="seeds"
    ),
    "bare": record("Glacier Bridges", key="bare"),
}
HOSTILE = [
    "", " ", '"', "'", '" OR "', "NEAR(a b)", "wells AND", "title:wells", "wel*", "^wells", "-wells", "{title}: wells",
    "wells) (", "\\", ";DROP TABLE papers;--", "🪣 wells 🪣", "\x00wells", "%s %d", "a" * 10_000, "wells " * 1_600,
    "'a" * 5_000, "a-" * 5_000, "١٢٣", "the of and", "paper papers", " ".join(f"w{n}" for n in range(2_500)),
]  # fmt: skip


@pytest.fixture(scope="module")
def stocked(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    """A library with all these papers, which no test changes."""
    return filled(Shelf(tmp_path_factory.mktemp("stocked")))


def filled(shelf: Shelf, *names: str) -> Shelf:
    shelf.add(a=[PAPERS[name] for name in names or PAPERS])
    return shelf


def found(shelf: Shelf, *queries: str, **how: Any) -> Retrieved:
    with shelf.open() as library:
        return search(library, queries, **how)


def keys(result: Retrieved) -> list[str]:
    return [hit.key for hit in result.hits]


def indexed(library: Library) -> dict[str, Any]:
    """All that the index holds, by key; and that FTS5 holds just what it was given."""
    db = library._db
    db.execute("INSERT INTO searched_words (searched_words, rank) VALUES ('integrity-check', 1)")
    columns = "key, print, title, abstract, body, title_length, abstract_length, body_length, sentences, has_body, places"
    return {
        "rows": db.execute(f"SELECT {columns} FROM searched ORDER BY key").fetchall(),
        "names": db.execute("SELECT * FROM own_names ORDER BY 1, 2").fetchall(),
        "words": db.execute(
            "SELECT s.key, w.term, w.col, w.offset FROM searched_places w LEFT JOIN searched s ON s.id = w.doc ORDER BY 1, 2, 3, 4"
        ).fetchall(),
        "waiting": db.execute("SELECT * FROM unsearched").fetchall(),
    }


def assert_in_step(shelf: Shelf) -> None:
    """The index is what it would be if it were made now."""
    with shelf.open() as library:
        refresh(library)
        kept = indexed(library)
        with library.change():
            library._db.execute("DELETE FROM searched")
            library._db.execute("INSERT INTO unsearched SELECT key FROM papers")
        assert refresh(library) == len(library.papers())
        assert kept == indexed(library)
        assert [row[0] for row in kept["rows"]] == list(library.papers())
        assert {row[1] for row in kept["names"]} <= set(library.papers())
        assert not kept["waiting"]
        assert refresh(library) == 0


# What is found


def test_the_nearest_paper_comes_first_with_its_nearest_sentence(stocked: Shelf) -> None:
    result = found(stocked, "How high does the ground water stand?")
    best = result.hits[0]
    assert (best.key, result.size, result.bodies) == ("wells", 5, 0)
    assert best.passages[0].text == "A float logs the height of ground water."
    assert (best.passages[0].part, best.passages[0].sentence) == ("abstract", 2)
    assert best.passages[0].score == best.score
    assert best.lacking == result.unknown == {"high", "stand"}


def test_passages_are_numbered_as_evidence_is(shelf: Shelf) -> None:
    """A passage has the place, number and text of the sentence that a paper's numbered form has."""
    with filled(shelf).open() as library, library.change():
        library.set_body(
            "bells", "bells.pdf", "d", body("All about bolts here. They rust in rain.\n\nBolts are of iron.")
        )
    with shelf.open() as library:
        papers, bodies = library.papers(), library.bodies(["bells"])
        hits = search(library, ["bolts iron hum bridges water core rust"]).hits
        assert {hit.key for hit in hits} == set(papers)
        for hit in hits:
            spoken = {one.place: one for one in numbered.number_sentences(papers[hit.key]).sentences}
            for passage in hit.passages:
                if passage.part == "body":
                    assert bodies[hit.key].text[passage.start : passage.end] == passage.text
                    assert passage.page == 1
                else:
                    like = spoken[passage.place]
                    assert (passage.text, passage.sentence) == (like.text, like.sentence)
        inside = {one.sentence: one.text for hit in hits for one in hit.passages if one.part == "body"}
        assert inside == {1: "All about bolts here.", 2: "They rust in rain.", 3: "Bolts are of iron."}


def test_words_say_what_each_adds(stocked: Shelf) -> None:
    for hit in found(stocked, "loose bolts of deep wells").hits:
        assert math.isclose(math.fsum(hit.words.values()), hit.score)
        assert math.isclose((hit.paper_score + hit.sentence_score) / 2, hit.score)
        assert 0 < hit.score < 1
        assert not hit.lacking & set(hit.words)
        assert {*hit.lacking, *hit.words} == set(content_words("loose bolts deep wells"))


def test_words_of_asking_do_not_weigh(stocked: Shelf) -> None:
    plain, asked = found(stocked, "loose bolts"), found(stocked, "Which papers show work on loose bolts?")
    assert plain == asked


def test_forms_of_a_question_are_taken_together(stocked: Shelf) -> None:
    """A score is the mean over the forms; what is unknown, lacking and named is told of the first."""
    first, second = "shafts with water", "deep wells"
    alone = [{hit.key: hit for hit in found(stocked, query).hits} for query in (first, second)]
    both = found(stocked, first, second)
    assert both.unknown == {"shaft"}
    for hit in both.hits:
        parts = [one[hit.key].paper_score if hit.key in one else 0.0 for one in alone]
        assert math.isclose(hit.paper_score, math.fsum(parts) / 2)
    assert found(stocked, second, second) == found(stocked, second)
    assert not any(hit.is_named for hit in found(stocked, first, "DeepFloat").hits)


def test_other_papers_change_nothing_where_some_are_asked_for(shelf: Shelf, tmp_path: Path) -> None:
    """A search of some papers of many, of most of them, and of a library of just these is one."""
    queries = ["bolts of bridges", "a core of ice", "awq", "DeepFloat wells"]
    alone = filled(Shelf(tmp_path / "alone"), "wells", "bells", "core")
    few = filled(Shelf(tmp_path / "few"))
    many = filled(Shelf(tmp_path / "many"))
    many.add(b=[record(f"Bolts and Ice {n}", "Wells of bolts of ice in the core.") for n in range(9)])
    for query in queries:
        one, other, third = (
            found(place, query, keys={"wells", "bells", "core"}) for place in (alone, few, many)
        )
        assert one == other == third == found(alone, query)
    assert found(many, "bolts", keys=[]) == Retrieved((), 0, 0, frozenset({"bolt"}))
    assert found(many, "bolts", keys=["nobody"]).size == 0


def test_no_more_papers_than_asked_for_and_five_passages_of_each(shelf: Shelf) -> None:
    shelf.add(a=[record(f"Bolts {n}", "Bolts rust. " * 9) for n in range(4)])
    for limit in (-1, 0, 1, 2, 99):
        hits = found(shelf, "bolts", limit=limit).hits
        assert len(hits) == max(0, min(limit, 4))
        assert all(len(hit.passages) == 5 for hit in hits)
        assert keys(found(shelf, "bolts", limit=limit)) == sorted(hit.key for hit in hits), (
            "of equals the first by key"
        )


@pytest.mark.parametrize("query", HOSTILE)
def test_any_text_is_a_query(stocked: Shelf, query: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing that is typed is an operator or an error, neither where papers are counted nor where FTS5 is asked."""
    with stocked.open() as library:
        counted = search(library, [query])
        monkeypatch.setattr(pool, "COUNTED_WHOLE", 0)
        assert search(library, [query]) == counted
        assert search(library, [query], keys=library.papers()) == counted
        assert 0 <= count_phrase(library, query) <= 5
        if "wells" in query:
            assert counted.hits[0].key == "wells"


def test_no_query_finds_nothing(stocked: Shelf, tmp_path: Path) -> None:
    assert found(stocked).hits == ()
    assert found(Shelf(tmp_path), "wells") == Retrieved((), 0, 0, frozenset({"well"}))


# Names

NAMED = [
    ("What does DeepFloat log?", {"wells"}),
    ("what does deepfloat log", {"wells"}),
    ("deep-float batteries", {"wells"}),
    ("DeepFloat2 batteries", set()),
    ("DeepFloat-based wells", {"wells"}),
    ("DeepFloat or BellNet-2?", {"wells", "bells"}),
    ("bellnet 2 bolts", {"bells"}),
    ("BellNet bolts", set()),
    ("core of ice", set()),
    ("Core of Ice", set()),
    ("how cold is Core?", {"core"}),
    ("floats in deep wells", set()),
    ("See 'Listening to Old Bridges'", set()),
    ("BellNet-2: Listening to Old Bridges says what?", {"bells"}),
    ("alpha-decay of dry seeds", {"seeds"}),
    ("glacier bridges", {"bare"}),
    ("what glacier bridges are there", set()),
    ('who wrote "Glacier Bridges"', {"bare"}),
]


@pytest.mark.parametrize(("query", "named"), NAMED)
def test_a_paper_that_is_called_by_its_name_comes_first(stocked: Shelf, query: str, named: set[str]) -> None:
    hits = found(stocked, query).hits
    assert {hit.key for hit in hits if hit.is_named} == named
    assert {hit.key for hit in hits[: len(named)]} == named


def test_a_name_that_no_stem_tells_is_found(shelf: Shelf) -> None:
    """LESS is a stop word in small letters; its paper is found all the same."""
    shelf.add(a=[record("LESS: Picking Seeds", "We pick seeds."), record("Picking", "With less work.")])
    assert [hit.is_named for hit in found(shelf, "What is LESS?").hits] == [True]
    assert not any(hit.is_named for hit in found(shelf, "seeds with less work").hits)


def test_a_name_that_others_use_too_is_no_name(shelf: Shelf) -> None:
    """An abbreviation is a name while no other paper has it, a title's head while few papers have it in common."""
    rope = record("Ropes of Hemp", "We propose Rapid Open Pull Ends (ROPE).", key="rope")
    twins = [record(f"TwinNet: Version {word}", key=word) for word in "abcde"]
    shelf.add(a=[rope, *twins])
    assert {hit.key for hit in found(shelf, "Is ROPE strong?").hits if hit.is_named} == {"rope"}
    assert {hit.key for hit in found(shelf, "twinnet").hits if hit.is_named} == set("abcde")
    shelf.add(b=[record("Knots", "A knot in a rope, ROPE it."), record("TwinNet: Version f")])
    for query in ("Is ROPE strong?", "TwinNet"):
        assert not any(hit.is_named for hit in found(shelf, query).hits)


def test_of_two_names_in_each_other_the_longer_is_meant(shelf: Shelf) -> None:
    shelf.add(a=[record("DINO: Eyes", key="dino"), record("Grounding DINO: More Eyes", key="more")])
    for query, named in (
        ("DINO", {"dino"}),
        ("grounding DINO", {"more"}),
        ("DINO and Grounding DINO", {"dino", "more"}),
    ):
        assert {hit.key for hit in found(shelf, query).hits if hit.is_named} == named


# In step


def changed_text(shelf: Shelf) -> None:
    shelf.add(
        a=[PAPERS[name] for name in PAPERS if name != "wells"]
        + [record("DeepFloat: Floats in Deep Wells", "Ropes.", key="wells")]
    )


def set_abstract(shelf: Shelf) -> None:
    shelf.set("wells", "abstract", "Ropes.")


def rename(shelf: Shelf) -> None:
    attach(shelf, "wells", "Anchors.")
    found(shelf, "anchors")
    with shelf.open() as library, library.change():
        library.set_body("wells", "y.pdf", "y", body("Winches."))
        library.rename("wells", "shafts")
        library.recompose("shafts")


def remove(shelf: Shelf) -> None:
    with shelf.open() as library, library.change():
        library.remove("wells")


def attach(shelf: Shelf, key: str = "bells", text: str = "Ropes hold the bells.") -> None:
    with shelf.open() as library, library.change():
        library.set_body(key, "x.pdf", "x", body(text))


def detach(shelf: Shelf) -> None:
    attach(shelf, "wells", "Anchors.")
    found(shelf, "anchors")
    with shelf.open() as library, library.change():
        library.drop_body("wells")


def touch_body(shelf: Shelf) -> None:
    """What no method does, but another program may."""
    attach(shelf)
    found(shelf, "ropes")
    with shelf.open() as library, library.change():
        library._db.execute("UPDATE bodies SET body = replace(body, 'Ropes', 'Winches')")


def removed_with_body(shelf: Shelf) -> None:
    attach(shelf, "wells", "Anchors.")
    found(shelf, "anchors")
    remove(shelf)


CHANGES: list[tuple[Callable[[Shelf], Any], str, list[str], list[str]]] = [
    (lambda shelf: None, "float", ["wells", "bells"], []),
    (lambda shelf: shelf.add(b=[record("A Rope", key="rope")]), "rope", ["rope"], []),
    (changed_text, "rope", ["wells"], ["height"]),
    (set_abstract, "rope", ["wells"], ["height"]),
    (rename, "winch", ["shafts"], []),
    (remove, "float", ["bells"], ["height", "ground"]),
    (attach, "rope", ["bells"], []),
    (touch_body, "winch", ["bells"], ["rope"]),
    (detach, "float", ["wells", "bells"], ["anchor"]),
    (removed_with_body, "float", ["bells"], ["anchor", "height"]),
    (lambda shelf: join(shelf, "bells", "wells"), "float", ["bells"], []),
    (lambda shelf: (join(shelf, "bells", "wells"), part(shelf, "bells")), "height", ["wells"], []),
]  # fmt: skip


@pytest.mark.parametrize(("change", "word", "having", "gone"), CHANGES)
def test_the_next_search_sees_every_change(
    shelf: Shelf, change: Callable[[Shelf], Any], word: str, having: Sequence[str], gone: Sequence[str]
) -> None:
    found(filled(shelf), "wells")
    change(shelf)
    assert sorted(keys(found(shelf, word))) == sorted(having)
    for lost in gone:
        nothing = found(shelf, lost)
        assert (nothing.hits, nothing.size, nothing.unknown) == ((), len(shelf.papers()), {lost})
    assert_in_step(shelf)


def test_what_changes_no_text_is_not_indexed_anew(shelf: Shelf) -> None:
    with filled(shelf).open() as library:
        assert refresh(library) == 5
    shelf.set("wells", "venue", "Annals")
    shelf.add("wet", a=list(PAPERS.values()))
    with shelf.open() as library:
        assert refresh(library) == 0
    shelf.set("wells", "title", "Of Wells")
    with shelf.open() as library:
        assert refresh(library) == 1


def test_a_change_that_is_undone_leaves_the_index(shelf: Shelf) -> None:
    found(filled(shelf), "wells")
    with shelf.open() as library:
        with pytest.raises(KeyError), library.change():
            library.remove("wells")
            raise KeyError
        assert keys(search(library, ["batteries"])) == ["wells"]
    assert_in_step(shelf)


def test_another_version_of_the_text_rules_indexes_all_anew(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    found(filled(shelf), "wells")
    monkeypatch.setattr(searching, "VERSION", "another")
    with shelf.open() as library:
        assert refresh(library) == 5
        assert refresh(library) == 0


def test_an_older_library_is_searched(old: Shelf) -> None:
    """Papers that were there before there was an index are found."""
    result = found(old, "hum of bolts")
    assert (set(keys(result)), result.size) == ({"cforoldbridges", "humsofironbolts"}, 4)
    assert_in_step(old)


def test_progress_is_told(shelf: Shelf) -> None:
    told: list[tuple[str, int]] = []

    class Watcher:
        def start(self, step: str, total: int) -> None:
            told.append((step, total))

        def advance(self, step: str, count: int = 1) -> None:
            told.append((step, count))

    with filled(shelf).open() as library:
        refresh(library, Watcher())
        refresh(library, Watcher())
    assert told == [("index", 5), ("index", 5)]


def test_the_order_of_records_changes_nothing(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted or by FTS5, whole or cut, papers that came in another order are found in the same."""
    twins = [record(f"Twin {n}", "Bolts of ice in wells.", key=f"twin{n}") for n in range(6)]
    records = [*PAPERS.values(), *twins]
    places = [Shelf(shelf.folder / name) for name in ("there", "back")]
    places[0].add(a=records)
    for one in records[::-1]:
        places[1].add(**{str(one["key"]): [one]})
        found(places[1], "wells")
    whole = pool.COUNTED_WHOLE
    for counted, likeliest in ((whole, 300), (0, 300), (0, 3)):
        monkeypatch.setattr(pool, "COUNTED_WHOLE", counted)
        monkeypatch.setattr(pool, "LIKELIEST", likeliest)
        for query in ("ice bolts wells", "DeepFloat", "a float", "twin"):
            assert found(places[0], query) == found(places[1], query)
    assert keys(found(places[0], "twin")) == ["twin0", "twin1", "twin2"]
    monkeypatch.setattr(pool, "COUNTED_WHOLE", whole)
    monkeypatch.setattr(searching, "READ", 2)
    for place in places:
        assert keys(found(place, "twin", limit=2)) == ["twin0", "twin1"]


def test_fts5_and_counting_find_the_same(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is counted by the index, by the texts, and of what FTS5 names, is scored alike."""
    attach(filled(shelf))
    queries = ["ice bolts wells", "ropes", "a core of bells in BellNet-2"]
    some = set(PAPERS) - {"seeds"}
    counted = [(found(shelf, query), found(shelf, query, keys=some)) for query in queries]
    for name in ("COUNTED_WHOLE", "COUNTED_SOME"):
        monkeypatch.setattr(pool, name, 0)
    assert [(found(shelf, query), found(shelf, query, keys=some)) for query in queries] == counted
    monkeypatch.setattr(pool, "MOST_LEFT_OUT", 0)
    assert [found(shelf, query, keys=some) for query in queries] == [one for _, one in counted]


# Whole texts


def test_whole_texts_are_searched(shelf: Shelf) -> None:
    """A word that only the whole text has finds the paper; it never costs a paper its place."""
    before = found(filled(shelf), "loose bolts")
    attach(shelf, "bells", "Ropes hold the bells. " * 50)
    after = found(shelf, "loose bolts")
    assert (after.bodies, keys(before)) == (1, keys(after))
    assert math.isclose(after.hits[0].paper_score, before.hits[0].paper_score)
    (hit,) = found(shelf, "ropes").hits
    assert (hit.key, {one.part for one in hit.passages}) == ("bells", {"body"})


# Phrases

PHRASES = [
    ("loose bolts", 1), ("Loose-Bolt", 1), ("bolts loose", 0), ("ground water", 1), ("groundwater", 1), ("water. a", 0),
    ("5 years", 1), ("core of ice", 1), ("core ice", 0), ("core", 2), ("bellnet2", 1), ("BellNet 2", 1), ("bellnet", 1),
    ("α decay", 1), ("winter", 1), ("nothing", 0), ("", 0), ("of a", 1),
]  # fmt: skip


@pytest.mark.parametrize(("phrase", "count"), PHRASES)
def test_phrases_are_counted_by_papers(stocked: Shelf, phrase: str, count: int) -> None:
    with stocked.open() as library:
        assert count_phrase(library, phrase) == count
        assert count_phrase(library, phrase, keys=[]) == 0


# Any deeds

FILES = {"a": ["wells", "bells"], "b": ["core", "seeds", "wells"], "c": ["bare"]}
DEED = st.tuples(
    st.sampled_from([*WORDS, "add", "merge", "split", "remove", "rename", "abstract", "detach", "search"]),
    st.integers(0, 5),
    st.integers(0, 5),
)


def do(shelf: Shelf, what: str, one: int, other: int) -> None:
    """One deed of a user; nothing where it cannot be done."""
    there = shelf.all_keys()
    if what == "add":
        name = sorted(FILES)[one % 3]
        records = [
            {**PAPERS[paper], "abstract": f"Version {other}."} if other > 2 else PAPERS[paper]
            for paper in FILES[name]
        ]
        shelf.add(**{name: records})
        return
    if not there:
        return
    key, second = there[one % len(there)], there[other % len(there)]
    if what == "search":
        found(shelf, "wells")
    elif what == "merge" and key != second:
        join(shelf, key, second)
    elif what == "split":
        try:
            part(shelf, key)
        except UsageError as error:
            assert error.hint
    elif what == "abstract":
        shelf.set(key, "abstract", f"Number {other} of wells.")
    elif what in WORDS:
        say(shelf, what, key)
    else:
        with shelf.open() as library, library.change():
            if what == "remove":
                library.remove(key)
            elif what == "rename":
                library.rename(key, f"{key}x{other}")
            elif what == "detach":
                library.drop_body(key)


@settings(derandomize=True, database=None, deadline=None, max_examples=25)
@given(deeds=st.lists(DEED, min_size=3, max_size=8))
@example(
    deeds=[
        ("add", 0, 0),
        ("attach", 0, 0),
        ("search", 0, 0),
        ("merge", 0, 1),
        ("search", 0, 0),
        ("split", 0, 0),
    ]
)
@example(
    deeds=[
        ("add", 1, 0),
        ("attach", 0, 0),
        ("search", 0, 0),
        ("rename", 0, 1),
        ("remove", 1, 0),
        ("add", 0, 4),
    ]
)
def test_after_any_deeds_the_index_is_as_if_made_now(deeds: list[tuple[str, int, int]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        shelf = Shelf(Path(folder))
        for what, one, other in deeds:
            do(shelf, what, one, other)
        assert_in_step(shelf)


def test_hits_are_values() -> None:
    """What a search gives can be compared, so that the tests above compare what they say."""
    hit = Hit("a", 1.0, 1.0, 1.0, {"a": 1.0}, frozenset(), is_named=False, passages=())
    assert hit == Hit("a", 1.0, 1.0, 1.0, {"a": 1.0}, frozenset(), is_named=False, passages=())
    assert hit != Hit("a", 1.0, 1.0, 1.0, {"a": 0.5}, frozenset(), is_named=False, passages=())
