"""`litreview search` and `litreview enrich` as a person and a program see them: words, JSON, exit codes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from scripted_service import (
    ARXIV,
    CROSSREF,
    NOT_THERE,
    PAGE,
    Action,
    Web,
    answer,
    crossref,
    entry,
    feed,
    listed,
    serving,
    work,
)
from terminal import Terminal

TITLE = "Floats in Wells: A Study of Water"
DOI = "10.1234/wells.7"
WHOLE = work(DOI, TITLE, family="Lovelace", year=2021, venue="Wells Quarterly", abstract="Water rises.")
BOTH = ("--source", "arxiv", "--source", "crossref")


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Iterator[Web]:
    """Services whose scripts a test writes."""
    with serving(monkeypatch, {ARXIV: [feed(entry(1), entry(2), total=7)], CROSSREF: [NOT_THERE]}) as web:
        yield web


def test_a_search_says_what_it_brought(web: Web, desk: Terminal) -> None:
    """How many of how many, and where they went; progress and the workspace are on stderr."""
    shown = desk.run("search", "wells", "--limit", "2", "--collection", "wells")
    assert shown.code == 0, shown.said
    assert shown.out.splitlines()[0] == "arxiv: 2 of 7 records"
    assert "workspace: .litreview" in shown.err and "collection 'wells' is new" in shown.err
    assert len(desk.run("papers", "--collection", "wells", "--json").out.splitlines()) > 2


def test_a_search_for_programs(web: Web, desk: Terminal) -> None:
    """Each service's state stands in the JSON, and nothing else is on stdout."""
    web.scripts |= {ARXIV: [answer("arxiv_error.xml")], CROSSREF: [listed(WHOLE)]}
    shown = desk.run("search", "wells", *BOTH, "--json")
    assert shown.code == 3
    found = shown.json()
    assert (found["read"], found["added"], found["rejected"]) == (1, 1, [])
    reason = "arXiv: the service reports an error: 'incorrect id format for wells'"
    assert found["sources"] == [
        {"source": "arxiv", "state": "broken", "reason": reason, "found": 0, "total": None},
        {"source": "crossref", "state": "ok", "reason": None, "found": 1, "total": 1},
    ]


def test_an_empty_answer_is_a_success(web: Web, desk: Terminal) -> None:
    web.scripts[ARXIV] = [answer("arxiv_empty.xml")]
    shown = desk.run("search", "wells")
    assert (shown.code, shown.out.splitlines()[0]) == (0, "arxiv: nothing found")
    assert desk.run("search", "wells", "--json").json()["sources"][0]["state"] == "empty"


@pytest.mark.parametrize(
    ("arxiv", "crossref", "code", "said"),
    [
        (PAGE, listed(WHOLE), 3, "arxiv: broken: arXiv: the answer is a web page"),
        (Action(429, headers={"retry-after": "900"}), listed(WHOLE), 3, "arxiv: broken: arXiv: asks to be left alone for 900 s"),
        (Action(500), answer("arxiv_empty.xml"), 1, "error: arXiv: HTTP 500; 4 tries; Crossref: the answer is no JSON"),
        (PAGE, NOT_THERE, 1, "Crossref: refused with HTTP 404"),
        (Action(500), listed(), 3, "crossref: nothing found"),
    ],
)  # fmt: skip
def test_how_a_search_ends(
    web: Web, desk: Terminal, arxiv: Action, crossref: Action, code: int, said: str
) -> None:
    """3 where a service broke, 1 where all did, and the reason each time; the other's papers are in."""
    web.scripts |= {ARXIV: [arxiv], CROSSREF: [crossref]}
    shown = desk.run("search", "wells", *BOTH)
    assert shown.code == code and said in shown.said, shown.said
    assert (TITLE in desk.run("papers").out) == (WHOLE["DOI"] in crossref.body)
    assert "Traceback" not in shown.said


def test_an_interrupted_search_says_how_far_it_came(web: Web, desk: Terminal) -> None:
    """What came is in; the same command goes on."""
    web.scripts[CROSSREF] = [listed(WHOLE, total=2, cursor="c"), PAGE]
    shown = desk.run("search", "wells", "--source", "crossref")
    assert shown.code == 3 and "(1 came before)" in shown.out
    web.asked.clear()
    web.scripts[CROSSREF] = [listed(work("10.1234/b", "Water in Wells"), total=2)]
    shown = desk.run("search", "wells", "--source", "crossref")
    assert (shown.code, shown.out.splitlines()[0]) == (0, "crossref: 2 records")
    assert [one.params["cursor"] for one in web.asked] == ["c"]


@pytest.mark.parametrize(
    "arguments",
    [("search",), ("search", "x", "--source", "none"), ("search", "x", "--limit", "0"), ("search", "x", "--since", "2025"),
     ("search", "x", "--limit", "many"), ("enrich", "--source", "none"), ("enrich", "--fields", "colour")],
    ids=" ".join,
)  # fmt: skip
def test_what_cannot_be_asked_is_a_mistake(web: Web, desk: Terminal, arguments: tuple[str, ...]) -> None:
    shown = desk.run(*arguments)
    assert shown.code == 2 and "error:" in shown.err and "hint:" in shown.err, shown.said
    assert web.asked == []


