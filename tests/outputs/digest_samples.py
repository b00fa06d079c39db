"""Issues of a digest for these tests: of real papers as one would compose them, and of everything that is hostile."""

from __future__ import annotations

import os
import random
import zlib
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from desk import SAMPLE, paper, person

from agent.records import (
    BearsOn,
    Below,
    Claim,
    Digest,
    DigestCounts,
    DigestItem,
    DigestSource,
    DigestTheme,
    Dropped,
    EngineInfo,
    Evidence,
    Missing,
    Paper,
    Update,
    Usage,
)
from agent.sources import find_sources, read_source
from agent.text.numbered import number_sentences

PAGES = os.environ.get("LITREVIEW_PAGES")
NAMES = (("Ada", "Lovelace"), ("Grace", "Hopper"), ("Ngozi", "Okafor"), ("Jörg", "Müller"), ("小明", "王"),
         ("Thị Hồng", "Nguyễn"), ("José María", "de la Cruz"), ("Emmy", "Noether"), ("Srinivasa", "Ramanujan"),
         ("Chien-Shiung", "Wu"), ("Maryam", "Mirzakhani"), ("Alan", "Turing"))  # fmt: skip
WHYS = (
    "“quantization” and “KV cache” stand in its title",
    "near AWQ and GPTQ, which you named as examples",
    "by Grace Hopper, whom you follow; “low-bit” stands in its abstract",
)
BEARS = (
    "compares itself with AWQ, which you have",
    "bears on section 3, claim 12: “4 bits are enough for weights”",
)
THEMES = ("Key-value caches", "Weights in few bits", "Speculative decoding", "Sparsity and pruning", "Serving",
          "Long contexts", "Mixtures of experts", "Hardware and kernels", "Diffusion models", "Training in few bits",
          "Vision and language", "Evaluation")  # fmt: skip


@cache
def sample_papers() -> tuple[Paper, ...]:
    """The project's own sample papers."""
    return _read([SAMPLE])


@cache
def page_papers() -> tuple[Paper, ...]:
    """Every entry of the saved pages, those that come in more than one page included."""
    return _read([PAGES or ""])


def _read(places: Sequence[Any]) -> tuple[Paper, ...]:
    records = (record for source in find_sources(places) for record in read_source(source))
    found = [record for record in records if isinstance(record, Paper)]
    return tuple(one.model_copy(update={"key": f"paper{number}"}) for number, one in enumerate(found))


def many_papers(count: int) -> list[Paper]:
    """That many papers with real texts: of the saved pages if there are any, else of the samples, over and over."""
    base = page_papers() if PAGES else sample_papers()
    chosen: list[Paper] = []
    for number in range(count):
        one = base[number % len(base)]
        again = f" (part {number // len(base) + 1})" if number >= len(base) else ""
        known = random.Random(number)
        authors = [person(family, given) for given, family in known.sample(NAMES, 1 + number % 5)]
        chosen.append(
            one.model_copy(
                update={
                    "key": f"key{number}",
                    "title": one.title + again,
                    "authors": tuple(authors) if number % 7 else (),
                    "date": f"2026-08-{1 + number % 20:02}" if number % 3 else None,
                    "year": 2026,
                    "arxiv_id": f"2608.{number:05}" if number % 4 else None,
                    "venue": "Transactions on Small Numbers" if number % 6 == 0 else None,
                }
            )
        )
    return chosen


def claim_of(evidence: Evidence, **fields: Any) -> Claim:
    """A sentence of a paper, quoted."""
    stated = {"text": f"“{evidence.text}”", "citations": (evidence.key,), "verdict": "supported", **fields}
    return Claim(id=f"{evidence.key}.{evidence.sentence}", kind="fact", evidence=(evidence,), **stated)


def score_of(one: Paper) -> float:
    """Some relevance or other."""
    return zlib.crc32(one.key.encode()) % 1000 / 1000


