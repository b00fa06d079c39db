"""Recording and replay: what a run rests on is kept, and comes back without anybody being asked."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from endpoint import ScriptedEndpoint, good
from wired import SCHEMA, Answers, Clockwork, asked, calling, lost, outcome, replied, run

from agent.errors import InputError, LitreviewError, ModelError, OutputError
from agent.llm.cassette import FORMAT, Cassette, Head, Recorded, dump, load, parse_lines, record_of
from agent.llm.meter import Meter
from agent.llm.recording import Recording
from agent.llm.replay import Replay
from agent.llm.request import Request, Response
from agent.llm.stack import open_line

HEAD = Head(
    models={"read": "some-model"},
    output="text",
    sampling={"read": {"temperature": 0.2}},
    date="2026-01-02",
    prompts={"judge": "aa", "summarise": "bb"},
)
Serve = Callable[[Any], ScriptedEndpoint]


@pytest.fixture
def tape(tmp_path: Path) -> Path:
    return tmp_path / "tapes" / "survey.jsonl"


def partial(tape: Path) -> Path:
    return tape.with_name("survey.jsonl.partial")


def record(tape: Path, *texts: str, inner: Answers | None = None, is_complete: bool | None = True) -> Answers:
    """Ask these questions while recording; `is_complete=None` is a run that was killed before its end."""
    answers = inner or Answers(*(replied(f"reply to {text}") for text in texts))

    async def ask() -> None:
        recording = Recording(answers, tape)
        for text in texts:
            await recording.send(asked(text))
        if is_complete is not None:
            recording.finish(HEAD, is_complete=is_complete)

    run(ask())
    return answers


def questions(path: Path) -> list[str]:
    """What was asked, in alphabetical order, by a cassette's lines or those of an unfinished one."""
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]
    return sorted(line["request"]["messages"][0]["content"] for line in lines if "request" in line)


# Recording


def test_a_recording_holds_its_head_and_each_reply_by_key(tape: Path) -> None:
    """One line for what held for all, one line a request, sorted by key, and nothing is left beside it."""
    texts = [f"question {n}" for n in range(9)]
    record(tape, *texts)
    first, *lines = [json.loads(line) for line in tape.read_text(encoding="utf-8").splitlines()]
    assert first == {"format": FORMAT, **vars(HEAD)}
    assert [line["key"] for line in lines] == sorted(asked(text).key for text in texts)
    assert [sorted(line) for line in lines] == [["key", "request", "response", "step"]] * 9
    assert [path.name for path in tape.parent.iterdir()] == ["survey.jsonl"]


def test_equal_runs_make_equal_files(tmp_path: Path) -> None:
    """The order in which replies came is no part of a cassette."""
    one, other = tmp_path / "one.jsonl", tmp_path / "other.jsonl"
    record(one, "a", "b", "c", inner=Answers(replied()))
    record(other, "c", "a", "b", "a", inner=Answers(replied()))
    assert one.read_bytes() == other.read_bytes()


def test_a_cassette_reads_back(tape: Path) -> None:
    """Head, requests and replies are what was written."""
    record(tape, "a", "ä “b”\n")
    found = load(tape)
    assert found.head == HEAD
    assert found.records == {
        asked(text).key: record_of(asked(text), replied(f"reply to {text}")) for text in ("a", "ä “b”\n")
    }


def test_replies_are_written_as_they_come(tape: Path) -> None:
    """A run that is killed leaves what it had, though no cassette."""
    record(tape, "a", "b", is_complete=None)
    assert not tape.exists() and questions(partial(tape)) == ["a", "b"]


def test_an_interrupted_recording_goes_on(tape: Path) -> None:
    """What the first run had is not asked again, and the cassette holds both."""
    record(tape, "a", "b", is_complete=None)
    second = record(tape, "a", "b", "c")
    assert [request.messages[0]["content"] for request in second.requests] == ["c"]
    assert questions(tape) == ["a", "b", "c"] and not partial(tape).exists()


