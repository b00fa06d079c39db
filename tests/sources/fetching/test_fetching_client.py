"""The HTTP client: who asks, what failures mean, and that keys go into the request and nowhere else."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scripted_service import (
    ARXIV,
    HANG,
    NOT_THERE,
    OPENALEX,
    RESET,
    SEMANTIC,
    START,
    Action,
    Script,
    Web,
    answer,
    as_json,
    serving,
)

from agent.errors import NotThereError, SourceError
from agent.sources.fetching.client import Client, Identity, _asked_to_wait
from agent.sources.services import arxiv, openalex, pubmed, semantic_scholar
from agent.sources.services.common import Query, Service

KEYS = {"openalex": "oa-SECRET/1+2", "semantic-scholar": "s2-SECRET", "pubmed": "ncbi-SECRET"}
WHO = Identity("litreview/9", "ada@example.org", KEYS)
ASK = {
    service.NAME: service.search(Query("wells")) for service in (arxiv, openalex, pubmed, semantic_scholar)
}
GOOD = answer("arxiv.xml")


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Iterator[Web]:
    """Services whose scripts a test writes."""
    with serving(monkeypatch, {}) as web:
        yield web


def ask(web: Web, folder: Path, script: Script, service: Service = arxiv, **how: float) -> bytes:
    """What comes of one call to a service whose host does this."""
    call = ASK[service.NAME]
    web.scripts[call.url.split("/")[2]] = script
    client = web.client(folder, WHO, **how)
    try:
        return client.send(service, call).body
    finally:
        client.close()


def test_a_call_says_who_asks(web: Web, tmp_path: Path) -> None:
    """Every service gets the program's name and how to reach its user; what came back is handed on as it is."""
    assert ask(web, tmp_path, [GOOD]) == GOOD.body.encode()
    (one,) = web.asked
    assert one.headers["user-agent"] == "litreview/9 (mailto:ada@example.org)"
    assert (one.path, one.params["search_query"], one.params["start"]) == ("/api/query", "all:wells", "0")


@pytest.mark.parametrize(
    ("contact", "said"),
    [
        (None, "litreview/9"),
        ("", "litreview/9"),
        ("jürgen@example.org", "litreview/9 (mailto:j%C3%BCrgen@example.org)"),
        ("a+b@example.org (work)", "litreview/9 (mailto:a+b@example.org%20%28work%29)"),
    ],
)
def test_any_contact_can_be_said(web: Web, tmp_path: Path, contact: str | None, said: str) -> None:
    """None, and one that no header can hold as it stands."""
    web.scripts[ARXIV] = [GOOD]
    client = web.client(tmp_path, Identity("litreview/9", contact))
    client.send(arxiv, ASK["arxiv"])
    client.close()
    assert web.asked[0].headers["user-agent"] == said


@pytest.mark.parametrize(
    ("service", "place", "name", "contact"),
    [
        (openalex, "params", "api_key", "mailto"),
        (pubmed, "params", "api_key", "email"),
        (semantic_scholar, "headers", "x-api-key", None),
    ],
    ids=lambda value: getattr(value, "NAME", ""),
)
def test_a_key_goes_where_its_service_wants_it(
    web: Web, tmp_path: Path, service: Service, place: str, name: str, contact: str | None
) -> None:
    """Into a parameter or a header, and no key to another service."""
    ask(web, tmp_path, [as_json({})], service)
    (one,) = web.asked
    assert getattr(one, place)[name] == KEYS[service.NAME]
    everything = f"{one.path}{one.params}{one.headers}{one.body}"
    assert everything.count("SECRET") == 1
    assert one.params.get(contact or "") == ("ada@example.org" if contact else None)


TELLING = {
    "refused": Action(401, "bad key oa-SECRET/1+2"),
    "down": Action(503, "oa-SECRET/1+2"),
    "cut": Action(200, "oa-SECRET/1+2" * 9, way="cut"),
    "reset": RESET,
    "moved": Action(301, headers={"location": "https://elsewhere.org/?api_key=oa-SECRET/1+2"}),
    "left alone": Action(429, headers={"retry-after": "4000"}),
}


