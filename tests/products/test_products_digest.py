"""One issue after the other: what is new, what has changed, what is left out and why, and what is remembered."""

from __future__ import annotations

import hashlib
import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from digest_desk import OWLS, DigestDesk, counted, paper, titles, updates, well, wells
from sample import ROOT
from scripted import Scripted

from agent.engines.protocol import Failure, FindingDraft, SummaryDraft
from agent.errors import UsageError
from agent.library import Library
from agent.library.adding import ReadSource, add
from agent.library.merging import merge
from agent.products.arrivals import Feed, arrive, choose
from agent.products.digest import MadeDigest
from agent.products.keeping import dislike, keep
from agent.records import DigestSource, Paper, Rejected, to_json
from agent.records.digests import ReviewClaim

MakeDesk = Callable[..., DigestDesk]


@pytest.fixture
def new_desk(tmp_path: Path) -> Iterator[MakeDesk]:
    """Makes a desk with further settings."""
    with ExitStack() as stack:
        yield lambda **settings: stack.enter_context(DigestDesk(tmp_path, **settings))


@pytest.fixture
def desk(new_desk: MakeDesk) -> DigestDesk:
    return new_desk()


def test_an_issue_shows_what_is_new_and_relevant(desk: DigestDesk) -> None:
    """Relevant papers are shown with two claims and a reason, the others are counted, and named if they nearly were."""
    made = desk.week(*wells(range(3)), OWLS, Rejected(position="entry 5", reason="no title"))
    assert counted(made) == {"fetched": 5, "shown": 3, "below": 1, "failed": 1}
    assert sorted(titles(made)) == sorted(well(n).title for n in range(3))
    items = [item for theme in made.digest.themes for item in theme.items]
    assert [item.n for item in items] == [1, 2, 3]
    for item in items:
        assert item.score >= desk.settings.threshold and "wells" in item.why
        assert [claim.verdict for claim in item.claims] == ["supported", "supported"]
        assert [claim.is_quotation for claim in item.claims] == [True, True]
        assert {evidence.key for claim in item.claims for evidence in claim.evidence} == {item.key}
        assert [claim.id.rpartition(".p")[2] for claim in item.claims] == [f"{item.n}.c1", f"{item.n}.c2"]
        assert "we present" in item.claims[0].text and "reduces the error" in item.claims[1].text
    assert [one.title for one in made.digest.below] == ["Owls at Dusk"]
    assert not made.is_quiet and not made.is_broken


@pytest.mark.parametrize(
    ("behind", "told"), [("It holds in rain.", ["It holds in rain."]), ("Rain is wet.", [])]
)
def test_what_goes_on_with_it_stands_behind_what_it_is(
    desk: DigestDesk, behind: str, told: list[str]
) -> None:
    """A second sentence that begins with "It" is quoted where the first is the one right before it."""
    text = f"Wells matter. In this paper, we present RopeDip, a rope that tells the height of water in wells. {behind}"
    made = desk.week(paper("RopeDip: Ropes for Wells", text, arxiv_id="2608.70000"))
    (item,) = made.digest.themes[0].items
    assert "RopeDip" in item.claims[0].text
    assert [claim.text.strip("“”") for claim in item.claims[1:]] == told


def test_the_lead_states_nothing_about_a_paper(desk: DigestDesk) -> None:
    """Without a model the sentence in front only counts by theme; there is none for one theme, or a quiet issue."""
    made = desk.week(*wells(range(3)), OWLS)
    assert (made.digest.lead, made.digest.missing) == ((), ())
    assert desk.week(OWLS).digest.lead == ()


def test_nothing_comes_twice(desk: DigestDesk) -> None:
    """What was shown, and what was below, is not shown when it comes again; a second record is a double."""
    desk.week(*wells(range(3)), OWLS)
    made = desk.week(*wells(range(4)), OWLS, well(3, arxiv_id=None, doi="10.1234/w.3"))
    assert titles(made) == [well(3).title]
    assert counted(made) == {"fetched": 6, "shown": 1, "below": 1, "duplicate": 1, "sent_before": 3}
    assert made.digest.below == ()


