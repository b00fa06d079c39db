"""How near 437 readings come to what an endpoint of 200 ms allows, and what a call costs us.

    python benchmarks/calls.py

Prints the ratio of the ideal time (rounds of calls in flight, times the endpoint's) to the time taken, our own
CPU time a call, and the time of a replayed call at 50, 500 and 5,000 recordings. Start and import are left out.
"""

from __future__ import annotations

import asyncio
import math
import resource
import subprocess
import sys
import tempfile
import time
from contextlib import asynccontextmanager
from pathlib import Path

from agent.api.wiring import world
from agent.engines.llm import LLMEngine
from agent.engines.protocol import Silent
from agent.llm.cassette import Cassette, Head, record_of
from agent.llm.gateway import Gateway, StepSettings
from agent.llm.meter import Meter
from agent.llm.openai_client import Endpoint
from agent.llm.prompts import Prompts
from agent.llm.replay import Replay
from agent.llm.request import Request, Response, TokenUsage
from agent.llm.stack import Calling, open_line
from agent.records import Paper, Texts
from agent.settings import STEPS
from agent.steps.reader import read
from agent.text.numbered import Corpus

PAPERS, SECONDS, IN_FLIGHT, PORT = 437, 0.2, 32, 8766
STEP_SETTINGS = {step: StepSettings("m") for step in STEPS}


def corpus(count: int) -> Corpus:
    """Papers of usual length that nobody wrote."""
    abstract = " ".join(f"Sentence {n} says that thing {n} is done in a way of its own." for n in range(9))
    return Corpus(
        Paper(
            key=f"p{n}",
            title=f"Paper {n}",
            title_original=f"Paper {n}",
            texts=Texts(title=f"Paper {n}", abstract=abstract),
        )
        for n in range(count)
    )


def cpu() -> float:
    return sum(resource.getrusage(resource.RUSAGE_SELF)[:2])


async def reading() -> None:
    """Read all papers through the whole stack, over real HTTP."""
    papers = list(corpus(PAPERS))
    with tempfile.TemporaryDirectory() as folder:
        calling = Calling(Endpoint("k", f"http://127.0.0.1:{PORT}/v1"), Path(folder), concurrency=IN_FLIGHT)
        async with open_line(calling, world(), Meter()) as line:
            engine = LLMEngine(Gateway(line.transport, Prompts(), STEP_SETTINGS, "json_schema"))
            await read(engine, papers[:1], Silent())  # imports the client
            begun, used = time.perf_counter(), cpu()
            await read(engine, papers[1:], Silent())
            taken, used = time.perf_counter() - begun, cpu() - used
    calls = PAPERS - 1
    ideal = math.ceil(calls / IN_FLIGHT) * SECONDS
    print(f"{calls} readings, {IN_FLIGHT} in flight, {SECONDS:g} s each: {taken:.2f} s, ideal {ideal:.2f} s, "
          f"ratio {ideal / taken:.2f}")  # fmt: skip
    print(f"own CPU time a call: {1000 * used / calls:.2f} ms")


async def replaying(count: int) -> float:
    """Seconds of a replayed call with so many recordings."""

    def asked(n: int) -> Request:
        return Request("read", "m", ({"role": "user", "content": f"question {n} " * 300},), "text")

    requests = [asked(n) for n in range(count)]
    reply = Response("{}", "stop", TokenUsage(1, 1), "m")
    records = {request.key: record_of(request, reply) for request in requests}
    replay = Replay(Cassette(Head({}, "text", {}, "", {}), records), {})
    fresh = [asked(n % count) for n in range(1000)]
    begun = time.perf_counter()
    for request in fresh:
        await replay.send(request)
    return (time.perf_counter() - begun) / len(fresh)


@asynccontextmanager
async def served():  # type: ignore[no-untyped-def]
    server = subprocess.Popen(
        [sys.executable, str(Path(__file__).parent / "endpoint.py"), str(PORT), str(SECONDS)],
        stdout=subprocess.PIPE,
    )
    assert server.stdout is not None
    server.stdout.readline()
    try:
        yield
    finally:
        server.kill()
        server.communicate()


async def main() -> None:
    async with served():
        await reading()
    times = {count: await replaying(count) for count in (50, 500, 5000)}
    told = ", ".join(f"{count}: {1e6 * seconds:.0f} µs" for count, seconds in times.items())
    print(f"a replayed call by recordings: {told}; ratio 5,000 to 50: {times[5000] / times[50]:.2f}")


if __name__ == "__main__":
    asyncio.run(main())