@pytest.mark.parametrize("name", TELLING)
def test_no_failure_tells_a_key(
    web: Web, tmp_path: Path, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither the message, nor the traceback with its causes, nor any log, nor the state on disk."""
    caplog.set_level(logging.DEBUG)
    with pytest.raises(SourceError) as caught:
        ask(web, tmp_path, [TELLING[name]], openalex)
    told = "".join(traceback.format_exception(caught.value)) + caplog.text + str(caught.value.hint)
    assert "SECRET" not in told
    assert web.asked[0].params["api_key"] == KEYS["openalex"]
    assert not any(b"SECRET" in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())


def test_the_http_librarys_log_names_calls_without_keys(
    web: Web, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Whoever turns logging on reads each address with the key taken out."""
    caplog.set_level(logging.DEBUG)
    ask(web, tmp_path, [as_json({})], openalex)
    ask(web, tmp_path, [as_json({})], pubmed)
    lines = [record.getMessage() for record in caplog.records if "api.openalex.org" in record.getMessage()]
    assert lines and all("api_key=(key)" in line for line in lines)
    assert "SECRET" not in caplog.text
    assert logging.getLogger("httpx2").filters == []


def test_an_answer_that_repeats_the_key_loses_it(web: Web, tmp_path: Path) -> None:
    """What a service says is handed on without our keys, so that no message and no store holds one."""
    found = ask(web, tmp_path, [as_json({"error": "API key invalid", "api-key": "ncbi-SECRET"})], pubmed)
    assert found == b'{"error": "API key invalid", "api-key": "(key)"}'


def test_a_short_key_spoils_no_answer(web: Web, tmp_path: Path) -> None:
    """A key of a letter or two would stand in any text."""
    web.scripts[OPENALEX] = [as_json({"title": "abc"})]
    client = web.client(tmp_path, Identity("litreview/9", None, {"openalex": "abc"}))
    assert b"abc" in client.send(openalex, ASK["openalex"]).body
    client.close()


def test_reprs_hold_no_key(web: Web, tmp_path: Path) -> None:
    client = web.client(tmp_path, WHO)
    assert "SECRET" not in f"{WHO!r} {client!r} {WHO!s} {ASK['openalex']!r}"


@pytest.mark.parametrize("key", ["clé-SECRET-à-moi", "two\nlines-SECRET"])
@pytest.mark.parametrize("service", [semantic_scholar, openalex], ids=lambda service: service.NAME)
def test_a_key_that_cannot_be_one_is_said_and_not_shown(
    web: Web, tmp_path: Path, key: str, service: Service
) -> None:
    """Before anything is asked."""
    client = web.client(tmp_path, Identity("litreview/9", None, {service.NAME: key}))
    with pytest.raises(SourceError, match="its key holds signs that no key has") as caught:
        client.send(service, ASK[service.NAME])
    assert "SECRET" not in "".join(traceback.format_exception(caught.value))
    assert caught.value.hint == f"see {service.KEY_VARIABLE}"
    assert web.asked == []


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504, 522, 529])
def test_what_may_pass_is_tried_again(web: Web, tmp_path: Path, status: int) -> None:
    """A failure that may pass costs a wait that doubles, and at least the rate."""
    assert ask(web, tmp_path, [Action(status), Action(status), GOOD]) == GOOD.body.encode()
    assert [time - START for time in web.times] == [0.0, 3.0, 7.0]


def test_four_tries_are_enough(web: Web, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"^arXiv: HTTP 500; 4 tries$") as caught:
        ask(web, tmp_path, [Action(500)])
    assert len(web.asked) == 4
    assert caught.value.hint == "try again later; what came until then is kept"