def test_what_is_over_the_limit_waits(new_desk: MakeDesk) -> None:
    """No more than the limit at once; the rest comes with the next issues, also if the feed is silent."""
    desk = new_desk(limit=2)
    first = desk.week(*wells(range(5)))
    assert counted(first) == {"fetched": 5, "shown": 2, "over_limit": 3}
    second = desk.week(well(4))
    assert counted(second) == {"fetched": 1, "carried": 3, "shown": 2, "over_limit": 1, "duplicate": 1}
    third = desk.week()
    assert counted(third) == {"carried": 1, "shown": 1}
    assert sorted(titles(first) + titles(second) + titles(third)) == sorted(well(n).title for n in range(5))
    assert counted(desk.week()) == {}


def test_nothing_waits_for_ever(new_desk: MakeDesk) -> None:
    """A paper that is always the least relevant is shown all the same before long."""
    desk = new_desk(limit=1, threshold=0.2)
    last = paper("Buckets", "A bucket tells the height of water in wells.", arxiv_id="2608.80000")
    desk.week(last, *wells(range(2)))
    shown = [title for n in range(2, 12) for title in titles(desk.week(well(n)))]
    assert "Buckets" in shown


RECORDED: list[tuple[str, dict[str, Any], list[str]]] = [
    ("the same again", {}, []),
    ("a new version", {"version": "2"}, ["there is a version 2, after version 1"]),
    ("written otherwise", {"version": "v3"}, ["there is a version 3, after version 1"]),
    ("an older version", {"version": "0"}, []),
    ("a published form", {"venue": "Journal of Wells", "year": 2027, "doi": "10.1234/w"},
     ["it has been published in Journal of Wells 2027 (doi 10.1234/w)"]),
    ("a preprint's DOI", {"doi": "10.48550/arXiv.2608.00001"}, []),
    ("a cross-listing", {"ids": {"openalex": "W1"}, "url": "https://example.org"}, []),
    ("a retraction", {"retracted": True}, ["it has been retracted"]),
    ("a new title", {"title": "SandDip1: Sand and Gravel in Wells of County 1"}, [f"its title was “{well(1).title}”"]),
    ("a title in capitals", {"title": well(1).title.upper()}, []),
]  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "what"), [case[1:] for case in RECORDED], ids=[case[0] for case in RECORDED]
)
def test_a_change_of_a_mailed_work_is_an_update(
    desk: DigestDesk, fields: dict[str, Any], what: list[str]
) -> None:
    """It is told once, under a number of its own, and never as new."""
    desk.week(well(1))
    title = fields.pop("title", None)
    changed = well(1, **fields)
    if title:
        changed = changed.model_copy(update={"title": title, "title_original": title, "texts": changed.texts.model_copy(update={"title": title})})  # fmt: skip
    made = desk.week(changed, well(2))
    assert (updates(made), titles(made)) == (what, [well(2).title])
    assert counted(made) == {"fetched": 2, "shown": 1, ("updates" if what else "sent_before"): 1}
    assert [update.n for update in made.digest.updates] == [2] * len(what)
    again = desk.week(changed)
    assert (updates(again), titles(again)) == ([], [])
    assert counted(again) == {"fetched": 1, "sent_before": 1}


def test_a_published_form_from_another_source_is_an_update(desk: DigestDesk) -> None:
    """The record of another service, without the preprint's id, is of the same work."""
    desk.week(well(1))
    printed = well(1, arxiv_id=None, version=None, venue="Journal of Wells", doi="10.1234/w")
    made = desk.issue(desk.feed(name="Crossref: wells"), desk.feed(printed, name="OpenAlex: wells"))
    assert updates(made) == ["it has been published in Journal of Wells (doi 10.1234/w)"]
    assert counted(made) == {"fetched": 1, "updates": 1}