@pytest.mark.parametrize("kind", ["refused", "echoed", "refused for good"])
def test_keys_are_nowhere_to_be_read(web: Web, desk: Terminal, kind: str) -> None:
    """Neither on the terminal, nor in the log, nor in any file of the workspace or the user's state."""
    echoed = Action(200, '{"error": "the key oa-SECRET is unknown"}', {"content-type": "application/json"})
    web.scripts["api.openalex.org"] = {
        "refused": [Action(429, "oa-SECRET", {"retry-after": "900"})],
        "echoed": [echoed],
        "refused for good": [Action(401, "oa-SECRET")],
    }[kind]
    arguments = ("search", "wells", "--source", "openalex", "--log-file", "log.txt")
    shown = desk.run(*arguments, OPENALEX_API_KEY="oa-SECRET", LITREVIEW_CONTACT="ada@example.org")
    assert shown.code == 1 and "SECRET" not in shown.said
    assert web.asked[0].params["api_key"] == "oa-SECRET"
    files = [path for path in desk.folder.rglob("*") if path.is_file()]
    assert desk.folder / "log.txt" in files
    assert [path for path in files if b"SECRET" in path.read_bytes()] == []


def known(web: Web) -> None:
    """Crossref knows the one paper, by its DOI."""
    web.scripts[CROSSREF] = lambda asked: crossref(WHOLE) if asked.path != "/works" else listed()


def test_enrich_says_what_it_filled(web: Web, desk: Terminal) -> None:
    """Line by line, what was refused and what still lacks something too."""
    other = {"title": "Another Work of Water", "doi": "10.1234/other"}
    desk.write("papers.jsonl", [{"title": TITLE, "doi": DOI}, other])
    desk.run("add", "papers.jsonl")
    known(web)
    shown = desk.run("enrich", "--source", "crossref")
    assert shown.code == 0, shown.said
    lines = shown.out.splitlines()
    assert lines[0].endswith("from Crossref") and "authors" in lines[0] and "year" in lines[0]
    assert f"Crossref: it calls the work '{TITLE}'" not in lines[0]
    assert "2 papers lacked something; 1 filled in, 1 still lack some" in lines
    assert lines[-1].endswith("lacks authors, year, venue, abstract")


def test_enrich_says_what_it_refused(web: Web, desk: Terminal) -> None:
    desk.write("papers.jsonl", [{"title": "Another Work of Water", "doi": DOI}])
    desk.run("add", "papers.jsonl")
    known(web)
    shown = desk.run("enrich", "--source", "crossref")
    assert shown.code == 0
    assert f": Crossref: it calls the work '{TITLE}'" in shown.out and "not taken for " in shown.out


def test_enrich_for_programs(web: Web, desk: Terminal) -> None:
    desk.write("papers.jsonl", [{"title": TITLE, "doi": DOI}])
    desk.run("add", "papers.jsonl")
    known(web)
    found = desk.run("enrich", "--source", "crossref", "--fields", "authors, year", "--json").json()
    assert (found["asked"], found["lacking"], found["refused"]) == (1, [], [])
    assert found["changed"][0]["source"] == "Crossref" and "authors" in found["changed"][0]["fields"]
    state = {"source": "crossref", "state": "ok", "reason": None, "found": 1, "total": None}
    assert found["sources"] == [state]
    again = desk.run("enrich", "--json")
    assert (again.code, again.json()["asked"]) == (0, 0)


@pytest.mark.parametrize(
    ("arxiv", "crossref_", "code"),
    [(feed(), NOT_THERE, 0), (PAGE, crossref(WHOLE), 3), (PAGE, NOT_THERE, 3), (PAGE, Action(500), 1)],
    ids=["nothing known", "one broken", "one broken, one empty", "all broken"],
)
def test_how_enriching_ends(web: Web, desk: Terminal, arxiv: Action, crossref_: Action, code: int) -> None:
    """3 where a service broke, 1 where all did; with --json the report comes all the same."""
    desk.write("papers.jsonl", [{"title": TITLE, "doi": DOI}])
    desk.run("add", "papers.jsonl")
    web.scripts |= {ARXIV: [arxiv], CROSSREF: lambda asked: listed() if asked.path == "/works" else crossref_}
    shown = desk.run("enrich", *BOTH, "--json")
    assert shown.code == code, shown.said
    assert shown.json()["sources"][0]["state"] == ("empty" if code == 0 else "broken")
    assert ("Wells Quarterly" in desk.run("papers", "--json").out) == (crossref_.status == 200)


def test_enrich_names_a_broken_service(web: Web, desk: Terminal) -> None:
    desk.write("papers.jsonl", [{"title": TITLE, "doi": DOI}])
    desk.run("add", "papers.jsonl")
    web.scripts |= {ARXIV: [PAGE], CROSSREF: [Action(500)]}
    shown = desk.run("enrich", *BOTH)
    assert shown.code == 1
    assert "arxiv: broken: arXiv: the answer is a web page" in shown.out
    assert "crossref: broken: Crossref: HTTP 500; 4 tries" in shown.out