@pytest.mark.parametrize(
    ("status", "hint"),
    [
        (301, "it has moved"),
        (400, "it does not understand the question"),
        (401, "the key is missing or wrong"),
        (403, "the service does not let us in: a key may be needed"),
        (404, "it has nothing there"),
        (418, None),
        (501, None),
    ],
)
def test_a_refusal_is_asked_once(web: Web, tmp_path: Path, status: int, hint: str | None) -> None:
    """Where another try does no better, none is made."""
    with pytest.raises(SourceError, match=rf"^arXiv: refused with HTTP {status}$") as caught:
        ask(web, tmp_path, [Action(status)])
    assert (len(web.asked), web.clock.slept, caught.value.hint) == (1, [], hint)
    assert isinstance(caught.value, NotThereError) == (status == 404)


BROKEN_LINES = {
    "reset": (RESET, r"^arXiv: cannot be reached, or broke the line \(\w+\); 4 tries$"),
    "cut": (Action(200, GOOD.body, way="cut"), r"^arXiv: cannot be reached, or broke the line"),
    "no gzip": (Action(200, "plain", {"content-encoding": "gzip"}), r"^arXiv: cannot be reached, or broke"),
    "hang": (HANG, r"^arXiv: no answer within 0\.02 s; 4 tries$"),
}


@pytest.mark.parametrize("name", BROKEN_LINES)
def test_a_line_that_breaks_is_tried_again(web: Web, tmp_path: Path, name: str) -> None:
    """Timeouts, resets, bodies cut off and bodies that cannot be unpacked: four tries, then the reason."""
    action, reason = BROKEN_LINES[name]
    with pytest.raises(SourceError, match=reason):
        ask(web, tmp_path, [action], timeout=0.02 if action.way == "hang" else 5.0)
    assert len(web.asked) == 4


def test_a_line_that_broke_once_is_mended(web: Web, tmp_path: Path) -> None:
    assert ask(web, tmp_path, [RESET, Action(200, GOOD.body, way="cut"), GOOD]) == GOOD.body.encode()


def test_nobody_there_is_said(web: Web, tmp_path: Path) -> None:
    """A port where nobody listens."""
    web.transport.port = 1
    with pytest.raises(SourceError, match=r"^arXiv: cannot be reached, or broke the line \(ConnectError\)"):
        ask(web, tmp_path, [GOOD])


