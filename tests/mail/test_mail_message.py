"""A message as bytes: read line by line as a server does, and by the standard library as a mail program does."""

from __future__ import annotations

import base64
import email
import email.header
import email.policy
import quopri
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from email.message import EmailMessage
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.errors import LitreviewError, SettingsError, UsageError
from agent.mail.message import Bodies, Envelope, build, list_id, message_id

FREE = settings(derandomize=True, database=None, deadline=None, max_examples=100)
ENVELOPE = Envelope(
    sender="Digest <digest@example.org>",
    recipient="Ada Lovelace <ada@example.org>",
    message_id="litreview.0123@example.org",
    date=datetime(2026, 8, 21, 6, 30, tzinfo=timezone(timedelta(hours=2))),
    list_id="quant.litreview.example.org",
    unsubscribe_mailto="digest@example.org?subject=unsubscribe%20quant",
    unsubscribe_url="https://example.org/u?list=quant&who=me",
    subject="low-bit inference: 12 new papers (2026-W34)",
)
BODIES = Bodies(
    text="low-bit inference\n\n 1. A title\n    “Quoted” 量子 line\n",
    html="<!doctype html>\n<html><body><p>A title</p></body></html>\n",
    bib="@misc{a,\n  title = {Ä},\n}\n",
    bib_name="quant-2026-W34.bib",
)
HOSTILE = "x\r\nBcc: everybody@example.org\n\nbody\x00\x1b[0m\u2028\ud800"


def headers_of(raw: bytes) -> list[tuple[str, str]]:
    """The headers as RFC 5322 unfolds them, by hand."""
    head = raw.partition(b"\r\n\r\n")[0].decode("ascii")
    lines = re.sub(r"\r\n(?=[ \t])", "", head).split("\r\n")
    return [(name, value.strip()) for name, _, value in (line.partition(":") for line in lines)]


def parts_of(raw: bytes) -> list[bytes]:
    """The parts of a multipart, by hand; an error if it is none or is not closed."""
    head, _, body = raw.partition(b"\r\n\r\n")
    found = re.search(rb'boundary="([^"]+)"', head)
    assert found, head
    opened = body.removesuffix(b"\r\n").split(b"--" + found[1] + b"\r\n")
    end = b"\r\n--" + found[1] + b"--"
    assert opened[0] == b"" and opened[-1].endswith(end), "not closed"
    return [*(part.removesuffix(b"\r\n") for part in opened[1:-1]), opened[-1].removesuffix(end)]


def content_of(part: bytes) -> bytes:
    """What a part says, decoded by hand."""
    fields = dict(headers_of(part))
    body = part.partition(b"\r\n\r\n")[2]
    if fields["Content-Transfer-Encoding"] == "base64":
        return base64.b64decode(body)
    return quopri.decodestring(body)


def parsed(raw: bytes) -> EmailMessage:
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    assert [part.defects for part in message.walk() if part.defects] == []
    assert [value.defects for value in message.values() if value.defects] == []  # type: ignore[attr-defined]
    return message


def check_bytes(raw: bytes) -> None:
    """What every server takes: ASCII, CRLF only, no line over 998, no blank header line before the end."""
    assert raw.isascii() and b"\x00" not in raw
    assert b"\r" not in raw.replace(b"\r\n", b"") and b"\n" not in raw.replace(b"\r\n", b"")
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998
    head = raw.partition(b"\r\n\r\n")[0].split(b"\r\n")
    assert all(re.match(rb"[A-Za-z-]+: ?\S|[ \t]+\S", line) for line in head), head


def test_the_headers() -> None:
    """Each that a digest needs stands there once, and no other."""
    raw = build(ENVELOPE, BODIES)
    check_bytes(raw)
    fields = headers_of(raw)
    content_type = fields.pop()
    assert fields == [
        ("Date", "Fri, 21 Aug 2026 06:30:00 +0200"),
        ("From", "Digest <digest@example.org>"),
        ("To", "Ada Lovelace <ada@example.org>"),
        ("Subject", "low-bit inference: 12 new papers (2026-W34)"),
        ("Message-ID", "<litreview.0123@example.org>"),
        ("List-ID", "<quant.litreview.example.org>"),
        ("Auto-Submitted", "auto-generated"),
        (
            "List-Unsubscribe",
            "<mailto:digest@example.org?subject=unsubscribe%20quant>, <https://example.org/u?list=quant&who=me>",
        ),
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        ("MIME-Version", "1.0"),
    ]
    assert content_type[0] == "Content-Type" and content_type[1].startswith("multipart/mixed; boundary=")
    assert all(len(line) <= 78 for line in raw.split(b"\r\n"))


