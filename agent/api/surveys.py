"""The verbs about surveys: planning, writing, estimating, rendering."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO

from agent.api.engines import EngineDesk, as_path, today
from agent.api.running import run
from agent.api.wiring import Wishes as Asked
from agent.engines.protocol import Engine
from agent.errors import InputError, LitreviewError, UsageError
from agent.outputs.files import Writer, is_file
from agent.outputs.plan_files import plan_json, plan_markdown, read_plan
from agent.outputs.survey_files import known_digests, plan_of, read_survey, write_survey
from agent.products.fields import parse_date
from agent.products.scope import Scope
from agent.products.survey import SurveyOptions, make_plan, make_survey
from agent.records import Claim, Estimate, Plan, Survey, Verify

PLANS = ("plan.md", "plan.json")
MOST_NAMED = 5  # keys that a warning lists


@dataclass(frozen=True)
class PlanFiles:
    """A plan and where it was written."""

    plan: Plan
    files: tuple[str, ...]


@dataclass(frozen=True)
class _SurveyWish:
    """What a survey is asked to be, as it was typed."""

    topic: str | None
    themes: int | None
    plan: Plan | None
    place_rest: bool
    replan: bool
    words: int | None
    language: str | None
    date: str | None


class SurveyVerbs(EngineDesk):
    """What can be made of papers."""

    def plan(self, files: Sequence[str | Path] = (), **asked: Any) -> PlanFiles:
        """Group papers and write `plan.md` and `plan.json`; takes what `plan_async` takes."""
        return run(self.plan_async(files, **asked))

    async def plan_async(
        self,
        files: Sequence[str | Path] = (),
        *,
        out: str | Path = ".",
        topic: str | None = None,
        themes: int | None = None,
        collection: str | None = None,
        kind: str | None = None,
        force: bool = False,
        replay: str | Path | None = None,
        stdin: BinaryIO | None = None,
    ) -> PlanFiles:
        """Group papers into themes, every paper in exactly one place.

        Raises:
            InputError: there is nothing to plan. ModelError: a model was asked and gave no themes.
        """
        folder = self._folder(out)
        scope = self._scope(files, kind, collection, stdin)
        options = SurveyOptions(date="", topic=topic, themes=self._asked("themes", themes))
        async with self._engine(Asked(replay=as_path(replay))) as opened:
            planned = await make_plan(opened.engine, scope, options, self.observer)
        made = planned.plan
        self.warnings += [f"{missing.where}: {missing.reason}" for missing in planned.missing]
        self._warn_of_plan(made, options, opened.engine, scope.kept)
        with self._library() as library:
            library.mark_used(scope.papers)
            writer = Writer(folder, library, known_digests(folder), force=force)
            written = [
                writer.write("plan.json", plan_json(made)),
                writer.write("plan.md", plan_markdown(made, scope.papers)),
            ]
        self._warn_of_edits(writer)
        return PlanFiles(made, tuple(str(Path(out) / file.written_as) for file in written))

    def survey(self, files: Sequence[str | Path] = (), **asked: Any) -> Survey:
        """Write a survey; takes what `survey_async` takes."""
        return run(self.survey_async(files, **asked))

    async def survey_async(
        self,
        files: Sequence[str | Path] = (),
        *,
        out: str | Path | None = None,
        topic: str | None = None,
        themes: int | None = None,
        plan: str | Path | None = None,
        place_rest: bool = False,
        replan: bool = False,
        collection: str | None = None,
        kind: str | None = None,
        verify: Verify | None = None,
        words: int | None = None,
        language: str | None = None,
        date: str | None = None,
        clean: bool = False,
        force: bool = False,
        record: str | Path | None = None,
        replay: str | Path | None = None,
        stdin: BinaryIO | None = None,
    ) -> Survey:
        """Survey exactly the papers of `files`; without files a collection, or the whole library.

        Args:
            out: the folder for the documents. A plan that stands there is kept, new papers are placed into
                it, unless `replan`, `topic` or `themes` ask for another.
            plan: an edited plan. All papers must be named in it, unless `place_rest`.
            words: length of the whole, where a model writes it. language: what it is written in.
            date: the day that the survey bears; today in UTC if left out, in a replay the recording's.
            record: a file that everything asked and answered goes into. replay: such a file, asked instead of
                a model.

        Returns:
            The survey as written.

        Raises:
            InputError: no usable paper. PlanError: the plan does not fit. OutputError: it cannot be written.
            ModelError: the endpoint cannot be used, or a recording lacks a reply.
        """
        folder = self._folder(out or self._setting("out"))
        given = self._given_plan(plan, wants_other=bool(topic or themes or replan))
        wish = _SurveyWish(topic, themes, given, place_rest, replan, words, language, date)
        scope = self._scope(files, kind, collection, stdin)
        options = self._survey_options(folder, scope, wish)
        wishes = Asked(options.language, as_path(record), as_path(replay))
        async with self._engine(wishes) as opened:
            run = _run_id(folder, scope, options)
            options = replace(
                options,
                date=options.date or opened.date or self._begun(run),
                verify=self._verify(verify, opened.engine),
            )
            try:
                survey, made = await make_survey(opened.engine, scope, options, self.observer)
            except LitreviewError:
                if not opened.meter.replies:  # nothing came of it, so it was not begun
                    self._forget(run)
                raise
            self._warn_of_plan(made, options, opened.engine, scope.kept)
            with self._library() as library:
                library.mark_used(scope.papers)  # before the first file names them
                writer = Writer(folder, library, known_digests(folder), force=force)
                whole = write_survey(survey, made, writer, clean=clean)
                library.end_run(run)
            opened.finish(options.date, is_complete=not survey.missing)
        self._warn_of_edits(writer)
        self._warn_of_references(whole)
        return whole

    def render(
        self, source: str | Path, *, out: str | Path | None = None, clean: bool = False, force: bool = False
    ) -> Survey:
        """Make the documents of a `survey.json` anew, beside it or in `out`.

        Raises:
            OutputError: it is no survey, or the documents cannot be written.
        """
        survey = read_survey(Path(source))
        folder = Path(out) if out else Path(source) if Path(source).is_dir() else Path(source).parent
        with self._library() as library:
            writer = Writer(folder, library, known_digests(folder), force=force)
            whole = write_survey(survey, plan_of(survey), writer, clean=clean)
        self._warn_of_edits(writer)
        return whole

    def claims(
        self, source: str | Path, *, verdict: str | None = None, kind: str | None = None
    ) -> list[Claim]:
        """The claims of a survey, dropped ones included, all or those of a verdict or kind."""
        survey = read_survey(Path(source))
        found = list(survey.claims())
        found += [dropped.claim for dropped in survey.dropped]
        return [
            c for c in found if (verdict is None or c.verdict == verdict) and (kind is None or c.kind == kind)
        ]

    def estimate(self, files: Sequence[str | Path] = (), **asked: Any) -> Estimate:
        """Say what a survey would ask of a model; takes what `estimate_async` takes."""
        return run(self.estimate_async(files, **asked))

    async def estimate_async(
        self,
        files: Sequence[str | Path] = (),
        *,
        out: str | Path | None = None,
        topic: str | None = None,
        themes: int | None = None,
        plan: str | Path | None = None,
        place_rest: bool = False,
        replan: bool = False,
        collection: str | None = None,
        kind: str | None = None,
        verify: Verify | None = None,
        words: int | None = None,
        language: str | None = None,
        stdin: BinaryIO | None = None,
    ) -> Estimate:
        """Say what `survey_async` with the same arguments would ask, and ask nothing.

        Raises:
            InputError: no usable paper. PlanError: the plan does not fit.
        """
        folder = self._folder(out or self._setting("out"))
        given = self._given_plan(plan, wants_other=bool(topic or themes or replan))
        wish = _SurveyWish(topic, themes, given, place_rest, replan, words, language, None)
        scope = self._scope(files, kind, collection, stdin)
        options = self._survey_options(folder, scope, wish)
        async with self._engine(Asked(options.language, is_dry=True)) as opened:
            options = replace(options, verify=self._verify(verify, opened.engine))
            if opened.line is None or opened.line.dry is None:
                return Estimate(steps=(), stored=0, calls=0, input_tokens=0, output_tokens=0, is_rough=False)
            from agent.products.forecast import forecast_survey  # brings the way to a model along

            dry, known = opened.line.dry, opened.line.forecast
            return await forecast_survey(opened.engine, scope, options, dry, known)

    def _survey_options(self, folder: Path, scope: Scope, wish: _SurveyWish) -> SurveyOptions:
        keep = not (wish.plan or wish.replan or wish.topic is not None or wish.themes is not None)
        return SurveyOptions(
            date=parse_date(wish.date) if wish.date else "",
            topic=wish.topic,
            themes=self._asked("themes", wish.themes),
            plan=self._by_present_keys(wish.plan) if wish.plan else None,
            place_rest=wish.place_rest,
            standing=self._standing_plan(folder, scope) if keep else None,
            words=self._asked("words", wish.words),
            language=self._asked("language", wish.language),
        )

    def _begun(self, run: str) -> str:
        """The day that a product bears: today, or when it was begun, if it was not finished then."""
        with self._library() as library, library.change():
            return library.begin_run(run, today())

    def _forget(self, run: str) -> None:
        with self._library() as library, library.change():
            library.end_run(run)

    def _given_plan(self, path: str | Path | None, *, wants_other: bool) -> Plan | None:
        if path is None:
            return None
        if wants_other:
            raise UsageError(
                "a given plan has its own topic and themes", "leave out --topic, --themes and --replan"
            )
        return self._read_plan(Path(path))

    def _read_plan(self, path: Path) -> Plan:
        try:
            return read_plan(path.read_text(encoding="utf-8"), path.name)
        except OSError as error:
            raise InputError(
                f"{path}: cannot be read: {error.strerror}", "`litreview plan` writes plan.md"
            ) from error
        except UnicodeDecodeError as error:
            raise InputError(f"{path}: not UTF-8 text", "save it as UTF-8") from error

    def _by_present_keys(self, plan: Plan) -> Plan:
        """The plan with the keys that its papers have now: merged ones are named by an alias."""
        with self._reading() as library:
            names = {key: found for key in plan.keys if (found := library.resolve(key)) and found != key}
        return plan.renamed(names) if names else plan

    def _standing_plan(self, folder: Path, scope: Scope) -> Plan | None:
        """The plan of the survey that stands in a folder, as edited, if it is about these papers."""
        with self._library() as library:
            writer = Writer(folder, library, known_digests(folder))
            edited = [name for name in PLANS if writer.is_edited(name)]
        name = next((name for name in (*edited, *PLANS) if is_file(folder / name)), None)
        if name is None:
            return None
        plan = self._by_present_keys(self._read_plan(folder / name))
        here = sum(key in scope.papers for key in plan.keys)
        if not plan.keys or here < len(plan.keys) / 2:
            return None
        strange = [key for key in plan.keys if key not in scope.papers]
        if strange:
            self.warnings.append(f"{folder / name} names papers that are not here: {', '.join(strange[:5])}")
        self.warnings.append(f"kept the {len(plan.themes)} themes of {folder / name}; --replan groups anew")
        if len(edited) > 1:
            self.warnings.append(f"{folder / edited[1]} was edited too and is not looked at")
        return plan

    def _warn_of_plan(self, made: Plan, options: SurveyOptions, engine: Engine, kept: Iterable[str]) -> None:
        aside = sorted({outlier.key for outlier in made.outliers} & set(kept))
        if aside:
            self.warnings.append(
                f"the plan sets aside what you included: {', '.join(aside)}; move them in the plan"
            )
        if options.themes and options.plan is None and len(made.themes) != options.themes:
            self.warnings.append(f"{len(made.themes)} themes stand out, not {options.themes}")
        if engine.is_judging:
            return
        if any(theme.instructions for theme in made.themes):
            self.warnings.append(
                "this engine quotes and does not write: instructions in the plan change nothing"
            )
        if options.words or options.language:
            self.warnings.append(
                "this engine quotes and does not write: --words and --language change nothing"
            )

    def _warn_of_references(self, made: Survey) -> None:
        """Say which references nobody can look up by author and year."""
        keys = sorted({row.key for row in made.ledger if row.status == "cited" and row.key})
        cited = [made.papers[key] for key in keys]
        thin = [paper.key for paper in cited if not (paper.authors and paper.year)]
        if thin and not any(paper.authors or paper.year for paper in cited):
            self.warnings.append(
                "no reference has an author or a year, since no source states any; `litreview enrich` asks for them"
            )
        elif thin:
            named = ", ".join(thin[:MOST_NAMED]) + (", ..." if len(thin) > MOST_NAMED else "")
            self.warnings.append(
                f"{len(thin)} of {len(cited)} references lack authors or year: {named}; `litreview enrich` asks for them"
            )


def _run_id(folder: Path, scope: Scope, options: SurveyOptions) -> str:
    """What tells one unfinished product from another: where it goes, what it is about, what is asked of it."""
    about = repr((str(folder.resolve()), sorted(scope.papers), options))
    return hashlib.sha256(about.encode()).hexdigest()
