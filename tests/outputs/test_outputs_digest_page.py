"""The page in a real browser: what is seen is what the papers say, it fits every width, and nothing is fetched."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import CHROMIUM, Browser, browsing
from digest_facts import ATTRIBUTES, TAGS, facts, links, squeezed
from digest_samples import (
    PAGES,
    claim_of,
    digest,
    hostile_issue,
    hostile_strings,
    issue_of,
    many_papers,
    page_papers,
)

from agent.outputs.digest_cuts import fitted
from agent.outputs.digest_html import MOST_BYTES, digest_html, page_of
from agent.outputs.digest_view import LONGEST_QUOTE, Leaving, view_of
from agent.records import Digest, DigestCounts, DigestItem, DigestSource, DigestTheme, Paper
from agent.text.clean import clean
from agent.text.numbered import number_sentences

WIDTHS = (320, 375, 600, 1280)
SMALLEST = 14  # px
LEAST_CONTRAST = 4.5
LEAVING = Leaving("digest@example.org", f"https://example.org/{'long' * 60}")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for all pages, or a skip that says how to get it; with LITREVIEW_NO_SKIPS a failure."""
    if not CHROMIUM:
        reason = "no chromium is here: apt-get install chromium"
        if os.environ.get("LITREVIEW_NO_SKIPS"):
            pytest.fail(reason)
        pytest.skip(reason)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, browsing(Path(folder)) as found:
        yield found


def shown(browser: Browser, page: str, folder: Path) -> None:
    file = folder / "page.html"
    file.write_text(page, encoding="utf-8")
    browser.show(file)


def check_looks(browser: Browser, widths: tuple[int, ...] = WIDTHS) -> dict[str, Any]:
    """No sideways scrolling, no small type, no faint text, light and dark; the last look."""
    backs = set()
    look: dict[str, Any] = {}
    for width in widths:
        for is_dark in (False, True):
            browser.resize(width, is_dark=is_dark)
            look = browser.look()
            backs.add(look["back"])
            assert look["wide"] <= 0, (width, look["wide"])
            assert min(float(size.removesuffix("px")) for size in look["sizes"]) >= SMALLEST, look["sizes"]
            assert min(map(float, look["contrasts"])) >= LEAST_CONTRAST, (is_dark, look["contrasts"])
    assert len(backs) == 2, "dark is not dark"
    return look


def check_text(look: dict[str, Any], issue: Digest, leaving: Leaving | None = None) -> None:
    """The headings are the titles, every fact is seen, and no paper has brought a tag, an attribute or a link."""
    view = fitted(view_of(issue, leaving), lambda one: len(page_of(one).encode()), MOST_BYTES)
    items = [item for theme in view.themes for item in theme.items]
    assert [squeezed(text) for text in look["headings"]] == [
        squeezed(f"{item.n}{item.title}") for item in items
    ]
    said = squeezed(look["text"])
    assert [fact for fact in facts(view) if squeezed(fact) not in said] == []
    assert set(look["tags"]) <= TAGS | {"tbody"} and set(look["attributes"]) <= ATTRIBUTES
    assert set(look["links"]) == links(view)


def check_silence(browser: Browser) -> None:
    """No page asked for anything or popped up."""
    assert (browser.fetched, browser.popped, browser.counter.of_pages()) == ([], [], [])


ISSUES = {
    "some": issue_of(many_papers(12)),
    "hostile": hostile_issue(),
    "broken": digest(sources=(DigestSource(source="arxiv", state="broken", reason="HTTP 503"),), counts=DigestCounts()),
}  # fmt: skip


def test_pages_in_a_browser(browser: Browser, tmp_path: Path) -> None:
    """At four widths, light and dark: all is seen as it was said, readable, and nothing is fetched."""
    for issue in ISSUES.values():
        shown(browser, digest_html(issue, LEAVING), tmp_path)
        check_text(check_looks(browser), issue, LEAVING)
    check_silence(browser)


def test_what_must_not_be_is_noticed(browser: Browser, tmp_path: Path) -> None:
    """A page with an image, a script, small and faint type and a wide word is seen to have them."""
    browser.resize(320)
    shown(
        browser,
        "<body><p style='font-size:9px;color:#999'>faint</p><p>" + "x" * 500 + "</p><script>alert('hello')</script>"
        "<img src='http://example.org/seen.png'>",
        tmp_path,
    )  # fmt: skip
    look = browser.look()
    assert look["wide"] > 0 and "9px" in look["sizes"] and min(map(float, look["contrasts"])) < LEAST_CONTRAST
    assert {"img", "script"} <= set(look["tags"]) and "src" in look["attributes"]
    assert browser.popped == ["hello"] and browser.fetched == ["http://example.org/seen.png"]
    assert [line.split()[1] for line in browser.counter.of_pages()] == ["http://example.org/seen.png"]
    for noted in (browser.popped, browser.fetched, browser.counter.asked):
        noted.clear()


def whole_texts(papers: list[Paper]) -> Digest:
    """An issue in which every paper has all sentences of its abstract for claims, six at a time."""
    items = []
    for one in papers:
        said = [claim_of(evidence) for evidence in number_sentences(one).sentences[1:]]
        for start in range(0, max(len(said), 1), 6):
            claims = tuple(said[start : start + 6])
            items.append(DigestItem(n=len(items) + 1, key=one.key, score=1.0, why="all of it", claims=claims))
    return digest(papers, [DigestTheme(id="t", title="All", state="new", items=tuple(items))])


@pytest.mark.proofs
@pytest.mark.skipif(not PAGES, reason="LITREVIEW_PAGES names no folder of saved pages")
def test_every_entry_of_the_saved_pages(browser: Browser, tmp_path: Path) -> None:
    """Title and whole abstract of every entry are seen as they were cleaned, sentence by sentence."""
    papers = page_papers()
    assert len(papers) > 400
    for start in range(0, len(papers), 20):
        some = list(papers[start : start + 20])
        issue = whole_texts(some)
        assert not fitted(view_of(issue), lambda one: len(page_of(one).encode()), MOST_BYTES).cut_note
        shown(browser, digest_html(issue), tmp_path)
        look = check_looks(browser)
        check_text(look, issue)
        said = squeezed(look["text"])
        for one in some:
            assert squeezed(clean(one.title_original)) in said
            for evidence in number_sentences(one).sentences[1:]:
                whole = f"“{evidence.text}”"  # a long one is cut at a word
                assert squeezed(whole if len(whole) <= LONGEST_QUOTE else whole[: LONGEST_QUOTE - 60]) in said
    check_silence(browser)


@pytest.mark.proofs
def test_two_thousand_hostile_strings(browser: Browser, tmp_path: Path) -> None:
    """Each as title, author, date, claim, reason, theme and source: seen as itself, and nothing else happens."""
    texts = hostile_strings(2000)
    for start in range(0, len(texts), 20):
        issue = hostile_issue(texts[start : start + 20])
        assert not fitted(view_of(issue), lambda one: len(page_of(one).encode()), MOST_BYTES).cut_note
        shown(browser, digest_html(issue), tmp_path)
        check_text(check_looks(browser, (320, 600)), issue)
    check_silence(browser)