def test_a_work_that_changed_otherwise_is_told_too(desk: DigestDesk) -> None:
    """A retraction that came with the reader's own files is told; what he set himself is not."""
    desk.week(well(1), well(2))
    add(desk.library, [ReadSource("/mine", "mine", [well(1, retracted=True)])])
    with desk.library.change():
        key = desk.library.resolve("sanddip1sandinwells") or desk.library.memory("wells").plan.keys[0]  # type: ignore[union-attr]
        other = next(one for one in desk.library.memory("wells").mailed if one != key)
        desk.library.set_value(other, "venue", "Journal of Wells")
        desk.library.recompose(other)
    made = desk.week()
    assert "it has been retracted" in updates(made)
    assert not any("Journal" in what for what in updates(made))
    assert counted(made) == {"fetched": 1, "updates": 1}
    assert not made.is_quiet


def test_an_empty_week_and_a_broken_one_differ(desk: DigestDesk) -> None:
    """Nothing new, a source that could not be asked, and no source that could be, are three things."""
    quiet = desk.issue(desk.feed(name="arXiv: wells"), desk.feed(name="Crossref: wells"))
    assert (quiet.is_quiet, quiet.is_broken, quiet.is_all_broken) == (True, False, False)
    half = desk.issue(
        desk.feed(name="arXiv: wells"), desk.feed(name="Crossref: wells", state="broken", reason="503")
    )
    assert (half.is_quiet, half.is_broken, half.is_all_broken) == (True, True, False)
    whole = desk.issue(desk.feed(name="arXiv: wells", state="broken", reason="time-out"))
    assert (whole.is_quiet, whole.is_broken, whole.is_all_broken) == (True, True, True)
    assert [one.reason for one in whole.digest.sources] == ["time-out"]
    assert desk.library.digest_answers("wells") == {
        "arXiv: wells": "2026-08-24",
        "Crossref: wells": "2026-08-17",
    }


def test_what_came_before_the_run_ended_is_not_lost(desk: DigestDesk) -> None:
    """A run that took papers in and ended before the issue was stored: the next has them, though they come no more."""
    desk.make(desk.feed(*wells(range(2))))
    made = desk.week()
    assert counted(made) == {"carried": 2, "shown": 2}
    assert counted(desk.week()) == {}


def test_a_preview_changes_nothing(desk: DigestDesk, tmp_path: Path) -> None:
    """Made on a copy of the library, an issue is what it will be, and nothing has happened."""
    desk.week(well(1))
    before = desk.library.inbox_keys("wells"), desk.library.memory("wells")
    desk.library.copy_to(tmp_path / "copy.sqlite")
    whole, desk.library = desk.library, Library(tmp_path / "copy.sqlite")
    seen = desk.make(desk.feed(*wells(range(3))))
    desk.library.close()
    desk.library = whole
    assert (desk.library.inbox_keys("wells"), desk.library.memory("wells")) == before
    assert to_json(desk.make(desk.feed(*wells(range(3)))).digest) == to_json(seen.digest)


def test_keeping_takes_over(desk: DigestDesk) -> None:
    """An item that is kept is in the collection and in the library; it is not mailed again, and shows what is looked for."""
    made = desk.week(*wells(range(3)))
    assert desk.library.keys() == []
    numbers = {item.key: item.n for theme in made.digest.themes for item in theme.items}
    key = next(iter(numbers))
    assert keep(desk.library, "wells", "2026-W34", [numbers[key]], "mine") == [key]
    assert keep(desk.library, "wells", "2026-W34", [numbers[key]], "mine") == [key]
    assert desk.library.keys() == desk.library.members("mine") == [key]
    sources = [origin.source for origin in desk.library.papers([key])[key].sources]
    assert sources == ["digest wells: arXiv: wells", "digest wells 2026-W34"]
    assert desk.library.papers([key])[key].collections == ("mine",)
    assert desk.library.memory("wells").kept == {key}
    assert counted(desk.week(*wells(range(3)))) == {"fetched": 3, "sent_before": 3}


