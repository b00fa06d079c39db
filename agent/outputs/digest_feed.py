"""Issues as an Atom 1.0 feed (RFC 4287): the newest first, each with its whole page as escaped HTML."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterable
from datetime import date
from xml.sax.saxutils import escape, quoteattr

from agent.errors import OutputError
from agent.outputs.digest_html import digest_fragment
from agent.outputs.digest_view import safe_link
from agent.outputs.digest_words import digest_subject, line, topic_of
from agent.records import Digest

_NAMESPACE = uuid.UUID("6f0c1c1e-52f5-5d0c-9a53-3f6a7a0f8a11")  # this project's own, for uuid5
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def digest_feed(issues: Iterable[Digest], *, own_link: str | None = None) -> str:
    """The feed of one digest's issues, or of several digests'.

    Args:
        own_link: where the feed itself will be found, if that is known.

    Raises:
        OutputError: there is no issue, or the date of one is none.
    """
    listed = sorted(issues, key=lambda issue: (_updated(issue), issue.name, issue.issue), reverse=True)
    if not listed:
        raise OutputError("a feed needs at least one issue", "send one first; a preview is none")
    names = sorted({issue.name for issue in listed})
    topics = list(dict.fromkeys(topic_of(issue) for issue in listed))
    link = safe_link(own_link)
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">',
        f"<id>{_id('feed', *names)}</id>",
        f"<title>{_xml(line('; '.join(topics), 200))}</title>",
        f"<updated>{_updated(listed[0])}</updated>",
        "<author><name>litreview</name></author>",
        *([f'<link rel="self" type="application/atom+xml" href={quoteattr(link)}/>'] if link else []),
        *(_entry(issue) for issue in listed),
        "</feed>",
    ]
    return "\n".join(lines) + "\n"


def _entry(issue: Digest) -> str:
    lines = [
        "<entry>",
        f"<id>{_id('issue', issue.name, issue.issue)}</id>",
        f"<title>{_xml(digest_subject(issue))}</title>",
        f"<updated>{_updated(issue)}</updated>",
        f'<content type="html">{_xml(digest_fragment(issue))}</content>',
        "</entry>",
    ]
    return "\n".join(lines)


def _updated(issue: Digest) -> str:
    try:
        return f"{date.fromisoformat(issue.date).isoformat()}T00:00:00Z"
    except ValueError as error:
        raise OutputError(
            f"issue {line(issue.issue, 40)}: “{line(issue.date, 40)}” is no date", "write it as YYYY-MM-DD"
        ) from error


def _id(*parts: str) -> str:
    """The same for ever for the same names."""
    return uuid.uuid5(_NAMESPACE, json.dumps(parts)).urn


def _xml(text: str) -> str:
    return escape(_NO_XML.sub("", text))
