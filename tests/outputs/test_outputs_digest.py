"""An issue of a digest as HTML, text, Markdown and feed: the same facts, whatever papers say and however many there are."""

from __future__ import annotations

import re
from collections.abc import Callable
from xml.etree import ElementTree

import pytest
from desk import paper, person
from digest_facts import ATTRIBUTES, TAGS, Page, facts, item_facts, links, numbered, squeezed
from digest_samples import (
    LINKS,
    NASTY,
    claim_of,
    digest,
    engine,
    hostile_issue,
    issue_of,
    item_of,
    many_papers,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.errors import OutputError
from agent.outputs.digest_cuts import fitted
from agent.outputs.digest_feed import digest_feed
from agent.outputs.digest_html import MOST_BYTES, digest_html, page_of
from agent.outputs.digest_markdown import code, digest_markdown
from agent.outputs.digest_text import WIDTH, digest_text, text_of, wrapped
from agent.outputs.digest_view import Leaving, link_of, safe_link, view_of
from agent.outputs.digest_words import count_explained, day, digest_subject, line
from agent.records import (
    BearsOn,
    Claim,
    Digest,
    DigestCounts,
    DigestItem,
    DigestSource,
    DigestTheme,
    Missing,
    Update,
)
from agent.text.numbered import number_sentences
from agent.text.printable import printable

LEAVING = Leaving("digest@example.org", "https://example.org/u?list=quant&who=me")
BROKEN = (DigestSource(source="arxiv", state="broken", reason="HTTP 503"), DigestSource(source="Crossref", state="empty"))  # fmt: skip
ATOM = "{http://www.w3.org/2005/Atom}"
ISSUES: dict[str, Digest] = {
    **{str(count): issue_of(many_papers(count)) for count in (1, 10, 100, 437)},
    "hostile": hostile_issue(),
    "nothing": digest(),
    "broken": digest(sources=BROKEN, counts=DigestCounts()),
}


@pytest.fixture(params=ISSUES)
def issue(request: pytest.FixtureRequest) -> Digest:
    """Issues of every size and kind."""
    return ISSUES[request.param]


def test_the_text_says_all_that_the_issue_says(issue: Digest) -> None:
    """Every fact stands in the text part, uncut, however many papers there are; so does every link, whole."""
    view = view_of(issue, LEAVING)
    text = digest_text(issue, LEAVING)
    whole = squeezed(text)
    said = re.sub(r"[()]", "", whole)
    lost = [fact for fact in facts(view) if re.sub(r"[()]", "", squeezed(fact)) not in said]
    assert lost == []
    assert all(squeezed(f"{n}.{title}") in whole for n, title in numbered(view))
    assert links(view) - {one.strip() for one in text.splitlines()} <= {"mailto:digest@example.org"}


def test_the_page_says_what_the_text_says(issue: Digest) -> None:
    """Every fact of the text part stands in the page too, but for those that the page says it leaves out."""
    view = view_of(issue, LEAVING)
    shown = fitted(view, lambda one: len(page_of(one).encode()) + page_of(one).count("\n"), MOST_BYTES)
    page = Page(digest_html(issue, LEAVING))
    said = squeezed(page.seen)
    assert [fact for fact in facts(shown) if squeezed(fact) not in said] == []
    assert page.links == links(shown) <= links(view)
    assert all(squeezed(f"{n}{title}") in said for n, title in numbered(shown))
    if issue in (ISSUES["1"], ISSUES["10"], ISSUES["nothing"], ISSUES["broken"]):
        assert shown == view


def test_the_page_has_at_most_so_many_bytes_and_its_foot(issue: Digest) -> None:
    """Also as sent, with CRLF; the count, the sources and how to unsubscribe are always in."""
    page = digest_html(issue, LEAVING)
    assert len(page.replace("\n", "\r\n").encode()) <= MOST_BYTES
    said = squeezed(Page(page).seen)
    assert squeezed(count_explained(issue.counts)) in said
    assert squeezed("litreview digest unsubscribe") in said and "example.org/u?list=quant" in said


@pytest.mark.parametrize(
    ("count", "is_cut"), [(1, False), (10, False), (60, False), (100, True), (437, True)]
)
def test_what_is_cut_is_counted_and_named(count: int, is_cut: bool) -> None:
    """A page that does not fit says how many papers it shows in full, by title and not at all; the best stay."""
    view = view_of(issue_of(many_papers(count)))
    shown = fitted(view, lambda one: len(page_of(one).encode()) + 1000, MOST_BYTES)
    items = [item for theme in shown.themes for item in theme.items]
    assert bool(shown.cut_note) == is_cut == (len(items) < count or any(item.is_short for item in items))
    full = [item for item in items if not item.is_short]
    lost = count - len(items)
    if is_cut:
        assert f"{len(full)} most relevant papers are here in full" in shown.cut_note
        assert f"{len(items) - len(full)} more by title" in shown.cut_note
        assert (f"{lost} more papers are in the text part" in shown.cut_note) == bool(lost)
        assert squeezed(shown.cut_note) in squeezed(Page(page_of(shown)).seen)
    assert sum(theme.more for theme in shown.themes) == lost
    gone = {item.n for theme in view.themes for item in theme.items} - {item.n for item in items}
    scores = {item.n: item.score for theme in view.themes for item in theme.items}
    worst = min(item.score for item in items)
    assert all(scores[n] <= worst for n in gone)
    assert all(item.score <= min(one.score for one in full) for item in items if item.is_short)


def test_every_input_fits() -> None:
    """Thousands of long hostile texts in every field: the page is shortened until it fits, and says so."""
    texts = [(one or "x") + ' &<"' * 900 for one in NASTY] * 12
    huge = hostile_issue(texts, topic="&" * 9000, issue="'" * 900, date="<" * 900, name='"' * 900)
    page = digest_html(huge, Leaving("a@b.org", "https://example.org/" + "&" * 900))
    assert len(page.replace("\n", "\r\n").encode()) <= MOST_BYTES
    said, titles = Page(page).seen, Page(page).titles
    assert len(titles) >= 10 and said.count("For your review:") >= 10, (
        "shortened texts come before fewer papers"
    )
    assert "more characters]" in said and "in the text part of this mail." in said and "unsubscribe" in said


def test_the_page_holds_nothing_but_text(issue: Digest) -> None:
    """No tag, attribute or link comes from a paper; tables are only layout; nothing in it is fetched."""
    html = digest_html(issue, LEAVING)
    page = Page(html)
    assert page.tags <= TAGS and page.attributes <= ATTRIBUTES
    assert set(page.roles) == {"presentation"}
    assert all(re.match(r"https?://|mailto:", link) for link in page.links)
    assert "src=" not in re.sub(r">[^<]*<", "><", html) and "@import" not in html
    assert printable(html.replace("\n", "")) == html.replace("\n", "")
    assert html.startswith('<!doctype html>\n<html lang="en">')


def test_the_lines_of_the_text_are_short(issue: Digest) -> None:
    """At most 78 characters, but for links, which are whole and alone; no control characters, no blank at an end."""
    view = view_of(issue, LEAVING)
    for one in digest_text(issue, LEAVING).splitlines():
        assert len(one) <= WIDTH or one.strip() in links(view)
        assert one == one.rstrip() == printable(one)


def test_a_long_link_is_whole_in_the_text() -> None:
    """A link that is longer than a line stands on one all the same."""
    url = "https://example.org/" + "long-" * 40
    one = paper("k", "T", None, url=url)
    items = (DigestItem(n=1, key="k", score=1, why="w"),)
    assert f"\n    {url}\n" in digest_text(
        digest([one], [DigestTheme(id="t", title="T", state="new", items=items)])
    )


def test_no_paper_can_pass_for_a_heading_of_the_text() -> None:
    """What papers say is indented: nothing at the left edge but the mail's own words and numbers."""
    forged = "x\n\nUnsubscribe\nhttps://example.org/forged\n" + "y " * 60 + "Unsubscribe"
    issue = issue_of([one.model_copy(update={"title": forged}) for one in many_papers(3)])
    heads = [one for one in digest_text(issue).splitlines() if one.startswith(("Unsubscribe", "http", "y"))]
    assert heads == ["Unsubscribe"]


SENTENCE = st.text(st.characters(exclude_categories=("Cs",)), max_size=200)


@given(SENTENCE, st.sampled_from(["", "  ", "    "]))
@settings(derandomize=True, database=None, deadline=None, max_examples=100)
def test_wrapping_loses_nothing(text: str, indent: str) -> None:
    """Every sign comes out again, in order, in lines that are short."""
    lines = wrapped(line(text), indent)
    assert squeezed("".join(lines)) == squeezed(line(text))
    assert all(len(one) <= WIDTH and one.startswith(indent) for one in lines)


@given(st.lists(SENTENCE | st.sampled_from(NASTY), min_size=12, max_size=12))
@settings(derandomize=True, database=None, deadline=None, max_examples=12)
def test_any_text_anywhere(texts: list[str]) -> None:
    """Whatever the fields hold: each document is made, the page is whole, and all facts are in it."""
    issue = hostile_issue(texts)
    view = view_of(issue)
    page = Page(page_of(view))
    assert page.tags <= TAGS and page.attributes <= ATTRIBUTES
    said = squeezed(page.seen)
    assert [fact for fact in facts(view) if squeezed(fact) not in said] == []
    assert all(len(one) <= WIDTH for one in text_of(view).splitlines() if one.strip() not in links(view))
    assert len(digest_subject(issue).splitlines()) == 1
    ElementTree.fromstring(digest_feed([issue.model_copy(update={"date": "2026-08-21"})]))


SUBJECTS = {
    "one": (digest(themes=[DigestTheme(id="a", title="A", state="new", items=(item_of(1, many_papers(1)[0]),))]), "low-bit inference: 1 new paper (2026-W34)"),
    "many": (issue_of(many_papers(12), updates=()), "low-bit inference: 12 new papers (2026-W34)"),
    "with updates": (issue_of(many_papers(2)), "low-bit inference: 2 new papers and 2 updates (2026-W34)"),
    "updates only": (digest(updates=(Update(n=1, key="a", what="retracted"),)), "low-bit inference: 1 update (2026-W34)"),
    "with a retraction": (issue_of(many_papers(2), updates=(Update(n=3, key="a", what="it has been retracted", is_retraction=True), Update(n=4, key="b", what="new"))), "low-bit inference: 1 retraction, 2 new papers and 1 update (2026-W34)"),
    "a source is missing": (issue_of(many_papers(2), updates=(), sources=BROKEN), "low-bit inference: 2 new papers, 1 of 2 sources missing (2026-W34)"),
    "nothing": (digest(), "low-bit inference: nothing new (2026-W34)"),
    "all empty": (digest(sources=BROKEN[1:], counts=DigestCounts()), "low-bit inference: nothing new (2026-W34)"),
    "broken": (digest(sources=BROKEN), "low-bit inference: no issue, 1 of 2 sources could not be asked (2026-W34)"),
    "the only one broken": (digest(sources=BROKEN[:1]), "low-bit inference: no issue, its only source could not be asked (2026-W34)"),
    "unreadable": (digest(counts=DigestCounts(fetched=3, failed=3)), "low-bit inference: no issue, no paper could be read (2026-W34)"),
    "line breaks": (digest(topic="a\r\nBcc: x@y.org\n\n<b>"), "a Bcc: x@y.org <b>: nothing new (2026-W34)"),
    "long": (digest(topic="word " * 100), f"{('word ' * 12)[:59]}…: nothing new (2026-W34)"),
    "no topic": (digest(topic="\x00 "), "quant: nothing new (2026-W34)"),
}  # fmt: skip


@pytest.mark.parametrize("name", SUBJECTS)
def test_subjects(name: str) -> None:
    """The subject says what the issue is about and what there is, on one line."""
    issue, subject = SUBJECTS[name]
    assert digest_subject(issue) == subject


def test_nothing_new_and_a_broken_source_are_different_mails() -> None:
    """Different words in every part: one says that there is nothing, the other that this is not known."""
    quiet, broken = ISSUES["nothing"], ISSUES["broken"]
    for made in (digest_text, digest_markdown, lambda issue: Page(digest_html(issue)).seen):
        told_quiet, told_broken = squeezed(made(quiet)), squeezed(made(broken))
        assert "Nothingnewsince14August2026" in told_quiet and "Nothingnew" not in told_broken
        assert "isnotknown" in told_broken and "isnotknown" not in told_quiet
        assert "couldnotbeasked" in told_broken and "HTTP503" in told_broken
        assert "couldnotbeasked" not in told_quiet


def test_an_issue_with_a_broken_source_says_so_in_front() -> None:
    """What is missing is told before the papers, and in the subject."""
    text = digest_text(issue_of(many_papers(3), sources=BROKEN))
    assert text.index("Not complete: 1 of 2 sources could not be asked: arxiv.") < text.index(" 1. ")


def test_one_item_in_full() -> None:
    """Number, title, link, authors, date, marks, what it bears on, why, and how to keep it."""
    one = paper(
        "k1", "Rounding by Chance", "We round by chance. It works. It is 2.4x faster.", doi="10.1000/a<b>", date="2026-08-17",
        authors=(person("Lind", "Eva"), person("Berg", "Jan", particle="van den")), retracted=True, venue="Floats",
    )  # fmt: skip
    other = paper("k2", "Two", None)
    said = number_sentences(one).sentences
    item = DigestItem(
        n=3,
        key="k1",
        score=0.9,
        why="near AWQ",
        claims=(claim_of(said[1]), Claim(id="c", text="It may hold.", kind="inference", citations=("k1", "k2", "awq2024"), verdict="weak")),
        bears_on=(BearsOn(text="compares itself with AWQ, which you have"),),
    )  # fmt: skip
    themes = [DigestTheme(id="t", title="Rounding", state="continued", items=(item, item_of(4, other)))]
    text = digest_text(digest([one, other], themes))
    assert (
        "Rounding (continued, 2 papers)\n------------------------------\n\n"
        " 3. Rounding by Chance\n"
        "    https://doi.org/10.1000/a%3Cb%3E\n"
        "    Retracted.\n"
        "    Eva Lind, Jan van den Berg · Floats · 17 August 2026\n"
        "    “We round by chance.” It may hold.‡† [4, awq2024]\n"
        "    For your review: compares itself with AWQ, which you have.\n"
        "    Why: near AWQ\n"
    ) in text
    assert "‡ marks a conclusion" in text and "† marks a claim" in text and "§" not in text


@pytest.mark.parametrize(
    ("what", "shown"),
    [
        ("it has been retracted", "It has been retracted. Eva Lind"),
        (
            "there is a version 2, after version 1",
            "Retracted. There is a version 2, after version 1. Eva Lind",
        ),
    ],
)
def test_an_update_in_full(what: str, shown: str) -> None:
    """That a paper is retracted is said once, and by whom it is."""
    one = paper("k1", "Rounding by Chance", None, authors=(person("Lind", "Eva"),), retracted=True)
    text = digest_text(digest([one], updates=(Update(n=1, key="k1", what=what),)))
    assert f" 1. Rounding by Chance\n    {shown}\n" in text


def test_an_issue_for_several_readers() -> None:
    """Only one of them has the library: nothing tells the others to type, or what they have."""
    issue = issue_of(many_papers(4))
    for leaving, said in (
        (
            Leaving("mailto:lib@example.org?subject=x", None, True),
            "To get no more mails of the digest quant, write to",
        ),
        (Leaving(None, "https://example.org/u", True), "To get no more mails of the digest quant, open"),
        (
            Leaving(is_shared=True),
            "To get no more mails of the digest quant, tell whoever sends them, who then types:",
        ),
    ):
        text = " ".join(digest_text(issue, leaving).split())
        assert said in text and "litreview digest unsubscribe quant ADDRESS" in text
        assert "digest keep" not in text and "your review" not in text and "For the review:" in text
        assert ("lib@example.org" in text) is (leaving.mailto is not None)


def test_a_long_quotation_is_cut_at_a_word() -> None:
    """Its mark of quotation stays, and the mail does not say how much is left out."""
    one = paper("k1", "Rounding", f"{'Rounding by chance ' * 40}works.")
    item = DigestItem(n=1, key="k1", score=0.9, why="near AWQ", claims=(claim_of(number_sentences(one).sentences[1]),))  # fmt: skip
    issue = digest([one], [DigestTheme(id="t", title="Rounding", state="new", items=(item,))])
    (said,) = view_of(issue).themes[0].items[0].claims
    assert 380 < len(said) <= 400 and said.endswith(("chance…”", "Rounding…”", "by…”"))


def test_what_is_unknown_is_not_shown() -> None:
    """No authors, date, link, reason or claim: nothing stands in their place, but that there is no abstract."""
    one = paper("k", "Only a Title", None)
    issue = digest([one], [DigestTheme(id="t", title="T", state="new", items=(DigestItem(n=1, key="k", score=0, why=""),))])  # fmt: skip
    assert " 1. Only a Title\n    no abstract\n\nKeep" in digest_text(issue)
    assert Page(digest_html(issue)).links == set()


@pytest.mark.parametrize("link", LINKS)
def test_no_link_but_a_web_address(link: str) -> None:
    """Other schemes, blanks, names before the host and endless addresses are no links; quotation marks are coded."""
    found = safe_link(link)
    assert found is None or re.fullmatch(r"https?://example\.org/[^\s\"<>]*", found)
    assert (found is None) == (link not in ('https://example.org/" onclick="x', "\x01https://example.org/") or " " in link)  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "link"),
    [
        ({"doi": "10.1002/(sici)1(98)4:3<3::x>3.0;2-b", "arxiv_id": "2401.00001"}, "https://doi.org/10.1002/(sici)1(98)4:3%3C3::x%3E3.0;2-b"),
        ({"doi": "10.1/a?b#c%d"}, "https://doi.org/10.1/a%3Fb%23c%25d"),
        ({"doi": "javascript:x", "arxiv_id": "2401.00001"}, "https://arxiv.org/abs/2401.00001"),
        ({"arxiv_id": "math.GT/0309136", "url": "https://example.org/"}, "https://arxiv.org/abs/math.GT/0309136"),
        ({"url": "https://example.org/a%20b?c=d&e#f"}, "https://example.org/a%20b?c=d&e#f"),
        ({"url": "https://example.org/größe"}, "https://example.org/gr%C3%B6%C3%9Fe"),
        ({"url": "javascript:alert(1)"}, None),
        ({}, None),
    ],
)  # fmt: skip
def test_where_a_title_leads(fields: dict[str, str], link: str | None) -> None:
    """To the DOI, else to arXiv, else to what the source gives, if that is a web address."""
    assert link_of(paper("k", "T", None, **fields)) == link  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("date", "shown"),
    [("2026-08-17", "17 August 2026"), ("2026-01", "January 2026"), ("2026", "2026"), ("2026-13-01", "2026-13-01"), ("soon", "soon"), ("<b>\n", "<b>")],
)  # fmt: skip
def test_dates_are_shown_as_far_as_they_are_known(date: str, shown: str) -> None:
    """A day, a month, a year, or what else stands there."""
    assert day(date) == shown