@pytest.mark.parametrize("torn", ['{"key":"abc', '{"key":"abc"}', "\0\0\0", '{"key":"ä'], ids=repr)
def test_a_torn_last_line_is_left_out(tape: Path, torn: str) -> None:
    """A recording that was killed in the middle of a line goes on with the whole ones."""
    record(tape, "a", is_complete=None)
    with partial(tape).open("ab") as file:
        file.write(torn.encode()[:-1] if torn.endswith("ä") else torn.encode())
    second = record(tape, "a", "b")
    assert len(second.requests) == 1 and questions(tape) == ["a", "b"]
    assert all(line.response.text for line in load(tape).records.values())


def test_what_comes_after_a_torn_line_is_whole(tape: Path) -> None:
    """Interrupted twice: what the second run recorded is there for the third."""
    record(tape, "a", is_complete=None)
    with partial(tape).open("a", encoding="utf-8") as file:
        file.write('{"key":"abc')
    record(tape, "b", is_complete=None)
    assert record(tape, "a", "b").requests == []


def test_a_whole_recording_drops_what_it_did_not_use(tape: Path) -> None:
    """Recording anew asks what is new, reuses what stands there and drops the rest."""
    record(tape, "a", "b")
    second = record(tape, "b", "c")
    assert [request.messages[0]["content"] for request in second.requests] == ["c"]
    assert questions(tape) == ["b", "c"]


def test_an_incomplete_recording_keeps_what_it_did_not_use(tape: Path) -> None:
    """A run that fell short may have needed it."""
    record(tape, "a", "b")
    record(tape, "c", is_complete=False)
    assert questions(tape) == ["a", "b", "c"]


def test_a_recording_that_is_killed_leaves_the_old_one(tape: Path) -> None:
    """The cassette is replaced as a whole, at the end."""
    record(tape, "a")
    before = tape.read_bytes()
    record(tape, "b", is_complete=None)
    assert tape.read_bytes() == before


def test_errors_are_not_recorded(tape: Path) -> None:
    """Only replies are; a question that failed is asked the next time."""
    inner = Answers(lost("refusal", "request"), replied("fine"))

    async def ask() -> list[Response | str]:
        recording = Recording(inner, tape)
        came = [await outcome(recording.send(asked())) for _ in range(2)]
        recording.finish(HEAD, is_complete=True)
        return came

    assert run(ask()) == ["refusal", replied("fine")]
    assert [one.response.text for one in load(tape).records.values()] == ["fine"]


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    """A file in the way of the folder is told, with what to do."""
    (tmp_path / "tapes").write_text("a file", encoding="utf-8")
    with pytest.raises(LitreviewError) as caught:
        record(tmp_path / "tapes" / "survey.jsonl", "a")
    assert isinstance(caught.value, OutputError) and "--record" in (caught.value.hint or "")


