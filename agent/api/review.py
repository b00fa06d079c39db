"""The verbs: what can be done with papers, a method each."""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator, Coroutine, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar

from agent.api.wiring import Opened, look_at_endpoint, open_engine
from agent.api.wiring import Wishes as Asked
from agent.engines.protocol import Engine, Observer, Silent
from agent.errors import InputError, OutputError, UsageError
from agent.library import Library, Workspace, find_workspace
from agent.library.adding import ReadSource, add
from agent.library.compose import SETTABLE
from agent.llm.meter import Meter
from agent.outputs.bibtex import bibtex
from agent.outputs.files import Writer, is_file
from agent.outputs.plan_files import plan_json, plan_markdown, read_plan
from agent.outputs.survey_files import known_digests, plan_of, read_survey, write_survey
from agent.products.fields import parse_date, parse_value
from agent.products.forecast import forecast_survey
from agent.products.scope import Scope, load_scope
from agent.products.survey import SurveyOptions, make_plan, make_survey
from agent.records import AddReport, Claim, Estimate, Paper, Plan, Survey, Verify, to_json_line
from agent.settings import FILE, Value, check, resolve, shown, user_file
from agent.sources import find_sources, read_source
from agent.sources.detect import known_kind
from agent.text.tokens import fold_title

if TYPE_CHECKING:
    from agent.llm.doctor import Diagnosis

T = TypeVar("T")
PLANS = ("plan.md", "plan.json")


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


