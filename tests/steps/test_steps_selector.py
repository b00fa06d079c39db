"""Selecting: what is near to what is looked for counts more, what is disliked less, and the reason is told."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scripted import FIXED

from agent.records import Author, Paper, Texts
from agent.steps.selector import THRESHOLD, Relevance, Wanted, is_same_person, relevance
from agent.text.numbered import NumberedPaper, number_sentences


def paper(key: str, title: str, abstract: str | None = None, **fields: Any) -> NumberedPaper:
    texts = Texts(title=title, abstract=abstract)
    return number_sentences(Paper(key=key, title=title, title_original=title, texts=texts, **fields))


WELLS = [
    paper("dipping", "Dipping Floats in Deep Wells", "Floats tell the height of water in wells. Wells are dipped at dawn."),
    paper("salt", "Salt in Coastal Wells", "Salt creeps into wells near the sea. The height of water in wells falls."),
    paper("pumps", "Pumps for Farm Wells", "Farmers pump water from wells. Pumps wear out where sand comes with the water."),
    paper("dry", "When Wells Run Dry", "Wells run dry in late summer. We log the height of water for nine years."),
]  # fmt: skip
BRIDGES = [
    paper(
        "hum",
        "Listening to Old Bridges",
        "A hum tells of loose bolts in iron bridges. Trains shake the bolts.",
    ),
    paper(
        "rust", "Rust on Bolts of Bridges", "Bolts of bridges rust in sea air. Paint keeps rust from iron."
    ),
    paper(
        "arch",
        "Arches of Stone Bridges",
        "Stone arches carry carts and trains. Masons cut the stone of bridges.",
    ),
    paper("rope", "Rope Bridges in the Hills", "Ropes are knotted of grass each year. Bridges of rope sway."),
]
OTHERS = [
    paper(
        "owls",
        "Owls at Dusk",
        "Owls hunt voles. Our code for wells is available at https://example.org/wells.",
    ),
    paper("bread", "Sour Dough in Winter", "Dough rises slowly in cold kitchens. Bakers wait."),
    paper("kites", "Kites on Long Strings", "Kites rise in steady wind. Strings break at knots."),
]
FIELD = [*WELLS, *BRIDGES, *OTHERS]


def judged(*, field: list[NumberedPaper] = FIELD, **wanted: Any) -> dict[str, Relevance]:
    return relevance(field, Wanted(**wanted))


def relevant(found: dict[str, Relevance]) -> set[str]:
    return {key for key, one in found.items() if one.score >= THRESHOLD}


def keys(papers: list[NumberedPaper]) -> set[str]:
    return {one.key for one in papers}


@pytest.mark.parametrize(
    ("topic", "wanted"),
    [
        ("wells", keys(WELLS)),
        ("bridges", keys(BRIDGES)),
        ("height of water in wells", {"dipping", "salt", "dry"}),
    ],
)
def test_a_topic_finds_what_speaks_of_it(topic: str, wanted: set[str]) -> None:
    """The papers of a topic reach the threshold, others do not, and the reason says where the topic stands."""
    found = judged(topic=topic)
    assert wanted <= relevant(found) <= wanted | keys(WELLS if "wells" in topic else BRIDGES)
    assert all("speaks of" in found[key].why for key in wanted)


@pytest.mark.parametrize("topic", ["marine algebra", "tax law", "quantum"])
def test_a_topic_that_nobody_speaks_of_finds_nothing(topic: str) -> None:
    """A quiet week is quiet: nothing is relevant for being the least far."""
    assert relevant(judged(topic=topic)) == set()


def test_where_code_lies_is_no_topic() -> None:
    """A word that stands only in the sentence that offers the code does not make a paper relevant."""
    assert judged(topic="wells")["owls"].score < 0.1


@pytest.mark.parametrize(
    ("topic", "why"),
    [
        ("quantization of large wells", "its title speaks of “wells”"),
        ("salt in large coastal wells", "its title speaks of “salt” and “coastal wells”"),
        ("the salt in coastal wells", "its title speaks of “salt in coastal wells”"),
        ("large", "its abstract speaks of “large”"),
    ],
)
def test_a_reason_quotes_only_telling_words(topic: str, why: str) -> None:
    """No words such as `of` at either end, and none that say nothing by themselves where others do."""
    one = paper("one", "Salt in Coastal Wells", "A large study of large wells.")
    found = relevance([one, *OTHERS], Wanted(topic=topic))["one"].why
    assert why in found
    assert ("large" in found) is (topic == "large")


def test_examples_find_their_like() -> None:
    """Papers near to the examples are relevant and name the nearest; others are not."""
    field = [
        *FIELD,
        paper("bolt", "Loose Bolts", "A hum of iron tells of bolts that trains shake loose on bridges."),
    ]
    found = judged(field=field, examples=tuple(BRIDGES[:2]), whose="of your review")
    assert found["bolt"].score >= THRESHOLD
    assert "near to" in found["bolt"].why and "of your review" in found["bolt"].why
    assert "Listening to Old Bridges" in found["bolt"].why
    assert not relevant(found) & keys([*WELLS, *OTHERS])


def test_topic_and_examples_bear_each_other_out() -> None:
    """With both, nothing that the topic alone finds is lost."""
    alone, both = judged(topic="bridges"), judged(topic="bridges", examples=(BRIDGES[1],))
    assert all(both[key].score >= alone[key].score for key in alone)


def test_words_for_and_against() -> None:
    """A wanted word makes relevant by itself, an unwanted one takes a relevant paper below, more so in the title."""
    found = judged(words=("kites", "voles"))
    assert relevant(found) == {"kites"} | {key for key in ("owls",) if found["owls"].score >= THRESHOLD}
    assert found["kites"].score > found["owls"].score > 0
    assert found["kites"].why == "has “kites”, which you look for"
    plain, against = judged(topic="wells"), judged(topic="wells", unwanted=("salt", "sand"))
    assert against["salt"].score < against["pumps"].score < plain["pumps"].score
    assert against["salt"].score < THRESHOLD < plain["salt"].score
    assert "has “salt”, which you do not look for" in against["salt"].why
    assert against["dry"] == plain["dry"]


def test_who_is_followed_comes_first() -> None:
    """Papers of an author or in a venue are favourites and count more; the reason names them as the paper does."""
    ada = paper("ada", "Ferns", "Ferns uncurl.", authors=(Author(family="Lovelace", given="Ada"),))
    venue = paper("venue", "Moss", "Moss creeps.", venue="Proceedings of the Garden Society")
    found = judged(
        field=[*FIELD, ada, venue], topic="wells", authors=("A. Lovelace",), venues=("garden society",)
    )
    assert found["ada"].is_favourite and "by Ada Lovelace, whom you follow" in found["ada"].why
    assert found["venue"].is_favourite and "in Proceedings of the Garden Society" in found["venue"].why
    assert found["ada"].score > found["venue"].score > 0
    assert {key for key, one in found.items() if one.is_favourite} == {"ada", "venue"}


def test_what_is_like_something_disliked_counts_less() -> None:
    """A paper very near to a disliked one is lowered, and would be relevant without; others are as before."""
    twin = paper(
        "twin", "Salt in Wells of the Coast", "Salt creeps into coastal wells near the sea, and water falls."
    )
    field = [one for one in FIELD if one.key != "salt"] + [twin]
    plain = relevance(field, Wanted(topic="wells"), [WELLS[1]])
    found = relevance(field, Wanted(topic="wells", disliked=(WELLS[1],)))
    assert found["twin"].is_like_disliked and not found["dry"].is_like_disliked
    assert found["twin"].score < found["twin"].unlowered == plain["twin"].score
    assert "very near to Salt in Coastal Wells, which you disliked" in found["twin"].why
    assert found["dry"].score == plain["dry"].score


def test_who_asks_for_nothing_gets_everything() -> None:
    """Without topic, examples, words and names everything is as relevant as can be, and the reason says so."""
    found = judged()
    assert {(one.score, one.why) for one in found.values()} == {(1.0, "you asked for everything")}


def test_a_title_alone_can_be_relevant() -> None:
    """A paper without an abstract is judged by its title."""
    assert judged(field=[*FIELD, paper("bare", "Wells and Wells")], topic="wells")["bare"].score >= THRESHOLD


def test_the_order_of_papers_changes_nothing() -> None:
    """In any order, and whichever of them are background, the same papers have the same scores and reasons."""
    wanted = Wanted(topic="wells", examples=(BRIDGES[0],), disliked=(BRIDGES[1],), words=("kites",))
    first = relevance(FIELD, wanted)
    for seed in range(4):
        stirred = list(FIELD)
        random.Random(seed).shuffle(stirred)
        assert relevance(stirred, wanted) == first
        part = relevance(stirred[:4], wanted, stirred[4:])
        assert part == {one.key: first[one.key] for one in stirred[:4]}
    assert list(first) == sorted(first)


@pytest.mark.parametrize(
    ("author", "name", "is_same"),
    [
        (Author(family="Han", given="Song"), "Song Han", True),
        (Author(family="Han", given="Song"), "Han, Song", True),
        (Author(family="Han", given="Song"), "S. Han", True),
        (Author(family="Han", given="S."), "Song Han", True),
        (Author(family="Han", given="Song"), "han", True),
        (Author(family="Han", given="Song"), "Sang Han", False),
        (Author(family="Han", given="Song"), "Song Hen", False),
        (Author(family="Hannover", given="Song"), "Song Han", False),
        (Author(family="Berg", given="Ada", particle="van den"), "Ada van den Berg", True),
        (Author(family="Berg", given="Ada", particle="van den"), "van den Berg, Ada", True),
        (Author(family="Müller", given="Zoë"), "Zoe Muller", True),
        (Author(name="The Well Project"), "The Well Project", True),
        (Author(name="The Well Project"), "Project", False),
        (Author(family="Han"), "Song Han", True),
        (Author(family="Han", given="Song"), "", False),
    ],
)  # fmt: skip
def test_who_is_meant(author: Author, name: str, is_same: bool) -> None:
    """A followed name is met however it is written, as long as nothing in it is another's."""
    assert is_same_person(author, name) is is_same


@FIXED
@given(
    st.text(max_size=60),
    st.text(max_size=40),
    st.lists(st.text(max_size=20), max_size=2),
    st.text(max_size=80),
)
def test_any_text_gives_a_score(title: str, topic: str, listed: list[str], abstract: str) -> None:
    """Whatever is typed, a score is from 0 to 1, and never above what it was before it was lowered."""
    odd = paper("odd", title, abstract, venue=title)
    wanted = Wanted(
        topic=topic, words=tuple(listed), unwanted=tuple(listed), authors=tuple(listed), venues=tuple(listed)
    )
    found = relevance([odd, *WELLS[:2]], wanted)
    assert all(0 <= one.score <= one.unlowered <= 1 and one.why for one in found.values())
