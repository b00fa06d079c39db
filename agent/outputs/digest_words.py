"""What an issue of a digest says of itself: its subject, its counts, its sources, how it was made.

Everything here is plain text on one line; each document escapes it in its own way.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Literal

from agent.records import Digest, DigestCounts, DigestSource
from agent.text.printable import printable

Kind = Literal["issue", "nothing", "broken"]
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
          "November", "December")  # fmt: skip
LONGEST_TOPIC_IN_SUBJECT = 60
NOT_THERE = "is not there"  # how the reason begins where a file or collection is gone
MOST_REJECTED = 5
_COUNTED_OFF = 24  # saying how much is cut takes about as much: less is not worth it
_DATE = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?")
_COUNTED = (
    ("shown", "shown here"),
    ("updates", "updates of known papers"),
    ("below", "below the threshold"),
    ("over_limit", "over the limit (they wait for the next issue)"),
    ("disliked", "like papers that were disliked"),
    ("duplicate", "the same work as another of them"),
    ("sent_before", "mailed before"),
    ("known", "known already"),
    ("failed", "not readable (why stands below)"),
)
_ONE = {"updates": "update of a known paper", "over_limit": "over the limit (it waits for the next issue)"}
_VERIFIED = {
    "none": "Nothing was verified beyond that every cited sentence exists.",
    "code": "Code checked every sentence against the sentences of the papers that it rests on.",
    "model": "Every sentence was held against the sentences of the papers that it rests on, by code and by a model "
    "that saw nothing else.",
}


def line(text: str, limit: int | None = None) -> str:
    """`text` on one line without control characters; what is cut off at `limit` is counted."""
    clean = printable(" ".join(text.split()), "").strip()
    if limit is None or len(clean) <= limit + _COUNTED_OFF:
        return clean
    kept = clean[:limit].rstrip()
    return f"{kept}… [{len(clean) - len(kept):,} more characters]"


def counted(number: int, one: str, many: str | None = None) -> str:
    """`1 paper`, `1,200 papers`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def day(date: str) -> str:
    """`2026-08-17` as `17 August 2026`; a date of another form as it stands."""
    found = _DATE.fullmatch(date.strip())
    if not found or not 1 <= int(found.group(2) or 1) <= 12:
        return line(date, 40)
    year, month, of_month = found.groups()
    words = [str(int(of_month))] if of_month else []
    return " ".join([*words, *([MONTHS[int(month) - 1]] if month else []), year])


