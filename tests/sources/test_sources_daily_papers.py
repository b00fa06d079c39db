"""The reader of saved Daily Papers pages."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.records import Paper, Rejected
from agent.sources import Source, read_source

FREE = settings(derandomize=True, database=None, deadline=None, max_examples=60)
FULL = ("new", "Get trending papers in your email inbox!", "Subscribe", "Daily Papers",
        "byAK and the research community", "Jun 17")  # fmt: skip
OLD = tuple(line for line in FULL if line != "Daily Papers")
WELLS = (
    "Reading water levels by hand is slow. We place a float in the well and log its height every hour. "
    "Over one year the log misses fewer than one hour in a hundred, and nobody has to walk there."
)
BRIDGES = (
    "Old bridges are inspected too rarely. This work listens to the traffic with two cheap microphones. "
    "A change in the hum tells of a loose bolt weeks before a person would have noticed it."
)
SEEDS = (
    "Farmers keep seeds of many kinds. We count what sprouts after one, two and five winters in a shed. "
    "Dry seeds keep for five winters; damp ones do not, whatever the kind and whatever the shed."
)


def page(*blocks: str, header: tuple[str, ...] = FULL) -> str:
    return "\n\n".join((*header, *blocks))


def read(text: str | bytes) -> list[Paper | Rejected]:
    data = text if isinstance(text, bytes) else text.encode()
    return list(read_source(Source("page.txt", "/page.txt", data)))


def told(found: list[Paper | Rejected]) -> list[tuple[str, ...]]:
    """What came out, in order: papers by title and abstract, rejections by their place."""
    return [
        (item.title, item.texts.abstract or "") if isinstance(item, Paper) else ("refused", item.position)
        for item in found
    ]


THREE = page("Floats in Wells", WELLS, "Listening to Bridges", BRIDGES, "Seeds in Sheds", SEEDS)
PAIRS = [("Floats in Wells", WELLS), ("Listening to Bridges", BRIDGES), ("Seeds in Sheds", SEEDS)]


@pytest.mark.parametrize(
    "header",
    [
        FULL,
        OLD,
        (*FULL[:-1], "Sep 1"),
        (*FULL[:-1], "September 30"),
        FULL[:-1],
        ("byAK and the research community",),
        ("Get trending papers in your email inbox!", "May 5"),
    ],
    ids=["full", "no-daily-papers", "short-date", "long-date", "no-date", "community-only", "mail-only"],
)
def test_the_header_is_no_paper(header: tuple[str, ...]) -> None:
    """Whatever lines the header has, what follows is read and the header is not."""
    blocks = [text for pair in PAIRS for text in pair]
    assert told(read(page(*blocks, header=header))) == PAIRS


@pytest.mark.parametrize(
    "text",
    [
        THREE,
        THREE + "\n",
        THREE + "\n\n\n",
        "\n\n" + THREE,
        THREE.replace("\n", "\r\n"),
        THREE.replace("\n", "\r"),
        THREE.replace("\n\n", "\n\t \n"),
        THREE.replace("\n\n", "\n\n\n\n"),
        THREE.replace("\n\n", " \n\n  "),
        "\ufeff" + THREE,
    ],
    ids=[
        "no-newline-at-end",
        "newline",
        "newlines",
        "blank-start",
        "crlf",
        "cr",
        "tabs",
        "wide",
        "spaces",
        "bom",
    ],
)
def test_white_space_changes_nothing(text: str) -> None:
    """Line ends, tabs in blank lines, more blank lines and a byte-order mark change nothing."""
    assert told(read(text)) == PAIRS


def test_a_page_in_utf_16_is_read() -> None:
    """A page that an editor saved as UTF-16 gives the same papers."""
    assert told(read(THREE.encode("utf-16"))) == PAIRS


def test_a_wrapped_abstract_is_one_line() -> None:
    """A single line break inside a block is a space."""
    wrapped = WELLS.replace(". ", ".\n")
    assert told(read(page("Floats in\nWells", wrapped))) == [("Floats in Wells", WELLS)]


def test_positions_count_all_blocks() -> None:
    """A paper's position is the number of its title's block, the header's blocks counted too."""
    found = read(THREE)
    assert [item.sources[0].position for item in found if isinstance(item, Paper)] == [
        "block 7",
        "block 9",
        "block 11",
    ]


@pytest.mark.parametrize(
    "abstract",
    [
        "We count what sprouts.",
        "No full stop at the end of this one",
        "Is it dry? It is.",
        "A float logs the height of the water, see https://example.org/wells",
    ],
)
def test_short_abstracts_are_paired_by_position(abstract: str) -> None:
    """An abstract may be as short as a title: its place makes it an abstract."""
    found = read(
        page("Floats in Wells", abstract, "Listening to Bridges", BRIDGES, "Seeds in Sheds", abstract)
    )
    assert told(found) == [
        ("Floats in Wells", abstract),
        ("Listening to Bridges", BRIDGES),
        ("Seeds in Sheds", abstract),
    ]


