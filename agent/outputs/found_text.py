"""What the papers say to a sentence, and what a search found, for a terminal."""

from __future__ import annotations

from agent.outputs.answer_text import paper_lines, sentence_lines
from agent.outputs.answered import by_paper
from agent.outputs.wording import (
    CITABLE,
    STANCES,
    how_made,
    lacking,
    no_passage,
    nothing_found,
    ready,
    unjudged,
    where_searched,
)
from agent.outputs.wrapping import Page, cells
from agent.records import Cited, Found, Reasoned, Stance
from agent.text.printable import printable


def cited_text(found: Cited, page: Page) -> str:
    """The papers of each stance with their sentences, and the citations ready to be pasted."""
    blocks = [page.wrap([("warn", nothing_found(found))])]
    number = 0
    for name, title in STANCES.items():
        stances: tuple[Stance, ...] = getattr(found, name)
        if not stances:
            continue
        lines = page.wrap([("head", title)])
        for stance in stances:
            number += 1
            lines += paper_lines(found.papers[stance.key], page, number)
            lines += [
                line for one in stance.evidence for line in sentence_lines(one, page, indent=5, key=False)
            ]
            lines += page.wrap([("quiet", "judged by the model")], indent=5) if stance.judged else []
        for text in ready(stance.key for stance in stances) if name in CITABLE else ():
            lines += page.wrap([("cite", text)], indent=2)
        blocks.append(lines)
    blocks.append(page.wrap([("warn", unjudged(found))]))
    made = f"{where_searched(found.searched, found.sentence)} {how_made(found.engine, found.date)}"
    blocks.append(page.wrap([("quiet", made)]))
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def found_text(found: Found, page: Page) -> str:
    """The passages under their papers, best first; with `why`, what each word of the query adds."""
    why = {reasoned.key: reasoned for reasoned in found.why or ()}
    blocks = [] if found.passages else [page.wrap([("warn", no_passage(found))])]
    for number, (key, passages) in enumerate(by_paper(found.passages), start=1):
        lines = paper_lines(found.papers[key], page, number)
        said = [one for one in passages if one.part != "title"]  # the title stands above
        lines += [line for one in said for line in sentence_lines(one, page, indent=5, key=False)]
        blocks.append(lines + (_why(why[key], page) if key in why else []))
    blocks.append(page.wrap([("quiet", where_searched(found.searched, found.query))]))
    return "\n\n".join("\n".join(block) for block in blocks) + "\n"


def _why(reasoned: Reasoned, page: Page) -> list[str]:
    words = sorted(reasoned.words.items(), key=lambda word: (-word[1], word[0]))
    widest = max((cells(word) for word, _ in words), default=0)
    said = f"score {reasoned.score:.3f}: paper {reasoned.paper_score:.3f}, best sentence {reasoned.sentence_score:.3f}"
    lines = page.wrap([("quiet", said)], indent=5)
    for word, adds in words:
        padded = printable(word) + " " * (widest - cells(word) + 2)
        lines.append(" " * 7 + page.style("quiet", f"{padded}{adds:.3f}"))
    return lines + page.wrap([("quiet", lacking(reasoned))], indent=5)
