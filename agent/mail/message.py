"""Finished bodies into one message: 7-bit bytes of RFC 5322, the same for the same input, whoever carries them.

This knows nothing of servers, of what is in the bodies, or of the clock: the date and the Message-ID come in.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from urllib.parse import quote, urlsplit

from agent.errors import SettingsError
from agent.mail.addresses import parse_address
from agent.mail.headers import LONGEST, listed_header, mailbox_header, one_line, text_header

CRLF = b"\r\n"
_DOT_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
_MESSAGE_ID = re.compile(rf"{_DOT_ATOM}@{_DOT_ATOM}")
_LIST_ID = re.compile(_DOT_ATOM)
_LINE_END = re.compile(r"\r\n|\r|\n")
_LONGEST_ID = 250


@dataclass(frozen=True)
class Envelope:
    """What stands in the headers.

    Args:
        sender: an address, with or without a name before it.
        recipient: the same.
        message_id: without its brackets; see `message_id`.
        date: with its time zone.
        list_id: what identifies the digest, without brackets; see `list_id`.
        unsubscribe_mailto: an address or a `mailto:` link.
        unsubscribe_url: an http(s) link; one-click unsubscribing (RFC 8058) is offered where it is https.
        subject: any text.
    """

    sender: str
    recipient: str
    message_id: str
    date: datetime
    list_id: str
    unsubscribe_mailto: str | None
    unsubscribe_url: str | None
    subject: str


@dataclass(frozen=True)
class Bodies:
    """What a message says, as text and as HTML, and the bibliography that goes with it."""

    text: str
    html: str
    bib: str | None
    bib_name: str


def build(envelope: Envelope, bodies: Bodies) -> bytes:
    """The whole message with CRLF, in ASCII, no line longer than 998.

    `multipart/alternative` of text and HTML, inside `multipart/mixed` with the `.bib` where there is one.

    Raises:
        UsageError: an address is none.
        SettingsError: an id or a link cannot stand in a header.
        ValueError: the date has no time zone.
    """
    both = [_text_part("plain", bodies.text), _text_part("html", bodies.html)]
    kind, parts = "alternative", both
    if bodies.bib is not None:
        kind, parts = "mixed", [_multipart("alternative", both), _file_part(bodies.bib, bodies.bib_name)]
    lines = [*_headers(envelope), "MIME-Version: 1.0"]
    return "\r\n".join(lines).encode("ascii") + CRLF + _multipart(kind, parts)


def message_id(digest_name: str, issue: str, recipient: str, domain: str) -> str:
    """The id of an issue for one recipient, without brackets: the same for ever, so that a repeat is known as one."""
    address = parse_address(recipient).address
    told = json.dumps([digest_name, issue, address], ensure_ascii=True)
    return f"litreview.{hashlib.sha256(told.encode()).hexdigest()[:40]}@{_host(domain)}"


def list_id(digest_name: str, domain: str) -> str:
    """What `List-ID` says of a digest (RFC 2919): its name, as far as it can stand there, and the domain."""
    plain = re.sub(r"[^a-z0-9]+", "-", digest_name.lower()).strip("-")[:40].strip("-")
    if not plain or plain != digest_name:  # two names must not become one list
        plain = (
            f"{plain or 'digest'}-{hashlib.sha256(digest_name.encode('utf-8', 'replace')).hexdigest()[:8]}"
        )
    return f"{plain}.litreview.{_host(domain)}"


def _headers(envelope: Envelope) -> list[str]:
    if envelope.date.tzinfo is None:
        raise ValueError("a message's date needs its time zone")
    sender, recipient = parse_address(envelope.sender), parse_address(envelope.recipient)
    lines = [
        f"Date: {format_datetime(envelope.date)}",
        mailbox_header("From", sender.name, sender.address),
        mailbox_header("To", recipient.name, recipient.address),
        text_header("Subject", envelope.subject),
        f"Message-ID: <{_checked(envelope.message_id, _MESSAGE_ID, 'a Message-ID')}>",
        f"List-ID: <{_checked(envelope.list_id, _LIST_ID, 'a List-ID')}>",
        "Auto-Submitted: auto-generated",
    ]
    return lines + _unsubscribe(envelope.unsubscribe_mailto, envelope.unsubscribe_url)


def _unsubscribe(mailto: str | None, url: str | None) -> list[str]:
    places = []
    if mailto:
        places.append(mailto if mailto.lower().startswith("mailto:") else f"mailto:{mailto}")
    if url:
        if urlsplit(url).scheme.lower() not in ("http", "https"):
            raise SettingsError(f"{one_line(url)[:80]}: no link to unsubscribe at", "give one with https://")
        places.append(url)
    if not places:
        return []
    lines = [listed_header("List-Unsubscribe", [f"<{_plain_link(place)}>" for place in places])]
    if url and urlsplit(url).scheme.lower() == "https":
        lines.append("List-Unsubscribe-Post: List-Unsubscribe=One-Click")
    return lines


def _plain_link(link: str) -> str:
    """A link with everything encoded that could end it, or the header, too early."""
    plain = quote(one_line(link), safe="!#$%&'*+-./:=?@_~;")
    if len(plain) > LONGEST - 30:
        raise SettingsError(
            f"{plain[:60]}…: a link of {len(plain)} characters", "a mail's header holds at most 968: give a shorter one"
        )  # fmt: skip
    return plain


def _checked(text: str, form: re.Pattern[str], what: str) -> str:
    if not form.fullmatch(text) or len(text) > _LONGEST_ID:
        raise SettingsError(
            f"“{one_line(text)[:80]}” cannot be {what}", "letters, digits, dots and hyphens can"
        )
    return text


def _host(domain: str) -> str:
    """A domain in ASCII."""
    return parse_address(f"a@{domain}").address.partition("@")[2]


def _text_part(subtype: str, text: str) -> bytes:
    """A text part as quoted-printable or base64, whichever is shorter."""
    lines = [line.encode("utf-8", "replace") for line in _LINE_END.split(text)]
    readable = CRLF.join(_quoted(line) for line in lines)
    compact = _base64(CRLF.join(lines))
    encoding, body = ("base64", compact) if len(compact) < len(readable) else ("quoted-printable", readable)
    return _part(
        [f"Content-Type: text/{subtype}; charset=utf-8", f"Content-Transfer-Encoding: {encoding}"], body
    )


def _quoted(line: bytes) -> bytes:
    """One line as quoted-printable; a `From ` at its start is hidden from what takes it for a new message."""
    coded = binascii.b2a_qp(line).replace(b"=\n", b"=\r\n")
    return b"=46rom " + coded[5:] if coded.startswith(b"From ") else coded


def _base64(body: bytes) -> bytes:
    coded = base64.b64encode(body)
    return CRLF.join(coded[start : start + 76] for start in range(0, len(coded), 76))


def _file_part(bib: str, name: str) -> bytes:
    headers = [
        "Content-Type: application/x-bibtex",
        _disposition(name),
        "Content-Transfer-Encoding: base64",
    ]
    return _part(headers, _base64(bib.encode("utf-8", "replace")))


def _disposition(name: str) -> str:
    """The attachment's name: quoted where it is plain, else in RFC 2231's form."""
    shown = re.sub(r"[/\\\"]", "-", one_line(name)).lstrip(". ")[:60] or "issue.bib"
    if shown.isascii():
        return f'Content-Disposition: attachment; filename="{shown}"'
    return f"Content-Disposition: attachment;\r\n filename*=utf-8''{quote(shown, safe='')}"


def _part(headers: list[str], body: bytes) -> bytes:
    return "\r\n".join(headers).encode("ascii") + CRLF + CRLF + body + CRLF


def _multipart(kind: str, parts: list[bytes]) -> bytes:
    """Parts between boundaries. No coded body has `=_` in it, hence nothing that a part says looks like a boundary."""
    digest = hashlib.sha256(b"\x00".join(parts)).hexdigest()[:32]
    boundary = f"=_{kind}_{digest}".encode()
    opened = b"".join(b"--" + boundary + CRLF + part for part in parts)
    head = b"Content-Type: multipart/" + kind.encode() + b';\r\n boundary="' + boundary + b'"' + CRLF + CRLF
    return head + opened + b"--" + boundary + b"--" + CRLF
