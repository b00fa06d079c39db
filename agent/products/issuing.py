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
    letters = _letters(digest, subject, bodies, recipients, sender, date)
    row = IssueRow(digest, subject, bodies.text, bodies.html, bodies.bib)
    with library.change():
        if library.has_issue(digest.name, digest.issue):
            return False
        library.add_issue(row, letters)
        remember()
    return True


def _letters(
    digest: Digest, subject: str, bodies: Bodies, recipients: Iterable[str], sender: Sender, date: datetime
) -> list[Letter]:
    domain = parse_address(sender.address).address.partition("@")[2]
    named: dict[str, str] = {}
    for recipient in recipients:
        named.setdefault(parse_address(recipient).address, recipient)
    return [
        _letter(
            Envelope(
                sender=sender.address,
                recipient=named[address],
                message_id=message_id(digest.name, digest.issue, address, domain),
                date=date,
                list_id=list_id(digest.name, domain),
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
