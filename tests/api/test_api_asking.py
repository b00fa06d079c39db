"""Questions through the workspace: what is asked, kept, shown again, bounded and searched."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from agent import Review
from agent.errors import InputError, UsageError
from agent.records import Answer

SAMPLE = Path(__file__).parents[2] / "examples" / "papers.jsonl"
DAY = "2026-11-21"
FACT = "Does AWQ need backpropagation?"
PLAIN = {"HOME": "/nowhere", "PATH": "/usr/bin:/bin"}


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace that holds the sample corpus, indexed."""
    folder = tmp_path_factory.mktemp("filled")
    review = Review(folder, environment=PLAIN)
    review.add([SAMPLE], collection="sample")
    review.find("anything")
    return folder


@pytest.fixture
def review(filled: Path, tmp_path: Path) -> Review:
    folder = tmp_path / "desk"
    shutil.copytree(filled, folder)
    return Review(folder, environment=PLAIN)


def cited(answer: Answer) -> list[str]:
    return list(dict.fromkeys(key for claim in answer.claims for key in claim.citations))


def test_an_answer_rests_on_sentences(review: Review) -> None:
    """Every claim leads to a paper's very words, by offsets."""
    made = review.ask(FACT, date=DAY)
    assert made.status == "answered" and cited(made)[0].startswith("awq")
    for claim in made.claims:
        for one in claim.evidence:
            text = getattr(made.papers[one.key].texts, one.part)
            assert text[one.start : one.end] == one.text
    assert made.searched.papers == 24 and made.nearest[0].key == cited(made)[0]
    assert made.usage.calls == 0 and made.engine.name == "extractive"


def test_an_answer_is_kept_and_shown_again(review: Review) -> None:
    """The same asked again and answered the same is the same turn; another day or another paper makes no difference to it."""
    first = review.ask(FACT, date=DAY)
    assert (first.thread, first.turn) == (1, 1)
    assert review.ask(FACT, date=DAY) == first
    other = review.ask("What does KIVI quantize per channel?", date=DAY)
    assert other.thread == 2
    again = review.ask(FACT, date=DAY, fresh=True)
    assert (again.thread, again.turn) == (3, 1)
    review.forget_asked(3)
    kept = review.asked()
    assert [(turn.thread, turn.turn, turn.question) for turn in kept] == [
        (1, 1, FACT),
        (2, 1, other.question),
    ]
    assert review.asked(1)[0].answer == first
    review.remove(cited(first)[0])
    assert review.asked(1)[0].answer == first, "an answer stands as it was given"
    review.forget_asked(1)
    assert [turn.thread for turn in review.asked()] == [2]
    with pytest.raises(UsageError, match="no thread 1"):
        review.asked(1)


def test_a_further_question_leans_on_its_thread(review: Review) -> None:
    first = review.ask("What does AWQ search for?", date=DAY)
    second = review.ask("and does it need backpropagation?", thread=first.thread, date=DAY)
    assert (second.thread, second.turn) == (first.thread, 2)
    assert second.asked_as is not None and "AWQ" in second.asked_as
    assert cited(second)[0] == cited(first)[0]
    with pytest.raises(UsageError, match="no thread 9"):
        review.ask("and?", thread=9)


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("How long must a risotto cook and when does the butter go in?", "off_topic"),
        ("Which learning rate was used to train the models of AWQ?", "needs_full_text"),
    ],
)
def test_an_honest_no_says_why(review: Review, question: str, reason: str) -> None:
    made = review.ask(question, date=DAY)
    assert (made.status, made.reason) == ("not_stated", reason)
    assert made.claims == () and made.explanation and made.would_settle
    if reason == "needs_full_text":
        assert "litreview fulltext --attach awq" in made.would_settle