def test_the_count_is_explained() -> None:
    """Every number that is not nought has its words."""
    names = ("shown", "updates", "below", "over_limit", "disliked", "duplicate", "sent_before", "failed")
    numbers = {name: number for number, name in enumerate(names, start=2)}
    told = count_explained(DigestCounts(fetched=1200, carried=1, **numbers))
    assert told.startswith(
        "1,200 papers came in, and 1 had waited since earlier issues: 2 shown here; 3 updates"
    )
    assert re.findall(r"\d+(?= )", told.partition(":")[2]) == [str(number) for number in numbers.values()]
    assert count_explained(DigestCounts(fetched=1, below=1)) == "1 paper came in: 1 below the threshold."


def test_many_authors_and_claims_are_counted() -> None:
    """Eight authors and six sentences are shown, the rest is counted."""
    one = paper("k", "T", "A b.", authors=tuple(person(f"Name{number}") for number in range(3000)))
    claim = Claim(id="c", text="One more.", kind="own")
    items = (DigestItem(n=1, key="k", score=1, why="w", claims=(claim,) * 9),)
    text = digest_text(digest([one], [DigestTheme(id="t", title="T", state="new", items=items)]))
    assert "Name7, and 2,992 more" in text and "Name8" not in text
    assert text.count("One more.") == 6 and "[3moresentences]" in squeezed(text)


