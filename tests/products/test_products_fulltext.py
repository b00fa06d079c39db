"""Surveys of papers whose whole texts are there: what is read of them, what is shown, what is said about it."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest
from endpoint import Received, ScriptedEndpoint
from printed_papers import (
    ABSTRACT,
    BASELINE,
    CLAIM,
    FIRST,
    LIMIT,
    OTHERS,
    PLAIN,
    RESULT,
    SECOND,
    SHOWN,
    TITLE,
    paper_pdf,
)
from surveying import desk
from synthetic import NUMBERED, answer, question

from agent import Review
from agent.engines.extractive.reading import pick_limits
from agent.library import Library
from agent.products.scope import load_scope
from agent.records import Body, Paper, SectionMark, Survey, Texts, to_json
from agent.text.numbered import Corpus, number_sentences

DAY = "2026-01-15"
OTHER = {
    "title": "RadarGauge: The Levels of Rivers from Radar",
    "abstract": "Levels of rivers are read by hand. We present RadarGauge, a method that reads levels of rivers with radar.",
    "key": "radar",
}
FLOAT = {"title": TITLE, "abstract": ABSTRACT, "key": "float", "files": ["float.pdf"]}


def laid_out(folder: Path, *records: dict[str, Any], printed: bytes | None = None) -> list[Path]:
    """A file of records and a PDF beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    file, pdf = folder / "papers.jsonl", folder / "float.pdf"
    file.write_text("".join(f"{json.dumps(record)}\n" for record in records), encoding="utf-8")
    pdf.write_bytes(printed or paper_pdf())
    return [file, pdf]


def review(folder: Path, **options: str) -> Review:
    return Review(folder, environment={"HOME": str(folder)}, options=options)


def digests(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


def body_of(*sections: tuple[str, str]) -> Body:
    """A body of headings and their texts, on one page."""
    text, marks = "", []
    for title, content in sections:
        marks.append(SectionMark(title=title, start=len(text)))
        text += f"{title}\n\n{content}\n\n"
    return Body(text=text.rstrip(), pages=(0,), sections=tuple(marks))


def paper(abstract: str | None = ABSTRACT) -> Paper:
    return Paper(key="float", title=TITLE, title_original=TITLE, texts=Texts(title=TITLE, abstract=abstract))


WHOLE = body_of(*FIRST, *SECOND)


def test_sentences_are_numbered_through() -> None:
    """The title is 0, the abstract's sentences follow, then those of the body that are worth it, each verbatim."""
    found = number_sentences(paper(), WHOLE)
    assert [one.part for one in found.sentences] == ["title", "abstract", "abstract", "body", "body", "body"]
    assert [one.text for one in found.sentences[3:]] == list(SHOWN)
    assert (found.opening, found.has_body, found.of_limits) == (3, True, frozenset({5}))
    for one in found.sentences[3:]:
        assert WHOLE.text[one.start : one.end] == one.text
        assert one.page == WHOLE.page_at(one.start)


def test_a_sentence_keeps_its_number() -> None:
    """It counts among all sentences of the body, so that showing others changes nothing."""
    alone = number_sentences(paper(None), WHOLE)
    numbers = {
        one.text: one.sentence for one in number_sentences(paper(), WHOLE).sentences if one.part == "body"
    }
    assert numbers == {one.text: one.sentence for one in alone.sentences[1:]}
    dull = "A gauge is a gauge, by da".ljust(len(RESULT) - 1, "y") + "."
    duller = WHOLE.model_copy(update={"text": WHOLE.text.replace(RESULT, dull)})
    shown = [one for one in number_sentences(paper(), duller).sentences if one.part == "body"]
    assert {one.text: one.sentence for one in shown} == {
        text: n for text, n in numbers.items() if text != RESULT
    }


def test_what_others_did_is_not_shown() -> None:
    """No sentence about other people's work, no row of a table, no outline and nothing plain but of limits, wherever it stands."""
    bad = [
        OTHERS,
        BASELINE,
        PLAIN,
        "In contrast, Doe and Poe (2019) present a gauge with an error of 9.9 mm, 20% lower than before.",
        "Prior work reaches an error of 7.8 mm on these rivers, which is 10% lower than by hand.",
        "The rest of this paper is organized as follows, and we present the gauge in Section 2.",
    ]
    for place in ("Introduction", "Results", "Discussion", "Conclusion", "Limitations"):
        body = body_of(("Introduction", CLAIM), (place, " ".join(bad)))
        shown = {one.text for one in number_sentences(paper(), body).sentences if one.part == "body"}
        assert CLAIM in shown
        assert not shown & {one for one in bad if (one, place) != (PLAIN, "Limitations")}, place


@pytest.mark.parametrize("abstract", [ABSTRACT, None])
@pytest.mark.parametrize(
    ("sections", "wanted"),
    [
        ([("Limitations", "All of our rivers are small ones in two valleys of the same hills.")], [0]),
        ([("Threats to Validity", LIMIT), ("Conclusion", "This work is restricted to rivers without any ships.")], [0, 1]),
        ([("Conclusion", "Our study is limited to small rivers, and larger ones are left to future work.")], [0]),
        ([("Conclusion", "We show that a float is all that is needed to read a river.")], []),
    ],
)  # fmt: skip
def test_limitations_come_from_their_section(
    abstract: str | None, sections: list[tuple[str, str]], wanted: list[int]
) -> None:
    """What stands below Limitations is one whatever its words; elsewhere it must say so. An abstract is not needed."""
    found = number_sentences(paper(abstract), body_of(("Introduction", CLAIM), *sections))
    assert [found.sentences[n].text for n in pick_limits(found)] == [sections[n][1] for n in wanted]


def test_the_section_goes_before_other_places() -> None:
    """Where there are more than are picked, those of the section are, in order of the text."""
    early = "This work is restricted to rivers that are smaller than ten metres."
    lines = ("All of our rivers are small ones in two valleys of the same hills.", LIMIT)
    found = number_sentences(
        paper(), body_of(("Introduction", CLAIM), ("Discussion", early), ("Limitations", " ".join(lines)))
    )
    assert [found.sentences[n].text for n in pick_limits(found)] == list(lines)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Survey]:
    """A survey of three papers: one with abstract and body, one with a body only, one with an abstract only."""
    folder = tmp_path_factory.mktemp("three")
    files = laid_out(folder, FLOAT, OTHER)
    bare = folder / "bare.pdf"
    bare.write_bytes(paper_pdf("PondNet Reads the Level of a Pond", abstract=None))
    return folder, review(folder).survey([*files, bare], out=folder / "s", date=DAY)