class Review:
    """A workspace and what can be done in it.

    Args:
        folder: the folder that holds `.litreview/`. Left out, the nearest one from here upwards, or here.
        environment: settings variables; those of the process if left out.
        options: settings that win over all others, by name.
        observer: who is told how far long work is.

    Raises:
        SettingsError: a setting is unusable.
    """

    def __init__(
        self,
        folder: str | Path | None = None,
        *,
        environment: Mapping[str, str] | None = None,
        options: Mapping[str, Any] | None = None,
        observer: Observer | None = None,
    ) -> None:
        known = dict(os.environ if environment is None else environment)
        home = Path(known.get("HOME") or Path.home())
        stated = {**(options or {}), **({"workspace": str(folder)} if folder else {})}
        self.settings = resolve(known, user_file(known, home), Path.cwd() / FILE, stated)
        self.workspace: Workspace = find_workspace(Path.cwd(), home, self._setting("workspace"))
        self.observer = observer or Silent()
        self.warnings: list[str] = []
        self.meter = Meter()  # what the last product asked of a model

    # Papers

    def add(
        self,
        files: Sequence[str | Path],
        *,
        kind: str | None = None,
        collection: str | None = None,
        stdin: BinaryIO | None = None,
    ) -> AddReport:
        """Take the records of files, folders or `-` into the library.

        Raises:
            InputError: a file does not exist. UsageError: there is no such kind.
        """
        return self._add(files, kind, collection, stdin)[0]

    def papers(self, *, collection: str | None = None, lacking: Sequence[str] = ()) -> list[Paper]:
        """Papers in order of key; with `lacking`, those for which any of the fields is unknown."""
        unknown = [name for name in lacking if name not in SETTABLE]
        if unknown:
            raise UsageError(f"there is no field '{unknown[0]}'", f"fields: {', '.join(SETTABLE)}")
        with self._reading() as library:
            name = self._collection(library, collection)
            found = library.papers(library.members(name) if name else None).values()
        return [paper for paper in found if not lacking or any(_lacks(paper, name) for name in lacking)]

    def show(self, key: str) -> Paper:
        """One paper by key or alias.

        Raises:
            UsageError: there is none; the nearest key is named.
        """
        with self._reading() as library:
            found = self._resolve(library, key)
            return library.papers([found])[found]

    def decision(self, key: str) -> tuple[str, str | None] | None:
        """`exclude` or `include` with its reason, if the user has decided."""
        with self._reading() as library:
            decision = library.decisions().get(self._resolve(library, key))
        return (decision.what, decision.reason) if decision else None

    def exclude(self, key: str, reason: str | None = None) -> str:
        """Leave a paper out of every product from now on; it stays in the ledger as excluded."""
        return self._decide(key, "exclude", reason)

    def include(self, key: str, reason: str | None = None) -> str:
        """Take a paper in, also one that the planner would set aside."""
        return self._decide(key, "include", reason)

    def set(self, key: str, values: Mapping[str, str]) -> Paper:
        """Set fields of a paper; an empty value gives the field back to the sources.

        Raises:
            UsageError: there is no such field, or the value does not fit it.
        """
        parsed = {name: parse_value(name, raw) for name, raw in values.items()}
        with self._library() as library:
            found = self._resolve(library, key)
            with library.change():
                for name, value in parsed.items():
                    library.set_value(found, name, value)
                return library.recompose(found)

    def remove(self, key: str) -> str:
        """Forget a paper and what was decided of it. A later `add` of its source brings it back."""
        with self._library() as library:
            found = self._resolve(library, key)
            with library.change():
                library.remove(found)
        return found

    def collections(self) -> dict[str, int]:
        """The collections and how many papers each has."""
        with self._reading() as library:
            return {name: len(library.members(name)) for name in library.collections()}

    def export(self, form: str, *, collection: str | None = None) -> str:
        """The library or a collection as `bibtex` or `jsonl`; excluded papers are left out."""
        if form == "bibtex":
            return bibtex(self.exported(collection=collection))
        if form == "jsonl":
            return "".join(to_json_line(paper) for paper in self.exported(collection=collection))
        raise UsageError(f"there is no format '{form}'", "formats: bibtex, jsonl")

    def exported(self, *, collection: str | None = None) -> list[Paper]:
        """The papers that an export holds."""
        with self._reading() as library:
            found = load_scope(library, collection=self._collection(library, collection)).included
            library.mark_used(paper.key for paper in found)
        return found

    def write_export(self, path: Path, text: str, *, force: bool = False) -> str:
        """Write an export to a file; one that a person edited is left alone.

        Returns:
            The name under which it was written.

        Raises:
            OutputError: it cannot be written.
        """
        with self._library() as library:
            writer = Writer(path.parent, library, force=force)
            written = writer.write(path.name, text)
        self._warn_of_edits(writer)
        return str(path.parent / written.written_as)

    # Products

    def plan(self, files: Sequence[str | Path] = (), **asked: Any) -> PlanFiles:
        """Group papers and write `plan.md` and `plan.json`; takes what `plan_async` takes."""
        return _run(self.plan_async(files, **asked))

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
        async with self._engine(Asked(replay=_path(replay))) as opened:
            planned = await make_plan(opened.engine, scope, options, self.observer)
        made = planned.plan
        self.warnings += [f"{missing.where}: {missing.reason}" for missing in planned.missing]
        self._warn_of_plan(made, options, opened.engine)
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
        return _run(self.survey_async(files, **asked))

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
        wishes = Asked(options.language, _path(record), _path(replay))
        async with self._engine(wishes) as opened:
            run = _run_id(folder, scope, options)
            options = replace(
                options,
                date=options.date or opened.date or self._begun(run),
                verify=self._verify(verify, opened.engine),
            )
            survey, made = await make_survey(opened.engine, scope, options, self.observer)
            self._warn_of_plan(made, options, opened.engine)
            with self._library() as library:
                library.mark_used(scope.papers)  # before the first file names them
                writer = Writer(folder, library, known_digests(folder), force=force)
                whole = write_survey(survey, made, writer, clean=clean)
                library.end_run(run)
            opened.finish(options.date, is_complete=not survey.missing)
        self._warn_of_edits(writer)
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
        return _run(self.estimate_async(files, **asked))

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
            dry, known = opened.line.dry, opened.line.forecast
            return await forecast_survey(opened.engine, scope, options, dry, known)

    # The model

    def doctor(self) -> Diagnosis:
        """Look at the endpoint with at most eight short calls, and say what to write into the settings.

        Raises:
            UsageError: no model is named. SettingsError: no key is set.
        """
        return _run(self.doctor_async())

    async def doctor_async(self) -> Diagnosis:
        """`doctor` for a running loop."""
        return await look_at_endpoint(self.settings)

    # Inside

    def _survey_options(self, folder: Path, scope: Scope, wish: _SurveyWish) -> SurveyOptions:
        keep = not (wish.plan or wish.replan or wish.topic is not None or wish.themes is not None)
        return SurveyOptions(
            date=parse_date(wish.date) if wish.date else "",
            topic=wish.topic,
            themes=self._asked("themes", wish.themes),
            plan=wish.plan,
            place_rest=wish.place_rest,
            standing=self._standing_plan(folder, scope) if keep else None,
            words=self._asked("words", wish.words),
            language=self._asked("language", wish.language),
        )

    @asynccontextmanager
    async def _engine(self, wishes: Asked) -> AsyncIterator[Opened]:
        self.workspace.create()
        async with open_engine(self.settings, self.workspace.replies, wishes) as opened:
            self.meter = opened.meter
            yield opened

    def _begun(self, run: str) -> str:
        """The day that a product bears: today, or when it was begun, if it was not finished then."""
        with self._library() as library, library.change():
            return library.begin_run(run, datetime.now(UTC).date().isoformat())

    def _verify(self, stated: Verify | None, engine: Engine) -> Verify:
        level: Verify | None = self._asked("verify", stated)
        if level == "model" and not engine.is_judging:
            raise UsageError("--verify model needs a model", "give --model NAME, or --verify code")
        return level or ("model" if engine.is_judging else "code")

    def _asked(self, name: str, stated: Any) -> Any:
        return self._setting(name) if stated is None else check(name, stated)

    def _setting(self, name: str) -> Any:
        return self.settings[name].value

    @contextmanager
    def _reading(self) -> Iterator[Library]:
        """The library for a question: where there is none yet, an empty one that is not kept."""
        if is_file(self.workspace.folder.parent):
            self.workspace.create()  # which says what is wrong
        path = self.workspace.library if is_file(self.workspace.library) else Path(":memory:")
        with Library(path) as library:
            yield library

    @contextmanager
    def _library(self) -> Iterator[Library]:
        self.workspace.create()
        with Library(self.workspace.library) as library:
            yield library

    def _add(
        self, files: Sequence[str | Path], kind: str | None, collection: str | None, stdin: BinaryIO | None
    ) -> tuple[AddReport, list[str]]:
        known_kind(kind)
        if not files:
            raise UsageError("no files are named", "give files, folders, or - for standard input")
        sources = find_sources(files, stdin)
        self.observer.start("files", len(sources))
        read = []
        for source in sources:
            read.append(ReadSource(source.path, source.name, list(read_source(source, kind))))
            self.observer.advance("files")
        with self._library() as library:
            if collection and collection not in library.collections():
                self.observer.note(f"collection '{collection}' is new")
            self.observer.start("add", sum(len(source.records) for source in read))
            report = add(library, read, collection, lambda count: self.observer.advance("add", count))
        return report, [source.path for source in sources]

    def _scope(
        self, files: Sequence[str | Path], kind: str | None, collection: str | None, stdin: BinaryIO | None
    ) -> Scope:
        if not files:
            with self._reading() as library:
                return load_scope(library, collection=self._collection(library, collection))
        _, paths = self._add(files, kind, collection, stdin)
        with self._library() as library:
            return load_scope(library, paths)

    def _collection(self, library: Library, stated: str | None) -> str | None:
        name = stated or self._setting("collection")
        known = library.collections()
        if name is None or name in known:
            return name
        close = get_close_matches(name, known, n=1)
        hint = f"did you mean '{close[0]}'?" if close else f"collections: {', '.join(known) or 'none yet'}"
        raise UsageError(f"there is no collection '{name}'", hint)

    def _resolve(self, library: Library, name: str) -> str:
        found = library.resolve(name.lstrip("@"))
        if found:
            return found
        near = _near(name, library.papers())
        hint = (
            f"did you mean {' or '.join(repr(key) for key in near)}?"
            if near
            else "`litreview papers` lists them"
        )
        raise UsageError(f"there is no paper '{name}'", hint)

    def _decide(self, key: str, what: str, reason: str | None) -> str:
        with self._library() as library:
            found = self._resolve(library, key)
            with library.change():
                library.decide(found, what, reason)
        return found

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

    def _standing_plan(self, folder: Path, scope: Scope) -> Plan | None:
        """The plan of the survey that stands in a folder, as edited, if it is about these papers."""
        with self._library() as library:
            writer = Writer(folder, library, known_digests(folder))
            edited = [name for name in PLANS if writer.is_edited(name)]
        name = next((name for name in (*edited, *PLANS) if is_file(folder / name)), None)
        if name is None:
            return None
        plan = self._read_plan(folder / name)
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

    def _warn_of_plan(self, made: Plan, options: SurveyOptions, engine: Engine) -> None:
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

    def _folder(self, out: str | Path) -> Path:
        folder = Path(out)
        if is_file(folder):
            raise OutputError(
                f"{folder}: a file stands where a folder is wanted", "choose another folder with --out"
            )
        return folder

    def _warn_of_edits(self, writer: Writer) -> None:
        for name, written_as in writer.spared:
            self.warnings.append(
                f"{writer.folder / name} was edited by hand and is left alone; the new one is {written_as}"
            )