@pytest.mark.parametrize(
    "title",
    [
        "Do Floats Lie?",
        "Who Reads Wells? And Why?",
        "Stop Walking!",
        "Floats vs. Walks: A Comparison",
        "wells",
        "2 Wells",
        "A " + "Rather " * 20 + "Long Title about Wells",
    ],
)
def test_titles_of_every_shape_are_titles(title: str) -> None:
    """A title may end in a question mark, be one word or be long."""
    found = read(page(title, WELLS, "Listening to Bridges", BRIDGES))
    assert told(found) == [(title, WELLS), ("Listening to Bridges", BRIDGES)]


def test_a_missing_abstract_costs_one_record() -> None:
    """A title without its abstract is refused with its block's number; its neighbours are read."""
    found = read(page("Floats in Wells", WELLS, "Listening to Bridges", "Seeds in Sheds", SEEDS))
    assert told(found) == [("Floats in Wells", WELLS), ("refused", "block 9"), ("Seeds in Sheds", SEEDS)]
    refused = found[1]
    assert isinstance(refused, Rejected)
    assert refused.title == "Listening to Bridges"
    assert "without an abstract" in refused.reason


def test_two_missing_abstracts_cost_two_records() -> None:
    """Each title without its abstract is refused, and what stands round them is read."""
    found = read(
        page("Old Wells?", "Floats in Wells", WELLS, "Listening to Bridges", "Seeds in Sheds", SEEDS)
    )
    assert told(found) == [
        ("refused", "block 7"),
        ("Floats in Wells", WELLS),
        ("refused", "block 10"),
        ("Seeds in Sheds", SEEDS),
    ]


def test_a_missing_title_costs_one_record() -> None:
    """An abstract without its title is refused with its block's number; its neighbours are read."""
    found = read(page("Floats in Wells", WELLS, BRIDGES, "Seeds in Sheds", SEEDS))
    assert told(found) == [("Floats in Wells", WELLS), ("refused", "block 9"), ("Seeds in Sheds", SEEDS)]
    refused = found[1]
    assert isinstance(refused, Rejected)
    assert "title" in refused.reason
    assert BRIDGES.startswith(refused.title.rstrip("…"))
    assert len(refused.title) <= 120


def test_a_missing_first_title_costs_one_record() -> None:
    """The first block may be the one that is not whole."""
    assert told(read(page(WELLS, "Seeds in Sheds", SEEDS))) == [
        ("refused", "block 7"),
        ("Seeds in Sheds", SEEDS),
    ]


def test_a_missing_title_among_short_abstracts_moves_nothing() -> None:
    """Where abstracts are one short sentence, a missing title still costs one record and no wrong pair."""
    short = ["A float logs the height.", "A hum tells of loose bolts.", "Dry seeds keep five winters."]
    found = read(page("Floats in Wells", short[0], short[1], "Seeds in Sheds", short[2]))
    assert told(found) == [
        ("Floats in Wells", short[0]),
        ("refused", "block 9"),
        ("Seeds in Sheds", short[2]),
    ]


def test_the_last_block_is_odd() -> None:
    """A page that was cut behind a title refuses that title and keeps the rest."""
    found = read(page("Floats in Wells", WELLS, "Listening to Bridges"))
    assert told(found) == [("Floats in Wells", WELLS), ("refused", "block 9")]


@pytest.mark.parametrize("header", [FULL, OLD, FULL[:-1]], ids=["full", "old", "no-date"])
def test_a_page_without_papers_says_so(header: tuple[str, ...]) -> None:
    """A page that holds its header alone is not passed over in silence."""
    found = read(page(header=header))
    assert [type(item) for item in found] == [Rejected]
    assert all(item.reason and item.position for item in found if isinstance(item, Rejected))


def test_residue_is_cleaned_and_the_original_kept() -> None:
    """A paper holds the readable text and, beside it, the text as it stood."""
    raw = "Wells are $2.5\\times$ faster to read, at 50\\% of the cost. Code is at {\\url{https://example.org/wells}}."
    (paper,) = read(page("Floats x2014 in Wells", raw))
    assert isinstance(paper, Paper)
    assert (paper.title_original, paper.abstract_original) == ("Floats x2014 in Wells", raw)
    assert paper.title == paper.texts.title == "Floats — in Wells"
    assert "2.5×" in (paper.texts.abstract or "")
    assert "50%" in (paper.texts.abstract or "")
    assert paper.links == ("https://example.org/wells",)
    assert (paper.authors, paper.year, paper.doi, paper.key) == ((), None, None, "")


@FREE
@given(
    st.lists(
        st.sampled_from(["Floats in Wells", "Do Floats Lie?", WELLS, BRIDGES, "Dry seeds keep."]), max_size=9
    )
)
def test_no_block_is_lost(blocks: list[str]) -> None:
    """In any order of blocks, every block is part of a paper or is refused, and none counts twice."""
    found = read(page(*blocks))
    used = [text for item in told(found) for text in item if item[0] != "refused"]
    refused = [
        item.position for item in found if isinstance(item, Rejected) and item.position.startswith("block")
    ]
    kept = [text for number, text in enumerate(blocks, start=7) if f"block {number}" not in refused]
    assert used == kept
    assert len(refused) == len(set(refused))