def test_a_paper_without_an_abstract_is_read_by_its_body(made: tuple[Path, Survey]) -> None:
    """It is readable and cited, with sentences of its body that have their page."""
    folder, survey = made
    key = "pondnetreadsthelevel"
    assert {row.key: row.status for row in survey.ledger} == dict.fromkeys(("float", "radar", key), "cited")
    shown = [e for claim in survey.claims() for e in claim.evidence if e.key == key]
    assert {(e.part, e.text, e.page) for e in shown} == {("body", CLAIM, 1), ("body", RESULT, 2)}
    evidence = (folder / "s" / "evidence.md").read_text(encoding="utf-8")
    for one in shown:
        assert f"— `{key}`, body, sentence {one.sentence}, page {one.page}\n" in evidence
    stored = json.loads((folder / "s" / "survey.json").read_text(encoding="utf-8"))
    assert RESULT in {
        e["text"]
        for theme in stored["themes"]
        for paragraph in theme["paragraphs"]
        for claim in paragraph["claims"]
        for e in claim["evidence"]
    }


def test_the_document_says_what_was_read(made: tuple[Path, Survey], tmp_path: Path) -> None:
    """Of how many papers whole texts were read; of others only where there are others."""
    folder, survey = made
    assert survey.fulltext == ("float", "pondnetreadsthelevel")
    text = (folder / "s" / "survey.md").read_text(encoding="utf-8")
    assert (
        "Of 2 papers passages of the whole text were read too, of all others only titles and abstracts"
        in text
    )
    review(tmp_path).survey(laid_out(tmp_path, FLOAT), out=tmp_path / "s", date=DAY)
    text = (tmp_path / "s" / "survey.md").read_text(encoding="utf-8")
    assert "Of 1 paper passages of the whole text were read too: what a paper" in text


def test_limitations_stand_in_the_data(made: tuple[Path, Survey]) -> None:
    """Each paper with a body has its limitation, with the place; a paper without one has none."""
    _, survey = made
    for key in survey.fulltext:
        (limit,) = survey.summaries[key].limitations
        assert [(e.text, e.part, e.page) for e in limit.evidence] == [(LIMIT, "body", 2)]
    assert survey.summaries["radar"].limitations == ()


