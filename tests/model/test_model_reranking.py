"""Comparing by meaning, wired: only where it is wished for and named, recorded and replayed, and never needed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from endpoint import NO_EMBEDDINGS, Action, Received, ScriptedEndpoint, embedded, good, letters
from surveying import DATE, settings
from synthetic import answer

from agent import Review
from agent.api.wiring import Opened, Wishes, open_engine
from agent.engines.extractive import ExtractiveEngine
from agent.engines.protocol import Silent
from agent.errors import UsageError
from agent.llm.cassette import load
from agent.settings import STEPS, resolve

QUERY, TEXTS = "steel bridges", ["wells and water", "bridges of steel"]
NOBODY = {"HOME": "/nowhere", "LITREVIEW_EMBEDDING_MODEL": "vectors"}


class Noting(Silent):
    """An observer that keeps its notes."""

    def __init__(self) -> None:
        self.notes: list[str] = []

    def note(self, message: str) -> None:
        self.notes.append(message)


def embeds(came: Received) -> Action:
    """Letters are counted, questions are answered by the synthetic model."""
    return embedded(letters(came.body["input"])) if "input" in came.body else answer(came)


@pytest.fixture
def there() -> Iterator[ScriptedEndpoint]:
    with ScriptedEndpoint(embeds) as endpoint:
        yield endpoint


def used(
    variables: dict[str, str],
    folder: Path,
    use: Callable[[Opened], Any],
    observer: Noting | None = None,
    **wishes: Any,
) -> Any:
    """What an engine that is opened under these variables and wishes is used for."""

    async def ask() -> Any:
        stated = resolve(variables, None, None, {})
        async with open_engine(stated, folder / "replies", Wishes(**wishes), observer) as opened:
            found = use(opened)
            found = await found if asyncio.iscoroutine(found) else found
            opened.finish(DATE, is_complete=True)
            return found

    return asyncio.run(ask())


def compare(opened: Opened) -> Any:
    assert opened.reranker is not None
    return opened.reranker.rerank(QUERY, TEXTS)


def is_open(opened: Opened) -> bool:
    return opened.reranker is not None


@pytest.mark.parametrize("more", [{}, {"engine": "extractive"}], ids=["model", "extractive"])
def test_it_is_there_where_it_is_wished_for_and_named(
    there: ScriptedEndpoint, tmp_path: Path, more: dict[str, str]
) -> None:
    """A model's name alone or a wish alone brings nothing, and nothing is asked by being there."""
    named, unnamed = settings(there, tmp_path, embedding_model="vectors", **more), settings(there, tmp_path, **more)  # fmt: skip
    assert used(named, tmp_path, is_open, reranks=True)
    assert not used(named, tmp_path, is_open)
    assert not used(unnamed, tmp_path, is_open, reranks=True)
    assert not there.received


@pytest.mark.parametrize("more", [{}, {"engine": "extractive"}], ids=["model", "extractive"])
def test_texts_are_compared_whoever_drafts(
    there: ScriptedEndpoint, tmp_path: Path, more: dict[str, str]
) -> None:
    """The vectors of the model that is named, asked once; the engine that quotes has them, too."""
    variables = settings(there, tmp_path, embedding_model="vectors", **more)
    wells, bridges = used(variables, tmp_path, compare, reranks=True)
    assert wells < bridges
    assert [body["model"] for body in there.bodies] == ["vectors"] * 3
    assert used(variables, tmp_path, compare, reranks=True) == [wells, bridges]
    assert len(there.received) == 3


def test_a_survey_opens_no_line_for_it(tmp_path: Path) -> None:
    """Without a model and without a wish there is no store, no key is needed, and who drafts is as ever."""
    assert used(NOBODY, tmp_path, lambda opened: (type(opened.engine), opened.line)) == (
        ExtractiveEngine,
        None,
    )
    assert not (tmp_path / "replies").exists()


NOT_SET = {
    "key": ({}, "no key is set"),
    "prices": ({"LITREVIEW_MAX_COST": "1", "OPENAI_API_KEY": "x"}, "prices"),
}


@pytest.mark.parametrize("name", NOT_SET)
def test_what_is_not_set_is_said_and_costs_nothing(tmp_path: Path, name: str) -> None:
    """Without a key or a price nothing is sent; the engine that quotes goes on, and says once what to set."""
    more, words = NOT_SET[name]
    observer = Noting()
    assert used({**NOBODY, **more}, tmp_path, compare, observer, reranks=True) is None
    [note] = observer.notes
    assert words in note and "set " in note and "the order by words stands" in note


