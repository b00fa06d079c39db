"""What the papers say to a sentence, and what a search found, as Markdown that can be cited from."""

from __future__ import annotations

from collections.abc import Sequence

from agent.outputs.answer_markdown import document_head, references, warn_of_retracted
from agent.outputs.answered import by_paper
from agent.outputs.markdown import cite, escape, table
from agent.outputs.wording import (
    CITABLE,
    STANCES,
    how_made,
    lacking,
    no_passage,
    nothing_found,
    place,
    ready,
    unjudged,
    where_searched,
)
from agent.records import Cited, Evidence, Found, Paper, Passage, Reasoned


def cited_markdown(found: Cited) -> str:
    """The sentence with the citations that it may bear, then the papers of each stance with their sentences."""
    named = {name: getattr(found, name) for name in STANCES}
    papers = {stance.key: found.papers[stance.key] for those in named.values() for stance in those}
    supporting = [stance.key for stance in found.supports]
    blocks = [document_head(found.sentence, found.date, papers.values())]
    blocks.append(f"> {escape(found.sentence)}" + f" {cite(supporting)}" * bool(supporting))
    blocks.append(f"**{nothing_found(found)}**" if nothing_found(found) else "")
    for name, title in STANCES.items():
        if named[name]:
            blocks.append(f"## {title}")
        if named[name] and name in CITABLE:
            blocks.append(" · ".join(f"`{text}`" for text in ready(stance.key for stance in named[name])))
        for stance in named[name]:
            blocks += _with_sentences(
                papers[stance.key], stance.evidence, "judged by the model" if stance.judged else ""
            )
    blocks += [escape(unjudged(found)), warn_of_retracted(papers.values()), *references(papers.values())]
    made = how_made(found.engine, found.date)
    blocks.append(f"*{escape(where_searched(found.searched, found.sentence))} {escape(made)}*")
    return "\n\n".join(block for block in blocks if block) + "\n"


def found_markdown(found: Found) -> str:
    """The passages under their papers, best first; with `why`, what each word of the query adds."""
    grouped = by_paper(found.passages)
    papers = [found.papers[key] for key, _ in grouped]
    why = {reasoned.key: reasoned for reasoned in found.why or ()}
    blocks = [document_head(found.query, None, papers)]
    blocks.append("" if grouped else f"**{escape(no_passage(found))}**")
    for paper, (key, passages) in zip(papers, grouped, strict=True):
        blocks += _with_sentences(paper, [one for one in passages if one.part != "title"])
        blocks += _why(why[key]) if key in why else []
    blocks += [
        warn_of_retracted(papers),
        *references(papers),
        f"*{escape(where_searched(found.searched, found.query))}*",
    ]
    return "\n\n".join(block for block in blocks if block) + "\n"


def _with_sentences(paper: Paper, sentences: Sequence[Evidence | Passage], note: str = "") -> list[str]:
    head = f"**{escape(paper.title)}** {cite([paper.key])}" + (f", {note}" if note else "")
    return [head, *(f"> {escape(one.text)}\n> — `{one.key}`, {place(one)}" for one in sentences)]


def _why(reasoned: Reasoned) -> list[str]:
    words = sorted(reasoned.words.items(), key=lambda word: (-word[1], word[0]))
    rows = [[escape(word), f"{adds:.3f}"] for word, adds in words]
    said = f"Score {reasoned.score:.3f}: the paper {reasoned.paper_score:.3f}, its best sentence {reasoned.sentence_score:.3f}."
    return [table(["Word", "Adds"], rows), f"{said} {escape(lacking(reasoned))}".strip()]