BROKEN = {
    "empty": "",
    "another file": "# A survey\n",
    "a list": "[]\n",
    "another format": '{"format":"litreview/cassette@0"}\n',
    "no head": '{"format":"litreview/cassette@1"}\n',
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_no_cassette_is_told(tape: Path, name: str) -> None:
    """With the file, the line and the format that is read; and it is not written over."""
    tape.parent.mkdir()
    tape.write_text(BROKEN[name], encoding="utf-8")
    for read in (load, lambda path: Recording(Answers(), path)):
        with pytest.raises(InputError, match=r"survey\.jsonl, line 1: .*litreview/cassette@1"):
            read(tape)
    assert tape.read_text(encoding="utf-8") == BROKEN[name]


LINES = {
    "half": '{"key":"a',
    "a list": "[]",
    "no request": '{"key":"a","step":"read","response":{}}',
    "no text": '{"key":"a","step":"read","request":{},"response":{"finish_reason":"stop"}}',
}


@pytest.mark.parametrize("name", LINES)
def test_a_broken_line_is_told_by_its_number(tape: Path, name: str) -> None:
    """A cassette that was edited by hand says where."""
    record(tape, "a")
    with tape.open("a", encoding="utf-8") as file:
        file.write(LINES[name] + "\n")
    with pytest.raises(InputError, match="line 3"):
        load(tape)


@pytest.mark.parametrize("response", ["[]", '"text"', '{"text":"x","finish_reason":"stop","usage":"many"}'])
def test_a_reply_of_another_kind_is_told_by_its_line(tape: Path, response: str) -> None:
    """JSON of another shape where the reply should stand is no crash."""
    record(tape, "a")
    with tape.open("a", encoding="utf-8") as file:
        file.write(f'{{"key":"a","step":"read","request":{{}},"response":{response}}}\n')
    with pytest.raises(InputError, match="line 3"):
        load(tape)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    """The hint says how to make one."""
    with pytest.raises(InputError, match="cannot be read") as caught:
        load(tmp_path / "none.jsonl")
    assert "--record" in (caught.value.hint or "")


SEPARATORS = {"next line": "\x85", "line separator": "\u2028", "paragraph separator": "\u2029"}


@pytest.mark.parametrize("name", SEPARATORS)
def test_signs_that_end_lines_elsewhere(tape: Path, name: str) -> None:
    """A reply may hold any sign of Unicode; a line of the file ends at a line feed alone."""
    record(tape, "a", inner=Answers(replied(f"one{SEPARATORS[name]}two")), is_complete=None)
    assert len(parse_lines(partial(tape).read_text(encoding="utf-8"))) == 1
    record(tape, "a")
    assert len(load(tape).records) == 1


def test_signs_that_end_lines_elsewhere_and_are_escaped(tape: Path) -> None:
    """Line feeds, carriage returns and other controls come back as they were."""
    text = "".join(map(chr, range(32))) + "\x7f\U0001f600"
    record(tape, "a", inner=Answers(replied(text)))
    assert load(tape).records[asked("a").key].response.text == text


# Replay

HOT = {"temperature": 0.2}


def cassette(*requests: Request) -> Cassette:
    return Cassette(HEAD, {one.key: record_of(one, replied(f"reply {n}")) for n, one in enumerate(requests)})


def replayed(tape: Cassette, *requests: Request, prompts: dict[str, str] | None = None) -> list[Any]:
    async def ask() -> list[Any]:
        replay = Replay(tape, prompts or HEAD.prompts)
        return [await outcome(replay.send(request)) for request in requests]

    return run(ask())


def miss(tape: Cassette, request: Request, prompts: dict[str, str] | None = None) -> ModelError:
    with pytest.raises(ModelError) as caught:
        run(Replay(tape, prompts or HEAD.prompts).send(request))
    return caught.value


def test_replay_gives_what_was_recorded(serve: Serve, tape: Path, tmp_path: Path) -> None:
    """The replies of a real line come back without it, to whichever step asks."""
    there = serve(lambda came: good(f"reply {came.count}", usage=(came.count, 1)))

    async def ask() -> list[Response]:
        async with open_line(
            calling(there.base_url, tmp_path, record=tape), Clockwork().world, Meter()
        ) as line:
            came = [await line.transport.send(asked(text)) for text in ("a", "b")]
            assert line.recording is not None
            line.recording.finish(HEAD, is_complete=True)
            return came

    came = run(ask())
    assert replayed(load(tape), asked("b"), asked("a", step="judge"), asked("b")) == [
        came[1],
        came[0],
        came[1],
    ]
    assert len(there.received) == 2


def test_unused_is_what_nobody_asked_for() -> None:
    """What a replay left over is known by record."""
    replay = Replay(cassette(asked("a"), asked("b"), asked("c")), HEAD.prompts)
    run(outcome(replay.send(asked("b"))))
    run(outcome(replay.send(asked("d"))))
    assert {one.key for one in replay.unused} == {asked("a").key, asked("c").key}


LONG = "Sensors on bridges send their logs by radio. " * 20
DIFFERENCES = {
    "model": (
        asked(LONG),
        asked(LONG, model="bigger"),
        ['in model: "some-model" was recorded, "bigger" is asked'],
    ),
    "output": (
        asked(LONG),
        asked(LONG, output="json_object"),
        ['in output: "text" was', '"json_object" is asked'],
    ),
    "sampling": (
        asked(LONG, sampling=HOT),
        asked(LONG),
        ['in sampling: {"temperature":0.2} was recorded, {} is asked'],
    ),
    "schema": (
        asked(LONG, output="json_schema", schema=SCHEMA),
        asked(LONG, output="json_schema", schema={"type": "object"}),
        ['in schema: {"properties":{"ready"', '{"type":"object"} is asked'],
    ),
    "message": (
        asked(LONG + "Batteries last 14 months."),
        asked(LONG + "Batteries last 15 months."),
        [
            f"in the user message at character {len(LONG) + 16}",
            "last 14 months.”",
            "last 15 months.”",
        ],
    ),
    "another message": (
        asked(messages=({"role": "system", "content": "Do."}, {"role": "user", "content": "this"})),
        asked(messages=({"role": "system", "content": "Don't."}, {"role": "user", "content": "this"})),
        ["in the system message at character 2: recorded “Do.”, asked “Don't.”"],
    ),
    "more messages": (
        asked(LONG),
        asked(messages=({"role": "user", "content": LONG}, {"role": "user", "content": "more"})),
        ["in the number of messages"],
    ),
}


@pytest.mark.parametrize("name", DIFFERENCES)
def test_a_miss_says_what_differs_first(name: str) -> None:
    """The step, the nearest of its recordings and the first difference, with both sides of it."""
    recorded, wanted, words = DIFFERENCES[name]
    far = asked("Quite another question."), asked(LONG + "!", step="judge")
    error = miss(cassette(*far, recorded), wanted)
    assert (error.code, error.reach) == ("replay_miss", "run")
    assert "step 'read'" in error.message and f"nearest is {recorded.key[:12]}" in error.message
    for said in words:
        assert said in error.message, error.message
    assert "--record" in (error.hint or "") and len(error.message) < 500


def test_a_miss_in_a_step_without_recordings() -> None:
    """Where the step asked nothing in the recording there is no nearest."""
    error = miss(cassette(asked("a")), asked("a!", step="revise"))
    assert error.message == "nothing was recorded for step 'revise'"


def test_a_miss_names_prompts_that_changed() -> None:
    """Templates of other digests are told; equal ones, and those that the recording never asked with, are not."""
    error = miss(cassette(asked("a")), asked("b"), {"judge": "aa", "summarise": "changed", "order": "new"})
    assert "these prompts changed: summarise. " in (error.hint or "")
    assert "prompts changed" not in (miss(cassette(asked("a")), asked("b")).hint or "")


class Leafed(dict[str, Recorded]):
    """Records that count how often somebody looks through all of them."""

    looks = 0

    def values(self) -> Any:
        self.looks += 1
        return super().values()


def test_one_miss_is_looked_into() -> None:
    """A miss ends the run, so what the other questions of its round lack need not be found out."""
    records = Leafed(cassette(asked("a"), asked("b")).records)
    assert replayed(Cassette(HEAD, records), *(asked(f"new {n}") for n in range(4))) == ["replay_miss"] * 4
    assert records.looks == 1


def test_a_miss_in_an_empty_cassette() -> None:
    """A cassette of its head alone is one that holds nothing."""
    assert miss(cassette(), asked()).code == "replay_miss"


def test_a_cassette_is_written_sorted() -> None:
    """`dump` sorts whatever order it is given, and ends each line."""
    records = [record_of(asked(str(n)), replied()) for n in range(5)]
    assert dump(HEAD, records) == dump(HEAD, reversed(records))
    assert dump(HEAD, records).endswith("}\n")
