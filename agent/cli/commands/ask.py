"""`litreview ask` and `asked`: what the papers say to a question, and what they said."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from agent.cli.console import (
    INCOMPLETE,
    leave,
    open_review,
    say_rejected,
    say_warnings,
    say_where,
    shown_path,
    standard_input,
)
from agent.cli.loose_words import is_file_name, is_there, no_words, refuse_loose_words
from agent.cli.options import (
    MODEL_OPTIONS,
    day_options,
    evidence_option,
    files_argument,
    force_option,
    input_options,
    json_option,
    markdown_option,
    model_options,
    refuse_two_formats,
)
from agent.errors import UsageError

if TYPE_CHECKING:
    from agent.api import Review
    from agent.cli.console import Console
    from agent.records import Answer, Turn

NOT_IN_A_CHAT = ("as_json", "as_markdown", "dry_run", "out", "record")


@click.command()
@click.argument("question", required=False)
@files_argument()
@click.option("--thread", type=int, metavar="N", help="Go on with an earlier thread.")
@click.option("--chat", is_flag=True, help="Ask on and on; also with questions piped in, one a line.")
@evidence_option
@markdown_option
@click.option(
    "-o", "--out", metavar="FILE", type=click.Path(dir_okay=False), help="Write Markdown to FILE, not to the terminal."
)  # fmt: skip
@input_options
@model_options
@click.option("--language", metavar="NAME", help="Language to answer in, where a model does.")
@click.option("--verify", metavar="LEVEL", help="How claims are checked: none, code or model.")
@click.option(
    "--fulltext", metavar="WHETHER", help="Look in attached PDFs too: auto or off.  [default: auto]"
)
@click.option("--dry-run", is_flag=True, help="Say what would be asked and what it costs, and stop.")
@day_options
@click.option("--clean", is_flag=True, help="Leave out the marks for weak claims and inferences.")
@click.option("--strict", is_flag=True, help="Exit 3 also where claims are weak or were dropped.")
@force_option
@json_option
@click.pass_context
def ask(
    ctx: click.Context, /, *, question: str | None, files: tuple[str, ...], chat: bool, **asked: Any
) -> None:
    """Ask the papers a question.

    Answer a QUESTION from the library, a collection, or exactly the papers in FILES, each claim with the sentences
    that it rests on, or say why there is no answer. Papers of FILES stay in the library. Every answer is kept:
    `asked` shows it again, --thread asks on.

    In a chat, which is a thread of its own, Ctrl-D or `exit` ends, Ctrl-C gives up the question that is being
    answered, and `help` says so.

    \b
    Examples:
      litreview ask "Does AWQ need retraining?"
      litreview ask "Which papers prune attention heads?" papers.bib --evidence
      litreview ask "And how much faster is it?" --thread 3
      litreview ask --chat --collection quantization
    """
    question, files = _sorted_out(question, files, chat=chat)
    refuse_loose_words(question, files, "ask", "QUESTION")
    refuse_two_formats(asked["as_json"], asked["as_markdown"])
    if chat:
        _refuse_in_a_chat(ctx, files)
    named = ("verify", "collection", "language", "fulltext", *MODEL_OPTIONS)
    settings = {name: asked.pop(name) for name in named}
    review, console = open_review(ctx, **settings)
    say_where(review, console)
    where = {"kind": asked.pop("kind"), "collection": settings["collection"]}
    if chat:
        _chat(ctx, review, console, question, files, where | asked)
    assert question is not None
    where["stdin"] = standard_input(files)
    if asked["dry_run"]:
        from agent.cli.commands.survey import show_estimate

        found = review.estimate_ask(question, files, thread=asked["thread"], **where)
        show_estimate(console, found, as_json=asked["as_json"])
        return
    kept = {name: asked[name] for name in ("thread", "date", "record", "replay")}
    made = review.ask(question, files, **kept, **where)
    say_rejected(review, console)
    say_warnings(review, console)
    _hand_over(review, console, made, asked)
    if made.thread is not None:
        console.note(_thread_line(made.thread, made.turn or 1))
    _leave(ctx, made, is_whole=not review.rejected, strict=asked["strict"])


@click.command()
@click.argument("thread", required=False)
@evidence_option
@markdown_option
@click.option("--forget", type=int, metavar="THREAD", help="Forget a thread.")
@json_option
@click.pass_context
def asked(
    ctx: click.Context,
    *,
    thread: str | None,
    evidence: bool,
    as_markdown: bool,
    forget: int | None,
    as_json: bool,
) -> None:
    """Show what was asked and answered before.

    List the threads of questions, or show a THREAD as it was answered then, whatever became of its papers since;
    `3.2` is the second turn of thread 3.

    \b
    Examples:
      litreview asked
      litreview asked 3 --evidence
      litreview asked 3.2 --markdown > answer.md
    """
    refuse_two_formats(as_json, as_markdown)
    review, console = open_review(ctx)
    if forget is not None:
        review.forget_asked(forget)
        console.json({"forgotten": forget}) if as_json else console.result(f"thread {forget}: forgotten")
        return
    turns = _turns(review, thread)
    if as_json:
        console.json({"turns": [turn.model_dump(mode="json") for turn in turns]})
    elif thread is None:
        if evidence or as_markdown:
            raise UsageError("no thread is named", "`litreview asked` lists them; give the number of one")
        _list_threads(console, turns)
    elif as_markdown:
        from agent.outputs.answer_markdown import answer_markdown

        console.data(answer_markdown([turn.answer for turn in turns], evidence=evidence))
    else:
        from agent.outputs.answer_text import answer_text

        page = console.page()
        shown = (answer_text(turn.answer, page, evidence=evidence, with_question=True) for turn in turns)
        console.data("\n\n".join(shown))


def _sorted_out(
    question: str | None, files: tuple[str, ...], *, chat: bool
) -> tuple[str | None, tuple[str, ...]]:
    """The question and the files; a chat may begin without a question, and then the first may be a file."""
    is_file = question is not None and (question == "-" or is_there(question) or is_file_name(question))
    if chat and is_file:
        return None, (str(question), *files)
    if question is not None and is_file:
        raise no_words(question, "ask", "QUESTION")
    if question is None and not chat:
        raise UsageError("nothing is asked", 'litreview ask "QUESTION", or --chat for one after the other')
    return question, files


def _refuse_in_a_chat(ctx: click.Context, files: tuple[str, ...]) -> None:
    for param in ctx.command.params:
        if param.name in NOT_IN_A_CHAT and ctx.params[param.name]:
            raise UsageError(
                f"--chat and {param.opts[-1]} do not go together",
                "ask, then `litreview asked THREAD --markdown` or --json",
            )
    if "-" in files:
        raise UsageError("--chat reads questions from standard input", "give the papers as a file")


def _chat(
    ctx: click.Context,
    review: Review,
    console: Console,
    first: str | None,
    files: tuple[str, ...],
    asked: dict[str, Any],
) -> NoReturn:
    """Every turn goes on in the thread of the one before it."""
    from agent.cli.chat import is_typed, talk
    from agent.outputs.answer_text import answer_text

    thread, turns = asked["thread"], 0
    if thread is not None:
        turns = review.asked(thread)[-1].turn  # which says if there is none
        console.note(_thread_line(thread, turns))
    wanted = {name: asked[name] for name in ("kind", "collection", "date", "replay")}
    wishes = {"clean": asked["clean"], "evidence": asked["evidence"]}

    def answer(question: str) -> bool:
        nonlocal thread, turns
        made = review.ask(question, files, thread=thread, fresh=True, **wanted)
        if not turns:
            say_rejected(review, console)
        say_warnings(review, console)
        if made.engine.name == "model":
            console.note(str(review.meter))
        text = answer_text(made, console.page(), with_question=not is_typed(), **wishes)
        console.data(f"\n{text}\n" if is_typed() else f"{text}\n")
        if made.thread is not None:
            thread, turns = made.thread, made.turn or 1
        return made.status != "failed"

    try:
        is_whole = talk(console, answer, first)
    finally:
        if thread is not None:
            console.note(_thread_line(thread, turns))
    ctx.exit(0 if is_whole or is_typed() else INCOMPLETE)


def _hand_over(review: Review, console: Console, made: Answer, asked: dict[str, Any]) -> None:
    """Show an answer as it was wished for, or write it to its file."""
    from agent.outputs.answer_markdown import answer_markdown
    from agent.outputs.answer_text import answer_text
    from agent.records import to_json

    if made.engine.name == "model":
        console.note(str(review.meter))
    wishes = {"clean": asked["clean"], "evidence": asked["evidence"]}
    out: str | None = asked["out"]
    if out is not None and made.status != "failed":
        text = to_json(made) if asked["as_json"] else answer_markdown([made], **wishes)
        written = review.write_export(Path(out), text, force=asked["force"])
        say_warnings(review, console)
        console.note(f"written: {shown_path(Path(written))}")
    elif asked["as_json"]:
        console.json(made)
    elif asked["as_markdown"]:
        console.data(answer_markdown([made], **wishes))
    else:
        console.data(answer_text(made, console.page(), **wishes))


def _leave(ctx: click.Context, made: Answer, *, is_whole: bool, strict: bool) -> NoReturn:
    """1 where there is no answer, 3 where the budget was spent or it is not complete, else 0."""
    if made.status == "failed" and made.reason != "budget":
        ctx.exit(1)
    is_flawed = bool(made.dropped) or any(claim.verdict == "weak" for claim in made.claims)
    leave(complete=not (made.status == "failed" or made.missing or not is_whole or (strict and is_flawed)))


def _turns(review: Review, named: str | None) -> list[Turn]:
    if named is None:
        return review.asked()
    match = re.fullmatch(r"(\d{1,9})(?:\.(\d{1,9}))?", named)
    if match is None:
        raise UsageError(
            f"'{named}' is no thread", "give a number as `litreview asked` lists them, such as 3 or 3.2"
        )
    thread = int(match[1])
    turns = review.asked(thread)
    if match[2] is None:
        return turns
    found = [turn for turn in turns if turn.turn == int(match[2])]
    if not found:
        raise UsageError(f"thread {thread} has no turn {match[2]}", f"its turns are 1 to {turns[-1].turn}")
    return found


def _list_threads(console: Console, turns: list[Turn]) -> None:
    heads: list[tuple[str, ...]] = []
    questions: list[str] = []
    for thread in dict.fromkeys(turn.thread for turn in turns):
        its = [turn for turn in turns if turn.thread == thread]
        heads.append((str(thread), its[-1].date, "1 turn" if len(its) == 1 else f"{len(its)} turns"))
        questions.append(its[0].question)
    page, widths = console.page(), [max(map(len, column)) for column in zip(*heads, strict=True)]
    for head, question in zip(heads, questions, strict=True):
        first = "".join(cell.ljust(width + 2) for cell, width in zip(head, widths, strict=True))
        console.result("\n".join(page.wrap(question, indent=len(first), first=first)))
    if not heads:
        console.note("nothing was asked yet; `litreview ask QUESTION` does")


def _thread_line(thread: int, turns: int) -> str:
    count = "1 turn" if turns == 1 else f"{turns} turns"
    return f"thread {thread}, {count}; `litreview ask QUESTION --thread {thread}` asks on"
