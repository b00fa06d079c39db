"""E-mail addresses as people write them: one mailbox, with or without a name, or the reason why it is none.

What comes out can stand in a header and in an SMTP command as it is: ASCII, no blanks, no brackets, no line breaks.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from agent.errors import UsageError
from agent.text.printable import printable

LONGEST_LOCAL = 64  # octets, RFC 5321 4.5.3.1.1
LONGEST = 254  # octets of the whole: a path's 256 without its brackets, RFC 5321 4.5.3.1.3
HINT = "write ada@example.org, or Ada Lovelace <ada@example.org>"
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LOCAL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')


@dataclass(frozen=True)
class Mailbox:
    """One address.

    Args:
        name: what stands before it, `""` where nothing does; any text on one line.
        address: `local@domain` in ASCII, the domain in lower case and as A-labels.
    """

    name: str
    address: str


def parse_address(text: str) -> Mailbox:
    """The one mailbox that `text` names: `a@b`, `<a@b>`, `Name <a@b>` or `"Name" <a@b>`.

    Quoted local parts, comments, routes and addresses of machines in brackets are not taken: hardly anybody has
    one, and programs disagree on where such an address ends.

    Raises:
        UsageError: it names none, more than one, or one that cannot be mailed to.
    """
    try:
        name, spec = _parts(text)
        local, at, domain = spec.rpartition("@")
        if not at:
            raise ValueError("there is no @ in it")
        address = f"{_local(local)}@{_domain(domain)}"
        if len(address) > LONGEST:
            raise ValueError(f"it is longer than {LONGEST} characters")
    except ValueError as error:
        shown = printable(" ".join(text.split()))
        shown = shown if len(shown) <= 80 else f"{shown[:79]}…"
        raise UsageError(f"'{shown}' is not one e-mail address: {error}", HINT) from None
    return Mailbox(name, address)


def _parts(text: str) -> tuple[str, str]:
    """The name and what is to be the address."""
    stripped = text.strip(" ")
    if any(unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") for char in stripped) or (
        printable(stripped) != stripped
    ):
        raise ValueError("there is a line break or another control character in it")
    if not stripped.endswith(">"):
        return "", stripped
    name, _, spec = stripped[:-1].rpartition("<")
    return _name(" ".join(name.split())), spec


def _name(raw: str) -> str:
    quoted = _QUOTED.fullmatch(raw)
    if quoted:
        return re.sub(r"\\(.)", r"\1", quoted[1]).strip()
    for sign in '@<>,;"':  # where a second address might begin or hide
        if sign in raw:
            raise ValueError(f"there is a {sign} in the name; such a name goes between quotation marks")
    return raw


def _local(local: str) -> str:
    if not local.isascii():
        raise ValueError("signs beyond ASCII before the @ need SMTPUTF8, which is not spoken here")
    if not _LOCAL.fullmatch(local):
        raise ValueError("what stands before the @ is no name of a mailbox")
    if len(local) > LONGEST_LOCAL:
        raise ValueError(f"what stands before the @ is longer than {LONGEST_LOCAL} characters")
    return local


def _domain(domain: str) -> str:
    ascii_domain = domain.lower() if domain.isascii() else _a_labels(domain)
    if not all(_LABEL.fullmatch(label) for label in ascii_domain.split(".")):
        raise ValueError("what stands behind the @ is no domain")
    return ascii_domain


def _a_labels(domain: str) -> str:
    """By IDNA 2008, as registries do it: the standard library's `idna` turns straße into strasse, another's domain."""
    import idna  # its tables take a while to load

    try:
        return idna.encode(domain, uts46=True).decode()
    except (idna.IDNAError, UnicodeError):
        raise ValueError("what stands behind the @ is no domain") from None