def joined(parts: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def kind_of(digest: Digest) -> Kind:
    """Whether there is something to read, nothing new, or no telling because something was broken."""
    if any(theme.items for theme in digest.themes) or digest.updates:
        return "issue"
    is_lost = digest.counts.failed > rejected(
        digest.sources
    )  # papers that wait, since they could not be read yet
    return "broken" if _broken(digest.sources) or is_lost else "nothing"


def rejected(sources: Iterable[DigestSource]) -> int:
    """How many records of the sources could not be read."""
    return sum(len(source.rejected) for source in sources)


def digest_subject(digest: Digest) -> str:
    """The subject of an issue: what it is about, then what there is; always one line without control characters."""
    topic = topic_of(digest)
    if len(topic) > LONGEST_TOPIC_IN_SUBJECT:
        topic = f"{topic[: LONGEST_TOPIC_IN_SUBJECT - 1].rstrip()}…"
    issue = line(digest.issue, 40)
    kind = kind_of(digest)
    if kind == "nothing":
        unread = rejected(digest.sources)
        also = f", {counted(unread, 'record')} not readable" if unread else ""
        return f"{topic}: nothing new{also} ({issue})"
    broken = _broken(digest.sources)
    if kind == "broken":
        what = f"{_some(broken, digest.sources)} {_how(broken)}" if broken else "no paper could be read"
        return f"{topic}: no issue, {what} ({issue})"
    short = f", {_some(broken, digest.sources)} missing" if broken else ""
    return f"{topic}: {contents(digest)}{short} ({issue})"


def topic_of(digest: Digest) -> str:
    """What the digest is about, or its name."""
    return line(digest.topic, 200) or line(digest.name, 80) or "digest"


def contents(digest: Digest, over: int = 0) -> str:
    """`1 retraction, 12 new papers and 2 updates`; `5 of 64 relevant papers` where `over` of them wait."""
    retracted = sum(update.is_retraction for update in digest.updates)
    items = sum(len(theme.items) for theme in digest.themes)
    counts = (
        (retracted, "retraction"),
        (items, "new paper"),
        (len(digest.updates) - retracted, "update"),
    )
    told = {what: counted(number, what) for number, what in counts if number}
    if items and over:
        told["new paper"] = f"{items:,} of {items + over:,} relevant papers"
    return joined(list(told.values()))


def opening(digest: Digest) -> tuple[str, ...]:
    """What stands right below the head, one sentence or more an entry."""
    since = f" since {day(digest.since)}" if digest.since else ""
    kind, broken = kind_of(digest), _broken(digest.sources)
    if kind == "nothing":
        unread = rejected(digest.sources)
        came = digest.counts.fetched + digest.counts.carried - unread
        why = f"{_came_in(came)}; the count says more." if came else "No source had a new paper."
        if not unread:
            return (f"Nothing new{since}.", why)
        where = "it is named" if unread == 1 else "they are named"
        lost = f"{counted(unread, 'record')} could not be read; {where} at the end."
        return (f"Nothing new{since}.", *([why] if came else []), lost)
    if kind == "issue":
        themes = sum(bool(theme.items) for theme in digest.themes)
        grouped = f", in {counted(themes, 'theme')}" if themes > 1 else ""
        said = f"{contents(digest, digest.counts.over_limit)}{'' if digest.counts.carried else since}{grouped}{_left(digest)}."
        return (said, _incomplete(broken, digest.sources)) if broken else (said,)
    if broken:
        return (
            f"This is no quiet week: what is new{since} is not known.",
            _incomplete(broken, digest.sources),
        )
    failed = counted(digest.counts.failed, "paper")
    return (
        f"This is no quiet week: {failed} came in{since} and could not be read.",
        f"{'It' if digest.counts.failed == 1 else 'They'} will be tried again for the next issue.",
    )


def _left(digest: Digest) -> str:
    """Behind what an issue holds: what waits, or else what had waited; nothing if all came now and all is shown."""
    over, carried = digest.counts.over_limit, digest.counts.carried
    if over:
        return f"; {over:,} {'waits' if over == 1 else 'wait'} for the next issue (--limit)"
    return f"; {counted(carried, 'paper')} had waited since earlier issues" if carried else ""


def _came_in(count: int) -> str:
    """That papers came in, and are no news."""
    if count == 1:
        return "One paper came in, and is not new and relevant"
    return f"{count:,} papers came in, and none of them is new and relevant"


def count_explained(counts: DigestCounts) -> str:
    """Where every paper went that came in."""
    came = f"{counted(counts.fetched, 'paper') if counts.fetched else 'No paper'} came in"
    if counts.carried:
        came += f", and {counts.carried:,} had waited since earlier issues"
    went = [
        f"{number:,} {_ONE.get(name, what) if number == 1 else what}"
        for name, what in _COUNTED
        if (number := getattr(counts, name))
    ]
    return f"{came}: {'; '.join(went)}." if went else f"{came}."


def sources_told(sources: Iterable[DigestSource]) -> tuple[str, ...]:
    """One line for each source that gave nothing or not all, the broken ones first; and which others did answer."""
    listed = sorted(sources, key=lambda source: (source.state != "broken", source.state != "empty"))
    told = []
    for source in listed:
        reason = f" ({line(source.reason, 300)})" if source.reason else ""
        if is_gone(source):
            told.append(f"{line(source.source, 120)}: {line(source.reason or '', 300)}.")
        elif source.state == "broken":
            told.append(f"{line(source.source, 120)}: could not be asked{reason}.")
        elif source.state == "empty":
            told.append(f"{line(source.source, 120)}: answered, and had nothing new{reason}.")
        elif source.reason:
            told.append(f"{line(source.source, 120)}: gave papers, but not all{reason}.")
    told += [_rejected_told(source) for source in listed if source.rejected]
    gave = [line(source.source, 120) for source in listed if source.state == "ok" and not source.reason]
    shown = gave if len(gave) <= 5 else [*gave[:4], f"{len(gave) - 4} more"]
    return (*told, *([f"Gave papers: {joined(shown)}."] if gave else []))


def made_how(digest: Digest) -> tuple[str, ...]:
    """Which engine wrote it, how it was checked, and what did not come about; nothing where nothing was written."""
    engine = digest.engine
    if kind_of(digest) != "issue":
        return _lost(digest)
    if engine.name == "extractive":
        how = (
            "No language model was asked. Sentences in quotation marks are the papers’ own, word for word with TeX "
            "rendered; all others only count and connect."
        )
    else:
        models = joined([line(model, 80) for model in sorted(set(engine.models.values()))[:5]])
        how = f"A language model{f' ({models})' if models else ''} drafted the sentences."
    told = [f"{how} {_VERIFIED[engine.verify]}"]
    if digest.dropped:
        told.append(f"{counted(len(digest.dropped), 'drafted sentence')} failed a check and stayed out.")
    return (*told, *_lost(digest))


def _lost(digest: Digest) -> tuple[str, ...]:
    return tuple(
        f"Could not be made: {line(lost.where, 120)} ({line(lost.reason, 300)})." for lost in digest.missing
    )


def _incomplete(broken: Sequence[DigestSource], sources: Sequence[DigestSource]) -> str:
    named = [line(source.source, 80) for source in broken[:3]]
    named += [f"{len(broken) - 3} more"] if len(broken) > 3 else []
    which = _some(broken, sources)
    return (
        f"Not complete: {which} {_how(broken)}: {joined(named)}. What {'it has' if len(broken) == 1 else 'they have'} "
        f"will be looked for again with the next issue; the reasons stand at the end."
    )


def _some(broken: Sequence[DigestSource], sources: Sequence[DigestSource]) -> str:
    if len(sources) == 1:
        return "its only source"
    return f"{len(broken)} of {len(sources)} sources"


def _rejected_told(source: DigestSource) -> str:
    """Where the records stand that could not be read, and why not; the first ones."""
    named = [
        f"{line(one.position, 120)} ({line(one.reason, 200)})" for one in source.rejected[:MOST_REJECTED]
    ]
    more = len(source.rejected) - len(named)
    named += [f"and {more:,} more"] if more else []
    return f"{line(source.source, 120)}: {counted(len(source.rejected), 'record')} could not be read: {'; '.join(named)}."


def is_gone(source: DigestSource) -> bool:
    """Whether there is nothing to ask any more."""
    return source.state == "broken" and (source.reason or "").startswith(NOT_THERE)


def _how(broken: Sequence[DigestSource]) -> str:
    """What became of sources that gave no answer."""
    if not all(is_gone(source) for source in broken):
        return "could not be asked"
    return NOT_THERE if len(broken) == 1 else "are not there"


def _broken(sources: Iterable[DigestSource]) -> list[DigestSource]:
    return [source for source in sources if source.state == "broken"]