def test_the_parts_read_by_hand() -> None:
    """Text first, HTML last, both in one; the bibliography beside them, byte for byte."""
    both, bib = parts_of(build(ENVELOPE, BODIES))
    text, html = parts_of(both)
    assert both.startswith(b"Content-Type: multipart/alternative")
    assert text.startswith(b"Content-Type: text/plain; charset=utf-8\r\n")
    assert html.startswith(b"Content-Type: text/html; charset=utf-8\r\n")
    assert content_of(text).decode().replace("\r\n", "\n") == BODIES.text
    assert content_of(html).decode().replace("\r\n", "\n") == BODIES.html
    assert content_of(bib).decode() == BODIES.bib
    assert 'filename="quant-2026-W34.bib"' in dict(headers_of(bib))["Content-Disposition"]


def test_the_parts_read_by_the_standard_library() -> None:
    """A mail program finds the same."""
    message = parsed(build(ENVELOPE, BODIES))
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "application/x-bibtex",
    ]
    plain, html = message.get_body(("plain",)), message.get_body(("html",))
    assert plain and html
    assert plain.get_content().replace("\r\n", "\n") == BODIES.text
    assert html.get_content().replace("\r\n", "\n") == BODIES.html
    (attached,) = message.iter_attachments()
    assert attached.get_filename() == "quant-2026-W34.bib"
    assert attached.get_content().decode() == BODIES.bib
    assert message["Date"].datetime == ENVELOPE.date


def test_without_a_bibliography() -> None:
    """Only the two forms of the text, in one multipart."""
    message = parsed(build(ENVELOPE, replace(BODIES, bib=None)))
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]


@pytest.mark.parametrize(
    ("mailto", "url", "header", "has_post"),
    [
        (None, None, None, False),
        ("a@b.org", None, "<mailto:a@b.org>", False),
        ("mailto:a@b.org", None, "<mailto:a@b.org>", False),
        (None, "https://b.org/u", "<https://b.org/u>", True),
        (None, "HTTPS://b.org/u", "<HTTPS://b.org/u>", True),
        (None, "http://b.org/u", "<http://b.org/u>", False),
        (None, "https://b.org/<x>, <mailto:evil@b.org>", "<https://b.org/%3Cx%3E%2C%20%3Cmailto:evil@b.org%3E>", True),
        (None, "https://b.org/größe", "<https://b.org/gr%C3%B6%C3%9Fe>", True),
        (None, "https://b.org/u\r\nBcc: x@y.org", "<https://b.org/u%20Bcc:%20x@y.org>", True),
    ],
)  # fmt: skip
def test_unsubscribing(mailto: str | None, url: str | None, header: str | None, has_post: bool) -> None:
    """One click is offered only with https; nothing in a link can end it too early."""
    raw = build(replace(ENVELOPE, unsubscribe_mailto=mailto, unsubscribe_url=url), BODIES)
    check_bytes(raw)
    fields = dict(headers_of(raw))
    assert fields.get("List-Unsubscribe") == header
    assert ("List-Unsubscribe-Post" in fields) == has_post and "Bcc" not in fields


@pytest.mark.parametrize("length", [60, 70, 78, 79, 100, 300, 900, 960])
def test_a_long_link_stays_a_link(length: int) -> None:
    """At any length that fits, the raw bytes hold the link whole: in no encoded word, broken over no two lines."""
    url = "https://example.org/" + "a" * (length - 20)
    raw = build(replace(ENVELOPE, unsubscribe_url=url), BODIES)
    check_bytes(raw)
    assert f"<{url}>".encode() in raw and b"=?" not in raw.partition(b"\r\n\r\n")[0]
    lines = raw.partition(b"\r\n\r\n")[0].split(b"\r\n")
    assert all(len(line) <= 78 for line in lines if url.encode() not in line)


SUBJECTS = [
    "plain", "Größe: 12 neue Arbeiten", "量子コンピュータ" * 30, "🧪👩‍🔬" * 40, "e\u0301" * 200, "e" + "\u0301" * 300,
    "word " * 300, "x" * 5000, "a  b", " lead", "=?utf-8?b?QQ==?=", "=?x", "a, b; (c) <d> \"e\" \\", ".", "ab: c", "%s {0}",
    "x" * 66 + " y", "x" * 67 + " y", "x" * 68 + " y", "x" * 69, "x " * 40 + "é",
]  # fmt: skip


@pytest.mark.parametrize("subject", SUBJECTS)
def test_subjects_come_back(subject: str) -> None:
    """Any subject is read as it was, but for runs of blanks; its lines are short where they can be."""
    raw = build(replace(ENVELOPE, subject=subject), BODIES)
    check_bytes(raw)
    assert parsed(raw)["Subject"] == " ".join(subject.split())
    assert all(len(line) <= 78 for line in raw.partition(b"\r\n\r\n")[0].split(b"\r\n"))