def item_of(n: int, one: Paper) -> DigestItem:
    """The paper with two sentences of its abstract: the one that says what it does, and the last but one."""
    said = number_sentences(one).sentences[1:]
    doing = (
        next((e for e in said if " we " in f" {e.text.lower()}" and "ropose" in e.text), said[0])
        if said
        else None
    )
    last = said[-2] if len(said) > 1 else None
    chosen = [evidence for evidence in dict.fromkeys((doing, last)) if evidence]
    bears = (BearsOn(text=BEARS[n // 3 % 2], key="awq"),) if n % 3 == 1 else ()
    return DigestItem(
        n=n,
        key=one.key,
        score=score_of(one),
        why=WHYS[n % 3],
        claims=tuple(claim_of(evidence, verdict="weak" if n % 11 == 5 else "supported") for evidence in chosen),
        bears_on=bears,
    )  # fmt: skip


def engine(name: str = "extractive", verify: str = "code", **models: str) -> EngineInfo:
    return EngineInfo(name=name, models=models, version="1", prompts="0", verify=verify)  # type: ignore[arg-type]


def digest(papers: Iterable[Paper] = (), themes: Iterable[DigestTheme] = (), **fields: Any) -> Digest:
    """An issue with whatever is given, and plain values for the rest."""
    stated: dict[str, Any] = {
        "name": "quant",
        "topic": "low-bit inference",
        "issue": "2026-W34",
        "date": "2026-08-21",
        "since": "2026-08-14",
        "made_from": "0" * 64,
        "counts": DigestCounts(fetched=57, below=57),
        "sources": (DigestSource(source="arxiv", state="ok"),),
        "engine": engine(),
        "usage": Usage(),
        **fields,
    }
    return Digest(papers={one.key: one for one in papers}, themes=tuple(themes), **stated)


def issue_of(papers: Sequence[Paper], **fields: Any) -> Digest:
    """An issue of these papers: grouped, with a lead, two updates, and a footer in which everything occurs."""
    count = min(len(THEMES), max(1, round(len(papers) ** 0.5 / 1.7)))
    groups: list[list[Paper]] = [[] for _ in range(count)]
    for number, one in enumerate(papers):
        groups[number * 5 % count if number % 3 else 0].append(one)
    themes, n = [], 0
    for place, group in enumerate(group for group in groups if group):
        ranked = sorted(group, key=score_of, reverse=True)
        items = [item_of(n + at, one) for at, one in enumerate(ranked, start=1)]
        n += len(items)
        state = "continued" if place % 2 else "new"
        themes.append(DigestTheme(id=f"t{place}", title=THEMES[place], state=state, items=tuple(items)))
    themes.append(DigestTheme(id="quiet", title="Photonic accelerators", state="quiet"))
    old = [
        paper("old1", "An Earlier Look at Small Floats", doi="10.5555/floats_1"),
        paper("old2", "Rounding by Chance"),
    ]
    below = [
        paper(f"below{number}", f"Accelerated Expansion of the Universe, Part {number}")
        for number in range(1, 6)
    ]
    lead = [
        Claim(
            id="lead1",
            text="Four of this week’s papers ask how few bits a cache can do with; two of them say two.",
            kind="inference",
            citations=tuple(one.key for one in papers[:4]),
            verdict="supported",
        )
    ]
    stated: dict[str, Any] = {
        "lead": tuple(lead),
        "updates": (Update(n=n + 1, key="old1", what="appeared in Transactions on Small Numbers"), Update(n=n + 2, key="old2", what="version 3 of 18 August 2026")),
        "counts": DigestCounts(fetched=n + 55, carried=3, shown=n, updates=2, below=40, over_limit=7, disliked=2, duplicate=4, sent_before=3),
        "below": tuple(Below(key=one.key, title=one.title, score=0.31 - number / 100) for number, one in enumerate(below)),
        "sources": (DigestSource(source="arxiv: low-bit inference", state="ok"), DigestSource(source="Crossref", state="empty")),
        "dropped": (Dropped(where="lead", claim=lead[0]),),
        **fields,
    }  # fmt: skip
    return digest([*papers, *old, *below], themes, **stated)


NASTY = (
    "A title\r\nBcc: everybody@example.org\r\n\r\nand a body",
    "<script>alert(1)</script><img src=http://127.0.0.1/x.png onerror=alert(2)>",
    "\x00\x1b[31mred\x1b[0m\x07 \u202eesrever\u202c \u2066a\u2069 \ud800 \ufeffend",
    "a</p></td></table></style></title></script><!-- --><![CDATA[x]]>&amp;&lt;&#x41;&copy",
    "{{ 7 * 7 }} {% raw %} {# x #} ${x} %(a)s {0}",
    "“” ' \" ` = >< javascript:alert(1) data:text/html,x",
    "🧪👩‍🔬🏳️‍🌈 e\u0301\u0301\u0301 مرحبا بالعالم שלום 量子コンピュータ",
    "x" * 5000,
    "word " * 1000,
    "<!0.5%", "[x](javascript:y) ![i](http://127.0.0.1/i.png) **b** `c` | d", "=?utf-8?b?QQ==?=", "--=_alternative",
    "", " ", ".", "-- ", "From nobody", "&nbsp;&zwj;", "\u00ad\u200b\u2028\u2029\x85\x0b\x0c",
    "no characters: \ufffe\uffff",
)  # fmt: skip
LINKS = ("javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "file:///etc/passwd", "//example.org/x", "https://",
         "https://user:pw@example.org/", "https://example.org/\" onclick=\"x", "https://exa mple.org", "http://[::1", "ftp://x.org",
         "https://example.org/a b", "https://example.org/" + "y" * 3000, "\x01https://example.org/", "mailto:a@b.org")  # fmt: skip
SCRAPS = [*(one for one in NASTY if len(one) < 200), "<", ">", "&", '"', "'", "\n", "\t", "\r", "\\", "/", "<b>", "</div>",
          "<a href=x>", "<svg/onload=x>", "style=", "é", "中", "\u202e", "\u0600", "\U0001f600", "x", " ", "url(http://127.0.0.1/u)"]  # fmt: skip


def hostile_strings(count: int, seed: int = 0) -> list[str]:
    """Strings of scraps that are each meant to break out of something; the same for the same seed."""
    chance = random.Random(seed)
    made = ["".join(chance.choices(SCRAPS, k=chance.randint(1, 8))) for _ in range(count)]
    return [f"q{number} {text}" for number, text in enumerate(made)]


def hostile_issue(texts: Sequence[str] = NASTY, **fields: Any) -> Digest:
    """An issue in which every field is one of these texts."""
    chosen = [*texts]

    def text(number: int) -> str:
        return chosen[number % len(chosen)]

    papers = [
        paper(
            f"k{number}", text(number), text(number + 1), authors=(person(text(number + 2), text(number + 3)),), date=text(number + 4),
            venue=text(number + 5), url=LINKS[number % len(LINKS)], doi=text(number) if number % 5 == 4 else None, retracted=number % 9 == 1,
        )
        for number in range(len(chosen))
    ]  # fmt: skip
    items = tuple(
        DigestItem(
            n=number + 1,
            key=one.key,
            score=1.0,
            why=text(number + 6),
            claims=(Claim(id="c", text=text(number + 7), kind="gap", citations=(one.key,)),),
            bears_on=(BearsOn(text=text(number + 8)),),
        )
        for number, one in enumerate(papers)
    )
    stated: dict[str, Any] = {
        "name": text(0),
        "topic": text(3),
        "since": text(4),
        "lead": (Claim(id="l", text=text(1), kind="own", citations=(text(2),)),),
        "updates": tuple(
            Update(n=900 + number, key=f"k{number}", what=text(number)) for number in range(len(chosen))
        ),
        "missing": tuple(
            Missing(where=text(number), code="x", reason=text(number + 1)) for number in range(len(chosen))
        ),
        "below": tuple(Below(key="none", title=text(number), score=0.1) for number in range(len(chosen))),
        "sources": tuple(
            DigestSource(
                source=text(number), state=("broken", "empty", "ok")[number % 3], reason=text(number + 1)
            )  # type: ignore[arg-type]
            for number in range(len(chosen))
        ),
        "engine": engine("model", "model", write=text(2)),
        **fields,
    }
    themes = [
        DigestTheme(id="a", title=text(1), state="new", items=items),
        *(DigestTheme(id=f"q{number}", title=text(number), state="quiet") for number in range(len(chosen))),
    ]
    return digest(papers, themes, **stated)