def test_an_answer_is_no_larger_than_it_may_be(
    web: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agent.sources.fetching.client.MOST_BYTES", 1024 * 1024)
    with pytest.raises(SourceError, match=r"^arXiv: the answer is larger than 1 MiB$"):
        ask(web, tmp_path, [Action(body="x" * (1024 * 1024 + 1))])
    assert len(web.asked) == 1


def date(seconds: float) -> str:
    return format_datetime(datetime.fromtimestamp(START + seconds, UTC), usegmt=True)


WAITS = {
    "seconds": ({"retry-after": "42"}, 42.0),
    "a date": ({"retry-after": date(42)}, 42.0),
    "backoff": ({"backoff": "42"}, 42.0),
    "the longer of both": ({"backoff": "42", "retry-after": "7"}, 42.0),
    "parts of a second": ({"retry-after": "42.5"}, 42.5),
    "less than the rate": ({"retry-after": "1"}, 3.0),
    "a date gone by": ({"retry-after": date(-42)}, 3.0),
    "no number": ({"retry-after": "soon"}, 3.0),
    "nan": ({"retry-after": "nan"}, 3.0),
    "infinite": ({"retry-after": "inf"}, 3.0),
    "negative": ({"retry-after": "-5"}, 3.0),
    "as long as may be": ({"retry-after": "300"}, 300.0),
}


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("name", WAITS)
def test_a_service_says_how_long_to_wait(web: Web, tmp_path: Path, name: str, status: int) -> None:
    """`Retry-After` in seconds or as a date, and `Backoff`; what is neither asks for nothing."""
    headers, wait = WAITS[name]
    ask(web, tmp_path, [Action(status, headers=headers), GOOD])
    assert web.times[1] - web.times[0] == wait


def test_the_next_process_waits_too(web: Web, tmp_path: Path) -> None:
    """What one was asked to wait for holds for whoever comes next, also where the answer was good."""
    ask(web, tmp_path, [Action(200, GOOD.body, {"backoff": "42"}), GOOD])
    ask(web, tmp_path, [GOOD])
    assert web.times[1] - web.times[0] == 42.0


@pytest.mark.parametrize("asked", ["301", date(301)], ids=["seconds", "date"])
def test_a_wait_that_is_too_long_ends_with_a_message(web: Web, tmp_path: Path, asked: str) -> None:
    """It is not slept through; the next process knows it and asks nothing, and when it is over all is well."""
    with pytest.raises(SourceError, match=r"^arXiv: asks to be left alone for 301 s$"):
        ask(web, tmp_path, [Action(429, headers={"retry-after": asked}), GOOD])
    with pytest.raises(SourceError, match=r"^arxiv: asks to be left alone for 301 s$"):
        ask(web, tmp_path, [GOOD])
    assert (len(web.asked), web.clock.slept) == (1, [])
    web.clock.time += 301
    assert ask(web, tmp_path, [GOOD]) == GOOD.body.encode()


@settings(derandomize=True, database=None, deadline=None, max_examples=25)
@given(
    st.one_of(st.text(max_size=40), st.floats().map(str), st.integers().map(str), st.from_regex(r"\w{3}, [0-9]{1,6} \w{3} [0-9]{1,6} [0-9:]{5,8} [+-][0-9]{1,9}", fullmatch=True))
)  # fmt: skip
def test_whatever_stands_in_the_header_is_a_time(said: str) -> None:
    """Any text is a number of seconds from 0 up that can be slept."""
    assert 0.0 <= _asked_to_wait({"retry-after": said}, START) < 1e13


def test_a_rate_is_kept_between_services_of_their_own(web: Web, tmp_path: Path) -> None:
    """Two calls to one service wait, one to another does not."""
    for service in (arxiv, semantic_scholar, arxiv):
        ask(web, tmp_path, [GOOD], service)
    assert [one.host for one in web.asked] == [ARXIV, SEMANTIC, ARXIV]
    assert [time - START for time in web.times] == [0.0, 0.0, 3.0]


def test_a_question_can_be_posted(web: Web, tmp_path: Path) -> None:
    """A batch of ids goes as JSON, with its parameters in the address, and is whole at the second try."""
    (call,) = semantic_scholar.lookup([("doi", "10.1234/wells.7")])
    web.scripts[SEMANTIC] = [Action(503), as_json([])]
    client = web.client(tmp_path)
    assert client.send(semantic_scholar, call).body == b"[]"
    client.close()
    assert [one.body for one in web.asked] == ['{"ids": ["DOI:10.1234/wells.7"]}'] * 2
    assert (
        web.asked[1].headers["content-type"] == "application/json"
        and "title" in web.asked[1].params["fields"]
    )


def test_a_download_follows_to_where_a_file_has_gone(web: Web, tmp_path: Path) -> None:
    """At the rate of the service that it belongs to; a missing one is said with its address."""
    web.scripts["a.org"] = [Action(302, headers={"location": "https://b.org/x.pdf?size=1"}), NOT_THERE]
    web.scripts["b.org"] = [Action(body="%PDF")]
    client: Client = web.client(tmp_path, WHO)
    assert client.download("downloads", 1.0, "https://a.org/x.pdf?v=2").body == b"%PDF"
    with pytest.raises(NotThereError, match=r"^https://a\.org/y\.pdf: refused with HTTP 404$"):
        client.download("downloads", 1.0, "https://a.org/y.pdf")
    client.close()
    assert [(one.host, one.params) for one in web.asked[:2]] == [
        ("a.org", {"v": "2"}),
        ("b.org", {"size": "1"}),
    ]
    assert web.clock.slept == [1.0]
    assert "SECRET" not in str(web.asked)


@pytest.mark.parametrize("url", ["https://a.org:port/x", "https://[bad]/x", "https://a.org/\x00"])
def test_an_address_that_is_none_is_said(web: Web, tmp_path: Path, url: str) -> None:
    """Such as a service may name for a file; nobody is asked, and not tried again."""
    client = web.client(tmp_path)
    with pytest.raises(SourceError, match="no address that can be asked"):
        client.download("downloads", 1.0, url)
    client.close()
    assert (web.asked, web.clock.slept) == ([], [])
