"""An issue is composed once: its data, its bodies and every letter's bytes go into the outbox together."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from agent.library import Library
from agent.library.outbox import IssueRow, Letter
from agent.mail.addresses import parse_address
from agent.mail.message import Bodies, Envelope, build, list_id, message_id
from agent.records import Digest


@dataclass(frozen=True)
class Sender:
    """Whom the letters are from, and where a reader can leave.

    Args:
        address: with or without a name; Message-ID and List-ID are of its domain.
        unsubscribe_mailto: an address or a `mailto:` link.
        unsubscribe_url: an http(s) link.
    """

    address: str
    unsubscribe_mailto: str | None = None
    unsubscribe_url: str | None = None


def _nothing() -> None:
    """No memory to write."""


def compose(
    library: Library,
    digest: Digest,
    subject: str,
    bodies: Bodies,
    recipients: Iterable[str],
    sender: Sender,
    date: datetime,
    remember: Callable[[], None] = _nothing,
) -> bool:
    """Store an issue with a pending letter for each recipient, and what `remember` writes into the library: all or nothing.

    An issue that is there already stays as it is, and nothing is remembered: of two processes that compose the same
    one, the first has its way, and both deliver its bytes.

    Args:
        recipients: addresses, with or without names; one that comes twice gets one letter.
        date: what the letters bear, with its time zone.
        remember: writes to the same library; it opens no transaction of its own.

    Returns:
        Whether this is the issue that is stored now.

    Raises:
        UsageError: an address is none. SettingsError: an id or a link cannot stand in a header.
        LibraryError: the library cannot be written.
    """
    letters = _letters((digest.name, digest.issue), subject, bodies, recipients, sender, date)
    row = IssueRow(digest, subject, bodies.text, bodies.html, bodies.bib)
    with library.change():
        if library.has_issue(digest.name, digest.issue):
            return False
        library.add_issue(row, letters)
        remember()
    return True


def add_recipients(
    library: Library, digest: str, issue: str, recipients: Iterable[str], sender: Sender, date: datetime
) -> None:
    """Give further recipients a pending letter of an issue, of the bodies that it was composed with.

    Raises:
        UsageError: an address is none. LibraryError: the issue cannot be read, or the library not be written.
    """
    row = library.issue(digest, issue)
    assert row is not None
    bodies = Bodies(row.text, row.html, row.bib, bib_name(digest, issue))
    letters = _letters((digest, issue), row.subject, bodies, recipients, sender, date)
    with library.change():
        library.add_letters(digest, issue, letters)


def bib_name(digest: str, issue: str) -> str:
    """What the bibliography of an issue is called."""
    return f"{digest}-{issue}.bib"


def _letters(
    where: tuple[str, str], subject: str, bodies: Bodies, recipients: Iterable[str], sender: Sender, date: datetime
) -> list[Letter]:  # fmt: skip
    name, issue = where
    domain = parse_address(sender.address).address.partition("@")[2]
    named: dict[str, str] = {}
    for recipient in recipients:
        named.setdefault(parse_address(recipient).address, recipient)
    return [
        _letter(
            Envelope(
                sender=sender.address,
                recipient=named[address],
                message_id=message_id(name, issue, address, domain),
                date=date,
                list_id=list_id(name, domain),
                unsubscribe_mailto=sender.unsubscribe_mailto,
                unsubscribe_url=sender.unsubscribe_url,
                subject=subject,
            ),
            address,
            bodies,
        )
        for address in sorted(named)
    ]


def _letter(envelope: Envelope, address: str, bodies: Bodies) -> Letter:
    return Letter(address, envelope.sender, envelope.message_id, build(envelope, bodies))
