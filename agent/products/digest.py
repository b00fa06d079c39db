"""The digest: what came in, what of it is new and relevant, by theme, with what it does, reports and bears on.

    arrive -> choose -> read -> group -> claim -> bear -> lead -> an issue, and what is remembered of it

`arrive` and `choose` (see `arrivals`) ask the library; from there on everything is data. An issue and what is remembered
of it are written in one go: `issuing.compose(..., remember=lambda: library.remember(made.memory))`. Until then
nothing is changed but the inbox, so that a run that ends half-way loses nothing and repeats nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from agent.engines.protocol import (
    ClaimDraft,
    Engine,
    LeadInput,
    LeadTheme,
    Observer,
    ParagraphDraft,
    SectionDraft,
    SentenceRef,
)
from agent.products.arrivals import Choice, Material
from agent.records import (
    BearsOn,
    Claim,
    Digest,
    DigestItem,
    DigestTheme,
    Dropped,
    Finding,
    Missing,
    Paper,
    Summary,
    Update,
    Verify,
    to_json,
)
from agent.records.digests import DigestSettings, IssueMemory, ReviewClaim, WaitingWork
from agent.steps import checks
from agent.steps.bearing import OwnWorks, Review
from agent.steps.checker import check_section
from agent.steps.checks import Context
from agent.steps.judging import judge_and_mend
from agent.steps.lead import Led, lead
from agent.steps.reader import Readings, read
from agent.steps.standing import Grouped, group
from agent.text import VERSION as TEXT_VERSION
from agent.text.languages import is_translated
from agent.text.numbered import Corpus, NumberedPaper

NOTICE = "-notice"  # behind an issue's name: that no source could be asked, which leaves the issue to come
MOST_TRIES = 2  # readings that may fail before a paper is shown without one


@dataclass(frozen=True)
class DigestOptions:
    """Which issue it is: its name and day, the day of the one before, and the claims of the reader's latest survey."""

    issue: str
    date: str
    since: str | None = None
    verify: Verify = "code"
    review: tuple[ReviewClaim, ...] = ()


@dataclass(frozen=True)
class MadeDigest:
    """An issue, and what is to be remembered of it once it is stored."""

    digest: Digest
    memory: IssueMemory

    @property
    def is_quiet(self) -> bool:
        """Whether there is nothing to tell: no new paper, no update."""
        return not self.digest.updates and not any(theme.items for theme in self.digest.themes)

    @property
    def is_broken(self) -> bool:
        """Whether a source could not be asked."""
        return any(source.state == "broken" for source in self.digest.sources)

    @property
    def is_unread(self) -> bool:
        """Whether there are records that could not be read."""
        return any(source.rejected for source in self.digest.sources)

    @property
    def is_all_broken(self) -> bool:
        """Whether no source could be asked: then nothing is known of this issue's time."""
        states = [source.state for source in self.digest.sources]
        return bool(states) and all(state == "broken" for state in states)

    @property
    def is_notice(self) -> bool:
        """Whether it only says that no source could be asked."""
        return self.digest.issue.endswith(NOTICE)

    def as_notice(self) -> MadeDigest:
        """The same under a name of its own, so that the issue's name is left for the issue."""
        return replace(self, digest=self.digest.model_copy(update={"issue": f"{self.digest.issue}{NOTICE}"}))


async def make_digest(
    engine: Engine, material: Material, options: DigestOptions, observer: Observer
) -> MadeDigest:
    """Everything from what was chosen to the finished issue, but its documents.

    Raises:
        ModelError: the engine cannot be used at all.
    """
    keys = [one.key for one in material.chosen]
    shown = Corpus((material.papers[key] for key in keys), material.bodies)
    readings = await read(engine, shown.some(keys), observer)
    material, put_off = _put_off(material, readings)
    keys = [one.key for one in material.chosen]
    every = Corpus([*(material.papers[key] for key in keys), *material.standing.values()], material.bodies)
    topic = material.settings.topic
    grouped = await group(engine, every, keys, material.plan, topic, observer)
    corpus = shown.part(keys)
    said = await _claims(engine, grouped, corpus, readings.summaries, material, options, observer)
    bears = _bearing(material, corpus, said, options)
    themes = _themes(grouped, material, said, bears)
    led = await _lead(engine, material, grouped, corpus, said, options, observer)
    updates = tuple(
        Update(n=number, key=one.key, what=one.what, is_retraction=one.is_retraction)
        for number, one in enumerate(material.updates, start=len(keys) + 1)
    )
    info = engine.info(options.verify)
    digest = Digest(
        name=material.settings.name,
        topic=topic,
        issue=options.issue,
        date=options.date,
        since=options.since,
        made_from=_made_from(material, grouped, info.model_dump(mode="json"), options),
        lead=led.claims,
        papers=_named_papers(material, keys, themes),
        themes=themes,
        updates=updates,
        dropped=(*said.dropped, *led.dropped),
        missing=(*readings.missing, *grouped.missing, *said.missing, *led.missing),
        counts=material.counts,
        below=material.below,
        sources=material.sources,
        engine=info,
        usage=engine.usage(),
    )
    return MadeDigest(digest, _memory(digest, material, put_off, grouped))


