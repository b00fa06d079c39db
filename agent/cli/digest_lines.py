"""What the terminal says of digests: what is set, and of letters to whom they were sent, what was refused, waits or is in doubt."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from typing import TYPE_CHECKING

from agent.cli.console import rows

if TYPE_CHECKING:
    from agent.records import Delivery, DigestCounts, DigestSent, DigestSource, DigestState, IssueState
    from agent.records.digests import DigestSettings

MOST_REJECTED = 5  # records that are named of one source
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def sent_told(sent: DigestSent) -> list[str]:
    """What a run did for a digest, line by line."""
    if sent.problem is not None:
        is_named = sent.problem.startswith((f"{sent.digest}:", f"{sent.digest} "))
        told = sent.problem if is_named else f"{sent.digest}: {sent.problem}"
        return [told, *([f"  {sent.hint}"] if sent.hint else [])]
    lines = []
    if sent.issue is not None:
        state = "" if sent.is_composed else " (composed before)"
        lines = [f"{sent.digest} {sent.issue}: {_kind(sent)}{state}"]
        lines += [f"  {line}" for line in _sources(sent)] if sent.is_composed else []
        lines += [
            f"  could not be made: {one.where}: {one.reason}" for one in sent.missing if sent.is_composed
        ]
        lines += [f"  {line}" for line in letters_told(sent.digest, sent.issue, sent.letters)]
        if not sent.letters:
            lines.append(
                "  nothing was mailed: " + ("a quiet week" if sent.kind == "nothing" else "nobody gets it")
            )
    for report in sent.earlier:
        lines.append(f"{sent.digest} {report.issue}: letters that had waited")
        lines += [f"  {line}" for line in letters_told(sent.digest, report.issue, report.letters)]
    return lines


def letters_told(digest: str, issue: str, letters: Iterable[Delivery]) -> list[str]:
    """One line for all that were sent alike, one for each other."""
    listed = list(letters)
    fresh = [one for one in listed if one.state == "sent" and one.is_fresh]
    before = [one for one in listed if one.state == "sent" and not one.is_fresh]
    lines = [f"{_arrived(one)}" for one in fresh]
    if before:
        lines.append(f"sent before to {', '.join(one.recipient for one in before)}")
    return [*lines, *(_letter(digest, issue, one) for one in listed if one.state != "sent")]


def counts_told(counts: DigestCounts) -> str:
    """What an issue holds, in few words."""
    waits = "waits" if counts.over_limit == 1 else "wait"
    updates = "update" if counts.updates == 1 else "updates"
    further = ((counts.updates, updates), (counts.over_limit, f"{waits} for the next issue"))
    came = counts.fetched + counts.carried
    told = [f"{counts.shown} new of {came} {'paper' if came == 1 else 'papers'}"]
    return ", ".join([*told, *(f"{number} {what}" for number, what in further if number)])


def _arrived(one: Delivery) -> str:
    if one.code is None and one.reason and one.reason.startswith("written to "):
        return f"{one.recipient}: {one.reason}"
    return f"sent to {one.recipient}"


def _letter(digest: str, issue: str, one: Delivery) -> str:
    again = f"`litreview digest resend {digest} {issue} --to {shlex.quote(one.recipient)}`"
    reason = f": {one.reason}" if one.reason else ""
    if one.state == "refused":
        return f"refused for {one.recipient}{reason}"
    if one.state == "unknown":
        return f"in doubt for {one.recipient}{reason}; {again} sends it again as the same message"
    if one.state == "sending":
        return f"on its way to {one.recipient}"
    if one.next_try_at is None:
        return f"not sent yet to {one.recipient}"
    return f"waits for {one.recipient}{reason}; next try from {_time(one.next_try_at)} on"


def _time(stamp: str) -> str:
    return f"{stamp[:16].replace('T', ' ')} UTC"


def _kind(sent: DigestSent) -> str:
    if sent.kind == "nothing":
        unread = sum(len(source.rejected) for source in sent.sources)
        return f"nothing new, {unread} {_records(unread)} not readable" if unread else "nothing new"
    if sent.kind == "broken":
        return "no telling what is new"
    return counts_told(sent.counts) if sent.counts else "an issue"


def _records(count: int) -> str:
    return "record" if count == 1 else "records"


def _sources(sent: DigestSent) -> list[str]:
    """What each source gave, and under it its first records that could not be read, with place and reason."""
    lines = []
    for one in sent.sources:
        lines.append(f"{one.source}: {_answer(one)}")
        named = one.rejected[:MOST_REJECTED]
        lines += [f"  not readable: {lost.position}: {lost.reason}" for lost in named]
        more = len(one.rejected) - len(named)
        lines += [f"  and {more} more {_records(more)} not readable"] if more else []
    return lines


def _answer(source: DigestSource) -> str:
    from agent.outputs.digest_words import is_gone

    if is_gone(source):
        return source.reason or ""
    words = {"broken": "could not be asked", "empty": "nothing new", "ok": "gave papers"}
    return f"{words[source.state]}{f' ({source.reason})' if source.reason else ''}"


def topic(settings: DigestSettings) -> str:
    return settings.topic or "no topic"


def _rhythm(settings: DigestSettings) -> str:
    rhythm = f"every {settings.every}"
    return f"{rhythm}, on {DAYS[settings.weekday - 1]}" if settings.every == "week" else rhythm


def settings_told(settings: DigestSettings) -> list[tuple[str, ...]]:
    """What is set, one thing a line; what is as usual is left out."""
    told = [
        ("when", _rhythm(settings) + (" (paused)" if settings.is_paused else "")),
        ("to", ", ".join(settings.recipients) or "nobody"),
        *(("looks at", f"collection {one.name}" if one.kind == "collection" else one.label) for one in settings.sources),
        ("like", ", ".join([*settings.examples, *([f"collection {settings.like}"] if settings.like else [])])),
        ("review", settings.review or ""),
        ("with", ", ".join(settings.words)),
        ("without", ", ".join(settings.unwanted)),
        ("authors", ", ".join(settings.authors)),
        ("venues", ", ".join(settings.venues)),
        ("threshold", f"{settings.threshold:g}, at most {settings.limit} papers an issue"),
        ("quiet weeks", "a short mail" if settings.quiet == "short" else "no mail"),
        ("language", settings.language or ""),
    ]  # fmt: skip
    return [(f"  {name}", value) for name, value in told if value]


def state_line(state: DigestState) -> tuple[str, ...]:
    """A digest on one line of the list."""
    settings = state.settings
    last = state.issues[-1] if state.issues else None
    when = "paused" if settings.is_paused else f"due: {state.due}" if state.due else f"next {state.next_day}"
    sent = f"last {last.issue}: {_held(last)}" if last else "no issue yet"
    return settings.name, when, sent, f"{len(settings.recipients)} to", topic(settings)


def _held(issue: IssueState) -> str:
    """What an issue held, and how many of its letters did not arrive."""
    if issue.kind == "broken":
        held = "not known what was new"
    elif issue.kind == "nothing":
        held = "nothing new"
    else:
        updates = "update" if issue.updates == 1 else "updates"
        held = f"{issue.shown} new" + (f", {issue.updates} {updates}" if issue.updates else "")
    states = [one.state for one in issue.letters]
    words = (("refused", "refused"), ("unknown", "in doubt"), ("pending", "not sent yet"))
    return ", ".join([held, *(f"{states.count(state)} {word}" for state, word in words if state in states)])


def _no_letter(issue: IssueState) -> str:
    return "no letter (nothing new)" if issue.kind == "nothing" else "no letter (nobody gets it)"


def state_told(state: DigestState) -> str:
    """A digest with its issues."""
    settings = state.settings
    due = f"{state.due} is due" if state.due else f"next issue on {state.next_day}"
    lines = [
        f"{settings.name}: {topic(settings)}",
        rows(settings_told(settings)),
        f"  {'paused' if settings.is_paused else due}; {state.waiting} {'paper waits' if state.waiting == 1 else 'papers wait'}, {state.kept} kept, {state.disliked} disliked",
    ]
    lines += [f"  {state.note}"] if state.note else []
    for issue in state.issues:
        lines.append(f"{issue.issue}  {issue.date}  {issue.subject}")
        lines += [f"  {line}" for line in letters_told(settings.name, issue.issue, issue.letters)]
        lines += [] if issue.letters else [f"  {_no_letter(issue)}"]
    return "\n".join(lines)