def test_an_endpoint_without_embeddings_is_said_once(tmp_path: Path) -> None:
    """One question, one note, and no opinion."""
    observer = Noting()
    with ScriptedEndpoint([NO_EMBEDDINGS]) as there:
        variables = settings(there, tmp_path, embedding_model="vectors")
        assert used(variables, tmp_path, compare, observer, reranks=True) is None
        assert len(there.received) == len(observer.notes) == 1


# Recording and replay


def test_a_recording_names_the_model_and_a_replay_compares_the_same(
    there: ScriptedEndpoint, tmp_path: Path
) -> None:
    """Whatever is set then, and with nobody there."""
    variables = settings(there, tmp_path, embedding_model="vectors")
    tape = tmp_path / "tape.jsonl"
    recorded = used(variables, tmp_path, compare, reranks=True, record=tape)
    models = load(tape).head.models
    assert models["embed"] == "vectors" and set(models) == {*STEPS, "embed"}
    there.received.clear()
    for others in ({"HOME": "/nowhere"}, {**variables, "LITREVIEW_EMBEDDING_MODEL": "others"}):
        assert used(others, tmp_path, compare, reranks=True, replay=tape) == recorded
    assert not there.received


def test_a_recording_without_it_replays_without_it(there: ScriptedEndpoint, tmp_path: Path) -> None:
    """Made with no embedding model, or for a product that compares nothing, it names none."""
    tape = tmp_path / "tape.jsonl"
    variables = settings(there, tmp_path, embedding_model="vectors")
    used(variables, tmp_path, is_open, record=tape)
    assert set(load(tape).head.models) == set(STEPS)
    assert not used(variables, tmp_path, is_open, reranks=True, replay=tape)


def test_what_was_not_recorded_is_said_and_ends_nothing(there: ScriptedEndpoint, tmp_path: Path) -> None:
    """A replay with other papers stands on the order by words as far as it gets."""
    tape, observer = tmp_path / "tape.jsonl", Noting()
    variables = settings(there, tmp_path, embedding_model="vectors")
    used(variables, tmp_path, is_open, reranks=True, record=tape)
    assert used(variables, tmp_path, compare, observer, reranks=True, replay=tape) is None
    assert len(observer.notes) == 1 and "nothing was recorded for step 'embed'" in observer.notes[0]


def test_vectors_alone_are_no_recording(there: ScriptedEndpoint, tmp_path: Path) -> None:
    """A recording is of what a model drafts."""
    variables = settings(there, tmp_path, embedding_model="vectors", engine="extractive")
    with pytest.raises(UsageError, match="--record"):
        used(variables, tmp_path, is_open, reranks=True, record=tmp_path / "tape.jsonl")


# Looking ahead


def test_a_dry_run_counts_what_would_be_embedded(there: ScriptedEndpoint, tmp_path: Path) -> None:
    """Each text that is not stored yet; nothing is sent, nothing is said."""
    variables = settings(there, tmp_path, embedding_model="vectors", engine="extractive")
    observer = Noting()

    async def dry(opened: Opened) -> list[str]:
        assert opened.line and opened.line.dry and await compare(opened) is None
        return [request.step for request in opened.line.dry.requests.values()]

    assert used(variables, tmp_path, dry, observer, reranks=True, is_dry=True) == ["embed"] * 3
    assert not there.received and not observer.notes
    used(variables, tmp_path, compare, reranks=True)

    async def stored(opened: Opened) -> tuple[bool, int]:
        assert opened.line and opened.line.dry
        return await compare(opened) is not None, len(opened.line.dry.requests)

    assert used(variables, tmp_path, stored, reranks=True, is_dry=True) == (True, 0)


def test_the_doctor_looks_at_it(tmp_path: Path) -> None:
    """Beside a model, or where it is all that is named."""

    def usual(came: Received) -> Action:
        return embedded([1.0, 2.0]) if "input" in came.body else good()

    with ScriptedEndpoint(usual) as there:
        variables = settings(there, tmp_path, embedding_model="vectors")
        beside = Review(tmp_path, environment=variables).doctor()
        del variables["LITREVIEW_MODEL"]
        alone = Review(tmp_path, environment=variables).doctor()
    assert beside.findings[0].what == "model synthetic answers" and len(beside.findings) > len(alone.findings)
    for found in (beside, alone):
        last = found.findings[-1]
        assert found.is_usable and (last.what, last.state) == ("model vectors gives embeddings", "ok")