@pytest.mark.parametrize("where", ["subject", "name of the file", "bodies"])
def test_line_breaks_make_no_header(where: str) -> None:
    """A title with a header in it makes none, in whatever place it stands."""
    envelope, bodies = ENVELOPE, BODIES
    if where == "subject":
        envelope = replace(envelope, subject=HOSTILE)
    elif where == "name of the file":
        bodies = replace(bodies, bib_name=HOSTILE)
    else:
        bodies = Bodies(HOSTILE, HOSTILE, HOSTILE, "a.bib")
    raw = build(envelope, bodies)
    check_bytes(raw)
    message = parsed(raw)
    assert "Bcc" not in message and len(message.keys()) == len(parsed(build(ENVELOPE, BODIES)).keys())
    assert [part.get_content_type() for part in message.walk()][-1] == "application/x-bibtex"
    assert all("Bcc" not in part for part in message.walk())


@pytest.mark.parametrize("field", ["sender", "recipient", "message_id", "list_id"])
@pytest.mark.parametrize(
    "text", ["a@b.org\r\nBcc: x@y.org", "a@b.org, c@d.org", "a b", "", "a@b>.org", "ü@b.org\x00"]
)
def test_what_cannot_stand_in_a_header_is_told(field: str, text: str) -> None:
    """An address or an id that would break a header makes no message."""
    with pytest.raises((UsageError, SettingsError)):
        build(replace(ENVELOPE, **{field: text}), BODIES)


@pytest.mark.parametrize("url", ["javascript:x", "ftp://b.org", "b.org", "https://b.org/" + "a" * 1000])
def test_what_is_no_link_to_unsubscribe_is_told(url: str) -> None:
    """Another scheme, none, or more than a line holds."""
    with pytest.raises(SettingsError):
        build(replace(ENVELOPE, unsubscribe_url=url), BODIES)


def test_a_date_without_its_zone_is_refused() -> None:
    """Nobody could tell when it was."""
    with pytest.raises(ValueError, match="time zone"):
        build(replace(ENVELOPE, date=datetime(2026, 8, 21)), BODIES)


@pytest.mark.parametrize(
    ("recipient", "name", "address"),
    [
        ("ada@example.org", "", "ada@example.org"),
        ("Ada Lovelace <ada@example.org>", "Ada Lovelace", "ada@example.org"),
        ("Jörg Müller <j@example.org>", "Jörg Müller", "j@example.org"),
        ('"Doe, Jane" <j@example.org>', "Doe, Jane", "j@example.org"),
        ('"The \\"Boss\\"" <j@example.org>', 'The "Boss"', "j@example.org"),
        ("王小明 <w@example.org>", "王小明", "w@example.org"),
        ("J. R. <j@example.org>", "J. R.", "j@example.org"),
        (f"{'Long Name ' * 20}<j@example.org>", ("Long Name " * 20).strip(), "j@example.org"),
        ('"' + "Long, Name " * 20 + '" <j@example.org>', ("Long, Name " * 20).strip(), "j@example.org"),
        ("=?x?= <j@example.org>", "=?x?=", "j@example.org"),
        ("a@bücher.example", "", "a@xn--bcher-kva.example"),
    ],
)
def test_names_and_addresses_come_back(recipient: str, name: str, address: str) -> None:
    """Names are quoted or encoded as they need; domains are in ASCII."""
    raw = build(replace(ENVELOPE, recipient=recipient), BODIES)
    check_bytes(raw)
    (found,) = parsed(raw)["To"].addresses
    assert (found.display_name, found.addr_spec) == (name, address)


@pytest.mark.parametrize(
    "name", ["a.bib", "größe 2026.bib", "../../etc/passwd", 'a"; x="b.bib', "", "x" * 500, "-a", ".."]
)
def test_the_name_of_the_attachment(name: str) -> None:
    """Whatever the digest is called, the attachment has a name that is no path and breaks no header."""
    raw = build(ENVELOPE, replace(BODIES, bib_name=name))
    check_bytes(raw)
    (attached,) = parsed(raw).iter_attachments()
    shown = attached.get_filename()
    assert shown and "/" not in shown and not shown.startswith(".")
    assert name not in ("a.bib", "größe 2026.bib", "-a") or shown == name


def test_the_same_input_gives_the_same_bytes() -> None:
    """Nothing of the clock or of chance is in a message; another body has other boundaries."""
    assert build(ENVELOPE, BODIES) == build(ENVELOPE, BODIES)
    other = build(ENVELOPE, replace(BODIES, text="another"))
    boundaries: Callable[[bytes], set[bytes]] = lambda raw: set(re.findall(rb'boundary="([^"]+)"', raw))  # noqa: E731
    assert not boundaries(other) & boundaries(build(ENVELOPE, BODIES))


