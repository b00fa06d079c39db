"""What a mail server may say or do, and what then happens: the table that `docs/digest.md` shows.

`sent`, `refused` (for good, for this recipient), `later` (tried again by the next run), `unknown` (it may have arrived)
and `stops` (the run ends, nobody is refused) are all that can happen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from scripted_smtp import DRIP, DROP, ENDLESS, HANG, LATE, RESET, Then

State = Literal["sent", "refused", "later", "unknown", "stops"]


@dataclass(frozen=True)
class Case:
    """One behaviour.

    Args:
        when, what: as the page has them.
        code: what the outcome bears.
        says: a stretch of its reason.
        script, more: for the server. certificate: its own. security: what we ask of it.
        is_slow: it lets a time-out pass.
        is_long: the message is larger than what the system takes in at once.
    """

    when: str
    what: str
    state: State
    says: str
    script: Mapping[str, Any] = field(default_factory=dict)
    code: int | None = None
    more: Mapping[str, Any] = field(default_factory=dict)
    certificate: str = "good"
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: str | None = "ada"
    recipient: str = "you@example.org"
    is_slow: bool = False
    is_long: bool = False


def plain(*stated: Any, **named: Any) -> Case:
    """A case without TLS, and so without a log-in."""
    return Case(*stated, **named, security="none", user=None)


GARBAGE = b"\xff\xfe\x00 what?\r\n"
NEVER_ENDING = b"2" * 10_000_000

CASES = (
    # opening
    Case("greeting", "421", "later", "greeting: 421 too busy", {"greeting": "421 too busy"}, 421),
    Case("greeting", "554", "stops", "greeting: 554 not you", {"greeting": "554 not you"}),
    Case("greeting", "line dropped", "later", "greeting: the server closed the line", {"greeting": DROP}),
    Case("greeting", "line reset", "later", "the line broke", {"greeting": RESET}),
    plain("greeting", "no answer", "later", "greeting: no answer", {"greeting": HANG}, is_slow=True),
    plain("greeting", "one byte after another", "later", "greeting: no answer", {"greeting": DRIP}, is_slow=True),
    Case("greeting", "what is no reply", "later", "greeting: it answered with what is no reply", {"greeting": GARBAGE}),
    Case("greeting", "a line of 10 MB", "later", "greeting: its reply is too long", {"greeting": NEVER_ENDING}),
    Case("greeting", "lines without end", "later", "greeting: its reply is too long", {"greeting": ENDLESS}),
    Case("EHLO", "421", "later", "EHLO: 421 bye", {"EHLO": "421 bye"}, 421),
    Case("EHLO", "line dropped", "later", "EHLO: the server closed the line", {"EHLO": DROP}),
    plain("EHLO", "no answer", "later", "EHLO: no answer", {"EHLO": HANG}, is_slow=True),
    Case("EHLO", "lines without end", "later", "EHLO: its reply is too long", {"EHLO": ENDLESS}),
    Case("EHLO", "550, and 550 to HELO", "stops", "HELO: 550 no", {"EHLO": "550 no", "HELO": "550 no"}),
    plain("EHLO", "502, and 250 to HELO", "sent", "250 kept as 42", {}, 250, {"offers": None}),
    # TLS
    Case("STARTTLS", "not offered", "stops", "offers no TLS", more={"context": None, "auth_in_plain": True}),
    Case("STARTTLS", "not known, as EHLO", "stops", "offers no TLS", more={"offers": None}),
    Case("STARTTLS", "454", "later", "STARTTLS: 454 not now", {"STARTTLS": "454 not now"}, 454),
    Case("STARTTLS", "421", "later", "STARTTLS: 421 bye", {"STARTTLS": "421 bye"}, 421),
    Case("STARTTLS", "501", "stops", "STARTTLS: 501 no", {"STARTTLS": "501 no"}),
    Case("STARTTLS", "line dropped", "later", "STARTTLS: the server closed the line", {"STARTTLS": DROP}),
    Case("STARTTLS", "no answer", "later", "STARTTLS: no answer", {"STARTTLS": HANG}, is_slow=True),
    Case("STARTTLS", "more than its answer", "later", "more than it should before TLS",
         {"STARTTLS": "220 go ahead\r\n250 put here by somebody"}),
    Case("TLS", "line dropped", "later", "TLS: the line broke", {"TLS": DROP}),
    Case("TLS", "no answer", "later", "TLS: no answer", {"TLS": HANG}, is_slow=True),
    Case("TLS", "what is no TLS", "stops", "does not speak TLS", {"TLS": b"250 TLS, what is that?\r\n"}),
    Case("TLS", "certificate self-signed", "stops", "certificate is not trusted", certificate="self-signed"),
    Case("TLS", "certificate of an unknown authority", "stops", "certificate is not trusted",
         certificate="of an unknown authority"),
    Case("TLS", "certificate for another host", "stops", "certificate is not trusted", certificate="for another host"),
    Case("TLS", "certificate expired", "stops", "certificate has expired", certificate="expired"),
    Case("TLS from the start", "certificate expired", "stops", "certificate has expired", certificate="expired",
         more={"from_start": True}, security="tls"),
    Case("TLS from the start", "greeting in plain text", "stops", "does not speak TLS", security="tls"),
    Case("TLS from the start", "all well", "sent", "250", {}, 250, {"from_start": True}, security="tls"),
    # log-in
    Case("AUTH", "not offered", "stops", "offers no log-in", more={"auth": ""}),
    Case("AUTH", "offered, but neither PLAIN nor LOGIN", "stops", "PLAIN or LOGIN", more={"auth": "XOAUTH2"}),
    Case("AUTH", "LOGIN alone", "sent", "250", {"AUTH": "334 VXNlcg==", "answer": ["334 UGFzcw==", "235 welcome"]},
         250, {"auth": "LOGIN"}),
    Case("AUTH", "504 to PLAIN, then LOGIN", "sent", "250",
         {"AUTH": ["504 no", "334 VXNlcg=="], "answer": ["334 UGFzcw==", "235 welcome"]}, 250),
    Case("AUTH", "535", "stops", "AUTH: 535", {"AUTH": "535 wrong"}),
    Case("AUTH", "534", "stops", "AUTH: 534", {"AUTH": "534 too weak"}),
    Case("AUTH", "454", "later", "AUTH: 454", {"AUTH": "454 not now"}, 454),
    Case("AUTH", "421", "later", "AUTH: 421", {"AUTH": "421 bye"}, 421),
    Case("AUTH", "a further question", "later", "AUTH: 334", {"AUTH": "334 more", "answer": DROP}, 334),
    Case("AUTH", "line dropped", "later", "AUTH: the server closed the line", {"AUTH": DROP}),
    Case("AUTH", "no answer", "later", "AUTH: no answer", {"AUTH": HANG}, is_slow=True),
    # sender
    Case("MAIL", "421", "later", "MAIL: 421 bye", {"MAIL": Then("421 bye")}, 421),
    Case("MAIL", "451", "later", "MAIL: 451 not now", {"MAIL": "451 not now"}, 451),
    plain("MAIL", "530, and no user is set", "stops", "wants a log-in", {"MAIL": "530 who are you"}),
    Case("MAIL", "530 behind a log-in", "stops", "does not take this user", {"MAIL": "530 who are you"}),
    Case("MAIL", "550", "refused", "MAIL: 550 not yours", {"MAIL": "550 not yours"}, 550),
    Case("MAIL", "552", "refused", "MAIL: 552 too large", {"MAIL": "552 too large"}, 552),
    Case("MAIL", "line dropped", "later", "MAIL: the server closed the line", {"MAIL": DROP}),
    plain("MAIL", "no answer", "later", "MAIL: no answer", {"MAIL": HANG}, is_slow=True),
    # recipient
    Case("RCPT", "421", "later", "RCPT: 421 bye", {"RCPT": Then("421 bye")}, 421),
    Case("RCPT", "450", "later", "RCPT: 450 busy", {"RCPT": "450 busy"}, 450),
    Case("RCPT", "451", "later", "RCPT: 451 greylisted", {"RCPT": "451 greylisted"}, 451),
    Case("RCPT", "452", "later", "RCPT: 452 full", {"RCPT": "452 full"}, 452),
    Case("RCPT", "530", "stops", "RCPT: 530 who", {"RCPT": "530 who are you"}),
    Case("RCPT", "550", "refused", "RCPT: 550 nobody", {"RCPT": "550 nobody"}, 550),
    Case("RCPT", "551, on three lines", "refused", "RCPT: 551 not here try there", {"RCPT": "551-not here\r\n551-try\r\n551 there"}, 551),
    Case("RCPT", "552", "refused", "RCPT: 552 full", {"RCPT": "552 full"}, 552),
    Case("RCPT", "251, forwarded", "sent", "250", {"RCPT": "251 will forward"}, 250),
    Case("RCPT", "two codes in one reply", "later", "what is no reply", {"RCPT": "250-ok\r\n550 no"}),
    Case("RCPT", "line dropped", "later", "RCPT: the server closed the line", {"RCPT": DROP}),
    plain("RCPT", "no answer", "later", "RCPT: no answer", {"RCPT": HANG}, is_slow=True),
    Case("RCPT", "no SMTPUTF8, and an address beyond ASCII before the @", "refused", "SMTPUTF8",
         more={"offers": ["SIZE 20000000"]}, recipient="jörg@example.org"),
    Case("RCPT", "no SMTPUTF8, and a domain beyond ASCII", "sent", "250", {}, 250, {"offers": []},
         recipient="joerg@münchen.example"),
    # message
    Case("DATA", "421", "later", "DATA: 421 bye", {"DATA": Then("421 bye")}, 421),
    Case("DATA", "451", "later", "DATA: 451 not now", {"DATA": "451 not now"}, 451),
    Case("DATA", "452", "later", "DATA: 452 full", {"DATA": "452 full"}, 452),
    Case("DATA", "554", "refused", "DATA: 554 no", {"DATA": "554 no"}, 554),
    Case("DATA", "250, as if it had the message", "later", "out of place", {"DATA": "250 ok"}, 250),
    Case("DATA", "line dropped", "later", "DATA: the server closed the line", {"DATA": DROP}),
    plain("DATA", "no answer", "later", "DATA: no answer", {"DATA": HANG}, is_slow=True),
    plain("in the message", "line reset", "later", "the message: the ", {"body": RESET}, more={"window": 4096},
          is_long=True),
    plain("in the message", "line no longer read", "later", "the message: no answer", {"body": HANG},
          more={"window": 4096}, is_long=True, is_slow=True),
    plain("in the message", "552, and line closed", "refused", "the message: 552 too large",
          {"body": Then("552 too large")}, 552, {"window": 4096}, is_long=True),
    plain("in the message", "421, and line closed", "later", "the message: 421 bye", {"body": Then("421 bye")}, 421,
          {"window": 4096}, is_long=True),
    Case("behind the message", "250", "sent", "the message: 250 kept as 42", {}, 250),
    plain("behind the message", "250, later than other steps may be", "sent", "250 kept", {"end": LATE}, 250, is_slow=True),
    Case("behind the message", "250, without 8BITMIME", "sent", "250", {}, 250, {"offers": ["SIZE 20000000"]}),
    Case("behind the message", "421", "later", "the message: 421 bye", {"end": Then("421 bye")}, 421),
    Case("behind the message", "451", "later", "the message: 451 not now", {"end": "451 not now"}, 451),
    Case("behind the message", "452", "later", "the message: 452 full", {"end": "452 full"}, 452),
    Case("behind the message", "550", "refused", "the message: 550 spam", {"end": "550 spam"}, 550),
    Case("behind the message", "552", "refused", "the message: 552 too large", {"end": "552 too large"}, 552),
    Case("behind the message", "554", "refused", "the message: 554 no", {"end": "554 no"}, 554),
    Case("behind the message", "line dropped", "unknown", "may have kept it", {"end": DROP}),
    Case("behind the message", "line reset", "unknown", "may have kept it", {"end": RESET}),
    plain("behind the message", "no answer", "unknown", "may have kept it", {"end": HANG}, is_slow=True),
    Case("behind the message", "what is no reply", "unknown", "may have kept it", {"end": GARBAGE}),
    Case("behind the message", "a line of 10 MB", "unknown", "may have kept it", {"end": NEVER_ENDING}),
    Case("behind the message", "354", "unknown", "neither yes nor no", {"end": "354 go on"}, 354),
)  # fmt: skip
