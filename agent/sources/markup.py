"""Texts with tags in them (JATS, HTML, MathML) as plain text, without changing what they say.

An exponent keeps its sign (`10<sup>5</sup>` is `10^5`, not 105) and a fraction its stroke, a heading ends in a colon,
a formula that is given twice is read once. What looks like a tag and is none (`p < 0.05 and q > 1`) stays.
"""

from __future__ import annotations

import re
from html import unescape
from xml.etree.ElementTree import Element

_TAGS = re.compile(r"<(/?)([A-Za-z]+:)?([A-Za-z][\w-]*)(\s[^<>]*|/?)>")
_KNOWN = frozenset(
    """a abstract alternatives annotation annotation-xml b big body bold br break disp-formula div em ext-link font graphic h1
    h2 h3 h4 i inline-formula inline-graphic italic label li list list-item math mfenced mfrac mi mn mo monospace mover mroot mrow
    mspace msqrt mstyle msub msubsup msup mtext munder named-content ol p roman sans-serif sc scp sec section semantics
    small span strike strong styled-content sub sup table td tex-math title tr tt u ul underline xref""".split()
)
_BLOCKS = frozenset("p sec section div br break li list-item list disp-formula ul ol tr abstract".split())
_HEADINGS = frozenset({"title", "h1", "h2", "h3", "h4"})
_WORKED = _HEADINGS | {"sup", "tex-math"}
_IDLE_HEADINGS = frozenset({"abstract", "summary", "graphical abstract"})
_NOTES = frozenset({"annotation", "annotation-xml"})  # a formula's second form
# Before which child of a formula's part a sign stands that the tags alone say.
_SIGNS = {("msup", 2): "^", ("msubsup", 2): "_", ("msubsup", 3): "^", ("msub", 2): "_", ("mfrac", 2): "/"}
_DOCUMENT = re.compile(r"\\begin\{document\}(.*)\\end\{document\}", re.S)
_BLANK = re.compile(r"[\s\x00]")
_RUN_ON = "\x00"  # behind a heading: its paragraph stands on the same line


class _Writer:
    """Takes a text piece by piece. A part that is worked over, or may be left out, is kept apart until it closes."""

    def __init__(self) -> None:
        self.parts: list[tuple[str, list[str]]] = [("", [])]
        self.path: list[list[str | int]] = []  # open tags, and how many children each has had
        self.forms: list[dict[str, str]] = []  # of each open <alternatives>, what it has given

    def start(self, tag: str) -> None:
        if self.path:
            self.path[-1][1] = count = int(self.path[-1][1]) + 1
            self.data(_SIGNS.get((str(self.path[-1][0]), count), ""))
        self.path.append([tag, 0])
        if tag in _BLOCKS:
            self.data("\n")
        if tag == "alternatives":
            self.forms.append({})
        if tag in _WORKED or tag in _NOTES or (tag == "math" and self.forms):
            self.parts.append((tag, []))

    def data(self, text: str) -> None:
        self.parts[-1][1].append(text)

    def end(self, tag: str) -> None:
        if self.path and self.path[-1][0] == tag:
            self.path.pop()
        if len(self.parts) > 1 and self.parts[-1][0] == tag:
            self.close(tag, "".join(self.parts.pop()[1]))
        elif tag == "alternatives" and self.forms:
            forms = self.forms.pop()
            self.data(forms.get("tex-math") or forms.get("math") or "")
        if tag in _BLOCKS:
            self.data("\n")

    def close(self, tag: str, inner: str) -> None:
        if tag in ("math", "tex-math") and self.forms:
            self.forms[-1].setdefault(tag, _worked(tag, inner))
        elif tag not in _NOTES:
            self.data(_worked(tag, inner))

    def text(self) -> str:
        while len(self.parts) > 1:  # what was never closed
            tag, pieces = self.parts.pop()
            self.data("".join(pieces) if tag in _NOTES else _worked(tag, "".join(pieces)))
        while self.forms:
            self.end("alternatives")
        whole = "".join(self.parts[0][1])
        whole = re.sub(rf"{_RUN_ON}\s*", " ", whole)
        lines = (" ".join(line.split()) for line in whole.split("\n"))
        return "\n".join(line for line in lines if line)


def _worked(tag: str, inner: str) -> str:
    if tag == "sup":
        return f"^{inner.strip()}" if any(char.isdigit() for char in inner) else inner
    if tag == "tex-math":
        found = _DOCUMENT.search(inner)
        return found[1].strip() if found else inner
    if tag not in _HEADINGS:
        return inner
    heading = inner.strip()
    if heading.lower().rstrip(".:") in _IDLE_HEADINGS or not heading:
        return "\n"
    return f"\n{heading}{'' if heading[-1] in '.:?!' else ':'}{_RUN_ON}"


def plain_markup(text: str) -> str:
    """The plain text of a marked-up one, one line a paragraph."""
    if "<" not in text:
        text = unescape(text)
    writer, end = _Writer(), 0
    for found in _TAGS.finditer(text):
        closing, prefix, name, rest = found.groups()
        if (not prefix and name.lower() not in _KNOWN) or (rest.strip(" /") and "=" not in rest):
            continue
        writer.data(_blanked(unescape(unescape(text[end : found.start()]))))
        end = found.end()
        if not closing:
            writer.start(name.lower())
        if closing or rest.endswith("/"):
            writer.end(name.lower())
    writer.data(_blanked(unescape(unescape(text[end:]))))
    return writer.text()


def _blanked(text: str) -> str:
    """In marked-up text a line end means a blank."""
    return _BLANK.sub(" ", text)


def element_text(element: Element | None) -> str:
    """The plain text of an XML element, however deep it is nested."""
    if element is None:
        return ""
    writer = _Writer()
    writer.data(_blanked(element.text or ""))
    waiting: list[tuple[bool, Element]] = [(True, child) for child in reversed(element)]
    while waiting:
        is_start, node = waiting.pop()
        tag = node.tag.rpartition("}")[2].lower()
        if is_start:
            writer.start(tag)
            writer.data(_blanked(node.text or ""))
            waiting.append((False, node))
            waiting.extend((True, child) for child in reversed(node))
        else:
            writer.end(tag)
            writer.data(_blanked(node.tail or ""))
    return writer.text()
