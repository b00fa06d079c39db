"""A synthetic model: it answers every question of ours in form, from the prompt's text, and thinks nothing.

What it writes is made up by the rules below and is no model's work. It quotes sentences, so that its claims hold.
"""

from __future__ import annotations

import json
import re
from typing import Any

from endpoint import Action, Received, good

PAPER = re.compile(r"^\[(P\d+)\] (.*)$", re.M)
SENTENCE = re.compile(r"^\[(P\d+)\.(\d+)\] (.*)$", re.M)
NUMBERED = re.compile(r"^\[(\d+)\] (.*)$", re.M)
CLAIM = re.compile(r"^\[(C\d+)\] (\w+): (.*?)((?: \[P\d+\.\d+\])*)$", re.M)
THEME = re.compile(r"^\[(T\d+)\]", re.M)
FLAG_EVERY = 5  # claims of which one is flagged


def answer(received: Received) -> Action:
    """A reply with token counts of its own kind: words and signs, not four characters each."""
    text = reply(received.body)
    return good(text, usage=(count_tokens(received.body), len(text.split())), model=received.body["model"])


def count_tokens(body: dict[str, Any]) -> int:
    """Tokens as this endpoint counts them: runs of letters, signs, and seven for the chat's frame."""
    words = sum(len(re.findall(r"\w+|[^\w\s]", message["content"])) for message in body["messages"])
    schema = body.get("response_format", {}).get("json_schema", {}).get("schema")
    return words + 7 + (len(json.dumps(schema)) // 5 if schema else 0)


def question(body: dict[str, Any]) -> str:
    """Which of our questions a request asks, by the words that its instructions open with."""
    system = body["messages"][0]["content"]
    return next(name for opening, name in OPENINGS.items() if system.startswith(opening))


def reply(body: dict[str, Any]) -> str:
    user = body["messages"][1]["content"]
    return json.dumps(ANSWERS[question(body)](user))


def _propose(user: str) -> Any:
    papers = [short for short, _ in PAPER.findall(user)]
    wanted = re.search(r"Number of themes wanted: (\d+)", user)
    count = int(wanted.group(1)) if wanted else max(1, round(len(papers) ** 0.5))
    size = -(-len(papers) // count)
    groups = [papers[start : start + size] for start in range(0, len(papers), size)]
    themes = [
        {"title": f"Synthetic theme {number}", "description": "Papers side by side.", "papers": group}
        for number, group in enumerate(groups, start=1)
    ]
    return {"topic": "synthetic matters", "themes": themes, "outliers": []}


def _place(user: str) -> Any:
    themes = THEME.findall(user.partition("<papers>")[0])
    papers = [short for short, _ in PAPER.findall(user)]
    return {
        "places": [
            {"paper": short, "theme": themes[number % len(themes)], "reason": None}
            for number, short in enumerate(papers)
        ]
    }


def _order(user: str) -> Any:
    return {"order": THEME.findall(user)[::-1]}


def _summarise(user: str) -> Any:
    sentences = {int(number): text for number, text in NUMBERED.findall(user)}
    told = min(1, max(sentences))
    nothing: dict[str, Any] = dict.fromkeys(("task", "problem"))
    lists: dict[str, Any] = {name: [] for name in ("also", "names", "results", "data", "models", "hardware",
                                                    "compared_with", "limitations", "links")}  # fmt: skip
    found = [{"text": sentences[max(sentences)], "evidence": [max(sentences)]}]
    approach = {"text": sentences[told], "evidence": [told]}
    return {"kind": "method", "approach": approach, "findings": found, **nothing, **lists}


def _section(user: str) -> Any:
    claims = [_own("The papers are taken one after another in this synthetic text.")]
    seen: set[str] = set()
    for short, number, text in SENTENCE.findall(user):
        if number != "0" and short not in seen:
            seen.add(short)
            claims.append(_fact(text, f"{short}.{number}"))
    titles = [(s, t) for s, n, t in SENTENCE.findall(user) if n == "0" and s not in seen]
    claims += [_fact(text, f"{short}.0") for short, text in titles]
    return {"paragraphs": [{"heading": None, "claims": claims}], "not_cited": []}


def _frame(user: str) -> Any:
    def part(text: str) -> Any:
        return {"paragraphs": [{"heading": None, "claims": [_own(text)]}]}

    return {
        "introduction": part("Here the synthetic themes begin."),
        "comparison": None,
        "outlook": part("And here they come to their end."),
    }


def _judge(user: str) -> Any:
    judgements = []
    for number, (short, kind, _, _) in enumerate(CLAIM.findall(user)):
        is_flagged = kind == "fact" and number % FLAG_EVERY == 2
        judgements.append(
            {
                "claim": short,
                "reason": "says it too flatly" if is_flagged else None,
                "verdict": "partly" if is_flagged else "supported",
            }
        )
    return {"judgements": judgements}


def _revise(user: str) -> Any:
    sentences = {f"{short}.{number}": text for short, number, text in SENTENCE.findall(user)}
    flagged = re.findall(r"^\[(C\d+)\] (\w+): (.*?)((?: \[P\d+\.\d+\])+)\n    FLAGGED", user, re.M)
    revisions = []
    for short, _, _, ids in flagged:
        [first, *_] = re.findall(r"P\d+\.\d+", ids)
        revisions.append({"claim": short, "new": _fact(f"It is said: {sentences[first]}", first)})
    return {"revisions": revisions}


def _plan_question(user: str) -> Any:
    asked = re.search(r"<question>\n(.*)\n</question>", user)
    before = re.findall(r"^Asked: (.*)$", user, re.M)
    said = asked.group(1) if asked else ""
    whole = f"{before[-1]} {said}" if before else said
    return {"question": whole, "kind": "fact", "queries": [], "sides": [], "papers": []}


def _answer(user: str) -> Any:
    """The sentence that shares the most words with the question."""
    asked = re.search(r"<question>\n(.*)\n</question>", user)
    wanted = set(re.findall(r"\w{4,}", (asked.group(1) if asked else "").lower()))
    found = [(len(wanted & set(re.findall(r"\w{4,}", text.lower()))), f"{short}.{number}", text)
             for short, number, text in SENTENCE.findall(user) if number != "0"]  # fmt: skip
    shared, sentence, text = max(found, key=lambda one: (one[0], one[1]))
    nothing = {"unstated": None, "wanted": [], "paragraphs": [], "table": None}
    if not shared:
        return {"status": "not_stated", "reason": "nothing_found", **nothing}
    claims = [{"heading": None, "claims": [_fact(f"“{text}”", sentence)]}]
    return {"status": "answered", "reason": None, **nothing, "paragraphs": claims}


def _stance(user: str) -> Any:
    [short, number, _] = next(found for found in SENTENCE.findall(user) if found[1] != "0")
    return {"stances": [{"paper": short, "stance": "related", "evidence": [f"{short}.{number}"]}]}


def _lead(user: str) -> Any:
    short, number, text = SENTENCE.findall(user)[-1]
    return {"claims": [_fact(f"“{text}”", f"{short}.{number}")]}


def _own(text: str) -> dict[str, Any]:
    return {"text": text, "kind": "own", "evidence": [], "absent": [], "near": None}


def _fact(text: str, sentence: str) -> dict[str, Any]:
    return {"text": text, "kind": "fact", "evidence": [sentence], "absent": [], "near": None}


OPENINGS = {
    "You plan a literature survey": "propose",
    "You place papers": "place",
    "You put the themes": "order",
    "You read one paper": "summarise",
    "You write one section": "draft_section",
    "You write what stands round": "draft_frame",
    "You are the editor": "judge",
    "You mend single claims": "revise",
    "You prepare a search": "plan_question",
    "You answer a researcher's question": "draft_answer",
    "A researcher has written a sentence": "stance",
    "You write the opening of a weekly digest": "draft_lead",
}
ANSWERS = {
    "propose": _propose,
    "place": _place,
    "order": _order,
    "summarise": _summarise,
    "draft_section": _section,
    "draft_frame": _frame,
    "judge": _judge,
    "revise": _revise,
    "plan_question": _plan_question,
    "draft_answer": _answer,
    "stance": _stance,
    "draft_lead": _lead,
}