def test_a_body_cannot_end_its_part() -> None:
    """A text that holds the very boundaries of its message is still one text."""
    raw = build(ENVELOPE, BODIES)
    boundaries = [found.decode() for found in re.findall(rb'boundary="([^"]+)"', raw)]
    text = "\n".join(line for one in boundaries for line in (f"--{one}", f"--{one}--"))
    message = parsed(build(ENVELOPE, replace(BODIES, text=text)))
    plain = message.get_body(("plain",))
    assert plain and plain.get_content().replace("\r\n", "\n").strip() == text


TEXTS = st.text(st.characters(exclude_categories=("Cs",)) | st.sampled_from('\r\n \t=.,<>"\\?'), max_size=200)


@given(TEXTS, TEXTS, TEXTS)
@FREE
def test_any_text_comes_back(subject: str, text: str, bib: str) -> None:
    """Whatever is in subject and bodies: valid bytes, no header more, and the same text at the other end."""
    raw = build(replace(ENVELOPE, subject=subject), Bodies(text, text, bib, "a.bib"))
    check_bytes(raw)
    both, attached = parts_of(raw)
    ends = re.compile(r"\r\n|\r|\n")
    for part in parts_of(both):
        assert ends.split(content_of(part).decode()) == ends.split(text)
    assert content_of(attached).decode() == bib
    assert len(headers_of(raw)) == 11


@given(st.lists(st.characters(), min_size=1, max_size=80).map("".join))
@FREE
def test_any_subject_is_one_header(subject: str) -> None:
    """Lone surrogates and every control character included."""
    raw = build(replace(ENVELOPE, subject=subject), BODIES)
    check_bytes(raw)
    assert [name for name, _ in headers_of(raw)].count("Subject") == 1 and len(headers_of(raw)) == 11


def test_the_message_id_is_derived() -> None:
    """The same for the same issue and address, however the name before it is written; else another one."""
    first = message_id("quant", "2026-W34", "ada@example.org", "Example.org")
    assert re.fullmatch(r"litreview\.[0-9a-f]{40}@example\.org", first)
    assert first == message_id("quant", "2026-W34", "Ada <ada@EXAMPLE.org>", "example.org")
    others = [("quant2", "2026-W34", "ada@example.org"), ("quant", "2026-W35", "ada@example.org"),
              ("quant", "2026-W34", "bob@example.org"), ("quan", "t2026-W34", "ada@example.org")]  # fmt: skip
    assert len({first, *(message_id(*other, "example.org") for other in others)}) == 5


@pytest.mark.parametrize("name", ["quant", "Quant", "quant ", "größe", "x" * 300, "a\r\nb", "-", ""])
def test_the_list_id_is_derived(name: str) -> None:
    """Any name of a digest gives an id that can stand in the header, and no two names the same."""
    made = list_id(name, "example.org")
    check_bytes(build(replace(ENVELOPE, list_id=made), BODIES))
    assert made.endswith(".litreview.example.org")
    assert (made == "quant.litreview.example.org") == (name == "quant")


@pytest.mark.parametrize("domain", ["a b", "x\r\ny", "", "a@b", "<x>"])
def test_a_domain_that_is_none_is_told(domain: str) -> None:
    """No id is made of it."""
    for made in (lambda: list_id("a", domain), lambda: message_id("a", "b", "c@d.org", domain)):
        with pytest.raises(LitreviewError):
            made()


def test_long_lines_and_dots_survive() -> None:
    """Lines of any length, lines that begin with a dot or `From `, blanks at the end: coded and back."""
    text = "\n".join(["x" * 5000, ".", "..", "From here", "trailing  ", "\tTab", "=20", "-- ", "é" * 200, ""])
    raw = build(ENVELOPE, replace(BODIES, text=text))
    check_bytes(raw)
    assert all(len(line) <= 78 for line in raw.split(b"\r\n"))
    assert b"\r\n=46rom here\r\n" in raw  # else a folder of mails takes it for the next one
    plain = parsed(raw).get_body(("plain",))
    assert plain and plain.get_content().replace("\r\n", "\n") == text


def test_a_page_in_another_script_is_no_longer_than_it_must_be() -> None:
    """Base64 is taken where quoted-printable would be longer."""
    kinds: dict[str, Any] = {}
    for text in ("plain " * 100, "量子" * 100):
        raw = build(ENVELOPE, replace(BODIES, text=text, html=text))
        (part, _) = parts_of(parts_of(raw)[0])
        kinds[text[:2]] = dict(headers_of(part))["Content-Transfer-Encoding"]
    assert kinds == {"pl": "quoted-printable", "量子": "base64"}


def test_utc_is_a_zone() -> None:
    """The date says +0000."""
    raw = build(replace(ENVELOPE, date=datetime(2026, 1, 1, tzinfo=UTC)), BODIES)
    assert b"Date: Thu, 01 Jan 2026 00:00:00 +0000\r\n" in raw
