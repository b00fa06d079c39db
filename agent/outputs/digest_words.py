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
_COUNTED_OFF = 24  # saying how much is cut takes about as much: less is not worth it
_DATE = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?")
_COUNTED = (
    ("shown", "shown here"),
    ("updates", "updates of papers mailed before"),
    ("below", "below the threshold"),
    ("over_limit", "over the limit (they wait for the next issue)"),
    ("disliked", "like papers that you disliked"),
    ("duplicate", "the same work as another of them"),
    ("sent_before", "mailed before"),
    ("known", "known to you already"),
    ("failed", "not readable (they are tried again)"),
)
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
    return "broken" if _broken(digest.sources) or digest.counts.failed else "nothing"


def digest_subject(digest: Digest) -> str:
    """The subject of an issue: what it is about, then what there is; always one line without control characters."""
    topic = topic_of(digest)
    if len(topic) > LONGEST_TOPIC_IN_SUBJECT:
        topic = f"{topic[: LONGEST_TOPIC_IN_SUBJECT - 1].rstrip()}…"
    issue = line(digest.issue, 40)
    kind = kind_of(digest)
    if kind == "nothing":
        return f"{topic}: nothing new ({issue})"
    broken = _broken(digest.sources)
    if kind == "broken":
        what = f"{_some(broken, digest.sources)} could not be asked" if broken else "no paper could be read"
        return f"{topic}: no issue, {what} ({issue})"
    short = f", {_some(broken, digest.sources)} missing" if broken else ""
    return f"{topic}: {contents(digest)}{short} ({issue})"


def topic_of(digest: Digest) -> str:
    """What the digest is about, or its name."""
    return line(digest.topic, 200) or line(digest.name, 80) or "digest"


def contents(digest: Digest) -> str:
    """`12 new papers and 2 updates`."""
    items = sum(len(theme.items) for theme in digest.themes)
    parts = [counted(items, "new paper")] if items else []
    return joined(parts + ([counted(len(digest.updates), "update")] if digest.updates else []))


def opening(digest: Digest) -> tuple[str, ...]:
    """What stands right below the head, one sentence or more an entry."""
    since = f" since {day(digest.since)}" if digest.since else ""
    kind, broken = kind_of(digest), _broken(digest.sources)
    if kind == "nothing":
        came = digest.counts.fetched + digest.counts.carried
        why = f"{_came_in(came)}; the count says more." if came else "No source had a new paper."
        return (f"Nothing new{since}.", why)
    if kind == "issue":
        themes = sum(bool(theme.items) for theme in digest.themes)
        grouped = f", in {counted(themes, 'theme')}" if themes > 1 else ""
        said = f"{contents(digest)}{since}{grouped}."
        return (said, _incomplete(broken, digest.sources)) if broken else (said,)
    if broken:
        return (
            f"This is no quiet week: what is new{since} is not known.",
            _incomplete(broken, digest.sources),
        )
    failed = counted(digest.counts.failed, "paper")
    return (
        f"This is no quiet week: {failed} came in{since} and could not be read.",
        "They will be tried again for the next issue.",
    )


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
    went = [f"{number:,} {what}" for name, what in _COUNTED if (number := getattr(counts, name))]
    return f"{came}: {'; '.join(went)}." if went else f"{came}."


def sources_told(sources: Iterable[DigestSource]) -> tuple[str, ...]:
    """One line for each source that gave nothing or not all, the broken ones first; and which others did answer."""
    listed = sorted(sources, key=lambda source: (source.state != "broken", source.state != "empty"))
    told = []
    for source in listed:
        reason = f" ({line(source.reason, 300)})" if source.reason else ""
        if source.state == "broken":
            told.append(f"{line(source.source, 120)}: could not be asked{reason}.")
        elif source.state == "empty":
            told.append(f"{line(source.source, 120)}: answered, and had nothing new{reason}.")
        elif source.reason:
            told.append(f"{line(source.source, 120)}: gave papers, but not all{reason}.")
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
        f"Not complete: {which} could not be asked: {joined(named)}. What {'it has' if len(broken) == 1 else 'they have'} "
        f"will be looked for again with the next issue; the reasons stand at the end."
    )


def _some(broken: Sequence[DigestSource], sources: Sequence[DigestSource]) -> str:
    if len(sources) == 1:
        return "its only source"
    return f"{len(broken)} of {len(sources)} sources"


def _broken(sources: Iterable[DigestSource]) -> list[DigestSource]:
    return [source for source in sources if source.state == "broken"]