def test_off_is_as_if_there_were_none(tmp_path: Path) -> None:
    """Without whole texts every file is the same, byte for byte, as of a library that has none; with them it is not."""
    plain, *_ = laid_out(tmp_path / "a", FLOAT, OTHER)
    review(tmp_path / "a").survey([plain], out=tmp_path / "a" / "s", date=DAY)
    files = laid_out(tmp_path / "b", FLOAT, OTHER)
    review(tmp_path / "b", fulltext="off").survey(files, out=tmp_path / "b" / "s", date=DAY)
    assert digests(tmp_path / "a" / "s") == digests(tmp_path / "b" / "s")
    assert review(tmp_path / "b").survey(out=tmp_path / "b" / "t", date=DAY).fulltext == ("float",)
    assert digests(tmp_path / "b" / "t") != digests(tmp_path / "b" / "s")


def test_bodies_of_excluded_papers_change_nothing(tmp_path: Path) -> None:
    """What is left out of a survey is no part of what it was made from."""
    plain, pdf = laid_out(tmp_path, FLOAT, OTHER)
    one = review(tmp_path)
    one.add([plain])
    one.exclude("float")
    before = one.survey(out=tmp_path / "s", date=DAY)
    one.add([plain, pdf])
    after = one.survey(out=tmp_path / "t", date=DAY)
    assert to_json(before) == to_json(after)


def test_a_corpus_holds_what_a_scope_has(tmp_path: Path) -> None:
    """The library's bodies are those of the scope, and none without them."""
    one = review(tmp_path)
    one.add(laid_out(tmp_path, FLOAT, OTHER))
    with Library(one.workspace.library) as library:
        scope = load_scope(library)
    assert list(scope.bodies) == ["float"]
    assert [p.key for p in Corpus(scope.included, scope.bodies) if p.has_body] == ["float"]
    bare = scope.without_bodies()
    assert not any(p.has_body for p in Corpus(bare.included, bare.bodies))


def reading_of(received: list[Received]) -> dict[int, str]:
    """The numbered sentences of the one question about the float."""
    (asked,) = [
        one.body["messages"][1]["content"]
        for one in received
        if question(one.body) == "summarise" and TITLE in one.body["messages"][1]["content"]
    ]
    return {int(number): text for number, text in NUMBERED.findall(asked)}


def test_a_model_is_shown_the_body_behind_the_abstract(tmp_path: Path) -> None:
    """Title 0, abstract, body, numbered through; a claim on such a number is one on the body; nothing of others."""
    with ScriptedEndpoint(answer) as endpoint:
        one = desk(endpoint, tmp_path)
        files = laid_out(tmp_path, FLOAT, OTHER)
        counted = one.estimate(files)
        assert not endpoint.received
        survey = one.survey(files, out=tmp_path / "s", date=DAY)
        shown = reading_of(endpoint.received)
        asked = "\n".join(one.body["messages"][1]["content"] for one in endpoint.received)
        calls = sum(question(one.body) == "summarise" for one in endpoint.received)
    first, second = re.split(r"(?<=\.) ", ABSTRACT)
    assert shown == dict(enumerate([TITLE, first, second, *SHOWN]))
    assert OTHERS not in asked and BASELINE not in asked and PLAIN not in asked
    (found,) = survey.summaries["float"].findings  # the synthetic model takes the last sentence
    assert [(e.part, e.text, e.page) for e in found.evidence] == [("body", LIMIT, 2)]
    assert survey.fulltext == ("float",)
    (reading,) = [step for step in counted.steps if step.step == "read"]
    assert reading.calls == calls == 2


def test_a_dry_run_counts_the_bodies(tmp_path: Path) -> None:
    """As many calls, and about as many tokens more as the body's sentences have."""
    with ScriptedEndpoint(answer) as endpoint:
        files = laid_out(tmp_path, FLOAT, OTHER)
        tokens = {
            name: {
                step.step: step.input_tokens
                for step in desk(endpoint, tmp_path, fulltext=name).estimate(files).steps
            }
            for name in ("auto", "off")
        }
        assert not endpoint.received
    more = tokens["auto"]["read"] - tokens["off"]["read"]
    letters = sum(len(text) for text in SHOWN)
    assert letters / 5 < more < letters / 3
    assert tokens["auto"]["write"] > tokens["off"]["write"]
