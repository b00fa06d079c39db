"""Answers made by hand for these tests: every part of one is there, and the texts are as hostile as texts can be."""

from __future__ import annotations

from typing import Any

from desk import DAY, paper, person

from agent.records import (
    Answer,
    Cell,
    Cited,
    Claim,
    Column,
    Dropped,
    EngineInfo,
    Evidence,
    Found,
    Near,
    Paper,
    Passage,
    Problem,
    Reasoned,
    Row,
    Searched,
    Stance,
    Table,
    Usage,
)

HOSTILE = "Wells] of [@nobody] <script>alert(1)</script> \x1b[31m\u202e*red* | $5 {#id} \\cite{x} `tick` 量子"
EXTRACTIVE = EngineInfo(name="extractive", version="1", prompts="", verify="code")
MODEL = EngineInfo(
    name="model", models={"answer": "m-1", "judge": "m-2"}, version="1", prompts="p", verify="model"
)
PAPERS: dict[str, Paper] = {
    one.key: one
    for one in [
        paper("Lind:2021-a", "FloatLog: Water Levels from Floats", "Floats are slow. Floats cost 5 EUR.",
              authors=(person("Lind", "Eva"), person("Berg", "Jan", particle="van den")), year=2021, doi="10.5555/w_1"),
        paper("echo", "EchoWell: Water Levels from Sound", "Sound is 4.2x faster.", year=2020, url="https://example.org/echo_1"),
        paper("evil", HOSTILE, HOSTILE, authors=(person(HOSTILE, HOSTILE),)),
        paper("bare", "A Bare Title"),
    ]
}  # fmt: skip


def sentence(key: str, text: str, number: int = 1, **fields: Any) -> Evidence:
    return Evidence(**{"key": key, "part": "abstract", "sentence": number, "start": 0, "end": len(text), "text": text, **fields})  # fmt: skip


SLOW = sentence("Lind:2021-a", "Floats are slow.")
COSTS = sentence("Lind:2021-a", "Floats cost 5 EUR.", 2)
FAST = sentence("echo", "Sound is 4.2x faster.")
BAD = sentence("evil", HOSTILE)


def claim(number: str, text: str, *evidence: Evidence, **fields: Any) -> Claim:
    citations = tuple(dict.fromkeys(one.key for one in evidence))
    return Claim(**{"id": f"answer.{number}", "text": text, "kind": "fact", "citations": citations,
                    "evidence": evidence, "verdict": "supported", **fields})  # fmt: skip


def quote(number: str, evidence: Evidence) -> Claim:
    return claim(number, f"“{evidence.text}”", evidence)


PROSE = (
    claim("p1.c1", "Sound is faster than floats.", FAST, SLOW, kind="inference"),
    claim("p1.c2", "Floats cost 5 EUR.", COSTS, verdict="weak",
          problems=(Problem(code="figure", message="the 5 stands elsewhere"),)),
    claim("p2.c1", "None states what sound costs.", kind="gap", near=FAST, absent=("price",), scope=("echo",)),
    claim("p2.c2", f"It says {HOSTILE}.", BAD),
    claim("p2.c3", "Three papers speak of this.", kind="own", verdict=None),
)  # fmt: skip
QUOTES = (
    quote("p1.c1", SLOW),
    quote("p1.c2", COSTS),
    quote("p2.c1", BAD),
    quote("p3.c1", sentence("bare", "A Bare Title", 0, part="title")),
)
TABLE = Table(
    caption="Speed side by side",
    columns=(Column(id="speed", title="Speed-up"), Column(id="cost", title="Cost | EUR")),
    rows=(
        Row(key="echo", cells=(Cell(text="4.2x", evidence=(FAST,)), Cell())),
        Row(key="evil", cells=(Cell(text=HOSTILE, evidence=(BAD,)), Cell(text="5", evidence=(BAD,)))),
    ),
)
LEFT_OUT = Dropped(where="answer", claim=claim("p9.c9", "Floats are 9x faster.", SLOW, verdict="unsupported"))


def passage(key: str, text: str, score: float = 1.0, **fields: Any) -> Passage:
    return Passage(**{**sentence(key, text).model_dump(), "score": score, **fields})


def answer(**fields: Any) -> Answer:
    """An answer in prose with everything in it, by a model; `fields` in place of its own."""
    return Answer(
        **{
            "question": "Is sound faster than floats?", "kind": "fact", "date": DAY, "made_from": "0",
            "status": "answered", "explanation": "Answered from the 4 papers searched.", "claims": PROSE, "papers": PAPERS,
            "searched": Searched(papers=4, bodies=1, collection="wells", queries=("is sound faster", "sound speed")),
            "passages": (passage("echo", "Sound is 4.2x faster."),), "nearest": (Near(key="bare", title="A Bare Title"),),
            "engine": MODEL, "usage": Usage(), **fields,
        }
    )  # fmt: skip


def no_answer(why: str, **fields: Any) -> Answer:
    """An honest no."""
    return answer(
        **{
            "status": "not_stated", "reason": why, "claims": (), "explanation": f"Nothing on [this] {HOSTILE}.",
            "would_settle": f"the whole text of {HOSTILE}: `litreview fulltext`", "engine": EXTRACTIVE,
            "nearest": (Near(key="evil", title=HOSTILE), Near(key="echo", title=PAPERS["echo"].title)), **fields,
        }
    )  # fmt: skip


def cited(**fields: Any) -> Cited:
    """A sentence with papers of each stance; `fields` in place of its own."""
    return Cited(
        **{
            "sentence": f"Sound is faster, {HOSTILE}.", "date": DAY, "made_from": "0",
            "supports": (Stance(key="echo", evidence=(FAST,), judged=True), Stance(key="Lind:2021-a", evidence=(SLOW, COSTS))),
            "against": (Stance(key="evil", evidence=(BAD,)),), "related": (Stance(key="bare", evidence=()),),
            "papers": PAPERS, "searched": Searched(papers=4), "engine": EXTRACTIVE, "usage": Usage(), **fields,
        }
    )  # fmt: skip


def found(**fields: Any) -> Found:
    """Passages of three papers, with the reasons; `fields` in place of its own."""
    why = [
        Reasoned(key=key, score=0.9, paper_score=0.8, sentence_score=1.0, words={"sound": 0.25, HOSTILE: 1.5, "fast": 0.25},
                 lacking=("price", HOSTILE), own_name=key == "echo")
        for key in ("echo", "evil")
    ]  # fmt: skip
    return Found(
        **{
            "query": HOSTILE,
            "passages": (passage("echo", "Sound is 4.2x faster.", 3.0), passage("evil", HOSTILE, 2.0, part="body", page=7),
                         passage("echo", "EchoWell: Water Levels from Sound", 1.0, part="title", sentence=0)),
            "papers": PAPERS, "searched": Searched(papers=4, queries=(HOSTILE,)), "why": tuple(why), **fields,
        }
    )  # fmt: skip