def test_how_it_was_made_and_what_was_not() -> None:
    """With or without a model; what could not be made is named."""
    by_model = digest_text(issue_of(many_papers(1), engine=engine("model", "model", write="big-1", read="small-1"), missing=(Missing(where="lead", code="x", reason="no reply"),)))  # fmt: skip
    assert "A language model (big-1 and small-1) drafted the sentences." in by_model
    assert "Could not be made: lead (no reply)." in by_model and "No language model" not in by_model
    assert "No language model was asked." in digest_text(issue_of(many_papers(1)))


def test_the_same_issue_gives_the_same_bytes() -> None:
    """Whatever order the papers were put in."""
    issue = issue_of(many_papers(20))
    turned = issue.model_copy(update={"papers": dict(reversed(issue.papers.items()))})
    for made in (digest_html, digest_text, digest_markdown):
        assert made(issue) == made(turned)
    assert digest_feed([issue]) == digest_feed([turned])


@pytest.mark.parametrize("name", ["10", "nothing", "broken"])
def test_the_markdown_says_it_too(pandoc: Callable[..., str], name: str) -> None:
    """Every fact is read by a Markdown reader as the text that it is; every link is a link."""
    view = view_of(ISSUES[name], LEAVING)
    page = Page(pandoc("-f", "commonmark", "-t", "html", text=digest_markdown(ISSUES[name], LEAVING)))
    said = page.seen
    for link in sorted(links(view), key=len, reverse=True):
        said = said.replace(link.removeprefix("mailto:"), "")
    said = re.sub("[()]", "", squeezed(said))
    lost = [
        fact
        for fact in facts(view)
        if re.sub("[()]", "", squeezed(fact)) not in said and fact not in links(view)
    ]
    assert lost == ["digest@example.org"]  # it stands as a link
    assert links(view) == page.links