def _put_off(material: Material, readings: Readings) -> tuple[Material, tuple[WaitingWork, ...]]:
    """Leave out what could not be read, to be tried again with the next issue; what fails again is shown as it is."""
    lost = {missing.where.removeprefix("reading of ") for missing in readings.missing}
    put_off = [one for one in material.chosen if one.key in lost and one.failed + 1 < MOST_TRIES]
    if not put_off:
        return material, ()
    counts = material.counts.model_copy(
        update={
            "shown": material.counts.shown - len(put_off),
            "failed": material.counts.failed + len(put_off),
        }
    )
    kept = tuple(one for one in material.chosen if one not in put_off)
    return replace(material, chosen=kept, counts=counts), tuple(
        one.waiting(has_failed=True) for one in put_off
    )


# Claims


@dataclass(frozen=True)
class _Said:
    """The claims of each paper that were kept, those that were dropped, and what could not be looked at."""

    claims: Mapping[str, tuple[Claim, ...]]
    dropped: tuple[Dropped, ...] = ()
    missing: tuple[Missing, ...] = ()


async def _claims(
    engine: Engine,
    grouped: Grouped,
    corpus: Corpus,
    summaries: Mapping[str, Summary],
    material: Material,
    options: DigestOptions,
    observer: Observer,
) -> _Said:
    """Of each paper what it does and what it reports, checked against its own sentences."""
    full = [theme for theme in grouped.themes if theme.keys]
    headings = (material.settings.topic, *(theme.title for theme in full))
    context = Context(
        {paper.key: paper for paper in corpus},
        headings,
        is_translated=is_translated(material.settings.language),
    )
    sections, first = [], 1
    for theme in full:
        draft = SectionDraft(tuple(ParagraphDraft(_drafts(key, corpus, summaries.get(key))) for key in theme.keys))  # fmt: skip
        sections.append(check_section(draft, context, theme.id, options.verify, first).paragraphs)
        first += len(theme.keys)
    judged = await judge_and_mend(engine, sections, [context] * len(sections), options.verify, observer)
    order = [key for theme in full for key in theme.keys]
    found: dict[str, list[Claim]] = {key: [] for key in order}
    for section in judged.kept:
        for paragraph in section:
            for claim in paragraph.claims:
                found[order[_number_of(claim) - 1]].append(claim)
    return _Said({key: tuple(claims) for key, claims in found.items()}, judged.dropped, judged.missing)


def _number_of(claim: Claim) -> int:
    """Which item a claim is of: `theme.p7.c1` is of the seventh."""
    return int(claim.id.rsplit(".", 2)[1].removeprefix("p"))


def _drafts(key: str, corpus: Corpus, summary: Summary | None) -> tuple[ClaimDraft, ...]:
    """What it does, and what it reports: its figures first, if a finding holds them."""
    if summary is None:
        return ()
    findings = [summary.approach] if summary.approach else []
    reported = next((one for one in summary.findings if one not in findings), None)
    reported = reported or _goes_on(summary.approach, corpus[key])
    told = [*findings, *([reported] if reported else [])] or ([summary.problem] if summary.problem else [])
    return tuple(_draft(finding, key, corpus) for finding in told)


def _goes_on(approach: Finding | None, paper: NumberedPaper) -> Finding | None:
    """The sentence right behind the one that says what a paper does, where it goes on with "It": what "it" is stands there.

    For papers of which no other result is told. An approach in other words than the paper's may not name what "it" is.
    """
    if approach is None or len(approach.evidence) != 1 or approach.text != approach.evidence[0].text:
        return None
    places = [sentence.place for sentence in paper.sentences]
    behind = places.index(approach.evidence[0].place) + 1
    if behind >= paper.opening or not paper.sentences[behind].text.startswith("It "):
        return None
    sentence = paper.sentences[behind]
    return Finding(text=sentence.text, evidence=(sentence,))


def _draft(finding: Finding, key: str, corpus: Corpus) -> ClaimDraft:
    """A finding as a claim; one that is its sentence word for word is a quotation."""
    places = {sentence.place: number for number, sentence in enumerate(corpus[key].sentences)}
    refs = tuple(SentenceRef(key, places[one.place]) for one in finding.evidence)
    is_quoted = len(finding.evidence) == 1 and finding.text == finding.evidence[0].text
    return ClaimDraft(f"“{finding.text}”" if is_quoted else finding.text, "fact", refs)


# What it bears on