@pytest.mark.parametrize("act", [keep, dislike])
def test_only_items_of_an_issue_can_be_meant(desk: DigestDesk, act: Any) -> None:
    """An issue or a number that is not there is named, with what there is; nothing is done."""
    desk.week(*wells(range(2)))
    more = ("mine",) if act is keep else ()
    with pytest.raises(UsageError, match="no item 3") as told:
        act(desk.library, "wells", "2026-W34", [1, 3], *more)
    assert told.value.hint == "its items are 1 to 2"
    with pytest.raises(UsageError, match="2026-W33"):
        act(desk.library, "wells", "2026-W33", [1], *more)
    assert desk.library.memory("wells").disliked | desk.library.memory("wells").kept == frozenset()


def test_what_is_disliked_never_comes_again(desk: DigestDesk) -> None:
    """Neither as new nor as an update; what is nearly the same is counted with it."""
    others = [
        paper("Ropes Tell the Height of Water in Wells", "A knot is wet or dry. Knots are counted at noon.", arxiv_id="2608.70001"),
        paper("Height of Water in Wells, Heard", "A stone falls; the splash is timed by ear.", arxiv_id="2608.70002"),
        paper("Farms Pump, and the Height of Water in Wells Falls", "Maize drinks all of July.", arxiv_id="2608.70003"),
    ]  # fmt: skip
    desk.week(well(1))
    dislike(desk.library, "wells", "2026-W34", [1])
    twin = paper("SandDip91: Sand in Wells of County 1", well(1).texts.abstract, arxiv_id="2608.70000")
    made = desk.week(well(1, version="2"), twin, *others)
    assert sorted(titles(made)) == sorted(one.title for one in others)
    assert counted(made) == {"fetched": 5, "shown": 3, "disliked": 1, "sent_before": 1}


def test_what_the_reader_has_is_not_new(new_desk: MakeDesk) -> None:
    """Papers of the review, examples and papers that were excluded are known."""
    desk = new_desk(review="mine")
    add(desk.library, [ReadSource("/mine", "mine", [well(1)])], "mine")
    add(desk.library, [ReadSource("/more", "more", wells((2, 3)))])
    keys = {p.title: key for key, p in desk.library.papers().items()}
    with desk.library.change():
        desk.library.decide(keys[well(2).title], "exclude", "dull")
    desk.set(review="mine", examples=(keys[well(3).title],))
    made = desk.week(*wells(range(5)))
    assert sorted(titles(made)) == sorted([well(0).title, well(4).title])
    assert counted(made) == {"fetched": 5, "shown": 2, "known": 3}


REVIEWED: list[tuple[str, dict[str, Any], str]] = [
    ("a retraction", {"retracted": True}, "of your review: it has been retracted"),
    ("a new version", {"version": "3"}, "of your review: there is a version 3, after version 1"),
    ("a published form", {"venue": "Journal of Wells", "doi": "10.1234/w"},
     "of your review: it has been published in Journal of Wells (doi 10.1234/w)"),
    ("the same", {}, ""),
    ("another title", {"title": "Sand and Gravel"}, ""),
]  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "what"), [case[1:] for case in REVIEWED], ids=[case[0] for case in REVIEWED]
)
def test_a_change_of_a_paper_of_the_review_is_an_update(
    new_desk: MakeDesk, fields: dict[str, Any], what: str
) -> None:
    """It is told once, though the paper was never mailed; what the reader knows is not told."""
    desk = new_desk(review="mine")
    add(desk.library, [ReadSource("/mine", "mine", [well(1)])], "mine")
    changed = well(1).model_copy(update=fields)
    made = desk.week(changed, well(2))
    assert (updates(made), titles(made)) == ([what] if what else [], [well(2).title])
    assert counted(made) == {"fetched": 2, "shown": 1, ("updates" if what else "known"): 1}
    again = desk.week(changed)
    assert counted(again) == {"fetched": 1, ("sent_before" if what else "known"): 1}


def test_retractions_come_first(desk: DigestDesk) -> None:
    """Before other updates, whatever the order of keys, and they are marked as what they are."""
    desk.week(*wells(range(4)))
    made = desk.week(*(well(n, version="2") for n in range(3)), well(3, retracted=True), well(4))
    assert [(one.is_retraction, one.n) for one in made.digest.updates] == [(True, 2), (False, 3), (False, 4), (False, 5)]  # fmt: skip