def test_where_is_looked(review: Review, tmp_path: Path) -> None:
    """Files, a collection, what is not excluded: the rest of the library changes nothing of an answer."""
    alone = tmp_path / "two.jsonl"
    lines = SAMPLE.read_text(encoding="utf-8").splitlines()
    alone.write_text("\n".join(line for line in lines if "AWQ" in line or "KIVI" in line), encoding="utf-8")
    few = review.ask(FACT, [alone], date=DAY)
    bare = Review(tmp_path / "bare", environment=PLAIN).ask(FACT, [alone], date=DAY)
    assert few.searched.papers == bare.searched.papers == len(alone.read_text().splitlines())
    assert few.model_dump(exclude={"papers"}) == bare.model_dump(exclude={"papers"})
    with pytest.raises(UsageError, match="no collection 'sampel'"):
        review.ask(FACT, collection="sampel")
    assert review.ask(FACT, collection="sample", date=DAY).searched.collection == "sample"
    gone = cited(few)[0]
    review.exclude(gone)
    without = review.ask(FACT, date=DAY)
    assert gone not in cited(without) and without.searched.papers == 23
    assert all(one.key != gone for one in without.passages)


def test_questions_that_are_none(review: Review, tmp_path: Path) -> None:
    for bad in ("", "  \n ", "???"):
        with pytest.raises(UsageError, match="is empty"):
            review.ask(bad)
    with pytest.raises(UsageError, match="2000 are the most"):
        review.find("word " * 1000)
    with pytest.raises(UsageError, match="--limit"):
        review.find("words", limit=0)
    empty = Review(tmp_path / "empty", environment=PLAIN)
    for verb in (empty.find, empty.ask, empty.cite):
        with pytest.raises(InputError, match="no papers here"):
            verb("What packs logs?")
    assert not empty.asked()


def test_passages_alone(review: Review) -> None:
    found = review.find("search for per-channel scaling guided by activations", limit=3, explain=True)
    said = [one for one in found.passages if one.part != "title"]
    assert len(said) == 3 and found.passages[0].key.startswith("awq")
    assert found.why is not None and {one.key for one in found.why} == set(found.papers)
    scores = [one.score for one in found.passages]
    assert scores == sorted(scores, reverse=True)


def test_who_may_be_cited(review: Review) -> None:
    """A sentence of a paper itself is borne by that paper; nothing is made of another subject."""
    told = review.papers()[0]
    sentence = (told.texts.abstract or "").split(". ")[1].rstrip(".") + "."
    made = review.cite(sentence, date=DAY)
    assert [one.key for one in made.supports] == [told.key] and not made.supports[0].judged
    nothing = review.cite("Sourdough rises in a cold kitchen.", date=DAY)
    assert not (nothing.supports or nothing.against)


SCRIPT = """
import sys, json
from agent import Review
folder, *files = sys.argv[1:]
review = Review(folder, environment={"HOME": "/nowhere"}, options={"workers": int(sys.stdin.read())})
review.add(files)
for question in ("Which papers quantize the KV cache?", "AWQ or KIVI: which one needs training data?", "How much faster is AWQ?"):
    print(json.dumps(review.ask(question, date="2026-11-21").model_dump(mode="json", exclude={"papers"}), sort_keys=True))
print(json.dumps(review.cite("Keys should be quantized per channel.", date="2026-11-21").model_dump(mode="json", exclude={"papers"}), sort_keys=True))
"""


def told(tmp_path: Path, name: str, lines: Sequence[str], seed: str, workers: str) -> str:
    source = tmp_path / f"{name}.jsonl"
    source.write_text("\n".join(lines), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(tmp_path / name), str(source)],
        input=workers, capture_output=True, text=True, check=True, timeout=60,
        env={"PYTHONHASHSEED": seed, "PATH": "/usr/bin:/bin"}, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    return done.stdout


def test_the_same_papers_give_the_same_bytes(tmp_path: Path) -> None:
    """Whatever the order of the records, the hash seed and the number of workers."""
    lines = SAMPLE.read_text(encoding="utf-8").splitlines()
    one = told(tmp_path, "one", lines, "0", "1")
    two = told(tmp_path, "two", lines[::-1], "7", "2")
    assert one == two
    assert json.loads(one.splitlines()[0])["claims"]