def _bearing(
    material: Material, corpus: Corpus, said: _Said, options: DigestOptions
) -> dict[str, tuple[BearsOn, ...]]:
    works, review = OwnWorks(material.own, _whose(material.settings)), Review(options.review)
    return {
        paper.key: (*works.in_paper(paper), *review.near(said.claims.get(paper.key, ()))) for paper in corpus
    }


def _whose(settings: DigestSettings) -> str:
    if not settings.is_shared:
        return "which you have"
    return "of the review" if settings.review else "of the library"


def _themes(
    grouped: Grouped, material: Material, said: _Said, bears: Mapping[str, tuple[BearsOn, ...]]
) -> tuple[DigestTheme, ...]:
    choices = {one.key: one for one in material.chosen}
    themes, number = [], 0
    for theme in grouped.themes:
        items = []
        for key in theme.keys:
            number += 1
            items.append(_item(number, choices[key], said.claims.get(key, ()), bears[key]))
        themes.append(DigestTheme(id=theme.id, title=theme.title, state=theme.state, items=tuple(items)))
    return tuple(themes)


def _item(
    number: int, choice: Choice, claims: tuple[Claim, ...], bears_on: tuple[BearsOn, ...]
) -> DigestItem:
    return DigestItem(
        n=number, key=choice.key, score=choice.score, why=choice.why, claims=claims, bears_on=bears_on
    )


# The lead


async def _lead(
    engine: Engine,
    material: Material,
    grouped: Grouped,
    corpus: Corpus,
    said: _Said,
    options: DigestOptions,
    observer: Observer,
) -> Led:
    """A few sentences in front: with a model what stands out, without one what there is."""
    full = [theme for theme in grouped.themes if theme.keys]
    themes = (
        LeadTheme(theme.title, theme.state, tuple(claim for key in theme.keys for claim in said.claims.get(key, ())))
        for theme in full
    )  # fmt: skip
    papers = tuple(corpus[key] for theme in full for key in theme.keys)
    asked = LeadInput(material.settings.topic, tuple(themes), papers)
    is_written_otherwise = is_translated(material.settings.language)
    return await lead(engine, asked, options.verify, observer, is_translated=is_written_otherwise)


# What it rests on, and what is remembered


def _named_papers(material: Material, keys: Sequence[str], themes: Sequence[DigestTheme]) -> dict[str, Paper]:
    """Every paper that the issue names, by key."""
    named = {*keys, *(one.key for one in material.updates)}
    borne = {one.key for theme in themes for item in theme.items for one in item.bears_on if one.key}
    found = {**{key: material.own[key] for key in borne if key in material.own}, **{key: material.papers[key] for key in named}}  # fmt: skip
    return dict(sorted(found.items()))


def _made_from(
    material: Material, grouped: Grouped, engine: dict[str, object], options: DigestOptions
) -> str:
    """A digest of all that the issue was made from."""
    # Where a paper was found changes nothing of what is said of it.
    bare = {
        key: paper.model_dump(mode="json", exclude={"sources", "collections"})
        for key, paper in sorted(material.papers.items())
    }
    looked_for = material.settings.model_dump(mode="json", exclude={"recipients", "is_paused", "created"})
    whole = {
        "settings": looked_for,
        "papers": bare,
        "bodies": {
            key: hashlib.sha256(body.text.encode()).hexdigest()
            for key, body in sorted(material.bodies.items())
        },
        "chosen": [[one.key, one.score, one.why] for one in material.chosen],
        "updates": [[one.key, one.what] for one in material.updates],
        "counts": material.counts.model_dump(mode="json"),
        "plan": grouped.plan.model_dump(mode="json") if grouped.plan else None,
        "review": [[one.id, one.text] for one in options.review],
        "own": sorted(material.own),
        "engine": engine,
        "issue": [options.issue, options.since],
        "rules": {"text": TEXT_VERSION, "checks": checks.VERSION},
    }
    return hashlib.sha256(to_json(whole).encode()).hexdigest()


def _memory(
    digest: Digest, material: Material, put_off: Sequence[WaitingWork], grouped: Grouped
) -> IssueMemory:
    items = [(item.key, item.n, False) for theme in digest.themes for item in theme.items]
    updates = [(update.key, update.n, True) for update in digest.updates]
    return IssueMemory(
        digest=digest.name,
        issue=digest.issue,
        date=digest.date,
        shown=tuple(
            material.works[key].model_copy(update={"n": n, "is_update": is_update})
            for key, n, is_update in (*items, *updates)
        ),
        waiting=(*material.waiting, *put_off),
        below=material.passed_below,
        passed=material.passed_known,
        refreshed=material.refreshed,
        plan=grouped.plan,
        answered=tuple(sorted({one.source for one in digest.sources} - _broken(digest))),
        unread=material.unread,
    )


def _broken(digest: Digest) -> set[str]:
    return {one.source for one in digest.sources if one.state == "broken"}