def test_a_collection_is_a_source(desk: DigestDesk) -> None:
    """What a collection holds is new once; what joins it later is new then; nothing of it leaves the library."""
    add(desk.library, [ReadSource("/a", "a", [*wells(range(2)), OWLS])], "feed")
    source = Feed(DigestSource(source="feed", state="ok"), collection="feed")
    assert counted(desk.issue(source)) == {"fetched": 3, "shown": 2, "below": 1}
    add(desk.library, [ReadSource("/b", "b", [well(5)])], "feed")
    made = desk.issue(source)
    assert (titles(made), counted(made)) == ([well(5).title], {"fetched": 1, "shown": 1})
    assert counted(desk.issue(source)) == {}
    assert len(desk.library.keys()) == 4


def test_waiting_works_that_are_merged_are_one(new_desk: MakeDesk) -> None:
    """Two that wait and become one are shown once; one that becomes a mailed one is not shown."""
    desk = new_desk(limit=1)
    desk.week(*wells(range(4)))
    (sent,) = desk.library.memory("wells").mailed
    one, two, three = sorted(desk.library.memory("wells").waiting)
    merge(desk.library, one, two)
    merge(desk.library, sent, three)
    made = desk.week()
    assert counted(made) == {"carried": 2, "shown": 1, "sent_before": 1}
    assert counted(desk.week()) == {}


def test_it_bears_on_the_readers_own(new_desk: MakeDesk) -> None:
    """Names of the review's works and its claims are found in the new papers; both rest on their sentences."""
    desk = new_desk(review="mine")
    add(desk.library, [ReadSource("/mine", "mine", [well(1)])], "mine")
    text = "We present a rope. It beats SandDip1 in all wells. The height of water in wells rises."
    claim = ReviewClaim(
        id="a.p1.c2", section=2, number=4, text="“Peat colours the water of forty wells near Durham brown.”"
    )
    near = "Wells matter. In this paper, we present dippers that log the height of water in wells and find peat that colours water of forty wells near Durham brown."
    made = desk.week(
        paper("Ropes for Wells", text, arxiv_id="2608.60000"), paper("Wells of Durham", near, arxiv_id="2608.60001"), review=(claim,)
    )  # fmt: skip
    found = [one for theme in made.digest.themes for item in theme.items for one in item.bears_on]
    assert sorted(one.text for one in found) == [
        f"bears on section 2, claim 4: {claim.text}",
        "compares itself with SandDip1, which you have",
    ]
    own = next(one for one in found if one.key)
    assert made.digest.papers[own.key or ""].title == well(1).title
    assert own.evidence[0].text == "It beats SandDip1 in all wells."


def failing(*titles: str) -> Scripted:
    """An engine that cannot read some papers."""

    def summarise(ask: Any) -> Any:
        if ask.item.paper.title in titles:
            return Failure("refusal", "the model refused", is_final=True)
        return SummaryDraft("method", approach=FindingDraft(ask.item.sentences[1].text, (1,)))

    return Scripted(summarise=summarise, is_judging=False)


def test_what_cannot_be_read_is_tried_again_and_then_shown_as_it_is(new_desk: MakeDesk) -> None:
    """A reading that fails puts a paper off by one issue; if it fails again the paper is shown without claims."""
    desk = new_desk(engine=failing(well(1).title))
    first = desk.week(*wells(range(2)))
    assert (titles(first), counted(first)) == ([well(0).title], {"fetched": 2, "shown": 1, "failed": 1})
    assert [missing.code for missing in first.digest.missing] == ["refusal"]
    second = desk.week()
    assert (titles(second), counted(second)) == ([well(1).title], {"carried": 1, "shown": 1})
    assert [item.claims for theme in second.digest.themes for item in theme.items] == [()]
    assert [missing.code for missing in second.digest.missing] == ["refusal"]