def test_nothing_in_the_markdown_is_a_papers_markup(pandoc: Callable[..., str]) -> None:
    """Hostile texts make no HTML, no image, no link of their own, no heading and no code."""
    issue = hostile_issue([one.replace("http://127.0.0.1/", "") for one in NASTY])
    page = Page(pandoc("-f", "commonmark", "-t", "html", text=digest_markdown(issue)))
    assert page.tags <= {"h1", "h2", "p", "strong", "a", "code", "ul", "li"}
    assert page.links <= links(view_of(issue))


@pytest.mark.parametrize("text", ["a", "`", "``a`", "a`b", "```"])
def test_code_shows_what_is_to_be_typed(pandoc: Callable[..., str], text: str) -> None:
    """Backticks in a name end no code."""
    assert Page(pandoc("-f", "commonmark", "-t", "html", text=code(text))).seen.strip() == text


def test_the_feed_is_atom() -> None:
    """Ids, titles, dates and the page of each issue, the newest first; the same ids for ever."""
    older = ISSUES["10"]
    newer = older.model_copy(update={"issue": "2026-W35", "date": "2026-08-28"})
    feed = ElementTree.fromstring(digest_feed([older, newer], own_link="https://example.org/f.xml?a=1&b=2"))
    entries = feed.findall(f"{ATOM}entry")
    assert [one.findtext(f"{ATOM}title") for one in entries] == [digest_subject(newer), digest_subject(older)]
    assert [one.findtext(f"{ATOM}updated") for one in entries] == [
        "2026-08-28T00:00:00Z",
        "2026-08-21T00:00:00Z",
    ]
    assert feed.findtext(f"{ATOM}updated") == "2026-08-28T00:00:00Z"
    assert feed.findtext(f"{ATOM}author/{ATOM}name") and feed.findtext(f"{ATOM}title") == "low-bit inference"
    assert feed.find(f"{ATOM}link").get("href") == "https://example.org/f.xml?a=1&b=2"  # type: ignore[union-attr]
    ids = [feed.findtext(f"{ATOM}id"), *(one.findtext(f"{ATOM}id") for one in entries)]
    assert len(set(ids)) == 3 and all(re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", str(one)) for one in ids)
    changed = older.model_copy(update={"topic": "another", "date": "2026-08-22"})
    again = ElementTree.fromstring(digest_feed([changed]))
    assert [again.findtext(f"{ATOM}id"), again.findtext(f"{ATOM}entry/{ATOM}id")] == [ids[0], ids[2]]


@pytest.mark.parametrize("name", ["10", "hostile", "nothing"])
def test_the_feed_holds_the_page_escaped(name: str) -> None:
    """An entry's content is HTML as text, with the papers in it and no frame of a mail round it."""
    issue = ISSUES[name]
    feed = ElementTree.fromstring(digest_feed([issue.model_copy(update={"date": "2026-08-21"})]))
    content = feed.find(f"{ATOM}entry/{ATOM}content")
    assert content is not None and content.get("type") == "html" and len(content) == 0
    page = Page(content.text or "")
    assert page.tags <= TAGS - {"html", "head", "body", "style", "title", "meta", "table"}
    assert len((content.text or "").encode()) <= MOST_BYTES
    titles = [item.title for theme in view_of(issue).themes for item in theme.items][:1]
    assert all(squeezed(title) in squeezed(page.seen) for title in titles)


@pytest.mark.parametrize(("issues", "said"), [([], "at least one"), ([digest(date="soon")], "is no date")])
def test_a_feed_that_cannot_be(issues: list[Digest], said: str) -> None:
    """No issue, or one without a date, is told."""
    with pytest.raises(OutputError, match=said):
        digest_feed(issues)


def test_item_facts_are_what_a_reader_needs() -> None:
    """The list that these tests go by has all of a paper in it."""
    (item,) = view_of(issue_of(many_papers(1))).themes[0].items
    assert {item.title, item.byline, item.why, *item.claims, *item.bears_on} <= set(item_facts(item))
