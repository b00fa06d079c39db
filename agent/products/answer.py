"""The answer: understand the question, look for it, draft and check, and say openly what came of it."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import asdict, dataclass

from agent.engines.extractive import ExtractiveEngine
from agent.engines.protocol import (
    AnswerInput,
    Before,
    Engine,
    Observer,
    QuestionDraft,
    QuestionInput,
    Reranker,
    Silent,
    StanceInput,
)
from agent.errors import InputError, ModelError
from agent.library.searching import search
from agent.products.empty import NOTHING
from agent.products.looking import Looked, look
from agent.products.outcomes import Looking, explain, would_settle
from agent.products.shelf import Shelf
from agent.records import Answer, Cited, EngineInfo, Missing, Paper, Searched, Usage, Verify, to_json
from agent.steps import checks
from agent.steps.answerer import Answered, answer, cited
from agent.steps.questions import understand
from agent.steps.stances import stand
from agent.text import VERSION as TEXT_VERSION
from agent.text.languages import is_translated
from agent.text.of_record import asks_of_record, is_of_many


@dataclass(frozen=True)
class AskOptions:
    """What the user asks of an answer; `before` are the turns of its thread, oldest first."""

    date: str
    verify: Verify = "code"
    language: str | None = None
    before: tuple[Before, ...] = ()


async def make_answer(
    engine: Engine,
    shelf: Shelf,
    question: str,
    options: AskOptions,
    observer: Observer,
    reranker: Reranker | None = None,
) -> Answer:
    """An answer with its evidence, or the reason why there is none.

    Raises:
        InputError: there is nothing to look in. ModelError: the endpoint cannot be used at all.
    """
    reader = ExtractiveEngine() if asks_of_record(question) else engine  # what needs no model asks none
    asked, lost = await _understood(reader, question, options, observer)
    found = await look(shelf.library, asked, shelf.keys, reranker, with_bodies=shelf.with_bodies)
    if not found.size:
        raise InputError(*NOTHING)
    is_of_record = asks_of_record(asked.question, found.meant, names_a_paper=bool(found.named))
    if is_of_record:
        answered = Answered("not_stated", "nothing_found")
        found = found.named_only() if found.named or is_of_many(asked.question, found.meant) else found
    else:
        answered = await _drafted(engine, asked, found, options, observer)
    rests_on = cited(answered.claims, answered.tables)
    info = _info(engine, options.verify, reranker)
    whole = _whole(shelf, [*rests_on, *answered.wanted])
    looking = Looking(
        question=asked.question,
        size=found.size,
        bodies=found.bodies if shelf.with_bodies else 0,
        unknown=found.unknown,
        excluded=len(shelf.excluded),
        named_excluded=_named_excluded(shelf, asked, answered),
        of_record=found.named if is_of_record else None,
    )
    return Answer(
        question=question,
        asked_as=asked.question if asked.question != question else None,
        kind=asked.kind,
        date=options.date,
        made_from=_made_from(info, shelf, found, options, asdict(asked)),
        status=answered.status,
        reason=answered.reason,
        explanation=explain(answered, looking, found.sources, whole),
        would_settle=would_settle(answered, looking, found.sources, whole),
        claims=answered.claims,
        dropped=answered.dropped,
        tables=answered.tables,
        missing=(*lost, *answered.missing),
        papers=_named_papers(found, rests_on, answered.wanted),
        searched=_searched(shelf, found),
        passages=found.listed,
        nearest=found.nearest,
        engine=info,
        usage=_usage(engine, reranker),
    )


async def _drafted(
    engine: Engine, asked: QuestionDraft, found: Looked, options: AskOptions, observer: Observer
) -> Answered:
    item = AnswerInput(
        asked, found.papers, found.matches, found.passages, found.size, found.unknown, found.meant
    )
    other = is_translated(options.language)
    return await answer(engine, item, options.verify, observer, is_translated=other)


def _named_excluded(shelf: Shelf, asked: QuestionDraft, answered: Answered) -> str | None:
    """A paper that the question calls by its name and that is not searched, where it is not plainly answered."""
    if not shelf.excluded or answered.status not in ("partial", "not_stated"):
        return None
    found = search(shelf.library, [asked.question], keys=shelf.excluded)
    return next((hit.key for hit in found.hits if hit.is_named), None)


async def make_citations(
    engine: Engine,
    shelf: Shelf,
    sentence: str,
    options: AskOptions,
    observer: Observer,
    reranker: Reranker | None = None,
) -> Cited:
    """The papers that support a sentence, those that speak against it, and those near to it.

    Raises:
        InputError: there is nothing to look in. ModelError: the endpoint cannot be used at all.
    """
    asked = QuestionDraft(sentence, "list")
    found = await look(shelf.library, asked, shelf.keys, reranker, with_bodies=shelf.with_bodies)
    if not found.size:
        raise InputError(*NOTHING)
    stood = await stand(engine, StanceInput(sentence, found.papers, found.passages), options.verify, observer)
    if stood.failure:
        raise ModelError(stood.failure.code, f"no answer came: {stood.failure.message}", "ask again, or use another model", reach="run")  # fmt: skip
    info = _info(engine, options.verify, reranker)
    stances = (*stood.supports, *stood.against, *stood.related)
    return Cited(
        sentence=sentence,
        date=options.date,
        made_from=_made_from(info, shelf, found, options, {"sentence": sentence}),
        supports=stood.supports,
        against=stood.against,
        related=stood.related,
        missing=stood.missing,
        papers={one.key: found.sources[one.key] for one in sorted(stances, key=lambda one: one.key)},
        searched=_searched(shelf, found),
        engine=info,
        usage=_usage(engine, reranker),
    )


async def _understood(
    engine: Engine, question: str, options: AskOptions, observer: Observer
) -> tuple[QuestionDraft, tuple[Missing, ...]]:
    """What is asked; where an engine cannot say, code reads it."""
    asked = QuestionInput(question, options.before)
    outcome = await understand(engine, asked, observer)
    if outcome.value is not None:
        return outcome.value, ()
    why = outcome.problems[0]
    lost = Missing(where="reading of the question", code=why.code, reason=why.message)
    plain = await understand(ExtractiveEngine(), asked, Silent())
    return plain.value or QuestionDraft(question, "fact"), (lost,)


def _whole(shelf: Shelf, keys: Collection[str]) -> list[str]:
    return [key for key in keys if shelf.with_bodies and shelf.library.body_digest(key)]


def _named_papers(found: Looked, rests_on: Collection[str], wanted: Collection[str]) -> dict[str, Paper]:
    """Every paper that the answer names, by key."""
    shown = [one.key for one in found.listed] + [one.key for one in found.nearest]
    keys = {*rests_on, *wanted, *shown}
    return {key: found.sources[key] for key in sorted(keys) if key in found.sources}


def _searched(shelf: Shelf, found: Looked) -> Searched:
    return Searched(
        collection=shelf.collection,
        papers=found.size,
        excluded=len(shelf.excluded),
        bodies=found.bodies if shelf.with_bodies else 0,
        queries=found.queries,
    )


def _info(engine: Engine, verify: Verify, reranker: Reranker | None) -> EngineInfo:
    """Who made it, the model that compared by meaning among them."""
    info = engine.info(verify)
    return info.model_copy(update={"models": {**info.models, "embed": reranker.model}}) if reranker else info


def _usage(engine: Engine, reranker: Reranker | None) -> Usage:
    return engine.usage().plus(reranker.usage()) if reranker else engine.usage()


def _made_from(
    info: EngineInfo, shelf: Shelf, found: Looked, options: AskOptions, asked: dict[str, object]
) -> str:
    """A digest of all that the answer was made from."""
    whole = {
        "asked": asked,
        "papers": {
            paper.key: hashlib.sha256(paper.text.encode()).hexdigest()
            for paper in sorted(found.papers, key=lambda paper: paper.key)
        },
        "searched": {
            "papers": found.size,
            "bodies": found.bodies,
            "collection": shelf.collection,
            "excluded": len(shelf.excluded),
        },
        "engine": info.model_dump(mode="json"),
        "language": options.language,
        "rules": {"text": TEXT_VERSION, "checks": checks.VERSION},
    }
    return hashlib.sha256(to_json(whole).encode()).hexdigest()


def before(turns: Collection[Answer]) -> tuple[Before, ...]:
    """Earlier answers of a thread as a further question sees them."""
    return tuple(
        Before(
            turn.asked_as or turn.question,
            turn.claims,
            {key: turn.papers[key] for key in cited(turn.claims, turn.tables) if key in turn.papers},
        )
        for turn in turns
    )
