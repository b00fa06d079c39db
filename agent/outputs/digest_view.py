"""An issue as finished pieces of text, computed once: HTML, text and Markdown only set them.

No document looks into the digest itself, so that none can say what another does not. All texts are one line,
without control characters, and not escaped.
"""

from __future__ import annotations

import math
import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from agent.outputs.digest_words import (
    Kind,
    count_explained,
    day,
    digest_subject,
    kind_of,
    line,
    made_how,
    opening,
    sources_told,
    topic_of,
)
from agent.outputs.wording import mark, marks_note
from agent.records import BearsOn, Claim, Digest, DigestItem, DigestTheme, Paper, Update

LONGEST_TEXT = 1000  # characters of a title or a sentence; longer ones are cut, and the rest is counted
LONGEST_QUOTE = 400
OTHER = "other"  # the id of what stands under no theme
LONGEST_NAME = 120
LONGEST_LINK = 1000
MOST_AUTHORS = 8
MOST_NAMED = 3  # authors of an update
MOST_CLAIMS = 6  # of one paper, and of what it bears on
MOST_LEAD = 12
MOST_BELOW = 5
_IN_ID = "!$'()*+,-./:;=@_~"
_IN_LINK = f"{_IN_ID}#%&?[]"
_LINK = re.compile(r"https?://[!-~]+", re.I)


@dataclass(frozen=True)
class Leaving:
    """Who reads an issue, and where a reader can unsubscribe, besides at the command line.

    `is_shared`: it has several readers, of whom only one has the library and can type commands there.
    """

    mailto: str | None = None
    url: str | None = None
    is_shared: bool = False


@dataclass(frozen=True)
class ItemView:
    """A paper of the issue. `is_short`: only number and title are shown."""

    n: int
    title: str
    link: str | None
    byline: str
    warning: str
    claims: tuple[str, ...]
    bears_on: tuple[str, ...]
    why: str
    score: float
    is_short: bool = False
    for_whom: str = "For your review"


@dataclass(frozen=True)
class ThemeView:
    """A theme with its items; `more` counts those that were cut."""

    title: str
    note: str
    items: tuple[ItemView, ...]
    more: int = 0


@dataclass(frozen=True)
class NamedView:
    """A paper that is named and told one thing of."""

    label: str
    title: str
    link: str | None
    what: str


@dataclass(frozen=True)
class ListView:
    """Lines, and how many more were cut."""

    lines: tuple[str, ...] = ()
    more: int = 0


@dataclass(frozen=True)
class NamedList:
    """Named papers, and how many more were cut."""

    papers: tuple[NamedView, ...] = ()
    more: int = 0


@dataclass(frozen=True)
class Way:
    """A thing to do: what it is for, what to type or where to go, and its link if it has one."""

    text: str
    shown: str
    link: str | None = None


@dataclass(frozen=True)
class IssueView:
    """A whole issue. `is_incomplete`: a source was broken; `cut_note` says what a document leaves out, where it does."""

    kind: Kind
    subject: str
    preheader: str
    topic: str
    head: str
    opening: tuple[str, ...]
    is_incomplete: bool
    lead: ListView
    themes: tuple[ThemeView, ...]
    quiet: ListView
    updates: NamedList
    commands: tuple[Way, ...]
    marks: str
    counts: str
    below: NamedList
    sources: ListView
    made: ListView
    leaving: tuple[Way, ...]
    cut_note: str = ""


def view_of(digest: Digest, leaving: Leaving | None = None) -> IssueView:
    """All that an issue says, in the order in which it is said."""
    leaving = leaving or Leaving()
    numbers = _numbers(digest)
    shown = [theme for theme in digest.themes if theme.items]
    lead = [_sentence(claim, numbers) for claim in digest.lead[:MOST_LEAD]]
    return IssueView(
        kind=kind_of(digest),
        subject=digest_subject(digest),
        preheader=_preheader(digest, lead),
        topic=topic_of(digest),
        head=_head(digest),
        opening=opening(digest),
        is_incomplete=any(source.state == "broken" for source in digest.sources),
        lead=ListView(tuple(lead), len(digest.lead) - len(lead)),
        themes=tuple(_theme(theme, digest, numbers, leaving) for theme in shown),
        quiet=ListView(
            tuple(line(theme.title, LONGEST_NAME) for theme in digest.themes if not theme.items and not _is_topic(theme, digest))
        ),
        updates=NamedList(tuple(_update(update, digest.papers) for update in digest.updates)),
        commands=() if leaving.is_shared else _commands(digest),
        marks=_marks(digest),
        counts=count_explained(digest.counts),
        below=NamedList(
            tuple(
                NamedView("", line(one.title, LONGEST_TEXT), link_of(digest.papers.get(one.key)), f"relevance {_floored(one.score)}")
                for one in digest.below[:MOST_BELOW]
            )
        ),
        sources=ListView(sources_told(digest.sources)),
        made=ListView(made_how(digest)),
        leaving=_leaving(digest, leaving),
    )  # fmt: skip


