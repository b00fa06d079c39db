"""Invented papers on rivers as PDF files, with sections and pages."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence

from pdf_maker import LEFT, TOP, Put, column, print_pdf

TITLE = "A Float for the Levels of Small Rivers"
ABSTRACT = "A float tells the level of a river. We present FloatNet, a gauge that reads a float at night."
CLAIM = "We propose FloatNet, a gauge that reads the level of a river from a float and needs no power."
OTHERS = "Smith et al. [1] propose a radar gauge that has an error of 7.8 mm on the same rivers."
RESULT = "FloatNet reaches an error of 3.1 mm, which is 60% lower than that of the radar gauge."
BASELINE = "RadarGauge 7.8 11.2 45.0% 3.4 2.9 9.9 12.0% 7.1 8.8."
LIMIT = "The gauge does not work when the river is covered with ice."
PLAIN = "Rivers rise in the spring of each year when the snow melts in the hills."
FIRST = (("Introduction", f"{PLAIN} {CLAIM}"), ("Related Work", OTHERS))
SECOND = (("Results", f"{RESULT}\n{BASELINE}"), ("Limitations", LIMIT))
SHOWN = (CLAIM, RESULT, LIMIT)  # what a reader should see of it, on pages 1, 2 and 2


def paper_pdf(
    title: str = TITLE,
    abstract: str | None = ABSTRACT,
    front: str = "Ada Quill and Ben Moss",
    pages: Sequence[Sequence[tuple[str, str]]] = (FIRST, SECOND),
    stated: Mapping[str, str] | None = None,
) -> bytes:
    """A paper of numbered sections, each page's given by their titles and texts."""
    opening = [("Abstract", abstract)] if abstract else []
    printed: list[list[Put]] = []
    number = 0
    for index, sections in enumerate(pages):
        lines: list[str] = []
        for name, text in [*opening, *sections] if index == 0 else sections:
            number += name != "Abstract"
            lines += ["", f"# {name}" if name == "Abstract" else f"# {number} {name}"]
            for paragraph in text.split("\n"):
                lines += ["", *textwrap.wrap(paragraph, 85)]
        head = [Put(title, LEFT, TOP, 17, True), Put(front, LEFT, TOP + 30, 10)] if index == 0 else []
        printed.append([*head, *column(LEFT, lines, TOP + 50)])
    return print_pdf(printed, stated)
