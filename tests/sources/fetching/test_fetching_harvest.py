"""Page after page: what comes, what is kept of a search that broke, and where it goes on."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from scripted_service import (
    ARXIV,
    CROSSREF,
    HUGGING,
    NOT_THERE,
    PAGE,
    RESET,
    SEMANTIC,
    Action,
    Asked,
    Script,
    Web,
    answer,
    as_json,
    crossref,
    entry,
    feed,
    listed,
    serving,
    work,
)

from agent.records import Paper
from agent.sources.fetching.harvest import KEPT_SECONDS, Harvest, PageStore, harvest
from agent.sources.services import arxiv, hugging_face, semantic_scholar
from agent.sources.services import crossref as crossref_service
from agent.sources.services.common import Call, Query, Service

DOWN = Action(500)
ALL = [1, 2, 3, 4, 5]  # arXiv's papers, two a page
TITLE = "Floats in Wells & Springs: A Study of Water"


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Iterator[Web]:
    """Services whose scripts a test writes; arXiv gives two papers a page."""
    monkeypatch.setattr(arxiv, "_MOST", 2)
    with serving(monkeypatch, {}) as web:
        yield web


class Search:
    """A search that can be done again."""

    def __init__(self, web: Web, folder: Path, limit: int = 5) -> None:
        self.web, self.folder, self.limit = web, folder, limit
        self.counts: list[int] = []

    def run(self, service: Service, script: Script, call: Call | None = None) -> Harvest:
        call = call or service.search(Query("wells", limit=self.limit))
        self.web.scripts[call.url.split("/")[2]] = script
        client = self.web.client(self.folder / "state")
        try:
            return harvest(client, service, call, self.limit, self.store(), self.counts.append)
        finally:
            client.close()

    def store(self) -> PageStore:
        return PageStore(self.folder / "pages", self.web.clock.now)

    def starts(self) -> list[int]:
        """Which pages arXiv was asked for since the last time."""
        found = [int(one.params["start"]) for one in self.web.of(ARXIV)]
        self.web.asked.clear()
        return found

    def kept(self) -> int:
        return len(list((self.folder / "pages").glob("*")))


@pytest.fixture
def search(web: Web, tmp_path: Path) -> Search:
    return Search(web, tmp_path)


def pages(asked: Asked) -> Action:
    """Five papers by pages of two."""
    start, size = int(asked.params["start"]), int(asked.params["max_results"])
    return feed(*(entry(number) for number in range(start + 1, min(start + size, 5) + 1)), total=5)


def dying(start: int, action: Action = DOWN) -> Script:
    """The same, but from one page on something else happens."""
    return lambda asked: action if int(asked.params["start"]) >= start else pages(asked)


def numbers(got: Harvest) -> list[int]:
    return [int(one.arxiv_id[-5:]) for one in got.records if isinstance(one, Paper) and one.arxiv_id]


def test_all_pages_come_in_order(search: Search) -> None:
    """Up to the limit, each page told of, and nothing is kept afterwards."""
    got = search.run(arxiv, pages)
    assert (numbers(got), got.state, got.total, got.notes) == (ALL, "ok", 5, ())
    assert (search.starts(), search.counts, search.kept()) == ([0, 2, 4], [2, 2, 1], 0)


BROKEN = {
    "down": (Action(500), "arXiv: HTTP 500; 4 tries"),
    "refused": (Action(403), "arXiv: refused with HTTP 403"),
    "moved away": (NOT_THERE, "arXiv: refused with HTTP 404"),
    "gone": (Action(410), "arXiv: refused with HTTP 410"),
    "reset": (RESET, "arXiv: cannot be reached, or broke the line"),
    "cut": (Action(200, feed(entry(1)).body, way="cut"), "arXiv: cannot be reached, or broke the line"),
    "a web page": (PAGE, "arXiv: the answer is a web page (HTML) and no data: 'Sorry Be back soon'"),
    "nothing": (Action(200, ""), "arXiv: the answer is empty"),
    "half an XML": (Action(200, feed(entry(1)).body[:200]), "arXiv: the answer is no XML, or was cut off"),
    "fields missing": (feed("<entry><title>Wells</title></entry>"), "arXiv: the answer has no field 'id'"),
    "an error as a paper": (answer("arxiv_error.xml"), "arXiv: the service reports an error: 'incorrect id"),
    "no papers of many": (feed(total=5), "arXiv: the answer holds none of 5 papers"),
}


@pytest.mark.parametrize("name", BROKEN)
@pytest.mark.parametrize("start", [0, 4])
def test_what_breaks_is_broken_and_never_empty(search: Search, name: str, start: int) -> None:
    """The reason is said, and what came before is there, whether on the first page or a later one."""
    action, reason = BROKEN[name]
    got = search.run(arxiv, dying(start, action))
    assert got.state == "broken" and got.problem is not None and got.problem.message.startswith(reason)
    assert numbers(got) == list(range(1, start + 1))


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_search_goes_on_where_it_broke(search: Search, name: str) -> None:
    """Pages that came are not asked for again; the result is what it would have been."""
    search.run(arxiv, dying(4, BROKEN[name][0]))
    assert set(search.starts()) == {0, 2, 4} and search.kept() == 2
    got = search.run(arxiv, pages)
    assert (search.starts(), numbers(got), got.state) == ([4], ALL, "ok")
    assert search.kept() == 0


def test_two_breaks_lose_nothing(search: Search) -> None:
    for start in (2, 4):
        search.run(arxiv, dying(start))
    search.starts()
    assert numbers(search.run(arxiv, pages)) == ALL
    assert search.starts() == [4]


def test_an_empty_answer_is_empty(search: Search) -> None:
    got = search.run(arxiv, [answer("arxiv_empty.xml")])
    assert (got.state, got.records, got.problem, got.total, search.kept()) == ("empty", (), None, 0, 0)


def test_kept_pages_age(search: Search) -> None:
    """After a day the results have moved on: all is asked for anew, and what was kept goes."""
    search.run(arxiv, dying(4))
    search.starts()
    search.web.clock.time += KEPT_SECONDS + 1
    search.run(arxiv, dying(4))
    assert search.starts()[:2] == [0, 2]
    search.web.clock.time += KEPT_SECONDS + 1
    search.store().tidy()
    assert search.kept() == 0


def test_tidying_leaves_what_is_young(search: Search) -> None:
    search.run(arxiv, dying(4))
    search.store().tidy()
    assert search.kept() == 2


@pytest.mark.parametrize("spoilt", [b"", b"\xff\xfe", b"text/xml\n<feed", b"text/html\n<html>"])
def test_a_kept_page_that_cannot_be_read_is_asked_for_again(search: Search, spoilt: bytes) -> None:
    """A damaged file costs one question, and is not a broken service."""
    search.run(arxiv, dying(2))
    search.starts()
    (path,) = (search.folder / "pages").iterdir()
    path.write_bytes(spoilt)
    stamp = search.web.clock.time
    os.utime(path, (stamp, stamp))
    got = search.run(arxiv, pages)
    assert (got.state, search.starts(), len(got.records)) == ("ok", [0, 2, 4], 5)


def works(*numbers: int) -> list[dict[str, object]]:
    return [work(f"10.1234/w.{number}", f"Water in Well Number {number}") for number in numbers]


def test_a_cursor_that_stays_the_same_is_no_page_twice(search: Search) -> None:
    """Crossref may give one cursor for all pages: each page is asked for, and each is kept by its place."""
    script = [
        listed(*works(1), total=3, cursor="same"),
        listed(*works(2), total=3, cursor="same"),
        Action(500),
    ]
    got = search.run(crossref_service, script)
    assert [one.doi for one in got.records if isinstance(one, Paper)] == ["10.1234/w.1", "10.1234/w.2"]
    search.web.asked.clear()
    got = search.run(crossref_service, lambda asked: listed(*works(3), total=3, cursor="same"))
    assert [one.doi for one in got.records if isinstance(one, Paper)] == [f"10.1234/w.{n}" for n in (1, 2, 3)]
    assert [one.params["cursor"] for one in search.web.asked] == ["same"]


def test_a_cursor_that_has_run_out_begins_anew(search: Search) -> None:
    """Where a kept search is refused, it starts at its first page, once."""
    search.run(crossref_service, [listed(*works(1), total=2, cursor="old"), Action(500)])
    search.web.asked.clear()
    answers = {
        "old": Action(400),
        "*": listed(*works(1), total=2, cursor="new"),
        "new": listed(*works(2), total=2),
    }
    got = search.run(crossref_service, lambda asked: answers[asked.params["cursor"]])
    assert [one.params["cursor"] for one in search.web.asked] == ["old", "*", "new"]
    assert (got.state, len(got.records), search.kept()) == ("ok", 2, 0)
    search.run(crossref_service, [listed(*works(1), total=2, cursor="old"), Action(500)])
    got = search.run(crossref_service, [Action(400)])
    assert got.state == "broken" and search.web.asked[-1].params["cursor"] == "*"


def test_a_service_without_end_is_left(search: Search, monkeypatch: pytest.MonkeyPatch) -> None:
    """So many pages and no more, and that is said."""
    monkeypatch.setattr("agent.sources.fetching.harvest.MOST_PAGES", 3)
    got = search.run(crossref_service, lambda asked: listed(*works(asked.count), total=9, cursor="same"))
    assert (len(got.records), len(search.web.asked)) == (3, 3)
    assert got.notes == ("Crossref was asked for 3 pages and no more; narrow the search",)


@pytest.mark.parametrize(
    ("service", "host", "call"),
    [
        (crossref_service, CROSSREF, crossref_service.lookup([("doi", "10.1234/none")])[0]),
        (hugging_face, HUGGING, hugging_face.lookup([("arxiv", "2101.00001")])[0]),
        (semantic_scholar, SEMANTIC, semantic_scholar.by_title("Wells")),
    ],
    ids=["crossref", "hugging-face", "semantic-scholar"],
)
def test_a_paper_that_a_service_lacks_is_an_empty_answer(
    search: Search, service: Service, host: str, call: Call
) -> None:
    """404 to the question for one paper, and to no other question."""
    got = search.run(service, [NOT_THERE], call)
    assert (got.state, got.problem, got.notes) == ("empty", None, ())
    assert search.run(service, [NOT_THERE], service.search(Query("wells"))).state == "broken"
    assert search.run(service, [Action(500)], call).state == "broken"


def test_a_lookup_gives_the_one_paper(search: Search) -> None:
    (call,) = crossref_service.lookup([("doi", "10.1234/wells.7")])
    got = search.run(crossref_service, [crossref(work("10.1234/wells.7", TITLE))], call)
    assert search.web.asked[0].path == "/works/10.1234%2Fwells.7"
    assert [one.title for one in got.records if isinstance(one, Paper)] == [TITLE]


def test_without_a_store_nothing_is_kept(web: Web, tmp_path: Path) -> None:
    web.scripts[ARXIV] = dying(2)
    client = web.client(tmp_path / "state")
    got = harvest(client, arxiv, arxiv.search(Query("wells", limit=250)), 250)
    client.close()
    assert (len(got.records), got.state) == (2, "broken")
    assert [path.name for path in tmp_path.iterdir()] == ["state"]


def test_nothing_to_ask_is_empty(web: Web, tmp_path: Path) -> None:
    assert harvest(web.client(tmp_path), arxiv, None, 5) == Harvest(())
    assert web.asked == []


def test_a_kept_page_holds_no_key(web: Web, tmp_path: Path) -> None:
    """Not even where the service repeats it."""
    from agent.sources.fetching.client import Identity
    from agent.sources.services import openalex

    page = {"meta": {"count": 2, "key": "oa-SECRET"}, "results": [{"id": "W1", "title": "A oa-SECRET Well"}]}
    web.scripts["api.openalex.org"] = [as_json(page), Action(500)]
    client = web.client(tmp_path, Identity("litreview/9", None, {"openalex": "oa-SECRET"}))
    store = PageStore(tmp_path / "pages", web.clock.now)
    call = openalex.search(Query("wells", limit=2)).having(per_page=1)
    got = harvest(client, openalex, call, 2, store)
    client.close()
    assert got.state == "broken" and [one.title for one in got.records] == ["A (key) Well"]
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) == 2 and not any(b"SECRET" in path.read_bytes() for path in files)
    assert web.asked[0].params["api_key"] == "oa-SECRET"