def _floored(score: float) -> str:
    """Two decimals, never rounded up to the threshold that it stayed below."""
    return f"{math.floor(score * 100 + 1e-6) / 100:.2f}"


def link_of(paper: Paper | None) -> str | None:
    """Where a paper is to be found, if a source says so and it is a web address."""
    if paper is None:
        return None
    if paper.doi and paper.doi.startswith("10."):
        return safe_link(f"https://doi.org/{_quoted(paper.doi, _IN_ID)}")
    if paper.arxiv_id:
        return safe_link(f"https://arxiv.org/abs/{_quoted(paper.arxiv_id, _IN_ID)}")
    return safe_link(paper.url)


def safe_link(link: str | None) -> str | None:
    """A web address in ASCII, or None: no other scheme, no blank or control sign, nobody's name before the host."""
    if not link or len(link) > LONGEST_LINK or any(char.isspace() for char in link.strip()):
        return None
    plain = _quoted(link)
    try:
        parts = urlsplit(plain)
        is_web = bool(_LINK.fullmatch(plain)) and bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:  # a broken IPv6 host
        return None
    return plain if is_web and "%" not in parts.netloc and len(plain) <= LONGEST_LINK else None


def _quoted(text: str, as_it_is: str = _IN_LINK) -> str:
    return quote(line(text), safe=as_it_is, errors="replace")


def _numbers(digest: Digest) -> dict[str, int]:
    items = {item.key: item.n for theme in digest.themes for item in theme.items}
    return {**{update.key: update.n for update in digest.updates}, **items}


def _sentence(claim: Claim, numbers: Mapping[str, int], own: str = "") -> str:
    """A claim with its marks, and the numbers of the papers that it rests on, but for its own."""
    others = [key for key in claim.citations if key != own]
    known = sorted({numbers[key] for key in others if key in numbers})
    named = [*(str(number) for number in known), *(key for key in others if key not in numbers)]
    behind = f" [{line(', '.join(named), LONGEST_NAME)}]" if named else ""
    text = _shorter(claim.text) if claim.is_quotation else line(claim.text, LONGEST_TEXT)
    return f"{text}{mark(claim)}{behind}"


def _shorter(quoted: str) -> str:
    """A quotation, at most so long, cut at a word."""
    text = line(quoted)
    if len(text) <= LONGEST_QUOTE:
        return text
    kept = text[: LONGEST_QUOTE - 2]
    return f"{kept.rpartition(' ')[0].rstrip(',;: ') or kept}…”"


def _theme(theme: DigestTheme, digest: Digest, numbers: Mapping[str, int], leaving: Leaving) -> ThemeView:
    count = len(theme.items)
    papers = "1 paper" if count == 1 else f"{count:,} papers"
    state = {"new": "new theme, ", "continued": "continued, ", "quiet": "quiet until now, "}[theme.state]
    # Where all themes are new, or there is but one, it says nothing; what is under no theme is none that is new.
    if digest.since is None or _is_topic(theme, digest) or theme.id == OTHER:
        state = ""
    items = tuple(_item(item, digest, numbers, leaving) for item in theme.items)
    return ThemeView(line(theme.title, LONGEST_NAME), f"{state}{papers}", items)


def _is_topic(theme: DigestTheme, digest: Digest) -> bool:
    """Whether a theme is called as the digest is: the only one, before there are enough papers for more."""
    return theme.title.casefold() == digest.topic.casefold()


def _item(item: DigestItem, digest: Digest, numbers: Mapping[str, int], leaving: Leaving) -> ItemView:
    paper = digest.papers.get(item.key)
    claims = [_sentence(claim, numbers, item.key) for claim in item.claims[:MOST_CLAIMS]]
    bears = [_bears(one) for one in item.bears_on[:MOST_CLAIMS]]
    return ItemView(
        n=item.n,
        title=line(paper.title if paper else item.key, LONGEST_TEXT),
        link=link_of(paper),
        byline=_byline(paper, has_nothing=not item.claims) if paper else "",
        warning="Retracted." if paper and paper.retracted else "",
        claims=(*claims, *_further(item.claims, "sentence")),
        bears_on=(*bears, *_further(item.bears_on, "place")),
        why=line(item.why, 400),
        score=item.score,
        for_whom="For the review" if leaving.is_shared else "For your review",
    )


