"""One address, or the reason why it is none."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from agent.errors import UsageError
from agent.mail.addresses import LONGEST, Mailbox, parse_address
from agent.text.printable import printable

GOOD = {
    "ada@example.org": ("", "ada@example.org"),
    "  ada@example.org ": ("", "ada@example.org"),
    "<ada@example.org>": ("", "ada@example.org"),
    "Ada Lovelace <ada@example.org>": ("Ada Lovelace", "ada@example.org"),
    "Ada  Lovelace<ada@example.org>": ("Ada Lovelace", "ada@example.org"),
    '"Lovelace, Ada" <ada@example.org>': ("Lovelace, Ada", "ada@example.org"),
    r'"a \"b\" \\ <c@d>" <ada@example.org>': (r'a "b" \ <c@d>', "ada@example.org"),
    '"" <ada@example.org>': ("", "ada@example.org"),
    "Zoë Müller <zoe@example.org>": ("Zoë Müller", "zoe@example.org"),
    "Ada@Example.ORG": ("", "Ada@example.org"),
    "o'brien+news.2@sub.example.org": ("", "o'brien+news.2@sub.example.org"),
    "root@localhost": ("", "root@localhost"),
    "joerg@münchen.example": ("", "joerg@xn--mnchen-3ya.example"),
    "a@straße.example": ("", "a@xn--strae-oqa.example"),
    "a@MÜNCHEN。example": ("", "a@xn--mnchen-3ya.example"),
    f"{'a' * 64}@example.org": ("", f"{'a' * 64}@example.org"),
}

BAD = {
    "": "no @",
    "ada": "no @",
    "@example.org": "before the @",
    "ada@": "no domain",
    "ada@example..org": "no domain",
    "ada@-example.org": "no domain",
    "ada@example.org.": "no domain",
    "ada@exa mple.org": "no domain",
    "ada@[127.0.0.1]": "no domain",
    "ada@under_score.example": "no domain",
    f"ada@{'x' * 64}.org": "no domain",
    f"ada@{'ü' * 64}.org": "no domain",
    "ada@☃\u200d.example": "no domain",
    ".ada@example.org": "before the @",
    "a..da@example.org": "before the @",
    "a da@example.org": "before the @",
    '"a da"@example.org': "before the @",
    f"{'a' * 65}@example.org": "longer than 64",
    f"a@{'.'.join(['x' * 60] * 5)}": "longer than 254",
    "jörg@example.org": "SMTPUTF8",
    "ada@example.org, bob@example.org": "before the @",
    "ada@example.org bob@example.org": "before the @",
    "Ada <ada@example.org>, Bob <bob@example.org>": "in the name",
    "ada@example.org <bob@example.org>": "@ in the name",
    'Ada "the first" <ada@example.org>': "in the name",
    "Ada <ada@example.org": "before the @",
    "Ada <<ada@example.org>>": "in the name",
    "Ada <ada@example.org> (work)": "before the @",
    "Ada\r\nBcc: eve@example.org <ada@example.org>": "line break",
    "ada@example.org\n": "line break",
    "ada\t@example.org": "line break",
    "ada\x00@example.org": "line break",
    "Ada\u2028<ada@example.org>": "line break",
    "Ada \u202egro.live <ada@example.org>": "control character",
    "Ada \ud800 <ada@example.org>": "control character",
    "x" * 5000: "no @",
}


@pytest.mark.parametrize("text", GOOD)
def test_an_address_is_taken_with_its_name(text: str) -> None:
    """Names as people write them, domains in their registered form; what is before the @ stays as it is."""
    assert parse_address(text) == Mailbox(*GOOD[text])


@pytest.mark.parametrize("text", BAD)
def test_what_is_not_one_address_is_refused_with_its_reason(text: str) -> None:
    """None, several, hidden ones, and what would make a header or a command of its own."""
    with pytest.raises(UsageError) as error:
        parse_address(text)
    assert BAD[text] in error.value.message
    assert printable(error.value.message) == error.value.message and len(error.value.message) < 250


@example("Ada <a@b>")
@example("a@xn--mnchen-3ya")
@given(
    st.one_of(
        st.text(max_size=40),
        st.from_regex(r'["<>a@.,\s\\\r\nü]{1,20}', fullmatch=True),
        st.builds("{} <{}@{}>".format, st.text(max_size=9), st.text(max_size=5), st.text(max_size=9)),
    )
)
@settings(derandomize=True, database=None, deadline=None, max_examples=100)
def test_what_is_taken_can_stand_in_a_command(text: str) -> None:
    """Whatever comes in: an error, or an address that is safe as it is and is taken as itself."""
    try:
        found = parse_address(text)
    except UsageError:
        return
    assert re.fullmatch(r"[!-~]+@[a-z0-9.-]+", found.address) and len(found.address) <= LONGEST
    assert not set('<>,;:" \\') & set(found.address)
    assert printable(found.name) == found.name and "\n" not in found.name
    assert parse_address(found.address) == Mailbox("", found.address)