def test_a_paper_without_an_abstract_is_shown_by_its_title(desk: DigestDesk) -> None:
    """It costs no reading and has no claims; nothing is missing for that."""
    made = desk.week(paper("The Height of Water in Wells", arxiv_id="2608.50000"))
    assert counted(made) == {"fetched": 1, "shown": 1}
    assert made.digest.missing == ()


def test_favourites_come_first(new_desk: MakeDesk) -> None:
    """Among relevant papers those of a followed venue come first, whatever their score."""
    desk = new_desk(venues=("Journal of Wells",), limit=1)
    faint = paper(
        "Ladders",
        "A ladder leads to the height of water in wells.",
        venue="Journal of Wells",
        doi="10.1234/l",
    )
    assert titles(desk.week(*wells(range(4)), faint)) == ["Ladders"]


def season(folder: Path, order: int | None = None) -> list[MadeDigest]:
    """Three issues, of papers that come in this or another order."""
    weeks: list[list[Paper]] = [
        [*wells(range(8)), OWLS],
        [*wells(range(4, 12)), *(well(n, version="2") for n in range(4))],
        [OWLS],
    ]
    if order is not None:
        for papers in weeks:
            random.Random(order).shuffle(papers)
    with DigestDesk(folder, limit=6) as desk:
        return [desk.week(*papers) for papers in weeks]


def digests(made: list[MadeDigest]) -> str:
    return hashlib.sha256("".join(to_json(one.digest) for one in made).encode()).hexdigest()


SCRIPT = """
import sys, tempfile, pathlib
sys.path[:0] = sys.argv[1:]
from test_products_digest import digests, season
with tempfile.TemporaryDirectory() as folder:
    print(digests(season(pathlib.Path(folder))))
"""


def test_the_same_papers_give_the_same_bytes(tmp_path: Path) -> None:
    """Whatever the order in which they come and the seed of hashes."""
    folders = [str(Path(__file__).parent), str(ROOT / "tests" / "steps")]
    process = subprocess.Popen(
        [sys.executable, "-c", SCRIPT, *folders], cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": "5", "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    first = season(tmp_path / "first")
    wanted = digests(first)
    assert digests(season(tmp_path / "second", order=1)) == wanted
    assert first[1].digest.updates and first[0].digest.counts.over_limit
    out, said = process.communicate()
    assert out.strip() == wanted, said


def test_what_came_in_by_several_feeds_is_counted_once(desk: DigestDesk) -> None:
    """Records of several sources and a collection that has the work too: one is shown, the others are doubles."""
    add(desk.library, [ReadSource("/a", "a", [well(1)])], "feed")
    arrivals = arrive(
        desk.library,
        "wells",
        [desk.feed(well(1)), desk.feed(well(1), well(2), name="Crossref: wells"), Feed(DigestSource(source="feed", state="ok"), collection="feed")],
    )  # fmt: skip
    material = choose(desk.library, desk.settings, arrivals)
    assert (material.counts.fetched, material.counts.shown, material.counts.duplicate) == (3, 2, 1)


def test_what_cannot_be_read_is_named_once(desk: DigestDesk) -> None:
    """In the issue in which it came first, with its place and reason; a run that ends before the issue is stored names nothing."""
    lost = [
        Rejected(position="entry 5", reason="no title", title="2608.1"),
        Rejected(position="entry 6", reason="no id", title="Floats"),
    ]
    desk.make(desk.feed(*lost))
    first = desk.week(well(0), *lost)
    assert counted(first) == {"fetched": 3, "shown": 1, "failed": 2}
    assert first.digest.sources[0].rejected == tuple(lost) and first.is_unread
    elsewhere = lost[0].model_copy(update={"position": "entry 9"})
    second = desk.week(elsewhere, lost[1])
    assert (counted(second), second.is_unread, second.is_quiet) == ({}, False, True)
    desk.week()
    new = Rejected(position="entry 6", reason="no id")
    again = desk.week(*lost, new)
    assert again.digest.sources[0].rejected == (new,) and counted(again) == {"fetched": 1, "failed": 1}
    assert desk.week(new).digest.sources[0].rejected == (new,)  # another one, for all that one knows