def _near(name: str, papers: Mapping[str, Paper]) -> list[str]:
    """Keys that a person may have meant: spelled alike, or of papers whose title has the name."""
    wanted = fold_title(name)
    titled = [key for key, paper in papers.items() if wanted and wanted in fold_title(paper.title)]
    alike = get_close_matches(
        name, [*papers, *(alias for paper in papers.values() for alias in paper.aliases)], n=1
    )
    return list(dict.fromkeys([*alike, *titled]))[:3]


def values(review: Review) -> dict[str, Value]:
    """Each setting with its value and origin, the workspace as it was found."""
    found = {name: Value(shown(name, value.value), value.origin) for name, value in review.settings.items()}
    if found["workspace"].value is None:
        found["workspace"] = Value(
            str(review.workspace.folder.parent), "found" if review.workspace.folder.is_dir() else "here"
        )
    return found


def _run_id(folder: Path, scope: Scope, options: SurveyOptions) -> str:
    """What tells one unfinished product from another: where it goes, what it is about, what is asked of it."""
    about = repr((str(folder.resolve()), sorted(scope.papers), options))
    return hashlib.sha256(about.encode()).hexdigest()


def _path(stated: str | Path | None) -> Path | None:
    return Path(stated) if stated is not None else None


def _lacks(paper: Paper, name: str) -> bool:
    value = paper.texts.abstract if name == "abstract" else getattr(paper, name)
    return value in (None, "", ())


def _run(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end, also where a loop is running already, as in a notebook."""
    if not _is_loop_running():
        return asyncio.run(work)
    with ThreadPoolExecutor(max_workers=1) as pool:
        return pool.submit(asyncio.run, work).result()


def _is_loop_running() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True