def _further(given: Sequence[Claim] | Sequence[BearsOn], what: str) -> tuple[str, ...]:
    more = len(given) - MOST_CLAIMS
    return (f"[{more:,} more {what}{'s' if more > 1 else ''}]",) if more > 0 else ()


def _bears(one: BearsOn) -> str:
    text = line(one.text, 600)
    return text if text.endswith((".", "?", "!", "”", "]")) else f"{text}."


def _byline(paper: Paper, *, has_nothing: bool) -> str:
    """Authors, venue and date, as far as they are known; and that there is no abstract, where nothing is told."""
    dated = day(paper.date) if paper.date else str(paper.year) if paper.year is not None else ""
    bare = "no abstract" if has_nothing and not (paper.texts.abstract or "").strip() else ""
    parts = [_authors(paper, MOST_AUTHORS), line(paper.venue or "", LONGEST_NAME), dated, bare]
    return " · ".join(part for part in parts if part)


def _authors(paper: Paper, most: int) -> str:
    names = [line(author.display, LONGEST_NAME) for author in paper.authors[:most]]
    more = len(paper.authors) - most
    if more > 0:
        names.append(f"and {more:,} more")
    elif "others" in paper.fields:
        names.append("and others")
    return ", ".join(name for name in names if name)


def _update(update: Update, papers: Mapping[str, Paper]) -> NamedView:
    paper = papers.get(update.key)
    what = line(update.what, 400)
    parts = [
        *(["Retracted"] if paper and paper.retracted and "retracted" not in what else []),
        f"{what[:1].upper()}{what[1:]}",
        _authors(paper, MOST_NAMED) if paper else "",
    ]
    title = line(paper.title if paper else update.key, LONGEST_TEXT)
    return NamedView(f"{update.n}", title, link_of(paper), ". ".join(part for part in parts if part))


def _head(digest: Digest) -> str:
    return f"Digest {line(digest.name, 80)} · issue {line(digest.issue, 40)} · {day(digest.date)}"


def _preheader(digest: Digest, lead: Sequence[str]) -> str:
    """What a list of mails shows behind the subject: the titles, so that a reader knows before opening."""
    keys = [item.key for theme in digest.themes for item in theme.items] + [one.key for one in digest.updates]
    titles = [line(digest.papers[key].title, 70) for key in keys[:4] if key in digest.papers]
    return " · ".join(titles) or (lead[0] if lead else " ".join(opening(digest)))


def _command(verb: str, digest: Digest, *rest: str) -> str:
    named = [shlex.quote(line(digest.name, 80)), shlex.quote(line(digest.issue, 40))]
    return " ".join(["litreview digest", verb, *named, *rest])


def _commands(digest: Digest) -> tuple[Way, ...]:
    if not any(theme.items for theme in digest.themes):
        return ()
    return (
        Way("To take a paper over into your review, by its number:", _command("keep", digest, "N")),
        Way(
            "To say that one is not relevant, so that its like ranks lower:", _command("dislike", digest, "N")
        ),
    )


def _marks(digest: Digest) -> str:
    of_items = (claim for theme in digest.themes for item in theme.items for claim in item.claims)
    return marks_note([*digest.lead, *of_items], whole="digest", looked_in="the papers of this issue")


def _leaving(digest: Digest, leaving: Leaving) -> tuple[Way, ...]:
    name = shlex.quote(line(digest.name, 80))
    command = f"litreview digest unsubscribe {name} ADDRESS"
    if leaving.is_shared:
        return _leaving_of_several(digest, leaving, command)
    ways = [Way("To get no more of these mails:", command)]
    if leaving.mailto:
        ways.append(_written("Or write to", leaving.mailto))
    url = safe_link(leaving.url)
    if url:
        ways.append(Way("Or open", url, url))
    return tuple(ways)


def _leaving_of_several(digest: Digest, leaving: Leaving, command: str) -> tuple[Way, ...]:
    """The same for readers of whom most cannot type the command: it is for whoever sends the mails."""
    wish = f"To get no more mails of the digest {line(digest.name, 80)},"
    url = safe_link(leaving.url)
    ways = [_written(f"{wish} write to", leaving.mailto)] if leaving.mailto else []
    ways += [Way("Or open" if ways else f"{wish} open", url, url)] if url else []
    sends = "Whoever sends them types:" if ways else f"{wish} tell whoever sends them, who then types:"
    return (*ways, Way(sends, command))


def _written(text: str, mailto: str) -> Way:
    address = line(mailto, 320).removeprefix("mailto:").partition("?")[0]
    return Way(text, address, f"mailto:{_quoted(address)}")
